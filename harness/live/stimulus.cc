// SPDX-License-Identifier: Apache-2.0
#include "harness/live/stimulus.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/live/edits.h"

namespace relayspec::live {
namespace {

/// splitmix64 (Vigna): the same on every machine, unlike the standard library's distributions.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }

 private:
  std::uint64_t state_;
};

// Mostly one or two: what more of them hide from each other shows in fewer.
std::size_t number_of_edits(Random& r) {
  const std::size_t percent = r.below(100);
  return percent < 4 ? 0 : percent < 55 ? 1 : percent < 85 ? 2 : percent < 95 ? 3 : 4;
}

// One that does not fit, or is there already, is not added.
void add_edit(Stimulus& s, Random& r) {
  const auto kinds = edit_kinds();
  const std::size_t kind = r.below(kinds.size());
  const auto& values = kinds[kind].values;
  const Edit edit{static_cast<std::uint8_t>(kind), values[r.below(values.size())]};
  const bool taken =
      std::any_of(s.edits.begin(), s.edits.end(), [&](const Edit& e) { return e.kind == edit.kind; });
  if (!taken && kinds[kind].fits(s.reply())) s.edits.push_back(edit);
}

// Seldom: a relay may need time until it relays again.
void add_trouble(Stimulus& s, Random r) {
  constexpr std::size_t share = 1024;
  const std::size_t n = r.below(share);
  if (n == 0) s.trouble = Trouble::link_down;
  if (n == 1 && !s.reply()) s.trouble = Trouble::server_refuses;
}

void sort_edits(Stimulus& s) {
  std::sort(s.edits.begin(), s.edits.end(), [](const Edit& a, const Edit& b) { return a.kind < b.kind; });
}

std::string word_for(const Edit& e) {
  const EditKind& kind = edit_kinds()[e.kind];
  const std::string value = kind.word ? kind.word(e.value) : std::to_string(e.value);
  return value.empty() ? kind.name : fmt::format("{} {}", kind.name, value);
}

// The smallest two, and the next smaller one.
std::vector<std::uint32_t> smaller_values(const Edit& e) {
  const auto& values = edit_kinds()[e.kind].values;
  const auto at = std::find(values.begin(), values.end(), e.value) - values.begin();
  std::vector<std::uint32_t> some(values.begin(), values.begin() + std::min<std::ptrdiff_t>(at, 2));
  if (at > 2) some.push_back(values[static_cast<std::size_t>(at) - 1]);
  return some;
}

}  // namespace

const char* name(Base b) {
  constexpr const char* names[base_count] = {"DISCOVER",
                                             "REQUEST (selecting)",
                                             "REQUEST (init-reboot)",
                                             "REQUEST (renewing)",
                                             "DECLINE",
                                             "RELEASE",
                                             "INFORM",
                                             "BOOTREQUEST",
                                             "OFFER",
                                             "ACK",
                                             "ACK to an INFORM",
                                             "NAK",
                                             "BOOTREPLY",
                                             "FORCERENEW",
                                             "DISCOVER on uplink0"};
  return names[static_cast<std::size_t>(b)];
}

std::string describe(const Stimulus& s) {
  std::string text = name(s.base);
  if (s.downlink != Segment::downlink0)
    text += fmt::format(" {} {}", s.reply() ? "for" : "on", interface_name(s.downlink));
  for (const Edit& e : s.edits) text += ", " + word_for(e);
  if (s.trouble == Trouble::server_refuses) text += ", which the server answers by ICMP";
  if (s.trouble == Trouble::link_down) text += " " + comment_link_down(s.way_out());
  return text;
}

std::string comment_link_down(Segment s) {
  return fmt::format("while the link of {} is down", interface_name(s));
}

Stimulus generate(std::uint64_t seed, std::uint64_t number, unsigned downlinks) {
  Random r(seed ^ Random(number).next());
  Stimulus s{.downlink = all_downlinks[r.below(downlinks)], .base = static_cast<Base>(r.below(base_count))};
  for (std::size_t n = number_of_edits(r); s.edits.size() < n;) add_edit(s, r);
  sort_edits(s);
  return s;
}

namespace {

Stimulus from_pool(std::span<const Stimulus> pool, Random& r, unsigned downlinks) {
  constexpr std::size_t share = 4, most_edits = 6;
  Stimulus s = pool[r.below(pool.size())];
  s.trouble = Trouble::none;
  if (index(s.downlink) >= downlinks) s.downlink = Segment::downlink0;
  if (s.edits.size() > 1 && (s.edits.size() >= most_edits || r.below(share) == 0)) {
    s.edits.erase(s.edits.begin() + static_cast<std::ptrdiff_t>(r.below(s.edits.size())));
    return s;
  }
  const std::size_t before = s.edits.size();
  while (s.edits.size() == before) add_edit(s, r);
  sort_edits(s);
  return s;
}

}  // namespace

Stimulus generate(std::uint64_t seed, std::uint64_t number, unsigned downlinks,
                  std::span<const Stimulus> pool) {
  constexpr std::size_t share = 4;
  Random r(Random(seed).next() ^ Random(number).next());
  const bool fresh = pool.empty() || r.below(share) != 0;
  Stimulus s = fresh ? generate(seed, number, downlinks) : from_pool(pool, r, downlinks);
  add_trouble(s, Random(seed ^ Random(~number).next()));
  return s;
}

std::vector<Stimulus> simpler(const Stimulus& s) {
  std::vector<Stimulus> all;
  if (s.trouble != Trouble::none) {
    all.push_back(s);
    all.back().trouble = Trouble::none;
  }
  for (std::size_t i = 0; i < s.edits.size(); ++i) {
    all.push_back(s);
    all.back().edits.erase(all.back().edits.begin() + static_cast<std::ptrdiff_t>(i));
  }
  const Base plainest = s.reply() ? Base::offer : Base::discover;
  if (s.base != plainest) {
    all.push_back(s);
    all.back().base = plainest;
  }
  if (s.downlink != Segment::downlink0) {
    all.push_back(s);
    all.back().downlink = Segment::downlink0;
  }
  for (std::size_t i = 0; i < s.edits.size(); ++i) {
    for (const std::uint32_t value : smaller_values(s.edits[i])) {
      all.push_back(s);
      all.back().edits[i].value = value;
    }
  }
  return all;
}

}  // namespace relayspec::live
