//===- NormalizeConvolutions.cpp - Convolutions in the forms that emitters like -===//
//
// A transposed convolution of stride s with a constant filter is s convolutions of stride 1 (one for
// each remainder of the output index) whose results are interleaved: the
// "sub-pixel" form of Shi et al., "Is the deconvolution layer the same as a
// convolutional layer?" (2016). With output index o = s * j + r and kernel index
// k = s * t + r the sum over i with s * i + k = o is the sum over t of
// x[j - t] * w[s * t + r].
//
// With a filter that only the run knows (as in training) it is what it is defined
// as, the windows W^T x added up where they overlap: a product and a fold.
//
// A grouped convolution whose groups do not fill whole blocks of channels takes
// several groups together; its filter gets zeros between them, now or in the run.
// So does one of integers, once the phase `quantize` has made it raw.
//
//===----------------------------------------------------------------------===//
#include "mlopt/Passes/Graph/GraphRewriter.h"
#include "mlopt/IR/Layout.h"
#include "mlopt/Passes/Graph/Graph.h"
#include "mlopt/Passes/Graph/Groups.h"

namespace mlopt {
#define GEN_PASS_DEF_NORMALIZECONVOLUTIONSPASS
#include "mlopt/Passes/Graph/Passes.h.inc"
} // namespace mlopt

using namespace mlir;
using namespace mlopt;

namespace {

/// One spatial axis of a transposed convolution as convolutions of stride 1.
struct SubPixelAxis {
  int64_t phases;           ///< results interleaved: the stride
  int64_t taps;             ///< kernel size of each
  int64_t padBegin, padEnd; ///< of each; negative: the input is cut
  int64_t skip;             ///< interleaved elements in front of the result

  SubPixelAxis(int64_t stride, int64_t kernel, int64_t dilation, int64_t begin, int64_t end,
               int64_t outputPadding) {
    phases = stride;
    taps = llvm::divideCeil(kernel, stride);
    // The result is [begin, stride * size + more) of the interleaved sums.
    int64_t more = outputPadding + (kernel - 1) * dilation + 1 - end - stride;
    int64_t first = llvm::divideFloorSigned(begin, stride);
    skip = begin - first * stride;
    padBegin = (taps - 1) * dilation - first;
    padEnd = llvm::divideCeilSigned(more, stride);
  }
};

/// Steps through all indices below `shape`, last axis fastest.
template <typename Fn> void forEachIndex(ArrayRef<int64_t> shape, Fn fn) {
  SmallVector<int64_t> index(shape.size(), 0);
  if (llvm::is_contained(shape, 0))
    return;
  while (true) {
    fn(ArrayRef<int64_t>(index));
    int64_t axis = shape.size() - 1;
    while (axis >= 0 && ++index[axis] == shape[axis])
      index[axis--] = 0;
    if (axis < 0)
      return;
  }
}

int64_t flatten(ArrayRef<int64_t> index, ArrayRef<int64_t> shape) {
  int64_t at = 0;
  for (auto [i, size] : llvm::zip_equal(index, shape))
    at = at * size + i;
  return at;
}

Value writeRounded(HostTensor tensor, Value like, StringRef suffix, ComposeBuilder &b,
                   GraphRewriter &rewriter) {
  tensor.roundTo(b.elementOf(like));
  ParameterTable &parameters = rewriter.getParameters();
  return parameters.write(rewriter.getBuilder(), b.getLoc(), tensor,
                          parameters.nameOf(like, "weight") + suffix.str());
}

} // namespace

/// Whether a filter is stored as integers: it is constant once the phase `quantize` has decided how it is used.
static bool isStored(Value filter) {
  Operation *def = filter.getDefiningOp();
  if (!isa_and_nonnull<DequantizeOp, DequantizeBlockedOp>(def))
    return false;
  Value integers = def->getOperand(0);
  if (auto quantize = integers.getDefiningOp<QuantizeOp>())
    integers = quantize.getInput();
  return isConstant(integers);
}

/// Adds a bias [M] to y [N, M, spatial...].
static Value addBias(Value y, Value bias, int64_t outputs, unsigned spatial, ComposeBuilder &b) {
  SmallVector<int64_t> perChannel(spatial + 1, 1);
  perChannel[0] = outputs;
  return b.add(y, b.reshape(bias, b.sizesOf(perChannel)));
}

