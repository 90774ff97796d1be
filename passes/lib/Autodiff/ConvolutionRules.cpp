//===- ConvolutionRules.cpp - Gradients of convolutions -------------------===//
//
// y[n, m, o] = sum over c, k of x[n, c, o * stride + k * dilation - pad] w[m, c, k].
//
// By the filter it is one matrix product of dy and the unfolded image, in which batch and space
// are one contracted dimension. By the image it is, for stride 1, again a convolution: of dy with
// the reversed filter. For other strides it is one convolution of stride 1 for each remainder of
// the image's index, interleaved (Shi et al., "Is the deconvolution layer the same as a
// convolutional layer?", 2016), or the windows W^T dy, folded.
//
//===----------------------------------------------------------------------===//
#include "RuleParts.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::autodiff;

namespace {
/// What the products of one convolution share: an image [N, C, D..], a filter [M, C / groups, K..]
/// and sums [N, M, O..].
struct Convolution {
  Windows windows;
  int64_t groups;

  /// Failure where the filter's size is not known when compiling.
  template <typename OpTy> LogicalResult read(OpTy op) {
    for (int64_t size : cast<RankedTensorType>(op.getFilter().getType()).getShape().drop_front(2)) {
      if (ShapedType::isDynamic(size) || size == 0)
        return failure();
      windows.kernel.push_back(size);
    }
    windows.strides.assign(op.getStrides().begin(), op.getStrides().end());
    windows.padsBegin.assign(op.getPadsBegin().begin(), op.getPadsBegin().end());
    windows.padsEnd.assign(op.getPadsEnd().begin(), op.getPadsEnd().end());
    windows.dilations.assign(op.getDilations().begin(), op.getDilations().end());
    groups = op.getGroups();
    return success();
  }
};
} // namespace

static constexpr const char *unknownFilter = "the filter's spatial sizes must be known and not 0";

/// Batch and channels exchanged; a view where there is one sample.
static Value channelsFirst(Adjoint &a, Value v) {
  SymShape shape = a.shapeOf(v);
  std::swap(shape[0], shape[1]);
  if (shape[0].isConstant(1) || shape[1].isConstant(1))
    return a.reshape(v, shape);
  SmallVector<int64_t> permutation = llvm::to_vector(llvm::seq<int64_t>(0, shape.size()));
  std::swap(permutation[0], permutation[1]);
  return a.transpose(v, permutation);
}

/// Derivative by the filter, in the filter's shape.
static Value byFilter(Adjoint &a, const Convolution &c, Value image, Value sums,
                      ArrayRef<SymExpr> filter) {
  SymShape in = a.shapeOf(image), out = a.shapeOf(sums);
  SymExpr groups = a.size(c.groups), outputs = filter[0].floorDiv(c.groups),
          places = product(a, filter.drop_front(2)),
          space = product(a, ArrayRef<SymExpr>(out).drop_front(2));
  if (c.groups > 1 && filter[1].isConstant(1)) {
    // Depthwise: nothing to contract but batch and space.
    Value windows = unfold(a, image, c.windows);
    windows = a.reshape(windows, {in[0], groups, a.size(1), places, space});
    sums = a.reshape(sums, {in[0], groups, outputs, a.size(1), space});
    return a.reshape(a.reduce(a.mul(sums, windows), ReduceKind::sum, {0, 4}, false), filter);
  }
  // The batch as one more spatial axis: then it stands beside the others.
  image = channelsFirst(a, image);
  sums = channelsFirst(a, sums);
  if (!c.windows.trivial()) {
    SymShape shape(in);
    std::swap(shape[0], shape[1]);
    shape.insert(shape.begin(), a.size(1));
    Windows w = c.windows;
    w.kernel.insert(w.kernel.begin(), 1);
    w.strides.insert(w.strides.begin(), 1);
    w.dilations.insert(w.dilations.begin(), 1);
    w.padsBegin.insert(w.padsBegin.begin(), 0);
    w.padsEnd.insert(w.padsEnd.begin(), 0);
    image = unfold(a, a.reshape(image, shape), w);
  }
  SymExpr depth = in[0] * space;
  SymShape left = {outputs, depth}, right = {filter[1] * places, depth};
  if (c.groups > 1) {
    left.insert(left.begin(), groups);
    right.insert(right.begin(), groups);
  }
  return a.reshape(a.create<MatmulOp>(a.reshape(sums, left), a.reshape(image, right), false, true),
                   filter);
}

