// SPDX-License-Identifier: Apache-2.0
// Any text is a profile, or is refused by one line that names the file and the line in it. What is read is
// what the rest of the program relies on.
#include "fuzz/one_line.h"
#include "relayspec/harness/profile.h"
#include "relayspec/harness/settings.h"

using namespace relayspec;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  Profile profile;
  try {
    profile = parse_profile(text, fuzz::file_name);
  } catch (const InputError& e) {
    MUST_HOLD(fuzz::is_complaint_with_line(e.what()));
    return 0;
  }
  MUST_HOLD(fuzz::is_one_clean_line(profile.name));
  MUST_HOLD(profile.start.empty() == profile.attach.has_value());
  MUST_HOLD(std::all_of(profile.features.begin(), profile.features.end(), is_feature));
  MUST_HOLD(profile.start_timeout.count() > 0);
  MUST_HOLD(!profile.max_hops_default || *profile.max_hops_default <= 255);
  MUST_HOLD(!profile.attach || !profile.attach->downlinks.empty());
  for (const auto& [path, content] : profile.files) MUST_HOLD(path.starts_with('/') && !path.ends_with('/'));
  for (const auto& [name, value] : profile.env) MUST_HOLD(!name.empty() && !name.starts_with("RELAY_"));
  return 0;
}
