// Loading an artefact: queries, hashes, damaged files, versions.

// RUN: %{rtcc} %S/Inputs/demo_image.c -o %t.image
// RUN: %{rtcc} %S/Inputs/stamp.c -o %t.stamp
// RUN: %t.image > %t.s && %{rtcc} -DSHARED -shared -fPIC %S/Inputs/demo_code.c %t.s -o %t.so && %t.stamp %t.so
// RUN: %t.image --abi=0x20000 > %t.s && %{rtcc} -DSHARED -shared -fPIC %S/Inputs/demo_code.c %t.s -o %t.abi.so && %t.stamp %t.abi.so
// RUN: %t.image --spoil=hash > %t.s && %{rtcc} -DSHARED -shared -fPIC %S/Inputs/demo_code.c %t.s -o %t.hash.so
// RUN: %t.image --spoil=string > %t.s && %{rtcc} -DSHARED -shared -fPIC %S/Inputs/demo_code.c %t.s -o %t.string.so
// RUN: %t.image --spoil=slice > %t.s && %{rtcc} -DSHARED -shared -fPIC %S/Inputs/demo_code.c %t.s -o %t.slice.so
// RUN: %t.image --spoil=dim > %t.s && %{rtcc} -DSHARED -shared -fPIC %S/Inputs/demo_code.c %t.s -o %t.dim.so
// RUN: %t.image --weights-file=%t.ext.so.weights > %t.s && %{rtcc} -DSHARED -shared -fPIC -Ddemo_weights=unused %S/Inputs/demo_code.c %t.s -o %t.ext.so && %t.stamp %t.ext.so
// RUN: cp %t.so %t.live.so
// RUN: %t.image --producer=second > %t.s && %{rtcc} -DSHARED -shared -fPIC %S/Inputs/demo_code.c %t.s -o %t.second.so && %t.stamp %t.second.so
// RUN: %t.image --producer=third > %t.s && %{rtcc} -DSHARED -shared -fPIC %S/Inputs/demo_code.c %t.s -o %t.third.so && %t.stamp %t.third.so
// RUN: %{rtcc} %s -o %t && %t %t | FileCheck %s

#include "Inputs/check.h"

static void load(const char *what, const char *base, const char *suffix) {
  char path[4096];
  snprintf(path, sizeof(path), "%s%s", base, suffix);
  mlopt_rt_module_t *m;
  mlopt_rt_status_t s = mlopt_rt_module_open(path, NULL, &m);
  if (s) { // the path differs from machine to machine
    const char *text = strchr(mlopt_rt_status_message(s), ' ');
    printf("%s: %d:%s\n", what, mlopt_rt_status_code(s), text);
    mlopt_rt_status_release(s);
    return;
  }
  printf("%s: ok\n", what);
  mlopt_rt_module_release(m);
}

static void write_file(const char *path, const uint8_t *data, size_t bytes) {
  FILE *f = fopen(path, "wb");
  CHECK(f && fwrite(data, 1, bytes, f) == bytes && fclose(f) == 0);
}

// A file that takes another's place is loaded, while modules of the former ones live.
static void test_replaced(const char *base) {
  char live[4096], next[4096];
  snprintf(live, sizeof(live), "%s.live.so", base);
  static const char *suffixes[] = {NULL, ".second.so", ".third.so"};
  mlopt_rt_module_t *m[4];
  for (int i = 0; i < 3; ++i) {
    snprintf(next, sizeof(next), "%s%s", base, suffixes[i] ? suffixes[i] : "");
    CHECK(!suffixes[i] || rename(next, live) == 0);
    ok(mlopt_rt_module_open(live, NULL, &m[i]));
  }
  ok(mlopt_rt_module_open(live, NULL, &m[3]));
  printf("replaced: %s, %s, %s, %s\n", mlopt_rt_module_producer(m[0]), mlopt_rt_module_producer(m[1]),
         mlopt_rt_module_producer(m[2]), mlopt_rt_module_producer(m[3]));
  for (int i = 0; i < 4; ++i) {
    mlopt_rt_context_t *c = context(m[i], "wide", 1, NULL);
    double in = 1, out = 0;
    const void *ins[1] = {&in};
    void *outs[1] = {&out};
    ok(mlopt_rt_context_run_pointers(c, NULL, ins, outs));
    CHECK(out == 1.0 / 3);
    mlopt_rt_context_release(c);
  }
  for (int i = 0; i < 4; ++i)
    mlopt_rt_module_release(m[i]);
}

