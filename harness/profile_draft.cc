// SPDX-License-Identifier: Apache-2.0
#include "harness/profile_draft.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>

#include "harness/draft_words.h"
#include "harness/toml.h"

namespace relayspec {

namespace {

using Role = DraftWord::Part;

/// What a start script needs to be given, in the order of the command line; equal ones are one loop.
struct Argument {
  std::vector<std::string> words;  ///< for the shell, quoted
  std::set<Role> parts;
  bool for_option82 = false;

  friend bool operator==(const Argument&, const Argument&) = default;
};

struct Draft {
  std::map<std::string, std::string> env;
  std::vector<std::string> program;  ///< with the words behind it that choose what it is
  std::vector<Argument> arguments;
  std::map<Role, std::set<std::string>> seen;
  std::vector<std::string> open;
};

std::string basename_of(const std::string& path) { return std::filesystem::path(path).filename(); }

/// sudo, exec and assignments in front of the program.
std::size_t skip_front(const std::vector<std::string>& words, Draft& draft) {
  static const std::regex assignment("([A-Za-z_][A-Za-z0-9_]*)=(.*)");
  static const std::set<std::string> wrappers = {"sudo", "exec", "env", "nohup", "nice"};
  std::size_t at = 0;
  for (std::smatch found; at < words.size(); ++at) {
    if (wrappers.contains(words[at])) continue;
    if (!std::regex_match(words[at], found, assignment)) break;
    draft.env[found[1]] = found[2];
  }
  if (at == words.size() || words[at].starts_with("-") || words[at].empty())
    throw InputError(
        "profile: there is no program to start; give the command line of the relay, as in "
        "'relayspec profile dhcrelay -4 -d -id eth1 -iu eth0 192.0.2.9'");
  return at;
}

void note_parts(Draft& draft, Argument& argument, const DraftWord& word) {
  for (const auto& [part, text] : word.found) {
    if (!word.all_downlinks) argument.parts.insert(part);
    draft.seen[part].insert(text);
  }
}

/// An option, with its value where that holds something to replace, or a word by itself.
std::size_t take_argument(const std::vector<std::string>& words, std::size_t at, Draft& draft) {
  Argument argument;
  const std::string& word = words[at];
  const bool is_option = word.starts_with("-") && word.size() > 1;
  const DraftWord own = read_word(word, "", draft.seen);
  note_parts(draft, argument, own);
  argument.words.push_back(own.shell);
  argument.for_option82 = is_option && std::regex_search(word, std::regex("opt(ion)?-?82"));
  std::size_t taken = 1;
  const bool has_value = word.find('=') != std::string::npos || !own.found.empty();
  if (is_option && !has_value && at + 1 < words.size() && !words[at + 1].starts_with("-")) {
    const DraftWord value = read_word(words[at + 1], word, draft.seen);
    if (!value.found.empty()) {
      note_parts(draft, argument, value);
      argument.words.push_back(value.shell);
      ++taken;
    }
  }
  const auto same = std::find(draft.arguments.begin(), draft.arguments.end(), argument);
  if (same == draft.arguments.end() || argument.parts.empty()) draft.arguments.push_back(argument);
  return taken;
}

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, " ")); }

std::string add_words(const Argument& a) { return fmt::format("set -- \"$@\" {}", joined(a.words)); }

/// The loops around an argument. Interface and address of a downlink go through their lists together.
std::string script_of(const Argument& a) {
  std::string script = add_words(a);
  if (a.for_option82) return fmt::format("if [ \"$RELAY_OPTION82\" = on ]; then {}; fi\n", script);
  if (a.parts.contains(Role::server))
    script = fmt::format("for server in $RELAY_SERVERS; do {}; done", script);
  const bool downlink = a.parts.contains(Role::downlink), address = a.parts.contains(Role::downlink_address);
  if (downlink && address) {
    return fmt::format(
        "addresses=$RELAY_DOWNLINK_ADDRESSES\nfor downlink in $RELAY_DOWNLINKS; do\n"
        "  address=${{addresses%% *}} addresses=${{addresses#* }}\n  {}\ndone\n",
        script);
  }
  if (downlink) script = fmt::format("for downlink in $RELAY_DOWNLINKS; do {}; done", script);
  if (address) script = fmt::format("for address in $RELAY_DOWNLINK_ADDRESSES; do {}; done", script);
  return script + "\n";
}

std::string start_script(const Draft& draft) {
  std::string script = fmt::format("set -- {}\n", joined(draft.program));
  std::vector<std::string> plain;
  const auto flush = [&] {
    if (!plain.empty()) script += fmt::format("set -- \"$@\" {}\n", joined(plain));
    plain.clear();
  };
  for (const Argument& a : draft.arguments) {
    if (a.parts.empty() && !a.for_option82) {
      plain.insert(plain.end(), a.words.begin(), a.words.end());
    } else {
      flush();
      script += script_of(a);
    }
  }
  flush();
  return script + "exec \"$@\"\n";
}

std::size_t count(const Draft& draft, Role part) {
  const auto found = draft.seen.find(part);
  return found == draft.seen.end() ? 0 : found->second.size();
}

std::vector<std::string> features_of(const Draft& draft) {
  std::vector<std::string> features;
  if (std::max(count(draft, Role::downlink), count(draft, Role::downlink_address)) > 1)
    features.emplace_back("multi-downlink");
  if (count(draft, Role::server) > 1) features.emplace_back("multi-server");
  if (std::any_of(draft.arguments.begin(), draft.arguments.end(),
                  [](const Argument& a) { return a.for_option82; }))
    features.emplace_back("option82");
  return features;
}

