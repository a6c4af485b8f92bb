// SPDX-License-Identifier: Apache-2.0
// Writes the seeds of the fuzz targets from the recorded messages: make_seeds fuzz/corpus
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "fuzz/fuzz.h"
#include "relay/hex.h"
#include "relay/recorded_messages.h"

namespace {

using namespace relayspec::relay;

std::filesystem::path corpus;

void write(const std::string& target, const std::string& name, const Octets& octets) {
  std::filesystem::create_directories(corpus / target);
  std::ofstream(corpus / target / name, std::ios::binary)
      .write(reinterpret_cast<const char*>(octets.data()), static_cast<std::streamsize>(octets.size()));
}

// A site of Site's first octets, and the message.
Octets at_site(std::uint8_t bits, std::uint8_t more_bits, const Octets& message, std::uint8_t further = 0,
               std::uint8_t ways = 0, std::uint8_t last = 0) {
  Octets octets{bits, 4, more_bits, 0, 4, further, ways, last};
  octets.insert(octets.end(), message.begin(), message.end());
  return octets;
}

// As a row of one message.
Octets with_length(const Octets& message) {
  Octets octets{static_cast<std::uint8_t>(message.size() >> 8U), static_cast<std::uint8_t>(message.size())};
  octets.insert(octets.end(), message.begin(), message.end());
  return octets;
}

// The first occurrence.
Octets replaced(Octets octets, const Octets& what, const Octets& by) {
  const auto found = std::search(octets.begin(), octets.end(), what.begin(), what.end());
  if (found == octets.end()) return octets;
  const auto rest = octets.erase(found, found + static_cast<std::ptrdiff_t>(what.size()));
  octets.insert(rest, by.begin(), by.end());
  return octets;
}

// For the targets that hold the relay against the model: every setting in turn, each alone and within an
// exchange.
void write_for_the_model(const std::string& name, const Octets& message) {
  using namespace relayspec::relay::fuzz;
  const std::string target = "relay_does_what_the_model_says";
  if (name.starts_with("dnsmasq")) return;  // no different from the other's
  for (const std::uint8_t part : {std::uint8_t{0}, std::uint8_t{remembering}}) {
    const auto put = [&](const std::string& what, const Octets& octets) {
      write(target, name + "-" + what + (part ? "-in-an-exchange" : ""), octets);
    };
    put("plain", at_site(0, part, message));
    put("rewrite", at_site(rewriting, part, message));
    put("rewrite-one-server", at_site(rewriting | one_server, part, message));
    put("rewrite-giaddr", at_site(rewriting | by_giaddr, part, message));
    put("rewrite-option82-trusted", at_site(rewriting | with_option82 | trusting, part, message));
    put("rewrite-no-memory", at_site(rewriting, part | without_memory, message));
    put("min-length-secs", at_site(0, part | classic_length | least_secs, message));
    put("hops-0", replaced(at_site(0, part, message), {0, 4, part}, {0, 0, part}));
    put("size-300", replaced(at_site(with_option82, part, message), {1, 4, part, 0}, {1, 4, part, 38}));
    for (std::uint8_t policy = 0; policy < 5; ++policy) {
      const auto bits = static_cast<std::uint8_t>(with_option82 | policy << 5);
      put("policy" + std::to_string(policy), at_site(bits, part, message));
      put("policy" + std::to_string(policy) + "-trusted", at_site(bits | trusting, part, message));
    }
    for (unsigned bit = 1; bit < 256; bit *= 2)
      put("further" + std::to_string(bit),
          at_site(with_option82 | trusting, part, message, static_cast<std::uint8_t>(bit), by_unicast));
    for (const std::uint8_t last : {long_option82, trusting_second, same_circuit})
      put("last" + std::to_string(last),
          at_site(with_option82, part, message, sharing_giaddr, from_second, last));
    for (const int way : {1, 4, 0x40, 0x44, 0x80, 0xc0})
      put("way" + std::to_string(way), at_site(0, part, message, 0, static_cast<std::uint8_t>(way)));
  }
}

Octets with(Octets octets, std::size_t at, const Octets& values) {
  std::copy(values.begin(), values.end(), octets.begin() + static_cast<std::ptrdiff_t>(at));
  return octets;
}

// Between the last option and END.
Octets plus(const Octets& message, const std::string& option) {
  Octets by = hex(option);
  by.insert(by.end(), {255, 0, 0});
  return replaced(message, hex("ff 00 00"), by);
}

// What takes the branches that real exchanges do not.
void write_odd_ones(const Octets& request, const Octets& offer) {
  using namespace relayspec::relay::fuzz;
  const auto write_one = [](const std::string& name, const Octets& octets) {
    write("relay_does_what_the_model_says", "odd-" + name, octets);
  };
  const auto put = [&](const std::string& name, const Octets& message) {
    write_one(name, at_site(0, 0, message));
    write_one(name + "-rewrite", at_site(rewriting, remembering, message));
    write_one(name + "-option82", at_site(with_option82, remembering, message));
    write_one(name + "-trusted-append", at_site(with_option82 | trusting | 1 << 5, 0, message));
    write_one(name + "-vpn", at_site(with_option82, 0, message, with_vpn));
    write_one(name + "-shared", at_site(with_option82, 0, message, sharing_giaddr));
    write_one(name + "-shared-one-downlink",
              at_site(with_option82, 0, message, sharing_giaddr | one_downlink));
    write_one(name + "-shared-no-address",
              at_site(with_option82, 0, message, sharing_giaddr | one_downlink | no_address));
  };
  put("op-0", with(offer, at::op, {0}));
  put("op-3", with(offer, at::op, {3}));
  write_one("op-3-from-server", at_site(0, 0, with(offer, at::op, {3}), 0, from_other_side));
  put("yiaddr-zero-ciaddr-set", with(with(offer, at::yiaddr, {0, 0, 0, 0}), at::ciaddr, {192, 0, 2, 100}));
  put("hlen-17", with(offer, at::hlen, {17}));
  put("offer-to-uplink", with(offer, at::giaddr, {198, 51, 100, 1}));
  put("offer-to-uplink-with-echo", plus(with(offer, at::giaddr, {198, 51, 100, 1}), "52 04 01 02 a5 a5"));
  put("offer-to-uplink-with-another-echo",
      plus(with(offer, at::giaddr, {198, 51, 100, 1}), "52 04 01 02 11 11"));
  put("offer-to-uplink-with-half-an-echo",
      plus(with(offer, at::giaddr, {198, 51, 100, 1}), "52 03 01 09 11"));
  put("offer-to-another-relay", with(offer, at::giaddr, {192, 0, 2, 200}));
  put("hlen-0", with(offer, at::hlen, {0}));
  put("htype-6", with(offer, at::htype, {6}));
  put("chaddr-group", with(offer, at::chaddr, {1}));
  put("chaddr-zero", with(offer, at::chaddr, {0, 0, 0, 0, 0, 0}));
  put("yiaddr-own", with(offer, at::yiaddr, {192, 0, 2, 1}));
  put("yiaddr-broadcast", with(offer, at::yiaddr, {192, 0, 2, 255}));
  put("yiaddr-group", with(offer, at::yiaddr, {224, 0, 0, 1}));
  put("yiaddr-zero", with(offer, at::yiaddr, {0, 0, 0, 0}));
  put("flag", with(offer, at::flags, {128}));
  for (const int type : {5, 6, 9, 77})
    put("type-" + std::to_string(type),
        replaced(offer, {53, 1, 2}, {53, 1, static_cast<std::uint8_t>(type)}));
  put("type-of-two", replaced(offer, {53, 1, 2}, {53, 2, 2, 2}));
  put("signed", plus(offer, "5a 03 01 01 00"));
  put("other-cookie", with(offer, at::vend, {0}));
  put("cut-off", {offer.begin(), offer.begin() + 244});
  put("no-end", {offer.begin(), offer.begin() + 243});
  put("end-at-once", with(offer, at::options, {255}));
  put("two-echoes", plus(offer, "52 03 01 02 a5 52 01 a5"));
  put("echo-behind-another", plus(offer, "52 08 01 02 11 11 01 02 a5 a5"));
  put("echo-behind-another-option", plus(offer, "52 04 01 02 11 11 52 04 01 02 a5 a5"));
  put("echo-and-an-empty-one", plus(offer, "52 00 52 04 01 02 a5 a5"));
  put("echo-of-another-vpn", plus(offer, "52 0a 01 02 a5 a5 97 04 00 61 62 63"));
  put("echo-of-the-vpn", plus(offer, "52 0a 01 02 a5 a5 97 04 00 76 70 6e"));
  put("echo-with-the-control", plus(offer, "52 0c 01 02 a5 a5 97 04 00 76 70 6e 98 00"));
  for (const int type : {4, 7, 8})
    put("request-type-" + std::to_string(type),
        replaced(request, {53, 1, 3}, {53, 1, static_cast<std::uint8_t>(type)}));
  put("release-by-ciaddr", with(replaced(request, {53, 1, 3}, {53, 1, 7}), at::ciaddr, {192, 0, 2, 100}));
  put("request-for-an-address-of-two-octets", replaced(request, {50, 4}, {12, 0, 50, 2}));
  put("request-signed", plus(request, "5a 03 01 01 00"));
  put("request-cut-off", {request.begin(), request.begin() + 244});
  put("request-other-cookie", with(request, at::vend, {0}));
  put("request-hops-5", with(request, at::hops, {5}));
  put("request-hops-17", with(request, at::hops, {17}));
  put("request-relayed", with(request, at::giaddr, {192, 0, 2, 200}));
  put("request-of-the-relay", with(request, at::giaddr, {192, 0, 2, 1}));
  put("request-with-giaddr-group", with(request, at::giaddr, {224, 0, 0, 1}));
  put("request-with-giaddr-broadcast", with(request, at::giaddr, {192, 0, 2, 255}));
  put("request-with-option82", plus(request, "52 04 01 02 63 39"));
}

// Messages in a row.
void write_rows(const Octets& server_id, const Octets& relay_id) {
  using namespace relayspec::relay::fuzz;
  // A whole exchange in a row, twice.
  Octets row;
  for (int times = 0; times < 2; ++times) {
    for (const auto* octets : {&recorded::dhcrelay_discover, &recorded::dhcrelay_offer,
                               &recorded::dhcrelay_request, &recorded::dhcrelay_ack}) {
      const auto message = with_length(replaced(hex(octets->came), times ? server_id : Octets{0}, relay_id));
      row.insert(row.end(), message.begin(), message.end());
    }
  }
  for (const int bits : {0, with_option82 + 0, rewriting + 0, rewriting | with_option82 | trusting})
    write("sequence_does_what_the_model_says", "exchange-bits" + std::to_string(bits),
          at_site(static_cast<std::uint8_t>(bits), 0, row));
  const auto first = hex(recorded::dhcrelay_offer.came);
  // A server names itself by another address than the relay has for it.
  auto of_another_address =
      with_length(replaced(hex(recorded::dhcrelay_offer.came), server_id, hex("36 04 c6 33 64 33")));
  const auto chosen = with_length(replaced(hex(recorded::dhcrelay_request.came), server_id, relay_id));
  of_another_address.insert(of_another_address.end(), chosen.begin(), chosen.end());
  write("sequence_does_what_the_model_says", "server-with-another-address",
        at_site(rewriting, 0, of_another_address));
  // The relay cannot know the server: the reply says nothing of it, or the relay has no memory.
  const auto asks =
      with(replaced(hex(recorded::dhcrelay_request.came), server_id, relay_id), at::secs, {0, 9});
  for (const auto& [name, reply] :
       {std::pair("server-not-named", replaced(first, hex("35 01 02 36"), hex("00 00 00 36"))),
        std::pair("server-named", first),
        std::pair("server-named-to-another-client", with(first, at::hlen, {1}))}) {
    auto row_of_two = with_length(reply);
    const auto second = with_length(asks);
    row_of_two.insert(row_of_two.end(), second.begin(), second.end());
    write("sequence_does_what_the_model_says", name, at_site(rewriting, 0, row_of_two));
    write("sequence_does_what_the_model_says", std::string(name) + "-no-memory",
          at_site(rewriting, without_memory, row_of_two));
  }
  // Two servers offer the address that a client has got before: the first one of the latest exchange counts.
  Octets offers;
  const Octets other_server = hex("36 04 c6 33 64 03");
  for (const auto& message : {first, replaced(first, server_id, other_server), with(first, at::xid, {9}),
                              hex(recorded::dhcrelay_ack.came), replaced(first, server_id, other_server),
                              replaced(hex(recorded::dhcrelay_request.came), server_id, relay_id)}) {
    const auto one = with_length(message);
    offers.insert(offers.end(), one.begin(), one.end());
  }
  write("sequence_does_what_the_model_says", "offers-of-two-servers", at_site(rewriting, 0, offers));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  corpus = argv[1];
  using namespace relayspec::relay::fuzz;
  const Octets server_id = hex("36 04 c6 33 64 02"), relay_id = hex("36 04 c6 33 64 01");

  for (const auto* exchange : recorded::requests) {
    const auto came = hex(exchange->came), left = hex(exchange->left);
    const auto names_relay = replaced(came, server_id, relay_id);
    const std::string target = "request_changes_nothing_else", name = exchange->name;
    write(target, name + "-plain", at_site(0, 0, came));
    write(target, name + "-option82", at_site(with_option82, 0, came));
    for (std::uint8_t policy = 0; policy < 5; ++policy)
      write(target, name + "-option82-policy" + std::to_string(policy),
            at_site(static_cast<std::uint8_t>(with_option82 | trusting | policy << 5), 0,
                    replaced(came, hex("ff 00 00"), hex("52 04 01 02 63 39 ff 00 00"))));
    write(target, name + "-rewrite", at_site(rewriting, 4, names_relay));
    write(target, name + "-rewrite-one-server", at_site(rewriting | one_server, 0, names_relay));
    for (const std::uint8_t further :
         {sharing_giaddr, with_flags, with_vpn, two_addresses, no_address, one_downlink})
      write(target, name + "-further" + std::to_string(further),
            at_site(with_option82, 0, came, further, by_unicast));
    for (const int way : {1, 0x40, 0x80, 0xc0})
      write(target, name + "-way" + std::to_string(way),
            at_site(with_option82, 0, came, 0, static_cast<std::uint8_t>(way)));
    write("messages_leave_no_trace", name, at_site(with_option82, 0, with_length(came)));
    write_for_the_model(name, came);
    write_for_the_model(name + "-with-option82",
                        replaced(came, hex("ff 00 00"), hex("52 04 01 02 63 39 ff 00 00")));
    write_for_the_model(name + "-that-names-the-relay", names_relay);
    write("strip_undoes_add", name, at_site(0, 0, came));
    write("option_walk_agrees_with_a_naive_one", name, Octets(left.begin() + at::options, left.end()));
  }
  for (const auto* exchange : recorded::replies) {
    const auto came = hex(exchange->came);
    const std::string target = "reply_changes_nothing_else", name = exchange->name;
    write(target, name + "-plain", at_site(0, 0, came));
    write(target, name + "-option82", at_site(with_option82, 0, came));
    write(target, name + "-option82-trusted", at_site(with_option82 | trusting, 0, came));
    write(target, name + "-rewrite", at_site(rewriting, 0, came));
    write("request_after_reply_names_the_server", name, at_site(rewriting, 0, came));
    for (const std::uint8_t further :
         {sharing_giaddr, with_flags, with_vpn, two_addresses, no_address, one_downlink})
      write(target, name + "-further" + std::to_string(further), at_site(with_option82, 0, came, further));
    for (const int way : {0x40, 0x80, 0xc0})
      write(target, name + "-way" + std::to_string(way),
            at_site(with_option82, 0, came, 0, static_cast<std::uint8_t>(way)));
    write("messages_leave_no_trace", name, at_site(rewriting, 0, with_length(came)));
    write(target, name + "-rewrite-giaddr", at_site(rewriting | by_giaddr | with_option82, 0, came));
    write_for_the_model(name, came);
    write("strip_undoes_add", name, at_site(0, 0, came));
    write("option_walk_agrees_with_a_naive_one", name, Octets(came.begin() + at::options, came.end()));
  }
  // What real exchanges rarely hold.
  auto odd = hex(recorded::dhcrelay_offer.came);
  std::copy_n(hex("36 04 c6 33 64 02 52 04 01 02 63 30 ff").begin(), 13, odd.begin() + at::file);
  odd = replaced(odd, server_id, hex("34 01 03 00 00 36 04 c6 33 64 02"));
  write("reply_changes_nothing_else", "overload", at_site(rewriting | with_option82, 0, odd));
  write("reply_changes_nothing_else", "short", at_site(with_option82, 0, {odd.begin(), odd.begin() + 236}));
  write("option_walk_agrees_with_a_naive_one", "no-end", hex("35 01 01 00 00"));
  write("option_walk_agrees_with_a_naive_one", "overrun", hex("35 01 01 52 ff 00*40"));
  write("option_walk_agrees_with_a_naive_one", "code-alone", hex("35 01 01 52"));
  write("option_walk_agrees_with_a_naive_one", "longest", hex("2b ff 11*255 ff"));
  write_for_the_model("overload", odd);
  write_odd_ones(replaced(hex(recorded::dhcrelay_request.came), server_id, relay_id),
                 hex(recorded::dhcrelay_offer.came));
  write_rows(server_id, relay_id);
  write("strip_undoes_add", "overrun", at_site(0, 0, hex("01*236 63 82 53 63 35 09 01")));
  write("strip_undoes_add", "no-cookie", at_site(0, 0, hex("01*240")));
  write("strip_undoes_add", "no-end", at_site(0, 0, hex("01*236 63 82 53 63 35 01 01 00 00")));
  return 0;
}
