// SPDX-License-Identifier: Apache-2.0
// All settings at once: each pair of them that can be on together is on together, in both directions.
#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include "forms.h"

namespace relayspec {
namespace {

constexpr const char *together = "POLICY-settings-together",
                     *as_configured = "RFC3046-2.1-per-suboption-config";

class EverySetting : public InForms {
 protected:
  /// Switches on whatever the profile offers. A text for the circuit is the same on all networks, so that
  /// only one alone has it.
  void relay_has_everything_and(AgentOptionPolicy chosen, unsigned networks = 1) {
    policy = chosen;
    on = {.option82 = true, .option82_policy = chosen, .downlinks = networks};
    if (offers("multi-server")) on.servers = 2;
    if (networks == 1 && offers("circuit-id")) on.circuit_id = "port-9";
    if (offers("remote-id")) on.remote_id = "switch-7";
    if (offers("subscriber-id")) on.subscriber_id = "flat 7";
    if (offers("relay-id")) on.relay_id = "relay 9";
    if (offers("vss")) on.vss = "red";
    if (offers("trusted")) on.trusted_downlinks = {Segment::downlink0};
    if (offers("max-hops")) on.max_hops = 5;
    if (offers("min-secs")) on.min_secs = 2;
    if (offers("max-size")) on.max_size = 1200;
    if (offers("giaddr")) on.giaddr = relay_address(Segment::uplink);
    if (offers("source-port")) on.source_port = 50067;
    on.link_selection = offers("link-selection");
    on.flags_suboption = offers("flags-suboption");
    if (offers("server-id-override") && !proxy()) on.server_id = ServerIdMode::override_suboption;
    relay_may_refuse(together);
    relay_with(on);
  }

  /// Every sub-option that a setting asks for, with what it asks for, each by the rule that it breaks alone.
  void says_everything(const Arrival& a, std::uint8_t flags) {
    has(a, !on.circuit_id.empty(), as_configured, 1, octets(on.circuit_id));
    has(a, !on.remote_id.empty(), as_configured, 2, octets(on.remote_id));
    says_each_once(a);
    // Without option 82 there is nothing to look into.
    const bool has_any = live() && find_option(a.message, code::relay_agent);
    if (on.link_selection && has_any && !sub_option(a.message, 5))
      deviates("RFC3527-3-on-all-messages", "sub-option 5 is missing", "there", "not there");
    if (on.link_selection && live()) is_right &= names_the_network(a);
    has(a, !on.subscriber_id.empty(), ends_with_nul(a, 6) ? "RFC3993-3.1-no-nul" : as_configured, 6,
        octets(on.subscriber_id));
    has(a, on.flags_suboption, rule_for_flags(a), 10, {flags});
    has(a, on.server_id == ServerIdMode::override_suboption, "RFC5107-4-in-every-82", 11,
        octets_of(relay_address(network)));
    has(a, !on.relay_id.empty(), said_relay_id ? "RFC6925-5-stable" : "RFC6925-5-configurable", 12,
        octets(on.relay_id));
    said_relay_id |= sub_option(a.message, 12) == octets(on.relay_id);
    // RFC 8357, section 5.1: from port 67 the sub-option is absent.
    has(a, on.source_port && a.datagram.sport != 67,
        sub_option(a.message, 19) ? "RFC8357-4.1-length-0" : "RFC8357-5.1-suboption-with-other-port", 19, {});
    has(a, !on.vss.empty(), "RFC6607-5-every-request", 151, {0, 'r', 'e', 'd'});
    // RFC 6607, section 5: the control sub-option is sent beside the name.
    has(a, live() && sub_option(a.message, 151),
        sub_option(a.message, 152) ? "RFC6607-3.3-control-length-0" : "RFC6607-5-vss-and-control", 152, {});
  }

  void says_everything_in_every_form(const Client& of) {
    if (of.downlink() != client.downlink()) {
      const auto named = sub_option(asks(client).message, 12);
      said_relay_id = live() && named == octets(on.relay_id);
    }
    network = of.downlink();
    is_offered(of, server);
    of.holds(of.lease());
    for (const RequestForm& form : forms_of_request()) {
      const Client one = of.with_new_xid();
      says_everything(goes_up_as(form, one, form.message(one, {})), form.to_relay ? 0x80 : 0);
    }
  }

  /// Requests without option 82 and with another's, and the answers to them, as long as they echo an option
  /// 82 that is right: one that is wrong the relay need not know again as its own.
  void works() {
    says_everything(asks(), 0);
    if (is_right) goes_down(server.offer(client, {.flags = broadcast_flag}));
    // RFC 951, section 4: a client that has its address already can answer ARP.
    client.holds(client.lease());
    const auto renewal = client.renew();
    client.sends_to_relay(renewal, relay_address(Segment::downlink0));
    says_everything(server.gets(relayed(renewal)), 0x80);
    if (on.servers == 2) second_server.gets(relayed(renewal));
    if (is_right) goes_down(server.ack(client, {.ciaddr = client.lease()}));
    works_with_anothers();
  }

  /// RFC 1542, section 4.1.1: what exceeds the limit is dropped, and not what reaches it.
  void hops_are_limited() {
    if (!on.max_hops) return;
    const auto limit = static_cast<std::uint8_t>(*on.max_hops);
    const Client one = client.another();
    one.sends(one.discover({.hops = static_cast<std::uint8_t>(limit + 1)}));
    nothing_comes_out();
    goes_up(one, one.discover({.hops = limit}));
  }

