/* Includes the header of `mlp` by -include: trains in whole steps and in halves. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N = 60, P = MLP_PARAMETERS_ELEMENTS };

static void check(mlp_status status) {
  if (status) {
    printf("%s\n", mlp_status_message(status));
    exit(1);
  }
}

int main(void) {
  static _Alignas(64) float p[2][P], m[2][MLP_STATE_EXP_AVG_ELEMENTS],
      v[2][MLP_STATE_EXP_AVG_SQ_ELEMENTS], g[MLP_GRADIENTS_ELEMENTS];
  static float x[N][MLP_TRAIN_STEP_X_DIM1], logits[N][MLP_EVAL_LOGITS_DIM1];
  int64_t target[N], step, correct, count;
  float loss = 0, other, first = 0;
  for (int i = 0; i < N; ++i) {
    target[i] = i % MLP_EVAL_LOGITS_DIM1;
    for (int j = 0; j < MLP_TRAIN_STEP_X_DIM1; ++j)
      x[i][j] = (float)((i * 31 + j * 17) % 13) / 13 + (j == target[i] ? 2.0f : 0.0f);
  }
  mlp_model *init, *whole, *grad, *update, *eval;
  check(mlp_init_open(1, &init));
  check(mlp_train_step_open(2, &whole));
  check(mlp_step_grad_open(1, &grad));
  check(mlp_step_update_open(1, &update));
  check(mlp_eval_open(1, &eval));
  for (int i = 0; i < 2; ++i)
    check(mlp_init_run(init, p[i], m[i], v[i]));
  for (step = 0; step < 100; ++step) {
    /* An output that is an input's new value: its pointer, or null. */
    check(mlp_train_step_run(whole, N, p[0], m[0], v[0], x[0], target, &step, p[0], NULL, NULL,
                             &loss));
    check(mlp_step_grad_run(grad, N, p[1], x[0], target, &step, g, &other));
    check(mlp_step_update_run(update, p[1], m[1], v[1], g, &step, NULL, NULL, NULL));
    if (step == 0)
      first = loss;
    if (loss != other || memcmp(p[0], p[1], sizeof(p[0])) || memcmp(m[0], m[1], sizeof(m[0])) ||
        memcmp(v[0], v[1], sizeof(v[0]))) {
      printf("step %d differs\n", (int)step);
      return 1;
    }
  }
  printf("both ways agree\nthe loss %s\n", loss < first / 10 ? "falls" : "does not fall");
  check(mlp_eval_run(eval, N, p[0], x[0], target, &loss, &correct, &count, logits[0]));
  printf("right %d of %d\n", (int)correct, (int)count);
  mlp_status status =
      mlp_train_step_run(whole, N, p[0], m[0], v[0], x[0], target, &step, p[1], m[0], v[0], &loss);
  printf("code %d\n", status ? (int)mlp_status_code(status) : 0);
  mlp_status_release(status);
  mlp_close(init);
  mlp_close(whole);
  mlp_close(grad);
  mlp_close(update);
  mlp_close(eval);
  return 0;
}
