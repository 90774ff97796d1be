//===- SimplifyViews.cpp - Chains of views become one ---------------------===//
//
// The normal form that the other passes look for: reshapes that only add or
// remove axes of size 1, and slices, stand before transposes; transposes
// between reshapes that merge and split the same axes stand alone.
//
//===----------------------------------------------------------------------===//
#include "GraphRules.h"

using namespace mlir;
using namespace mlopt;

namespace {
/// Two operations, one behind the other; `outer` null if there are no such two.
template <typename OuterOp, typename InnerOp> struct Chain {
  OuterOp outer;
  InnerOp inner;

  explicit Chain(Operation *op) {
    auto last = dyn_cast<OuterOp>(op);
    inner = last ? last.getInput().template getDefiningOp<InnerOp>() : InnerOp();
    outer = inner ? last : OuterOp();
  }
  explicit operator bool() const { return bool(outer); }
};
} // namespace

/// reshape or broadcast to the shape that is there already, and of its like:
/// `build(builder, input, shape)` makes one.
template <typename OpTy, auto build> static bool dropShapeChange(Operation *op, GraphRewriter &rewriter) {
  auto change = dyn_cast<OpTy>(op);
  if (!change)
    return false;
  SymShape shape = rewriter.shapeOf(change);
  if (rewriter.shapeOf(change.getInput()) == shape)
    return rewriter.replace(op, change.getInput());
  Chain<OpTy, OpTy> chain(op);
  if (!chain)
    return false;
  ComposeBuilder b = rewriter.before(op, {chain.inner});
  return rewriter.replace(op, b, (b.*build)(chain.inner.getInput(), shape));
}

/// transpose of transpose; transposes that move axes of size 1 only.
static bool dropTranspose(Operation *op, GraphRewriter &rewriter) {
  auto transpose = dyn_cast<TransposeOp>(op);
  if (!transpose)
    return false;
  ArrayRef<int64_t> permutation = transpose.getPermutation();
  if (auto producer = transpose.getInput().getDefiningOp<TransposeOp>()) {
    SmallVector<int64_t> composed;
    for (int64_t axis : permutation)
      composed.push_back(producer.getPermutation()[axis]);
    ComposeBuilder b = rewriter.before(op, {producer});
    return rewriter.replace(op, b, b.transpose(producer.getInput(), composed));
  }
  if (!movesUnitsOnly(rewriter.shapeOf(transpose.getInput()), permutation))
    return false;
  ComposeBuilder b = rewriter.before(op);
  return rewriter.replace(op, b, b.reshape(transpose.getInput(), rewriter.shapeOf(transpose)));
}

/// For a reshape that only merges neighbouring axes: the groups of input axes
/// that each result axis holds. Empty if it does anything else.
static SmallVector<SmallVector<int64_t>> mergedAxes(ArrayRef<SymExpr> from, ArrayRef<SymExpr> to) {
  SmallVector<SmallVector<int64_t>> groups;
  size_t i = 0;
  for (SymExpr size : to) {
    SmallVector<int64_t> group;
    SymExpr product = SymExpr::constant(size.getContext(), 1);
    while (i < from.size() && (group.empty() || product != size)) {
      product = product * from[i];
      group.push_back(i++);
    }
    if (product != size || group.empty())
      return {};
    groups.push_back(group);
  }
  // Axes of size 1 at the end belong to the last group.
  for (; i < from.size(); ++i) {
    if (!isUnit(from[i]) || groups.empty())
      return {};
    groups.back().push_back(i);
  }
  return groups;
}

