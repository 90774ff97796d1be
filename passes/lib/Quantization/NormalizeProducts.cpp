//===- NormalizeProducts.cpp - Integer products as kernels compute them ---===//
//
// sum (a - za)(w - zw) = sum a w - za sum w - zw sum (a - za), with a as ui8 and
// w as i8 (both moved by 128 where needed, with their zero points).
//
//===----------------------------------------------------------------------===//
#include "Quantized.h"
#include "mlopt/Passes/Quantization/Quantization.h"
#include <algorithm>

namespace mlopt {
#define GEN_PASS_DEF_NORMALIZEPRODUCTSPASS
#include "mlopt/Passes/Quantization/Passes.h.inc"
} // namespace mlopt

using namespace mlir;
using namespace mlopt;

namespace {
/// An operand of a product in the sign that kernels take, and its zero point in i32 (null: 0).
struct Operand {
  Value integers, zero;

  Operand(Value v, Value zeroPoint, bool isSigned, ComposeBuilder &b, GraphRewriter &rewriter)
      : integers(v) {
    zero = zeroOf(zeroPoint);
    if (zero)
      zero = toI32(zero, b, rewriter);
    if (integersOf(v).isUnsignedInteger() == isSigned) {
      integers = flipSign(v, /*force=*/true, b, rewriter);
      Value shift = b.scalarInt(rewriter.getBuilder().getI32Type(), isSigned ? -128 : 128);
      zero = zero ? arithmetic(Arithmetic::Add, zero, shift, b, rewriter) : shift;
    }
    if (isAll(zero, 0, rewriter))
      zero = nullptr;
  }
};
} // namespace

/// The sum along an axis that stays with size 1, in i32; at compile time for a constant.
static Value sumAlong(Value v, int64_t axis, ComposeBuilder &b, GraphRewriter &rewriter) {
  Type i32 = rewriter.getBuilder().getI32Type();
  std::optional<HostTensor> tensor = rewriter.constantOf(v);
  if (!tensor)
    return b.reduce(b.cast(v, i32), ReduceKind::sum, {axis}, /*keepdims=*/true);
  ArrayRef<int64_t> shape = tensor->getShape();
  SmallVector<int64_t> result(shape);
  result[axis] = 1;
  int64_t inner = 1;
  for (int64_t size : shape.drop_front(axis + 1))
    inner *= size;
  HostTensor sums = HostTensor::zeros(i32, result);
  MutableArrayRef<int64_t> out = sums.mutableIntegers();
  HostTensor wide = tensor->toWide();
  const int64_t *from = wide.integers().data();
  for (size_t first = 0; first < out.size(); first += inner)
    for (int64_t k = 0; k < shape[axis]; ++k)
      for (int64_t i = 0; i < inner; ++i)
        out[first + i] += *from++;
  return write(sums, v, ".sums", b, rewriter);
}

/// Folds a constant zero point into constant weights where all differences are i8.
static void foldZero(Operand &w, ComposeBuilder &b, GraphRewriter &rewriter) {
  std::optional<HostTensor> weights = rewriter.constantOf(w.integers),
                            zero = w.zero ? rewriter.constantOf(w.zero) : std::nullopt;
  if (!weights || !zero)
    return;
  Type i32 = rewriter.getBuilder().getI32Type(), i8 = rewriter.getBuilder().getIntegerType(8);
  // Most zero points other than 0 do not fit: seen without looking at each element's.
  HostTensor wide = weights->toWide(), zeros = zero->toWide();
  if (weights->getNumElements() == 0)
    return;
  if (zeros.getNumElements() == 1) {
    auto [low, high] = std::minmax_element(wide.integers().begin(), wide.integers().end());
    if (*low - zeros.integers()[0] < -128 || *high - zeros.integers()[0] > 127)
      return;
  }
  HostTensor moved = combineIntegers(wide, zeros, i32, [](int64_t x, int64_t z) { return x - z; });
  if (moved.getShape() != weights->getShape() ||
      llvm::any_of(moved.integers(), [](int64_t v) { return v < -128 || v > 127; }))
    return;
  w.integers = write(mapIntegers(moved, i8, [](int64_t x) { return x; }), w.integers, ".centered",
                     b, rewriter);
  w.zero = nullptr;
}

/// -x * y, as much of it as possible at compile time.
static Value minusProduct(Value x, Value y, ComposeBuilder &b, GraphRewriter &rewriter) {
  Value minus = b.scalarInt(rewriter.getBuilder().getI32Type(), -1);
  Value &constant = rewriter.constantOf(x) ? x : y;
  constant = arithmetic(Arithmetic::Mul, constant, minus, b, rewriter);
  return arithmetic(Arithmetic::Mul, x, y, b, rewriter);
}

