// SPDX-License-Identifier: Apache-2.0
#include "testsuites/faulty/frames.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "testsuites/faulty/host.h"
#include "testsuites/faulty/octets.h"

namespace relayspec::faulty {
namespace {

constexpr std::size_t link_header = 14, smallest = 42;

struct Frame {
  Bytes octets;
  int kind = PACKET_HOST;
  bool checksum_open = false;             ///< half-filled: the link's hardware was to fill it in
  bool read_on = false;                   ///< beyond what has come
  std::optional<std::uint16_t> tag = {};  ///< of IEEE 802.1Q
  std::size_t ip_header() const { return (octets[14] & 0x0fU) * 4U; }
  std::size_t udp() const { return link_header + ip_header(); }
  std::size_t ip_end() const { return link_header + get16(octets, 16); }
  Address from() const { return get32(octets, 26); }
  Address to() const { return get32(octets, 30); }
};

bool is_whole(const Frame& f) {
  const std::size_t size = f.octets.size();
  return size >= smallest && f.octets[14] >> 4 == 4 && f.ip_header() >= 20 && f.udp() + 8 <= size &&
         f.ip_end() <= size && f.ip_end() >= f.udp() + 8 && get16(f.octets, f.udp() + 4) >= 8;
}

bool ip_checksum_fits(const Frame& f) {
  return checksum({f.octets.begin() + link_header,
                   f.octets.begin() + link_header + static_cast<std::ptrdiff_t>(f.ip_header())}) == 0;
}

// Over what the checksum is made, with it: right if zero comes out.
std::uint16_t udp_rest(const Frame& f) {
  const std::size_t length = get16(f.octets, f.udp() + 4);
  const auto from = f.octets.begin() + static_cast<std::ptrdiff_t>(f.udp());
  Bytes covered(12);
  put32(covered, 0, f.from());
  put32(covered, 4, f.to());
  covered[9] = IPPROTO_UDP;
  put16(covered, 10, static_cast<std::uint16_t>(length));
  covered.insert(covered.end(), from, from + static_cast<std::ptrdiff_t>(length));
  return checksum(covered);
}

bool udp_checksum_fits(const Frame& f, const Settings& s) {
  const std::uint16_t sent = get16(f.octets, f.udp() + 6);
  if (sent == 0) return true;
  if (f.checksum_open && !s.wrong("half-filled-checksum-refused")) return true;
  if (sent == 0xffff && s.wrong("all-ones-checksum-refused")) return false;
  const std::uint16_t rest = udp_rest(f);
  return rest == 0 || (rest == 0xfffe && s.wrong("checksum-off-by-one-accepted"));
}

bool is_for_all(const Settings& s, Address a) {
  return a == everyone || std::any_of(s.own.begin(), s.own.end(), [&](const Network& n) {
           return (n.mask & 0xff) == 0 && n.broadcast() == a;
         });
}

// Why the kernel keeps a datagram from the relay, as the name of the fault of taking it all the same; empty
// for one that it lets through.
std::string_view refused_for(const Frame& f, const Settings& s) {
  const std::uint8_t protocol = f.octets[23];
  if (protocol == IPPROTO_TCP) return "tcp-read-as-udp";
  if (protocol == 50 || protocol == 51) return "ipsec-read-as-udp";
  if (protocol != IPPROTO_UDP) return "never";
  if (!ip_checksum_fits(f)) return "bad-ip-checksum-accepted";
  const std::uint16_t fragment = get16(f.octets, 20) & 0x3fff;
  if (fragment != 0)
    return fragment == 0x2000 ? "fragments-first-part-relayed"
           : fragment == 1    ? "fragment-at-8-relayed"
                              : "never";
  if (link_header + get16(f.octets, 16) < f.udp() + get16(f.octets, f.udp() + 4))
    return "udp-length-overrun-accepted";
  if (get16(f.octets, f.udp() + 6) == 0 && s.wrong("zero-checksum-refused")) return "never";
  if (!udp_checksum_fits(f, s)) return "bad-udp-checksum-accepted";
  if (s.is_own(f.from())) return "own-source-relayed";
  const auto first = f.from() >> 24;
  if ((first == 0 && f.from() != 0) || first == 127 || (first >= 224 && first < 240) || f.from() == everyone)
    return "martian-source-relayed";
  if (std::find(s.servers.begin(), s.servers.end(), f.to()) != s.servers.end())
    return "transit-relayed-again";
  if (!s.is_own(f.to()) && !is_for_all(s, f.to())) return "other-hosts-datagram-relayed";
  if (f.kind == PACKET_BROADCAST && s.is_own(f.to())) return "never";
  if (f.kind == PACKET_OTHERHOST) return "other-hosts-frame-relayed";
  return {};
}

Received unpack(const Frame& f, const Settings& s) {
  std::size_t end = std::min(f.udp() + get16(f.octets, f.udp() + 4), f.ip_end());
  if (s.wrong("udp-length-ignored")) end = f.ip_end();
  if (s.wrong("last-octet-beyond-udp-length-relayed") && f.octets.size() - end == 1) ++end;
  if (s.wrong("ethernet-trailer-relayed")) end = f.octets.size();
  if (s.wrong("ip-options-counted-twice")) end -= f.ip_header() - 20;
  const auto at = [&](std::size_t i) { return f.octets.begin() + static_cast<std::ptrdiff_t>(i); };
  Received r{Bytes(at(f.udp() + 8), at(end)), f.from(), f.to(), get16(f.octets, f.udp())};
  r.link_unicast = f.kind == PACKET_HOST;
  r.summed = get16(f.octets, f.udp() + 6) != 0;
  std::copy_n(f.octets.begin() + 6, 6, r.sender.begin());
  if (f.tag && s.wrong("secs-of-tagged-requests-cleared") && r.message.size() > at::secs + 2)
    r.message[at::secs + 1] = 0;
  if (s.wrong("chaddr-is-the-senders") && r.message.size() > at::chaddr + 6 && r.message[at::hlen] == 6 &&
      get32(r.message, at::giaddr) == 0)
    std::copy_n(f.octets.begin() + 6, 6, r.message.begin() + at::chaddr);
  return r;
}

}  // namespace

bool reads_frames_instead(const Settings& s) {
  constexpr std::string_view names[] = {"udp-length-ignored",
                                        "ethernet-trailer-relayed",
                                        "flags-by-link-address",
                                        "zero-checksum-refused",
                                        "ip-options-counted-twice",
                                        "chaddr-is-the-senders",
                                        "zero-checksum-stays-zero",
                                        "fragments-joined-as-they-come",
                                        "half-filled-checksum-refused",
                                        "all-ones-checksum-refused",
                                        "last-octet-beyond-udp-length-relayed",
                                        "tos-taken-for-a-broken-header",
                                        "secs-of-tagged-requests-cleared",
                                        "unicast-to-who-sent-the-frame"};
  return std::any_of(std::begin(names), std::end(names), [&](auto name) { return s.wrong(name); });
}

bool reads_frames_too(const Settings& s) {
  constexpr std::string_view names[] = {"bad-ip-checksum-accepted",
                                        "fragments-first-part-relayed",
                                        "udp-length-overrun-accepted",
                                        "bad-udp-checksum-accepted",
                                        "own-source-relayed",
                                        "martian-source-relayed",
                                        "transit-relayed-again",
                                        "other-hosts-datagram-relayed",
                                        "other-hosts-frame-relayed",
                                        "own-source-relayed-without-secs",
                                        "offer-in-transit-relayed",
                                        "transit-relayed-again-beside-82",
                                        "repeated-fragment-relayed",
                                        "release-in-transit-relayed",
                                        "forcerenew-in-transit-relayed",
                                        "bad-udp-checksum-in-replies-accepted",
                                        "bad-ip-checksum-in-replies-accepted",
                                        "fragments-first-part-of-replies-relayed",
                                        "ip-length-not-looked-at",
                                        "tagged-frames-relayed",
                                        "fragment-at-8-relayed",
                                        "martian-source-of-replies-relayed",
                                        "checksum-off-by-one-accepted",
                                        "vlan-by-its-low-octet",
                                        "length-beyond-the-frame-read-on",
                                        "length-beyond-the-frame-of-replies-read-on",
                                        "tcp-read-as-udp",
                                        "ipsec-read-as-udp"};
  return std::any_of(std::begin(names), std::end(names), [&](auto name) { return s.wrong(name); });
}

namespace {

// What a fault accepts of the datagrams that are refused.
bool takes(const Settings& s, std::string_view reason, const Bytes& message) {
  if (s.wrong(reason)) return true;
  const bool reply = !message.empty() && message[0] == 2;
  return (s.wrong("transit-relayed-again-beside-82") && reason == "transit-relayed-again" && s.option82) ||
         (s.wrong("own-source-relayed-without-secs") && reason == "own-source-relayed") ||
         (s.wrong("offer-in-transit-relayed") && reason == "other-hosts-datagram-relayed" &&
          type_of(message) == offer) ||
         (s.wrong("release-in-transit-relayed") && reason == "transit-relayed-again" &&
          type_of(message) == release) ||
         (s.wrong("forcerenew-in-transit-relayed") && reason == "other-hosts-datagram-relayed" &&
          type_of(message) == 9) ||
         (s.wrong("martian-source-of-replies-relayed") && reason == "martian-source-relayed" && reply) ||
         (s.wrong("bad-udp-checksum-in-replies-accepted") && reason == "bad-udp-checksum-accepted" &&
          reply) ||
         (s.wrong("bad-ip-checksum-in-replies-accepted") && reason == "bad-ip-checksum-accepted" && reply) ||
         (s.wrong("fragments-first-part-of-replies-relayed") && reason == "fragments-first-part-relayed" &&
          reply);
}

// RFC 1542, section 4.1: a relay takes requests from 0.0.0.0; the kernel takes those to everyone alone.
bool is_kept_back_for_its_source(const Frame& f) { return f.from() == 0 && f.to() != everyone; }

bool takes_without_source(const Frame& f, std::string_view reason, const Settings& s) {
  const bool to_relay = s.is_own(f.to());
  if (s.wrong(to_relay ? "zero-source-to-the-relay-dropped" : "zero-source-to-the-subnet-dropped"))
    return false;
  if (s.option82 && s.wrong(to_relay ? "zero-source-to-the-relay-dropped-beside-82"
                                     : "zero-source-to-the-subnet-dropped-beside-82"))
    return false;
  if (get16(f.octets, f.udp() + 6) == 0 && s.wrong("zero-checksum-without-source-refused")) return false;
  if (f.checksum_open && s.wrong("half-filled-checksum-without-source-refused")) return false;
  const bool unchecked = reason == "bad-ip-checksum-accepted" || reason == "bad-udp-checksum-accepted";
  return reason.empty() || (unchecked && s.wrong("zero-source-checksums-not-looked-at")) ||
         (reason == "udp-length-overrun-accepted" && s.wrong("zero-source-udp-length-not-looked-at")) ||
         (reason == "other-hosts-datagram-relayed" && s.wrong("zero-source-for-others-relayed")) ||
         (reason == "other-hosts-frame-relayed" && s.wrong("zero-source-in-frames-to-others-relayed"));
}

// Puts datagrams together from whatever fragments come, in the order in which they come; whole ones are left
// alone.
std::optional<Frame> join_as_they_come(const Frame& f) {
  static Frame joined;
  static std::uint16_t id = 0;
  const std::uint16_t fragment = get16(f.octets, 20), its_id = get16(f.octets, 18);
  const auto payload = f.octets.begin() + static_cast<std::ptrdiff_t>(f.udp());
  if ((fragment & 0x1fff) == 0) {
    joined = f;
    id = its_id;
    put16(joined.octets, 20, 0);
  } else if (its_id == id) {
    joined.octets.insert(joined.octets.end(), payload, f.octets.end());
  }
  if (joined.octets.empty()) return std::nullopt;
  const std::size_t whole = joined.udp() + get16(joined.octets, joined.udp() + 4);
  if (joined.octets.size() < whole) return std::nullopt;
  put16(joined.octets, 16, static_cast<std::uint16_t>(whole - link_header));
  put16(joined.octets, joined.udp() + 6, 0);
  put16(joined.octets, 24, 0);
  const auto header = joined.octets.begin() + link_header;
  put16(joined.octets, 24, checksum({header, header + static_cast<std::ptrdiff_t>(joined.ip_header())}));
  return joined;
}

// The first fragment of a datagram, when it has come before.
bool is_repeated_fragment(const Frame& f) {
  static Bytes last;
  const bool first_of_many = get16(f.octets, 20) == 0x2000;
  const bool repeated = first_of_many && f.octets == last;
  if (first_of_many) last = f.octets;
  return repeated;
}

// An IP total length that cannot be is passed over in favour of UDP's.
std::optional<Received> unpack_by_udp_length(const Frame& f) {
  if (f.octets.size() < smallest || f.octets[14] != 0x45 || f.octets[23] != IPPROTO_UDP) return std::nullopt;
  const std::size_t end = f.udp() + get16(f.octets, f.udp() + 4);
  const bool fits = f.ip_end() <= f.octets.size() && f.ip_end() >= f.udp() + 8;
  if (fits || end > f.octets.size() || get16(f.octets, f.udp() + 2) != 67) return std::nullopt;
  const auto at = [&](std::size_t i) { return f.octets.begin() + static_cast<std::ptrdiff_t>(i); };
  return Received{Bytes(at(f.udp() + 8), at(end)), f.from(), f.to(), get16(f.octets, f.udp())};
}

}  // namespace

// The kernel reports a tag only to sockets for all protocols.
int open_frames(const Interface& i, const Settings& s) {
  const bool tags = s.wrong("vlan-by-its-low-octet") || s.wrong("tagged-frames-relayed") ||
                    s.wrong("secs-of-tagged-requests-cleared");
  const std::uint16_t protocol = htons(tags ? ETH_P_ALL : ETH_P_IP);
  const int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, protocol);
  sockaddr_ll here{};
  here.sll_family = AF_PACKET;
  here.sll_protocol = protocol;
  here.sll_ifindex = i.index;
  if (fd < 0 || bind(fd, reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0) {
    std::perror("relayspec-faulty: packet socket");
    std::exit(1);
  }
  const int one = 1;
  if (setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &one, sizeof one) != 0)
    std::perror("relayspec-faulty: PACKET_AUXDATA");
  return fd;
}

