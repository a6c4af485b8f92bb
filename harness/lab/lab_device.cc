// SPDX-License-Identifier: Apache-2.0
#include "harness/lab/lab_device.h"

#include <fmt/format.h>

#include <sstream>
#include <utility>

#include "harness/relays.h"

namespace relayspec {
namespace {

constexpr std::chrono::seconds stop_grace(1);
constexpr std::uint64_t much_output = 16U << 20U;

// The interfaces of a list, as they are called in the lab.
std::string with_names_of(const Lab& lab, const std::string& listed) {
  std::istringstream in(listed);
  std::string all;
  for (std::string name; in >> name;) {
    for (const Segment s : all_segments) {
      if (name == interface_name(s)) all += (all.empty() ? "" : " ") + lab.relay_end_name(s);
    }
  }
  return all;
}

}  // namespace

LabDevice::LabDevice(const Profile& profile, Dialect dialect, const Topology& topology)
    : profile_(profile), dialect_(dialect), topology_(topology) {
  present_->lab = std::make_unique<Lab>(topology_);
}

LabDevice::~LabDevice() {
  finish();
  for (Place& p : places_) {
    if (p.lab) left_.push_back(std::move(p.lab));
  }
  Lab::close_sockets(left_);
}

void LabDevice::finish() {
  stop();
  for (Place& p : places_) finish(p);
}

RelayStart LabDevice::start_of(const RelaySettings& settings, const Lab& lab) const {
  RelayStart how{.script = profile_.start, .env = environment(settings, topology_), .files = profile_.files};
  for (const char* variable : {"RELAY_DOWNLINKS", "RELAY_UPLINK", "RELAY_TRUSTED_DOWNLINKS"})
    how.env[variable] = with_names_of(lab, how.env[variable]);
  how.env["RELAY_DIALECT"] = relayspec::name(dialect_);
  how.env.merge(relay_environment(profile_));
  return how;
}

void LabDevice::vacate(Place& p) {
  finish(p);
  if (p.lab && p.lab->ends() == ends_) return;
  if (p.lab) left_.push_back(std::move(p.lab));
  p.lab = std::make_unique<Lab>(topology_, ends_);
}

LabDevice::Place& LabDevice::vacate() {
  Place* best = nullptr;
  for (Place& p : places_) {
    if (&p == present_ || p.ahead) continue;
    if (!best || (!p.relay && best->relay)) best = &p;
  }
  vacate(*best);
  return *best;
}

LabDevice::Place* LabDevice::take_ahead(const RelaySettings& settings) {
  Place* found = nullptr;
  for (Place& p : places_) {
    if (!p.ahead) continue;
    const bool wanted = *p.ahead == settings && p.lab->ends() == ends_ && !keeps_lab_;
    p.ahead.reset();
    if (!wanted) {
      p.relay.reset();
      continue;
    }
    p.relay->await_start();
    if (p.relay->ended()) {
      p.relay.reset();
    } else {
      found = &p;
    }
  }
  return found;
}

void LabDevice::start(const RelaySettings& settings) {
  if (Place* ahead = take_ahead(settings)) {
    present_ = ahead;
  } else {
    if (present_->relay && !keeps_lab_) {
      present_ = &vacate();
    } else {
      vacate(*present_);
    }
    present_->relay = std::make_unique<RelayProcess>(lab(), start_of(settings, lab()));
  }
  started_ = true;
}

void LabDevice::start_ahead(const RelaySettings& settings) {
  if (keeps_lab_ || !started_) return;
  Place* free = nullptr;
  for (Place& p : places_) {
    if (p.ahead) return;
    if (&p != present_ && (!p.relay || p.relay->ended())) free = &p;
  }
  if (!free) return;
  vacate(*free);
  RelayStart how = start_of(settings, *free->lab);
  how.in_background = true;
  free->relay = std::make_unique<RelayProcess>(*free->lab, how);
  free->ahead = settings;
}

void LabDevice::hold(bool keep) {
  if (keep && !keeps_lab_ && !started_ && present_->relay) present_ = &vacate();
  keeps_lab_ = keep;
}

void LabDevice::stop() {
  if (!started_) return;
  started_ = false;
  if (keeps_lab_) {
    finish(*present_);
    return;
  }
  output_ = present_->relay->output();
  present_->relay->ask_to_end();
}

void LabDevice::finish(Place& p) {
  if (!p.relay) return;
  if (std::exchange(p.ahead, std::nullopt)) {
    p.relay.reset();
    return;
  }
  if (!p.relay->stop(stop_grace)) {
    remarks_.insert(fmt::format("relay {} did not end within {} s of SIGTERM and was killed", profile_.name,
                                stop_grace.count()));
  }
  if (p.relay->written() > much_output) {
    remarks_.insert(
        fmt::format("relay {} wrote more than {} MiB to stdout and stderr; the last of it is kept",
                    profile_.name, much_output >> 20U));
  }
  output_ = p.relay->output();
  p.relay.reset();
}

std::string LabDevice::output() { return started_ ? present_->relay->output() : output_; }

std::optional<Holdings> LabDevice::holdings() const {
  return started_ ? present_->relay->holdings() : std::nullopt;
}

std::optional<Activity> LabDevice::activity() const {
  return started_ ? present_->relay->activity() : std::nullopt;
}

std::optional<std::vector<std::string>> LabDevice::sockets() const {
  return started_ ? present_->relay->sockets() : std::nullopt;
}

std::optional<std::string> LabDevice::root_directory() const {
  return started_ ? present_->relay->root_directory() : std::nullopt;
}

void LabDevice::flush_neighbours() {
  for (const Segment s : all_segments) lab().flush_neighbours(s);
}

}  // namespace relayspec