/// The sums of a transposed convolution as windows, folded.
static bool foldTransposed(ConvTransposeOp conv, GraphRewriter &rewriter) {
  auto type = cast<RankedTensorType>(conv.getFilter().getType());
  unsigned spatial = type.getRank() - 2;
  auto unfit = [&](StringRef reason) {
    refuse(conv, "transposed convolution not folded", reason);
    return false;
  };
  if (!type.hasStaticShape())
    return unfit("its filter's sizes are not known");
  for (unsigned i = 0; i < spatial; ++i)
    if (conv.getPadsBegin()[i] < 0 || conv.getPadsEnd()[i] < 0 || conv.getOutputPadding()[i] >= conv.getStrides()[i])
      return unfit("its result is no whole number of windows");
  ArrayRef<int64_t> shape = type.getShape(); // [C, M / groups, kernel...]
  int64_t groups = conv.getGroups(), inputs = shape[0] / groups, outputs = shape[1] * groups;
  ComposeBuilder b = rewriter.before(conv);
  SymShape in = b.shapeOf(conv.getInput()), out = rewriter.shapeOf(conv.getResult());
  SymExpr places = numElements(b.getContext(), ArrayRef(in).drop_front(2));
  int64_t window = type.getNumElements() / shape[0];
  SymShape left = b.sizesOf({inputs, window}), right = {in[0], b.size(inputs), places};
  if (groups > 1) {
    left.insert(left.begin(), b.size(groups));
    right.insert(right.begin() + 1, b.size(groups));
  }
  Value windows = b.create<MatmulOp>(b.reshape(conv.getFilter(), left), b.reshape(conv.getInput(), right), true, false);
  SymShape all = {in[0], b.size(outputs)};
  for (int64_t size : shape.drop_front(2))
    all.push_back(b.size(size));
  all.append(in.begin() + 2, in.end());
  SmallVector<int64_t> statics;
  SmallVector<Value> dynamics;
  b.mixed(ArrayRef(out).drop_front(2), statics, dynamics);
  Value y = b.create<FoldOp>(b.reshape(windows, all), ValueRange(dynamics), ArrayRef<int64_t>(statics),
                             conv.getStrides(), conv.getPadsBegin(), conv.getPadsEnd(), conv.getDilations());
  if (!isa<NoneType>(conv.getBias().getType()))
    y = addBias(y, conv.getBias(), outputs, spatial, b);
  return rewriter.replace(conv, b, y);
}