/// The filter with its places in reverse order.
static Value reversed(Adjoint &a, Value filter, const Windows &w) {
  SymShape sizes = a.shapeOf(filter);
  SmallVector<SymExpr> starts(sizes.size(), a.size(0));
  SmallVector<int64_t> strides(sizes.size(), 1);
  for (size_t i = 0; i < w.spatial(); ++i)
    if (w.kernel[i] > 1) {
      starts[i + 2] = a.size(w.kernel[i] - 1);
      strides[i + 2] = -1;
    }
  return a.slice(filter, starts, sizes, strides);
}

namespace {
/// One axis of the derivative by a strided image. Behind its padding the image's element
/// stride * j + r takes w[stride * t + r] of the sum j - t.
struct Phases {
  int64_t taps;             ///< of each remainder r
  int64_t padBegin, padEnd; ///< of the sums; negative: they are cut
  int64_t skip;             ///< elements in front of the image

  static std::optional<Phases> make(const Windows &w, size_t axis, SymExpr image, SymExpr sums) {
    int64_t stride = w.strides[axis], first = w.padsBegin[axis] / stride;
    Phases p;
    p.taps = llvm::divideCeil(w.kernel[axis], stride);
    p.padBegin = p.taps - 1 - first;
    p.skip = w.padsBegin[axis] - first * stride;
    std::optional<int64_t> end =
        ((image + w.padsBegin[axis]).ceilDiv(stride) - sums - first).getConstant();
    // Sizes of the run might need another padding for each.
    if (!end || (w.dilations[axis] != 1 && w.kernel[axis] != 1))
      return std::nullopt;
    p.padEnd = *end;
    return p;
  }
};
} // namespace

