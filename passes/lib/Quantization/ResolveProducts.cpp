//===- ResolveProducts.cpp - Dequantized operands become integer products -===//
//
// sum over k of (a - za) sa (w - zw) sw is sa sw times a sum of integers, where
// neither scale changes along k.
//
//===----------------------------------------------------------------------===//
#include "Quantized.h"
#include "mlopt/Passes/Graph/Groups.h"
#include "mlopt/Passes/Quantization/Quantization.h"
#include <algorithm>
#include <cmath>

namespace mlopt {
#define GEN_PASS_DEF_RESOLVEPRODUCTSPASS
#include "mlopt/Passes/Quantization/Passes.h.inc"
} // namespace mlopt

using namespace mlir;
using namespace mlopt;

/// A constant of less than 8 bits, and its zero point, as i8: the same numbers.
static bool widenToByte(Dequantized &value, ComposeBuilder &b, GraphRewriter &rewriter) {
  Type element = integersOf(value.integers);
  if (isByte(element))
    return true;
  if (element.getIntOrFloatBitWidth() > 8)
    return false;
  std::optional<HostTensor> tensor = rewriter.constantOf(value.integers);
  std::optional<HostTensor> zero = value.zero ? rewriter.constantOf(value.zero) : std::nullopt;
  if (!tensor || (value.zero && !zero))
    return false;
  Type i8 = rewriter.getBuilder().getIntegerType(8);
  auto same = [](int64_t x) { return x; };
  value.integers = write(mapIntegers(*tensor, i8, same), value.integers, ".bytes", b, rewriter);
  if (zero)
    value.zero = write(mapIntegers(*zero, i8, same), value.zero, ".bytes", b, rewriter);
  return true;
}

/// Whether the value could be an operand of an integer product.
static bool isByteOrSmallConstant(const Dequantized &value, GraphRewriter &rewriter) {
  Type element = integersOf(value.integers);
  return isByte(element) || (element.getIntOrFloatBitWidth() < 8 && isConstant(value.integers) &&
                             (!value.zero || isConstant(value.zero)));
}

namespace {
/// Largest absolute values of an operand in the sign that kernels take (the left one ui8, the other
/// i8), as NormalizeProducts makes it.
struct Magnitude {
  double stored, zero, difference;

  Magnitude(const Dequantized &value, bool isLeft, GraphRewriter &rewriter) {
    auto [low, high] = rangeOf(value.integers, rewriter);
    auto [zeroLow, zeroHigh] =
        value.zero ? rangeOf(value.zero, rewriter) : std::pair<int64_t, int64_t>(0, 0);
    Type element = integersOf(value.integers);
    // What has less than 8 bits becomes i8 first.
    bool isUnsigned = isByte(element) && element.isUnsignedInteger();
    int64_t shift = isLeft && !isUnsigned ? 128 : !isLeft && isUnsigned ? -128 : 0;
    stored = std::max(std::abs(low + shift), std::abs(high + shift));
    zero = std::max(std::abs(zeroLow + shift), std::abs(zeroHigh + shift));
    difference = std::max(std::abs(high - zeroLow), std::abs(low - zeroHigh));
  }
};
} // namespace

/// Sums from here on may leave i32.
constexpr double sumLimit = 2147483648.0;

/// The most that one product, and what corrects it for the zero points, add to a sum or to any part
/// of it.
static double largestTerm(const Dequantized &a, const Dequantized &w, GraphRewriter &rewriter) {
  Magnitude left(a, true, rewriter), right(w, false, rewriter);
  return (left.stored + left.zero) * right.stored + right.zero * left.difference;
}

/// The most terms that the run may sum up: a size that stands on both sides of a product.
static std::optional<int64_t> mostTerms(Operation *op, SymExpr left, SymExpr right) {
  auto function = op->getParentOfType<func::FuncOp>();
  std::optional<int64_t> x = upperBound(left, function), y = upperBound(right, function);
  return x && y ? std::min(*x, *y) : x ? x : y;
}

/// The largest absolute integer of a constant; 2^31 for one of the run.
static double largestOf(Value integers, GraphRewriter &rewriter) {
  auto [low, high] = rangeOf(integers, rewriter);
  return std::max(std::abs(double(low)), std::abs(double(high)));
}

