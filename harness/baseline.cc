#include "relayspec/harness/baseline.h"

#include <fmt/format.h>

#include <map>

#include "harness/toml.h"

namespace relayspec {

Baseline Baseline::load(const std::string& path) { return parse(read_input_file(path), path); }

Baseline Baseline::parse(std::string_view text, const std::string& path) {
  const toml::table table = parse_toml(text, path);
  const TomlTable file(table, path, "the baseline");
  file.allow_only({"accepted"});
  Baseline baseline;
  std::map<std::string, std::string> seen;  // case → where
  for (const TomlTable& entry : file.tables("accepted")) {
    entry.allow_only({"case", "reason"});
    const AcceptedDeviation accepted{entry.text("case"), entry.text("reason"), entry.where()};
    const auto [earlier, is_new] = seen.emplace(accepted.case_id, accepted.where);
    if (!is_new) {
      entry.complain("case", fmt::format("'{}' is listed in {} already; keep one of the two",
                                         accepted.case_id, earlier->second));
    }
    baseline.accepted.push_back(accepted);
  }
  return baseline;
}

void Baseline::apply(RunResult& run) const {
  std::map<std::string_view, const AcceptedDeviation*> listed;
  for (const AcceptedDeviation& entry : accepted) listed.emplace(entry.case_id, &entry);
  run.mended.clear();
  std::map<std::string_view, bool> judged;  // a listed case that was judged → it deviates
  for (CaseResult& c : run.cases) {
    const auto entry = listed.find(c.id);
    if (entry == listed.end() || c.verdict == Verdict::skip || c.verdict == Verdict::error) continue;
    const bool deviates = c.verdict == Verdict::fail || c.verdict == Verdict::warn;
    if (deviates) c.accepted = entry->second->reason;
    judged[c.id] |= deviates;
  }
  for (const auto& [id, deviates] : judged) {
    if (!deviates) run.mended.emplace_back(id);
  }
}

}  // namespace relayspec
