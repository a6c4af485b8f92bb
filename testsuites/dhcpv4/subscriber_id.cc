// SPDX-License-Identifier: Apache-2.0
// The subscriber-id sub-option: a text that the operator gives (RFC 3993).
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

constexpr std::uint8_t subscriber_id = 6;

class SubscriberId : public Case {
 protected:
  /// RFC 3993, section 3.1: at least one octet, and no NUL at its end.
  void is_the_text(const Arrival& a, const std::string& text) {
    const Bytes configured(text.begin(), text.end());
    const auto got = contains(a, "RFC3046-2.1-per-suboption-config", subscriber_id);
    if (!got || *got == configured) return;
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

  is_offered(client, server);
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

}  // namespace
}  // namespace relayspec