 private:
  /// RFC 3527, section 3: by an address in it.
  bool names_the_network(const Arrival& a) const {
    constexpr std::size_t prefix = 3;
    const auto link = sub_option(a.message, 5);
    const Bytes own = octets_of(relay_address(network));
    return link && link->size() == own.size() && std::equal(own.begin(), own.begin() + prefix, link->begin());
  }
  /// The operator has set each of them once.
  void says_each_once(const Arrival& a) {
    const Bytes content = find_option(a.message, code::relay_agent).value_or(Bytes{});
    std::set<std::uint8_t> seen;
    for (std::size_t at = 0; at + 2 <= content.size(); at += 2U + content[at + 1]) {
      if (seen.insert(content[at]).second) continue;
      is_right = false;
      deviates(as_configured, "a sub-option is there twice", "each once", hex(content));
    }
  }
  static Bytes octets(std::string_view s) { return {s.begin(), s.end()}; }
  static bool ends_with_nul(const Arrival& a, std::uint8_t code) {
    const auto text = sub_option(a.message, code);
    return text && !text->empty() && text->back() == 0;
  }
  /// RFC 5010, section 3: one octet, of which the first bit says how the request came.
  static const char* rule_for_flags(const Arrival& a) {
    const auto flags = sub_option(a.message, 10);
    if (!flags) return "RFC5010-4-in-every-82";
    return flags->size() == 1 && (flags->front() & 0x7f) == 0 ? "RFC5010-3-unicast-bit" : "RFC5010-3-mbz";
  }
  void has(const Arrival& a, bool asked, const char* rule, std::uint8_t code, const Bytes& value) {
    if (!asked) return;
    is_right &= !live() || sub_option(a.message, code) == value;
    holds(a, rule, code, value);
  }
  void works_with_anothers() {
    const Client other = client.another();
    const Bytes theirs{200, 4, 'p', 'o', 'r', 't'};
    const auto discover = other.discover().plus(option::of(code::relay_agent, theirs));
    const bool refused = policy == AgentOptionPolicy::discard ||
                         (policy == AgentOptionPolicy::rfc && on.trusted_downlinks.empty());
    if (refused) {
      other.sends(discover);
      nothing_comes_out();
      return;
    }
    const Arrival arrival = goes_up(other, discover);
    const bool adds = policy == AgentOptionPolicy::append || policy == AgentOptionPolicy::replace;
    // A relay that has left it in place has broken its policy, which is found in the request, and no other
    // rule.
    if (adds && live() && find_option(arrival.message, code::relay_agent) == theirs) return;
    if (adds) says_everything(arrival, 0);
    if (!is_right) return;
    // No element expects back what an untrusted client has added.
    if (!adds && on.trusted_downlinks.empty()) return;
    const auto offer = server.offer(other, {.flags = broadcast_flag});
    server.sends(offer);
    adds ? static_cast<void>(other.gets(delivered(offer)))
         : static_cast<void>(other.may_get(delivered(offer)));
  }

  AgentOptionPolicy policy = AgentOptionPolicy::rfc;
  RelaySettings on;
  Segment network = Segment::downlink0;  ///< of the client that asks
  bool said_relay_id = false;            ///< in one of the requests
  bool is_right = true;                  ///< all that the option 82 of each request has held
};

TEST_F(EverySetting, WithTrustedDownlink) {
  covers({together, "RFC5010-4-in-every-82", "RFC6607-5-every-request", "RFC5107-4-in-every-82",
          "RFC8357-5.1-suboption-with-other-port", "RFC3527-3-on-all-messages"});
  relay_has_everything_and(AgentOptionPolicy::rfc);
  works();
  hops_are_limited();
}

// Each sub-option is for the message that has it, so that no form of request may lack one: RFC 3527, section
// 3; RFC 5010, section 4; RFC 6607, section 5; RFC 8357, section 5.1.
TEST_F(EverySetting, InEveryFormOfRequest) {
  covers({together, as_configured, "RFC5010-4-in-every-82", "RFC6607-5-every-request",
          "RFC5107-4-in-every-82", "RFC8357-5.1-suboption-with-other-port", "RFC3527-3-on-all-messages"});
  relay_has_everything_and(AgentOptionPolicy::rfc);
  says_everything_in_every_form(client);
}

// The same on both of two networks. A text for the circuit would be the same on them, and none is given.
TEST_F(EverySetting, InEveryFormOfRequestOnASecondNetwork) {
  covers({together, as_configured, "RFC5010-4-in-every-82", "RFC6607-5-every-request",
          "RFC5107-4-in-every-82", "RFC8357-5.1-suboption-with-other-port", "RFC3527-3-on-all-messages"});
  relay_has_everything_and(AgentOptionPolicy::rfc, 2);
  says_everything_in_every_form(neighbour);
}

TEST_F(EverySetting, WithPolicyAppend) {
  covers({together, "POLICY-append-keeps-and-adds"});
  relay_has_everything_and(AgentOptionPolicy::append);
  works();
}

TEST_F(EverySetting, WithPolicyReplace) {
  covers({together, "POLICY-replace-takes-the-place"});
  relay_has_everything_and(AgentOptionPolicy::replace);
  works();
}

TEST_F(EverySetting, WithPolicyForward) {
  covers({together, "POLICY-forward-leaves-as-is"});
  relay_has_everything_and(AgentOptionPolicy::forward);
  works();
}

TEST_F(EverySetting, WithPolicyDiscard) {
  covers({together, "POLICY-discard-drops"});
  relay_has_everything_and(AgentOptionPolicy::discard);
  works();
}

}  // namespace
}  // namespace relayspec
