// Running: results, shapes, and every error that a caller can make.

// RUN: %{rtcc} %S/Inputs/demo_image.c -o %t.image && %t.image > %t.s
// RUN: %{rtcc} %s %S/Inputs/demo_code.c %t.s -o %t && %t | FileCheck %s

#include "Inputs/check.h"

#include <fenv.h>

const mlopt_module *demo_module_query(void);

static float x[40 * 4 + 1], y[40 * 4], sum[40];

static void fill(void) {
  for (int i = 0; i < 160; ++i)
    x[i] = (float)i * 0.25f - 7;
}

static void check_main(int64_t n, const float *y, const float *sum) {
  const float bias[4] = {0.5f, -1.0f, 0.25f, 3.0f};
  for (int64_t i = 0; i < n; ++i) {
    float s = 0;
    for (int j = 0; j < 4; ++j) {
      CHECK(y[4 * i + j] == 2 * x[4 * (n - 1 - i) + j] + bias[j]);
      s = j ? s + y[4 * i + j] : y[4 * i];
    }
    CHECK(sum[i] == s);
  }
}

static void test_main(mlopt_rt_module_t *m) {
  mlopt_rt_context_t *c = context(m, NULL, 1, NULL);
  mlopt_rt_tensor_t in = f32("x", x, 2, 10, 4),
                    out[2] = {f32("sum", sum, 0, 0, 0), f32("y", y, 0, 0, 0)};
  ok(mlopt_rt_context_run(c, &in, 1, out, 2));
  check_main(10, y, sum);
  CHECK(out[0].rank == 1 && out[0].dims[0] == 10 && out[1].rank == 2 && out[1].dims[0] == 10 &&
        out[1].dims[1] == 4);
  // Memory of the context, by position and left out; another size.
  in.dims[0] = 25;
  ok(mlopt_rt_context_run(c, &in, 1, NULL, 0));
  mlopt_rt_tensor_t r[2];
  ok(mlopt_rt_context_output(c, 0, &r[0]));
  ok(mlopt_rt_context_output(c, 1, &r[1]));
  check_main(25, r[0].data, r[1].data);
  CHECK(strcmp(r[1].name, "sum") == 0 && r[0].bytes == 25 * 16);
  mlopt_rt_tensor_t empty = f32(NULL, NULL, 2, 0, 4);
  ok(mlopt_rt_context_run(c, &empty, 1, NULL, 0));
  // Shapes without a run.
  mlopt_rt_tensor_t shapes[2];
  ok(mlopt_rt_context_infer(c, &in, 1, shapes));
  CHECK(shapes[0].dims[0] == 25 && shapes[1].rank == 1 && shapes[0].bytes == 400);
  // Bare pointers.
  int64_t n = 17;
  const void *ins[1] = {x};
  void *outs[2] = {y, sum};
  ok(mlopt_rt_context_run_pointers(c, &n, ins, outs));
  check_main(17, y, sum);
  outs[1] = NULL;
  // CHECK: pointer: 5106: output 'sum' is null
  show("pointer", mlopt_rt_context_run_pointers(c, &n, ins, outs));
  outs[1] = x + 4 * 17 - 1;
  // CHECK: pointer overlap: 5112: output 'sum' shares memory with input 'x'
  show("pointer overlap", mlopt_rt_context_run_pointers(c, &n, ins, outs));
  outs[1] = x + 4 * 17; // behind the 17 rows
  ok(mlopt_rt_context_run_pointers(c, &n, ins, outs));
  check_main(17, y, x + 4 * 17);
  outs[1] = y + 4 * 17 - 1;
  // CHECK: pointer outputs: 5112: output 'sum' shares memory with output 'y'
  show("pointer outputs", mlopt_rt_context_run_pointers(c, &n, ins, outs));
  fill();
  // Profile.
  uint64_t stamps[6] = {0};
  // CHECK: small profile: 5108
  show("small profile", mlopt_rt_context_set_profile(c, stamps, 5));
  ok(mlopt_rt_context_set_profile(c, stamps, 6));
  ok(mlopt_rt_context_run(c, &in, 1, NULL, 0));
  for (int i = 1; i < 6; ++i)
    CHECK(stamps[i] >= stamps[i - 1] && stamps[i]);
  const char *kernel, *nodes;
  ok(mlopt_rt_context_launch(c, 1, &kernel, &nodes));
  // CHECK: launch 1 of 3: reverse = Reverse_2
  printf("launch 1 of %u: %s = %s\n", mlopt_rt_context_launch_count(c), kernel, nodes);
  mlopt_rt_context_release(c);
}

