// SPDX-License-Identifier: Apache-2.0
// What is remembered of an exchange: what was sent, what servers have received, which server was chosen.
#include "harness/dhcp4/memory.h"

#include <gmock/gmock.h>

#include "harness/dhcp4/testing_model.h"

namespace relayspec::dhcp4 {
namespace {

using testing::Optional;

class MemoryOfAnExchange : public testing::Test {
 protected:
  const Message plain = plain_request().message, with_82 = plain.plus(some_option82());
  const ExchangeKey key = exchange_of(plain);
  const Bytes content{1, 4, 'p', 'o', 'r', 't'};
  Memory memory;
};

TEST_F(MemoryOfAnExchange, IsEmptyAtFirst) {
  EXPECT_FALSE(memory.has_asked(key));
  EXPECT_FALSE(memory.came_with_option82(key));
  EXPECT_FALSE(memory.relay_added_option82(key));
  EXPECT_EQ(memory.echo(key), std::nullopt);
  EXPECT_FALSE(memory.received_without_option82(key));
  EXPECT_EQ(memory.chosen(key), std::nullopt);
  EXPECT_EQ(memory.times_sent(encode(plain)), 0U);
}

TEST_F(MemoryOfAnExchange, CountsTheVerySameOctets) {
  memory.note_sent(encode(plain), Segment::downlink0);
  memory.note_sent(encode(plain), Segment::downlink0);
  EXPECT_TRUE(memory.has_asked(key));
  EXPECT_EQ(memory.times_sent(encode(plain)), 2U);
  EXPECT_EQ(memory.times_sent(encode(plain.with({.secs = std::uint16_t{8}}))), 0U);
}

// The transaction id alone is no client's own (RFC 2131, section 4.4.1).
TEST_F(MemoryOfAnExchange, TellsExchangesApartByXidAndChaddr) {
  memory.note_sent(encode(plain), Segment::downlink0);
  Message another = plain;
  another.chaddr->back() ^= 1;
  EXPECT_FALSE(memory.has_asked(exchange_of(another)));
  EXPECT_FALSE(memory.has_asked(exchange_of(plain.with({.xid = 1}))));
  another = plain;
  another.chaddr->resize(16, 9);
  EXPECT_TRUE(memory.has_asked(exchange_of(another))) << "6 octets of chaddr";
}

// RFC 2131, table 3: without type and Server Identifier a reply offers nothing that a REQUEST could name.
TEST_F(MemoryOfAnExchange, KnowsAnOfferByItsTypeAndItsServer) {
  const Ipv4 address("192.0.2.100");
  const auto answer = [&](std::vector<Option> options) {
    memory.note_answered(
        encode(plain.with({.op = boot_reply, .yiaddr = address, .options = std::move(options)})));
    return memory.was_offered(key, address);
  };
  const Option server = option::address(code::server_id, Ipv4("198.51.100.2"));
  EXPECT_FALSE(answer({}));
  EXPECT_FALSE(answer({option::type(Type::offer)}));
  EXPECT_FALSE(answer({option::type(Type::nak), server}));
  EXPECT_FALSE(answer({option::type(Type::offer), option::of(code::server_id, {1, 2})}));
  memory.note_answered(encode(plain.with({.op = boot_reply,
                                          .hlen = std::uint8_t{1},
                                          .yiaddr = address,
                                          .options = std::vector{option::type(Type::offer), server}})));
  EXPECT_FALSE(memory.was_offered(key, address)) << "another client's";
  EXPECT_TRUE(answer({option::type(Type::offer), server}));
  EXPECT_FALSE(memory.was_offered(key, Ipv4("192.0.2.101")));
}

TEST_F(MemoryOfAnExchange, KnowsWhoHasPutOption82In) {
  memory.note_sent(encode(plain), Segment::downlink0);
  memory.note_received(exchange_of(with_82), encode(with_82), true, 0);
  EXPECT_TRUE(memory.relay_added_option82(key));
  memory.note_sent(encode(with_82), Segment::downlink0);
  EXPECT_TRUE(memory.came_with_option82(key));
  EXPECT_THAT(memory.sent_option82(key), Optional(content));
  EXPECT_FALSE(memory.relay_added_option82(key));
}

TEST_F(MemoryOfAnExchange, TheLatestRequestDecides) {
  memory.note_sent(encode(with_82), Segment::downlink0);
  memory.note_sent(encode(plain), Segment::downlink0);
  EXPECT_FALSE(memory.came_with_option82(key));
}

TEST_F(MemoryOfAnExchange, TheEchoIsWhatTheServerHasReceived) {
  memory.note_received(exchange_of(plain), encode(plain), true, 0);
  EXPECT_EQ(memory.echo(key), std::nullopt);
  EXPECT_TRUE(memory.received_without_option82(key));
  memory.note_received(exchange_of(with_82), encode(with_82.plus(option::of(code::relay_agent, {2, 1, 'r'}))),
                       true, 0);
  EXPECT_THAT(memory.echo(key), Optional(Bytes{1, 4, 'p', 'o', 'r', 't', 2, 1, 'r'})) << "all instances";
  EXPECT_FALSE(memory.received_without_option82(key));
  EXPECT_FALSE(memory.relay_added_option82(key)) << "no request was sent";
}

TEST_F(MemoryOfAnExchange, TheEchoIsOfTheLatestRequest) {
  memory.note_received(exchange_of(with_82), encode(with_82), true, 0);
  memory.note_received(exchange_of(plain), encode(plain), true, 0);
  EXPECT_EQ(memory.echo(key), std::nullopt);
  EXPECT_TRUE(memory.received_without_option82(key));
}

// RFC 6607, section 3.3: a server that knows VPNs leaves sub-option 152 out.
TEST_F(MemoryOfAnExchange, TheEchoIsWithoutTheControlOfAServerThatKnowsVpns) {
  const Message request = plain.plus(agent({option::of(152, {}), option::of(151, {0, 'r'})}));
  memory.note_received(exchange_of(request), encode(request), false, 0);
  EXPECT_THAT(memory.echo(key), Optional(Bytes{151, 2, 0, 'r'}));
  memory.note_received(exchange_of(request), encode(request), true, 0);
  EXPECT_THAT(memory.echo(key), Optional(Bytes{152, 0, 151, 2, 0, 'r'}));
}

TEST_F(MemoryOfAnExchange, KeepsTheNetworkOfTheLatestRequest) {
  EXPECT_EQ(memory.asked_on(key), std::nullopt);
  memory.note_sent(encode(plain), Segment::downlink0);
  memory.note_sent(encode(plain), Segment::downlink1);
  EXPECT_EQ(memory.asked_on(key), Segment::downlink1);
}

TEST_F(MemoryOfAnExchange, KeepsTheLatestChoice) {
  memory.note_choice(key, 1);
  memory.note_choice(key, 3);
  EXPECT_THAT(memory.chosen(key), Optional(3U));
  memory.forget_choice(key);
  EXPECT_EQ(memory.chosen(key), std::nullopt);
}

// chaddr ends at octet 34 for Ethernet.
TEST(KeyOfAnExchange, NeedsXidAndChaddr) {
  const Bytes octets = encode(plain_request().message);
  EXPECT_FALSE(exchange_of(std::span(octets).first(33)));
  const auto key = exchange_of(std::span(octets).first(34));
  ASSERT_TRUE(key);
  EXPECT_EQ(key->xid, 0x51020304U);
  EXPECT_EQ(key->chaddr, client_mac);
}

TEST(KeyOfAnExchange, OfAMessageWithUnsetFieldsIsZero) {
  EXPECT_EQ(exchange_of(Message{}).xid, 0U);
  EXPECT_EQ(exchange_of(Message{}).chaddr, Mac());
}

TEST(MemoryOfShortMessages, IsNone) {
  Memory memory;
  const Bytes octets = encode(plain_request().message);
  const auto cut = std::span(octets).first(33);
  memory.note_sent(cut, Segment::downlink0);
  EXPECT_EQ(memory.times_sent(cut), 0U);
  EXPECT_FALSE(memory.has_asked(exchange_of(plain_request().message)));
}

}  // namespace
}  // namespace relayspec::dhcp4
