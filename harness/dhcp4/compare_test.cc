// SPDX-License-Identifier: Apache-2.0
// The message as a whole: no octet of it may change without the judge saying which.
#include "harness/dhcp4/testing.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec::judged {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

TEST(CompareMessages, EveryChangedOctetIsFound) {
  for (const Expected& e : {expected_request(), expected_reply()}) {
    for (std::size_t i = 0; i < e.message.size(); ++i) {
      for (const std::uint8_t bit : Bytes{0x01, 0x80}) {
        Bytes observed = e.message;
        observed[i] ^= bit;
        EXPECT_THAT(compare_messages(e, observed), Not(IsEmpty())) << name(e.direction) << " octet " << i;
      }
    }
  }
}

TEST(CompareMessages, EveryLostOctetIsFound) {
  for (const Expected& e : {expected_request(), expected_reply()}) {
    for (std::size_t size = 0; size < e.message.size(); ++size) {
      EXPECT_THAT(compare_messages(e, std::span(e.message).first(size)), Not(IsEmpty())) << size << " octets";
    }
  }
}

TEST(CompareMessages, AFixedFieldIsNamedWithItsRule) {
  for (const Expected& e : {expected_request(), expected_reply()}) {
    for (const Field& f : fixed_fields()) {
      if (f.offset >= 236) continue;  // the cookie decides over what stands behind it
      Bytes observed = e.message;
      observed[f.offset + f.length - 1] ^= 0x04;  // of the flags a reserved one
      const std::string named(f.name), rule_name = named == "flags" ? "reserved flags" : named;
      EXPECT_THAT(compare_messages(e, observed),
                  ElementsAre(differs(f.name, rule_for_field(e.direction, rule_name))));
    }
  }
}

TEST(CompareMessages, EveryRuleThatIsNamedIsInTheCatalogue) {
  for (const Direction d : {Direction::request, Direction::reply}) {
    for (const Field& f : fixed_fields()) {
      EXPECT_NE(Catalogue::shipped().find(rule_for_field(d, f.name)), nullptr) << f.name;
    }
    const Option82Rules rules = option82_rules(d);
    for (const std::string& rule : {rules.due, rules.added, rules.kept, rules.left, rules.more})
      EXPECT_TRUE(rule.empty() || Catalogue::shipped().find(rule)) << rule;
    for (int c = 0; c < 256; ++c) {
      EXPECT_NE(Catalogue::shipped().find(rule_for_option(d, static_cast<std::uint8_t>(c))), nullptr) << c;
    }
  }
}

// RFC 1542, section 4.1.1: an interface with several addresses has the choice.
TEST(CompareMessages, GiaddrMayBeAnyAddressOfTheInterface) {
  Expected e = expected_request();
  Bytes observed = encode(request().with({.giaddr = Ipv4("192.0.2.7")}));
  EXPECT_THAT(compare_messages(e, observed), ElementsAre(differs("giaddr", "RFC1542-4.1.1-giaddr-fill")));
  e.further_giaddrs = {Ipv4("192.0.2.7")};
  EXPECT_THAT(compare_messages(e, observed), IsEmpty());
  e.giaddr_rule = "RFC3527-3-giaddr-of-its-own";
  observed = encode(request().with({.giaddr = relay_address(Segment::downlink1)}));
  EXPECT_THAT(compare_messages(e, observed), ElementsAre(differs("giaddr", e.giaddr_rule)));
  observed = encode(request().with({.giaddr = Ipv4("192.0.2.8")}));
  EXPECT_THAT(compare_messages(e, observed), ElementsAre(differs("giaddr", "RFC1542-4.1.1-giaddr-fill")));
}

// RFC 2131, section 4.1: with overload the Server Identifier may stand in `file`.
TEST(CompareMessages, AServerIdentifierInFileHasItsOwnRule) {
  const auto in_file = [](std::uint8_t last) {
    return reply().with({.file = Bytes{code::server_id, 4, 198, 51, 100, last, code::end},
                         .options = {{option::type(Type::ack), option::of(code::overload, {1})}}});
  };
  Expected e = expected_reply();
  e.message = encode(in_file(1));
  EXPECT_THAT(compare_messages(e, encode(in_file(2))),
              ElementsAre(differs("file", "RFC1542-4.1.2-fields-intact-reply")));
  e.server_id_rule = "PROXY-54-in-overload";
  EXPECT_THAT(compare_messages(e, encode(in_file(2))), ElementsAre(differs("file", "PROXY-54-in-overload")));
}

// RFC 1542, section 2.1: the zeros read as PADs, or as the length of an option that is cut off.
TEST(CompareMessages, AShortMessageWithoutEndMayBeFilledUp) {
  Expected e = expected_request();
  const Bytes whole = encode(request().with({.tail = Bytes{}}));
  for (const std::size_t cut : {0U, 1U, 2U, 3U}) {
    e.message = Bytes(whole.begin(), whole.end() - cut);
    Bytes observed = e.message;
    observed.resize(300);
    EXPECT_THAT(compare_messages(e, observed), IsEmpty()) << cut;
    observed.resize(301);
    EXPECT_THAT(compare_messages(e, observed), Not(IsEmpty())) << cut;
    observed.resize(300);
    observed.back() = 1;
    EXPECT_THAT(compare_messages(e, observed), Not(IsEmpty())) << cut;
  }
}

TEST(CompareMessages, AnotherCookieIsFound) {
  Expected e = expected_request();
  Bytes observed = e.message;
  observed[239] ^= 1;
  EXPECT_THAT(compare_messages(e, observed),
              testing::Contains(differs("cookie", "RFC1542-3.5-other-cookie-passes")));
}

