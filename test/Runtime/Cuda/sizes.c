// Ever new sizes: 1,000 lengths run with flat memory and without building graphs for them; sizes that come again get a graph,
// of which the last 16 are kept; other pointers are written into it.

// RUN: %{rtcc} %S/Inputs/gpu_image.c -o %t.image && %t.image %S/Inputs/demo.ptx > %t.s
// RUN: %{rtcc} %s %S/Inputs/gpu_code.c %t.s -o %t -ldl
// RUN: rm -f %t.trace && %cuda MLOPT_FAKE_CUDA_TRACE=%t.trace %t lengths
// RUN: FileCheck --check-prefix=LENGTHS --implicit-check-not=cuGraphInstantiateWithFlags( --input-file=%t.trace %s
// LENGTHS: {{^}}cuLaunchKernel(
// RUN: rm -f %t.trace && %cuda MLOPT_FAKE_CUDA_TRACE=%t.trace %t again && grep -c '^cuGraphInstantiate' %t.trace | FileCheck --check-prefix=AGAIN %s
// Five lengths, one graph each.
// AGAIN: {{^}}5{{$}}
// RUN: rm -f %t.trace && %cuda MLOPT_FAKE_CUDA_TRACE=%t.trace %t many && grep -o '^cuGraphInstantiate\|^cuGraphExecDestroy\|^cuGraphLaunch' %t.trace | sort | uniq -c | FileCheck --check-prefix=MANY %s
// 20 lengths, each twice in a row; all are given back. Of the lengths after them the last 16 still have theirs, the first 4 do not.
// MANY: 20 cuGraphExecDestroy
// MANY: 20 cuGraphInstantiate
// MANY: 36 cuGraphLaunch
// Growth of the arena makes graphs anew.
// RUN: rm -f %t.trace && %cuda MLOPT_FAKE_CUDA_TRACE=%t.trace %t growth && grep -o '^cuGraphInstantiate\|^cuGraphExecDestroy' %t.trace | sort | uniq -c | FileCheck --check-prefix=GROWTH %s
// GROWTH: 2 cuGraphExecDestroy
// GROWTH: 2 cuGraphInstantiate
// Repeated kernels are nodes of the graph, up to 4096 of them: 4097 are launched. One without turns has nothing to do.
// RUN: rm -f %t.trace && %cuda MLOPT_FAKE_CUDA_TRACE=%t.trace %t turns && grep -o '^cuGraphInstantiate\|^cuGraphLaunch\|^cuGraphAddKernelNode\|^cuLaunchKernel' %t.trace | sort | uniq -c | FileCheck --check-prefix=TURNS %s
// Twice 10 and twice 4096 (launched, then a graph), three times 4097, three times none.
// TURNS: 4106 cuGraphAddKernelNode
// TURNS: 2 cuGraphInstantiate
// TURNS: 2 cuGraphLaunch
// TURNS: 16397 cuLaunchKernel
// RUN: %cuda MLOPT_FAKE_CUDA_DEFER=1 %t lengths
// RUN: %cuda MLOPT_FAKE_CUDA_DEFER=1 MLOPT_FAKE_CUDA_SEED=7 %t many

#include "Inputs/gpu.h"

#include <sys/resource.h>

static float x[16000], y[16000], sum[4000], expected_y[16000], expected_sum[4000];
static mlopt_rt_context_t *cpu;

static void run(mlopt_rt_context_t *c, int64_t n, int shift) {
  const void *ins[1] = {x + shift};
  void *outs[2] = {expected_y, expected_sum};
  ok(mlopt_rt_context_run_pointers(cpu, &n, ins, outs));
  mlopt_rt_tensor_t in = f32("x", x + shift, 2, n, 4), out[2] = {f32("y", y, 0, 0, 0), f32("sum", sum, 0, 0, 0)};
  memset(y, 0, (size_t)n * 16);
  ok(mlopt_rt_context_run(c, &in, 1, out, 2));
  CHECK(memcmp(y, expected_y, (size_t)n * 16) == 0 && memcmp(sum, expected_sum, (size_t)n * 4) == 0);
}

static void lengths(mlopt_rt_context_t *c) {
  mlopt_rt_size_t largest = {"n", 1000};
  ok(mlopt_rt_context_prepare(c, &largest, 1, MLOPT_RT_PREPARE_OUTPUTS));
  run(c, 1000, 0);
  uint64_t room = cu_free_bytes(), arena = mlopt_rt_context_arena_bytes(c);
  struct rusage before, after;
  getrusage(RUSAGE_SELF, &before);
  for (int64_t n = 1; n <= 1000; ++n)
    run(c, n * 7 % 1001, 1);
  CHECK(cu_free_bytes() == room && mlopt_rt_context_arena_bytes(c) == arena);
  getrusage(RUSAGE_SELF, &after);
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
  return; // it keeps what has been freed
#endif
#endif
  CHECK(after.ru_maxrss - before.ru_maxrss < 4096); // KiB
}

static void turns(mlopt_rt_module_t *m) {
  mlopt_rt_context_t *c = gpu_context(m, "turns", 0), *host = context(m, "turns", 1, NULL);
  static const int64_t counts[] = {10, 10, 4096, 4096, 4097, 4097, 4097, 0, 0, 0};
  for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); ++i) {
    for (int on_gpu = 0; on_gpu < 2; ++on_gpu) {
      float *at = on_gpu ? y : expected_y;
      const void *ins[2] = {at, &counts[i]};
      void *outs[1] = {at};
      memcpy(at, x + i, 256);
      ok(mlopt_rt_context_run_pointers(on_gpu ? c : host, &counts[i], ins, outs));
    }
    CHECK(memcmp(y, expected_y, 256) == 0);
  }
  mlopt_rt_context_release(c);
  mlopt_rt_context_release(host);
}

int main(int argc, char **argv) {
  for (int i = 0; i < 16000; ++i)
    x[i] = (float)(i % 977) * 0.5f;
  mlopt_rt_module_t *m = gpu_module();
  cpu = context(m, NULL, 1, NULL);
  cu_use(0);
  mlopt_rt_context_t *c = gpu_context(m, NULL, 0);
  if (!strcmp(argv[1], "lengths"))
    lengths(c);
  if (!strcmp(argv[1], "turns"))
    turns(m);
  if (!strcmp(argv[1], "again"))
    for (int i = 0; i < 50; ++i)
      run(c, 1000 - i % 5, i); // the first is the largest
  if (!strcmp(argv[1], "many")) {
    run(c, 1000, 0);
    for (int i = 0; i < 40; ++i)
      run(c, 100 + i / 2, i);
    for (int i = 19; i >= 4; --i)
      run(c, 100 + i, i);
  }
  if (!strcmp(argv[1], "growth")) {
    for (int i = 0; i < 3; ++i)
      run(c, 100, i);
    run(c, 3000, 0);
    for (int i = 0; i < 3; ++i)
      run(c, 100, i);
  }
  mlopt_rt_context_release(c);
  mlopt_rt_context_release(cpu);
  mlopt_rt_module_release(m);
  cu_unuse(0);
  return 0;
}
