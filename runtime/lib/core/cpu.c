/*===-- cpu.c - What this CPU can do, and which level of a module fits it ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "internal.h"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>

static uint64_t rt_detect_cpu(void) {
  uint32_t a, b, c, d;
  uint64_t f = 0;
  if (!__get_cpuid(1, &a, &b, &c, &d))
    return 0;
#define RT_HAS(reg, bit, name) f |= (reg) >> (bit) & 1 ? MLOPT_CPU_##name : 0
  RT_HAS(c, 0, SSE3);
  RT_HAS(c, 1, PCLMUL);
  RT_HAS(c, 9, SSSE3);
  RT_HAS(c, 13, CX16);
  RT_HAS(c, 19, SSE4_1);
  RT_HAS(c, 20, SSE4_2);
  RT_HAS(c, 22, MOVBE);
  RT_HAS(c, 23, POPCNT);
  RT_HAS(c, 25, AES);
  /* Registers count only where the operating system saves them. */
  uint32_t xcr0 = 0;
  if (c >> 27 & 1) {
    uint32_t high;
    __asm__ volatile("xgetbv" : "=a"(xcr0), "=d"(high) : "c"(0));
  }
  bool avx = (xcr0 & 6) == 6, avx512 = avx && (xcr0 & 0xe0) == 0xe0,
       amx = (xcr0 & 0x60000) == 0x60000;
  if (avx) {
    RT_HAS(c, 12, FMA);
    RT_HAS(c, 28, AVX);
    RT_HAS(c, 29, F16C);
  }
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
    uint32_t subleaves = a;
    RT_HAS(b, 3, BMI);
    RT_HAS(b, 8, BMI2);
    RT_HAS(b, 19, ADX);
    RT_HAS(b, 29, SHA);
    RT_HAS(c, 8, GFNI);
    if (avx) {
      RT_HAS(b, 5, AVX2);
      RT_HAS(c, 9, VAES);
      RT_HAS(c, 10, VPCLMULQDQ);
    }
    if (avx512) {
      RT_HAS(b, 16, AVX512F);
      RT_HAS(b, 17, AVX512DQ);
      RT_HAS(b, 21, AVX512IFMA);
      RT_HAS(b, 28, AVX512CD);
      RT_HAS(b, 30, AVX512BW);
      RT_HAS(b, 31, AVX512VL);
      RT_HAS(c, 1, AVX512VBMI);
      RT_HAS(c, 6, AVX512VBMI2);
      RT_HAS(c, 11, AVX512VNNI);
      RT_HAS(c, 12, AVX512BITALG);
      RT_HAS(c, 14, AVX512VPOPCNTDQ);
      RT_HAS(d, 8, AVX512VP2INTERSECT);
      RT_HAS(d, 23, AVX512FP16);
    }
    if (amx) {
      RT_HAS(d, 22, AMX_BF16);
      RT_HAS(d, 24, AMX_TILE);
      RT_HAS(d, 25, AMX_INT8);
    }
    if (subleaves >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d)) {
      if (avx) {
        RT_HAS(a, 4, AVXVNNI);
        RT_HAS(a, 23, AVXIFMA);
        RT_HAS(d, 4, AVXVNNIINT8);
        RT_HAS(d, 5, AVXNECONVERT);
      }
      if (avx512)
        RT_HAS(a, 5, AVX512BF16);
      if (amx)
        RT_HAS(a, 21, AMX_FP16);
    }
  }
  if (__get_cpuid(0x80000001u, &a, &b, &c, &d)) {
    RT_HAS(c, 0, SAHF);
    RT_HAS(c, 5, LZCNT);
    RT_HAS(c, 8, PREFETCHW);
  }
#undef RT_HAS
  return f;
}
#else
static uint64_t rt_detect_cpu(void) { return 0; }
#endif

uint64_t mlopt_rt_cpu_features(void) {
  static _Atomic uint64_t cached; /* bit 63 = known */
  uint64_t f = atomic_load_explicit(&cached, memory_order_relaxed);
  if (!f) {
    f = rt_detect_cpu() | UINT64_C(1) << 63;
    atomic_store_explicit(&cached, f, memory_order_relaxed);
  }
  return f & ~(UINT64_C(1) << 63);
}

uint32_t mlopt_rt_abi_version(void) { return MLOPT_ABI_VERSION; }

