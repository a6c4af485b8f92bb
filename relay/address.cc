// SPDX-License-Identifier: Apache-2.0
#include "relayspec/relay/address.h"

namespace relayspec::relay {

std::string to_string(Ipv4 address) {
  std::string text;
  for (unsigned shift = 32; shift > 0; shift -= 8) {
    if (!text.empty()) text += '.';
    text += std::to_string(address.value >> (shift - 8) & 0xff);
  }
  return text;
}

}  // namespace relayspec::relay
