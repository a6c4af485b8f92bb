// SPDX-License-Identifier: Apache-2.0
#include "relayspec/harness/settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/settings_table.h"
#include "harness/suggest.h"
#include "harness/text.h"
#include "relayspec/harness/profile.h"

namespace relayspec {
namespace {

// "NAME" or "NAME=VALUE"
void apply_feature(RelaySettings& settings, const std::string& feature) {
  const std::size_t equals = std::min(feature.find('='), feature.size());
  const std::string name = feature.substr(0, equals);
  const Setting* setting = find_setting(name);
  if (!setting) {
    const std::string hint = did_you_mean(name, known_features());
    throw InputError(one_line(
        fmt::format("--feature {}: there is no such feature{} 'relayspec relays' lists those of each relay",
                    name, hint.empty() ? ";" : hint)));
  }
  std::string value = equals < feature.size() ? feature.substr(equals + 1) : "";
  if (setting->argument.name.empty() && equals < feature.size())
    refuse_value(*setting, value, "this feature takes no value");
  if (value.empty()) value = setting->argument.otherwise;
  setting->access.set(settings, *setting, value);
  if (setting->in_option82) settings.option82 = true;
}

}  // namespace

const std::vector<std::string>& known_features() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Setting& setting : settings_table()) all.emplace_back(setting.feature);
    return all;
  }();
  return names;
}

bool is_feature(std::string_view name) { return find_setting(name) != nullptr; }

std::set<std::string> features_needed(const RelaySettings& settings) {
  std::set<std::string> needed;
  for (const Setting& setting : settings_table()) {
    if (setting.access.is_set(settings)) needed.emplace(setting.feature);
  }
  return needed;
}

std::map<std::string, std::string> environment(const RelaySettings& settings, const Topology& topology) {
  std::vector<std::string> addresses;
  for (const Segment s : all_downlinks) {
    if (index(s) < settings.downlinks) addresses.push_back(topology[s].relay.ipv4.to_string());
  }
  std::map<std::string, std::string> variables = {
      {"RELAY_DOWNLINK_ADDRESSES", join(addresses, " ")},
      {"RELAY_UPLINK", interface_name(Segment::uplink)},
      {"RELAY_UPLINK_ADDRESS", topology[Segment::uplink].relay.ipv4.to_string()},
  };
  for (const Setting& setting : settings_table())
    variables.emplace(setting.variable, setting.access.value(settings, topology));
  return variables;
}

std::vector<std::string> as_features(const RelaySettings& settings) {
  const RelaySettings plain;
  const Topology& topology = Topology::documentation();
  std::vector<std::string> features;
  for (const Setting& setting : settings_table()) {
    // What a plain relay does too is left out.
    if (!setting.access.is_set(settings) ||
        setting.access.value(settings, topology) == setting.access.value(plain, topology))
      continue;
    const bool has_value = !setting.argument.name.empty();
    features.push_back(std::string(setting.feature) +
                       (has_value ? "=" + setting.access.shown(settings) : ""));
  }
  return features;
}

std::string describe(const RelaySettings& settings) {
  std::vector<std::string> parts = as_features(settings);
  if (settings.downlinks < RelaySettings{}.downlinks) parts.insert(parts.begin(), "one downlink");
  if (settings.server_list.size() == 1)
    parts.insert(parts.begin(), "server " + settings.server_list.front().to_string());
  return parts.empty() ? "plain" : join(parts);
}

RelaySettings settings_from_features(const Profile& profile, const std::vector<std::string>& features) {
  RelaySettings settings;
  if (!profile.features.contains("multi-downlink")) settings.downlinks = 1;
  for (const std::string& feature : features) apply_feature(settings, feature);
  for (const std::string& needed : features_needed(settings)) {
    if (!profile.features.contains(needed)) {
      throw InputError(
          fmt::format("{}: the profile does not list the feature {}, so the relay cannot be started with "
                      "it; leave it out, or add it to the profile if the relay has it",
                      profile.path, needed));
    }
  }
  return settings;
}

std::string features_help() {
  std::string lines;
  for (const Setting& setting : settings_table()) {
    const auto& [name, otherwise, least, most] = setting.argument;
    std::string usage(setting.feature);
    if (!name.empty()) usage += otherwise.empty() ? fmt::format("={}", name) : fmt::format("[={}]", name);
    lines += fmt::format("  {:<22} {}", usage, setting.words);
    if (most > 0) lines += fmt::format(", {} to {}", least, most);
    if (!otherwise.empty()) lines += fmt::format(" (default: {})", otherwise);
    lines += '\n';
  }
  return lines;
}

}  // namespace relayspec
