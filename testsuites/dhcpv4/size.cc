// Size: messages of every length that the link carries come through whole (RFC 1542, section 2.1).
#include <algorithm>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Size : public Case {};

Message with_a_kilobyte(const Message& m) {
  return m.plus(option::of(224, Bytes(255, 0xe0)))
      .plus(option::of(225, Bytes(255, 0xe1)))
      .plus(option::of(226, Bytes(255, 0xe2)))
      .plus(option::of(227, Bytes(255, 0xe3)));
}

// The message with so many octets in all, that it is filled up to by an option as long as it takes, no octet
// like the next. An option takes two octets at least.
Message of_size(Message m, std::size_t size) {
  for (std::size_t missing = size - encode(m.with({.tail = Bytes{code::end}})).size(); missing > 0;) {
    const std::size_t take = missing > 257 ? std::min<std::size_t>(257, missing - 2) : missing;
    if (take < 2) {
      m = m.plus(option::pads(1));
    } else {
      Bytes data(take - 2);
      for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::uint8_t>(i * 7 + missing);
      m = m.plus(option::of(224, data));
    }
    missing -= take;
  }
  return m.with({.tail = Bytes{code::end}});
}

// RFC 1542, section 2.1: longer messages than the smallest are taken whole.
TEST_F(Size, OfALongMessage) {
  covers({"RFC1542-2.1-larger-accepted", "RFC2131-2-options-over-312"});

  const auto message = with_a_kilobyte(client.discover());
  client.sends(message);

  server.gets(relayed(message));
}

// RFC 1542, section 4.1.2: and delivered whole.
TEST_F(Size, OfALongReply) {
  covers({"RFC1542-2.1-larger-accepted", "RFC2131-2-options-over-312"});

  const auto discover = client.discover();
  client.sends(discover);
  server.gets(relayed(discover));
  const auto reply = with_a_kilobyte(server.offer(client));
  server.sends(reply);

  client.gets(delivered(reply));
}

// RFC 1542, section 2.1: messages are taken as long as the link carries them; sizes where buffers like to
// end.
TEST_F(Size, OfMessagesOfAnySize) {
  covers({"RFC1542-2.1-larger-accepted", "RFC2131-2-options-over-312"});

  for (const std::size_t size : {301, 312, 548, 549, 576, 577, 1024, 1025, 1400, 1472}) {
    const auto message = of_size(client.discover(), size);
    client.sends(message);
    server.gets(relayed(message));
  }
}

// RFC 1542, section 4.1.2: the same towards the clients.
TEST_F(Size, OfRepliesOfAnySize) {
  covers({"RFC1542-2.1-larger-accepted", "RFC2131-2-options-over-312"});

  const auto discover = client.discover();
  client.sends(discover);
  server.gets(relayed(discover));
  for (const std::size_t size : {301, 312, 548, 549, 576, 577, 1024, 1025, 1400, 1472}) {
    const auto reply = of_size(server.offer(client, {.flags = broadcast_flag}), size);
    server.sends(reply);
    client.gets(delivered(reply));
  }
}

// RFC 1542, section 2.1 drops messages below 300 octets, and servers of today send them. A relay that takes
// them takes them as they are.
TEST_F(Size, OfAShortReply) {
  covers({"MALF-short-all-lengths", "RFC1542-4.1.2-options-intact-reply"});
  only_in({Dialect::rfc, Dialect::proxy});

  const auto discover = client.discover();
  client.sends(discover);
  server.gets(relayed(discover));
  const auto reply = server.offer(client, {.tail = Bytes{code::end}});
  server.sends(reply);

  if (client.may_get(delivered(reply)) || !live()) return;
  note("RFC1542-2.1-min-300-discard-reply", "replies shorter than 300 octets are dropped");
}

}  // namespace
}  // namespace relayspec
