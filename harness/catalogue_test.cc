// SPDX-License-Identifier: Apache-2.0
#include "relayspec/harness/catalogue.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <set>

#include "relayspec/harness/profile.h"

namespace relayspec {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A catalogue of one file with this text.
Catalogue catalogue_of(const std::string& text) {
  std::string name = (std::filesystem::path(::testing::TempDir()) / "catalogue-XXXXXX").string();
  const std::filesystem::path dir = ::mkdtemp(name.data());
  std::ofstream(dir / "a.toml") << text;
  const std::shared_ptr<void> removed(nullptr, [&](void*) { std::filesystem::remove_all(dir); });
  return Catalogue::load(dir);
}

std::string catalogue_complaint(const std::string& text) {
  try {
    catalogue_of(text);
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

std::string row(const std::string& id, const std::string& more = "", const std::string& level = "MUST") {
  return "[[requirement]]\nid = '" + id + "'\nlevel = '" + level + "'\ndirection = 'any'\ntext = 't'\n" +
         more;
}

TEST(ShippedCatalogue, CoversTheRelayRfcsWithUniqueIds) {
  const Catalogue& catalogue = Catalogue::shipped();  // throws for doubles, unknown levels and directions
  std::set<std::string> ids, rfcs;
  for (const Requirement& r : catalogue.all()) {
    EXPECT_TRUE(ids.insert(r.id).second) << r.id;
    EXPECT_NE(catalogue.clause(r.id), "") << r.id;
    rfcs.insert(r.rfc);
    // An id that starts with an RFC's number stands for that RFC.
    EXPECT_TRUE(!r.id.starts_with("RFC") || r.rfc.empty() || r.id.starts_with("RFC" + r.rfc + "-")) << r.id;
    const bool of_dialect = !r.dialects.empty();
    EXPECT_TRUE(r.level == "de-facto" || !r.rfc.empty() || of_dialect)
        << r.id << " has neither an RFC nor a dialect";
  }
  EXPECT_GE(ids.size(), 398U);
  for (const char* rfc : {"951", "1542", "1534", "2131", "2132", "3046", "3396", "768", "1122", "1812"}) {
    EXPECT_TRUE(rfcs.contains(rfc)) << rfc;
  }
}

TEST(ShippedCatalogue, KnowsTheHopLimit) {
  const Requirement* r = Catalogue::shipped().find("RFC1542-4.1.1-hops-over-16-discard");
  ASSERT_NE(r, nullptr);
  EXPECT_EQ(r->level, "MUST");
  EXPECT_EQ(r->direction, "client->server");
  EXPECT_TRUE(r->verified);
  EXPECT_THAT(r->source, HasSubstr("rfc1542.toml:"));
  EXPECT_EQ(Catalogue::shipped().clause(r->id), "RFC 1542, section 4.1.1");
}

TEST(Catalogue, ClauseSaysWhereARequirementStands) {
  const Catalogue c = catalogue_of(
      row("one", "rfc = 1542\nsection = '4.1.1'\n") + row("two", "rfc = 1542\nsection = '2.1; 4.1'\n") +
      row("three", "rfc = 3396\nsection = '4; 6; 7'\nsee = 'RFC 951'\n") +
      row("titled", "rfc = 768\nsection = 'Checksum'\n") + row("bare", "rfc = 2131\n") + row("practice") +
      row("founded", "see = 'RFC 1542, section 4.1'\n"));
  EXPECT_EQ(c.clause("one"), "RFC 1542, section 4.1.1");
  EXPECT_EQ(c.clause("two"), "RFC 1542, sections 2.1 and 4.1");
  EXPECT_EQ(c.clause("three"), "RFC 3396, sections 4, 6 and 7");
  EXPECT_EQ(c.clause("titled"), "RFC 768, \"Checksum\"");
  EXPECT_EQ(c.clause("bare"), "RFC 2131");
  EXPECT_EQ(c.clause("practice"), "good practice");
  EXPECT_EQ(c.clause("founded"), "good practice (RFC 1542, section 4.1)");
  EXPECT_EQ(c.clause("none"), "");
}

TEST(Catalogue, SaysWhomARequirementConcerns) {
  const Catalogue c = catalogue_of(row("a", "features = ['option82', 'vss']\ndialects = ['strict']\n") +
                                   row("b", "no_case = 'it cannot be seen'\n"));
  EXPECT_THAT(c.find("a")->features, ElementsAre("option82", "vss"));
  EXPECT_THAT(c.find("a")->dialects, ElementsAre(Dialect::strict));
  EXPECT_EQ(c.find("a")->no_case, "");
  EXPECT_THAT(c.find("b")->dialects, IsEmpty());
  EXPECT_EQ(c.find("b")->no_case, "it cannot be seen");
}

TEST(Catalogue, StrongestLevelOfSeveral) {
  const Catalogue c =
      catalogue_of(row("must", "", "MUST") + row("not", "", "MUST NOT") + row("should", "", "SHOULD") +
                   row("may", "", "MAY") + row("practice", "", "de-facto"));
  const auto strongest = [&](const std::vector<std::string>& ids) { return c.strongest_level(ids); };
  EXPECT_EQ(strongest({"practice", "should", "may"}), "SHOULD");
  EXPECT_EQ(strongest({"should", "not"}), "MUST NOT");
  EXPECT_EQ(strongest({"not", "must"}), "MUST");
  EXPECT_EQ(strongest({"practice", "may"}), "MAY");
  EXPECT_EQ(strongest({"practice", "unknown"}), "de-facto");
  EXPECT_EQ(strongest({"unknown"}), "");
  EXPECT_EQ(strongest({}), "");
}

TEST(Catalogue, RefusesWhatIsWrong) {
  EXPECT_THAT(catalogue_complaint(row("a") + row("a")),
              AllOf(HasSubstr("a.toml:7: "), HasSubstr("'a' stands in"), HasSubstr("a.toml:1 already")));
  EXPECT_THAT(catalogue_complaint(row("a", "", "must")), HasSubstr("'level' is 'must'"));
  EXPECT_THAT(catalogue_complaint(row("a", "rfc = '951'\n")), HasSubstr("'rfc' must be an integer"));
  EXPECT_THAT(catalogue_complaint(row("a", "sektion = '1'\n")), HasSubstr("did you mean 'section'?"));
  EXPECT_THAT(catalogue_complaint("[[requirement]]\nid = 'a'\nlevel = 'MAY'\ndirection = 'up'\ntext = 't'\n"),
              HasSubstr("'direction' is 'up'"));
  EXPECT_THAT(catalogue_complaint("[[requirement]]\nid = 'a'\n"), HasSubstr("has no 'level'"));
  EXPECT_THAT(catalogue_complaint(row("a", "features = ['option83']\n")),
              HasSubstr("unknown feature 'option83'"));
  EXPECT_THAT(catalogue_complaint(row("a", "dialects = ['rcf']\n")), HasSubstr("there is no dialect 'rcf'"));
  EXPECT_THAT(catalogue_complaint("[requirement]\n"), HasSubstr("must be written [[requirement]]"));
  EXPECT_THAT(catalogue_complaint("x = 1\n"), HasSubstr("unknown key 'x'"));
}

TEST(Catalogue, RefusesADirectoryWithoutFiles) {
  EXPECT_THROW(Catalogue::load("/no/such/directory"), InputError);
}

TEST(Catalogue, HintsAtTheNearestId) {
  EXPECT_EQ(Catalogue::shipped().nearest_id("RFC1542-4.1.1-hops-over-16-discarded"),
            "RFC1542-4.1.1-hops-over-16-discard");
}

}  // namespace
}  // namespace relayspec
