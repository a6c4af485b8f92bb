#include "harness/lab/lab_device.h"

#include <fmt/format.h>

#include <sstream>

#include "harness/relays.h"

namespace relayspec {
namespace {

constexpr std::chrono::seconds stop_grace(1);
constexpr std::uint64_t much_output = 16U << 20U;

// The interfaces of a list, as they are called in the lab.
std::string with_names_of(const Lab& lab, const std::string& names) {
  std::istringstream in(names);
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

LabDevice::~LabDevice() { finish(); }

void LabDevice::finish() {
  for (Place& p : places_) finish(p);
}

void LabDevice::start(const RelaySettings& settings) {
  RelayStart how{.script = profile_.start, .env = environment(settings, topology_), .files = profile_.files};
  for (const char* variable : {"RELAY_DOWNLINKS", "RELAY_UPLINK", "RELAY_TRUSTED_DOWNLINKS"})
    how.env[variable] = with_names_of(lab(), how.env[variable]);
  how.env["RELAY_DIALECT"] = relayspec::name(dialect_);
  how.env.merge(relay_environment(profile_));
  present_->relay = std::make_unique<RelayProcess>(*present_->lab, how);
}

void LabDevice::stop() {
  if (!present_->relay) return;
  if (keeps_lab_) {
    finish(*present_);
    return;
  }
  Place& other = present_ == &places_[0] ? places_[1] : places_[0];
  finish(other);
  output_ = present_->relay->output();
  present_->relay->ask_to_end();
  present_ = &other;
  if (!present_->lab) present_->lab = std::make_unique<Lab>(topology_);
}

void LabDevice::finish(Place& p) {
  if (!p.relay) return;
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

std::string LabDevice::output() { return present_->relay ? present_->relay->output() : output_; }

std::optional<Holdings> LabDevice::holdings() const {
  return present_->relay ? present_->relay->holdings() : std::nullopt;
}

std::optional<std::vector<std::string>> LabDevice::sockets() const {
  return present_->relay ? present_->relay->sockets() : std::nullopt;
}

void LabDevice::flush_neighbours() {
  for (const Segment s : all_segments) lab().flush_neighbours(s);
}

}  // namespace relayspec
