// SPDX-License-Identifier: Apache-2.0
// The reports of a fuzzer's run.
#pragma once

#include <filesystem>
#include <string>

#include "harness/fuzzing.h"
#include "harness/reports/reports.h"

namespace relayspec {

/// Schema relayspec/fuzz/1. Beyond the schema's keys a finding has the settings, what was sent, what was
/// expected and observed, how often it showed and whether it showed again.
std::string fuzz_json(const FuzzResult&);
/// One page, with nothing that stands outside of it.
std::string fuzz_html(const FuzzResult&);

/// Two lines for each finding, and a line of counts.
std::string fuzz_terminal(const FuzzResult&, const TerminalOptions& = {});

/// The packets of a finding, with what `relayspec replay` has to know in the section header.
std::string finding_capture(const FuzzFinding&, const std::string& dialect);

/// To be called before the run. Throws InputError.
void prepare_fuzz_directory(const std::filesystem::path&);

/// The captures and fuzz.json. Throws InputError.
void write_fuzz(FuzzResult&, const std::filesystem::path&);

}  // namespace relayspec
