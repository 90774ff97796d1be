//===- MoveDequantize.cpp - Data movement on the integers -----------------===//
//
// Dequantizations sink below operations that move elements, quantizations rise
// above them, and where the two meet with equal parameters both vanish.
//
//===----------------------------------------------------------------------===//
#include "Quantized.h"
#include "mlopt/Passes/Quantization/Quantization.h"
#include <cmath>

namespace mlopt {
#define GEN_PASS_DEF_MOVEDEQUANTIZEPASS
#include "mlopt/Passes/Quantization/Passes.h.inc"
} // namespace mlopt

using namespace mlir;
using namespace mlopt;

/// Whether the operation only moves elements of its first operand, or picks the largest of several.
static bool movesElements(Operation *op) {
  if (auto pool = dyn_cast<PoolOp>(op))
    return pool.getKind() == PoolKind::max;
  if (auto resize = dyn_cast<ResizeOp>(op))
    return resize.getMode() == ResizeMode::nearest &&
           resize.getCoordinate() != CoordinateMode::tf_crop_and_resize;
  return isa<ReshapeOp, TransposeOp, SliceOp, GatherOp, PadOp>(op);
}

/// The operation on another first operand, of that operand's element type.
static Value onto(Operation *op, Value input, ComposeBuilder &b, GraphRewriter &rewriter,
                  Value padding = nullptr) {
  Operation *clone = op->cloneWithoutRegions();
  clone->setOperand(0, input);
  if (padding)
    clone->setOperand(1, padding);
  clone->setLoc(b.getLoc());
  clone->getResult(0).setType(
      cast<RankedTensorType>(op->getResult(0).getType()).clone(integersOf(input)));
  rewriter.getBuilder().insert(clone);
  return clone->getResult(0);
}

/// The integer that stands for the padding of a dequantized tensor; null if none does.
static Value paddingOf(PadOp pad, Value scale, Value zero, Type to, ComposeBuilder &b,
                       GraphRewriter &rewriter) {
  if (pad.getMode() != PadMode::constant)
    return b.scalarInt(to, 0);
  std::optional<double> value = rewriter.scalarOf(pad.getValue()),
                        factor = rewriter.scalarOf(scale);
  std::optional<HostTensor> offset = zero ? rewriter.constantOf(zero) : std::nullopt;
  if (!value || (zero && !offset))
    return nullptr;
  double number = offset ? offset->getDouble(0) : 0;
  if (*value != 0) {
    if (!factor || *factor == 0)
      return nullptr;
    double steps = *value / *factor;
    if (steps != std::nearbyint(steps))
      return nullptr;
    number += steps;
  }
  auto [low, high] = rangeOf(to);
  if (!(number >= low && number <= high))
    return nullptr;
  return b.scalarInt(to, static_cast<int64_t>(number));
}

/// move(dequantize(x)) = dequantize(move(x)).
static bool sinkDequantize(Operation *op, GraphRewriter &rewriter) {
  if (!movesElements(op))
    return false;
  std::optional<Dequantized> x = dequantizedOf(op->getOperand(0));
  // i32 saves nothing.
  if (!x || !isUniform(x->scale, rewriter) || !isUniform(x->zero, rewriter) ||
      integersOf(x->integers).getIntOrFloatBitWidth() >=
          integersOf(op->getResult(0)).getIntOrFloatBitWidth())
    return false;
  std::optional<double> scale = rewriter.scalarOf(x->scale);
  // The largest float is that of the largest integer where the scale is positive.
  if (isa<PoolOp>(op) && !(scale && *scale > 0))
    return false;
  Type element = integersOf(x->integers);
  if (isa<PoolOp, ResizeOp>(op) && !isByte(element))
    return false;
  ComposeBuilder b = rewriter.before(op, {op->getOperand(0).getDefiningOp()});
  Value padding;
  if (auto pad = dyn_cast<PadOp>(op)) {
    padding = paddingOf(pad, x->scale, x->zero, element, b, rewriter);
    if (!padding)
      return false;
  }
  Value moved = onto(op, x->integers, b, rewriter, padding);
  Value zero = x->zero ? reshaped(x->zero, {}, b, rewriter) : b.none();
  return rewriter.replace(op, b,
                          b.create<DequantizeOp>(moved, reshaped(x->scale, {}, b, rewriter), zero));
}

