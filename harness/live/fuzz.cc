// SPDX-License-Identifier: Apache-2.0
#include "harness/live/fuzz.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "harness/dhcp4/world.h"
#include "harness/lab/device_of.h"
#include "harness/live/feature_sets.h"
#include "harness/live/fuzzer.h"
#include "harness/live/growth.h"
#include "harness/relays.h"
#include "harness/settings_table.h"
#include "relayspec/harness/lab.h"

namespace relayspec {
namespace {

using live::Findings;

// A turn is long against a start, and has enough steps to tell growth.
constexpr std::uint64_t steps_of_turn = 10, most_per_turn = 5120, between_looks = 64;

class Run {
 public:
  Run(const Profile& profile, const FuzzOptions& options, const FuzzWatch& watch)
      : profile_(profile), options_(options), watch_(watch), device_(device_of(profile, options.dialect)) {
    sets_ = options.settings.empty() ? live::feature_sets(profile, options.dialect) : options.settings;
    if (const auto fixed = device_->fixed_settings()) sets_ = {*fixed};
    per_turn_ = most_per_turn;
    if (options.packets)
      per_turn_ = std::clamp<std::uint64_t>(*options.packets / sets_.size(), 1, most_per_turn);
    // In each dialect as many starts as there is time for.
    if (options.seconds) per_turn_ = std::min<std::uint64_t>(per_turn_, 2048);
  }

  FuzzResult fuzz() {
    std::vector<bool> judged(sets_.size(), true);
    for (std::size_t turn = 0; goes_on(); ++turn) {
      const std::size_t set = turn % sets_.size();
      if (std::find(judged.begin(), judged.end(), true) == judged.end()) break;
      if (!judged[set]) continue;
      judged[set] = take_turn(sets_[set], turn < sets_.size());
    }
    result_.findings = findings_.all();
    result_.ms = ms();
    return std::move(result_);
  }

 private:
  std::uint64_t ms() const {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began_).count());
  }

  bool goes_on() {
    if (options_.packets && sent_ >= *options_.packets) return false;
    if (options_.seconds && ms() >= *options_.seconds * 1000) return false;
    return !result_.interrupted;
  }

  bool look() {
    result_.ms = ms();
    if (watch_ && !watch_(result_)) result_.interrupted = true;
    return goes_on();
  }

  // False where the relay cannot be judged under these settings.
  bool take_turn(const RelaySettings& settings, bool first) {
    const std::string name = describe(settings);
    if (first) result_.settings.push_back(name);
    try {
      dhcp4::World world = dhcp4::world_of(profile_, options_.dialect, *device_);
      world.settings = settings;
      live::Prober prober(*device_, std::move(world), profile_.start_timeout);
      live::Fuzzer fuzzer(prober,
                          {options_.seed, settings.downlinks, options_.at_once, name, as_features(settings),
                           options_.coverage ? &coverage_ : nullptr},
                          findings_, novelty_, result_, began_);
      prober.start();
      if (first) fuzzer.rest();
      use(fuzzer, prober);
      if (options_.coverage && coverage_.places() == 0)
        throw LabError(
            "the relay does not count where it has been: --coverage needs one that is built with "
            "-fsanitize-coverage and linked with coverage_map.c (docs/fuzzing.md)");
      if (first && goes_on()) fuzzer.rest();
      return true;
    } catch (const StartError& e) {
      result_.trouble.push_back(e.what());
      return false;
    }
  }

  void use(live::Fuzzer& fuzzer, live::Prober& prober) {
    std::uint64_t left = per_turn_;
    if (options_.packets) left = std::min(left, *options_.packets - sent_);
    const std::uint64_t step = std::max<std::uint64_t>(left / steps_of_turn, 1);
    live::Growth growth;
    std::size_t starts = prober.session().starts();
    while (left > 0 && goes_on()) {
      const std::uint64_t now = std::min(step, left);
      for (std::uint64_t done = 0; done < now && goes_on(); done += between_looks) {
        const std::uint64_t some = std::min(between_looks, now - done);
        fuzzer.run(sent_, sent_ + some, [&] { return goes_on(); });
        sent_ += some;
        result_.found_so_far = findings_.size();
        look();
      }
      left -= now;
      const auto held = prober.device().started() ? prober.device().holdings() : std::nullopt;
      if (prober.session().starts() != starts) growth = {};
      starts = prober.session().starts();
      if (held) growth.note(*held);
    }
    if (const auto grown = growth.found()) fuzzer.accuse_of_growth("no more than before", *grown);
    result_.starts += prober.session().starts();
  }

  const Profile& profile_;
  const FuzzOptions& options_;
  const FuzzWatch& watch_;
  std::unique_ptr<Device> device_;
  std::vector<RelaySettings> sets_;
  std::uint64_t per_turn_ = 0, sent_ = 0;
  Clock::time_point began_ = Clock::now();
  Findings findings_;
  live::Novelty novelty_;
  live::Coverage coverage_;
  FuzzResult result_;
};

}  // namespace

FuzzResult fuzz(const Profile& of, const FuzzOptions& options, const FuzzWatch& watch) {
  Profile profile = of;
  if (options.coverage) {
    profile.files[live::Coverage::file] = std::string(live::Coverage::size, '\0');
    profile.start.insert(0, fmt::format("export {}={}\n", live::Coverage::variable, live::Coverage::file));
  }
  require_privilege(profile);
  if (!profile.attach) acquire_privilege();
  FuzzResult result = Run(profile, options, watch).fuzz();
  result.relay_name = profile.name;
  result.relay_version = relay_version(profile).value_or("");
  result.dialect = name(options.dialect);
  result.seed = options.seed;
  return result;
}

}  // namespace relayspec
