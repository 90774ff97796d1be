//===- ScalarTable.cpp - The table of scalar semantics --------------------===//

#include "mlopt/Codegen/ScalarTable.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringMap.h"
#include <cmath>
#include <limits>

using namespace mlir;

namespace mlopt {

using FPred = arith::CmpFPredicate;
using IPred = arith::CmpIPredicate;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

Type computeType(Type element) {
  if (element.isF16() || element.isBF16())
    return Float32Type::get(element.getContext());
  if (isSmallInteger(element))
    return IntegerType::get(element.getContext(), 8);
  if (element.isUnsignedInteger())
    return IntegerType::get(element.getContext(), element.getIntOrFloatBitWidth());
  return element;
}

Type storageType(Type element) {
  if (element.isInteger(1) || isSmallInteger(element))
    return IntegerType::get(element.getContext(), 8);
  if (element.isUnsignedInteger())
    return IntegerType::get(element.getContext(), element.getIntOrFloatBitWidth());
  return element;
}

bool isSmallInteger(Type element) {
  auto type = dyn_cast<IntegerType>(element);
  return type && type.getWidth() > 1 && type.getWidth() < 8;
}

Value fromStorage(ScalarMath &m, Value v, Type element) {
  if (element.isInteger(1))
    return m.cmpI(IPred::ne, v, 0);
  if (element.isF16())
    return m.f16ToF32(v);
  return element.isBF16() ? m.bf16ToF32(v) : v;
}

Value toStorage(ScalarMath &m, Value v, Type element) {
  if (element.isInteger(1))
    return m.extU(v, m.intType(8));
  if (element.isF16())
    return m.toF16(v);
  return element.isBF16() ? m.toBF16(v) : v;
}

static bool isUnsignedElement(Type element) {
  return element.isUnsignedInteger() || element.isInteger(1);
}

/// The low bits of an i8 value, extended to a byte as an integer of 2 or 4 bits.
static Value lowBits(ScalarMath &m, Value v, Type element) {
  unsigned bits = element.getIntOrFloatBitWidth();
  return element.isUnsignedInteger() ? m.andI(v, (1 << bits) - 1) : m.shrS(m.shl(v, 8 - bits), 8 - bits);
}

Value emitCast(ScalarMath &m, Value v, Type from, Type to) {
  if (from == to)
    return v;
  if (isSmallInteger(to)) {
    // ONNX wraps what 2 or 4 bits do not hold: by way of i32, as ml_dtypes does.
    Type i32 = m.intType(32);
    Value wide = isa<FloatType>(from) ? emitCast(m, v, from, i32) : v;
    Type i8 = m.intType(8);
    return lowBits(m, m.bitsOf(wide) > 8 ? m.truncI(wide, i8) : m.extU(wide, i8), to);
  }
  Type target = computeType(to);
  bool isUnsigned = isUnsignedElement(from);
  if (isa<FloatType>(from)) {
    if (to.isInteger(1))
      return m.cmpF(FPred::UNE, v, 0.0);
    if (isa<IntegerType>(to))
      return m.floatToIntSaturating(v, target, to.isUnsignedInteger());
  } else if (to.isInteger(1)) {
    return m.cmpI(IPred::ne, v, 0);
  } else if (isa<IntegerType>(to)) {
    unsigned have = m.bitsOf(v), want = target.getIntOrFloatBitWidth();
    if (have > want)
      return m.truncI(v, target);
    return isUnsigned ? m.extU(v, target) : m.extS(v, target);
  } else {
    // 32 and 64 bits do not fit f32: round once, to the narrow type.
    Type f = target;
    if (!to.isF32() && m.bitsOf(v) >= 32)
      f = m.builder.getF64Type();
    if (m.bitsOf(v) < 32)
      v = isUnsigned ? m.extU(v, m.intType(32)) : m.extS(v, m.intType(32));
    v = m.intToFloat(v, f, from.isUnsignedInteger() && from.getIntOrFloatBitWidth() >= 32);
  }
  if (to.isF16())
    return m.f16ToF32(m.toF16(v));
  if (to.isBF16())
    return m.bf16ToF32(m.toBF16(v));
  return to.isF64() ? m.toF64(v) : m.toF32(v);
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

namespace {

bool isFloatCall(const ScalarCall &c) { return isa<FloatType>(c.operandElements[0]); }
bool isUnsignedCall(const ScalarCall &c) { return isUnsignedElement(c.operandElements[0]); }

/// A row's emitter from a member function of one or two values.
template <Value (ScalarMath::*fn)(Value)> Value unary(ScalarMath &m, const ScalarCall &c) {
  return (m.*fn)(c.operands[0]);
}
template <Value (ScalarBuilder::*fn)(Value)> Value unaryBase(ScalarMath &m, const ScalarCall &c) {
  return (m.*fn)(c.operands[0]);
}
template <Value (ScalarBuilder::*fn)(Value, Value)>
Value binaryBase(ScalarMath &m, const ScalarCall &c) {
  return (m.*fn)(c.operands[0], c.operands[1]);
}
template <Value (ScalarMath::*fn)(Value, Value)> Value binary(ScalarMath &m, const ScalarCall &c) {
  return (m.*fn)(c.operands[0], c.operands[1]);
}
/// Of a float function and an integer one.
template <Value (ScalarBuilder::*f)(Value, Value), Value (ScalarBuilder::*i)(Value, Value)>
Value arithmetic(ScalarMath &m, const ScalarCall &c) {
  return isFloatCall(c) ? (m.*f)(c.operands[0], c.operands[1])
                        : (m.*i)(c.operands[0], c.operands[1]);
}
template <Value (ScalarMath::*f)(Value, Value), Value (ScalarMath::*i)(Value, Value, bool)>
Value extremum(ScalarMath &m, const ScalarCall &c) {
  return isFloatCall(c) ? (m.*f)(c.operands[0], c.operands[1])
                        : (m.*i)(c.operands[0], c.operands[1], isUnsignedCall(c));
}

Value emitAbs(ScalarMath &m, const ScalarCall &c) {
  if (isFloatCall(c))
    return m.abs(c.operands[0]);
  return isUnsignedCall(c) ? c.operands[0] : m.absI(c.operands[0]);
}

Value emitNeg(ScalarMath &m, const ScalarCall &c) {
  Value x = c.operands[0];
  return isFloatCall(c) ? m.neg(x) : m.subI(m.constI(x, 0), x);
}

Value emitSign(ScalarMath &m, const ScalarCall &c) {
  Value x = c.operands[0];
  return isFloatCall(c) ? m.signF(x) : m.signI(x, isUnsignedCall(c));
}

Value emitGelu(ScalarMath &m, const ScalarCall &c) {
  return c.tanhApproximation ? m.geluTanh(c.operands[0]) : m.gelu(c.operands[0]);
}

Value emitIsNan(ScalarMath &m, const ScalarCall &c) { return m.isNan(c.operands[0]); }

Value emitIsInf(ScalarMath &m, const ScalarCall &c) {
  double inf = std::numeric_limits<double>::infinity();
  Value x = c.operands[0];
  if (c.detectNegative && c.detectPositive)
    return m.cmpF(FPred::OEQ, m.abs(x), inf);
  if (c.detectNegative)
    return m.cmpF(FPred::OEQ, x, -inf);
  if (c.detectPositive)
    return m.cmpF(FPred::OEQ, x, inf);
  return m.zero(ScalarBuilder::withElement(x.getType(), m.intType(1)));
}

Value emitDiv(ScalarMath &m, const ScalarCall &c) {
  Value a = c.operands[0], b = c.operands[1];
  return isFloatCall(c) ? m.div(a, b) : m.divI(a, b, isUnsignedCall(c));
}

Value emitMod(ScalarMath &m, const ScalarCall &c) {
  Value a = c.operands[0], b = c.operands[1];
  if (isFloatCall(c))
    return c.fmod ? m.fmod(a, b) : m.modF(a, b);
  return c.fmod ? m.remI(a, b, isUnsignedCall(c)) : m.modI(a, b, isUnsignedCall(c));
}

/// The exponent if it is one small constant integer, else 0.
int64_t constantExponent(Value v) {
  FloatAttr f;
  IntegerAttr i;
  DenseElementsAttr dense;
  if (matchPattern(v, m_Constant(&dense)) && dense.isSplat()) {
    if (isa<FloatType>(dense.getElementType()))
      f = FloatAttr::get(dense.getElementType(), dense.getSplatValue<llvm::APFloat>());
    else
      i = IntegerAttr::get(dense.getElementType(), dense.getSplatValue<llvm::APInt>());
  } else if (!matchPattern(v, m_Constant(&f))) {
    matchPattern(v, m_Constant(&i));
  }
  if (i)
    return i.getValue().isSignedIntN(8) ? i.getValue().getSExtValue() : 0;
  if (!f)
    return 0;
  double d = f.getValueAsDouble();
  return d == 1.0 || d == 2.0 || d == 3.0 ? int64_t(d) : 0;
}

Value emitPow(ScalarMath &m, const ScalarCall &c) {
  Value x = c.operands[0], y = c.operands[1];
  Type xe = c.operandElements[0], ye = c.operandElements[1];
  bool isFloat = isa<FloatType>(xe);
  int64_t n = constantExponent(y);
  if (n >= 1 && n <= 3) {
    auto times = [&](Value a, Value b) { return isFloat ? m.mul(a, b) : m.mulI(a, b); };
    return n == 1 ? x : n == 2 ? times(x, x) : times(times(x, x), x);
  }
  Type f64 = m.builder.getF64Type();
  if (isFloat) {
    // An exponent that f32 may not hold goes in as f64.
    bool isWide = ye.getIntOrFloatBitWidth() > 16 && !ye.isF32();
    return m.pow(x, emitCast(m, y, ye, xe.isF64() || isWide ? f64 : m.builder.getF32Type()));
  }
  if (isa<FloatType>(ye)) {
    Value r = m.pow(emitCast(m, x, xe, f64), emitCast(m, y, ye, f64));
    return emitCast(m, r, f64, xe);
  }
  return m.powI(x, y, xe.isUnsignedInteger(), ye.isUnsignedInteger());
}

Value emitCompare(ScalarMath &m, const ScalarCall &c) {
  Value a = c.operands[0], b = c.operands[1];
  bool isUnsigned = isUnsignedCall(c);
  auto emit = [&](FPred f, IPred s, IPred u) {
    return isFloatCall(c) ? m.cmpF(f, a, b) : m.cmpI(isUnsigned ? u : s, a, b);
  };
  switch (c.predicate) {
  case ComparePredicate::eq:
    return emit(FPred::OEQ, IPred::eq, IPred::eq);
  case ComparePredicate::ne:
    return emit(FPred::UNE, IPred::ne, IPred::ne);
  case ComparePredicate::lt:
    return emit(FPred::OLT, IPred::slt, IPred::ult);
  case ComparePredicate::le:
    return emit(FPred::OLE, IPred::sle, IPred::ule);
  case ComparePredicate::gt:
    return emit(FPred::OGT, IPred::sgt, IPred::ugt);
  case ComparePredicate::ge:
    return emit(FPred::OGE, IPred::sge, IPred::uge);
  }
  return {};
}

Value emitSelect(ScalarMath &m, const ScalarCall &c) {
  return m.select(c.operands[0], c.operands[1], c.operands[2]);
}

/// The one value of a constant float, or of a splat of one.
std::optional<double> constantFloat(Value v) {
  if (auto splat = v.getDefiningOp<vector::BroadcastOp>())
    v = splat.getSource();
  FloatAttr f;
  DenseFPElementsAttr dense;
  if (matchPattern(v, m_Constant(&f)))
    return f.getValueAsDouble();
  if (matchPattern(v, m_Constant(&dense)) && dense.isSplat())
    return FloatAttr::get(dense.getElementType(), dense.getSplatValue<llvm::APFloat>()).getValueAsDouble();
  return std::nullopt;
}

/// A float of compute type as the type that a scale's quotients and products
/// have: its own, but at least f32.
Value inScaleType(ScalarMath &m, Value v, Type scaleElement) {
  return scaleElement.isF64() ? m.toF64(v) : m.toF32(v);
}

/// An integer of at most 16 bits as i32.
Value widen(ScalarMath &m, Value v, Type element) {
  return isUnsignedElement(element) ? m.extU(v, m.intType(32)) : m.extS(v, m.intType(32));
}

Value emitQuantize(ScalarMath &m, const ScalarCall &c) {
  Type scaleElement = c.operandElements[1];
  Value v = inScaleType(m, c.operands[0], scaleElement), scale = inScaleType(m, c.operands[1], scaleElement);
  std::optional<double> constant = constantFloat(c.operands[1]);
  int exponent;
  if (constant && std::isnormal(*constant) &&
      (c.computedInput || std::fabs(std::frexp(*constant, &exponent)) == 0.5)) {
    if (*constant != 1)
      v = m.mul(v, m.constF(v, 1 / *constant));
  } else {
    v = m.div(v, scale);
  }
  // The range is limited before the zero point is added, so that the rest has few
  // bits. NaN fails the first comparison and becomes the lowest value.
  auto to = cast<IntegerType>(c.resultElement);
  double least = to.isUnsigned() ? 0 : -std::ldexp(1.0, to.getWidth() - 1);
  double most = std::ldexp(1.0, to.getWidth() - (to.isUnsigned() ? 0 : 1)) - 1;
  Value low = m.constF(v, least), high = m.constF(v, most), zero;
  if (c.operands[2]) {
    zero = widen(m, c.operands[2], to);
    Value asFloat = m.intToFloat(zero, ScalarBuilder::elementOf(v));
    low = m.sub(low, asFloat);
    high = m.sub(high, asFloat);
  }
  v = m.select(m.cmpF(FPred::OGT, v, low), v, low);
  v = m.select(m.cmpF(FPred::OLT, v, high), v, high);
  // Added to 1.5 times the power of two whose last place is 1, it is rounded to even,
  // and the integer stands in the low bits: the constant's own low bits are 0.
  bool isDouble = m.isF64(v);
  Value sum = m.add(v, m.constF(v, isDouble ? 0x1.8p52 : 0x1.8p23));
  Value bits = m.bitcast(sum, m.intType(isDouble ? 64 : 32));
  if (isDouble)
    bits = m.truncI(bits, m.intType(32));
  return m.truncI(zero ? m.addI(bits, zero) : bits, computeType(to));
}

Value emitDequantize(ScalarMath &m, const ScalarCall &c) {
  Type element = c.operandElements[0], f64 = m.builder.getF64Type();
  Value x = c.operands[0], zero = c.operands[2];
  Value scale = inScaleType(m, c.operands[1], c.operandElements[1]);
  Type f = ScalarBuilder::elementOf(scale);
  Value difference;
  if (element.getIntOrFloatBitWidth() > 16) {
    // f64 holds the difference of two integers of 32 bits.
    difference = zero ? inScaleType(m, m.sub(m.intToFloat(x, f64), m.intToFloat(zero, f64)), c.operandElements[1])
                      : m.intToFloat(x, f);
  } else {
    Value wide = widen(m, x, element);
    difference = m.intToFloat(zero ? m.subI(wide, widen(m, zero, element)) : wide, f);
  }
  return constantFloat(c.operands[1]) == 1.0 ? difference : m.mul(difference, scale);
}

Value emitCastRow(ScalarMath &m, const ScalarCall &c) {
  return emitCast(m, c.operands[0], c.operandElements[0], c.resultElement);
}

using B = ScalarBuilder;
using M = ScalarMath;
constexpr UlpScale R = UlpScale::Result;
constexpr UlpScale O = UlpScale::Operand;

const ScalarRow kRows[] = {
    {"abs", "|x|; integers wrap", 0, R, emitAbs},
    {"neg", "-x; integers wrap", 0, R, emitNeg},
    {"sign", "-1, 0 or 1; NaN for NaN", 0, R, emitSign},
    {"ceil", "smallest integer not below x", 0, R, unaryBase<&B::ceil>},
    {"floor", "largest integer not above x", 0, R, unaryBase<&B::floor>},
    {"round", "nearest integer, halves to even", 0, R, unaryBase<&B::roundEven>},
    {"trunc", "integer part of x", 0, R, unaryBase<&B::trunc>},
    {"sqrt", "square root; NaN below 0", 0.5, R, unaryBase<&B::sqrt>},
    {"exp", "e^x", 1.5, R, unary<&M::exp>},
    {"log", "natural logarithm; -inf at 0, NaN below", 1.5, R, unary<&M::log>},
    {"sin", "sine", 1, R, unary<&M::sin>},
    {"cos", "cosine", 1, R, unary<&M::cos>},
    {"tan", "tangent", 1, R, unary<&M::tan>},
    {"asin", "arc sine; NaN outside [-1, 1]", 1, R, unary<&M::asin>},
    {"acos", "arc cosine; NaN outside [-1, 1]", 1, R, unary<&M::acos>},
    {"atan", "arc tangent", 1, R, unary<&M::atan>},
    {"sinh", "(e^x - e^-x) / 2", 1, R, unary<&M::sinh>},
    {"cosh", "(e^x + e^-x) / 2", 1, R, unary<&M::cosh>},
    {"tanh", "hyperbolic tangent", 2.5, R, unary<&M::tanh>},
    {"asinh", "log(x + sqrt(x^2 + 1))", 1, R, unary<&M::asinh>},
    {"acosh", "log(x + sqrt(x^2 - 1)); NaN below 1", 1, R, unary<&M::acosh>},
    {"atanh", "log((1 + x) / (1 - x)) / 2; NaN outside [-1, 1]", 1, R, unary<&M::atanh>},
    {"erf", "error function", 2.5, R, unary<&M::erf>},
    {"sigmoid", "1 / (1 + e^-x)", 2.5, R, unary<&M::sigmoid>},
    {"softplus", "log(1 + e^x)", 2.5, R, unary<&M::softplus>},
    {"not", "complement of each bit", 0, R, unaryBase<&B::notI>},
    {"gelu", "x/2 (1 + erf(x / sqrt 2)), or its approximation by tanh", 2, O, emitGelu},
    {"is_nan", "x is not a number", 0, R, emitIsNan},
    {"is_inf", "x is an infinity of a sign asked for", 0, R, emitIsInf},
    {"add", "a + b; integers wrap", 0.5, R, arithmetic<&B::add, &B::addI>},
    {"sub", "a - b; integers wrap", 0.5, R, arithmetic<&B::sub, &B::subI>},
    {"mul", "a b; integers wrap", 0.5, R, arithmetic<&B::mul, &B::mulI>},
    {"div", "a / b; integers truncate, x / 0 = 0, INT_MIN / -1 = INT_MIN", 0.5, R, emitDiv},
    {"pow", "a^b; integers wrap, a^-n truncates and is 0 for a = 0", 1.5, R, emitPow},
    {"max", "larger of a and b, NaN if either is", 0, R, extremum<&M::maxF, &M::maxI>},
    {"min", "smaller of a and b, NaN if either is", 0, R, extremum<&M::minF, &M::minI>},
    {"and", "bitwise and", 0, R, binaryBase<&B::andI>},
    {"or", "bitwise or", 0, R, binaryBase<&B::orI>},
    {"xor", "bitwise exclusive or", 0, R, binaryBase<&B::xorI>},
    {"shift_left", "a 2^b, 0 for b >= width", 0, R, binary<&M::shiftLeft>},
    {"shift_right", "logical a / 2^b, 0 for b >= width", 0, R, binary<&M::shiftRightLogical>},
    {"mod", "remainder with the sign of b (fmod: of a); integers: x mod 0 = 0", 0.5, R, emitMod},
    {"compare", "ordered comparison; ne holds for NaN; bools and uiN unsigned", 0, R, emitCompare},
    {"select", "c ? a : b", 0, R, emitSelect},
    {"cast", "nearest even; to integer: truncate, saturate, NaN = 0, below 8 bits wrap; to bool: != 0", 0.5, R,
     emitCastRow},
    {"quantize", "saturate(x / scale to even + zero), NaN lowest; times 1/scale where x is computed in the kernel",
     0, R, emitQuantize},
    {"dequantize", "(x - zero) scale, the difference exact", 0.5, R, emitDequantize},
};

/// The index of the table by name, built on first use.
const llvm::StringMap<const ScalarRow *> &rowIndex() {
  static const llvm::StringMap<const ScalarRow *> index = [] {
    llvm::StringMap<const ScalarRow *> map;
    for (const ScalarRow &row : kRows)
      map[row.name] = &row;
    return map;
  }();
  return index;
}

} // namespace

llvm::ArrayRef<ScalarRow> getScalarRows() { return kRows; }

const ScalarRow *findScalarRow(llvm::StringRef name) { return rowIndex().lookup(name); }

static const ScalarRow *rowOf(Operation *op) {
  if (op->getName().getDialectNamespace() != MloptDialect::getDialectNamespace())
    return nullptr;
  return findScalarRow(op->getName().stripDialect());
}

bool isScalarOp(Operation *op) { return rowOf(op) != nullptr; }

FailureOr<Value> emitScalarOp(OpBuilder &builder, Location loc, Operation *op, ValueRange operands,
                              const MathOptions &options) {
  const ScalarRow *row = rowOf(op);
  if (!row)
    return op->emitOpError("has no row in the table of scalar semantics");
  ScalarCall call;
  call.operands.assign(operands.begin(), operands.end());
  for (Type type : op->getOperandTypes())
    call.operandElements.push_back(getElementTypeOrSelf(type));
  call.resultElement = getElementTypeOrSelf(op->getResult(0).getType());
  if (auto gelu = dyn_cast<GeluOp>(op))
    call.tanhApproximation = gelu.getTanhApproximation();
  else if (auto mod = dyn_cast<ModOp>(op))
    call.fmod = mod.getFmod();
  else if (auto isInf = dyn_cast<IsInfOp>(op)) {
    call.detectNegative = isInf.getDetectNegative();
    call.detectPositive = isInf.getDetectPositive();
  } else if (auto compare = dyn_cast<CompareOp>(op))
    call.predicate = compare.getPredicate();
  else if (auto quantize = dyn_cast<QuantizeOp>(op))
    call.computedInput = quantize.getInput().getDefiningOp() != nullptr;
  ScalarMath math(builder, loc, options);
  return row->emit(math, call);
}

} // namespace mlopt
