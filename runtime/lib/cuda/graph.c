/*===-- graph.c - CUDA graphs of a context ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "gpu.h"

static void rt_graph_drop(rt_gpu_context *g, rt_graph *s) {
  if (s->exec)
    g->gpu->driver->cuGraphExecDestroy(s->exec);
  if (s->graph)
    g->gpu->driver->cuGraphDestroy(s->graph);
  s->exec = NULL;
  s->graph = NULL;
  s->node_count = 0;
}

RT_INTERNAL void rt_graph_clear(rt_gpu_context *g) {
  for (int i = 0; i < RT_GRAPH_SETS; ++i)
    rt_graph_drop(g, &g->graphs.sets[i]);
}

RT_INTERNAL void rt_graph_release(rt_gpu_context *g) {
  rt_graph_clear(g);
  for (int i = 0; i < RT_GRAPH_SETS; ++i) {
    free(g->graphs.sets[i].symbols);
    free(g->graphs.sets[i].pointers);
    free(g->graphs.sets[i].nodes);
  }
}

/*===---- Building ----------------------------------------------------------------------===*/

/* What building needs: `last[i]` is the last node of step i (null: it has none), `seen[i]` the step
 * that asked for step i last. */
typedef struct rt_graph_builder {
  mlopt_rt_context_t *c;
  rt_graph *set;
  rt_cu_node *last;
  uint32_t *seen, *stack;
  rt_cu_node *after;
  size_t after_count;
} rt_graph_builder;

/* Nodes of this set, or UINT64_MAX where they are too many. */
static uint64_t rt_graph_count(const mlopt_rt_context_t *c) {
  const rt_gpu_context *g = c->gpu;
  uint64_t nodes = 0;
  for (uint32_t i = 0; i < g->code->steps.count; ++i) {
    const mlopt_gpu_step *s = RT_GPU_STEP(c->header, g->gpu->tables, g->code->steps.first + i);
    uint64_t repeated = s->nodes.count - s->repeat_from;
    int64_t turns = repeated ? rt_gpu_turns(g, s) : 0;
    if (turns > RT_GRAPH_NODES)
      return UINT64_MAX;
    nodes += s->repeat_from + (turns > 0 ? (uint64_t)turns * repeated : 0);
    if (nodes > RT_GRAPH_NODES)
      return UINT64_MAX;
  }
  return nodes;
}

/* The nodes that the first node of `step` must follow: the last ones of the steps before it, and
 * for a step without nodes those that it would have followed. */
static void rt_graph_collect(rt_graph_builder *b, uint32_t step) {
  const mlopt_rt_context_t *c = b->c;
  const rt_gpu_context *g = c->gpu;
  uint32_t depth = 0;
  b->after_count = 0;
  b->stack[depth++] = step;
  while (depth) {
    const mlopt_gpu_step *s =
        RT_GPU_STEP(c->header, g->gpu->tables, g->code->steps.first + b->stack[--depth]);
    for (uint32_t k = 0; k < s->after.count; ++k) {
      uint32_t before = RT_GPU_AFTER(c->header, g->gpu->tables, s->after.first + k);
      if (b->seen[before] == step + 1)
        continue;
      b->seen[before] = step + 1;
      if (b->last[before])
        b->after[b->after_count++] = b->last[before];
      else
        b->stack[depth++] = before;
    }
  }
}

static void rt_graph_describe_kernel(const rt_gpu_context *g, const rt_gpu_launch *l,
                                     rt_cu_kernel_node *p) {
  memset(p, 0, sizeof(*p));
  p->function = l->function;
  memcpy(p->grid, l->grid, sizeof(p->grid));
  memcpy(p->block, l->block, sizeof(p->block));
  p->shared_bytes = l->shared_bytes;
  p->params = g->params;
}

static void rt_graph_describe_copy(const rt_gpu_context *g, const rt_gpu_launch *l, rt_cu_copy *p) {
  memset(p, 0, sizeof(*p));
  p->target.memory_type = p->source.memory_type = RT_CU_MEMORY_DEVICE;
  p->target.device = g->param_values[0];
  p->source.device = g->param_values[1];
  p->width_bytes = (size_t)l->bytes;
  p->height = p->depth = 1;
}

