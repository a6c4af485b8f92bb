// SPDX-License-Identifier: Apache-2.0
#include "harness/reports/card.h"

#include <fmt/format.h>

#include "harness/reports/markup.h"

namespace relayspec {

std::string card_html(const Card& c) {
  // A link moves the keyboard's place in the page too.
  const std::string anchor =
      c.anchor.empty() ? "" : fmt::format(" id=\"{}\" tabindex=\"-1\"", inline_text(c.anchor));
  return fmt::format(
      "<article class=\"{0}\"{1}>\n<h3><b>{0}</b><span class=\"id\">{2}</span><span class=\"soft\">{3}</span>"
      "<span class=\"why\">{4}</span></h3>\n<dl>\n{5}</dl>\n{6}</article>\n",
      name(c.verdict), anchor, inline_text(c.title), inline_text(c.soft), inline_text(c.why), c.terms,
      c.exhibit);
}

std::string level_and_clause(const std::string& level, const std::string& clause) {
  return level + (level.empty() || clause.empty() ? "" : " · ") + clause;
}

}  // namespace relayspec
