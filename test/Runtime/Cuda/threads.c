// Contexts on several threads and on two GPUs: right results, and code and weights once per module and GPU.

// RUN: %{rtcc} %S/Inputs/gpu_image.c -o %t.image && %t.image %S/Inputs/demo.ptx > %t.s
// RUN: %{rtcc} %s %S/Inputs/gpu_code.c %t.s -o %t -ldl
// RUN: rm -f %t.trace %t.leaks && %cuda MLOPT_FAKE_CUDA_ARCH=90,80 MLOPT_FAKE_CUDA_TRACE=%t.trace MLOPT_FAKE_CUDA_LEAKS=%t.leaks %t | FileCheck %s
// RUN: grep '^cuMemcpyHtoD_v2\|^cuModuleLoad\|^cuModuleUnload' %t.trace | sed 's/[(_].*//' | sort | uniq -c | FileCheck --check-prefix=ONCE %s
// The weights are two pieces; an image for each GPU, the two entry points of the first one share theirs.
// ONCE: 4 cuMemcpyHtoD
// ONCE: 2 cuModuleLoadDataEx
// ONCE: 2 cuModuleUnload
// RUN: FileCheck --check-prefix=LEAKS --input-file=%t.leaks %s
// LEAKS: {{^}}0 leaks
// RUN: %cuda MLOPT_FAKE_CUDA_ARCH=90,80 MLOPT_FAKE_CUDA_DEFER=1 %t | FileCheck %s
// Loaded when the context is made, with the kernels of this entry point only; otherwise at the first run.
// RUN: rm -f %t.trace && %cuda MLOPT_FAKE_CUDA_TRACE=%t.trace %t lazy && FileCheck --check-prefix=LAZY --input-file=%t.trace %s
// LAZY: {{^}}cuStreamCreate
// LAZY-NOT: {{^}}cuModule
// LAZY: {{^}}cuStreamCreate
// LAZY: {{^}}cuModuleLoadDataEx
// LAZY-NEXT: {{^}}cuModuleGetFunction{{.*}}"gather"
// LAZY-NEXT: {{^}}cuCtxPopCurrent
// LAZY-NOT: {{^}}cuModuleLoad
// LAZY: {{^}}cuModuleGetFunction{{.*}}"scale"
// LAZY-NOT: {{^}}cuModuleLoad
// LAZY: {{^}}cuLaunchKernel

#include "Inputs/gpu.h"

#include <pthread.h>

enum { N = 200, RUNS = 40 };
static float x[N * 4], expected_y[N * 4], expected_sum[N];
static mlopt_rt_module_t *module;

typedef struct {
  const char *device;
  int64_t first;
} Job;

static void *work(void *arg) {
  const Job *job = arg;
  mlopt_rt_context_t *c, *gather;
  ok(try_gpu_context(module, NULL, job->device, NULL, 0, &c));
  ok(try_gpu_context(module, "gather", job->device, NULL, 0, &gather));
  float y[N * 4], sum[N];
  for (int i = 0; i < RUNS; ++i) {
    int64_t n = i % 3 ? N : 1 + job->first + i;
    mlopt_rt_tensor_t in = f32("x", x + 4 * (N - n), 2, n, 4), out[2] = {f32("y", y, 0, 0, 0), f32("sum", sum, 0, 0, 0)};
    ok(mlopt_rt_context_run(c, &in, 1, out, 2));
    // The last n rows, backwards, are the first n of all.
    CHECK(memcmp(y, expected_y, (size_t)n * 16) == 0 && memcmp(sum, expected_sum, (size_t)n * 4) == 0);
    int64_t index[2] = {i % N, 3}, two = 2;
    mlopt_rt_tensor_t table[2] = {f32("table", x, 2, N, 4), mlopt_rt_tensor_make("index", MLOPT_DTYPE_I64, 1, &two, index, 16)};
    mlopt_rt_tensor_t rows = f32("out", y, 0, 0, 0);
    ok(mlopt_rt_context_run(gather, table, 2, &rows, 1));
    CHECK(memcmp(y, x + 4 * (i % N), 16) == 0 && memcmp(y + 4, x + 12, 16) == 0);
  }
  mlopt_rt_context_release(c);
  mlopt_rt_context_release(gather);
  return NULL;
}

static void lazy(void) {
  mlopt_rt_context_t *first = gpu_context(module, NULL, 0), *all = gpu_context(module, "gather", MLOPT_RT_CONTEXT_EAGER);
  float y[N * 4];
  mlopt_rt_tensor_t in = f32("x", x, 2, N, 4), out = f32("y", y, 0, 0, 0);
  ok(mlopt_rt_context_run(first, &in, 1, &out, 1));
  mlopt_rt_context_release(first);
  mlopt_rt_context_release(all);
}

int main(int argc, char **argv) {
  for (int i = 0; i < N * 4; ++i)
    x[i] = (float)i * 0.5f;
  module = gpu_module();
  if (argc > 1) {
    lazy();
    mlopt_rt_module_release(module);
    return 0;
  }
  mlopt_rt_context_t *cpu = context(module, NULL, 1, NULL);
  int64_t n = N;
  const void *ins[1] = {x};
  void *outs[2] = {expected_y, expected_sum};
  ok(mlopt_rt_context_run_pointers(cpu, &n, ins, outs));
  mlopt_rt_context_release(cpu);
  // Held, so that code and weights stay while threads come and go.
  mlopt_rt_context_t *hold[2];
  ok(try_gpu_context(module, NULL, "cuda:0", NULL, 0, &hold[0]));
  ok(try_gpu_context(module, NULL, "cuda:1", NULL, 0, &hold[1]));
  // CHECK: sm_90 and sm_80
  printf("%s and %s\n", mlopt_rt_context_target(hold[0]), mlopt_rt_context_target(hold[1]));
  Job jobs[4] = {{"cuda:0", 0}, {"cuda:0", 50}, {"cuda:1", 0}, {"cuda", 100}};
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i)
    CHECK(pthread_create(&threads[i], NULL, work, &jobs[i]) == 0);
  for (int i = 0; i < 4; ++i)
    pthread_join(threads[i], NULL);
  mlopt_rt_context_release(hold[0]);
  mlopt_rt_context_release(hold[1]);
  mlopt_rt_module_release(module);
  // CHECK: done
  printf("done\n");
  return 0;
}
