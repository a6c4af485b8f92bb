// SPDX-License-Identifier: Apache-2.0
#include "harness/trial/run.h"

#include <gtest/gtest.h>

namespace relayspec::trial {
namespace {

TEST(FaultyProfile, StartsTheRelayWithEveryFault) {
  Profile p;
  p.start = "exec relayspec-faulty\n";
  EXPECT_EQ(with_faults(p, {"a", "b"}).start, "exec relayspec-faulty --fault a --fault b\n");
}

TEST(FaultyProfile, ThatStartsAnotherRelayIsRefused) {
  Profile p;
  p.path = "other.toml";
  p.start = "exec dhcrelay\n";
  try {
    with_faults(p, {"a"});
    FAIL() << "no error";
  } catch (const InputError& e) {
    EXPECT_STREQ(e.what(), "other.toml: its start script has no 'exec relayspec-faulty'");
  }
}

}  // namespace
}  // namespace relayspec::trial