/// Reshapes that add or remove axes of size 1, and transposes, of a tensor with a scale per
/// channel.
static bool sinkDequantizePerAxis(Operation *op, GraphRewriter &rewriter) {
  if (!isa<ReshapeOp, TransposeOp>(op))
    return false;
  std::optional<Dequantized> x = dequantizedOf(op->getOperand(0));
  if (!x || (isUniform(x->scale, rewriter) && isUniform(x->zero, rewriter)))
    return false;
  SymShape in = rewriter.shapeOf(x->integers), out = rewriter.shapeOf(op->getResult(0));
  SmallVector<int64_t> map;
  auto transpose = dyn_cast<TransposeOp>(op);
  if (!transpose && !isUnitReshape(in, out, &map))
    return false;
  ComposeBuilder b = rewriter.before(op, {op->getOperand(0).getDefiningOp()});
  // A parameter with the axes of the result.
  auto moved = [&](Value v) -> Value {
    if (!v || isUniform(v, rewriter))
      return reshaped(v, {}, b, rewriter);
    SymShape full(in.size() - rewriter.shapeOf(v).size(), rewriter.size(1));
    llvm::append_range(full, rewriter.shapeOf(v));
    Value padded = reshaped(v, full, b, rewriter);
    if (transpose)
      return b.transpose(padded, transpose.getPermutation());
    SymShape shape(out.size(), rewriter.size(1));
    for (auto [axis, to] : llvm::enumerate(map))
      if (to >= 0)
        shape[to] = full[axis];
    return reshaped(padded, shape, b, rewriter);
  };
  Value scale = moved(x->scale), zero = x->zero ? moved(x->zero) : b.none();
  return rewriter.replace(op, b,
                          b.create<DequantizeOp>(onto(op, x->integers, b, rewriter), scale, zero));
}

/// Rows of a table: their scales are gathered with them.
static bool sinkGatherOfRows(Operation *op, GraphRewriter &rewriter) {
  auto gather = dyn_cast<GatherOp>(op);
  Operation *def = gather ? gather.getData().getDefiningOp() : nullptr;
  if (!isa_and_nonnull<DequantizeOp, DequantizeBlockedOp>(def) || gather.getAxis() != 0)
    return false;
  Value integers = def->getOperand(0), scale = def->getOperand(1),
        zero = zeroOf(def->getOperand(2));
  int64_t rank = rewriter.shapeOf(integers).size();
  auto blocked = dyn_cast<DequantizeBlockedOp>(def);
  if (blocked ? blocked.getAxis() == 0 : isUniform(scale, rewriter) && isUniform(zero, rewriter))
    return false;
  ComposeBuilder b = rewriter.before(op, {def});
  SymShape rows = rewriter.shapeOf(integers);
  auto gathered = [&](Value v) -> Value {
    if (!v)
      return b.none();
    SymShape shape = rewriter.shapeOf(v);
    if (static_cast<int64_t>(shape.size()) < rank || isUnit(shape[0])) // alike for all rows
      return static_cast<int64_t>(shape.size()) < rank || blocked
                 ? v
                 : reshaped(v, ArrayRef(shape).drop_front(), b, rewriter);
    return b.create<GatherOp>(v, gather.getIndices(), uint64_t(0));
  };
  if (blocked && isUnit(rows[0]))
    return false;
  Value picked = b.create<GatherOp>(integers, gather.getIndices(), uint64_t(0));
  scale = gathered(scale);
  zero = gathered(zero);
  int64_t added = static_cast<int64_t>(rewriter.shapeOf(gather.getIndices()).size()) - 1;
  Value result =
      blocked ? b.create<DequantizeBlockedOp>(picked, scale, zero,
                                              static_cast<uint64_t>(blocked.getAxis() + added),
                                              static_cast<uint64_t>(blocked.getBlock()))
              : b.create<DequantizeOp>(picked, scale, zero);
  return rewriter.replace(op, b, result);
}