static bool expandTransposed(Operation *op, GraphRewriter &rewriter) {
  auto conv = dyn_cast<ConvTransposeOp>(op);
  if (!conv || isStored(conv.getFilter()))
    return false;
  std::optional<HostTensor> constant = rewriter.constantOf(conv.getFilter());
  auto type = cast<RankedTensorType>(conv.getInput().getType());
  if (!constant)
    return foldTransposed(conv, rewriter);
  if (type.isDynamicDim(1)) {
    refuse(op, "transposed convolution not expanded", "its number of channels is not known");
    return false;
  }
  HostTensor filter = constant->toWide();
  ArrayRef<int64_t> shape = filter.getShape(); // [C, M / groups, kernel...]
  unsigned spatial = shape.size() - 2;
  int64_t groups = conv.getGroups(), inputs = shape[0] / groups, outputs = shape[1] * groups;
  SmallVector<SubPixelAxis> axes;
  int64_t phases = 1;
  for (unsigned i = 0; i < spatial; ++i) {
    int64_t stride = conv.getStrides()[i], dilation = conv.getDilations()[i];
    if (stride > 1 && dilation > 1) {
      refuse(op, "transposed convolution not expanded", "it has both a stride and a dilation");
      return false;
    }
    axes.emplace_back(stride, shape[i + 2], dilation, conv.getPadsBegin()[i], conv.getPadsEnd()[i],
                      conv.getOutputPadding()[i]);
    phases *= stride;
  }

  // Filter [M * phases, C / groups, taps...].
  SmallVector<int64_t> newShape = {outputs * phases, inputs};
  for (const SubPixelAxis &axis : axes)
    newShape.push_back(axis.taps);
  HostTensor values = HostTensor::zeros(filter.getElementType(), newShape);
  ArrayRef<double> from = filter.doubles();
  MutableArrayRef<double> to = values.mutableDoubles();
  forEachIndex(shape, [&](ArrayRef<int64_t> index) {
    int64_t output = index[0] / inputs * shape[1] + index[1];
    SmallVector<int64_t> target = {output, index[0] % inputs};
    for (auto [i, axis] : llvm::enumerate(axes)) {
      target[0] = target[0] * axis.phases + index[i + 2] % axis.phases;
      target.push_back(axis.taps - 1 - index[i + 2] / axis.phases);
    }
    to[flatten(target, newShape)] = from[flatten(index, shape)];
  });

  ComposeBuilder b = rewriter.before(op);
  Value x = conv.getInput();
  SmallVector<int64_t> padsBegin, padsEnd;
  for (auto [i, axis] : llvm::enumerate(axes)) {
    int64_t cutBegin = std::max<int64_t>(0, -axis.padBegin),
            cutEnd = std::max<int64_t>(0, -axis.padEnd);
    if (cutBegin || cutEnd)
      x = b.sliceAxis(x, i + 2, b.size(cutBegin), b.dimOf(x, i + 2) - (cutBegin + cutEnd));
    if (!x)
      return false;
    padsBegin.push_back(std::max<int64_t>(0, axis.padBegin));
    padsEnd.push_back(std::max<int64_t>(0, axis.padEnd));
  }
  Value bias = conv.getBias();
  Value late; // a bias of the run is added to the result
  if (!isa<NoneType>(bias.getType())) {
    if (std::optional<HostTensor> given = rewriter.constantOf(bias)) {
      HostTensor repeated = HostTensor::zeros(given->getElementType(), {outputs * phases});
      for (auto [i, value] : llvm::enumerate(repeated.mutableDoubles()))
        value = given->getDouble(i / phases);
      bias = phases == 1 ? bias : writeRounded(repeated, bias, ".repeated", b, rewriter);
    } else {
      late = bias;
      bias = b.none();
    }
  }
  Value weights = writeRounded(values, conv.getFilter(), ".phases", b, rewriter);
  SmallVector<int64_t> ones(spatial, 1);
  Value y =
      b.create<ConvOp>(x, weights, bias, ArrayRef<int64_t>(ones), ArrayRef<int64_t>(padsBegin),
                       ArrayRef<int64_t>(padsEnd), conv.getDilations(), groups);
  if (!y)
    return false;
  if (phases > 1) {
    // [N, M, r1.., J1..] -> [N, M, J1, r1, ...] -> [N, M, J1 * r1, ...].
    SymShape sums = b.shapeOf(y), split = {sums[0], b.size(outputs)}, joined = split;
    SmallVector<int64_t> order = {0, 1};
    for (unsigned i = 0; i < spatial; ++i)
      split.push_back(b.size(axes[i].phases));
    for (unsigned i = 0; i < spatial; ++i) {
      split.push_back(sums[i + 2]);
      order.append({2 + spatial + i, 2 + i});
      joined.push_back(sums[i + 2] * axes[i].phases);
    }
    y = b.reshape(b.transpose(b.reshape(y, split), order), joined);
  }
  SymShape result = rewriter.shapeOf(conv.getResult());
  for (auto [i, axis] : llvm::enumerate(axes)) {
    if (!y)
      return false;
    if (axis.skip || b.dimOf(y, i + 2) != result[i + 2])
      y = b.sliceAxis(y, i + 2, b.size(axis.skip), result[i + 2]);
  }
  if (late && y)
    y = addBias(y, late, outputs, spatial, b);
  return rewriter.replace(op, b, y);
}

/// Whether each group has one channel: such convolutions have emitters of their own.
static bool isDepthwise(int64_t groups, ArrayRef<int64_t> filter) {
  return groups > 1 && filter[0] == groups && filter[1] == 1;
}

int64_t mlopt::groupsTogether(int64_t groups, ArrayRef<int64_t> filter) {
  // The products grow by this factor at most; a generic loop is slower than that by far.
  constexpr int64_t most = 32, block = channelBlock;
  int64_t outputs = filter[0] / groups, inputs = filter[1];
  if (groups == 1 || isDepthwise(groups, filter))
    return 1;
  for (int64_t together = 1; together <= std::min(groups, most); ++together)
    if (groups % together == 0 &&
        ((together * inputs % block == 0 && together * outputs % block == 0) || together == groups))
      return together;
  return 1;
}

