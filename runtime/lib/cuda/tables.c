/*===-- tables.c - The tables for GPUs of an image ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "device.h"

/* As in image.c: every offset, count and index is checked here once, and nothing after this checks
 * again. */

static bool rt_gpu_fits(const mlopt_module *m, const mlopt_table *t, size_t record, size_t align) {
  uint64_t end = (uint64_t)t->offset + (uint64_t)t->stride * t->count;
  return !t->count || (t->stride >= record && t->stride % align == 0 && t->offset % 8 == 0 &&
                       t->offset >= m->struct_size && end <= m->link_offset);
}

static bool rt_gpu_within(mlopt_slice s, const mlopt_table *t) {
  return (uint64_t)s.first + s.count <= t->count;
}

static bool rt_gpu_inside(mlopt_slice outer, uint32_t i) {
  return i >= outer.first && i - outer.first < outer.count;
}

static bool rt_gpu_string(const mlopt_module *m, mlopt_str s) {
  return s == 0 || (s >= m->struct_size && s < m->link_offset &&
                    memchr((const char *)m + s, 0, (size_t)(m->link_offset - s)));
}

static bool rt_gpu_bytes(const mlopt_module *m, uint64_t offset, uint64_t bytes) {
  return !bytes || (offset % 8 == 0 && offset >= m->struct_size && offset <= m->link_offset &&
                    bytes <= m->link_offset - offset);
}

static const char *rt_check_gpu_target(const mlopt_module *m, const mlopt_gpu *g,
                                       const mlopt_gpu_target *t) {
  if (!rt_gpu_string(m, t->name) || !rt_gpu_within(t->images, &g->images) ||
      !rt_gpu_within(t->functions, &g->functions) || !rt_gpu_within(t->weights, &g->weights) ||
      !t->architecture || t->weight_bytes % RT_GPU_ALIGNMENT || t->weight_bytes > INT64_MAX)
    return "an architecture of a GPU makes no sense";
  for (uint32_t i = 0; i < t->functions.count; ++i) {
    const mlopt_gpu_function *f = RT_GPU_FUNCTION(m, g, t->functions.first + i);
    if (!f->name || !rt_gpu_string(m, f->name) || !rt_gpu_string(m, f->kernel) ||
        !rt_gpu_inside(t->images, f->image) || f->shared_bytes > INT32_MAX)
      return "a function for GPUs makes no sense";
  }
  for (uint32_t i = 0; i < t->images.count; ++i) {
    const mlopt_gpu_image *x = RT_GPU_IMAGE(m, g, t->images.first + i);
    if (!rt_gpu_bytes(m, x->ptx_offset, x->ptx_bytes) ||
        !rt_gpu_bytes(m, x->cubin_offset, x->cubin_bytes) || (!x->ptx_bytes && !x->cubin_bytes) ||
        (x->ptx_bytes && ((const char *)m)[x->ptx_offset + x->ptx_bytes - 1]))
      return "an image for GPUs lies outside of it";
  }
  for (uint32_t i = 0; i < t->weights.count; ++i) {
    const mlopt_gpu_weights *w = RT_GPU_WEIGHTS(m, g, t->weights.first + i);
    if (w->offset > m->weights.bytes || w->bytes > m->weights.bytes - w->offset ||
        w->device_offset > t->weight_bytes || w->bytes > t->weight_bytes - w->device_offset)
      return "weights for GPUs lie outside of the weights";
  }
  return NULL;
}

