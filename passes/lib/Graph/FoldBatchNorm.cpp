//===- FoldBatchNorm.cpp - Affine maps into convolutions ------------------===//
//
// y = a * conv(x, w, b) + c is conv(x, a * w, a * b + c), and conv(a * x + c, w, b)
// is conv(x, w * a, b + sum(w * c)) where nothing is padded. New weights are
// computed in f64 and rounded once.
//
//===----------------------------------------------------------------------===//
#include "mlopt/Passes/Graph/GraphRewriter.h"
#include "mlopt/Passes/Graph/Graph.h"
#include <cmath>

namespace mlopt {
#define GEN_PASS_DEF_FOLDBATCHNORMPASS
#include "mlopt/Passes/Graph/Passes.h.inc"
} // namespace mlopt

using namespace mlir;
using namespace mlopt;

namespace {

/// scale * x + shift per channel; both have one entry (all channels alike) or one a channel.
struct Affine {
  SmallVector<double> scale{1.0}, shift{0.0};

  double scaleAt(size_t channel) const { return scale[scale.size() == 1 ? 0 : channel]; }
  double shiftAt(size_t channel) const { return shift[shift.size() == 1 ? 0 : channel]; }
  bool scales() const {
    return llvm::any_of(scale, [](double v) { return v != 1; });
  }
  bool shifts() const {
    return llvm::any_of(shift, [](double v) { return v != 0; });
  }
  bool isFinite() const {
    auto finite = [](double v) { return std::isfinite(v) && std::fabs(v) < 1e30; };
    return llvm::all_of(scale, finite) && llvm::all_of(shift, finite);
  }
};

SmallVector<double> toDoubles(const HostTensor &tensor) {
  SmallVector<double> values(tensor.getNumElements());
  for (auto [i, value] : llvm::enumerate(values))
    value = tensor.getDouble(i);
  return values;
}

/// A constant that, beside a tensor of `rank`, has one element or one for each
/// entry of axis 1.
std::optional<SmallVector<double>> perChannel(Value v, int64_t rank, int64_t channels,
                                              GraphRewriter &rewriter) {
  if (std::optional<double> scalar = rewriter.scalarOf(v)) {
    auto type = cast<RankedTensorType>(v.getType());
    if (type.getRank() <= rank)
      return SmallVector<double>{*scalar};
  }
  auto type = dyn_cast<RankedTensorType>(v.getType());
  if (!type || !type.hasStaticShape() || !isConstant(v) || type.getRank() > rank ||
      type.getNumElements() != channels)
    return std::nullopt;
  int64_t axis = 1 - (rank - type.getRank());
  if (axis < 0 || type.getDimSize(axis) != channels)
    return std::nullopt;
  std::optional<HostTensor> tensor = rewriter.constantOf(v);
  if (!tensor)
    return std::nullopt;
  return toDoubles(*tensor);
}

/// The operation as an affine map of one operand, `input`, of `channels` channels.
std::optional<Affine> affineOf(Operation *op, Value &input, int64_t channels,
                               GraphRewriter &rewriter) {
  Affine result;
  if (auto norm = dyn_cast<BatchNormOp>(op)) {
    SmallVector<double> parts[4];
    for (unsigned i = 0; i < 4; ++i) {
      std::optional<HostTensor> tensor = rewriter.constantOf(op->getOperand(i + 1));
      if (!tensor || tensor->getNumElements() != channels)
        return std::nullopt;
      parts[i] = toDoubles(*tensor);
    }
    input = norm.getInput();
    result.scale.resize(channels);
    result.shift.resize(channels);
    for (int64_t c = 0; c < channels; ++c) {
      result.scale[c] = parts[0][c] / std::sqrt(parts[3][c] + norm.getEpsilon().convertToDouble());
      result.shift[c] = parts[1][c] - parts[2][c] * result.scale[c];
    }
    return result.isFinite() ? std::optional(result) : std::nullopt;
  }
  if (!isa<MulOp, DivOp, AddOp, SubOp>(op) || !isFloat(op->getResult(0)))
    return std::nullopt;
  int64_t rank = cast<RankedTensorType>(op->getResult(0).getType()).getRank();
  for (unsigned i = 0; i < 2; ++i) {
    if (i == 0 && isa<DivOp, SubOp>(op))
      continue; // c / x is not affine, c - x is rare
    input = op->getOperand(1 - i);
    if (rewriter.shapeOf(input) != rewriter.shapeOf(op->getResult(0)))
      continue;
    std::optional<SmallVector<double>> values =
        perChannel(op->getOperand(i), rank, channels, rewriter);
    if (!values)
      continue;
    if (isa<DivOp>(op))
      for (double &value : *values)
        value = 1 / value;
    if (isa<SubOp>(op))
      for (double &value : *values)
        value = -value;
    (isa<MulOp, DivOp>(op) ? result.scale : result.shift) = *values;
    return result.isFinite() ? std::optional(result) : std::nullopt;
  }
  return std::nullopt;
}

/// Where a filter's elements belong: [out][in][rest] seen through its layout.
struct Filter {
  HostTensor values; // wide
  bool transposed;
  int64_t outputs, inputsPerGroup, groups, kernel;

