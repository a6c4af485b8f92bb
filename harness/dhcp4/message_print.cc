// SPDX-License-Identifier: Apache-2.0
// Messages for people: one line, or part by part.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "relayspec/harness/message.h"

namespace relayspec {
namespace {

std::uint32_t value_of(std::span<const std::uint8_t> octets) {
  std::uint32_t n = 0;
  for (const std::uint8_t o : octets) n = n << 8 | o;
  return n;
}

std::string dotted(std::span<const std::uint8_t> a) {
  return fmt::format("{}.{}.{}.{}", a[0], a[1], a[2], a[3]);
}

std::string field_value(const Field& f, std::span<const std::uint8_t> v) {
  const std::string_view name = f.name;
  if (name == "xid" || name == "flags") return fmt::format("0x{:0{}x}", value_of(v), 2 * f.length);
  if (name.ends_with("addr") && f.length == 4) return dotted(v);
  if (f.length <= 2) return std::to_string(value_of(v));
  return hex(v, 16);
}

}  // namespace

std::string type_name(std::span<const std::uint8_t> m) {
  if (m.size() < options_offset - 4) return "";
  constexpr const char* names[] = {"DISCOVER", "OFFER", "REQUEST", "DECLINE",
                                   "ACK",      "NAK",   "RELEASE", "INFORM"};
  const auto type = find_option(m, code::message_type);
  if (type && type->size() == 1 && (*type)[0] >= 1 && (*type)[0] <= 8) return names[(*type)[0] - 1];
  std::string op = m[0] == 1 ? "BOOTREQUEST" : m[0] == 2 ? "BOOTREPLY" : fmt::format("op {}", m[0]);
  if (!type) return op;
  if (type->empty()) return op + " with an empty message type";
  return type->size() == 1 ? fmt::format("{} with message type {}", op, type->front())
                           : fmt::format("{} with message type [{}]", op, hex(*type));
}

bool zeros(std::span<const std::uint8_t> octets) {
  return std::all_of(octets.begin(), octets.end(), [](std::uint8_t o) { return o == 0; });
}

std::string hex(std::span<const std::uint8_t> octets, std::size_t most) {
  std::string s;
  const std::size_t shown = std::min(octets.size(), most);
  for (std::size_t i = 0; i < shown; ++i)
    fmt::format_to(std::back_inserter(s), "{}{:02x}", i ? " " : "", octets[i]);
  if (shown < octets.size()) fmt::format_to(std::back_inserter(s), " … ({} octets in all)", octets.size());
  return s;
}

std::string option_name(std::uint8_t c) {
  const char* name = nullptr;
  switch (c) {
    case code::pad:
      return "PAD";
    case code::end:
      return "END";
    case code::subnet_mask:
      name = "Subnet Mask";
      break;
    case code::router:
      name = "Router";
      break;
    case code::dns:
      name = "Domain Name Server";
      break;
    case code::host_name:
      name = "Host Name";
      break;
    case code::vendor:
      name = "Vendor Specific";
      break;
    case code::requested_address:
      name = "Requested IP Address";
      break;
    case code::lease_time:
      name = "Lease Time";
      break;
    case code::overload:
      name = "Overload";
      break;
    case code::message_type:
      name = "Message Type";
      break;
    case code::server_id:
      name = "Server Identifier";
      break;
    case code::parameter_list:
      name = "Parameter Request List";
      break;
    case code::max_message_size:
      name = "Maximum Message Size";
      break;
    case code::client_id:
      name = "Client Identifier";
      break;
    case code::relay_agent:
      name = "Relay Agent Information";
      break;
    case code::authentication:
      name = "Authentication";
      break;
    case code::subnet_selection:
      name = "Subnet Selection";
      break;
    default:
      return fmt::format("option {}", c);
  }
  return fmt::format("option {} ({})", c, name);
}

std::string summary(std::span<const std::uint8_t> m) {
  if (m.size() < options_offset - 4)
    return fmt::format("{} octets, too few for BOOTP: {}", m.size(), hex(m, 16));
  std::string s = type_name(m);
  for (const Field& f : fixed_fields()) {
    const std::string_view name = f.name;
    const bool wanted =
        name == "hops" || name == "xid" || name == "flags" || (name.ends_with("addr") && f.length == 4);
    if (wanted && (value_of(m.subspan(f.offset, f.length)) != 0 || name == "xid")) {
      fmt::format_to(std::back_inserter(s), " {} {}", f.name, field_value(f, m.subspan(f.offset, f.length)));
    }
  }
  if (const auto id = find_option(m, code::server_id); id && id->size() == 4) {
    fmt::format_to(std::back_inserter(s), " server-id {}", dotted(*id));
  }
  if (const auto agent = find_option(m, code::relay_agent)) {
    fmt::format_to(std::back_inserter(s), " option 82 [{}]", hex(*agent, 12));
  }
  fmt::format_to(std::back_inserter(s), " ({} octets)", m.size());
  return s;
}

namespace {

bool holds_addresses(std::uint8_t c) {
  return c == code::subnet_mask || c == code::router || c == code::dns || c == code::requested_address ||
         c == code::server_id || c == code::subnet_selection;
}

std::string option_value(const Option& o) {
  const auto data = std::span(o.wire).subspan(std::min<std::size_t>(2, o.wire.size()));
  if (!holds_addresses(code_of(o)) || data.empty() || data.size() % 4 != 0)
    return fmt::format("[{}] {}", data.size(), hex(data));
  std::string addresses;
  for (std::size_t at = 0; at < data.size(); at += 4)
    addresses += (at == 0 ? "" : " ") + dotted(data.subspan(at, 4));
  return addresses;
}

Part part_of(const Option& o, std::string_view message_type) {
  if (code_of(o) == code::pad) return {"PADs", fmt::format("{} octets", o.wire.size()), o.wire};
  const bool is_type = code_of(o) == code::message_type && o.wire.size() == 3 && !message_type.empty();
  return {option_name(code_of(o)), is_type ? std::string(message_type) : option_value(o), o.wire};
}

void name_instances(std::vector<Part>& parts) {
  std::map<std::string, std::size_t> times;
  for (Part& p : parts) {
    if (const std::size_t n = ++times[p.name]; n > 1) p.name += fmt::format(", instance {}", n);
  }
}

}  // namespace

std::vector<Part> parts_of(std::span<const std::uint8_t> m) {
  std::vector<Part> parts;
  std::size_t read = 0;
  const auto add = [&](std::string name, std::string value, std::span<const std::uint8_t> octets) {
    parts.push_back({std::move(name), std::move(value), Bytes(octets.begin(), octets.end())});
  };
  for (const Field& f : fixed_fields()) {
    if (f.offset + f.length > m.size()) break;
    read = f.offset + f.length;
    const auto octets = m.subspan(f.offset, f.length);
    add(f.name, zeros(octets) && f.length > 4 ? "zeros" : field_value(f, octets), octets);
  }
  const auto area = options_of(m);
  if (!area) {
    if (read < m.size()) add("octets at the end", hex(m.subspan(read)), m.subspan(read));
    return parts;
  }
  for (const Option& o : area->elements) parts.push_back(part_of(o, type_name(m)));
  if (area->end) {
    const auto behind = std::span(area->tail).subspan(1);
    add("END", "", std::span(area->tail).first(1));
    if (!behind.empty())
      add("octets at the end", zeros(behind) ? fmt::format("{} zeros", behind.size()) : hex(behind), behind);
  }
  name_instances(parts);
  return parts;
}

}  // namespace relayspec