/// A bound of sums of products, with what was added to them; none if none is known.
static std::optional<double> largestSum(Value sums, GraphRewriter &rewriter) {
  Operation *op = sums.getDefiningOp();
  if (isa_and_nonnull<ReshapeOp, TransposeOp, SliceOp>(op))
    return largestSum(op->getOperand(0), rewriter);
  if (isConstant(sums))
    return largestOf(sums, rewriter);
  if (isa_and_nonnull<AddOp>(op)) {
    std::optional<double> x = largestSum(op->getOperand(0), rewriter),
                          y = largestSum(op->getOperand(1), rewriter);
    return x && y ? std::optional(*x + *y) : std::nullopt;
  }
  std::optional<int64_t> terms;
  if (auto product = dyn_cast_or_null<IntegerMatmulOp>(op)) {
    SymShape left = rewriter.shapeOf(product.getLhs()), right = rewriter.shapeOf(product.getRhs());
    terms = mostTerms(op, left.back(), right[right.size() - (product.getTransposeB() ? 1 : 2)]);
  } else if (auto conv = dyn_cast_or_null<IntegerConvOp>(op)) {
    SymShape filter = rewriter.shapeOf(conv.getFilter());
    terms = numElements(op->getContext(), ArrayRef(filter).drop_front()).getConstant();
  }
  if (!terms)
    return std::nullopt;
  Dequantized a{op->getOperand(0), nullptr, zeroOf(op->getOperand(2))},
      w{op->getOperand(1), nullptr, zeroOf(op->getOperand(3))};
  return double(*terms) * largestTerm(a, w, rewriter);
}

/// Attribute of a product that stays in floating point because nothing bounds how much it sums up:
/// the most terms that would do.
constexpr StringLiteral unboundedName = "mlopt.unbounded_sum";

/// Sums in floating point, times the scales (null: 1), in the element type `to`.
static Value scaleSums(Value sums, Value first, Value second, Type to, ComposeBuilder &b,
                       GraphRewriter &rewriter) {
  Type compute = to.getIntOrFloatBitWidth() < 32 ? rewriter.getBuilder().getF32Type() : to;
  Value result = b.cast(sums, compute);
  std::optional<HostTensor> x = rewriter.constantOf(first), y = rewriter.constantOf(second);
  // A scale per row and one per column would be a constant of the result's size.
  if (x && y && !growsTogether(x->getShape(), y->getShape())) {
    HostTensor scale = combine(*x, *y, compute, [](double p, double q) { return p * q; });
    return b.cast(b.mul(result, write(scale, second, ".scale", b, rewriter)), to);
  }
  result = b.mul(b.mul(result, b.cast(first, compute)), b.cast(second, compute));
  return b.cast(result, to);
}

static bool resolveMatmul(Operation *op, GraphRewriter &rewriter) {
  auto matmul = dyn_cast<MatmulOp>(op);
  if (!matmul)
    return false;
  std::optional<Dequantized> a = dequantizedOf(matmul.getLhs()), w = dequantizedOf(matmul.getRhs());
  if (!a || !w || !isByteOrSmallConstant(*a, rewriter) || !isByteOrSmallConstant(*w, rewriter))
    return false;
  auto unfit = [&](const Twine &reason) {
    refuseQuantized(op, "product not in integers", reason);
    return false;
  };
  MLIRContext *context = op->getContext();
  SymShape left = rewriter.shapeOf(a->integers), right = rewriter.shapeOf(w->integers);
  int64_t rankA = left.size(), rankW = right.size();
  int64_t axisA = rankA - (matmul.getTransposeA() ? 2 : 1),
          axisW = rankW - (matmul.getTransposeB() ? 1 : 2);
  for (Value parameter : {a->scale, a->zero})
    if (parameter && !isUnit(sizeAlong(rewriter.shapeOf(parameter), rankA, axisA, context)))
      return unfit("scale or zero point of the left operand change along the summed axis");
  for (Value parameter : {w->scale, w->zero})
    if (parameter && !isUnit(sizeAlong(rewriter.shapeOf(parameter), rankW, axisW, context)))
      return unfit("scale or zero point of the right operand change along the summed axis");
  double term = largestTerm(*a, *w, rewriter);
  std::optional<int64_t> terms = mostTerms(op, left[axisA], right[axisW]);
  if (!terms && term > 0) {
    op->setAttr(unboundedName,
                rewriter.getBuilder().getI64IntegerAttr(int64_t((sumLimit - 1) / term)));
    return unfit("nothing bounds the size that it sums over, its sums may overflow 32 bits");
  }
  if (terms && double(*terms) * term >= sumLimit)
    return unfit("its sums may overflow 32 bits");

  ComposeBuilder b =
      rewriter.before(op, {matmul.getLhs().getDefiningOp(), matmul.getRhs().getDefiningOp()});
  if (!widenToByte(*a, b, rewriter) || !widenToByte(*w, b, rewriter))
    return false;
  Value scaleA = a->scale, scaleW = w->scale;
  if (matmul.getTransposeA()) {
    SmallVector<int64_t> swap(llvm::to_vector(llvm::seq<int64_t>(rankA)));
    std::swap(swap[rankA - 1], swap[rankA - 2]);
    a->integers = b.transpose(a->integers, swap);
    a->zero = swapLastAxes(a->zero, b, rewriter);
    scaleA = swapLastAxes(scaleA, b, rewriter);
  } else if (isUniform(scaleA, rewriter)) {
    scaleA = reshaped(scaleA, {}, b, rewriter);
  }
  if (matmul.getTransposeB())
    scaleW = swapLastAxes(scaleW, b, rewriter);
  else if (isUniform(scaleW, rewriter))
    scaleW = reshaped(scaleW, {}, b, rewriter);
  Value sums = b.create<IntegerMatmulOp>(a->integers, w->integers, a->zero ? a->zero : b.none(),
                                         w->zero ? w->zero : b.none(), matmul.getTransposeB());
  if (!sums)
    return false;
  return rewriter.replace(
      op, b, scaleSums(sums, scaleA, scaleW, b.elementOf(matmul.getResult()), b, rewriter));
}

