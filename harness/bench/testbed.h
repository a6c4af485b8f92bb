// SPDX-License-Identifier: Apache-2.0
// What cases run on: a relay in the lab, the model of what it has to do, and the results so far.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/bench/buffers.h"
#include "harness/dhcp4/protocol.h"
#include "harness/engine/session.h"
#include "relayspec/harness/device.h"
#include "relayspec/harness/profile.h"
#include "relayspec/harness/result.h"

namespace relayspec {

/// The verdict on a relay that breaks this rule. Throws std::logic_error for one that the catalogue does not
/// have.
Verdict severity_of(std::string_view requirement);

/// What a relay breaks that ends, or falls silent, of a message.
inline constexpr std::string_view liveness_rule = "MALF-flood-liveness";

/// What the relay does to every message, and the first case that ran over it in that state.
struct QuirkSeen {
  std::string case_id;
  Finding finding;
};

class TestBed {
 public:
  /// Over a relay in a lab of its own, or over the one that the profile is attached to. Throws LabError.
  TestBed(const Profile&, Dialect);
  TestBed(const Profile&, Dialect, std::unique_ptr<Device>);

  const Profile& profile() const { return profile_; }
  Dialect dialect() const { return model_.world().dialect; }
  dhcp4::Model& model() { return model_; }
  dhcp4::Protocol4& protocol() { return protocol_; }
  Device& device() { return *device_; }
  /// Of a device that has them.
  Surroundings& surroundings() { return *device_->surroundings(); }
  Session& session() { return session_; }
  bool offers(const std::string& feature) const { return profile_.features.contains(feature); }

  /// The settings that a case gets which asks for these: they are completed by what holds for every case of
  /// the run.
  RelaySettings completed(RelaySettings) const;
  /// Whether the relay can be set so.
  bool can_be_set(const RelaySettings&) const;

  /// With what any relay of this profile can be started.
  RelaySettings plain_settings() const;

  /// An xid that no other case and no barrier of this run has; a case has the same in every run.
  std::uint32_t new_xid() { return 0x51'00'00'00 | (next_xid_++ * 0x01'02'03 & 0xff'ff'ff); }
  /// The case that begins, by its place among all.
  void count_xids_of(std::size_t place_of_case);

  /// The case that has sent a message: it is blamed for frames that come out after its end.
  struct Sender {
    std::size_t result = 0;
    Segment segment = Segment::uplink;
    Bytes frame;
  };
  /// Blames the earlier case that has sent the message this comes of; false if none has.
  bool blame_sender(const Sighting&, const Frame&);
  /// The relay ends; what it put out that no case looked at is held against it.
  void end();
  /// As if the last case had not run.
  void forget_last_result();
  /// Ends the relay that the last case ran over, and forgets what it does to every message.
  void forget_relay();

  /// Cases that have deviated again when they were run once more because the relay may be late, or may have
  /// had no room.
  int vain_repetitions = 0;

  std::map<std::uint32_t, Sender> senders;  ///< by xid
  Buffers left_behind;                      ///< by the messages of earlier cases, each way for itself
  std::vector<CaseResult> results;
  std::vector<QuirkSeen> quirks;
  std::size_t starts_seen = 0;  ///< of the relay, whose quirks have been noted
  std::vector<RelaySettings> settings_of_results;
  /// What came out of the relay while it started, or behind the last barrier before its end.
  struct LeftOver {
    Sighting sighting;
    Frame frame;
  };
  std::vector<LeftOver> left_over;
  std::vector<std::string> unexplained;  ///< deaths of the relay that no case can be blamed for

 private:
  Profile profile_;
  std::unique_ptr<Device> device_;
  dhcp4::Model model_;
  dhcp4::Protocol4 protocol_;
  Session session_;
  std::optional<std::size_t> place_of_case_;
  std::uint32_t next_xid_ = 0;
};

}  // namespace relayspec
