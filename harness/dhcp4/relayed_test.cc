// SPDX-License-Identifier: Apache-2.0
// What a relay changes in a request, setting by setting, and what the model expects of the copies.
#include "harness/dhcp4/testing_model.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec::dhcp4 {
namespace {

using Policy = AgentOptionPolicy;
using testing::ElementsAre;
using testing::SizeIs;

class RelayedRequest : public testing::Test {
 protected:
  Relayed relayed(Segment downlink = Segment::downlink0) const {
    return Model(world).relayed(sent, downlink, memory);
  }
  std::vector<Expected> copies() const {
    Stimulus s = plain_request();
    s.world = world;
    s.message = sent;
    return s.outcome().copies;
  }
  std::optional<Bytes> content(std::uint8_t c) const { return find_option(encode(relayed().message), c); }

  World world;
  Memory memory;
  Message sent = plain_request().message.with({.flags = broadcast_flag});
};

// RFC 1542, section 4.1.1.
TEST_F(RelayedRequest, HasHopsOneHigherAndGiaddrAndNothingElse) {
  sent.hops = std::uint8_t{2};
  const Bytes octets = encode(relayed().message);
  EXPECT_EQ(octets,
            encode(sent.with({.hops = std::uint8_t{3}, .giaddr = relay_address(Segment::downlink0)})));
  EXPECT_EQ(relayed(Segment::downlink1).message.giaddr, relay_address(Segment::downlink1));
}

TEST_F(RelayedRequest, WithUnsetFieldsIsAsWithZeros) {
  sent.hops.reset();
  EXPECT_EQ(relayed().message.hops, 1);
  sent.hops = std::uint8_t{255};
  EXPECT_EQ(relayed().message.hops, 0) << "an octet";
}

TEST_F(RelayedRequest, KeepsTheGiaddrOfAnotherRelay) {
  sent.giaddr = another_relay;
  EXPECT_EQ(relayed().message.giaddr, another_relay);
  EXPECT_EQ(relayed().message.hops, 1);
}

// RFC 3527, section 3.
TEST_F(RelayedRequest, HasTheUplinksGiaddrWithLinkSelection) {
  world.settings.link_selection = true;
  EXPECT_EQ(relayed().message.giaddr, relay_address(Segment::uplink));
}

TEST_F(RelayedRequest, HasTheGiaddrThatTheOperatorHasChosen) {
  world.settings.giaddr = Ipv4("192.0.2.7");
  world.settings.link_selection = true;
  EXPECT_EQ(relayed().message.giaddr, Ipv4("192.0.2.7"));
}

/// How the request's own option 82, if it has one, and the relay's come out.
struct OptionRow {
  const char* name;
  void (*differs)(RelaySettings&, Message&);
  bool adds, keeps;
  const char *due, *added, *kept;
  const char* more = "RFC3396-6-no-needless-split";
};

void trust(RelaySettings& s) { s.trusted_downlinks = {Segment::downlink0}; }
void from_another_relay(Message& m) { m.giaddr = another_relay; }
template <Policy policy>
void with_policy(RelaySettings& s, Message& m) {
  s.option82_policy = policy;
  m = m.plus(some_option82());
}

const char *const intact = "RFC1542-4.1.1-options-intact", *const mtu = "RFC3046-2.1-mtu-guard";

const OptionRow option_rows[] = {
    {"off", [](RelaySettings& s, Message&) { s.option82 = false; }, false, true,
     "RFC3046-2.1-all-message-types", "RFC3046-2.1-off-by-default", intact},
    {"off, in the request",
     [](RelaySettings& s, Message& m) {
       s.option82 = false;
       m = m.plus(some_option82());
     },
     false, true, "RFC3046-2.1-all-message-types", "RFC3046-2.1-off-by-default", intact},
    {"on", [](RelaySettings&, Message&) {}, true, true, "RFC3046-2.1-all-message-types", mtu, intact},
    {"on, BOOTP",
     [](RelaySettings&, Message& m) { m.options = std::vector{option::text(code::host_name, "host")}; }, true,
     true, "RFC3046-2.1-bootp-request", mtu, intact},
    {"on, with a policy", [](RelaySettings& s, Message&) { s.option82_policy = Policy::append; }, true, true,
     "RFC3046-2.1-all-message-types", mtu, intact},
    {"on, with a limit of size", [](RelaySettings& s, Message&) { s.max_size = 600; }, true, true,
     "RFC3046-2.1-all-message-types", "RFC3046-2.1-over-maxsize-forward-without", intact},
    {"on, on a trusted circuit", [](RelaySettings& s, Message&) { trust(s); }, true, true,
     "RFC3046-2.1-all-message-types", mtu, intact},
    {"another cookie",
     [](RelaySettings&, Message& m) {
       m.cookie = Bytes{1, 2, 3, 4};
     },
     false, true, "RFC3046-2.1-all-message-types", "MALF-bad-cookie-dhcp", intact},
    {"behind another relay", [](RelaySettings&, Message& m) { from_another_relay(m); }, false, true,
     "RFC3046-2.1-all-message-types", "RFC3046-2.1.1-relayed-no-82-added", "RFC3046-2.1.1-relayed-82-kept"},
    {"behind another relay that adds it",
     [](RelaySettings&, Message& m) {
       from_another_relay(m);
       m = m.plus(some_option82());
     },
     false, true, "RFC3046-2.1-all-message-types", "RFC3046-2.1.1-relayed-no-82-added",
     "RFC3046-2.1.1-relayed-82-kept"},
    {"behind another relay, policy replace",
     [](RelaySettings& s, Message& m) {
       from_another_relay(m);
       with_policy<Policy::replace>(s, m);
     },
     false, true, "RFC3046-2.1-all-message-types", "RFC3046-2.1.1-relayed-no-82-added",
     "RFC3046-2.1.1-relayed-82-kept"},
    {"trusted",
     [](RelaySettings& s, Message& m) {
       trust(s);
       m = m.plus(some_option82());
     },
     false, true, "RFC3046-2.1-all-message-types", "RFC3046-2.1-trusted-no-second",
     "RFC3046-2.1-trusted-82-kept"},
    {"not trusted", [](RelaySettings&, Message& m) { m = m.plus(some_option82()); }, true, true,
     "RFC3046-2.1-all-message-types", "RFC3046-2.1-off-by-default", intact,
     "RFC3046-2.1-untrusted-with-82-giaddr0-discard"},
    {"policy append", with_policy<Policy::append>, true, true, "POLICY-append-keeps-and-adds", mtu,
     "POLICY-append-keeps-and-adds", "POLICY-append-keeps-and-adds"},
    {"policy replace", with_policy<Policy::replace>, true, false, "POLICY-replace-takes-the-place", mtu,
     intact, "POLICY-replace-takes-the-place"},
    {"policy forward", with_policy<Policy::forward>, false, true, "RFC3046-2.1-all-message-types",
     "POLICY-forward-leaves-as-is", "POLICY-forward-leaves-as-is"},
};

TEST_F(RelayedRequest, HasOption82ByTheRuleOfItsCircumstances) {
  world.settings.option82 = true;
  const World world_before = world;
  const Message plain = sent;
  for (const OptionRow& row : option_rows) {
    SCOPED_TRACE(row.name);
    world = world_before;
    sent = plain;
    row.differs(world.settings, sent);
    const Relayed r = relayed();
    EXPECT_EQ(r.adds_option82, row.adds);
    EXPECT_EQ(content(code::relay_agent),
              row.keeps ? find_option(encode(sent), code::relay_agent) : std::nullopt);
    EXPECT_EQ(r.rules.due, row.due);
    EXPECT_EQ(r.rules.added, row.added);
    EXPECT_EQ(r.rules.kept, row.kept);
    EXPECT_EQ(r.rules.more, row.more);
    for (const auto& rule : {r.rules.due, r.rules.added, r.rules.kept, r.rules.more})
      EXPECT_NE(Catalogue::shipped().find(rule), nullptr) << rule;
  }
}

// RFC 3046, section 2.1: before END "if present"; what is cut off leaves no place that is sure.
TEST_F(RelayedRequest, MayLackOption82WhereNoEndSaysItsPlace) {
  world.settings.option82 = true;
  for (const Bytes& end : {Bytes{}, Bytes{0, 0}, Bytes{60}, Bytes{60, 9, 'a'}}) {
    sent.tail = end;
    EXPECT_TRUE(relayed().adds_option82);
    EXPECT_TRUE(relayed().option82_optional);
  }
  sent.tail = Bytes{code::end};
  EXPECT_FALSE(relayed().option82_optional);
}

TEST_F(RelayedRequest, LosesEveryOption82WithPolicyReplace) {
  world.settings.option82 = true;
  world.settings.option82_policy = Policy::replace;
  sent = sent.plus(some_option82()).plus(option::text(80, "x")).plus(some_option82());
  EXPECT_EQ(content(code::relay_agent), std::nullopt);
  EXPECT_EQ(content(80), (Bytes{'x'}));
}

TEST_F(RelayedRequest, KeepsWhatIsCutOffOfAnOption82WithPolicyReplace) {
  world.settings.option82 = true;
  world.settings.option82_policy = Policy::replace;
  sent = sent.with({.tail = Bytes{}}).plus(option::raw({code::relay_agent, 9, 1}));
  EXPECT_EQ(content(code::relay_agent), Bytes{1});
  EXPECT_TRUE(relayed().option82_optional);
}

// The proxy puts the identifier of the server back that the client has chosen.
class ProxiedRequest : public RelayedRequest {
 protected:
  ProxiedRequest() {
    world.dialect = Dialect::proxy;
    world.proxy_is_giaddr = true;
    sent = sent.plus(option::address(code::server_id, relay_address(Segment::downlink0)));
    memory.note_choice(exchange_of(sent), 2);
  }
};

TEST_F(ProxiedRequest, NamesTheChosenServer) {
  EXPECT_EQ(content(code::server_id), octets_of(server_address(2)));
}

// RFC 1542, section 3.5: the octets behind another cookie are no options.
TEST_F(ProxiedRequest, IsLeftAloneBehindAnotherCookie) {
  sent.cookie = Bytes{1, 2, 3, 4};
  sent.options = std::vector{option::raw({code::server_id, 4, 1, 2, 3, 4})};
  EXPECT_EQ(relayed().message.options, sent.options);
}

TEST_F(ProxiedRequest, IsLeftAloneInOtherDialects) {
  world.dialect = Dialect::rfc;
  EXPECT_EQ(content(code::server_id), octets_of(relay_address(Segment::downlink0)));
}

TEST_F(ProxiedRequest, IsLeftAloneWithoutAChoice) {
  memory = {};
  EXPECT_EQ(content(code::server_id), octets_of(relay_address(Segment::downlink0)));
}

TEST_F(ProxiedRequest, IsLeftAloneWithAuthentication) {
  sent = sent.plus(option::of(code::authentication, Bytes(12, 1)));
  EXPECT_EQ(content(code::server_id), octets_of(relay_address(Segment::downlink0)));
}

TEST_F(ProxiedRequest, GetsNoServerIdentifierThatItHasNot) {
  sent = without(sent, code::server_id);
  EXPECT_EQ(content(code::server_id), std::nullopt);
}

// Copies: one for each server.
TEST_F(RelayedRequest, GoesToEachOfTheServers) {
  world.settings.servers = 3;
  const auto all = copies();
  ASSERT_THAT(all, SizeIs(3));
  for (std::size_t n = 0; n < all.size(); ++n) {
    EXPECT_EQ(all[n].segment, Segment::uplink);
    ASSERT_THAT(all[n].forms, SizeIs(1));
    EXPECT_EQ(all[n].forms[0].ip_dst, server_address(n));
    EXPECT_EQ(all[n].forms[0].eth_dst, server_mac(n));
  }
  EXPECT_EQ(Model(world).world().request_copies(), 3U);
}

TEST_F(RelayedRequest, GoesToTheServersOfTheListThatAreThere) {
  world.settings.server_list = {server_address(3), Ipv4("198.51.100.77"), server_address(1)};
  const auto all = copies();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].forms[0].ip_dst, server_address(3));
  EXPECT_EQ(all[1].forms[0].ip_dst, server_address(1));
  EXPECT_EQ(world.request_copies(), 3U);
}

