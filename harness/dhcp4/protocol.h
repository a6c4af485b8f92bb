// SPDX-License-Identifier: Apache-2.0
// DHCPv4 as the engine sees it: which frames are messages, what the lab's hosts answer by ARP, and the plain
// exchange that serves as a barrier.
#pragma once

#include <tins/ip_reassembler.h>

#include <map>
#include <optional>
#include <vector>

#include "harness/dhcp4/model.h"
#include "harness/engine/protocol.h"

namespace relayspec::dhcp4 {

/// The datagram of a sighting that is whole.
const Datagram& datagram_of(const Sighting&);

bool has_broadcast_flag(std::span<const std::uint8_t> message);
/// Only replies have a yiaddr.
bool has_yiaddr(std::span<const std::uint8_t> message);
/// By op; but what comes to clients with a yiaddr or the message type of a reply is one, with its op
/// corrupted.
bool is_request(Segment seen_on, std::span<const std::uint8_t> message);

class Protocol4 : public Protocol {
 public:
  explicit Protocol4(Model& model) : model_(model) { forget(); }

  void relay_starts(const RelaySettings&) override;
  bool is_foreign(const Frame&) const override;
  std::optional<Sighting> read(const Frame&) override;
  std::vector<Answer> answer(const Frame&) override;
  bool is_resolving() const override;
  std::string host_says() const override;
  void forget() override;
  std::size_t request_copies() const override;

  /// A DISCOVER that passes every filter that a relay may be set to: no hops, many secs, no option 82.
  Outgoing barrier_request(std::uint32_t number, Segment downlink, unsigned form) const override;
  std::string barrier_form_name(unsigned form) const override { return form == 0 ? "broadcast" : "unicast"; }
  std::optional<BarrierSight> barrier(const Sighting&) const override;
  Outgoing barrier_answer(const Outgoing& request, const Sighting& relayed) override;
  std::vector<Difference> barrier_differences(const Outgoing& sent, const Sighting& came) const override;

  std::string rule_against(const Sighting&, bool sent_there) const override;
  LostReply rule_for_lost_reply(Segment downlink, const Outgoing& answer,
                                bool comes_elsewhere) const override;
  /// The rule for any lost reply: a relay that asks by ARP for the client's address waits for what cannot
  /// come.
  std::string rule_for_lost_reply(Segment downlink, const Message& reply, std::string rule) const;
  bool are_alike(const Sighting&, const Sighting&) const override;
  /// The rules that a loss of the plain exchange breaks, which has come through under these settings.
  std::vector<std::string> rules_of_plain(Direction) const;
  std::string summary(const Sighting&) const override;
  std::string addressed(const Sighting&) const override;

  /// A host that answers ARP on a segment until forget().
  void add_host(Segment, Ipv4, const Mac&);
  /// Since forget() the relay has asked for an address on a segment that no host has there.
  bool has_asked_in_vain(Segment s, Ipv4 a) const {
    return contains(asked_, s, a) && !hosts_.contains({s, a});
  }
  /// Since forget() the relay has answered for an address on a segment.
  bool has_answered_for(Segment s, Ipv4 a) const { return contains(answered_, s, a); }

 private:
  using Resolutions = std::vector<std::pair<Segment, Ipv4>>;
  static bool contains(const Resolutions&, Segment, Ipv4);
  std::optional<Sighting> read_fragment(const Frame&);
  std::string rule_against_copy_to(Ipv4) const;
  bool serves_itself() const;

  Model& model_;
  Memory memory_;                         ///< of barriers
  std::optional<Outgoing> plain_answer_;  ///< the latest of theirs
  std::map<std::pair<Segment, Ipv4>, Mac> hosts_;
  Resolutions asked_, answered_;
  std::optional<std::pair<Ipv4, std::uint16_t>> refused_;  ///< address and port at which nobody listens
  Tins::IPv4Reassembler reassemblers_[segment_count];
};

}  // namespace relayspec::dhcp4
