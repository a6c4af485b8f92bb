// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/program.h"
#include "harness/cli/streams.h"

int main(int argc, char** argv) {
  relayspec::prepare_streams();
  return relayspec::run_program(argc, argv);
}
