// Streams of the caller, runs that return when their work is on the stream, and the order of both.

// RUN: %{rtcc} %S/Inputs/gpu_image.c -o %t.image && %t.image %S/Inputs/demo.ptx > %t.s
// RUN: %{rtcc} %s %S/Inputs/gpu_code.c %t.s -o %t -ldl
// The work is done only when somebody waits: what is read too early is the old value.
// RUN: rm -f %t.leaks && %cuda MLOPT_FAKE_CUDA_DEFER=1 MLOPT_FAKE_CUDA_LEAKS=%t.leaks %t late 1 | FileCheck %s
// RUN: FileCheck --check-prefix=LEAKS --input-file=%t.leaks %s
// LEAKS: {{^}}0 leaks
// RUN: %cuda MLOPT_FAKE_CUDA_DEFER=1 %t late 5 | FileCheck %s
// RUN: %cuda %t now 1 | FileCheck %s
// RUN: %cuda MLOPT_RT_DEBUG=poison %t now 5 | FileCheck %s

#include "Inputs/gpu.h"

enum { N = 30 };
static float x[4 * N], y[4 * N], sum[N], expected[4 * N];
static void *stream;
static uint32_t flags;
static int late;

static void wait(void) { CU("cuStreamSynchronize", (void *), stream); }

static void test_order(mlopt_rt_module_t *m) {
  mlopt_rt_context_t *c, *cpu = context(m, NULL, 1, NULL);
  ok(try_gpu_context(m, NULL, "cuda", stream, flags, &c));
  CHECK(mlopt_rt_context_stream(c) == stream);
  float *dx = (float *)cu_alloc(sizeof(x), 0), *dy = (float *)cu_alloc(sizeof(y), 0), *dsum = (float *)cu_alloc(sizeof(sum), 0);
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 4 * N; ++i)
      x[i] = (float)(i + 100 * round);
    int64_t n = N;
    const void *ins[1] = {x};
    void *outs[2] = {expected, sum};
    ok(mlopt_rt_context_run_pointers(cpu, &n, ins, outs));
    cu_fill(dy, 0, sizeof(y));
    wait();
    for (int i = 0; i < 4 * N; ++i)
      y[i] = -1;
    // x comes by the same stream: the run follows the copy.
    CU("cuMemcpyHtoDAsync_v2", (uint64_t, const void *, size_t, void *), (uintptr_t)dx, x, sizeof(x), stream);
    mlopt_rt_tensor_t in = on_gpu(f32("x", dx, 2, N, 4)), out[2] = {on_gpu(f32("y", dy, 0, 0, 0)), on_gpu(f32("sum", dsum, 0, 0, 0))};
    if (round == 3) { // misaligned: copied to and fro, also on the stream
      in.data = dx + 1, out[0].data = dy + 1;
      in.dims[0] = --n;
    }
    ok(mlopt_rt_context_run(c, &in, 1, out, 2));
    CU("cuMemcpyDtoHAsync_v2", (void *, uint64_t, size_t, void *), y, (uintptr_t)dy, sizeof(y), stream);
    CHECK(!late || y[5] == -1); // nothing has been done yet
    if (round % 2)
      ok(mlopt_rt_context_synchronize(c));
    else
      wait();
    if (round < 3) {
      CHECK(memcmp(y, expected, sizeof(y)) == 0);
      continue;
    }
    for (int64_t r = 0; r < n; ++r)
      CHECK(y[1 + 4 * r] == 2 * x[1 + 4 * (n - 1 - r)] + 0.5f);
  }
  ok(mlopt_rt_context_synchronize(c));
  // A tensor on the CPU: the run waits in any case.
  for (int round = 0; round < 2; ++round) {
    mlopt_rt_tensor_t in = f32("x", x, 2, N, 4), out = f32("y", y, 0, 0, 0);
    memset(y, 0, sizeof(y));
    ok(mlopt_rt_context_run(c, &in, 1, &out, 1));
    CHECK(memcmp(y, expected, sizeof(y)) == 0);
  }
  // A run that nobody waits for, then a larger one, which needs another arena, then the context goes.
  mlopt_rt_tensor_t in = on_gpu(f32("x", dx, 2, 1, 4)), out[2] = {on_gpu(f32("y", NULL, 0, 0, 0)), on_gpu(f32("sum", NULL, 0, 0, 0))};
  ok(mlopt_rt_context_run(c, &in, 1, out, 2));
  char *large = cu_alloc(64000, 0);
  cu_fill(large, 0, 64000);
  in = on_gpu(f32("x", large, 2, 4000, 4));
  out[0].data = out[1].data = NULL;
  ok(mlopt_rt_context_run(c, &in, 1, out, 2));
  mlopt_rt_context_release(c);
  mlopt_rt_context_release(cpu);
  cu_free(large, 0), cu_free(dx, 0), cu_free(dy, 0), cu_free(dsum, 0);
}

