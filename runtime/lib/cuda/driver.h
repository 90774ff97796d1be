/*===-- driver.h - The CUDA driver, opened at run time ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

/* Own declarations of the few types, numbers and functions of the driver API that the runtime uses,
 * from NVIDIA's public documentation ("CUDA Driver API", version 12.0). No header and no library of
 * the toolkit is needed, and a program that uses no GPU never opens the driver. */

#ifndef MLOPT_RUNTIME_CUDA_DRIVER_H
#define MLOPT_RUNTIME_CUDA_DRIVER_H

#include "../core/internal.h"

/** Oldest driver that the runtime works with: that of CUDA 12.0. */
#define RT_CU_OLDEST_VERSION 12000

/*===---- Types -------------------------------------------------------------------------===*/

typedef int rt_cu_result;
typedef int rt_cu_device;
typedef uint64_t rt_cu_pointer; /**< CUdeviceptr */
typedef struct CUctx_st *rt_cu_context;
typedef struct CUmod_st *rt_cu_module;
typedef struct CUfunc_st *rt_cu_function;
typedef struct CUstream_st *rt_cu_stream;
typedef struct CUevent_st *rt_cu_event;
typedef struct CUgraph_st *rt_cu_graph;
typedef struct CUgraphNode_st *rt_cu_node;
typedef struct CUgraphExec_st *rt_cu_exec;

/** CUDA_KERNEL_NODE_PARAMS_v2 */
typedef struct rt_cu_kernel_node {
  rt_cu_function function;
  unsigned grid[3];
  unsigned block[3];
  unsigned shared_bytes;
  void **params;
  void **extra;
  void *kernel;
  rt_cu_context context;
} rt_cu_kernel_node;

/** CUDA_MEMCPY3D_v2 */
typedef struct rt_cu_copy_end {
  size_t x_bytes, y, z, lod;
  int memory_type; /**< RT_CU_MEMORY_* */
  void *host;
  rt_cu_pointer device;
  void *array, *reserved;
  size_t pitch, height;
} rt_cu_copy_end;
typedef struct rt_cu_copy {
  rt_cu_copy_end source, target;
  size_t width_bytes, height, depth;
} rt_cu_copy;

_Static_assert(sizeof(rt_cu_kernel_node) == 72, "CUDA_KERNEL_NODE_PARAMS_v2");
_Static_assert(offsetof(rt_cu_kernel_node, params) == 40, "CUDA_KERNEL_NODE_PARAMS_v2");
_Static_assert(sizeof(rt_cu_copy) == 200, "CUDA_MEMCPY3D_v2");
_Static_assert(offsetof(rt_cu_copy, target) == 88, "CUDA_MEMCPY3D_v2");

/*===---- Numbers -----------------------------------------------------------------------===*/

enum {
  RT_CU_SUCCESS = 0,
  RT_CU_INVALID_VALUE = 1,
  RT_CU_OUT_OF_MEMORY = 2,
  RT_CU_DEINITIALIZED = 4,
  RT_CU_NO_DEVICE = 100,
  RT_CU_INVALID_DEVICE = 101,
  RT_CU_INVALID_IMAGE = 200,
  RT_CU_NO_BINARY_FOR_GPU = 209,
  RT_CU_UNSUPPORTED_PTX_VERSION = 222,
  RT_CU_CONTEXT_IS_DESTROYED = 709,

  RT_CU_DEVICE_MAX_SHARED_OPTIN = 97,    /**< MAX_SHARED_MEMORY_PER_BLOCK_OPTIN */
  RT_CU_DEVICE_MAJOR = 75,               /**< COMPUTE_CAPABILITY_MAJOR */
  RT_CU_DEVICE_MINOR = 76,               /**< COMPUTE_CAPABILITY_MINOR */
  RT_CU_FUNCTION_MAX_DYNAMIC_SHARED = 8, /**< MAX_DYNAMIC_SHARED_SIZE_BYTES */
  RT_CU_POINTER_MEMORY_TYPE = 2,
  RT_CU_POINTER_IS_MANAGED = 8,
  RT_CU_POINTER_DEVICE_ORDINAL = 9,
  RT_CU_MEMORY_DEVICE = 2,
  RT_CU_JIT_ERROR_LOG = 5,       /**< ERROR_LOG_BUFFER */
  RT_CU_JIT_ERROR_LOG_BYTES = 6, /**< ERROR_LOG_BUFFER_SIZE_BYTES */
};

/*===---- Functions ---------------------------------------------------------------------===*/

