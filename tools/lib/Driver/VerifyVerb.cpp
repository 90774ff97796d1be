//===- VerifyVerb.cpp - mlopt verify FILE ---------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Compile.h"
#include "Driver/Model.h"
#include "Driver/Process.h"
#include "Driver/Tensors.h"
#include "Driver/Verbs.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlopt/Reference/Compare.h"
#include "mlopt/Reference/Evaluator.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
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
    if (int code = compileModel(options, diagnostics))
      return code;
  }
  context = makeContext();
  diagnostics.attach(*context);
  module = loadModel(line.compile, *context);
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

int Verifier::report(llvm::ArrayRef<HostTensor> expected,
                     llvm::ArrayRef<tensorio::HostTensor> actual) {
  int worst = -1;
  double worstError = -1;
  Comparison worstComparison;
  llvm::json::Array rows;
  for (auto [i, reference] : llvm::enumerate(expected)) {
    std::string name = getResultName(function, i);
    const tensorio::HostTensor *found = i < actual.size() ? &actual[i] : nullptr;
    for (const tensorio::HostTensor &tensor : actual)
      if (tensor.name == name)
        found = &tensor;
    if (!found)
      return diagnostics.error(6001, artefact, "the artefact has no output '" + name + "'");
    HostTensor result = toEvaluator(*found, context.get());
    double largest = compareTensors(result, reference).largestExpected;
    CompareOptions tolerance;
    tolerance.rtol = line.rtol;
    tolerance.atol = line.atol * (largest > 0 ? largest : 1);
    Comparison comparison = compareTensors(result, reference, tolerance);
    double error = !comparison.comparable     ? INFINITY
                   : comparison.nanMismatches ? INFINITY
                                              : comparison.maxErrorToLargest;
    if (line.compile.json) {
      rows.push_back(llvm::json::Object{{"name", name},
                                        {"agrees", comparison.agrees()},
                                        {"elements", comparison.elements},
                                        {"mismatches", comparison.mismatches},
                                        {"max_absolute_error", comparison.maxAbsoluteError},
                                        {"max_error_to_largest", comparison.maxErrorToLargest}});
    } else if (!line.compile.quiet) {
      llvm::outs() << name << ": " << comparison.elements << " elements, largest error "
                   << llvm::format("%.3g (%.3g of the largest value), ",
                                   comparison.maxAbsoluteError, comparison.maxErrorToLargest)
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

int Verifier::run() {
  if (int code = prepare())
    return code;
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
