/*===-- device.c - A module on a GPU ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "device.h"

/*===---- The device --------------------------------------------------------------------===*/

RT_INTERNAL mlopt_rt_status_t rt_gpu_enter(const rt_gpu *gpu) {
  return RT_CU(gpu->driver, cuCtxPushCurrent, (gpu->context));
}

RT_INTERNAL void rt_gpu_leave(const rt_gpu *gpu) {
  rt_cu_context ignored;
  gpu->driver->cuCtxPopCurrent(&ignored);
}

/* Machine code of every image runs on the device: same major, minor not above. */
static bool rt_gpu_has_machine_code(const mlopt_module *m, const mlopt_gpu *g,
                                    const mlopt_gpu_target *t, int architecture) {
  bool all = (int)t->architecture / 10 == architecture / 10;
  for (uint32_t i = 0; all && i < t->images.count; ++i)
    all = RT_GPU_IMAGE(m, g, t->images.first + i)->cubin_bytes != 0;
  return all;
}

static bool rt_gpu_has_ptx(const mlopt_module *m, const mlopt_gpu *g, const mlopt_gpu_target *t) {
  bool all = true;
  for (uint32_t i = 0; all && i < t->images.count; ++i)
    all = RT_GPU_IMAGE(m, g, t->images.first + i)->ptx_bytes != 0;
  return all;
}

/* The newest target with machine code for the device, else the newest with PTX that it can
 * translate. */
static mlopt_rt_status_t rt_gpu_choose_target(rt_gpu *gpu) {
  const mlopt_module *m = gpu->header;
  const mlopt_gpu *g = gpu->tables;
  rt_text list = {{0}, 0};
  for (int machine = 1; machine >= 0 && !gpu->target; --machine)
    for (uint32_t i = 0; i < g->targets.count; ++i) {
      const mlopt_gpu_target *t = RT_GPU_TARGET(m, g, i);
      if (machine)
        rt_append(&list, "%s%s", i ? ", " : "", rt_string(m, t->name));
      if ((int)t->architecture > gpu->architecture ||
          (gpu->target && gpu->target->architecture > t->architecture) ||
          !(machine ? rt_gpu_has_machine_code(m, g, t, gpu->architecture)
                    : rt_gpu_has_ptx(m, g, t)))
        continue;
      gpu->target = t;
      gpu->target_index = i;
    }
  if (gpu->target)
    return NULL;
  return rt_error(MLOPT_RT_NO_DEVICE_CODE,
                  "GPU %u (%s) is an sm_%d, module '%s' has code for %s; compile it with "
                  "--gpu=sm_%d",
                  gpu->ordinal, gpu->name, gpu->architecture, rt_string(m, m->name), list.data,
                  gpu->architecture);
}

static mlopt_rt_status_t rt_gpu_open_device(rt_gpu *gpu) {
  const rt_driver *d = gpu->driver;
  int count = 0, major = 0, minor = 0;
  mlopt_rt_status_t status = RT_CU(d, cuDeviceGetCount, (&count));
  if (!status && gpu->ordinal >= (uint32_t)count)
    status = rt_error(MLOPT_RT_NO_DEVICE, "there is no GPU %u: the CUDA driver finds %d",
                      gpu->ordinal, count);
  if (!status)
    status = RT_CU(d, cuDeviceGet, (&gpu->device, (int)gpu->ordinal));
  if (!status)
    status = RT_CU(d, cuDeviceGetName, (gpu->name, sizeof(gpu->name) - 1, gpu->device));
  if (!status)
    status = RT_CU(d, cuDeviceGetAttribute, (&major, RT_CU_DEVICE_MAJOR, gpu->device));
  if (!status)
    status = RT_CU(d, cuDeviceGetAttribute, (&minor, RT_CU_DEVICE_MINOR, gpu->device));
  if (!status)
    status = RT_CU(d, cuDeviceGetAttribute,
                   (&gpu->shared_limit, RT_CU_DEVICE_MAX_SHARED_OPTIN, gpu->device));
  if (status)
    return status;
  gpu->architecture = 10 * major + minor;
  status = rt_gpu_choose_target(gpu);
  rt_cu_context context = NULL;
  if (!status)
    status = RT_CU(d, cuDevicePrimaryCtxRetain, (&context, gpu->device));
  gpu->context = status ? NULL : context;
  return status;
}

/*===---- Memory and weights ------------------------------------------------------------===*/

RT_INTERNAL mlopt_rt_status_t rt_gpu_allocate(const rt_gpu *gpu, uint64_t bytes, const char *what,
                                              rt_cu_pointer *pointer) {
  const rt_driver *d = gpu->driver;
  rt_cu_pointer p = 0;
  rt_cu_result result = d->cuMemAlloc(&p, (size_t)bytes);
  if (result != RT_CU_OUT_OF_MEMORY) {
    *pointer = result ? 0 : p;
    return rt_cu_check(d, result, "cuMemAlloc");
  }
  *pointer = 0;
  size_t free_bytes = 0, total = 0;
  if (!d->cuMemGetInfo || d->cuMemGetInfo(&free_bytes, &total))
    return rt_error(MLOPT_RT_DEVICE_OUT_OF_MEMORY,
                    "GPU %u has no %llu bytes of memory left for %s of module '%s'", gpu->ordinal,
                    (unsigned long long)bytes, what, rt_string(gpu->header, gpu->header->name));
  return rt_error(MLOPT_RT_DEVICE_OUT_OF_MEMORY,
                  "GPU %u has no %llu bytes of memory left for %s of module '%s': %llu of %llu are "
                  "free",
                  gpu->ordinal, (unsigned long long)bytes, what,
                  rt_string(gpu->header, gpu->header->name), (unsigned long long)free_bytes,
                  (unsigned long long)total);
}

