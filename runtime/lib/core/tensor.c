/*===-- tensor.c - Element types and views ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "internal.h"

uint32_t mlopt_rt_dtype_bytes(uint32_t dtype) {
  switch (dtype) {
#define MLOPT_X(e, n, s, bits)                                                                     \
  case n:                                                                                          \
    return (bits) / 8;
    MLOPT_FOR_EACH_DTYPE(MLOPT_X)
#undef MLOPT_X
  default:
    return 0;
  }
}

const char *mlopt_rt_dtype_name(uint32_t dtype) {
  switch (dtype) {
#define MLOPT_X(e, n, s, bits)                                                                     \
  case n:                                                                                          \
    return s;
    MLOPT_FOR_EACH_DTYPE(MLOPT_X)
#undef MLOPT_X
  default:
    return "invalid";
  }
}

RT_INTERNAL uint64_t rt_dense_bytes(uint32_t dtype, const int64_t *dims, uint32_t rank) {
  bool empty = false;
  uint64_t bytes = mlopt_rt_dtype_bytes(dtype);
  bool overflow = false;
  for (uint32_t i = 0; i < rank; ++i) {
    if (dims[i] < 0)
      return UINT64_MAX;
    if (dims[i] == 0)
      empty = true;
    else
      overflow |= __builtin_mul_overflow(bytes, (uint64_t)dims[i], &bytes);
  }
  if (empty)
    return 0;
  return overflow || bytes > INT64_MAX ? UINT64_MAX : bytes;
}

uint64_t mlopt_rt_tensor_bytes(const mlopt_rt_tensor_t *tensor) {
  if (!tensor || tensor->rank > MLOPT_MAX_RANK)
    return UINT64_MAX;
  return rt_dense_bytes(tensor->dtype, tensor->dims, tensor->rank);
}
