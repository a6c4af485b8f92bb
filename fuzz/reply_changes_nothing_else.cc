// SPDX-License-Identifier: Apache-2.0
// A reply that is relayed goes to the downlink of its giaddr, as a unicast at both layers or a broadcast at
// both. It has lost option 82 and, where the relay stands in for the server, has another option 54. All else
// is as it was, and what had the 300 octets of RFC 1542 still has them.
#include "fuzz/fuzz.h"
#include "fuzz/naive.h"

using namespace relayspec::relay;
using namespace relayspec::relay::fuzz;

namespace {

using View = std::span<const std::uint8_t>;

// RFC 1542, section 4.1.2: giaddr names the interface. RFC 3046, section 3.1: a shared one does not.
void check_downlink(const Site& site, const Decision& decision, View before) {
  const auto& addresses = site.config.downlinks[decision.downlink].addresses;
  MUST_HOLD(std::find(addresses.begin(), addresses.end(), decision.source) != addresses.end());
  const bool shared =
      !site.config.shared_giaddr.is_zero() && holds(before, at::giaddr, site.config.shared_giaddr);
  MUST_HOLD(shared || holds(before, at::giaddr, decision.source));
}

// RFC 1122, section 3.3.6, and RFC 1542, section 4.1.2.
void check_receiver(const Decision& decision, View before) {
  const bool broadcast = decision.destination == limited_broadcast;
  MUST_HOLD(broadcast == (decision.link_destination == link_broadcast));
  MUST_HOLD(broadcast || can_be_a_host(decision.destination));
  MUST_HOLD(broadcast || (before[at::flags] & 0x80) == 0);
  MUST_HOLD(broadcast || std::equal(decision.link_destination.begin(), decision.link_destination.end(),
                                    before.begin() + 28));
}

// RFC 3046, section 2.1: an untrusted circuit sees none.
void check_option82(const Site& site, const Decision& decision, View before, View after) {
  if (!site.config.option82) return;
  const bool trusted = site.config.downlinks[decision.downlink].trusted;
  MUST_HOLD(naive::count(after, 82) <= (trusted ? naive::count(before, 82) : 0));
}

void check_server_id(const Site& site, View before, View after) {
  const auto ids_before = naive::server_ids(before), ids_after = naive::server_ids(after);
  MUST_HOLD(ids_before.size() == ids_after.size());
  const bool by_giaddr = site.config.server_id_address == ServerIdAddress::giaddr;
  for (std::size_t i = 0; i < ids_before.size(); ++i) {
    if (std::ranges::equal(ids_after[i], ids_before[i])) continue;
    MUST_HOLD(by_giaddr ? std::ranges::equal(ids_after[i], before.subspan(at::giaddr, 4))
                        : holds(ids_after[i], 0, uplink));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Site site(data, size);
  const auto before = site.message;
  const auto out = handle(site, site.from_server);
  const Unguarded memory_of_the_check;
  const View after = out.octets;

  if (out.decision.action == Decision::Action::drop) {
    MUST_HOLD(out.decision.reason < Drop::count);
    MUST_HOLD(std::ranges::equal(after, before));
    return 0;
  }
  MUST_HOLD(out.decision.action == Decision::Action::to_client);
  MUST_HOLD(before[at::op] == 2);
  check_downlink(site, out.decision, before);
  check_receiver(out.decision, before);
  check_option82(site, out.decision, before, after);
  check_server_id(site, before, after);

  const bool rewrites = site.config.server_id == ServerId::rewrite;
  auto expected = naive::unchangeable(before, site.config.option82, rewrites);
  const auto remains = naive::unchangeable(after, site.config.option82, rewrites);
  if (after.size() == 300 && before.size() >= 300)
    expected.resize(std::max(expected.size(), remains.size()), 0);
  MUST_HOLD(remains == expected);
  MUST_HOLD(after.size() <= before.size());
  MUST_HOLD(before.size() < 300 || after.size() >= 300 || naive::options_of(before).malformed());
  return 0;
}
