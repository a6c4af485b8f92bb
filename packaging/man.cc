// SPDX-License-Identifier: Apache-2.0
// man(7): every line that starts with a dot is a macro, and a hyphen that is meant is \-.
#include <fmt/format.h>

#include <algorithm>

#include "packaging/pages.h"

namespace relayspec::pages {

namespace {

std::string roff(std::string_view text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    line_start = c == '\n';
  }
  return out;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

/// What has lines of its own stays as it is.
std::string paragraph(const std::string& text) {
  if (text.empty()) return "";
  return text.find('\n') == std::string::npos ? ".PP\n" + roff(text) + "\n"
                                              : ".PP\n.nf\n" + roff(text) + "\n.fi\n";
}

std::string tag_of(const Word& w) {
  std::string names;
  for (const std::string& name : w.names)
    names += (names.empty() ? "" : ", ") + ("\\fB" + roff(name) + "\\fR");
  const std::string operand = w.operand.empty() ? "" : "\\fI" + roff(w.operand) + "\\fR";
  return names + (names.empty() || operand.empty() ? "" : " ") + operand + (w.repeats ? " ..." : "");
}

std::string list(const std::vector<Word>& words) {
  std::string out;
  for (const Word& w : words) out += ".TP\n" + tag_of(w) + "\n" + roff(w.help) + "\n";
  return out;
}

std::string synopsis(const std::string& program, const Command& c) {
  std::string line = ".B " + roff(program) + "\n";
  for (const Word& w : c.options) {
    if (w.required) line += tag_of(w) + "\n";
  }
  line += "[\\fIoptions\\fR]\n";
  for (const Word& w : c.operands) line += w.required ? tag_of(w) + "\n" : "[" + tag_of(w) + "]\n";
  return line;
}

/// Its first sentence, without the name in front.
std::string reason_of(const Command& c) {
  std::string line = c.description.substr(0, c.description.find_first_of(":\n", c.name.size() + 1));
  if (line.starts_with(c.name + ": ")) line.erase(0, c.name.size() + 2);
  return line;
}

}  // namespace

std::string man_page(const Program& p, const ManFrame& frame) {
  const Command& top = p.itself;
  std::string out =
      fmt::format(".TH {} {} \"\" \"relayspec {}\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n",
                  upper(roff(top.name)), frame.section, frame.version, roff(top.name), roff(reason_of(top)));
  if (p.commands.empty()) {
    out += synopsis(top.name, top);
  } else {
    for (const Command& c : p.commands) out += synopsis(top.name + " " + c.name, c) + ".br\n";
  }
  out += ".SH DESCRIPTION\n" + paragraph(top.description) + ".SH OPTIONS\n" + list(top.options);
  for (const Command& c : p.commands)
    out += fmt::format(".SH {} {}\n", upper(roff(top.name)), upper(roff(c.name))) + paragraph(c.description) +
           list(c.operands) + list(c.options) + paragraph(c.footer);
  return out + ".SH NOTES\n" + paragraph(top.footer) + frame.tail;
}

}  // namespace relayspec::pages
