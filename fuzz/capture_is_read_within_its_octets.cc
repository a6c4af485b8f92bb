// SPDX-License-Identifier: Apache-2.0
// Any octets are a capture, whole or damaged, or are refused by one line. Each packet and comment that
// is read is part of the file, so that memory grows with the file alone. Replay makes packets or remarks of
// it.
#include <algorithm>
#include <string_view>

#include "fuzz/one_line.h"
#include "harness/capture.h"
#include "harness/live/translate.h"
#include "relayspec/harness/profile.h"
#include "relayspec/harness/settings.h"

using namespace relayspec;

namespace {

constexpr std::size_t ethernet_header = 14;

bool stands_in(std::string_view file, std::string_view part) {
  return std::search(file.begin(), file.end(), part.begin(), part.end()) != file.end() || part.empty();
}

// A packet of another link type has got an Ethernet header.
bool is_frame_of(std::string_view file, const Frame& f) {
  const std::string_view octets(reinterpret_cast<const char*>(f.bytes.data()), f.bytes.size());
  return stands_in(file, octets) ||
         (octets.size() >= ethernet_header && stands_in(file, octets.substr(ethernet_header)));
}

// What a finding of the fuzzer says of the settings that show it.
void read_settings(const Capture& capture) {
  static const Profile profile{.features = {known_features().begin(), known_features().end()},
                               .path = fuzz::file_name};
  try {
    constexpr std::string_view word = "feature ";
    std::vector<std::string> features;
    for (const std::string& c : capture.comments)
      if (c.starts_with(word)) features.push_back(c.substr(word.size()));
    settings_from_features(profile, features);
  } catch (const InputError& e) {
    MUST_HOLD(fuzz::is_one_clean_line(e.what()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view file(reinterpret_cast<const char*>(data), size);
  Capture capture;
  try {
    capture = capture_in(file, fuzz::file_name);
  } catch (const InputError& e) {
    MUST_HOLD(fuzz::is_complaint(e.what()));
    return 0;
  }
  constexpr std::size_t least_record = 12;
  MUST_HOLD(capture.frames.size() <= size / least_record);
  std::size_t octets = 0;
  for (const Frame& f : capture.frames) {
    octets += f.bytes.size();
    MUST_HOLD(is_frame_of(file, f));
    for (const std::string& c : f.comments) MUST_HOLD(stands_in(file, c));
  }
  MUST_HOLD(octets <= size + ethernet_header * capture.frames.size());
  for (const std::string& c : capture.comments) MUST_HOLD(stands_in(file, c));
  for (const std::string& r : capture.remarks) MUST_HOLD(fuzz::is_one_clean_line(r));

  static const dhcp4::World world;
  const auto sent = capture.own ? live::packets_of_own(capture) : live::translated(capture, world);
  MUST_HOLD(sent.packets.size() <= capture.frames.size());
  if (capture.own) read_settings(capture);
  return 0;
}
