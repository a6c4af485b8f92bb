// SPDX-License-Identifier: Apache-2.0
// How large a message may become by option 82, and what one option cannot hold (RFC 3046, section 2.1; RFC
// 3396).
#include <algorithm>
#include <string>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Option82Size : public Case {
 protected:
  /// Of so many octets, all of them options up to END.
  static Message filled_up(const Message& from, std::size_t size) {
    Message m = from.with({.tail = Bytes{code::end}});
    std::uint8_t unused = 224;
    for (std::size_t missing = size - encode(m).size(); missing > 0;) {
      const std::size_t take = missing > 257 ? std::min<std::size_t>(257, missing - 2) : missing;
      m = m.plus(take < 2 ? option::pads(1) : option::of(unused++, Bytes(take - 2, 0x77)));
      missing -= take;
    }
    return m;
  }
  Message of_size(std::size_t size) { return filled_up(client.another().discover(), size); }

  /// There is room for it.
  Relayed with_option82(const Message& message) {
    Relayed r = relayed(message);
    r.option82_optional = false;
    return r;
  }
  Bytes goes_with(std::size_t size) {
    const auto message = of_size(size);
    client.sends(message);
    return server.gets(with_option82(message)).message;
  }

  /// How many octets the relay's option 82 has; of a relay that adds none as many as it could. For a relay
  /// that changes the length of every request in another way too, these cases cannot find its limits.
  std::size_t added() {
    const Bytes copy = goes_with(400);
    const auto content = find_option(copy, code::relay_agent);
    if (!content) return 24;
    if (copy.size() != 400 + 2 + content->size())
      cannot_be_judged("every request changes its length by more than option 82");
    return 2 + content->size();
  }

  /// With option 82 or without, the client's own options are complete. Whether it was added.
  bool comes_out_whole(const Message& message) {
    bool added_here = false;
    for (const Arrival& a : comes_out(Segment::uplink, message)) {
      Relayed r = relayed(message);
      r.adds_option82 = added_here = find_option(a.message, code::relay_agent).has_value();
      server.compares(a, r);
    }
    return added_here;
  }
  void goes_without(std::size_t size) {
    const auto message = of_size(size);
    client.sends(message);
    Relayed r = relayed(message);
    r.adds_option82 = false;
    server.gets(r);
  }

  /// Two sub-options of 120 octets and this many: the relay adds what was configured, or nothing where that
  /// is too long for it, and nothing of it reaches the client.
  void own_option_comes_and_goes(std::size_t remote) {
    const Bytes circuit(120, 'c'), text(remote, 'r');
    relay_with({.option82 = true,
                .circuit_id = std::string(circuit.begin(), circuit.end()),
                .remote_id = std::string(text.begin(), text.end())});
    const Arrival a = asks();
    if (!live() || find_option(a.message, code::relay_agent)) {
      holds(a, "RFC3046-2.1-per-suboption-config", 1, circuit);
      holds(a, "RFC3046-2.1-per-suboption-config", 2, text);
    }
    goes_down(server.offer(client, {.flags = broadcast_flag}));
  }
  void relay_limits_itself_with(std::size_t circuit, std::size_t remote) {
    relay_with({.option82 = true,
                .circuit_id = std::string(circuit, 'c'),
                .remote_id = std::string(remote, 'r'),
                .max_size = 1000});
  }
  /// Whatever option 82 comes to, in as many instances as it takes.
  void limit_is_exact() {
    const Bytes copy = goes_with(400);
    const std::size_t content = find_option(copy, code::relay_agent).value_or(Bytes(22)).size();
    const std::size_t own = content + 2 * ((content + 254) / 255);
    if (live() && copy.size() != 400 + own)
      cannot_be_judged("every request changes its length by more than option 82");
    goes_with(1000 - own);
    for (const std::size_t over : {1, 2, 3}) goes_without(1000 - own + over);
  }
};

// RFC 3046, section 2.1: up to the limit that the operator has set with the option, above it without.
TEST_F(Option82Size, Option82IsAddedUpToMaxSize) {
  covers({"RFC3046-2.1-maxsize-configurable", "RFC3046-2.1-over-maxsize-forward-without"});
  relay_with({.option82 = true, .max_size = 576});

  const std::size_t own = added();
  for (const std::size_t size : {400UL, 576 - own - 1, 576 - own}) goes_with(size);
}

