//===- ShapeAnalysis.cpp - Symbolic sizes of the values of a function -----===//
//
// What integer tensors hold is followed in ShapeContents.cpp.
//
//===----------------------------------------------------------------------===//

#include "mlopt/IR/ShapeAnalysis.h"
#include "mlopt/IR/Mlopt.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace mlopt {

using Kind = SymExpr::Kind;
using Compare = SymExpr::Compare;

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

ShapeAnalysis::ShapeAnalysis(Operation *root) : root(root) {
  auto function = dyn_cast<FunctionOpInterface>(root);
  if (!function || function.isExternal())
    return;
  auto kernel = dyn_cast<KernelOp>(root);
  ArrayAttr kernelDims = kernel ? kernel.getDimsAttr() : ArrayAttr();
  for (BlockArgument argument : function.getArguments()) {
    unsigned i = argument.getArgNumber();
    std::string name = "arg" + std::to_string(i);
    ArrayAttr dims;
    if (kernel) {
      if (kernelDims && i < kernelDims.size())
        dims = dyn_cast<ArrayAttr>(kernelDims[i]);
    } else {
      if (auto given = function.getArgAttrOfType<StringAttr>(i, MloptDialect::getNameAttrName()))
        name = given.str();
      dims = function.getArgAttrOfType<ArrayAttr>(i, MloptDialect::getDimsAttrName());
    }
    addArgument(argument, name, dims);
  }
}

MLIRContext *ShapeAnalysis::getContext() { return root->getContext(); }

SymExpr ShapeAnalysis::define(StringRef name, SymbolSource source) {
  if (symbols.try_emplace(name, source).second && source.element < 0)
    order.push_back(name.str());
  return SymExpr::symbol(getContext(), name);
}

SymExpr ShapeAnalysis::fresh(Value value, int64_t axis) {
  // Brackets mark an integer of any sign (SymExpr.h).
  std::string name = "%" + std::to_string(nextFresh++);
  name += axis < 0 ? std::string("[]") : "." + std::to_string(axis);
  // An i64 value is no index: code that needs it goes through its index_cast.
  if (axis >= 0 || isa<IndexType>(value.getType()))
    locals[name] = SymbolSource{value, axis, -1};
  return SymExpr::symbol(getContext(), name);
}

/// One entry of a dims attribute; null for an entry that says nothing. `isName` is set for a symbol.
static SymExpr parseDim(MLIRContext *context, Attribute entry, bool &isName) {
  isName = false;
  if (auto value = dyn_cast_or_null<IntegerAttr>(entry))
    return value.getInt() < 0 ? SymExpr() : SymExpr::constant(context, value.getInt());
  if (auto name = dyn_cast_or_null<StringAttr>(entry)) {
    isName = !name.empty();
    return isName ? SymExpr::symbol(context, name.getValue()) : SymExpr();
  }
  if (auto expr = dyn_cast_or_null<SymExprAttr>(entry)) {
    isName = SymExpr(expr).getKind() == Kind::Symbol;
    return expr;
  }
  return SymExpr();
}

void ShapeAnalysis::addArgument(Value argument, StringRef name, ArrayAttr dims) {
  MLIRContext *context = getContext();
  auto entry = [&](size_t i, bool &isName) {
    return parseDim(context, dims && i < dims.size() ? dims[i] : Attribute(), isName);
  };
  bool isName;
  if (isa<IndexType>(argument.getType())) {
    SymExpr size = entry(0, isName);
    if (!size || isName)
      size = define(size ? size.getSymbolName() : StringRef((name + "[]").str()),
                    SymbolSource{argument, -1, -1});
    sizes[argument] = size;
    return;
  }
  auto type = dyn_cast<RankedTensorType>(argument.getType());
  if (!type)
    return;
  SymShape shape;
  for (auto [axis, static_] : llvm::enumerate(type.getShape())) {
    if (!ShapedType::isDynamic(static_)) {
      shape.push_back(SymExpr::constant(context, static_));
      continue;
    }
    SymExpr size = entry(axis, isName);
    SymbolSource source{argument, static_cast<int64_t>(axis), -1};
    if (!size)
      size = define((name + "." + Twine(axis)).str(), source);
    else if (isName)
      define(size.getSymbolName(), source);
    shape.push_back(size);
  }
  shapes[argument] = shape;

  // mlopt.element reads i32 and i64 only.
  if (type.getRank() > 1 || !type.hasStaticShape() || type.getNumElements() > 16 ||
      !(type.getElementType().isSignlessInteger(64) || type.getElementType().isSignlessInteger(32)))
    return;
  SmallVector<SymExpr> elements;
  for (int64_t i = 0; i < type.getNumElements(); ++i)
    elements.push_back(
        define((name + "[" + Twine(i) + "]").str(), SymbolSource{argument, -1, i}));
  contents[argument] = elements;
}

