// SPDX-License-Identifier: Apache-2.0
// Options: each way to lose, add, change or move one, and what a relay may do with padding and with an echo.
#include <numeric>

#include "harness/dhcp4/testing.h"

namespace relayspec::judged {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RequestOptions : public testing::Test {
 protected:
  std::vector<Difference> judge(const Bytes& observed) const { return compare_messages(expected, observed); }
  /// Behind the options as many octets as there were.
  std::vector<Difference> judge(const std::vector<Option>& observed) const {
    const auto octets = [](const std::vector<Option>& list) {
      return std::accumulate(list.begin(), list.end(), std::size_t{0},
                             [](std::size_t n, const Option& o) { return n + o.wire.size(); });
    };
    return judge(with_options(request(), observed, 300 - octets(plain_options()) + octets(observed)));
  }

  Expected expected = expected_request();
  std::vector<Option> options = plain_options();
};

TEST_F(RequestOptions, MissingOneIsFound) {
  options.pop_back();
  EXPECT_THAT(judge(options), ElementsAre(differs(option_name(code::host_name), kept)));
}

TEST_F(RequestOptions, AddedOneIsFound) {
  options.push_back(option::number16(code::max_message_size, 1500));
  EXPECT_THAT(judge(options), ElementsAre(differs(option_name(code::max_message_size), kept)));
}

TEST_F(RequestOptions, RepeatedOneIsFound) {
  options.push_back(options.back());
  EXPECT_THAT(judge(options), ElementsAre(differs(option_name(code::host_name), kept)));
}

TEST_F(RequestOptions, ChangedOneIsFound) {
  options[2] = option::text(code::host_name, "HOST");
  EXPECT_THAT(judge(options), ElementsAre(differs(option_name(code::host_name), kept)));
}

TEST_F(RequestOptions, MovedOneIsFound) {
  std::swap(options[0], options[2]);
  EXPECT_THAT(judge(options), ElementsAre(differs("order of options", "RFC2131-4.1-option-order-kept")));
}

TEST_F(RequestOptions, PadsBetweenThemAreFound) {
  expected.message = with_options(request(), {options[0], option::pads(2), options[1], options[2]});
  EXPECT_THAT(judge(with_options(request(), {options[0], options[1], option::pads(2), options[2]})),
              ElementsAre(differs("PADs between options", kept)));
}

TEST_F(RequestOptions, ServerIdentifierHasItsOwnRule) {
  options[1] = option::address(code::server_id, relay_address(Segment::uplink));
  EXPECT_THAT(judge(options),
              ElementsAre(differs(option_name(code::server_id), "RFC2132-9.7-server-id-kept-request")));
}

TEST_F(RequestOptions, Option82WhereNoneIsAskedForIsFound) {
  options.push_back(option::of(code::relay_agent, {1, 1, 7}));
  EXPECT_THAT(judge(options),
              ElementsAre(differs(option_name(code::relay_agent), "RFC3046-2.1-off-by-default")));
}

TEST_F(RequestOptions, MissingEndIsFound) {
  Bytes observed = expected.message;
  std::fill(observed.begin() + 255, observed.end(), std::uint8_t{0});
  EXPECT_THAT(judge(observed), testing::Contains(differs(option_name(code::end), "RFC2131-4.1-end-present")));
}

// One difference, not one for each option behind the cut.
TEST_F(RequestOptions, AMessageThatIsCutIsSaidOnce) {
  for (std::uint8_t c = 224; c < 228; ++c) options.push_back(option::of(c, Bytes(200, c)));
  expected.message = with_options(request(), options);
  for (const std::size_t size : {300U, 548U, 800U}) {
    Bytes cut = expected.message;
    cut.resize(size);
    EXPECT_THAT(judge(cut), ElementsAre(differs("length", "RFC1542-2.1-larger-accepted"))) << size;
    cut[options_offset + 2] ^= 1;
    EXPECT_THAT(judge(cut), testing::Not(testing::Contains(differs("length", "RFC1542-2.1-larger-accepted"))))
        << size << ": something else has changed as well";
  }
}

TEST_F(RequestOptions, LongPaddingMayBeCutToo) {
  expected.message = with_options(request(), options, 700);
  const auto cut_at = [&](std::size_t size) {
    Bytes cut = expected.message;
    cut.resize(size);
    return judge(cut);
  };
  EXPECT_THAT(cut_at(548), ElementsAre(differs("length", "RFC1542-2.1-larger-accepted")));
  EXPECT_THAT(cut_at(300), ElementsAre(differs("octets at the end", kept))) << "the padding goes";
}

TEST_F(RequestOptions, OctetsBehindEndAreFound) {
  Bytes observed = expected.message;
  observed.back() = 0x5a;
  EXPECT_THAT(judge(observed), ElementsAre(differs("octets at the end", kept)));
}

// RFC 1542, section 4.1.1: padding stays as it is where the relay has nothing to add, whatever length is
// left.
TEST_F(RequestOptions, LostPaddingIsFound) {
  expected.message = with_options(request(), options, 310);
  for (const std::size_t left : {std::size_t{0}, std::size_t{299}, std::size_t{300}}) {
    EXPECT_THAT(judge(with_options(request(), options, left)),
                ElementsAre(differs("octets at the end", kept)));
  }
}

// RFC 1542, section 2.1: what was too short already does not get too short.
TEST_F(RequestOptions, PaddingThatAShortMessageLosesIsAnOption) {
  expected.message = with_options(request(), options, 299);
  EXPECT_THAT(judge(with_options(request(), options, 280)), ElementsAre(differs("octets at the end", kept)));
}

// RFC 1534, section 2: no relay makes DHCP of BOOTP; in a DHCP message END is an octet of the options.
TEST_F(RequestOptions, AnAddedEndIsFound) {
  const auto judge_added = [&](const std::vector<Option>& list) {
    expected.message = encode(request().with({.options = list, .tail = Bytes{}}));
    return judge(with_options(request(), list, 0));
  };
  EXPECT_THAT(judge_added(options), ElementsAre(differs(option_name(code::end), kept)));
  EXPECT_THAT(judge_added({options[2]}),
              ElementsAre(differs(option_name(code::end), "RFC1534-2-no-type-added")));
}

// What the option needs of the padding is no further fault.
TEST_F(RequestOptions, PaddingThatAnUnexpectedOption82TookUpIsNoFurtherDifference) {
  const Option unexpected = option::of(code::relay_agent, {1, 1, 7});
  options.push_back(unexpected);
  const auto added = differs(option_name(code::relay_agent), "RFC3046-2.1-off-by-default");
  EXPECT_THAT(judge(with_options(request(), options, 300)), ElementsAre(added));
  expected.message = with_options(request(), plain_options(), 310);
  EXPECT_THAT(judge(with_options(request(), options, 310)), ElementsAre(added));
  EXPECT_THAT(judge(with_options(request(), options, 309)),
              ElementsAre(added, differs("octets at the end", kept)));
}

// One fault has one kind, whatever the values are.
TEST_F(RequestOptions, KindsContainNoValues) {
  const auto kind = [&](const std::vector<Option>& list) { return judge(list).at(0).kind; };
  const std::vector<Option> plain = options;
  const auto changed = [&](const char* to) {
    options[2] = option::text(code::host_name, to);
    return kind(options);
  };
  EXPECT_EQ(changed("HOST"), changed("h"));
  EXPECT_EQ(changed("HOST"), "request option 12 changed");
  const auto added = [&](const Bytes& content) {
    std::vector<Option> list = plain;
    list.push_back(option::of(code::relay_agent, content));
    return kind(list);
  };
  EXPECT_EQ(added({1, 1, 7}), added({2, 3, 8, 8, 8}));
  EXPECT_EQ(added({1, 1, 7}), "request option 82 added");
}

// The part that an address has, without the address.
TEST_F(RequestOptions, TheKindOfAChangedServerIdentifierSaysWhoseItIs) {
  const auto kind = [&](Ipv4 a) {
    options[1] = option::address(code::server_id, a);
    return judge(options).at(0).kind;
  };
  EXPECT_EQ(kind(relay_address(Segment::uplink)), "request option 54 changed to the relay's uplink address");
  EXPECT_EQ(kind(Ipv4("10.9.9.9")), "request option 54 changed");
}

// What is no padding stays, whether it is lost or comes in its place.
TEST_F(RequestOptions, LostOctetsBehindEndAreFound) {
  const auto ending = [&](const Bytes& tail) {
    return encode(request().with({.options = options, .tail = tail}));
  };
  expected.message = ending({code::end, 0, 5});
  for (const Bytes& tail :
       {Bytes{code::end}, Bytes{code::end, 0}, Bytes{code::end, 0, 5, 7}, Bytes{code::end, 0, 6}})
    EXPECT_THAT(judge(ending(tail)), ElementsAre(differs("octets at the end", kept)));
}

TEST_F(RequestOptions, PaddingMayGrowTo300AndNoFurther) {
  expected.message = with_options(request(), options, 280);
  EXPECT_THAT(judge(with_options(request(), options, 300)), IsEmpty());
  EXPECT_THAT(judge(with_options(request(), options, 301)), ElementsAre(differs("octets at the end", kept)));
}

// A relay that adds option 82 may add END and padding behind it.
TEST_F(RequestOptions, PaddingBehindItsOwnOption82IsTheRelaysToLayOut) {
  expected.adds_option82 = true;
  options.push_back(option::of(code::relay_agent, {1, 1, 7}));
  for (const std::size_t length : {std::size_t{300}, std::size_t{301}, std::size_t{600}})
    EXPECT_THAT(judge(with_options(request(), options, length)), IsEmpty()) << length;

  expected.message = with_options(request(), plain_options(), 320);
  expected.message.back() = 0x5a;
  const Bytes zeroed = with_options(request(), options, 325);
  EXPECT_THAT(judge(zeroed), IsEmpty()) << "as many zeros as there were octets";

  expected.message = encode(request().with({.options = plain_options(), .tail = Bytes{}}));
  EXPECT_THAT(judge(with_options(request(), options, 0)), IsEmpty()) << "there was no END";
}

// One fault, whichever way the message ends: zeros read as PADs, complete an option that is cut off, or are
// not read.
TEST_F(RequestOptions, ZerosAtTheEndAreOneDifferenceWithEndAndWithout) {
  const auto ending = [&](const Bytes& tail) {
    return encode(request().plus(option::of(224, Bytes(100, 1))).with({.tail = tail}));
  };
  Bytes other_cookie = ending({code::end});
  other_cookie[236] = 1;
  for (const Bytes& message :
       {ending({code::end}), ending({}), ending({code::host_name}), ending({code::host_name, 9, 'a'}),
        ending({code::relay_agent, 6, 1}), other_cookie}) {
    for (const bool may_add : {false, true}) {
      expected.adds_option82 = expected.option82_optional = may_add;
      expected.message = message;
      Bytes observed = message;
      observed.insert(observed.end(), 3, 0);
      const auto found = judge(observed);
      ASSERT_THAT(found, ElementsAre(differs("octets at the end", kept))) << hex(message);
      EXPECT_EQ(found.front().kind, "request trailing padding");
      EXPECT_EQ(found.front().observed, "3 octets of padding");
    }
  }
}

class ReplyOptions : public testing::Test {
 protected:
  std::vector<Difference> judge(std::vector<Option> observed, std::size_t length = 300) const {
    return compare_messages(expected, with_options(reply(), std::move(observed), length));
  }

