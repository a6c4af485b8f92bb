// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "testsuites/faulty/names.h"
#include "testsuites/faulty/relay.h"

namespace relayspec::faulty {
namespace {

[[noreturn]] void complain(const std::string& what) {
  std::fprintf(stderr, "relayspec-faulty: %s\n", what.c_str());
  std::exit(2);
}

std::string text(const char* variable) {
  const char* v = std::getenv(variable);
  return v ? v : "";
}

std::vector<std::string> words(const char* variable) {
  std::istringstream in(text(variable));
  std::vector<std::string> out;
  for (std::string w; in >> w;) out.push_back(w);
  return out;
}

Address address(const char* variable, const std::string& s) {
  in_addr a{};
  if (inet_pton(AF_INET, s.c_str(), &a) != 1)
    complain(std::string(variable) + ": '" + s + "' is no IPv4 address");
  return ntohl(a.s_addr);
}

std::size_t number(const char* variable, std::size_t otherwise) {
  const std::string s = text(variable);
  if (s.empty()) return otherwise;
  std::size_t n = 0;
  const auto [end, problem] = std::from_chars(s.data(), s.data() + s.size(), n);
  if (problem != std::errc() || end != s.data() + s.size() || n > 65535)
    complain(std::string(variable) + ": '" + s + "' is no number up to 65535");
  return n;
}

// What goes into a sub-option, whose length is one octet; VPN names have a type in front.
std::string sub_option_text(const char* variable) {
  std::string s = text(variable);
  if (s.size() > 254) complain(std::string(variable) + ": longer than a sub-option holds, 254 octets");
  return s;
}

void read_environment(Settings& s) {
  const auto names = words("RELAY_DOWNLINKS"), addresses = words("RELAY_DOWNLINK_ADDRESSES"),
             trusted = words("RELAY_TRUSTED_DOWNLINKS");
  if (names.empty() || names.size() != addresses.size())
    complain("RELAY_DOWNLINKS needs names, and RELAY_DOWNLINK_ADDRESSES as many addresses");
  for (std::size_t i = 0; i < names.size(); ++i) {
    s.downlinks.push_back({.name = names[i],
                           .configured = address("RELAY_DOWNLINK_ADDRESSES", addresses[i]),
                           .trusted = std::find(trusted.begin(), trusted.end(), names[i]) != trusted.end()});
  }
  s.uplink = {.name = text("RELAY_UPLINK"),
              .configured = address("RELAY_UPLINK_ADDRESS", text("RELAY_UPLINK_ADDRESS"))};
  for (const std::string& a : words("RELAY_SERVERS")) s.servers.push_back(address("RELAY_SERVERS", a));
  if (s.servers.empty()) complain("RELAY_SERVERS names no server");
  s.max_hops = s.way("hop-limit-16") ? 16 : 4;
  s.max_hops = static_cast<unsigned>(number("RELAY_MAX_HOPS", s.max_hops));
  s.min_secs = static_cast<unsigned>(number("RELAY_MIN_SECS", 0));
  if (text("RELAY_DIALECT") == "strict") s.least_size = 300;
  if (s.way("option82-up-to-576")) s.max_size = 576;
  s.max_size = number("RELAY_MAX_SIZE", s.max_size);
  s.source_port = static_cast<std::uint16_t>(number("RELAY_SOURCE_PORT", 67));
  if (!text("RELAY_GIADDR").empty()) s.giaddr = address("RELAY_GIADDR", text("RELAY_GIADDR"));
  s.option82 = text("RELAY_OPTION82") == "on";
  s.policy = text("RELAY_OPTION82_POLICY");
  s.rewrite = text("RELAY_SERVER_ID") == "rewrite";
  s.override_server = text("RELAY_SERVER_ID") == "override";
  s.link_selection = s.option82 && text("RELAY_LINK_SELECTION") == "on";
  s.flags_suboption = text("RELAY_FLAGS_SUBOPTION") == "on";
  s.circuit_id = sub_option_text("RELAY_CIRCUIT_ID");
  s.remote_id = sub_option_text("RELAY_REMOTE_ID");
  s.subscriber_id = sub_option_text("RELAY_SUBSCRIBER_ID");
  s.relay_id = sub_option_text("RELAY_RELAY_ID");
  s.vss = sub_option_text("RELAY_VSS");
}

// Where there is one network only, what distinguishes networks looks needless.
void corrupt_for_one_downlink(Settings& s) {
  if (s.downlinks.size() != 1) return;
  const auto ignores = [&](const std::string& what) { return s.wrong(what + "-ignored-with-one-downlink"); };
  if (ignores("circuit-id")) s.circuit_id = "";
  if (ignores("remote-id")) s.remote_id = "";
  if (ignores("subscriber-id")) s.subscriber_id = "";
  if (ignores("relay-id")) s.relay_id = "";
  if (ignores("trust")) s.downlinks[0].trusted = false;
  // Without a policy untrusted clients would be refused as well.
  if (!s.policy.empty() && ignores("policy-" + s.policy)) s.policy = s.policy == "discard" ? "replace" : "";
  if (ignores("vpn")) s.vss = "";
  if (ignores("link-selection")) s.link_selection = false;
  if (ignores("giaddr")) s.giaddr = 0;
  if (ignores("source-port")) s.source_port = 67;
  if (ignores("flags")) s.flags_suboption = false;
  if (ignores("override")) s.override_server = false;
  if (ignores("max-hops")) s.max_hops = 4;
  if (ignores("min-secs")) s.min_secs = 0;
  if (ignores("max-size")) s.max_size = Settings{}.max_size;
}

}  // namespace

Settings read_settings(int argc, char** argv) {
  Settings s;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--list") {
      list_all();
      std::exit(0);
    }
    if (i + 1 == argc || (word != "--fault" && word != "--variant")) {
      complain("usage: relayspec-faulty [--fault NAME]… [--variant NAME]; --list shows the names");
    }
    const std::string name = argv[++i];
    if (word == "--variant") {
      s.variant = name;
    } else {
      s.faults.push_back(name);
    }
  }
  for (const std::string& fault : s.faults) {
    if (!is_fault(fault)) complain("--fault " + fault + ": there is no such fault; see --list");
  }
  if (!s.variant.empty() && !is_variant(s.variant))
    complain("--variant " + s.variant + ": there is no such variant; see --list");
  read_environment(s);
  for (Interface& i : s.downlinks) {
    if (s.wrong("interface-names-cut-at-14")) i.name.resize(std::min<std::size_t>(i.name.size(), 14));
  }
  corrupt_for_one_downlink(s);
  return s;
}

}  // namespace relayspec::faulty
