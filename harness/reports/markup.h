// Text inside HTML and Markdown. What a relay or a packet says may hold anything.
#pragma once

#include <string>
#include <string_view>

namespace relayspec {

/// One line, fit for content and for attributes.
std::string inline_text(std::string_view);

/// A term of a list and what it is, as HTML; nothing where that is empty.
std::string term(const char* name, const std::string& html);

std::string link(const std::string& to, const std::string& text);

/// The head of a page with this title, up to <body>, with style inside; nothing may be loaded from outside.
std::string page_head(const std::string& title, std::string_view style);

/// Plain text that Markdown leaves as it is.
std::string plain_markdown(std::string_view);

/// What GitHub and GitLab show folded.
std::string folded_markdown(const std::string& summary, const std::string& content);

}  // namespace relayspec
