// Helpers of the runtime's tests on a GPU: the test's own memory and streams there, by the driver.

#ifndef MLOPT_TEST_RUNTIME_CUDA_GPU_H
#define MLOPT_TEST_RUNTIME_CUDA_GPU_H

#include "../../Inputs/check.h"

#include <dlfcn.h>

const mlopt_module *demo_module_query(void);

// Calls a function of the driver; it must succeed.
#define CU(name, types, ...)                                                                       \
  do {                                                                                             \
    int (*function) types = (int (*) types)dlsym(cu_library(), name);                              \
    int result = function ? function(__VA_ARGS__) : -1;                                            \
    if (result) {                                                                                  \
      printf("%s:%d: %s: error %d\n", __FILE__, __LINE__, name, result);                           \
      exit(1);                                                                                     \
    }                                                                                              \
  } while (0)

static inline void *cu_library(void) {
  static void *library;
  if (!library && !(library = dlopen("libcuda.so.1", RTLD_NOW))) {
    printf("%s\n", dlerror());
    exit(1);
  }
  return library;
}

// Makes the primary context of a device that of this thread.
static inline void cu_use(int device) {
  void *context;
  CU("cuInit", (unsigned), 0);
  CU("cuDevicePrimaryCtxRetain", (void **, int), &context, device);
  CU("cuCtxSetCurrent", (void *), context);
}
static inline void cu_unuse(int device) { CU("cuDevicePrimaryCtxRelease_v2", (int), device); }

// Memory of the device, `offset` bytes behind an aligned address.
static inline char *cu_alloc(size_t bytes, size_t offset) {
  uint64_t p;
  CU("cuMemAlloc_v2", (uint64_t *, size_t), &p, bytes + offset);
  return (char *)(uintptr_t)p + offset;
}
static inline void cu_free(void *p, size_t offset) {
  CU("cuMemFree_v2", (uint64_t), (uintptr_t)p - offset);
}
static inline void cu_write(void *to, const void *from, size_t bytes) {
  CU("cuMemcpyHtoD_v2", (uint64_t, const void *, size_t), (uintptr_t)to, from, bytes);
}
static inline void cu_read(void *to, const void *from, size_t bytes) {
  CU("cuMemcpyDtoH_v2", (void *, uint64_t, size_t), to, (uintptr_t)from, bytes);
}
static inline void cu_fill(void *to, int value, size_t bytes) {
  CU("cuMemsetD8_v2", (uint64_t, unsigned char, size_t), (uintptr_t)to, (unsigned char)value, bytes);
}
static inline uint64_t cu_free_bytes(void) {
  size_t room, total;
  CU("cuMemGetInfo_v2", (size_t *, size_t *), &room, &total);
  return room;
}

static inline mlopt_rt_module_t *gpu_module(void) {
  mlopt_rt_module_t *m;
  ok(mlopt_rt_module_from_query(demo_module_query, NULL, &m));
  return m;
}

static inline mlopt_rt_status_t try_gpu_context(mlopt_rt_module_t *m, const char *entry,
                                                const char *device, void *stream, uint32_t flags,
                                                mlopt_rt_context_t **c) {
  mlopt_rt_context_options_t o = {
      .struct_size = sizeof(o), .entry = entry, .device = device, .stream = stream, .flags = flags};
  *c = NULL;
  return mlopt_rt_context_create(m, &o, c);
}

static inline mlopt_rt_context_t *gpu_context(mlopt_rt_module_t *m, const char *entry,
                                              uint32_t flags) {
  mlopt_rt_context_t *c;
  ok(try_gpu_context(m, entry, "cuda", NULL, flags, &c));
  return c;
}

// A view of memory of the device.
static inline mlopt_rt_tensor_t on_gpu(mlopt_rt_tensor_t t) {
  t.device = MLOPT_RT_DEVICE_CUDA;
  return t;
}

#endif
