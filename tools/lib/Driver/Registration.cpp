//===- Registration.cpp - Dialects and passes of mlopt ------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Registration.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Transforms/Passes.h"
#include "mlopt/Codegen/CpuBackend.h"
#include "mlopt/Codegen/CudaBackend.h"
#include "mlopt/Frontend/ConvertOnnx.h"
#include "mlopt/Frontend/OnnxDialect.h"
#include "mlopt/IR/Mlopt.h"
#include "mlopt/Passes/Pipelines/Pipelines.h"
#include "mlopt/Passes/TargetDescription.h"
#include "llvm/ADT/StringExtras.h"

namespace mlopt {

void registerDialects(mlir::DialectRegistry &registry) {
  registry.insert<MloptDialect, OnnxDialect, mlir::arith::ArithDialect, mlir::func::FuncDialect>();
  registerCpuBackend(registry);
  registerCudaBackend(registry);
  registerPipelineDialects(registry);
}

bool registerPasses(const PassDefaults &defaults) {
  std::optional<TargetDescription> target = getTarget(defaults.cpu);
  if (!target)
    return false;
  static const EmitterList emitters = target->gpu ? createCudaEmitters() : createCpuEmitters();
  registerConvertOnnxToMloptPass();
  mlir::registerCanonicalizerPass();
  mlir::registerCSEPass();
  mlir::registerSymbolDCEPass();
  mlir::registerInlinerPass();
  registerPipelinePasses(emitters, *target, defaults.fuse);
  return true;
}

std::string listTargetNames() {
  std::vector<std::string> names = listTargets();
  return llvm::join(names, ", ");
}

std::string listGpuTargetNames() {
  std::vector<std::string> names = listGpuTargets();
  return llvm::join(names, ", ");
}

} // namespace mlopt
