// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/fuzz.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "harness/cli/commands.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/run.h"
#include "harness/cli/streams.h"
#include "harness/relays.h"
#include "harness/reports/fuzz.h"
#include "harness/text.h"

namespace relayspec {
namespace {

FuzzOptions options_of(const FuzzCommandOptions& command, const Profile& profile) {
  FuzzOptions options{.dialect = *dialect_named(command.dialect),
                      .seed = command.seed,
                      .at_once = command.at_once,
                      .coverage = command.coverage};
  if (command.coverage && profile.attach)
    throw InputError(profile.name +
                     ": --coverage needs a relay that relayspec starts, not one it attaches to");
  if (command.packets) options.packets = *command.packets;
  if (command.seconds) options.seconds = *command.seconds;
  constexpr unsigned by_default = 60;
  if (!options.packets && !options.seconds) options.seconds = by_default;
  if (options.dialect == Dialect::proxy) require_rewriting(profile);
  if (!command.features.empty()) {
    RelaySettings settings = settings_from_features(profile, command.features);
    if (options.dialect == Dialect::proxy) settings.server_id = ServerIdMode::rewrite;
    options.settings = {settings};
  }
  return options;
}

/// One line of a terminal, some times a second; and the signal that asks for the end.
class Watcher {
 public:
  explicit Watcher(std::FILE* stream) : descriptor_(::fileno(stream)) {
    const char* term = std::getenv("TERM");
    shows_ = ::isatty(descriptor_) != 0 && !(term && std::string_view(term) == "dumb");
  }
  ~Watcher() {
    if (shows_ && shown_) say("\r\x1b[K", descriptor_);
  }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  bool look(const FuzzResult& r) {
    constexpr std::uint64_t interval = 200;
    if (shows_ && r.ms >= last_ + interval) {
      last_ = r.ms;
      shown_ = true;
      const std::uint64_t share = r.packets == 0 ? 0 : 100 * r.relayed / r.packets;
      say("\r\x1b[K" +
              shortened(
                  fmt::format(
                      "{} s, {} packets, {} a second, {} % relayed, {} kinds of answers, {} findings; {}",
                      r.ms / 1000, r.packets, r.judged_per_second(), share, r.novel, r.found_so_far,
                      r.settings.empty() ? "" : r.settings.back()),
                  terminal_width(descriptor_) - 1),
          descriptor_);
    }
    return !InterruptNoted::came();
  }

 private:
  int descriptor_;
  bool shows_ = false, shown_ = false;
  std::uint64_t last_ = 0;
};

int status_of(const FuzzResult& r) {
  if (!r.findings.empty()) return deviates;
  return !r.trouble.empty() || r.packets == 0 ? not_judged : conforms;
}

}  // namespace

int fuzz_command(const FuzzCommandOptions& command, const FuzzRelay& fuzz_relay) {
  const Profile profile = load_profile(command.relay);
  const FuzzOptions options = options_of(command, profile);
  if (!command.out.empty()) prepare_fuzz_directory(command.out);
  FuzzResult result;
  {
    const InterruptNoted interrupt;
    Watcher watcher(stderr);
    result = fuzz_relay(profile, options, [&](const FuzzResult& r) { return watcher.look(r); });
  }
  result.tool_version = RELAYSPEC_VERSION;
  if (!command.out.empty()) write_fuzz(result, command.out);
  fmt::print("{}", fuzz_terminal(result, {.colour = wants_colour(STDOUT_FILENO),
                                          .verbose = command.verbose,
                                          .out = command.out,
                                          .width = terminal_width(STDOUT_FILENO)}));
  for (const std::string& line : result.trouble) complain(line);
  return status_of(result);
}

void add_fuzz(CLI::App& app, int& status) {
  auto options = std::make_shared<FuzzCommandOptions>();
  auto* command = app.add_subcommand(
      "fuzz", "generated messages through a live relay, every answer judged; needs no source of it");
  declare(*command, *options);
  command->callback([options, &status] { status = fuzz_command(*options, fuzz); });
}

}  // namespace relayspec
