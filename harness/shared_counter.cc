// SPDX-License-Identifier: Apache-2.0
#include "harness/shared_counter.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <new>

#include "relayspec/harness/lab.h"

namespace relayspec {
namespace {

using Count = std::atomic<std::size_t>;
static_assert(Count::is_always_lock_free, "a lock would be each process's own");

}  // namespace

SharedCounter::SharedCounter()
    : page_(mmap(nullptr, sizeof(Count), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
  if (page_ == MAP_FAILED)
    throw LabError(fmt::format("cannot share memory between workers: {}", std::strerror(errno)));
  new (page_) Count(0);
}

SharedCounter::~SharedCounter() { munmap(page_, sizeof(Count)); }

std::size_t SharedCounter::next() { return std::launder(static_cast<Count*>(page_))->fetch_add(1); }

}  // namespace relayspec