static mlopt_rt_status_t rt_graph_remember(rt_graph *s, rt_cu_node node, uint32_t index,
                                           uint32_t step, int64_t turn) {
  if (s->node_count == s->node_room) {
    uint32_t room = s->node_room ? 2 * s->node_room : 16;
    rt_graph_node *nodes = realloc(s->nodes, room * sizeof(*nodes));
    if (!nodes)
      return rt_out_of_memory();
    s->nodes = nodes;
    s->node_room = room;
  }
  s->nodes[s->node_count++] = (rt_graph_node){node, index, step, turn};
  return NULL;
}

/* Adds a node that follows b->after, which becomes the node itself. */
static mlopt_rt_status_t rt_graph_add(rt_graph_builder *b, uint32_t step, uint32_t index,
                                      int64_t turn) {
  const mlopt_rt_context_t *c = b->c;
  const rt_gpu_context *g = c->gpu;
  const rt_driver *d = g->gpu->driver;
  const mlopt_gpu_node *n = RT_GPU_NODE(c->header, g->gpu->tables, index);
  if (rt_gpu_is_empty(g, n))
    return NULL;
  rt_gpu_launch l;
  mlopt_rt_status_t status = rt_gpu_resolve(c, n, turn, &l);
  if (status)
    return status;
  rt_cu_node node = NULL;
  const rt_cu_node *after = b->after_count ? b->after : NULL;
  if (l.function) {
    rt_cu_kernel_node p;
    rt_graph_describe_kernel(g, &l, &p);
    status = RT_CU(d, cuGraphAddKernelNode, (&node, b->set->graph, after, b->after_count, &p));
  } else {
    rt_cu_copy p;
    rt_graph_describe_copy(g, &l, &p);
    status = RT_CU(d, cuGraphAddMemcpyNode,
                   (&node, b->set->graph, after, b->after_count, &p, g->gpu->context));
  }
  if (!status && l.touches)
    status = rt_graph_remember(b->set, node, index, step, turn);
  b->last[step] = b->after[0] = node;
  b->after_count = 1;
  return status;
}

static mlopt_rt_status_t rt_graph_add_step(rt_graph_builder *b, uint32_t step) {
  const mlopt_rt_context_t *c = b->c;
  const rt_gpu_context *g = c->gpu;
  const mlopt_gpu_step *s = RT_GPU_STEP(c->header, g->gpu->tables, g->code->steps.first + step);
  mlopt_rt_status_t status = NULL;
  rt_graph_collect(b, step);
  for (uint32_t k = 0; !status && k < s->repeat_from; ++k)
    status = rt_graph_add(b, step, s->nodes.first + k, 0);
  int64_t turns = s->repeat_from < s->nodes.count ? rt_gpu_turns(g, s) : 0;
  for (int64_t turn = 0; !status && turn < turns; ++turn)
    for (uint32_t k = s->repeat_from; !status && k < s->nodes.count; ++k)
      status = rt_graph_add(b, step, s->nodes.first + k, turn);
  return rt_gpu_at_step(c, step, status);
}

static mlopt_rt_status_t rt_graph_build(mlopt_rt_context_t *c, rt_graph *set) {
  rt_gpu_context *g = c->gpu;
  const rt_driver *d = g->gpu->driver;
  size_t steps = (size_t)g->code->steps.count + 1;
  rt_graph_builder b = {.c = c, .set = set};
  b.last = calloc(steps, sizeof(*b.last));
  b.seen = calloc(steps, sizeof(*b.seen));
  b.stack = calloc(steps, sizeof(*b.stack));
  b.after = calloc(steps, sizeof(*b.after));
  mlopt_rt_status_t status = b.last && b.seen && b.stack && b.after ? NULL : rt_out_of_memory();
  if (!status && (status = RT_CU(d, cuGraphCreate, (&set->graph, 0))))
    set->graph = NULL;
  for (uint32_t i = 0; !status && i < g->code->steps.count; ++i)
    status = rt_graph_add_step(&b, i);
  if (!status && (status = RT_CU(d, cuGraphInstantiateWithFlags, (&set->exec, set->graph, 0))))
    set->exec = NULL;
  free(b.last);
  free(b.seen);
  free(b.stack);
  free(b.after);
  if (status)
    rt_graph_drop(g, set);
  else
    memcpy(set->pointers, g->pointers, g->pointer_count * sizeof(*g->pointers));
  return status;
}

/*===---- Running -----------------------------------------------------------------------===*/

/* Writes the pointers of this run into the nodes that have others. Launches that are under way
 * keep theirs. */
