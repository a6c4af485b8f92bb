// SPDX-License-Identifier: Apache-2.0
#include "harness/engine/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/engine/patience.h"

namespace relayspec {
namespace {

using namespace std::chrono_literals;

// A relay that was seen to relay one way only is given less time for the other way at each further start.
constexpr Clock::duration most_half_patience = 1s, least_half_patience = 50ms;

// A relay that was ready before with the same settings is given up after so many failed starts in turn.
constexpr int enough_failures = 3;

// The last lines of a text, joined.
std::string last_lines(const std::string& output, std::size_t most) {
  std::size_t from = output.size();
  while (from > 0 && output[from - 1] == '\n') --from;
  const std::size_t end = from;
  for (std::size_t lines = 0; from > 0; --from) {
    if (output[from - 1] == '\n' && ++lines == most) break;
  }
  std::string s = output.substr(from, end - from);
  std::replace(s.begin(), s.end(), '\n', '|');
  return s;
}

}  // namespace

Session::Session(Device& device, Protocol& protocol, std::chrono::milliseconds start_timeout,
                 RelaySettings plain)
    : device_(device),
      protocol_(protocol),
      start_timeout_(start_timeout),
      plain_(std::move(plain)),
      traffic_(device.link(), protocol),
      barrier_(traffic_, protocol),
      half_patience_(most_half_patience) {}

Session::~Session() { device_.stop(); }

void Session::prepare(const RelaySettings& wanted, const std::function<void()>& meanwhile) {
  if (device_.started() && settings_ == wanted && !device_.ended()) {
    start_ahead();
    return;
  }
  for (const Starts& s : starts_with_) {
    // One that was ready before may be so again.
    if (!s.why || (s.ever_ready && s.failed < enough_failures)) continue;
    // A relay that has never got ready is not waited for again: with all settings it would take the whole
    // time.
    if (s.settings == wanted || !ever_ready_) throw StartError(*s.why);
  }
  device_.stop();
  try {
    start(wanted, {.meanwhile = meanwhile});
  } catch (const StartError&) {
    // Whether the relay starts at all decides what that says of these settings.
    if (!ever_ready_ && wanted != plain_ && down.empty()) {
      try {
        start(plain_, {});
        device_.stop();
      } catch (const StartError&) {
        // Then it does not, which the first error says as well.
      }
    }
    throw;
  }
}

bool Session::restart_before(const std::function<void()>& first) {
  const auto sockets = device_.started() ? device_.sockets() : std::nullopt;
  if (!sockets) return false;
  device_.stop();
  start(settings_, {.first = first, .sockets = *sockets});
  return true;
}

void Session::start(const RelaySettings& wanted, const During& during) {
  settings_ = wanted;
  disturbed_ = surroundings_changed || !down.empty() || during.keeps_frames();
  traffic_.discard(left_over);
  device_.start(wanted);
  device_.flush_neighbours();
  if (!during.keeps_frames()) traffic_.discard(left_over);  // the links may be others now
  protocol_.relay_starts(wanted);
  barrier_.links_may_lose = device_.shares_links();
  barrier_.relay_started(protocol_.request_copies());
  traffic_.clear();
  if (during.first) {
    const bool listens = await_sockets(during.sockets);
    during.first();
    if (listens) await_sockets(during.sockets);
  }
  await_ready(during);
  ever_ready_ = true;
  starts_with(wanted) = {.settings = wanted, .ever_ready = true};
  ++starts_;
  start_ahead();
}

Session::Starts& Session::starts_with(const RelaySettings& settings) {
  const auto known = std::find_if(starts_with_.begin(), starts_with_.end(),
                                  [&](const Starts& s) { return s.settings == settings; });
  return known == starts_with_.end() ? starts_with_.emplace_back(Starts{.settings = settings}) : *known;
}

void Session::start_ahead() {
  if (next && ever_ready_ && *next != settings_) device_.start_ahead(*next);
}

void Session::end() {
  device_.stop();
  traffic_.discard(left_over);
}

void Session::check_alive() {
  if (const auto how = device_.ended()) {
    fail_start("it " + *how + (how->ends_with(" 0") ? ", and has to stay in the foreground" : ""));
  }
}

// A message that comes when the sockets are open waits there until the relay reads it, and shows in them.
bool Session::await_sockets(const std::vector<std::string>& wanted) {
  constexpr auto interval = 200us;
  const auto end = now() + start_patience();
  while (now() < end && device_.sockets() != wanted) {
    traffic_.pump(now() + interval, device_.wake_fd());
    check_alive();
  }
  return now() < end;
}

// Ready means: a barrier came through. Sent again at growing intervals, since what is sent before the relay
// listens is lost. A relay that relays one way only is started all the same: that is for the cases to find.
void Session::await_ready(const During& during) {
  using Half = Barrier::Half;
  if (down.contains(Segment::uplink)) return;  // nothing can come through; the client has its reasons
  std::vector<Segment> all(all_segments, all_segments + downlink_count());
  std::erase_if(all, [&](Segment s) { return down.contains(s); });
  const auto whole = [&] {
    return std::all_of(all.begin(), all.end(), [&](Segment s) { return barrier_.works(s, Half::reply); });
  };
  const auto any = [&] {
    return std::any_of(all.begin(), all.end(), [&](Segment s) { return barrier_.works(s, Half::request); });
  };
  const auto patience = start_patience();
  const auto begin = now(), end = begin + patience;
  auto whole_by = end;
  auto interval = 2ms;
  next_call_ = begin;
  bool has_answered = false;
  while (!whole() && now() < whole_by) {
    for (const Segment s : all) {
      if (!barrier_.works(s, Half::reply)) barrier_.send(s);
    }
    // While something comes, a slow relay still has to do with what was sent before.
    const auto sent = now();
    const auto resend = [&] {
      const auto quiet = std::max<Clock::duration>(interval, 2 * barrier_.pace());
      return std::min(std::max(sent, barrier_.last_sight()) + quiet, end);
    };
    while (!whole() && now() < resend() && now() < whole_by) pump_start(resend(), begin, during.meanwhile);
    if (any() && !std::exchange(has_answered, true)) whole_by = std::min(end, now() + half_patience_);
    interval = std::min(interval * 2, 100ms);
    if (!during.keeps_frames()) forget_traffic();  // memory stays bounded
  }
  if (!whole()) half_patience_ = std::max(half_patience_ / 2, least_half_patience);
  if (!any()) {
    fail_start(fmt::format("no barrier came through within {} ms{}", patience.count(),
                           patience == start_timeout_ ? " (start_timeout_ms)" : ""),
               true);
  }
  slowest_start_ = std::max(slowest_start_, now() - begin);
  barrier_.learn(all, device_.wake_fd());
  if (!during.keeps_frames()) forget_traffic();
}

void Session::pump_start(Clock::time_point deadline, Clock::time_point begin,
                         const std::function<void()>& meanwhile) {
  try {
    if (meanwhile && now() >= next_call_) {
      meanwhile();
      next_call_ = now() + 100us + (now() - begin) / 16;
    }
    traffic_.pump(meanwhile ? std::min(deadline, next_call_) : deadline, device_.wake_fd());
  } catch (const Flood&) {
    fail_start("it floods the network with frames");
  }
  check_alive();
}

void Session::forget_traffic() {
  traffic_.hand_over(left_over);
  traffic_.clear();
}

// A relay that has been ready within milliseconds is not given the seconds of one that nobody has seen start.
std::chrono::milliseconds Session::start_patience() const {
  constexpr auto least = 1500ms;
  constexpr int times = 20;
  if (!ever_ready_) return start_timeout_;
  const auto by_others = std::chrono::ceil<std::chrono::milliseconds>(times * slowest_start_);
  return std::min(start_timeout_, std::max<std::chrono::milliseconds>(by_others, least));
}

void Session::fail_start(const std::string& why, bool runs) {
  const std::string output = last_lines(device_.output(), 3);
  const StartError error(
      fmt::format("relay {} ({}) did not get ready: {}{}", device_.name(), describe(settings_), why,
                  output.empty() ? "; it printed nothing" : "; it printed: " + output),
      runs);
  device_.stop();
  // What has disturbed it is over with the case, and it is tried again.
  if (!disturbed_) {
    Starts& starts = starts_with(settings_);
    ++starts.failed;
    starts.why = error;
  }
  throw error;
}

bool Session::await(Segment downlink, Clock::duration time) {
  const auto last_start = now() + start_timeout_;
  auto end = now() + time;
  std::optional<std::uint32_t> first;
  const auto has_come = [&](Barrier::Half half) { return barrier_.one_has_come(downlink, *first, half); };
  while (device_.started() && !device_.ended() && now() < end) {
    const auto sockets = device_.sockets();
    if (sockets && sockets->empty() && now() < last_start) end = now() + time;  // it is still starting
    const auto number = barrier_.send(downlink);
    first = first.value_or(number);
    const auto half =
        barrier_.works(downlink, Barrier::Half::reply) ? Barrier::Half::reply : Barrier::Half::request;
    const auto sent = now();
    const auto resend = [&] { return std::min(std::max(sent, barrier_.last_sight()) + 50ms, end); };
    while (!has_come(half) && now() < resend()) {
      if (!pump(resend()) && device_.ended()) return false;
    }
    if (!has_come(half)) continue;
    // Where no reply has come since the start, this one may show that they do: what is sent next is awaited
    // by that.
    for (const auto until = now() + behind_resolution; !has_come(Barrier::Half::reply) && now() < until;) {
      if (!pump(until) && device_.ended()) return false;
    }
    return true;
  }
  return false;
}

void Session::note_lag(Clock::duration lag) {
  lag_ = std::min<Clock::duration>(std::max(lag_, lag), behind_resolution);
}

// A relay that loses much would cost that time for each message that it loses.
bool Session::may_be_late() const {
  constexpr int enough_waits = 10;
  return lag_ > Clock::duration::zero() || vain_waits_ < enough_waits;
}

bool Session::pump(Clock::time_point deadline) {
  return traffic_.pump(deadline, device_.started() ? device_.wake_fd() : -1);
}

std::optional<std::string> Session::pass_barriers(std::span<const Segment> downlinks) {
  if (!device_.started()) return "the relay is not running";
  const auto passage = barrier_.pass(downlinks, device_.wake_fd());
  if (passage == Barrier::Passage::passed) return std::nullopt;
  if (passage == Barrier::Passage::dead || device_.ended())
    return "the relay " + device_.ended().value_or("ended");
  for (const Segment downlink : downlinks) {
    if (!barrier_.works(downlink, Barrier::Half::request)) {
      return fmt::format("the relay relays nothing from {}, so its silence proves nothing",
                         interface_name(downlink));
    }
  }
  return "the relay stopped relaying: a plain exchange behind this no longer comes through";
}

}  // namespace relayspec
