/*===-- context.c - Contexts: what one caller needs ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "../cuda/gpu.h"

static void rt_service_barrier(const mlopt_run_frame *frame, int64_t thread, int64_t threads) {
  mlopt_rt_context_t *c = frame->gang;
  rt_barrier_wait(&c->barrier, threads);
  if (c->debug & MLOPT_RT_DEBUG_DELAY)
    rt_random_delay();
}

static const mlopt_services rt_services = {sizeof(mlopt_services), 0, rt_service_barrier,
                                           rt_clock_ns};

static uint32_t rt_debug_of_environment(void) {
  const char *s = getenv("MLOPT_RT_DEBUG");
  if (!s)
    return 0;
  return (strstr(s, "poison") ? MLOPT_RT_DEBUG_POISON : 0u) |
         (strstr(s, "delay") ? MLOPT_RT_DEBUG_DELAY : 0u) |
         (strstr(s, "gang") ? MLOPT_RT_DEBUG_GANG : 0u);
}

/* Room for all arrays of a context in one block of zeros. */
static bool rt_context_arrays(mlopt_rt_context_t *c) {
  const mlopt_entry *e = c->entry;
#define RT_ALLOC(field, count)                                                                     \
  if (!(c->field = calloc((size_t)(count) + 1, sizeof(*c->field))))                                \
  return false
  RT_ALLOC(symbols, e->symbols.count);
  RT_ALLOC(infer_symbols, e->symbols.count);
  RT_ALLOC(values, e->value_count);
  RT_ALLOC(infer_values, e->value_count);
  RT_ALLOC(inputs, e->inputs.count);
  RT_ALLOC(input_views, e->inputs.count);
  RT_ALLOC(outputs, e->outputs.count);
  RT_ALLOC(output_views, e->outputs.count);
  RT_ALLOC(output_blocks, e->outputs.count);
  RT_ALLOC(last_outputs, e->outputs.count);
#undef RT_ALLOC
  return true;
}

static mlopt_rt_status_t rt_context_threads(mlopt_rt_context_t *c,
                                            const mlopt_rt_context_options_t *o) {
  int64_t wanted = o ? o->threads : 0;
  if (wanted < 0 || wanted > 4096)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT,
                    "the number of threads is %lld, expected 0 (all) to 4096", (long long)wanted);
  if (o && o->pool) {
    c->pool = o->pool;
    mlopt_rt_pool_retain(c->pool);
    int64_t have = mlopt_rt_pool_threads(c->pool);
    c->threads = wanted && wanted < have ? wanted : have;
    return NULL;
  }
  int64_t cpus = mlopt_rt_cpu_count();
  c->threads = wanted ? wanted : cpus;
  if (c->threads == 1)
    return NULL;
  mlopt_rt_status_t status =
      c->threads <= cpus ? rt_shared_pool(&c->pool) : mlopt_rt_pool_create(c->threads, &c->pool);
  if (!status && mlopt_rt_pool_threads(c->pool) < c->threads)
    c->threads = mlopt_rt_pool_threads(c->pool);
  return status;
}

mlopt_rt_status_t mlopt_rt_context_create(mlopt_rt_module_t *module,
                                          const mlopt_rt_context_options_t *given,
                                          mlopt_rt_context_t **out) {
  if (!module || !out)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "the module or the place for the context is null");
  *out = NULL;
  /* Callers of an interface before 1.3 end before the fields for GPUs. */
  size_t least = offsetof(mlopt_rt_context_options_t, device);
  if (given && given->struct_size != sizeof(*given) && given->struct_size != least)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT,
                    "context options: struct_size is %u, expected %zu (or %zu, without a device)",
                    given->struct_size, sizeof(*given), least);
  mlopt_rt_context_options_t filled = {0};
  if (given)
    memcpy(&filled, given, given->struct_size);
  const mlopt_rt_context_options_t *o = given ? &filled : NULL;
  if (module->metadata_only)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT,
                    "module '%s' was loaded with METADATA_ONLY: it cannot run",
                    mlopt_rt_module_name(module));
  int64_t gpu;
  mlopt_rt_status_t status = rt_parse_device(o ? o->device : NULL, &gpu);
  if (status)
    return status;
  if (gpu < 0 && o && o->stream)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT,
                    "a stream was given, and the device is the CPU; set device to \"cuda\"");
  if (gpu < 0 && o && o->arena && (uintptr_t)o->arena % MLOPT_ALIGNMENT)
    return rt_error(MLOPT_RT_MISALIGNED, "the arena is not aligned to %u bytes", MLOPT_ALIGNMENT);
  int32_t entry = mlopt_rt_module_find_entry(module, o ? o->entry : NULL);
  if (entry < 0)
    return rt_error(MLOPT_RT_UNKNOWN_NAME, "module '%s' has no entry point '%s'",
                    mlopt_rt_module_name(module), o->entry);
  void *memory = NULL;
  if (posix_memalign(&memory, 64, sizeof(mlopt_rt_context_t)) != 0)
    return rt_out_of_memory();
  mlopt_rt_context_t *c = memset(memory, 0, sizeof(mlopt_rt_context_t));
  mlopt_rt_module_retain(module);
  c->module = module;
  c->header = module->header;
  c->entry_index = (uint32_t)entry;
  c->entry = RT_ENTRY(c->header, entry);
  c->code = rt_code_of(c->header, module->level, (uint32_t)entry);
  c->run = (mlopt_run_fn)(uintptr_t)((const uint8_t *)c->header +
                                     rt_links(c->header)[c->code->run_link]);
  c->debug = (o ? o->debug : 0) | rt_debug_of_environment();
  status = !rt_context_arrays(c) ? rt_out_of_memory()
           : gpu < 0             ? rt_context_threads(c, o)
                                 : rt_gpu_context_create(c, o, (uint32_t)gpu);
  if (status) {
    mlopt_rt_context_release(c);
    return status;
  }
  /* More threads than the widest launch has parts would only wait. */
  if (c->code->max_threads && c->threads > c->code->max_threads)
    c->threads = c->code->max_threads;
  if (gpu < 0 && o && o->arena) {
    c->caller_arena = true;
    c->arena.data = o->arena;
    c->arena.capacity = o->arena_bytes;
  }
  c->barrier.spin_ns = rt_spin_time(c->threads);
  c->gang = 1;
  c->frame = (mlopt_run_frame){.struct_size = sizeof(mlopt_run_frame),
                               .inputs = c->inputs,
                               .outputs = c->outputs,
                               .symbols = c->symbols,
                               .values = c->values,
                               .weights = module->weights,
                               .error = &c->error,
                               .services = &rt_services,
                               .gang = c};
  *out = c;
  return NULL;
}

