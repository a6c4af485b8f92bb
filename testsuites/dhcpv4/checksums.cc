// SPDX-License-Identifier: Apache-2.0
// UDP checksums over messages with many different sums, received and sent (RFC 768; RFC 1122, section
// 4.1.3.4).
#include <arpa/inet.h>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

std::uint16_t folded(std::uint32_t sum) {
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(sum);
}

std::uint16_t swapped(std::uint16_t v) { return static_cast<std::uint16_t>(v << 8 | v >> 8); }

// The sum that a datagram's UDP checksum is the complement of, without that checksum (RFC 768).
std::uint16_t sum_of(const Datagram& d) {
  Bytes octets = d.payload;
  const auto add = [&](std::uint32_t n) {
    octets.push_back(static_cast<std::uint8_t>(n >> 8));
    octets.push_back(static_cast<std::uint8_t>(n));
  };
  if (octets.size() % 2 != 0) octets.push_back(0);
  for (const std::uint32_t a : {std::uint32_t{d.ip_src}, std::uint32_t{d.ip_dst}}) {
    const std::uint32_t host = ntohl(a);
    add(host >> 16);
    add(host);
  }
  for (const std::uint32_t n : {std::uint32_t{17}, std::uint32_t(d.payload.size() + 8) * 2,
                                std::uint32_t{d.sport}, std::uint32_t{d.dport}})
    add(n);
  std::uint32_t s = 0;
  for (std::size_t i = 0; i < octets.size(); i += 2)
    s += static_cast<std::uint32_t>(octets[i] << 8 | octets[i + 1]);
  return folded(s);
}

// All ones, whose complement is zero; small ones, which come of a carry that is carried again; and octets
// that are all alike.
const std::uint16_t sums[] = {0xffff, 0x0001, 0x0002, 0x0003, 0x00ff, 0x0100,
                              0x0101, 0x7fff, 0x8000, 0xff00, 0xfffd, 0xfffe};
// Of messages with an even and an odd number of octets.
const std::size_t tails[] = {53, 54};

// One value of two octets of the message gives this sum, whatever else is in the datagram.
std::uint16_t value_for(std::uint16_t wanted, std::uint16_t sum_with_zero) {
  // Option 224's value stands at an odd octet in all messages here, so its halves are swapped.
  return swapped(folded(std::uint32_t{wanted} + static_cast<std::uint16_t>(~sum_with_zero)));
}

class Checksums : public Case {
 protected:
  Message request(std::size_t tail, std::uint16_t value) {
    return client.discover(
        {.options = {{option::type(Type::discover), option::number16(224, value)}}, .tail = ended(tail)});
  }
  Message reply(std::size_t tail, std::uint16_t value, std::uint16_t flags) {
    return server.offer(
        client, {.flags = flags,
                 .options = {{option::type(Type::offer), option::address(code::server_id, server.address()),
                              option::number16(224, value)}},
                 .tail = ended(tail)});
  }
  Arrival answered(std::size_t tail, std::uint16_t value, std::uint16_t flags) {
    asks();
    return goes_down(reply(tail, value, flags));
  }
  void is_so(const Arrival& a, std::uint16_t wanted) {
    if (live() && sum_of(a.datagram) != wanted)
      note("RFC768-zero-sum-as-ffff", "the sum could not be made what it should be");
  }

 private:
  static Bytes ended(std::size_t size) {
    Bytes tail(size);
    tail[0] = code::end;
    return tail;
  }
};

std::uint16_t sum_of_frame(const Bytes& frame) { return sum_of(*decode_udp(frame)); }

// RFC 768: a checksum that comes out as zero is sent as all ones, since zero means that there is none. The
// copy of one message shows how far the sum is from what it should be; the next one is made to fill that up.
TEST_F(Checksums, ChecksumOfARelayedRequestIsNeverZero) {
  covers({"RFC768-zero-sum-as-ffff", "RFC1542-4.1.1-udp-cksum-recalc"});

  for (const std::size_t tail : tails) {
    const std::uint16_t with_zero = sum_of(goes_up(request(tail, 0)).datagram);
    for (const std::uint16_t sum : sums) is_so(goes_up(request(tail, value_for(sum, with_zero))), sum);
  }
}

