// Trainers: steps in one and in two halves, errors that leave everything as it was, checkpoints,
// damaged tables.

// RUN: %{rtcc} %s %S/Inputs/train_module.c -o %t && %t | FileCheck %s

#include "Inputs/check.h"
#include "Inputs/train_module.h"

#include <math.h>
#include <stdbool.h>

static const char *spoil = "";
static const mlopt_module *query(void) { return train_module(spoil); }

static mlopt_rt_module_t *module(void) {
  mlopt_rt_module_t *m;
  ok(mlopt_rt_module_from_query(query, NULL, &m));
  return m;
}

static mlopt_rt_trainer_t *trainer(mlopt_rt_module_t *m, int64_t threads) {
  mlopt_rt_train_options_t o = {.struct_size = sizeof(o), .threads = threads};
  mlopt_rt_trainer_t *t;
  ok(mlopt_rt_train_create(m, &o, &t));
  return t;
}

static float x[64 * 3], y[64];
static mlopt_rt_tensor_t batch[2];
static void fill(int64_t n, int64_t from) {
  for (int i = 0; i < 64; ++i) {
    for (int j = 0; j < 3; ++j)
      x[3 * i + j] = (float)((7 * i + 3 * j) % 11) / 11 - 0.5f;
    y[i] = 2 * x[3 * i] - x[3 * i + 1] + 0.5f;
  }
  batch[0] = f32("t", y + from, 1, n, 0);
  batch[1] = f32("x", x + 3 * from, 2, n, 3);
}

// All values of a trainer, in the order of its tensors.
typedef struct values {
  float data[64];
  int count, stop;
} values;
static int write_values(void *user, const mlopt_rt_train_tensor_t *t) {
  values *v = user;
  if (v->stop-- == 0)
    return 1;
  memcpy(v->data + v->count, t->data, t->bytes);
  v->count += (int)(t->bytes / 4);
  return 0;
}
static int read_values(void *user, const mlopt_rt_train_tensor_t *t) {
  values *v = user;
  if (v->stop-- == 0)
    return -1;
  memcpy(t->data, v->data + v->count, t->bytes);
  v->count += (int)(t->bytes / 4);
  return MLOPT_RT_TRAIN_READ;
}
static int keep_slots(void *user, const mlopt_rt_train_tensor_t *t) {
  return t->kind == MLOPT_RT_TRAIN_SLOT ? MLOPT_RT_TRAIN_KEEP : read_values(user, t);
}
static values save(mlopt_rt_trainer_t *t) {
  values v = {.stop = -1};
  ok(mlopt_rt_train_save(t, write_values, &v));
  return v;
}
static bool equal(const values *a, const values *b) {
  return a->count == b->count && memcmp(a->data, b->data, sizeof(float) * (size_t)a->count) == 0;
}

static void describe(mlopt_rt_trainer_t *t) {
  mlopt_rt_train_info_t info = {.struct_size = sizeof(info)};
  ok(mlopt_rt_train_info(t, &info));
  printf("info: flags %x, %llu parameters, %llu + %llu + %llu bytes, gradients %llu, %u slots\n",
         info.flags, (unsigned long long)info.parameters, (unsigned long long)info.parameter_bytes,
         (unsigned long long)info.buffer_bytes, (unsigned long long)info.state_bytes,
         (unsigned long long)info.gradient_bytes, info.slots);
  for (uint32_t i = 0; i < mlopt_rt_train_tensor_count(t); ++i) {
    mlopt_rt_train_tensor_t tensor = {.struct_size = sizeof(tensor)};
    ok(mlopt_rt_train_tensor(t, i, &tensor));
    printf("tensor: %u %s %s rank %u, %lld, at %llu, %llu bytes\n", tensor.kind, tensor.name,
           tensor.slot ? tensor.slot : "-", tensor.rank, (long long)tensor.dims[0],
           (unsigned long long)tensor.offset, (unsigned long long)tensor.bytes);
  }
}