static bool rt_check_gpu_node(const mlopt_module *m, const mlopt_gpu *g, const mlopt_gpu_target *t,
                              const mlopt_gpu_code *c, const mlopt_entry *e, bool copy,
                              const mlopt_gpu_node *n) {
  uint64_t threads = (uint64_t)n->block[0] * n->block[1];
  if (!rt_gpu_within(n->params, &g->params) ||
      (uint64_t)n->first_value + (copy ? 1 : 4) > c->value_count)
    return false;
  if (copy ? n->function != MLOPT_GPU_UNKNOWN || n->params.count != 2
           : !rt_gpu_inside(t->functions, n->function) || !threads || threads > 1024 ||
                 !n->block[2] || n->block[2] > 1024 || threads * n->block[2] > 1024)
    return false;
  for (uint32_t i = 0; i < n->params.count; ++i) {
    const mlopt_gpu_param *p = RT_GPU_PARAM(m, g, n->params.first + i);
    if (p->kind > MLOPT_GPU_NULL || (p->kind == MLOPT_GPU_INPUT && p->index >= e->inputs.count) ||
        (p->kind == MLOPT_GPU_OUTPUT && p->index >= e->outputs.count) ||
        (p->value >= c->value_count &&
         (p->value != MLOPT_GPU_UNKNOWN || p->kind == MLOPT_GPU_VALUE)) ||
        (copy && (p->kind == MLOPT_GPU_VALUE || p->kind >= MLOPT_GPU_ERROR)))
      return false;
  }
  return true;
}

static const char *rt_check_gpu_code(const mlopt_module *m, const mlopt_gpu *g,
                                     const mlopt_gpu_target *t, const mlopt_entry *e,
                                     const mlopt_gpu_code *c) {
  if (!c->sizes_link || c->sizes_link >= m->link_count || !c->fill_link ||
      c->fill_link >= m->link_count)
    return "a function for GPUs does not exist";
  if (!rt_gpu_within(c->launches, &m->launches) || !rt_gpu_within(c->checks, &m->checks) ||
      !rt_gpu_within(c->steps, &g->steps) || c->launches.count != c->steps.count)
    return "the launches for GPUs do not match";
  for (uint32_t i = 0; i < c->steps.count; ++i) {
    const mlopt_gpu_step *s = RT_GPU_STEP(m, g, c->steps.first + i);
    bool repeats = s->repeat_value != MLOPT_GPU_UNKNOWN;
    if (s->kind > MLOPT_GPU_COPY || !rt_gpu_within(s->nodes, &g->nodes) ||
        !rt_gpu_within(s->after, &g->after) || s->repeat_from > s->nodes.count ||
        (repeats && s->repeat_value >= c->value_count) ||
        (s->kind == MLOPT_GPU_COPY && (s->nodes.count != 1 || repeats)))
      return "a launch for GPUs makes no sense";
    for (uint32_t k = 0; k < s->after.count; ++k)
      if (RT_GPU_AFTER(m, g, s->after.first + k) >= i)
        return "a launch for GPUs waits for a later one";
    for (uint32_t k = 0; k < s->nodes.count; ++k)
      if (!rt_check_gpu_node(m, g, t, c, e, s->kind == MLOPT_GPU_COPY,
                             RT_GPU_NODE(m, g, s->nodes.first + k)))
        return "a node of a launch for GPUs makes no sense";
  }
  return NULL;
}

