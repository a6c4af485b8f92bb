// What is left over when a case has seen what it asked for: what came out besides, and late, and what has
// become of plain exchanges since.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/bench/case_run.h"

namespace relayspec {

std::string addressed(const Datagram& d) {
  return fmt::format("from {} port {} to {} port {}, link destination {}", role_of(d.ip_src), d.sport,
                     role_of(d.ip_dst), d.dport, role_of(d.eth_dst));
}

void CaseRun::settle(Where where) {
  if (!session_ || !begun_ || skip || error || refused_) return;
  if (!fence_all(Fencing::anyway)) return;
  report_changes();
  for (Emission& e : session_->traffic().emissions) {
    if (e.claimed) continue;
    if (CaseResult* owner = late(e)) {
      blame_late(*owner, e);
    } else if (where == Where::downlinks && e.segment == Segment::uplink) {
      e.claimed = true;
    } else {
      report_extra(e);
    }
  }
}

// The earlier case whose message this is, if it is one's: the relay took its time, and the fence of that case
// did not see it.
CaseResult* CaseRun::late(const Emission& e) const {
  const auto owner = e.xid ? session_->xid_owner.find(*e.xid) : session_->xid_owner.end();
  const bool earlier = owner != session_->xid_owner.end() && owner->second < session_->results.size();
  return earlier ? &session_->results[owner->second] : nullptr;
}

void CaseRun::blame_late(CaseResult& owner, Emission& e) {
  e.claimed = true;
  if (owner.verdict == Verdict::fail || owner.verdict == Verdict::skip || owner.verdict == Verdict::error)
    return;
  owner.verdict = Verdict::fail;
  owner.reason = fmt::format("something comes out late on {}: {}", interface_name(e.segment),
                             summary(e.datagram->payload));
  owner.expected = "nothing more";
  owner.observed = owner.reason;
  if (!owner.requirements.empty())
    owner.findings.push_back(
        {.requirement = owner.requirements.front(), .reason = owner.reason, .by = Finding::By::excess});
  owner.difference += owner.reason + "\n";
  owner.frames.push_back(session_->traffic().record[e.frame]);
  owner.frames.back().comments.push_back("fail: came out after the case was over");
}

// Which rule a datagram breaks that nobody asked for, by where it came out and what it is.
void CaseRun::report_extra(Emission& e) {
  e.claimed = true;
  const auto& d = e.datagram;
  const bool request = d && !d->payload.empty() && d->payload[0] == boot_request;
  std::string rule = headline();
  if (!about_silence) {
    if (e.segment == Segment::uplink) {
      rule = request ? "SRV-each-gets-copy" : "RFC1542-4.1.2-reply-only-to-clients";
    } else if (!request) {
      rule = "IF-reply-only-owner";
    } else {
      rule =
          ingress.contains(e.segment) ? "RFC1542-4.1.1-no-rebroadcast-on-ingress" : "IF-request-not-leaked";
    }
  }
  Frame& frame = session_->traffic().record[e.frame];
  const std::string what =
      d ? fmt::format("{}, {}", summary(d->payload), addressed(*d)) : "a frame that is no whole UDP datagram";
  frame.comments.push_back("not expected: " + rule);
  find({.verdict = severity(rule),
        .requirement = rule,
        .reason = fmt::format("something comes out on {} that must not: {}", interface_name(e.segment),
                              d ? summary(d->payload) : what),
        .expected = "nothing more",
        .observed = what + " on " + interface_name(e.segment),
        .by = Finding::By::excess});
}

// After whatever the case has sent, a plain exchange has to come out as it did when the relay was fresh.
void CaseRun::report_changes() {
  const auto changes = std::exchange(session_->prober().changes, {});
  if (ways_back_.empty())  // in a changed lab it is relayed otherwise
    report_exchange(changes, "a plain exchange is not relayed any more as it was");
}

void CaseRun::report_outgrown() {
  for (std::size_t i = 0; i < session_->config().downlinks; ++i) touched.insert(all_segments[i]);
  if (!fence_all(Fencing::anyway)) throw EndOfStory{};
  report_exchange(session_->prober().outgrown,
                  "the first exchange after the start is not relayed as the next");
}

void CaseRun::report_exchange(const std::vector<Difference>& differences, std::string_view what) {
  std::set<std::string> told;
  for (const Difference& d : differences) {
    if (!told.insert(d.signature).second) continue;
    find({.verdict = d.decisive ? Verdict::fail : severity(d.requirement),
          .requirement = d.requirement,
          .field = d.field,
          .kind = d.signature,
          .reason = fmt::format("{}: {}: expected {}, observed {}", what, d.field, d.expected, d.observed),
          .expected = d.field + " " + d.expected,
          .observed = d.field + " " + d.observed});
  }
}

}  // namespace relayspec