void mlopt_rt_context_release(mlopt_rt_context_t *c) {
  if (!c)
    return;
  rt_gpu_context_release(c);
  if (!c->caller_arena)
    rt_block_release(&c->arena);
  if (c->output_blocks)
    for (uint32_t i = 0; i < c->entry->outputs.count; ++i)
      rt_block_release(&c->output_blocks[i]);
  free(c->symbols);
  free(c->infer_symbols);
  free(c->values);
  free(c->infer_values);
  free(c->inputs);
  free(c->input_views);
  free(c->outputs);
  free(c->output_views);
  free(c->output_blocks);
  free(c->last_outputs);
  mlopt_rt_pool_release(c->pool);
  mlopt_rt_module_release(c->module);
  free(c);
}

RT_INTERNAL mlopt_rt_status_t rt_lock(mlopt_rt_context_t *c) {
  if (!c)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "the context is null");
  if (atomic_exchange_explicit(&c->busy, 1, memory_order_acquire))
    return rt_error(MLOPT_RT_BUSY,
                    "the context is in use by another thread; make one context for each");
  mlopt_rt_status_t status = c->gpu ? rt_gpu_enter(c->gpu->gpu) : NULL;
  if (status)
    atomic_store_explicit(&c->busy, 0, memory_order_release);
  return status;
}

RT_INTERNAL void rt_unlock(mlopt_rt_context_t *c) {
  if (c->gpu)
    rt_gpu_leave(c->gpu->gpu);
  atomic_store_explicit(&c->busy, 0, memory_order_release);
}

RT_INTERNAL mlopt_rt_status_t rt_bad_data(const mlopt_rt_context_t *c, uint64_t error) {
  if (error == MLOPT_ERROR_NONE)
    return NULL;
  uint64_t launch = error >> MLOPT_ERROR_INDEX_BITS, element = error & MLOPT_ERROR_INDEX_MASK;
  const char *what = "", *kernel = "?", *nodes = "?";
  if (launch < c->code->launches.count) {
    const mlopt_launch *l = RT_LAUNCH(c->header, c->code->launches.first + (uint32_t)launch);
    what = rt_string(c->header, l->error);
    kernel = rt_string(c->header, l->kernel);
    nodes = rt_string(c->header, l->nodes);
  }
  return rt_error(MLOPT_RT_BAD_DATA, "%s at node %s (launch %llu, kernel %s), output element %llu",
                  *what ? what : "a value cannot be used", nodes, (unsigned long long)launch,
                  kernel, (unsigned long long)element);
}

RT_INTERNAL mlopt_rt_status_t rt_reserve_arena(mlopt_rt_context_t *c, const int64_t *values) {
  uint64_t need = (uint64_t)values[MLOPT_VALUE_ARENA_BYTES];
  if (c->gpu)
    return rt_gpu_reserve_arena(c, need);
  if (need <= c->arena.capacity)
    return NULL;
  if (c->caller_arena)
    return rt_error(MLOPT_RT_ARENA_TOO_SMALL,
                    "these sizes need an arena of %llu bytes, the caller's has %llu",
                    (unsigned long long)need, (unsigned long long)c->arena.capacity);
  if (!rt_block_reserve(&c->arena, need))
    return rt_error(MLOPT_RT_OUT_OF_MEMORY, "cannot allocate an arena of %llu bytes",
                    (unsigned long long)need);
  return NULL;
}

