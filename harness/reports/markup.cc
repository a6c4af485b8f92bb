// SPDX-License-Identifier: Apache-2.0
#include "harness/reports/markup.h"

#include <fmt/format.h>

#include "harness/reports/assets.h"
#include "harness/text.h"

namespace relayspec {

std::string inline_text(std::string_view s) { return escape_markup(one_line(s)); }

std::string term(const char* name, const std::string& html) {
  return html.empty() ? "" : fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, html);
}

std::string link(const std::string& to, const std::string& text) {
  return fmt::format("<a href=\"{}\">{}</a>", inline_text(to), inline_text(text));
}

std::string page(const std::string& title, const std::vector<Asset>& styles, const Asset& script,
                 const std::string& header, const std::string& main) {
  std::string html = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src");
  for (const Asset& style : styles) html += fmt::format(" {}", style.hash);
  html +=
      fmt::format("; script-src {}; base-uri 'none'; form-action 'none'\">\n<title>{} · relayspec</title>\n",
                  script.hash, inline_text(title));
  for (const Asset& style : styles) html += fmt::format("<style>{}</style>\n", style.text);
  return html + fmt::format(
                    "</head>\n<body>\n<a class=\"skip-link\" href=\"#main\">to the content</a>\n"
                    "<header>\n{}</header>\n<main id=\"main\">\n{}</main>\n{}</body>\n</html>\n",
                    header, main,
                    *script.text == '\0' ? "" : fmt::format("<script>{}</script>\n", script.text));
}

std::string plain_markdown(std::string_view text) {
  std::string result;
  for (const char c : one_line(text)) {
    if (std::string_view("\\`*_[]<>|#~").find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string folded_markdown(const std::string& summary, const std::string& content) {
  return fmt::format("<details><summary>{}</summary>\n\n{}\n</details>\n\n", summary, content);
}

}  // namespace relayspec
