/*===-- gpu.h - A context on a GPU ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

/* What a context needs beyond the common part (core/internal.h) to run on a GPU. All functions but
 * rt_gpu_context_create and _release want the GPU's context to be current (rt_gpu_enter).
 *
 * A run: sizes (core/run.c), `fill` for these sizes, addresses of all tensors, copies to the
 * device, launches (a graph, or the stream), copies back, the error slot, a wait. */

#ifndef MLOPT_RUNTIME_CUDA_GPU_H
#define MLOPT_RUNTIME_CUDA_GPU_H

#include "device.h"
#include "graph.h"

/** Memory of the device that grows. */
typedef struct rt_gpu_buffer {
  rt_cu_pointer address;
  uint64_t capacity;
} rt_gpu_buffer;

/** An input or output during a run. */
typedef struct rt_gpu_tensor {
  bool on_device; /**< the caller's memory is the device's */
  bool staged;    /**< kernels work on `block`, not on the caller's memory */
  uint64_t bytes;
  uint64_t pinned;     /**< offset in the pinned memory, or RT_GPU_NOT_PINNED */
  rt_cu_pointer known; /**< address of the caller's that was found to be the device's */
  rt_gpu_buffer block; /**< the context's: a copy, or an output that it owns */
} rt_gpu_tensor;

#define RT_GPU_NOT_PINNED UINT64_MAX

struct rt_gpu_context {
  rt_gpu *gpu;
  const mlopt_gpu_code *code;
  mlopt_code host_code; /**< the part of `code` that looks like that of a CPU */
  mlopt_gpu_fill_fn fill;
  rt_cu_stream stream;
  bool own_stream, async, use_graphs, wait_for_each, records_errors;
  bool loaded;      /**< the kernels are */
  bool filled;      /**< `values` are those of the context's symbols */
  bool pending;     /**< work of runs that nobody has waited for */
  bool unsettled;   /**< a wait failed: the stream may still use memory of the context */
  bool error_dirty; /**< the error slot must be reset */
  int64_t *values;
  rt_gpu_tensor *inputs, *outputs;
  rt_gpu_buffer arena;
  bool caller_arena;
  rt_gpu_buffer control; /**< the error slot; also what empty tensors point to */
  uint8_t *pinned; /**< host memory that copies are fast from: a slot of the runtime, staging */
  uint64_t pinned_bytes;
  rt_cu_pointer *pointers; /**< of this run: inputs, then outputs */
  uint32_t pointer_count;
  uint64_t *param_values; /**< room for the parameters of one node */
  void **params;
  rt_cu_event *events; /**< of profiles: the run's begin, two for each launch; null: none yet */
  rt_graph_cache graphs;
};

/*===---- gpu.c: life, and the order of a run ----*/

/** Reads a device's name: "cpu" and null give -1, "cuda" and "cuda:N" the number of the GPU. */
RT_INTERNAL mlopt_rt_status_t rt_parse_device(const char *name, int64_t *gpu);
/** Makes the part for GPU `ordinal` of a context that has its entry point; on an error what was
 * made is in c->gpu. */
RT_INTERNAL mlopt_rt_status_t rt_gpu_context_create(mlopt_rt_context_t *c,
                                                    const mlopt_rt_context_options_t *o,
                                                    uint32_t ordinal);
/** Waits for work that is still on the stream, frees everything. */
RT_INTERNAL void rt_gpu_context_release(mlopt_rt_context_t *c);
RT_INTERNAL mlopt_rt_status_t rt_gpu_reserve_arena(mlopt_rt_context_t *c, uint64_t bytes);
/** Runs with c->inputs and c->outputs, which are checked and placed. */
RT_INTERNAL mlopt_rt_status_t rt_gpu_execute(mlopt_rt_context_t *c);
RT_INTERNAL mlopt_rt_status_t rt_gpu_synchronize(mlopt_rt_context_t *c);
/** Loads kernels before the first run. */
RT_INTERNAL mlopt_rt_status_t rt_gpu_prepare(mlopt_rt_context_t *c);

/*===---- transfer.c: memory of the caller and of the context ----*/

/** Makes `buffer` at least `bytes` large; its contents are lost where it grows. After a failure it
 * is empty. */
RT_INTERNAL mlopt_rt_status_t rt_gpu_reserve(mlopt_rt_context_t *c, rt_gpu_buffer *buffer,
                                             uint64_t bytes, const char *what);
/** Notes where the memory of a tensor is, `device` being what the caller says of it
 * (MLOPT_RT_DEVICE_*); refuses what is not memory of this GPU. `kind` is for messages. */
RT_INTERNAL mlopt_rt_status_t rt_gpu_locate(mlopt_rt_context_t *c, rt_gpu_tensor *t,
                                            const char *kind, const char *name, const void *data,
                                            uint32_t device);
/** MLOPT_RT_DEVICE_* of an address, by asking the driver. */
RT_INTERNAL mlopt_rt_status_t rt_gpu_device_of(mlopt_rt_context_t *c, const void *data,
                                               uint32_t *device);
/** Reads bytes at an address of the device, after all work on the stream. At most 8. */
RT_INTERNAL mlopt_rt_status_t rt_gpu_read(mlopt_rt_context_t *c, rt_cu_pointer address,
                                          void *target, uint32_t bytes);
/** Addresses of all tensors, with memory of the context where the caller's cannot be used. */
RT_INTERNAL mlopt_rt_status_t rt_gpu_place(mlopt_rt_context_t *c);
/** Puts the copies before and after the launches on the stream. */
RT_INTERNAL mlopt_rt_status_t rt_gpu_copy_in(mlopt_rt_context_t *c);
RT_INTERNAL mlopt_rt_status_t rt_gpu_copy_out(mlopt_rt_context_t *c);
/** The rest of copies out that went to pinned memory; the stream is at rest. */
RT_INTERNAL void rt_gpu_finish_copies(mlopt_rt_context_t *c);

/*===---- launch.c: the table ----*/

/** A node in one turn with everything resolved: a kernel, or a copy. */
typedef struct rt_gpu_launch {
  rt_cu_function function; /**< null: a copy of `bytes` from params[1] to params[0] */
  unsigned grid[3], block[3], shared_bytes;
  uint64_t bytes;
  bool touches; /**< a tensor of the caller is among its parameters */
} rt_gpu_launch;

/** How often a step's part that repeats runs; 1 where nothing repeats. */
RT_INTERNAL int64_t rt_gpu_turns(const rt_gpu_context *g, const mlopt_gpu_step *s);
/** True where a node has nothing to do. */
RT_INTERNAL bool rt_gpu_is_empty(const rt_gpu_context *g, const mlopt_gpu_node *n);
/** Resolves a node; its parameters go to g->params. */
RT_INTERNAL mlopt_rt_status_t rt_gpu_resolve(const mlopt_rt_context_t *c, const mlopt_gpu_node *n,
                                             int64_t turn, rt_gpu_launch *launch);
/** Launches everything on the stream, with stamps where a profile is wanted. */
RT_INTERNAL mlopt_rt_status_t rt_gpu_launch_all(mlopt_rt_context_t *c);
/** Turns the events of a profiled run into stamps; the stream is at rest. */
RT_INTERNAL mlopt_rt_status_t rt_gpu_read_profile(mlopt_rt_context_t *c, uint64_t begin_ns);
/** Adds the launch to the message of a failure; NULL stays NULL. */
RT_INTERNAL mlopt_rt_status_t rt_gpu_at_step(const mlopt_rt_context_t *c, uint32_t step,
                                             mlopt_rt_status_t status);

#endif /* MLOPT_RUNTIME_CUDA_GPU_H */
