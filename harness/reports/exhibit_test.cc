// SPDX-License-Identifier: Apache-2.0
#include "harness/reports/exhibit.h"

#include "harness/deviations.h"
#include "harness/reports/testing.h"
#include "harness/reports/wire.h"
#include "relayspec/harness/message.h"

namespace relayspec {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::uint32_t xid = 0x51000001;

Message request(std::uint8_t hops) {
  return {.hops = hops, .xid = xid, .options = {{option::type(Type::discover)}}};
}

Frame frame(Segment s, Origin o, std::int64_t at, const Message& m, const char* from, const char* to) {
  Frame f = made_up_frame(s, o, at, {});
  f.bytes = encode_udp({.eth_dst = Mac("02:00:00:00:00:02"),
                        .eth_src = Mac("02:00:00:00:00:01"),
                        .ip_dst = Ipv4(to),
                        .ip_src = Ipv4(from),
                        .sport = 67,
                        .dport = 67},
                       encode(m));
  return f;
}

/// A request whose hops came out as `came`, and 4 was due.
CaseResult case_with_hops(std::uint8_t came) {
  CaseResult c = made_up_case("hops", "go-up-by-one", Verdict::fail, "hops");
  c.frames = {
      frame(Segment::downlink0, Origin::harness, 1'000'000, request(3), "0.0.0.0", "255.255.255.255"),
      frame(Segment::uplink, Origin::relay, 2'500'000, request(came), "198.51.100.1", "198.51.100.2")};
  c.frames[1].comments = {kNasty};
  Finding f = made_up_finding();
  f.exhibit = {c.frames[1].time, Segment::uplink, encode(request(4))};
  c.findings = {f};
  return c;
}

Deviation deviation_of(const CaseResult& c) { return deviations_of({c}).at(0); }

TEST(Ladder, DrawsEachFrameAndMarksTheWrongOne) {
  const CaseResult c = case_with_hops(5);
  const std::string html = ladder_html(deviation_of(c), c);
  EXPECT_THAT(html, AllOf(HasSubstr("role=\"img\""), HasSubstr(">DISCOVER<"), HasSubstr("✗ DISCOVER"),
                          HasSubstr("0.0.0.0:67 → 255.255.255.255:67"), HasSubstr("1.50 ms"),
                          HasSubstr("<g class=\"wrong\">"), HasSubstr("<tr class=\"wrong\">")));
  EXPECT_THAT(html, AllOf(Not(HasSubstr("<b>&")), Not(HasSubstr("client 2")), Not(HasSubstr("missing"))));
}

TEST(Ladder, DrawsWhatDidNotComeAsAnArrowThatIsMissing) {
  CaseResult c = case_with_hops(5);
  c.frames.pop_back();
  c.findings[0].exhibit.time = {};
  const std::string html = ladder_html(deviation_of(c), c);
  EXPECT_THAT(html, AllOf(HasSubstr("arrow missing"), HasSubstr("did not come")));
}

TEST(Ladder, OfManyFramesShowsThoseOfTheExchange) {
  CaseResult c = case_with_hops(5);
  Message other = request(1);
  for (std::uint32_t i = 0; i < 50; ++i) {
    other.xid = xid + 1 + i;
    c.frames.insert(c.frames.begin(),
                    frame(Segment::downlink0, Origin::harness, 10 + i, other, "0.0.0.0", "255.255.255.255"));
  }
  const std::string html = ladder_html(deviation_of(c), c);
  EXPECT_THAT(html, AllOf(HasSubstr("2 frames of 52"), HasSubstr("✗ DISCOVER")));
}

TEST(Ladder, OfACaseWithoutFramesIsNone) {
  CaseResult c = case_with_hops(5);
  c.frames.clear();
  EXPECT_EQ(exhibit_html(deviation_of(c), c), "");
}

TEST(FieldTable, HasWhatWasSentExpectedAndObserved) {
  const CaseResult c = case_with_hops(5);
  const std::string html = fields_html(deviation_of(c), c);
  EXPECT_THAT(
      html,
      AllOf(HasSubstr("<th scope=\"col\">sent</th><th scope=\"col\">expected</th><th scope=\"col\">observed"),
            HasSubstr("<tr class=\"wrong\"><th scope=\"row\">✗ hops</th><td>3</td><td>4</td><td>5</td>"),
            HasSubstr("The same in all:"), HasSubstr(", secs 0, "), Not(HasSubstr("≠"))));
}

TEST(FieldTable, TellsWhatElseDiffersFromWhatDeviates) {
  CaseResult c = case_with_hops(5);
  Message m = request(5);
  m.secs = std::uint16_t{7};
  c.frames[1].bytes = frame(Segment::uplink, Origin::relay, 0, m, "198.51.100.1", "198.51.100.2").bytes;
  EXPECT_THAT(fields_html(deviation_of(c), c),
              HasSubstr("<tr><th scope=\"row\">≠ secs</th><td>0</td><td>0</td><td>7</td>"));
}

TEST(FieldTable, HasARowForWhatIsNoField) {
  CaseResult c = case_with_hops(4);
  c.findings[0].field = "order of options";
  c.findings[0].expected = "order of options 53, 54";
  c.findings[0].observed = "order of options 54, 53";
  EXPECT_THAT(fields_html(deviation_of(c), c),
              HasSubstr("✗ order of options</th><td></td><td>53, 54</td><td>54, 53</td>"));
}

TEST(OctetTable, MarksTheOctetsThatDiffer) {
  const CaseResult c = case_with_hops(5);
  const std::string html = octets_html(deviation_of(c), c);
  EXPECT_THAT(html, AllOf(HasSubstr("01 01 06 <mark>04</mark> 51"), HasSubstr("01 01 06 <mark>05</mark> 51"),
                          HasSubstr("equal octets")));
  const CaseResult right = case_with_hops(4);
  EXPECT_THAT(octets_html(deviation_of(right), right), HasSubstr("right in every octet"));
}

TEST(ExhibitTables, StayShortWhateverARelayAdds) {
  CaseResult c = case_with_hops(5);
  Message m = request(5);
  for (int i = 0; i < 400; ++i) m = m.plus(option::of(215, {}));
  c.frames[1].bytes = frame(Segment::uplink, Origin::relay, 0, m, "198.51.100.1", "198.51.100.2").bytes;
  const std::string fields = fields_html(deviation_of(c), c), octets = octets_html(deviation_of(c), c);
  EXPECT_LT(fields.size(), 10'000U);
  EXPECT_LT(octets.size(), 40'000U);
  EXPECT_THAT(fields, AllOf(HasSubstr("✗ hops"), HasSubstr("more fields; the capture has them")));
  EXPECT_THAT(octets, HasSubstr("more octets; the capture has them"));
}

/// Both relays under the same DISCOVER: hops 4 came from the other one.
struct TwoRelays {
  CaseResult other = case_with_hops(4), compared = case_with_hops(5);
  Deviation difference = deviation_of(compared);

  std::string html() {
    difference.verdict = verdict;
    return exhibit_beside_html(
        difference, compared,
        {kNasty, "compared", other.frames, {other.frames.back().time, other.frames.back().segment, {}}});
  }
  Verdict verdict = Verdict::fail;
};

TEST(ExhibitBeside, HasTheFramesFieldsAndOctetsOfBothRelays) {
  const std::string html = TwoRelays().html();
  EXPECT_THAT(html,
              AllOf(HasSubstr("<figcaption>compared</figcaption>"),
                    HasSubstr("<th scope=\"col\">compared</th>"), HasSubstr("<td>3</td><td>4</td><td>5</td>"),
                    HasSubstr("<mark>04</mark> 51"), HasSubstr("<mark>05</mark> 51"), HasSubstr("✗ hops")));
  EXPECT_THAT(html, AllOf(Not(HasSubstr("<b>&")), Not(HasSubstr("expected</th>"))));
  const std::size_t second = html.find("<svg", html.find("<svg") + 1);
  ASSERT_NE(second, std::string::npos);
  EXPECT_GT(html.find("<g class=\"wrong\">"), second) << "the other relay is not what is shown";
}

TEST(ExhibitBeside, SaysInWordsWhatItDraws) {
  EXPECT_THAT(
      TwoRelays().html(),
      HasSubstr("aria-label=\"Ladder diagram: DISCOVER from client to relay; what differs: DISCOVER from "
                "relay to server.\""));
}

TEST(ExhibitBeside, CallsNoChoiceWrong) {
  TwoRelays choice;
  choice.verdict = Verdict::note;
  EXPECT_THAT(choice.html(), AllOf(HasSubstr("≠ DISCOVER"), HasSubstr("≠ hops"), Not(HasSubstr("✗"))));
}

TEST(ExhibitBeside, DrawsWhatOneOfThemHasLost) {
  TwoRelays lost;
  lost.compared.frames.pop_back();
  lost.difference.exhibit.time = {};
  EXPECT_THAT(lost.html(), AllOf(HasSubstr("arrow missing"), HasSubstr("did not come")));
}

TEST(Frames, AreNamedWhateverTheyHold) {
  Frame f;
  for (const Bytes& whole :
       {encode_udp(
            {.eth_dst = Mac(), .eth_src = Mac(), .ip_dst = Ipv4(), .ip_src = Ipv4(), .sport = 1, .dport = 2},
            encode(request(1))),
        Bytes(60, 0x08), Bytes(60, 0)}) {
    for (std::size_t n = 0; n <= whole.size(); ++n) {
      f.bytes.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
      EXPECT_FALSE(frame_title(f).empty());
      EXPECT_FALSE(frame_addresses(f).empty());
    }
  }
}

}  // namespace
}  // namespace relayspec
