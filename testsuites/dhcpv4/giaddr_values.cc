// SPDX-License-Identifier: Apache-2.0
// giaddr with every address that has a meaning on one of the relay's networks: its own, those of hosts, the
// network's, the broadcast address; and with those of other networks.
#include <string>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class GiaddrValues : public Case {
 protected:
  std::vector<Ipv4> addresses() const {
    std::vector<Ipv4> all;
    for (const Segment s : all_segments) {
      all.insert(all.end(), {relay_address(s), subnet_broadcast(s), topology()[s].subnet()});
      for (const std::uint8_t n : Bytes{2, 3, 100, 127, 128, 253, 254}) all.push_back(host_address(s, n));
    }
    // And relays of other networks, whatever their addresses begin with.
    for (const char* other :
         {"1.2.3.4", "10.0.0.200", "100.64.0.9", "126.1.1.1", "172.16.3.9", "191.255.1.1"})
      all.emplace_back(other);
    return all;
  }
  std::string name_of(Ipv4 giaddr) const { return "giaddr " + role_of(giaddr); }
  template <class Build>
  std::vector<TableRow> rows(Build build) const {
    std::vector<TableRow> all;
    for (const Ipv4 giaddr : addresses()) {
      all.push_back({name_of(giaddr), [build, giaddr](const Client& one) { return build(one, giaddr); }});
    }
    return all;
  }
  std::vector<TableRow> requests() const {
    return rows([](const Client& one, Ipv4 giaddr) { return one.discover({.hops = 1, .giaddr = giaddr}); });
  }
  std::vector<TableRow> replies() const {
    return rows([this](const Client& one, Ipv4 giaddr) {
      return server.offer(one, {.flags = broadcast_flag, .giaddr = giaddr});
    });
  }
};

// RFC 1542, section 4.1.1: whatever another relay has put in stays.
TEST_F(GiaddrValues, AnyValueInARequestIsKept) {
  covers({"RFC1542-4.1.1-giaddr-nonzero-kept", "RFC1542-4.1.1-request-relayed"});

  requests_are_judged_by_model(requests());
}

// RFC 3046, section 2.1.1: a relay that adds option 82 drops requests with its own addresses in giaddr, and
// with no others.
TEST_F(GiaddrValues, AnyValueInARequestWithOption82IsKept) {
  covers({"RFC3046-2.1.1-own-address-as-giaddr", "RFC3046-2.1.1-own-giaddr-discard",
          "RFC1542-4.1.1-giaddr-nonzero-kept", "RFC3046-2.1.1-relayed-no-82-added"});
  relay_with({.option82 = true});

  requests_are_judged_by_model(requests());
}

// RFC 1542, section 4.1.2: a reply is for the relay whose address giaddr is, and for no neighbour of it. No
// RFC says what giaddr means when it is the relay's address on the servers' side.
TEST_F(GiaddrValues, OnlyAReplyWithTheRelaysAddressIsDelivered) {
  covers({"RFC1542-4.1.2-giaddr-foreign-discard", "RFC1542-4.1.2-giaddr-selects-interface"});

  auto all = replies();
  std::erase_if(all,
                [&](const TableRow& row) { return row.name == name_of(relay_address(Segment::uplink)); });
  replies_are_judged_by_model(all);
}

}  // namespace
}  // namespace relayspec
