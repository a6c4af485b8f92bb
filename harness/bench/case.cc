// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "harness/bench/case_run.h"
#include "harness/engine/patience.h"
#include "relayspec/harness/bench.h"

namespace relayspec {

Case::Case()
    : client(*this, Segment::downlink0, 10),
      neighbour(*this, Segment::downlink1, 20),
      server(*this, 0),
      second_server(*this, 1),
      third_server(*this, 2) {}

Case::~Case() = default;

void Case::bind(CaseRun& run) {
  run_ = &run;
  if (!run.live()) return;
  client.use_xid(run.bed().new_xid());
  neighbour.use_xid(run.bed().new_xid());
}

const Topology& Case::topology() const { return run_->topology(); }

void Case::covers(std::initializer_list<std::string_view> requirements) {
  run_->info.requirements.assign(requirements.begin(), requirements.end());
  for (const std::string_view id : requirements) static_cast<void>(run_->severity(id));
}

void Case::relay_with(const RelaySettings& settings) { run_->set_settings(settings); }
void Case::relay_must_cope(std::string_view requirement) { run_->must_cope = requirement; }
void Case::relay_may_refuse(std::string_view requirement) { run_->may_refuse = requirement; }

void Case::only_in(std::initializer_list<Dialect> dialects) {
  run_->info.dialects = dialects;
  if (!live() || std::find(dialects.begin(), dialects.end(), run_->dialect()) != dialects.end()) return;
  run_->skip = fmt::format("the dialect {} leaves this case out", name(run_->dialect()));
  throw EndOfJudging{};
}

bool Case::proxy() const { return run_->dialect() == Dialect::proxy; }
bool Case::strict() const { return run_->dialect() == Dialect::strict; }
bool Case::live() const { return run_->live(); }
std::string Case::first_requirement() const { return run_->first_requirement(); }
bool Case::offers(const std::string& feature) const { return !live() || run_->bed().offers(feature); }

std::optional<unsigned> Case::stated_hop_limit() const {
  return live() ? run_->bed().profile().max_hops_default : std::nullopt;
}

Relayed Case::relayed(const Message& sent, const Message& over) const {
  return relayed_from(client.downlink(), sent, over);
}

Relayed Case::relayed_from(Segment downlink, const Message& sent, const Message& over) const {
  Relayed r = run_->model().relayed(sent, downlink, run_->memory);
  r.message = r.message.with(over);
  return r;
}

Delivered Case::delivered(const Message& sent, Delivered::By by) const {
  Delivered d = run_->model().delivered(sent, run_->memory);
  if (by != Delivered::By::either && !proxy()) d.by = by;
  return d;
}

Arrival Case::goes_up(const Client& c, const Message& m) {
  c.sends(m);
  return every_server_gets(relayed_from(c.downlink(), m));
}

Arrival Case::every_server_gets(const Relayed& r) {
  Arrival first = server.gets(r);
  for (std::size_t n = 1; n < run_->settings().servers; ++n) Server(*this, n).gets(r);
  return first;
}

Arrival Case::goes_down(const Client& c, const Message& m, Delivered::By by) {
  server.sends(m);
  return c.gets(delivered(m, by));
}

std::optional<Arrival> Case::may_go_up(const Message& m) {
  client.sends(m);
  return server.may_get(relayed(m));
}

std::optional<Arrival> Case::may_go_down(const Message& m) {
  server.sends(m);
  return client.may_get(delivered(m));
}

void Case::nothing_comes_out() {
  run_->begin();
  run_->about_silence = true;
  run_->step("Nothing of that may come out of the relay on any side.");
  run_->settle();
}

void Case::nothing_reaches_clients() {
  run_->begin();
  run_->about_silence = true;
  run_->step("Nothing of that may come out of the relay on the client side.");
  run_->settle(Judge::Where::downlinks);
}

void Case::relay_is_left_alone() {
  run_->begin();
  run_->step([] { return fmt::format("Nothing is sent for {} ms.", at_rest.count()); });
  if (live()) run_->judge().listen(at_rest);
}

void Case::is_offered(const Client& c, const Server& s) {
  goes_up(c, c.discover());
  const Message offer = s.offer(c);
  s.sends(offer);
  c.gets(delivered(offer));
}

void Case::has_lease(const Client& c, const Server& s) {
  is_offered(c, s);
  goes_up(c, c.request(s));
  const Message ack = s.ack(c);
  s.sends(ack);
  c.gets(delivered(ack));
  c.holds(c.lease());
}

void Case::note(std::string_view requirement, const std::string& way) {
  static_cast<void>(run_->severity(requirement));
  run_->step([&] { return fmt::format("What this relay does is noted ({}).", requirement); });
  if (!live()) return;
  run_->judge().find({.verdict = Verdict::note,
                      .requirement = std::string(requirement),
                      .field = "choice",
                      .kind = way,
                      .reason = way,
                      .observed = way});
}

void Case::deviates(std::string_view requirement, const std::string& reason, const std::string& expected,
                    const std::string& observed) {
  const Verdict verdict = run_->severity(requirement);
  run_->step([&] { return fmt::format("It is a deviation ({}) if {}.", requirement, reason); });
  if (!live()) return;
  run_->judge().find({.verdict = verdict,
                      .requirement = std::string(requirement),
                      .field = "behaviour",
                      .kind = "not as it has to be",
                      .reason = reason,
                      .expected = expected,
                      .observed = observed});
}

void Case::in_row(const std::string& row) {
  run_->step_in_row(row);
  if (live()) run_->judge().set_combination(row);
}

void Case::cannot_be_judged(std::string_view why) {
  if (live()) throw NotJudgeable(std::string(why));
}

void Case::relay_restarts() {
  run_->begin();
  run_->step("The relay is stopped and started again.");
  if (live()) run_->restart();
}

void Case::relay_restarts_during(const std::function<void()>& traffic) {
  run_->begin();
  run_->step("The relay is stopped and started again. Until it is ready, this is repeated:");
  live() ? run_->restart(traffic) : traffic();
  run_->step("The first exchange after the start must be relayed like the next one.");
  if (live()) run_->report_first_exchange();
}

bool Case::relay_restarts_before(const std::function<void()>& replies) {
  run_->begin();
  run_->step("The relay is stopped and started again. Before it receives any request, this is sent:");
  if (live()) return run_->restart_before(replies);
  replies();
  return true;
}

std::vector<Arrival> Case::comes_out(Segment s, const Message& about) {
  const Direction way = about.op == boot_reply ? Direction::reply : Direction::request;
  run_->step([&] {
    return fmt::format("The case examines what has come out on {}. By the model the {} {}.",
                       interface_name(s), name(way), run_->fate_in_words(about.xid.value_or(0), way));
  });
  std::vector<Arrival> all = run_->take(s, about);
  // What the relay's host has routed is the server's own datagram.
  const auto fate = run_->fate_of(about.xid.value_or(0), Direction::reply);
  if (s != Segment::uplink && about.op == boot_reply && !(fate && fate->routed)) {
    for (const Arrival& a : all) run_->examine_carrier(s, a);
  }
  return all;
}

void Case::replies_come_unasked() { run_->replies_come_unasked = true; }

void Case::a_second_copy_breaks(std::string_view requirement) {
  static_cast<void>(run_->severity(requirement));
  run_->rule_for_second_copy = requirement;
}

void Case::everything_counts() {
  run_->begin();
  if (live()) run_->bed().session().traffic().everything_counts = true;
}

std::optional<Holdings> Case::holdings() {
  run_->begin();
  run_->step("The memory and the file descriptors of the relay are measured.");
  return live() ? run_->bed().device().holdings() : std::nullopt;
}

namespace {

bool has_readable_option82(const Bytes& message) {
  const auto content = find_option(message, code::relay_agent);
  if (!content) return false;
  std::size_t at = 0;
  while (at + 2 <= content->size() && at + 2 + (*content)[at + 1] <= content->size())
    at += 2U + (*content)[at + 1];
  return at == content->size() && at > 0;
}

}  // namespace

void Case::holds(const Arrival& a, std::string_view requirement, std::uint8_t code, const Bytes& wanted) {
  run_->step([&] {
    return fmt::format("Its option 82 must have sub-option {} with the content [{}].", code, hex(wanted));
  });
  if (!live()) return;
  // An option 82 that is missing or broken has been found already.
  if (!has_readable_option82(a.message)) return;
  const auto got = sub_option(a.message, code);
  if (got == wanted) return;
  deviates(requirement, fmt::format("sub-option {} has a wrong value", code), hex(wanted),
           got ? fmt::format("[{}]", hex(*got)) : "not there");
}

std::optional<Bytes> Case::contains(const Arrival& a, std::string_view requirement, std::uint8_t code) {
  run_->step([&] { return fmt::format("Its option 82 must have a sub-option {}.", code); });
  if (!live() || !has_readable_option82(a.message)) return std::nullopt;
  auto got = sub_option(a.message, code);
  if (!got) deviates(requirement, fmt::format("sub-option {} is missing", code), "there", "not there");
  return got;
}

void Case::lacks(const Arrival& a, std::string_view requirement, std::uint8_t code) {
  run_->step([&] { return fmt::format("Its option 82 must not have a sub-option {}.", code); });
  if (!live()) return;
  if (const auto got = sub_option(a.message, code)) {
    deviates(requirement, fmt::format("sub-option {} is there", code), "none",
             fmt::format("[{}]", hex(*got)));
  }
}

}  // namespace relayspec
