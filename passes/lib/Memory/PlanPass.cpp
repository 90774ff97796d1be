//===- PlanPass.cpp - The pass mlopt-plan ---------------------------------===//
#include "Plan.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlopt/Passes/Memory/Memory.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::plan;

static LogicalResult planFunction(func::FuncOp function, int64_t pieceAlignment) {
  if (function.isExternal() || !llvm::hasSingleElement(function.getBody()))
    return function.emitError("expects a body of one block");
  ShapeAnalysis shapes(function);
  Plan plan(function, shapes);
  plan.pieceAlignment = pieceAlignment;
  if (failed(readLaunches(plan)))
    return failure();
  collectChecks(plan);
  if (failed(collectSymbols(plan)))
    return failure();
  donate(plan, /*concats=*/false);
  sharePieces(plan);
  tieOperands(plan);
  donate(plan, /*concats=*/true);
  shareInPlace(plan);
  computeRanges(plan);
  findWaves(plan);
  placeArena(plan);
  computeDependences(plan);
  buildProgram(plan);
  return success();
}

namespace {
struct PlanPass : PassWrapper<PlanPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(PlanPass)
  explicit PlanPass(int64_t alignment) { pieceAlignment = alignment; }
  PlanPass(const PlanPass &other) : PassWrapper(other) { pieceAlignment = other.pieceAlignment; }
  StringRef getArgument() const override { return "mlopt-plan"; }
  StringRef getDescription() const override {
    return "Place tensors in memory and make the host program";
  }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<rt::MlrtDialect>();
  }
  void runOnOperation() override {
    llvm::StringSet<> launched;
    getOperation().walk([&](mlopt::LaunchOp launch) { launched.insert(launch.getKernel()); });
    for (auto function : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>()))
      if (failed(planFunction(function, pieceAlignment)))
        return signalPassFailure();
    // Nobody needs the kernels of launches that a place in memory has replaced.
    getOperation().walk([&](rt::LaunchOp launch) { launched.erase(launch.getKernel()); });
    for (auto kernel : llvm::make_early_inc_range(getOperation().getOps<KernelOp>()))
      if (launched.contains(kernel.getSymName()))
        kernel.erase();
  }

  Option<int64_t> pieceAlignment{*this, "piece-alignment",
                                 llvm::cl::desc("Bytes that pieces of a tensor begin at multiples of"),
                                 llvm::cl::init(1)};
};
} // namespace

std::unique_ptr<Pass> mlopt::createPlanPass(int64_t pieceAlignment) {
  return std::make_unique<PlanPass>(pieceAlignment);
}

void mlopt::registerMemoryPasses() {
  registerPass([] { return createPlanPass(); });
}