TEST_F(Option82Size, RequestOverMaxSizeIsRelayedWithoutOption82) {
  covers({"RFC3046-2.1-over-maxsize-forward-without", "RFC3046-2.1-no-overload"});
  relay_with({.option82 = true, .max_size = 576});

  const std::size_t own = added();
  for (const std::size_t size : {576 - own + 1, 575UL, 576UL}) goes_without(size);
}

// RFC 3046, section 2.1: a request that is too large already is relayed too.
TEST_F(Option82Size, RequestAlreadyOverMaxSizeIsRelayed) {
  covers({"RFC3046-2.1-already-over-maxsize"});
  relay_with({.option82 = true, .max_size = 576});

  for (const std::size_t size : {577, 700, 1400}) goes_without(size);
}

// RFC 3046, section 2.1: every request gets the option, and the limit is the same for all of them.
TEST_F(Option82Size, MaxSizeIsTheSameForEveryMessageType) {
  covers({"RFC3046-2.1-all-message-types", "RFC3046-2.1-maxsize-configurable"});
  relay_with({.option82 = true, .max_size = 1400});

  for (const std::size_t size : {600UL, 800UL, 1300UL}) {
    const Client one = client.another();
    for (const Message& m : {one.discover(), one.request(server), one.decline(server), one.inform(),
                             one.renew(), one.release(server)}) {
      const auto message = filled_up(m, size);
      one.sends(message);
      server.gets(with_option82(message));
    }
  }
}

// RFC 3046, section 2.1: without a configured limit the link's MTU is the limit; the option does not lead to
// fragments.
TEST_F(Option82Size, Option82DoesNotExceedTheMtu) {
  covers({"RFC3046-2.1-mtu-guard"});
  relay_with({.option82 = true});

  const std::size_t own = added();
  // What the link has room for may still be over a limit that the relay has of its own.
  const auto fits = of_size(1472 - own);
  client.sends(fits);
  if (!comes_out_whole(fits))
    note("RFC3046-2.1-maxsize-configurable", "option 82 is left out of a request that the MTU has room for");
  goes_without(1472 - own + 1);
  goes_without(1472);
}

// RFC 951: a vendor area of 64 octets may be full; the option is added behind what is in it, or left out.
TEST_F(Option82Size, FullVendorAreaIsKept) {
  covers({"RFC3046-2.1-bootp-64-octet-vend"});
  relay_with({.option82 = true});

  const auto message =
      client.bootp({.options = {{option::of(12, Bytes(57, 'h'))}}, .tail = Bytes{code::end}});
  client.sends(message);
  comes_out_whole(message);
}

// At most the configured 200 octets of one letter.
bool is_cut(const Bytes& text, std::uint8_t letter) {
  return !text.empty() && text.size() <= 200 && text == Bytes(text.size(), letter);
}

// RFC 3396, section 4: what one option cannot hold is cut into several, or not sent at all.
TEST_F(Option82Size, Option82Over_255OctetsIsSplitOrNotSent) {
  covers({"RFC3396-4-own-82-over-255"});
  relay_with({.option82 = true, .circuit_id = std::string(200, 'c'), .remote_id = std::string(200, 'r')});
  relay_may_refuse("RFC3396-4-own-82-over-255");

  const auto message = client.discover();
  client.sends(message);
  for (const Arrival& a : comes_out(Segment::uplink, message)) {
    const auto joined = find_option(a.message, code::relay_agent);
    if (!joined) continue;
    const auto circuit = sub_option(a.message, 1), remote = sub_option(a.message, 2);
    if (circuit == Bytes(200, 'c') && remote == Bytes(200, 'r')) continue;
    // How long a text may be is the relay's own limit.
    if (circuit && remote && is_cut(*circuit, 'c') && is_cut(*remote, 'r')) {
      note("RFC3396-4-own-82-over-255", "a configured text is cut to fewer octets");
    } else {
      deviates("RFC3396-4-own-82-over-255", "the instances do not join to what was configured",
               "circuit-id and remote-id of 200 octets each", std::to_string(joined->size()) + " octets");
    }
  }
}

