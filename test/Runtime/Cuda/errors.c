// What keeps a model from a GPU is told before anything is half done, each in a message of its own; and nothing is left behind.

// RUN: %{rtcc} %S/Inputs/gpu_image.c -o %t.image && %t.image %S/Inputs/demo.ptx > %t.s
// RUN: %{rtcc} %s %S/Inputs/gpu_code.c %t.s -o %t -ldl

// A file that is no library hides the driver of a machine that has one.
// RUN: rm -rf %t.dir && mkdir %t.dir && touch %t.dir/libcuda.so.1
// RUN: env LD_LIBRARY_PATH=%t.dir %t | FileCheck --check-prefix=MISSING %s
// MISSING: main: 5301: there is no CUDA driver: {{.*}}libcuda.so.1{{.*}}; install NVIDIA's driver for CUDA 12.0 or newer, or run on the CPU

// RUN: %cuda MLOPT_FAKE_CUDA_DRIVER=11080 %t | FileCheck --check-prefix=OLD %s
// OLD: main: 5302: the CUDA driver is for CUDA 11.8, expected 12.0 or newer; update NVIDIA's driver
// RUN: %cuda MLOPT_FAKE_CUDA_DRIVER=0 %t | FileCheck --check-prefix=NONE %s
// NONE: main: 5301: the CUDA driver finds no GPU (cuInit: error 100)
// RUN: %cuda MLOPT_FAKE_CUDA_HIDE=cuMemcpyDtoDAsync %t | FileCheck --check-prefix=HIDDEN %s
// HIDDEN: main: 5302: the CUDA driver (for CUDA 13.0) has no function cuMemcpyDtoDAsync; update NVIDIA's driver
// RUN: %cuda MLOPT_FAKE_CUDA_DRIVER=12000 %t | FileCheck --check-prefix=FINE %s
// Without cuGetProcAddress functions are found by their names.
// RUN: %cuda MLOPT_FAKE_CUDA_HIDE=cuGetProcAddress,cuGetProcAddress_v2 %t | FileCheck --check-prefix=FINE %s
// Without one of the functions for graphs, or those for messages, a driver still serves.
// RUN: rm -f %t.trace
// RUN: %cuda MLOPT_FAKE_CUDA_TRACE=%t.trace MLOPT_FAKE_CUDA_HIDE=cuGraphLaunch,cuMemGetInfo %t | FileCheck --check-prefix=FINE %s
// RUN: FileCheck --check-prefix=STREAM --input-file=%t.trace %s
// STREAM-NOT: {{^}}cuGraph
// STREAM: {{^}}cuLaunchKernel(
// STREAM-NOT: {{^}}cuGraph
// FINE: main: 0: ok
// FINE: run: 0: ok
// FINE: run: 0: ok
// FINE: run: 0: ok

// RUN: %cuda MLOPT_FAKE_CUDA_ARCH=75 %t | FileCheck --check-prefix=ARCH %s
// ARCH: main: 5303: GPU 0 ({{.*}}) is an sm_75, module 'demo' has code for sm_80, sm_90; compile it with --gpu=sm_75
// A newer GPU takes the newest PTX, one between two targets the older one.
// RUN: %cuda MLOPT_FAKE_CUDA_ARCH=120 %t | FileCheck --check-prefix=NEWER %s
// NEWER: target: sm_90
// RUN: %cuda MLOPT_FAKE_CUDA_ARCH=89 %t | FileCheck --check-prefix=BETWEEN %s
// BETWEEN: target: sm_80
// RUN: %t.image %S/Inputs/demo.ptx --no-gpu > %t.none.s && %{rtcc} %s %S/Inputs/gpu_code.c %t.none.s -o %t.none -ldl
// RUN: %cuda %t.none | FileCheck --check-prefix=NOCODE %s
// NOCODE: main: 5303: module 'demo' has no code for GPUs; compile it with --gpu=sm_90, for example

