// SPDX-License-Identifier: Apache-2.0
// What a message must be like after a relay has relayed it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "relayspec/harness/message.h"

namespace relayspec {

/// The rules that an option 82 breaks which is not as it has to be.
struct Option82Rules {
  std::string due;    ///< the relay's own is missing
  std::string added;  ///< one is there that must not be
  std::string kept;   ///< one that has to stay is missing or changed
  std::string left;   ///< reply: one that has to be removed is there
  std::string more;   ///< request: beside the relay's own there is another instance
};

/// A message that a server has to receive.
struct Relayed {
  Message message;
  bool adds_option82 = false;      ///< with the relay's own option 82 in it
  bool option82_optional = false;  ///< or without, where only the relay knows whether there is room for it
  Bytes replaced = {};             ///< what stood in the option 82 that the relay's own takes the place of
  bool checksum_optional = false;  ///< its UDP checksum may be missing, because it was missing when it came
  bool any_port = false;           ///< whatever its UDP source port is
  Option82Rules rules = {};
  std::string server_id_rule = {};  ///< that option 54 rests on where the relay has to change it
  std::string giaddr_rule = {};     ///< that giaddr rests on where it is not the interface's address
  /// Further addresses of the interface on which the request came in; giaddr may be any of them.
  std::vector<Ipv4> further_giaddrs = {};
};

/// A message that a client has to receive.
struct Delivered {
  Message message;
  /// How it may come; `either` is what the BROADCAST flag asks for, or a whole broadcast (RFC 1542
  /// section 4.1.2).
  enum class By : std::uint8_t { either, unicast, broadcast } by = By::either;
  bool strips_option82 = false;
  bool option82_optional = false;  ///< what another has put in, and `message` has, may be gone too
  bool checksum_optional = false;
  Bytes echo = {};  ///< option 82, or its content, that the relay takes out of the server's reply
  Option82Rules rules = {};
  std::string server_id_rule = {};  ///< that option 54 rests on where the relay has to change it
};

}  // namespace relayspec
