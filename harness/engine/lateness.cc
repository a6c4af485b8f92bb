// SPDX-License-Identifier: Apache-2.0
// Relays that do not keep the order of messages: how long what was sent before a barrier is waited for behind
// it. Only what is missing costs this time, and all else with a relay that was seen to be late.
#include <algorithm>
#include <iterator>
#include <optional>

#include "harness/engine/judge.h"
#include "harness/engine/patience.h"

namespace relayspec {
namespace {

using namespace std::chrono_literals;

// So many times what a relay that does not keep the order has been seen to need is it given.
constexpr int lags = 2;

}  // namespace

void Judge::begin_to_be_through() {
  unread_ = 0;
  const std::size_t passed_at = session_.traffic().record.size();
  for (const auto end = session_.now() + lags * session_.lag(); session_.now() < end;) {
    if (!session_.pump(end) && session_.relay_ended()) break;
  }
  if (!barriers_behind_.empty() && barriers_behind_.back() > passed_at) barriers_behind_.clear();
  barriers_behind_.push_back(passed_at);
  through_ = true;
  lingered_ = false;
  through_since_ = session_.now();
  came_before_ = session_.traffic().messages();
}

// A relay with several workers, or one that reads one socket after the other, lets the barrier overtake what
// was sent before it.
void Judge::linger(Clock::duration time, Clock::duration longest, const std::function<bool()>& has_come) {
  auto& traffic = session_.traffic();
  const auto quiet = time + session_.barrier().slack();
  const auto last_end = session_.now() + longest;
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

// The place in the record of the last message in front of `end` that may bring something with this key to a
// segment.
std::optional<std::size_t> Judge::sent_before(std::size_t end, std::uint32_t key, Segment to) const {
  const auto& record = session_.traffic().record;
  for (std::size_t i = end; i-- > 0;) {
    if (record[i].origin != Origin::harness || record[i].segment == to) continue;
    const auto sent = session_.protocol().read(record[i]);
    if (sent && sent->key == key) return i;
  }
  return std::nullopt;
}

// What may come or not is not waited for, and may come when the next message has been sent: it may then be
// taken for what that one has brought. A further copy of what has come is not late.
void Judge::note_lateness(const Sighting& s) {
  const auto& sightings = session_.traffic().sightings;
  auto& protocol = session_.protocol();
  if (!s.key || !s.whole() || protocol.is_resolving()) return;
  const bool is_copy = std::any_of(sightings.begin(), sightings.end(), [&](const Sighting& o) {
    return o.frame < s.frame && o.whole() && protocol.are_alike(o, s);
  });
  const auto sent = sent_before(s.frame, *s.key, s.segment);
  if (is_copy || !sent) return;
  const auto barrier = std::upper_bound(barriers_behind_.begin(), barriers_behind_.end(), *sent);
  const bool behind_barrier = barrier != barriers_behind_.end() && *barrier <= s.frame;
  // Of several that were sent in front of the same barrier none is late.
  const bool is_of_earlier =
      barrier != barriers_behind_.begin() && sent_before(*std::prev(barrier), *s.key, s.segment);
  if (behind_barrier || is_of_earlier) session_.note_doubt();
}

void Judge::await_stragglers() {
  if (!through_ || lingered_ || !session_.may_be_late()) return;
  lingered_ = true;
  const std::size_t messages = session_.traffic().messages();
  linger(behind_another, longest_linger, [] { return false; });
  if (session_.traffic().messages() == messages) session_.note_vain_wait();
}

}  // namespace relayspec
