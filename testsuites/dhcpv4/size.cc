// SPDX-License-Identifier: Apache-2.0
// Size: messages of every length that the link carries come through whole (RFC 1542, section 2.1).
#include <algorithm>

#include "relayspec/harness/bench.h"

namespace relayspec {
namespace {

class Size : public Case {
 protected:
  Message request() { return client.discover(); }
  Message reply() { return server.offer(client, {.flags = broadcast_flag}); }
};

Message with_a_kilobyte(const Message& m) {
  return m.plus(option::of(224, Bytes(255, 0xe0)))
      .plus(option::of(225, Bytes(255, 0xe1)))
      .plus(option::of(226, Bytes(255, 0xe2)))
      .plus(option::of(227, Bytes(255, 0xe3)));
}

// Sizes at which buffers, old limits and options end. From 300 octets on no relay may refuse a message.
const std::size_t any_size[] = {300, 301, 312, 548, 549, 570, 571,  572,  573,  574,
                                575, 576, 577, 578, 579, 580, 1024, 1025, 1400, 1472};
const std::size_t short_sizes[] = {236, 239, 240, 241, 242, 243, 244, 299};

// The message with so many octets in all, that it is filled up to by an option as long as it takes, no octet
// like the next. An option takes two octets at least.
Message of_size(Message m, std::size_t size) {
  for (std::size_t missing = size - encode(m.with({.tail = Bytes{code::end}})).size(); missing > 0;) {
    const std::size_t take = missing > 257 ? std::min<std::size_t>(257, missing - 2) : missing;
    if (take < 2) {
      m = m.plus(option::pads(1));
    } else {
      Bytes data(take - 2);
      for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::uint8_t>(i * 7 + missing);
      m = m.plus(option::of(224, data));
    }
    missing -= take;
  }
  return m.with({.tail = Bytes{code::end}});
}

// The same with zeros behind END instead, and without END: the last option, or a run of PADs, fills the
// message.
Message padded(const Message& m, std::size_t size) {
  const std::size_t bare = encode(m.with({.tail = Bytes{code::end}})).size();
  Bytes tail(1 + size - bare, 0);
  tail[0] = code::end;
  return m.with({.tail = tail});
}
Message without_end(const Message& m, std::size_t size) {
  return of_size(m, size + 1).with({.tail = Bytes{}});
}
Message padded_without_end(const Message& m, std::size_t size) {
  return m.with({.tail = Bytes(size - encode(m.with({.tail = Bytes{}})).size(), 0)});
}

// A message that ends in the middle of the options, wherever that is.
Bytes first_octets(const Message& m, std::size_t size) {
  Bytes octets = encode(m);
  octets.resize(size);
  return octets;
}
Message of_octets(const Message& m, const Bytes& octets) {
  const std::size_t cookie = std::min<std::size_t>(octets.size(), options_offset) - 236;
  return m.with(
      {.cookie = Bytes(octets.begin() + 236, octets.begin() + 236 + static_cast<std::ptrdiff_t>(cookie)),
       .options = std::vector<Option>{},
       .tail = Bytes(octets.begin() + 236 + static_cast<std::ptrdiff_t>(cookie), octets.end())});
}

// RFC 1542, section 2.1: longer messages than the smallest are taken whole.
TEST_F(Size, LongRequestIsRelayedWhole) {
  covers({"RFC1542-2.1-larger-accepted", "RFC2131-2-options-over-312"});

  goes_up(with_a_kilobyte(client.discover()));
}

// RFC 1542, section 4.1.2: and delivered whole.
TEST_F(Size, LongReplyIsDeliveredWhole) {
  covers({"RFC1542-2.1-larger-accepted", "RFC2131-2-options-over-312"});

  asks();
  goes_down(with_a_kilobyte(server.offer(client)));
}

// RFC 1542, section 2.1: messages are taken as long as the link carries them; sizes at which buffers often
// end.
TEST_F(Size, RequestsOfAnySizeAreRelayedWhole) {
  covers({"RFC1542-2.1-larger-accepted", "RFC2131-2-options-over-312"});

  for (const std::size_t size : any_size) goes_up(of_size(client.discover(), size));
}

// RFC 1542, section 4.1.2: the same towards the clients.
TEST_F(Size, RepliesOfAnySizeAreDeliveredWhole) {
  covers({"RFC1542-2.1-larger-accepted", "RFC2131-2-options-over-312"});

  asks();
  for (const std::size_t size : any_size) {
    goes_down(of_size(server.offer(client, {.flags = broadcast_flag}), size));
  }
}

// RFC 1542, section 2.1 drops messages below 300 octets, and servers of today send them. A relay that relays
// them leaves them as they are.
TEST_F(Size, ReplyBelow_300OctetsIsDeliveredOrDropped) {
  covers({"MALF-short-all-lengths", "RFC1542-4.1.2-options-intact-reply"});
  only_in({Dialect::rfc, Dialect::proxy});

  asks();
  if (!may_go_down(server.offer(client, {.tail = Bytes{code::end}})))
    note("RFC1542-2.1-min-300-discard-reply", "replies shorter than 300 octets are dropped");
}

// RFC 1542, section 2.1: zeros behind END are as good as options.
TEST_F(Size, PaddedRequestsAreRelayedWhole) {
  covers({"RFC1542-2.1-larger-accepted", "RFC1542-4.1.1-options-intact"});

  for (const std::size_t size : any_size) goes_up(padded(request(), size));
}

TEST_F(Size, PaddedRepliesAreDeliveredWhole) {
  covers({"RFC1542-2.1-larger-accepted", "RFC1542-4.1.2-options-intact-reply"});

  asks();
  for (const std::size_t size : any_size) goes_down(padded(reply(), size));
}

// A relay that looks for END runs into the end of the message instead. RFC 2131, section 4.1 wants an END, so
// it may drop the message; if not, it passes it on as it is.
TEST_F(Size, RequestsWithoutEndAreRelayedUnchangedOrDropped) {
  covers({"RFC1542-4.1.1-options-intact"});

  for (const std::size_t size : any_size) {
    may_go_up(without_end(request(), size));
    may_go_up(padded_without_end(request(), size));
  }
}

TEST_F(Size, RepliesWithoutEndAreDeliveredUnchangedOrDropped) {
  covers({"RFC1542-4.1.2-options-intact-reply"});

  asks();
  for (const std::size_t size : any_size) {
    may_go_down(without_end(reply(), size));
    may_go_down(padded_without_end(reply(), size));
  }
}

// What is shorter than BOOTP's 300 octets is taken as it is, or not at all.
TEST_F(Size, ShortRequestsAreRelayedUnchangedOrDropped) {
  covers({"MALF-short-all-lengths", "MALF-no-stale-data"});
  only_in({Dialect::rfc, Dialect::proxy});

  for (const std::size_t size : short_sizes) {
    const Bytes octets = first_octets(request(), size);
    client.sends_octets(octets, std::to_string(size) + " octets of a DISCOVER");
    server.may_get(relayed(of_octets(request(), octets)));
  }
}

TEST_F(Size, ShortRepliesAreDeliveredUnchangedOrDropped) {
  covers({"MALF-short-all-lengths", "MALF-no-stale-data"});
  only_in({Dialect::rfc, Dialect::proxy});

  asks();
  for (const std::size_t size : short_sizes) {
    const Bytes octets = first_octets(reply(), size);
    server.sends_octets(octets, std::to_string(size) + " octets of an OFFER");
    Delivered d = delivered(reply());
    // The Server Identifier that dialect `proxy` is about is cut off in the shorter ones.
    if (size < 299) d.message = reply();
    d.message = of_octets(d.message, first_octets(d.message, size));
    client.may_get(d);
  }
}

// RFC 1542, section 2.1, to the letter: less than 300 octets are discarded, by the lengths in the headers and
// not by what the frame was padded to.
TEST_F(Size, RequestBelow_300OctetsIsDiscarded) {
  covers({"RFC1542-2.1-min-300-discard", "RFC1542-2.1-udp-length-decides"});
  only_in({Dialect::strict});

  for (const std::size_t size : {236, 244, 298, 299}) {
    client.sends_octets(first_octets(request(), size), std::to_string(size) + " octets of a DISCOVER",
                        {.trailer = Bytes(64, 0)});
  }

  nothing_comes_out();
  control_goes_up(request(), {.trailer = Bytes(64, 0)});
}

TEST_F(Size, ReplyBelow_300OctetsIsDiscarded) {
  covers({"RFC1542-2.1-min-300-discard-reply"});
  only_in({Dialect::strict});

  asks();
  for (const std::size_t size : {236, 244, 298, 299})
    server.sends_octets(first_octets(reply(), size), std::to_string(size) + " octets of an OFFER");

  nothing_comes_out();
  control_goes_down(reply());
}

}  // namespace
}  // namespace relayspec
