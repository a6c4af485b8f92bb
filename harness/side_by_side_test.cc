// SPDX-License-Identifier: Apache-2.0
#include "harness/side_by_side.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <stdexcept>

namespace relayspec {
namespace {

std::map<std::size_t, JobResult> results_of(
    std::size_t count, const std::function<std::vector<std::uint8_t>(std::size_t)>& work) {
  std::map<std::size_t, JobResult> all;
  side_by_side(count, 3, work, [&](std::size_t job, const JobResult& r) { all[job] = r; });
  return all;
}

TEST(SideBySide, GivesEachResultOnce) {
  const auto all = results_of(7, [](std::size_t job) {
    return std::vector<std::uint8_t>(job * 50'000, static_cast<std::uint8_t>(job));
  });
  ASSERT_EQ(all.size(), 7U);
  for (const auto& [job, r] : all) {
    EXPECT_EQ(r.octets, std::vector<std::uint8_t>(job * 50'000, static_cast<std::uint8_t>(job)));
    EXPECT_EQ(r.trouble, "");
  }
}

TEST(SideBySide, ReportsWhatAWorkerThrew) {
  const auto all = results_of(2, [](std::size_t job) -> std::vector<std::uint8_t> {
    if (job == 1) throw std::runtime_error("no lab");
    return {7};
  });
  EXPECT_EQ(all.at(0).octets, std::vector<std::uint8_t>{7});
  EXPECT_EQ(all.at(1).trouble, "no lab");
}

TEST(SideBySide, SurvivesTheDeathOfAWorker) {
  const auto all = results_of(3, [](std::size_t job) -> std::vector<std::uint8_t> {
    if (job == 1) raise(SIGKILL);
    return {1};
  });
  EXPECT_EQ(all.size(), 3U);
  EXPECT_EQ(all.at(1).trouble, "a worker was killed by signal 9");
}

TEST(SideBySide, PassesEachMessageOnBeforeTheResult) {
  std::map<std::size_t, std::vector<std::size_t>> sizes;
  std::size_t results = 0;
  const auto work = [](std::size_t job, const Send& send) {
    for (const std::size_t size : {0U, 1U, 200'000U}) send(Octets(size, static_cast<std::uint8_t>(job)));
    return Octets{9};
  };
  side_by_side(3, 2, work,
               {.take =
                    [&](std::size_t job, const JobResult& r) {
                      ++results;
                      EXPECT_EQ(sizes[job], (std::vector<std::size_t>{0, 1, 200'000}));
                      EXPECT_EQ(r.octets, Octets{9});
                    },
                .take_message =
                    [&](std::size_t job, const Octets& octets) {
                      sizes[job].push_back(octets.size());
                      EXPECT_EQ(octets, Octets(octets.size(), static_cast<std::uint8_t>(job)));
                    }});
  EXPECT_EQ(results, 3U);
}

// The worker waits for what only the parent's receipt of its message brings about.
TEST(SideBySide, AMessageComesWhileTheWorkerStillWorks) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const auto work = [&](std::size_t, const Send& send) {
    send({1});
    std::uint8_t octet = 0;
    EXPECT_EQ(read(ends[0], &octet, 1), 1);
    return Octets{octet};
  };
  Octets last;
  side_by_side(1, 1, work,
               {.take = [&](std::size_t, const JobResult& r) { last = r.octets; },
                .take_message = [&](std::size_t, const Octets&) { EXPECT_EQ(write(ends[1], "x", 1), 1); }});
  EXPECT_EQ(last, Octets{'x'});
  close(ends[0]);
  close(ends[1]);
}

TEST(SideBySide, AWorkerThatDiesAfterAMessageHasNoResult) {
  JobResult result;
  std::size_t messages = 0;
  side_by_side(1, 1,
               [](std::size_t, const Send& send) -> Octets {
                 send({1});
                 _exit(0);
               },
               {.take = [&](std::size_t, const JobResult& r) { result = r; },
                .take_message = [&](std::size_t, const Octets&) { ++messages; }});
  EXPECT_EQ(messages, 1U);
  EXPECT_EQ(result.trouble, "a worker ended before it could report");
}

}  // namespace
}  // namespace relayspec
