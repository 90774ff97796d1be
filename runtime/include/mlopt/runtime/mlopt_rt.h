/*===-- mlopt_rt.h - The C API of the mlopt runtime ---------------------------------*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* Ownership, the one rule: what `*_create`, `*_open`, `*_from_*` and `*_retain` give, and every
|* status, belongs to the caller, who gives it up with the `*_release` of its type. What any
|* other function returns belongs to the object it was asked of and lives as long as that.
|* Objects keep alive what they use: a module may be released while contexts of it exist. Views
|* (tensors) never own anything.
|*
|* No function prints, aborts, throws or changes the process (signals, locale, environment).
|* Handles are opaque. Functions on different objects may be called concurrently; a module and a
|* pool may be used by many threads, a context by one at a time.
|*
|* Options and views start with `struct_size`: set it to sizeof, zero the rest.
|*
|*   mlopt_rt_module_t *module;  mlopt_rt_context_t *context;
|*   mlopt_rt_status_t s = mlopt_rt_module_open("model.so", NULL, &module);
|*   if (!s) s = mlopt_rt_context_create(module, NULL, &context);
|*   if (!s) s = mlopt_rt_context_run(context, inputs, 1, outputs, 1);
|*   if (s) { fprintf(stderr, "%s\n", mlopt_rt_status_message(s)); mlopt_rt_status_release(s); }
\*===---------------------------------------------------------------------------------===*/
#ifndef MLOPT_RUNTIME_MLOPT_RT_H
#define MLOPT_RUNTIME_MLOPT_RT_H

#include "mlopt/runtime/context.h"
#include "mlopt/runtime/module.h"
#include "mlopt/runtime/pool.h"
#include "mlopt/runtime/status.h"
#include "mlopt/runtime/tensor.h"
#include "mlopt/runtime/train.h"

#endif /* MLOPT_RUNTIME_MLOPT_RT_H */
