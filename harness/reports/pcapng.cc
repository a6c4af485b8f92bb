// SPDX-License-Identifier: Apache-2.0
// pcapng as the IETF draft draft-ietf-opsawg-pcapng describes it: little-endian, one section, three kinds of
// blocks.
#include <sys/utsname.h>

#include <array>
#include <cstdint>

#include "harness/reports/reports.h"
#include "harness/text.h"

namespace relayspec {

namespace {

enum BlockType : std::uint32_t { kSectionHeader = 0x0A0D0D0A, kInterface = 1, kEnhancedPacket = 6 };

enum OptionCode : std::uint16_t {
  kComment = 1,
  kHardware = 2,
  kOperatingSystem = 3,
  kApplication = 4,
  kName = 2,
  kDescription = 3,
  kTimestampResolution = 9,
  kPacketFlags = 2,
};

/// Octets in the file's order.
class Writer {
 public:
  void u16(std::uint16_t v) {
    out_ += static_cast<char>(v & 0xFF);
    out_ += static_cast<char>(v >> 8);
  }
  void u32(std::uint32_t v) {
    u16(static_cast<std::uint16_t>(v & 0xFFFF));
    u16(static_cast<std::uint16_t>(v >> 16));
  }
  void u64(std::uint64_t v) {
    u32(static_cast<std::uint32_t>(v & 0xFFFFFFFF));
    u32(static_cast<std::uint32_t>(v >> 32));
  }
  void padded(std::string_view octets) {
    out_ += octets;
    while (out_.size() % 4 != 0) out_ += '\0';
  }
  /// An option's length is 16 bits; what is longer is cut.
  void option(OptionCode code, std::string_view value) {
    value = value.substr(0, 0xFFFF);
    u16(code);
    u16(static_cast<std::uint16_t>(value.size()));
    padded(value);
  }
  void end_of_options() { u32(0); }
  const std::string& octets() const { return out_; }

 private:
  std::string out_;
};

std::string block(BlockType type, const std::string& body) {
  const auto length = static_cast<std::uint32_t>(body.size() + 12);
  Writer w;
  w.u32(type);
  w.u32(length);
  w.padded(body);
  w.u32(length);
  return w.octets();
}

std::string section_header(const std::vector<std::string>& comments) {
  utsname system{};
  uname(&system);
  Writer w;
  w.u32(0x1A2B3C4D);  // byte order
  w.u16(1);           // version 1.0
  w.u16(0);
  w.u64(~std::uint64_t{0});  // length of the section: not told
  for (const std::string& comment : comments) w.option(kComment, clean(comment));
  w.option(kHardware, system.machine);
  w.option(kOperatingSystem, std::string(system.sysname) + " " + system.release);
  w.option(kApplication, "relayspec " RELAYSPEC_VERSION);
  w.end_of_options();
  return block(kSectionHeader, w.octets());
}

std::uint32_t number_at(std::string_view octets, std::size_t at, std::size_t size) {
  std::uint32_t n = 0;
  for (std::size_t i = size; i-- > 0;) n = n << 8 | static_cast<std::uint8_t>(octets[at + i]);
  return n;
}

std::string interface_block(Segment s) {
  constexpr std::array<const char*, segment_count> descriptions = {"client side: the relay's first downlink",
                                                                   "client side: the relay's second downlink",
                                                                   "server side: the relay's uplink"};
  Writer w;
  w.u16(1);  // LINKTYPE_ETHERNET
  w.u16(0);
  w.u32(0);  // no limit to the length of packets
  w.option(kName, interface_name(s));
  w.option(kDescription, descriptions[index(s)]);
  w.option(kTimestampResolution, "\x09");  // units of 10^-9 s
  w.end_of_options();
  return block(kInterface, w.octets());
}

std::string packet(const Frame& f) {
  constexpr std::uint32_t inbound = 1, outbound = 2;
  const auto time = static_cast<std::uint64_t>(f.time.count());
  Writer w;
  w.u32(static_cast<std::uint32_t>(index(f.segment)));
  w.u32(static_cast<std::uint32_t>(time >> 32));
  w.u32(static_cast<std::uint32_t>(time & 0xFFFFFFFF));
  w.u32(static_cast<std::uint32_t>(f.bytes.size()));  // captured
  w.u32(static_cast<std::uint32_t>(f.bytes.size()));  // on the wire
  w.padded({reinterpret_cast<const char*>(f.bytes.data()), f.bytes.size()});
  for (const std::string& comment : f.comments) w.option(kComment, clean(comment));
  Writer flags;
  flags.u32(f.origin == Origin::relay ? outbound : inbound);
  w.option(kPacketFlags, flags.octets());
  w.end_of_options();
  return block(kEnhancedPacket, w.octets());
}

}  // namespace

bool is_own_capture(std::string_view front) {
  constexpr std::size_t options = 24;
  if (front.size() < options || number_at(front, 0, 4) != kSectionHeader) return false;
  for (std::size_t at = options; at + 4 <= front.size();) {
    const std::uint32_t code = number_at(front, at, 2), length = number_at(front, at + 2, 2);
    if (code == kApplication) return front.substr(at + 4, length).starts_with("relayspec ");
    if (code == 0) return false;
    at += 4 + (length + 3) / 4 * 4;
  }
  return false;
}

std::string pcapng(const std::vector<std::string>& comments, const std::vector<Frame>& frames) {
  std::string file = section_header(comments);
  for (const Segment s : all_segments) file += interface_block(s);
  for (const Frame& f : frames) file += packet(f);
  return file;
}

std::string pcapng(const CaseResult& c) {
  return pcapng({c.id + ": " + std::string(name(c.verdict)) + (c.reason.empty() ? "" : ": " + c.reason)},
                c.frames);
}

}  // namespace relayspec