int main(int argc, char **argv) {
  char path[4096], bad[4096];
  snprintf(path, sizeof(path), "%s.so", argv[1]);
  snprintf(bad, sizeof(bad), "%s.bad.so", argv[1]);
  mlopt_rt_module_t *m;
  ok(mlopt_rt_module_open(path, NULL, &m));
  // CHECK: demo by hand, level x86-64-v2 of 3, 4 entry points, 16 bytes of weights
  printf("%s %s, level %s of %u, %u entry points, %llu bytes of weights\n", mlopt_rt_module_name(m),
         mlopt_rt_module_producer(m), mlopt_rt_module_level(m), mlopt_rt_module_level_count(m),
         mlopt_rt_module_entry_count(m), (unsigned long long)mlopt_rt_module_weights_bytes(m));
  // CHECK: metadata {"kernels"
  printf("metadata %s\n", mlopt_rt_module_metadata(m));
  mlopt_rt_tensor_info_t info = {.struct_size = sizeof(info)};
  ok(mlopt_rt_module_input(m, 0, 0, &info));
  // CHECK: input x f32 rank 2: n (-1), 4
  printf("input %s %s rank %u: %s (%lld), %lld\n", info.name, mlopt_rt_dtype_name(info.dtype),
         info.rank, info.dims[0].symbol, (long long)info.dims[0].size,
         (long long)info.dims[1].size);
  mlopt_rt_symbol_info_t sym = {.struct_size = sizeof(sym)};
  ok(mlopt_rt_module_symbol(m, 0, 0, &sym));
  // CHECK: symbol n 0..1000@8
  printf("symbol %s %lld..%lld@%lld\n", sym.name, (long long)sym.minimum, (long long)sym.maximum,
         (long long)sym.usual);
  CHECK(mlopt_rt_module_find_entry(m, "expand") == 2 &&
        mlopt_rt_module_find_entry(m, "nope") == -1);
  uint64_t bytes, bound;
  mlopt_rt_size_t n = {"n", 100};
  ok(mlopt_rt_module_arena_bytes(m, 0, &n, 1, 3, &bytes, &bound));
  // CHECK: arena 1792, lower bound 1600
  printf("arena %llu, lower bound %llu\n", (unsigned long long)bytes, (unsigned long long)bound);
  n.name = "zzz";
  // CHECK: unknown size: 5101: the model has no size 'zzz'; it has 'n'
  show("unknown size", mlopt_rt_module_arena_bytes(m, 0, &n, 1, 1, &bytes, NULL));
  n = (mlopt_rt_size_t){"n", 1001};
  // CHECK: size too large: 5105: size 'n' is 1001, the model was compiled for 0 to 1000
  show("size too large", mlopt_rt_module_arena_bytes(m, 0, &n, 1, 1, &bytes, NULL));
  // CHECK: verify: 0: ok
  show("verify", mlopt_rt_module_verify_weights(m));
  mlopt_rt_module_release(m);

  mlopt_rt_module_options_t o = {.struct_size = sizeof(o), .flags = MLOPT_RT_MODULE_METADATA_ONLY};
  ok(mlopt_rt_module_open(path, &o, &m));
  ok(mlopt_rt_module_verify_weights(m));
  mlopt_rt_context_t *c;
  // CHECK: metadata only: 5001: module 'demo' was loaded with METADATA_ONLY: it cannot run
  show("metadata only", mlopt_rt_context_create(m, NULL, &c));
  mlopt_rt_module_release(m);

  // CHECK: null: 5001
  show("null", mlopt_rt_module_open(NULL, NULL, &m));
  // CHECK: missing: 5003: {{.*}}No such file
  load("missing", argv[1], ".nothing.so");
  // CHECK: folder: 5003: {{.*}}no regular file
  load("folder", "/tmp", "");
  // CHECK: no elf: 5004: {{.*}}is no shared library
  load("no elf", argv[1], ".s");
  // CHECK: program: 5004: {{.*}}holds no mlopt module
  load("program", argv[1], "");
  // CHECK: other abi: 5005: {{.*}}version 2.0 of the runtime interface, this runtime has 1.3; use a newer runtime
  load("other abi", argv[1], ".abi.so");
  // CHECK: hash: 5006: {{.*}}header and tables differ from their hash
  load("hash", argv[1], ".hash.so");
  // CHECK: string: 5004: {{.*}}a string lies outside of it
  load("string", argv[1], ".string.so");
  // CHECK: slice: 5004: {{.*}}a reference lies outside of its table
  load("slice", argv[1], ".slice.so");
  // CHECK: dim: 5004: {{.*}}a dimension makes no sense
  load("dim", argv[1], ".dim.so");
  // CHECK: weights file: ok
  load("weights file", argv[1], ".ext.so");

  // Weights: missing, of another module, from memory.
  snprintf(path, sizeof(path), "%s.ext.so", argv[1]);
  o = (mlopt_rt_module_options_t){.struct_size = sizeof(o), .weights_path = "/nonexistent"};
  // CHECK: no weights: 5008: cannot open the weights file '/nonexistent'
  show("no weights", mlopt_rt_module_open(path, &o, &m));
  o.weights_path = path;
  // CHECK: wrong weights: 5008: {{.*}}it is no weights file
  show("wrong weights", mlopt_rt_module_open(path, &o, &m));
  _Alignas(64) float memory[4] = {0.5f, -1.0f, 0.25f, 3.0f};
  o = (mlopt_rt_module_options_t){
      .struct_size = sizeof(o), .weights_data = memory, .weights_bytes = sizeof(memory)};
  o.flags = MLOPT_RT_MODULE_VERIFY_WEIGHTS;
  // CHECK: weights in memory: 0: ok
  show("weights in memory", mlopt_rt_module_open(path, &o, &m));
  mlopt_rt_module_release(m);
  memory[2] = 7;
  // CHECK: other weights in memory: 5006: the weights of module 'demo' differ from their hash
  show("other weights in memory", mlopt_rt_module_open(path, &o, &m));
  o.weights_bytes = 8;
  // CHECK: too few weights: 5108: weights_data has 8 bytes, the module needs 16
  show("too few weights", mlopt_rt_module_open(path, &o, &m));

  // CHECK: replaced: by hand, second, third, third
  test_replaced(argv[1]);

  // Any cut and any flipped byte of image or code gives an error, and never a crash.
  snprintf(path, sizeof(path), "%s.so", argv[1]);
  FILE *f = fopen(path, "rb");
  CHECK(f);
  static uint8_t data[1 << 20], copy[1 << 20];
  size_t size = fread(data, 1, sizeof(data), f);
  fclose(f);
  ok(mlopt_rt_module_open(path, NULL, &m));
  size_t image = 0, span = mlopt_rt_module_header(m)->image_bytes;
  for (; memcmp(data + image, MLOPT_MODULE_MAGIC, 8) != 0; ++image)
    CHECK(image < size);
  mlopt_range code = mlopt_rt_module_header(m)->ranges[MLOPT_RANGE_CODE];
  CHECK(code.bytes > 100);
  mlopt_rt_module_release(m);
  int refused = 0, tried = 0;
  for (size_t cut = 0; cut < size; cut += 97, ++tried) {
    write_file(bad, data, cut);
    mlopt_rt_status_t s = mlopt_rt_module_open(bad, NULL, &m);
    refused += s != NULL;
    mlopt_rt_status_release(s);
  }
  CHECK(refused == tried);
  refused = tried = 0;
  for (size_t at = 0; at < span; at += 13, ++tried) {
    memcpy(copy, data, size);
    copy[image + at] ^= 1u << (at & 7);
    write_file(bad, copy, size);
    mlopt_rt_status_t s = mlopt_rt_module_open(bad, NULL, &m);
    refused += s != NULL;
    mlopt_rt_status_release(s);
  }
  // CHECK: all flips refused: 1
  printf("all flips refused: %d\n", refused == tried);
  // Headers of the file: whatever happens, no crash (metadata only, so that nothing is loaded by the system's linker).
  o = (mlopt_rt_module_options_t){.struct_size = sizeof(o), .flags = MLOPT_RT_MODULE_METADATA_ONLY};
  for (size_t at = 0; at < size; at = at < 4096 ? at + 1 : at + 31) {
    memcpy(copy, data, size);
    copy[at] ^= 0xff;
    write_file(bad, copy, size);
    mlopt_rt_status_t s = mlopt_rt_module_open(bad, &o, &m);
    if (!s)
      mlopt_rt_module_release(m);
    mlopt_rt_status_release(s);
  }
  // CHECK: done
  printf("done\n");
  remove(bad);
  return 0;
}
