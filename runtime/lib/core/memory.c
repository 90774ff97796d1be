/*===-- memory.c - Aligned memory of the context ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "internal.h"

#include <sys/mman.h>

/* From here on memory comes from the kernel, aligned for huge pages: an arena of many megabytes
 * otherwise spends a visible part of a run on address translation. */
enum { RT_HUGE = 2 << 20 };

RT_INTERNAL void rt_block_release(rt_block *block) {
  if (block->map)
    munmap(block->map, block->map_bytes);
  else
    free(block->data);
  memset(block, 0, sizeof(*block));
}

RT_INTERNAL bool rt_block_reserve(rt_block *block, uint64_t bytes) {
  if (bytes <= block->capacity)
    return true;
  if (bytes > (uint64_t)INT64_MAX - 4 * RT_HUGE)
    return false;
  rt_block fresh = {NULL, 0, NULL, 0};
  if (bytes < RT_HUGE) {
    void *p = NULL;
    fresh.capacity = (bytes + MLOPT_ALIGNMENT - 1) / MLOPT_ALIGNMENT * MLOPT_ALIGNMENT;
    if (posix_memalign(&p, MLOPT_ALIGNMENT, (size_t)fresh.capacity) != 0)
      return false;
    fresh.data = p;
  } else {
    fresh.capacity = (bytes + 4095) / 4096 * 4096;
    fresh.map_bytes = (size_t)fresh.capacity + RT_HUGE;
    fresh.map = mmap(NULL, fresh.map_bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (fresh.map == MAP_FAILED)
      return false;
    fresh.data = (uint8_t *)(((uintptr_t)fresh.map + RT_HUGE - 1) / RT_HUGE * RT_HUGE);
    madvise(fresh.data, (size_t)fresh.capacity, MADV_HUGEPAGE);
  }
  rt_block_release(block);
  *block = fresh;
  return true;
}
