// SPDX-License-Identifier: Apache-2.0
// What the model's tests share: a plain message from either side, and examples that differ from it.
#pragma once

#include <gmock/gmock.h>

#include <span>
#include <string>

#include "harness/dhcp4/facts.h"
#include "harness/testing/topology.h"
#include "relayspec/harness/edits.h"

namespace relayspec::dhcp4 {

inline void PrintTo(Fate f, std::ostream* out) {
  *out << (f == Fate::must_come ? "must come" : f == Fate::may_come ? "may come" : "must not come");
}

/// A message on its way to the relay, and what has an influence on what the relay does with it.
struct Stimulus {
  World world = {};
  Memory memory = {};
  Segment segment = Segment::downlink0;
  Envelope envelope = {};
  Message message = {};
  std::optional<std::size_t> size = {};  ///< of the message, octets: filled up with zeros, or cut
  Bytes (*rewrite)(Bytes frame) = nullptr;

  Bytes payload() const;
  Bytes frame() const;
  Outcome outcome() const { return Model(world).outcome(segment, frame(), memory); }
};

/// A DISCOVER of a client on downlink 0, 300 octets, that nothing is odd about.
Stimulus plain_request();
/// The OFFER of server 1 for it, to the relay's address on downlink 0.
Stimulus plain_reply();

/// How a stimulus differs from a plain one, and the verdict on it.
struct Example {
  const char* name;
  void (*differs)(Stimulus&);
  Fate fate;
  const char* rule;
};
// By the row that decides.
std::span<const Example> frame_examples();  ///< of requests
std::span<const Example> reply_frame_examples();
std::span<const Example> request_examples();  ///< that must or may be dropped
std::span<const Example> malformed_request_examples();
std::span<const Example> due_request_examples();  ///< that must be relayed
std::span<const Example> reply_examples();
std::span<const Example> malformed_reply_examples();
std::span<const Example> due_reply_examples();

Stimulus made(const Stimulus& plain, const Example&);
void expect_verdicts(const Stimulus& plain, std::span<const Example>);

// Differences that several examples share.
inline const Mac client_mac{"02:00:5e:0c:00:0a"};
inline const Ipv4 another_relay{"192.0.2.200"};
inline void in(Stimulus& s, Dialect d) { s.world.dialect = d; }
inline RelaySettings& settings(Stimulus& s) { return s.world.settings; }
inline void add(Stimulus& s, Option o) { s.message = s.message.plus(std::move(o)); }
inline Option some_option82() { return option::of(code::relay_agent, {1, 4, 'p', 'o', 'r', 't'}); }
inline void set_options(Stimulus& s, std::vector<Option> options) { s.message.options = std::move(options); }
/// The relay adds option 82, with a policy for requests that have one.
inline void add_option82(Stimulus& s, AgentOptionPolicy policy = AgentOptionPolicy::rfc) {
  settings(s).option82 = true;
  settings(s).option82_policy = policy;
}
/// The client's request has an option 82.
inline void says_82(Stimulus& s) { add(s, some_option82()); }
/// The message ends with these octets behind its options, without END; PADs in front of them make it 300
/// octets long.
void ends_with(Stimulus&, const Bytes&);
inline void trust(Stimulus& s) { settings(s).trusted_downlinks.insert(s.segment); }
inline void giaddr(Stimulus& s, const char* a) { s.message.giaddr = Ipv4(a); }
inline void loses(Stimulus& s, Segment address) {
  s.world.lost_addresses.insert(s.world.topology[address].relay.ipv4);
}
inline void from_another_relay(Stimulus& s) { s.message.giaddr = another_relay; }
inline Option type_of(std::uint8_t t) { return option::number(code::message_type, t); }
inline void retype(Stimulus& s, const Option& type) {
  s.message = replacing(std::move(s.message), code::message_type, type);
}
inline void retype(Stimulus& s, Type t) { retype(s, option::type(t)); }
inline void unicast_to_relay(Stimulus& s) {
  s.envelope.eth_dst = relay_mac(s.segment);
  s.envelope.ip_dst = relay_address(s.segment);
  s.envelope.ip_src = Ipv4("192.0.2.10");
}
/// The reply has the option 82 that the relay has put into the request.
void echo(Stimulus&);

}  // namespace relayspec::dhcp4
