/* Runs the model that is part of this program on numbers from standard input and prints the result.
 *   classify < NUMBERS      (raw floats, as many as the model takes)
 * Sizes and functions come from the model's own header: a call with wrong types does not compile.
 */
#include "mlp.h"

#include <stdio.h>

static int report(mlp_status status) {
  fprintf(stderr, "MLO%d: %s\n", (int)mlp_status_code(status), mlp_status_message(status));
  mlp_status_release(status);
  return 8;
}

int main(void) {
  static float x[MLP_X_ELEMENTS], probabilities[MLP_PROBABILITIES_ELEMENTS];
  if (fread(x, sizeof(float), MLP_X_ELEMENTS, stdin) != MLP_X_ELEMENTS)
    return fprintf(stderr, "usage: classify < NUMBERS (%d floats)\n", MLP_X_ELEMENTS), 2;

  mlp_model *model;
  mlp_status status = mlp_open(0, &model); /* 0: as many threads as there are CPUs */
  if (status)
    return report(status);
  status = mlp_run(model, x, probabilities);
  if (status)
    return report(status);
  mlp_close(model);

  for (int i = 0; i < MLP_PROBABILITIES_ELEMENTS; ++i)
    printf("%.9g%c", probabilities[i], (i + 1) % MLP_PROBABILITIES_DIM1 ? ' ' : '\n');
}
