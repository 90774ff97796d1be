/*===-- run.c - Checking what the caller gives, and running ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "../cuda/gpu.h"

/*===---- Which view is which tensor ----------------------------------------------------===*/

static mlopt_rt_status_t rt_find_view(const mlopt_rt_context_t *c, const mlopt_rt_tensor_t *view,
                                      uint32_t position, bool output, uint32_t *index) {
  const mlopt_module *m = c->header;
  const char *kind = output ? "output" : "input";
  mlopt_slice slice = output ? c->entry->outputs : c->entry->inputs;
  if (view->struct_size != sizeof(*view))
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "%s %u: struct_size is %u, expected %zu", kind,
                    position, view->struct_size, sizeof(*view));
  if (!view->name) {
    if (position >= slice.count)
      return rt_error(MLOPT_RT_UNKNOWN_NAME, "%s %u was given, the model has %u", kind, position,
                      slice.count);
    *index = position;
    return NULL;
  }
  for (uint32_t i = 0; i < slice.count; ++i)
    if (strcmp(rt_tensor_name(m, RT_TENSOR(m, slice.first + i)), view->name) == 0) {
      *index = i;
      return NULL;
    }
  rt_text list = {{0}, 0};
  for (uint32_t i = 0; i < slice.count; ++i)
    rt_append(&list, "%s'%s'", i ? ", " : "", rt_tensor_name(m, RT_TENSOR(m, slice.first + i)));
  return rt_error(MLOPT_RT_UNKNOWN_NAME, "the model has no %s '%s'; it has %s", kind, view->name,
                  list.used ? list.data : "none");
}

static mlopt_rt_status_t rt_bind_inputs(mlopt_rt_context_t *c, const mlopt_rt_tensor_t *inputs,
                                        uint32_t count) {
  const mlopt_module *m = c->header;
  if (count && !inputs)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "the list of inputs is null");
  for (uint32_t i = 0; i < c->entry->inputs.count; ++i)
    c->input_views[i] = NULL;
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t index;
    mlopt_rt_status_t status = rt_find_view(c, &inputs[i], i, false, &index);
    if (status)
      return status;
    if (c->input_views[index])
      return rt_error(MLOPT_RT_MISSING_INPUT, "input '%s' was given twice",
                      rt_tensor_name(m, RT_TENSOR(m, c->entry->inputs.first + index)));
    c->input_views[index] = &inputs[i];
  }
  for (uint32_t i = 0; i < c->entry->inputs.count; ++i)
    if (!c->input_views[i])
      return rt_error(MLOPT_RT_MISSING_INPUT, "input '%s' was not given",
                      rt_tensor_name(m, RT_TENSOR(m, c->entry->inputs.first + i)));
  return NULL;
}

static mlopt_rt_status_t rt_bind_outputs(mlopt_rt_context_t *c, mlopt_rt_tensor_t *outputs,
                                         uint32_t count) {
  const mlopt_module *m = c->header;
  if (count && !outputs)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "the list of outputs is null");
  for (uint32_t i = 0; i < c->entry->outputs.count; ++i)
    c->output_views[i] = NULL;
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t index;
    mlopt_rt_status_t status = rt_find_view(c, &outputs[i], i, true, &index);
    if (status)
      return status;
    const mlopt_tensor *t = RT_TENSOR(m, c->entry->outputs.first + index);
    if (c->output_views[index])
      return rt_error(MLOPT_RT_INVALID_ARGUMENT, "output '%s' was given twice",
                      rt_tensor_name(m, t));
    if (outputs[i].dtype && outputs[i].dtype != t->dtype)
      return rt_error(MLOPT_RT_WRONG_TYPE, "output '%s' has element type %s, the view says %s",
                      rt_tensor_name(m, t), mlopt_rt_dtype_name(t->dtype),
                      mlopt_rt_dtype_name(outputs[i].dtype));
    c->output_views[index] = &outputs[i];
  }
  return NULL;
}

/*===---- Inputs ------------------------------------------------------------------------===*/

