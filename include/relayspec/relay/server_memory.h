// SPDX-License-Identifier: Apache-2.0
// Which server a client's lease belongs to, for a relay that stands in for the servers. Its size is fixed
// when it is made.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "relayspec/relay/address.h"
#include "relayspec/relay/message.h"

namespace relayspec::relay {

/// A client's lease as both directions of traffic show it.
struct Lease {
  std::size_t downlink = 0;
  std::uint8_t htype = 0, hlen = 0;
  std::array<std::uint8_t, chaddr_length> chaddr{};  ///< the first `hlen` octets, the rest zero
  Ipv4 address;

  friend bool operator==(const Lease&, const Lease&) = default;
};

/// The lease that a message on that downlink is about. hlen must not exceed 16.
Lease lease_of(const Message&, std::size_t downlink, Ipv4 address);

/// Sets of `ways` entries; a full set forgets what was used longest ago. Nothing depends on time or on random
/// numbers.
class ServerMemory {
 public:
  static constexpr std::size_t ways = 8;

  /// Room for at least `clients` leases, taken at once; 0: remembers nothing.
  explicit ServerMemory(std::size_t clients);

  /// An OFFER: the first one of a transaction stays, so that two servers that offer one address are told
  /// apart the way the client sees them; once an ACK has settled the lease the next OFFER counts again.
  void offered(const Lease&, std::uint32_t xid, Ipv4 server);

  /// An ACK settles whose lease it is.
  void acknowledged(const Lease&, Ipv4 server);

  std::optional<Ipv4> server_of(const Lease&);

  std::size_t capacity() const { return entries_.size(); }

 private:
  struct Entry {
    Lease lease;
    std::uint32_t xid = 0;
    bool offer = false;  // not settled yet
    Ipv4 server;
    std::uint64_t used = 0;  // the greater the later; 0: free
  };
  Entry* find(const Lease&);
  Entry& find_or_evict(const Lease&);
  std::size_t first_of_set(const Lease&) const;

  std::vector<Entry> entries_;
  std::uint64_t uses_ = 0;
};

}  // namespace relayspec::relay
