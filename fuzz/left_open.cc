// SPDX-License-Identifier: Apache-2.0
#include "fuzz/left_open.h"

#include "fuzz/naive.h"

namespace relayspec::relay::fuzz {
namespace {

using View = std::span<const std::uint8_t>;

// RFC 3046, section 3.1: the circuit-id says which downlink a reply is for, if they have different ones.
bool has_circuit_twice(const Judged& j) {
  const auto circuit_of = [](const Downlink& d) {
    const View all = d.agent_information;
    return all.empty() || all[0] != 1 ? View() : all.first(2U + all[1]);
  };
  const auto& all = j.site.config.downlinks;
  return j.out.decision.reason == Drop::circuit_unknown &&
         std::ranges::equal(circuit_of(all.front()), circuit_of(all.back()));
}

// In the dialect `proxy` a request that names the relay is for the server whose offer the relay has passed
// on.
bool knows_no_server(const Judged& j) {
  return j.server_unknown || (j.site.room == 0 && j.out.decision.reason == Drop::server_unknown);
}

// RFC 3046, section 2.0: at least one sub-option.
bool has_nothing_to_add(const Judged& j, const Difference& d) {
  return j.out.decision.action == Decision::Action::to_servers &&
         j.site.config.downlinks[j.out.decision.downlink].agent_information.empty() &&
         d.kind == "request option 82 not added";
}

// What has to be replaced is what it is replaced by.
bool is_the_same_again(const Judged& j, const Difference& d) {
  return d.kind == "request option 82 not replaced" &&
         std::ranges::equal(j.site.config.downlinks[j.out.decision.downlink].agent_information,
                            *find_option(j.site.message, code::relay_agent));
}

// In the dialect `proxy` the relay names itself by the address that the reply came to: of several addresses
// of one downlink any.
bool names_itself_by_giaddr(const Judged& j, const Difference& d) {
  const auto id = find_option(j.out.octets, code::server_id);
  return j.site.config.server_id_address == ServerIdAddress::giaddr &&
         d.kind.starts_with("reply option 54") && id &&
         std::ranges::equal(*id, j.site.message.subspan(at::giaddr, 4));
}

// The dialect `proxy` says which Server Identifier clients see. RFC 2131, section 4.1: of those that stand in
// file and sname, beside another one, it says nothing.
bool is_overloaded_server_id(const Judged& j, const Difference& d) {
  if (j.world.dialect != Dialect::proxy || (d.field != "file" && d.field != "sname")) return false;
  const auto unchanged = [](View message) {
    auto octets = naive::unchangeable(message, false, true);
    return Octets(octets.begin() + at::sname, octets.begin() + at::vend);
  };
  return naive::overload(naive::options_of(j.site.message)) != 0 &&
         unchanged(j.site.message) == unchanged(j.out.octets);
}

// RFC 3118, section 3: a relay does not change a message with an authentication option, in whatever field.
bool has_overloaded_authentication(const Judged& j, const Difference& d) {
  return d.field == option_name(code::server_id) && j.out.decision.notes.server_id_signed &&
         naive::count(j.site.message, code::authentication) == 0;
}

// RFC 2131, section 4.1: a server with several addresses may name itself by any of them, and so by another
// one than that which the relay has for it.
bool names_server_by_another_address(const Judged& j, const Difference& d) {
  return j.names_server && d.field == option_name(code::server_id) &&
         j.out.decision.action == Decision::Action::to_servers;
}

// RFC 3203, section 2.2: a FORCERENEW is unicast. RFC 2131, section 4.1: file and sname may say what it is.
bool has_overloaded_type(const Judged& j, const Difference& d) {
  return d.field == "destination" && naive::count(j.site.message, code::message_type) == 0 &&
         naive::overload(naive::options_of(j.site.message)) != 0;
}

}  // namespace

const char* may_be_dropped(const Judged& j) {
  if (has_circuit_twice(j)) return "the downlinks have the same circuit-id";
  if (knows_no_server(j)) return "the relay has seen no offer to this client, or has no memory for it";
  return nullptr;
}

const char* may_differ(const Judged& j, const Difference& d) {
  if (has_nothing_to_add(j, d)) return "option 82 would have no sub-options";
  if (is_the_same_again(j, d)) return "the option 82 of the relay itself";
  if (names_itself_by_giaddr(j, d)) return "the relay has several addresses";
  if (is_overloaded_server_id(j, d)) return "a Server Identifier in file or sname";
  if (has_overloaded_authentication(j, d)) return "an authentication in file or sname";
  if (names_server_by_another_address(j, d)) return "a server that has several addresses";
  if (has_overloaded_type(j, d)) return "a message type in file or sname";
  return nullptr;
}

// RFC 3046, section 2.1: whoever has added the option removes it, and others may have on a trusted circuit.
bool is_open_echo(const Judged& j) {
  if (j.out.decision.action != Decision::Action::to_client || !j.site.config.option82) return false;
  const auto downlink = j.out.decision.downlink;
  const auto key = dhcp4::exchange_of(j.site.message);
  // Policy forward lets that of any client through; who is not trusted need not get it back.
  if (!j.site.config.downlinks[downlink].trusted)
    return j.site.config.option82_policy == Option82Policy::forward && j.memory.came_with_option82(*key);
  const auto echo = j.memory.echo(*key);
  const auto all = naive::values(j.site.message, 82);
  const bool says_nothing = std::ranges::any_of(all, [](View value) { return value.empty(); });
  return says_nothing || !echo || echo != find_option(j.site.message, code::relay_agent) ||
         j.memory.asked_on(*key) != all_downlinks[downlink];
}

}  // namespace relayspec::relay::fuzz
