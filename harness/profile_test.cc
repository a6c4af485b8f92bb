// SPDX-License-Identifier: Apache-2.0
#include "relayspec/harness/profile.h"

#include <gmock/gmock.h>

#include <fstream>

#include "harness/data.h"

namespace relayspec {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

/// What load or parse complains of; empty when it does not.
template <typename Action>
std::string input_error_of(Action action) {
  try {
    action();
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

std::string parse_complaint(const std::string& text) {
  return input_error_of([&] { parse_profile(text, "x.toml"); });
}

constexpr const char* kSmallest = "name = \"x\"\nstart = 'exec x'\n";

TEST(Profile, ReadsEveryKey) {
  const Profile p = parse_profile(R"(
name = "switch"
title = "A switch"
homepage = "https://example.net/"
package = "switchd"
version = "switchd -v"
features = ["option82", "max-hops"]
start = """
exec switchd
"""
files = { "/etc/switch.conf" = "a = 1" }
env = { LANG = "C" }
start_timeout_ms = 2500
proxy_server_id = "giaddr"
max_hops_default = 4
unprivileged = false
)",
                                  "dir/switch.toml");
  EXPECT_EQ(p.name, "switch");
  EXPECT_EQ(p.title, "A switch");
  EXPECT_EQ(p.homepage, "https://example.net/");
  EXPECT_EQ(p.package, "switchd");
  EXPECT_EQ(p.version_command, "switchd -v");
  EXPECT_THAT(p.features, ElementsAre("max-hops", "option82"));
  EXPECT_EQ(p.start, "exec switchd\n");
  EXPECT_EQ(p.files.at("/etc/switch.conf"), "a = 1");
  EXPECT_EQ(p.env.at("LANG"), "C");
  EXPECT_EQ(p.start_timeout, std::chrono::milliseconds(2500));
  EXPECT_EQ(p.proxy_server_id, "giaddr");
  EXPECT_EQ(p.max_hops_default, 4U);
  EXPECT_FALSE(p.unprivileged);
  EXPECT_EQ(p.path, "dir/switch.toml");
}

TEST(Profile, NeedsNameAndStartAlone) {
  const Profile p = parse_profile(kSmallest, "x.toml");
  EXPECT_EQ(p.title, "x");
  EXPECT_THAT(p.features, IsEmpty());
  EXPECT_EQ(p.start_timeout, std::chrono::seconds(10));
  EXPECT_EQ(p.proxy_server_id, "uplink");
  EXPECT_FALSE(p.max_hops_default.has_value());
  EXPECT_TRUE(p.unprivileged);
}

struct Wrong {
  const char* text;
  const char* where;
  const char* what;
};

class WrongProfile : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongProfile, IsRefusedInOneLineWithFileAndLine) {
  const std::string message = parse_complaint(GetParam().text);
  EXPECT_THAT(message, StartsWith(GetParam().where));
  EXPECT_THAT(message, HasSubstr(GetParam().what));
  EXPECT_THAT(message, Not(HasSubstr("\n")));
}

INSTANTIATE_TEST_SUITE_P(
    Each, WrongProfile,
    ::testing::Values(
        Wrong{"start = 'exec x'\n", "x.toml:1: ", "has no 'name'"},
        Wrong{"name = 'x'\n", "x.toml:1: ", "has no 'start'"},
        Wrong{"name = ''\nstart = 'x'\n", "x.toml:1: ", "'name' is empty"},
        Wrong{"name = 'x'\nstart = ''\n", "x.toml:2: ", "'start' is empty"},
        Wrong{"name = \"a\\nb\"\nstart = 'x'\n", "x.toml:1: ", "one line"},
        Wrong{"name = 'x'\nstart = \"a\\u0000b\"\n", "x.toml:2: ", "NUL"},
        Wrong{"name = 'x'\nstart = 'x'\nfeature = []\n", "x.toml:3: ", "did you mean 'features'?"},
        Wrong{"name = 'x'\nstart = 'x'\nzzzzzzzzzzzz = 1\n", "x.toml:3: ", "known keys: name, title"},
        Wrong{"name = 1\nstart = 'x'\n", "x.toml:1: ", "'name' must be a string, not an integer"},
        Wrong{"name = 'x'\nstart = ['x']\n", "x.toml:2: ", "'start' must be a string, not an array"},
        Wrong{"name = 'x'\nstart = 'x'\nfeatures = 'option82'\n",
              "x.toml:3: ", "array of strings, not a string"},
        Wrong{"name = 'x'\nstart = 'x'\nfeatures = [82]\n", "x.toml:3: ", "must be a string, not an integer"},
        Wrong{"name = 'x'\nstart = 'x'\nfeatures = ['option_82']\n",
              "x.toml:3: ", "did you mean 'option82'?"},
        Wrong{"name = 'x'\nstart = 'if true; then'\n", "x.toml:2: ", "'start' is not valid shell: line 1"},
        Wrong{"name = 'x'\nstart = 'x'\nversion = '\"'\n", "x.toml:3: ", "'version' is not valid shell"},
        Wrong{"name = 'x'\nstart = 'x'\nstart_timeout_ms = 0\n",
              "x.toml:3: ", "is 0; it must be from 1 to 600000"},
        Wrong{"name = 'x'\nstart = 'x'\nstart_timeout_ms = 1.5\n", "x.toml:3: ", "floating-point"},
        Wrong{"name = 'x'\nstart = 'x'\nmax_hops_default = 256\n", "x.toml:3: ", "from 0 to 255"},
        Wrong{"name = 'x'\nstart = 'x'\nproxy_server_id = 'server'\n",
              "x.toml:3: ", "\"uplink\" or \"giaddr\""},
        Wrong{"name = 'x'\nstart = 'x'\nunprivileged = 'no'\n", "x.toml:3: ", "true or false, not a string"},
        Wrong{"name = 'x'\nstart = 'x'\nfiles = { 'etc/x' = '' }\n", "x.toml:3: ", "absolute path"},
        Wrong{"name = 'x'\nstart = 'x'\nfiles = { '/etc/../x' = '' }\n", "x.toml:3: ", "absolute path"},
        Wrong{"name = 'x'\nstart = 'x'\nfiles = { '/etc/x' = 1 }\n", "x.toml:3: ", "must be a string"},
        Wrong{"name = 'x'\nstart = 'x'\nenv = { 'A B' = '' }\n", "x.toml:3: ", "not the name of a variable"},
        Wrong{"name = 'x'\nstart = 'x'\nenv = { RELAY_UPLINK = '' }\n", "x.toml:3: ", "set by the harness"},
        Wrong{"name = 'x'\n[attach]\n", "x.toml:2: ", "one or two interfaces"},
        Wrong{"name = 'x'\nname = 'y'\n", "x.toml:2", "not valid TOML"},
        Wrong{"name = \"x\n", "x.toml:1", "not valid TOML"}));

TEST(Profile, ShellErrorsNameTheLineOfTheScript) {
  EXPECT_THAT(parse_complaint("name = 'x'\nstart = '''\ntrue\ndone\n'''\n"), HasSubstr("line 2"));
}

TEST(LoadProfile, UnknownNameListsWhatIsShippedAndTheNearest) {
  EXPECT_THAT(input_error_of([] { load_profile("isc-dhcprelay"); }),
              AllOf(HasSubstr("unknown relay 'isc-dhcprelay'"), HasSubstr("did you mean 'isc-dhcrelay'?"),
                    HasSubstr("dhcp-helper, dnsmasq, dnsmasq-uplink, ")));
}

TEST(LoadProfile, MissingFileAndWrongKindOfFileAreNamed) {
  EXPECT_THAT(input_error_of([] { load_profile("./no-such.toml"); }),
              StartsWith("./no-such.toml: cannot be read: no such"));
  EXPECT_THAT(input_error_of([] { load_profile("/"); }),
              StartsWith("/: cannot be read: it is not a regular file"));
  EXPECT_THAT(input_error_of([] { load_profile("/dev/zero"); }), HasSubstr("not a regular file"));
}

TEST(LoadProfile, TakesAPath) {
  const std::string path = ::testing::TempDir() + "/small.toml";
  std::ofstream(path) << kSmallest;
  EXPECT_EQ(load_profile(path).name, "x");
}

TEST(ShippedProfiles, AreNamedLikeTheirFilesAndHaveAllThatAHintNeeds) {
  const auto profiles = shipped_profiles();
  ASSERT_GE(profiles.size(), 3U);
  for (const Profile& p : profiles) {
    EXPECT_EQ(p.path, data_directory() / "relays" / (p.name + ".toml"));
    EXPECT_FALSE(p.version_command.empty()) << p.name;
  }
}

// The library calls itself once for each part, also to take the tables apart.
TEST(Profile, AKeyOfManyPartsIsRefused) {
  const auto key = [](std::size_t parts) {
    std::string text = "a";
    while (--parts > 0) text += ".a";
    return text;
  };
  EXPECT_THAT(parse_complaint(key(31) + " = 1\n"), HasSubstr("unknown key 'a'"));
  const std::string refusal = "x.toml:2: a key has more than 30 parts; write it with fewer dots";
  EXPECT_EQ(parse_complaint("\n" + key(100'000) + " = 1\n"), refusal);
  EXPECT_EQ(parse_complaint("\n[" + key(100'000) + "]\n"), refusal);
  EXPECT_EQ(parse_complaint("\nx = [{" + key(32) + " = 1}]\n"), refusal);
  const std::string dots(1000, '.');
  for (const std::string& text : std::vector<std::string>{
           "# " + dots, "title = '" + dots + "'", "title = \"\\\"" + dots + "\"",
           "version = \"\"\"\n: \"" + dots + "\"\n\"\"\"", "version = '''\n: " + dots + "\n'''"})
    EXPECT_EQ(parse_complaint(kSmallest + text + "\n"), "") << text.substr(0, 20);
}

}  // namespace
}  // namespace relayspec