/* "[batch, 3, 224, 224]" */
static void rt_append_model_dims(rt_text *text, const mlopt_module *m, const mlopt_entry *e,
                                 const mlopt_tensor *t) {
  rt_append(text, "[");
  for (uint32_t i = 0; i < t->dims.count; ++i) {
    const mlopt_dim *d = RT_DIM(m, t->dims.first + i);
    const char *comma = i ? ", " : "";
    if (d->kind == MLOPT_DIM_SYMBOL)
      rt_append(text, "%s%s", comma,
                rt_string(m, RT_SYMBOL(m, e->symbols.first + (uint32_t)d->value)->name));
    else
      rt_append(text, "%s%lld", comma, (long long)d->value);
  }
  rt_append(text, "]");
}

static bool rt_is_dense(const mlopt_rt_tensor_t *v) {
  int64_t expected = 1;
  for (uint32_t i = v->rank; i-- > 0;) {
    if (v->dims[i] > 1 && v->strides[i] != expected)
      return false;
    expected *=
        v->dims[i] > 0 ? v->dims[i] : 1; /* the product fits: the caller of this has checked */
  }
  return true;
}

/* Where the memory of a view is. */
static mlopt_rt_status_t rt_check_device(mlopt_rt_context_t *c, bool output, uint32_t index,
                                         const char *name, const void *data, uint32_t device) {
  const char *kind = output ? "output" : "input";
  if (device > MLOPT_RT_DEVICE_CUDA)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "%s '%s' is on device %u, expected %u or %u", kind,
                    name, device, MLOPT_RT_DEVICE_CPU, MLOPT_RT_DEVICE_CUDA);
  if (c->gpu)
    return rt_gpu_locate(c, output ? &c->gpu->outputs[index] : &c->gpu->inputs[index], kind, name,
                         data, device);
  if (device == MLOPT_RT_DEVICE_CPU)
    return NULL;
  return rt_error(MLOPT_RT_INVALID_ARGUMENT,
                  "%s '%s' is on a GPU, the context runs on the CPU; copy it, or make the context "
                  "with device \"cuda\"",
                  kind, name);
}

static mlopt_rt_status_t rt_check_input(mlopt_rt_context_t *c, uint32_t index) {
  const mlopt_module *m = c->header;
  const mlopt_tensor *t = RT_TENSOR(m, c->entry->inputs.first + index);
  const mlopt_rt_tensor_t *v = c->input_views[index];
  const char *name = rt_tensor_name(m, t);
  if (v->dtype != t->dtype)
    return rt_error(MLOPT_RT_WRONG_TYPE, "input '%s' has element type %s, expected %s", name,
                    mlopt_rt_dtype_name(v->dtype), mlopt_rt_dtype_name(t->dtype));
  rt_text want = {{0}, 0}, got = {{0}, 0};
  if (v->rank != t->dims.count) {
    rt_append_model_dims(&want, m, c->entry, t);
    return rt_error(MLOPT_RT_WRONG_RANK, "input '%s' has %u dimensions, expected %u: %s", name,
                    v->rank, t->dims.count, want.data);
  }
  uint64_t bytes = rt_dense_bytes(v->dtype, v->dims, v->rank);
  for (uint32_t i = 0; i < v->rank; ++i) {
    const mlopt_dim *d = RT_DIM(m, t->dims.first + i);
    if (v->dims[i] >= 0 && (d->kind != MLOPT_DIM_CONSTANT || d->value == v->dims[i]))
      continue;
    rt_append_model_dims(&want, m, c->entry, t);
    rt_append_dims(&got, v->dims, v->rank);
    return rt_error(MLOPT_RT_WRONG_DIM,
                    "input '%s' has shape %s, expected %s: dimension %u is %lld", name, got.data,
                    want.data, i, (long long)v->dims[i]);
  }
  if (bytes == UINT64_MAX)
    return rt_error(MLOPT_RT_WRONG_DIM, "input '%s' is too large for memory", name);
  if (v->strides && bytes && !rt_is_dense(v))
    return rt_error(MLOPT_RT_NOT_DENSE,
                    "input '%s' has strides, but the model takes dense row-major tensors; make a "
                    "contiguous copy",
                    name);
  c->inputs[index] = v->data;
  if (!bytes)
    return rt_check_device(c, false, index, name, NULL, v->device);
  if (!v->data)
    return rt_error(MLOPT_RT_NULL_DATA, "input '%s' has null data", name);
  if ((uintptr_t)v->data % mlopt_rt_dtype_bytes(t->dtype))
    return rt_error(MLOPT_RT_MISALIGNED,
                    "input '%s' is at address %p, which is not aligned to its elements of %u bytes",
                    name, v->data, mlopt_rt_dtype_bytes(t->dtype));
  if (v->bytes && v->bytes < bytes) {
    rt_append_dims(&got, v->dims, v->rank);
    return rt_error(MLOPT_RT_BUFFER_TOO_SMALL,
                    "input '%s' of shape %s needs %llu bytes, the buffer has %llu", name, got.data,
                    (unsigned long long)bytes, (unsigned long long)v->bytes);
  }
  return rt_check_device(c, false, index, name, v->data, v->device);
}

