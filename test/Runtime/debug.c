// The debug mode: the variable MLOPT_RT_DEBUG fills memory before a run and holds threads up, each by its own word.

// RUN: %{rtcc} %S/Inputs/demo_image.c -o %t.image && %t.image > %t.s
// RUN: %{rtcc} %s %S/Inputs/demo_code.c %t.s -o %t
// RUN: %t | FileCheck %s --check-prefix=OFF
// RUN: env MLOPT_RT_DEBUG=poison %t | FileCheck %s --check-prefix=POISON
// RUN: env MLOPT_RT_DEBUG=delay %t | FileCheck %s --check-prefix=DELAY
// RUN: env MLOPT_RT_DEBUG=poison,delay %t | FileCheck %s --check-prefix=BOTH

// OFF: unused arena kept, no thread held up
// POISON: unused arena poisoned, no thread held up
// DELAY: unused arena kept, threads held up
// BOTH: unused arena poisoned, threads held up

#include "Inputs/check.h"

#include <time.h>

const mlopt_module *demo_module_query(void);

static _Atomic int sleeps;

// In place of libc's: the runtime sleeps nowhere else in these runs.
int nanosleep(const struct timespec *wanted, struct timespec *left) {
  ++sleeps;
  return 0;
}

int main(void) {
  enum { N = 100, TAIL = 64 }; // the demo's arena: 16 N bytes, and 64 for each thread, never written
  _Alignas(64) static unsigned char arena[N * 16 + TAIL];
  static float x[N * 4], y[N * 4], sum[N];
  mlopt_rt_module_t *module;
  ok(mlopt_rt_module_from_query(demo_module_query, NULL, &module));
  memset(arena, 0x55, sizeof(arena));
  mlopt_rt_context_options_t o = {sizeof(o), 0, NULL, 1, NULL, arena, sizeof(arena)};
  mlopt_rt_context_t *c;
  ok(mlopt_rt_context_create(module, &o, &c));
  // One chance in four for each run and barrier: none in 300 does not happen.
  for (int run = 0; run < 300; ++run) {
    mlopt_rt_tensor_t in = f32("x", x, 2, N, 4),
                      out[2] = {f32("y", y, 0, 0, 0), f32("sum", sum, 0, 0, 0)};
    ok(mlopt_rt_context_run(c, &in, 1, out, 2));
  }
  int kept = 0, poisoned = 0;
  for (int i = 0; i < TAIL; ++i) {
    kept += arena[N * 16 + i] == 0x55;
    poisoned += arena[N * 16 + i] == 0xff;
  }
  CHECK(kept == TAIL || poisoned == TAIL);
  printf("unused arena %s, %s held up\n", kept ? "kept" : "poisoned",
         sleeps ? "threads" : "no thread");
  mlopt_rt_context_release(c);
  mlopt_rt_module_release(module);
  return 0;
}
