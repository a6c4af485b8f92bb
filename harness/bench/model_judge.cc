// SPDX-License-Identifier: Apache-2.0
// Cases that send many messages and let the model say of each what has to become of it.
#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "harness/bench/case_run.h"
#include "harness/deviations.h"
#include "relayspec/harness/bench.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec {
namespace {

// The network that a server's reply belongs to by its giaddr.
std::optional<Segment> network_of(const Topology& topology, const Message& reply) {
  const auto owner = topology.owner_of(reply.giaddr.value_or(Ipv4()));
  return owner == Segment::uplink ? std::nullopt : owner;
}

// A message that is odd in two ways is lost by the one by which another has been lost before, or else by the
// one that no message had that has been delivered. Where all have, it is the combination: a rule that is a
// part of the most general one speaks of it, and else that one.
std::string rule_for_loss(const std::set<std::string>& of_delivered, const std::set<std::string>& of_lost,
                          const dhcp4::Outcome& outcome) {
  const std::string& general = outcome.due_by.back();
  for (const std::string& rule : outcome.due_by) {
    if (rule != general && of_lost.contains(rule) && !of_delivered.contains(rule)) return rule;
  }
  for (const std::string& rule : outcome.due_by) {
    if (!of_delivered.contains(rule)) return rule;
  }
  const auto part = std::find_if(outcome.due_by.begin(), outcome.due_by.end(), [&](const std::string& rule) {
    return Catalogue::shipped().cited(rule).part_of == general;
  });
  return part == outcome.due_by.end() ? general : *part;
}

// What has come of a message that was sent, on the segments where it has to.
using Came = std::vector<std::pair<Segment, Arrival>>;

// One message, as the model judges it.
class Verdicts {
 public:
  Verdicts(CaseRun& run, std::string combination) : run_(run), combination_(std::move(combination)) {}

  void complain(const std::string& rule, const char* kind, const std::string& what,
                const std::string& expected, Exhibit exhibit,
                const std::vector<std::string>& lost_though_due_by = {}) const {
    run_.judge().find({.verdict = run_.severity(rule),
                       .requirement = rule,
                       .field = "message",
                       .kind = kind,
                       .reason = fmt::format("{}: {}", combination_, what),
                       .expected = expected,
                       .observed = what,
                       .combination = combination_,
                       .by = lost_though_due_by.empty() ? Finding::By::excess : Finding::By::loss,
                       .exhibit = std::move(exhibit),
                       .due_by = lost_though_due_by});
  }

  /// Shows the last of what has come.
  Exhibit last_of(const Came& came) const {
    return run_.judge().exhibit({.frame = came.back().second.frame, .segment = came.back().first});
  }

  /// Whether there is something that may be compared. `due` is what had to come.
  bool has_come_rightly(const dhcp4::Outcome& outcome, const Expected& due, const Came& came) const {
    const bool request = due.direction == Direction::request;
    if (came.empty()) {
      if (outcome.fate == dhcp4::Fate::must_come) {
        const auto rule = rule_for_loss(run_.rules_of_delivered, run_.rules_of_lost, outcome);
        run_.rules_of_lost.insert(rule);
        const bool combined = outcome.due_by.size() > 1 && rule == outcome.due_by.back();
        complain(rule,
                 combined  ? lost_as_a_combination
                 : request ? kind::lost_to_servers
                           : kind::lost_to_clients,
                 request ? "a request does not reach the servers" : "a reply does not reach its client",
                 request ? "relayed" : "delivered", {.segment = due.segment, .due = due.message},
                 outcome.due_by);
      }
      return false;
    }
    run_.note_delivered(outcome.due_by);
    if (outcome.fate != dhcp4::Fate::must_not_come) return true;
    complain(outcome.rule, kind::unexpected,
             request ? "a request reaches the servers" : "a reply reaches a client network", "nothing",
             last_of(came));
    return false;
  }

 private:
  CaseRun& run_;
  std::string combination_;
};

}  // namespace

// What plain messages are due by under the same settings, and one of this case that has come, is not why this
// one is lost.
std::string CaseRun::rule_for_loss(const dhcp4::Outcome& lost, Direction d) const {
  if (lost.due_by.empty()) return lost.rule;
  const auto plain = bed_->protocol().rules_of_plain(d);
  const auto rule = std::find_if(lost.due_by.begin(), lost.due_by.end(), [&](const std::string& r) {
    return r == lost.due_by.back() || !rules_of_delivered.contains(r) ||
           std::find(plain.begin(), plain.end(), r) == plain.end();
  });
  return *rule;
}

bool CaseRun::is_due(const Message& sent, Direction d) const {
  const auto outcome = bed_ ? fate_of(sent.xid.value_or(0), d) : std::nullopt;
  return outcome && outcome->fate == dhcp4::Fate::must_come;
}

void CaseRun::note_delivered(const Expected& e) {
  const auto xid = xid_of(e.message);
  const auto fate = xid ? fate_of(*xid, e.direction) : std::nullopt;
  if (fate) note_delivered(fate->due_by);
}

void CaseRun::note_delivered(const std::vector<std::string>& due_by) {
  rules_of_delivered.insert(due_by.begin(), due_by.end());
  for (const std::string& rule : due_by) ++delivered_[rule];
}

std::vector<std::string> CaseRun::rules_due(const Expected& e) const {
  const auto xid = xid_of(e.message);
  const auto fate = xid && !e.transit ? fate_of(*xid, e.direction) : std::nullopt;
  return fate ? fate->due_by : std::vector<std::string>{};
}

