// SPDX-License-Identifier: Apache-2.0
#include "harness/deviation_groups.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <regex>
#include <set>

#include "harness/deviations.h"
#include "harness/engine/judge.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec {

namespace {

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
    return std::tuple(rank_of_level(r ? r->level : ""), -static_cast<long>(group.second.size()), id, kind);
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

// "request flags zeroed", "reply siaddr is the relay's address on uplink0": values that a field has among
// others, where it is seen to change to others too.
bool is_one_of_the_changes(const Group& part, const Group& whole) {
  const auto& [id, field, kind] = part.first;
  const auto& [id_of_whole, field_of_whole, kind_of_whole] = whole.first;
  const std::string changed = " changed";
  if (id != id_of_whole || field != field_of_whole || !kind_of_whole.ends_with(changed)) return false;
  if (is_accepted(part.second) != is_accepted(whole.second)) return false;
  const std::string what = kind_of_whole.substr(0, kind_of_whole.size() - changed.size());
  return kind == what + " zeroed" || kind.starts_with(what + " is the relay's ");
}

// Where option 82 is missing by the general rule, a few messages that other rules are about miss it as well.
// A relay that never adds it under the settings of such a rule has more findings of that rule.
bool is_of_option82_that_is_not_added(const Group& part, const Group& whole) {
  constexpr std::size_t times_more = 4;
  const std::string kind = "request option 82 not added";
  return std::get<2>(part.first) == kind && std::get<2>(whole.first) == kind &&
         std::get<0>(part.first) != std::get<0>(whole.first) &&
         std::get<0>(whole.first) == "RFC3046-2.1-all-message-types" &&
         times_more * part.second.size() <= whole.second.size() &&
         is_accepted(part.second) == is_accepted(whole.second);
}

// Two copies differ where one of them is not as it has to be, and the comparison has named how.
bool is_of_a_copy_that_is_named(const Group& part, const Group& whole) {
  const auto is_of_a_case_of = [&](const Sample& s) {
    return std::ranges::any_of(whole.second, [&](const Sample& t) { return t.of == s.of; });
  };
  return std::get<0>(part.first) == "SRV-copies-identical" && std::get<1>(part.first) == "behaviour" &&
         std::get<2>(whole.first).starts_with("request ") &&
         std::ranges::all_of(part.second, is_of_a_case_of) &&
         is_accepted(part.second) == is_accepted(whole.second);
}

// Where a relay leaves out one of several servers, it leaves one out as well where a case with several
// servers is about something else, and where the other one cannot answer nothing comes through.
bool is_of_a_server_left_out(const Group& part, const Group& whole) {
  static const std::set<std::string> with_several_servers{
      "SRV-each-gets-copy", "SRV-one-dead",  "SRV-unroutable",
      "SRV-on-client-link", "HOP-loop-self", "RFC5107-4-all-to-all-servers"};
  const auto& [id, field, kind] = part.first;
  const auto& [id_of_whole, field_of_whole, kind_of_whole] = whole.first;
  const bool lost = kind == kind::lost_to_servers;
  const bool of_one_client = id_of_whole == "RFC1542-4.1.1-same-destination-set";
  const bool left_out = of_one_client || (id_of_whole == "SRV-each-gets-copy" && id != id_of_whole &&
                                          kind_of_whole == kind::lost_to_servers);
  // Another server than that of the message before gets the copy that this one does not get.
  const bool instead = of_one_client && id == "SRV-each-gets-copy" && kind == kind::unexpected;
  return left_out && with_several_servers.contains(id) && (lost || instead || field == "relay") &&
         is_accepted(part.second) == is_accepted(whole.second);
}

// END, PADs and what is behind END are octets of the options like others. And where options are torn in many
// messages, in a few of them that looks like a change of one option, or like a cut.
bool is_of_torn_options(const Group& part, const Group& whole) {
  constexpr std::size_t times_more = 4;
  const std::string &kind = std::get<2>(part.first), &kind_of_whole = std::get<2>(whole.first);
  if (!kind_of_whole.ends_with(" options torn") && !kind_of_whole.ends_with(" option 255 missing"))
    return false;
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

}  // namespace

bool is_accepted(const std::vector<Sample>& samples) {
  return std::ranges::all_of(samples, [](const Sample& s) { return !s.finding.accepted.empty(); });
}

int rank_of_level(std::string_view level) {
  if (level.starts_with("MUST")) return 0;
  if (level.starts_with("SHOULD")) return 1;
  return level == "MAY" ? 2 : 3;
}

void fold_groups(Groups& groups) {
  fold(groups, is_one_of_all_replies);
  fold(groups, is_part_of);
  fold(groups, is_same_difference);
  fold(groups, is_late_part);
  fold(groups, is_of_the_octets_at_the_end);
  fold(groups, is_of_torn_options);
  fold(groups, is_option82_behind_end);
  fold(groups, is_seen_by_comparison);
  fold(groups, is_one_of_the_changes);
  fold(groups, is_of_option82_that_is_not_added);
  fold(groups, is_of_a_copy_that_is_named);
  fold(groups, is_of_a_server_left_out);
  fold_options(groups);
  fold_hops(groups);
  fold_losses(groups, "RFC1542-4.1.1-request-relayed", "lost on the way to servers");
  fold_losses(groups, "RFC1542-4.1.2-reply-delivered", "lost on the way to clients");
}

}  // namespace relayspec
