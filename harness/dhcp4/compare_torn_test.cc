// SPDX-License-Identifier: Apache-2.0
// Octets that a relay takes out, puts in or changes at the wrong place are one difference, and whole options
// are what they were.
#include "harness/dhcp4/testing.h"

namespace relayspec::judged {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr const char* kIntactReply = "RFC1542-4.1.2-options-intact-reply";

class TornOptions : public testing::Test {
 protected:
  /// What is found where the octets `from` and on, so many of them, become others.
  std::vector<Difference> judge(std::size_t from, std::size_t many, const Bytes& others) const {
    Bytes observed = expected.message;
    const auto at = observed.begin() + static_cast<std::ptrdiff_t>(options_offset + from);
    observed.insert(observed.erase(at, at + static_cast<std::ptrdiff_t>(many)), others.begin(), others.end());
    return compare_messages(expected, observed);
  }

  // 53 1 5, 54 4 198 51 100 2, 51 4 0 0 14 16, END
  Expected expected = expected_reply();
};

TEST_F(TornOptions, LostOctetIsOneDifference) {
  EXPECT_THAT(judge(8, 1, {}), ElementsAre(differs("options", kIntactReply)));
  EXPECT_EQ(judge(8, 1, {})[0].kind, "reply options torn");
}

TEST_F(TornOptions, LostOctetOfTheLastOptionIsOneDifferenceThoughEndGoesIntoIt) {
  EXPECT_THAT(judge(14, 1, {}), ElementsAre(differs("options", kIntactReply)));
}

TEST_F(TornOptions, OctetThatMoreHasBeenPutInIsOneDifference) {
  EXPECT_THAT(judge(2, 0, {9}), ElementsAre(differs("options", kIntactReply)));
}

TEST_F(TornOptions, ChangedLengthIsOneDifference) {
  EXPECT_THAT(judge(4, 1, {6}), ElementsAre(differs("options", kIntactReply)));
}

TEST_F(TornOptions, WholeOptionsThatAreMissingAreOneEach) { EXPECT_THAT(judge(3, 12, {}), SizeIs(2)); }

TEST_F(TornOptions, ContentOfAnOptionThatIsChangedIsThatOptions) {
  EXPECT_THAT(judge(11, 2, {7, 8}), ElementsAre(differs(option_name(code::lease_time), kIntactReply)));
}

// A relay that replaces both leaves the options between them as they are.
TEST_F(TornOptions, TwoServerIdentifiersThatBecomeTheRelaysAreOneEach) {
  const Bytes relay = {198, 51, 100, 1};
  expected.message = encode(reply().plus(option::address(code::server_id, Ipv4("198.51.100.3"))));
  Bytes observed = expected.message;
  for (const std::size_t at : {5U, 17U})
    std::copy(relay.begin(), relay.end(),
              observed.begin() + static_cast<std::ptrdiff_t>(options_offset + at));
  EXPECT_THAT(compare_messages(expected, observed),
              testing::Each(testing::Field(&Difference::field, option_name(code::server_id))));
}

// RFC 3046, section 2.1.
TEST_F(TornOptions, RestOfTheEchoIsATraceOfIt) {
  expected.strips_option82 = true;
  expected.echo = {1, 6, 'p', 'o', 'r', 't', '-', '9'};
  EXPECT_THAT(judge(9, 0, expected.echo), ElementsAre(differs("options", "RFC3046-2.1-strip-no-trace")));
}

TEST_F(TornOptions, HeaderOfTheEchoIsLeftInPlaceOfAll) {
  expected.strips_option82 = true;
  EXPECT_THAT(judge(9, 0, {82, 4}), ElementsAre(differs("options", "RFC3046-2.1-strip-on-reply")));
}

}  // namespace
}  // namespace relayspec::judged
