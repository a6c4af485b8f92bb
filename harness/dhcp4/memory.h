// SPDX-License-Identifier: Apache-2.0
// What has gone before a stimulus: what a relay may have learned from it, and what servers know of it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "relayspec/harness/message.h"
#include "relayspec/harness/segment.h"

namespace relayspec::dhcp4 {

/// A client's exchange: the transaction id alone is no client's own.
struct ExchangeKey {
  std::uint32_t xid = 0;
  Mac chaddr;  ///< its first 6 octets
  bool operator==(const ExchangeKey&) const = default;
  friend bool operator<(const ExchangeKey& a, const ExchangeKey& b) {
    return a.xid != b.xid ? a.xid < b.xid : a.chaddr < b.chaddr;
  }
};
/// Unset when the message is too short for it.
std::optional<ExchangeKey> exchange_of(std::span<const std::uint8_t> message);
ExchangeKey exchange_of(const Message&);

class Memory {
 public:
  /// A client has sent this request on a downlink.
  void note_sent(std::span<const std::uint8_t> request, Segment downlink);
  /// A server has received the request of this exchange like this, which a relay may have corrupted.
  /// `keeps_control`: servers know nothing of VPNs, and return the
  /// control sub-option as well (RFC 6607, section 3.3).
  void note_received(const ExchangeKey&, std::span<const std::uint8_t> request, bool keeps_control,
                     std::size_t server);
  /// A server has sent this reply.
  void note_answered(std::span<const std::uint8_t> reply);
  /// The relay has been started again since: it has none of this from its own memory.
  void note_restart() { restarted_ = true; }
  /// The client chooses this server: it names it in its request.
  void note_choice(const ExchangeKey& key, std::size_t server) { chosen_[key] = server; }
  /// Its next request names none.
  void forget_choice(const ExchangeKey& key) { chosen_.erase(key); }

  /// Option 82 as a server returns it (RFC 3046, section 2.2); unset where it has received none.
  std::optional<Bytes> echo(const ExchangeKey&) const;
  /// giaddr of the request as the server has received it, which its replies have as well.
  std::optional<Ipv4> giaddr(const ExchangeKey&) const;
  /// A server has received a request of this exchange, and none with option 82.
  bool received_without_option82(const ExchangeKey& key) const {
    return received_.contains(key) && !echo_.contains(key);
  }
  std::optional<std::size_t> chosen(const ExchangeKey&) const;
  bool relay_was_restarted() const { return restarted_; }
  /// How many requests have been sent in this exchange.
  std::size_t requests(const ExchangeKey&) const;
  /// How many replies servers have sent to this exchange, and how many of this message type.
  std::size_t answers(const ExchangeKey&) const;
  std::size_t answers(const ExchangeKey&, std::optional<std::uint8_t> type) const;
  /// A server has offered or given this address to the client of this exchange, and has said who it is.
  bool was_offered(const ExchangeKey& key, Ipv4 address) const { return offered_.contains({key, address}); }
  /// The server has received a request of this client.
  bool has_reached(const Mac& chaddr, std::size_t server) const {
    return reached_.contains({chaddr, server});
  }
  bool has_asked(const ExchangeKey& key) const { return sent_.contains(key); }
  /// The network of the latest request of this exchange.
  std::optional<Segment> asked_on(const ExchangeKey&) const;
  /// Option 82 of the request when the client sent it.
  std::optional<Bytes> sent_option82(const ExchangeKey&) const;
  bool came_with_option82(const ExchangeKey& key) const { return sent_option82(key).has_value(); }
  /// The relay has put option 82 into a request that had none.
  bool relay_added_option82(const ExchangeKey& key) const {
    return echo(key) && has_asked(key) && !came_with_option82(key);
  }
  /// How often the very same octets have been sent.
  std::size_t times_sent(std::span<const std::uint8_t> request) const;

 private:
  struct Sent {
    Segment segment = Segment::downlink0;
    std::optional<Bytes> option82 = {};
    std::map<Bytes, std::size_t> times;
  };
  std::map<ExchangeKey, Sent> sent_;
  std::set<ExchangeKey> received_;
  std::map<ExchangeKey, Bytes> echo_;
  std::map<ExchangeKey, Ipv4> giaddr_;
  std::map<ExchangeKey, std::size_t> chosen_;
  std::map<ExchangeKey, std::map<std::optional<std::uint8_t>, std::size_t>> answers_;
  std::set<std::pair<ExchangeKey, Ipv4>> offered_;
  std::set<std::pair<Mac, std::size_t>> reached_;
  bool restarted_ = false;
};

}  // namespace relayspec::dhcp4
