// SPDX-License-Identifier: Apache-2.0
// The flags of the relay agent (RFC 5010): whether the client sent by broadcast or to the relay alone.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

constexpr std::uint8_t agent_flags = 10;

class AgentFlags : public Case {
 protected:
  void relay_says_flags() { relay_with({.option82 = true, .flags_suboption = true}); }

  /// One octet, in which the first bit says how the request came and the others are zero.
  void says(const Arrival& a, std::uint8_t wanted, const char* rule_for_the_bit = "RFC5010-3-unicast-bit") {
    const auto flags = contains(a, "RFC5010-4-in-every-82", agent_flags);
    if (!flags || *flags == Bytes{wanted}) return;
    const bool one_bit = flags->size() == 1 && (flags->front() & 0x7f) == 0;
    deviates(one_bit ? rule_for_the_bit : "RFC5010-3-mbz", "the agent flags are not what they have to be",
             hex(Bytes{wanted}), hex(*flags));
  }
  /// The same of a request that the relay need not relay.
  void says_if_relayed(const Message& request, std::uint8_t wanted, const char* rule_for_the_bit) {
    const auto copy = server.may_get(relayed(request));
    if (copy || !live()) says(copy.value_or(Arrival{}), wanted, rule_for_the_bit);
  }
};

// RFC 5010, section 3: the first bit is clear for what was broadcast.
TEST_F(AgentFlags, BroadcastRequestHasUnicastBitClear) {
  covers({"RFC5010-3-unicast-bit", "RFC5010-3-mbz"});
  relay_says_flags();

  says(goes_up(client.discover()), 0x00);
}

// RFC 5010, section 3: and set for what came to the relay's own address; the other bits stay zero.
TEST_F(AgentFlags, UnicastRequestHasUnicastBitSet) {
  covers({"RFC5010-3-unicast-bit", "RFC5010-3-mbz"});
  relay_says_flags();

  // The BROADCAST flag is about the answer.
  for (const std::uint16_t flags : {std::uint16_t{0}, broadcast_flag}) {
    const Client one = client.another();
    const auto renewal = one.renew({.flags = flags});
    one.sends_to_relay(renewal, relay_address(Segment::downlink0));
    says(server.gets(relayed(renewal)), 0x80);
  }
}

// RFC 5010, section 3: the destination decides, whether the client has an address or not.
TEST_F(AgentFlags, UnicastRequestWithoutASourceAddressHasUnicastBitSet) {
  covers({"RFC5010-3-unicast-bit"});
  relay_says_flags();

  const auto discover = client.discover();
  client.sends(discover,
               {.eth_dst = relay_mac(Segment::downlink0), .ip_dst = relay_address(Segment::downlink0)});

  says_if_relayed(discover, 0x80, "RFC5010-3-unicast-bit");
}

// RFC 5010, section 4: in every option 82 that the relay adds, or servers take it for a relay without flags.
TEST_F(AgentFlags, EveryMessageHasTheSubOption) {
  covers({"RFC5010-4-in-every-82"});
  relay_says_flags();

  is_offered(client, server);
  for (const Message& m :
       {client.discover(), client.request(server), client.decline(server), client.inform(), client.bootp()}) {
    says(goes_up(m), 0x00);
  }
  const auto release = client.release(server);
  client.sends_to_relay(release, relay_address(Segment::downlink0));
  says(server.gets(relayed(release)), 0x80);
}

// The IP destination decides: a directed broadcast is a broadcast, whatever the link destination is.
TEST_F(AgentFlags, DirectedBroadcastHasUnicastBitClear) {
  covers({"RFC5010-3-directed-broadcast"});
  relay_says_flags();

  const auto to_subnet = client.renew();
  client.sends(to_subnet, {.ip_dst = subnet_broadcast(Segment::downlink0), .ip_src = client.lease()});
  says_if_relayed(to_subnet, 0x00, "RFC5010-3-directed-broadcast");
  const auto to_everyone = client.discover();
  client.sends(to_everyone, {.eth_dst = relay_mac(Segment::downlink0)});
  says_if_relayed(to_everyone, 0x00, "RFC5010-3-directed-broadcast");
}

// RFC 5010, section 4 speaks of what the relay adds: another relay's option is left as it is.
TEST_F(AgentFlags, Option82OfAnotherRelayGetsNoFlags) {
  covers({"RFC5010-4-not-on-relayed"});
  relay_says_flags();

  goes_up(client.discover({.hops = 1, .giaddr = other_relay()})
              .plus(agent({option::text(1, "their-port"), option::of(agent_flags, {0x80})})));
}

// RFC 3046, section 2.1: whatever the flags are, the echo is the relay's own and is removed, also on a
// network whose clients may send option 82 themselves.
TEST_F(AgentFlags, EchoIsRemovedOnATrustedDownlink) {
  covers({"RFC3046-2.1-strip-on-reply"});
  relay_with({.option82 = true, .trusted_downlinks = {Segment::downlink0}, .flags_suboption = true});

  asks();
  goes_down(server.offer(client, {.flags = broadcast_flag}));
  const auto renewal = client.renew();
  client.sends_to_relay(renewal, relay_address(Segment::downlink0));
  server.gets(relayed(renewal));
  goes_down(server.ack(client, {.flags = broadcast_flag, .ciaddr = client.lease()}));
}

}  // namespace
}  // namespace relayspec
