// SPDX-License-Identifier: Apache-2.0
#include "harness/live/prober.h"

#include <fmt/format.h>
#include <tins/tins.h>

#include <algorithm>
#include <iterator>

#include "harness/icmp.h"

namespace relayspec::live {
namespace {

using namespace std::chrono_literals;

// How long something is waited for before a barrier asks after it.
constexpr auto before_barrier = 10ms;
// No relay that recovers from a link that was down has been seen to take more than a second.
constexpr auto recovery = 1500ms;

// Behind the headers of a plain frame, which the harness has made itself.
std::span<const std::uint8_t> message_of(const Bytes& frame) {
  constexpr std::size_t headers = 14 + 20 + 8;
  return std::span(frame).subspan(std::min(headers, frame.size()));
}

Bytes arp_request(const Sender& from, const Network& network) {
  return Tins::ARP::make_arp_request(network.relay.ipv4, from.lease, from.mac).serialize();
}

// Behind "… while the link of uplink0 is down", as a stimulus is described.
std::optional<Segment> link_down_in(const std::string& comment) {
  for (const Segment s : all_segments) {
    if (comment.ends_with(comment_link_down(s))) return s;
  }
  return std::nullopt;
}

// The link is down as long as this lives.
class LinkDown {
 public:
  LinkDown(Surroundings& around, Segment s) : around_(around), segment_(s) { around_.set_link(s, false); }
  ~LinkDown() { around_.set_link(segment_, true); }
  LinkDown(const LinkDown&) = delete;
  LinkDown& operator=(const LinkDown&) = delete;

 private:
  Surroundings& around_;
  Segment segment_;
};

bool names_its_server(Base b) { return b == Base::selecting || b == Base::decline || b == Base::release; }

}  // namespace

void read_over(Bytes& buffer, std::span<const std::uint8_t> message) {
  buffer.resize(std::max(buffer.size(), message.size()));
  std::copy(message.begin(), message.end(), buffer.begin());
}

bool is_arp(const Bytes& frame) { return frame.size() > 13 && frame[12] == 0x08 && frame[13] == 0x06; }

Packet packet_of(const Frame& f) {
  Packet p{.segment = f.segment, .frame = f.bytes};
  for (const std::string& c : f.comments) {
    p.at_once = p.at_once || c == comment_at_once;
    if (const auto s = link_down_in(c)) p.link_down = s;
  }
  return p;
}

std::vector<Frame> without_barriers(std::vector<Frame> record) {
  std::erase_if(record, [](const Frame& f) {
    return std::find(f.comments.begin(), f.comments.end(), "barrier") != f.comments.end();
  });
  return record;
}

Prober::Prober(Device& device, dhcp4::World world, std::chrono::milliseconds start_timeout)
    : device_(device),
      settings_(world.settings),
      model_(std::move(world)),
      protocol_(model_),
      session_(device, protocol_, start_timeout, settings_),
      standstill_(device) {
  session_.barrier().hopeless = [this] { return standstill_.look(session_.now()); };
}

void Prober::start() {
  const std::size_t starts = session_.starts();
  session_.prepare(settings_);
  session_.traffic().clear();
  if (session_.starts() == starts) return;
  standstill_.note_rest();
  neighbours_known_ = true;
}

void Prober::stop() {
  session_.stop_relay();
  recent_.clear();
  recent_keys_.clear();
}

// What a relay's kernel has learnt from one message decides about no other. It learns by ARP, and from relays
// that tell it the address of a client to which they send.
void Prober::forget_neighbours() {
  if (!std::exchange(neighbours_known_, false)) return;
  device_.flush_neighbours();
}

void Prober::forget_traffic() {
  const auto teaches = [](const Frame& f) {
    const bool unicast = f.origin == Origin::relay && !f.bytes.empty() && (f.bytes[0] & 1) == 0;
    return f.segment != Segment::uplink && (unicast || is_arp(f.bytes));
  };
  neighbours_known_ = neighbours_known_ || std::ranges::any_of(session_.traffic().record, teaches);
  session_.traffic().clear();
}

// What each of them answers has come through before the replies are sent.
void Prober::ask(std::span<const Numbered> all, std::vector<Sent>& sent) {
  std::vector<std::uint32_t> asking;
  const bool proxy = model_.world().dialect == Dialect::proxy;
  const auto names_relay = [&](const Stimulus& s) { return proxy && names_its_server(s.base); };
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!is_answer(all[i].stimulus.base) && !names_relay(all[i].stimulus)) continue;
    const Segment downlink = all[i].stimulus.downlink;
    const Bytes request = request_before(all[i].stimulus, sent[i].sender, model_.world());
    sent[i].answer.memory.note_sent(message_of(request), downlink);
    // It answers ARP for an address in ciaddr (RFC 2131, table 1), so that the relay's host need not ask.
    if (has_address(all[i].stimulus.base))
      session_.traffic().inject(downlink, arp_request(sent[i].sender, model_.world().topology[downlink]), "");
    read_over(buffers_[0], message_of(request));
    session_.traffic().inject(downlink, request, "asks");
    asking.push_back(sent[i].sender.xid);
  }
  const std::size_t copies = model_.world().request_copies();
  const auto have_come = [&] {
    return std::ranges::all_of(asking, [&](std::uint32_t key) {
      const auto come = std::ranges::count_if(session_.traffic().sightings, [&](const Sighting& s) {
        return s.segment == Segment::uplink && s.key == key;
      });
      return static_cast<std::size_t>(come) >= copies;
    });
  };
  while (!have_come() && session_.pump(session_.now() + before_barrier)) {
  }
  Answer lost;  // shows again in what is sent next
  if (!have_come()) settle(all, lost);
  note_asked(sent);
  bool offered = false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!names_relay(all[i].stimulus)) continue;
    offer(all[i], sent[i]);
    offered = true;
  }
  if (offered) settle(all, lost);
}

