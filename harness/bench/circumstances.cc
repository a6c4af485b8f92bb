// SPDX-License-Identifier: Apache-2.0
// What happens to the relay from outside: links that go down, addresses that change, a restart. Everything is
// put back when the case is over.
#include <fmt/format.h>
#include <tins/tins.h>

#include <algorithm>

#include "harness/bench/case_run.h"
#include "harness/icmp.h"
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

void forget(dhcp4::World& world, Ipv4 a) {
  std::erase_if(world.further_addresses,
                [&](const dhcp4::World::FurtherAddress& f) { return f.address == a; });
}

void gain(dhcp4::World& world, Segment s, Ipv4 a) {
  if (world.topology.owner_of(a)) {
    world.lost_addresses.erase(a);
  } else {
    world.further_addresses.push_back({s, a});
  }
}

void lose(dhcp4::World& world, Ipv4 a) {
  forget(world, a);
  if (world.topology.owner_of(a)) world.lost_addresses.insert(a);
}

}  // namespace

void CaseRun::change_lab(const std::function<void(TestBed&)>& change,
                         const std::function<void(TestBed&)>& back) {
  if (!bed_) return;
  if (!bed_->device().surroundings()) {
    skip = "the relay is attached, so that its links and addresses cannot be changed";
    throw EndOfJudging{};
  }
  if (ways_back_.empty() && !begun_) bed_->session().stop_relay();
  bed_->surroundings().hold(true);
  bed_->session().surroundings_changed = true;
  change(*bed_);
  ways_back_.push_back(back);
}

// The frames before it stand in front of those since.
void CaseRun::keep_record(std::vector<Frame> before) {
  auto& traffic = bed_->session().traffic();
  traffic.record.insert(traffic.record.begin(), before.begin(), before.end());
  for (Sighting& s : traffic.sightings) s.frame += before.size();
}

void CaseRun::require_restart() {
  if (bed_->device().can_restart()) return;
  skip = "the profile has no 'restart' script";
  throw EndOfJudging{};
}

void CaseRun::restart(const std::function<void()>& meanwhile) {
  require_restart();
  memory.note_restart();
  bed_->session().stop_relay();
  auto before = bed_->session().traffic().record;  // a copy: its sightings are still to be judged
  try {
    bed_->session().prepare(settings_, meanwhile);
  } catch (const StartError& e) {
    if (!meanwhile) {
      error = e.what();
    } else {
      judge_->find({.verdict = severity(first_requirement()),
                    .requirement = first_requirement(),
                    .field = "relay",
                    .kind = "does not get ready while messages come",
                    .reason = "the relay does not get ready while messages come",
                    .expected = "a relay that is ready as without them",
                    .observed = e.what(),
                    .by = Finding::By::end});
    }
    throw EndOfJudging{};
  }
  keep_record(std::move(before));
}

bool CaseRun::restart_before(const std::function<void()>& first) {
  require_restart();
  auto before = bed_->session().traffic().record;
  try {
    if (!bed_->session().restart_before(first)) return false;
  } catch (const StartError& e) {
    error = e.what();
    throw EndOfJudging{};
  }
  memory.note_restart();
  keep_record(std::move(before));
  return true;
}

void CaseRun::restore_lab() {
  if (ways_back_.empty()) return;
  bed_->session().stop_relay();
  bed_->session().down.clear();
  bed_->session().surroundings_changed = false;
  for (; !ways_back_.empty(); ways_back_.pop_back()) {
    try {
      ways_back_.back()(*bed_);
    } catch (const LabError& problem) {
      error = problem.what();
    }
  }
  bed_->surroundings().hold(false);
}

void CaseRun::report_first_exchange() {
  judge_->touch_all();
  judge_->await_through();
  judge_->report_exchange(bed_->session().barrier().in_first_only,
                          "the first exchange after the start is not relayed as the next");
}

void Case::links_offload_checksums() {
  run_->step(
      "The links leave UDP checksums to the hardware, so that frames arrive with partial ones that the "
      "kernel marks.");
  run_->change_lab([](TestBed& bed) { bed.surroundings().set_checksum_offload(true); },
                   [](TestBed& bed) { bed.surroundings().set_checksum_offload(false); });
}

namespace {

// Whether a relay starts at all has to be known before one that does not start with a link down is blamed for
// that.
void see_that_it_starts(TestBed& bed) {
  if (bed.session().ever_ready()) return;
  try {
    bed.session().prepare(bed.plain_settings());
  } catch (const StartError&) {
    return;  // the case finds out again
  }
  bed.session().stop_relay();
}

}  // namespace

void Case::link_goes_down(Segment s) {
  run_->step([&] { return fmt::format("The link of {} goes down.", interface_name(s)); });
  run_->change_lab(
      [s](TestBed& bed) {
        see_that_it_starts(bed);
        bed.surroundings().set_link(s, false);
        bed.session().down.insert(s);
      },
      [s](TestBed& bed) {
        bed.surroundings().set_link(s, true);
        bed.session().down.erase(s);
      });
}

