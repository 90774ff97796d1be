/*===-- tensor.h - Tensor views -----------------------------------------------------*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* A view describes memory that somebody else owns. The runtime copies nothing: it reads inputs
|* and writes outputs in place.
\*===---------------------------------------------------------------------------------===*/
#ifndef MLOPT_RUNTIME_TENSOR_H
#define MLOPT_RUNTIME_TENSOR_H

#include "mlopt/runtime/abi/module_abi.h"
#include "mlopt/runtime/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Where a tensor lies. A context on the CPU takes memory of the CPU only. A context on a GPU takes
 * both: memory of the CPU is copied there and back, memory of its own GPU is used in place. */
enum {
  MLOPT_RT_DEVICE_CPU = 0,
  MLOPT_RT_DEVICE_CUDA = 1 /**< memory of the context's GPU (or managed memory) */
};

/** A dense row-major tensor in memory of the caller. Make one with `mlopt_rt_tensor_make`, or zero
 * it and set `struct_size`. */
typedef struct mlopt_rt_tensor {
  uint32_t struct_size; /**< sizeof(mlopt_rt_tensor_t) */
  uint32_t dtype;       /**< mlopt_dtype; of an output: 0 = whatever the model says */
  const char *name;     /**< null: the tensor of this position */
  void *data; /**< element-aligned. Null: an empty input; of an output: memory that the context owns
               */
  uint64_t bytes; /**< bytes of memory at `data`; 0 = exactly what the dims say (of an output: that
                     nothing checks) */
  const int64_t *strides; /**< in elements, or null for dense. Any other strides than those of a
                             dense tensor are refused */
  uint32_t rank;          /**< of an output: written by the runtime, as are the dims */
  uint32_t device;        /**< MLOPT_RT_DEVICE_*: where `data` points */
  int64_t dims[MLOPT_MAX_RANK];
} mlopt_rt_tensor_t;

/** A view of `rank` <= MLOPT_MAX_RANK dims; `bytes` as in the structure, `dims` may be null for a
 * view of an output. */
static inline mlopt_rt_tensor_t mlopt_rt_tensor_make(const char *name, mlopt_dtype dtype,
                                                     uint32_t rank, const int64_t *dims, void *data,
                                                     uint64_t bytes) {
  mlopt_rt_tensor_t t;
  t.struct_size = (uint32_t)sizeof(t);
  t.dtype = (uint32_t)dtype;
  t.name = name;
  t.data = data;
  t.bytes = bytes;
  t.strides = (const int64_t *)0;
  t.rank = rank;
  t.device = MLOPT_RT_DEVICE_CPU;
  for (uint32_t i = 0; i < MLOPT_MAX_RANK; ++i)
    t.dims[i] = dims && i < rank ? dims[i] : 0;
  return t;
}

/** Bytes of an element, 0 for an unknown type. */
MLOPT_RT_API uint32_t mlopt_rt_dtype_bytes(uint32_t dtype);

/** Name of a type as in MLIR ("f32", "i1", "ui8"), "invalid" for an unknown type. */
MLOPT_RT_API const char *mlopt_rt_dtype_name(uint32_t dtype);

/** Bytes of a dense tensor; UINT64_MAX where a size is negative or the product does not fit in 63
 * bits. */
MLOPT_RT_API uint64_t mlopt_rt_tensor_bytes(const mlopt_rt_tensor_t *tensor);

#ifdef __cplusplus
}
#endif
#endif /* MLOPT_RUNTIME_TENSOR_H */
