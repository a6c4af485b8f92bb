// Cases that send many messages and let the model say of each what has to become of it.
#include <fmt/format.h>

#include <algorithm>

#include "harness/bench/case_run.h"
#include "relayspec/harness/bench.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec {
namespace {

// The network that a server's reply belongs to by its giaddr.
std::optional<Segment> network_of(const Topology& topology, const Message& reply) {
  const auto owner = topology.owner_of(reply.giaddr.value_or(Ipv4()));
  return owner == Segment::uplink ? std::nullopt : owner;
}

// A message that is odd in two ways is lost by the one that no message had that has been delivered. Where all
// have, it is the combination: a rule that is a part of the most general one speaks of it, and else that one.
std::string rule_for_loss(const std::set<std::string>& of_delivered, const dhcp4::Outcome& outcome) {
  for (const std::string& rule : outcome.due_by) {
    if (!of_delivered.contains(rule)) return rule;
  }
  const std::string& general = outcome.due_by.back();
  const auto part = std::find_if(outcome.due_by.begin(), outcome.due_by.end(), [&](const std::string& rule) {
    return Catalogue::shipped().cited(rule).part_of == general;
  });
  return part == outcome.due_by.end() ? general : *part;
}

}  // namespace

void Case::is_judged_by_model(const Message& sent, const std::string& combination,
                              std::initializer_list<Segment> also) {
  std::vector<std::pair<Segment, Arrival>> came;
  for (const Segment s : all_downlinks) {
    for (Arrival& a : comes_out(s, sent)) came.emplace_back(s, std::move(a));
  }
  if (!live()) return;
  const auto outcome = run_->fate_of(sent.xid.value_or(0), Direction::reply);
  if (!outcome) return;
  const auto own = network_of(topology(), sent);
  const auto complain = [&](const std::string& rule, const char* kind, const std::string& what,
                            const std::string& expected) {
    run_->judge().find({.verdict = run_->severity(rule),
                        .requirement = rule,
                        .field = "message",
                        .kind = kind,
                        .reason = fmt::format("{}: {}", combination, what),
                        .expected = expected,
                        .observed = what,
                        .combination = combination,
                        .by = came.empty() ? Finding::By::loss : Finding::By::excess});
  };
  if (came.empty()) {
    if (outcome->fate == dhcp4::Fate::must_come)
      complain(rule_for_loss(run_->rules_of_delivered, *outcome), kind::lost_to_clients,
               "a reply does not reach its client", "delivered");
    return;
  }
  run_->rules_of_delivered.insert(outcome->due_by.begin(), outcome->due_by.end());
  if (outcome->fate == dhcp4::Fate::must_not_come)
    return complain(outcome->rule, kind::unexpected, "a reply reaches a client network", "nothing");
  std::size_t elsewhere = 0;
  for (const auto& [segment, arrival] : came) {
    if (segment != own && std::find(also.begin(), also.end(), segment) == also.end()) ++elsewhere;
  }
  if (elsewhere > 0)
    return complain("IF-reply-only-owner", kind::unexpected, "a reply is delivered to another network",
                    "to its own");
  if (came.size() > 1)
    return complain("SRV-reply-once", kind::unexpected, "a reply is delivered more than once", "once");
  // Where giaddr and the echo name different networks, other cases compare the message.
  if (also.size() > 0 || own != came.front().first) return;
  run_->judge().set_combination(combination);
  (own == client.downlink() ? client : neighbour).compares(came.front().second, delivered(sent));
  run_->judge().set_combination("");
}

}  // namespace relayspec
