// SPDX-License-Identifier: Apache-2.0
// Faults in the content of the relay's option 82: one line each, a change of the right content.
#include <algorithm>
#include <cctype>
#include <map>

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

// The sub-options of one message, and what may be wrong with them.
class Agent::WrongSubOptions {
 public:
  WrongSubOptions(const Agent& agent, std::vector<SubOption>& subs, const Bytes& m, const Origin& from)
      : agent_(agent),
        settings_(agent.s_),
        subs_(subs),
        m_(m),
        from_(from),
        here_(settings_.downlinks[from.downlink]),
        other_(settings_.downlinks[(from.downlink + 1) % settings_.downlinks.size()]),
        no_discover_(type_of(m) != discover) {}

  void circuits();
  void links();
  void overrides();
  void flags();
  void identifiers();
  void source_ports();
  void virtual_subnets();
  void of_all_kinds();

 private:
  template <class How>
  void change(std::string_view fault, std::uint8_t code, const How& how) {
    if (!agent_.wrong(fault)) return;
    for (SubOption& sub : subs_) {
      if (sub.code == code) how(sub.value);
    }
  }
  void drop(std::string_view fault, std::uint8_t code, bool here = true) {
    if (here && agent_.wrong(fault))
      std::erase_if(subs_, [&](const SubOption& sub) { return sub.code == code; });
  }
  void set(std::string_view fault, std::uint8_t code, const Bytes& value) {
    change(fault, code, [&](Bytes& v) { v = value; });
  }
  void add(std::string_view fault, std::uint8_t code, const Bytes& more) {
    change(fault, code, [&](Bytes& v) { v.insert(v.end(), more.begin(), more.end()); });
  }

  const Agent& agent_;
  const Settings& settings_;
  std::vector<SubOption>& subs_;
  const Bytes& m_;
  const Origin& from_;
  const Interface &here_, &other_;
  const bool no_discover_;
};

void Agent::WrongSubOptions::circuits() {
  set("circuit-id-of-earlier-message", circuit_id, octets(settings_.downlinks[agent_.last_.downlink].name));
  if (settings_.circuit_id.empty())
    set("circuit-id-changes-at-restart", circuit_id, octets(here_.name + of_this_run()));
  add("circuit-id-with-nul", circuit_id, {0});
  add("remote-id-with-nul", remote_id, {0});
  change("circuit-id-cut-at-a-space", circuit_id,
         [](Bytes& v) { v.erase(std::find(v.begin(), v.end(), ' '), v.end()); });
  change("remote-id-in-small-letters", remote_id, [](Bytes& v) {
    for (std::uint8_t& c : v) c = static_cast<std::uint8_t>(std::tolower(c));
  });
  if (agent_.wrong("circuit-id-doubled-in-unicast-requests") && from_.unicast) subs_.push_back(subs_.front());
  drop("remote-id-missing-in-bootp", remote_id, m_.size() >= at::cookie && type_of(m_) == none);
  if (agent_.wrong("circuit-id-of-the-clients-first-network") && m_.size() >= at::cookie) {
    static std::map<Mac, Bytes> first;
    if (first.size() == most_remembered) first.clear();
    subs_.front().value = first.emplace(mac_in(m_), subs_.front().value).first->second;
  }
  if (agent_.wrong("remote-id-doubled-in-declines") && type_of(m_) == decline) {
    const auto remote =
        std::find_if(subs_.begin(), subs_.end(), [](const SubOption& s) { return s.code == remote_id; });
    if (remote != subs_.end()) subs_.push_back(SubOption(*remote));
  }
  drop("circuit-id-only-without-remote-id", circuit_id, !settings_.remote_id.empty());
}

void Agent::WrongSubOptions::links() {
  drop("link-selection-missing", link_selection);
  drop("link-selection-in-discover-only", link_selection, no_discover_);
  drop("link-selection-not-in-bootp", link_selection, type_of(m_) == none);
  set("link-selection-of-other-downlink", link_selection, octets(other_.network().subnet()));
  set("link-selection-is-interface-address", link_selection, octets(here_.address()));
  set("link-selection-is-giaddr", link_selection, octets(agent_.giaddr_for(from_.downlink)));
  change("link-selection-in-host-order", link_selection, [](Bytes& v) { std::reverse(v.begin(), v.end()); });
  add("link-selection-with-mask", link_selection, octets(here_.network().mask));
}

void Agent::WrongSubOptions::overrides() {
  drop("override-missing", server_override);
  drop("override-in-discover-only", server_override, no_discover_);
  drop("override-missing-in-bootp", server_override, m_.size() >= at::cookie && type_of(m_) == none);
  drop("override-missing-on-the-second-network", server_override, from_.downlink == 1);
  drop("override-missing-in-renewals", server_override, from_.unicast);
  set("override-is-first-server", server_override, octets(settings_.servers.front()));
}

