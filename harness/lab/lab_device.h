// A relay that the tool starts itself, by its profile's script in the lab.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "harness/engine/decorators.h"
#include "relayspec/harness/device.h"
#include "relayspec/harness/dialect.h"
#include "relayspec/harness/lab.h"
#include "relayspec/harness/profile.h"

namespace relayspec {

class LabDevice : public Device {
 public:
  LabDevice(const Profile&, Dialect, const Topology&);
  ~LabDevice() override;

  const std::string& name() const override { return profile_.name; }
  Link& link() override { return running_time_; }
  void start(const RelaySettings&) override;
  /// The relay is asked to end; the remarks on it are complete when it is waited for.
  void stop() override;
  /// Stops the relay and waits until it and its predecessor have ended.
  void finish();
  bool started() const override { return present_->relay != nullptr; }
  std::optional<std::string> ended() override { return present_->relay->ended(); }
  int wake_fd() const override { return present_->relay ? present_->relay->wake_fd() : -1; }
  std::string output() override;
  std::optional<Holdings> holdings() const override;
  std::optional<std::vector<std::string>> sockets() const override;
  void flush_neighbours() override;

  /// The lab in which the relay runs, or will. Changes to it are followed by keep_lab(true), and when they
  /// have been undone by keep_lab(false): in between stop() does not change over to the other lab.
  Lab& lab() { return *present_->lab; }
  void keep_lab(bool keep) { keeps_lab_ = keep; }

  /// See RunningTimeLink.
  std::size_t pauses() const { return running_time_.pauses(); }

  /// On how the relay behaves as a process; no verdict.
  const std::set<std::string>& remarks() const { return remarks_; }

 private:
  // Two labs take turns, so that a relay starts in one while its predecessor ends in the other: the release
  // of a packet socket alone takes 10 ms.
  struct Place {
    std::unique_ptr<Lab> lab;
    std::unique_ptr<RelayProcess> relay;
  };
  class PresentLink : public Link {
   public:
    explicit PresentLink(LabDevice& device) : device_(device) {}
    void inject(std::span<const Outgoing> frames) override { device_.lab().inject(frames); }
    std::vector<Frame> receive(Clock::time_point deadline, int wake) override {
      return device_.lab().receive(deadline, wake);
    }

   private:
    LabDevice& device_;
  };

  void finish(Place&);

  Profile profile_;
  Dialect dialect_;
  Topology topology_;
  Place places_[2];
  Place* present_ = &places_[0];
  PresentLink link_{*this};
  RunningTimeLink running_time_{link_};
  bool keeps_lab_ = false;
  std::string output_;  ///< of the last relay that has ended
  std::set<std::string> remarks_;
};

}  // namespace relayspec
