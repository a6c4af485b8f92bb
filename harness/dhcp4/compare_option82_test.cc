// SPDX-License-Identifier: Apache-2.0
// The relay's own option 82: its presence, content and place, and the options beside it.
#include "harness/dhcp4/testing.h"

namespace relayspec::judged {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

// The relay's own option 82.
class OwnOption82 : public testing::Test {
 protected:
  OwnOption82() { expected.adds_option82 = true; }

  std::vector<Difference> judge(std::vector<Option> observed, std::size_t length = 300) const {
    return compare_messages(expected, with_options(request(), std::move(observed), length));
  }

  Expected expected = expected_request();
  std::vector<Option> options = plain_options();
  const Option own = option::of(code::relay_agent, {1, 4, 'e', 't', 'h', '0', 2, 1, 9});
};

TEST_F(OwnOption82, LastIsFine) {
  options.push_back(own);
  EXPECT_THAT(judge(options), IsEmpty());
}

TEST_F(OwnOption82, MayGrowTheMessageInsteadOfUsingItsPadding) {
  options.push_back(own);
  EXPECT_THAT(judge(options, 300 + own.wire.size()), IsEmpty());
}

// RFC 1542, section 2.1: where option 82 is put in, the padding is the relay's to lay out down to 300 octets.
TEST_F(OwnOption82, MayTakeThePaddingAbove300Octets) {
  expected.message = with_options(request(), plain_options(), 330);
  options.push_back(own);
  EXPECT_THAT(judge(options, 300), IsEmpty());
  EXPECT_THAT(judge(options, 299), ElementsAre(differs("octets at the end", not_short)));
  const std::size_t without_padding = 240 + 3 + 6 + 6 + own.wire.size() + 1;
  EXPECT_THAT(judge(options, without_padding), ElementsAre(differs("octets at the end", not_short)));
}

// What a report shows beside the observed request: what the relay has put in is no difference.
TEST_F(OwnOption82, IsInTheMessageThatIsDue) {
  options.push_back(own);
  for (const std::size_t length : {300U, 309U, 311U, 330U}) {
    const Bytes observed = with_options(request(), options, length);
    const Bytes due = message_due(expected, observed);
    EXPECT_EQ(due, with_options(request(), options, std::min(length, 300 + own.wire.size())));
  }
  EXPECT_EQ(message_due(expected, expected.message), expected.message);
  expected.adds_option82 = false;
  EXPECT_EQ(message_due(expected, with_options(request(), options)), expected.message);
}

// RFC 3046, section 2.0: where its length is wrong the next options are not what they look like.
TEST_F(OwnOption82, OfAWrongLengthIsTheOnlyDifference) {
  Option wrong = own;
  wrong.wire[1] = static_cast<std::uint8_t>(wrong.wire[1] - 1);
  options.push_back(wrong);
  EXPECT_THAT(judge(options),
              ElementsAre(differs("option 82 (Relay Agent Information)", "RFC3046-2.0-format")));
}

TEST_F(OwnOption82, NotAddedHasTheRuleOfTheExpectation) {
  expected.option82.due = "RFC3046-2.1-bootp-request";
  EXPECT_THAT(judge(options),
              ElementsAre(differs(option_name(code::relay_agent), "RFC3046-2.1-bootp-request")));
}

TEST_F(OwnOption82, NotAddedIsFound) {
  EXPECT_THAT(judge(options),
              ElementsAre(differs(option_name(code::relay_agent), "RFC3046-2.1-all-message-types")));
}

// RFC 3046, section 2.1: where there may be no room for it.
TEST_F(OwnOption82, MayBeMissingWhereItIsOptional) {
  expected.option82_optional = true;
  EXPECT_THAT(judge(options), IsEmpty());
  options[2] = option::text(code::host_name, "HOST");
  EXPECT_THAT(judge(options), ElementsAre(differs(option_name(code::host_name), kept)));
  options = plain_options();
  options.push_back(option::of(code::relay_agent, {1, 5, 'e', 't', 'h', '0'}));
  EXPECT_THAT(judge(options), ElementsAre(differs(option_name(code::relay_agent), "RFC3046-2.0-format")));
}

TEST_F(OwnOption82, InFrontOfOthersIsFound) {
  options.insert(options.begin() + 1, own);
  EXPECT_THAT(judge(options),
              ElementsAre(differs(option_name(code::relay_agent), "RFC3046-2.1-last-before-end")));
}

// Octets behind END are padding: passed or zeroed, but nothing else.
TEST_F(OwnOption82, OctetsBehindEndMayBeZeroed) {
  const auto with_tail = [&](std::uint8_t octet) {
    Bytes b = with_options(request(), options, 310);
    std::fill(b.end() - 20, b.end(), octet);
    return b;
  };
  expected.message = with_tail(0x5a);
  options.push_back(own);
  EXPECT_THAT(compare_messages(expected, with_tail(0)), IsEmpty());
  EXPECT_THAT(compare_messages(expected, with_tail(0x5b)), ElementsAre(differs("octets at the end", kept)));
  expected.adds_option82 = false;
  expected.message = with_options(request(), plain_options(), 310);
  expected.message.back() = 0x5a;
  EXPECT_THAT(compare_messages(expected, with_options(request(), plain_options(), 310)),
              ElementsAre(differs("octets at the end", kept)));
}

TEST_F(OwnOption82, BehindEndIsFound) {
  auto message = request().with({.options = options});
  message.tail = Bytes{code::end};
  message.tail->insert(message.tail->end(), own.wire.begin(), own.wire.end());
  EXPECT_THAT(compare_messages(expected, encode(message)),
              testing::Contains(differs(option_name(code::relay_agent), "RFC3046-2.1-last-before-end")));
}

// The last option, but not of sub-options: what it is made of counts first.
TEST_F(OwnOption82, MalformedInFrontOfOthersIsMalformed) {
  options.insert(options.begin() + 1, option::of(code::relay_agent, {1, 9, 'e'}));
  EXPECT_THAT(judge(options), ElementsAre(differs(option_name(code::relay_agent), "RFC3046-2.0-format")));
}

TEST_F(OwnOption82, EmptyIsFound) {
  options.push_back(option::of(code::relay_agent, {}));
  EXPECT_THAT(judge(options), ElementsAre(differs(option_name(code::relay_agent), "RFC3046-2.0-min-length")));
}

TEST_F(OwnOption82, OverrunBySubOptionsIsFound) {
  options.push_back(option::of(code::relay_agent, {1, 5, 'e', 't', 'h', '0'}));
  EXPECT_THAT(judge(options), ElementsAre(differs(option_name(code::relay_agent), "RFC3046-2.0-format")));
}

// Nothing else is wrong with another's option that has been left: it is neither the relay's nor in its place.
TEST_F(OwnOption82, OneThatIsNotReplacedIsFoundOnceByTheRuleOfThePolicy) {
  const Option theirs = option::of(code::relay_agent, {200, 1, 'x'});
  expected.replaced = {200, 1, 'x'};
  expected.option82.due = "D";
  options.insert(options.begin() + 1, theirs);
  EXPECT_THAT(judge(options), ElementsAre(differs(option_name(code::relay_agent), "D")));
}

TEST_F(OwnOption82, WithAStrayOctetIsFound) {
  options.push_back(option::of(code::relay_agent, {1, 1, 'e', 2}));
  EXPECT_THAT(judge(options), ElementsAre(differs(option_name(code::relay_agent), "RFC3046-2.0-format")));
}

TEST_F(OwnOption82, WithoutEndIsFound) {
  options.push_back(own);
  Bytes observed = encode(request().with({.options = options, .tail = Bytes{}}));
  EXPECT_THAT(compare_messages(expected, observed),
              testing::ElementsAre(differs(option_name(code::end), "RFC2131-4.1-end-present")));
}

TEST_F(OwnOption82, DoesNotExcuseAnotherChange) {
  options[2] = option::text(code::host_name, "HOST");
  options.push_back(own);
  EXPECT_THAT(judge(options), ElementsAre(differs(option_name(code::host_name), kept)));
}

TEST_F(OwnOption82, SecondOneIsFound) {
  options.push_back(own);
  options.push_back(own);
  EXPECT_THAT(judge(options, 300 + own.wire.size()),
              ElementsAre(differs(option_name(code::relay_agent), "RFC3396-6-no-needless-split")));
}

// RFC 3396, section 6: what one instance cannot hold may be cut anywhere.
TEST_F(OwnOption82, InTwoInstancesWhereOneCannotHoldIt) {
  Bytes content{1, 200};
  content.resize(202, 'c');
  content.insert(content.end(), {2, 60});
  content.resize(264, 'r');
  const auto part = [&](std::size_t from, std::size_t to) {
    return option::of(code::relay_agent, {content.begin() + static_cast<std::ptrdiff_t>(from),
                                          content.begin() + static_cast<std::ptrdiff_t>(to)});
  };
  options.push_back(part(0, 201));
  options.push_back(part(201, 264));
  EXPECT_THAT(judge(options, 0), IsEmpty());
  options.back() = part(201, 263);
  EXPECT_THAT(judge(options, 0), ElementsAre(differs(option_name(code::relay_agent), "RFC3046-2.0-format")));
}

// RFC 3046, section 2.1: before END "if present".
class WithoutEnd : public OwnOption82 {
 protected:
  WithoutEnd() { expected.option82_optional = true; }

