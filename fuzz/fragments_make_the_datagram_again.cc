// SPDX-License-Identifier: Apache-2.0
// The harness takes a datagram out of its fragments, whatever their size and order, once the last one has
// come and not before (RFC 791, section 3.2). The first octets of the input are the size, the fragment that
// is missing, if any, and the order; what follows them is the message.
#include <algorithm>

#include "fuzz/claim.h"
#include "harness/dhcp4/protocol.h"

using namespace relayspec;

namespace {

constexpr std::size_t drawn = 10;

// A permutation that the input chooses.
void reorder(std::vector<Bytes>& parts, std::span<const std::uint8_t> order) {
  for (std::size_t i = parts.size(); i > 1; --i) std::swap(parts[i - 1], parts[order[i % order.size()] % i]);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < drawn) return 0;
  static dhcp4::Model model{dhcp4::World{}};
  static dhcp4::Protocol4 protocol(model);
  protocol.forget();
  const Topology& t = Topology::documentation();
  const Envelope e{.eth_dst = t.servers[0].mac,
                   .eth_src = t[Segment::uplink].relay.mac,
                   .ip_dst = t.servers[0].ipv4,
                   .ip_src = t[Segment::uplink].relay.ipv4,
                   .sport = 67,
                   .dport = 67};
  const Bytes frame = encode_udp(e, std::span(data, size).subspan(drawn));
  auto parts = fragments(frame, 8 * (1U + data[0]));
  const bool in_fragments = parts.size() > 1;
  reorder(parts, std::span(data, drawn).subspan(2));
  const std::size_t missing = data[1];
  std::size_t whole = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i == missing && in_fragments) continue;
    const auto sighting = protocol.read({.segment = Segment::uplink, .bytes = parts[i]});
    MUST_HOLD(sighting.has_value());
    if (!sighting->whole()) continue;
    ++whole;
    MUST_HOLD(i + 1 == parts.size());
    MUST_HOLD(sighting->fragments_of.has_value() == in_fragments);
    const Datagram &came = dhcp4::datagram_of(*sighting), sent = *decode_udp(frame);
    MUST_HOLD(came.payload == sent.payload);
    MUST_HOLD(came.ip_src == sent.ip_src && came.ip_dst == sent.ip_dst);
    MUST_HOLD(came.eth_src == sent.eth_src && came.eth_dst == sent.eth_dst);
    MUST_HOLD(came.sport == sent.sport && came.dport == sent.dport);
    MUST_HOLD(came.udp_checksum == Checksum::good);
  }
  MUST_HOLD(whole == (missing < parts.size() && in_fragments ? 0U : 1U));
  return 0;
}
