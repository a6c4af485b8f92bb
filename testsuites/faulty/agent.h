// SPDX-License-Identifier: Apache-2.0
// What the relay does with a message: towards the servers in upwards.cc, towards the clients in downwards.cc;
// option 82 in option82.cc, what is in it in suboptions.cc.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <tuple>

#include "testsuites/faulty/corrupt.h"
#include "testsuites/faulty/host.h"
#include "testsuites/faulty/narrow.h"
#include "testsuites/faulty/suboptions.h"
#include "testsuites/faulty/successive.h"
#include "testsuites/faulty/wire.h"

namespace relayspec::faulty {

inline constexpr std::size_t bootp_size = 300, most_remembered = 1024;

using Clock = std::chrono::steady_clock;

/// The last ones that were put in: what the relay remembers takes no more memory with time.
template <class Value>
class Recent {
 public:
  bool contains(const Value& v) const { return std::find(all_.begin(), end(), v) != end(); }
  bool is_full() const { return size_ == all_.size(); }
  /// Whether it is a new one.
  bool insert(const Value& v) {
    if (contains(v)) return false;
    all_[next_] = v;
    next_ = (next_ + 1) % all_.size();
    size_ = std::min(size_ + 1, all_.size());
    return true;
  }

 private:
  auto end() const { return all_.begin() + static_cast<std::ptrdiff_t>(size_); }
  std::array<Value, 512> all_{};
  std::size_t next_ = 0, size_ = 0;
};

class Agent {
 public:
  explicit Agent(Settings& s) : s_(s) {}

  void from_client(Received, std::size_t downlink);
  void from_server(Received);
  /// Nothing has come for a while.
  void rests();
  /// Reads the host's addresses again.
  void host_changes(const Changes&);

 private:
  struct Transaction {
    std::size_t downlink = 0;
    std::uint32_t xid = 0;
    Mac mac{};
    bool operator==(const Transaction&) const = default;
    bool operator<(const Transaction& b) const {
      return std::tie(downlink, xid, mac) < std::tie(b.downlink, b.xid, b.mac);
    }
  };
  /// Where a request came from, and whether it was sent to the relay alone.
  struct Origin {
    std::size_t downlink = 0;
    Address sender = 0;
    bool unicast = false, link_unicast = false;
    bool summed = true;  ///< had a UDP checksum
    int ttl = 64;
    Address to = 0;
  };
  /// What becomes of a request, as to option 82: the relay's own goes to the end, or the request as it is.
  enum class Plan : std::uint8_t { drop, keep, add, replace };

  class WrongSubOptions;

  bool wrong(std::string_view fault) const { return s_.wrong(fault); }
  bool refuses(const Bytes&, bool request);
  bool declines(const Bytes&, bool request) const;
  bool too_soon(const Bytes&) const;
  bool misbehaves_on(const Bytes&) const;
  bool loops_for_ever() const;
  bool claims_this_relay(Address giaddr, std::size_t downlink) const;
  Address giaddr_for(std::size_t downlink) const;
  /// The giaddr of requests from everywhere; 0: each downlink has its own.
  Address shared_giaddr() const;
  bool remembers() const;
  bool corrupted_as_it_came(Bytes&, Way, const Sight&) const;
  /// Whether a message is dropped for the one before it; or it is changed.
  bool suffers_from_the_one_before(Bytes&, Way);
  void note_sender(const Received&);
  void redirect(Downward&, const Bytes&) const;
  std::optional<Plan> wrong_plan_for(const Bytes&, std::size_t downlink) const;
  bool confused_by(const Bytes&, const Origin&);
  void relay_up(Bytes, const Origin&);
  /// Whether the relay has nothing to do with this request, by its giaddr.
  bool is_not_ours(const Bytes&, std::size_t downlink) const;
  void raise_hops(Bytes&) const;
  void fill_in_giaddr(Bytes&, const Origin&) const;
  /// Takes out option 82, or changes it, as the plan and the faults have it.
  void handle_their_option82(Bytes&, Plan, bool fresh) const;
  std::uint16_t source_port_for(bool option82_added) const;
  void remember(const Bytes&, const Transaction&);
  void rebroadcast(const Bytes& as_it_came, std::size_t downlink) const;
  void restore_server(Bytes&, std::size_t copy, const Origin&);
  Mac client_of(const Bytes&) const;
  void learn_server(const Bytes&, Address server);
  void forget_servers_of(const Bytes&);
  std::optional<Address> server_of_one_alike(const Bytes&) const;
  bool is_left_out(const Bytes&, std::size_t copy) const;
  void send_copies(const Bytes&, const Origin&, std::uint16_t sport);
  void corrupt(Bytes&, Way) const;

