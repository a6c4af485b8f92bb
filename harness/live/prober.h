// SPDX-License-Identifier: Apache-2.0
// Sends stimuli to a relay and tells what has come of each.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "harness/dhcp4/protocol.h"
#include "harness/engine/session.h"
#include "harness/live/standstill.h"
#include "harness/live/stimulus.h"

namespace relayspec::live {

/// What a relay made of one stimulus.
struct Answer {
  Segment segment = Segment::downlink0;
  Bytes sent = {};            ///< the frame
  dhcp4::Memory memory = {};  ///< what had gone before
  Bytes buffer = {};          ///< of earlier messages of this direction, one read over the other
  std::vector<Sighting> out = {};
  std::vector<Difference> plain = {};  ///< of the plain exchange behind it, which was right before
  std::vector<Sighting> at_rest = {};  ///< while nothing was sent behind it, where that was looked at
  enum class End : std::uint8_t { none, died, hangs, silent, floods } end = End::none;
  std::string ended = {};                 ///< why the relay no longer relays; empty: it does
  std::vector<Frame> frames = {};         ///< all sides, without barriers; where the stimulus was sent alone
  std::optional<Segment> link_down = {};  ///< meanwhile, so that nothing has to come out
};

/// A stimulus and its number, by which its client is told from others.
struct Numbered {
  std::uint64_t number = 0;
  Stimulus stimulus;
};

/// A frame as a client or a server sends it.
struct Packet {
  Segment segment = Segment::downlink0;
  Bytes frame;
  bool echoes = false;   ///< a reply whose option 82 is what the server has got, whatever this relay puts in
  bool at_once = false;  ///< the next one comes right behind it, without a barrier in between
  std::optional<Segment> link_down = {};  ///< meanwhile
};
/// Says so in a capture.
inline constexpr const char* comment_at_once = "the next one comes at once";
/// What the comments of a frame that was sent say of the way in which it was.
Packet packet_of(const Frame&);

/// What a buffer holds when a message has been read over what was in it.
void read_over(Bytes& buffer, std::span<const std::uint8_t> message);
std::vector<Frame> without_barriers(std::vector<Frame> record);
bool is_arp(const Bytes& frame);

class Prober {
 public:
  /// `world` is of the settings that the relay is started with.
  Prober(Device&, dhcp4::World world, std::chrono::milliseconds start_timeout);

  /// Starts the relay, unless it runs. Throws StartError.
  void start();
  /// Ends it; the next stimulus finds it fresh.
  void stop();

  /// An answer for each, in order. What comes out and says nothing of its stimulus is told by sending each of
  /// them alone. Throws StartError where the relay ends and does not come back.
  std::vector<Answer> probe(std::span<const Numbered>);
  Answer probe(const Numbered&);
  /// All sides of several that are sent at once, without barriers.
  std::vector<Frame> frames_at_once(std::span<const Numbered>);
  /// The same with frames, one after the other. What servers know of a request they know for all of them.
  std::vector<Answer> play(std::span<const Packet>);
  /// The same without a look at the relay at rest behind them.
  std::vector<Answer> play_on(std::span<const Packet>);
  /// What comes out while nothing is sent.
  std::vector<Sighting> listen();

  /// Something came out that belongs to a stimulus which had been answered before.
  struct Late {
    std::uint64_t number = 0;
    Sighting sighting;
  };
  /// Since the last call.
  std::vector<Late> take_late() { return std::exchange(late_, {}); }
  /// How the relay ended under the last stimuli, though none of them alone ended it.
  const Answer& end_of_all() const { return end_of_all_; }

  Device& device() { return device_; }
  Session& session() { return session_; }
  const dhcp4::Model& model() const { return model_; }
  dhcp4::Protocol4& protocol() { return protocol_; }
  const Quirks& quirks() const { return session_.quirks(); }

 private:
  struct Sent {
    Sender sender;
    Answer answer;
    Bytes asked = {};  ///< the request that it answers, as the server has got it
  };
  std::vector<Sent> send(std::span<const Numbered>, bool describes);
  void ask(std::span<const Numbered>, std::vector<Sent>&);
  void note_asked(std::vector<Sent>&);
  void offer(const Numbered&, Sent&);
  void inject(Answer&, std::string comment);
  void refuse(const Answer&);
  void settle(std::span<const Numbered>, Answer&);
  void settle(std::span<const Segment> downlinks, Answer&);
  static bool is_question(const Sighting&, const Sent&);
  bool attribute(std::vector<Sent>&);
  bool is_late(const Sighting&);
  void remember(const std::vector<Sent>&, std::span<const Numbered>);
  Answer::End end_of_relay() const;
  void forget_neighbours();
  void forget_traffic();
  Answer play(const Packet&, dhcp4::Memory&);
  std::vector<Answer> play_at_once(std::span<const Packet>, dhcp4::Memory&);
  std::vector<Segment> downlinks() const;
  void note_received(std::span<const Sighting>, dhcp4::Memory&);
  std::vector<Answer> play_all(std::span<const Packet>);
  void note_packet(const Packet&, Answer&, dhcp4::Memory&);

  Device& device_;
  RelaySettings settings_;
  Bytes buffers_[2];  ///< of requests and of replies
  dhcp4::Model model_;
  dhcp4::Protocol4 protocol_;
  Session session_;
  Standstill standstill_;
  bool neighbours_known_ = true;  ///< the relay's host may have learnt a client's link address
  std::map<std::uint32_t, std::uint64_t> recent_;  ///< numbers, by key
  std::deque<std::uint32_t> recent_keys_;
  std::vector<Late> late_;
  Answer end_of_all_;
};

}  // namespace relayspec::live
