/*===-- context.h - Contexts: running a module --------------------------------------*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* A context is what one caller needs to run one entry point: the arena and the place of its
|* results. Use a context from one thread at a time (a second one gets MLOPT_RT_BUSY); different
|* contexts run concurrently.
|*
|* Contexts on a GPU
|*   The driver (libcuda.so.1, of CUDA 12.0 or newer) is opened when the first one is made. It uses
|*   the primary context of the device, as the CUDA runtime and PyTorch do. The code is that for the
|*   newest architecture that the device runs. Weights and kernels are on a device once for all
|*   contexts of a module there, and go with the last of these.
|*   - A view says by `device` where its tensor is. Memory of the GPU is used in place, memory of
|*     the CPU is copied there and back. A tensor on the GPU that is not aligned to 16 bytes costs a
|*     copy. Symbols that are elements of an input cost a wait where that input is on the GPU.
|*   - An output with null `data` is the context's, on the GPU or on the CPU as `device` of its view
|*     says; one that is left out is on the CPU.
|*   - A run has a wait at its end, unless MLOPT_RT_CONTEXT_ASYNC is set and all its tensors are on
|*     the GPU. Its work is put on the context's stream: one of its own, which waits for the
device's
|*     default stream and that one for it, or the caller's, which must outlive the context. Work on
|*     other streams that writes its inputs or reads its outputs is the caller's to order.
|*   - Launches are made into a CUDA graph. With fixed sizes the first run builds it; else each of
|*     the last 16 sets of sizes gets one when it comes the second time, and its first run launches
|*     kernel by kernel. Runs of more than 4096 nodes are always launched kernel by kernel.
|*   - With a profile, runs launch kernel by kernel and wait; stamps are those of the GPU's clock.
|*   - MLOPT_RT_DEBUG_DELAY waits after every launch, so that a driver's error names the kernel.
|*   - After an error of the driver that ends the process's work with the device, each run says so.
\*===---------------------------------------------------------------------------------===*/
#ifndef MLOPT_RUNTIME_CONTEXT_H
#define MLOPT_RUNTIME_CONTEXT_H

#include "mlopt/runtime/module.h"
#include "mlopt/runtime/pool.h"
#include "mlopt/runtime/tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mlopt_rt_context mlopt_rt_context_t;

enum {
  MLOPT_RT_DEBUG_POISON =
      1u << 0, /**< fill arena and context-owned outputs with 0xFF.. bytes (NaN) before each run */
  MLOPT_RT_DEBUG_DELAY = 1u << 1, /**< hold threads up at random at the start and at barriers */
  MLOPT_RT_DEBUG_GANG = 1u << 2   /**< take all threads, also where a run has too little work for
                                     them;   the others imply it */
};

typedef struct mlopt_rt_context_options {
  uint32_t struct_size;
  uint32_t debug; /**< MLOPT_RT_DEBUG_*; the environment variable MLOPT_RT_DEBUG=poison,delay,gang
                     adds to it */
  const char *entry; /**< entry point, or null for the default one */
  int64_t threads;   /**< threads of a run at most; 0 = those of the pool */
  mlopt_rt_pool_t
      *pool; /**< null: one thread needs none; else a pool that all contexts without one share, or,
                where that is too small for `threads`, one of the context's own */
  void *arena; /**< memory of the caller for the arena, 64-byte aligned, or null: the context
                  allocates. On a GPU: memory of the GPU, 256-byte aligned */
  uint64_t arena_bytes;
  const char *device; /**< "cpu" (also null), "cuda" or "cuda:N"; the module needs code for it */
  void *stream;   /**< a CUstream of the caller on that GPU, or null: one of the context's own */
  uint32_t flags; /**< MLOPT_RT_CONTEXT_* */
  uint32_t reserved;
} mlopt_rt_context_options_t;

enum {
  /** A run returns when its work is on the stream, if all tensors given lie on the GPU. Errors of
   * the work are told by `mlopt_rt_context_synchronize`. */
  MLOPT_RT_CONTEXT_ASYNC = 1u << 0,
  MLOPT_RT_CONTEXT_EAGER = 1u << 1,   /**< load all kernels now, not at the first run */
  MLOPT_RT_CONTEXT_NO_GRAPH = 1u << 2 /**< launch kernel by kernel, without CUDA graphs */
};

