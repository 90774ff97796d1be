/*===-- train.c - Trainers: steps ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "trainer.h"

/*===---- One run -----------------------------------------------------------------------===*/

RT_INTERNAL mlopt_rt_status_t rt_train_lock(mlopt_rt_trainer_t *t) {
  if (!t)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "the trainer is null");
  if (atomic_exchange_explicit(&t->busy, 1, memory_order_acquire))
    return rt_error(MLOPT_RT_BUSY, "the trainer is in use by another thread");
  return NULL;
}

RT_INTERNAL mlopt_rt_status_t rt_train_unlock(mlopt_rt_trainer_t *t, mlopt_rt_status_t status) {
  atomic_store_explicit(&t->busy, 0, memory_order_release);
  return status;
}

/* Whether `number` can run now. */
static mlopt_rt_status_t rt_check_ready(const mlopt_rt_trainer_t *t, uint32_t number) {
  if (!t->programs[number].context)
    return rt_error(MLOPT_RT_UNKNOWN_NAME, "module '%s' has no entry point '%s'",
                    rt_string(t->header, t->header->name), rt_program_names[number]);
  if (!t->ready)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT,
                    "the trainer has no parameters; initialise it or load a checkpoint first");
  bool updates = number == RT_STEP || number == RT_UPDATE;
  if (updates && (t->flags & MLOPT_RT_TRAIN_LEARNING_RATE) && !t->has_rate)
    return rt_error(MLOPT_RT_MISSING_INPUT,
                    "the learning rate is set at run time in this module, and was not set");
  if (updates && (t->flags & MLOPT_RT_TRAIN_CLIP_NORM) && !t->has_clip_norm)
    return rt_error(MLOPT_RT_MISSING_INPUT,
                    "the clipping norm is set at run time in this module, and was not set");
  return NULL;
}

/* Finds the input or output of the caller that `view` is meant for. */
static mlopt_rt_status_t rt_find_own(const mlopt_rt_trainer_t *t, const rt_program *p, bool output,
                                     const mlopt_rt_tensor_t *view, uint32_t position,
                                     uint32_t *index) {
  const mlopt_module *m = t->header;
  const char *kind = output ? "output" : "input";
  mlopt_slice slice = output ? p->entry->outputs : p->entry->inputs;
  if (view->struct_size != sizeof(*view))
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "%s %u: struct_size is %u, expected %zu", kind,
                    position, view->struct_size, sizeof(*view));
  uint32_t count = 0;
  rt_text list = {{0}, 0};
  for (uint32_t i = 0; i < slice.count; ++i) {
    const char *name = rt_tensor_name(m, RT_TENSOR(m, slice.first + i));
    if (rt_is_internal(name))
      continue;
    if (view->name ? strcmp(view->name, name) == 0 : count == position) {
      *index = i;
      return NULL;
    }
    rt_append(&list, "%s'%s'", count++ ? ", " : "", name);
  }
  if (!view->name)
    return rt_error(MLOPT_RT_UNKNOWN_NAME, "%s %u was given, there are %u", kind, position, count);
  return rt_error(MLOPT_RT_UNKNOWN_NAME, "the model has no %s '%s'; it has %s", kind, view->name,
                  list.used ? list.data : "none");
}

/* Takes the caller's inputs into the views of the program. */
static mlopt_rt_status_t rt_take_inputs(mlopt_rt_trainer_t *t, rt_program *p,
                                        const mlopt_rt_tensor_t *inputs, uint32_t count) {
  const mlopt_module *m = t->header;
  if (count && !inputs)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "the list of inputs is null");
  mlopt_slice slice = p->entry->inputs;
  for (uint32_t i = 0; i < slice.count; ++i)
    if (!rt_is_internal(rt_tensor_name(m, RT_TENSOR(m, slice.first + i))))
      p->inputs[i].struct_size = 0; /* not given so far */
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t index;
    mlopt_rt_status_t status = rt_find_own(t, p, false, &inputs[i], i, &index);
    if (status)
      return status;
    if (p->inputs[index].struct_size)
      return rt_error(MLOPT_RT_MISSING_INPUT, "input '%s' was given twice",
                      rt_tensor_name(m, RT_TENSOR(m, slice.first + index)));
    p->inputs[index] = inputs[i];
    p->inputs[index].name = NULL;
  }
  for (uint32_t i = 0; i < slice.count; ++i)
    if (!p->inputs[i].struct_size)
      return rt_error(MLOPT_RT_MISSING_INPUT, "input '%s' was not given",
                      rt_tensor_name(m, RT_TENSOR(m, slice.first + i)));
  return NULL;
}