  Filter(const HostTensor &tensor, bool transposed, int64_t groups)
      : values(tensor.toWide()), transposed(transposed), groups(groups) {
    ArrayRef<int64_t> shape = tensor.getShape();
    kernel = 1;
    for (int64_t size : shape.drop_front(2))
      kernel *= size;
    outputs = transposed ? shape[1] * groups : shape[0];
    inputsPerGroup = transposed ? shape[0] / groups : shape[1];
  }
  /// Calls fn(output channel, input channel, flat index) for each element.
  template <typename Fn> void forEach(Fn fn) const {
    ArrayRef<int64_t> shape = values.getShape();
    int64_t outputsPerGroup = outputs / groups, at = 0;
    for (int64_t i = 0; i < shape[0]; ++i)
      for (int64_t j = 0; j < shape[1]; ++j)
        for (int64_t k = 0; k < kernel; ++k, ++at) {
          int64_t group = transposed ? i / inputsPerGroup : i / outputsPerGroup;
          if (transposed)
            fn(group * outputsPerGroup + j, i, at);
          else
            fn(i, group * inputsPerGroup + j, at);
        }
  }
};

/// A convolution with constant weights and nothing or a constant as bias.
struct Convolution {
  Operation *op;
  Filter filter;
  SmallVector<double> bias; // empty: none

  static std::optional<Convolution> match(Operation *op, GraphRewriter &rewriter) {
    if (!isa_and_nonnull<ConvOp, ConvTransposeOp>(op))
      return std::nullopt;
    std::optional<HostTensor> filter = rewriter.constantOf(op->getOperand(1));
    std::optional<HostTensor> bias = rewriter.constantOf(op->getOperand(2));
    if (!filter || (!bias && !isa<NoneType>(op->getOperand(2).getType())))
      return std::nullopt;
    auto conv = dyn_cast<ConvOp>(op);
    int64_t groups = conv ? conv.getGroups() : cast<ConvTransposeOp>(op).getGroups();
    return Convolution{op, Filter(*filter, !conv, groups),
                       bias ? toDoubles(*bias) : SmallVector<double>()};
  }

  bool pads() const {
    auto conv = dyn_cast<ConvOp>(op);
    return !conv || llvm::any_of(conv.getPadsBegin(), [](int64_t p) { return p != 0; }) ||
           llvm::any_of(conv.getPadsEnd(), [](int64_t p) { return p != 0; });
  }

  /// The convolution of `input` with the current filter and bias, before `anchor`.
  Value build(Operation *anchor, ArrayRef<Operation *> replaced, Value input, bool newFilter,
              bool newBias, GraphRewriter &rewriter) {
    ComposeBuilder b = rewriter.before(anchor, replaced);
    OpBuilder &builder = rewriter.getBuilder();
    ParameterTable &parameters = rewriter.getParameters();
    Value oldFilter = op->getOperand(1), oldBias = op->getOperand(2);
    Type element = b.elementOf(oldFilter);
    Operation *conv = op->cloneWithoutRegions();
    conv->setLoc(b.getLoc());
    conv->setOperand(0, input);
    std::string name = parameters.nameOf(oldFilter, "weight");
    if (newFilter) {
      filter.values.roundTo(element);
      conv->setOperand(1, parameters.write(builder, b.getLoc(), filter.values, name + ".folded"));
    }
    if (newBias) {
      HostTensor values = HostTensor::zeros(element, {filter.outputs});
      llvm::copy(bias, values.mutableDoubles().begin());
      values.roundTo(element);
      conv->setOperand(2, parameters.write(builder, b.getLoc(), values,
                                           parameters.nameOf(oldBias, name + ".bias") + ".folded"));
    }
    builder.insert(conv);
    return conv->getResult(0);
  }
};

} // namespace

