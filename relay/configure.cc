// SPDX-License-Identifier: Apache-2.0
#include "relay/configure.h"

#include <fmt/format.h>

#include <algorithm>

#include "relay/frame.h"
#include "relay/option82.h"

namespace relayspec::relay {
namespace {

const Interface& known(const char* option, const std::string& name, const std::vector<Interface>& all) {
  const auto* found = find_interface(all, name);
  if (found == nullptr) throw StartError(2, fmt::format("{} {}: no such interface", option, name));
  return *found;
}

void require_address(const char* option, const Interface& interface) {
  if (interface.addresses.empty())
    throw StartError(1, fmt::format("{} {}: the interface has no IPv4 address", option, interface.name));
}

// An address in which all host bits are set means the whole subnet; subnets of one or two hosts have none
// (RFC 3021).
std::vector<Ipv4> broadcasts_of(const Interface& interface) {
  std::vector<Ipv4> all;
  for (const auto& [address, netmask] : interface.addresses) {
    if (~netmask.value > 1) all.push_back({address.value | ~netmask.value});
  }
  return all;
}

// The text after "IF=" if there is one for this downlink, else the text for all, else the interface's name,
// which is the same after a restart (an index need not be) and differs from circuit to circuit (RFC 3046,
// section 3.1).
std::string circuit_id_of(const Settings& settings, const std::string& downlink) {
  std::string text = downlink;
  for (const auto& given : settings.circuit_ids) {
    const auto equals = given.find('=');
    const auto& names = settings.downlinks;
    const bool for_one = equals != std::string::npos &&
                         std::find(names.begin(), names.end(), given.substr(0, equals)) != names.end();
    if (for_one && given.substr(0, equals) == downlink) return given.substr(equals + 1);
    if (!for_one) text = given;
  }
  return text;
}

// RFC 3046, section 3.2: the remote-id is unique in the world, which the interface's MAC address is meant to
// be.
std::string remote_id_of(const Settings& settings, const Interface& interface) {
  if (!settings.remote_id.empty()) return settings.remote_id;
  return {interface.mac.begin(), interface.mac.end()};
}

// The sub-options that a downlink's requests get, in the order of their codes.
class AgentInformation {
 public:
  AgentInformation(const Settings& settings, const Interface& interface)
      : settings_(settings), interface_(interface) {}

  void write_to(Downlink& downlink) {
    using namespace sub_option;
    if (settings_.with_circuit_id) add(circuit_id, circuit_id_of(settings_, interface_.name));
    if (settings_.with_remote_id) add(remote_id, remote_id_of(settings_, interface_));
    const bool addressed = !interface_.addresses.empty();
    if (settings_.link_selection && addressed) {
      // RFC 3527, section 3: the address with its host bits cleared.
      const auto& [address, netmask] = interface_.addresses.front();
      add(link_selection, octets_of({address.value & netmask.value}));
    }
    add_if_any(subscriber_id, settings_.subscriber_id);
    downlink.flags_at = settings_.agent_flags ? content_.size() + 2 : 0;
    if (settings_.agent_flags) add(flags, std::string(1, '\0'));
    // RFC 5107, section 4: an address that the client can renew with.
    if (settings_.config.server_id == ServerId::override_ && addressed)
      add(server_id_override, octets_of(interface_.addresses.front().address));
    add_if_any(relay_id, settings_.relay_id);
    if (settings_.source_port) add(source_port, "");
    downlink.vpn.clear();
    if (!settings_.vpn.empty()) {
      // RFC 6607, section 3.5: type 0 is a name, without a NUL.
      const std::string value = std::string(1, '\0') + settings_.vpn;
      downlink.vpn.assign(value.begin(), value.end());
      add(vpn, value);
      add(vpn_control, "");
    }
    downlink.agent_information = content_;
  }

 private:
  static std::string octets_of(Ipv4 a) {
    std::string s;
    for (const int shift : {24, 16, 8, 0}) s += static_cast<char>(a.value >> shift & 0xff);
    return s;
  }

  void add_if_any(std::uint8_t code, const std::string& value) {
    if (!value.empty()) add(code, value);
  }

