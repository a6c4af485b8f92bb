// SPDX-License-Identifier: Apache-2.0
// Relay Agent Information (RFC 3046): which messages carry it, and which must not.
#include <algorithm>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Option82 : public Case {};

Option claimed_circuit() { return option::of(code::relay_agent, {1, 4, 'f', 'a', 'k', 'e'}); }

// RFC 3046, section 2.1: from an untrusted client the option is a forgery, and the request is dropped.
TEST_F(Option82, RequestFromClientWithOption82IsDropped) {
  covers({"RFC3046-2.1-untrusted-with-82-giaddr0-discard"});
  relay_with({.option82 = true});

  client.sends(client.discover().plus(claimed_circuit()));

  nothing_comes_out();
  control_goes_up(client.discover());
}

// RFC 3046, section 2.1: it makes no difference that it was sent to the relay alone.
TEST_F(Option82, UnicastRequestFromClientWithOption82IsDropped) {
  covers({"RFC3046-2.1-untrusted-with-82-giaddr0-discard"});
  relay_with({.option82 = true});

  client.sends_to_relay(client.renew().plus(claimed_circuit()), relay_address(Segment::downlink0));

  nothing_comes_out();
  control_goes_up(client.renew(), {.eth_dst = relay_mac(Segment::downlink0),
                                   .ip_dst = relay_address(Segment::downlink0),
                                   .ip_src = client.lease()});
}

// RFC 3046, section 2.1.1: behind another relay there is nothing to add.
TEST_F(Option82, IsNotAddedToARequestOfAnotherRelay) {
  covers({"RFC3046-2.1.1-relayed-no-82-added", "HOP-chain-82-first-only"});
  relay_with({.option82 = true});

  goes_up(client.discover({.hops = 1, .giaddr = other_relay()}));
  // As relays send it.
  const auto unicast = client.another().discover({.hops = 1, .giaddr = other_relay()});
  client.sends_to_relay(unicast, relay_address(Segment::downlink0), {.ip_src = other_relay(), .sport = 67});
  server.gets(relayed(unicast));
}

// RFC 3046, section 2.1.1: and nothing to take away.
TEST_F(Option82, OfAnotherRelayIsKept) {
  covers({"RFC3046-2.1.1-relayed-82-kept"});
  relay_with({.option82 = true});

  goes_up(client.discover({.hops = 1, .giaddr = other_relay()}).plus(claimed_circuit()));
}

// RFC 3046, section 2.1.1: a request that has this relay's giaddr is forged.
TEST_F(Option82, RequestWithTheRelaysGiaddrIsDropped) {
  covers({"RFC3046-2.1.1-own-giaddr-discard"});
  relay_with({.option82 = true});

  client.sends(client.discover({.hops = 1, .giaddr = relay_address(Segment::downlink0)}));

  nothing_comes_out();
  control_goes_up(client.discover({.hops = 1, .giaddr = other_relay()}));
}

// RFC 3046, section 2.1: every kind of request carries it.
TEST_F(Option82, IsAddedToEveryMessageType) {
  covers({"RFC3046-2.1-all-message-types"});
  relay_with({.option82 = true});

  for (const Type type : {Type::discover, Type::request, Type::decline, Type::release, Type::inform}) {
    goes_up(client.discover({.options = {{option::type(type)}}}));
  }
  // RFC 2132, section 3.1: PADs may stand anywhere, in front of the first option too.
  goes_up(client.discover({.options = {{option::pads(3), option::type(Type::discover)}}}));
}

// RFC 3046, section 2.1: those of BOOTP too.
TEST_F(Option82, IsAddedToPlainBootp) {
  covers({"RFC3046-2.1-bootp-request"});
  relay_with({.option82 = true});

  goes_up(client.bootp());
}

