// SPDX-License-Identifier: Apache-2.0
// What a relay changes in a reply, and how it may come to its client.
#include "harness/dhcp4/testing_model.h"

namespace relayspec::dhcp4 {
namespace {

using Policy = AgentOptionPolicy;
using testing::SizeIs;

const Ipv4 everyone{"255.255.255.255"};

class DeliveredReply : public testing::Test {
 protected:
  Delivered delivered() const { return Model(stimulus.world).delivered(stimulus.message, stimulus.memory); }
  Expected copy() const { return stimulus.outcome().copies.at(0); }
  std::optional<Bytes> content(std::uint8_t c) const { return find_option(encode(delivered().message), c); }
  bool comes_as_sent() const { return encode(delivered().message) == encode(stimulus.message); }
  /// What the client's request looked like to its server.
  void server_has_received(const Message& request) {
    stimulus.memory.note_received(exchange_of(request), encode(request), true, 0);
  }

  Stimulus stimulus = plain_reply();
  const Message asked = plain_request().message;
};

TEST_F(DeliveredReply, ComesAsItWasSent) {
  EXPECT_TRUE(comes_as_sent());
  EXPECT_FALSE(delivered().strips_option82);
  EXPECT_EQ(copy().message, stimulus.payload());
  EXPECT_EQ(copy().segment, Segment::downlink0);
}

TEST_F(DeliveredReply, ComesOnTheDownlinkThatHasGiaddr) {
  stimulus.message.giaddr = relay_address(Segment::downlink1);
  EXPECT_EQ(copy().segment, Segment::downlink1);
}

// A giaddr that several networks share (RFC 3527, section 3) says nothing of which.
TEST_F(DeliveredReply, ToASharedGiaddrComesWhereItWasAskedFor) {
  settings(stimulus).link_selection = true;
  stimulus.message.giaddr = relay_address(Segment::uplink);
  stimulus.memory.note_sent(encode(asked), Segment::downlink1);
  EXPECT_EQ(copy().segment, Segment::downlink1);
  stimulus.message.giaddr = relay_address(Segment::downlink0);
  EXPECT_EQ(copy().segment, Segment::downlink0) << "a network's own";
  settings(stimulus) = {.giaddr = relay_address(Segment::downlink0)};
  EXPECT_EQ(copy().segment, Segment::downlink1);
}

TEST_F(DeliveredReply, ToASharedGiaddrThatWasNotAskedForComesOnEitherNetwork) {
  settings(stimulus).link_selection = true;
  stimulus.message.giaddr = relay_address(Segment::uplink);
  EXPECT_FALSE(stimulus.outcome().on_any);
  stimulus.memory = {};
  const Outcome o = stimulus.outcome();
  EXPECT_TRUE(o.on_any);
  ASSERT_THAT(o.copies, SizeIs(2));
  EXPECT_EQ(o.copies[0].segment, Segment::downlink0);
  EXPECT_EQ(o.copies[1].segment, Segment::downlink1);
  settings(stimulus).downlinks = 1;
  EXPECT_THAT(stimulus.outcome().copies, SizeIs(1));
}

TEST_F(DeliveredReply, ToAFurtherAddressComesWhereTheRelayHasIt) {
  stimulus.world.further_addresses = {{Segment::downlink1, Ipv4("192.0.2.7")}};
  stimulus.message.giaddr = Ipv4("192.0.2.7");
  EXPECT_EQ(copy().segment, Segment::downlink1);
}

// RFC 3046, section 2.1: the relay removes what it has added.
TEST_F(DeliveredReply, LosesTheEchoOfTheRelaysOption82) {
  add_option82(stimulus);
  echo(stimulus);
  EXPECT_TRUE(delivered().strips_option82);
  EXPECT_EQ(content(code::relay_agent), std::nullopt);
  EXPECT_EQ(content(code::server_id), octets_of(server_address(0)));
  EXPECT_EQ(copy().option82.left, "RFC3046-2.1-strip-on-reply");
}

TEST_F(DeliveredReply, LosesEveryInstanceOfTheEcho) {
  add_option82(stimulus);
  const Option split = option::of(code::relay_agent, Bytes(300, 1));
  set_options(stimulus, {option::type(Type::offer), some_option82(), option::text(80, "x"), split});
  EXPECT_EQ(content(code::relay_agent), std::nullopt);
  EXPECT_EQ(content(80), (Bytes{'x'}));
}

TEST_F(DeliveredReply, KeepsWhatStandsBehindEnd) {
  add_option82(stimulus);
  echo(stimulus);
  const auto tail_of = [](const Message& m) { return options_of(encode(m))->tail; };
  EXPECT_EQ(tail_of(delivered().message), tail_of(stimulus.message));
  stimulus.message.tail = Bytes{code::end, 1, 2, 3};
  EXPECT_EQ(tail_of(delivered().message), (Bytes{code::end, 1, 2, 3}));
}

TEST_F(DeliveredReply, KeepsOption82WhereTheRelayAddsNone) {
  add(stimulus, some_option82());
  EXPECT_TRUE(comes_as_sent());
  EXPECT_EQ(copy().option82.kept, "RFC3046-82-off-reply-with-82");
}

// A relay that adds option 82 although nothing has asked it to removes it as well.
TEST_F(DeliveredReply, LosesWhatTheRelayHasAddedUnasked) {
  echo(stimulus);
  EXPECT_TRUE(delivered().strips_option82);
  EXPECT_EQ(content(code::relay_agent), std::nullopt);
}

TEST_F(DeliveredReply, KeepsOption82OfAClientWhereTheRelayAddsNone) {
  stimulus.memory.note_sent(encode(asked.plus(some_option82())), Segment::downlink0);
  echo(stimulus);
  EXPECT_TRUE(comes_as_sent());
}

TEST_F(DeliveredReply, KeepsOption82OfATrustedElement) {
  add_option82(stimulus);
  settings(stimulus).trusted_downlinks = {Segment::downlink0};
  stimulus.memory.note_sent(encode(asked.plus(some_option82())), Segment::downlink0);
  echo(stimulus);
  EXPECT_TRUE(comes_as_sent());
  EXPECT_FALSE(delivered().strips_option82);
  EXPECT_EQ(copy().option82.kept, "RFC3046-2.1-trusted-82-not-stripped");
}

// The policies: who has put in what the server returns?
TEST_F(DeliveredReply, KeepsOrLosesOption82OfAClientByThePolicy) {
  const std::pair<Policy, bool> kept[] = {{Policy::rfc, true},
                                          {Policy::append, false},
                                          {Policy::replace, false},
                                          {Policy::forward, true},
                                          {Policy::discard, false}};
  stimulus.memory.note_sent(encode(asked.plus(some_option82())), Segment::downlink0);
  echo(stimulus);
  for (const auto& [policy, keeps] : kept) {
    add_option82(stimulus, policy);
    EXPECT_EQ(comes_as_sent(), keeps) << static_cast<int>(policy);
    EXPECT_EQ(delivered().strips_option82, !keeps) << static_cast<int>(policy);
  }
}

// Under policy append the server returns another's and behind it the relay's own, cut where it likes.
TEST_F(DeliveredReply, LosesWhatTheRelayHasAppended) {
  add_option82(stimulus, Policy::append);
  settings(stimulus).trusted_downlinks = {Segment::downlink0};
  const Bytes own{1, 2, 'd', '0'};
  const Message theirs = asked.plus(some_option82());
  stimulus.memory.note_sent(encode(theirs), Segment::downlink0);
  server_has_received(theirs.plus(option::of(code::relay_agent, own)));
  const Message plain = stimulus.message;
  const Bytes port{1, 4, 'p', 'o', 'r', 't'}, both{1, 4, 'p', 'o', 'r', 't', 1, 2, 'd', '0'};
  for (std::size_t cut = 1; cut < both.size(); ++cut) {
    const auto at = both.begin() + static_cast<std::ptrdiff_t>(cut);
    stimulus.message = plain.plus(option::of(code::relay_agent, Bytes(both.begin(), at)))
                           .plus(option::of(code::relay_agent, Bytes(at, both.end())));
    EXPECT_EQ(content(code::relay_agent), port) << cut;
    EXPECT_EQ(delivered().echo, own);
    EXPECT_TRUE(delivered().strips_option82);
    EXPECT_FALSE(delivered().option82_optional);
  }
  EXPECT_EQ(delivered().rules.kept, "RFC3046-2.1-trusted-82-not-stripped");
  stimulus.message = plain.plus(some_option82());
  EXPECT_EQ(content(code::relay_agent), port) << "the server has left the relay's own out";
  EXPECT_TRUE(delivered().option82_optional);
}

// RFC 3046, section 2.1: its own the relay removes; what the end of the message cuts off is no option.
TEST_F(DeliveredReply, LosesItsOwnOption82InFrontOfOneThatIsCutOff) {
  add_option82(stimulus);
  settings(stimulus).trusted_downlinks = {Segment::downlink0};
  const Bytes own{1, 2, 'd', '0'};
  stimulus.memory.note_sent(encode(asked), Segment::downlink0);
  server_has_received(asked.plus(option::of(code::relay_agent, own)));
  stimulus.message = stimulus.message.with({.tail = Bytes{}})
                         .plus(option::of(code::relay_agent, own))
                         .plus(option::raw({code::relay_agent, 9, 1}));
  EXPECT_EQ(content(code::relay_agent), Bytes{1}) << "the rest";
  EXPECT_EQ(delivered().echo, option::of(code::relay_agent, own).wire);
  EXPECT_TRUE(delivered().option82_optional);
  EXPECT_EQ(delivered().rules.kept, "RFC3046-2.1-trusted-82-not-stripped");
}

// No element expects back what an untrusted client has added.
TEST_F(DeliveredReply, MayLoseOption82OfAnUntrustedClientBesideTheRelaysOwn) {
  add_option82(stimulus, Policy::append);
  const Message theirs = asked.plus(some_option82());
  stimulus.memory.note_sent(encode(theirs), Segment::downlink0);
  server_has_received(theirs.plus(option::of(code::relay_agent, {1, 2, 'd', '0'})));
  add(stimulus, option::of(code::relay_agent, {1, 4, 'p', 'o', 'r', 't', 1, 2, 'd', '0'}));
  EXPECT_EQ(content(code::relay_agent), (Bytes{1, 4, 'p', 'o', 'r', 't'}));
  EXPECT_TRUE(delivered().option82_optional);
  EXPECT_TRUE(copy().option82_optional);
}

TEST_F(DeliveredReply, LosesOption82OfARequestThatNoServerHasReceived) {
  add_option82(stimulus);
  stimulus.memory.note_sent(encode(asked.plus(some_option82())), Segment::downlink0);
  add(stimulus, some_option82());
  EXPECT_EQ(content(code::relay_agent), std::nullopt);
}

// RFC 1542, section 3.5: what is behind another cookie are no options.
TEST_F(DeliveredReply, WithAnotherCookieComesAsItWasSent) {
  add_option82(stimulus);
  echo(stimulus);
  stimulus.message.cookie = Bytes{1, 2, 3, 4};
  EXPECT_TRUE(comes_as_sent());
}

// The proxy: clients see one server, the relay.
class ProxiedReply : public DeliveredReply {
 protected:
  ProxiedReply() {
    stimulus.world.dialect = Dialect::proxy;
    stimulus.world.proxy_is_giaddr = true;
  }
  void retype(const Option& type) {
    stimulus.message = replacing(stimulus.message, code::message_type, type);
  }
};

TEST_F(ProxiedReply, NamesTheRelayAsServer) {
  for (const Type t : {Type::offer, Type::ack, Type::nak}) {
    retype(option::type(t));
    EXPECT_EQ(content(code::server_id), octets_of(Ipv4("192.0.2.1")));
  }
}

TEST_F(ProxiedReply, NamesTheGiaddrThatTheRelayIsSetTo) {
  stimulus.world.settings.giaddr = Ipv4("203.0.113.1");
  EXPECT_EQ(content(code::server_id), octets_of(Ipv4("203.0.113.1")));
  stimulus.world.proxy_is_giaddr = false;
  EXPECT_EQ(content(code::server_id), octets_of(Ipv4("198.51.100.1")));
}

// RFC 2132, section 9.7: its length is 4.
TEST_F(ProxiedReply, KeepsAServerIdentifierThatIsCutOff) {
  stimulus.message = without(stimulus.message, code::server_id).with({.tail = Bytes{}});
  stimulus.message = stimulus.message.plus(option::raw({code::server_id, 255, 198, 51, 100, 2}));
  EXPECT_EQ(content(code::server_id), octets_of(Ipv4("198.51.100.2")));
}

TEST_F(ProxiedReply, NamesTheAddressOfItsOwnDownlink) {
  stimulus.message.giaddr = relay_address(Segment::downlink1);
  EXPECT_EQ(content(code::server_id), octets_of(Ipv4("203.0.113.1")));
}

TEST_F(ProxiedReply, OfAnotherTypeIsLeftAlone) {
  retype(option::number(code::message_type, 9));
  EXPECT_TRUE(comes_as_sent());
  retype(option::number16(code::message_type, 2));
  EXPECT_TRUE(comes_as_sent());
  stimulus.message = without(stimulus.message, code::message_type);
  EXPECT_TRUE(comes_as_sent());
}

TEST_F(ProxiedReply, WithoutAServerIdentifierIsLeftAlone) {
  stimulus.message = replacing(stimulus.message, code::server_id, option::number(code::server_id, 1));
  EXPECT_TRUE(comes_as_sent()) << "of 1 octet";
  stimulus.message = without(stimulus.message, code::server_id);
  EXPECT_TRUE(comes_as_sent());
  stimulus.message.options.reset();
  EXPECT_TRUE(comes_as_sent());
}

TEST_F(ProxiedReply, WithAuthenticationIsLeftAlone) {
  add(stimulus, option::of(code::authentication, Bytes(12, 1)));
  EXPECT_TRUE(comes_as_sent());
}

TEST_F(ProxiedReply, ComesByBroadcastAlone) {
  const Expected e = copy();
  EXPECT_TRUE(e.broadcast_only);
  ASSERT_THAT(e.forms, SizeIs(1));
  EXPECT_EQ(e.forms[0].ip_dst, everyone);
}

// RFC 1542, section 4.1.2: how a reply is addressed.
class ReplyForms : public DeliveredReply {
 protected:
  static Form broadcast() { return {Mac::broadcast, everyone}; }
  Form unicast(Ipv4 to) const { return {Mac(stimulus.message.chaddr->data()), to}; }
  void expect_forms(const std::vector<Form>& wanted) const { expect_forms(copy().forms, wanted); }
  static void expect_forms(const std::vector<Form>& forms, const std::vector<Form>& wanted) {
    ASSERT_THAT(forms, SizeIs(wanted.size()));
    for (std::size_t n = 0; n < wanted.size(); ++n) {
      EXPECT_EQ(forms[n].eth_dst, wanted[n].eth_dst) << n;
      EXPECT_EQ(forms[n].ip_dst, wanted[n].ip_dst) << n;
    }
  }
};

TEST_F(ReplyForms, AreUnicastOrBroadcastWithoutTheFlag) {
  expect_forms({unicast(host_address(Segment::downlink0, 100)), broadcast()});
}

TEST_F(ReplyForms, AreBroadcastWithTheFlag) {
  stimulus.message.flags = broadcast_flag;
  expect_forms({broadcast()});
}

TEST_F(ReplyForms, DependOnNoOtherFlag) {
  stimulus.message.flags = std::uint16_t{0x7fff};
  expect_forms({unicast(host_address(Segment::downlink0, 100)), broadcast()});
}

TEST_F(ReplyForms, GoToCiaddrWithoutYiaddr) {
  stimulus.message.ciaddr = host_address(Segment::downlink0, 101);
  expect_forms({unicast(host_address(Segment::downlink0, 100)), broadcast()});
  stimulus.message.yiaddr = Ipv4();
  expect_forms({unicast(host_address(Segment::downlink0, 101)), broadcast()});
}

TEST_F(ReplyForms, AreBroadcastWithoutAnAddress) {
  stimulus.message.yiaddr = Ipv4();
  expect_forms({broadcast()});
}

// RFC 951, section 3: to a link address that is none of Ethernet's no frame can go.
TEST_F(ReplyForms, AreBroadcastWhereTheLinkAddressHasAnotherLength) {
  for (const std::uint8_t hlen : Bytes{0, 1, 5, 7, 16, 17, 255}) {
    stimulus.message.hlen = hlen;
    expect_forms({broadcast()});
  }
}

// RFC 2131, section 3.2 and section 4.3.2.
TEST_F(ReplyForms, OfANakMayGoToTheClientsLinkAddress) {
  stimulus.message = replacing(stimulus.message, code::message_type, option::type(Type::nak));
  stimulus.message.yiaddr = Ipv4();
  expect_forms({broadcast(), unicast(everyone)});
}

TEST_F(ReplyForms, AreTheOneThatIsAskedFor) {
  Delivered d{.message = stimulus.message, .by = Delivered::By::unicast};
  const Model model(stimulus.world);
  expect_forms(model.expected(d, Segment::downlink1).forms, {unicast(host_address(Segment::downlink0, 100))});
  d.by = Delivered::By::broadcast;
  const Expected e = model.expected(d, Segment::downlink1);
  expect_forms(e.forms, {broadcast()});
  EXPECT_EQ(e.segment, Segment::downlink1);
  EXPECT_EQ(e.option82.left, "RFC3046-2.1-strip-on-reply")
      << "without rules of its own those of a plain reply";
}

}  // namespace
}  // namespace relayspec::dhcp4
