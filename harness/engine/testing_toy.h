// SPDX-License-Identifier: Apache-2.0
// A toy protocol for unit tests of the engine, with a relay for it: a message is its kind, key, hop counter,
// the downlink of its client, the form of its reply, and a payload. A relay adds 1 to the hops of a request
// and leaves a reply alone.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/engine/protocol.h"
#include "harness/engine/testing.h"
#include "harness/engine/testing_print.h"
#include "relayspec/harness/device.h"

namespace relayspec::fake {

struct Toy {
  enum Kind : std::uint8_t {
    request = 'Q',
    reply = 'R',
    fragment = 'F',  ///< key: the datagram; hops: how many come in all; the payload is a part of a message
    who_has = 'W',   ///< address resolution, answered by `i_have`
    i_have = 'I',    //
    foreign = 'X',   ///< not of the protocol
    uninteresting = '-'  ///< is never looked at
  } kind = request;
  std::uint16_t key = 1;
  std::uint8_t hops = 0;
  Segment downlink = Segment::downlink0;
  std::uint8_t form = 0;
  Bytes payload = {};

  bool operator==(const Toy&) const = default;
};

constexpr std::uint16_t first_barrier_key = 0x8000, corrupted_key = 0xffff;
inline bool is_barrier(const Toy& m) { return m.key >= first_barrier_key; }

inline Bytes encode(const Toy& m) {
  Bytes b{m.kind, static_cast<std::uint8_t>(m.key >> 8), static_cast<std::uint8_t>(m.key),
          m.hops, static_cast<std::uint8_t>(m.downlink), m.form};
  b.insert(b.end(), m.payload.begin(), m.payload.end());
  return b;
}

inline Toy decode(const Bytes& b) {
  return {static_cast<Toy::Kind>(b.at(0)),
          static_cast<std::uint16_t>(b.at(1) << 8 | b.at(2)),
          b.at(3),
          static_cast<Segment>(b.at(4)),
          b.at(5),
          {b.begin() + 6, b.end()}};
}

inline std::vector<Difference> toy_differences(const Toy& sent, const Toy& came) {
  const std::string direction = sent.kind == Toy::request ? "request" : "reply";
  const unsigned hops = sent.hops + (sent.kind == Toy::request ? 1U : 0U);
  std::vector<Difference> all;
  const auto differs = [&](const std::string& field, unsigned expected, unsigned observed) {
    if (expected == observed) return;
    const int by = static_cast<int>(observed) - static_cast<int>(expected);
    all.push_back({field, fmt::format("{}", expected), fmt::format("{}", observed),
                   "rule-" + direction + "-" + field, fmt::format("{} {} {:+}", direction, field, by)});
  };
  differs("hops", hops, came.hops);
  differs("key", sent.key, came.key);
  if (sent.payload != came.payload) {
    all.push_back({"payload", fmt::format("{} octets", sent.payload.size()),
                   fmt::format("{} octets", came.payload.size()), "rule-" + direction + "-payload",
                   direction + " payload"});
  }
  return all;
}

inline const Toy& toy_of(const Sighting& s) { return *std::any_cast<Toy>(&s.packet); }

class ToyProtocol : public Protocol {
 public:
  std::size_t starts = 0, copies = 1;
  std::vector<Outgoing> barriers_answered;
  Bytes others;  ///< what frames begin with that are foreign; empty: none is

  void relay_starts(const RelaySettings&) override { ++starts; }

  bool is_foreign(const Frame& f) const override {
    return !others.empty() && f.bytes.size() >= others.size() &&
           std::equal(others.begin(), others.end(), f.bytes.begin());
  }

  std::optional<Sighting> read(const Frame& f) override {
    const Toy m = decode(f.bytes);
    if (m.kind == Toy::uninteresting || m.kind == Toy::who_has) return std::nullopt;
    Sighting s;
    if (m.kind == Toy::fragment) return read_fragment(m);
    s.of_protocol = m.kind != Toy::foreign;
    s.key = m.key;
    s.packet = m;
    return s;
  }

