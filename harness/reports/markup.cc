#include "harness/reports/markup.h"

#include <fmt/format.h>

#include "harness/text.h"

namespace relayspec {

std::string inline_text(std::string_view s) { return escape_markup(one_line(s)); }

std::string term(const char* name, const std::string& html) {
  return html.empty() ? "" : fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, html);
}

std::string link(const std::string& to, const std::string& text) {
  return fmt::format("<a href=\"{}\">{}</a>", inline_text(to), inline_text(text));
}

std::string page_head(const std::string& title, std::string_view style) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
      "script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
      "<title>{} · relayspec</title>\n<style>{}</style>\n</head>\n<body>\n",
      inline_text(title), style);
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
