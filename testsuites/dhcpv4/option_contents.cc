// SPDX-License-Identifier: Apache-2.0
// Options of every code and of every shape that a document defines for their contents: a relay that has a
// table of types, or expects a length for one of them, must still pass them unchanged.
#include <algorithm>
#include <string>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

struct Content {
  std::uint8_t code;
  Bytes data;
};

const Bytes an_address{192, 0, 2, 9}, two_addresses{192, 0, 2, 9, 192, 0, 2, 10};

// RFC 2132 and its successors: each option with what it may hold. Lists have several entries.
const Content defined[] = {
    {1, {255, 255, 255, 0}},
    {2, {0xff, 0xff, 0x9d, 0x90}},
    {3, two_addresses},
    {4, two_addresses},
    {5, two_addresses},
    {6, {192, 0, 2, 9, 192, 0, 2, 10, 192, 0, 2, 11}},
    {7, two_addresses},
    {8, two_addresses},
    {9, two_addresses},
    {10, two_addresses},
    {11, two_addresses},
    {12, {'h', 'o', 's', 't', '-', '1'}},
    {13, {0, 1}},
    {14, {'/', 'd'}},
    {15, {'a', '.', 't', 'e', 's', 't'}},
    {16, an_address},
    {17, {'/'}},
    {18, {'/', 'e'}},
    {19, {1}},
    {20, {0}},
    {21, {10, 0, 0, 0, 255, 0, 0, 0, 10, 1, 0, 0, 255, 255, 0, 0}},
    {22, {2, 64}},
    {23, {64}},
    {24, {0, 0, 14, 16}},
    {25, {0, 68, 2, 64, 5, 220}},
    {26, {5, 220}},
    {27, {1}},
    {28, {192, 0, 2, 255}},
    {29, {0}},
    {30, {1}},
    {31, {1}},
    {32, an_address},
    {33, {10, 0, 0, 1, 192, 0, 2, 9, 10, 0, 0, 2, 192, 0, 2, 10}},
    {34, {0}},
    {35, {0, 0, 0, 60}},
    {36, {1}},
    {37, {64}},
    {38, {0, 0, 0, 75}},
    {39, {1}},
    {40, {'n', 'i', 's'}},
    {41, two_addresses},
    {42, two_addresses},
    {43, {1, 2, 3, 4, 6, 1, 8, 255}},
    {43, {82, 2, 1, 1, 255, 0, 0}},
    {44, two_addresses},
    {45, two_addresses},
    {46, {8}},
    {47, {'s', 'c', 'o', 'p', 'e'}},
    {48, two_addresses},
    {49, two_addresses},
    {50, an_address},
    {51, {0, 0, 14, 16}},
    {51, {255, 255, 255, 255}},
    {55, {1, 3, 6, 82, 255, 0, 53, 54}},
    {56, {'n', 'o', ' ', 'l', 'e', 'a', 's', 'e'}},
    {57, {2, 64}},
    {58, {0, 0, 7, 8}},
    {59, {0, 0, 12, 78}},
    {60,
     {'P', 'X', 'E', 'C', 'l', 'i', 'e', 'n', 't', ':', 'A', 'r', 'c', 'h', ':', '0', '0', '0', '0', '7'}},
    {60, {'d', 'o', 'c', 's', 'i', 's', '3', '.', '0', ':', 0}},
    {61, {1, 2, 0, 0x5e, 0x0c, 0, 10}},
    {61, {255, 0, 0, 0, 1, 0, 1, 0x2a, 0x2b, 0x2c, 0x2d, 2, 0, 0x5e, 0x0c, 0, 10}},
    {61, {0, 'c', 'l', 'i', 'e', 'n', 't'}},
    {62, {'n', 'w'}},
    {63, {5, 4, 192, 0, 2, 9, 6, 0}},
    {64, {'n', 'i', 's', '+'}},
    {65, two_addresses},
    {66, {'t', 'f', 't', 'p', '.', 't', 'e', 's', 't'}},
    {67, {'b', 'o', 'o', 't', '.', 'e', 'f', 'i', 0}},
    {68, {}},
    {68, two_addresses},
    {69, two_addresses},
    {70, two_addresses},
    {71, two_addresses},
    {72, two_addresses},
    {73, two_addresses},
    {74, two_addresses},
    {75, two_addresses},
    {76, two_addresses},
    {77, {4, 'l', 'a', 'b', '1', 3, 'p', 'c', '2'}},
    {77, {'i', 'P', 'X', 'E'}},
    {78, {1, 192, 0, 2, 9, 192, 0, 2, 10}},
    {79, {1, 'd', 'e', 'f', 'a', 'u', 'l', 't'}},
    {80, {}},
    {81, {1, 0, 0, 4, 'h', 'o', 's', 't', 4, 't', 'e', 's', 't', 0}},
    {81, {0, 0, 0, 'h', 'o', 's', 't'}},
    {83, {0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 9}},
    {85, two_addresses},
    {86, {'t', 'r', 'e', 'e'}},
    {87, {'c', 't', 'x'}},
    {88, {4, 'b', 'm', 'c', 's', 4, 't', 'e', 's', 't', 0}},
    {89, two_addresses},
    {91, {0, 0, 0, 9}},
    {92, two_addresses},
    {93, {0, 7}},
    {93, {0, 0, 0, 7, 0, 9}},
    {94, {1, 3, 16}},
    {95, {'l', 'd', 'a', 'p', ':'}},
    {97, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255}},
    {98, {'h', 't', 't', 'p', ':'}},
    {99, {0, 'D', 'E', 1, 3, 'N', 'R', 'W'}},
    {100, {'E', 'S', 'T', '5', 'E', 'D', 'T'}},
    {101, {'E', 'u', 'r', 'o', 'p', 'e', '/', 'P', 'a', 'r', 'i', 's'}},
    {108, {0, 0, 7, 8}},
    {109, {192, 0, 2, 9, 1, 192, 0, 2, 10, 2}},
    {112, two_addresses},
    {113, {'t', 'a', 'g'}},
    {114, {'h', 't', 't', 'p', 's', ':', '/', '/', 'p', '.', 't', 'e', 's', 't'}},
    {116, {1}},
    {117, {0, 6, 0, 44, 0, 0}},
    {118, {192, 0, 2, 0}},
    {119, {3, 'e', 'n', 'g', 4, 't', 'e', 's', 't', 0, 2, 'm', 'k', 0xc0, 4}},
    {120, {1, 192, 0, 2, 9, 192, 0, 2, 10}},
    {120, {0, 3, 's', 'i', 'p', 4, 't', 'e', 's', 't', 0}},
    {121, {24, 10, 0, 1, 192, 0, 2, 9, 0, 192, 0, 2, 9, 32, 10, 0, 0, 1, 0, 0, 0, 0}},
    {121, {0, 192, 0, 2, 9}},
    {122, {1, 4, 192, 0, 2, 9, 6, 6, 5, 'B', 'A', 'S', 'I', 'C'}},
    {123, {16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}},
    {124, {0, 0, 0, 9, 4, 3, 'o', 'n', 'e', 0, 0, 1, 0x37, 2, 1, 'x'}},
    {125, {0, 0, 0, 9, 4, 1, 2, 'a', 'b', 0, 0, 0x0d, 0xe9, 3, 1, 1, 'c'}},
    {125, {0, 0, 0, 9, 0}},
    {128, {'t', 'f', 't', 'p'}},
    {129, two_addresses},
    {132, {0, 0, 0, 7}},
    {136, two_addresses},
    {137, {4, 't', 'e', 's', 't', 0}},
    {138, two_addresses},
    {139, {1, 4, 192, 0, 2, 9}},
    {140, {1, 5, 4, 't', 'e', 's', 't', 0}},
    {141, {3, 'u', 'a', '1', 0}},
    {142, two_addresses},
    {143, {0, 5, 'h', 't', 't', 'p', 's'}},
    {144, {16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}},
    {145, {9}},
    {146, {0, 192, 0, 2, 9, 192, 0, 2, 10, 0}},
    {147, {'d', 'o', 't', 's', '.', 't', 'e', 's', 't'}},
    {148, two_addresses},
    {150, two_addresses},
    {151, {0, 'o', 'k'}},
    {152, {0x66, 0x77, 0x88, 0x99}},
    {153, {0, 0, 0, 60}},
    {154, {0x66, 0x77, 0x88, 0x99}},
    {155, {0, 0, 0, 10}},
    {156, {2}},
    {157, {1}},
    {158, {4, 192, 0, 2, 9, 4, 192, 0, 2, 10}},
    {159, {0, 8, 6, 0, 16}},
    {161, {0, 5, 'h', 't', 't', 'p', 's'}},
    {162, {0, 8, 0, 1, 1, 0, 4, 192, 0, 2}},
    {175, {177, 5, 1, 0x80, 0x86, 0x10, 0x0e, 16, 1, 1, 0xb1, 0}},
    {208, {0xf1, 0, 0x74, 0x7e}},
    {209, {'/', 'c', 'o', 'n', 'f'}},
    {210, {'/', 'p', '/'}},
    {211, {0, 0, 0, 30}},
    {212, {14, 0x20, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 9}},
    {213, {4, 't', 'e', 's', 't', 0}},
    {220, {1, 4, 192, 0, 2, 0}},
    {221, {1, 'v'}},
    {249, {24, 10, 0, 1, 192, 0, 2, 9}},
    {252, {'h', 't', 't', 'p', ':', '/', '/', 'w', '/', 'w', 'p', 'a', 'd', '\n'}},
};

