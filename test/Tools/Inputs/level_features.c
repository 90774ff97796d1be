// Prints the levels of the artefact argv[1] and what each one needs of the CPU.

#include <inttypes.h>
#include "mlopt/runtime/abi/module_abi.h"
#include "mlopt/runtime/mlopt_rt.h"
#include <stdio.h>

int main(int argc, char **argv) {
  mlopt_rt_module_options_t options = {.struct_size = sizeof(options)};
  options.flags = MLOPT_RT_MODULE_METADATA_ONLY;
  mlopt_rt_module_t *module;
  if (argc != 2 || mlopt_rt_module_open(argv[1], &options, &module))
    return 1;
  for (uint32_t i = 0; i < mlopt_rt_module_level_count(module); ++i) {
    uint64_t features;
    printf("%s:", mlopt_rt_module_level_name(module, i, &features));
#define SHOW(e, bit, name)                                                                         \
  if (features >> bit & 1)                                                                         \
    printf(" %s", name);
    MLOPT_FOR_EACH_CPU_FEATURE(SHOW)
    printf("\n");
  }
  mlopt_rt_module_release(module);
  return 0;
}
