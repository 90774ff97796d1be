// Running on a GPU: results as on the CPU, memory of the CPU and of the GPU in every combination, every error that a caller
// can make.

// RUN: %{rtcc} %S/Inputs/gpu_image.c -o %t.image && %t.image %S/Inputs/demo.ptx > %t.s
// RUN: %{rtcc} %s %S/Inputs/gpu_code.c %t.s -o %t -ldl
// RUN: rm -f %t.leaks
// RUN: %cuda MLOPT_FAKE_CUDA_LEAKS=%t.leaks MLOPT_FAKE_CUDA_ARCH=90,80 %t 0 | FileCheck %s
// RUN: FileCheck --check-prefix=LEAKS --input-file=%t.leaks %s
// LEAKS: {{^}}0 leaks
// Kernel by kernel; all kernels at once; poisoned; waiting after each launch; work that is done only when somebody waits.
// RUN: %cuda MLOPT_FAKE_CUDA_ARCH=90,80 %t 4 | FileCheck %s
// RUN: %cuda MLOPT_FAKE_CUDA_ARCH=90,80 %t 2 | FileCheck %s
// RUN: %cuda MLOPT_FAKE_CUDA_ARCH=90,80 MLOPT_RT_DEBUG=poison %t 0 | FileCheck %s
// RUN: %cuda MLOPT_FAKE_CUDA_ARCH=90,80 MLOPT_RT_DEBUG=delay %t 0 | FileCheck %s
// RUN: %cuda MLOPT_FAKE_CUDA_ARCH=90,80 MLOPT_FAKE_CUDA_DEFER=1 %t 0 | FileCheck %s
// Machine code that the driver refuses: the PTX beside it is used.
// RUN: %t.image %S/Inputs/demo.ptx --cubin > %t.cubin.s
// RUN: %{rtcc} %s %S/Inputs/gpu_code.c %t.cubin.s -o %t.cubin -ldl
// RUN: %cuda MLOPT_FAKE_CUDA_ARCH=90,80 %t.cubin 0 | FileCheck %s

#include "Inputs/gpu.h"

enum { N = 2500 }; // more than what is copied through page-locked memory at the largest size
static float x[N * 4 + 4], expected_y[N * 4], expected_sum[N];
static uint32_t flags;
static mlopt_rt_context_t *cpu;

static void expect_main(int64_t n, const float *from) {
  const void *ins[1] = {from};
  void *outs[2] = {expected_y, expected_sum};
  ok(mlopt_rt_context_run_pointers(cpu, &n, ins, outs));
}

static void check_main(int64_t n, const void *y, const void *sum) {
  CHECK(memcmp(y, expected_y, (size_t)n * 16) == 0);
  CHECK(memcmp(sum, expected_sum, (size_t)n * 4) == 0);
}

static void check_main_on_gpu(int64_t n, const void *y, const void *sum) {
  static float host_y[N * 4], host_sum[N];
  cu_read(host_y, y, (size_t)n * 16);
  cu_read(host_sum, sum, (size_t)n * 4);
  check_main(n, host_y, host_sum);
}

static void test_queries(mlopt_rt_module_t *m) {
  mlopt_rt_gpu_target_info_t t = {.struct_size = sizeof(t)};
  mlopt_rt_gpu_function_info_t f = {.struct_size = sizeof(f)};
  CHECK(mlopt_rt_module_gpu_target_count(m) == 2);
  ok(mlopt_rt_module_gpu_target(m, 1, &t));
  ok(mlopt_rt_module_gpu_function(m, 1, 6, &f));
  // CHECK: sm_90 (90): 8 functions, 512 bytes of weights; subtract: 60000 bytes of shared memory
  printf("%s (%u): %u functions, %llu bytes of weights; %s: %u bytes of shared memory\n", t.name, t.architecture,
         t.functions, (unsigned long long)t.weight_bytes, f.kernel, f.shared_bytes);
  CHECK(t.ptx_bytes > 2000 && f.registers == MLOPT_GPU_UNKNOWN && !strcmp(f.name, f.kernel));
  // CHECK: target: 5001: {{.*}}GPU architecture 2 does not exist
  show("target", mlopt_rt_module_gpu_target(m, 2, &t));
  // CHECK: function: 5001: {{.*}}function 8 of GPU architecture 0 does not exist
  show("function", mlopt_rt_module_gpu_function(m, 0, 8, &f));
}

