// SPDX-License-Identifier: Apache-2.0
// Options that no relay has to understand: a message with them passes or is dropped. One example at least for
// each of these rows, in requests and in replies.
#include "harness/dhcp4/testing_model.h"

namespace relayspec::dhcp4 {
namespace {

using Policy = AgentOptionPolicy;

/// RFC 2132, section 9.3: 1 is file, 2 is sname, 3 is both.
void overload(Stimulus& s, std::uint8_t fields, Bytes file, Bytes sname) {
  add(s, option::number(code::overload, fields));
  s.message.file = std::move(file);
  s.message.sname = std::move(sname);
}

void add_type(Stimulus& s) { add(s, type_of(1)); }

const Bytes ended{code::host_name, 1, 'h', code::end};
const Bytes hidden_82{code::pad, code::host_name, 1, 'h', code::relay_agent, 3, 1, 1, 'p', code::end};

const Example malformed_requests[] = {
    {"another cookie, option 82 on",
     [](Stimulus& s) {
       add_option82(s);
       s.message.cookie = Bytes{1, 2, 3, 4};
     },
     either, "MALF-bad-cookie-dhcp"},
    {"another cookie, option 82 off",
     [](Stimulus& s) {
       s.message.cookie = Bytes{1, 2, 3, 4};
     },
     due, "RFC1542-3.5-other-cookie-passes"},
    {"an option longer than the message",
     [](Stimulus& s) {
       ends_with(s, {code::client_id, 7, 1, 2, 3, 4, 5, 6});
     },
     either, "MALF-truncated-option"},
    {"an option as long as the message",
     [](Stimulus& s) {
       ends_with(s, {code::client_id, 2, 1, 2});
     },
     either, "RFC3046-2.1-no-end-present"},
    {"a code in the last octet", [](Stimulus& s) { ends_with(s, {code::client_id}); }, either,
     "MALF-code-without-length"},
    {"PADs alone",
     [](Stimulus& s) {
       set_options(s, {option::pads(60)});
       s.message.tail = Bytes{};
     },
     either, "MALF-only-pads"},
    {"PADs alone and END", [](Stimulus& s) { set_options(s, {option::pads(60)}); }, either, "MALF-only-pads"},
    {"END alone", [](Stimulus& s) { set_options(s, {}); }, due, "RFC1542-4.1.1-bootp-request-relayed"},
    {"no END, PADs last", [](Stimulus& s) { ends_with(s, Bytes(3, code::pad)); }, either,
     "RFC3046-2.1-no-end-present"},
    {"an empty host name", [](Stimulus& s) { add(s, option::text(code::host_name, "")); }, either,
     "MALF-zero-length-options"},
    {"an empty option 60, which may be empty", [](Stimulus& s) { add(s, option::text(80, "")); }, due,
     "RFC1542-4.1.1-request-relayed"},
    {"two message types", add_type, either, "MALF-duplicate-53"},
    {"message type 0", [](Stimulus& s) { retype(s, type_of(0)); }, either, "MALF-msgtype-reserved"},
    {"message type 255", [](Stimulus& s) { retype(s, type_of(255)); }, either, "MALF-msgtype-reserved"},
    {"message type 254", [](Stimulus& s) { retype(s, type_of(254)); }, due,
     "RFC2131-msgtype-unknown-tolerated"},
    {"message type of 2 octets", [](Stimulus& s) { retype(s, option::number16(code::message_type, 1)); },
     either, "MALF-msgtype-reserved"},
    {"maximum size of 1 octet", [](Stimulus& s) { add(s, option::number(code::max_message_size, 5)); },
     either, "MALF-57-len-1"},
    {"maximum size of 4 octets", [](Stimulus& s) { add(s, option::number32(code::max_message_size, 5)); },
     either, "MALF-57-len-1"},
    {"overload 0", [](Stimulus& s) { overload(s, 0, ended, ended); }, either, "MALF-overload-illegal"},
    {"overload 4", [](Stimulus& s) { overload(s, 4, ended, ended); }, either, "MALF-overload-illegal"},
    {"overload of 2 octets", [](Stimulus& s) { add(s, option::number16(code::overload, 1)); }, either,
     "MALF-overload-illegal"},
    {"overload 1, file without END", [](Stimulus& s) { overload(s, 1, Bytes(128, 0), ended); }, either,
     "MALF-overload-illegal"},
    {"overload 1, file with an option over END",
     [](Stimulus& s) {
       overload(s, 1, {12, 2, 0, 0, 255}, ended);
     },
     due, "RFC2131-4.1-overload-untouched-request"},
    {"overload 1, an option over END of file",
     [](Stimulus& s) {
       overload(s, 1, {12, 255, 255}, ended);
     },
     either, "MALF-overload-illegal"},
    {"overload 2, sname without END", [](Stimulus& s) { overload(s, 2, ended, Bytes(64, 0)); }, either,
     "MALF-overload-illegal"},
    {"overload 3, sname without END", [](Stimulus& s) { overload(s, 3, ended, Bytes(64, 1)); }, either,
     "MALF-overload-illegal"},
    {"overload 1, option 82 off", [](Stimulus& s) { overload(s, 1, ended, {}); }, due,
     "RFC2131-4.1-overload-untouched-request"},
    {"overload 2, option 82 off", [](Stimulus& s) { overload(s, 2, {}, ended); }, due,
     "RFC2131-4.1-overload-untouched-request"},
    {"overload, option 82 on",
     [](Stimulus& s) {
       add_option82(s);
       overload(s, 3, ended, ended);
     },
     due, "RFC2131-4.1-overload-untouched-request"},
    {"option 82 in file, option 82 on",
     [](Stimulus& s) {
       add_option82(s);
       overload(s, 3, hidden_82, ended);
     },
     either, "RFC3046-2.1-82-in-overloaded-request"},
    {"option 82 in sname, option 82 on",
     [](Stimulus& s) {
       add_option82(s);
       overload(s, 2, {}, hidden_82);
     },
     either, "RFC3046-2.1-82-in-overloaded-request"},
    {"option 82 in sname, which is not overloaded",
     [](Stimulus& s) {
       add_option82(s);
       overload(s, 1, ended, hidden_82);
     },
     due, "RFC2131-4.1-overload-untouched-request"},

    {"an OFFER in a request", [](Stimulus& s) { retype(s, option::type(Type::offer)); }, either,
     "RFC2131-op-vs-msgtype-mismatch"},
    {"an ACK in a request", [](Stimulus& s) { retype(s, option::type(Type::ack)); }, either,
     "RFC2131-op-vs-msgtype-mismatch"},
    {"a NAK in a request", [](Stimulus& s) { retype(s, option::type(Type::nak)); }, either,
     "RFC2131-op-vs-msgtype-mismatch"},
    {"a LEASEQUERY of a client", [](Stimulus& s) { retype(s, type_of(10)); }, either,
     "RFC4388-7-leasequery-from-client"},
    {"sub-options that overrun option 82 of another relay",
     [](Stimulus& s) {
       from_another_relay(s);
       add(s, option::of(code::relay_agent, {1, 5, 'p', 'o', 'r', 't'}));
     },
     either, "MALF-82-suboption-overrun-request"},
    {"a stray octet in a trusted option 82",
     [](Stimulus& s) {
       add_option82(s);
       trust(s);
       add(s, option::of(code::relay_agent, {1, 1, 'p', 2}));
     },
     either, "MALF-82-suboption-overrun-request"},
    {"two option 82 of another relay",
     [](Stimulus& s) {
       from_another_relay(s);
       says_82(s);
       says_82(s);
     },
     either, "MALF-duplicate-82-request"},
    {"two option 82 on a trusted circuit",
     [](Stimulus& s) {
       add_option82(s);
       trust(s);
       says_82(s);
       says_82(s);
     },
     either, "MALF-duplicate-82-request"},
    {"two option 82 of a client that are replaced",
     [](Stimulus& s) {
       add_option82(s, Policy::replace);
       says_82(s);
       says_82(s);
     },
     due, "POLICY-replace-takes-the-place"},
    {"another relay's option 82 on a trusted circuit",
     [](Stimulus& s) {
       add_option82(s);
       trust(s);
       from_another_relay(s);
       says_82(s);
     },
     either, "SEC-client-giaddr-nonzero"},
    {"another relay's request on a trusted circuit",
     [](Stimulus& s) {
       add_option82(s);
       trust(s);
       from_another_relay(s);
     },
     due, "RFC1542-4.1.1-request-relayed"},
    {"option 82 of a client, option 82 off", says_82, either, "RFC1542-4.1.1-options-intact"},
    {"proxy: authentication and a server identifier",
     [](Stimulus& s) {
       in(s, Dialect::proxy);
       add(s, option::address(code::server_id, server_address(0)));
       add(s, option::of(code::authentication, Bytes(12, 1)));
     },
     either, "PROXY-auth-option90"},
    {"proxy: authentication without a server identifier",
     [](Stimulus& s) {
       in(s, Dialect::proxy);
       add(s, option::of(code::authentication, Bytes(12, 1)));
     },
     due, "RFC1542-4.1.1-request-relayed"},
};

const Example malformed_replies[] = {
    {"reply with another cookie, option 82 on",
     [](Stimulus& s) {
       add_option82(s);
       s.message.cookie = Bytes{1, 2, 3, 4};
     },
     either, "MALF-bad-cookie-reply"},
    {"reply with an option longer than it is",
     [](Stimulus& s) {
       ends_with(s, {code::client_id, 7, 1, 2, 3, 4, 5, 6});
     },
     either, "MALF-truncated-option-reply"},
    {"reply with a code in the last octet", [](Stimulus& s) { ends_with(s, {code::client_id}); }, either,
     "MALF-code-without-length"},
    {"reply of PADs alone",
     [](Stimulus& s) {
       set_options(s, {option::pads(60)});
       s.message.tail = Bytes{};
     },
     either, "MALF-only-pads"},
    {"reply without END",
     [](Stimulus& s) {
       ends_with(s, {code::client_id, 2, 1, 2});
     },
     either, "MALF-missing-end-reply"},
    {"reply with an empty server identifier", [](Stimulus& s) { add(s, option::of(code::server_id, {})); },
     either, "MALF-zero-length-options"},
    {"reply with two message types", add_type, either, "MALF-duplicate-53"},
    {"reply with message type 0", [](Stimulus& s) { retype(s, type_of(0)); }, either,
     "MALF-msgtype-reserved"},
    {"reply with message type 255", [](Stimulus& s) { retype(s, type_of(255)); }, either,
     "MALF-msgtype-reserved"},
    {"reply with a message type of 2 octets",
     [](Stimulus& s) { retype(s, option::number16(code::message_type, 2)); }, either,
     "MALF-msgtype-reserved"},
    {"reply with overload 4", [](Stimulus& s) { overload(s, 4, ended, ended); }, either,
     "MALF-overload-illegal"},
    {"a DISCOVER in a reply", [](Stimulus& s) { retype(s, option::type(Type::discover)); }, either,
     "RFC2131-op-vs-msgtype-mismatch"},
    {"an INFORM in a reply", [](Stimulus& s) { retype(s, option::type(Type::inform)); }, either,
     "RFC2131-op-vs-msgtype-mismatch"},
    {"FORCERENEW", [](Stimulus& s) { retype(s, type_of(9)); }, either, "RFC3203-2.2-forcerenew-via-giaddr"},
    {"reply with an unknown type, option 82 on",
     [](Stimulus& s) {
       add_option82(s);
       echo(s);
       retype(s, type_of(10));
     },
     due, "RFC2131-msgtype-unknown-reply"},
    {"sub-options that overrun the echo",
     [](Stimulus& s) {
       add_option82(s);
       add(s, option::of(code::relay_agent, {1, 5, 'p', 'o', 'r', 't'}));
     },
     either, "MALF-82-suboption-overrun-reply"},
    {"proxy: reply with authentication alone",
     [](Stimulus& s) {
       in(s, Dialect::proxy);
       s.message = without(s.message, code::server_id);
       add(s, option::of(code::authentication, Bytes(12, 1)));
     },
     due, "RFC1542-4.1.2-reply-delivered"},
    {"proxy: reply with authentication and a server identifier",
     [](Stimulus& s) {
       in(s, Dialect::proxy);
       add(s, option::of(code::authentication, Bytes(12, 1)));
     },
     either, "PROXY-auth-option90"},
};

TEST(ModelOfMalformedOptions, InRequests) { expect_verdicts(plain_request(), malformed_request_examples()); }
TEST(ModelOfMalformedOptions, InReplies) { expect_verdicts(plain_reply(), malformed_reply_examples()); }

}  // namespace

std::span<const Example> malformed_request_examples() { return malformed_requests; }
std::span<const Example> malformed_reply_examples() { return malformed_replies; }

}  // namespace relayspec::dhcp4
