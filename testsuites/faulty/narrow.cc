// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <string>

#include "testsuites/faulty/narrow_changes.h"
#include "testsuites/faulty/relay.h"
#include "testsuites/faulty/suboptions.h"

namespace relayspec::faulty {
namespace {

bool holds(const Bytes& m, std::uint8_t code, std::string_view text) {
  const Bytes data = joined(m, code);
  return std::search(data.begin(), data.end(), text.begin(), text.end()) != data.end();
}
bool any_empty(const std::vector<SubOption>& subs) {
  return std::any_of(subs.begin(), subs.end(), [](const SubOption& sub) { return sub.value.empty(); });
}

void crash(Bytes&) { std::abort(); }

void take_out_first_option(Bytes& m) {
  if (const Walk w = walk(m); !w.pieces.empty()) erase(m, {w.pieces[0]});
}
template <std::uint8_t Type>
void set_type(Bytes& m) {
  if (const auto p = find(m, message_type); p && p->size == 3) m[p->from + 2] = Type;
}
void cut_last_octet(Bytes& m) { m.pop_back(); }
void repair_cookie(Bytes& m) { put32(m, at::cookie, 0x63'82'53'63); }
void cut_zeros(Bytes& m) {
  if (const auto end = walk(m).end) m.resize(*end + 1);
}
void add_end(Bytes& m) { m.push_back(255); }
void fill_with_ones(Bytes& m) { m.resize(std::max<std::size_t>(m.size(), 300), 0xff); }
void fill_with_marks(Bytes& m) { m.resize(std::max<std::size_t>(m.size(), 300), 0xd7); }
void leak_earlier_beside(Bytes& m) {
  static Bytes buffer;
  if (buffer.size() < m.size()) buffer.resize(m.size());
  std::copy(m.begin(), m.end(), buffer.begin());
  m = buffer;
}
void lower_57(Bytes& m) {
  if (const auto p = find(m, 57); p && p->size == 4) put16(m, p->from + 2, 576);
}
void invent_54(Bytes& m) {
  if (const auto end = walk(m).end) insert(m, *end, {server_id, 4, 198, 51, 100, 2});
}
void change_last_of_82(Bytes& m) {
  if (const auto p = find(m, agent_information); p && p->size > 2) m[p->from + p->size - 1] ^= 0x01;
}
void clear_file(Bytes& m) { std::fill_n(m.begin() + at::file, 128, std::uint8_t{0}); }
constexpr Narrow of_few[] = {
    // requests that carry option 82
    {"long-forgery-accepted", Way::up,
     [](const Sight& x) { return x.s.option82 && fresh(x) && length(x.m, agent_information) == 255; },
     disguise_82},
    {"empty-forgery-crashes", Way::up,
     [](const Sight& x) { return x.s.option82 && fresh(x) && length(x.m, agent_information) == 0; }, crash},
    {"second-82-behind-relay-dropped", Way::up,
     [](const Sight& x) { return !fresh(x) && count(x.m, agent_information) == 2; },
     take_out_last<agent_information>},
    {"link-selection-of-first-relay-changed", Way::up,
     [](const Sight& x) { return !fresh(x) && x.s.link_selection && count(x.m, agent_information) == 1; },
     change_last_of_82},
    // requests beside option 82
    {"last-option-without-end-cut", Way::up,
     [](const Sight& x) { return x.s.option82 && !walk(x.m).end && !walk(x.m).overruns && find(x.m, 224); },
     cut_last_octet},
    {"crash-on-pads-alone", Way::up,
     [](const Sight& x) {
       const auto pieces = walk(x.m).pieces;
       return x.s.option82 && pieces.size() > 1000 &&
              std::all_of(pieces.begin(), pieces.end(), [](const Piece& p) { return p.code == 0; });
     },
     crash},
    {"other-cookie-fixed", Way::up,
     [](const Sight& x) { return x.s.option82 && get32(x.m, at::cookie) != 0x63'82'53'63; }, repair_cookie},
    {"crash-on-short-57", Way::up, [](const Sight& x) { return length(x.m, 57) == 1; }, crash},
    {"signed-request-dropped", Way::up,
     [](const Sight& x) { return x.s.option82 && find(x.m, authentication); }, nullptr},
    {"option-57-dropped-beside-82", Way::up,
     [](const Sight& x) { return x.s.option82 && length(x.m, 57) == 2; }, take_out<57>},
    {"full-vendor-area-cut", Way::up,
     [](const Sight& x) { return x.s.option82 && type_of(x.m) == none && length(x.m, 12) == 57; },
     take_out<12>},
    {"options-before-a-broken-one-lost", Way::up,
     [](const Sight& x) { return x.s.option82 && walk(x.m).overruns; }, take_out_first_option},
    {"crash-on-empty-type-beside-82", Way::up,
     [](const Sight& x) { return x.s.option82 && length(x.m, message_type) == 0; }, crash},
    {"crash-on-runt-beside-82", Way::up, [](const Sight& x) { return x.s.option82 && x.m.size() == 43; },
     crash},
    {"stale-octets-beside-82", Way::up, [](const Sight& x) { return x.s.option82 && x.m.size() >= 300; },
     leak_earlier_beside},
    {"overloaded-file-cleared-beside-82", Way::up,
     [](const Sight& x) { return x.s.option82 && length(x.m, overload) == 1; }, clear_file},
    {"second-host-name-dropped-beside-82", Way::up,
     [](const Sight& x) { return x.s.option82 && count(x.m, 12) == 2; }, take_out_last<12>},
    // requests: sizes, ends, options
    {"long-padding-cut", Way::up, [](const Sight& x) { return x.m.size() > 600 && padding(x.m); }, cut_zeros},
    {"request-gets-an-end", Way::up,
     [](const Sight& x) {
       return !x.s.option82 && x.m.size() > 300 && !walk(x.m).end && !walk(x.m).overruns;
     },
     add_end},
    {"short-request-filled-with-marks", Way::up,
     [](const Sight& x) { return x.m.size() < 300 && walk(x.m).end; }, fill_with_marks},
    {"option-57-lowered", Way::up, [](const Sight& x) { return !x.s.option82 && length(x.m, 57) == 2; },
     lower_57},
    {"percent-in-host-name-dropped", Way::up, [](const Sight& x) { return holds(x.m, 12, "%"); }, nullptr},
    {"request-for-unknown-server-dropped", Way::up,
     [](const Sight& x) {
       const Address named = address_in(x.m, server_id);
       return type_of(x.m) == request && named != 0 && !is_server(x.s, named) && !x.s.is_own(named);
     },
     nullptr},
    {"server-id-invented-in-renewals", Way::up,
     [](const Sight& x) {
       return type_of(x.m) == request && get32(x.m, at::ciaddr) != 0 && !find(x.m, server_id);
     },
     invent_54},
    {"leasequery-of-a-relay-dropped", Way::up, [](const Sight& x) { return type_of(x.m) == 10 && !fresh(x); },
     nullptr},
    {"leasequery-made-a-discover", Way::up, [](const Sight& x) { return type_of(x.m) == 10 && fresh(x); },
     set_type<discover>},
    {"offer-in-a-request-made-a-discover", Way::up, [](const Sight& x) { return type_of(x.m) == offer; },
     set_type<discover>},
    {"rebinding-dropped", Way::up,
     [](const Sight& x) {
       return x.s.rewrite && !x.s.is_own(x.to) && type_of(x.m) == request && get32(x.m, at::ciaddr) != 0;
     },
     nullptr},
    {"directed-broadcast-refused", Way::up,
     // On a network of one address that is the relay's own.
     [](const Sight& x) {
       return x.to == x.s.downlinks[x.downlink].network().broadcast() && !x.s.is_own(x.to);
     },
     nullptr},
    {"ttl-1-dropped", Way::up, [](const Sight& x) { return x.ttl == 1; }, nullptr},
    {"empty-option-128-dropped-beside-82", Way::up,
     [](const Sight& x) { return x.s.option82 && length(x.m, 128) == 0; }, take_out<128>},
    {"unknown-op-taken-for-a-request", Way::up, [](const Sight& x) { return x.m[at::op] > 2; },
     set_octet<at::op, 1>},
    // giaddr and hops
    {"request-of-a-relay-by-unicast-dropped", Way::up,
     [](const Sight& x) { return !fresh(x) && x.s.is_own(x.to); }, nullptr},
    {"hop-3-counted-twice", Way::up, [](const Sight& x) { return x.m[at::hops] == 2 && !fresh(x); },
     raise<at::hops>},
    {"own-source-relayed-without-secs", Way::up, [](const Sight& x) { return x.s.is_own(x.from); },
     set_octet<at::secs + 1, 0>},
    {"group-giaddr-cleared", Way::up, [](const Sight& x) { return giaddr_in(x) >> 28 == 14; },
     clear_address<at::giaddr>},
    {"broadcast-giaddr-cleared", Way::up, [](const Sight& x) { return (giaddr_in(x) & 0xff) == 0xff; },
     clear_address<at::giaddr>},
    {"odd-network-giaddr-cleared", Way::up,
     [](const Sight& x) {
       return !fresh(x) &&
              (giaddr_in(x) >> 24 == 0 || giaddr_in(x) >> 24 == 127 || giaddr_in(x) >> 28 == 15) &&
              giaddr_in(x) != 0xff'ff'ff'ff;
     },
     clear_address<at::giaddr>},
    {"servers-giaddr-cleared", Way::up, [](const Sight& x) { return is_server(x.s, giaddr_in(x)); },
     clear_address<at::giaddr>},
    {"own-giaddr-cleared", Way::up, [](const Sight& x) { return !x.s.option82 && x.s.is_own(giaddr_in(x)); },
     clear_address<at::giaddr>},
    {"override-takes-giaddr-over", Way::up, [](const Sight& x) { return x.s.override_server && !fresh(x); },
     clear_address<at::giaddr>},
    {"secs-0-made-1", Way::up, [](const Sight& x) { return get16(x.m, at::secs) == 0; }, set_octet<at::secs + 1, 1>},
    {"low-giaddr-filled-in-again", Way::up, [](const Sight& x) { return !fresh(x) && giaddr_in(x) >> 24 == 10; },
     clear_address<at::giaddr>},
    {"xid-0-dropped", Way::up, [](const Sight& x) { return get32(x.m, at::xid) == 0; }, nullptr},
    {"hops-wrap-around", Way::up, [](const Sight& x) { return x.m[at::hops] == 255 && x.s.max_hops == 16; },
     set_octet<at::hops, 0>},
    {"hops-255-means-none", Way::up, [](const Sight& x) { return x.m[at::hops] == 255 && x.s.max_hops < 16; },
     set_octet<at::hops, 0>},
    {"hop-4-counted-twice", Way::up,
     [](const Sight& x) { return x.m[at::hops] == 3 && x.s.max_hops == 4; }, raise<at::hops>},
    {"hops-15-dropped", Way::up, [](const Sight& x) { return x.m[at::hops] == 15; }, nullptr},
    {"hops-16-counted-down", Way::up,
     [](const Sight& x) { return x.m[at::hops] == 17 && x.s.max_hops == 4; }, set_octet<at::hops, 3>},
    // kinds of hardware
    {"infiniband-requests-dropped", Way::up, [](const Sight& x) { return x.m[at::htype] == 32; }, nullptr},
    {"infiniband-replies-dropped", Way::down,
     [](const Sight& x) { return x.m[at::htype] == 32 && find(x.m, 61); }, nullptr},
    {"htype-255-dropped", Way::up, [](const Sight& x) { return x.m[at::htype] == 255; }, nullptr},
    {"hlen-16-dropped", Way::up, [](const Sight& x) { return x.m[at::hlen] == 16; }, nullptr},
    {"odd-hlen-fixed", Way::up, [](const Sight& x) { return x.m[at::hlen] == 7; }, set_octet<at::hlen, 6>},

    // replies: options, sizes
    {"other-cookie-in-reply-fixed", Way::down,
     [](const Sight& x) { return get32(x.m, at::cookie) != 0x63'82'53'63; }, repair_cookie},
    {"signed-reply-dropped", Way::down,
     [](const Sight& x) { return x.s.option82 && find(x.m, authentication); }, nullptr},
    {"long-padding-cut-in-replies", Way::down,
     [](const Sight& x) { return x.m.size() > 600 && padding(x.m); }, cut_zeros},
    {"reply-gets-an-end", Way::down,
     [](const Sight& x) {
       return !x.s.option82 && x.m.size() > 300 && !walk(x.m).end && !walk(x.m).overruns;
     },
     add_end},
    {"short-reply-filled-with-ones", Way::down,
     [](const Sight& x) { return x.m.size() < 300 && walk(x.m).end; }, fill_with_ones},
    {"options-before-a-broken-one-lost-in-replies", Way::down,
     [](const Sight& x) { return !x.s.option82 && walk(x.m).overruns; }, take_out_first_option},
    {"option-224-before-a-broken-one-lost", Way::down,
     [](const Sight& x) { return x.s.option82 && walk(x.m).overruns && !find(x.m, agent_information); },
     take_out<224>},
    {"client-id-dropped-from-replies", Way::down, [](const Sight& x) { return length(x.m, 61) == 8; },
     take_out<61>},
    {"crash-on-forcerenew", Way::down, [](const Sight& x) { return type_of(x.m) == 9; }, crash},
    {"siaddr-hidden-with-the-server", Way::down,
     [](const Sight& x) { return x.s.rewrite && get32(x.m, at::siaddr) != 0 && find(x.m, 66); },
     clear_address<at::siaddr>},
    {"siaddr-hidden-where-it-is-the-server", Way::down,
     [](const Sight& x) { return x.s.rewrite && is_server(x.s, get32(x.m, at::siaddr)); },
     clear_address<at::siaddr>},
    {"server-id-rewritten-in-a-file-name", Way::down,
     [](const Sight& x) { return x.s.rewrite && x.m[at::file] == server_id && !find(x.m, overload); },
     set_octet<at::file + 2, 0>},
    {"server-id-rewritten-in-a-file-name-beside-overload", Way::down,
     [](const Sight& x) {
       const auto p = find(x.m, overload);
       return x.s.rewrite && x.m[at::file] == server_id && p && x.m[p->from + 2] == 2;
     },
     set_octet<at::file + 2, 0>},
    {"server-id-rewritten-in-a-server-name-beside-overload", Way::down,
     [](const Sight& x) {
       const auto p = find(x.m, overload);
       return x.s.rewrite && x.m[at::sname] == server_id && p && x.m[p->from + 2] == 1;
     },
     set_octet<at::sname + 2, 0>},
    {"nak-loses-its-client", Way::down, [](const Sight& x) { return type_of(x.m) == nak; },
     set_octet<at::chaddr + 5, 0>},
    {"naks-counted-by-hops", Way::down, [](const Sight& x) { return type_of(x.m) == nak; }, raise<at::hops>},
    {"type-99-in-replies-cleared", Way::down, [](const Sight& x) { return type_of(x.m) == 99; },
     set_type<offer>},
    {"short-reply-gets-an-octet", Way::down,
     [](const Sight& x) { return x.m.size() > 244 && x.m.size() < 299 && x.m.back() == 255; },
     [](Bytes& m) { m.push_back(1); }},
    // replies: the echo
    {"empty-suboption-reply-dropped", Way::down,
     [](const Sight& x) {
       const auto subs = parse(joined(x.m, agent_information));
       return x.s.option82 && x.s.vss.empty() && x.s.source_port == 67 && subs.size() > 1 && any_empty(subs);
     },
     nullptr},
    {"reordered-echo-dropped", Way::down,
     [](const Sight& x) {
       const auto subs = parse(joined(x.m, agent_information));
       return x.s.option82 && subs.size() > 1 && subs[0].code == 200;
     },
     nullptr},
    {"doubled-echo-dropped", Way::down,
     [](const Sight& x) {
       const auto pieces = find_all(x.m, agent_information);
       return x.s.option82 && pieces.size() == 2 && pieces[0].size == pieces[1].size;
     },
     nullptr},
    {"crash-on-foreign-82-when-off", Way::down,
     [](const Sight& x) { return !x.s.option82 && find(x.m, agent_information); }, crash},
    // replies: where they come from and go to
    {"unknown-op-taken-for-a-reply", Way::down, [](const Sight& x) { return x.m[at::op] > 2; },
     set_octet<at::op, 2>},
    {"loopback-giaddr-taken-for-own", Way::down, [](const Sight& x) { return giaddr_in(x) >> 24 == 127; },
     set_giaddr<0xc0'00'02'01>},
    {"offer-in-transit-relayed", Way::down,
     [](const Sight& x) { return x.to == 0xc0'00'02'c8 && type_of(x.m) == offer; },
     set_giaddr<0xc0'00'02'01>},
    {"giaddr-of-our-subnet-delivered", Way::down,
     [](const Sight& x) { return giaddr_in(x) == 0xc0'00'02'c8; }, set_giaddr<0xc0'00'02'01>},
    {"yiaddr-off-subnet-dropped", Way::down,
     [](const Sight& x) {
       const Address yiaddr = get32(x.m, at::yiaddr);
       return yiaddr >> 8 == 0xcb'00'71 && giaddr_in(x) >> 8 == 0xc0'00'02;
     },
     nullptr},
    {"replies-have-a-hop-limit", Way::down, [](const Sight& x) { return x.m[at::hops] > x.s.max_hops; },
     nullptr},
    {"reply-to-unknown-xid-dropped", Way::down, [](const Sight& x) { return !x.known; }, nullptr},
    {"request-from-the-servers-side-delivered", Way::down,
     [](const Sight& x) { return x.m[at::op] == 1 && x.s.is_own(giaddr_in(x)); }, set_octet<at::op, 2>},
    {"hops-raised-in-replies-of-unknown-servers", Way::down,
     [](const Sight& x) { return x.m[at::op] == 2 && !is_server(x.s, x.from); }, raise<at::hops>},
    {"hops-raised-in-broadcast-replies", Way::down, [](const Sight& x) { return x.to == 0xff'ff'ff'ff; },
     raise<at::hops>},
    {"reply-to-another-address-dropped", Way::down,
     [](const Sight& x) {
       return x.s.downlinks.size() > 1 && x.s.downlinks[1].has(x.to) && !x.s.downlinks[1].has(giaddr_in(x));
     },
     nullptr},
    {"reply-to-the-uplink-address-dropped", Way::down,
     [](const Sight& x) { return x.s.uplink.has(x.to) && x.s.giaddr == 0 && !x.s.link_selection; }, nullptr},
    {"reply-from-port-68-cut", Way::down, [](const Sight& x) { return x.port == 68; }, cut_last_octet},
    {"hops-raised-in-replies-at-the-old-port", Way::down,
     [](const Sight& x) { return x.s.source_port != 67 && !x.at_other_port && type_of(x.m) == offer; },
     raise<at::hops>},
    {"bootp-reply-to-ciaddr-dropped", Way::down,
     [](const Sight& x) {
       return type_of(x.m) == none && get32(x.m, at::yiaddr) == 0 && get32(x.m, at::ciaddr) != 0;
     },
     nullptr},
    {"override-acks-in-renewals-dropped", Way::down,
     [](const Sight& x) { return x.s.override_server && type_of(x.m) == ack && get32(x.m, at::ciaddr) != 0; },
     nullptr},
    {"override-naks-dropped", Way::down,
     [](const Sight& x) { return x.s.override_server && type_of(x.m) == nak; }, nullptr},
};

}  // namespace

std::span<const Narrow> narrow_faults() {
  static const std::vector<Narrow> all = [] {
    std::vector<Narrow> both(std::begin(of_few), std::end(of_few));
    for (const auto more : {value_faults(), form_faults()}) both.insert(both.end(), more.begin(), more.end());
    return both;
  }();
  return all;
}

const Narrow* narrow_fault(Way way, const Sight& sight) {
  for (const Narrow& n : narrow_faults()) {
    if (n.way != way || !sight.s.wrong(n.name)) continue;
    const bool looks_into = sight.m.size() >= at::cookie + 4;
    const bool small = std::string_view(n.name) == "crash-on-runt-beside-82";
    if ((looks_into || small) && n.strikes(sight)) return &n;
  }
  return nullptr;
}

}  // namespace relayspec::faulty
