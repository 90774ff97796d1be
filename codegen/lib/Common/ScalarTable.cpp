//===- ScalarTable.cpp - The table of scalar semantics --------------------===//

#include "mlopt/Codegen/ScalarTable.h"

#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringMap.h"
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
  if (element.isUnsignedInteger())
    return IntegerType::get(element.getContext(), element.getIntOrFloatBitWidth());
  return element;
}

Type storageType(Type element) {
  if (element.isInteger(1))
    return IntegerType::get(element.getContext(), 8);
  if (element.isUnsignedInteger())
    return IntegerType::get(element.getContext(), element.getIntOrFloatBitWidth());
  return element;
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

Value emitCast(ScalarMath &m, Value v, Type from, Type to) {
  if (from == to)
    return v;
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
    {"cast", "nearest even; to integer: truncate, saturate, NaN = 0; to bool: != 0", 0.5, R,
     emitCastRow},
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
  ScalarMath math(builder, loc, options);
  return row->emit(math, call);
}

} // namespace mlopt
