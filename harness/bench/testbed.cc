#include "harness/bench/testbed.h"

namespace relayspec {
namespace {

dhcp4::World world_of(const Profile& profile, Dialect dialect, const Topology& topology) {
  const bool giaddr = profile.proxy_server_id == "giaddr";
  const auto id = [&](Segment downlink) { return topology[giaddr ? downlink : Segment::uplink].relay.ipv4; };
  return {.topology = topology,
          .dialect = dialect,
          .proxy_ids = {id(Segment::downlink0), id(Segment::downlink1)}};
}

}  // namespace

TestBed::TestBed(const Profile& profile, Dialect dialect, const Topology& topology)
    : profile_(profile),
      model_(world_of(profile, dialect, topology)),
      protocol_(model_),
      device_(profile, dialect, topology),
      session_(device_, protocol_, profile.start_timeout, plain_settings()) {}

void TestBed::forget_last_result() {
  const std::string id = results.back().id;
  results.pop_back();
  settings_of_results.pop_back();
  std::erase_if(senders, [&](const auto& sender) { return sender.second.result == results.size(); });
  std::erase_if(quirks, [&](const QuirkSeen& q) { return q.case_id == id; });
  session_.stop_relay();
}

RelaySettings TestBed::plain_settings() const {
  RelaySettings plain;
  if (dialect() == Dialect::proxy) plain.server_id = ServerIdMode::rewrite;
  if (!offers("multi-downlink")) plain.downlinks = 1;
  return plain;
}

}  // namespace relayspec
