//===- Quantize.cpp - ONNX QuantizeLinear and DequantizeLinear ------------===//
#include "Quantization.h"

using namespace mlir;

namespace mlopt::onnx {

//===----------------------------------------------------------------------===//
// Scales and zero points
//===----------------------------------------------------------------------===//

std::string getTypeText(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

static std::string getShapeText(ArrayRef<SymExpr> shape) {
  std::string text = "[";
  for (SymExpr size : shape)
    text += (text.size() > 1 ? ", " : "") + size.str();
  return text + "]";
}

/// A scale or zero point of rank 1 with one element is a scalar.
static Value toScalar(Node &n, Value v) {
  return v && isa<RankedTensorType>(v.getType()) && n.rankOf(v) == 1 && n.dimOf(v, 0).isConstant(1)
             ? n.reshape(v, {})
             : v;
}

Value parameterInput(Node &n, unsigned i) { return toScalar(n, n.input(i)); }
Value parameterInputOrNone(Node &n, unsigned i) { return toScalar(n, n.inputOrNone(i)); }

Value scalarScaleInput(Node &n, unsigned i, StringRef what) {
  Value v = parameterInput(n, i);
  if (!v)
    return v;
  if (!isa<FloatType>(n.elementOf(v)) || n.rankOf(v) != 0) {
    (void)n.malformed("the scale of " + what + " has type " + getTypeText(v.getType()) +
                      ", expected one float number");
    return nullptr;
  }
  return v;
}

LogicalResult checkZeroType(Node &n, Value zero, Type of, StringRef what) {
  if (!zero || isa<NoneType>(zero.getType()) || n.elementOf(zero) == of)
    return success();
  return n.malformed("the zero point has the element type " + getTypeText(n.elementOf(zero)) +
                     ", the " + what + " " + getTypeText(of) + "; expected the same type");
}

LogicalResult checkScalarZero(Node &n, Value zero, Type of, StringRef what) {
  if (!zero || failed(checkZeroType(n, zero, of, what)))
    return failure();
  if (isa<NoneType>(zero.getType()) || n.rankOf(zero) == 0)
    return success();
  return n.malformed("the zero point of the " + what + " has shape " +
                     getShapeText(n.shapeOf(zero)) + ", expected one number");
}

LogicalResult checkVector(Node &n, Value v, SymExpr count, StringRef what, StringRef counted) {
  if (n.rankOf(v) != 1 ||
      (n.dimOf(v, 0).getConstant() && count.getConstant() && n.dimOf(v, 0) != count))
    return n.malformed("the " + what + " has shape " + getShapeText(n.shapeOf(v)) +
                       ", expected one number or " + count.str() + " (one per " + counted + ")");
  return success();
}

Value quantizeTo(Node &n, Value x, Value scale, Value zero, Type to) {
  return n.create<QuantizeOp>(x, scale, zero, TypeAttr::get(to));
}

Value dequantizeBy(Node &n, Value x, Value scale, Value zero) {
  return n.create<DequantizeOp>(x, scale, zero);
}

Quantized quantizeDynamically(Node &n, Value x) {
  if (!x)
    return {};
  Type element = n.elementOf(x), u8 = n.getBuilder().getIntegerType(8, false);
  SmallVector<int64_t> axes;
  for (int64_t i = 0; i < n.rankOf(x); ++i)
    axes.push_back(i);
  Value zero = n.scalar(element, 0), none = n.none();
  Value high = n.max(n.reduce(x, ReduceKind::max, axes, false), zero),
        low = n.min(n.reduce(x, ReduceKind::min, axes, false), zero);
  Value scale = n.div(n.sub(high, low), n.scalar(element, 255));
  // All zeros: any divisor gives zero.
  Value divisor =
      n.select(n.compare(ComparePredicate::eq, scale, zero), n.scalar(element, 1), scale);
  Value zeroPoint = quantizeTo(n, n.create<NegOp>(low), divisor, none, u8);
  return {quantizeTo(n, x, divisor, zeroPoint, u8), scale, zeroPoint};
}

Quantized quantizedInput(Node &n, unsigned i) {
  std::string what = ("operand " + Twine(i)).str();
  Value x = n.input(i), scale = x ? scalarScaleInput(n, i + 1, what) : x,
        zero = scale ? parameterInputOrNone(n, i + 2) : scale;
  if (!zero || failed(checkScalarZero(n, zero, n.elementOf(x), what)))
    return {};
  return {x, scale, zero};
}

Value dequantizedInput(Node &n, unsigned i) {
  Quantized q = quantizedInput(n, i);
  if (q.scale && n.elementOf(q.scale).getIntOrFloatBitWidth() < 32)
    q.scale = n.cast(q.scale, n.getBuilder().getF32Type());
  return dequantizeBy(n, q.value, q.scale, q.zero);
}

LogicalResult finishQuantized(Node &n, Value y, unsigned i, Type otherwise) {
  Value scale = y ? scalarScaleInput(n, i, "the result") : y,
        zero = scale ? parameterInputOrNone(n, i + 1) : scale;
  if (!zero)
    return failure();
  Type to = isa<NoneType>(zero.getType()) ? otherwise : n.elementOf(zero);
  if (failed(checkScalarZero(n, zero, to, "result")))
    return failure();
  return n.finish(quantizeTo(n, y, scale, zero, to));
}

//===----------------------------------------------------------------------===//
// QuantizeLinear and DequantizeLinear
//===----------------------------------------------------------------------===//

namespace {

/// Integers of 2 to 16 bits.
bool isStorage(Type type) {
  auto integer = dyn_cast<IntegerType>(type);
  return integer && !integer.isSigned() && integer.getWidth() >= 2 && integer.getWidth() <= 16;
}

/// How scale and zero point lie over the operand.
struct Parameters {
  Value scale, zero;           ///< as given, but one element is a scalar; zero may be none
  std::optional<int64_t> axis; ///< none: per tensor
  int64_t block = 0;           ///< elements per block along the axis; 0: one index each
};

/// Reads the operands 1 and 2 and the attributes axis and block_size, and checks them against x.
std::optional<Parameters> readParameters(Node &n, Value x) {
  Parameters p;
  if (!x || !(p.scale = parameterInput(n, 1)) || !(p.zero = parameterInputOrNone(n, 2)))
    return std::nullopt;
  int64_t rank = n.rankOf(x);
  p.block = n.intAttr("block_size", 0);
  if (p.block < 0 || p.block > INT32_MAX) {
    (void)n.malformed("block_size is " + Twine(p.block) +
                      ", expected a positive number, or 0 for none");
    return std::nullopt;
  }
  SymShape shape = n.shapeOf(p.scale);
  bool hasZero = !isa<NoneType>(p.zero.getType());
  if (hasZero && n.shapeOf(p.zero) != shape) {
    SymShape other = n.shapeOf(p.zero);
    bool differs = other.size() != shape.size();
    for (size_t i = 0; !differs && i < shape.size(); ++i)
      differs = shape[i].getConstant() && other[i].getConstant() && shape[i] != other[i];
    if (differs) {
      (void)n.malformed("the zero point has shape " + getShapeText(other) + ", the scale " +
                        getShapeText(shape) + "; expected the same shape");
      return std::nullopt;
    }
  }
  if (shape.empty()) {
    p.block = 0;
    return p;
  }
  // An operand of rank 1 has one axis, whatever the default says.
  int64_t given = rank == 1 && !n.optIntAttr("axis") ? 0 : n.intAttr("axis", 1);
  p.axis = n.normalizeAxis(given, rank);
  if (!p.axis)
    return std::nullopt;
  SymShape sizes = n.shapeOf(x);
  if (p.block == 0) {
    if (shape.size() != 1) {
      (void)n.malformed(
          "the scale has rank " + Twine(shape.size()) +
          ", expected one number, one per index of an axis, or the attribute block_size");
      return std::nullopt;
    }
    if (shape[0].getConstant() && sizes[*p.axis].getConstant() && shape[0] != sizes[*p.axis]) {
      (void)n.malformed("the scale has " + shape[0].str() + " elements, axis " + Twine(*p.axis) +
                        " of the operand has " + sizes[*p.axis].str() +
                        "; expected one scale, or one per index of the axis");
      return std::nullopt;
    }
    return p;
  }
  // One block that is longer than the axis is the axis.
  if (auto length = sizes[*p.axis].getConstant(); length && p.block > *length)
    p.block = std::max<int64_t>(*length, 1);
  sizes[*p.axis] = (sizes[*p.axis] + (p.block - 1)).floorDiv(p.block);
  bool fits = shape.size() == sizes.size();
  for (size_t i = 0; fits && i < shape.size(); ++i)
    fits = shape[i] == sizes[i] || !shape[i].getConstant() || !sizes[i].getConstant();
  if (!fits) {
    (void)n.malformed("the scale has shape " + getShapeText(shape) + "; blocks of " +
                      Twine(p.block) + " along axis " + Twine(*p.axis) +
                      " of an operand of shape " + getShapeText(n.shapeOf(x)) + " need " +
                      getShapeText(sizes));
    return std::nullopt;
  }
  return p;
}

/// A scale or zero point brought to broadcast against x.
Value spread(Node &n, const Parameters &p, Value v, Value x) {
  if (!v || !p.axis || isa<NoneType>(v.getType()))
    return v;
  int64_t axis = *p.axis;
  if (p.block == 0) {
    SymShape shape(n.rankOf(x), n.size(1));
    shape[axis] = n.dimOf(v, 0);
    return n.reshape(v, shape);
  }
  SymShape shape = n.shapeOf(v), wide = shape, flat = shape;
  shape.insert(shape.begin() + axis + 1, n.size(1));
  wide.insert(wide.begin() + axis + 1, n.size(p.block));
  flat[axis] = flat[axis] * p.block;
  Value repeated = n.reshape(n.broadcast(n.reshape(v, shape), wide), flat);
  return n.sliceAxis(repeated, axis, n.size(0), n.dimOf(x, axis));
}

/// The type that an attribute names; null after a diagnostic if it is no float type of mlopt.
Type floatTypeAttr(Node &n, StringRef name, Type otherwise) {
  int64_t dtype = n.intAttr(name, 0);
  if (dtype == 0)
    return otherwise;
  Type type = getElementType(n.getContext(), dtype);
  if (type && isa<FloatType>(type))
    return type;
  (void)n.unsupportedType(name + " names data type " + Twine(dtype) +
                          "; expected float, double, float16 or bfloat16");
  return nullptr;
}

LogicalResult quantize(Node &n) {
  Value x = n.input(0);
  auto p = readParameters(n, x);
  if (!p)
    return failure();
  bool hasZero = !isa<NoneType>(p->zero.getType());
  Type to = hasZero ? n.elementOf(p->zero) : Type(n.getBuilder().getIntegerType(8, false));
  if (int64_t dtype = n.intAttr("output_dtype", 0); dtype != 0) {
    Type named = getElementType(n.getContext(), dtype);
    if (!named || !isStorage(named))
      return n.unsupportedType("quantization to data type " + Twine(dtype) +
                               "; mlopt quantizes to integers of 2, 4, 8 and 16 bits");
    if (hasZero && named != to)
      return n.malformed("output_dtype names the type " + getTypeText(named) +
                         ", the zero point has " + getTypeText(to) + "; expected the same type");
    to = named;
  }
  if (!isStorage(to))
    return n.unsupportedType("quantization to " + getTypeText(to) +
                             "; mlopt quantizes to integers of 2, 4, 8 and 16 bits");
  Type type = n.elementOf(p->scale);
  Type precision =
      floatTypeAttr(n, "precision", isa<FloatType>(type) ? type : n.getBuilder().getF32Type());
  if (!precision)
    return failure();
  if (!isa<FloatType>(n.elementOf(x)) || n.intAttr("precision", 0) != 0)
    x = n.cast(x, precision);
  return n.finish(quantizeTo(n, x, spread(n, *p, n.cast(p->scale, precision), x),
                             spread(n, *p, p->zero, x), to));
}

LogicalResult dequantize(Node &n) {
  Value x = n.input(0);
  auto p = readParameters(n, x);
  if (!p || failed(checkZeroType(n, p->zero, n.elementOf(x))))
    return failure();
  if (!isStorage(n.elementOf(x)) && !n.elementOf(x).isSignlessInteger(32))
    return n.unsupportedType("the operand has the element type " + getTypeText(n.elementOf(x)) +
                             "; expected integers of 2, 4, 8 or 16 bits, or int32");
  Type of = n.elementOf(p->scale), to = floatTypeAttr(n, "output_dtype", of);
  if (!to)
    return failure();
  if (!isa<FloatType>(of))
    return n.malformed("the scale has the element type " + getTypeText(of) + ", expected floats");
  // Where types differ, the product is formed in one that holds both and rounded once.
  Type wide = to == of                   ? of
              : to.isF64() || of.isF64() ? Type(n.getBuilder().getF64Type())
                                         : Type(n.getBuilder().getF32Type());
  Value scale = n.cast(p->scale, wide);
  Value y = p->block != 0 && isStorage(n.elementOf(x))
                ? n.create<DequantizeBlockedOp>(x, scale, p->zero, *p->axis, p->block)
                : dequantizeBy(n, x, spread(n, *p, scale, x), spread(n, *p, p->zero, x));
  return n.finish(y ? n.cast(y, to) : y);
}

LogicalResult dynamicQuantize(Node &n) {
  Quantized q = quantizeDynamically(n, n.input(0));
  return n.finish({q.value, q.scale, q.zero});
}

const Entry entries[] = {
    {"DequantizeLinear", 10, dequantize},
    {"DequantizeLinear", 1, dequantize, "com.microsoft"},
    {"DynamicQuantizeLinear", 11, dynamicQuantize},
    {"QuantizeLinear", 10, quantize},
    {"QuantizeLinear", 1, quantize, "com.microsoft"},
};

} // namespace

ArrayRef<Entry> getQuantizeEntries() { return entries; }

} // namespace mlopt::onnx
