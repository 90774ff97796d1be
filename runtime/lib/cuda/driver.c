/*===-- driver.c - The CUDA driver, opened at run time ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "driver.h"

#include <dlfcn.h>

/* Only packages for development have a "libcuda.so". */
#define RT_CU_LIBRARY "libcuda.so.1"

typedef rt_cu_result (*rt_cu_get_proc_address)(const char *name, void **function, int version,
                                               uint64_t flags, int *found);

/* A function as of the oldest driver, so that a newer one gives the same signature. Null if it has
 * none. */
static void *rt_driver_symbol(void *library, rt_cu_get_proc_address get, const char *name,
                              const char *versioned) {
  void *function = NULL;
  if (get && get(name, &function, RT_CU_OLDEST_VERSION, 0, NULL) == RT_CU_SUCCESS && function)
    return function;
  return dlsym(library, versioned);
}

static mlopt_rt_status_t rt_driver_fill(rt_driver *d) {
  rt_cu_get_proc_address get = NULL;
  void *symbol = dlsym(d->library, "cuGetProcAddress_v2");
  memcpy(&get, &symbol, sizeof(get));
  rt_cu_result (*get_version)(int *) = NULL;
  symbol = dlsym(d->library, "cuDriverGetVersion");
  memcpy(&get_version, &symbol, sizeof(get_version));
  if (!get_version)
    return rt_error(MLOPT_RT_DRIVER_TOO_OLD,
                    "%s has no function cuDriverGetVersion: it is no CUDA driver, or a damaged "
                    "one; install NVIDIA's driver for CUDA 12.0 or newer",
                    RT_CU_LIBRARY);
  /* First, since a driver without a device may say anything of its version. */
  rt_cu_result (*initialise)(unsigned) = NULL;
  symbol = dlsym(d->library, "cuInit");
  memcpy(&initialise, &symbol, sizeof(initialise));
  rt_cu_result initialised = initialise ? initialise(0) : RT_CU_SUCCESS;
  if (initialised == RT_CU_NO_DEVICE)
    return rt_error(MLOPT_RT_NO_DEVICE,
                    "the CUDA driver finds no GPU (cuInit: error %d); see whether nvidia-smi lists "
                    "one and whether CUDA_VISIBLE_DEVICES hides it",
                    initialised);
  rt_cu_result result = get_version(&d->version);
  if (result)
    return rt_error(MLOPT_RT_DRIVER, "cuDriverGetVersion failed with error %d", result);
  if (d->version < RT_CU_OLDEST_VERSION)
    return rt_error(MLOPT_RT_DRIVER_TOO_OLD,
                    "the CUDA driver is for CUDA %d.%d, expected %d.%d or newer; update NVIDIA's "
                    "driver",
                    d->version / 1000, d->version % 1000 / 10, RT_CU_OLDEST_VERSION / 1000,
                    RT_CU_OLDEST_VERSION % 1000 / 10);
  const char *missing = NULL;
  d->graphs = true;
#define RT_FIND(name, suffix)                                                                      \
  symbol = rt_driver_symbol(d->library, get, #name, #name suffix);                                 \
  memcpy(&d->name, &symbol, sizeof(d->name))
#define RT_X(name, suffix, arguments)                                                              \
  RT_FIND(name, suffix);                                                                           \
  if (!d->name && !missing)                                                                        \
    missing = #name;
  RT_CU_FOR_EACH_REQUIRED(RT_X)
#undef RT_X
#define RT_X(name, suffix, arguments)                                                              \
  RT_FIND(name, suffix);                                                                           \
  d->graphs &= d->name != NULL;
  RT_CU_FOR_EACH_OF_GRAPHS(RT_X)
#undef RT_X
#define RT_X(name, suffix, arguments) RT_FIND(name, suffix);
  RT_CU_FOR_EACH_OPTIONAL(RT_X)
#undef RT_X
#undef RT_FIND
  if (missing)
    return rt_error(MLOPT_RT_DRIVER_TOO_OLD,
                    "the CUDA driver (for CUDA %d.%d) has no function %s; update NVIDIA's driver",
                    d->version / 1000, d->version % 1000 / 10, missing);
  return rt_cu_check(d, initialised, "cuInit");
}

RT_INTERNAL mlopt_rt_status_t rt_driver_open(const rt_driver **driver) {
  /* The only state of the process. A driver cannot be closed safely once it has been initialised.
   */
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  static void *library;
  static rt_driver table;
  mlopt_rt_status_t status = NULL;
  pthread_mutex_lock(&lock);
  if (!table.library) {
    if (!library)
      library = dlopen(RT_CU_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    rt_driver fresh = {.library = library};
    if (!library) {
      const char *why = dlerror();
      status = rt_error(MLOPT_RT_NO_DEVICE,
                        "there is no CUDA driver: %s; install NVIDIA's driver for CUDA 12.0 or "
                        "newer, or run on the CPU",
                        why ? why : RT_CU_LIBRARY " cannot be loaded");
    } else if (!(status = rt_driver_fill(&fresh))) {
      table = fresh;
    }
  }
  pthread_mutex_unlock(&lock);
  *driver = status ? NULL : &table;
  return status;
}

/* Errors after which the driver's context of the process serves nobody any more. */
static bool rt_cu_is_final(rt_cu_result result) {
  switch (result) {
  case RT_CU_DEINITIALIZED:
  case RT_CU_CONTEXT_IS_DESTROYED:
  case 214: /* ECC_UNCORRECTABLE */
  case 700: /* ILLEGAL_ADDRESS */
  case 702: /* LAUNCH_TIMEOUT */
  case 710: /* ASSERT */
  case 714: /* HARDWARE_STACK_ERROR */
  case 715: /* ILLEGAL_INSTRUCTION */
  case 716: /* MISALIGNED_ADDRESS */
  case 717: /* INVALID_ADDRESS_SPACE */
  case 718: /* INVALID_PC */
  case 719: /* LAUNCH_FAILED */
    return true;
  default:
    return false;
  }
}

RT_INTERNAL mlopt_rt_status_t rt_cu_check(const rt_driver *d, rt_cu_result result,
                                          const char *call) {
  if (result == RT_CU_SUCCESS)
    return NULL;
  const char *name = NULL, *text = NULL;
  if (!d->cuGetErrorName || d->cuGetErrorName(result, &name) != RT_CU_SUCCESS)
    name = NULL;
  if (!d->cuGetErrorString || d->cuGetErrorString(result, &text) != RT_CU_SUCCESS)
    text = NULL;
  return rt_error(
      result == RT_CU_OUT_OF_MEMORY ? MLOPT_RT_DEVICE_OUT_OF_MEMORY : MLOPT_RT_DRIVER,
      "%s failed: %s (%d)%s%s%s", call, name ? name : "error", result, text ? ": " : "",
      text ? text : "",
      rt_cu_is_final(result) ? "; the process cannot use this GPU any more, start it again" : "");
}
