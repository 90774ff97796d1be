/*===-- transfer.c - Memory of the caller and of a context on a GPU ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "gpu.h"

enum {
  RT_GPU_SLOT_BYTES = 64,        /**< at the begin of the pinned memory: the runtime's own */
  RT_GPU_PINNED_LIMIT = 1 << 20, /**< larger tensors are copied from where they are: another pass
                                    over the memory costs more than the driver's own staging */
  RT_GPU_GROWS_FREELY = 64 << 20 /**< smaller buffers grow by half at least */
};

/*===---- Memory of the context ---------------------------------------------------------===*/

RT_INTERNAL mlopt_rt_status_t rt_gpu_reserve(mlopt_rt_context_t *c, rt_gpu_buffer *buffer,
                                             uint64_t bytes, const char *what) {
  rt_gpu_context *g = c->gpu;
  if (bytes <= buffer->capacity)
    return NULL;
  if (bytes > INT64_MAX / 2)
    return rt_error(MLOPT_RT_DEVICE_OUT_OF_MEMORY, "no GPU has %llu bytes for %s",
                    (unsigned long long)bytes, what);
  uint64_t more = buffer->capacity < RT_GPU_GROWS_FREELY ? buffer->capacity / 2 * 3 : 0;
  uint64_t want = bytes > more ? bytes : more;
  want = (want + RT_GPU_ALIGNMENT - 1) / RT_GPU_ALIGNMENT * RT_GPU_ALIGNMENT;
  /* The old memory goes first, so that both never have to fit; nothing may be using it. */
  if (buffer->address) {
    mlopt_rt_status_t status =
        g->pending ? RT_CU(g->gpu->driver, cuStreamSynchronize, (g->stream)) : NULL;
    if (!status)
      status = RT_CU(g->gpu->driver, cuMemFree, (buffer->address));
    if (status)
      return status;
    buffer->address = 0;
    buffer->capacity = 0;
  }
  mlopt_rt_status_t status = rt_gpu_allocate(g->gpu, want, what, &buffer->address);
  if (!status)
    buffer->capacity = want;
  return status;
}

static mlopt_rt_status_t rt_gpu_reserve_pinned(rt_gpu_context *g, uint64_t bytes) {
  if (bytes <= g->pinned_bytes)
    return NULL;
  const rt_driver *d = g->gpu->driver;
  mlopt_rt_status_t status = g->pinned ? RT_CU(d, cuMemFreeHost, (g->pinned)) : NULL;
  if (status)
    return status;
  uint64_t want = bytes > g->pinned_bytes * 2 ? bytes : g->pinned_bytes * 2;
  g->pinned = NULL;
  g->pinned_bytes = 0;
  void *memory = NULL;
  rt_cu_result result = d->cuMemHostAlloc(&memory, (size_t)want, 0);
  if (result == RT_CU_OUT_OF_MEMORY)
    return rt_error(MLOPT_RT_OUT_OF_MEMORY,
                    "cannot allocate %llu bytes of page-locked memory for copies to the GPU "
                    "(cuMemHostAlloc)",
                    (unsigned long long)want);
  if (result)
    return rt_cu_check(d, result, "cuMemHostAlloc");
  g->pinned = memory;
  g->pinned_bytes = want;
  return NULL;
}

RT_INTERNAL mlopt_rt_status_t rt_gpu_read(mlopt_rt_context_t *c, rt_cu_pointer address,
                                          void *target, uint32_t bytes) {
  rt_gpu_context *g = c->gpu;
  const rt_driver *d = g->gpu->driver;
  mlopt_rt_status_t status = rt_gpu_reserve_pinned(g, RT_GPU_SLOT_BYTES);
  if (!status)
    status = RT_CU(d, cuMemcpyDtoHAsync, (g->pinned, address, bytes, g->stream));
  if (!status)
    status = RT_CU(d, cuStreamSynchronize, (g->stream));
  if (!status)
    memcpy(target, g->pinned, bytes);
  return status;
}

/*===---- Memory of the caller ----------------------------------------------------------===*/

/* What the driver knows of an address. */
typedef struct rt_gpu_place_of {
  unsigned memory_type, managed;
  int ordinal;
} rt_gpu_place_of;