/// transpose(merge(x)) = merge(transpose'(x)), where it lets transposes meet or
/// the merge be undone.
static bool transposeBeforeMerge(Operation *op, GraphRewriter &rewriter) {
  Chain<TransposeOp, ReshapeOp> chain(op);
  if (!chain)
    return false;
  auto [transpose, merge] = chain;
  SymShape from = rewriter.shapeOf(merge.getInput()), to = rewriter.shapeOf(merge);
  if (from.size() <= to.size())
    return false;
  SmallVector<SmallVector<int64_t>> groups = mergedAxes(from, to);
  if (groups.empty())
    return false;
  SmallVector<int64_t> permutation;
  SymShape middle;
  for (int64_t axis : transpose.getPermutation())
    for (int64_t inner : groups[axis]) {
      permutation.push_back(inner);
      middle.push_back(from[inner]);
    }
  bool undone = llvm::all_of(op->getUsers(), [&](Operation *user) {
    return isa<ReshapeOp>(user) && rewriter.shapeOf(user->getResult(0)) == middle;
  });
  if (!undone && !merge.getInput().getDefiningOp<TransposeOp>())
    return false;
  ComposeBuilder b = rewriter.before(op, {merge});
  Value moved = b.transpose(merge.getInput(), permutation);
  return rewriter.replace(op, b, b.reshape(moved, rewriter.shapeOf(transpose)));
}

/// reshape_unit(transpose(x)) = transpose'(reshape_unit'(x)) where the reshape
/// removes axes of size 1.
static bool squeezeBeforeTranspose(Operation *op, GraphRewriter &rewriter) {
  Chain<ReshapeOp, TransposeOp> chain(op);
  if (!chain)
    return false;
  auto [reshape, transpose] = chain;
  SymShape in = rewriter.shapeOf(transpose.getInput()), mid = rewriter.shapeOf(transpose),
           out = rewriter.shapeOf(reshape);
  if (out.size() >= mid.size() || !isUnitReshape(mid, out))
    return false;
  // The axes that stay: all of `mid` but as many of size 1 as `out` lacks.
  size_t drop = mid.size() - out.size();
  SmallVector<bool> dropped(in.size(), false);
  SmallVector<int64_t> kept;
  size_t j = 0;
  for (size_t i = 0; i < mid.size(); ++i) {
    int64_t axis = transpose.getPermutation()[i];
    if (drop && isUnit(mid[i]) && (j == out.size() || !isUnit(out[j]))) {
      dropped[axis] = true;
      --drop;
      continue;
    }
    if (j == out.size() || mid[i] != out[j])
      return false;
    kept.push_back(axis);
    ++j;
  }
  if (drop)
    return false;
  SymShape squeezed;
  SmallVector<int64_t> position(in.size(), -1);
  for (size_t axis = 0; axis < in.size(); ++axis)
    if (!dropped[axis]) {
      position[axis] = squeezed.size();
      squeezed.push_back(in[axis]);
    }
  SmallVector<int64_t> permutation;
  for (int64_t axis : kept)
    permutation.push_back(position[axis]);
  ComposeBuilder b = rewriter.before(op, {transpose});
  return rewriter.replace(op, b,
                          b.transpose(b.reshape(transpose.getInput(), squeezed), permutation));
}

/// reshape_unit(transpose(x)) = transpose'(reshape_unit'(x)) where the reshape
/// adds axes of size 1: the transpose may then meet another one.
static bool unsqueezeBeforeTranspose(Operation *op, GraphRewriter &rewriter) {
  Chain<ReshapeOp, TransposeOp> chain(op);
  if (!chain)
    return false;
  auto [reshape, transpose] = chain;
  SymShape in = rewriter.shapeOf(transpose.getInput()), mid = rewriter.shapeOf(transpose),
           out = rewriter.shapeOf(reshape);
  if (out.size() <= mid.size())
    return false;
  // New axes go to the front of x; `permutation` brings all to their places.
  size_t added = out.size() - mid.size(), next = 0, taken = 0;
  SmallVector<int64_t> permutation;
  for (SymExpr size : out)
    if (taken < mid.size() && size == mid[taken])
      permutation.push_back(added + transpose.getPermutation()[taken++]);
    else if (isUnit(size) && next < added)
      permutation.push_back(next++);
    else
      return false;
  if (taken != mid.size())
    return false;
  SymShape wide(added, rewriter.size(1));
  llvm::append_range(wide, in);
  ComposeBuilder b = rewriter.before(op, {transpose});
  return rewriter.replace(op, b, b.transpose(b.reshape(transpose.getInput(), wide), permutation));
}

