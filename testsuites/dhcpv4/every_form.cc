// SPDX-License-Identifier: Apache-2.0
// A rule for requests or replies holds for every form of them: each row is one form.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "forms.h"

namespace relayspec {
namespace {

class EveryForm : public InForms {
 protected:
  /// By the model, each a message of its own exchange, with these fields and what is more.
  void each_request_goes_up(const Client& of, const Message& over, const std::vector<Option>& more) {
    is_offered(of, server);
    of.holds(of.lease());
    std::vector<std::pair<std::string, Message>> sent;
    for (const RequestForm& form : forms()) {
      const Client one = of.with_new_xid();
      sent.emplace_back(row_of(form, of), with(form.message(one, over), more));
      sends_as(form, one, sent.back().second);
    }
    for (const auto& [row, m] : sent) is_judged_by_model(m, row);
  }

  /// None comes out; with these fields instead, and without what is more, each does.
  void each_request_is_dropped(const Message& over, const std::vector<Option>& more) {
    is_offered(client, server);
    client.holds(client.lease());
    for (const RequestForm& form : forms()) {
      const Client one = client.with_new_xid();
      sends_as(form, one, with(form.message(one, over), more));
      nothing_comes_out();
      control_goes_up_as(form, one, form.message(one, {}));
    }
  }

  void each_reply_goes_down(const Client& of, const Message& over, const std::vector<Option>& more) {
    is_offered(of, server);
    of.holds(of.lease());
    std::vector<std::pair<ReplyForm, Client>> asked;
    for (const ReplyForm& form : forms_of_reply()) {
      asked.emplace_back(form, of.with_new_xid());
      goes_up(asked.back().second, form.request(asked.back().second));
    }
    std::vector<std::pair<std::string, Message>> sent;
    for (const auto& [form, one] : asked) {
      sent.emplace_back(form.name + " to " + interface_name(of.downlink()),
                        with(form.message(one, over), more));
      server.sends(sent.back().second);
    }
    for (const auto& [row, m] : sent) is_judged_by_model(m, row);
  }

  /// From here on messages without a message type are left out.
  void rule_is_for_dhcp() { only_dhcp_ = true; }

  /// dhcrelay(8) says of DHCP messages what its option -m does with them.
  void relay_has_policy(AgentOptionPolicy policy) {
    relay_with({.option82 = true, .option82_policy = policy});
    rule_is_for_dhcp();
  }

  /// A value in each field that may have one.
  static Message all_fields() {
    const Bytes text{'b', 'o', 'o', 't', 0, 0xde, 0xad, 0xbe, 0xef};
    Bytes sname(64, 's'), file(128, 'f');
    std::copy(text.begin(), text.end(), sname.begin());
    std::copy(text.begin(), text.end(), file.begin() + 1);
    return {.secs = 0x1234, .siaddr = Ipv4("10.7.8.9"), .sname = sname, .file = file};
  }
  static std::vector<Option> odd_options() {
    return {option::pads(3), option::of(250, {1, 0, 2}), option::of(96, {}),
            option::text(code::host_name, {"h\0", 2})};
  }
  static std::vector<Option> anothers_circuit() { return {agent({option::text(1, "another")})}; }

 private:
  std::vector<RequestForm> forms() {
    auto all = forms_of_request();
    if (only_dhcp_) std::erase_if(all, [](const RequestForm& form) { return !form.is_dhcp; });
    return all;
  }
  static Message with(Message m, const std::vector<Option>& more) {
    for (const Option& o : more) m = m.plus(o);
    return m;
  }

