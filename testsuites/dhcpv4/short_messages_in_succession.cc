// SPDX-License-Identifier: Apache-2.0
// Messages that are too short, each right behind a whole one.
#include <string>
#include <utility>
#include <vector>

#include "succession.h"

namespace relayspec {
namespace {

// Where fields begin and end, up to the last octet of `file`.
constexpr std::size_t runts[] = {0,  1,  2,  4,  7,  8,  12,  16,  20,  24,  27,
                                 28, 34, 43, 44, 45, 64, 107, 108, 200, 234, 235};

class ShortMessagesInSuccession : public Succession {
 protected:
  /// Whole messages come out once each; the short messages that follow them do not come out. A whole message
  /// that comes out again is a short one that was completed with its octets.
  void runts_behind_whole_messages() {
    a_second_copy_breaks("MALF-no-stale-data");
    for (const Kind& whole : {plain_request(), plain_reply()})
      for (const Kind& cut : {plain_request(), plain_reply()}) send_pairs(whole, cut);
    nothing_comes_out();
  }

 private:
  void send_pairs(const Kind& whole, const Kind& cut) {
    std::vector<std::pair<Client, Client>> pairs;
    for (std::size_t i = 0; i < std::size(runts); ++i) {
      const Client one = client.with_new_xid();
      pairs.emplace_back(client.another(), one);
      for (const Client& c : {pairs.back().first, pairs.back().second}) c.sends(c.discover());
    }
    for (const auto& [first, second] : pairs)
      for (const Client& c : {first, second}) server.gets(relayed(c.discover()));

    std::vector<std::pair<std::string, Message>> sent;
    for (std::size_t i = 0; i < std::size(runts); ++i) {
      const Message message = whole.make(pairs[i].first);
      const std::string what = std::to_string(runts[i]) + " octets of " + cut.name;
      sent.emplace_back(whole.name + " in front of " + what, message);
      message.op == boot_reply ? server.sends(message) : pairs[i].first.sends(message);
      Bytes octets = encode(cut.make(pairs[i].second));
      const bool reply = octets[0] == boot_reply;
      octets.resize(runts[i]);
      reply ? server.sends_octets(octets, what) : pairs[i].second.sends_octets(octets, what);
    }
    for (const auto& [name, m] : sent) is_judged_by_model(m, name);
  }
};

// A relay that ignores how many octets it has received reads on in the octets of the previous message.
TEST_F(ShortMessagesInSuccession, AreNotCompletedFromTheMessageBefore) {
  covers({"MALF-no-stale-data", "MALF-short-all-lengths", "MALF-empty-udp"});

  runts_behind_whole_messages();
}

TEST_F(ShortMessagesInSuccession, AreNotCompletedFromTheMessageBeforeWithOption82) {
  covers({"MALF-no-stale-data", "MALF-short-all-lengths", "MALF-empty-udp"});
  relay_with({.option82 = true});

  runts_behind_whole_messages();
}

}  // namespace
}  // namespace relayspec