  /// Of a message whose options end with these octets.
  void is_sent_with(const Bytes& end) {
    tail = end;
    expected.message = encode(request().with({.tail = end}));
  }
  std::vector<Difference> judge_tail(const std::vector<Option>& observed, const Bytes& end) const {
    return compare_messages(expected, encode(request().with({.options = observed, .tail = end})));
  }

  Bytes tail;
};

TEST_F(WithoutEnd, ItIsTheLastWithAnEndBehindItOrWithout) {
  is_sent_with({});
  options.push_back(own);
  EXPECT_THAT(judge_tail(options, {}), IsEmpty());
  EXPECT_THAT(judge_tail(options, {code::end}), IsEmpty());
  EXPECT_THAT(judge_tail(options, {code::end, 0, 0}), IsEmpty());
  EXPECT_THAT(judge_tail(options, {code::end, 7}), ElementsAre(differs("octets at the end", kept)));
}

TEST_F(WithoutEnd, ItMayBeLeftOut) {
  is_sent_with({});
  EXPECT_THAT(judge_tail(options, {}), IsEmpty());
}

TEST_F(WithoutEnd, ItMayBeFilledUp) {
  is_sent_with({});
  options.push_back(own);
  const std::size_t size = encode(request().with({.options = options, .tail = Bytes{}})).size();
  EXPECT_THAT(judge_tail(options, Bytes(300 - size, 0)), IsEmpty());
  EXPECT_THAT(judge_tail(options, Bytes(301 - size, 0)), ElementsAre(differs("octets at the end", kept)));
}

TEST_F(WithoutEnd, WhatIsCutOffMayStayBehindItOrGo) {
  is_sent_with({60, 9, 'a'});
  options.push_back(own);
  EXPECT_THAT(judge_tail(options, {60, 9, 'a'}), IsEmpty());
  EXPECT_THAT(judge_tail(options, {}), IsEmpty());
  EXPECT_THAT(judge_tail(options, {60, 9, 'b'}),
              ElementsAre(differs(option_name(code::relay_agent), "RFC3046-2.1-last-before-end"),
                          differs(option_name(60), kept)));
}

// A walk over what was sent takes it for the data of the option before: there are octets more, and no
// option 82.
TEST_F(WithoutEnd, BehindWhatIsCutOffItIsNotFound) {
  is_sent_with({60, 9, 'a'});
  Bytes swallowed = tail;
  swallowed.insert(swallowed.end(), own.wire.begin(), own.wire.end());
  EXPECT_THAT(judge_tail(options, swallowed), Contains(differs("octets at the end", kept)));
}

// Under policy replace it may make place for the relay's own, or stay.
TEST_F(WithoutEnd, WhatIsCutOffOfAnotherOption82IsNotTakenForIt) {
  is_sent_with({code::relay_agent, 9, 1});
  EXPECT_THAT(judge_tail(options, tail), IsEmpty());
  options.push_back(own);
  EXPECT_THAT(judge_tail(options, {}), IsEmpty());
}

// RFC 1542, section 2.1: the room that the echo leaves may be filled with zeros, whatever they are read as.
TEST(ReplyWithoutEnd, MayStayAsLongAsItWas) {
  Expected e = expected_reply();
  const Message cut = reply().with({.tail = Bytes{60}}).plus(option::of(224, Bytes(40, 1)));
  e.message = encode(cut);
  e.strips_option82 = true;
  e.echo = {code::relay_agent, 2, 1, 0};
  Bytes observed = e.message;
  observed.resize(e.message.size() + 4);
  EXPECT_THAT(compare_messages(e, observed), IsEmpty());
  observed.back() = 7;
  EXPECT_THAT(compare_messages(e, observed), testing::Not(IsEmpty()));
}

TEST(Option82OfAnotherRelay, AddedToOrChangedIsFound) {
  const Message relayed = request().with({.giaddr = Ipv4("192.0.2.200")});
  const Option theirs = option::of(code::relay_agent, {1, 1, 7}),
               changed = option::of(code::relay_agent, {1, 1, 8});
  Expected e = expected_request();
  e.option82.added = "RFC3046-2.1.1-relayed-no-82-added";
  e.option82.kept = "RFC3046-2.1.1-relayed-82-kept";
  e.message = encode(relayed);
  const std::string field = option_name(code::relay_agent);
  EXPECT_THAT(compare_messages(e, encode(relayed.plus(theirs))),
              ElementsAre(differs(field, "RFC3046-2.1.1-relayed-no-82-added")));
  e.message = encode(relayed.plus(theirs));
  EXPECT_THAT(compare_messages(e, encode(relayed.plus(changed))),
              ElementsAre(differs(field, "RFC3046-2.1.1-relayed-82-kept")));
  EXPECT_THAT(compare_messages(e, with_options(relayed, *relayed.options)),
              ElementsAre(differs(field, "RFC3046-2.1.1-relayed-82-kept")));
}

// RFC 3046, section 2.1: what the relay has added goes, what another has put in stays.
class ReplyOfTwo : public testing::Test {
 protected:
  ReplyOfTwo() {
    expected.message = with({theirs});
    expected.strips_option82 = true;
    expected.echo = own;
    expected.option82.kept = "RFC3046-2.1-trusted-82-not-stripped";
  }
  Bytes with(const std::vector<Bytes>& contents) const {
    Message m = reply();
    for (const Bytes& content : contents) m = m.plus(option::of(code::relay_agent, content));
    Bytes octets = encode(m);
    octets.resize(300);
    return octets;
  }
  std::vector<Difference> judge(const std::vector<Bytes>& contents) const {
    return compare_messages(expected, with(contents));
  }

