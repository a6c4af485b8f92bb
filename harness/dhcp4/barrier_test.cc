// SPDX-License-Identifier: Apache-2.0
// The exchange that serves as a barrier: known in every state, and judged like any other message.
#include <gmock/gmock.h>

#include "harness/dhcp4/protocol.h"
#include "harness/dhcp4/testing.h"
#include "harness/dhcp4/testing_model.h"

namespace relayspec::dhcp4 {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using Half = Protocol::Half;

class BarrierOfDhcp4 : public testing::Test {
 protected:
  static constexpr std::uint32_t number = 0x00abcd;

  Outgoing request(unsigned form = 0) const { return protocol.barrier_request(number, downlink, form); }
  /// As a relay that does nothing wrong passes it on.
  Sighting relayed(const Outgoing& out) const {
    const Message sent = decode(decode_udp(out.frame)->payload);
    Message message = model.relayed(sent, out.segment, {}).message;
    if (model.world().settings.option82) message = message.plus(some_option82());
    return seen(Segment::uplink, encode_udp({.eth_dst = server_mac(0),
                                             .eth_src = relay_mac(Segment::uplink),
                                             .ip_dst = server_address(0),
                                             .ip_src = relay_address(Segment::uplink),
                                             .sport = std::uint16_t{67},
                                             .dport = model.world().port_towards_servers()},
                                            encode(message)));
  }
  Sighting delivered(const Outgoing& out) const {
    Message message = decode(decode_udp(out.frame)->payload);
    message = without(message, code::relay_agent);
    return seen(downlink, encode_udp({.eth_dst = Mac::broadcast,
                                      .eth_src = relay_mac(downlink),
                                      .ip_dst = Ipv4("255.255.255.255"),
                                      .ip_src = relay_address(downlink),
                                      .sport = std::uint16_t{67},
                                      .dport = std::uint16_t{68}},
                                     encode(message)));
  }
  static Sighting seen(Segment segment, const Bytes& frame) {
    Datagram d = *decode_udp(frame);
    Sighting s{.segment = segment, .key = xid_of(d.payload)};
    s.packet = std::move(d);
    return s;
  }
  /// The sighting with its message changed.
  template <class Edit>
  static Sighting corrupted(const Sighting& s, Edit edit, std::optional<Segment> segment = std::nullopt) {
    Datagram d = datagram_of(s);
    edit(d.payload);
    Sighting out{.segment = segment.value_or(s.segment), .key = xid_of(d.payload)};
    out.packet = std::move(d);
    return out;
  }

