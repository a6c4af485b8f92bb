// secs: how long a client has been trying, by which a relay may hold back (RFC 1542, section 4.1.1).
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Secs : public Case {};

// RFC 1542, section 4.1.1: unless the operator has set a threshold there is none.
TEST_F(Secs, OfZeroPassByDefault) {
  covers({"RFC1542-4.1.1-secs-threshold-configurable"});

  goes_up(client.discover({.secs = 0}));
}

// RFC 1542, section 4.1.1: with one, a client that has not tried for so long is left to its own network's
// servers.
TEST_F(Secs, BelowTheThresholdAreHeldBack) {
  covers({"RFC1542-4.1.1-secs-threshold-configurable", "RFC1542-4.1.1-secs-threshold"});
  relay_with({.min_secs = 8});

  client.sends(client.discover({.secs = 7}));

  nothing_comes_out();
}

// From the threshold on its requests pass.
TEST_F(Secs, OfTheThresholdPass) {
  covers({"RFC1542-4.1.1-secs-threshold-configurable"});
  relay_with({.min_secs = 8});

  goes_up(client.discover({.secs = 8}));
}

// secs is in network order: clients that write it the wrong way round are another matter.
TEST_F(Secs, AreReadInNetworkOrder) {
  covers({"RFC1542-4.1.1-secs-threshold-configurable", "RFC1542-4.1.1-secs-byte-order"});
  relay_with({.min_secs = 8});

  goes_up(client.discover({.secs = 256}));
}

}  // namespace
}  // namespace relayspec
