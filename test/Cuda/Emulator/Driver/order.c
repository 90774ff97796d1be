// Streams and events: what runs when. With MLOPT_FAKE_CUDA_DEFER=1 nothing runs before somebody
// waits for it, so every wait that is forgotten below is seen; without, the order is the same and
// only what was forgotten goes unnoticed.
// RUN: %cc -std=c11 -Wall -Wextra -Werror %s -o %t -ldl
// RUN: %t %obj_root/test/Cuda/lib/libcuda.so.1 0
// RUN: env MLOPT_FAKE_CUDA_DEFER=1 %t %obj_root/test/Cuda/lib/libcuda.so.1 1
// RUN: env MLOPT_FAKE_CUDA_DEFER=1 MLOPT_FAKE_CUDA_SEED=5 \
// RUN:   %t %obj_root/test/Cuda/lib/libcuda.so.1 1
// RUN: rm -f %t.leaks
// RUN: env MLOPT_FAKE_CUDA_DEFER=1 MLOPT_FAKE_CUDA_LEAKS=%t.leaks \
// RUN:   %t %obj_root/test/Cuda/lib/libcuda.so.1 pending
// RUN: FileCheck %s --input-file=%t.leaks
// CHECK: 2 operations of stream #{{[0-9]+}} that nobody waited for
#include "Inputs/Harness.h"

enum { kCount = 256, kBytes = kCount * 4 };

static void sayHello(void *data) {
  int *called = data;
  CUdeviceptr address;
  // A host function must not call the driver.
  EXPECT(CUDA_ERROR_NOT_PERMITTED, cu.cuMemAlloc_v2(&address, 4));
  ++*called;
}