// The relay has told the client of this server.
void Prober::offer(const Numbered& n, Sent& to) {
  const Stimulus plain{.downlink = n.stimulus.downlink, .base = Base::offer};
  const Bytes frame = frame_of(plain, to.sender, model_.world(), to.answer.memory);
  to.answer.memory.note_answered(message_of(frame));
  read_over(buffers_[1], message_of(frame));
  session_.traffic().inject(Segment::uplink, frame, "offers");
}

void Prober::note_asked(std::vector<Sent>& sent) {
  for (const Sighting& s : session_.traffic().sightings) {
    if (s.segment != Segment::uplink || !s.whole()) continue;
    for (Sent& one : sent) {
      if (s.key != one.sender.xid) continue;
      one.asked = dhcp4::datagram_of(s).payload;
      one.answer.memory.note_received({one.sender.xid, one.sender.mac}, one.asked, settings_.vss.empty(), 0);
    }
  }
}

// A barrier from each network that they are of shows that all before it is through.
void Prober::settle(std::span<const Numbered> all, Answer& answer) {
  std::vector<Segment> concerned;
  for (std::size_t i = 0; i < session_.downlink_count(); ++i) {
    if (std::ranges::any_of(all, [&](const Numbered& n) { return n.stimulus.downlink == all_segments[i]; }))
      concerned.push_back(all_segments[i]);
  }
  settle(concerned, answer);
}

void Prober::settle(std::span<const Segment> downlinks, Answer& answer) {
  if (answer.end != Answer::End::none) return;
  standstill_.wait_begins(session_.now());
  const auto why = session_.pass_barriers(downlinks);
  auto& changes = session_.barrier().changes;
  std::move(changes.begin(), changes.end(), std::back_inserter(answer.plain));
  changes.clear();
  if (!why) return standstill_.wait_ends(session_.now());
  answer.ended = *why;
  answer.end = end_of_relay();
}

