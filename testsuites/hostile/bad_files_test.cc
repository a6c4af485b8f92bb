// SPDX-License-Identifier: Apache-2.0
// Wrong files in the place of profiles, baselines and reports. No kind may start a lab or crash.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "testsuites/hostile/testing_complaint.h"

namespace relayspec {
namespace {

namespace fs = std::filesystem;

class BadFile : public testing::Test {
 protected:
  BadFile() { fs::create_directory(folder_); }
  ~BadFile() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ / name; }
  std::string write(const std::string& text, const std::string& name = "x.toml") const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return path(name);
  }
  void expect_bad_profile(const std::string& text) const {
    SCOPED_TRACE(text.substr(0, 200));
    expect_complaint({"run", "--relay", write(text)}, path("x.toml"));
  }
  void expect_bad_baseline(const std::string& text) const {
    SCOPED_TRACE(text.substr(0, 200));
    expect_complaint({"run", "--baseline", write(text)}, path("x.toml"));
  }

  /// What can stand where a file is due.
  Words paths() const {
    fs::create_directory(folder_ / "folder.toml");
    fs::create_symlink("loop.toml", folder_ / "loop.toml");
    fs::create_symlink("nowhere", folder_ / "dangling.toml");
    ::mkfifo(path("fifo.toml").c_str(), 0600);
    write(std::string(5 << 20, '#'), "large.toml");
    write("", "file.toml");
    return {path("missing.toml"),
            path("folder.toml"),
            path("loop.toml"),
            path("dangling.toml"),
            path("fifo.toml"),
            path("large.toml"),
            path("file.toml/x.toml"),
            "/dev/null",
            "/dev/zero",
            "/dev/full",
            "/",
            "./",
            "/proc/self/mem",
            path("\x1b[31m.toml"),
            path("a\nb.toml"),
            "/" + long_word};
  }

  const fs::path folder_ = fs::temp_directory_path() / ("relayspec-table-" + std::to_string(::getpid()));
};

TEST_F(BadFile, Paths) {
  for (const std::string& p : paths()) {
    const std::string shown = p.find_first_of("\x1b\n") == std::string::npos ? p : "cannot be read";
    expect_complaint({"run", "--relay", p}, shown);
    expect_complaint({"lab", "--relay", p}, shown);
    expect_complaint({"run", "--baseline", p}, shown);
  }
  for (const std::string& name : not_words) expect_complaint({"run", "--relay", name}, "unknown relay");
  for (const std::string& name : not_words) expect_complaint({"lab", "--relay", name}, "unknown relay");
}

Words not_toml() {
  return {"=",
          "x",
          "x =",
          "x = 1 2",
          "x = [",
          "x = {",
          "[x",
          "[[x]",
          "[]",
          "x = '",
          "x = \"",
          "x = '''",
          "x = \"\\q\"",
          "x = 1__0",
          "x = 01",
          "x = 1e",
          "x = tru",
          "x.y = 1\nx = 2",
          "x = 1\nx = 2",
          "[x]\n[x]",
          "x = 2021-13-01",
          "\xff = 1",
          "x = '\x01'",
          "\xef\xbb\xbf\xef\xbb\xbfx = 1",
          "'\n' = 1",
          "x = \"\\ud800\"",
          std::string("x\0 = 1", 6),
          "x = 99999999999999999999999",
          long_word};
}

std::string nested(std::size_t depth, const std::string& open, const std::string& close) {
  std::string text = "x = ";
  for (std::size_t i = 0; i < depth; ++i) text += open;
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text;
}

std::string dotted(std::size_t depth) {
  std::string text = "a";
  for (std::size_t i = 1; i < depth; ++i) text += ".a";
  return text;
}

