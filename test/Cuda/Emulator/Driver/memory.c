// Device memory, pools, page-locked memory, what a pointer is, two devices, contexts of threads.
// RUN: %cc -std=gnu11 -Wall -Wextra -Werror %s -o %t -ldl -lpthread
// RUN: rm -f %t.leaks
// RUN: env MLOPT_FAKE_CUDA_ARCH=90,80 MLOPT_FAKE_CUDA_MEMORY=1048576 \
// RUN:   MLOPT_FAKE_CUDA_LEAKS=%t.leaks %t %obj_root/test/Cuda/lib/libcuda.so.1
// RUN: FileCheck %s --input-file=%t.leaks
// CHECK-NOT: #
// CHECK: {{^}}0 leaks
// An address of the device faults on the host.
// RUN: %t %obj_root/test/Cuda/lib/libcuda.so.1 touch
#include "Inputs/Harness.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static CUcontext contexts[2];
static CUfunction adds[2];

/// Every thread has its own current context, and works on its own stream.
static void *work(void *which) {
  int device = *(int *)which;
  CUcontext current = (CUcontext)which;
  CUdevice found = -1;
  OK(cu.cuCtxGetCurrent(&current));
  THAT(current == NULL);
  OK(cu.cuCtxPushCurrent_v2(contexts[device]));
  OK(cu.cuCtxGetDevice(&found));
  THAT(found == device);
  CUstream stream;
  OK(cu.cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
  CUdeviceptr x = allocate(400);
  OK(cu.cuMemsetD32Async(x, 0, 100, stream));
  for (unsigned i = 0; i < 25; ++i)
    OK(launchAdd(adds[device], x, x, 100, 2, stream));
  unsigned got[100];
  OK(cu.cuMemcpyDtoHAsync_v2(got, x, 400, stream));
  OK(cu.cuStreamSynchronize(stream));
  THAT(got[0] == 50 && got[99] == 50);
  OK(cu.cuStreamDestroy_v2(stream));
  OK(cu.cuMemFree_v2(x));
  OK(cu.cuCtxPopCurrent_v2(&current));
  THAT(current == contexts[device]);
  EXPECT(CUDA_ERROR_INVALID_CONTEXT, cu.cuCtxPopCurrent_v2(NULL));
  return NULL;
}

static void faulted(int number) {
  (void)number;
  _exit(0);
}

int main(int argc, char **argv) {
  THAT(argc >= 2);
  contexts[0] = start(argv[1]);
  if (argc > 2) {
    signal(SIGSEGV, faulted);
    CUdeviceptr address = allocate(64);
    int value = *(volatile int *)(uintptr_t)address;
    fprintf(stderr, "read %d from an address of the device\n", value);
    return 1;
  }
  size_t free, total;
  OK(cu.cuMemGetInfo_v2(&free, &total));
  THAT(total == 1048576 && free == total);
  CUdeviceptr address = allocate(1000000), base, other;
  OK(cu.cuMemGetInfo_v2(&free, &total));
  THAT(free == 48576);
  EXPECT(CUDA_ERROR_OUT_OF_MEMORY, cu.cuMemAlloc_v2(&other, 48577));
  size_t bytes;
  OK(cu.cuMemGetAddressRange_v2(&base, &bytes, address + 5));
  THAT(base == address && bytes == 1000000);
  OK(cu.cuMemFree_v2(address));
  EXPECT(CUDA_ERROR_NOT_FOUND, cu.cuMemGetAddressRange_v2(&base, &bytes, address));
  other = allocate(64);
  THAT(other != address); // an address is not used again
  OK(cu.cuMemFree_v2(other));

  // Fills of all widths.
  address = allocate(16);
  unsigned char got[16];
  OK(cu.cuMemsetD8_v2(address, 0xab, 16));
  OK(cu.cuMemsetD16_v2(address + 2, 0x1234, 3));
  OK(cu.cuMemsetD32_v2(address + 8, 0xdeadbeef, 1));
  OK(cu.cuMemcpyDtoH_v2(got, address, 16));
  static const unsigned char wanted[16] = {0xab, 0xab, 0x34, 0x12, 0x34, 0x12, 0x34, 0x12,
                                           0xef, 0xbe, 0xad, 0xde, 0xab, 0xab, 0xab, 0xab};
  THAT(!memcmp(got, wanted, 16));
  OK(cu.cuMemFree_v2(address));

  // The default pool.
  CUmemoryPool pool, same;
  uint64_t threshold = 12345, used = 1;
  int reuse = 0;
  OK(cu.cuDeviceGetDefaultMemPool(&pool, 0));
  OK(cu.cuDeviceGetMemPool(&same, 0));
  THAT(pool == same);
  OK(cu.cuMemPoolSetAttribute(pool, CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, &threshold));
  threshold = 0;
  OK(cu.cuMemPoolGetAttribute(pool, CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, &threshold));
  THAT(threshold == 12345);
  OK(cu.cuMemPoolSetAttribute(pool, CU_MEMPOOL_ATTR_REUSE_ALLOW_OPPORTUNISTIC, &reuse));
  OK(cu.cuMemAllocFromPoolAsync(&address, 5000, pool, NULL));
  OK(cu.cuMemPoolGetAttribute(pool, CU_MEMPOOL_ATTR_USED_MEM_CURRENT, &used));
  THAT(used == 5000);
  CUmemoryPool from = NULL;
  OK(cu.cuPointerGetAttribute(&from, CU_POINTER_ATTRIBUTE_MEMPOOL_HANDLE, address));
  THAT(from == pool);
  OK(cu.cuMemFreeAsync(address, NULL));
  OK(cu.cuMemPoolGetAttribute(pool, CU_MEMPOOL_ATTR_USED_MEM_CURRENT, &used));
  THAT(used == 0);
  OK(cu.cuMemPoolGetAttribute(pool, CU_MEMPOOL_ATTR_USED_MEM_HIGH, &used));
  THAT(used == 5000);
  OK(cu.cuMemPoolTrimTo(pool, 0));

  // Page-locked memory.
  char *pinned, plain[64];
  OK(cu.cuMemHostAlloc((void **)&pinned, 100, CU_MEMHOSTALLOC_PORTABLE));
  OK(cu.cuMemHostRegister_v2(plain, 64, 0));
  EXPECT(CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED, cu.cuMemHostRegister_v2(plain + 8, 8, 0));
  EXPECT(CUDA_ERROR_INVALID_VALUE, cu.cuMemFreeHost(plain));
  EXPECT(CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED, cu.cuMemHostUnregister(pinned));
  EXPECT(CUDA_ERROR_NOT_SUPPORTED, cu.cuMemHostGetDevicePointer_v2(&address, pinned, 0));

  // What a pointer is.
  unsigned type = 0;
  int ordinal = -1;
  void *values[] = {&type, &ordinal};
  CUpointer_attribute attributes[] = {CU_POINTER_ATTRIBUTE_MEMORY_TYPE,
                                      CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL};
  CUcontext owner = NULL;
  OK(cu.cuDevicePrimaryCtxRetain(&contexts[1], 1));
  OK(cu.cuCtxSetCurrent(contexts[1]));
  other = allocate(256);
  OK(cu.cuCtxSetCurrent(contexts[0]));
  address = allocate(256);
  OK(cu.cuPointerGetAttributes(2, attributes, values, other + 255));
  THAT(type == CU_MEMORYTYPE_DEVICE && ordinal == 1);
  OK(cu.cuPointerGetAttribute(&owner, CU_POINTER_ATTRIBUTE_CONTEXT, other));
  THAT(owner == contexts[1]);
  OK(cu.cuPointerGetAttribute(&base, CU_POINTER_ATTRIBUTE_RANGE_START_ADDR, other + 10));
  THAT(base == other);
  OK(cu.cuPointerGetAttributes(2, attributes, values, (CUdeviceptr)(uintptr_t)(pinned + 7)));
  THAT(type == CU_MEMORYTYPE_HOST && ordinal == 0);
  OK(cu.cuPointerGetAttributes(2, attributes, values, (CUdeviceptr)(uintptr_t)&type));
  THAT(type == 0 && ordinal == -2);
  EXPECT(CUDA_ERROR_INVALID_VALUE, cu.cuPointerGetAttribute(&type, CU_POINTER_ATTRIBUTE_MEMORY_TYPE,
                                                            (CUdeviceptr)(uintptr_t)&type));
  OK(cu.cuMemFreeHost(pinned));
  OK(cu.cuMemHostUnregister(plain));

  // Copies between devices.
  memset(got, 7, 16);
  OK(cu.cuMemcpyHtoD_v2(address, got, 16));
  OK(cu.cuMemcpyPeerAsync(other, contexts[1], address, contexts[0], 16, NULL));
  memset(got, 0, 16);
  OK(cu.cuMemcpyDtoH_v2(got, other, 16));
  THAT(got[0] == 7 && got[15] == 7);
  // A kernel does not reach the other device's memory, nor takes its stream.
  adds[0] = loadKernel(kAdd, "add");
  OK(cu.cuCtxSetCurrent(contexts[1]));
  adds[1] = loadKernel(kAdd, "add");
  CUstream foreign;
  OK(cu.cuStreamCreate(&foreign, 0));
  EXPECT(CUDA_ERROR_INVALID_HANDLE, launchAdd(adds[0], address, address, 1, 1, foreign));
  OK(cu.cuStreamDestroy_v2(foreign));
  OK(cu.cuMemFree_v2(other));
  OK(cu.cuMemFree_v2(address));

  pthread_t threads[4];
  int devices[4] = {0, 1, 0, 1};
  for (int i = 0; i < 4; ++i)
    THAT(!pthread_create(&threads[i], NULL, work, &devices[i]));
  for (int i = 0; i < 4; ++i)
    THAT(!pthread_join(threads[i], NULL));

  unsigned flags = 99;
  int active = -1;
  unloadAll(CUDA_SUCCESS);
  OK(cu.cuDevicePrimaryCtxSetFlags_v2(1, CU_CTX_SCHED_BLOCKING_SYNC));
  OK(cu.cuDevicePrimaryCtxGetState(1, &flags, &active));
  THAT(flags == CU_CTX_SCHED_BLOCKING_SYNC && active == 1);
  OK(cu.cuDevicePrimaryCtxRelease_v2(1));
  OK(cu.cuDevicePrimaryCtxGetState(1, &flags, &active));
  THAT(active == 0);
  EXPECT(CUDA_ERROR_INVALID_CONTEXT, cu.cuDevicePrimaryCtxRelease_v2(1));
  OK(cu.cuDevicePrimaryCtxRelease_v2(0));
  return 0;
}