// Memory of the CPU, of any size, in any order.
static void test_host(mlopt_rt_module_t *m) {
  mlopt_rt_context_t *c = gpu_context(m, NULL, flags);
  CHECK(mlopt_rt_context_device(c) == MLOPT_RT_DEVICE_CUDA && mlopt_rt_context_threads(c) == 1);
  // CHECK: main runs sm_90 of 3 launches
  printf("main runs %s of %u launches\n", mlopt_rt_context_target(c), mlopt_rt_context_launch_count(c));
  static float y[N * 4 + 1], sum[N];
  const int64_t sizes[] = {10, 25, 1, N, 25, 64, 0, 10, 10, 10, 25};
  for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); ++i) {
    int64_t n = sizes[i];
    expect_main(n, x + i % 3);
    memset(y, 0, sizeof(y));
    mlopt_rt_tensor_t in = f32("x", x + i % 3, 2, n, 4), out[2] = {f32("sum", sum, 0, 0, 0), f32("y", y + 1, 0, 0, 0)};
    ok(mlopt_rt_context_run(c, &in, 1, out, 2));
    check_main(n, y + 1, sum);
    CHECK(out[1].rank == 2 && out[1].dims[0] == n && out[1].data == y + 1 && out[1].device == MLOPT_RT_DEVICE_CPU);
    // Left out: memory of the context, on the CPU.
    ok(mlopt_rt_context_run(c, &in, 1, NULL, 0));
    mlopt_rt_tensor_t r[2];
    ok(mlopt_rt_context_output(c, 0, &r[0]));
    ok(mlopt_rt_context_output(c, 1, &r[1]));
    check_main(n, r[0].data, r[1].data);
    CHECK(r[0].device == MLOPT_RT_DEVICE_CPU && r[0].bytes == (uint64_t)n * 16);
  }
  mlopt_rt_tensor_t in = f32("x", x, 2, 25, 4), shapes[2];
  ok(mlopt_rt_context_infer(c, &in, 1, shapes));
  CHECK(shapes[0].dims[0] == 25 && shapes[1].rank == 1 && shapes[0].bytes == 400);
  mlopt_rt_size_t size = {"n", 4000};
  ok(mlopt_rt_context_prepare(c, &size, 1, MLOPT_RT_PREPARE_OUTPUTS));
  CHECK(mlopt_rt_context_arena_bytes(c) >= 64000);
  in.dims[0] = 4001;
  // CHECK: range: 5105: size 'n' is 4001
  show("range", mlopt_rt_context_run(c, &in, 1, NULL, 0));
  mlopt_rt_context_release(c);
}