// In place of a first one with this code that the message has already.
Message with_content(const Message& m, const Content& c) {
  return without(m, c.code).plus(option::of(c.code, c.data));
}

std::string in_words(const Content& c) {
  return option_name(c.code) + " of " + std::to_string(c.data.size()) + " octets";
}

// Codes whose value a relay or the harness looks at, or that always have one of some length: they have cases
// of their own.
bool has_no_fixed_meaning(std::uint8_t code) {
  constexpr std::uint8_t looked_at[] = {code::host_name,   code::overload,         code::message_type,
                                        code::server_id,   code::max_message_size, code::client_id,
                                        code::relay_agent, code::authentication};
  return std::find(std::begin(looked_at), std::end(looked_at), code) == std::end(looked_at);
}

// Every code with so many octets, as many options in a message as 1,000 octets take.
std::vector<std::pair<std::string, std::vector<Option>>> codes_with(std::size_t octets) {
  constexpr std::size_t room = 1000;
  std::vector<std::pair<std::string, std::vector<Option>>> all;
  std::size_t left = 0;
  for (unsigned code = 1; code < code::end; ++code) {
    if (!has_no_fixed_meaning(static_cast<std::uint8_t>(code))) continue;
    if (left < octets + 2) {
      all.emplace_back("options of " + std::to_string(octets) + " octets from code " + std::to_string(code),
                       std::vector<Option>{});
      left = room;
    }
    Bytes data(octets);
    for (std::size_t i = 0; i < octets; ++i) data[i] = static_cast<std::uint8_t>(code + i * 3);
    all.back().second.push_back(option::of(static_cast<std::uint8_t>(code), data));
    left -= octets + 2;
  }
  return all;
}

