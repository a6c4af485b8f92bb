// SPDX-License-Identifier: Apache-2.0
// A lease, and the time after it in which no host sends anything.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class LeaseAtRest : public Case {
 protected:
  /// A lease, and nothing more until the next one.
  void nothing_follows() {
    everything_counts();
    has_lease(client, server);
    relay_is_left_alone();
  }
};

// RFC 2131, section 4.1: repeating messages is up to the clients. A relay sends each message that it has
// received once, and nothing else.
TEST_F(LeaseAtRest, RelaySendsNothingByItself) {
  covers({"IF-nothing-of-itself", "SRV-each-gets-copy", "SRV-reply-once"});

  nothing_follows();

  nothing_comes_out();
  control_goes_up(client.another().discover());
}

TEST_F(LeaseAtRest, RelayWithOption82SendsNothingByItself) {
  covers({"IF-nothing-of-itself", "SRV-each-gets-copy", "SRV-reply-once"});
  relay_with({.option82 = true});

  nothing_follows();

  nothing_comes_out();
  control_goes_up(client.another().discover());
}

}  // namespace
}  // namespace relayspec
