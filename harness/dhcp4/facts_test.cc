// SPDX-License-Identifier: Apache-2.0
// What is said of a frame before any rule: for any octets, each fact at its boundary.
#include <random>

#include "harness/dhcp4/testing_model.h"

namespace relayspec::dhcp4 {
namespace {

constexpr std::size_t ethernet = 14, tag = 4, ip = 20;

Bytes plain_frame() { return plain_request().frame(); }

TEST(LayersOf, APlainFrame) {
  const Layers l = layers_of(plain_frame());
  EXPECT_FALSE(l.tagged);
  EXPECT_TRUE(l.ipv4);
  EXPECT_TRUE(l.lengths_fit);
  EXPECT_TRUE(l.header_checksum_good);
  EXPECT_FALSE(l.fragment);
  EXPECT_FALSE(l.has_options);
  EXPECT_EQ(l.protocol, 17);
  EXPECT_EQ(l.segment_size, 308U);
  EXPECT_EQ(l.udp_length, 308U);
}

// Cut anywhere: with AddressSanitizer, nothing is read behind the end.
TEST(LayersOf, EveryTruncationOfAFrame) {
  for (const bool tagged : {false, true}) {
    const Bytes whole = tagged ? with_vlan_tag(plain_frame(), 5) : plain_frame();
    const std::size_t header = ethernet + (tagged ? tag : 0);
    for (std::size_t n = 0; n <= whole.size(); ++n) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
      const Layers l = layers_of(cut);
      EXPECT_EQ(l.tagged, tagged && n >= header) << n;
      EXPECT_EQ(l.ipv4, n >= header + ip) << n;
      EXPECT_EQ(l.lengths_fit, n == whole.size()) << n;
      EXPECT_EQ(l.udp_length, n == whole.size() ? 308U : 0U) << n;
    }
  }
}

TEST(LayersOf, ATag) {
  const Layers l = layers_of(with_vlan_tag(plain_frame(), 0xe005));
  EXPECT_TRUE(l.tagged);
  EXPECT_EQ(l.vlan, 5) << "without priority and DEI";
  EXPECT_EQ(l.udp_length, 308U);
  EXPECT_EQ(layers_of(with_vlan_tag(plain_frame(), 0x1000)).vlan, 0);
  EXPECT_FALSE(layers_of(with_vlan_tag(with_vlan_tag(plain_frame(), 5), 6)).ipv4) << "two tags";
}

TEST(LayersOf, IpOptions) {
  const Layers l = layers_of(with_ip_options(plain_frame(), Bytes(40, 1)));
  EXPECT_TRUE(l.has_options);
  EXPECT_TRUE(l.lengths_fit);
  EXPECT_TRUE(l.header_checksum_good);
  EXPECT_EQ(l.segment_size, 308U);
  EXPECT_EQ(l.udp_length, 308U);
}

// RFC 791, section 3.1: version 4, a header of 20 octets at least, and no more octets than there are.
TEST(LayersOf, ContradictoryLengths) {
  const auto fits = [](std::uint8_t version_and_header, std::uint16_t total) {
    Bytes frame = plain_frame();
    frame[ethernet] = version_and_header;
    return layers_of(with_ip_total_length(std::move(frame), total)).lengths_fit;
  };
  EXPECT_TRUE(fits(0x45, 328));
  EXPECT_FALSE(fits(0x45, 329));
  EXPECT_TRUE(fits(0x45, 20));
  EXPECT_FALSE(fits(0x45, 19));
  EXPECT_FALSE(fits(0x44, 328));
  EXPECT_FALSE(fits(0x35, 328));
  EXPECT_FALSE(fits(0x65, 328));
  EXPECT_TRUE(fits(0x46, 328));
  EXPECT_FALSE(fits(0x46, 23));
}

TEST(LayersOf, AHeaderLongerThanTheFrame) {
  Bytes frame = plain_frame();
  frame.resize(ethernet + ip);
  frame[ethernet] = 0x4f;
  const Layers l = layers_of(frame);
  EXPECT_TRUE(l.ipv4);
  EXPECT_FALSE(l.lengths_fit);
  EXPECT_FALSE(l.header_checksum_good);
}

TEST(LayersOf, Fragments) {
  for (const Bytes& part : fragments(plain_frame(), 64)) EXPECT_TRUE(layers_of(part).fragment);
  Bytes frame = plain_frame();
  frame[ethernet + 6] = 0xc0;  // the reserved bit and "don't fragment"
  EXPECT_FALSE(layers_of(frame).fragment);
  frame[ethernet + 7] = 1;
  EXPECT_TRUE(layers_of(frame).fragment);
}

TEST(LayersOf, UdpLengthOfUdpAlone) {
  Bytes frame = plain_frame();
  frame[ethernet + 9] = 6;
  EXPECT_EQ(layers_of(frame).protocol, 6);
  EXPECT_EQ(layers_of(frame).udp_length, 0U);
  EXPECT_EQ(layers_of(with_ip_total_length(plain_frame(), ip + 7)).udp_length, 0U);
  EXPECT_EQ(layers_of(with_ip_total_length(plain_frame(), ip + 8)).udp_length, 308U);
}

TEST(LayersOf, AnyOctets) {
  std::mt19937 random(4);
  for (int n = 0; n < 5000; ++n) {
    Bytes frame(random() % 120);
    for (auto& octet : frame) octet = static_cast<std::uint8_t>(random());
    if (frame.size() > 14)
      frame[12] = 8, frame[13] = 0, frame[14] = static_cast<std::uint8_t>(0x40 | random() % 16);
    const Layers l = layers_of(frame);
    EXPECT_TRUE(!l.lengths_fit || l.segment_size + ethernet + ip <= frame.size());
  }
}

/// Facts of a plain message with other options.
class FactsOfOptions : public testing::Test {
 protected:
  const Facts& facts(std::vector<Option> options, std::optional<Bytes> tail = std::nullopt) {
    stimulus_.message.options = std::move(options);
    stimulus_.message.tail = std::move(tail);
    facts_.emplace(stimulus_.world, stimulus_.memory, stimulus_.segment, stimulus_.frame());
    return *facts_;
  }
  /// Ends in these octets, without END.
  const Facts& ending(const Bytes& octets) { return facts({type_, option::raw(octets)}, Bytes{}); }
  bool overload_is_bad(const Option& option, Bytes file = {}, Bytes sname = {}) {
    stimulus_.message.file = std::move(file);
    stimulus_.message.sname = std::move(sname);
    return facts({type_, option}).bad_overload();
  }

