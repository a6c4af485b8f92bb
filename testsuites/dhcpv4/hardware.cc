// SPDX-License-Identifier: Apache-2.0
// Clients on other kinds of hardware than Ethernet, and link addresses that Ethernet does not have.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Hardware : public Case {};

// RFC 4390, section 2.1: InfiniBand clients have no link address in chaddr; option 61 identifies them.
TEST_F(Hardware, RequestsWithoutALinkAddressAreRelayed) {
  covers({"RFC4390-2.1-ipoib-request", "RFC6842-2-zero-chaddr"});

  for (const std::uint8_t htype : Bytes{32, 1}) {
    goes_up(client.another().discover(
        {.htype = htype, .hlen = std::uint8_t{0}, .flags = broadcast_flag, .chaddr = Bytes{}}));
  }
}

// RFC 951, section 3: chaddr has 16 octets, so an address may have 16.
TEST_F(Hardware, RequestsWithALinkAddressOf_16OctetsAreRelayed) {
  covers({"RFC1542-4.1.1-request-relayed", "RFC1542-2.3-chaddr-preserved"});

  Bytes longest;
  for (std::uint8_t octet = 1; octet <= 16; ++octet) longest.push_back(octet);
  goes_up(client.discover(
      {.htype = std::uint8_t{31}, .hlen = std::uint8_t{16}, .flags = broadcast_flag, .chaddr = longest}));
}

// RFC 4390, section 2.2: they are answered by broadcast.
TEST_F(Hardware, RepliesWithoutALinkAddressAreBroadcast) {
  covers({"RFC4390-2.2-ipoib-reply-broadcast", "RFC6842-2-zero-chaddr"});

  goes_up(client.discover({.htype = std::uint8_t{32}, .hlen = std::uint8_t{0}, .flags = broadcast_flag}));
  const auto reply = server.offer(
      client,
      {.htype = std::uint8_t{32}, .hlen = std::uint8_t{0}, .flags = broadcast_flag, .chaddr = Bytes{}});
  goes_down(reply.plus(option::of(code::client_id, {0, 1, 2, 3})), Delivered::By::broadcast);
  // RFC 6842, section 2: a reply in which neither identifies the client may be dropped.
  server.sends(reply);
  client.may_get(delivered(reply, Delivered::By::broadcast));
}

// RFC 2855, section 3: what stands in chaddr of a FireWire client is no address to send to.
TEST_F(Hardware, ChaddrOfAnotherLinkTypeIsNoDestination) {
  covers({"RFC2855-3-1394-chaddr-ignored"});

  asks();
  goes_down(
      server.offer(client, {.htype = std::uint8_t{24}, .hlen = std::uint8_t{0}, .flags = broadcast_flag})
          .plus(option::of(code::client_id, {0, 1, 2, 3})),
      Delivered::By::broadcast);
}

// Without a link address and without the flag there is only broadcast, or nothing; no frame is sent to zeros.
TEST_F(Hardware, ZeroLinkAddressIsNoDestination) {
  covers({"RFC4390-2.2-hlen0-no-broadcast-bit"});

  asks();
  const auto reply =
      server.offer(client, {.htype = std::uint8_t{32}, .hlen = std::uint8_t{0}, .chaddr = Bytes{}});
  server.sends(reply);

  for (const Arrival& a : comes_out(Segment::downlink0, reply)) {
    if (a.datagram.eth_dst.is_broadcast()) continue;
    deviates("RFC4390-2.2-hlen0-no-broadcast-bit", "a reply without a link address is sent to one",
             "link broadcast, or nothing", a.datagram.eth_dst.to_string());
  }
}

// Nor to what stands in chaddr where hlen says that there is nothing, or more than this link has.
TEST_F(Hardware, ChaddrWithInvalidHlenIsNoDestination) {
  covers({"RFC4390-2.2-hlen0-no-broadcast-bit", "MALF-hlen-odd-for-ethernet"});

  asks();
  for (const std::uint8_t hlen : Bytes{0, 8, 16}) {
    const auto reply = server.offer(client, {.hlen = hlen, .chaddr = Bytes{2, 0, 0x5e, 0x0c, 9, 9, 9, 9}});
    server.sends(reply);
    for (const Arrival& a : comes_out(Segment::downlink0, reply)) {
      if (a.datagram.eth_dst.is_broadcast()) continue;
      deviates("MALF-hlen-odd-for-ethernet",
               "a frame is sent to 6 octets of a link address that has another length",
               "link broadcast, or nothing", "hlen " + std::to_string(hlen));
    }
  }
}

// Messages with any htype: the relay passes the field on unchanged.
TEST_F(Hardware, AnyHtypeIsRelayedUnchangedOrDropped) {
  covers({"RFC3456-htype-31"});

  for (const std::uint8_t htype : Bytes{0, 6, 31, 255}) {
    if (!may_go_up(client.another().discover({.htype = htype})))
      deviates("RFC3456-htype-31", "a request of an unusual htype is dropped", "relayed",
               std::to_string(htype));
    const auto reply = server.offer(client, {.htype = htype, .flags = broadcast_flag});
    server.sends(reply);
    if (!client.may_get(delivered(reply, Delivered::By::broadcast)))
      deviates("RFC3456-htype-31", "a reply of an unusual htype is dropped", "delivered",
               std::to_string(htype));
  }
}

// Lengths of the link address that Ethernet does not have.
TEST_F(Hardware, AnyHlenIsRelayedOrDropped) {
  covers({"MALF-hlen-odd-for-ethernet"});

  asks();
  for (const std::uint8_t hlen : Bytes{0, 1, 5, 7, 8, 16}) {
    may_go_up(client.another().discover({.hlen = hlen}));
    const auto reply = server.offer(client, {.hlen = hlen});
    server.sends(reply);
    const auto came = comes_out(Segment::downlink0, reply);
    if (came.size() > 1)
      deviates("MALF-hlen-odd-for-ethernet", "more than one frame for one reply", "one at most",
               std::to_string(came.size()));
  }
}

// A multicast address in chaddr is no host's link address; a broadcast frame with a datagram for one host
// breaks RFC 1122, section 3.3.6.
TEST_F(Hardware, MulticastChaddrIsNoUnicastDestination) {
  covers({"MALF-chaddr-group-reply", "RFC1122-3.3.6-link-bcast-needs-ip-bcast"});

  asks();
  for (const Bytes& chaddr : {Bytes{1, 0, 0x5e, 0, 0, 1}, Bytes(6, 0xff), Bytes(6, 0)}) {
    const auto reply = server.offer(client, {.chaddr = chaddr});
    server.sends(reply);
    for (const Arrival& a : comes_out(Segment::downlink0, reply)) {
      const bool to_all = a.datagram.ip_dst == Ipv4("255.255.255.255") ||
                          a.datagram.ip_dst == subnet_broadcast(Segment::downlink0);
      if (to_all || !a.datagram.eth_dst.is_broadcast()) continue;
      deviates("RFC1122-3.3.6-link-bcast-needs-ip-bcast", "a link broadcast carries a datagram for one host",
               "an IP broadcast, or nothing", role_of(a.datagram.ip_dst));
    }
  }
}

}  // namespace
}  // namespace relayspec
