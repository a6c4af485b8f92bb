// SPDX-License-Identifier: Apache-2.0
#include "forms.h"

namespace relayspec {
namespace {

using Over = const Message&;

Message with_broadcast_flag(Over over) { return over.with({.flags = broadcast_flag}); }

}  // namespace

std::vector<InForms::RequestForm> InForms::forms_of_request() {
  const auto discover = [](const Client& c, Over over) { return c.discover(over); };
  const auto renew = [](const Client& c, Over over) { return c.renew(over); };
  const auto inform = [](const Client& c, Over over) { return c.inform(over); };
  const auto bootp = [](const Client& c, Over over) { return c.bootp(over); };
  return {
      {"DISCOVER", true, false, discover},
      {"REQUEST", true, false, [this](const Client& c, Over over) { return c.request(server, over); }},
      {"REQUEST of a rebooted client", true, false,
       [](const Client& c, Over over) { return c.reboot(over); }},
      {"REQUEST that rebinds", true, false, renew},
      {"DECLINE", true, false, [this](const Client& c, Over over) { return c.decline(server, over); }},
      {"INFORM", true, false, inform},
      {"BOOTP", false, false, bootp},
      {"DISCOVER with the BROADCAST flag", true, false,
       [](const Client& c, Over over) { return c.discover(with_broadcast_flag(over)); }},
      {"REQUEST that renews", true, true, renew},
      {"RELEASE", true, true, [this](const Client& c, Over over) { return c.release(server, over); }},
      {"INFORM", true, true, inform},
      {"BOOTP", false, true, bootp},
      {"REQUEST that renews with the BROADCAST flag", true, true,
       [](const Client& c, Over over) { return c.renew(with_broadcast_flag(over)); }},
  };
}

std::vector<InForms::ReplyForm> InForms::forms_of_reply() {
  const auto discover = [](const Client& c) { return c.discover(); };
  const auto request = [this](const Client& c) { return c.request(server); };
  const auto bootp = [](const Client& c) { return c.bootp(); };
  return {
      {"OFFER", discover, [this](const Client& c, Over over) { return server.offer(c, over); }},
      {"OFFER with the BROADCAST flag", discover,
       [this](const Client& c, Over over) { return server.offer(c, with_broadcast_flag(over)); }},
      {"ACK", request, [this](const Client& c, Over over) { return server.ack(c, over); }},
      {"ACK with the BROADCAST flag", request,
       [this](const Client& c, Over over) { return server.ack(c, with_broadcast_flag(over)); }},
      {"ACK to a client that rebinds", [](const Client& c) { return c.renew(); },
       [this](const Client& c, Over over) { return server.ack(c, over.with({.ciaddr = c.lease()})); }},
      {"ACK to an INFORM", [](const Client& c) { return c.inform(); },
       [this](const Client& c, Over over) {
         return server.ack(c, over.with({.ciaddr = c.lease(), .yiaddr = Ipv4()}));
       }},
      {"NAK", [](const Client& c) { return c.reboot(); },
       [this](const Client& c, Over over) { return server.nak(c, with_broadcast_flag(over)); }},
      {"BOOTP", bootp, [this](const Client& c, Over over) { return server.bootp_reply(c, over); }},
      {"BOOTP with the BROADCAST flag", bootp,
       [this](const Client& c, Over over) { return server.bootp_reply(c, with_broadcast_flag(over)); }},
  };
}

std::string InForms::row_of(const RequestForm& form, const Client& c) {
  return form.name + (form.to_relay ? " to the relay from " : " by broadcast from ") +
         interface_name(c.downlink());
}

void InForms::sends_as(const RequestForm& form, const Client& c, const Message& m) {
  in_row(row_of(form, c));
  form.to_relay ? c.sends_to_relay(m, relay_address(c.downlink())) : c.sends(m);
}

Arrival InForms::goes_up_as(const RequestForm& form, const Client& c, const Message& m) {
  sends_as(form, c, m);
  return every_server_gets(relayed_from(c.downlink(), m));
}

void InForms::control_goes_up_as(const RequestForm& form, const Client& c, const Message& m) {
  if (!form.to_relay) return control_goes_up(c, m);
  const Segment downlink = c.downlink();
  control_goes_up(c, m,
                  {.eth_dst = relay_mac(downlink), .ip_dst = relay_address(downlink), .ip_src = c.lease()});
}

}  // namespace relayspec
