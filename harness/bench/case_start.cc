// SPDX-License-Identifier: Apache-2.0
// The beginning of a case: the relay is started as it wants, or the case ends here.
#include <fmt/format.h>

#include <utility>

#include "harness/bench/case_run.h"

namespace relayspec {

void CaseRun::set_settings(const RelaySettings& settings) {
  settings_ = settings;
  if (dialect() == Dialect::proxy) settings_.server_id = ServerIdMode::rewrite;
  sync_world();
}

void CaseRun::sync_world() { world().settings = settings_; }

void CaseRun::refuse_features() {
  for (const std::string& feature : features_needed(settings_)) {
    if (bed_->offers(feature)) continue;
    skip = fmt::format("the profile does not list the feature {}", feature);
    throw EndOfJudging{};
  }
}

// A relay that stays as it is set up is judged in the cases that want it so.
void CaseRun::refuse_settings() {
  if (const auto why = bed_->device().cannot_be_set(settings_)) {
    skip = *why;
    throw EndOfJudging{};
  }
}

void CaseRun::begin() {
  if (begun_) return;
  begun_ = true;
  if (!bed_) return;
  settings_ = bed_->completed(settings_);
  sync_world();
  refuse_features();
  refuse_settings();
  if (const auto how = bed_->session().relay_ended()) {
    bed_->unexplained.push_back(fmt::format("the relay {} between two cases, before {}", *how, info.id));
  }
  try {
    bed_->session().prepare(settings_);
  } catch (const LabMissing& m) {
    skip = m.what();
    throw EndOfJudging{};
  } catch (const StartError& e) {
    start_failed(e);
  }
  bed_->device().flush_neighbours();
  bed_->session().traffic().clear();
  note_quirks();
}

// The first case behind a start answers for quirks that no case is about.
void CaseRun::note_quirks() {
  if (bed_->session().starts() == bed_->starts_seen) return;
  bed_->starts_seen = bed_->session().starts();
  for (Finding& f : judge_->quirks()) bed_->quirks.push_back({info.id, std::move(f)});
}

// A relay that cannot be started at all has not refused these settings, nor has it failed to cope with them.
void CaseRun::start_failed(const StartError& e) {
  // One that runs and lets nothing through has not refused either.
  const std::string& rule = e.silent && !may_refuse.empty() ? may_refuse : must_cope;
  if (!bed_->session().ever_ready() || (rule.empty() && may_refuse.empty())) {
    error = e.what();
    throw EndOfJudging{};
  }
  refused_ = true;
  Finding f{.requirement = rule.empty() ? may_refuse : rule, .field = "relay", .observed = e.what()};
  if (rule.empty()) {
    f.verdict = Verdict::note;
    f.kind = f.reason = "the relay refuses these settings";
  } else {
    f.verdict = severity(rule);
    f.kind = f.reason = "nothing comes through a relay that is started with these settings";
    f.expected = "a relay that keeps relaying";
    f.by = Finding::By::loss;
  }
  judge_->find(std::move(f));
  throw EndOfJudging{};
}

void CaseRun::use_downlink(Segment s) {
  if (s != Segment::downlink1) return;
  two_networks_ = true;
  if (!live() || bed_->offers("multi-downlink")) return;
  skip = "the profile does not list the feature multi-downlink";
  throw EndOfJudging{};
}

}  // namespace relayspec
