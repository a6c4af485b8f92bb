// SPDX-License-Identifier: Apache-2.0
// For unit tests of the judge: a client of it, and a session over the toy relay.
#pragma once

#include <gmock/gmock.h>

#include "harness/engine/judge.h"
#include "harness/engine/testing_toy.h"

namespace relayspec::fake {

class FakeClient : public JudgeClient {
 public:
  Verdict severity(std::string_view rule) const override {
    return rule.starts_with("rule-reply") ? Verdict::warn : Verdict::fail;
  }
  bool is_about(std::string_view rule) const override { return subjects.contains(std::string(rule)); }
  std::string liveness_rule() const override { return liveness; }
  std::string rule_against(const Sighting& s) override {
    return protocol->rule_against(s, s.segment == Segment::downlink0);
  }
  bool circumstances_changed() const override { return changed; }
  bool is_of_another(const Sighting& s, const Frame&) override {
    return key_of_another && s.key == key_of_another;
  }

  bool may_have_come(const Sighting& s) override { return key_of_due && s.key == key_of_due; }

  ToyProtocol* protocol = nullptr;
  std::string liveness = "stay-alive";
  std::set<std::string> subjects;
  bool changed = false;
  std::optional<std::uint32_t> key_of_another, key_of_due;
};

inline bool anything(const Sighting&) { return true; }

class JudgeFixture : public ::testing::Test {
 protected:
  FakeDevice device;
  ToyProtocol protocol;
  ToyRelay& relay = device.relay;
  Session session{device, protocol, 1'000ms, {}};
  FakeClient client;
  Judge judge{session, client};
  static constexpr Segment downlink = Segment::downlink0;

  JudgeFixture() { client.protocol = &protocol; }

  /// The relay runs, with this fault from its start on.
  void run_with(std::function<void(Emissions&)> fault = {}) {
    relay.fault = std::move(fault);
    session.prepare({});
  }
  Toy ask(const Toy& m, Segment from = downlink) {
    judge.touch(from);
    judge.send(from, {encode(m)}, "request");
    return m;
  }
  Toy answer(Toy m) {
    m.kind = Toy::reply;
    judge.send(Segment::uplink, {encode(m)}, "reply");
    return m;
  }
  Expectation of(const Toy& sent) const {
    const bool request = is_request(sent);
    return {.segment = request ? Segment::uplink : sent.downlink,
            .key = sent.key,
            .what = request ? "request to the server" : "reply to the client",
            .summary = "a message",
            .loss = [request] { return request ? "relay-requests" : "relay-replies"; },
            .form = request ? std::nullopt : std::optional<unsigned>(sent.form),
            .compare = [sent](const Sighting& s) { return toy_differences(sent, toy_of(s)); },
            .octets = [](const Sighting&) { return std::string("octets"); },
            .due = [](const Sighting* s) { return s ? Bytes{1} : Bytes{2}; },
            .resembles = [sent](const Sighting& s) { return toy_of(s).kind == sent.kind; }};
  }
  /// Expects it and settles; what was found.
  std::vector<Finding> judged(const Expectation& e) {
    try {
      judge.expect(e);
      judge.settle();
    } catch (const EndOfJudging&) {
      ended = true;
    }
    return judge.findings();
  }
  std::vector<std::string> rules() const {
    std::vector<std::string> all;
    for (const Finding& f : judge.findings()) all.push_back(f.requirement);
    return all;
  }
  /// Of the last frame of the relay there.
  std::chrono::nanoseconds time_on(Segment s) {
    std::chrono::nanoseconds time{};
    for (const Frame& f : session.traffic().record) {
      if (f.segment == s && f.origin == Origin::relay) time = f.time;
    }
    return time;
  }
  Clock::duration time_of(const std::function<void()>& what) {
    const auto begin = session.now();
    what();
    return session.now() - begin;
  }
  bool ended = false;
};

}  // namespace relayspec::fake
