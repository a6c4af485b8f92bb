// SPDX-License-Identifier: Apache-2.0
// Option 57 (RFC 2132, section 9.10): how long a message the client can receive. It does not limit the
// client's request, which option 82 makes longer, and the relay does not enforce it on the server.
#include <algorithm>
#include <optional>
#include <string>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class MaxMessageSize : public Case {
 protected:
  /// Of so many octets, all of them options up to END; option 57 is in front of them.
  static Message of_size(const Message& m, std::uint16_t limit, std::size_t size) {
    Message all = m.with({.tail = Bytes{code::end}}).plus(option::number16(code::max_message_size, limit));
    for (std::size_t missing = size - std::min(size, encode(all).size()); missing >= 2;) {
      const std::size_t take = missing > 257 ? std::min<std::size_t>(257, missing - 2) : missing;
      all = all.plus(option::of(224, Bytes(take - 2, 0x39)));
      missing -= take;
    }
    return all;
  }

  /// A message that comes out is complete. A relay adds the option, or leaves it out because of a limit of
  /// its own. Unset if no message comes out.
  std::optional<bool> comes_with_option82(const Message& m) {
    std::optional<bool> added;
    if (!live()) added = true;
    for (const Arrival& a : comes_out(Segment::uplink, m)) {
      Relayed r = relayed(m);
      r.adds_option82 = find_option(a.message, code::relay_agent).has_value();
      added = r.adds_option82;
      server.compares(a, r);
    }
    return added;
  }
  void comes_with_option82_for_each_limit(std::size_t size);

  template <class Build>
  static void add_row(std::vector<TableRow>& rows, std::uint16_t limit, std::size_t size, Build build) {
    const std::string name =
        "option 57 says " + std::to_string(limit) + ", the message has " + std::to_string(size) + " octets";
    rows.push_back({name, [=](const Client& one) { return of_size(build(one), limit, size); }});
  }
};

// Nothing, less than any message has, what a host has to take, what a link carries, and where an octet ends;
// RFC 2132 allows no value below 576.
const std::uint16_t limits[] = {0,    1,    28,   68,   255,  256,  300,    328,    400,    512,   547,
                                548,  549,  575,  576,  577,  600,  604,    700,    1023,   1024,  1279,
                                1280, 1399, 1400, 1472, 1500, 4096, 0x7fff, 0x8000, 0xff00, 0xffff};
void MaxMessageSize::comes_with_option82_for_each_limit(std::size_t size) {
  std::vector<Message> sent;
  for (const std::uint16_t limit : limits) {
    sent.push_back(of_size(client.another().discover(), limit, size));
    client.sends(sent.back());
  }
  for (const Message& m : sent) {
    const auto added = comes_with_option82(m);
    if (!added) server.gets(relayed(m));
    if (added.value_or(true)) continue;
    deviates("RFC3046-2.1-all-message-types", "option 57 keeps the relay from adding option 82",
             "added, as without option 57", "left out of " + std::to_string(size) + " octets");
  }
}

// How much longer than the limit a message is; option 82 takes some 6 to 40 octets, the headers 28.
const int distances[] = {-257, -60, -40, -29, -28, -27, -20, -12, -8, -6, -4, -1, 0, 1, 28, 29};

// RFC 3046, section 2.1: the operator's limit is the one that counts.
TEST_F(MaxMessageSize, AnyValueLetsRequestsReachTheServer) {
  covers({"RFC2132-9.10-max-message-size-request", "RFC2132-9.10-max-message-size-kept",
          "RFC3046-2.1-over-maxsize-forward-without"});
  relay_with({.option82 = true, .max_size = 1472});

  std::vector<TableRow> rows;
  for (const std::uint16_t limit : limits) {
    for (const int distance : distances) {
      const int size = limit + distance;
      if (size >= 300 && size <= 1472)
        add_row(rows, limit, static_cast<std::size_t>(size),
                [](const Client& one) { return one.discover(); });
    }
    add_row(rows, limit, 300, [](const Client& one) { return one.discover(); });
  }
  requests_are_judged_by_model(rows);
}

// Without a limit of the operator's too. Up to 319 octets a request has room for any option 82 in the 576
// that every host has to take.
TEST_F(MaxMessageSize, AnyValueLeavesOption82InShortRequests) {
  covers({"RFC2132-9.10-max-message-size-request", "RFC2132-9.10-max-message-size-kept"});
  relay_with({.option82 = true});

  std::vector<TableRow> rows;
  for (const std::uint16_t limit : limits) {
    for (const std::size_t size : {300UL, 301UL, 319UL})
      add_row(rows, limit, size, [](const Client& one) { return one.discover(); });
  }
  requests_are_judged_by_model(rows);
}

// RFC 3046, section 2.1: longer ones too. A request that gets the option without option 57 is not over any
// limit that the relay has, and gets it whatever option 57 says.
TEST_F(MaxMessageSize, AnyValueLeavesTheRelaysLimitAsItIs) {
  covers({"RFC3046-2.1-all-message-types", "RFC2132-9.10-max-message-size-request"});
  relay_with({.option82 = true});

  for (const std::size_t size : {320UL, 400UL, 540UL, 547UL, 548UL, 576UL, 604UL, 1000UL, 1400UL}) {
    const Message plain = replacing(of_size(client.another().discover(), 0, size), code::max_message_size,
                                    option::number16(225, 0));
    client.sends(plain);
    if (comes_with_option82(plain).value_or(false)) comes_with_option82_for_each_limit(size);
  }
}

// RFC 2131, section 3.5: the server knows the client's limit; the relay delivers what the server has sent.
TEST_F(MaxMessageSize, IsNoLimitForReplies) {
  covers({"RFC1542-2.1-larger-accepted"});

  asks();
  for (const std::uint16_t limit : {std::uint16_t{320}, std::uint16_t{576}, std::uint16_t{1024}}) {
    for (const std::size_t size : {limit - 1UL, limit + 0UL, limit + 1UL, limit + 28UL, 1472UL}) {
      const Client one = client.another();
      goes_up(one, one.discover().plus(option::number16(code::max_message_size, limit)));
      goes_down(one, of_size(server.offer(one, {.flags = broadcast_flag}), limit, size));
    }
  }
}

}  // namespace
}  // namespace relayspec
