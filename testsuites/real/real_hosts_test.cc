// SPDX-License-Identifier: Apache-2.0
// Real clients get, renew and release leases from real servers through the reference relay, in both dialects,
// with option 82 off and on; each step is proved by the client's word, by the server's log and by the frames
// on the wire.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <regex>
#include <tuple>

#include "harness/testing/topology.h"
#include "relayspec/harness/datagram.h"
#include "relayspec/harness/lab.h"
#include "relayspec/harness/message.h"
#include "testsuites/real/hosts.h"
#include "testsuites/real/shell.h"

namespace relayspec {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using ::testing::ElementsAre;

constexpr std::uint16_t server_port = 67, client_port = 68;
constexpr std::uint8_t option_82 = 82;  // RFC 3046
const Mac probe_mac("02:00:5e:0f:00:01");

class Directory {
 public:
  Directory() : path_(fs::temp_directory_path() / "relayspec-real-XXXXXX") {
    std::string name = path_.string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a directory like " + name);
    path_ = name;
  }
  ~Directory() { fs::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  const fs::path& path() const { return path_; }
  fs::path with_config(const std::string& name, const std::string& text) const {
    fs::create_directory(path_ / name);
    std::ofstream(path_ / name / "config") << text;
    return path_ / name;
  }

 private:
  fs::path path_;
};

struct Seen {
  Segment segment;
  Origin origin;
  Datagram datagram;
  Type type;
  std::optional<Ipv4> server_id;
  bool option82;
  Ipv4 ciaddr, giaddr;
};

Ipv4 address_at(std::span<const std::uint8_t> bytes) {
  return Ipv4(fmt::format("{}.{}.{}.{}", bytes[0], bytes[1], bytes[2], bytes[3]));
}

// What is no DHCP message, and what the probe client sent and got, is left out.
std::optional<Seen> see(const Frame& frame) {
  const auto datagram = decode_udp(frame.bytes);
  if (!datagram || (datagram->dport != server_port && datagram->dport != client_port)) return {};
  const std::span<const std::uint8_t> message = datagram->payload;
  const auto type = find_option(message, code::message_type);
  if (!type || type->size() != 1) return {};
  if (std::equal(probe_mac.begin(), probe_mac.end(), message.begin() + 28)) return {};
  const auto server_id = find_option(message, code::server_id);
  return Seen{.segment = frame.segment,
              .origin = frame.origin,
              .datagram = *datagram,
              .type = static_cast<Type>(type->front()),
              .server_id = server_id ? std::optional(address_at(*server_id)) : std::nullopt,
              .option82 = find_option(message, option_82).has_value(),
              .ciaddr = address_at(message.subspan(12)),
              .giaddr = address_at(message.subspan(24))};
}

template <typename Condition>
std::vector<Seen> where(const std::vector<Seen>& seen, Condition condition) {
  std::vector<Seen> chosen;
  std::copy_if(seen.begin(), seen.end(), std::back_inserter(chosen), condition);
  return chosen;
}

// A second one of the same kind is the client's own: it repeats itself on a busy machine, and renews every
// second.
std::vector<Type> types_of(const std::vector<Seen>& seen) {
  std::vector<Type> types;
  for (const Seen& s : seen) types.push_back(s.type);
  types.erase(std::unique(types.begin(), types.end()), types.end());
  return types;
}

std::string at(const std::string& pattern, const std::string& address) {
  return std::regex_replace(pattern, std::regex("ADDRESS"), address);
}

using Combination = std::tuple<RealServer, RealClient, bool, bool>;

class RealHosts : public ::testing::TestWithParam<Combination> {
 protected:
  RealHosts() {
    lab_.settle_hosts();
    server_.run(real_server().start);
    server_.expect(real_server().ready);
    std::string command =
        "exec '" RELAYSPEC_RELAY "' --downlink downlink0 downlink1 --uplink uplink0 --server 198.51.100.2";
    if (option82()) command += " --option82";
    if (rewrite()) command += " --server-id rewrite";
    relay_.emplace(lab_, RelayStart{command, {}, {}});
    wait_until_ready();
    client_.run("cp '" RELAYSPEC_CONFIGURE_CLIENT "' configure-client");
  }

