/*===-- status.c - Status values ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "internal.h"

#include <stdarg.h>

struct mlopt_rt_status {
  mlopt_rt_code_t code;
  char message[];
};

/* Given when there is no memory for a message. Flexible array members cannot be initialised in
 * standard C: hence the twin. */
static const struct {
  mlopt_rt_code_t code;
  char message[48];
} rt_memory_status = {MLOPT_RT_OUT_OF_MEMORY, "out of memory"};

RT_INTERNAL mlopt_rt_status_t rt_out_of_memory(void) {
  return (mlopt_rt_status_t)(uintptr_t)&rt_memory_status;
}

RT_INTERNAL mlopt_rt_status_t rt_error(mlopt_rt_code_t code, const char *format, ...) {
  char buffer[1536];
  va_list args;
  va_start(args, format);
  int n = vsnprintf(buffer, sizeof(buffer), format, args);
  va_end(args);
  size_t used = n < 0 ? 0 : (size_t)n < sizeof(buffer) ? (size_t)n : sizeof(buffer) - 1;
  buffer[used] = 0;
  struct mlopt_rt_status *status = malloc(sizeof(struct mlopt_rt_status) + used + 1);
  if (!status)
    return rt_out_of_memory();
  status->code = code;
  memcpy(status->message, buffer, used + 1);
  return status;
}

RT_INTERNAL void rt_append(rt_text *text, const char *format, ...) {
  va_list args;
  va_start(args, format);
  size_t room = sizeof(text->data) - text->used;
  int n = vsnprintf(text->data + text->used, room, format, args);
  va_end(args);
  if (n > 0)
    text->used += (size_t)n < room ? (size_t)n : room - 1;
}

RT_INTERNAL void rt_append_dims(rt_text *text, const int64_t *dims, uint32_t rank) {
  rt_append(text, "[");
  for (uint32_t i = 0; i < rank; ++i)
    rt_append(text, i ? ", %lld" : "%lld", (long long)dims[i]);
  rt_append(text, "]");
}

mlopt_rt_code_t mlopt_rt_status_code(mlopt_rt_status_t status) {
  return status ? status->code : MLOPT_RT_OK;
}

const char *mlopt_rt_status_message(mlopt_rt_status_t status) {
  return status ? status->message : "";
}

void mlopt_rt_status_release(mlopt_rt_status_t status) {
  if (status != rt_out_of_memory())
    free(status);
}
