//===- KernelRun.cpp - Runs one compiled kernel ---------------------------===//
#include "KernelRun.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlopt/IR/Layout.h"
#include "mlopt/Reference/Compare.h"
#include "mlopt/Reference/Evaluator.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include <cmath>
#include <csignal>
#include <cstring>
#include <random>
#include <sys/mman.h>
#include <unistd.h>

using namespace mlir;
using namespace mlopt;
using namespace mlopt::test;

namespace {

/// Bytes that end at a page that cannot be touched, with a canary before them.
class Guarded {
public:
  explicit Guarded(size_t bytes) : bytes(bytes) {
    size_t page = sysconf(_SC_PAGESIZE);
    total = (bytes + canary + page - 1) / page * page + page;
    base = static_cast<char *>(mmap(nullptr, total, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    mprotect(base + total - page, page, PROT_NONE);
    data = base + total - page - bytes;
    std::memset(base, 0xA5, data - base);
  }
  Guarded(Guarded &&o) : base(o.base), data(o.data), bytes(o.bytes), total(o.total) { o.base = nullptr; }
  Guarded(const Guarded &) = delete;
  ~Guarded() {
    if (base)
      munmap(base, total);
  }
  bool intact() const {
    for (char *p = base; p < data; ++p)
      if (static_cast<unsigned char>(*p) != 0xA5)
        return false;
    return true;
  }
  static constexpr size_t canary = 64;
  char *base, *data;
  size_t bytes, total;
};

void onFault(int) {
  const char text[] = " FAILED: memory outside of a buffer was touched\n";
  [[maybe_unused]] ssize_t n = write(STDOUT_FILENO, text, sizeof text - 1);
  _exit(3);
}

[[noreturn]] void die(llvm::Error error) {
  llvm::errs() << "cannot load the kernel: " << llvm::toString(std::move(error)) << "\n";
  std::exit(1);
}

} // namespace

struct KernelRun::Buffers {
  SmallVector<HostTensor> inputs; ///< logical
  std::vector<Guarded> memory;    ///< per pointer argument
  std::vector<Guarded> scratch;
  std::vector<SmallVector<int64_t>> resultShapes;
  SmallVector<int64_t> symbols;
  int64_t threads = 1;
  int64_t error = -1;
  std::vector<int64_t> sharedBytes, threadBytes;
  SizeMap sizes;
};

KernelRun::KernelRun(KernelOp kernel, const ObjectBuffer &object) : kernel(kernel), signature(kernel) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  auto created = llvm::orc::LLJITBuilder()
                     .setLinkProcessSymbolsByDefault(false)
                     .setPlatformSetUp(llvm::orc::setUpInactivePlatform)
                     .create();
  if (!created)
    die(created.takeError());
  jit = std::move(*created);
  // What a kernel may call: f64 functions of libm, memory moves.
  llvm::orc::SymbolMap allowed;
  auto allow = [&](StringRef name, void *address) {
    allowed[jit->mangleAndIntern(name)] = {llvm::orc::ExecutorAddr::fromPtr(address), llvm::JITSymbolFlags::Exported};
  };
  using F1 = double (*)(double);
  using F2 = double (*)(double, double);
#define ONE(f) allow(#f, reinterpret_cast<void *>(static_cast<F1>(::f)))
#define TWO(f) allow(#f, reinterpret_cast<void *>(static_cast<F2>(::f)))
  ONE(exp), ONE(expm1), ONE(log), ONE(log2), ONE(log1p), ONE(sin), ONE(cos), ONE(tan), ONE(asin), ONE(acos);
  ONE(atan), ONE(sinh), ONE(cosh), ONE(tanh), ONE(asinh), ONE(acosh), ONE(atanh), ONE(erf);
  TWO(pow), TWO(fmod);
#undef ONE
#undef TWO
  allow("memset", reinterpret_cast<void *>(::memset));
  allow("memcpy", reinterpret_cast<void *>(::memcpy));
  allow("memmove", reinterpret_cast<void *>(::memmove));
  if (llvm::Error e = jit->getMainJITDylib().define(llvm::orc::absoluteSymbols(std::move(allowed))))
    die(std::move(e));
  if (llvm::Error e = jit->addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(
          StringRef(object.bytes.data(), object.bytes.size()), object.name)))
    die(std::move(e));
  for (int64_t phase = 0; phase < signature.phases; ++phase) {
    auto address = jit->lookup(KernelSignature::getFunctionName(kernel, phase));
    if (!address)
      die(address.takeError());
    functions.push_back(address->toPtr<void *>());
  }
  signal(SIGSEGV, onFault);
  signal(SIGBUS, onFault);
  signal(SIGFPE, onFault);
}