static int64_t rt_read_element(uint32_t dtype, const void *data, uint32_t at) {
  switch (dtype) {
  case MLOPT_DTYPE_I8:
    return ((const int8_t *)data)[at];
  case MLOPT_DTYPE_I16:
    return ((const int16_t *)data)[at];
  case MLOPT_DTYPE_I32:
    return ((const int32_t *)data)[at];
  case MLOPT_DTYPE_UI16:
    return ((const uint16_t *)data)[at];
  case MLOPT_DTYPE_UI32:
    return ((const uint32_t *)data)[at];
  case MLOPT_DTYPE_I64:
  case MLOPT_DTYPE_UI64:
    return ((const int64_t *)data)[at];
  default:
    return ((const uint8_t *)data)[at];
  }
}

/* Reads every symbol from its source and compares every dimension with its symbol. */
static mlopt_rt_status_t rt_read_symbols(mlopt_rt_context_t *c, int64_t *symbols) {
  const mlopt_module *m = c->header;
  const mlopt_entry *e = c->entry;
  for (uint32_t i = 0; i < e->symbols.count; ++i) {
    const mlopt_symbol *s = RT_SYMBOL(m, e->symbols.first + i);
    const mlopt_rt_tensor_t *v = c->input_views[s->input];
    if (s->source == MLOPT_SYMBOL_DIM) {
      symbols[i] = v->dims[s->position];
    } else if (c->gpu && v->device == MLOPT_RT_DEVICE_CUDA) {
      uint32_t bytes = mlopt_rt_dtype_bytes(v->dtype);
      uint64_t element = 0;
      mlopt_rt_status_t status =
          rt_gpu_read(c, (uintptr_t)v->data + (uint64_t)s->position * bytes, &element, bytes);
      if (status)
        return status;
      symbols[i] = rt_read_element(v->dtype, &element, 0);
    } else {
      symbols[i] = rt_read_element(v->dtype, v->data, s->position);
    }
  }
  for (uint32_t i = 0; i < e->inputs.count; ++i) {
    const mlopt_tensor *t = RT_TENSOR(m, e->inputs.first + i);
    for (uint32_t a = 0; a < t->dims.count; ++a) {
      const mlopt_dim *d = RT_DIM(m, t->dims.first + a);
      if (d->kind != MLOPT_DIM_SYMBOL || c->input_views[i]->dims[a] == symbols[d->value])
        continue;
      const mlopt_symbol *s = RT_SYMBOL(m, e->symbols.first + (uint32_t)d->value);
      return rt_error(MLOPT_RT_WRONG_DIM,
                      "input '%s' has %lld for dimension %u ('%s'), but '%s' is %lld in input '%s'",
                      rt_tensor_name(m, t), (long long)c->input_views[i]->dims[a], a,
                      rt_string(m, s->name), rt_string(m, s->name), (long long)symbols[d->value],
                      rt_tensor_name(m, RT_TENSOR(m, e->inputs.first + s->input)));
    }
  }
  for (uint32_t i = 0; i < e->symbols.count; ++i) {
    mlopt_rt_status_t status =
        rt_check_symbol_range(m, RT_SYMBOL(m, e->symbols.first + i), symbols[i]);
    if (status)
      return status;
  }
  return NULL;
}

static mlopt_rt_status_t rt_check_inputs(mlopt_rt_context_t *c, const mlopt_rt_tensor_t *inputs,
                                         uint32_t count, int64_t *symbols) {
  mlopt_rt_status_t status = rt_bind_inputs(c, inputs, count);
  for (uint32_t i = 0; !status && i < c->entry->inputs.count; ++i)
    status = rt_check_input(c, i);
  return status ? status : rt_read_symbols(c, symbols);
}