int main(int argc, char **argv) {
  THAT(argc == 3);
  start(argv[1]);
  int deferred = argv[2][0] == '1';
  CUfunction add = loadKernel(kAdd, "add");
  CUdeviceptr x = allocate(kBytes), y = allocate(kBytes), z = allocate(kBytes);
  unsigned *host, *late;
  OK(cu.cuMemAllocHost_v2((void **)&host, kBytes));
  OK(cu.cuMemAllocHost_v2((void **)&late, kBytes));
  memset(host, 0, kBytes);
  CUstream a, b, free;
  OK(cu.cuStreamCreate(&a, CU_STREAM_NON_BLOCKING));
  OK(cu.cuStreamCreate(&b, CU_STREAM_NON_BLOCKING));
  OK(cu.cuStreamCreateWithPriority(&free, CU_STREAM_DEFAULT, -100));
  int priority = 1;
  OK(cu.cuStreamGetPriority(free, &priority));
  THAT(priority == -5);
  OK(cu.cuMemsetD32_v2(x, 0, kCount));
  OK(cu.cuMemsetD32_v2(y, 0, kCount));
  OK(cu.cuCtxSynchronize());
  if (!strcmp(argv[2], "pending")) {
    OK(launchAdd(add, y, x, kCount, 1, a));
    OK(launchAdd(add, y, x, kCount, 2, a));
    return 0;
  }

  // Without a wait the host sees what was there before.
  OK(launchAdd(add, y, x, kCount, 1, a));
  memset(late, 0, kBytes);
  OK(cu.cuMemcpyDtoHAsync_v2(late, y, kBytes, a));
  THAT(late[0] == (deferred ? 0u : 1u));
  EXPECT(deferred ? CUDA_ERROR_NOT_READY : CUDA_SUCCESS, cu.cuStreamQuery(a));
  OK(cu.cuStreamSynchronize(a));
  OK(cu.cuStreamQuery(a));
  THAT(late[0] == 1 && late[kCount - 1] == 1);

  // The host's bytes are read when the copy runs, not at the call.
  host[0] = 5;
  OK(cu.cuMemcpyHtoDAsync_v2(x, host, kBytes, a));
  host[0] = 6;
  OK(cu.cuStreamSynchronize(a));
  OK(cu.cuMemcpyDtoH_v2(late, x, kBytes));
  THAT(late[0] == (deferred ? 6u : 5u));
  OK(cu.cuMemsetD32_v2(x, 0, kCount));
  OK(cu.cuCtxSynchronize());

  // A stream that does not wait for the other reads old values; with the event it reads new ones.
  CUevent event;
  OK(cu.cuEventCreate(&event, CU_EVENT_DISABLE_TIMING));
  OK(cu.cuEventQuery(event)); // never recorded: done
  OK(launchAdd(add, y, x, kCount, 10, a));
  OK(launchAdd(add, z, y, kCount, 100, b));
  OK(cu.cuStreamSynchronize(b));
  OK(cu.cuMemcpyDtoH_v2(late, z, kBytes));
  THAT(late[3] == (deferred ? 101u : 110u));
  OK(launchAdd(add, y, x, kCount, 20, a));
  OK(cu.cuEventRecord(event, a));
  OK(launchAdd(add, y, x, kCount, 30, a)); // behind the event: b does not wait for it
  OK(cu.cuStreamWaitEvent(b, event, 0));
  OK(launchAdd(add, z, y, kCount, 100, b));
  OK(cu.cuStreamSynchronize(b));
  OK(cu.cuEventQuery(event));
  OK(cu.cuMemcpyDtoH_v2(late, z, kBytes));
  THAT(late[3] == (deferred ? 120u : 130u));
  OK(cu.cuStreamSynchronize(a));

  // The legacy stream waits for blocking streams and they for it; not so non-blocking ones.
  OK(launchAdd(add, y, x, kCount, 40, free));
  OK(cu.cuMemcpyDtoH_v2(late, y, kBytes));
  THAT(late[0] == 40);
  OK(launchAdd(add, y, x, kCount, 50, a));
  OK(cu.cuMemcpyDtoH_v2(late, y, kBytes));
  THAT(late[0] == (deferred ? 40u : 50u));
  OK(cu.cuCtxSynchronize());
  OK(launchAdd(add, y, x, kCount, 60, NULL));
  OK(launchAdd(add, z, y, kCount, 0, free));
  OK(cu.cuStreamSynchronize(free));
  OK(cu.cuMemcpyDtoHAsync_v2(late, z, kBytes, a));
  OK(cu.cuStreamSynchronize(a));
  THAT(late[0] == 60);

  // Loops that only ask come to an end.
  OK(launchAdd(add, y, x, kCount, 70, a));
  OK(cu.cuEventRecord(event, a));
  int asked = 0;
  while (cu.cuEventQuery(event) == CUDA_ERROR_NOT_READY)
    THAT(++asked < 10);
  THAT(deferred ? asked > 0 : asked == 0);

  // Times: of events that have them, once they are over.
  CUevent begin, end;
  float milliseconds = -1;
  OK(cu.cuEventCreate(&begin, 0));
  OK(cu.cuEventCreate(&end, 0));
  EXPECT(CUDA_ERROR_INVALID_HANDLE, cu.cuEventElapsedTime(&milliseconds, begin, end));
  OK(cu.cuEventRecord(begin, a));
  OK(launchAdd(add, y, x, kCount, 1, a));
  OK(cu.cuEventRecord(end, a));
  if (deferred)
    EXPECT(CUDA_ERROR_NOT_READY, cu.cuEventElapsedTime(&milliseconds, begin, end));
  OK(cu.cuEventSynchronize(end));
  OK(cu.cuEventElapsedTime(&milliseconds, begin, end));
  THAT(milliseconds > 0 && milliseconds < 60000);
  EXPECT(CUDA_ERROR_INVALID_HANDLE, cu.cuEventElapsedTime(&milliseconds, event, end));

  // Host functions run in order, without the driver.
  int called = 0;
  OK(cu.cuLaunchHostFunc(a, sayHello, &called));
  OK(cu.cuStreamSynchronize(a));
  THAT(called == 1);

  // A stream may be destroyed with work in it, which is done all the same.
  OK(launchAdd(add, y, x, kCount, 80, a));
  OK(cu.cuStreamDestroy_v2(a));
  EXPECT(CUDA_ERROR_INVALID_HANDLE, cu.cuStreamSynchronize(a));
  OK(cu.cuCtxSynchronize());
  OK(cu.cuMemcpyDtoH_v2(late, y, kBytes));
  THAT(late[0] == 80);

  // Freeing waits for what still uses the memory.
  OK(launchAdd(add, y, x, kCount, 90, b));
  OK(cu.cuMemFree_v2(y));
  OK(cu.cuCtxSynchronize());
  // Stream-ordered memory goes in the order of its stream.
  CUdeviceptr pooled;
  OK(cu.cuMemAllocAsync(&pooled, kBytes, b));
  OK(launchAdd(add, pooled, x, kCount, 3, b));
  OK(cu.cuMemcpyDtoHAsync_v2(late, pooled, kBytes, b));
  OK(cu.cuMemFreeAsync(pooled, b));
  EXPECT(CUDA_ERROR_INVALID_VALUE, cu.cuMemFreeAsync(pooled, b));
  OK(cu.cuStreamSynchronize(b));
  THAT(late[7] == 3);
  // A kernel of another stream that comes too late finds it freed.
  if (deferred) {
    CUstream c;
    OK(cu.cuStreamCreate(&c, CU_STREAM_NON_BLOCKING));
    OK(cu.cuMemAllocAsync(&pooled, kBytes, b));
    OK(launchAdd(add, pooled, x, kCount, 3, c));
    OK(cu.cuMemFreeAsync(pooled, b));
    OK(cu.cuStreamSynchronize(b));
    EXPECT(CUDA_ERROR_ILLEGAL_ADDRESS, cu.cuStreamSynchronize(c));
  }
  return 0;
}
