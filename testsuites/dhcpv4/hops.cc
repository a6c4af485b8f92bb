// hops: one more for every relay, and an end to loops.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Hops : public Case {};

// RFC 1542, section 4.1.1: every request that is relayed leaves with hops one higher than it came.
TEST_F(Hops, GoUpByOne) {
  covers({"RFC1542-4.1.1-hops-increment"});

  const auto message = client.discover({.hops = 0});
  client.sends(message);

  server.gets(relayed(message, {.hops = 1}));
}

// RFC 1542, section 4.1.1: that holds behind another relay too, where hops is no longer zero.
TEST_F(Hops, GoUpByOneBehindAnotherRelay) {
  covers({"RFC1542-4.1.1-hops-increment-relayed", "RFC1542-4.1.1-hops-increment"});

  const auto message = client.discover({.hops = 3, .giaddr = Ipv4("192.0.2.200")});
  client.sends(message);

  server.gets(relayed(message, {.hops = 4}));
}

// RFC 1542, section 4.1.1: the limit is "exceeds 16", so 17 is the first that goes.
TEST_F(Hops, ExceedingSixteenIsDiscarded) {
  covers({"RFC1542-4.1.1-hops-over-16-discard"});

  client.sends(client.discover({.hops = 17}));

  nothing_comes_out();
}

}  // namespace
}  // namespace relayspec
