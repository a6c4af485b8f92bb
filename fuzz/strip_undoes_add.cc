// An option 82 that was put into a message and is taken out again leaves no trace: strip(add(x)) = x.
#include "fuzz/fuzz.h"
#include "fuzz/naive.h"
#include "relay/option82.h"

using namespace relayspec::relay;
using namespace relayspec::relay::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Site site(data, size);
  const auto& before = site.message;
  const Octets content(std::max<std::size_t>(site.config.downlinks[0].agent_information.size(), 1), 0xa5);
  Octets buffer = before;
  buffer.resize(before.size() + 2 + content.size(), 0xdb);
  Message message(buffer, before.size());
  const auto octets = [&] { return Octets(message.octets().begin(), message.octets().end()); };

  if (!insert_agent_information(message, content)) {
    const naive::Parts parts(before);
    MUST_HOLD(!parts.has_options || parts.options.malformed());
    MUST_HOLD(octets() == before);
    return 0;
  }
  MUST_HOLD(message.size() == buffer.size());
  MUST_HOLD(naive::count(octets(), 82) == naive::count(before, 82) + 1);

  // Where it is the only one it goes by its content or by its code alone; where there are others, by its
  // content from the end.
  const bool alone = naive::count(before, 82) == 0;
  auto copy = buffer;
  Message other(copy, message.size());
  remove_agent_information(message, content, alone);
  MUST_HOLD(octets() == before);
  remove_agent_information(other);
  MUST_HOLD(Octets(other.octets().begin(), other.octets().end()) == naive::unchangeable(before, true, false));
  return 0;
}
