// SPDX-License-Identifier: Apache-2.0
// Octets of an earlier message: distinguished from what a relay changes by itself.
#include <algorithm>

#include "harness/dhcp4/testing.h"

namespace relayspec::judged {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

class Remains : public testing::Test {
 protected:
  Remains() {
    // Without END, so that nothing says where the options end.
    sent.tail = Bytes{};
    expected.message = encode(sent);
  }

  std::vector<Difference> judge(const Bytes& observed) const {
    return explained_by_remains(compare_messages(expected, observed), expected, expected.message,
                                encode(earlier), observed);
  }
  /// The message, and behind it what stands there in the earlier one, up to a size.
  Bytes read_on(std::size_t size) const {
    Bytes octets = expected.message;
    const Bytes buffer = encode(earlier);
    octets.insert(octets.end(), buffer.begin() + static_cast<std::ptrdiff_t>(octets.size()),
                  buffer.begin() + static_cast<std::ptrdiff_t>(size));
    return octets;
  }

  Message sent = request();
  const Message earlier = request().plus(option::of(224, Bytes(200, 0xd7)));
  Expected expected = expected_request();
};

TEST_F(Remains, AreOneDifference) {
  EXPECT_THAT(judge(read_on(400)),
              ElementsAre(differs("octets of an earlier message", "MALF-no-stale-data")));
}

// What two clients have in common stands in the same place.
TEST_F(Remains, StoodBehindTheEndOfTheMessage) {
  sent = request().plus(option::text(80, "client ten"));
  expected.message = encode(sent);
  const Bytes observed = encode(request().plus(option::text(80, "client two")));
  EXPECT_THAT(explained_by_remains(compare_messages(expected, observed), expected, expected.message, observed,
                                   observed),
              ElementsAre(differs(option_name(80), kept)));
}

// Behind them an option has been overwritten with PADs, as behind the same octets of another message.
TEST_F(Remains, AreNotItsOwnOctetsInTheirPlace) {
  const Option changed = option::of(81, {1}), own = option::of(80, {4, 5, 6, 7}),
               last = option::of(224, {1, 2, 3, 4, 5, 6});
  const Message up_to_it = request().plus(changed).plus(own).with({.tail = Bytes{}});
  const Bytes message = encode(up_to_it.plus(last));
  expected.message = encode(up_to_it);
  Bytes observed = message;
  observed[observed.size() - 8 - 6 - 1] = 2;
  std::fill(observed.end() - 8, observed.end(), std::uint8_t{0});
  Bytes buffer = message;
  buffer.insert(buffer.end(), observed.end() - 14, observed.end());
  EXPECT_THAT(explained_by_remains(compare_messages(expected, observed), expected, message, buffer, observed),
              Not(Contains(differs("octets of an earlier message", "MALF-no-stale-data"))));
}

TEST_F(Remains, AreNoFewOctets) {
  EXPECT_THAT(judge(read_on(expected.message.size() + 7)),
              Not(Contains(differs("octets of an earlier message", "MALF-no-stale-data"))));
}

TEST_F(Remains, AreNotWhatTheRelayAddsByItself) {
  const Message added = sent.plus(option::of(225, Bytes(200, 0xa5)));
  EXPECT_THAT(judge(encode(added)), ElementsAre(differs(option_name(225), kept)));
}

TEST_F(Remains, AreNotWhatThisMessageHad) {
  sent = sent.plus(option::of(224, Bytes(200, 0xd7)));
  const Bytes whole = encode(sent);
  expected.message = encode(request().with({.tail = Bytes{}}));
  EXPECT_THAT(
      explained_by_remains(compare_messages(expected, whole), expected, whole, encode(earlier), whole),
      ElementsAre(differs(option_name(224), kept)));
}

// RFC 951, section 3: the fixed fields alone, behind which nothing is read.
TEST_F(Remains, BehindAMessageWithoutOptionsAreFoundAsWell) {
  Bytes bare = encode(request());
  bare.resize(236);
  expected.message = bare;
  const Bytes buffer = encode(request().plus(option::of(224, Bytes(200, 0xd7))));
  Bytes observed = bare;
  observed.insert(observed.end(), buffer.begin() + 236, buffer.begin() + 400);
  EXPECT_THAT(explained_by_remains(compare_messages(expected, observed), expected, bare, buffer, observed),
              ElementsAre(differs("octets of an earlier message", "MALF-no-stale-data")));
}

TEST_F(Remains, LeaveOtherDifferencesAsTheyAre) {
  Bytes observed = read_on(400);
  observed[3] = 7;
  EXPECT_THAT(judge(observed), ElementsAre(differs("hops", "RFC1542-4.1.1-hops-increment"),
                                           differs("octets of an earlier message", "MALF-no-stale-data")));
}

TEST_F(Remains, OfAReplyAreFoundAsWell) {
  expected = expected_reply();
  expected.message = encode(reply().with({.tail = Bytes{}}));
  const Bytes buffer = encode(reply().plus(option::of(224, Bytes(200, 0xd7))));
  Bytes observed = expected.message;
  observed.insert(observed.end(), buffer.begin() + static_cast<std::ptrdiff_t>(observed.size()),
                  buffer.begin() + 400);
  const auto found = explained_by_remains(compare_messages(expected, observed), expected, expected.message,
                                          buffer, observed);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, "reply octets of an earlier message");
}

}  // namespace
}  // namespace relayspec::judged
