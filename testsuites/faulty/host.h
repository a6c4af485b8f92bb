// SPDX-License-Identifier: Apache-2.0
// What the kernel knows of the relay's host: its addresses, and when they or the links change.
#pragma once

#include "testsuites/faulty/relay.h"

namespace relayspec::faulty {

/// Reads the addresses of all interfaces and the MTU of the uplink.
void read_host(Settings&);

/// Whether nobody can have this as the source of a datagram (RFC 1122 section 3.2.1.3): network zero,
/// loopback, multicast, class E, a directed broadcast of ours, an address of ours. 0.0.0.0 is for the caller
/// to judge.
bool is_martian(const Settings&, Address);

/// Whether the interface's link is up.
bool is_running(const Interface&);

/// What a relay must not change: whether the interface answers ARP, and whether the host routes.
void set_arp(const Interface&, bool on);
void set_forwarding(bool on);
/// The host has an interface that only a bridge makes: its port.
bool has_bridge_port();

/// A socket that becomes readable when addresses or links change.
int open_watch();

struct Changes {
  bool any = false;
  std::vector<int> down;  ///< indices of interfaces that have gone down
  std::vector<int> gone;  ///< and of those that have been deleted
};
Changes read_watch(int watch);

}  // namespace relayspec::faulty
