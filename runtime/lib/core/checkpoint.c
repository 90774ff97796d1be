/*===-- checkpoint.c - Trainers: what they hold, checkpoints ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "trainer.h"

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
