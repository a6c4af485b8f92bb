// SPDX-License-Identifier: Apache-2.0
#include "harness/packing.h"

#include <gtest/gtest.h>

namespace relayspec {
namespace {

/// A value of its own in every member.
CaseResult full_case() {
  CaseResult c{.id = "hops/a",
               .suite = "hops",
               .requirements = {"R1", "R2"},
               .level = "MUST",
               .verdict = Verdict::warn,
               .reason = "reason",
               .expected = "expected\nlines",
               .observed = "observed",
               .difference = "difference",
               .clause = "clause",
               .evidence = "evidence/x.pcapng",
               .source = "x.cc:1",
               .config = "option82",
               .duration_us = UINT64_MAX};
  c.findings = {{.verdict = Verdict::note,
                 .requirement = "R1",
                 .field = "field",
                 .kind = "kind",
                 .reason = "not UTF-8: \xFF",
                 .expected = "e",
                 .observed = "o",
                 .octets = "octets",
                 .combination = "combination",
                 .by = Finding::By::excess,
                 .exhibit = {std::chrono::nanoseconds(9), Segment::uplink, {1, 2}},
                 .accepted = "known"},
                {}};
  c.frames = {{.segment = Segment::downlink1,
               .origin = Origin::harness,
               .time = std::chrono::nanoseconds(1'700'000'000'123'456'789),
               .bytes = {0, 0xFF, 7},
               .checksum_completed = true,
               .comments = {"one", "two"}},
              {}};
  c.accepted = "accepted";
  return c;
}

TEST(Packing, ACaseArrivesUnchangedInEveryMember) {
  const std::vector<CaseResult> cases = {full_case(), {}};
  EXPECT_EQ(unpack<std::vector<CaseResult>>(pack(cases)), cases);
}

TEST(Packing, NoCasesArriveAsNone) {
  EXPECT_TRUE(unpack<std::vector<CaseResult>>(pack(std::vector<CaseResult>())).empty());
}

TEST(Packing, WhatIsCutShortIsAnError) {
  const Bytes whole = pack(full_case());
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_THROW(unpack<CaseResult>(std::span(whole).first(length)), std::out_of_range) << length;
}

}  // namespace
}  // namespace relayspec
