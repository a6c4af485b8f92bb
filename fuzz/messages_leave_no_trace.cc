// SPDX-License-Identifier: Apache-2.0
// The relay keeps nothing of a message but whose server a lease has: what it does with the last message of a
// row is what a relay does with it that has seen no other, and in `rewrite` differs in option 54 at most.
// Between the messages of the input stand their lengths, two octets each.
#include "fuzz/fuzz.h"
#include "fuzz/naive.h"

using namespace relayspec::relay;
using namespace relayspec::relay::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Site site(data, size);
  auto rest = site.message;
  ServerMemory memory(16);
  Outcome last;
  std::size_t messages = 0;
  for (constexpr std::size_t most = 8; rest.size() >= 2 && messages < most; ++messages) {
    const std::size_t length = std::min<std::size_t>((rest[0] & 7U) << 8U | rest[1], rest.size() - 2);
    site.message = rest.subspan(2, length);
    rest = rest.subspan(2 + length);
    last = handle(site, memory, site.way_of_message());
  }
  if (messages == 0) return 0;

  ServerMemory fresh(16);
  const auto alone = handle(site, fresh, site.way_of_message());
  if (site.config.server_id != ServerId::rewrite) {
    MUST_HOLD(same(last, alone));
    return 0;
  }
  // What a relay that stands in for the servers has learned can only make it relay a request that it would
  // drop otherwise.
  if (alone.decision.action != Decision::Action::drop) MUST_HOLD(same(last.decision, alone.decision));
  if (last.decision.action == Decision::Action::drop) {
    MUST_HOLD(std::ranges::equal(last.octets, site.message));
    return 0;
  }
  if (alone.decision.action != Decision::Action::drop)
    MUST_HOLD(naive::unchangeable(last.octets, false, true) ==
              naive::unchangeable(alone.octets, false, true));
  return 0;
}