  const Bytes theirs{1, 4, 'p', 'o', 'r', 't'}, own{1, 2, 'd', '0'};
  Expected expected = expected_reply();
  const std::string field = option_name(code::relay_agent);
};

TEST_F(ReplyOfTwo, KeepsTheOthersInAnyCut) {
  EXPECT_THAT(judge({theirs}), IsEmpty());
  EXPECT_THAT(judge({{1}, {4, 'p', 'o'}, {'r', 't'}}), IsEmpty());
}

TEST_F(ReplyOfTwo, WithTheRelaysOwnLeftIsFound) {
  const auto left = ElementsAre(differs(field, "RFC3046-2.1-strip-on-reply"));
  EXPECT_THAT(judge({theirs, own}), left);
  EXPECT_THAT(judge({{1, 4, 'p', 'o', 'r', 't', 1, 2, 'd', '0'}}), left);
  EXPECT_THAT(judge({own}), left);
}

TEST_F(ReplyOfTwo, WithTheOthersChangedOrGoneIsFound) {
  const auto changed = ElementsAre(differs(field, "RFC3046-2.1-trusted-82-not-stripped"));
  EXPECT_THAT(judge({}), changed);
  EXPECT_THAT(judge({{1, 4, 'p', 'o', 'r'}}), changed);
  EXPECT_THAT(judge({{1, 4, 'p', 'o', 'r', 'T'}}), changed);
}

TEST_F(ReplyOfTwo, MayLackTheOthersWhereThatIsOptional) {
  expected.option82_optional = true;
  EXPECT_THAT(judge({}), IsEmpty());
  EXPECT_THAT(judge({theirs}), IsEmpty());
  EXPECT_THAT(judge({own}), ElementsAre(differs(field, "RFC3046-2.1-strip-on-reply")));
}

// What the end of the message cuts off may stay, and no PAD in front of it is padding.
TEST_F(ReplyOfTwo, MayKeepACodeAloneAtTheEnd) {
  expected.option82_optional = true;
  Message m = decode(expected.message);
  m.options = std::vector{option::pads(1), option::raw({code::relay_agent})};
  m.tail = Bytes{};
  expected.message = encode(m);
  EXPECT_THAT(compare_messages(expected, expected.message), IsEmpty());
}

}  // namespace
}  // namespace relayspec::judged
