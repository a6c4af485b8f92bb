// SPDX-License-Identifier: Apache-2.0
// For any settings the relay does with each message of a row what the harness' model says, whatever it has
// relayed before. Between the messages of the input stand their lengths, two octets each; the highest bit: it
// comes from the other side.
#include "fuzz/judge.h"

using namespace relayspec::relay;
using namespace relayspec::relay::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Site site(data, size);
  ServerMemory memory(site.room);
  const Unguarded memory_of_the_check;
  Judge judge(site);
  auto rest = site.message;
  for (std::size_t messages = 0; rest.size() >= 2 && messages < 8; ++messages) {
    const std::size_t length = std::min<std::size_t>((rest[0] & 7U) << 8U | rest[1], rest.size() - 2);
    site.other_side = rest[0] & 0x80U;
    site.message = rest.subspan(2, length);
    rest = rest.subspan(2 + length);
    const auto& from = site.way_of_message();
    judge.judge(site, from, handle(site, memory, from));
  }
  return 0;
}