namespace {
/// Starts, sizes and strides of a slice as expressions.
struct SliceParts {
  SmallVector<SymExpr> starts, sizes;
  SmallVector<int64_t> strides;

  SliceParts(SliceOp op, GraphRewriter &rewriter)
      : starts(::mlopt::detail::mixedSizes(op.getStaticStarts(), op.getStarts(),
                                           rewriter.getShapes())),
        sizes(
            ::mlopt::detail::mixedSizes(op.getStaticSizes(), op.getSizes(), rewriter.getShapes())),
        strides(op.getStrides()) {}

  bool isWhole(ArrayRef<SymExpr> shape, size_t axis) const {
    return starts[axis].isConstant(0) && strides[axis] == 1 && sizes[axis] == shape[axis];
  }
  /// Whether nothing is cut but, at most, `axis`.
  bool isWholeBut(ArrayRef<SymExpr> shape, std::optional<size_t> axis = std::nullopt) const {
    return llvm::all_of(llvm::seq<size_t>(0, shape.size()),
                        [&](size_t i) { return i == axis || isWhole(shape, i); });
  }
};
} // namespace

/// slice of everything; slice of slice; slice(transpose(x)).
static bool moveSlice(Operation *op, GraphRewriter &rewriter) {
  auto slice = dyn_cast<SliceOp>(op);
  if (!slice)
    return false;
  SliceParts parts(slice, rewriter);
  SymShape in = rewriter.shapeOf(slice.getInput());
  if (parts.isWholeBut(in))
    return rewriter.replace(op, slice.getInput());
  if (auto producer = slice.getInput().getDefiningOp<SliceOp>()) {
    SliceParts first(producer, rewriter);
    for (size_t axis = 0; axis < in.size(); ++axis) {
      parts.starts[axis] = first.starts[axis] + parts.starts[axis] * first.strides[axis];
      parts.strides[axis] *= first.strides[axis];
    }
    ComposeBuilder b = rewriter.before(op, {producer});
    return rewriter.replace(op, b,
                            b.slice(producer.getInput(), parts.starts, parts.sizes, parts.strides));
  }
  if (auto transpose = slice.getInput().getDefiningOp<TransposeOp>()) {
    SmallVector<SymExpr> starts(in.size()), sizes(in.size());
    SmallVector<int64_t> strides(in.size());
    for (auto [i, axis] : llvm::enumerate(transpose.getPermutation())) {
      starts[axis] = parts.starts[i];
      sizes[axis] = parts.sizes[i];
      strides[axis] = parts.strides[i];
    }
    ComposeBuilder b = rewriter.before(op, {transpose});
    Value part = b.slice(transpose.getInput(), starts, sizes, strides);
    return rewriter.replace(op, b, b.transpose(part, transpose.getPermutation()));
  }
  return false;
}

/// slice(split(x)) along the outermost axis of a split = split'(slice(x)): the
/// part is then a run of the unsplit axis.
static bool sliceBeforeSplit(Operation *op, GraphRewriter &rewriter) {
  Chain<SliceOp, ReshapeOp> chain(op);
  if (!chain)
    return false;
  auto [slice, split] = chain;
  SymShape in = rewriter.shapeOf(split.getInput()), mid = rewriter.shapeOf(split);
  if (in.size() >= mid.size())
    return false;
  SmallVector<SmallVector<int64_t>> groups = mergedAxes(mid, in); // of `mid` axes, per axis of `in`
  if (groups.empty())
    return false;
  SliceParts parts(slice, rewriter);
  SmallVector<SymExpr> starts, sizes;
  for (size_t axis = 0; axis < in.size(); ++axis) {
    SymExpr inner = rewriter.size(1), start = rewriter.size(0), length = in[axis];
    // Of a split axis only its first part of more than one element may be cut.
    bool outer = true;
    for (int64_t m : groups[axis]) {
      bool cut = !parts.isWhole(mid, m);
      if (cut && (!outer || parts.strides[m] != 1))
        return false;
      if (!outer) {
        inner = inner * mid[m];
        continue;
      }
      if (isUnit(mid[m]) && !cut)
        continue;
      outer = false;
      start = parts.starts[m];
      length = parts.sizes[m];
    }
    starts.push_back(start * inner);
    sizes.push_back(outer ? in[axis] : length * inner);
  }
  ComposeBuilder b = rewriter.before(op, {split});
  Value part = b.slice(split.getInput(), starts, sizes, SmallVector<int64_t>(in.size(), 1));
  return rewriter.replace(op, b, b.reshape(part, rewriter.shapeOf(slice)));
}

