// SPDX-License-Identifier: Apache-2.0
// A relay that is there already: interfaces of this machine, or of a namespace, lead to it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/engine/decorators.h"
#include "harness/lab/taps.h"
#include "relayspec/harness/device.h"
#include "relayspec/harness/dialect.h"
#include "relayspec/harness/profile.h"

namespace relayspec {

class AttachedDevice : public Device {
 public:
  /// Of a profile with [attach]. Opens the interfaces, and asks the relay for its link addresses. Throws
  /// LabError.
  AttachedDevice(const Profile&, Dialect);
  ~AttachedDevice() override;

  const std::string& name() const override { return profile_.name; }
  Link& link() override { return running_time_; }
  const Topology& topology() const override { return topology_; }
  bool shares_links() const override { return true; }
  std::optional<std::string> cannot_be_set(const RelaySettings&) const override;
  std::optional<RelaySettings> fixed_settings() const override;
  bool can_restart() const override { return !attach().restart.empty(); }

  /// By the profile's script `configure` for other settings, and by `restart` for the same ones again.
  /// Without these the relay is taken as it is.
  void start(const RelaySettings&) override;
  void stop() override { started_ = false; }
  bool started() const override { return started_; }
  /// Set where `configure` could not set the relay so: it refuses these settings.
  std::optional<std::string> ended() override { return refusal_; }
  int wake_fd() const override { return -1; }
  std::string output() override { return output_; }
  std::optional<Holdings> holdings() const override;
  void flush_neighbours() override {}
  std::size_t pauses() const override { return running_time_.pauses(); }

 private:
  class TapLink : public Link {
   public:
    void add(Segment, Tap);
    void inject(std::span<const Outgoing>) override;
    std::vector<Frame> receive(Clock::time_point deadline, int wake) override {
      return receive_from(taps_, deadline, wake);
    }

   private:
    std::vector<Tap> taps_;
    std::array<std::optional<std::size_t>, segment_count> places_;  ///< in taps_, by index(Segment)
  };

  const Attach& attach() const { return *profile_.attach; }
  std::vector<Segment> segments() const;
  const Attach::Interface& interface_of(Segment) const;
  void open_interfaces();
  void ask_for_link_addresses();
  void take_answers(Clock::time_point deadline);
  struct Run {
    std::string output;
    std::string trouble;  ///< "failed with status 1; its last line: …"; empty: none
  };
  Run run(const std::string& script, const RelaySettings&) const;

  Profile profile_;
  Dialect dialect_;
  Topology topology_;
  TapLink link_;
  RunningTimeLink running_time_{link_};
  std::optional<RelaySettings> configured_;
  bool started_ = false, was_started_ = false;
  std::optional<std::string> refusal_;
  std::string output_;  ///< of the last script
};

}  // namespace relayspec
