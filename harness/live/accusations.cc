// SPDX-License-Identifier: Apache-2.0
#include "harness/live/accusations.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/dhcp4/facts.h"
#include "harness/live/left_open.h"

namespace relayspec::live {
namespace {

using dhcp4::datagram_of;
using dhcp4::Fate;
using Octets = std::span<const std::uint8_t>;

bool holds(Octets all, Octets part) {
  return std::search(all.begin(), all.end(), part.begin(), part.end()) != all.end();
}

// So many octets in a row, none of them said often, are no coincidence.
constexpr std::size_t shortest_run = 8;

// The link addresses of generated messages' clients begin so.
constexpr std::array<std::uint8_t, 4> played_clients{0x02, 0x00, 0x5e, 0x0d};

bool says_much(Octets run) {
  Bytes different(run.begin(), run.end());
  std::sort(different.begin(), different.end());
  different.erase(std::unique(different.begin(), different.end()), different.end());
  return different.size() >= 5 && std::count(run.begin(), run.end(), 0) <= 3;
}

/// The layers below the message, as their differences are called.
const char* kind_of_field(const std::string& field) {
  if (field == "destination" || field == "UDP destination port") return accused_of::misdirected;
  constexpr std::array layers = {"UDP source port", "IP source", "link source",       "TTL",
                                 "UDP checksum",    "checksums", "IP header checksum"};
  const bool below = std::any_of(layers.begin(), layers.end(), [&](const char* l) { return field == l; });
  return below ? accused_of::bad_frame : nullptr;
}

// Options that do not end where END says, or whose lengths lie: what they are depends on who reads them, and
// one fault shows in them under many names.
bool is_irregular(Octets message) {
  const auto area = options_of(message);
  return area &&
         (!area->end || !zeros(Octets(area->tail).subspan(std::min<std::size_t>(1, area->tail.size()))));
}

bool is_about_options(const Difference& d) {
  return d.field.starts_with("option ") || d.field.starts_with("PAD") || d.field == "order of options" ||
         d.field == "octets at the end" || d.field == "vendor area" || d.field == "length";
}

// "reply option 57 missing": "reply option missing".
std::string without_option_number(std::string kind) {
  constexpr std::string_view word = " option ";
  const std::size_t at = kind.find(word), number = at + word.size();
  if (at == std::string::npos) return kind;
  const std::size_t end = kind.find_first_not_of("0123456789", number);
  if (end == number || end == std::string::npos) return kind;
  return kind.erase(at + word.size() - 1, end - number + 1);
}

// An option that was not there, or octets behind the end that were not.
bool is_invented(const Difference& d) {
  if (d.requirement == "SEC-padding-zeroed") return true;
  return d.expected == "not there" && !d.observed.empty() && d.observed != "not there";
}

/// What had to come out, what did, and the field in which they differ.
struct Shown {
  const Expected* due = nullptr;
  const Sighting* came = nullptr;
  std::string field = {};
};

class Judgement {
 public:
  explicit Judgement(const Witness& w)
      : w_(w),
        outcome_(w.model.outcome(w.answer.segment, w.answer.sent, w.answer.memory)),
        reply_(w.answer.segment == Segment::uplink) {
    leave_open(outcome_, dhcp4::Facts(w.model.world(), w.answer.memory, w.answer.segment, w.answer.sent),
               w.model);
    const auto sent = decode_udp(w.answer.sent);
    is_datagram_ = sent.has_value();
    if (sent) sent_ = sent->payload;
  }

  std::vector<Accusation> judge() {
    if (w_.answer.end != Answer::End::none) {
      end();
      return std::move(found_);
    }
    if (w_.answer.link_down) return {};  // the model gives no verdict on this
    for (const Sighting& s : w_.answer.at_rest) {
      accuse(accused_of::self_excited, w_.protocol.rule_against(s, s.segment == w_.answer.segment),
             fmt::format("at rest on {}", interface_name(s.segment)), "nothing while nothing is sent",
             in_words(s));
    }
    for (const Sighting& s : w_.answer.out) left_.push_back(&s);
    for (const Difference& d : w_.answer.plain) found_.push_back(accusation_of_plain(d));
    if (outcome_.fate == Fate::must_not_come) {
      for (const Sighting* s : left_) unwanted(*s);
    } else if (outcome_.routed) {
      routed();
    } else {
      relayed();
    }
    return std::move(found_);
  }

 private:
  void accuse(const char* kind, std::string requirement, std::string how, std::string expected,
              std::string observed, const Shown& shown = {}) {
    Accusation a{.kind = kind,
                 .requirement = std::move(requirement),
                 .reply = reply_,
                 .how = std::move(how),
                 .expected = std::move(expected),
                 .observed = std::move(observed),
                 .field = shown.field};
    const bool known = std::any_of(found_.begin(), found_.end(), [&](const auto& o) { return same(o, a); });
    if (known) return;
    if (shown.due) {
      a.segment = shown.due->segment;
      a.due = shown.due->message;
    }
    if (shown.came) {
      a.segment = shown.came->segment;
      if (shown.came->whole()) a.came = datagram_of(*shown.came).payload;
    }
    found_.push_back(std::move(a));
  }

