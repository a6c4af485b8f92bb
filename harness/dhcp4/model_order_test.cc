// SPDX-License-Identifier: Apache-2.0
// The order of the rows: where two rows apply, the first decides. Two examples in one stimulus for each pair
// of neighbours that can apply to one.
#include <algorithm>

#include "harness/dhcp4/testing_model.h"

namespace relayspec::dhcp4 {
namespace {

struct Both {
  const char *decides, *applies_too;  ///< names of examples
  bool applied_first = false;         ///< where the other one would undo what decides
};

const Both request_pairs[] = {
    {"a downlink that is not relayed for", "from loopback"},
    {"a reply on a downlink by unicast", "hops 17"},
    {"strict: hops 5", "secs below the threshold"},
    {"secs below the threshold", "giaddr of the receiving interface, option 82 on"},
    {"option 82 of a client", "unicast to the relay in a link broadcast"},
    {"unicast to the relay in a link broadcast", "from the relay's own address", true},
    {"from the relay's own address", "chaddr of another host"},
    {"chaddr of another host", "IP options"},
    {"IP options", "1473 octets"},
    {"299 octets", "hops 4"},
    {"hops 4", "giaddr of the relay, option 82 off"},
    {"giaddr is a multicast group", "hlen 17"},
    {"hlen 5", "another cookie, option 82 on"},
    {"an option as long as the message", "an empty host name"},
    {"an empty host name", "two message types"},
    {"message type 0", "maximum size of 1 octet"},
    {"maximum size of 1 octet", "overload 0"},
    {"overload 0", "an OFFER in a request"},
    {"a LEASEQUERY of a client", "a stray octet in a trusted option 82"},
    {"sub-options that overrun option 82 of another relay", "two option 82 of another relay"},
    {"two option 82 of another relay", "another relay's option 82 on a trusted circuit"},
    {"another relay's option 82 on a trusted circuit", "option 82 in file, option 82 on"},
    {"option 82 of a client, option 82 off", "proxy: authentication and a server identifier"},
    {"proxy: authentication and a server identifier", "a repeated request", true},
    {"a repeated request", "another cookie, option 82 off"},
    {"a LEASEQUERY of another relay", "limit 8, hops 5", true},
    {"strict: hops 4", "secs at the threshold"},
    {"secs at the threshold", "policy append"},
    {"policy forward", "option 82 on a trusted circuit"},
    {"at the limit of size", "hlen 0"},
    {"htype 6", "no UDP checksum"},
    {"no UDP checksum", "by unicast from another relay"},
    {"from port 67", "to the directed broadcast address"},
    {"proxy: a renewal", "RFC 5107: a renewal"},
    {"a RELEASE by broadcast", "to the relay by unicast"},
    {"RFC 5107: a DISCOVER by unicast", "a DECLINE"},
    {"from 126.255.255.255", "BOOTP"},
    {"message type 254", "reserved flags"},
    {"reserved flags", "maximum size"},
    {"maximum size", "overload 1, file with an option over END"},
    {"overload 1, file with an option over END", "split option"},
    {"split option", "PADs between options"},
    {"PADs between options", "1472 octets"},
    {"1472 octets", "the relay as its own server"},
};

const Both reply_pairs[] = {
    {"a request of a server by broadcast", "reply, giaddr 0"},
    {"reply, giaddr of another relay", "reply, giaddr of the uplink, with an echo"},
    {"another VPN", "reply of an unknown server"},
    {"reply of an unknown server", "reply by broadcast"},
    {"reply by broadcast", "reply from port 66"},
    {"reply from port 66", "RFC 8357: reply to port 67"},
    {"RFC 8357: reply to port 67", "reply with IP options"},
    {"reply with IP options", "reply of 1473 octets"},
    {"reply of 236 octets", "reply, hlen 17"},
    {"reply, chaddr is a group", "reply, yiaddr is a group"},
    {"reply, yiaddr is a group", "reply with another cookie, option 82 on"},
    {"reply without END", "reply with an empty server identifier"},
    {"reply with an empty server identifier", "reply with two message types"},
    {"reply with message type 0", "reply with overload 4"},
    {"reply with overload 4", "a DISCOVER in a reply"},
    {"FORCERENEW", "proxy: reply with authentication and a server identifier"},
    {"proxy: reply with authentication and a server identifier", "proxy: the first of several OFFERs"},
    {"proxy: the first of several OFFERs", "reply with option 82, option 82 off"},
    {"reply to a request that had option 82 already", "sub-options that overrun the echo"},
    {"reply with another echo", "reply without an address and flag"},
    {"reply without an address and flag", "reply without a UDP checksum"},
    {"reply without a UDP checksum", "RFC 8357: reply to the relay's port"},
    {"reply, giaddr that the relay got later", "RFC 8357: reply to the relay's port"},
    {"reply, giaddr that the relay got later", "reply, htype 31 with the flag"},
    {"reply, InfiniBand with the flag", "reply to nothing"},
    {"reply to nothing", "reply, hops 1"},
    {"reply, hops 1", "link selection: reply to the uplink"},
    {"the VPN that the relay has asked for", "BOOTP reply"},
    {"a NAK without the flag", "the ACK for an INFORM"},
    {"reply, yiaddr 223.255.255.255", "reply with reserved flags"},
    {"reply with reserved flags", "reply with a client identifier"},
    {"reply with a client identifier", "reply with overload"},
    {"reply with overload", "reply with a split option"},
    {"reply with a split option", "reply with PADs between options"},
    {"reply with PADs between options", "reply of 1472 octets"},
};

const Example& named(const char* name) {
  for (const auto list : {request_examples(), malformed_request_examples(), due_request_examples(),
                          reply_examples(), malformed_reply_examples(), due_reply_examples()}) {
    const auto e = std::find_if(list.begin(), list.end(),
                                [&](const Example& x) { return std::string_view(x.name) == name; });
    if (e != list.end()) return *e;
  }
  throw std::logic_error(std::string("no example is named ") + name);
}

void expect_the_first_decides(const Stimulus& plain, std::span<const Row> rows, std::span<const Both> pairs) {
  for (const Both& pair : pairs) {
    SCOPED_TRACE(std::string(pair.decides) + ", " + pair.applies_too);
    const Example &first = named(pair.decides), &second = named(pair.applies_too);
    Stimulus s = plain;
    for (const Example* e : pair.applied_first ? std::array{&first, &second} : std::array{&second, &first})
      e->differs(s);
    const Outcome o = s.outcome();
    EXPECT_EQ(o.fate, first.fate);
    EXPECT_EQ(o.rule, first.rule);
    const Bytes frame = s.frame();
    const Facts facts(s.world, s.memory, s.segment, frame);
    EXPECT_TRUE(std::any_of(rows.begin(), rows.end(), [&](const Row& r) {
      return r.fate == second.fate && std::string_view(r.rule) == second.rule && r.applies(facts);
    })) << "both apply";
  }
}

TEST(ModelOrder, OfRequests) { expect_the_first_decides(plain_request(), request_rows(), request_pairs); }
TEST(ModelOrder, OfReplies) { expect_the_first_decides(plain_reply(), reply_rows(), reply_pairs); }

// What must be relayed is what no row before lets the relay drop.
TEST(ModelOrder, RowsThatAreDueComeLast) {
  for (const auto rows : {request_rows(), reply_rows()}) {
    EXPECT_TRUE(std::is_partitioned(rows.begin(), rows.end(), [](const Row& r) { return r.fate != due; }));
  }
}

}  // namespace
}  // namespace relayspec::dhcp4
