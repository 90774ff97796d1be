/*===-- train.c - Trainers: regions, steps, checkpoints ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

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
static const char *const rt_program_names[RT_PROGRAMS] = {"train_step", "init", "step_grad",
                                                          "step_update", "eval"};

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

/*===---- What the module says ----------------------------------------------------------===*/

static bool rt_is_internal(const char *name) {
  return strncmp(name, MLOPT_TRAIN_PREFIX, sizeof(MLOPT_TRAIN_PREFIX) - 1) == 0;
}

static mlopt_rt_status_t rt_bad_training(const mlopt_module *m, const mlopt_entry *e,
                                         const char *tensor, const char *why) {
  return rt_error(MLOPT_RT_BAD_ARTEFACT,
                  "module '%s' cannot train: '%s' of entry point '%s' %s; compile the model again",
                  rt_string(m, m->name), tensor, rt_string(m, e->name), why);
}

/* Notes a region of which `t` is an input or output, or checks that it is as large as before. */
static mlopt_rt_status_t rt_add_region(const mlopt_module *m, const mlopt_entry *e,
                                       const mlopt_tensor *t, rt_regions *regions) {
  const char *name = rt_tensor_name(m, t);
  uint64_t *elements = NULL;
  if (strcmp(name, MLOPT_TRAIN_GRADIENTS) == 0) {
    elements = &regions->gradient_elements;
  } else {
    uint32_t at = MLOPT_REGION_COUNT;
    if (strcmp(name, MLOPT_TRAIN_PARAMETERS) == 0)
      at = MLOPT_REGION_PARAMETERS;
    else if (strcmp(name, MLOPT_TRAIN_BUFFERS) == 0)
      at = MLOPT_REGION_BUFFERS;
    else if (strncmp(name, MLOPT_TRAIN_STATE, sizeof(MLOPT_TRAIN_STATE) - 1) == 0)
      for (; at < regions->count && strcmp(regions->all[at].name, name) != 0; ++at)
        ;
    else
      return NULL;
    if (at == RT_MAX_REGIONS)
      return rt_bad_training(m, e, name, "is one slot of the optimizer too many");
    if (at == regions->count)
      ++regions->count;
    regions->all[at].name = name;
    elements = &regions->all[at].elements;
  }
  const mlopt_dim *d = t->dims.count == 1 ? RT_DIM(m, t->dims.first) : NULL;
  if (!d || t->dtype != MLOPT_DTYPE_F32 || d->kind != MLOPT_DIM_CONSTANT || d->value < 1 ||
      d->value > INT64_C(1) << 56)
    return rt_bad_training(m, e, name, "is no flat f32 memory of known size");
  if (*elements && *elements != (uint64_t)d->value)
    return rt_bad_training(m, e, name, "has another size than elsewhere");
  *elements = (uint64_t)d->value;
  return NULL;
}

static uint64_t rt_training_elements(const mlopt_module *m, const mlopt_training_tensor *t) {
  uint64_t elements = 1; /* image.c has seen that it fits */
  for (uint32_t i = 0; i < t->dims.count; ++i)
    elements *= (uint64_t)RT_DIM(m, t->dims.first + i)->value;
  return elements;
}

/* Finds the regions, and that they hold the tensors of the table. */
static mlopt_rt_status_t rt_find_regions(const mlopt_rt_module_t *module, rt_regions *regions) {
  const mlopt_module *m = module->header;
  memset(regions, 0, sizeof(*regions));
  regions->count = MLOPT_REGION_COUNT;
  if (!(m->flags & MLOPT_MODULE_TRAINING) || mlopt_rt_module_find_entry(module, "init") < 0 ||
      mlopt_rt_module_find_entry(module, "train_step") < 0)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT,
                    "module '%s' is not for training; make one with 'mlopt train MODEL -o NAME.so'",
                    rt_string(m, m->name));
  for (uint32_t p = 0; p < RT_PROGRAMS; ++p) {
    int32_t index = mlopt_rt_module_find_entry(module, rt_program_names[p]);
    const mlopt_entry *e = index < 0 ? NULL : RT_ENTRY(m, index);
    for (uint32_t i = 0; e && i < e->inputs.count + e->outputs.count; ++i) {
      uint32_t at =
          i < e->inputs.count ? e->inputs.first + i : e->outputs.first + (i - e->inputs.count);
      mlopt_rt_status_t status = rt_add_region(m, e, RT_TENSOR(m, at), regions);
      if (status)
        return status;
    }
  }
  const rt_region *parameters = &regions->all[MLOPT_REGION_PARAMETERS];
  bool good = parameters->elements &&
              (!regions->gradient_elements || regions->gradient_elements == parameters->elements);
  for (uint32_t i = MLOPT_REGION_COUNT; i < regions->count; ++i)
    good &= regions->all[i].elements == parameters->elements;
  for (uint32_t i = 0; i < m->training.count; ++i) {
    const mlopt_training_tensor *t = RT_TRAINING(m, i);
    good &= t->dtype == MLOPT_DTYPE_F32 &&
            t->offset + rt_training_elements(m, t) <= regions->all[t->region].elements;
  }
  return good ? NULL
              : rt_error(MLOPT_RT_BAD_ARTEFACT,
                         "module '%s' is damaged: its tensors do not lie in its regions; compile "
                         "the model again",
                         rt_string(m, m->name));
}

