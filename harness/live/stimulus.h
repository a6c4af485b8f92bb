// SPDX-License-Identifier: Apache-2.0
// Generated messages: a plain one from a client or a server, and what is odd about it as a list of edits,
// each of which can be left out or made smaller. Seed and number say which.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "harness/dhcp4/model.h"

namespace relayspec::live {

/// What a stimulus is made from: requests first, then replies.
enum class Base : std::uint8_t {
  discover,
  selecting,
  init_reboot,
  renewing,
  decline,
  release,
  inform,
  bootp_request,
  offer,
  ack,
  ack_to_inform,
  nak,
  bootp_reply,
  forcerenew,
  discover_on_uplink,  ///< of a client there, or what a relay hears of itself
};
inline constexpr std::size_t base_count = 15;
/// It comes from the servers' side.
inline bool is_reply(Base b) { return b >= Base::offer; }
/// Before it its client has asked, so that it answers something.
inline bool is_answer(Base b) { return is_reply(b) && b != Base::discover_on_uplink; }
const char* name(Base);

/// A kind of the table (edits.h), and one of its values.
struct Edit {
  std::uint8_t kind = 0;
  std::uint32_t value = 0;
  friend bool operator==(const Edit&, const Edit&) = default;
};

/// What happens to the networks while a message is on its way.
enum class Trouble : std::uint8_t {
  none,
  link_down,      ///< the link on which it would come out is down, and comes up again behind it
  server_refuses  ///< the server's host answers the request by ICMP: port unreachable
};

struct Stimulus {
  Segment downlink = Segment::downlink0;  ///< the client's network
  Base base = Base::discover;
  std::vector<Edit> edits;  ///< by kind, each at most once
  Trouble trouble = Trouble::none;
  friend bool operator==(const Stimulus&, const Stimulus&) = default;

  bool reply() const { return is_reply(base); }
  /// Where it is sent.
  Segment segment() const { return reply() ? Segment::uplink : downlink; }
  /// The segment on which the relay sends it on.
  Segment way_out() const { return reply() ? downlink : Segment::uplink; }
};

/// "RELEASE on downlink0, hops 17, option 82 twice".
std::string describe(const Stimulus&);

/// "while the link of uplink0 is down", with which such a description ends.
std::string comment_link_down(Segment);

/// The same for the same arguments, on every machine.
Stimulus generate(std::uint64_t seed, std::uint64_t number, unsigned downlinks);
/// The same, of which some are one of these with another edit, or with one less, and a few meet trouble.
Stimulus generate(std::uint64_t seed, std::uint64_t number, unsigned downlinks,
                  std::span<const Stimulus> pool);

/// Those that say less: one edit less, a smaller value in one edit, a plainer message, the first network.
std::vector<Stimulus> simpler(const Stimulus&);

/// The client of a stimulus. Stimuli that are sent at once have different numbers.
struct Sender {
  Sender(std::uint64_t number, Segment downlink, const Topology&);
  std::uint32_t xid;
  Mac mac;
  Ipv4 lease;
};

/// What the client sends before, so that a reply answers something.
Bytes request_before(const Stimulus&, const Sender&, const dhcp4::World&);

/// The client has its address already, and its relay's host has heard of it.
inline bool has_address(Base b) { return b == Base::ack_to_inform || b == Base::forcerenew; }

/// The stimulus itself. `memory` has what the server knows of the request.
Bytes frame_of(const Stimulus&, const Sender&, const dhcp4::World&, const dhcp4::Memory&);

}  // namespace relayspec::live
