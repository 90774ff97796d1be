// Prints the image of the hand-made module "demo" as assembly, in the way in which the compiler emits one: bytes known
// before the link, then the link table, then the weights.
//
//   demo_image [--impossible] [--abi=N] [--weights-file=PATH] [--spoil=WHAT] [--producer=NAME]
//
// --impossible: only a CPU level that no machine has. --weights-file: weights to a file, not into the object.
// --spoil=hash|string|slice|dim: an image that the runtime must refuse.

#include "../../../runtime/lib/carried.c"

#include <stdio.h>

static uint8_t image[1 << 16];
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

static const char *const links[] = {"demo_weights",      "demo_main_sizes", "demo_main_run",
                                    "demo_gather_sizes", "demo_gather_run", "demo_expand_sizes",
                                    "demo_expand_run",   "demo_wide_sizes", "demo_wide_run"};
enum { LINKS = sizeof(links) / sizeof(links[0]), ENTRIES = 4 };
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

int main(int argc, char **argv) {
  int impossible = 0;
  uint32_t abi = MLOPT_ABI_MAJOR << 16; // nothing in it is younger than the first minor version
  const char *weights_file = NULL, *spoil = "", *producer = "by hand";
  for (int i = 1; i < argc; ++i) {
    if (!strcmp(argv[i], "--impossible"))
      impossible = 1;
    if (!strncmp(argv[i], "--abi=", 6))
      abi = (uint32_t)strtoul(argv[i] + 6, NULL, 0);
    if (!strncmp(argv[i], "--weights-file=", 15))
      weights_file = argv[i] + 15;
    if (!strncmp(argv[i], "--producer=", 11))
      producer = argv[i] + 11;
    if (!strncmp(argv[i], "--spoil=", 8))
      spoil = argv[i] + 8;
  }

  uint32_t ignored;
  mlopt_module *m = take(sizeof(mlopt_module), &ignored);
  memcpy(m->magic, MLOPT_MODULE_MAGIC, 8);
  m->struct_size = sizeof(mlopt_module);
  m->abi_version = abi;
  m->arch = MLOPT_ARCH_X86_64;
  m->link_count = LINKS;
  m->name = str("demo");
  m->prefix = str("demo");
  m->producer = str(producer);
  const char *json = "{\"kernels\": [{\"name\": \"scale\"}], \"launches\": 3}";
  m->metadata_bytes = strlen(json);
  m->metadata_offset = str(json);

  TABLE(symbols, mlopt_symbol, 6);
  symbols[0] = symbol("n", MLOPT_SYMBOL_DIM, 0, 1000);
  symbols[1] = symbol("n", MLOPT_SYMBOL_DIM, 0, INT64_MAX);
  symbols[2] = symbol("m", MLOPT_SYMBOL_DIM, 1, INT64_MAX);
  symbols[3] = symbol("p", MLOPT_SYMBOL_DIM, 0, INT64_MAX);
  symbols[4] = symbol("q", MLOPT_SYMBOL_DIM, 1, INT64_MAX);
  symbols[5] = symbol("k", MLOPT_SYMBOL_ELEMENT, 2, 100);

  TABLE(dims, mlopt_dim, 20);
  next_dim = dims;
  TABLE(tensors, mlopt_tensor, 12);
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
  d = dim(MLOPT_DIM_CONSTANT, 1);
  tensors[8] = tensor("k", MLOPT_DTYPE_I64, d, 1);
  tensors[9] = tensor("out", MLOPT_DTYPE_F32, dim(MLOPT_DIM_SYMBOL, 2), 2);
  dim(MLOPT_DIM_COMPUTED, 0);
  tensors[10] = tensor("x", MLOPT_DTYPE_F64, d, 1);
  tensors[11] = tensor("y", MLOPT_DTYPE_F64, d, 1);
  for (; dim_count < m->dims.count;)
    dim(MLOPT_DIM_CONSTANT, 0);

  TABLE(entries, mlopt_entry, ENTRIES);
  entries[0] = (mlopt_entry){str("main"), MLOPT_VALUE_OUTPUT_DIMS + 3, {0, 1}, {0, 1}, {1, 2}, {0, 0}};
  entries[1] = (mlopt_entry){str("gather"), MLOPT_VALUE_OUTPUT_DIMS + 2, {1, 2}, {3, 2}, {5, 1}, {0, 0}};
  entries[2] = (mlopt_entry){str("expand"), MLOPT_VALUE_OUTPUT_DIMS + 2, {3, 3}, {6, 3}, {9, 1}, {0, 0}};
  entries[3] = (mlopt_entry){str("wide"), MLOPT_VALUE_OUTPUT_DIMS + 1, {0, 0}, {10, 1}, {11, 1}, {0, 0}};

  int level_count = impossible ? 1 : 3;
  TABLE(levels, mlopt_level, level_count);
  levels[0] = (mlopt_level){str("impossible"), 0, UINT64_C(1) << 60 | MLOPT_CPU_AVX2};
  if (!impossible) {
    levels[1] = (mlopt_level){str("x86-64-v2"), 0, MLOPT_CPU_LEVEL_V2};
    levels[2] = (mlopt_level){str("x86-64"), 0, MLOPT_CPU_LEVEL_V1};
  }

  TABLE(launches, mlopt_launch, 6);
  launches[0] = (mlopt_launch){str("scale"), str("Mul_0, Add_1"), 0, 0};
  launches[1] = (mlopt_launch){str("reverse"), str("Reverse_2"), 0, 0};
  launches[2] = (mlopt_launch){str("row_sum"), str("ReduceSum_3"), 0, 0};
  launches[3] = (mlopt_launch){str("gather_rows"), str("Gather_4"), str("index out of range"), 0};
  launches[4] = (mlopt_launch){str("add"), str("Add_5"), 0, 0};
  launches[5] = (mlopt_launch){str("third"), str("Div_6"), 0, 0};
  TABLE(checks, mlopt_check, 1);
  checks[0].message = str("node 'Add_5': dimensions 'p' and 'q' must be equal or 1");

  TABLE(codes, mlopt_code, level_count * ENTRIES);
  for (int l = 0; l < level_count; ++l)
    for (uint32_t e = 0; e < ENTRIES; ++e) {
      mlopt_code *c = &codes[l * ENTRIES + (int)e];
      c->sizes_link = 1 + 2 * e;
      c->run_link = 2 + 2 * e;
      c->launches = e == 0 ? (mlopt_slice){0, 3} : (mlopt_slice){2 + e, 1};
      c->checks = e == 2 ? (mlopt_slice){0, 1} : (mlopt_slice){0, 0};
    }
  if (!strcmp(spoil, "string"))
    launches[1].nodes = 60000;
  if (!strcmp(spoil, "slice"))
    entries[1].inputs.first = 1u << 31;
  if (!strcmp(spoil, "dim"))
    dims[0].value = 7;

  m->weights.mode = weights_file ? MLOPT_WEIGHTS_FILE : MLOPT_WEIGHTS_EMBEDDED;
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
  if (!strcmp(spoil, "hash"))
    image[m->metadata_offset] = '[';

  printf("  .section .mlopt.image,\"a\",@progbits\n  .p2align 6\n  .globl demo_image\n  .hidden "
         "demo_image\n"
         "  .type demo_image,@object\ndemo_image:\n");
  for (uint32_t i = 0; i < used; ++i)
    printf("%s%u%s", i % 24 ? "," : "  .byte ", image[i],
           i % 24 == 23 || i + 1 == used ? "\n" : "");
  for (int i = 0; i < LINKS; ++i)
    if (i == 0 && weights_file)
      printf("  .quad 0\n");
    else
      printf("  .quad %s - demo_image\n", links[i]);
  printf("  .size demo_image, . - demo_image\n");
  if (!weights_file) {
    printf("  .section .mlopt.weights,\"a\",@progbits\n  .p2align 6\ndemo_weights:\n");
    for (size_t i = 0; i < sizeof(weights); ++i)
      printf("  .byte %u\n", ((const uint8_t *)weights)[i]);
  } else {
    mlopt_weights_file f = {.struct_size = sizeof(f),
                            .abi_version = abi,
                            .data_offset = 4096,
                            .data_bytes = sizeof(weights)};
    memcpy(f.magic, MLOPT_WEIGHTS_MAGIC, 8);
    memcpy(f.sha256, m->weights.sha256, 32);
    FILE *out = fopen(weights_file, "wb");
    if (!out)
      return 1;
    fwrite(&f, sizeof(f), 1, out);
    fseek(out, 4096, SEEK_SET);
    fwrite(weights, sizeof(weights), 1, out);
    fclose(out);
  }
  printf("  .section .note.GNU-stack,\"\",@progbits\n");
  return 0;
}
