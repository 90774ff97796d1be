// Prints the image of the hand-made module "demo" with code for GPUs as assembly, in the way in which the compiler emits
// one: bytes known before the link, then the link table, then the weights. See gpu_code.c for the functions.
//
//   gpu_image KERNELS.ptx [--targets=80,90] [--cubin] [--no-gpu] [--spoil=WHAT]
//
// --cubin: machine code that no driver takes, beside the PTX. --spoil=param|after|block|weights|ptx|abi: an image that the
// runtime must refuse.

#include "../../../../runtime/lib/carried.c"

#include <stdio.h>

static uint8_t image[1 << 18];
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

#define TABLE(name, type, n)                                                                                              \
  type *name = take(sizeof(type) * (n), &m->name.offset);                                                                 \
  m->name.count = (n);                                                                                                    \
  m->name.stride = sizeof(type)

enum { ENTRIES = 6, LINKS = 1 + 3 * ENTRIES, STEPS = 13 };
static const char *const names[ENTRIES] = {"main", "gather", "expand", "loop", "crash", "turns"};
static const float weights[4] = {0.5f, -1.0f, 0.25f, 3.0f};

static mlopt_dim *next_dim;
static uint32_t dim_count;
static uint32_t dim(uint32_t kind, int64_t value) {
  next_dim->kind = kind;
  (next_dim++)->value = value;
  return dim_count++;
}
static mlopt_tensor tensor(const char *name, mlopt_dtype dtype, uint32_t first, uint32_t rank) {
  mlopt_tensor t = {str(name), dtype, {first, rank}, 0, -1, {0, 0}};
  return t;
}
static mlopt_symbol symbol(const char *name, uint32_t source, uint32_t input, int64_t max) {
  mlopt_symbol s = {str(name), source, input, 0, source == MLOPT_SYMBOL_DIM ? 0 : -5, max, 8};
  return s;
}

// The launches, written as they are filled in.
static mlopt_gpu_step *steps;
static mlopt_gpu_node *nodes;
static mlopt_gpu_param *params;
static uint32_t *after;
static uint32_t step_count, node_count, param_count, after_count;
static const char *const kernels[] = {"scale", "reverse", "row_sum", "gather", "expand", "decay", "subtract", "crash"};
enum { KERNELS = 8, UNKNOWN = -1 };

static void step(uint32_t kind) {
  steps[step_count++] =
      (mlopt_gpu_step){kind, {node_count, 0}, 0, MLOPT_GPU_UNKNOWN, {after_count, 0}, 0};
}
static void follows(uint32_t before) {
  after[after_count++] = before;
  ++steps[step_count - 1].after.count;
}
static void node(int function, uint32_t first_value) {
  nodes[node_count++] = (mlopt_gpu_node){(uint32_t)function, {64, 1, 1}, first_value, {param_count, 0}, 0};
  mlopt_gpu_step *s = &steps[step_count - 1];
  s->repeat_from = ++s->nodes.count;
}
static void param(uint32_t kind, uint32_t index, int value) {
  params[param_count++] = (mlopt_gpu_param){kind, index, (uint32_t)value, 0};
  ++nodes[node_count - 1].params.count;
}

