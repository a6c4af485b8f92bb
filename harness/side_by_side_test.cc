#include "harness/side_by_side.h"

#include <gtest/gtest.h>

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

TEST(SideBySide, TellsWhatAWorkerThrew) {
  const auto all = results_of(2, [](std::size_t job) -> std::vector<std::uint8_t> {
    if (job == 1) throw std::runtime_error("no lab to be had");
    return {7};
  });
  EXPECT_EQ(all.at(0).octets, std::vector<std::uint8_t>{7});
  EXPECT_EQ(all.at(1).trouble, "no lab to be had");
}

TEST(SideBySide, SurvivesTheDeathOfAWorker) {
  const auto all = results_of(3, [](std::size_t job) -> std::vector<std::uint8_t> {
    if (job == 1) raise(SIGKILL);
    return {1};
  });
  EXPECT_EQ(all.size(), 3U);
  EXPECT_EQ(all.at(1).trouble, "a worker was killed by signal 9");
}

}  // namespace
}  // namespace relayspec
