// Faults in what the relay says in option 82: a line each, over what it would say rightly.
#include <algorithm>

#include "testsuites/faulty/agent.h"
#include "testsuites/faulty/suboptions.h"

namespace relayspec::faulty {
namespace {

// Another value after every start.
std::string of_this_run() {
  static const std::string once = std::to_string(Clock::now().time_since_epoch().count());
  return once;
}

}  // namespace

void Agent::misstate(std::vector<SubOption>& subs, const Bytes& m, const Origin& from) const {
  const auto change = [&](std::string_view fault, std::uint8_t code, const auto& how) {
    if (!wrong(fault)) return;
    for (SubOption& sub : subs) {
      if (sub.code == code) how(sub.value);
    }
  };
  const auto drop = [&](std::string_view fault, std::uint8_t code, bool here = true) {
    if (here && wrong(fault)) std::erase_if(subs, [&](const SubOption& sub) { return sub.code == code; });
  };
  const auto set = [&](std::string_view fault, std::uint8_t code, const Bytes& value) {
    change(fault, code, [&](Bytes& v) { v = value; });
  };
  const auto add = [&](std::string_view fault, std::uint8_t code, const Bytes& more) {
    change(fault, code, [&](Bytes& v) { v.insert(v.end(), more.begin(), more.end()); });
  };
  const Interface &here = s_.downlinks[from.downlink],
                  &other = s_.downlinks[(from.downlink + 1) % s_.downlinks.size()];
  const bool no_discover = type_of(m) != discover;
  const auto flag = [](bool unicast) { return Bytes{static_cast<std::uint8_t>(unicast ? 0x80 : 0)}; };
  const auto when = [&](bool asked) { return m.size() >= at::cookie && asked; };

  set("circuit-id-of-earlier-message", circuit_id, octets(s_.downlinks[last_.downlink].name));
  if (s_.circuit_id.empty())
    set("circuit-id-changes-at-restart", circuit_id, octets(here.name + of_this_run()));
  add("circuit-id-with-nul", circuit_id, {0});
  add("remote-id-with-nul", remote_id, {0});
  drop("circuit-id-only-without-remote-id", circuit_id, !s_.remote_id.empty());

  drop("link-selection-missing", link_selection);
  drop("link-selection-in-discover-only", link_selection, no_discover);
  drop("link-selection-not-in-bootp", link_selection, type_of(m) == none);
  set("link-selection-of-other-downlink", link_selection, octets(other.network().subnet()));
  set("link-selection-is-interface-address", link_selection, octets(here.address()));
  set("link-selection-is-giaddr", link_selection, octets(giaddr_for(from.downlink)));
  change("link-selection-in-host-order", link_selection, [](Bytes& v) { std::reverse(v.begin(), v.end()); });
  add("link-selection-with-mask", link_selection, octets(here.network().mask));

  drop("override-missing", server_override);
  drop("override-in-discover-only", server_override, no_discover);
  drop("override-missing-in-renewals", server_override, from.unicast);
  set("override-is-uplink", server_override, octets(s_.uplink.address()));
  set("override-of-other-downlink", server_override, octets(other.address()));
  set("override-is-first-server", server_override, octets(s_.servers.front()));

  set("flags-inverted", agent_flags, flag(!from.unicast));
  set("flags-always-broadcast", agent_flags, flag(false));
  set("flags-always-unicast", agent_flags, flag(true));
  set("flags-by-link-address", agent_flags, flag(from.link_unicast));
  set("flags-by-ciaddr", agent_flags, flag(when(m.size() >= at::cookie && get32(m, at::ciaddr) != 0)));
  set("flags-by-broadcast-bit", agent_flags,
      flag(when(m.size() >= at::cookie && (m[at::flags] & 0x80) == 0)));
  change("flags-other-bits-set", agent_flags, [](Bytes& v) { v[0] |= 0x01; });
  change("flags-in-lowest-bit", agent_flags, [](Bytes& v) { v[0] >>= 7; });
  add("flags-of-two-octets", agent_flags, {0});
  drop("flags-for-unicast-only", agent_flags, !from.unicast);
  drop("flags-missing", agent_flags);

  drop("subscriber-id-missing", subscriber_id);
  add("subscriber-id-with-nul", subscriber_id, {0});
  change("subscriber-id-cut-at-eight", subscriber_id,
         [](Bytes& v) { v.resize(std::min<std::size_t>(v.size(), 8)); });
  if (wrong("subscriber-id-empty-when-unset") && s_.subscriber_id.empty())
    subs.push_back({subscriber_id, {}});
  drop("relay-id-missing", relay_id);
  add("relay-id-with-nul", relay_id, {0});
  add("relay-id-differs-per-downlink", relay_id, octets(here.name));
  add("relay-id-changes-at-restart", relay_id, octets(of_this_run()));
  drop("relay-id-in-discover-only", relay_id, no_discover);

  drop("source-port-without-suboption", source_port);
  add("source-port-suboption-with-data", source_port,
      {static_cast<std::uint8_t>(s_.source_port >> 8), static_cast<std::uint8_t>(s_.source_port)});
  if (wrong("source-port-suboption-by-default") && s_.source_port == 67) subs.push_back({source_port, {}});

  drop("vss-missing", virtual_subnet);
  drop("vss-without-control", subnet_control);
  drop("vss-in-discover-only", virtual_subnet, no_discover);
  drop("vss-control-in-discover-only", subnet_control, no_discover);
  add("vss-with-nul", virtual_subnet, {0});
  add("vss-control-with-data", subnet_control, {0});
  change("vss-of-type-one", virtual_subnet, [](Bytes& v) { v[0] = 1; });
  change("vss-without-type", virtual_subnet, [](Bytes& v) { v.erase(v.begin()); });
  drop("override-gives-way-to-flags", server_override, s_.flags_suboption);
  drop("override-missing-in-releases", server_override, type_of(m) == release);
  if (wrong("pad-suboption-behind-remote-id") && !s_.remote_id.empty()) subs.push_back({0, {}});
  if (wrong("authentication-by-default")) subs.push_back({8, Bytes(12, 0)});
  if (wrong("option82-empty")) subs.clear();
}

}  // namespace relayspec::faulty