// The places in `values` are those of the functions demo_*_fill.
static void add_steps(int first_function) {
  enum { SCALE, REVERSE, ROW_SUM, GATHER, EXPAND, DECAY, SUBTRACT, CRASH };
#define F(k) (first_function + (k))
  // main
  step(MLOPT_GPU_KERNEL);
  node(F(SCALE), 0);
  param(MLOPT_GPU_INPUT, 0, UNKNOWN), param(MLOPT_GPU_WEIGHTS, 0, 14), param(MLOPT_GPU_ARENA, 0, UNKNOWN);
  param(MLOPT_GPU_VALUE, 0, 13);
  step(MLOPT_GPU_KERNEL), follows(0);
  node(F(REVERSE), 4);
  param(MLOPT_GPU_ARENA, 0, UNKNOWN), param(MLOPT_GPU_OUTPUT, 0, UNKNOWN), param(MLOPT_GPU_VALUE, 0, 12);
  step(MLOPT_GPU_KERNEL), follows(1);
  node(F(ROW_SUM), 8);
  param(MLOPT_GPU_OUTPUT, 0, UNKNOWN), param(MLOPT_GPU_OUTPUT, 1, UNKNOWN), param(MLOPT_GPU_VALUE, 0, 12);
  // gather
  step(MLOPT_GPU_KERNEL);
  node(F(GATHER), 0);
  param(MLOPT_GPU_INPUT, 0, UNKNOWN), param(MLOPT_GPU_INPUT, 1, UNKNOWN), param(MLOPT_GPU_OUTPUT, 0, UNKNOWN);
  param(MLOPT_GPU_VALUE, 0, 4), param(MLOPT_GPU_VALUE, 0, 5), param(MLOPT_GPU_ERROR, 0, UNKNOWN);
  // expand
  step(MLOPT_GPU_KERNEL);
  node(F(EXPAND), 0);
  param(MLOPT_GPU_INPUT, 0, UNKNOWN), param(MLOPT_GPU_INPUT, 1, UNKNOWN), param(MLOPT_GPU_OUTPUT, 0, UNKNOWN);
  for (int i = 0; i < 4; ++i)
    param(MLOPT_GPU_VALUE, 0, 4 + i);
  // loop: the arena keeps x (at 0) and z - x (at 256) while y, which lies in x, is made in 1 + 5 turns.
  step(MLOPT_GPU_COPY);
  node(UNKNOWN, 0);
  param(MLOPT_GPU_ARENA, 0, UNKNOWN), param(MLOPT_GPU_INPUT, 0, UNKNOWN);
  step(MLOPT_GPU_KERNEL);
  node(F(SUBTRACT), 4);
  param(MLOPT_GPU_INPUT, 1, UNKNOWN), param(MLOPT_GPU_INPUT, 0, UNKNOWN), param(MLOPT_GPU_ARENA, 0, 0);
  step(MLOPT_GPU_KERNEL), follows(0); // nothing to do: who follows it follows the copy
  node(F(CRASH), 8);
  param(MLOPT_GPU_NULL, 0, UNKNOWN);
  step(MLOPT_GPU_KERNEL), follows(1), follows(2);
  node(F(DECAY), 12);
  param(MLOPT_GPU_INPUT, 0, UNKNOWN), param(MLOPT_GPU_TURN, 0, UNKNOWN);
  node(F(DECAY), 12);
  param(MLOPT_GPU_OUTPUT, 0, UNKNOWN), param(MLOPT_GPU_TURN, 0, UNKNOWN);
  steps[step_count - 1].repeat_from = 1;
  steps[step_count - 1].repeat_value = 16;
  step(MLOPT_GPU_KERNEL), follows(3), follows(0);
  node(F(SUBTRACT), 4);
  param(MLOPT_GPU_OUTPUT, 0, UNKNOWN), param(MLOPT_GPU_ARENA, 0, UNKNOWN), param(MLOPT_GPU_OUTPUT, 1, UNKNOWN);
  step(MLOPT_GPU_COPY), follows(1);
  node(UNKNOWN, 0);
  param(MLOPT_GPU_OUTPUT, 2, UNKNOWN), param(MLOPT_GPU_ARENA, 0, 0);
  // crash
  step(MLOPT_GPU_KERNEL);
  node(F(CRASH), 0);
  param(MLOPT_GPU_OUTPUT, 0, UNKNOWN);
  // turns
  step(MLOPT_GPU_KERNEL);
  node(F(DECAY), 0);
  param(MLOPT_GPU_OUTPUT, 0, UNKNOWN), param(MLOPT_GPU_TURN, 0, UNKNOWN);
  steps[step_count - 1].repeat_from = 0;
  steps[step_count - 1].repeat_value = 4;
#undef F
}

static void *table(mlopt_table *t, uint32_t stride, uint32_t count) {
  t->count = count;
  t->stride = stride;
  return take(stride * count, &t->offset);
}

static mlopt_gpu_weights *gpu_weights;

