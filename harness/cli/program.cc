// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/program.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <system_error>
#include <vector>

#include "harness/cli/commands.h"
#include "harness/cli/streams.h"
#include "harness/text.h"
#include "relayspec/harness/lab.h"
#include "relayspec/harness/profile.h"

namespace relayspec {
namespace {

// CLI11 only says that a command is missing.
void check_command(const CLI::App& app, int argc, const char* const* argv) {
  if (argc < 2 || argv[1][0] == '-') return;
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands(nullptr)) names.push_back(command->get_name());
  if (std::find(names.begin(), names.end(), argv[1]) != names.end()) return;
  throw InputError(fmt::format("unknown command '{}'; there are {}", argv[1], fmt::join(names, ", ")));
}

// CLI11 takes "--strict=", "--strict=true" and others.
void check_flags(const CLI::App& app, int argc, const char* const* argv) {
  const CLI::App* command = nullptr;
  for (const CLI::App* each : app.get_subcommands(nullptr)) {
    if (argc > 1 && each->get_name() == argv[1]) command = each;
  }
  for (int i = 2; command && i < argc && std::string_view(argv[i]) != "--"; ++i) {
    const std::string_view word = argv[i], name = word.substr(0, word.find('='));
    const CLI::Option* option = command->get_option_no_throw(std::string(name));
    if (option && option->get_expected_max() == 0 && name.size() < word.size())
      throw InputError(fmt::format("{} takes no value; write {} alone", word, name));
  }
}

// A long argument would hide the message about it.
std::string with_short_arguments(std::string message, int argc, const char* const* argv) {
  constexpr std::size_t most = 120;
  for (int i = 1; i < argc; ++i) {
    std::string_view word = argv[i];
    if (word.size() <= most) continue;
    std::size_t at = message.find(word);
    if (at == std::string::npos) {
      word.remove_prefix(std::min(word.find('=') + 1, word.size()));  // --out=VALUE
      if (word.size() > most) at = message.find(word);
    }
    if (at != std::string::npos)
      message.replace(at, word.size(), shortened(one_line(word.substr(0, most)), most - 1));
  }
  return message;
}

}  // namespace

void declare_program(CLI::App& app, int& status) {
  app.description(
      "relayspec: conformance testing for DHCP relay agents\n\n"
      "  relayspec run                          the reference relay, all suites\n"
      "  relayspec run --relay isc-dhcrelay     another relay, as Debian ships it\n"
      "  relayspec run --relay ./mine.toml      your relay\n"
      "  relayspec compare isc-dhcrelay dnsmasq several relays as one matrix\n"
      "  relayspec fuzz --relay ./mine.toml     generated messages, every answer judged\n"
      "  relayspec explain hops/is-incremented-by-1    what a case injects and expects");
  app.set_version_flag("--version", "relayspec " RELAYSPEC_VERSION);
  app.require_subcommand(1);
  app.footer("Exit status: 0 nothing deviates, 1 a deviation, 2 wrong input, 3 it could not be judged.");
  add_run(app, status);
  add_list(app, status);
  add_explain(app, status);
  add_requirements(app, status);
  add_relays(app, status);
  add_lab(app, status);
  add_compare(app, status);
  add_fuzz(app, status);
  add_replay(app, status);
  add_profile(app, status);
}

int run_program(int argc, const char* const* argv) {
  CLI::App app("", "relayspec");
  int status = conforms;
  declare_program(app, status);
  try {
    check_command(app, argc, argv);
    check_flags(app, argc, argv);
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);  // --help, --version
    complain(with_short_arguments(std::string(e.what()) + "; see 'relayspec --help'", argc, argv));
    return bad_input;
  } catch (const InputError& e) {
    complain(with_short_arguments(e.what(), argc, argv));
    return bad_input;
  } catch (const LabError& e) {
    complain(e.what());
    return not_judged;
  } catch (const std::system_error& e) {  // fmt's, of a full disk behind stdout
    complain(e.what());
    return not_judged;
  } catch (const std::exception& e) {
    complain(fmt::format("stopped by a fault of its own: {}; please report it", e.what()));
    return not_judged;
  }
  if (std::fflush(stdout) != 0) {
    complain(fmt::format("stdout cannot be written: {}", std::strerror(errno)));
    return not_judged;
  }
  return status;
}

}  // namespace relayspec
