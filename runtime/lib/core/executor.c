/*===-- executor.c - Gangs over a task queue of the caller ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "internal.h"

/* A task may start at once, late, or after the run is over. So a run opens a slot, submits tasks
 * that point to it, takes those that joined within a short time, closes the slot and goes on. A
 * task that finds its slot closed goes away. The slot is free again when all its tasks have started
 * and left: with a queue that never gets on, the slots run out, and runs stop submitting. */

enum { RT_SLOTS = 16, RT_JOIN_NS = 50 * 1000 };
#define RT_OPEN 0x80000000u

typedef struct rt_slot {
  _Alignas(64) _Atomic uint32_t references; /**< tasks that have not left, and the run */
  _Atomic uint32_t state;                   /**< RT_OPEN | number of tasks that joined */
  _Atomic uint32_t waiting;                 /**< tasks asleep until the slot is closed */
  mlopt_rt_gang_fn fn;
  void *user;
  rt_executor *executor;
  uint64_t spin_ns;
  _Alignas(64) _Atomic uint32_t finished;
  _Atomic uint32_t awaited;
} rt_slot;

struct rt_executor {
  mlopt_rt_executor_ops_t ops;
  void *self;
  _Atomic int64_t
      references; /**< the pool, and the slots in use: late tasks still point to theirs */
  rt_slot slots[RT_SLOTS];
};

RT_INTERNAL rt_executor *rt_executor_create(const mlopt_rt_executor_ops_t *ops, void *self) {
  void *memory = NULL;
  if (posix_memalign(&memory, 64, sizeof(rt_executor)) != 0)
    return NULL;
  memset(memory, 0, sizeof(rt_executor));
  rt_executor *x = memory;
  x->ops = *ops;
  x->self = self;
  atomic_store(&x->references, 1);
  for (int i = 0; i < RT_SLOTS; ++i)
    x->slots[i].executor = x;
  return x;
}

RT_INTERNAL void rt_executor_release(rt_executor *x) {
  if (x && atomic_fetch_sub(&x->references, 1) == 1)
    free(x);
}

RT_INTERNAL int64_t rt_executor_threads(const rt_executor *x) {
  return 1 + x->ops.workers(x->self);
}

/* A slot belongs to a run from the moment it takes the count of references from 0 to 1; it is free
 * again when the count is 0. */
static void rt_slot_leave(rt_slot *slot, uint32_t count) {
  rt_executor *x = slot->executor;
  if (atomic_fetch_sub(&slot->references, count) == count)
    rt_executor_release(x);
}

static void rt_slot_task(void *arg) {
  rt_slot *slot = arg;
  uint32_t state = atomic_load(&slot->state);
  do {
    if (!(state & RT_OPEN)) {
      rt_slot_leave(slot, 1);
      return;
    }
  } while (!atomic_compare_exchange_weak(&slot->state, &state, state + 1));
  int64_t thread = (int64_t)(state & ~RT_OPEN) + 1;
  /* Others may join meanwhile, which changes the word: wait for the flag. */
  uint64_t end = slot->spin_ns ? rt_clock_ns() + slot->spin_ns : 0;
  while ((state = atomic_load(&slot->state)) & RT_OPEN) {
    if (end && rt_clock_ns() < end) {
      rt_spin_while(&slot->state, state, 1000);
      continue;
    }
    atomic_fetch_add(&slot->waiting, 1);
    while ((state = atomic_load(&slot->state)) & RT_OPEN)
      rt_futex_wait(&slot->state, state);
    atomic_fetch_sub(&slot->waiting, 1);
  }
  slot->fn(slot->user, thread, (int64_t)state + 1);
  atomic_fetch_add(&slot->finished, 1);
  if (atomic_load(&slot->awaited))
    rt_futex_wake(&slot->finished, 1);
  rt_slot_leave(slot, 1);
}

static rt_slot *rt_slot_take(rt_executor *x) {
  for (int i = 0; i < RT_SLOTS; ++i) {
    uint32_t expected = 0;
    if (!atomic_compare_exchange_strong(&x->slots[i].references, &expected, 1))
      continue;
    atomic_fetch_add(&x->references, 1);
    return &x->slots[i];
  }
  return NULL;
}

RT_INTERNAL void rt_executor_enter(rt_executor *x, int64_t wanted, mlopt_rt_gang_fn fn,
                                   void *user) {
  int64_t workers = x->ops.workers(x->self);
  uint32_t tasks = (uint32_t)(wanted - 1 < workers ? wanted - 1 : workers > 0 ? workers : 0);
  rt_slot *slot = tasks ? rt_slot_take(x) : NULL;
  if (!slot) {
    fn(user, 0, 1);
    return;
  }
  slot->fn = fn;
  slot->user = user;
  slot->spin_ns = rt_spin_time((int64_t)tasks + 1);
  atomic_store(&slot->finished, 0);
  atomic_store(&slot->awaited, 0);
  atomic_fetch_add(&slot->references, tasks);
  atomic_store(&slot->state, RT_OPEN);
  uint32_t refused = 0;
  for (uint32_t i = 0; i < tasks; ++i)
    if (x->ops.submit(x->self, rt_slot_task, slot) != 0)
      ++refused;
  uint32_t full = RT_OPEN | (tasks - refused), state;
  uint64_t end = rt_clock_ns() + RT_JOIN_NS;
  while ((state = atomic_load(&slot->state)) != full && rt_clock_ns() < end)
    rt_spin_while(&slot->state, state, 1000);
  uint32_t joined = atomic_fetch_and(&slot->state, ~RT_OPEN) & ~RT_OPEN;
  if (atomic_load(&slot->waiting))
    rt_futex_wake(&slot->state, INT32_MAX);
  fn(user, 0, (int64_t)joined + 1);
  uint32_t finished;
  end = rt_clock_ns() + slot->spin_ns;
  while ((finished = atomic_load(&slot->finished)) != joined) {
    if (rt_clock_ns() < end) {
      rt_spin_while(&slot->finished, finished, 1000);
      continue;
    }
    atomic_store(&slot->awaited, 1);
    if ((finished = atomic_load(&slot->finished)) != joined)
      rt_futex_wait(&slot->finished, finished);
  }
  rt_slot_leave(slot, 1 + refused);
}
