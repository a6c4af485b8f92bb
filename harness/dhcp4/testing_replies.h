// SPDX-License-Identifier: Apache-2.0
// What examples of replies differ in.
#pragma once

#include "harness/dhcp4/testing_model.h"

namespace relayspec::dhcp4 {

inline void yiaddr(Stimulus& s, const char* a) { s.message.yiaddr = Ipv4(a); }
inline void flag(Stimulus& s) { s.message.flags = broadcast_flag; }
inline void hardware(Stimulus& s, std::uint8_t htype, std::uint8_t hlen) {
  s.message.htype = htype;
  s.message.hlen = hlen;
}
/// The relay's echo in a reply, option 82 on.
inline void echoed(Stimulus& s) {
  add_option82(s);
  echo(s);
}
inline void override_server_id(Stimulus& s) {
  echoed(s);
  settings(s).server_id = ServerIdMode::override_suboption;
}
/// Servers have sent the reply so often.
inline void answered(Stimulus& s, int times) {
  for (int n = 0; n < times; ++n) s.memory.note_answered(s.payload());
}
inline void uplink_as_giaddr(Stimulus& s) {
  settings(s).link_selection = true;
  giaddr(s, "198.51.100.1");
}
/// RFC 6607: sub-option 151 with a VPN identifier of type 0.
inline void names_vpn(Stimulus& s, std::string_view name) {
  Bytes content{0};
  content.insert(content.end(), name.begin(), name.end());
  add_option82(s);
  settings(s).vss = "red";
  const Option own = agent({option::of(151, content)});
  add(s, own);
  s.memory.note_received(exchange_of(plain_request().message), encode(plain_request().message.plus(own)),
                         true, 0);
}

}  // namespace relayspec::dhcp4
