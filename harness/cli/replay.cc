// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/replay.h"

#include <fmt/format.h>
#include <unistd.h>

#include <memory>

#include "harness/cli/commands.h"
#include "harness/cli/run.h"
#include "harness/cli/streams.h"
#include "harness/reports/files.h"
#include "harness/reports/paint.h"
#include "harness/reports/reports.h"
#include "harness/text.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec {
namespace {

/// What a comment on the whole capture of a finding says behind a word.
std::vector<std::string> said_in(const Capture& capture, const std::string& word) {
  std::vector<std::string> all;
  for (const std::string& comment : capture.comments) {
    if (comment.starts_with(word + " ")) all.push_back(comment.substr(word.size() + 1));
  }
  return all;
}

// The command line comes before what the capture says.
ReplayOptions options_of(const ReplayCommandOptions& command, const Capture& capture,
                         const Profile& profile) {
  const auto dialects = said_in(capture, "dialect");
  std::string dialect = command.dialect;
  if (dialect.empty()) dialect = dialects.empty() ? "rfc" : dialects.front();
  ReplayOptions options;
  options.dialect = dialect_named(dialect).value_or(Dialect::rfc);
  if (options.dialect == Dialect::proxy) require_rewriting(profile);
  options.settings = settings_from_features(
      profile, command.features.empty() ? said_in(capture, "feature") : command.features);
  if (options.dialect == Dialect::proxy) options.settings.server_id = ServerIdMode::rewrite;
  return options;
}

void print(const ReplayResult& r, const ReplayCommandOptions& command, const Profile& profile) {
  const Paint paint{wants_colour(STDOUT_FILENO)};
  const std::size_t screen = std::max<std::size_t>(terminal_width(STDOUT_FILENO), 80);
  for (const ReplayFinding& f : r.findings) {
    fmt::print("{} {}\n", paint.verdict(Verdict::fail, f.kind), f.requirement);
    const auto below = [&](const std::string& s) {
      fmt::print("       {}\n", wrap(one_line(s), screen - 7, 7));
    };
    if (const Requirement* rule = Catalogue::shipped().find(f.requirement))
      below(fmt::format("{}: {}", Catalogue::shipped().clause(f.requirement), rule->text));
    below(fmt::format("packet {}: {}", f.packet, f.sent));
    below(fmt::format("expected {}; observed {}", f.expected, f.observed));
  }
  fmt::print("{} ({}): {} packets sent, {} relayed, {} deviations\n", one_line(profile.name), r.settings,
             r.packets, r.relayed, r.findings.size());
  if (!command.out.empty()) fmt::print("what came of them: {}\n", command.out);
}

}  // namespace

int replay_command(const ReplayCommandOptions& command, const ReplayCapture& replay_capture) {
  const Profile profile = load_profile(command.relay);
  const Capture capture = read_capture(command.file);
  const ReplayResult result = replay_capture(profile, capture, options_of(command, capture, profile));
  if (!result.trouble.empty()) {
    complain(result.trouble);
    return not_judged;
  }
  if (result.packets == 0) {
    const std::string why =
        result.remarks.empty() ? "capture on a link that they pass" : result.remarks.front();
    throw InputError(command.file +
                     ": no whole DHCPv4 message of a client or a server in it (UDP ports 67 and 68); " + why);
  }
  for (const std::string& remark : result.remarks) complain(command.file + ": " + remark);
  if (!command.out.empty())
    write_file(command.out,
               pcapng({fmt::format("replay of {} to {}", command.file, profile.name)}, result.frames));
  print(result, command, profile);
  return result.findings.empty() ? conforms : deviates;
}

void add_replay(CLI::App& app, int& status) {
  auto options = std::make_shared<ReplayCommandOptions>();
  auto* command = app.add_subcommand(
      "replay", "sends a saved finding, or the messages of any pcap or pcapng, to a relay and judges it");
  declare(*command, *options);
  command->callback([options, &status] { status = replay_command(*options, replay); });
}

}  // namespace relayspec
