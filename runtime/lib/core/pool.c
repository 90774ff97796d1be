/*===-- pool.c - The runtime's own thread pool ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "internal.h"

#include <signal.h>
#include <sys/mman.h>

/* A worker belongs to nobody (free) or to one gang (claimed). Only the claimer writes its job; only
 * the worker writes `done`; the claimer frees it once it saw the job done. So nobody ever waits for
 * a worker that is busy elsewhere. */
typedef struct rt_worker {
  _Alignas(64) _Atomic uint32_t claimed;
  _Atomic uint32_t job; /**< number of the job given; the worker sleeps on it */
  _Atomic uint32_t sleeping;
  mlopt_rt_gang_fn fn;
  void *user;
  int64_t thread, threads;
  struct rt_worker *next; /**< list of the gang that is being formed */
  _Alignas(64) _Atomic uint32_t
      done; /**< number of the job last finished; the claimer may sleep on it */
  _Atomic uint32_t awaited;
  pthread_t handle;
  uint64_t spin_ns;
} rt_worker;

enum { RT_POOL_OWN, RT_POOL_OPS, RT_POOL_EXECUTOR };

struct mlopt_rt_pool {
  _Atomic int64_t references;
  _Atomic uint64_t gangs;
  int kind;
  int64_t threads;
  rt_worker *workers;
  int64_t worker_count;
  _Atomic uint32_t
      *alive; /**< on a page that a fork wipes: 0 in the child, where the workers do not exist */
  mlopt_rt_pool_ops_t ops;
  void *self;
  rt_executor *executor;
};

static void *rt_worker_main(void *arg) {
  rt_worker *w = arg;
  uint32_t seen = 0;
  for (;;) {
    if (!rt_spin_while(&w->job, seen, w->spin_ns)) {
      atomic_store_explicit(&w->sleeping, 1, memory_order_seq_cst);
      while (atomic_load_explicit(&w->job, memory_order_seq_cst) == seen)
        rt_futex_wait(&w->job, seen);
      atomic_store_explicit(&w->sleeping, 0, memory_order_relaxed);
    }
    seen = atomic_load_explicit(&w->job, memory_order_acquire);
    if (!w->fn)
      return NULL;
    w->fn(w->user, w->thread, w->threads);
    atomic_store_explicit(&w->done, seen, memory_order_seq_cst);
    if (atomic_load_explicit(&w->awaited, memory_order_seq_cst))
      rt_futex_wake(&w->done, 1);
  }
}

static uint32_t rt_worker_give(rt_worker *w, mlopt_rt_gang_fn fn, void *user, int64_t thread,
                               int64_t threads) {
  w->fn = fn, w->user = user, w->thread = thread, w->threads = threads;
  uint32_t job = atomic_fetch_add_explicit(&w->job, 1, memory_order_seq_cst) + 1;
  if (atomic_load_explicit(&w->sleeping, memory_order_seq_cst))
    rt_futex_wake(&w->job, 1);
  return job;
}

static void rt_own_enter(mlopt_rt_pool_t *pool, int64_t wanted, mlopt_rt_gang_fn fn, void *user) {
  rt_worker *first = NULL, **last = &first;
  int64_t threads = 1;
  if (atomic_load_explicit(pool->alive, memory_order_relaxed))
    for (int64_t i = 0; i < pool->worker_count && threads < wanted; ++i) {
      rt_worker *w = &pool->workers[i];
      uint32_t expected = 0;
      if (atomic_load_explicit(&w->claimed, memory_order_relaxed) ||
          !atomic_compare_exchange_strong_explicit(&w->claimed, &expected, 1, memory_order_acquire,
                                                   memory_order_relaxed))
        continue;
      *last = w, last = &w->next, w->next = NULL;
      ++threads;
    }
  int64_t thread = 1;
  for (rt_worker *w = first; w; w = w->next)
    rt_worker_give(w, fn, user, thread++, threads);
  fn(user, 0, threads);
  for (rt_worker *w = first, *next; w; w = next) {
    uint32_t job = atomic_load_explicit(&w->job, memory_order_relaxed);
    next = w->next;
    if (!rt_spin_while(&w->done, job - 1, w->spin_ns)) {
      atomic_store_explicit(&w->awaited, 1, memory_order_seq_cst);
      while (atomic_load_explicit(&w->done, memory_order_seq_cst) != job)
        rt_futex_wait(&w->done, job - 1);
      atomic_store_explicit(&w->awaited, 0, memory_order_relaxed);
    }
    atomic_store_explicit(&w->claimed, 0, memory_order_release);
  }
}

static void rt_pool_destroy(mlopt_rt_pool_t *pool) {
  if (pool->alive) {
    if (atomic_load_explicit(pool->alive, memory_order_relaxed))
      for (int64_t i = 0; i < pool->worker_count; ++i) {
        rt_worker_give(&pool->workers[i], NULL, NULL, 0, 0);
        pthread_join(pool->workers[i].handle, NULL);
      }
    munmap(pool->alive, 4096);
  }
  rt_executor_release(pool->executor);
  free(pool->workers);
  free(pool);
}

static mlopt_rt_pool_t *rt_pool_new(int kind) {
  mlopt_rt_pool_t *pool = calloc(1, sizeof(*pool));
  if (pool) {
    atomic_init(&pool->references, 1);
    pool->kind = kind;
    pool->threads = 1;
  }
  return pool;
}

