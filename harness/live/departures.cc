// SPDX-License-Identifier: Apache-2.0
#include "harness/live/departures.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/dhcp4/facts.h"

namespace relayspec::live {
namespace {

using dhcp4::datagram_of;
using dhcp4::Fate;

// Where a difference is, whatever its values are.
std::string place_of(const Difference& d) { return d.kind.substr(0, d.kind.find(' ')) + " " + d.field; }

// The model's expectation that an emission fits best.
const Expected* best_copy(const dhcp4::Outcome& outcome, const Sighting& s) {
  const Expected* best = nullptr;
  for (const Expected& e : outcome.copies) {
    if (e.segment != s.segment) continue;
    if (!best || (s.whole() && e.forms.front().ip_dst == datagram_of(s).ip_dst)) best = &e;
  }
  return best;
}

Bytes without_own_option82(const Bytes& message, const Expected& model) {
  const auto area = options_of(message);
  if (!area || !model.adds_option82) return message;
  const auto own = own_option82(model, *area);
  Message m = decode(message);
  for (std::size_t n = own.size(); n > 0; --n) {
    const auto last = std::find_if(m.options->rbegin(), m.options->rend(),
                                   [](const Option& o) { return code_of(o) == code::relay_agent; });
    m.options->erase(std::next(last).base());
  }
  return encode(m);
}

std::vector<Difference> without(std::vector<Difference> all, const std::vector<Difference>& others) {
  std::erase_if(all, [&](const Difference& d) {
    return std::ranges::any_of(others, [&](const Difference& o) { return o.kind == d.kind; });
  });
  return all;
}

// Of a request of which the model says nothing: whatever option 82 is in it may be the relay's own.
Expected any_request_with_option82(const Bytes& message) {
  Expected e{.message = message, .adds_option82 = true};
  if (options_of(message)) {
    Message m = decode(message);
    std::erase_if(*m.options, [](const Option& o) { return code_of(o) == code::relay_agent; });
    e.message = encode(m);
  }
  return e;
}

// What the reference has sent as the expectation of the other's.
Expected as_sent_by(const Sighting& s, const Expected* by_model, const Topology& topology) {
  const Datagram& d = datagram_of(s);
  Expected e = by_model ? *by_model : Expected{};
  e.direction = dhcp4::is_request(s.segment, d.payload) ? Direction::request : Direction::reply;
  e.segment = s.segment;
  e.message = by_model ? without_own_option82(d.payload, *by_model) : d.payload;
  e.forms = {{d.eth_dst, d.ip_dst}};
  e.sport = d.sport;
  e.checksum_optional = d.udp_checksum == Checksum::absent;
  e.further_giaddrs.clear();
  e.topology = topology;
  if (by_model && by_model->adds_option82) {
    const auto area = options_of(d.payload);
    e.adds_option82 = area && !own_option82(*by_model, *area).empty();
    e.option82_optional = false;
  }
  return e;
}

class Comparer {
 public:
  Comparer(const Witness& reference, const Witness& relay)
      : reference_(reference),
        relay_(relay),
        by_reference_(verdicts_on(reference.answer, reference.model)),
        by_relay_(verdicts_on(relay.answer, relay.model)),
        reply_(relay.answer.segment == Segment::uplink) {}

  std::vector<Departure> departures() {
    const auto &wanted = reference_.answer.out, &came = relay_.answer.out;
    if (relay_.answer.ended != reference_.answer.ended) return {end()};
    if (wanted.empty() && came.empty()) return {};
    if (wanted.empty() || came.empty()) return {presence(came.empty())};
    // What must not come breaks that rule on both sides, whatever it looks like.
    if (by_relay_.outcome.fate != Fate::must_not_come) both_came();
    return std::move(found_);
  }

 private:
  Departure base(Departure::Kind kind) const { return {.kind = kind, .reply = reply_}; }

