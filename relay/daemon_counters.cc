// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <iterator>

#include "relay/counters.h"

namespace relayspec::relay {

void Counters::count(const Decision& decision) {
  switch (decision.action) {
    case Decision::Action::drop:
      ++drops.at(static_cast<std::size_t>(decision.reason));
      break;
    case Decision::Action::to_servers:
      ++requests;
      break;
    case Decision::Action::to_client:
      ++replies;
      break;
  }
  option82_no_room += decision.notes.option82_no_room;
  option82_no_place += decision.notes.option82_no_place;
  server_assumed += decision.notes.server_assumed;
  server_id_signed += decision.notes.server_id_signed;
}

std::string Counters::report() const {
  std::string text;
  const auto line = [&](std::uint64_t value, const char* of) {
    fmt::format_to(std::back_inserter(text), "{:>12}  {}\n", value, of);
  };
  const auto line_if_any = [&](std::uint64_t value, const char* of) {
    if (value != 0) line(value, of);
  };
  line(requests, "requests relayed");
  line(copies, "copies sent to servers");
  line(replies, "replies relayed");
  line_if_any(not_sent, "datagrams that the kernel did not take");
  line_if_any(option82_no_room, "relayed without option 82: too large");
  line_if_any(option82_no_place, "relayed without option 82: options of an unknown format, or malformed");
  line_if_any(server_assumed, "server of an unknown lease assumed to be the only one");
  line_if_any(server_id_signed, "server identifier left alone: message is authenticated");
  for (std::size_t i = 0; i < drops.size(); ++i)
    line_if_any(drops[i], fmt::format("dropped: {}", describe(static_cast<Drop>(i))).c_str());
  return text;
}

}  // namespace relayspec::relay
