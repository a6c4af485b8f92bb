// SPDX-License-Identifier: Apache-2.0
#include "harness/toml.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "harness/shell.h"
#include "harness/suggest.h"
#include "harness/text.h"

namespace relayspec {

namespace {

constexpr std::uintmax_t kLargestFile = 4 << 20;

std::string line_of(const std::string& path, const toml::source_region& region) {
  return region.begin.line ? fmt::format("{}:{}", path, region.begin.line) : path;
}

const char* type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a floating-point number";
    case toml::node_type::boolean:
      return "a boolean";
    default:
      return "a date or time";
  }
}

/// The TOML library goes one call deeper for each part of a dotted key, also when it takes the tables apart.
constexpr std::size_t kMostDots = 30;

void refuse_deep_keys(std::string_view text, const std::string& path) {
  std::size_t line = 1, dots = 0;
  std::string_view closing;  // what ends the string that this is inside of
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    if (rest[0] == '\n') {
      ++line;
      dots = 0;
      if (closing.size() == 1) closing = {};
    } else if (!closing.empty()) {
      if (closing[0] == '"' && rest.size() > 1 && rest[0] == '\\' && rest[1] != '\n') {
        ++i;
      } else if (rest.starts_with(closing)) {
        i += closing.size() - 1;
        closing = {};
      }
    } else if (rest[0] == '#') {
      i = std::min(text.find('\n', i), text.size()) - 1;
    } else if (rest[0] == '"' || rest[0] == '\'') {
      const std::string_view three = rest.substr(0, 3);
      closing = three == "\"\"\"" || three == "\'\'\'" ? three : rest.substr(0, 1);
      i += closing.size() - 1;
    } else if (rest[0] == '.' && ++dots > kMostDots) {
      throw InputError(one_line(fmt::format("{}:{}: a key has more than {} parts; write it with fewer dots",
                                            path, line, kMostDots)));
    }
  }
}

}  // namespace

std::string read_input_file(const std::string& path) {
  const auto refuse = [&](const std::string& why) {
    throw InputError(one_line(path) + ": cannot be read: " + why);
  };
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    refuse(error && error != std::errc::no_such_file_or_directory ? error.message() + "; check the path"
                                                                  : "no such file; check the path");
  }
  if (!std::filesystem::is_regular_file(status)) refuse("it is not a regular file; name a TOML file");
  if (std::filesystem::file_size(path, error) > kLargestFile && !error)
    refuse("it is larger than 4 MiB; name a TOML file");
  std::ifstream in(path, std::ios::binary);
  if (!in.is_open()) refuse(std::strerror(errno) + std::string("; check its permissions"));
  try {
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  } catch (const std::ios_base::failure& e) {
    refuse(e.code().message() + "; name a TOML file");
    throw;
  }
}

toml::table parse_toml(std::string_view text, const std::string& path) {
  refuse_deep_keys(text, path);
  try {
    return toml::parse(text, path);
  } catch (const toml::parse_error& e) {
    throw InputError(
        one_line(fmt::format("{}: not valid TOML: {}", line_of(path, e.source()), e.description())));
  }
}

void TomlTable::complain_at(const toml::node& node, const std::string& what) const {
  throw InputError(one_line(line_of(path_, node.source()) + ": " + what));
}

void TomlTable::complain(std::string_view key, const std::string& what) const {
  throw InputError(one_line(where(key) + ": " + what));
}

std::string TomlTable::where(std::string_view key) const {
  const toml::node* node = table_.get(key);
  return line_of(path_, node ? node->source() : table_.source());
}

void TomlTable::allow_only(const std::vector<std::string>& known) const {
  for (const auto& [key, node] : table_) {
    if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
    const std::string hint = did_you_mean(key.str(), known);
    complain_at(node, fmt::format("unknown key '{}' in {}{}", key.str(), name_,
                                  hint.empty() ? "; known keys: " + join(known) : hint));
  }
}

