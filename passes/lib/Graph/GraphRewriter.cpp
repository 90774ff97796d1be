//===- GraphRewriter.cpp - Rewriting one function of the graph ------------===//
#include "mlopt/Passes/Graph/GraphRewriter.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Remarks.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/bit.h"
#include <cmath>

using namespace mlir;
using namespace mlopt;

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

/// Largest constant inside the program; larger ones are parameters.
constexpr int64_t maxConstantBytes = 1024;

std::optional<HostTensor> ParameterTable::read(Value v) {
  ElementsAttr value;
  if (auto constant = v.getDefiningOp<ConstantOp>())
    value = constant.getValue();
  else if (auto get = v.getDefiningOp<GetParameterOp>())
    if (auto parameter = symbols.lookup<ParameterOp>(get.getName()))
      value = parameter.getValue();
  if (!value)
    return std::nullopt;
  FailureOr<HostTensor> tensor = HostTensor::fromElements(value);
  if (failed(tensor))
    return std::nullopt;
  return *tensor;
}

std::string ParameterTable::nameOf(Value v, StringRef otherwise) {
  if (auto get = v.getDefiningOp<GetParameterOp>())
    return get.getName().str();
  return otherwise.str();
}

Value ParameterTable::write(OpBuilder &builder, Location loc, const HostTensor &tensor,
                            StringRef hint) {
  auto type = RankedTensorType::get(tensor.getShape(), tensor.getElementType());
  HostTensor native = tensor.toNative();
  if (static_cast<int64_t>(native.bytes().size()) <= maxConstantBytes)
    return ConstantOp::create(builder, loc, type, native.toElements());
  std::string name = hint.str();
  for (unsigned i = 0; symbols.lookup(name); ++i)
    name = (hint + "." + Twine(i)).str();
  auto value = DenseResourceElementsAttr::get(
      type, name, HeapAsmResourceBlob::allocateAndCopyWithAlign(native.bytes(), 64));
  OpBuilder moduleBuilder(builder.getContext());
  moduleBuilder.setInsertionPointToStart(module.getBody());
  for (Operation &op : *module.getBody())
    if (isa<ParameterOp>(op))
      moduleBuilder.setInsertionPointAfter(&op);
  auto parameter =
      ParameterOp::create(moduleBuilder, loc, builder.getStringAttr(name), value, StringAttr());
  symbols.insert(parameter);
  return GetParameterOp::create(
      builder, loc, type, FlatSymbolRefAttr::get(builder.getContext(), parameter.getSymName()));
}

void ParameterTable::eraseUnused(ModuleOp module) {
  llvm::StringSet<> used;
  module.walk([&](GetParameterOp get) { used.insert(get.getName()); });
  for (auto parameter : llvm::make_early_inc_range(module.getOps<ParameterOp>()))
    if (!used.contains(parameter.getSymName()))
      parameter.erase();
}

//===----------------------------------------------------------------------===//
// Rewriting
//===----------------------------------------------------------------------===//

ComposeBuilder GraphRewriter::before(Operation *anchor, ArrayRef<Operation *> replaced) {
  opBuilder.setInsertionPoint(anchor);
  SmallVector<Location> locations;
  for (Operation *op : replaced)
    locations.push_back(op->getLoc());
  locations.push_back(anchor->getLoc());
  return ComposeBuilder(opBuilder, FusedLoc::get(opBuilder.getContext(), locations), shapes);
}

bool GraphRewriter::replace(Operation *op, Value value) {
  Value old = op->getResult(0);
  if (old == value)
    return false;
  if (old.getType() != value.getType()) {
    bool exact = llvm::any_of(old.getUsers(), [](Operation *user) {
      return !isa<MloptDialect>(user->getDialect()) || isa<YieldOp>(user);
    });
    // A new operation may as well have the less precise type.
    if (exact) {
      Operation *producer = value.getDefiningOp();
      if (!producer || !value.use_empty() || isa<ConstantOp, GetParameterOp>(producer) ||
          !areCompatibleTypes(TypeRange(value.getType()), TypeRange(old.getType())))
        return false;
      value.setType(old.getType());
    }
  }
  old.replaceAllUsesWith(value);
  return true;
}

