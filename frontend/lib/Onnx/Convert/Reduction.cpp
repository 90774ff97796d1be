//===- Reduction.cpp - Reducing ONNX operators ----------------------------===//
#include "Conversion.h"
#include "mlopt/IR/RunTimeChecks.h"

using namespace mlir;

namespace mlopt::onnx {
namespace {

struct Reduction {
  Value input;
  SmallVector<int64_t> axes;
  bool keepdims = true;
};

/// Operand, axes (attribute or operand 1) and keepdims of a Reduce operator; none after a
/// diagnostic.
std::optional<Reduction> readReduction(Node &n) {
  Reduction r;
  r.input = n.input(0);
  if (!r.input)
    return std::nullopt;
  r.keepdims = n.boolAttr("keepdims", true);
  int64_t rank = n.rankOf(r.input);
  std::optional<SmallVector<int64_t>> axes = n.intsAttr("axes");
  if (n.has(1)) {
    axes = n.constantInts(1);
    if (!axes) {
      (void)n.unsupported("axes that are known only at run time");
      return std::nullopt;
    }
  }
  if (!axes || axes->empty()) {
    if (!n.boolAttr("noop_with_empty_axes", false))
      for (int64_t i = 0; i < rank; ++i)
        r.axes.push_back(i);
    return r;
  }
  auto normal = n.normalizeAxes(*axes, rank);
  if (!normal)
    return std::nullopt;
  r.axes = *normal;
  return r;
}

Value apply(Node &n, const Reduction &r, Value v, ReduceKind kind) {
  return r.axes.empty() ? v : n.reduce(v, kind, r.axes, r.keepdims);
}

template <ReduceKind kind> LogicalResult plain(Node &n) {
  auto r = readReduction(n);
  return r ? n.finish(apply(n, *r, r->input, kind)) : failure();
}

LogicalResult reduceL1(Node &n) {
  auto r = readReduction(n);
  return r ? n.finish(apply(n, *r, n.create<AbsOp>(r->input), ReduceKind::sum)) : failure();
}

LogicalResult reduceSumSquare(Node &n) {
  auto r = readReduction(n);
  return r ? n.finish(apply(n, *r, n.mul(r->input, r->input), ReduceKind::sum)) : failure();
}

/// The type in which roots and logarithms of v are taken: integers and 16-bit floats in a wider
/// one.
Type computeType(Node &n, Value v) {
  Type element = n.elementOf(v);
  if (isa<IntegerType>(element))
    return n.getBuilder().getF64Type();
  return element.getIntOrFloatBitWidth() < 32 ? n.getBuilder().getF32Type() : element;
}

LogicalResult reduceL2(Node &n) {
  auto r = readReduction(n);
  if (!r)
    return failure();
  Value x = n.cast(r->input, computeType(n, r->input));
  Value root = n.create<SqrtOp>(apply(n, *r, n.mul(x, x), ReduceKind::sum));
  return n.finish(n.cast(root, n.elementOf(r->input)));
}

LogicalResult reduceLogSum(Node &n) {
  auto r = readReduction(n);
  if (!r)
    return failure();
  Value x = n.cast(r->input, computeType(n, r->input));
  return n.finish(n.cast(n.create<LogOp>(apply(n, *r, x, ReduceKind::sum)), n.elementOf(r->input)));
}

LogicalResult reduceLogSumExp(Node &n) {
  auto r = readReduction(n);
  if (!r)
    return failure();
  Value x = n.cast(r->input, computeType(n, r->input));
  if (r->axes.empty())
    return n.finish(r->input);
  // Over no elements, or only -inf, the maximum is infinite and must not be subtracted.
  Value max = n.reduce(x, ReduceKind::max, r->axes, /*keepdims=*/true);
  max = n.select(n.create<IsInfOp>(max, true, true), n.scalar(n.elementOf(x), 0), max);
  Value sum = n.reduce(n.create<ExpOp>(n.sub(x, max)), ReduceKind::sum, r->axes, /*keepdims=*/true);
  Value result = n.add(n.create<LogOp>(sum), max);
  if (!r->keepdims)
    result = n.squeeze(result, r->axes);
  return n.finish(n.cast(result, n.elementOf(r->input)));
}

template <ArgReduceKind kind> LogicalResult argReduce(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  auto axis = n.normalizeAxis(n.intAttr("axis", 0), n.rankOf(x));
  if (!axis)
    return failure();
  return n.finish(n.create<ArgReduceOp>(x, kind, *axis, n.boolAttr("keepdims", true),
                                        n.boolAttr("select_last_index", false)));
}

/// Softmax, LogSoftmax and Hardmax before opset 13 work on x as a matrix [product before axis,
/// product from axis].
template <typename Fn> LogicalResult alongAxis(Node &n, Fn fn) {
  Value x = n.input(0);
  if (!x)
    return failure();
  int64_t rank = n.rankOf(x);
  if (n.getOpset() >= 13) {
    auto axis = n.normalizeAxis(n.intAttr("axis", -1), rank);
    return axis ? n.finish(fn(x, *axis)) : failure();
  }
  int64_t axis = n.intAttr("axis", 1);
  if (axis < -rank || axis > rank)
    return n.malformed("axis " + Twine(axis) + " is out of range");
  axis = axis < 0 ? axis + rank : axis;
  if (axis == rank - 1)
    return n.finish(fn(x, axis));
  SymShape shape = n.shapeOf(x);
  SymExpr outer = numElements(n.getContext(), ArrayRef<SymExpr>(shape).take_front(axis));
  SymExpr inner = numElements(n.getContext(), ArrayRef<SymExpr>(shape).drop_front(axis));
  Value matrix = n.reshape(x, {outer, inner});
  return n.finish(matrix ? n.reshape(fn(matrix, 1), shape) : matrix);
}

template <bool log> LogicalResult softmax(Node &n) {
  return alongAxis(n, [&](Value x, int64_t axis) { return n.create<SoftmaxOp>(x, axis, log); });
}

LogicalResult hardmax(Node &n) {
  return alongAxis(n, [&](Value x, int64_t axis) {
    // Where there may be no element there is no largest one, but nothing to mark either: one more
    // element, which is never the first of the largest, lets the position be found.
    Value some = x;
    if (x && !isProvablyAtLeast(n.dimOf(x, axis), 1)) {
      SmallVector<SymExpr> low(n.rankOf(x), n.size(0)), high(low);
      high[axis] = n.size(1);
      some = n.pad(x, n.scalar(n.elementOf(x), -INFINITY), low, high, PadMode::constant);
    }
    Value index = n.create<ArgReduceOp>(some, ArgReduceKind::max, axis, /*keepdims=*/true,
                                        /*select_last_index=*/false);
    Value position = n.iotaAlong(n.getBuilder().getI64Type(), n.dimOf(x, axis), axis, n.rankOf(x));
    return n.cast(n.compare(ComparePredicate::eq, position, index), n.elementOf(x));
  });
}

template <CumulativeKind kind> LogicalResult cumulative(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  int64_t rank = n.rankOf(x);
  auto given = n.constantInts(1);
  int64_t axis = 0; // the only axis of a vector, whatever run time says
  if (given && given->size() == 1)
    axis = given->front();
  else if (rank != 1)
    return n.unsupported("an axis that is known only at run time");
  auto normal = n.normalizeAxis(axis, rank);
  if (!normal)
    return failure();
  return n.finish(n.create<CumulativeOp>(x, kind, *normal, n.boolAttr("exclusive", false),
                                         n.boolAttr("reverse", false)));
}

LogicalResult topK(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  auto axis = n.normalizeAxis(n.intAttr("axis", -1), n.rankOf(x));
  if (!axis)
    return failure();
  SymExpr k;
  if (n.getOpset() < 10) {
    k = n.size(n.intAttr("k", 0));
  } else {
    auto given = n.sizesInput(1);
    if (!given || given->size() != 1)
      return n.unsupported("a number k that is computed from data");
    k = given->front();
  }
  if (auto constant = k.getConstant()) {
    auto length = n.dimOf(x, *axis).getConstant();
    if (*constant < 0 || (length && *constant > *length))
      return n.malformed("k is " + Twine(*constant) + ", the axis has " +
                         Twine(length.value_or(0)) + " elements");
  }
  SmallVector<int64_t> statics;
  SmallVector<Value> dynamics;
  n.mixed({k}, statics, dynamics);
  return n.finish(n.createAll<TopKOp>(x, dynamics, *axis, statics[0], n.boolAttr("largest", true)));
}

const Entry entries[] = {
    {"ArgMax", 1, argReduce<ArgReduceKind::max>},
    {"ArgMin", 1, argReduce<ArgReduceKind::min>},
    {"CumProd", 26, cumulative<CumulativeKind::prod>},
    {"CumSum", 11, cumulative<CumulativeKind::sum>},
    {"Hardmax", 1, hardmax},
    {"LogSoftmax", 1, softmax<true>},
    {"ReduceL1", 1, reduceL1},
    {"ReduceL2", 1, reduceL2},
    {"ReduceLogSum", 1, reduceLogSum},
    {"ReduceLogSumExp", 1, reduceLogSumExp},
    {"ReduceMax", 1, plain<ReduceKind::max>},
    {"ReduceMean", 1, plain<ReduceKind::mean>},
    {"ReduceMin", 1, plain<ReduceKind::min>},
    {"ReduceProd", 1, plain<ReduceKind::prod>},
    {"ReduceSum", 1, plain<ReduceKind::sum>},
    {"ReduceSumSquare", 1, reduceSumSquare},
    {"Softmax", 1, softmax<false>},
    {"TopK", 1, topK},
};

} // namespace

ArrayRef<Entry> getReductionEntries() { return entries; }

} // namespace mlopt::onnx
