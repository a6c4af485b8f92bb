// SPDX-License-Identifier: Apache-2.0
#include "harness/live/duel.h"

#include "harness/live/testing_relay.h"

namespace relayspec::live {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::uint64_t stimuli_of_a_duel = 640;

auto broken(const std::string& what, const std::string& requirement, const std::string& sent) {
  return AllOf(Field(&DifferenceGroup::what, what), Field(&DifferenceGroup::requirement, requirement),
               Field(&DifferenceGroup::sent, sent), Field(&DifferenceGroup::choice, false),
               Field(&DifferenceGroup::broken_by, "other"));
}

TEST(Duel, ARelayDoesNotDifferFromItself) {
  SmallDuel d;
  EXPECT_THAT(d.differences(stimuli_of_a_duel), IsEmpty());
}

TEST(Duel, FindsAFieldThatIsChanged) {
  SmallDuel d;
  d.other.on_reply = [](Message& m, Envelope&) {
    if (*m.hops < 255) ++*m.hops;
    return true;
  };
  const auto all = d.differences(stimuli_of_a_duel);
  ASSERT_THAT(all,
              ElementsAre(broken("hops +1 in replies", "RFC1542-4.1.2-hops-not-touched-reply", "OFFER")));
  EXPECT_GT(all[0].stimuli, 100U);
  EXPECT_EQ(all[0].verdict, Verdict::fail);
  EXPECT_EQ(all[0].reference, "hops 0");
  EXPECT_EQ(all[0].observed, "hops 1");
  EXPECT_GE(all[0].frames.size(), 3U) << "request, reply and what comes of it";
  EXPECT_GE(all[0].reference_frames.size(), 3U) << "the same with the reference";
}

/// hops in the frame that an exhibit is about.
std::optional<std::uint8_t> hops_of(const Exhibit& e, const std::vector<Frame>& frames) {
  for (const Frame& f : frames) {
    if (f.time == e.time && f.segment == e.segment && f.origin == Origin::relay)
      return decode(decode_udp(f.bytes)->payload).hops;
  }
  return std::nullopt;
}

TEST(Duel, SaysWhichFramesShowADifference) {
  SmallDuel d;
  d.other.on_reply = [](Message& m, Envelope&) {
    if (*m.hops < 255) ++*m.hops;
    return true;
  };
  const auto all = d.differences(stimuli_of_a_duel);
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].field, "hops");
  EXPECT_EQ(hops_of(all[0].exhibit, all[0].frames), 1);
  EXPECT_EQ(hops_of(all[0].reference_exhibit, all[0].reference_frames), 0);
  EXPECT_EQ(decode(all[0].exhibit.due).hops, 0) << "what the reference has sent";
}

TEST(Duel, OfWhatIsLostSaysWhatTheReferenceHasSent) {
  SmallDuel d;
  d.other.on_request = [](Message& m, Envelope&) {
    return find_option(encode(m), code::message_type) != Bytes{static_cast<std::uint8_t>(Type::release)};
  };
  const auto all = d.differences(stimuli_of_a_duel);
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].exhibit.time.count(), 0);
  EXPECT_EQ(all[0].exhibit.segment, Segment::uplink);
  EXPECT_EQ(type_name(all[0].exhibit.due), "RELEASE");
  EXPECT_NE(all[0].reference_exhibit.time.count(), 0);
}

// The smallest stimulus has what the loss is about and nothing else.
TEST(Duel, FindsWhatIsLost) {
  SmallDuel d;
  d.other.on_request = [](Message& m, Envelope&) {
    return find_option(encode(m), code::message_type) != Bytes{static_cast<std::uint8_t>(Type::release)};
  };
  EXPECT_THAT(d.differences(stimuli_of_a_duel),
              ElementsAre(broken("requests lost", "RFC2131-4.4.4-release-via-relay", "RELEASE")));
}

TEST(Duel, ThatTheReferenceIsWrongIsItsFault) {
  SmallDuel d;
  d.right.on_request = [](Message& m, Envelope&) {
    m.secs = 0;
    return true;
  };
  const auto all = d.differences(stimuli_of_a_duel);
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].broken_by, "right");
  EXPECT_EQ(all[0].requirement, "RFC1542-4.1.1-fields-intact");
}

// RFC 1542, section 4.1.2: unicast or a whole broadcast.
TEST(Duel, WhatTheStandardsLeaveIsAChoice) {
  SmallDuel d;
  d.other.on_reply = [](Message&, Envelope& e) {
    e.eth_dst = Mac::broadcast;
    e.ip_dst = Ipv4("255.255.255.255");
    return true;
  };
  auto all = d.differences(stimuli_of_a_duel);
  // With an hlen other than 6 it is no choice: there the other relay is right, and this one sends to chaddr.
  // A chaddr that is no client's leaves more open.
  std::erase_if(all, [](const auto& difference) {
    return !difference.choice || difference.sent.find("chaddr") != std::string::npos;
  });
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].broken_by, "");
  EXPECT_EQ(all[0].verdict, Verdict::note);
}

TEST(Duel, ARelayThatEndsIsStartedAgain) {
  SmallDuel d;
  d.other.dies_of = [](const Message& m) { return *m.hlen > 16; };
  const auto all = d.differences(3000);
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all[0].what, "the relay was killed by SIGSEGV");
  EXPECT_THAT(all[0].sent, HasSubstr("hlen"));
}

// What says nothing of its stimulus is told by sending each alone.
TEST(Duel, AMessageThatCannotBeRecognizedIsAttributed) {
  SmallDuel d;
  d.other.on_request = [](Message& m, Envelope&) {
    m.xid = 7;
    return true;
  };
  EXPECT_THAT(d.differences(64),
              Contains(Field(&DifferenceGroup::requirement, "RFC1542-4.1.1-fields-intact")));
}

}  // namespace
}  // namespace relayspec::live
