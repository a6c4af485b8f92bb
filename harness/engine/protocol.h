// SPDX-License-Identifier: Apache-2.0
// What the engine has to know of the protocol under test. Everything else about a message (its fields, its
// addresses, what a relay has to do with it) stays behind this interface.
#pragma once

#include <any>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "relayspec/harness/link.h"
#include "relayspec/harness/settings.h"

namespace relayspec {

/// A difference between what was expected of a message and what came.
struct Difference {
  std::string field;     ///< "hops", "option 54 (Server Identifier)", "destination"
  std::string expected;  ///< in words, addresses with their part in the topology
  std::string observed;
  std::string requirement;  ///< id of the rule that says so
  /// What stays the same when the same fault shows again with other values: "request hops +0".
  std::string kind;
};

/// A message of the protocol, or something that may be a part of one, that the relay put on a segment.
struct Sighting {
  std::size_t frame = 0;  ///< place in the record
  Segment segment = Segment::uplink;
  std::optional<std::uint32_t> key;  ///< what a request and its reply have in common; unset where unreadable
  bool of_protocol = true;           ///< else it counts only where everything does
  std::any packet;                   ///< as the protocol has read it; empty for a part of a message
  /// The datagram that this is a fragment of, or that has been put together from fragments.
  std::optional<std::uint64_t> fragments_of;
  bool claimed = false;  ///< an expectation has taken it

  bool whole() const { return packet.has_value(); }
};

class Protocol {
 public:
  Protocol() = default;
  Protocol(const Protocol&) = delete;
  Protocol& operator=(const Protocol&) = delete;
  virtual ~Protocol() = default;

  /// The relay is started again with these settings; nothing of its predecessor holds.
  virtual void relay_starts(const RelaySettings&) = 0;

  /// A frame that is neither the relay's nor brought about by the harness, on a link that others share: it
  /// says nothing of the relay.
  virtual bool is_foreign(const Frame&) const { return false; }
  /// What a frame of the relay is; nothing: of no interest at any time. `frame` and `segment` of the sighting
  /// are set by the caller.
  virtual std::optional<Sighting> read(const Frame&) = 0;

  struct Answer {
    Outgoing out;
    std::string comment;  ///< for the record
  };
  /// What the hosts that the harness plays answer to a frame of the relay (address resolution).
  virtual std::vector<Answer> answer(const Frame&) = 0;
  /// Whether the relay has asked since the last forget() for an address that no host has: what waits for the
  /// answer is overtaken.
  virtual bool is_resolving() const = 0;
  /// What the relay's host has told since the last forget() of messages that go nowhere: an error that it has
  /// sent, an address that nobody answers for. "says by ICMP …"; empty: nothing.
  virtual std::string host_says() const = 0;
  /// Forgets fragments, resolutions and all hosts but those that are always there.
  virtual void forget() = 0;

  /// Of every request at most so many copies are due.
  virtual std::size_t request_copies() const = 0;

  /// The plain exchange that any working relay lets through. `number` tells one from the other. Forms differ
  /// in how the reply is to be delivered; form 0 works wherever any does.
  virtual Outgoing barrier_request(std::uint32_t number, Segment downlink, unsigned form) const = 0;
  static constexpr unsigned barrier_forms = 2;
  virtual std::string barrier_form_name(unsigned form) const = 0;

  enum class Half : std::uint8_t { request, reply, stray };
  struct BarrierSight {
    std::optional<std::uint32_t>
        number;  ///< unset: corrupted beyond recognition, of the latest from `downlink`
    Segment downlink = Segment::downlink0;
    Half half = Half::request;  ///< stray: it came out on the wrong side
  };
  /// Whether a sighting belongs to such an exchange, in whatever state it has come out.
  virtual std::optional<BarrierSight> barrier(const Sighting&) const = 0;
  /// What a server answers to the request as it came out.
  virtual Outgoing barrier_answer(const Outgoing& request, const Sighting& relayed) = 0;
  /// How what came differs from what has to come of `sent`.
  virtual std::vector<Difference> barrier_differences(const Outgoing& sent, const Sighting& came) const = 0;

  /// The rule that a sighting breaks which nothing asks for. `sent_there`: a request was sent on that
  /// segment.
  virtual std::string rule_against(const Sighting&, bool sent_there) const = 0;

  struct LostReply {
    std::string rule;
    bool allowed = false;  ///< the rule leaves it to the relay
  };
  /// The rule that a barrier's answer breaks by not coming out. `comes_elsewhere`: under other settings such
  /// an answer has come out there, so that these settings have to do with it.
  virtual LostReply rule_for_lost_reply(Segment downlink, const Outgoing& answer,
                                        bool comes_elsewhere) const = 0;

  /// The same message on the same way: what is left when one is put out twice.
  virtual bool are_alike(const Sighting&, const Sighting&) const = 0;

  /// One line for people; the second one with the addresses that it goes by.
  virtual std::string summary(const Sighting&) const = 0;
  virtual std::string addressed(const Sighting&) const = 0;
};

}  // namespace relayspec
