// SPDX-License-Identifier: Apache-2.0
#include "relayspec/harness/edits.h"

#include <algorithm>

namespace relayspec {

std::optional<Bytes> sub_option(std::span<const std::uint8_t> message, std::uint8_t code) {
  const auto all = find_option(message, code::relay_agent);
  if (!all) return std::nullopt;
  const std::span<const std::uint8_t> data = *all;
  for (std::size_t at = 0; at + 2 <= data.size() && at + 2 + data[at + 1] <= data.size();
       at += 2U + data[at + 1]) {
    if (data[at] != code) continue;
    const auto value = data.subspan(at + 2, data[at + 1]);
    return Bytes(value.begin(), value.end());
  }
  return std::nullopt;
}

Bytes without_sub_option(std::span<const std::uint8_t> content, std::uint8_t code) {
  Bytes left;
  for (std::size_t at = 0; at < content.size();) {
    const std::size_t size = at + 1 < content.size()
                                 ? std::min<std::size_t>(2U + content[at + 1], content.size() - at)
                                 : content.size() - at;
    const auto whole = content.subspan(at, size);
    if (content[at] != code) left.insert(left.end(), whole.begin(), whole.end());
    at += size;
  }
  return left;
}

Option agent(const std::vector<Option>& sub_options) {
  Bytes data;
  for (const Option& o : sub_options) data.insert(data.end(), o.wire.begin(), o.wire.end());
  return option::of(code::relay_agent, data);
}

Message without(Message m, std::uint8_t code) {
  if (!m.options) return m;
  const auto it =
      std::find_if(m.options->begin(), m.options->end(), [&](const Option& o) { return code_of(o) == code; });
  if (it != m.options->end()) m.options->erase(it);
  return m;
}

Message replacing(Message m, std::uint8_t code, const Option& by) {
  if (!m.options) return m;
  for (Option& o : *m.options) {
    if (code_of(o) == code) {
      o = by;
      break;
    }
  }
  return m;
}

}  // namespace relayspec
