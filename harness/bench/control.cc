// SPDX-License-Identifier: Apache-2.0
// The control of a silence: that a relay has dropped a message because of a fault in it is proved only if the
// same message without the fault comes out.
#include <fmt/format.h>

#include <algorithm>

#include "harness/bench/case_run.h"
#include "relayspec/harness/bench.h"

namespace relayspec {

bool CaseRun::has_deviated() const {
  return bed_ && std::any_of(judge_->findings().begin(), judge_->findings().end(),
                             [](const Finding& f) { return f.verdict != Verdict::note; });
}

bool CaseRun::control(const Expected& e) {
  begin();
  use_downlink(e.segment);
  if (!bed_) return true;
  // An echo of option 82 that the relay has corrupted, say, makes one that must be dropped too.
  const auto fate = fate_of(xid_of(e.message).value_or(0), e.direction);
  if (fate && fate->fate == dhcp4::Fate::must_not_come)
    throw NotJudgeable("the silence proves nothing: the control must not come out either, by " + fate->rule);
  return judge_->control(expectation(e, "control"));
}

void CaseRun::silence_proves_nothing(Segment s) const {
  throw NotJudgeable(
      fmt::format("the silence proves nothing: the same message with the one field corrected does not come "
                  "out on {} either{}",
                  interface_name(s), judge_->hint()));
}

// Whatever becomes of it, a message that has come out is no silence.
void Case::control_goes_up(const Client& c, const Message& m, const Envelope& over) {
  if (run_->has_deviated()) return;
  c.sends(m, over);
  run_->step("This is the control: unless it comes out, the silence proves nothing and the case is skipped.");
  bool came = false;
  for (std::size_t n = 0; n < run_->settings().servers; ++n)
    came |= run_->control(run_->model().expected(relayed_from(c.downlink(), m), n));
  if (!came) run_->silence_proves_nothing(Segment::uplink);
}

void Case::control_goes_down(const Client& c, const Message& m, const Envelope& over) {
  if (run_->has_deviated()) return;
  server.sends(m, over);
  run_->step("This is the control: unless it comes out, the silence proves nothing and the case is skipped.");
  if (!run_->control(run_->model().expected(delivered(m), c.downlink())))
    run_->silence_proves_nothing(c.downlink());
}

}  // namespace relayspec
