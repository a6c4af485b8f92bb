// SPDX-License-Identifier: Apache-2.0
// RFC 3396, section 4.1: another's option 82 and the relay's own may be one option.
#include "harness/dhcp4/testing.h"

namespace relayspec::judged {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class JoinedOption82 : public testing::Test {
 protected:
  JoinedOption82() {
    expected.adds_option82 = true;
    expected.option82.due = expected.option82.kept = "POLICY-append-keeps-and-adds";
    with(theirs);
  }
  void with(const Bytes& content) {
    auto options = plain_options();
    options.insert(options.begin() + 1, option::of(code::relay_agent, content));
    expected.message = with_options(request(), options);
  }
  static Bytes joined(Bytes a, const Bytes& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
  }
  std::vector<Difference> judge_last(const std::vector<Bytes>& instances) const {
    auto options = plain_options();
    for (const Bytes& content : instances) options.push_back(option::of(code::relay_agent, content));
    return compare_messages(expected, with_options(request(), options));
  }

  Expected expected = expected_request();
  const Bytes theirs{200, 4, 'p', 'o', 'r', 't'}, own{1, 4, 'e', 't', 'h', '0'};
};

TEST_F(JoinedOption82, AsTheLastOptionIsFine) { EXPECT_THAT(judge_last({joined(theirs, own)}), IsEmpty()); }

TEST_F(JoinedOption82, InPlaceOfTheirsIsNotTheLastOption) {
  auto options = plain_options();
  options.insert(options.begin() + 1, option::of(code::relay_agent, joined(theirs, own)));
  EXPECT_THAT(compare_messages(expected, with_options(request(), options)),
              ElementsAre(differs("option 82 (Relay Agent Information)", "RFC3046-2.1-last-before-end")));
}

TEST_F(JoinedOption82, Over255OctetsIsSplit) {
  Bytes much{200, 248};
  much.resize(250, 'x');
  with(much);
  const Bytes all = joined(much, own);
  EXPECT_THAT(judge_last({Bytes(all.begin(), all.begin() + 255), Bytes(all.begin() + 255, all.end())}),
              IsEmpty());
}

TEST_F(JoinedOption82, WithoutTheirsOrWithoutTheRelaysOwnIsFound) {
  EXPECT_FALSE(judge_last({own}).empty());
  EXPECT_FALSE(judge_last({theirs}).empty());
  EXPECT_FALSE(judge_last({joined(own, theirs)}).empty());
}

TEST_F(JoinedOption82, IsStillTakenApart) {
  EXPECT_THAT(judge_last({joined(theirs, {1, 9, 'x'})}),
              ElementsAre(differs("option 82 (Relay Agent Information)", "RFC3046-2.0-format")));
}

}  // namespace
}  // namespace relayspec::judged
