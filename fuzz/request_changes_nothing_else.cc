// SPDX-License-Identifier: Apache-2.0
// A request that is relayed has one hop more, a giaddr, perhaps an option 82 and, where the relay stands in
// for the server, another option 54 in the place of its own. All else is as it was, and a request that is
// dropped is not touched at all.
#include "fuzz/fuzz.h"
#include "fuzz/naive.h"

using namespace relayspec::relay;
using namespace relayspec::relay::fuzz;

namespace {

// RFC 1542, section 4.1.1.
void check_header(const Site& site, std::span<const std::uint8_t> before,
                  std::span<const std::uint8_t> after) {
  MUST_HOLD(before[at::op] == 1);
  MUST_HOLD(before[at::hops] <= std::min(site.config.max_hops, 16U));
  MUST_HOLD(after[at::hops] == before[at::hops] + 1);
  const bool first_hop = holds(before, at::giaddr, {});
  if (first_hop) MUST_HOLD(holds(after, at::giaddr, site.giaddr(*site.from_client.downlink)));
  if (!first_hop) MUST_HOLD(std::equal(before.begin() + 24, before.begin() + 28, after.begin() + 24));
}

// RFC 3046, sections 2.1 and 2.1.1: at most the relay's own more, in two instances where one cannot hold it,
// none behind another relay that sent none, never over the limit.
void check_option82(const Site& site, std::span<const std::uint8_t> before,
                    std::span<const std::uint8_t> after) {
  const auto& own = site.config.downlinks[*site.from_client.downlink].agent_information;
  const auto had = naive::count(before, 82), has = naive::count(after, 82);
  MUST_HOLD(has <= had + (own.size() > 255 ? 2 : 1));
  MUST_HOLD(had > 0 || holds(before, at::giaddr, {}) || has == 0);
  MUST_HOLD(after.size() <= before.size() || after.size() <= site.config.max_size);
}

// No copy names the relay, unless it is authenticated or not of a kind that chooses a server.
void check_server_id(std::span<const std::uint8_t> before, std::span<const std::uint8_t> after) {
  const auto ids_before = naive::server_ids(before), ids_after = naive::server_ids(after);
  MUST_HOLD(ids_before.size() == ids_after.size());
  for (std::size_t i = 0; i < ids_before.size(); ++i) {
    if (std::ranges::equal(ids_before[i], ids_after[i])) continue;
    const auto was = [&](Ipv4 a) { return holds(ids_before[i], 0, a); };
    const auto is = [&](Ipv4 a) { return holds(ids_after[i], 0, a); };
    MUST_HOLD(was(downlink0) || was(second_on_downlink0) || was(downlink1) || was(uplink));
    MUST_HOLD(is(servers[0]) || is(servers[1]));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Site site(data, size);
  const auto before = site.message;
  const auto out = handle(site, site.from_client);
  const Unguarded memory_of_the_check;

  if (out.decision.action == Decision::Action::drop) {
    MUST_HOLD(out.decision.reason < Drop::count);
    MUST_HOLD(std::ranges::equal(out.octets, before));
    return 0;
  }
  MUST_HOLD(out.decision.action == Decision::Action::to_servers);
  check_header(site, before, out.octets);
  check_option82(site, before, out.octets);
  check_server_id(before, out.octets);

  const bool rewrites = site.config.server_id == ServerId::rewrite;
  auto remains = naive::unchangeable(out.octets, site.config.option82, rewrites);
  std::copy_n(before.begin() + at::giaddr, 4, remains.begin() + at::giaddr);
  remains[at::hops] = before[at::hops];
  MUST_HOLD(remains == naive::unchangeable(before, site.config.option82, rewrites));
  return 0;
}