// RFC 3046, section 2.1: the limit is for the whole message, so each instance counts with its code and
// length.
TEST_F(Option82Size, MaxSizeIncludesAFullInstance) {
  covers({"RFC3046-2.1-over-maxsize-forward-without"});
  relay_limits_itself_with(120, 131);

  limit_is_exact();
}

TEST_F(Option82Size, MaxSizeIncludesASecondInstance) {
  covers({"RFC3046-2.1-over-maxsize-forward-without"});
  relay_limits_itself_with(120, 132);
  relay_may_refuse("RFC3396-4-own-82-over-255");

  limit_is_exact();
}

// RFC 3396, section 4: and what one option can hold is not cut. How it was cut makes no difference when the
// option is removed.
TEST_F(Option82Size, NearlyFullOption82IsAddedAndRemovedWhole) {
  covers({"RFC3396-6-no-needless-split", "RFC3046-2.1-strip-on-reply", "RFC1542-4.1.2-options-intact-reply",
          "RFC3046-2.1-per-suboption-config"});
  relay_may_refuse("RFC3396-6-no-needless-split");

  own_option_comes_and_goes(130);
}

TEST_F(Option82Size, FullOption82IsAddedAndRemovedWhole) {
  covers({"RFC3396-6-no-needless-split", "RFC3046-2.1-strip-on-reply", "RFC1542-4.1.2-options-intact-reply",
          "RFC3046-2.1-per-suboption-config"});
  relay_may_refuse("RFC3396-6-no-needless-split");

  own_option_comes_and_goes(131);
}

TEST_F(Option82Size, Option82In_2InstancesIsAddedAndRemovedWhole) {
  covers({"RFC3396-4-own-82-over-255", "RFC3046-2.1-strip-on-reply", "RFC1542-4.1.2-options-intact-reply",
          "RFC3046-2.1-per-suboption-config"});
  relay_may_refuse("RFC3396-4-own-82-over-255");

  own_option_comes_and_goes(132);
}

// Around what one option, two and three can hold.
const std::size_t content_sizes[] = {2,   3,   4,   127, 128, 253, 254, 255, 256,
                                     257, 300, 509, 510, 511, 512, 764, 765, 766};

// So many octets of sub-options, behind those that are given.
Bytes filled(Bytes content, std::size_t size) {
  while (content.size() + 2 <= size) {
    const std::size_t take = std::min<std::size_t>(size - content.size() - 2, 200);
    // One octet alone is no sub-option.
    const std::size_t data = size - content.size() - 2 - take == 1 ? take - 1 : take;
    content.insert(content.end(), {200, static_cast<std::uint8_t>(data)});
    content.insert(content.end(), data, 0x99);
  }
  return content;
}

// RFC 3046, section 2.1.1: the option of another relay is unchanged, in any number of instances (RFC 3396).
TEST_F(Option82Size, LongOption82OfAnotherRelayIsKeptWhole) {
  covers({"RFC3046-2.1.1-relayed-82-kept", "RFC3396-7-split-options-pass"});
  relay_with({.option82 = true});

  std::vector<TableRow> rows;
  for (const std::size_t size : content_sizes) {
    rows.push_back({"option 82 of " + std::to_string(size) + " octets", [this, size](const Client& one) {
                      return one.discover({.hops = 1, .giaddr = other_relay()})
                          .plus(option::of(code::relay_agent, filled({}, size)));
                    }});
  }
  requests_are_judged_by_model(rows);
}

// RFC 3046, section 2.1: the echo is removed, whatever the server has added behind the relay's own.
TEST_F(Option82Size, LongEchoIsRemovedWhole) {
  covers({"RFC3046-2.1-strip-on-reply", "RFC3396-7-split-82-in-reply"});
  relay_with({.option82 = true});

  const Bytes own = find_option(asks().message, code::relay_agent).value_or(Bytes{});
  std::vector<TableRow> rows;
  for (const std::size_t size : content_sizes) {
    if (size < own.size() + 2) continue;
    rows.push_back({"an echo of " + std::to_string(size) + " octets", [this, own, size](const Client& one) {
                      return without(server.offer(one, {.flags = broadcast_flag}), code::relay_agent)
                          .plus(option::of(code::relay_agent, filled(own, size)));
                    }});
  }
  replies_are_judged_by_model(rows);
}

}  // namespace
}  // namespace relayspec
