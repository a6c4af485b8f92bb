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

}  // namespace

int run_program(int argc, const char* const* argv) {
  CLI::App app(
      "relayspec: conformance testing for DHCP relay agents\n\n"
      "  relayspec run                          the reference relay, all suites\n"
      "  relayspec run --relay isc-dhcrelay     another relay, as Debian ships it\n"
      "  relayspec run --relay ./mine.toml      your relay\n"
      "  relayspec explain hops/go-up-by-one    what a case injects and expects",
      "relayspec");
  app.set_version_flag("--version", "relayspec " RELAYSPEC_VERSION);
  app.require_subcommand(1);
  app.footer("Exit status: 0 nothing deviates, 1 a deviation, 2 wrong input, 3 it could not be judged.");
  int status = conforms;
  add_run(app, status);
  add_list(app, status);
  add_explain(app, status);
  add_requirements(app, status);
  add_relays(app, status);
  add_lab(app, status);
  try {
    check_command(app, argc, argv);
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);  // --help, --version
    fmt::print(stderr, "relayspec: {}; see 'relayspec --help'\n", e.what());
    return bad_input;
  } catch (const InputError& e) {
    fmt::print(stderr, "relayspec: {}\n", e.what());
    return bad_input;
  } catch (const LabError& e) {
    fmt::print(stderr, "relayspec: {}\n", e.what());
    return not_judged;
  } catch (const std::system_error& e) {  // fmt's, of a full disk behind stdout
    fmt::print(stderr, "relayspec: {}\n", e.what());
    return not_judged;
  } catch (const std::exception& e) {
    fmt::print(stderr, "relayspec: stopped by a fault of its own: {}; please report it\n", e.what());
    return not_judged;
  }
  if (std::fflush(stdout) != 0) {
    fmt::print(stderr, "relayspec: stdout cannot be written: {}\n", std::strerror(errno));
    return not_judged;
  }
  return status;
}

}  // namespace relayspec
