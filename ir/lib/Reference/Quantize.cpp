//===- Quantize.cpp - Storage integers and their products ------------------===//
#include "Products.h"
#include <cmath>

using namespace mlir;
using namespace mlopt;
using namespace mlopt::reference;

/// A value in the type that quotients and products by a scale of type `scale`
/// are formed in: its own, but at least f32. Mode Exact keeps f64.
static double inScaleType(double x, Type scale, EvaluationMode mode) {
  return mode == EvaluationMode::Exact || scale.isF64() ? x : static_cast<float>(x);
}

/// Offsets that read a parameter of shape `from` at each element of `to`: the
/// strides of a broadcast, all 0 for a parameter that is none.
static Shape parameterStrides(const HostTensor &parameter, ArrayRef<int64_t> to) {
  return parameter.isNone() ? Shape(to.size(), 0) : broadcastStrides(parameter.getShape(), to);
}

static int64_t zeroAt(const HostTensor &zero, int64_t i) {
  return zero.isNone() ? 0 : zero.integers()[i];
}

/// Failure, with the error kept, unless all parameters broadcast to `shape`.
static LogicalResult checkParameters(Evaluation &e, ArrayRef<int64_t> shape,
                                     ArrayRef<const HostTensor *> parameters) {
  for (const HostTensor *parameter : parameters) {
    if (parameter->isNone())
      continue;
    FailureOr<Shape> both = broadcastShape(shape, parameter->getShape());
    if (failed(both) || ArrayRef<int64_t>(*both) != shape)
      return e.fail("a scale or zero point of shape " + toString(parameter->getShape()) +
                    " does not broadcast to its operand's shape " + toString(shape));
  }
  return success();
}

static LogicalResult evalQuantize(QuantizeOp op, Evaluation &e) {
  const HostTensor &x = e[op.getInput()], &scale = e[op.getScale()], &zero = e[op.getZero()];
  ArrayRef<int64_t> shape = x.getShape();
  HostTensor *out =
      succeeded(checkParameters(e, shape, {&scale, &zero})) ? e.allocate(0, shape) : nullptr;
  if (!out)
    return failure();
  auto to = cast<IntegerType>(op.getTo());
  double low = to.isUnsigned() ? 0 : -std::ldexp(1.0, to.getWidth() - 1);
  double high = std::ldexp(1.0, to.getWidth() - (to.isUnsigned() ? 0 : 1)) - 1;
  Type type = scale.getElementType();
  walk<2>(shape, {parameterStrides(scale, shape), parameterStrides(zero, shape)},
          [&](int64_t i, const std::array<int64_t, 2> &at) {
            double quotient = inScaleType(x.doubles()[i], type, e.mode) / scale.doubles()[at[0]];
            double value =
                std::nearbyint(inScaleType(quotient, type, e.mode)) + zeroAt(zero, at[1]);
            out->mutableIntegers()[i] = static_cast<int64_t>(
                std::isnan(value) ? low : std::min(std::max(value, low), high));
          });
  return success();
}

/// (input - zero) * scale, in the type that the mode says.
static double dequantized(int64_t input, int64_t zero, double scale, Type type,
                          EvaluationMode mode) {
  double difference = inScaleType(static_cast<double>(input - zero), type, mode);
  return inScaleType(difference * scale, type, mode);
}

static LogicalResult evalDequantize(DequantizeOp op, Evaluation &e) {
  const HostTensor &x = e[op.getInput()], &scale = e[op.getScale()], &zero = e[op.getZero()];
  ArrayRef<int64_t> shape = x.getShape();
  HostTensor *out =
      succeeded(checkParameters(e, shape, {&scale, &zero})) ? e.allocate(0, shape) : nullptr;
  if (!out)
    return failure();
  Type type = scale.getElementType();
  walk<2>(shape, {parameterStrides(scale, shape), parameterStrides(zero, shape)},
          [&](int64_t i, const std::array<int64_t, 2> &at) {
            out->mutableDoubles()[i] = dequantized(x.integers()[i], zeroAt(zero, at[1]),
                                                   scale.doubles()[at[0]], type, e.mode);
          });
  return success();
}

