// SPDX-License-Identifier: Apache-2.0
// Edits of the options: more, fewer, twice, with lengths that lie, and option 82 in every shape.
#include <fmt/format.h>

#include <algorithm>

#include "harness/live/edits.h"
#include "relayspec/harness/edits.h"

namespace relayspec::live {
namespace {

constexpr std::uint8_t circuit_id = 1, remote_id = 2, link_selection = 5;

std::vector<Option>& options(Draft& d) {
  if (!d.message.options) d.message.options.emplace();
  return *d.message.options;
}

Bytes filler(std::size_t size) {
  Bytes octets(size);
  for (std::size_t i = 0; i < size; ++i) octets[i] = static_cast<std::uint8_t>(0x30 + i % 10);
  return octets;
}

// Code and length in one value.
constexpr std::uint32_t code_and_length(std::uint32_t code, std::uint32_t length) {
  return code << 8 | length;
}

std::string word_for_option(std::uint32_t v) { return fmt::format("{} of {} octets", v >> 8, v & 0xff); }

void add_option(Draft& d, std::uint32_t v) {
  options(d).push_back(option::of(static_cast<std::uint8_t>(v >> 8), filler(v & 0xff)));
}

constexpr const char* type_words[] = {
    "0", "9", "10", "18", "254", "255", "of no octet", "of two octets", "twice", "not there"};

void edit_type(Draft& d, std::uint32_t v) {
  constexpr std::uint8_t types[] = {0, 9, 10, 18, 254, 255};
  Option type = option::number(code::message_type, types[std::min<std::size_t>(v, std::size(types) - 1)]);
  if (v == 6) type = option::of(code::message_type, {});
  if (v == 7) type = option::of(code::message_type, {1, 1});
  if (v <= 7) {
    d.message = replacing(std::move(d.message), code::message_type, type);
  } else if (v == 8 && !options(d).empty()) {
    options(d).push_back(options(d).front());
  } else {
    d.message = without(std::move(d.message), code::message_type);
  }
}

void double_option(Draft& d, std::uint32_t v) {
  auto& all = options(d);
  if (v < all.size()) all.push_back(all[v]);
}

constexpr const char* lies[] = {"0", "one less", "one more", "255"};

std::string word_for_lie(std::uint32_t v) {
  return fmt::format("{} of option #{}", word_of(lies, v & 0xff), (v >> 8) + 1);
}

void lie_about_length(Draft& d, std::uint32_t v) {
  auto& all = options(d);
  if (v >> 8 >= all.size() || all[v >> 8].wire.size() < 2) return;
  std::uint8_t& length = all[v >> 8].wire[1];
  constexpr std::uint8_t most = 255;
  switch (v & 0xff) {
    case 0:
      length = 0;
      break;
    case 1:
      length = static_cast<std::uint8_t>(length - 1);
      break;
    case 2:
      length = static_cast<std::uint8_t>(length + 1);
      break;
    default:
      length = most;
  }
}

constexpr const char* agent_words[] = {"with a circuit id",
                                       "with two sub-options",
                                       "empty",
                                       "whose sub-option overruns it",
                                       "with an octet behind its sub-options",
                                       "twice",
                                       "in front of all",
                                       "of 255 octets",
                                       "with a link selection",
                                       "of 1100 octets in five instances"};

void add_agent(Draft& d, std::uint32_t v) {
  const Option circuit = option::of(circuit_id, {'p', 'o', 'r', 't'}),
               remote = option::of(remote_id, {'h', 'o', 's', 't'});
  const Option plain = agent({circuit});
  const auto raw = [](const Bytes& content) { return option::of(code::relay_agent, content); };
  auto& all = options(d);
  switch (v) {
    case 1:
      return all.push_back(agent({circuit, remote}));
    case 2:
      return all.push_back(raw({}));
    case 3:
      return all.push_back(raw({circuit_id, 9, 'p', 'o'}));
    case 4:
      return all.push_back(raw({circuit_id, 2, 'p', 'o', remote_id}));
    case 5:
      all.push_back(plain);
      return all.push_back(agent({remote}));
    case 6:
      all.insert(all.begin(), plain);
      return;
    case 7:
      return all.push_back(agent({option::of(circuit_id, filler(253))}));
    case 9:
      // RFC 3396, section 7: one option.
      for (int instance = 0; instance < 5; ++instance) all.push_back(raw(filler(220)));
      return;
    case 8:
      return all.push_back(
          agent({circuit, option::address(link_selection, d.world.topology[d.stimulus.downlink].subnet())}));
    default:
      return all.push_back(plain);
  }
}

constexpr const char* echo_words[] = {"not there", "with a changed octet", "in front of all",
                                      "in two instances"};

void edit_echo(Draft& d, std::uint32_t v) {
  auto& all = options(d);
  const auto echo =
      std::find_if(all.begin(), all.end(), [](const Option& o) { return code_of(o) == code::relay_agent; });
  if (echo == all.end() || echo->wire.size() < 4) return;
  Option moved = *echo;
  if (v == 1) {
    echo->wire.back() ^= 1;
    return;
  }
  if (v == 3) {
    const Bytes content(moved.wire.begin() + 2, moved.wire.end());
    const auto half = static_cast<std::ptrdiff_t>(content.size() / 2);
    *echo = option::of(code::relay_agent, Bytes(content.begin(), content.begin() + half));
    all.insert(echo + 1, option::of(code::relay_agent, Bytes(content.begin() + half, content.end())));
    return;
  }
  all.erase(echo);
  if (v == 2) all.insert(all.begin(), moved);
}

constexpr const char* overload_words[] = {"0",
                                          "1: file",
                                          "2: sname",
                                          "3: both",
                                          "4",
                                          "1: file, without END",
                                          "1: file, option 82 in it",
                                          "2: sname, option 82 in it"};

void overload(Draft& d, std::uint32_t v) {
  const Option name = option::text(code::host_name, "overloaded");
  const Option inside = v >= 6 ? agent({option::of(circuit_id, {'p'})}) : name;
  Bytes field = inside.wire;
  if (v != 5) field.push_back(code::end);
  constexpr std::uint8_t values[] = {0, 1, 2, 3, 4, 1, 1, 2};
  const std::uint8_t value = values[std::min<std::size_t>(v, std::size(values) - 1)];
  options(d).push_back(option::number(code::overload, value));
  if (value == 1 || value == 3) d.message.file = field;
  if (value == 2 || value == 3) d.message.sname = field;
}

constexpr const char* pad_words[] = {"one in front", "two between options", "two before END",
                                     "200 between options"};

void add_pads(Draft& d, std::uint32_t v) {
  auto& all = options(d);
  if (v == 0) all.insert(all.begin(), option::pads(1));
  if (v == 1 || v == 3) all.insert(all.begin() + (all.empty() ? 0 : 1), option::pads(v == 1 ? 2 : 200));
  if (v == 2) all.push_back(option::pads(2));
}

constexpr const char* end_words[] = {"END with octets behind it",
                                     "END is missing",
                                     "END and padding are missing",
                                     "nothing but END",
                                     "nothing but PADs",
                                     "the last option is cut off",
                                     "the last code has no length"};

// The options area as long as it is in a plain message.
void fill_up(Draft& d, std::size_t octets_behind) {
  constexpr std::size_t plain = 300;
  d.message.tail = Bytes{};
  const std::size_t size = encode(d.message).size() + octets_behind;
  if (size < plain) options(d).push_back(option::pads(plain - size));
}

void edit_end(Draft& d, std::uint32_t v) {
  constexpr std::size_t room = 60;
  switch (v) {
    case 0:
      d.message.tail = Bytes{code::end, 1, 2, 3, 4, 5, 6, 7, 8};
      d.message.tail->resize(room);
      return;
    case 1:
      return fill_up(d, 0);
    case 2:
      d.message.tail = Bytes{};
      return;
    case 3:
      d.message.options = std::vector<Option>{};
      return;
    case 4:
      d.message.options = std::vector<Option>{};
      return fill_up(d, 0);
    case 5:
      fill_up(d, 4);
      return options(d).push_back(option::raw({code::host_name, 200, 'h', 'o'}));
    default:
      fill_up(d, 1);
      return options(d).push_back(option::raw({code::host_name}));
  }
}

}  // namespace

std::vector<EditKind> option_edits() {
  constexpr auto message = Stage::message;
  constexpr auto o = code_and_length;
  return {
      {"option",
       message,
       Side::any,
       {o(12, 4),  o(60, 8), o(50, 4),  o(51, 4),  o(54, 4),  o(55, 3),   o(57, 2),  o(61, 7),
        o(77, 5),  o(43, 8), o(81, 10), o(90, 11), o(118, 4), o(121, 8),  o(125, 6), o(224, 1),
        o(254, 2), o(57, 1), o(12, 0),  o(61, 0),  o(12, 64), o(224, 255)},
       add_option,
       word_for_option},
      {"message type",
       message,
       Side::any,
       {9, 8, 0, 1, 2, 3, 4, 5, 6, 7},
       edit_type,
       [](std::uint32_t v) { return word_of(type_words, v); }},
      {"twice: option #",
       message,
       Side::any,
       {0, 1, 2, 3},
       double_option,
       [](std::uint32_t v) { return std::to_string(v + 1); }},
      {"length",
       message,
       Side::any,
       {o(0, 2), o(0, 1), o(0, 0), o(0, 3), o(1, 2), o(1, 1), o(1, 0), o(1, 3), o(2, 2), o(2, 0), o(2, 3)},
       lie_about_length,
       word_for_lie},
      {"option 82",
       message,
       Side::any,
       {0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
       add_agent,
       [](std::uint32_t v) { return word_of(agent_words, v); }},
      {"the echo",
       message,
       Side::reply,
       {0, 1, 2, 3},
       edit_echo,
       [](std::uint32_t v) { return word_of(echo_words, v); }},
      {"overload",
       message,
       Side::any,
       {1, 2, 3, 0, 4, 5, 6, 7},
       overload,
       [](std::uint32_t v) { return word_of(overload_words, v); }},
      {"PADs",
       message,
       Side::any,
       {0, 1, 2, 3},
       add_pads,
       [](std::uint32_t v) { return word_of(pad_words, v); }},
      {"end of the options:",
       message,
       Side::any,
       {0, 1, 2, 3, 4, 5, 6},
       edit_end,
       [](std::uint32_t v) { return word_of(end_words, v); }},
  };
}

}  // namespace relayspec::live
