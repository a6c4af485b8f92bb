// SPDX-License-Identifier: Apache-2.0
// In `rewrite` a client that answers a reply with the Server Identifier that it was shown reaches the server
// that sent the reply: what the relay hides on the way down it restores on the way up.
#include "fuzz/fuzz.h"
#include "fuzz/naive.h"
#include "relayspec/relay/options.h"

using namespace relayspec::relay;
using namespace relayspec::relay::fuzz;

namespace {

// A REQUEST by the client of a reply, for the address and with the Server Identifier that are in there.
Octets request_for(std::span<const std::uint8_t> reply, std::span<const std::uint8_t> server_id) {
  Octets request(240, 0);
  std::copy_n(reply.begin(), 44, request.begin());  // htype, hlen, xid and chaddr
  request[at::op] = boot_request;
  request[at::hops] = 0;
  std::fill_n(request.begin() + at::secs, at::chaddr - at::secs, std::uint8_t{0});
  std::copy_n(naive::magic_cookie, 4, request.begin() + at::vend);
  request.insert(request.end(), {53, 1, 3, 54, 4});
  request.insert(request.end(), server_id.begin(), server_id.end());
  request.insert(request.end(), {50, 4});
  request.insert(request.end(), reply.begin() + at::yiaddr, reply.begin() + at::yiaddr + 4);
  request.push_back(255);
  return request;
}

bool is_offer_or_ack(std::span<const std::uint8_t> reply) {
  Octets copy(reply.begin(), reply.end());
  const auto type = message_type(Message(copy, copy.size()));
  return type == MessageType::offer || type == MessageType::ack;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Octets input(data, data + size);
  input.resize(std::max(size, site_octets));
  input[0] |= rewriting;
  input[1] = 16;
  input[2] &= remembering;
  Site site(input.data(), input.size());
  ServerMemory memory(16);
  const auto reply = handle(site, memory, site.from_server);
  if (reply.decision.action != Decision::Action::to_client || !is_offer_or_ack(site.message)) return 0;
  const auto was = naive::server_ids(site.message), shown = naive::server_ids(reply.octets);
  // One identifier that the relay has hidden; with several the first one counts, in whatever field it stands.
  if (was.size() != 1 || std::ranges::equal(was[0], shown[0]) ||
      naive::overload(naive::options_of(site.message)))
    return 0;
  if (holds(site.message, at::yiaddr, {})) return 0;

  const Octets request = request_for(reply.octets, shown[0]);
  site.message = request;
  const auto up = handle(site, memory, {reply.decision.downlink, false, {}, false});
  MUST_HOLD(up.decision.action == Decision::Action::to_servers);
  const auto restored = naive::server_ids(up.octets);
  MUST_HOLD(restored.size() == 1);
  MUST_HOLD(std::ranges::equal(restored[0], was[0]));
  return 0;
}
