#include <fmt/format.h>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <nlohmann/json.hpp>
#include "harness/bench/runner.h"
#include "harness/side_by_side.h"
using namespace relayspec;
using nlohmann::json;
// lines on stdin: fault dialect ; output json lines
int main(int argc, char** argv) {
  unsigned jobs = argc > 1 ? unsigned(std::stoul(argv[1])) : 6;
  acquire_privilege();
  Profile base = load_profile(argv[2]);
  std::vector<std::pair<std::string,std::string>> rows;
  for (std::string f, d; std::cin >> f >> d;) rows.emplace_back(f, d);
  auto ids = select(tell_stories(), {}, {});
  side_by_side(rows.size(), jobs, [&](std::size_t i) {
    Profile p = base;
    if (rows[i].first != "-") p.start = "exec relayspec-faulty --fault " + rows[i].first + "\n";
    auto t0 = Clock::now();
    json out = {{"fault", rows[i].first}, {"dialect", rows[i].second}};
    try {
      Session session(p, *dialect_named(rows[i].second));
      run_cases(session, ids, [&](const CaseResult&) { session.results.back().frames.clear(); });
      session.stop_relay();
      out["unexplained"] = session.unexplained;
      json cs = json::array();
      for (auto& r : session.results) {
        if (r.verdict == Verdict::fail || r.verdict == Verdict::warn || r.verdict == Verdict::error)
          cs.push_back({r.id, name(r.verdict), r.broken, r.reason});
      }
      out["cases"] = cs;
    } catch (const std::exception& e) { out["error"] = e.what(); }
    out["ms"] = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - t0).count();
    std::string s = out.dump(-1, ' ', false, json::error_handler_t::replace);
    return std::vector<std::uint8_t>(s.begin(), s.end());
  }, [&](std::size_t i, const JobResult& r) {
    if (!r.trouble.empty()) { fmt::print("{{\"fault\":\"{}\",\"dialect\":\"{}\",\"error\":\"{}\",\"ms\":0,\"cases\":[]}}\n", rows[i].first, rows[i].second, r.trouble); return; }
    auto& o = r.octets;
    std::fwrite(o.data(), 1, o.size(), stdout); std::puts(""); std::fflush(stdout);
  });
}
