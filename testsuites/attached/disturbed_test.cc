// SPDX-License-Identifier: Apache-2.0
// Over links that delay, lose, double and reorder frames, and on which others send, the verdicts are those
// over the lab's own links.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <tins/tins.h>

#include <map>

#include "harness/bench/plan.h"
#include "harness/bench/quirks.h"
#include "harness/bench/runner.h"
#include "harness/bench/testbed.h"
#include "harness/engine/decorators.h"
#include "harness/lab/lab_device.h"
#include "relayspec/harness/lab.h"

namespace relayspec {
namespace {

using namespace std::chrono_literals;

/// What other hosts of a network send: with every frame of the relay one that is not its own.
class NoisyLink : public LinkDecorator {
 public:
  using LinkDecorator::LinkDecorator;
  std::vector<Frame> receive(Clock::time_point deadline, int wake) override {
    std::vector<Frame> all;
    for (Frame& f : LinkDecorator::receive(deadline, wake)) {
      if (f.origin == Origin::relay) all.push_back(noise_at(f));
      all.push_back(std::move(f));
    }
    return all;
  }

 private:
  Frame noise_at(const Frame& f) {
    static const std::vector<Bytes> frames = make();
    Frame noise = f;
    noise.bytes = frames[next_++ % frames.size()];
    return noise;
  }
  static std::vector<Bytes> make() {
    const Mac talker("06:aa:bb:cc:dd:01");
    std::vector<Bytes> frames;
    const auto add = [&](Tins::PDU&& frame) { frames.push_back(frame.serialize()); };
    add(Tins::ARP::make_arp_request("192.0.2.91", "192.0.2.240", talker));
    add(Tins::EthernetII("01:80:c2:00:00:0e", talker) / Tins::RawPDU("lldp"));
    add(Tins::EthernetII("33:33:00:00:00:01", talker) / Tins::IPv6("ff02::1", "fe80::1") / Tins::ICMPv6());
    add(Tins::EthernetII("01:00:5e:00:00:fb", talker) / Tins::IP("224.0.0.251", "192.0.2.240") /
        Tins::UDP(5353, 5353) / Tins::RawPDU("mdns"));
    Tins::DHCP discover;
    discover.type(Tins::DHCP::DISCOVER);
    discover.chaddr(talker);
    discover.xid(0x12345678);
    discover.end();
    add(Tins::EthernetII("ff:ff:ff:ff:ff:ff", talker) / Tins::IP("255.255.255.255", "0.0.0.0") /
        Tins::UDP(67, 68) / discover);
    return frames;
  }
  std::size_t next_ = 0;
};

struct Disturbance {
  Clock::duration delay{};
  double lost = 0, doubled = 0, swapped = 0;
};

/// The lab's relay over links that are not the lab's own.
class DisturbedDevice : public LabDevice {
 public:
  DisturbedDevice(const Profile& profile, Dialect dialect, const Disturbance& d)
      : LabDevice(profile, dialect, Topology::documentation()),
        delayed_(LabDevice::link(), d.delay),
        reordering_(delayed_, Chance(d.swapped, 1)),
        duplicating_(reordering_, Chance(d.doubled, 2)),
        lossy_(duplicating_, Chance(d.lost, 3)),
        noisy_(lossy_) {}
  Link& link() override { return noisy_; }
  bool shares_links() const override { return true; }

 private:
  DelayedLink delayed_;
  ReorderingLink reordering_;
  DuplicatingLink duplicating_;
  LossyLink lossy_;
  NoisyLink noisy_;
};

std::map<std::string, CaseResult> results_over(const Profile& profile, std::unique_ptr<Device> device,
                                               const std::vector<std::string>& ids) {
  TestBed bed(profile, Dialect::rfc, std::move(device));
  const Plan plan = make_plan(describe_cases(), ids);
  run_batches(bed, in_order(plan), {});
  bed.end();
  bed.device().finish();
  hold_against(bed.results, bed.quirks);
  std::map<std::string, CaseResult> all;
  for (CaseResult& r : bed.results) all.emplace(r.id, r);
  return all;
}

void expect_the_same(const std::string& relay, const Disturbance& d,
                     const std::vector<std::string>& patterns) {
  acquire_privilege();
  const Profile profile = load_profile(relay);
  const auto ids = select(describe_cases(), {}, patterns);
  const auto clean = results_over(
      profile, std::make_unique<LabDevice>(profile, Dialect::rfc, Topology::documentation()), ids);
  const auto disturbed =
      results_over(profile, std::make_unique<DisturbedDevice>(profile, Dialect::rfc, d), ids);
  for (const auto& [id, r] : clean) {
    EXPECT_EQ(name(disturbed.at(id).verdict), name(r.verdict))
        << id << ": " << disturbed.at(id).reason << "; over the lab's links: " << r.reason;
  }
}

const std::vector<std::string> some = {"dora/*", "hops/*", "delivery/*", "multi/*",
                                       "short-messages-in-succession/*"};

TEST(Disturbed, OverNoise) { expect_the_same("reference", {}, some); }
// Of equal messages that a case sends itself, a doubled one cannot be told.
TEST(Disturbed, OverDuplicates) {
  expect_the_same("reference", {.doubled = 0.02}, {"dora/*", "hops/*", "delivery/*", "multi/*"});
}
TEST(Disturbed, OverDisorder) { expect_the_same("reference", {.swapped = 0.02}, some); }
TEST(Disturbed, OverLosses) { expect_the_same("reference", {.lost = 0.02}, some); }
TEST(Disturbed, OverADelay) { expect_the_same("reference", {.delay = 50ms}, {"dora/*", "hops/*"}); }

}  // namespace
}  // namespace relayspec
