// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/quirks.h"

#include <gmock/gmock.h>

#include "harness/engine/testing_print.h"

namespace relayspec {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Difference differing(const std::string& field, const std::string& kind, const std::string& observed = "") {
  return {.field = field, .observed = observed, .kind = kind};
}

TEST(Quirks, ADifferenceOfBothExchangesIsOne) {
  Quirks quirks;
  const auto hops = differing("hops", "request hops +0", "3");
  quirks.learn({hops}, {hops});
  EXPECT_TRUE(quirks.contains(differing("hops", "request hops +0", "9"))) << "whatever the value";
  EXPECT_FALSE(quirks.contains(differing("hops", "request hops +2")));
  EXPECT_FALSE(quirks.contains(differing("hops", "reply hops +0"))) << "the other direction";
  EXPECT_FALSE(quirks.contains(differing("secs", "request secs +0")));
}

TEST(Quirks, ADifferenceOfTheFirstAloneIsNone) {
  Quirks quirks;
  quirks.learn({differing("hops", "request hops +0")}, {});
  EXPECT_FALSE(quirks.contains(differing("hops", "request hops +0")));
  EXPECT_THAT(quirks.differences(), IsEmpty());
}

TEST(Quirks, ADifferenceOfTheSecondExchangeAloneIsNone) {
  Quirks quirks;
  quirks.learn({differing("secs", "request secs +1")}, {differing("hops", "request hops +0")});
  EXPECT_FALSE(quirks.contains(differing("hops", "request hops +0")));
  EXPECT_THAT(quirks.differences(), IsEmpty());
}

TEST(Quirks, AFieldThatDiffersInAnotherWayEachTimeVaries) {
  Quirks quirks;
  quirks.learn({differing("sname", "request sname 01")}, {differing("sname", "request sname 02")});
  EXPECT_TRUE(quirks.contains(differing("sname", "request sname 77")));
  EXPECT_FALSE(quirks.contains(differing("sname", "reply sname 77"))) << "the other direction";
  EXPECT_FALSE(quirks.contains(differing("file", "request file 77")));
}

TEST(Quirks, AFieldThatDiffersInTheSameWayDoesNotVary) {
  Quirks quirks;
  const auto hops = differing("hops", "request hops +0");
  quirks.learn({hops, differing("secs", "request secs +1")}, {hops});
  EXPECT_FALSE(quirks.contains(differing("hops", "request hops +5")));
}

TEST(Quirks, EachKindIsReportedOnceInTheOrderOfDiscovery) {
  Quirks quirks;
  const auto b = differing("b", "request b"), a = differing("a", "request a");
  quirks.learn({b, a}, {b, a, b});
  quirks.learn({a}, {a});
  std::vector<std::string> kinds;
  for (const Difference& d : quirks.differences()) kinds.push_back(d.kind);
  EXPECT_THAT(kinds, ElementsAre("request b", "request a"));
}

TEST(Quirks, ExcessCountsWhenBothExchangesShowIt) {
  Quirks quirks;
  quirks.learn_excess({"echo", "once"}, {"echo", "twice"});
  EXPECT_TRUE(quirks.contains_excess("echo"));
  EXPECT_FALSE(quirks.contains_excess("once"));
  EXPECT_FALSE(quirks.contains_excess("twice"));
  EXPECT_THAT(quirks.excess(), ElementsAre("echo"));
}

TEST(Quirks, AFormOfRepliesIsLostOnOneDownlink) {
  Quirks quirks;
  EXPECT_EQ(quirks.loss(Segment::downlink0, 1), std::nullopt);
  quirks.learn_loss(Segment::downlink0, 1, {"deliver"});
  EXPECT_EQ(quirks.loss(Segment::downlink0, 1), "deliver");
  EXPECT_EQ(quirks.loss(Segment::downlink0, 0), std::nullopt);
  EXPECT_EQ(quirks.loss(Segment::downlink1, 1), std::nullopt);
  quirks.learn_loss(Segment::downlink1, 0, {"deliver"});
  quirks.learn_loss(Segment::downlink1, 1, {"may be dropped", true});
  EXPECT_EQ(quirks.loss(Segment::downlink1, 1), "may be dropped");
  EXPECT_THAT(quirks.losses(), ElementsAre("deliver"));
}

}  // namespace
}  // namespace relayspec
