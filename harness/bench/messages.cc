// SPDX-License-Identifier: Apache-2.0
// The messages of the lab's hosts, as they are unless a case says otherwise.
#include "harness/bench/case_run.h"
#include "relayspec/harness/bench.h"
#include "relayspec/harness/edits.h"

namespace relayspec {
namespace {

Option client_id(const Mac& mac) {
  Bytes data{1};
  data.insert(data.end(), mac.begin(), mac.end());
  return option::of(code::client_id, data);
}

}  // namespace

Message Client::discover(const Message& over) const {
  return Message{.xid = xid_,
                 .secs = 3,
                 .chaddr = Bytes(mac_.begin(), mac_.end()),
                 .options = {{option::type(Type::discover), client_id(mac_),
                              option::of(code::parameter_list, {1, 3, 6, 51})}}}
      .with(over);
}

Message Client::request(const Server& s, const Message& over) const {
  case_->run_->memory.note_choice({over.xid.value_or(xid_), mac_}, s.number());
  return discover({.options = {{option::type(Type::request), client_id(mac_),
                                option::address(code::requested_address, lease()),
                                option::address(code::server_id, s.seen_by(*this)),
                                option::of(code::parameter_list, {1, 3, 6, 51})}}})
      .with(over);
}

Message Client::reboot(const Message& over) const {
  return discover({.options = {{option::type(Type::request), client_id(mac_),
                                option::address(code::requested_address, lease())}}})
      .with(over);
}

Message Client::renew(const Message& over) const {
  return discover({.ciaddr = lease(), .options = {{option::type(Type::request), client_id(mac_)}}})
      .with(over);
}

Message Client::decline(const Server& s, const Message& over) const {
  case_->run_->memory.note_choice({over.xid.value_or(xid_), mac_}, s.number());
  return discover({.options = {{option::type(Type::decline), client_id(mac_),
                                option::address(code::requested_address, lease()),
                                option::address(code::server_id, s.seen_by(*this))}}})
      .with(over);
}

Message Client::release(const Server& s, const Message& over) const {
  case_->run_->memory.note_choice({over.xid.value_or(xid_), mac_}, s.number());
  return discover({.ciaddr = lease(),
                   .options = {{option::type(Type::release), client_id(mac_),
                                option::address(code::server_id, s.seen_by(*this))}}})
      .with(over);
}

Message Client::inform(const Message& over) const {
  return discover({.ciaddr = lease(),
                   .options = {{option::type(Type::inform), client_id(mac_),
                                option::of(code::parameter_list, {1, 3, 6})}}})
      .with(over);
}

Message Client::bootp(const Message& over) const {
  return discover({.options = {{option::address(code::subnet_mask, Ipv4("255.255.255.0"))}}}).with(over);
}

Message Server::offer(const Client& c, const Message& over) const {
  const auto mac = c.mac();
  Message m =
      Message{.op = boot_reply,
              .xid = c.xid(),
              .yiaddr = c.lease(),
              .giaddr = giaddr_for(c, over.xid.value_or(c.xid())),
              .chaddr = Bytes(mac.begin(), mac.end()),
              .options = {{option::type(Type::offer), option::address(code::server_id, address()),
                           option::number32(code::lease_time, 3600),
                           option::address(code::subnet_mask, case_->topology()[c.downlink()].netmask()),
                           option::address(code::router, case_->relay_address(c.downlink())),
                           option::address(code::dns, address())}}}
          .with(over);
  // A server returns option 82 as it got it, behind its own options (RFC 3046 section 2.2).
  const auto echo = case_->run_->memory.echo({m.xid.value_or(0), c.mac()});
  if (echo) m = m.plus(option::of(code::relay_agent, *echo));
  return m;
}

Message Server::ack(const Client& c, const Message& over) const {
  return replacing(offer(c, over), code::message_type, option::type(Type::ack));
}

Message Server::nak(const Client& c, const Message& over) const {
  return offer(c, Message{.yiaddr = Ipv4(),
                          .options = {{option::type(Type::nak), option::address(code::server_id, address())}}}
                      .with(over));
}

Message Server::bootp_reply(const Client& c, const Message& over) const {
  return offer(c,
               Message{.options = {{option::address(code::subnet_mask, Ipv4("255.255.255.0"))}}}.with(over));
}

}  // namespace relayspec
