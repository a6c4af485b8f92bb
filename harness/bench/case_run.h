// SPDX-License-Identifier: Apache-2.0
// One case while it runs: its head, and what the judge has to know of it. In a dry run (no test bed) the
// steps are written down alone.
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "harness/bench/case_info.h"
#include "harness/bench/testbed.h"
#include "harness/engine/judge.h"
#include "relayspec/harness/bench.h"

namespace relayspec {

struct DryRun {
  Dialect dialect = Dialect::rfc;
  bool with_steps = false;  ///< which takes as long as all the rest
};

class CaseRun : public JudgeClient {
 public:
  /// `bed` is null in a dry run.
  CaseRun(TestBed* bed, CaseInfo head, DryRun = {});

  bool live() const { return bed_ != nullptr; }
  /// Messages are described in words: in the capture of a run, or in the steps of a dry run.
  bool needs_words() const { return bed_ || with_steps_; }
  TestBed& bed() { return *bed_; }
  Judge& judge() { return *judge_; }
  const dhcp4::Model& model() const { return bed_ ? bed_->model() : dry_model_; }
  dhcp4::World& world() { return (bed_ ? bed_->model() : dry_model_).world(); }
  const Topology& topology() const { return model().world().topology; }
  Dialect dialect() const { return model().world().dialect; }

  /// How the relay is to be started; the dialect `proxy` adds to it what it is made of.
  void set_settings(const RelaySettings&);
  const RelaySettings& settings() const { return settings_; }

  /// The relay is started as the head says, once, before the first step. Skips the case where that cannot be.
  void begin();
  /// Writes down a step of the case, in a dry run that asks for them.
  template <class Tell>
  void step(Tell tell) {
    if (!with_steps_) return;
    if constexpr (std::is_invocable_v<Tell>)
      info.steps.push_back({.text = tell()});
    else
      info.steps.push_back({.text = tell});
  }
  /// The same for a row of a table.
  void step_in_row(const std::string& row);
  /// The same, on what the model says of the message with this xid.
  void step_on_fate(const std::string& row, std::uint32_t xid, Direction);
  /// "must not be relayed (RULE)", for a dry run.
  std::string fate_in_words(std::uint32_t xid, Direction) const;
  /// For a further client.
  std::uint32_t new_xid() { return bed_ ? bed_->new_xid() : ++dry_xid_; }
  /// Skips the case where the relay has no such downlink.
  void use_downlink(Segment);

  /// `direction` of the message in the frames' first.
  void send(Segment, const std::vector<Bytes>& frames, const std::string& what);
  /// The host of the relay routes another datagram of this way first: a router may lose the one that makes it
  /// ask by ARP (RFC 1122, section 2.3.2.2).
  void resolve_route(Segment, Envelope);
  /// A reply is about to be sent. Where the client has had as many as it has asked for, it asks again first:
  /// a relay need not keep what it knows of a request once it has been answered.
  void ask_again_for(const Bytes& reply);
  Arrival expect(const Expected&, const std::string& what);
  std::optional<Arrival> accept(const Expected&, const std::string& what);
  void compare(const Expected&, const Arrival&, const std::string& what);
  /// Whether anything comes out of the control message here; its content is not compared.
  bool control(const Expected&);
  [[noreturn]] void silence_proves_nothing(Segment) const;
  std::vector<Arrival> take(Segment, const Message& about, bool due = false);
  /// Of a reply that a case looks at by itself: whom it comes from, ports and checksums.
  void examine_carrier(Segment downlink, const Arrival&);
  void settle(Judge::Where = Judge::Where::everywhere);
  /// Something has come out that must not, or the relay has ended: there is no silence.
  bool has_deviated() const;
  /// What the model says of the message with this xid that was sent last from that side; nothing was sent:
  /// unset.
  std::optional<dhcp4::Outcome> fate_of(std::uint32_t xid, Direction) const;

  /// The message with the xid of `sent`, sent last in this direction, has to come out by the model.
  bool is_due(const Message& sent, Direction) const;

  /// Throws std::logic_error for a requirement that the catalogue does not have.
  Verdict severity(std::string_view requirement) const override;
  bool is_about(std::string_view requirement) const override;
  /// Whatever a case is about: one relay that ends is one deviation, in however many cases it does. One that
  /// runs on and falls silent for what has happened to its host or to its servers breaks the rule about that.
  std::string liveness_rule() const override;
  bool is_deaf() const;
  std::string rule_against(const Sighting&) override;
  bool may_have_come(const Sighting&) override;
  bool is_of_another(const Sighting&, const Frame&) override;
  bool circumstances_changed() const override { return !ways_back_.empty(); }

