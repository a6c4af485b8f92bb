// SPDX-License-Identifier: Apache-2.0
#include "fuzz/pool.h"

#include <sys/mman.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace {

using relayspec::relay::fuzz::unguarded;

constexpr std::size_t step = 32, largest = 4096, room = std::size_t{1} << 26U;

struct Free {
  Free* next;
};

// One thread uses it: the one that fuzzes. The search for leaks reads through all that is static, each time;
// and so it is none of that.
std::byte* begin_of_pool() {
  static std::byte* const begin = [] {
    void* const mapped = mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) std::abort();
    return static_cast<std::byte*>(mapped);
  }();
  return begin;
}
std::size_t used = 0;
std::array<Free*, largest / step + 1> freed{};

// Each block has its class in front of it.
void* take(std::size_t size) {
  const std::size_t index = (size + step - 1) / step;
  if (Free* const first = freed[index]) {
    freed[index] = first->next;
    return first;
  }
  const std::size_t whole = index * step + step;
  if (room - used < whole) return std::malloc(size);
  auto* const block = begin_of_pool() + used + step;
  used += whole;
  new (block - sizeof(std::size_t)) std::size_t(index);
  return block;
}

bool is_of_pool(const void* block) {
  const auto at = reinterpret_cast<std::uintptr_t>(block),
             begin = reinterpret_cast<std::uintptr_t>(begin_of_pool());
  return at >= begin && at < begin + room;
}

}  // namespace

void* operator new(std::size_t size) {
  void* const block = unguarded && size <= largest ? take(size) : std::malloc(size == 0 ? 1 : size);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
void operator delete(void* block) noexcept {
  if (!is_of_pool(block)) return std::free(block);
  const auto index = *reinterpret_cast<std::size_t*>(static_cast<std::byte*>(block) - sizeof(std::size_t));
  freed[index] = new (block) Free{freed[index]};
}
void* operator new[](std::size_t size) { return operator new(size); }
void operator delete[](void* block) noexcept { operator delete(block); }
void operator delete(void* block, std::size_t) noexcept { operator delete(block); }
void operator delete[](void* block, std::size_t) noexcept { operator delete(block); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return std::malloc(size == 0 ? 1 : size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* block, const std::nothrow_t&) noexcept { operator delete(block); }
void operator delete[](void* block, const std::nothrow_t&) noexcept { operator delete(block); }
