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
  Value value = build(e);
  return done[e.getAttr()] = value;
}

Value SizeEmitter::divisor(SymExpr e) {
  Value value = emit(e);
  if (std::optional<int64_t> c = e.getConstant(); c && *c != 0)
    return value;
  Value isZero = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, value, constant(0));
  return arith::SelectOp::create(b, loc, isZero, constant(1), value);
}

Value SizeEmitter::floorDiv(SymExpr x, SymExpr y, bool up) {
  Value n = emit(x), d = divisor(y);
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

Value SizeEmitter::build(SymExpr e) {
  switch (e.getKind()) {
  case Kind::Constant:
    return arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(*e.getConstant()));
  case Kind::Symbol: {
    auto step = steps.find(e.getSymbolName());
    return step == steps.end() ? symbol(e.getSymbolName()) : emit(step->second);
  }
  case Kind::FloorDiv:
  case Kind::CeilDiv:
  case Kind::Mod: {
    SmallVector<SymExpr, 4> operands = e.getOperands();
    Value quotient = floorDiv(operands[0], operands[1], e.getKind() == Kind::CeilDiv);
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
    return arith::SelectOp::create(b, loc, arith::CmpIOp::create(b, loc, predicate, x, y), t, f);
  }
  default:
    break;
  }
  Value result;
  for (SymExpr operand : e.getOperands()) {
    Value value = emit(operand);
    if (!result)
      result = value;
    else if (e.getKind() == Kind::Add)
      result = arith::AddIOp::create(b, loc, result, value);
    else if (e.getKind() == Kind::Mul)
      result = arith::MulIOp::create(b, loc, result, value);
    else if (e.getKind() == Kind::Min)
      result = arith::MinSIOp::create(b, loc, result, value);
    else
      result = arith::MaxSIOp::create(b, loc, result, value);
  }
  return result;
}
