// The functions of the hand-made module with code for GPUs; tables in gpu_image.c, kernels in demo.ptx. Three entry points
// are those of demo_code.c, so that their results on the CPU are there to compare with.

#include "../../Inputs/demo_code.c"

static int64_t blocks(int64_t elements) { return (elements + 63) / 64; }

static void grid(int64_t *values, int64_t x, int64_t shared) {
  values[0] = x;
  values[1] = values[2] = 1;
  values[3] = shared;
}

CODE void demo_main_fill(const int64_t *symbols, int64_t *values) {
  int64_t n = symbols[0];
  grid(values, blocks(4 * n), 0);
  grid(values + 4, blocks(4 * n), 0);
  grid(values + 8, blocks(n), 0);
  values[12] = n;
  values[13] = 4 * n;
  values[14] = 264;
}

CODE void demo_gather_fill(const int64_t *symbols, int64_t *values) {
  grid(values, blocks(4 * symbols[1]), 0);
  values[4] = symbols[0];
  values[5] = symbols[1];
}

CODE void demo_expand_fill(const int64_t *symbols, int64_t *values) {
  int64_t width = symbols[0] == 1 ? symbols[1] : symbols[0];
  grid(values, blocks(symbols[2] * width), 0);
  values[4] = symbols[0];
  values[5] = symbols[1];
  values[6] = symbols[2] * width;
  values[7] = width;
}

// entry "loop": x f32 [64] (overwritten), z f32 [64] -> y, d, e f32 [64]. With x0 the old x:
//   e = z - x0; y = x0 after the turns 0, 0, 1, 2, 3, 4 of y = y / 2 + turn + 1; d = y - x0.
CODE int32_t demo_loop_sizes(const int64_t *symbols, int64_t threads, int64_t *values) {
  values[MLOPT_VALUE_ARENA_BYTES] = 512;
  values[MLOPT_VALUE_LOWER_BOUND] = 0;
  values[MLOPT_VALUE_THREADS] = 1;
  for (int i = 0; i < 3; ++i)
    values[MLOPT_VALUE_OUTPUT_DIMS + i] = 64;
  return 0;
}

CODE void demo_loop_fill(const int64_t *symbols, int64_t *values) {
  values[0] = 256; // bytes of the copies, and the place of z - x0
  grid(values + 4, 1, 60000);
  grid(values + 8, 0, 0);
  grid(values + 12, 1, 0);
  values[16] = 5;
}

CODE int32_t demo_loop_run(const mlopt_run_frame *f, int64_t thread, int64_t threads) {
  const float *z = f->inputs[1];
  float *y = f->outputs[0], *d = f->outputs[1], *e = f->outputs[2];
  for (int i = 0; thread == 0 && i < 64; ++i) {
    float x = y[i];
    e[i] = z[i] - x;
    y[i] = y[i] * 0.5f + 1;
    for (int turn = 0; turn < 5; ++turn)
      y[i] = y[i] * 0.5f + (float)(turn + 1);
    d[i] = y[i] - x;
  }
  return 0;
}

// entry "crash": x f32 [4] -> y f32 [4]; the kernel writes outside of all memory.
CODE int32_t demo_crash_sizes(const int64_t *symbols, int64_t threads, int64_t *values) {
  values[MLOPT_VALUE_ARENA_BYTES] = values[MLOPT_VALUE_LOWER_BOUND] = 0;
  values[MLOPT_VALUE_THREADS] = 1;
  values[MLOPT_VALUE_OUTPUT_DIMS] = 4;
  return 0;
}

CODE void demo_crash_fill(const int64_t *symbols, int64_t *values) { grid(values, 1, 0); }

CODE int32_t demo_crash_run(const mlopt_run_frame *f, int64_t thread, int64_t threads) { return 0; }

// entry "turns": x f32 [64] (overwritten), k i64 [1] -> y f32 [64], which lies in x, after k turns of y = y / 2 + turn + 1.
CODE int32_t demo_turns_sizes(const int64_t *symbols, int64_t threads, int64_t *values) {
  values[MLOPT_VALUE_ARENA_BYTES] = values[MLOPT_VALUE_LOWER_BOUND] = 0;
  values[MLOPT_VALUE_THREADS] = 1;
  values[MLOPT_VALUE_OUTPUT_DIMS] = 64;
  return 0;
}

CODE void demo_turns_fill(const int64_t *symbols, int64_t *values) {
  grid(values, 1, 0);
  values[4] = symbols[0];
}

CODE int32_t demo_turns_run(const mlopt_run_frame *f, int64_t thread, int64_t threads) {
  float *y = f->outputs[0];
  for (int64_t turn = 0; thread == 0 && turn < f->symbols[0]; ++turn)
    for (int i = 0; i < 64; ++i)
      y[i] = y[i] * 0.5f + (float)(turn + 1);
  return 0;
}