  ~RealHosts() override {
    if (!HasFailure()) return;
    fmt::print("server:\n{}client:\n{}relay:\n{}", server_.written(), client_.written(),
               relay_ ? relay_->output() : "");
  }

  const RealServer& real_server() const { return std::get<0>(GetParam()); }
  const RealClient& real_client() const { return std::get<1>(GetParam()); }
  bool rewrite() const { return std::get<2>(GetParam()); }
  bool option82() const { return std::get<3>(GetParam()); }
  /// Whom the client has to take for its server.
  Ipv4 apparent_server() const { return rewrite() ? relay_address(Segment::uplink) : server_address(0); }

  // Ready is who relays: a probe client gets an offer.
  void wait_until_ready() {
    const Bytes probe = encode_udp({.eth_dst = Mac::broadcast,
                                    .eth_src = probe_mac,
                                    .ip_dst = Ipv4("255.255.255.255"),
                                    .ip_src = Ipv4("0.0.0.0"),
                                    .sport = client_port,
                                    .dport = server_port},
                                   encode({.op = boot_request,
                                           .flags = broadcast_flag,
                                           .chaddr = Bytes(probe_mac.begin(), probe_mac.end()),
                                           .options = {{option::type(Type::discover)}}}));
    for (const auto deadline = Clock::now() + std::chrono::seconds(30); Clock::now() < deadline;) {
      lab_.inject(Segment::downlink0, probe);
      if (offered_before(Clock::now() + std::chrono::milliseconds(50))) return;
      if (relay_->ended()) break;
    }
    throw std::runtime_error("the relay did not get ready: " + relay_->output());
  }

  // It waits for the whole of that time: each probe makes the server log some lines, and a server that logs
  // more than the pipe takes stops.
  bool offered_before(Clock::time_point end) {
    while (Clock::now() < end) {
      for (const Frame& f : lab_.receive(end)) {
        const auto datagram = decode_udp(f.bytes);
        if (f.segment == Segment::downlink0 && datagram && datagram->dport == client_port) return true;
      }
    }
    return false;
  }

  // The client's word for it, and the server's.
  std::string gets_lease(const std::string& reason) {
    std::smatch event;
    const std::string line = client_.expect("event " + reason + " [0-9.]+ server ");
    EXPECT_TRUE(std::regex_search(line, event, std::regex("event [A-Za-z]+ ([0-9.]+) server ([0-9.]*)")))
        << line;
    EXPECT_EQ(event[2], apparent_server().to_string());
    server_.expect(at(real_server().granted, event[1]));
    return event[1];
  }

  std::vector<Seen> record() {
    std::vector<Seen> all;
    for (const Frame& f : lab_.receive(Clock::now())) {
      if (const auto seen = see(f)) all.push_back(*seen);
    }
    return all;
  }

