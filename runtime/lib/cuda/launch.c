/*===-- launch.c - Launching the table on a stream ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "gpu.h"

RT_INTERNAL mlopt_rt_status_t rt_gpu_at_step(const mlopt_rt_context_t *c, uint32_t step,
                                             mlopt_rt_status_t status) {
  if (!status || status == rt_out_of_memory())
    return status;
  const mlopt_launch *l = RT_LAUNCH(c->header, c->code->launches.first + step);
  mlopt_rt_status_t located =
      rt_error(mlopt_rt_status_code(status), "%s, at node %s (launch %u, kernel %s)",
               mlopt_rt_status_message(status), rt_string(c->header, l->nodes), step,
               rt_string(c->header, l->kernel));
  mlopt_rt_status_release(status);
  return located;
}

RT_INTERNAL int64_t rt_gpu_turns(const rt_gpu_context *g, const mlopt_gpu_step *s) {
  return s->repeat_value == MLOPT_GPU_UNKNOWN ? 1 : g->values[s->repeat_value];
}

RT_INTERNAL bool rt_gpu_is_empty(const rt_gpu_context *g, const mlopt_gpu_node *n) {
  const int64_t *v = g->values + n->first_value;
  return n->function == MLOPT_GPU_UNKNOWN ? v[0] == 0 : v[0] == 0 || v[1] == 0 || v[2] == 0;
}

RT_INTERNAL mlopt_rt_status_t rt_gpu_resolve(const mlopt_rt_context_t *c, const mlopt_gpu_node *n,
                                             int64_t turn, rt_gpu_launch *launch) {
  const rt_gpu_context *g = c->gpu;
  const mlopt_gpu *tables = g->gpu->tables;
  const int64_t *values = g->values + n->first_value;
  launch->function = NULL;
  launch->touches = false;
  launch->bytes = 0;
  if (n->function == MLOPT_GPU_UNKNOWN) {
    launch->bytes = (uint64_t)values[0];
    if (values[0] < 0)
      return rt_error(MLOPT_RT_SHAPE_CHECK, "these input sizes give a copy of %lld bytes",
                      (long long)values[0]);
  } else {
    const mlopt_gpu_function *f = RT_GPU_FUNCTION(c->header, tables, n->function);
    launch->function = rt_gpu_function(g->gpu, n);
    for (int i = 0; i < 3; ++i) {
      if (values[i] < 0 || values[i] > (i ? 65535 : INT32_MAX))
        return rt_error(MLOPT_RT_SHAPE_CHECK,
                        "these input sizes give a grid of %lld x %lld x %lld blocks, which no GPU "
                        "runs",
                        (long long)values[0], (long long)values[1], (long long)values[2]);
      launch->grid[i] = (unsigned)values[i];
      launch->block[i] = n->block[i];
    }
    if (values[3] < 0 || values[3] > (int64_t)f->shared_bytes)
      return rt_error(MLOPT_RT_SHAPE_CHECK,
                      "these input sizes give %lld bytes of shared memory, the kernel has at most "
                      "%u",
                      (long long)values[3], f->shared_bytes);
    launch->shared_bytes = (unsigned)values[3];
  }
  for (uint32_t i = 0; i < n->params.count; ++i) {
    const mlopt_gpu_param *p = RT_GPU_PARAM(c->header, tables, n->params.first + i);
    uint64_t value = p->value == MLOPT_GPU_UNKNOWN ? 0 : (uint64_t)g->values[p->value];
    switch (p->kind) {
    case MLOPT_GPU_INPUT:
      value += g->pointers[p->index];
      launch->touches = true;
      break;
    case MLOPT_GPU_OUTPUT:
      value += g->pointers[c->entry->inputs.count + p->index];
      launch->touches = true;
      break;
    case MLOPT_GPU_WEIGHTS:
      value += g->gpu->weights;
      break;
    case MLOPT_GPU_ARENA:
      value += g->arena.address;
      break;
    case MLOPT_GPU_ERROR:
      value = g->control.address;
      break;
    case MLOPT_GPU_TURN:
      value = (uint64_t)turn;
      break;
    case MLOPT_GPU_NULL:
      value = 0;
      break;
    default:
      break;
    }
    g->param_values[i] = value;
  }
  return NULL;
}

static mlopt_rt_status_t rt_gpu_launch_node(const mlopt_rt_context_t *c, const mlopt_gpu_node *n,
                                            int64_t turn) {
  const rt_gpu_context *g = c->gpu;
  const rt_driver *d = g->gpu->driver;
  if (rt_gpu_is_empty(g, n))
    return NULL;
  rt_gpu_launch l;
  mlopt_rt_status_t status = rt_gpu_resolve(c, n, turn, &l);
  if (status)
    return status;
  if (!l.function)
    return RT_CU(d, cuMemcpyDtoDAsync,
                 (g->param_values[0], g->param_values[1], (size_t)l.bytes, g->stream));
  return RT_CU(d, cuLaunchKernel,
               (l.function, l.grid[0], l.grid[1], l.grid[2], l.block[0], l.block[1], l.block[2],
                l.shared_bytes, g->stream, g->params, NULL));
}

static mlopt_rt_status_t rt_gpu_launch_step(const mlopt_rt_context_t *c, uint32_t step) {
  const rt_gpu_context *g = c->gpu;
  const mlopt_gpu *tables = g->gpu->tables;
  const mlopt_gpu_step *s = RT_GPU_STEP(c->header, tables, g->code->steps.first + step);
  mlopt_rt_status_t status = NULL;
  for (uint32_t k = 0; !status && k < s->repeat_from; ++k)
    status = rt_gpu_launch_node(c, RT_GPU_NODE(c->header, tables, s->nodes.first + k), 0);
  int64_t turns = s->repeat_from < s->nodes.count ? rt_gpu_turns(g, s) : 0;
  for (int64_t turn = 0; !status && turn < turns; ++turn)
    for (uint32_t k = s->repeat_from; !status && k < s->nodes.count; ++k)
      status = rt_gpu_launch_node(c, RT_GPU_NODE(c->header, tables, s->nodes.first + k), turn);
  return status;
}

/* Events for a profile, made once: number 0 at the run's begin, 1 + 2 i before and 2 + 2 i after
 * launch i. */