  Segment downlink = Segment::downlink0;
  Model model{World{}};
  Protocol4 protocol{model};
};

TEST_F(BarrierOfDhcp4, RequestPassesEveryFilterOfARelay) {
  for (const Segment d : all_downlinks) {
    World world{.settings = {.option82 = true, .max_hops = 0, .min_secs = 0x3fff, .max_size = 576}};
    downlink = d;
    protocol.relay_starts(world.settings);
    const Outgoing out = request();
    EXPECT_EQ(out.segment, d);
    for (const Dialect dialect : {Dialect::rfc, Dialect::strict, Dialect::proxy}) {
      world.dialect = dialect;
      EXPECT_EQ(Model(world).fate(d, out.frame, {}).fate, due);
    }
  }
}

// A relay that drops what has waited for long is ready for all others.
TEST_F(BarrierOfDhcp4, SecsAreFewUnlessTheRelayIsSetToWait) {
  const auto secs = [&] { return decode(decode_udp(request().frame)->payload).secs.value_or(0); };
  EXPECT_LT(secs(), 0x100);
  EXPECT_GT(secs(), 0);
  protocol.relay_starts({.min_secs = 8});
  EXPECT_LT(secs(), 0x100);
  protocol.relay_starts({.min_secs = 0x3fff});
  EXPECT_EQ(secs(), 0x3fff);
}

// What the settings make a rule of each message is no reason why one of them alone is lost.
TEST_F(BarrierOfDhcp4, RulesOfPlainMessagesAreThoseOfTheSettings) {
  using testing::Contains;
  protocol.relay_starts({.option82 = true, .min_secs = 8, .vss = "red"});
  EXPECT_THAT(protocol.rules_of_plain(Direction::request),
              ElementsAre("RFC1542-4.1.1-secs-threshold-configurable", "RFC1542-4.1.1-request-relayed"));
  EXPECT_THAT(protocol.rules_of_plain(Direction::reply), IsEmpty()) << "nothing has been relayed yet";

  const Outgoing out = request();
  protocol.barrier_answer(out, relayed(out));
  EXPECT_THAT(protocol.rules_of_plain(Direction::reply), Contains("RFC6607-5-only-vss-echoed"));
}

// Form 0 has the flag set, so that its reply is broadcast.
TEST_F(BarrierOfDhcp4, FormsDifferInTheFlag) {
  const auto flags = [&](unsigned form) { return decode(decode_udp(request(form).frame)->payload).flags; };
  EXPECT_EQ(flags(0), broadcast_flag);
  EXPECT_EQ(flags(1), 0);
  EXPECT_EQ(protocol.barrier_form_name(0), "broadcast");
  EXPECT_EQ(protocol.barrier_form_name(1), "unicast");
}

TEST_F(BarrierOfDhcp4, NumbersHaveXidsOfTheirOwn) {
  const auto xid = [&](std::uint32_t n) {
    return xid_of(decode_udp(protocol.barrier_request(n, downlink, 0).frame)->payload);
  };
  EXPECT_NE(xid(1), xid(2));
  for (const std::uint32_t n : {0U, 1U, 0xffffffU}) {
    const auto sight = protocol.barrier(relayed(protocol.barrier_request(n, downlink, 0)));
    ASSERT_TRUE(sight);
    EXPECT_EQ(sight->number, n);
  }
}

TEST_F(BarrierOfDhcp4, HalvesAreDistinguishedByOpAndSide) {
  const Outgoing out = request();
  const Sighting up = relayed(out);
  const Outgoing answer = protocol.barrier_answer(out, up);
  const Sighting down = delivered(answer);
  const auto half = [&](const Sighting& s, std::optional<Segment> at = std::nullopt) {
    return protocol
        .barrier(corrupted(
            s, [](Bytes&) {}, at))
        ->half;
  };
  EXPECT_EQ(half(up), Half::request);
  EXPECT_EQ(half(up, Segment::downlink1), Half::stray);
  EXPECT_EQ(half(down), Half::reply);
  EXPECT_EQ(half(down, Segment::uplink), Half::stray);
}

// A relay that corrupts op delivers replies all the same: they have yiaddr.
TEST_F(BarrierOfDhcp4, AReplyWithACorruptedOpIsAReply) {
  const Outgoing out = request();
  const Sighting down = delivered(protocol.barrier_answer(out, relayed(out)));
  EXPECT_EQ(protocol.barrier(corrupted(down, [](Bytes& m) { m[0] = 1; }))->half, Half::reply);
  EXPECT_EQ(protocol.barrier(corrupted(down, [](Bytes& m) { m[0] = 1, m.resize(19); }))->half, Half::stray)
      << "as a request";
  EXPECT_EQ(protocol.barrier(corrupted(relayed(out), [](Bytes& m) { m[0] = 2; }))->half, Half::request)
      << "it is on the segment of requests";
}

TEST_F(BarrierOfDhcp4, WithACorruptedXidIsKnownByItsClient) {
  for (const Segment d : all_downlinks) {
    downlink = d;
    const auto sight = protocol.barrier(corrupted(relayed(request()), [](Bytes& m) { m[4] ^= 1; }));
    ASSERT_TRUE(sight);
    EXPECT_EQ(sight->number, std::nullopt);
    EXPECT_EQ(sight->downlink, d);
    EXPECT_EQ(sight->half, Half::request);
  }
}

TEST_F(BarrierOfDhcp4, WithACorruptedChaddrIsKnownByItsXid) {
  EXPECT_EQ(protocol.barrier(corrupted(relayed(request()), [](Bytes& m) { m[30] ^= 1; }))->number, number);
}

TEST_F(BarrierOfDhcp4, IsNoOtherMessage) {
  EXPECT_FALSE(protocol.barrier(seen(Segment::uplink, plain_request().frame())));
  EXPECT_FALSE(protocol.barrier(Sighting{})) << "a part of a message";
  const Sighting up = relayed(request());
  EXPECT_FALSE(protocol.barrier(corrupted(up, [](Bytes& m) { m[4] ^= 1, m[30] ^= 1; })));
  EXPECT_FALSE(protocol.barrier(corrupted(up, [](Bytes& m) { m[4] ^= 1, m.resize(33); })));
  EXPECT_FALSE(protocol.barrier(corrupted(up, [](Bytes& m) { m.resize(7); }))) << "no xid";
  EXPECT_TRUE(protocol.barrier(corrupted(up, [](Bytes& m) { m.resize(8); })));
}

// The answer is one that has to reach its client.
TEST_F(BarrierOfDhcp4, AnswerIsDue) {
  for (const Segment d : all_downlinks) {
    downlink = d;
    const Outgoing out = request(), answer = protocol.barrier_answer(out, relayed(out));
    EXPECT_EQ(answer.segment, Segment::uplink);
    Memory memory;
    memory.note_sent(decode_udp(out.frame)->payload, Segment::downlink0);
    const Outcome o = model.outcome(Segment::uplink, answer.frame, memory);
    EXPECT_EQ(o.rule, "RFC1542-4.1.2-reply-delivered");
    EXPECT_EQ(o.copies.at(0).segment, d);
  }
}

TEST_F(BarrierOfDhcp4, AnswerEchoesOption82) {
  model.world().settings.option82 = true;
  const Outgoing out = request(), answer = protocol.barrier_answer(out, relayed(out));
  EXPECT_EQ(find_option(decode_udp(answer.frame)->payload, code::relay_agent),
            (Bytes{1, 4, 'p', 'o', 'r', 't'}));
  const Sighting corrupted_xid = corrupted(relayed(out), [](Bytes& m) { m[4] ^= 1; });
  EXPECT_EQ(
      find_option(decode_udp(protocol.barrier_answer(out, corrupted_xid).frame)->payload, code::relay_agent),
      (Bytes{1, 4, 'p', 'o', 'r', 't'}));
}

// To where giaddr should have been, if it is not the relay's.
TEST_F(BarrierOfDhcp4, AnswerToACorruptedGiaddrGoesToTheRightOne) {
  const auto giaddr_for = [&](std::uint8_t last) {
    const Outgoing out = request();
    const Sighting up = corrupted(relayed(out), [&](Bytes& m) { m[27] = last; });
    return giaddr_of(decode_udp(protocol.barrier_answer(out, up).frame)->payload);
  };
  EXPECT_EQ(giaddr_for(1), relay_address(Segment::downlink0));
  EXPECT_EQ(giaddr_for(7), relay_address(Segment::downlink0));
  const Outgoing out = request();
  const Sighting up = corrupted(relayed(out), [](Bytes& m) { m.resize(27); });
  EXPECT_EQ(giaddr_of(decode_udp(protocol.barrier_answer(out, up).frame)->payload),
            relay_address(Segment::downlink0))
      << "a message without giaddr";
}

TEST_F(BarrierOfDhcp4, AnswerGoesToThePortOfRfc8357) {
  protocol.relay_starts({.option82 = true, .source_port = 8067});
  const Outgoing out = request();
  EXPECT_EQ(decode_udp(protocol.barrier_answer(out, relayed(out)).frame)->dport, 8067);
}

TEST_F(BarrierOfDhcp4, DiffersInNothingWhereTheRelayDoesNothingWrong) {
  const Outgoing out = request();
  Sighting up = relayed(out);
  EXPECT_THAT(protocol.barrier_differences(out, up), IsEmpty());
  Datagram to_another = datagram_of(up);
  to_another.eth_dst = server_mac(2);
  to_another.ip_dst = server_address(2);
  Sighting elsewhere = up;
  elsewhere.packet = to_another;
  EXPECT_THAT(protocol.barrier_differences(out, elsewhere), IsEmpty()) << "whichever server gets it";
  const Outgoing answer = protocol.barrier_answer(out, up);
  EXPECT_THAT(protocol.barrier_differences(answer, delivered(answer)), IsEmpty());
}

TEST_F(BarrierOfDhcp4, DiffersInWhatTheRelayCorrupts) {
  const Outgoing out = request();
  const Sighting up = relayed(out);
  EXPECT_THAT(protocol.barrier_differences(out, corrupted(up, [](Bytes& m) { m[3] = 0; })),
              ElementsAre(Field(&Difference::requirement, "RFC1542-4.1.1-hops-increment")));
  const Outgoing answer = protocol.barrier_answer(out, up);
  EXPECT_THAT(protocol.barrier_differences(answer, corrupted(delivered(answer), [](Bytes& m) { m[8] ^= 1; })),
              ElementsAre(Field(&Difference::requirement, "RFC1542-4.1.2-fields-intact-reply")));
}

// The echo is the relay's: it is taken out of the answer.
TEST_F(BarrierOfDhcp4, DiffersWhereTheEchoIsLeftIn) {
  model.world().settings.option82 = true;
  const Outgoing out = request(), answer = protocol.barrier_answer(out, relayed(out));
  EXPECT_THAT(protocol.barrier_differences(answer, delivered(answer)), IsEmpty());
  const Sighting down = delivered(answer);
  const Bytes whole = decode_udp(answer.frame)->payload;
  EXPECT_THAT(protocol.barrier_differences(answer, corrupted(down, [&](Bytes& m) { m = whole; })),
              testing::Contains(Field(&Difference::requirement, "RFC3046-2.1-strip-on-reply")));
}

}  // namespace
}  // namespace relayspec::dhcp4
