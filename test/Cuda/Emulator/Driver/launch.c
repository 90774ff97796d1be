// A kernel of hand-written PTX runs by a launch, by the newer launch call and as a node of a graph,
// and its results come back. Functions come by dlsym and by cuGetProcAddress.
// RUN: %cc -std=c11 -Wall -Wextra -Werror %s -o %t -ldl
// RUN: rm -f %t.leaks %t.report
// RUN: env MLOPT_FAKE_CUDA_LEAKS=%t.leaks MLOPT_FAKE_CUDA_REPORT=%t.report \
// RUN:   %t %obj_root/test/Cuda/lib/libcuda.so.1
// RUN: FileCheck %s --input-file=%t.leaks --check-prefix=LEAKS
// RUN: FileCheck %s --input-file=%t.report --check-prefix=REPORT
// LEAKS-NOT: #
// LEAKS: {{^}}0 leaks
// REPORT-COUNT-7: "kernel":{{ ?}}"add"
// REPORT-NOT: "kernel"
// Reads of device memory that nobody wrote are counted when they are asked for.
// RUN: rm -f %t.report
// RUN: env MLOPT_FAKE_CUDA_UNINIT=1 MLOPT_FAKE_CUDA_REPORT=%t.report \
// RUN:   %t %obj_root/test/Cuda/lib/libcuda.so.1 fresh
// RUN: env MLOPT_FAKE_CUDA_REPORT=%t.report %t %obj_root/test/Cuda/lib/libcuda.so.1 fresh
// RUN: FileCheck %s --input-file=%t.report --check-prefix=FRESH
// FRESH: "uninitialized_global":{{ ?}}35{{[^0-9]}}
// FRESH: "uninitialized_global":{{ ?}}0{{[^0-9]}}
#include "Inputs/Harness.h"

enum { kCount = 1000 };

static void expectFilled(CUdeviceptr address, unsigned base) {
  unsigned got[kCount];
  OK(cu.cuMemcpyDtoH_v2(got, address, sizeof got));
  for (unsigned i = 0; i < kCount; ++i)
    THAT(got[i] == base + i);
}

/// 40 values read, of which a fill has written 4 and a copy 1.
static void readFresh(void) {
  CUfunction add = loadKernel(kAdd, "add");
  CUdeviceptr x = allocate(160), y = allocate(160);
  unsigned one = 1;
  OK(cu.cuMemsetD32_v2(x, 0, 4));
  OK(cu.cuMemcpyHtoD_v2(x + 80, &one, 4));
  OK(launchAdd(add, y, x, 40, 1, NULL));
  OK(cu.cuCtxSynchronize());
}

