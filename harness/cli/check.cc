// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/check.h"

#include <fmt/format.h>

#include "harness/bench/checkup.h"
#include "harness/cli/commands.h"
#include "harness/cli/streams.h"
#include "harness/relays.h"
#include "relayspec/harness/lab.h"

namespace relayspec {

int check(const Profile& profile, Dialect dialect) {
  require_privilege(profile);
  if (!profile.attach) acquire_privilege();
  const RelayStatus status = relay_status(profile);
  fmt::print("{:<10} {}: {}\n", "relay", profile.name,
             status.missing.empty() ? status.version : status.missing);
  const Symptoms seen = examine(profile, dialect);
  fmt::print("{}", in_words(seen));
  if (seen.well()) return conforms;
  complain(fmt::format("the plain exchange does not come through {}; see above", profile.name));
  return seen.ended || !seen.without_request.empty() ? not_judged : deviates;
}

}  // namespace relayspec
