// What the tests of the fake driver share: the library opened by path, every function of
// Entries.def by dlsym, and checks that name what went wrong.
#ifndef HARNESS_H
#define HARNESS_H

#include "../CudaApi.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENTRY(NAME, SUFFIX, SINCE, KIND, PARAMETERS, ARGUMENTS) CUresult(*NAME##SUFFIX) PARAMETERS;
static struct {
#include "../Entries.def"
} cu;

/// Fails the test unless `call` returns `wanted`.
#define EXPECT(wanted, call) expect(wanted, call, #call, __LINE__)
#define OK(call) EXPECT(CUDA_SUCCESS, call)
/// Fails the test unless `condition` holds.
#define THAT(condition) that((condition) != 0, #condition, __LINE__)

static inline void expect(CUresult wanted, CUresult got, const char *call, int line) {
  if (wanted == got)
    return;
  const char *name = NULL, *wantedName = NULL;
  cu.cuGetErrorName(got, &name);
  cu.cuGetErrorName(wanted, &wantedName);
  fprintf(stderr, "line %d: %s returned %s (%d), expected %s\n", line, call, name ? name : "?", got,
          wantedName ? wantedName : "?");
  exit(1);
}

static inline void that(int holds, const char *condition, int line) {
  if (holds)
    return;
  fprintf(stderr, "line %d: not true: %s\n", line, condition);
  exit(1);
}

/// Opens the library; functions that it lacks stay null.
static inline void openDriver(const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    exit(1);
  }
  void *address;
#define ENTRY(NAME, SUFFIX, SINCE, KIND, PARAMETERS, ARGUMENTS)                                    \
  address = dlsym(library, #NAME #SUFFIX);                                                         \
  memcpy(&cu.NAME##SUFFIX, &address, sizeof address);
#include "../Entries.def"
}

/// The same, and a context of device 0.
static inline CUcontext start(const char *path) {
  CUcontext context;
  openDriver(path);
  OK(cu.cuInit(0));
  OK(cu.cuDevicePrimaryCtxRetain(&context, 0));
  OK(cu.cuCtxSetCurrent(context));
  return context;
}

#define PTX_HEADER ".version 7.8\n.target sm_80\n.address_size 64\n"

/// y[i] = x[i] + value for i < n: kernel add(u64 y, u64 x, u32 n, u32 value).
static const char kAdd[] = PTX_HEADER
    ".visible .entry add(.param .u64 y, .param .u64 x, .param .u32 n, .param .u32 value)\n"
    "{\n"
    "  .reg .pred %p<2>;\n"
    "  .reg .b32 %r<8>;\n"
    "  .reg .b64 %rd<8>;\n"
    "  ld.param.u64 %rd1, [y];\n"
    "  ld.param.u64 %rd2, [x];\n"
    "  ld.param.u32 %r1, [n];\n"
    "  ld.param.u32 %r2, [value];\n"
    "  mov.u32 %r3, %ctaid.x;\n"
    "  mov.u32 %r4, %ntid.x;\n"
    "  mov.u32 %r5, %tid.x;\n"
    "  mad.lo.s32 %r6, %r3, %r4, %r5;\n"
    "  setp.ge.u32 %p1, %r6, %r1;\n"
    "  @%p1 bra $done;\n"
    "  cvta.to.global.u64 %rd3, %rd1;\n"
    "  cvta.to.global.u64 %rd4, %rd2;\n"
    "  mul.wide.u32 %rd5, %r6, 4;\n"
    "  add.s64 %rd6, %rd3, %rd5;\n"
    "  add.s64 %rd7, %rd4, %rd5;\n"
    "  ld.global.u32 %r7, [%rd7];\n"
    "  add.s32 %r7, %r7, %r2;\n"
    "  st.global.u32 [%rd6], %r7;\n"
    "$done:\n"
    "  ret;\n"
    "}\n";

static CUmodule loadedModules[16];
static unsigned loadedCount;

/// A kernel of a new module, which unloadAll gives back.
static inline CUfunction loadKernel(const char *ptx, const char *name) {
  CUmodule module;
  CUfunction function;
  OK(cu.cuModuleLoadData(&module, ptx));
  loadedModules[loadedCount++] = module;
  OK(cu.cuModuleGetFunction(&function, module, name));
  return function;
}

/// `wanted`: the error that the context has.
static inline void unloadAll(CUresult wanted) {
  while (loadedCount)
    EXPECT(wanted, cu.cuModuleUnload(loadedModules[--loadedCount]));
}

/// Launches `add` of kAdd over n elements in blocks of 64.
static inline CUresult launchAdd(CUfunction add, CUdeviceptr y, CUdeviceptr x, unsigned n,
                                 unsigned value, CUstream stream) {
  void *arguments[] = {&y, &x, &n, &value};
  return cu.cuLaunchKernel(add, (n + 63) / 64, 1, 1, 64, 1, 1, 0, stream, arguments, NULL);
}

static inline CUdeviceptr allocate(size_t bytes) {
  CUdeviceptr address = 0;
  OK(cu.cuMemAlloc_v2(&address, bytes));
  return address;
}

#endif
