// SPDX-License-Identifier: Apache-2.0
// Writes the seeds of the fuzz targets of the harness, from the recorded messages and from files of the
// repository: make_seeds_of_the_harness fuzz/corpus REPOSITORY
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "harness/reports/reports.h"
#include "relay/hex.h"
#include "relay/recorded_messages.h"
#include "relayspec/harness/datagram.h"

namespace {

namespace fs = std::filesystem;
namespace recorded = relayspec::relay::recorded;
using namespace relayspec;

fs::path corpus;

void write(const std::string& target, const std::string& name, const Bytes& octets) {
  fs::create_directories(corpus / target);
  std::ofstream(corpus / target / name, std::ios::binary)
      .write(reinterpret_cast<const char*>(octets.data()), static_cast<std::streamsize>(octets.size()));
}
void write(const std::string& target, const std::string& name, const std::string& text) {
  write(target, name, Bytes(text.begin(), text.end()));
}

void write_files_of(const fs::path& folder, const std::string& suffix, const std::string& target) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!entry.path().string().ends_with(suffix)) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    write(target, entry.path().filename(), Bytes(std::istreambuf_iterator<char>(in), {}));
  }
}

void write_profiles(const fs::path& repository) {
  const std::string target = "profile_is_read_or_refused_in_one_line";
  write_files_of(repository / "testsuites/relays", ".toml", target);
  const std::string attach =
      "name = \"x\"\n[attach]\ndownlinks = [\"tap0\", \"tap1\"]\nuplink = \"tap2\"\nnetns = \"lab7\"\n"
      "downlink_addresses = [\"10.1.0.1/24\", \"10.2.0.1/24\"]\nuplink_address = \"10.9.0.1/24\"\n"
      "servers = [\"10.9.0.2\", \"10.9.0.3\"]\nconfigure = \"true\"\nrestart = \"true\"\ninspect = "
      "\"true\"\n";
  write(target, "attached", attach);
  write(target, "every-key",
        std::string("name = \"x\"\ntitle = \"X\"\nhomepage = \"h\"\npackage = \"p\"\nversion = \"v\"\n"
                    "features = [\"option82\"]\nstart = '''exec x'''\nfiles = {\"/etc/x\" = \"y\"}\n"
                    "start_timeout_ms = 5\nenv = {A = \"b\"}\nproxy_server_id = \"giaddr\"\n"
                    "max_hops_default = 16\nunprivileged = false\n"));
  write(target, "control-character-in-a-key", std::string("\"a\\u001b\\n\" = 1\n"));
  write(target, "not-closed", std::string("name = \"x\nstart = ["));
  write(target, "no-shell", std::string("name = \"x\"\nstart = \"\"\"\nif (\\u001b\n\"\"\"\n"));
  write(target, "not-utf-8", std::string("name = \"\xff\xfe\"\n"));
  write(target, "empty", std::string());
}

void write_baselines(const fs::path& repository) {
  const std::string target = "baseline_is_read_or_refused_in_one_line";
  write_files_of(repository / "testsuites/baselines", ".toml", target);
  const std::string entry = "[[accepted]]\nrequirement = \"RFC1542-4.1.1-hops-increment\"\nreason = ";
  write(target, "case", std::string("[[accepted]]\ncase = \"giaddr/is-set\"\nreason = \"r\"\n"));
  write(target, "every-key",
        "version = \"1\"\n" + entry +
            "\"r\"\nfield = \"hops\"\ndialect = \"rfc\"\nkind = \"bug\"\nsometimes = true\n");
  write(target, "reason-of-odd-characters", entry + "\"a\\\"\\\\\\n\\t\\u0001\\u007f\\u0085\\u2028'\"\n");
  write(target, "reason-of-two-lines", entry + "'''\na\n\"\"\"\\b'''\n");
  write(target, "two-names", entry + "\"r\"\ncase = \"giaddr/is-set\"\n");
}

Bytes datagram(const Bytes& message) {
  const Topology& t = Topology::documentation();
  return encode_udp({.eth_dst = t[Segment::uplink].relay.mac,
                     .eth_src = t.servers[0].mac,
                     .ip_dst = t[Segment::uplink].relay.ipv4,
                     .ip_src = t.servers[0].ipv4,
                     .sport = 67,
                     .dport = 67},
                    message);
}

