// SPDX-License-Identifier: Apache-2.0
// Relay Agent Information: who may add it, where it stands, and who removes it (RFC 3046 section 2.1).
#include <algorithm>

#include "testsuites/faulty/agent.h"

namespace relayspec::faulty {
namespace {

constexpr std::size_t ip_and_udp = 28;

// RFC 3396 section 5: what is too long for one instance goes on in the next.
Bytes as_options(const Bytes& data, std::size_t most = 255) {
  Bytes out;
  for (std::size_t from = 0; from == 0 || from < data.size(); from += most) {
    const std::size_t size = std::min<std::size_t>(data.size() - from, most);
    out.push_back(agent_information);
    out.push_back(static_cast<std::uint8_t>(size));
    const auto first = data.begin() + static_cast<std::ptrdiff_t>(from);
    out.insert(out.end(), first, first + static_cast<std::ptrdiff_t>(size));
  }
  return out;
}

// Puts in place of the whole echo the part of the other relay, in one instance.
void keep_others(Bytes& m, const Bytes& theirs) {
  const auto pieces = find_all(m, agent_information);
  const std::size_t where = pieces.front().from;
  erase(m, pieces);
  insert(m, where, as_options(theirs));
}

// Like PAD and END it may stand where no option is read any more.
std::optional<std::size_t> behind_end(const Bytes& m) {
  const auto end = walk(m).end;
  if (!end) return std::nullopt;
  for (std::size_t i = *end + 1; i + 1 < m.size(); ++i) {
    if (m[i] == agent_information && i + 2U + m[i + 1] <= m.size()) return i;
  }
  return std::nullopt;
}

}  // namespace

// In the options, whole or not; and where overload makes servers look for more of them.
bool Agent::carries_agent_information(const Bytes& m) const {
  const Walk w = walk(m);
  const auto p = find(m, agent_information), type = find(m, message_type);
  if (wrong("forged-82-behind-pad-accepted") && !w.pieces.empty() &&
      std::any_of(w.pieces.begin(), w.pieces.end(),
                  [&](const Piece& o) { return o.code == 0 && p && o.from < p->from; })) {
    return false;
  }
  if (wrong("forged-82-before-type-accepted") && p && type && p->from < type->from) return false;
  if (wrong("forged-82-behind-type-accepted") && p && type && p->from > type->from) return false;
  if (wrong("forged-82-at-the-end-accepted") && p && p->from + p->size == w.end) return false;
  if (wrong("empty-82-accepted") && p && p->size == 2) return false;
  if (wrong("82-behind-end-refused") && behind_end(m)) return true;
  const auto anywhere = find_anywhere(m, agent_information);
  return w.overrunning == agent_information || anywhere;
}

std::optional<Agent::Plan> Agent::wrong_plan_for(const Bytes& m, std::size_t downlink) const {
  if (!s_.option82) return std::nullopt;
  const bool fresh = get32(m, at::giaddr) == 0;
  const auto pieces = find_all(m, agent_information);
  const auto subs = parse(joined(m, agent_information));
  const SubOption* circuit = find(subs, circuit_id);
  const std::string& other = s_.downlinks[(downlink + 1) % s_.downlinks.size()].name;
  const auto limit = find(m, 57);
  if (wrong("82-left-out-for-a-small-57") && limit && limit->size == 4 &&
      get16(m, limit->from + 2) < m.size())
    return Plan::keep;
  if (wrong("82-left-out-behind-leading-pads") && m.size() > at::options && m[at::options] == 0)
    return Plan::keep;
  if (wrong("82-left-out-for-a-57-above-576") && limit && limit->size == 4 &&
      std::max<std::size_t>(get16(m, limit->from + 2), 576) < m.size())
    return Plan::keep;
  const bool keep =
      fresh &&
      ((wrong("forgery-of-other-network-kept") && circuit && circuit->value == octets(other) &&
        s_.downlinks.size() > 1) ||
       (wrong("forgery-in-2-parts-kept") && pieces.size() == 2 &&
        parse(joined(m, agent_information)).size() == 1 && pieces[0].size == 7) ||
       (wrong("clients-own-link-selection-kept") && s_.link_selection && find(subs, link_selection)) ||
       (wrong("trust-of-one-is-trust-of-all") && !pieces.empty() && s_.downlinks[0].trusted &&
        downlink == 1) ||
       (wrong("replace-keeps-a-single-instance") && s_.policy == "replace" && pieces.size() == 1) ||
       (wrong("append-needs-something-to-append-to") && s_.policy == "append" && pieces.empty()) ||
       (wrong("replace-needs-something-to-replace") && s_.policy == "replace" && pieces.empty()) ||
       (wrong("forward-never-adds") && s_.policy == "forward" && pieces.empty()) ||
       (wrong("discard-adds-nothing-either") && s_.policy == "discard" && pieces.empty()));
  if (keep) return Plan::keep;
  if (!fresh && wrong("source-port-behind-relay") && s_.source_port != 67) return Plan::add;
  return std::nullopt;
}

Agent::Plan Agent::plan_for(const Bytes& m, std::size_t downlink) const {
  if (const auto plan = wrong_plan_for(m, downlink)) return *plan;
  if (wrong("option82-when-off")) return Plan::add;
  if (!s_.option82) return Plan::keep;
  const bool theirs = carries_agent_information(m);
  const std::string& policy = s_.policy;
  // Behind another relay it is left to that relay (RFC 3046 section 2.1.1).
  const bool applies_behind = wrong("policy-applied-behind-relay") ||
                              (wrong("append-applied-behind-relay") && policy == "append") ||
                              (wrong("replace-applied-behind-relay") && policy == "replace") ||
                              (wrong("discard-applied-behind-relay") && policy == "discard");
  if (get32(m, at::giaddr) != 0 && !applies_behind) {
    if (wrong("untrusted-82-behind-relay-dropped") && theirs) return Plan::drop;
    const bool anyway = wrong("option82-behind-relay") ||
                        (wrong("link-selection-behind-relay") && s_.link_selection) ||
                        (wrong("option82-behind-relay-without-one") && !theirs);
    return anyway ? Plan::add : Plan::keep;
  }
  const bool trusted = wrong("trusted-everywhere") || s_.downlinks[downlink].trusted;
  if (!theirs) return wrong("trusted-without-82-not-added") && trusted ? Plan::keep : Plan::add;
  if (policy == "append")
    return wrong("policy-append-replaces") ? Plan::replace
           : wrong("policy-append-keeps")  ? Plan::keep
                                           : Plan::add;
  if (policy == "replace")
    return wrong("policy-replace-appends") ? Plan::add
           : wrong("policy-replace-keeps") ? Plan::keep
                                           : Plan::replace;
  if (policy == "forward")
    return wrong("policy-forward-adds") ? Plan::add : wrong("policy-forward-drops") ? Plan::drop : Plan::keep;
  if (policy == "discard")
    return wrong("policy-discard-ignored")    ? Plan::keep
           : wrong("policy-discard-replaces") ? Plan::replace
                                              : Plan::drop;
  if (wrong("option82-accepted-from-client") || (trusted && wrong("trusted-second-82-added")))
    return Plan::add;
  if (trusted && wrong("trusted-82-replaced")) return Plan::replace;
  return trusted && !wrong("trusted-ignored") ? Plan::keep : Plan::drop;
}

// RFC 3046 section 2.1: for the message, its option 82 included; what the operator says, and what the link
// carries.
std::size_t Agent::room() const {
  std::size_t most = s_.max_size;
  if (wrong("max-size-one-lower")) --most;
  if (wrong("max-size-one-higher")) ++most;
  if (wrong("max-size-counts-udp-header")) most -= 8;
  if (wrong("max-size-counts-ip-and-udp-headers")) most -= ip_and_udp;
  if (wrong("max-size-ignored")) most = 65535;
  return wrong("mtu-ignored") ? most : std::min(most, s_.uplink.mtu - ip_and_udp);
}

// The last option, before END; left out where the message would get too long for the operator or the link.
bool Agent::add_option82(Bytes& m, const Bytes& data) const {
  const Walk w = walk(m);
  if (w.overruns && wrong("option82-behind-a-cut-off-option")) {
    Bytes option = as_options(data);
    option.push_back(255);
    insert(m, m.size(), option);
    return true;
  }
  if (!w.end) return false;
  const std::size_t most = wrong("option82-split-needlessly") ? 8
                           : wrong("option82-split-at-254")   ? 254
                                                              : 255;
  Bytes option = as_options(data, most);
  if (wrong("option82-length-wrong")) --option[1];
  if (wrong("option82-cut-at-255")) option.resize(std::min<std::size_t>(option.size(), 257));
  if (wrong("option82-length-wraps") && data.size() > 255) {
    option = {agent_information, static_cast<std::uint8_t>(data.size())};
    option.insert(option.end(), data.begin(), data.end());
  }
  std::size_t where = *w.end;
  const auto theirs = find(m, agent_information);
  if (wrong("policy-append-in-front") && theirs) where = theirs->from;
  if (wrong("option82-first")) where = at::options;
  if (wrong("option82-behind-end")) ++where;
  Bytes longer = m;
  if (s_.way("option82-in-padding")) {
    // Padding makes room, as far as there is some.
    const std::size_t padding = static_cast<std::size_t>(
        std::find_if(m.rbegin(), m.rend(), [](auto o) { return o != 0; }) - m.rbegin());
    longer.resize(m.size() - std::min(padding, option.size()));
  }
  insert(longer, where, option);
  std::size_t counted = wrong("max-size-without-the-option") ? m.size() : longer.size();
  if (wrong("max-size-counts-one-header")) counted = m.size() + 2 + data.size();
  if (wrong("max-size-counts-a-header-too-many") && data.size() % 255 == 0) counted += 2;
  constexpr std::size_t another_limit = 768;
  if (wrong("max-size-of-768-for-requests") && type_of(m) == request && counted > another_limit) return false;
  if (counted > room()) return false;
  m = std::move(longer);
  return true;
}

// By whoever put it in: what a trusted element below or a client under "forward" has put in is for them, and
// under "append" theirs stands in front of the relay's.
void Agent::strip_option82(Bytes& m, std::size_t downlink) const {
  if (const auto p = find_anywhere(m, agent_information);
      p && p->from < at::cookie && wrong("overloaded-82-stripped"))
    std::fill_n(m.begin() + static_cast<std::ptrdiff_t>(p->from), p->size, std::uint8_t{0});
  if (const auto i = behind_end(m); i && wrong("82-behind-end-stripped")) m.resize(*i);
  auto pieces = find_all(m, agent_information);
  if (pieces.empty() || wrong("option82-not-stripped")) return;
  if (wrong("option82-not-stripped-with-one-downlink") && s_.downlinks.size() == 1) return;
  if (wrong("echo-before-any-request-left") && !first_downlink_) return;
  if (wrong("echo-behind-many-pads-left") && find_all(m, 0).size() > 100) return;
  if (wrong("echo-without-end-left") && !walk(m).end) return;
  const bool own = names(joined(m, agent_information), downlink);
  const bool others = s_.policy == "forward" || s_.policy == "append" ||
                      (s_.policy.empty() && s_.downlinks[downlink].trusted);
  if (others && !wrong("trusted-82-stripped-in-reply")) {
    const auto theirs = octets_of_others(m, downlink);
    if (!theirs) return;
    if (theirs->size() > 40 && pieces.size() > 1 && wrong("own-echo-behind-a-long-one-left")) return;
    if (!theirs->empty()) return keep_others(m, *theirs);
  }
  // Looked for as it would be in a request that was broadcast.
  const auto echo = parse(joined(m, agent_information));
  const SubOption* flags = find(echo, agent_flags);
  if (s_.downlinks[downlink].trusted &&
      ((flags != nullptr && flags->value != Bytes{0} && wrong("unicast-echo-left-on-trusted")) ||
       (!s_.vss.empty() && !find(echo, subnet_control) && wrong("echo-without-control-left-on-trusted"))))
    return;
  if (!own && wrong("changed-echo-left-in-reply")) return;
  if (wrong("option82-stripped-in-offer-only") && type_of(m) != offer) return;
  if (wrong("option82-not-stripped-in-nak") && type_of(m) == nak) return;
  if (wrong("option82-not-stripped-in-bootp") && type_of(m) == none) return;
  if (wrong("first-82-left-in-reply") && pieces.size() > 1) pieces.erase(pieces.begin());
  if (wrong("second-82-left-in-reply")) pieces.resize(1);
  if (wrong("option82-strip-last-only") && pieces.back().from + pieces.back().size != walk(m).end) return;
  if (wrong("option82-strip-cuts-rest")) {
    m.resize(pieces[0].from + 1);
    m[pieces[0].from] = 255;
    return;
  }
  if (wrong("option82-strip-leaves-header"))
    pieces = {{agent_information, pieces[0].from + 2, pieces[0].size - 2}};
  const Bytes before = m;
  erase(m, pieces);
  // The rest was moved, and what it left behind stays in the padding.
  if (wrong("option82-left-in-padding"))
    m.insert(m.end(), before.end() - static_cast<std::ptrdiff_t>(before.size() - m.size()), before.end());
  if (own &&
      (wrong("option82-trace-in-padding") || (wrong("trace-beside-remote-id") && !s_.remote_id.empty()))) {
    const auto from = before.begin() + static_cast<std::ptrdiff_t>(pieces[0].from);
    m.insert(m.end(), from, from + static_cast<std::ptrdiff_t>(pieces[0].size));
  }
}

}  // namespace relayspec::faulty
