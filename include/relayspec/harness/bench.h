// SPDX-License-Identifier: Apache-2.0
// What a conformance case is written with: two client networks, up to four servers, and expectations over
// whole messages.
//
// The head of a case says what it covers and how the relay is to be started; then messages are sent
// and what comes out is expected, one by one. Whatever comes out of the relay on any side without being
// expected is a deviation.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "relayspec/harness/datagram.h"
#include "relayspec/harness/device.h"
#include "relayspec/harness/dialect.h"
#include "relayspec/harness/edits.h"
#include "relayspec/harness/message.h"
#include "relayspec/harness/relayed.h"
#include "relayspec/harness/settings.h"
#include "relayspec/harness/topology.h"

namespace relayspec {

class Case;
class CaseRun;
struct Expected;

/// What arrived: in a dry run, what was expected.
struct Arrival {
  Bytes message;
  Datagram datagram;
  std::size_t frame = 0;  ///< its place in the record
};

/// A host on a downlink. Its messages carry odd values where a relay has to keep them.
class Client {
 public:
  Client(Case& owner, Segment downlink, std::uint8_t number);

  Segment downlink() const { return downlink_; }
  Mac mac() const { return mac_; }
  /// The address that servers offer it, and that it has after an ACK.
  Ipv4 lease() const;
  std::uint32_t xid() const { return xid_; }
  /// Another client of the same network; `as` may give it this client's xid.
  Client another() const;
  void use_xid(std::uint32_t xid) { xid_ = xid; }
  /// The same client in its next exchange (RFC 2131, section 4.1).
  Client with_new_xid() const;
  void use_mac(const Mac& mac) { mac_ = mac; }
  /// The client answers ARP for an address from now on, as one does that has it.
  void holds(Ipv4) const;
  /// The client asks by ARP who has an address of the relay; nobody's answer is a deviation.
  void finds(Ipv4, std::string_view requirement) const;

  Message discover(const Message& over = {}) const;
  /// SELECTING: names the server as the client was offered it, in dialect `proxy` by the relay's address.
  Message request(const class Server&, const Message& over = {}) const;
  /// INIT-REBOOT: requested address, no server.
  Message reboot(const Message& over = {}) const;
  /// RENEWING and REBINDING: ciaddr, neither server nor requested address (RFC 2131 table 5).
  Message renew(const Message& over = {}) const;
  Message decline(const class Server&, const Message& over = {}) const;
  Message release(const class Server&, const Message& over = {}) const;
  Message inform(const Message& over = {}) const;
  /// A request of plain BOOTP: a vendor area of 64 octets, no message type.
  Message bootp(const Message& over = {}) const;

  /// As a client without an address sends: from 0.0.0.0:68 to 255.255.255.255:67, link broadcast.
  void sends(const Message&, const Envelope& over = {}) const;
  /// To one of the relay's addresses, from the client's lease.
  void sends_to_relay(const Message&, Ipv4 relay_address, const Envelope& over = {}) const;
  /// Octets that need not be a message, in a datagram like that of sends().
  void sends_octets(const Bytes&, const std::string& what, const Envelope& over = {}) const;

  /// Frames made by hand, from frame_of() say; the xid is that of the first one.
  void sends_frames(const std::vector<Bytes>& frames, const std::string& what) const;
  /// The frame that sends() would put on the wire.
  Bytes frame_of(const Message&, const Envelope& over = {}) const;

  Arrival gets(const Delivered&) const;
  /// The same where the relay may also drop the message; nothing in a dry run.
  std::optional<Arrival> may_get(const Delivered&) const;
  /// Holds what comes_out() has taken to what the client should have got.
  void compares(const Arrival&, const Delivered&) const;

  /// To a server's own address by way of the relay's host, which routes it; from the client's lease.
  void sends_past_relay(const Message&, const class Server&) const;
  /// What that server sent past the relay.
  Arrival gets_routed(const Message&, const class Server&) const;

 private:
  friend class Server;
  Expected expectation(const Delivered&) const;
  std::string described(const Delivered&) const;
  void puts_out(const std::vector<Bytes>& frames, const std::string& what,
                const std::function<std::string()>& details) const;
  Envelope past_relay(const class Server&) const;
  Envelope envelope(const Envelope& over) const;