const Profile* shipped_for(const std::string& program, std::span<const Profile> known) {
  const std::regex starts(fmt::format("(exec|set --) (\\S*/)?{}\\b",
                                      std::regex_replace(program, std::regex("[^A-Za-z0-9]"), "\\$&")));
  const auto found = std::find_if(known.begin(), known.end(),
                                  [&](const Profile& p) { return std::regex_search(p.start, starts); });
  return found == known.end() ? nullptr : &*found;
}

void say_what_is_open(Draft& draft, const std::vector<std::string>& arguments, const Profile* shipped) {
  const std::string program = basename_of(draft.program.front());
  auto& open = draft.open;
  if (shipped) {
    open.push_back(
        fmt::format("a profile of {} is shipped: 'relayspec run --relay {}' judges it, and {} shows how",
                    program, shipped->name, shipped->path));
  } else {
    open.push_back(fmt::format("the version command is a guess: it runs '{} --version'", program));
  }
  if (count(draft, Role::downlink) + count(draft, Role::downlink_address) == 0)
    open.emplace_back(
        "no interface and no address of the clients' side is named: if a file of settings does, write it in "
        "'start' "
        "from $RELAY_DOWNLINKS and $RELAY_DOWNLINK_ADDRESSES");
  if (count(draft, Role::uplink) + count(draft, Role::uplink_address) == 0 &&
      count(draft, Role::downlink) > 1)
    open.push_back(fmt::format(
        "none of the interfaces {} is known to lead to the servers: if one does, write $RELAY_UPLINK for it",
        fmt::join(draft.seen[Role::downlink], ", ")));
  if (count(draft, Role::server) == 0)
    open.emplace_back(
        "no server is named: if a file of settings does, write it in 'start' from $RELAY_SERVERS");
  if (count(draft, Role::server) == 1)
    open.emplace_back("one server is named: if the relay takes more, add \"multi-server\" to 'features'");
  if (count(draft, Role::downlink) == 1)
    open.emplace_back("one downlink is named: if the relay takes more, add \"multi-downlink\" to 'features'");
  static const std::regex foreground(
      "-[a-z]*[dfknFD]|--?(no-?daemon|foreground|keep-in-foreground|nofork|debug)");
  if (std::none_of(arguments.begin(), arguments.end(),
                   [&](const std::string& w) { return std::regex_match(w, foreground); }))
    open.emplace_back("no option is seen that keeps the relay in the foreground; it has to stay there");
  for (const std::string& word : arguments) {
    const std::string value = word.substr(word.find('=') == std::string::npos ? 0 : word.find('=') + 1);
    if (value.starts_with("/") && !value.starts_with("/dev/"))
      open.push_back(fmt::format(
          "{} stays as it is: what it says of interfaces, addresses and servers is not that of the lab",
          value));
    if (value.find("::") != std::string::npos)
      open.push_back(fmt::format("{} looks like an IPv6 address; DHCPv4 alone is judged", value));
  }
  open.emplace_back(
      "further features, option 82 for one, do not follow from a command line: 'features' lists what 'start' "
      "obeys, and "
      "README.md has the variables");
}

std::string toml_of(const Draft& draft, const Profile* shipped) {
  std::string name = basename_of(draft.program.front());
  for (std::size_t i = 1; i < draft.program.size(); ++i) name += "-" + draft.program[i];
  std::string toml =
      fmt::format("# Made from a command line; look at each line.\nname = {}\n", toml_string(name));
  if (shipped && !shipped->package.empty())
    toml += fmt::format("package = {}\n", toml_string(shipped->package));
  toml += fmt::format("version = {}\n",
                      toml_string(shipped ? shipped->version_command
                                          : fmt::format("{} --version 2>&1", draft.program.front())));
  std::vector<std::string> features = features_of(draft);
  for (std::string& f : features) f = toml_string(f);
  toml += fmt::format("features = [{}]\n", fmt::join(features, ", "));
  if (!draft.env.empty()) {
    std::vector<std::string> entries;
    for (const auto& [variable, value] : draft.env)
      entries.push_back(fmt::format("{} = {}", variable, toml_string(value)));
    toml += fmt::format("env = {{ {} }}\n", fmt::join(entries, ", "));
  }
  const std::string script = start_script(draft);
  return toml + (script.find("'''") == std::string::npos ? fmt::format("start = '''\n{}'''\n", script)
                                                         : fmt::format("start = {}\n", toml_string(script)));
}

}  // namespace

ProfileDraft draft_profile(const std::vector<std::string>& given, std::span<const Profile> known) {
  Draft draft;
  std::size_t at = skip_front(given, draft);
  const std::string program = basename_of(given[at]);
  draft.program.push_back(quoted(given[at++]));
  if (program == "busybox" && at < given.size()) draft.program.push_back(quoted(given[at++]));  // the applet
  const std::vector<std::string> arguments(given.begin() + static_cast<std::ptrdiff_t>(at), given.end());
  for (std::size_t i = 0; i < arguments.size();) i += take_argument(arguments, i, draft);
  const Profile* shipped = shipped_for(program, known);
  say_what_is_open(draft, arguments, shipped);
  return {toml_of(draft, shipped), draft.open};
}

}  // namespace relayspec
