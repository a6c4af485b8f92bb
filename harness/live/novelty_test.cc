// SPDX-License-Identifier: Apache-2.0
#include "harness/live/novelty.h"

#include <gmock/gmock.h>

#include "harness/dhcp4/protocol.h"

namespace relayspec::live {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

const Envelope from_client{.eth_dst = Mac::broadcast,
                           .eth_src = Mac("02:00:5e:00:53:01"),
                           .ip_dst = Ipv4("255.255.255.255"),
                           .ip_src = Ipv4("0.0.0.0"),
                           .sport = std::uint16_t{68},
                           .dport = std::uint16_t{67}};

/// What came of a DISCOVER, if anything did.
Answer answer(const std::optional<Message>& came) {
  const Message discover{.options = {{option::type(Type::discover)}}};
  Answer a{.sent = encode_udp(from_client, encode(discover))};
  if (came) {
    Sighting s;
    s.segment = Segment::uplink;
    s.packet = *decode_udp(encode_udp(from_client, encode(*came)));
    a.out.push_back(std::move(s));
  }
  return a;
}

Message relayed(std::uint8_t hops) { return {.hops = hops, .options = {{option::type(Type::discover)}}}; }

TEST(Novelty, KeepsAStimulusOfWhichSomethingNewHasCome) {
  Novelty n;
  EXPECT_THAT(n.pool(), IsEmpty());
  const Stimulus first{.base = Base::discover}, second{.base = Base::discover, .edits = {{3, 1}}};
  n.note("plain", first, answer(relayed(1)));
  n.note("plain", second, answer(relayed(1)));
  EXPECT_THAT(n.pool(), SizeIs(1));
  EXPECT_EQ(n.pool()[0], first);
}

TEST(Novelty, TellsFieldsOptionsSilenceAndSettingsApart) {
  Novelty n;
  n.note("plain", {}, answer(relayed(1)));
  n.note("plain", {}, answer(relayed(2)));
  EXPECT_EQ(n.kinds(), 1U) << "the same field differs, whatever it holds";
  n.note("plain", {}, answer(relayed(0)));
  EXPECT_EQ(n.kinds(), 2U) << "a field that does not";
  n.note("plain", {}, answer(relayed(1).plus(option::text(code::host_name, "x"))));
  EXPECT_EQ(n.kinds(), 3U) << "an option";
  n.note("plain", {}, answer(std::nullopt));
  EXPECT_EQ(n.kinds(), 4U) << "silence";
  n.note("option82", {}, answer(std::nullopt));
  EXPECT_EQ(n.kinds(), 5U);
}

TEST(Novelty, StimuliAreMadeFromThePool) {
  const std::vector<Stimulus> pool{{.base = Base::release, .edits = {{3, 17}, {4, 0}}}};
  std::size_t made = 0;
  for (std::uint64_t n = 0; n < 400; ++n) {
    Stimulus s = generate(1, n, 2, pool);
    EXPECT_EQ(s, generate(1, n, 2, pool)) << "the same each time";
    s.trouble = Trouble::none;
    if (s == generate(1, n, 2)) continue;
    ++made;
    EXPECT_EQ(s.base, Base::release);
    EXPECT_TRUE(s.edits.size() == 3 || s.edits.size() == 1);
  }
  EXPECT_GT(made, 50U);
  EXPECT_LT(made, 200U);
}

}  // namespace
}  // namespace relayspec::live
