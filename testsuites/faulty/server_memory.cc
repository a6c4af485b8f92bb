// SPDX-License-Identifier: Apache-2.0
// Dialect proxy: which server a client's lease belongs to. OFFERs and ACKs tell.
#include <algorithm>
#include <cstdlib>

#include "testsuites/faulty/agent.h"

namespace relayspec::faulty {

// A client is its link address: what stands behind hlen servers need not copy (RFC 951 section 3).
Mac Agent::client_of(const Bytes& m) const {
  if (wrong("servers-kept-by-the-leased-address-alone")) return {};
  Mac client = mac_in(m);
  if (wrong("servers-kept-by-xid")) std::copy_n(m.begin() + at::xid, 4, client.begin());
  for (std::size_t i = 6; i < 16 && wrong("servers-kept-by-16-octets"); ++i)
    client[i % 6] = static_cast<std::uint8_t>(client[i % 6] * 3 ^ m[at::chaddr + i]);
  if (wrong("servers-kept-by-all-but-the-first-octet")) client.front() = 0;
  if (wrong("servers-kept-by-all-but-the-last-octet")) client.back() = 0;
  return client;
}

void Agent::forget_servers_of(const Bytes& m) {
  const Mac client = client_of(m);
  std::erase_if(offered_by_, [&](const auto& entry) { return entry.first.first == client; });
}

// A memory that is kept without a part of what distinguishes two clients: the last reply to either counts.
std::optional<Address> Agent::server_of_one_alike(const Bytes& m) const {
  const auto it = last_reply_to_.find(mac_in(m));
  if (it == last_reply_to_.end()) return {};
  const auto& [reply, server] = it->second;
  const bool same_chaddr =
      std::equal(m.begin() + at::chaddr, m.begin() + at::sname, reply.begin() + at::chaddr);
  const bool alike =
      (wrong("servers-kept-without-the-network") && get32(m, at::giaddr) != get32(reply, at::giaddr)) ||
      (wrong("servers-kept-without-htype") && m[at::htype] != reply[at::htype] &&
       m[at::hlen] == reply[at::hlen]) ||
      (wrong("servers-kept-by-6-octets-of-chaddr") && !same_chaddr) ||
      (wrong("servers-kept-without-the-address-in-releases") && type_of(m) == release &&
       get32(reply, at::yiaddr) != 0 && same_chaddr && m[at::htype] == reply[at::htype] &&
       get32(m, at::giaddr) == get32(reply, at::giaddr));
  if (!alike) return {};
  return server;
}

void Agent::learn_server(const Bytes& m, Address server) {
  const std::uint8_t type = type_of(m);
  if (type == nak && wrong("a-nak-makes-forget-all")) offered_by_.clear();
  if (last_reply_to_.size() > most_remembered) last_reply_to_.clear();
  if (type != nak) last_reply_to_[mac_in(m)] = {Bytes(m.begin(), m.begin() + at::sname), server};
  const Mac client = client_of(m);
  const Address leased = get32(m, at::yiaddr);
  if (refused_by_.size() > most_remembered) refused_by_.clear();
  if (first_offer_by_.size() > most_remembered) first_offer_by_.clear();
  if (type == nak) refused_by_.emplace(client, server);
  const bool known = offered_by_.contains({client, leased});
  const bool overloads = !find(m, server_id);
  if (wrong("server-in-overloaded-fields-not-learned") && overloads) return forget_servers_of(m);
  if (type == nak || (wrong("server-not-learned-from-acks") && type == ack) ||
      (wrong("server-not-learned-from-an-ack-alone") && type == ack && !known) ||
      (wrong("server-of-the-first-offer-stays-after-the-ack") && type == ack && known)) {
    return;
  }
  if (type == offer && wrong("server-of-the-first-offer-under-an-xid-stays")) {
    const std::uint32_t xid = get32(m, at::xid);
    if (known && first_xid_[{client, leased}] == xid) return;
    first_xid_[{client, leased}] = xid;
  }
  first_offer_by_.emplace(client, server);
  if (offered_by_.size() + 2 > most_remembered) offered_by_.clear();
  offered_by_[{client, 0}] = offered_by_[{client, leased}] = server;
  last_offerer_ = server;
}

}  // namespace relayspec::faulty
