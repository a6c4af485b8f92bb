// SPDX-License-Identifier: Apache-2.0
// A relay that the tool starts itself, by its profile's script in the lab.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

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
  bool started() const override { return started_; }
  std::optional<std::string> ended() override { return present_->relay->ended(); }
  int wake_fd() const override { return started_ ? present_->relay->wake_fd() : -1; }
  void start_ahead(const RelaySettings&) override;
  std::string output() override;
  std::optional<Holdings> holdings() const override;
  std::optional<Activity> activity() const override;
  std::optional<std::vector<std::string>> sockets() const override;
  std::optional<std::string> root_directory() const override;
  void flush_neighbours() override;

  /// The lab in which the relay runs, or will.
  Lab& lab() { return *present_->lab; }
  Surroundings* surroundings() override { return this; }
  void hold(bool keep) override;
  void set_link(Segment s, bool up) override { lab().set_link(s, up); }
  void recreate(Segment s) override { lab().recreate(s); }
  void set_end(Segment s, const RelayEnd& end) override { ends_[index(s)] = end; }
  void add_address(Segment s, Ipv4 a) override { lab().add_address(s, a); }
  void remove_address(Segment s, Ipv4 a) override { lab().remove_address(s, a); }
  void set_checksum_offload(bool on) override { lab().set_checksum_offload(on); }

  std::size_t pauses() const override { return running_time_.pauses(); }
  std::set<std::string> remarks() const override { return remarks_; }

 private:
  // Labs take turns, made when they are needed: in one is the present relay, in another its predecessor ends
  // (the release of a packet socket alone takes 10 ms), in the third its successor starts.
  struct Place {
    std::unique_ptr<Lab> lab;
    std::unique_ptr<RelayProcess> relay;
    std::optional<RelaySettings> ahead;  ///< with which its relay has been started out of sight
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

  RelayStart start_of(const RelaySettings&, const Lab&) const;
  /// A place for the next relay, with a lab as it has to be. Waits for the end of a predecessor.
  Place& vacate();
  void vacate(Place&);
  /// The place of the relay that was started ahead with these settings and is well. Others end.
  Place* take_ahead(const RelaySettings&);
  void finish(Place&);

  Profile profile_;
  Dialect dialect_;
  Topology topology_;
  std::array<Place, 3> places_;
  Place* present_ = &places_[0];
  bool started_ = false;
  RelayEnds ends_;
  std::vector<std::unique_ptr<Lab>> left_;  ///< whose ends were others: their sockets are closed with all
  PresentLink link_{*this};
  RunningTimeLink running_time_{link_};
  bool keeps_lab_ = false;
  std::string output_;  ///< of the last relay that has ended
  std::set<std::string> remarks_;
};

}  // namespace relayspec
