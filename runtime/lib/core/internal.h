/*===-- internal.h - What the files of the runtime share ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

/* The runtime is compiled as one translation unit (core.c or mlopt_rt.c include the others), so
 * that everything here is static and an artefact that carries the core adds no name of its own to a
 * program. */

#ifndef MLOPT_RUNTIME_CORE_INTERNAL_H
#define MLOPT_RUNTIME_CORE_INTERNAL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "mlopt/runtime/mlopt_rt.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RT_INTERNAL static __attribute__((unused))

/*===---- status.c ----*/

/** A new status; never NULL. */
RT_INTERNAL mlopt_rt_status_t rt_error(mlopt_rt_code_t code, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
RT_INTERNAL mlopt_rt_status_t rt_out_of_memory(void);

/** Text that grows up to a fixed size and is cut there; for lists in messages. */
typedef struct rt_text {
  char data[512];
  size_t used;
} rt_text;
RT_INTERNAL void rt_append(rt_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/** "[2, 3, 4]". */
RT_INTERNAL void rt_append_dims(rt_text *text, const int64_t *dims, uint32_t rank);

/*===---- sha256.c ----*/

typedef struct rt_sha256 {
  uint32_t state[8];
  uint64_t bytes;
  uint8_t block[64];
} rt_sha256;
RT_INTERNAL void rt_sha256_begin(rt_sha256 *hash);
RT_INTERNAL void rt_sha256_add(rt_sha256 *hash, const void *data, size_t bytes);
RT_INTERNAL void rt_sha256_end(rt_sha256 *hash, uint8_t digest[32]);
RT_INTERNAL bool rt_sha256_matches(const void *data, size_t bytes, const uint8_t digest[32]);

/*===---- cpu.c ----*/

/** Index of the level of `header` to use: `forced` (may be null), or MLOPT_CPU_LEVEL, or the first
 * that fits. */
RT_INTERNAL mlopt_rt_status_t rt_select_level(const mlopt_module *header, const char *forced,
                                              uint32_t *level);

/*===---- image.c ----*/

/** Checks structure and hash of an image of which `available` bytes may be read (SIZE_MAX where
 * unknown). `where` is for messages. */
RT_INTERNAL mlopt_rt_status_t rt_check_image(const void *image, size_t available,
                                             const char *where);

static inline const void *rt_record(const mlopt_module *m, const mlopt_table *t, uint32_t i) {
  return (const uint8_t *)m + t->offset + (size_t)t->stride * i;
}
static inline const char *rt_string(const mlopt_module *m, mlopt_str s) {
  return s ? (const char *)m + s : "";
}
static inline const int64_t *rt_links(const mlopt_module *m) {
  return (const int64_t *)((const uint8_t *)m + m->link_offset);
}
#define RT_ENTRY(m, i) ((const mlopt_entry *)rt_record(m, &(m)->entries, i))
#define RT_SYMBOL(m, i) ((const mlopt_symbol *)rt_record(m, &(m)->symbols, i))
#define RT_TENSOR(m, i) ((const mlopt_tensor *)rt_record(m, &(m)->tensors, i))
#define RT_DIM(m, i) ((const mlopt_dim *)rt_record(m, &(m)->dims, i))
#define RT_LEVEL(m, i) ((const mlopt_level *)rt_record(m, &(m)->levels, i))
#define RT_CODE(m, i) ((const mlopt_code *)rt_record(m, &(m)->codes, i))
#define RT_LAUNCH(m, i) ((const mlopt_launch *)rt_record(m, &(m)->launches, i))
#define RT_CHECK(m, i) ((const mlopt_check *)rt_record(m, &(m)->checks, i))
#define RT_TRAINING(m, i) ((const mlopt_training_tensor *)rt_record(m, &(m)->training, i))

/*===---- module.c ----*/

struct mlopt_rt_module {
  _Atomic int64_t references;
  const mlopt_module *header;
  uint32_t level;
  bool metadata_only;
  const uint8_t *weights;
  void *weights_map; /**< mapping to undo, or null */
  size_t weights_map_bytes;
  void (*unload)(struct mlopt_rt_module *); /**< what the loader wants done at the end, or null */
  void *library;
  void *file_map;
  size_t file_map_bytes;
  pthread_mutex_t gpu_lock; /**< guards `gpus` */
  struct rt_gpu *gpus;      /**< the module on the GPUs where it is in use (cuda/device.h) */
};

/** Makes a module of a checked image. `embedded` is the address of embedded weights (null: header +
 * link entry 0); `artefact` the path that a weights file lies beside, or null. */
RT_INTERNAL mlopt_rt_status_t rt_module_make(const mlopt_module *header,
                                             const mlopt_rt_module_options_t *options,
                                             const uint8_t *embedded, const char *artefact,
                                             mlopt_rt_module_t **module);
RT_INTERNAL mlopt_rt_status_t rt_check_module_options(const mlopt_rt_module_options_t *options);

/** Fills `symbols` (one per symbol of the entry point) from sizes by name. Those left out get their
 * maximum if `largest` and there is one, else their usual size. */
RT_INTERNAL mlopt_rt_status_t rt_symbols_from_sizes(const mlopt_module *m, const mlopt_entry *e,
                                                    const mlopt_rt_size_t *sizes, uint32_t count,
                                                    bool largest, int64_t *symbols);
RT_INTERNAL mlopt_rt_status_t rt_check_symbol_range(const mlopt_module *m, const mlopt_symbol *s,
                                                    int64_t value);
/** Calls the size program and turns its result into a status. */
RT_INTERNAL mlopt_rt_status_t rt_call_sizes(const mlopt_module *m, const mlopt_entry *e,
                                            const mlopt_code *c, const int64_t *symbols,
                                            int64_t threads, int64_t *values);
/** Gives the pages of the weights back to the system, as far as they are unchanged pages of a file
 * that can be read again. */
RT_INTERNAL void rt_drop_weight_pages(const mlopt_rt_module_t *module);
static inline const mlopt_code *rt_code_of(const mlopt_module *m, uint32_t level, uint32_t entry) {
  return RT_CODE(m, level * m->entries.count + entry);
}

/*===---- memory.c ----*/

/** Memory aligned to MLOPT_ALIGNMENT. Zero it before the first use. */
typedef struct rt_block {
  uint8_t *data;
  uint64_t capacity;
  void *map;
  size_t map_bytes;
} rt_block;
/** Makes the block at least `bytes` large. Its contents are lost where it grows. False: out of
 * memory, block unchanged. */
RT_INTERNAL bool rt_block_reserve(rt_block *block, uint64_t bytes);
RT_INTERNAL void rt_block_release(rt_block *block);

/*===---- gang.c ----*/

/** A barrier for one gang. All threads of a gang pass through the same one. Zero it, then set
 * spin_ns. */
typedef struct rt_barrier {
  _Alignas(64) _Atomic uint32_t arrived;
  _Alignas(64) _Atomic uint32_t phase;
  _Atomic uint32_t sleepers;
  uint64_t spin_ns;
} rt_barrier;
RT_INTERNAL void rt_barrier_wait(rt_barrier *barrier, int64_t threads);
RT_INTERNAL uint64_t rt_clock_ns(void);
RT_INTERNAL void rt_futex_wait(_Atomic uint32_t *word, uint32_t value);
RT_INTERNAL void rt_futex_wake(_Atomic uint32_t *word, int count);
/** Spins up to `spin_ns` while *word == value. True when it changed. */
RT_INTERNAL bool rt_spin_while(_Atomic uint32_t *word, uint32_t value, uint64_t spin_ns);
/** How long threads of a gang of this size spin before they sleep. */
RT_INTERNAL uint64_t rt_spin_time(int64_t threads);
RT_INTERNAL uint32_t rt_fp_enter(void);
RT_INTERNAL void rt_fp_leave(uint32_t mode);
/** Holds the thread up for a random time, for the debug mode. */
RT_INTERNAL void rt_random_delay(void);

/*===---- pool.c ----*/

/** The pool that contexts without one share; it ends with its last user. */
RT_INTERNAL mlopt_rt_status_t rt_shared_pool(mlopt_rt_pool_t **pool);

/*===---- executor.c ----*/

typedef struct rt_executor rt_executor;
RT_INTERNAL rt_executor *rt_executor_create(const mlopt_rt_executor_ops_t *ops, void *self);
RT_INTERNAL void rt_executor_release(rt_executor *executor);
RT_INTERNAL int64_t rt_executor_threads(const rt_executor *executor);
RT_INTERNAL void rt_executor_enter(rt_executor *executor, int64_t wanted, mlopt_rt_gang_fn fn,
                                   void *user);

/*===---- context.c, run.c ----*/

struct mlopt_rt_context {
  _Atomic uint32_t busy;
  uint32_t debug;
  mlopt_rt_module_t *module;
  mlopt_rt_pool_t *pool; /**< null: one thread */
  const mlopt_module *header;
  const mlopt_entry *entry;
  const mlopt_code *code;
  uint32_t entry_index;
  mlopt_run_fn run;
  int64_t threads;
  bool caller_arena;
  rt_block arena;
  /* Arrays made with the context, so that a run allocates nothing. */
  int64_t *symbols, *values;
  int64_t *infer_symbols,
      *infer_values; /**< symbols of a check that must not disturb the last run */
  const void **inputs;
  void **outputs;
  const mlopt_rt_tensor_t **input_views; /**< by input, the view given or null */
  mlopt_rt_tensor_t **output_views;      /**< by output, the view given or null */
  rt_block *output_blocks;
  mlopt_rt_tensor_t *last_outputs;
  bool ran;
  bool sized; /**< `values` are those of `symbols` */
  uint64_t *profile;
  int64_t gang;
  struct rt_gpu_context *gpu; /**< null: the CPU (cuda/gpu.h) */
  mlopt_run_frame frame;
  rt_barrier barrier;
  _Alignas(64) uint64_t error;
};

/** Name of a tensor for messages. */
static inline const char *rt_tensor_name(const mlopt_module *m, const mlopt_tensor *t) {
  return rt_string(m, t->name);
}
RT_INTERNAL uint64_t rt_dense_bytes(uint32_t dtype, const int64_t *dims, uint32_t rank);
/** Bytes of an input with the symbols of this run. */
RT_INTERNAL uint64_t rt_input_bytes(const mlopt_rt_context_t *c, uint32_t index);
/** The status that an error slot means; NULL for none. */
RT_INTERNAL mlopt_rt_status_t rt_bad_data(const mlopt_rt_context_t *c, uint64_t error);
/** Takes and gives back the context for the caller's thread; on a GPU its context is current
 * between the two. */
RT_INTERNAL mlopt_rt_status_t rt_lock(mlopt_rt_context_t *c);
RT_INTERNAL void rt_unlock(mlopt_rt_context_t *c);
/** Makes sure that the arena holds what `values` ask for. */
RT_INTERNAL mlopt_rt_status_t rt_reserve_arena(mlopt_rt_context_t *c, const int64_t *values);

#endif /* MLOPT_RUNTIME_CORE_INTERNAL_H */
