// SPDX-License-Identifier: Apache-2.0
// Any frame at all gets a verdict: examples put together at random, their frames corrupted, and random
// octets.
#include <random>

#include "harness/dhcp4/testing_model.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec::dhcp4 {
namespace {

using Random = std::mt19937;

std::size_t below(Random& r, std::size_t n) { return r() % n; }

std::vector<Example> examples_of(std::initializer_list<std::span<const Example>> lists) {
  std::vector<Example> all;
  for (const auto& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}

// Every setting and oddity that an example has, in any combination.
Stimulus mixed(Random& r, Segment segment) {
  static const std::vector<Example> requests = examples_of(
      {frame_examples(), request_examples(), malformed_request_examples(), due_request_examples()});
  static const std::vector<Example> replies = examples_of(
      {reply_frame_examples(), reply_examples(), malformed_reply_examples(), due_reply_examples()});
  static const Stimulus request = plain_request(), reply = plain_reply();
  const bool up = segment == Segment::uplink;
  const auto& examples = up ? replies : requests;
  Stimulus s = up ? reply : request;
  s.segment = segment;
  for (std::size_t n = below(r, 4); n > 0; --n) examples[below(r, examples.size())].differs(s);
  s.segment = segment;
  s.world.dialect = static_cast<Dialect>(below(r, 3));
  s.world.settings.servers = 1 + static_cast<unsigned>(below(r, server_count));
  return s;
}

Bytes random_octets(Random& r, std::size_t n) {
  Bytes octets(n);
  for (auto& o : octets) o = static_cast<std::uint8_t>(r());
  return octets;
}

// As it is, cut, with octets changed, of random octets, or with random options.
Bytes corrupted(Random& r, Bytes frame) {
  constexpr std::size_t headers = 14 + 20 + 8;
  switch (below(r, 6)) {
    case 0:
      frame.resize(below(r, frame.size() + 1));
      break;
    case 1:
      return random_octets(r, below(r, 400));
    case 2:
      for (std::size_t n = 1 + below(r, 4); n > 0 && !frame.empty(); --n)
        frame[below(r, frame.size())] = static_cast<std::uint8_t>(r());
      break;
    case 3: {
      // No checksum, so that what is behind the headers is read.
      const Bytes octets = random_octets(r, frame.size());
      if (frame.size() < headers + 240) break;
      frame[headers - 2] = frame[headers - 1] = 0;
      std::copy(octets.begin() + headers + 240, octets.end(), frame.begin() + headers + 240);
      break;
    }
    default:
      break;
  }
  return frame;
}

void expect_same(const Outcome& a, const Outcome& b) {
  EXPECT_EQ(a.fate, b.fate);
  EXPECT_EQ(a.rule, b.rule);
  ASSERT_EQ(a.copies.size(), b.copies.size());
  for (std::size_t n = 0; n < a.copies.size(); ++n) {
    EXPECT_EQ(a.copies[n].segment, b.copies[n].segment);
    EXPECT_EQ(a.copies[n].message, b.copies[n].message);
    EXPECT_EQ(a.copies[n].adds_option82, b.copies[n].adds_option82);
  }
}

void expect_in_place(const Stimulus& s, const Expected& copy) {
  const Topology& topology = s.world.topology;
  ASSERT_FALSE(copy.forms.empty());
  if (s.segment != Segment::uplink) {
    EXPECT_EQ(copy.direction, Direction::request);
    EXPECT_EQ(copy.segment, Segment::uplink);
    EXPECT_TRUE(topology.server_at(copy.forms.front().ip_dst)) << copy.forms.front().ip_dst;
  } else {
    EXPECT_EQ(copy.direction, Direction::reply);
    EXPECT_NE(copy.segment, Segment::uplink);
    const Ipv4 giaddr = *giaddr_of(copy.message);
    const auto owner = s.world.owner_of(giaddr);
    if (owner && owner != Segment::uplink && giaddr != s.world.settings.giaddr) {
      EXPECT_EQ(copy.segment, *owner);
    }
  }
}

class RandomFrames : public testing::TestWithParam<Segment> {};

TEST_P(RandomFrames, GetAVerdictThatIsAlwaysTheSame) {
  Random r(20240601U + static_cast<unsigned>(index(GetParam())));
  std::size_t fates[3] = {};
  for (int round = 0; round < 8000 && !HasFailure(); ++round) {
    SCOPED_TRACE(round);
    const Stimulus s = mixed(r, GetParam());
    const Bytes frame = corrupted(r, s.frame());
    const Model model(s.world);

    const Outcome o = model.outcome(s.segment, frame, s.memory);

    ++fates[static_cast<std::size_t>(o.fate)];
    EXPECT_NE(Catalogue::shipped().find(o.rule), nullptr) << o.rule;
    expect_same(o, model.outcome(s.segment, frame, s.memory));
    for (const Expected& copy : o.copies) expect_in_place(s, copy);
    if (o.fate == dropped) {
      EXPECT_TRUE(o.copies.empty());
    }
    if (o.fate == due && s.world.settings.server_list.empty()) {
      EXPECT_EQ(o.copies.size(),
                s.segment == Segment::uplink ? (o.on_any ? 2U : 1U) : s.world.settings.servers);
    }
  }
  for (const std::size_t n : fates) EXPECT_GT(n, 400U) << "each fate is frequent";
}

INSTANTIATE_TEST_SUITE_P(On, RandomFrames, testing::ValuesIn(all_segments),
                         [](const auto& s) { return std::string(interface_name(s.param)); });

}  // namespace
}  // namespace relayspec::dhcp4
