// SPDX-License-Identifier: Apache-2.0
// A run over one relay: the relay as it is started at the moment, its traffic, and the barrier.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "harness/engine/barrier.h"
#include "harness/engine/traffic.h"
#include "relayspec/harness/device.h"

namespace relayspec {

/// The relay did not start, or no barrier ever came through: what() says with which settings, and the last
/// that the relay wrote.
struct StartError : std::runtime_error {
  StartError(const std::string& what, bool runs) : std::runtime_error(what), silent(runs) {}
  bool silent;  ///< its process ran, and nothing came through
};

class Session {
 public:
  /// `plain`: settings with which any relay can be started that can be started at all.
  Session(Device&, Protocol&, std::chrono::milliseconds start_timeout, RelaySettings plain);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Starts the relay with these settings, unless it runs with them already and is well. Throws StartError;
  /// at once for what failed before. `meanwhile`, if given, is called at growing intervals until the relay is
  /// ready; the frames that come out in that time are kept.
  void prepare(const RelaySettings&, const std::function<void()>& meanwhile = {});
  /// Stops the relay and starts it again as it is. `first` is called before any exchange, as soon as the
  /// relay has the sockets that it had before; one that opens them later is given the time of a start. The
  /// first exchange waits until what `first` has sent is read. The frames that come out are kept. False where
  /// nothing shows the sockets: `first` has not been called, and nothing has been done. Throws StartError.
  bool restart_before(const std::function<void()>& first);
  /// Ends the relay; the next prepare() starts it again.
  void stop_relay() { device_.stop(); }
  /// Ends the relay and takes in what it has left on the links.
  void end();
  /// Called for whatever the relay put out that nobody looked at: while it started, or in its last moments.
  std::function<void(const Sighting&, const Frame&)> left_over;
  /// How the relay's process has ended, if it has.
  std::optional<std::string> relay_ended() { return device_.started() ? device_.ended() : std::nullopt; }
  /// The relay has been ready at least once.
  bool ever_ready() const { return ever_ready_; }
  /// How often it has been.
  std::size_t starts() const { return starts_; }
  /// The longest that it has taken to get ready.
  Clock::duration slowest_start() const { return slowest_start_; }

  /// Passed, or a reason why not: the relay has ended or no longer relays.
  std::optional<std::string> pass_barrier(Segment downlink) { return pass_barriers({&downlink, 1}); }
  /// The same from several at a time.
  std::optional<std::string> pass_barriers(std::span<const Segment> downlinks);
  bool pump(Clock::time_point deadline);
  /// Waits until barriers come through from a downlink; false when they do not within the time, which begins
  /// when the relay has sockets.
  bool await(Segment downlink, Clock::duration);

  Clock::time_point now() const { return traffic_.now(); }
  const RelaySettings& settings() const { return settings_; }
  std::size_t downlink_count() const { return settings_.downlinks; }
  bool shares_links() const { return device_.shares_links(); }
  Traffic& traffic() { return traffic_; }
  Protocol& protocol() { return protocol_; }
  Barrier& barrier() { return barrier_; }
  const Quirks& quirks() const { return barrier_.quirks(); }

  /// How long behind a barrier the relay has been seen to put out what was sent before it: 0 where it keeps
  /// the order, as far as is known.
  Clock::duration lag() const { return lag_; }
  /// Something has come so late.
  void note_lag(Clock::duration);
  /// Sets the lag again that was known before a note_lag() that has proved wrong.
  void restore_lag(Clock::duration lag) { lag_ = lag; }
  /// A message has come out that belongs to one of several that were sent, and it is not known to which: it
  /// may be late.
  void note_doubt() { ++doubts_; }
  std::size_t doubts() const { return doubts_; }
  /// Something was waited for behind a barrier, and nothing has come.
  void note_vain_wait() { ++vain_waits_; }
  /// False for a relay that keeps the order, as far as many waits can tell.
  bool may_be_late() const;

  /// From now on no more messages are sent at a time than any relay has room for, or again as many as a
  /// client likes.
  void send_few_at_a_time(bool few) { few_at_a_time_ = few; }
  bool sends_few_at_a_time() const { return few_at_a_time_; }
  /// So many messages have been sent of which nothing shows that the relay has read them.
  void note_burst(std::size_t messages) { longest_burst_ = std::max(longest_burst_, messages); }
  /// The longest since the last call.
  std::size_t take_longest_burst() { return std::exchange(longest_burst_, 0); }

  std::optional<RelaySettings> next;  ///< with which the relay is started next, as far as is known

  bool surroundings_changed = false;  ///< as no other client finds them: a start may fail for that
  std::set<Segment> down;             ///< links on which nothing can come through at the moment

 private:
  /// What is done while the relay starts.
  struct During {
    std::function<void()> meanwhile = {};   ///< at growing intervals, until it is ready
    std::function<void()> first = {};       ///< once, before any exchange
    std::vector<std::string> sockets = {};  ///< that it has when `first` is called
    bool keeps_frames() const { return meanwhile || first; }
  };
  void start(const RelaySettings&, const During&);
  void start_ahead();
  std::chrono::milliseconds start_patience() const;
  bool await_sockets(const std::vector<std::string>&);
  void await_ready(const During&);
  void pump_start(Clock::time_point deadline, Clock::time_point begin,
                  const std::function<void()>& meanwhile);
  void check_alive();
  void forget_traffic();
  [[noreturn]] void fail_start(const std::string& why, bool runs = false);

  Device& device_;
  Protocol& protocol_;
  std::chrono::milliseconds start_timeout_;
  Clock::duration slowest_start_{};  ///< of those that succeeded
  RelaySettings plain_;
  Traffic traffic_;
  Barrier barrier_;
  RelaySettings settings_;
  bool disturbed_ = false;  ///< its start, by a link that is down or by traffic
  struct Starts {
    RelaySettings settings;
    bool ever_ready = false;
    int failed = 0;                 ///< in turn
    std::optional<StartError> why;  ///< the last of these
  };
  Starts& starts_with(const RelaySettings&);
  std::vector<Starts> starts_with_;  ///< by settings
  bool ever_ready_ = false;
  std::size_t starts_ = 0;
  Clock::time_point next_call_;  ///< of `meanwhile`
  Clock::duration lag_{};
  int vain_waits_ = 0;
  std::size_t doubts_ = 0;
  bool few_at_a_time_ = false;
  std::size_t longest_burst_ = 0;
  Clock::duration half_patience_;  ///< with a relay that relays one way only
};

}  // namespace relayspec
