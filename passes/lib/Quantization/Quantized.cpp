//===- Quantized.cpp - Values stored as integers --------------------------===//
#include "Quantized.h"
#include "mlir/IR/Remarks.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>

using namespace mlir;
using namespace mlopt;

//===----------------------------------------------------------------------===//
// Questions
//===----------------------------------------------------------------------===//

Value mlopt::zeroOf(Value operand) { return isa<NoneType>(operand.getType()) ? Value() : operand; }

std::optional<Dequantized> mlopt::dequantizedOf(Value v) {
  auto op = v.getDefiningOp<DequantizeOp>();
  if (!op)
    return std::nullopt;
  return Dequantized{op.getInput(), op.getScale(), zeroOf(op.getZero())};
}

Type mlopt::integersOf(Value v) { return getElementTypeOrSelf(v.getType()); }

bool mlopt::isByte(Type element) {
  return element.isSignlessInteger(8) || element.isUnsignedInteger(8);
}

std::pair<int64_t, int64_t> mlopt::rangeOf(Type element) {
  int64_t values = int64_t(1) << element.getIntOrFloatBitWidth();
  return element.isUnsignedInteger() ? std::pair<int64_t, int64_t>(0, values - 1)
                                     : std::pair<int64_t, int64_t>(-values / 2, values / 2 - 1);
}

std::pair<int64_t, int64_t> mlopt::rangeOf(Value integers, GraphRewriter &rewriter) {
  std::optional<HostTensor> tensor = rewriter.constantOf(integers);
  if (!tensor || tensor->getNumElements() == 0)
    return rangeOf(integersOf(integers));
  HostTensor wide = tensor->toWide();
  auto [first, last] = std::minmax_element(wide.integers().begin(), wide.integers().end());
  return {*first, *last};
}

std::optional<int64_t> mlopt::upperBound(SymExpr size, func::FuncOp function) {
  using Kind = SymExpr::Kind;
  if (size.getConstant())
    return size.getConstant();
  if (size.getKind() == Kind::Symbol) {
    auto bounds = function->getAttrOfType<DictionaryAttr>("mlopt.symbols");
    auto given = bounds ? bounds.getAs<DenseI64ArrayAttr>(size.getSymbolName()) : nullptr;
    return given && given.size() == 3 && given[1] != INT64_MAX ? std::optional(given[1])
                                                               : std::nullopt;
  }
  SmallVector<std::optional<int64_t>> bounds;
  bool isPositive = true; // not below 0
  for (SymExpr operand : size.getOperands()) {
    bounds.push_back(upperBound(operand, function));
    isPositive &= operand.getLowerBound().value_or(-1) >= 0;
  }
  auto isKnown = [](std::optional<int64_t> bound) { return bound.has_value(); };
  if (size.getKind() == Kind::Min) {
    std::optional<int64_t> least;
    for (std::optional<int64_t> bound : bounds)
      if (bound)
        least = std::min(*bound, least.value_or(*bound));
    return least;
  }
  // A division by a size of 1 or more is at most what it divides.
  if (size.getKind() == Kind::FloorDiv && isPositive)
    return bounds[0];
  if (!llvm::all_of(bounds, isKnown))
    return std::nullopt;
  int64_t result = *bounds[0];
  for (std::optional<int64_t> bound : ArrayRef(bounds).drop_front()) {
    bool overflows = false;
    if (size.getKind() == Kind::Add)
      overflows = llvm::AddOverflow(result, *bound, result);
    else if (size.getKind() == Kind::Mul && isPositive)
      overflows = llvm::MulOverflow(result, *bound, result);
    else if (size.getKind() == Kind::Max)
      result = std::max(result, *bound);
    else
      return std::nullopt;
    if (overflows)
      return std::nullopt;
  }
  return result;
}

SymExpr mlopt::sizeAlong(ArrayRef<SymExpr> parameter, int64_t rank, int64_t axis,
                         MLIRContext *context) {
  int64_t missing = rank - static_cast<int64_t>(parameter.size());
  return axis < missing ? SymExpr::constant(context, 1) : parameter[axis - missing];
}