  Case* case_;
  Segment downlink_;
  std::uint8_t number_;
  Mac mac_;
  std::uint32_t xid_;
};

class Server {
 public:
  Server(Case& owner, std::size_t number) : case_(&owner), number_(number) {}

  std::size_t number() const { return number_; }
  Ipv4 address() const { return host().ipv4; }
  const Host& host() const;
  /// Its Server Identifier as clients see it: its address; in dialect `proxy` the relay's.
  Ipv4 seen_by(const Client&) const;

  /// Answers to what a client sent last, sent to its relay; flags stay clear unless the case sets them.
  Message offer(const Client&, const Message& over = {}) const;
  Message ack(const Client&, const Message& over = {}) const;
  Message nak(const Client&, const Message& over = {}) const;
  Message bootp_reply(const Client&, const Message& over = {}) const;

  /// From this server, port 67, to port 67 at giaddr, or if that is none of the relay's, to where the answers
  /// for the first downlink go.
  void sends(const Message&, const Envelope& over = {}) const;
  void sends_octets(const Bytes&, const std::string& what, const Envelope& over = {}) const;
  void sends_frames(const std::vector<Bytes>& frames, const std::string& what) const;
  Bytes frame_of(const Message&, const Envelope& over = {}) const;

  /// Its host answers a copy with ICMP "port unreachable".
  void refuses(const Arrival& copy) const;

  Arrival gets(const Relayed&) const;
  std::optional<Arrival> may_get(const Relayed&) const;
  /// Holds what comes_out() has taken to what the server should have got.
  void compares(const Arrival&, const Relayed&) const;

  /// To the client's lease by way of the relay's host, which routes it.
  void sends_past_relay(const Message&, const Client&) const;
  Arrival gets_routed(const Message&, const Client&) const;

 private:
  Ipv4 giaddr_for(const Client&, std::uint32_t xid) const;
  friend class Client;
  Expected expectation(const Relayed&) const;
  void puts_out(const std::vector<Bytes>& frames, const std::string& what,
                const std::function<std::string()>& details) const;
  Envelope past_relay(const Client&) const;
  Envelope envelope(const Envelope& over) const;

  Case* case_;
  std::size_t number_;
};

/// A row of a table: how its message is made for a client, and its name in findings.
struct TableRow {
  std::string name;
  std::function<Message(const Client&)> message;
};

class Case {
 public:
  Case();
  virtual ~Case();
  Case(const Case&) = delete;
  Case& operator=(const Case&) = delete;

  /// Hands over the run; called once, before the body.
  void bind(CaseRun&);
  /// The body. Without a relay it is a dry run (`relayspec explain`).
  virtual void body() = 0;

 protected:
  friend class Client;
  friend class Server;

  // Who is where. Cases name no address: a device has its own.
  const Topology& topology() const;
  Ipv4 relay_address(Segment s) const { return topology()[s].relay.ipv4; }
  Mac relay_mac(Segment s) const { return topology()[s].relay.mac; }
  /// The n-th address of a segment's subnet.
  Ipv4 host_address(Segment s, std::uint8_t n) const { return topology().host(s, n); }
  Ipv4 subnet_broadcast(Segment s) const { return topology()[s].broadcast(); }
  Ipv4 server_address(std::size_t n) const { return topology().servers[n].ipv4; }
  /// Another relay, on the first client network.
  Ipv4 other_relay() const { return host_address(Segment::downlink0, 200); }
  template <class Address>
  std::string role_of(const Address& a) const {
    return topology().role_of(a);
  }

  /// Ids of the catalogue; one that it does not have is an error of the case, here and in note() and
  /// deviates(). A quirk of the relay is held against it in cases that cover its rule. The first is blamed
  /// where the model leaves open what becomes of a message and the case does not.
  void covers(std::initializer_list<std::string_view> requirements);
  /// How the relay is started for this case; unless said, plain with one server and both downlinks.
  void relay_with(const RelaySettings&);
  /// A relay that is started with these settings and then relays nothing is blamed for it, by this
  /// requirement.
  void relay_must_cope(std::string_view requirement);
  /// A relay that refuses these settings is noted, not blamed.
  void relay_may_refuse(std::string_view requirement);
  /// The case makes sense in these dialects only.
  void only_in(std::initializer_list<Dialect>);
  bool proxy() const;
  bool strict() const;