static mlopt_rt_status_t rt_run_program(mlopt_rt_trainer_t *t, uint32_t number) {
  rt_program *p = &t->programs[number];
  t->loss = t->grad_norm = __builtin_nanf("");
  t->correct = t->count = -1;
  p->context->arena = t->arena;
  mlopt_rt_status_t status = mlopt_rt_context_run(p->context, p->inputs, p->entry->inputs.count,
                                                  p->outputs, p->entry->outputs.count);
  t->arena = p->context->arena;
  memset(&p->context->arena, 0, sizeof(p->context->arena));
  return status;
}

/* Says in which step an error of the data was found, and what it has left behind. */
static mlopt_rt_status_t rt_name_step(mlopt_rt_trainer_t *t, mlopt_rt_status_t status,
                                      const char *consequence) {
  if (mlopt_rt_status_code(status) != MLOPT_RT_BAD_DATA)
    return status;
  mlopt_rt_status_t named = rt_error(MLOPT_RT_BAD_DATA, "step %lld: %s; %s", (long long)t->step,
                                     mlopt_rt_status_message(status), consequence);
  mlopt_rt_status_release(status);
  return named;
}

/* The same for an entry point that works on the parameters in place. */
static mlopt_rt_status_t rt_finish_update(mlopt_rt_trainer_t *t, mlopt_rt_status_t status,
                                          float *grad_norm) {
  if (!status) {
    ++t->step;
    if (grad_norm)
      *grad_norm = t->grad_norm;
    return NULL;
  }
  if (mlopt_rt_status_code(status) == MLOPT_RT_BAD_DATA)
    t->ready = false;
  return rt_name_step(t, status,
                      "parameters and optimizer state are undefined now: load the last checkpoint");
}

/*===---- Training ----------------------------------------------------------------------===*/

mlopt_rt_status_t mlopt_rt_train_init(mlopt_rt_trainer_t *t, int64_t seed) {
  mlopt_rt_status_t status = rt_train_lock(t);
  if (status)
    return status;
  t->seed = seed;
  t->step = 0;
  t->ready = false;
  status = rt_run_program(t, RT_INIT);
  if (!status) {
    t->ready = true;
    /* From here on the parameters are the trainer's. The model's, as large again, need not stay in
     * memory; another `init` reads them from the file once more. */
    rt_drop_weight_pages(t->module);
  }
  return rt_train_unlock(t, status);
}

mlopt_rt_status_t mlopt_rt_train_step(mlopt_rt_trainer_t *t, const mlopt_rt_tensor_t *inputs,
                                      uint32_t input_count, float *loss, float *grad_norm) {
  mlopt_rt_status_t status = rt_train_lock(t);
  if (status)
    return status;
  status = rt_check_ready(t, RT_STEP);
  if (!status)
    status = rt_take_inputs(t, &t->programs[RT_STEP], inputs, input_count);
  if (!status) {
    status = rt_finish_update(t, rt_run_program(t, RT_STEP), grad_norm);
    if (!status && loss)
      *loss = t->loss;
  }
  return rt_train_unlock(t, status);
}

static mlopt_rt_status_t rt_reserve_gradients(mlopt_rt_trainer_t *t) {
  if (t->gradients.data)
    return NULL;
  if (!(t->flags & MLOPT_RT_TRAIN_SPLIT) || !t->regions.gradient_elements)
    return rt_error(MLOPT_RT_UNKNOWN_NAME, "module '%s' has no entry points '%s' and '%s'",
                    rt_string(t->header, t->header->name), rt_program_names[RT_GRAD],
                    rt_program_names[RT_UPDATE]);
  uint64_t bytes = rt_region_bytes(t->regions.gradient_elements);
  if (!rt_reserve_zeros(&t->gradients, bytes))
    return rt_error(MLOPT_RT_OUT_OF_MEMORY, "cannot allocate gradients of %llu bytes",
                    (unsigned long long)bytes);
  const mlopt_module *m = t->header;
  const rt_program *grad = &t->programs[RT_GRAD], *update = &t->programs[RT_UPDATE];
  for (uint32_t i = 0; i < grad->entry->outputs.count; ++i)
    if (strcmp(rt_tensor_name(m, RT_TENSOR(m, grad->entry->outputs.first + i)),
               MLOPT_TRAIN_GRADIENTS) == 0)
      grad->outputs[i].data = t->gradients.data;
  for (uint32_t i = 0; i < update->entry->inputs.count; ++i)
    if (strcmp(rt_tensor_name(m, RT_TENSOR(m, update->entry->inputs.first + i)),
               MLOPT_TRAIN_GRADIENTS) == 0)
      update->inputs[i].data = t->gradients.data;
  return NULL;
}

