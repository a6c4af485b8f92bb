// SPDX-License-Identifier: Apache-2.0
// A second DHCP relay, written to test the suites: right by default, and on demand wrong in one way or
// several (`--fault`) or right in another way (`--variant`). It knows BOOTP by its own reading of the RFCs
// and shares no code with the rest.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace relayspec::faulty {

using Bytes = std::vector<std::uint8_t>;
using Address = std::uint32_t;  ///< host order

struct Network {
  Address address, mask;
  Address subnet() const { return address & mask; }
  Address broadcast() const { return address | ~mask; }
};

struct Interface {
  std::string name;
  Address configured = 0;          ///< what the environment says
  std::vector<Network> addresses;  ///< what the kernel says now
  bool trusted = false;            ///< RFC 3046 section 2.1
  int index = 0;
  std::array<std::uint8_t, 6> mac{};
  std::size_t mtu = 1500;
  int udp = -1;    ///< port 67, bound to this interface alone
  int other = -1;  ///< the uplink's second socket, at the source port of RFC 8357

  bool has(Address) const;
  /// Of several addresses always the same one (RFC 1542 section 4.1.1): that of the environment while the
  /// interface has it, else the first. All zero without an address.
  Network network() const;
  Address address() const { return network().address; }
};

struct Settings {
  std::vector<Interface> downlinks;
  Interface uplink;
  std::vector<Network> own;  ///< every address of this host, now
  std::vector<Address> servers;
  unsigned max_hops = 4;  ///< RFC 1542 section 4.1.1
  unsigned min_secs = 0;
  std::size_t least_size = 0;    ///< of a message that is relayed
  std::size_t max_size = 65535;  ///< RFC 3046 section 2.1, in octets of the message
  std::uint16_t source_port = 67;
  Address giaddr = 0;  ///< RELAY_GIADDR
  bool option82 = false, rewrite = false;
  bool link_selection = false, override_server = false, flags_suboption = false;
  std::string policy, circuit_id, remote_id, subscriber_id, relay_id, vss;
  std::vector<std::string> faults;
  std::string variant;

  bool wrong(std::string_view fault) const {
    return std::find(faults.begin(), faults.end(), fault) != faults.end();
  }
  bool way(std::string_view name) const { return variant == name; }
  bool is_own(Address) const;
};

/// From the RELAY_* environment and the command line. Says what is wrong with them and exits with 2.
Settings read_settings(int argc, char** argv);

}  // namespace relayspec::faulty