const std::size_t lengths[] = {0, 1, 2, 3, 4, 5, 8, 16, 64, 255};

class OptionContents : public Case {
 protected:
  template <class Build>
  std::vector<TableRow> rows(Build build) {
    std::vector<TableRow> all;
    for (const Content& c : defined)
      all.push_back({in_words(c), [build, &c](const Client& one) { return with_content(build(one), c); }});
    return all;
  }
  template <class Build>
  std::vector<TableRow> rows_of_lengths(Build build) {
    std::vector<TableRow> all;
    for (const std::size_t octets : lengths) {
      for (const auto& [name, options] : codes_with(octets)) {
        all.push_back({name, [build, options = options](const Client& one) {
                         Message m = build(one);
                         for (const Option& o : options) m = m.plus(o);
                         return m;
                       }});
      }
    }
    return all;
  }
  std::vector<TableRow> requests() {
    return rows([](const Client& one) { return one.discover(); });
  }
  std::vector<TableRow> replies() {
    return rows([this](const Client& one) { return server.offer(one, {.flags = broadcast_flag}); });
  }
};

// RFC 1542, section 4.1.1: a relay leaves the contents of options unchanged.
TEST_F(OptionContents, EveryDefinedOptionInARequestIsUnchanged) {
  covers({"RFC1542-4.1.1-options-intact", "RFC1542-4.1.1-request-relayed"});

  requests_are_judged_by_model(requests());
}

// RFC 1542, section 4.1.2: nor in replies.
TEST_F(OptionContents, EveryDefinedOptionInAReplyIsUnchanged) {
  covers({"RFC1542-4.1.2-options-intact-reply"});

  replies_are_judged_by_model(replies());
}

// RFC 3046, section 2.1: a relay that adds its option walks over all of them.
TEST_F(OptionContents, EveryDefinedOptionInARequestWithOption82IsUnchanged) {
  covers({"RFC1542-4.1.1-options-intact", "RFC1542-4.1.1-request-relayed"});
  relay_with({.option82 = true});

  requests_are_judged_by_model(requests());
}

// And takes out its option alone.
TEST_F(OptionContents, EveryDefinedOptionInAReplyWithOption82IsUnchanged) {
  covers({"RFC1542-4.1.2-options-intact-reply"});
  relay_with({.option82 = true});

  replies_are_judged_by_model(replies());
}

// RFC 2132, section 2: the length octet alone says how long an option is, whatever its code.
TEST_F(OptionContents, OptionsOfAnyLengthInARequestAreUnchanged) {
  covers({"RFC1542-4.1.1-options-intact", "RFC2132-2-unknown-options-pass"});

  requests_are_judged_by_model(rows_of_lengths([](const Client& one) { return one.discover(); }));
}

TEST_F(OptionContents, OptionsOfAnyLengthInAReplyAreUnchanged) {
  covers({"RFC1542-4.1.2-options-intact-reply", "RFC2132-2-unknown-options-pass"});

  replies_are_judged_by_model(
      rows_of_lengths([this](const Client& one) { return server.offer(one, {.flags = broadcast_flag}); }));
}

}  // namespace
}  // namespace relayspec
