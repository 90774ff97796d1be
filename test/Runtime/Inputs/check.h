// Small helpers of the runtime's tests.

#ifndef MLOPT_TEST_RUNTIME_CHECK_H
#define MLOPT_TEST_RUNTIME_CHECK_H

#include "mlopt/runtime/mlopt_rt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(c)                                                                                   \
  do {                                                                                             \
    if (!(c)) {                                                                                    \
      printf("%s:%d: failed: %s\n", __FILE__, __LINE__, #c);                                       \
      exit(1);                                                                                     \
    }                                                                                              \
  } while (0)

// The status must be success.
static inline void ok(mlopt_rt_status_t s) {
  if (s) {
    printf("unexpected error %d: %s\n", mlopt_rt_status_code(s), mlopt_rt_status_message(s));
    exit(1);
  }
}

// Prints and releases a status.
static inline void show(const char *what, mlopt_rt_status_t s) {
  printf("%s: %d: %s\n", what, mlopt_rt_status_code(s), s ? mlopt_rt_status_message(s) : "ok");
  mlopt_rt_status_release(s);
}

static inline mlopt_rt_tensor_t f32(const char *name, void *data, uint32_t rank, int64_t a,
                                    int64_t b) {
  int64_t dims[2] = {a, b};
  return mlopt_rt_tensor_make(name, MLOPT_DTYPE_F32, rank, dims, data, 0);
}

static inline mlopt_rt_context_t *context(mlopt_rt_module_t *m, const char *entry, int64_t threads,
                                          mlopt_rt_pool_t *pool) {
  mlopt_rt_context_options_t o = {sizeof(o), 0, entry, threads, pool, NULL, 0};
  mlopt_rt_context_t *c;
  ok(mlopt_rt_context_create(m, &o, &c));
  return c;
}

#endif
