/* Runs a model with one f32 input on numbers from standard input and prints its first output.
 *   run ARTEFACT SIZE... < NUMBERS       (SIZE...: the shape of the input, NUMBERS: raw floats) */
#include <mlopt/runtime/mlopt_rt.h>
#include <stdio.h>
#include <stdlib.h>

/* A status is NULL for success; anything else tells its reason and belongs to us. */
static void check(mlopt_rt_status_t status) {
  if (!status)
    return;
  fprintf(stderr, "MLO%d: %s\n", mlopt_rt_status_code(status), mlopt_rt_status_message(status));
  mlopt_rt_status_release(status);
  exit(8);
}

int main(int argc, char **argv) {
  int64_t dims[MLOPT_MAX_RANK], count = 1;
  uint32_t rank = 0;
  for (int i = 2; i < argc && rank < MLOPT_MAX_RANK; ++i)
    count *= dims[rank++] = atoll(argv[i]);
  float *numbers = argc > 1 && count > 0 ? malloc(sizeof(float) * (size_t)count) : NULL;
  if (!numbers || fread(numbers, sizeof(float), (size_t)count, stdin) != (size_t)count)
    return fprintf(stderr, "usage: run ARTEFACT SIZE... < NUMBERS (as many as the sizes say)\n"), 2;

  mlopt_rt_module_t *module;
  mlopt_rt_context_t *context;
  check(mlopt_rt_module_open(argv[1], NULL, &module));
  check(mlopt_rt_context_create(module, NULL, &context));
  mlopt_rt_tensor_t input = mlopt_rt_tensor_make(NULL, MLOPT_DTYPE_F32, rank, dims, numbers, 0);
  mlopt_rt_tensor_t output = mlopt_rt_tensor_make(NULL, MLOPT_DTYPE_F32, 0, NULL, NULL, 0);
  check(mlopt_rt_context_run(context, &input, 1, &output, 1)); /* output: memory of the context */
  int64_t total = (int64_t)mlopt_rt_tensor_bytes(&output) / 4;
  int64_t row = output.rank ? output.dims[output.rank - 1] : 1;
  for (int64_t i = 0; i < total; ++i)
    printf("%.9g%c", ((const float *)output.data)[i], (i + 1) % row ? ' ' : '\n');
  mlopt_rt_context_release(context);
  mlopt_rt_module_release(module);
  free(numbers);
}
