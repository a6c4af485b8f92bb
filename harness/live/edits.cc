// SPDX-License-Identifier: Apache-2.0
#include "harness/live/edits.h"

#include <algorithm>
#include <iterator>

namespace relayspec::live {
namespace {

template <std::size_t N>
std::vector<std::uint32_t> first_values() {
  std::vector<std::uint32_t> all(N);
  for (std::size_t i = 0; i < N; ++i) all[i] = static_cast<std::uint32_t>(i);
  return all;
}

Segment client_side(const Draft& d) { return d.stimulus.downlink; }

constexpr const char* client_addresses[] = {"zero", "a group address", "broadcast",
                                            "octets behind the sixth"};

void edit_chaddr(Draft& d, std::uint32_t value) {
  Bytes chaddr(6);
  if (value == 1) chaddr = {0x01, 0x00, 0x5e, 0, 0, 1};
  if (value == 2) chaddr.assign(6, 0xff);
  if (value == 3) {
    chaddr.assign(d.sender.mac.begin(), d.sender.mac.end());
    chaddr.resize(16, 0xa5);
  }
  d.message.chaddr = chaddr;
}

constexpr const char* texts[] = {"a name", "full, without a zero", "random octets"};

Bytes text_of(std::uint32_t value, std::size_t size) {
  if (value == 0) return {'n', 'a', 'm', 'e'};
  Bytes octets(size, 'x');
  for (std::size_t i = 0; value == 2 && i < size; ++i) octets[i] = static_cast<std::uint8_t>(i * 37 + 11);
  return octets;
}

constexpr const char* cookies[] = {"zeros", "another format's", "cut after two octets"};

void edit_cookie(Draft& d, std::uint32_t value) {
  if (value == 0) d.message.cookie = Bytes{0, 0, 0, 0};
  if (value == 1) d.message.cookie = Bytes{'C', 'M', 'U', 0};
  if (value == 2) {
    d.message.cookie = Bytes{99, 130};
    d.message.options = std::vector<Option>{};
    d.message.tail = Bytes{};
  }
}

}  // namespace

std::span<const EditKind> edit_kinds() {
  static const std::vector<EditKind> all = [] {
    std::vector<EditKind> kinds;
    for (auto some : {field_edits(), option_edits(), layout_edits()})
      std::move(some.begin(), some.end(), std::back_inserter(kinds));
    return kinds;
  }();
  return all;
}

std::string word_for_place(std::uint32_t value) {
  static constexpr const char* words[place_count] = {"0.0.0.0",
                                                     "the client's",
                                                     "another host's",
                                                     "another relay's",
                                                     "a far host's",
                                                     "the relay's on downlink0",
                                                     "the relay's on downlink1",
                                                     "the relay's on uplink0",
                                                     "server 1's",
                                                     "255.255.255.255",
                                                     "the subnet's broadcast",
                                                     "multicast",
                                                     "loopback",
                                                     "240.0.0.1"};
  return word_of(words, value);
}

Ipv4 address_of(Place place, const Draft& d) {
  const Topology& t = d.world.topology;
  switch (place) {
    case Place::none:
      return {};
    case Place::lease:
      return d.sender.lease;
    case Place::another_host:
      return t.host(client_side(d), 77);
    case Place::another_relay:
      return t.host(client_side(d), 200);
    case Place::far_host:
      return Ipv4("198.18.7.7");
    case Place::relay_downlink0:
      return t[Segment::downlink0].relay.ipv4;
    case Place::relay_downlink1:
      return t[Segment::downlink1].relay.ipv4;
    case Place::relay_uplink:
      return t[Segment::uplink].relay.ipv4;
    case Place::server1:
      return t.servers[0].ipv4;
    case Place::limited_broadcast:
      return Ipv4("255.255.255.255");
    case Place::directed_broadcast:
      return t[client_side(d)].broadcast();
    case Place::multicast:
      return Ipv4("224.0.0.1");
    case Place::loopback:
      return Ipv4("127.0.0.1");
    case Place::reserved:
      return Ipv4("240.0.0.1");
  }
  return {};
}

std::vector<EditKind> field_edits() {
  const auto places = first_values<place_count>();
  static constexpr auto octet = [](std::uint32_t v) { return static_cast<std::uint8_t>(v); };
  static constexpr auto word16 = [](std::uint32_t v) { return static_cast<std::uint16_t>(v); };
  constexpr auto message = Stage::message;
  return {
      {"op",
       message,
       Side::any,
       {0, 1, 2, 3, 255},
       [](Draft& d, std::uint32_t v) { d.message.op = octet(v); }},
      {"htype",
       message,
       Side::any,
       {0, 6, 7, 24, 31, 32, 255},
       [](Draft& d, std::uint32_t v) { d.message.htype = octet(v); }},
      {"hlen",
       message,
       Side::any,
       {0, 1, 5, 7, 15, 16, 17, 255},
       [](Draft& d, std::uint32_t v) { d.message.hlen = octet(v); }},
      {"hops",
       message,
       Side::any,
       {1, 2, 3, 4, 5, 8, 9, 10, 11, 15, 16, 17, 254, 255},
       [](Draft& d, std::uint32_t v) { d.message.hops = octet(v); }},
      {"secs",
       message,
       Side::any,
       {0, 1, 255, 256, 32767, 32768, 65535},
       [](Draft& d, std::uint32_t v) { d.message.secs = word16(v); }},
      {"flags",
       message,
       Side::any,
       {0x8000, 1, 0x4000, 0x7fff, 0xffff},
       [](Draft& d, std::uint32_t v) { d.message.flags = word16(v); }},
      {"ciaddr", message, Side::any, places,
       [](Draft& d, std::uint32_t v) { d.message.ciaddr = address_of(static_cast<Place>(v), d); },
       word_for_place},
      {"yiaddr", message, Side::any, places,
       [](Draft& d, std::uint32_t v) { d.message.yiaddr = address_of(static_cast<Place>(v), d); },
       word_for_place},
      {"siaddr", message, Side::any, places,
       [](Draft& d, std::uint32_t v) { d.message.siaddr = address_of(static_cast<Place>(v), d); },
       word_for_place},
      {"giaddr", message, Side::any, places,
       [](Draft& d, std::uint32_t v) { d.message.giaddr = address_of(static_cast<Place>(v), d); },
       word_for_place},
      {"chaddr", message, Side::any, first_values<4>(), edit_chaddr,
       [](std::uint32_t v) { return word_of(client_addresses, v); }},
      {"sname", message, Side::any, first_values<3>(),
       [](Draft& d, std::uint32_t v) { d.message.sname = text_of(v, 64); },
       [](std::uint32_t v) { return word_of(texts, v); }},
      {"file", message, Side::any, first_values<3>(),
       [](Draft& d, std::uint32_t v) { d.message.file = text_of(v, 128); },
       [](std::uint32_t v) { return word_of(texts, v); }},
      {"cookie", message, Side::any, first_values<3>(), edit_cookie,
       [](std::uint32_t v) { return word_of(cookies, v); }},
  };
}

}  // namespace relayspec::live
