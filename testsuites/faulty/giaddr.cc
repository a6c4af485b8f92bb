// SPDX-License-Identifier: Apache-2.0
// giaddr: which address requests get, and which of them are none of this relay's business (RFC 1542
// section 4.1.1).
#include "testsuites/faulty/agent.h"

namespace relayspec::faulty {

// RFC 3527 section 3: with link selection giaddr is free to be where the servers reach the relay.
Address Agent::shared_giaddr() const {
  if (s_.giaddr != 0 && !wrong("giaddr-setting-ignored")) return s_.giaddr;
  return s_.link_selection && !wrong("link-selection-leaves-giaddr") ? s_.uplink.address() : 0;
}

Address Agent::giaddr_for(std::size_t downlink) const {
  const Address shared = shared_giaddr();
  const Interface& here = s_.downlinks[downlink];
  const Address own = shared != 0 ? shared : here.address();
  if (wrong("giaddr-of-first-message")) return s_.downlinks[first_downlink_.value_or(downlink)].address();
  if (wrong("giaddr-is-last-address") && here.addresses.size() > 1) return here.addresses.back().address;
  if (wrong("giaddr-in-turns") && here.addresses.size() > 1)
    return here.addresses[turn_ % here.addresses.size()].address;
  if (wrong("giaddr-is-uplink")) return s_.uplink.address();
  if (wrong("giaddr-of-other-downlink")) return s_.downlinks[(downlink + 1) % s_.downlinks.size()].address();
  if (wrong("giaddr-is-broadcast-address")) return own | 0xff;
  return own;
}

bool Agent::loops_for_ever() const {
  return wrong("loops-for-ever") || (wrong("loops-for-ever-with-2-servers") && s_.servers.size() == 2);
}

// A request with a giaddr of this relay is forged, or has come back in a loop (RFC 3046 section 2.1.1); any
// address counts.
bool Agent::claims_this_relay(Address giaddr, std::size_t downlink) const {
  if (wrong("loop-to-own-giaddr") || loops_for_ever()) return false;
  if (wrong("own-uplink-giaddr-relayed") && s_.uplink.has(giaddr)) return false;
  if (wrong("own-other-giaddr-relayed")) return s_.downlinks[downlink].has(giaddr) || s_.uplink.has(giaddr);
  if (wrong("own-secondary-giaddr-relayed") && s_.downlinks[downlink].has(giaddr))
    return s_.downlinks[downlink].address() == giaddr;
  return s_.is_own(giaddr);
}

bool Agent::is_not_ours(const Bytes& m, std::size_t downlink) const {
  const Address giaddr = get32(m, at::giaddr);
  if (giaddr == 0) return giaddr_for(downlink) == 0 && !wrong("addressless-giaddr-zero");
  return claims_this_relay(giaddr, downlink) &&
         !(wrong("own-giaddr-relayed-after-2-hops") && m[at::hops] >= 2);
}

void Agent::fill_in_giaddr(Bytes& m, const Origin& from) const {
  const bool fresh = get32(m, at::giaddr) == 0;
  const bool forgets =
      wrong("giaddr-not-filled-in") || (wrong("first-request-without-giaddr") && !first_downlink_);
  if ((!fresh || forgets) && !wrong("giaddr-overwritten")) return;
  Address giaddr = giaddr_for(from.downlink);
  const Address last = s_.downlinks[from.downlink].addresses.back().address;
  // Each of these faults strikes where giaddr is the downlink's own address.
  if (shared_giaddr() != 0) return put32(m, at::giaddr, giaddr);
  if (wrong("giaddr-of-requests-is-the-last-address") && type_of(m) == Type::request) giaddr = last;
  if (wrong("giaddr-of-broadcasts-with-a-source-is-the-last-address") && from.sender != 0 && !from.unicast)
    giaddr = last;
  if (wrong("giaddr-of-unicast-requests-is-the-last-address") && from.unicast) giaddr = last;
  if (wrong("giaddr-is-where-the-request-was-sent-to") && from.unicast) giaddr = from.to;
  put32(m, at::giaddr, giaddr);
}

}  // namespace relayspec::faulty
