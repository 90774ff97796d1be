// CPU levels: the best that fits, a forced one, none.

// RUN: %{rtcc} %S/Inputs/demo_image.c -o %t.image
// RUN: %t.image > %t.s && %{rtcc} %s %S/Inputs/demo_code.c %t.s -o %t
// RUN: %t.image --impossible > %t.s && %{rtcc} %s %S/Inputs/demo_code.c %t.s -o %t.none
// RUN: env -u MLOPT_CPU_LEVEL %t | FileCheck %s --check-prefix=BEST
// RUN: env MLOPT_CPU_LEVEL=x86-64 %t | FileCheck %s --check-prefix=FORCED
// RUN: env MLOPT_CPU_LEVEL=impossible %t | FileCheck %s --check-prefix=IMPOSSIBLE
// RUN: env MLOPT_CPU_LEVEL=arm %t | FileCheck %s --check-prefix=UNKNOWN
// RUN: env -u MLOPT_CPU_LEVEL %t.none | FileCheck %s --check-prefix=NONE

#include "Inputs/check.h"

const mlopt_module *demo_module_query(void);

int main(void) {
  mlopt_rt_module_t *m;
  // BEST: load: 0: ok
  // BEST-NEXT: level x86-64-v2
  // FORCED: load: 0: ok
  // FORCED-NEXT: level x86-64{{$}}
  // IMPOSSIBLE: load: 5007: CPU level 'impossible', asked for by MLOPT_CPU_LEVEL, needs {{.*}}feature 60, which this CPU ({{.*}}) lacks; the module has impossible, x86-64-v2, x86-64
  // UNKNOWN: load: 5007: module 'demo' has no code for CPU level 'arm', asked for by MLOPT_CPU_LEVEL; it has impossible, x86-64-v2, x86-64
  // NONE: load: 5007: module 'demo' has code for impossible, but this CPU is x86-64{{.*}} and lacks {{.*}}feature 60; compile the model again with --cpu=
  mlopt_rt_status_t s = mlopt_rt_module_from_query(demo_module_query, NULL, &m);
  int loaded = s == NULL;
  show("load", s);
  if (!loaded)
    return 0;
  printf("level %s\n", mlopt_rt_module_level(m));
  mlopt_rt_module_release(m);
  mlopt_rt_module_options_t o = {.struct_size = sizeof(o), .cpu_level = "x86-64"};
  ok(mlopt_rt_module_from_query(demo_module_query, &o,
                                &m)); // the caller's word beats the environment's
  CHECK(strcmp(mlopt_rt_module_level(m), "x86-64") == 0);
  mlopt_rt_module_release(m);
  return 0;
}