bool mlopt::isUniform(Value parameter, GraphRewriter &rewriter) {
  return !parameter || isOneElement(rewriter.shapeOf(parameter));
}

bool mlopt::areEqual(Value a, Value b, GraphRewriter &rewriter) {
  if (a == b)
    return true;
  auto constant = [&](Value v) -> std::optional<HostTensor> {
    if (v)
      return rewriter.constantOf(v);
    return std::nullopt;
  };
  std::optional<HostTensor> x = constant(a), y = constant(b);
  if (!a || !b)
    return (!a || (x && isAll(a, 0, rewriter))) && (!b || (y && isAll(b, 0, rewriter)));
  if (!x || !y || x->getElementType() != y->getElementType())
    return false;
  bool scalars = x->getNumElements() == 1 && y->getNumElements() == 1;
  if (!scalars && x->getShape() != y->getShape())
    return false;
  for (int64_t i = 0; i < x->getNumElements(); ++i)
    if (x->getDouble(i) != y->getDouble(i))
      return false;
  return true;
}

bool mlopt::isAll(Value v, int64_t value, GraphRewriter &rewriter) {
  if (!v)
    return value == 0;
  std::optional<HostTensor> tensor = rewriter.constantOf(v);
  if (!tensor || tensor->isFloat())
    return false;
  for (int64_t i = 0; i < tensor->getNumElements(); ++i)
    if (tensor->getInteger(i) != value)
      return false;
  return true;
}

void mlopt::refuseQuantized(Operation *op, StringRef what, const Twine &reason) {
  remark::missed(op->getLoc(), remark::RemarkOpts::name("rewrite").category("quantize"))
      << (what + ": " + reason).str();
}

//===----------------------------------------------------------------------===//
// Arithmetic on constants
//===----------------------------------------------------------------------===//

/// Calls fn(i, index in a, index in b) for each element of the broadcast shape, which it returns.
static SmallVector<int64_t>
forEachBroadcast(ArrayRef<int64_t> a, ArrayRef<int64_t> b,
                 llvm::function_ref<void(int64_t, int64_t, int64_t)> fn) {
  size_t rank = std::max(a.size(), b.size());
  SmallVector<int64_t> shape(rank), strideA(rank, 0), strideB(rank, 0), index(rank, 0);
  int64_t nextA = 1, nextB = 1, total = 1;
  for (size_t i = rank; i-- > 0;) {
    size_t back = rank - 1 - i;
    int64_t sizeA = back < a.size() ? a[a.size() - 1 - back] : 1,
            sizeB = back < b.size() ? b[b.size() - 1 - back] : 1;
    shape[i] = sizeA == 1 ? sizeB : sizeA;
    strideA[i] = sizeA == 1 ? 0 : nextA;
    strideB[i] = sizeB == 1 ? 0 : nextB;
    nextA *= sizeA;
    nextB *= sizeB;
    total *= shape[i];
  }
  if (fn)
    for (int64_t i = 0, atA = 0, atB = 0; i < total; ++i) {
      fn(i, atA, atB);
      for (size_t axis = rank; axis-- > 0;) {
        atA += strideA[axis];
        atB += strideB[axis];
        if (++index[axis] < shape[axis])
          break;
        index[axis] = 0;
        atA -= strideA[axis] * shape[axis];
        atB -= strideB[axis] * shape[axis];
      }
    }
  return shape;
}

bool mlopt::growsTogether(ArrayRef<int64_t> a, ArrayRef<int64_t> b) {
  auto count = [](ArrayRef<int64_t> shape) {
    int64_t result = 1;
    for (int64_t size : shape)
      result *= size;
    return result;
  };
  return count(forEachBroadcast(a, b, nullptr)) > std::max(count(a), count(b));
}

