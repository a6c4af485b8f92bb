// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/test_plan.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "harness/bench/sentences.h"
#include "relayspec/harness/message.h"

namespace relayspec {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t wide = 200;

std::string steps(const std::vector<Step>& all) { return numbered_steps(all, wide); }

TEST(NumberedSteps, StandInTheirOrder) {
  EXPECT_EQ(steps({{.text = "One."}, {.text = "Two."}}), "   1. One.\n   2. Two.\n");
}

TEST(NumberedSteps, AreBrokenAtTheWidth) {
  EXPECT_EQ(numbered_steps({{.text = "The relay is stopped."}}, 20), "   1. The relay is\n      stopped.\n");
}

TEST(NumberedSteps, ThatAreRepeatedStandThereOnce) {
  std::vector<Step> all;
  for (const char* size : {"300", "301", "302"}) {
    all.push_back({.text = std::string("The client sends DISCOVER xid 0x1 (") + size + " octets)."});
    all.push_back({.text = "Server 1 must receive DISCOVER xid 0x1 giaddr 192.0.2.1."});
  }
  EXPECT_EQ(steps(all),
            "   1. The client sends DISCOVER xid 0x1 (300 octets).\n"
            "   2. Server 1 must receive DISCOVER xid 0x1 giaddr 192.0.2.1.\n"
            "      Steps 1 and 2 are done 3 times in all, each time with other values.\n");
}

TEST(NumberedSteps, OfTheSameValuesAreSaidToBe) {
  EXPECT_EQ(steps({{.text = "Once."}, {.text = "Once."}, {.text = "Once."}}),
            "   1. Once.\n      Step 1 is done 3 times in all.\n");
}

TEST(NumberedSteps, ForMessagesOfAnotherTypeAreOthers) {
  const auto of = [](const char* type) {
    return Step{.text = std::string("The client sends ") + type + " xid 0x1."};
  };
  EXPECT_EQ(steps({of("DISCOVER"), of("REQUEST"), of("INFORM")}),
            "   1. The client sends DISCOVER xid 0x1.\n   2. The client sends REQUEST xid 0x1.\n"
            "   3. The client sends INFORM xid 0x1.\n");
}

TEST(NumberedSteps, OfATableSayWhatMustBecomeOfEachRow) {
  const auto row = [](const char* name, const char* fate) {
    return Step{.text = "The request is judged by the model", .row = name, .fate = fate};
  };
  EXPECT_EQ(steps({row("hops 16", "must be relayed (A)")}),
            "   1. The request is judged by the model (hops 16): it must be relayed (A).\n");
  EXPECT_EQ(steps({row("hops 15", "must be relayed (A)"), row("hops 16", "must be relayed (A)"),
                   row("hops 17", "must not be relayed (B)"), row("hops 99", "must not be relayed (B)")}),
            "   1. The request is judged by the model.\n"
            "      Step 1 is done 4 times in all, each time with other values.\n"
            "      It must be relayed (A): hops 15 to hops 16\n"
            "      It must not be relayed (B): hops 17; hops 99\n");
}

TEST(SetupInWords, NamesNetworksServersAndSettings) {
  EXPECT_EQ(setup_in_words({}),
            "The relay serves 2 client networks and relays to 1 server. It has no other setting.");
  EXPECT_THAT(
      setup_in_words({.option82 = true, .max_hops = 4, .downlinks = 1, .servers = 2}),
      HasSubstr("1 client network and relays to 2 servers. Settings: option82: adds option 82 (RFC 3046); "
                "max-hops=4: drops requests with more hops."));
}

TEST(SetupInWords, ListsServersThatTheCaseNames) {
  EXPECT_THAT(setup_in_words({.server_list = {Ipv4("198.51.100.9"), Ipv4("198.51.100.2")}}),
              HasSubstr("relays to 2 servers. Its server list is: 198.51.100.9, 198.51.100.2."));
}

TEST(TestPlan, NamesTheDialectsAndFeaturesThatACaseNeeds) {
  CaseInfo info{
      .id = "s/c", .suite = "s", .source = "s.cc:1", .requirements = {"RFC3046-2.1-off-by-default"}};
  EXPECT_THAT(test_plan(info, Dialect::rfc, wide), ::testing::Not(HasSubstr("only.")));
  info.dialects = {Dialect::strict};
  info.settings.option82 = true;
  EXPECT_THAT(
      test_plan(info, Dialect::strict, wide),
      ::testing::AllOf(
          HasSubstr("The case is judged in the dialect strict only."),
          HasSubstr("skipped for a relay whose profile does not list all of: multi-downlink, option82."),
          HasSubstr("relayspec run --dialect strict --case s/c\n")));
  info.dialects.push_back(Dialect::rfc);
  EXPECT_THAT(test_plan(info, Dialect::rfc, wide), HasSubstr("in the dialects strict and rfc only."));
}

TEST(NumberedSteps, ALongTableIsCut) {
  std::vector<Step> all;
  for (int i = 0; i < 200; ++i)
    all.push_back({.text = "The request is judged by the model",
                   .row = fmt::format("a row with a long name, number {}", 7 * i),
                   .fate = "must be relayed (A)"});
  EXPECT_THAT(steps(all), HasSubstr("; and "));
  EXPECT_THAT(steps(all), HasSubstr(" more"));
}

Bytes message(const Message& over) {
  return encode(
      Message{.op = boot_request, .xid = 1, .secs = 3, .options = {{option::type(Type::discover)}}}.with(
          over));
}

TEST(WithContent, ListsOptionsAndOddFields) {
  EXPECT_EQ(with_content(message({})), " with options 53");
  EXPECT_EQ(
      with_content(message({.op = std::uint8_t{3}, .hlen = std::uint8_t{16}, .secs = std::uint16_t{9}})),
      " with op 3, htype 1, hlen 16, secs 9, options 53");
  EXPECT_EQ(
      with_content(message({.options = {{option::pads(3), option::type(Type::discover)}}, .tail = Bytes{}})),
      " with options PAD×3 53, no END");
  EXPECT_EQ(with_content(message({.tail = Bytes{255, 1}})),
            " with options 53, octets behind END: 1, not all of them 0");
  EXPECT_EQ(with_content(message({.cookie = Bytes{1, 2, 3, 4}})), " with the cookie [01 02 03 04]");
  EXPECT_EQ(with_content(Bytes(20)), "");
}

TEST(WithCarrier, NamesWhatIsNotUsual) {
  const Envelope usual{.ip_src = Ipv4("0.0.0.0"), .sport = 68, .dport = 67};
  EXPECT_EQ(with_carrier(usual, usual), "");
  Envelope odd = usual;
  odd.dport = 68;
  odd.ip_src = Ipv4("192.0.2.9");
  odd.ttl = 1;
  odd.udp_checksum = 0;
  EXPECT_EQ(with_carrier(usual, odd),
            ", from address 192.0.2.9, to UDP port 68, with TTL 1, without UDP checksum");
}

}  // namespace
}  // namespace relayspec