// Of the two images the first serves the first three entry points.
static void add_gpu(mlopt_module *m, const char *wanted, const uint32_t ptx_at[2], size_t ptx_bytes, uint32_t cubin_at) {
  uint32_t archs[8], count = 0;
  for (const char *s = wanted; *s; s += strcspn(s, ","), s += *s == ',')
    archs[count++] = (uint32_t)atoi(s);
  mlopt_gpu *g = table(&m->gpu, sizeof(mlopt_gpu), 1);
  mlopt_gpu_target *targets = table(&g->targets, sizeof(mlopt_gpu_target), count);
  mlopt_gpu_image *images = table(&g->images, sizeof(mlopt_gpu_image), 2 * count);
  mlopt_gpu_function *functions = table(&g->functions, sizeof(mlopt_gpu_function), KERNELS * count);
  gpu_weights = table(&g->weights, sizeof(mlopt_gpu_weights), 2);
  mlopt_gpu_code *codes = table(&g->codes, sizeof(mlopt_gpu_code), ENTRIES * count);
  steps = table(&g->steps, sizeof(mlopt_gpu_step), STEPS * count);
  nodes = table(&g->nodes, sizeof(mlopt_gpu_node), (STEPS + 1) * count);
  params = table(&g->params, sizeof(mlopt_gpu_param), 64 * count);
  after = table(&g->after, sizeof(uint32_t), 16 * count);
  gpu_weights[0] = (mlopt_gpu_weights){0, 8, 264};
  gpu_weights[1] = (mlopt_gpu_weights){8, 8, 272};
  static const mlopt_slice steps_of[ENTRIES] = {{0, 3}, {3, 1}, {4, 1}, {5, 6}, {11, 1}, {12, 1}};
  static const uint32_t values_of[ENTRIES] = {15, 6, 8, 17, 4, 5};
  for (uint32_t a = 0; a < count; ++a) {
    char name[16];
    snprintf(name, sizeof(name), "sm_%u", archs[a]);
    targets[a] = (mlopt_gpu_target){str(name), archs[a], {2 * a, 2}, {KERNELS * a, KERNELS}, {0, 2}, 512, 0, 0};
    for (uint32_t i = 0; i < 2; ++i)
      images[2 * a + i] = (mlopt_gpu_image){ptx_at[i], ptx_bytes, cubin_at, cubin_at ? 64 : 0};
    for (uint32_t k = 0; k < KERNELS; ++k) {
      mlopt_str s = str(kernels[k]);
      functions[KERNELS * a + k] = (mlopt_gpu_function){
          s, s, 2 * a + (k >= 5), MLOPT_GPU_UNKNOWN, MLOPT_GPU_UNKNOWN, k == 6 ? 60000u : 0u};
    }
    uint32_t first_step = step_count;
    add_steps((int)(KERNELS * a));
    for (uint32_t e = 0; e < ENTRIES; ++e)
      codes[ENTRIES * a + e] = (mlopt_gpu_code){.sizes_link = 1 + 3 * e,
                                                .fill_link = 3 + 3 * e,
                                                .value_count = values_of[e],
                                                .launches = steps_of[e],
                                                .checks = {0, e == 2},
                                                .steps = {first_step + steps_of[e].first, steps_of[e].count}};
  }
}