/*===---- Outputs -----------------------------------------------------------------------===*/

static bool rt_overlap(const void *a, uint64_t a_bytes, const void *b, uint64_t b_bytes) {
  return a && b && a_bytes && b_bytes && (uintptr_t)a < (uintptr_t)b + b_bytes &&
         (uintptr_t)b < (uintptr_t)a + a_bytes;
}

RT_INTERNAL uint64_t rt_input_bytes(const mlopt_rt_context_t *c, uint32_t index) {
  const mlopt_tensor *t = RT_TENSOR(c->header, c->entry->inputs.first + index);
  int64_t dims[MLOPT_MAX_RANK];
  for (uint32_t a = 0; a < t->dims.count; ++a) {
    const mlopt_dim *d = RT_DIM(c->header, t->dims.first + a);
    dims[a] = d->kind == MLOPT_DIM_SYMBOL ? c->infer_symbols[d->value] : d->value;
  }
  return rt_dense_bytes(t->dtype, dims, t->dims.count);
}

/* Addresses of the CPU and of a GPU are different memory, even where they are equal. */
static bool rt_same_device(const mlopt_rt_context_t *c, bool a, bool b) {
  return !c->gpu || a == b;
}
static bool rt_input_on_gpu(const mlopt_rt_context_t *c, uint32_t i) {
  return c->gpu && c->gpu->inputs[i].on_device;
}
static bool rt_output_on_gpu(const mlopt_rt_context_t *c, uint32_t i) {
  return c->gpu && c->gpu->outputs[i].on_device;
}

static mlopt_rt_status_t rt_check_overlap(const mlopt_rt_context_t *c, uint32_t index) {
  const mlopt_module *m = c->header;
  const mlopt_rt_tensor_t *v = &c->last_outputs[index];
  const mlopt_tensor *t = RT_TENSOR(m, c->entry->outputs.first + index);
  uint64_t bytes = mlopt_rt_tensor_bytes(v);
  for (uint32_t i = 0; i < c->entry->inputs.count; ++i)
    if ((int64_t)i != t->donated &&
        rt_same_device(c, rt_output_on_gpu(c, index), rt_input_on_gpu(c, i)) &&
        rt_overlap(v->data, bytes, c->inputs[i], rt_input_bytes(c, i)))
      return rt_error(
          MLOPT_RT_OVERLAP, "output '%s' shares memory with input '%s'; give it memory of its own",
          rt_tensor_name(m, t), rt_tensor_name(m, RT_TENSOR(m, c->entry->inputs.first + i)));
  for (uint32_t i = 0; i < index; ++i)
    if (rt_same_device(c, rt_output_on_gpu(c, index), rt_output_on_gpu(c, i)) &&
        rt_overlap(v->data, bytes, c->last_outputs[i].data,
                   mlopt_rt_tensor_bytes(&c->last_outputs[i])))
      return rt_error(
          MLOPT_RT_OVERLAP, "output '%s' shares memory with output '%s'; give it memory of its own",
          rt_tensor_name(m, t), rt_tensor_name(m, RT_TENSOR(m, c->entry->outputs.first + i)));
  return NULL;
}

/* An output that is the new value of an input has its memory, where the caller gives any. */
static mlopt_rt_status_t rt_check_donated(const mlopt_rt_context_t *c, uint32_t index,
                                          const void *data) {
  const mlopt_module *m = c->header;
  const mlopt_tensor *t = RT_TENSOR(m, c->entry->outputs.first + index);
  if (t->donated < 0 || !data || data == c->inputs[t->donated])
    return NULL;
  return rt_error(
      MLOPT_RT_OVERLAP,
      "output '%s' is the new value of input '%s' and lies in its memory: give the same pointer, "
      "or null",
      rt_tensor_name(m, t),
      rt_tensor_name(m, RT_TENSOR(m, c->entry->inputs.first + (uint32_t)t->donated)));
}

