// SPDX-License-Identifier: Apache-2.0
#include "relay/command_line.h"

#include "relay/test_bench.h"

namespace relayspec::relay::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<std::string> plain{"--downlink", "c0", "--uplink", "s0", "--server", "198.51.100.2"};

Settings parse(std::vector<std::string> more = {}) {
  auto arguments = plain;
  arguments.insert(arguments.end(), more.begin(), more.end());
  return parse_command_line(arguments).settings;
}

void expect_refused(const std::vector<std::string>& arguments, const std::string& because) {
  try {
    parse_command_line(arguments);
    ADD_FAILURE() << "accepted, but: " << because;
  } catch (const StartError& error) {
    EXPECT_EQ(error.status, 2);
    EXPECT_THAT(error.what(), HasSubstr(because));
  }
}

void expect_refused_beside_plain(std::vector<std::string> more, const std::string& because) {
  more.insert(more.begin(), plain.begin(), plain.end());
  expect_refused(more, because);
}

TEST(CommandLine, DefaultsAreThoseOfTheRfcs) {
  const auto settings = parse();
  EXPECT_THAT(settings.downlinks, ElementsAre("c0"));
  EXPECT_THAT(settings.uplinks, ElementsAre("s0"));
  EXPECT_THAT(settings.config.servers, ElementsAre(server1));
  EXPECT_EQ(settings.config.max_hops, 4U);
  EXPECT_EQ(settings.config.min_secs, 0U);
  EXPECT_FALSE(settings.config.option82);
  EXPECT_EQ(settings.config.option82_policy, Option82Policy::rfc3046);
  EXPECT_EQ(settings.config.server_id, ServerId::transparent);
}

TEST(CommandLine, ReadsEveryKnob) {
  const auto settings =
      parse({"--downlink", "c1",          "--server",     "198.51.100.3", "--max-hops", "16",
             "--min-secs", "8",           "--min-length", "300",          "--option82", "--circuit-id",
             "c1=floor",   "--remote-id", "tower",        "--trust",      "c1",         "--option82-policy",
             "replace",    "--max-size",  "576",          "--server-id",  "rewrite",    "--server-id-address",
             "giaddr",     "--clients",   "100",          "--log-level",  "debug"});
  EXPECT_THAT(settings.downlinks, ElementsAre("c0", "c1"));
  EXPECT_THAT(settings.config.servers, ElementsAre(server1, server2));
  EXPECT_EQ(settings.config.max_hops, 16U);
  EXPECT_EQ(settings.config.min_secs, 8U);
  EXPECT_EQ(settings.config.min_length, 300U);
  EXPECT_TRUE(settings.config.option82);
  EXPECT_THAT(settings.circuit_ids, ElementsAre("c1=floor"));
  EXPECT_EQ(settings.remote_id, "tower");
  EXPECT_THAT(settings.trusted, ElementsAre("c1"));
  EXPECT_EQ(settings.config.option82_policy, Option82Policy::replace);
  EXPECT_EQ(settings.max_size, 576U);
  EXPECT_EQ(settings.config.server_id, ServerId::rewrite);
  EXPECT_EQ(settings.config.server_id_address, ServerIdAddress::giaddr);
  EXPECT_EQ(settings.clients, 100U);
  EXPECT_EQ(settings.log_level, LogLevel::debug);
}

TEST(CommandLine, EveryPolicyHasItsName) {
  for (const auto& [name, policy] : {std::pair{"append", Option82Policy::append},
                                     {"replace", Option82Policy::replace},
                                     {"forward", Option82Policy::forward},
                                     {"discard", Option82Policy::discard}})
    EXPECT_EQ(parse({"--option82", "--option82-policy", name}).config.option82_policy, policy);
}

TEST(CommandLine, SubOptionsCanBeLeftOutOneByOne) {
  EXPECT_FALSE(parse({"--option82", "--no-circuit-id"}).with_circuit_id);
  EXPECT_FALSE(parse({"--option82", "--no-remote-id"}).with_remote_id);
  expect_refused_beside_plain({"--option82", "--no-circuit-id", "--no-remote-id"}, "leave nothing");
}

TEST(CommandLine, NamesWhatIsMissing) {
  expect_refused({"--uplink", "s0", "--server", "198.51.100.2"}, "--downlink");
  expect_refused({"--downlink", "c0", "--server", "198.51.100.2"}, "--uplink");
  expect_refused({"--downlink", "c0", "--uplink", "s0"}, "--server");
}

TEST(CommandLine, NamesTheValueAtFault) {
  for (const std::string& server : std::vector<std::string>{"198.51.100", "dhcp.example.net", "0.0.0.0",
                                                            "255.255.255.255", "224.0.0.12", "127.0.0.1"})
    expect_refused_beside_plain({"--server", server}, server);
  expect_refused_beside_plain({"--giaddr", "192.0.2"}, "--giaddr 192.0.2: not an IPv4 address");
  expect_refused_beside_plain({"--server-id", "override"}, "add --option82");
  expect_refused_beside_plain({"--vpn", "red"}, "--option82");
  expect_refused_beside_plain({"--option82", "--source-port", "0"}, "--source-port");
  expect_refused_beside_plain({"--downlink", "c0"}, "c0: given twice");
  expect_refused_beside_plain({"--max-hops", "0"}, "--max-hops");
  expect_refused_beside_plain({"--max-hops", "17"}, "--max-hops");
  expect_refused_beside_plain({"--min-secs", "65536"}, "--min-secs");
  expect_refused_beside_plain({"--min-length", "235"}, "--min-length");
  expect_refused_beside_plain({"--clients", "0"}, "--clients");
  expect_refused_beside_plain({"--server-id", "hide"},
                              "--server-id: hide not in {transparent,rewrite,override}");
  expect_refused_beside_plain({"--server-id-address", "0"}, "--server-id-address: 0 not in {uplink,giaddr}");
  expect_refused_beside_plain({"--option82", "--option82-policy", "keep"},
                              "--option82-policy: keep not in {append,replace,forward,discard}");
  expect_refused_beside_plain({"--log-level", "loud"}, "--log-level: loud not in {error,warning,info,debug}");
  expect_refused_beside_plain({"--bogus"}, "--bogus");
  expect_refused_beside_plain({"--trust", "c0"}, "--option82");
}

TEST(CommandLine, HelpComesWithAnExample) {
  const auto exit = parse_command_line({"--help"}).exit;
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 0);
  EXPECT_THAT(exit->text, HasSubstr("Example"));
  EXPECT_THAT(exit->text, HasSubstr("--option82-policy"));
  EXPECT_THAT(parse_command_line({"--version"}).exit->text, HasSubstr("relayspec-relay "));
}

}  // namespace
}  // namespace relayspec::relay::test
