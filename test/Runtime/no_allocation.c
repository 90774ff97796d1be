// A run that fits what is reserved allocates nothing; a larger one allocates once, before it starts.

// The test counts by replacing malloc, and so does the sanitizer.
// UNSUPPORTED: asan
// RUN: %{rtcc} %S/Inputs/demo_image.c -o %t.image && %t.image > %t.s
// RUN: %{rtcc} %s %S/Inputs/demo_code.c %S/Inputs/train_module.c %t.s -o %t && %t | FileCheck %s

#include "Inputs/check.h"
#include "Inputs/train_module.h"

#include <errno.h>
#include <stdatomic.h>

const mlopt_module *demo_module_query(void);

// The test's own allocator stands in front of the C library's and counts. It never gives memory back.
static _Atomic long allocations;
static _Alignas(64) char heap[64 << 20];
static _Atomic size_t heap_used;
static void *take(size_t bytes, size_t align) {
  atomic_fetch_add(&allocations, 1);
  size_t at = atomic_fetch_add(&heap_used, bytes + align + 16);
  if (at + bytes + align + 16 > sizeof(heap))
    return NULL;
  char *p = (char *)(((uintptr_t)heap + at + 16 + align - 1) / align * align);
  ((size_t *)p)[-1] = bytes;
  return p;
}
void *malloc(size_t n) { return take(n, 16); }
void free(void *p) {}
void *calloc(size_t n, size_t m) { return take(n * m, 16); }
void *realloc(void *p, size_t n) {
  void *q = take(n, 16);
  if (p && q)
    memcpy(q, p, ((size_t *)p)[-1] < n ? ((size_t *)p)[-1] : n);
  return q;
}
int posix_memalign(void **p, size_t align, size_t n) { return (*p = take(n, align)) ? 0 : ENOMEM; }
void *aligned_alloc(size_t align, size_t n) { return take(n, align); }
void *memalign(size_t align, size_t n) { return take(n, align); }

static float x[1000 * 4], y[1000 * 4], sum[1000];

static const mlopt_module *train_query(void) { return train_module(""); }

// Steps, halves and evaluations in turns: the arena is the largest that any of them has needed.
static void train(void) {
  mlopt_rt_module_t *m;
  ok(mlopt_rt_module_from_query(train_query, NULL, &m));
  mlopt_rt_train_options_t o = {.struct_size = sizeof(o), .threads = 2};
  mlopt_rt_trainer_t *t;
  ok(mlopt_rt_train_create(m, &o, &t));
  ok(mlopt_rt_train_init(t, 0));
  ok(mlopt_rt_train_set_learning_rate(t, 0.01f));
  ok(mlopt_rt_train_set_clip_norm(t, 1));
  mlopt_rt_tensor_t in[2] = {f32("x", x, 2, 100, 3), f32("t", y, 1, 100, 0)};
  mlopt_rt_train_result_t r = {.struct_size = sizeof(r)};
  float loss, norm, *g;
  uint64_t count;
  long before = 0;
  for (int i = 0; i < 100; ++i) {
    in[0].dims[0] = in[1].dims[0] = 100 - i % 7;
    ok(mlopt_rt_train_step(t, in, 2, &loss, &norm));
    ok(mlopt_rt_train_grad(t, in, 2, &loss));
    ok(mlopt_rt_train_gradients(t, &g, &count));
    ok(mlopt_rt_train_update(t, &norm));
    mlopt_rt_tensor_t out = f32("y", sum, 0, 0, 0);
    ok(mlopt_rt_train_eval(t, in, 2, &out, 1, &r));
    if (i == 0)
      before = allocations;
  }
  printf("%ld allocations in 99 rounds of training\n", allocations - before);
  before = allocations;
  in[0].dims[0] = in[1].dims[0] = 300;
  ok(mlopt_rt_train_step(t, in, 2, &loss, NULL));
  printf("%ld allocations for a larger step\n", allocations - before);
  mlopt_rt_train_release(t);
  mlopt_rt_module_release(m);
}

int main(void) {
  mlopt_rt_module_t *m;
  ok(mlopt_rt_module_from_query(demo_module_query, NULL, &m));
  mlopt_rt_pool_t *pool;
  ok(mlopt_rt_pool_create(3, &pool));
  mlopt_rt_context_t *c = context(m, NULL, 3, pool);
  mlopt_rt_size_t n = {"n", 500};
  ok(mlopt_rt_context_prepare(c, &n, 1, MLOPT_RT_PREPARE_OUTPUTS));
  mlopt_rt_tensor_t in = f32("x", x, 2, 500, 4),
                    out[2] = {f32("y", y, 0, 0, 0), f32("sum", sum, 0, 0, 0)};
  printf("warm\n"); // the stream's buffer
  long before = allocations;
  CHECK(before > 0);
  uint64_t gangs = mlopt_rt_pool_gangs(pool);
  for (int i = 0; i < 1000; ++i) {
    in.dims[0] = 500 - i % 7;
    ok(mlopt_rt_context_run(c, &in, 1, out, 2));
    ok(mlopt_rt_context_run(c, &in, 1, NULL, 0));
  }
  // CHECK: 0 allocations in 2000 runs, 2000 gangs
  printf("%ld allocations in 2000 runs, %llu gangs\n", allocations - before,
         (unsigned long long)(mlopt_rt_pool_gangs(pool) - gangs));
  before = allocations;
  in.dims[0] = 900;
  ok(mlopt_rt_context_run(c, &in, 1, out, 2));
  // CHECK: 1 allocations for a larger run
  printf("%ld allocations for a larger run\n", allocations - before);
  before = allocations;
  in.dims[0] = 100;
  ok(mlopt_rt_context_run(c, &in, 1, out, 2));
  // CHECK: 0 allocations for a smaller run
  printf("%ld allocations for a smaller run\n", allocations - before);
  mlopt_rt_context_release(c);
  mlopt_rt_pool_release(pool);
  mlopt_rt_module_release(m);
  // CHECK: 0 allocations in 99 rounds of training
  // CHECK: 1 allocations for a larger step
  train();
  return 0;
}