std::string TomlTable::string_of(const toml::node& node, const std::string& what) const {
  const auto value = node.value_exact<std::string>();
  if (!value) complain_at(node, fmt::format("{} must be a string, not {}", what, type_name(node)));
  if (value->find('\0') != std::string::npos) complain_at(node, what + " must not hold a NUL character");
  return *value;
}

std::string TomlTable::text(std::string_view key) const {
  if (!has(key)) complain("", fmt::format("{} has no '{}'; add {} = \"…\"", name_, key, key));
  std::string value = text_or(key, "");
  if (value.empty()) complain(key, fmt::format("'{}' is empty; give it a value", key));
  return value;
}

std::string TomlTable::text_or(std::string_view key, std::string_view absent) const {
  const toml::node* node = table_.get(key);
  return node ? string_of(*node, fmt::format("'{}'", key)) : std::string(absent);
}

std::string TomlTable::script(std::string_view key) const {
  std::string script = text(key);
  if (const auto error = shell_syntax_error(script))
    complain(key, fmt::format("'{}' is not valid shell: line {}; try it with sh -n", key, *error));
  return script;
}

bool TomlTable::boolean_or(std::string_view key, bool absent) const {
  const toml::node* node = table_.get(key);
  if (!node) return absent;
  const auto value = node->value_exact<bool>();
  if (!value) complain(key, fmt::format("'{}' must be true or false, not {}", key, type_name(*node)));
  return *value;
}

std::optional<std::int64_t> TomlTable::integer(std::string_view key, std::int64_t least,
                                               std::int64_t most) const {
  const toml::node* node = table_.get(key);
  if (!node) return std::nullopt;
  const auto value = node->value_exact<std::int64_t>();
  if (!value) complain(key, fmt::format("'{}' must be an integer, not {}", key, type_name(*node)));
  if (*value < least || *value > most) {
    complain(key, fmt::format("'{}' is {}; it must be from {} to {}", key, *value, least, most));
  }
  return value;
}

std::vector<std::string> TomlTable::texts(std::string_view key) const {
  const toml::node* node = table_.get(key);
  if (!node) return {};
  const toml::array* array = node->as_array();
  if (!array) complain(key, fmt::format("'{}' must be an array of strings, not {}", key, type_name(*node)));
  std::vector<std::string> values;
  for (const toml::node& item : *array)
    values.push_back(string_of(item, fmt::format("what '{}' lists", key)));
  return values;
}

std::map<std::string, std::string> TomlTable::text_map(std::string_view key) const {
  const toml::node* node = table_.get(key);
  if (!node) return {};
  const toml::table* table = node->as_table();
  if (!table) complain(key, fmt::format("'{}' must be a table of strings, not {}", key, type_name(*node)));
  std::map<std::string, std::string> values;
  for (const auto& [name, item] : *table) {
    values.emplace(name.str(), string_of(item, fmt::format("'{}' in '{}'", name.str(), key)));
  }
  return values;
}

std::optional<TomlTable> TomlTable::table(std::string_view key) const {
  const toml::node* node = table_.get(key);
  if (!node) return std::nullopt;
  const toml::table* inner = node->as_table();
  if (!inner) complain(key, fmt::format("'{0}' must be written [{0}], it is {1}", key, type_name(*node)));
  return TomlTable(*inner, path_, fmt::format("[{}]", key));
}

std::vector<TomlTable> TomlTable::tables(std::string_view key) const {
  const toml::node* node = table_.get(key);
  if (!node) return {};
  const toml::array* array = node->as_array();
  if (!array) complain(key, fmt::format("'{0}' must be written [[{0}]], it is {1}", key, type_name(*node)));
  std::vector<TomlTable> values;
  for (const toml::node& item : *array) {
    const toml::table* table = item.as_table();
    if (!table)
      complain_at(item, fmt::format("'{0}' must be written [[{0}]], it holds {1}", key, type_name(item)));
    values.emplace_back(*table, path_, fmt::format("[[{}]]", key));
  }
  return values;
}

std::string toml_string(std::string_view text) {
  std::ostringstream out;
  out << toml::toml_formatter(toml::value<std::string>(std::string(text)), toml::format_flags::none);
  return out.str();
}

}  // namespace relayspec
