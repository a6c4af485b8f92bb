// SPDX-License-Identifier: Apache-2.0
#include "relay/server_id.h"

#include "relayspec/relay/options.h"

namespace relayspec::relay {
namespace {

// Calls `visit` with the offset of the address in every well-formed option 54, overloaded fields included:
// the client reads those as well (RFC 2131, section 4.1). One that is not 4 octets long is no address (RFC
// 2132, section 9.7).
template <typename Visitor>
void for_each_server_id(const Message& message, Visitor visit) {
  for (const auto& field : OptionFields(message)) {
    OptionWalk walk(message.octets(), field);
    while (const auto option = walk.next()) {
      if (option->code == code::server_id && option->length == 4) visit(option->value());
    }
  }
}

// RFC 3118, section 3: the authenticator covers option 54, so a change of it makes the message invalid.
bool is_signed(const Message& message) { return find_option(message, code::authentication).has_value(); }

}  // namespace

void hide_server(const Config& config, ServerMemory& memory, std::size_t downlink, Message& message,
                 Notes& notes) {
  const auto type = message_type(message);
  if (type != MessageType::offer && type != MessageType::ack && type != MessageType::nak) return;
  if (is_signed(message)) {
    notes.server_id_signed = true;
    return;
  }

  const bool by_giaddr = config.server_id_address == ServerIdAddress::giaddr;
  const auto relay = by_giaddr ? message.giaddr() : config.uplink_address;
  std::optional<Ipv4> server;
  for_each_server_id(message, [&](std::size_t offset) {
    if (!server) server = message.address(offset);
    message.set_address(offset, relay);
  });

  if (!server || message.yiaddr().is_zero()) return;
  const auto lease = lease_of(message, downlink, message.yiaddr());
  if (type == MessageType::offer) memory.offered(lease, message.xid(), *server);
  if (type == MessageType::ack) memory.acknowledged(lease, *server);
}

std::optional<Drop> restore_server(const Config& config, ServerMemory& memory, std::size_t downlink,
                                   Message& message, Notes& notes) {
  const auto type = message_type(message);
  if (type != MessageType::request && type != MessageType::decline && type != MessageType::release) return {};

  bool names_relay = false;
  for_each_server_id(message, [&](std::size_t offset) {
    names_relay = names_relay || config.is_own(message.address(offset));
  });
  if (!names_relay) return {};
  if (is_signed(message)) {
    notes.server_id_signed = true;
    return {};
  }

  // RFC 2131, table 5: the lease is named by option 50 in the REQUEST that selects and in DECLINE, by ciaddr
  // in RELEASE, in which option 50 must not be.
  const auto requested =
      type == MessageType::release ? std::nullopt : find_option(message, code::requested_address);
  const auto leased =
      requested && requested->length == 4 ? message.address(requested->value()) : message.ciaddr();
  auto server = memory.server_of(lease_of(message, downlink, leased));
  if (!server && config.servers.size() == 1) {
    server = config.servers.front();
    notes.server_assumed = true;
  }
  // RFC 2131, section 3.1: a server takes a REQUEST that names another as the client's refusal. With the
  // relay's address in it every server would do so; it is better that the request is lost and the client asks
  // again.
  if (!server) return Drop::server_unknown;

  for_each_server_id(message, [&](std::size_t offset) {
    if (config.is_own(message.address(offset))) message.set_address(offset, *server);
  });
  return {};
}

}  // namespace relayspec::relay
