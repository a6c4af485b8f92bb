// SPDX-License-Identifier: Apache-2.0
// The options that the harness reads, and those that the relay reads, are those that libtins reads, up to
// END. Where libtins reads a message otherwise, the way in which it does has a name here.
#include <tins/dhcp.h>

#include <exception>
#include <optional>

#include "fuzz/claim.h"
#include "fuzz/naive.h"
#include "relayspec/harness/message.h"
#include "relayspec/relay/options.h"

using namespace relayspec::relay;
using fuzz::naive::take_apart;

namespace {

using View = std::span<const std::uint8_t>;
using Octets = std::vector<std::uint8_t>;

struct Read {
  std::uint8_t code;
  Octets value;
  bool operator==(const Read&) const = default;
};
using Options = std::vector<Read>;

constexpr std::size_t options_at = 240;

/// A way in which libtins may refuse a message that the harness and the relay read.
struct Divergence {
  const char* name;
  const char* reason;
  bool (*is_here)(View options);
};

// What follows END, read as if it were options: libtins reads it so.
bool is_malformed_behind_end(View options) {
  auto area = take_apart(options);
  while (area.has_end()) area = take_apart(area.rest.subspan(1));
  return area.malformed();
}

constexpr Divergence divergences[] = {
    {"cut-off", "libtins refuses a message whose last option is cut off; the harness has to show it as it is",
     [](View options) { return take_apart(options).malformed(); }},
    {"behind-end",
     "libtins reads on behind END, and refuses what is no option there; RFC 2132, section 3.2, ends the "
     "field",
     [](View options) { return take_apart(options).has_end() && is_malformed_behind_end(options); }},
};

// Nothing where it refuses the message.
std::optional<Options> by_libtins(View message) {
  Options all;
  try {
    const Tins::DHCP dhcp(message.data(), static_cast<std::uint32_t>(message.size()));
    for (const auto& o : dhcp.options()) {
      const auto code = static_cast<std::uint8_t>(o.option());
      if (code == 255) break;
      if (code != 0) all.push_back({code, Octets(o.data_ptr(), o.data_ptr() + o.data_size())});
    }
  } catch (const std::exception&) {
    return std::nullopt;
  }
  return all;
}

// A cut-off option, which ends the list, is no option.
Options by_harness(View message) {
  Options all;
  const auto area = relayspec::options_of(message);
  for (const auto& o : area->elements) {
    const auto& w = o.wire;
    if (w[0] != 0 && w.size() >= 2 && w.size() == 2U + w[1])
      all.push_back({w[0], Octets(w.begin() + 2, w.end())});
  }
  return all;
}

Options by_relay(View message) {
  Options all;
  OptionWalk walk(message, {options_at, message.size()});
  while (const auto o = walk.next()) {
    const auto value = message.subspan(o->value(), o->length);
    all.push_back({o->code, Octets(value.begin(), value.end())});
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Octets message(options_at);
  std::copy(std::begin(fuzz::naive::magic_cookie), std::end(fuzz::naive::magic_cookie),
            message.begin() + 236);
  message.insert(message.end(), data, data + size);

  const Options options = by_harness(message);
  MUST_HOLD(options == by_relay(message));
  const auto other = by_libtins(message);
  const bool is_named = std::any_of(std::begin(divergences), std::end(divergences), [&](const Divergence& d) {
    return d.is_here({data, size});
  });
  MUST_HOLD(other.has_value() != is_named);  // it diverges where a row says so, and nowhere else
  if (other) MUST_HOLD(options == *other);
  return 0;
}
