// Threads: the same bits at any number of them, no hang with too few of them, pools of the caller, concurrent runs, fork.

// RUN: %{rtcc} %S/Inputs/demo_image.c -o %t.image && %t.image > %t.s
// RUN: %{rtcc} %s %S/Inputs/demo_code.c %t.s -o %t && %t | FileCheck %s
// RUN: env MLOPT_RT_DEBUG=poison,delay %t 100 | FileCheck %s

#include "Inputs/check.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

const mlopt_module *demo_module_query(void);

enum { N = 333 };
static float x[N * 4], expected_y[N * 4], expected_sum[N];
static mlopt_rt_module_t *module;
static int runs = 10000;

typedef struct {
  mlopt_rt_context_t *context;
  int runs;
  int64_t largest;
} Job;

static void *work(void *arg) {
  Job *job = arg;
  float *y = malloc(sizeof(expected_y)), *sum = malloc(sizeof(expected_sum));
  for (int i = 0; i < job->runs; ++i) {
    memset(y, 0, sizeof(expected_y));
    mlopt_rt_tensor_t in = f32("x", x, 2, N, 4),
                      out[2] = {f32("y", y, 0, 0, 0), f32("sum", sum, 0, 0, 0)};
    ok(mlopt_rt_context_run(job->context, &in, 1, out, 2));
    CHECK(memcmp(y, expected_y, sizeof(expected_y)) == 0 &&
          memcmp(sum, expected_sum, sizeof(expected_sum)) == 0);
    if (mlopt_rt_context_gang(job->context) > job->largest)
      job->largest = mlopt_rt_context_gang(job->context);
  }
  free(y);
  free(sum);
  return NULL;
}

// `count` callers with a context each on one pool.
static int64_t together(int count, mlopt_rt_pool_t *pool, int64_t threads, int each) {
  Job jobs[4];
  pthread_t handles[4];
  int64_t largest = 0;
  for (int i = 0; i < count; ++i) {
    jobs[i] = (Job){context(module, NULL, threads, pool), each, 0};
    CHECK(pthread_create(&handles[i], NULL, work, &jobs[i]) == 0);
  }
  for (int i = 0; i < count; ++i) {
    pthread_join(handles[i], NULL);
    mlopt_rt_context_release(jobs[i].context);
    if (jobs[i].largest > largest)
      largest = jobs[i].largest;
  }
  return largest;
}

// A task queue of the caller with one thread.
typedef struct {
  pthread_mutex_t lock;
  pthread_cond_t wake;
  struct {
    void (*task)(void *);
    void *arg;
  } tasks[256];
  int first, count, stop;
  _Atomic int busy;
} Queue;

static void *queue_main(void *arg) {
  Queue *q = arg;
  pthread_mutex_lock(&q->lock);
  for (;;) {
    while (!q->count && !q->stop)
      pthread_cond_wait(&q->wake, &q->lock);
    if (!q->count)
      break;
    void (*task)(void *) = q->tasks[q->first].task;
    void *a = q->tasks[q->first].arg;
    q->first = (q->first + 1) % 256, --q->count;
    pthread_mutex_unlock(&q->lock);
    task(a);
    if (q->busy) // the application's own work in between
      usleep(100);
    pthread_mutex_lock(&q->lock);
  }
  pthread_mutex_unlock(&q->lock);
  return NULL;
}

static int queue_submit(void *self, void (*task)(void *), void *arg) {
  Queue *q = self;
  pthread_mutex_lock(&q->lock);
  int full = q->count == 256;
  if (!full) {
    int at = (q->first + q->count++) % 256;
    q->tasks[at].task = task, q->tasks[at].arg = arg;
    pthread_cond_signal(&q->wake);
  }
  pthread_mutex_unlock(&q->lock);
  return full;
}

static int64_t queue_workers(void *self) { return 1; }

// A pool of the caller that forms gangs itself: one more thread for each call, or none when it is busy.
typedef struct {
  pthread_mutex_t busy;
  mlopt_rt_gang_fn fn;
  void *user;
} Pair;

static void *pair_main(void *arg) {
  Pair *p = arg;
  p->fn(p->user, 1, 2);
  return NULL;
}

static void pair_enter(void *self, int64_t wanted, mlopt_rt_gang_fn fn, void *user) {
  Pair *p = self;
  if (wanted < 2 || pthread_mutex_trylock(&p->busy) != 0) {
    fn(user, 0, 1);
    return;
  }
  p->fn = fn, p->user = user;
  pthread_t other;
  CHECK(pthread_create(&other, NULL, pair_main, p) == 0);
  fn(user, 0, 2);
  pthread_join(other, NULL);
  pthread_mutex_unlock(&p->busy);
}

