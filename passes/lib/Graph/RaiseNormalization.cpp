//===- RaiseNormalization.cpp - layer_norm, rms_norm, softmax -------------===//
#include "GraphRules.h"

using namespace mlir;
using namespace mlopt;

/// The first of the axes that a reduction takes, if they are the last ones and stay.
static std::optional<int64_t> trailingAxes(ReduceOp reduce) {
  int64_t rank = cast<RankedTensorType>(reduce.getInput().getType()).getRank();
  ArrayRef<int64_t> axes = reduce.getAxes();
  if (axes.empty() || !reduce.getKeepdims())
    return std::nullopt;
  for (auto [i, axis] : llvm::enumerate(axes))
    if (axis != rank - static_cast<int64_t>(axes.size() - i))
      return std::nullopt;
  return axes.front();
}

static ReduceOp reduction(Value v, ReduceKind kind) {
  auto reduce = v.getDefiningOp<ReduceOp>();
  return reduce && reduce.getKind() == kind ? reduce : ReduceOp();
}

/// x of x * x or x ^ 2.
static Value squared(Value v, GraphRewriter &rewriter) {
  if (auto mul = v.getDefiningOp<MulOp>())
    return mul.getLhs() == mul.getRhs() ? mul.getLhs() : Value();
  if (auto pow = v.getDefiningOp<PowOp>())
    return rewriter.scalarOf(pow.getRhs()) == 2.0 ? pow.getLhs() : Value();
  return nullptr;
}

/// `other` and constant of a commutative operation with a one-element constant.
template <typename OpTy>
static std::optional<std::pair<Value, double>> withScalar(Value v, GraphRewriter &rewriter) {
  auto op = v.getDefiningOp<OpTy>();
  if (!op)
    return std::nullopt;
  for (unsigned i = 0; i < 2; ++i)
    if (std::optional<double> scalar = rewriter.scalarOf(op->getOperand(i)))
      return std::pair(op->getOperand(1 - i), *scalar);
  return std::nullopt;
}

namespace {
/// numerator / sqrt(mean(square of `root`) + epsilon).
struct RootMeanSquare {
  Value numerator, root;
  double epsilon;
  int64_t axis;
};
} // namespace

/// mean(x^2) + epsilon under a square root.
static bool matchRoot(Value inside, RootMeanSquare &match, GraphRewriter &rewriter) {
  auto sum = withScalar<AddOp>(inside, rewriter);
  if (!sum)
    return false;
  ReduceOp mean = reduction(sum->first, ReduceKind::mean);
  std::optional<int64_t> axis = mean ? trailingAxes(mean) : std::nullopt;
  if (!axis || !(match.root = squared(mean.getInput(), rewriter)))
    return false;
  match.epsilon = sum->second;
  match.axis = *axis;
  return true;
}

/// x / sqrt(..), x * (1 / sqrt(..)), x * (..)^-0.5.
static bool matchRootMeanSquare(Operation *op, RootMeanSquare &match, GraphRewriter &rewriter) {
  if (auto div = dyn_cast<DivOp>(op)) {
    auto sqrt = div.getRhs().getDefiningOp<SqrtOp>();
    match.numerator = div.getLhs();
    return sqrt && matchRoot(sqrt.getInput(), match, rewriter);
  }
  auto mul = dyn_cast<MulOp>(op);
  if (!mul)
    return false;
  for (unsigned i = 0; i < 2; ++i) {
    Value factor = op->getOperand(i);
    match.numerator = op->getOperand(1 - i);
    if (auto div = factor.getDefiningOp<DivOp>()) {
      auto sqrt = div.getRhs().getDefiningOp<SqrtOp>();
      if (sqrt && rewriter.scalarOf(div.getLhs()) == 1.0 &&
          matchRoot(sqrt.getInput(), match, rewriter))
        return true;
    }
    if (auto pow = factor.getDefiningOp<PowOp>())
      if (rewriter.scalarOf(pow.getRhs()) == -0.5 && matchRoot(pow.getLhs(), match, rewriter))
        return true;
  }
  return false;
}

