//===- EvalTool.cpp - mlopt-eval: runs the reference evaluator -------------===//
//
// Parses a module, evaluates functions without arguments in both modes and
// prints their results, one line each:
//   main exact 0: tensor<2x2xf32> = [1, 2, 3, 4]
//
//===----------------------------------------------------------------------===//
#include "LoadModule.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlopt/IR/Mlopt.h"
#include "mlopt/Reference/Compare.h"
#include "mlopt/Reference/Evaluator.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/InitLLVM.h"
#include <cmath>

using namespace mlir;
using namespace mlopt;

static llvm::cl::opt<std::string> inputFile(llvm::cl::Positional, llvm::cl::init("-"),
                                            llvm::cl::desc("<module.mlir>"));
static llvm::cl::opt<std::string> modeName("mode", llvm::cl::init("both"),
                                           llvm::cl::desc("exact, typed or both"));
static llvm::cl::opt<std::string> onlyFunction("function", llvm::cl::init(""),
                                               llvm::cl::desc("evaluate this function only"));
static llvm::cl::opt<bool> progress("progress", llvm::cl::desc("print each operation's name"));
static llvm::cl::opt<long long> maxElements("max-elements", llvm::cl::init(1ll << 31),
                                            llvm::cl::desc("limit of a tensor's elements"));
static llvm::cl::opt<bool>
    compareResults("compare", llvm::cl::desc("compare result 0 with result 1 instead of printing"));
static llvm::cl::opt<double> rtol("rtol", llvm::cl::init(1e-5), llvm::cl::desc("for --compare"));
static llvm::cl::opt<double> atol_("atol", llvm::cl::init(1e-8), llvm::cl::desc("for --compare"));
static llvm::cl::opt<bool>
    listMissing("list-missing",
                llvm::cl::desc("print the operations of the dialect without semantics and stop"));

static void printElement(const HostTensor &tensor, int64_t i, llvm::raw_ostream &os) {
  if (!tensor.isFloat()) {
    int64_t value = tensor.getInteger(i);
    if (tensor.isUnsigned())
      os << static_cast<uint64_t>(value);
    else
      os << value;
    return;
  }
  double value = tensor.getDouble(i);
  if (std::isnan(value))
    os << "nan"; // without its sign, which nobody promises
  else if (tensor.isWide())
    os << llvm::format("%.12g", value);
  else
    os << llvm::format("%.9g", value);
}

static void printTensor(const HostTensor &tensor, llvm::raw_ostream &os) {
  if (tensor.isNone()) {
    os << "none\n";
    return;
  }
  os << RankedTensorType::get(tensor.getShape(), tensor.getElementType()) << " = [";
  for (int64_t i = 0; i < tensor.getNumElements(); ++i) {
    os << (i ? ", " : "");
    printElement(tensor, i, os);
  }
  os << "]\n";
}

static void printComparison(const Comparison &c, llvm::raw_ostream &os) {
  os << "comparable=" << c.comparable << " agrees=" << c.agrees() << " elements=" << c.elements
     << " mismatches=" << c.mismatches << " nan=" << c.nanMismatches << " first=" << c.firstMismatch
     << " worst=" << c.worst
     << llvm::format(" abs=%.6g largest=%.6g relative=%.6g\n", c.maxAbsoluteError,
                     c.largestExpected, c.maxErrorToLargest);
}

/// Whether the function could be evaluated.
static bool evaluate(func::FuncOp function, EvaluationMode mode) {
  EvaluatorOptions options;
  options.maxElements = maxElements;
  if (progress)
    options.progress = [](Operation *op, size_t i, size_t n) {
      llvm::errs() << i + 1 << "/" << n << " " << op->getName() << "\n";
    };
  Evaluator evaluator(mode, options);
  FailureOr<Evaluator::Tensors> results = evaluator.evaluate(function, {});
  if (failed(results))
    return false;
  StringRef name = mode == EvaluationMode::Exact ? "exact" : "typed";
  if (compareResults) {
    CompareOptions tolerance;
    tolerance.rtol = rtol;
    tolerance.atol = atol_;
    llvm::outs() << function.getName() << " " << name << ": ";
    if (results->size() >= 2)
      printComparison(compareTensors((*results)[0], (*results)[1], tolerance), llvm::outs());
    return results->size() >= 2;
  }
  for (auto [i, result] : llvm::enumerate(*results)) {
    llvm::outs() << function.getName() << " " << name << " " << i << ": ";
    printTensor(result, llvm::outs());
  }
  return true;
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  llvm::cl::ParseCommandLineOptions(argc, argv, "evaluates mlopt functions with the reference\n");
  DialectRegistry registry;
  registry.insert<MloptDialect, arith::ArithDialect, func::FuncDialect>();
  MLIRContext context(registry);
  context.loadAllAvailableDialects();

  if (listMissing) {
    for (RegisteredOperationName name : context.getRegisteredOperationsByDialect("mlopt"))
      if (!Evaluator::hasSemantics(name.getStringRef()))
        llvm::outs() << "missing: " << name.getStringRef() << "\n";
    llvm::outs() << "checked\n";
    return 0;
  }
  test::LoadedModule module(inputFile, context);
  if (module.getExitCode())
    return module.getExitCode();
  bool ok = true;
  for (func::FuncOp function : module.get().getOps<func::FuncOp>()) {
    if (function.getNumArguments() || function.isExternal() ||
        (!onlyFunction.empty() && function.getName() != onlyFunction))
      continue;
    if (modeName != "typed")
      ok &= evaluate(function, EvaluationMode::Exact);
    if (modeName != "exact")
      ok &= evaluate(function, EvaluationMode::Typed);
  }
  return ok ? 0 : 1;
}
