// SPDX-License-Identifier: Apache-2.0
#include "harness/capture.h"

#include <fmt/format.h>
#include <pcap/pcap.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>
#include <system_error>

#include "harness/octets.h"
#include "harness/text.h"
#include "relayspec/harness/profile.h"

namespace relayspec {
namespace {

constexpr std::size_t link_header_size = 14;

using File = std::unique_ptr<pcap_t, decltype(&pcap_close)>;

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& why) {
  throw InputError(one_line(path.string()) + ": " + why);
}

std::string contents(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    refuse(path, "it is a directory; name a pcap or pcapng file");
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) refuse(path, "cannot be read; name a pcap or pcapng file");
  return text.str();
}

// A damaged file may name a time that does not fit into nanoseconds.
std::chrono::nanoseconds time_of(const timeval& at) {
  constexpr auto most = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::nanoseconds::max());
  const auto seconds = std::clamp<std::int64_t>(at.tv_sec, 0, most.count() - 1);
  const auto microseconds = std::clamp<std::int64_t>(at.tv_usec, 0, 999'999);
  return std::chrono::nanoseconds(seconds * 1'000'000'000 + microseconds * 1'000);
}

// How many octets stand in front of the IP packet; nothing for link types that have no Ethernet or IP.
std::optional<std::size_t> link_header(int type) {
  constexpr std::size_t cooked = 16, cooked2 = 20, family = 4;
  switch (type) {
    case DLT_EN10MB:
      return 0;
    case DLT_LINUX_SLL:
      return cooked;
    case DLT_LINUX_SLL2:
      return cooked2;
    case DLT_NULL:
    case DLT_LOOP:
      return family;
    case DLT_RAW:
    case DLT_IPV4:
      return 0;
    default:
      return std::nullopt;
  }
}

Bytes as_ethernet(int type, std::size_t header, Bytes octets) {
  if (type == DLT_EN10MB) return octets;
  if (octets.size() < header) return {};
  Bytes frame(link_header_size);
  // A cooked header ends, or of the second kind begins, with the protocol.
  if (type == DLT_LINUX_SLL || type == DLT_LINUX_SLL2) {
    const std::size_t at = type == DLT_LINUX_SLL ? 14 : 0;
    frame[12] = octets[at];
    frame[13] = octets[at + 1];
  } else {
    frame[12] = 0x08;
  }
  frame.insert(frame.end(), octets.begin() + static_cast<std::ptrdiff_t>(header), octets.end());
  return frame;
}

// libpcap reads from a stream, which it closes if it can read the file's header.
File open_capture(std::string_view octets, char* problem) {
  std::FILE* const stream = fmemopen(const_cast<char*>(octets.data()), octets.size(), "rb");
  if (stream == nullptr) throw std::system_error(errno, std::generic_category(), "fmemopen");
  File file(pcap_fopen_offline(stream, problem), pcap_close);
  if (!file) std::fclose(stream);
  return file;
}

Capture read_foreign(std::string_view octets_of_file, const std::filesystem::path& path) {
  char problem[PCAP_ERRBUF_SIZE] = {};
  const File file = open_capture(octets_of_file, problem);
  if (!file) {
    refuse(path,
           fmt::format("no capture that can be read ({}); name a pcap or pcapng file, as tcpdump -w and "
                       "Wireshark write them",
                       one_line(problem)));
  }
  const int type = pcap_datalink(file.get());
  const auto header = link_header(type);
  if (!header) {
    const char* name = pcap_datalink_val_to_name(type);
    refuse(path, fmt::format(
                     "packets of link type {}; those of Ethernet, Linux cooked (any) and IP can be replayed",
                     name ? name : std::to_string(type)));
  }
  Capture capture;
  std::size_t cut = 0;
  pcap_pkthdr* about = nullptr;
  const u_char* octets = nullptr;
  int result = 0;
  while ((result = pcap_next_ex(file.get(), &about, &octets)) == 1) {
    if (about->caplen < about->len) {
      ++cut;
      continue;
    }
    Frame f;
    f.time = time_of(about->ts);
    f.bytes = as_ethernet(type, *header, Bytes(octets, octets + about->caplen));
    capture.frames.push_back(std::move(f));
  }
  if (result == PCAP_ERROR) {
    capture.remarks.push_back(fmt::format("the file is damaged or cut short behind {} packets ({})",
                                          capture.frames.size() + cut, one_line(pcap_geterr(file.get()))));
  }
  if (cut > 0) {
    capture.remarks.push_back(
        fmt::format("{} packets were not recorded whole (snapshot length) and are left out", cut));
  }
  return capture;
}

}  // namespace

Capture capture_in(std::string_view octets, const std::filesystem::path& path) {
  if (auto own = read_own_capture(octets)) return std::move(*own);
  return read_foreign(octets, path);
}

Capture read_capture(const std::filesystem::path& path) { return capture_in(contents(path), path); }

}  // namespace relayspec