// Kernels that the driver does not take.
// RUN: sed s/fma.rn.f32/fma.rx.f32/ %S/Inputs/demo.ptx > %t.bad.ptx
// RUN: %t.image %t.bad.ptx > %t.bad.s && %{rtcc} %s %S/Inputs/gpu_code.c %t.bad.s -o %t.bad -ldl
// RUN: rm -f %t.leaks && %cuda MLOPT_FAKE_CUDA_LEAKS=%t.leaks %t.bad 2>/dev/null | FileCheck --check-prefix=PTX %s
// RUN: FileCheck --check-prefix=LEAKS --input-file=%t.leaks %s
// PTX: main: 0: ok
// PTX-NEXT: run: 5305: cannot load the kernels for sm_90 of module 'demo': cuModuleLoadDataEx failed: CUDA_ERROR_INVALID_PTX (218){{.*}}fma.rx
// RUN: sed 's/entry reverse/entry other/' %S/Inputs/demo.ptx > %t.name.ptx
// RUN: %t.image %t.name.ptx > %t.name.s && %{rtcc} %s %S/Inputs/gpu_code.c %t.name.s -o %t.name -ldl
// RUN: %cuda %t.name | FileCheck --check-prefix=NAME %s
// NAME: run: 5305: cuModuleGetFunction failed: CUDA_ERROR_NOT_FOUND (500){{.*}}, for kernel reverse (function reverse)
// LEAKS: {{^}}0 leaks

// No room: for the weights (when the context is made), for the arena (when a run needs it). Less asked for, it works.
// RUN: rm -f %t.leaks && %cuda MLOPT_FAKE_CUDA_LEAKS=%t.leaks MLOPT_FAKE_CUDA_MEMORY=400 %t | FileCheck --check-prefix=WEIGHTS %s
// RUN: FileCheck --check-prefix=LEAKS --input-file=%t.leaks %s
// WEIGHTS: main: 5304: GPU 0 has no 512 bytes of memory left for the weights of module 'demo': {{[0-9]+}} of {{[0-9]+}} are free
// RUN: rm -f %t.leaks && %cuda MLOPT_FAKE_CUDA_LEAKS=%t.leaks MLOPT_FAKE_CUDA_MEMORY=40000 %t | FileCheck --check-prefix=ARENA %s
// RUN: FileCheck --check-prefix=LEAKS --input-file=%t.leaks %s
// ARENA: main: 0: ok
// ARENA: large: 5304: GPU 0 has no {{[0-9]+}} bytes of memory left for the arena of module 'demo'
// ARENA: run: 0: ok

// An error that ends all work on the device: each run says so, and what is given up is given up.
// RUN: %cuda %t crash 2>/dev/null | FileCheck --check-prefix=CRASH %s
// CRASH: crash: 5305: cu{{[A-Za-z]+}} failed: CUDA_ERROR_ILLEGAL_ADDRESS (700){{.*}}; the process cannot use this GPU any more, start it again, in a run of 'crash' of module 'demo' on GPU 0; with MLOPT_RT_DEBUG=delay the message names the kernel
// CRASH: again: 5305: {{.*}}CUDA_ERROR_ILLEGAL_ADDRESS (700)
// CRASH: other: 5305: {{.*}}CUDA_ERROR_ILLEGAL_ADDRESS (700)
// RUN: %cuda MLOPT_RT_DEBUG=delay %t crash 2>/dev/null | FileCheck --check-prefix=NAMED %s
// NAMED: crash: 5305: {{.*}}CUDA_ERROR_ILLEGAL_ADDRESS (700){{.*}}, at node Crash_11 (launch 0, kernel crash)

