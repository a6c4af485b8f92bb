// SPDX-License-Identifier: Apache-2.0
#include "relayspec/harness/profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "harness/attach.h"
#include "harness/data.h"
#include "harness/suggest.h"
#include "harness/toml.h"
#include "relayspec/harness/settings.h"

namespace relayspec {

namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kKeys = {
    "name",         "title", "homepage",         "package", "version",         "features",
    "start",        "files", "start_timeout_ms", "env",     "proxy_server_id", "max_hops_default",
    "unprivileged", "attach"};

std::string one_line_text(const TomlTable& file, std::string_view key, const std::string& value) {
  if (std::any_of(value.begin(), value.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; })) {
    file.complain(key, fmt::format("'{}' must be one line without control characters", key));
  }
  return value;
}

std::set<std::string> read_features(const TomlTable& file) {
  std::set<std::string> features;
  for (const std::string& feature : file.texts("features")) {
    if (!is_feature(feature)) {
      const std::string hint = did_you_mean(feature, known_features());
      file.complain("features",
                    fmt::format("unknown feature '{}'{}", feature,
                                hint.empty() ? "; known features: " + join(known_features()) : hint));
    }
    features.insert(feature);
  }
  return features;
}

std::map<std::string, std::string> read_files(const TomlTable& file) {
  auto files = file.text_map("files");
  for (const auto& [path, text] : files) {
    if (!fs::path(path).is_absolute() || fs::path(path).lexically_normal().string() != path ||
        path.back() == '/') {
      file.complain(
          "files",
          fmt::format("'{}' in 'files' must be the absolute path of a file, without '..' and '//'", path));
    }
  }
  return files;
}

std::map<std::string, std::string> read_env(const TomlTable& file) {
  auto env = file.text_map("env");
  for (const auto& [variable, text] : env) {
    const bool good = !variable.empty() &&
                      variable.find_first_not_of(
                          "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                          "abcdefghijklmnopqrstuvwxyz"
                          "0123456789_") == std::string::npos &&
                      (variable[0] < '0' || variable[0] > '9');
    if (!good)
      file.complain(
          "env",
          fmt::format("'{}' in 'env' is not the name of a variable; take letters, digits and '_'", variable));
    if (variable.starts_with("RELAY_")) {
      file.complain("env",
                    fmt::format("'{}' in 'env': variables that begin with RELAY_ are set by the harness; "
                                "take another name",
                                variable));
    }
  }
  return env;
}

// A relay is started by the tool or is there already.
void read_start(const TomlTable& file, Profile& profile) {
  const auto attach = file.table("attach");
  if (!attach) {
    profile.start = file.script("start");
    return;
  }
  for (const char* key : {"start", "files", "env"}) {
    if (file.has(key)) {
      file.complain(key,
                    fmt::format("'{}' is for a relay that the tool starts, and this profile has [attach]; "
                                "leave one of them out",
                                key));
    }
  }
  profile.attach = read_attach(*attach);
}

std::vector<std::string> shipped_names() {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(data_directory() / "relays", error)) {
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem());
  }
  if (names.empty()) {
    throw InputError(
        (data_directory() / "relays").string() +
        ": no relay profiles there; the installation is not complete: run cmake --install again");
  }
  std::sort(names.begin(), names.end());
  return names;
}

Profile load_file(const std::string& path) { return parse_profile(read_input_file(path), path); }

std::string shipped_path(const std::string& name) { return data_directory() / "relays" / (name + ".toml"); }

}  // namespace

Profile parse_profile(std::string_view text, const std::string& path) {
  const toml::table table = parse_toml(text, path);
  const TomlTable file(table, path, "the profile");
  file.allow_only(kKeys);

  Profile profile;
  profile.path = path;
  profile.name = one_line_text(file, "name", file.text("name"));
  profile.title = one_line_text(file, "title", file.text_or("title", profile.name));
  profile.homepage = one_line_text(file, "homepage", file.text_or("homepage", ""));
  profile.package = one_line_text(file, "package", file.text_or("package", ""));
  if (file.has("version")) profile.version_command = file.script("version");
  profile.features = read_features(file);
  read_start(file, profile);
  profile.files = read_files(file);
  profile.env = read_env(file);
  profile.start_timeout =
      std::chrono::milliseconds(file.integer("start_timeout_ms", 1, 600'000).value_or(10'000));
  profile.proxy_server_id = file.text_or("proxy_server_id", "uplink");
  if (profile.proxy_server_id != "uplink" && profile.proxy_server_id != "giaddr") {
    file.complain("proxy_server_id",
                  fmt::format("'proxy_server_id' is '{}'; it must be \"uplink\" or \"giaddr\"",
                              profile.proxy_server_id));
  }
  if (const auto hops = file.integer("max_hops_default", 0, 255)) {
    profile.max_hops_default = static_cast<unsigned>(*hops);
  }
  profile.unprivileged = file.boolean_or("unprivileged", true);
  return profile;
}

Profile load_profile(const std::string& name_or_path) {
  if (name_or_path.find('/') != std::string::npos || name_or_path.ends_with(".toml"))
    return load_file(name_or_path);
  const std::vector<std::string> names = shipped_names();
  if (std::find(names.begin(), names.end(), name_or_path) == names.end()) {
    throw InputError(fmt::format(
        "unknown relay '{}'{} Shipped profiles: {}; the path of a profile of your own holds a "
        "'/' or ends in .toml",
        name_or_path,
        [&] {
          const std::string hint = did_you_mean(name_or_path, names);
          return hint.empty() ? "." : hint;
        }(),
        join(names)));
  }
  return load_file(shipped_path(name_or_path));
}

std::vector<Profile> shipped_profiles() {
  std::vector<Profile> profiles;
  for (const std::string& name : shipped_names()) profiles.push_back(load_file(shipped_path(name)));
  return profiles;
}

}  // namespace relayspec
