// SPDX-License-Identifier: Apache-2.0
// Octets of an earlier message, as in stale_octets.cc, where that message was one of another network.
#include "stale_octets.h"

namespace relayspec {
namespace {

// Where each network has a socket of its own, they may still share the buffer.
class StaleOctetsOfAnotherNetwork : public StaleOctets {
 protected:
  StaleOctetsOfAnotherNetwork() { before = neighbour; }
};

TEST_F(StaleOctetsOfAnotherNetwork, AreNotInRequests) {
  covers({"MALF-no-stale-data", "MALF-short-all-lengths", "IF-request-not-leaked"});

  requests_hold_their_own_octets({option::type(Type::discover)});
}

TEST_F(StaleOctetsOfAnotherNetwork, AreNotInRequestsWithOption82) {
  covers({"MALF-no-stale-data", "RFC3046-2.1-no-end-present", "IF-request-not-leaked"});
  relay_with({.option82 = true});

  requests_hold_their_own_octets({option::type(Type::discover)});
}

TEST_F(StaleOctetsOfAnotherNetwork, AreNotInReplies) {
  covers({"MALF-no-stale-data", "MALF-short-all-lengths", "IF-reply-only-owner"});

  replies_hold_their_own_octets();
}

TEST_F(StaleOctetsOfAnotherNetwork, AreNotInRepliesWithoutTheirEcho) {
  covers({"MALF-no-stale-data", "MALF-missing-end-reply", "IF-reply-only-owner"});
  relay_with({.option82 = true});

  replies_hold_their_own_octets();
}

}  // namespace
}  // namespace relayspec