// Damaged tables.
// RUN: %t.image %S/Inputs/demo.ptx --spoil=param > %t.b.s && %{rtcc} %s %S/Inputs/gpu_code.c %t.b.s -o %t.b -ldl && %t.b | FileCheck --check-prefix=PARAM %s
// PARAM: module: 5004: the linked module is damaged: a node of a launch for GPUs makes no sense
// RUN: %t.image %S/Inputs/demo.ptx --spoil=block > %t.b.s && %{rtcc} %s %S/Inputs/gpu_code.c %t.b.s -o %t.b -ldl && %t.b | FileCheck --check-prefix=PARAM %s
// RUN: %t.image %S/Inputs/demo.ptx --spoil=after > %t.b.s && %{rtcc} %s %S/Inputs/gpu_code.c %t.b.s -o %t.b -ldl && %t.b | FileCheck --check-prefix=AFTER %s
// AFTER: module: 5004: the linked module is damaged: a launch for GPUs waits for a later one
// RUN: %t.image %S/Inputs/demo.ptx --spoil=weights > %t.b.s && %{rtcc} %s %S/Inputs/gpu_code.c %t.b.s -o %t.b -ldl && %t.b | FileCheck --check-prefix=PLACE %s
// PLACE: module: 5004: the linked module is damaged: weights for GPUs lie outside of the weights
// RUN: %t.image %S/Inputs/demo.ptx --spoil=ptx > %t.b.s && %{rtcc} %s %S/Inputs/gpu_code.c %t.b.s -o %t.b -ldl && %t.b | FileCheck --check-prefix=TEXT %s
// TEXT: module: 5004: the linked module is damaged: an image for GPUs lies outside of it
// RUN: %t.image %S/Inputs/demo.ptx --spoil=abi > %t.b.s && %{rtcc} %s %S/Inputs/gpu_code.c %t.b.s -o %t.b -ldl && %t.b | FileCheck --check-prefix=ABI %s
// ABI: module: 5004: the linked module is damaged: a module for GPUs states a runtime interface that has none

#include "Inputs/gpu.h"

static float x[16000], y[16000], sum[4000];

static mlopt_rt_status_t run(mlopt_rt_context_t *c, int64_t n) {
  mlopt_rt_tensor_t in = f32("x", x, 2, n, 4), out[2] = {f32("y", y, 0, 0, 0), f32("sum", sum, 0, 0, 0)};
  mlopt_rt_status_t s = mlopt_rt_context_run(c, &in, 1, out, 2);
  const float bias[4] = {0.5f, -1.0f, 0.25f, 3.0f};
  for (int64_t i = 0; !s && i < 4; ++i)
    CHECK(y[i] == 2 * x[4 * n - 4 + i] + bias[i]);
  return s;
}

static void crash(mlopt_rt_module_t *m) {
  mlopt_rt_context_t *c = gpu_context(m, "crash", 0), *other = gpu_context(m, "main", 0);
  const void *ins[1] = {x};
  void *outs[1] = {y};
  show("crash", mlopt_rt_context_run_pointers(c, NULL, ins, outs));
  show("again", mlopt_rt_context_run_pointers(c, NULL, ins, outs));
  show("other", run(other, 10));
  mlopt_rt_context_release(c);
  mlopt_rt_context_release(other);
}

int main(int argc, char **argv) {
  mlopt_rt_module_t *m;
  mlopt_rt_status_t s = mlopt_rt_module_from_query(demo_module_query, NULL, &m);
  if (s) {
    show("module", s);
    return 0;
  }
  for (int i = 0; i < 16000; ++i)
    x[i] = (float)i;
  if (argc > 1) {
    crash(m);
  } else {
    mlopt_rt_context_t *c;
    s = try_gpu_context(m, NULL, "cuda", NULL, 0, &c);
    CHECK(s ? !c : c != NULL);
    show("main", s);
    if (c) {
      show("run", run(c, 10));
      printf("target: %s\n", mlopt_rt_context_target(c));
      show("large", run(c, 4000));
      show("run", run(c, 10));
      show("run", run(c, 10));
    }
    mlopt_rt_context_release(c);
    // The CPU serves whatever the GPU does.
    c = context(m, NULL, 1, NULL);
    ok(run(c, 10));
    mlopt_rt_context_release(c);
  }
  mlopt_rt_module_release(m);
  return 0;
}
