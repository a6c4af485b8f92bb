// SPDX-License-Identifier: Apache-2.0
#include "harness/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace relayspec {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

/// The length of the well-formed UTF-8 sequence at the front (RFC 3629, section 4), 0 when there is none.
std::size_t sequence_length(std::string_view text) {
  const auto octet = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
  const std::uint8_t lead = octet(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((octet(i) & 0xC0) != 0x80) return 0;
  }
  const std::uint8_t second = octet(1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool surrogate = lead == 0xED && second > 0x9F;
  const bool beyond = lead == 0xF4 && second > 0x8F;
  return overlong || surrogate || beyond ? 0 : length;
}

}  // namespace

std::string clean(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const std::string_view sequence = text.substr(0, std::max<std::size_t>(length, 1));
    const auto lead = static_cast<std::uint8_t>(sequence[0]);
    const bool control = length == 1 && (lead < 0x20 || lead == 0x7F) && lead != '\n' && lead != '\t';
    const bool c1 = length == 2 && lead == 0xC2 && static_cast<std::uint8_t>(sequence[1]) < 0xA0;
    if (control || c1) {
      result += fmt::format("\\x{:02x}", static_cast<std::uint8_t>(sequence.back()));
    } else if (length == 0 || sequence == "\xEF\xBF\xBE" || sequence == "\xEF\xBF\xBF") {
      result += kReplacement;
    } else {
      result += sequence;
    }
    text.remove_prefix(sequence.size());
  }
  return result;
}

std::string escape_markup(std::string_view text) {
  std::string result;
  for (const char c : clean(text)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string one_line(std::string_view text) {
  std::string line = clean(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

std::string message_line(std::string_view text) {
  constexpr std::size_t widest_word = 120, front = 700, end = 300;
  const std::string line = one_line(text);
  std::string cut;
  for (std::size_t at = 0; at <= line.size();) {
    const std::size_t space = std::min(line.find(' ', at), line.size());
    cut += shortened(std::string_view(line).substr(at, space - at), widest_word);
    if (space < line.size()) cut += ' ';
    at = space + 1;
  }
  if (cut.size() <= front + end) return cut;
  const std::size_t before = cut.rfind(' ', front), after = cut.find(' ', cut.size() - end);
  return before == std::string::npos || after == std::string::npos || after <= before
             ? cut
             : cut.substr(0, before) + " …" + cut.substr(after);
}

std::string indent_rest(std::string_view text, std::size_t spaces) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  std::string result;
  for (const char c : text) {
    result += c;
    if (c == '\n') result.append(spaces, ' ');
  }
  return result;
}

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("\x1b[")) {
      i = std::min(text.find('m', i), text.size());
    } else if ((static_cast<std::uint8_t>(text[i]) & 0xC0) != 0x80) {  // no continuation octet of UTF-8
      ++count;
    }
  }
  return count;
}

std::string wrap(std::string_view line, std::size_t width, std::size_t indent) {
  std::string result;
  std::size_t used = 0;
  for (bool first = true; !line.empty() || first; first = false) {
    const std::string_view word = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(word.size() + 1, line.size()));
    const bool gains_room = used + 1 > indent;
    if (!first && gains_room && used + 1 + columns(word) > width) {
      while (result.ends_with(' ')) result.pop_back();
      result.append(1, '\n').append(indent, ' ');
      used = indent;
    } else if (!first) {
      result += ' ';
      ++used;
    }
    result += word;
    used += columns(word);
  }
  return result;
}

std::string shortened(std::string_view line, std::size_t width) {
  if (columns(line) <= width) return std::string(line);
  std::size_t end = 0;
  while (columns(line.substr(0, end)) < width) ++end;
  while (end > 0 && (line[end - 1] == ' ' || columns(line.substr(0, end)) >= width)) --end;
  return std::string(line.substr(0, end)) + "…";
}

}  // namespace relayspec