static mlopt_rt_status_t rt_gpu_upload_weights(rt_gpu *gpu) {
  const mlopt_gpu_target *t = gpu->target;
  if (!t->weight_bytes)
    return NULL;
  mlopt_rt_status_t status = rt_gpu_allocate(gpu, t->weight_bytes, "the weights", &gpu->weights);
  for (uint32_t i = 0; !status && i < t->weights.count; ++i) {
    const mlopt_gpu_weights *w = RT_GPU_WEIGHTS(gpu->header, gpu->tables, t->weights.first + i);
    if (w->bytes)
      status = RT_CU(
          gpu->driver, cuMemcpyHtoD,
          (gpu->weights + w->device_offset, gpu->module->weights + w->offset, (size_t)w->bytes));
  }
  return status;
}

/*===---- Code --------------------------------------------------------------------------===*/

/* One image: machine code where there is some that the device takes, else PTX, which the driver
 * translates. */
static mlopt_rt_status_t rt_gpu_load_image(rt_gpu *gpu, uint32_t index) {
  const mlopt_module *m = gpu->header;
  const mlopt_gpu_image *x = RT_GPU_IMAGE(m, gpu->tables, gpu->target->images.first + index);
  const rt_driver *d = gpu->driver;
  char log[1024] = "";
  int options[2] = {RT_CU_JIT_ERROR_LOG, RT_CU_JIT_ERROR_LOG_BYTES};
  void *values[2] = {log, (void *)(uintptr_t)(sizeof(log) - 1)};
  rt_cu_module loaded = NULL;
  rt_cu_result result = RT_CU_NO_BINARY_FOR_GPU;
  if (x->cubin_bytes && rt_gpu_has_machine_code(m, gpu->tables, gpu->target, gpu->architecture))
    result =
        d->cuModuleLoadDataEx(&loaded, (const uint8_t *)m + x->cubin_offset, 2, options, values);
  if ((result == RT_CU_NO_BINARY_FOR_GPU || result == RT_CU_INVALID_IMAGE) && x->ptx_bytes) {
    log[0] = 0;
    values[1] = (void *)(uintptr_t)(sizeof(log) - 1);
    result = d->cuModuleLoadDataEx(&loaded, (const uint8_t *)m + x->ptx_offset, 2, options, values);
  }
  if (!result) {
    gpu->images[index] = loaded;
    return NULL;
  }
  mlopt_rt_status_t why = rt_cu_check(d, result, "cuModuleLoadDataEx");
  bool old = result == RT_CU_UNSUPPORTED_PTX_VERSION;
  log[sizeof(log) - 1] = 0;
  mlopt_rt_status_t status = rt_error(old ? MLOPT_RT_DRIVER_TOO_OLD : mlopt_rt_status_code(why),
                                      "cannot load the kernels for %s of module '%s': %s%s%s%s",
                                      rt_string(m, gpu->target->name), rt_string(m, m->name),
                                      mlopt_rt_status_message(why), log[0] ? ": " : "", log,
                                      old ? "; the driver (for an older CUDA) cannot translate "
                                            "this PTX: update NVIDIA's driver, or "
                                            "compile the module with ptxas for this GPU"
                                          : "");
  mlopt_rt_status_release(why);
  return status;
}

static mlopt_rt_status_t rt_gpu_load_function(rt_gpu *gpu, uint32_t index) {
  const mlopt_module *m = gpu->header;
  const mlopt_gpu_function *f =
      RT_GPU_FUNCTION(m, gpu->tables, gpu->target->functions.first + index);
  const rt_driver *d = gpu->driver;
  uint32_t image = f->image - gpu->target->images.first;
  const char *name = rt_string(m, f->name), *kernel = rt_string(m, f->kernel);
  if ((int64_t)f->shared_bytes > gpu->shared_limit)
    return rt_error(MLOPT_RT_NO_DEVICE_CODE,
                    "kernel %s needs %u bytes of shared memory, GPU %u (%s) has %d for a block; "
                    "compile the module with --gpu=sm_%d",
                    kernel, f->shared_bytes, gpu->ordinal, gpu->name, gpu->shared_limit,
                    gpu->architecture);
  mlopt_rt_status_t status = gpu->images[image] ? NULL : rt_gpu_load_image(gpu, image);
  if (status)
    return status;
  rt_cu_function function = NULL;
  status = RT_CU(d, cuModuleGetFunction, (&function, gpu->images[image], name));
  /* More than 48 KiB must be asked for. */
  if (!status && f->shared_bytes > 48 * 1024)
    status = RT_CU(d, cuFuncSetAttribute,
                   (function, RT_CU_FUNCTION_MAX_DYNAMIC_SHARED, (int)f->shared_bytes));
  if (!status) {
    gpu->functions[index] = function;
    return NULL;
  }
  mlopt_rt_status_t located =
      rt_error(mlopt_rt_status_code(status), "%s, for kernel %s (function %s)",
               mlopt_rt_status_message(status), kernel, name);
  mlopt_rt_status_release(status);
  return located;
}

