// SPDX-License-Identifier: Apache-2.0
// The requirement catalogue: what the RFCs and good practice ask of a relay, each with an id that is stable
// for ever.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "relayspec/harness/dialect.h"

namespace relayspec {

struct Requirement {
  std::string id;         ///< "RFC1542-4.1.1-hops-increment"
  std::string rfc;        ///< "1542"; empty for rules of good practice that no RFC states
  std::string section;    ///< of that RFC, "4.1.1"; several are separated by "; "; may be empty
  std::string level;      ///< "MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY" or "de-facto"
  std::string direction;  ///< "client->server", "server->client", "any" or "config"
  std::string text;       ///< the requirement in our own words
  /// A more general requirement; where that is broken as well, a finding of this one says nothing more.
  std::string part_of;
  std::string see;  ///< where else it rests on: "RFC 951, section 8", "vendor practice"; may be empty
  std::vector<Dialect> dialects;      ///< that hold a relay to it; empty: all
  std::vector<std::string> features;  ///< that a relay needs to come into its reach, as profiles list them
  std::string no_case;                ///< why no black-box case can judge it; empty where cases do
  bool verified = true;               ///< checked against the text of the source
  std::string source;                 ///< file and line it stands in
};

class Catalogue {
 public:
  /// Reads every *.toml of a directory. Throws InputError: unreadable, a wrong key, level or direction, an id
  /// used twice.
  static Catalogue load(const std::filesystem::path& directory);

  /// The catalogue that is shipped with the program, read at the first call.
  static const Catalogue& shipped();

  /// Null for an unknown id.
  const Requirement* find(std::string_view id) const;

  /// The requirement that a case cites. Throws std::logic_error for an unknown id: the fault is the
  /// harness's, never the relay's.
  const Requirement& cited(std::string_view id) const;

  /// In the order of files and of rows within them.
  const std::vector<Requirement>& all() const { return requirements_; }

  /// "RFC 1542, section 4.1.1" of a requirement's id; for rows without an RFC "good practice", with what it
  /// follows from in parentheses where that is known. Empty for an unknown id.
  std::string clause(std::string_view id) const;

  /// The strongest level among requirements, "MUST" before "MUST NOT" before "SHOULD" … "de-facto"; empty
  /// when none of the ids is known.
  std::string strongest_level(std::span<const std::string> ids) const;

  /// The known id that is spelt most like this one, for hints; empty when nothing is near.
  std::string nearest_id(std::string_view id) const;

 private:
  void read(const std::filesystem::path& file);

  std::vector<Requirement> requirements_;
  std::map<std::string, std::size_t, std::less<>> by_id_;
};

}  // namespace relayspec
