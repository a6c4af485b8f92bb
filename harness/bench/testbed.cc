// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/testbed.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/dhcp4/world.h"
#include "harness/lab/device_of.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec {
namespace {

constexpr std::size_t most_left_over = 100;  // a case has found a relay that floods

void blame(CaseResult& owner, const std::string& rule, const std::string& what, const Frame& frame) {
  if (owner.verdict == Verdict::skip || owner.verdict == Verdict::error) return;
  const Finding late{.verdict = severity_of(rule),
                     .requirement = rule,
                     .field = "message",
                     .kind = "late",
                     .reason = "late " + what,
                     .expected = "nothing more",
                     .observed = "late " + what,
                     .by = Finding::By::excess};
  const auto rank = [](Verdict v) {
    return v == Verdict::fail ? 3 : v == Verdict::warn ? 2 : v == Verdict::note ? 1 : 0;
  };
  if (rank(late.verdict) > rank(owner.verdict)) {
    owner.verdict = late.verdict;
    owner.reason = late.reason;
    owner.expected = late.expected;
    owner.observed = late.observed;
    owner.clause = Catalogue::shipped().clause(rule);
  }
  owner.findings.push_back(late);
  owner.difference += fmt::format("{} [{}] {}\n", name(late.verdict), rule, late.reason);
  owner.frames.push_back(frame);
  owner.frames.back().comments.push_back(
      fmt::format("{}: came out after the case was over", name(late.verdict)));
}

// From the IP destination on: two copies of a datagram differ before it.
std::span<const std::uint8_t> datagram_in(const Bytes& frame) {
  constexpr std::size_t destination = 30;
  return std::span(frame).subspan(std::min(frame.size(), destination));
}

std::ptrdiff_t times(const CaseResult& owner, Origin origin, const Bytes& frame) {
  return std::count_if(owner.frames.begin(), owner.frames.end(), [&](const Frame& f) {
    return f.origin == origin && std::ranges::equal(datagram_in(f.bytes), datagram_in(frame));
  });
}

// As often as it was sent.
bool has_come_before(const CaseResult& owner, const Bytes& sent, const Bytes& came) {
  return times(owner, Origin::relay, came) >=
         std::max<std::ptrdiff_t>(1, times(owner, Origin::harness, sent));
}

// A relay with several workers may be through with what stands behind a message before it is with the
// message.
void note_late(CaseResult& owner, const std::string& what, const Frame& frame) {
  owner.difference += fmt::format("also: late {}\n", what);
  owner.frames.push_back(frame);
  owner.frames.back().comments.emplace_back("came out after the case was over");
}

}  // namespace

Verdict severity_of(std::string_view requirement) {
  const Requirement& r = Catalogue::shipped().cited(requirement);
  if (r.level.starts_with("MUST")) return Verdict::fail;
  return r.level == "MAY" ? Verdict::note : Verdict::warn;
}

TestBed::TestBed(const Profile& profile, Dialect dialect)
    : TestBed(profile, dialect, device_of(profile, dialect)) {}

TestBed::TestBed(const Profile& profile, Dialect dialect, std::unique_ptr<Device> device)
    : profile_(profile),
      device_(std::move(device)),
      model_(dhcp4::world_of(profile, dialect, *device_)),
      protocol_(model_),
      session_(*device_, protocol_, profile.start_timeout, plain_settings()) {
  session_.left_over = [this](const Sighting& s, const Frame& f) {
    if (s.of_protocol && left_over.size() < most_left_over) left_over.push_back({s, f});
  };
}

// The relay took its time, and the barrier of that case did not see it.
bool TestBed::blame_sender(const Sighting& s, const Frame& frame) {
  const auto sender = s.key ? senders.find(*s.key) : senders.end();
  if (sender == senders.end() || sender->second.result >= results.size()) return false;
  dhcp4::World world = model_.world();
  world.settings = settings_of_results[sender->second.result];
  const auto& [result, from, sent] = sender->second;
  const auto outcome = dhcp4::Model(world).fate(from, sent, {});
  const std::string what = fmt::format("{} on {}", protocol_.summary(s), interface_name(s.segment));
  // Where a reply is at home its giaddr says, unless all networks share one.
  const bool shared = world.settings.link_selection || world.settings.giaddr;
  const bool to_servers = from != Segment::uplink && s.segment == Segment::uplink;
  const auto giaddr = s.whole() ? giaddr_of(dhcp4::datagram_of(s).payload) : std::nullopt;
  const bool to_its_client =
      from == Segment::uplink && !shared && giaddr && world.owner_of(*giaddr) == s.segment;
  if (outcome.fate != dhcp4::Fate::must_not_come && (to_servers || to_its_client) &&
      !has_come_before(results[result], sent, frame.bytes)) {
    note_late(results[result], what, frame);
    return true;
  }
  const std::string rule = outcome.fate == dhcp4::Fate::must_not_come
                               ? outcome.rule
                               : protocol_.rule_against(s, s.segment == from || to_its_client);
  blame(results[result], rule, what, frame);
  return true;
}

void TestBed::end() {
  session_.end();
  for (const LeftOver& l : std::exchange(left_over, {})) {
    if (blame_sender(l.sighting, l.frame) || results.empty()) continue;
    blame(results.back(), protocol_.rule_against(l.sighting, false),
          fmt::format("{} on {}", protocol_.summary(l.sighting), interface_name(l.sighting.segment)),
          l.frame);
  }
}

void TestBed::count_xids_of(std::size_t place_of_case) {
  constexpr std::uint32_t xids_of_each = 1U << 14;
  if (place_of_case_ == place_of_case) return;  // late frames of a run that is repeated have the earlier ones
  place_of_case_ = place_of_case;
  next_xid_ = static_cast<std::uint32_t>(place_of_case) * xids_of_each;
}

void TestBed::forget_last_result() {
  results.pop_back();
  settings_of_results.pop_back();
  std::erase_if(senders, [&](const auto& sender) { return sender.second.result == results.size(); });
}

void TestBed::forget_relay() {
  std::erase_if(quirks, [&](const QuirkSeen& q) { return q.case_id == results.back().id; });
  session_.stop_relay();
}

RelaySettings TestBed::completed(RelaySettings settings) const {
  if (dialect() == Dialect::proxy) settings.server_id = ServerIdMode::rewrite;
  // Most cases need one client network only; use_downlink() skips those that need two.
  if (!offers("multi-downlink")) settings.downlinks = 1;
  return settings;
}

bool TestBed::can_be_set(const RelaySettings& settings) const {
  const auto needed = features_needed(settings);
  return std::all_of(needed.begin(), needed.end(), [&](const std::string& f) { return offers(f); }) &&
         !device_->cannot_be_set(settings);
}

RelaySettings TestBed::plain_settings() const {
  const auto fixed = device_->fixed_settings();
  return fixed ? *fixed : completed({});
}

}  // namespace relayspec