mlopt_rt_status_t mlopt_rt_pool_create(int64_t threads, mlopt_rt_pool_t **out) {
  if (!out || threads < 0 || threads > 4096)
    return rt_error(
        MLOPT_RT_INVALID_ARGUMENT,
        "a pool needs 0 (all CPUs) to 4096 threads and a place for the result, got %lld threads",
        (long long)threads);
  *out = NULL;
  if (!threads)
    threads = mlopt_rt_cpu_count();
  mlopt_rt_pool_t *pool = rt_pool_new(RT_POOL_OWN);
  if (!pool)
    return rt_out_of_memory();
  pool->alive = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pool->alive == MAP_FAILED)
    pool->alive = NULL;
  void *memory = NULL;
  if (!pool->alive ||
      (threads > 1 &&
       posix_memalign(&memory, 64, (size_t)(threads - 1) * sizeof(rt_worker)) != 0)) {
    rt_pool_destroy(pool);
    return rt_out_of_memory();
  }
  madvise(pool->alive, 4096, MADV_WIPEONFORK);
  atomic_store(pool->alive, 1);
  pool->workers = memory;
  if (memory)
    memset(memory, 0, (size_t)(threads - 1) * sizeof(rt_worker));
  /* Workers take no signals: those are the application's. */
  sigset_t all, old;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  uint64_t spin = rt_spin_time(threads);
  for (int64_t i = 0; i + 1 < threads; ++i) {
    pool->workers[i].spin_ns = spin;
    if (pthread_create(&pool->workers[i].handle, NULL, rt_worker_main, &pool->workers[i]) != 0)
      break; /* a smaller pool gives the same results */
    ++pool->worker_count;
  }
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  pool->threads = pool->worker_count + 1;
  *out = pool;
  return NULL;
}

mlopt_rt_status_t mlopt_rt_pool_from_ops(const mlopt_rt_pool_ops_t *ops, void *self,
                                         mlopt_rt_pool_t **out) {
  if (!ops || !out || ops->struct_size != sizeof(*ops) || !ops->enter || !ops->max_threads)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT,
                    "pool ops: something is null or struct_size is not %zu", sizeof(*ops));
  mlopt_rt_pool_t *pool = *out = rt_pool_new(RT_POOL_OPS);
  if (!pool)
    return rt_out_of_memory();
  pool->ops = *ops;
  pool->self = self;
  return NULL;
}

mlopt_rt_status_t mlopt_rt_pool_from_executor(const mlopt_rt_executor_ops_t *ops, void *self,
                                              mlopt_rt_pool_t **out) {
  if (!ops || !out || ops->struct_size != sizeof(*ops) || !ops->submit || !ops->workers)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT,
                    "executor ops: something is null or struct_size is not %zu", sizeof(*ops));
  mlopt_rt_pool_t *pool = *out = rt_pool_new(RT_POOL_EXECUTOR);
  if (!pool)
    return rt_out_of_memory();
  pool->executor = rt_executor_create(ops, self);
  if (!pool->executor) {
    free(pool);
    *out = NULL;
    return rt_out_of_memory();
  }
  return NULL;
}

/*===---- The shared pool ---------------------------------------------------------------===*/

static pthread_mutex_t rt_shared_lock = PTHREAD_MUTEX_INITIALIZER;
static mlopt_rt_pool_t *rt_shared;

RT_INTERNAL mlopt_rt_status_t rt_shared_pool(mlopt_rt_pool_t **out) {
  mlopt_rt_status_t status = NULL;
  pthread_mutex_lock(&rt_shared_lock);
  /* In a forked child the inherited pool has no threads; it is left to the contexts that hold it.
   */
  if (rt_shared && !atomic_load_explicit(rt_shared->alive, memory_order_relaxed))
    rt_shared = NULL;
  if (rt_shared)
    atomic_fetch_add_explicit(&rt_shared->references, 1, memory_order_relaxed);
  else
    status = mlopt_rt_pool_create(0, &rt_shared);
  *out = rt_shared;
  pthread_mutex_unlock(&rt_shared_lock);
  return status;
}

void mlopt_rt_pool_retain(mlopt_rt_pool_t *pool) {
  if (pool)
    atomic_fetch_add_explicit(&pool->references, 1, memory_order_relaxed);
}

void mlopt_rt_pool_release(mlopt_rt_pool_t *pool) {
  if (!pool)
    return;
  /* Under the lock, so that the shared pool is not handed out between its last release and its end.
   */
  pthread_mutex_lock(&rt_shared_lock);
  bool last = atomic_fetch_sub_explicit(&pool->references, 1, memory_order_acq_rel) == 1;
  if (last && pool == rt_shared)
    rt_shared = NULL;
  pthread_mutex_unlock(&rt_shared_lock);
  if (last)
    rt_pool_destroy(pool);
}

int64_t mlopt_rt_pool_threads(const mlopt_rt_pool_t *pool) {
  if (!pool)
    return 1;
  int64_t n = pool->kind == RT_POOL_OPS        ? pool->ops.max_threads(pool->self)
              : pool->kind == RT_POOL_EXECUTOR ? rt_executor_threads(pool->executor)
                                               : pool->threads;
  return n < 1 ? 1 : n;
}

uint64_t mlopt_rt_pool_gangs(const mlopt_rt_pool_t *pool) {
  return pool ? atomic_load_explicit(&pool->gangs, memory_order_relaxed) : 0;
}

void mlopt_rt_pool_enter(mlopt_rt_pool_t *pool, int64_t wanted, mlopt_rt_gang_fn fn, void *user) {
  if (!pool) {
    fn(user, 0, 1);
    return;
  }
  atomic_fetch_add_explicit(&pool->gangs, 1, memory_order_relaxed);
  if (wanted <= 1)
    fn(user, 0, 1);
  else if (pool->kind == RT_POOL_OPS)
    pool->ops.enter(pool->self, wanted, fn, user);
  else if (pool->kind == RT_POOL_EXECUTOR)
    rt_executor_enter(pool->executor, wanted, fn, user);
  else
    rt_own_enter(pool, wanted, fn, user);
}
