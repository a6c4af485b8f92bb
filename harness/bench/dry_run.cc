// SPDX-License-Identifier: Apache-2.0
// What a case sees and says in a dry run, in which there is no relay.
#include <fmt/format.h>

#include "harness/bench/case_run.h"

namespace relayspec {

// In a dry run the relay's own option 82 names the client's network, so that servers have one to return.
Arrival CaseRun::dry_arrival(const Expected& e) const {
  if (!e.adds_option82 || !options_of(e.message)) return {e.message, Datagram{}};
  const auto network = topology().owner_of(giaddr_of(e.message).value_or(Ipv4()));
  const Option circuit = option::text(1, network ? interface_name(*network) : "circuit");
  return {encode(decode(e.message).plus(option::of(code::relay_agent, circuit.wire))), Datagram{}};
}

std::string CaseRun::fate_in_words(std::uint32_t xid, Direction d) const {
  const auto outcome = fate_of(xid, d);
  const char* const relayed = d == Direction::request ? "relayed" : "delivered";
  if (!outcome) return fmt::format("may be {} or dropped, by what the relay has learned before", relayed);
  switch (outcome->fate) {
    case dhcp4::Fate::must_come:
      return fmt::format("must be {} ({})", relayed,
                         outcome->due_by.empty() ? outcome->rule : outcome->due_by.front());
    case dhcp4::Fate::may_come:
      return fmt::format("may be {} or dropped ({})", relayed, outcome->rule);
    case dhcp4::Fate::must_not_come:
      break;
  }
  return fmt::format("must not be {} ({})", relayed, outcome->rule);
}

void CaseRun::step_in_row(const std::string& row) {
  if (with_steps_) info.steps.push_back({.text = "", .row = row});
}

void CaseRun::step_on_fate(const std::string& row, std::uint32_t xid, Direction d) {
  if (!with_steps_) return;
  info.steps.push_back({.text = fmt::format("The {} is judged by the model", name(d)),
                        .row = row,
                        .fate = fate_in_words(xid, d)});
}

}  // namespace relayspec
