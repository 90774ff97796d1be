//===- mlopt-math-test.cpp - Holds the table of scalar semantics to its bounds ===//
//
//   mlopt-math-test [--stride=N] [--only=NAME] [--speed]
//
// Compiles every f32 row at every level and width, runs it on every N-th f32
// bit pattern (default 4096) and special values, compares with libm's double
// functions, prints one line per row and exits with 1 beyond a stated bound. The
// level "gpu" has the options of a GPU; its f64 functions are held to theirs, too.
// Then checks the integer and conversion rows, and that every elementwise
// operation of the dialect has a row. --speed prints Gelem/s of the hot ones.
//
//===----------------------------------------------------------------------===//

#include "MathJit.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Target/LLVMIR/Dialect/All.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>
#include <cmath>
#include <limits>

using namespace mlir;
using namespace mlopt;
using namespace mlopt::test;

static llvm::cl::opt<unsigned> stride("stride", llvm::cl::init(4096),
                                      llvm::cl::desc("step through the f32 bit patterns"));
static llvm::cl::opt<std::string> only("only", llvm::cl::desc("measure this row alone"));
static llvm::cl::opt<bool> speed("speed", llvm::cl::desc("print Gelem/s of the hot rows"));

namespace {

/// One f32 row under test with its definition in double.
struct Case {
  const char *label;
  const char *row;
  double (*unary)(double);
  double (*binary)(double, double);
  bool flag; ///< tanh_approximation of gelu, fmod of mod
};

double sigmoidRef(double x) {
  double t = std::exp(-std::fabs(x));
  return (x >= 0 ? 1.0 : t) / (1 + t);
}
double softplusRef(double x) {
  return (x > 0 ? x : x < 0 ? 0 : x) + std::log1p(std::exp(-std::fabs(x)));
}
double geluRef(double x) {
  return x == -INFINITY ? 0 : 0.5 * x * std::erfc(-x * 0.70710678118654752440);
}
double geluTanhRef(double x) {
  double u = 0.79788456080286535588 * (x + 0.044715 * x * x * x);
  return u < 0 ? x * (std::exp(2 * u) / (1 + std::exp(2 * u))) : x / (1 + std::exp(-2 * u));
}
double modRef(double a, double b) {
  double r = std::fmod(a, b);
  if (r == 0)
    return std::copysign(0.0, b);
  return (r < 0) != (b < 0) ? r + b : r;
}
double signRef(double x) { return x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x; }
double maxRef(double a, double b) { return std::isnan(a) ? a : std::isnan(b) ? b : a > b ? a : b; }
double minRef(double a, double b) { return std::isnan(a) ? a : std::isnan(b) ? b : a < b ? a : b; }

const Case kCases[] = {
    {"exp", "exp", std::exp, nullptr, false},
    {"log", "log", std::log, nullptr, false},
    {"tanh", "tanh", std::tanh, nullptr, false},
    {"erf", "erf", std::erf, nullptr, false},
    {"sigmoid", "sigmoid", sigmoidRef, nullptr, false},
    {"gelu", "gelu", geluRef, nullptr, false},
    {"gelu_tanh", "gelu", geluTanhRef, nullptr, true},
    {"softplus", "softplus", softplusRef, nullptr, false},
    {"sin", "sin", std::sin, nullptr, false},
    {"cos", "cos", std::cos, nullptr, false},
    {"tan", "tan", std::tan, nullptr, false},
    {"asin", "asin", std::asin, nullptr, false},
    {"acos", "acos", std::acos, nullptr, false},
    {"atan", "atan", std::atan, nullptr, false},
    {"sinh", "sinh", std::sinh, nullptr, false},
    {"cosh", "cosh", std::cosh, nullptr, false},
    {"asinh", "asinh", std::asinh, nullptr, false},
    {"acosh", "acosh", std::acosh, nullptr, false},
    {"atanh", "atanh", std::atanh, nullptr, false},
    {"sqrt", "sqrt", std::sqrt, nullptr, false},
    {"abs", "abs", std::fabs, nullptr, false},
    {"neg", "neg", [](double x) { return -x; }, nullptr, false},
    {"sign", "sign", signRef, nullptr, false},
    {"ceil", "ceil", std::ceil, nullptr, false},
    {"floor", "floor", std::floor, nullptr, false},
    {"round", "round", std::nearbyint, nullptr, false},
    {"trunc", "trunc", std::trunc, nullptr, false},
    {"add", "add", nullptr, [](double a, double b) { return a + b; }, false},
    {"sub", "sub", nullptr, [](double a, double b) { return a - b; }, false},
    {"mul", "mul", nullptr, [](double a, double b) { return a * b; }, false},
    {"div", "div", nullptr, [](double a, double b) { return a / b; }, false},
    {"max", "max", nullptr, maxRef, false},
    {"min", "min", nullptr, minRef, false},
    {"pow", "pow", nullptr, std::pow, false},
    {"mod", "mod", nullptr, modRef, false},
    {"fmod", "mod", nullptr, std::fmod, true},
};

const int64_t kWidths[] = {1, 4, 8, 16};

const float kSpecials[] = {0.0f,
                           -0.0f,
                           1.0f,
                           -1.0f,
                           2.0f,
                           -2.0f,
                           3.0f,
                           -3.0f,
                           0.5f,
                           -0.5f,
                           0.25f,
                           1e-45f,
                           -1e-45f,
                           1.17549435e-38f,
                           1.17549421e-38f,
                           3.4028234e38f,
                           -3.4028234e38f,
                           88.7228f,
                           88.7229f,
                           88.8f,
                           89.5f,
                           -87.3f,
                           -88.0f,
                           -103.9f,
                           -104.1f,
                           200.0f,
                           -200.0f,
                           3.92f,
                           3.93f,
                           3.94f,
                           9.0f,
                           9.02f,
                           9.03f,
                           -9.02f,
                           0.99999994f,
                           1.0000001f,
                           -0.99999994f,
                           268435456.0f,
                           1e10f,
                           1e20f,
                           1e30f,
                           1.5707964f,
                           3.1415927f,
                           6.2831855f,
                           16367173.0f,
                           1e-20f,
                           5.5f,
                           -5.5f,
                           7.0f,
                           -7.0f,
                           std::numeric_limits<float>::infinity(),
                           -std::numeric_limits<float>::infinity(),
                           std::numeric_limits<float>::quiet_NaN()};

/// Error of v in units in the last place of `scale`, infinite if a special
/// value does not match.
double ulpError(float v, double ref, double scale) {
  constexpr double inf = std::numeric_limits<double>::infinity();
  if (std::isnan(ref) || std::isnan(v))
    return std::isnan(ref) && std::isnan(v) ? 0 : inf;
  double limit = std::ldexp(1.0, 128);
  double rounded = static_cast<float>(ref);
  if (std::isinf(rounded) && std::isinf(v))
    return std::signbit(v) == std::signbit(rounded) ? 0 : inf;
  // The neighbour beyond the largest float counts as 2^128.
  double value = std::isinf(v) ? std::copysign(limit, v) : v;
  if (std::isinf(ref))
    return inf;
  double a = std::max(std::fabs(scale), std::ldexp(1.0, -126));
  return std::fabs(value - ref) / std::ldexp(1.0, std::min(std::ilogb(a), 127) - 23);
}

RowInstance instanceOf(const Case &c, MLIRContext &context, int64_t width) {
  RowInstance r{
      std::string(c.label) + "_" + std::to_string(width), findScalarRow(c.row), {}, width};
  Type f32 = Float32Type::get(&context);
  r.call.operandElements.assign(c.binary ? 2 : 1, f32);
  r.call.resultElement = f32;
  r.call.tanhApproximation = r.call.fmod = c.flag;
  return r;
}

uint64_t mix(uint64_t x) {
  x = (x ^ (x >> 31)) * 0x7fb5d329728ea185;
  x = (x ^ (x >> 27)) * 0x81dadef4bc2dd44d;
  return x ^ (x >> 33);
}

/// The inputs of a case: all sampled patterns and specials, filled to a
/// multiple of the chunk; for two operands, pairs of related magnitude, pairs
/// of any bits and all pairs of specials.
void sample(const Case &c, std::vector<float> &x, std::vector<float> &y) {
  if (c.unary) {
    for (uint64_t bits = 0; bits < (uint64_t(1) << 32); bits += stride)
      x.push_back(llvm::bit_cast<float>(uint32_t(bits + mix(bits) % stride)));
    // Denser where functions bend.
    for (uint64_t i = 0; i < 400000; ++i)
      x.push_back(std::ldexp(double(mix(i) >> 11), -53) * 40 - 20);
    x.insert(x.end(), std::begin(kSpecials), std::end(kSpecials));
  } else {
    uint64_t n = std::max<uint64_t>((uint64_t(1) << 31) / stride, 200000);
    auto unit = [](uint64_t seed) { return std::ldexp(double(mix(seed) >> 11), -53); };
    for (uint64_t i = 0; i < n; ++i) {
      float a = std::exp2(unit(3 * i) * 40 - 20) * (mix(i) & 1 ? 1 : -1), b;
      if (i % 3 == 0)
        a = llvm::bit_cast<float>(uint32_t(mix(i + 1))),
        b = llvm::bit_cast<float>(uint32_t(mix(~i)));
      else if (i % 3 == 1)
        b = unit(i + 7) * 12 - 6;
      else
        b = std::rint(unit(i + 9) * 40 - 20);
      x.push_back(a);
      y.push_back(b);
    }
    for (float a : kSpecials)
      for (float b : kSpecials)
        x.push_back(a), y.push_back(b);
  }
  while (x.size() % kChunk)
    x.push_back(1.0f);
  y.resize(c.binary ? x.size() : 0, 1.0f);
}

struct Compiled {
  Level level;
  std::unique_ptr<MathJit> jit;
};

/// Returns whether the row holds its bound at every level and width.
bool measure(const Case &c, const std::vector<Compiled> &levels) {
  std::vector<float> x, y;
  sample(c, x, y);
  const ScalarRow *row = findScalarRow(c.row);
  std::vector<double> ref(x.size());
  for (size_t i = 0; i < x.size(); ++i)
    ref[i] = c.unary ? c.unary(x[i]) : c.binary(x[i], y[i]);
  std::vector<float> out(kChunk);
  bool ok = true;
  llvm::outs() << llvm::format("%-10s bound=%-4.2f maxulp", c.label, row->maxUlp);
  for (const Compiled &compiled : levels) {
    double worst = 0;
    size_t worstAt = 0;
    int64_t worstWidth = 0;
    float worstValue = 0;
    for (int64_t width : kWidths) {
      void *loop = compiled.jit->lookup(std::string(c.label) + "_" + std::to_string(width));
      for (size_t base = 0; base < x.size(); base += kChunk) {
        if (c.unary)
          invoke(loop, {x.data() + base, out.data()});
        else
          invoke(loop, {x.data() + base, y.data() + base, out.data()});
        for (int64_t i = 0; i < kChunk; ++i) {
          double r = ref[base + i], scale = r;
          if (row->scale == UlpScale::Operand && std::isfinite(r))
            scale = std::max(std::fabs(r), std::min(std::fabs(double(x[base + i])), 3e38));
          double e = ulpError(out[i], r, scale);
          if (e > worst)
            worst = e, worstAt = base + i, worstWidth = width, worstValue = out[i];
        }
      }
    }
    llvm::outs() << llvm::format(" %s=%.3f", compiled.level.name, worst);
    if (worst > row->maxUlp + 1e-6) {
      ok = false;
      llvm::outs() << llvm::format(" (width %d, x=%a%s", int(worstWidth), x[worstAt],
                                   c.binary ? "" : ")");
      if (c.binary)
        llvm::outs() << llvm::format(", y=%a)", y[worstAt]);
      llvm::outs() << llvm::format(": got %a, exact %a;", worstValue, ref[worstAt]);
    }
  }
  llvm::outs() << (ok ? " ok\n" : " FAIL\n");
  llvm::outs().flush();
  return ok;
}

void printSpeed(const std::vector<Compiled> &levels) {
  std::vector<float> x(kChunk), out(kChunk);
  for (int64_t i = 0; i < kChunk; ++i)
    x[i] = std::ldexp(double(mix(i) >> 11), -53) * 8 - 4;
  for (const char *name :
       {"exp", "tanh", "erf", "sigmoid", "gelu", "gelu_tanh", "softplus", "log", "sin", "cos"}) {
    llvm::outs() << llvm::format("%-10s Gelem/s", name);
    for (size_t l = 0; l < levels.size(); ++l) {
      int64_t width = l == 0 ? 4 : l == 1 ? 8 : 16;
      void *loop = levels[l].jit->lookup(std::string(name) + "_" + std::to_string(width));
      double best = 1e9;
      for (int trial = 0; trial < 20; ++trial) {
        auto start = std::chrono::steady_clock::now();
        for (int i = 0; i < 50; ++i)
          invoke(loop, {x.data(), out.data()});
        std::chrono::duration<double> t = std::chrono::steady_clock::now() - start;
        best = std::min(best, t.count() / 50);
      }
      llvm::outs() << llvm::format(" %s/%d=%.2f", levels[l].level.name, int(width),
                                   kChunk / best * 1e-9);
    }
    llvm::outs() << "\n";
  }
}

/// Every elementwise operation of the dialect has a row, and no row is for none. Except for
/// check_finite, which writes to the run's error slot: no function of its operand says what it does,
/// and an emitter that takes it for one must fail.
bool checkTable(MLIRContext &context) {
  context.getOrLoadDialect<MloptDialect>();
  bool ok = true;
  size_t count = 0;
  for (RegisteredOperationName name : context.getRegisteredOperations()) {
    if (name.getDialectNamespace() != MloptDialect::getDialectNamespace())
      continue;
    bool isElementwise = name.hasTrait<mlopt::OpTrait::Elementwise>() &&
                         name.getStringRef() != CheckFiniteOp::getOperationName();
    count += isElementwise;
    if (isElementwise != (findScalarRow(name.stripDialect()) != nullptr)) {
      llvm::outs() << name.getStringRef()
                   << (isElementwise ? ": no row\n" : ": has a row, but is not elementwise\n");
      ok = false;
    }
  }
  if (count != getScalarRows().size()) {
    llvm::outs() << "the table has rows for operations that do not exist\n";
    ok = false;
  }
  llvm::outs() << "table: " << count << " elementwise operations, " << getScalarRows().size()
               << " rows" << (ok ? " ok\n" : " FAIL\n");
  return ok;
}

/// Operations reach their rows with their attributes and signedness.
bool checkOperations(MLIRContext &context) {
  OpBuilder b(&context);
  Location loc = b.getUnknownLoc();
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  b.setInsertionPointToStart(module->getBody());
  auto tensorOf = [&](Type element) -> Value {
    auto type = RankedTensorType::get({4}, element);
    return UnrealizedConversionCastOp::create(b, loc, type, ValueRange{}).getResult(0);
  };
  auto scalarOf = [&](Type element) -> Value {
    return UnrealizedConversionCastOp::create(b, loc, computeType(element), ValueRange{})
        .getResult(0);
  };
  Type u8 = b.getIntegerType(8, false), i8 = b.getI8Type(), f16 = b.getF16Type();
  auto predicateOf = [&](Type element) {
    Value t = tensorOf(element), v = scalarOf(element);
    Operation *op = CompareOp::create(b, loc, t, t, ComparePredicate::lt);
    FailureOr<Value> r = emitScalarOp(b, loc, op, {v, v}, MathOptions());
    return failed(r) ? nullptr : r->getDefiningOp();
  };
  auto u = dyn_cast_or_null<arith::CmpIOp>(predicateOf(u8));
  auto s = dyn_cast_or_null<arith::CmpIOp>(predicateOf(i8));
  auto f = dyn_cast_or_null<arith::CmpFOp>(predicateOf(f16));
  bool ok = u && u.getPredicate() == arith::CmpIPredicate::ult && s &&
            s.getPredicate() == arith::CmpIPredicate::slt && f &&
            f.getPredicate() == arith::CmpFPredicate::OLT && f.getLhs().getType().isF32();
  Operation *none = IsInfOp::create(b, loc, tensorOf(f16), /*detect_negative=*/false,
                                    /*detect_positive=*/false);
  FailureOr<Value> never = emitScalarOp(b, loc, none, scalarOf(f16), MathOptions());
  ok &= succeeded(never) && isa<arith::ConstantOp>(never->getDefiningOp());
  llvm::outs() << "operations:" << (ok ? " ok\n" : " FAIL\n");
  return ok;
}

} // namespace

int main(int argc, char **argv) {
  llvm::cl::ParseCommandLineOptions(argc, argv, "Holds scalar semantics to their stated bounds\n");
  DialectRegistry registry;
  registerScalarDialects(registry);
  registry.insert<func::FuncDialect, memref::MemRefDialect, MloptDialect>();
  registerAllToLLVMIRTranslations(registry);
  MLIRContext context(registry);
  context.loadAllAvailableDialects();

  std::vector<RowInstance> instances;
  for (const Case &c : kCases)
    if (only.empty() || only == c.label || speed)
      for (int64_t width : kWidths)
        instances.push_back(instanceOf(c, context, width));
  std::vector<Compiled> levels;
  for (const Level &level : availableLevels())
    levels.push_back({level, std::make_unique<MathJit>(context, level, instances)});

  bool ok = checkTable(context) && checkOperations(context);
  for (const Case &c : kCases)
    if (only.empty() || only == c.label)
      ok &= measure(c, levels);
  ok &= checkDoubleRows(context, std::max<size_t>((uint64_t(1) << 34) / stride, 200000), only);
  if (only.empty())
    ok &= checkTypedRows(context) == 0;
  if (speed)
    printSpeed(levels);
  return ok ? 0 : 1;
}