/// Whether a parameter of a filter has one element or one for each output channel.
static bool isPerOutput(Value parameter, int64_t rank, GraphRewriter &rewriter) {
  if (!parameter)
    return true;
  SymShape shape = rewriter.shapeOf(parameter);
  for (int64_t axis = 1; axis < rank; ++axis)
    if (!isUnit(sizeAlong(shape, rank, axis, rewriter.getBuilder().getContext())))
      return false;
  return true;
}

/// The integers of a bias whose scale is the product of the two others; null for any other.
static Value integerBias(Value bias, Value scaleX, Value scaleF, GraphRewriter &rewriter) {
  std::optional<Dequantized> value = dequantizedOf(bias);
  if (!value || !integersOf(value->integers).isSignlessInteger(32) ||
      (value->zero && !isAll(value->zero, 0, rewriter)))
    return nullptr;
  std::optional<HostTensor> scale = rewriter.constantOf(value->scale),
                            x = rewriter.constantOf(scaleX), f = rewriter.constantOf(scaleF);
  if (!scale || !x || !f || x->getNumElements() != 1)
    return nullptr;
  int64_t channels = std::max(scale->getNumElements(), f->getNumElements());
  for (const HostTensor &tensor : {*scale, *f})
    if (tensor.getNumElements() != 1 && tensor.getNumElements() != channels)
      return nullptr;
  Type element = integersOf(value->scale);
  for (int64_t i = 0; i < channels; ++i) {
    auto at = [&](const HostTensor &tensor) {
      return tensor.getDouble(tensor.getNumElements() == 1 ? 0 : i);
    };
    if (!isNear(at(*scale), at(*f) * x->getDouble(0), element))
      return nullptr;
  }
  return value->integers;
}

static bool resolveConvolution(Operation *op, GraphRewriter &rewriter) {
  auto conv = dyn_cast<ConvOp>(op);
  if (!conv)
    return false;
  std::optional<Dequantized> x = dequantizedOf(conv.getInput()),
                             f = dequantizedOf(conv.getFilter());
  if (!x || !f || !isByte(integersOf(x->integers)) || !isByteOrSmallConstant(*f, rewriter))
    return false;
  auto unfit = [&](const Twine &reason) {
    refuseQuantized(op, "convolution not in integers", reason);
    return false;
  };
  SymShape filter = rewriter.shapeOf(f->integers);
  int64_t rank = filter.size();
  if (!isUniform(x->scale, rewriter) || !isUniform(x->zero, rewriter))
    return unfit("scale or zero point of the input have several elements");
  if (!isPerOutput(f->scale, rank, rewriter) || !isPerOutput(f->zero, rank, rewriter))
    return unfit("scale or zero point of the filter change within an output channel");
  SmallVector<int64_t> sizes;
  for (SymExpr size : filter)
    if (std::optional<int64_t> known = size.getConstant())
      sizes.push_back(*known);
  if (sizes.size() != filter.size())
    return unfit("its filter's sizes are known at run time only");
  if (!fitsBlocks(conv.getGroups(), sizes))
    return unfit("its groups do not come in whole blocks of channels");
  double most = largestTerm(*x, *f, rewriter);
  for (int64_t size : ArrayRef(sizes).drop_front())
    most *= double(size);
  if (most >= sumLimit)
    return unfit("its sums may overflow 32 bits");

  ComposeBuilder b =
      rewriter.before(op, {conv.getInput().getDefiningOp(), conv.getFilter().getDefiningOp()});
  if (!widenToByte(*f, b, rewriter))
    return false;
  Value scaleX = reshaped(x->scale, {}, b, rewriter),
        scaleF = perChannel(f->scale, rank - 1, b, rewriter);
  Value zeroX = reshaped(x->zero, {}, b, rewriter), zeroF = perChannel(f->zero, 1, b, rewriter);
  Value sums = b.create<IntegerConvOp>(x->integers, f->integers, zeroX ? zeroX : b.none(),
                                       zeroF ? zeroF : b.none(), conv.getStrides(),
                                       conv.getPadsBegin(), conv.getPadsEnd(), conv.getDilations(),
                                       conv.getGroups(), /*raw=*/false);
  if (!sums)
    return false;
  Value bias = isa<NoneType>(conv.getBias().getType()) ? Value() : conv.getBias();
  SymShape perOutput(rank - 1, rewriter.size(1));
  perOutput[0] = filter[0];
  Value integers = bias ? integerBias(bias, scaleX, scaleF, rewriter) : Value();
  // A bias of a channel with a tiny scale is often the largest integer there is.
  if (integers && most + largestOf(integers, rewriter) < sumLimit) {
    sums = b.add(sums, reshaped(integers, perOutput, b, rewriter));
    bias = nullptr;
  }
  Type element = b.elementOf(conv.getResult());
  Value result = scaleSums(sums, scaleX, scaleF, element, b, rewriter);
  if (bias)
    result = b.add(result, reshaped(bias, perOutput, b, rewriter));
  return rewriter.replace(op, b, result);
}

