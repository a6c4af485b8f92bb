// SPDX-License-Identifier: Apache-2.0
// The reports of a comparison of relays.
#pragma once

#include <filesystem>
#include <string>

#include "harness/comparison.h"
#include "harness/reports/reports.h"

namespace relayspec {

/// Schema relayspec/compare/1. Beyond the schema's keys a relay has its deviations as a count, a requirement
/// its clause, suites and `differs`, and a difference the verdict and who breaks the requirement.
std::string compare_json(const Comparison&);

std::string compare_markdown(const Comparison&);

/// One file without any outside reference.
std::string compare_html(const Comparison&);

/// A line for each relay, the requirements that deviate somewhere as a matrix, and the differences.
std::string compare_terminal(const Comparison&, const TerminalOptions& = {});

/// "2 deviations (1 MUST)" of one of the relays.
std::string deviations_of_relay(const ComparedRelay&);

/// A relay's letter in a matrix with narrow columns.
std::string letter(std::size_t relay);

/// "differences/dnsmasq--3.pcapng"
std::string difference_path(const std::string& relay, std::size_t number);

/// To be called before the run. Throws InputError.
void prepare_comparison_directory(const std::filesystem::path&);

/// The captures, compare.json, compare.md and compare.html. Throws InputError.
void write_comparison(Comparison&, const std::filesystem::path&);

}  // namespace relayspec
