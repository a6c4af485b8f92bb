// The whole program, as main() gets it.
#pragma once

namespace relayspec {

/// Does what the command line asks for; the exit status.
int run_program(int argc, const char* const* argv);

}  // namespace relayspec