namespace {

// The frame, and what the kernel reports about it in ancillary data.
std::optional<Frame> read_frame(int frames, const Settings& s) {
  static std::uint8_t buffer[link_header + 65536];
  sockaddr_ll from{};
  iovec octets{buffer, sizeof buffer};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(tpacket_auxdata))];
  msghdr m = header_for(from, octets, control);
  const ssize_t n = recvmsg(frames, &m, MSG_DONTWAIT);
  if (n < 0 || from.sll_pkttype == PACKET_OUTGOING) return std::nullopt;
  Frame f;
  f.octets.assign(buffer, buffer + n);
  f.kind = from.sll_pkttype;
  for (cmsghdr* c = CMSG_FIRSTHDR(&m); c != nullptr; c = CMSG_NXTHDR(&m, c)) {
    if (c->cmsg_level != SOL_PACKET || c->cmsg_type != PACKET_AUXDATA) continue;
    tpacket_auxdata aux{};
    std::memcpy(&aux, CMSG_DATA(c), sizeof aux);
    f.checksum_open = (aux.tp_status & TP_STATUS_CSUMNOTREADY) != 0;
    if ((aux.tp_status & TP_STATUS_VLAN_VALID) != 0) f.tag = aux.tp_vlan_tci;
  }
  // The length in the header is taken as right: the rest is what an earlier frame has left in the buffer.
  const bool reply = n > 42 && buffer[42] == 2;
  const bool reads_on =
      s.wrong(reply ? "length-beyond-the-frame-of-replies-read-on" : "length-beyond-the-frame-read-on");
  if (reads_on && n > 42 && f.ip_end() > f.octets.size()) f.octets.assign(buffer, buffer + f.ip_end());
  f.read_on = reads_on && f.octets.size() > static_cast<std::size_t>(n);
  return f;
}

}  // namespace