static uint64_t rt_region_bytes(uint64_t elements) {
  return (elements * sizeof(float) + MLOPT_ALIGNMENT - 1) / MLOPT_ALIGNMENT * MLOPT_ALIGNMENT;
}

static uint64_t rt_all_region_bytes(const rt_regions *regions) {
  uint64_t bytes = 0;
  for (uint32_t i = 0; i < regions->count; ++i)
    bytes += rt_region_bytes(regions->all[i].elements);
  return bytes;
}

mlopt_rt_status_t mlopt_rt_train_memory_bytes(const mlopt_rt_module_t *module, uint64_t *bytes) {
  if (!module || !bytes)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "the module or the place for the result is null");
  rt_regions regions;
  mlopt_rt_status_t status = rt_find_regions(module, &regions);
  if (!status)
    *bytes = rt_all_region_bytes(&regions);
  return status;
}

/*===---- Life --------------------------------------------------------------------------===*/

/* Memory of zeros for `bytes` bytes. What the kernel maps is zero, and not resident, already. */
static bool rt_reserve_zeros(rt_block *block, uint64_t bytes) {
  if (!rt_block_reserve(block, bytes))
    return false;
  if (!block->map)
    memset(block->data, 0, (size_t)bytes);
  return true;
}

static mlopt_rt_status_t rt_place_regions(mlopt_rt_trainer_t *t,
                                          const mlopt_rt_train_options_t *o) {
  uint64_t all = rt_all_region_bytes(&t->regions);
  uint8_t *at = o ? o->memory : NULL;
  if (at && (uintptr_t)at % MLOPT_ALIGNMENT)
    return rt_error(MLOPT_RT_MISALIGNED, "the memory is not aligned to %u bytes", MLOPT_ALIGNMENT);
  if (at && o->memory_bytes < all)
    return rt_error(MLOPT_RT_BUFFER_TOO_SMALL,
                    "the memory has %llu bytes, parameters, buffers and optimizer state need %llu",
                    (unsigned long long)o->memory_bytes, (unsigned long long)all);
  if (at)
    memset(at, 0, (size_t)all);
  for (uint32_t i = 0; i < t->regions.count; ++i) {
    rt_region *r = &t->regions.all[i];
    uint64_t bytes = rt_region_bytes(r->elements);
    if (!bytes)
      continue;
    if (!at && !rt_reserve_zeros(&r->block, bytes))
      return rt_error(MLOPT_RT_OUT_OF_MEMORY, "cannot allocate '%s' of %llu bytes", r->name,
                      (unsigned long long)bytes);
    r->data = at ? at : r->block.data;
    at = at ? at + bytes : NULL;
  }
  return NULL;
}

/* Where the tensor `name` of an entry point lies, with its type if it is a number. Null data: it is
 * the caller's, or lies nowhere yet. False: unknown. */