TEST_F(RelayedRequest, ComesFromPort67OrTheOneOfRfc8357) {
  EXPECT_EQ(copies().at(0).sport, 67);
  world.settings.source_port = 8067;
  EXPECT_EQ(copies().at(0).sport, 8067);
  const Relayed any{.message = sent, .any_port = true};
  EXPECT_EQ(Model(world).expected(any, 0).sport, std::nullopt);
}

// RFC 8357, section 5.1: no option of its own says which.
TEST_F(RelayedRequest, BehindAnotherRelayComesFromAnyPort) {
  world.settings.option82 = true;
  world.settings.source_port = 8067;
  sent.giaddr = another_relay;
  EXPECT_EQ(copies().at(0).sport, std::nullopt);
}

// The same where the option 82 that is there stays the only one.
TEST_F(RelayedRequest, WithOption82OfATrustedElementComesFromAnyPort) {
  world.settings.option82 = true;
  world.settings.source_port = 8067;
  trust(world.settings);
  sent = sent.plus(some_option82());
  EXPECT_EQ(copies().at(0).sport, std::nullopt);
  world.settings.option82_policy = Policy::append;
  EXPECT_EQ(copies().at(0).sport, 8067);
}

TEST_F(RelayedRequest, CarriesTheRulesOfItsOption82IntoTheExpectation) {
  world.settings.option82 = true;
  const Expected e = copies().at(0);
  EXPECT_TRUE(e.adds_option82);
  EXPECT_EQ(e.option82.added, mtu);
  EXPECT_EQ(Model(world).expected(Relayed{.message = sent}, 0).option82.added, "RFC3046-2.1-off-by-default")
      << "without rules of its own those of a plain request";
}

