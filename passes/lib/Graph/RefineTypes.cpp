//===- RefineTypes.cpp - Provably constant sizes into types ---------------===//
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlopt/IR/ShapeAnalysis.h"
#include "mlopt/Passes/Graph/Graph.h"

namespace mlopt {
#define GEN_PASS_DEF_REFINETYPESPASS
#include "mlopt/Passes/Graph/Passes.h.inc"
} // namespace mlopt

using namespace mlir;
using namespace mlopt;

namespace {

struct RefineTypes : mlopt::impl::RefineTypesPassBase<RefineTypes> {
  void runOnOperation() override {
    bool hasCalls =
        getOperation().walk([](func::CallOp) { return WalkResult::interrupt(); }).wasInterrupted();
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isExternal())
        refine(function, !hasCalls);
  }

  void refine(func::FuncOp function, bool changeResults) {
    ShapeAnalysis shapes(function);
    function.walk([&](Operation *op) {
      if (!isa<MloptDialect>(op->getDialect()) || isa<ConstantOp, GetParameterOp>(op))
        return;
      for (Value result : op->getResults()) {
        auto type = dyn_cast<RankedTensorType>(result.getType());
        if (!type || type.hasStaticShape())
          continue;
        bool exact = llvm::any_of(result.getUsers(), [&](Operation *user) {
          return !isa<MloptDialect>(user->getDialect()) &&
                 !(changeResults && isa<func::ReturnOp>(user));
        });
        if (exact)
          continue;
        SmallVector<int64_t> sizes(type.getShape());
        for (auto [size, symbolic] : llvm::zip_equal(sizes, shapes.shapeOf(result)))
          if (std::optional<int64_t> known = symbolic.getConstant(); known && *known >= 0)
            size = *known;
        result.setType(type.clone(sizes));
      }
    });
    if (!changeResults || !function.getBody().hasOneBlock())
      return;
    Operation *terminator = function.getBody().front().getTerminator();
    function.setFunctionType(FunctionType::get(function.getContext(), function.getArgumentTypes(),
                                               terminator->getOperandTypes()));
  }
};

} // namespace