static bool rt_place_internal(mlopt_rt_trainer_t *t, const char *name, void **data,
                              uint32_t *dtype) {
  const struct {
    const char *name;
    void *data;
    uint32_t dtype, flag;
  } numbers[] = {
      {MLOPT_TRAIN_STEP, &t->step, MLOPT_DTYPE_I64, 0},
      {MLOPT_TRAIN_LR, &t->rate, MLOPT_DTYPE_F32, MLOPT_RT_TRAIN_LEARNING_RATE},
      {MLOPT_TRAIN_CLIP_NORM, &t->clip_norm, MLOPT_DTYPE_F32, MLOPT_RT_TRAIN_CLIP_NORM},
      {MLOPT_TRAIN_SEED, &t->seed, MLOPT_DTYPE_I64, MLOPT_RT_TRAIN_SEED},
      {MLOPT_TRAIN_LOSS, &t->loss, MLOPT_DTYPE_F32, 0},
      {MLOPT_TRAIN_GRAD_NORM, &t->grad_norm, MLOPT_DTYPE_F32, MLOPT_RT_TRAIN_GRAD_NORM},
      {MLOPT_TRAIN_CORRECT, &t->correct, MLOPT_DTYPE_I64, MLOPT_RT_TRAIN_CORRECT},
      {MLOPT_TRAIN_COUNT, &t->count, MLOPT_DTYPE_I64, 0},
  };
  *data = NULL;
  *dtype = MLOPT_DTYPE_INVALID;
  for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); ++i)
    if (strcmp(name, numbers[i].name) == 0) {
      *data = numbers[i].data;
      *dtype = numbers[i].dtype;
      t->flags |= numbers[i].flag;
      return true;
    }
  for (uint32_t i = 0; i < t->regions.count; ++i)
    if (t->regions.all[i].name && strcmp(name, t->regions.all[i].name) == 0) {
      *data = t->regions.all[i].data;
      return true;
    }
  return strcmp(name, MLOPT_TRAIN_GRADIENTS) == 0;
}

static mlopt_rt_status_t rt_make_views(mlopt_rt_trainer_t *t, const mlopt_entry *e, bool output,
                                       mlopt_rt_tensor_t **views) {
  const mlopt_module *m = t->header;
  mlopt_slice slice = output ? e->outputs : e->inputs;
  if (!(*views = calloc((size_t)slice.count + 1, sizeof(**views))))
    return rt_out_of_memory();
  for (uint32_t i = 0; i < slice.count; ++i) {
    const mlopt_tensor *tensor = RT_TENSOR(m, slice.first + i);
    const char *name = rt_tensor_name(m, tensor);
    int64_t size = 0; /* a region has one constant dimension */
    if (tensor->dims.count == 1)
      size = RT_DIM(m, tensor->dims.first)->value;
    (*views)[i] =
        mlopt_rt_tensor_make(NULL, (mlopt_dtype)tensor->dtype, tensor->dims.count, NULL, NULL, 0);
    (*views)[i].dims[0] = size;
    if (!rt_is_internal(name))
      continue;
    uint32_t dtype;
    if (!rt_place_internal(t, name, &(*views)[i].data, &dtype))
      return rt_bad_training(m, e, name, "is nothing that this runtime knows");
    if (dtype && (dtype != tensor->dtype || tensor->dims.count))
      return rt_bad_training(m, e, name, "has the wrong type");
    /* A region that an entry point takes and gives is updated in place. */
    for (uint32_t j = 0; output && !dtype && j < e->inputs.count; ++j)
      if (strcmp(name, rt_tensor_name(m, RT_TENSOR(m, e->inputs.first + j))) == 0 &&
          tensor->donated != (int32_t)j)
        return rt_bad_training(m, e, name, "is not updated in place");
  }
  return NULL;
}

static mlopt_rt_status_t rt_make_program(mlopt_rt_trainer_t *t, uint32_t number,
                                         const mlopt_rt_train_options_t *o) {
  rt_program *p = &t->programs[number];
  const mlopt_rt_context_t *first = t->programs[RT_STEP].context;
  int32_t index = mlopt_rt_module_find_entry(t->module, rt_program_names[number]);
  if (index < 0)
    return NULL;
  mlopt_rt_context_options_t options = {.struct_size = sizeof(options),
                                        .debug = o ? o->debug : 0,
                                        .entry = rt_program_names[number],
                                        .threads = first ? first->threads
                                                   : o   ? o->threads
                                                         : 0,
                                        .pool = first ? first->pool
                                                : o   ? o->pool
                                                      : NULL};
  mlopt_rt_status_t status = mlopt_rt_context_create(t->module, &options, &p->context);
  if (status)
    return status;
  p->entry = p->context->entry;
  status = rt_make_views(t, p->entry, false, &p->inputs);
  return status ? status : rt_make_views(t, p->entry, true, &p->outputs);
}