void write_captures(const fs::path& repository) {
  const std::string target = "capture_is_read_within_its_octets";
  write_files_of(repository / "harness/live/captures", ".pcap", target);
  write_files_of(repository / "harness/live/captures", ".pcapng", target);
  Frame f{.segment = Segment::downlink0,
          .origin = Origin::harness,
          .bytes = datagram(relay::hex(recorded::dhcrelay_discover.came)),
          .comments = {"what is odd"}};
  const auto put = [&](const std::string& name, const std::vector<std::string>& comments) {
    write(target, name, pcapng(comments, {f, f}));
  };
  put("own", {"changed: hops", "dialect rfc", "feature option82", "feature max-hops=4"});
  put("own-with-a-feature-that-is-none", {"feature x\x1b\n=y"});
  put("own-with-a-value-that-is-none", {"feature max-hops=\x1b\n"});
}

void put_frame(Bytes& to, std::uint8_t segment, const Bytes& frame) {
  to.insert(to.end(), {segment, static_cast<std::uint8_t>(frame.size() >> 8U),
                       static_cast<std::uint8_t>(frame.size())});
  to.insert(to.end(), frame.begin(), frame.end());
}

void write_frames() {
  const std::string target = "frames_are_read_within_their_octets";
  const Bytes offer = datagram(relay::hex(recorded::dhcrelay_offer.came));
  const auto put = [&](const std::string& name, const std::vector<Bytes>& frames) {
    for (std::uint8_t segment = 0; segment < segment_count; ++segment) {
      Bytes input;
      for (const Bytes& frame : frames) put_frame(input, segment, frame);
      write(target, name + "-on-" + interface_name(all_segments[segment]), input);
    }
  };
  put("offer", {offer, offer});
  put("offer-in-fragments", fragments(offer, 128));
  put("offer-with-ip-options", {with_ip_options(offer, {1, 1, 1, 0})});
  put("offer-with-a-total-length-that-is-none", {with_ip_total_length(offer, 30)});
  put("offer-of-ip-version-6", {with_ip_octet(offer, 0, 0x65)});
  put("offer-with-a-tag", {with_vlan_tag(offer, 7)});
  put("arp", {relay::hex("ff*6 02*6 08 06 00 01 08 00 06 04 00 01 02*6 c6 33 64 01 00*6 c6 33 64 02")});
  Bytes refused =
      relay::hex("02*6 02*6 08 00 45 00 00 38 00 00 00 00 40 01 00 00 c6 33 64 02 c6 33 64 01 03 03 00*6");
  refused.insert(refused.end(), offer.begin() + 14, offer.begin() + 14 + 28);
  put("port-unreachable", {refused});
}

void write_messages() {
  const auto put = [](const std::string& name, const Bytes& message) {
    write("message_is_written_as_it_was_read", name, message);
    write("libtins_reads_the_same_options", name, Bytes(message.begin() + 240, message.end()));
    for (const std::uint8_t size : {std::uint8_t{0}, std::uint8_t{3}, std::uint8_t{40}}) {
      Bytes input{size, 255, 7, 3, 1, 4, 1, 5, 9, 2};
      input.insert(input.end(), message.begin(), message.end());
      write("fragments_make_the_datagram_again", name + "-by-" + std::to_string(8 * (1 + size)), input);
      input[1] = 1;
      write("fragments_make_the_datagram_again",
            name + "-by-" + std::to_string(8 * (1 + size)) + "-one-missing", input);
    }
  };
  for (const auto* exchange : recorded::requests) put(exchange->name, relay::hex(exchange->came));
  for (const auto* exchange : recorded::replies) put(exchange->name, relay::hex(exchange->came));
  const Bytes discover = relay::hex(recorded::dhcrelay_discover.came);
  for (const std::size_t size : {0, 7, 27, 235, 236, 239})
    write("message_is_written_as_it_was_read", "cut-to-" + std::to_string(size),
          Bytes(discover.begin(), discover.begin() + static_cast<std::ptrdiff_t>(size)));
  for (const auto& [name, octets] :
       {std::pair("no-end", "35 01 01 00 00"), std::pair("overrun", "35 01 01 52 ff 00*40"),
        std::pair("code-alone", "35 01 01 52"), std::pair("longest", "2b ff 11*255 ff"),
        std::pair("option-behind-end", "35 01 01 ff 52 02 01 00"),
        std::pair("cut-off-behind-end", "35 01 01 ff 52 09 01"), std::pair("two-ends", "ff ff 0c"),
        std::pair("two-instances", "52 01 a5 00 52 01 a5 ff")})
    write("libtins_reads_the_same_options", name, relay::hex(octets));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s FOLDER REPOSITORY\n", argv[0]);
    return 2;
  }
  corpus = argv[1];
  write_profiles(argv[2]);
  write_baselines(argv[2]);
  write_captures(argv[2]);
  write_frames();
  write_messages();
  return 0;
}
