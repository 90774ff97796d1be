//===- SizeEmitter.cpp - Sizes as code of the host program ----------------===//
#include "SizeEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlopt/IR/Mlopt.h"

using namespace mlir;
using namespace mlopt;

using Kind = SymExpr::Kind;

Value SizeEmitter::constant(int64_t value) {
  return emit(SymExpr::constant(b.getContext(), value));
}

Value SizeEmitter::emit(SymExpr e) {
  if (Value known = done.lookup(e.getAttr()))
    return known;
  // Building may grow the map.
  Value overflow;
  Value value = build(e, overflow);
  if (overflow)
    overflowOf[e.getAttr()] = overflow;
  return done[e.getAttr()] = value;
}

Value SizeEmitter::overflows(SymExpr e) {
  emit(e);
  return overflowOf.lookup(e.getAttr());
}

Value SizeEmitter::either(Value a, Value x) {
  if (!a || !x)
    return a ? a : x;
  return arith::OrIOp::create(b, loc, a, x);
}

Value SizeEmitter::add(Value x, Value y, Value &overflow) {
  Value sum = arith::AddIOp::create(b, loc, x, y);
  if (!checked)
    return sum;
  // Both operands have the sign that the sum has not.
  Value wrong = arith::AndIOp::create(b, loc, arith::XOrIOp::create(b, loc, x, sum),
                                      arith::XOrIOp::create(b, loc, y, sum));
  Value isWrong =
      arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, wrong, constant(0));
  overflow = either(overflow, isWrong);
  return sum;
}

Value SizeEmitter::multiply(Value x, Value y, Value &overflow) {
  if (!checked)
    return arith::MulIOp::create(b, loc, x, y);
  auto product = arith::MulSIExtendedOp::create(b, loc, x, y);
  Value sign = arith::ShRSIOp::create(b, loc, product.getLow(), constant(63));
  Value isWrong =
      arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, product.getHigh(), sign);
  overflow = either(overflow, isWrong);
  return product.getLow();
}

Value SizeEmitter::divisor(SymExpr e) {
  Value value = emit(e);
  if (std::optional<int64_t> c = e.getConstant(); c && *c != 0)
    return value;
  Value isZero = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, value, constant(0));
  return arith::SelectOp::create(b, loc, isZero, constant(1), value);
}

Value SizeEmitter::floorDiv(SymExpr x, SymExpr y, bool up, Value &overflow) {
  Value n = emit(x), d = divisor(y);
  overflow = either(overflows(x), overflows(y));
  if (!y.getConstant()) {
    // The one quotient that does not fit traps: a dividend of 0 stands for it.
    Value isMinimum =
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, n, constant(INT64_MIN));
    Value isMinusOne = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, d, constant(-1));
    Value traps = arith::AndIOp::create(b, loc, isMinimum, isMinusOne);
    n = arith::SelectOp::create(b, loc, traps, constant(0), n);
    if (checked)
      overflow = either(overflow, traps);
  }
  Value q = arith::DivSIOp::create(b, loc, n, d);
  Value r = arith::SubIOp::create(b, loc, n, arith::MulIOp::create(b, loc, q, d));
  // Truncation is one off where there is a rest and the exact quotient lies below
  // (above for the ceiling).
  Value rest = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, r, constant(0));
  Value negative = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt,
                                         arith::XOrIOp::create(b, loc, n, d), constant(0));
  if (up)
    negative = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::sge,
                                     arith::XOrIOp::create(b, loc, n, d), constant(0));
  Value adjust = arith::AndIOp::create(b, loc, rest, negative);
  Value one = arith::ExtUIOp::create(b, loc, b.getI64Type(), adjust);
  return up ? Value(arith::AddIOp::create(b, loc, q, one))
            : Value(arith::SubIOp::create(b, loc, q, one));
}

Value SizeEmitter::build(SymExpr e, Value &overflow) {
  switch (e.getKind()) {
  case Kind::Constant:
    return arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(*e.getConstant()));
  case Kind::Symbol: {
    auto step = steps.find(e.getSymbolName());
    if (step == steps.end())
      return symbol(e.getSymbolName());
    overflow = overflows(step->second);
    return emit(step->second);
  }
  case Kind::FloorDiv:
  case Kind::CeilDiv:
  case Kind::Mod: {
    SmallVector<SymExpr, 4> operands = e.getOperands();
    Value quotient = floorDiv(operands[0], operands[1], e.getKind() == Kind::CeilDiv, overflow);
    if (e.getKind() != Kind::Mod)
      return quotient;
    return arith::SubIOp::create(b, loc, emit(operands[0]),
                                 arith::MulIOp::create(b, loc, quotient, divisor(operands[1])));
  }
  case Kind::Select: {
    SmallVector<SymExpr, 4> o = e.getOperands();
    auto predicate = e.getCompare() == SymExpr::Compare::Eq ? arith::CmpIPredicate::eq
                                                            : arith::CmpIPredicate::slt;
    Value x = emit(o[0]), y = emit(o[1]), t = emit(o[2]), f = emit(o[3]);
    Value condition = arith::CmpIOp::create(b, loc, predicate, x, y);
    Value overflowT = overflows(o[2]), overflowF = overflows(o[3]);
    if (overflowT || overflowF) {
      Value never = arith::ConstantOp::create(b, loc, b.getBoolAttr(false));
      overflow = arith::SelectOp::create(b, loc, condition, overflowT ? overflowT : never,
                                         overflowF ? overflowF : never);
    }
    overflow = either(overflow, either(overflows(o[0]), overflows(o[1])));
    return arith::SelectOp::create(b, loc, condition, t, f);
  }
  default:
    break;
  }
  Value result;
  for (SymExpr operand : e.getOperands()) {
    Value value = emit(operand);
    overflow = either(overflow, overflows(operand));
    if (!result)
      result = value;
    else if (e.getKind() == Kind::Add)
      result = add(result, value, overflow);
    else if (e.getKind() == Kind::Mul)
      result = multiply(result, value, overflow);
    else if (e.getKind() == Kind::Min)
      result = arith::MinSIOp::create(b, loc, result, value);
    else
      result = arith::MaxSIOp::create(b, loc, result, value);
  }
  return result;
}
