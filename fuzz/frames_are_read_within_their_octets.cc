// SPDX-License-Identifier: Apache-2.0
// The harness reads frames with any octets on any segment, one after another: what it takes for a datagram
// stands in the frame or in the fragments before it, and checksums are what an independent sum says. In front
// of each frame stand its segment and its length, three octets.
#include <algorithm>

#include "fuzz/claim.h"
#include "harness/dhcp4/protocol.h"
#include "harness/lab/tap.h"

using namespace relayspec;

namespace {

using View = std::span<const std::uint8_t>;

constexpr std::size_t ethernet_header = 14, most_frames = 16;

// RFC 1071, with the carries left to the end.
bool sums_up(std::uint64_t sum, View octets) {
  for (std::size_t i = 0; i < octets.size(); ++i) sum += std::uint64_t{octets[i]} << (i % 2 == 0 ? 8U : 0U);
  return sum != 0 && sum % 0xffff == 0;
}

void check_datagram(View frame, const Datagram& d) {
  const View ip = frame.subspan(ethernet_header);
  const std::size_t header = (ip[0] & 0x0fU) * 4U;
  const View udp = ip.subspan(header, d.payload.size() + 8);
  MUST_HOLD(std::ranges::equal(udp.subspan(8), d.payload));
  MUST_HOLD(d.ip_checksum_good == sums_up(0, ip.first(header)));
  const bool absent = udp[6] == 0 && udp[7] == 0;
  Bytes with_addresses(ip.begin() + 12, ip.begin() + 20);
  with_addresses.insert(with_addresses.end(), udp.begin(), udp.end());
  MUST_HOLD((d.udp_checksum == Checksum::absent) == absent);
  if (!absent) MUST_HOLD((d.udp_checksum == Checksum::good) == sums_up(17 + udp.size(), with_addresses));
}

void check_checksums(const Bytes& frame) {
  Bytes completed = frame;
  if (complete_checksum(completed)) {
    const auto d = decode_udp(completed);
    MUST_HOLD(!d || d->udp_checksum == Checksum::good ||
              d->payload.size() + 8 + 20 + ethernet_header < frame.size());
  } else {
    MUST_HOLD(completed == frame);
  }
  Bytes opened = frame;
  if (open_checksum(opened)) {
    MUST_HOLD(complete_checksum(opened));
    MUST_HOLD(opened == frame);
  } else {
    MUST_HOLD(opened == frame);
  }
}

void read_frame(dhcp4::Protocol4& protocol, const dhcp4::Model& model, const Frame& f,
                std::size_t octets_before) {
  const auto alone = decode_udp(f.bytes);
  if (alone) check_datagram(f.bytes, *alone);
  check_checksums(f.bytes);
  protocol.is_foreign(f);
  protocol.answer(f);
  protocol.host_says();
  protocol.is_resolving();
  model.outcome(f.segment, f.bytes, {});
  const auto sighting = protocol.read(f);
  if (!sighting || !sighting->whole()) return;
  const Datagram& d = dhcp4::datagram_of(*sighting);
  MUST_HOLD(alone || sighting->fragments_of);
  MUST_HOLD(d.payload.size() <= octets_before + f.bytes.size());
  MUST_HOLD(protocol.are_alike(*sighting, *sighting));
  protocol.barrier(*sighting);
  for (const bool sent_there : {false, true})
    MUST_HOLD(!protocol.rule_against(*sighting, sent_there).empty());
  MUST_HOLD(!protocol.summary(*sighting).empty() && !protocol.addressed(*sighting).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static dhcp4::Model model{dhcp4::World{}};
  dhcp4::Protocol4 protocol(model);
  View rest(data, size);
  std::size_t octets = 0;
  for (std::size_t n = 0; rest.size() >= 3 && n < most_frames; ++n) {
    Frame f;
    f.segment = all_segments[rest[0] % segment_count];
    const std::size_t length = std::min<std::size_t>(rest[1] << 8U | rest[2], rest.size() - 3);
    f.bytes.assign(rest.begin() + 3, rest.begin() + 3 + static_cast<std::ptrdiff_t>(length));
    rest = rest.subspan(3 + length);
    read_frame(protocol, model, f, octets);
    octets += length;
  }
  return 0;
}
