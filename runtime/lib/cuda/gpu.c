/*===-- gpu.c - A context on a GPU ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "gpu.h"

RT_INTERNAL mlopt_rt_status_t rt_parse_device(const char *name, int64_t *gpu) {
  *gpu = -1;
  if (!name || strcmp(name, "cpu") == 0)
    return NULL;
  const char *s = strncmp(name, "cuda", 4) == 0 ? name + 4 : NULL;
  int64_t number = 0;
  if (s && *s == ':') {
    do {
      ++s;
      number = *s >= '0' && *s <= '9' && number < 100000 ? 10 * number + (*s - '0') : -1;
    } while (number >= 0 && s[1]);
  } else if (s && *s) {
    number = -1;
  }
  if (!s || number < 0)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT,
                    "there is no device '%s'; expected cpu, cuda or cuda:N", name);
  *gpu = number;
  return NULL;
}

/*===---- Life --------------------------------------------------------------------------===*/

/* What the steps of the entry point need: the most parameters of a node, an error slot. */
static uint32_t rt_gpu_look_at_nodes(rt_gpu_context *g, const mlopt_module *m) {
  const mlopt_gpu *tables = g->gpu->tables;
  uint32_t most = 2;
  for (uint32_t i = 0; i < g->code->steps.count; ++i) {
    const mlopt_gpu_step *s = RT_GPU_STEP(m, tables, g->code->steps.first + i);
    for (uint32_t k = 0; k < s->nodes.count; ++k) {
      const mlopt_gpu_node *n = RT_GPU_NODE(m, tables, s->nodes.first + k);
      if (n->params.count > most)
        most = n->params.count;
      for (uint32_t p = 0; p < n->params.count; ++p)
        g->records_errors |= RT_GPU_PARAM(m, tables, n->params.first + p)->kind == MLOPT_GPU_ERROR;
    }
  }
  return most;
}

static bool rt_gpu_arrays(mlopt_rt_context_t *c) {
  rt_gpu_context *g = c->gpu;
  uint32_t params = rt_gpu_look_at_nodes(g, c->header);
  g->pointer_count = c->entry->inputs.count + c->entry->outputs.count;
  g->values = calloc((size_t)g->code->value_count + 1, sizeof(*g->values));
  g->inputs = calloc((size_t)c->entry->inputs.count + 1, sizeof(*g->inputs));
  g->outputs = calloc((size_t)c->entry->outputs.count + 1, sizeof(*g->outputs));
  g->pointers = calloc((size_t)g->pointer_count + 1, sizeof(*g->pointers));
  g->param_values = calloc(params, sizeof(*g->param_values));
  g->params = calloc(params, sizeof(*g->params));
  if (!g->values || !g->inputs || !g->outputs || !g->pointers || !g->param_values || !g->params)
    return false;
  for (uint32_t i = 0; i < params; ++i)
    g->params[i] = &g->param_values[i];
  return true;
}

static mlopt_rt_status_t rt_gpu_take_arena(rt_gpu_context *g, const mlopt_rt_context_options_t *o) {
  if (!o->arena)
    return NULL;
  if ((uintptr_t)o->arena % RT_GPU_ALIGNMENT)
    return rt_error(MLOPT_RT_MISALIGNED, "the arena on the GPU is not aligned to %u bytes",
                    RT_GPU_ALIGNMENT);
  g->caller_arena = true;
  g->arena.address = (rt_cu_pointer)(uintptr_t)o->arena;
  g->arena.capacity = o->arena_bytes;
  return NULL;
}

