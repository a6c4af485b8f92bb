// SPDX-License-Identifier: Apache-2.0
// One message right behind another, as in succession.cc, while the relay adds and removes option 82.
#include "succession.h"

namespace relayspec {
namespace {

// RFC 3046, section 2.1: the relay adds and removes option 82, and all else is as without it.
class SuccessionWithOption82 : public Succession {
 protected:
  void relay_adds() { relay_with({.option82 = true}); }
};

TEST_F(SuccessionWithOption82, RequestAfterARequestIsRelayedAlike) {
  covers({"MALF-each-message-alone", "RFC3046-2.1-all-message-types"});
  relay_adds();

  in_turns_with(plain_request(), every_request());
}

TEST_F(SuccessionWithOption82, RequestAfterAReplyIsRelayedAlike) {
  covers({"MALF-each-message-alone", "RFC3046-2.1-all-message-types"});
  relay_adds();

  in_turns_with(plain_reply(), every_request());
}

TEST_F(SuccessionWithOption82, ReplyAfterARequestIsDeliveredAlike) {
  covers({"MALF-each-message-alone", "RFC3046-2.1-strip-on-reply"});
  relay_adds();

  in_turns_with(plain_request(), every_reply());
}

TEST_F(SuccessionWithOption82, ReplyAfterAReplyIsDeliveredAlike) {
  covers({"MALF-each-message-alone", "RFC3046-2.1-strip-on-reply"});
  relay_adds();

  in_turns_with(plain_reply(), every_reply());
}

}  // namespace
}  // namespace relayspec
