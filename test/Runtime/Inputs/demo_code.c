// The generated code of the hand-made module "demo": what the compiler would emit, written by hand.
// See demo_image.c for the tables.

#include "mlopt/runtime/abi/module_abi.h"

#define CODE __attribute__((section(".mlopt.text"), visibility("hidden"), noinline))

typedef struct {
  int64_t begin, end;
} Part;

// ir.md section 3: thread t of T owns units floor(tU/T) to floor((t+1)U/T).
static inline Part part(int64_t units, int64_t thread, int64_t threads) {
  Part p = {thread * units / threads, (thread + 1) * units / threads};
  return p;
}

// entry "main": x f32 [n, 4] -> y f32 [n, 4], sum f32 [n].
//   launch 0: arena[i] = 2 x[i] + bias        launch 1: y[i] = arena[n - 1 - i]  (other threads' rows: a barrier)
//   launch 2: sum[i] = y[i][0] + .. + y[i][3]  (own rows: none)
CODE int32_t demo_main_sizes(const int64_t *symbols, int64_t threads, int64_t *values) {
  int64_t n = symbols[0];
  values[MLOPT_VALUE_ARENA_BYTES] = (n * 16 + 63) / 64 * 64 + 64 * threads;
  values[MLOPT_VALUE_LOWER_BOUND] = n * 16;
  values[MLOPT_VALUE_THREADS] = INT64_MAX;
  values[MLOPT_VALUE_OUTPUT_DIMS] = n;
  values[MLOPT_VALUE_OUTPUT_DIMS + 1] = 4;
  values[MLOPT_VALUE_OUTPUT_DIMS + 2] = n;
  return 0;
}

CODE int32_t demo_main_run(const mlopt_run_frame *f, int64_t thread, int64_t threads) {
  int64_t n = f->symbols[0];
  const float *x = f->inputs[0], *bias = (const float *)f->weights;
  float *y = f->outputs[0], *sum = f->outputs[1], *t = (float *)f->arena;
  Part p = part(n, thread, threads);
  uint64_t *stamp = thread == 0 ? f->profile : 0;
  if (stamp)
    stamp[0] = f->services->clock_ns();
  for (int64_t i = p.begin; i < p.end; ++i)
    for (int j = 0; j < 4; ++j)
      t[4 * i + j] = 2 * x[4 * i + j] + bias[j];
  if (stamp)
    stamp[1] = f->services->clock_ns();
  f->services->barrier(f, thread, threads);
  if (stamp)
    stamp[2] = f->services->clock_ns();
  for (int64_t i = p.begin; i < p.end; ++i)
    for (int j = 0; j < 4; ++j)
      y[4 * i + j] = t[4 * (n - 1 - i) + j];
  if (stamp)
    stamp[3] = stamp[4] = f->services->clock_ns();
  for (int64_t i = p.begin; i < p.end; ++i)
    sum[i] = ((y[4 * i] + y[4 * i + 1]) + y[4 * i + 2]) + y[4 * i + 3];
  if (stamp)
    stamp[5] = f->services->clock_ns();
  return 0;
}

// entry "gather": table f32 [n, 4], index i64 [m] -> out f32 [m, 4]. A bad index is recorded, its row becomes 0.
CODE int32_t demo_gather_sizes(const int64_t *symbols, int64_t threads, int64_t *values) {
  values[MLOPT_VALUE_ARENA_BYTES] = values[MLOPT_VALUE_LOWER_BOUND] = 0;
  values[MLOPT_VALUE_THREADS] = INT64_MAX;
  values[MLOPT_VALUE_OUTPUT_DIMS] = symbols[1];
  values[MLOPT_VALUE_OUTPUT_DIMS + 1] = 4;
  return 0;
}

CODE int32_t demo_gather_run(const mlopt_run_frame *f, int64_t thread, int64_t threads) {
  int64_t n = f->symbols[0];
  const float *table = f->inputs[0];
  const int64_t *index = f->inputs[1];
  float *out = f->outputs[0];
  Part p = part(f->symbols[1], thread, threads);
  for (int64_t i = p.begin; i < p.end; ++i) {
    int bad = index[i] < 0 || index[i] >= n;
    for (int j = 0; j < 4; ++j)
      out[4 * i + j] = bad ? 0 : table[4 * index[i] + j];
    if (!bad)
      continue;
    uint64_t mine = (UINT64_C(0) << MLOPT_ERROR_INDEX_BITS) | (uint64_t)(4 * i);
    uint64_t old = __atomic_load_n(f->error, __ATOMIC_RELAXED);
    while (mine < old && !__atomic_compare_exchange_n(f->error, &old, mine, 1, __ATOMIC_RELAXED,
                                                      __ATOMIC_RELAXED)) {
    }
  }
  return 0;
}

// entry "expand": a f32 [p], b f32 [q], k i64 [1] -> out f32 [k, max(p, q)] = a + b, where p == q or one of them is 1.
CODE int32_t demo_expand_sizes(const int64_t *symbols, int64_t threads, int64_t *values) {
  int64_t p = symbols[0], q = symbols[1];
  if (p != q && p != 1 && q != 1)
    return 1;
  values[MLOPT_VALUE_ARENA_BYTES] = values[MLOPT_VALUE_LOWER_BOUND] = 0;
  values[MLOPT_VALUE_THREADS] = INT64_MAX;
  values[MLOPT_VALUE_OUTPUT_DIMS] = symbols[2];
  values[MLOPT_VALUE_OUTPUT_DIMS + 1] = p == 1 ? q : p;
  return 0;
}

CODE int32_t demo_expand_run(const mlopt_run_frame *f, int64_t thread, int64_t threads) {
  int64_t p = f->symbols[0], q = f->symbols[1], width = f->values[MLOPT_VALUE_OUTPUT_DIMS + 1];
  const float *a = f->inputs[0], *b = f->inputs[1];
  float *out = f->outputs[0];
  Part r = part(f->symbols[2], thread, threads);
  for (int64_t i = r.begin; i < r.end; ++i)
    for (int64_t j = 0; j < width; ++j)
      out[i * width + j] = a[p == 1 ? 0 : j] + b[q == 1 ? 0 : j];
  return 0;
}

// entry "wide": x f64 [1] -> y f64 [1] = x / 3 with whatever rounding the thread has: shows that the runtime sets it.
CODE int32_t demo_wide_sizes(const int64_t *symbols, int64_t threads, int64_t *values) {
  values[MLOPT_VALUE_ARENA_BYTES] = values[MLOPT_VALUE_LOWER_BOUND] = 0;
  values[MLOPT_VALUE_THREADS] = INT64_MAX;
  values[MLOPT_VALUE_OUTPUT_DIMS] = 1;
  return 0;
}

CODE int32_t demo_wide_run(const mlopt_run_frame *f, int64_t thread, int64_t threads) {
  if (thread == 0)
    *(double *)f->outputs[0] = *(const double *)f->inputs[0] / 3;
  return 0;
}

#ifndef PREFIX
#define PREFIX demo
#endif
#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)
extern const mlopt_module demo_image __attribute__((visibility("hidden")));
const mlopt_module *JOIN(PREFIX, _module_query)(void) { return &demo_image; }
#ifdef SHARED
const mlopt_module *mlopt_module_query(void) { return &demo_image; }
#endif
