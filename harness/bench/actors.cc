// SPDX-License-Identifier: Apache-2.0
// The lab's hosts: how they send, and what they expect.
#include <fmt/format.h>

#include "harness/bench/case_run.h"
#include "harness/bench/sentences.h"
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

const Ipv4 none("0.0.0.0"), everyone("255.255.255.255");
constexpr std::uint16_t server_port = 67, client_port = 68;

void touch(CaseRun& run, Segment downlink) {
  if (run.live()) run.judge().touch(downlink);
}

template <class T>
T value_or(const std::optional<T>& o, T otherwise) {
  return o ? *o : otherwise;
}

Envelope with(Envelope base, const Envelope& over) {
  if (over.eth_dst) base.eth_dst = over.eth_dst;
  if (over.eth_src) base.eth_src = over.eth_src;
  if (over.ip_dst) base.ip_dst = over.ip_dst;
  if (over.ip_src) base.ip_src = over.ip_src;
  if (over.ttl) base.ttl = over.ttl;
  if (over.sport) base.sport = over.sport;
  if (over.dport) base.dport = over.dport;
  if (over.udp_checksum) base.udp_checksum = over.udp_checksum;
  if (over.udp_length) base.udp_length = over.udp_length;
  if (over.ip_checksum) base.ip_checksum = over.ip_checksum;
  base.trailer = over.trailer;
  base.slack = over.slack;
  return base;
}

std::string summary_for(const CaseRun& run, const Bytes& octets) {
  return run.needs_words() ? summary(octets) : "";
}

}  // namespace

