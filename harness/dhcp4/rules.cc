// SPDX-License-Identifier: Apache-2.0
// Which rule speaks of which part of a relayed message.
#include "harness/dhcp4/compare.h"

namespace relayspec {

Option82Rules option82_rules(Direction d) {
  if (d == Direction::request) {
    return {.due = "RFC3046-2.1-all-message-types",
            .added = "RFC3046-2.1-off-by-default",
            .kept = "RFC1542-4.1.1-options-intact",
            .left = "",
            .more = "RFC3396-6-no-needless-split"};
  }
  return {.due = "RFC3046-82-off-reply-with-82",
          .added = "RFC1542-4.1.2-options-intact-reply",
          .kept = "RFC3046-82-off-reply-with-82",
          .left = "RFC3046-2.1-strip-on-reply",
          .more = ""};
}

std::string part_of(const Topology& topology, Ipv4 a) {
  const std::string role = topology.role_of(a);
  const auto address = role.rfind(" (");
  return address == std::string::npos ? "" : role.substr(0, address);
}

std::string rule_for_field(Direction d, std::string_view field) {
  if (d == Direction::request) {
    if (field == "hops") return "RFC1542-4.1.1-hops-increment";
    if (field == "giaddr") return "RFC1542-4.1.1-giaddr-fill";
    if (field == "flags") return "RFC1542-4.1.1-broadcast-flag-kept-request";
    if (field == "reserved flags") return "RFC1542-2.2-mbz-ignored-request";
    if (field == "chaddr") return "RFC1542-2.3-chaddr-preserved";
    if (field == "sname" || field == "file") return "RFC1542-4.1.1-sname-file-intact";
    if (field == "cookie") return "RFC1542-3.5-other-cookie-passes";
    return "RFC1542-4.1.1-fields-intact";
  }
  if (field == "hops") return "RFC1542-4.1.2-hops-not-touched-reply";
  if (field == "giaddr") return "RFC1542-3.4-giaddr-in-reply-kept";
  if (field == "flags") return "RFC1542-4.1.2-broadcast-flag-kept-reply";
  if (field == "reserved flags") return "RFC1542-2.2-mbz-ignored-reply";
  return "RFC1542-4.1.2-fields-intact-reply";
}

std::string rule_for_option(Direction d, std::uint8_t c) {
  if (d == Direction::request) {
    if (c == code::server_id) return "RFC2132-9.7-server-id-kept-request";
    return "RFC1542-4.1.1-options-intact";
  }
  if (c == code::server_id) return "RFC2132-9.7-server-id-kept-reply";
  return "RFC1542-4.1.2-options-intact-reply";
}

}  // namespace relayspec
