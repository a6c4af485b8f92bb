// A run over one relay: the lab, the relay as it is started at the moment, and what the cases found.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/bench/prober.h"
#include "harness/bench/traffic.h"
#include "relayspec/harness/dialect.h"
#include "relayspec/harness/lab.h"
#include "relayspec/harness/profile.h"
#include "relayspec/harness/result.h"
#include "relayspec/harness/settings.h"

namespace relayspec {

/// The relay did not start, or no probe ever came through: what() says with which configuration, and the
/// relay's last words.
struct StartError : std::runtime_error {
  StartError(const std::string& what, bool runs) : std::runtime_error(what), silent(runs) {}
  bool silent;  ///< its process ran, and nothing came through
};

class Session {
 public:
  Session(Profile, Dialect);
  ~Session();

  /// Starts the relay so, unless it runs so already and is well. Throws StartError; at once for what failed
  /// before. `amid`, if given, is called again and again until the relay is ready, ever more rarely, and
  /// what comes out meanwhile is kept.
  void prepare(const RelaySettings&, const std::function<void()>& amid = {});
  /// Ends the relay; the next prepare() starts it anew.
  void stop_relay();
  /// How the relay's process ended, if it has.
  std::optional<std::string> relay_ended();

  /// Passed, or a reason why not: the relay died or no longer relays.
  std::optional<std::string> fence(Segment downlink);
  bool pump(Clock::time_point deadline);

  /// An xid that no case and no probe of this run has.
  std::uint32_t new_xid() { return 0x51'00'00'00 | (++xids_ * 0x01'02'03 & 0xff'ff'ff); }

  const Profile& profile() const { return profile_; }
  Dialect dialect() const { return dialect_; }
  /// The Server Identifier that the relay shows to clients of a downlink (dialect `proxy`).
  Ipv4 proxy_id(Segment downlink) const;
  const RelaySettings& config() const { return config_; }
  Lab& lab() { return lab_; }
  Traffic& traffic() { return traffic_; }
  /// Waits until probes come through from a downlink; false when they do not within the time.
  bool await(Segment downlink, std::chrono::seconds);
  std::optional<RelayProcess::Holdings> holdings() const {
    return relay_ ? relay_->holdings() : std::nullopt;
  }

  const Prober& prober() const { return prober_; }
  Prober& prober() { return prober_; }

  std::set<Segment> down;  ///< links that a case has taken down, or the address of
  /// What the relay also does in a plain exchange when it is started plain: its habits.
  bool is_habit(const std::string& signature) const { return plain_habits_.contains(signature); }

  std::vector<CaseResult> results;
  std::map<std::uint32_t, std::size_t>
      xid_owner;                         ///< the result of the case that used an xid, for what comes out late
  std::vector<std::string> unexplained;  ///< deaths of the relay that no case can be blamed for
  std::set<std::string> remarks;         ///< on how the relay behaves as a process; no verdict
  std::string relay_output;              ///< of the relay's last start

  static Session* current;  ///< what the cases run on; null in a dry run

 private:
  void learn_habits(const RelaySettings& wanted);
  void start(const RelaySettings&, const std::function<void()>& amid = {});
  void await_ready(const std::function<void()>& amid);
  void take_output();
  [[noreturn]] void fail_start(const std::string& why, bool runs = false);

  Profile profile_;
  Dialect dialect_;
  Lab lab_;
  Traffic traffic_{lab_};
  Prober prober_{traffic_};
  std::unique_ptr<RelayProcess> relay_;
  RelaySettings config_;
  bool disturbed_ = false;  ///< its start, by a link that is down or by traffic
  std::vector<std::pair<RelaySettings, StartError>> failed_;
  std::set<std::string> plain_habits_;
  bool habits_known_ = false;
  bool ever_ready_ = false;
  Clock::duration patience_ = std::chrono::seconds(1);  ///< with a starting relay that relays one way only
  std::uint32_t xids_ = 0;
};

}  // namespace relayspec
