// The hand-made training module "line": y = x w + b, mean squared error, SGD with momentum 0.9,
// clipping, a running mean of x as buffer. Its image is built in memory when it is asked for.

#include "../../../runtime/lib/carried.c"

#include "train_module.h"

#include <math.h>

enum { P = 32, B = 16, BIAS = 16 }; // elements of the regions; w lies at 0

/*===---- Code: thread 0 does everything ----*/

static const float first[4] = {0.5f, -0.25f, 1.0f, 0.125f};

static int32_t sizes(const int64_t *symbols, int64_t threads, int64_t *values, int64_t rank1,
                     const int64_t *dims, int count) {
  values[MLOPT_VALUE_ARENA_BYTES] = rank1; // bytes
  values[MLOPT_VALUE_LOWER_BOUND] = 0;
  values[MLOPT_VALUE_THREADS] = threads;
  for (int i = 0; i < count; ++i)
    values[MLOPT_VALUE_OUTPUT_DIMS + i] = dims[i];
  return 0;
}

#define IN(type, i) ((const type *)f->inputs[i])
#define OUT(type, i) ((type *)f->outputs[i])

// The loss, and where `g` is given the gradients; element of the first loss that is not finite, or
// -1.
static int64_t line(const float *p, const float *x, const float *t, int64_t n, float *g, float *y,
                    float *loss) {
  if (g)
    memset(g, 0, P * sizeof(float));
  float sum = 0;
  for (int64_t i = 0; i < n; ++i) {
    float v = p[BIAS];
    for (int j = 0; j < 3; ++j)
      v += x[3 * i + j] * p[j];
    float d = v - t[i];
    if (!isfinite(d))
      return i;
    sum += d * d;
    if (y)
      y[i] = v;
    for (int j = 0; g && j < 3; ++j)
      g[j] += 2 * d * x[3 * i + j] / (float)n;
    if (g)
      g[BIAS] += 2 * d / (float)n;
  }
  *loss = sum / (float)n;
  return -1;
}

static void follow(float *mean, const float *x, int64_t n) {
  for (int j = 0; j < 3; ++j) {
    float s = 0;
    for (int64_t i = 0; i < n; ++i)
      s += x[3 * i + j];
    mean[j] = 0.9f * mean[j] + 0.1f * (s / (float)n);
  }
}

static float update(float *p, float *m, const float *g, float rate, float clip) {
  float norm = 0;
  for (int i = 0; i < P; ++i)
    norm += g[i] * g[i];
  norm = sqrtf(norm);
  float scale = norm > clip ? clip / norm : 1;
  for (int i = 0; i < P; ++i) {
    m[i] = 0.9f * m[i] + scale * g[i];
    p[i] -= rate * m[i];
  }
  return norm;
}

static int32_t init_sizes(const int64_t *s, int64_t threads, int64_t *values) {
  return sizes(s, threads, values, 64, (int64_t[]){P, B, P}, 3);
}
static int32_t init_run(const mlopt_run_frame *f, int64_t thread, int64_t threads) {
  if (thread)
    return 0;
  memset(OUT(float, 0), 0, P * sizeof(float));
  memset(OUT(float, 1), 0, B * sizeof(float));
  memset(OUT(float, 2), 0, P * sizeof(float));
  memcpy(OUT(float, 0), first, 3 * sizeof(float));
  OUT(float, 0)[BIAS] = first[3] + (float)*IN(int64_t, 0);
  return 0;
}

// The gradient of a whole step lies in the arena, which other entry points use for other things.
static int32_t step_sizes(const int64_t *s, int64_t threads, int64_t *values) {
  return sizes(s, threads, values, P * 4 + 64 * ((s[0] + 15) / 16), (int64_t[]){P, B, P}, 3);
}
static int32_t step_run(const mlopt_run_frame *f, int64_t thread, int64_t threads) {
  if (thread)
    return 0;
  int64_t n = f->symbols[0];
  float *g = (float *)(void *)f->arena, *y = g + P;
  follow(OUT(float, 1), IN(float, 3), n);
  int64_t bad = line(IN(float, 0), IN(float, 3), IN(float, 4), n, g, y, OUT(float, 3));
  if (bad >= 0) {
    *f->error = (uint64_t)bad;
    OUT(float, 0)[0] = NAN;
    return 0;
  }
  *OUT(float, 4) = update(OUT(float, 0), OUT(float, 2), g, *IN(float, 6), *IN(float, 7));
  return 0;
}

