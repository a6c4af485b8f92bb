// SPDX-License-Identifier: Apache-2.0
// Link, network and transport: to whom, from whom, on which ports, with which checksums.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "harness/dhcp4/compare.h"

namespace relayspec {
namespace {

const char* limited_broadcast = "255.255.255.255";

std::string show(const Topology& topology, Ipv4 ip, const Mac& mac) {
  return fmt::format("{} at {}",
                     ip.to_string() == limited_broadcast ? limited_broadcast : topology.role_of(ip),
                     topology.role_of(mac));
}

// The client's own link address as the message has it.
bool is_chaddr(const Mac& mac, const Bytes& message) {
  return message.size() >= 34 && std::equal(mac.begin(), mac.end(), message.begin() + 28);
}

// RFC 2855, section 3: whose chaddr is no address.
bool is_of_firewire(const Bytes& message) {
  constexpr std::uint8_t ieee_1394 = 24;
  return message.size() > 1 && message[1] == ieee_1394;
}

// RFC 951, section 3: an Ethernet address has 6 octets. The rule that a frame to the first 6 of a link
// address of another length breaks; empty where hlen says 6, or the flag forbids any unicast.
const char* rule_for_length(const Bytes& message) {
  constexpr std::size_t hlen = 2, flags = 10;
  if (message.size() <= flags || message[hlen] == Mac::address_size || (message[flags] & 0x80) != 0)
    return "";
  if (message[hlen] == 0) return "RFC4390-2.2-hlen0-no-broadcast-bit";
  return message[hlen] > 16 ? "MALF-hlen-over-16-reply" : "MALF-hlen-odd-for-ethernet";
}

// yiaddr, or ciaddr, which a client may have already (RFC 951, section 4).
bool is_address_of_client(Ipv4 a, const Bytes& message) {
  const auto is_at = [&](std::size_t offset) {
    return message.size() >= offset + 4 &&
           Ipv4(fmt::format("{}.{}.{}.{}", message[offset], message[offset + 1], message[offset + 2],
                            message[offset + 3])) == a;
  };
  constexpr std::size_t ciaddr = 12, yiaddr = 16;
  return is_at(ciaddr) || is_at(yiaddr);
}

class Addressing {
 public:
  Addressing(const Expected& e, const Datagram& d)
      : e_(e), d_(d), lab_(e.topology), request_(e.direction == Direction::request) {}

  std::vector<Difference> compare() {
    destination();
    ports();
    source();
    checksums();
    return std::move(out_);
  }

 private:
  void differ(std::string field, std::string want, std::string got, std::string rule,
              const std::string& kind) {
    out_.push_back({.field = std::move(field),
                    .expected = std::move(want),
                    .observed = std::move(got),
                    .requirement = std::move(rule),
                    .kind = fmt::format("{} {}", name(e_.direction), kind)});
  }

  void destination() {
    const auto fits = [&](const Form& f) { return f.eth_dst == d_.eth_dst && f.ip_dst == d_.ip_dst; };
    if (std::any_of(e_.forms.begin(), e_.forms.end(), fits)) return;
    const Form& best = e_.forms.front();
    const std::string want = show(lab_, best.ip_dst, best.eth_dst), got = show(lab_, d_.ip_dst, d_.eth_dst);
    const bool to_all = d_.ip_dst.to_string() == limited_broadcast;
    if (request_) {
      differ("destination", want, got, "RFC1542-4.1.1-destination-configurable",
             "destination not the server");
    } else if (d_.ip_dst == Ipv4()) {
      differ("destination", want, got, "RFC1122-3.2.1.3-no-dst-zero", "destination 0.0.0.0");
    } else if (d_.eth_dst.is_broadcast() && !to_all && !lab_.is_directed_broadcast(d_.ip_dst)) {
      differ("destination", want, got, "RFC1122-3.3.6-link-bcast-needs-ip-bcast",
             "destination link broadcast");
    } else if (e_.broadcast_only && reaches_the_client(best)) {
      differ("destination", want, got, "PROXY-replies-by-broadcast", "destination not broadcast");
    } else if (is_of_firewire(e_.message) && is_chaddr(d_.eth_dst, e_.message)) {
      differ("destination", want, got, "RFC2855-3-1394-chaddr-ignored", "destination chaddr");
    } else if (is_chaddr(d_.eth_dst, e_.message) && *rule_for_length(e_.message) != '\0') {
      differ("destination", want, got, rule_for_length(e_.message), "destination of another length");
    } else if (!reaches_the_client(best)) {
      differ("destination", want, got, "RFC1542-4.1.2-reply-delivered", "destination another host");
    } else if (best.eth_dst.is_broadcast()) {
      differ("destination", want, got, "RFC1542-4.1.2-broadcast-delivery", "destination not broadcast");
    } else {
      const char* kind = d_.eth_dst.is_broadcast() ? "destination broadcast" : "destination mixed";
      differ("destination", want, got, "RFC1542-4.1.2-unicast-delivery", kind);
    }
  }