  std::string in_words(const Sighting& s) const {
    const std::string on = interface_name(s.segment);
    if (!s.whole()) return "a frame that is no whole datagram on " + on;
    return fmt::format("{} on {}, {}", w_.protocol.summary(s), on, w_.protocol.addressed(s));
  }

  void end() {
    const char* kind = w_.answer.end == Answer::End::died     ? accused_of::crash
                       : w_.answer.end == Answer::End::hangs  ? accused_of::hang
                       : w_.answer.end == Answer::End::silent ? accused_of::stopped
                                                              : accused_of::self_excited;
    accuse(kind, w_.answer.link_down ? "IF-flap" : "MALF-flood-liveness", w_.answer.ended,
           "the relay goes on relaying", w_.answer.ended);
  }

  void unwanted(const Sighting& s) {
    accuse(accused_of::not_to_come, outcome_.rule, "comes out", "nothing", in_words(s), {.came = &s});
  }

  // What the relay's host routes comes out once, and nothing is relayed beside it.
  void routed() {
    bool passed = false;
    for (const Sighting* s : left_) {
      const bool it = !is_datagram_ || (s->whole() && datagram_of(*s).payload == sent_);
      if (!it || passed) unwanted(*s);
      passed |= it;
    }
  }

  void relayed() {
    std::size_t missing = 0;
    for (const Expected& e : outcome_.copies) {
      const auto best = best_of(e);
      if (best == left_.end()) {
        ++missing;
        continue;
      }
      const Sighting& s = **best;
      left_.erase(best);
      content(e, s);
      claimed_.push_back(&s);
    }
    if (outcome_.on_any && !claimed_.empty()) missing = 0;
    const bool unjudged = outcome_.copies.empty();
    if (outcome_.fate == Fate::must_come && !unjudged) absent(missing);
    for (const Sighting* s : left_) {
      if (!unjudged) excess(*s);
    }
  }

  std::vector<const Sighting*>::iterator best_of(const Expected& e) {
    auto best = left_.end();
    std::size_t fewest = 0;
    for (auto it = left_.begin(); it != left_.end(); ++it) {
      if ((*it)->segment != e.segment || !(*it)->whole() || is_for_another_server(e, **it)) continue;
      const std::size_t differences = compare(e, datagram_of(**it)).size();
      if (best != left_.end() && differences >= fewest) continue;
      best = it;
      fewest = differences;
    }
    return best;
  }

  // One bad copy for this server may be a good one for another.
  bool is_for_another_server(const Expected& e, const Sighting& s) const {
    const Ipv4 to = datagram_of(s).ip_dst;
    if (to == e.forms.front().ip_dst) return false;
    return std::any_of(outcome_.copies.begin(), outcome_.copies.end(), [&](const Expected& other) {
      return other.direction == Direction::request && other.forms.front().ip_dst == to;
    });
  }

  void content(const Expected& e, const Sighting& s) {
    auto all = differences_from(e, w_.answer, s);
    std::erase_if(all, [&](const Difference& d) {
      return is_left_open(d, e, w_.model.world(), w_.answer.memory, sent_);
    });
    if (all.empty()) return;
    if (const auto stale = stale_octets(e, datagram_of(s).payload)) {
      std::erase_if(all, [](const Difference& d) { return kind_of_field(d.field) == nullptr; });
      accuse(accused_of::foreign_octets, "MALF-no-stale-data",
             fmt::format("{} octets of an earlier message", name(e.direction)), "none",
             fmt::format("from octet {} on [{}]", *stale,
                         hex(Octets(datagram_of(s).payload).subspan(*stale), 16)),
             {&e, &s});
    }
    for (Difference d : all) {
      if (const Difference* quirk = w_.quirks.find(d)) {
        d.kind = quirk->kind;
        d.requirement = quirk->requirement;
      }
      constexpr std::uint8_t any_option = 224;
      if (is_irregular(sent_) && is_about_options(d) && d.requirement != "MALF-no-stale-data") {
        d.kind = fmt::format("{} options without a regular end", name(e.direction));
        if (d.field != option_name(code::relay_agent))
          d.requirement = rule_for_option(e.direction, any_option);
      }
      // One fault that many options show, each under its name.
      if (d.requirement == rule_for_option(e.direction, any_option))
        d.kind = without_option_number(std::move(d.kind));
      const char* layer = kind_of_field(d.field);
      const char* kind = layer                                   ? layer
                         : d.requirement == "MALF-no-stale-data" ? accused_of::foreign_octets
                         : is_invented(d)                        ? accused_of::invented
                                                                 : accused_of::changed;
      accuse(kind, d.requirement, d.kind, fmt::format("{} {}", d.field, d.expected),
             fmt::format("{} {}", d.field, d.observed), {&e, &s, d.field});
    }
  }