// Memory of the GPU, in place; misaligned; owned by the context; mixed with the CPU's.
static void test_device(mlopt_rt_module_t *m) {
  mlopt_rt_context_t *c = gpu_context(m, NULL, flags);
  for (int round = 0; round < 6; ++round) {
    // Other memory in each round; in the last two no tensor is aligned to 16 bytes.
    size_t offset = round < 4 ? 0 : 4;
    int64_t n = 40;
    float *dx = (float *)cu_alloc(n * 16, offset), *dy = (float *)cu_alloc(n * 16, offset),
          *dsum = (float *)cu_alloc(n * 4, offset);
    expect_main(n, x + round);
    cu_write(dx, x + round, n * 16);
    cu_fill(dy, 0, n * 16);
    mlopt_rt_tensor_t in = on_gpu(f32("x", dx, 2, n, 4)),
                      out[2] = {on_gpu(f32("y", dy, 0, 0, 0)), on_gpu(f32("sum", dsum, 0, 0, 0))};
    ok(mlopt_rt_context_run(c, &in, 1, out, 2));
    check_main_on_gpu(n, dy, dsum);
    CHECK(out[0].data == dy && out[0].device == MLOPT_RT_DEVICE_CUDA && out[0].dims[0] == n);
    // An output with null data is the context's, where the view says.
    float sum[40];
    mlopt_rt_tensor_t owned[2] = {on_gpu(f32("y", NULL, 0, 0, 0)), f32("sum", NULL, 0, 0, 0)};
    ok(mlopt_rt_context_run(c, &in, 1, owned, 2));
    CHECK(owned[0].device == MLOPT_RT_DEVICE_CUDA && owned[1].device == MLOPT_RT_DEVICE_CPU);
    cu_read(sum, dsum, sizeof(sum));
    CHECK(memcmp(sum, owned[1].data, sizeof(sum)) == 0);
    check_main_on_gpu(n, owned[0].data, dsum);
    mlopt_rt_tensor_t last;
    ok(mlopt_rt_context_output(c, 0, &last));
    CHECK(last.device == MLOPT_RT_DEVICE_CUDA && last.data == owned[0].data);
    // Bare pointers: each is found to be the CPU's or the GPU's.
    const void *ins[2] = {dx, x + round};
    void *outs[2] = {dy, sum};
    for (int k = 0; k < 2; ++k) {
      cu_fill(dy, 0, n * 16);
      memset(sum, 0, sizeof(sum));
      ok(mlopt_rt_context_run_pointers(c, &n, ins + k, outs));
      cu_write(dsum, sum, n * 4);
      check_main_on_gpu(n, dy, dsum);
    }
    cu_free(dx, offset), cu_free(dy, offset), cu_free(dsum, offset);
  }
  mlopt_rt_context_release(c);
}

static void test_places(mlopt_rt_module_t *m) {
  mlopt_rt_context_t *c = gpu_context(m, NULL, flags);
  float y[160];
  char *dx = cu_alloc(160, 0);
  mlopt_rt_tensor_t in = on_gpu(f32("x", x, 2, 10, 4)), out = f32("y", y, 0, 0, 0);
  // CHECK: no device memory: 5001: input 'x' is said to be memory of the GPU, but address {{.*}} is none
  show("no device memory", mlopt_rt_context_run(c, &in, 1, &out, 1));
  in.data = dx + 2;
  // CHECK: misaligned: 5107: input 'x' is at address {{.*}}, which is not aligned to its elements of 4 bytes
  show("misaligned", mlopt_rt_context_run(c, &in, 1, &out, 1));
  in.data = dx, out = on_gpu(f32("y", dx + 64, 0, 0, 0));
  // CHECK: overlap: 5112: output 'y' shares memory with input 'x'
  show("overlap", mlopt_rt_context_run(c, &in, 1, &out, 1));
  in.device = 2;
  // CHECK: device: 5001: input 'x' is on device 2, expected 0 or 1
  show("device", mlopt_rt_context_run(c, &in, 1, &out, 1));
  in.device = MLOPT_RT_DEVICE_CUDA;
  mlopt_rt_context_release(c);
  ok(try_gpu_context(m, NULL, "cuda:1", NULL, flags, &c));
  // CHECK: second GPU: sm_80
  printf("second GPU: %s\n", mlopt_rt_context_target(c));
  // CHECK: other GPU: 5001: input 'x' is at address {{.*}} of GPU 0, the context runs on GPU 1; copy it there
  show("other GPU", mlopt_rt_context_run(c, &in, 1, NULL, 0));
  mlopt_rt_context_release(c);
  // CHECK: on the CPU: 5001: input 'x' is on a GPU, the context runs on the CPU
  show("on the CPU", mlopt_rt_context_run(cpu, &in, 1, NULL, 0));
  // CHECK: stream on the CPU: 5001: a stream was given, and the device is the CPU
  show("stream on the CPU", try_gpu_context(m, NULL, "cpu", &c, 0, &c));
  // CHECK: device name: 5001: there is no device 'cuda:x'; expected cpu, cuda or cuda:N
  show("device name", try_gpu_context(m, NULL, "cuda:x", NULL, 0, &c));
  // CHECK: device name: 5001: there is no device 'cuda:'
  show("device name", try_gpu_context(m, NULL, "cuda:", NULL, 0, &c));
  // CHECK: device name: 5001: there is no device 'gpu'
  show("device name", try_gpu_context(m, NULL, "gpu", NULL, 0, &c));
  // CHECK: device number: 5301: there is no GPU 2: the CUDA driver finds 2
  show("device number", try_gpu_context(m, NULL, "cuda:2", NULL, 0, &c));
  cu_free(dx, 0);
}

