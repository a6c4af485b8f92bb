// SPDX-License-Identifier: Apache-2.0
// What the lab's own tests share. They need the rights to make a lab, and fail with the remedy where they
// cannot have them.
#pragma once

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <tins/tins.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>

#include "harness/lab/fd.h"
#include "harness/lab/mounts.h"
#include "harness/testing/topology.h"
#include "relayspec/harness/lab.h"

namespace relayspec {

using namespace std::chrono_literals;

class LabTest : public testing::Test {
 protected:
  void SetUp() override { acquire_privilege(); }
};

inline Clock::time_point soon() { return Clock::now() + 10s; }

inline const Mac test_mac{"02:00:5e:7f:00:01"};

inline Bytes udp_frame(const Mac& eth_dst, Ipv4 ip_dst, Ipv4 ip_src, std::size_t payload = 20) {
  Tins::EthernetII frame = Tins::EthernetII(eth_dst, test_mac) / Tins::IP(ip_dst, ip_src) /
                           Tins::UDP(4000, 4001) / Tins::RawPDU(Bytes(payload, 0x5a));
  frame.rfind_pdu<Tins::IP>().ttl(64);
  return frame.serialize();
}

inline std::uint16_t ethertype(const Frame& f) {
  return f.bytes.size() < 14 ? std::uint16_t{0} : static_cast<std::uint16_t>(f.bytes[12] << 8 | f.bytes[13]);
}

/// Receives until a frame fits; it is the last of the result. Empty when none came within ten seconds.
inline std::vector<Frame> receive_until(Lab& lab, const std::function<bool(const Frame&)>& fits) {
  std::vector<Frame> all;
  const auto deadline = soon();
  while (Clock::now() < deadline) {
    for (Frame& frame : lab.receive(deadline)) {
      all.push_back(std::move(frame));
      if (fits(all.back())) return all;
    }
  }
  ADD_FAILURE() << "nothing came that fits, among " << all.size() << " frames";
  return {};
}

/// Runs a body in a child process that gtest does not see; its exit status, 100 when it threw.
inline int in_child(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    int status = 100;
    try {
      status = body();
    } catch (const std::exception& e) {
      std::fprintf(stderr, "child: %s\n", e.what());
    }
    std::fflush(nullptr);
    ::_exit(status);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 200;
}

/// Gives this process mounts of its own, so that a test may change them.
inline void own_mounts() {
  checked(::unshare(CLONE_NEWNS), "cannot make a mount namespace");
  detach_mounts();
}

/// Waits until the main process of a relay has ended.
inline std::string wait_for_end(Lab& lab, RelayProcess& relay) {
  const auto deadline = soon() + 20s;
  while (Clock::now() < deadline) {
    if (const auto end = relay.ended()) return *end;
    lab.receive(deadline, relay.wake_fd());
  }
  return "still alive";
}

}  // namespace relayspec