  Expected expected = expected_reply();
  std::vector<Option> options = *reply().options;
};

TEST_F(ReplyOptions, ServerIdentifierHasItsOwnRule) {
  options[1] = option::address(code::server_id, relay_address(Segment::uplink));
  EXPECT_THAT(judge(options),
              ElementsAre(differs(option_name(code::server_id), "RFC2132-9.7-server-id-kept-reply")));
}

TEST_F(ReplyOptions, ChangedOneIsFound) {
  options[2] = option::number32(code::lease_time, 7200);
  EXPECT_THAT(judge(options), ElementsAre(differs(option_name(code::lease_time), kept_in_reply)));
}

TEST_F(ReplyOptions, EchoLeftInIsFound) {
  expected.strips_option82 = true;
  options.push_back(option::of(code::relay_agent, {1, 1, 7}));
  EXPECT_THAT(judge(options, 305),
              testing::Contains(differs(option_name(code::relay_agent), "RFC3046-2.1-strip-on-reply")));
}

// Whether it has to stay or to go, the expectation says by which rule.
TEST_F(ReplyOptions, Option82HasTheRulesOfTheExpectation) {
  const Option one = option::of(code::relay_agent, {1, 1, 7}),
               other = option::of(code::relay_agent, {1, 1, 8});
  const std::string field = option_name(code::relay_agent);
  expected.option82 = {.due = "D", .added = "A", .kept = "K", .left = "L"};
  std::vector<Option> with_one = options, with_other = options;
  with_one.push_back(one);
  with_other.push_back(other);
  EXPECT_THAT(judge(with_one), ElementsAre(differs(field, "A")));
  expected.strips_option82 = true;
  EXPECT_THAT(judge(with_one), ElementsAre(differs(field, "L")));
  expected.strips_option82 = false;
  expected.message = with_options(reply(), with_one);
  EXPECT_THAT(judge(with_other), ElementsAre(differs(field, "K")));
  EXPECT_THAT(judge(options), ElementsAre(differs(field, "K")));
}

TEST_F(ReplyOptions, PaddingAbove300OctetsMayGoWithTheEcho) {
  expected.message = with_options(reply(), options, 320);
  EXPECT_THAT(judge(options, 300), ElementsAre(differs("octets at the end", kept_in_reply)));
  expected.strips_option82 = true;
  EXPECT_THAT(judge(options, 300), IsEmpty());
  EXPECT_THAT(judge(options, 299), ElementsAre(differs("octets at the end", not_short)));
}

TEST_F(ReplyOptions, AnAddedEndIsFound) {
  expected.message = encode(reply().with({.options = options, .tail = Bytes{}}));
  EXPECT_THAT(judge(options, 0), ElementsAre(differs(option_name(code::end), kept_in_reply)));
}

TEST_F(ReplyOptions, EchoMayLeaveRoomBehind) {
  expected.message = with_options(reply(), options, 320);
  EXPECT_THAT(judge(options, 325), ElementsAre(differs("octets at the end", kept_in_reply)));
  expected.strips_option82 = true;
  EXPECT_THAT(judge(options, 325), IsEmpty());
}

// RFC 3046, section 2.1: what has been removed is not there any more, in no form.
TEST_F(ReplyOptions, OctetsOfTheEchoBehindEndAreATrace) {
  expected.message = with_options(reply(), options, 300);
  expected.strips_option82 = true;
  expected.echo = {82, 6, 1, 4, 'e', 't', 'h', '0'};
  Bytes observed = with_options(reply(), options, 308);
  std::copy(expected.echo.begin() + 4, expected.echo.end(), observed.end() - 5);
  EXPECT_THAT(compare_messages(expected, observed),
              ElementsAre(differs("octets at the end", "RFC3046-2.1-strip-no-trace")));
  std::fill(observed.end() - 5, observed.end(), std::uint8_t{0x5a});
  EXPECT_THAT(compare_messages(expected, observed),
              ElementsAre(differs("octets at the end", "SEC-padding-zeroed")));
  std::fill(observed.end() - 5, observed.end(), std::uint8_t{0});
  EXPECT_THAT(compare_messages(expected, observed), IsEmpty());
}

// RFC 1542, section 2.1: a message is filled up to 300 octets, and to no other length.
TEST_F(ReplyOptions, OctetsThatFillUpAreZero) {
  expected.message = with_options(reply(), options, 280);
  Bytes observed = with_options(reply(), options, 300);
  observed.back() = 1;
  EXPECT_THAT(compare_messages(expected, observed),
              ElementsAre(differs("octets at the end", "SEC-padding-zeroed")));
  observed = with_options(reply(), options, 281);
  observed.back() = 1;
  EXPECT_THAT(compare_messages(expected, observed), ElementsAre(differs("octets at the end", kept_in_reply)));
}

TEST_F(ReplyOptions, EchoMayBeBlottedOutByPads) {
  const std::vector<Option> blotted{options[0], option::pads(5), options[1], options[2]};
  EXPECT_THAT(judge(blotted, 305), testing::Not(IsEmpty()));
  expected.strips_option82 = true;
  EXPECT_THAT(judge(blotted, 305), IsEmpty());
}

// Without END they are read as options, and by an option that is cut off as its content.
TEST_F(ReplyOptions, OctetsBehindAMessageWithoutEndAreNoOptionsThatHaveChanged) {
  const Bytes extra(20, 0xaa);
  for (const std::size_t size : {241U, 242U, 244U, 248U}) {
    expected.message = with_options(reply(), options, 300);
    expected.message.resize(size);
    Bytes observed = expected.message;
    observed.insert(observed.end(), extra.begin(), extra.end());
    EXPECT_THAT(compare_messages(expected, observed),
                ElementsAre(differs("octets at the end", kept_in_reply)))
        << size;
  }
}

TEST_F(ReplyOptions, AWholeOptionBehindAMessageWithoutEndIsAnOptionThatIsAdded) {
  expected.message = with_options(reply(), options, 300);
  expected.message.resize(243);
  Bytes observed = expected.message;
  observed.insert(observed.end(), {60, 2, 7, 8});
  EXPECT_THAT(compare_messages(expected, observed), ElementsAre(differs(option_name(60), kept_in_reply)));
}

}  // namespace
}  // namespace relayspec::judged
