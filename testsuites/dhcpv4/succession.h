// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "relayspec/harness/bench.h"

namespace relayspec {

/// Messages right behind one another, each judged by what it is alone.
class Succession : public Case {
 protected:
  using Make = std::function<Message(const Client&)>;
  struct Kind {
    std::string name;
    Make make;
    Envelope over = {};
  };

  Kind plain_request();
  Kind plain_reply();
  /// By port, address, host and destination.
  std::vector<Kind> every_way_of_asking();
  std::vector<Kind> every_request();
  std::vector<Kind> every_reply();

  /// Each of these behind the other one, and the other one behind each.
  void in_turns_with(const Kind& other, const std::vector<Kind>& all);

 private:
  /// Every reply answers a request of its own, which has been relayed before.
  void send_in_turn(const std::vector<Kind>&);
};

}  // namespace relayspec
