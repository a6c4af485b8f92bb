// SPDX-License-Identifier: Apache-2.0
// The fuzzer over a small relay on a link without wires.
#include "harness/live/fuzzer.h"

#include "harness/live/edits.h"
#include "harness/live/testing_relay.h"

namespace relayspec {
inline void PrintTo(const FuzzFinding& f, std::ostream* out) {
  *out << f.kind << " [" << f.requirement << "] " << f.what << ": " << f.sent << "\n";
}
}  // namespace relayspec

namespace relayspec::live {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

struct SmallFuzz {
  SmallRelay relay;
  Prober prober{relay, {}, std::chrono::seconds(1)};
  Findings findings;
  Novelty novelty;
  FuzzResult result;
  Fuzzer fuzzer{prober, {.name = "plain"}, findings, novelty, result, Clock::now()};

  std::vector<FuzzFinding> found(std::uint64_t stimuli) {
    fuzzer.run(0, stimuli, [] { return true; });
    return findings.all();
  }
};

auto finding(const std::string& kind, const std::string& requirement, const std::string& sent) {
  return AllOf(Field(&FuzzFinding::kind, kind), Field(&FuzzFinding::requirement, requirement),
               Field(&FuzzFinding::sent, sent), Field(&FuzzFinding::again, true));
}

bool is_of_type(const Message& m, Type t) {
  return find_option(encode(m), code::message_type) == Bytes{static_cast<std::uint8_t>(t)};
}

constexpr std::uint64_t some = 640;

TEST(Fuzzer, FindsNothingInARightRelay) {
  SmallFuzz f;
  EXPECT_THAT(f.found(some), IsEmpty());
  EXPECT_EQ(f.result.packets, some);
  EXPECT_GT(f.result.relayed, some / 4);
}

TEST(Fuzzer, TheSameSeedSendsTheSame) {
  const auto sent = [] {
    SmallFuzz f;
    std::vector<Bytes> all;
    const auto relay = std::move(f.relay.wire.relay);
    f.relay.wire.relay = [&](const Outgoing& out) {
      all.push_back(out.frame);
      relay(out);
    };
    f.found(64);
    return all;
  };
  EXPECT_EQ(sent(), sent());
}

TEST(Fuzzer, FindsAFieldThatIsChanged) {
  SmallFuzz f;
  f.relay.on_reply = [](Message& m, Envelope&) {
    if (*m.hops < 255) ++*m.hops;
    return true;
  };
  const auto all = f.found(some);
  ASSERT_THAT(all, ElementsAre(finding("changed", "RFC1542-4.1.2-hops-not-touched-reply", "OFFER")));
  EXPECT_GT(all[0].times, 100U) << "it is said once";
  EXPECT_EQ(all[0].packets, 2U) << "the request and the reply";
  EXPECT_THAT(all[0].frames, Not(IsEmpty()));
}

TEST(Fuzzer, FindsWhatIsLost) {
  SmallFuzz f;
  f.relay.on_request = [](Message& m, Envelope&) { return !is_of_type(m, Type::release); };
  EXPECT_THAT(f.found(some), ElementsAre(finding("lost", "RFC2131-4.4.4-release-via-relay", "RELEASE")));
}

TEST(Fuzzer, FindsACrashAndGoesOn) {
  SmallFuzz f;
  f.relay.dies_of = [](const Message& m) { return is_of_type(m, Type::decline); };
  f.relay.on_request = [](Message& m, Envelope&) { return !is_of_type(m, Type::inform); };
  EXPECT_THAT(f.found(some),
              ::testing::UnorderedElementsAre(finding("crash", "MALF-flood-liveness", "DECLINE"),
                                              finding("lost", "RFC2131-4.3.5-inform-relayed", "INFORM")));
}

TEST(Fuzzer, FindsADestinationThatIsNotTheServer) {
  SmallFuzz f;
  f.relay.on_request = [](Message&, Envelope& e) {
    e.ip_dst = Ipv4("198.51.100.77");
    return true;
  };
  EXPECT_THAT(f.found(64),
              ElementsAre(finding("misdirected", "RFC1542-4.1.1-destination-configurable", "DISCOVER")));
}

TEST(Fuzzer, FindsAChecksumThatIsWrong) {
  SmallFuzz f;
  f.relay.on_request = [](Message&, Envelope& e) {
    e.udp_checksum = std::uint16_t{0x1234};
    return true;
  };
  EXPECT_THAT(f.found(64), ElementsAre(finding("bad-frame", "RFC1542-4.1.1-udp-cksum-recalc", "DISCOVER")));
}

// What an earlier client said stands in a later client's message.
TEST(Fuzzer, FindsOctetsOfAnotherMessage) {
  SmallFuzz f;
  Bytes name;
  f.relay.on_request = [&](Message& m, Envelope&) {
    const Bytes own = m.sname.value_or(Bytes{});
    if (!zeros(own)) name = own;
    if (!name.empty()) m.sname = name;
    return true;
  };
  const auto all = f.found(some);
  ASSERT_THAT(all, Not(IsEmpty()));
  EXPECT_THAT(all[0].kind, ::testing::AnyOf("octets-of-another-message", "changed"));
}

TEST(Fuzzer, FindsASecondFaultBehindTheFirst) {
  SmallFuzz f;
  f.relay.on_request = [](Message& m, Envelope&) { return !is_of_type(m, Type::release) && *m.hops != 4; };
  EXPECT_THAT(f.found(2 * some), SizeIs(2));
}

// Enough for some that meet trouble.
constexpr std::uint64_t many = 6400;

TEST(Fuzzer, FindsARelayThatEndsWhenALinkIsDown) {
  SmallFuzz f;
  f.relay.dies_of_link_down = true;
  EXPECT_THAT(f.found(many),
              ElementsAre(finding("crash", "IF-flap", "DISCOVER while the link of uplink0 is down"),
                          finding("crash", "IF-flap", "OFFER while the link of downlink0 is down")));
}

TEST(Fuzzer, FindsARelayThatStopsWhenALinkWasDown) {
  SmallFuzz f;
  f.relay.stays_down = true;
  const auto all = f.found(many);
  ASSERT_THAT(all, Not(IsEmpty()));
  EXPECT_THAT(all[0], finding("stopped-relaying", "IF-flap", "DISCOVER while the link of uplink0 is down"));
  EXPECT_THAT(all[0].observed, ::testing::HasSubstr("once the link of uplink0 is up again"));
}

TEST(Fuzzer, FindsARelayThatEndsWhenAServerRefuses) {
  SmallFuzz f;
  f.relay.dies_of_icmp = true;
  EXPECT_THAT(f.found(many), ElementsAre(finding("crash", "MALF-flood-liveness",
                                                 "DISCOVER, which the server answers by ICMP")));
}

// It says nothing of the relay that something is lost then.
TEST(Fuzzer, FindsNothingInARightRelayThatMeetsTrouble) {
  SmallFuzz f;
  EXPECT_THAT(f.found(many), IsEmpty());
  const auto met = [&](Trouble t) {
    std::size_t n = 0;
    for (std::uint64_t i = 0; i < many; ++i) n += generate(1, i, 2, {}).trouble == t;
    return n;
  };
  EXPECT_GT(met(Trouble::link_down), 0U);
  EXPECT_GT(met(Trouble::server_refuses), 0U);
}

// On a busy machine a request may come behind the reply that answers it, whose own headers are wrong.
TEST(Prober, ARequestThatComesLateIsNothingOfTheReply) {
  SmallRelay relay;
  const auto right = std::move(relay.wire.relay);
  std::optional<Bytes> held;
  relay.on_request = [&](Message& m, Envelope& e) {
    held = encode_udp(e, encode(m));
    return false;
  };
  relay.wire.relay = [&](const Outgoing& out) {
    if (out.segment == Segment::uplink && !decode_udp(out.frame) && held)
      relay.wire.put_from_relay(Segment::uplink, *std::exchange(held, std::nullopt),
                                std::chrono::microseconds(1));
    right(out);
  };
  Prober prober(relay, {}, std::chrono::seconds(1));
  const auto kinds = edit_kinds();
  const auto length =
      std::ranges::find_if(kinds, [](const EditKind& k) { return std::string_view(k.name) == "IP length"; });
  ASSERT_NE(length, kinds.end());
  constexpr std::uint32_t only_the_header = 3;
  const Stimulus reply{.base = Base::forcerenew,
                       .edits = {{static_cast<std::uint8_t>(length - kinds.begin()), only_the_header}}};
  const Answer answer = prober.probe(Numbered{1, reply});
  EXPECT_FALSE(held) << "nothing came late";
  EXPECT_THAT(answer.out, IsEmpty());
}

}  // namespace
}  // namespace relayspec::live