static int32_t grad_sizes(const int64_t *s, int64_t threads, int64_t *values) {
  return sizes(s, threads, values, 64, (int64_t[]){P, B}, 2);
}
static int32_t grad_run(const mlopt_run_frame *f, int64_t thread, int64_t threads) {
  if (thread)
    return 0;
  follow(OUT(float, 1), IN(float, 2), f->symbols[0]);
  int64_t bad = line(IN(float, 0), IN(float, 2), IN(float, 3), f->symbols[0], OUT(float, 0), NULL,
                     OUT(float, 2));
  if (bad >= 0)
    *f->error = (uint64_t)bad;
  return 0;
}

static int32_t update_sizes(const int64_t *s, int64_t threads, int64_t *values) {
  return sizes(s, threads, values, 0, (int64_t[]){P, P}, 2);
}
static int32_t update_run(const mlopt_run_frame *f, int64_t thread, int64_t threads) {
  if (!thread)
    *OUT(float, 2) =
        update(OUT(float, 0), OUT(float, 1), IN(float, 2), *IN(float, 4), *IN(float, 5));
  return 0;
}

static int32_t eval_sizes(const int64_t *s, int64_t threads, int64_t *values) {
  return sizes(s, threads, values, 128, (int64_t[]){s[0]}, 1);
}
static int32_t eval_run(const mlopt_run_frame *f, int64_t thread, int64_t threads) {
  if (thread)
    return 0;
  int64_t n = f->symbols[0], correct = 0;
  float *y = OUT(float, 3);
  int64_t bad = line(IN(float, 0), IN(float, 2), IN(float, 3), n, NULL, y, OUT(float, 0));
  if (bad >= 0) {
    *f->error = (uint64_t)bad;
    return 0;
  }
  for (int64_t i = 0; i < n; ++i)
    correct += fabsf(y[i] - IN(float, 3)[i]) < 0.5f;
  *OUT(int64_t, 1) = correct;
  *OUT(int64_t, 2) = n;
  return 0;
}

/*===---- Image ----*/

static _Alignas(64) uint8_t image[1 << 14];
static uint32_t used;

static void *take(uint32_t bytes, uint32_t *offset) {
  used = (used + 7) / 8 * 8;
  *offset = used;
  used += bytes;
  return image + *offset;
}
static mlopt_str str(const char *s) {
  uint32_t at = used;
  memcpy(image + at, s, strlen(s) + 1);
  used += (uint32_t)strlen(s) + 1;
  return at;
}
#define TABLE(name, type, n)                                                                       \
  type *name = take(sizeof(type) * (n), &m->name.offset);                                          \
  m->name.count = (n);                                                                             \
  m->name.stride = sizeof(type)

// Dims: 0 [P], 1 [B], 2 [n], 2 [n, 3] with 3, 4 [3, 1], 6 [1], 7 [3].
enum { D_P = 0, D_B = 1, D_N = 2, D_W = 4, D_ONE = 6, D_THREE = 7, DIMS = 8 };
static mlopt_tensor tensor(const char *name, mlopt_dtype dtype, uint32_t first, uint32_t rank) {
  mlopt_tensor t = {str(name), dtype, {first, rank}, 0, -1, {0, 0}};
  return t;
}
static mlopt_tensor donated(mlopt_tensor t, int32_t input) {
  t.donated = input;
  return t;
}
#define REGION_P tensor(MLOPT_TRAIN_PARAMETERS, MLOPT_DTYPE_F32, D_P, 1)
#define REGION_B tensor(MLOPT_TRAIN_BUFFERS, MLOPT_DTYPE_F32, D_B, 1)
#define REGION_M tensor(MLOPT_TRAIN_STATE "momentum_buffer", MLOPT_DTYPE_F32, D_P, 1)
#define REGION_G tensor(MLOPT_TRAIN_GRADIENTS, MLOPT_DTYPE_F32, D_P, 1)
#define INPUT_X tensor("x", MLOPT_DTYPE_F32, D_N, 2)
#define INPUT_T tensor("t", MLOPT_DTYPE_F32, D_N, 1)
#define NUMBER(name, type) tensor(name, MLOPT_DTYPE_##type, 0, 0)