// Memory of the caller for the arena.
static void test_arena(mlopt_rt_module_t *m) {
  char *memory = cu_alloc(512, 0);
  mlopt_rt_context_options_t o = {.struct_size = sizeof(o), .device = "cuda", .arena = memory + 64, .arena_bytes = 448,
                                  .flags = flags};
  mlopt_rt_context_t *c;
  // CHECK: arena: 5107: the arena on the GPU is not aligned to 256 bytes
  show("arena", mlopt_rt_context_create(m, &o, &c));
  o.arena = memory, o.arena_bytes = 512;
  ok(mlopt_rt_context_create(m, &o, &c));
  float y[100], sum[25];
  mlopt_rt_tensor_t in = f32("x", x, 2, 20, 4), out[2] = {f32("y", y, 0, 0, 0), f32("sum", sum, 0, 0, 0)};
  for (int i = 0; i < 3; ++i)
    ok(mlopt_rt_context_run(c, &in, 1, out, 2));
  expect_main(20, x);
  check_main(20, y, sum);
  in.dims[0] = 30;
  // CHECK: small arena: 5110: these sizes need an arena of 576 bytes, the caller's has 512
  show("small arena", mlopt_rt_context_run(c, &in, 1, NULL, 0));
  mlopt_rt_context_release(c);
  cu_free(memory, 0);
}

// Values that a kernel cannot use: the same message as on the CPU, and the next run is right.
static void test_gather(mlopt_rt_module_t *m) {
  mlopt_rt_context_t *c = gpu_context(m, "gather", flags);
  int64_t index[3] = {2, 0, 9}, three = 3;
  mlopt_rt_tensor_t in[2] = {f32("table", x, 2, 10, 4), mlopt_rt_tensor_make("index", MLOPT_DTYPE_I64, 1, &three, index, 24)};
  for (int round = 0; round < 3; ++round) {
    mlopt_rt_tensor_t out = f32(NULL, NULL, 0, 0, 0);
    index[0] = 2, index[1] = 0, index[2] = 9;
    ok(mlopt_rt_context_run(c, in, 2, &out, 1));
    CHECK(((float *)out.data)[0] == x[8] && ((float *)out.data)[11] == x[39] && out.dims[0] == 3);
    index[1] = 10, index[2] = -1;
    // CHECK: data: 5201: index out of range at node Gather_4 (launch 0, kernel gather_rows), output element 4
    show("data", mlopt_rt_context_run(c, in, 2, &out, 1));
    mlopt_rt_tensor_t r;
    // CHECK: no results: 5001
    show("no results", mlopt_rt_context_output(c, 0, &r));
  }
  mlopt_rt_context_release(c);
}

// A size that an element of an input says, wherever that input is.
static void test_expand(mlopt_rt_module_t *m) {
  mlopt_rt_context_t *c = gpu_context(m, "expand", flags);
  int64_t two = 2;
  char *dk = cu_alloc(8, 0);
  for (int round = 0; round < 4; ++round) {
    int32_t k[2] = {77, 3 + 40 * (round / 2)};
    cu_write(dk, k, 8);
    mlopt_rt_tensor_t in[3] = {f32("a", x, 1, 4, 0), f32("b", x + 4, 1, 1, 0),
                               mlopt_rt_tensor_make("k", MLOPT_DTYPE_I32, 1, &two, k, 8)};
    if (round % 2)
      in[2].data = dk, in[2].device = MLOPT_RT_DEVICE_CUDA;
    mlopt_rt_tensor_t out = f32(NULL, NULL, 0, 0, 0);
    ok(mlopt_rt_context_run(c, in, 3, &out, 1));
    CHECK(out.dims[0] == k[1] && out.dims[1] == 4 && ((float *)out.data)[4 * k[1] - 1] == x[3] + x[4]);
    in[1].dims[0] = 3;
    // CHECK: check: 5111: node 'Add_5': dimensions 'p' and 'q' must be equal or 1 (p = 4, q = 3, k =
    show("check", mlopt_rt_context_run(c, in, 3, &out, 1));
  }
  int32_t k[2] = {0, 101};
  cu_write(dk, k, 8);
  mlopt_rt_tensor_t in[3] = {f32("a", x, 1, 4, 0), f32("b", x + 4, 1, 1, 0),
                             on_gpu(mlopt_rt_tensor_make("k", MLOPT_DTYPE_I32, 1, &two, dk, 8))};
  // CHECK: value: 5105: size 'k' is 101, the model was compiled for -5 to 100
  show("value", mlopt_rt_context_run(c, in, 3, NULL, 0));
  cu_free(dk, 0);
  mlopt_rt_context_release(c);
}

