// A compiled training step through the C API: threads, halves, trainers that run at the same time.

// REQUIRES: mlopt
// RUN: %mlopt train %src_root/test/Training/Curves/mlp.onnx --loss=cross_entropy --optimizer=adamw --lr=0.01 --clip-norm=1 --check-finite -o %t.so
// RUN: %{rtcc} %s -o %t && %t %t.so | FileCheck %s

#include "Inputs/check.h"

#include <math.h>
#include <pthread.h>
#include <stdbool.h>

enum { N = 48, FEATURES = 20, CLASSES = 5, STEPS = 80 };

static float x[N * FEATURES];
static int64_t target[N];
static mlopt_rt_module_t *module;

static void fill(mlopt_rt_tensor_t *inputs, int64_t count) {
  int64_t dims[] = {count, FEATURES};
  inputs[0] = mlopt_rt_tensor_make("x", MLOPT_DTYPE_F32, 2, dims, x, 0);
  inputs[1] = mlopt_rt_tensor_make("target", MLOPT_DTYPE_I64, 1, dims, target, 0);
}

typedef struct job {
  int64_t threads;
  bool halves;
  float losses[STEPS], values[8192];
  uint64_t used;
  mlopt_rt_trainer_t *trainer;
} job;

static int keep(void *user, const mlopt_rt_train_tensor_t *t) {
  job *j = user;
  CHECK(j->used + t->bytes <= sizeof(j->values));
  memcpy((char *)j->values + j->used, t->data, t->bytes);
  j->used += t->bytes;
  return 0;
}

static void *train(void *user) {
  job *j = user;
  mlopt_rt_train_options_t o = {.struct_size = sizeof(o), .threads = j->threads};
  ok(mlopt_rt_train_create(module, &o, &j->trainer));
  ok(mlopt_rt_train_init(j->trainer, 1));
  mlopt_rt_tensor_t inputs[2];
  for (int i = 0; i < STEPS; ++i) {
    fill(inputs, N - i % 3);
    float norm = -1;
    if (j->halves) {
      ok(mlopt_rt_train_grad(j->trainer, inputs, 2, &j->losses[i]));
      ok(mlopt_rt_train_update(j->trainer, &norm));
    } else {
      ok(mlopt_rt_train_step(j->trainer, inputs, 2, &j->losses[i], &norm));
    }
    CHECK(norm > 0);
  }
  ok(mlopt_rt_train_save(j->trainer, keep, j));
  return NULL;
}

int main(int argc, char **argv) {
  for (int i = 0; i < N; ++i) {
    target[i] = i % CLASSES;
    for (int k = 0; k < FEATURES; ++k)
      x[FEATURES * i + k] = (float)((i * 31 + k * 17) % 13) / 13 + (k == target[i] ? 2.0f : 0.0f);
  }
  ok(mlopt_rt_module_open(argv[1], NULL, &module));
  // Four at the same time.
  static job jobs[4] = {{1, false}, {2, false}, {1, true}, {3, true}};
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i)
    CHECK(pthread_create(&threads[i], NULL, train, &jobs[i]) == 0);
  for (int i = 0; i < 4; ++i)
    CHECK(pthread_join(threads[i], NULL) == 0);
  for (int i = 1; i < 4; ++i)
    CHECK(memcmp(jobs[i].losses, jobs[0].losses, sizeof(jobs[0].losses)) == 0 &&
          jobs[i].used == jobs[0].used &&
          memcmp(jobs[i].values, jobs[0].values, jobs[0].used) == 0);
  // CHECK: the loss falls
  printf("the loss %s\n", jobs[0].losses[STEPS - 1] < jobs[0].losses[0] / 5 ? "falls" : "does not fall");

  mlopt_rt_trainer_t *t = jobs[3].trainer;
  mlopt_rt_tensor_t inputs[2], out = mlopt_rt_tensor_make("logits", 0, 0, NULL, NULL, 0);
  mlopt_rt_train_result_t r = {.struct_size = sizeof(r)};
  fill(inputs, N);
  ok(mlopt_rt_train_eval(t, inputs, 2, &out, 1, &r));
  int64_t right = 0;
  for (int i = 0; i < N; ++i) {
    const float *row = (const float *)out.data + CLASSES * i;
    int best = 0;
    for (int k = 1; k < CLASSES; ++k)
      best = row[k] > row[best] ? k : best;
    right += best == target[i];
  }
  // CHECK: right 48 of 48
  printf("right %lld of %lld\n", (long long)r.correct, (long long)r.count);
  CHECK(right == r.correct);

  // A label that there is not, a number that is none: in halves nothing is lost, in whole steps all.
  static job after;
  target[3] = CLASSES;
  // CHECK: label: 5201: {{.*}}nothing else has changed
  show("label", mlopt_rt_train_grad(t, inputs, 2, NULL));
  target[3] = 3;
  x[FEATURES] = NAN;
  // CHECK: gradient: 5201: step 80: not finite at node {{.*}}nothing else has changed
  show("gradient", mlopt_rt_train_grad(t, inputs, 2, NULL));
  ok(mlopt_rt_train_save(t, keep, &after));
  CHECK(after.used == jobs[3].used && memcmp(after.values, jobs[3].values, after.used) == 0);
  // CHECK: step: 5201: step 80: not finite at node {{.*}}undefined now: load the last checkpoint
  show("step", mlopt_rt_train_step(t, inputs, 2, NULL, NULL));
  // CHECK: refused: 5001
  show("refused", mlopt_rt_train_save(t, keep, &after));
  ok(mlopt_rt_train_init(t, 1));
  CHECK(mlopt_rt_train_step_number(t) == 0);

  mlopt_rt_module_release(module); // trainers keep it
  for (int i = 0; i < 4; ++i)
    mlopt_rt_train_release(jobs[i].trainer);
  return 0;
}
