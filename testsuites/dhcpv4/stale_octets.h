// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "relayspec/harness/bench.h"

namespace relayspec {

/// Messages of every length and end, each right behind a long message of another client.
class StaleOctets : public Case {
 protected:
  void requests_hold_their_own_octets(const std::vector<Option>& options);
  void replies_hold_their_own_octets();

  Client before = client;  ///< on whose network the long messages are

 private:
  /// A message and what it is called in findings.
  struct Short {
    std::string name;
    Bytes octets;
  };

  static void add_filled(std::vector<Short>&, const std::string& name, const Message&, std::size_t size,
                         const Bytes& tail);
  static std::vector<Short> every_end_of(const Message&, const std::string& kind);
  /// The client with an exchange of its own.
  Message offer_to(const Client&);
  /// Each right behind a long one of another client.
  void send_requests(const std::vector<Short>&);
  /// The same, each in answer to a request of its own.
  void send_replies(const std::vector<Short>&);
};

}  // namespace relayspec
