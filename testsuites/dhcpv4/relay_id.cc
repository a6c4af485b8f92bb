// SPDX-License-Identifier: Apache-2.0
// The relay agent identifier sub-option: a text that the operator gives (RFC 6925).
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

constexpr std::uint8_t relay_id = 12;

class RelayId : public Case {
 protected:
  const std::string name = "relay 9";
  void relay_has_a_name() { relay_with({.option82 = true, .relay_id = name}); }
};

// RFC 6925, section 5: the text that the operator has configured.
TEST_F(RelayId, IsTheConfiguredText) {
  covers({"RFC6925-4-format", "RFC6925-5-configurable"});
  relay_has_a_name();

  holds(goes_up(client.discover()), "RFC6925-5-configurable", relay_id, Bytes(name.begin(), name.end()));
}

// RFC 6925, section 5: it names the relay, so it is the same on all links and in all messages, and stays the
// same.
TEST_F(RelayId, IsTheSameOnAllDownlinksAndInAllMessages) {
  covers({"RFC6925-5-stable"});
  relay_has_a_name();

  const auto named = sub_option(asks(client).message, relay_id);
  const auto stays = [&](const Arrival& a) {
    if (named) holds(a, "RFC6925-5-stable", relay_id, *named);
  };
  stays(asks(neighbour));
  stays(goes_up(client.bootp()));
  const auto renewal = client.renew();
  client.sends_to_relay(renewal, relay_address(Segment::downlink0));
  stays(server.gets(relayed(renewal)));
  stays(goes_up(client.inform()));
  stays(asks(client.another()));
  relay_restarts();
  stays(asks());
}

}  // namespace
}  // namespace relayspec
