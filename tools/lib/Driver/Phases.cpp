//===- Phases.cpp - The phases by name ----------------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Phases.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlopt/IR/Mlopt.h"
#include "llvm/ADT/STLExtras.h"

namespace mlopt {

static const PhaseInfo phases[] = {
    {Phase::Input, "input", "imported: only mlopt operations, verified, shapes inferred"},
    {Phase::Graph, "graph", "canonical, patterns raised, constants folded, dead code gone"},
    {Phase::Quantize, "quantize", "integer forms and precision chosen"},
    {Phase::Fuse, "fuse", "layouts chosen; a list of launches of scheduled kernels"},
    {Phase::Plan, "plan", "the host program: every tensor has its place, barriers are known"},
    {Phase::Kernels, "kernels", "each kernel lowered on its own"},
    {Phase::Object, "object", "machine code, weights and tables, linked"},
};

llvm::ArrayRef<PhaseInfo> getPhases() { return phases; }

const PhaseInfo &getPhaseInfo(Phase phase) { return phases[static_cast<size_t>(phase)]; }

std::optional<Phase> parsePhase(llvm::StringRef name) {
  for (const PhaseInfo &info : phases)
    if (info.name == name)
      return info.phase;
  return std::nullopt;
}

/// Whether an operation may stand in the graph's functions before kernels are formed.
static bool isGraphOperation(mlir::Operation *op) {
  llvm::StringRef dialect = op->getName().getDialectNamespace();
  return dialect == "mlopt" || dialect == "func" || dialect == "arith" || dialect == "builtin";
}

llvm::LogicalResult checkPhaseEntry(Phase phase, mlir::ModuleOp module) {
  if (phase == Phase::Input)
    return llvm::success();
  mlir::Operation *bad = nullptr;
  llvm::StringRef why;
  auto refuse = [&](mlir::Operation *op, llvm::StringRef reason) {
    bad = op;
    why = reason;
    return mlir::WalkResult::interrupt();
  };
  if (phase == Phase::Graph || phase == Phase::Quantize || phase == Phase::Fuse) {
    module->walk([&](mlir::Operation *op) {
      if (!isGraphOperation(op))
        return refuse(op, "is no operation of the graph dialect");
      if (llvm::isa<LaunchOp>(op))
        return refuse(op, "launches a kernel before kernels are formed");
      return mlir::WalkResult::advance();
    });
  } else {
    for (KernelOp kernel : module.getOps<KernelOp>())
      if (!kernel.getScheduleAttr() && !bad)
        refuse(kernel, "has no schedule");
  }
  if (!bad)
    return llvm::success();
  return bad->emitError("MLO3002: '")
         << bad->getName() << "' " << why << ": the module cannot enter phase '"
         << getPhaseInfo(phase).name << "'";
}

} // namespace mlopt
