// SPDX-License-Identifier: Apache-2.0
// One client network alone, with each setting: a relay may use other code there, since it has only one
// network to choose from.
#include <string>
#include <vector>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

constexpr const char* alone = "IF-one-downlink-alone";

class OneDownlink : public Case {
 protected:
  /// A sub-option that the setting asks for, the rule for it, and where it is the operator's what it holds.
  struct Part {
    std::uint8_t code;
    const char* rule;
    std::string text = {};
  };

  void relay_serves_one_with(RelaySettings s) {
    s.downlinks = 1;
    relay_with(s);
  }
  /// Requests by broadcast and by unicast, and the answers to them in every form.
  void works(const std::vector<Part>& parts = {}) {
    const Arrival copy = asks();
    for (const Part& part : parts) {
      if (part.text.empty())
        contains(copy, part.rule, part.code);
      else
        holds(copy, part.rule, part.code, {part.text.begin(), part.text.end()});
    }
    goes_down(server.offer(client, {.flags = broadcast_flag}));
    asks();
    goes_down(server.offer(client));
    client.holds(client.lease());
    const auto renewal = client.renew();
    client.sends_to_relay(renewal, relay_address(Segment::downlink0));
    server.gets(relayed(renewal));
    goes_down(server.ack(client, {.ciaddr = client.lease()}));
  }
  /// A request that the setting is about.
  static TableRow row(const std::string& name, const Message& over, const std::vector<Option>& more = {}) {
    return {name, [=](const Client& one) {
              Message m = one.discover(over);
              for (const Option& o : more) m = m.plus(o);
              return m;
            }};
  }
  static TableRow plain() { return row("plain", {}); }
  static TableRow with_82_of_a_switch() {
    return row("with option 82 of a switch", {},
               {option::of(code::relay_agent, {200, 4, 'p', 'o', 'r', 't'})});
  }
};

TEST_F(OneDownlink, WithNoSetting) {
  covers({alone, "RFC1542-4.1.1-request-relayed", "RFC1542-4.1.1-hops-increment",
          "RFC1542-4.1.2-reply-delivered"});
  relay_serves_one_with({});

  works();
}

TEST_F(OneDownlink, WithOption82) {
  covers({alone, "RFC3046-2.1-all-message-types", "RFC3046-2.1-strip-on-reply",
          "RFC3046-2.1-untrusted-with-82-giaddr0-discard"});
  relay_serves_one_with({.option82 = true});

  works();
  requests_are_judged_by_model({with_82_of_a_switch(), plain()});
}

TEST_F(OneDownlink, WithCircuitId) {
  covers({alone, "RFC3046-2.1-per-suboption-config"});
  relay_serves_one_with({.option82 = true, .circuit_id = "port-9"});

  works({{1, "RFC3046-2.1-per-suboption-config", "port-9"}});
}

TEST_F(OneDownlink, WithRemoteId) {
  covers({alone, "RFC3046-2.1-per-suboption-config"});
  relay_serves_one_with({.option82 = true, .remote_id = "switch-7"});

  works({{2, "RFC3046-2.1-per-suboption-config", "switch-7"}});
}

TEST_F(OneDownlink, WithSubscriberId) {
  covers({alone, "RFC3046-2.1-per-suboption-config"});
  relay_serves_one_with({.option82 = true, .subscriber_id = "flat 7"});

  works({{6, "RFC3046-2.1-per-suboption-config", "flat 7"}});
}

TEST_F(OneDownlink, WithRelayId) {
  covers({alone, "RFC6925-5-configurable"});
  relay_serves_one_with({.option82 = true, .relay_id = "relay 9"});

  works({{12, "RFC6925-5-configurable", "relay 9"}});
}

TEST_F(OneDownlink, WithVss) {
  covers({alone, "RFC6607-5-every-request", "RFC6607-5-vss-and-control"});
  relay_serves_one_with({.option82 = true, .vss = "red"});

  works({{151, "RFC6607-5-every-request"}});
  // Beside the name, and not where that is missing itself.
  const Arrival copy = asks();
  if (!live() || sub_option(copy.message, 151)) contains(copy, "RFC6607-5-vss-and-control", 152);
}

