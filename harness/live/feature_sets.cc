// SPDX-License-Identifier: Apache-2.0
#include "harness/live/feature_sets.h"

#include <algorithm>
#include <map>

namespace relayspec::live {
namespace {

// Those that have no value of their own get one that some generated messages exceed and some do not.
std::string with_value(const std::string& feature) {
  static const std::map<std::string, std::string> values = {
      {"max-hops", "=8"}, {"min-secs", "=2"}, {"max-size", "=576"}};
  const auto value = values.find(feature);
  return value == values.end() ? feature : feature + value->second;
}

// How many interfaces there are is nothing to be set, and the dialect says who the clients' server is.
bool is_turned_on(const std::string& feature, Dialect dialect) {
  if (feature == "multi-downlink" || feature == "server-id-rewrite") return false;
  return dialect != Dialect::proxy || feature != "server-id-override";
}

}  // namespace

std::vector<RelaySettings> feature_sets(const Profile& profile, Dialect dialect) {
  std::vector<RelaySettings> all;
  const auto add = [&](const std::vector<std::string>& features) {
    RelaySettings s = settings_from_features(profile, features);
    if (dialect == Dialect::proxy) s.server_id = ServerIdMode::rewrite;
    if (std::find(all.begin(), all.end(), s) == all.end()) all.push_back(s);
  };
  add({});
  std::vector<std::string> parts;
  for (const std::string& feature : known_features()) {
    if (!profile.features.contains(feature) || !is_turned_on(feature, dialect)) continue;
    // With one giaddr for all networks option 82 names the network of a reply.
    const bool shares = feature == "giaddr" && profile.features.contains("option82");
    add(shares ? std::vector<std::string>{feature, "option82"} : std::vector{with_value(feature)});
    for (const char* part :
         {"circuit-id", "remote-id", "subscriber-id", "relay-id", "flags-suboption", "vss"}) {
      if (feature == part) parts.push_back(feature);
    }
  }
  if (!parts.empty()) add(parts);
  return all;
}

}  // namespace relayspec::live
