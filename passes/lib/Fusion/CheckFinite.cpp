//===- CheckFinite.cpp - Looks for infinities and NaNs in kernels' results ===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs when kernels are formed, so that a check is part of the kernel whose
// result it looks at and the error names its launch. What only moves elements is
// not checked: a mask of -inf may be a parameter, be broadcast and be selected.
// Nor is what stays inside a kernel: max(log(x), -100) is finite.
//
//===----------------------------------------------------------------------===//
#include "mlopt/Passes/Fusion/Fusion.h"
#include "mlopt/Passes/KernelSignature.h"

#include "mlir/IR/SymbolTable.h"

using namespace mlir;
using namespace mlopt;

namespace {

/// Every element of a result is one of an operand, maybe with another sign.
bool moves(Operation *op) {
  if (auto reduce = dyn_cast<ReduceOp>(op))
    return reduce.getKind() == ReduceKind::max || reduce.getKind() == ReduceKind::min;
  if (auto pool = dyn_cast<PoolOp>(op))
    return pool.getKind() == PoolKind::max;
  if (auto scatter = dyn_cast<ScatterElementsOp>(op))
    return scatter.getReduction() == ScatterReduction::none;
  if (auto scatter = dyn_cast<ScatterNdOp>(op))
    return scatter.getReduction() == ScatterReduction::none;
  return isa<SelectOp, MaxOp, MinOp, NegOp, AbsOp, BroadcastOp, SliceOp, ReshapeOp, TransposeOp,
             ConcatOp, PadOp, GatherOp, GatherElementsOp, GatherNdOp, RelayoutOp, UnfoldOp,
             MaxPoolWithIndicesOp, TopKOp>(op);
}

bool isFloat(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && isa<FloatType>(type.getElementType());
}

/// Whether some operation of the kernel computes elements of `value`.
bool isComputed(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op || !isFloat(value) || op->hasTrait<mlir::OpTrait::ConstantLike>())
    return false;
  return !moves(op) || llvm::any_of(op->getOperands(), isComputed);
}

class Checker {
public:
  explicit Checker(ModuleOp module) : module(module), symbols(module) {}

  void run() {
    for (KernelOp kernel : llvm::to_vector(module.getOps<KernelOp>()))
      checkKernel(kernel);
    for (auto function : module.getOps<func::FuncOp>())
      function.walk([&](LaunchOp launch) { checkLaunch(launch); });
  }

private:
  /// Puts checks into the kernel, and notes the results that need a kernel of their own.
  void checkKernel(KernelOp kernel) {
    Operation *terminator = kernel.getBody().front().getTerminator();
    for (unsigned i = 0; i < terminator->getNumOperands(); ++i)
      if (!check(terminator->getOperand(i)))
        outside[kernel.getSymNameAttr()].push_back(i);
  }

  /// False: `value` cannot be checked within its kernel.
  bool check(Value value) {
    if (!isComputed(value))
      return true;
    Operation *op = value.getDefiningOp();
    if (auto select = dyn_cast<SelectOp>(op)) {
      checkSelected(select);
      return true;
    }
    if (op->hasAttr("mlopt.hero_op") && classify(op) == OpRole::Hero && !takesEpilogue(op))
      return false;
    OpBuilder builder(op->getContext());
    builder.setInsertionPointAfter(op);
    auto check = CheckFiniteOp::create(builder, op->getLoc(), value.getType(), value);
    value.replaceAllUsesExcept(check, check);
    return true;
  }

  /// Checks what is computed and chosen: the other side may be a mask of -inf, and what is not
  /// chosen may be anything, as in x > 0 ? log(x) : 0.
  void checkSelected(SelectOp select) {
    OpBuilder builder(select);
    Location loc = select.getLoc();
    Type element = cast<RankedTensorType>(select.getType()).getElementType();
    auto zero = ConstantOp::create(builder, loc,
                                   DenseElementsAttr::get(RankedTensorType::get({}, element),
                                                          builder.getFloatAttr(element, 0)));
    for (bool chosen : {true, false}) {
      OpOperand &side = chosen ? select.getOnTrueMutable() : select.getOnFalseMutable();
      if (!isComputed(side.get()))
        continue;
      Value masked =
          SelectOp::create(builder, loc, select.getCondition(), chosen ? side.get() : Value(zero),
                           chosen ? Value(zero) : side.get());
      side.set(CheckFiniteOp::create(builder, loc, masked.getType(), masked));
    }
  }

  void checkLaunch(LaunchOp launch) {
    auto found = outside.find(launch.getKernelAttr().getAttr());
    if (found == outside.end())
      return;
    auto kernel = symbols.lookup<KernelOp>(launch.getKernel());
    OpBuilder builder(launch->getContext());
    builder.setInsertionPointAfter(launch);
    for (unsigned i : found->second) {
      Value value = launch.getResult(i);
      unsigned numInputs = kernel.getFunctionType().getNumInputs();
      KernelOp checking = getCheck(kernel, value.getType(), layoutAt(kernel, numInputs + i));
      auto checked =
          LaunchOp::create(builder, launch.getLoc(), value.getType(), checking.getSymName(), value);
      value.replaceAllUsesExcept(checked.getResult(0), checked);
    }
  }

  /// A kernel that checks a tensor of this type and layout, beside `near`.
  KernelOp getCheck(KernelOp near, Type type, LayoutAttr layout) {
    KernelOp &kernel = checks[{type, layout}];
    if (kernel)
      return kernel;
    OpBuilder builder(near);
    kernel = KernelOp::create(builder, near.getLoc(), "check_finite",
                              builder.getFunctionType(type, type), Hero::elementwise);
    symbols.insert(kernel, near->getIterator());
    Block &body = kernel.getBody().front();
    OpBuilder inside = OpBuilder::atBlockEnd(&body);
    auto check = CheckFiniteOp::create(inside, near.getLoc(), type, body.getArgument(0));
    check->setAttr("mlopt.hero_op", builder.getUnitAttr());
    YieldOp::create(inside, near.getLoc(), check->getResults());
    SmallVector<Attribute> sizes;
    for (auto [i, size] : llvm::enumerate(cast<RankedTensorType>(type).getShape()))
      sizes.push_back(ShapedType::isDynamic(size) ? Attribute(builder.getStringAttr("s" + Twine(i)))
                                                  : Attribute(builder.getI64IntegerAttr(size)));
    Attribute dims = builder.getArrayAttr(sizes);
    kernel.setDimsAttr(builder.getArrayAttr({dims, dims}));
    if (layout)
      kernel.setLayoutsAttr(builder.getArrayAttr({layout, layout}));
    return kernel;
  }

  ModuleOp module;
  SymbolTable symbols;
  llvm::DenseMap<StringAttr, SmallVector<unsigned>> outside; ///< results by kernel
  llvm::DenseMap<std::pair<Type, LayoutAttr>, KernelOp> checks;
};

struct CheckFinitePass : PassWrapper<CheckFinitePass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(CheckFinitePass)
  StringRef getArgument() const override { return "mlopt-check-finite"; }
  StringRef getDescription() const override {
    return "Check what kernels compute for infinities and NaNs";
  }
  void runOnOperation() override { Checker(getOperation()).run(); }
};

} // namespace

std::unique_ptr<Pass> mlopt::createCheckFinitePass() { return std::make_unique<CheckFinitePass>(); }
