// SPDX-License-Identifier: Apache-2.0
// The walk over options finds what a slow and independent one finds, in any octets, and never reads outside
// of them.
#include "fuzz/fuzz.h"
#include "fuzz/naive.h"
#include "relayspec/relay/options.h"

using namespace relayspec::relay;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // libFuzzer's copy ends where the input does, so that the sanitizer sees a read of the octet behind it.
  const std::span<const std::uint8_t> octets(data, size);
  const auto expected = fuzz::naive::take_apart(octets);

  OptionWalk walk(octets, {0, size});
  std::size_t place = 0, behind_last = 0;
  for (const auto& piece : expected.pieces) {
    if (piece[0] != code::pad) {
      const auto option = walk.next();
      MUST_HOLD(option.has_value());
      MUST_HOLD(option->code == piece[0]);
      MUST_HOLD(option->begin == place);
      MUST_HOLD(option->length == piece.size() - 2);
      behind_last = place + piece.size();
    }
    place += piece.size();
  }

  MUST_HOLD(!walk.next());
  MUST_HOLD(!walk.next());
  MUST_HOLD(walk.position() == place);
  MUST_HOLD(walk.behind_last_option() == behind_last);
  using enum OptionWalk::Outcome;
  MUST_HOLD(walk.outcome() == (expected.has_end() ? end_option : expected.malformed() ? overrun : exhausted));
  return 0;
}
