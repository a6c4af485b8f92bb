// SPDX-License-Identifier: Apache-2.0
#include "harness/live/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "harness/dhcp4/world.h"
#include "harness/lab/device_of.h"
#include "harness/live/accusations.h"
#include "harness/live/growth.h"
#include "harness/live/translate.h"
#include "harness/relays.h"
#include "relayspec/harness/catalogue.h"
#include "relayspec/harness/lab.h"

namespace relayspec {
namespace {

using live::Answer;
using live::Packet;

std::string packet_in_words(const Packet& p) {
  const auto d = decode_udp(p.frame);
  const std::string on = interface_name(p.segment);
  return d ? fmt::format("{} on {}", summary(d->payload), on)
           : fmt::format("a frame of {} octets on {}", p.frame.size(), on);
}

// A relay that retains memory per message shows it when the messages come again and again.
void watch_growth(live::Prober& prober, const std::vector<Packet>& packets, ReplayResult& result) {
  if (const auto grown = live::growth_under(prober, packets)) {
    result.findings.push_back({.packet = packets.size(),
                               .sent = "all of them, again and again",
                               .kind = live::accused_of::growth,
                               .requirement = "MALF-memory-flat",
                               .expected = "no more than before",
                               .observed = *grown});
  }
}

bool is_about_growth(const Capture& c) {
  return c.own && !c.comments.empty() && c.comments.front().starts_with("growth:");
}

void judge(live::Prober& prober, const std::vector<Packet>& packets, ReplayResult& result) {
  std::vector<Answer> answers = prober.play(packets);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    Answer& answer = answers[i];
    if (!answer.out.empty()) ++result.relayed;
    for (const live::Accusation& a :
         live::accusations({answer, prober.model(), prober.protocol(), prober.quirks()})) {
      const Requirement* r = Catalogue::shipped().find(a.requirement);
      if (r && r->level == "MAY") continue;
      result.findings.push_back(
          {i + 1, packet_in_words(packets[i]), a.kind, a.requirement, a.expected, a.observed});
      if (!answer.frames.empty()) answer.frames.back().comments.push_back(a.kind + ": " + in_words(a));
    }
    std::ranges::move(answer.frames, std::back_inserter(result.frames));
  }
}

}  // namespace

ReplayResult replay(const Profile& profile, const Capture& capture, const ReplayOptions& options) {
  require_privilege(profile);
  if (!profile.attach) acquire_privilege();
  const auto device = device_of(profile, options.dialect);
  dhcp4::World world = dhcp4::world_of(profile, options.dialect, *device);
  world.settings = device->fixed_settings().value_or(options.settings);
  const auto translation = capture.own ? live::packets_of_own(capture) : live::translated(capture, world);
  ReplayResult result{.settings = describe(world.settings),
                      .packets = translation.packets.size(),
                      .remarks = translation.remarks};
  if (translation.packets.empty()) return result;
  live::Prober prober(*device, std::move(world), profile.start_timeout);
  try {
    prober.start();
    judge(prober, translation.packets, result);
    if (is_about_growth(capture)) watch_growth(prober, translation.packets, result);
  } catch (const StartError& e) {
    result.trouble = e.what();
  }
  return result;
}

}  // namespace relayspec
