// SPDX-License-Identifier: Apache-2.0
// secs: how long a client has been trying, which a relay may wait for (RFC 1542, section 4.1.1).
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Secs : public Case {};

// RFC 1542, section 4.1.1: whether a relay drops the first requests of a client is its choice.
TEST_F(Secs, DefaultFor_0IsAChoice) {
  covers({"RFC1542-4.1.1-secs-threshold"});

  if (!may_go_up(client.discover({.secs = 0})))
    note("RFC1542-4.1.1-secs-threshold", "requests with secs 0 are held back by default");
}

// RFC 1542, section 4.1.1: with one, a client that has not tried for so long is left to its own network's
// servers.
TEST_F(Secs, BelowTheThresholdIsDropped) {
  covers({"RFC1542-4.1.1-secs-threshold-configurable", "RFC1542-4.1.1-secs-threshold"});
  relay_with({.min_secs = 8});

  client.sends(client.discover({.secs = 7}));

  nothing_comes_out();
  control_goes_up(client.discover({.secs = 8}));
}

// From the threshold on its requests pass, whatever the highest bit is.
TEST_F(Secs, AtTheThresholdIsRelayed) {
  covers({"RFC1542-4.1.1-secs-threshold-configurable"});
  relay_with({.min_secs = 8});

  for (const unsigned secs : {8U, 0x7fffU, 0x8000U, 0xffffU})
    goes_up(client.discover({.secs = static_cast<std::uint16_t>(secs)}));
}

// secs is in network order: clients that write it the wrong way round are another matter.
TEST_F(Secs, IsReadInNetworkOrder) {
  covers({"RFC1542-4.1.1-secs-threshold-configurable", "RFC1542-4.1.1-secs-byte-order"});
  relay_with({.min_secs = 8});

  goes_up(client.discover({.secs = 256}));
}

}  // namespace
}  // namespace relayspec