/** Makes a context; it keeps `module` and the pool alive. `options` may be null: the default entry
 * point, all CPUs. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_context_create(mlopt_rt_module_t *module,
                                                       const mlopt_rt_context_options_t *options,
                                                       mlopt_rt_context_t **context);

/** Gives up a context. NULL is allowed. */
MLOPT_RT_API void mlopt_rt_context_release(mlopt_rt_context_t *context);

enum {
  MLOPT_RT_PREPARE_OUTPUTS = 1u << 0 /**< also reserve memory for outputs that the context owns */
};

/** Reserves what runs with these sizes need (symbols left out: their maximum where there is one,
 * else their usual size). A later run that needs no more allocates nothing; a larger one grows the
 * arena once, before it starts. With an arena of the caller: checks that it suffices. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_context_prepare(mlopt_rt_context_t *context,
                                                        const mlopt_rt_size_t *sizes,
                                                        uint32_t count, uint32_t flags);

/** Runs once. Inputs and outputs are found by name, those without a name by position. Every input
 * must be there. An output that is left out, or has null data, is written to memory of the context
 * and stays valid until the next run or release. Type, rank and dims of the outputs given are
 * written; after an error the contents of outputs are undefined. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_context_run(mlopt_rt_context_t *context,
                                                    const mlopt_rt_tensor_t *inputs,
                                                    uint32_t input_count,
                                                    mlopt_rt_tensor_t *outputs,
                                                    uint32_t output_count);

/** Checks the inputs as a run does and writes type, rank, dims and bytes of all outputs (`outputs`
 * has as many views as the entry point has outputs); runs nothing and touches neither `data`
 * nor `device` of them. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_context_infer(mlopt_rt_context_t *context,
                                                      const mlopt_rt_tensor_t *inputs,
                                                      uint32_t input_count,
                                                      mlopt_rt_tensor_t *outputs);

/** Runs with bare pointers, all inputs and all outputs in order, and the value of every symbol:
 * what typed functions of a model's header call. Sizes of buffers are the caller's word; null and
 * misaligned pointers, symbols out of range and outputs that share memory with inputs or each other
 * are found. On a GPU each pointer may be the CPU's or the GPU's: the driver is asked which. An
 * output that is the new value of an input (`donated`, module.h) has that input's pointer or null;
 * the input is written to, in all ways to run. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_context_run_pointers(mlopt_rt_context_t *context,
                                                             const int64_t *symbols,
                                                             const void *const *inputs,
                                                             void *const *outputs);

/** View of output `index` of the last run. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_context_output(const mlopt_rt_context_t *context,
                                                       uint32_t index, mlopt_rt_tensor_t *output);

/** Waits for the work of the last run on a GPU and tells its error; returns at once on the CPU. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_context_synchronize(mlopt_rt_context_t *context);

/** MLOPT_RT_DEVICE_* of the context. */
MLOPT_RT_API uint32_t mlopt_rt_context_device(const mlopt_rt_context_t *context);

/** The CUstream that runs use: the caller's, or the context's own. Null on the CPU. */
MLOPT_RT_API void *mlopt_rt_context_stream(const mlopt_rt_context_t *context);

/** What the code in use was compiled for: "sm_90", or the CPU level. */
MLOPT_RT_API const char *mlopt_rt_context_target(const mlopt_rt_context_t *context);

/** Bytes of the arena now. */
MLOPT_RT_API uint64_t mlopt_rt_context_arena_bytes(const mlopt_rt_context_t *context);
/** Threads of a run at most. */
MLOPT_RT_API int64_t mlopt_rt_context_threads(const mlopt_rt_context_t *context);
/** Threads that took part in the last run. */
MLOPT_RT_API int64_t mlopt_rt_context_gang(const mlopt_rt_context_t *context);
/** Index of the entry point. */
MLOPT_RT_API uint32_t mlopt_rt_context_entry(const mlopt_rt_context_t *context);

/** Number of launches of a run, and the names of one: kernel, and the nodes of the model that it
 * stands for. */
MLOPT_RT_API uint32_t mlopt_rt_context_launch_count(const mlopt_rt_context_t *context);
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_context_launch(const mlopt_rt_context_t *context,
                                                       uint32_t launch, const char **kernel,
                                                       const char **nodes);

/** From now on runs write two time stamps in nanoseconds for each launch, [2 i] before and [2 i +
 * 1] after launch i, to `stamps`, which has room for `count` of them (at least 2 * launch_count).
 * Null ends it. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_context_set_profile(mlopt_rt_context_t *context,
                                                            uint64_t *stamps, uint64_t count);

#ifdef __cplusplus
}
#endif
#endif /* MLOPT_RUNTIME_CONTEXT_H */