std::optional<SymbolSource> ShapeAnalysis::getSymbol(StringRef name) const {
  auto it = symbols.find(name);
  if (it == symbols.end())
    return std::nullopt;
  return it->second;
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

/// Whether elements of this type's tensors may be followed: rank <= 1, integers or bools.
static bool mayHaveContents(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.getRank() <= 1 && isa<IntegerType>(tensor.getElementType()) &&
         (!tensor.hasStaticShape() || tensor.getNumElements() <= 16);
}

static bool isStaticTensor(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.hasStaticShape();
}

void ShapeAnalysis::prepare(Value value) {
  // A value's own sizes depend on its operands' at most. Long chains of
  // operations would recurse once per operation: an explicit stack instead.
  auto isDone = [&](Value v) {
    return !v.getDefiningOp() || prepared.contains(v) ||
           (isStaticTensor(v.getType()) && !mayHaveContents(v.getType())) ||
           !(isa<IndexType>(v.getType()) || isa<RankedTensorType>(v.getType()) ||
             v.getType().isInteger(1));
  };
  if (isDone(value))
    return;
  SmallVector<std::pair<Operation *, unsigned>> stack{{value.getDefiningOp(), 0u}};
  llvm::DenseSet<Operation *> entered{value.getDefiningOp()};
  while (!stack.empty()) {
    auto &[op, next] = stack.back();
    if (next < op->getNumOperands()) {
      Value operand = op->getOperand(next++);
      if (!isDone(operand) && entered.insert(operand.getDefiningOp()).second)
        stack.push_back({operand.getDefiningOp(), 0u});
      continue;
    }
    Operation *finished = op;
    stack.pop_back();
    for (Value result : finished->getResults())
      prepared.insert(result);
    // The last one is what was asked for: its caller computes it.
    if (stack.empty())
      break;
    for (Value result : finished->getResults()) {
      if (isa<IndexType>(result.getType()))
        sizeOf(result);
      else if (!isStaticTensor(result.getType()) && isa<RankedTensorType>(result.getType()))
        shapeOf(result);
      if (mayHaveContents(result.getType()))
        contentsOf(result);
    }
  }
}

SymShape ShapeAnalysis::shapeOf(Value tensor) {
  if (auto it = shapes.find(tensor); it != shapes.end())
    return it->second;
  auto type = dyn_cast<RankedTensorType>(tensor.getType());
  if (!type)
    return {};
  SymShape shape;
  if (type.hasStaticShape()) {
    for (int64_t size : type.getShape())
      shape.push_back(SymExpr::constant(getContext(), size));
    return shape;
  }
  prepare(tensor);
  // Computing one result of an operation stores all of them.
  shape = computeShape(tensor);
  return shapes[tensor] = shape;
}

SymShape ShapeAnalysis::computeShape(Value tensor) {
  SmallVector<SymShape> results;
  Operation *op = tensor.getDefiningOp();
  bool known = false;
  if (auto reify = dyn_cast_or_null<SymbolicShapeOpInterface>(op))
    known = succeeded(reify.reifySymbolicShapes(*this, results));
  else if (isa_and_nonnull<LaunchOp>(op))
    if (auto shapes = launchShapes(op)) {
      results = std::move(*shapes);
      known = true;
    }
  auto complete = [&](Value value, const SymShape *given) {
    SymShape shape;
    auto type = cast<RankedTensorType>(value.getType());
    for (auto [axis, size] : llvm::enumerate(type.getShape())) {
      if (!ShapedType::isDynamic(size))
        shape.push_back(SymExpr::constant(getContext(), size));
      else if (given && axis < given->size() && (*given)[axis])
        shape.push_back((*given)[axis]);
      else
        shape.push_back(fresh(value, axis));
    }
    return shape;
  };
  if (!op)
    return complete(tensor, nullptr);
  for (auto [i, result] : llvm::enumerate(op->getResults()))
    if (result != tensor && isa<RankedTensorType>(result.getType()) && !shapes.contains(result))
      shapes[result] = complete(result, known && i < results.size() ? &results[i] : nullptr);
  unsigned i = cast<OpResult>(tensor).getResultNumber();
  return complete(tensor, known && i < results.size() ? &results[i] : nullptr);
}

//===----------------------------------------------------------------------===//
// Launches
//===----------------------------------------------------------------------===//

SymExpr ShapeAnalysis::launchSize(Operation *launch, StringRef local, Operation *kernel) {
  auto dims = cast<KernelOp>(kernel).getDimsAttr();
  bool isName;
  for (auto [i, operand] : llvm::enumerate(launch->getOperands())) {
    auto entries = dims && i < dims.size() ? dyn_cast<ArrayAttr>(dims[i]) : ArrayAttr();
    for (auto [axis, entry] : llvm::enumerate(entries ? entries.getValue() : ArrayRef<Attribute>())) {
      SymExpr size = parseDim(getContext(), entry, isName);
      if (!isName || size.getSymbolName() != local)
        continue;
      if (isa<IndexType>(operand.getType()))
        return sizeOf(operand);
      SymShape shape = shapeOf(operand);
      return axis < shape.size() ? shape[axis] : SymExpr();
    }
  }
  // The names that the analysis of the kernel gives to what `dims` does not name.
  unsigned argument, position;
  StringRef rest = local;
  if (!rest.consume_front("arg") || rest.consumeInteger(10, argument) ||
      argument >= launch->getNumOperands())
    return SymExpr();
  Value operand = launch->getOperand(argument);
  if (rest == "[]")
    return isa<IndexType>(operand.getType()) ? sizeOf(operand) : SymExpr();
  bool isElement = rest.consume_front("[");
  if ((!isElement && !rest.consume_front(".")) || rest.consumeInteger(10, position))
    return SymExpr();
  if (isElement) {
    auto elements = contentsOf(operand);
    return elements && position < elements->size() ? (*elements)[position] : SymExpr();
  }
  SymShape shape = shapeOf(operand);
  return position < shape.size() ? shape[position] : SymExpr();
}

std::optional<SmallVector<SymShape>> ShapeAnalysis::launchShapes(Operation *launch) {
  auto kernel = symbolTables.lookupNearestSymbolFrom<KernelOp>(
      launch, cast<LaunchOp>(launch).getKernelAttr());
  if (!kernel)
    return std::nullopt;
  auto it = kernelShapes.find(kernel);
  if (it == kernelShapes.end()) {
    SmallVector<SymShape> local;
    ArrayAttr dims = kernel.getDimsAttr();
    size_t first = kernel.getArgumentTypes().size(), count = kernel.getResultTypes().size();
    bool isName;
    if (dims && dims.size() == first + count) {
      for (Attribute entries : dims.getValue().drop_front(first)) {
        SymShape &shape = local.emplace_back();
        if (auto array = dyn_cast<ArrayAttr>(entries))
          for (Attribute entry : array)
            shape.push_back(parseDim(getContext(), entry, isName));
      }
    } else if (!kernel.isExternal()) {
      // Without result sizes the body says them.
      ShapeAnalysis body(kernel);
      for (Value result : kernel.getBody().back().getTerminator()->getOperands())
        local.push_back(body.shapeOf(result));
    }
    it = kernelShapes.try_emplace(kernel, std::move(local)).first;
  }
  SmallVector<SymShape> local = it->second;
  llvm::StringMap<SymExpr> bound;
  for (SymShape &shape : local)
    for (SymExpr &size : shape) {
      if (!size)
        continue;
      // A symbol that no operand defines has no meaning out here.
      bool complete = true;
      size.forEachSymbol([&](StringRef name) {
        auto [entry, isNew] = bound.try_emplace(name);
        if (isNew)
          entry->second = launchSize(launch, name, kernel);
        complete &= static_cast<bool>(bound.lookup(name));
      });
      size = complete ? size.substitute([&](StringRef name) { return bound.lookup(name); })
                      : SymExpr();
    }
  return local;
}

//===----------------------------------------------------------------------===//
// Index values
//===----------------------------------------------------------------------===//

SymExpr ShapeAnalysis::sizeOf(Value index) {
  if (auto it = sizes.find(index); it != sizes.end())
    return it->second;
  prepare(index);
  SymExpr size = computeSize(index);
  if (!size)
    size = fresh(index, -1);
  return sizes[index] = size;
}

static bool isNonNegative(SymExpr e) {
  std::optional<int64_t> bound = e.getLowerBound();
  return bound && *bound >= 0;
}

/// select(lhs <predicate> rhs, x, y); null for unsigned comparisons of what may be negative.
static SymExpr selectBy(arith::CmpIPredicate predicate, SymExpr a, SymExpr b, SymExpr x, SymExpr y) {
  switch (predicate) {
  case arith::CmpIPredicate::eq: return SymExpr::select(Compare::Eq, a, b, x, y);
  case arith::CmpIPredicate::ne: return SymExpr::select(Compare::Eq, a, b, y, x);
  case arith::CmpIPredicate::slt: return SymExpr::select(Compare::Lt, a, b, x, y);
  case arith::CmpIPredicate::sge: return SymExpr::select(Compare::Lt, a, b, y, x);
  case arith::CmpIPredicate::sgt: return SymExpr::select(Compare::Lt, b, a, x, y);
  case arith::CmpIPredicate::sle: return SymExpr::select(Compare::Lt, b, a, y, x);
  default: break;
  }
  if (!isNonNegative(a) || !isNonNegative(b))
    return SymExpr();
  switch (predicate) {
  case arith::CmpIPredicate::ult: return SymExpr::select(Compare::Lt, a, b, x, y);
  case arith::CmpIPredicate::uge: return SymExpr::select(Compare::Lt, a, b, y, x);
  case arith::CmpIPredicate::ugt: return SymExpr::select(Compare::Lt, b, a, x, y);
  default: return SymExpr::select(Compare::Lt, b, a, y, x);
  }
}

SymExpr ShapeAnalysis::computeSize(Value index) {
  APInt constant;
  if (matchPattern(index, m_ConstantInt(&constant)))
    return SymExpr::constant(getContext(), constant.getSExtValue());
  Operation *op = index.getDefiningOp();
  if (!op)
    return SymExpr();
  // Truncating division and remainder are the floor ones where nothing is negative.
  auto ifNonNegative = [&](SymExpr a, SymExpr b, SymExpr result) {
    return isNonNegative(a) && isNonNegative(b) ? result : SymExpr();
  };
  auto lhs = [&] { return sizeOf(op->getOperand(0)); };
  auto rhs = [&] { return sizeOf(op->getOperand(1)); };
  return TypeSwitch<Operation *, SymExpr>(op)
      .Case<DimOp>([&](DimOp dim) {
        SymShape shape = shapeOf(dim.getInput());
        int64_t axis = dim.getAxis();
        return axis >= 0 && axis < static_cast<int64_t>(shape.size()) ? shape[axis] : SymExpr();
      })
      .Case<ElementOp>([&](ElementOp element) {
        auto elements = contentsOf(element.getInput());
        uint64_t position = element.getPosition();
        return elements && position < elements->size() ? (*elements)[position] : SymExpr();
      })
      .Case<arith::AddIOp>([&](auto) { return lhs() + rhs(); })
      .Case<arith::SubIOp>([&](auto) { return lhs() - rhs(); })
      .Case<arith::MulIOp>([&](auto) { return lhs() * rhs(); })
      .Case<arith::FloorDivSIOp>([&](auto) { return lhs().floorDiv(rhs()); })
      .Case<arith::CeilDivSIOp>([&](auto) { return lhs().ceilDiv(rhs()); })
      .Case<arith::CeilDivUIOp>(
          [&](auto) { return ifNonNegative(lhs(), rhs(), lhs().ceilDiv(rhs())); })
      .Case<arith::DivSIOp, arith::DivUIOp>(
          [&](auto) { return ifNonNegative(lhs(), rhs(), lhs().floorDiv(rhs())); })
      .Case<arith::RemSIOp, arith::RemUIOp>(
          [&](auto) { return ifNonNegative(lhs(), rhs(), lhs().mod(rhs())); })
      .Case<arith::MinSIOp>([&](auto) { return SymExpr::min(lhs(), rhs()); })
      .Case<arith::MaxSIOp>([&](auto) { return SymExpr::max(lhs(), rhs()); })
      .Case<arith::MinUIOp>(
          [&](auto) { return ifNonNegative(lhs(), rhs(), SymExpr::min(lhs(), rhs())); })
      .Case<arith::MaxUIOp>(
          [&](auto) { return ifNonNegative(lhs(), rhs(), SymExpr::max(lhs(), rhs())); })
      .Case<arith::IndexCastOp>([&](auto cast) {
        Type from = cast.getIn().getType();
        // Only casts that lose nothing: a 32-bit integer may have wrapped.
        if (!from.isInteger(64) && !from.isIndex())
          return SymExpr();
        SymExpr size = lhs();
        bool hasSource = true;
        size.forEachSymbol([&](StringRef name) {
          hasSource &= symbols.contains(name) || locals.contains(name);
        });
        return hasSource ? size : SymExpr();
      })
      .Case<arith::SelectOp>([&](arith::SelectOp select) {
        auto cmp = select.getCondition().getDefiningOp<arith::CmpIOp>();
        if (!cmp || !(cmp.getLhs().getType().isIndex() || cmp.getLhs().getType().isInteger(64)))
          return SymExpr();
        return selectBy(cmp.getPredicate(), sizeOf(cmp.getLhs()), sizeOf(cmp.getRhs()),
                        sizeOf(select.getTrueValue()), sizeOf(select.getFalseValue()));
      })
      .Default([](Operation *) { return SymExpr(); });
}

//===----------------------------------------------------------------------===//
// materialize
//===----------------------------------------------------------------------===//

namespace {
/// Builds the arith operations of one expression, each subexpression once.
class Materializer {
public:
  Materializer(OpBuilder &builder, Location loc, llvm::function_ref<Value(StringRef)> symbolValue)
      : builder(builder), loc(loc), symbolValue(symbolValue) {}

  Value build(SymExpr e) {
    Value &value = done[e.getAttr()];
    if (value)
      return value;
    Value built = buildNew(e);
    return done[e.getAttr()] = built;
  }

private:
  Value constant(int64_t value) {
    return build(SymExpr::constant(builder.getContext(), value));
  }
  template <typename OpTy, typename... Args> Value create(Args... args) {
    return OpTy::create(builder, loc, args...);
  }

  /// The divisor, or 1 where it is 0.
  Value buildDivisor(SymExpr e) {
    Value value = build(e);
    std::optional<int64_t> bound = e.getLowerBound();
    if (!value || (bound && *bound >= 1) || e.getConstant().value_or(0) != 0)
      return value;
    if (bound)
      return create<arith::MaxSIOp>(value, constant(1));
    Value isZero = create<arith::CmpIOp>(arith::CmpIPredicate::eq, value, constant(0));
    return create<arith::SelectOp>(isZero, constant(1), value);
  }

  Value buildDivision(Kind kind, SymExpr a, SymExpr b) {
    Value x = build(a), y = buildDivisor(b);
    if (!x || !y)
      return Value();
    bool isUnsigned = isNonNegative(a) && isNonNegative(b);
    if (kind == Kind::FloorDiv)
      return isUnsigned ? create<arith::DivUIOp>(x, y) : create<arith::FloorDivSIOp>(x, y);
    if (kind == Kind::CeilDiv)
      return isUnsigned ? create<arith::CeilDivUIOp>(x, y) : create<arith::CeilDivSIOp>(x, y);
    if (isUnsigned)
      return create<arith::RemUIOp>(x, y);
    Value quotient = create<arith::FloorDivSIOp>(x, y);
    return create<arith::SubIOp>(x, create<arith::MulIOp>(quotient, y));
  }

  /// Terms are added; those with a negative coefficient are subtracted.
  Value buildSum(SymExpr e) {
    Value sum;
    SmallVector<SymExpr> subtracted;
    for (SymExpr term : e.getOperands()) {
      SymExpr negated = term * -1;
      bool isNegative = (term.getKind() == Kind::Constant || term.getKind() == Kind::Mul) &&
                        term.getAttr().getValue() < 0;
      // A negative constant is added as it is.
      if (isNegative && term.getKind() == Kind::Mul) {
        subtracted.push_back(negated);
        continue;
      }
      Value value = build(term);
      if (!value)
        return value;
      sum = sum ? create<arith::AddIOp>(sum, value) : value;
    }
    for (SymExpr term : subtracted) {
      Value value = build(term);
      if (!value)
        return value;
      sum = create<arith::SubIOp>(sum ? sum : constant(0), value);
    }
    return sum;
  }

  Value buildNew(SymExpr e) {
    Kind kind = e.getKind();
    if (kind == Kind::Constant)
      return arith::ConstantIndexOp::create(builder, loc, *e.getConstant());
    if (kind == Kind::Symbol)
      return symbolValue(e.getSymbolName());
    if (kind == Kind::Add)
      return buildSum(e);
    SmallVector<SymExpr> operands(e.getOperands());
    if (kind == Kind::FloorDiv || kind == Kind::CeilDiv || kind == Kind::Mod)
      return buildDivision(kind, operands[0], operands[1]);
    SmallVector<Value> values;
    for (SymExpr operand : operands) {
      values.push_back(build(operand));
      if (!values.back())
        return Value();
    }
    if (kind == Kind::Select) {
      auto predicate =
          e.getCompare() == Compare::Eq ? arith::CmpIPredicate::eq : arith::CmpIPredicate::slt;
      Value holds = create<arith::CmpIOp>(predicate, values[0], values[1]);
      return create<arith::SelectOp>(holds, values[2], values[3]);
    }
    // A coefficient comes first in the list and last in the code.
    if (kind == Kind::Mul && operands[0].getConstant())
      std::rotate(values.begin(), values.begin() + 1, values.end());
    Value result = values[0];
    for (Value value : ArrayRef(values).drop_front())
      result = kind == Kind::Mul   ? create<arith::MulIOp>(result, value)
               : kind == Kind::Min ? create<arith::MinSIOp>(result, value)
                                   : create<arith::MaxSIOp>(result, value);
    return result;
  }

  OpBuilder &builder;
  Location loc;
  llvm::function_ref<Value(StringRef)> symbolValue;
  llvm::DenseMap<Attribute, Value> done;
};
} // namespace

Value ShapeAnalysis::materialize(OpBuilder &builder, Location loc, SymExpr expr) {
  auto symbolValue = [&](StringRef name) -> Value {
    auto it = symbols.find(name);
    if (it == symbols.end()) {
      it = locals.find(name);
      if (it == locals.end())
        return Value();
    }
    SymbolSource source = it->second;
    if (source.axis >= 0)
      return DimOp::create(builder, loc, source.argument, source.axis);
    if (source.element >= 0)
      return ElementOp::create(builder, loc, source.argument, source.element);
    return source.argument;
  };
  return Materializer(builder, loc, symbolValue).build(expr);
}

} // namespace mlopt