/// The strided derivative by the image without its windows; null where it would be much more work
/// or its padding is not known.
static Value byPhases(Adjoint &a, const Windows &w, Value filter, Value sums,
                      ArrayRef<SymExpr> image) {
  SymShape out = a.shapeOf(sums), shape = a.shapeOf(filter);
  SmallVector<Phases> axes;
  int64_t work = 1;
  for (size_t i = 0; i < w.spatial(); ++i) {
    std::optional<Phases> axis = Phases::make(w, i, image[2 + i], out[2 + i]);
    if (!axis)
      return nullptr;
    axes.push_back(*axis);
    work *= axis->taps * w.strides[i];
  }
  if (work > 2 * llvm::product_of(w.kernel))
    return nullptr;
  // Filter [M, C, taps.., r..] as [C, r.., M, taps..], taps reversed.
  size_t spatial = w.spatial();
  SmallVector<SymExpr> low(shape.size(), a.size(0)), high(2, a.size(0)), starts(2, a.size(0));
  SymShape split = {shape[0], shape[1]}, remainders, places, taps;
  SmallVector<int64_t> steps(2, 1), order = {1}, tapOrder = {0}, begin, end;
  for (size_t i = 0; i < spatial; ++i) {
    high.push_back(a.size(axes[i].taps * w.strides[i] - w.kernel[i]));
    split.append({a.size(axes[i].taps), a.size(w.strides[i])});
    starts.append({a.size(axes[i].taps - 1), a.size(0)});
    steps.append({-1, 1});
    order.push_back(3 + 2 * i);
    tapOrder.push_back(2 + 2 * i);
    taps.push_back(a.size(axes[i].taps));
    remainders.push_back(a.size(w.strides[i]));
    begin.push_back(std::max<int64_t>(0, axes[i].padBegin));
    end.push_back(std::max<int64_t>(0, axes[i].padEnd));
  }
  order.append(tapOrder);
  filter = a.pad(filter, a.scalar(a.elementOf(filter), 0), low, high, PadMode::constant);
  filter = a.transpose(a.slice(a.reshape(filter, split), starts, split, steps), order);
  SymShape phases = {shape[1] * product(a, remainders), shape[0]};
  phases.append(taps);
  // Sums that no element of the image takes.
  SymShape cut(2, a.size(0)), kept = {out[0], out[1]};
  for (size_t i = 0; i < spatial; ++i) {
    cut.push_back(a.size(std::max<int64_t>(0, -axes[i].padBegin)));
    kept.push_back(out[2 + i] +
                   (std::min<int64_t>(0, axes[i].padBegin) + std::min<int64_t>(0, axes[i].padEnd)));
  }
  SmallVector<int64_t> ones(spatial, 1);
  sums = a.slice(sums, cut, kept, SmallVector<int64_t>(kept.size(), 1));
  Value parts = a.create<ConvOp>(sums, a.reshape(filter, phases), a.none(), ArrayRef<int64_t>(ones),
                                 ArrayRef<int64_t>(begin), ArrayRef<int64_t>(end),
                                 ArrayRef<int64_t>(ones), int64_t(1));
  // Interleaved.
  SymShape apart = {image[0], image[1]}, whole = apart, skip(2, a.size(0));
  apart.append(remainders);
  SmallVector<int64_t> together = {0, 1};
  for (size_t i = 0; i < spatial; ++i) {
    SymExpr count = out[2 + i] + (axes[i].padBegin + axes[i].padEnd - (axes[i].taps - 1));
    apart.push_back(count);
    whole.push_back(count * w.strides[i]);
    together.append({static_cast<int64_t>(2 + spatial + i), static_cast<int64_t>(2 + i)});
    skip.push_back(a.size(axes[i].skip));
  }
  Value result = a.reshape(a.transpose(a.reshape(parts, apart), together), whole);
  return a.slice(result, skip, image, SmallVector<int64_t>(whole.size(), 1));
}

/// Derivative by the image, in the image's shape.
static Value byImage(Adjoint &a, const Convolution &c, Value filter, Value sums,
                     ArrayRef<SymExpr> image) {
  const Windows &w = c.windows;
  SymShape shape = a.shapeOf(filter), out = a.shapeOf(sums);
  bool depthwise = c.groups > 1 && shape[0].isConstant(c.groups) && shape[1].isConstant(1);
  bool again = c.groups == 1 || depthwise;
  SmallVector<int64_t> begin, end, ones(w.spatial(), 1);
  for (size_t i = 0; i < w.spatial(); ++i) {
    begin.push_back(w.reach(i) - w.padsBegin[i]);
    end.push_back(w.reach(i) - w.padsEnd[i]);
    again &= w.strides[i] == 1 && begin[i] >= 0 && end[i] >= 0;
  }
  if (again) {
    filter = reversed(a, filter, w);
    if (filter && !depthwise)
      filter = channelsFirst(a, filter);
    return a.reshape(a.create<ConvOp>(sums, filter, a.none(), ArrayRef<int64_t>(ones),
                                      ArrayRef<int64_t>(begin), ArrayRef<int64_t>(end),
                                      ArrayRef<int64_t>(w.dilations), c.groups),
                     image);
  }
  if (c.groups == 1)
    if (Value phases = byPhases(a, w, filter, sums, image))
      return phases;
  SymExpr groups = a.size(c.groups), outputs = shape[0].floorDiv(c.groups),
          places = product(a, ArrayRef<SymExpr>(shape).drop_front(2)),
          space = product(a, ArrayRef<SymExpr>(out).drop_front(2));
  Value windows;
  if (c.groups == 1)
    windows = a.create<MatmulOp>(a.reshape(filter, {shape[0], shape[1] * places}),
                                 a.reshape(sums, {out[0], out[1], space}), true, false);
  else if (outputs.isConstant(1))
    windows = a.mul(a.reshape(filter, {groups, shape[1] * places, a.size(1)}),
                    a.reshape(sums, {out[0], groups, a.size(1), space}));
  else
    windows = a.create<MatmulOp>(a.reshape(filter, {groups, outputs, shape[1] * places}),
                                 a.reshape(sums, {out[0], groups, outputs, space}), true, false);
  SymShape all = {out[0], image[1]};
  all.append(shape.begin() + 2, shape.end());
  all.append(out.begin() + 2, out.end());
  return fold(a, a.reshape(windows, all), image.drop_front(2), w);
}