TEST_F(RelayedRequest, MayLackAChecksumWhereItHadNone) {
  Stimulus s = plain_request();
  EXPECT_FALSE(s.outcome().copies.at(0).checksum_optional);
  s.envelope.udp_checksum = std::uint16_t{0};
  EXPECT_TRUE(s.outcome().copies.at(0).checksum_optional);
}

TEST_F(RelayedRequest, HasNoCopiesWhereItIsDropped) {
  sent.hops = std::uint8_t{17};
  EXPECT_THAT(copies(), SizeIs(0));
}

// Nothing in the model knows the lab's addresses.
TEST(ModelInAnotherTopology, GoesByItsAddresses) {
  Stimulus request = plain_request(), reply = plain_reply();
  Topology t = lab_topology();
  t.networks[0].relay.ipv4 = Ipv4("10.1.3.254");
  t.networks[0].prefix_length = 22;
  t.networks[2].relay.ipv4 = Ipv4("172.16.9.9");
  t.servers[0].ipv4 = Ipv4("172.16.9.10");
  request.world.topology = reply.world.topology = t;

  const Expected up = request.outcome().copies.at(0);
  EXPECT_EQ(giaddr_of(up.message), Ipv4("10.1.3.254"));
  EXPECT_EQ(up.forms.at(0).ip_dst, Ipv4("172.16.9.10"));
  request.envelope.ip_dst = Ipv4("10.1.3.255");
  request.envelope.ip_src = Ipv4("10.1.3.7");
  EXPECT_EQ(request.outcome().rule, "RFC1542-4.1-accept-directed-broadcast");

  EXPECT_EQ(reply.outcome().fate, either) << "to another host";
  reply.envelope.ip_dst = Ipv4("10.1.3.254");
  EXPECT_EQ(reply.outcome().rule, "RFC1542-4.1.2-giaddr-foreign-discard");
  reply.message.giaddr = Ipv4("10.1.3.254");
  reply.envelope.ip_src = Ipv4("172.16.9.10");
  reply.message.yiaddr = Ipv4("10.1.0.7");
  const Outcome o = reply.outcome();
  EXPECT_EQ(o.rule, "RFC1542-4.1.2-reply-delivered");
  EXPECT_EQ(o.copies.at(0).segment, Segment::downlink0);
}

