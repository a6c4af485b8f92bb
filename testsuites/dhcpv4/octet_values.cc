// SPDX-License-Identifier: Apache-2.0
// Octets of which few values have a meaning, with every value that they can have.
#include <string>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

constexpr unsigned most = 255;

class OctetValues : public Case {
 protected:
  /// A row for each value of an octet.
  template <class Build>
  static std::vector<TableRow> rows_of(const std::string& field, Build build) {
    std::vector<TableRow> all;
    for (unsigned value = 0; value <= most; ++value) {
      const auto octet = static_cast<std::uint8_t>(value);
      all.push_back({field + " " + std::to_string(value),
                     [build, octet](const Client& one) { return build(one, octet); }});
    }
    return all;
  }
  /// Ethernet, IEEE 802, ARCNET, and InfiniBand, whose own address has 20 octets (RFC 4390).
  static constexpr std::uint8_t hardware[] = {1, 6, 7, 32};
  static std::string of_htype(std::uint8_t htype) { return "htype " + std::to_string(htype) + " hlen"; }
  /// With octets behind the client's link address, and with a client identifier in option 61 (RFC 6842).
  static Message with_hlen(const Message& m, std::uint8_t hlen) {
    Bytes chaddr = *m.chaddr;
    chaddr.resize(6);
    for (std::uint8_t octet = 0xa1; chaddr.size() < 16; ++octet) chaddr.push_back(octet);
    return m.with({.hlen = hlen, .chaddr = chaddr}).plus(option::of(code::client_id, {0, 1, 2, 3}));
  }
  Message reply_to(const Client& one) { return server.offer(one, {.flags = broadcast_flag}); }
};

// RFC 1542, section 2.1: only 1 and 2 are operations.
TEST_F(OctetValues, RequestsWithAnyOp) {
  covers({"RFC1542-2.1-op-valid-only"});

  auto rows = rows_of("op", [](const Client& one, std::uint8_t op) { return one.discover({.op = op}); });
  rows.erase(rows.begin() + boot_reply);
  requests_are_judged_by_model(rows);
}

TEST_F(OctetValues, RepliesWithAnyOp) {
  covers({"RFC1542-2.1-op-valid-only"});

  auto rows =
      rows_of("op", [this](const Client& one, std::uint8_t op) { return reply_to(one).with({.op = op}); });
  rows.erase(rows.begin() + boot_request);
  replies_are_judged_by_model(rows);
}

// RFC 1542, section 4.1.1: more than 16 hops are too many, whatever the relay's own limit.
TEST_F(OctetValues, RequestsWithAnyHops) {
  covers({"RFC1542-4.1.1-hops-over-16-discard", "RFC1542-4.1.1-hops-16-boundary"});
  relay_with({.max_hops = 16});

  requests_are_judged_by_model(rows_of("hops", [this](const Client& one, std::uint8_t hops) {
    return one.discover({.hops = hops, .giaddr = other_relay()});
  }));
}

// RFC 1542, section 4.1.2 sets no limit to a reply's.
TEST_F(OctetValues, RepliesWithAnyHops) {
  covers({"RFC2131-table3-server-hops-copied", "RFC1542-4.1.2-hops-not-touched-reply"});

  replies_are_judged_by_model(rows_of(
      "hops", [this](const Client& one, std::uint8_t hops) { return reply_to(one).with({.hops = hops}); }));
}

// RFC 2131, section 3: the types of clients; and later ones, which have to pass old relays.
TEST_F(OctetValues, RequestsWithAnyMessageType) {
  covers({"RFC2131-msgtype-all-known", "RFC2131-msgtype-unknown-tolerated"});
  relay_with({.option82 = true});

  requests_are_judged_by_model(rows_of("message type", [](const Client& one, std::uint8_t type) {
    return replacing(one.discover(), code::message_type, option::number(code::message_type, type));
  }));
}

