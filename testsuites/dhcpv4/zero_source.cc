// SPDX-License-Identifier: Apache-2.0
// Requests from 0.0.0.0 to one address of the relay or to its subnet. A relay has to take them (RFC 1542,
// section 4.1) though its host's UDP does not, and has to check by itself what it reads from frames.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class ZeroSource : public Case {
 protected:
  Envelope to_relay(Envelope over = {}) {
    if (!over.eth_dst) over.eth_dst = relay_mac(Segment::downlink0);
    over.ip_dst = relay_address(Segment::downlink0);
    return over;
  }
};

// RFC 1122, sections 3.2.1.2 and 4.1.3.4, RFC 1542, section 4.1: a request from 0.0.0.0 to the relay itself
// is one that its host's UDP does not take. A relay that takes it from the frame has to check it by itself.
TEST_F(ZeroSource, WithAWrongChecksumIsDropped) {
  covers({"RFC1122-4.1.3.4-bad-udp-cksum", "RFC1122-3.2.1.2-bad-ip-cksum"});

  client.sends(client.another().discover(), to_relay({.udp_checksum = std::uint16_t{0x1234}}));
  client.sends(client.another().discover(), to_relay({.ip_checksum = std::uint16_t{0x1234}}));

  nothing_comes_out();
  control_goes_up(client.discover(), to_relay());
}

TEST_F(ZeroSource, WithAWrongLengthIsDropped) {
  covers({"MALF-udp-length-too-big", "MALF-udp-length-under-8"});

  // Where there is no checksum, the lengths alone tell.
  for (const std::uint16_t length : std::vector<std::uint16_t>{309, 316, 408, 65535, 0, 7}) {
    client.sends(client.another().discover(), to_relay({.udp_length = length}));
    client.sends(client.another().discover(),
                 to_relay({.udp_checksum = std::uint16_t{0}, .udp_length = length}));
  }

  nothing_comes_out();
  control_goes_up(client.discover(), to_relay());
}

// RFC 1122, section 3.2.1.1: nor is anything taken whose IP header cannot be one.
TEST_F(ZeroSource, WithAWrongHeaderIsDropped) {
  covers({"MALF-ip-total-length-mismatch"});

  const auto frame = [this] {
    return client.frame_of(client.another().discover(), to_relay({.udp_checksum = std::uint16_t{0}}));
  };
  for (const std::uint16_t length : std::vector<std::uint16_t>{0, 19, 20, 27, 329, 65535})
    client.sends_frames({with_ip_total_length(frame(), length)},
                        "a DISCOVER with an IP total length of " + std::to_string(length));
  for (const std::uint8_t first :
       {std::uint8_t{0x05}, std::uint8_t{0x55}, std::uint8_t{0x65}, std::uint8_t{0x44}})
    client.sends_frames({with_ip_octet(frame(), 0, first)},
                        "a DISCOVER whose IP header begins with " + hex(Bytes{first}));

  nothing_comes_out();
  control_goes_up(client.discover(), to_relay());
}

TEST_F(ZeroSource, ForAnotherHostIsNotRelayed) {
  covers({"RFC1542-4.1-transit-unicast-untouched"});

  const Ipv4 other = host_address(Segment::downlink0, 77);
  client.sends(client.another().discover(), {.eth_dst = relay_mac(Segment::downlink0), .ip_dst = other});
  client.sends(client.another().discover(), {.ip_dst = other});

  nothing_comes_out();
  control_goes_up(client.discover(), to_relay());
}

TEST_F(ZeroSource, InAFrameToAnotherLinkAddressIsNotRelayed) {
  covers({"RFC1542-4.1-transit-unicast-untouched"});

  const Mac other("02:00:5e:0c:77:77");
  client.sends(client.another().discover(), to_relay({.eth_dst = other}));
  client.sends(client.another().discover(),
               {.eth_dst = other, .ip_dst = subnet_broadcast(Segment::downlink0)});

  nothing_comes_out();
  control_goes_up(client.discover(), to_relay());
}

}  // namespace
}  // namespace relayspec