  std::vector<Answer> answer(const Frame& f) override {
    Toy m = decode(f.bytes);
    if (m.kind != Toy::who_has) return {};
    resolving_ = true;
    m.kind = Toy::i_have;
    return {{{f.segment, encode(m)}, "address"}};
  }
  bool is_resolving() const override { return resolving_; }
  std::string host_says() const override { return resolving_ ? "asks in vain" : ""; }
  void forget() override {
    resolving_ = false;
    parts_.clear();
  }
  std::size_t request_copies() const override { return copies; }

  Outgoing barrier_request(std::uint32_t number, Segment downlink, unsigned form) const override {
    return {downlink, encode({.key = static_cast<std::uint16_t>(first_barrier_key + number),
                              .hops = 3,
                              .downlink = downlink,
                              .form = static_cast<std::uint8_t>(form),
                              .payload = {7, 7}})};
  }
  std::string barrier_form_name(unsigned form) const override { return form == 0 ? "loud" : "quiet"; }

  std::optional<BarrierSight> barrier(const Sighting& s) const override {
    if (!s.whole() || !is_barrier(toy_of(s))) return std::nullopt;
    const Toy& m = toy_of(s);
    BarrierSight sight{.downlink = m.downlink};
    if (m.key != corrupted_key) sight.number = m.key - first_barrier_key;
    const bool on_uplink = s.segment == Segment::uplink;
    if (m.kind == Toy::reply)
      sight.half = on_uplink ? Half::stray : Half::reply;
    else
      sight.half = on_uplink ? Half::request : Half::stray;
    return sight;
  }
  Outgoing barrier_answer(const Outgoing& request, const Sighting&) override {
    Toy m = decode(request.frame);
    m.kind = Toy::reply;
    barriers_answered.push_back({Segment::uplink, encode(m)});
    return barriers_answered.back();
  }
  std::vector<Difference> barrier_differences(const Outgoing& sent, const Sighting& came) const override {
    return toy_differences(decode(sent.frame), toy_of(came));
  }

  std::string rule_against(const Sighting& s, bool sent_there) const override {
    const bool request = s.whole() && toy_of(s).kind == Toy::request;
    if (s.segment == Segment::uplink) return request ? "request-once" : "no-reply-to-servers";
    if (request) return sent_there ? "no-echo" : "no-leak";
    return sent_there ? "reply-once" : "reply-to-owner";
  }

  LostReply rule_for_lost_reply(Segment, const Outgoing& answer, bool comes_elsewhere) const override {
    if (comes_elsewhere) return {"deliver-here-too"};
    return {decode(answer.frame).form == 0 ? "deliver-loud" : "deliver-quiet"};
  }

  bool are_alike(const Sighting& a, const Sighting& b) const override {
    return a.whole() && b.whole() && a.segment == b.segment && toy_of(a) == toy_of(b);
  }
  std::string summary(const Sighting& s) const override { return fmt::format("message {}", toy_of(s).key); }
  std::string addressed(const Sighting& s) const override { return fmt::format("form {}", toy_of(s).form); }

 private:
  std::optional<Sighting> read_fragment(const Toy& m) {
    auto& parts = parts_[m.key];
    parts.push_back(m.payload);
    Sighting s;
    s.fragments_of = m.key;
    if (parts.size() == m.hops) {
      Bytes whole;
      for (const Bytes& part : parts) whole.insert(whole.end(), part.begin(), part.end());
      const Toy message = decode(whole);
      s.key = message.key;
      s.packet = message;
    }
    return s;
  }

  bool resolving_ = false;
  std::map<std::uint16_t, std::vector<Bytes>> parts_;
};

/// A message as it comes out of the relay.
struct Emission {
  Toy message;
  Segment segment = Segment::uplink;
  Clock::duration in = 1us;
};
using Emissions = std::vector<Emission>;

/// A relay that does what it has to, unless its fault changes what is about to come out.
class ToyRelay {
 public:
  explicit ToyRelay(FakeLink& link) : link_(link) {}

  /// Gets what is right to come out for each message that the relay hears.
  std::function<void(Emissions&)> fault;
  /// For each message heard: true ends the relay's process.
  std::function<bool(const Toy&)> dies_of;
  bool running = false, holds = false;
  std::optional<std::string> end;

