// SPDX-License-Identifier: Apache-2.0
#include "testsuites/faulty/successive.h"

#include <algorithm>

namespace relayspec::faulty {
namespace {

constexpr std::size_t end_of_buffer = 576;

bool is_whole(const Bytes& m) { return m.size() >= at::options; }
bool is_request(const Bytes& m) { return is_whole(m) && m[at::op] == 1; }
bool is_reply(const Bytes& m) { return is_whole(m) && m[at::op] == 2; }
bool is_relayed(const Bytes& m) { return get32(m, at::giaddr) != 0; }
bool is_behind(const Bytes& m, bool (*kind)(const Bytes&), const Bytes& before) {
  return is_whole(m) && kind(before);
}
bool is_renewal(const Bytes& m) {
  return is_request(m) && type_of(m) == Type::request && get32(m, at::ciaddr) != 0;
}
bool is_request_of_a_relay(const Bytes& m) { return is_request(m) && is_relayed(m); }
bool is_forgery(const Bytes& m) { return is_request(m) && !is_relayed(m) && find(m, agent_information); }
bool is_reply_without_82(const Bytes& m) { return is_reply(m) && !find(m, agent_information); }

// Of another exchange, as where a relay has room for one.
bool is_behind_another_request(const Bytes& m, const Bytes& before) {
  return is_behind(m, is_request, before) && get32(m, at::xid) != get32(before, at::xid);
}

bool lacks_end(const Bytes& m) {
  return is_whole(m) && get32(m, at::cookie) == 0x63'82'53'63 && !walk(m).end;
}
bool has_82_cut_off(const Bytes& m) { return lacks_end(m) && walk(m).overrunning == agent_information; }
// By giaddr, and in a request by the part of chaddr that differs from one network of the lab to the next.
bool are_of_two_networks(const Bytes& m, const Bytes& before) {
  return is_whole(m) && is_whole(before) && m[at::op] == before[at::op] &&
         (is_request(m) ? m[at::chaddr + 4] != before[at::chaddr + 4]
                        : get32(m, at::giaddr) != get32(before, at::giaddr));
}
bool is_runt(const Bytes& m, const Bytes& before) {
  return m.size() < at::cookie && before.size() >= at::options;
}

void lengthen(Bytes& m, const Bytes& buffer, std::size_t size) {
  size = std::min(size, buffer.size());
  if (size > m.size())
    m.insert(m.end(), buffer.begin() + static_cast<std::ptrdiff_t>(m.size()),
             buffer.begin() + static_cast<std::ptrdiff_t>(size));
}

// The options end where the next END is, and the message with them.
void read_on_to_end(Bytes& m, const Bytes& before) {
  Bytes buffer = m;
  lengthen(buffer, before, end_of_buffer);
  if (const auto end = walk(buffer).end) lengthen(m, before, *end + 1);
}

// What an option says of its length holds, whatever of it has come.
void complete_last_option(Bytes& m, const Bytes& before) {
  const auto pieces = walk(m).pieces;
  const std::size_t from = pieces.empty() ? at::options : pieces.back().from + pieces.back().size;
  lengthen(m, before, from + 2);
  if (m.size() >= from + 2) lengthen(m, before, from + 2 + m[from + 1]);
}

void complete(Bytes& m, const Bytes& before) { lengthen(m, before, before.size()); }

void take_giaddr(Bytes& m, const Bytes& before) { put32(m, at::giaddr, get32(before, at::giaddr)); }
void take_yiaddr(Bytes& m, const Bytes& before) { put32(m, at::yiaddr, get32(before, at::yiaddr)); }
void raise_hops(Bytes& m, const Bytes&) { ++m[at::hops]; }

constexpr Successive of_succession[] = {
    // remains in the buffer
    {"request-read-on-to-an-earlier-end", Way::up,
     [](const Settings& s, const Bytes& m, const Bytes&) { return !s.option82 && lacks_end(m); },
     read_on_to_end},
    {"request-read-on-to-an-earlier-end-beside-82", Way::up,
     [](const Settings& s, const Bytes& m, const Bytes&) {
       return s.option82 && s.policy.empty() && lacks_end(m);
     },
     read_on_to_end},
    {"request-read-on-to-an-earlier-end-under-replace", Way::up,
     [](const Settings& s, const Bytes& m, const Bytes&) { return s.policy == "replace" && lacks_end(m); },
     read_on_to_end},
    {"request-read-on-to-an-earlier-end-under-discard", Way::up,
     [](const Settings& s, const Bytes& m, const Bytes&) { return s.policy == "discard" && lacks_end(m); },
     read_on_to_end},
    {"cut-off-82-completed-under-append", Way::up,
     [](const Settings& s, const Bytes& m, const Bytes&) {
       return s.policy == "append" && has_82_cut_off(m);
     },
     complete_last_option},
    {"cut-off-82-completed-under-forward", Way::up,
     [](const Settings& s, const Bytes& m, const Bytes&) {
       return s.policy == "forward" && has_82_cut_off(m);
     },
     complete_last_option},
    {"reply-read-on-to-an-earlier-end", Way::down,
     [](const Settings& s, const Bytes& m, const Bytes&) { return !s.option82 && lacks_end(m); },
     read_on_to_end},
    {"reply-read-on-to-an-earlier-end-beside-82", Way::down,
     [](const Settings& s, const Bytes& m, const Bytes&) { return s.option82 && lacks_end(m); },
     read_on_to_end},
    {"request-read-on-behind-another-link", Way::up,
     [](const Settings& s, const Bytes& m, const Bytes& before) {
       return !s.option82 && lacks_end(m) && are_of_two_networks(m, before);
     },
     read_on_to_end},
    {"request-read-on-behind-another-link-beside-82", Way::up,
     [](const Settings& s, const Bytes& m, const Bytes& before) {
       return s.option82 && lacks_end(m) && are_of_two_networks(m, before);
     },
     read_on_to_end},
    {"reply-read-on-behind-another-link", Way::down,
     [](const Settings& s, const Bytes& m, const Bytes& before) {
       return !s.option82 && lacks_end(m) && are_of_two_networks(m, before);
     },
     read_on_to_end},
    {"reply-read-on-behind-another-link-beside-82", Way::down,
     [](const Settings& s, const Bytes& m, const Bytes& before) {
       return s.option82 && lacks_end(m) && are_of_two_networks(m, before);
     },
     read_on_to_end},
    {"runt-of-a-request-completed", Way::up,
     [](const Settings& s, const Bytes& m, const Bytes& before) { return !s.option82 && is_runt(m, before); },
     complete},
    {"runt-of-a-reply-completed", Way::down,
     [](const Settings& s, const Bytes& m, const Bytes& before) { return !s.option82 && is_runt(m, before); },
     complete},
    {"runt-completed-beside-82", Way::up,
     [](const Settings& s, const Bytes& m, const Bytes& before) { return s.option82 && is_runt(m, before); },
     complete},
    // what still holds
    {"giaddr-of-the-request-before", Way::up,
     [](const Settings& s, const Bytes& m, const Bytes& before) {
       return !s.option82 && is_behind(m, is_request_of_a_relay, before) && !is_relayed(m);
     },
     take_giaddr},
    {"informs-hops-raised-twice-behind-a-reply", Way::up,
     [](const Settings& s, const Bytes& m, const Bytes& before) {
       return !s.option82 && is_behind(m, is_reply, before) && type_of(m) == inform;
     },
     raise_hops},
    {"informs-hops-raised-twice-behind-a-reply-beside-82", Way::up,
     [](const Settings& s, const Bytes& m, const Bytes& before) {
       return s.option82 && is_behind(m, is_reply, before) && type_of(m) == inform;
     },
     raise_hops},
    {"hops-raised-in-replies-behind-another-request", Way::down,
     [](const Settings& s, const Bytes& m, const Bytes& before) {
       return !s.option82 && is_behind_another_request(m, before);
     },
     raise_hops},
    {"hops-raised-in-replies-behind-another-request-beside-82", Way::down,
     [](const Settings& s, const Bytes& m, const Bytes& before) {
       return s.option82 && is_behind_another_request(m, before);
     },
     raise_hops},
    {"nak-with-the-address-of-the-reply-before", Way::down,
     [](const Settings& s, const Bytes& m, const Bytes& before) {
       return !s.option82 && is_behind(m, is_reply, before) && type_of(m) == nak;
     },
     take_yiaddr},
    {"repeated-renewal-dropped", Way::up,
     [](const Settings&, const Bytes& m, const Bytes& before) {
       return is_whole(m) && is_renewal(m) && is_renewal(before) &&
              get32(m, at::xid) == get32(before, at::xid);
     },
     nullptr},
    {"request-behind-a-forgery-dropped", Way::up,
     [](const Settings& s, const Bytes& m, const Bytes& before) {
       return s.option82 && is_behind(m, is_forgery, before);
     },
     nullptr},
    {"hops-raised-in-replies-behind-one-without-82", Way::down,
     [](const Settings& s, const Bytes& m, const Bytes& before) {
       return s.option82 && is_behind(m, is_reply_without_82, before);
     },
     raise_hops},
};

}  // namespace

std::span<const Successive> successive_faults() { return of_succession; }

}  // namespace relayspec::faulty
