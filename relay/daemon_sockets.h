// SPDX-License-Identifier: Apache-2.0
// The sockets of the relay and the privileges they take.
#pragma once

#include <csignal>
#include <utility>
#include <vector>

#include "relay/configure.h"

namespace relayspec::relay {

/// A file descriptor that is closed with its owner.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();
  int get() const { return fd_; }

 private:
  int fd_;
};

/// UDP port 67 on all interfaces. The kernel puts fragments together, checks checksums and filters martians.
Descriptor open_udp(std::uint16_t port = 67);

/// From here on the socket takes nothing for one of these interfaces' addresses that came by link broadcast
/// or multicast (RFC 1122, section 3.3.6).
void refuse_link_broadcasts(const Descriptor& udp, const std::vector<Interface>&);

/// For whole frames out of any interface; receives nothing.
Descriptor open_frames();

/// Takes what zero_source_filter() lets through, from the IP header on; with each comes PACKET_AUXDATA.
Descriptor open_zero_source();

/// Becomes readable when an interface or an address changes.
Descriptor open_changes();

/// Becomes readable when one of the signals is there; from now on they do nothing else.
Descriptor open_signals(std::initializer_list<int> signals);

/// The interfaces and their IPv4 addresses as they are now.
std::vector<Interface> read_interfaces();

}  // namespace relayspec::relay
