// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "packaging/pages.h"

namespace relayspec::pages {

namespace {

std::string joined(const std::vector<std::string>& words, const char* between = " ") {
  return fmt::format("{}", fmt::join(words, between));
}

std::vector<std::string> names_of(const std::vector<Command>& commands) {
  std::vector<std::string> names;
  for (const Command& c : commands) names.push_back(c.name);
  return names;
}

/// Shell text that prints the words which fit.
std::string words_of(const Word& w) {
  switch (w.value) {
    case Value::relay:
      return "relayspec relays 2>/dev/null | sed -n 's/^\\([a-z][^ ]*\\) .*/\\1/p'";
    case Value::suite:
      return "relayspec list 2>/dev/null | sed -n 's|^\\([a-z0-9]*\\)/.*|\\1|p' | sort -u";
    case Value::case_id:
      return "relayspec list 2>/dev/null | sed -n 's|^\\([a-z0-9]*/[^ ]*\\).*|\\1|p'";
    case Value::choice:
      return "echo " + joined(w.choices);
    default:
      return "";
  }
}

std::string bash_reply(const Word& w) {
  const std::string words = words_of(w);
  const std::string files =
      w.value == Value::directory ? "$(compgen -d -- \"$word\")" : "$(compgen -f -- \"$word\")";
  if (w.value == Value::file || w.value == Value::directory) return fmt::format("COMPREPLY=({})", files);
  if (words.empty()) return "COMPREPLY=()";
  return fmt::format("COMPREPLY=($(compgen -W \"$({})\" -- \"$word\"){})", words,
                     w.value == Value::relay ? " " + files : "");
}

std::string bash_function(const std::string& name, const Command& c) {
  std::string out = fmt::format("{}() {{\n  case $before in\n", name);
  std::vector<std::string> all;
  for (const Word& w : c.options) {
    all.insert(all.end(), w.names.begin(), w.names.end());
    if (w.value != Value::none)
      out += fmt::format("    {}) {}; return ;;\n", joined(w.names, " | "), bash_reply(w));
  }
  out +=
      fmt::format("  esac\n  if [[ $word == -* ]]; then\n    COMPREPLY=($(compgen -W \"{}\" -- \"$word\"))\n",
                  joined(all));
  if (!c.operands.empty()) out += "  else\n    " + bash_reply(c.operands.front()) + "\n";
  return out + "  fi\n}\n";
}

std::string identifier(std::string name) {
  for (char& c : name) c = c == '-' ? '_' : c;
  return "_" + name;
}

/// A single-quoted word of a shell.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "'\\''" : c == '\n' ? " " : std::string(1, c);
  return out + "'";
}

std::string zsh_action(const Word& w) {
  const std::string words = words_of(w);
  if (w.value == Value::file) return "_files";
  if (w.value == Value::directory) return "_files -/";
  if (w.value == Value::relay) return "{ compadd -- $(" + words + "); _files }";
  if (!words.empty()) return "{ compadd -- $(" + words + ") }";
  return " ";
}

std::string zsh_help(const std::string& help) {
  std::string out;
  for (const char c : help) out += c == '[' ? '(' : c == ']' ? ')' : c == ':' ? ',' : c;
  return out;
}

std::string zsh_arguments(const Command& c) {
  std::string out;
  for (const Word& w : c.options) {
    for (const std::string& name : w.names)
      out += " \\\n    " + quoted((w.repeats ? "*" : "") + name + "[" + zsh_help(w.help) + "]" +
                                  (w.value == Value::none ? "" : ":" + w.operand + ":" + zsh_action(w)));
  }
  for (const Word& w : c.operands)
    out += " \\\n    " + quoted(std::string(w.repeats ? "*" : "") + ":" + w.operand + ":" + zsh_action(w));
  return out;
}

std::string fish_line(const std::string& program, const std::string& condition, const Word& w) {
  std::string out = "complete -c " + program + condition;
  for (const std::string& name : w.names)
    out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (w.value != Value::none && !w.names.empty()) out += " -r";
  const std::string words = words_of(w);
  if (w.value == Value::file || w.value == Value::directory || w.value == Value::relay) {
    out += " -F";
  } else if (w.value != Value::none) {
    out += " -f";
  }
  if (!words.empty())
    out += " -a " + quoted("(" + words + (w.value == Value::choice ? " | string split ' '" : "") + ")");
  return out + " -d " + quoted(w.help.substr(0, w.help.find(';'))) + "\n";
}

}  // namespace

std::string bash_completion(const Program& p) {
  const std::string name = p.itself.name, function = identifier(name);
  std::string out = "# bash completion of " + name + "\n# shellcheck disable=SC2207\n";
  for (const Command& c : p.commands) out += bash_function(function + "_" + identifier(c.name).substr(1), c);
  out += bash_function(function + "_itself", p.itself);
  out += function +
         "() {\n  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n  COMPREPLY=()\n";
  if (!p.commands.empty()) {
    out += "  if ((COMP_CWORD > 1)); then\n    case ${COMP_WORDS[1]} in\n";
    for (const Command& c : p.commands)
      out += fmt::format("      {}) {}_{}; return ;;\n", c.name, function, identifier(c.name).substr(1));
    out += fmt::format(
        "    esac\n  elif [[ $word != -* ]]; then\n    COMPREPLY=($(compgen -W \"{}\" -- \"$word\"))\n    "
        "return\n  fi\n",
        joined(names_of(p.commands)));
  }
  return out + "  " + function + "_itself\n}\ncomplete -F " + function + " " + name + "\n";
}

std::string zsh_completion(const Program& p) {
  const std::string name = p.itself.name;
  std::string out = "#compdef " + name + "\n";
  if (p.commands.empty()) return out + "_arguments -s" + zsh_arguments(p.itself) + "\n";
  out += "if ((CURRENT == 2)); then\n  local -a commands=(\n";
  for (const Command& c : p.commands) out += "    " + quoted(c.name + ":" + zsh_help(c.description)) + "\n";
  out += "  )\n  _describe command commands\n  _arguments -s" + zsh_arguments(p.itself) +
         "\n  return\nfi\nlocal command=$words[2]\nshift words\n((CURRENT--))\ncase $command in\n";
  for (const Command& c : p.commands) out += "  " + c.name + ") _arguments -s" + zsh_arguments(c) + " ;;\n";
  return out + "esac\n";
}

std::string fish_completion(const Program& p) {
  const std::string name = p.itself.name;
  std::string out = "# fish completion of " + name + "\n";
  const std::string no_command = p.commands.empty() ? "" : " -n __fish_use_subcommand";
  for (const Command& c : p.commands)
    out += "complete -c " + name + no_command + " -f -a " + c.name + " -d " + quoted(c.description) + "\n";
  for (const Word& w : p.itself.options) out += fish_line(name, no_command, w);
  for (const Command& c : p.commands) {
    const std::string inside = " -n '__fish_seen_subcommand_from " + c.name + "'";
    for (const Word& w : c.options) out += fish_line(name, inside, w);
    for (const Word& w : c.operands) out += fish_line(name, inside, w);
  }
  return out;
}

}  // namespace relayspec::pages
