// A request that is relayed has one hop more, a giaddr, perhaps an option 82 and, where the relay stands in
// for the server, another option 54 in the place of its own. All else is as it was, and a request that is
// dropped is not touched at all.
#include "fuzz/fuzz.h"
#include "fuzz/naive.h"

using namespace relayspec::relay;
using namespace relayspec::relay::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Site site(data, size);
  const auto& config = site.config;
  auto before = site.message;
  const auto out = handle(site, {0, false});
  MUST_HOLD(same(out, handle(site, {0, false})));

  if (out.decision.action == Decision::Action::drop) {
    MUST_HOLD(out.decision.reason < Drop::count);
    MUST_HOLD(out.octets == before);
    return 0;
  }
  MUST_HOLD(out.decision.action == Decision::Action::to_servers);
  auto after = out.octets;
  MUST_HOLD(before[at::op] == 1);
  MUST_HOLD(before[at::hops] <= std::min(config.max_hops, 16U));

  // RFC 1542, section 4.1.1.
  MUST_HOLD(after[at::hops] == before[at::hops] + 1);
  const bool first_hop = Octets(before.begin() + 24, before.begin() + 28) == Octets(4, 0);
  if (first_hop) {
    MUST_HOLD((Octets(after.begin() + 24, after.begin() + 28) == Octets{192, 0, 2, 1}));
    std::fill_n(after.begin() + 24, 4, std::uint8_t{0});
  }
  --after[at::hops];

  const bool rewrites = config.server_id == ServerId::rewrite;
  MUST_HOLD(naive::unchangeable(after, config.option82, rewrites) ==
            naive::unchangeable(before, config.option82, rewrites));

  // RFC 3046, sections 2.1 and 2.1.1: at most one more, none behind another relay that sent none, never over
  // the limit.
  const auto had = naive::count(before, 82), has = naive::count(after, 82);
  MUST_HOLD(has <= had + 1);
  MUST_HOLD(had > 0 || first_hop || has == 0);
  MUST_HOLD(after.size() <= before.size() || after.size() <= config.max_size);

  // No copy names the relay, unless it is authenticated or not of a kind that chooses a server.
  const auto ids_before = naive::server_ids(before), ids_after = naive::server_ids(after);
  for (std::size_t i = 0; i < ids_before.size(); ++i) {
    if (ids_before[i] == ids_after[i]) continue;
    const auto& address = ids_before[i];
    MUST_HOLD((address == Octets{192, 0, 2, 1} || address == Octets{203, 0, 113, 1} ||
               address == Octets{198, 51, 100, 1}));
    MUST_HOLD((ids_after[i] == Octets{198, 51, 100, 2} || ids_after[i] == Octets{198, 51, 100, 3}));
  }
  return 0;
}
