// SPDX-License-Identifier: Apache-2.0
#include "harness/reports/fuzz.h"
#include "harness/reports/testing.h"
#include "relayspec/harness/datagram.h"
#include "relayspec/harness/message.h"

namespace relayspec {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string rule = "RFC1542-4.1.1-hops-increment";

Frame request_on(Segment s, Origin o, std::int64_t nanoseconds, std::uint8_t hops) {
  Frame f = made_up_frame(s, o, nanoseconds, {kNasty});
  const Message m{
      .hops = hops, .xid = 7, .options = {{option::type(Type::discover), option::text(12, kNasty)}}};
  f.bytes = encode_udp({.eth_dst = Mac::broadcast,
                        .eth_src = Mac("02:00:5e:00:53:01"),
                        .ip_dst = Ipv4("255.255.255.255"),
                        .ip_src = Ipv4("0.0.0.0"),
                        .sport = std::uint16_t{68},
                        .dport = std::uint16_t{67}},
                       encode(m));
  return f;
}

/// What forgets to escape breaks.
FuzzResult made_up_fuzz() {
  FuzzFinding f{.kind = "changed",
                .requirement = rule,
                .what = kNasty,
                .settings = kNasty,
                .sent = kNasty,
                .expected = "hops 1",
                .observed = "hops 0",
                .packets = 1,
                .octets = 342,
                .again = false,
                .capture = "findings/changed--1.pcapng",
                .frames = {request_on(Segment::downlink0, Origin::harness, 1, 0),
                           request_on(Segment::uplink, Origin::relay, 2, 0)},
                .field = "hops"};
  f.exhibit = {.time = std::chrono::nanoseconds(2),
               .segment = Segment::uplink,
               .due = decode_udp(request_on(Segment::uplink, Origin::relay, 2, 1).bytes)->payload};
  FuzzResult r{.tool_version = "0.1.0", .relay_name = kNasty, .relay_version = kNasty, .dialect = "rfc"};
  r.packets = 100;
  r.findings = {f};
  r.trouble = {kNasty};
  return r;
}

TEST(FuzzHtml, ShowsAFindingWithItsRuleLadderAndOctets) {
  const std::string html = fuzz_html(made_up_fuzz());
  EXPECT_THAT(html, HasSubstr(rule));
  EXPECT_THAT(html, HasSubstr("RFC 1542, section 4.1.1"));
  EXPECT_THAT(html, HasSubstr("<svg"));
  EXPECT_THAT(html, HasSubstr("Octet by octet"));
  EXPECT_THAT(html, HasSubstr("✗ hops"));
  EXPECT_THAT(html, HasSubstr("href=\"findings/changed--1.pcapng\""));
  EXPECT_THAT(html, HasSubstr("a fresh relay does not show it again"));
}

TEST(FuzzHtml, RunsAndLoadsNothing) {
  const std::string html = fuzz_html(made_up_fuzz());
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
  EXPECT_THAT(html, HasSubstr("script-src 'none'"));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("http://")));
  EXPECT_THAT(html, Not(HasSubstr("https://")));
  EXPECT_THAT(html, Not(HasSubstr("<b>&\""))) << "what relays and packets say is escaped";
}

TEST(FuzzHtml, SaysThatNothingWasFound) {
  FuzzResult r;
  r.relay_name = "right";
  EXPECT_THAT(fuzz_html(r), HasSubstr("None."));
}

}  // namespace
}  // namespace relayspec
