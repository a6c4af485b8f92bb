// What the relay says in option 82, and what it makes of the echo.
#include <algorithm>

#include "testsuites/faulty/agent.h"

namespace relayspec::faulty {
namespace {

enum Sub : std::uint8_t {
  circuit_id = 1,        // RFC 3046 section 3.1
  remote_id = 2,         // RFC 3046 section 3.2
  link_selection = 5,    // RFC 3527
  subscriber_id = 6,     // RFC 3993
  agent_flags = 10,      // RFC 5010
  server_override = 11,  // RFC 5107
  relay_id = 12,         // RFC 6925
  source_port = 19,      // RFC 8357
  virtual_subnet = 151,  // RFC 6607
  subnet_control = 152,  // RFC 6607 section 3.3
};

Bytes octets(const std::string& text) { return {text.begin(), text.end()}; }

Bytes octets(Address a) {
  Bytes b(4);
  put32(b, 0, a);
  return b;
}

// RFC 6607 section 3.5: type 0 is a name, without a NUL.
Bytes vpn(const std::string& name) { return octets(std::string(1, '\0') + name); }

}  // namespace

std::vector<Agent::SubOption> Agent::own_suboptions(const Bytes&, const Origin& from) const {
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
  add(s_.flags_suboption, agent_flags, {static_cast<std::uint8_t>(from.unicast ? 0x80 : 0)});
  add(s_.override_server, server_override, octets(downlink.address()));
  add(!s_.relay_id.empty(), relay_id, octets(s_.relay_id));
  add(s_.source_port != 67, source_port, {});
  add(!s_.vss.empty(), virtual_subnet, vpn(s_.vss));
  add(!s_.vss.empty(), subnet_control, {});
  if (wrong("option82-empty")) subs.clear();
  return subs;
}

Bytes Agent::encoded(const std::vector<SubOption>& subs) {
  Bytes data;
  for (const SubOption& sub : subs) {
    data.push_back(sub.code);
    data.push_back(static_cast<std::uint8_t>(sub.value.size()));
    data.insert(data.end(), sub.value.begin(), sub.value.end());
  }
  return data;
}

std::vector<Agent::SubOption> Agent::parse(const Bytes& data) {
  std::vector<SubOption> subs;
  for (std::size_t i = 0; i + 2 <= data.size() && i + 2 + data[i + 1] <= data.size(); i += 2U + data[i + 1]) {
    const auto from = data.begin() + static_cast<std::ptrdiff_t>(i) + 2;
    subs.push_back({data[i], {from, from + data[i + 1]}});
  }
  return subs;
}

// Whether an echo is what this relay says of a downlink: as far as it names what the relay would, it is the
// same. Servers may keep sub-options to themselves, and put them into another order.
bool Agent::names(const Bytes& echo, std::size_t downlink) const {
  const auto own = own_suboptions({}, {downlink, 0, false});
  bool any = false;
  for (const SubOption& sub : parse(echo)) {
    if (sub.code == agent_flags || sub.value.empty()) continue;  // of the request, and of no downlink
    for (const SubOption& ours : own) {
      if (ours.code != sub.code) continue;
      if (ours.value != sub.value) return false;
      any = true;
    }
  }
  return any;
}

// RFC 6607 sections 5 and 5.1: a server that knows of VPNs takes the control out, and keeps the one that it
// served.
bool Agent::vpn_fits(const Bytes& echo) const {
  if (s_.vss.empty()) return true;
  bool ours = false;
  for (const SubOption& sub : parse(echo)) {
    if (sub.code == subnet_control) return false;
    if (sub.code == virtual_subnet) ours = sub.value == vpn(s_.vss);
  }
  return ours;
}

}  // namespace relayspec::faulty
