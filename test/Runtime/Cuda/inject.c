// Every call of the driver fails once, at its first, second, ... time: no crash, a message that names the call, nothing left
// behind, and the same context goes on where there is one.

// RUN: %{rtcc} %S/Inputs/gpu_image.c -o %t.image && %t.image %S/Inputs/demo.ptx > %t.s
// RUN: %{rtcc} %s %S/Inputs/gpu_code.c %t.s -o %t -ldl
// RUN: %cuda %t %t.leaks | FileCheck %s
// RUN: %cuda MLOPT_FAKE_CUDA_DEFER=1 %t %t.leaks | FileCheck %s

#include "Inputs/gpu.h"

#include <sys/wait.h>
#include <unistd.h>

// Errors of the calls that give something back are not told: there is nothing that the caller could do. What they should
// have freed stays.
static const struct {
  const char *name;
  int gives_back;
} calls[] = {
    {"cuInit", 0},
    {"cuDriverGetVersion", 0},
    {"cuDeviceGetCount", 0},
    {"cuDeviceGet", 0},
    {"cuDeviceGetName", 0},
    {"cuDeviceGetAttribute", 0},
    {"cuDevicePrimaryCtxRetain", 0},
    {"cuModuleLoadDataEx", 0},
    {"cuModuleGetFunction", 0},
    {"cuFuncSetAttribute", 0},
    {"cuMemAlloc", 0},
    {"cuMemHostAlloc", 0},
    {"cuMemcpyHtoD", 0},
    {"cuMemcpyHtoDAsync", 0},
    {"cuMemcpyDtoHAsync", 0},
    {"cuMemcpyDtoDAsync", 0},
    {"cuMemsetD8Async", 0},
    {"cuPointerGetAttributes", 0},
    {"cuStreamCreate", 0},
    {"cuStreamSynchronize", 0},
    {"cuEventCreate", 0},
    {"cuEventRecord", 0},
    {"cuEventElapsedTime", 0},
    {"cuLaunchKernel", 0},
    {"cuGraphCreate", 0},
    {"cuGraphAddKernelNode", 0},
    {"cuGraphAddMemcpyNode", 0},
    {"cuGraphInstantiateWithFlags", 0},
    {"cuGraphExecKernelNodeSetParams", 0},
    {"cuGraphExecMemcpyNodeSetParams", 0},
    {"cuGraphLaunch", 0},
    {"cuCtxPushCurrent", 1}, // before anything is given back, too
    {"cuMemFree", 1},
    {"cuMemFreeHost", 1},
    {"cuModuleUnload", 1},
    {"cuGraphDestroy", 1},
    {"cuGraphExecDestroy", 1},
    {"cuStreamDestroy", 1},
    {"cuEventDestroy", 1},
    {"cuDevicePrimaryCtxRelease", 1},
    {"cuCtxPopCurrent", 1},
};

static float x[4000], expected[64];
static const char *failing;
static int failures;

// True if the status is success; else it must name the call, and the next try must succeed.
static int good(mlopt_rt_status_t s) {
  if (!s)
    return 1;
  mlopt_rt_code_t code = mlopt_rt_status_code(s);
  const char *message = mlopt_rt_status_message(s);
  // Memory that is not there is named by what it was for.
  if (failures++ || (code != MLOPT_RT_DRIVER && code != MLOPT_RT_DEVICE_OUT_OF_MEMORY) ||
      (code == MLOPT_RT_DRIVER && !strstr(message, failing))) {
    printf("%s: unexpected error %d: %s\n", failing, code, message);
    exit(1);
  }
  mlopt_rt_status_release(s);
  return 0;
}

static mlopt_rt_context_t *make(mlopt_rt_module_t *m, const char *entry, uint32_t flags) {
  mlopt_rt_context_t *c;
  while (!good(try_gpu_context(m, entry, "cuda", NULL, flags, &c)))
    CHECK(!c);
  return c;
}

