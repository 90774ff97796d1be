//===- Autodiff.h - Differentiation -----------------------------*- C++ -*-===//
#ifndef MLOPT_PASSES_AUTODIFF_AUTODIFF_H
#define MLOPT_PASSES_AUTODIFF_AUTODIFF_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "mlopt/IR/Mlopt.h"
#include <memory>

namespace mlopt {

/// Attaches the gradient rules to the operations of the dialect, once it is loaded.
void registerGradientRules(mlir::DialectRegistry &registry);

// createDifferentiatePass and registerMloptAutodiffPasses().
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "mlopt/Passes/Autodiff/Passes.h.inc"

} // namespace mlopt

#endif // MLOPT_PASSES_AUTODIFF_AUTODIFF_H