  void hear(const Outgoing& in) {
    Toy m = decode(in.frame);
    if (!running || end) return;
    if (dies_of && dies_of(m)) return die("was killed by SIGSEGV");
    Emissions out;
    if (m.kind == Toy::request && in.segment != Segment::uplink) {
      ++m.hops;
      out.push_back({m, Segment::uplink});
    } else if (m.kind == Toy::reply && in.segment == Segment::uplink) {
      out.push_back({m, m.downlink});
    }
    if (fault) fault(out);
    held_.insert(held_.end(), out.begin(), out.end());
    if (!holds) release();
  }
  /// Puts out what it has held.
  void release() {
    for (const Emission& e : std::exchange(held_, {}))
      link_.put_from_relay(e.segment, encode(e.message), e.in);
  }
  void die(const std::string& how) {
    end = how;
    link_.wake_in({});
  }

 private:
  FakeLink& link_;
  Emissions held_;
};

class FakeDevice : public Device {
 public:
  FakeDevice() {
    wire.relay = [this](const Outgoing& out) { relay.hear(out); };
  }
  const std::string& name() const override { return name_; }
  Link& link() override { return wire; }
  void start(const RelaySettings& settings) override {
    starts.push_back(settings);
    relay.running = true;
    relay.end.reset();
    wire.wake_never();
    if (on_start) on_start(settings);
  }
  void start_ahead(const RelaySettings& settings) override { ahead.push_back(settings); }
  void stop() override {
    if (relay.running) ++stops;
    relay.running = false;
  }
  bool started() const override { return relay.running; }
  std::optional<std::string> ended() override { return relay.end; }
  int wake_fd() const override { return 3; }
  std::string output() override { return printed; }
  std::optional<Holdings> holdings() const override { return std::nullopt; }
  std::optional<std::vector<std::string>> sockets() const override {
    return look_at_sockets ? look_at_sockets() : std::nullopt;
  }
  void flush_neighbours() override { ++flushes; }
  bool shares_links() const override { return others_send; }

  FakeLink wire;
  ToyRelay relay{wire};
  std::function<void(const RelaySettings&)> on_start;
  std::function<std::optional<std::vector<std::string>>()> look_at_sockets;
  std::vector<RelaySettings> starts, ahead;
  std::size_t stops = 0, flushes = 0;
  bool others_send = false;  ///< on the links
  std::string printed;

 private:
  std::string name_ = "toy";
};

// Faults.
using Of = std::function<bool(const Toy&)>;  ///< which messages
inline bool is_request(const Toy& m) { return m.kind == Toy::request; }
inline bool is_reply(const Toy& m) { return m.kind == Toy::reply; }
inline bool is_of_case(const Toy& m) { return !is_barrier(m); }

inline auto losing(const Of& of) {
  return [of](Emissions& out) { std::erase_if(out, [&](const Emission& e) { return of(e.message); }); };
}
inline auto corrupting(const Of& of, const std::function<void(Toy&)>& how) {
  return [of, how](Emissions& out) {
    for (Emission& e : out) {
      if (of(e.message)) how(e.message);
    }
  };
}
inline auto doubling(const Of& of) {
  return [of](Emissions& out) {
    if (!out.empty() && of(out[0].message)) out.push_back(out[0]);
  };
}
inline auto delaying(const Of& of, Clock::duration by) {
  return [of, by](Emissions& out) {
    for (Emission& e : out) {
      if (of(e.message)) e.in += by;
    }
  };
}
/// What is put out in another place, or in addition there.
inline auto misplacing(const Of& of, Segment segment) {
  return [of, segment](Emissions& out) {
    for (Emission& e : out) {
      if (of(e.message)) e.segment = segment;
    }
  };
}
inline auto leaking(const Of& of, Segment segment) {
  return [of, segment](Emissions& out) {
    if (!out.empty() && of(out[0].message)) out.push_back({out[0].message, segment, out[0].in});
  };
}

}  // namespace relayspec::fake
