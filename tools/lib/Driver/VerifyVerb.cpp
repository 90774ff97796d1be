//===- VerifyVerb.cpp - mlopt verify FILE ---------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Compile.h"
#include "Driver/Layers.h"
#include "Driver/Model.h"
#include "Driver/Process.h"
#include "Driver/Tensors.h"
#include "Driver/Verbs.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlopt/IR/Mlopt.h"
#include "mlopt/Reference/Compare.h"
#include "mlopt/Reference/Evaluator.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <cmath>

using namespace mlir;

namespace mlopt {

namespace {

/// Compares an artefact with the exact reference on one set of inputs.
class Verifier {
public:
  Verifier(const CommandLine &line, Diagnostics &diagnostics)
      : line(line), diagnostics(diagnostics) {}
  int run();

private:
  /// The model to evaluate and the artefact to run; an exit code.
  int prepare();
  int evaluate(std::vector<tensorio::HostTensor> &inputs, std::vector<HostTensor> &expected);
  int runArtefact(std::vector<tensorio::HostTensor> &inputs,
                  std::vector<tensorio::HostTensor> &actual);
  int report(llvm::ArrayRef<HostTensor> expected, llvm::ArrayRef<tensorio::HostTensor> actual);
  /// Tolerances for result `index` of the function; rounds `reference` to its type where values are
  /// stored in 16 bits.
  CompareOptions toleranceFor(unsigned index, const HostTensor &result, HostTensor &reference);

  /// --layers: the nodes of each launch of the artefact.
  int readLaunches(LaunchNodes &launches);
  /// Compares intermediate values, which it has from a second artefact of the model.
  int runLayers();
  int reportLayers(llvm::ArrayRef<Layer> layers, llvm::ArrayRef<HostTensor> expected,
                   llvm::ArrayRef<tensorio::HostTensor> actual, bool &agree);

