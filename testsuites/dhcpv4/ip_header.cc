// SPDX-License-Identifier: Apache-2.0
// IP headers whose TOS, TTL, identification or flags have values that a host may set (RFC 791, 1122).
#include <string>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class IpHeader : public Case {
 protected:
  static constexpr std::size_t ttl_offset = 8;
  struct Octet {
    const char* name;
    std::size_t at;
    std::uint8_t value;
  };
  /// The octets of a header in which a datagram that has arrived may be of any value.
  static constexpr Octet octets[] = {{"DSCP LE", 1, 0x04},
                                     {"DSCP CS6", 1, 0xc0},
                                     {"DSCP EF", 1, 0xb8},
                                     {"low delay in TOS", 1, 0x10},
                                     {"ECN CE", 1, 0x03},
                                     {"TOS 0xff", 1, 0xff},
                                     {"TTL 0", 8, 0},
                                     {"TTL 1", 8, 1},
                                     {"TTL 2", 8, 2},
                                     {"TTL 128", 8, 128},
                                     {"TTL 255", 8, 255},
                                     {"an identification from 0xff00 on", 4, 0xff},
                                     {"fragments allowed", 6, 0},
                                     {"an identification whose low octet is 1", 5, 1}};
};

// RFC 1122, sections 3.2.1.6 and 3.2.1.7: type of service and TTL are no reason to drop what has arrived; nor
// is it whether the sender would let routers make fragments.
TEST_F(IpHeader, RequestWithAnyTosTtlAndFlagsIsRelayed) {
  covers({"RFC1812-4.2.2.9-rx-ttl", "RFC1542-4.1.1-request-relayed", "RFC1542-4.1.1-ttl"});

  for (const auto& [name, at, value] : octets) {
    if (at == ttl_offset && value < 2) continue;  // a relay that counts it down may stop there
    const Client one = client.another();
    const auto discover = one.discover();
    in_row(name);
    one.sends_frames({with_ip_octet(one.frame_of(discover), at, value)}, "a DISCOVER with this IP header");
    server.gets(relayed(discover));
  }
}

TEST_F(IpHeader, ReplyWithAnyTosTtlAndFlagsIsDelivered) {
  covers({"RFC1542-4.1.1-ttl"});

  for (const std::uint16_t flags : {broadcast_flag, std::uint16_t{0}}) {
    for (const auto& [name, at, value] : octets) {
      asks();
      const auto offer = server.offer(client, {.flags = flags});
      in_row(std::string(flags == 0 ? "no flag, " : "broadcast flag, ") + name);
      server.sends_frames({with_ip_octet(server.frame_of(offer), at, value)}, "an OFFER with this IP header");
      client.gets(delivered(offer));
    }
  }
}

}  // namespace
}  // namespace relayspec
