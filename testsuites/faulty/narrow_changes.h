// SPDX-License-Identifier: Apache-2.0
// What the narrow faults are written with: where they look, and what they do.
#pragma once

#include <algorithm>

#include "testsuites/faulty/narrow.h"

namespace relayspec::faulty {

inline Address giaddr_in(const Sight& x) { return get32(x.m, at::giaddr); }
inline bool fresh(const Sight& x) { return giaddr_in(x) == 0; }
inline std::size_t count(const Bytes& m, std::uint8_t code) { return find_all(m, code).size(); }
inline std::size_t length(const Bytes& m, std::uint8_t code) {
  const auto p = find(m, code);
  return p ? p->size - 2 : 999;
}
inline bool is_server(const Settings& s, Address a) {
  return std::find(s.servers.begin(), s.servers.end(), a) != s.servers.end();
}

template <std::size_t At>
void raise(Bytes& m) {
  ++m[At];
}
template <std::size_t At>
void clear_address(Bytes& m) {
  put32(m, At, 0);
}
template <std::size_t At, std::uint8_t Value>
void set_octet(Bytes& m) {
  m[At] = Value;
}
template <std::uint8_t Code>
void take_out(Bytes& m) {
  if (const auto p = find(m, Code)) erase(m, {*p});
}
// The last of them.
template <std::uint8_t Code>
void take_out_last(Bytes& m) {
  const auto all = find_all(m, Code);
  if (!all.empty()) erase(m, {all.back()});
}
// No relay looks into an option that it does not know.
inline void disguise_82(Bytes& m) {
  if (const auto p = find(m, agent_information)) m[p->from] = 224;
}
template <std::uint32_t Address>
void set_giaddr(Bytes& m) {
  put32(m, at::giaddr, Address);
}

}  // namespace relayspec::faulty
