//===- ScalarBuilder.cpp - Arithmetic on scalars and vectors --------------===//

#include "mlopt/Codegen/ScalarBuilder.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "llvm/ADT/StringRef.h"

using namespace mlir;

namespace mlopt {

MathOptions MathOptions::fromFeatures(llvm::StringRef features) {
  MathOptions options;
  bool f = false, vl = false, dq = false;
  llvm::SmallVector<llvm::StringRef> items;
  features.split(items, ',');
  for (llvm::StringRef item : items) {
    item = item.trim();
    if (item.empty())
      continue;
    bool on = !item.consume_front("-");
    item.consume_front("+");
    if (item == "fma")
      options.hasFMA = on;
    else if (item == "f16c")
      options.hasF16C = on;
    else if (item == "avx512f")
      f = on;
    else if (item == "avx512vl")
      vl = on;
    else if (item == "avx512dq")
      dq = on;
  }
  options.hasAVX512 = f && vl && dq;
  return options;
}

Type ScalarBuilder::withElement(Type like, Type element) {
  if (auto vector = dyn_cast<VectorType>(like))
    return vector.clone(element);
  return element;
}

static Value constant(ScalarBuilder &s, Type type, Attribute element) {
  if (auto vector = dyn_cast<VectorType>(type))
    element = DenseElementsAttr::get(vector, element);
  return arith::ConstantOp::create(s.builder, s.loc, type, cast<TypedAttr>(element));
}

Value ScalarBuilder::constF(Value like, double v) {
  return constant(*this, like.getType(), FloatAttr::get(elementOf(like), v));
}

Value ScalarBuilder::constInt(Value like, const llvm::APInt &v) {
  return constant(*this, like.getType(), IntegerAttr::get(elementOf(like), v));
}

Value ScalarBuilder::constI(Value like, int64_t v) {
  return constInt(like, llvm::APInt(64, v, true).sextOrTrunc(bitsOf(like)));
}

Value ScalarBuilder::zero(Type type) {
  return arith::ConstantOp::create(builder, loc, type, builder.getZeroAttr(type));
}

Value ScalarBuilder::add(Value a, Value b) { return arith::AddFOp::create(builder, loc, a, b); }
Value ScalarBuilder::sub(Value a, Value b) { return arith::SubFOp::create(builder, loc, a, b); }
Value ScalarBuilder::mul(Value a, Value b) { return arith::MulFOp::create(builder, loc, a, b); }
Value ScalarBuilder::div(Value a, Value b) { return arith::DivFOp::create(builder, loc, a, b); }
Value ScalarBuilder::neg(Value a) { return arith::NegFOp::create(builder, loc, a); }
Value ScalarBuilder::abs(Value a) { return math::AbsFOp::create(builder, loc, a); }
Value ScalarBuilder::sqrt(Value a) { return math::SqrtOp::create(builder, loc, a); }
Value ScalarBuilder::copysign(Value a, Value b) {
  return math::CopySignOp::create(builder, loc, a, b);
}
Value ScalarBuilder::floor(Value a) { return math::FloorOp::create(builder, loc, a); }
Value ScalarBuilder::ceil(Value a) { return math::CeilOp::create(builder, loc, a); }
Value ScalarBuilder::trunc(Value a) { return math::TruncOp::create(builder, loc, a); }
Value ScalarBuilder::roundEven(Value a) { return math::RoundEvenOp::create(builder, loc, a); }

Value ScalarBuilder::fma(Value a, Value b, Value c) {
  if (options.hasFMA)
    return math::FmaOp::create(builder, loc, a, b, c);
  return add(mul(a, b), c);
}

Value ScalarBuilder::polynomial(Value x, llvm::ArrayRef<double> coefficients) {
  // p(x) = even(x^2) + x odd(x^2): two chains of half the length. One kernel's
  // loop is bound by latency, since few iterations fit the scheduler's queues.
  size_t n = coefficients.size();
  if (n < 5) {
    Value r = constF(x, coefficients.back());
    for (double c : llvm::reverse(coefficients.drop_back()))
      r = fma(r, x, constF(x, c));
    return r;
  }
  Value square = mul(x, x);
  Value parts[2] = {constF(x, coefficients[n - 2]), constF(x, coefficients[n - 1])};
  for (size_t i = n - 2; i-- > 0;) {
    Value &part = parts[(n - i) % 2];
    part = fma(part, square, constF(x, coefficients[i]));
  }
  Value even = parts[n % 2], odd = parts[1 - n % 2];
  return fma(odd, x, even);
}

Value ScalarBuilder::cmpF(FPred p, Value a, Value b) {
  return arith::CmpFOp::create(builder, loc, p, a, b);
}

// `maxps a, b` gives b when either is NaN, so the order below keeps x's NaN.
Value ScalarBuilder::clampLow(Value x, double lo) {
  Value bound = constF(x, lo);
  return select(cmpF(FPred::OGT, bound, x), bound, x);
}

Value ScalarBuilder::clampHigh(Value x, double hi) {
  Value bound = constF(x, hi);
  return select(cmpF(FPred::OLT, bound, x), bound, x);
}

Value ScalarBuilder::addI(Value a, Value b) { return arith::AddIOp::create(builder, loc, a, b); }
Value ScalarBuilder::subI(Value a, Value b) { return arith::SubIOp::create(builder, loc, a, b); }
Value ScalarBuilder::mulI(Value a, Value b) { return arith::MulIOp::create(builder, loc, a, b); }
Value ScalarBuilder::andI(Value a, Value b) { return arith::AndIOp::create(builder, loc, a, b); }
Value ScalarBuilder::orI(Value a, Value b) { return arith::OrIOp::create(builder, loc, a, b); }
Value ScalarBuilder::xorI(Value a, Value b) { return arith::XOrIOp::create(builder, loc, a, b); }
Value ScalarBuilder::notI(Value a) { return xorI(a, constI(a, -1)); }
Value ScalarBuilder::shl(Value a, int64_t b) {
  return arith::ShLIOp::create(builder, loc, a, constI(a, b));
}
Value ScalarBuilder::shrU(Value a, int64_t b) {
  return arith::ShRUIOp::create(builder, loc, a, constI(a, b));
}
Value ScalarBuilder::shrS(Value a, int64_t b) {
  return arith::ShRSIOp::create(builder, loc, a, constI(a, b));
}
Value ScalarBuilder::cmpI(IPred p, Value a, Value b) {
  return arith::CmpIOp::create(builder, loc, p, a, b);
}

Value ScalarBuilder::select(Value c, Value a, Value b) {
  return arith::SelectOp::create(builder, loc, c, a, b);
}

template <typename OpTy> static Value convert(ScalarBuilder &s, Value a, Type element) {
  Type type = ScalarBuilder::withElement(a.getType(), element);
  if (type == a.getType())
    return a;
  return OpTy::create(s.builder, s.loc, type, a);
}

Value ScalarBuilder::bitcast(Value a, Type e) { return convert<arith::BitcastOp>(*this, a, e); }
Value ScalarBuilder::extF(Value a, Type e) { return convert<arith::ExtFOp>(*this, a, e); }
Value ScalarBuilder::truncF(Value a, Type e) { return convert<arith::TruncFOp>(*this, a, e); }
Value ScalarBuilder::extS(Value a, Type e) { return convert<arith::ExtSIOp>(*this, a, e); }
Value ScalarBuilder::extU(Value a, Type e) { return convert<arith::ExtUIOp>(*this, a, e); }
Value ScalarBuilder::truncI(Value a, Type e) { return convert<arith::TruncIOp>(*this, a, e); }

Value ScalarBuilder::intToFloat(Value a, Type e, bool isUnsigned) {
  return isUnsigned ? convert<arith::UIToFPOp>(*this, a, e) : convert<arith::SIToFPOp>(*this, a, e);
}

Value ScalarBuilder::floatToInt(Value a, Type e, bool isUnsigned) {
  return isUnsigned ? convert<arith::FPToUIOp>(*this, a, e) : convert<arith::FPToSIOp>(*this, a, e);
}

Value ScalarBuilder::any(Value c) {
  auto type = dyn_cast<VectorType>(c.getType());
  if (!type)
    return c;
  if (type.getRank() != 1)
    c = vector::ShapeCastOp::create(
        builder, loc, VectorType::get({type.getNumElements()}, type.getElementType()), c);
  return vector::ReductionOp::create(builder, loc, vector::CombiningKind::OR, c);
}

llvm::SmallVector<Value>
ScalarBuilder::whenAny(Value condition, ValueRange usual,
                       llvm::function_ref<llvm::SmallVector<Value>()> rare) {
  auto branch = scf::IfOp::create(builder, loc, usual.getTypes(), any(condition), true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  llvm::SmallVector<Value> merged;
  for (auto [r, u] : llvm::zip_equal(rare(), usual))
    merged.push_back(select(condition, r, u));
  scf::YieldOp::create(builder, loc, merged);
  builder.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(builder, loc, usual);
  return llvm::SmallVector<Value>(branch.getResults());
}

void registerScalarDialects(DialectRegistry &registry) {
  registry.insert<arith::ArithDialect, math::MathDialect, scf::SCFDialect, vector::VectorDialect,
                  LLVM::LLVMDialect>();
}

} // namespace mlopt
