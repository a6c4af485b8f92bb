// SPDX-License-Identifier: Apache-2.0
// Frames that are given, from a capture, sent one after the other.
#include <algorithm>
#include <iterator>

#include "harness/dhcp4/facts.h"
#include "harness/engine/patience.h"
#include "harness/live/prober.h"

namespace relayspec::live {
namespace {

using namespace std::chrono_literals;

// How long a request's copies are waited for where no barrier comes behind it.
constexpr auto before_answer = 10ms;

// The server that a client names in its request. In the dialect `proxy` it names the relay, and means the
// first.
void note_choice(const Bytes& message, const dhcp4::World& world, dhcp4::Memory& memory) {
  const auto key = dhcp4::exchange_of(message);
  const auto id = find_option(message, code::server_id);
  if (!key || !id || id->size() != 4) return;
  for (std::size_t n = 0; n < server_count; ++n) {
    if (octets_of(world.topology.servers[n].ipv4) == *id) memory.note_choice(*key, n);
  }
  for (const Segment downlink : all_downlinks) {
    if (octets_of(world.proxy_id(downlink)) == *id) memory.note_choice(*key, 0);
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

// By its xid.
bool is_of(const Sighting& s, const Answer& a) {
  const auto d = decode_udp(a.sent);
  const auto key = d ? dhcp4::exchange_of(d->payload) : std::nullopt;
  return key && s.key == key->xid;
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
  answer.link_down = p.link_down;
  inject(answer, p.link_down ? comment_link_down(*p.link_down) : "");
  settle(downlinks(), answer);
  answer.out = traffic.sightings;
  note_received(answer.out, memory);
  return answer;
}

std::vector<Segment> Prober::downlinks() const {
  return {all_segments, all_segments + session_.downlink_count()};
}

void Prober::note_received(std::span<const Sighting> out, dhcp4::Memory& memory) {
  for (const Sighting& s : out) {
    if (s.segment != Segment::uplink || !s.whole()) continue;
    const Datagram& d = dhcp4::datagram_of(s);
    if (const auto key = dhcp4::exchange_of(d.payload)) {
      memory.note_received(*key, d.payload, settings_.vss.empty(),
                           model_.world().topology.server_at(d.ip_dst).value_or(0));
    }
  }
}

// What comes out is told by its xid whose it is; what says nothing of that is held against the last one.
std::vector<Answer> Prober::play_at_once(std::span<const Packet> packets, dhcp4::Memory& memory) {
  auto& traffic = session_.traffic();
  std::vector<Answer> answers;
  for (const Packet& p : packets) {
    const std::size_t before = traffic.sightings.size();
    const auto has_come = [&] { return traffic.sightings.size() > before; };
    note_received(traffic.sightings, memory);
    const Bytes frame = p.echoes ? with_echo(p.frame, memory) : p.frame;
    answers.push_back({.segment = p.segment, .sent = frame});
    note_packet({p.segment, frame}, answers.back(), memory);
    traffic.inject(p.segment, frame, p.at_once ? comment_at_once : "");
    // Servers answer what they have got.
    const bool answered = p.segment != Segment::uplink && (&p != &packets.back());
    for (const auto until = session_.now() + before_answer; answered && !has_come();) {
      if (!session_.pump(until) || session_.now() >= until) break;
    }
  }
  settle(downlinks(), answers.back());
  note_received(traffic.sightings, memory);
  const std::size_t copies = model_.world().request_copies();
  for (const Sighting& s : traffic.sightings) {
    Answer* of = nullptr;
    for (Answer& a : answers) {
      const bool request = a.segment != Segment::uplink;
      if (!is_of(s, a) || request != (s.segment == Segment::uplink)) continue;
      if (!of || of->out.size() >= (request ? copies : 1)) of = &a;
    }
    (of ? *of : answers.back()).out.push_back(s);
  }
  for (Answer& a : answers) {
    if (a.segment == Segment::uplink) a.memory = memory;
  }
  return answers;
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

std::vector<Answer> Prober::play_on(std::span<const Packet> packets) { return play_all(packets); }

std::vector<Answer> Prober::play_all(std::span<const Packet> packets) {
  std::vector<Answer> answers;
  dhcp4::Memory memory;
  bool resolved = false;  // the client has just told its address
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const Packet& p = packets[i];
    start();
    if (p.segment != Segment::uplink && !resolved) forget_neighbours();
    resolved = is_arp(p.frame);
    if (resolved) {
      session_.traffic().inject(p.segment, p.frame, "");
      answers.push_back({.segment = p.segment, .sent = p.frame});
      continue;
    }
    std::size_t last = i;
    while (last + 1 < packets.size() && packets[last].at_once) ++last;
    try {
      if (last > i)
        std::ranges::move(play_at_once(packets.subspan(i, last + 1 - i), memory),
                          std::back_inserter(answers));
      else
        answers.push_back(play(p.echoes ? Packet{p.segment, with_echo(p.frame, memory)} : p, memory));
    } catch (const Flood&) {
      answers.push_back({.segment = p.segment,
                         .sent = p.frame,
                         .memory = memory,
                         .end = Answer::End::floods,
                         .ended = "the relay floods the network with frames"});
    }
    i = last;
    Answer& answer = answers.back();
    std::vector<Frame> record = session_.traffic().record;
    forget_traffic();
    answer.frames = without_barriers(std::move(record));
    if (answer.end == Answer::End::none) continue;
    session_.stop_relay();
    break;
  }
  return answers;
}

}  // namespace relayspec::live