/// affine(conv(x)).
static bool foldAfter(Operation *op, GraphRewriter &rewriter) {
  auto type = op->getNumResults() ? dyn_cast<RankedTensorType>(op->getResult(0).getType())
                                  : RankedTensorType();
  if (!type || type.getRank() < 3 || !isa<BatchNormOp, MulOp, DivOp, AddOp, SubOp>(op) ||
      type.isDynamicDim(1))
    return false;
  Value input;
  // The cheap question first: is there a convolution that only we use?
  auto folds = [](Value v) {
    return isa_and_nonnull<ConvOp, ConvTransposeOp>(v.getDefiningOp()) && v.hasOneUse();
  };
  if (!llvm::any_of(op->getOperands(), folds))
    return false;
  std::optional<Affine> affine = affineOf(op, input, type.getDimSize(1), rewriter);
  if (!affine || !folds(input))
    return false;
  std::optional<Convolution> conv = Convolution::match(input.getDefiningOp(), rewriter);
  if (!conv)
    return false;
  bool scales = affine->scales(), hasBias = !conv->bias.empty();
  if (scales) {
    MutableArrayRef<double> values = conv->filter.values.mutableDoubles();
    HostTensor fresh =
        HostTensor::zeros(conv->filter.values.getElementType(), conv->filter.values.getShape());
    MutableArrayRef<double> out = fresh.mutableDoubles();
    conv->filter.forEach([&](int64_t output, int64_t, int64_t at) {
      out[at] = values[at] * affine->scaleAt(output);
    });
    conv->filter.values = fresh;
  }
  conv->bias.resize(conv->filter.outputs, 0.0);
  for (auto [c, value] : llvm::enumerate(conv->bias))
    value = value * affine->scaleAt(c) + affine->shiftAt(c);
  bool newBias = affine->shifts() || (scales && hasBias);
  Value result = conv->build(op, {conv->op}, conv->op->getOperand(0), scales, newBias, rewriter);
  return rewriter.replace(op, result);
}

/// conv(affine(x)).
static bool foldBefore(Operation *op, GraphRewriter &rewriter) {
  if (!isa<ConvOp, ConvTransposeOp>(op))
    return false;
  Operation *before = op->getOperand(0).getDefiningOp();
  if (!isa_and_nonnull<MulOp, DivOp, AddOp, SubOp, BatchNormOp>(before) || !before->hasOneUse())
    return false;
  auto type = cast<RankedTensorType>(op->getOperand(0).getType());
  Value input;
  std::optional<Affine> affine =
      type.isDynamicDim(1) ? std::nullopt : affineOf(before, input, type.getDimSize(1), rewriter);
  std::optional<Convolution> conv = affine ? Convolution::match(op, rewriter) : std::nullopt;
  if (!conv)
    return false;
  if (affine->shifts() && conv->pads()) {
    refuse(op, "sum not folded into the convolution behind it",
           "it pads with zeros, which the sum would change");
    return false;
  }
  HostTensor fresh =
      HostTensor::zeros(conv->filter.values.getElementType(), conv->filter.values.getShape());
  MutableArrayRef<double> out = fresh.mutableDoubles();
  ArrayRef<double> values = conv->filter.values.doubles();
  SmallVector<double> extra(conv->filter.outputs, 0.0);
  conv->filter.forEach([&](int64_t output, int64_t in, int64_t at) {
    out[at] = values[at] * affine->scaleAt(in);
    extra[output] += values[at] * affine->shiftAt(in);
  });
  conv->filter.values = fresh;
  if (affine->shifts()) {
    conv->bias.resize(conv->filter.outputs, 0.0);
    for (auto [value, more] : llvm::zip_equal(conv->bias, extra))
      value += more;
  }
  Value result = conv->build(op, {before}, input, affine->scales(), affine->shifts(), rewriter);
  return rewriter.replace(op, result);
}

