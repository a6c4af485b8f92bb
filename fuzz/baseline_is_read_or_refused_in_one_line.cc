// SPDX-License-Identifier: Apache-2.0
// Any text is a baseline, or is refused by one line that names the file and the line in it. What is read and
// written is read again as the same.
#include <array>

#include "fuzz/one_line.h"
#include "relayspec/harness/baseline.h"
#include "relayspec/harness/catalogue.h"
#include "relayspec/harness/profile.h"

using namespace relayspec;

namespace {

bool are_alike(const AcceptedDeviation& a, const AcceptedDeviation& b) {
  return a.case_id == b.case_id && a.requirement == b.requirement && a.field == b.field &&
         a.dialect == b.dialect && a.kind == b.kind && a.reason == b.reason && a.sometimes == b.sometimes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::array<std::string, 2> cases{"hops/17-is-discarded", "giaddr/is-set"};
  const std::string text(data, data + size);
  Baseline baseline;
  try {
    baseline = Baseline::parse(text, fuzz::file_name, cases);
  } catch (const InputError& e) {
    MUST_HOLD(fuzz::is_complaint_with_line(e.what()));
    return 0;
  }
  for (const AcceptedDeviation& e : baseline.accepted) {
    MUST_HOLD(e.case_id.empty() != e.requirement.empty());
    MUST_HOLD(e.case_id.empty() || std::find(cases.begin(), cases.end(), e.case_id) != cases.end());
    MUST_HOLD(e.requirement.empty() || Catalogue::shipped().find(e.requirement) != nullptr);
    MUST_HOLD(!e.reason.empty());
  }
  const Baseline again = Baseline::parse(to_toml(baseline), fuzz::file_name, cases);
  MUST_HOLD(again.version == baseline.version);
  MUST_HOLD(std::equal(again.accepted.begin(), again.accepted.end(), baseline.accepted.begin(),
                       baseline.accepted.end(), are_alike));
  return 0;
}
