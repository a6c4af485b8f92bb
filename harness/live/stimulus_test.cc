// SPDX-License-Identifier: Apache-2.0
#include "harness/live/stimulus.h"

#include <gmock/gmock.h>

#include <set>

#include "harness/live/edits.h"
#include "harness/live/shrink.h"

namespace relayspec::live {
namespace {

using ::testing::HasSubstr;

const dhcp4::World world;

Bytes frame(const Stimulus& s, std::uint64_t number = 1) {
  return frame_of(s, Sender(number, s.downlink, world.topology), world, {});
}

std::uint8_t kind_named(const std::string& name) {
  const auto kinds = edit_kinds();
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (kinds[i].name == name) return static_cast<std::uint8_t>(i);
  }
  throw std::out_of_range(name);
}

TEST(Stimuli, DependOnSeedAndNumberAlone) {
  EXPECT_EQ(generate(1, 7, 2), generate(1, 7, 2));
  std::set<std::string> first, second;
  for (std::uint64_t n = 0; n < 200; ++n) {
    first.insert(describe(generate(1, n, 2)));
    second.insert(describe(generate(2, n, 2)));
  }
  EXPECT_GT(first.size(), 150U);
  EXPECT_NE(first, second);
  EXPECT_EQ(describe(generate(1, 0, 2)), describe(generate(1, 0, 2)));
}

TEST(Stimuli, HaveEveryBaseAndEveryEdit) {
  std::set<Base> bases;
  std::set<std::pair<int, std::uint32_t>> edits;
  std::size_t all = 0;
  for (const EditKind& kind : edit_kinds()) all += kind.values.size();
  for (std::uint64_t n = 0; n < 30'000; ++n) {
    const Stimulus s = generate(1, n, 2);
    bases.insert(s.base);
    for (const Edit& e : s.edits) edits.emplace(e.kind, e.value);
    EXPECT_FALSE(frame(s).empty());
  }
  EXPECT_EQ(bases.size(), base_count);
  EXPECT_EQ(edits.size(), all);
}

TEST(Stimuli, GetAVerdictFromTheModel) {
  const dhcp4::Model model(world);
  std::size_t fates[3] = {};
  for (std::uint64_t n = 0; n < 5000; ++n) {
    const Stimulus s = generate(3, n, 2);
    ++fates[static_cast<std::size_t>(model.fate(s.segment(), frame(s), {}).fate)];
  }
  for (const std::size_t times : fates) EXPECT_GT(times, 500U);
}

// Nothing is odd about one without edits. A server may send a FORCERENEW by way of the relay (RFC 3203). No
// request from the servers' side is relayed.
TEST(Stimuli, WithoutEditsArePlain) {
  const dhcp4::Model model(world);
  for (std::size_t b = 0; b < base_count; ++b) {
    const Stimulus s{.base = static_cast<Base>(b)};
    dhcp4::Memory memory;
    const Sender sender(1, s.downlink, world.topology);
    memory.note_sent(decode_udp(request_before(s, sender, world))->payload, s.downlink);
    const auto outcome = model.outcome(s.segment(), frame_of(s, sender, world, memory), memory);
    const auto fate = s.base == Base::forcerenew           ? dhcp4::Fate::may_come
                      : s.base == Base::discover_on_uplink ? dhcp4::Fate::must_not_come
                                                           : dhcp4::Fate::must_come;
    EXPECT_EQ(outcome.fate, fate) << name(s.base) << " " << outcome.rule;
  }
}

TEST(Stimuli, EveryEditChangesTheFrame) {
  for (std::size_t kind = 0; kind < edit_kinds().size(); ++kind) {
    const EditKind& k = edit_kinds()[kind];
    std::size_t changed = 0;
    for (const std::uint32_t value : k.values) {
      Stimulus s{.base = k.side == Side::reply ? Base::ack : Base::selecting};
      const Sender sender(1, s.downlink, world.topology);
      dhcp4::Memory memory;
      memory.note_received({sender.xid, sender.mac},
                           encode(Message{.xid = sender.xid,
                                          .chaddr = Bytes(sender.mac.begin(), sender.mac.end()),
                                          .options = {{option::of(code::relay_agent, {1, 2, 3, 4})}}}),
                           true, 0);
      const Bytes plain = frame_of(s, sender, world, memory);
      s.edits = {{static_cast<std::uint8_t>(kind), value}};
      changed += frame_of(s, sender, world, memory) != plain;
    }
    // One value may be what a plain message has anyway.
    EXPECT_GE(changed + 1, k.values.size()) << k.name;
    EXPECT_GE(changed, 1U) << k.name;
  }
}

TEST(Stimuli, AreDescribedInWords) {
  Stimulus s{.downlink = Segment::downlink1, .base = Base::release};
  s.edits = {{kind_named("hops"), 17}, {kind_named("option 82"), 5}};
  EXPECT_EQ(describe(s), "RELEASE on downlink1, hops 17, option 82 twice");
}

TEST(Stimuli, AreDescribedWithTheTroubleThatTheyMeet) {
  EXPECT_EQ(describe({.base = Base::offer, .trouble = Trouble::link_down}),
            "OFFER while the link of downlink0 is down");
  EXPECT_EQ(describe({.trouble = Trouble::server_refuses}), "DISCOVER, which the server answers by ICMP");
}

TEST(Shrinking, LeavesWhatItTakes) {
  const std::uint8_t hops = kind_named("hops");
  Stimulus s{.downlink = Segment::downlink1, .base = Base::release};
  s.edits = {{hops, 254}, {kind_named("secs"), 255}, {kind_named("TTL"), 2}};
  const auto shows = [&](const Stimulus& candidate) {
    return std::any_of(candidate.edits.begin(), candidate.edits.end(),
                       [&](const Edit& e) { return e.kind == hops && e.value > 16; });
  };
  const Stimulus smallest = shrink(s, shows, 100);
  EXPECT_EQ(describe(smallest), "DISCOVER, hops 17");
  EXPECT_EQ(shrink(s, shows, 0), s) << "no tries";
}

}  // namespace
}  // namespace relayspec::live
