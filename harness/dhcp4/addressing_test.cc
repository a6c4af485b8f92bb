#include "harness/dhcp4/addressing.h"

#include <gtest/gtest.h>

namespace relayspec {
namespace {

TEST(Addressing, GiaddrIsTheAddressOfTheDownlink) {
  EXPECT_EQ(giaddr_set_by({}, Segment::downlink0), relay_address(Segment::downlink0));
  EXPECT_EQ(giaddr_set_by({}, Segment::downlink1), relay_address(Segment::downlink1));
}

// RFC 3527, section 3
TEST(Addressing, WithLinkSelectionGiaddrIsTheAddressOfTheUplink) {
  EXPECT_EQ(giaddr_set_by({.link_selection = true}, Segment::downlink1), relay_address(Segment::uplink));
}

TEST(Addressing, AFixedGiaddrTakesPrecedence) {
  const RelaySettings settings{.link_selection = true, .giaddr = Ipv4("203.0.113.1")};
  EXPECT_EQ(giaddr_set_by(settings, Segment::downlink0), Ipv4("203.0.113.1"));
}

// RFC 8357, section 3.1
TEST(Addressing, ThePortTowardsServersIs67OrTheSourcePort) {
  EXPECT_EQ(port_towards_servers({}), 67);
  EXPECT_EQ(port_towards_servers({.source_port = 50067}), 50067);
}

}  // namespace
}  // namespace relayspec
