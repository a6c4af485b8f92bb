// SPDX-License-Identifier: Apache-2.0
// Lengths in IP and UDP headers that are not what the frame holds (RFC 768, 791).
#include <cstdlib>
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
    const auto words = [](int n) {
      return n == 0 ? "right" : std::to_string(std::abs(n)) + (n > 0 ? " too large" : " too small");
    };
    return std::string(message) + " with the IP length " + words(by.ip) + " and the UDP length " +
           words(by.udp);
  }
  static Message without_last_octet(const Message& m) {
    Bytes tail = *m.tail;
    tail.pop_back();
    return m.with({.tail = tail});
  }
};

// Too large, in one header or in both. The octets that are missing may be those of a longer message that the
// buffer held.
constexpr Deviating too_long[] = {{0, 1}, {1, 0}, {1, 1}, {-1, 0}, {60, 60}};
// Smaller by one octet than what the frame holds, as in a frame that was padded.
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

}  // namespace
}  // namespace relayspec
