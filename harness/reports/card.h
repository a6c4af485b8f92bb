// SPDX-License-Identifier: Apache-2.0
// What deviates, as one block of a page: verdict and rule, what was expected and observed, and what shows it.
#pragma once

#include <string>

#include "relayspec/harness/result.h"

namespace relayspec {

struct Card {
  Verdict verdict = Verdict::fail;
  std::string anchor;            ///< what a link leads to; may be empty
  std::string title, soft, why;  ///< plain text: a name, what is said softly beside it, and one line below
  std::string terms;             ///< HTML, of term()
  std::string exhibit;           ///< HTML; may be empty
};
std::string card_html(const Card&);

/// "MUST · RFC 1542, section 4.1.1"
std::string level_and_clause(const std::string& level, const std::string& clause);

}  // namespace relayspec
