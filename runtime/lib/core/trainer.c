/*===-- trainer.c - Making a trainer ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "trainer.h"

/*===---- What the module says ----------------------------------------------------------===*/

RT_INTERNAL bool rt_is_internal(const char *name) {
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

RT_INTERNAL uint64_t rt_training_elements(const mlopt_module *m, const mlopt_training_tensor *t) {
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

RT_INTERNAL uint64_t rt_region_bytes(uint64_t elements) {
  return (elements * sizeof(float) + MLOPT_ALIGNMENT - 1) / MLOPT_ALIGNMENT * MLOPT_ALIGNMENT;
}

RT_INTERNAL uint64_t rt_all_region_bytes(const rt_regions *regions) {
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
RT_INTERNAL bool rt_reserve_zeros(rt_block *block, uint64_t bytes) {
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
