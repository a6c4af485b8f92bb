// SPDX-License-Identifier: Apache-2.0
// Text for reports. Output of a relay and octets of packets may contain anything; text for a terminal, an XML
// parser or a browser must not.
#pragma once

#include <string>
#include <string_view>

namespace relayspec {

/// Valid UTF-8 that every XML 1.0 parser takes: control characters other than newline and tab become "\x1b",
/// what is not UTF-8 and what XML forbids becomes U+FFFD.
std::string clean(std::string_view);

/// clean(), and & < > " ' as entities; fit for content and for attributes of XML and HTML.
std::string escape_markup(std::string_view);

/// clean(), the newlines as spaces.
std::string one_line(std::string_view);

/// one_line() for a message: words wider than any terminal and what makes it longer than a screen are cut,
/// its front and its end stay.
std::string message_line(std::string_view);

/// Every line behind the first indented by so many spaces; no newline at the end.
std::string indent_rest(std::string_view text, std::size_t spaces);

/// How many columns clean text takes on a terminal: its characters, without the sequences that set colours
/// (ESC [ … m).
std::size_t columns(std::string_view text);

/// One line broken at spaces so that none is wider than `width`, the lines behind the first indented. A word
/// that is wider by itself is left whole.
std::string wrap(std::string_view line, std::size_t width, std::size_t indent);

/// The front of clean text without colours, with "…" for what does not fit into the width.
std::string shortened(std::string_view line, std::size_t width);

}  // namespace relayspec