static mlopt_rt_status_t rt_fill_trainer(mlopt_rt_trainer_t *t, const mlopt_rt_train_options_t *o) {
  const mlopt_module *m = t->header;
  mlopt_rt_status_t status = rt_find_regions(t->module, &t->regions);
  if (!status)
    status = rt_place_regions(t, o);
  for (uint32_t i = 0; !status && i < RT_PROGRAMS; ++i)
    status = rt_make_program(t, i, o);
  if (status)
    return status;
  if (!(t->parameters = calloc((size_t)m->training.count + 1, sizeof(*t->parameters))))
    return rt_out_of_memory();
  for (uint32_t i = 0; i < m->training.count; ++i)
    if (RT_TRAINING(m, i)->region == MLOPT_REGION_PARAMETERS)
      t->parameters[t->parameter_count++] = i;
  if (t->programs[RT_GRAD].context && t->programs[RT_UPDATE].context)
    t->flags |= MLOPT_RT_TRAIN_SPLIT;
  if (t->programs[RT_EVAL].context)
    t->flags |= MLOPT_RT_TRAIN_EVAL;
  return NULL;
}

mlopt_rt_status_t mlopt_rt_train_create(mlopt_rt_module_t *module,
                                        const mlopt_rt_train_options_t *o,
                                        mlopt_rt_trainer_t **out) {
  if (!module || !out)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "the module or the place for the trainer is null");
  *out = NULL;
  if (o && o->struct_size != sizeof(*o))
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "trainer options: struct_size is %u, expected %zu",
                    o->struct_size, sizeof(*o));
  mlopt_rt_trainer_t *t = calloc(1, sizeof(*t));
  if (!t)
    return rt_out_of_memory();
  mlopt_rt_module_retain(module);
  t->module = module;
  t->header = module->header;
  mlopt_rt_status_t status = rt_fill_trainer(t, o);
  if (status) {
    mlopt_rt_train_release(t);
    return status;
  }
  *out = t;
  return NULL;
}

void mlopt_rt_train_release(mlopt_rt_trainer_t *t) {
  if (!t)
    return;
  for (uint32_t i = 0; i < RT_PROGRAMS; ++i) {
    mlopt_rt_context_release(t->programs[i].context);
    free(t->programs[i].inputs);
    free(t->programs[i].outputs);
  }
  for (uint32_t i = 0; i < t->regions.count; ++i)
    rt_block_release(&t->regions.all[i].block);
  rt_block_release(&t->gradients);
  rt_block_release(&t->backup);
  rt_block_release(&t->arena);
  free(t->parameters);
  mlopt_rt_module_release(t->module);
  free(t);
}

/*===---- One run -----------------------------------------------------------------------===*/

static mlopt_rt_status_t rt_train_lock(mlopt_rt_trainer_t *t) {
  if (!t)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "the trainer is null");
  if (atomic_exchange_explicit(&t->busy, 1, memory_order_acquire))
    return rt_error(MLOPT_RT_BUSY, "the trainer is in use by another thread");
  return NULL;
}

