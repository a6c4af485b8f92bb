#include <poll.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <thread>

#include "testsuites/faulty/agent.h"

namespace relayspec::faulty {
namespace {

struct Source {
  int fd;
  std::function<void()> read;
};

void chatter() {
  for (int i = 0; i < 100; ++i)
    std::fprintf(stderr, "a message came, and this relay likes to talk about it, line %d\n", i);
}

std::vector<Source> client_side(const Settings& s, Agent& agent) {
  std::vector<Source> sources;
  for (std::size_t n = 0; n < s.downlinks.size(); ++n) {
    const auto read_from = [&](int udp) {
      sources.push_back({udp, [&s, &agent, n, udp] {
                           auto r = receive(udp);
                           if (r && !(s.wrong("other-sport-dropped") && r->port != 67 && r->port != 68))
                             agent.from_client(std::move(r->message), n, r->from);
                         }});
    };
    read_from(s.downlinks[n].udp);
    if (s.wrong("request-port-68-taken")) read_from(open_port(s.downlinks[n], 68));
    if (!s.wrong("transit-relayed-again")) continue;
    const int sniffer = open_sniffer(s.downlinks[n]);
    sources.push_back({sniffer, [&s, &agent, n, sniffer] {
                         if (auto r = sniff(sniffer, s.servers))
                           agent.from_client(std::move(r->message), n, r->from);
                       }});
  }
  return sources;
}

std::vector<Source> server_side(const Settings& s, Agent& agent) {
  std::vector<Source> sources;
  const auto read_from = [&](int udp) {
    sources.push_back({udp, [&agent, udp] {
                         if (auto r = receive(udp)) agent.from_server(std::move(r->message), r->from);
                       }});
  };
  read_from(s.uplink.udp);
  if (s.wrong("reply-port-68-taken")) read_from(open_port(s.uplink, 68));
  return sources;
}

[[noreturn]] void serve(const Settings& s, Agent& agent, const std::vector<Source>& sources) {
  std::vector<pollfd> fds;
  for (const Source& source : sources) fds.push_back({source.fd, POLLIN, 0});
  while (true) {
    int wait = -1;
    if (const auto due = agent.next_due()) {
      wait = static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(*due - Clock::now()).count());
      wait = std::max(wait, 0);
    }
    poll(fds.data(), fds.size(), wait);
    agent.do_due();
    for (std::size_t i = 0; i < fds.size(); ++i) {
      if ((fds[i].revents & POLLIN) == 0) continue;
      if (s.way("chatty")) chatter();
      sources[i].read();
    }
  }
}

int run(int argc, char** argv) {
  Settings s = read_settings(argc, argv);
  if (s.way("slow-start")) poll(nullptr, 0, 500);  // being slow is what this variant is about
  for (Interface& downlink : s.downlinks) open_interface(downlink);
  open_interface(s.uplink);
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