int main(int argc, char **argv) {
  const char *spoil = "", *targets_wanted = "80,90";
  int cubin = 0, gpu = 1;
  for (int i = 2; i < argc; ++i) {
    if (!strcmp(argv[i], "--cubin"))
      cubin = 1;
    if (!strcmp(argv[i], "--no-gpu"))
      gpu = 0;
    if (!strncmp(argv[i], "--targets=", 10))
      targets_wanted = argv[i] + 10;
    if (!strncmp(argv[i], "--spoil=", 8))
      spoil = argv[i] + 8;
  }
  static char ptx[1 << 16];
  FILE *in = fopen(argv[1], "rb");
  if (!in)
    return 1;
  size_t ptx_bytes = fread(ptx, 1, sizeof(ptx) - 1, in) + 1;
  fclose(in);

  uint32_t ignored;
  mlopt_module *m = take(sizeof(mlopt_module), &ignored);
  memcpy(m->magic, MLOPT_MODULE_MAGIC, 8);
  m->struct_size = sizeof(mlopt_module);
  m->abi_version = MLOPT_ABI_MAJOR << 16 | (gpu && strcmp(spoil, "abi") ? 3 : 0);
  m->arch = MLOPT_ARCH_X86_64;
  m->link_count = LINKS;
  m->name = str("demo");
  m->prefix = str("demo");
  m->producer = str("by hand");

  TABLE(symbols, mlopt_symbol, 7);
  symbols[0] = symbol("n", MLOPT_SYMBOL_DIM, 0, 4000);
  symbols[1] = symbol("n", MLOPT_SYMBOL_DIM, 0, INT64_MAX);
  symbols[2] = symbol("m", MLOPT_SYMBOL_DIM, 1, INT64_MAX);
  symbols[3] = symbol("p", MLOPT_SYMBOL_DIM, 0, INT64_MAX);
  symbols[4] = symbol("q", MLOPT_SYMBOL_DIM, 1, INT64_MAX);
  symbols[5] = symbol("k", MLOPT_SYMBOL_ELEMENT, 2, 100);
  symbols[5].position = 1;
  symbols[6] = symbol("k", MLOPT_SYMBOL_ELEMENT, 1, INT64_MAX);

  TABLE(dims, mlopt_dim, 16);
  next_dim = dims;
  TABLE(tensors, mlopt_tensor, 20);
  uint32_t d = dim(MLOPT_DIM_SYMBOL, 0);
  dim(MLOPT_DIM_CONSTANT, 4);
  tensors[0] = tensor("x", MLOPT_DTYPE_F32, d, 2);
  tensors[1] = tensor("y", MLOPT_DTYPE_F32, d, 2);
  tensors[2] = tensor("sum", MLOPT_DTYPE_F32, d, 1);
  tensors[3] = tensor("table", MLOPT_DTYPE_F32, d, 2);
  d = dim(MLOPT_DIM_SYMBOL, 1);
  dim(MLOPT_DIM_CONSTANT, 4);
  tensors[4] = tensor("index", MLOPT_DTYPE_I64, d, 1);
  tensors[5] = tensor("out", MLOPT_DTYPE_F32, d, 2);
  tensors[6] = tensor("a", MLOPT_DTYPE_F32, dim(MLOPT_DIM_SYMBOL, 0), 1);
  tensors[7] = tensor("b", MLOPT_DTYPE_F32, dim(MLOPT_DIM_SYMBOL, 1), 1);
  tensors[8] = tensor("k", MLOPT_DTYPE_I32, dim(MLOPT_DIM_CONSTANT, 2), 1);
  tensors[9] = tensor("out", MLOPT_DTYPE_F32, dim(MLOPT_DIM_SYMBOL, 2), 2);
  dim(MLOPT_DIM_COMPUTED, 0);
  d = dim(MLOPT_DIM_CONSTANT, 64);
  const char *const loop[5] = {"x", "z", "y", "d", "e"};
  for (int i = 0; i < 5; ++i)
    tensors[10 + i] = tensor(loop[i], MLOPT_DTYPE_F32, d, 1);
  tensors[12].donated = 0;
  d = dim(MLOPT_DIM_CONSTANT, 4);
  tensors[15] = tensor("x", MLOPT_DTYPE_F32, d, 1);
  tensors[16] = tensor("y", MLOPT_DTYPE_F32, d, 1);
  d = dim(MLOPT_DIM_CONSTANT, 64);
  tensors[17] = tensor("x", MLOPT_DTYPE_F32, d, 1);
  tensors[18] = tensor("k", MLOPT_DTYPE_I64, dim(MLOPT_DIM_CONSTANT, 1), 1);
  tensors[19] = tensor("y", MLOPT_DTYPE_F32, d, 1);
  tensors[19].donated = 0;
  while (dim_count < m->dims.count)
    dim(MLOPT_DIM_CONSTANT, 0);

  TABLE(entries, mlopt_entry, ENTRIES);
  entries[0] = (mlopt_entry){str("main"), MLOPT_VALUE_OUTPUT_DIMS + 3, {0, 1}, {0, 1}, {1, 2}, {0, 0}};
  entries[1] = (mlopt_entry){str("gather"), MLOPT_VALUE_OUTPUT_DIMS + 2, {1, 2}, {3, 2}, {5, 1}, {0, 0}};
  entries[2] = (mlopt_entry){str("expand"), MLOPT_VALUE_OUTPUT_DIMS + 2, {3, 3}, {6, 3}, {9, 1}, {0, 0}};
  entries[3] = (mlopt_entry){str("loop"), MLOPT_VALUE_OUTPUT_DIMS + 3, {0, 0}, {10, 2}, {12, 3}, {0, 0}};
  entries[4] = (mlopt_entry){str("crash"), MLOPT_VALUE_OUTPUT_DIMS + 1, {0, 0}, {15, 1}, {16, 1}, {0, 0}};
  entries[5] = (mlopt_entry){str("turns"), MLOPT_VALUE_OUTPUT_DIMS + 1, {6, 1}, {17, 2}, {19, 1}, {0, 0}};

  TABLE(levels, mlopt_level, 1);
  levels[0] = (mlopt_level){str("x86-64"), 0, MLOPT_CPU_LEVEL_V1};

  TABLE(launches, mlopt_launch, STEPS);
  launches[0] = (mlopt_launch){str("scale"), str("Mul_0, Add_1"), 0, 0};
  launches[1] = (mlopt_launch){str("reverse"), str("Reverse_2"), 0, 0};
  launches[2] = (mlopt_launch){str("row_sum"), str("ReduceSum_3"), 0, 0};
  launches[3] = (mlopt_launch){str("gather_rows"), str("Gather_4"), str("index out of range"), 0};
  launches[4] = (mlopt_launch){str("add"), str("Add_5"), 0, 0};
  launches[5] = (mlopt_launch){str("copy"), str("Loop_6"), 0, 0};
  launches[6] = (mlopt_launch){str("subtract"), str("Sub_7"), 0, 0};
  launches[7] = (mlopt_launch){str("nothing"), str("Pad_8"), 0, 0};
  launches[8] = (mlopt_launch){str("decay"), str("Loop_6"), 0, 0};
  launches[9] = (mlopt_launch){str("subtract"), str("Sub_9"), 0, 0};
  launches[10] = (mlopt_launch){str("copy"), str("Identity_10"), 0, 0};
  launches[11] = (mlopt_launch){str("crash"), str("Crash_11"), 0, 0};
  launches[12] = (mlopt_launch){str("decay"), str("Loop_12"), 0, 0};
  TABLE(checks, mlopt_check, 1);
  checks[0].message = str("node 'Add_5': dimensions 'p' and 'q' must be equal or 1");
  static const mlopt_slice launches_of[ENTRIES] = {{0, 3}, {3, 1}, {4, 1}, {5, 6}, {11, 1}, {12, 1}};

  TABLE(codes, mlopt_code, ENTRIES);
  for (uint32_t e = 0; e < ENTRIES; ++e)
    codes[e] = (mlopt_code){.sizes_link = 1 + 3 * e, .run_link = 2 + 3 * e, .launches = launches_of[e],
                            .checks = {0, e == 2}};

  if (gpu) {
    uint32_t ptx_at[2], cubin_at = 0;
    for (int i = 0; i < 2; ++i)
      memcpy(take((uint32_t)ptx_bytes, &ptx_at[i]), ptx, ptx_bytes);
    if (cubin)
      memcpy(take(64, &cubin_at), "\177ELF\2\1\1", 7);
    if (!strcmp(spoil, "ptx"))
      image[ptx_at[0] + ptx_bytes - 1] = ' ';
    add_gpu(m, targets_wanted, ptx_at, ptx_bytes, cubin_at);
    if (!strcmp(spoil, "param"))
      params[0].index = 7;
    if (!strcmp(spoil, "after"))
      after[0] = 5;
    if (!strcmp(spoil, "block"))
      nodes[0].block[1] = 17;
    if (!strcmp(spoil, "weights"))
      gpu_weights[1].device_offset = 512 - 4;
  }

  m->weights.mode = MLOPT_WEIGHTS_EMBEDDED;
  m->weights.bytes = sizeof(weights);
  rt_sha256 hash;
  rt_sha256_begin(&hash);
  rt_sha256_add(&hash, weights, sizeof(weights));
  rt_sha256_end(&hash, m->weights.sha256);
  used = (used + 7) / 8 * 8;
  m->link_offset = used;
  m->image_bytes = used + 8 * LINKS;
  rt_sha256_begin(&hash);
  rt_sha256_add(&hash, image, used); // image_sha256 is still zero
  rt_sha256_end(&hash, m->image_sha256);

  printf("  .section .mlopt.image,\"a\",@progbits\n  .p2align 6\n  .globl demo_image\n  .hidden demo_image\n"
         "  .type demo_image,@object\ndemo_image:\n");
  for (uint32_t i = 0; i < used; ++i)
    printf("%s%u%s", i % 24 ? "," : "  .byte ", image[i], i % 24 == 23 || i + 1 == used ? "\n" : "");
  printf("  .quad demo_weights - demo_image\n");
  for (int e = 0; e < ENTRIES; ++e)
    printf("  .quad demo_%s_sizes - demo_image\n  .quad demo_%s_run - demo_image\n  .quad demo_%s_fill - demo_image\n",
           names[e], names[e], names[e]);
  printf("  .size demo_image, . - demo_image\n  .section .mlopt.weights,\"a\",@progbits\n  .p2align 6\ndemo_weights:\n");
  for (size_t i = 0; i < sizeof(weights); ++i)
    printf("  .byte %u\n", ((const uint8_t *)weights)[i]);
  printf("  .section .note.GNU-stack,\"\",@progbits\n");
  return 0;
}
