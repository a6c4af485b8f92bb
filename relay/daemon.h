// SPDX-License-Identifier: Apache-2.0
// The daemon around the core: takes datagrams in, hands them to `handle`, sends what comes out.
#pragma once

#include <linux/if_packet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <memory>
#include <vector>

#include "relay/command_line.h"
#include "relay/configure.h"
#include "relay/counters.h"
#include "relay/daemon_sockets.h"
#include "relay/frame.h"
#include "relay/log.h"
#include "relayspec/relay/core.h"

namespace relayspec::relay {

class Daemon {
 public:
  /// Opens the sockets and drops the privileges. Throws StartError.
  explicit Daemon(const Settings&);

  /// Relays until SIGTERM or SIGINT.
  void run();

 private:
  // Room for the largest datagram and an option 82.
  static constexpr std::size_t slots = 64, largest_packet = 65536, slot_size = largest_packet + 520;
  // Room for one IP_PKTINFO.
  struct alignas(cmsghdr) Control {
    std::array<std::uint8_t, CMSG_SPACE(sizeof(in_pktinfo))> octets{};
  };
  struct Frame {
    FrameHeaders headers;
    std::array<iovec, 2> parts;
    sockaddr_ll out;
  };
  struct Port {  // what the kernel calls a downlink
    unsigned index = 0;
    std::size_t mtu = 0;
    Mac mac{};
  };

  void read_surroundings();
  bool serve_signals();
  void serve_changes();
  void serve_datagrams(const Descriptor& udp);
  void serve_zero_source();
  void serve(std::size_t slot, Message, const Ingress&);
  void send_all();
  void to_servers(std::size_t slot, const Message&, std::vector<mmsghdr>& copies);
  void to_client(std::size_t slot, const Message&, const Decision&);
  void to_client_in_fragments(const Message&, const Decision&);
  std::size_t flush(int socket, std::vector<mmsghdr>& messages);
  Ingress ingress(unsigned interface, Ipv4 source, Ipv4 destination, bool at_other_port) const;
  std::span<std::uint8_t> buffer(std::size_t slot) const { return {&buffers_[slot * slot_size], slot_size}; }
  void print_counters() const;

  Settings settings_;
  Log log_;
  Config config_;
  ServerMemory memory_;
  Counters counters_;
  std::vector<Port> downlinks_;
  std::vector<unsigned> uplinks_;  // interface indices
  Descriptor signals_, changes_, udp_;
  Descriptor other_port_;  // none unless asked for
  Descriptor zero_source_;
  Descriptor frames_;
  std::uint16_t identification_ = 0;

  std::unique_ptr<std::uint8_t[]> buffers_;  // not cleared: most of it is never touched
  std::array<mmsghdr, slots> received_{};
  std::array<iovec, slots> received_parts_{};
  std::array<Control, slots> received_control_{};
  std::array<sockaddr_in, slots> received_from_{};
  std::array<iovec, slots> copy_parts_{};
  std::array<Frame, slots> frame_parts_{};
  std::vector<sockaddr_in> servers_;
  Control from_uplink_;
  std::vector<mmsghdr> copies_, copies_from_other_port_, replies_;
};

}  // namespace relayspec::relay
