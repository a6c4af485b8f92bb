// SPDX-License-Identifier: Apache-2.0
// Replies, towards the clients: RFC 1542 section 4.1.2, RFC 3046 section 2.1.
#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <utility>

#include "testsuites/faulty/agent.h"

namespace relayspec::faulty {
namespace {

bool overloads_sname(const Bytes& m) {
  const auto p = find(m, overload);
  return p && p->size == 3 && (m[p->from + 2] & 2) != 0;
}

}  // namespace

void Agent::from_server(Received r) {
  const std::scoped_lock lock(mutex_);
  Bytes& m = r.message;
  at_rest_ = {};
  if (suffers_from_the_one_before(m, Way::down) || misbehaves_on(m)) return;
  if (wrong("leaks-memory-per-reply")) leaked_.emplace_back(1536, 0xa5);
  const bool known = m.size() >= at::cookie && seen_xids_.contains(get32(m, at::xid));
  if (!corrupted_as_it_came(m, Way::down,
                            {.s = s_,
                             .m = m,
                             .from = r.from,
                             .to = r.to,
                             .port = r.port,
                             .known = known,
                             .at_other_port = r.at_other_port,
                             .ttl = r.ttl}))
    return;
  if (m.size() < at::cookie) return;
  if (wrong("reply-to-unknown-client-dropped") && !seen_clients_.contains(mac_in(m))) return;
  if (m[at::op] == 1 && wrong("requests-from-the-uplink-relayed") && r.to == everyone)
    return relay_up(std::move(m), {});
  if (is_martian(s_, r.from) && !wrong("martian-source-relayed") && !wrong("own-source-relayed") &&
      !wrong("martian-source-of-replies-relayed"))
    return;
  if (m[at::op] != 2 && !wrong("op-unchecked-from-servers")) return;
  reply_came_to_ = r.to;
  if (!refuses(m, false)) relay_down(std::move(m), r.from);
}

void Agent::relay_down(Bytes m, Address sender) {
  if (wrong("reply-dropped") || (wrong("reply-before-any-request-dropped") && !first_downlink_)) return;
  if (wrong("second-reply-to-an-xid-dropped") && !answered_.insert(get32(m, at::xid))) return;
  if (wrong("renewing-acks-dropped") && !s_.override_server && renewing_xids_.contains(get32(m, at::xid)))
    return;
  if (wrong("reply-without-82-dropped") && s_.option82 && !find(m, agent_information)) return;
  const bool known = std::find(s_.servers.begin(), s_.servers.end(), sender) != s_.servers.end();
  if (s_.way("known-servers-only") && !known) return;
  const auto echo = parse(joined(m, agent_information));
  const bool odd_type = type_of(m) == 99, odd_nak = type_of(m) == nak && m[at::htype] == 6;
  const bool unknown_circuit = find(echo, circuit_id) && !names(joined(m, agent_information), 0) &&
                               !names(joined(m, agent_information), 1 % s_.downlinks.size());
  const SubOption* circuit = find(echo, circuit_id);
  const auto begins_ours = [&](std::size_t downlink) {
    const auto own = own_suboptions({}, {.downlink = downlink});
    const SubOption* ours = find(own, circuit_id);
    return ours != nullptr && circuit->value.size() < ours->value.size() && !circuit->value.empty() &&
           std::equal(circuit->value.begin(), circuit->value.end(), ours->value.begin());
  };
  const bool part =
      s_.option82 && circuit != nullptr && (begins_ours(0) || begins_ours(1 % s_.downlinks.size()));
  if ((part && wrong("part-of-a-circuit-id-everywhere")) ||
      (!known && odd_type && wrong("unknown-types-to-unknown-clients-everywhere")) ||
      (!known && odd_nak && wrong("odd-naks-to-unknown-clients-everywhere")) ||
      (s_.option82 && echo.size() == 1 && echo[0].code == remote_id && wrong("remote-id-alone-everywhere")) ||
      (s_.option82 && unknown_circuit && wrong("unknown-circuit-id-everywhere"))) {
    return deliver_everywhere(m, sender);
  }
  const auto downlink = downlink_of(m);
  if (!downlink) {
    if (wrong("stops-after-foreign-giaddr")) stopped_ = true;
    if (wrong("leaks-memory-per-foreign-giaddr")) leaked_.emplace_back(8192, 0xa5);
    const bool untold = get32(m, at::giaddr) != 0 && get32(m, at::giaddr) == shared_giaddr();
    if ((wrong("shared-giaddr-untold-to-all") && untold) ||
        (wrong("uplink-giaddr-to-all-downlinks") && s_.uplink.has(get32(m, at::giaddr)))) {
      deliver_everywhere(m, sender);
    }
    return;
  }
  const Transaction of_reply{*downlink, get32(m, at::xid), mac_in(m)};
  if (s_.way("stateful") && !transactions_.contains(of_reply) && !former_transactions_.contains(of_reply))
    return;

  const bool first = !std::exchange(any_reply_, true);
  if (wrong("hops-raised-in-replies") || (wrong("first-reply-with-hops-raised") && first)) ++m[at::hops];
  const std::size_t as_sent = m.size();
  if (s_.option82) {
    suffers(joined(m, agent_information), *downlink);
    if (wrong("leaks-memory-per-broken-echo") && encoded(echo).size() != joined(m, agent_information).size())
      leaked_.emplace_back(8192, 0xa5);
    // An option whose end is unknown cannot be removed.
    const bool endless = walk(m).overrunning == agent_information;
    if (endless && wrong("crash-on-overrunning-echo")) std::abort();
    if (endless || !vpn_fits(joined(m, agent_information))) return;
    strip_option82(m, *downlink);
  }
  // RFC 1542 section 2.1: what was long enough for the next receiver stays so.
  if (!s_.way("strip-exactly") && !wrong("reply-left-short"))
    m.resize(std::max(m.size(), std::min(as_sent, bootp_size)));
  rewrite_server(m, *downlink, sender);
  corrupt(m, Way::down);
  if (s_.way("fill-300")) fill_up(m);

  if (wrong("reply-without-yiaddr-dropped") && get32(m, at::yiaddr) == 0) return;
  deliver(m, *downlink, sender);
  if (type_of(m) == ack && wrong("request-sent-again-at-rest")) at_rest_ = last_request_;
  if (type_of(m) == ack && wrong("reply-sent-again-at-rest"))
    at_rest_ = [this, m, downlink, sender] { deliver(m, *downlink, sender); };
  if (wrong("reply-doubled") || (wrong("replies-doubled-on-a-bridge") && has_bridge_port()))
    deliver(m, *downlink, sender);
  if (wrong("reply-on-all-downlinks")) {
    for (std::size_t other = 0; other < s_.downlinks.size(); ++other) {
      if (other != *downlink) deliver(m, other, sender);
    }
  }
}

// RFC 1542 section 4.1.2: giaddr says where the client is; what names none of the client networks is not for
// it. Where several networks have one giaddr the echo of option 82 tells them apart.
std::optional<std::size_t> Agent::downlink_of(const Bytes& m) const {
  if (wrong("crash-on-long-echo-of-a-shared-giaddr") && s_.link_selection &&
      joined(m, agent_information).size() > 1024)
    std::abort();
  const Address giaddr = get32(m, at::giaddr);
  const bool shared = shared_giaddr() != 0 && (giaddr == shared_giaddr() || wrong("shared-giaddr-unchecked"));
  std::vector<std::size_t> candidates, all(s_.downlinks.size());
  std::iota(all.begin(), all.end(), 0);
  for (std::size_t i = 0; i < s_.downlinks.size(); ++i) {
    const bool only_first = wrong("secondary-giaddr-not-delivered");
    const bool here =
        only_first ? giaddr != 0 && s_.downlinks[i].address() == giaddr : s_.downlinks[i].has(giaddr);
    if (shared || here) candidates.push_back(i);
  }
  const bool by_circuit = giaddr == 0 ? wrong("giaddr-zero-delivered-by-circuit-id")
                                      : wrong("foreign-giaddr-delivered-by-circuit-id");
  if (candidates.empty() && by_circuit) candidates = all;
  if (wrong("old-giaddr-still-delivered") && candidates.empty()) {
    for (const auto& [former, i] : former_giaddrs_) {
      if (former == giaddr && giaddr != 0) candidates = {i};
    }
  }
  if (shared && wrong("shared-giaddr-needs-an-echo") && !find(m, agent_information)) return {};
  if (candidates.size() > 1 && wrong("shared-giaddr-to-first-downlink")) return 0;
  if (candidates.size() > 1 && wrong("shared-giaddr-to-last-client")) return last_.downlink;
  if (candidates.size() > 1) {
    Bytes echo = joined(m, agent_information);
    if (const auto p = find(m, agent_information); p && wrong("split-echo-read-in-part"))
      echo.resize(std::min(echo.size(), p->size - 2));
    std::erase_if(candidates, [&](std::size_t i) { return !s_.option82 || !names(echo, i); });
  }
  std::optional<std::size_t> found;
  if (candidates.size() == 1) found = candidates[0];
  if (!found && (giaddr == 0 ? wrong("giaddr-zero-delivered") : wrong("foreign-giaddr-delivered")))
    found = last_.downlink;
  if (!found && trusts_xid_beside(giaddr)) {
    if (const auto it = downlink_by_xid_.find(get32(m, at::xid)); it != downlink_by_xid_.end())
      found = it->second;
  }
  for (std::size_t i = 0; wrong("reply-by-its-destination") && i < s_.downlinks.size(); ++i) {
    if (s_.downlinks[i].has(reply_came_to_)) found = i;
  }
  if (found && wrong("reply-on-last-used-downlink")) found = last_.downlink;
  if (found && wrong("reply-on-first-downlink")) found = 0;
  if (found && wrong("vpn-answers-to-first-network") && !s_.vss.empty()) found = 0;
  if (found && wrong("naks-on-first-downlink-only") && type_of(m) == nak) found = 0;
  if (found && wrong("reply-by-xid-alone")) {
    if (const auto it = downlink_by_xid_.find(get32(m, at::xid)); it != downlink_by_xid_.end())
      found = it->second;
  }
  return found;
}

// A giaddr that names no client network ends it, whatever the relay remembers of the transaction.
bool Agent::trusts_xid_beside(Address giaddr) const {
  if (giaddr == 0) return wrong("giaddr-zero-delivered-by-xid");
  return wrong(s_.uplink.has(giaddr) ? "uplink-giaddr-delivered-by-xid" : "foreign-giaddr-delivered-by-xid");
}

// Dialect proxy: the relay stands in for the server, and remembers for whom, by client and address.
void Agent::rewrite_server(Bytes& m, std::size_t downlink, Address sender) {
  if (wrong("server-id-is-uplink")) set_address(m, server_id, s_.uplink.address());
  if (wrong("server-id-is-giaddr")) set_address(m, server_id, s_.downlinks[downlink].address());
  if (wrong("server-id-is-source")) set_address(m, server_id, sender);
  const std::uint8_t type = type_of(m);
  const Address server = address_in(m, server_id);
  // RFC 3118 section 3: a signed message that is changed is no longer valid.
  if (wrong("override-changes-54") && s_.override_server)
    set_address(m, server_id, s_.downlinks[downlink].address());
  const bool signs = find(m, authentication) && !wrong("server-id-rewritten-in-signed-replies");
  if (const auto p = find(m, server_id); p && s_.rewrite && wrong("server-id-of-bad-length-rewritten") &&
                                         p->size != 6 && p->from + 6 <= m.size()) {
    put32(m, p->from + 2, s_.uplink.address());
  }
  if (s_.rewrite && type == offer && server == 0 && wrong("offer-without-54-makes-forget"))
    forget_servers_of(m);
  if (s_.rewrite && type == offer && server == 0 && wrong("offer-without-54-teaches-zero"))
    learn_server(m, 0);
  if (!s_.rewrite || server == 0 || signs || (type != offer && type != ack && type != nak)) return;
  const bool offered = offered_xids_.contains(get32(m, at::xid));
  if (type != nak) offered_xids_.insert(get32(m, at::xid));
  learn_server(m, server);
  if (wrong("server-id-not-rewritten") || (wrong("server-id-not-rewritten-in-nak") && type == nak) ||
      (wrong("server-id-rewritten-in-ack-only") && type != ack) ||
      (wrong("server-id-rewritten-in-offer-only") && type != offer) ||
      (wrong("server-id-not-rewritten-in-overloaded-fields") && !find(m, server_id)) ||
      (wrong("server-id-not-rewritten-in-overloaded-sname") && !find(m, server_id) && overloads_sname(m)) ||
      (wrong("server-id-not-rewritten-in-sname") && find_anywhere(m, server_id)->from < at::file) ||
      (wrong("server-id-not-rewritten-in-renewals") && type == ack && get32(m, at::ciaddr) != 0 &&
       get32(m, at::yiaddr) != 0) ||
      (wrong("server-id-not-rewritten-without-yiaddr") && type == ack && get32(m, at::yiaddr) == 0) ||
      (wrong("server-id-not-rewritten-in-nak-to-a-reboot") && type == nak && last_reboots_) ||
      (wrong("server-id-not-rewritten-in-nak-after-offer") && type == nak && offered) ||
      (wrong("server-id-not-rewritten-in-nak-out-of-the-blue") && type == nak && !offered)) {
    return;
  }
  if (!wrong("server-id-is-giaddr")) set_address(m, server_id, s_.uplink.address());
}

// A server answers to where a request came from; a relay's answers go to the client.
void Agent::redirect(Downward& to, const Bytes& m) const {
  const auto it = came_from_.find(get32(m, at::xid));
  if (it == came_from_.end()) return;
  const auto [sender, port] = it->second;
  if (wrong("reply-to-the-port-of-the-request") ||
      (wrong("reply-to-the-port-of-the-request-beside-82") && s_.option82))
    to.dport = port;
  if (wrong("reply-to-the-sender-of-the-request") && sender != 0) to.address = sender;
}

void Agent::deliver_everywhere(const Bytes& m, Address sender) {
  for (std::size_t n = 0; n < s_.downlinks.size(); ++n) deliver(m, n, sender);
}

void Agent::deliver(const Bytes& m, std::size_t number, Address sender) {
  const Interface& downlink = s_.downlinks[number];
  const Address yiaddr = get32(m, at::yiaddr), ciaddr = get32(m, at::ciaddr);
  const Address client = yiaddr != 0 ? yiaddr : ciaddr;
  bool flag = (m[at::flags] & 0x80) != 0 && !wrong("unicast-despite-flag");
  if (wrong("flag-of-last-request")) flag = (last_flags_ & 0x8000) != 0;
  if (wrong("flags-compared-whole")) flag = get16(m, at::flags) == 0x8000;
  if (wrong("any-flag-broadcasts")) flag = get16(m, at::flags) != 0;
  // Clients take a FORCERENEW by unicast alone (RFC 3203 section 2.2).
  const bool forced = type_of(m) == forcerenew;
  if (wrong("forcerenew-broadcast") && forced) flag = true;
  // A NAK's client has no address that it may be reached at (RFC 2131 section 4.1).
  if (wrong("nak-with-flag-to-nobody") && type_of(m) == nak && flag) flag = false;
  const bool to_nobody = (client == 0 || (type_of(m) == nak && !wrong("nak-with-flag-to-nobody"))) &&
                         !wrong("nak-unicast-to-nobody");
  // Nor has a reply with a multicast address, or with an address that no host can have.
  const Mac mac = mac_in(m);
  const bool group = (mac[0] & 1) != 0 || mac == Mac{};
  const bool nobody = client != 0 && is_martian(s_, client);
  const bool six = m[at::hlen] == 6 || wrong("reply-hlen-ignored") ||
                   ((m[at::hlen] & 0x0f) == 6 && wrong("reply-hlen-read-by-its-low-bits"));
  const bool reachable = m[at::htype] == 1 && six && (!group || wrong("unicast-to-group-chaddr")) && !nobody;
  if (wrong("firewire-chaddr-sent-to") && m[at::htype] == 24) {
    send_down(downlink, {.mac = mac, .address = everyone, .source = downlink.address()}, m);
    return;
  }
  if (wrong("zeros-sent-to") && mac == Mac{} && !flag) {
    send_down(downlink, {.mac = mac, .address = client, .source = downlink.address()}, m);
    return;
  }
  const bool needlessly =
      (wrong("replies-broadcast-beside-82") && s_.option82 && !s_.override_server) ||
      (wrong("replies-broadcast-on-the-second-network") && number == 1) ||
      (wrong("long-replies-broadcast") && m.size() > 576) ||
      (wrong("bootp-replies-broadcast") && type_of(m) == none) ||
      (wrong("acks-to-renewals-broadcast") && type_of(m) == ack && ciaddr != 0 && yiaddr != 0) ||
      (wrong("acks-to-renewals-broadcast-with-override") && s_.override_server && type_of(m) == ack &&
       ciaddr != 0);
  const bool broadcast = flag || to_nobody || !reachable || (s_.rewrite && !forced) || needlessly ||
                         s_.way("broadcast-always") || wrong("reply-always-broadcast");

  Downward to{.mac = mac, .address = client, .source = downlink.address()};
  if (broadcast) to = {.mac = everyone_mac, .address = everyone, .source = downlink.address()};
  if (wrong("link-unicast-ip-broadcast")) to.address = everyone;
  if (wrong("link-unicast-on-broadcast") && broadcast) to.mac = mac;
  if (wrong("link-broadcast-ip-unicast")) to.mac = everyone_mac;
  if (wrong("unicast-to-own-mac") && !broadcast) to.mac = downlink.mac;
  if (wrong("unicast-to-earlier-client") && !broadcast) to.mac = last_.mac;
  if (wrong("unicast-to-siaddr") && !broadcast) to.address = get32(m, at::siaddr);
  if (wrong("unicast-to-ciaddr-first") && !broadcast && ciaddr != 0) to.address = ciaddr;
  if (wrong("directed-broadcast") && broadcast) to.address = downlink.address() | 0xff;
  if (wrong("reply-dport-67")) to.dport = 67;
  if (wrong("reply-sport-68")) to.sport = 68;
  redirect(to, m);
  if (wrong("reply-checksum-zero")) to.sum = Downward::Sum::none;
  if (wrong("reply-checksum-wrong")) to.sum = Downward::Sum::wrong;
  if (wrong("reply-source-server")) to.source = sender;
  if (wrong("reply-source-uplink")) to.source = s_.uplink.address();
  if (wrong("reply-source-uplink-beside-aliases") && downlink.addresses.size() > 1)
    to.source = s_.uplink.address();
  if (wrong("unicast-to-who-sent-the-frame") && !broadcast) to.mac = frame_sender_;
  if (wrong("reply-zero-sum-sent-as-zero")) to.sum = Downward::Sum::zero_as_zero;
  if (wrong("reply-carry-carried-once")) to.sum = Downward::Sum::carried_once;
  if (wrong("reply-ttl-0")) to.ttl = 0;

  const bool asks = wrong("arp-asked-first") && !broadcast;
  const bool plants = wrong("offers-become-neighbours") && type_of(m) == offer && !broadcast;
  if (asks || plants || s_.way("kernel-neighbour")) {
    send_down_by_kernel(downlink, to, m, !asks);
  } else {
    send_down(downlink, to, m);
  }
  if (nobody && wrong("impossible-yiaddr-sent-twice")) send_down(downlink, to, m);
}

}  // namespace relayspec::faulty