  void add(std::uint8_t code, const std::string& value) {
    if (value.size() > max_instance || content_.size() + 2 + value.size() > max_agent_information)
      throw StartError(
          2, fmt::format("--option82 on {}: what it holds must not be longer than {} octets, and {} in all",
                         interface_.name, max_instance, max_agent_information));
    content_.push_back(code);
    content_.push_back(static_cast<std::uint8_t>(value.size()));
    content_.insert(content_.end(), value.begin(), value.end());
  }

  const Settings& settings_;
  const Interface& interface_;
  std::vector<std::uint8_t> content_;
};

void refuse_impossible_servers(const Config& config, const std::vector<Interface>& interfaces) {
  for (const auto server : config.servers) {
    if (config.is_own(server))
      throw StartError(2, fmt::format("--server {}: that is an address of this relay", to_string(server)));
    for (const auto& interface : interfaces) {
      const auto broadcasts = broadcasts_of(interface);
      if (std::find(broadcasts.begin(), broadcasts.end(), server) != broadcasts.end())
        throw StartError(2, fmt::format("--server {}: that is the broadcast address of {}", to_string(server),
                                        interface.name));
    }
  }
}

}  // namespace

const Interface* find_interface(const std::vector<Interface>& all, const std::string& name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Interface& i) { return i.name == name; });
  return found == all.end() ? nullptr : &*found;
}

Config configure(const Settings& settings, const std::vector<Interface>& interfaces) {
  auto config = settings.config;
  for (const auto& name : settings.uplinks) require_address("--uplink", known("--uplink", name, interfaces));
  for (const auto& name : settings.downlinks) {
    const auto& interface = known("--downlink", name, interfaces);
    if (!interface.ethernet)
      throw StartError(
          2, fmt::format("--downlink {}: not an Ethernet interface, so its clients cannot be reached", name));
    require_address("--downlink", interface);
    const auto& trusted = settings.trusted;
    config.downlinks.push_back({.addresses = {},
                                .broadcasts = {},
                                .trusted = std::find(trusted.begin(), trusted.end(), name) != trusted.end()});
  }
  for (const auto& name : settings.trusted) {
    const auto& names = settings.downlinks;
    if (std::find(names.begin(), names.end(), name) == names.end())
      throw StartError(2, fmt::format("--trust {}: not one of the downlinks", name));
  }
  refresh(config, settings, interfaces);
  if (settings.giaddr && !config.is_own(*settings.giaddr))
    throw StartError(
        2, fmt::format("--giaddr {}: no address of this host; the servers' answers would not get here",
                       to_string(*settings.giaddr)));
  refuse_impossible_servers(config, interfaces);
  return config;
}

void refresh(Config& config, const Settings& settings, const std::vector<Interface>& interfaces) {
  config.own_addresses.clear();
  config.own_broadcasts.clear();
  for (const auto& interface : interfaces) {
    for (const auto& [address, netmask] : interface.addresses) config.own_addresses.push_back(address);
    const auto broadcasts = broadcasts_of(interface);
    config.own_broadcasts.insert(config.own_broadcasts.end(), broadcasts.begin(), broadcasts.end());
  }

  for (std::size_t i = 0; i < settings.downlinks.size(); ++i) {
    auto& downlink = config.downlinks[i];
    downlink.addresses.clear();
    downlink.broadcasts.clear();
    const auto* interface = find_interface(interfaces, settings.downlinks[i]);
    if (interface == nullptr) continue;
    for (const auto& [address, netmask] : interface->addresses) downlink.addresses.push_back(address);
    downlink.broadcasts = broadcasts_of(*interface);
    AgentInformation(settings, *interface).write_to(downlink);
  }

  // RFC 3046, section 2.1: without a limit of its own the option must not make a datagram exceed the MTU.
  std::size_t mtu = 65535;
  for (const auto& name : settings.uplinks) {
    const auto* interface = find_interface(interfaces, name);
    if (interface == nullptr) continue;
    mtu = std::min(mtu, interface->mtu);
    if (name == settings.uplinks.front() && !interface->addresses.empty())
      config.uplink_address = interface->addresses.front().address;
  }
  config.shared_giaddr = settings.giaddr.value_or(settings.link_selection ? config.uplink_address : Ipv4());
  config.max_size = settings.max_size.value_or(mtu - ip_and_udp_headers);
}

}  // namespace relayspec::relay
