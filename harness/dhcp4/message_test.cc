// SPDX-License-Identifier: Apache-2.0
// The message type: what is set goes to the wire as it is, and what is on the wire is taken apart without
// trust. Offsets are written out here, from RFC 951 section 3 and RFC 2131 section 2.
#include "relayspec/harness/message.h"

#include <gmock/gmock.h>
#include <tins/tins.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <stdexcept>

namespace relayspec {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::SizeIs;

std::span<const std::uint8_t> part(const Bytes& b, std::size_t offset, std::size_t length) {
  return std::span(b).subspan(offset, length);
}

Bytes all_octets(const Bytes& message) {
  Bytes all;
  for (const Part& p : parts_of(message)) all.insert(all.end(), p.octets.begin(), p.octets.end());
  return all;
}

TEST(EncodeMessage, PutsEveryFieldInItsPlace) {
  const Bytes b = encode({.op = std::uint8_t{0x11},
                          .htype = std::uint8_t{0x12},
                          .hlen = std::uint8_t{0x13},
                          .hops = std::uint8_t{0x14},
                          .xid = 0x21222324,
                          .secs = std::uint16_t{0x3132},
                          .flags = std::uint16_t{0x3334},
                          .ciaddr = Ipv4("1.2.3.4"),
                          .yiaddr = Ipv4("5.6.7.8"),
                          .siaddr = Ipv4("9.10.11.12"),
                          .giaddr = Ipv4("13.14.15.16"),
                          .chaddr = Bytes(16, 0x41),
                          .sname = Bytes(64, 0x42),
                          .file = Bytes(128, 0x43),
                          .cookie = Bytes{0x44, 0x45, 0x46, 0x47},
                          .options = {{option::number(53, 1)}},
                          .tail = Bytes{0x48}});
  ASSERT_THAT(b, SizeIs(244));
  EXPECT_THAT(part(b, 0, 28), ElementsAre(0x11, 0x12, 0x13, 0x14, 0x21, 0x22, 0x23, 0x24, 0x31, 0x32, 0x33,
                                          0x34, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16));
  EXPECT_THAT(part(b, 28, 16), Each(0x41));
  EXPECT_THAT(part(b, 44, 64), Each(0x42));
  EXPECT_THAT(part(b, 108, 128), Each(0x43));
  EXPECT_THAT(part(b, 236, 8), ElementsAre(0x44, 0x45, 0x46, 0x47, 53, 1, 1, 0x48));
}

TEST(EncodeMessage, FillsUpShortFieldsAndCutsNothing) {
  const Bytes b = encode({.chaddr = Bytes{1, 2}, .sname = Bytes{3}, .file = Bytes{4}});
  EXPECT_THAT(part(b, 28, 3), ElementsAre(1, 2, 0));
  EXPECT_THAT(part(b, 44, 2), ElementsAre(3, 0));
  EXPECT_THAT(part(b, 108, 2), ElementsAre(4, 0));
}

TEST(EncodeMessage, DefaultsToARequestOf300OctetsWithCookieAndEnd) {
  const Bytes b = encode({});
  ASSERT_THAT(b, SizeIs(300));
  EXPECT_EQ(b[0], 1);
  EXPECT_THAT(part(b, 236, 5), ElementsAre(99, 130, 83, 99, 255));
  EXPECT_THAT(part(b, 241, 59), Each(0));
}

TEST(EncodeMessage, NeedsNoCookie) {
  EXPECT_THAT(encode({.cookie = Bytes{}, .options = std::vector<Option>{}, .tail = Bytes{}}), SizeIs(236));
}

TEST(MessageWith, TakesOverWhatIsSetAlone) {
  const Message m = Message{.hops = std::uint8_t{3}, .xid = 7}.with({.hops = std::uint8_t{4}});
  EXPECT_EQ(m.hops, 4);
  EXPECT_EQ(m.xid, 7);
}

TEST(OptionsOf, TakesTheAreaApart) {
  const Bytes b = encode(
      {.options = {{option::number(53, 1), option::pads(2), option::text(12, "h")}}, .tail = Bytes{255, 9}});
  const auto area = options_of(b);
  ASSERT_TRUE(area);
  EXPECT_THAT(area->elements, ElementsAre(Option{{53, 1, 1}}, Option{{0, 0}}, Option{{12, 1, 'h'}}));
  EXPECT_EQ(area->end, 248);
  EXPECT_THAT(area->tail, ElementsAre(255, 9));
}

TEST(OptionsOf, LeavesATruncatedOptionAsItStands) {
  for (const Bytes& rest : {Bytes{12}, Bytes{12, 5}, Bytes{12, 5, 'a', 'b'}}) {
    const auto area =
        options_of(encode({.options = {{option::number(53, 1), option::raw(rest)}}, .tail = Bytes{}}));
    ASSERT_TRUE(area);
    EXPECT_THAT(area->elements, ElementsAre(Option{{53, 1, 1}}, Option{rest}));
    EXPECT_FALSE(area->end);
  }
}

TEST(OptionsOf, NeedsTheCookie) {
  EXPECT_FALSE(options_of(encode({.cookie = Bytes{1, 2, 3, 4}})));
  EXPECT_FALSE(
      options_of(encode({.cookie = Bytes{99, 130, 83}, .options = std::vector<Option>{}, .tail = Bytes{}})));
}

TEST(OptionsOf, WalksEveryTruncationOfAMessage) {
  const Bytes b =
      encode({.options = {{option::number(53, 1), option::text(12, "host"), option::of(82, Bytes(255, 1))}}});
  for (std::size_t n = 0; n <= b.size(); ++n) {
    const Bytes cut(b.begin(), b.begin() + static_cast<std::ptrdiff_t>(n));
    const auto area = options_of(cut);
    ASSERT_EQ(area.has_value(), n >= 240) << n;
    if (!area) continue;
    std::size_t octets = area->tail.size();
    for (const Option& o : area->elements) octets += o.wire.size();
    EXPECT_EQ(octets, n - 240) << "no octet is lost or invented";
    EXPECT_FALSE(summary(cut).empty());
    EXPECT_EQ(all_octets(cut), cut);
  }
}

// The fields of any octets, taken apart and put together again, are the same octets.
TEST(DecodeMessage, GivesWhatEncodesToTheSameOctets) {
  std::mt19937 random(11);
  for (int round = 0; round < 2000; ++round) {
    Bytes b(236 + random() % 200);
    for (auto& octet : b) octet = static_cast<std::uint8_t>(random());
    if (round % 2 == 0 && b.size() >= 240) std::copy_n(encode({}).begin() + 236, 4, b.begin() + 236);
    EXPECT_EQ(encode(decode(b)), b);
  }
}

TEST(DecodeMessage, GivesWhatEncodesToTheSameOctetsAtEveryLength) {
  const Bytes b =
      encode({.chaddr = Bytes(16, 1), .options = {{option::number(53, 1), option::text(12, "host")}}});
  for (std::size_t n = 236; n <= b.size(); ++n) {
    const Bytes cut(b.begin(), b.begin() + static_cast<std::ptrdiff_t>(n));
    EXPECT_EQ(encode(decode(cut)), cut) << n;
  }
}

TEST(DecodeMessage, GivesEveryField) {
  const Message m = decode(encode({.op = boot_reply,
                                   .hops = std::uint8_t{3},
                                   .xid = 0x21222324,
                                   .secs = std::uint16_t{0x3132},
                                   .flags = std::uint16_t{0x8001},
                                   .ciaddr = Ipv4("1.2.3.4"),
                                   .yiaddr = Ipv4("5.6.7.8"),
                                   .siaddr = Ipv4("9.10.11.12"),
                                   .giaddr = Ipv4("13.14.15.16"),
                                   .chaddr = Bytes(16, 0x41),
                                   .sname = Bytes(64, 0x42),
                                   .file = Bytes(128, 0x43)}));
  EXPECT_EQ(m.op, boot_reply);
  EXPECT_EQ(m.htype, 1);
  EXPECT_EQ(m.hlen, 6);
  EXPECT_EQ(m.hops, 3);
  EXPECT_EQ(m.xid, 0x21222324U);
  EXPECT_EQ(m.secs, 0x3132);
  EXPECT_EQ(m.flags, 0x8001);
  EXPECT_EQ(m.ciaddr, Ipv4("1.2.3.4"));
  EXPECT_EQ(m.yiaddr, Ipv4("5.6.7.8"));
  EXPECT_EQ(m.siaddr, Ipv4("9.10.11.12"));
  EXPECT_EQ(m.giaddr, Ipv4("13.14.15.16"));
  EXPECT_EQ(m.chaddr, Bytes(16, 0x41));
  EXPECT_EQ(m.sname, Bytes(64, 0x42));
  EXPECT_EQ(m.file, Bytes(128, 0x43));
}

// RFC 951, section 3: the fields up to the vendor area.
TEST(DecodeMessage, NeedsTheFixedFields) {
  const Bytes b = encode({});
  EXPECT_THROW(decode(part(b, 0, 235)), std::logic_error);
  EXPECT_NO_THROW(decode(part(b, 0, 236)));
}

TEST(EncodeMessage, RefusesAFieldThatIsTooLong) {
  EXPECT_THROW(encode({.chaddr = Bytes(17, 1)}), std::logic_error);
  EXPECT_THROW(encode({.sname = Bytes(65, 1)}), std::logic_error);
  EXPECT_THROW(encode({.file = Bytes(129, 1)}), std::logic_error);
}

// RFC 3396: several instances are one option.
TEST(FindOption, JoinsInstances) {
  const Bytes b =
      encode({.options = {{option::text(60, "ab"), option::number(53, 1), option::text(60, "c")}}});
  EXPECT_THAT(find_option(b, 60), testing::Optional(ElementsAre('a', 'b', 'c')));
  EXPECT_EQ(find_option(b, 61), std::nullopt);
}

TEST(FieldsOfAMessage, OfAShortOneAreUnset) {
  const Bytes b = encode({.xid = 0x01020304, .giaddr = Ipv4("192.0.2.1")});
  EXPECT_EQ(xid_of(b), 0x01020304);
  EXPECT_EQ(giaddr_of(b), Ipv4("192.0.2.1"));
  EXPECT_EQ(xid_of(part(b, 0, 7)), std::nullopt);
  EXPECT_EQ(giaddr_of(part(b, 0, 27)), std::nullopt);
}

TEST(PrintMessage, NamesWhatIsOdd) {
  EXPECT_THAT(
      summary(encode({.hops = std::uint8_t{17}, .xid = 0x52530001, .options = {{option::number(53, 1)}}})),
      testing::AllOf(HasSubstr("DISCOVER"), HasSubstr("0x52530001"), HasSubstr("hops 17")));
  EXPECT_EQ(option_name(54), "option 54 (Server Identifier)");
  EXPECT_EQ(hex(Bytes{1, 2, 3}, 2), "01 02 … (3 octets in all)");
}

TEST(PrintMessage, SaysWhatItIs) {
  const auto typed = [](std::uint8_t t) { return summary(encode({.options = {{option::number(53, t)}}})); };
  EXPECT_THAT(typed(8), HasSubstr("INFORM"));
  EXPECT_THAT(typed(9), HasSubstr("BOOTREQUEST with message type 9"));
  EXPECT_THAT(typed(0), HasSubstr("BOOTREQUEST with message type 0"));
  EXPECT_THAT(summary(encode({.op = boot_reply})), HasSubstr("BOOTREPLY"));
  EXPECT_THAT(summary(encode({.op = std::uint8_t{7}})), HasSubstr("op 7"));
  EXPECT_THAT(summary(Bytes(235, 1)), HasSubstr("235 octets, too few for BOOTP"));
}

TEST(PartsOfAMessage, AreItsFieldsAndOptionsInOrder) {
  const Bytes m =
      encode({.secs = std::uint16_t{9},
              .yiaddr = Ipv4("192.0.2.100"),
              .options = {{option::type(Type::offer), option::pads(3), option::text(12, "host"),
                           option::address(code::server_id, Ipv4("198.51.100.2")), option::text(12, "b")}}});
  std::map<std::string, std::string> value;
  for (const Part& p : parts_of(m)) EXPECT_TRUE(value.emplace(p.name, p.value).second) << p.name;
  EXPECT_EQ(value["secs"], "9");
  EXPECT_EQ(value["yiaddr"], "192.0.2.100");
  EXPECT_EQ(value["file"], "zeros");
  EXPECT_EQ(value["option 53 (Message Type)"], "OFFER");
  EXPECT_EQ(value["PADs"], "3 octets");
  EXPECT_EQ(value["option 12 (Host Name)"], "[4] 68 6f 73 74");
  EXPECT_EQ(value["option 12 (Host Name), instance 2"], "[1] 62");
  EXPECT_EQ(value["option 54 (Server Identifier)"], "198.51.100.2");
  EXPECT_TRUE(value.contains("END"));
  EXPECT_THAT(value["octets at the end"], HasSubstr("zeros"));
}

TEST(PartsOfAMessage, HaveEveryOctetOnce) {
  for (const Bytes& m : {encode({}), encode({.cookie = Bytes{1, 2}}), encode({.tail = Bytes{}}),
                         encode({.tail = Bytes{255, 1, 2}}), Bytes(3, 1), Bytes()})
    EXPECT_EQ(all_octets(m), m);
}

TEST(PrintMessage, NamesTheOptionsThatTheSuitesSpeakOf) {
  std::set<std::string> names;
  for (int c = 0; c < 256; ++c) names.insert(option_name(static_cast<std::uint8_t>(c)));
  EXPECT_THAT(names, SizeIs(256));
  for (const char* name :
       {"PAD", "END", "option 1 (Subnet Mask)", "option 61 (Client Identifier)", "option 200"})
    EXPECT_TRUE(names.contains(name)) << name;
}

TEST(OptionsOfAMessage, AreNoneWhereNoneIsSet) {
  EXPECT_EQ(code_of(Option{}), code::pad);
  EXPECT_THAT(*Message{}.plus(option::pads(1)).options, ElementsAre(option::pads(1)));
  EXPECT_EQ(find_option(encode({.options = {{option::pads(4)}}}), code::pad), std::nullopt);
}

// A second opinion on what is whole and plain; libtins writes none of our octets.
TEST(SecondOpinion, LibtinsReadsTheSame) {
  const Bytes b = encode({.op = boot_reply,
                          .hops = std::uint8_t{3},
                          .xid = 0x21222324,
                          .secs = std::uint16_t{0x3132},
                          .flags = broadcast_flag,
                          .ciaddr = Ipv4("1.2.3.4"),
                          .yiaddr = Ipv4("5.6.7.8"),
                          .siaddr = Ipv4("9.10.11.12"),
                          .giaddr = Ipv4("13.14.15.16"),
                          .chaddr = Bytes{2, 0, 0x5e, 1, 2, 3},
                          .options = {{option::type(Type::offer), option::pads(1), option::text(12, "host"),
                                       option::of(82, {1, 1, 7})}}});
  const Tins::DHCP theirs(b.data(), static_cast<std::uint32_t>(b.size()));
  EXPECT_EQ(theirs.opcode(), 2);
  EXPECT_EQ(theirs.hops(), 3);
  EXPECT_EQ(theirs.xid(), xid_of(b));
  EXPECT_EQ(theirs.secs(), 0x3132);
  EXPECT_EQ(theirs.padding(), broadcast_flag);  // its name for flags
  EXPECT_EQ(theirs.ciaddr(), Ipv4("1.2.3.4"));
  EXPECT_EQ(theirs.yiaddr(), Ipv4("5.6.7.8"));
  EXPECT_EQ(theirs.siaddr(), Ipv4("9.10.11.12"));
  EXPECT_EQ(theirs.giaddr(), giaddr_of(b));
  EXPECT_EQ(theirs.type(), Tins::DHCP::OFFER);
  for (const std::uint8_t c : Bytes{53, 12, 82}) {
    const auto* option = theirs.search_option(static_cast<Tins::DHCP::OptionTypes>(c));
    ASSERT_NE(option, nullptr) << int{c};
    EXPECT_EQ(Bytes(option->data_ptr(), option->data_ptr() + option->data_size()), find_option(b, c));
  }
}

// RFC 3396, section 5: 255 octets are one instance, and what is longer goes on in the next.
TEST(OptionOf, IsCutWhereAnInstanceIsFull) {
  EXPECT_EQ(option::of(82, {}).wire, (Bytes{82, 0}));
  EXPECT_EQ(option::of(82, Bytes(255, 1)).wire.size(), 257U);
  const Bytes wire = option::of(82, Bytes(256, 1)).wire;
  ASSERT_EQ(wire.size(), 260U);
  EXPECT_EQ(Bytes(wire.end() - 3, wire.end()), (Bytes{82, 1, 1}));
}

}  // namespace
}  // namespace relayspec