static mlopt_rt_status_t rt_gpu_make_events(mlopt_rt_context_t *c) {
  rt_gpu_context *g = c->gpu;
  size_t count = 1 + 2 * (size_t)g->code->steps.count;
  if (!g->events && !(g->events = calloc(count, sizeof(*g->events))))
    return rt_out_of_memory();
  mlopt_rt_status_t status = NULL;
  for (size_t i = 0; !status && i < count; ++i)
    if (!g->events[i]) {
      status = RT_CU(g->gpu->driver, cuEventCreate, (&g->events[i], 0));
      if (status)
        g->events[i] = NULL;
    }
  return status;
}

RT_INTERNAL mlopt_rt_status_t rt_gpu_launch_all(mlopt_rt_context_t *c) {
  rt_gpu_context *g = c->gpu;
  const rt_driver *d = g->gpu->driver;
  mlopt_rt_status_t status = NULL;
  if (c->profile) {
    status = rt_gpu_make_events(c);
    if (!status)
      status = RT_CU(d, cuEventRecord, (g->events[0], g->stream));
  }
  for (uint32_t i = 0; !status && i < g->code->steps.count; ++i) {
    if (c->profile)
      status = RT_CU(d, cuEventRecord, (g->events[1 + 2 * i], g->stream));
    if (!status)
      status = rt_gpu_launch_step(c, i);
    if (!status && c->profile)
      status = RT_CU(d, cuEventRecord, (g->events[2 + 2 * i], g->stream));
    if (!status && g->wait_for_each)
      status = RT_CU(d, cuStreamSynchronize, (g->stream));
    status = rt_gpu_at_step(c, i, status);
  }
  return status;
}

RT_INTERNAL mlopt_rt_status_t rt_gpu_read_profile(mlopt_rt_context_t *c, uint64_t begin_ns) {
  rt_gpu_context *g = c->gpu;
  mlopt_rt_status_t status = NULL;
  for (uint32_t i = 0; !status && i < 2 * g->code->steps.count; ++i) {
    float milliseconds = 0;
    status =
        RT_CU(g->gpu->driver, cuEventElapsedTime, (&milliseconds, g->events[0], g->events[1 + i]));
    c->profile[i] = begin_ns + (uint64_t)((double)milliseconds * 1e6);
  }
  return status;
}
