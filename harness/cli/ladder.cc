// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/ladder.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <vector>

#include "harness/text.h"
#include "relayspec/harness/datagram.h"
#include "relayspec/harness/message.h"

namespace relayspec {
namespace {

constexpr std::size_t side_width = 38;  // of a side, between host and relay
constexpr const char *arrow_piece = "─", *relay_wall = "│";

std::string repeated(std::size_t n, const char* text) {
  std::string s;
  for (std::size_t i = 0; i < n; ++i) s += text;
  return s;
}

std::string padded(const std::string& text, std::size_t to) {
  return text + std::string(to > columns(text) ? to - columns(text) : 0, ' ');
}

// "DISCOVER", as summary() begins.
std::string type_of(const Bytes& message) {
  const std::string s = summary(message);
  return s.substr(0, s.find(' '));
}

std::string address(std::span<const std::uint8_t> octets) {
  return fmt::format("{}.{}.{}.{}", octets[0], octets[1], octets[2], octets[3]);
}

std::string option_in_words(const Bytes& message, std::uint8_t code) {
  const auto data = find_option(message, code);
  if (!data) return "";
  return data->size() == 4 ? address(*data) : fmt::format("[{}]", hex(*data, 8));
}

// The fields that change from hop to hop, or that identify client and server.
std::vector<std::string> fields_of(const Datagram& d) {
  const Message m = decode(d.payload);
  std::vector<std::string> all = {
      fmt::format("{}:{} to {}:{}", d.ip_src.to_string(), d.sport, d.ip_dst.to_string(), d.dport),
      fmt::format("link destination {}", d.eth_dst == Mac::broadcast ? "broadcast" : d.eth_dst.to_string()),
      fmt::format("giaddr {}, hops {}", m.giaddr->to_string(), *m.hops)};
  if (*m.ciaddr != Ipv4()) all.push_back("ciaddr " + m.ciaddr->to_string());
  if (*m.yiaddr != Ipv4()) all.push_back("yiaddr " + m.yiaddr->to_string());
  if (*m.flags & broadcast_flag) all.emplace_back("BROADCAST flag");
  for (const auto& [code, name] :
       {std::pair{code::requested_address, "requested"}, std::pair{code::server_id, "server"},
        std::pair{code::relay_agent, "relay agent"}}) {
    if (const std::string words = option_in_words(d.payload, code); !words.empty())
      all.push_back(fmt::format("option {} ({}) {}", code, name, words));
  }
  return all;
}

// One hop: on the left the client's side of the relay, on the right the server's.
std::string rung(unsigned number, const Datagram& d, bool client_side, bool towards_server) {
  const std::string type = type_of(d.payload);
  const std::size_t shaft = side_width - columns(type) - 4;
  std::string arrow = towards_server ? " " + type + " " + repeated(shaft, arrow_piece) + "► "
                                     : " ◄" + repeated(shaft, arrow_piece) + " " + type + " ";
  const std::string blank(side_width, ' ');
  std::string s;
  const auto put = [&](const std::string& head, const std::string& all) {
    const std::string text = shortened(all, side_width);
    std::string row =
        head + (client_side ? padded(text, side_width) + relay_wall : blank + relay_wall + text);
    row.erase(row.find_last_not_of(' ') + 1);
    s += row + "\n";
  };
  put(fmt::format("{:>2}", number), arrow);
  for (const std::string& field : fields_of(d)) put("  ", "   " + field);
  return s;
}

std::string head(const Topology& topology) {
  std::string s = padded("   client on downlink0", side_width - 4) + "relay" +
                  std::string(side_width - 14, ' ') + "server\n";
  const std::string own = topology[Segment::downlink0].relay.ipv4.to_string() + " " + relay_wall + " " +
                          topology[Segment::uplink].relay.ipv4.to_string();
  const std::string before = topology[Segment::downlink0].relay.ipv4.to_string() + " ";
  s += std::string(side_width + 2 - before.size(), ' ') + own;
  return padded(s, 0) + std::string(12, ' ') + topology.servers[0].ipv4.to_string() + "\n";
}

}  // namespace

std::string ladder(std::span<const Frame> frames, const Topology& topology) {
  std::string s = head(topology);
  std::optional<std::uint32_t> xid;
  unsigned number = 0;
  for (const Frame& f : frames) {
    const auto d = decode_udp(f.bytes);
    if (!d || d->payload.size() < options_offset) continue;
    const bool by_harness = f.origin == Origin::harness, client_side = f.segment != Segment::uplink;
    if (!xid && by_harness && f.segment == Segment::downlink0) xid = xid_of(d->payload);
    if (!xid || xid_of(d->payload) != xid) continue;
    s += rung(++number, *d, client_side, client_side == by_harness);
  }
  return s;
}

}  // namespace relayspec
