// SPDX-License-Identifier: Apache-2.0
// hops: each relay adds 1, and the limit ends loops.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Hops : public Case {};

// RFC 1542, section 4.1.1: every request that is relayed leaves with hops one higher than it came.
TEST_F(Hops, IsIncrementedBy_1) {
  covers({"RFC1542-4.1.1-hops-increment"});

  goes_up(client.discover({.hops = 0}));
}

// RFC 1542, section 4.1.1: that holds behind another relay too, where hops is no longer zero.
TEST_F(Hops, IsIncrementedBy_1BehindAnotherRelay) {
  covers({"RFC1542-4.1.1-hops-increment-relayed", "RFC1542-4.1.1-hops-increment"});

  goes_up(client.discover({.hops = 3, .giaddr = other_relay()}));
}

// RFC 1542, section 4.1.1: the limit is "exceeds 16", so 17 is the first value that is dropped.
TEST_F(Hops, 17IsDiscarded) {
  covers({"RFC1542-4.1.1-hops-over-16-discard"});

  client.sends(client.discover({.hops = 17}));

  nothing_comes_out();
  control_goes_up(client.discover({.hops = 0}));
}

// RFC 1542, section 4.1.1: every BOOTREQUEST has the limit, one of plain BOOTP too.
TEST_F(Hops, 17OfPlainBootpIsDiscarded) {
  covers({"RFC1542-4.1.1-hops-over-16-discard"});

  client.sends(client.bootp({.hops = 17}));

  nothing_comes_out();
  control_goes_up(client.bootp({.hops = 0}));
}

// RFC 1542, section 4.1.1: the limit is the relay's, on whichever of its networks the request comes.
TEST_F(Hops, 17OnASecondNetworkIsDiscarded) {
  covers({"RFC1542-4.1.1-hops-over-16-discard"});

  neighbour.sends(neighbour.discover({.hops = 17}));

  nothing_comes_out();
  control_goes_up(neighbour, neighbour.discover({.hops = 0}));
}

// The largest value must not wrap round to zero.
TEST_F(Hops, 255IsDiscarded) {
  covers({"RFC1542-4.1.1-hops-over-16-discard"});

  client.sends(client.discover({.hops = 255}));

  nothing_comes_out();
  control_goes_up(client.discover({.hops = 0}));
}

// RFC 1542, section 4.1.2: in a reply the relay leaves hops unchanged.
TEST_F(Hops, IsUnchangedInAReply) {
  covers({"RFC1542-4.1.2-hops-not-touched-reply"});

  asks();
  goes_down(server.offer(client, {.hops = 17}));
}

// RFC 1542, section 4.1.1: to the letter the limit is 4 unless configured.
TEST_F(Hops, 4IsRelayedByDefault) {
  covers({"RFC1542-4.1.1-hops-default-4"});
  only_in({Dialect::strict});

  goes_up(client.discover({.hops = 4}));
}

// RFC 1542, section 4.1.1: and 5 is one too many then.
TEST_F(Hops, 5IsDiscardedByDefault) {
  covers({"RFC1542-4.1.1-hops-default-4"});
  only_in({Dialect::strict});

  client.sends(client.discover({.hops = 5}));

  nothing_comes_out();
  control_goes_up(client.discover({.hops = 0}));
}

// RFC 1542, section 4.1.1: with the limit at 16, its highest value, 15 passes.
TEST_F(Hops, 15IsRelayedWithLimit_16) {
  covers({"RFC1542-4.1.1-hops-16-boundary"});
  relay_with({.max_hops = 16});

  goes_up(client.discover({.hops = 15}));
}

// RFC 1542, section 4.1.1: "exceeds 16" means that 16 itself passes.
TEST_F(Hops, 16IsRelayedWithLimit_16) {
  covers({"RFC1542-4.1.1-hops-16-boundary"});
  relay_with({.max_hops = 16});

  goes_up(client.discover({.hops = 16}));
}

// RFC 1542, section 4.1.1: 17 is dropped whatever is configured.
TEST_F(Hops, 17IsDiscardedWithLimit_16) {
  covers({"RFC1542-4.1.1-hops-over-16-discard"});
  relay_with({.max_hops = 16});

  client.sends(client.discover({.hops = 17}));

  nothing_comes_out();
  control_goes_up(client.discover({.hops = 0}));
}

// RFC 1542, section 4.1.1: the operator can lower the limit, not raise it.
TEST_F(Hops, 17IsDiscardedWithLimit_20) {
  covers({"RFC1542-4.1.1-hops-over-16-discard"});
  relay_with({.max_hops = 20});
  relay_may_refuse("RFC1542-4.1.1-hops-threshold-configurable");

  for (const std::uint8_t hops : Bytes{17, 20}) client.sends(client.discover({.hops = hops}));

  nothing_comes_out();
  control_goes_up(client.discover({.hops = 0}));
}

// RFC 1542, section 4.1.1: the operator can lower the limit.
TEST_F(Hops, 3IsDiscardedWithLimit_2) {
  covers({"RFC1542-4.1.1-hops-threshold-configurable"});
  relay_with({.max_hops = 2});

  client.sends(client.discover({.hops = 3}));

  nothing_comes_out();
  control_goes_up(client.discover({.hops = 0}));
}

}  // namespace
}  // namespace relayspec
