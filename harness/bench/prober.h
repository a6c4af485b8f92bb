// Probes: plain exchanges that any working relay lets through. They show when a relay is ready, and, sent
// behind a packet that must not be relayed, they prove that the relay had its chance and stayed silent.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/bench/traffic.h"
#include "harness/dhcp4/compare.h"
#include "relayspec/harness/dialect.h"
#include "relayspec/harness/settings.h"

namespace relayspec {

/// How far a probe got.
struct Exchange {
  Segment downlink = Segment::downlink0;
  bool up = false;    ///< the DISCOVER came out towards a server
  bool down = false;  ///< the OFFER came out on the downlink
  Ipv4 giaddr;        ///< of the OFFER
};

enum class Fence : std::uint8_t { passed, silent, dead };

class Prober {
 public:
  explicit Prober(Traffic&);

  /// The relay has just been started with this configuration: forgets what was learnt of its predecessor.
  void relay_started(const RelaySettings&, Dialect, const std::array<Ipv4, 2>& proxy_ids);  ///< by downlink

  /// Sends a DISCOVER; what becomes of it is found in `exchange` as the traffic is pumped.
  std::uint32_t send(Segment downlink);
  const Exchange& exchange(std::uint32_t xid) const { return exchanges_.at(xid); }

  /// Sends probes until one has come through as far as probes do from this downlink. `wake`: the relay's end.
  Fence fence(Segment downlink, int wake);

  /// The relay has been seen to relay in this direction, to or from this downlink, since it was started.
  bool works(Segment downlink, Direction) const;

  /// Signatures of the differences that the first exchanges showed: the relay's habits.
  const std::set<std::string>& habits() const { return habits_; }

  /// What later exchanges showed that was no habit; whoever reads them forgets them.
  std::vector<Difference> changes;
  /// What the first exchange after the start showed and the next one did not.
  std::vector<Difference> outgrown;

  std::vector<Ipv4> further_addresses;  ///< of the relay, besides those of the plan

 private:
  std::optional<std::uint32_t> probe_in(const Bytes& message) const;
  bool intercept(Segment, const Datagram&, Frame&);
  void answer(std::uint32_t xid, Exchange&, const Datagram& request);
  using Way = std::pair<Segment, Direction>;  ///< to or from that downlink
  void learn(const Way&, const Expected&, const Datagram&);

  Traffic& traffic_;
  Clock::duration patience_;  ///< how long a fence waits for its probe
  RelaySettings config_;
  Dialect dialect_ = Dialect::rfc;
  std::array<Ipv4, 2> proxy_ids_;
  std::map<std::uint32_t, Exchange> exchanges_;
  std::array<std::uint32_t, 2> latest_{};  ///< the last probe's xid, by downlink
  std::set<Way> working_;
  std::map<Way, std::vector<Difference>> of_first_;  ///< exchange, until the next
  std::set<std::string> habits_;
  std::uint32_t sent_ = 0;
};

}  // namespace relayspec
