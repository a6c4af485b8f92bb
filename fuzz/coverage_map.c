/* SPDX-License-Identifier: Apache-2.0
 * Counts where a relay has been, for `relayspec fuzz --coverage`. Compile it without, and the relay with
 *   clang: -fsanitize-coverage=trace-pc-guard     gcc: -fsanitize-coverage=trace-pc
 * and link it to the relay. The counters, an octet each, stand in the file that RELAYSPEC_COVERAGE names; without that they
 * are counted for nobody.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { relayspec_coverage_size = 65536 };
static uint8_t relayspec_nobody[relayspec_coverage_size];
static uint8_t *relayspec_counters = relayspec_nobody;
static uint32_t relayspec_places;

__attribute__((constructor)) static void relayspec_coverage_begin(void) {
  const char *path = getenv("RELAYSPEC_COVERAGE");
  const int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
  void *map;
  if (fd < 0) return;
  map = mmap(NULL, relayspec_coverage_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (map != MAP_FAILED) relayspec_counters = (uint8_t *)map;
  close(fd);
}

/* Does not wrap round to 0: then the place would look as if nobody had been there. */
static void relayspec_count(uint32_t place) {
  uint8_t *counter = &relayspec_counters[place % relayspec_coverage_size];
  if (*counter != 255) ++*counter;
}

void __sanitizer_cov_trace_pc_guard_init(uint32_t *start, uint32_t *stop);
void __sanitizer_cov_trace_pc_guard_init(uint32_t *start, uint32_t *stop) {
  for (; start < stop; ++start) {
    if (*start == 0) *start = ++relayspec_places;
  }
}

void __sanitizer_cov_trace_pc_guard(uint32_t *guard);
void __sanitizer_cov_trace_pc_guard(uint32_t *guard) { relayspec_count(*guard); }

/* Told from a place in the same program, so that it does not matter where that was loaded. */
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void) {
  const uintptr_t here = (uintptr_t)__builtin_return_address(0) - (uintptr_t)&relayspec_nobody;
  relayspec_count((uint32_t)(here ^ (here >> 16)));
}

#ifdef __cplusplus
}
#endif