/* Describes output `index` with the dims in `dims`. */
static void rt_describe_output(const mlopt_rt_context_t *c, uint32_t index, const int64_t *dims,
                               mlopt_rt_tensor_t *v) {
  const mlopt_tensor *t = RT_TENSOR(c->header, c->entry->outputs.first + index);
  v->struct_size = sizeof(*v);
  v->dtype = t->dtype;
  v->rank = t->dims.count;
  v->strides = NULL;
  for (uint32_t i = 0; i < t->dims.count; ++i)
    v->dims[i] = dims[i];
}

static mlopt_rt_status_t rt_place_output(mlopt_rt_context_t *c, uint32_t index,
                                         const int64_t *dims) {
  const mlopt_module *m = c->header;
  const mlopt_tensor *t = RT_TENSOR(m, c->entry->outputs.first + index);
  const char *name = rt_tensor_name(m, t);
  uint64_t bytes = rt_dense_bytes(t->dtype, dims, t->dims.count);
  if (bytes == UINT64_MAX)
    return rt_error(MLOPT_RT_SHAPE_CHECK, "output '%s' would be too large for memory", name);
  mlopt_rt_tensor_t *v = c->output_views[index], *last = &c->last_outputs[index];
  void *data = v ? v->data : NULL;
  uint64_t room = v && v->data ? v->bytes : 0;
  uint32_t device = v ? v->device : MLOPT_RT_DEVICE_CPU;
  mlopt_rt_status_t located = rt_check_device(c, true, index, name, data, device);
  if (located)
    return located;
  if (t->donated >= 0) {
    mlopt_rt_status_t status = rt_check_donated(c, index, data);
    if (status)
      return status;
    data = (void *)(uintptr_t)c->inputs[t->donated];
    if (c->gpu) {
      c->gpu->outputs[index].on_device = c->gpu->inputs[t->donated].on_device;
      device = rt_output_on_gpu(c, index) ? MLOPT_RT_DEVICE_CUDA : MLOPT_RT_DEVICE_CPU;
    }
  } else if (!data && device == MLOPT_RT_DEVICE_CUDA) {
    mlopt_rt_status_t status =
        rt_gpu_reserve(c, &c->gpu->outputs[index].block, bytes ? bytes : 1, name);
    if (status)
      return status;
    data = (void *)(uintptr_t)c->gpu->outputs[index].block.address;
  } else if (!data) {
    if (!rt_block_reserve(&c->output_blocks[index], bytes))
      return rt_error(MLOPT_RT_OUT_OF_MEMORY, "cannot allocate output '%s' of %llu bytes", name,
                      (unsigned long long)bytes);
    data = c->output_blocks[index].data;
    if (c->debug & MLOPT_RT_DEBUG_POISON)
      memset(data, 0xff, (size_t)bytes);
  } else {
    if ((uintptr_t)data % mlopt_rt_dtype_bytes(t->dtype))
      return rt_error(
          MLOPT_RT_MISALIGNED,
          "output '%s' is at address %p, which is not aligned to its elements of %u bytes", name,
          data, mlopt_rt_dtype_bytes(t->dtype));
    if (room && room < bytes) {
      rt_text got = {{0}, 0};
      rt_append_dims(&got, dims, t->dims.count);
      return rt_error(MLOPT_RT_BUFFER_TOO_SMALL,
                      "output '%s' of shape %s needs %llu bytes, the buffer has %llu", name,
                      got.data, (unsigned long long)bytes, (unsigned long long)room);
    }
  }
  rt_describe_output(c, index, dims, last);
  last->name = name;
  last->data = data;
  last->bytes = bytes;
  last->device = device;
  c->outputs[index] = data;
  return rt_check_overlap(c, index);
}

/*===---- Running -----------------------------------------------------------------------===*/

static void rt_thread_main(void *user, int64_t thread, int64_t threads) {
  mlopt_rt_context_t *c = user;
  if (thread == 0)
    c->gang = threads;
  uint32_t mode = rt_fp_enter();
  if (c->debug & MLOPT_RT_DEBUG_DELAY)
    rt_random_delay();
  c->run(&c->frame, thread, threads);
  rt_fp_leave(mode);
}

