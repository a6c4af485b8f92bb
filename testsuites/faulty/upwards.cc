// SPDX-License-Identifier: Apache-2.0
// Requests, towards the servers: RFC 1542 section 4.1.1, RFC 3046 section 2.1.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "testsuites/faulty/agent.h"

namespace relayspec::faulty {

constexpr unsigned most_hops = 16;

Mac mac_in(const Bytes& m) {
  Mac mac;
  std::copy_n(m.begin() + at::chaddr, 6, mac.begin());
  return mac;
}

void hang() {
  while (true) pause();
}

// A message that ends this relay or makes it hang.
bool Agent::misbehaves_on(const Bytes& m) const {
  const bool long_address = m.size() > at::hlen && m[at::hlen] > 16;
  const bool runt = m.size() < at::cookie;
  if ((wrong("crash-on-hlen-over-16") && long_address) || (wrong("crash-on-runt") && runt) ||
      (wrong("crash-on-overrun") && walk(m).overruns)) {
    std::abort();
  }
  if ((wrong("hang-on-hlen-over-16") && long_address) || (wrong("hang-on-runt") && runt)) hang();
  if (wrong("hang-on-empty-option")) {
    const auto pieces = walk(m).pieces;
    if (std::any_of(pieces.begin(), pieces.end(), [](const Piece& p) { return p.code != 0 && p.size == 2; }))
      hang();
  }
  return stopped_;
}

// Every message type is relayed, unknown ones and BOOTP too; so this refuses nothing by right.
bool Agent::refuses(const Bytes& m, bool request) {
  // RFC 1542 section 2.1, to the letter.
  std::size_t least = s_.least_size;
  if (least != 0 && wrong("floor-one-lower")) --least;
  if (wrong("floor-missing") || (!request && wrong("floor-missing-for-replies"))) least = 0;
  if (m.size() < least) return true;
  const std::uint8_t type = type_of(m);
  const bool cookie = m.size() >= at::options && get32(m, at::cookie) == 0x63'82'53'63;
  if (wrong("other-cookie-dropped") && !cookie) return true;
  if (!request) {
    return declines(m, request) || (wrong("nak-dropped") && type == nak) ||
           (wrong("unknown-reply-dropped") && type > inform) ||
           (wrong("bootp-reply-dropped") && type == none && cookie);
  }
  return (wrong("discover-dropped") && type == discover) ||
         (wrong("request-dropped") && type == Type::request) || (wrong("inform-dropped") && type == inform) ||
         (wrong("decline-dropped") && type == decline) || (wrong("release-dropped") && type == release) ||
         (wrong("unknown-type-dropped") && type > inform) ||
         (wrong("bootp-request-dropped") && type == none) ||
         (wrong("behind-relay-dropped") && get32(m, at::giaddr) != 0) ||
         (s_.way("short-dropped") && m.size() < bootp_size) || declines(m, request);
}

// RFC 1542 section 4.1.1: a client that has not tried for long may have a server on its own network.
bool Agent::too_soon(const Bytes& m) const {
  unsigned secs = get16(m, at::secs), least = s_.min_secs;
  if (s_.way("secs-zero-held-back") && least == 0) return secs == 0;
  if (wrong("min-secs-ignored")) return false;
  if (wrong("min-secs-in-host-order")) secs = (secs & 0xff) << 8 | secs >> 8;
  if (least != 0 && wrong("min-secs-one-lower")) --least;
  if (least != 0 && wrong("min-secs-one-higher")) ++least;
  return secs < least;
}

void Agent::from_client(Received r, std::size_t downlink) {
  const std::scoped_lock lock(mutex_);
  Bytes& m = r.message;
  at_rest_ = {};
  if (suffers_from_the_one_before(m, Way::up) || misbehaves_on(m)) return;
  note_sender(r);
  frame_sender_ = r.sender;
  if (wrong("leaks-descriptor-per-broken-option") && m.size() >= at::options && walk(m).overruns)
    (void)!dup(s_.uplink.udp);
  if (wrong("leaks-memory-per-runt") && m.size() < at::cookie) leaked_.emplace_back(8192, 0xa5);
  if (!corrupted_as_it_came(
          m, Way::up,
          {.s = s_, .m = m, .downlink = downlink, .from = r.from, .to = r.to, .port = r.port, .ttl = r.ttl}))
    return;
  if (m.size() < at::cookie) return;
  if (wrong("stops-when-a-downlink-is-down") && !is_running(s_.downlinks.back())) return;
  if (r.from != 0 && is_martian(s_, r.from) && !wrong("martian-source-relayed") &&
      !wrong("own-source-relayed") && !wrong("own-source-relayed-without-secs")) {
    return;
  }
  if (m[at::op] == 2 && wrong("reply-from-client-side-relayed")) return relay_down(std::move(m), r.from);
  if (m[at::op] == 2 && wrong("replies-from-the-second-network-delivered") && downlink == 1)
    return relay_down(std::move(m), r.from);
  const bool server_says = std::find(s_.servers.begin(), s_.servers.end(), r.from) != s_.servers.end();
  if (m[at::op] == 2 && ((wrong("server-believed-on-client-side") && server_says) ||
                         (wrong("broadcast-replies-from-clients-delivered") && r.to == everyone) ||
                         (wrong("unknown-types-from-clients-delivered") && type_of(m) > inform))) {
    return relay_down(std::move(m), r.from);
  }
  if (m[at::op] != 1 && !wrong("op-unchecked-from-clients")) return;
  if (wrong("discovers-with-a-seen-xid-dropped") && type_of(m) == discover &&
      !heard_xids_.insert(get32(m, at::xid)))
    return;
  if (refuses(m, true) || too_soon(m) || (wrong("legal-source-dropped") && r.from != 0)) return;

  const Origin from{downlink, r.from, s_.is_own(r.to), r.link_unicast, r.summed, r.ttl, r.to};
  if (confused_by(m, from)) return;
  // The message before this one has been answered for, and the next case is on: so this is late enough.
  if (!late_.empty() && ++since_late_ == 2) {
    relay_up(std::move(late_.front().first), late_.front().second);
    late_.pop_front();
    since_late_ = 0;
  }
  seen_xids_.insert(get32(m, at::xid));
  if (from.unicast && get32(m, at::ciaddr) != 0) renewing_xids_.insert(get32(m, at::xid));
  if (wrong("full-after-512-clients") && seen_clients_.is_full() && !seen_clients_.contains(mac_in(m)))
    return;
  seen_clients_.insert(mac_in(m));
  unsigned limit = std::min(s_.max_hops, most_hops);
  if (wrong("default-hop-limit-3") && limit == 4) limit = 3;
  if (wrong("default-hop-limit-5") && limit == 4) limit = 5;
  if (wrong("hop-limit-below-4-ignored")) limit = std::max(limit, 4U);
  if (wrong("hop-limit-may-exceed-16")) limit = s_.max_hops;
  if (wrong("hop-limit-one-lower")) --limit;
  if (wrong("hop-limit-one-higher")) ++limit;
  if (wrong("hop-limit-missing") || (wrong("hop-limit-missing-on-the-second-network") && downlink == 1))
    limit = 255;
  if (m[at::hops] <= limit) {
    relay_up(std::move(m), from);
  } else if (wrong("over-hop-limit-relayed-late")) {
    late_.emplace_back(std::move(m), from);
  } else {
    if (wrong("stops-after-100-drops") && ++dropped_ > 100) stopped_ = true;
    if (wrong("icmp-for-dropped-requests") && m[at::hops] == 255) refuse_by_icmp(s_.downlinks[downlink]);
  }
}

// A relay need not know what it has relayed before, so this one does not, unless that is its fault or its
// way.
bool Agent::remembers() const {
  constexpr std::string_view those[] = {"same-xid-of-second-client-dropped",
                                        "renewal-of-unknown-client-dropped",
                                        "second-network-of-a-client-dropped",
                                        "first-message-only-right",
                                        "reply-by-xid-alone",
                                        "giaddr-zero-delivered-by-xid",
                                        "uplink-giaddr-delivered-by-xid",
                                        "foreign-giaddr-delivered-by-xid"};
  return s_.way("stateful") ||
         std::any_of(std::begin(those), std::end(those), [this](auto fault) { return wrong(fault); });
}

// Faults that do not show in this message alone: a request dropped for what came before it, or for what comes
// of it later.
bool Agent::confused_by(const Bytes& m, const Origin& from) {
  const auto known = [&](auto what) { return std::any_of(transactions_.begin(), transactions_.end(), what); };
  const std::uint32_t xid = get32(m, at::xid);
  const Mac mac = mac_in(m);
  if (wrong("leaks-descriptor-per-message")) (void)!dup(s_.uplink.udp);
  if (wrong("leaks-memory-per-message")) leaked_.emplace_back(1536, 0xa5);
  if (wrong("leaks-few-octets-per-message")) leaked_.emplace_back(32, 0xa5);
  if (s_.way("heap-grows-at-first") && leaked_.size() < 1000) leaked_.emplace_back(1536, 0xa5);
  const bool renewal = from.unicast && get32(m, at::ciaddr) != 0;
  if (type_of(m) == release) released_.insert(mac);
  if (type_of(m) == decline) declined_.insert(mac);
  if (type_of(m) == discover && ((wrong("discover-after-a-release-dropped") && released_.erase(mac) > 0) ||
                                 (wrong("discover-elsewhere-after-a-release-dropped") &&
                                  m[at::chaddr + 4] != from.downlink && released_.erase(mac) > 0) ||
                                 (wrong("discover-after-a-decline-dropped") && declined_.erase(mac) > 0)))
    return true;
  return (wrong("same-xid-of-second-client-dropped") &&
          known([&](const Transaction& t) { return t.xid == xid && t.mac != mac; })) ||
         (wrong("renewal-of-unknown-client-dropped") && renewal &&
          !known([&](const Transaction& t) { return t.mac == mac; })) ||
         (wrong("second-network-of-a-client-dropped") &&
          known([&](const Transaction& t) { return t.mac == mac && t.downlink != from.downlink; })) ||
         (wrong("unicast-requests-dropped") && from.unicast) ||
         (wrong("unicast-release-dropped") && from.unicast && type_of(m) == release);
}

void Agent::host_changes(const Changes& changes) {
  const std::scoped_lock lock(mutex_);
  const auto went_down = [&](const Interface& i) {
    return std::find(changes.down.begin(), changes.down.end(), i.index) != changes.down.end();
  };
  const auto is_missed = [&](const Interface& i) {
    if (&i == &s_.uplink && wrong("stays-deaf-without-its-uplink")) return false;
    return std::find(changes.gone.begin(), changes.gone.end(), i.index) != changes.gone.end();
  };
  // Its sockets are bound to the old interface, so it ends: whoever started this relay may start it again.
  if ((std::any_of(s_.downlinks.begin(), s_.downlinks.end(), is_missed) || is_missed(s_.uplink)) &&
      !wrong("stays-deaf-without-its-interface"))
    wrong("dies-with-its-interface") ? std::abort() : std::_Exit(1);
  if (wrong("dead-after-link-flap") && std::any_of(s_.downlinks.begin(), s_.downlinks.end(), went_down))
    stopped_ = true;
  if (wrong("dead-after-uplink-flap") && went_down(s_.uplink)) stopped_ = true;
  if (wrong("address-change-ignored") && changes.any) return;
  for (std::size_t i = 0; wrong("old-giaddr-still-delivered") && i < s_.downlinks.size(); ++i)
    former_giaddrs_.emplace_back(s_.downlinks[i].address(), i);
  read_host(s_);
  if (wrong("link-broadcast-unicast-relayed")) return;
  for (const Interface& i : s_.downlinks) refuse_unicast_in_broadcast(i.udp, s_.own);
  refuse_unicast_in_broadcast(s_.uplink.udp, s_.own);
  if (s_.uplink.other >= 0) refuse_unicast_in_broadcast(s_.uplink.other, s_.own);
}

void Agent::raise_hops(Bytes& m) const {
  const bool fresh = get32(m, at::giaddr) == 0;
  const bool seen_before = std::any_of(transactions_.begin(), transactions_.end(), [&](const Transaction& t) {
    return t.mac == mac_in(m) && t.xid != get32(m, at::xid);
  });
  const bool raise = !(wrong("hops-not-raised") ||
                       (wrong("hops-not-raised-with-one-downlink") && s_.downlinks.size() == 1)) &&
                     !(loops_for_ever() && !fresh && s_.is_own(get32(m, at::giaddr))) &&
                     !(wrong("first-message-only-right") && seen_before) &&
                     !(wrong("hops-not-raised-behind-relay") && !fresh);
  m[at::hops] = static_cast<std::uint8_t>(m[at::hops] + (raise ? wrong("hops-raised-by-2") ? 2 : 1 : 0));
}

void Agent::handle_their_option82(Bytes& m, Plan plan, bool fresh) const {
  auto theirs = find_all(m, agent_information);
  if (wrong("replace-keeps-second-instance")) theirs.resize(std::min<std::size_t>(theirs.size(), 1));
  const bool replaced = plan == Plan::replace;
  if (replaced && wrong("replace-loses-what-is-behind-a-pad") && !theirs.empty()) {
    const std::size_t behind = theirs.back().from + theirs.back().size;
    if (behind < m.size() && m[behind] == 0) m[behind] = 255;
  }
  if (replaced || (!fresh && wrong("option82-of-other-relay-removed"))) erase(m, theirs);
  if (wrong("flags-put-into-others-option") && !fresh && s_.flags_suboption && !theirs.empty()) {
    m[theirs[0].from + 1] = static_cast<std::uint8_t>(m[theirs[0].from + 1] + 3);
    insert(m, theirs[0].from + theirs[0].size, {agent_flags, 1, 0});
  }
  if (wrong("trusted-82-moved-to-the-end") && plan == Plan::keep && fresh && !theirs.empty() && walk(m).end) {
    const Bytes data = joined(m, agent_information);
    erase(m, theirs);
    add_option82(m, data);
  }
}

// RFC 8357 section 5.1: another port goes with the sub-option that says so, and so not without.
std::uint16_t Agent::source_port_for(bool option82_added) const {
  std::uint16_t sport = option82_added ? s_.source_port : 67;
  if (wrong("source-port-ignored")) sport = 67;
  if (wrong("source-port-without-option") && s_.option82) sport = s_.source_port;
  if (wrong("source-port-one-higher") && sport != 67) ++sport;
  return sport;
}

void Agent::remember(const Bytes& m, const Transaction& now) {
  last_ = now;
  last_flags_ = get16(m, at::flags);
  last_reboots_ = type_of(m) == Type::request && get32(m, at::ciaddr) == 0 && !find(m, server_id);
  if (!first_downlink_) first_downlink_ = now.downlink;
  if (!remembers()) return;
  if (transactions_.size() == most_remembered) {
    former_transactions_ = std::move(transactions_);
    transactions_.clear();
  }
  transactions_.insert(last_);
  if (downlink_by_xid_.size() == most_remembered) downlink_by_xid_.clear();
  downlink_by_xid_[last_.xid] = now.downlink;
}

void Agent::rebroadcast(const Bytes& as_it_came, std::size_t downlink) const {
  const auto send = [&](const Interface& i) {
    send_down(i, {.mac = everyone_mac, .address = everyone, .source = i.address(), .dport = 67}, as_it_came);
  };
  if (wrong("rebroadcast-from-second-network") && downlink == 1) send(s_.downlinks[0]);
  if (wrong("rebroadcast-on-same-downlink")) send(s_.downlinks[downlink]);
  if (wrong("rebroadcast-on-other-downlink") && s_.downlinks.size() > 1)
    send(s_.downlinks[downlink == 0 ? 1 : 0]);
}

void Agent::relay_up(Bytes m, const Origin& from) {
  if (is_not_ours(m, from.downlink)) return;
  if (known_downlinks_.insert(from.downlink).second && wrong("first-request-of-a-network-dropped")) return;
  const Plan plan = plan_for(m, from.downlink);
  if (plan == Plan::drop) return;

  const bool fresh = get32(m, at::giaddr) == 0;
  const Bytes as_it_came = m;
  raise_hops(m);
  fill_in_giaddr(m, from);
  handle_their_option82(m, plan, fresh);
  const bool adds = plan != Plan::keep && !wrong("option82-not-added") &&
                    !(wrong("option82-in-discover-only") && type_of(m) != discover) &&
                    !(wrong("option82-not-in-bootp") && type_of(m) == none);
  const Bytes own = encoded(own_suboptions(m, from));
  const bool added = adds && add_option82(m, own);
  if (added) remember_said(own);
  // RFC 1542 section 2.1: what was long enough for the next receiver stays so.
  if (walk(m).end) m.resize(std::max(m.size(), std::min(as_it_came.size(), bootp_size)));
  if (wrong("max-size-drops-instead") && adds && !added && m.size() <= s_.max_size && walk(m).end) return;
  if (wrong("max-size-drops-what-is-longer") && m.size() > s_.max_size) return;
  if (wrong("max-size-cuts") && adds && !added) m.resize(std::min(m.size(), s_.max_size));
  if (wrong("override-restores-54") && s_.override_server) set_address(m, server_id, s_.servers.front());

  const Transaction now{from.downlink, get32(m, at::xid), mac_in(m)};
  if (wrong("retransmissions-dropped") && now == last_ && type_of(m) == discover) return;
  remember(m, now);

  corrupt(m, Way::up);
  if (s_.way("fill-300")) fill_up(m);
  if (wrong("stops-after-100-messages") && ++relayed_ > 100) stopped_ = true;
  send_copies(m, from, source_port_for(added));
  constexpr int many = 20'000;
  for (int i = 0; wrong("floods-after-100-messages") && ++relayed_ > 100 && i < many; ++i)
    send_copies(m, from, source_port_for(added));
  if (wrong("requests-doubled-on-a-bridge") && has_bridge_port())
    send_copies(m, from, source_port_for(added));
  rebroadcast(as_it_came, from.downlink);
  last_request_ = [this, m, from, added] { send_copies(m, from, source_port_for(added)); };
}

void Agent::rests() {
  const std::scoped_lock lock(mutex_);
  if (const auto what = std::exchange(at_rest_, {})) what();
}

bool Agent::suffers_from_the_one_before(Bytes& m, Way way) {
  Bytes now = m;
  if (before_.size() > now.size())
    now.insert(now.end(), before_.begin() + static_cast<std::ptrdiff_t>(now.size()), before_.end());
  const Bytes before = std::exchange(before_, std::move(now));
  for (const Successive& fault : successive_faults()) {
    if (fault.way != way || !wrong(fault.name) || !fault.strikes(s_, m, before)) continue;
    if (fault.change == nullptr) return true;
    fault.change(m, before);
  }
  return false;
}

void Agent::note_sender(const Received& r) {
  const bool needed = wrong("reply-to-the-port-of-the-request") ||
                      wrong("reply-to-the-sender-of-the-request") ||
                      wrong("reply-to-the-port-of-the-request-beside-82");
  if (came_from_.size() == most_remembered) came_from_.clear();
  if (needed && r.message.size() >= at::cookie) came_from_[get32(r.message, at::xid)] = {r.from, r.port};
}

// False for what is not looked at any further.
bool Agent::corrupted_as_it_came(Bytes& m, Way way, const Sight& sight) const {
  const Narrow* fault = narrow_fault(way, sight);
  if (fault == nullptr) return true;
  if (fault->change == nullptr) return false;
  fault->change(m);
  return true;
}

void Agent::corrupt(Bytes& m, Way way) const {
  for (const Corruption& corruption : corruptions()) {
    if (corruption.way == way && wrong(corruption.name)) corruption.corrupt(m);
  }
}

}  // namespace relayspec::faulty