void Case::link_comes_up(Segment s) {
  run_->step([&] { return fmt::format("The link of {} comes up.", interface_name(s)); });
  run_->change_lab(
      [s](TestBed& bed) {
        bed.surroundings().set_link(s, true);
        bed.session().down.erase(s);
      },
      [](TestBed&) {});
}

void Case::interface_is_recreated(Segment s) {
  run_->step(
      [&] { return fmt::format("The interface {} is deleted and created again.", interface_name(s)); });
  run_->change_lab([s](TestBed& bed) { bed.surroundings().recreate(s); }, [](TestBed&) {});
}

void Case::interface_is(Segment s, const RelayEnd& end) {
  run_->step([&] {
    return fmt::format("{} is {} named {}, with a prefix of {} bits.", interface_name(s),
                       end.bridge   ? "a bridge"
                       : end.tunnel ? "a device without a link-layer address"
                                    : "an interface",
                       end.name.empty() ? interface_name(s) : end.name, end.prefix_length);
  });
  run_->change_lab([s, end](TestBed& bed) { bed.surroundings().set_end(s, end); },
                   [s](TestBed& bed) { bed.surroundings().set_end(s, {}); });
}

void Case::address_is_added(Segment s, Ipv4 a) {
  run_->step(
      [&] { return fmt::format("The relay gets the address {} on {}.", a.to_string(), interface_name(s)); });
  run_->change_lab(
      [s, a](TestBed& bed) {
        bed.surroundings().add_address(s, a);
        bed.session().down.erase(s);
      },
      [s, a](TestBed& bed) {
        bed.surroundings().remove_address(s, a);
        forget(bed.model().world(), a);
      });
  gain(run_->world(), s, a);
}

void Case::address_is_removed(Segment s, Ipv4 a) {
  run_->step(
      [&] { return fmt::format("The relay loses the address {} on {}.", a.to_string(), interface_name(s)); });
  run_->change_lab(
      [s, a](TestBed& bed) {
        bed.surroundings().remove_address(s, a);
        bed.session().down.insert(s);  // until it has another one
      },
      [s, a](TestBed& bed) {
        bed.surroundings().add_address(s, a);
        bed.session().down.erase(s);
        bed.model().world().lost_addresses.erase(a);
      });
  lose(run_->world(), a);
}

bool Case::relays_again(Segment downlink, std::string_view requirement, bool may_end) {
  // No relay that recovers has been seen to take more than a second, unless it was still starting.
  constexpr std::chrono::milliseconds recovery(1500);
  run_->begin();
  ++run_->info.recoveries;
  run_->step([&] {
    return fmt::format("The relay must relay for {} again within {} ms and the time of a start{}.",
                       interface_name(downlink), recovery.count(),
                       may_end ? ", unless it has ended by itself" : "");
  });
  if (!live()) return true;
  const auto patience =
      recovery + std::chrono::duration_cast<std::chrono::milliseconds>(run_->bed().session().slowest_start());
  if (run_->bed().session().await(downlink, patience)) return true;
  const auto how = run_->bed().session().relay_ended();
  if (may_end && how && how->starts_with("exited")) {
    note(requirement, "the relay " + *how);
    run_->accept_end();
  }
  deviates(requirement, fmt::format("nothing is relayed for {} any more", interface_name(downlink)),
           "a relay that resumes service once the trouble is over",
           fmt::format("silence for {} ms", patience.count()));
  run_->bed().session().down.insert(downlink);  // that it relays nothing there has been said
  return false;
}

void Client::finds(Ipv4 address, std::string_view requirement) const {
  auto& run = *case_->run_;
  run.begin();
  run.step([&] {
    return fmt::format("The client on {} asks by ARP for {} and must be answered.", interface_name(downlink_),
                       address.to_string());
  });
  if (!run.live()) return;
  run.bed().session().traffic().inject(
      downlink_, Tins::ARP::make_arp_request(address, lease(), mac_).serialize(), "client asks by ARP");
  run.judge().touch(downlink_);
  run.settle();
  if (run.bed().protocol().has_answered_for(downlink_, address)) return;
  case_->deviates(requirement,
                  fmt::format("no host has {} on {}", address.to_string(), interface_name(downlink_)),
                  "an ARP answer", "none");
}

void Server::refuses(const Arrival& copy) const {
  auto& run = *case_->run_;
  run.begin();
  run.step([&] { return fmt::format("Server {} answers by ICMP: port unreachable.", number_ + 1); });
  if (!run.live()) return;
  run.server_has_refused = true;
  auto& traffic = run.bed().session().traffic();
  const Bytes error = port_unreachable(traffic.record.at(copy.frame).bytes);
  traffic.inject(Segment::uplink, error, "ICMP port unreachable");
}

}  // namespace relayspec
