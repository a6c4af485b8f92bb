// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/checkup.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <initializer_list>

#include "harness/bench/testbed.h"
#include "harness/text.h"

namespace relayspec {

namespace {

using namespace std::chrono_literals;
using Half = Barrier::Half;

constexpr std::size_t most_listed = 3;

std::vector<Segment> downlinks_of(const RelaySettings& settings) {
  return {all_segments, all_segments + settings.downlinks};
}

bool works(TestBed& bed, const std::vector<Segment>& downlinks, Half half) {
  return std::all_of(downlinks.begin(), downlinks.end(),
                     [&](Segment s) { return bed.session().barrier().works(s, half); });
}

/// Sends plain exchanges until all have come through, the relay has ended or its time is over.
void exchange(TestBed& bed, const std::vector<Segment>& downlinks) {
  Barrier& barrier = bed.session().barrier();
  Traffic& traffic = bed.session().traffic();
  // What is slower than this once the first request has come does not come.
  constexpr auto patience_for_rest = 1s;
  auto end = traffic.now() + bed.profile().start_timeout;
  auto interval = 10ms;
  bool any = false;
  while (!works(bed, downlinks, Half::reply) && traffic.now() < end && !bed.device().ended()) {
    for (const Segment s : downlinks) {
      if (!barrier.works(s, Half::reply)) barrier.send(s);
    }
    const auto resend = std::min(traffic.now() + interval, end);
    while (!works(bed, downlinks, Half::reply) && traffic.now() < resend && !bed.device().ended())
      traffic.pump(resend, bed.device().wake_fd());
    const bool came = std::any_of(downlinks.begin(), downlinks.end(),
                                  [&](Segment s) { return barrier.works(s, Half::request); });
    if (came && !any) end = std::min(end, traffic.now() + patience_for_rest);
    any |= came;
    interval = std::min(interval * 2, 200ms);
  }
}

void add_once(std::vector<std::string>& all, const std::string& one) {
  if (all.size() < most_listed && std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
}

/// What the relay's host asks for by ARP (RFC 826) that none of the hosts here has.
void note_asked(TestBed& bed, const Frame& f, Symptoms& seen) {
  constexpr std::size_t length = 42, type_at = 12, operation_at = 20, target_at = 38;
  const Bytes& b = f.bytes;
  if (f.origin != Origin::relay || b.size() < length || b[type_at] != 0x08 || b[type_at + 1] != 0x06 ||
      b[operation_at + 1] != 1)
    return;
  const std::string target =
      fmt::format("{}.{}.{}.{}", b[target_at], b[target_at + 1], b[target_at + 2], b[target_at + 3]);
  const Topology& topology = bed.model().world().topology;
  if (f.segment == Segment::uplink && topology.server_at(Ipv4(target))) return;
  if (topology.owner_of(Ipv4(target))) return;
  add_once(seen.asked, fmt::format("{} on {}", target, interface_name(f.segment)));
}

void look_at_traffic(TestBed& bed, Symptoms& seen) {
  Traffic& traffic = bed.session().traffic();
  for (const Frame& f : traffic.record) note_asked(bed, f, seen);
  for (const Sighting& s : traffic.sightings) {
    if (s.of_protocol && s.whole())
      add_once(seen.sent, fmt::format("{} on {}", bed.protocol().addressed(s), interface_name(s.segment)));
  }
}

bool says(const std::string& output, std::initializer_list<const char*> words) {
  std::string lower = output;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::any_of(words.begin(), words.end(),
                     [&](const char* w) { return lower.find(w) != std::string::npos; });
}

std::string list(const std::vector<std::string>& all) { return fmt::format("{}", fmt::join(all, ", ")); }

void causes_in_output(const Symptoms& seen, std::vector<std::string>& causes) {
  if (says(seen.output,
           {"no such device", "unknown interface", "no interface", "not an interface", "invalid interface",
            "does not exist", "not configured to listen on any interfaces"}))
    causes.push_back(
        fmt::format("it speaks of an interface: in the lab they are called {} and {}, and the profile has to "
                    "pass these names on "
                    "($RELAY_DOWNLINKS, $RELAY_UPLINK)",
                    list(seen.downlinks), seen.uplink));
  if (says(seen.output, {"address already in use"}))
    causes.emplace_back(
        "the port is in use: in the lab nothing but the relay runs, so that 'start' starts it twice, or it "
        "opens the "
        "port twice");
  if (says(seen.output, {"network is unreachable", "no route to host"}))
    causes.emplace_back(
        "it sends to an address that the lab has no route to: the servers' addresses are in $RELAY_SERVERS");
  if (says(seen.output, {"permission denied", "operation not permitted"}))
    causes.emplace_back(
        "it lacks a right: run relayspec as root, or tell the relay not to change its user, its limits or "
        "the "
        "machine's settings; it is contained, see README.md");
  if (says(seen.output,
           {"usage:", "unknown option", "unrecognized option", "invalid option", "unknown command"}))
    causes.emplace_back("it does not take its command line: compare 'start' with its manual");
}

void causes_of_end(const Symptoms& seen, std::vector<std::string>& causes) {
  if (seen.ended->ends_with("status 127"))
    causes.emplace_back("its program is not there: is it installed, and in PATH, or in the PATH of 'env'?");
  if (seen.ended->ends_with("status 0"))
    causes.emplace_back("it went into the background: it needs an option that keeps it in the foreground");
}

void causes_of_silence(const Symptoms& seen, std::vector<std::string>& causes) {
  const auto listens = [&](const char* what) {
    return std::any_of(seen.sockets->begin(), seen.sockets->end(),
                       [&](const std::string& s) { return s.find(what) != std::string::npos; });
  };
  if (seen.sockets && !listens(":0043") && !listens("packet ") && !listens("raw ")) {
    causes.emplace_back(
        "it runs, but nothing listens on UDP port 67: it may wait for something, or be set to another port");
  } else {
    causes.push_back(fmt::format("it may not be configured to serve {}, or not to relay to {}",
                                 list(seen.without_request), seen.servers));
  }
}

std::string tail_of(std::string output) {
  constexpr int most_lines = 10;
  while (output.ends_with('\n')) output.pop_back();
  std::size_t from = output.size();
  for (int lines = 0; from > 0 && (output[from - 1] != '\n' || ++lines < most_lines);) --from;
  return output.substr(from);
}

std::vector<std::string> socket_words(const std::vector<std::string>& sockets) {
  std::vector<std::string> words;
  for (const std::string& s : sockets) {
    const std::size_t colon = s.find(':');
    std::string word = s.substr(0, s.find(' '));
    if (word == "udp" && colon != std::string::npos)
      word = fmt::format("UDP port {}", std::stoul(s.substr(colon + 1, 4), nullptr, 16));
    add_once(words, word == "packet" ? "a packet socket" : word == "raw" ? "a raw socket" : word);
  }
  return words;
}

}  // namespace

Symptoms examine(const Profile& profile, Dialect dialect) {
  TestBed bed(profile, dialect);
  const RelaySettings settings = bed.plain_settings();
  const std::vector<Segment> downlinks = downlinks_of(settings);
  const Topology& topology = bed.model().world().topology;
  Symptoms seen{.uplink = std::string(interface_name(Segment::uplink)),
                .servers = topology.servers[0].ipv4.to_string()};
  bed.device().flush_neighbours();
  bed.device().start(settings);
  bed.protocol().relay_starts(settings);
  bed.session().barrier().relay_started(bed.protocol().request_copies());
  try {
    exchange(bed, downlinks);
  } catch (const Flood&) {
    seen.flood = true;
  }
  look_at_traffic(bed, seen);
  for (const Segment s : downlinks) {
    const std::string name(interface_name(s));
    seen.downlinks.push_back(name);
    if (!bed.session().barrier().works(s, Half::request)) {
      seen.without_request.push_back(name);
    } else if (!bed.session().barrier().works(s, Half::reply)) {
      seen.without_reply.push_back(name);
    }
  }
  seen.ended = bed.device().ended();
  if (!seen.ended) seen.sockets = bed.device().sockets();
  seen.output = bed.device().output();
  return seen;
}

std::vector<std::string> likely_causes(const Symptoms& seen) {
  std::vector<std::string> causes;
  if (seen.well()) return causes;
  if (seen.ended) causes_of_end(seen, causes);
  causes_in_output(seen, causes);
  if (seen.flood) causes.emplace_back("it sends frames without end: it may relay what it has sent itself");
  if (!seen.asked.empty())
    causes.push_back(
        fmt::format("it looks for {}, which no host has: an address of another network has to come from "
                    "$RELAY_SERVERS or "
                    "$RELAY_DOWNLINK_ADDRESSES",
                    list(seen.asked)));
  if (!seen.sent.empty()) causes.push_back("it sends something that is not expected: " + list(seen.sent));
  if (!seen.ended && !seen.without_request.empty()) causes_of_silence(seen, causes);
  if (!seen.ended && !seen.without_reply.empty())
    causes.push_back(
        fmt::format("the server's reply is not delivered: the relay may not listen on {}, may take another "
                    "giaddr for its own, or "
                    "answer clients in another way",
                    seen.uplink));
  return causes;
}

std::string in_words(const Symptoms& seen) {
  std::string text;
  const auto row = [&](const std::string& name, const std::string& what) {
    text += fmt::format("{:<10} {}\n", name, what);
  };
  row("process", seen.ended ? *seen.ended : "runs");
  if (seen.sockets) row("listens", seen.sockets->empty() ? "nowhere" : list(socket_words(*seen.sockets)));
  const auto is_in = [](const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  };
  for (const std::string& d : seen.downlinks) {
    row(d, is_in(seen.without_request, d) ? "a client's DISCOVER does not reach the server"
           : is_in(seen.without_reply, d)
               ? "a client's DISCOVER reaches the server, the OFFER does not come back"
               : "a client's DISCOVER reaches the server, and the OFFER the client");
  }
  for (const std::string& cause : likely_causes(seen)) row("perhaps", cause);
  if (!seen.well()) {
    const std::string tail = indent_rest(tail_of(clean(seen.output)), 2);
    text +=
        tail.empty() ? "It printed nothing.\n" : fmt::format("The last lines that it printed:\n  {}\n", tail);
  }
  return text;
}

}  // namespace relayspec
