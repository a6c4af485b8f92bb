// SPDX-License-Identifier: Apache-2.0
// Makes the core's configuration of the command line and of what the kernel says about the interfaces.
#pragma once

#include <string>
#include <vector>

#include "relay/command_line.h"
#include "relayspec/relay/config.h"

namespace relayspec::relay {

struct InterfaceAddress {
  Ipv4 address;
  Ipv4 netmask;
};

/// A network interface as the kernel shows it.
struct Interface {
  std::string name;
  unsigned index = 0;
  std::size_t mtu = 0;
  bool ethernet = false;
  Mac mac{};
  std::vector<InterfaceAddress> addresses;  ///< primary ones first
};

/// The interface of that name, or a null pointer.
const Interface* find_interface(const std::vector<Interface>&, const std::string& name);

/// For the start: throws StartError for an unknown interface, one without address, a server that is the relay
/// itself, …
Config configure(const Settings&, const std::vector<Interface>&);

/// After a change: takes in the addresses that there are now; an interface that is gone or has none just has
/// none.
void refresh(Config&, const Settings&, const std::vector<Interface>&);

}  // namespace relayspec::relay
