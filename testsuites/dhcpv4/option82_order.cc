// SPDX-License-Identifier: Apache-2.0
// Where option 82 stands in a request, and how it is corrupted there: an untrusted client gets none of it
// past the relay, and all other octets are unchanged.
#include <algorithm>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Option82Order : public Case {
 protected:
  void relay_adds() { relay_with({.option82 = true}); }

  Option forged() { return option::of(code::relay_agent, {1, 6, 'f', 'o', 'r', 'g', 'e', 'd'}); }
  Message of(const std::vector<Option>& options) { return client.another().discover({.options = options}); }

  /// Sends it; what comes out has no option 82 but the relay's own.
  void forgery_stays_here(const Message& m) {
    client.sends(m);
    const Bytes mark{'f', 'o', 'r', 'g', 'e', 'd'};
    for (const Arrival& a : comes_out(Segment::uplink, m)) {
      const auto agent_content = find_option(a.message, code::relay_agent);
      if (!agent_content || std::search(agent_content->begin(), agent_content->end(), mark.begin(),
                                        mark.end()) == agent_content->end())
        continue;
      deviates(first_requirement(), "agent information that a client has made up reaches the servers",
               "none of it", hex(*agent_content));
    }
  }
};

const Option discover_type = option::type(Type::discover), host = option::text(12, "host");

// RFC 3046, section 2.1: wherever it stands in the message.
TEST_F(Option82Order, RequestFromClientWithOption82AtAnyPlaceIsDropped) {
  covers({"RFC3046-2.1-untrusted-82-before-53", "RFC3046-2.1-untrusted-with-82-giaddr0-discard"});
  relay_adds();

  client.sends(of({forged(), discover_type, host}));
  client.sends(of({discover_type, forged(), host}));
  client.sends(of({discover_type, host, forged()}));
  client.sends(of({discover_type, forged(), host, forged()}));

  nothing_comes_out();
  control_goes_up(of({discover_type, host}));
}

// With any number of PADs in front and behind.
TEST_F(Option82Order, RequestFromClientWithOption82BehindPadsIsDropped) {
  covers({"RFC3046-2.1-untrusted-with-82-giaddr0-discard"});
  relay_adds();

  for (const std::size_t pads : {1, 2, 3, 7, 255})
    client.sends(of({discover_type, option::pads(pads), forged(), option::pads(pads), host}));

  nothing_comes_out();
  control_goes_up(of({discover_type, option::pads(7), option::pads(7), host}));
}

// However long it is: empty, or as long as an option can be.
TEST_F(Option82Order, RequestFromClientWithOption82OfAnyLengthIsDropped) {
  covers({"RFC3046-2.1-untrusted-82-empty", "RFC3046-2.1-untrusted-with-82-giaddr0-discard"});
  relay_adds();

  client.sends(of({discover_type, option::of(code::relay_agent, Bytes(255, 0x01))}));
  const auto empty = of({discover_type, option::of(code::relay_agent, {}), host});
  client.sends(empty);
  if (!comes_out(Segment::uplink, empty).empty() && strict())
    deviates("RFC3046-2.1-untrusted-82-empty", "an empty option 82 of a client is relayed", "nothing",
             "a copy");

  nothing_comes_out();
  control_goes_up(of({discover_type, host}));
}

// Nor does an option that is cut in two, or in a field that overload names, reach the server as the relay's
// own.
TEST_F(Option82Order, SplitOrOverloadedOption82OfAClientIsNotMerged) {
  covers({"SEC-client-forged-82-overload-and-after-end", "RFC3046-2.1-82-in-overloaded-request"});
  relay_adds();

  forgery_stays_here(of({discover_type, option::of(code::relay_agent, {1, 6, 'f', 'o', 'r'}), host,
                         option::of(code::relay_agent, {'g', 'e', 'd'})}));
  Bytes file = forged().wire;
  file.push_back(code::end);
  may_go_up(of({discover_type, option::number(code::overload, 1)}).with({.file = file}));
}