HostTensor mlopt::combine(const HostTensor &a, const HostTensor &b, Type element,
                          llvm::function_ref<double(double, double)> fn) {
  HostTensor result =
      HostTensor::zeros(element, forEachBroadcast(a.getShape(), b.getShape(), nullptr));
  MutableArrayRef<double> out = result.mutableDoubles();
  forEachBroadcast(a.getShape(), b.getShape(), [&](int64_t i, int64_t x, int64_t y) {
    out[i] = fn(a.getDouble(x), b.getDouble(y));
  });
  return result;
}

HostTensor mlopt::combineIntegers(const HostTensor &a, const HostTensor &b, Type element,
                                  llvm::function_ref<int64_t(int64_t, int64_t)> fn) {
  HostTensor result =
      HostTensor::zeros(element, forEachBroadcast(a.getShape(), b.getShape(), nullptr));
  MutableArrayRef<int64_t> out = result.mutableIntegers();
  HostTensor wideA = a.toWide(), wideB = b.toWide();
  ArrayRef<int64_t> left = wideA.integers(), right = wideB.integers();
  forEachBroadcast(a.getShape(), b.getShape(),
                   [&](int64_t i, int64_t x, int64_t y) { out[i] = fn(left[x], right[y]); });
  result.roundTo(element);
  return result;
}

HostTensor mlopt::mapIntegers(const HostTensor &a, Type element,
                              llvm::function_ref<int64_t(int64_t)> fn) {
  HostTensor result = HostTensor::zeros(element, a.getShape());
  HostTensor wide = a.toWide();
  for (auto [value, from] : llvm::zip_equal(result.mutableIntegers(), wide.integers()))
    value = fn(from);
  result.roundTo(element);
  return result;
}

Value mlopt::write(HostTensor tensor, Value like, StringRef suffix, ComposeBuilder &b,
                   GraphRewriter &rewriter) {
  if (tensor.isWide() && tensor.isFloat())
    tensor.roundTo(tensor.getElementType());
  ParameterTable &parameters = rewriter.getParameters();
  return parameters.write(rewriter.getBuilder(), b.getLoc(), tensor,
                          parameters.nameOf(like, "quantized") + suffix.str());
}

Value mlopt::arithmetic(Arithmetic what, Value a, Value b, ComposeBuilder &builder,
                        GraphRewriter &rewriter) {
  if (!a || !b)
    return nullptr;
  std::optional<HostTensor> x = rewriter.constantOf(a), y = rewriter.constantOf(b);
  if (x && y && !growsTogether(x->getShape(), y->getShape()))
    return write(combineIntegers(*x, *y, integersOf(a),
                                 [&](int64_t p, int64_t q) {
                                   // Modulo 2^32: no overflow in 64 bits.
                                   return what == Arithmetic::Add   ? p + q
                                          : what == Arithmetic::Sub ? p - q
                                                                    : p * q;
                                 }),
                 a, ".sum", builder, rewriter);
  switch (what) {
  case Arithmetic::Add:
    return builder.add(a, b);
  case Arithmetic::Sub:
    return builder.sub(a, b);
  case Arithmetic::Mul:
    return builder.mul(a, b);
  }
  llvm_unreachable("covered switch");
}

Value mlopt::toI32(Value v, ComposeBuilder &b, GraphRewriter &rewriter) {
  Type i32 = rewriter.getBuilder().getI32Type();
  if (std::optional<HostTensor> tensor = rewriter.constantOf(v))
    return write(mapIntegers(*tensor, i32, [](int64_t x) { return x; }), v, ".wide", b, rewriter);
  return b.cast(v, i32);
}

Value mlopt::reshaped(Value v, ArrayRef<SymExpr> shape, ComposeBuilder &b,
                      GraphRewriter &rewriter) {
  if (!v || ArrayRef<SymExpr>(rewriter.shapeOf(v)) == shape)
    return v;
  SmallVector<int64_t> sizes;
  for (SymExpr size : shape) {
    if (!size.getConstant())
      return b.reshape(v, shape);
    sizes.push_back(*size.getConstant());
  }
  if (std::optional<HostTensor> tensor = rewriter.constantOf(v))
    return write(tensor->reshaped(sizes), v, ".reshaped", b, rewriter);
  return b.reshape(v, shape);
}

