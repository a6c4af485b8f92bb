// SPDX-License-Identifier: Apache-2.0
// What faults do to the options of a message that has an END. The size of a message that BOOTP's padding
// fills stays as it is.
#pragma once

#include "testsuites/faulty/octets.h"

namespace relayspec::faulty {

void sort_options(Bytes&);
/// The relay's own option 82 stays where it is.
void put_last_option_first(Bytes&);
void drop_pads(Bytes&);
void drop_unknown(Bytes&);
void drop_repeated(Bytes&);
void join_repeated(Bytes&);
void drop_option(Bytes&, std::uint8_t code);
void double_option(Bytes&, std::uint8_t code);
void add_vendor_class(Bytes&);

}  // namespace relayspec::faulty