bool mlopt::fitsBlocks(int64_t groups, ArrayRef<int64_t> filter) {
  return groups == 1 || isDepthwise(groups, filter) ||
         (filter[1] % channelBlock == 0 && filter[0] / groups % channelBlock == 0) ||
         groupsTogether(groups, filter) > 1;
}

/// A filter whose groups are `together` groups of `filter`, with zeros between them.
static Value joinedFilter(Value filter, int64_t groups, int64_t together, ComposeBuilder &b,
                          GraphRewriter &rewriter) {
  auto type = cast<RankedTensorType>(filter.getType());
  ArrayRef<int64_t> shape = type.getShape();
  int64_t outputs = shape[0] / groups, run = type.getNumElements() / shape[0]; // of one output
  SmallVector<int64_t> newShape(shape);
  newShape[1] *= together;
  bool isFloat = isa<FloatType>(type.getElementType());
  if (std::optional<HostTensor> constant = rewriter.constantOf(filter)) {
    HostTensor from = constant->toWide(),
               values = HostTensor::zeros(type.getElementType(), newShape);
    auto copy = [&](auto numbers, auto to) {
      for (int64_t o = 0; o < shape[0]; ++o)
        llvm::copy(numbers.slice(o * run, run),
                   to.begin() + (o * together + o / outputs % together) * run);
    };
    if (isFloat)
      copy(from.doubles(), values.mutableDoubles());
    else
      copy(from.integers(), values.mutableIntegers());
    return writeRounded(values, filter, ".joined", b, rewriter);
  }
  // [sets of groups, group, output, group of the input, weights]: the weights where the groups agree.
  SmallVector<bool> same;
  for (int64_t i = 0; i < together * together; ++i)
    same.push_back(i % together == i / together);
  auto mask = RankedTensorType::get({1, together, 1, together, 1}, b.getBuilder().getI1Type());
  Value split = b.reshape(filter, b.sizesOf({groups / together, together, outputs, 1, run}));
  Value zero =
      isFloat ? b.scalar(type.getElementType(), 0) : b.scalarInt(type.getElementType(), 0);
  return b.reshape(b.select(b.constant(DenseElementsAttr::get(mask, same)), split, zero),
                   b.sizesOf(newShape));
}

static bool joinGroups(Operation *op, GraphRewriter &rewriter) {
  auto conv = dyn_cast<ConvOp>(op);
  auto integer = dyn_cast<IntegerConvOp>(op);
  // The zeros of a filter of integers are zeros where nothing is subtracted from them; what its
  // input's zero point adds to the sums stays the same.
  if (integer && (!integer.getRaw() || !isa<NoneType>(integer.getFilterZero().getType())))
    return false;
  if ((!conv && !integer) || (conv && isStored(conv.getFilter())))
    return false;
  int64_t groups = conv ? conv.getGroups() : integer.getGroups();
  Value filter = conv ? conv.getFilter() : integer.getFilter();
  auto type = cast<RankedTensorType>(filter.getType());
  int64_t together = type.hasStaticShape() ? groupsTogether(groups, type.getShape()) : 1;
  if (together == 1)
    return false;
  ComposeBuilder b = rewriter.before(op);
  Value joined = joinedFilter(filter, groups, together, b, rewriter);
  if (!joined)
    return false;
  groups /= together;
  if (integer)
    return rewriter.replace(
        op, b,
        b.create<IntegerConvOp>(integer.getInput(), joined, integer.getInputZero(),
                                integer.getFilterZero(), integer.getStrides(),
                                integer.getPadsBegin(), integer.getPadsEnd(),
                                integer.getDilations(), groups, /*raw=*/true));
  return rewriter.replace(op, b,
                          b.create<ConvOp>(conv.getInput(), joined, conv.getBias(),
                                           conv.getStrides(), conv.getPadsBegin(),
                                           conv.getPadsEnd(), conv.getDilations(), groups));
}

namespace {
struct NormalizeConvolutions : mlopt::impl::NormalizeConvolutionsPassBase<NormalizeConvolutions> {
  void runOnOperation() override {
    applyRules(getOperation(), {expandTransposed});
    applyRules(getOperation(), {joinGroups});
  }
};
} // namespace