RT_INTERNAL mlopt_rt_status_t rt_gpu_load(rt_gpu *gpu, const mlopt_gpu_code *code) {
  const mlopt_module *m = gpu->header;
  mlopt_rt_status_t status = NULL;
  pthread_mutex_lock(&gpu->load_lock);
  for (uint32_t i = 0; !status && i < code->steps.count; ++i) {
    const mlopt_gpu_step *s = RT_GPU_STEP(m, gpu->tables, code->steps.first + i);
    for (uint32_t k = 0; !status && s->kind == MLOPT_GPU_KERNEL && k < s->nodes.count; ++k) {
      const mlopt_gpu_node *n = RT_GPU_NODE(m, gpu->tables, s->nodes.first + k);
      if (!rt_gpu_function(gpu, n))
        status = rt_gpu_load_function(gpu, n->function - gpu->target->functions.first);
    }
  }
  pthread_mutex_unlock(&gpu->load_lock);
  return status;
}

/*===---- Life --------------------------------------------------------------------------===*/

static void rt_gpu_free(rt_gpu *gpu) {
  const rt_driver *d = gpu->driver;
  if (gpu->context) {
    mlopt_rt_status_t entered = rt_gpu_enter(gpu);
    for (uint32_t i = 0; gpu->images && i < gpu->target->images.count; ++i)
      if (gpu->images[i])
        d->cuModuleUnload(gpu->images[i]);
    if (gpu->weights)
      d->cuMemFree(gpu->weights);
    if (!entered)
      rt_gpu_leave(gpu);
    mlopt_rt_status_release(entered);
    d->cuDevicePrimaryCtxRelease(gpu->device);
  }
  pthread_mutex_destroy(&gpu->load_lock);
  free(gpu->images);
  free(gpu->functions);
  free(gpu);
}

static mlopt_rt_status_t rt_gpu_make(mlopt_rt_module_t *module, uint32_t ordinal, rt_gpu **out) {
  rt_gpu *gpu = calloc(1, sizeof(*gpu));
  if (!gpu)
    return rt_out_of_memory();
  pthread_mutex_init(&gpu->load_lock, NULL);
  gpu->references = 1;
  gpu->ordinal = ordinal;
  gpu->module = module;
  gpu->header = module->header;
  gpu->tables = rt_gpu_tables(module->header);
  mlopt_rt_status_t status = rt_driver_open(&gpu->driver);
  if (!status)
    status = rt_gpu_open_device(gpu);
  if (!status) {
    gpu->images = calloc((size_t)gpu->target->images.count + 1, sizeof(*gpu->images));
    gpu->functions = calloc((size_t)gpu->target->functions.count + 1, sizeof(*gpu->functions));
    status = gpu->images && gpu->functions ? rt_gpu_enter(gpu) : rt_out_of_memory();
    if (!status) {
      status = rt_gpu_upload_weights(gpu);
      rt_gpu_leave(gpu);
    }
  }
  if (status) {
    rt_gpu_free(gpu);
    return status;
  }
  *out = gpu;
  return NULL;
}

RT_INTERNAL mlopt_rt_status_t rt_gpu_acquire(mlopt_rt_module_t *module, uint32_t ordinal,
                                             rt_gpu **out) {
  if (!rt_gpu_tables(module->header))
    return rt_error(MLOPT_RT_NO_DEVICE_CODE,
                    "module '%s' has no code for GPUs; compile it with --gpu=sm_90, for example",
                    mlopt_rt_module_name(module));
  mlopt_rt_status_t status = NULL;
  pthread_mutex_lock(&module->gpu_lock);
  rt_gpu *gpu = module->gpus;
  while (gpu && gpu->ordinal != ordinal)
    gpu = gpu->next;
  if (gpu) {
    ++gpu->references;
  } else if (!(status = rt_gpu_make(module, ordinal, &gpu))) {
    gpu->next = module->gpus;
    module->gpus = gpu;
  }
  pthread_mutex_unlock(&module->gpu_lock);
  *out = status ? NULL : gpu;
  return status;
}

RT_INTERNAL void rt_gpu_release(mlopt_rt_module_t *module, rt_gpu *gpu) {
  if (!gpu)
    return;
  pthread_mutex_lock(&module->gpu_lock);
  if (--gpu->references == 0) {
    rt_gpu **at = &module->gpus;
    while (*at != gpu)
      at = &(*at)->next;
    *at = gpu->next;
    rt_gpu_free(gpu);
  }
  pthread_mutex_unlock(&module->gpu_lock);
}