  Departure end() const {
    Departure d = base(Departure::Kind::ended);
    const bool relay = !relay_.answer.ended.empty();
    d.culprit = relay ? Culprit::relay : Culprit::reference;
    d.requirement = by_relay_.outcome.rule;
    d.how = relay ? relay_.answer.ended : "the reference ends: " + reference_.answer.ended;
    d.reference = reference_.answer.ended.empty() ? "goes on" : reference_.answer.ended;
    d.observed = relay ? relay_.answer.ended : "goes on";
    return d;
  }

  // One of them has sent nothing.
  Departure presence(bool lost) const {
    Departure d = base(lost ? Departure::Kind::lost : Departure::Kind::extra);
    const dhcp4::Outcome& outcome = by_relay_.outcome;
    d.requirement = outcome.rule;
    if (outcome.fate == Fate::must_come) d.culprit = lost ? Culprit::relay : Culprit::reference;
    if (outcome.fate == Fate::must_not_come) d.culprit = lost ? Culprit::reference : Culprit::relay;
    const Witness& speaker = lost ? reference_ : relay_;
    const std::string said = in_words(speaker, speaker.answer.out.front());
    (lost ? d.of_reference : d.of_relay) = 0;
    d.reference = lost ? said : "nothing";
    d.observed = lost ? "nothing" : said;
    return d;
  }

  static std::string in_words(const Witness& side, const Sighting& s) {
    const std::string on = interface_name(s.segment);
    if (!s.whole()) return "a frame that is no whole datagram on " + on;
    return fmt::format("{} on {}, {}", side.protocol.summary(s), on, side.protocol.addressed(s));
  }

  static std::size_t place_in(const Witness& side, const Sighting& s) {
    return static_cast<std::size_t>(&s - side.answer.out.data());
  }

  void both_came() {
    std::vector<const Sighting*> left, missing;
    for (const Sighting& s : relay_.answer.out) left.push_back(&s);
    for (const Sighting& wanted : reference_.answer.out) {
      std::vector<Difference> fewest;
      auto best = left.end();
      for (auto it = left.begin(); it != left.end(); ++it) {
        if ((*it)->segment != wanted.segment || (*it)->whole() != wanted.whole()) continue;
        auto all = wanted.whole() ? differences(wanted, **it) : std::vector<Difference>{};
        if (best != left.end() && all.size() >= fewest.size()) continue;
        best = it;
        fewest = std::move(all);
      }
      if (best == left.end()) {
        missing.push_back(&wanted);
        continue;
      }
      for (const Difference& d : fewest) content(d, wanted, **best);
      left.erase(best);
    }
    for (; !missing.empty() && !left.empty(); missing.pop_back(), left.pop_back())
      elsewhere(*missing.back(), *left.back());
    for (const Sighting* s : missing) uneven(reference_, *s);
    for (const Sighting* s : left) uneven(relay_, *s);
  }

  std::vector<Difference> differences(const Sighting& wanted, const Sighting& came) const {
    const Expected* model = best_copy(by_relay_.outcome, wanted);
    const Datagram &want = datagram_of(wanted), &got = datagram_of(came);
    std::optional<Expected> any;
    if (!model && !reply_ && relay_.model.world().settings.option82)
      model = &any.emplace(any_request_with_option82(want.payload));
    const Expected e = as_sent_by(wanted, model, relay_.model.world().topology);
    // Each has got its own option 82 back, and may have left it where it was. A device has addresses of its
    // own, and other servers.
    if (reference_.answer.sent != relay_.answer.sent || !have_same_addresses())
      return of_different_messages(e, want, got);
    // What the reference has as well, against whatever rule, is no difference.
    auto all = without(differences_from(e, relay_.answer, came), compare(e, want));
    if (all.empty() && !e.adds_option82 && want.payload.size() != got.payload.size()) {
      const char* more = want.payload.size() < got.payload.size() ? "more" : "fewer";
      all.push_back({.field = "length",
                     .expected = fmt::format("{} octets", want.payload.size()),
                     .observed = fmt::format("{} octets", got.payload.size()),
                     .requirement = "RFC1542-2.1-output-not-short",
                     .kind = fmt::format("{} {} octets of padding", name(e.direction), more)});
    }
    return all;
  }