// Without the flag a run waits, wherever its tensors are.
static void test_waiting(mlopt_rt_module_t *m) {
  mlopt_rt_context_t *c;
  ok(try_gpu_context(m, NULL, "cuda", stream, 0, &c));
  float *dx = (float *)cu_alloc(sizeof(x), 0);
  cu_write(dx, x, sizeof(x));
  mlopt_rt_tensor_t in = on_gpu(f32("x", dx, 2, N, 4)),
                    out[2] = {on_gpu(f32("y", NULL, 0, 0, 0)), on_gpu(f32("sum", NULL, 0, 0, 0))};
  for (int round = 0; round < 3; ++round) {
    ok(mlopt_rt_context_run(c, &in, 1, out, 2));
    CU("cuStreamQuery", (void *), stream); // not "not ready"
  }
  mlopt_rt_context_release(c);
  cu_free(dx, 0);
}

// What the error slot says is told by who waits, once.
static void test_errors(mlopt_rt_module_t *m) {
  mlopt_rt_context_t *c;
  ok(try_gpu_context(m, "gather", "cuda", stream, flags, &c));
  int64_t index[3] = {2, 0, 9}, three = 3;
  char *di = cu_alloc(24, 0), *dt = cu_alloc(160, 0), *dout = cu_alloc(48, 0);
  cu_write(dt, x, 160);
  mlopt_rt_tensor_t in[2] = {on_gpu(f32("table", dt, 2, 10, 4)), on_gpu(mlopt_rt_tensor_make("index", MLOPT_DTYPE_I64, 1, &three, di, 24))};
  mlopt_rt_tensor_t out = on_gpu(f32("out", dout, 0, 0, 0)), r;
  for (int round = 0; round < 3; ++round) {
    index[1] = 0;
    cu_write(di, index, 24);
    ok(mlopt_rt_context_run(c, in, 2, &out, 1));
    ok(mlopt_rt_context_synchronize(c));
    ok(mlopt_rt_context_output(c, 0, &r));
    index[1] = 10;
    cu_write(di, index, 24);
    ok(mlopt_rt_context_run(c, in, 2, &out, 1));
    // CHECK: data: 5201: index out of range at node Gather_4 (launch 0, kernel gather_rows), output element 4
    show("data", mlopt_rt_context_synchronize(c));
    // CHECK: no results: 5001
    show("no results", mlopt_rt_context_output(c, 0, &r));
    ok(mlopt_rt_context_synchronize(c));
  }
  mlopt_rt_context_release(c);
  cu_free(di, 0), cu_free(dt, 0), cu_free(dout, 0);
}

int main(int argc, char **argv) {
  late = !strcmp(argv[1], "late");
  flags = (uint32_t)atoi(argv[2]);
  mlopt_rt_module_t *m = gpu_module();
  cu_use(0);
  CU("cuStreamCreate", (void **, unsigned), &stream, 1);
  test_order(m);
  test_waiting(m);
  test_errors(m);
  // On the CPU there is nothing to wait for.
  mlopt_rt_context_t *cpu = context(m, NULL, 1, NULL);
  ok(mlopt_rt_context_synchronize(cpu));
  CHECK(!mlopt_rt_context_stream(cpu) && mlopt_rt_context_device(cpu) == MLOPT_RT_DEVICE_CPU);
  mlopt_rt_context_release(cpu);
  CU("cuStreamDestroy_v2", (void *), stream);
  mlopt_rt_module_release(m);
  cu_unuse(0);
  // CHECK: done
  printf("done\n");
  return 0;
}
