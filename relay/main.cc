// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>

#include "relay/command_line.h"
#include "relay/daemon.h"

int main(int argc, char** argv) {
  using namespace relayspec::relay;
  try {
    const auto command_line = parse_command_line({argv + 1, argv + argc});
    if (command_line.exit) {
      std::fputs(command_line.exit->text.c_str(), stdout);
      return command_line.exit->status;
    }
    Daemon(command_line.settings).run();
    return 0;
  } catch (const StartError& error) {
    Log::line(error.what());
    return error.status;
  } catch (const std::exception& error) {
    Log::line(error.what());
    return 1;
  }
}
