/* Trains a classifier on numbers from standard input: no compiler, no Python.
 *   train ARTEFACT SAMPLES FEATURES EPOCHS CHECKPOINT < DATA
 * ARTEFACT is what `mlopt train` has made of a model with one input f32 [batch, FEATURES]; DATA are
 * the samples as raw floats, then their labels as raw 64-bit integers. A CHECKPOINT that is there
 * is gone on from. */
#include <mlopt/runtime/mlopt_rt.h>
#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 32 };

/* A status is NULL for success; anything else tells its reason and belongs to us. */
static void check(mlopt_rt_status_t status) {
  if (!status)
    return;
  fprintf(stderr, "MLO%d: %s\n", mlopt_rt_status_code(status), mlopt_rt_status_message(status));
  mlopt_rt_status_release(status);
  exit(8);
}

/* The runtime knows no file formats: it hands over one tensor after the other. 0: go on. */
static int write_tensor(void *file, const mlopt_rt_train_tensor_t *t) {
  return fwrite(t->data, 1, t->bytes, file) != t->bytes;
}
static int read_tensor(void *file, const mlopt_rt_train_tensor_t *t) {
  return fread(t->data, 1, t->bytes, file) == t->bytes ? MLOPT_RT_TRAIN_READ : -1;
}

/* The batch that begins at sample `first`. */
static void take(mlopt_rt_tensor_t *inputs, float *x, int64_t *labels, int64_t first, int64_t count,
                 int64_t features) {
  int64_t dims[] = {count, features};
  inputs[0] = mlopt_rt_tensor_make(NULL, MLOPT_DTYPE_F32, 2, dims, x + first * features, 0);
  inputs[1] = mlopt_rt_tensor_make(NULL, MLOPT_DTYPE_I64, 1, dims, labels + first, 0);
}

int main(int argc, char **argv) {
  int64_t samples = argc == 6 ? atoll(argv[2]) : 0, features = argc == 6 ? atoll(argv[3]) : 0;
  if (samples < 1 || features < 1)
    return fprintf(stderr, "usage: train ARTEFACT SAMPLES FEATURES EPOCHS CHECKPOINT < DATA\n"), 2;
  float *x = malloc(sizeof(float) * (size_t)(samples * features));
  int64_t *labels = malloc(sizeof(int64_t) * (size_t)samples);
  if (!x || !labels ||
      fread(x, sizeof(float) * (size_t)features, (size_t)samples, stdin) != (size_t)samples ||
      fread(labels, sizeof(int64_t), (size_t)samples, stdin) != (size_t)samples)
    return fprintf(stderr, "train: the data are fewer than %lld samples\n", (long long)samples), 3;

  mlopt_rt_module_t *module;
  mlopt_rt_trainer_t *trainer;
  check(mlopt_rt_module_open(argv[1], NULL, &module));
  check(mlopt_rt_train_create(module, NULL, &trainer));
  int64_t step = 0;
  FILE *file = fopen(argv[5], "rb");
  if (file && fread(&step, sizeof(step), 1, file) == 1) {
    check(mlopt_rt_train_load(trainer, read_tensor, file)); /* all of it, or an error */
    check(mlopt_rt_train_set_step_number(trainer, step));
  } else {
    check(mlopt_rt_train_init(trainer, 1)); /* the model's weights */
  }
  if (file)
    fclose(file);

  mlopt_rt_tensor_t inputs[2]; /* by position: the input, then the target */
  for (int epoch = 0; epoch < atoi(argv[4]); ++epoch) {
    double sum = 0;
    for (int64_t first = 0; first < samples; first += BATCH) {
      int64_t count = samples - first < BATCH ? samples - first : BATCH;
      float loss;
      take(inputs, x, labels, first, count, features);
      check(mlopt_rt_train_step(trainer, inputs, 2, &loss, NULL));
      sum += loss * (double)count;
    }
    printf("epoch %d loss %.6f\n", epoch + 1, sum / (double)samples);
  }
  mlopt_rt_train_result_t result = {.struct_size = sizeof(result)};
  take(inputs, x, labels, 0, samples, features);
  check(mlopt_rt_train_eval(trainer, inputs, 2, NULL, 0, &result));
  step = mlopt_rt_train_step_number(trainer);
  printf("after %lld steps: loss %.6f, %lld of %lld right\n", (long long)step, result.loss,
         (long long)result.correct, (long long)result.count);

  /* A real program writes to another name and renames, so that there is never half a file. */
  file = fopen(argv[5], "wb");
  if (!file || fwrite(&step, sizeof(step), 1, file) != 1)
    return fprintf(stderr, "train: cannot write %s\n", argv[5]), 3;
  check(mlopt_rt_train_save(trainer, write_tensor, file));
  if (fclose(file) != 0)
    return fprintf(stderr, "train: cannot write %s\n", argv[5]), 3;
  mlopt_rt_train_release(trainer);
  mlopt_rt_module_release(module);
  free(x);
  free(labels);
}
