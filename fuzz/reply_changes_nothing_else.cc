// A reply that is relayed goes to the downlink of its giaddr, as a unicast at both layers or a broadcast at
// both. It has lost option 82 and, where the relay stands in for the server, has another option 54. All else
// is as it was, and what had the 300 octets of RFC 1542 still has them.
#include "fuzz/fuzz.h"
#include "fuzz/naive.h"

using namespace relayspec::relay;
using namespace relayspec::relay::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Site site(data, size);
  const auto& config = site.config;
  const auto& before = site.message;
  const auto out = handle(site, {{}, true, servers[0]});
  const auto& after = out.octets;
  MUST_HOLD(same(out, handle(site, {{}, true, servers[0]})));

  if (out.decision.action == Decision::Action::drop) {
    MUST_HOLD(out.decision.reason < Drop::count);
    MUST_HOLD(after == before);
    return 0;
  }
  MUST_HOLD(out.decision.action == Decision::Action::to_client);
  MUST_HOLD(before[at::op] == 2);
  const Octets giaddr(before.begin() + 24, before.begin() + 28);
  MUST_HOLD((giaddr == (out.decision.downlink == 0 ? Octets{192, 0, 2, 1} : Octets{203, 0, 113, 1})));

  // RFC 1122, section 3.3.6, and RFC 1542, section 4.1.2.
  const bool broadcast = out.decision.destination == limited_broadcast;
  MUST_HOLD(broadcast == (out.decision.station == link_broadcast));
  MUST_HOLD(broadcast || can_be_a_host(out.decision.destination));
  MUST_HOLD(broadcast || (before[10] & 0x80) == 0);
  MUST_HOLD(broadcast ||
            std::equal(out.decision.station.begin(), out.decision.station.end(), before.begin() + 28));

  const bool rewrites = config.server_id == ServerId::rewrite;
  auto expected = naive::unchangeable(before, config.option82, rewrites);
  const auto remains = naive::unchangeable(after, config.option82, rewrites);
  if (after.size() == 300 && before.size() >= 300)
    expected.resize(std::max(expected.size(), remains.size()), 0);
  MUST_HOLD(remains == expected);
  MUST_HOLD(after.size() <= before.size());
  MUST_HOLD(before.size() < 300 || after.size() >= 300);

  // RFC 3046, section 2.1: an untrusted circuit sees none.
  const auto& downlink = config.downlinks[out.decision.downlink];
  if (config.option82 && !downlink.trusted) MUST_HOLD(naive::count(after, 82) == 0);
  if (config.option82 && downlink.trusted) MUST_HOLD(naive::count(after, 82) <= naive::count(before, 82));

  const auto ids_before = naive::server_ids(before), ids_after = naive::server_ids(after);
  const auto relay = config.server_id_address == ServerIdAddress::giaddr ? giaddr : Octets{198, 51, 100, 1};
  for (std::size_t i = 0; i < ids_before.size(); ++i)
    MUST_HOLD(ids_after[i] == ids_before[i] || ids_after[i] == relay);
  return 0;
}
