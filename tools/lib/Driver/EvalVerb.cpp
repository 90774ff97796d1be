//===- EvalVerb.cpp - mlopt eval MODEL ------------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Model.h"
#include "Driver/Tensors.h"
#include "Driver/Verbs.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlopt/Reference/Evaluator.h"

using namespace mlir;

namespace mlopt {

int runEval(const CommandLine &line) {
  std::unique_ptr<MLIRContext> context = makeContext();
  Diagnostics diagnostics(line.compile);
  diagnostics.attach(*context);
  OwningOpRef<ModuleOp> module = loadModel(line.compile, *context);
  if (!module || failed(prepareForEvaluation(*module)))
    return diagnostics.failed();
  func::FuncOp function = findEntry(*module);
  if (!function)
    return diagnostics.error(1007, line.compile.model, "the module has no function to evaluate");
  auto inputs = makeInputs(function, line, diagnostics);
  if (!inputs)
    return diagnostics.failed();
  std::vector<HostTensor> values;
  for (const tensorio::HostTensor &input : *inputs)
    values.push_back(toEvaluator(input, context.get()));

  EvaluatorOptions options;
  // What the evaluator refuses depends on the data: a failure of the run.
  options.emitErrors = false;
  Evaluator evaluator(line.exact ? EvaluationMode::Exact : EvaluationMode::Typed, options);
  FailureOr<Evaluator::Tensors> results = evaluator.evaluate(function, values);
  if (failed(results))
    return diagnostics.error(5201, line.compile.model, evaluator.getError());
  std::vector<tensorio::HostTensor> outputs;
  for (auto [i, result] : llvm::enumerate(*results))
    outputs.push_back(fromEvaluator(result, getResultName(function, i)));
  return writeOutputs(line.output, outputs, diagnostics);
}

} // namespace mlopt
