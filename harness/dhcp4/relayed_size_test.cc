// SPDX-License-Identifier: Apache-2.0
// Whether a request gets option 82, by its size (RFC 3046, section 2.1).
#include "harness/dhcp4/testing_model.h"

namespace relayspec::dhcp4 {
namespace {

using Policy = AgentOptionPolicy;

class RelayedRequestBySize : public testing::Test {
 protected:
  RelayedRequestBySize() { world.settings.option82 = true; }

  /// Whether a request of this size gets option 82, and whether it may also go without.
  std::pair<bool, bool> of_size(std::size_t octets) {
    sent.tail = Bytes{code::end};
    const std::size_t used = encode(sent).size();
    sent.tail->resize(1 + octets - used);
    const Relayed r = Model(world).relayed(sent, Segment::downlink0, {});
    sent.tail.reset();
    return {r.adds_option82, r.option82_optional};
  }
  /// `least`: without a limit of the operator's the relay may have one.
  void expect_limit(std::size_t limit, std::size_t least) {
    EXPECT_EQ(of_size(least - 257), std::pair(true, false)) << limit;
    EXPECT_EQ(of_size(least - 256), std::pair(true, true)) << limit;
    EXPECT_EQ(of_size(limit), std::pair(true, true)) << limit;
    EXPECT_EQ(of_size(limit + 1), std::pair(false, false)) << limit;
  }

  World world;
  Message sent = plain_request().message.with({.flags = broadcast_flag});
};

// Near the limit only the relay knows.
TEST_F(RelayedRequestBySize, HasOption82AsLongAsItFits) {
  expect_limit(1472, 576);
  world.settings.max_size = 576;
  expect_limit(576, 576);
  world.settings.max_size = 9000;
  expect_limit(1472, 1472);
  world.settings.option82 = false;
  EXPECT_EQ(of_size(400), std::pair(false, false));
}

TEST_F(RelayedRequestBySize, HasASecondOneAsLongAsItFits) {
  world.settings.option82_policy = Policy::append;
  sent = sent.plus(some_option82());
  expect_limit(1472, 576);
  world.settings.max_size = 576;
  expect_limit(576, 576);
}

// What is replaced makes room, and goes in any case.
TEST_F(RelayedRequestBySize, HasAnotherOptionReplacedAsLongAsItFits) {
  world.settings.option82_policy = Policy::replace;
  sent = sent.plus(some_option82());
  const std::size_t freed = some_option82().wire.size();
  expect_limit(1472 + freed, 576 + freed);
  world.settings.max_size = 576;
  expect_limit(576 + freed, 576 + freed);
  EXPECT_EQ(
      find_option(encode(Model(world).relayed(sent, Segment::downlink0, {}).message), code::relay_agent),
      std::nullopt);
}

}  // namespace
}  // namespace relayspec::dhcp4
