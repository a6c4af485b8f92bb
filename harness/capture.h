// SPDX-License-Identifier: Apache-2.0
// Captures as files hold them: those that this project has written, and those of other tools.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "relayspec/harness/frame.h"

namespace relayspec {

struct Capture {
  bool own = false;                   ///< written by this project: frames have their segment and origin
  std::vector<std::string> comments;  ///< on the whole of it; of own captures alone
  std::vector<Frame> frames;          ///< as Ethernet; those of other link types get a header of zeros
  std::vector<std::string> remarks;   ///< what could not be read of it, and why
};

/// pcap and pcapng, as they are or cut short. Throws InputError: not there, no capture, or none of Ethernet,
/// Linux cooked or IP packets.
Capture read_capture(const std::filesystem::path&);
/// The same of a file's octets; `path` is for the messages.
Capture capture_in(std::string_view octets, const std::filesystem::path& path);

/// A file that this project has written; nothing where it is another's. `text`: the whole of it.
std::optional<Capture> read_own_capture(std::string_view text);

}  // namespace relayspec
