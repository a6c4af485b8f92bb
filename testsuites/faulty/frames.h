// SPDX-License-Identifier: Apache-2.0
// For faults of relays that read frames, not datagrams: what the kernel keeps from a UDP socket is theirs to
// judge.
#pragma once

#include "testsuites/faulty/wire.h"

namespace relayspec::faulty {

/// Whether the fault is one of a relay that reads frames instead of datagrams, or beside them.
bool reads_frames_instead(const Settings&);
bool reads_frames_too(const Settings&);

/// A socket that reads every frame of an interface.
int open_frames(const Interface&, const Settings&);
/// The message in the next frame, if the fault makes this relay take it.
std::optional<Received> receive_frame(int frames, const Settings&);

}  // namespace relayspec::faulty