static LogicalResult evalDequantizeBlocked(DequantizeBlockedOp op, Evaluation &e) {
  const HostTensor &x = e[op.getInput()], &scale = e[op.getScale()], &zero = e[op.getZero()];
  int64_t axis = op.getAxis(), block = op.getBlock();
  Shape blocks(x.getShape());
  blocks[axis] = (blocks[axis] + block - 1) / block;
  for (const HostTensor *parameter : {&scale, &zero})
    if (!parameter->isNone() && parameter->getShape() != ArrayRef<int64_t>(blocks))
      return e.fail("a scale or zero point has shape " + toString(parameter->getShape()) +
                    ", expected " + toString(blocks));
  HostTensor *out = e.allocate(0, x.getShape());
  if (!out)
    return failure();
  AxisView from(x.getShape(), axis), in(blocks, axis);
  for (int64_t o = 0; o < from.outer; ++o)
    for (int64_t a = 0; a < from.size; ++a)
      for (int64_t i = 0; i < from.inner; ++i) {
        int64_t at = from.at(o, a, i), parameter = in.at(o, a / block, i);
        out->mutableDoubles()[at] =
            dequantized(x.integers()[at], zeroAt(zero, parameter), scale.doubles()[parameter],
                        scale.getElementType(), e.mode);
      }
  return success();
}

/// x - zero, which a double holds exactly. `strides` leads from an element of x
/// to that of the zero point.
static std::vector<double> shifted(const HostTensor &x, const HostTensor &zero,
                                   const Shape &strides) {
  std::vector<double> values(x.getNumElements());
  walk<1>(x.getShape(), {strides}, [&](int64_t i, const std::array<int64_t, 1> &at) {
    values[i] = static_cast<double>(x.integers()[i] - zeroAt(zero, at[0]));
  });
  return values;
}

// Sums of products of integers: each product is below 2^18, so a double holds
// every sum of fewer than 2^35 of them. The evaluator wraps the result to i32.

static LogicalResult evalIntegerMatmul(IntegerMatmulOp op, Evaluation &e) {
  const HostTensor &a = e[op.getLhs()], &b = e[op.getRhs()];
  const HostTensor &zeroA = e[op.getLhsZero()], &zeroB = e[op.getRhsZero()];
  FailureOr<MatrixProduct> p =
      planProduct(e, a.getShape(), b.getShape(), false, op.getTransposeB());
  if (failed(p) || failed(checkParameters(e, a.getShape(), {&zeroA})) ||
      failed(checkParameters(e, b.getShape(), {&zeroB})))
    return failure();
  HostTensor *out = e.allocate(0, p->shape);
  if (!out)
    return failure();
  std::vector<double> sums(out->getNumElements());
  multiplyAll<double>(*p, shifted(a, zeroA, parameterStrides(zeroA, a.getShape())),
                      shifted(b, zeroB, parameterStrides(zeroB, b.getShape())), sums);
  llvm::copy(sums, out->mutableIntegers().begin());
  return success();
}

/// x with `padding` around its spatial axes, as doubles.
static std::vector<double> padded(const HostTensor &x, ArrayRef<int64_t> begin,
                                  ArrayRef<int64_t> shape, double padding) {
  std::vector<double> values(product(shape), padding);
  Shape strides = rowMajorStrides(shape);
  int64_t first = 0;
  for (auto [low, stride] : llvm::zip_equal(begin, ArrayRef<int64_t>(strides).drop_front(2)))
    first += low * stride;
  walk<1>(x.getShape(), {strides}, [&](int64_t i, const std::array<int64_t, 1> &at) {
    values[first + at[0]] = static_cast<double>(x.integers()[i]);
  });
  return values;
}

