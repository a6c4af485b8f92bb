// SPDX-License-Identifier: Apache-2.0
// A BOOTP message in the caller's buffer, edited in place. What the relay does not change stays where and as
// it is.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "relayspec/relay/address.h"

namespace relayspec::relay {

/// Where the fields stand (RFC 951, section 3; `flags`: RFC 1542, section 2.2).
namespace at {
inline constexpr std::size_t op = 0, htype = 1, hlen = 2, hops = 3, xid = 4, secs = 8, flags = 10,
                             ciaddr = 12, yiaddr = 16, siaddr = 20, giaddr = 24, chaddr = 28, sname = 44,
                             file = 108, vend = 236, options = 240;
}  // namespace at

inline constexpr std::size_t chaddr_length = 16;
inline constexpr std::uint8_t boot_request = 1, boot_reply = 2;
inline constexpr std::uint16_t broadcast_flag = 0x8000;
inline constexpr std::uint8_t htype_ethernet = 1;

/// The fixed fields, all that RFC 951 has in front of the vendor area. Below this a message has no fields to
/// read.
inline constexpr std::size_t fixed_fields = at::vend;
/// The smallest message of RFC 951 and RFC 1542, section 2.1: the fixed fields and 64 octets of vendor area.
inline constexpr std::size_t classic_minimum = 300;

/// `size` octets at the front of `buffer`; the rest of the buffer is room to grow. The accessors of the fixed
/// fields ask for a size of at least `fixed_fields`, which `handle` checks once.
class Message {
 public:
  Message(std::span<std::uint8_t> buffer, std::size_t size) : buffer_(buffer), size_(size) {}

  std::size_t size() const { return size_; }
  std::size_t capacity() const { return buffer_.size(); }
  std::span<const std::uint8_t> octets() const { return buffer_.first(size_); }

  std::uint8_t op() const { return buffer_[at::op]; }
  std::uint8_t htype() const { return buffer_[at::htype]; }
  std::uint8_t hlen() const { return buffer_[at::hlen]; }
  std::uint8_t hops() const { return buffer_[at::hops]; }
  std::uint32_t xid() const { return read32(at::xid); }
  std::uint16_t secs() const { return read16(at::secs); }
  bool wants_broadcast() const { return (read16(at::flags) & broadcast_flag) != 0; }
  Ipv4 ciaddr() const { return address(at::ciaddr); }
  Ipv4 yiaddr() const { return address(at::yiaddr); }
  Ipv4 giaddr() const { return address(at::giaddr); }
  std::span<const std::uint8_t> chaddr() const { return octets().subspan(at::chaddr, chaddr_length); }
  Mac link_address() const {
    Mac mac{};
    std::memcpy(mac.data(), buffer_.data() + at::chaddr, mac.size());
    return mac;
  }

  /// 4 octets in network order. `offset + 4` must not pass the size.
  Ipv4 address(std::size_t offset) const { return {read32(offset)}; }
  void set_address(std::size_t offset, Ipv4 address) {
    for (std::size_t i = 0; i < 4; ++i)
      buffer_[offset + i] = static_cast<std::uint8_t>(address.value >> (24 - 8 * i));
  }
  void set_octet(std::size_t offset, std::uint8_t value) { buffer_[offset] = value; }

  /// Makes room at `offset` and moves what follows back. The caller has made sure that the capacity allows
  /// it.
  void insert(std::size_t offset, std::span<const std::uint8_t> what) {
    if (what.empty()) return;
    std::memmove(buffer_.data() + offset + what.size(), buffer_.data() + offset, size_ - offset);
    std::memcpy(buffer_.data() + offset, what.data(), what.size());
    size_ += what.size();
  }

  /// Closes the gap from `begin` up to `end`; the message shrinks by it.
  void erase(std::size_t begin, std::size_t end) {
    std::memmove(buffer_.data() + begin, buffer_.data() + end, size_ - end);
    size_ -= end - begin;
  }

  /// Moves `count` octets inside the message without a change of its size; the ranges may overlap.
  void move(std::size_t from, std::size_t to, std::size_t count) {
    std::memmove(buffer_.data() + to, buffer_.data() + from, count);
  }

  /// Appends zero octets (never what an earlier message left in the buffer) until the size is reached.
  void pad_to(std::size_t size) {
    if (size <= size_) return;
    std::memset(buffer_.data() + size_, 0, size - size_);
    size_ = size;
  }

 private:
  std::uint16_t read16(std::size_t offset) const {
    return static_cast<std::uint16_t>(buffer_[offset] << 8 | buffer_[offset + 1]);
  }
  std::uint32_t read32(std::size_t offset) const {
    return std::uint32_t{read16(offset)} << 16 | read16(offset + 2);
  }

  std::span<std::uint8_t> buffer_;
  std::size_t size_;
};

}  // namespace relayspec::relay
