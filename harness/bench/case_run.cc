// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/case_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/bench/senders.h"

namespace relayspec {
namespace {

Arrival arrival_of(const Sighting& s) {
  const Datagram& d = dhcp4::datagram_of(s);
  return {d.payload, d, s.frame};
}

Direction way_of(const TestBed::Sender& s) { return is_request(s) ? Direction::request : Direction::reply; }

}  // namespace

CaseRun::CaseRun(TestBed* bed, CaseInfo head, DryRun dry_run)
    : info(std::move(head)), bed_(bed), with_steps_(!bed && dry_run.with_steps) {
  if (bed_) judge_.emplace(bed_->session(), *this);
  dhcp4::World& dry = dry_model_.world();
  dry.dialect = dry_run.dialect;
  set_settings({});
}

void CaseRun::send(Segment s, const std::vector<Bytes>& frames, const std::string& what) {
  begin();
  info.frames_sent += frames.size();
  use_downlink(s);
  if (const auto message = message_in(frames.front()); !message.empty()) {
    s == Segment::uplink ? memory.note_answered(message) : memory.note_sent(message, s);
    sent_without_xid_ |= !xid_of(message);
    if (const auto xid = xid_of(message)) {
      sent_.push_back({bed_ ? bed_->results.size() : 0, s, frames.front()});
      if (bed_) bed_->senders[*xid] = sent_.back();
    }
  }
  if (bed_) judge_->send(s, frames, what);
}

void CaseRun::resolve_route(Segment from, Envelope e) {
  constexpr std::uint16_t discard_port = 9;
  begin();
  if (!bed_) return;
  auto& traffic = bed_->session().traffic();
  const bool everything = std::exchange(traffic.everything_counts, false);
  e.sport = e.dport = discard_port;
  judge_->send(from, {encode_udp(e, {})}, "the relay's host asks by ARP for where this goes");
  judge_->await_through();
  traffic.everything_counts = everything;
}

void CaseRun::ask_again_for(const Bytes& reply) {
  const auto key = dhcp4::exchange_of(message_in(reply));
  if (replies_come_unasked || !key || memory.requests(*key) == 0 ||
      memory.answers(*key) < memory.requests(*key)) {
    return;
  }
  const auto asked = std::find_if(sent_.rbegin(), sent_.rend(), [&](const TestBed::Sender& s) {
    return s.segment != Segment::uplink && is_request(s) && dhcp4::exchange_of(message_in(s.frame)) == key;
  });
  if (asked == sent_.rend()) return;
  const TestBed::Sender again = *asked;
  step([&] {
    return fmt::format("The client on {} sends its request again.", interface_name(again.segment));
  });
  if (bed_) judge_->touch(again.segment);
  send(again.segment, {again.frame}, "client asks again");
  if (bed_) judge_->take(Segment::uplink, key->xid, [](const Sighting&) { return true; });
}

std::optional<dhcp4::Outcome> CaseRun::fate_of(std::uint32_t xid, Direction d) const {
  const TestBed::Sender* sent = last_sent(sent_, xid, d == Direction::request);
  if (!sent) return std::nullopt;
  return model().fate(sent->segment, sent->frame, memory);
}

// A copy of this very message has come to another of several destinations.
bool CaseRun::another_has_it(const Expected& e) const {
  if (model().world().request_copies() < 2) return false;
  const auto type = find_option(e.message, code::message_type);
  const auto& all = bed_->session().traffic().sightings;
  return std::any_of(all.begin(), all.end(), [&](const Sighting& s) {
    return s.whole() && s.key == xid_of(e.message) && s.segment == e.segment && is_request(s) &&
           find_option(dhcp4::datagram_of(s).payload, code::message_type) == type;
  });
}

std::string CaseRun::liveness_rule() const {
  const bool runs = bed_ && !bed_->session().relay_ended();
  const bool disturbed = circumstances_changed() || !settings_.server_list.empty() || server_has_refused;
  if (runs && disturbed) return first_requirement();
  return runs && is_deaf() ? "RFC1542-4.1.1-request-relayed" : std::string(relayspec::liveness_rule);
}

// From some network nothing has ever come through.
bool CaseRun::is_deaf() const {
  Session& session = bed_->session();
  return std::any_of(all_segments, all_segments + session.downlink_count(), [&](Segment s) {
    return !session.down.contains(s) && !session.barrier().works(s, Barrier::Half::request);
  });
}

// By the message, not by the case; where the model leaves open what becomes of it, the case has to say so.
std::string CaseRun::loss_rule(const Expected& e) const {
  const auto xid = xid_of(e.message);
  if (e.transit) return "IF-host-routes-on";
  if (!xid) return first_requirement();
  if (e.direction == Direction::request && another_has_it(e)) {
    const auto server = topology().server_at(e.forms.front().ip_dst);
    if (server && memory.has_reached(dhcp4::exchange_of(decode(e.message)).chaddr, *server))
      return "RFC1542-4.1.1-same-destination-set";
    return settings_.server_id == ServerIdMode::override_suboption ? "RFC5107-4-all-to-all-servers"
                                                                   : "SRV-each-gets-copy";
  }
  const auto fate = fate_of(*xid, e.direction);
  std::string rule =
      fate && fate->fate == dhcp4::Fate::must_come ? rule_for_loss(*fate, e.direction) : first_requirement();
  if (e.direction == Direction::request || e.message.size() < 236) return rule;
  return bed_->protocol().rule_for_lost_reply(e.segment, decode(e.message), rule);
}

const Buffers& CaseRun::buffers_before(std::size_t sent) {
  if (buffers_.empty()) buffers_.push_back({bed_->left_behind.by_way, {}});
  while (buffers_.size() <= sent) {
    const TestBed::Sender& next = sent_[buffers_.size() - 1];
    Buffers behind = buffers_.back();
    behind.read(way_of(next), message_in(next.frame));
    buffers_.push_back(std::move(behind));
  }
  return buffers_[sent];
}

void CaseRun::leave_behind() {
  for (const TestBed::Sender& s : sent_) bed_->left_behind.read_by_way(way_of(s), message_in(s.frame));
}

std::vector<Difference> CaseRun::differences(const Expected& e, const Datagram& observed) {
  std::vector<Difference> all = relayspec::compare(e, observed);
  const auto xid = xid_of(e.message);
  if (all.empty() || e.transit || !xid) return all;
  const TestBed::Sender* sent = last_sent(sent_, *xid, e.direction == Direction::request);
  if (!sent) return all;
  // A relay may have a buffer for each way, or one for both.
  const auto& buffers = buffers_before(static_cast<std::size_t>(sent - sent_.data()));
  for (const Bytes* buffer : {&buffers.of(e.direction), &buffers.of_both_ways})
    all = explained_by_remains(std::move(all), e, message_in(sent->frame), *buffer, observed.payload);
  return all;
}

Expectation CaseRun::expectation(const Expected& e, const std::string& what) {
  Expectation x{.segment = e.segment, .key = xid_of(e.message), .what = what};
  x.summary = summary(e.message);
  x.compare = [this, &e](const Sighting& s) { return differences(e, dhcp4::datagram_of(s)); };
  x.octets = [&e](const Sighting& s) { return octet_difference(e.message, dhcp4::datagram_of(s).payload); };
  x.due = [&e](const Sighting* s) { return s ? message_due(e, dhcp4::datagram_of(*s).payload) : e.message; };
  x.loss = [this, &e] { return loss_rule(e); };
  x.due_by = [this, &e] { return rules_due(e); };
  x.resembles = [&e](const Sighting& s) { return is_request(s) == (e.direction == Direction::request); };
  if (e.direction == Direction::reply && !e.transit) x.form = e.forms.front().eth_dst.is_broadcast() ? 0 : 1;
  const bool one_of_many = e.direction == Direction::request && model().world().request_copies() > 1;
  x.for_another = [this, &e, one_of_many, key = x.key](const Sighting& s) {
    // What has been sent under another xid is that message, not this one with its xid corrupted.
    if (s.key != key && s.key && bed_->senders.contains(*s.key)) return true;
    if (is_surplus_copy(s)) return true;
    // A request that leaks to clients is none of the replies that they wait for.
    if (e.direction == Direction::reply && !e.transit && is_request(s)) return true;
    const Ipv4 to = dhcp4::datagram_of(s).ip_dst;
    const auto& list = settings_.server_list;
    return one_of_many && to != e.forms.front().ip_dst &&
           (topology().server_at(to) || std::find(list.begin(), list.end(), to) != list.end());
  };
  return x;
}

Arrival CaseRun::expect(const Expected& e, const std::string& what) {
  begin();
  use_downlink(e.segment);
  if (!bed_) return dry_arrival(e);
  Arrival a = arrival_of(judge_->expect(expectation(e, what)));
  note_delivered(e);
  return a;
}

std::optional<Arrival> CaseRun::accept(const Expected& e, const std::string& what) {
  begin();
  use_downlink(e.segment);
  if (!bed_) return std::nullopt;
  const auto taken = judge_->accept(expectation(e, what));
  return taken ? std::optional(arrival_of(*taken)) : std::nullopt;
}

void CaseRun::compare(const Expected& e, const Arrival& a, const std::string& what) {
  if (!bed_) return;
  Sighting s{.frame = a.frame, .segment = e.segment};
  s.packet = a.datagram;
  judge_->compare(expectation(e, what), s);
}

std::vector<Arrival> CaseRun::take(Segment s, const Message& about, bool due) {
  begin();
  std::vector<Arrival> all;
  if (!bed_) return all;
  // A request that leaks to clients is none of the replies that are looked at there.
  const bool reply_to_client = s != Segment::uplink && about.op == boot_reply;
  const auto resembles = [&](const Sighting& other) {
    return !(reply_to_client && is_request(other)) && !is_surplus_copy(other);
  };
  for (const Sighting& taken : judge_->take(s, about.xid.value_or(0), resembles, due)) {
    // Copies that come of every message are judged elsewhere.
    const std::string rule = bed_->protocol().rule_against(taken, true);
    const bool again = std::any_of(all.begin(), all.end(), [&](const Arrival& a) {
      return a.message == dhcp4::datagram_of(taken).payload;
    });
    if (!(again && bed_->session().quirks().contains_excess(rule) && !is_about(rule)))
      all.push_back(arrival_of(taken));
  }
  if (all.empty() && reply_to_client) judge_->require_replies(s);
  return all;
}

// Its message and its destination are the case's to judge: here they are as they came.
void CaseRun::examine_carrier(Segment downlink, const Arrival& a) {
  if (a.message.size() < options_offset) return;
  Expected e = model().expected(Delivered{.message = decode(a.message)}, downlink);
  e.forms = {{a.datagram.eth_dst, a.datagram.ip_dst}};
  e.checksum_optional = true;
  compare(e, a, "reply to the client");
}

void CaseRun::settle(Judge::Where where) {
  if (!bed_ || !begun_ || skip || error || refused_) return;
  // That a reply is not delivered says nothing of a relay that delivers none.
  const bool replies = std::any_of(sent_.begin(), sent_.end(), [](const auto& s) { return !is_request(s); });
  if (about_silence && replies) judge_->require_replies(Segment::downlink0);
  judge_->settle(where);
}

Verdict CaseRun::severity(std::string_view requirement) const { return severity_of(requirement); }

// The whole exchange is judged in the suite `dora`, in which nothing is left out.
bool CaseRun::is_about(std::string_view requirement) const {
  const auto& all = info.requirements;
  return info.suite == "dora" || std::find(all.begin(), all.end(), requirement) != all.end();
}

}  // namespace relayspec