  Directory directory_;
  Lab lab_;
  std::optional<RelayProcess> relay_;
  Shell server_{lab_, Segment::uplink, directory_.with_config("server", real_server().config)};
  Shell client_{lab_, Segment::downlink0, directory_.with_config("client", real_client().config)};
};

TEST_P(RealHosts, GetRenewAndRelease) {
  client_.run(real_client().get);
  const std::string lease = gets_lease("(BOUND|bound)");
  client_.run(real_client().renew);
  EXPECT_EQ(gets_lease("(RENEW|renew)"), lease);
  client_.run(real_client().release);
  client_.expect("event (RELEASE|deconfig)");
  server_.expect(at(real_server().released, lease));

  const auto all = record();
  const auto on_client_side = where(all, [](const Seen& s) { return s.segment == Segment::downlink0; });
  const auto to_client = where(on_client_side, [](const Seen& s) { return s.origin == Origin::relay; });
  const auto from_client = where(on_client_side, [](const Seen& s) { return s.origin == Origin::harness; });
  const auto to_server =
      where(all, [](const Seen& s) { return s.segment == Segment::uplink && s.origin == Origin::relay; });
  const auto other = where(all, [](const Seen& s) { return s.segment == Segment::downlink1; });

  EXPECT_THAT(types_of(to_server), ElementsAre(Type::discover, Type::request, Type::release));
  EXPECT_THAT(types_of(to_client), ElementsAre(Type::offer, Type::ack));
  EXPECT_TRUE(other.empty()) << "nobody asked there";

  // RFC 3046, section 2.1: option 82 stays between relay and server.
  EXPECT_TRUE(where(on_client_side, [](const Seen& s) { return s.option82; }).empty());
  for (const Seen& s : on_client_side) EXPECT_EQ(s.server_id.value_or(apparent_server()), apparent_server());
  for (const Seen& s : to_server) EXPECT_EQ(s.server_id.value_or(server_address(0)), server_address(0));

  // A client that has an address speaks to its server itself (RFC 2131, section 4.4.5), and the relay keeps
  // out of it: such a message passes as it is, once. In dialect `proxy` the client takes the relay for its
  // server.
  const auto to_server_itself = [](const Seen& s) { return s.datagram.ip_dst == server_address(0); };
  const auto routed = where(to_server, [&](const Seen& s) { return s.datagram.ip_src == Ipv4(lease); });
  const auto relayed =
      where(to_server, [&](const Seen& s) { return s.datagram.ip_src == relay_address(Segment::uplink); });
  const auto sent_past_the_relay = where(from_client, to_server_itself).size();
  EXPECT_EQ(routed.size(), sent_past_the_relay);
  EXPECT_EQ(relayed.size(), from_client.size() - sent_past_the_relay);
  EXPECT_EQ(to_server.size(), from_client.size());
  EXPECT_EQ(routed.empty(), rewrite());
  for (const Seen& s : routed) EXPECT_TRUE(s.giaddr == Ipv4() && !s.option82 && s.ciaddr == Ipv4(lease));
  for (const Seen& s : relayed)
    EXPECT_TRUE(s.giaddr == relay_address(Segment::downlink0) && s.option82 == option82());

  if (rewrite()) {
    EXPECT_FALSE(
        where(relayed, [](const Seen& s) { return s.type == Type::request && s.ciaddr != Ipv4(); }).empty());
    for (const Seen& s : to_client) {
      EXPECT_NE(s.datagram.ip_src, server_address(0));
      EXPECT_EQ(s.datagram.ip_dst, Ipv4("255.255.255.255"));
      EXPECT_TRUE(s.datagram.eth_dst.is_broadcast());
    }
  }
}

std::string test_name(const ::testing::TestParamInfo<Combination>& info) {
  const auto& [server, client, rewrite, option82] = info.param;
  return server.name + "_" + client.name + (rewrite ? "_rewrite" : "_transparent") +
         (option82 ? "_option82" : "");
}

INSTANTIATE_TEST_SUITE_P(Reference, RealHosts,
                         ::testing::Combine(::testing::ValuesIn(real_servers()),
                                            ::testing::ValuesIn(real_clients()), ::testing::Bool(),
                                            ::testing::Bool()),
                         test_name);

}  // namespace

void PrintTo(const RealServer& server, std::ostream* out) { *out << server.name; }
void PrintTo(const RealClient& client, std::ostream* out) { *out << client.name; }

}  // namespace relayspec

int main(int argc, char** argv) {
  ::testing::InitGoogleMock(&argc, argv);
  try {
    relayspec::acquire_privilege();
  } catch (const relayspec::LabError& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 3;
  }
  return RUN_ALL_TESTS();
}
