// SPDX-License-Identifier: Apache-2.0
#include "harness/live/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>

#include "harness/dhcp4/world.h"
#include "harness/lab/device_of.h"
#include "harness/live/duel.h"
#include "harness/packing.h"
#include "harness/relays.h"
#include "harness/side_by_side.h"
#include "relayspec/harness/lab.h"

namespace relayspec {

template <MaybeConst<DifferenceGroup> T>
auto members(T& value) {
  auto& [relay, what, stimuli, requirement, choice, broken_by, verdict, file, field, sent, reference,
         observed, reference_frames, frames, reference_exhibit, exhibit] = value;
  return std::tie(relay, what, stimuli, requirement, choice, broken_by, verdict, file, field, sent, reference,
                  observed, reference_frames, frames, reference_exhibit, exhibit);
}

namespace {

/// A relay, started in a lab of its own or attached to.
class Probed {
 public:
  Probed(const Contender& c, Dialect dialect, unsigned downlinks)
      : device_(device_of(c.profile, dialect)),
        prober_(*device_, world_for(c, dialect, downlinks, *device_), c.profile.start_timeout) {}

  live::Prober& prober() { return prober_; }

 private:
  static dhcp4::World world_for(const Contender& c, Dialect dialect, unsigned downlinks,
                                const Device& device) {
    dhcp4::World world = dhcp4::world_of(c.profile, dialect, device);
    world.settings = device.fixed_settings().value_or(c.settings);
    world.settings.downlinks = downlinks;
    return world;
  }

  std::unique_ptr<Device> device_;
  live::Prober prober_;
};

bool is_fixed(const Contender& c) { return c.profile.attach && c.profile.attach->configure.empty(); }

/// To as many servers as the other one, where that is a device that stays as it is.
Contender beside(Contender c, const Contender& other) {
  if (!is_fixed(c) && is_fixed(other) && c.profile.features.contains("multi-server"))
    c.settings.servers = static_cast<unsigned>(other.profile.attach->servers.size());
  return c;
}

std::vector<DifferenceGroup> compare_two(const Contender& first, const Contender& second,
                                         const StimuliOptions& options, const std::function<void()>& step) {
  const Contender reference = beside(first, second), other = beside(second, first);
  const unsigned downlinks = std::min(reference.settings.downlinks, other.settings.downlinks);
  Probed one(reference, options.dialect, downlinks), two(other, options.dialect, downlinks);
  live::Duel duel({reference.name, one.prober()}, {other.name, two.prober()}, options.seed, downlinks);
  for (std::size_t from = 0; from < options.stimuli; from += stimuli_at_once) {
    duel.run(from, std::min(from + stimuli_at_once, options.stimuli));
    step();
  }
  return duel.differences();
}

}  // namespace

Differences find_differences(const Contender& reference, std::span<const Contender> others,
                             const StimuliOptions& options,
                             const std::function<void(const std::string&)>& progress) {
  require_privilege(reference.profile);
  for (const Contender& c : others) require_privilege(c.profile);
  const auto is_attached = [](const Contender& c) { return c.profile.attach.has_value(); };
  if (!is_attached(reference) || !std::all_of(others.begin(), others.end(), is_attached)) acquire_privilege();
  // There is one of a device.
  const bool shares_device =
      is_attached(reference) || std::count_if(others.begin(), others.end(), is_attached) > 1;
  Differences all;
  std::vector<std::vector<DifferenceGroup>> by_relay(others.size());
  const auto work = [&](std::size_t i, const Send& send) {
    return pack(compare_two(reference, others[i], options, [&] { send({}); }));
  };
  const auto take = [&](std::size_t i, const JobResult& result) {
    if (result.trouble.empty())
      by_relay[i] = unpack<std::vector<DifferenceGroup>>(result.octets);
    else
      all.trouble.push_back(fmt::format("{}: {}", others[i].name, result.trouble));
  };
  const auto stepped = [&](std::size_t i, const Octets&) {
    if (progress) progress(others[i].name + ": stimuli");
  };
  side_by_side(others.size(), shares_device ? 1 : options.jobs, work,
               {.take = take, .take_message = stepped});
  for (auto& groups : by_relay) std::move(groups.begin(), groups.end(), std::back_inserter(all.groups));
  return all;
}

}  // namespace relayspec