Answer::End Prober::end_of_relay() const {
  if (!device_.started() || device_.ended()) return Answer::End::died;
  return standstill_.hangs() ? Answer::End::hangs : Answer::End::silent;
}

std::vector<Prober::Sent> Prober::send(std::span<const Numbered> all, bool describes) {
  auto& traffic = session_.traffic();
  forget_neighbours();
  std::vector<Sent> sent;
  for (const Numbered& n : all) {
    sent.push_back({Sender(n.number, n.stimulus.downlink, model_.world().topology), {}});
    sent.back().answer.segment = n.stimulus.segment();
    if (names_its_server(n.stimulus.base))
      sent.back().answer.memory.note_choice({sent.back().sender.xid, sent.back().sender.mac}, 0);
  }
  ask(all, sent);
  traffic.sightings.clear();
  for (std::size_t i = 0; i < all.size(); ++i) {
    Answer& answer = sent[i].answer;
    answer.sent = frame_of(all[i].stimulus, sent[i].sender, model_.world(), answer.memory);
    const auto message = decode_udp(answer.sent);
    Bytes& buffer = buffers_[all[i].stimulus.reply() ? 1 : 0];
    answer.buffer = buffer;
    if (message) read_over(buffer, message->payload);
    if (message && is_answer(all[i].stimulus.base)) answer.memory.note_answered(message->payload);
    if (message && !all[i].stimulus.reply()) {
      answer.memory.note_sent(message->payload, answer.segment);
      // Whatever it says of itself.
      const auto key = dhcp4::exchange_of(message->payload);
      if (key && names_its_server(all[i].stimulus.base)) answer.memory.note_choice(*key, 0);
    }
    const Stimulus& s = all[i].stimulus;
    if (s.trouble == Trouble::link_down && all.size() == 1) answer.link_down = s.way_out();
    inject(answer, describes ? describe(s) : "");
  }
  settle(all, sent.front().answer);
  if (all.size() == 1 && all[0].stimulus.trouble == Trouble::server_refuses) {
    refuse(sent.front().answer);
    settle(all, sent.front().answer);
  }
  return sent;
}

// Where its link is to be down and can be, it is until the relay has read the frame.
void Prober::inject(Answer& answer, std::string comment) {
  auto& traffic = session_.traffic();
  Surroundings* around = device_.surroundings();
  if (!around) answer.link_down.reset();
  if (!answer.link_down) return traffic.inject(answer.segment, answer.sent, std::move(comment));
  {
    const LinkDown down(*around, *answer.link_down);
    traffic.inject(answer.segment, answer.sent, std::move(comment));
    const auto until = session_.now() + before_barrier;
    do {
      session_.pump(std::min(until, session_.now() + 1ms));
    } while (standstill_.has_unread() && session_.now() < until);
  }
  const Segment from = answer.link_down == Segment::uplink ? answer.segment : *answer.link_down;
  if (!session_.await(from, recovery)) {
    answer.ended = fmt::format("nothing is relayed for {} once the link of {} is up again",
                               interface_name(from), interface_name(*answer.link_down));
    answer.end = end_of_relay();
  }
}

// To what has come out to servers (RFC 792).
void Prober::refuse(const Answer& answer) {
  const auto d = decode_udp(answer.sent);
  const auto key = d ? dhcp4::exchange_of(d->payload) : std::nullopt;
  auto& traffic = session_.traffic();
  std::vector<Bytes> errors;
  for (const Sighting& s : traffic.sightings) {
    if (!key || s.segment != Segment::uplink || !s.whole() || s.key != key->xid) continue;
    const Bytes& frame = traffic.record.at(s.frame).bytes;
    if (decode_udp(frame))
      errors.push_back(port_unreachable(frame));  // not for the last of several fragments
  }
  for (Bytes& e : errors) traffic.inject(Segment::uplink, std::move(e), "ICMP port unreachable");
  session_.pump(session_.now());  // a relay that ends by it must not keep them out of the record
}

