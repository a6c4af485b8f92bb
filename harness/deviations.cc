// SPDX-License-Identifier: Apache-2.0
#include "harness/deviations.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <regex>
#include <tuple>

#include "relayspec/harness/catalogue.h"

namespace relayspec {

namespace {

/// A finding and the case that made it.
struct Sample {
  const CaseResult* of;
  Finding finding;
};

/// All findings of a case. One that has failed without any is not lost: its own reason stands for them.
std::vector<Sample> samples_of(const CaseResult& c) {
  std::vector<Sample> samples;
  for (const Finding& f : c.findings) samples.push_back({&c, f});
  if (samples.empty() && (c.verdict == Verdict::fail || c.verdict == Verdict::warn)) {
    samples.push_back({&c,
                       {.verdict = c.verdict,
                        .requirement = c.requirements.empty() ? "" : c.requirements.front(),
                        .reason = c.reason,
                        .expected = c.expected,
                        .observed = c.observed,
                        .accepted = c.accepted}});
  }
  return samples;
}

/// "option 82 11 octets [01 09 64 …]" → "option 82 11 octets"
std::string without_octets(std::string_view text) {
  std::string bare;
  for (;;) {
    const std::size_t from = text.find(" ["), to = text.find(']', from);
    if (to == std::string_view::npos) return bare.append(text);
    const std::string_view run = text.substr(from + 2, to - from - 2);
    const bool hexadecimal = run.size() >= 2 && std::isxdigit(static_cast<unsigned char>(run[0])) &&
                             std::isxdigit(static_cast<unsigned char>(run[1])) &&
                             (run.size() == 2 || run[2] == ' ');
    bare.append(text.substr(0, hexadecimal ? from : to + 1));
    text.remove_prefix(to + 1);
  }
}

/// The reason of a finding, as far as `expected` and `observed` do not say it again.
std::string reason_of(const Finding& f) {
  return without_octets(f.reason.substr(0, f.reason.find(": expected ")));
}

/// Each without the field in front, which stands beside it, and without octets where they differ without
/// them.
void shorten(std::string& expected, std::string& observed, const std::string& field) {
  const std::string front = field + " ";
  if (expected.starts_with(front) && observed.starts_with(front)) {
    expected.erase(0, front.size());
    observed.erase(0, front.size());
  }
  const std::string bare_expected = without_octets(expected), bare_observed = without_octets(observed);
  if (bare_expected == bare_observed) return;
  expected = bare_expected;
  observed = bare_observed;
}

int rank(Verdict v) { return v == Verdict::fail ? 0 : v == Verdict::warn ? 1 : 2; }

int rank(std::string_view level) {
  if (level.starts_with("MUST")) return 0;
  if (level.starts_with("SHOULD")) return 1;
  return level == "MAY" ? 2 : 3;
}

/// The worst first, news before what is accepted, the shortest capture first.
bool shows_better(const Sample& a, const Sample& b) {
  const auto key = [](const Sample& s) {
    return std::tuple(rank(s.finding.verdict), !s.finding.accepted.empty(), s.of->frames.size());
  };
  return key(a) < key(b);
}

void take_example(Deviation& d, const Sample& example) {
  const Finding& f = example.finding;
  d.verdict = f.verdict;
  d.case_id = example.of->id;
  d.evidence = example.of->evidence;
  d.settings = example.of->config;
  d.reason = reason_of(f);
  d.expected = f.expected;
  d.observed = f.observed;
  shorten(d.expected, d.observed, f.field);
  d.octets = f.octets;
  d.combination = f.combination;
  d.exhibit = f.exhibit;
}

void count_combination(Deviation& d, const std::string& combination) {
  if (combination.empty()) return;
  const auto known = std::find_if(d.combinations.begin(), d.combinations.end(),
                                  [&](const auto& counted) { return counted.first == combination; });
  if (known != d.combinations.end()) {
    ++known->second;
  } else {
    d.combinations.emplace_back(combination, 1);
  }
}

bool is_accepted(const std::vector<Sample>& samples) {
  return std::ranges::all_of(samples, [](const Sample& s) { return !s.finding.accepted.empty(); });
}

using Key = std::tuple<std::string, std::string, std::string>;
using Groups = std::map<Key, std::vector<Sample>>;
using Group = Groups::value_type;

Deviation deviation_of(const Group& group) {
  const auto& [key, samples] = group;
  const auto& [requirement, field, kind] = key;
  Deviation d{.requirement = requirement, .field = field, .kind = kind};
  if (const Requirement* r = Catalogue::shipped().find(d.requirement)) {
    d.level = r->level;
    d.clause = Catalogue::shipped().clause(d.requirement);
  }
  take_example(d, *std::min_element(samples.begin(), samples.end(), shows_better));
  d.findings = samples.size();
  for (const Sample& s : samples) {
    count_combination(d, s.finding.combination);
    if (std::find(d.cases.begin(), d.cases.end(), s.of->id) == d.cases.end()) d.cases.push_back(s.of->id);
  }
  if (is_accepted(samples)) d.accepted = samples.front().finding.accepted;
  return d;
}

// Moves the samples of every group into another one that it belongs to.
template <class Belongs>
void fold(Groups& groups, Belongs belongs) {
  for (auto part = groups.begin(); part != groups.end();) {
    const auto whole =
        std::find_if(groups.begin(), groups.end(), [&](const Group& group) { return belongs(*part, group); });
    if (whole == groups.end()) {
      ++part;
      continue;
    }
    whole->second.insert(whole->second.end(), part->second.begin(), part->second.end());
    part = groups.erase(part);
  }
}

// Of messages that are lost by a general rule, one has nothing by which a narrower rule would name it.
bool is_of_any_message(const Group& lost) {
  return std::ranges::any_of(lost.second, [&](const Sample& s) {
    const auto& rules = s.finding.due_by;
    return rules.empty() || rules.front() == std::get<0>(lost.first);
  });
}

// What breaks a more general requirement too, or one that is more general still, is a part of that deviation.
// But a message that is lost is no part of one that comes otherwise than it has to, nor the other way round,
// and a lost reply is none of the lost requests.
bool is_part_of(const Group& part, const Group& whole) {
  const auto& [id, field, kind] = part.first;
  const auto& [id_of_whole, field_of_whole, kind_of_whole] = whole.first;
  const auto is_message = [](const std::string& f) { return f == "message" || f == field_of_all_replies; };
  const auto is_whole_message = [&](const std::string& f) { return is_message(f) || f == "behaviour"; };
  const auto is_lost = [](const std::string& k) { return k.starts_with("lost on the way"); };
  if (kind_of_whole == lost_as_a_combination) return false;
  if (is_message(field) && !is_whole_message(field_of_whole)) return false;
  if (!is_whole_message(field) && is_message(field_of_whole) && is_lost(kind_of_whole)) return false;
  if (is_lost(kind) && is_lost(kind_of_whole) && (kind != kind_of_whole || !is_of_any_message(whole)))
    return false;
  const Catalogue& all = Catalogue::shipped();
  for (const Requirement* r = all.find(id); r && !r->part_of.empty(); r = all.find(r->part_of)) {
    if (id_of_whole == r->part_of) return true;
  }
  return false;
}

// Where every reply is lost, so is each; a baseline may have accepted the one without the other.
bool is_one_of_all_replies(const Group& part, const Group& whole) {
  const auto& [id, field, kind] = part.first;
  return field == "message" && std::get<1>(whole.first) == field_of_all_replies &&
         id == std::get<0>(whole.first) && kind == std::get<2>(whole.first) &&
         is_accepted(part.second) == is_accepted(whole.second);
}

// Each rule about the presence of option 82 is for other settings or messages, so that one broken rule says
// nothing about the next.
bool is_about_option82(const std::string& kind) { return kind.starts_with("request option 82 "); }

// "reply option 54 changed to the relay's address on downlink1": its own address on whichever network the
// message belongs to is one value to a relay.
std::string without_number_of_downlink(const std::string& kind) {
  static const std::regex downlink("downlink[0-9]");
  return std::regex_replace(kind, downlink, "downlink");
}

// One field that is changed in one way is one deviation, though some messages break another rule by it:
// padding that is cut, say, beside option 82 and without it. The strictest of the rules names it, and of
// equal ones that which most findings name.
bool is_same_difference(const Group& part, const Group& whole) {
  const auto rule = [](const Group& group) {
    const auto& [id, field, kind] = group.first;
    const Requirement* r = Catalogue::shipped().find(id);
    return std::tuple(rank(r ? r->level : ""), -static_cast<long>(group.second.size()), id, kind);
  };
  const auto& [id, field, kind] = part.first;
  // The other kinds are sentences of cases.
  const bool of_comparison = kind.starts_with("request ") || kind.starts_with("reply ");
  return of_comparison && !is_about_option82(kind) && field == std::get<1>(whole.first) &&
         without_number_of_downlink(kind) == without_number_of_downlink(std::get<2>(whole.first)) &&
         rule(whole) < rule(part);
}

// "request option 12 missing": the same of any option; option 82 has rules of its own.
std::optional<std::string> kind_for_any_option(const std::string& kind) {
  static const std::regex of_one("(request|reply) option ([0-9]+) (missing|added|changed)");
  std::smatch parts;
  if (!std::regex_match(kind, parts, of_one) || parts[2] == "82") return std::nullopt;
  return parts[1].str() + " options " + parts[3].str();
}

// So many options that become the same are none that the relay treats apart: it has cut the message, say.
constexpr std::size_t most_options_apart = 3;

void fold_options(Groups& groups) {
  std::map<Key, std::vector<Key>> alike;
  for (const auto& [key, samples] : groups) {
    const auto& [requirement, field, kind] = key;
    if (const auto any = kind_for_any_option(kind)) alike[{requirement, "options", *any}].push_back(key);
  }
  for (const auto& [whole, parts] : alike) {
    if (parts.size() <= most_options_apart) continue;
    for (const Key& part : parts) {
      auto node = groups.extract(part);
      std::ranges::move(node.mapped(), std::back_inserter(groups[whole]));
    }
  }
}

// "reply hops -3": the same of any number. A relay that counts wrongly has one such kind, or two.
constexpr std::size_t most_numbers_apart = 2;

std::optional<std::string> kind_for_any_hops(const std::string& kind) {
  static const std::regex of_one("(request|reply) hops [-+][0-9]+");
  std::smatch parts;
  if (!std::regex_match(kind, parts, of_one)) return std::nullopt;
  return parts[1].str() + " hops changed";
}

void fold_hops(Groups& groups) {
  std::map<Key, std::vector<Key>> alike;
  for (const auto& [key, samples] : groups) {
    const auto& [requirement, field, kind] = key;
    if (const auto any = kind_for_any_hops(kind)) alike[{requirement, field, *any}].push_back(key);
  }
  for (const auto& [whole, parts] : alike) {
    if (parts.size() <= most_numbers_apart) continue;
    for (const Key& part : parts) {
      auto node = groups.extract(part);
      std::ranges::move(node.mapped(), std::back_inserter(groups[whole]));
    }
  }
}

// A message that must not come out may come after the end of its case. Another case has then found it.
bool is_late_part(const Group& part, const Group& whole) {
  const auto& [id, field, kind] = part.first;
  return kind == "late" && std::get<2>(whole.first) == "unexpected" && id == std::get<0>(whole.first) &&
         field == std::get<1>(whole.first);
}

// Padding behind END is lost together with the other octets there.
bool is_of_the_octets_at_the_end(const Group& part, const Group& whole) {
  const auto& [id, field, kind] = part.first;
  const auto& [id_of_whole, field_of_whole, kind_of_whole] = whole.first;
  const auto is = [](const std::string& k, std::string_view end) { return k.ends_with(end); };
  return id == id_of_whole && field == field_of_whole && is(kind, " trailing padding") &&
         is(kind_of_whole, " trailing octets") && kind.substr(0, 5) == kind_of_whole.substr(0, 5);
}

// What a case has seen by itself says less than a comparison that names the same rule.
bool is_seen_by_comparison(const Group& part, const Group& whole) {
  const auto& [id, field, kind] = part.first;
  const auto& [id_of_whole, field_of_whole, kind_of_whole] = whole.first;
  const bool of_comparison = kind_of_whole.starts_with("request ") || kind_of_whole.starts_with("reply ");
  return field == "behaviour" && id == id_of_whole && of_comparison &&
         is_accepted(part.second) == is_accepted(whole.second);
}

// END, PADs and what is behind END are octets of the options like others. And where options are torn in many
// messages, in a few of them that looks like a change of one option, or like a cut.
bool is_of_torn_options(const Group& part, const Group& whole) {
  constexpr std::size_t times_more = 4;
  const std::string &kind = std::get<2>(part.first), &kind_of_whole = std::get<2>(whole.first);
  const std::string way = kind.substr(0, kind.find(' ')), torn = way + " options torn",
                    without_end = way + " option 255 missing";
  const std::size_t few = part.second.size(), many = whole.second.size();
  if (kind == torn) return kind_of_whole == without_end && few < many;
  if (kind_of_whole != torn) return false;
  const bool of_one_octet =
      kind == without_end || kind.starts_with(way + " option 0 ") || kind.starts_with(way + " trailing ");
  const bool of_one_option = kind.starts_with(way + " option ") && !kind.starts_with(way + " option 82 ");
  return (few <= many && of_one_octet) ||
         (times_more * few <= many && (of_one_option || kind == way + " cut"));
}

// A relay that puts its own option 82 behind END breaks a rule; the option is then among the octets there.
bool is_option82_behind_end(const Group& part, const Group& whole) {
  return std::get<2>(part.first) == "request trailing octets" &&
         std::get<2>(whole.first) == "request option 82 behind END";
}

// A message is lost by what is odd about it. Where messages are lost that have nothing odd, and others by so
// many rules, it is by none of these.
void fold_losses(Groups& groups, std::string_view general, std::string_view kind_of_loss) {
  constexpr std::ptrdiff_t most_apart = 2;
  const auto is_loss = [&](const Group& g) {
    const std::string& field = std::get<1>(g.first);
    return (field == "message" || field == field_of_all_replies) && std::get<2>(g.first) == kind_of_loss;
  };
  const auto whole = std::ranges::find_if(groups, [&](const Group& g) {
    return std::get<0>(g.first) == general && (is_loss(g) || std::get<2>(g.first) == lost_as_a_combination);
  });
  const auto is_other = [&](const Group& g) { return is_loss(g) && std::get<0>(g.first) != general; };
  if (whole == groups.end() || std::ranges::count_if(groups, is_other) <= most_apart) return;
  const Key key = whole->first;
  fold(groups, [&](const Group& part, const Group& into) {
    // What is new is not hidden among what a baseline accepts.
    return is_other(part) && into.first == key && is_accepted(part.second) == is_accepted(into.second);
  });
}

std::vector<Deviation> grouped(const std::vector<CaseResult>& cases, bool notes) {
  Groups groups;
  for (const CaseResult& c : cases) {
    for (const Sample& s : samples_of(c)) {
      const Finding& f = s.finding;
      if ((f.verdict == Verdict::note) == notes) groups[{f.requirement, f.field, f.kind}].push_back(s);
    }
  }
  fold(groups, is_one_of_all_replies);
  fold(groups, is_part_of);
  fold(groups, is_same_difference);
  fold(groups, is_late_part);
  fold(groups, is_of_the_octets_at_the_end);
  fold(groups, is_of_torn_options);
  fold(groups, is_option82_behind_end);
  fold(groups, is_seen_by_comparison);
  std::vector<Deviation> deviations;
  fold_options(groups);
  fold_hops(groups);
  fold_losses(groups, "RFC1542-4.1.1-request-relayed", "lost on the way to servers");
  fold_losses(groups, "RFC1542-4.1.2-reply-delivered", "lost on the way to clients");
  for (const Group& group : groups) deviations.push_back(deviation_of(group));
  const auto place = [](const Deviation& d) {
    return std::tuple(!d.accepted.empty(), rank(d.verdict), rank(d.level),
                      -static_cast<long>(d.cases.size()));
  };
  std::stable_sort(deviations.begin(), deviations.end(),
                   [&](const Deviation& a, const Deviation& b) { return place(a) < place(b); });
  return deviations;
}

}  // namespace

std::vector<Deviation> deviations_of(const std::vector<CaseResult>& cases) { return grouped(cases, false); }

std::vector<Deviation> choices_of(const std::vector<CaseResult>& cases) { return grouped(cases, true); }

}  // namespace relayspec
