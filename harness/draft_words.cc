// SPDX-License-Identifier: Apache-2.0
#include "harness/draft_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

namespace relayspec {

namespace {

using Role = DraftWord::Part;
using Found = std::vector<std::pair<Role, std::string>>;

bool is_address(const std::string& text) {
  static const std::regex address("(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");
  return std::regex_match(text, address);
}

/// As kernels and administrators name them. A word behind an option that asks for one may have any name.
bool looks_like_interface(const std::string& text) {
  static const std::regex name(
      "(eth|en[opsx]|em|wl|ww|br|bond|team|vlan|veth|tap|tun|lan|wan|dummy|macvlan|vxlan|ppp|virbr|vmbr|"
      "docker|"
      "downlink|uplink|p\\d+p)[A-Za-z0-9_.@:-]*\\d[A-Za-z0-9_.-]*|lan|wan|br-[a-z0-9]+");
  return std::regex_match(text, name);
}

bool is_name(const std::string& text) {
  static const std::regex name("[A-Za-z][A-Za-z0-9_.@-]{0,14}");
  return std::regex_match(text, name);
}

std::string name_of(std::string_view option) {
  option.remove_prefix(std::min(option.find_first_not_of('-'), option.size()));
  return std::string(option);
}

bool matches(std::string_view option, const char* pattern) {
  return std::regex_search(name_of(option), std::regex(pattern, std::regex::icase));
}

bool asks_for_interface(std::string_view option) {
  return matches(option, "^(i|id|iu|U)$|iface|interface|(down|up)(link|stream)?$|^dev(ice)?$");
}

/// Which side an interface is on: as its option says, or its own name.
Role side_of(const std::string& interface, std::string_view option, bool behind_downlinks) {
  if (!option.empty() && matches(option, "^(iu|U|b)$|^up|uplink|upstream|server|wan|out"))
    return Role::uplink;
  if (!option.empty() && matches(option, "^id$|down|client|lan|in$")) return Role::downlink;
  if (std::regex_search(interface, std::regex("^(up|wan)"))) return Role::uplink;
  return option.empty() && behind_downlinks ? Role::uplink : Role::downlink;
}

/// Which host has an address. In a list the first is the relay's own where a further one follows.
Role owner_of(std::string_view option, bool first_of_several) {
  if (matches(option, "server|helper|target|^s$|relay-to|upstream")) return Role::server;
  if (first_of_several || matches(option, "local|bind|listen|address|source|giaddr|^g$"))
    return matches(option, "up") ? Role::uplink_address : Role::downlink_address;
  return Role::server;
}

std::string variable_of(Role part) {
  switch (part) {
    case Role::downlink:
      return "$downlink";
    case Role::uplink:
      return "$RELAY_UPLINK";
    case Role::downlink_address:
      return "$address";
    case Role::uplink_address:
      return "$RELAY_UPLINK_ADDRESS";
    case Role::server:
      return "$server";
  }
  return "";
}

/// The items of a list, with what separates them in between.
std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> items(1);
  for (const char c : text) {
    if (c == ',' || c == ':' || c == '#' || c == '/' || c == '%') {
      items.emplace_back(1, c);
      items.emplace_back();
    } else {
      items.back() += c;
    }
  }
  return items;
}

std::string escaped(const std::string& text) {
  return std::regex_replace(text, std::regex("[\\\\\"$`]"), "\\$&");
}

/// eth1,eth2: one word for all downlinks.
bool is_list_of_downlinks(const Found& found, const std::string& text) {
  return found.size() > 1 && text.find(',') != std::string::npos &&
         std::all_of(found.begin(), found.end(), [](const auto& f) { return f.first == Role::downlink; });
}

std::string value_in_shell(const std::string& value, std::string_view option, bool behind_downlinks,
                           Found& found) {
  if (value.starts_with("/") || value.starts_with("./")) return escaped(value);  // a file
  const std::vector<std::string> items = split(value);
  const auto addresses = std::count_if(items.begin(), items.end(), is_address);
  std::string shell;
  bool any_address = false;
  for (const std::string& item : items) {
    if (is_address(item)) {
      found.emplace_back(owner_of(option, addresses > 1 && !any_address), item);
      any_address = true;
    } else if (looks_like_interface(item) ||
               (items.size() == 1 && asks_for_interface(option) && is_name(item))) {
      // Behind addresses in a list it is where the servers are.
      found.emplace_back(any_address ? Role::uplink : side_of(item, option, behind_downlinks), item);
    } else {
      shell += escaped(item);
      continue;
    }
    shell += variable_of(found.back().first);
  }
  return shell;
}

}  // namespace

DraftWord read_word(const std::string& word, std::string_view option,
                    const std::map<Role, std::set<std::string>>& seen) {
  DraftWord read;
  std::string front, value = word, name(option);
  if (option.empty() && word.starts_with("-")) {
    const std::size_t equals = word.find('=');
    static const std::regex glued("(-[A-Za-z])(\\S*[0-9]\\S*)");
    std::smatch parts;
    if (equals != std::string::npos) {
      front = word.substr(0, equals + 1);
      name = word.substr(0, equals);
      value = word.substr(equals + 1);
    } else if (std::regex_match(word, parts, glued)) {  // -ieth1
      front = parts[1];
      name = parts[1];
      value = parts[2];
    } else {
      read.shell = quoted(word);
      return read;
    }
  }
  std::string shell = value_in_shell(value, name, seen.contains(Role::downlink), read.found);
  read.all_downlinks = is_list_of_downlinks(read.found, value);
  if (read.all_downlinks) shell = "$(echo $RELAY_DOWNLINKS | tr ' ' ,)";
  read.shell = read.found.empty() ? quoted(word) : fmt::format("\"{}{}\"", escaped(front), shell);
  return read;
}

std::string quoted(const std::string& word) {
  static const std::regex plain("[A-Za-z0-9_@%+=:,./-]+");
  if (std::regex_match(word, plain)) return word;
  return "'" + std::regex_replace(word, std::regex("'"), "'\\''") + "'";
}

}  // namespace relayspec
