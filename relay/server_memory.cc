// SPDX-License-Identifier: Apache-2.0
#include "relayspec/relay/server_memory.h"

#include <algorithm>

namespace relayspec::relay {

Lease lease_of(const Message& message, std::size_t downlink, Ipv4 address) {
  // Servers need not copy the octets behind hlen (RFC 951, section 3), so they are no part of a client's
  // name.
  Lease lease{downlink, message.htype(), message.hlen(), {}, address};
  std::copy_n(message.chaddr().begin(), message.hlen(), lease.chaddr.begin());
  return lease;
}

ServerMemory::ServerMemory(std::size_t clients) : entries_((clients + ways - 1) / ways * ways) {}

std::size_t ServerMemory::first_of_set(const Lease& lease) const {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  const auto mix = [&](std::uint64_t octet) { hash = (hash ^ octet) * 0x100000001b3; };
  mix(lease.downlink);
  mix(lease.htype);
  for (const auto octet : lease.chaddr) mix(octet);
  for (unsigned shift = 0; shift < 32; shift += 8) mix(lease.address.value >> shift & 0xff);
  hash ^= hash >> 32;
  return hash % (entries_.size() / ways) * ways;
}

ServerMemory::Entry* ServerMemory::find(const Lease& lease) {
  if (entries_.empty()) return nullptr;
  auto* set = entries_.data() + first_of_set(lease);
  auto* found =
      std::find_if(set, set + ways, [&](const Entry& e) { return e.used != 0 && e.lease == lease; });
  return found == set + ways ? nullptr : found;
}

ServerMemory::Entry& ServerMemory::find_or_evict(const Lease& lease) {
  if (auto* known = find(lease)) return *known;
  auto* set = entries_.data() + first_of_set(lease);
  auto& oldest =
      *std::min_element(set, set + ways, [](const Entry& a, const Entry& b) { return a.used < b.used; });
  oldest = Entry{};
  oldest.lease = lease;
  return oldest;
}

void ServerMemory::offered(const Lease& lease, std::uint32_t xid, Ipv4 server) {
  if (entries_.empty()) return;
  auto& entry = find_or_evict(lease);
  const bool later_offer = entry.used != 0 && entry.offer && entry.xid == xid;
  if (!later_offer) {
    entry.xid = xid;
    entry.offer = true;
    entry.server = server;
  }
  entry.used = ++uses_;
}

void ServerMemory::acknowledged(const Lease& lease, Ipv4 server) {
  if (entries_.empty()) return;
  auto& entry = find_or_evict(lease);
  entry.offer = false;
  entry.server = server;
  entry.used = ++uses_;
}

std::optional<Ipv4> ServerMemory::server_of(const Lease& lease) {
  auto* entry = find(lease);
  if (entry == nullptr) return {};
  entry->used = ++uses_;
  return entry->server;
}

}  // namespace relayspec::relay
