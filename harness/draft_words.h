// SPDX-License-Identifier: Apache-2.0
// The words of a command line, with what is the lab's in place of the names and addresses in them.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace relayspec {

struct DraftWord {
  enum class Part : std::uint8_t { downlink, uplink, downlink_address, uplink_address, server };
  std::string shell;                                ///< the word, quoted for a shell
  std::vector<std::pair<Part, std::string>> found;  ///< what stood in it, in order
  bool all_downlinks = false;                       ///< it has all of them, as in eth1,eth2
};

/// One word: an option, its value, or an argument. `option` is the option in front of it, or empty. `seen` is
/// what was found in words before.
DraftWord read_word(const std::string& word, std::string_view option,
                    const std::map<DraftWord::Part, std::set<std::string>>& seen);

/// A word that a shell takes as it is.
std::string quoted(const std::string& word);

}  // namespace relayspec
