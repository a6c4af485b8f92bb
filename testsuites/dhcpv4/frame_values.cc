// SPDX-License-Identifier: Apache-2.0
// Fields of frames, IP and UDP headers with values that are easily mistaken for others (RFC 768, 791, 1122).
#include <string>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

constexpr std::size_t ip_header = 20, udp_header = 8;

// END, and octets behind it that are no padding: the last one is missed when it is lost.
Bytes marks() {
  Bytes octets(120, 0xe7);
  octets[0] = code::end;
  return octets;
}

// How far the lengths in the headers of IP and UDP are from what the frame holds.
struct Deviating {
  int ip, udp;
};

class Lengths : public Case {
 protected:
  static Message request(const Client& one) { return one.discover({.tail = marks()}); }
  Message reply(const Client& one) { return server.offer(one, {.flags = broadcast_flag, .tail = marks()}); }
  /// A client that waits for an answer.
  Client one_that_asks() {
    const Client one = client.another();
    goes_up(one, one.discover());
    return one;
  }

  /// Without a UDP checksum, so that nothing but the lengths shows what is wrong.
  template <class Host>
  static Bytes frame_with(const Host& host, const Message& m, Deviating by) {
    const auto udp = static_cast<int>(encode(m).size() + udp_header);
    const Bytes frame = host.frame_of(
        m, {.udp_checksum = std::uint16_t{0}, .udp_length = static_cast<std::uint16_t>(udp + by.udp)});
    return with_ip_total_length(frame, static_cast<std::uint16_t>(udp + static_cast<int>(ip_header) + by.ip));
  }
  static std::string in_words(const char* message, Deviating by) {
    return std::string(message) + ", IP length " + std::to_string(by.ip) + ", UDP length " +
           std::to_string(by.udp) + " off";
  }
  static Message without_last_octet(const Message& m) {
    Bytes tail = *m.tail;
    tail.pop_back();
    return m.with({.tail = tail});
  }
};

// More than there is, in one header or in both. What is missing stands in a buffer that held a longer
// message.
constexpr Deviating too_long[] = {{0, 1}, {1, 0}, {1, 1}, {-1, 0}, {60, 60}};
// One octet less than there is, as a frame has that was filled up.
constexpr Deviating shorter[] = {{0, -1}, {-1, -1}};

Message longer(const Message& m) { return m.plus(option::of(224, Bytes(200, 0xb5))); }

TEST_F(Lengths, RequestsWithALengthOffByOneAreDropped) {
  covers({"MALF-udp-length-too-big", "MALF-ip-total-length-mismatch"});

  for (const Deviating by : too_long) {
    const Client one = client.another(), another = client.another();
    goes_up(longer(request(client)));
    one.sends_frames({frame_with(one, request(one), by)}, in_words("a DISCOVER", by));
    goes_up(another, request(another));
  }

  nothing_comes_out();
  control_goes_up(request(client));
}

TEST_F(Lengths, RepliesWithALengthOffByOneAreDropped) {
  covers({"MALF-udp-length-too-big", "MALF-ip-total-length-mismatch"});

  for (const Deviating by : too_long) {
    const Client first = one_that_asks(), one = one_that_asks(), another = one_that_asks();
    goes_down(first, longer(reply(first)));
    server.sends_frames({frame_with(server, reply(one), by)}, in_words("an OFFER", by));
    goes_down(another, reply(another));
  }
  const Client last = one_that_asks();

  nothing_comes_out();
  control_goes_down(last, reply(last));
}

// RFC 768: what the UDP length leaves out is no part of the message, be it a single octet.
TEST_F(Lengths, OctetsBeyondTheUdpLengthAreNotRelayed) {
  covers({"MALF-udp-length-smaller"});

  for (const Deviating by : shorter) {
    const Client one = one_that_asks(), another = client.another();
    another.sends_frames({frame_with(another, request(another), by)}, in_words("a DISCOVER", by));
    Relayed copy = relayed(without_last_octet(request(another)));
    copy.checksum_optional = true;
    server.gets(copy);
    server.sends_frames({frame_with(server, reply(one), by)}, in_words("an OFFER", by));
    Delivered came = delivered(without_last_octet(reply(one)));
    came.checksum_optional = true;
    one.gets(came);
  }
}