static mlopt_rt_status_t rt_graph_patch(mlopt_rt_context_t *c, rt_graph *set) {
  const rt_gpu_context *g = c->gpu;
  const mlopt_gpu *tables = g->gpu->tables;
  const rt_driver *d = g->gpu->driver;
  uint32_t inputs = c->entry->inputs.count;
  for (uint32_t i = 0; i < set->node_count; ++i) {
    const rt_graph_node *at = &set->nodes[i];
    const mlopt_gpu_node *n = RT_GPU_NODE(c->header, tables, at->index);
    bool changed = false;
    for (uint32_t k = 0; !changed && k < n->params.count; ++k) {
      const mlopt_gpu_param *p = RT_GPU_PARAM(c->header, tables, n->params.first + k);
      uint32_t tensor = p->kind == MLOPT_GPU_OUTPUT ? inputs + p->index : p->index;
      changed = (p->kind == MLOPT_GPU_INPUT || p->kind == MLOPT_GPU_OUTPUT) &&
                set->pointers[tensor] != g->pointers[tensor];
    }
    if (!changed)
      continue;
    rt_gpu_launch l;
    mlopt_rt_status_t status = rt_gpu_resolve(c, n, at->turn, &l);
    if (!status && l.function) {
      rt_cu_kernel_node p;
      rt_graph_describe_kernel(g, &l, &p);
      status = RT_CU(d, cuGraphExecKernelNodeSetParams, (set->exec, at->node, &p));
    } else if (!status) {
      rt_cu_copy p;
      rt_graph_describe_copy(g, &l, &p);
      status = RT_CU(d, cuGraphExecMemcpyNodeSetParams, (set->exec, at->node, &p, g->gpu->context));
    }
    if (status)
      return rt_gpu_at_step(c, at->step, status);
  }
  memcpy(set->pointers, g->pointers, g->pointer_count * sizeof(*g->pointers));
  return NULL;
}

/* The set with the context's symbols; `*fresh` where it has not been seen lately, and then takes
 * the place of the one that was used longest ago. */
static rt_graph *rt_graph_find(mlopt_rt_context_t *c, bool *fresh) {
  rt_gpu_context *g = c->gpu;
  size_t bytes = c->entry->symbols.count * sizeof(int64_t);
  rt_graph *oldest = &g->graphs.sets[0];
  for (int i = 0; i < RT_GRAPH_SETS; ++i) {
    rt_graph *s = &g->graphs.sets[i];
    if (s->used && memcmp(s->symbols, c->symbols, bytes) == 0) {
      *fresh = false;
      return s;
    }
    if (oldest->used && (!s->used || s->last < oldest->last))
      oldest = s;
  }
  *fresh = true;
  rt_graph_drop(g, oldest);
  oldest->used = false;
  oldest->too_long = false;
  if (!oldest->symbols)
    oldest->symbols = calloc(c->entry->symbols.count + (size_t)1, sizeof(int64_t));
  if (!oldest->pointers)
    oldest->pointers = calloc(g->pointer_count + (size_t)1, sizeof(*oldest->pointers));
  if (!oldest->symbols || !oldest->pointers)
    return NULL;
  memcpy(oldest->symbols, c->symbols, bytes);
  oldest->used = true;
  return oldest;
}

RT_INTERNAL mlopt_rt_status_t rt_graph_run(mlopt_rt_context_t *c, bool *launched) {
  rt_gpu_context *g = c->gpu;
  bool fresh;
  *launched = false;
  rt_graph *set = rt_graph_find(c, &fresh);
  if (!set)
    return rt_out_of_memory();
  set->last = ++g->graphs.runs;
  if (set->too_long || (fresh && c->entry->symbols.count))
    return NULL;
  mlopt_rt_status_t status = NULL;
  if (!set->exec) {
    uint64_t nodes = rt_graph_count(c);
    if (nodes == 0 || nodes == UINT64_MAX) {
      set->too_long = true;
      return NULL;
    }
    status = rt_graph_build(c, set);
  } else if (memcmp(set->pointers, g->pointers, g->pointer_count * sizeof(*g->pointers)) != 0) {
    status = rt_graph_patch(c, set);
    /* Some nodes may have the new pointers: build it anew the next time. */
    if (status)
      rt_graph_drop(g, set);
  }
  if (status)
    return status;
  *launched = true;
  return RT_CU(g->gpu->driver, cuGraphLaunch, (set->exec, g->stream));
}