/// slice(concat(a, b, ...)) that is one of the operands.
static bool sliceOfConcat(Operation *op, GraphRewriter &rewriter) {
  Chain<SliceOp, ConcatOp> chain(op);
  if (!chain)
    return false;
  auto [slice, concat] = chain;
  SliceParts parts(slice, rewriter);
  SymShape whole = rewriter.shapeOf(concat);
  size_t axis = concat.getAxis();
  if (!parts.isWholeBut(whole, axis))
    return false;
  SymExpr start = rewriter.size(0);
  for (Value input : concat.getInputs()) {
    SymExpr length = rewriter.shapeOf(input)[axis];
    if (parts.strides[axis] == 1 && parts.starts[axis] == start && parts.sizes[axis] == length)
      return rewriter.replace(op, input);
    start = start + length;
  }
  return false;
}

/// concat of neighbouring slices of one tensor, and of concatenations along the same axis.
static bool joinConcat(Operation *op, GraphRewriter &rewriter) {
  auto concat = dyn_cast<ConcatOp>(op);
  if (!concat)
    return false;
  size_t axis = concat.getAxis();
  SmallVector<Value> inputs;
  bool changed = false;
  for (Value input : concat.getInputs()) {
    if (auto inner = singleUse<ConcatOp>(input); inner && inner.getAxis() == concat.getAxis()) {
      llvm::append_range(inputs, inner.getInputs());
      changed = true;
      continue;
    }
    SliceOp next = input.getDefiningOp<SliceOp>();
    SliceOp last = inputs.empty() ? SliceOp() : inputs.back().getDefiningOp<SliceOp>();
    if (next && last && next.getInput() == last.getInput()) {
      SliceParts a(last, rewriter), b(next, rewriter);
      bool joins = a.strides[axis] == 1 && b.strides[axis] == 1 &&
                   a.starts[axis] + a.sizes[axis] == b.starts[axis];
      for (size_t i = 0; i < a.sizes.size(); ++i)
        joins &= i == axis || (a.starts[i] == b.starts[i] && a.sizes[i] == b.sizes[i] &&
                               a.strides[i] == b.strides[i]);
      if (joins) {
        a.sizes[axis] = a.sizes[axis] + b.sizes[axis];
        ComposeBuilder builder = rewriter.before(op, {last, next});
        inputs.back() = builder.slice(last.getInput(), a.starts, a.sizes, a.strides);
        if (!inputs.back())
          return false;
        changed = true;
        continue;
      }
    }
    inputs.push_back(input);
  }
  if (!changed)
    return false;
  ComposeBuilder b = rewriter.before(op);
  return rewriter.replace(op, b, b.concat(inputs, axis));
}

ArrayRef<GraphRule> mlopt::getViewRules() {
  static const GraphRule rules[] = {dropShapeChange<ReshapeOp, &ComposeBuilder::reshape>,
                                    dropTranspose,
                                    transposeBeforeMerge,
                                    squeezeBeforeTranspose,
                                    unsqueezeBeforeTranspose,
                                    moveSlice,
                                    sliceBeforeSplit,
                                    sliceOfConcat,
                                    joinConcat,
                                    dropShapeChange<BroadcastOp, &ComposeBuilder::broadcast>};
  return rules;
}
