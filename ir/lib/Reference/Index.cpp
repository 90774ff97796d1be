//===- Index.cpp - Arithmetic on sizes -------------------------------------===//
#include "Evaluation.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::reference;

static LogicalResult setScalar(Evaluation &e, int64_t value) {
  HostTensor *out = e.allocate(0, {});
  if (!out)
    return failure();
  out->mutableIntegers()[0] = value;
  return success();
}

static LogicalResult evalConstant(arith::ConstantOp op, Evaluation &e) {
  if (auto integer = dyn_cast<IntegerAttr>(op.getValue()))
    return setScalar(e, op.getType().isInteger(1) ? integer.getValue().getBoolValue()
                                                  : integer.getValue().getSExtValue());
  auto elements = dyn_cast<ElementsAttr>(op.getValue());
  if (!elements)
    return e.fail("expects an integer or tensor constant");
  std::string why;
  FailureOr<HostTensor> tensor = HostTensor::fromElements(elements, &why);
  if (failed(tensor))
    return e.fail("the constant cannot be read: " + why);
  return e.share(0, tensor->toWide());
}

/// A binary operation on scalars; `fn` may fail (division by zero).
template <typename OpT> static void addBinary(Registry &r, int64_t (*fn)(int64_t, int64_t)) {
  r.add<OpT>([fn](OpT op, Evaluation &e) -> LogicalResult {
    if (isa<ShapedType>(op.getType()))
      return e.fail("expects scalars: arithmetic on tensors is mlopt's");
    return setScalar(e, fn(e.operand(0).integers()[0], e.operand(1).integers()[0]));
  });
}

template <typename OpT> static void addDivision(Registry &r, int64_t (*fn)(int64_t, int64_t)) {
  r.add<OpT>([fn](OpT op, Evaluation &e) -> LogicalResult {
    if (isa<ShapedType>(op.getType()))
      return e.fail("expects scalars: arithmetic on tensors is mlopt's");
    int64_t divisor = e.operand(1).integers()[0];
    if (divisor == 0)
      return e.fail("divides a size by zero");
    constexpr bool isSigned = !std::is_same_v<OpT, arith::DivUIOp> &&
                              !std::is_same_v<OpT, arith::RemUIOp> &&
                              !std::is_same_v<OpT, arith::CeilDivUIOp>;
    if (isSigned && divisor == -1 && e.operand(0).integers()[0] == INT64_MIN)
      return e.fail("the quotient of two sizes overflows");
    return setScalar(e, fn(e.operand(0).integers()[0], divisor));
  });
}

static int64_t floorDiv(int64_t a, int64_t b) {
  int64_t q = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
}

static int64_t ceilDiv(int64_t a, int64_t b) {
  int64_t q = a / b;
  return a % b != 0 && (a < 0) == (b < 0) ? q + 1 : q;
}

static int64_t ceilDivUnsigned(int64_t a, int64_t b) {
  uint64_t ua = a, ub = b;
  return static_cast<int64_t>(ua / ub + (ua % ub != 0));
}

/// Bitwise operations serve the logic of conditions.
static int64_t andBits(int64_t a, int64_t b) { return a & b; }
static int64_t orBits(int64_t a, int64_t b) { return a | b; }
static int64_t xorBits(int64_t a, int64_t b) { return a ^ b; }

static LogicalResult evalCompare(arith::CmpIOp op, Evaluation &e) {
  int64_t a = e.operand(0).integers()[0], b = e.operand(1).integers()[0];
  uint64_t ua = a, ub = b;
  switch (op.getPredicate()) {
  case arith::CmpIPredicate::eq:
    return setScalar(e, a == b);
  case arith::CmpIPredicate::ne:
    return setScalar(e, a != b);
  case arith::CmpIPredicate::slt:
    return setScalar(e, a < b);
  case arith::CmpIPredicate::sle:
    return setScalar(e, a <= b);
  case arith::CmpIPredicate::sgt:
    return setScalar(e, a > b);
  case arith::CmpIPredicate::sge:
    return setScalar(e, a >= b);
  case arith::CmpIPredicate::ult:
    return setScalar(e, ua < ub);
  case arith::CmpIPredicate::ule:
    return setScalar(e, ua <= ub);
  case arith::CmpIPredicate::ugt:
    return setScalar(e, ua > ub);
  case arith::CmpIPredicate::uge:
    return setScalar(e, ua >= ub);
  }
  llvm_unreachable("all predicates are above");
}

