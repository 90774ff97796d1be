// Opens a module that is linked in, with the general API and with the functions of its header.
#include "made-net.h"

#include <stdio.h>

int main(void) {
  mlopt_rt_module_t *module;
  if (mlopt_rt_module_from_query(net_module_query, NULL, &module))
    return 1;
  printf("%s %u input\n", mlopt_rt_module_name(module), mlopt_rt_module_input_count(module, 0));
  mlopt_rt_module_release(module);
  net_model *model;
  if (net_open(1, &model))
    return 1;
  static float x[NET_X_ELEMENTS], y[NET_PROBABILITIES_ELEMENTS];
  if (net_run(model, x, y))
    return 1;
  net_close(model);
  return 0;
}