static int64_t pair_threads(void *self) { return 2; }

static void nested(void *user, int64_t thread, int64_t threads) {
  Job job = {context(module, NULL, 2, user), 20, 0};
  work(&job);
  mlopt_rt_context_release(job.context);
}

static void *hold_main(void *arg) { // a second caller of one context
  mlopt_rt_tensor_t in = f32("x", x, 2, N, 4);
  for (int i = 0; i < 2000; ++i) {
    mlopt_rt_status_t s = mlopt_rt_context_run(arg, &in, 1, NULL, 0);
    CHECK(!s || mlopt_rt_status_code(s) == MLOPT_RT_BUSY);
    mlopt_rt_status_release(s);
  }
  return NULL;
}

int main(int argc, char **argv) {
  if (argc > 1)
    runs = atoi(argv[1]);
  for (int i = 0; i < N * 4; ++i)
    x[i] = (float)(i * 7919 % 1009) / 33.0f;
  ok(mlopt_rt_module_from_query(demo_module_query, NULL, &module));
  mlopt_rt_context_t *c = context(module, NULL, 1, NULL);
  mlopt_rt_tensor_t in = f32("x", x, 2, N, 4),
                    out[2] = {f32("y", expected_y, 0, 0, 0), f32("sum", expected_sum, 0, 0, 0)};
  ok(mlopt_rt_context_run(c, &in, 1, out, 2));
  mlopt_rt_context_release(c);

  for (int64_t threads = 1; threads <= 5; ++threads) {
    Job job = {context(module, NULL, threads, NULL), runs / 20, 0};
    work(&job);
    CHECK(job.largest == threads); // the pool of one context alone is never busy
    mlopt_rt_context_release(job.context);
  }
  // CHECK: same bits at 1 to 5 threads
  printf("same bits at 1 to 5 threads\n");

  mlopt_rt_pool_t *pool;
  ok(mlopt_rt_pool_create(2, &pool));
  together(2, pool, 2, runs);
  // CHECK: two contexts on two threads
  printf("two contexts on two threads\n");
  together(4, pool, 2, runs / 4);
  mlopt_rt_pool_enter(pool, 2, nested, pool);
  mlopt_rt_pool_release(pool);
  // CHECK: four contexts and nested runs
  printf("four contexts and nested runs\n");

  Queue queue = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER};
  pthread_t worker;
  CHECK(pthread_create(&worker, NULL, queue_main, &queue) == 0);
  mlopt_rt_executor_ops_t executor = {sizeof(executor), 0, queue_submit, queue_workers};
  ok(mlopt_rt_pool_from_executor(&executor, &queue, &pool));
  CHECK(mlopt_rt_pool_threads(pool) == 2);
  together(1, pool, 2, runs);
  together(2, pool, 2, runs);
  queue.busy = 1;
  together(2, pool, 3, runs / 4);
  mlopt_rt_pool_release(pool);
  pthread_mutex_lock(&queue.lock);
  queue.stop = 1;
  pthread_cond_signal(&queue.wake);
  pthread_mutex_unlock(&queue.lock);
  pthread_join(worker, NULL);
  // CHECK: a task queue with one worker
  printf("a task queue with one worker\n");

  Pair pair = {PTHREAD_MUTEX_INITIALIZER, NULL, NULL};
  mlopt_rt_pool_ops_t ops = {sizeof(ops), 0, pair_enter, pair_threads};
  ok(mlopt_rt_pool_from_ops(&ops, &pair, &pool));
  CHECK(together(1, pool, 2, runs / 20) == 2);
  together(2, pool, 2, runs / 20);
  mlopt_rt_pool_release(pool);
  // CHECK: a pool of the caller
  printf("a pool of the caller\n");

  ok(mlopt_rt_pool_create(3, &pool));
  c = context(module, NULL, 3, pool);
  pthread_t second;
  CHECK(pthread_create(&second, NULL, hold_main, c) == 0);
  hold_main(c);
  pthread_join(second, NULL);
  // CHECK: one context, two callers
  printf("one context, two callers\n");
  fflush(stdout);

  // In a child the pool has no threads: runs go on with one.
  pid_t child = fork();
  if (child == 0) {
    Job job = {c, 50, 0};
    work(&job);
    CHECK(job.largest == 1);
    mlopt_rt_context_release(c);
    mlopt_rt_pool_release(pool);
    _exit(42);
  }
  int state = 0;
  CHECK(waitpid(child, &state, 0) == child && WIFEXITED(state) && WEXITSTATUS(state) == 42);
  mlopt_rt_context_release(c);
  mlopt_rt_pool_release(pool);
  mlopt_rt_module_release(module);
  // CHECK: fork
  printf("fork\n");
  return 0;
}
