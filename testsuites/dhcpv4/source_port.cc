// SPDX-License-Identifier: Apache-2.0
// A source port other than 67 (RFC 8357), for relays that share an address.
#include <algorithm>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

constexpr std::uint8_t source_port = 19;

class SourcePort : public Case {
 protected:
  void relay_at_another_port() { relay_with({.option82 = true, .source_port = 50067}); }
};

// RFC 8357, sections 4.1 and 5.1: the sub-option has no data; it says that the UDP source port counts.
TEST_F(SourcePort, Option82HasTheSubOption) {
  covers({"RFC8357-5.1-suboption-with-other-port", "RFC8357-4.1-length-0", "RFC8357-3.1-port-as-set"});
  relay_at_another_port();

  is_offered(client, server);
  for (const Message& m : {client.discover(), client.request(server), client.inform(), client.bootp()}) {
    const Arrival a = goes_up(m);
    // From port 67 the sub-option is absent.
    if (a.datagram.sport == 67 && !sub_option(a.message, source_port)) continue;
    const auto data = contains(a, "RFC8357-5.1-suboption-with-other-port", source_port);
    if (data && !data->empty())
      deviates("RFC8357-4.1-length-0", "the source-port sub-option has data", "no octet", hex(*data));
  }
}

// RFC 8357, section 5.1: the server answers to that port, and the client gets the reply at port 68.
TEST_F(SourcePort, ReplyToTheSourcePortIsDelivered) {
  covers({"RFC8357-3.1-receives-on-that-port"});
  relay_at_another_port();

  asks();
  goes_down(server.offer(client));
}

// RFC 8357, section 5.1: where the option finds no room, nothing tells the server of the other port, so it
// is 67.
TEST_F(SourcePort, Is_67WhenOption82HasNoRoom) {
  covers({"RFC8357-5.1-suboption-with-other-port"});
  relay_at_another_port();

  Message message = client.discover({.tail = Bytes{code::end}});
  for (std::size_t missing = 1472 - encode(message).size(); missing > 0;) {
    const std::size_t take = missing > 257 ? std::min<std::size_t>(257, missing - 2) : missing;
    message = message.plus(option::of(224, Bytes(take - 2, 0x42)));
    missing -= take;
  }
  client.sends(message);
  for (const Arrival& a : comes_out(Segment::uplink, message)) {
    // Port 68 is a client's under any settings, and judged wherever it comes.
    if (sub_option(a.message, source_port) || a.datagram.sport == 67 || a.datagram.sport == 68) continue;
    deviates("RFC8357-5.1-suboption-with-other-port",
             "a request without the sub-option comes from another port", "67",
             std::to_string(a.datagram.sport));
  }
}

// A server that knows nothing of it answers to 67.
TEST_F(SourcePort, ReplyToPort_67IsDeliveredOrDropped) {
  covers({"RFC8357-3.1-port-67-too"});
  relay_at_another_port();

  asks();
  const auto reply = server.offer(client);
  server.sends(reply, {.dport = std::uint16_t{67}});

  if (!client.may_get(delivered(reply))) note("RFC8357-3.1-port-67-too", "answers to port 67 are not taken");
}

// RFC 8357, section 5.4: a relay uses it only when it is configured.
TEST_F(SourcePort, Is_67ByDefault) {
  covers({"RFC8357-5.4-default-67"});
  relay_with({.option82 = true});

  lacks(goes_up(client.discover()), "RFC8357-5.4-default-67", source_port);
}

// Behind another relay nothing is added (RFC 3046, section 2.1.1); the answer does not come back here anyway.
TEST_F(SourcePort, RequestOfAnotherRelayGetsNoSubOption) {
  covers({"RFC8357-vs-3046-relayed"});
  relay_at_another_port();

  const auto message = client.discover({.hops = 1, .giaddr = other_relay()});
  client.sends(message);

  Relayed whole = relayed(message);
  whole.any_port = true;
  server.gets(whole);
}

}  // namespace
}  // namespace relayspec