void KernelRun::prepare(const SizeMap &sizes, Buffers &buffers) {
  KernelData data(kernel, sizes);
  buffers.sizes = SizeMap(sizes);
  for (const std::vector<char> &bytes : data.operandBytes) {
    buffers.memory.emplace_back(bytes.size());
    std::memcpy(buffers.memory.back().data, bytes.data(), bytes.size());
  }
  for (int64_t bytes : data.resultBytes)
    buffers.memory.emplace_back(bytes);
  buffers.inputs = std::move(data.inputs);
  buffers.resultShapes = std::move(data.resultShapes);
  buffers.symbols = std::move(data.symbols);
  // A tied result is its operand's memory; the operand's is left unused.
  ArrayRef<int64_t> tied = kernel.getScheduleAttr().getTied();
  for (size_t i = 0; i + 1 < tied.size(); i += 2) {
    Guarded &from = buffers.memory[signature.pointerOf[tied[i]]];
    Guarded &to = buffers.memory[signature.numTensorOperands + tied[i + 1]];
    std::memcpy(to.data, from.data, from.bytes);
  }
}

void KernelRun::launch(Buffers &buffers, unsigned threads, int64_t overwrite) {
  auto value = [&](StringRef name) -> std::optional<int64_t> {
    if (name == "threads")
      return threads;
    return buffers.sizes.lookup(name);
  };
  ScheduleAttr schedule = kernel.getScheduleAttr();
  auto bytesOf = [&](SymExprAttr e) { return (SymExpr(e).evaluate(value).value_or(0) + 63) / 64 * 64; };
  int64_t bytes = bytesOf(schedule.getScratchShared()) + threads * bytesOf(schedule.getScratchPerThread());
  if (buffers.scratch.empty() || buffers.scratch.back().bytes != static_cast<size_t>(bytes)) {
    buffers.scratch.clear();
    buffers.scratch.emplace_back(bytes);
    std::memset(buffers.scratch.back().data, 0xFF, bytes); // NaN
  }
  // The callee takes as many as it has; the System V convention allows more.
  constexpr size_t most = 48;
  int64_t a[most] = {};
  size_t n = 0;
  for (const Guarded &g : buffers.memory)
    a[n++] = reinterpret_cast<int64_t>(g.data);
  ArrayRef<int64_t> tied = schedule.getTied();
  for (size_t i = 0; i + 1 < tied.size(); i += 2)
    a[signature.pointerOf[tied[i]]] = a[signature.numTensorOperands + tied[i + 1]];
  if (overwrite >= 0)
    a[signature.numTensorOperands] = a[signature.pointerOf[overwrite]];
  for (int64_t s : buffers.symbols)
    a[n++] = s;
  // Dense operands: the stride of an outer run is its length.
  for (auto [which, axis] : llvm::zip_equal(schedule.getOuterStride(), schedule.getOuterStrideAxis())) {
    unsigned operand = which;
    unsigned inputs = kernel.getFunctionType().getNumInputs();
    bool isInput = operand < inputs;
    ArrayRef<int64_t> shape = isInput ? buffers.inputs[operand].getShape() : buffers.resultShapes[operand - inputs];
    Type t = isInput ? kernel.getFunctionType().getInput(operand) : kernel.getFunctionType().getResult(operand - inputs);
    a[n++] = product(shape.drop_front(axis)) * getElementBytes(cast<RankedTensorType>(t).getElementType());
  }
  a[n++] = reinterpret_cast<int64_t>(buffers.scratch.back().data);
  size_t threadArgument = n;
  n += 2;
  a[threadArgument + 1] = threads;
  a[n++] = reinterpret_cast<int64_t>(&buffers.error);
  a[n++] = 0;
  size_t stepArgument = n;
  int64_t steps = signature.repeat ? SymExpr(signature.repeat).evaluate(value).value_or(0) : 0;
  n += signature.repeat ? 1 : 0;
  if (n > most) {
    llvm::errs() << "too many arguments for this tool\n";
    std::exit(2);
  }
  auto phase = [&](void *f) {
    for (unsigned t = 0; t < threads; ++t) {
      a[threadArgument] = t;
      using I = int64_t;
      reinterpret_cast<void (*)(I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I,
                                I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I)>(f)(
          a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11], a[12], a[13], a[14], a[15], a[16],
          a[17], a[18], a[19], a[20], a[21], a[22], a[23], a[24], a[25], a[26], a[27], a[28], a[29], a[30], a[31],
          a[32], a[33], a[34], a[35], a[36], a[37], a[38], a[39], a[40], a[41], a[42], a[43], a[44], a[45], a[46],
          a[47]);
    }
  };
  size_t once = signature.repeat ? signature.repeatFrom : functions.size();
  for (void *f : ArrayRef(functions).take_front(once))
    phase(f);
  for (int64_t step = 0; step < steps; ++step) {
    a[stepArgument] = step;
    for (void *f : ArrayRef(functions).drop_front(once))
      phase(f);
  }
}