  CommandLine line;
  Diagnostics &diagnostics;
  ScratchFolder scratch;
  std::unique_ptr<MLIRContext> context;
  OwningOpRef<ModuleOp> module;
  func::FuncOp function;
  std::string artefact;
};

int Verifier::prepare() {
  if (scratch.getPath().empty())
    return diagnostics.error(3003, "mlopt", scratch.getError());
  if (findRunner().empty())
    return diagnostics.error(4003, "mlopt",
                             "mlopt-run is not beside mlopt: the installation is incomplete");
  if (looksLikeArtefact(line.compile.model)) {
    artefact = line.compile.model;
    if (line.reference.empty())
      return diagnostics.usage(
          "verify of an artefact needs --reference=MODEL, the model that it was made from");
    line.compile.model = line.reference;
  } else {
    CompileOptions options = line.compile;
    artefact = options.output = scratch.file(llvm::sys::path::stem(options.model).str() + ".so");
    options.emit = Emit::SharedLibrary;
    options.header = "none";
    options.temporaryOutput = true;
    if (int code = compileModel(options, diagnostics))
      return code;
  }
  context = makeContext();
  diagnostics.attach(*context);
  module = loadModel(line.compile, *context);
  if (module && failed(prepareForEvaluation(*module)))
    return diagnostics.failed();
  function = module ? findEntry(*module) : func::FuncOp();
  return function ? int(kExitOk) : diagnostics.failed();
}

int Verifier::evaluate(std::vector<tensorio::HostTensor> &inputs,
                       std::vector<HostTensor> &expected) {
  std::vector<HostTensor> values;
  for (const tensorio::HostTensor &input : inputs)
    values.push_back(toEvaluator(input, context.get()));
  EvaluatorOptions options;
  options.emitErrors = false;
  Evaluator evaluator(EvaluationMode::Exact, options);
  FailureOr<Evaluator::Tensors> results = evaluator.evaluate(function, values);
  if (failed(results))
    return diagnostics.error(5201, line.compile.model, "the reference: " + evaluator.getError());
  expected.assign(results->begin(), results->end());
  return kExitOk;
}

int Verifier::runArtefact(std::vector<tensorio::HostTensor> &inputs,
                          std::vector<tensorio::HostTensor> &actual) {
  std::vector<std::string> arguments = {"run", artefact, "-q"};
  if (line.threads)
    arguments.push_back("--threads=" + std::to_string(line.threads));
  if (!line.device.empty())
    arguments.push_back("--device=" + line.device);
  for (auto [i, input] : llvm::enumerate(inputs)) {
    std::string file = scratch.file("input" + std::to_string(i) + ".npy");
    if (tensorio::Error error = tensorio::writeNpy(file, input); !error.empty())
      return diagnostics.error(3003, file, error);
    arguments.push_back("--input=" + getArgumentName(function, i) + ":@" + file);
  }
  std::string results = scratch.file("results.npz"), error;
  arguments.push_back("--output=@" + results);
  int code = runProgram(findRunner(), arguments, error);
  if (code < 0)
    return diagnostics.error(4003, findRunner(), "cannot be run: " + error);
  if (code)
    return code;
  if (tensorio::Error readError = tensorio::readTensors(results, actual); !readError.empty())
    return diagnostics.error(1050, results, readError);
  return kExitOk;
}

/// Whether a value is the integers of a quantize, maybe moved: where its scale is a constant the
/// compiled one multiplies by 1 / scale, which may round to the next step.
static bool comesFromQuantize(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (isa<QuantizeOp>(op))
      return getElementTypeOrSelf(value).getIntOrFloatBitWidth() <= 8;
    if (!isa<ReshapeOp, TransposeOp, BroadcastOp, SliceOp>(op))
      return false;
    value = op->getOperand(0);
  }
  return false;
}

CompareOptions Verifier::toleranceFor(unsigned index, const HostTensor &result,
                                      HostTensor &reference) {
  CompareOptions tolerance;
  tolerance.rtol = line.rtol;
  if (Type type = reference.getElementType(); type.isF16() || type.isBF16()) {
    // What the type cannot hold is no error of the artefact; one step is, of sums in f32.
    reference = reference.toNative().toWide();
    int digits = int(llvm::APFloat::semanticsPrecision(cast<FloatType>(type).getFloatSemantics()));
    if (line.rtol > 0)
      tolerance.rtol = std::max(line.rtol, std::ldexp(1.0, 1 - digits));
  }
  double largest = compareTensors(result, reference).largestExpected;
  tolerance.atol = line.atol * (largest > 0 ? largest : 1);
  Operation *end = function.getBody().front().getTerminator();
  if (index < end->getNumOperands() && comesFromQuantize(end->getOperand(index)))
    tolerance.integerTolerance = 1;
  return tolerance;
}

int Verifier::report(llvm::ArrayRef<HostTensor> expected,
                     llvm::ArrayRef<tensorio::HostTensor> actual) {
  int worst = -1;
  double worstError = -1;
  Comparison worstComparison;
  llvm::json::Array rows;
  for (auto [i, exact] : llvm::enumerate(expected)) {
    HostTensor reference = exact;
    std::string name = getResultName(function, i);
    const tensorio::HostTensor *found = i < actual.size() ? &actual[i] : nullptr;
    for (const tensorio::HostTensor &tensor : actual)
      if (tensor.name == name)
        found = &tensor;
    if (!found)
      return diagnostics.error(6001, artefact, "the artefact has no output '" + name + "'");
    HostTensor result = toEvaluator(*found, context.get(), reference.getElementType());
    CompareOptions tolerance = toleranceFor(i, result, reference);
    Comparison comparison = compareTensors(result, reference, tolerance);
    double error = !comparison.comparable     ? INFINITY
                   : comparison.nanMismatches ? INFINITY
                                              : comparison.maxErrorToLargest;
    if (line.compile.json) {
      rows.push_back(llvm::json::Object{{"name", name},
                                        {"agrees", comparison.agrees()},
                                        {"integer_steps_allowed", int64_t(tolerance.integerTolerance)},
                                        {"elements", comparison.elements},
                                        {"mismatches", comparison.mismatches},
                                        {"max_absolute_error", comparison.maxAbsoluteError},
                                        {"max_error_to_largest", comparison.maxErrorToLargest}});
    } else if (!line.compile.quiet) {
      llvm::outs() << name << ": " << comparison.elements << " elements, largest error "
                   << llvm::format("%.3g (%.3g of the largest value), ",
                                   comparison.maxAbsoluteError, comparison.maxErrorToLargest)
                   << (tolerance.integerTolerance ? "one step of a quantize allowed, " : "")
                   << (comparison.agrees() ? "ok" : "DIFFERS") << "\n";
    }
    if (!comparison.agrees() && error > worstError) {
      worst = int(i);
      worstError = error;
      worstComparison = comparison;
    }
  }
  if (line.compile.json)
    llvm::outs() << llvm::json::Value(
                        llvm::json::Object{{"agrees", worst < 0}, {"outputs", std::move(rows)}})
                 << "\n";
  if (worst < 0)
    return kExitOk;
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "output '" << getResultName(function, worst) << "' differs from the reference: ";
  if (!worstComparison.comparable)
    os << "another type or shape";
  else
    os << worstComparison.mismatches << " of " << worstComparison.elements
       << " elements are outside the tolerances, the first at flat index "
       << worstComparison.firstMismatch << ", the worst error "
       << llvm::format("%.3g", worstComparison.maxAbsoluteError) << " at " << worstComparison.worst;
  return diagnostics.error(6001, artefact, text);
}

int Verifier::readLaunches(LaunchNodes &launches) {
  std::string path = scratch.file("inspect.json"), error;
  int code = runProgram(findRunner(), {"inspect", artefact, "--format=json"}, error, path);
  if (code < 0)
    return diagnostics.error(4003, findRunner(), "cannot be run: " + error);
  if (code)
    return code;
  auto buffer = llvm::MemoryBuffer::getFile(path);
  auto parsed = llvm::json::parse(buffer ? (*buffer)->getBuffer() : "");
  if (!parsed) {
    llvm::consumeError(parsed.takeError());
    return diagnostics.error(5004, artefact, "its description is no JSON");
  }
  // The targets have the same graph; kernels may differ, so that one of them is taken.
  auto member = [](const llvm::json::Value *value, llvm::StringRef name) {
    const llvm::json::Object *object = value ? value->getAsObject() : nullptr;
    return object ? object->get(name) : nullptr;
  };
  auto first = [](const llvm::json::Value *value) {
    const llvm::json::Array *array = value ? value->getAsArray() : nullptr;
    return array && !array->empty() ? &array->front() : nullptr;
  };
  bool onGpu = llvm::StringRef(line.device).starts_with("cuda");
  const llvm::json::Value *program = first(
      member(first(member(member(&*parsed, "metadata"), onGpu ? "gpus" : "levels")), "programs"));
  const llvm::json::Value *list = member(program, "launches");
  if (!list || !list->getAsArray())
    return diagnostics.error(5004, artefact, "its description has no list of launches");
  for (const llvm::json::Value &launch : *list->getAsArray()) {
    const llvm::json::Value *nodes = member(&launch, "nodes");
    llvm::SmallVector<llvm::StringRef> names;
    if (nodes)
      nodes->getAsString().value_or("").split(names, ", ", -1, /*KeepEmpty=*/false);
    launches.emplace_back();
    for (llvm::StringRef name : names)
      launches.back().push_back(name.str());
  }
  return kExitOk;
}

/// The largest error in units in the last place of the expected value; 0 for integers.
static double errorInUlp(const Comparison &comparison, const HostTensor &expected, Type type) {
  auto floating = dyn_cast<FloatType>(type);
  if (!floating || comparison.worst < 0)
    return 0;
  const llvm::fltSemantics &semantics = floating.getFloatSemantics();
  double value = std::abs(expected.getDouble(comparison.worst));
  int exponent = llvm::APFloat::semanticsMinExponent(semantics);
  if (value > 0 && std::isfinite(value))
    exponent = std::max(exponent, std::ilogb(value));
  int digits = int(llvm::APFloat::semanticsPrecision(semantics)) - 1;
  return comparison.maxAbsoluteError / std::ldexp(1.0, exponent - digits);
}

int Verifier::reportLayers(llvm::ArrayRef<Layer> layers, llvm::ArrayRef<HostTensor> expected,
                           llvm::ArrayRef<tensorio::HostTensor> actual, bool &agree) {
  const Layer *firstBad = nullptr;
  Comparison firstComparison;
  llvm::json::Array rows;
  size_t width = 4;
  for (const Layer &layer : layers)
    width = std::max(width, std::min<size_t>(layer.node.size(), 48));
  bool table = !line.compile.json && !line.compile.quiet;
  if (table)
    llvm::outs() << llvm::left_justify("node", width) << "  " << llvm::left_justify("operator", 20)
                 << "   elements   max error   rel error       ulp\n";
  for (const Layer &layer : layers) {
    std::string name = getResultName(function, layer.result);
    const auto *found = llvm::find_if(actual, [&](const auto &t) { return t.name == name; });
    if (found == actual.end())
      return diagnostics.error(6001, artefact, "the artefact has no value '" + name + "'");
    HostTensor reference = expected[layer.result];
    HostTensor result = toEvaluator(*found, context.get(), reference.getElementType());
    CompareOptions tolerance = toleranceFor(layer.result, result, reference);
    Comparison comparison = compareTensors(result, reference, tolerance);
    double ulp = comparison.comparable ? errorInUlp(comparison, reference, result.getElementType())
                                       : INFINITY;
    if (line.compile.json) {
      rows.push_back(llvm::json::Object{
          {"node", layer.node},
          {"operator", layer.opType},
          {"agrees", comparison.agrees()},
          {"elements", comparison.elements},
          {"mismatches", comparison.mismatches},
          {"max_absolute_error", comparison.maxAbsoluteError},
          {"max_error_to_largest", comparison.maxErrorToLargest},
          {"ulp", std::isfinite(ulp) ? llvm::json::Value(ulp) : llvm::json::Value(nullptr)}});
    } else if (table) {
      llvm::outs() << llvm::left_justify(layer.node.empty() ? "(input)" : layer.node, width) << "  "
                   << llvm::left_justify(layer.opType, 20)
                   << llvm::format(" %10lld %11.3g %11.3g %9.3g  ",
                                   static_cast<long long>(comparison.elements),
                                   comparison.maxAbsoluteError, comparison.maxErrorToLargest, ulp)
                   << (comparison.agrees() ? "ok" : "DIFFERS") << "\n";
    }
    if (!firstBad && !comparison.agrees()) {
      firstBad = &layer;
      firstComparison = comparison;
    }
  }
  agree = !firstBad;
  if (line.compile.json)
    llvm::outs() << llvm::json::Value(
                        llvm::json::Object{{"agrees", agree},
                                           {"first_bad_node", firstBad ? firstBad->node : ""},
                                           {"layers", std::move(rows)}})
                 << "\n";
  if (agree)
    return kExitOk;
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "node '" << firstBad->node << "' (" << firstBad->opType
     << ") is the first that differs from the reference: ";
  if (!firstComparison.comparable)
    os << "another type or shape";
  else
    os << firstComparison.mismatches << " of " << firstComparison.elements
       << " elements are outside the tolerances, the worst error "
       << llvm::format("%.3g", firstComparison.maxAbsoluteError) << " at " << firstComparison.worst;
  return diagnostics.error(6001, line.compile.model, text);
}

int Verifier::runLayers() {
  auto inputs = makeInputs(function, line, diagnostics);
  if (!inputs)
    return diagnostics.failed();
  LaunchNodes launches;
  if (!line.allLayers)
    if (int code = readLaunches(launches))
      return code;
  // What the artefact itself gives, before `artefact` becomes the one with more results.
  std::vector<tensorio::HostTensor> outputs, values;
  if (int code = runArtefact(*inputs, outputs))
    return code;
  std::string given = artefact;
  CompileOptions options = line.compile;
  options.exposedBetween = launches;
  artefact = options.output = scratch.file("layers.so");
  options.emit = Emit::SharedLibrary;
  options.header = "none";
  options.temporaryOutput = true;
  diagnostics.detach();
  if (int code = compileModel(options, diagnostics))
    return code;
  diagnostics.attach(*context);
  unsigned ownResults = function.getNumResults();
  std::vector<Layer> layers = exposeLayers(function, launches);
  if (int code = runArtefact(*inputs, values))
    return code;
  std::vector<HostTensor> expected;
  if (int code = evaluate(*inputs, expected))
    return code;
  bool agree = true;
  if (int code = reportLayers(layers, expected, values, agree))
    return code;
  for (unsigned i = 0; i < ownResults; ++i)
    for (const tensorio::HostTensor &output : outputs) {
      if (output.name != getResultName(function, i))
        continue;
      HostTensor reference = expected[i];
      HostTensor result = toEvaluator(output, context.get(), reference.getElementType());
      CompareOptions tolerance = toleranceFor(i, result, reference);
      if (!compareTensors(result, reference, tolerance).agrees())
        return diagnostics.error(
            6001, given,
            "output '" + llvm::Twine(output.name) +
                "' differs from the reference, but no layer does when its value is kept: the "
                "artefact is of another model or made with other flags, or layers are joined "
                "wrongly; --layers=nodes and --disable-pass may tell more");
    }
  return kExitOk;
}

int Verifier::run() {
  if (int code = prepare())
    return code;
  if (line.layers)
    return runLayers();
  auto inputs = makeInputs(function, line, diagnostics);
  if (!inputs)
    return diagnostics.failed();
  std::vector<HostTensor> expected;
  std::vector<tensorio::HostTensor> actual;
  if (int code = runArtefact(*inputs, actual))
    return code;
  if (int code = evaluate(*inputs, expected))
    return code;
  return report(expected, actual);
}

} // namespace

int runVerify(const CommandLine &line) {
  Diagnostics diagnostics(line.compile);
  Verifier verifier(line, diagnostics);
  int code = verifier.run();
  diagnostics.detach();
  return code;
}

} // namespace mlopt
