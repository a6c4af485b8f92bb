// SPDX-License-Identifier: Apache-2.0
// Faults that strike where an octet, an option or an address has one of its many values.
#include "testsuites/faulty/narrow_changes.h"

namespace relayspec::faulty {
namespace {

bool has_odd_length(const Bytes& m, std::uint8_t code, std::size_t right) {
  return find(m, code) && length(m, code) != right;
}
std::size_t max_message_size(const Bytes& m) {
  const auto p = find(m, 57);
  return p && p->size == 4 ? get16(m, p->from + 2) : 65535;
}
bool on_uplink(const Sight& x) {
  const Network n = x.s.uplink.network();
  const Address giaddr = giaddr_in(x);
  return (giaddr & n.mask) == n.subnet() && giaddr != n.broadcast() && !x.s.is_own(giaddr) &&
         !is_server(x.s, giaddr);
}
bool is_downlinks_broadcast(const Sight& x) {
  return std::any_of(x.s.downlinks.begin(), x.s.downlinks.end(),
                     [&](const Interface& i) { return i.network().broadcast() == giaddr_in(x); });
}
std::uint8_t first_of(const Bytes& m, std::uint8_t code) {
  const auto p = find(m, code);
  return p && p->size > 2 ? m[p->from + 2] : 0;
}

constexpr Narrow of_values[] = {
    // contents of options
    {"duid-client-id-dropped", Way::up,
     [](const Sight& x) { return !x.s.option82 && first_of(x.m, 61) == 255; }, take_out<61>},
    {"default-route-of-121-dropped", Way::down,
     [](const Sight& x) { return !x.s.option82 && length(x.m, 121) == 5; }, take_out<121>},
    {"rapid-commit-dropped-beside-82", Way::up,
     [](const Sight& x) { return x.s.option82 && length(x.m, 80) == 0; }, take_out<80>},
    {"82-inside-43-taken-for-the-echo", Way::down,
     [](const Sight& x) { return x.s.option82 && first_of(x.m, 43) == agent_information; }, take_out<43>},
    {"odd-requested-address-dropped", Way::up,
     [](const Sight& x) { return has_odd_length(x.m, requested_address, 4); }, take_out<requested_address>},
    {"odd-renewal-time-dropped", Way::down, [](const Sight& x) { return has_odd_length(x.m, 58, 4); },
     take_out<58>},
    {"requests-longer-than-their-57-dropped", Way::up,
     [](const Sight& x) { return x.s.max_size == 1472 && x.m.size() > max_message_size(x.m); }, nullptr},
    {"replies-longer-than-their-57-dropped", Way::down,
     [](const Sight& x) { return x.m.size() > max_message_size(x.m); }, nullptr},
    // values of single octets
    {"op-129-taken-for-a-request", Way::up, [](const Sight& x) { return x.m[at::op] == 129; },
     set_octet<at::op, 1>},
    {"op-130-taken-for-a-reply", Way::down, [](const Sight& x) { return x.m[at::op] == 130; },
     set_octet<at::op, 2>},
    {"hops-compared-as-signed", Way::up,
     [](const Sight& x) { return x.m[at::hops] > 127 && x.m[at::hops] < 255 && x.s.max_hops == 16; },
     set_octet<at::hops, 0>},
    {"hops-255-in-replies-dropped", Way::down, [](const Sight& x) { return x.m[at::hops] == 255; }, nullptr},
    {"type-200-dropped", Way::up, [](const Sight& x) { return type_of(x.m) == 200; }, nullptr},
    {"type-200-in-replies-dropped", Way::down, [](const Sight& x) { return type_of(x.m) == 200; }, nullptr},
    {"htype-20-dropped", Way::up, [](const Sight& x) { return x.m[at::htype] == 20; }, nullptr},
    {"hlen-of-128-and-more-clears-chaddr", Way::up,
     [](const Sight& x) { return x.m[at::hlen] > 127 && x.m[at::hlen] < 255; },
     set_octet<at::chaddr + 15, 0>},
    {"replies-of-longer-addresses-dropped", Way::down,
     [](const Sight& x) { return x.m[at::htype] != 1 && x.m[at::hlen] > 6; }, nullptr},
    {"flag-of-0x4000-cleared", Way::up, [](const Sight& x) { return get16(x.m, at::flags) == 0x4000; },
     set_octet<at::flags, 0>},
    {"worn-out-replies-dropped", Way::down, [](const Sight& x) { return x.ttl <= 1; }, nullptr},
    // giaddr
    {"giaddr-on-the-servers-network-cleared", Way::up,
     [](const Sight& x) { return !x.s.option82 && on_uplink(x); }, clear_address<at::giaddr>},
    {"giaddr-on-the-servers-network-dropped-beside-82", Way::up,
     [](const Sight& x) { return x.s.option82 && on_uplink(x); }, nullptr},
    {"broadcast-giaddr-in-replies-delivered", Way::down, is_downlinks_broadcast, set_giaddr<0xc0'00'02'01>},
    // sizes of option 82
    {"long-82-of-another-relay-cut", Way::up,
     [](const Sight& x) { return !fresh(x) && joined(x.m, agent_information).size() > 510; },
     take_out_last<agent_information>},
    {"echo-of-254-left-in-reply", Way::down,
     [](const Sight& x) { return x.s.option82 && length(x.m, agent_information) == 254; }, disguise_82},
    {"full-echo-left-in-reply", Way::down,
     [](const Sight& x) { return x.s.option82 && length(x.m, agent_information) == 255; }, disguise_82},
    {"echo-of-256-left-in-reply", Way::down,
     [](const Sight& x) { return x.s.option82 && joined(x.m, agent_information).size() == 256; },
     disguise_82},
};

}  // namespace

std::span<const Narrow> value_faults() { return of_values; }

}  // namespace relayspec::faulty
