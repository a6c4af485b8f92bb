// SPDX-License-Identifier: Apache-2.0
// The judge: holds what came out of the relay against what was expected of it, and the rest against the
// relay.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/engine/session.h"
#include "relayspec/harness/result.h"

namespace relayspec {

/// Kinds of findings about whole messages.
namespace kind {
inline constexpr const char *unexpected = "unexpected", *lost_to_servers = "lost on the way to servers",
                            *lost_to_clients = "lost on the way to clients";
}

/// Nothing more can be judged here; everything worth saying has been noted.
struct EndOfJudging {};

/// What a client of the judge cannot do without does not work on this relay at all: what() says so.
struct NotJudgeable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A message that has to come out, or may.
struct Expectation {
  Segment segment = Segment::uplink;
  std::optional<std::uint32_t> key;
  std::string what;                   ///< "request to server 1"
  std::string summary;                ///< of the message
  std::function<std::string()> loss;  ///< the rule that it breaks by not coming out
  /// Every rule by which it has to come out, the most general one last; may be unset.
  std::function<std::vector<std::string>()> due_by;
  std::optional<unsigned> form;  ///< of a reply, as Protocol::barrier_request knows them
  std::function<std::vector<Difference>(const Sighting&)> compare;
  /// Octet by octet, several lines.
  std::function<std::string(const Sighting&)> octets;
  /// The octets that are due, beside those of what has come, if anything has; may be unset.
  std::function<Bytes(const Sighting*)> due;
  /// Of the same direction: what has come out in another place may be this message; may be unset.
  std::function<bool(const Sighting&)> resembles;
  /// It is the copy for another receiver, so no bad copy for this one; may be unset.
  std::function<bool(const Sighting&)> for_another;
};

/// What the judge has to know of its client.
class JudgeClient {
 public:
  virtual ~JudgeClient() = default;
  virtual Verdict severity(std::string_view requirement) const = 0;
  /// The client is there to judge this rule, so a quirk that breaks it is held against the relay here.
  virtual bool is_about(std::string_view requirement) const = 0;
  /// What has to hold for the relay to be alive.
  virtual std::string liveness_rule() const = 0;
  /// The rule that a sighting breaks which no expectation has taken.
  virtual std::string rule_against(const Sighting&) = 0;
  /// A sighting is what may come of something that the client has sent, and for the first time.
  virtual bool may_have_come(const Sighting&) = 0;
  /// The relay's host is not as it was when the barrier was learnt, so plain exchanges may come out
  /// otherwise.
  virtual bool circumstances_changed() const = 0;
  /// A sighting that belongs to an earlier client has come late: true when that one takes it.
  virtual bool is_of_another(const Sighting&, const Frame&) = 0;
};

class Judge {
 public:
  Judge(Session& session, JudgeClient& client) : session_(session), client_(client) {}

  void send(Segment, const std::vector<Bytes>& frames, const std::string& comment);

  /// Waits for what is expected, takes and compares it. Throws EndOfJudging when it does not come.
  Sighting expect(const Expectation&);
  /// Takes it if it has come once the relay has shown that it is through.
  std::optional<Sighting> accept(const Expectation&);
  void compare(const Expectation&, const Sighting&);
  /// Waits for the control message, which shows that the relay still receives, and takes it, whatever it
  /// looks like; false: it does not come.
  bool control(const Expectation&);
  /// Sightings with this key on a segment, once the relay is through, without a verdict. One that is due is
  /// waited for a little longer.
  std::vector<Sighting> take(Segment, std::uint32_t key,
                             const std::function<bool(const Sighting&)>& resembles, bool due = false);

  /// Everything that came out and was not expected is a finding, once the relay is through.
  enum class Where : std::uint8_t { everywhere, downlinks };
  void settle(Where = Where::everywhere);

  /// Takes in what comes of itself while nothing is sent.
  void listen(Clock::duration);

  /// Learns whether what did not come before the barrier comes after it.
  void await_stragglers();

  /// A frame that came out while the relay started, or in its last moments; nothing asked for it.
  void report_left_over(Sighting, Frame);

  /// Traffic of this downlink is proved to be through only by a barrier from there.
  void touch(Segment downlink) { touched_.insert(downlink); }
  bool has_sent_on(Segment s) const { return ingress_.contains(s); }
  void touch_all();

  /// Holds against the relay what a plain exchange shows that it did not show before.
  void report_exchange(const std::vector<Difference>&, std::string_view what);
  void report_changes();
  /// What the relay does to every message under its present settings.
  std::vector<Finding> quirks() const;
  /// Throws EndOfJudging when the relay is not through.
  void await_through();

  /// Why nothing comes, as far as the relay's host tells by itself: "; the relay's host …", or empty.
  std::string hint() const;

  /// Throws NotJudgeable where no reply of this form ever comes through to a downlink, unless the client is
  /// about that.
  void require_replies(Segment downlink, unsigned form = 0) const;

  /// Shows what has come.
  Exhibit exhibit(const Sighting&) const;
  void find(Finding f) { findings_.push_back(std::move(f)); }
  const std::set<std::string>& remarks() const { return remarks_; }
  const std::vector<Finding>& findings() const { return findings_; }
  /// The row of a matrix that is being judged; put into every finding from here on.
  void set_combination(std::string c) { combination_ = std::move(c); }

 private:
  Sighting* best_match(const Expectation&, std::size_t& differences);
  void wait_for(const Expectation&);
  void leave_room();
  // The order of messages (lateness.cc).
  void begin_to_be_through();
  void linger(Clock::duration, Clock::duration longest, const std::function<bool()>& has_come);
  void note_stragglers();
  void note_lateness(const Sighting& unexpected);
  std::optional<std::size_t> sent_before(std::size_t end, std::uint32_t key, Segment to) const;
  [[noreturn]] void report_loss(const Expectation&);
  void report_excess(Sighting&);
  enum class Need : std::uint8_t { if_needed, anyway };
  bool pass_barriers(Need = Need::if_needed);
  Finding finding_of(const Difference&, std::string_view what) const;

  // On links that lose and double frames (repeats.cc).
  void remember(Segment, const std::vector<Bytes>& frames);
  bool repeat(const Expectation&);
  bool is_repeat(const Sighting&) const;

  Session& session_;
  JudgeClient& client_;
  std::vector<Finding> findings_;
  std::set<std::string> remarks_;  ///< quirks of the relay that are judged elsewhere
  std::set<Segment> touched_;      ///< downlinks whose traffic is not proved to be through
  std::set<Segment> ingress_;      ///< where something has been sent
  struct Sent {
    Segment segment;
    std::vector<Bytes> frames;
    std::optional<std::uint32_t> key;
  };
  std::vector<Sent> sent_;  ///< over shared links
  std::string combination_;
  std::string sent_last_;  ///< what a relay that ends has had before
  Clock::time_point through_since_;
  std::size_t came_before_ = 0;               ///< messages, when the relay was through
  std::vector<std::size_t> barriers_behind_;  ///< how long the record was whenever the relay was through
  std::size_t unread_ = 0;                    ///< messages that the relay may not have read
  bool lingered_ = false;                     ///< since then, in vain
  bool through_ = false;                      ///< a barrier has passed since the last frame was sent
  bool ended_by_loss_ = false;                ///< what else was due is not awaited any more
  std::size_t starts_when_ended_ = 0;         ///< of the relay, whose end has been reported
  bool missed_ = false;                       ///< something expected has not come in time, or not as expected
};

}  // namespace relayspec
