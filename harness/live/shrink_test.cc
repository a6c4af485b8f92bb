// SPDX-License-Identifier: Apache-2.0
#include "harness/live/shrink.h"

#include <gmock/gmock.h>

#include "relayspec/harness/datagram.h"
#include "relayspec/harness/message.h"

namespace relayspec::live {
namespace {

const Envelope envelope{.eth_dst = Mac::broadcast,
                        .eth_src = Mac("02:00:5e:00:53:01"),
                        .ip_dst = Ipv4("255.255.255.255"),
                        .ip_src = Ipv4("0.0.0.0"),
                        .ttl = std::uint8_t{64},
                        .sport = std::uint16_t{68},
                        .dport = std::uint16_t{67}};

Message discover() {
  Message m{.xid = 0x01020304,
            .chaddr = Bytes{2, 0, 0x5e, 0, 0x53, 1},
            .file = Bytes(128, 'f'),
            .options = {{option::type(Type::discover), option::text(code::host_name, "a-long-name")}}};
  m.options->push_back(option::of(224, Bytes(200, 0x24)));
  return m;
}

TEST(ShrinkOctets, LeavesWhatShowsTheFault) {
  const Bytes frame = encode_udp(envelope, encode(discover()));
  std::size_t tries = 0;
  const Bytes small = shrink_octets(frame, [&](const Bytes& f) {
    ++tries;
    const auto d = decode_udp(f);
    return d && find_option(d->payload, code::host_name).has_value();
  });
  const auto d = decode_udp(small);
  ASSERT_TRUE(d);
  EXPECT_LT(d->payload.size(), 270U);
  EXPECT_TRUE(find_option(d->payload, code::host_name));
  EXPECT_EQ(relayspec::decode(d->payload).xid, 0x01020304U) << "the client stays";
  EXPECT_EQ(relayspec::decode(d->payload).file, Bytes(128)) << "what says nothing is zero";
  EXPECT_LT(tries, 200U);
}

TEST(ShrinkOctets, LeavesAllWhereAllIsNeeded) {
  const Bytes frame = encode_udp(envelope, encode(discover()));
  EXPECT_EQ(shrink_octets(frame, [&](const Bytes& f) { return f == frame; }), frame);
}

// What is odd about the layers below would be lost.
TEST(ShrinkOctets, LeavesOddDatagramsAlone) {
  Envelope odd = envelope;
  odd.slack = Bytes(8);
  for (const Bytes& frame : {encode_udp(odd, encode(discover())), Bytes(60, 1), Bytes{}})
    EXPECT_EQ(shrink_octets(frame, [](const Bytes&) { return true; }), frame);
}

}  // namespace
}  // namespace relayspec::live
