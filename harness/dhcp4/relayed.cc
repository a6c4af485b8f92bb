// SPDX-License-Identifier: Apache-2.0
// What a relay changes in a message: the content of the model's outcomes.
#include <algorithm>

#include "harness/dhcp4/facts.h"
#include "relayspec/harness/edits.h"

namespace relayspec::dhcp4 {
namespace {

using Policy = AgentOptionPolicy;

bool has_option(const Message& m, std::uint8_t c) {
  return m.options &&
         std::any_of(m.options->begin(), m.options->end(), [&](const Option& o) { return code_of(o) == c; });
}

// What the end of the message cuts off is no option that could be replaced.
Message without_whole_option82(Message m) {
  if (m.options)
    std::erase_if(*m.options,
                  [](const Option& o) { return code_of(o) == code::relay_agent && !is_cut_off(o); });
  return m;
}

Message without_option82(Message m) {
  if (m.options) std::erase_if(*m.options, [](const Option& o) { return code_of(o) == code::relay_agent; });
  return m;
}

Bytes octets_of_option82(const Message& m) {
  Bytes all;
  if (!m.options) return all;
  for (const Option& o : *m.options) {
    if (code_of(o) == code::relay_agent) all.insert(all.end(), o.wire.begin(), o.wire.end());
  }
  return all;
}

// RFC 1542, section 4.1.1: any address of the interface; but RFC 3527, section 3: with link selection the one
// at which the servers reach the relay.
void fill_giaddr(Relayed& r, const World& world, Segment downlink) {
  r.message.giaddr = world.giaddr_of(downlink);
  if (world.settings.link_selection || world.settings.giaddr) {
    r.giaddr_rule = "RFC3527-3-giaddr-of-its-own";
    return;
  }
  for (const auto& further : world.further_addresses) {
    if (further.segment == downlink) r.further_giaddrs.push_back(further.address);
  }
}

// Only there are options (RFC 1542, section 3.5, lets other formats pass).
bool has_dhcp_cookie(const Message& m) { return !m.cookie || *m.cookie == Bytes{99, 130, 83, 99}; }

// RFC 3046, section 2.1: where there is no room for it, it must not be there: by the operator's limit, or by
// the link's. How long it is only the relay knows, and where the operator has set no limit it may have one of
// its own. `before`: what the relay's own is added to.
void bound_by_size(Relayed& r, const Message& before, const RelaySettings& s) {
  const std::size_t size = encode(before).size(), limit = size_limit(s);
  r.rules.added = s.max_size ? "RFC3046-2.1-over-maxsize-forward-without" : "RFC3046-2.1-mtu-guard";
  r.adds_option82 = size <= limit;
  const std::size_t least = s.max_size ? limit : least_size_limit;
  r.option82_optional = r.adds_option82 && size + largest_option82(s) > least;
}

// A request that has option 82 already, from a client or from another element below this relay.
void apply_policy(Relayed& r, const RelaySettings& s, bool trusted) {
  switch (s.option82_policy) {
    case Policy::append:
      bound_by_size(r, r.message, s);
      r.rules.due = r.rules.kept = "POLICY-append-keeps-and-adds";
      r.rules.more = "POLICY-append-keeps-and-adds";
      break;
    case Policy::replace:
      r.replaced = find_option(encode(r.message), code::relay_agent).value_or(Bytes{});
      r.message = without_whole_option82(std::move(r.message));
      bound_by_size(r, r.message, s);
      r.rules.due = r.rules.more = "POLICY-replace-takes-the-place";
      break;
    case Policy::forward:
      r.rules.added = r.rules.kept = "POLICY-forward-leaves-as-is";
      break;
    case Policy::discard:
    case Policy::rfc:
      // RFC 3046, section 2.1: relayed only where the circuit is trusted, and then as it is.
      if (trusted) {
        r.rules.added = "RFC3046-2.1-trusted-no-second";
        r.rules.kept = "RFC3046-2.1-trusted-82-kept";
      } else {
        r.adds_option82 = true;
        r.rules.more = "RFC3046-2.1-untrusted-with-82-giaddr0-discard";
      }
  }
}

// The rule by which option 82 goes into a request that has none.
std::string rule_for_adding(const Message& m) {
  return has_option(m, code::message_type) ? "RFC3046-2.1-all-message-types" : "RFC3046-2.1-bootp-request";
}

// RFC 3046, section 2.1, puts the option before END "if present". Options that have none, or that the end of
// the message cuts off, have no sure place for it.
bool has_place_for_option82(const Message& m) {
  const auto area = options_of(encode(m));
  return area && area->end;
}

void decide_option82(Relayed& r, const Message& sent, const RelaySettings& s, Segment downlink) {
  r.rules = option82_rules(Direction::request);
  if (!s.option82) return;
  if (sent.giaddr.value_or(Ipv4()) != Ipv4()) {
    // Where it cannot say so its port may be any (RFC 8357, section 5.1).
    r.any_port = s.source_port.has_value();
    r.rules.added = "RFC3046-2.1.1-relayed-no-82-added";
    r.rules.kept = "RFC3046-2.1.1-relayed-82-kept";
  } else if (!has_dhcp_cookie(sent)) {
    r.rules.added = "MALF-bad-cookie-dhcp";
  } else if (has_option(sent, code::relay_agent)) {
    apply_policy(r, s, s.trusted_downlinks.contains(downlink));
    r.any_port = s.source_port.has_value() && !r.adds_option82;
  } else {
    r.rules.due = rule_for_adding(sent);
    bound_by_size(r, sent, s);
  }
  if (r.adds_option82 && !has_place_for_option82(sent)) r.option82_optional = true;
}

// The dialect `proxy`, by message type.
std::string rule_for_server_id(const Message& m) {
  const auto type = find_option(encode(m), code::message_type);
  if (!type || type->size() != 1) return "";
  switch (static_cast<Type>((*type)[0])) {
    case Type::offer:
      return "PROXY-54-offer-rewritten";
    case Type::ack:
      return "PROXY-54-ack-rewritten";
    case Type::nak:
      return "PROXY-54-nak-rewritten";
    case Type::request:
      return "PROXY-54-request-restored";
    case Type::decline:
      return "PROXY-54-decline-restored";
    case Type::release:
      return "PROXY-54-release-restored";
    default:
      return "";
  }
}

// The content of all instances (RFC 3396, section 7) down to its first octets; one that loses all it had
// goes.
void cut_option82(std::vector<Option>& options, std::size_t keep) {
  for (Option& o : options) {
    if (code_of(o) != code::relay_agent || o.wire.size() < 2) continue;
    const std::size_t size = std::min(keep, o.wire.size() - 2);
    keep -= size;
    o.wire.resize(2 + size);
    o.wire[1] = static_cast<std::uint8_t>(size);
  }
  std::erase_if(options,
                [](const Option& o) { return o.wire.size() == 2 && code_of(o) == code::relay_agent; });
}

bool ends_with(const Bytes& all, const Bytes& end) {
  return all.size() >= end.size() && std::equal(end.rbegin(), end.rend(), all.rbegin());
}

// RFC 3046, section 2.1: whoever has added the option removes it. Under policy append the relay's own stands
// behind another's, which stays for a trusted element; from others nobody expects it back.
bool strip_behind_another(Delivered& d, const World& world, const Memory& memory, const ExchangeKey& key) {
  const auto theirs = memory.sent_option82(key), echo = memory.echo(key);
  const auto content = find_option(encode(d.message), code::relay_agent);
  if (world.settings.option82_policy != Policy::append || !theirs || !echo || !content) return false;
  const std::size_t others = theirs->size();
  if (echo->size() <= others || !std::equal(theirs->begin(), theirs->end(), echo->begin())) return false;
  d.echo.assign(echo->begin() + static_cast<std::ptrdiff_t>(others), echo->end());
  const bool own = ends_with(*content, d.echo);
  d.option82_optional = !own || !world.settings.trusted_downlinks.contains(*memory.asked_on(key));
  if (own) cut_option82(*d.message.options, content->size() - d.echo.size());
  d.rules.kept = "RFC3046-2.1-trusted-82-not-stripped";
  return true;
}

bool has_option82_cut_off(const Message& m) {
  return m.options && std::ranges::any_of(*m.options, [](const Option& o) {
           return code_of(o) == code::relay_agent && is_cut_off(o);
         });
}

// RFC 3046, section 2.1: whoever has added the option removes it. What the end of the message cuts off behind
// it is no option: on a trusted circuit nothing says whose it is.
void strip_all(Delivered& d, bool trusted) {
  const bool leaves_rest = trusted && has_option82_cut_off(d.message);
  if (leaves_rest) {
    d.option82_optional = true;
    d.rules.kept = "RFC3046-2.1-trusted-82-not-stripped";
  }
  Message rest = leaves_rest ? without_whole_option82(d.message) : without_option82(d.message);
  const Bytes all = octets_of_option82(d.message);
  d.echo.assign(all.begin(), all.end() - static_cast<std::ptrdiff_t>(octets_of_option82(rest).size()));
  d.message = std::move(rest);
}

// What stands in option 82 is not what the relay has sent, and the circuit is one on which another element
// may have put it in: whose it is nothing says.
bool may_be_of_another(Delivered& d, const World& world, const Memory& memory, Segment downlink) {
  Message whole = d.message;
  if (has_option82_cut_off(whole)) whole.options->pop_back();
  const auto content = find_option(encode(whole), code::relay_agent);
  const ExchangeKey key = exchange_of(d.message);
  if (world.settings.option82_policy != Policy::rfc || !world.settings.trusted_downlinks.contains(downlink) ||
      !content || (content == memory.echo(key) && memory.asked_on(key) == downlink))
    return false;
  d.option82_optional = true;
  d.rules.kept = "RFC3046-2.1-trusted-82-not-stripped";
  return true;
}

bool is_forcerenew(const Message& m) {
  constexpr std::uint8_t forcerenew = 9;
  const auto type = find_option(encode(m), code::message_type);
  return type && !type->empty() && (*type)[0] == forcerenew;
}

bool names_server(const Message& m) {
  if (!m.options || has_option(m, code::authentication)) return false;
  const Bytes octets = encode(m);
  const auto type = find_option(octets, code::message_type), id = find_option(octets, code::server_id);
  if (!type || type->size() != 1 || !id || id->size() != 4) return false;
  // RFC 2132, section 9.7: four octets; one whose length says more is none.
  const bool cut_off = std::ranges::any_of(
      *m.options, [](const Option& o) { return code_of(o) == code::server_id && is_cut_off(o); });
  if (cut_off) return false;
  const auto t = static_cast<Type>((*type)[0]);
  return t == Type::offer || t == Type::ack || t == Type::nak;
}

}  // namespace

Relayed Model::relayed(const Message& sent, Segment downlink, const Memory& memory) const {
  Relayed r{.message = sent};
  r.message.hops = static_cast<std::uint8_t>(sent.hops.value_or(0) + 1);
  if (sent.giaddr.value_or(Ipv4()) == Ipv4())
    fill_giaddr(r, world_, downlink);
  else
    r.giaddr_rule = "RFC1542-4.1.1-giaddr-nonzero-kept";
  decide_option82(r, sent, world_.settings, downlink);
  if (world_.dialect == Dialect::proxy && has_dhcp_cookie(sent) && !has_option(sent, code::authentication)) {
    if (const auto server = memory.chosen(exchange_of(sent))) {
      r.server_id_rule = rule_for_server_id(sent);
      r.message = replacing(std::move(r.message), code::server_id,
                            option::address(code::server_id, world_.topology.servers[*server].ipv4));
    }
  }
  return r;
}

Delivered Model::delivered(const Message& sent, const Memory& memory) const {
  Delivered d{.message = sent, .rules = option82_rules(Direction::reply)};
  const ExchangeKey key = exchange_of(sent);
  // RFC 3046, section 2.1: whoever has added the option removes it. What a trusted element below has put in
  // is not the relay's; what the relay has put in is, even if nothing told it to.
  const bool of_another = world_.settings.option82 && memory.came_with_option82(key) &&
                          (world_.settings.option82_policy == Policy::forward ||
                           (world_.settings.option82_policy == Policy::rfc && memory.echo(key)));
  if (of_another) d.rules.kept = "RFC3046-2.1-trusted-82-not-stripped";
  if (has_dhcp_cookie(sent) && !of_another &&
      (world_.settings.option82 || memory.relay_added_option82(key))) {
    // What stands behind END stays as long as it was: a message that gets shorter has lost nothing but the
    // echo.
    if (!sent.tail) {
      if (const auto area = options_of(encode(sent))) d.message.tail = area->tail;
    }
    d.strips_option82 = true;
    if (!strip_behind_another(d, world_, memory, key) &&
        !may_be_of_another(d, world_, memory, networks_of(sent, memory).front()))
      strip_all(d, world_.settings.trusted_downlinks.contains(networks_of(sent, memory).front()));
  }
  if (world_.dialect == Dialect::proxy) {
    // RFC 3203, section 2.2: a FORCERENEW goes to a client that has its address.
    if (!is_forcerenew(sent)) d.by = Delivered::By::broadcast;
    if (names_server(sent)) {
      d.server_id_rule = rule_for_server_id(sent);
      const Ipv4 own = world_.proxy_id(networks_of(sent, memory).front());
      d.message = replacing(std::move(d.message), code::server_id, option::address(code::server_id, own));
    }
  }
  return d;
}

}  // namespace relayspec::dhcp4