RT_INTERNAL mlopt_rt_status_t rt_gpu_context_create(mlopt_rt_context_t *c,
                                                    const mlopt_rt_context_options_t *o,
                                                    uint32_t ordinal) {
  rt_gpu_context *g = c->gpu = calloc(1, sizeof(*g));
  if (!g)
    return rt_out_of_memory();
  mlopt_rt_status_t status = rt_gpu_acquire(c->module, ordinal, &g->gpu);
  if (status)
    return status;
  const mlopt_module *m = c->header;
  g->code =
      RT_GPU_CODE(m, g->gpu->tables, g->gpu->target_index * m->entries.count + c->entry_index);
  g->host_code = (mlopt_code){.sizes_link = g->code->sizes_link,
                              .launches = g->code->launches,
                              .checks = g->code->checks,
                              .max_threads = 1};
  c->code = &g->host_code;
  c->threads = 1;
  g->fill = (mlopt_gpu_fill_fn)(uintptr_t)((const uint8_t *)m + rt_links(m)[g->code->fill_link]);
  g->error_dirty = true;
  g->async = (o->flags & MLOPT_RT_CONTEXT_ASYNC) != 0;
  g->wait_for_each = (c->debug & MLOPT_RT_DEBUG_DELAY) != 0;
  g->use_graphs =
      g->gpu->driver->graphs && !(o->flags & MLOPT_RT_CONTEXT_NO_GRAPH) && !g->wait_for_each;
  if (!rt_gpu_arrays(c))
    return rt_out_of_memory();
  status = rt_gpu_take_arena(g, o);
  if (!status)
    status = rt_gpu_enter(g->gpu);
  if (status)
    return status;
  g->stream = o->stream;
  if (!g->stream) {
    /* One that waits for the default stream, and that waits for it: tensors that the caller has
     * written there are ready. */
    rt_cu_stream stream = NULL;
    status = RT_CU(g->gpu->driver, cuStreamCreate, (&stream, 0));
    g->own_stream = !status;
    g->stream = status ? NULL : stream;
  }
  if (!status)
    status = rt_gpu_reserve(c, &g->control, RT_GPU_ALIGNMENT, "the error slot");
  if (!status && (o->flags & MLOPT_RT_CONTEXT_EAGER))
    status = rt_gpu_prepare(c);
  rt_gpu_leave(g->gpu);
  return status;
}

RT_INTERNAL void rt_gpu_context_release(mlopt_rt_context_t *c) {
  rt_gpu_context *g = c->gpu;
  if (!g)
    return;
  if (g->gpu) {
    const rt_driver *d = g->gpu->driver;
    mlopt_rt_status_t entered = rt_gpu_enter(g->gpu);
    if (g->pending)
      d->cuStreamSynchronize(g->stream);
    rt_graph_release(g);
    for (uint32_t i = 0; g->events && i < 1 + 2 * g->code->steps.count; ++i)
      if (g->events[i])
        d->cuEventDestroy(g->events[i]);
    for (uint32_t i = 0; g->inputs && i < c->entry->inputs.count; ++i)
      if (g->inputs[i].block.address)
        d->cuMemFree(g->inputs[i].block.address);
    for (uint32_t i = 0; g->outputs && i < c->entry->outputs.count; ++i)
      if (g->outputs[i].block.address)
        d->cuMemFree(g->outputs[i].block.address);
    if (g->arena.address && !g->caller_arena)
      d->cuMemFree(g->arena.address);
    if (g->control.address)
      d->cuMemFree(g->control.address);
    if (g->pinned)
      d->cuMemFreeHost(g->pinned);
    if (g->own_stream)
      d->cuStreamDestroy(g->stream);
    if (!entered)
      rt_gpu_leave(g->gpu);
    mlopt_rt_status_release(entered);
    rt_gpu_release(c->module, g->gpu);
  }
  free(g->events);
  free(g->values);
  free(g->inputs);
  free(g->outputs);
  free(g->pointers);
  free(g->param_values);
  free(g->params);
  free(g);
  c->gpu = NULL;
}

RT_INTERNAL mlopt_rt_status_t rt_gpu_reserve_arena(mlopt_rt_context_t *c, uint64_t bytes) {
  rt_gpu_context *g = c->gpu;
  if (bytes <= g->arena.capacity)
    return NULL;
  if (g->caller_arena)
    return rt_error(MLOPT_RT_ARENA_TOO_SMALL,
                    "these sizes need an arena of %llu bytes, the caller's has %llu",
                    (unsigned long long)bytes, (unsigned long long)g->arena.capacity);
  /* Their nodes hold addresses in the arena. */
  rt_graph_clear(g);
  return rt_gpu_reserve(c, &g->arena, bytes, "the arena");
}

RT_INTERNAL mlopt_rt_status_t rt_gpu_prepare(mlopt_rt_context_t *c) {
  rt_gpu_context *g = c->gpu;
  mlopt_rt_status_t status = g->loaded ? NULL : rt_gpu_load(g->gpu, g->code);
  g->loaded = !status;
  return status;
}

/*===---- A run -------------------------------------------------------------------------===*/

/* All tensors are on the GPU: nobody has to wait for copies. */
static bool rt_gpu_stays_there(const mlopt_rt_context_t *c) {
  const rt_gpu_context *g = c->gpu;
  for (uint32_t i = 0; i < c->entry->inputs.count; ++i)
    if (!g->inputs[i].on_device && g->inputs[i].bytes)
      return false;
  for (uint32_t i = 0; i < c->entry->outputs.count; ++i)
    if (!g->outputs[i].on_device && g->outputs[i].bytes)
      return false;
  return true;
}