int64_t mlopt_rt_cpu_count(void) {
  /* Machines with more CPUs than cpu_set_t holds exist: the kernel says how many bytes it wrote. */
  unsigned long mask[1024];
  long bytes = syscall(SYS_sched_getaffinity, 0, sizeof(mask), mask);
  int64_t count = 0;
  for (long i = 0; i < bytes / (long)sizeof(mask[0]); ++i)
    for (unsigned long m = mask[i]; m; m &= m - 1)
      ++count;
  return count > 0 ? count : 1;
}

static const char *rt_cpu_level_name(uint64_t features) {
  if ((features & MLOPT_CPU_LEVEL_V4) == MLOPT_CPU_LEVEL_V4)
    return "x86-64-v4";
  if ((features & MLOPT_CPU_LEVEL_V3) == MLOPT_CPU_LEVEL_V3)
    return "x86-64-v3";
  if ((features & MLOPT_CPU_LEVEL_V2) == MLOPT_CPU_LEVEL_V2)
    return "x86-64-v2";
  return "x86-64";
}

static void rt_append_features(rt_text *text, uint64_t features) {
  static const char *const names[64] = {
#define MLOPT_X(e, b, s) [b] = s,
      MLOPT_FOR_EACH_CPU_FEATURE(MLOPT_X)
#undef MLOPT_X
  };
  const char *comma = "";
  for (int i = 0; i < 64; ++i) {
    if (!(features >> i & 1))
      continue;
    if (names[i])
      rt_append(text, "%s%s", comma, names[i]);
    else
      rt_append(text, "%sfeature %d", comma, i);
    comma = ", ";
  }
}

/* Tiles must be asked for: the kernel saves 8 KiB more for each thread from then on. */
static bool rt_permit(uint64_t features) {
#if defined(__x86_64__) && defined(SYS_arch_prctl)
  if (features & MLOPT_CPU_AMX_TILE)
    return syscall(SYS_arch_prctl, 0x1023 /* ARCH_REQ_XCOMP_PERM */, 18 /* tile data */) == 0;
#endif
  return true;
}

/* What keeps code that needs `features` from running here: 0 where nothing does. */
static uint64_t rt_missing(uint64_t features, uint64_t have) {
  uint64_t missing = features & ~have;
  if (!missing && !rt_permit(features))
    missing = features & (MLOPT_CPU_AMX_TILE | MLOPT_CPU_AMX_INT8 | MLOPT_CPU_AMX_BF16 |
                          MLOPT_CPU_AMX_FP16);
  return missing;
}

RT_INTERNAL mlopt_rt_status_t rt_select_level(const mlopt_module *header, const char *forced,
                                              uint32_t *level) {
  const char *from = "the load options";
  if (!forced || !*forced) {
    forced = getenv("MLOPT_CPU_LEVEL");
    from = "MLOPT_CPU_LEVEL";
  }
  uint64_t have = mlopt_rt_cpu_features();
  rt_text list = {{0}, 0};
  for (uint32_t i = 0; i < header->levels.count; ++i)
    rt_append(&list, "%s%s", i ? ", " : "", rt_string(header, RT_LEVEL(header, i)->name));
  if (forced && *forced) {
    for (uint32_t i = 0; i < header->levels.count; ++i) {
      const mlopt_level *l = RT_LEVEL(header, i);
      if (strcmp(rt_string(header, l->name), forced) != 0)
        continue;
      uint64_t missing = rt_missing(l->features, have);
      if (!missing) {
        *level = i;
        return NULL;
      }
      rt_text lacks = {{0}, 0};
      rt_append_features(&lacks, missing);
      return rt_error(
          MLOPT_RT_CPU_LEVEL,
          "CPU level '%s', asked for by %s, needs %s, which this CPU (%s) lacks; the module has %s",
          forced, from, lacks.data, rt_cpu_level_name(have), list.data);
    }
    return rt_error(MLOPT_RT_CPU_LEVEL,
                    "module '%s' has no code for CPU level '%s', asked for by %s; it has %s",
                    rt_string(header, header->name), forced, from, list.data);
  }
  for (uint32_t i = 0; i < header->levels.count; ++i) {
    if (!rt_missing(RT_LEVEL(header, i)->features, have)) {
      *level = i;
      return NULL;
    }
  }
  const mlopt_level *lowest = RT_LEVEL(header, header->levels.count - 1);
  rt_text lacks = {{0}, 0};
  rt_append_features(&lacks, rt_missing(lowest->features, have));
  return rt_error(MLOPT_RT_CPU_LEVEL,
                  "module '%s' has code for %s, but this CPU is %s and lacks %s; compile the model "
                  "again with --cpu=%s among the levels",
                  rt_string(header, header->name), list.data, rt_cpu_level_name(have), lacks.data,
                  rt_cpu_level_name(have));
}
