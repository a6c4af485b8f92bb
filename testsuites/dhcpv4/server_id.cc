// SPDX-License-Identifier: Apache-2.0
// Option 54: in the RFCs' dialects it passes unchanged; in dialect `proxy` the relay stands in for the
// server.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class ServerId : public Case {};

// RFC 2132, section 9.7: the client learns the server that made the offer; in `proxy` it learns the relay.
TEST_F(ServerId, InAnOfferIsThatOfTheDialect) {
  covers({"RFC2132-9.7-server-id-kept-reply", "PROXY-54-offer-rewritten"});

  asks();
  goes_down(server.offer(client));
}

// The same in an ACK, or the client would drop it.
TEST_F(ServerId, InAnAckIsThatOfTheOffer) {
  covers({"RFC2132-9.7-server-id-kept-reply", "PROXY-54-ack-rewritten"});

  has_lease(client, server);
}

// The same in a NAK.
TEST_F(ServerId, InANakIsThatOfTheOffer) {
  covers({"RFC2132-9.7-server-id-kept-reply", "PROXY-54-nak-rewritten"});

  is_offered(client, server);
  goes_up(client.request(server));
  goes_down(server.nak(client, {.flags = broadcast_flag}));
}

// The server finds its own identifier in the REQUEST.
TEST_F(ServerId, InARequestNamesTheServer) {
  covers({"RFC2132-9.7-server-id-kept-request", "PROXY-54-request-restored"});

  is_offered(client, server);
  goes_up(client.request(server));
}

// And in a DECLINE.
TEST_F(ServerId, InADeclineNamesTheServer) {
  covers({"RFC2131-4.4.4-decline-relayed", "PROXY-54-decline-restored"});

  has_lease(client, server);
  goes_up(client.decline(server));
}

// And in a RELEASE that comes to the relay.
TEST_F(ServerId, InAReleaseNamesTheServer) {
  covers({"RFC2131-4.4.4-release-via-relay", "PROXY-54-release-restored"});

  has_lease(client, server);
  const auto message = client.release(server);
  client.sends_to_relay(message, relay_address(Segment::downlink0));

  server.gets(relayed(message));
}

// The identifier of a server that the relay does not know stays as the client wrote it.
TEST_F(ServerId, OfAForeignServerIsKept) {
  covers({"RFC2132-9.7-server-id-kept-request", "PROXY-request-other-server"});

  goes_up(client.reboot().plus(option::address(code::server_id, host_address(Segment::uplink, 99))));
}

// A reply without a Server Identifier, as BOOTP servers send, is not given one.
TEST_F(ServerId, IsNotAddedToAReply) {
  covers({"RFC1542-5.4-bootp-reply-delivered", "PROXY-54-absent"});

  goes_up(client.bootp());
  goes_down(server.bootp_reply(client));
}

// RFC 2131, section 4.3.2: a renewal names no server; what comes to the relay goes on without one.
TEST_F(ServerId, IsNotAddedToARenewal) {
  covers({"RFC1542-4.1-accept-unicast-to-self", "PROXY-renew-accepted"});

  has_lease(client, server);
  const auto message = client.renew();
  client.sends_to_relay(message, proxy() ? server.seen_by(client) : relay_address(Segment::downlink0));

  server.gets(relayed(message));
}

// RFC 2132, section 9.7: the identifier is what the server says, which need not be the address it sends from.
TEST_F(ServerId, OfAServerWithSeveralAddressesIsKept) {
  covers({"RFC2132-9.7-server-id-kept-reply"});
  only_in({Dialect::rfc, Dialect::strict});

  asks();
  goes_down(replacing(server.offer(client), code::server_id,
                      option::address(code::server_id, host_address(Segment::uplink, 99))));
}

}  // namespace
}  // namespace relayspec
