/*===-- core.c - The core as one translation unit ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

/* What a module needs to run when it is linked into a program or carries its runtime itself:
 * everything but the loader. */

#include "internal.h"

#include "../cuda/device.c"
#include "../cuda/driver.c"
#include "../cuda/gpu.c"
#include "../cuda/graph.c"
#include "../cuda/launch.c"
#include "../cuda/tables.c"
#include "../cuda/transfer.c"
#include "checkpoint.c"
#include "context.c"
#include "cpu.c"
#include "executor.c"
#include "gang.c"
#include "image.c"
#include "memory.c"
#include "module.c"
#include "pool.c"
#include "run.c"
#include "sha256.c"
#include "status.c"
#include "tensor.c"
#include "train.c"
#include "trainer.c"