static void test_errors(mlopt_rt_module_t *m) {
  mlopt_rt_trainer_t *t = trainer(m, 1);
  values v = {.stop = -1};
  float loss;
  show("no values", mlopt_rt_train_step(t, batch, 2, &loss, NULL));
  show("nothing to save", mlopt_rt_train_save(t, write_values, &v));
  ok(mlopt_rt_train_init(t, 1));
  show("no rate", mlopt_rt_train_step(t, batch, 2, &loss, NULL));
  show("bad rate", mlopt_rt_train_set_learning_rate(t, NAN));
  ok(mlopt_rt_train_set_learning_rate(t, 0.1f));
  show("no norm", mlopt_rt_train_step(t, batch, 2, &loss, NULL));
  ok(mlopt_rt_train_set_clip_norm(t, 1));
  show("bad step", mlopt_rt_train_set_step_number(t, -1));
  show("large step", mlopt_rt_train_set_step_number(t, INT64_C(1) << 53));
  ok(mlopt_rt_train_set_step_number(t, (INT64_C(1) << 53) - 1));
  ok(mlopt_rt_train_set_step_number(t, 0));
  show("missing", mlopt_rt_train_step(t, batch, 1, &loss, NULL));
  mlopt_rt_tensor_t wrong[3] = {batch[0], batch[1], batch[0]};
  show("twice", mlopt_rt_train_step(t, wrong, 3, &loss, NULL));
  wrong[0].name = "mlopt.lr";
  show("unknown", mlopt_rt_train_step(t, wrong, 2, &loss, NULL));
  wrong[0] = batch[0];
  wrong[0].dims[0] -= 1;
  show("sizes", mlopt_rt_train_step(t, wrong, 2, &loss, NULL));
  wrong[0].struct_size = 8;
  show("struct", mlopt_rt_train_step(t, wrong, 2, &loss, NULL));
  wrong[0] = batch[0], wrong[0].dtype = MLOPT_DTYPE_F64;
  show("type", mlopt_rt_train_step(t, wrong, 2, &loss, NULL));

  // Nothing of that has changed anything. A gradient that fails does not either.
  values before = save(t);
  float bad = y[2];
  y[2] = NAN;
  show("gradient", mlopt_rt_train_grad(t, batch, 2, &loss));
  values after = save(t);
  CHECK(equal(&before, &after) && mlopt_rt_train_step_number(t) == 0);
  show("evaluation", mlopt_rt_train_eval(t, batch, 2, NULL, 0, NULL));
  // A step that fails loses the values, and says so.
  show("step", mlopt_rt_train_step(t, batch, 2, &loss, NULL));
  show("lost", mlopt_rt_train_save(t, write_values, &v));
  show("no eval", mlopt_rt_train_eval(t, batch, 2, NULL, 0, NULL));
  y[2] = bad;
  before.count = 0, before.stop = 4;
  show("failed load", mlopt_rt_train_load(t, read_values, &before));
  show("still lost", mlopt_rt_train_step(t, batch, 2, &loss, NULL));
  before.count = 0, before.stop = -1;
  ok(mlopt_rt_train_load(t, read_values, &before));
  ok(mlopt_rt_train_step(t, batch, 2, &loss, NULL));
  mlopt_rt_train_release(t);
  mlopt_rt_train_release(NULL);
}

