/*===-- trainer.h - What a trainer consists of ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#ifndef MLOPT_RUNTIME_CORE_TRAINER_H
#define MLOPT_RUNTIME_CORE_TRAINER_H

#include "internal.h"

/* A trainer is a context for each entry point over the same regions. Only one of them runs at a
 * time, so they take turns with one arena: it lies in the trainer and moves into the context for
 * the time of a run, where it grows to the largest that any of them needs. */

enum { RT_MAX_SLOTS = 8, RT_MAX_REGIONS = MLOPT_REGION_COUNT + RT_MAX_SLOTS };

/** A flat memory of the trainer. */
typedef struct rt_region {
  const char *name; /**< of the inputs and outputs, null where the module has no such region */
  uint64_t elements;
  uint8_t *data;
  rt_block block;
} rt_region;

/** The regions of a module: parameters, buffers, slots of the optimizer. */
typedef struct rt_regions {
  rt_region all[RT_MAX_REGIONS];
  uint32_t count; /**< slots included, absent buffers too */
  uint64_t gradient_elements;
} rt_regions;

enum { RT_STEP, RT_INIT, RT_GRAD, RT_UPDATE, RT_EVAL, RT_PROGRAMS };
static const char *const rt_program_names[] = {"train_step", "init", "step_grad", "step_update",
                                               "eval"};

/** One entry point. The views are those of all its tensors in order; the caller's are filled in for
 * each run. */
typedef struct rt_program {
  mlopt_rt_context_t *context; /**< null: the module has no such entry point */
  const mlopt_entry *entry;
  mlopt_rt_tensor_t *inputs, *outputs;
} rt_program;

struct mlopt_rt_trainer {
  _Atomic uint32_t busy;
  bool ready;
  mlopt_rt_module_t *module;
  const mlopt_module *header;
  rt_regions regions;
  rt_block gradients, backup, arena;
  rt_program programs[RT_PROGRAMS];
  uint32_t *parameters; /**< which tensors of the table are parameters */
  uint32_t parameter_count;
  uint32_t flags;
  bool has_rate, has_clip_norm;
  int64_t step, seed, correct, count;
  float rate, clip_norm, loss, grad_norm;
};

/*===---- trainer.c ----*/

/** Whether a tensor of an entry point is the trainer's, by its name. */
RT_INTERNAL bool rt_is_internal(const char *name);
RT_INTERNAL uint64_t rt_training_elements(const mlopt_module *m, const mlopt_training_tensor *t);
/** Bytes that a region takes, a multiple of MLOPT_ALIGNMENT. */
RT_INTERNAL uint64_t rt_region_bytes(uint64_t elements);
RT_INTERNAL uint64_t rt_all_region_bytes(const rt_regions *regions);
/** Memory of zeros. False: out of memory. */
RT_INTERNAL bool rt_reserve_zeros(rt_block *block, uint64_t bytes);

/*===---- train.c ----*/

RT_INTERNAL mlopt_rt_status_t rt_train_lock(mlopt_rt_trainer_t *t);
/** Passes `status` on. */
RT_INTERNAL mlopt_rt_status_t rt_train_unlock(mlopt_rt_trainer_t *t, mlopt_rt_status_t status);

#endif /* MLOPT_RUNTIME_CORE_TRAINER_H */