static bool normalizeMatmul(Operation *op, GraphRewriter &rewriter) {
  auto product = dyn_cast<IntegerMatmulOp>(op);
  if (!product)
    return false;
  bool isNormal = integersOf(product.getLhs()).isUnsignedInteger() &&
                  !integersOf(product.getRhs()).isUnsignedInteger() &&
                  !zeroOf(product.getLhsZero()) && !zeroOf(product.getRhsZero());
  if (isNormal)
    return false;
  int64_t rankA = cast<RankedTensorType>(product.getLhs().getType()).getRank();
  int64_t rankW = cast<RankedTensorType>(product.getRhs().getType()).getRank();
  bool transposed = product.getTransposeB();
  int64_t axisW = rankW - (transposed ? 1 : 2);
  MLIRContext *context = op->getContext();
  // A zero point that changes along the sum is subtracted before the product, elsewhere.
  auto along = [&](Value zero, int64_t rank, int64_t axis) {
    return zeroOf(zero) && !isUnit(sizeAlong(rewriter.shapeOf(zero), rank, axis, context));
  };
  if (along(product.getLhsZero(), rankA, rankA - 1) || along(product.getRhsZero(), rankW, axisW)) {
    refuseQuantized(op, "integer product not normalized",
                    "a zero point changes along the summed axis");
    return false;
  }
  ComposeBuilder b = rewriter.before(op);
  Operand a(product.getLhs(), product.getLhsZero(), false, b, rewriter),
      w(product.getRhs(), product.getRhsZero(), true, b, rewriter);
  foldZero(w, b, rewriter);
  Value sums = b.create<IntegerMatmulOp>(a.integers, w.integers, b.none(), b.none(), transposed);
  if (a.zero) {
    Value columns = sumAlong(w.integers, axisW, b, rewriter);
    if (transposed)
      columns = swapLastAxes(columns, b, rewriter);
    else if (rankW == 2)
      columns = reshaped(columns, ArrayRef(rewriter.shapeOf(columns)).drop_front(), b, rewriter);
    Value zero = isUniform(a.zero, rewriter) ? reshaped(a.zero, {}, b, rewriter) : a.zero;
    sums = b.add(sums, minusProduct(columns, zero, b, rewriter));
  }
  if (w.zero) {
    Type i32 = rewriter.getBuilder().getI32Type();
    Value left = b.cast(a.integers, i32);
    if (a.zero)
      left = b.sub(left, a.zero);
    Value rows = b.reduce(left, ReduceKind::sum, {rankA - 1}, /*keepdims=*/true);
    Value zero = isUniform(w.zero, rewriter) ? reshaped(w.zero, {}, b, rewriter)
                 : transposed                ? swapLastAxes(w.zero, b, rewriter)
                                             : w.zero;
    sums = b.sub(sums, b.mul(rows, zero));
  }
  return rewriter.replace(op, b, sums);
}