  bool have_same_addresses() const {
    const Topology &a = reference_.model.world().topology, &b = relay_.model.world().topology;
    return std::ranges::all_of(all_segments, [&](Segment s) {
      return a[s].relay.ipv4 == b[s].relay.ipv4 && a[s].relay.mac == b[s].relay.mac;
    });
  }

  // The addresses are compared where both have the same, and of the messages how they differ from what they
  // should be.
  std::vector<Difference> of_different_messages(const Expected& e, const Datagram& want,
                                                const Datagram& got) const {
    std::vector<Difference> all;
    if (have_same_addresses()) all = without(compare_addressing(e, got), compare_addressing(e, want));
    const auto of_message = [this](std::vector<Difference> some) {
      if (!have_same_addresses()) return some;
      constexpr const char* layers[] = {"destination", "UDP", "IP", "link", "TTL"};
      std::erase_if(some, [&](const Difference& d) {
        return std::ranges::any_of(layers, [&](const char* layer) { return d.field.starts_with(layer); });
      });
      return some;
    };
    const auto relays = of_message(by_relay_.differences), references = of_message(by_reference_.differences);
    for (const Difference& d : without(relays, references)) all.push_back(d);
    for (Difference d : without(references, relays)) {
      std::swap(d.expected, d.observed);
      all.push_back(std::move(d));
    }
    return all;
  }

  // By the rule that one of them breaks there, if one does.
  void content(Difference d, const Sighting& wanted, const Sighting& came) {
    if (const Difference* quirk = relay_.quirks.find(d)) d.kind = quirk->kind;
    Departure out = base(Departure::Kind::content);
    out.how = d.kind;
    out.requirement = d.requirement;
    out.field = d.field;
    out.of_reference = place_in(reference_, wanted);
    out.of_relay = place_in(relay_, came);
    out.reference = fmt::format("{} {}", d.field, d.expected);
    out.observed = fmt::format("{} {}", d.field, d.observed);
    out.judged = !by_relay_.outcome.copies.empty();
    const auto at_this_place = [&](const std::vector<Difference>& all) {
      return std::find_if(all.begin(), all.end(),
                          [&](const Difference& o) { return place_of(o) == place_of(d); });
    };
    const auto &relays = by_relay_.differences, &references = by_reference_.differences;
    if (const auto own = at_this_place(relays); own != relays.end()) {
      const Difference* quirk = relay_.quirks.find(*own);
      out.requirement = quirk ? quirk->requirement : own->requirement;
      out.culprit = Culprit::relay;
    } else if (const auto other = at_this_place(references); other != references.end()) {
      out.requirement = other->requirement;
      out.culprit = Culprit::reference;
    }
    found_.push_back(std::move(out));
  }

  std::string rule_against(const Witness& speaker, const Sighting& s) const {
    // What the host routes is no message for the relay.
    if (by_relay_.outcome.routed) return by_relay_.outcome.rule;
    const bool own_network = reply_ ? fits(s) : s.segment == speaker.answer.segment;
    return speaker.protocol.rule_against(s, own_network);
  }

  bool fits(const Sighting& s) const { return best_copy(by_relay_.outcome, s) != nullptr; }

  // The same message in another place.
  void elsewhere(const Sighting& wanted, const Sighting& came) {
    Departure d = base(Departure::Kind::copies);
    d.culprit = !fits(came) ? Culprit::relay : fits(wanted) ? Culprit::nobody : Culprit::reference;
    d.requirement = fits(came) ? rule_against(reference_, wanted) : rule_against(relay_, came);
    d.how =
        fmt::format("out on {} in place of {}", interface_name(came.segment), interface_name(wanted.segment));
    d.of_reference = place_in(reference_, wanted);
    d.of_relay = place_in(relay_, came);
    d.reference = in_words(reference_, wanted);
    d.observed = in_words(relay_, came);
    found_.push_back(std::move(d));
  }

