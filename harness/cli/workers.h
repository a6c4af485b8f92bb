// The cases spread over several processes, each with a lab and a relay of its own.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "relayspec/harness/dialect.h"
#include "relayspec/harness/profile.h"
#include "relayspec/harness/result.h"

namespace relayspec {

struct Outcome {
  std::vector<CaseResult> cases;  ///< in the order of the ids
  std::vector<std::string> unexplained;
  std::vector<std::string> remarks;  ///< on how the relay behaved as a process
  std::string relay_output;
};

/// Gets the id of each case as it ends. Its result may still change until the run is over: a later case may
/// see a message of it that comes late.
using Progress = std::function<void(const std::string& id)>;

/// One job runs in this process. Progress may be empty. Throws LabError when a worker could not do its part.
Outcome run_jobs(const Profile&, Dialect, const std::vector<std::string>& ids, unsigned jobs,
                 const Progress&);

}  // namespace relayspec