  std::string rule_for_second(const char* by_place) const {
    return rule_for_second_copy.empty() ? by_place : rule_for_second_copy;
  }
  std::string first_requirement() const { return info.requirements.empty() ? "" : info.requirements.front(); }

  /// Changes the lab for this case; `back` undoes the change at the end of the case. The relay is started
  /// again before the next case, and before this one if it has not begun.
  void change_lab(const std::function<void(TestBed&)>& change, const std::function<void(TestBed&)>& back);
  void restore_lab();
  /// Stops the relay and starts it again; calls `meanwhile` in between. The frames of that time are kept.
  void restart(const std::function<void()>& meanwhile = {});
  /// See Session::restart_before().
  bool restart_before(const std::function<void()>& first);
  /// Ends the case whose relay has ended by itself, as it may.
  [[noreturn]] void accept_end() {
    refused_ = true;
    throw EndOfJudging{};
  }
  /// Holds against the relay what its first exchange since the start showed and the next does not.
  void report_first_exchange();

  /// Runs the case's body; whatever ends it early is written down.
  void run(const std::function<void()>& body);
  /// Hands the result to the test bed.
  void finish(std::chrono::microseconds took);

  CaseInfo info;
  std::optional<std::string> skip;
  bool unjudged = false;  ///< skipped for what does not work on this relay
  std::optional<std::string> error;
  /// The case is about what must not come out: it may state a rule for that which the model leaves open.
  bool about_silence = false;
  bool server_has_refused = false;    ///< by ICMP
  bool replies_come_unasked = false;  ///< the case is about replies that no request of their own asks for
  std::string rule_for_second_copy;   ///< where the case knows what it comes of
  std::string may_refuse;             ///< the rule under which a relay that does not start so is noted
  std::string must_cope;              ///< or the one that it breaks then
  dhcp4::Memory memory;
  std::set<std::string> rules_of_lost;       ///< by which the model has named a loss
  std::set<std::string> rules_of_delivered;  ///< that a loss of what was delivered would have broken
  /// These have come out that had to by these rules.
  void note_delivered(const std::vector<std::string>& due_by);

 private:
  Arrival dry_arrival(const Expected&) const;
  void sync_world();
  void keep_record(std::vector<Frame> before);
  void refuse_features();
  void refuse_settings();
  void require_restart();
  [[noreturn]] void start_failed(const StartError&);
  void guard(const std::function<void()>& body);
  std::vector<Difference> differences(const Expected&, const Datagram& observed);
  /// What a relay's buffers held when the message of this case with that index came.
  const Buffers& buffers_before(std::size_t sent);
  /// The messages of this case stay in the relay's buffers.
  void leave_behind();
  Expectation expectation(const Expected&, const std::string& what);
  std::string loss_rule(const Expected&) const;
  std::vector<std::string> rules_due(const Expected&) const;
  std::string rule_for_loss(const dhcp4::Outcome&, Direction) const;
  /// That this message has come.
  void note_delivered(const Expected&);
  bool another_has_it(const Expected&) const;
  bool is_surplus_copy(const Sighting&) const;
  bool has_come_whole(const Sighting&) const;
  std::optional<Segment> network_of(const TestBed::Sender& reply) const;
  void note_quirks();
  void account_for_left_over();
  CaseResult result() const;

  std::map<std::string, std::uint64_t> delivered_;  ///< how often, by rule
  TestBed* bed_;
  dhcp4::Model dry_model_{dhcp4::World{}};
  std::uint32_t dry_xid_ = 0x51'52'53'54;
  bool with_steps_ = false;
  std::optional<Judge> judge_;
  RelaySettings settings_;
  std::vector<TestBed::Sender> sent_;
  std::vector<Buffers> buffers_;  ///< before each of them, as far as they have been asked for
  std::vector<std::function<void(TestBed&)>> ways_back_;
  bool refused_ = false;  ///< there is no relay to judge, and that has been said
  bool begun_ = false;
  bool sent_without_xid_ = false;
  bool two_networks_ = false;
};

}  // namespace relayspec
