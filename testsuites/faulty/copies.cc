// SPDX-License-Identifier: Apache-2.0
// The copies of a request: one for each server, in dialect proxy with the chosen server's identifier.
#include <algorithm>
#include <cstdlib>

#include "testsuites/faulty/agent.h"

namespace relayspec::faulty {

// Dialect proxy: the client names this relay; the servers must hear which of them it chose.
void Agent::restore_server(Bytes& m, std::size_t copy, const Origin& from) {
  const std::uint8_t type = type_of(m);
  const bool names_server = type == Type::request || type == decline || type == release;
  const Address named = address_in(m, server_id);
  const bool own = s_.is_own(named);
  const bool signs = find(m, authentication) && !wrong("server-id-restored-in-signed-requests");
  if (own && type == discover && wrong("crash-on-a-discover-that-names-the-relay")) std::abort();
  if (own && type == inform && wrong("inform-that-names-the-relay-makes-forget")) forget_servers_of(m);
  if (!names_server || !own || signs || wrong("server-id-not-restored")) return;
  if (wrong("server-id-not-restored-in-release") && type == release) return;
  if (wrong("server-id-not-restored-in-decline") && type == decline) return;
  if (wrong("server-id-not-restored-in-unicast-requests") && type == Type::request && from.unicast) return;
  if (wrong("server-id-not-restored-in-second-copy") && copy == 1) return;

  const Mac client = client_of(m);
  const bool known = offered_by_.contains({client, 0});
  if (!known && wrong("server-id-not-restored-for-unknown-clients")) return;
  if (!known && s_.servers.size() > 1 && wrong("server-id-of-1-of-2-not-restored-for-unknown-clients"))
    return;
  if (!known && type == decline && wrong("server-id-not-restored-in-declines-of-unknown-clients")) return;
  const bool by_option50 =
      type != release || (wrong("server-of-a-release-by-option-50") && find(m, requested_address));
  const Address wanted = by_option50 ? address_in(m, requested_address) : get32(m, at::ciaddr);
  Address chosen = s_.servers.front();
  // The client's last one, where the address has none; those that tell clients apart badly go by that alone.
  const bool by_client_alone = wrong("server-of-the-last-reply-taken") ||
                               wrong("servers-kept-by-all-but-the-first-octet") ||
                               wrong("servers-kept-by-all-but-the-last-octet");
  for (const Address key : {Address{0}, by_client_alone ? Address{0} : wanted}) {
    if (const auto it = offered_by_.find({client, key}); it != offered_by_.end()) chosen = it->second;
  }
  if (const auto it = first_offer_by_.find(client);
      wrong("server-id-of-first-offer") && it != first_offer_by_.end())
    chosen = it->second;
  if (const auto it = refused_by_.find(client); wrong("server-of-a-nak-taken") && it != refused_by_.end())
    chosen = it->second;
  chosen = server_of_one_alike(m).value_or(chosen);
  if (wrong("server-id-per-copy")) chosen = s_.servers[copy];
  if (wrong("server-id-of-last-offer")) chosen = last_offerer_;
  if (wrong("server-id-of-first-server")) chosen = s_.servers.front();
  if (wrong("server-restored-is-the-only-one") && s_.servers.size() == 1) chosen = s_.servers.front();
  set_address(m, server_id, chosen);
  if (copy + 1 != s_.servers.size()) return;
  if (type == decline && wrong("a-decline-makes-forget-all")) offered_by_.clear();
  if (type == Type::request && wrong("server-forgotten-after-a-request")) {
    offered_by_.erase({client, 0});
    offered_by_.erase({client, wanted});
  }
}

// A server that this message does not reach.
bool Agent::is_left_out(const Bytes& m, std::size_t copy) const {
  const bool of_a_relay = !s_.is_own(get32(m, at::giaddr));
  return (wrong("third-server-missing") && copy == 2) || (wrong("fourth-server-missing") && copy == 3) ||
         (copy != 0 &&
          ((wrong("releases-to-first-server-only") && type_of(m) == release) ||
           (wrong("bootp-to-first-server-only") && type_of(m) == none) ||
           (wrong("requests-of-relays-to-first-server-only-beside-82") && s_.option82 && of_a_relay)));
}

void Agent::send_copies(const Bytes& message, const Origin& from, std::uint16_t sport) {
  const auto& servers = s_.servers;
  for (std::size_t copy = 0; copy < servers.size(); ++copy) {
    // RFC 1542 section 4.1.1: one server for each client.
    if (s_.way("servers-by-hash") && copy != mac_in(message).back() % servers.size()) continue;
    if (is_left_out(message, copy)) continue;
    if (wrong("each-64th-copy-for-the-second-server-lost") && copy == 1 && ++second_copies_ % 64 == 0)
      continue;
    if (wrong("first-server-only") && copy != 0) continue;
    if (wrong("last-server-only") && copy + 1 != servers.size()) continue;
    if (wrong("renewals-to-first-server-only") && from.unicast && copy != 0) continue;
    if (wrong("servers-in-turn") && copy != turn_ % servers.size()) continue;
    if (wrong("informs-to-first-server-only") && type_of(message) == inform && copy != 0) continue;
    const bool unknown =
        from.unicast && get32(message, at::ciaddr) != 0 && !offered_by_.contains({mac_in(message), 0});
    if (wrong("renewal-without-offer-to-first-server-only") && unknown && copy != 0) continue;
    if (wrong("servers-behind-a-dead-one-given-up") && copy != 0 && turn_ > 4 &&
        !has_neighbour(s_.uplink, servers[0])) {
      continue;
    }
    if (wrong("servers-dropped-after-a-refusal") && (refused_ |= was_refused(s_.uplink))) continue;
    const bool on_own_network = std::any_of(s_.own.begin(), s_.own.end(), [&](const Network& n) {
      return n.subnet() == (servers[copy] & n.mask);
    });
    if (wrong("servers-behind-an-unroutable-one-dropped") && !on_own_network) break;
    const bool on_client_link = (servers[copy] & ~0xffU) == (s_.downlinks[0].address() & ~0xffU);
    if (wrong("server-on-client-link-by-broadcast") && on_client_link) {
      send_down(s_.downlinks[0],
                {.mac = everyone_mac, .address = everyone, .source = s_.downlinks[0].address(), .dport = 67},
                message);
      continue;
    }
    const bool by_broadcast = servers[copy] == s_.uplink.network().broadcast();
    for (std::size_t i = 0;
         i < s_.downlinks.size() && by_broadcast && wrong("broadcast-server-on-every-link"); ++i)
      send_down(s_.downlinks[i],
                {.mac = everyone_mac, .address = everyone, .source = s_.downlinks[i].address(), .dport = 67},
                message);
    Bytes m = message;
    if (const auto p = find(m, agent_information);
        p && copy == 1 && wrong("second-copy-with-other-circuit-id"))
      m[p->from + p->size - 1] ^= 0x01;
    if (wrong("long-second-copy-cut") && copy == 1 && m.size() > 590) m.pop_back();
    if (s_.rewrite) restore_server(m, copy, from);
    const Address ours = s_.downlinks[from.downlink].address();
    Upward up{.source = s_.way("source-giaddr") ? ours : s_.uplink.address(),
              .server = servers[copy],
              .sport = sport,
              .other_port = s_.source_port};
    if (wrong("request-source-foreign")) up.source = from.sender != 0 ? from.sender : ours + 98;
    if (wrong("request-sport-68")) up.sport = 68;
    if (wrong("request-dport-68")) up.dport = 68;
    if (wrong("request-ttl-1")) up.ttl = 1;
    // RFC 1542 section 4.1.1: against loops.
    if (s_.way("ttl-counted-down")) up.ttl = from.ttl - 1;
    if (up.ttl == 0) continue;
    up.checksum = !wrong("request-checksum-zero") && (from.summed || !wrong("zero-checksum-stays-zero")) &&
                  !(wrong("zero-sum-sent-as-zero") && sums_up_to_zero(up, m));
    if (wrong("default-server-instead-of-configured") && servers.size() == 1)
      up.server = s_.uplink.network().subnet() + 2;
    send_up(s_.uplink, up, m);
    const bool twice = std::count(servers.begin(), servers.end(), servers[copy]) > 1;
    if (wrong("copies-doubled") || (twice && wrong("server-named-twice-gets-2-copies-each")))
      send_up(s_.uplink, up, m);
    for (int i = 0; i < 20 && copy != 0 && s_.is_own(servers[0]) && wrong("goes-round-in-itself"); ++i)
      send_up(s_.uplink, up, m);
  }
  ++turn_;
}

}  // namespace relayspec::faulty
