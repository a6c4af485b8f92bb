// SPDX-License-Identifier: Apache-2.0
// The end of a case: what ended it, its verdict, and frames that come out after it.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/bench/case_run.h"
#include "harness/bench/case_verdict.h"
#include "harness/bench/runner.h"
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
    unjudged = true;
  } catch (const Flood&) {
    // Whatever a case is about, unless that is loops.
    const std::string about = first_requirement();
    const bool loops = about == "HOP-loop-self" || about == "HOP-loop-two-relays";
    judge_->find({.verdict = Verdict::fail,
                  .requirement = loops ? about : "MALF-no-flood",
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
  if (begun_ && has_deviated()) guard([&] { judge_->await_stragglers(); });
  if (begun_ && bed_ && !skip && !error) account_for_left_over();
  restore_lab();
}

// They come of this case before a restart, or of no message at all.
void CaseRun::account_for_left_over() {
  for (const TestBed::LeftOver& l : std::exchange(bed_->left_over, {})) {
    if (!is_of_another(l.sighting, l.frame)) judge_->report_left_over(l.sighting, l.frame);
  }
}

bool CaseRun::is_of_another(const Sighting& s, const Frame& frame) { return bed_->blame_sender(s, frame); }

namespace {

CaseResult result_of(const CaseInfo& info) {
  CaseResult r{.id = info.id, .suite = info.suite, .requirements = info.requirements};
  r.level = Catalogue::shipped().strongest_level(info.requirements);
  r.source = info.source;
  return r;
}

}  // namespace

CaseResult not_run(const CaseInfo& info, std::string why) {
  CaseResult r = result_of(info);
  r.verdict = Verdict::error;
  r.reason = std::move(why);
  return r;
}

CaseResult CaseRun::result() const {
  const Catalogue& catalogue = Catalogue::shipped();
  CaseResult r = result_of(info);
  r.config = describe(settings_);
  r.clause = catalogue.clause(first_requirement());
  r.verdict = Verdict::pass;
  r.findings = judge_->findings();
  for (const auto& [rule, times] : delivered_) r.delivered.push_back({rule, times});
  // What a case has found before it could go no further counts.
  const bool found = std::any_of(r.findings.begin(), r.findings.end(),
                                 [](const Finding& f) { return f.verdict == Verdict::fail; });
  if (error || (skip && !found)) {
    r.verdict = error ? Verdict::error : Verdict::skip;
    r.reason = error ? *error : *skip;
    r.unjudged = !error && unjudged;
    r.findings.clear();
  } else if (!r.findings.empty()) {
    judge_by_findings(r);
  }
  for (const std::string& remark : judge_->remarks()) r.difference += "also: " + remark + "\n";
  return r;
}

void CaseRun::finish(std::chrono::microseconds took) {
  if (!bed_) {
    info.settings = settings_;
    info.one_downlink = settings_.downlinks == 1;
    if (!two_networks_) info.settings.downlinks = 1;
    return;
  }
  CaseResult r = result();
  r.duration_us = static_cast<std::uint64_t>(took.count());
  r.frames = std::move(bed_->session().traffic().record);
  bed_->session().traffic().clear();
  bed_->results.push_back(std::move(r));
  leave_behind();
  bed_->settings_of_results.push_back(settings_);
}

}  // namespace relayspec