static LogicalResult evalSelect(arith::SelectOp op, Evaluation &e) {
  return e.share(0, e.operand(0).integers()[0] ? e.operand(1) : e.operand(2));
}

static LogicalResult evalIndexCast(arith::IndexCastOp op, Evaluation &e) {
  return setScalar(e, e.operand(0).integers()[0]);
}

static LogicalResult evalDim(DimOp op, Evaluation &e) {
  return setScalar(e, e[op.getInput()].getShape()[op.getAxis()]);
}

static LogicalResult evalElement(ElementOp op, Evaluation &e) {
  const HostTensor &input = e[op.getInput()];
  int64_t position = op.getPosition();
  if (position < 0 || position >= input.getNumElements())
    return e.fail("position " + Twine(position) + " lies outside a tensor of " +
                  Twine(input.getNumElements()) + " elements");
  return setScalar(e, input.integers()[position]);
}

static LogicalResult evalFromSizes(FromSizesOp op, Evaluation &e) {
  HostTensor *out = e.allocate(0, {static_cast<int64_t>(op.getSizes().size())});
  if (!out)
    return failure();
  for (auto [i, size] : llvm::enumerate(op.getSizes()))
    out->mutableIntegers()[i] = e.index(size);
  return success();
}

void reference::registerIndex(Registry &r) {
  r.add<arith::ConstantOp>(evalConstant);
  addBinary<arith::AddIOp>(r,
                           [](int64_t a, int64_t b) { return int64_t(uint64_t(a) + uint64_t(b)); });
  addBinary<arith::SubIOp>(r,
                           [](int64_t a, int64_t b) { return int64_t(uint64_t(a) - uint64_t(b)); });
  addBinary<arith::MulIOp>(r,
                           [](int64_t a, int64_t b) { return int64_t(uint64_t(a) * uint64_t(b)); });
  addBinary<arith::MaxSIOp>(r, [](int64_t a, int64_t b) { return std::max(a, b); });
  addBinary<arith::MinSIOp>(r, [](int64_t a, int64_t b) { return std::min(a, b); });
  addBinary<arith::MaxUIOp>(
      r, [](int64_t a, int64_t b) { return int64_t(std::max(uint64_t(a), uint64_t(b))); });
  addBinary<arith::MinUIOp>(
      r, [](int64_t a, int64_t b) { return int64_t(std::min(uint64_t(a), uint64_t(b))); });
  addBinary<arith::AndIOp>(r, andBits);
  addBinary<arith::OrIOp>(r, orBits);
  addBinary<arith::XOrIOp>(r, xorBits);
  addDivision<arith::DivSIOp>(r, [](int64_t a, int64_t b) { return a / b; });
  addDivision<arith::DivUIOp>(
      r, [](int64_t a, int64_t b) { return int64_t(uint64_t(a) / uint64_t(b)); });
  addDivision<arith::RemSIOp>(r, [](int64_t a, int64_t b) { return a % b; });
  addDivision<arith::RemUIOp>(
      r, [](int64_t a, int64_t b) { return int64_t(uint64_t(a) % uint64_t(b)); });
  addDivision<arith::CeilDivUIOp>(r, ceilDivUnsigned);
  addDivision<arith::FloorDivSIOp>(r, floorDiv);
  addDivision<arith::CeilDivSIOp>(r, ceilDiv);
  addDivision<arith::CeilDivUIOp>(r, [](int64_t a, int64_t b) {
    return int64_t(uint64_t(a) / uint64_t(b) + (uint64_t(a) % uint64_t(b) != 0));
  });
  r.add<arith::CmpIOp>(evalCompare);
  r.add<arith::SelectOp>(evalSelect);
  r.add<arith::IndexCastOp>(evalIndexCast);
  r.add<DimOp>(evalDim);
  r.add<ElementOp>(evalElement);
  r.add<FromSizesOp>(evalFromSizes);
}