TEST_F(OneDownlink, WithServerIdOverride) {
  covers({alone, "RFC5107-4-in-every-82"});
  only_in({Dialect::rfc, Dialect::strict});
  relay_serves_one_with({.option82 = true, .server_id = ServerIdMode::override_suboption});

  works({{11, "RFC5107-4-in-every-82"}});
}

TEST_F(OneDownlink, WithLinkSelection) {
  covers({alone, "RFC3527-3-on-all-messages", "RFC3527-3-giaddr-of-its-own"});
  relay_serves_one_with({.option82 = true, .link_selection = true});

  works({{5, "RFC3527-3-on-all-messages"}});
}

TEST_F(OneDownlink, WithAgentFlags) {
  covers({alone, "RFC5010-4-in-every-82"});
  relay_serves_one_with({.option82 = true, .flags_suboption = true});

  works({{10, "RFC5010-4-in-every-82"}});
}

TEST_F(OneDownlink, WithSourcePort) {
  covers({alone, "RFC8357-5.1-suboption-with-other-port", "RFC8357-3.1-port-as-set"});
  relay_serves_one_with({.option82 = true, .source_port = 50067});

  works({{19, "RFC8357-5.1-suboption-with-other-port"}});
}

TEST_F(OneDownlink, WithConfiguredGiaddr) {
  covers({alone, "RFC3527-3-giaddr-of-its-own"});
  relay_serves_one_with({.option82 = true, .giaddr = relay_address(Segment::uplink)});

  works();
}

TEST_F(OneDownlink, WithTrust) {
  covers({"RFC3046-2.1-trusted-82-kept", alone});
  relay_serves_one_with({.option82 = true, .trusted_downlinks = {Segment::downlink0}});

  works();
  requests_are_judged_by_model({with_82_of_a_switch()});
}

TEST_F(OneDownlink, WithPolicyAppend) {
  covers({"POLICY-append-keeps-and-adds", alone});
  relay_serves_one_with({.option82 = true, .option82_policy = AgentOptionPolicy::append});

  works();
  requests_are_judged_by_model({with_82_of_a_switch()});
}

TEST_F(OneDownlink, WithPolicyReplace) {
  covers({"POLICY-replace-takes-the-place", alone});
  relay_serves_one_with({.option82 = true, .option82_policy = AgentOptionPolicy::replace});

  works();
  requests_are_judged_by_model({with_82_of_a_switch()});
}

TEST_F(OneDownlink, WithPolicyForward) {
  covers({"POLICY-forward-leaves-as-is", alone});
  relay_serves_one_with({.option82 = true, .option82_policy = AgentOptionPolicy::forward});

  works();
  requests_are_judged_by_model({with_82_of_a_switch()});
}

TEST_F(OneDownlink, WithPolicyDiscard) {
  covers({"POLICY-discard-drops", alone});
  relay_serves_one_with({.option82 = true, .option82_policy = AgentOptionPolicy::discard});

  works();
  requests_are_judged_by_model({with_82_of_a_switch(), plain()});
}

TEST_F(OneDownlink, WithMaxHops) {
  covers({alone, "RFC1542-4.1.1-hops-threshold-configurable"});
  relay_serves_one_with({.max_hops = 6});

  works();
  requests_are_judged_by_model({row("with 6 hops", {.hops = 6, .giaddr = other_relay()}),
                                row("with 7 hops", {.hops = 7, .giaddr = other_relay()})});
}

TEST_F(OneDownlink, WithMinSecs) {
  covers({alone, "RFC1542-4.1.1-secs-threshold-configurable"});
  relay_serves_one_with({.min_secs = 2});

  works();
  requests_are_judged_by_model(
      {row("after 1 s", {.secs = std::uint16_t{1}}), row("after 2 s", {.secs = std::uint16_t{2}})});
}

TEST_F(OneDownlink, WithMaxSize) {
  covers({alone, "RFC3046-2.1-maxsize-configurable", "RFC3046-2.1-over-maxsize-forward-without"});
  relay_serves_one_with({.option82 = true, .max_size = 576});

  works();
  requests_are_judged_by_model(
      {plain(),
       row("with no room left", {}, {option::of(224, Bytes(255, 1)), option::of(225, Bytes(255, 1))})});
}

}  // namespace
}  // namespace relayspec
