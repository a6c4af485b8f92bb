// SPDX-License-Identifier: Apache-2.0
#include "harness/lab/ring.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <new>

#include "harness/lab/fd.h"

namespace relayspec {

OutputRing::OutputRing() {
  void* memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw_errno("no memory for the relay's output");
  shared_ = new (memory) Shared;
}

OutputRing::~OutputRing() { ::munmap(shared_, sizeof(Shared)); }

long OutputRing::fill_from(int fd) {
  const std::uint64_t written = shared_->written.load(std::memory_order_relaxed);
  const std::size_t at = written % size;
  const long got = ::read(fd, shared_->bytes + at, std::min(kept, size - at));
  if (got > 0) shared_->written.store(written + static_cast<std::uint64_t>(got), std::memory_order_release);
  return got;
}

void OutputRing::add(std::string_view text) {
  const std::uint64_t written = shared_->written.load(std::memory_order_relaxed);
  for (std::size_t i = 0; i < text.size(); ++i) shared_->bytes[(written + i) % size] = text[i];
  shared_->written.store(written + text.size(), std::memory_order_release);
}

std::string OutputRing::tail() const {
  std::string text;
  while (true) {
    const std::uint64_t end = shared_->written.load(std::memory_order_acquire);
    const std::uint64_t begin = end - std::min<std::uint64_t>(end, kept);
    text.clear();
    for (std::uint64_t at = begin; at < end; ++at) text += shared_->bytes[at % size];
    // Still whole, unless the writer has meanwhile come round to where we began.
    const std::uint64_t later = shared_->written.load(std::memory_order_acquire);
    if (later + kept - begin > size) continue;
    if (begin != 0) text.insert(0, fmt::format("[{} octets of earlier output are not kept]\n", begin));
    return text;
  }
}

}  // namespace relayspec
