// SPDX-License-Identifier: Apache-2.0
#include "harness/icmp.h"

#include <tins/tins.h>

namespace relayspec {

Bytes port_unreachable(const Bytes& frame) {
  constexpr std::uint8_t code = 3;
  constexpr std::size_t ethernet_header = 14;
  constexpr std::uint32_t quoted = 20 + 8;  // the IP header and the first 8 octets behind it
  const Datagram d = decode_udp(frame).value();
  Tins::ICMP icmp(Tins::ICMP::DEST_UNREACHABLE);
  icmp.code(code);
  Tins::EthernetII eth = Tins::EthernetII(d.eth_src, d.eth_dst) / Tins::IP(d.ip_src, d.ip_dst) / icmp /
                         Tins::RawPDU(frame.data() + ethernet_header, quoted);
  return eth.serialize();
}

}  // namespace relayspec
