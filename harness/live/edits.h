// SPDX-License-Identifier: Apache-2.0
// The kinds of edits that stimuli are made with.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/live/stimulus.h"
#include "relayspec/harness/datagram.h"

namespace relayspec::live {

/// A stimulus while it is put together, in the order of its stages.
struct Draft {
  const dhcp4::World& world;
  const Stimulus& stimulus;
  const Sender& sender;
  Message message;
  Envelope envelope;
  Bytes octets;  ///< of the message, from the stage `octets` on
  Bytes frame;   ///< from the stage `frame` on
};

enum class Stage : std::uint8_t { message, octets, envelope, frame };
enum class Side : std::uint8_t { any, request, reply };

struct EditKind {
  const char* name;
  Stage stage;
  Side side;
  std::vector<std::uint32_t> values;  ///< a smaller one stands in front of a larger one
  void (*apply)(Draft&, std::uint32_t value);
  /// What stands behind the name in words; null: the number.
  std::string (*word)(std::uint32_t) = nullptr;

  bool fits(bool reply) const { return side == Side::any || (side == Side::reply) == reply; }
};

/// In the order in which they are applied.
std::span<const EditKind> edit_kinds();

std::vector<EditKind> field_edits();
std::vector<EditKind> option_edits();
std::vector<EditKind> layout_edits();  ///< of octets, envelope and frame

/// Addresses that have a part in the lab, and some that have none.
enum class Place : std::uint32_t {
  none,
  lease,
  another_host,
  another_relay,
  far_host,
  relay_downlink0,
  relay_downlink1,
  relay_uplink,
  server1,
  limited_broadcast,
  directed_broadcast,
  multicast,
  loopback,
  reserved
};
inline constexpr std::size_t place_count = 14;
Ipv4 address_of(Place, const Draft&);
std::string word_for_place(std::uint32_t);

/// The word of a list that a value stands for.
inline std::string word_of(std::span<const char* const> words, std::uint32_t value) {
  return value < words.size() ? words[value] : std::to_string(value);
}

}  // namespace relayspec::live