Client::Client(Case& owner, Segment downlink, std::uint8_t number)
    : case_(&owner),
      downlink_(downlink),
      number_(number),
      mac_(fmt::format("02:00:5e:0c:{:02x}:{:02x}", index(downlink), number)),
      xid_(0x51'52'53'54) {}

// From 90 on and then from 10 on, so that no lease is an address of the relay, of the subnet or its
// broadcast.
Ipv4 Client::lease() const {
  return case_->host_address(downlink_,
                             static_cast<std::uint8_t>(number_ < 160 ? number_ + 90 : number_ - 150));
}

Client Client::another() const {
  Client c(*case_, downlink_, static_cast<std::uint8_t>(number_ + 1));
  c.use_xid(case_->run_->new_xid());
  return c;
}

Client Client::with_new_xid() const {
  Client c = *this;
  c.use_xid(case_->run_->new_xid());
  return c;
}

void Client::holds(Ipv4 address) const {
  case_->run_->begin();  // or what it clears would take the address away again
  case_->run_->step([&] {
    return fmt::format("The client has the address {} and answers ARP for it.", address.to_string());
  });
  if (case_->run_->live()) case_->run_->bed().protocol().add_host(downlink_, address, mac_);
}

// From the link address that the message names, as a client sends it.
void Client::sends(const Message& m, const Envelope& over) const {
  const Bytes octets = encode(m);
  const bool ethernet =
      m.htype.value_or(1) == 1 && m.hlen.value_or(6) == 6 && m.chaddr && m.chaddr->size() >= 6;
  const Envelope from{.eth_src = ethernet ? Mac(m.chaddr->data()) : mac_};
  sends_octets(octets, summary_for(*case_->run_, octets), with(from, over));
}

void Client::sends_octets(const Bytes& octets, const std::string& what, const Envelope& over) const {
  Envelope usual = envelope({});
  if (octets.size() >= 34 && octets[1] == 1 && octets[2] == 6) usual.eth_src = Mac(octets.data() + 28);
  puts_out({encode_udp(envelope(over), octets)}, what,
           [&] { return with_content(octets) + with_carrier(usual, envelope(over)); });
}

void Client::sends_frames(const std::vector<Bytes>& frames, const std::string& what) const {
  puts_out(frames, what, [] { return std::string(); });
}

void Client::puts_out(const std::vector<Bytes>& frames, const std::string& what,
                      const std::function<std::string()>& details) const {
  auto& run = *case_->run_;
  run.begin();
  run.step([&] {
    return fmt::format("The client on {} sends {}{}.", interface_name(downlink_), what, details());
  });
  touch(run, downlink_);
  run.send(downlink_, frames, "client sends " + what);
}

Bytes Client::frame_of(const Message& m, const Envelope& over) const {
  return encode_udp(envelope(over), encode(m));
}

Envelope Client::envelope(const Envelope& over) const {
  return with({.eth_dst = Mac::broadcast,
               .eth_src = mac_,
               .ip_dst = everyone,
               .ip_src = none,
               .sport = client_port,
               .dport = server_port},
              over);
}

void Client::sends_to_relay(const Message& m, Ipv4 relay, const Envelope& over) const {
  sends(m, with({.eth_dst = case_->relay_mac(downlink_), .ip_dst = relay, .ip_src = lease()}, over));
}

Expected Client::expectation(const Delivered& d) const { return case_->run_->model().expected(d, downlink_); }

std::string Client::described(const Delivered& d) const {
  const Expected e = expectation(d);
  std::string s = summary(e.message);
  for (const Form& form : e.forms) {
    s += &form == e.forms.data() ? ", " : " or ";
    s += form.eth_dst.is_broadcast()
             ? "by broadcast"
             : fmt::format("{}to {} at {}", form.ip_dst == everyone ? "" : "by unicast ",
                           form.ip_dst.to_string(), form.eth_dst.to_string());
  }
  if (d.by == Delivered::By::unicast) s += ", without an ARP request before it";
  if (d.strips_option82) s += ", without the relay's option 82";
  return s;
}

Arrival Client::gets(const Delivered& d) const {
  auto& run = *case_->run_;
  run.step([&] {
    return fmt::format("The client on {} must receive {}.", interface_name(downlink_), described(d));
  });
  touch(run, downlink_);
  return run.expect(expectation(d), "reply to the client");
}

std::optional<Arrival> Client::may_get(const Delivered& d) const {
  auto& run = *case_->run_;
  run.step([&] {
    return fmt::format("The client on {} may receive {}, or nothing.", interface_name(downlink_),
                       described(d));
  });
  touch(run, downlink_);
  return run.accept(expectation(d), "reply to the client");
}

void Client::compares(const Arrival& a, const Delivered& d) const {
  auto& run = *case_->run_;
  run.compare(expectation(d), a, "reply to the client");
}

void Client::sends_past_relay(const Message& m, const Server& s) const {
  case_->run_->resolve_route(downlink_, past_relay(s));
  sends(m, past_relay(s));
}

Arrival Client::gets_routed(const Message& m, const Server& s) const {
  auto& run = *case_->run_;
  const Expected e = run.model().routed(encode(m), s.past_relay(*this), downlink_, mac_);
  run.about_silence = true;
  run.step([&] {
    return fmt::format("The client on {} must receive {}, routed and unchanged.", interface_name(downlink_),
                       summary(e.message));
  });
  touch(run, downlink_);
  return run.expect(e, "transit datagram to the client");
}

Envelope Client::past_relay(const Server& s) const {
  return {.eth_dst = case_->relay_mac(downlink_),
          .eth_src = mac_,
          .ip_dst = s.address(),
          .ip_src = lease(),
          .sport = client_port,
          .dport = server_port};
}

const Host& Server::host() const { return case_->topology().servers[number_]; }

Ipv4 Server::seen_by(const Client& c) const {
  return case_->proxy() ? case_->run_->model().world().proxy_id(c.downlink()) : address();
}

Ipv4 Server::giaddr_for(const Client& c, std::uint32_t xid) const {
  const auto& run = *case_->run_;
  return run.model().world().giaddr_of_answer(run.memory.giaddr({xid, c.mac()}), c.downlink());
}

void Server::sends(const Message& m, const Envelope& over) const {
  Envelope e = over;
  const auto& world = case_->run_->model().world();
  const Ipv4 giaddr = value_or(m.giaddr, none);
  if (!e.ip_dst) e.ip_dst = world.is_relays(giaddr) ? giaddr : world.giaddr_of(Segment::downlink0);
  const bool second = giaddr == case_->relay_address(Segment::downlink1);
  touch(*case_->run_, second ? Segment::downlink1 : Segment::downlink0);
  const Bytes octets = encode(m);
  sends_octets(octets, summary_for(*case_->run_, octets), e);
}

void Server::sends_octets(const Bytes& octets, const std::string& what, const Envelope& over) const {
  Envelope usual = envelope({});
  if (const auto giaddr = giaddr_of(octets); giaddr && case_->run_->model().world().is_relays(*giaddr))
    usual.ip_dst = *giaddr;
  puts_out({encode_udp(envelope(over), octets)}, what,
           [&] { return with_content(octets) + with_carrier(usual, envelope(over)); });
}

void Server::sends_frames(const std::vector<Bytes>& frames, const std::string& what) const {
  puts_out(frames, what, [] { return std::string(); });
}

void Server::puts_out(const std::vector<Bytes>& frames, const std::string& what,
                      const std::function<std::string()>& details) const {
  auto& run = *case_->run_;
  run.begin();
  run.ask_again_for(frames.front());
  run.step([&] { return fmt::format("Server {} sends {}{}.", number_ + 1, what, details()); });
  run.send(Segment::uplink, frames, fmt::format("server {} sends {}", number_ + 1, what));
}

Bytes Server::frame_of(const Message& m, const Envelope& over) const {
  return encode_udp(envelope(over), encode(m));
}

Envelope Server::envelope(const Envelope& over) const {
  return with({.eth_dst = case_->relay_mac(Segment::uplink),
               .eth_src = host().mac,
               .ip_dst = case_->relay_address(Segment::downlink0),
               .ip_src = address(),
               .sport = server_port,
               .dport = case_->run_->model().world().port_towards_servers()},
              over);
}

Expected Server::expectation(const Relayed& r) const { return case_->run_->model().expected(r, number_); }

Arrival Server::gets(const Relayed& r) const {
  auto& run = *case_->run_;
  const Expected e = expectation(r);
  run.step([&] {
    return fmt::format("Server {} must receive {}{}.", number_ + 1, summary(e.message),
                       r.adds_option82 ? ", with the relay's option 82 as the last option" : "");
  });
  Arrival a = run.expect(e, fmt::format("request to server {}", number_ + 1));
  run.memory.note_received(dhcp4::exchange_of(r.message), a.message, run.settings().vss.empty(), number_);
  return a;
}

std::optional<Arrival> Server::may_get(const Relayed& r) const {
  auto& run = *case_->run_;
  const Expected e = expectation(r);
  run.step(
      [&] { return fmt::format("Server {} may receive {}, or nothing.", number_ + 1, summary(e.message)); });
  auto a = run.accept(e, fmt::format("request to server {}", number_ + 1));
  if (a)
    run.memory.note_received(dhcp4::exchange_of(r.message), a->message, run.settings().vss.empty(), number_);
  return a;
}

void Server::compares(const Arrival& a, const Relayed& r) const {
  auto& run = *case_->run_;
  run.compare(expectation(r), a, fmt::format("request to server {}", number_ + 1));
}

void Server::sends_past_relay(const Message& m, const Client& c) const {
  case_->run_->resolve_route(Segment::uplink, past_relay(c));
  const Bytes octets = encode(m);
  touch(*case_->run_, c.downlink());
  sends_octets(octets, summary_for(*case_->run_, octets), past_relay(c));
}

Arrival Server::gets_routed(const Message& m, const Client& c) const {
  auto& run = *case_->run_;
  const Expected e = run.model().routed(encode(m), c.past_relay(*this), Segment::uplink, host().mac);
  run.about_silence = true;
  run.step([&] {
    return fmt::format("Server {} must receive {}, routed and unchanged.", number_ + 1, summary(e.message));
  });
  return run.expect(e, fmt::format("transit datagram to server {}", number_ + 1));
}

Envelope Server::past_relay(const Client& c) const {
  return {.eth_dst = case_->relay_mac(Segment::uplink),
          .eth_src = host().mac,
          .ip_dst = c.lease(),
          .ip_src = address(),
          .sport = server_port,
          .dport = client_port};
}

}  // namespace relayspec