  const Option type_ = option::type(Type::discover);
  Stimulus stimulus_ = plain_request();
  std::optional<Facts> facts_;
};

TEST_F(FactsOfOptions, WithoutDhcpsCookieAreNone) {
  stimulus_.message.cookie = Bytes{1, 2, 3, 4};
  const Facts& f = facts({type_, some_option82()});
  EXPECT_FALSE(f.options);
  EXPECT_FALSE(f.has(code::message_type));
  EXPECT_FALSE(f.type());
  for (const bool said :
       {f.truncated_option(), f.code_without_length(), f.empty_valued_option(), f.only_pads(),
        f.bad_overload(), f.pads_between(), f.split_option(), f.broken_option82()})
    EXPECT_FALSE(said);
}

TEST_F(FactsOfOptions, CountInstances) {
  const Facts& f = facts({type_, some_option82(), option::pads(2), some_option82()});
  EXPECT_EQ(f.count(code::relay_agent), 2U);
  EXPECT_EQ(f.count(code::host_name), 0U);
  EXPECT_EQ(f.option(code::relay_agent)->size(), 12U);
}

TEST_F(FactsOfOptions, TheTypeIsOneOctet) {
  EXPECT_EQ(facts({type_}).type(), 1);
  EXPECT_TRUE(facts({type_}).is(Type::discover));
  EXPECT_FALSE(facts({type_}).is(Type::request));
  EXPECT_EQ(facts({option::number16(53, 1)}).type(), std::nullopt);
  EXPECT_EQ(facts({}).type(), std::nullopt);
}

// RFC 2132, section 9.6: 1 to 8.
TEST_F(FactsOfOptions, KnownTypesAre1To8) {
  for (const int t : {0, 1, 8, 9, 255})
    EXPECT_EQ(facts({option::number(53, static_cast<std::uint8_t>(t))}).known_type(), t == 1 || t == 8) << t;
  EXPECT_FALSE(facts({}).known_type());
}

TEST_F(FactsOfOptions, TruncatedIsWhatHasFewerOctetsThanItSays) {
  EXPECT_TRUE(ending({12, 3, 'a', 'b'}).truncated_option());
  EXPECT_FALSE(ending({12, 2, 'a', 'b'}).truncated_option());
  EXPECT_TRUE(ending({12, 1}).truncated_option());
  EXPECT_FALSE(ending({12, 0}).truncated_option());
  EXPECT_FALSE(ending({12}).truncated_option());
  EXPECT_FALSE(ending({0, 0, 0}).truncated_option()) << "PADs";
  EXPECT_FALSE(facts({}, Bytes{}).truncated_option());
}

TEST_F(FactsOfOptions, ACodeMayLackItsLength) {
  EXPECT_TRUE(ending({12}).code_without_length());
  EXPECT_FALSE(ending({12, 0}).code_without_length());
  EXPECT_FALSE(ending({0}).code_without_length()) << "a PAD has none";
  EXPECT_FALSE(facts({}, Bytes{}).code_without_length());
}

TEST_F(FactsOfOptions, SomeMustHaveAValue) {
  for (const std::uint8_t c : Bytes{52, 53, 54, 57, 61, 12})
    EXPECT_TRUE(facts({option::of(c, {})}).empty_valued_option()) << int{c};
  EXPECT_FALSE(facts({option::of(80, {})}).empty_valued_option()) << "RFC 4039, Rapid Commit";
  EXPECT_FALSE(facts({option::text(12, "h")}).empty_valued_option());
}

TEST_F(FactsOfOptions, PadsAloneOrBetween) {
  EXPECT_TRUE(facts({option::pads(9)}).only_pads());
  EXPECT_FALSE(facts({}).only_pads());
  EXPECT_FALSE(facts({option::pads(9), type_}).only_pads());
  EXPECT_TRUE(facts({option::pads(9), type_}).pads_between());
  EXPECT_FALSE(facts({type_}).pads_between()) << "those behind END do not count";
}

// RFC 3396: option 82 has rules of its own.
TEST_F(FactsOfOptions, SplitIsWhatHasTwoInstances) {
  EXPECT_TRUE(facts({option::text(12, "a"), type_, option::text(12, "b")}).split_option());
  EXPECT_FALSE(facts({option::text(12, "a"), type_}).split_option());
  EXPECT_FALSE(facts({some_option82(), some_option82()}).split_option());
  EXPECT_FALSE(facts({option::pads(1), type_, option::pads(1)}).split_option());
}

// RFC 3046, section 2.0: sub-options fill the option.
TEST_F(FactsOfOptions, BrokenIsOption82ThatSubOptionsDoNotFill) {
  const auto broken = [&](const Bytes& content) {
    return facts({option::of(code::relay_agent, content)}).broken_option82();
  };
  EXPECT_FALSE(facts({type_}).broken_option82());
  EXPECT_FALSE(broken({1, 0}));
  EXPECT_FALSE(broken({1, 2, 'a', 'b', 2, 1, 'c'}));
  EXPECT_TRUE(broken({}));
  EXPECT_TRUE(broken({1}));
  EXPECT_TRUE(broken({1, 1}));
  EXPECT_TRUE(broken({1, 1, 'a', 2}));
  EXPECT_TRUE(broken({1, 3, 'a', 'b'}));
}

// RFC 2132, section 9.3.
TEST_F(FactsOfOptions, OverloadNamesFieldsWithOptionsThatEnd) {
  const Bytes ended{code::host_name, 1, 'h', code::pad, code::end}, open(64, code::pad);
  const auto is = [](std::uint8_t n) { return option::number(code::overload, n); };
  EXPECT_FALSE(facts({type_}).bad_overload());
  EXPECT_TRUE(overload_is_bad(is(0), ended, ended));
  EXPECT_FALSE(overload_is_bad(is(1), ended, open));
  EXPECT_TRUE(overload_is_bad(is(1), open, ended));
  EXPECT_FALSE(overload_is_bad(is(2), open, ended));
  EXPECT_TRUE(overload_is_bad(is(2), ended, open));
  EXPECT_FALSE(overload_is_bad(is(3), ended, ended));
  EXPECT_TRUE(overload_is_bad(is(3), ended, open));
  EXPECT_TRUE(overload_is_bad(is(3), open, ended));
  EXPECT_TRUE(overload_is_bad(is(4), ended, ended));
  EXPECT_TRUE(overload_is_bad(option::number16(code::overload, 1), ended, ended));
  Bytes last(128, code::pad);
  last.back() = code::end;
  EXPECT_FALSE(overload_is_bad(is(1), last)) << "END in the last octet";
  last.back() = code::host_name;
  EXPECT_TRUE(overload_is_bad(is(1), last)) << "a code without a length";
}

TEST_F(FactsOfOptions, OverloadedFieldsMayHoldOption82) {
  const Bytes with_82{code::pad, code::host_name, 1, code::relay_agent, code::relay_agent, 2, 1,
                      0,         code::end},
      plain{code::host_name, 1, code::relay_agent, code::end, code::relay_agent};
  const auto holds = [&](std::uint8_t fields, const Bytes& file, const Bytes& sname) {
    stimulus_.message.file = file;
    stimulus_.message.sname = sname;
    return facts({type_, option::number(code::overload, fields)}).overloaded_option82();
  };
  EXPECT_TRUE(holds(1, with_82, plain));
  EXPECT_FALSE(holds(2, with_82, plain));
  EXPECT_TRUE(holds(2, plain, with_82));
  EXPECT_FALSE(holds(1, plain, with_82));
  EXPECT_TRUE(holds(3, plain, with_82));
  EXPECT_FALSE(holds(3, plain, plain)) << "in a value, and behind END";
  EXPECT_FALSE(facts({type_}).overloaded_option82());
}

/// Facts of a plain datagram with other addresses.
class FactsOfDatagrams : public testing::Test {
 protected:
  Facts facts(const Stimulus& s) const { return Facts(s.world, s.memory, s.segment, s.frame()); }
  Facts from(const char* address) {
    Stimulus s = plain_request();
    s.envelope.ip_src = Ipv4(address);
    return facts(s);
  }
};

TEST_F(FactsOfDatagrams, NeedADatagram) {
  Stimulus s = plain_request();
  s.envelope.udp_length = std::uint16_t{7};
  EXPECT_FALSE(facts(s).datagram);
  EXPECT_FALSE(facts(s).message);
}

// RFC 951, section 3, without the vendor area.
TEST_F(FactsOfDatagrams, NeedFixedFieldsForAMessage) {
  Stimulus s = plain_request();
  s.size = 235;
  EXPECT_TRUE(facts(s).datagram);
  EXPECT_FALSE(facts(s).message);
  s.size = 236;
  EXPECT_TRUE(facts(s).message);
  EXPECT_FALSE(facts(s).options);
  s.size = 239;
  EXPECT_FALSE(facts(s).options);
  s.size = 240;
  EXPECT_TRUE(facts(s).options);
}

TEST_F(FactsOfDatagrams, SayWhoseAddressItIsFrom) {
  for (const char* a : {"127.0.0.1", "127.255.255.255", "224.0.0.0", "255.255.255.255", "192.0.2.255",
                        "203.0.113.255", "198.51.100.255"})
    EXPECT_TRUE(from(a).impossible_source()) << a;
  for (const char* a : {"0.0.0.0", "126.255.255.255", "128.0.0.0", "223.255.255.255", "192.0.2.254"})
    EXPECT_FALSE(from(a).impossible_source()) << a;
}

TEST_F(FactsOfDatagrams, SayWhichServersAreInUse) {
  Stimulus s = plain_request();
  const auto from_server = [&](Ipv4 a) {
    s.envelope.ip_src = a;
    return facts(s).from_server();
  };
  settings(s).servers = 2;
  EXPECT_TRUE(from_server(server_address(1)));
  EXPECT_FALSE(from_server(server_address(2)));
  EXPECT_FALSE(from_server(relay_address(Segment::uplink)));
  settings(s).server_list = {Ipv4("10.0.0.1")};
  EXPECT_TRUE(from_server(Ipv4("10.0.0.1")));
  EXPECT_FALSE(from_server(server_address(1)));
}

TEST_F(FactsOfDatagrams, SayWhomItIsFor) {
  Stimulus s = plain_request();
  EXPECT_TRUE(facts(s).to_limited_broadcast());
  s.envelope.ip_dst = lab_topology()[Segment::downlink0].broadcast();
  EXPECT_TRUE(facts(s).to_directed_broadcast());
  EXPECT_FALSE(facts(s).to_limited_broadcast());
  s.segment = Segment::downlink1;
  EXPECT_FALSE(facts(s).to_directed_broadcast()) << "of another network";
  s.envelope.ip_dst = relay_address(Segment::uplink);
  EXPECT_TRUE(facts(s).to_relay());
  s.world.lost_addresses = {relay_address(Segment::uplink)};
  EXPECT_FALSE(facts(s).to_relay());
  s.envelope.ip_dst = Ipv4("10.9.9.9");
  EXPECT_FALSE(facts(s).to_relay());
  s.world.further_addresses = {{Segment::downlink0, Ipv4("10.9.9.9")}};
  EXPECT_TRUE(facts(s).to_relay());
}

TEST_F(FactsOfDatagrams, SayWhoseLinkAddressItIsFor) {
  Stimulus s = plain_request();
  for (const Mac& own : {Mac::broadcast, Mac("01:00:5e:00:00:01"), relay_mac(Segment::downlink0)}) {
    s.envelope.eth_dst = own;
    EXPECT_FALSE(facts(s).to_another_link_address()) << own;
  }
  for (const Mac& other : {relay_mac(Segment::uplink), server_mac(0), client_mac}) {
    s.envelope.eth_dst = other;
    EXPECT_TRUE(facts(s).to_another_link_address()) << other;
  }
}

TEST_F(FactsOfDatagrams, SayWhichCircuitIsTrusted) {
  Stimulus s = plain_request();
  settings(s).trusted_downlinks = {Segment::downlink1};
  EXPECT_FALSE(facts(s).trusted());
  s.segment = Segment::downlink1;
  EXPECT_TRUE(facts(s).trusted());
}

}  // namespace
}  // namespace relayspec::dhcp4
