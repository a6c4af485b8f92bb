// SPDX-License-Identifier: Apache-2.0
// Writes man pages and completions below a folder, as they are installed below a prefix: relayspec-pages
// FOLDER
#include <filesystem>
#include <fstream>
#include <iostream>

#include "harness/cli/program.h"
#include "packaging/pages.h"
#include "relay/command_line_options.h"

namespace relayspec::pages {
namespace {

namespace fs = std::filesystem;

constexpr const char* toolkit_tail =
    ".SH FILES\n.TP\n.I ../share/relayspec/relays\nthe shipped profiles\n.TP\n.I "
    "../share/relayspec/requirements\n"
    "the catalogue of requirements\n.SH SEE ALSO\n.BR relayspec\\-relay (8),\n.BR tcpdump (1),\n.BR "
    "wireshark (1)\n";
constexpr const char* relay_tail = ".SH SEE ALSO\n.BR relayspec (1)\n";

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw std::runtime_error(file.string() + " cannot be written");
}

void write_pages(const fs::path& folder, const Program& p, const ManFrame& frame) {
  const std::string& name = p.itself.name;
  write(folder / ("man/man" + frame.section) / (name + "." + frame.section), man_page(p, frame));
  write(folder / "bash-completion/completions" / name, bash_completion(p));
  write(folder / "zsh/vendor-completions" / ("_" + name), zsh_completion(p));
  write(folder / "fish/vendor_completions.d" / (name + ".fish"), fish_completion(p));
}

int write_all(const fs::path& folder) {
  CLI::App toolkit("", "relayspec");
  int status = 0;
  declare_program(toolkit, status);
  write_pages(folder, program_of(toolkit), {"1", RELAYSPEC_VERSION, toolkit_tail});
  CLI::App daemon("", "relayspec-relay");
  relay::Arguments arguments;
  relay::declare_program(daemon, arguments);
  write_pages(folder, program_of(daemon), {"8", RELAYSPEC_VERSION, relay_tail});
  return 0;
}

}  // namespace
}  // namespace relayspec::pages

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: relayspec-pages FOLDER\n";
    return 2;
  }
  try {
    return relayspec::pages::write_all(argv[1]);
  } catch (const std::exception& e) {
    std::cerr << "relayspec-pages: " << e.what() << "\n";
    return 1;
  }
}
