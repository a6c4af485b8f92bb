// SPDX-License-Identifier: Apache-2.0
// The harness' model as the judge of the relay's core. The two share no code; the fuzz targets are the one
// place that has both.
#pragma once

#include <map>
#include <set>
#include <utility>

#include "fuzz/fuzz.h"
#include "harness/dhcp4/model.h"

namespace relayspec::relay::fuzz {

class Judge {
 public:
  explicit Judge(const Site&);

  /// Ends the program, with a line in words, if the relay of the site must not make this of the message.
  /// Those before it count.
  void judge(const Site&, const Ingress&, const Outcome&);

  /// The option 82 that the servers have got in the exchange of this message, as they return it.
  std::optional<Octets> echo(std::span<const std::uint8_t> message) const;

 private:
  static Octets client_of(std::size_t downlink, std::span<const std::uint8_t> message);
  std::set<std::uint32_t> heard_of(std::size_t downlink, std::span<const std::uint8_t> request) const;
  bool note_choice(const Site&, const Ingress&, const Outcome&);
  void note_relayed(const Site&, const Outcome&);

  const dhcp4::Model& model_;
  dhcp4::Memory memory_;
  /// By client and address: those that have offered or given it.
  std::map<std::pair<Octets, std::uint32_t>, std::set<std::uint32_t>> servers_;
};

}  // namespace relayspec::relay::fuzz
