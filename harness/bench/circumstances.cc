// What happens to the relay from outside: links that go down, addresses that change, a restart. Everything is
// put back when the case is over.
#include <fmt/format.h>
#include <tins/tins.h>

#include <algorithm>

#include "harness/bench/case_run.h"
#include "relayspec/harness/bench.h"

namespace relayspec {

bool CaseRun::is_relays(Ipv4 a) const {
  const bool of_plan = std::any_of(std::begin(all_segments), std::end(all_segments),
                                   [&](Segment s) { return a == relay_address(s); });
  if (of_plan || !session_) return of_plan;
  const auto& further = session_->prober().further_addresses;
  return std::find(further.begin(), further.end(), a) != further.end();
}

void CaseRun::change_lab(const std::function<void(Session&)>& change,
                         const std::function<void(Session&)>& back) {
  if (!session_) return;
  if (ways_back_.empty() && !begun_) session_->stop_relay();
  try {
    change(*session_);
  } catch (const LabError& problem) {
    error = problem.what();
    throw EndOfStory{};
  }
  ways_back_.push_back(back);
}

void CaseRun::restart(const std::function<void()>& amid) {
  auto& traffic = session_->traffic();
  session_->stop_relay();
  const auto before = std::move(traffic.record);
  try {
    session_->prepare(config, amid);
  } catch (const StartError& e) {
    if (!amid) {
      error = e.what();
    } else {
      find({.verdict = severity(headline()),
            .requirement = headline(),
            .reason = "the relay does not get ready while messages come",
            .expected = "a relay that is ready as without them",
            .observed = e.what(),
            .by = Finding::By::end});
    }
    throw EndOfStory{};
  }
  traffic.record.insert(traffic.record.begin(), before.begin(), before.end());
  for (Emission& e : traffic.emissions) e.frame += before.size();
}

void CaseRun::restore_lab() {
  if (ways_back_.empty()) return;
  session_->stop_relay();
  session_->down.clear();
  for (; !ways_back_.empty(); ways_back_.pop_back()) {
    try {
      ways_back_.back()(*session_);
    } catch (const LabError& problem) {
      error = problem.what();
    }
  }
}

void Case::link_goes_down(Segment s) {
  run_->step([&] { return fmt::format("{} goes down", interface_name(s)); });
  run_->change_lab(
      [s](Session& session) {
        session.lab().set_link(s, false);
        session.down.insert(s);
      },
      [s](Session& session) {
        session.lab().set_link(s, true);
        session.down.erase(s);
      });
}

void Case::link_comes_up(Segment s) {
  run_->step([&] { return fmt::format("{} comes up", interface_name(s)); });
  run_->change_lab(
      [s](Session& session) {
        session.lab().set_link(s, true);
        session.down.erase(s);
      },
      [](Session&) {});
}

void Case::address_is_added(Segment s, Ipv4 a) {
  run_->step(
      [&] { return fmt::format("the relay gets the address {} on {}", a.to_string(), interface_name(s)); });
  const auto add = [s, a](Session& session) {
    session.lab().add_address(s, a);
    session.down.erase(s);
    auto& further = session.prober().further_addresses;
    if (a != relay_address(s)) further.push_back(a);
  };
  run_->change_lab(add, [s, a](Session& session) {
    session.lab().remove_address(s, a);
    std::erase(session.prober().further_addresses, a);
  });
}

void Case::address_is_removed(Segment s, Ipv4 a) {
  run_->step(
      [&] { return fmt::format("the relay loses the address {} on {}", a.to_string(), interface_name(s)); });
  run_->change_lab(
      [s, a](Session& session) {
        session.lab().remove_address(s, a);
        session.down.insert(s);  // until it has another one
        std::erase(session.prober().further_addresses, a);
      },
      [s, a](Session& session) {
        session.lab().add_address(s, a);
        session.down.erase(s);
      });
}

bool Case::relays_again(Segment downlink, std::string_view requirement) {
  run_->begin();
  run_->step(
      [&] { return fmt::format("the relay relays for {} again within 5 s", interface_name(downlink)); });
  if (!live()) return true;
  if (Session::current->await(downlink, std::chrono::seconds(5))) return true;
  deviates(requirement, fmt::format("nothing is relayed for {} any more", interface_name(downlink)),
           "a relay that goes on once the trouble is over", "silence for 5 s");
  Session::current->down.insert(downlink);  // that it relays nothing there has been said
  return false;
}

void Client::finds(Ipv4 address, std::string_view requirement) const {
  auto& run = *story_->run_;
  run.begin();
  run.step([&] {
    return fmt::format("client on {} asks by ARP for {} and is answered", interface_name(downlink_),
                       address.to_string());
  });
  if (!run.live()) return;
  auto& traffic = Session::current->traffic();
  traffic.inject(downlink_, Tins::ARP::make_arp_request(address, lease_, mac_).serialize(),
                 "client asks by ARP");
  run.touched.insert(downlink_);
  run.settle();
  if (traffic.answered_for(downlink_, address)) return;
  story_->deviates(requirement,
                   fmt::format("nobody has {} on {}", address.to_string(), interface_name(downlink_)),
                   "an ARP answer", "none");
}

void Server::refuses(const Arrival& copy) const {
  auto& run = *story_->run_;
  run.begin();
  run.step([&] { return fmt::format("server {} answers by ICMP that nobody listens there", number_ + 1); });
  if (!run.live()) return;
  auto& traffic = Session::current->traffic();
  // RFC 792: the IP header and the first eight octets of what could not be delivered.
  const Bytes& frame = traffic.record.at(copy.frame).bytes;
  Tins::ICMP icmp(Tins::ICMP::DEST_UNREACHABLE);
  icmp.code(3);
  Tins::EthernetII eth = Tins::EthernetII(relay_mac(Segment::uplink), server_mac(number_)) /
                         Tins::IP(copy.datagram.ip_src, address()) / icmp /
                         Tins::RawPDU(frame.data() + 14, 28);
  traffic.inject(Segment::uplink, eth.serialize(), "ICMP port unreachable");
}

std::vector<Arrival> Case::comes_out(Segment s, const Message& about) {
  run_->step([&] { return fmt::format("whatever comes out on {} is looked at", interface_name(s)); });
  return run_->take(s, about.xid.value_or(0));
}

void Case::everything_counts() {
  run_->begin();
  if (live()) Session::current->traffic().everything_counts = true;
}

std::optional<RelayProcess::Holdings> Case::holdings() {
  run_->begin();
  run_->step("what the relay holds of memory and descriptors is noted");
  return live() ? Session::current->holdings() : std::nullopt;
}

}  // namespace relayspec
