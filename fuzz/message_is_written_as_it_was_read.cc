// SPDX-License-Identifier: Apache-2.0
// The harness reads any octets as a message: what it reads gives the same octets again, its parts are the
// whole, an option is what a slow and independent walk finds, and what it says of them is one line.
#include "fuzz/naive.h"
#include "fuzz/one_line.h"
#include "relayspec/harness/message.h"

using namespace relayspec;
namespace naive = relayspec::relay::fuzz::naive;

namespace {

using View = std::span<const std::uint8_t>;

// RFC 3396: the instances of an option are one value. A cut-off one counts as far as it goes.
std::optional<Bytes> joined(View message, std::uint8_t code) {
  std::optional<Bytes> value;
  const auto take = [&](View data) {
    if (!value) value.emplace();
    value->insert(value->end(), data.begin(), data.end());
  };
  for (const View piece : naive::values(message, code)) take(piece);
  const auto area = naive::options_of(message);
  if (area.malformed() && area.rest[0] == code && area.rest.size() >= 2) take(area.rest.subspan(2));
  return value;
}

void check_options(View message) {
  for (unsigned code = 1; code < 255; ++code)
    MUST_HOLD(find_option(message, static_cast<std::uint8_t>(code)) ==
              joined(message, static_cast<std::uint8_t>(code)));
}

void check_parts(View message) {
  Bytes whole;
  for (const Part& part : parts_of(message)) {
    MUST_HOLD(fuzz::is_one_clean_line(part.name));
    MUST_HOLD(part.value.empty() || fuzz::is_one_clean_line(part.value));
    whole.insert(whole.end(), part.octets.begin(), part.octets.end());
  }
  MUST_HOLD(std::ranges::equal(whole, message));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const View message(data, size);
  MUST_HOLD(fuzz::is_one_clean_line(summary(message)));
  MUST_HOLD(type_name(message).empty() || fuzz::is_one_clean_line(type_name(message)));
  MUST_HOLD(xid_of(message).has_value() == (size >= 8));
  MUST_HOLD(giaddr_of(message).has_value() == (size >= 28));
  check_parts(message);
  check_options(message);
  constexpr std::size_t fields_without_cookie = 236;
  if (size >= fields_without_cookie) MUST_HOLD(std::ranges::equal(encode(decode(message)), message));
  return 0;
}