  /// What the servers have to receive when a client's message is relayed: hops one higher, giaddr filled in
  /// if it was zero, the relay's option 82 if it is configured to add it; in dialect `proxy` the chosen
  /// server's identifier put back.
  Relayed relayed(const Message& sent, const Message& over = {}) const;
  /// The same for a message that some downlink other than the first client's let in.
  Relayed relayed_from(Segment downlink, const Message& sent, const Message& over = {}) const;
  /// What the client has to receive when a server's message is relayed: the same, without the echo of option
  /// 82; in dialect `proxy` with the relay's Server Identifier, and by broadcast.
  Delivered delivered(const Message& sent, Delivered::By = Delivered::By::either) const;

  /// A client's request reaches every server as it has to be relayed, the first server's copy is returned; a
  /// server's reply reaches its client.
  Arrival goes_up(const Client&, const Message&);
  Arrival goes_up(const Message& m) { return goes_up(client, m); }
  Arrival goes_down(const Client&, const Message&, Delivered::By = Delivered::By::either);
  Arrival goes_down(const Message& m, Delivered::By by = Delivered::By::either) {
    return goes_down(client, m, by);
  }
  /// What becomes of a request in goes_up(), whichever way it was sent.
  Arrival every_server_gets(const Relayed&);
  /// The same where the relay may also drop the message; nothing in a dry run.
  std::optional<Arrival> may_go_up(const Message&);
  std::optional<Arrival> may_go_down(const Message&);
  /// A DISCOVER is relayed, so that what servers send next is an answer.
  Arrival asks(const Client& c) { return goes_up(c, c.discover()); }
  Arrival asks() { return asks(client); }

  /// Holds what has come of a message that was sent against the model, whatever it is. `combination` names it
  /// in findings. `also`: another network on which the RFCs allow a reply with this content.
  void is_judged_by_model(const Message& sent, const std::string& combination,
                          std::initializer_list<Segment> also = {});
  /// Sends a request for each row, from a client of its own on the first network, and judges them all.
  void requests_are_judged_by_model(const std::vector<TableRow>&);
  /// The same with replies, each behind a DISCOVER of its client.
  void replies_are_judged_by_model(const std::vector<TableRow>&);

  /// Nothing is sent for a while. What comes out of the relay stays to be looked at.
  void relay_is_left_alone();
  /// Proved by barriers that do come out, not waited for.
  void nothing_comes_out();
  /// The same for the clients' networks, whatever comes out on the servers' side.
  void nothing_reaches_clients();
  /// The control of a silence, behind it: the same message with the one field corrected, sent from and to the
  /// same place in the same state. Where that does not come out either, the silence proves nothing, and the
  /// case is not judged.
  void control_goes_up(const Client&, const Message&, const Envelope& = {});
  void control_goes_up(const Message& m, const Envelope& e = {}) { control_goes_up(client, m, e); }
  void control_goes_down(const Client&, const Message&, const Envelope& = {});
  void control_goes_down(const Message& m, const Envelope& e = {}) { control_goes_down(client, m, e); }
  /// A first exchange that the case is not about: DISCOVER and OFFER, and REQUEST and ACK for has_lease.
  void is_offered(const Client&, const Server&);
  void has_lease(const Client&, const Server&);

  /// Records which way the relay went where the standards leave a choice.
  void note(std::string_view requirement, const std::string& way);
  /// A finding of the case's own, by a rule of the catalogue.
  void deviates(std::string_view requirement, const std::string& reason, const std::string& expected,
                const std::string& observed);
  /// The row of a table that is being judged, for the findings from here on.
  void in_row(const std::string&);
  /// Ends the case: what it needs does not hold for this relay.
  void cannot_be_judged(std::string_view why);
  /// The relay is stopped and started again, as it is.
  void relay_restarts();
  /// The same with messages coming while it starts, which may be lost, and what comes out of it stays to be
  /// looked at; its first exchange has to come out as the next.
  void relay_restarts_during(const std::function<void()>& traffic);