/* Adds to a failure of the driver in whose run it came to light. An error of a kernel does so in
 * any call that follows, and does not say whose it is. */
static mlopt_rt_status_t rt_gpu_in_run(mlopt_rt_context_t *c, mlopt_rt_status_t status) {
  rt_gpu_context *g = c->gpu;
  if (!status)
    return NULL;
  g->error_dirty = true;
  if (mlopt_rt_status_code(status) != MLOPT_RT_DRIVER)
    return status;
  mlopt_rt_status_t located =
      rt_error(MLOPT_RT_DRIVER, "%s, in a run of '%s' of module '%s' on GPU %u%s",
               mlopt_rt_status_message(status), rt_string(c->header, c->entry->name),
               rt_string(c->header, c->header->name), g->gpu->ordinal,
               g->wait_for_each ? "" : "; with MLOPT_RT_DEBUG=delay the message names the kernel");
  mlopt_rt_status_release(status);
  return located;
}

static mlopt_rt_status_t rt_gpu_wait(mlopt_rt_context_t *c) {
  rt_gpu_context *g = c->gpu;
  mlopt_rt_status_t status = RT_CU(g->gpu->driver, cuStreamSynchronize, (g->stream));
  g->pending = g->unsettled = status != NULL;
  return status;
}

static mlopt_rt_status_t rt_gpu_enqueue(mlopt_rt_context_t *c, bool wait) {
  rt_gpu_context *g = c->gpu;
  mlopt_rt_status_t status = rt_gpu_copy_in(c);
  bool launched = false;
  if (!status && g->use_graphs && !c->profile)
    status = rt_graph_run(c, &launched);
  if (!status && !launched)
    status = rt_gpu_launch_all(c);
  if (!status)
    status = rt_gpu_copy_out(c);
  if (!status && wait && g->records_errors)
    status = RT_CU(g->gpu->driver, cuMemcpyDtoHAsync,
                   (g->pinned, g->control.address, sizeof(uint64_t), g->stream));
  return status;
}

/* What the error slot says; it has been copied to the pinned memory. */
static mlopt_rt_status_t rt_gpu_take_error(mlopt_rt_context_t *c) {
  rt_gpu_context *g = c->gpu;
  uint64_t error = MLOPT_ERROR_NONE;
  if (g->records_errors)
    memcpy(&error, g->pinned, sizeof(error));
  g->error_dirty = error != MLOPT_ERROR_NONE;
  return rt_bad_data(c, error);
}

RT_INTERNAL mlopt_rt_status_t rt_gpu_execute(mlopt_rt_context_t *c) {
  rt_gpu_context *g = c->gpu;
  mlopt_rt_status_t status = rt_gpu_prepare(c);
  if (status)
    return status;
  if (g->unsettled && (status = rt_gpu_wait(c)))
    return rt_gpu_in_run(c, status);
  if (!g->filled)
    g->fill(c->symbols, g->values);
  g->filled = true;
  if ((status = rt_gpu_place(c)))
    return status;
  bool wait = !g->async || c->profile || g->wait_for_each || !rt_gpu_stays_there(c);
  uint64_t begin_ns = c->profile ? rt_clock_ns() : 0;
  status = rt_gpu_enqueue(c, wait);
  if (!status && !wait) {
    g->pending = true;
    return NULL;
  }
  /* After an error too: nothing that is still on the stream may use memory that goes away. */
  mlopt_rt_status_t waited = rt_gpu_wait(c);
  if (status || waited) {
    if (status)
      mlopt_rt_status_release(waited);
    return rt_gpu_in_run(c, status ? status : waited);
  }
  rt_gpu_finish_copies(c);
  if (c->profile)
    status = rt_gpu_read_profile(c, begin_ns);
  mlopt_rt_status_t found = rt_gpu_take_error(c);
  if (!status)
    return found;
  mlopt_rt_status_release(found);
  return status;
}

RT_INTERNAL mlopt_rt_status_t rt_gpu_synchronize(mlopt_rt_context_t *c) {
  rt_gpu_context *g = c->gpu;
  if (!g->pending)
    return NULL;
  mlopt_rt_status_t status = NULL;
  if (g->records_errors)
    status = RT_CU(g->gpu->driver, cuMemcpyDtoHAsync,
                   (g->pinned, g->control.address, sizeof(uint64_t), g->stream));
  mlopt_rt_status_t waited = rt_gpu_wait(c);
  if (status || waited) {
    if (status)
      mlopt_rt_status_release(waited);
    return rt_gpu_in_run(c, status ? status : waited);
  }
  return rt_gpu_take_error(c);
}
