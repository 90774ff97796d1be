/*===-- module.h - Modules ----------------------------------------------------------*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* A module is a loaded model: immutable, shared by any number of contexts and threads.
\*===---------------------------------------------------------------------------------===*/
#ifndef MLOPT_RUNTIME_MODULE_H
#define MLOPT_RUNTIME_MODULE_H

#include "mlopt/runtime/abi/module_abi.h"
#include "mlopt/runtime/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mlopt_rt_module mlopt_rt_module_t;

enum {
  MLOPT_RT_MODULE_VERIFY_WEIGHTS =
      1u << 0, /**< hash the weights while loading (about 0.5 to 4 s per GB) */
  MLOPT_RT_MODULE_METADATA_ONLY =
      1u << 1 /**< read the tables and weights only: nothing is executed, no CPU level is chosen,
                   no context can be made, missing weights are no error */
};

typedef struct mlopt_rt_module_options {
  uint32_t struct_size;
  uint32_t flags;           /**< MLOPT_RT_MODULE_* */
  const char *cpu_level;    /**< a level of the module to use, or null: environment variable
                               MLOPT_CPU_LEVEL, else the best */
  const char *weights_path; /**< weights file, or null: `<artefact>.weights`. Only where the module
                               keeps its weights outside */
  const void *weights_data; /**< the weights themselves, 64-byte aligned, in memory that outlives
                               the module; or null */
  uint64_t weights_bytes;   /**< bytes at `weights_data` */
} mlopt_rt_module_options_t;

/** Loads a shared library. Its header, tables and code are checked against their hashes before any
 * of it is executed. `options` may be null. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_module_open(const char *path,
                                                    const mlopt_rt_module_options_t *options,
                                                    mlopt_rt_module_t **module);

/** A module that is linked into the program: `query` is its `<prefix>_module_query`. Header and
 * tables are checked. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_module_from_query(mlopt_module_query_fn query,
                                                          const mlopt_rt_module_options_t *options,
                                                          mlopt_rt_module_t **module);

MLOPT_RT_API void mlopt_rt_module_retain(mlopt_rt_module_t *module);

/** Gives up a module. NULL is allowed. */
MLOPT_RT_API void mlopt_rt_module_release(mlopt_rt_module_t *module);

/** Hashes the weights and compares with the module's record. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_module_verify_weights(const mlopt_rt_module_t *module);

/*===---- Queries: results live as long as the module -----------------------------------===*/

/** The header: everything that the artefact says of itself. */
MLOPT_RT_API const mlopt_module *mlopt_rt_module_header(const mlopt_rt_module_t *module);
MLOPT_RT_API const char *mlopt_rt_module_name(const mlopt_rt_module_t *module);
/** Compiler and version that made the module. */
MLOPT_RT_API const char *mlopt_rt_module_producer(const mlopt_rt_module_t *module);
/** Free-form JSON for tools. */
MLOPT_RT_API const char *mlopt_rt_module_metadata(const mlopt_rt_module_t *module);
/** The CPU level in use, "" with METADATA_ONLY. */
MLOPT_RT_API const char *mlopt_rt_module_level(const mlopt_rt_module_t *module);
MLOPT_RT_API uint32_t mlopt_rt_module_level_count(const mlopt_rt_module_t *module);
/** Name of a level, null where out of range; `features` (may be null) receives what it needs. */
MLOPT_RT_API const char *mlopt_rt_module_level_name(const mlopt_rt_module_t *module, uint32_t level,
                                                    uint64_t *features);
/** Bytes of the weights, wherever they are. */
MLOPT_RT_API uint64_t mlopt_rt_module_weights_bytes(const mlopt_rt_module_t *module);

MLOPT_RT_API uint32_t mlopt_rt_module_entry_count(const mlopt_rt_module_t *module);
/** Index of an entry point by name (null: the default one), -1 where there is none. */
MLOPT_RT_API int32_t mlopt_rt_module_find_entry(const mlopt_rt_module_t *module, const char *name);
MLOPT_RT_API const char *mlopt_rt_module_entry_name(const mlopt_rt_module_t *module,
                                                    uint32_t entry);
MLOPT_RT_API uint32_t mlopt_rt_module_input_count(const mlopt_rt_module_t *module, uint32_t entry);
MLOPT_RT_API uint32_t mlopt_rt_module_output_count(const mlopt_rt_module_t *module, uint32_t entry);
MLOPT_RT_API uint32_t mlopt_rt_module_symbol_count(const mlopt_rt_module_t *module, uint32_t entry);

