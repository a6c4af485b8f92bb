// SPDX-License-Identifier: Apache-2.0
// What the relay says in option 82, and what it makes of the echo.
#include "testsuites/faulty/suboptions.h"

#include <algorithm>
#include <cstdlib>

#include "testsuites/faulty/agent.h"

namespace relayspec::faulty {
namespace {

// RFC 6607 section 3.5: type 0 is a name, without a NUL.
Bytes vpn(const std::string& name) { return octets(std::string(1, '\0') + name); }

}  // namespace

Bytes octets(const std::string& text) { return {text.begin(), text.end()}; }

Bytes octets(Address a) {
  Bytes b(4);
  put32(b, 0, a);
  return b;
}

Bytes encoded(const std::vector<SubOption>& subs) {
  Bytes data;
  for (const SubOption& sub : subs) {
    data.push_back(sub.code);
    data.push_back(static_cast<std::uint8_t>(sub.value.size()));
    data.insert(data.end(), sub.value.begin(), sub.value.end());
  }
  return data;
}

std::vector<SubOption> parse(const Bytes& data) {
  std::vector<SubOption> subs;
  for (std::size_t i = 0; i + 2 <= data.size() && i + 2 + data[i + 1] <= data.size(); i += 2U + data[i + 1]) {
    const auto from = data.begin() + static_cast<std::ptrdiff_t>(i) + 2;
    subs.push_back({data[i], {from, from + data[i + 1]}});
  }
  return subs;
}

const SubOption* find(const std::vector<SubOption>& subs, std::uint8_t code) {
  const auto it = std::find_if(subs.begin(), subs.end(), [&](const SubOption& s) { return s.code == code; });
  return it == subs.end() ? nullptr : &*it;
}

std::vector<SubOption> Agent::own_suboptions(const Bytes& m, const Origin& from) const {
  const Interface& downlink = s_.downlinks[from.downlink];
  const std::string& name = s_.downlinks[wrong("circuit-id-same-everywhere") ? 0 : from.downlink].name;
  std::vector<SubOption> subs;
  const auto add = [&](bool asked, std::uint8_t code, Bytes value) {
    if (asked) subs.push_back({code, std::move(value)});
  };
  const bool named = !s_.circuit_id.empty() && !wrong("circuit-id-setting-ignored");
  add(true, circuit_id, octets(named ? s_.circuit_id : name));
  add(!s_.remote_id.empty() && !wrong("remote-id-setting-ignored"), remote_id, octets(s_.remote_id));
  add(s_.link_selection, link_selection, octets(downlink.network().subnet()));
  add(!s_.subscriber_id.empty(), subscriber_id, octets(s_.subscriber_id));
  const bool unicast = from.unicast && !(from.sender == 0 && wrong("flags-of-zero-source-clear"));
  add(s_.flags_suboption, agent_flags, {static_cast<std::uint8_t>(unicast ? 0x80 : 0)});
  add(s_.override_server, server_override,
      octets(s_.way("override-by-uplink") ? s_.uplink.address() : downlink.address()));
  add(!s_.relay_id.empty(), relay_id, octets(s_.relay_id));
  add(s_.source_port != 67, source_port, {});
  add(!s_.vss.empty(), virtual_subnet, vpn(s_.vss));
  add(!s_.vss.empty(), subnet_control, {});
  make_suboptions_wrong(subs, m, from);
  return subs;
}

// Whether an echo is what this relay says of a downlink: as far as it names what the relay would, it is the
// same. Servers may leave sub-options out, and put them into another order.
bool Agent::names(const Bytes& echo, std::size_t downlink) const {
  const auto own = own_suboptions({}, {.downlink = downlink}), theirs = parse(echo);
  if (wrong("link-selection-echo-needed") && s_.link_selection && !find(theirs, link_selection)) return false;
  if (wrong("circuit-id-read-in-first-place-only") && !theirs.empty() && theirs[0].code != circuit_id)
    return false;
  bool any = false;
  for (const SubOption& sub : theirs) {
    if (sub.code == agent_flags || sub.value.empty()) continue;  // of the request, and of no downlink
    const SubOption* ours = find(own, sub.code);
    if (ours == nullptr) continue;
    if (ours->value != sub.value) return false;
    any = true;
  }
  return any;
}

// RFC 6607 sections 5 and 5.1: a server that knows of VPNs takes the control out, and keeps the one that it
// served.
bool Agent::vpn_fits(const Bytes& echo) const {
  if (s_.vss.empty() || wrong("vss-foreign-delivered")) return true;
  const auto own = own_suboptions({}, {}), theirs = parse(echo);
  const SubOption *ours = find(own, virtual_subnet), *got = find(theirs, virtual_subnet);
  return ours == nullptr || (got != nullptr && got->value == ours->value && !find(theirs, subnet_control));
}

// An echo that ends this relay or makes it hang.
void Agent::suffers(const Bytes& echo, std::size_t downlink) const {
  const auto subs = parse(echo);
  const auto is_empty = [](const SubOption& s) { return s.value.empty(); };
  if (wrong("crash-on-suboption-overrun") && encoded(subs).size() != echo.size()) std::abort();
  if (wrong("hang-on-empty-suboption") && std::any_of(subs.begin(), subs.end(), is_empty)) hang();
  if (wrong("crash-on-long-echo") && echo.size() > 1024) std::abort();
  if (wrong("crash-on-unknown-circuit-id") && find(subs, circuit_id) && !names(echo, downlink)) std::abort();
}

}  // namespace relayspec::faulty
