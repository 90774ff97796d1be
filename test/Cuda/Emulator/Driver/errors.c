// Errors: of arguments, of limits, of kernels. A kernel's error is reported by the next call that
// waits and by every call after it, and the memory can still be given back.
// RUN: %cc -std=c11 -Wall -Wextra -Werror %s -o %t -ldl
// RUN: rm -f %t.leaks
// RUN: env MLOPT_FAKE_CUDA_LEAKS=%t.leaks %t %obj_root/test/Cuda/lib/libcuda.so.1 2>&1 | \
// RUN:   FileCheck %s
// RUN: FileCheck %s --check-prefix=LEAKS --input-file=%t.leaks
// LEAKS-NOT: allocation
// LEAKS: {{^}}0 leaks
#include "Inputs/Harness.h"

/// One store of `bytes`-wide data at an address: kernel poke(u64 address).
static const char kPoke[] = PTX_HEADER ".visible .entry poke(.param .u64 p)\n"
                                       ".maxntid 64, 1, 1\n"
                                       "{\n"
                                       "  .reg .b64 %rd<2>;\n"
                                       "  .reg .b32 %r<2>;\n"
                                       "  .shared .align 4 .b8 tile[1024];\n"
                                       "  ld.param.u64 %rd1, [p];\n"
                                       "  mov.u32 %r1, 1;\n"
                                       "  st.shared.u32 [tile], %r1;\n"
                                       "  st.global.u32 [%rd1], %r1;\n"
                                       "  ret;\n"
                                       "}\n";

static CUresult poke(CUfunction function, CUdeviceptr address) {
  void *arguments[] = {&address};
  return cu.cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, NULL, arguments, NULL);
}

/// A new context after the last one got an error.
static CUfunction renew(void) {
  CUcontext context;
  OK(cu.cuDevicePrimaryCtxRetain(&context, 0));
  OK(cu.cuCtxSetCurrent(context));
  return loadKernel(kPoke, "poke");
}

static void leave(CUresult error) {
  unloadAll(error);
  OK(cu.cuDevicePrimaryCtxRelease_v2(0));
}

