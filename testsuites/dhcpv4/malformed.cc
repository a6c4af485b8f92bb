// SPDX-License-Identifier: Apache-2.0
// What no client and no server should send. A relay may drop it or pass it on as it is; it must not crash or
// change it.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Malformed : public Case {};

// Makes a message so long that no relay fills it up to 300 octets (RFC 1542, section 2.1).
Option enough() { return option::of(224, Bytes(100, 0x24)); }

// Fewer octets than the fixed fields have: there is no giaddr to fill in, or no room for all of chaddr.
TEST_F(Malformed, RequestsWithoutAllFixedFieldsAreDropped) {
  covers({"MALF-short-all-lengths", "MALF-empty-udp"});

  const Bytes whole = encode(client.discover());
  for (const std::size_t size : {0, 1, 4, 27, 28, 43, 44, 107, 108, 235}) {
    client.sends_octets(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)),
                        std::to_string(size) + " octets of a DISCOVER");
  }

  nothing_comes_out();
  control_goes_up(client.discover());
}

// The same from the servers' side.
TEST_F(Malformed, RepliesWithoutAllFixedFieldsAreDropped) {
  covers({"MALF-short-all-lengths", "MALF-empty-udp"});

  asks();
  const Message offer = server.offer(client, {.flags = broadcast_flag});
  const Bytes whole = encode(offer);
  for (const std::size_t size : {0, 1, 4, 27, 28, 43, 44, 107, 108, 235}) {
    server.sends_octets(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)),
                        std::to_string(size) + " octets of an OFFER");
  }

  nothing_comes_out();
  control_goes_down(offer);
}

// chaddr has 16 octets; an hlen beyond that is no length.
TEST_F(Malformed, RequestWithHlenOver_16IsRelayedUnchangedOrDropped) {
  covers({"MALF-hlen-over-16-request"});

  for (const std::uint8_t hlen : Bytes{17, 64, 255}) {
    may_go_up(client.discover({.hlen = hlen}));
  }
}

// In a reply the relay uses it to address the client.
TEST_F(Malformed, ReplyWithHlenOver_16IsDeliveredUnchangedOrDropped) {
  covers({"MALF-hlen-over-16-reply"});

  asks();
  for (const std::uint8_t hlen : Bytes{17, 64, 255}) {
    may_go_down(server.offer(client, {.hlen = hlen, .flags = broadcast_flag}));
  }
}

// An option that says it is longer than what is left of the message.
TEST_F(Malformed, RequestWithATruncatedOptionIsRelayedUnchangedOrDropped) {
  covers({"MALF-truncated-option", "MALF-code-without-length"});

  for (const Bytes& end : {Bytes{12, 200, 'a', 'b'}, Bytes{12}, Bytes{53}, Bytes{82}, Bytes{61, 255}}) {
    may_go_up(client.discover({.tail = end}).plus(enough()));
  }
}

// The same in a reply.
TEST_F(Malformed, ReplyWithATruncatedOptionIsDeliveredUnchangedOrDropped) {
  covers({"MALF-truncated-option-reply", "MALF-code-without-length"});

  asks();
  for (const Bytes& end : {Bytes{12, 200, 'a', 'b'}, Bytes{12}, Bytes{53}, Bytes{82}, Bytes{61, 255}}) {
    may_go_down(server.offer(client, {.flags = broadcast_flag, .tail = end}).plus(enough()));
  }
}

// Options whose value is missing.
TEST_F(Malformed, EmptyOptionsAreRelayedUnchangedOrDropped) {
  covers({"MALF-zero-length-options"});

  for (const std::uint8_t empty : {code::overload, code::message_type, code::server_id,
                                   code::max_message_size, code::client_id, code::host_name}) {
    may_go_up(client.discover({.options = {{option::of(empty, {})}}}));
  }
}

}  // namespace
}  // namespace relayspec
