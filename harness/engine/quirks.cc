// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/quirks.h"

#include <algorithm>

namespace relayspec {
namespace {

// A kind begins with the direction.
std::string place_of(const Difference& d) { return d.kind.substr(0, d.kind.find(' ')) + " " + d.field; }

}  // namespace

void Quirks::learn(const std::vector<Difference>& first, const std::vector<Difference>& second) {
  for (const Difference& d : second) {
    const auto in_first = [&](const auto& condition) {
      return std::any_of(first.begin(), first.end(), [&](const Difference& other) {
        return place_of(other) == place_of(d) && condition(other);
      });
    };
    if (!in_first([](const Difference&) { return true; })) continue;
    if (!find(d)) differences_.push_back(d);
    if (in_first([&](const Difference& other) { return other.kind != d.kind; })) varying_.insert(place_of(d));
  }
}

void Quirks::learn_excess(const std::vector<std::string>& first, const std::vector<std::string>& second) {
  for (const std::string& rule : second) {
    if (std::find(first.begin(), first.end(), rule) != first.end()) excess_.insert(rule);
  }
}

std::optional<std::string> Quirks::loss(Segment downlink, unsigned form) const {
  const auto lost = lost_.find({downlink, form});
  return lost == lost_.end() ? std::nullopt : std::optional(lost->second.rule);
}

std::set<std::string> Quirks::losses() const {
  std::set<std::string> rules;
  for (const auto& [form, loss] : lost_) {
    if (!loss.allowed) rules.insert(loss.rule);
  }
  return rules;
}

const Difference* Quirks::find(const Difference& d) const {
  const bool varies = varying_.contains(place_of(d));
  const auto quirk = std::find_if(differences_.begin(), differences_.end(), [&](const Difference& q) {
    return q.kind == d.kind || (varies && place_of(q) == place_of(d));
  });
  return quirk == differences_.end() ? nullptr : &*quirk;
}

}  // namespace relayspec
