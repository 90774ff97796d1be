/*===-- gang.c - What threads of a gang share: barrier, clock, floating-point mode ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "internal.h"

#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
#define RT_PAUSE() _mm_pause()
#else
#define RT_PAUSE() __asm__ volatile("" ::: "memory")
#endif

/* Long enough for the gap between two calls of a busy server and for uneven parts, short enough not
 * to heat an idle machine. */
enum { RT_SPIN_NS = 100 * 1000, RT_YIELD_NS = 2 * 1000 };

RT_INTERNAL uint64_t rt_clock_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

RT_INTERNAL void rt_futex_wait(_Atomic uint32_t *word, uint32_t value) {
  int saved = errno;
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
  errno = saved;
}

RT_INTERNAL void rt_futex_wake(_Atomic uint32_t *word, int count) {
  int saved = errno;
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
  errno = saved;
}

RT_INTERNAL bool rt_spin_while(_Atomic uint32_t *word, uint32_t value, uint64_t spin_ns) {
  if (atomic_load_explicit(word, memory_order_acquire) != value)
    return true;
  if (!spin_ns)
    return false;
  uint64_t begin = rt_clock_ns(), now = begin;
  do {
    for (int i = 0; i < 64; ++i) {
      RT_PAUSE();
      if (atomic_load_explicit(word, memory_order_acquire) != value)
        return true;
    }
    now = rt_clock_ns();
    /* On a busy machine the thread waited for may be queued behind this one. */
    if (now - begin > RT_YIELD_NS)
      sched_yield();
  } while (now - begin < spin_ns);
  return false;
}

RT_INTERNAL uint64_t rt_spin_time(int64_t threads) {
  return threads <= mlopt_rt_cpu_count() ? RT_SPIN_NS : 0;
}

RT_INTERNAL void rt_barrier_wait(rt_barrier *b, int64_t threads) {
  if (threads <= 1)
    return;
  uint32_t phase = atomic_load_explicit(&b->phase, memory_order_relaxed);
  if (atomic_fetch_add_explicit(&b->arrived, 1, memory_order_acq_rel) + 1 == (uint32_t)threads) {
    atomic_store_explicit(&b->arrived, 0, memory_order_relaxed);
    /* Sequentially consistent with the sleeper's pair below: either it is seen here, or it sees the
     * new phase. */
    atomic_store_explicit(&b->phase, phase + 1, memory_order_seq_cst);
    if (atomic_load_explicit(&b->sleepers, memory_order_seq_cst))
      rt_futex_wake(&b->phase, INT32_MAX);
    return;
  }
  if (rt_spin_while(&b->phase, phase, b->spin_ns))
    return;
  atomic_fetch_add_explicit(&b->sleepers, 1, memory_order_seq_cst);
  while (atomic_load_explicit(&b->phase, memory_order_seq_cst) == phase)
    rt_futex_wait(&b->phase, phase);
  atomic_fetch_sub_explicit(&b->sleepers, 1, memory_order_relaxed);
}

RT_INTERNAL uint32_t rt_fp_enter(void) {
#if defined(__x86_64__)
  uint32_t mode = _mm_getcsr();
  _mm_setcsr(0x1f80); /* round to nearest, denormals kept, no traps: results must not depend on the
                         caller */
  return mode;
#else
  return 0;
#endif
}

RT_INTERNAL void rt_fp_leave(uint32_t mode) {
#if defined(__x86_64__)
  _mm_setcsr(mode);
#else
  (void)mode;
#endif
}

RT_INTERNAL void rt_random_delay(void) {
  uint64_t x = rt_clock_ns() ^ (uintptr_t)&x;
  x ^= x >> 33, x *= UINT64_C(0xff51afd7ed558ccd), x ^= x >> 33;
  if (x & 3)
    return;
  struct timespec t = {0, (long)(x >> 8 & 0xffff)};
  nanosleep(&t, NULL);
}