/** X(name, suffix of the symbol's version, arguments): without these nothing works. */
#define RT_CU_FOR_EACH_REQUIRED(X)                                                                 \
  X(cuInit, "", (unsigned flags))                                                                  \
  X(cuDeviceGetCount, "", (int *count))                                                            \
  X(cuDeviceGet, "", (rt_cu_device * device, int ordinal))                                         \
  X(cuDeviceGetName, "", (char *name, int room, rt_cu_device device))                              \
  X(cuDeviceGetAttribute, "", (int *value, int attribute, rt_cu_device device))                    \
  X(cuDevicePrimaryCtxRetain, "", (rt_cu_context * context, rt_cu_device device))                  \
  X(cuDevicePrimaryCtxRelease, "_v2", (rt_cu_device device))                                       \
  X(cuCtxPushCurrent, "_v2", (rt_cu_context context))                                              \
  X(cuCtxPopCurrent, "_v2", (rt_cu_context * context))                                             \
  X(cuModuleLoadDataEx, "",                                                                        \
    (rt_cu_module * module, const void *image, unsigned count, int *options, void **values))       \
  X(cuModuleUnload, "", (rt_cu_module module))                                                     \
  X(cuModuleGetFunction, "", (rt_cu_function * function, rt_cu_module module, const char *name))   \
  X(cuFuncSetAttribute, "", (rt_cu_function function, int attribute, int value))                   \
  X(cuMemAlloc, "_v2", (rt_cu_pointer * pointer, size_t bytes))                                    \
  X(cuMemFree, "_v2", (rt_cu_pointer pointer))                                                     \
  X(cuMemHostAlloc, "", (void **pointer, size_t bytes, unsigned flags))                            \
  X(cuMemFreeHost, "", (void *pointer))                                                            \
  X(cuMemcpyHtoD, "_v2", (rt_cu_pointer target, const void *source, size_t bytes))                 \
  X(cuMemcpyHtoDAsync, "_v2",                                                                      \
    (rt_cu_pointer target, const void *source, size_t bytes, rt_cu_stream stream))                 \
  X(cuMemcpyDtoHAsync, "_v2",                                                                      \
    (void *target, rt_cu_pointer source, size_t bytes, rt_cu_stream stream))                       \
  X(cuMemcpyDtoDAsync, "_v2",                                                                      \
    (rt_cu_pointer target, rt_cu_pointer source, size_t bytes, rt_cu_stream stream))               \
  X(cuMemsetD8Async, "",                                                                           \
    (rt_cu_pointer target, unsigned char value, size_t bytes, rt_cu_stream stream))                \
  X(cuPointerGetAttributes, "",                                                                    \
    (unsigned count, int *attributes, void **values, rt_cu_pointer pointer))                       \
  X(cuStreamCreate, "", (rt_cu_stream * stream, unsigned flags))                                   \
  X(cuStreamDestroy, "_v2", (rt_cu_stream stream))                                                 \
  X(cuStreamSynchronize, "", (rt_cu_stream stream))                                                \
  X(cuEventCreate, "", (rt_cu_event * event, unsigned flags))                                      \
  X(cuEventDestroy, "_v2", (rt_cu_event event))                                                    \
  X(cuEventRecord, "", (rt_cu_event event, rt_cu_stream stream))                                   \
  X(cuEventElapsedTime, "", (float *milliseconds, rt_cu_event begin, rt_cu_event end))             \
  X(cuLaunchKernel, "",                                                                            \
    (rt_cu_function function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x, \
     unsigned block_y, unsigned block_z, unsigned shared_bytes, rt_cu_stream stream,               \
     void **params, void **extra))

/** The same for what graphs need: without all of them kernels are launched one by one. */
#define RT_CU_FOR_EACH_OF_GRAPHS(X)                                                                \
  X(cuGraphCreate, "", (rt_cu_graph * graph, unsigned flags))                                      \
  X(cuGraphDestroy, "", (rt_cu_graph graph))                                                       \
  X(cuGraphAddKernelNode, "_v2",                                                                   \
    (rt_cu_node * node, rt_cu_graph graph, const rt_cu_node *after, size_t count,                  \
     const rt_cu_kernel_node *params))                                                             \
  X(cuGraphAddMemcpyNode, "",                                                                      \
    (rt_cu_node * node, rt_cu_graph graph, const rt_cu_node *after, size_t count,                  \
     const rt_cu_copy *params, rt_cu_context context))                                             \
  X(cuGraphInstantiateWithFlags, "",                                                               \
    (rt_cu_exec * exec, rt_cu_graph graph, unsigned long long flags))                              \
  X(cuGraphExecKernelNodeSetParams, "_v2",                                                         \
    (rt_cu_exec exec, rt_cu_node node, const rt_cu_kernel_node *params))                           \
  X(cuGraphExecMemcpyNodeSetParams, "",                                                            \
    (rt_cu_exec exec, rt_cu_node node, const rt_cu_copy *params, rt_cu_context context))           \
  X(cuGraphLaunch, "", (rt_cu_exec exec, rt_cu_stream stream))                                     \
  X(cuGraphExecDestroy, "", (rt_cu_exec exec))

/** The same for what only makes messages better; may be null. */
#define RT_CU_FOR_EACH_OPTIONAL(X)                                                                 \
  X(cuGetErrorName, "", (rt_cu_result result, const char **name))                                  \
  X(cuGetErrorString, "", (rt_cu_result result, const char **text))                                \
  X(cuMemGetInfo, "_v2", (size_t *free_bytes, size_t *total_bytes))

/** The table of the driver's functions. */
typedef struct rt_driver {
  void *library;
  int version;
  bool graphs; /**< all of RT_CU_FOR_EACH_OF_GRAPHS are there */
#define RT_X(name, suffix, arguments) rt_cu_result(*name) arguments;
  RT_CU_FOR_EACH_REQUIRED(RT_X)
  RT_CU_FOR_EACH_OF_GRAPHS(RT_X)
  RT_CU_FOR_EACH_OPTIONAL(RT_X)
#undef RT_X
} rt_driver;

/** The driver, opened and initialised once; it stays open. Errors: none installed, too old, a
 * function is missing, no device. */
RT_INTERNAL mlopt_rt_status_t rt_driver_open(const rt_driver **driver);

/** The status of a failed call, NULL for success. */
RT_INTERNAL mlopt_rt_status_t rt_cu_check(const rt_driver *d, rt_cu_result result,
                                          const char *call);
/** Calls a function of the driver: a status. */
#define RT_CU(d, name, arguments) rt_cu_check(d, (d)->name arguments, #name)

#endif /* MLOPT_RUNTIME_CUDA_DRIVER_H */