/** A dimension as the model states it. */
typedef struct mlopt_rt_dim_info {
  int64_t size;       /**< or -1 where it is not known before a run */
  const char *symbol; /**< name, or null */
  uint32_t symbol_index;
  uint32_t reserved;
} mlopt_rt_dim_info_t;

typedef struct mlopt_rt_tensor_info {
  uint32_t struct_size; /**< set by the caller */
  uint32_t dtype;       /**< mlopt_dtype */
  const char *name;
  uint32_t rank;
  int32_t donated; /**< outputs: the input whose memory it takes, which a run writes to, or -1 */
  mlopt_rt_dim_info_t dims[MLOPT_MAX_RANK];
} mlopt_rt_tensor_info_t;

typedef struct mlopt_rt_symbol_info {
  uint32_t struct_size; /**< set by the caller */
  uint32_t reserved;
  const char *name;
  int64_t minimum;
  int64_t maximum; /**< INT64_MAX: no bound */
  int64_t usual;
} mlopt_rt_symbol_info_t;

MLOPT_RT_API mlopt_rt_status_t mlopt_rt_module_input(const mlopt_rt_module_t *module,
                                                     uint32_t entry, uint32_t index,
                                                     mlopt_rt_tensor_info_t *info);
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_module_output(const mlopt_rt_module_t *module,
                                                      uint32_t entry, uint32_t index,
                                                      mlopt_rt_tensor_info_t *info);
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_module_symbol(const mlopt_rt_module_t *module,
                                                      uint32_t entry, uint32_t index,
                                                      mlopt_rt_symbol_info_t *info);

/** Code for one GPU architecture. */
typedef struct mlopt_rt_gpu_target_info {
  uint32_t struct_size;  /**< set by the caller */
  uint32_t architecture; /**< compute capability times ten: 90 */
  const char *name;      /**< "sm_90" */
  uint32_t functions;    /**< number of functions (a kernel is one for each of its phases) */
  uint32_t tf32;         /**< 1: products of f32 round their operands to tf32 */
  uint64_t weight_bytes; /**< of device memory */
  uint64_t ptx_bytes, machine_code_bytes; /**< 0: none of that kind */
} mlopt_rt_gpu_target_info_t;

/** A function of a GPU architecture. */
typedef struct mlopt_rt_gpu_function_info {
  uint32_t struct_size;  /**< set by the caller */
  uint32_t registers;    /**< of a thread; MLOPT_GPU_UNKNOWN where ptxas has not seen it */
  const char *name;      /**< of the symbol */
  const char *kernel;    /**< name of the kernel that it is (a phase of) */
  uint32_t spill_bytes;  /**< of a thread; as registers */
  uint32_t shared_bytes; /**< of a block, at most */
} mlopt_rt_gpu_function_info_t;

/** Number of GPU architectures that the module has code for. */
MLOPT_RT_API uint32_t mlopt_rt_module_gpu_target_count(const mlopt_rt_module_t *module);
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_module_gpu_target(const mlopt_rt_module_t *module,
                                                          uint32_t target,
                                                          mlopt_rt_gpu_target_info_t *info);
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_module_gpu_function(const mlopt_rt_module_t *module,
                                                            uint32_t target, uint32_t function,
                                                            mlopt_rt_gpu_function_info_t *info);

/** A size by name. */
typedef struct mlopt_rt_size {
  const char *name;
  int64_t value;
} mlopt_rt_size_t;

/** Bytes of the arena on the CPU for the given sizes (symbols left out take their usual size) and
 * number of threads. `lower_bound` may be null. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_module_arena_bytes(const mlopt_rt_module_t *module,
                                                           uint32_t entry,
                                                           const mlopt_rt_size_t *sizes,
                                                           uint32_t count, int64_t threads,
                                                           uint64_t *bytes, uint64_t *lower_bound);

/** Features of this CPU as MLOPT_CPU_* bits, as far as the operating system supports them. */
MLOPT_RT_API uint64_t mlopt_rt_cpu_features(void);

/** Version of the ABI that this runtime implements. */
MLOPT_RT_API uint32_t mlopt_rt_abi_version(void);

#ifdef __cplusplus
}
#endif
#endif /* MLOPT_RUNTIME_MODULE_H */
