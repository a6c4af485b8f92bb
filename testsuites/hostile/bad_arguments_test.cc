// SPDX-License-Identifier: Apache-2.0
// Wrong words in every place of the command line.
#include <gtest/gtest.h>

#include <utility>

#include "testsuites/hostile/testing_complaint.h"

namespace relayspec {
namespace {

const Words commands = {"run", "list", "explain", "requirements", "relays", "lab"};
Words not_numbers() {
  return {"0x4",
          "+4",
          "-4",
          "4.0",
          "4e0",
          "0b1",
          " 4",
          "4 ",
          "4,0",
          "1_0",
          "four",
          "nan",
          "inf",
          "٤",
          "4\n",
          "4;",
          "''",
          "$4",
          "99999999999999999999",
          long_word};
}
TEST(BadArguments, Commands) {
  for (const std::string word : {"frob", "RUN", "run ", " run", "ru", "runn", "help", "version", "\x1b[31m",
                                 "\xff", "a\nb", "*", "/", "réseau"})
    expect_complaint({word}, "unknown command");
  expect_complaint({long_word}, "unknown command");
  expect_complaint({long_text}, "unknown command");
  expect_complaint({}, "--help");
  expect_complaint({""}, "unknown command");
}

TEST(BadArguments, Flags) {
  for (const std::string& command : commands) {
    Words front = {command};
    if (command == "explain") front.push_back("hops/is-incremented-by-1");
    for (const std::string flag : {"--frob", "--frob=1", "-x", "--Suite", "--out-dir", "-", "---", "-j4",
                                   "--help-all", "--\x1b[31m", "--\xff"}) {
      if (command == "lab" && flag.find_first_not_of('-') == std::string::npos)
        continue;  // the command to run
      Words all = front;
      all.push_back(flag);
      expect_complaint(all, "--help");
    }
    Words all = front;
    all.push_back("--" + long_word);
    expect_complaint(all, "--help");
  }
  for (const char* command : {"run", "list", "requirements", "relays"})
    expect_complaint({command, "superfluous"}, "superfluous");
  expect_complaint({"explain", "one", "two"}, "two");
  expect_complaint({"explain"}, "explain");
}

TEST(BadArguments, OptionsWithoutAValue) {
  for (const char* option :
       {"--relay", "--dialect", "--suite", "--case", "--baseline", "--out", "--jobs", "--repeat"})
    expect_complaint({"run", option}, option);
  for (const char* option : {"--relay", "--feature"}) expect_complaint({"lab", option}, option);
  for (const char* option : {"--suite", "--format"}) expect_complaint({"list", option}, option);
  expect_complaint({"requirements", "--format"}, "--format");
}

TEST(BadArguments, OptionsWithAnEmptyValue) {
  for (const char* option :
       {"--relay", "--dialect", "--suite", "--case", "--baseline", "--out", "--jobs", "--repeat"})
    expect_complaint({"run", option, ""}, option);
  for (const char* option : {"--relay", "--feature"}) expect_complaint({"lab", option, ""}, option);
  for (const char* option : {"--suite", "--format"}) expect_complaint({"list", option, ""}, option);
  expect_complaint({"requirements", "--format", ""}, "--format");
  expect_complaint({"explain", ""}, "explain");
}

TEST(BadArguments, OptionsTwice) {
  for (const auto& [option, value] :
       std::vector<std::pair<std::string, std::string>>{{"--relay", "reference"},
                                                        {"--dialect", "rfc"},
                                                        {"--baseline", "x"},
                                                        {"--out", "x"},
                                                        {"--jobs", "1"},
                                                        {"--repeat", "1"}})
    expect_complaint({"run", option, value, option, value}, option);
}

TEST(BadArguments, FlagsWithAValue) {
  for (const std::string flag : {"--strict", "--verbose"}) {
    for (const std::string value : {"=", "=1", "=0", "=true", "=false", "=frob"})
      expect_complaint({"run", flag + value}, flag);
  }
}

TEST(BadArguments, Numbers) {
  for (const char* option : {"--jobs", "--repeat"}) {
    for (const std::string& number : not_numbers()) expect_complaint({"run", option, number}, option);
    expect_complaint({"run", option, "0"}, option);
  }
  expect_complaint({"run", "--jobs", "65"}, "--jobs");
  expect_complaint({"run", "--repeat", "100001"}, "--repeat");
}

TEST(BadArguments, Choices) {
  for (const std::string& word : not_words) {
    expect_complaint({"run", "--dialect", word}, "--dialect");
    expect_complaint({"list", "--format", word}, "--format");
    expect_complaint({"requirements", "--format", word}, "--format");
  }
}

TEST(BadArguments, Ids) {
  for (const std::string& word : not_words) {
    expect_complaint({"run", "--suite", word}, "--suite");
    expect_complaint({"list", "--suite", word}, "--suite");
    expect_complaint({"explain", word}, "explain");
    if (word != "*") expect_complaint({"run", "--case", word}, "--case");
  }
  expect_complaint({"run", "--suite", "hops", "--case", "giaddr/*"}, "--case");
}

const Words numeric_features = {"max-hops", "min-secs", "max-size", "source-port", "multi-server"};
const Words plain_features = {
    "multi-downlink",   "option82",          "option82-append",    "option82-replace", "option82-forward",
    "option82-discard", "server-id-rewrite", "server-id-override", "link-selection",   "flags-suboption"};

TEST(BadArguments, Features) {
  for (const std::string& feature : numeric_features) {
    for (const std::string& number : not_numbers())
      expect_complaint({"lab", "--feature", feature + "=" + number}, feature);
  }
  for (const std::string& feature : plain_features) {
    for (const char* value : {"=", "=on", "=off", "=1"})
      expect_complaint({"lab", "--feature", feature + value}, feature);
  }
  for (const std::string& address :
       Words{"1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "::1", "uplink", "eth0", "1.2.3.4/24", "a b", long_word})
    expect_complaint({"lab", "--feature", "giaddr=" + address}, "giaddr");
  for (const std::string& name : Words{"uplink0", "downlink2", "downlink", "downlink0,downlink1", long_word})
    expect_complaint({"lab", "--feature", "trusted=" + name}, "trusted");
  for (const std::string& feature : not_words) expect_complaint({"lab", "--feature", feature}, "--feature");
  for (const std::string& feature :
       Words{"=", "=4", "max_hops=4", "Option82", "max-hops", "min-secs", "max-size"})
    expect_complaint({"lab", "--feature", feature}, "--feature");
  expect_complaint({"lab", "--relay", "dnsmasq", "--feature", "option82"}, "option82");
}

}  // namespace
}  // namespace relayspec