// A quirk has one kind, whatever values the messages hold.
TEST(CompareMessages, TheSameQuirkHasTheSameKind) {
  const auto kind = [](std::uint8_t hops, std::uint8_t seen) {
    Expected e = expected_request();
    e.message[3] = hops;
    Bytes observed = e.message;
    observed[3] = seen;
    return compare_messages(e, observed).at(0).kind;
  };
  EXPECT_EQ(kind(1, 2), kind(17, 18));
  EXPECT_NE(kind(1, 2), kind(1, 0));
}

TEST(CompareMessages, GiaddrOfAnotherRelayHasItsOwnRule) {
  Expected e = expected_request();
  e.message = encode(request().with({.giaddr = Ipv4("192.0.2.200")}));
  const Bytes observed = encode(request());
  EXPECT_THAT(compare_messages(e, observed),
              ElementsAre(differs("giaddr", "RFC1542-4.1.1-giaddr-nonzero-kept")));
}

// RFC 1542, section 4.1.1: set is set, even to an address of the relay.
TEST(CompareMessages, GiaddrThatIsKeptHasTheRuleOfTheExpectation) {
  Expected e = expected_request();
  e.message = encode(request().with({.giaddr = relay_address(Segment::downlink1)}));
  e.giaddr_rule = "RFC1542-4.1.1-giaddr-nonzero-kept";
  EXPECT_THAT(compare_messages(e, encode(request())), ElementsAre(differs("giaddr", e.giaddr_rule)));
}

TEST(CompareMessages, GiaddrOfAFurtherAddressIsTheRelaysOwn) {
  Expected e = expected_request();
  e.further_addresses = {Ipv4("192.0.2.7")};
  e.message = encode(request().with({.giaddr = Ipv4("192.0.2.7")}));
  EXPECT_THAT(compare_messages(e, encode(request())),
              ElementsAre(differs("giaddr", "RFC1542-4.1.1-giaddr-fill")));
}

// The values are shown, and the kind says how they differ.
TEST(CompareMessages, AFieldIsShownByWhatItIs) {
  const auto difference = [](const Message& m) {
    return compare_messages(expected_request(), encode(request().with(m))).at(0);
  };
  const Difference secs = difference({.secs = std::uint16_t{0}});
  EXPECT_EQ(secs.expected + ", " + secs.observed, "7, 0");
  EXPECT_EQ(secs.kind, "request secs zeroed");
  const Difference flags = difference({.flags = std::uint16_t{1}});
  EXPECT_EQ(flags.expected + ", " + flags.observed, "0x8000, 0x0001");
  EXPECT_EQ(flags.kind, "request flags not broadcast") << "the first bit says more than the others";
  EXPECT_EQ(difference({.flags = std::uint16_t{0}}).kind, "request flags not broadcast");
  EXPECT_EQ(difference({.flags = std::uint16_t{0x8001}}).kind, "request flags changed");
  const Difference giaddr = difference({.giaddr = relay_address(Segment::uplink)});
  EXPECT_EQ(giaddr.observed, "the relay's uplink address (198.51.100.1)");
  EXPECT_EQ(giaddr.kind, "request giaddr is the relay's uplink address");
  EXPECT_EQ(difference({.sname = Bytes{1, 2}}).kind, "request sname changed");
}

// An area without the cookie is compared as octets.
class OpaqueArea : public testing::Test {
 protected:
  OpaqueArea() { expected.message = encode(request().with({.cookie = Bytes{1, 2, 3, 4}})); }

  Expected expected = expected_request();
};

TEST_F(OpaqueArea, UnchangedIsFine) { EXPECT_THAT(compare_messages(expected, expected.message), IsEmpty()); }

TEST_F(OpaqueArea, AChangedOctetIsFound) {
  Bytes observed = expected.message;
  observed.back() ^= 1;
  EXPECT_THAT(compare_messages(expected, observed),
              ElementsAre(differs("vendor area", "RFC1542-3.5-other-cookie-passes")));
}

TEST_F(OpaqueArea, MayBeFilledUpTo300OctetsByZerosAlone) {
  expected.message.resize(260);
  Bytes observed = expected.message;
  observed.resize(300);
  EXPECT_THAT(compare_messages(expected, observed), IsEmpty());
  observed.push_back(0);
  EXPECT_THAT(compare_messages(expected, observed), SizeIs(1));
  observed.resize(299);
  observed.back() = 1;
  EXPECT_THAT(compare_messages(expected, observed), SizeIs(1));
}

TEST(OctetDifference, NamesRunsAndLengths) {
  const Bytes want{0, 1, 2, 3, 4, 5, 6, 7}, got{0, 9, 9, 3, 4, 5, 8};
  EXPECT_EQ(octet_difference(want, got),
            "octets 1-2: expected 01 02, observed 09 09\n"
            "octets 6-6: expected 06, observed 08\n"
            "length: expected 8, observed 7\n");
  EXPECT_EQ(octet_difference(want, want), "");
}

TEST(OctetDifference, IsBounded) {
  Bytes want(100), got(100);
  for (std::size_t i = 0; i < got.size(); i += 2) got[i] = 1;
  EXPECT_THAT(octet_difference(want, got, 3),
              AllOf(HasSubstr("octets 4-4"), Not(HasSubstr("octets 6-6")), HasSubstr("and 47 more runs")));
}

}  // namespace
}  // namespace relayspec::judged
