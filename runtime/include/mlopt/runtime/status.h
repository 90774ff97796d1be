/*===-- status.h - Status values of the runtime -------------------------------------*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* A status is a handle: NULL means success. Anything else has a code and a message in plain
|* English that names what was
|* found, what was expected and what to do; the caller owns it and gives it up with
|* `mlopt_rt_status_release`.
\*===---------------------------------------------------------------------------------===*/
#ifndef MLOPT_RUNTIME_STATUS_H
#define MLOPT_RUNTIME_STATUS_H

#include <stddef.h>
#include <stdint.h>

#ifndef MLOPT_RT_API
#define MLOPT_RT_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mlopt_rt_status *mlopt_rt_status_t;

/* clang-format off */
/** Stable codes; `mlopt explain MLO5103` documents each by its number. */
typedef enum mlopt_rt_code {
  MLOPT_RT_OK = 0,
  MLOPT_RT_INVALID_ARGUMENT = 5001, /**< a null handle, a wrong struct_size, a bad index */
  MLOPT_RT_OUT_OF_MEMORY = 5002,    /**< no memory for the arena, an output or a handle */
  MLOPT_RT_IO = 5003,               /**< a file is missing or cannot be read */
  MLOPT_RT_BAD_ARTEFACT = 5004,     /**< not an mlopt artefact, or a damaged one */
  MLOPT_RT_ABI_VERSION = 5005,      /**< made for another version of the runtime */
  MLOPT_RT_HASH_MISMATCH = 5006,    /**< bytes differ from what the compiler wrote */
  MLOPT_RT_CPU_LEVEL = 5007,        /**< no CPU level of the module fits, or not the forced one */
  MLOPT_RT_WEIGHTS = 5008,          /**< weights are missing, or are not those of this module */
  MLOPT_RT_BUSY = 5009,             /**< the context is running in another thread */
  MLOPT_RT_UNKNOWN_NAME = 5101,     /**< no input, output, symbol or entry point of that name */
  MLOPT_RT_MISSING_INPUT = 5102,    /**< an input was not given, or was given twice */
  MLOPT_RT_WRONG_TYPE = 5103,       /**< a tensor's element type differs from the model's */
  MLOPT_RT_WRONG_RANK = 5104,       /**< a tensor's number of dimensions differs from the model's */
  MLOPT_RT_WRONG_DIM = 5105,        /**< a size that the model does not take */
  MLOPT_RT_NULL_DATA = 5106,        /**< a tensor that is not empty has a null pointer */
  MLOPT_RT_MISALIGNED = 5107,       /**< data not aligned to its element */
  MLOPT_RT_BUFFER_TOO_SMALL = 5108, /**< a buffer has fewer bytes than its shape needs */
  MLOPT_RT_NOT_DENSE = 5109,        /**< strides that are not those of a dense row-major tensor */
  MLOPT_RT_ARENA_TOO_SMALL = 5110,  /**< the caller's arena cannot hold this run */
  MLOPT_RT_SHAPE_CHECK = 5111,      /**< sizes that the model cannot combine */
  MLOPT_RT_OVERLAP = 5112,          /**< an output shares memory with another tensor */
  MLOPT_RT_BAD_DATA = 5201,         /**< a kernel met a value it cannot use (a bad index) */
  MLOPT_RT_NO_DEVICE = 5301,        /**< there is no CUDA driver, no GPU, or no GPU of that number */
  MLOPT_RT_DRIVER_TOO_OLD = 5302,   /**< the CUDA driver is too old for the runtime or the module */
  MLOPT_RT_NO_DEVICE_CODE = 5303,   /**< the module has no code for GPUs, or for this one */
  MLOPT_RT_DEVICE_OUT_OF_MEMORY = 5304, /**< no memory left on the GPU */
  MLOPT_RT_DRIVER = 5305            /**< a call of the CUDA driver failed */
} mlopt_rt_code_t;
/* clang-format on */

/** Code of a status; MLOPT_RT_OK for NULL. */
MLOPT_RT_API mlopt_rt_code_t mlopt_rt_status_code(mlopt_rt_status_t status);

/** Message of a status, "" for NULL. Lives as long as the status. */
MLOPT_RT_API const char *mlopt_rt_status_message(mlopt_rt_status_t status);

/** Gives up a status. NULL is allowed. */
MLOPT_RT_API void mlopt_rt_status_release(mlopt_rt_status_t status);

#ifdef __cplusplus
}
#endif
#endif /* MLOPT_RUNTIME_STATUS_H */
