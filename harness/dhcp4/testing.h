// SPDX-License-Identifier: Apache-2.0
// What the judge's tests share: a plain request and a plain reply, as expected and as a relay that does
// nothing wrong sends them.
#pragma once

#include <gmock/gmock.h>

#include "harness/dhcp4/compare.h"
#include "harness/engine/testing_print.h"
#include "harness/testing/topology.h"

namespace relayspec::judged {

inline const Mac client_mac{"02:00:5e:0c:00:0a"};
inline const Ipv4 everyone{"255.255.255.255"};

inline Message request() {
  return {.hops = std::uint8_t{1},
          .xid = 0x51020304,
          .secs = std::uint16_t{7},
          .flags = broadcast_flag,
          .giaddr = relay_address(Segment::downlink0),
          .chaddr = Bytes(client_mac.begin(), client_mac.end()),
          .options = {{option::type(Type::request), option::address(code::server_id, server_address(0)),
                       option::text(code::host_name, "host")}}};
}

inline Message reply() {
  return request().with(
      {.op = boot_reply,
       .hops = std::uint8_t{0},
       .yiaddr = host_address(Segment::downlink0, 100),
       .options = {{option::type(Type::ack), option::address(code::server_id, server_address(0)),
                    option::number32(code::lease_time, 3600)}}});
}

inline Expected expected_request() {
  return {.direction = Direction::request,
          .segment = Segment::uplink,
          .message = encode(request()),
          .forms = {{server_mac(0), server_address(0)}}};
}

/// By broadcast.
inline Expected expected_reply() {
  return {.direction = Direction::reply,
          .segment = Segment::downlink0,
          .message = encode(reply()),
          .forms = {{Mac::broadcast, everyone}}};
}

/// By unicast, a whole broadcast allowed.
inline Expected expected_unicast() {
  Expected e = expected_reply();
  e.forms = {{client_mac, host_address(Segment::downlink0, 100)}, {Mac::broadcast, everyone}};
  return e;
}

/// The datagram that fulfils an expectation.
inline Datagram flawless(const Expected& e) {
  const bool up = e.direction == Direction::request;
  return {.eth_dst = e.forms.front().eth_dst,
          .eth_src = relay_mac(e.segment),
          .ip_dst = e.forms.front().ip_dst,
          .ip_src = relay_address(e.segment),
          .sport = std::uint16_t{67},
          .dport = static_cast<std::uint16_t>(up ? 67 : 68),
          .payload = e.message};
}

/// A difference of a field, under a rule.
inline auto differs(const std::string& field, const std::string& requirement) {
  return testing::AllOf(testing::Field("field", &Difference::field, field),
                        testing::Field("requirement", &Difference::requirement, requirement));
}

inline constexpr const char* kept = "RFC1542-4.1.1-options-intact";
inline constexpr const char* not_short = "RFC1542-2.1-output-not-short";
inline constexpr const char* kept_in_reply = "RFC1542-4.1.2-options-intact-reply";

/// A message with these options and END, and then zeros up to a length.
inline Bytes with_options(const Message& m, std::vector<Option> options, std::size_t length = 300) {
  Bytes b = encode(m.with({.options = std::move(options), .tail = Bytes{code::end}}));
  b.resize(std::max(b.size(), length));
  return b;
}

inline std::vector<Option> plain_options() { return *request().options; }

}  // namespace relayspec::judged
