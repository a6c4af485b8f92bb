// SPDX-License-Identifier: Apache-2.0
// All that a relay must not change is unchanged.
#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Transparency : public Case {};

// RFC 2132, sections 9.4 and 9.5: what may stand in sname and file as well.
constexpr std::uint8_t tftp_server_name = 66, bootfile_name = 67;

// A string, and octets behind its NUL.
const Bytes boot{'b', 'o', 'o', 't', 0, 0xde, 0xad, 0xbe, 0xef};

// END, and octets behind it that are no padding.
Bytes trailer() {
  Bytes octets(60, 0xe7);
  octets[0] = code::end;
  return octets;
}

// Options in sname and file as well (RFC 2132, section 9.3).
Message overloaded(const Message& m) {
  return m.with({.sname = Bytes{12, 2, 'a', 'b', 255}, .file = Bytes{43, 1, 7, 255}})
      .plus(option::number(code::overload, 3));
}

// RFC 1542, section 4.1.1: header fields pass as they are, even where a client would leave them zero.
TEST_F(Transparency, HeaderFieldsOfARequestAreUnchanged) {
  covers({"RFC1542-4.1.1-fields-intact"});

  goes_up(client.discover(
      {.secs = 0x1234, .ciaddr = Ipv4("10.1.2.3"), .yiaddr = Ipv4("10.4.5.6"), .siaddr = Ipv4("10.7.8.9")}));
  // RFC 2131, section 4.1: xid is a random number, and any number may be one.
  for (const std::uint32_t xid : {0U, 0xffff'ffffU}) goes_up(client.discover({.xid = xid}));
}

// RFC 1542, section 4.1.1: the relay adds option 82, and the fields stay.
TEST_F(Transparency, HeaderFieldsOfARequestWithOption82AreUnchanged) {
  covers({"RFC1542-4.1.1-fields-intact", "RFC1542-4.1.1-sname-file-intact"});
  relay_with({.option82 = true});

  goes_up(client.discover({.secs = 0x1234,
                           .ciaddr = Ipv4("10.1.2.3"),
                           .yiaddr = Ipv4("10.4.5.6"),
                           .siaddr = Ipv4("10.7.8.9"),
                           .sname = boot,
                           .file = boot}));
}

// It holds for each of the networks.
TEST_F(Transparency, HeaderFieldsOfARequestFromASecondNetworkAreUnchanged) {
  covers({"RFC1542-4.1.1-fields-intact", "RFC1542-4.1.1-sname-file-intact"});

  goes_up(neighbour, neighbour.discover({.secs = 0x1234,
                                         .ciaddr = Ipv4("10.1.2.3"),
                                         .yiaddr = Ipv4("10.4.5.6"),
                                         .siaddr = Ipv4("10.7.8.9"),
                                         .sname = boot,
                                         .file = boot}));
}

// RFC 1542, section 4.1.2: the same on the way back.
TEST_F(Transparency, HeaderFieldsOfAReplyAreUnchanged) {
  covers({"RFC1542-4.1.2-fields-intact-reply"});

  asks();
  goes_down(server.offer(client, {.secs = 0x1234, .siaddr = Ipv4("10.7.8.9")}));
  const Client other = client.another();
  goes_up(other, other.discover({.xid = 0}));
  goes_down(other, server.offer(other, {.xid = 0}));
}

// To each of the networks.
TEST_F(Transparency, HeaderFieldsOfAReplyToASecondNetworkAreUnchanged) {
  covers({"RFC1542-4.1.2-fields-intact-reply"});

  asks(neighbour);
  goes_down(
      neighbour,
      server.offer(neighbour,
                   {.hops = 3, .secs = 0x1234, .siaddr = Ipv4("10.7.8.9"), .sname = boot, .file = boot}));
}

// RFC 1542, section 2.2: reserved bits of flags pass.
TEST_F(Transparency, ReservedFlagsAreUnchanged) {
  covers({"RFC1542-2.2-mbz-ignored-request", "RFC1542-4.1.1-broadcast-flag-kept-request"});

  goes_up(client.discover({.flags = 0x7fff}));
}

// RFC 1542, section 4.1.1: the BROADCAST flag reaches the server.
TEST_F(Transparency, BroadcastFlagIsUnchanged) {
  covers({"RFC1542-4.1.1-broadcast-flag-kept-request"});

  goes_up(client.discover({.flags = broadcast_flag}));
}

// RFC 1542, section 2.3: all 16 octets of chaddr, those behind hlen as well.
TEST_F(Transparency, 16OctetsOfChaddrInARequestAreUnchanged) {
  covers({"RFC1542-2.3-chaddr-preserved"});

  const Message whole{
      .chaddr = Bytes{2, 0, 0x5e, 0x0c, 0, 10, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa}};
  goes_up(client.discover(whole));
  const auto renewal = client.renew(whole);
  client.sends_to_relay(renewal, relay_address(Segment::downlink0));
  server.gets(relayed(renewal));
}

// RFC 1542, section 4.1.1: sname and file are octets, not strings: what stands behind the first NUL passes.
TEST_F(Transparency, SnameAndFileOfARequestAreUnchanged) {
  covers({"RFC1542-4.1.1-sname-file-intact", "RFC951-7.3-sname-no-filter"});

  const Message names{.sname = boot, .file = boot};
  for (const Message& m :
       {client.discover(names), client.bootp(names), client.inform(names), client.reboot(names)})
    goes_up(m);
}

// The same in a reply.
TEST_F(Transparency, SnameAndFileOfAReplyAreUnchanged) {
  covers({"RFC1542-4.1.2-fields-intact-reply"});

  asks();
  goes_down(server.offer(client, {.sname = boot, .file = boot}));
}

// RFC 2132, section 2: options that a relay does not know pass in their order, split and repeated ones too
// (RFC 3396).
TEST_F(Transparency, UnknownAndRepeatedOptionsInARequestAreUnchanged) {
  covers({"RFC1542-4.1.1-options-intact", "RFC2131-4.1-option-order-kept", "RFC2132-2-unknown-options-pass",
          "RFC3396-7-split-options-pass"});

  goes_up(client.discover()
              .plus(option::of(250, Bytes(9, 0x5a)))
              .plus(option::of(code::vendor, Bytes(255, 0x43)))
              .plus(option::of(code::vendor, Bytes(90, 0x44)))
              .plus(option::of(96, {}))
              .plus(option::text(code::host_name, {"host\0", 5})));
}

// The same in a reply.
TEST_F(Transparency, UnknownAndRepeatedOptionsInAReplyAreUnchanged) {
  covers({"RFC1542-4.1.2-options-intact-reply", "RFC2132-2-unknown-options-pass"});

  asks();
  goes_down(server.offer(client)
                .plus(option::of(250, Bytes(9, 0x5a)))
                .plus(option::of(121, Bytes(255, 0x79)))
                .plus(option::of(121, Bytes(20, 0x7a)))
                .plus(option::text(15, "one."))
                .plus(option::text(15, "two."))
                .plus(option::of(96, {})));
}

// RFC 2132, section 3.1: PADs between options stay where they are.
TEST_F(Transparency, PadsBetweenOptionsAreUnchanged) {
  covers({"RFC2132-2-pad-between-options", "RFC1542-4.1.1-options-intact"});

  goes_up(client.discover()
              .plus(option::pads(3))
              .plus(option::of(251, {1, 2, 3}))
              .plus(option::pads(1))
              .plus(option::of(252, {4})));
}

// RFC 1542, section 4.1.1: the vendor area is preserved to its last octet, those behind END included.
TEST_F(Transparency, OctetsBehindEndInARequestAreUnchanged) {
  covers({"RFC1542-4.1.1-options-intact"});

  goes_up(client.discover({.tail = trailer()}));
}

// RFC 2132, section 9.3: options in sname and file are no concern of a relay.
TEST_F(Transparency, OverloadedFieldsOfARequestAreUnchanged) {
  covers({"RFC2131-4.1-overload-untouched-request"});

  goes_up(overloaded(client.discover()));
}

// RFC 1534, section 2: a BOOTP request without message type is relayed, and stays BOOTP.
TEST_F(Transparency, PlainBootpIsUnchanged) {
  covers({"RFC1542-4.1.1-bootp-request-relayed", "RFC1534-2-no-type-added"});

  goes_up(client.bootp());
}

// RFC 1542, section 4.1: the rules look at op; a message type that is younger than the relay passes.
TEST_F(Transparency, UnknownMessageTypeIsUnchanged) {
  covers({"RFC2131-msgtype-unknown-tolerated"});

  goes_up(client.discover({.options = {{option::number(code::message_type, 18)}}}));
}

// RFC 4361, section 6: a client identifier is opaque.
TEST_F(Transparency, LongClientIdentifierIsUnchanged) {
  covers({"RFC4361-6-client-id-kept", "RFC1542-4.1.1-options-intact"});

  goes_up(client.discover().plus(option::of(code::client_id, Bytes(130, 0xc1))));
}

// RFC 3011: the client's own subnet selection passes.
TEST_F(Transparency, SubnetSelectionIsUnchanged) {
  covers({"RFC3011-option118-kept"});

  goes_up(client.discover().plus(option::address(code::subnet_selection, Ipv4("10.9.0.0"))));
  goes_down(server.offer(client).plus(option::address(code::subnet_selection, Ipv4("10.9.0.0"))));
}

// RFC 1542, section 4.1.2: sname and file need not end with a NUL.
TEST_F(Transparency, FullSnameAndFileAreUnchanged) {
  covers({"RFC1542-4.1.1-sname-file-intact", "RFC1542-4.1.2-fields-intact-reply"});

  const Message full{.sname = Bytes(64, 's'), .file = Bytes(128, 'f')};
  goes_up(client.discover(full));
  goes_down(server.offer(client, full));
}

// In a NAK too, which gives the client neither an address nor a file.
TEST_F(Transparency, FullSnameAndFileOfANakAreUnchanged) {
  covers({"RFC1542-4.1.2-fields-intact-reply"});

  goes_up(client.reboot());
  goes_down(server.nak(client, {.sname = Bytes(64, 's'), .file = Bytes(128, 'f')}));
}

// RFC 2132, section 9.10: Maximum Message Size is meant for the server.
TEST_F(Transparency, MaximumMessageSizeIsUnchanged) {
  covers({"RFC2132-9.10-max-message-size-kept"});

  goes_up(client.discover().plus(option::number16(code::max_message_size, 1472)));
}

// RFC 3046, section 2.1: with option 82 on, everything else still stays.
TEST_F(Transparency, OptionsOfARequestWithOption82AreUnchanged) {
  covers({"RFC3046-2.1-last-before-end", "RFC2131-4.1-option-order-kept", "RFC3396-6-no-needless-split"});
  relay_with({.option82 = true});

  goes_up(
      client.discover().plus(option::pads(3)).plus(option::of(250, Bytes(9, 0x5a))).plus(option::of(96, {})));
  const Client one = client.another();
  goes_up(without(one.discover(), code::client_id)
              .plus(option::text(code::host_name, {"host\0", 5}))
              .plus(option::of(code::client_id, Bytes(130, 0xc1)))
              .plus(option::of(code::vendor, Bytes(80, 0x43)))
              .plus(option::of(code::vendor, Bytes(90, 0x44))));
}

// RFC 3046, section 2.2: wherever the server puts the echo, only the echo goes.
TEST_F(Transparency, OptionsBehindTheEchoAreUnchanged) {
  covers({"RFC3046-2.1-strip-anywhere", "RFC3046-2.1-strip-on-reply"});
  relay_with({.option82 = true});

  asks();
  goes_down(server.offer(client, {.secs = 0x1234, .siaddr = Ipv4("10.7.8.9")})
                .plus(option::of(250, Bytes(9, 0x5a)))
                .plus(option::of(code::vendor, {1, 1, 1})));
}

// RFC 1542, section 3.5: another cookie than DHCP's, or none, makes the vendor area no concern of a relay. It
// has 64 octets in all, as in the first BOOTP, and in a reply no message type.
TEST_F(Transparency, VendorAreaWithAnotherCookieIsUnchanged) {
  covers({"RFC1542-3.5-other-cookie-passes", "RFC1542-5.4-bootp-reply-delivered"});

  const Message area{
      .cookie = Bytes{1, 2, 3, 4}, .options = {{option::raw(Bytes(60, 0x52))}}, .tail = Bytes{}};
  goes_up(client.discover(area));
  goes_down(server.bootp_reply(client, area));
}

// RFC 2131, section 4.4 and RFC 1542, section 4.1.1: the relay relays whatever the client sends to the
// servers.
TEST_F(Transparency, EveryMessageTypeIsUnchanged) {
  covers({"RFC2131-msgtype-all-known", "RFC2131-4.3.5-inform-relayed", "RFC2131-4.4.4-decline-relayed"});

  for (const Type type : {Type::discover, Type::request, Type::decline, Type::release, Type::inform}) {
    goes_up(client.discover({.options = {{option::type(type)}}}));
  }
}

// RFC 1542, section 4.1.1: fields and options that may have the same meaning hold different values here. The
// relay changes none of them.
TEST_F(Transparency, EachFieldAndOptionOfARequestKeepsItsOwnValue) {
  covers({"RFC1542-4.1.1-fields-intact", "RFC1542-4.1.1-options-intact"});

  for (const Type type : {Type::discover, Type::request, Type::decline, Type::release, Type::inform}) {
    goes_up(client.discover(
        {.secs = 0x1234,
         .ciaddr = Ipv4("10.1.2.3"),
         .yiaddr = Ipv4("10.4.5.6"),
         .siaddr = Ipv4("10.7.8.9"),
         .sname = boot,
         .file = boot,
         .options = {{option::type(type), option::address(code::requested_address, client.lease()),
                      option::address(code::server_id, server.address()),
                      option::of(code::client_id, {1, 2, 0, 0x5e, 0x10, 0x20, 0x30}),
                      option::text(tftp_server_name, "tftp.example"),
                      option::text(bootfile_name, "another")}}}));
  }
}

// RFC 1542, section 4.1.2: the same in a reply. ciaddr is zero, since some relays deliver a reply to it.
TEST_F(Transparency, EachFieldAndOptionOfAReplyKeepsItsOwnValue) {
  covers({"RFC1542-4.1.2-fields-intact-reply", "RFC1542-4.1.2-options-intact-reply"});

  for (const Type type : {Type::offer, Type::ack, Type::nak}) {
    asks();
    const Message reply = server.offer(
        client,
        {.secs = 0x1234, .flags = broadcast_flag, .siaddr = Ipv4("10.7.8.9"), .sname = boot, .file = boot});
    goes_down(replacing(reply, code::message_type, option::type(type))
                  .plus(option::text(tftp_server_name, "tftp.example"))
                  .plus(option::text(bootfile_name, "another")));
  }
}

// RFC 1542, section 4.1.2: what a reply holds behind END, and between its options, is the server's.
TEST_F(Transparency, PadsAndOctetsBehindEndInAReplyAreUnchanged) {
  covers({"RFC1542-4.1.2-options-intact-reply", "RFC2132-2-pad-between-options"});

  asks();
  goes_down(server.offer(client, {.tail = trailer()}).plus(option::pads(3)).plus(option::of(251, {1, 2, 3})));
}

// RFC 1542, section 4.1.2: all 16 octets of chaddr come back.
TEST_F(Transparency, 16OctetsOfChaddrInAReplyAreUnchanged) {
  covers({"RFC1542-4.1.2-fields-intact-reply"});

  asks();
  auto chaddr = *client.discover().chaddr;
  for (std::uint8_t o = 0xa1; chaddr.size() < 16; ++o) chaddr.push_back(o);
  goes_down(server.offer(client, {.chaddr = chaddr}));
}

// RFC 2132, section 9.3: options in sname and file of a reply are no concern of a relay either.
TEST_F(Transparency, OverloadedFieldsOfAReplyAreUnchanged) {
  covers({"RFC2131-4.1-overload-untouched-reply"});

  asks();
  goes_down(overloaded(server.offer(client)));
}

}  // namespace
}  // namespace relayspec