int main(int argc, char **argv) {
  THAT(argc == 2);
  openDriver(argv[1]);
  CUdeviceptr buffer, other;
  int value;

  // Before anything is set up.
  EXPECT(CUDA_ERROR_NOT_INITIALIZED, cu.cuDeviceGetCount(&value));
  EXPECT(CUDA_ERROR_INVALID_VALUE, cu.cuInit(1));
  OK(cu.cuInit(0));
  EXPECT(CUDA_ERROR_INVALID_CONTEXT, cu.cuMemAlloc_v2(&buffer, 64));
  EXPECT(CUDA_ERROR_INVALID_DEVICE, cu.cuDeviceGet(&value, 1));
  CUcontext context;
  EXPECT(CUDA_ERROR_INVALID_DEVICE, cu.cuDevicePrimaryCtxRetain(&context, 7));
  OK(cu.cuDevicePrimaryCtxRetain(&context, 0));
  OK(cu.cuCtxSetCurrent(context));

  // Copies.
  char host[64] = {0};
  buffer = allocate(64);
  THAT(buffer % 256 == 0);
  EXPECT(CUDA_ERROR_INVALID_VALUE, cu.cuMemAlloc_v2(&other, 0));
  // CHECK: target of a copy
  EXPECT(CUDA_ERROR_INVALID_VALUE, cu.cuMemcpyHtoD_v2(buffer + 1, host, 64));
  EXPECT(CUDA_ERROR_INVALID_VALUE, cu.cuMemcpyDtoH_v2(host, buffer + 4096 * 16, 4));
  // CHECK: cuMemcpyHtoD: expected an address of the host and got one of the device
  EXPECT(CUDA_ERROR_INVALID_VALUE, cu.cuMemcpyHtoD_v2(buffer, (void *)(uintptr_t)buffer, 4));
  // CHECK: cuMemcpyDtoH: expected an address of the device and got one of the host
  EXPECT(CUDA_ERROR_INVALID_VALUE, cu.cuMemcpyDtoH_v2(host, (CUdeviceptr)(uintptr_t)host, 4));
  EXPECT(CUDA_ERROR_INVALID_VALUE, cu.cuMemcpyHtoD_v2(0, host, 4));
  EXPECT(CUDA_ERROR_INVALID_VALUE, cu.cuMemsetD32_v2(buffer + 2, 0, 1));
  EXPECT(CUDA_ERROR_INVALID_VALUE, cu.cuMemsetD32_v2(buffer, 0, 17));
  OK(cu.cuMemcpy((CUdeviceptr)(uintptr_t)host, buffer, 64)); // both kinds of address are known
  THAT((unsigned char)host[0] == 0xff);                      // fresh memory is not zero

  // Frees.
  EXPECT(CUDA_ERROR_INVALID_VALUE, cu.cuMemFree_v2(buffer + 4));
  OK(cu.cuMemFree_v2(buffer));
  EXPECT(CUDA_ERROR_INVALID_VALUE, cu.cuMemFree_v2(buffer));
  // CHECK: source of a copy: {{.*}}freed
  EXPECT(CUDA_ERROR_INVALID_VALUE, cu.cuMemcpyDtoH_v2(host, buffer, 4));

  // Handles.
  EXPECT(CUDA_ERROR_INVALID_HANDLE, cu.cuStreamSynchronize((CUstream)host));
  EXPECT(CUDA_ERROR_INVALID_HANDLE, cu.cuModuleUnload((CUmodule)context));
  CUevent event;
  OK(cu.cuEventCreate(&event, 0));
  OK(cu.cuEventDestroy_v2(event));
  EXPECT(CUDA_ERROR_INVALID_HANDLE, cu.cuEventSynchronize(event));

  // Limits of launches.
  CUfunction add = loadKernel(kAdd, "add");
  CUdeviceptr y = allocate(256);
  unsigned n = 64, one = 1;
  void *arguments[] = {&y, &y, &n, &one};
  struct {
    unsigned size[6], shared;
    CUresult wanted;
  } cases[] = {
      {{1, 1, 1, 64, 1, 1}, 0, CUDA_SUCCESS},
      {{0, 1, 1, 64, 1, 1}, 0, CUDA_ERROR_INVALID_VALUE},
      {{1, 65535, 1, 1, 1, 1}, 0, CUDA_SUCCESS},
      {{1, 65536, 1, 1, 1, 1}, 0, CUDA_ERROR_INVALID_VALUE},
      {{1, 1, 65536, 1, 1, 1}, 0, CUDA_ERROR_INVALID_VALUE},
      {{0x80000000u, 1, 1, 1, 1, 1}, 0, CUDA_ERROR_INVALID_VALUE},
      {{1, 1, 1, 32, 32, 1}, 0, CUDA_SUCCESS},
      {{1, 1, 1, 1025, 1, 1}, 0, CUDA_ERROR_INVALID_VALUE},
      {{1, 1, 1, 64, 32, 1}, 0, CUDA_ERROR_INVALID_VALUE},
      {{1, 1, 1, 1, 1, 65}, 0, CUDA_ERROR_INVALID_VALUE},
      {{1, 1, 1, 64, 0, 1}, 0, CUDA_ERROR_INVALID_VALUE},
      {{1, 1, 1, 64, 1, 1}, 48 << 10, CUDA_SUCCESS},
      {{1, 1, 1, 64, 1, 1}, (48 << 10) + 1, CUDA_ERROR_INVALID_VALUE},
  };
  // CHECK: launch of add: a grid of 0x1x1
  // CHECK: launch of add: a block of 1025x1x1
  // CHECK: launch of add: 49153 bytes of dynamic shared memory, allowed are 49152; CU_FUNC
  for (unsigned i = 0; i < sizeof cases / sizeof *cases; ++i) {
    unsigned *s = cases[i].size;
    expect(cases[i].wanted,
           cu.cuLaunchKernel(add, s[0], s[1], s[2], s[3], s[4], s[5], cases[i].shared, NULL,
                             arguments, NULL),
           "launch within limits", (int)i);
  }
  CUlaunchAttribute cluster;
  memset(&cluster, 0, sizeof cluster);
  cluster.id = CU_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION;
  cluster.value.clusterDim.x = 2;
  cluster.value.clusterDim.y = cluster.value.clusterDim.z = 1;
  CUlaunchConfig config = {2, 1, 1, 32, 1, 1, 0, NULL, &cluster, 1};
  // CHECK: clusters of more than one block are not emulated
  EXPECT(CUDA_ERROR_NOT_SUPPORTED, cu.cuLaunchKernelEx(&config, add, arguments, NULL));

  // Attributes of functions: static shared memory counts.
  CUfunction function = loadKernel(kPoke, "poke");
  OK(cu.cuFuncGetAttribute(&value, CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK, function));
  THAT(value == 64);
  OK(cu.cuFuncGetAttribute(&value, CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES, function));
  THAT(value == 1024);
  OK(cu.cuFuncGetAttribute(&value, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, function));
  THAT(value == (48 << 10) - 1024);
  CUfunction_attribute dynamic = CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
  EXPECT(CUDA_ERROR_INVALID_VALUE, cu.cuFuncSetAttribute(function, dynamic, (227 << 10) - 1023));
  OK(cu.cuFuncSetAttribute(function, dynamic, (227 << 10) - 1024));
  arguments[0] = &y;
  OK(cu.cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, (227 << 10) - 1024, NULL, arguments, NULL));
  EXPECT(CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES,
         cu.cuLaunchKernel(function, 1, 1, 1, 65, 1, 1, 0, NULL, arguments, NULL));
  int blocks = 0;
  OK(cu.cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, function, 64, 100 << 10));
  THAT(blocks == 2);
  OK(cu.cuCtxSynchronize());

  // A store behind the end: the launch itself succeeds, what waits reports it, and all after it.
  // CHECK: fake CUDA: {{.*}}poke{{.*}}
  OK(poke(function, y + 256));
  EXPECT(CUDA_ERROR_ILLEGAL_ADDRESS, cu.cuCtxSynchronize());
  EXPECT(CUDA_ERROR_ILLEGAL_ADDRESS, cu.cuMemAlloc_v2(&other, 64));
  EXPECT(CUDA_ERROR_ILLEGAL_ADDRESS, cu.cuMemcpyDtoH_v2(host, y, 4));
  EXPECT(CUDA_ERROR_ILLEGAL_ADDRESS, cu.cuMemFree_v2(y)); // frees it all the same
  unloadAll(CUDA_ERROR_ILLEGAL_ADDRESS);
  OK(cu.cuDevicePrimaryCtxReset_v2(0));
  EXPECT(CUDA_ERROR_CONTEXT_IS_DESTROYED, cu.cuMemAlloc_v2(&other, 64));

  // Misalignment, and memory that is free again.
  function = renew();
  y = allocate(64);
  OK(poke(function, y + 2));
  EXPECT(CUDA_ERROR_MISALIGNED_ADDRESS, cu.cuStreamSynchronize(NULL));
  EXPECT(CUDA_ERROR_MISALIGNED_ADDRESS, cu.cuMemFree_v2(y));
  leave(CUDA_ERROR_MISALIGNED_ADDRESS);
  function = renew();
  y = allocate(64);
  OK(cu.cuMemFree_v2(y));
  OK(poke(function, y));
  EXPECT(CUDA_ERROR_ILLEGAL_ADDRESS, cu.cuStreamSynchronize(NULL));
  leave(CUDA_ERROR_ILLEGAL_ADDRESS);
  // A pointer of the host is none of the device.
  function = renew();
  OK(poke(function, (CUdeviceptr)(uintptr_t)host));
  EXPECT(CUDA_ERROR_ILLEGAL_ADDRESS, cu.cuStreamSynchronize(NULL));
  leave(CUDA_ERROR_ILLEGAL_ADDRESS);
  fprintf(stderr, "all seen\n");
  // CHECK: all seen
  return 0;
}