bool Prober::is_late(const Sighting& s) {
  const auto known = s.key ? recent_.find(*s.key) : recent_.end();
  if (known == recent_.end()) return false;
  late_.push_back({known->second, s});
  return true;
}

void Prober::remember(const std::vector<Sent>& sent, std::span<const Numbered> all) {
  constexpr std::size_t most = 1024;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const std::uint32_t key = sent[i].sender.xid;
    if (recent_.insert_or_assign(key, all[i].number).second) recent_keys_.push_back(key);
  }
  for (; recent_keys_.size() > most; recent_keys_.pop_front()) recent_.erase(recent_keys_.front());
}

// A further copy of what was asked before, or one that has come late: no request comes of a reply.
bool Prober::is_question(const Sighting& s, const Sent& of) {
  if (!s.whole() || s.segment != Segment::uplink) return false;
  const Bytes& came = dhcp4::datagram_of(s).payload;
  if (!of.asked.empty() || of.answer.segment != Segment::uplink) return came == of.asked;
  // By its place, since the headers in front of it may be wrong.
  const auto sent = message_of(of.answer.sent);
  return came.at(0) == boot_request && !sent.empty() && sent[0] == boot_reply;
}

// False where something came out that may be of any of several.
bool Prober::attribute(std::vector<Sent>& sent) {
  for (const Sighting& s : session_.traffic().sightings) {
    const auto by_key = std::ranges::find_if(sent, [&](const Sent& one) { return s.key == one.sender.xid; });
    if (by_key == sent.end() && is_late(s)) continue;
    if (by_key == sent.end() && sent.size() > 1) return false;
    Sent& of = by_key == sent.end() ? sent.front() : *by_key;
    if (!is_question(s, of)) of.answer.out.push_back(s);
  }
  return true;
}

std::vector<Answer> Prober::probe(std::span<const Numbered> all) {
  std::vector<Sent> sent;
  bool clear = false;
  end_of_all_ = {};
  try {
    start();
    sent = send(all, all.size() == 1);
    const Answer& first = sent.front().answer;
    clear = attribute(sent) && (sent.size() == 1 || (first.ended.empty() && first.plain.empty()));
  } catch (const Flood&) {
    if (sent.empty())
      sent.push_back(
          {Sender(all.front().number, all.front().stimulus.downlink, model_.world().topology), {}});
    sent.front().answer.ended = "the relay floods the network with frames";
    sent.front().answer.end = Answer::End::floods;
  }
  if (all.size() == 1) sent.front().answer.frames = without_barriers(session_.traffic().record);
  const Answer end = {.end = sent.front().answer.end, .ended = sent.front().answer.ended};
  if (end.end != Answer::End::none) session_.stop_relay();
  forget_traffic();
  std::vector<Answer> answers;
  if (clear || all.size() == 1) {
    remember(sent, all);
    for (Sent& one : sent) answers.push_back(std::move(one.answer));
    return answers;
  }
  for (const Numbered& one : all) answers.push_back(probe(one));
  const bool again = std::ranges::any_of(answers, [](const Answer& a) { return a.end != Answer::End::none; });
  if (!again) end_of_all_ = end;
  return answers;
}

std::vector<Frame> Prober::frames_at_once(std::span<const Numbered> all) {
  start();
  try {
    send(all, true);
  } catch (const Flood&) {
    // The frames until then are what shows it.
  }
  std::vector<Frame> record = session_.traffic().record;
  forget_traffic();
  std::vector<Frame> frames = without_barriers(std::move(record));
  const auto last = std::find_if(frames.rbegin(), frames.rend(),
                                 [](const Frame& f) { return f.origin == Origin::harness; });
  for (auto f = last; f != frames.rend(); ++f) {
    if (f != last && f->origin == Origin::harness) f->comments.emplace_back(comment_at_once);
  }
  return frames;
}

Answer Prober::probe(const Numbered& one) { return std::move(probe(std::span(&one, 1)).front()); }

}  // namespace relayspec::live
