// SPDX-License-Identifier: Apache-2.0
// pcapng as reports/pcapng.cc writes it, with what libpcap does not report: names of interfaces, directions
// and comments.
#include <array>

#include "harness/capture.h"
#include "harness/reports/reports.h"

namespace relayspec {
namespace {

constexpr std::uint32_t section_header = 0x0A0D0D0A, interface_block = 1, packet_block = 6;
constexpr std::uint32_t comment_code = 1, name_code = 2, flags_code = 2;

std::uint32_t little(std::string_view octets, std::size_t at, std::size_t size) {
  std::uint32_t n = 0;
  for (std::size_t i = size; i-- > 0;)
    n = n << 8 | static_cast<std::uint8_t>(at + i < octets.size() ? octets[at + i] : 0);
  return n;
}

std::size_t padded(std::size_t size) { return (size + 3) / 4 * 4; }

struct BlockOption {
  std::uint32_t code;
  std::string_view value;
};

std::vector<BlockOption> options_in(std::string_view body, std::size_t at) {
  std::vector<BlockOption> all;
  while (at + 4 <= body.size()) {
    const std::uint32_t code = little(body, at, 2), length = little(body, at + 2, 2);
    if (code == 0) break;
    all.push_back({code, body.substr(at + 4, length)});
    at += 4 + padded(length);
  }
  return all;
}

class OwnReader {
 public:
  bool take(std::uint32_t type, std::string_view body) {
    if (type == section_header) return header(body);
    if (type == interface_block) return interface(body);
    if (type == packet_block) return packet(body);
    return false;
  }
  Capture capture{.own = true};

 private:
  bool header(std::string_view body) {
    for (const BlockOption& o : options_in(body, 16)) {
      if (o.code == comment_code) capture.comments.emplace_back(o.value);
    }
    return true;
  }

  bool interface(std::string_view body) {
    for (const BlockOption& o : options_in(body, 8)) {
      if (o.code != name_code) continue;
      for (const Segment s : all_segments) {
        if (o.value == interface_name(s)) segments_.push_back(s);
      }
    }
    return true;
  }

  bool packet(std::string_view body) {
    constexpr std::size_t head = 20;
    const std::uint32_t number = little(body, 0, 4), size = little(body, 12, 4);
    if (body.size() < head + size || number >= segments_.size()) return false;
    Frame f{.segment = segments_[number], .origin = Origin::harness};
    const std::string_view octets = body.substr(head, size);
    f.bytes.assign(octets.begin(), octets.end());
    for (const BlockOption& o : options_in(body, head + padded(size))) {
      if (o.code == flags_code && o.value.size() == 4 && (little(o.value, 0, 4) & 3) == 2)
        f.origin = Origin::relay;
      if (o.code == comment_code) f.comments.emplace_back(o.value);
    }
    capture.frames.push_back(std::move(f));
    return true;
  }

  std::vector<Segment> segments_;
};

}  // namespace

std::optional<Capture> read_own_capture(std::string_view text) {
  if (!is_own_capture(text.substr(0, kMostOfHeader))) return std::nullopt;
  OwnReader reader;
  std::size_t at = 0;
  while (at + 12 <= text.size()) {
    const std::uint32_t size = little(text, at + 4, 4);
    const bool whole = size >= 12 && size % 4 == 0 && at + size <= text.size();
    if (!whole || !reader.take(little(text, at, 4), text.substr(at + 8, size - 12))) break;
    at += size;
  }
  if (at != text.size())
    reader.capture.remarks.push_back("the file is damaged or cut short behind octet " + std::to_string(at));
  return std::move(reader.capture);
}

}  // namespace relayspec
