// SPDX-License-Identifier: Apache-2.0
// Requests that are the first messages that a relay sees after its start.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class FirstRequest : public Case {
 protected:
  /// Sends one on each downlink as soon as the relay listens. What has come out is compared; the rest is
  /// lost.
  std::vector<std::pair<Client, Message>> lost_after_a_start() {
    std::vector<std::pair<Client, Message>> sent, lost;
    for (const Client& c : clients()) sent.emplace_back(c, c.discover());
    const bool seen = relay_restarts_before([&] {
      for (const auto& [from, m] : sent) from.sends(m);
    });
    if (!seen) cannot_be_judged("nothing shows when this relay listens");
    for (const auto& [from, m] : sent) {
      const auto came = comes_out(Segment::uplink, m);
      for (const Arrival& a : came) server.compares(a, relayed_from(from.downlink(), m));
      if (came.empty() && live()) lost.emplace_back(from, m);
    }
    return lost;
  }

 private:
  std::vector<Client> clients() {
    std::vector<Client> all{client.another()};
    if (offers("multi-downlink")) all.push_back(neighbour.another());
    return all;
  }
};

// A client that is alone in its network repeats its request after 4 s only. Once may be by chance: the relay
// listens, and does not receive yet.
TEST_F(FirstRequest, OfEachNetworkIsRelayed) {
  covers({"IF-first-request"});

  std::map<Segment, int> times;
  for (int start = 0; start < 2; ++start) {
    for (const auto& [from, m] : lost_after_a_start()) {
      if (++times[from.downlink()] < 2) continue;
      in_row(std::string("on ") + interface_name(from.downlink()));
      from.sends(m);
      if (server.may_get(relayed_from(from.downlink(), m)))
        deviates("IF-first-request", "the first request after each start is lost", "relayed", "nothing");
    }
  }
}

}  // namespace
}  // namespace relayspec