class IpHeader : public Case {
 protected:
  static constexpr std::size_t ttl_offset = 8;
  struct Octet {
    const char* name;
    std::size_t at;
    std::uint8_t value;
  };
  /// The octets of a header in which a datagram that has arrived may be of any value.
  static constexpr Octet octets[] = {{"DSCP LE", 1, 0x04},
                                     {"DSCP CS6", 1, 0xc0},
                                     {"DSCP EF", 1, 0xb8},
                                     {"low delay", 1, 0x10},
                                     {"ECN CE", 1, 0x03},
                                     {"ToS 0xff", 1, 0xff},
                                     {"TTL 0", 8, 0},
                                     {"TTL 1", 8, 1},
                                     {"TTL 2", 8, 2},
                                     {"TTL 128", 8, 128},
                                     {"TTL 255", 8, 255},
                                     {"identification", 4, 0xff},
                                     {"fragments allowed", 6, 0},
                                     {"identification 1", 5, 1}};
};

// RFC 1122, sections 3.2.1.6 and 3.2.1.7: type of service and TTL are no reason to drop what has arrived; nor
// is it whether the sender would let routers make fragments.
TEST_F(IpHeader, RequestWithAnyTosTtlAndFlagsIsRelayed) {
  covers({"RFC1812-4.2.2.9-rx-ttl", "RFC1542-4.1.1-request-relayed", "RFC1542-4.1.1-ttl"});

  for (const auto& [name, at, value] : octets) {
    if (at == ttl_offset && value < 2) continue;  // a relay that counts it down may stop there
    const Client one = client.another();
    const auto discover = one.discover();
    one.sends_frames({with_ip_octet(one.frame_of(discover), at, value)}, std::string("a DISCOVER, ") + name);
    server.gets(relayed(discover));
  }
}

TEST_F(IpHeader, ReplyWithAnyTosTtlAndFlagsIsDelivered) {
  covers({"RFC1542-4.1.1-ttl"});

  for (const std::uint16_t flags : {broadcast_flag, std::uint16_t{0}}) {
    for (const auto& [name, at, value] : octets) {
      asks();
      const auto offer = server.offer(client, {.flags = flags});
      server.sends_frames({with_ip_octet(server.frame_of(offer), at, value)},
                          std::string("an OFFER, ") + name);
      client.gets(delivered(offer));
    }
  }
}

class Vlan : public Case {};

// IEEE 802.1Q: an identifier has twelve bits; the other four say nothing of which VLAN it is. Those that are
// zero in their lower or upper octet, in their highest bits, or all ones.
TEST_F(Vlan, TaggedRequestsAreNotRelayed) {
  covers({"MALF-vlan-priority-tag"});

  goes_up(client.discover());
  for (const int tag : {0x0001, 0x0008, 0x000f, 0x0010, 0x00ff, 0x0100, 0x0200, 0x0400, 0x0800, 0x0f00,
                        0x0ff0, 0x0ffe, 0x0fff, 0x1100, 0x2001, 0xe001, 0xe100, 0xe800, 0xf0ff, 0xffff}) {
    const auto id = static_cast<std::uint16_t>(tag);
    const Client one = client.another();
    one.sends_frames({with_vlan_tag(one.frame_of(one.discover()), id)},
                     "a DISCOVER in VLAN " + std::to_string(id & 0x0fff));
  }

  nothing_comes_out();
  control_goes_up(client.discover());
}

// Every priority, and the bit beside it.
TEST_F(Vlan, PriorityTaggedRequestsAreRelayedOrDropped) {
  covers({"MALF-vlan-priority-tag"});

  for (std::uint32_t tag = 0; tag <= 0xf000; tag += 0x1000) {
    const Client one = client.another();
    const auto discover = one.discover();
    one.sends_frames({with_vlan_tag(one.frame_of(discover), static_cast<std::uint16_t>(tag))},
                     "a DISCOVER with a priority tag");
    server.may_get(relayed(discover));
  }
}

}  // namespace
}  // namespace relayspec
