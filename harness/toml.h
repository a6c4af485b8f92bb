// SPDX-License-Identifier: Apache-2.0
// Strict reading of TOML: every complaint is an InputError of one line, "FILE:LINE: what, and the remedy".
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "relayspec/harness/profile.h"

namespace relayspec {

/// The text of a regular file of 4 MiB at most. Throws InputError.
std::string read_input_file(const std::string& path);

/// One table of a file. Its getters throw for a wrong type; what they return lives on its own.
class TomlTable {
 public:
  /// `name` is how messages call the table, "[env]" or "the profile".
  TomlTable(const toml::table& table, std::string path, std::string name)
      : table_(table), path_(std::move(path)), name_(std::move(name)) {}

  /// Throws for the first key that is not among `known`.
  void allow_only(const std::vector<std::string>& known) const;

  bool has(std::string_view key) const { return table_.contains(key); }
  std::string text(std::string_view key) const;  ///< must be there and not be empty
  std::string text_or(std::string_view key, std::string_view absent) const;
  std::string script(std::string_view key) const;  ///< a text that is valid shell
  bool boolean_or(std::string_view key, bool absent) const;
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t least, std::int64_t most) const;
  std::vector<std::string> texts(std::string_view key) const;  ///< an array of strings; absent: none
  std::map<std::string, std::string> text_map(
      std::string_view key) const;                             ///< a table of strings; absent: none
  std::vector<TomlTable> tables(std::string_view key) const;   ///< [[key]]; absent: none
  std::optional<TomlTable> table(std::string_view key) const;  ///< [key]

  /// "FILE:LINE" of a key, or of the table itself when it has no such key.
  std::string where(std::string_view key = "") const;

  /// Throws InputError "FILE:LINE: what".
  [[noreturn]] void complain(std::string_view key, const std::string& what) const;

 private:
  std::string string_of(const toml::node& node, const std::string& what) const;
  [[noreturn]] void complain_at(const toml::node& node, const std::string& what) const;

  const toml::table& table_;
  std::string path_, name_;
};

/// A string as TOML writes it, in one line.
std::string toml_string(std::string_view text);

/// Parses a whole file. Throws InputError for a syntax error.
toml::table parse_toml(std::string_view text, const std::string& path);

}  // namespace relayspec
