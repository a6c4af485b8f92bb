// SPDX-License-Identifier: Apache-2.0
// The echo of option 82 where another's may stand beside the relay's own: whose is what.
#include <algorithm>

#include "testsuites/faulty/agent.h"

namespace relayspec::faulty {
namespace {

// RFC 6607 section 3.3: a server that knows of VPNs does not return it.
Bytes without_control(const Bytes& data) {
  auto subs = parse(data);
  std::erase_if(subs, [](const SubOption& sub) { return sub.code == subnet_control; });
  return encoded(subs);
}

}  // namespace

void Agent::remember_said(const Bytes& data) {
  if (said_.size() + 2 > most_remembered) said_.clear();
  said_.insert(data);
  said_.insert(without_control(data));
}

std::vector<Bytes> Agent::own_echoes(std::size_t downlink) const {
  std::vector<Bytes> all(said_.begin(), said_.end());
  for (const bool unicast : {false, true}) {
    const Bytes data = encoded(own_suboptions({}, {.downlink = downlink, .unicast = unicast}));
    all.push_back(data);
    all.push_back(without_control(data));
  }
  std::erase_if(all, [&](const Bytes& data) {
    const auto subs = parse(data);
    const SubOption* flags = find(subs, agent_flags);
    return (wrong("own-echo-of-a-unicast-request-left") && flags && flags->value != Bytes{0}) ||
           (wrong("own-echo-without-vpn-control-left") && !s_.vss.empty() && !find(subs, subnet_control));
  });
  return all;
}

bool Agent::is_own_echo(const Bytes& echo, std::size_t downlink) const {
  if (wrong("own-echo-known-by-parts") && names(echo, downlink)) return true;
  const auto all = own_echoes(downlink);
  return std::any_of(all.begin(), all.end(), [&](const Bytes& own) {
    if (own.empty()) return false;
    const bool part = echo.size() < own.size() && !echo.empty();
    if (part && wrong("own-echo-known-by-its-beginning") && std::equal(echo.begin(), echo.end(), own.begin()))
      return true;
    if (part && wrong("own-echo-known-by-its-end") && std::equal(echo.rbegin(), echo.rend(), own.rbegin()))
      return true;
    if (own.size() != echo.size()) return false;
    return wrong("own-echo-known-by-length") ||
           std::equal(own.begin() + (wrong("own-echo-known-behind-its-first-octet") ? 1 : 0),
                      own.end() - (wrong("own-echo-known-before-its-last-octet") ? 1 : 0),
                      echo.begin() + (wrong("own-echo-known-behind-its-first-octet") ? 1 : 0));
  });
}

std::optional<Bytes> Agent::octets_of_others(const Bytes& m, std::size_t downlink) const {
  const Bytes echo = joined(m, agent_information);
  const auto pieces = find_all(m, agent_information);
  if (wrong("own-echo-in-instances-left") && pieces.size() > 1 && s_.policy.empty()) return std::nullopt;
  if (wrong("own-echo-in-instances-left-under-forward") && pieces.size() > 1 && s_.policy == "forward")
    return std::nullopt;
  if (s_.policy == "append" &&
      ((wrong("append-strips-nothing-beside-a-vpn") && !s_.vss.empty()) ||
       (wrong("append-strips-nothing-of-the-untrusted") && !s_.downlinks[downlink].trusted)))
    return std::nullopt;
  if (is_own_echo(echo, downlink)) return Bytes{};
  if (s_.policy != "append") return std::nullopt;
  if (wrong("append-strips-all-of-the-echo")) return Bytes{};
  if (wrong("append-strips-whole-instances-alone") && pieces.size() == 1) return std::nullopt;
  for (std::size_t at = 1; at < echo.size(); ++at) {
    const auto own = echo.begin() + static_cast<std::ptrdiff_t>(at);
    if (is_own_echo({own, echo.end()}, downlink)) return Bytes(echo.begin(), own);
  }
  return std::nullopt;
}

}  // namespace relayspec::faulty
