/*===-- train.h - Training -----------------------------------------------------------*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* A trainer runs a training module (`mlopt train MODEL -o step.so`): it owns the parameters, the
|* running statistics and the state of the optimizer, and runs the module's entry points on them.
|* It knows no files: checkpoints go through a callback for each tensor.
|*
|*   mlopt_rt_train_create(module, NULL, &trainer);
|*   mlopt_rt_train_init(trainer, 42);
|*   for (...)
|*     mlopt_rt_train_step(trainer, batch, 2, &loss, NULL);
|*
|* Use a trainer from one thread at a time (a second one gets MLOPT_RT_BUSY); different trainers
|* run concurrently. Results are the same to the bit at any number of threads, and `step` gives the
|* bits of `grad` followed by `update`. Nothing is allocated in a step whose sizes need no more
|* than those before.
\*===---------------------------------------------------------------------------------===*/
#ifndef MLOPT_RUNTIME_TRAIN_H
#define MLOPT_RUNTIME_TRAIN_H

#include "mlopt/runtime/module.h"
#include "mlopt/runtime/pool.h"
#include "mlopt/runtime/tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mlopt_rt_trainer mlopt_rt_trainer_t;

typedef struct mlopt_rt_train_options {
  uint32_t struct_size;
  uint32_t debug;        /**< MLOPT_RT_DEBUG_* of context.h */
  int64_t threads;       /**< threads of a run at most; 0 = those of the pool */
  mlopt_rt_pool_t *pool; /**< null: as for contexts; all entry points share it */
  void *memory; /**< memory of the caller for parameters, buffers and optimizer state, 64-byte
                  aligned, or null: the trainer allocates */
  uint64_t memory_bytes; /**< at least `mlopt_rt_train_memory_bytes` */
} mlopt_rt_train_options_t;

/** Bytes of parameters, buffers and optimizer state together. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_train_memory_bytes(const mlopt_rt_module_t *module,
                                                           uint64_t *bytes);

/** Makes a trainer; it keeps `module` and the pool alive. `options` may be null. It has no values
 * yet: `init` or `load` comes next. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_train_create(mlopt_rt_module_t *module,
                                                     const mlopt_rt_train_options_t *options,
                                                     mlopt_rt_trainer_t **trainer);

/** Gives up a trainer. NULL is allowed. */
MLOPT_RT_API void mlopt_rt_train_release(mlopt_rt_trainer_t *trainer);

/*===---- Training ----------------------------------------------------------------------===*/

/** Sets parameters, buffers and optimizer state to their first values, the number of the step to 0
 * and the seed to `seed`. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_train_init(mlopt_rt_trainer_t *trainer, int64_t seed);

/** One step on a batch: `inputs` are the model's inputs and the targets, by name, those without a
 * name by position. `loss` and `grad_norm` (NaN where the module does not clip) may be null.
 *
 * An input that does not fit is found before anything is changed. After an error that a kernel
 * records (MLOPT_RT_BAD_DATA: an index out of range, a value that is not finite) the parameters
 * are undefined, the status says so, and everything but `init` and `load` is refused. `grad` and
 * `update` avoid that: a gradient that fails changes nothing. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_train_step(mlopt_rt_trainer_t *trainer,
                                                   const mlopt_rt_tensor_t *inputs,
                                                   uint32_t input_count, float *loss,
                                                   float *grad_norm);

/** The first half of a step: computes the gradients and updates the buffers (running statistics).
 * The number of the step stays. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_train_grad(mlopt_rt_trainer_t *trainer,
                                                   const mlopt_rt_tensor_t *inputs,
                                                   uint32_t input_count, float *loss);

/** The gradients, one flat array in the layout of the parameters, 64-byte aligned: what an
 * all-reduce adds up, padding (zeros) included. It may be written between `grad` and `update`.
 * Lives as long as the trainer; allocated with the first call of this or of `grad`. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_train_gradients(mlopt_rt_trainer_t *trainer, float **data,
                                                        uint64_t *count);

/** The second half: updates parameters and optimizer state by the gradients as they are. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_train_update(mlopt_rt_trainer_t *trainer, float *grad_norm);

typedef struct mlopt_rt_train_result {
  uint32_t struct_size; /**< set by the caller */
  float loss;
  int64_t correct; /**< right predictions among `count`, -1 where the loss has no classes */
  int64_t count;   /**< labels that count, or -1 */
} mlopt_rt_train_result_t;

/** Runs the model as in inference and its loss on a batch; changes nothing. `outputs` are the
 * model's, found and placed as in `mlopt_rt_context_run`. `result` may be null. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_train_eval(mlopt_rt_trainer_t *trainer,
                                                   const mlopt_rt_tensor_t *inputs,
                                                   uint32_t input_count, mlopt_rt_tensor_t *outputs,
                                                   uint32_t output_count,
                                                   mlopt_rt_train_result_t *result);

/** Number of the next step: how many there have been. Schedules and bias correction follow it. It is
 * set to 0 to 2^53 - 1. */
MLOPT_RT_API int64_t mlopt_rt_train_step_number(const mlopt_rt_trainer_t *trainer);
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_train_set_step_number(mlopt_rt_trainer_t *trainer,
                                                              int64_t step);
/** Seed of what is random in a step (dropout), together with the number of the step. */
MLOPT_RT_API int64_t mlopt_rt_train_seed(const mlopt_rt_trainer_t *trainer);
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_train_set_seed(mlopt_rt_trainer_t *trainer, int64_t seed);
/** Learning rate, and largest norm of the gradient, of the steps to come; an error where the
 * module has them compiled in. Without them a module that needs them makes no step. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_train_set_learning_rate(mlopt_rt_trainer_t *trainer,
                                                                float rate);
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_train_set_clip_norm(mlopt_rt_trainer_t *trainer,
                                                            float norm);

/*===---- What there is -----------------------------------------------------------------===*/

