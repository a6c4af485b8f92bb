// SPDX-License-Identifier: Apache-2.0
// Text inside HTML and Markdown. What a relay or a packet says may hold anything.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace relayspec {

/// One line, fit for content and for attributes.
std::string inline_text(std::string_view);

/// A term of a list and what it is, as HTML; nothing where that is empty.
std::string term(const char* name, const std::string& html);

std::string link(const std::string& to, const std::string& text);

/// A style or a script that stands inside the page, and its hash as a Content-Security-Policy has it.
struct Asset;

/// A whole page. Its policy lets these styles and this script be, and nothing else: nothing is loaded, and
/// what a relay says is never run. `main` is what stands inside <main>.
std::string page(const std::string& title, const std::vector<Asset>& styles, const Asset& script,
                 const std::string& header, const std::string& main);

/// Plain text that Markdown leaves as it is.
std::string plain_markdown(std::string_view);

/// What GitHub and GitLab show folded.
std::string folded_markdown(const std::string& summary, const std::string& content);

}  // namespace relayspec
