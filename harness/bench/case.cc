#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "harness/bench/case_run.h"
#include "harness/dhcp4/addressing.h"
#include "relayspec/harness/bench.h"
#include "relayspec/harness/catalogue.h"

namespace relayspec {
namespace {

Clock::time_point started;

// "ExceedingSixteenIsDiscarded" → "exceeding-sixteen-is-discarded", "ServerId" → "server-id".
std::string in_words(std::string_view camel) {
  std::string s;
  for (const char c : camel) {
    if (std::isupper(static_cast<unsigned char>(c)) && !s.empty()) s += '-';
    s += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return s;
}

// From the folder of the suites on, whatever the build's own directory was.
std::string source_of(const ::testing::TestInfo& info) {
  const std::string file = info.file();
  const std::size_t from = file.rfind("testsuites/");
  return fmt::format("{}:{}", from == std::string::npos ? file : file.substr(from), info.line());
}

}  // namespace

Case::Case()
    : client(*this, Segment::downlink0, 10),
      neighbour(*this, Segment::downlink1, 20),
      server(*this, 0),
      second_server(*this, 1),
      third_server(*this, 2),
      run_(std::make_unique<CaseRun>()) {
  if (Session::current) {
    client.use_xid(Session::current->new_xid());
    neighbour.use_xid(Session::current->new_xid());
  }
}

Case::~Case() = default;

void Case::SetUp() {
  const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
  run_->story.suite = in_words(info->test_suite_name());
  run_->story.id = run_->story.suite + "/" + in_words(info->name());
  run_->story.source = source_of(*info);
  started = Clock::now();
}

void Case::TearDown() {
  // A story ends early by an exception without a description; one with a description is the harness's own
  // trouble.
  const auto* result = ::testing::UnitTest::GetInstance()->current_test_info()->result();
  for (int i = 0; i < result->total_part_count(); ++i) {
    std::string message = result->GetTestPartResult(i).message();
    if (message.starts_with("Unknown C++ exception")) continue;
    const std::size_t from = message.find('"'), to = message.rfind('"');
    if (message.starts_with("C++ exception") && from < to) message = message.substr(from + 1, to - from - 1);
    run_->error = message;
  }
  try {
    run_->settle();
  } catch (const EndOfStory&) {
    // What ended it has been written down.
  } catch (const Flood&) {
    run_->find({.requirement = run_->headline(),
                .reason = "the relay floods the network with frames",
                .expected = "one frame for one",
                .observed = "thousands of frames",
                .by = Finding::By::excess});
    Session::current->stop_relay();
  } catch (const std::exception& trouble) {
    run_->error = trouble.what();
  }
  run_->restore_lab();
  run_->finish(std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started));
}

void Case::covers(std::initializer_list<std::string_view> requirements) {
  run_->story.requirements.assign(requirements.begin(), requirements.end());
  for (const std::string_view id : requirements) Catalogue::shipped().cited(id);
}

void Case::relay_with(const RelaySettings& config) {
  const ServerIdMode server_id = run_->config.server_id;
  run_->config = config;
  if (server_id == ServerIdMode::rewrite) run_->config.server_id = server_id;
}

void Case::relay_must_cope(std::string_view requirement) { run_->must_cope = requirement; }
void Case::relay_may_refuse(std::string_view requirement) { run_->may_refuse = requirement; }

void Case::only_in(std::initializer_list<Dialect> dialects) {
  run_->story.dialects = dialects;
  if (!live() || std::find(dialects.begin(), dialects.end(), Session::current->dialect()) != dialects.end())
    return;
  run_->skip = fmt::format("the dialect {} leaves this case out", name(Session::current->dialect()));
  throw EndOfStory{};
}

bool Case::proxy() const { return live() && Session::current->dialect() == Dialect::proxy; }
bool Case::strict() const { return live() && Session::current->dialect() == Dialect::strict; }
bool Case::live() const { return run_->live(); }
std::string Case::headline() const { return run_->headline(); }
bool Case::offers(const std::string& feature) const {
  return !live() || Session::current->profile().features.contains(feature);
}

std::optional<unsigned> Case::stated_hop_limit() const {
  return live() ? Session::current->profile().max_hops_default : std::nullopt;
}

Relayed Case::relayed(const Message& sent, const Message& over) const {
  return relayed_from(client.downlink(), sent, over);
}

Relayed Case::relayed_from(Segment downlink, const Message& sent, const Message& over) const {
  Message m = sent;
  m.hops = static_cast<std::uint8_t>(sent.hops.value_or(0) + 1);
  const bool fresh = sent.giaddr.value_or(Ipv4()) == Ipv4();
  if (fresh) m.giaddr = giaddr_set_by(run_->config, downlink);
  if (proxy() && sent.chaddr && sent.chaddr->size() >= 6) {
    const auto it = run_->chosen.find({sent.xid.value_or(0), Mac(sent.chaddr->data())});
    if (it != run_->chosen.end()) {
      m = replacing(m, code::server_id, option::address(code::server_id, server_address(it->second)));
    }
  }
  return {m.with(over), run_->config.option82 && fresh};
}

Delivered Case::delivered(const Message& sent, Delivered::By by) const {
  Delivered d{sent, by};
  if (run_->config.option82) {
    // What stands behind END stays as long as it was: a message that gets shorter has lost nothing but the
    // echo.
    if (!sent.tail) {
      const Bytes octets = encode(sent);
      if (const auto area = options_of(octets)) d.message.tail = area->tail;
    }
    d.message = without(d.message, code::relay_agent);
    d.strips_option82 = true;
  }
  if (proxy()) {
    const Segment downlink =
        sent.giaddr == relay_address(Segment::downlink1) ? Segment::downlink1 : Segment::downlink0;
    d.message = replacing(d.message, code::server_id,
                          option::address(code::server_id, Session::current->proxy_id(downlink)));
    d.by = Delivered::By::broadcast;
  }
  return d;
}

void Case::nothing_comes_out() {
  run_->begin();
  run_->about_silence = true;
  run_->step("nothing comes out");
  run_->settle();
}

void Case::nothing_reaches_clients() {
  run_->begin();
  run_->about_silence = true;
  run_->step("nothing comes out on the clients' side");
  run_->settle(CaseRun::Where::downlinks);
}

void Case::is_offered(const Client& c, const Server& s) {
  const Message discover = c.discover();
  c.sends(discover);
  s.gets(relayed_from(c.downlink(), discover));
  const Message offer = s.offer(c);
  s.sends(offer);
  c.gets(delivered(offer));
}

void Case::has_lease(const Client& c, const Server& s) {
  is_offered(c, s);
  const Message request = c.request(s);
  c.sends(request);
  s.gets(relayed_from(c.downlink(), request));
  const Message ack = s.ack(c);
  s.sends(ack);
  c.gets(delivered(ack));
  c.holds(c.lease());
}

void Case::expect_no_arp_for(Ipv4 address, std::string_view requirement) {
  run_->step([&] { return fmt::format("the relay has not asked by ARP for {}", address.to_string()); });
  if (!live()) return;
  for (const Segment s : {Segment::downlink0, Segment::downlink1}) {
    if (!Session::current->traffic().asked_for(s, address)) continue;
    deviates(requirement,
             fmt::format("the relay asks by ARP for {} before it delivers to it", address.to_string()),
             "unicast to the link address in chaddr, no question asked",
             "an ARP request, which the client cannot answer yet");
  }
}

void Case::note(std::string_view requirement, const std::string& way) {
  Catalogue::shipped().cited(requirement);
  if (!live()) return;
  run_->find(
      {.verdict = Verdict::note, .requirement = std::string(requirement), .reason = way, .observed = way});
}

void Case::deviates(std::string_view requirement, const std::string& reason, const std::string& expected,
                    const std::string& observed) {
  const Verdict verdict = run_->severity(requirement);
  if (!live()) return;
  run_->find({.verdict = verdict,
              .requirement = std::string(requirement),
              .reason = reason,
              .expected = expected,
              .observed = observed});
}

void Case::relay_restarts() {
  run_->begin();
  run_->step("the relay is stopped and started again");
  if (live()) run_->restart();
}

void Case::relay_restarts_amid(const std::function<void()>& traffic) {
  run_->begin();
  run_->step("the relay is stopped and started again, and meanwhile, over and over:");
  live() ? run_->restart(traffic) : traffic();
  run_->step("its first exchange is relayed as the next one");
  if (live()) run_->report_outgrown();
}

void Case::holds(const Arrival& a, std::string_view requirement, std::uint8_t code, const Bytes& wanted) {
  run_->step([&] { return fmt::format("its option 82 holds sub-option {} [{}]", code, hex(wanted)); });
  if (!live()) return;
  const auto got = sub_option(a.message, code);
  if (got == wanted) return;
  deviates(requirement, fmt::format("sub-option {} is not what it has to be", code), hex(wanted),
           got ? fmt::format("[{}]", hex(*got)) : "not there");
}

void Case::lacks(const Arrival& a, std::string_view requirement, std::uint8_t code) {
  run_->step([&] { return fmt::format("its option 82 has no sub-option {}", code); });
  if (!live()) return;
  if (const auto got = sub_option(a.message, code)) {
    deviates(requirement, fmt::format("sub-option {} is there", code), "none",
             fmt::format("[{}]", hex(*got)));
  }
}

std::optional<Bytes> sub_option(std::span<const std::uint8_t> message, std::uint8_t code) {
  const auto all = find_option(message, code::relay_agent);
  if (!all) return std::nullopt;
  const std::span<const std::uint8_t> data = *all;
  for (std::size_t at = 0; at + 2 <= data.size() && at + 2 + data[at + 1] <= data.size();
       at += 2U + data[at + 1]) {
    if (data[at] != code) continue;
    const auto value = data.subspan(at + 2, data[at + 1]);
    return Bytes(value.begin(), value.end());
  }
  return std::nullopt;
}

Bytes without_sub_option(std::span<const std::uint8_t> content, std::uint8_t code) {
  Bytes left;
  for (std::size_t at = 0; at < content.size();) {
    const std::size_t size = at + 1 < content.size()
                                 ? std::min<std::size_t>(2U + content[at + 1], content.size() - at)
                                 : content.size() - at;
    const auto whole = content.subspan(at, size);
    if (content[at] != code) left.insert(left.end(), whole.begin(), whole.end());
    at += size;
  }
  return left;
}

Option agent(const std::vector<Option>& sub_options) {
  Bytes data;
  for (const Option& o : sub_options) data.insert(data.end(), o.wire.begin(), o.wire.end());
  return option::of(code::relay_agent, data);
}

Message without(Message m, std::uint8_t code) {
  if (!m.options) return m;
  const auto it =
      std::find_if(m.options->begin(), m.options->end(), [&](const Option& o) { return code_of(o) == code; });
  if (it != m.options->end()) m.options->erase(it);
  return m;
}

Message replacing(Message m, std::uint8_t code, const Option& by) {
  if (!m.options) return m;
  for (Option& o : *m.options) {
    if (code_of(o) == code) {
      o = by;
      break;
    }
  }
  return m;
}

}  // namespace relayspec
