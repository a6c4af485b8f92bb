// SPDX-License-Identifier: Apache-2.0
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <thread>

#include "testsuites/faulty/agent.h"
#include "testsuites/faulty/frames.h"

namespace relayspec::faulty {
namespace {

struct Source {
  int fd;
  std::function<void()> read;
};

void write_a_lot() {
  for (int i = 0; i < 100; ++i)
    std::fprintf(stderr, "a message came, and this relay likes to talk about it, line %d\n", i);
}

std::vector<Source> client_side(const Settings& s, Agent& agent) {
  std::vector<Source> sources;
  for (std::size_t n = 0; n < s.downlinks.size(); ++n) {
    const auto read_from = [&](int udp) {
      sources.push_back({udp, [&s, &agent, n, udp] {
                           auto r = receive(udp);
                           if (r && !(s.wrong("other-sport-dropped") && r->port != 67 && r->port != 68) &&
                               !reads_frames_instead(s))
                             agent.from_client(std::move(*r), n);
                         }});
    };
    read_from(s.downlinks[n].udp);
    if (s.wrong("deaf-where-down-at-start") && !is_running(s.downlinks[n])) sources.pop_back();
    if (s.wrong("port-4011-taken")) read_from(open_port(s.downlinks[n], 4011));
    if (s.wrong("request-port-68-taken")) read_from(open_port(s.downlinks[n], 68));
    const int frames = open_frames(s.downlinks[n], s);
    sources.push_back({frames, [&s, &agent, n, frames] {
                         if (auto r = receive_frame(frames, s)) agent.from_client(std::move(*r), n);
                       }});
  }
  return sources;
}

std::vector<Source> server_side(const Settings& s, Agent& agent) {
  std::vector<Source> sources;
  const auto read_from = [&](int udp) {
    sources.push_back({udp, [&s, &agent, udp] {
                         auto r = receive(udp);
                         if (!r || reads_frames_instead(s)) return;
                         r->at_other_port = udp == s.uplink.other;
                         agent.from_server(std::move(*r));
                       }});
  };
  read_from(s.uplink.udp);
  if (s.wrong("servers-unheard-where-down-at-start") && !is_running(s.uplink)) sources.pop_back();
  if (s.uplink.other >= 0 && !s.wrong("source-port-deaf")) read_from(s.uplink.other);
  if (s.wrong("reply-port-68-taken")) read_from(open_port(s.uplink, 68));
  if (!reads_frames_too(s) && !reads_frames_instead(s)) return sources;
  const int frames = open_frames(s.uplink, s);
  sources.push_back({frames, [&s, &agent, frames] {
                       if (auto r = receive_frame(frames, s)) agent.from_server(std::move(*r));
                     }});
  return sources;
}

[[noreturn]] void serve(const Settings& s, Agent& agent, const std::vector<Source>& sources) {
  const int watch = open_watch();
  agent.host_changes({});
  std::vector<pollfd> fds{{watch, POLLIN, 0}};
  for (const Source& source : sources) fds.push_back({source.fd, POLLIN, 0});
  // A change that came before a message counts for it.
  const auto keep_up = [&] {
    if (const Changes changes = read_watch(watch); changes.any) agent.host_changes(changes);
  };
  constexpr int rest = 100;  // milliseconds: below what the suites listen for
  while (true) {
    if (poll(fds.data(), fds.size(), rest) == 0) agent.rests();
    if (fds[0].revents != 0) keep_up();
    for (std::size_t i = 0; i < sources.size(); ++i) {
      if (fds[i + 1].revents == 0) continue;
      if (s.way("chatty")) write_a_lot();
      keep_up();
      sources[i].read();
    }
  }
}

int run(int argc, char** argv) {
  Settings s = read_settings(argc, argv);
  if (s.way("slow-start")) poll(nullptr, 0, 200);  // being slow is what this variant is about
  for (Interface& downlink : s.downlinks) open_interface(downlink);
  open_interface(s.uplink);
  if (s.wrong("serves-every-interface") && s.downlinks.size() == 1)
    setsockopt(s.downlinks[0].udp, SOL_SOCKET, SO_BINDTODEVICE, "", 0);
  if (s.wrong("exits-where-uplink-is-down") && !is_running(s.uplink)) return 1;
  if (s.wrong("refuses-an-uplink-without-a-link-address") && s.uplink.mac == Mac{}) return 1;
  if (s.source_port != 67) s.uplink.other = open_port(s.uplink, s.source_port);
  if (s.wrong("arp-turned-off-with-override")) {
    for (const Interface& downlink : s.downlinks) set_arp(downlink, !s.override_server);
  }
  if (s.wrong("forwarding-turned-off-beside-82")) set_forwarding(!s.option82);
  Agent agent(s);
  auto below = client_side(s, agent), above = server_side(s, agent);
  if (s.way("two-threads")) {
    std::thread([&] { serve(s, agent, above); }).detach();
  } else {
    below.insert(below.end(), above.begin(), above.end());
  }
  serve(s, agent, below);
}

}  // namespace
}  // namespace relayspec::faulty

int main(int argc, char** argv) { return relayspec::faulty::run(argc, argv); }
