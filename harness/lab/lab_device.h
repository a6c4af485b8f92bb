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

class LabDevice : public Device, public Surroundings {
 public:
  LabDevice(const Profile&, Dialect, const Topology&);
  ~LabDevice() override;

  const std::string& name() const override { return profile_.name; }
  Link& link() override { return running_time_; }
  void start(const RelaySettings&) override;
  /// The relay is asked to end; the remarks on it are complete when it is waited for.
  void stop() override;
  /// Stops the relay and waits until it and its predecessor have ended.
  void finish() override;
  const Topology& topology() const override { return topology_; }
  bool started() const override { return present_->relay != nullptr; }
  std::optional<std::string> ended() override { return present_->relay->ended(); }
  int wake_fd() const override { return present_->relay ? present_->relay->wake_fd() : -1; }
  std::string output() override;
  std::optional<Holdings> holdings() const override;
  std::optional<std::vector<std::string>> sockets() const override;
  void flush_neighbours() override;

  /// The lab in which the relay runs, or will.
  Lab& lab() { return *present_->lab; }
  Surroundings* surroundings() override { return this; }
  void hold(bool keep) override { keeps_lab_ = keep; }
  void set_link(Segment s, bool up) override { lab().set_link(s, up); }
  void make_anew(Segment s, const RelayEnd& end) override { lab().make_anew(s, end); }
  void add_address(Segment s, Ipv4 a) override { lab().add_address(s, a); }
  void remove_address(Segment s, Ipv4 a) override { lab().remove_address(s, a); }
  void set_checksum_offload(bool on) override { lab().set_checksum_offload(on); }

  std::size_t pauses() const override { return running_time_.pauses(); }
  std::set<std::string> remarks() const override { return remarks_; }

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
