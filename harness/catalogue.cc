// SPDX-License-Identifier: Apache-2.0
#include "relayspec/harness/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "harness/data.h"
#include "harness/suggest.h"
#include "harness/toml.h"
#include "relayspec/harness/settings.h"

namespace relayspec {

namespace {

/// Strongest first.
const std::vector<std::string> kLevels = {"MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY", "de-facto"};
const std::vector<std::string> kDirections = {"client->server", "server->client", "any", "config"};

std::string one_of(const TomlTable& row, std::string_view key, const std::vector<std::string>& allowed) {
  std::string value = row.text(key);
  if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
    row.complain(key, fmt::format("'{}' is '{}'; it must be one of: {}", key, value, join(allowed)));
  }
  return value;
}

}  // namespace

Catalogue Catalogue::load(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  if (files.empty()) {
    throw InputError(
        directory.string() +
        ": no requirement catalogue there; the installation is not complete: run cmake --install again");
  }
  std::sort(files.begin(), files.end());
  Catalogue catalogue;
  for (const auto& file : files) catalogue.read(file);
  return catalogue;
}

void Catalogue::read(const std::filesystem::path& path) {
  const toml::table table = parse_toml(read_input_file(path), path);
  const TomlTable file(table, path, "the catalogue");
  file.allow_only({"requirement"});
  for (const TomlTable& row : file.tables("requirement")) {
    row.allow_only({"id", "rfc", "section", "level", "direction", "dialects", "features", "text", "see",
                    "part_of", "no_case", "verified"});
    Requirement r;
    r.id = row.text("id");
    if (const auto rfc = row.integer("rfc", 1, 99'999)) r.rfc = std::to_string(*rfc);
    r.section = row.text_or("section", "");
    r.level = one_of(row, "level", kLevels);
    r.direction = one_of(row, "direction", kDirections);
    r.text = row.text("text");
    r.see = row.text_or("see", "");
    r.part_of = row.text_or("part_of", "");
    for (const std::string& d : row.texts("dialects")) {
      const auto dialect = dialect_named(d);
      if (!dialect)
        row.complain("dialects", fmt::format("there is no dialect '{}'; there are rfc, strict, proxy", d));
      r.dialects.push_back(*dialect);
    }
    r.features = row.texts("features");
    for (const std::string& f : r.features) {
      if (!is_feature(f))
        row.complain("features", fmt::format("unknown feature '{}'{}", f, did_you_mean(f, known_features())));
    }
    r.no_case = row.text_or("no_case", "");
    r.verified = row.boolean_or("verified", true);
    r.source = row.where();
    const auto [earlier, is_new] = by_id_.emplace(r.id, requirements_.size());
    if (!is_new) {
      row.complain("id", fmt::format("requirement '{}' stands in {} already; ids are unique", r.id,
                                     requirements_[earlier->second].source));
    }
    requirements_.push_back(std::move(r));
  }
}

const Catalogue& Catalogue::shipped() {
  static const Catalogue catalogue = load(data_directory() / "requirements");
  return catalogue;
}

const Requirement* Catalogue::find(std::string_view id) const {
  const auto at = by_id_.find(id);
  return at == by_id_.end() ? nullptr : &requirements_[at->second];
}

const Requirement& Catalogue::cited(std::string_view id) const {
  if (const Requirement* r = find(id)) return *r;
  const std::string near = nearest_id(id);
  throw std::logic_error(fmt::format("there is no requirement '{}'{}", id,
                                     near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
}

std::string Catalogue::clause(std::string_view id) const {
  const Requirement* r = find(id);
  if (!r) return "";
  // What a dialect is made of no RFC demands.
  if (r->rfc.empty() && r->level != "de-facto" && !r->dialects.empty())
    return fmt::format("dialect {}", name(r->dialects.front()));
  if (r->rfc.empty()) return r->see.empty() ? "good practice" : fmt::format("good practice ({})", r->see);
  if (r->section.empty()) return "RFC " + r->rfc;
  if (r->section[0] < '0' || r->section[0] > '9') return fmt::format("RFC {}, \"{}\"", r->rfc, r->section);
  std::string sections = r->section;
  const std::size_t last = sections.rfind("; ");
  if (last == std::string::npos) return fmt::format("RFC {}, section {}", r->rfc, sections);
  sections.replace(last, 2, " and ");
  for (std::size_t at = 0; (at = sections.find("; ", at)) != std::string::npos;)
    sections.replace(at, 2, ", ");
  return fmt::format("RFC {}, sections {}", r->rfc, sections);
}

std::string Catalogue::strongest_level(std::span<const std::string> ids) const {
  auto strongest = kLevels.end();
  for (const std::string& id : ids) {
    if (const Requirement* r = find(id))
      strongest = std::min(strongest, std::find(kLevels.begin(), kLevels.end(), r->level));
  }
  return strongest == kLevels.end() ? "" : *strongest;
}

std::string Catalogue::nearest_id(std::string_view id) const {
  std::vector<std::string> ids;
  for (const Requirement& r : requirements_) ids.push_back(r.id);
  return nearest(id, ids);
}

}  // namespace relayspec
