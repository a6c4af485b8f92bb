#include "harness/bench/session.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/relays.h"

namespace relayspec {
namespace {

using namespace std::chrono_literals;

constexpr auto stop_grace = 1s;
// A relay that was seen to relay one way only is given less time for the other way at each further start.
constexpr Clock::duration least_patience_with_half = 50ms;
constexpr std::uint64_t much_output = 16U << 20U;

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

Session* Session::current = nullptr;

Session::Session(Profile profile, Dialect dialect) : profile_(std::move(profile)), dialect_(dialect) {
  current = this;
}

Session::~Session() {
  stop_relay();
  current = nullptr;
}

Ipv4 Session::proxy_id(Segment downlink) const {
  return relay_address(profile_.proxy_server_id == "giaddr" ? downlink : Segment::uplink);
}

std::optional<std::string> Session::relay_ended() { return relay_ ? relay_->ended() : std::nullopt; }

void Session::stop_relay() {
  if (!relay_) return;
  if (!relay_->stop(stop_grace)) {
    remarks.insert(fmt::format("relay {} did not end within {} s of SIGTERM and was killed", profile_.name,
                               stop_grace.count()));
  }
  take_output();
  relay_.reset();
}

void Session::take_output() {
  relay_output = relay_->output();
  if (relay_->written() > much_output) {
    remarks.insert(fmt::format("relay {} wrote more than {} MiB to stdout and stderr; the last of it is kept",
                               profile_.name, much_output >> 20U));
  }
}

void Session::prepare(const RelaySettings& wanted, const std::function<void()>& amid) {
  if (relay_ && config_ == wanted && !relay_->ended()) return;
  for (const auto& [config, why] : failed_) {
    // A relay that has never got ready is not waited for again: with each configuration it would take the
    // whole time.
    if (config == wanted || !ever_ready_) throw why;
  }
  stop_relay();
  learn_habits(wanted);
  start(wanted, amid);
}

// A habit is of the relay, not of one of its settings, so it is learnt from a relay that is started plain.
void Session::learn_habits(const RelaySettings& wanted) {
  if (habits_known_ || !down.empty()) return;
  habits_known_ = true;
  const bool rewrites = wanted.server_id == ServerIdMode::rewrite;
  RelaySettings plain{.server_id = rewrites ? ServerIdMode::rewrite : ServerIdMode::transparent};
  plain.downlinks = profile_.features.contains("multi-downlink") ? 2 : 1;
  if (plain == wanted) return;
  try {
    start(plain);
    stop_relay();
  } catch (const StartError&) {
    // Then the relay cannot be started plain, and has no habits.
  }
}

void Session::start(const RelaySettings& wanted, const std::function<void()>& amid) {
  traffic_.discard();
  config_ = wanted;
  disturbed_ = !down.empty() || amid;
  RelayStart how{.script = profile_.start, .env = environment(wanted), .files = profile_.files};
  how.env["RELAY_DIALECT"] = name(dialect_);
  how.env.merge(relay_environment(profile_));
  for (const Segment s : all_segments) lab_.flush_neighbours(s);
  relay_ = std::make_unique<RelayProcess>(lab_, how);
  prober_.relay_started(wanted, dialect_, {proxy_id(Segment::downlink0), proxy_id(Segment::downlink1)});
  await_ready(amid);
  ever_ready_ = true;
  const bool plain = features_needed(wanted).empty() ||
                     features_needed(wanted) == std::set<std::string>{"multi-downlink"} ||
                     (wanted.server_id == ServerIdMode::rewrite && !wanted.option82 && wanted.servers == 1);
  if (!plain || !plain_habits_.empty() || prober_.habits().empty()) return;
  for (const Segment s : {Segment::downlink0, Segment::downlink1}) prober_.fence(s, relay_->wake_fd());
  plain_habits_ = prober_.habits();
}

// Ready means: a probe came through. Sent again at growing intervals, since nobody hears what is sent before
// the relay listens. A relay that relays one way only is started all the same: that is for the cases to find.
void Session::await_ready(const std::function<void()>& amid) {
  traffic_.clear();
  if (down.contains(Segment::uplink)) return;  // nothing can come through; the case has its reasons
  std::vector<Segment> downlinks(all_segments, all_segments + config_.downlinks);
  std::erase_if(downlinks, [&](Segment s) { return down.contains(s); });
  const auto begin = Clock::now(), end = begin + profile_.start_timeout;
  auto whole_by = end;
  auto interval = 2ms;
  auto next_call = begin;
  bool any = false;
  while (Clock::now() < whole_by) {
    bool whole = true;
    for (const Segment downlink : downlinks) {
      if (prober_.works(downlink, Direction::request) && prober_.works(downlink, Direction::reply)) continue;
      whole = false;
      prober_.send(downlink);
    }
    if (whole) return;
    for (const auto resend = std::min(Clock::now() + interval, whole_by); Clock::now() < resend;) {
      try {
        if (amid && Clock::now() >= next_call) {
          amid();
          next_call = Clock::now() + 100us + (Clock::now() - begin) / 16;
        }
        traffic_.pump(amid ? std::min(resend, next_call) : resend, relay_->wake_fd());
      } catch (const Flood&) {
        fail_start("it floods the network with frames");
      }
      if (const auto how = relay_->ended()) {
        fail_start("it " + *how + (how->ends_with(" 0") ? ", and has to stay in the foreground" : ""));
      }
      bool complete = true;
      for (const Segment downlink : downlinks) {
        complete &= prober_.works(downlink, Direction::request) && prober_.works(downlink, Direction::reply);
        any |= prober_.works(downlink, Direction::request);
      }
      if (complete) break;
    }
    if (any && whole_by == end) whole_by = std::min(end, Clock::now() + patience_);
    interval = std::min(interval * 2, 100ms);
    // Nothing that a starting relay says is held against it unless it is asked, and memory stays bounded.
    if (!amid) traffic_.clear();
  }
  patience_ = std::max(patience_ / 2, least_patience_with_half);
  if (!any) {
    fail_start(
        fmt::format("no probe came through within {} ms (start_timeout_ms)", profile_.start_timeout.count()),
        true);
  }
}

void Session::fail_start(const std::string& why, bool runs) {
  const std::string output = last_lines(relay_->output(), 3);
  std::string message = fmt::format("relay {} ({}) did not get ready: {}{}", profile_.name, describe(config_),
                                    why, output.empty() ? "; it printed nothing" : "; it printed: " + output);
  take_output();
  relay_.reset();
  const StartError error(message, runs);
  // What has disturbed it is gone with the case, and it is tried again.
  if (!disturbed_) failed_.emplace_back(config_, error);
  throw error;
}

bool Session::await(Segment downlink, std::chrono::seconds time) {
  const auto end = Clock::now() + time;
  while (relay_ && !relay_->ended() && Clock::now() < end) {
    const auto xid = prober_.send(downlink);
    const auto came = [&] {
      const Exchange& e = prober_.exchange(xid);
      return prober_.works(downlink, Direction::reply) ? e.down : e.up;
    };
    for (const auto resend = std::min(Clock::now() + 50ms, end); !came() && Clock::now() < resend;) {
      if (!pump(resend) && relay_->ended()) return false;
    }
    if (came()) return true;
  }
  return false;
}

bool Session::pump(Clock::time_point deadline) {
  return traffic_.pump(deadline, relay_ ? relay_->wake_fd() : -1);
}

std::optional<std::string> Session::fence(Segment downlink) {
  const auto ended = [&]() -> std::string { return "the relay " + relay_->ended().value_or("ended"); };
  if (!relay_) return "the relay is not running";
  switch (prober_.fence(downlink, relay_->wake_fd())) {
    case Fence::passed:
      return std::nullopt;
    case Fence::dead:
      return ended();
    case Fence::silent:
      break;
  }
  if (relay_->ended()) return ended();
  if (!prober_.works(downlink, Direction::request)) {
    return fmt::format("the relay relays nothing from {}, so its silence proves nothing",
                       interface_name(downlink));
  }
  return "the relay stopped relaying: a plain exchange behind this no longer comes through";
}

}  // namespace relayspec
