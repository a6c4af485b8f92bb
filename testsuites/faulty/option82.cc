// Relay Agent Information: who may say it, where it goes, and who takes it out again (RFC 3046 section 2.1).
#include <algorithm>

#include "testsuites/faulty/agent.h"

namespace relayspec::faulty {
namespace {

constexpr std::size_t ip_and_udp = 28;

// RFC 3396 section 5: what is too long for one instance goes on in the next.
Bytes as_options(const Bytes& data) {
  Bytes out;
  for (std::size_t from = 0; from == 0 || from < data.size(); from += 255) {
    const std::size_t size = std::min<std::size_t>(data.size() - from, 255);
    out.push_back(agent_information);
    out.push_back(static_cast<std::uint8_t>(size));
    const auto first = data.begin() + static_cast<std::ptrdiff_t>(from);
    out.insert(out.end(), first, first + static_cast<std::ptrdiff_t>(size));
  }
  return out;
}

}  // namespace

// In the options, whole or not; and where overload makes servers look for more of them.
bool Agent::carries_agent_information(const Bytes& m) const {
  return walk(m).overrunning == agent_information || find_anywhere(m, agent_information);
}

Agent::Plan Agent::plan_for(const Bytes& m, std::size_t downlink) const {
  if (wrong("option82-when-off")) return Plan::add;
  if (!s_.option82) return Plan::keep;
  // Behind another relay it is that relay's business (RFC 3046 section 2.1.1).
  if (get32(m, at::giaddr) != 0) {
    if (wrong("option82-behind-relay")) return Plan::add;
    return Plan::keep;
  }
  if (!carries_agent_information(m)) return Plan::add;
  if (s_.policy == "append") return Plan::add;
  if (s_.policy == "replace") return Plan::replace;
  if (s_.policy == "forward") return Plan::keep;
  if (s_.policy == "discard") return Plan::drop;
  if (wrong("option82-accepted-from-client")) return Plan::add;
  return s_.downlinks[downlink].trusted ? Plan::keep : Plan::drop;
}

// The last option, before END; left out where the message would get too long for the operator or the link.
bool Agent::add_option82(Bytes& m, const Bytes& data) const {
  const Walk w = walk(m);
  if (!w.end) return false;
  Bytes option = as_options(data);
  if (wrong("option82-length-wrong")) --option[1];
  std::size_t where = *w.end;
  if (wrong("option82-first")) where = at::options;
  if (wrong("option82-behind-end")) ++where;
  Bytes longer = m;
  if (s_.way("option82-in-padding")) {
    // Padding makes room, as far as there is some.
    const std::size_t padding = static_cast<std::size_t>(
        std::find_if(m.rbegin(), m.rend(), [](auto o) { return o != 0; }) - m.rbegin());
    longer.resize(m.size() - std::min(padding, option.size()));
  }
  insert(longer, where, option);
  if (longer.size() > s_.max_size || longer.size() + ip_and_udp > s_.uplink.mtu) return false;
  m = std::move(longer);
  return true;
}

// By whoever put it in: what a trusted element below or a client under "forward" has put in is for them, and
// under "append" theirs stands in front of the relay's.
void Agent::strip_option82(Bytes& m, std::size_t downlink) const {
  auto pieces = find_all(m, agent_information);
  if (pieces.empty() || wrong("option82-not-stripped")) return;
  const bool own = names(joined(m, agent_information), downlink);
  const bool others = s_.policy == "forward" || (s_.policy.empty() && s_.downlinks[downlink].trusted);
  if (others && !own) return;
  if (s_.policy == "append") {
    const auto ours = std::find_if(pieces.begin(), pieces.end(), [&](const Piece& p) {
      const auto from = m.begin() + static_cast<std::ptrdiff_t>(p.from);
      return names({from + 2, from + static_cast<std::ptrdiff_t>(p.size)}, downlink);
    });
    if (ours != pieces.end()) pieces.erase(pieces.begin(), ours);
  }
  if (wrong("option82-strip-last-only") && pieces.back().from + pieces.back().size != walk(m).end) return;
  if (wrong("option82-strip-cuts-rest")) {
    m.resize(pieces[0].from + 1);
    m[pieces[0].from] = 255;
    return;
  }
  if (wrong("option82-strip-leaves-header"))
    pieces = {{agent_information, pieces[0].from + 2, pieces[0].size - 2}};
  erase(m, pieces);
}

}  // namespace relayspec::faulty
