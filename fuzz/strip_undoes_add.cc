// SPDX-License-Identifier: Apache-2.0
// An option 82 that was put into a message and is taken out again leaves no trace: strip(add(x)) = x.
#include "fuzz/fuzz.h"
#include "fuzz/naive.h"
#include "relay/option82.h"

using namespace relayspec::relay;
using namespace relayspec::relay::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Site site(data, size);
  const auto before = site.message;
  auto content = site.config.downlinks[0].agent_information;
  if (content.empty()) content = {0xa5};
  Octets buffer(before.begin(), before.end());
  buffer.resize(before.size() + length_with_headers(content.size()), 0xdb);
  Message message(buffer, before.size());

  if (!insert_agent_information(message, content)) {
    MUST_HOLD(!naive::has_options(before) || naive::options_of(before).malformed());
    MUST_HOLD(std::ranges::equal(message.octets(), before));
    return 0;
  }
  MUST_HOLD(message.size() == buffer.size());
  MUST_HOLD(naive::count(message.octets(), 82) == naive::count(before, 82) + (content.size() > 255 ? 2 : 1));

  // Where it is the only one it goes by its content or by its code alone; where there are others, by its
  // content from the end.
  const bool alone = naive::count(before, 82) == 0;
  auto copy = buffer;
  Message other(copy, message.size());
  remove_agent_information(message, content, alone);
  MUST_HOLD(std::ranges::equal(message.octets(), before));
  remove_agent_information(other);
  MUST_HOLD(std::ranges::equal(other.octets(), naive::unchangeable(before, true, false)));
  return 0;
}
