// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "harness/bench/case_run.h"
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

/// A case outside of a run, as `relayspec explain` reads it.
class ReadCase : public Case {
 public:
  using Case::covers;
  using Case::deviates;
  using Case::note;
  void body() override {}
};

template <class Action>
std::string logic_error_of(Action action) {
  try {
    action();
  } catch (const std::logic_error& e) {
    return e.what();
  }
  return "";
}

constexpr const char* unknown = "RFC1542-4.1.1-hops-incremented";
constexpr const char* complaint =
    "there is no requirement 'RFC1542-4.1.1-hops-incremented'; did you mean 'RFC1542-4.1.1-hops-increment'?";

// Else a case with a misspelt id would blame the relay, under a rule that does not exist.
TEST(UnknownRequirement, IsAnErrorWhereverACaseCitesIt) {
  CaseRun run(nullptr, {});
  ReadCase c;
  c.bind(run);
  EXPECT_EQ(logic_error_of([&] { c.covers({"RFC1542-4.1.1-hops-increment", unknown}); }), complaint);
  EXPECT_EQ(logic_error_of([&] { c.note(unknown, "some way"); }), complaint);
  EXPECT_EQ(logic_error_of([&] { c.deviates(unknown, "", "", ""); }), complaint);
}

TEST(UnknownRequirement, IsAnErrorInAFinding) {
  const CaseRun run(nullptr, {});
  EXPECT_EQ(logic_error_of([&] { run.severity(unknown); }), complaint);
}

TEST(KnownRequirement, HasTheVerdictOfItsLevel) {
  const CaseRun run(nullptr, {});
  EXPECT_EQ(run.severity("RFC1542-4.1.1-hops-increment"), Verdict::fail);          // MUST
  EXPECT_EQ(run.severity("RFC1542-4.1.2-hops-not-touched-reply"), Verdict::fail);  // MUST NOT
  EXPECT_EQ(run.severity("RFC1542-4.1.1-hops-default-4"), Verdict::warn);          // SHOULD
  EXPECT_EQ(run.severity("RFC951-8-hops-limit-3-legacy"), Verdict::note);          // MAY
  EXPECT_EQ(run.severity("RFC8357-3.1-port-67-too"), Verdict::warn);               // de-facto
}

}  // namespace
}  // namespace relayspec
