// SPDX-License-Identifier: Apache-2.0
#include "harness/dhcp4/memory.h"

#include "relayspec/harness/edits.h"

namespace relayspec::dhcp4 {
namespace {

constexpr std::uint8_t vss_control = 152;  // RFC 6607

// RFC 2131, table 3: an OFFER and an ACK name the server and the address. With another htype or hlen than
// Ethernet's the chaddr that begins alike is another client's.
bool offers_address(std::span<const std::uint8_t> reply) {
  const auto type = find_option(reply, code::message_type), server = find_option(reply, code::server_id);
  const auto is = [&](Type t) { return type == Bytes{static_cast<std::uint8_t>(t)}; };
  const bool ethernet = reply.size() > 2 && reply[1] == 1 && reply[2] == 6;
  return ethernet && (is(Type::offer) || is(Type::ack)) && server && server->size() == 4;
}

std::optional<std::uint8_t> type_of(std::span<const std::uint8_t> message) {
  const auto value = find_option(message, code::message_type);
  return value && value->size() == 1 ? std::optional((*value)[0]) : std::nullopt;
}

}  // namespace

std::optional<ExchangeKey> exchange_of(std::span<const std::uint8_t> m) {
  if (m.size() < 34) return std::nullopt;
  return ExchangeKey{*xid_of(m), Mac(m.data() + 28)};
}

ExchangeKey exchange_of(const Message& m) {
  Bytes chaddr = m.chaddr.value_or(Bytes{});
  chaddr.resize(6);
  return {m.xid.value_or(0), Mac(chaddr.data())};
}

void Memory::note_sent(std::span<const std::uint8_t> request, Segment downlink) {
  const auto key = exchange_of(request);
  if (!key) return;
  Sent& sent = sent_[*key];
  sent.segment = downlink;
  sent.option82 = find_option(request, code::relay_agent);
  ++sent.times[Bytes(request.begin(), request.end())];
}

void Memory::note_received(const ExchangeKey& key, std::span<const std::uint8_t> request, bool keeps_control,
                           std::size_t server) {
  reached_.emplace(key.chaddr, server);
  received_.insert(key);
  if (const auto giaddr = giaddr_of(request)) giaddr_[key] = *giaddr;
  const auto agent = find_option(request, code::relay_agent);
  // The latest request counts.
  echo_.erase(key);
  if (agent) echo_[key] = keeps_control ? *agent : without_sub_option(*agent, vss_control);
}

void Memory::note_answered(std::span<const std::uint8_t> reply) {
  const auto key = exchange_of(reply);
  if (!key) return;
  ++answers_[*key][type_of(reply)];
  if (offers_address(reply)) offered_.emplace(*key, *decode(reply).yiaddr);
}

std::size_t Memory::requests(const ExchangeKey& key) const {
  const auto at = sent_.find(key);
  std::size_t n = 0;
  if (at == sent_.end()) return n;
  for (const auto& [octets, times] : at->second.times) n += times;
  return n;
}

std::size_t Memory::answers(const ExchangeKey& key) const {
  std::size_t n = 0;
  const auto of_exchange = answers_.find(key);
  if (of_exchange == answers_.end()) return n;
  for (const auto& [type, times] : of_exchange->second) n += times;
  return n;
}

std::size_t Memory::answers(const ExchangeKey& key, std::optional<std::uint8_t> type) const {
  const auto of_exchange = answers_.find(key);
  if (of_exchange == answers_.end()) return 0;
  const auto at = of_exchange->second.find(type);
  return at == of_exchange->second.end() ? 0 : at->second;
}

std::optional<Bytes> Memory::echo(const ExchangeKey& key) const {
  const auto at = echo_.find(key);
  return at == echo_.end() ? std::nullopt : std::optional(at->second);
}

std::optional<Ipv4> Memory::giaddr(const ExchangeKey& key) const {
  const auto at = giaddr_.find(key);
  return at == giaddr_.end() ? std::nullopt : std::optional(at->second);
}

std::optional<std::size_t> Memory::chosen(const ExchangeKey& key) const {
  const auto at = chosen_.find(key);
  return at == chosen_.end() ? std::nullopt : std::optional(at->second);
}

std::optional<Segment> Memory::asked_on(const ExchangeKey& key) const {
  const auto at = sent_.find(key);
  return at == sent_.end() ? std::nullopt : std::optional(at->second.segment);
}

std::optional<Bytes> Memory::sent_option82(const ExchangeKey& key) const {
  const auto at = sent_.find(key);
  return at == sent_.end() ? std::nullopt : at->second.option82;
}

std::size_t Memory::times_sent(std::span<const std::uint8_t> request) const {
  const auto key = exchange_of(request);
  const auto at = key ? sent_.find(*key) : sent_.end();
  if (at == sent_.end()) return 0;
  const auto times = at->second.times.find(Bytes(request.begin(), request.end()));
  return times == at->second.times.end() ? 0 : times->second;
}

}  // namespace relayspec::dhcp4
