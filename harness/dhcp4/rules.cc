// Which rule speaks of which part of a relayed message.
#include "harness/dhcp4/compare.h"

namespace relayspec {

std::string rule_for_field(Direction d, std::string_view field) {
  if (d == Direction::request) {
    if (field == "hops") return "RFC1542-4.1.1-hops-increment";
    if (field == "giaddr") return "RFC1542-4.1.1-giaddr-fill";
    if (field == "flags") return "RFC1542-4.1.1-broadcast-flag-kept-request";
    if (field == "chaddr") return "RFC1542-2.3-chaddr-preserved";
    if (field == "sname" || field == "file") return "RFC1542-4.1.1-sname-file-intact";
    if (field == "cookie") return "RFC1542-3.5-other-cookie-passes";
    return "RFC1542-4.1.1-fields-intact";
  }
  if (field == "hops") return "RFC1542-4.1.2-hops-not-touched-reply";
  if (field == "giaddr") return "RFC1542-3.4-giaddr-in-reply-kept";
  if (field == "flags") return "RFC1542-4.1.2-broadcast-flag-kept-reply";
  return "RFC1542-4.1.2-fields-intact-reply";
}

std::string rule_for_option(Direction d, std::uint8_t c) {
  if (c == code::end) return "RFC2131-4.1-end-present";
  if (d == Direction::request) {
    if (c == code::server_id) return "RFC2132-9.7-server-id-kept-request";
    if (c == code::relay_agent) return "RFC3046-2.1-off-by-default";
    return "RFC1542-4.1.1-options-intact";
  }
  if (c == code::server_id) return "RFC2132-9.7-server-id-kept-reply";
  if (c == code::relay_agent) return "RFC3046-2.1-strip-on-reply";
  return "RFC1542-4.1.2-options-intact-reply";
}

}  // namespace relayspec