// RFC 1542, section 4.1.2: the same for replies, whose headers a relay often builds by itself; by broadcast
// and by unicast.
TEST_F(Checksums, ChecksumOfADeliveredReplyIsNeverZero) {
  covers({"RFC768-zero-sum-as-ffff", "RFC1542-4.1.2-udp-cksum-recalc-reply"});

  for (const std::uint16_t flags : {broadcast_flag, std::uint16_t{0}}) {
    for (const std::size_t tail : tails) {
      const std::uint16_t with_zero = sum_of(answered(tail, 0, flags).datagram);
      for (const std::uint16_t sum : sums) is_so(answered(tail, value_for(sum, with_zero), flags), sum);
    }
  }
}

// RFC 1122, section 4.1.3.4: a datagram whose checksum is right is taken in, whatever the sum.
TEST_F(Checksums, EveryCorrectChecksumIsAccepted) {
  covers({"RFC1542-4.1.1-request-relayed"});

  for (const std::size_t tail : tails) {
    const std::uint16_t up = sum_of_frame(client.frame_of(request(tail, 0)));
    for (const std::uint16_t sum : sums) goes_up(request(tail, value_for(sum, up)));
    const std::uint16_t down = sum_of_frame(server.frame_of(reply(tail, 0, broadcast_flag)));
    for (const std::uint16_t sum : sums) answered(tail, value_for(sum, down), broadcast_flag);
  }
}

// A datagram whose checksum is almost right is not: the next number, the sum itself, its octets swapped, all
// ones.
TEST_F(Checksums, NearlyCorrectChecksumsAreRejected) {
  covers({"RFC1122-4.1.3.4-bad-udp-cksum"});

  for (const std::uint16_t sum : sums) {
    const std::size_t tail = tails[0];
    const auto m = request(tail, value_for(sum, sum_of_frame(client.frame_of(request(tail, 0)))));
    asks();
    const std::uint16_t down = sum_of_frame(server.frame_of(reply(tail, 0, broadcast_flag)));
    const auto offer = reply(tail, value_for(sum, down), broadcast_flag);
    const auto right = static_cast<std::uint16_t>(sum == 0xffff ? 0xffff : ~sum);
    for (const auto wrong :
         {static_cast<std::uint16_t>(right + 1), sum, swapped(right), std::uint16_t{0xffff}}) {
      if (wrong == right || wrong == 0) continue;
      client.sends(m, {.udp_checksum = wrong});
      server.sends(offer, {.udp_checksum = wrong});
    }
  }

  nothing_comes_out();
  control_goes_up(request(tails[0], 0));
  control_goes_down(reply(tails[0], 0, broadcast_flag));
}

// A relay that reads frames sees checksums that the link has still to fill in.
TEST_F(Checksums, ChecksumsLeftToTheLinkAreAccepted) {
  covers({"IF-checksum-offload"});

  asks();
  links_offload_checksums();
  const auto must_come = [this](const std::vector<Arrival>& came, const char* what) {
    if (came.empty()) deviates("IF-checksum-offload", what, "relayed", "nothing comes out");
  };
  for (const std::size_t tail : tails) {
    // A new exchange, so that no message repeats another one.
    client.use_xid(client.another().xid());
    const auto discover = request(tail, 0);
    client.sends(discover);
    const auto up = comes_out(Segment::uplink, discover);
    must_come(up, "a request is dropped whose checksum the link has still to fill in");
    if (up.size() == 1) server.compares(up[0], relayed(discover));
    const auto offer = reply(tail, 0, broadcast_flag);
    server.sends(offer);
    const auto down = comes_out(Segment::downlink0, offer);
    must_come(down, "a reply is dropped whose checksum the link has still to fill in");
    if (down.size() == 1) client.compares(down[0], delivered(offer));
  }
}

// The same where a client without an address sends to the relay's own (RFC 1542, section 4.1), of a relay
// that takes such requests at all.
TEST_F(Checksums, ChecksumsLeftToTheLinkAreAcceptedWithoutASourceAddress) {
  covers({"IF-checksum-offload"});

  const auto copies = [this](const Message& m) {
    client.sends(m, {.eth_dst = relay_mac(Segment::downlink0), .ip_dst = relay_address(Segment::downlink0)});
    return comes_out(Segment::uplink, m);
  };
  if (copies(client.discover()).empty() && live())
    cannot_be_judged("no request from 0.0.0.0 to the relay's own address is relayed");
  links_offload_checksums();
  client.use_xid(client.another().xid());
  const auto discover = client.discover();
  const auto up = copies(discover);
  if (up.size() == 1) server.compares(up[0], relayed(discover));
  if (up.empty())
    deviates("IF-checksum-offload", "a request is dropped whose checksum the link has still to fill in",
             "relayed", "nothing comes out");
}

}  // namespace
}  // namespace relayspec