Value mlopt::swapLastAxes(Value parameter, ComposeBuilder &b, GraphRewriter &rewriter) {
  if (!parameter)
    return parameter;
  SymShape shape = rewriter.shapeOf(parameter);
  if (isOneElement(shape))
    return reshaped(parameter, {}, b, rewriter);
  while (shape.size() < 2)
    shape.insert(shape.begin(), rewriter.size(1));
  std::swap(shape[shape.size() - 1], shape[shape.size() - 2]);
  return reshaped(parameter, shape, b, rewriter);
}

Value mlopt::perChannel(Value v, int64_t rank, ComposeBuilder &b, GraphRewriter &rewriter) {
  if (!v)
    return v;
  SymShape shape = rewriter.shapeOf(v), out(rank, rewriter.size(1));
  if (isOneElement(shape))
    return reshaped(v, {}, b, rewriter);
  for (SymExpr size : shape)
    if (!isUnit(size))
      out[0] = size;
  return reshaped(v, out, b, rewriter);
}

//===----------------------------------------------------------------------===//
// Signs
//===----------------------------------------------------------------------===//

Value mlopt::flipSign(Value v, bool force, ComposeBuilder &b, GraphRewriter &rewriter) {
  OpBuilder &builder = rewriter.getBuilder();
  bool toSigned = integersOf(v).isUnsignedInteger();
  Type to = IntegerType::get(builder.getContext(), 8,
                             toSigned ? IntegerType::Signless : IntegerType::Unsigned);
  int64_t shift = toSigned ? -128 : 128;
  if (std::optional<HostTensor> tensor = rewriter.constantOf(v))
    return write(mapIntegers(*tensor, to, [&](int64_t x) { return x + shift; }), v, ".signed", b,
                 rewriter);
  Operation *def = v.getDefiningOp();
  if (auto quantize = dyn_cast_or_null<QuantizeOp>(def)) {
    Value zero = zeroOf(quantize.getZero());
    zero = zero ? flipSign(zero, true, b, rewriter) : b.scalarInt(to, shift);
    return zero ? b.create<QuantizeOp>(quantize.getInput(), quantize.getScale(), zero, to)
                : Value();
  }
  // Operations that move bytes, or compare them: the order stays.
  auto pool = dyn_cast_or_null<PoolOp>(def);
  auto resize = dyn_cast_or_null<ResizeOp>(def);
  bool moves = isa_and_nonnull<ReshapeOp, TransposeOp, SliceOp, GatherOp, BroadcastOp, ConcatOp,
                               MaxOp, MinOp>(def) ||
               (pool && pool.getKind() == PoolKind::max) ||
               (resize && resize.getMode() == ResizeMode::nearest &&
                resize.getCoordinate() != CoordinateMode::tf_crop_and_resize);
  auto pad = dyn_cast_or_null<PadOp>(def);
  if (moves || pad) {
    unsigned values = isa<ConcatOp, MaxOp, MinOp>(def) ? def->getNumOperands() : pad ? 2 : 1;
    SmallVector<Value> operands(def->getOperands());
    for (unsigned i = 0; i < values; ++i) {
      operands[i] = flipSign(operands[i], false, b, rewriter);
      if (!operands[i]) {
        if (!force)
          return nullptr;
        break;
      }
    }
    if (llvm::all_of(operands, [](Value operand) { return bool(operand); })) {
      Operation *clone = def->cloneWithoutRegions();
      clone->setOperands(operands);
      clone->setLoc(b.getLoc());
      clone->getResult(0).setType(cast<RankedTensorType>(v.getType()).clone(to));
      builder.insert(clone);
      return clone->getResult(0);
    }
  }
  if (!force)
    return nullptr;
  // Both steps keep the low eight bits.
  return b.add(b.cast(v, to), b.scalarInt(to, shift));
}