std::optional<Received> receive_frame(int frames, const Settings& s) {
  auto frame = read_frame(frames, s);
  if (!frame) return std::nullopt;
  Frame& f = *frame;
  const bool is_request = f.octets.size() > 42 && f.octets[42] == 1;
  if (s.wrong("tos-taken-for-a-broken-header") && is_request && f.octets[15] != 0) return std::nullopt;
  if (s.wrong("ip-length-not-looked-at")) return unpack_by_udp_length(f);
  if (s.wrong("zero-source-ip-length-not-looked-at") && f.octets.size() >= smallest &&
      is_kept_back_for_its_source(f) && !is_whole(f))
    return unpack_by_udp_length(f);
  const bool part = f.octets.size() >= smallest && (get16(f.octets, 20) & 0x3fff) != 0;
  if (part && s.wrong("fragments-joined-as-they-come") && f.octets[14] == 0x45) {
    auto joined = join_as_they_come(f);
    if (!joined) return std::nullopt;
    f = *joined;
  }
  if (!is_whole(f)) return std::nullopt;
  if (s.wrong("repeated-fragment-relayed")) {
    if (get16(f.octets, f.udp() + 2) != 67 || !is_repeated_fragment(f)) return std::nullopt;
    return unpack(f, s);
  }
  const std::uint16_t port = get16(f.octets, f.udp() + 2);
  const bool to_client = port == 68 && s.wrong("forcerenew-in-transit-relayed");
  if (port != 67 && port != s.source_port && !to_client) return std::nullopt;
  const std::string_view reason = refused_for(f, s);
  if (s.wrong("checksum-off-by-one-accepted")) {
    const bool off_by_one = get16(f.octets, f.udp() + 6) != 0 && udp_rest(f) == 0xfffe;
    return reason.empty() && off_by_one ? std::optional(unpack(f, s)) : std::nullopt;
  }
  if (f.read_on) return reason.empty() ? std::optional(unpack(f, s)) : std::nullopt;
  const bool other_vlan = f.tag && (*f.tag & 0xfff) != 0;
  if (s.wrong("secs-of-tagged-requests-cleared") && other_vlan) return std::nullopt;
  if (s.wrong("tagged-frames-relayed")) return other_vlan ? std::optional(unpack(f, s)) : std::nullopt;
  if (s.wrong("vlan-by-its-low-octet")) {
    const bool mistaken = other_vlan && (*f.tag & 0xff) == 0;
    return mistaken ? std::optional(unpack(f, s)) : std::nullopt;
  }
  Received r = unpack(f, s);
  if (is_kept_back_for_its_source(f))
    return takes_without_source(f, reason, s) ? std::optional(r) : std::nullopt;
  if (reads_frames_instead(s) ? !reason.empty() : !takes(s, reason, r.message)) return std::nullopt;
  return r;
}

}  // namespace relayspec::faulty
