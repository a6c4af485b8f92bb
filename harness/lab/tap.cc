// SPDX-License-Identifier: Apache-2.0
#include "harness/lab/tap.h"

#include <arpa/inet.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <ctime>

namespace relayspec {
namespace {

// Enough for some 20,000 frames of a burst; an ordinary user gets what net.core.rmem_max allows.
constexpr int receive_buffer = 32 << 20;
constexpr std::size_t frame_size = 2048;  // a veth takes MTU, header and one tag: 1518
constexpr std::size_t batch_size = 32;

// virtio_net_hdr of linux/virtio_net.h, which is no C++.
struct VirtioHeader {
  std::uint8_t flags = 0, gso_type = 0;
  std::uint16_t hdr_len = 0, gso_size = 0, csum_start = 0, csum_offset = 0;
};
constexpr std::uint8_t needs_checksum = 1;

Fd packet_socket(int index, std::uint16_t protocol, const std::string& where) {
  const std::string what = "cannot open a packet socket on " + where;
  // Protocol 0 until it is bound: else it would receive from all links for a moment.
  Fd fd(checked(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0), what.c_str()));
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(protocol);
  address.sll_ifindex = index;
  checked(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), what.c_str());
  return fd;
}

void set_option(const Fd& fd, int level, int option, int value, const char* what) {
  checked(::setsockopt(fd.get(), level, option, &value, sizeof value), what);
}

// The kernel takes an 802.1Q tag out of the frame and reports it in ancillary data; on the wire it was there.
void put_tag_back(Bytes& bytes, const tpacket_auxdata& aux) {
  const std::uint16_t tpid =
      (aux.tp_status & TP_STATUS_VLAN_TPID_VALID) != 0 ? aux.tp_vlan_tpid : ETH_P_8021Q;
  const auto octet = [](unsigned v) { return static_cast<std::uint8_t>(v & 0xff); };
  const std::array<std::uint8_t, 4> tag{octet(tpid >> 8U), octet(tpid), octet(aux.tp_vlan_tci >> 8U),
                                        octet(aux.tp_vlan_tci)};
  if (bytes.size() >= 12) bytes.insert(bytes.begin() + 12, tag.begin(), tag.end());
}

void read_ancillary(msghdr& header, Frame& frame) {
  for (cmsghdr* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
    if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPNS) {
      timespec at{};
      std::memcpy(&at, CMSG_DATA(c), sizeof at);
      frame.time = std::chrono::seconds(at.tv_sec) + std::chrono::nanoseconds(at.tv_nsec);
    } else if (c->cmsg_level == SOL_PACKET && c->cmsg_type == PACKET_AUXDATA) {
      tpacket_auxdata aux{};
      std::memcpy(&aux, CMSG_DATA(c), sizeof aux);
      if ((aux.tp_status & TP_STATUS_CSUMNOTREADY) != 0)
        frame.checksum_completed = complete_checksum(frame.bytes);
      if ((aux.tp_status & TP_STATUS_VLAN_VALID) != 0) put_tag_back(frame.bytes, aux);
    }
  }
}

}  // namespace

struct Tap::Batch {
  std::array<std::array<std::uint8_t, frame_size>, batch_size> bytes;
  alignas(cmsghdr) std::array<std::array<char, 256>, batch_size> ancillary;
  std::array<sockaddr_ll, batch_size> from;
  std::array<iovec, batch_size> vectors;
  std::array<mmsghdr, batch_size> headers;

  int receive(int fd, std::size_t most) {
    for (std::size_t i = 0; i < most; ++i) {
      vectors[i] = {bytes[i].data(), frame_size};
      headers[i] = {};
      headers[i].msg_hdr.msg_name = &from[i];
      headers[i].msg_hdr.msg_namelen = sizeof from[i];
      headers[i].msg_hdr.msg_iov = &vectors[i];
      headers[i].msg_hdr.msg_iovlen = 1;
      headers[i].msg_hdr.msg_control = ancillary[i].data();
      headers[i].msg_hdr.msg_controllen = ancillary[i].size();
    }
    return ::recvmmsg(fd, headers.data(), static_cast<unsigned>(most), MSG_DONTWAIT, nullptr);
  }
};

Tap::Tap(Tap&&) noexcept = default;
Tap& Tap::operator=(Tap&&) noexcept = default;
Tap::~Tap() = default;