static void test_errors(mlopt_rt_module_t *m) {
  mlopt_rt_context_t *c = context(m, "main", 1, NULL);
  mlopt_rt_tensor_t in[2] = {f32("x", x, 2, 10, 4), f32("x", x, 2, 10, 4)},
                    out = f32("y", y, 0, 0, 0);
  in[0].name = "z";
  // CHECK: name: 5101: the model has no input 'z'; it has 'x'
  show("name", mlopt_rt_context_run(c, in, 1, &out, 1));
  in[0].name = "x";
  // CHECK: missing: 5102: input 'x' was not given
  show("missing", mlopt_rt_context_run(c, in, 0, &out, 1));
  // CHECK: twice: 5102: input 'x' was given twice
  show("twice", mlopt_rt_context_run(c, in, 2, &out, 1));
  in[1].name = NULL;
  // CHECK: too many: 5101: input 1 was given, the model has 1
  show("too many", mlopt_rt_context_run(c, in, 2, &out, 1));
  out.name = "q";
  // CHECK: output name: 5101: the model has no output 'q'; it has 'y', 'sum'
  show("output name", mlopt_rt_context_run(c, in, 1, &out, 1));
  out.name = "y";
  in[0].dtype = MLOPT_DTYPE_F64;
  // CHECK: type: 5103: input 'x' has element type f64, expected f32
  show("type", mlopt_rt_context_run(c, in, 1, &out, 1));
  in[0].dtype = MLOPT_DTYPE_F32;
  out.dtype = MLOPT_DTYPE_I32;
  // CHECK: output type: 5103: output 'y' has element type f32, the view says i32
  show("output type", mlopt_rt_context_run(c, in, 1, &out, 1));
  out.dtype = 0;
  in[0].rank = 1;
  // CHECK: rank: 5104: input 'x' has 1 dimensions, expected 2: [n, 4]
  show("rank", mlopt_rt_context_run(c, in, 1, &out, 1));
  in[0].rank = 2, in[0].dims[1] = 5;
  // CHECK: dim: 5105: input 'x' has shape [10, 5], expected [n, 4]: dimension 1 is 5
  show("dim", mlopt_rt_context_run(c, in, 1, &out, 1));
  in[0].dims[1] = 4, in[0].dims[0] = -1;
  // CHECK: negative: 5105: input 'x' has shape [-1, 4], expected [n, 4]: dimension 0 is -1
  show("negative", mlopt_rt_context_run(c, in, 1, &out, 1));
  in[0].dims[0] = 1001;
  // CHECK: range: 5105: size 'n' is 1001, the model was compiled for 0 to 1000
  show("range", mlopt_rt_context_run(c, in, 1, &out, 1));
  in[0].dims[0] = INT64_MAX / 2;
  // CHECK: huge: 5105: input 'x' is too large for memory
  show("huge", mlopt_rt_context_run(c, in, 1, &out, 1));
  in[0].dims[0] = 10, in[0].data = NULL;
  // CHECK: null: 5106: input 'x' has null data
  show("null", mlopt_rt_context_run(c, in, 1, &out, 1));
  in[0].data = (char *)x + 2;
  // CHECK: misaligned: 5107: input 'x' is at address {{.*}}, which is not aligned to its elements of 4 bytes
  show("misaligned", mlopt_rt_context_run(c, in, 1, &out, 1));
  in[0].data = x, in[0].bytes = 159;
  // CHECK: small: 5108: input 'x' of shape [10, 4] needs 160 bytes, the buffer has 159
  show("small", mlopt_rt_context_run(c, in, 1, &out, 1));
  in[0].bytes = 160;
  out.bytes = 100;
  // CHECK: small output: 5108: output 'y' of shape [10, 4] needs 160 bytes, the buffer has 100
  show("small output", mlopt_rt_context_run(c, in, 1, &out, 1));
  out.bytes = 0, out.data = (char *)y + 1;
  // CHECK: misaligned output: 5107
  show("misaligned output", mlopt_rt_context_run(c, in, 1, &out, 1));
  out.data = x + 8;
  // CHECK: overlap: 5112: output 'y' shares memory with input 'x'
  show("overlap", mlopt_rt_context_run(c, in, 1, &out, 1));
  out.data = y;
  int64_t strides[2] = {1, 10};
  in[0].strides = strides;
  // CHECK: strides: 5109: input 'x' has strides
  show("strides", mlopt_rt_context_run(c, in, 1, &out, 1));
  strides[0] = 4, strides[1] = 1;
  // CHECK: dense strides: 0: ok
  show("dense strides", mlopt_rt_context_run(c, in, 1, &out, 1));
  in[0].struct_size = 3;
  // CHECK: struct size: 5001: input 0: struct_size is 3
  show("struct size", mlopt_rt_context_run(c, in, 1, &out, 1));
  // CHECK: null context: 5001
  show("null context", mlopt_rt_context_run(NULL, in, 1, &out, 1));
  mlopt_rt_context_release(c);

  mlopt_rt_context_options_t o = {.struct_size = sizeof(o), .entry = "nope"};
  // CHECK: entry: 5101: module 'demo' has no entry point 'nope'
  show("entry", mlopt_rt_context_create(m, &o, &c));
  // A caller of an older interface knows nothing of devices.
  o.entry = NULL, o.struct_size = offsetof(mlopt_rt_context_options_t, device), o.device = "nowhere";
  // CHECK: older options: 0: ok
  show("older options", mlopt_rt_context_create(m, &o, &c));
  mlopt_rt_context_release(c);
  o.struct_size = 7;
  // CHECK: options: 5001: context options: struct_size is 7
  show("options", mlopt_rt_context_create(m, &o, &c));
}

