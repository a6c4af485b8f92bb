// SPDX-License-Identifier: Apache-2.0
#include "harness/trial/table.h"

#include <gmock/gmock.h>

#include "relayspec/harness/catalogue.h"
#include "relayspec/harness/profile.h"

namespace relayspec::trial {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// What parsing complains of; empty when it does not.
std::string refusal_of(const std::string& text) {
  try {
    parse_faults(text, "faults.txt");
    return "";
  } catch (const InputError& e) {
    return e.what();
  }
}

TEST(FaultTable, LineHoldsFaultDialectVerdictCaseRequirementAndCauses) {
  const auto faults =
      parse_faults("# a comment\n\nhops-kept  strict  warn  hops/up  RULE-1  loss RULE-*\n", "t");

  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].name, "hops-kept");
  EXPECT_EQ(faults[0].dialect, "strict");
  EXPECT_EQ(faults[0].verdict, "warn");
  EXPECT_EQ(faults[0].finder, "hops/up");
  EXPECT_EQ(faults[0].requirement, "RULE-1");
  EXPECT_THAT(faults[0].causes, ElementsAre("loss", "RULE-*"));
  EXPECT_EQ(faults[0].where, "t:3");
}

TEST(FaultTable, ShortLineIsRefusedWithFileAndLine) {
  EXPECT_EQ(refusal_of("# a comment\nhops-kept rfc fail hops/up\n"),
            "faults.txt:2: 'hops-kept' has 4 of 5 columns: fault, dialect, verdict, case, requirement");
}

TEST(FaultTable, UnknownDialectIsRefused) {
  EXPECT_EQ(refusal_of("hops-kept rcf fail hops/up RULE-1\n"),
            "faults.txt:1: 'rcf' is no dialect; use rfc, strict or proxy");
}

TEST(FaultTable, VerdictThatIsNoDeviationIsRefused) {
  EXPECT_EQ(refusal_of("hops-kept rfc pass hops/up RULE-1\n"),
            "faults.txt:1: 'pass' is no verdict that finds a fault; use fail or warn");
}

TEST(FaultTable, TableWithoutFaultsIsRefused) {
  EXPECT_EQ(refusal_of("# a comment\n"),
            "faults.txt: the table has no faults; name testsuites/faulty/faults.txt");
}

class WholeTable : public ::testing::Test {
 protected:
  std::vector<std::string> complaints() const { return complaints_about_table(faults, relay_faults, cases); }

  const std::string rule = Catalogue::shipped().all().front().id;
  std::vector<Fault> faults{{.name = "a", .finder = "s/one", .requirement = rule, .where = "t:1"},
                            {.name = "b", .finder = "s/two", .requirement = rule, .where = "t:2"}};
  std::vector<std::string> relay_faults{"a", "b"}, cases{"s/one", "s/two"};
};

TEST_F(WholeTable, IsInOrder) { EXPECT_THAT(complaints(), IsEmpty()); }

TEST_F(WholeTable, FaultListedTwice) {
  faults[1].name = "a";
  relay_faults = {"a"};
  EXPECT_THAT(complaints(), ElementsAre("t:2: a stands twice in the table"));
}

TEST_F(WholeTable, FaultThatTheRelayDoesNotHave) {
  relay_faults = {"a"};
  EXPECT_THAT(complaints(), ElementsAre("t:2: the faulty relay has no fault b"));
}

TEST_F(WholeTable, RequirementThatDoesNotExist) {
  faults[0].requirement = "RULE-0";
  EXPECT_THAT(complaints(), ElementsAre("t:1: there is no requirement RULE-0"));
}

TEST_F(WholeTable, FaultThatIsNotListed) {
  relay_faults.push_back("c");
  EXPECT_THAT(complaints(), ElementsAre("c: is not in the table"));
}

TEST_F(WholeTable, CaseThatFindsNoFault) {
  cases.push_back("s/three");
  EXPECT_THAT(complaints(),
              ElementsAre("s/three: finds no fault; give the relay one that it is there to find"));
}

}  // namespace
}  // namespace relayspec::trial
