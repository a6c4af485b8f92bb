// SPDX-License-Identifier: Apache-2.0
// Frames that are given, from a capture, sent one after the other.
#include <algorithm>

#include "harness/dhcp4/facts.h"
#include "harness/engine/patience.h"
#include "harness/live/prober.h"

namespace relayspec::live {
namespace {

bool is_arp(const Bytes& frame) { return frame.size() > 13 && frame[12] == 0x08 && frame[13] == 0x06; }

// The server that a client names in its request. In the dialect `proxy` it names the relay, and means the
// first.
void note_choice(const Bytes& message, const dhcp4::World& world, dhcp4::Memory& memory) {
  const auto key = dhcp4::exchange_of(message);
  const auto id = find_option(message, code::server_id);
  if (!key || !id || id->size() != 4) return;
  for (std::size_t n = 0; n < server_count; ++n) {
    if (octets_of(world.topology.servers[n].ipv4) == *id) memory.note_choice(*key, n);
  }
  for (const Ipv4 proxy : world.proxy_ids) {
    if (octets_of(proxy) == *id) memory.note_choice(*key, 0);
  }
}

// RFC 3046, section 2.2: a server returns option 82 as it got it; one that got none has none to return.
Bytes with_echo(const Bytes& frame, const dhcp4::Memory& memory) {
  const auto d = decode_udp(frame);
  const auto key = d ? dhcp4::exchange_of(d->payload) : std::nullopt;
  if (!key || !options_of(d->payload)) return frame;
  const auto echo = memory.echo(*key);
  if (echo == find_option(d->payload, code::relay_agent)) return frame;
  Message m = decode(d->payload);
  std::erase_if(*m.options, [](const Option& o) { return code_of(o) == code::relay_agent; });
  if (echo) m.options->push_back(option::of(code::relay_agent, *echo));
  return encode_udp({.eth_dst = d->eth_dst,
                     .eth_src = d->eth_src,
                     .ip_dst = d->ip_dst,
                     .ip_src = d->ip_src,
                     .ttl = d->ttl,
                     .sport = d->sport,
                     .dport = d->dport},
                    encode(m));
}

}  // namespace

void Prober::note_packet(const Packet& p, Answer& answer, dhcp4::Memory& memory) {
  const auto datagram = decode_udp(p.frame);
  const bool reply = p.segment == Segment::uplink;
  Bytes& buffer = buffers_[reply ? 1 : 0];
  answer.buffer = buffer;
  if (datagram) {
    read_over(buffer, datagram->payload);
    if (reply) {
      memory.note_answered(datagram->payload);
    } else {
      memory.note_sent(datagram->payload, p.segment);
      note_choice(datagram->payload, model_.world(), memory);
    }
  }
  answer.memory = memory;
}

Answer Prober::play(const Packet& p, dhcp4::Memory& memory) {
  Answer answer{.segment = p.segment, .sent = p.frame};
  note_packet(p, answer, memory);
  auto& traffic = session_.traffic();
  traffic.inject(p.segment, p.frame, "");
  std::vector<Segment> downlinks;
  for (std::size_t i = 0; i < session_.downlink_count(); ++i) downlinks.push_back(all_segments[i]);
  settle(downlinks, answer);
  answer.out = traffic.sightings;
  for (const Sighting& s : answer.out) {
    if (s.segment != Segment::uplink || !s.whole()) continue;
    const Datagram& d = dhcp4::datagram_of(s);
    if (const auto key = dhcp4::exchange_of(d.payload)) {
      memory.note_received(*key, d.payload, settings_.vss.empty(),
                           model_.world().topology.server_at(d.ip_dst).value_or(0));
    }
  }
  return answer;
}

std::vector<Sighting> Prober::listen() {
  for (const auto until = session_.now() + at_rest; session_.now() < until;) session_.pump(until);
  return session_.traffic().sightings;
}

std::vector<Answer> Prober::play(std::span<const Packet> packets) {
  std::vector<Answer> answers = play_all(packets);
  if (answers.empty() || answers.back().end != Answer::End::none) return answers;
  answers.back().at_rest = listen();
  for (Frame& f : session_.traffic().record) answers.back().frames.push_back(std::move(f));
  session_.traffic().clear();
  return answers;
}

void Prober::play_on(std::span<const Packet> packets) { play_all(packets); }

std::vector<Answer> Prober::play_all(std::span<const Packet> packets) {
  std::vector<Answer> answers;
  dhcp4::Memory memory;
  bool resolved = false;  // the client has just told its address
  for (const Packet& p : packets) {
    start();
    if (p.segment != Segment::uplink && !resolved) device_.flush_neighbours();
    resolved = is_arp(p.frame);
    if (resolved) {
      session_.traffic().inject(p.segment, p.frame, "");
      answers.push_back({.segment = p.segment, .sent = p.frame});
      continue;
    }
    try {
      answers.push_back(play(p.echoes ? Packet{p.segment, with_echo(p.frame, memory)} : p, memory));
    } catch (const Flood&) {
      answers.push_back({.segment = p.segment,
                         .sent = p.frame,
                         .memory = memory,
                         .end = Answer::End::floods,
                         .ended = "the relay floods the network with frames"});
    }
    Answer& answer = answers.back();
    answer.frames = without_barriers(std::exchange(session_.traffic().record, {}));
    session_.traffic().clear();
    if (answer.end == Answer::End::none) continue;
    session_.stop_relay();
    break;
  }
  return answers;
}

}  // namespace relayspec::live
