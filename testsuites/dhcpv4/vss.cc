// SPDX-License-Identifier: Apache-2.0
// Virtual subnet selection (RFC 6607): the VPN that a client's network belongs to.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

constexpr std::uint8_t vss = 151, vss_control = 152;
const Bytes red{0, 'r', 'e', 'd'};

class Vss : public Case {
 protected:
  void relay_of_a_vpn() { relay_with({.option82 = true, .vss = "red"}); }
  /// RFC 6607, sections 3.3, 3.5 and 5.
  void names_the_vpn(const Arrival& a) {
    const auto name = contains(a, "RFC6607-5-every-request", vss);
    if (!name) return;
    Bytes with_nul = red;
    with_nul.push_back(0);
    if (*name != red)
      deviates(*name == with_nul ? "RFC6607-3.5-type0-no-nul" : "RFC6607-5-every-request",
               "sub-option 151 does not name the VPN", hex(red), hex(*name));
    const auto control = contains(a, "RFC6607-5-vss-and-control", vss_control);
    if (control && !control->empty())
      deviates("RFC6607-3.3-control-length-0", "sub-option 152 is not empty", "no octet", hex(*control));
  }
  /// An OFFER whose option 82 has other VPN information than the server got.
  Message offer_with(const std::vector<Option>& vpn) {
    Message m = server.offer(client, {.flags = broadcast_flag});
    const auto echo = find_option(encode(m), code::relay_agent).value_or(Bytes{});
    Option agent_option = agent({option::raw(without_sub_option(echo, vss))});
    for (const Option& o : vpn) {
      agent_option.wire.insert(agent_option.wire.end(), o.wire.begin(), o.wire.end());
      agent_option.wire[1] = static_cast<std::uint8_t>(agent_option.wire.size() - 2);
    }
    return replacing(m, code::relay_agent, agent_option);
  }
};

// RFC 6607, sections 3.3, 3.5 and 5: the name without a NUL behind type 0, and beside it the empty sub-option
// that shows in the answer whether the server knows VPNs.
TEST_F(Vss, HasTheNameAndTheControlSubOption) {
  covers({"RFC6607-5-vss-and-control", "RFC6607-3.3-control-length-0", "RFC6607-3.5-type0-no-nul"});
  relay_of_a_vpn();

  names_the_vpn(goes_up(client.discover()));
}

// RFC 6607, section 5: in every message of the VPN's clients.
TEST_F(Vss, EveryMessageHasTheSubOptions) {
  covers({"RFC6607-5-every-request"});
  relay_of_a_vpn();

  is_offered(client, server);
  for (const Message& m : {client.request(server), client.decline(server), client.inform(), client.bootp()})
    names_the_vpn(goes_up(m));
}

// RFC 6607, section 5: the server has kept to the VPN; the client gets its answer, on its own network.
TEST_F(Vss, ReplyOfTheVpnIsDelivered) {
  covers({"RFC6607-5-only-vss-echoed", "IF-reply-only-owner"});
  relay_of_a_vpn();

  asks();
  asks(neighbour);
  const auto to_us = server.offer(client, {.flags = broadcast_flag}),
             to_them = server.offer(neighbour, {.flags = broadcast_flag});
  goes_down(neighbour, to_them);
  goes_down(to_us);
}

// RFC 6607, section 5: with the control still there the server knew nothing of VPNs. What it then does is the
// relay's choice.
TEST_F(Vss, ReplyWithTheControlSubOptionReachesNoOtherNetwork) {
  covers({"RFC6607-5-both-echoed"});
  relay_of_a_vpn();

  asks();
  const bool came = may_go_down(offer_with({option::of(vss, red), option::of(vss_control, {})})).has_value();
  note("RFC6607-5-both-echoed", came ? "such an answer is delivered" : "such an answer is dropped");
}

// RFC 6607, section 5.1: a client that the relay cannot put into the VPN that the server wants gets nothing.
TEST_F(Vss, ReplyOfAnUnknownVpnIsDropped) {
  covers({"RFC6607-5.1-server-assigned-unknown"});
  relay_of_a_vpn();

  // A relay that has not named its VPN is asked for none.
  const Arrival request = asks();
  if (live() && !sub_option(request.message, vss)) return;
  server.sends(offer_with({option::of(vss, {0, 'n', 'o', 's', 'u', 'c', 'h'})}));

  nothing_comes_out();
  control_goes_down(server.offer(client, {.flags = broadcast_flag}));
}

// RFC 6607, section 5: a server that keeps to the VPN takes the control out. What it returns is still the
// relay's own, and is removed (RFC 3046, section 2.1), also on a network whose clients may send option 82
// themselves.
TEST_F(Vss, EchoWithoutTheControlIsRemovedOnATrustedDownlink) {
  covers({"RFC3046-2.1-strip-on-reply"});
  relay_with({.option82 = true, .trusted_downlinks = {Segment::downlink0}, .vss = "red"});

  asks();
  goes_down(server.offer(client, {.flags = broadcast_flag}));
}

}  // namespace
}  // namespace relayspec
