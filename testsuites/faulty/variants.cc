// SPDX-License-Identifier: Apache-2.0
// Relays that are right and accept less than others: they drop what no RFC asks them to relay.
#include <algorithm>

#include "testsuites/faulty/agent.h"

namespace relayspec::faulty {
namespace {

// Not as RFC 2131 section 4.1 and RFC 2132 want the options, or of hardware that Ethernet has no clients of.
bool is_odd(const Bytes& m) {
  constexpr std::uint8_t client_id = 61, greatest_type = 18;
  constexpr std::uint8_t valued[] = {12, overload, message_type, server_id, 57, client_id};
  const Walk w = walk(m);
  const bool dhcp = m.size() >= at::options && get32(m, at::cookie) == 0x63'82'53'63;
  const auto is_empty = [&](const Piece& p) {
    return p.size == 2 && std::find(std::begin(valued), std::end(valued), p.code) != std::end(valued);
  };
  const auto types = find_all(m, message_type);
  const bool nobody = mac_in(m) == Mac{} && !find(m, client_id);
  return m[at::htype] != 1 || (m[at::hlen] != 6 && !(m[at::hlen] == 0 && find(m, client_id))) || nobody ||
         (dhcp && (!w.end || w.overruns || types.size() > 1 || type_of(m) > greatest_type ||
                   std::any_of(w.pieces.begin(), w.pieces.end(), is_empty)));
}

}  // namespace

bool Agent::declines(const Bytes& m, bool request) const {
  if (s_.way("odd-dropped")) return is_odd(m);
  if (request || !s_.way("echo-checked") || !s_.option82) return false;
  if (s_.policy == "append") return false;  // another's stands in front of its own
  // RFC 3046 section 2.2: servers return what they got.
  const Bytes echo = joined(m, agent_information);
  for (std::size_t i = 0; i < s_.downlinks.size(); ++i) {
    if (names(echo, i) || s_.downlinks[i].trusted) return false;
  }
  return true;
}

}  // namespace relayspec::faulty