/// concat(dequantize(x), dequantize(y)) = dequantize(concat(x, y)) for equal parameters.
static bool sinkConcat(Operation *op, GraphRewriter &rewriter) {
  auto concat = dyn_cast<ConcatOp>(op);
  if (!concat || concat.getInputs().empty())
    return false;
  std::optional<Dequantized> first = dequantizedOf(op->getOperand(0));
  if (!first || !isUniform(first->scale, rewriter) || !isUniform(first->zero, rewriter))
    return false;
  SmallVector<Value> integers;
  for (Value v : concat.getInputs()) {
    std::optional<Dequantized> x = dequantizedOf(v);
    if (!x || integersOf(x->integers) != integersOf(first->integers) ||
        !areEqual(x->scale, first->scale, rewriter) || !areEqual(x->zero, first->zero, rewriter))
      return false;
    integers.push_back(x->integers);
  }
  ComposeBuilder b = rewriter.before(op);
  Value zero = first->zero ? reshaped(first->zero, {}, b, rewriter) : b.none();
  return rewriter.replace(op, b,
                          b.create<DequantizeOp>(b.concat(integers, concat.getAxis()),
                                                 reshaped(first->scale, {}, b, rewriter), zero));
}

/// quantize(move(x)) = move(quantize(x)), so that x's kernel writes integers.
static bool raiseQuantize(Operation *op, GraphRewriter &rewriter) {
  auto quantize = dyn_cast<QuantizeOp>(op);
  if (!quantize || !isUniform(quantize.getScale(), rewriter) ||
      !isUniform(zeroOf(quantize.getZero()), rewriter) || !isByte(quantize.getTo()))
    return false;
  Operation *moves = quantize.getInput().getDefiningOp();
  std::optional<double> scale = rewriter.scalarOf(quantize.getScale());
  if (!moves || !moves->hasOneUse() || !scale || !(*scale > 0))
    return false;
  auto pool = dyn_cast<PoolOp>(moves);
  auto concat = dyn_cast<ConcatOp>(moves);
  auto pad = dyn_cast<PadOp>(moves);
  if (!isa<ReshapeOp, TransposeOp>(moves) && !concat &&
      !(pool && pool.getKind() == PoolKind::max) && !(pad && pad.getMode() == PadMode::constant))
    return false;
  ComposeBuilder b = rewriter.before(op, {moves});
  Value zero = zeroOf(quantize.getZero());
  zero = zero ? reshaped(zero, {}, b, rewriter) : b.none();
  Value factor = reshaped(quantize.getScale(), {}, b, rewriter);
  auto quantized = [&](Value v) { return b.create<QuantizeOp>(v, factor, zero, quantize.getTo()); };
  if (concat) {
    SmallVector<Value> parts;
    for (Value v : concat.getInputs())
      parts.push_back(quantized(v));
    return rewriter.replace(op, b, b.concat(parts, concat.getAxis()));
  }
  Value padding = pad ? quantized(pad.getValue()) : Value();
  Value input = quantized(moves->getOperand(0));
  return input && (!pad || padding) &&
         rewriter.replace(op, b, onto(moves, input, b, rewriter, padding));
}

/// What was stored as integers is finite where no product leaves a wide float type.
static bool isNeverNan(Operation *op, GraphRewriter &rewriter) {
  if (!isa<IsNanOp, IsInfOp>(op))
    return false;
  std::optional<Dequantized> x = dequantizedOf(op->getOperand(0));
  std::optional<HostTensor> scale = x ? rewriter.constantOf(x->scale) : std::nullopt;
  if (!scale || integersOf(x->scale).getIntOrFloatBitWidth() < 32)
    return false;
  double steps = double(int64_t(1) << integersOf(x->integers).getIntOrFloatBitWidth());
  for (int64_t i = 0; i < scale->getNumElements(); ++i)
    if (!(std::fabs(scale->getDouble(i)) * steps < 1e38))
      return false;
  ComposeBuilder b = rewriter.before(op);
  Value no = b.scalarInt(rewriter.getBuilder().getI1Type(), 0);
  return rewriter.replace(op, b, b.broadcast(no, rewriter.shapeOf(op->getResult(0))));
}

namespace {
struct MoveDequantize : mlopt::impl::MoveDequantizePassBase<MoveDequantize> {
  void runOnOperation() override {
    applyRules(getOperation(), {cancelPair, isNeverNan, sinkDequantize, sinkDequantizePerAxis,
                                sinkGatherOfRows, sinkConcat, raiseQuantize});
  }
};
} // namespace
