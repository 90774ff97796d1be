//===- ContractionShape.cpp - A matrix product's sizes and factors --------===//
#include "ContractionShape.h"
#include "mlopt/Passes/KernelSignature.h"

using namespace mlir;
using namespace mlopt;

static Type elementOf(Value tensor) {
  return cast<RankedTensorType>(tensor.getType()).getElementType();
}

ContractionShape::ContractionShape(MatmulOp op, ShapeAnalysis &shapes) : op(op) {
  MLIRContext *context = op.getContext();
  SymShape a = shapes.shapeOf(op.getLhs()), b = shapes.shapeOf(op.getRhs()),
           out = shapes.shapeOf(op.getResult());
  k = a[a.size() - (op.getTransposeA() ? 2 : 1)];
  n = out.back();
  leftBatch.assign(a.begin(), a.end() - 2);
  rightBatch.assign(b.begin(), b.end() - 2);
  bool sharedB = llvm::all_of(rightBatch, [](SymExpr s) { return s.isConstant(1); });
  merged = sharedB && (!op.getTransposeA() || out.size() == 2);
  batch.assign(out.begin(), out.end() - (merged ? out.size() : 2));
  rowDims.assign(out.begin() + batch.size(), out.end() - 1);
  items = numElements(context, batch);
  m = numElements(context, rowDims);
}

TileMath ContractionShape::math(const TargetDescription &target) const {
  if (!elementOf(op.getLhs()).isF32())
    return TileMath::Half;
  return target.tf32 ? TileMath::Tf32 : TileMath::Fma;
}

static OperandSpec specOf(const ContractionTile &tile, int64_t extent, bool depthInner,
                          SymExpr inner, Value factor) {
  OperandSpec spec;
  spec.math = tile.math;
  spec.depthInner = depthInner;
  spec.extent = extent;
  spec.depth = tile.k;
  spec.unitBytes = OperandSpec::widestUnit(tile.math, spec.turned(), inner);
  if (ContractionShape::isComputed(factor))
    spec.unitBytes = spec.elementBytes();
  spec.byElements = ContractionShape::isComputed(factor) || spec.unitBytes < 4;
  return spec;
}

OperandSpec ContractionShape::leftSpec(const ContractionTile &tile) const {
  bool depthInner = !op.getTransposeA();
  return specOf(tile, tile.m, depthInner, depthInner ? k : m, op.getLhs());
}

OperandSpec ContractionShape::rightSpec(const ContractionTile &tile) const {
  bool depthInner = op.getTransposeB();
  return specOf(tile, tile.n, depthInner, depthInner ? k : n, op.getRhs());
}

ContractionProblem ContractionShape::problem(const TargetDescription &target) const {
  ContractionProblem p;
  p.math = math(target);
  p.m = m.getConstant(), p.n = n.getConstant(), p.k = k.getConstant(),
  p.items = items.getConstant();
  ContractionTile any;
  any.math = p.math;
  p.leftTurned = op.getTransposeA();
  p.byElements = leftSpec(any).byElements || rightSpec(any).byElements;
  return p;
}

bool mlopt::suitsContraction(KernelOp kernel, const ContractionShape &shape, std::string &reason) {
  MatmulOp hero = shape.op;
  ShapeAnalysis shapes(kernel);
  SymShape out = shapes.shapeOf(hero.getResult());
  auto yield = cast<YieldOp>(kernel.getBody().front().getTerminator());
  unsigned operands = kernel.getFunctionType().getNumInputs();
  for (unsigned i = 0; i < operands + yield.getValues().size(); ++i)
    if (layoutAt(kernel, i)) {
      reason = "expects row-major operands and results";
      return false;
    }
  for (Value value : yield.getValues())
    if (shapes.shapeOf(value) != out) {
      reason = "expects results of the hero's shape";
      return false;
    }
  for (Operation &op : kernel.getBody().front().without_terminator())
    if (&op != hero && !op.hasTrait<mlopt::OpTrait::Elementwise>() &&
        !isa<ConstantOp, NoneOp, BroadcastOp, IotaOp, SliceOp, arith::ConstantOp>(op)) {
      reason = "expects elementwise operations beside the hero, got " +
               op.getName().getStringRef().str();
      return false;
    }
  return true;
}

int64_t mlopt::storedLanes(const ContractionShape &shape) {
  for (int64_t lanes : {4, 2})
    if (shape.n.isMultipleOf(lanes))
      return lanes;
  return 1;
}

bool mlopt::rowsAreFlat(KernelOp kernel, const ContractionShape &shape, ShapeAnalysis &shapes) {
  SymShape out = shapes.shapeOf(shape.op.getResult());
  auto suits = [&](Value value) {
    if (!isa<RankedTensorType>(value.getType()))
      return true;
    SymShape own = shapes.shapeOf(value);
    if (own == out)
      return true;
    // Aligned at the end: all axes but the columns are 1.
    ArrayRef<SymExpr> rows = ArrayRef<SymExpr>(own).drop_back(own.empty() ? 0 : 1);
    return llvm::all_of(rows, [](SymExpr s) { return s.isConstant(1); });
  };
  for (Operation &op : kernel.getBody().front().without_terminator()) {
    if (isa<MatmulOp>(op))
      continue;
    if (!isa<ConstantOp, NoneOp, arith::ConstantOp>(op) &&
        !op.hasTrait<mlopt::OpTrait::Elementwise>())
      return false;
    if (isa<CheckFiniteOp>(op))
      return false;
    if (!llvm::all_of(op.getOperands(), suits) || !llvm::all_of(op.getResults(), suits))
      return false;
  }
  return true;
}
