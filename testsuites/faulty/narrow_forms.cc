// SPDX-License-Identifier: Apache-2.0
// Faults that strike at a form of message alone: by unicast, of plain BOOTP, beside option 82, from
// elsewhere.
#include <unistd.h>

#include "testsuites/faulty/narrow_changes.h"
#include "testsuites/faulty/options.h"

namespace relayspec::faulty {
namespace {

bool unicast(const Sight& x) { return x.s.is_own(x.to); }
bool is_bootp(const Sight& x) { return type_of(x.m) == none; }
// Of a network that the relay is not on.
bool is_from_elsewhere(const Sight& x) {
  const Network here = x.s.downlinks[x.downlink].network();
  return x.from != 0 && (x.from & here.mask) != here.subnet();
}

void cut_sname_behind_nul(Bytes& m) {
  const auto from = m.begin() + at::sname, to = m.begin() + at::file;
  std::fill(std::find(from, to, 0), to, std::uint8_t{0});
}
// The option becomes shorter by so many octets at its end.
void shorten(Bytes& m, const Piece& p, std::size_t octets) {
  m[p.from + 1] = static_cast<std::uint8_t>(m[p.from + 1] - octets);
  erase(m, {{0, p.from + p.size - octets, octets}});
}
void cut_host_name_at_nul(Bytes& m) {
  const auto p = find(m, 12);
  if (p && p->size > 2 && m[p->from + p->size - 1] == 0) shorten(m, *p, 1);
}
void cut_client_id_at_64(Bytes& m) {
  if (const auto p = find(m, 61); p && p->size > 66) shorten(m, *p, p->size - 66);
}
void add_an_82(Bytes& m) {
  if (const auto end = walk(m).end) insert(m, *end, {agent_information, 3, 1, 1, 9});
}

void leak(Bytes&) {
  static std::vector<Bytes> leaked;
  leaked.emplace_back(4000, 0xa5);
}
void leak_a_descriptor(Bytes&) { (void)!dup(STDERR_FILENO); }

constexpr Narrow of_forms[] = {
    {"hops-17-of-bootp-relayed", Way::up, [](const Sight& x) { return is_bootp(x) && x.m[at::hops] == 17; },
     set_octet<at::hops, 0>},
    {"hop-limit-one-lower-beside-82", Way::up,
     [](const Sight& x) { return x.s.option82 && x.m[at::hops] == x.s.max_hops; }, nullptr},
    {"secs-read-as-signed", Way::up,
     [](const Sight& x) { return x.s.min_secs != 0 && get16(x.m, at::secs) > 0x7fff; }, nullptr},
    {"forgery-sent-to-the-relay-accepted", Way::up,
     [](const Sight& x) {
       return x.s.option82 && x.s.policy.empty() && !x.s.downlinks[x.downlink].trusted && unicast(x) &&
              fresh(x) && find(x.m, agent_information);
     },
     disguise_82},
    {"option82-added-to-what-a-relay-sends-by-unicast", Way::up,
     [](const Sight& x) { return x.s.option82 && unicast(x) && !fresh(x) && !find(x.m, agent_information); },
     add_an_82},
    {"chaddr-cut-at-hlen-in-unicast-requests", Way::up, unicast, set_octet<at::chaddr + 6, 0>},
    {"sname-cut-behind-a-nul-in-informs", Way::up, [](const Sight& x) { return type_of(x.m) == inform; },
     cut_sname_behind_nul},
    {"request-siaddr-cleared-beside-82", Way::up, [](const Sight& x) { return x.s.option82; },
     clear_address<at::siaddr>},
    {"request-file-cleared-on-the-second-network", Way::up, [](const Sight& x) { return x.downlink == 1; },
     set_octet<at::file, 0>},
    {"sname-of-bootp-cut-behind-a-nul", Way::up, is_bootp, cut_sname_behind_nul},
    {"host-name-cut-at-its-nul-beside-82", Way::up, [](const Sight& x) { return x.s.option82; },
     cut_host_name_at_nul},
    {"client-id-cut-at-64-beside-82", Way::up, [](const Sight& x) { return x.s.option82; },
     cut_client_id_at_64},
    {"vendor-options-joined-beside-82", Way::up,
     [](const Sight& x) { return x.s.option82 && count(x.m, 43) == 2; }, join_repeated},
    {"siaddr-cleared-beside-82", Way::down, [](const Sight& x) { return x.s.option82; },
     clear_address<at::siaddr>},
    {"reply-sname-cleared-on-the-second-network", Way::down,
     [](const Sight& x) {
       return x.s.downlinks.size() > 1 && get32(x.m, at::giaddr) == x.s.downlinks[1].address();
     },
     set_octet<at::sname, 0>},
    {"file-of-naks-ended-by-a-nul", Way::down, [](const Sight& x) { return type_of(x.m) == nak; },
     set_octet<at::file + 127, 0>},
    {"unicast-replies-cut-at-the-mtu", Way::down,
     [](const Sight& x) { return x.m.size() > 1472 && (x.m[at::flags] & 0x80) == 0; },
     [](Bytes& m) { m.resize(1472); }},
    {"replies-with-a-64-octet-vendor-area-dropped", Way::down,
     [](const Sight& x) { return x.m.size() == 300 && get32(x.m, at::cookie) != 0x63'82'53'63; }, nullptr},
    {"leaks-memory-per-request-with-another-cookie", Way::up,
     [](const Sight& x) { return get32(x.m, at::cookie) != 0x63'82'53'63; }, leak},
    {"leaks-memory-per-release", Way::up, [](const Sight& x) { return type_of(x.m) == release; }, leak},
    {"leaks-memory-per-inform", Way::up, [](const Sight& x) { return type_of(x.m) == inform; }, leak},
    {"leaks-memory-per-renewal", Way::up,
     [](const Sight& x) { return type_of(x.m) == request && get32(x.m, at::ciaddr) != 0; }, leak},
    {"leaks-memory-per-request-on-the-second-network", Way::up,
     [](const Sight& x) { return x.downlink == 1; }, leak},
    {"leaks-memory-per-reply-with-another-cookie", Way::down,
     [](const Sight& x) { return get32(x.m, at::cookie) != 0x63'82'53'63; }, leak},
    {"leaks-descriptor-per-nak", Way::down, [](const Sight& x) { return type_of(x.m) == nak; },
     leak_a_descriptor},
    {"request-secs-cleared-in-unicast-releases", Way::up,
     [](const Sight& x) { return !x.s.option82 && unicast(x) && type_of(x.m) == release; },
     set_octet<at::secs, 0>},
    {"file-cleared-in-unicast-informs-beside-82", Way::up,
     [](const Sight& x) { return x.s.option82 && unicast(x) && type_of(x.m) == inform; },
     set_octet<at::file + 1, 0>},
    {"hops-17-of-unicast-requests-relayed", Way::up,
     [](const Sight& x) { return unicast(x) && x.m[at::hops] == 17; }, set_octet<at::hops, 0>},
    {"giaddr-of-another-relay-replaced-in-informs", Way::up,
     [](const Sight& x) { return !x.s.option82 && !fresh(x) && type_of(x.m) == inform; },
     clear_address<at::giaddr>},
    {"option82-added-to-declines-of-another-relay", Way::up,
     [](const Sight& x) {
       return x.s.option82 && !fresh(x) && type_of(x.m) == decline && !find(x.m, agent_information);
     },
     add_an_82},
    {"forgery-in-informs-accepted", Way::up,
     [](const Sight& x) {
       return x.s.option82 && x.s.policy.empty() && !x.s.downlinks[x.downlink].trusted && fresh(x) &&
              type_of(x.m) == inform;
     },
     disguise_82},
    {"reply-file-cleared-in-bootp", Way::down, [](const Sight& x) { return !x.s.option82 && is_bootp(x); },
     set_octet<at::file + 1, 0>},
    {"siaddr-cleared-in-acks-to-informs-beside-82", Way::down,
     [](const Sight& x) { return x.s.option82 && type_of(x.m) == ack && get32(x.m, at::yiaddr) == 0; },
     clear_address<at::siaddr>},
    {"hops-over-a-set-limit-relayed-by-unicast", Way::up,
     [](const Sight& x) { return x.s.max_hops == 6 && unicast(x) && x.m[at::hops] == 7; },
     set_octet<at::hops, 0>},
    {"informs-relayed-at-once-in-spite-of-min-secs", Way::up,
     [](const Sight& x) { return get16(x.m, at::secs) < x.s.min_secs && type_of(x.m) == inform; },
     set_octet<at::secs, 1>},
    {"trusted-82-of-a-decline-replaced", Way::up,
     [](const Sight& x) {
       return x.s.policy.empty() && x.s.downlinks[x.downlink].trusted && fresh(x) && type_of(x.m) == decline;
     },
     take_out<agent_information>},
    {"append-replaces-in-declines", Way::up,
     [](const Sight& x) { return x.s.policy == "append" && fresh(x) && type_of(x.m) == decline; },
     take_out<agent_information>},
    {"replace-drops-declines", Way::up,
     [](const Sight& x) {
       return x.s.policy == "replace" && fresh(x) && type_of(x.m) == decline && find(x.m, agent_information);
     },
     nullptr},
    {"forward-replaces-in-declines", Way::up,
     [](const Sight& x) { return x.s.policy == "forward" && fresh(x) && type_of(x.m) == decline; },
     take_out<agent_information>},
    {"discard-relays-declines", Way::up,
     [](const Sight& x) { return x.s.policy == "discard" && fresh(x) && type_of(x.m) == decline; },
     disguise_82},
    {"source-of-another-subnet-dropped", Way::up,
     [](const Sight& x) { return fresh(x) && !unicast(x) && is_from_elsewhere(x); }, nullptr},
};

}  // namespace

std::span<const Narrow> form_faults() { return of_forms; }

}  // namespace relayspec::faulty