static mlopt_rt_status_t rt_gpu_ask(const rt_gpu *gpu, const void *data, rt_gpu_place_of *place) {
  int attributes[3] = {RT_CU_POINTER_MEMORY_TYPE, RT_CU_POINTER_IS_MANAGED,
                       RT_CU_POINTER_DEVICE_ORDINAL};
  void *values[3] = {&place->memory_type, &place->managed, &place->ordinal};
  *place = (rt_gpu_place_of){0, 0, -1};
  rt_cu_result result =
      gpu->driver->cuPointerGetAttributes(3, attributes, values, (rt_cu_pointer)(uintptr_t)data);
  /* Memory that the driver does not know. */
  if (result == RT_CU_INVALID_VALUE) {
    *place = (rt_gpu_place_of){0, 0, -1};
    return NULL;
  }
  return rt_cu_check(gpu->driver, result, "cuPointerGetAttributes");
}

static bool rt_gpu_is_usable(const rt_gpu *gpu, const rt_gpu_place_of *place) {
  return place->managed ||
         (place->memory_type == RT_CU_MEMORY_DEVICE && place->ordinal == (int)gpu->ordinal);
}

RT_INTERNAL mlopt_rt_status_t rt_gpu_device_of(mlopt_rt_context_t *c, const void *data,
                                               uint32_t *device) {
  rt_gpu_place_of place;
  mlopt_rt_status_t status = rt_gpu_ask(c->gpu->gpu, data, &place);
  /* Memory of another GPU is given on as memory of a GPU, and refused there. */
  *device = place.managed || place.memory_type == RT_CU_MEMORY_DEVICE ? MLOPT_RT_DEVICE_CUDA
                                                                      : MLOPT_RT_DEVICE_CPU;
  return status;
}

RT_INTERNAL mlopt_rt_status_t rt_gpu_locate(mlopt_rt_context_t *c, rt_gpu_tensor *t,
                                            const char *kind, const char *name, const void *data,
                                            uint32_t device) {
  const rt_gpu *gpu = c->gpu->gpu;
  t->on_device = device == MLOPT_RT_DEVICE_CUDA;
  if (!t->on_device || !data || t->known == (rt_cu_pointer)(uintptr_t)data)
    return NULL;
  rt_gpu_place_of place;
  mlopt_rt_status_t status = rt_gpu_ask(gpu, data, &place);
  if (status)
    return status;
  if (!rt_gpu_is_usable(gpu, &place)) {
    if (place.memory_type == RT_CU_MEMORY_DEVICE)
      return rt_error(MLOPT_RT_INVALID_ARGUMENT,
                      "%s '%s' is at address %p of GPU %d, the context runs on GPU %u; copy it "
                      "there",
                      kind, name, data, place.ordinal, gpu->ordinal);
    return rt_error(MLOPT_RT_INVALID_ARGUMENT,
                    "%s '%s' is said to be memory of the GPU, but address %p is none; set the "
                    "view's device to MLOPT_RT_DEVICE_CPU",
                    kind, name, data);
  }
  t->known = (rt_cu_pointer)(uintptr_t)data;
  return NULL;
}

/*===---- A run -------------------------------------------------------------------------===*/

/* The address that kernels use for a tensor at `data`. */
static mlopt_rt_status_t rt_gpu_place_tensor(mlopt_rt_context_t *c, rt_gpu_tensor *t,
                                             const void *data, const char *name, uint64_t *pinned,
                                             rt_cu_pointer *address) {
  rt_cu_pointer given = (rt_cu_pointer)(uintptr_t)data;
  t->pinned = RT_GPU_NOT_PINNED;
  t->staged = false;
  *address = c->gpu->control.address;
  if (!t->bytes)
    return NULL;
  *address = given;
  if (t->on_device && given % RT_GPU_TENSOR_ALIGNMENT == 0)
    return NULL;
  t->staged = true;
  if (!t->on_device && t->bytes <= RT_GPU_PINNED_LIMIT) {
    t->pinned = *pinned;
    *pinned += (t->bytes + 63) / 64 * 64;
  }
  mlopt_rt_status_t status = rt_gpu_reserve(c, &t->block, t->bytes, name);
  *address = t->block.address;
  return status;
}

RT_INTERNAL mlopt_rt_status_t rt_gpu_place(mlopt_rt_context_t *c) {
  rt_gpu_context *g = c->gpu;
  const mlopt_module *m = c->header;
  const mlopt_entry *e = c->entry;
  uint64_t pinned = RT_GPU_SLOT_BYTES;
  mlopt_rt_status_t status = NULL;
  for (uint32_t i = 0; !status && i < e->inputs.count; ++i) {
    g->inputs[i].bytes = rt_input_bytes(c, i);
    status = rt_gpu_place_tensor(c, &g->inputs[i], c->inputs[i],
                                 rt_tensor_name(m, RT_TENSOR(m, e->inputs.first + i)), &pinned,
                                 &g->pointers[i]);
  }
  for (uint32_t i = 0; !status && i < e->outputs.count; ++i) {
    const mlopt_tensor *t = RT_TENSOR(m, e->outputs.first + i);
    rt_gpu_tensor *out = &g->outputs[i];
    rt_cu_pointer *address = &g->pointers[e->inputs.count + i];
    out->bytes = c->last_outputs[i].bytes;
    if (t->donated < 0) {
      status = rt_gpu_place_tensor(c, out, c->outputs[i], rt_tensor_name(m, t), &pinned, address);
      continue;
    }
    /* The new value of an input: what kernels wrote there goes back to where it came from. */
    const rt_gpu_tensor *in = &g->inputs[t->donated];
    out->on_device = in->on_device;
    out->staged = in->staged;
    out->pinned = in->pinned;
    *address = g->pointers[t->donated];
  }
  return status ? status : rt_gpu_reserve_pinned(g, pinned);
}