// Whole steps, halves, other threads and memory of the caller give the same bits.
static void test_steps(mlopt_rt_module_t *m) {
  uint64_t bytes;
  ok(mlopt_rt_train_memory_bytes(m, &bytes));
  static _Alignas(64) uint8_t memory[4096];
  CHECK(bytes == 128 + 64 + 128 && bytes <= sizeof(memory));
  memset(memory, 0xff, sizeof(memory));
  mlopt_rt_train_options_t o = {
      .struct_size = sizeof(o), .threads = 2, .memory = memory, .memory_bytes = bytes - 1};
  mlopt_rt_trainer_t *a = trainer(m, 1), *b;
  show("small memory", mlopt_rt_train_create(m, &o, &b));
  o.memory_bytes = bytes;
  o.memory = memory + 4;
  show("crooked memory", mlopt_rt_train_create(m, &o, &b));
  o.memory = memory;
  ok(mlopt_rt_train_create(m, &o, &b));
  mlopt_rt_trainer_t *all[2] = {a, b};
  for (int i = 0; i < 2; ++i) {
    ok(mlopt_rt_train_init(all[i], 3));
    ok(mlopt_rt_train_set_learning_rate(all[i], 0.1f));
    ok(mlopt_rt_train_set_clip_norm(all[i], 1));
  }
  CHECK(mlopt_rt_train_seed(a) == 3);
  float first = 0, loss = 0, norm, other, other_norm;
  for (int i = 0; i < 200; ++i) {
    fill(8 + i % 5, i % 40); // sizes change, the arena grows
    ok(mlopt_rt_train_step(a, batch, 2, &loss, &norm));
    ok(mlopt_rt_train_grad(b, batch, 2, &other));
    CHECK(mlopt_rt_train_step_number(b) == i);
    ok(mlopt_rt_train_update(b, &other_norm));
    CHECK(loss == other && norm == other_norm && mlopt_rt_train_step_number(b) == i + 1);
    if (i == 0)
      first = loss;
  }
  printf("loss: %s\n", first > 5 && loss < 1e-4f ? "falls" : "does not fall");
  values va = save(a), vb = save(b);
  CHECK(equal(&va, &vb) && va.count == 4 + 3 + 4);
  // Only tensors are written, the space between them stays zero.
  for (uint64_t i = 0; i < bytes / 4; ++i)
    CHECK(((float *)memory)[i] == 0 || i < 3 || i == 16 || (i >= 32 && i < 35) ||
          (i >= 48 && i < 51) || i == 64);

  // The gradients of two halves of a batch, averaged, are those of the batch.
  float *g;
  uint64_t count;
  ok(mlopt_rt_train_gradients(b, &g, &count));
  CHECK(count == 32 && (uintptr_t)g % 64 == 0);
  float whole[32], half[32];
  fill(16, 0);
  ok(mlopt_rt_train_grad(b, batch, 2, NULL));
  memcpy(whole, g, sizeof(whole));
  fill(8, 0);
  ok(mlopt_rt_train_grad(b, batch, 2, NULL));
  memcpy(half, g, sizeof(half));
  fill(8, 8);
  ok(mlopt_rt_train_grad(b, batch, 2, NULL));
  for (int i = 0; i < 32; ++i)
    CHECK(fabsf((half[i] + g[i]) / 2 - whole[i]) < 1e-6f);

  // Evaluation: numbers and the model's output, which nothing of the state depends on.
  va = save(a);
  fill(64, 0);
  mlopt_rt_train_result_t r = {.struct_size = sizeof(r)};
  mlopt_rt_tensor_t out = f32("y", NULL, 0, 0, 0);
  ok(mlopt_rt_train_eval(a, batch, 2, &out, 1, &r));
  CHECK(out.rank == 1 && out.dims[0] == 64 && fabsf(((float *)out.data)[5] - y[5]) < 0.05f);
  printf("eval: %lld of %lld\n", (long long)r.correct, (long long)r.count);
  out.name = "mlopt.loss";
  show("internal output", mlopt_rt_train_eval(a, batch, 2, &out, 1, &r));
  vb = save(a);
  CHECK(equal(&va, &vb));

  // A checkpoint goes on with the bits of the trainer that it came from.
  va.count = 0, va.stop = -1;
  ok(mlopt_rt_train_load(b, read_values, &va));
  ok(mlopt_rt_train_set_step_number(b, mlopt_rt_train_step_number(a)));
  ok(mlopt_rt_train_step(a, batch, 2, &loss, NULL));
  ok(mlopt_rt_train_step(b, batch, 2, &other, NULL));
  vb = save(b), va = save(a);
  CHECK(loss == other && equal(&va, &vb) &&
        mlopt_rt_train_step_number(a) == mlopt_rt_train_step_number(b));
  // One that breaks off changes nothing; one without optimizer state keeps it.
  values part = va;
  part.count = 0, part.stop = 3, part.data[0] = 99;
  show("broken load", mlopt_rt_train_load(b, read_values, &part));
  vb = save(b);
  CHECK(equal(&va, &vb));
  part.count = 0, part.stop = -1;
  ok(mlopt_rt_train_load(b, keep_slots, &part));
  vb = save(b);
  CHECK(vb.data[0] == 99 && memcmp(vb.data + 7, va.data + 7, 16) == 0);
  part = (values){.stop = 2};
  show("broken save", mlopt_rt_train_save(b, write_values, &part));
  mlopt_rt_train_release(a);
  mlopt_rt_train_release(b);
}

// A callback runs inside: every other call finds the trainer busy.
static int disturb(void *user, const mlopt_rt_train_tensor_t *t) {
  mlopt_rt_status_t s = mlopt_rt_train_init(user, 0);
  CHECK(mlopt_rt_status_code(s) == MLOPT_RT_BUSY);
  mlopt_rt_status_release(s);
  return 0;
}

static void spoiled(const char *what) {
  spoil = what;
  mlopt_rt_module_t *m;
  mlopt_rt_trainer_t *t;
  mlopt_rt_status_t s = mlopt_rt_module_from_query(query, NULL, &m);
  if (!s) {
    s = mlopt_rt_train_create(m, NULL, &t);
    mlopt_rt_module_release(m);
  }
  show(what, s);
}

