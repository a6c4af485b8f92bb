// SPDX-License-Identifier: Apache-2.0
#include "harness/lab/attached_device.h"

#include <fmt/format.h>
#include <tins/tins.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "harness/lab/interface.h"
#include "harness/lab/namespace.h"
#include "harness/shell.h"
#include "harness/text.h"
#include "relayspec/harness/settings.h"

namespace relayspec {
namespace {

using namespace std::chrono_literals;

constexpr auto script_limit = 60s;

// The host of the harness that asks for the relay's link address.
Host asking_host(const Topology& t, Segment s) {
  if (s == Segment::uplink) return t.servers[0];
  return {Mac(fmt::format("02:00:5e:03:{:02x}:01", index(s))), t.host(s, 250), {}};
}

std::map<std::string, std::string> own_environment() {
  std::map<std::string, std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string text = *variable;
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos) variables[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return variables;
}

std::string last_line(std::string output) {
  while (!output.empty() && output.back() == '\n') output.pop_back();
  return one_line(output.substr(output.rfind('\n') + 1));
}

}  // namespace

AttachedDevice::AttachedDevice(const Profile& profile, Dialect dialect)
    : profile_(profile), dialect_(dialect), topology_(topology_of(*profile.attach)) {
  open_interfaces();
  ask_for_link_addresses();
}

AttachedDevice::~AttachedDevice() = default;

std::vector<Segment> AttachedDevice::segments() const {
  std::vector<Segment> all(
      std::begin(all_downlinks),
      std::begin(all_downlinks) + static_cast<std::ptrdiff_t>(attach().downlinks.size()));
  all.push_back(Segment::uplink);
  return all;
}

const Attach::Interface& AttachedDevice::interface_of(Segment s) const {
  return s == Segment::uplink ? attach().uplink : attach().downlinks[index(s)];
}

void AttachedDevice::open_interfaces() {
  const Fd network = open_network(attach().netns);
  const Inside inside(network.get());
  std::vector<Ipv4> played = attach().servers;
  for (const Segment s : segments()) played.push_back(topology_[s].relay.ipv4);
  refuse_own_addresses(played);
  for (const Segment s : segments()) {
    const int index = usable_interface(interface_of(s).name);
    Tap tap(s, index);
    tap.hear_all(index);
    if (s == Segment::uplink) wait_for_stamps(tap);
    link_.add(s, std::move(tap));
  }
}

// RFC 826. What a relay answers for is its own end of the link.
void AttachedDevice::ask_for_link_addresses() {
  const auto is_unknown = [&](Segment s) { return topology_[s].relay.mac == Mac(); };
  const auto all = segments();
  const auto end = Clock::now() + profile_.start_timeout;
  for (auto interval = 50ms; Clock::now() < end && std::any_of(all.begin(), all.end(), is_unknown);
       interval = std::min(2 * interval, 1000ms)) {
    for (const Segment s : all) {
      if (!is_unknown(s)) continue;
      const Host host = asking_host(topology_, s);
      Tins::EthernetII question = Tins::ARP::make_arp_request(topology_[s].relay.ipv4, host.ipv4, host.mac);
      const Outgoing out{s, question.serialize()};
      link_.inject({&out, 1});
    }
    take_answers(std::min(end, Clock::now() + interval));
  }
  for (const Segment s : all) {
    if (!is_unknown(s)) continue;
    throw LabError(
        fmt::format("no host answers by ARP for {} on {} within {} ms: is the relay up, does {} lead to "
                    "it, and has it this address there?",
                    topology_[s].relay.ipv4.to_string(), interface_of(s).name, profile_.start_timeout.count(),
                    interface_of(s).name));
  }
}

void AttachedDevice::take_answers(Clock::time_point deadline) {
  const auto all = segments();
  const auto is_known = [&](Segment s) { return topology_[s].relay.mac != Mac(); };
  while (Clock::now() < deadline && !std::all_of(all.begin(), all.end(), is_known)) {
    for (const Frame& f : link_.receive(deadline, -1)) {
      if (f.origin != Origin::relay) continue;
      try {
        const Tins::EthernetII eth(f.bytes.data(), static_cast<std::uint32_t>(f.bytes.size()));
        const auto* arp = eth.find_pdu<Tins::ARP>();
        if (arp && arp->opcode() == Tins::ARP::REPLY &&
            arp->sender_ip_addr() == topology_[f.segment].relay.ipv4)
          topology_.networks[index(f.segment)].relay.mac = arp->sender_hw_addr();
      } catch (const Tins::exception_base&) {
        continue;  // of another host, and malformed
      }
    }
  }
}

std::optional<RelaySettings> AttachedDevice::fixed_settings() const {
  if (!attach().configure.empty()) return std::nullopt;
  RelaySettings fixed;
  fixed.downlinks =
      profile_.features.contains("multi-downlink") ? static_cast<unsigned>(attach().downlinks.size()) : 1;
  fixed.servers = static_cast<unsigned>(attach().servers.size());
  if (dialect_ == Dialect::proxy) fixed.server_id = ServerIdMode::rewrite;
  return fixed;
}

std::optional<std::string> AttachedDevice::cannot_be_set(const RelaySettings& wanted) const {
  if (wanted.servers > attach().servers.size())
    return fmt::format("the profile names {} of the {} servers that this needs", attach().servers.size(),
                       wanted.servers);
  if (wanted.downlinks > attach().downlinks.size()) return "the profile names one downlink";
  const auto fixed = fixed_settings();
  if (!fixed || *fixed == wanted) return std::nullopt;
  return fmt::format("the profile has no 'configure' script to set the relay to: {}{}", describe(wanted),
                     wanted.servers == fixed->servers ? "" : fmt::format(", servers: {}", wanted.servers));
}

void AttachedDevice::start(const RelaySettings& settings) {
  refusal_.reset();
  const bool changed = configured_ != settings;
  const std::string& script = !attach().configure.empty() && changed ? attach().configure
                              : was_started_                         ? attach().restart
                                                                     : std::string();
  started_ = was_started_ = true;
  if (script.empty()) return;
  const Run done = run(script, settings);
  output_ = done.output;
  configured_.reset();
  if (done.trouble.empty()) {
    configured_ = settings;
  } else {
    refusal_ =
        fmt::format("could not be set: the script '{}' {}", changed ? "configure" : "restart", done.trouble);
  }
}

AttachedDevice::Run AttachedDevice::run(const std::string& script, const RelaySettings& settings) const {
  auto variables = own_environment();
  for (auto& [name, value] : environment(settings, topology_)) variables[name] = value;
  variables["RELAY_DIALECT"] = relayspec::name(dialect_);
  const ShellResult r = run_shell({"-e", "-s"}, script, script_limit, variables);
  if (!r.timed_out && r.status == 0) return {r.output, ""};
  return {r.output,
          (r.timed_out ? fmt::format("did not end within {} s", script_limit.count())
                       : fmt::format("failed with status {}", r.status)) +
              (r.output.empty() ? "; it printed nothing" : "; its last line: " + last_line(r.output))};
}

std::optional<Holdings> AttachedDevice::holdings() const {
  if (attach().inspect.empty()) return std::nullopt;
  const Run done = run(attach().inspect, configured_.value_or(RelaySettings{}));
  if (!done.trouble.empty())
    throw LabError(fmt::format("the script 'inspect' of relay {} {}", profile_.name, done.trouble));
  std::istringstream lines(done.output);
  std::optional<std::size_t> memory, descriptors;
  std::string word;
  for (std::size_t number = 0; lines >> word >> number;) (word == "memory" ? memory : descriptors) = number;
  if (!memory || !descriptors) return std::nullopt;
  return Holdings{.descriptors = *descriptors, .memory = *memory};
}

void AttachedDevice::TapLink::add(Segment s, Tap tap) {
  places_[index(s)] = taps_.size();
  taps_.push_back(std::move(tap));
}

void AttachedDevice::TapLink::inject(std::span<const Outgoing> frames) {
  for (const Outgoing& out : frames) {
    const auto place = places_[index(out.segment)];
    if (!place) throw LabError(fmt::format("the profile has no {}", interface_name(out.segment)));
    taps_[*place].send(out.frame);
  }
}

}  // namespace relayspec