// Copies, launches in turns, an empty one, more than 48 KiB of shared memory, an input that is overwritten.
static void test_loop(mlopt_rt_module_t *m) {
  mlopt_rt_context_t *c = gpu_context(m, "loop", flags), *host = context(m, "loop", 1, NULL);
  float want_y[64], want_d[64], want_e[64], y[65], d[64], e[64];
  for (int round = 0; round < 8; ++round) {
    memcpy(want_y, x + round, 256);
    const void *ins[2] = {want_y, x + 100};
    void *outs[3] = {want_y, want_d, want_e};
    ok(mlopt_rt_context_run_pointers(host, NULL, ins, outs));
    // x on the CPU, on the GPU, and there misaligned; the result is in the same place.
    size_t offset = round % 3 == 2 ? 4 : 0;
    char *dx = cu_alloc(256, offset);
    float *hx = y + 1;
    memcpy(hx, x + round, 256);
    cu_write(dx, x + round, 256);
    mlopt_rt_tensor_t in[2] = {round % 3 ? on_gpu(f32("x", dx, 1, 64, 0)) : f32("x", hx, 1, 64, 0), f32("z", x + 100, 1, 64, 0)};
    mlopt_rt_tensor_t out[2] = {f32("d", d, 0, 0, 0), f32("e", e, 0, 0, 0)}, last;
    ok(mlopt_rt_context_run(c, in, 2, out, 2));
    ok(mlopt_rt_context_output(c, 0, &last));
    CHECK(last.data == in[0].data && last.device == in[0].device);
    if (round % 3)
      cu_read(hx, dx, 256);
    CHECK(!memcmp(hx, want_y, 256) && !memcmp(d, want_d, 256) && !memcmp(e, want_e, 256));
    cu_free(dx, offset);
  }
  mlopt_rt_context_release(c);
  mlopt_rt_context_release(host);
}

static void test_profile(mlopt_rt_module_t *m) {
  mlopt_rt_context_t *c = gpu_context(m, NULL, flags);
  uint64_t stamps[6] = {0};
  float y[100], sum[25];
  mlopt_rt_tensor_t in = f32("x", x, 2, 25, 4), out[2] = {f32("y", y, 0, 0, 0), f32("sum", sum, 0, 0, 0)};
  ok(mlopt_rt_context_set_profile(c, stamps, 6));
  for (int round = 0; round < 2; ++round) {
    ok(mlopt_rt_context_run(c, &in, 1, out, 2));
    CHECK(stamps[0]);
    for (int i = 1; i < 6; ++i)
      CHECK(stamps[i] >= stamps[i - 1]);
  }
  ok(mlopt_rt_context_set_profile(c, NULL, 0));
  ok(mlopt_rt_context_run(c, &in, 1, out, 2));
  expect_main(25, x);
  check_main(25, y, sum);
  mlopt_rt_context_release(c);
}

int main(int argc, char **argv) {
  flags = (uint32_t)atoi(argv[1]);
  for (int i = 0; i < N * 4 + 4; ++i)
    x[i] = (float)(i % 1000) * 0.25f - 7;
  mlopt_rt_module_t *m = gpu_module();
  cpu = context(m, NULL, 1, NULL);
  cu_use(0);
  test_queries(m);
  test_host(m);
  test_device(m);
  test_places(m);
  test_arena(m);
  test_gather(m);
  test_expand(m);
  test_loop(m);
  test_profile(m);
  cu_unuse(0);
  mlopt_rt_context_release(cpu);
  mlopt_rt_module_release(m);
  // CHECK: done
  printf("done\n");
  return 0;
}