/// (x * a) * b = x * (a b), (x / a) * b = x * (b / a), (x + a) + b = x + (a + b)
/// for one-element constants: one rounding less.
static bool joinScalars(Operation *op, GraphRewriter &rewriter) {
  if (!isa<MulOp, DivOp, AddOp>(op) || !isFloat(op->getResult(0)))
    return false;
  auto split = [&](Operation *what, double &constant) -> Value {
    for (unsigned i = isa<DivOp>(what) ? 1 : 0; i < 2; ++i)
      if (std::optional<double> scalar = rewriter.scalarOf(what->getOperand(i))) {
        constant = isa<DivOp>(what) ? 1 / *scalar : *scalar;
        Value other = what->getOperand(1 - i);
        return rewriter.shapeOf(other) == rewriter.shapeOf(what->getResult(0)) ? other : Value();
      }
    return nullptr;
  };
  double second, first;
  Value inner = split(op, second);
  Operation *def = inner ? inner.getDefiningOp() : nullptr;
  if (!def || !inner.hasOneUse() || isa<AddOp>(op) != isa<AddOp>(def) ||
      !isa<MulOp, DivOp, AddOp>(def))
    return false;
  Value x = split(def, first);
  // x + c - c may be there to round x.
  if (isa<AddOp>(op) && first * second < 0)
    return false;
  double joined = isa<AddOp>(op) ? first + second : first * second;
  // Far from overflow and from numbers that lose bits.
  if (!x || !(std::fabs(joined) < 1e30) || (std::fabs(joined) < 1e-30 && isa<MulOp, DivOp>(op)) ||
      getElementTypeOrSelf(x.getType()).getIntOrFloatBitWidth() < 32)
    return false;
  ComposeBuilder b = rewriter.before(op, {def});
  Value constant = b.scalar(b.elementOf(x), joined);
  return rewriter.replace(op, b, isa<AddOp>(op) ? b.add(x, constant) : b.mul(x, constant));
}

/// A batch_norm that is left: x * scale + shift.
static bool expandBatchNorm(Operation *op, GraphRewriter &rewriter) {
  auto norm = dyn_cast<BatchNormOp>(op);
  if (!norm)
    return false;
  auto type = cast<RankedTensorType>(norm.getType());
  int64_t channels = cast<RankedTensorType>(norm.getScale().getType()).getDimSize(0);
  if (ShapedType::isDynamic(channels))
    return false;
  Value input;
  std::optional<Affine> affine = affineOf(op, input, channels, rewriter);
  if (!affine)
    return false;
  ComposeBuilder b = rewriter.before(op);
  SmallVector<int64_t> shape(type.getRank() - 1, 1);
  shape[0] = channels;
  auto constant = [&](ArrayRef<double> values, StringRef what) {
    HostTensor tensor = HostTensor::zeros(type.getElementType(), shape);
    llvm::copy(values, tensor.mutableDoubles().begin());
    tensor.roundTo(type.getElementType());
    ParameterTable &parameters = rewriter.getParameters();
    return parameters.write(rewriter.getBuilder(), b.getLoc(), tensor,
                            parameters.nameOf(norm.getScale(), "batch_norm") + what.str());
  };
  Value scaled = b.mul(input, constant(affine->scale, ".scale"));
  return rewriter.replace(op, b, b.add(scaled, constant(affine->shift, ".shift")));
}

namespace {
struct FoldBatchNorm : mlopt::impl::FoldBatchNormPassBase<FoldBatchNorm> {
  void runOnOperation() override {
    applyRules(getOperation(), {joinScalars, foldAfter, foldBefore});
    if (applyRules(getOperation(), {expandBatchNorm}))
      applyRules(getOperation(), {joinScalars, foldAfter, foldBefore});
  }
};
} // namespace