static void test_arena(mlopt_rt_module_t *m) {
  _Alignas(64) static char arena[256];
  mlopt_rt_context_options_t o = {
      .struct_size = sizeof(o), .threads = 1, .arena = arena + 4, .arena_bytes = 256};
  mlopt_rt_context_t *c;
  // CHECK: arena: 5107: the arena is not aligned to 64 bytes
  show("arena", mlopt_rt_context_create(m, &o, &c));
  o.arena = arena;
  ok(mlopt_rt_context_create(m, &o, &c));
  mlopt_rt_tensor_t in = f32("x", x, 2, 12, 4),
                    out[2] = {f32("y", y, 0, 0, 0), f32("sum", sum, 0, 0, 0)};
  ok(mlopt_rt_context_run(c, &in, 1, out, 2));
  check_main(12, y, sum);
  in.dims[0] = 13;
  // CHECK: arena too small: 5110: these sizes need an arena of 320 bytes, the caller's has 256
  show("arena too small", mlopt_rt_context_run(c, &in, 1, out, 2));
  mlopt_rt_size_t n = {"n", 12};
  ok(mlopt_rt_context_prepare(c, &n, 1, 0));
  n.value = 40;
  // CHECK: prepare: 5110
  show("prepare", mlopt_rt_context_prepare(c, &n, 1, 0));
  mlopt_rt_context_release(c);
}