RunResult KernelRun::check(const SizeMap &sizes, unsigned maxThreads) {
  RunResult result;
  FunctionType type = kernel.getFunctionType();
  KernelData data(kernel, sizes);
  FailureOr<Evaluator::Tensors> expected = data.evaluateReference(result.message);
  if (failed(expected))
    return result;

  std::vector<std::vector<char>> bits;
  for (unsigned threads = 1; threads <= maxThreads; ++threads) {
    Buffers again;
    prepare(sizes, again);
    for (unsigned r = 0; r < type.getNumResults(); ++r)
      if (kernel.getScheduleAttr().getTied().empty())
        std::memset(again.memory[signature.numTensorOperands + r].data, 0xCD,
                    again.memory[signature.numTensorOperands + r].bytes);
    launch(again, threads);
    if (again.error != -1)
      result.message = "an error was recorded at element " + std::to_string(again.error & ((int64_t(1) << 40) - 1));
    for (const Guarded &g : again.memory)
      if (!g.intact())
        result.message = "memory before a buffer was written";
    if (!again.scratch.back().intact())
      result.message = "memory before the scratch was written";
    for (unsigned r = 0; r < type.getNumResults(); ++r) {
      const Guarded &g = again.memory[signature.numTensorOperands + r];
      if (threads == 1)
        bits.emplace_back(g.data, g.data + g.bytes);
      else if (bits[r] != std::vector<char>(g.data, g.data + g.bytes))
        result.message = "other bits with " + std::to_string(threads) + " threads";
    }
  }

  // The result in an operand's memory, where the schedule allows it.
  for (int64_t operand : kernel.getScheduleAttr().getMayOverwrite()) {
    Buffers again;
    prepare(sizes, again);
    const Guarded &g = again.memory[signature.pointerOf[operand]];
    if (g.bytes != bits[0].size())
      continue;
    launch(again, 2, operand);
    if (bits[0] != std::vector<char>(g.data, g.data + g.bytes))
      result.message = "other bits in the memory of operand " + std::to_string(operand);
  }

  RunResult compared = data.compare(bits, *expected);
  if (!result.message.empty())
    compared.message = result.message;
  return compared;
}

//===----------------------------------------------------------------------===//
// Timing
//===----------------------------------------------------------------------===//

using Clock = std::chrono::steady_clock;
static double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

#define MLOPT_FMA_LOOP(NAME, TARGET, BYTES)                                                          \
  __attribute__((target(TARGET), noinline)) static double NAME(int64_t n) {                          \
    typedef float V __attribute__((vector_size(BYTES)));                                             \
    V a[14];                                                                                          \
    for (int i = 0; i < 14; ++i)                                                                     \
      a[i] = V{} + static_cast<float>(i);                                                            \
    V x = V{} + 0.5f, y = V{} + 0.25f;                                                               \
    for (int64_t i = 0; i < n; ++i) {                                                                \
      _Pragma("unroll") for (int j = 0; j < 14; ++j) {                                               \
        a[j] = __builtin_elementwise_fma(a[j], x, y);                                                \
        asm volatile("" : "+v"(a[j]));                                                               \
      }                                                                                              \
    }                                                                                                \
    V s = a[0];                                                                                      \
    for (int j = 1; j < 14; ++j)                                                                     \
      s += a[j];                                                                                     \
    return s[0];                                                                                     \
  }
MLOPT_FMA_LOOP(fmaLoop512, "avx512f,fma", 64)
MLOPT_FMA_LOOP(fmaLoop256, "avx2,fma", 32)