enum {
  MLOPT_RT_TRAIN_LEARNING_RATE = 1u << 0, /**< the learning rate is set at run time */
  MLOPT_RT_TRAIN_CLIP_NORM = 1u << 1,     /**< the clipping norm is set at run time */
  MLOPT_RT_TRAIN_GRAD_NORM = 1u << 2,     /**< steps give the norm of the gradient */
  MLOPT_RT_TRAIN_SEED = 1u << 3,          /**< a seed changes the first values or the steps */
  MLOPT_RT_TRAIN_CORRECT = 1u << 4,       /**< `eval` counts right predictions */
  MLOPT_RT_TRAIN_SPLIT = 1u << 5,         /**< there are `grad` and `update` */
  MLOPT_RT_TRAIN_EVAL = 1u << 6,          /**< there is `eval` */
  MLOPT_RT_TRAIN_READY = 1u << 7          /**< there are values: `init` or `load` has succeeded */
};

typedef struct mlopt_rt_train_info {
  uint32_t struct_size; /**< set by the caller */
  uint32_t flags;       /**< MLOPT_RT_TRAIN_* */
  uint64_t parameters;  /**< elements of all parameters, padding not counted */
  uint64_t parameter_bytes, buffer_bytes, state_bytes; /**< of the regions */
  uint64_t gradient_bytes; /**< of the flat gradients; 0 as long as nobody asked for them */
  uint64_t arena_bytes;    /**< of the arena that all entry points share, now */
  int64_t threads;
  uint32_t slots; /**< slots of the optimizer */
  uint32_t reserved;
} mlopt_rt_train_info_t;

MLOPT_RT_API mlopt_rt_status_t mlopt_rt_train_info(const mlopt_rt_trainer_t *trainer,
                                                   mlopt_rt_train_info_t *info);

/** An input of `step`, `grad` and `eval`: `index` counts the model's inputs, then the targets. Null
 * where there is none. */
MLOPT_RT_API const char *mlopt_rt_train_input_name(const mlopt_rt_trainer_t *trainer,
                                                   uint32_t index);
/** Name of a slot of the optimizer ("exp_avg"), or null. */
MLOPT_RT_API const char *mlopt_rt_train_slot_name(const mlopt_rt_trainer_t *trainer, uint32_t slot);

/** Kinds of a tensor that a checkpoint holds. */
enum {
  MLOPT_RT_TRAIN_PARAMETER = 0,
  MLOPT_RT_TRAIN_BUFFER = 1,
  MLOPT_RT_TRAIN_SLOT = 2 /**< optimizer state of a parameter */
};

typedef struct mlopt_rt_train_tensor {
  uint32_t struct_size; /**< set by the caller */
  uint32_t kind;        /**< MLOPT_RT_TRAIN_PARAMETER, _BUFFER or _SLOT */
  const char *name;     /**< of the parameter or buffer, as in the model */
  const char *slot;     /**< name of the slot, null for the other kinds */
  uint32_t dtype;       /**< mlopt_dtype */
  uint32_t rank;
  void *data; /**< dense and row-major, part of a region: stays where it is as long as the trainer
                 lives, changes with every step. Alignment: 4 bytes at least */
  uint64_t bytes;
  uint64_t offset; /**< in elements, within its region; of a parameter, within the gradients too */
  int64_t dims[MLOPT_MAX_RANK];
} mlopt_rt_train_tensor_t;

/** How many tensors a checkpoint holds: parameters and buffers, then the slots of each parameter.
 */
MLOPT_RT_API uint32_t mlopt_rt_train_tensor_count(const mlopt_rt_trainer_t *trainer);
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_train_tensor(const mlopt_rt_trainer_t *trainer,
                                                     uint32_t index,
                                                     mlopt_rt_train_tensor_t *tensor);

/*===---- Checkpoints -------------------------------------------------------------------===*/

/** Takes one tensor to wherever the caller keeps it. Returns 0; anything else ends the save. */
typedef int (*mlopt_rt_train_write_fn)(void *user, const mlopt_rt_train_tensor_t *tensor);

/** Calls `write` for every tensor in order. No step runs meanwhile. Number of the step and seed
 * are the caller's to keep. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_train_save(mlopt_rt_trainer_t *trainer,
                                                   mlopt_rt_train_write_fn write, void *user);

enum {
  MLOPT_RT_TRAIN_READ = 0, /**< all of the tensor was read */
  MLOPT_RT_TRAIN_KEEP = 1  /**< it is not there: the value stays as it is, zero if there is none */
};

/** Fills `tensor->bytes` bytes at `tensor->data`, which need not be where the tensor lives. Returns
 * MLOPT_RT_TRAIN_READ or MLOPT_RT_TRAIN_KEEP; anything else ends the load. */
typedef int (*mlopt_rt_train_read_fn)(void *user, const mlopt_rt_train_tensor_t *tensor);

/** Calls `read` for every tensor in order, and takes the values when all are there: a load that
 * fails changes nothing, and a trainer that had no values has none. Needs memory for the values a
 * second time while it runs, unless there were none. */
MLOPT_RT_API mlopt_rt_status_t mlopt_rt_train_load(mlopt_rt_trainer_t *trainer,
                                                   mlopt_rt_train_read_fn read, void *user);

#ifdef __cplusplus
}
#endif
#endif /* MLOPT_RUNTIME_TRAIN_H */