/* The running statistics are updated in place by a gradient; they are small beside everything else,
 * so that one that fails can put them back. */
static mlopt_rt_status_t rt_run_grad(mlopt_rt_trainer_t *t) {
  const rt_region *buffers = &t->regions.all[MLOPT_REGION_BUFFERS];
  uint64_t bytes = rt_region_bytes(buffers->elements);
  if (bytes && !rt_block_reserve(&t->backup, bytes))
    return rt_error(MLOPT_RT_OUT_OF_MEMORY, "cannot allocate a copy of the buffers, %llu bytes",
                    (unsigned long long)bytes);
  if (bytes)
    memcpy(t->backup.data, buffers->data, (size_t)bytes);
  mlopt_rt_status_t status = rt_run_program(t, RT_GRAD);
  if (status && bytes)
    memcpy(buffers->data, t->backup.data, (size_t)bytes);
  return rt_name_step(t, status, "the gradients are undefined, nothing else has changed");
}

mlopt_rt_status_t mlopt_rt_train_grad(mlopt_rt_trainer_t *t, const mlopt_rt_tensor_t *inputs,
                                      uint32_t input_count, float *loss) {
  mlopt_rt_status_t status = rt_train_lock(t);
  if (status)
    return status;
  status = rt_check_ready(t, RT_GRAD);
  if (!status)
    status = rt_reserve_gradients(t);
  if (!status)
    status = rt_take_inputs(t, &t->programs[RT_GRAD], inputs, input_count);
  if (!status)
    status = rt_run_grad(t);
  if (!status && loss)
    *loss = t->loss;
  return rt_train_unlock(t, status);
}

mlopt_rt_status_t mlopt_rt_train_gradients(mlopt_rt_trainer_t *t, float **data, uint64_t *count) {
  mlopt_rt_status_t status = rt_train_lock(t);
  if (status)
    return status;
  status = data && count ? rt_reserve_gradients(t)
                         : rt_error(MLOPT_RT_INVALID_ARGUMENT, "a place for the result is null");
  if (!status) {
    *data = (float *)(void *)t->gradients.data;
    *count = t->regions.gradient_elements;
  }
  return rt_train_unlock(t, status);
}

mlopt_rt_status_t mlopt_rt_train_update(mlopt_rt_trainer_t *t, float *grad_norm) {
  mlopt_rt_status_t status = rt_train_lock(t);
  if (status)
    return status;
  status = rt_check_ready(t, RT_UPDATE);
  if (!status)
    status = rt_reserve_gradients(t);
  if (!status)
    status = rt_finish_update(t, rt_run_program(t, RT_UPDATE), grad_norm);
  return rt_train_unlock(t, status);
}

/* Puts the caller's output views among those of the program; `back`: what the run wrote to them
 * goes the other way. */
static mlopt_rt_status_t rt_take_outputs(mlopt_rt_trainer_t *t, rt_program *p,
                                         mlopt_rt_tensor_t *outputs, uint32_t count, bool back) {
  const mlopt_module *m = t->header;
  if (count && !outputs)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "the list of outputs is null");
  for (uint32_t i = 0; !back && i < p->entry->outputs.count; ++i)
    if (!rt_is_internal(rt_tensor_name(m, RT_TENSOR(m, p->entry->outputs.first + i))))
      p->outputs[i] = mlopt_rt_tensor_make(NULL, MLOPT_DTYPE_INVALID, 0, NULL, NULL, 0);
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t index;
    mlopt_rt_status_t status = rt_find_own(t, p, true, &outputs[i], i, &index);
    if (status)
      return status;
    const char *name = outputs[i].name;
    *(back ? &outputs[i] : &p->outputs[index]) = back ? p->outputs[index] : outputs[i];
    outputs[i].name = name;
    p->outputs[index].name = NULL;
  }
  return NULL;
}