std::optional<double> GraphRewriter::splatOf(Value v) {
  while (Operation *op = v.getDefiningOp()) {
    if (!isa<BroadcastOp, ReshapeOp, TransposeOp>(op))
      break;
    v = op->getOperand(0);
  }
  auto type = dyn_cast<RankedTensorType>(v.getType());
  if (!type || !type.hasStaticShape() || !isConstant(v))
    return std::nullopt;
  if (auto constant = v.getDefiningOp<ConstantOp>())
    if (auto dense = dyn_cast<DenseElementsAttr>(constant.getValue()); dense && !dense.isSplat())
      return std::nullopt;
  std::optional<HostTensor> tensor = parameters.read(v);
  if (!tensor || tensor->getNumElements() == 0)
    return std::nullopt;
  if (!tensor->isFloat()) {
    // Beyond 2^53 a double may stand for another integer.
    if (std::fabs(tensor->getDouble(0)) > 9007199254740992.0)
      return std::nullopt;
    for (int64_t i = 1; i < tensor->getNumElements(); ++i)
      if (tensor->getInteger(i) != tensor->getInteger(0))
        return std::nullopt;
    return tensor->getDouble(0);
  }
  // 0 and -0 are equal and not the same.
  double first = tensor->getDouble(0);
  for (int64_t i = 1; i < tensor->getNumElements(); ++i)
    if (llvm::bit_cast<uint64_t>(tensor->getDouble(i)) != llvm::bit_cast<uint64_t>(first))
      return std::nullopt;
  if (std::isnan(first))
    return std::nullopt;
  return first;
}

std::optional<double> GraphRewriter::scalarOf(Value v) {
  auto type = dyn_cast<RankedTensorType>(v.getType());
  if (!type || !type.hasStaticShape() || type.getNumElements() != 1)
    return std::nullopt;
  return splatOf(v);
}

/// Erases what nothing uses any more; whether there was anything.
static void eraseDead(func::FuncOp function) {
  for (Block &block : function.getBody())
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (isOpTriviallyDead(&op))
        op.erase();
}

bool mlopt::applyRules(ModuleOp module, ArrayRef<GraphRule> rules) {
  ParameterTable parameters(module);
  bool changed = false;
  // Rules go one way each, so few sweeps are needed; the bound is for safety.
  constexpr unsigned maxSweeps = 200;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.isExternal())
      continue;
    for (unsigned sweep = 0; sweep < maxSweeps; ++sweep) {
      GraphRewriter rewriter(function, parameters);
      SmallVector<Operation *> ops;
      function.walk([&](Operation *op) {
        if (op != function && isa_and_nonnull<MloptDialect>(op->getDialect()))
          ops.push_back(op);
      });
      bool again = false;
      for (Operation *op : ops)
        for (GraphRule rule : rules) {
          if (isOpTriviallyDead(op))
            break;
          if (rule(op, rewriter)) {
            again = true;
            break;
          }
        }
      if (!again)
        break;
      eraseDead(function);
      changed = true;
    }
  }
  if (changed)
    ParameterTable::eraseUnused(module);
  return changed;
}

//===----------------------------------------------------------------------===//
// Small questions
//===----------------------------------------------------------------------===//

bool mlopt::isConstant(Value v) {
  return isa_and_nonnull<ConstantOp, GetParameterOp>(v.getDefiningOp());
}

bool mlopt::isElementwise(Operation *op) {
  return op && op->hasTrait<mlopt::OpTrait::Elementwise>() && op->getNumResults() == 1;
}

bool mlopt::isOneElement(ArrayRef<SymExpr> shape) { return llvm::all_of(shape, isUnit); }

SmallVector<int64_t> mlopt::invert(ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> inverse(permutation.size());
  for (auto [i, axis] : llvm::enumerate(permutation))
    inverse[axis] = i;
  return inverse;
}

bool mlopt::movesUnitsOnly(ArrayRef<SymExpr> shape, ArrayRef<int64_t> permutation) {
  int64_t last = -1;
  for (int64_t axis : permutation) {
    if (isUnit(shape[axis]))
      continue;
    if (axis < last)
      return false;
    last = axis;
  }
  return true;
}

bool mlopt::isUnitReshape(ArrayRef<SymExpr> from, ArrayRef<SymExpr> to,
                          SmallVectorImpl<int64_t> *map) {
  if (map)
    map->assign(from.size(), -1);
  size_t j = 0;
  for (size_t i = 0; i < from.size(); ++i) {
    if (isUnit(from[i]))
      continue;
    while (j < to.size() && isUnit(to[j]))
      ++j;
    if (j == to.size() || to[j] != from[i])
      return false;
    if (map)
      (*map)[i] = j;
    ++j;
  }
  while (j < to.size() && isUnit(to[j]))
    ++j;
  return j == to.size();
}

bool mlopt::isFloat(Value v) { return isa<FloatType>(getElementTypeOrSelf(v.getType())); }

bool mlopt::isNear(double a, double b, Type element) {
  double tolerance = element.isF64()   ? 1e-7
                     : element.isF32() ? 1e-6
                     : element.isF16() ? 1e-3
                                       : 8e-3;
  return std::fabs(a - b) <= tolerance * std::fabs(b);
}

void mlopt::refuse(Operation *op, StringRef what, const Twine &reason) {
  remark::missed(op->getLoc(), remark::RemarkOpts::name("rewrite").category("graph"))
      << (what + ": " + reason).str();
}
