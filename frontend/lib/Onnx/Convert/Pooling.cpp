//===- Pooling.cpp - ONNX pooling -----------------------------------------===//
#include "Quantization.h"

using namespace mlir;

namespace mlopt::onnx {
namespace {

struct PoolAttrs {
  SmallVector<int64_t> kernel, strides, dilations, begin, end, extra;
};

/// Attributes of a pool; `extra` is what ceil_mode adds at the end.
LogicalResult readPool(Node &n, Value x, PoolAttrs &a) {
  int64_t count = n.rankOf(x) - 2;
  if (count < 1)
    return n.malformed("the operand has rank " + Twine(n.rankOf(x)) + ", expected at least 3");
  if (!n.intsAttr("kernel_shape"))
    return n.malformed("kernel_shape is missing");
  if (failed(spatialAttr(n, "kernel_shape", count, 1, a.kernel)) ||
      failed(spatialAttr(n, "strides", count, 1, a.strides)) ||
      failed(spatialAttr(n, "dilations", count, 1, a.dilations)))
    return failure();
  SmallVector<int64_t> extents;
  for (int64_t i = 0; i < count; ++i)
    extents.push_back((a.kernel[i] - 1) * a.dilations[i] + 1);
  SymShape in = n.shapeOf(x);
  ArrayRef<SymExpr> spatial = ArrayRef<SymExpr>(in).drop_front(2);
  if (failed(resolvePads(n, spatial, extents, a.strides, a.begin, a.end)))
    return failure();
  a.extra.assign(count, 0);
  for (int64_t i = 0; i < count; ++i)
    if (a.begin[i] < 0 || a.end[i] < 0)
      return n.unsupported("negative pads");
  if (!n.boolAttr("ceil_mode", false))
    return success();
  for (int64_t i = 0; i < count; ++i) {
    int64_t stride = a.strides[i];
    if (stride == 1)
      continue;
    if (auto d = spatial[i].getConstant()) {
      // Less than 0 where the window is larger than the padded input: less than a
      // stride beyond it there is one window still, as in onnxruntime.
      int64_t rest = *d + a.begin[i] + a.end[i] - extents[i];
      int64_t out = llvm::divideCeilSigned(rest, stride) + 1;
      if (out < 0)
        return n.malformed("the window is larger than the padded input");
      if (out > 0 && (out - 1) * stride >=
                         *d + a.begin[i]) // a window that starts in the end padding does not count
        --out;
      a.extra[i] = std::max<int64_t>((out - 1) * stride - rest, 0);
      // One window fewer than rounding down gives: take padding away.
      int64_t tooMany = rest - ((out - 1) * stride + stride - 1);
      if (tooMany > 0)
        a.end[i] -= tooMany;
      if (a.end[i] < 0)
        return n.unsupported("ceil_mode with pads larger than the window");
    } else if (a.end[i] + stride - 1 < extents[i]) {
      a.extra[i] = stride - 1; // floor((rest + stride - 1) / stride) rounds up
    } else {
      return n.unsupported(
          "ceil_mode where a window may start in the padding, on a dimension that is not fixed");
    }
  }
  return success();
}

Value buildPool(Node &n, Value x, const PoolAttrs &a, PoolKind kind, bool countIncludePad,
                int64_t p) {
  return n.create<PoolOp>(x, kind, ArrayRef<int64_t>(a.kernel), ArrayRef<int64_t>(a.strides),
                          ArrayRef<int64_t>(a.begin), ArrayRef<int64_t>(a.end),
                          ArrayRef<int64_t>(a.extra), ArrayRef<int64_t>(a.dilations),
                          countIncludePad, p);
}

LogicalResult averagePool(Node &n) {
  Value x = n.input(0);
  PoolAttrs a;
  if (!x || failed(readPool(n, x, a)))
    return failure();
  return n.finish(buildPool(n, x, a, PoolKind::average, n.boolAttr("count_include_pad", false), 2));
}

LogicalResult maxPool(Node &n) {
  Value x = n.input(0);
  PoolAttrs a;
  if (!x || failed(readPool(n, x, a)))
    return failure();
  if (!n.hasResult(1))
    return n.finish(buildPool(n, x, a, PoolKind::max, false, 2));
  return n.finish(n.createAll<MaxPoolWithIndicesOp>(
      x, ArrayRef<int64_t>(a.kernel), ArrayRef<int64_t>(a.strides), ArrayRef<int64_t>(a.begin),
      ArrayRef<int64_t>(a.end), ArrayRef<int64_t>(a.extra), ArrayRef<int64_t>(a.dilations),
      n.boolAttr("storage_order", false)));
}

LogicalResult lpPool(Node &n) {
  Value x = n.input(0);
  PoolAttrs a;
  if (!x || failed(readPool(n, x, a)))
    return failure();
  int64_t p = n.intAttr("p", 2);
  if (p < 1)
    return n.malformed("p is " + Twine(p));
  return n.finish(buildPool(n, x, a, PoolKind::lp, false, p));
}

/// The spatial axes of x; empty after a diagnostic.
SmallVector<int64_t> spatialAxes(Node &n, Value x) {
  SmallVector<int64_t> axes;
  if (x && n.rankOf(x) < 3)
    (void)n.malformed("the operand has rank " + Twine(n.rankOf(x)) + ", expected at least 3");
  else if (x)
    for (int64_t i = 2; i < n.rankOf(x); ++i)
      axes.push_back(i);
  return axes;
}

template <ReduceKind kind> LogicalResult globalPool(Node &n) {
  Value x = n.input(0);
  SmallVector<int64_t> axes = spatialAxes(n, x);
  return axes.empty() ? failure() : n.finish(n.reduce(x, kind, axes, /*keepdims=*/true));
}

LogicalResult globalLpPool(Node &n) {
  Value x = n.input(0);
  SmallVector<int64_t> axes = spatialAxes(n, x);
  if (axes.empty())
    return failure();
  double p = static_cast<double>(n.intAttr("p", 2));
  if (p < 1)
    return n.malformed("p is less than 1");
  Type element = n.elementOf(x);
  Value power = n.create<PowOp>(n.create<AbsOp>(x), n.scalar(element, p));
  Value sum = n.reduce(power, ReduceKind::sum, axes, /*keepdims=*/true);
  return n.finish(n.create<PowOp>(sum, n.scalar(element, 1 / p)));
}

/// ONNX Runtime's pools of quantized tensors: the float pool between dequantize and quantize. With
/// channels_last the channels are the last axis.
LogicalResult quantizedPool(Node &n, llvm::function_ref<Value(Value)> build) {
  Value x = dequantizedInput(n, 0);
  if (!x)
    return failure();
  int64_t rank = n.rankOf(x);
  bool isLast = n.boolAttr("channels_last", false) && rank > 2;
  SmallVector<int64_t> toFirst = {0, rank - 1}, toLast = {0};
  for (int64_t i = 1; i < rank - 1; ++i) {
    toFirst.push_back(i);
    toLast.push_back(i + 1);
  }
  toLast.push_back(1);
  Value y = build(isLast ? n.transpose(x, toFirst) : x);
  if (isLast && y)
    y = n.transpose(y, toLast);
  return finishQuantized(n, y, 3, n.elementOf(n.input(0)));
}

LogicalResult qlinearAveragePool(Node &n) {
  return quantizedPool(n, [&](Value x) -> Value {
    PoolAttrs a;
    if (!x || failed(readPool(n, x, a)))
      return nullptr;
    return buildPool(n, x, a, PoolKind::average, n.boolAttr("count_include_pad", false), 2);
  });
}

LogicalResult qlinearGlobalAveragePool(Node &n) {
  return quantizedPool(n, [&](Value x) -> Value {
    SmallVector<int64_t> axes = spatialAxes(n, x);
    return axes.empty() ? Value() : n.reduce(x, ReduceKind::mean, axes, /*keepdims=*/true);
  });
}

const Entry entries[] = {
    {"AveragePool", 1, averagePool},
    {"GlobalAveragePool", 1, globalPool<ReduceKind::mean>},
    {"GlobalLpPool", 2, globalLpPool},
    {"GlobalMaxPool", 1, globalPool<ReduceKind::max>},
    {"LpPool", 2, lpPool},
    {"MaxPool", 1, maxPool},
    {"QLinearAveragePool", 1, qlinearAveragePool, "com.microsoft"},
    {"QLinearGlobalAveragePool", 1, qlinearGlobalAveragePool, "com.microsoft"},
};

} // namespace

ArrayRef<Entry> getPoolingEntries() { return entries; }

} // namespace mlopt::onnx
