// SPDX-License-Identifier: Apache-2.0
// Mutates a site and its message by their structure: header fields get values at their boundaries, options
// are inserted, doubled, cut, split, nested and given a wrong length. libFuzzer's own mutations come in
// between.
#include <algorithm>
#include <array>
#include <cstring>
#include <random>

#include "fuzz/fuzz.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace relayspec::relay::fuzz {
namespace {

constexpr std::size_t options_at = site_octets + 240;
constexpr std::uint8_t codes[] = {0,  1,  12, 43, 50, 51, 52, 53, 54,  55,
                                  57, 60, 61, 77, 81, 82, 82, 90, 121, 255};
constexpr std::uint8_t sub_codes[] = {1, 2, 5, 6, 10, 11, 12, 19, 82, 151, 152};
constexpr std::uint32_t addresses[] = {0,          0xffffffff, 0xc0000201, 0xc0000281, 0xc0000264, 0xc00002ff,
                                       0xcb007101, 0xc6336401, 0xc6336402, 0xe0000001, 0x7f000001};

struct Place {
  std::size_t at, length;  ///< of an option with its header
};

class Mutation {
 public:
  Mutation(Octets octets, unsigned seed) : octets_(std::move(octets)), random_(seed) {}

  Octets take() { return std::move(octets_); }

  void mutate() {
    octets_.resize(std::max(octets_.size(), options_at));
    if (below(4) == 0) std::memcpy(&octets_[site_octets + 236], "\x63\x82\x53\x63", 4);
    switch (below(4)) {
      case 0:
        octets_[below(site_octets)] = static_cast<std::uint8_t>(below(256));
        break;
      case 1:
        set_field();
        break;
      default:
        change_options();
    }
  }

 private:
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
  template <class T, std::size_t n>
  T one_of(const T (&all)[n]) {
    return all[below(n)];
  }

  void put(std::size_t at, std::uint32_t value, std::size_t octets) {
    for (std::size_t i = 0; i < octets; ++i)
      octets_[site_octets + at + i] = static_cast<std::uint8_t>(value >> (8 * (octets - 1 - i)));
  }

  void set_field() {
    static constexpr std::uint8_t hlens[] = {0, 1, 5, 6, 7, 15, 16, 17, 255},
                                  hops[] = {0, 1, 3, 4, 5, 15, 16, 17, 254, 255};
    static constexpr std::size_t address_fields[] = {at::ciaddr, at::yiaddr, at::siaddr, at::giaddr,
                                                     at::giaddr};
    switch (below(6)) {
      case 0:
        return put(at::op, static_cast<std::uint32_t>(below(4)), 1);
      case 1:
        return put(at::hlen, one_of(hlens), 1);
      case 2:
        return put(at::hops, one_of(hops), 1);
      case 3:
        return put(at::flags, below(2) ? 0x8000 : static_cast<std::uint32_t>(below(0x10000)), 2);
      default:
        return put(one_of(address_fields), one_of(addresses), 4);
    }
  }

  // The options as they follow one another, over END.
  std::vector<Place> places() const {
    std::vector<Place> all;
    for (std::size_t at = options_at; at < octets_.size();) {
      const std::uint8_t code = octets_[at];
      const bool alone = code == 0 || code == 255 || at + 1 == octets_.size();
      const std::size_t length = std::min<std::size_t>(alone ? 1 : 2U + octets_[at + 1], octets_.size() - at);
      all.push_back({at, length});
      at += length;
    }
    return all;
  }

  Octets new_option() {
    const std::uint8_t code = one_of(codes);
    if (code == 0 || code == 255) return Octets(1 + below(4), code);
    Octets value;
    if (code == 82) {
      for (std::size_t parts = below(4); parts > 0; --parts) {
        const Octets inner(below(6), 0xa5);
        value.insert(value.end(), {one_of(sub_codes), static_cast<std::uint8_t>(inner.size())});
        value.insert(value.end(), inner.begin(), inner.end());
      }
    } else if (code == 54 || code == 50) {
      const auto a = one_of(addresses);
      for (int shift = 24; shift >= 0; shift -= 8) value.push_back(static_cast<std::uint8_t>(a >> shift));
      value.resize(below(8) == 0 ? below(6) : 4);
    } else {
      value.assign(code == 52 || code == 53 ? 1 : below(9), static_cast<std::uint8_t>(below(10)));
    }
    Octets option{code, static_cast<std::uint8_t>(value.size())};
    option.insert(option.end(), value.begin(), value.end());
    return option;
  }

  void insert(std::size_t at, const Octets& what) {
    octets_.insert(octets_.begin() + static_cast<std::ptrdiff_t>(at), what.begin(), what.end());
  }
  void erase(std::size_t at, std::size_t length) {
    const auto from = octets_.begin() + static_cast<std::ptrdiff_t>(at);
    octets_.erase(from, from + static_cast<std::ptrdiff_t>(length));
  }

  void change_options() {
    const auto all = places();
    const std::size_t any = below(all.size() + 1);
    if (any == all.size()) return insert(octets_.size(), new_option());
    const auto [at, length] = all[any];
    switch (below(7)) {
      case 0:
        return erase(at, length);
      case 1:  // doubled
        return insert(at, Octets(octets_.begin() + static_cast<std::ptrdiff_t>(at),
                                 octets_.begin() + static_cast<std::ptrdiff_t>(at + length)));
      case 2:  // a length that is not the value's
        if (length > 1)
          octets_[at + 1] = static_cast<std::uint8_t>(below(2) ? below(256) : length - 2 + below(3) - 1);
        return;
      case 3:  // the message ends inside or behind it
        return octets_.resize(at + below(length + 1));
      case 4:  // two instances
        if (length > 3) {
          const std::size_t first = 1 + below(length - 3);
          octets_[at + 1] = static_cast<std::uint8_t>(first);
          insert(at + 2 + first, {octets_[at], static_cast<std::uint8_t>(length - 2 - first)});
        }
        return;
      default:
        return insert(at, new_option());
    }
  }

  Octets octets_;
  std::minstd_rand random_;
};

}  // namespace
}  // namespace relayspec::relay::fuzz

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most,
                                               unsigned seed) {
  using namespace relayspec::relay::fuzz;
  if (seed % 3 == 0) return LLVMFuzzerMutate(data, size, most);
  const Unguarded memory_of_the_mutator;
  Mutation mutation({data, data + size}, seed);
  for (unsigned times = 1 + seed / 3 % 4; times > 0; --times) mutation.mutate();
  const Octets octets = mutation.take();
  const std::size_t length = std::min(octets.size(), most);
  std::copy_n(octets.begin(), length, data);
  return length;
}
