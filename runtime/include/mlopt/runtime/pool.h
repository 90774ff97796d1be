/*===-- pool.h - Threads ------------------------------------------------------------*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* A run is executed by a *gang*: 1 to `wanted` threads that all run at the same time, the caller
|* among them. A pool makes gangs. The runtime has one of its own; a caller may bring another in
|* either of two forms:
|*   - `mlopt_rt_pool_from_ops`: it can form gangs itself;
|*   - `mlopt_rt_pool_from_executor`: it can only run a function "soon, on some thread" (any task
|*     queue).
|* Threads never change a result: it is the same to the bit with any number of them.
\*===---------------------------------------------------------------------------------===*/
#ifndef MLOPT_RUNTIME_POOL_H
#define MLOPT_RUNTIME_POOL_H

#include "mlopt/runtime/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mlopt_rt_pool mlopt_rt_pool_t;

/** What a gang executes; each thread has its own `thread` in [0, threads). */
typedef void (*mlopt_rt_gang_fn)(void *user, int64_t thread, int64_t threads);

/** A pool that the caller implements. All functions may be called from several threads at once. */
typedef struct mlopt_rt_pool_ops {
  uint32_t struct_size;
  uint32_t reserved;
  /** Runs `fn(user, t, n)` for t = 0 .. n - 1 on n threads, 1 <= n <= wanted, that are all running
   * at the same time (they wait for each other inside `fn`), and returns when all have returned.
   * The calling thread is one of them. Must not wait for a thread that is busy with something else:
   * with none free, n = 1. */
  void (*enter)(void *self, int64_t wanted, mlopt_rt_gang_fn fn, void *user);
  /** Number of threads of a gang at most. */
  int64_t (*max_threads)(void *self);
} mlopt_rt_pool_ops_t;

/** A task queue that the caller implements. */
typedef struct mlopt_rt_executor_ops {
  uint32_t struct_size;
  uint32_t reserved;
  /** Calls `task(arg)` once, at any later time, on a thread of its choice. Returns 0; anything else
   * means that it will not. */
  int (*submit)(void *self, void (*task)(void *arg), void *arg);
  /** Number of threads that execute tasks. */
  int64_t (*workers)(void *self);
} mlopt_rt_executor_ops_t;

/** The runtime's own pool of `threads` threads, the caller of a run counted: threads - 1 are
 * started. 0 = as many as the process may use CPUs. Idle threads spin for about 100 microseconds,
 * then sleep; they do not spin where the pool has more threads than there are CPUs. In a forked
 * child the pool has no threads and every gang has one. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_pool_create(int64_t threads, mlopt_rt_pool_t **pool);

/** A pool of the caller; `*ops` is copied, `self` must outlive the pool. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_pool_from_ops(const mlopt_rt_pool_ops_t *ops, void *self,
                                                      mlopt_rt_pool_t **pool);

/** A pool over a task queue of the caller. A run submits tasks, takes those that start at once into
 * its gang and goes on without the others, which return as soon as they start. `self` must outlive
 * the pool, and every task that it accepted must be called some time, even after the pool is gone:
 * a task dropped leaks a few kilobytes. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_pool_from_executor(const mlopt_rt_executor_ops_t *ops,
                                                           void *self, mlopt_rt_pool_t **pool);

MLOPT_RT_API void mlopt_rt_pool_retain(mlopt_rt_pool_t *pool);

/** Gives up a pool; its threads end with the last reference. NULL is allowed. */
MLOPT_RT_API void mlopt_rt_pool_release(mlopt_rt_pool_t *pool);

/** Size of the largest gang. */
MLOPT_RT_API int64_t mlopt_rt_pool_threads(const mlopt_rt_pool_t *pool);

/** How many gangs the pool has formed since it was made, those of one thread included. */
MLOPT_RT_API uint64_t mlopt_rt_pool_gangs(const mlopt_rt_pool_t *pool);

/** Runs `fn` on a gang, as `mlopt_rt_pool_ops_t.enter` says. */
MLOPT_RT_API void mlopt_rt_pool_enter(mlopt_rt_pool_t *pool, int64_t wanted, mlopt_rt_gang_fn fn,
                                      void *user);

/** Number of CPUs that the process may use now (its affinity mask). */
MLOPT_RT_API int64_t mlopt_rt_cpu_count(void);

#ifdef __cplusplus
}
#endif
#endif /* MLOPT_RUNTIME_POOL_H */