RT_INTERNAL const char *rt_check_gpu(const mlopt_module *m) {
  if ((m->abi_version & 0xffff) < 3)
    return m->gpu.count ? "a module for GPUs states a runtime interface that has none" : NULL;
  if (!m->gpu.count)
    return NULL;
  if (m->gpu.count != 1 || !rt_gpu_fits(m, &m->gpu, sizeof(mlopt_gpu), 8))
    return "table for GPUs";
  const mlopt_gpu *g = rt_gpu_tables(m);
  if (!rt_gpu_fits(m, &g->targets, sizeof(mlopt_gpu_target), 8) ||
      !rt_gpu_fits(m, &g->images, sizeof(mlopt_gpu_image), 8) ||
      !rt_gpu_fits(m, &g->functions, sizeof(mlopt_gpu_function), 4) ||
      !rt_gpu_fits(m, &g->weights, sizeof(mlopt_gpu_weights), 8) ||
      !rt_gpu_fits(m, &g->codes, sizeof(mlopt_gpu_code), 4) ||
      !rt_gpu_fits(m, &g->steps, sizeof(mlopt_gpu_step), 4) ||
      !rt_gpu_fits(m, &g->nodes, sizeof(mlopt_gpu_node), 4) ||
      !rt_gpu_fits(m, &g->params, sizeof(mlopt_gpu_param), 4) ||
      !rt_gpu_fits(m, &g->after, sizeof(uint32_t), 4))
    return "tables for GPUs";
  if (!g->targets.count || (uint64_t)g->targets.count * m->entries.count != g->codes.count)
    return "architectures of GPUs, entry points and functions do not match";
  for (uint32_t i = 0; i < g->targets.count; ++i) {
    const mlopt_gpu_target *t = RT_GPU_TARGET(m, g, i);
    const char *wrong = rt_check_gpu_target(m, g, t);
    for (uint32_t e = 0; !wrong && e < m->entries.count; ++e)
      wrong =
          rt_check_gpu_code(m, g, t, RT_ENTRY(m, e), RT_GPU_CODE(m, g, i * m->entries.count + e));
    if (wrong)
      return wrong;
  }
  return NULL;
}

/*===---- Queries -----------------------------------------------------------------------===*/

uint32_t mlopt_rt_module_gpu_target_count(const mlopt_rt_module_t *module) {
  const mlopt_gpu *g = module ? rt_gpu_tables(module->header) : NULL;
  return g ? g->targets.count : 0;
}

mlopt_rt_status_t mlopt_rt_module_gpu_target(const mlopt_rt_module_t *module, uint32_t target,
                                             mlopt_rt_gpu_target_info_t *info) {
  if (target >= mlopt_rt_module_gpu_target_count(module) || !info ||
      info->struct_size != sizeof(*info))
    return rt_error(MLOPT_RT_INVALID_ARGUMENT,
                    "the module or info is null, struct_size is not set, or GPU architecture %u "
                    "does not exist",
                    target);
  const mlopt_module *m = module->header;
  const mlopt_gpu *g = rt_gpu_tables(m);
  const mlopt_gpu_target *t = RT_GPU_TARGET(m, g, target);
  *info = (mlopt_rt_gpu_target_info_t){.struct_size = sizeof(*info),
                                       .architecture = t->architecture,
                                       .name = rt_string(m, t->name),
                                       .functions = t->functions.count,
                                       .tf32 = t->tf32,
                                       .weight_bytes = t->weight_bytes};
  for (uint32_t i = 0; i < t->images.count; ++i) {
    const mlopt_gpu_image *x = RT_GPU_IMAGE(m, g, t->images.first + i);
    info->ptx_bytes += x->ptx_bytes;
    info->machine_code_bytes += x->cubin_bytes;
  }
  return NULL;
}

mlopt_rt_status_t mlopt_rt_module_gpu_function(const mlopt_rt_module_t *module, uint32_t target,
                                               uint32_t function,
                                               mlopt_rt_gpu_function_info_t *info) {
  const mlopt_gpu *g = module ? rt_gpu_tables(module->header) : NULL;
  const mlopt_module *m = module ? module->header : NULL;
  if (!g || target >= g->targets.count ||
      function >= RT_GPU_TARGET(m, g, target)->functions.count || !info ||
      info->struct_size != sizeof(*info))
    return rt_error(MLOPT_RT_INVALID_ARGUMENT,
                    "the module or info is null, struct_size is not set, or function %u of GPU "
                    "architecture %u does not exist",
                    function, target);
  const mlopt_gpu_function *f =
      RT_GPU_FUNCTION(m, g, RT_GPU_TARGET(m, g, target)->functions.first + function);
  *info = (mlopt_rt_gpu_function_info_t){.struct_size = sizeof(*info),
                                         .registers = f->registers,
                                         .name = rt_string(m, f->name),
                                         .kernel = rt_string(m, f->kernel),
                                         .spill_bytes = f->spill_bytes,
                                         .shared_bytes = f->shared_bytes};
  return NULL;
}
