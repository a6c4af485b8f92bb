// SPDX-License-Identifier: Apache-2.0
// For unit tests of the commands: two cases in place of the suites, and what a command prints.
#pragma once

#include <gmock/gmock.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "harness/cli/program.h"
#include "relayspec/harness/bench.h"

namespace relayspec::toy_cases {

class HopLimit : public Case {
  void body() override {
    covers({"RFC1542-4.1.1-hops-over-16-discard"});
    client.sends(client.discover({.hops = 17}));
    nothing_comes_out();
  }
};

class AddsOption82 : public Case {
  void body() override {
    covers({"RFC3046-2.1-off-by-default"});
    relay_with({.option82 = true});
    only_in({Dialect::rfc, Dialect::strict});
    asks();
  }
};

template <class T>
std::unique_ptr<Case> make() {
  return std::make_unique<T>();
}
inline const bool registered =
    register_case({"ToyCases", "HopLimitIsObeyed", "testsuites/toy.cc", 5, make<HopLimit>}) &&
    register_case({"ToyCases", "AddsOption82", "testsuites/toy.cc", 9, make<AddsOption82>});

inline const std::vector<std::string> ids = {"toy-cases/hop-limit-is-obeyed", "toy-cases/adds-option82"};

struct Said {
  int status = 0;
  std::string out, err;
};

template <class Action>
Said captured(Action action) {
  Said said;
  {
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const std::shared_ptr<void> ended(nullptr, [&](void*) {
      said.out = ::testing::internal::GetCapturedStdout();
      said.err = ::testing::internal::GetCapturedStderr();
    });
    said.status = action();
  }
  return said;
}

/// What the program does with these arguments.
inline Said program(std::initializer_list<const char*> arguments) {
  std::vector<const char*> argv{"relayspec"};
  argv.insert(argv.end(), arguments);
  return captured([&] { return run_program(static_cast<int>(argv.size()), argv.data()); });
}

}  // namespace relayspec::toy_cases