static void test_gather(mlopt_rt_module_t *m) {
  mlopt_rt_context_t *c = context(m, "gather", 1, NULL);
  int64_t index[3] = {2, 0, 9};
  int64_t three = 3;
  mlopt_rt_tensor_t in[2] = {f32("table", x, 2, 10, 4),
                             mlopt_rt_tensor_make("index", MLOPT_DTYPE_I64, 1, &three, index, 24)};
  mlopt_rt_tensor_t out = f32(NULL, NULL, 0, 0, 0);
  ok(mlopt_rt_context_run(c, in, 2, &out, 1));
  CHECK(((float *)out.data)[0] == x[8] && ((float *)out.data)[11] == x[39] && out.dims[0] == 3);
  index[1] = 10, index[2] = -1;
  // CHECK: data: 5201: index out of range at node Gather_4 (launch 0, kernel gather_rows), output element 4
  show("data", mlopt_rt_context_run(c, in, 2, &out, 1));
  mlopt_rt_tensor_t r;
  // CHECK: no results: 5001
  show("no results", mlopt_rt_context_output(c, 0, &r));
  mlopt_rt_context_release(c);
}

static void test_expand(mlopt_rt_module_t *m) {
  mlopt_rt_context_t *c = context(m, "expand", 1, NULL);
  int64_t k = 3, one = 1;
  mlopt_rt_tensor_t in[3] = {f32("a", x, 1, 4, 0), f32("b", x + 4, 1, 1, 0),
                             mlopt_rt_tensor_make("k", MLOPT_DTYPE_I64, 1, &one, &k, 8)};
  mlopt_rt_tensor_t out = f32(NULL, NULL, 0, 0, 0);
  ok(mlopt_rt_context_run(c, in, 3, &out, 1));
  CHECK(out.dims[0] == 3 && out.dims[1] == 4 && ((float *)out.data)[11] == x[3] + x[4]);
  k = 50; // a size that a value decides
  out.data = NULL;
  ok(mlopt_rt_context_run(c, in, 3, &out, 1));
  CHECK(out.dims[0] == 50 && ((float *)out.data)[199] == x[3] + x[4]);
  k = 101;
  // CHECK: value: 5105: size 'k' is 101, the model was compiled for -5 to 100
  show("value", mlopt_rt_context_run(c, in, 3, &out, 1));
  k = -2;
  // CHECK: negative value: 5111: these input sizes give a negative size (-2)
  show("negative value", mlopt_rt_context_run(c, in, 3, &out, 1));
  k = 2, in[1].dims[0] = 3;
  // CHECK: check: 5111: node 'Add_5': dimensions 'p' and 'q' must be equal or 1 (p = 4, q = 3, k = 2)
  show("check", mlopt_rt_context_run(c, in, 3, &out, 1));
  mlopt_rt_context_release(c);
}

static void test_rounding(mlopt_rt_module_t *m) {
  // Whatever mode the caller has, the results are those of round to nearest, and the caller's mode comes back.
  for (int threads = 1; threads <= 2; ++threads) {
    mlopt_rt_context_t *c = context(m, "wide", threads, NULL);
    double in = 1, out = 0;
    const void *ins[1] = {&in};
    void *outs[1] = {&out};
    fesetround(FE_UPWARD);
    ok(mlopt_rt_context_run_pointers(c, NULL, ins, outs));
    CHECK(fegetround() == FE_UPWARD);
    fesetround(FE_TONEAREST);
    volatile double one = 1, three = 3;
    CHECK(out == one / three);
    mlopt_rt_context_release(c);
  }
}

int main(void) {
  fill();
  mlopt_rt_module_t *m;
  ok(mlopt_rt_module_from_query(demo_module_query, NULL, &m));
  test_main(m);
  test_errors(m);
  test_arena(m);
  test_gather(m);
  test_expand(m);
  test_rounding(m);
  // A context keeps its module alive.
  mlopt_rt_context_t *c = context(m, NULL, 1, NULL);
  mlopt_rt_module_release(m);
  mlopt_rt_tensor_t in = f32(NULL, x, 2, 3, 4);
  ok(mlopt_rt_context_run(c, &in, 1, NULL, 0));
  mlopt_rt_context_release(c);
  // CHECK: done
  printf("done\n");
  return 0;
}