TEST_F(BadFile, Toml) {
  for (const std::string& text : not_toml()) {
    expect_bad_profile(text);
    expect_bad_baseline(text);
  }
  for (const std::size_t depth : {31U, 32U, 100U, 1000U, 10'000U, 100'000U}) {
    expect_bad_profile(dotted(depth + 1) + " = 1");
    expect_bad_profile("[" + dotted(depth + 1) + "]");
    expect_bad_baseline(dotted(depth + 1) + " = 1");
  }
  for (const std::size_t depth : {1U, 100U, 255U, 256U, 1000U, 100'000U}) {
    expect_bad_profile(nested(depth, "[", "]"));
    expect_bad_profile(nested(depth, "{a=", "}"));
  }
  expect_bad_profile(nested(250, "{" + dotted(31) + "=", "1}"));
}

/// Values of each type.
const std::vector<std::pair<std::string, std::string>> typed = {
    {"string", "'text'"},   {"integer", "7"},      {"float", "7.5"},   {"boolean", "true"},
    {"date", "2021-01-01"}, {"array", "['text']"}, {"numbers", "[7]"}, {"table", "{ a = 7 }"}};

TEST_F(BadFile, ProfileTypes) {
  const std::vector<std::pair<std::string, std::string>> keys = {{"name", "string"},
                                                                 {"title", "string"},
                                                                 {"homepage", "string"},
                                                                 {"package", "string"},
                                                                 {"version", "string"},
                                                                 {"start", "string"},
                                                                 {"features", ""},
                                                                 {"files", ""},
                                                                 {"env", ""},
                                                                 {"start_timeout_ms", "integer"},
                                                                 {"proxy_server_id", ""},
                                                                 {"max_hops_default", "integer"},
                                                                 {"unprivileged", "boolean"},
                                                                 {"attach", ""}};
  for (const auto& [key, type] : keys) {
    for (const auto& [value_type, value] : typed) {
      if (value_type == type) continue;
      std::string text;
      for (const auto& [other, fitting] :
           std::vector<std::pair<std::string, std::string>>{{"name", "'x'"}, {"start", "'exec x'"}})
        if (other != key) text += other + " = " + fitting + "\n";
      expect_bad_profile(text + key + " = " + value);
    }
  }
}

TEST_F(BadFile, ProfileValues) {
  const std::string good = "name = 'x'\nstart = 'exec x'\n";
  for (const std::string line : {"strat = 'x'",
                                 "x = 1",
                                 "start_timeout_ms = 0",
                                 "start_timeout_ms = -1",
                                 "start_timeout_ms = 600001",
                                 "max_hops_default = -1",
                                 "max_hops_default = 256",
                                 "proxy_server_id = ''",
                                 "proxy_server_id = 'downlink'",
                                 "features = ['']",
                                 "features = ['frob']",
                                 "features = ['option-82']",
                                 "features = [['option82']]",
                                 "features = [\"\\u001b[31m\"]",
                                 "env = { '' = 'x' }",
                                 "env = { '1X' = 'x' }",
                                 "env = { 'A B' = 'x' }",
                                 "env = { 'A=B' = 'x' }",
                                 "env = { RELAY_UPLINK = 'x' }",
                                 "env = { X = \"a\\u0000b\" }",
                                 "files = { '' = 'x' }",
                                 "files = { 'etc/x' = 'x' }",
                                 "files = { '/etc/' = 'x' }",
                                 "files = { '/etc/../x' = 'x' }",
                                 "files = { '/etc//x' = 'x' }",
                                 "files = { '/' = 'x' }",
                                 "title = \"a\\nb\"",
                                 "title = \"\\u001b[31m\"",
                                 "homepage = \"a\\u0007\"",
                                 "package = \"a\\tb\"",
                                 "version = 'if then'",
                                 "version = '('",
                                 "version = ''",
                                 "title = \"\\u007f\""})
    expect_bad_profile(good + line);
  for (const std::string text :
       {"", "name = 'x'", "start = 'exec x'", "name = ''\nstart = 'exec x'", "name = 'x'\nstart = ''",
        "name = 'x'\nstart = '('", "name = 'x'\nstart = 'case'", "name = 'x'\nstart = '\"'",
        "name = \"a\\nb\"\nstart = 'exec x'"})
    expect_bad_profile(text);
  expect_bad_profile(good + long_word + " = 1");
  expect_bad_profile(good + "'" + long_text + "' = 1");
  expect_bad_profile(good + "features = ['" + long_word + "']");
}

TEST_F(BadFile, Baselines) {
  for (const auto& [type, value] : typed) {
    expect_bad_baseline("accepted = " + value);
    if (type != "string") {
      expect_bad_baseline("[[accepted]]\ncase = 'hops/is-incremented-by-1'\nreason = " + value);
      expect_bad_baseline("[[accepted]]\nreason = 'x'\ncase = " + value);
      expect_bad_baseline("[[accepted]]\nreason = 'x'\nrequirement = " + value);
    }
  }
  const std::string entry = "[[accepted]]\nreason = 'x'\ncase = 'hops/is-incremented-by-1'\n";
  for (const std::string text :
       {"[accepted]\ncase = 'x'", "[[acepted]]\ncase = 'x'", "[[accepted]]", "[[accepted]]\nreason = 'x'",
        "[[accepted]]\ncase = 'hops/is-incremented-by-1'",
        "[[accepted]]\nreason = ''\ncase = 'hops/is-incremented-by-1'",
        "[[accepted]]\nreason = 'x'\ncase = ''", "[[accepted]]\nreason = 'x'\ncase = 'hops/frob'",
        "[[accepted]]\nreason = 'x'\nrequirement = ''",
        "[[accepted]]\nreason = 'x'\nrequirement = 'RFC9999-frob'",
        "[[accepted]]\nreason = 'x'\ncase = 'hops/*'"})
    expect_bad_baseline(text);
  expect_bad_baseline(entry + entry);
  expect_bad_baseline(entry + "requirement = 'RFC1542-4.1.1-hops-over-16-discard'");
  expect_bad_baseline(entry + "frob = 1");
  expect_bad_baseline("[[accepted]]\nreason = 'x'\ncase = '" + long_word + "'");
}

TEST_F(BadFile, ReportFolders) {
  write("", "file");
  fs::create_directory(path("target"));
  fs::create_directory_symlink("target", path("link"));
  fs::create_directory(path("inner"));
  fs::create_directory_symlink("../target", path("inner/evidence"));
  fs::create_directory(path("taken"));
  write("", "taken/evidence");
  fs::create_directories(path("full/results.json"));
  for (const std::string& out :
       Words{path("file"), path("file/x"), path("link"), path("link/"), path("inner"), path("taken"),
             "/dev/null", "/dev/null/x", "/proc/x", "/sys/x", "/proc/self", "/" + long_word, path("full")})
    expect_complaint({"run", "--out", out}, "--out");
  EXPECT_TRUE(fs::is_empty(path("target")));
}

}  // namespace
}  // namespace relayspec