  // What this message has not brought, and an earlier one has: in sname and file, or with another client's
  // link address. Other options look alike in many messages.
  std::optional<std::size_t> stale_octets(const Expected& e, Octets observed) const {
    constexpr std::size_t names = 44, cookie = 236;
    const Octets buffer = w_.answer.buffer, wanted = e.message;
    for (std::size_t i = names; i + shortest_run <= observed.size(); ++i) {
      const Octets run = observed.subspan(i, shortest_run);
      const bool in_names = i + shortest_run <= cookie;
      if (!in_names && !(i > cookie && names_a_client(run))) continue;
      if (says_much(run) && !holds(sent_, run) && !holds(wanted, run) && holds(buffer, run)) return i;
    }
    return std::nullopt;
  }

  bool names_a_client(Octets run) const {
    constexpr std::size_t prefix = 4, size = 6;
    const Octets own = Octets(sent_).subspan(std::min<std::size_t>(28, sent_.size()));
    for (std::size_t i = 0; i + size <= run.size(); ++i) {
      const Octets here = run.subspan(i, size);
      const bool client = std::equal(here.begin(), here.begin() + prefix, played_clients.begin());
      if (client && (own.size() < size || !std::equal(here.begin(), here.end(), own.begin()))) return true;
    }
    return false;
  }

  // The same message in another place is one fault, not two.
  void absent(std::size_t missing) {
    if (missing == 0) return;
    const std::string due = outcome_.copies.size() > 1 && !outcome_.on_any
                                ? fmt::format("{} copies", outcome_.copies.size())
                                : fmt::format("{} on {}", reply_ ? "the reply" : "the request",
                                              interface_name(outcome_.copies.front().segment));
    const auto elsewhere =
        std::find_if(left_.begin(), left_.end(), [](const Sighting* s) { return s->whole(); });
    if (elsewhere != left_.end()) {
      accuse(accused_of::misdirected, rule_against(**elsewhere),
             fmt::format("out on {}", interface_name((*elsewhere)->segment)), due, in_words(**elsewhere),
             {.came = *elsewhere});
      left_.erase(elsewhere);
    } else if (!left_.empty()) {
      accuse(accused_of::bad_frame, outcome_.rule, "no whole datagram", due, in_words(*left_.front()));
      left_.clear();
    } else if (claimed_.empty()) {
      accuse(accused_of::lost, outcome_.rule, "lost", due, "nothing", {.due = &outcome_.copies.front()});
    } else {
      accuse(accused_of::lost, "SRV-each-gets-copy", "a copy lost", due, fmt::format("{} fewer", missing));
    }
  }

  void excess(const Sighting& s) {
    const bool expected_there = std::any_of(outcome_.copies.begin(), outcome_.copies.end(),
                                            [&](const Expected& e) { return e.segment == s.segment; });
    const char* kind = !s.whole()        ? accused_of::bad_frame
                       : !expected_there ? accused_of::misdirected
                                         : accused_of::copies;
    accuse(kind, rule_against(s), fmt::format("another on {}", interface_name(s.segment)), "nothing more",
           in_words(s), {.came = &s});
  }

  std::string rule_against(const Sighting& s) const {
    const bool fits = std::any_of(outcome_.copies.begin(), outcome_.copies.end(),
                                  [&](const Expected& e) { return e.segment == s.segment; });
    return w_.protocol.rule_against(s, reply_ ? fits : s.segment == w_.answer.segment);
  }

  const Witness& w_;
  dhcp4::Outcome outcome_;
  bool reply_;
  bool is_datagram_ = false;
  Bytes sent_;
  std::vector<const Sighting*> left_, claimed_;
  std::vector<Accusation> found_;
};

}  // namespace

std::vector<Accusation> accusations(const Witness& w) { return Judgement(w).judge(); }

std::string in_words(const Accusation& a) {
  return fmt::format("{}: {}: expected {}, observed {}", a.reply ? "reply" : "request", a.how, a.expected,
                     a.observed);
}

Accusation accusation_of_plain(const Difference& d) {
  const char* kind = kind_of_field(d.field);
  return {.kind = kind ? kind : accused_of::changed,
          .requirement = d.requirement,
          .reply = d.kind.starts_with("reply"),
          .how = d.kind + " in a plain exchange that was right before",
          .expected = fmt::format("{} {}", d.field, d.expected),
          .observed = fmt::format("{} {}", d.field, d.observed)};
}

}  // namespace relayspec::live
