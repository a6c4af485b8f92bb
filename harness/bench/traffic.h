// What goes over the lab's links during a case: frames sent for its hosts, what the relay put out, and the
// ARP that the hosts answer.
#pragma once

#include <tins/ip_reassembler.h>

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "relayspec/harness/lab.h"

namespace relayspec {

using Clock = std::chrono::steady_clock;

/// A DHCP datagram, or something that may be a part of one, that the relay put on a link.
struct Emission {
  std::size_t frame;  ///< index in the record
  Segment segment;
  std::optional<Datagram> datagram;  ///< unset: a fragment, or lengths that contradict one another
  std::optional<std::uint32_t> xid;  ///< of the message in it
  bool claimed = false;              ///< an expectation has taken it
};

/// The relay puts out frames without end.
struct Flood {};

class Traffic {
 public:
  explicit Traffic(Lab& lab) : lab_(lab) {}

  /// Puts a frame on the wire; `comment` goes to it in the record.
  void inject(Segment, Bytes frame, std::string comment);

  /// Takes in whatever comes, at the latest until the deadline; false if nothing came. Throws Flood.
  bool pump(Clock::time_point deadline, int wake = -1);

  /// Called for every datagram of the relay before it becomes an emission; true: it was somebody else's
  /// business.
  std::function<bool(Segment, const Datagram&, Frame&)> intercept;

  /// A host that answers ARP on a segment.
  void add_host(Segment, Ipv4, const Mac&);
  /// The relay has asked for an address on a segment since the record was cleared.
  bool asked_for(Segment, Ipv4) const;
  /// Or for any.
  bool has_asked() const { return !asked_.empty(); }

  /// And has answered for one since then.
  bool answered_for(Segment, Ipv4) const;

  /// Takes in and forgets all that a relay that has ended left on the links.
  void discard();

  /// Forgets record, emissions and all hosts but the servers.
  void clear();

  bool everything_counts = false;  ///< emissions are all that the relay says but ARP, not DHCP alone

  std::vector<Frame> record;  ///< all sides, in order
  std::vector<Emission> emissions;

 private:
  bool take_in_fragment(const Bytes& frame, Segment);
  void put_out(Segment, const std::optional<Datagram>&);
  std::vector<Frame> receive(Clock::time_point deadline, int wake);
  void take_in(Frame);
  void answer_arp(const Frame&);

  Lab& lab_;
  std::map<std::pair<Segment, Ipv4>, Mac> hosts_;
  std::vector<std::pair<Segment, Ipv4>> asked_, answered_;
  std::deque<std::pair<Bytes, std::string>>
      comments_[segment_count];  ///< of frames that have not come back yet
  Tins::IPv4Reassembler reassemblers_[segment_count];
  std::size_t from_relay_ = 0;
};

}  // namespace relayspec