static mlopt_rt_status_t rt_execute(mlopt_rt_context_t *c) {
  if (c->gpu)
    return rt_gpu_execute(c);
  c->frame.arena = c->arena.data;
  c->frame.profile = c->profile;
  c->error = MLOPT_ERROR_NONE;
  if ((c->debug & MLOPT_RT_DEBUG_POISON) && c->arena.data)
    memset(c->arena.data, 0xff, (size_t)c->values[MLOPT_VALUE_ARENA_BYTES]);
  int64_t threads = c->threads, useful = c->values[MLOPT_VALUE_THREADS];
  if (threads > useful && !c->debug)
    threads = useful > 1 ? useful : 1;
  mlopt_rt_pool_enter(threads > 1 ? c->pool : NULL, threads, rt_thread_main, c);
  return rt_bad_data(c, c->error);
}

/* Sizes, arena. A run with the sizes of the one before costs one comparison. */
static mlopt_rt_status_t rt_size_run(mlopt_rt_context_t *c) {
  size_t bytes = c->entry->symbols.count * sizeof(int64_t);
  if (c->sized && memcmp(c->symbols, c->infer_symbols, bytes) == 0)
    return rt_reserve_arena(c, c->values);
  c->sized = false;
  if (c->gpu)
    c->gpu->filled = false;
  mlopt_rt_status_t status =
      rt_call_sizes(c->header, c->entry, c->code, c->infer_symbols, c->threads, c->values);
  if (status)
    return status;
  memcpy(c->symbols, c->infer_symbols, bytes);
  c->sized = true;
  return rt_reserve_arena(c, c->values);
}

static mlopt_rt_status_t rt_run_locked(mlopt_rt_context_t *c, const mlopt_rt_tensor_t *inputs,
                                       uint32_t input_count, mlopt_rt_tensor_t *outputs,
                                       uint32_t output_count) {
  c->ran = false;
  mlopt_rt_status_t status = rt_check_inputs(c, inputs, input_count, c->infer_symbols);
  if (!status)
    status = rt_bind_outputs(c, outputs, output_count);
  if (!status)
    status = rt_size_run(c);
  const int64_t *dims = c->values + MLOPT_VALUE_OUTPUT_DIMS;
  for (uint32_t i = 0; !status && i < c->entry->outputs.count; ++i) {
    status = rt_place_output(c, i, dims);
    dims += RT_TENSOR(c->header, c->entry->outputs.first + i)->dims.count;
  }
  if (!status)
    status = rt_execute(c);
  if (status)
    return status;
  for (uint32_t i = 0; i < c->entry->outputs.count; ++i) {
    mlopt_rt_tensor_t *v = c->output_views[i];
    if (!v)
      continue;
    const mlopt_rt_tensor_t *last = &c->last_outputs[i];
    if (!v->data) {
      v->data = last->data;
      v->bytes = last->bytes;
      v->device = last->device;
    }
    rt_describe_output(c, i, last->dims, v);
  }
  c->ran = true;
  return NULL;
}

mlopt_rt_status_t mlopt_rt_context_run(mlopt_rt_context_t *c, const mlopt_rt_tensor_t *inputs,
                                       uint32_t input_count, mlopt_rt_tensor_t *outputs,
                                       uint32_t output_count) {
  mlopt_rt_status_t status = rt_lock(c);
  if (status)
    return status;
  status = rt_run_locked(c, inputs, input_count, outputs, output_count);
  rt_unlock(c);
  return status;
}

mlopt_rt_status_t mlopt_rt_context_infer(mlopt_rt_context_t *c, const mlopt_rt_tensor_t *inputs,
                                         uint32_t input_count, mlopt_rt_tensor_t *outputs) {
  mlopt_rt_status_t status = rt_lock(c);
  if (status)
    return status;
  if (!outputs && c->entry->outputs.count)
    status = rt_error(MLOPT_RT_INVALID_ARGUMENT, "the list of outputs is null");
  if (!status)
    status = rt_check_inputs(c, inputs, input_count, c->infer_symbols);
  if (!status)
    status =
        rt_call_sizes(c->header, c->entry, c->code, c->infer_symbols, c->threads, c->infer_values);
  const int64_t *dims = c->infer_values + MLOPT_VALUE_OUTPUT_DIMS;
  for (uint32_t i = 0; !status && i < c->entry->outputs.count; ++i) {
    rt_describe_output(c, i, dims, &outputs[i]);
    outputs[i].name = rt_tensor_name(c->header, RT_TENSOR(c->header, c->entry->outputs.first + i));
    outputs[i].bytes = mlopt_rt_tensor_bytes(&outputs[i]);
    dims += outputs[i].rank;
  }
  rt_unlock(c);
  return status;
}