/// (x - mean(x)) / sqrt(mean((x - mean(x))^2) + epsilon) is layer_norm;
/// x / sqrt(mean(x^2) + epsilon) is rms_norm.
static bool raiseNorm(Operation *op, GraphRewriter &rewriter) {
  RootMeanSquare match;
  if (!matchRootMeanSquare(op, match, rewriter) || match.epsilon < 0)
    return false;
  auto same = [](Value a, Value b) {
    if (a == b)
      return true;
    auto x = a.getDefiningOp<SubOp>(), y = b.getDefiningOp<SubOp>();
    return x && y && x.getLhs() == y.getLhs() && x.getRhs() == y.getRhs();
  };
  if (!same(match.numerator, match.root)) {
    refuse(op, "layer_norm not raised",
           "the value that is divided is not the one whose squares are averaged");
    return false;
  }
  ComposeBuilder b = rewriter.before(op);
  FloatAttr epsilon = rewriter.getBuilder().getF64FloatAttr(match.epsilon);
  IntegerAttr axis = rewriter.getBuilder().getI64IntegerAttr(match.axis);
  if (auto sub = match.root.getDefiningOp<SubOp>()) {
    ReduceOp mean = reduction(sub.getRhs(), ReduceKind::mean);
    if (mean && mean.getInput() == sub.getLhs() && trailingAxes(mean) == match.axis)
      return rewriter.replace(
          op, b, b.create<LayerNormOp>(sub.getLhs(), b.none(), b.none(), axis, epsilon));
  }
  return rewriter.replace(op, b, b.create<RmsNormOp>(match.root, b.none(), axis, epsilon));
}

/// Whether `v` has exactly the shape of the axes that a norm of `input` runs over.
static bool isRowShaped(Value v, Value input, uint64_t axis, GraphRewriter &rewriter) {
  SymShape shape = rewriter.shapeOf(v), whole = rewriter.shapeOf(input);
  return ArrayRef<SymExpr>(shape) == ArrayRef<SymExpr>(whole).drop_front(axis);
}

/// norm(x) * scale, layer_norm(x) + bias.
static bool takeScaleAndBias(Operation *op, GraphRewriter &rewriter) {
  if (!isa<MulOp, AddOp>(op))
    return false;
  for (unsigned i = 0; i < 2; ++i) {
    Value norm = op->getOperand(i), other = op->getOperand(1 - i);
    if (!norm.hasOneUse())
      continue;
    ComposeBuilder b = rewriter.before(op, {norm.getDefiningOp() ? norm.getDefiningOp() : op});
    if (auto layer = norm.getDefiningOp<LayerNormOp>()) {
      bool free = isa<NoneType>(layer.getBias().getType()) &&
                  (isa<AddOp>(op) || isa<NoneType>(layer.getScale().getType()));
      if (!free || !isRowShaped(other, layer.getInput(), layer.getAxis(), rewriter))
        continue;
      Value scale = isa<MulOp>(op) ? other : layer.getScale();
      Value bias = isa<AddOp>(op) ? other : layer.getBias();
      return rewriter.replace(op, b,
                              b.create<LayerNormOp>(layer.getInput(), scale, bias,
                                                    layer.getAxisAttr(), layer.getEpsilonAttr()));
    }
    if (auto rms = norm.getDefiningOp<RmsNormOp>()) {
      if (!isa<MulOp>(op) || !isa<NoneType>(rms.getScale().getType()) ||
          !isRowShaped(other, rms.getInput(), rms.getAxis(), rewriter))
        continue;
      return rewriter.replace(
          op, b,
          b.create<RmsNormOp>(rms.getInput(), other, rms.getAxisAttr(), rms.getEpsilonAttr()));
    }
  }
  return false;
}

/// exp(x - max(x)) / sum(exp(x - max(x))).
static bool raiseSoftmax(Operation *op, GraphRewriter &rewriter) {
  auto div = dyn_cast<DivOp>(op);
  ReduceOp sum = div ? reduction(div.getRhs(), ReduceKind::sum) : ReduceOp();
  if (!sum || !sum.getKeepdims() || sum.getAxes().size() != 1 || sum.getInput() != div.getLhs())
    return false;
  auto exp = div.getLhs().getDefiningOp<ExpOp>();
  auto sub = exp ? exp.getInput().getDefiningOp<SubOp>() : SubOp();
  ReduceOp max = sub ? reduction(sub.getRhs(), ReduceKind::max) : ReduceOp();
  if (!exp)
    return false;
  if (!max || !max.getKeepdims() || max.getAxes() != sum.getAxes() ||
      max.getInput() != sub.getLhs()) {
    refuse(op, "softmax not raised", "the maximum along the axis is not subtracted first");
    return false;
  }
  ComposeBuilder b = rewriter.before(op, {sum, exp, sub, max});
  return rewriter.replace(
      op, b, b.create<SoftmaxOp>(sub.getLhs(), static_cast<uint64_t>(sum.getAxes()[0])));
}

ArrayRef<GraphRule> mlopt::getNormalizationRules() {
  static const GraphRule rules[] = {raiseNorm, takeScaleAndBias, raiseSoftmax};
  return rules;
}