static LogicalResult evalIntegerConv(IntegerConvOp op, Evaluation &e) {
  const HostTensor &x = e[op.getInput()], &w = e[op.getFilter()];
  const HostTensor &zeroX = e[op.getInputZero()], &zeroW = e[op.getFilterZero()];
  Shape input(x.getShape()), noPads(input.size() - 2, 0);
  if (!zeroW.isNone() && zeroW.getNumElements() != 1 && zeroW.getNumElements() != w.getShape()[0])
    return e.fail("has " + Twine(zeroW.getNumElements()) + " zero points for " +
                  Twine(w.getShape()[0]) + " filters");
  Shape perFilter(w.getRank(), 0);
  perFilter[0] = !zeroW.isNone() && zeroW.getNumElements() > 1;
  std::vector<double> in, filter = shifted(w, zeroW, perFilter);
  ArrayRef<int64_t> begin = op.getPadsBegin(), end = op.getPadsEnd();
  if (op.getRaw()) {
    // Padding is written out: it counts as the zero point, which is not subtracted.
    for (size_t d = 0; d < noPads.size(); ++d)
      input[d + 2] += begin[d] + end[d];
    in = padded(x, begin, input, static_cast<double>(zeroAt(zeroX, 0)));
    begin = end = noPads;
  } else {
    in = shifted(x, zeroX, Shape(x.getRank(), 0));
  }
  FailureOr<Convolution> c = planConvolution(e, input, w.getShape(), op.getStrides(), begin, end,
                                             op.getDilations(), op.getGroups());
  HostTensor *out = succeeded(c) ? e.allocate(0, c->shape()) : nullptr;
  if (!out)
    return failure();
  std::vector<double> sums(out->getNumElements());
  convolve(*c, in, filter, sums);
  llvm::copy(sums, out->mutableIntegers().begin());
  return success();
}

static LogicalResult evalDequantizedMatmul(DequantizedMatmulOp op, Evaluation &e) {
  const HostTensor &x = e[op.getLhs()], &w = e[op.getWeights()], &scale = e[op.getScale()],
                   &zero = e[op.getZero()];
  FailureOr<MatrixProduct> p =
      planProduct(e, x.getShape(), w.getShape(), false, op.getTransposeB());
  if (failed(p))
    return failure();
  int64_t block = op.getBlock(), k = op.getTransposeB() ? 1 : 0;
  Shape blocks(w.getShape());
  blocks[k] = (blocks[k] + block - 1) / block;
  if (failed(checkParameters(e, blocks, {&scale, &zero})))
    return failure();
  HostTensor *out = e.allocate(0, p->shape);
  if (!out)
    return failure();
  // A weight is exact in f64: an integer of 17 bits times a scale.
  std::vector<double> weights(w.getNumElements());
  Shape strides = parameterStrides(scale, blocks), zeroStrides = parameterStrides(zero, blocks);
  for (int64_t i = 0, n = w.getNumElements(); i < n; ++i) {
    int64_t at[2] = {i / w.getShape()[1], i % w.getShape()[1]};
    at[k] /= block;
    int64_t difference =
        w.integers()[i] - zeroAt(zero, at[0] * zeroStrides[0] + at[1] * zeroStrides[1]);
    weights[i] =
        static_cast<double>(difference) * scale.doubles()[at[0] * strides[0] + at[1] * strides[1]];
  }
  multiplyAll<double>(*p, x.doubles(), weights, out->mutableDoubles());
  return success();
}

void reference::registerQuantize(Registry &r) {
  r.add<QuantizeOp>(evalQuantize);
  r.add<DequantizeOp>(evalDequantize);
  r.add<DequantizeBlockedOp>(evalDequantizeBlocked);
  r.add<IntegerMatmulOp>(evalIntegerMatmul);
  r.add<IntegerConvOp>(evalIntegerConv);
  r.add<DequantizedMatmulOp>(evalDequantizedMatmul);
}
