//===- QuantizedProduct.cpp - ONNX products of 8-bit integers -------------===//
//
// MatMulInteger, ConvInteger and what is built on them: sums in i32 by integer_matmul and
// integer_conv, then scales in f32.
//
//===----------------------------------------------------------------------===//
#include "ConvolutionAttrs.h"
#include "Quantization.h"

using namespace mlir;

namespace mlopt::onnx {
namespace {

/// Operand i, 8-bit integers; null after an error.
Value byteInput(Node &n, unsigned i) {
  Value v = n.input(i);
  if (v && n.elementOf(v).getIntOrFloatBitWidth() == 8)
    return v;
  if (v)
    (void)n.unsupportedType("operand " + Twine(i) + " has the element type " +
                            getTypeText(n.elementOf(v)) + ", expected int8 or uint8");
  return nullptr;
}

/// A matrix product with what belongs to its rows and columns. Operands of rank 1 are a row and a
/// column, whose axes `squeeze` takes away again.
struct Product {
  Value a, b, aZero, bZero;
  bool isRow = false, isColumn = false, transposeB = false;

  SymExpr rows(Node &n) const { return n.dimOf(a, n.rankOf(a) - 2); }
  SymExpr columns(Node &n) const { return n.dimOf(b, n.rankOf(b) - (transposeB ? 2 : 1)); }
  Value build(Node &n) const { return n.create<IntegerMatmulOp>(a, b, aZero, bZero, transposeB); }
  Value squeeze(Node &n, Value v) const {
    if (v && isColumn)
      v = n.squeeze(v, {n.rankOf(v) - 1});
    if (v && isRow)
      v = n.squeeze(v, {n.rankOf(v) - (isColumn ? 1 : 2)});
    return v;
  }
};

/// Scale or zero point of the rows: rank 1 becomes [M, 1]. Others as they are, one number or
/// broadcasting already. Null after an error.
Value ofRows(Node &n, const Product &p, Value v, StringRef what) {
  if (!v || isa<NoneType>(v.getType()) || n.rankOf(v) != 1)
    return v;
  return failed(checkVector(n, v, p.rows(n), what, "row")) ? Value() : n.unsqueeze(v, {1});
}

/// The same of the columns, where rank 1 broadcasts already.
Value ofColumns(Node &n, const Product &p, Value v, StringRef what) {
  if (!v || isa<NoneType>(v.getType()) || n.rankOf(v) != 1)
    return v;
  return failed(checkVector(n, v, p.columns(n), what, "column")) ? Value() : v;
}

/// Zero points of any rank lie over their operand without making it larger.
LogicalResult checkOver(Node &n, Value zero, Value v, StringRef what) {
  if (isa<NoneType>(zero.getType()))
    return success();
  SymShape shape = n.shapeOf(zero), sizes = n.shapeOf(v);
  bool fits = shape.size() <= sizes.size();
  for (size_t i = 0; fits && i < shape.size(); ++i) {
    SymExpr size = shape[shape.size() - 1 - i], of = sizes[sizes.size() - 1 - i];
    fits = size.isConstant(1) || size == of || !size.getConstant() || !of.getConstant();
  }
  return fits ? success()
              : n.malformed("the zero point of the " + what + " operand has type " +
                            getTypeText(zero.getType()) +
                            ", which does not broadcast to it; expected one number, or one per " +
                            (what == "left" ? "row" : "column"));
}

/// The product of operands ia and ib with the zero points of operands iaZero and ibZero.
std::optional<Product> readProduct(Node &n, Value a, Value b, Value aZero, Value bZero,
                                   bool transposeB = false) {
  if (!a || !b || !aZero || !bZero ||
      failed(checkZeroType(n, aZero, n.elementOf(a), "left operand")) ||
      failed(checkZeroType(n, bZero, n.elementOf(b), "right operand")))
    return std::nullopt;
  Product p{a, b, aZero, bZero};
  if (n.rankOf(a) == 0 || n.rankOf(b) == 0) {
    (void)n.malformed("a scalar is no operand of a matrix product");
    return std::nullopt;
  }
  p.transposeB = transposeB;
  if ((p.isRow = n.rankOf(a) == 1))
    p.a = n.unsqueeze(a, {0});
  if ((p.isColumn = n.rankOf(b) == 1))
    p.b = n.unsqueeze(b, {1});
  if (!p.a || !p.b)
    return std::nullopt;
  p.aZero = ofRows(n, p, p.aZero, "zero point of the left operand");
  p.bZero = ofColumns(n, p, p.bZero, "zero point of the right operand");
  if (p.bZero && transposeB && !isa<NoneType>(p.bZero.getType()) && n.rankOf(p.bZero) == 1)
    p.bZero = n.unsqueeze(p.bZero, {1});
  if (!p.aZero || !p.bZero || failed(checkOver(n, p.aZero, p.a, "left")) ||
      failed(checkOver(n, p.bZero, p.b, "right")))
    return std::nullopt;
  return p;
}

/// Scales in f32: those of an i32 sum.
Value toF32(Node &n, Value v) { return v ? n.cast(v, n.getBuilder().getF32Type()) : v; }

/// A float operand as a scale; null after an error.
Value scaleInput(Node &n, unsigned i) {
  Value v = parameterInput(n, i);
  if (!v || isa<FloatType>(n.elementOf(v)))
    return toF32(n, v);
  (void)n.malformed("operand " + Twine(i) + ", a scale, has the element type " +
                    getTypeText(n.elementOf(v)) + ", expected floats");
  return nullptr;
}

LogicalResult matmulInteger(Node &n) {
  auto p = readProduct(n, byteInput(n, 0), byteInput(n, 1), parameterInputOrNone(n, 2),
                       parameterInputOrNone(n, 3));
  return p ? n.finish(p->squeeze(n, p->build(n))) : failure();
}

/// The sum times both scales (of rows and of columns), in f32; null after an error.
Value scaledProduct(Node &n, const Product &p, Value sum, Value aScale, Value bScale) {
  aScale = ofRows(n, p, aScale, "scale of the left operand");
  bScale = aScale ? ofColumns(n, p, bScale, "scale of the right operand") : aScale;
  if (!sum || !bScale)
    return nullptr;
  int64_t rank = n.rankOf(sum);
  if (n.rankOf(aScale) > rank || n.rankOf(bScale) > rank)
    return n.fail("a scale has a higher rank than the product");
  return n.mul(toF32(n, sum), n.mul(aScale, bScale));
}

LogicalResult qlinearMatmul(Node &n) {
  auto p = readProduct(n, byteInput(n, 0), byteInput(n, 3), parameterInputOrNone(n, 2),
                       parameterInputOrNone(n, 5));
  Value yZero = p ? parameterInput(n, 7) : Value(), yScale = yZero ? scaleInput(n, 6) : yZero;
  if (!yScale)
    return failure();
  yScale = ofRows(n, *p, yScale, "scale of the result");
  yZero = yScale ? ofRows(n, *p, yZero, "zero point of the result") : yScale;
  Value y = yZero ? scaledProduct(n, *p, p->build(n), scaleInput(n, 1), scaleInput(n, 4)) : yZero;
  if (!y)
    return failure();
  return n.finish(p->squeeze(n, quantizeTo(n, y, yScale, yZero, n.elementOf(yZero))));
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

/// One value per output channel, [M], over the result of a convolution: [M, 1, ..].
Value overChannels(Node &n, Value v, Value result) {
  if (!v || !result || n.rankOf(v) != 1)
    return v;
  SymShape shape(n.rankOf(result) - 1, n.size(1));
  shape[0] = n.dimOf(v, 0);
  return n.reshape(v, shape);
}

/// The i32 sums of operands x and w; null after an error.
Value buildConv(Node &n, Value x, Value w, Value xZero, Value wZero) {
  if (!x || !w || !xZero || !wZero)
    return nullptr;
  ConvAttrs a;
  if (failed(readConv(n, x, w, a)) ||
      failed(resolvePads(n, a.spatial, a.extents, a.strides, a.begin, a.end)) ||
      failed(checkScalarZero(n, xZero, n.elementOf(x), "input")) ||
      failed(checkZeroType(n, wZero, n.elementOf(w), "filter")))
    return nullptr;
  if (!isa<NoneType>(wZero.getType()) && n.rankOf(wZero) != 0 &&
      failed(checkVector(n, wZero, n.dimOf(w, 0), "zero point of the filter", "output channel")))
    return nullptr;
  x = cropNegativePads(n, x, a);
  return n.create<IntegerConvOp>(x, w, xZero, wZero, ArrayRef<int64_t>(a.strides),
                                 ArrayRef<int64_t>(a.begin), ArrayRef<int64_t>(a.end),
                                 ArrayRef<int64_t>(a.dilations), a.groups);
}

LogicalResult convInteger(Node &n) {
  return n.finish(buildConv(n, byteInput(n, 0), byteInput(n, 1), parameterInputOrNone(n, 2),
                            parameterInputOrNone(n, 3)));
}

LogicalResult qlinearConv(Node &n) {
  Value x = byteInput(n, 0), w = x ? byteInput(n, 3) : x,
        xScale = w ? scalarScaleInput(n, 1, "the input") : w;
  Value wScale = xScale ? scaleInput(n, 4) : xScale, bias = wScale ? n.inputOrNone(8) : wScale;
  if (!bias)
    return failure();
  SymExpr channels = n.dimOf(w, 0);
  if (n.rankOf(wScale) != 0 &&
      failed(checkVector(n, wScale, channels, "scale of the filter", "output channel")))
    return failure();
  Value sum = buildConv(n, x, w, parameterInputOrNone(n, 2), parameterInputOrNone(n, 5));
  if (!sum)
    return failure();
  if (!isa<NoneType>(bias.getType())) {
    if (!n.elementOf(bias).isSignlessInteger(32))
      return n.malformed("the bias has the element type " + getTypeText(n.elementOf(bias)) +
                         ", expected int32");
    if (failed(checkVector(n, bias, channels, "bias", "output channel")))
      return failure();
    sum = n.add(sum, overChannels(n, bias, sum));
  }
  Value scale = overChannels(n, n.mul(toF32(n, xScale), wScale), sum);
  return finishQuantized(n, n.mul(toF32(n, sum), scale), 6, n.elementOf(x));
}

//===----------------------------------------------------------------------===//
// ONNX Runtime's (com.microsoft)
//===----------------------------------------------------------------------===//

/// y, with the bias of operand i added if there is one, as a result of type `element`.
LogicalResult finishWithBias(Node &n, const Product &p, Value y, unsigned i, Type element) {
  if (!y)
    return failure();
  if (n.has(i)) {
    Value bias = n.input(i);
    if (!bias || failed(checkVector(n, bias, p.columns(n), "bias", "column")))
      return failure();
    y = n.add(y, toF32(n, bias));
  }
  y = p.squeeze(n, y);
  return n.finish(y ? n.cast(y, element) : y);
}

LogicalResult matmulIntegerToFloat(Node &n) {
  auto p = readProduct(n, byteInput(n, 0), byteInput(n, 1), parameterInputOrNone(n, 4),
                       parameterInputOrNone(n, 5));
  Value scale = p ? n.input(2) : Value();
  if (!scale)
    return failure();
  Value y = scaledProduct(n, *p, p->build(n), scaleInput(n, 2), scaleInput(n, 3));
  return finishWithBias(n, *p, y, 6, n.elementOf(scale));
}

LogicalResult dynamicQuantizeMatmul(Node &n) {
  Value x = n.input(0);
  Quantized a = quantizeDynamically(n, x);
  if (!a.value)
    return failure();
  auto p = readProduct(n, a.value, byteInput(n, 1), a.zero, parameterInputOrNone(n, 3));
  if (!p)
    return failure();
  Value y = scaledProduct(n, *p, p->build(n), toF32(n, a.scale), scaleInput(n, 2));
  return finishWithBias(n, *p, y, 4, n.elementOf(x));
}

/// A, its scale and zero point, B, its scale and zero point, C (i32, optional), the result's scale
/// and zero point (without them the result is float).
LogicalResult qgemm(Node &n) {
  Value a = byteInput(n, 0), b = a ? byteInput(n, 3) : a,
        aScale = b ? scalarScaleInput(n, 1, "A") : b;
  if (!aScale)
    return failure();
  if (n.rankOf(a) != 2 || n.rankOf(b) != 2)
    return n.malformed("the operands have ranks " + Twine(n.rankOf(a)) + " and " +
                       Twine(n.rankOf(b)) + ", expected 2");
  Value aZero = parameterInputOrNone(n, 2), bZero = parameterInputOrNone(n, 5);
  if (!aZero || failed(checkScalarZero(n, aZero, n.elementOf(a), "A")))
    return failure();
  if (n.boolAttr("transA", false))
    a = n.transpose(a, {1, 0});
  auto p = readProduct(n, a, b, aZero, bZero, n.boolAttr("transB", false));
  if (!p)
    return failure();
  Value sum = p->build(n);
  if (n.has(6)) {
    Value c = n.input(6);
    if (!c || !sum)
      return failure();
    if (!n.elementOf(c).isSignlessInteger(32) || n.rankOf(c) > 2)
      return n.malformed("C has type " + getTypeText(c.getType()) +
                         ", expected int32 of at most rank 2");
    sum = n.add(sum, c);
  }
  Value scale = n.mulScalar(toF32(n, aScale), n.floatAttr("alpha", 1));
  Value y = scaledProduct(n, *p, sum, scale, scaleInput(n, 4));
  if (n.has(7))
    return finishQuantized(n, y, 7, n.elementOf(a));
  return n.finish(y);
}

const Entry entries[] = {
    {"ConvInteger", 10, convInteger},
    {"DynamicQuantizeMatMul", 1, dynamicQuantizeMatmul, "com.microsoft"},
    {"MatMulInteger", 10, matmulInteger},
    {"MatMulIntegerToFloat", 1, matmulIntegerToFloat, "com.microsoft"},
    {"QGemm", 1, qgemm, "com.microsoft"},
    {"QLinearConv", 10, qlinearConv},
    {"QLinearMatMul", 10, qlinearMatmul},
};

} // namespace

ArrayRef<Entry> getQuantizedProductEntries() { return entries; }

} // namespace mlopt::onnx