// RFC 3046, section 3.1: the circuit-id tells one client network from the other, and is always the same for
// one network. Each sends two requests, so that a relay that sends the circuit-id of the previous message is
// found. A client that has moved has the circuit-id of its new network.
TEST_F(Option82, CircuitIdDiffersBetweenClientNetworks) {
  covers({"RFC3046-3.1-circuit-id-identifies", "RFC3046-3.1-circuit-id-stable"});
  relay_with({.option82 = true});

  const auto content = [](const Arrival& a) { return sub_option(a.message, 1); };
  const auto here = content(asks(client));
  const auto here_again = content(goes_up(client.another().discover()));
  const auto there = content(asks(neighbour));
  const auto there_again = content(asks(neighbour.another()));
  Client moved = neighbour.another();
  moved.use_mac(client.mac());
  const auto of_moved = content(asks(moved));

  if (!here) return;
  for (const auto& one : {here, here_again}) {
    if (!one || (one != there && one != there_again)) continue;
    deviates("RFC3046-3.1-circuit-id-identifies", "two client networks have one circuit-id", "two values",
             hex(*one));
    return;
  }
  if (of_moved == here) {
    deviates("RFC3046-3.1-circuit-id-identifies", "a client keeps its circuit-id on another network",
             there ? hex(*there) : "none", hex(*here));
  }
  if (here != here_again) {
    deviates("RFC3046-3.1-circuit-id-stable", "two clients of one network have different circuit-ids",
             hex(*here), here_again ? hex(*here_again) : "none");
  }
}

// RFC 3046, section 2.1: the operator says what the sub-options hold, and that is in every kind of request
// once.
TEST_F(Option82, HasTheConfiguredCircuitIdAndRemoteId) {
  covers({"RFC3046-2.1-configurable", "RFC3046-2.1-per-suboption-config"});
  const std::string port = "Port 9/A", name = "Switch B";
  relay_with({.option82 = true, .circuit_id = port, .remote_id = name});

  const auto judge = [&](const Arrival& a) {
    const auto agent = find_option(a.message, code::relay_agent);
    // One that is missing or empty is judged as such.
    if (!agent || agent->empty()) return;
    for (const Option& sub : {option::text(1, port), option::text(2, name)}) {
      const Bytes& wanted = sub.wire;
      const auto at = std::search(agent->begin(), agent->end(), wanted.begin(), wanted.end());
      if (at != agent->end() &&
          std::search(at + 1, agent->end(), wanted.begin(), wanted.end()) == agent->end())
        continue;
      deviates("RFC3046-2.1-per-suboption-config", "a sub-option is not what was configured", hex(wanted),
               hex(*agent));
    }
  };
  judge(goes_up(client.discover()));
  judge(goes_up(client.bootp()));
  const auto renewal = client.renew();
  client.sends_to_relay(renewal, relay_address(Segment::downlink0));
  judge(server.gets(relayed(renewal)));
}

// RFC 3046, section 2.1: wherever the server puts the echo, the client never sees it.
TEST_F(Option82, EchoInFrontOfOtherOptionsIsRemoved) {
  covers({"RFC3046-2.1-strip-anywhere", "RFC3046-2.1-strip-on-reply"});
  relay_with({.option82 = true});

  asks();
  auto reply = server.offer(client);
  std::rotate(reply.options->rbegin(), reply.options->rbegin() + 1, reply.options->rend());

  goes_down(reply);
}

// RFC 1542, section 2.1: what was long enough for strict receivers does not get too short by losing the echo.
TEST_F(Option82, ReplyOf_300OctetsIsNotShorterWithoutEcho) {
  covers({"RFC1542-2.1-output-not-short"});
  relay_with({.option82 = true});

  asks();
  const std::size_t size = goes_down(server.offer(client)).message.size();

  if (size >= 300) return;
  const std::string observed = std::to_string(size) + " octets";
  if (strict()) {
    deviates("RFC1542-2.1-output-not-short", "the reply is too short for strict clients without the echo",
             "300 octets or more", observed);
  } else {
    note("RFC1542-2.1-output-not-short", "a reply of 300 octets leaves with " + observed);
  }
}

}  // namespace
}  // namespace relayspec
