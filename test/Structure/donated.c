// A step whose results take the memory of its arguments: the same bits on 1, 2 and 3 threads
// that are held up at random, near plain loops, and without a copy of what is updated in place.

// REQUIRES: mlopt, mlopt-opt, x86_64
// RUN: rm -rf %t && mkdir -p %t
// RUN: %mlopt %S/Inputs/donated.mlir -o %t/step.so --header=%t/step.h
// RUN: %{rtcc} %s -o %t/donated
// RUN: env MLOPT_RT_DEBUG=delay %t/donated %t/step.so | FileCheck %s
// RUN: env MLOPT_RT_DEBUG=poison,delay %t/donated %t/step.so | FileCheck %s
// RUN: FileCheck %s --check-prefix=HEADER < %t/step.h
// RUN: %mlopt-opt --mlopt-choose-layouts --mlopt-form-kernels --mlopt-schedule-kernels --mlopt-plan %S/Inputs/donated.mlir | FileCheck %s --check-prefix=PLAN

// HEADER: Input 'p'; a run leaves output 'p' in its memory
// HEADER: Output 'p': the pointer of {{.*}}, or null
// HEADER: _run({{.*}}, float *p, float *m, float *v, float *a, float *b, float *s, const float *x, const float *lr, float *p_2,

// Four streams in, three out, one kernel. Parts of the gradient are in place already.
// PLAN: mlopt.kernel @sub_0({{.*}}) -> (tensor<2880xf32>, tensor<2880xf32>, tensor<2880xf32>)
// PLAN: mlrt.program @main
// PLAN-NOT: mlrt.launch {{.*}} @concat
// PLAN-NOT: mlrt.launch {{.*}} @slice
// PLAN-DAG: %[[P:.*]] = mlrt.input 0
// PLAN-DAG: %[[M:.*]] = mlrt.input 1
// PLAN-DAG: %[[V:.*]] = mlrt.input 2
// PLAN: mlrt.launch {{.*}} @sub_0 ins(%[[M]], %{{[0-9]+}}, %[[V]], %{{[0-9]+}}, %[[P]]) outs(%[[M]], %[[V]], %[[P]])

#include "../Runtime/Inputs/check.h"

#include <math.h>

enum { P = 2880, N = 33, K = 40, M = 70, STEPS = 10 };

typedef struct {
  float p[P], m[P], v[P], a[100], b[100], s[96], y[N * M];
} state;

static float x[N * K], lr = 0.01f;

static void start(state *s) {
  memset(s, 0, sizeof(*s));
  for (int i = 0; i < K * M + M; ++i)
    s->p[i] = sinf(0.37f * i) * 0.1f;
  for (int i = 0; i < 100; ++i) {
    s->a[i] = i;
    s->b[i] = -i;
  }
  for (int i = 0; i < 96; ++i)
    s->s[i] = 1 + i;
}

static mlopt_rt_tensor_t flat(const char *name, float *data, int64_t elements) {
  return f32(name, data, 1, elements, 0);
}

static void run(mlopt_rt_module_t *module, int64_t threads, state *s) {
  mlopt_rt_pool_t *pool = NULL;
  ok(mlopt_rt_pool_create(threads, &pool));
  mlopt_rt_context_t *c = context(module, NULL, threads, pool);
  start(s);
  for (int i = 0; i < STEPS; ++i) {
    mlopt_rt_tensor_t inputs[] = {flat("p", s->p, P),       flat("m", s->m, P),
                                  flat("v", s->v, P),       flat("a", s->a, 100),
                                  flat("b", s->b, 100),     flat("s", s->s, 96),
                                  f32("x", x, 2, N, K),     f32("lr", &lr, 0, 0, 0)};
    // The memory of an argument is asked for, or what there is.
    mlopt_rt_tensor_t outputs[] = {flat("p", i % 2 ? s->p : NULL, P), f32("y", s->y, 2, N, M)};
    ok(mlopt_rt_context_run(c, inputs, 8, outputs, 2));
    CHECK(outputs[0].data == s->p);
  }
  mlopt_rt_context_release(c);
  mlopt_rt_pool_release(pool);
}