const mlopt_module *train_module(const char *spoil) {
  memset(image, 0, sizeof(image));
  used = 0;
  uint32_t ignored;
  mlopt_module *m = take(sizeof(mlopt_module), &ignored);
  memcpy(m->magic, MLOPT_MODULE_MAGIC, 8);
  m->struct_size = sizeof(mlopt_module);
  m->abi_version = !strcmp(spoil, "minor") ? MLOPT_ABI_MAJOR << 16 : MLOPT_ABI_VERSION;
  m->arch = MLOPT_ARCH_X86_64;
  m->flags = !strcmp(spoil, "flag") ? 0 : MLOPT_MODULE_TRAINING;
  m->name = str("line");
  m->prefix = str("line");
  m->producer = str("by hand");

  TABLE(symbols, mlopt_symbol, 3);
  for (int i = 0; i < 3; ++i)
    symbols[i] = (mlopt_symbol){str("n"), MLOPT_SYMBOL_DIM, i ? 2 : 3, 0, 1, INT64_MAX, 4};
  TABLE(dims, mlopt_dim, DIMS);
  const int64_t values[DIMS] = {P, B, 0, 3, 3, 1, 1, 3};
  for (int i = 0; i < DIMS; ++i)
    dims[i] = (mlopt_dim){i == D_N ? MLOPT_DIM_SYMBOL : MLOPT_DIM_CONSTANT, 0, values[i]};

  enum { TENSORS = 42 };
  TABLE(tensors, mlopt_tensor, TENSORS);
  uint32_t at = 0;
  TABLE(entries, mlopt_entry, 5);
#define ENTRY(i, name, symbol, in, out, ranks)                                                     \
  entries[i] = (mlopt_entry) {                                                                     \
    str(name), MLOPT_VALUE_OUTPUT_DIMS + (ranks), symbol, {at - (in) - (out), in},                 \
        {at - (out), out}, {0, 0}                                                                  \
  }
  const mlopt_slice none = {0, 0};
  tensors[at++] = NUMBER(MLOPT_TRAIN_SEED, I64);
  tensors[at++] = REGION_P, tensors[at++] = REGION_B, tensors[at++] = REGION_M;
  ENTRY(0, "init", none, 1, 3, 3);
  tensors[at++] = REGION_P, tensors[at++] = REGION_B, tensors[at++] = REGION_M;
  tensors[at++] = INPUT_X, tensors[at++] = INPUT_T;
  tensors[at++] = NUMBER(!strcmp(spoil, "name") ? "mlopt.future" : MLOPT_TRAIN_STEP, I64);
  tensors[at++] = NUMBER(MLOPT_TRAIN_LR, F32), tensors[at++] = NUMBER(MLOPT_TRAIN_CLIP_NORM, F32);
  tensors[at++] = donated(REGION_P, strcmp(spoil, "donated") ? 0 : -1);
  tensors[at++] = donated(REGION_B, 1), tensors[at++] = donated(REGION_M, 2);
  tensors[at++] = NUMBER(MLOPT_TRAIN_LOSS, F32);
  tensors[at++] = NUMBER(MLOPT_TRAIN_GRAD_NORM, F32);
  ENTRY(1, "train_step", ((mlopt_slice){0, 1}), 8, 5, 3);
  tensors[at++] = REGION_P, tensors[at++] = REGION_B;
  tensors[at++] = INPUT_X, tensors[at++] = INPUT_T, tensors[at++] = NUMBER(MLOPT_TRAIN_STEP, I64);
  tensors[at++] = REGION_G, tensors[at++] = donated(REGION_B, 1);
  tensors[at++] = NUMBER(MLOPT_TRAIN_LOSS, F32);
  ENTRY(2, "step_grad", ((mlopt_slice){1, 1}), 5, 3, 2);
  tensors[at++] = REGION_P, tensors[at++] = REGION_M, tensors[at++] = REGION_G;
  tensors[at++] = NUMBER(MLOPT_TRAIN_STEP, I64);
  tensors[at++] = NUMBER(MLOPT_TRAIN_LR, F32), tensors[at++] = NUMBER(MLOPT_TRAIN_CLIP_NORM, F32);
  tensors[at++] = donated(REGION_P, 0), tensors[at++] = donated(REGION_M, 1);
  tensors[at++] = NUMBER(MLOPT_TRAIN_GRAD_NORM, F32);
  ENTRY(3, "step_update", none, 6, 3, 2);
  tensors[at++] = REGION_P, tensors[at++] = REGION_B;
  tensors[at++] = INPUT_X, tensors[at++] = INPUT_T;
  tensors[at++] = NUMBER(MLOPT_TRAIN_LOSS, F32);
  tensors[at++] = NUMBER(MLOPT_TRAIN_CORRECT, I64), tensors[at++] = NUMBER(MLOPT_TRAIN_COUNT, I64);
  tensors[at++] = tensor("y", MLOPT_DTYPE_F32, D_N, 1);
  ENTRY(4, "eval", ((mlopt_slice){2, 1}), 4, 4, 1);
  if (at != TENSORS)
    abort();

  TABLE(levels, mlopt_level, 1);
  levels[0] = (mlopt_level){str("x86-64"), 0, MLOPT_CPU_LEVEL_V1};
  TABLE(launches, mlopt_launch, 1);
  launches[0] = (mlopt_launch){str("line"), str("Gemm_0"), str("not finite"), 0};
  TABLE(codes, mlopt_code, 5);
  for (uint32_t e = 0; e < 5; ++e)
    codes[e] = (mlopt_code){1 + 2 * e, 2 + 2 * e, {0, 1}, {0, 0}, 0, 0};
  TABLE(training, mlopt_training_tensor, 3);
  training[0] = (mlopt_training_tensor){
      str("layer.weight"), MLOPT_REGION_PARAMETERS, MLOPT_DTYPE_F32, {D_W, 2}, 0, 0};
  training[1] = (mlopt_training_tensor){
      str("mean"), MLOPT_REGION_BUFFERS, MLOPT_DTYPE_F32, {D_THREE, 1}, 0, 0};
  training[2] = (mlopt_training_tensor){
      str("layer.bias"), MLOPT_REGION_PARAMETERS, MLOPT_DTYPE_F32, {D_ONE, 1}, 0, BIAS};
  if (!strcmp(spoil, "table"))
    m->training.count = 1u << 30;
  if (!strcmp(spoil, "string"))
    training[1].name = sizeof(image) - 8;
  if (!strcmp(spoil, "slice"))
    training[1].dims.first = UINT32_MAX;
  if (!strcmp(spoil, "symbolic"))
    training[1].dims.first = D_N;
  if (!strcmp(spoil, "region"))
    training[1].region = 2;
  if (!strcmp(spoil, "offset"))
    training[2].offset = P;
  if (!strcmp(spoil, "far"))
    training[2].offset = UINT64_MAX - 3;

  used = (used + 7) / 8 * 8;
  m->link_offset = used;
  m->link_count = 11;
  m->image_bytes = used + 8 * 11;
  void *const functions[11] = {NULL,     init_sizes,   init_run,   step_sizes, step_run, grad_sizes,
                               grad_run, update_sizes, update_run, eval_sizes, eval_run};
  for (int i = 0; i < 11; ++i) {
    int64_t distance = functions[i] ? (const uint8_t *)functions[i] - image : 0;
    memcpy(image + used + 8 * i, &distance, 8);
  }
  rt_sha256 hash;
  rt_sha256_begin(&hash);
  rt_sha256_add(&hash, image, used);
  rt_sha256_end(&hash, m->image_sha256);
  return m;
}
