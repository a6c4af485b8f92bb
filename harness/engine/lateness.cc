// SPDX-License-Identifier: Apache-2.0
// Relays that do not keep the order of messages: how long what was sent before a barrier is waited for behind
// it. Only what is missing costs this time, and all else with a relay that was seen to be late.
#include <algorithm>

#include "harness/engine/judge.h"
#include "harness/engine/patience.h"

namespace relayspec {
namespace {

using namespace std::chrono_literals;

// So many times what a relay that does not keep the order has been seen to need is it given.
constexpr int lags = 2;
// A slow relay that still puts something out is waited for as long.
constexpr auto longest_linger = 10s;

}  // namespace

void Judge::begin_to_be_through() {
  for (const auto end = session_.now() + lags * session_.lag(); session_.now() < end;) {
    if (!session_.pump(end) && session_.relay_ended()) break;
  }
  through_ = true;
  lingered_ = false;
  through_since_ = session_.now();
  came_before_ = session_.traffic().messages();
}

// A relay with several workers, or one that reads one socket after the other, lets the barrier overtake what
// was sent before it.
void Judge::linger(Clock::duration time, const std::function<bool()>& has_come) {
  auto& traffic = session_.traffic();
  const auto quiet = time + session_.barrier().slack();
  const auto last_end = session_.now() + longest_linger;
  auto end = session_.now() + quiet;
  while (!has_come() && session_.now() < end && session_.now() < last_end) {
    const std::size_t messages = traffic.messages();
    if (!session_.pump(end) && session_.relay_ended()) return;
    if (traffic.messages() != messages) end = session_.now() + quiet;
  }
  note_stragglers();
}

// What waits for an address is overtaken by any relay.
void Judge::note_stragglers() {
  const std::size_t messages = session_.traffic().messages();
  if (through_ && messages > came_before_ && !session_.protocol().is_resolving())
    session_.note_lag(session_.now() - through_since_);
  came_before_ = messages;
}

void Judge::await_stragglers() {
  if (!through_ || lingered_ || !session_.may_be_late()) return;
  lingered_ = true;
  const std::size_t messages = session_.traffic().messages();
  linger(behind_another, [] { return false; });
  if (session_.traffic().messages() == messages) session_.note_vain_wait();
}

}  // namespace relayspec