// All that a program may do, with every call that the runtime has.
static void scenario(void) {
  mlopt_rt_module_t *m = gpu_module();
  mlopt_rt_context_t *c = make(m, "main", 0), *stream = make(m, "main", MLOPT_RT_CONTEXT_NO_GRAPH), *loop = make(m, "loop", 0),
                     *loop_stream = make(m, "loop", MLOPT_RT_CONTEXT_NO_GRAPH), *gather = make(m, "gather", 0);
  float y[4000], sum[1000], d[64], e[64];
  uint64_t stamps[6];
  for (int i = 0; i < 8; ++i) {
    mlopt_rt_context_t *use = i % 2 ? stream : c;
    int64_t n = i < 6 ? 10 : 1000;
    mlopt_rt_tensor_t in = f32("x", x, 2, n, 4),
                      out[2] = {f32("y", i < 4 ? y : NULL, 0, 0, 0), f32("sum", sum, 0, 0, 0)};
    out[0].device = i < 4 ? MLOPT_RT_DEVICE_CPU : MLOPT_RT_DEVICE_CUDA;
    ok(mlopt_rt_context_set_profile(use, i == 3 ? stamps : NULL, 6));
    memset(sum, 0, sizeof(sum));
    while (!good(mlopt_rt_context_run(use, &in, 1, out, 2)))
      ;
    for (int64_t r = 0; r < n; ++r) {
      float s = 0;
      const float bias[4] = {0.5f, -1.0f, 0.25f, 3.0f};
      for (int j = 0; j < 4; ++j) {
        float v = 2 * x[4 * (n - 1 - r) + j] + bias[j];
        CHECK(i >= 4 || y[4 * r + j] == v);
        s = j ? s + v : v;
      }
      CHECK(sum[r] == s);
    }
  }
  mlopt_rt_tensor_t there[2] = {f32("d", NULL, 0, 0, 0), f32("e", NULL, 0, 0, 0)};
  there[0].device = there[1].device = MLOPT_RT_DEVICE_CUDA;
  for (int i = 0; i < 3; ++i) {
    // What kernels overwrite is lost after an error: each try has its own. The first run gets memory of the GPU from its
    // context, the third one uses that, so that nodes of the graph get other pointers.
    do {
      memcpy(y, x, 256);
      mlopt_rt_tensor_t in[2] = {f32("x", y, 1, 64, 0), f32("z", x, 1, 64, 0)},
                        out[2] = {f32("d", d, 0, 0, 0), f32("e", e, 0, 0, 0)};
      if (i == 2)
        in[1].data = there[0].data, in[1].device = MLOPT_RT_DEVICE_CUDA, out[1] = there[1];
      if (good(mlopt_rt_context_run(i ? loop : loop_stream, in, 2, i ? out : there, 2)))
        break;
    } while (1);
    CHECK(memcmp(y, expected, 256) == 0);
  }
  int64_t index[2] = {3, 99}, rows[2] = {10, 2};
  for (int i = 0; i < 2; ++i) {
    const void *ins[2] = {x, index};
    void *outs[1] = {y};
    mlopt_rt_status_t s;
    do {
      index[1] = i ? 4 : 99;
      s = mlopt_rt_context_run_pointers(gather, rows, ins, outs);
    } while (mlopt_rt_status_code(s) != MLOPT_RT_BAD_DATA && !good(s));
    CHECK(i ? !s && y[4] == x[16] : mlopt_rt_status_code(s) == MLOPT_RT_BAD_DATA);
    mlopt_rt_status_release(s);
  }
  mlopt_rt_context_release(c);
  mlopt_rt_context_release(stream);
  mlopt_rt_context_release(loop);
  mlopt_rt_context_release(loop_stream);
  mlopt_rt_context_release(gather);
  mlopt_rt_module_release(m);
}

// Number `n` of the calls of a function fails: false where there are not so many.
static int try_failure(const char *leaks, const char *name, int gives_back, int n) {
  char what[96];
  snprintf(what, sizeof(what), "%s:%d:%d", name, n, 999);
  unlink(leaks);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    setenv("MLOPT_FAKE_CUDA_FAIL", what, 1);
    setenv("MLOPT_FAKE_CUDA_LEAKS", leaks, 1);
    failing = name;
    scenario();
    exit(failures ? 7 : 0);
  }
  int status;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status) || (WEXITSTATUS(status) != 7 && WEXITSTATUS(status) != 0)) {
    printf("%s: call %d: %s %d\n", name, n, WIFEXITED(status) ? "exit code" : "signal",
           WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
    exit(1);
  }
  char line[256] = "";
  FILE *in = fopen(leaks, "r");
  if (in) {
    if (!fgets(line, sizeof(line), in))
      line[0] = 0;
    fclose(in);
  }
  if (!gives_back && strncmp(line, "0 leaks", 7)) {
    printf("%s: call %d: %s\n", name, n, line);
    exit(1);
  }
  return WEXITSTATUS(status) == 7;
}

int main(int argc, char **argv) {
  for (int i = 0; i < 4000; ++i)
    x[i] = (float)(i % 100) * 0.25f;
  for (int i = 0; i < 64; ++i) {
    expected[i] = x[i] * 0.5f + 1;
    for (int turn = 0; turn < 5; ++turn)
      expected[i] = expected[i] * 0.5f + (float)(turn + 1);
  }
  int told = 0;
  for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); ++i) {
    int n = 0, silent = 0;
    // Some are told, some are not; behind the last one nothing fails.
    while (silent < 4)
      silent = try_failure(argv[1], calls[i].name, calls[i].gives_back, ++n) ? 0 : silent + 1;
    if (!calls[i].gives_back && n == 4) {
      printf("%s: no failure was told\n", calls[i].name);
      exit(1);
    }
    told += n - 4;
  }
  // CHECK: {{^[1-9][0-9][0-9]}} failures were told
  printf("%d failures were told\n", told);
  return 0;
}