// The same in plain loops.
static void expect(state *s) {
  static float g[P];
  start(s);
  for (int step = 0; step < STEPS; ++step) {
    memset(g, 0, sizeof(g));
    for (int n = 0; n < N; ++n)
      for (int j = 0; j < M; ++j) {
        double sum = s->p[K * M + j];
        for (int k = 0; k < K; ++k)
          sum += (double)x[n * K + k] * s->p[k * M + j];
        s->y[n * M + j] = tanh(sum);
      }
    for (int j = 0; j < M; ++j) {
      double sum = 0;
      for (int n = 0; n < N; ++n)
        sum += s->y[n * M + j];
      g[K * M + j] = sum;
      s->s[j] = s->s[j] * 0.5 + sum / N * 0.5;
      for (int k = 0; k < K; ++k) {
        double product = 0;
        for (int n = 0; n < N; ++n)
          product += (double)x[n * K + k] * s->y[n * M + j];
        g[k * M + j] = product;
      }
    }
    for (int i = 0; i < P; ++i) {
      s->m[i] = 0.9f * s->m[i] + 0.1f * g[i];
      s->v[i] = 0.99f * s->v[i] + 0.01f * g[i] * g[i];
      s->p[i] -= lr * (s->m[i] / (sqrtf(s->v[i]) + 1e-8f));
    }
    for (int i = 0; i < 100; ++i) {
      float a = s->a[i];
      s->a[i] = s->b[i];
      s->b[i] = a;
    }
  }
}

static void near(const char *what, const float *got, const float *want, int count) {
  for (int i = 0; i < count; ++i)
    if (!(fabsf(got[i] - want[i]) <= 1e-3f + 1e-3f * fabsf(want[i]))) {
      printf("%s[%d]: %g, expected %g\n", what, i, got[i], want[i]);
      exit(1);
    }
}

int main(int argc, char **argv) {
  static state one, other, want;
  mlopt_rt_module_t *module;
  ok(mlopt_rt_module_open(argv[1], NULL, &module));
  for (int i = 0; i < N * K; ++i)
    x[i] = sinf(1.3f * i + 0.2f);
  run(module, 1, &one);
  expect(&want);
  near("p", one.p, want.p, P);
  near("m", one.m, want.m, P);
  near("v", one.v, want.v, P);
  near("a", one.a, want.a, 100);
  near("b", one.b, want.b, 100);
  near("s", one.s, want.s, 96);
  near("y", one.y, want.y, N * M);
  // CHECK: one thread: as expected
  printf("one thread: as expected\n");
  for (int64_t threads = 2; threads <= 3; ++threads)
    for (int again = 0; again < 10; ++again) {
      run(module, threads, &other);
      CHECK(!memcmp(&one, &other, sizeof(one)));
    }
  // CHECK: 2 and 3 threads: the same bits
  printf("2 and 3 threads: the same bits\n");

  // The pairs are described, and other memory is refused.
  // CHECK: p takes input 0, y takes input -1
  mlopt_rt_tensor_info_t p = {.struct_size = sizeof(p)}, y = {.struct_size = sizeof(y)};
  ok(mlopt_rt_module_output(module, 0, 0, &p));
  ok(mlopt_rt_module_output(module, 0, 6, &y));
  printf("%s takes input %d, %s takes input %d\n", p.name, p.donated, y.name, y.donated);
  mlopt_rt_context_t *c = context(module, NULL, 1, NULL);
  const void *in[] = {one.p, one.m, one.v, one.a, one.b, one.s, x, &lr};
  void *out[] = {one.p, NULL, one.v, NULL, NULL, one.s, one.y};
  // CHECK: same or null: 0: ok
  show("same or null", mlopt_rt_context_run_pointers(c, NULL, in, out));
  out[1] = other.m;
  // CHECK: other memory: {{[0-9]+}}: output 'm' is the new value of input 'm' and lies in its memory: give the same pointer, or null
  show("other memory", mlopt_rt_context_run_pointers(c, NULL, in, out));
  out[1] = NULL;
  out[6] = one.v;
  // CHECK: output over a pair: {{[0-9]+}}: output 'y' shares memory with input 'v'; give it memory of its own
  show("output over a pair", mlopt_rt_context_run_pointers(c, NULL, in, out));
  out[6] = one.y;
  in[6] = one.p;
  // CHECK: input over a pair: {{[0-9]+}}: output 'p' shares memory with input 'x'; give it memory of its own
  show("input over a pair", mlopt_rt_context_run_pointers(c, NULL, in, out));
  mlopt_rt_context_release(c);
  mlopt_rt_module_release(module);
  return 0;
}
