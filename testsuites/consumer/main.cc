// SPDX-License-Identifier: Apache-2.0
#include <relayspec/harness/message.h>
#include <relayspec/harness/settings.h>
#include <relayspec/relay/core.h>

// Both libraries are linked and agree on where hops stands.
int main() {
  auto octets = relayspec::encode({.hops = 3, .chaddr = relayspec::Bytes{2, 0, 0x5e, 1, 2, 3}});
  relayspec::relay::Message message(octets, octets.size());
  const bool read = message.hops() == 3;
  const bool named = relayspec::describe(relayspec::RelaySettings{.max_hops = 4}) == "max-hops=4";
  const bool said = relayspec::relay::describe(relayspec::relay::Drop::too_short) != nullptr;
  return read && named && said ? 0 : 1;
}