static mlopt_rt_status_t rt_check_pointer(const mlopt_module *m, const mlopt_tensor *t,
                                          const char *kind, const void *p, bool empty) {
  if (!p && !empty)
    return rt_error(MLOPT_RT_NULL_DATA, "%s '%s' is null", kind, rt_tensor_name(m, t));
  if ((uintptr_t)p % mlopt_rt_dtype_bytes(t->dtype))
    return rt_error(MLOPT_RT_MISALIGNED,
                    "%s '%s' is at address %p, which is not aligned to its elements of %u bytes",
                    kind, rt_tensor_name(m, t), p, mlopt_rt_dtype_bytes(t->dtype));
  return NULL;
}

static mlopt_rt_status_t rt_run_pointers_locked(mlopt_rt_context_t *c, const int64_t *symbols,
                                                const void *const *inputs, void *const *outputs) {
  const mlopt_module *m = c->header;
  const mlopt_entry *e = c->entry;
  if ((!symbols && e->symbols.count) || (!inputs && e->inputs.count) ||
      (!outputs && e->outputs.count))
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "the list of symbols, inputs or outputs is null");
  c->ran = false;
  mlopt_rt_status_t status = NULL;
  for (uint32_t i = 0; !status && i < e->symbols.count; ++i) {
    c->infer_symbols[i] = symbols[i];
    status = rt_check_symbol_range(m, RT_SYMBOL(m, e->symbols.first + i), symbols[i]);
  }
  for (uint32_t i = 0; !status && i < e->inputs.count; ++i) {
    const mlopt_tensor *t = RT_TENSOR(m, e->inputs.first + i);
    bool empty = false;
    for (uint32_t a = 0; a < t->dims.count; ++a) {
      const mlopt_dim *d = RT_DIM(m, t->dims.first + a);
      empty |= (d->kind == MLOPT_DIM_SYMBOL ? symbols[d->value] : d->value) == 0;
    }
    uint32_t device = MLOPT_RT_DEVICE_CPU;
    status = rt_check_pointer(m, t, "input", inputs[i], empty);
    if (!status && c->gpu && inputs[i])
      status = rt_gpu_device_of(c, inputs[i], &device);
    if (!status && c->gpu)
      status = rt_check_device(c, false, i, rt_tensor_name(m, t), inputs[i], device);
    c->inputs[i] = inputs[i];
  }
  if (!status)
    status = rt_size_run(c);
  const int64_t *dims = c->values + MLOPT_VALUE_OUTPUT_DIMS;
  for (uint32_t i = 0; !status && i < e->outputs.count; ++i) {
    const mlopt_tensor *t = RT_TENSOR(m, e->outputs.first + i);
    mlopt_rt_tensor_t *last = &c->last_outputs[i];
    rt_describe_output(c, i, dims, last);
    dims += t->dims.count;
    last->name = rt_tensor_name(m, t);
    last->bytes = mlopt_rt_tensor_bytes(last);
    void *data = outputs[i];
    status = rt_check_donated(c, i, data);
    if (t->donated >= 0)
      data = (void *)(uintptr_t)c->inputs[t->donated];
    last->data = c->outputs[i] = data;
    if (!status)
      status = rt_check_pointer(m, t, "output", data, last->bytes == 0);
    last->device = MLOPT_RT_DEVICE_CPU;
    if (!status && c->gpu && data)
      status = rt_gpu_device_of(c, data, &last->device);
    if (!status && c->gpu)
      status = rt_check_device(c, true, i, rt_tensor_name(m, t), data, last->device);
    if (!status)
      status = rt_check_overlap(c, i);
  }
  if (!status)
    status = rt_execute(c);
  c->ran = !status;
  return status;
}

mlopt_rt_status_t mlopt_rt_context_run_pointers(mlopt_rt_context_t *c, const int64_t *symbols,
                                                const void *const *inputs, void *const *outputs) {
  mlopt_rt_status_t status = rt_lock(c);
  if (status)
    return status;
  status = rt_run_pointers_locked(c, symbols, inputs, outputs);
  rt_unlock(c);
  return status;
}