static bool normalizeConvolution(Operation *op, GraphRewriter &rewriter) {
  auto conv = dyn_cast<IntegerConvOp>(op);
  if (!conv)
    return false;
  bool isNormal = conv.getRaw() && integersOf(conv.getInput()).isUnsignedInteger() &&
                  !integersOf(conv.getFilter()).isUnsignedInteger() &&
                  !zeroOf(conv.getFilterZero());
  if (isNormal)
    return false;
  SymShape shape = rewriter.shapeOf(conv.getFilter());
  int64_t rank = shape.size();
  if (conv.getRaw())
    return false; // the phase itself makes raw convolutions, in their normal form
  ComposeBuilder b = rewriter.before(op);
  OpBuilder &builder = rewriter.getBuilder();
  Operand x(conv.getInput(), conv.getInputZero(), false, b, rewriter);
  // Beside the filter its zero point has the shape [M, 1, ...].
  Operand f(conv.getFilter(), b.none(), true, b, rewriter);
  Value shift = f.zero;
  f.zero = zeroOf(conv.getFilterZero());
  if (f.zero)
    f.zero = perChannel(toI32(f.zero, b, rewriter), rank, b, rewriter);
  if (shift)
    f.zero = f.zero ? arithmetic(Arithmetic::Add, f.zero, shift, b, rewriter) : shift;
  if (isAll(f.zero, 0, rewriter))
    f.zero = nullptr;
  foldZero(f, b, rewriter);
  Value zero;
  if (x.zero) {
    Type ui8 = IntegerType::get(op->getContext(), 8, IntegerType::Unsigned);
    if (std::optional<HostTensor> constant = rewriter.constantOf(x.zero))
      zero = write(mapIntegers(*constant, ui8, [](int64_t v) { return v; }), x.zero, ".byte", b,
                   rewriter);
    else
      zero = b.cast(x.zero, ui8);
    zero = reshaped(zero, {}, b, rewriter);
    x.zero = reshaped(x.zero, {}, b, rewriter);
  }
  auto convolve = [&](Value filter) {
    return b.create<IntegerConvOp>(x.integers, filter, zero ? zero : b.none(), b.none(),
                                   conv.getStrides(), conv.getPadsBegin(), conv.getPadsEnd(),
                                   conv.getDilations(), conv.getGroups(),
                                   /*raw=*/true);
  };
  // The raw convolution less what its zero point adds.
  auto centered = [&](Value filter) -> Value {
    Value sums = convolve(filter);
    if (!x.zero)
      return sums;
    Value weights = filter;
    if (rewriter.constantOf(filter))
      for (int64_t axis = 1; axis < rank; ++axis)
        weights = sumAlong(weights, axis, b, rewriter);
    else
      weights = b.reduce(b.cast(filter, builder.getI32Type()), ReduceKind::sum,
                         llvm::to_vector(llvm::seq<int64_t>(1, rank)), /*keepdims=*/true);
    weights = perChannel(weights, rank - 1, b, rewriter);
    return b.add(sums, minusProduct(weights, x.zero, b, rewriter));
  };
  Value sums = centered(f.integers);
  if (f.zero) {
    // The same convolution with ones: what lies under each window. One channel of it does without
    // groups.
    SmallVector<int64_t> sizes;
    for (SymExpr size : shape) {
      if (!size.getConstant())
        return false;
      sizes.push_back(*size.getConstant());
    }
    if (conv.getGroups() == 1)
      sizes[0] = 1;
    HostTensor ones = HostTensor::zeros(builder.getIntegerType(8), sizes);
    llvm::fill(ones.mutableIntegers(), 1);
    Value windows = centered(write(ones, conv.getFilter(), ".ones", b, rewriter));
    Value each = perChannel(f.zero, rank - 1, b, rewriter);
    sums = b.sub(sums, b.mul(windows, each));
  }
  return rewriter.replace(op, b, sums);
}

/// `dequantize` of a quantization that a product needs in the other sign reads that one.
static bool shareQuantization(Operation *op, GraphRewriter &rewriter) {
  auto dequantize = dyn_cast<DequantizeOp>(op);
  if (!dequantize || !isByte(integersOf(dequantize.getInput())))
    return false;
  Value root = dequantize.getInput();
  while (isa_and_nonnull<ReshapeOp, TransposeOp, SliceOp>(root.getDefiningOp()))
    root = root.getDefiningOp()->getOperand(0);
  auto quantize = root.getDefiningOp<QuantizeOp>();
  if (!quantize)
    return false;
  auto isNeeded = [](QuantizeOp q) {
    return llvm::any_of(q->getUsers(), [](Operation *user) { return !isa<DequantizeOp>(user); });
  };
  if (root == dequantize.getInput() && isNeeded(quantize))
    return false; // both exist anyway
  bool twin = llvm::any_of(quantize.getInput().getUsers(), [&](Operation *user) {
    auto other = dyn_cast<QuantizeOp>(user);
    return other && other != quantize && isByte(other.getTo()) &&
           other.getTo() != quantize.getTo() &&
           areEqual(other.getScale(), quantize.getScale(), rewriter) && isNeeded(other);
  });
  if (!twin)
    return false;
  ComposeBuilder b = rewriter.before(op);
  Value flipped = flipSign(dequantize.getInput(), false, b, rewriter);
  Value zero = zeroOf(dequantize.getZero());
  if (!flipped)
    return false;
  Type to = integersOf(flipped);
  zero = zero ? flipSign(zero, true, b, rewriter)
              : b.scalarInt(to, to.isUnsignedInteger() ? 128 : -128);
  return rewriter.replace(op, b, b.create<DequantizeOp>(flipped, dequantize.getScale(), zero));
}

namespace {
struct NormalizeProducts : mlopt::impl::NormalizeProductsPassBase<NormalizeProducts> {
  void runOnOperation() override {
    applyRules(getOperation(), {normalizeMatmul, normalizeConvolution});
    applyRules(getOperation(), {shareQuantization});
  }
};
} // namespace