mlopt_rt_status_t mlopt_rt_train_eval(mlopt_rt_trainer_t *t, const mlopt_rt_tensor_t *inputs,
                                      uint32_t input_count, mlopt_rt_tensor_t *outputs,
                                      uint32_t output_count, mlopt_rt_train_result_t *result) {
  mlopt_rt_status_t status = rt_train_lock(t);
  if (status)
    return status;
  rt_program *p = &t->programs[RT_EVAL];
  if (result && result->struct_size != sizeof(*result))
    status = rt_error(MLOPT_RT_INVALID_ARGUMENT, "result: struct_size is %u, expected %zu",
                      result->struct_size, sizeof(*result));
  if (!status)
    status = rt_check_ready(t, RT_EVAL);
  if (!status)
    status = rt_take_inputs(t, p, inputs, input_count);
  if (!status)
    status = rt_take_outputs(t, p, outputs, output_count, false);
  if (!status)
    status = rt_run_program(t, RT_EVAL);
  if (!status)
    status = rt_take_outputs(t, p, outputs, output_count, true);
  if (!status && result)
    *result = (mlopt_rt_train_result_t){sizeof(*result), t->loss, t->correct, t->count};
  return rt_train_unlock(t, status);
}

/*===---- Numbers -----------------------------------------------------------------------===*/

int64_t mlopt_rt_train_step_number(const mlopt_rt_trainer_t *t) { return t ? t->step : 0; }
int64_t mlopt_rt_train_seed(const mlopt_rt_trainer_t *t) { return t ? t->seed : 0; }

mlopt_rt_status_t mlopt_rt_train_set_step_number(mlopt_rt_trainer_t *t, int64_t step) {
  mlopt_rt_status_t status = rt_train_lock(t);
  if (status)
    return status;
  if (step < 0 || step >= INT64_C(1) << 53) /* room for steps that follow, and exact as a double */
    status = rt_error(MLOPT_RT_INVALID_ARGUMENT,
                      "the number of the step is %lld, expected one from 0 to 2^53 - 1",
                      (long long)step);
  else
    t->step = step;
  return rt_train_unlock(t, status);
}

mlopt_rt_status_t mlopt_rt_train_set_seed(mlopt_rt_trainer_t *t, int64_t seed) {
  mlopt_rt_status_t status = rt_train_lock(t);
  if (status)
    return status;
  t->seed = seed;
  return rt_train_unlock(t, NULL);
}

static mlopt_rt_status_t rt_set_number(mlopt_rt_trainer_t *t, const char *what, const char *option,
                                       uint32_t flag, float value, float *place, bool *has) {
  if (!(t->flags & flag))
    return rt_error(MLOPT_RT_INVALID_ARGUMENT,
                    "the %s of module '%s' is compiled in; to set it at run time, give "
                    "'mlopt train' --%s=input",
                    what, rt_string(t->header, t->header->name), option);
  if (!(value >= 0) || value > 3.4e38f)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "the %s is %g, expected a finite number not below 0",
                    what, (double)value);
  *place = value;
  *has = true;
  return NULL;
}

mlopt_rt_status_t mlopt_rt_train_set_learning_rate(mlopt_rt_trainer_t *t, float rate) {
  mlopt_rt_status_t status = rt_train_lock(t);
  if (status)
    return status;
  return rt_train_unlock(t, rt_set_number(t, "learning rate", "lr", MLOPT_RT_TRAIN_LEARNING_RATE,
                                          rate, &t->rate, &t->has_rate));
}

mlopt_rt_status_t mlopt_rt_train_set_clip_norm(mlopt_rt_trainer_t *t, float norm) {
  mlopt_rt_status_t status = rt_train_lock(t);
  if (status)
    return status;
  return rt_train_unlock(t, rt_set_number(t, "clipping norm", "clip-norm", MLOPT_RT_TRAIN_CLIP_NORM,
                                          norm, &t->clip_norm, &t->has_clip_norm));
}
