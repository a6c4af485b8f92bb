// SPDX-License-Identifier: Apache-2.0
// Replies to requests that came from other ports, addresses and hosts.
#include <string>
#include <utility>
#include <vector>

#include "succession.h"

namespace relayspec {
namespace {

// RFC 1542, section 4.1.2: an answer goes to the client that it names, at port 68, from wherever the request
// came.
class RepliesInSuccession : public Succession {
 protected:
  void answers_to_requests_of_every_way() {
    for (const std::uint16_t flags : {std::uint16_t{0}, broadcast_flag}) {
      answers([&](const Client& c) { return server.offer(c, {.flags = flags}); });
      answers([&](const Client& c) { return server.nak(c, {.flags = flags}); });
    }
  }

 private:
  void answers(const Make& make) {
    std::vector<std::pair<std::string, Message>> sent;
    for (const Kind& kind : every_way_of_asking()) {
      const Client one = client.with_new_xid();
      const Message request = kind.make(one);
      one.sends(request, kind.over);
      if (server.may_get(relayed(request)) || !live()) sent.emplace_back(kind.name, make(one));
    }
    for (const auto& [name, m] : sent) server.sends(m);
    for (const auto& [name, m] : sent) is_judged_by_model(m, "an answer to " + name);
  }
};

TEST_F(RepliesInSuccession, ReachTheClientThatTheyName) {
  covers(
      {"RFC1542-4.1.2-uses-htype-hlen-chaddr", "RFC1542-4.1.2-dport-68", "RFC1542-4.1.2-unicast-delivery"});

  answers_to_requests_of_every_way();
}

TEST_F(RepliesInSuccession, ReachTheClientThatTheyNameWithOption82) {
  covers({"RFC1542-4.1.2-uses-htype-hlen-chaddr", "RFC1542-4.1.2-dport-68", "RFC3046-2.1-strip-on-reply"});
  relay_with({.option82 = true});

  answers_to_requests_of_every_way();
}

}  // namespace
}  // namespace relayspec
