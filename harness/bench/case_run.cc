#include "harness/bench/case_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "relayspec/harness/catalogue.h"

namespace relayspec {
namespace {

using namespace std::chrono_literals;

// How long an expected message is waited for before a probe asks whether the relay is through, and how long
// behind that probe: for a relay that does several things at once, and longer for one whose kernel has asked
// something by ARP, since what waits for the answer is overtaken. Only what never comes costs this time, and
// what has not come once is asked after sooner.
constexpr auto before_probe = 40ms, before_further_probe = 4ms, behind_probe = 50ms, behind_arp = 250ms;

// The suite that a relay's habit is held against; `dora` is held to everything.
std::string_view suite_of(const Difference& d) {
  if (d.field == "hops" || d.field == "giaddr") return d.field;
  if (d.field == option_name(code::server_id)) return "server-id";
  const bool addressing = d.field == "destination" || d.field == "TTL" || d.field.starts_with("UDP ") ||
                          d.field.starts_with("IP ") || d.field.starts_with("link ");
  return addressing ? "delivery" : "transparency";
}

}  // namespace

std::vector<Story>* CaseRun::stories = nullptr;

CaseRun::CaseRun() {
  if (!session_) return;
  if (session_->dialect() == Dialect::proxy) config.server_id = ServerIdMode::rewrite;
}

void CaseRun::begin() {
  if (begun_) return;
  begun_ = true;
  if (!session_) return;
  const auto& offered = session_->profile().features;
  // Most cases need one client network only; use_downlink() skips those that need two.
  if (!offered.contains("multi-downlink")) config.downlinks = 1;
  for (const std::string& feature : features_needed(config)) {
    if (!offered.contains(feature)) {
      skip = fmt::format("the profile does not list the feature {}", feature);
      throw EndOfStory{};
    }
  }
  if (const auto how = session_->relay_ended()) {
    session_->unexplained.push_back(fmt::format("the relay {} between two cases, before {}", *how, story.id));
  }
  try {
    session_->prepare(config);
  } catch (const StartError& e) {
    // One that runs and lets nothing through has not refused.
    const std::string& rule = e.silent && !may_refuse.empty() ? may_refuse : must_cope;
    if (!rule.empty()) {
      find({.verdict = severity(rule),
            .requirement = rule,
            .reason = "nothing comes through a relay that is started so",
            .expected = "a relay that goes on relaying",
            .observed = e.what(),
            .by = Finding::By::loss});
      refused_ = true;
    } else if (may_refuse.empty()) {
      error = e.what();
    } else {
      const std::string way = "the relay is not to be started so";
      find({.verdict = Verdict::note, .requirement = may_refuse, .reason = way, .observed = e.what()});
      refused_ = true;
    }
    throw EndOfStory{};
  }
  for (const Segment s : {Segment::downlink0, Segment::downlink1}) session_->lab().flush_neighbours(s);
  session_->traffic().clear();
}

void CaseRun::use_downlink(Segment s) {
  if (s != Segment::downlink1) return;
  two_networks_ = true;
  if (!live() || session_->profile().features.contains("multi-downlink")) return;
  skip = "the profile does not list the feature multi-downlink";
  throw EndOfStory{};
}

void CaseRun::send(Segment s, const std::vector<Bytes>& frames, const std::string& what) {
  begin();
  use_downlink(s);
  ingress.insert(s);
  through_ = false;
  if (!session_) return;
  // Behind the headers of link, IP and UDP.
  const std::span<const std::uint8_t> first = frames.front();
  if (first.size() > 42) {
    if (const auto xid = xid_of(first.subspan(42))) session_->xid_owner[*xid] = session_->results.size();
  }
  try {
    for (const Bytes& frame : frames) session_->traffic().inject(s, frame, what);
  } catch (const LabError& problem) {
    error = problem.what();
    throw EndOfStory{};
  }
}

// What has the expected xid, where there is such a message; a relay that spoils the xid is judged by the
// rest.
Emission* CaseRun::best_match(const Expected& e, std::size_t& fewest) {
  const auto xid = xid_of(e.message);
  std::vector<Emission*> same_xid, all;
  for (Emission& candidate : session_->traffic().emissions) {
    if (candidate.claimed || candidate.segment != e.segment || !candidate.datagram) continue;
    // The copy for another server is not a bad copy for this one.
    const bool others = e.direction == Direction::request &&
                        candidate.datagram->ip_dst != e.forms.front().ip_dst &&
                        role_of(candidate.datagram->ip_dst).starts_with("server ");
    if (others && session_->config().servers > 1) continue;
    all.push_back(&candidate);
    if (candidate.xid == xid) same_xid.push_back(&candidate);
  }
  Emission* best = nullptr;
  std::size_t all_of_best = 0;  // habits included
  for (Emission* candidate : same_xid.empty() ? all : same_xid) {
    // A relay's habits are in all that it says, and tell nothing of which message this is.
    const auto differences = compare(e, *candidate->datagram);
    const auto n = static_cast<std::size_t>(
        std::count_if(differences.begin(), differences.end(),
                      [&](const Difference& d) { return !session_->is_habit(d.signature); }));
    if (!best || n < fewest || (n == fewest && differences.size() < all_of_best)) {
      best = candidate;
      fewest = n;
      all_of_best = differences.size();
      if (all_of_best == 0) break;
    }
  }
  return best;
}

void CaseRun::wait_for(const Expected& e) {
  std::size_t differences = 0;
  const auto matches = [&] { return best_match(e, differences) != nullptr && differences == 0; };
  // One with its xid has come, if not as it should; whether a better one follows, the fence will show.
  const auto has_come = [&] {
    const Emission* match = best_match(e, differences);
    return match && (differences == 0 || match->xid == xid_of(e.message));
  };
  const auto pump_for = [&](Clock::duration time) {
    for (const auto end = Clock::now() + time; !has_come() && Clock::now() < end;) {
      if (!session_->pump(end) && session_->relay_ended()) return;
    }
  };
  pump_for(missed_ ? before_further_probe : before_probe);
  if (matches()) return;
  missed_ = true;
  if (!fence_all(Fencing::anyway)) throw EndOfStory{};
  if (!best_match(e, differences)) pump_for(session_->traffic().has_asked() ? behind_arp : behind_probe);
}

Arrival CaseRun::expect(const Expected& e, const std::string& what) {
  begin();
  use_downlink(e.segment);
  if (!session_) return {e.message, Datagram{}};
  wait_for(e);
  std::size_t differences = 0;
  Emission* match = best_match(e, differences);
  if (!match) {
    const auto elsewhere = std::find_if(
        session_->traffic().emissions.begin(), session_->traffic().emissions.end(),
        [&](const Emission& m) { return !m.claimed && m.datagram && m.xid == xid_of(e.message); });
    std::string observed = "nothing";
    if (elsewhere != session_->traffic().emissions.end()) {
      observed = fmt::format("on {}: {}, {}", interface_name(elsewhere->segment),
                             summary(elsewhere->datagram->payload), addressed(*elsewhere->datagram));
    }
    find({.verdict = severity(headline()),
          .requirement = headline(),
          .reason = fmt::format("{} does not come out on {}", what, interface_name(e.segment)),
          .expected = fmt::format("{} on {}", summary(e.message), interface_name(e.segment)),
          .observed = observed,
          .by = Finding::By::loss});
    throw EndOfStory{};
  }
  match->claimed = true;
  Arrival arrival{match->datagram->payload, *match->datagram, match->frame};
  judge(e, arrival, what);
  return arrival;
}

std::optional<Arrival> CaseRun::accept(const Expected& e, const std::string& what) {
  begin();
  use_downlink(e.segment);
  if (!session_) return std::nullopt;
  if (!fence_all()) throw EndOfStory{};
  std::size_t differences = 0;
  Emission* match = best_match(e, differences);
  if (!match) return std::nullopt;
  match->claimed = true;
  Arrival arrival{match->datagram->payload, *match->datagram, match->frame};
  judge(e, arrival, what);
  return arrival;
}

std::vector<Arrival> CaseRun::take(Segment s, std::uint32_t xid) {
  begin();
  if (!session_) return {};
  if (!fence_all()) throw EndOfStory{};
  std::vector<Arrival> all;
  for (Emission& e : session_->traffic().emissions) {
    if (e.claimed || e.segment != s || !e.datagram || e.xid != xid) continue;
    e.claimed = true;
    all.push_back({e.datagram->payload, *e.datagram, e.frame});
  }
  return all;
}

bool CaseRun::judged_here(const Difference& d) const {
  return !session_->is_habit(d.signature) || story.suite == "dora" || story.suite == suite_of(d);
}

void CaseRun::judge(const Expected& e, const Arrival& arrival, const std::string& what) {
  Frame& frame = session_->traffic().record[arrival.frame];
  const auto differences = compare(e, arrival.datagram);
  if (differences.empty()) frame.comments.push_back(what + ": as expected");
  const std::string octets = differences.empty() ? "" : octet_difference(e.message, arrival.message);
  for (const Difference& d : differences) {
    const std::string line = fmt::format("{}: expected {}, observed {}", d.field, d.expected, d.observed);
    if (!judged_here(d)) {
      remarks.insert(fmt::format("{} (a habit of this relay, held against it in {})", line, suite_of(d)));
      frame.comments.push_back("habit: " + line);
      continue;
    }
    Finding f{.verdict = d.decisive ? Verdict::fail : severity(d.requirement),
              .requirement = d.requirement,
              .field = d.field,
              .kind = d.signature,
              .reason = fmt::format("{}: {}", what, line),
              .expected = d.field + " " + d.expected,
              .observed = d.field + " " + d.observed,
              .octets = octets};
    frame.comments.push_back(fmt::format("{}: {}: {}", name(f.verdict), d.requirement, line));
    find(std::move(f));
  }
}

bool CaseRun::fence_all(Fencing fencing) {
  if (through_ && fencing == Fencing::if_needed) return true;
  if (touched.empty()) touched.insert(Segment::downlink0);
  std::erase_if(touched, [&](Segment s) {
    return session_->down.contains(s) || (s != Segment::uplink && index(s) >= session_->config().downlinks);
  });
  for (const Segment downlink : touched) {
    if (const auto why = session_->fence(downlink)) {
      find({.verdict = Verdict::fail,
            .requirement = headline(),
            .reason = *why,
            .expected = "a relay that goes on relaying",
            .observed = *why,
            .by = Finding::By::end});
      session_->stop_relay();
      return false;
    }
  }
  touched.clear();
  through_ = true;
  return true;
}

void CaseRun::find(Finding f) {
  Catalogue::shipped().cited(f.requirement);
  findings_.push_back(std::move(f));
}

Verdict CaseRun::severity(std::string_view requirement) const {
  const Requirement& r = Catalogue::shipped().cited(requirement);
  // What the dialect `proxy` is made of is no mere custom there.
  if (r.id.starts_with("PROXY-") && session_ && session_->dialect() == Dialect::proxy) return Verdict::fail;
  if (r.level.starts_with("MUST")) return Verdict::fail;
  return r.level == "MAY" ? Verdict::note : Verdict::warn;
}

void CaseRun::finish(std::chrono::microseconds took) {
  if (!session_) {
    story.config = config;
    story.one_downlink = config.downlinks == 1;
    if (!two_networks_) story.config.downlinks = 1;
    if (stories) stories->push_back(std::move(story));
    return;
  }
  const Catalogue& catalogue = Catalogue::shipped();
  CaseResult r{.id = story.id, .suite = story.suite, .requirements = story.requirements};
  r.level = catalogue.strongest_level(story.requirements);
  r.source = story.source;
  r.config = describe(config);
  r.clause = catalogue.clause(headline());
  r.duration_us = static_cast<std::uint64_t>(took.count());
  r.verdict = Verdict::pass;
  if (skip || error) {
    r.verdict = skip ? Verdict::skip : Verdict::error;
    r.reason = skip ? *skip : *error;
  } else if (!findings_.empty()) {
    const auto rank = [](const Finding& f) {
      return f.verdict == Verdict::fail ? 0 : f.verdict == Verdict::warn ? 1 : 2;
    };
    const auto worst =
        std::min_element(findings_.begin(), findings_.end(),
                         [&](const Finding& a, const Finding& b) { return rank(a) < rank(b); });
    r.verdict = worst->verdict;
    r.reason = worst->reason;
    r.expected = worst->expected;
    r.observed = worst->observed;
    r.clause = catalogue.clause(worst->requirement);
    constexpr std::size_t most = 12;
    for (std::size_t i = 0; i < std::min(most, findings_.size()); ++i) {
      const Finding& f = findings_[i];
      r.difference += fmt::format("{} [{}] {}\n", name(f.verdict), f.requirement, f.reason);
    }
    if (findings_.size() > most)
      r.difference += fmt::format("and {} findings more\n", findings_.size() - most);
    r.difference += worst->octets;
    r.findings = std::move(findings_);
  }
  for (const std::string& remark : remarks) r.difference += "also: " + remark + "\n";
  r.frames = std::move(session_->traffic().record);
  session_->traffic().clear();
  session_->results.push_back(std::move(r));
}

}  // namespace relayspec
