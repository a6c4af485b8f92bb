// SPDX-License-Identifier: Apache-2.0
// The program's standard streams, whatever state it gets them in.
#pragma once

#include <string>
#include <string_view>

namespace relayspec {

/// To be called first: no file that is opened later becomes a stream that was closed, and a limit on file
/// sizes is an error of write() and not the end of the program.
void prepare_streams();

/// Writes to a stream for people, stderr unless told. That it cannot be written changes nothing.
void say(std::string_view text, int stream = 2);

/// Writes "relayspec: MESSAGE" to stderr as one clean line.
void complain(std::string_view message);

}  // namespace relayspec