  bool only_dhcp_ = false;
};

// RFC 1542, section 4.1.1: the relay changes hops and giaddr, and nothing else.
TEST_F(EveryForm, OfRequestKeepsItsFieldsAndOptions) {
  covers({"RFC1542-4.1.1-fields-intact", "RFC1542-4.1.1-sname-file-intact", "RFC1542-4.1.1-options-intact"});

  for (const Client& of : {client, neighbour}) each_request_goes_up(of, all_fields(), odd_options());
}

// RFC 3046, section 2.1: and option 82.
TEST_F(EveryForm, OfRequestKeepsItsFieldsAndOptionsBesideOption82) {
  covers({"RFC1542-4.1.1-fields-intact", "RFC1542-4.1.1-sname-file-intact", "RFC1542-4.1.1-options-intact",
          "RFC3046-2.1-all-message-types"});
  relay_with({.option82 = true});

  for (const Client& of : {client, neighbour}) each_request_goes_up(of, all_fields(), odd_options());
}

// RFC 1542, section 4.1.1: the limit is for requests, whatever they ask for and however they come.
TEST_F(EveryForm, OfRequestWith_17HopsIsDiscarded) {
  covers({"RFC1542-4.1.1-hops-over-16-discard"});

  each_request_is_dropped({.hops = 17}, {});
}

// RFC 1542, section 4.1.1: giaddr is the first relay's.
TEST_F(EveryForm, OfRequestOfAnotherRelayKeepsItsGiaddr) {
  covers({"RFC1542-4.1.1-giaddr-nonzero-kept", "RFC1542-4.1.1-hops-increment-relayed"});

  for (const Client& of : {client, neighbour})
    each_request_goes_up(of, {.hops = 3, .giaddr = other_relay()}, {});
}

// RFC 3046, section 2.1.1: option 82 is the first relay's as well, and stays the only one.
TEST_F(EveryForm, OfRequestOfAnotherRelayKeepsItsOption82) {
  covers({"RFC3046-2.1.1-relayed-82-kept", "RFC3046-2.1.1-relayed-no-82-added"});
  relay_with({.option82 = true});

  each_request_goes_up(client, {.hops = 1, .giaddr = other_relay()}, anothers_circuit());
  each_request_goes_up(client, {.hops = 1, .giaddr = other_relay()}, {});
}

// RFC 3046, section 2.1: a client that no operator trusts has no option 82 to add.
TEST_F(EveryForm, OfRequestOfAClientWithOption82IsDropped) {
  covers({"RFC3046-2.1-untrusted-with-82-giaddr0-discard"});
  relay_with({.option82 = true});
  rule_is_for_dhcp();

  each_request_is_dropped({}, anothers_circuit());
}

// RFC 1542, section 4.1.1: an operator's limit holds as the relay's own does.
TEST_F(EveryForm, OfRequestOverMaxHopsIsDiscarded) {
  covers({"RFC1542-4.1.1-hops-threshold-configurable"});
  relay_with({.max_hops = 6});

  each_request_is_dropped({.hops = 7}, {});
}

// RFC 1542, section 4.1.1: and so does the time for which requests are left to servers nearby.
TEST_F(EveryForm, OfRequestUnderMinSecsIsNotRelayed) {
  covers({"RFC1542-4.1.1-secs-threshold-configurable"});
  relay_with({.min_secs = 2});

  each_request_is_dropped({.secs = std::uint16_t{1}}, {});
}

// RFC 3046, section 2.1: what a trusted client adds stays, and is the only one.
TEST_F(EveryForm, OfRequestOfATrustedClientKeepsItsOption82) {
  covers({"RFC3046-2.1-trusted-82-kept", "RFC3046-2.1-trusted-no-second"});
  relay_with({.option82 = true, .trusted_downlinks = {Segment::downlink0}});
  rule_is_for_dhcp();

  each_request_goes_up(client, {}, anothers_circuit());
}

// dhcrelay(8), -m: what becomes of an option 82 that a client has added is one policy for all requests.
TEST_F(EveryForm, OfRequestWithOption82AndPolicyAppend) {
  covers({"POLICY-append-keeps-and-adds"});
  relay_has_policy(AgentOptionPolicy::append);

  each_request_goes_up(client, {}, anothers_circuit());
}

TEST_F(EveryForm, OfRequestWithOption82AndPolicyReplace) {
  covers({"POLICY-replace-takes-the-place"});
  relay_has_policy(AgentOptionPolicy::replace);

  each_request_goes_up(client, {}, anothers_circuit());
}

TEST_F(EveryForm, OfRequestWithOption82AndPolicyForward) {
  covers({"POLICY-forward-leaves-as-is"});
  relay_has_policy(AgentOptionPolicy::forward);

  each_request_goes_up(client, {}, anothers_circuit());
}

TEST_F(EveryForm, OfRequestWithOption82AndPolicyDiscard) {
  covers({"POLICY-discard-drops"});
  relay_has_policy(AgentOptionPolicy::discard);

  each_request_is_dropped({}, anothers_circuit());
}

// RFC 1542, section 4.1.2: the relay changes nothing of a reply.
TEST_F(EveryForm, OfReplyKeepsItsFieldsAndOptions) {
  covers({"RFC1542-4.1.2-fields-intact-reply", "RFC1542-4.1.2-options-intact-reply",
          "RFC1542-4.1.2-hops-not-touched-reply"});

  Message fields = all_fields();
  fields.hops = 3;
  for (const Client& of : {client, neighbour}) each_reply_goes_down(of, fields, odd_options());
}

// RFC 3046, section 2.2: but for the echo of its option 82.
TEST_F(EveryForm, OfReplyKeepsItsFieldsAndOptionsBesideTheEcho) {
  covers({"RFC3046-2.1-strip-on-reply", "RFC1542-4.1.2-fields-intact-reply",
          "RFC1542-4.1.2-options-intact-reply"});
  relay_with({.option82 = true});

  for (const Client& of : {client, neighbour}) each_reply_goes_down(of, all_fields(), odd_options());
}

}  // namespace
}  // namespace relayspec