TEST(ModelInAnotherTopology, ExpectsItsAddressesAfterTheModelIsGone) {
  Stimulus s = plain_request();
  s.world.topology.networks[2].relay.ipv4 = Ipv4("172.16.9.9");
  const Expected e = s.outcome().copies.at(0);
  EXPECT_EQ(e.topology.owner_of(Ipv4("172.16.9.9")), Segment::uplink);
}

// Of what is odd in several ways each may be why it is lost; the most general rule stands last.
TEST(ModelFate, NamesEveryRuleThatALossMayBreak) {
  Stimulus s = plain_reply();
  s.message.htype = 6;
  s.message.flags = broadcast_flag;
  s.message = s.message.plus(option::of(code::client_id, {1, 2, 3}));
  EXPECT_THAT(s.outcome().due_by, testing::ElementsAre("RFC3456-htype-31", "RFC6842-3-client-id-echo-passes",
                                                       "RFC1542-4.1.2-reply-delivered"));
}

// The verdict alone is the same as with copies.
TEST(ModelFate, IsTheOutcomeWithoutCopies) {
  const Stimulus s = plain_request();
  const Bytes frame = s.frame();
  const Outcome o = Model(s.world).fate(s.segment, frame, s.memory);
  EXPECT_EQ(o.rule, s.outcome().rule);
  EXPECT_EQ(o.fate, due);
  EXPECT_THAT(o.copies, SizeIs(0));
}

// A router passes what is for another host on as it is (RFC 1812, section 5.2).
TEST(ModelOfTransit, ExpectsTheDatagramAsItWasSent) {
  const Stimulus s = plain_request();
  Envelope sent = s.envelope;
  sent.ip_dst = server_address(0);
  const Model model(s.world);
  const Expected e = model.routed(s.payload(), sent, Segment::uplink, server_mac(0));
  EXPECT_EQ(e.direction, Direction::request);
  EXPECT_EQ(e.message, s.payload());
  ASSERT_TRUE(e.transit);
  EXPECT_EQ(e.transit->sport, 68);
  EXPECT_EQ(e.forms.at(0).ip_dst, server_address(0));
  EXPECT_EQ(model.routed(s.payload(), sent, Segment::downlink1, client_mac).direction, Direction::reply);
}

}  // namespace
}  // namespace relayspec::dhcp4
