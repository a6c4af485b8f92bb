// The end of a case: what ended it, its verdict, and frames that come out after it.
#include <fmt/format.h>

#include <algorithm>

#include "harness/bench/case_run.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec {

// A flood, trouble with the lab and an exception of the harness end a case wherever they arise.
void CaseRun::guard(const std::function<void()>& body) {
  try {
    body();
  } catch (const EndOfJudging&) {
    // What ended it has been written down.
  } catch (const NotJudgeable& why) {
    skip = why.what();
  } catch (const Flood&) {
    judge_->find({.requirement = first_requirement(),
                  .field = "relay",
                  .kind = "flood",
                  .reason = "the relay floods the network with frames",
                  .expected = "one frame for one",
                  .observed = "thousands of frames",
                  .by = Finding::By::excess});
    bed_->session().stop_relay();
  } catch (const std::exception& trouble) {
    error = trouble.what();
  }
}

void CaseRun::run(const std::function<void()>& body) {
  guard(body);
  guard([&] { settle(); });
  restore_lab();
}

// The earlier case whose message this is, if it is one's: the relay took its time, and the barrier of that
// case did not see it.
bool CaseRun::is_of_another(const Sighting& s, const Frame& frame) {
  const auto sender = s.key ? bed_->senders.find(*s.key) : bed_->senders.end();
  if (sender == bed_->senders.end() || sender->second.result >= bed_->results.size()) return false;
  dhcp4::World world = model().world();
  world.settings = bed_->settings_of_results[sender->second.result];
  const auto outcome = dhcp4::Model(world).fate(sender->second.segment, sender->second.frame, {});
  const std::string rule = outcome.fate == dhcp4::Fate::must_not_come
                               ? outcome.rule
                               : bed_->protocol().rule_against(s, s.segment == sender->second.segment);
  blame_late(bed_->results[sender->second.result], rule, s, frame);
  return true;
}

void CaseRun::blame_late(CaseResult& owner, const std::string& rule, const Sighting& s, const Frame& frame) {
  if (owner.verdict == Verdict::fail || owner.verdict == Verdict::skip || owner.verdict == Verdict::error)
    return;
  owner.verdict = severity(rule);
  owner.reason = fmt::format("late {} on {}", bed_->protocol().summary(s), interface_name(s.segment));
  owner.expected = "nothing more";
  owner.observed = owner.reason;
  owner.clause = Catalogue::shipped().clause(rule);
  owner.findings.push_back({.verdict = owner.verdict,
                            .requirement = rule,
                            .field = "message",
                            .kind = "late",
                            .reason = owner.reason,
                            .expected = owner.expected,
                            .observed = owner.observed,
                            .by = Finding::By::excess});
  owner.difference += fmt::format("{} [{}] {}\n", name(owner.verdict), rule, owner.reason);
  owner.frames.push_back(frame);
  owner.frames.back().comments.push_back(
      fmt::format("{}: came out after the case was over", name(owner.verdict)));
}

CaseResult CaseRun::result() const {
  const Catalogue& catalogue = Catalogue::shipped();
  CaseResult r{.id = story.id, .suite = story.suite, .requirements = story.requirements};
  r.level = catalogue.strongest_level(story.requirements);
  r.source = story.source;
  r.config = describe(settings_);
  r.clause = catalogue.clause(first_requirement());
  r.verdict = Verdict::pass;
  r.findings = judge_->findings();
  // What a case has found before it could go no further counts.
  const bool found = std::any_of(r.findings.begin(), r.findings.end(),
                                 [](const Finding& f) { return f.verdict == Verdict::fail; });
  if (error || (skip && !found)) {
    r.verdict = error ? Verdict::error : Verdict::skip;
    r.reason = error ? *error : *skip;
    r.findings.clear();
  } else if (!r.findings.empty()) {
    const auto rank = [](const Finding& f) {
      return f.verdict == Verdict::fail ? 0 : f.verdict == Verdict::warn ? 1 : 2;
    };
    const auto worst =
        std::min_element(r.findings.begin(), r.findings.end(),
                         [&](const Finding& a, const Finding& b) { return rank(a) < rank(b); });
    r.verdict = worst->verdict;
    r.reason = worst->reason;
    r.expected = worst->expected;
    r.observed = worst->observed;
    r.clause = catalogue.clause(worst->requirement);
    constexpr std::size_t most = 12;
    for (std::size_t i = 0; i < std::min(most, r.findings.size()); ++i) {
      const Finding& f = r.findings[i];
      r.difference += fmt::format("{} [{}] {}\n", name(f.verdict), f.requirement, f.reason);
    }
    if (r.findings.size() > most)
      r.difference += fmt::format("and {} more findings\n", r.findings.size() - most);
    r.difference += worst->octets;
  }
  for (const std::string& remark : judge_->remarks()) r.difference += "also: " + remark + "\n";
  return r;
}

void CaseRun::finish(std::chrono::microseconds took) {
  if (!bed_) {
    story.settings = settings_;
    story.one_downlink = settings_.downlinks == 1;
    if (!two_networks_) story.settings.downlinks = 1;
    return;
  }
  CaseResult r = result();
  r.duration_us = static_cast<std::uint64_t>(took.count());
  r.frames = std::move(bed_->session().traffic().record);
  bed_->session().traffic().clear();
  bed_->results.push_back(std::move(r));
  bed_->settings_of_results.push_back(settings_);
}

}  // namespace relayspec
