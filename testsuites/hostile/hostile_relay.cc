// SPDX-License-Identifier: Apache-2.0
// What a relay may do to the network and to itself while it is tested, beside or instead of relaying.
//
//   relayspec-hostile flood IF                     frames without end
//   relayspec-hostile babble IF...                 answers every frame with runts, pieces of it and garbage,
//                                                  on every interface
//   relayspec-hostile upon IF MISCHIEF RELAY...    becomes the relay; as soon as IF has brought a case's
//                                                  request, a shell beside it does the mischief
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace {

using Bytes = std::vector<std::uint8_t>;

[[noreturn]] void die(const char* what) {
  std::perror(what);
  std::exit(1);
}

// Hears what comes from outside in this protocol; 0: nothing.
int open_on(const char* interface, std::uint16_t protocol) {
  const int fd = socket(AF_PACKET, SOCK_RAW, 0);
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = static_cast<std::uint16_t>(protocol << 8U);
  address.sll_ifindex = static_cast<int>(if_nametoindex(interface));
  if (fd < 0 || bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) die(interface);
  const int on = 1;
  if (setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) != 0) die("PACKET_IGNORE_OUTGOING");
  return fd;
}

Bytes receive(int fd) {
  Bytes frame(2048);
  const ssize_t n = recv(fd, frame.data(), frame.size(), 0);
  if (n < 0) die("recv");
  frame.resize(static_cast<std::size_t>(n));
  return frame;
}

[[noreturn]] void flood(const char* interface) {
  const int fd = open_on(interface, 0);
  Bytes frame(60, 0xff);
  frame[12] = 0x88, frame[13] = 0xb5;  // for experiments (IEEE 802)
  while (true) {
    if (send(fd, frame.data(), frame.size(), 0) < 0 && errno != ENOBUFS) die("send");
  }
}

[[noreturn]] void babble(char** interfaces) {
  std::vector<pollfd> links;
  for (; *interfaces != nullptr; ++interfaces) links.push_back({open_on(*interfaces, ETH_P_ALL), POLLIN, 0});
  std::minstd_rand random(1);
  while (poll(links.data(), links.size(), -1) > 0) {
    for (const pollfd& in : links) {
      if (in.revents == 0) continue;
      const Bytes frame = receive(in.fd);
      for (const pollfd& out : links) {
        Bytes garbage(14 + random() % 600);
        for (auto& octet : garbage) octet = static_cast<std::uint8_t>(random());
        Bytes piece(frame.begin(),
                    frame.begin() + static_cast<std::ptrdiff_t>(random() % (frame.size() + 1)));
        Bytes corrupted = frame;
        corrupted[random() % corrupted.size()] ^= 0xff;
        for (const Bytes& b : {garbage, piece, corrupted}) {
          [[maybe_unused]] const ssize_t ignored =
              send(out.fd, b.data(), b.size(), 0);  // the kernel refuses the shortest
        }
      }
    }
  }
  die("poll");
}

// A request to port 67 whose xid is not that of a probe (a7......), so that it is a case's.
bool is_request_of_a_case(const Bytes& frame) {
  return frame.size() > 282 && frame[12] == 8 && frame[13] == 0 && frame[23] == 17 && frame[36] == 0 &&
         frame[37] == 67 && frame[46] != 0xa7;
}

// Listens before the relay is there, so that no first request is missed.
[[noreturn]] void upon_request(const char* interface, const char* mischief, char** relay) {
  const int fd = open_on(interface, ETH_P_ALL);
  const pid_t child = fork();
  if (child < 0) die("fork");
  if (child == 0) {
    while (!is_request_of_a_case(receive(fd))) {
    }
    execlp("sh", "sh", "-c", mischief, nullptr);
    die("sh");
  }
  close(fd);
  execvp(*relay, relay);
  die(*relay);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 2 ? argv[1] : "";
  if (mode == "flood") flood(argv[2]);
  if (mode == "babble") babble(argv + 2);
  if (mode == "upon" && argc > 4) upon_request(argv[2], argv[3], argv + 4);
  std::fputs("usage: relayspec-hostile flood IF | babble IF... | upon IF MISCHIEF RELAY...\n", stderr);
  return 2;
}