/// GFLOP/s of fused products in registers.
static double fmaPeak() {
  auto features = llvm::sys::getHostCPUFeatures();
  volatile double sink;
  const int64_t n = 20000;
  Clock::time_point start = Clock::now();
  if (features.lookup("avx512f")) {
    sink = fmaLoop512(n);
    return n * 14 * 16 * 2 / secondsSince(start) * 1e-9;
  }
  if (features.lookup("avx2")) {
    sink = fmaLoop256(n);
    return n * 14 * 8 * 2 / secondsSince(start) * 1e-9;
  }
  (void)sink;
  return 0;
}

/// Operations of the hero's products.
static double heroFlops(KernelOp kernel, const KernelSignature &, ArrayRef<HostTensor> inputs,
                        ArrayRef<int64_t> result) {
  Operation *hero = kernel.getHeroOp();
  auto shapeOf = [&](Value v) -> ArrayRef<int64_t> {
    auto a = dyn_cast<BlockArgument>(v);
    return a ? inputs[a.getArgNumber()].getShape() : ArrayRef<int64_t>();
  };
  if (auto op = dyn_cast<MatmulOp>(hero)) {
    ArrayRef<int64_t> a = shapeOf(op.getLhs());
    return a.empty() ? 0 : 2.0 * product(result) * a[a.size() - (op.getTransposeA() ? 2 : 1)];
  }
  if (isa<DequantizedMatmulOp, IntegerMatmulOp>(hero)) {
    ArrayRef<int64_t> a = shapeOf(hero->getOperand(0));
    return a.empty() ? 0 : 2.0 * product(result) * a.back();
  }
  if (auto op = dyn_cast<ConvOp>(hero)) {
    ArrayRef<int64_t> f = shapeOf(op.getFilter());
    return f.empty() ? 0 : 2.0 * product(result) * product(f.drop_front());
  }
  if (auto op = dyn_cast<AttentionOp>(hero)) {
    ArrayRef<int64_t> k = shapeOf(op.getKey());
    return k.empty() ? 0 : 4.0 * product(result) * k[op.isSequenceMajor(1) ? 1 : 2];
  }
  return 0;
}

BenchResult KernelRun::time(const SizeMap &sizes, bool cold) {
  Buffers buffers;
  prepare(sizes, buffers);
  // Copies of the operands with a layout, 256 MiB of them.
  std::vector<std::vector<Guarded>> copies;
  std::vector<unsigned> moving;
  if (cold) {
    size_t bytes = 1;
    for (auto [p, operand] : llvm::enumerate(signature.tensorOperands))
      if (layoutAt(kernel, operand)) {
        moving.push_back(p);
        bytes += buffers.memory[p].bytes;
      }
    for (size_t i = 0; i < std::max<size_t>(2, (size_t(256) << 20) / bytes); ++i) {
      copies.emplace_back();
      for (unsigned p : moving) {
        copies.back().emplace_back(buffers.memory[p].bytes);
        std::memcpy(copies.back().back().data, buffers.memory[p].data, buffers.memory[p].bytes);
      }
    }
  }
  size_t next = 0;
  auto once = [&] {
    if (!moving.empty()) {
      for (auto [i, p] : llvm::enumerate(moving))
        buffers.memory[p].data = copies[next][i].data;
      next = (next + 1) % copies.size();
    }
    launch(buffers, 1);
  };
  once();
  Clock::time_point start = Clock::now();
  once();
  double one = secondsSince(start);
  int repeat = std::max(1, static_cast<int>(2e-3 / std::max(one, 1e-7)));
  std::vector<double> times, peaks;
  Clock::time_point begin = Clock::now();
  while (times.size() < 15 || (secondsSince(begin) < 0.5 && times.size() < 2000)) {
    start = Clock::now();
    for (int i = 0; i < repeat; ++i)
      once();
    times.push_back(secondsSince(start) / repeat);
    peaks.push_back(fmaPeak());
  }
  auto median = [](std::vector<double> &v) {
    std::nth_element(v.begin(), v.begin() + v.size() / 2, v.end());
    return v[v.size() / 2];
  };
  BenchResult r;
  r.seconds = median(times);
  r.best = *llvm::min_element(times);
  r.peak = median(peaks);
  r.gflops = heroFlops(kernel, signature, buffers.inputs, buffers.resultShapes[0]) / r.seconds * 1e-9;
  return r;
}