int main(int argc, char **argv) {
  THAT(argc >= 2);
  CUcontext context = start(argv[1]);
  if (argc > 2) {
    readFresh();
    return 0;
  }
  unsigned host[kCount];
  for (unsigned i = 0; i < kCount; ++i)
    host[i] = i;
  CUdeviceptr x = allocate(sizeof host), y = allocate(sizeof host);
  OK(cu.cuMemcpyHtoD_v2(x, host, sizeof host));
  CUmodule module;
  CUfunction add;
  OK(cu.cuModuleLoadData(&module, kAdd));
  OK(cu.cuModuleGetFunction(&add, module, "add"));
  EXPECT(CUDA_ERROR_NOT_FOUND, cu.cuModuleGetFunction(&add, module, "subtract"));

  // By the arguments' addresses.
  OK(launchAdd(add, y, x, kCount, 7, NULL));
  expectFilled(y, 7);

  // By one buffer that holds them.
  struct {
    CUdeviceptr y, x;
    unsigned n, value;
  } packed = {y, x, kCount, 9};
  size_t bytes = sizeof packed;
  void *extra[] = {CU_LAUNCH_PARAM_BUFFER_POINTER, &packed, CU_LAUNCH_PARAM_BUFFER_SIZE, &bytes,
                   CU_LAUNCH_PARAM_END};
  OK(cu.cuLaunchKernel(add, 16, 1, 1, 64, 1, 1, 0, NULL, NULL, extra));
  expectFilled(y, 9);

  // By the call with attributes, found as a loader finds it.
  CUresult (*launchEx)(const CUlaunchConfig *, CUfunction, void **, void **);
  CUdriverProcAddressQueryResult status;
  void *address;
  OK(cu.cuGetProcAddress_v2("cuLaunchKernelEx", &address, 12000, 0, &status));
  THAT(status == CU_GET_PROC_ADDRESS_SUCCESS && address);
  memcpy(&launchEx, &address, sizeof address);
  CUstream stream;
  OK(cu.cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
  CUlaunchAttribute attribute;
  memset(&attribute, 0, sizeof attribute);
  attribute.id = CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION;
  attribute.value.programmaticStreamSerializationAllowed = 1;
  CUlaunchConfig config = {16, 1, 1, 64, 1, 1, 0, stream, &attribute, 1};
  unsigned n = kCount, value = 11;
  void *arguments[] = {&y, &x, &n, &value};
  OK(launchEx(&config, add, arguments, NULL));
  OK(cu.cuStreamSynchronize(stream));
  expectFilled(y, 11);

  // By a graph: copy in, two kernels in a row, copy out.
  CUgraph graph;
  CUgraphNode in, first, second, out;
  unsigned result[kCount];
  OK(cu.cuGraphCreate(&graph, 0));
  CUDA_MEMCPY3D copy;
  memset(&copy, 0, sizeof copy);
  copy.srcMemoryType = CU_MEMORYTYPE_HOST;
  copy.srcHost = host;
  copy.dstMemoryType = CU_MEMORYTYPE_DEVICE;
  copy.dstDevice = x;
  copy.WidthInBytes = sizeof host;
  copy.Height = copy.Depth = 1;
  OK(cu.cuGraphAddMemcpyNode(&in, graph, NULL, 0, &copy, context));
  CUDA_KERNEL_NODE_PARAMS_v2 kernel;
  memset(&kernel, 0, sizeof kernel);
  kernel.func = add;
  kernel.gridDimX = 16;
  kernel.blockDimX = 64;
  kernel.gridDimY = kernel.gridDimZ = kernel.blockDimY = kernel.blockDimZ = 1;
  kernel.kernelParams = arguments;
  value = 100;
  OK(cu.cuGraphAddKernelNode_v2(&first, graph, &in, 1, &kernel));
  value = 1000; // the first node has its own copy
  arguments[1] = &y;
  OK(cu.cuGraphAddKernelNode_v2(&second, graph, &first, 1, &kernel));
  copy.srcMemoryType = CU_MEMORYTYPE_DEVICE;
  copy.srcDevice = y;
  copy.dstMemoryType = CU_MEMORYTYPE_HOST;
  copy.dstHost = result;
  OK(cu.cuGraphAddMemcpyNode(&out, graph, &second, 1, &copy, context));
  CUgraphExec exec;
  OK(cu.cuGraphInstantiateWithFlags(&exec, graph, 0));
  OK(cu.cuGraphUpload(exec, stream));
  for (unsigned round = 0; round < 2; ++round) {
    for (unsigned i = 0; i < kCount; ++i)
      host[i] = i + round;
    OK(cu.cuGraphLaunch(exec, stream));
    OK(cu.cuStreamSynchronize(stream));
    for (unsigned i = 0; i < kCount; ++i)
      THAT(result[i] == 1100 + i + round);
  }

  OK(cu.cuGraphExecDestroy(exec));
  OK(cu.cuGraphDestroy(graph));
  OK(cu.cuStreamDestroy_v2(stream));
  OK(cu.cuModuleUnload(module));
  OK(cu.cuMemFree_v2(x));
  OK(cu.cuMemFree_v2(y));
  OK(cu.cuDevicePrimaryCtxRelease_v2(0));
  return 0;
}