void Agent::WrongSubOptions::flags() {
  const auto flag = [](bool unicast) { return Bytes{static_cast<std::uint8_t>(unicast ? 0x80 : 0)}; };
  const bool whole = m_.size() >= at::cookie;
  set("flags-inverted", agent_flags, flag(!from_.unicast));
  set("flags-always-broadcast", agent_flags, flag(false));
  set("flags-always-unicast", agent_flags, flag(true));
  set("flags-by-link-address", agent_flags, flag(from_.link_unicast));
  set("flags-by-ciaddr", agent_flags, flag(whole && get32(m_, at::ciaddr) != 0));
  set("flags-by-broadcast-bit", agent_flags, flag(whole && (m_[at::flags] & 0x80) == 0));
  change("flags-other-bits-set", agent_flags, [](Bytes& v) { v[0] |= 0x01; });
  change("flags-in-lowest-bit", agent_flags, [](Bytes& v) { v[0] >>= 7; });
  add("flags-of-2-octets", agent_flags, {0});
  drop("flags-for-unicast-only", agent_flags, !from_.unicast);
  drop("flags-missing", agent_flags);
  if (whole && (m_[at::flags] & 0x80) != 0)
    set("flags-clear-beside-the-broadcast-bit", agent_flags, flag(false));
}

void Agent::WrongSubOptions::identifiers() {
  drop("subscriber-id-missing", subscriber_id);
  add("subscriber-id-with-nul", subscriber_id, {0});
  change("subscriber-id-cut-at-8", subscriber_id,
         [](Bytes& v) { v.resize(std::min<std::size_t>(v.size(), 8)); });
  if (agent_.wrong("subscriber-id-empty-when-unset") && settings_.subscriber_id.empty())
    subs_.push_back({subscriber_id, {}});
  drop("relay-id-missing", relay_id);
  add("relay-id-with-nul", relay_id, {0});
  add("relay-id-differs-per-downlink", relay_id, octets(here_.name));
  add("relay-id-changes-at-restart", relay_id, octets(of_this_run()));
  drop("relay-id-in-discover-only", relay_id, no_discover_);
  drop("relay-id-missing-on-the-second-network", relay_id, from_.downlink == 1);
  drop("relay-id-missing-in-bootp", relay_id, m_.size() >= at::cookie && type_of(m_) == none);
  drop("relay-id-missing-in-unicast-requests", relay_id, from_.unicast);
}

void Agent::WrongSubOptions::source_ports() {
  drop("source-port-without-suboption", source_port);
  add("source-port-suboption-with-data", source_port,
      {static_cast<std::uint8_t>(settings_.source_port >> 8),
       static_cast<std::uint8_t>(settings_.source_port)});
  if (agent_.wrong("source-port-suboption-by-default") && settings_.source_port == 67)
    subs_.push_back({source_port, {}});
}

void Agent::WrongSubOptions::virtual_subnets() {
  drop("vss-missing", virtual_subnet);
  drop("vss-without-control", subnet_control);
  drop("vss-in-discover-only", virtual_subnet, no_discover_);
  drop("vss-control-in-discover-only", subnet_control, no_discover_);
  add("vss-with-nul", virtual_subnet, {0});
  add("vss-control-with-data", subnet_control, {0});
  change("vss-of-type-1", virtual_subnet, [](Bytes& v) { v[0] = 1; });
  change("vss-without-type", virtual_subnet, [](Bytes& v) { v.erase(v.begin()); });
}

void Agent::WrongSubOptions::of_all_kinds() {
  drop("override-gives-way-to-flags", server_override, settings_.flags_suboption);
  drop("flags-give-way-to-a-vpn", agent_flags, !settings_.vss.empty());
  for (const std::string policy : {"replace", "forward", "discard"})
    drop("flags-give-way-to-a-vpn-under-" + policy, agent_flags,
         !settings_.vss.empty() && settings_.policy == policy);
  drop("relay-id-gives-way-to-subscriber-id", relay_id, !settings_.subscriber_id.empty());
  drop("vpn-gives-way-to-link-selection", virtual_subnet, settings_.link_selection);
  drop("source-port-suboption-not-appended", source_port, settings_.policy == "append");
  drop("override-missing-in-releases", server_override, type_of(m_) == release);
  drop("subscriber-id-missing-in-releases", subscriber_id, type_of(m_) == release);
  drop("remote-id-missing-on-the-second-network", remote_id, from_.downlink == 1);
  if (agent_.wrong("pad-suboption-behind-remote-id") && !settings_.remote_id.empty())
    subs_.push_back({0, {}});
  if (agent_.wrong("authentication-by-default")) subs_.push_back({8, Bytes(12, 0)});
  if (agent_.wrong("option82-empty")) subs_.clear();
}

void Agent::make_suboptions_wrong(std::vector<SubOption>& subs, const Bytes& m, const Origin& from) const {
  WrongSubOptions said(*this, subs, m, from);
  said.circuits();
  said.links();
  said.overrides();
  said.flags();
  said.identifiers();
  said.source_ports();
  said.virtual_subnets();
  said.of_all_kinds();
}

}  // namespace relayspec::faulty