  /// The same, but as soon as the relay listens, and before it has seen any request, servers send something;
  /// what comes of it stays to be looked at. False where nothing shows that it listens: nothing has been
  /// done.
  bool relay_restarts_before(const std::function<void()>& replies);

  /// What happens to the relay's host. Said before the first message, it is so when the relay starts. Put
  /// back when the case is over.
  void links_offload_checksums();
  void link_goes_down(Segment);
  void link_comes_up(Segment);
  /// The interface is deleted and made again under the same name, with another index.
  void interface_is_recreated(Segment);
  /// It is a bridge, or has no link-layer address, or another name, or an address of 32 bits. The case is
  /// left out where this machine has no such device.
  void interface_is(Segment, const RelayEnd&);
  void address_is_added(Segment, Ipv4);
  void address_is_removed(Segment, Ipv4);
  /// After such an event: waits up to 1.5 s for a plain exchange to come through; else that is a deviation.
  /// Where the relay may also end by itself, that ends the case.
  bool relays_again(Segment downlink, std::string_view requirement, bool may_end = false);

  /// Takes every datagram with this message's xid that has come out on a segment when the relay is through,
  /// without a verdict: for a case that judges it by itself. Nothing in a dry run.
  std::vector<Arrival> comes_out(Segment, const Message& about);
  /// The case is about replies that no request of their own asks for. In all others a client that has had its
  /// reply asks again before the next.
  void replies_come_unasked();
  /// Of messages that the model judges: the rule that one breaks which comes out once more.
  void a_second_copy_breaks(std::string_view requirement);
  /// From here on any frame that comes out unexpected counts, not only DHCP; ARP excepted.
  void everything_counts();
  /// What the relay's process holds; nothing in a dry run, or where the kernel does not say.
  std::optional<Holdings> holdings();

  /// The relay's own option 82 in what a server got: the sub-option has to hold these octets, or must not be
  /// there.
  void holds(const Arrival&, std::string_view requirement, std::uint8_t sub_option, const Bytes& wanted);
  void lacks(const Arrival&, std::string_view requirement, std::uint8_t sub_option);
  /// The sub-option has to be there; unset where it is not, or where there is no option 82 to look into.
  std::optional<Bytes> contains(const Arrival&, std::string_view requirement, std::uint8_t sub_option);
  /// True outside of a dry run: a condition over what arrived may be looked at.
  bool live() const;
  /// The first of what it covers.
  std::string first_requirement() const;
  /// Whether the profile lists a feature (a dry run: yes).
  bool offers(const std::string& feature) const;
  /// The hop limit that the profile states for a relay without one of its settings (a dry run: none).
  std::optional<unsigned> stated_hop_limit() const;

  Client client, neighbour;  ///< neighbour lives on the second downlink
  Server server, second_server, third_server;

 private:
  void request_is_judged(const Message& sent, const std::string& combination);
  void reply_is_judged(const Message& sent, const std::string& combination,
                       std::initializer_list<Segment> also);

  CaseRun* run_ = nullptr;
};

/// A case as it is registered.
struct CaseEntry {
  const char *suite, *name, *file;
  int line;
  std::unique_ptr<Case> (*make)();
};
/// For TEST_F() alone; true.
bool register_case(const CaseEntry&);
/// All that are linked in, in the order of file and line.
const std::vector<CaseEntry>& registered_cases();

/// Declares a case of a suite, as GoogleTest's macro of this name declares a test with a fixture. A unit test
/// that has included GoogleTest keeps that.
// NOLINTBEGIN(bugprone-macro-parentheses): `suite` is a base class.
#ifndef TEST_F
#define TEST_F(suite, name)                                                                         \
  class suite##_##name : public suite {                                                             \
    void body() override;                                                                           \
  };                                                                                                \
  [[maybe_unused]] const bool suite##_##name##_registered = ::relayspec::register_case(             \
      {#suite, #name, __FILE__, __LINE__,                                                           \
       []() -> std::unique_ptr<::relayspec::Case> { return std::make_unique<suite##_##name>(); }}); \
  void suite##_##name::body()
#endif
// NOLINTEND(bugprone-macro-parentheses)

}  // namespace relayspec
