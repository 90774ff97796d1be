//===- Candidate.cpp - What orders the elements of a line -----------------===//
#include "Candidate.h"

using namespace mlir;
using namespace mlopt;

static Type elementOf(TopKOp op) {
  return cast<RankedTensorType>(op.getInput().getType()).getElementType();
}

unsigned mlopt::candidateBits(TopKOp op, SymExpr size) {
  unsigned bits = computeType(elementOf(op)).getIntOrFloatBitWidth();
  return bits <= 32 && size.getConstant().value_or(0) <= (int64_t(1) << 32) ? 64 : 128;
}

static Value compare(KernelBuilder &k, arith::CmpIPredicate p, Value a, Value b) {
  return arith::CmpIOp::create(k.b, k.loc, p, a, b);
}

Value mlopt::candidateOf(KernelBuilder &k, ScalarMath &m, TopKOp op, IntegerType type, Value element,
                         Value position) {
  auto constant = [&](IntegerType t, APInt v) -> Value {
    return arith::ConstantOp::create(k.b, k.loc, IntegerAttr::get(t, v));
  };
  Type stored = elementOf(op), computed = element.getType();
  unsigned width = computed.getIntOrFloatBitWidth();
  IntegerType bitsType = k.b.getIntegerType(width);
  Value bits = element, sign = constant(bitsType, APInt::getSignMask(width));
  auto integer = dyn_cast<IntegerType>(stored);
  if (auto f = dyn_cast<FloatType>(computed)) {
    // Both zeros are equal, all NaN are, and larger than infinity.
    auto number = [&](APFloat v) -> Value {
      return arith::ConstantOp::create(k.b, k.loc, FloatAttr::get(f, v));
    };
    Value zero = number(APFloat::getZero(f.getFloatSemantics()));
    Value isZero = arith::CmpFOp::create(k.b, k.loc, arith::CmpFPredicate::OEQ, element, zero);
    Value v = m.select(isZero, zero, element);
    bits = arith::BitcastOp::create(k.b, k.loc, bitsType, v);
    Value negative =
        compare(k, arith::CmpIPredicate::slt, bits, constant(bitsType, APInt::getZero(width)));
    Value all = constant(bitsType, APInt::getAllOnes(width));
    bits = arith::XOrIOp::create(k.b, k.loc, bits, m.select(negative, all, sign));
    bits = m.select(m.isNan(element), all, bits);
  } else if (!integer.isUnsigned() && width > 1) {
    bits = arith::XOrIOp::create(k.b, k.loc, bits, sign);
  }
  if (op.getLargest())
    bits = arith::XOrIOp::create(k.b, k.loc, bits, constant(bitsType, APInt::getAllOnes(width)));
  unsigned half = type.getWidth() / 2;
  Value high =
      width == type.getWidth() ? bits : arith::ExtUIOp::create(k.b, k.loc, type, bits).getResult();
  high = arith::ShLIOp::create(k.b, k.loc, high, constant(type, APInt(type.getWidth(), half)));
  Value low = type.getWidth() == 64
                  ? position
                  : arith::ExtUIOp::create(k.b, k.loc, type, position).getResult();
  return arith::OrIOp::create(k.b, k.loc, high, low);
}