  // A copy to which the other has none: the one that has more is wrong, unless the model wants them all.
  void uneven(const Witness& speaker, const Sighting& s) {
    Departure d = base(Departure::Kind::copies);
    const bool relay = &speaker == &relay_;
    const std::string said = in_words(speaker, s);
    const bool all_due = !reply_ && by_relay_.outcome.copies.size() >= speaker.answer.out.size();
    const Culprit more = relay ? Culprit::relay : Culprit::reference,
                  fewer = relay ? Culprit::reference : Culprit::relay;
    d.requirement = rule_against(speaker, s);
    d.culprit = may_be_uneven(s) ? Culprit::nobody : all_due ? fewer : more;
    d.how = fmt::format("{} {} on {}", relay ? "another" : "one less", s.whole() ? "message" : "fragment",
                        interface_name(s.segment));
    (relay ? d.of_relay : d.of_reference) = place_in(speaker, s);
    d.reference = relay ? "nothing more" : said;
    d.observed = relay ? said : "nothing more";
    found_.push_back(std::move(d));
  }

  // Where the model says nothing of it, or lets it come on one of several networks, or in fragments.
  bool may_be_uneven(const Sighting& s) const {
    const dhcp4::Outcome& outcome = by_relay_.outcome;
    const bool unjudged = outcome.copies.empty() && !outcome.routed;
    return unjudged || !s.whole() || s.fragments_of || (outcome.on_any && s.segment != Segment::uplink);
  }

  const Witness &reference_, &relay_;
  Verdicts by_reference_, by_relay_;
  bool reply_;
  std::vector<Departure> found_;
};

}  // namespace

// Octets that a relay has left in its buffer are no options of the message.
std::vector<Difference> differences_from(const Expected& e, const Answer& a, const Sighting& s) {
  auto all = compare(e, datagram_of(s));
  const auto sent = decode_udp(a.sent);
  if (all.empty() || !sent) return all;
  return explained_by_remains(std::move(all), e, sent->payload, a.buffer, datagram_of(s).payload);
}

Verdicts verdicts_on(const Answer& a, const dhcp4::Model& model) {
  Verdicts v{.outcome = model.outcome(a.segment, a.sent, a.memory)};
  for (const Sighting& s : a.out) {
    const Expected* copy = s.whole() ? best_copy(v.outcome, s) : nullptr;
    if (!copy) continue;
    const auto all = differences_from(*copy, a, s);
    v.differences.insert(v.differences.end(), all.begin(), all.end());
  }
  return v;
}

std::vector<Departure> departures(const Witness& reference, const Witness& relay) {
  return Comparer(reference, relay).departures();
}

std::vector<RuleOnFate> rules_on_fate(const Answer& a, const dhcp4::Model& model) {
  const dhcp4::Facts facts(model.world(), a.memory, a.segment, a.sent);
  if (const auto* row = dhcp4::first_that_applies(dhcp4::frame_rows(), facts)) {
    if (row->fate == Fate::must_not_come) return {};
    return {{row->rule, row->fate == Fate::must_come}};
  }
  const auto rows = facts.from_client() ? dhcp4::request_rows() : dhcp4::reply_rows();
  if (dhcp4::first_that_applies(rows, facts)->fate == Fate::must_not_come) return {};
  std::vector<RuleOnFate> rules;
  for (const auto& row : rows) {
    const bool known = std::ranges::any_of(rules, [&](const RuleOnFate& r) { return r.rule == row.rule; });
    if (!known && row.fate != Fate::must_not_come && row.applies(facts))
      rules.push_back({row.rule, row.fate == Fate::must_come});
  }
  return rules;
}

}  // namespace relayspec::live
