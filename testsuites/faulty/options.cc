// SPDX-License-Identifier: Apache-2.0
#include "testsuites/faulty/options.h"

#include <algorithm>
#include <utility>

namespace relayspec::faulty {
namespace {

// Puts the options together again; whatever stands from END on stays.
void rebuild(Bytes& m, const std::vector<Piece>& pieces, std::size_t end) {
  Bytes out(m.begin(), m.begin() + at::options);
  for (const Piece& p : pieces) {
    const auto from = m.begin() + static_cast<std::ptrdiff_t>(p.from);
    out.insert(out.end(), from, from + static_cast<std::ptrdiff_t>(p.size));
  }
  out.insert(out.end(), m.begin() + static_cast<std::ptrdiff_t>(end), m.end());
  m = std::move(out);
}

template <class Which>
void drop_options(Bytes& m, Which which) {
  Walk w = walk(m);
  if (!w.end) return;
  std::erase_if(w.pieces, [&](const Piece& p) { return which(p.code); });
  rebuild(m, w.pieces, *w.end);
}

// As in a relay that writes the options again into a message of BOOTP's size: padding takes up the
// difference. So a change of an option is not a change of the size too.
template <class Change>
void keeping_size(Bytes& m, Change change) {
  const std::size_t size = m.size();
  change();
  while (size <= 300 && m.size() > size && padding(m)) m.pop_back();
  m.resize(std::max(m.size(), std::min<std::size_t>(size, 300)));
}

// Where the options end of which a relay's own is the last: an option that comes in stands before it.
std::optional<std::size_t> end_of_options(const Bytes& m) {
  const Walk w = walk(m);
  if (!w.end) return std::nullopt;
  const bool own = !w.pieces.empty() && w.pieces.back().code == agent_information;
  return own ? w.pieces.back().from : *w.end;
}

}  // namespace

void sort_options(Bytes& m) {
  Walk w = walk(m);
  if (!w.end) return;
  std::stable_sort(w.pieces.begin(), w.pieces.end(),
                   [](const Piece& a, const Piece& b) { return a.code < b.code; });
  rebuild(m, w.pieces, *w.end);
}

void drop_pads(Bytes& m) {
  drop_options(m, [](std::uint8_t c) { return c == 0; });
}
void drop_unknown(Bytes& m) {
  drop_options(m, [](std::uint8_t c) { return c > 125; });
}

// As if a second instance were a mistake; by RFC 3396 it continues the first.
void drop_repeated(Bytes& m) {
  Walk w = walk(m);
  if (!w.end) return;
  bool seen[256] = {};
  std::erase_if(w.pieces, [&](const Piece& p) { return p.code != 0 && std::exchange(seen[p.code], true); });
  rebuild(m, w.pieces, *w.end);
}

void drop_option(Bytes& m, std::uint8_t code) {
  keeping_size(m, [&] { drop_options(m, [&](std::uint8_t c) { return c == code; }); });
}

void double_option(Bytes& m, std::uint8_t code) {
  const auto p = find(m, code);
  if (!p || !walk(m).end) return;
  const auto from = m.begin() + static_cast<std::ptrdiff_t>(p->from);
  const Bytes copy(from, from + static_cast<std::ptrdiff_t>(p->size));
  keeping_size(m, [&] { insert(m, p->from + p->size, copy); });
}

void add_vendor_class(Bytes& m) {
  const auto where = end_of_options(m);
  if (where) keeping_size(m, [&] { insert(m, *where, {60, 5, 'r', 'e', 'l', 'a', 'y'}); });
}

void put_last_option_first(Bytes& m) {
  Walk w = walk(m);
  const auto last = std::find_if(w.pieces.rbegin(), w.pieces.rend(),
                                 [](const Piece& p) { return p.code != 0 && p.code != agent_information; });
  if (!w.end || last == w.pieces.rend()) return;
  std::rotate(w.pieces.begin(), std::next(last).base(), last.base());
  rebuild(m, w.pieces, *w.end);
}

// Those of RFC 3396 become one.
void join_repeated(Bytes& m) {
  const Walk w = walk(m);
  for (std::size_t i = 0; w.end && i + 1 < w.pieces.size(); ++i) {
    const Piece &a = w.pieces[i], &b = w.pieces[i + 1];
    if (a.code == 0 || a.code != b.code || a.size + b.size > 259) continue;
    m[a.from + 1] = static_cast<std::uint8_t>(a.size + b.size - 4);
    erase(m, {{0, b.from, 2}});
    return;
  }
}

}  // namespace relayspec::faulty
