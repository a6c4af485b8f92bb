// SPDX-License-Identifier: Apache-2.0
#include "harness/reports/fuzz.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/reports/digest.h"
#include "harness/reports/files.h"
#include "harness/reports/paint.h"
#include "harness/text.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec {

namespace {

using FuzzJson = nlohmann::ordered_json;

FuzzJson json_of(const FuzzFinding& f) {
  return {{"kind", f.kind},
          {"requirement", f.requirement},
          {"what", f.what},
          {"settings", f.settings},
          {"sent", f.sent},
          {"expected", f.expected},
          {"observed", f.observed},
          {"stimuli", f.times},
          {"packets_until_found", f.packets_until_found},
          {"ms_until_found", f.ms_until_found},
          {"minimised_to", {{"packets", f.packets}, {"octets", f.octets}}},
          {"shows_again", f.again},
          {"capture", f.capture}};
}

std::string counts_of(const FuzzResult& r) {
  const std::uint64_t share = r.packets == 0 ? 0 : 100 * r.relayed / r.packets;
  return fmt::format(
      "{}: {} findings; {} packets judged in {}, {} a second; {} % relayed; {}{} starts, {} feature sets",
      one_line(r.relay_name), r.findings.size(), r.packets, duration_in_words(r.ms), r.judged_per_second(),
      share, r.places == 0 ? "" : fmt::format("{} places reached; ", r.places), r.starts, r.settings.size());
}

}  // namespace

std::string fuzz_json(const FuzzResult& r) {
  FuzzJson findings = FuzzJson::array();
  for (const FuzzFinding& f : r.findings) findings.push_back(json_of(f));
  const FuzzJson document = {{"schema", "relayspec/fuzz/1"},
                             {"tool", {{"name", "relayspec"}, {"version", r.tool_version}}},
                             {"relay", {{"name", r.relay_name}, {"version", r.relay_version}}},
                             {"dialect", r.dialect},
                             {"seed", r.seed},
                             {"settings", r.settings},
                             {"packets", r.packets},
                             {"relayed", r.relayed},
                             {"judged_per_second", r.judged_per_second()},
                             {"kinds_of_answers", r.novel},
                             {"places_reached", r.places},
                             {"starts", r.starts},
                             {"duration_ms", r.ms},
                             {"interrupted", r.interrupted},
                             {"not_shown_again", r.unconfirmed},
                             {"trouble", r.trouble},
                             {"findings", findings}};
  // What a relay says need not be UTF-8.
  return document.dump(1, ' ', false, FuzzJson::error_handler_t::replace) + "\n";
}

std::string fuzz_terminal(const FuzzResult& r, const TerminalOptions& options) {
  const Paint paint{options.colour};
  std::string text;
  const auto line = [&](const std::string& s) { text += s + '\n'; };
  const auto below = [&](const std::string& s) {
    line("       " + (options.verbose ? wrap(one_line(s), options.width - 7, 7)
                                      : shortened(one_line(s), options.width - 7)));
  };
  for (const FuzzFinding& f : r.findings) {
    const std::string kind = fmt::format("{:<7}", f.kind);
    line(paint.verdict(Verdict::fail, kind) + " " +
         shortened(f.requirement, options.width - kind.size() - 1));
    below(f.what);
    below(fmt::format("{} ({}), {} stimuli", f.sent, f.settings, f.times));
    if (!f.capture.empty() && !options.out.empty()) below(paint.dim(options.out + "/" + f.capture));
    if (!f.again) below("a fresh relay does not show it again");
  }
  if (r.unconfirmed > 0) {
    line(fmt::format("{} losses and further copies did not show again and are not counted", r.unconfirmed));
  }
  line(shortened(counts_of(r), std::max<std::size_t>(options.width, 80)));
  if (r.interrupted) line("stopped early; the findings until then are listed");
  if (!options.out.empty()) line("report: " + options.out + "/fuzz.html");
  return text;
}

std::string finding_capture(const FuzzFinding& f, const std::string& dialect) {
  std::vector<std::string> comments{fmt::format("{}: {} ({}): {}", f.kind, f.requirement,
                                                Catalogue::shipped().clause(f.requirement), f.what),
                                    "dialect " + dialect};
  for (const std::string& feature : f.features) comments.push_back("feature " + feature);
  return pcapng(comments, f.frames);
}

void prepare_fuzz_directory(const std::filesystem::path& directory) {
  prepare_directory(directory, "findings", "fuzz.json");
}

void write_fuzz(FuzzResult& r, const std::filesystem::path& directory) {
  std::size_t number = 0;
  for (FuzzFinding& f : r.findings) {
    f.capture = fmt::format("findings/{}--{}.pcapng", f.kind, ++number);
    write_file(directory / f.capture, finding_capture(f, r.dialect));
  }
  write_file(directory / "fuzz.json", fuzz_json(r));
  write_file(directory / "fuzz.html", fuzz_html(r));
}

}  // namespace relayspec
