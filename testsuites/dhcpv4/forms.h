// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "relayspec/harness/bench.h"

namespace relayspec {

/// A case about the forms of a message that a relay may have code of its own for.
class InForms : public Case {
 protected:
  /// By type, by what names the client, by flag, and by broadcast or to the relay alone.
  struct RequestForm {
    std::string name;
    bool is_dhcp;   ///< it has a message type
    bool to_relay;  ///< by unicast to the relay's address on the client's network; else by broadcast
    std::function<Message(const Client&, const Message& over)> message;
  };
  std::vector<RequestForm> forms_of_request();

  /// By type, by flag, and by whether it gives the client an address.
  struct ReplyForm {
    std::string name;
    std::function<Message(const Client&)> request;  ///< that it answers
    std::function<Message(const Client&, const Message& over)> message;
  };
  std::vector<ReplyForm> forms_of_reply();

  /// Its name in findings.
  static std::string row_of(const RequestForm&, const Client&);
  void sends_as(const RequestForm&, const Client&, const Message&);
  /// Every server gets it, the first one's copy is returned.
  Arrival goes_up_as(const RequestForm&, const Client&, const Message&);
  void control_goes_up_as(const RequestForm&, const Client&, const Message&);
};

}  // namespace relayspec
