#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "relayspec/harness/lab.h"
#include "relayspec/harness/profile.h"

int main(int argc, char** argv) {
  using namespace relayspec;
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
  }
  return status;
}
