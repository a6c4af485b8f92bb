// SPDX-License-Identifier: Apache-2.0
#include "fuzz/judge.h"

#include <arpa/inet.h>

#include <unordered_map>

#include "fuzz/left_open.h"
#include "fuzz/naive.h"
#include "harness/dhcp4/compare.h"
#include "harness/dhcp4/facts.h"
#include "harness/live/left_open.h"
#include "harness/octets.h"

namespace relayspec::relay::fuzz {
namespace {

using dhcp4::Fate;
using View = std::span<const std::uint8_t>;
using Address = relayspec::Ipv4;

Address address(Ipv4 a) { return Address(htonl(a.value)); }
std::uint32_t number(View octets, std::size_t at) {
  return std::uint32_t{read16(octets, at)} << 16 | read16(octets, at + 2);
}
Segment segment_of(const Ingress& from) {
  return from.uplink ? Segment::uplink : all_downlinks[from.downlink.value_or(0)];
}

// The same settings in the harness' words.
dhcp4::World world_of(const Site& site) {
  const Config& c = site.config;
  const std::uint8_t limit = site.settings[3], further = site.settings[5];
  const bool rewrites = c.server_id == ServerId::rewrite;
  dhcp4::World w;
  RelaySettings& s = w.settings;
  s.option82 = c.option82;
  s.option82_policy = static_cast<AgentOptionPolicy>(c.option82_policy);
  s.remote_id.assign(c.downlinks[0].agent_information.size(), 'r');  // as long as it gets
  s.downlinks = static_cast<unsigned>(c.downlinks.size());
  for (std::size_t i = 0; i < c.downlinks.size(); ++i)
    if (c.downlinks[i].trusted) s.trusted_downlinks.insert(all_downlinks[i]);
  s.server_id = static_cast<ServerIdMode>(c.server_id);
  s.max_hops = c.max_hops;
  if (c.min_secs != 0) s.min_secs = c.min_secs;
  if (limit != 0) s.max_size = static_cast<unsigned>(c.max_size);
  s.servers = static_cast<unsigned>(c.servers.size());
  s.link_selection = c.option82 && further & selecting_link;
  s.flags_suboption = further & with_flags;
  if (further & sharing_giaddr) s.giaddr = address(uplink);
  if (c.option82 && further & with_vpn) s.vss = "vpn";

  w.dialect = rewrites ? Dialect::proxy : c.min_length == classic_minimum ? Dialect::strict : Dialect::rfc;
  w.proxy_is_giaddr = c.server_id_address == ServerIdAddress::giaddr;
  if (further & two_addresses)
    w.further_addresses.push_back({Segment::downlink0, address(second_on_downlink0)});
  if (further & no_address) w.lost_addresses.insert(address(downlink0));
  return w;
}

const dhcp4::Model& model_of(const Site& site) {
  static std::unordered_map<Drawn::Settings, dhcp4::Model, Drawn::Hash> models;
  constexpr std::size_t most = 4096;
  if (models.size() > most) models.clear();
  const auto known = models.find(site.settings);
  if (known != models.end()) return known->second;
  return models.emplace(site.settings, world_of(site)).first->second;
}

// What the relay's host has taken the message out of.
Datagram received(const dhcp4::World& world, const Ingress& from, View message) {
  const auto& network = world.topology[segment_of(from)];
  const bool relayed = message.size() >= fixed_fields && !holds(message, at::giaddr, {});
  const bool lost = world.lost_addresses.contains(network.relay.ipv4);
  Datagram d;
  d.ip_src = address(from.source);
  d.ip_dst = dhcp4::all_hosts;
  d.eth_dst = relayspec::Mac::broadcast;
  if (from.uplink || from.unicast) {
    d.ip_dst = lost ? address(uplink) : network.relay.ipv4;
    d.eth_dst = network.relay.mac;
  }
  if (message.size() >= fixed_fields) d.eth_src = relayspec::Mac(&message[at::chaddr]);
  d.sport = from.uplink || relayed ? 67 : 68;
  d.dport = 67;
  d.payload.assign(message.begin(), message.end());
  return d;
}

// What the daemon sends, to the first server.
Datagram sent(const dhcp4::World& world, const Config& config, const Outcome& out) {
  const bool request = out.decision.action == Decision::Action::to_servers;
  const Segment segment = request ? Segment::uplink : all_downlinks[out.decision.downlink];
  Datagram d;
  d.eth_src = world.topology[segment].relay.mac;
  d.eth_dst = request ? world.topology.servers[0].mac : relayspec::Mac(out.decision.link_destination.data());
  d.ip_src = address(request ? config.uplink_address : out.decision.source);
  d.ip_dst = address(request ? config.servers[0] : out.decision.destination);
  d.sport = 67;
  d.dport = request ? 67 : 68;
  d.payload = out.octets;
  return d;
}

[[noreturn]] void accuse(const Judged& j, const std::string& what) {
  const auto line = [](const char* word, const std::string& text) {
    std::fprintf(stderr, "  %-9s%s\n", word, text.c_str());
  };
  std::fprintf(stderr, "the relay and the model disagree: %s\n", what.c_str());
  line("settings", describe(j.world.settings) + ", dialect " + std::string(name(j.world.dialect)));
  line("message", summary(j.site.message));
  const bool dropped = j.out.decision.action == Decision::Action::drop;
  line(dropped ? "dropped" : "relayed", dropped ? describe(j.out.decision.reason) : summary(j.out.octets));
  const auto options = [](View m) { return hex(m.subspan(std::min(at::options, m.size())), m.size()); };
  line("options", options(j.site.message));
  line("then", options(j.out.octets));
  std::abort();
}

// The relay may leave in a reply, or take out, what other elements may have put in: all else is as it was.
void leave_echo_open(Expected& e, Datagram& came, const Judged& j) {
  const bool rewrites = j.world.dialect == Dialect::proxy;
  e.message = naive::unchangeable(j.site.message, true, rewrites);
  const auto size = came.payload.size();
  came.payload = naive::unchangeable(came.payload, true, rewrites);
  // RFC 1542, section 2.1: filled up.
  const bool filled_up = size == classic_minimum && j.site.message.size() >= classic_minimum;
  if (filled_up) e.message.resize(std::max(e.message.size(), came.payload.size()), 0);
}

void compare_with(const dhcp4::Outcome& due, const Judged& j) {
  Datagram came = sent(j.world, j.site.config, j.out);
  const bool request = j.out.decision.action == Decision::Action::to_servers;
  const Segment to = request ? Segment::uplink : all_downlinks[j.out.decision.downlink];
  auto expected =
      std::find_if(due.copies.begin(), due.copies.end(), [&](const Expected& e) { return e.segment == to; });
  if (expected == due.copies.end())
    accuse(j, std::string("nothing has to come out on ") + interface_name(to));
  Expected e = *expected;
  if (is_open_echo(j)) leave_echo_open(e, came, j);
  for (const Difference& d : compare(e, came)) {
    if (live::is_left_open(d, e, j.world, j.memory, j.site.message) || may_differ(j, d)) continue;
    accuse(j, d.requirement + ": " + d.kind + ": " + d.field + " expected " + d.expected + ", observed " +
                  d.observed);
  }
}

}  // namespace

Judge::Judge(const Site& site) : model_(model_of(site)) {}

Octets Judge::client_of(std::size_t downlink, View m) {
  Octets client{static_cast<std::uint8_t>(downlink), m[at::htype], m[at::hlen]};
  client.insert(client.end(), &m[at::chaddr], &m[at::chaddr] + std::min<std::size_t>(m[at::hlen], 16));
  return client;
}

// Those that the client has heard of, for the lease that a request names: in option 50 or ciaddr (RFC 2131,
// table 5). Where it is not clear which one, for any.
std::set<std::uint32_t> Judge::heard_of(std::size_t downlink, View request) const {
  const auto wishes = naive::values(request, code::requested_address);
  const bool clear = wishes.size() <= 1 && naive::overload(naive::options_of(request)) == 0;
  std::set<std::uint32_t> all;
  const auto client = client_of(downlink, request);
  for (const auto& [lease, known] : servers_) {
    const auto address = lease.second;
    const bool wished = !wishes.empty() && wishes[0].size() == 4 && number(wishes[0], 0) == address;
    const bool named = !clear || wished || number(request, at::ciaddr) == address;
    if (lease.first == client && named) all.insert(known.begin(), known.end());
  }
  return all;
}

// A client answers the server that it has heard of: of several any. Nothing else says which one it has
// chosen. Whether it is one.
bool Judge::note_choice(const Site& site, const Ingress& from, const Outcome& out) {
  if (const auto key = dhcp4::exchange_of(site.message)) memory_.forget_choice(*key);
  const auto said = find_option(site.message, code::server_id), is = find_option(out.octets, code::server_id);
  if (out.decision.action != Decision::Action::to_servers || !said || said->size() != 4 || !is) return false;
  if (is->size() != 4 || !site.config.is_own({number(*said, 0)})) return false;
  const auto candidates = heard_of(*from.downlink, site.message);
  const auto& all = site.config.servers;
  for (std::size_t n = 0; n < all.size(); ++n) {
    const bool may_be = candidates.contains(all[n].value) || all.size() == 1;
    if (may_be && number(*is, 0) == all[n].value) memory_.note_choice(*dhcp4::exchange_of(site.message), n);
  }
  return candidates.contains(number(*is, 0));
}

void Judge::note_relayed(const Site& site, const Outcome& out) {
  if (out.decision.action == Decision::Action::to_servers) {
    const auto key = *dhcp4::exchange_of(site.message);
    memory_.note_received(key, out.octets, model_.world().settings.vss.empty(), 0);
    return;
  }
  // RFC 2131, section 4.1: options may go on in file and sname. Of several identifiers the client takes any.
  const View message = site.message;
  const auto options = naive::options_of(message);
  const unsigned overload = naive::overload(options);
  auto& known = servers_[{client_of(out.decision.downlink, message), number(message, at::yiaddr)}];
  const auto hears = [&](const naive::Area& area) {
    for (const View piece : area.pieces)
      if (naive::is_server_id(piece)) known.insert(number(piece, 2));
  };
  hears(options);
  if (overload & 1) hears(naive::take_apart(message.subspan(at::file, 128)));
  if (overload & 2) hears(naive::take_apart(message.subspan(at::sname, 64)));
}

void Judge::judge(const Site& site, const Ingress& from, const Outcome& out) {
  const auto& world = model_.world();
  const Segment segment = segment_of(from);
  const bool comes = out.decision.action != Decision::Action::drop;
  if (from.uplink)
    memory_.note_answered(site.message);
  else if (comes)  // else no server knows of it
    memory_.note_sent(site.message, segment);
  const bool names_server = note_choice(site, from, out);

  const dhcp4::Facts facts(world, memory_, segment, received(world, from, site.message));
  auto due = comes ? model_.outcome(facts) : model_.fate(facts);
  live::leave_open(due, facts, model_);
  const bool server_unknown =
      out.decision.reason == Drop::server_unknown && !comes && heard_of(*from.downlink, site.message).empty();
  const Judged judged{site, world, memory_, out, names_server, server_unknown};
  if (due.fate == Fate::must_come && !comes && !may_be_dropped(judged))
    accuse(judged, due.rule + ": must come");
  if (due.fate == Fate::must_not_come && comes) accuse(judged, due.rule + ": must not come");
  if (!comes) return;

  compare_with(due, judged);
  note_relayed(site, out);
}

std::optional<Octets> Judge::echo(View message) const {
  const auto key = dhcp4::exchange_of(message);
  return key ? memory_.echo(*key) : std::nullopt;
}

}  // namespace relayspec::relay::fuzz