static mlopt_rt_status_t rt_train_unlock(mlopt_rt_trainer_t *t, mlopt_rt_status_t status) {
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
  if (step < 0)
    status = rt_error(MLOPT_RT_INVALID_ARGUMENT,
                      "the number of the step is %lld, expected 0 or more", (long long)step);
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

static mlopt_rt_status_t rt_set_number(mlopt_rt_trainer_t *t, const char *what, uint32_t flag,
                                       float value, float *place, bool *has) {
  if (!(t->flags & flag))
    return rt_error(MLOPT_RT_INVALID_ARGUMENT,
                    "the %s of module '%s' is compiled in; 'mlopt train' with an input for it "
                    "makes one whose can be set",
                    what, rt_string(t->header, t->header->name));
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
  return rt_train_unlock(t, rt_set_number(t, "learning rate", MLOPT_RT_TRAIN_LEARNING_RATE, rate,
                                          &t->rate, &t->has_rate));
}

mlopt_rt_status_t mlopt_rt_train_set_clip_norm(mlopt_rt_trainer_t *t, float norm) {
  mlopt_rt_status_t status = rt_train_lock(t);
  if (status)
    return status;
  return rt_train_unlock(t, rt_set_number(t, "clipping norm", MLOPT_RT_TRAIN_CLIP_NORM, norm,
                                          &t->clip_norm, &t->has_clip_norm));
}

/*===---- What there is -----------------------------------------------------------------===*/

mlopt_rt_status_t mlopt_rt_train_info(const mlopt_rt_trainer_t *t, mlopt_rt_train_info_t *info) {
  if (!t || !info || info->struct_size != sizeof(*info))
    return rt_error(MLOPT_RT_INVALID_ARGUMENT,
                    "the trainer or info is null, or struct_size is not set");
  const rt_regions *r = &t->regions;
  memset(info, 0, sizeof(*info));
  info->struct_size = sizeof(*info);
  info->flags = t->flags | (t->ready ? (uint32_t)MLOPT_RT_TRAIN_READY : 0u);
  for (uint32_t i = 0; i < t->parameter_count; ++i)
    info->parameters += rt_training_elements(t->header, RT_TRAINING(t->header, t->parameters[i]));
  info->parameter_bytes = rt_region_bytes(r->all[MLOPT_REGION_PARAMETERS].elements);
  info->buffer_bytes = rt_region_bytes(r->all[MLOPT_REGION_BUFFERS].elements);
  info->slots = r->count - MLOPT_REGION_COUNT;
  info->state_bytes = info->slots * info->parameter_bytes;
  info->gradient_bytes = t->gradients.data ? rt_region_bytes(r->gradient_elements) : 0;
  info->arena_bytes = t->arena.capacity;
  info->threads = t->programs[RT_STEP].context->threads;
  return NULL;
}

const char *mlopt_rt_train_input_name(const mlopt_rt_trainer_t *t, uint32_t index) {
  const mlopt_entry *e = t ? t->programs[RT_STEP].entry : NULL;
  for (uint32_t i = 0; e && i < e->inputs.count; ++i) {
    const char *name = rt_tensor_name(t->header, RT_TENSOR(t->header, e->inputs.first + i));
    if (!rt_is_internal(name) && index-- == 0)
      return name;
  }
  return NULL;
}

const char *mlopt_rt_train_slot_name(const mlopt_rt_trainer_t *t, uint32_t slot) {
  return t && slot < t->regions.count - MLOPT_REGION_COUNT
             ? t->regions.all[MLOPT_REGION_COUNT + slot].name + sizeof(MLOPT_TRAIN_STATE) - 1
             : NULL;
}

uint32_t mlopt_rt_train_tensor_count(const mlopt_rt_trainer_t *t) {
  return t ? t->header->training.count +
                 t->parameter_count * (t->regions.count - MLOPT_REGION_COUNT)
           : 0;
}

/* Tensor `index`, which exists. */
static void rt_describe_tensor(const mlopt_rt_trainer_t *t, uint32_t index,
                               mlopt_rt_train_tensor_t *out) {
  const mlopt_module *m = t->header;
  const rt_region *region = NULL;
  memset(out, 0, sizeof(*out));
  out->struct_size = sizeof(*out);
  if (index >= m->training.count) {
    uint32_t slot = (index - m->training.count) / t->parameter_count;
    out->kind = MLOPT_RT_TRAIN_SLOT;
    out->slot = mlopt_rt_train_slot_name(t, slot);
    region = &t->regions.all[MLOPT_REGION_COUNT + slot];
    index = t->parameters[(index - m->training.count) % t->parameter_count];
  }
  const mlopt_training_tensor *tensor = RT_TRAINING(m, index);
  if (!region) {
    out->kind = tensor->region; /* the kinds count as the regions do */
    region = &t->regions.all[tensor->region];
  }
  out->name = rt_string(m, tensor->name);
  out->dtype = tensor->dtype;
  out->rank = tensor->dims.count;
  for (uint32_t i = 0; i < out->rank; ++i)
    out->dims[i] = RT_DIM(m, tensor->dims.first + i)->value;
  out->offset = tensor->offset;
  out->bytes = rt_training_elements(m, tensor) * sizeof(float);
  out->data = region->data + tensor->offset * sizeof(float);
}

mlopt_rt_status_t mlopt_rt_train_tensor(const mlopt_rt_trainer_t *t, uint32_t index,
                                        mlopt_rt_train_tensor_t *tensor) {
  if (!t || !tensor || tensor->struct_size != sizeof(*tensor) ||
      index >= mlopt_rt_train_tensor_count(t))
    return rt_error(
        MLOPT_RT_INVALID_ARGUMENT,
        "the trainer or tensor is null, struct_size is not set, or tensor %u does not exist",
        index);
  rt_describe_tensor(t, index, tensor);
  return NULL;
}

/*===---- Checkpoints -------------------------------------------------------------------===*/

static mlopt_rt_status_t rt_refused(const mlopt_rt_train_tensor_t *tensor, const char *what) {
  return rt_error(MLOPT_RT_IO, "%s ended at tensor '%s'%s%s", what, tensor->name,
                  tensor->slot ? ", slot " : "", tensor->slot ? tensor->slot : "");
}

mlopt_rt_status_t mlopt_rt_train_save(mlopt_rt_trainer_t *t, mlopt_rt_train_write_fn write,
                                      void *user) {
  mlopt_rt_status_t status = rt_train_lock(t);
  if (status)
    return status;
  if (!write)
    status = rt_error(MLOPT_RT_INVALID_ARGUMENT, "the function to write with is null");
  else if (!t->ready)
    status = rt_error(MLOPT_RT_INVALID_ARGUMENT,
                      "the trainer has no parameters to save: none were set, or a step failed");
  for (uint32_t i = 0; !status && i < mlopt_rt_train_tensor_count(t); ++i) {
    mlopt_rt_train_tensor_t tensor;
    rt_describe_tensor(t, i, &tensor);
    if (write(user, &tensor) != 0)
      status = rt_refused(&tensor, "saving");
  }
  return rt_train_unlock(t, status);
}

/* Reads into `stage`, which is laid out as the regions are, one after the other; null: into the
 * regions themselves. */
static mlopt_rt_status_t rt_read_tensors(mlopt_rt_trainer_t *t, uint8_t *stage,
                                         mlopt_rt_train_read_fn read, void *user) {
  for (uint32_t i = 0; i < mlopt_rt_train_tensor_count(t); ++i) {
    mlopt_rt_train_tensor_t tensor;
    rt_describe_tensor(t, i, &tensor);
    uint8_t *at = stage;
    for (uint32_t r = 0; stage && r < t->regions.count; ++r) {
      const rt_region *region = &t->regions.all[r];
      uint64_t bytes = rt_region_bytes(region->elements);
      if ((uint8_t *)tensor.data >= region->data && (uint8_t *)tensor.data < region->data + bytes) {
        tensor.data = at + ((uint8_t *)tensor.data - region->data);
        break;
      }
      at += bytes;
    }
    int got = read(user, &tensor);
    if (got != MLOPT_RT_TRAIN_READ && got != MLOPT_RT_TRAIN_KEEP)
      return rt_refused(&tensor, "loading");
  }
  return NULL;
}

static mlopt_rt_status_t rt_load_locked(mlopt_rt_trainer_t *t, mlopt_rt_train_read_fn read,
                                        void *user) {
  if (!read)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "the function to read with is null");
  if (!t->ready) { /* there is nothing to lose, so no second copy */
    for (uint32_t i = 0; i < t->regions.count; ++i)
      if (t->regions.all[i].data)
        memset(t->regions.all[i].data, 0, (size_t)rt_region_bytes(t->regions.all[i].elements));
    mlopt_rt_status_t status = rt_read_tensors(t, NULL, read, user);
    t->ready = !status;
    return status;
  }
  uint64_t all = rt_all_region_bytes(&t->regions);
  rt_block stage = {NULL, 0, NULL, 0};
  if (!rt_block_reserve(&stage, all))
    return rt_error(MLOPT_RT_OUT_OF_MEMORY, "cannot allocate %llu bytes to load a checkpoint",
                    (unsigned long long)all);
  uint64_t at = 0, bytes;
  for (uint32_t i = 0; i < t->regions.count; ++i, at += bytes)
    if ((bytes = rt_region_bytes(t->regions.all[i].elements)))
      memcpy(stage.data + at, t->regions.all[i].data, (size_t)bytes);
  mlopt_rt_status_t status = rt_read_tensors(t, stage.data, read, user);
  at = 0;
  for (uint32_t i = 0; !status && i < t->regions.count; ++i, at += bytes)
    if ((bytes = rt_region_bytes(t->regions.all[i].elements)))
      memcpy(t->regions.all[i].data, stage.data + at, (size_t)bytes);
  rt_block_release(&stage);
  return status;
}

mlopt_rt_status_t mlopt_rt_train_load(mlopt_rt_trainer_t *t, mlopt_rt_train_read_fn read,
                                      void *user) {
  mlopt_rt_status_t status = rt_train_lock(t);
  return status ? status : rt_train_unlock(t, rt_load_locked(t, read, user));
}
