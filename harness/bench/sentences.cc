// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/sentences.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "relayspec/harness/message.h"

namespace relayspec {
namespace {

constexpr std::size_t size_without_options = options_offset - 4, at_secs = 8, at_chaddr = 28, at_sname = 44,
                      at_file = 108;

bool is_reply_type(std::uint8_t type) {
  return type == static_cast<std::uint8_t>(Type::offer) || type == static_cast<std::uint8_t>(Type::ack) ||
         type == static_cast<std::uint8_t>(Type::nak);
}

// summary() names a message by its type, where op does not say the same.
bool contradicts_type(std::span<const std::uint8_t> m) {
  const auto type = find_option(m, code::message_type);
  if (!type || type->size() != 1 || type->front() < 1 || type->front() > 8) return false;
  return m[0] != (is_reply_type(type->front()) ? boot_reply : boot_request);
}

std::vector<std::string> odd_fields(std::span<const std::uint8_t> m) {
  constexpr unsigned ethernet = 1, secs_of_clients = 3;
  std::vector<std::string> all;
  if (contradicts_type(m)) all.push_back(fmt::format("op {}", m[0]));
  if (m[1] != ethernet || m[2] != Mac::address_size)
    all.push_back(fmt::format("htype {}, hlen {}", m[1], m[2]));
  const unsigned secs = m[at_secs] << 8U | m[at_secs + 1];
  const bool usual = (m[0] != boot_request && secs == 0) || (m[0] != boot_reply && secs == secs_of_clients);
  if (!usual) all.push_back(fmt::format("secs {}", secs));
  if (!zeros(m.subspan(at_chaddr + Mac::address_size, at_sname - at_chaddr - Mac::address_size)))
    all.push_back(fmt::format("chaddr [{}]", hex(m.subspan(at_chaddr, at_sname - at_chaddr))));
  if (!zeros(m.subspan(at_sname, at_file - at_sname))) all.emplace_back("octets in sname");
  if (!zeros(m.subspan(at_file, size_without_options - at_file))) all.emplace_back("octets in file");
  return all;
}

std::string in_words(const OptionsArea& area, std::size_t size) {
  if (area.elements.empty() && !area.end) return "no options and no END";
  std::string s = area.elements.empty() ? "no options" : "options";
  constexpr std::size_t most = 24;
  for (std::size_t i = 0; i < std::min(most, area.elements.size()); ++i) {
    const Option& o = area.elements[i];
    s += code_of(o) == code::pad ? fmt::format(" PAD×{}", o.wire.size()) : fmt::format(" {}", code_of(o));
  }
  if (area.elements.size() > most) s += fmt::format(" … ({} in all)", area.elements.size());
  if (!area.end) return s + ", no END";
  constexpr std::size_t bootp_size = 300;
  const auto behind = std::span(area.tail).subspan(1);
  if (!zeros(behind)) return s + fmt::format(", octets behind END: {}, not all of them 0", behind.size());
  if (!behind.empty() && size > bootp_size)
    s += fmt::format(", octets behind END: {}, all of them 0", behind.size());
  return s;
}

template <class T>
void add(std::string& s, const std::optional<T>& usual, const std::optional<T>& actual,
         const std::string& words) {
  if (actual && usual != actual) s += ", " + words;
}

}  // namespace

std::string with_content(std::span<const std::uint8_t> m) {
  if (m.size() < size_without_options) return "";
  std::vector<std::string> parts = odd_fields(m);
  const auto area = options_of(m);
  if (area) parts.push_back(in_words(*area, m.size()));
  if (!area && m.size() >= options_offset)
    parts.push_back(fmt::format("the cookie [{}]", hex(m.subspan(size_without_options, 4))));
  return parts.empty() ? "" : fmt::format(" with {}", fmt::join(parts, ", "));
}

std::string with_carrier(const Envelope& usual, const Envelope& actual) {
  std::string s;
  const auto text = [](const auto& address) { return address ? address->to_string() : std::string(); };
  add(s, usual.eth_src, actual.eth_src, "from link address " + text(actual.eth_src));
  add(s, usual.eth_dst, actual.eth_dst, "to link address " + text(actual.eth_dst));
  add(s, usual.ip_src, actual.ip_src, "from address " + text(actual.ip_src));
  add(s, usual.ip_dst, actual.ip_dst, "to address " + text(actual.ip_dst));
  add(s, usual.sport, actual.sport, fmt::format("from UDP port {}", actual.sport.value_or(0)));
  add(s, usual.dport, actual.dport, fmt::format("to UDP port {}", actual.dport.value_or(0)));
  add(s, usual.ttl, actual.ttl, fmt::format("with TTL {}", actual.ttl.value_or(0)));
  if (actual.udp_checksum == std::uint16_t{0})
    s += ", without UDP checksum";
  else if (actual.udp_checksum)
    s += fmt::format(", with the UDP checksum [0x{:04x}] in place of the computed one", *actual.udp_checksum);
  if (actual.udp_length) s += fmt::format(", with UDP length {}", *actual.udp_length);
  if (actual.ip_checksum)
    s += fmt::format(", with the IP header checksum [0x{:04x}] in place of the computed one",
                     *actual.ip_checksum);
  if (!actual.slack.empty())
    s += fmt::format(", with {} octets behind the UDP datagram", actual.slack.size());
  if (!actual.trailer.empty())
    s += fmt::format(", with {} octets behind the IP packet", actual.trailer.size());
  return s;
}

}  // namespace relayspec
