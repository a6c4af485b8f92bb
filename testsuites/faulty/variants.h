// SPDX-License-Identifier: Apache-2.0
// The names of the ways in which the faulty relay is right (`--variant`).
#pragma once

namespace relayspec::faulty {

inline constexpr const char* variants[] = {"source-giaddr",
                                           "broadcast-always",
                                           "kernel-neighbour",
                                           "fill-300",
                                           "option82-in-padding",
                                           "stateful",
                                           "hop-limit-16",
                                           "known-servers-only",
                                           "two-threads",
                                           "slow-start",
                                           "chatty",
                                           "short-dropped",
                                           "strip-exactly",
                                           "ttl-counted-down",
                                           "secs-zero-held-back",
                                           "override-by-uplink",
                                           "servers-by-hash",
                                           "odd-dropped",
                                           "echo-checked",
                                           "option82-up-to-576",
                                           "heap-grows-at-first"};

}  // namespace relayspec::faulty
