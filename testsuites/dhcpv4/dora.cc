// The eight hops of a whole exchange, each looked at from all sides: addresses, ports, every octet, and what
// comes out where.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Dora : public Case {};

// Hops 1 and 2. RFC 1542, section 4.1.1: a new datagram to the server, giaddr filled in, hops one higher, all
// else as sent; and nothing of it on the clients' side.
TEST_F(Dora, DiscoverReachesTheServer) {
  covers({"RFC1542-4.1.1-giaddr-fill", "RFC1542-4.1.1-hops-increment", "RFC1542-4.1.1-fields-intact",
          "RFC1542-4-new-datagram", "RFC2131-4.1-server-port-67"});

  const auto discover = client.discover();
  client.sends(discover);

  server.gets(relayed(discover));
}

// Hops 3 and 4 with the BROADCAST flag. RFC 1542, section 4.1.2: to everybody on the client's link, at both
// layers.
TEST_F(Dora, OfferReachesTheClientByBroadcast) {
  covers({"RFC1542-4.1.2-broadcast-delivery", "RFC1542-4.1.2-fields-intact-reply", "RFC1542-4.1.2-dport-68"});

  const auto discover = client.discover({.flags = broadcast_flag});
  client.sends(discover);
  server.gets(relayed(discover));

  const auto offer = server.offer(client, {.flags = broadcast_flag});
  server.sends(offer);

  client.gets(delivered(offer, Delivered::By::broadcast));
}

}  // namespace
}  // namespace relayspec
