// The lab's hosts: what they send unless a case says otherwise, and what they expect.
#include <fmt/format.h>

#include "harness/bench/case_run.h"
#include "harness/dhcp4/addressing.h"
#include "harness/dhcp4/compare.h"
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

const Ipv4 nobody("0.0.0.0"), everyone("255.255.255.255");
constexpr std::uint16_t server_port = 67, client_port = 68;
constexpr std::uint8_t vss_control = 152;

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

Option client_id(const Mac& mac) {
  Bytes data{1};
  data.insert(data.end(), mac.begin(), mac.end());
  return option::of(code::client_id, data);
}

}  // namespace

Client::Client(Case& story, Segment downlink, unsigned number)
    : story_(&story),
      downlink_(downlink),
      mac_(fmt::format("02:00:5e:0c:{:02x}:{:02x}", index(downlink), number)),
      lease_(host_address(downlink, static_cast<std::uint8_t>(number + 90))),
      xid_(0x51'52'53'54) {}

Client Client::another() const {
  Client c(*story_, downlink_, mac_[5] + 1U);
  c.use_xid(Session::current ? Session::current->new_xid() : 0x51'52'53'55);
  return c;
}

void Client::holds(Ipv4 address) const {
  story_->run_->begin();  // or what it clears would take the address away again
  story_->run_->step(
      [&] { return fmt::format("the client has {} and answers ARP for it", address.to_string()); });
  if (Session::current) Session::current->traffic().add_host(downlink_, address, mac_);
}

Message Client::discover(const Message& over) const {
  return Message{.xid = xid_,
                 .secs = 3,
                 .chaddr = Bytes(mac_.begin(), mac_.end()),
                 .options = {{option::type(Type::discover), client_id(mac_),
                              option::of(code::parameter_list, {1, 3, 6, 51})}}}
      .with(over);
}

Message Client::request(const Server& s, const Message& over) const {
  story_->run_->chosen[{over.xid.value_or(xid_), mac_}] = s.number();
  return discover({.options = {{option::type(Type::request), client_id(mac_),
                                option::address(code::requested_address, lease_),
                                option::address(code::server_id, s.seen_by(*this)),
                                option::of(code::parameter_list, {1, 3, 6, 51})}}})
      .with(over);
}

Message Client::reboot(const Message& over) const {
  return discover({.options = {{option::type(Type::request), client_id(mac_),
                                option::address(code::requested_address, lease_)}}})
      .with(over);
}

Message Client::renew(const Message& over) const {
  return discover({.ciaddr = lease_, .options = {{option::type(Type::request), client_id(mac_)}}}).with(over);
}

Message Client::decline(const Server& s, const Message& over) const {
  story_->run_->chosen[{over.xid.value_or(xid_), mac_}] = s.number();
  return discover({.options = {{option::type(Type::decline), client_id(mac_),
                                option::address(code::requested_address, lease_),
                                option::address(code::server_id, s.seen_by(*this))}}})
      .with(over);
}

Message Client::release(const Server& s, const Message& over) const {
  story_->run_->chosen[{over.xid.value_or(xid_), mac_}] = s.number();
  return discover({.ciaddr = lease_,
                   .options = {{option::type(Type::release), client_id(mac_),
                                option::address(code::server_id, s.seen_by(*this))}}})
      .with(over);
}

Message Client::inform(const Message& over) const {
  return discover({.ciaddr = lease_,
                   .options = {{option::type(Type::inform), client_id(mac_),
                                option::of(code::parameter_list, {1, 3, 6})}}})
      .with(over);
}

Message Client::bootp(const Message& over) const {
  return discover({.options = {{option::address(code::subnet_mask, Ipv4("255.255.255.0"))}}}).with(over);
}

void Client::sends(const Message& m, const Envelope& over) const {
  const Bytes octets = encode(m);
  sends_octets(octets, summary(octets), over);
}

void Client::sends_octets(const Bytes& octets, const std::string& what, const Envelope& over) const {
  sends_frames({encode_udp(envelope(over), octets)}, what);
}

void Client::sends_frames(const std::vector<Bytes>& frames, const std::string& what) const {
  auto& run = *story_->run_;
  run.begin();
  run.step([&] { return fmt::format("client on {} sends {}", interface_name(downlink_), what); });
  run.touched.insert(downlink_);
  run.send(downlink_, frames, "client sends " + what);
}

Bytes Client::frame_of(const Message& m, const Envelope& over) const {
  return encode_udp(envelope(over), encode(m));
}

Envelope Client::envelope(const Envelope& over) const {
  return with({.eth_dst = Mac::broadcast,
               .eth_src = mac_,
               .ip_dst = everyone,
               .ip_src = nobody,
               .sport = client_port,
               .dport = server_port},
              over);
}

void Client::sends_to_relay(const Message& m, Ipv4 relay, const Envelope& over) const {
  sends(m, with({.eth_dst = relay_mac(downlink_), .ip_dst = relay, .ip_src = lease_}, over));
}

Expected Client::expectation(const Delivered& d) const {
  Expected e{.direction = Direction::reply,
             .segment = downlink_,
             .message = encode(d.message),
             .strips_option82 = d.strips_option82,
             .broadcast_only = story_->proxy(),
             .checksum_optional = d.checksum_optional};
  const Ipv4 yiaddr = value_or(d.message.yiaddr, nobody), ciaddr = value_or(d.message.ciaddr, nobody);
  const Ipv4 to = yiaddr != nobody ? yiaddr : ciaddr;
  const Form broadcast{Mac::broadcast, everyone};
  const Form unicast{Mac(e.message.data() + 28), to};
  const bool flag = (value_or<std::uint16_t>(d.message.flags, 0) & broadcast_flag) != 0;
  switch (d.by) {
    case Delivered::By::unicast:
      e.forms = {unicast};
      break;
    case Delivered::By::broadcast:
      e.forms = {broadcast};
      break;
    case Delivered::By::either:
      e.forms = flag || to == nobody ? std::vector{broadcast} : std::vector{unicast, broadcast};
  }
  // RFC 2131 section 3.2 wants a NAK at the client's link address, section 4.3.2 broadcast: both.
  if (find_option(e.message, code::message_type) == Bytes{static_cast<std::uint8_t>(Type::nak)}) {
    e.forms.push_back({unicast.eth_dst, everyone});
  }
  return e;
}

std::string Client::told(const Delivered& d) const {
  const char* by = d.by == Delivered::By::unicast     ? " by unicast without ARP"
                   : d.by == Delivered::By::broadcast ? " by broadcast"
                                                      : "";
  return summary(encode(d.message)) + by;
}

Arrival Client::gets(const Delivered& d) const {
  auto& run = *story_->run_;
  run.step([&] { return fmt::format("client on {} gets {}", interface_name(downlink_), told(d)); });
  run.touched.insert(downlink_);
  return run.expect(expectation(d), "reply to the client");
}

std::optional<Arrival> Client::may_get(const Delivered& d) const {
  auto& run = *story_->run_;
  run.step(
      [&] { return fmt::format("client on {} may get {}, or nothing", interface_name(downlink_), told(d)); });
  run.touched.insert(downlink_);
  return run.accept(expectation(d), "reply to the client");
}

void Client::compares(const Arrival& a, const Delivered& d) const {
  auto& run = *story_->run_;
  if (run.live()) run.judge(expectation(d), a, "reply to the client");
}

void Client::sends_past_relay(const Message& m, const Server& s) const { sends(m, past_relay(s)); }

Arrival Client::gets_routed(const Message& m, const Server& s) const {
  auto& run = *story_->run_;
  const Expected e{.direction = Direction::reply,
                   .segment = downlink_,
                   .message = encode(m),
                   .forms = {{mac_, lease_}},
                   .transit = s.past_relay(*this)};
  run.about_silence = true;
  run.step([&] {
    return fmt::format("client on {} gets {}, routed and untouched", interface_name(downlink_),
                       summary(e.message));
  });
  run.touched.insert(downlink_);
  return run.expect(e, "transit datagram to the client");
}

Envelope Client::past_relay(const Server& s) const {
  return {.eth_dst = relay_mac(downlink_),
          .eth_src = mac_,
          .ip_dst = s.address(),
          .ip_src = lease_,
          .sport = client_port,
          .dport = server_port};
}

Ipv4 Server::seen_by(const Client& c) const {
  return story_->proxy() ? Session::current->proxy_id(c.downlink()) : address();
}

Message Server::offer(const Client& c, const Message& over) const {
  const auto mac = c.mac();
  Message m = Message{.op = boot_reply,
                      .xid = c.xid(),
                      .yiaddr = c.lease(),
                      .giaddr = giaddr_set_by(story_->run_->config, c.downlink()),
                      .chaddr = Bytes(mac.begin(), mac.end()),
                      .options = {{option::type(Type::offer), option::address(code::server_id, address()),
                                   option::number32(code::lease_time, 3600),
                                   option::address(code::subnet_mask, Ipv4("255.255.255.0")),
                                   option::address(code::router, relay_address(c.downlink())),
                                   option::address(code::dns, address())}}}
                  .with(over);
  // A server returns option 82 as it got it, behind its own options (RFC 3046 section 2.2).
  const auto echo = story_->run_->echo.find({m.xid.value_or(0), c.mac()});
  if (echo != story_->run_->echo.end()) m = m.plus(option::of(code::relay_agent, echo->second));
  return m;
}

Message Server::ack(const Client& c, const Message& over) const {
  return replacing(offer(c, over), code::message_type, option::type(Type::ack));
}

Message Server::nak(const Client& c, const Message& over) const {
  return offer(c, Message{.yiaddr = nobody,
                          .options = {{option::type(Type::nak), option::address(code::server_id, address())}}}
                      .with(over));
}

Message Server::bootp_reply(const Client& c, const Message& over) const {
  return offer(c,
               Message{.options = {{option::address(code::subnet_mask, Ipv4("255.255.255.0"))}}}.with(over));
}

void Server::sends(const Message& m, const Envelope& over) const {
  Envelope e = over;
  const Ipv4 giaddr = value_or(m.giaddr, nobody);
  if (!e.ip_dst) e.ip_dst = story_->run_->is_relays(giaddr) ? giaddr : relay_address(Segment::uplink);
  story_->run_->touched.insert(giaddr == relay_address(Segment::downlink1) ? Segment::downlink1
                                                                           : Segment::downlink0);
  const Bytes octets = encode(m);
  sends_octets(octets, summary(octets), e);
}

void Server::sends_octets(const Bytes& octets, const std::string& what, const Envelope& over) const {
  sends_frames({encode_udp(envelope(over), octets)}, what);
}

void Server::sends_frames(const std::vector<Bytes>& frames, const std::string& what) const {
  auto& run = *story_->run_;
  run.begin();
  run.step([&] { return fmt::format("server {} sends {}", number_ + 1, what); });
  run.send(Segment::uplink, frames, fmt::format("server {} sends {}", number_ + 1, what));
}

Bytes Server::frame_of(const Message& m, const Envelope& over) const {
  return encode_udp(envelope(over), encode(m));
}

Envelope Server::envelope(const Envelope& over) const {
  return with({.eth_dst = relay_mac(Segment::uplink),
               .eth_src = server_mac(number_),
               .ip_dst = relay_address(Segment::downlink0),
               .ip_src = address(),
               .sport = server_port,
               .dport = port_towards_servers(story_->run_->config)},
              over);
}

Expected Server::expectation(const Relayed& r) const {
  return {.direction = Direction::request,
          .segment = Segment::uplink,
          .message = encode(r.message),
          .forms = {{server_mac(number_), address()}},
          .adds_option82 = r.adds_option82,
          .sport = r.any_port ? std::nullopt : std::optional(port_towards_servers(story_->run_->config)),
          .checksum_optional = r.checksum_optional};
}

// What a server returns later (RFC 3046 section 2.2): all but the word that asks whether it knows of VPNs, if
// it does (RFC 6607 section 3.3).
void Server::keep_echo(const Arrival& a) const {
  if (const auto agent = find_option(a.message, code::relay_agent)) {
    story_->run_->echo[{*xid_of(a.message), Mac(a.message.data() + 28)}] =
        story_->run_->config.vss.empty() ? *agent : without_sub_option(*agent, vss_control);
  }
}

Arrival Server::gets(const Relayed& r) const {
  auto& run = *story_->run_;
  const Expected e = expectation(r);
  run.step([&] {
    return fmt::format("server {} gets {}{}", number_ + 1, summary(e.message),
                       r.adds_option82 ? ", with the relay's option 82 as the last option" : "");
  });
  Arrival a = run.expect(e, fmt::format("request to server {}", number_ + 1));
  keep_echo(a);
  return a;
}

std::optional<Arrival> Server::may_get(const Relayed& r) const {
  auto& run = *story_->run_;
  const Expected e = expectation(r);
  run.step([&] { return fmt::format("server {} may get {}, or nothing", number_ + 1, summary(e.message)); });
  auto a = run.accept(e, fmt::format("request to server {}", number_ + 1));
  if (a) keep_echo(*a);
  return a;
}

void Server::compares(const Arrival& a, const Relayed& r) const {
  auto& run = *story_->run_;
  if (run.live()) run.judge(expectation(r), a, fmt::format("request to server {}", number_ + 1));
}

void Server::sends_past_relay(const Message& m, const Client& c) const {
  const Bytes octets = encode(m);
  story_->run_->touched.insert(c.downlink());
  sends_octets(octets, summary(octets), past_relay(c));
}

Arrival Server::gets_routed(const Message& m, const Client& c) const {
  auto& run = *story_->run_;
  const Expected e{.direction = Direction::request,
                   .segment = Segment::uplink,
                   .message = encode(m),
                   .forms = {{server_mac(number_), address()}},
                   .transit = c.past_relay(*this)};
  run.about_silence = true;
  run.step([&] {
    return fmt::format("server {} gets {}, routed and untouched", number_ + 1, summary(e.message));
  });
  return run.expect(e, fmt::format("transit datagram to server {}", number_ + 1));
}

Envelope Server::past_relay(const Client& c) const {
  return {.eth_dst = relay_mac(Segment::uplink),
          .eth_src = server_mac(number_),
          .ip_dst = c.lease(),
          .ip_src = address(),
          .sport = server_port,
          .dport = client_port};
}

}  // namespace relayspec