// Behind END stand no options: the relay's own comes before it, and nothing there becomes one.
TEST_F(Option82Order, OctetsBehindEndAreNoOption) {
  covers({"MALF-options-after-end", "RFC3396-5-no-cross-boundary"});
  relay_adds();

  Bytes tail{code::end};
  for (const Option& o : {forged(), host}) tail.insert(tail.end(), o.wire.begin(), o.wire.end());
  tail.resize(100, 0);
  if (!may_go_up(of({discover_type}).with({.tail = tail})))
    deviates("MALF-options-after-end", "octets behind END keep a request from the servers", "relayed",
             "nothing");
  // Nor is what looks like END there another one.
  may_go_up(of({discover_type}).with({.tail = Bytes{code::end, 0, 7, code::end, 0, 0, code::end}}));
}

// The circuit-id of another network in a client's message is a forgery like any other.
TEST_F(Option82Order, RequestFromClientWithCircuitIdOfAnotherNetworkIsDropped) {
  covers({"SEC-client-forged-echo", "SEC-trusted-interface-default"});
  relay_adds();

  const auto content = find_option(asks(neighbour).message, code::relay_agent);
  client.sends(client.discover().plus(option::of(code::relay_agent, content.value_or(Bytes{1, 1, 'x'}))));

  nothing_comes_out();
  control_goes_up(client.discover());
}

// RFC 3046, section 2.1.1: behind another relay even a forgery is relayed, and unaltered, since the relay
// that set giaddr is responsible for it.
TEST_F(Option82Order, RequestOfAnotherRelayIsUnchanged) {
  covers({"RFC3046-2.1.1-untrusted-nonzero-giaddr", "MALF-duplicate-82-request"});
  relay_with({.option82 = true, .trusted_downlinks = {Segment::downlink0}});

  for (const std::vector<Option>& options :
       {std::vector<Option>{forged(), discover_type, host},
        std::vector<Option>{discover_type, forged(), host, forged()},
        std::vector<Option>{discover_type, option::of(code::relay_agent, {1, 255, 'a'}), host}}) {
    may_go_up(of(options).with({.hops = 1, .giaddr = other_relay()}));
  }
}

// Without END the options fill the message. The relay's own becomes the last one, or is left out.
TEST_F(Option82Order, WithoutEndOption82IsTheLastOptionOrAbsent) {
  covers({"RFC3046-2.1-no-end-present", "RFC2131-4.1-end-present", "RFC1542-4.1.1-options-intact"});
  relay_adds();

  const auto message = of({discover_type, option::of(224, Bytes(100, 0x24))}).with({.tail = Bytes{}});
  client.sends(message);
  for (const Arrival& a : comes_out(Segment::uplink, message)) {
    const auto area = options_of(a.message);
    const auto sent = options_of(encode(message));
    if (!area || !sent) continue;
    std::vector<Option> others;
    for (const Option& o : area->elements)
      if (code_of(o) != code::relay_agent && code_of(o) != code::pad) others.push_back(o);
    if (others == sent->elements) continue;
    deviates("RFC1542-4.1.1-options-intact", "options of the client are lost or changed", "all of them",
             std::to_string(others.size()) + " options");
  }
}

// Nothing but PADs, with END somewhere or nowhere, is a message of plain BOOTP.
TEST_F(Option82Order, PadsAloneAreRelayedOrDropped) {
  covers({"MALF-only-pads"});
  relay_adds();

  for (const Bytes& tail : {Bytes(60, 0), Bytes(312, 0), Bytes(1200, 0)}) {
    const auto request = client.another().discover({.options = std::vector<Option>{}, .tail = tail});
    client.sends(request);
    comes_out(Segment::uplink, request);
    const auto reply =
        server.offer(client, {.flags = broadcast_flag, .options = std::vector<Option>{}, .tail = tail});
    server.sends(reply);
    comes_out(Segment::downlink0, reply);
  }
}

// RFC 1542, section 3.5: another cookie means another format, which the relay does not read.
TEST_F(Option82Order, VendorAreaWithAnotherCookieIsUnchanged) {
  covers({"MALF-bad-cookie-dhcp", "MALF-bad-cookie-reply"});
  relay_adds();

  asks();
  for (const Bytes& cookie : {Bytes{99, 130, 83, 100}, Bytes{0, 0, 0, 0}, Bytes(4, 0xff)}) {
    const auto request = of({discover_type, host}).with({.cookie = cookie});
    client.sends(request);
    Relayed r = relayed(request);
    r.adds_option82 = false;
    server.may_get(r);
    const auto reply =
        without(server.offer(client, {.flags = broadcast_flag, .cookie = cookie}), code::relay_agent)
            .plus(option::of(code::relay_agent, {1, 1, 'x'}));
    server.sends(reply);
    Delivered d = delivered(reply);
    d.message = reply;
    client.may_get(d);
  }
}

