// A second DHCP relay, written to put the suites on trial: right as it stands, and on demand wrong in one way
// (`--fault`) or right in another way (`--variant`). It knows BOOTP by its own reading of the RFCs and shares
// no code with the rest.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace relayspec::faulty {

using Bytes = std::vector<std::uint8_t>;
using Address = std::uint32_t;  ///< host order

struct Interface {
  std::string name;
  Address address = 0;
  int index = 0;
  std::array<std::uint8_t, 6> mac{};
  int udp = -1;     ///< port 67, bound to this interface alone
  int packet = -1;  ///< writes whole frames; bound to no protocol, so it reads none
};

struct Settings {
  std::vector<Interface> downlinks;
  Interface uplink;
  std::vector<Address> servers;
  unsigned max_hops = 4;  ///< RFC 1542 section 4.1.1
  unsigned min_secs = 0;
  bool option82 = false, rewrite = false;
  std::string circuit_id, remote_id;
  std::string fault, variant;

  bool wrong(std::string_view name) const { return fault == name; }
  bool way(std::string_view name) const { return variant == name; }
};

/// From the RELAY_* environment and the command line. Says what is wrong with them and exits with 2.
Settings read_settings(int argc, char** argv);

}  // namespace relayspec::faulty