  bool carries_agent_information(const Bytes&) const;
  Plan plan_for(const Bytes&, std::size_t downlink) const;
  bool add_option82(Bytes&, const Bytes& data) const;
  std::size_t room() const;
  void strip_option82(Bytes&, std::size_t downlink) const;
  /// What the relay says in option 82 on a downlink, in every form in which it may come back.
  std::vector<Bytes> own_echoes(std::size_t downlink) const;
  bool is_own_echo(const Bytes&, std::size_t downlink) const;
  /// Of the joined content what stands in front of the relay's own; nothing where the relay's is not there.
  std::optional<Bytes> octets_of_others(const Bytes&, std::size_t downlink) const;
  std::vector<SubOption> own_suboptions(const Bytes& message, const Origin&) const;
  void make_suboptions_wrong(std::vector<SubOption>&, const Bytes& message, const Origin&) const;
  void remember_said(const Bytes& data);
  void suffers(const Bytes& echo, std::size_t downlink) const;
  bool names(const Bytes& echo, std::size_t downlink) const;
  bool vpn_fits(const Bytes& echo) const;

  void relay_down(Bytes, Address sender);
  std::optional<std::size_t> downlink_of(const Bytes&) const;
  bool trusts_xid_beside(Address giaddr) const;
  void rewrite_server(Bytes&, std::size_t downlink, Address sender);
  void deliver(const Bytes&, std::size_t downlink, Address sender);
  void deliver_everywhere(const Bytes&, Address sender);

  Settings& s_;
  std::mutex mutex_;  ///< variant two-threads
  std::set<Transaction> transactions_, former_transactions_;
  Transaction last_;
  Mac frame_sender_{};  ///< of the last request, where frames are read
  std::uint16_t last_flags_ = 0;
  bool last_reboots_ = false;  ///< the last request was a client's that comes back with its address
  std::optional<std::size_t> first_downlink_;
  std::set<std::size_t> known_downlinks_;  ///< that a request has come from
  Recent<std::uint32_t> answered_;
  std::vector<std::pair<Address, std::size_t>> former_giaddrs_;
  std::vector<Bytes> leaked_;
  std::set<Bytes> said_;  ///< what it has put into option 82
  Bytes before_;          ///< what a buffer holds that every message is read into
  std::map<std::uint32_t, std::pair<Address, std::uint16_t>> came_from_;  ///< requests, by xid
  std::map<std::uint32_t, std::size_t> downlink_by_xid_;
  std::map<std::pair<Mac, Address>, Address>
      offered_by_;  ///< by client and address; address 0: the client's last offer
  std::map<std::pair<Mac, Address>, std::uint32_t> first_xid_;  ///< of the first offer of a lease
  std::map<Mac, Address> first_offer_by_, refused_by_;
  std::map<Mac, std::pair<Bytes, Address>> last_reply_to_;  ///< its fields up to chaddr, and its server
  Address last_offerer_ = 0;
  std::size_t turn_ = 0, relayed_ = 0, dropped_ = 0, second_copies_ = 0;
  bool refused_ = false, any_reply_ = false;
  Address reply_came_to_ = 0;
  Recent<std::uint32_t> offered_xids_;
  Recent<std::uint32_t> heard_xids_;  ///< of DISCOVERs, whatever became of them
  Recent<std::uint32_t> seen_xids_, renewing_xids_;
  Recent<Mac> seen_clients_;
  std::set<Mac> released_, declined_;  ///< clients that have not asked again since
  bool stopped_ = false;
  std::deque<std::pair<Bytes, Origin>> late_;  ///< requests that a fault holds back
  std::function<void()> at_rest_;              ///< what a fault makes it do then
  std::function<void()> last_request_;         ///< sends it again
  std::size_t since_late_ = 0;                 ///< requests that have come behind them
};

Mac mac_in(const Bytes&);
[[noreturn]] void hang();

}  // namespace relayspec::faulty
