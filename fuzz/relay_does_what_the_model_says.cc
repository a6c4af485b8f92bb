// SPDX-License-Identifier: Apache-2.0
// For any settings and any message the relay does what the harness' model says. Where the input asks for it,
// what comes before in an exchange goes first: the client's DISCOVER, and the OFFER that a request answers.
// Servers return the option 82 that they have got.
#include "fuzz/judge.h"
#include "fuzz/naive.h"

using namespace relayspec::relay;
using namespace relayspec::relay::fuzz;

namespace {

void relay(Site site, std::span<const std::uint8_t> message, ServerMemory& memory, Judge& judge) {
  site.message = message;
  const auto& from = site.way_of_message();
  judge.judge(site, from, handle(site, memory, from));
}

void put(Octets& octets, std::size_t at, Ipv4 address) {
  Message(octets, octets.size()).set_address(at, address);
}

// A plain message of the same client.
Octets plain(std::span<const std::uint8_t> message, std::uint8_t op, const Octets& options) {
  Octets octets(message.begin(), message.begin() + at::sname);
  octets[at::op] = op;
  octets[at::hops] = 0;
  std::fill_n(octets.begin() + at::secs, at::chaddr - at::secs, std::uint8_t{0});
  octets[at::secs] = 1;
  octets.resize(at::vend, 0);
  octets.insert(octets.end(), std::begin(naive::magic_cookie), std::end(naive::magic_cookie));
  octets.insert(octets.end(), options.begin(), options.end());
  octets.resize(std::max<std::size_t>(octets.size(), 300), 0);
  return octets;
}

Octets offer(const Site& site) {
  Octets octets = plain(site.message, boot_reply, {53, 1, 2, 54, 4, 0, 0, 0, 0, 255});
  put(octets, at::options + 5, site.config.servers.back());
  const auto wishes = naive::values(site.message, 50);
  const bool wish = !wishes.empty() && wishes[0].size() == 4;
  const auto address = wish ? wishes[0] : site.message.subspan(at::ciaddr, 4);
  std::copy(address.begin(), address.end(), octets.begin() + at::yiaddr);
  if (!site.config.downlinks[*site.from_client.downlink].addresses.empty())
    put(octets, at::giaddr, site.giaddr(*site.from_client.downlink));
  return octets;
}

// With option 82 as the servers have got it, before END.
Octets with_echo(std::span<const std::uint8_t> reply, const Judge& judge) {
  Octets octets(reply.begin(), reply.end());
  const auto echo = judge.echo(reply);
  if (!echo || !naive::has_options(reply)) return octets;
  Octets option;
  for (std::size_t i = 0; i < echo->size(); ++i) {
    if (i % 255 == 0)
      option.insert(option.end(),
                    {82, static_cast<std::uint8_t>(std::min<std::size_t>(255, echo->size() - i))});
    option.push_back((*echo)[i]);
  }
  const auto end = reply.size() - naive::options_of(reply).rest.size();
  octets.insert(octets.begin() + static_cast<std::ptrdiff_t>(end), option.begin(), option.end());
  return octets;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Site site(data, size);
  ServerMemory memory(site.room);
  const Unguarded memory_of_the_check;
  Judge judge(site);
  const auto message = site.message;
  if (!site.remembers || message.size() < at::options) {
    relay(site, message, memory, judge);
    return 0;
  }
  relay(site, plain(message, boot_request, {53, 1, 1, 255}), memory, judge);
  const bool reply = message[at::op] == boot_reply;
  if (!reply) relay(site, with_echo(offer(site), judge), memory, judge);
  if (reply)
    relay(site, with_echo(message, judge), memory, judge);
  else
    relay(site, message, memory, judge);
  return 0;
}
