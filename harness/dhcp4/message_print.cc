// Messages for people: one line, or field by field.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

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

std::string type_name(std::span<const std::uint8_t> m) {
  constexpr const char* names[] = {"DISCOVER", "OFFER", "REQUEST", "DECLINE",
                                   "ACK",      "NAK",   "RELEASE", "INFORM"};
  const auto type = find_option(m, code::message_type);
  if (type && type->size() == 1 && (*type)[0] >= 1 && (*type)[0] <= 8) return names[(*type)[0] - 1];
  const std::string op = m[0] == 1 ? "BOOTREQUEST" : m[0] == 2 ? "BOOTREPLY" : fmt::format("op {}", m[0]);
  return type ? fmt::format("{} with message type {}", op, hex(*type)) : op;
}

std::string field_value(const Field& f, std::span<const std::uint8_t> v) {
  const std::string_view name = f.name;
  if (name == "xid" || name == "flags") return fmt::format("0x{:0{}x}", value_of(v), 2 * f.length);
  if (name.ends_with("addr") && f.length == 4) return dotted(v);
  if (f.length <= 2) return std::to_string(value_of(v));
  return hex(v, 16);
}

}  // namespace

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

std::string print(std::span<const std::uint8_t> m) {
  if (m.size() < options_offset - 4) return summary(m);
  std::string s;
  const auto line = [&](const std::string& name, const std::string& value) {
    fmt::format_to(std::back_inserter(s), "{:<10} {}\n", name, value);
  };
  line("message", type_name(m));
  for (const Field& f : fixed_fields()) {
    if (f.offset + f.length > m.size()) break;
    const auto value = m.subspan(f.offset, f.length);
    if (std::any_of(value.begin(), value.end(), [](std::uint8_t o) { return o != 0; })) {
      line(f.name, field_value(f, value));
    }
  }
  if (const auto area = options_of(m)) {
    for (const Option& o : area->elements) {
      if (o.wire[0] == code::pad) {
        line("PAD", fmt::format("{} octets", o.wire.size()));
      } else {
        const auto data = std::span(o.wire).subspan(std::min<std::size_t>(2, o.wire.size()));
        line(option_name(o.wire[0]), fmt::format("[{}] {}", data.size(), hex(data)));
      }
    }
    line(area->end ? "END" : "no END",
         fmt::format("{} octets behind it", area->tail.empty() ? 0 : area->tail.size() - 1));
  }
  return s;
}

}  // namespace relayspec