// Without a Server Identifier, which dialect `proxy` looks at in replies that it knows.
TEST_F(OctetValues, RepliesWithAnyMessageType) {
  covers({"RFC2131-msgtype-unknown-reply"});

  replies_are_judged_by_model(rows_of("message type", [this](const Client& one, std::uint8_t type) {
    return without(replacing(reply_to(one), code::message_type, option::number(code::message_type, type)),
                   code::server_id);
  }));
}

// Only client and server interpret htype. With the BROADCAST flag a relay needs no link address.
TEST_F(OctetValues, MessagesWithAnyHtype) {
  covers({"RFC3456-htype-31", "RFC1542-4.1.1-fields-intact", "RFC1542-4.1.2-fields-intact-reply"});

  requests_are_judged_by_model(rows_of("htype", [](const Client& one, std::uint8_t htype) {
    return one.discover({.htype = htype, .flags = broadcast_flag});
  }));
  replies_are_judged_by_model(rows_of("htype", [this](const Client& one, std::uint8_t htype) {
    return reply_to(one).with({.htype = htype});
  }));
}

// RFC 951, section 3: hlen says how much of chaddr is the link address. All 16 octets pass, whatever it
// says.
TEST_F(OctetValues, RequestsWithAnyHlen) {
  covers({"MALF-hlen-odd-for-ethernet", "MALF-hlen-over-16-request", "RFC1542-2.3-chaddr-preserved",
          "RFC3456-htype-31"});

  for (const std::uint8_t htype : hardware) {
    requests_are_judged_by_model(rows_of(of_htype(htype), [htype](const Client& one, std::uint8_t hlen) {
      return with_hlen(one.discover({.htype = htype}), hlen);
    }));
  }
}

// RFC 1542, section 4.1.2: with the flag a reply of any of them is broadcast.
TEST_F(OctetValues, RepliesWithAnyHlenAndTheBroadcastFlag) {
  covers({"MALF-hlen-over-16-reply", "RFC3456-htype-31", "RFC1542-4.1.2-fields-intact-reply"});

  for (const std::uint8_t htype : hardware) {
    replies_are_judged_by_model(rows_of(of_htype(htype), [this, htype](const Client& one, std::uint8_t hlen) {
      return with_hlen(reply_to(one).with({.htype = htype}), hlen);
    }));
  }
}

// Without it a frame goes to one host where hlen says 6 octets, as Ethernet has them; else to all, or
// nowhere.
TEST_F(OctetValues, RepliesWithAnyHlenWithoutTheBroadcastFlag) {
  covers({"MALF-hlen-odd-for-ethernet", "MALF-hlen-over-16-reply", "RFC4390-2.2-hlen0-no-broadcast-bit"});

  client.holds(client.lease());
  for (const std::uint8_t htype : hardware) {
    replies_are_judged_by_model(rows_of(of_htype(htype), [this, htype](const Client& one, std::uint8_t hlen) {
      return with_hlen(server.offer(one, {.htype = htype}), hlen);
    }));
  }
}

// RFC 1542, section 2.2: one bit of flags has a meaning, and the other 15 are unchanged.
TEST_F(OctetValues, MessagesWithAnyFlags) {
  covers({"RFC1542-2.2-mbz-ignored-request", "RFC1542-2.2-mbz-ignored-reply",
          "RFC1542-4.1.2-broadcast-flag-kept-reply"});

  std::vector<TableRow> requests, replies;
  for (unsigned bit = 0; bit < 16; ++bit) {
    for (const unsigned beside : {0x0000U, 0x8000U, 0x7fffU}) {
      const auto flags = static_cast<std::uint16_t>(1U << bit ^ beside);
      const std::string name =
          "flags " + hex(Bytes{static_cast<std::uint8_t>(flags >> 8), static_cast<std::uint8_t>(flags)});
      requests.push_back({name, [flags](const Client& one) { return one.discover({.flags = flags}); }});
      replies.push_back(
          {name, [this, flags](const Client& one) { return server.offer(one, {.flags = flags}); }});
    }
  }
  requests_are_judged_by_model(requests);
  replies_are_judged_by_model(replies);
}

}  // namespace
}  // namespace relayspec
