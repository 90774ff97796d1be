/*===-- carried.c - The core that an artefact carries ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

/* The same functions under names that hold the ABI's major version, hidden. So an artefact runs by
 * itself, and neither a program that also links libmlopt_rt nor a second artefact with a core of
 * another version meets it. */

#define MLOPT_RT_API __attribute__((visibility("hidden")))
#include "carried_names.h"

#include "core/core.c"
