// Sends stimuli to a relay and tells what has come of each.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/dhcp4/protocol.h"
#include "harness/engine/session.h"
#include "harness/live/stimulus.h"

namespace relayspec::live {

/// What a relay made of one stimulus.
struct Answer {
  Segment segment = Segment::downlink0;
  Bytes sent;            ///< the frame
  dhcp4::Memory memory;  ///< what had gone before
  Bytes buffer;          ///< of earlier messages of this direction, one read over the other
  std::vector<Sighting> out;
  std::string ended;          ///< why the relay no longer relays; empty: it does
  std::vector<Frame> frames;  ///< all sides, without barriers; where the stimulus was sent alone
};

/// A stimulus and its number, by which its client is told from others.
struct Numbered {
  std::uint64_t number = 0;
  Stimulus stimulus;
};

class Prober {
 public:
  /// `world` is of the settings that the relay is started with.
  Prober(Device&, dhcp4::World world, std::chrono::milliseconds start_timeout);

  /// Starts the relay, unless it runs. Throws StartError.
  void start();

  /// An answer for each, in order. What comes out and says nothing of its stimulus is told by sending each of
  /// them alone. Throws StartError where the relay ends and does not come back.
  std::vector<Answer> probe(std::span<const Numbered>);
  Answer probe(const Numbered&);

  const dhcp4::Model& model() const { return model_; }
  dhcp4::Protocol4& protocol() { return protocol_; }
  const Quirks& quirks() const { return session_.quirks(); }

 private:
  struct Sent {
    Sender sender;
    Answer answer;
    Bytes asked = {};  ///< the request that it answers, as the server has got it
  };
  std::vector<Sent> send(std::span<const Numbered>);
  void ask(std::span<const Numbered>, std::vector<Sent>&);
  void note_asked(std::vector<Sent>&);
  std::optional<std::string> settle(std::span<const Numbered>);
  bool attribute(std::vector<Sent>&);

  Device& device_;
  RelaySettings settings_;
  Bytes buffers_[2];  ///< of requests and of replies
  dhcp4::Model model_;
  dhcp4::Protocol4 protocol_;
  Session session_;
};

}  // namespace relayspec::live
