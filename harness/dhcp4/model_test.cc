// SPDX-License-Identifier: Apache-2.0
// The model's tables as a whole: what the examples of every table have in common.
#include <algorithm>
#include <set>

#include "harness/dhcp4/testing_model.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec::dhcp4 {

Bytes Stimulus::payload() const {
  Bytes octets = encode(message);
  if (size) octets.resize(*size);
  return octets;
}

Bytes Stimulus::frame() const {
  Bytes f = encode_udp(envelope, payload());
  return rewrite ? rewrite(std::move(f)) : f;
}

Stimulus plain_request() {
  return {.envelope = {.eth_dst = Mac::broadcast,
                       .eth_src = client_mac,
                       .ip_dst = Ipv4("255.255.255.255"),
                       .ip_src = Ipv4("0.0.0.0"),
                       .sport = std::uint16_t{68},
                       .dport = std::uint16_t{67}},
          .message = {.xid = 0x51020304,
                      .secs = std::uint16_t{7},
                      .chaddr = Bytes(client_mac.begin(), client_mac.end()),
                      .options = {{option::type(Type::discover), option::text(code::host_name, "host"),
                                   option::of(code::parameter_list, {1, 3, 6, 51})}}}};
}

Stimulus plain_reply() {
  const Stimulus asked = plain_request();
  Stimulus s{.segment = Segment::uplink,
             .envelope = {.eth_dst = relay_mac(Segment::uplink),
                          .eth_src = server_mac(0),
                          .ip_dst = relay_address(Segment::downlink0),
                          .ip_src = server_address(0),
                          .sport = std::uint16_t{67},
                          .dport = std::uint16_t{67}},
             .message = asked.message.with(
                 {.op = boot_reply,
                  .yiaddr = host_address(Segment::downlink0, 100),
                  .giaddr = relay_address(Segment::downlink0),
                  .options = {{option::type(Type::offer), option::address(code::server_id, server_address(0)),
                               option::number32(code::lease_time, 3600)}}})};
  s.memory.note_sent(asked.payload(), Segment::downlink0);
  return s;
}

void echo(Stimulus& s) {
  add(s, some_option82());
  s.memory.note_received(exchange_of(plain_request().message),
                         encode(plain_request().message.plus(some_option82())), true, 0);
}

void ends_with(Stimulus& s, const Bytes& octets) {
  add(s, option::raw(octets));
  s.message.tail = Bytes{};
  auto& options = *s.message.options;
  const std::size_t used = encode(s.message).size();
  if (used < 300) options.insert(options.begin() + 1, option::pads(300 - used));
}

Stimulus made(const Stimulus& plain, const Example& e) {
  Stimulus s = plain;
  e.differs(s);
  return s;
}

void expect_verdicts(const Stimulus& plain, std::span<const Example> examples) {
  for (const Example& e : examples) {
    const Outcome o = made(plain, e).outcome();
    EXPECT_EQ(o.fate, e.fate) << e.name;
    EXPECT_EQ(o.rule, e.rule) << e.name;
  }
}

namespace {

using testing::IsEmpty;

const Stimulus& requested() {
  static const Stimulus plain = plain_request();
  return plain;
}

const Stimulus& replied() {
  static const Stimulus plain = plain_reply();
  return plain;
}

struct Table {
  const char* name;
  std::span<const Row> rows;
  std::vector<Stimulus> stimuli;
};

std::vector<Stimulus> all_made(const Stimulus& plain, std::initializer_list<std::span<const Example>> lists) {
  std::vector<Stimulus> out;
  for (const auto& list : lists) {
    for (const Example& e : list) out.push_back(made(plain, e));
  }
  return out;
}

std::vector<Table> tables() {
  std::vector<Stimulus> frames = all_made(requested(), {frame_examples()});
  for (Stimulus& s : all_made(replied(), {reply_frame_examples()})) frames.push_back(std::move(s));
  return {{"frames", frame_rows(), std::move(frames)},
          {"requests", request_rows(),
           all_made(requested(), {request_examples(), malformed_request_examples(), due_request_examples()})},
          {"replies", reply_rows(),
           all_made(replied(), {reply_examples(), malformed_reply_examples(), due_reply_examples()})}};
}

TEST(ModelTables, EveryRuleIsInTheCatalogue) {
  for (const auto rows : {frame_rows(), request_rows(), reply_rows()}) {
    for (const Row& r : rows) EXPECT_NE(Catalogue::shipped().find(r.rule), nullptr) << r.rule;
  }
}

TEST(ModelTables, EveryRowDecidesAnExample) {
  for (const Table& t : tables()) {
    std::set<const Row*> decided;
    for (const Stimulus& s : t.stimuli) {
      const Bytes frame = s.frame();
      decided.insert(first_that_applies(t.rows, Facts(s.world, s.memory, s.segment, frame)));
    }
    for (const Row& r : t.rows) EXPECT_TRUE(decided.contains(&r)) << t.name << ": " << r.rule;
  }
}

// The rows that may be asked about a stimulus: those behind them read its datagram, or its message.
std::span<const Row> readable(std::span<const Row> rows, const Facts& facts) {
  if (facts.message) return rows;
  const std::string_view reader =
      facts.datagram ? "RFC1542-2.1-min-300-discard" : "RFC1122-4.1.3.4-bad-udp-cksum";
  const auto first = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.rule == reader; });
  return rows.first(static_cast<std::size_t>(first - rows.begin()));
}

// What a row adds shows in a verdict: no row is there that another one makes superfluous.
TEST(ModelTables, WithoutARowAVerdictIsAnotherOne) {
  for (const Table& t : tables()) {
    std::set<const Row*> needed;
    for (const Stimulus& s : t.stimuli) {
      const Bytes frame = s.frame();
      const Facts facts(s.world, s.memory, s.segment, frame);
      const auto rows = readable(t.rows, facts);
      const Row* row = first_that_applies(rows, facts);
      if (!row) continue;
      const Row* next =
          first_that_applies(rows.subspan(static_cast<std::size_t>(row - rows.data()) + 1), facts);
      if (!next || next->fate != row->fate || std::string_view(next->rule) != row->rule) needed.insert(row);
    }
    for (const Row& r : t.rows) EXPECT_TRUE(needed.contains(&r)) << t.name << ": " << r.rule;
  }
}

// Rows of frames decide over requests and replies, so that what is left is a message with an op that is one.
TEST(ModelTables, TheLastRowOfBothSidesAlwaysApplies) {
  for (const auto& [s, rows] : {std::pair(requested(), request_rows()), std::pair(replied(), reply_rows())}) {
    const Bytes frame = s.frame();
    EXPECT_TRUE(rows.back().applies(Facts(s.world, s.memory, s.segment, frame)));
    EXPECT_EQ(rows.back().fate, due);
  }
}

TEST(ModelTables, NoTwoExamplesHaveOneName) {
  std::set<std::string> names;
  for (const auto list :
       {frame_examples(), reply_frame_examples(), request_examples(), malformed_request_examples(),
        due_request_examples(), reply_examples(), malformed_reply_examples(), due_reply_examples()}) {
    for (const Example& e : list) EXPECT_TRUE(names.insert(e.name).second) << e.name;
  }
}

}  // namespace
}  // namespace relayspec::dhcp4
