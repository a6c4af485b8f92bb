// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/interrupt.h"

#include <csignal>

namespace relayspec {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void note(int) { interrupted = 1; }

}  // namespace

InterruptNoted::InterruptNoted() {
  interrupted = 0;
  struct sigaction action {};
  action.sa_handler = note;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

InterruptNoted::~InterruptNoted() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

bool InterruptNoted::came() { return interrupted != 0; }

}  // namespace relayspec