static mlopt_rt_status_t rt_gpu_poison(mlopt_rt_context_t *c) {
  rt_gpu_context *g = c->gpu;
  const rt_driver *d = g->gpu->driver;
  uint64_t bytes = (uint64_t)c->values[MLOPT_VALUE_ARENA_BYTES];
  mlopt_rt_status_t status =
      bytes ? RT_CU(d, cuMemsetD8Async, (g->arena.address, 0xff, (size_t)bytes, g->stream)) : NULL;
  for (uint32_t i = 0; !status && i < c->entry->outputs.count; ++i) {
    const rt_gpu_tensor *t = &g->outputs[i];
    if (t->bytes && RT_TENSOR(c->header, c->entry->outputs.first + i)->donated < 0 &&
        g->pointers[c->entry->inputs.count + i] == t->block.address)
      status = RT_CU(d, cuMemsetD8Async, (t->block.address, 0xff, (size_t)t->bytes, g->stream));
  }
  return status;
}

RT_INTERNAL mlopt_rt_status_t rt_gpu_copy_in(mlopt_rt_context_t *c) {
  rt_gpu_context *g = c->gpu;
  const rt_driver *d = g->gpu->driver;
  mlopt_rt_status_t status = NULL;
  if (g->records_errors && g->error_dirty) {
    status = RT_CU(d, cuMemsetD8Async, (g->control.address, 0xff, sizeof(uint64_t), g->stream));
    g->error_dirty = status != NULL;
  }
  for (uint32_t i = 0; !status && i < c->entry->inputs.count; ++i) {
    const rt_gpu_tensor *t = &g->inputs[i];
    const void *from = c->inputs[i];
    size_t bytes = (size_t)t->bytes;
    if (!t->staged)
      continue;
    if (t->on_device) {
      status = RT_CU(d, cuMemcpyDtoDAsync,
                     (t->block.address, (rt_cu_pointer)(uintptr_t)from, bytes, g->stream));
      continue;
    }
    if (t->pinned != RT_GPU_NOT_PINNED)
      from = memcpy(g->pinned + t->pinned, from, bytes);
    status = RT_CU(d, cuMemcpyHtoDAsync, (t->block.address, from, bytes, g->stream));
  }
  return !status && (c->debug & MLOPT_RT_DEBUG_POISON) ? rt_gpu_poison(c) : status;
}

RT_INTERNAL mlopt_rt_status_t rt_gpu_copy_out(mlopt_rt_context_t *c) {
  rt_gpu_context *g = c->gpu;
  const rt_driver *d = g->gpu->driver;
  mlopt_rt_status_t status = NULL;
  for (uint32_t i = 0; !status && i < c->entry->outputs.count; ++i) {
    const rt_gpu_tensor *t = &g->outputs[i];
    rt_cu_pointer from = g->pointers[c->entry->inputs.count + i];
    size_t bytes = (size_t)t->bytes;
    void *to = c->outputs[i];
    if (!t->staged || !bytes)
      continue;
    if (t->on_device)
      status = RT_CU(d, cuMemcpyDtoDAsync, ((rt_cu_pointer)(uintptr_t)to, from, bytes, g->stream));
    else
      status = RT_CU(
          d, cuMemcpyDtoHAsync,
          (t->pinned != RT_GPU_NOT_PINNED ? g->pinned + t->pinned : to, from, bytes, g->stream));
  }
  return status;
}

RT_INTERNAL void rt_gpu_finish_copies(mlopt_rt_context_t *c) {
  const rt_gpu_context *g = c->gpu;
  for (uint32_t i = 0; i < c->entry->outputs.count; ++i) {
    const rt_gpu_tensor *t = &g->outputs[i];
    if (t->staged && t->bytes && t->pinned != RT_GPU_NOT_PINNED)
      memcpy(c->outputs[i], g->pinned + t->pinned, (size_t)t->bytes);
  }
}