Tap::Tap(Segment segment, int index) : segment_(segment), batch_(std::make_unique<Batch>()) {
  const std::string where = interface_name(segment);
  ear_ = packet_socket(index, 0, where);
  const char* what = "cannot prepare a packet socket";
  set_option(ear_, SOL_SOCKET, SO_TIMESTAMPNS, 1, what);
  set_option(ear_, SOL_PACKET, PACKET_AUXDATA, 1, what);
  if (::setsockopt(ear_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer, sizeof receive_buffer) != 0) {
    set_option(ear_, SOL_SOCKET, SO_RCVBUF, receive_buffer, what);
  }
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = index;
  checked(::bind(ear_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), what);
  // A second socket to send with, since a packet socket does not receive its own frames.
  mouth_ = packet_socket(index, 0, where);
}

// The kernel undoes it when the socket is closed.
void Tap::hear_all(int index) {
  packet_mreq request{};
  request.mr_ifindex = index;
  request.mr_type = PACKET_MR_PROMISC;
  checked(::setsockopt(ear_.get(), SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof request),
          "cannot hear all frames of an interface");
}

bool Tap::ignore_sent(bool ignore) {
  const int value = ignore ? 1 : 0;
  return ::setsockopt(ear_.get(), SOL_PACKET, PACKET_IGNORE_OUTGOING, &value, sizeof value) == 0;
}

void Tap::leave_checksums_open(bool open) {
  set_option(mouth_, SOL_PACKET, PACKET_VNET_HDR, open ? 1 : 0, "cannot hand over half-filled checksums");
  checksums_open_ = open;
}

bool Tap::send(std::span<const std::uint8_t> frame) {
  if (checksums_open_) return send_open(frame);
  if (::send(mouth_.get(), frame.data(), frame.size(), 0) == static_cast<ssize_t>(frame.size())) return false;
  throw_errno(fmt::format("cannot put a frame of {} octets on {}", frame.size(), interface_name(segment_)));
}

bool Tap::send_open(std::span<const std::uint8_t> frame) {
  Bytes octets(frame.begin(), frame.end());
  VirtioHeader header;
  const auto udp = open_checksum(octets);
  if (udp)
    header = {.flags = needs_checksum, .csum_start = static_cast<std::uint16_t>(*udp), .csum_offset = 6};
  const auto* first = reinterpret_cast<const std::uint8_t*>(&header);
  octets.insert(octets.begin(), first, first + sizeof header);
  if (::send(mouth_.get(), octets.data(), octets.size(), 0) != static_cast<ssize_t>(octets.size()))
    throw_errno(fmt::format("cannot put a frame of {} octets on {}", frame.size(), interface_name(segment_)));
  return udp.has_value();
}

void Tap::drain(std::vector<Frame>& out, std::size_t limit) {
  bool full = false;
  while (limit > 0) {
    const std::size_t most = std::min(limit, batch_size);
    const int got = batch_->receive(ear_.get(), most);
    if (got < 0 && errno == EINTR) continue;
    // ENETDOWN tells that the link went down since: what was received before is still to be read.
    if (got < 0 && errno == ENETDOWN) continue;
    if (got < 0 && errno != EAGAIN) throw_errno(std::string("cannot read from ") + interface_name(segment_));
    if (got <= 0) break;
    for (std::size_t i = 0; i < static_cast<std::size_t>(got); ++i) {
      Frame frame;
      frame.segment = segment_;
      frame.origin = batch_->from[i].sll_pkttype == PACKET_OUTGOING ? Origin::harness : Origin::relay;
      frame.bytes.assign(batch_->bytes[i].data(), batch_->bytes[i].data() + batch_->headers[i].msg_len);
      read_ancillary(batch_->headers[i].msg_hdr, frame);
      out.push_back(std::move(frame));
    }
    limit -= static_cast<std::size_t>(got);
    if (static_cast<std::size_t>(got) < most) break;
    full = true;
  }
  // What overflows is longer than a batch.
  if (full) count_losses();
}

void Tap::count_losses() {
  tpacket_stats stats{};
  socklen_t size = sizeof stats;
  checked(::getsockopt(ear_.get(), SOL_PACKET, PACKET_STATISTICS, &stats, &size), "cannot count frames");
  if (stats.tp_drops != 0) throw FramesLost(segment_, stats.tp_drops);
}

void set_offloads(const std::string& interface, bool on) {
  const Fd fd(checked(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "cannot open a socket"));
  for (const std::uint32_t command :
       {ETHTOOL_STXCSUM, ETHTOOL_SRXCSUM, ETHTOOL_SSG, ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO}) {
    ethtool_value value{command, on ? 1U : 0U};
    ifreq request{};
    interface.copy(request.ifr_name, IFNAMSIZ - 1);
    request.ifr_data = reinterpret_cast<char*>(&value);
    if (::ioctl(fd.get(), SIOCETHTOOL, &request) != 0 && errno != EOPNOTSUPP) {
      throw_errno("cannot switch offloads of " + interface);
    }
  }
}

}  // namespace relayspec
