/*===-- device.h - A module on a GPU ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

/* What all contexts of a module on one GPU share: the driver's primary context of the device (that
 * of every other CUDA library in the process), the code, the weights. It lives as long as one of
 * these contexts; there is no registry but the list in the module. */

#ifndef MLOPT_RUNTIME_CUDA_DEVICE_H
#define MLOPT_RUNTIME_CUDA_DEVICE_H

#include "driver.h"

/*===---- tables.c ----*/

static inline const mlopt_gpu *rt_gpu_tables(const mlopt_module *m) {
  return (m->abi_version & 0xffff) >= 3 && m->gpu.count
             ? (const mlopt_gpu *)rt_record(m, &m->gpu, 0)
             : NULL;
}
#define RT_GPU_TARGET(m, g, i) ((const mlopt_gpu_target *)rt_record(m, &(g)->targets, i))
#define RT_GPU_IMAGE(m, g, i) ((const mlopt_gpu_image *)rt_record(m, &(g)->images, i))
#define RT_GPU_FUNCTION(m, g, i) ((const mlopt_gpu_function *)rt_record(m, &(g)->functions, i))
#define RT_GPU_WEIGHTS(m, g, i) ((const mlopt_gpu_weights *)rt_record(m, &(g)->weights, i))
#define RT_GPU_CODE(m, g, i) ((const mlopt_gpu_code *)rt_record(m, &(g)->codes, i))
#define RT_GPU_STEP(m, g, i) ((const mlopt_gpu_step *)rt_record(m, &(g)->steps, i))
#define RT_GPU_NODE(m, g, i) ((const mlopt_gpu_node *)rt_record(m, &(g)->nodes, i))
#define RT_GPU_PARAM(m, g, i) ((const mlopt_gpu_param *)rt_record(m, &(g)->params, i))
#define RT_GPU_AFTER(m, g, i) (*(const uint32_t *)rt_record(m, &(g)->after, i))

/** Checks the tables for GPUs of an image whose other tables are right: NULL, or what is wrong. */
RT_INTERNAL const char *rt_check_gpu(const mlopt_module *m);

/*===---- device.c ----*/

/** Alignment in bytes of the arena, the weights and every tensor that the runtime places. */
#define RT_GPU_ALIGNMENT 256u
/** Alignment in bytes that kernels may count on for every tensor. */
#define RT_GPU_TENSOR_ALIGNMENT 16u

typedef struct rt_gpu {
  struct rt_gpu *next; /**< in the module's list */
  uint32_t references; /**< contexts; guarded by the module's lock */
  uint32_t ordinal;
  rt_cu_device device;
  rt_cu_context context; /**< primary; null: not retained */
  const rt_driver *driver;
  const mlopt_rt_module_t *module;
  const mlopt_module *header;
  const mlopt_gpu *tables;
  const mlopt_gpu_target *target;
  uint32_t target_index;
  int architecture; /**< compute capability times ten */
  int shared_limit; /**< bytes of shared memory that a block may have */
  char name[96];
  rt_cu_pointer weights;     /**< 0: none */
  pthread_mutex_t load_lock; /**< guards the two below */
  rt_cu_module *images;      /**< of the target; null: not loaded yet */
  rt_cu_function *functions; /**< of the target; null: not loaded yet */
} rt_gpu;

/** The module on GPU `ordinal`: what is there already, or a new one with its weights uploaded. */
RT_INTERNAL mlopt_rt_status_t rt_gpu_acquire(mlopt_rt_module_t *module, uint32_t ordinal,
                                             rt_gpu **gpu);
/** Gives it up; the last one frees everything. NULL is allowed. */
RT_INTERNAL void rt_gpu_release(mlopt_rt_module_t *module, rt_gpu *gpu);
/** Makes the GPU's context that of this thread, and the one before again. */
RT_INTERNAL mlopt_rt_status_t rt_gpu_enter(const rt_gpu *gpu);
RT_INTERNAL void rt_gpu_leave(const rt_gpu *gpu);
/** Loads the kernels that `code` launches. */
RT_INTERNAL mlopt_rt_status_t rt_gpu_load(rt_gpu *gpu, const mlopt_gpu_code *code);
/** Memory of the device; `what` names it in the message ("the arena"). */
RT_INTERNAL mlopt_rt_status_t rt_gpu_allocate(const rt_gpu *gpu, uint64_t bytes, const char *what,
                                              rt_cu_pointer *pointer);
/** The function of a node; loaded. */
static inline rt_cu_function rt_gpu_function(const rt_gpu *gpu, const mlopt_gpu_node *node) {
  return gpu->functions[node->function - gpu->target->functions.first];
}

#endif /* MLOPT_RUNTIME_CUDA_DEVICE_H */
