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
      observed[f.offset + f.length - 1] ^= 0x04;
      EXPECT_THAT(compare_messages(e, observed),
                  ElementsAre(differs(f.name, rule_for_field(e.direction, f.name))));
    }
  }
}

TEST(CompareMessages, EveryRuleThatIsNamedIsInTheCatalogue) {
  for (const Direction d : {Direction::request, Direction::reply}) {
    for (const Field& f : fixed_fields()) {
      EXPECT_NE(Catalogue::shipped().find(rule_for_field(d, f.name)), nullptr) << f.name;
    }
    for (int c = 0; c < 256; ++c) {
      EXPECT_NE(Catalogue::shipped().find(rule_for_option(d, static_cast<std::uint8_t>(c))), nullptr) << c;
    }
  }
}

TEST(CompareMessages, AnotherCookieIsFound) {
  Expected e = expected_request();
  Bytes observed = e.message;
  observed[239] ^= 1;
  EXPECT_THAT(compare_messages(e, observed),
              testing::Contains(differs("cookie", "RFC1542-3.5-other-cookie-passes")));
}

// Of two relays with the same habit one signature is learnt, whatever values the cases use.
TEST(CompareMessages, TheSameHabitHasTheSameSignature) {
  const auto signature = [](std::uint8_t hops, std::uint8_t seen) {
    Expected e = expected_request();
    e.message[3] = hops;
    Bytes observed = e.message;
    observed[3] = seen;
    return compare_messages(e, observed).at(0).signature;
  };
  EXPECT_EQ(signature(1, 2), signature(17, 18));
  EXPECT_NE(signature(1, 2), signature(1, 0));
}

TEST(CompareMessages, GiaddrOfAnotherRelayHasItsOwnRule) {
  Expected e = expected_request();
  e.message = encode(request().with({.giaddr = Ipv4("192.0.2.200")}));
  const Bytes observed = encode(request());
  EXPECT_THAT(compare_messages(e, observed),
              ElementsAre(differs("giaddr", "RFC1542-4.1.1-giaddr-nonzero-kept")));
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
              ElementsAre(differs("vendor area", "RFC1542-4.1.1-options-intact")));
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