// Option 57 that is too short to read, and one that ends with the message.
TEST_F(Option82Order, UnreadableMaximumMessageSizeIsRelayedOrDropped) {
  covers({"MALF-57-len-1"});
  relay_adds();

  may_go_up(of({discover_type, option::of(code::max_message_size, {2}), host}));
  const auto cut = of({discover_type, option::of(224, Bytes(100, 0x24))}).with({.tail = Bytes{57, 2, 1}});
  client.sends(cut);
  comes_out(Segment::uplink, cut);
}

// RFC 3046, section 2.0: PAD and END are no sub-options, and an odd length is not evened out.
TEST_F(Option82Order, SubOptionsAreNotPadded) {
  covers({"RFC3046-2.0-no-pad-no-255", "RFC3046-2.0-format"});
  relay_with({.option82 = true, .circuit_id = "secret-port-23", .remote_id = "secret-switch"});

  const auto arrival = goes_up(client.discover());
  lacks(arrival, "RFC3046-2.0-no-pad-no-255", 0);
  lacks(arrival, "RFC3046-2.0-no-pad-no-255", 255);
}

// RFC 4030, section 10: no relay authenticates its option unless it was told to.
TEST_F(Option82Order, IsNotAuthenticatedByDefault) {
  covers({"RFC4030-10-off-by-default"});
  relay_adds();

  lacks(goes_up(client.discover()), "RFC4030-10-off-by-default", 8);
}

// RFC 3118, section 3: the client's authenticator covers all but giaddr, hops and option 82. What the relay
// does elsewhere breaks it.
TEST_F(Option82Order, AuthenticatedMessageIsUnchangedButForGiaddrHopsAndOption82) {
  covers({"RFC3118-3-auth-coverage", "RFC3118-3-auth-coverage-reply"});
  relay_adds();

  const Option authentication =
      option::of(code::authentication, Bytes{1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 9, 1, 2, 3, 4});
  goes_up(client.discover().plus(authentication).plus(option::text(12, "behind")));
  // Without a Server Identifier, which dialect `proxy` could not rewrite.
  goes_down(without(server.offer(client, {.flags = broadcast_flag}), code::server_id).plus(authentication));
}

// The relay does not send again what its host routes. The host may add to it.
TEST_F(Option82Order, RoutedRequestsGetNoOption82) {
  covers({"RFC2131-4.3.2-renew-bypass", "RFC3046-2.1-snoop-unicast-optional", "IF-host-routes-on"});
  relay_adds();

  const auto renewal = client.renew();
  client.sends_past_relay(renewal, server);

  const auto out = comes_out(Segment::uplink, renewal);
  if (out.size() != 1)
    deviates(out.empty() ? "IF-host-routes-on" : "RFC2131-4.3.2-renew-bypass",
             "a routed renewal does not come out once", "once", std::to_string(out.size()) + " times");
  for (const Arrival& a : out) {
    const bool adds = find_option(a.message, code::relay_agent).has_value();
    if (adds) note("RFC3046-2.1-snoop-unicast-optional", "option 82 is added to what is routed");
    if (!adds && a.message != encode(renewal))
      deviates("RFC2131-4.3.2-renew-bypass", "a routed renewal is changed", summary(encode(renewal)),
               summary(a.message));
  }
}

// A relay that was not told to adds nothing.
TEST_F(Option82Order, IsOffByDefault) {
  covers({"RFC3046-2.1-off-by-default"});

  const Arrival arrival = goes_up(client.discover());
  if (find_option(arrival.message, code::relay_agent))
    deviates("RFC3046-2.1-off-by-default", "option 82 is added by a relay that is not configured to", "none",
             summary(arrival.message));
}

}  // namespace
}  // namespace relayspec