/// The axis, counted from the last one, along which a tensor has several elements; none for several
/// axes.
static std::optional<int64_t> onlyAxis(ArrayRef<SymExpr> shape) {
  std::optional<int64_t> axis;
  for (auto [i, size] : llvm::enumerate(shape))
    if (!isUnit(size)) {
      if (axis)
        return std::nullopt;
      axis = static_cast<int64_t>(shape.size() - i);
    }
  return axis;
}

/// cast(sums) * scale + dequantize(bias) = cast(sums + bias) * scale where the scales agree.
static bool resolveBias(Operation *op, GraphRewriter &rewriter) {
  auto add = dyn_cast<AddOp>(op);
  if (!add)
    return false;
  for (unsigned i = 0; i < 2; ++i) {
    auto product = singleUse<MulOp>(op->getOperand(i));
    std::optional<Dequantized> bias = dequantizedOf(op->getOperand(1 - i));
    if (!product || !bias || !isConstant(bias->integers) ||
        rewriter.shapeOf(product) != rewriter.shapeOf(op->getResult(0)))
      continue;
    for (unsigned j = 0; j < 2; ++j) {
      auto cast = singleUse<CastOp>(product->getOperand(j));
      Value scale = product->getOperand(1 - j);
      if (!cast || !integersOf(cast.getInput()).isSignlessInteger(32) || !isConstant(scale))
        continue;
      if (!isUniform(bias->scale, rewriter) && !isUniform(scale, rewriter) &&
          !(onlyAxis(rewriter.shapeOf(scale)) &&
            onlyAxis(rewriter.shapeOf(bias->scale)) == onlyAxis(rewriter.shapeOf(scale))))
        continue;
      ComposeBuilder b = rewriter.before(op, {product, cast});
      Value one = b.scalar(b.elementOf(scale), 1);
      Value integers = integerBias(op->getOperand(1 - i), one, scale, rewriter);
      std::optional<double> most = largestSum(cast.getInput(), rewriter);
      if (!integers || !most || *most + largestOf(integers, rewriter) >= sumLimit)
        continue;
      Value sums = b.add(cast.getInput(), integers);
      return rewriter.replace(op, b, b.mul(b.cast(sums, cast.getTo()), scale));
    }
  }
  return false;
}

namespace {
struct ResolveProducts : mlopt::impl::ResolveProductsPassBase<ResolveProducts> {
  void runOnOperation() override {
    applyRules(getOperation(), {resolveMatmul, resolveConvolution, resolveBias});
    warnOfUnbounded();
  }

private:
  /// One warning for all products that a bound of a size would make faster.
  void warnOfUnbounded() {
    int64_t count = 0, most = INT64_MAX;
    std::optional<Location> first;
    getOperation().walk([&](MatmulOp product) {
      auto terms = product->getAttrOfType<IntegerAttr>(unboundedName);
      if (!terms)
        return;
      product->removeAttr(unboundedName);
      most = std::min(most, terms.getInt());
      if (count++ == 0)
        first = product.getLoc();
    });
    if (count)
      emitWarning(*first) << count << " product(s) of quantized tensors stay in floating point: "
                          << "sums over a size without a bound may overflow 32 bits; bound the "
                          << "size by " << most << " or less (--dim <name>=<low>..<high>)";
  }
};
} // namespace
