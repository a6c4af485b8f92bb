// SPDX-License-Identifier: Apache-2.0
// Names that the operator gives: the subscriber's (RFC 3993) and the relay's own (RFC 6925).
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

constexpr std::uint8_t subscriber_id = 6, relay_id = 12;

Bytes octets_of(std::string_view s) { return {s.begin(), s.end()}; }

class SubscriberId : public Case {
 protected:
  /// RFC 3993, section 3.1: at least one octet, and no NUL at its end.
  void is_the_text(const Arrival& a, const std::string& text) {
    const auto got = contains(a, "RFC3046-2.1-per-suboption-config", subscriber_id);
    if (!got || *got == octets_of(text)) return;
    const char* rule = got->empty()       ? "RFC3993-3.1-min-length-ascii"
                       : got->back() == 0 ? "RFC3993-3.1-no-nul"
                                          : "RFC3046-2.1-per-suboption-config";
    deviates(rule, "the subscriber-id is not the configured text", text, hex(*got));
  }
};

// RFC 3993, section 3.1: the text as it is, without a NUL at its end.
TEST_F(SubscriberId, IsTheConfiguredText) {
  covers({"RFC3993-3.1-no-nul", "RFC3993-4-configurable", "RFC3046-2.1-per-suboption-config"});
  relay_with({.option82 = true, .subscriber_id = "flat 7, left"});

  for (const Message& m : {client.discover(), client.request(server), client.inform()})
    is_the_text(goes_up(m), "flat 7, left");
  is_the_text(asks(neighbour), "flat 7, left");
}

// RFC 3993, section 3.1: one octet is enough, and without any there is no sub-option.
TEST_F(SubscriberId, OneOctetIsSent) {
  covers({"RFC3993-3.1-min-length-ascii"});
  relay_with({.option82 = true, .subscriber_id = "7"});

  is_the_text(goes_up(client.discover()), "7");
}

TEST_F(SubscriberId, IsAbsentUnlessConfigured) {
  covers({"RFC3993-3.1-min-length-ascii", "RFC3993-4-configurable"});
  relay_with({.option82 = true});

  const Arrival arrival = goes_up(client.discover());
  lacks(arrival, "RFC3993-4-configurable", subscriber_id);
  if (sub_option(arrival.message, subscriber_id) == Bytes{})
    deviates("RFC3993-3.1-min-length-ascii", "a sub-option 6 without a text",
             "none, or one of an octet at least", "an empty one");
}

class RelayId : public Case {
 protected:
  void relay_has_a_name() { relay_with({.option82 = true, .relay_id = "relay 9"}); }
};

// RFC 6925, section 5: what the operator says.
TEST_F(RelayId, IsTheConfiguredText) {
  covers({"RFC6925-4-format", "RFC6925-5-configurable"});
  relay_has_a_name();

  holds(goes_up(client.discover()), "RFC6925-5-configurable", relay_id, octets_of("relay 9"));
}

// RFC 6925, section 5: it names the relay, so it is one on all links, in all messages, for ever.
TEST_F(RelayId, IsTheSameOnAllDownlinksAndInAllMessages) {
  covers({"RFC6925-5-stable"});
  relay_has_a_name();

  const auto named = sub_option(asks(neighbour).message, relay_id);
  const auto stays = [&](const Arrival& a) {
    if (named) holds(a, "RFC6925-5-stable", relay_id, *named);
  };
  stays(goes_up(client.inform()));
  stays(asks(client.another()));
  relay_restarts();
  stays(asks());
}

}  // namespace
}  // namespace relayspec
