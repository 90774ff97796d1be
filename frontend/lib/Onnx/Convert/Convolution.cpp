//===- Convolution.cpp - ONNX convolutions --------------------------------===//
#include "ConvolutionAttrs.h"

using namespace mlir;

namespace mlopt::onnx {

LogicalResult readConv(Node &n, Value x, Value w, ConvAttrs &a) {
  int64_t count = n.rankOf(x) - 2;
  if (count < 1 || n.rankOf(w) != count + 2)
    return n.malformed("the operands have ranks " + Twine(n.rankOf(x)) + " and " +
                       Twine(n.rankOf(w)) + ", expected equal ranks of at least 3");
  SymShape in = n.shapeOf(x), filter = n.shapeOf(w);
  a.spatial.assign(in.begin() + 2, in.end());
  for (int64_t i = 0; i < count; ++i) {
    auto k = filter[2 + i].getConstant();
    if (!k)
      return n.unsupported("a filter whose spatial sizes are not fixed");
    if (*k < 1 || *k > INT32_MAX)
      return n.malformed("the filter has size " + Twine(*k));
    a.kernel.push_back(*k);
  }
  if (auto shape = n.intsAttr("kernel_shape"); shape && *shape != a.kernel)
    return n.malformed("kernel_shape is not the filter's shape");
  if (failed(spatialAttr(n, "strides", count, 1, a.strides)) ||
      failed(spatialAttr(n, "dilations", count, 1, a.dilations)))
    return failure();
  for (int64_t i = 0; i < count; ++i)
    a.extents.push_back((a.kernel[i] - 1) * a.dilations[i] + 1);
  a.groups = n.intAttr("group", 1);
  if (a.groups < 1)
    return n.malformed("group is " + Twine(a.groups));
  return success();
}

Value cropNegativePads(Node &n, Value x, ConvAttrs &a) {
  SymShape sizes = n.shapeOf(x);
  SmallVector<SymExpr> low(sizes.size(), n.size(0)), high(low);
  for (size_t i = 0; i < a.begin.size(); ++i) {
    low[2 + i] = n.size(std::min<int64_t>(a.begin[i], 0));
    high[2 + i] = n.size(std::min<int64_t>(a.end[i], 0));
    a.begin[i] = std::max<int64_t>(a.begin[i], 0);
    a.end[i] = std::max<int64_t>(a.end[i], 0);
  }
  return n.pad(x, n.scalar(n.elementOf(x), 0), low, high, PadMode::constant);
}

namespace {

LogicalResult conv(Node &n) {
  Value x = n.input(0), w = n.input(1), bias = n.inputOrNone(2);
  if (!x || !w || !bias)
    return failure();
  ConvAttrs a;
  if (failed(readConv(n, x, w, a)) ||
      failed(resolvePads(n, a.spatial, a.extents, a.strides, a.begin, a.end)))
    return failure();
  x = cropNegativePads(n, x, a);
  return n.finish(n.create<ConvOp>(x, w, bias, ArrayRef<int64_t>(a.strides),
                                   ArrayRef<int64_t>(a.begin), ArrayRef<int64_t>(a.end),
                                   ArrayRef<int64_t>(a.dilations), a.groups));
}

LogicalResult convTranspose(Node &n) {
  Value x = n.input(0), w = n.input(1), bias = n.inputOrNone(2);
  if (!x || !w || !bias)
    return failure();
  ConvAttrs a;
  if (failed(readConv(n, x, w, a)))
    return failure();
  size_t count = a.kernel.size();
  SmallVector<int64_t> outputPadding =
      n.intsAttr("output_padding").value_or(SmallVector<int64_t>(count, 0));
  if (outputPadding.empty())
    outputPadding.assign(count, 0);
  if (outputPadding.size() != count)
    return n.malformed("output_padding has " + Twine(outputPadding.size()) + " values, expected " +
                       Twine(count));
  for (int64_t p : outputPadding)
    if (p < 0 || p > INT32_MAX)
      return n.malformed("output_padding holds " + Twine(p));
  std::string mode = n.stringAttr("auto_pad", "NOTSET");
  auto outputShape = n.intsAttr("output_shape");
  if (outputShape && outputShape->size() == count + 2) // some models give all axes
    outputShape->erase(outputShape->begin(), outputShape->begin() + 2);
  if (outputShape && !outputShape->empty()) {
    if (outputShape->size() != count)
      return n.malformed("output_shape has " + Twine(outputShape->size()) + " values, expected " +
                         Twine(count));
  } else {
    outputShape.reset();
  }
  if (outputShape || mode == "SAME_UPPER" || mode == "SAME_LOWER") {
    for (size_t i = 0; i < count; ++i) {
      // stride * (D - 1) + output_padding + extent - wanted; with SAME wanted is stride * D.
      int64_t total = outputPadding[i] + a.extents[i] - a.strides[i];
      if (outputShape) {
        auto d = a.spatial[i].getConstant();
        if (!d)
          return n.unsupported(
              "output_shape on a dimension that is not fixed; fix it with --dim or --shape");
        total += a.strides[i] * *d - (*outputShape)[i];
      }
      if (total < INT32_MIN || total > INT32_MAX)
        return n.malformed("output_shape holds " + Twine((*outputShape)[i]));
      int64_t half = total >= 0 ? total / 2 : -((-total + 1) / 2);
      a.begin.push_back(mode == "SAME_UPPER" ? half : total - half);
      a.end.push_back(total - a.begin.back());
    }
  } else if (failed(resolvePads(n, a.spatial, a.extents, a.strides, a.begin, a.end))) {
    return failure();
  }
  return n.finish(n.create<ConvTransposeOp>(x, w, bias, ArrayRef<int64_t>(a.strides),
                                            ArrayRef<int64_t>(a.begin), ArrayRef<int64_t>(a.end),
                                            ArrayRef<int64_t>(outputPadding),
                                            ArrayRef<int64_t>(a.dilations), a.groups));
}

const Entry entries[] = {
    {"Conv", 1, conv},
    {"ConvTranspose", 1, convTranspose},
};

} // namespace

ArrayRef<Entry> getConvolutionEntries() { return entries; }

} // namespace mlopt::onnx