  // A frame to another link address, or with an address that is neither its own nor everyone's, is for
  // another host.
  bool reaches_the_client(const Form& best) const {
    const bool its_frame = d_.eth_dst.is_broadcast() || is_chaddr(d_.eth_dst, e_.message);
    return its_frame && (d_.ip_dst == Ipv4(limited_broadcast) || d_.ip_dst == lab_[e_.segment].broadcast() ||
                         d_.ip_dst == best.ip_dst || is_address_of_client(d_.ip_dst, e_.message));
  }

  void ports() {
    const std::uint16_t port = request_ ? 67 : 68;
    if (d_.dport != port) {
      differ("UDP destination port", std::to_string(port), std::to_string(d_.dport),
             request_ ? "RFC2131-4.1-server-port-67" : "RFC1542-4.1.2-dport-68",
             fmt::format("dport not {}", port));
    }
    // RFC 8357, section 5.1: the option says so, and where it is missing port 67 is right.
    const auto option82 = find_option(d_.payload, code::relay_agent);
    const bool may_say_port = option82 && (e_.replaced.empty() || option82 != e_.replaced);
    if (e_.sport && d_.sport != *e_.sport && (may_say_port || d_.sport != 67)) {
      // Port 68 is a client's, and no relay's under any settings.
      const bool of_settings = e_.sport != 67 && d_.sport != 68;
      differ("UDP source port", std::to_string(*e_.sport), std::to_string(d_.sport),
             of_settings ? "RFC8357-3.1-port-as-set"
             : request_  ? "RFC2131-4.1-sport-67-request"
                         : "RFC1542-4.1.2-sport-67-reply",
             of_settings ? "sport not the one that the relay was set to" : "sport not 67");
    }
  }

  // Towards the servers any of the relay's addresses will do; which one is a choice that a case of its own
  // reports.
  void source() {
    const Host& here = lab_[e_.segment].relay;
    const bool further = std::find(e_.further_addresses.begin(), e_.further_addresses.end(), d_.ip_src) !=
                         e_.further_addresses.end();
    const bool of_other_link =
        std::find(e_.of_other_links.begin(), e_.of_other_links.end(), d_.ip_src) != e_.of_other_links.end();
    if (!lab_.owner_of(d_.ip_src) && !further) {
      differ("IP source", "an address of the relay", lab_.role_of(d_.ip_src),
             "RFC1122-3.2.1.3-src-own-address", "IP source not its own");
    } else if (!request_ && d_.ip_src != here.ipv4 && (!further || of_other_link)) {
      differ("IP source", lab_.role_of(here.ipv4), lab_.role_of(d_.ip_src), "IF-reply-source-ip",
             "IP source " + part_of(lab_, d_.ip_src));
    }
    if (d_.eth_src != here.mac) {
      differ("link source", lab_.role_of(here.mac), lab_.role_of(d_.eth_src), "IF-link-source",
             "link source");
    }
    if (d_.ttl == 0) differ("TTL", "not 0", "0", "RFC1122-3.2.1.7-ttl-not-zero", "TTL 0");
  }

  void checksums() {
    const char* recalc = request_ ? "RFC1542-4.1.1-udp-cksum-recalc" : "RFC1542-4.1.2-udp-cksum-recalc-reply";
    if (!d_.ip_checksum_good) {
      differ("IP header checksum", "right", "wrong", "RFC1122-3.2.1.2-bad-ip-cksum", "IP checksum");
    }
    if (d_.udp_checksum == Checksum::bad) {
      differ("UDP checksum", "right", "wrong", recalc, "UDP checksum bad");
    } else if (d_.udp_checksum == Checksum::absent && !e_.checksum_optional) {
      differ("UDP checksum", "computed", "zero, which means none", recalc, "UDP checksum absent");
    }
  }

  const Expected& e_;
  const Datagram& d_;
  const Topology& lab_;
  bool request_;
  std::vector<Difference> out_;
};

// A router passes the datagram of another host on as it is, with a new link header and a TTL one lower (RFC
// 1812 section 5.3.1).
std::vector<Difference> compare_transit(const Expected& e, const Datagram& d) {
  std::vector<Difference> out;
  const auto differ = [&](const char* field, std::string want, std::string got) {
    if (want == got) return;
    out.push_back({.field = field,
                   .expected = std::move(want),
                   .observed = std::move(got),
                   .requirement = "RFC1542-4.1-transit-unicast-untouched",
                   .kind = std::string("transit ") + field});
  };
  const Envelope& sent = *e.transit;
  const Topology& lab = e.topology;
  differ("destination", show(lab, e.forms.front().ip_dst, e.forms.front().eth_dst),
         show(lab, d.ip_dst, d.eth_dst));
  differ("IP source", lab.role_of(*sent.ip_src), lab.role_of(d.ip_src));
  differ("UDP source port", std::to_string(*sent.sport), std::to_string(d.sport));
  differ("UDP destination port", std::to_string(*sent.dport), std::to_string(d.dport));
  differ("TTL", std::to_string(sent.ttl.value_or(64) - 1), std::to_string(d.ttl));
  differ("checksums", "right", d.ip_checksum_good && d.udp_checksum == Checksum::good ? "right" : "wrong");
  return out;
}

}  // namespace

std::vector<Difference> compare_addressing(const Expected& e, const Datagram& d) {
  return e.transit ? compare_transit(e, d) : Addressing(e, d).compare();
}

}  // namespace relayspec
