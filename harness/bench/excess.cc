// SPDX-License-Identifier: Apache-2.0
// What the relay sends and no case expects: which rule it breaks.
#include <algorithm>

#include "harness/bench/case_run.h"
#include "harness/bench/senders.h"

namespace relayspec {
namespace {

// The rule for frames that the relay sends because of a fragment.
constexpr const char* reassembly = "RFC1122-3.3.2-reassembly";

bool has_option82(std::span<const std::uint8_t> message) {
  return find_option(message, code::relay_agent).has_value();
}

// The octets in front of the options.
std::span<const std::uint8_t> fixed_part(const TestBed::Sender& s) {
  const auto message = message_in(s.frame);
  return message.first(std::min(options_offset, message.size()));
}

}  // namespace

// A relay that sends everything twice: of what came of a message as many as were sent have been taken
// already.
bool CaseRun::is_surplus_copy(const Sighting& s) const {
  auto& session = bed_->session();
  if (session.quirks().excess().empty() || !s.whole()) return false;
  const auto* origin = most_alike(sent_, s);
  if (!origin || !session.quirks().contains_excess(bed_->protocol().rule_against(s, true))) return false;
  const Datagram& d = dhcp4::datagram_of(s);
  const auto& all = session.traffic().sightings;
  const auto taken = std::count_if(all.begin(), all.end(), [&](const Sighting& o) {
    return o.claimed && o.whole() && o.segment == s.segment && dhcp4::datagram_of(o).ip_dst == d.ip_dst &&
           dhcp4::datagram_of(o).payload == d.payload;
  });
  // Messages that differ in options may come out the same, without their echoes say.
  const auto type = find_option(message_in(origin->frame), code::message_type);
  const auto sent = std::count_if(sent_.begin(), sent_.end(), [&](const TestBed::Sender& o) {
    return std::ranges::equal(fixed_part(o), fixed_part(*origin)) &&
           find_option(message_in(o.frame), code::message_type) == type &&
           model().fate(o.segment, o.frame, memory).fate != dhcp4::Fate::must_not_come;
  });
  return taken > 0 && taken >= sent;
}

// Whose giaddr is several networks' belongs to the one that has asked.
std::optional<Segment> CaseRun::network_of(const TestBed::Sender& reply) const {
  const auto message = message_in(reply.frame);
  const bool shared = settings_.link_selection || settings_.giaddr;
  if (const auto* asked = shared ? last_sent(sent_, xid_of(message).value_or(0), true) : nullptr)
    return asked->segment;
  const auto giaddr = giaddr_of(message);
  return giaddr ? model().world().owner_of(*giaddr) : std::nullopt;
}

// The same message has been taken already: this is another copy, not a part of it.
bool CaseRun::has_come_whole(const Sighting& s) const {
  const auto& all = bed_->session().traffic().sightings;
  return std::any_of(all.begin(), all.end(), [&](const Sighting& o) {
    return o.whole() && o.frame < s.frame && o.segment == s.segment &&
           dhcp4::datagram_of(o).payload == dhcp4::datagram_of(s).payload;
  });
}

bool CaseRun::may_have_come(const Sighting& s) {
  const TestBed::Sender* sender = s.whole() && s.key ? most_alike(sent_, s) : nullptr;
  if (!sender) return false;
  const Segment due_on =
      is_request(*sender) ? Segment::uplink : network_of(*sender).value_or(Segment::uplink);
  const auto& all = bed_->session().traffic().sightings;
  const bool again = std::any_of(all.begin(), all.end(), [&](const Sighting& o) {
    return o.frame < s.frame && bed_->protocol().are_alike(o, s);
  });
  return s.segment == due_on && !again &&
         model().fate(sender->segment, sender->frame, memory).fate != dhcp4::Fate::must_not_come;
}

std::string CaseRun::rule_against(const Sighting& s) {
  const TestBed::Sender* sender = s.whole() && s.key ? most_alike(sent_, s) : nullptr;
  const bool reply = sender && !is_request(*sender);
  const bool own_network = reply    ? network_of(*sender) == s.segment
                           : sender ? sender->segment == s.segment
                                    : judge_->has_sent_on(s.segment);
  std::string by_place = bed_->protocol().rule_against(s, own_network);
  if (reply && !own_network && (settings_.link_selection || settings_.giaddr) &&
      !has_option82(message_in(sender->frame)))
    by_place = "RFC3527-shared-giaddr-no-echo";
  if (!sender) return about_silence ? first_requirement() : by_place;
  if (is_surplus_copy(s)) return bed_->protocol().rule_against(s, true);
  const auto outcome = model().fate(sender->segment, sender->frame, memory);
  const bool right_place = reply ? own_network : s.segment == Segment::uplink;
  // No request has any business on a network of clients, so that the place is what is wrong.
  const bool misplaced = !reply && !right_place;
  if (outcome.routed || (outcome.fate == dhcp4::Fate::must_not_come && !misplaced)) return outcome.rule;
  if (outcome.rule == reassembly && about_silence) return first_requirement();
  // A frame in the wrong place is no fragment of the message.
  if (outcome.rule == reassembly && right_place && !has_come_whole(s)) return outcome.rule;
  // A further copy of a message that is due, behind octets that say not whose they are, has come of these.
  if (outcome.fate == dhcp4::Fate::must_come && about_silence && right_place && sent_without_xid_ &&
      !bed_->session().quirks().contains_excess(by_place))
    return first_requirement();
  if (outcome.fate == dhcp4::Fate::must_come || !about_silence) return by_place;
  const auto times =
      static_cast<std::size_t>(std::count_if(sent_.begin(), sent_.end(), [&](const auto& other) {
        return is_request(other) != reply && xid_of(message_in(other.frame)) == s.key;
      }));
  const std::size_t copies = times * (reply ? 1 : model().world().request_copies());
  const auto& all = bed_->session().traffic().sightings;
  const auto earlier = static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const Sighting& o) {
    return o.claimed && o.key == s.key && o.segment == s.segment && o.frame < s.frame;
  }));
  return right_place && earlier < copies ? first_requirement() : by_place;
}

}  // namespace relayspec
