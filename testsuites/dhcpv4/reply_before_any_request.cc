// SPDX-License-Identifier: Apache-2.0
// Replies that are the first messages that a relay sees after its start.
#include <string>
#include <vector>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class ReplyBeforeAnyRequest : public Case {
 protected:
  /// Servers answer requests from before a restart, so that the relay has seen no request since its start.
  void is_delivered() {
    const Client other = client.another();
    for (const Client& c : {client, other}) asks(c);
    struct Reply {
      std::string name;
      Client to;
      Message message;
    };
    std::vector<Reply> replies{{"OFFER", client, server.offer(client, {.flags = broadcast_flag})},
                               {"NAK", other, server.nak(other, {.flags = broadcast_flag})}};
    if (offers("multi-downlink")) {
      asks(neighbour);
      replies.push_back({"OFFER", neighbour, server.offer(neighbour, {.flags = broadcast_flag})});
    }
    const bool seen = relay_restarts_before([&] {
      for (const Reply& r : replies) server.sends(r.message);
    });
    if (!seen) cannot_be_judged("nothing shows when this relay listens");
    for (const Reply& r : replies) {
      in_row(r.name + " on " + interface_name(r.to.downlink()));
      is_delivered_or_never(r.to, r.message);
    }
  }

 private:
  /// One that is lost, and delivered when a request has gone before it, shows that the relay needs that.
  void is_delivered_or_never(const Client& to, const Message& m) {
    const auto came = comes_out(to.downlink(), m);
    for (const Arrival& a : came) to.compares(a, delivered(m));
    if (!came.empty() || !live()) return;
    server.sends(m);
    if (!to.may_get(delivered(m))) return;
    deviates("RFC1542-4.1.2-stateless-after-restart",
             "a reply is lost where the relay has seen no request since its start", "delivered by its giaddr",
             "nothing");
  }
};

// RFC 1542, section 4.1.2: giaddr and the client's address in the reply are all that a relay needs.
TEST_F(ReplyBeforeAnyRequest, IsDelivered) {
  covers({"RFC1542-4.1.2-stateless-after-restart"});

  is_delivered();
}

// RFC 3046, section 2.1: its option 82 is removed, though the relay has not added any since its start.
TEST_F(ReplyBeforeAnyRequest, IsDeliveredWithoutItsOption82) {
  covers({"RFC1542-4.1.2-stateless-after-restart", "RFC3046-2.1-strip-on-reply"});
  relay_with({.option82 = true});

  is_delivered();
}

}  // namespace
}  // namespace relayspec
