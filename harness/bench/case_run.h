// One case while it runs: its head, its steps, what it found. In a dry run (no session) the steps are written
// down alone.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "harness/bench/session.h"
#include "relayspec/harness/bench.h"

namespace relayspec {

/// Ends a story early; everything worth saying has been written down.
struct EndOfStory {};

/// What a dry run writes down of a case.
struct Story {
  std::string id, suite, source;
  std::vector<std::string> requirements;
  std::vector<Dialect> dialects;  ///< empty: all
  RelaySettings config;
  std::vector<std::string> steps;
  bool one_downlink = false;  ///< by the case's own wish
};

class CaseRun {
 public:
  CaseRun();

  bool live() const { return session_ != nullptr; }
  /// The relay is started as the head says, once, before the first step. Skips the case where that cannot be.
  void begin();
  /// Writes down a step of the story, which is told in a dry run alone.
  template <class Tell>
  void step(Tell tell) {
    if (session_) return;
    if constexpr (std::is_invocable_v<Tell>)
      story.steps.push_back(tell());
    else
      story.steps.emplace_back(tell);
  }
  /// Skips the case where the relay has no such downlink.
  void use_downlink(Segment);

  void send(Segment, const std::vector<Bytes>& frames, const std::string& what);
  /// Waits for what is expected and takes it; `who` and `what` are for people.
  Arrival expect(const Expected&, const std::string& what);
  /// Takes it if it has come once the relay has shown that it is through; nothing in a dry run.
  std::optional<Arrival> accept(const Expected&, const std::string& what);
  void judge(const Expected&, const Arrival&, const std::string& what);
  /// Everything that came out and was not expected is a finding, once the relay has shown that it is through.
  enum class Where : std::uint8_t { everywhere, downlinks };
  void settle(Where = Where::everywhere);

  /// Throws std::logic_error for a requirement that the catalogue does not have, as severity() does.
  void find(Finding);
  Verdict severity(std::string_view requirement) const;
  std::string headline() const { return story.requirements.empty() ? "" : story.requirements.front(); }

  void restore_lab();
  /// The relay is stopped and started anew, with this going on meanwhile; what comes out then is kept.
  void restart(const std::function<void()>& amid = {});
  /// Holds against the relay what its first exchange since the start showed and the next does not.
  void report_outgrown();

  /// Closes the case: settles, and hands the result to the session.
  void finish(std::chrono::microseconds took);

  /// One of the relay's addresses, those included that the case has given it.
  bool is_relays(Ipv4) const;
  /// Datagrams of this message that came out on a segment, taken without a verdict.
  std::vector<Arrival> take(Segment, std::uint32_t xid);
  /// The lab is not as every case finds it: the way back, gone when the case is over. The relay is started
  /// anew before the next case, and before this one if it has not begun.
  void change_lab(const std::function<void(Session&)>& change, const std::function<void(Session&)>& back);

  Story story;
  RelaySettings config;
  std::optional<std::string> skip;
  std::optional<std::string> error;
  /// Whether the case is about what must not come out: then anything extra breaks its headline.
  bool about_silence = false;
  std::string may_refuse;         ///< the rule under which a relay that does not start so is noted
  std::string must_cope;          ///< or the one that it breaks then
  std::set<std::string> remarks;  ///< habits of the relay that are judged elsewhere
  std::map<std::pair<std::uint32_t, Mac>, Bytes> echo;          ///< option 82 as the server got it, by client
  std::map<std::pair<std::uint32_t, Mac>, std::size_t> chosen;  ///< the server that a client's request named
  std::set<Segment> touched;                                    ///< downlinks whose traffic is not fenced yet
  std::set<Segment> ingress;                                    ///< where something has been sent

  static std::vector<Story>* stories;  ///< where dry runs go

 private:
  Emission* best_match(const Expected&, std::size_t& differences);
  void wait_for(const Expected&);
  enum class Fencing : std::uint8_t { if_needed, anyway };
  bool fence_all(Fencing = Fencing::if_needed);
  void report_extra(Emission&);
  void report_changes();
  void report_exchange(const std::vector<Difference>&, std::string_view what);
  CaseResult* late(const Emission&) const;
  void blame_late(CaseResult&, Emission&);
  bool judged_here(const Difference&) const;

  Session* session_ = Session::current;
  std::vector<std::function<void(Session&)>> ways_back_;
  bool refused_ = false;
  bool begun_ = false;
  bool through_ = false;  ///< a fence has passed since the last thing was sent
  bool two_networks_ = false;
  bool missed_ = false;  ///< something expected has not come in time, or not as expected
  std::vector<Finding> findings_;
};

/// Where a datagram came from and went to, at both layers.
std::string addressed(const Datagram&);

}  // namespace relayspec
