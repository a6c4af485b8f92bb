// SPDX-License-Identifier: Apache-2.0
// Faults that strike a few messages alone: which they are, and what is done to them as they come in.
#pragma once

#include <string_view>

#include "testsuites/faulty/corrupt.h"
#include "testsuites/faulty/octets.h"

namespace relayspec::faulty {

/// A message that comes in, and what there is to know of it.
struct Sight {
  const Settings& s;
  const Bytes& m;
  std::size_t downlink = 0;  ///< of a request
  Address from = 0, to = 0;
  std::uint16_t port = 67;     ///< that it came from
  bool known = false;          ///< of a reply: its transaction, or its client, has been seen
  bool at_other_port = false;  ///< came to the source port of RFC 8357
  int ttl = 64;
};

struct Narrow {
  const char* name;
  Way way;
  bool (*strikes)(const Sight&);
  void (*change)(Bytes&);  ///< null: the message is dropped
};

std::span<const Narrow> narrow_faults();
/// Those of them that strike at one of many values.
std::span<const Narrow> value_faults();
/// And those that strike at a form of message.
std::span<const Narrow> form_faults();

/// What is wrong by a fault with this message, if anything is.
const Narrow* narrow_fault(Way, const Sight&);

}  // namespace relayspec::faulty