int main(void) {
  mlopt_rt_module_t *m = module();
  mlopt_rt_trainer_t *t = trainer(m, 1);
  // CHECK: info: flags 7f, 4 parameters, 128 + 64 + 128 bytes, gradients 0, 1 slots
  // CHECK: tensor: 0 layer.weight - rank 2, 3, at 0, 12 bytes
  // CHECK: tensor: 1 mean - rank 1, 3, at 0, 12 bytes
  // CHECK: tensor: 0 layer.bias - rank 1, 1, at 16, 4 bytes
  // CHECK: tensor: 2 layer.weight momentum_buffer rank 2, 3, at 0, 12 bytes
  // CHECK: tensor: 2 layer.bias momentum_buffer rank 1, 1, at 16, 4 bytes
  describe(t);
  // CHECK: inputs x t, slot momentum_buffer
  printf("inputs %s %s, slot %s\n", mlopt_rt_train_input_name(t, 0),
         mlopt_rt_train_input_name(t, 1), mlopt_rt_train_slot_name(t, 0));
  CHECK(!mlopt_rt_train_input_name(t, 2) && !mlopt_rt_train_slot_name(t, 1));
  ok(mlopt_rt_train_init(t, 0));
  ok(mlopt_rt_train_save(t, disturb, t));
  mlopt_rt_train_release(t);

  fill(8, 0);
  // CHECK: no values: 5001: the trainer has no parameters; initialise it or load a checkpoint first
  // CHECK: nothing to save: 5001: the trainer has no parameters to save
  // CHECK: no rate: 5102: the learning rate is set at run time in this module, and was not set
  // CHECK: bad rate: 5001: the learning rate is {{-?}}nan, expected a finite number not below 0
  // CHECK: no norm: 5102: the clipping norm
  // CHECK: bad step: 5001: the number of the step is -1
  // CHECK-NEXT: large step: 5001: the number of the step is 9007199254740992, expected one from 0 to 2^53 - 1
  // CHECK: missing: 5102: input 'x' was not given
  // CHECK: twice: 5102: input 't' was given twice
  // CHECK: unknown: 5101: the model has no input 'mlopt.lr'; it has 'x', 't'
  // CHECK: sizes: 5105: input 't' has 7 for dimension 0 ('n'), but 'n' is 8 in input 'x'
  // CHECK: struct: 5001: input 0: struct_size is 8
  // CHECK: type: 5103: input 't' has element type f64, expected f32
  // CHECK: gradient: 5201: step 0: not finite at node Gemm_0 {{.*}}element 2; the gradients are undefined, nothing else has changed
  // CHECK: evaluation: 5201: not finite
  // CHECK: step: 5201: step 0: not finite at node Gemm_0 {{.*}}; parameters and optimizer state are undefined now: load the last checkpoint
  // CHECK: lost: 5001: the trainer has no parameters to save
  // CHECK: no eval: 5001: the trainer has no parameters
  // CHECK: failed load: 5003: loading ended at tensor 'layer.bias', slot momentum_buffer
  // CHECK: still lost: 5001
  test_errors(m);
  // CHECK: small memory: 5108: the memory has 319 bytes, parameters, buffers and optimizer state need 320
  // CHECK: crooked memory: 5107
  // CHECK: loss: falls
  // CHECK: eval: 64 of 64
  // CHECK: internal output: 5101: the model has no output 'mlopt.loss'; it has 'y'
  // CHECK: broken load: 5003: loading ended at tensor 'layer.weight', slot momentum_buffer
  // CHECK: broken save: 5003: saving ended at tensor 'layer.bias'
  test_steps(m);
  mlopt_rt_module_release(m);

  // CHECK: minor: 5004: {{.*}}states a runtime interface that has none
  spoiled("minor");
  // CHECK: flag: 5001: module 'line' is not for training
  spoiled("flag");
  // CHECK: table: 5004: {{.*}}table of training tensors
  spoiled("table");
  // CHECK: string: 5004: {{.*}}a string lies outside of it
  spoiled("string");
  // CHECK: slice: 5004: {{.*}}a reference lies outside of its table
  spoiled("slice");
  // CHECK: symbolic: 5004: {{.*}}a dimension in the training table makes no sense
  spoiled("symbolic");
  // CHECK: region: 5004: {{.*}}a tensor of the training table makes no sense
  spoiled("region");
  // CHECK: far: 5004: {{.*}}a tensor of the training table makes no sense
  spoiled("far");
  // CHECK: offset: 5004: {{.*}}its tensors do not lie in its regions
  spoiled("offset");
  // CHECK: name: 5004: {{.*}}'mlopt.future' of entry point 'train_step' is nothing that this runtime knows
  spoiled("name");
  // CHECK: donated: 5004: {{.*}}'mlopt.parameters' of entry point 'train_step' is not updated in place
  spoiled("donated");
  return 0;
}
