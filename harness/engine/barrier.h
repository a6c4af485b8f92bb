// SPDX-License-Identifier: Apache-2.0
// The barrier: a plain exchange that any working relay lets through. It shows when a relay is ready, and,
// sent behind a message that must not be relayed, it proves that the relay had its chance and stayed silent.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "harness/engine/quirks.h"
#include "harness/engine/traffic.h"

namespace relayspec {

class Barrier {
 public:
  Barrier(Traffic&, Protocol&);
  ~Barrier();
  Barrier(const Barrier&) = delete;
  Barrier& operator=(const Barrier&) = delete;

  using Half = Protocol::Half;
  enum class Passage : std::uint8_t { passed, silent, dead };

  /// The relay has just been started, and relays so many copies of a request: forgets what was learnt of its
  /// predecessor.
  void relay_started(std::size_t request_copies);

  /// Sends the request of one exchange; what becomes of it is noted as the traffic is pumped.
  std::uint32_t send(Segment downlink, unsigned form = 0);
  /// This half of an exchange has come out where it has to.
  bool has_come(std::uint32_t number, Half) const;
  /// That of one from a downlink, of this number or a later one.
  bool one_has_come(Segment downlink, std::uint32_t from, Half) const;

  /// Sends exchanges until one has come through as far as they do from this downlink. A relay from which
  /// other messages come meanwhile is given more time. `wake`: becomes readable when the relay has ended.
  Passage pass(Segment downlink, int wake) { return pass(std::span(&downlink, 1), wake); }
  /// The same from several at a time.
  Passage pass(std::span<const Segment> downlinks, int wake);
  /// Frames may be lost on the way to the relay and from it, whatever the relay does.
  bool links_may_lose = false;
  /// Asked now and then while pass() waits; true: nothing comes any more.
  std::function<bool()> hopeless;

  /// The relay has been seen to relay this half, to or from this downlink, since it was started.
  bool works(Segment downlink, Half h) const { return working_.contains({downlink, h}); }

  /// The least time that the relay has taken for one half of an exchange since it was started: what a slow
  /// one needs for each message. 0: nothing has come yet.
  Clock::duration pace() const { return pace_.value_or(Clock::duration{}); }
  /// What a slow relay is given beyond what others need: an exchange has two halves, and as many may be in
  /// its queue.
  Clock::duration slack() const { return 4 * pace(); }
  /// When a half of any exchange has come out last.
  Clock::time_point last_sight() const { return last_sight_; }

  /// Learns what the relay does to every message, by two exchanges of each form. All of them from a relay
  /// that has been seen to work on these downlinks.
  void learn(std::span<const Segment> downlinks, int wake);
  const Quirks& quirks() const { return quirks_; }

  /// What later exchanges have shown that is no quirk; the reader forgets it.
  std::vector<Difference> changes;
  /// What the first exchange after the start has shown and the next one has not.
  std::vector<Difference> in_first_only;

 private:
  struct Exchange {
    Segment downlink = Segment::downlink0;
    unsigned form = 0;
    Outgoing request, answer;
    Clock::time_point asked, answered;      ///< when the halves were sent
    std::size_t requests = 0, replies = 0;  ///< that have come out
    std::vector<Difference> differences;    ///< of the first of each
    std::vector<std::string> excess;        ///< rules against what nothing asked for
  };

  bool intercept(const Sighting&, Frame&);
  void request_came(std::uint32_t number, Exchange&, const Sighting&);
  void reply_came(Exchange&, const Sighting&);
  void note(Exchange&, const Outgoing& sent, const Sighting&);
  void learn_on(Segment downlink, int wake);
  /// `third` sends another exchange like these, and returns its number.
  void learn_excess(const Exchange& first, const Exchange& second,
                    const std::function<std::uint32_t()>& third);
  void note_pace(Clock::time_point sent);
  void drain(int wake);
  Half last_half(Segment downlink) const {
    return works(downlink, Half::reply) ? Half::reply : Half::request;
  }
  std::optional<Passage> passage_of(Segment downlink, std::uint32_t from, Clock::time_point resend, int wake);
  bool pump_until(Segment downlink, std::uint32_t from, Clock::time_point end, int wake);
  void pump_for_reply(std::uint32_t number, Clock::time_point end, int wake);
  Exchange& latest(Segment downlink) { return exchanges_.at(latest_.at(downlink)); }

  Traffic& traffic_;
  Protocol& protocol_;
  Clock::duration patience_;           ///< how long pass() waits
  Clock::duration longest_passage_{};  ///< the longest time that pass() has waited for what has come
  std::optional<Clock::duration> pace_;
  Clock::time_point last_sight_;
  std::size_t copies_ = 1;
  std::map<std::uint32_t, Exchange> exchanges_;
  std::map<Segment, std::uint32_t> latest_, first_;  ///< first_: that came through as a whole
  std::set<std::pair<Segment, Half>> working_;
  std::set<std::pair<Segment, unsigned>> came_;  ///< replies, by form, since the first start of all
  /// The rule against replies that come out elsewhere in place of on their downlink, by form.
  std::map<std::pair<Segment, unsigned>, std::string> elsewhere_;
  Quirks quirks_;
  bool learnt_ = false;
  bool waits_for_lost_forms_ = true;
  std::uint32_t sent_ = 0;
};

}  // namespace relayspec
