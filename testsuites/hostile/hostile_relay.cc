// What a relay may do to the network and to itself while it is tested, beside or instead of relaying.
//
//   relayspec-hostile flood IF             frames without end
//   relayspec-hostile babble IF...         answers every frame with runts, pieces of it and garbage, on every
//   interface relayspec-hostile signal N PID IF      sends signal N to a process as soon as IF has brought a
//   request
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
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
        Bytes spoilt = frame;
        spoilt[random() % spoilt.size()] ^= 0xff;
        for (const Bytes& b : {garbage, piece, spoilt}) {
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

void signal_at_request(int number, pid_t pid, const char* interface) {
  const int fd = open_on(interface, ETH_P_ALL);
  while (!is_request_of_a_case(receive(fd))) {
  }
  kill(pid, number);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 2 ? argv[1] : "";
  if (mode == "flood") flood(argv[2]);
  if (mode == "babble") babble(argv + 2);
  if (mode == "signal" && argc == 5) {
    signal_at_request(std::atoi(argv[2]), std::atoi(argv[3]), argv[4]);
    return 0;
  }
  std::fputs("usage: relayspec-hostile flood IF | babble IF... | signal N PID IF\n", stderr);
  return 2;
}