static LogicalResult byBias(Adjoint &a, Value bias) {
  if (!wants(a, bias))
    return success();
  Value g = a.gradient();
  return a.contribute(bias, a.reduce(g, ReduceKind::sum, axesButChannel(a.rankOf(g)), false));
}

static LogicalResult conv(ConvOp op, Adjoint &a) {
  Value x = op.getInput(), w = op.getFilter(), g = a.gradient();
  Convolution c;
  if (failed(c.read(op)))
    return a.refuse(unknownFilter);
  if (failed(byBias(a, op.getBias())))
    return failure();
  if (a.needs(x) && failed(a.contribute(x, byImage(a, c, w, g, a.shapeOf(x)))))
    return failure();
  return a.needs(w) ? a.contribute(w, byFilter(a, c, x, g, a.shapeOf(w))) : success();
}

/// The transposed convolution is the derivative of a convolution by its image: with x as that
/// convolution's sums and y as its image its derivatives are that convolution itself and its
/// derivative by the filter.
static LogicalResult convTranspose(ConvTransposeOp op, Adjoint &a) {
  Value x = op.getInput(), w = op.getFilter(), g = a.gradient();
  Convolution c;
  if (failed(c.read(op)))
    return a.refuse(unknownFilter);
  if (failed(byBias(a, op.getBias())))
    return failure();
  // Windows of the result must be as many as the input's elements: whole strides of output padding
  // are cut off, and so are negative pads.
  SymShape starts(2, a.size(0)), sizes = a.shapeOf(g);
  for (size_t i = 0; i < c.windows.spatial(); ++i) {
    int64_t more = op.getOutputPadding()[i];
    int64_t &begin = c.windows.padsBegin[i], &end = c.windows.padsEnd[i];
    end -= more - more % c.windows.strides[i];
    starts.push_back(a.size(std::max<int64_t>(0, -begin)));
    sizes[i + 2] = sizes[i + 2] + (std::min<int64_t>(0, begin) + std::min<int64_t>(0, end));
    begin = std::max<int64_t>(0, begin);
    end = std::max<int64_t>(0, end);
  }
  g = a.slice(g, starts, sizes, SmallVector<int64_t>(sizes.size(), 1));
  if (!g)
    return failure();
  const Windows &windows = c.windows;
  if (a.needs(x)) {
    Value d = a.create<ConvOp>(
        g, w, a.none(), ArrayRef<int64_t>(windows.strides), ArrayRef<int64_t>(windows.padsBegin),
        ArrayRef<int64_t>(windows.padsEnd), ArrayRef<int64_t>(windows.dilations), c.groups);
    if (failed(a.contribute(x, a.reshape(d, a.shapeOf(x)))))
      return failure();
  }
  return a.needs(w) ? a.contribute(w, byFilter(a, c, g, x, a.shapeOf(w))) : success();
}

void mlopt::attachConvolutionGradients(MLIRContext *context) {
  attachGradientRule<ConvOp, conv>(context);
  attachGradientRule<ConvTransposeOp, convTranspose>(context);
}
