/*===-- mlopt_rt.c - The runtime library as one translation unit ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

/* The core, and the loader of shared libraries: libmlopt_rt. */

#include "core/core.c"
#include "loader/elf.c"
#include "loader/loader.c"