void Case::is_judged_by_model(const Message& sent, const std::string& combination,
                              std::initializer_list<Segment> also) {
  sent.op == boot_reply ? reply_is_judged(sent, combination, also) : request_is_judged(sent, combination);
}

void Case::request_is_judged(const Message& sent, const std::string& combination) {
  Came came;
  const bool due = run_->is_due(sent, Direction::request);
  for (Arrival& a : run_->take(Segment::uplink, sent, due)) came.emplace_back(Segment::uplink, std::move(a));
  run_->step_on_fate(combination, sent.xid.value_or(0), Direction::request);
  if (!live()) return;
  const auto outcome = run_->fate_of(sent.xid.value_or(0), Direction::request);
  const Verdicts verdicts(*run_, combination);
  const auto key = dhcp4::exchange_of(sent);
  const Relayed wanted = relayed_from(run_->memory.asked_on(key).value_or(Segment::downlink0), sent);
  if (!outcome || !verdicts.has_come_rightly(*outcome, run_->model().expected(wanted, 0), came)) return;
  const Arrival& first = came.front().second;
  if (came.size() > run_->model().world().request_copies())
    verdicts.complain(run_->rule_for_second("SRV-each-gets-copy"), kind::unexpected,
                      "a request is relayed more than once", "a copy for each server",
                      verdicts.last_of(came));
  run_->judge().set_combination(combination);
  server.compares(first, wanted);
  run_->judge().set_combination("");
  run_->memory.note_received(key, first.message, run_->settings().vss.empty(), server.number());
}

void Case::reply_is_judged(const Message& sent, const std::string& combination,
                           std::initializer_list<Segment> also) {
  Came came;
  const auto own = network_of(topology(), sent);
  const bool due = run_->is_due(sent, Direction::reply);
  for (const Segment s : all_downlinks) {
    for (Arrival& a : run_->take(s, sent, due && s == own)) came.emplace_back(s, std::move(a));
  }
  run_->step_on_fate(combination, sent.xid.value_or(0), Direction::reply);
  if (!live()) return;
  const auto outcome = run_->fate_of(sent.xid.value_or(0), Direction::reply);
  const Verdicts verdicts(*run_, combination);
  const Expected wanted = run_->model().expected(delivered(sent), own.value_or(client.downlink()));
  if (!outcome || !verdicts.has_come_rightly(*outcome, wanted, came)) return;
  const bool elsewhere = std::any_of(came.begin(), came.end(), [&](const auto& c) {
    return c.first != own && std::find(also.begin(), also.end(), c.first) == also.end();
  });
  // An address of the uplink selects no client network, unless the networks share it.
  const auto giaddr = sent.giaddr.value_or(Ipv4());
  const bool selects_uplink = !run_->settings().giaddr && !run_->settings().link_selection &&
                              giaddr == relay_address(Segment::uplink);
  if (elsewhere)
    return verdicts.complain(
        selects_uplink ? "RFC1542-4.1.2-giaddr-serverside-address" : "IF-reply-only-owner", kind::unexpected,
        "a reply is delivered to another network", "to its own", verdicts.last_of(came));
  const bool on_two =
      std::any_of(came.begin(), came.end(), [&](const auto& c) { return c.first != came.front().first; });
  if (on_two)
    return verdicts.complain("IF-reply-only-owner", kind::unexpected, "a reply is delivered to two networks",
                             "to one", verdicts.last_of(came));
  if (came.size() > 1)
    return verdicts.complain(run_->rule_for_second("SRV-reply-once"), kind::unexpected,
                             "a reply is delivered more than once", "once", verdicts.last_of(came));
  // Where giaddr and the echo name different networks, other cases compare the message.
  if (also.size() > 0 || own != came.front().first) return;
  run_->judge().set_combination(combination);
  (own == client.downlink() ? client : neighbour).compares(came.front().second, delivered(sent));
  run_->judge().set_combination("");
}

namespace {

// A few at a time, so that no buffer overflows, and one proof of silence serves them all.
constexpr std::size_t rows_at_once = 40;

// In a dry run each by itself, as people read them.
std::vector<std::span<const TableRow>> batches(const std::vector<TableRow>& rows, bool live) {
  std::vector<std::span<const TableRow>> all;
  const std::size_t at_once = live ? rows_at_once : 1;
  for (std::size_t from = 0; from < rows.size(); from += at_once)
    all.push_back(std::span(rows).subspan(from, std::min(at_once, rows.size() - from)));
  return all;
}

}  // namespace

void Case::requests_are_judged_by_model(const std::vector<TableRow>& rows) {
  for (const auto some : batches(rows, live())) {
    std::vector<Message> sent;
    for (const TableRow& row : some) {
      const Client one = client.another();
      sent.push_back(row.message(one));
      one.sends(sent.back());
    }
    for (std::size_t i = 0; i < some.size(); ++i) request_is_judged(sent[i], some[i].name);
  }
}

void Case::replies_are_judged_by_model(const std::vector<TableRow>& rows) {
  for (const auto some : batches(rows, live())) {
    std::vector<Client> clients(some.size(), client);
    for (Client& one : clients) {
      one = client.another();
      one.sends(one.discover());
    }
    for (const Client& one : clients) server.gets(relayed(one.discover()));
    std::vector<Message> sent;
    for (std::size_t i = 0; i < some.size(); ++i) {
      sent.push_back(some[i].message(clients[i]));
      server.sends(sent.back());
    }
    for (std::size_t i = 0; i < some.size(); ++i) reply_is_judged(sent[i], some[i].name, {});
  }
}

}  // namespace relayspec