mlopt_rt_status_t mlopt_rt_context_prepare(mlopt_rt_context_t *c, const mlopt_rt_size_t *sizes,
                                           uint32_t count, uint32_t flags) {
  mlopt_rt_status_t status = rt_lock(c);
  if (status)
    return status;
  const mlopt_module *m = c->header;
  status = rt_symbols_from_sizes(m, c->entry, sizes, count, true, c->infer_symbols);
  if (!status)
    status = rt_call_sizes(m, c->entry, c->code, c->infer_symbols, c->threads, c->infer_values);
  if (!status)
    status = rt_reserve_arena(c, c->infer_values);
  if (!status && c->gpu)
    status = rt_gpu_prepare(c);
  if (!status && (flags & MLOPT_RT_PREPARE_OUTPUTS)) {
    const int64_t *dims = c->infer_values + MLOPT_VALUE_OUTPUT_DIMS;
    for (uint32_t i = 0; !status && i < c->entry->outputs.count; ++i) {
      const mlopt_tensor *t = RT_TENSOR(m, c->entry->outputs.first + i);
      uint64_t bytes = rt_dense_bytes(t->dtype, dims, t->dims.count);
      dims += t->dims.count;
      if (bytes == UINT64_MAX || !rt_block_reserve(&c->output_blocks[i], bytes))
        status =
            rt_error(MLOPT_RT_OUT_OF_MEMORY, "cannot allocate output '%s'", rt_tensor_name(m, t));
      if (!status && c->gpu && t->donated < 0)
        status = rt_gpu_reserve(c, &c->gpu->outputs[i].block, bytes, rt_tensor_name(m, t));
    }
  }
  rt_unlock(c);
  return status;
}

mlopt_rt_status_t mlopt_rt_context_output(const mlopt_rt_context_t *c, uint32_t index,
                                          mlopt_rt_tensor_t *output) {
  if (!c || !output || index >= c->entry->outputs.count)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT,
                    "the context or the view is null, or there is no output %u", index);
  if (!c->ran)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "the context has no results: no run has succeeded");
  *output = c->last_outputs[index];
  return NULL;
}

mlopt_rt_status_t mlopt_rt_context_synchronize(mlopt_rt_context_t *c) {
  mlopt_rt_status_t status = rt_lock(c);
  if (status)
    return status;
  if (c->gpu)
    status = rt_gpu_synchronize(c);
  c->ran &= !status;
  rt_unlock(c);
  return status;
}
uint32_t mlopt_rt_context_device(const mlopt_rt_context_t *c) {
  return c && c->gpu ? MLOPT_RT_DEVICE_CUDA : MLOPT_RT_DEVICE_CPU;
}
void *mlopt_rt_context_stream(const mlopt_rt_context_t *c) {
  return c && c->gpu ? c->gpu->stream : NULL;
}
const char *mlopt_rt_context_target(const mlopt_rt_context_t *c) {
  return !c       ? ""
         : c->gpu ? rt_string(c->header, c->gpu->gpu->target->name)
                  : mlopt_rt_module_level(c->module);
}

uint64_t mlopt_rt_context_arena_bytes(const mlopt_rt_context_t *c) {
  return !c ? 0 : c->gpu ? c->gpu->arena.capacity : c->arena.capacity;
}
int64_t mlopt_rt_context_threads(const mlopt_rt_context_t *c) { return c ? c->threads : 0; }
int64_t mlopt_rt_context_gang(const mlopt_rt_context_t *c) { return c ? c->gang : 0; }
uint32_t mlopt_rt_context_entry(const mlopt_rt_context_t *c) { return c ? c->entry_index : 0; }
uint32_t mlopt_rt_context_launch_count(const mlopt_rt_context_t *c) {
  return c ? c->code->launches.count : 0;
}

mlopt_rt_status_t mlopt_rt_context_launch(const mlopt_rt_context_t *c, uint32_t launch,
                                          const char **kernel, const char **nodes) {
  if (!c || launch >= c->code->launches.count)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "the context is null or there is no launch %u",
                    launch);
  const mlopt_launch *l = RT_LAUNCH(c->header, c->code->launches.first + launch);
  if (kernel)
    *kernel = rt_string(c->header, l->kernel);
  if (nodes)
    *nodes = rt_string(c->header, l->nodes);
  return NULL;
}

mlopt_rt_status_t mlopt_rt_context_set_profile(mlopt_rt_context_t *c, uint64_t *stamps,
                                               uint64_t count) {
  if (!c)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "the context is null");
  if (stamps && count < UINT64_C(2) * c->code->launches.count)
    return rt_error(
        MLOPT_RT_BUFFER_TOO_SMALL, "a profile of %u launches needs room for %u stamps, got %llu",
        c->code->launches.count, 2 * c->code->launches.count, (unsigned long long)count);
  c->profile = stamps;
  return NULL;
}
