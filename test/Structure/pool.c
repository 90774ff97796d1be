// A run of a whole model forms one gang: the pool is woken once however many launches there are.

// REQUIRES: mlopt, x86_64
// RUN: rm -rf %t && mkdir -p %t
// RUN: %mlopt %src_root/test/Integration/models/bert.onnx -o %t/bert.so --header=none
// RUN: %mlopt %src_root/test/Integration/models/mobilenetv2.onnx -o %t/mobilenetv2.so --header=none
// RUN: %mlopt %src_root/test/Integration/models/lstm.onnx -o %t/lstm.so --header=none
// RUN: %{rtcc} %s -o %t/pool
// RUN: %t/pool %t/bert.so | FileCheck %s
// RUN: %t/pool %t/mobilenetv2.so | FileCheck %s
// RUN: %t/pool %t/lstm.so | FileCheck %s
// Left to itself, a model of some microseconds runs on the caller's thread alone.
// RUN: env MLOPT_RT_DEBUG= %t/pool %t/bert.so | FileCheck %s --check-prefix=SMALL
// SMALL: own pool: 50 runs of more than one launch, 0 gangs of 1, entered 0 times by 0

#include "../Runtime/Inputs/check.h"

// A pool of two threads that counts: each gang is two calls of `fn`, the second on a new thread.
#include <pthread.h>
#include <stdatomic.h>

static _Atomic long entered, members;
struct call {
  mlopt_rt_gang_fn fn;
  void *user;
};
static void *second(void *arg) {
  struct call *call = arg;
  atomic_fetch_add(&members, 1);
  call->fn(call->user, 1, 2);
  return NULL;
}
static int64_t two(void *self) { return 2; }
static void enter(void *self, int64_t wanted, mlopt_rt_gang_fn fn, void *user) {
  struct call call = {fn, user};
  pthread_t thread;
  CHECK(wanted >= 2);
  atomic_fetch_add(&entered, 1);
  CHECK(!pthread_create(&thread, NULL, second, &call));
  atomic_fetch_add(&members, 1);
  fn(user, 0, 2);
  pthread_join(thread, NULL);
}

static void runs(mlopt_rt_module_t *m, mlopt_rt_pool_t *pool, int64_t threads, const char *what) {
  enum { RUNS = 50 };
  mlopt_rt_context_t *c = context(m, NULL, threads, pool);
  uint32_t count = mlopt_rt_module_input_count(m, 0);
  mlopt_rt_tensor_t inputs[8];
  void *data[8];
  CHECK(count <= 8);
  for (uint32_t i = 0; i < count; ++i) {
    mlopt_rt_tensor_info_t info = {.struct_size = sizeof(info)};
    ok(mlopt_rt_module_input(m, 0, i, &info));
    int64_t dims[MLOPT_MAX_RANK], elements = 1;
    for (uint32_t d = 0; d < info.rank; ++d)
      elements *= dims[d] = info.dims[d].size;
    CHECK(elements > 0);
    CHECK(!posix_memalign(&data[i], 64, elements * 8));
    memset(data[i], 0, elements * 8);
    inputs[i] = mlopt_rt_tensor_make(info.name, info.dtype, info.rank, dims, data[i], 0);
  }
  ok(mlopt_rt_context_run(c, inputs, count, NULL, 0));
  uint64_t before = mlopt_rt_pool_gangs(pool);
  entered = members = 0;
  for (int i = 0; i < RUNS; ++i)
    ok(mlopt_rt_context_run(c, inputs, count, NULL, 0));
  CHECK(mlopt_rt_context_launch_count(c) > 1);
  printf("%s: %d runs of more than one launch, %llu gangs of %lld, entered %ld times by %ld\n",
         what, RUNS, (unsigned long long)(mlopt_rt_pool_gangs(pool) - before),
         (long long)mlopt_rt_context_gang(c), (long)entered, (long)members);
  mlopt_rt_context_release(c);
  for (uint32_t i = 0; i < count; ++i)
    free(data[i]);
}

int main(int argc, char **argv) {
  mlopt_rt_module_t *m;
  mlopt_rt_pool_t *pool;
  ok(mlopt_rt_module_open(argv[1], NULL, &m));
  // CHECK: own pool: 50 runs of more than one launch, 50 gangs of 2, entered 0 times by 0
  ok(mlopt_rt_pool_create(2, &pool));
  runs(m, pool, 2, "own pool");
  mlopt_rt_pool_release(pool);
  // CHECK: caller's pool: 50 runs of more than one launch, 50 gangs of 2, entered 50 times by 100
  mlopt_rt_pool_ops_t ops = {.struct_size = sizeof(ops), .max_threads = two, .enter = enter};
  ok(mlopt_rt_pool_from_ops(&ops, NULL, &pool));
  runs(m, pool, 2, "caller's pool");
  mlopt_rt_pool_release(pool);
  mlopt_rt_module_release(m);
  return 0;
}
