//===- Differentiate.cpp - Reverse mode -----------------------------------===//
//
// Each function with a `mlopt.gradient` is cloned, the clone differentiated, and the bodies are
// exchanged once all went well: an error leaves the module as it was.
//
//===----------------------------------------------------------------------===//
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Matchers.h"
#include "mlopt/Passes/Autodiff/Adjoint.h"
#include "mlopt/Passes/Autodiff/Autodiff.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace mlopt;

namespace mlopt {
#define GEN_PASS_DEF_DIFFERENTIATEPASS
#include "mlopt/Passes/Autodiff/Passes.h.inc"
} // namespace mlopt

namespace {

bool isFloatTensor(Value v) {
  auto type = dyn_cast<RankedTensorType>(v.getType());
  return type && isa<FloatType>(type.getElementType());
}

/// Replaces the gradients of one function.
class Differentiator {
public:
  /// What was reported, so that functions that share nodes report them once.
  using Reported = llvm::DenseSet<std::pair<Location, StringAttr>>;

  Differentiator(func::FuncOp function, Reported &reported, StringRef spoilt)
      : shapes(function), spoilt(spoilt), reported(reported) {}

  /// False after errors; the function is then in no useful state.
  bool run(func::FuncOp function) {
    SmallVector<GradientOp> gradients;
    function.walk([&](GradientOp op) { gradients.push_back(op); });
    for (GradientOp op : gradients)
      replace(op);
    // Erased last: the shapes of their results are cached by address.
    if (ok)
      for (GradientOp op : gradients)
        op.erase();
    return ok;
  }

private:
  void replace(GradientOp gradient);
  void findActive(GradientOp gradient, SmallVectorImpl<Operation *> &between);
  void reverse(Operation *op, OpBuilder &builder);
  void receive(Operation *from, Value operand, Value value);
  Value takeSum(Value v, OpBuilder &builder);
  bool joinParts(SmallVectorImpl<Value> &parts, ComposeBuilder &b);
  void refuse(Operation *op, const Twine &reason);
  Value conform(ComposeBuilder &b, Value value, RankedTensorType type);

  ShapeAnalysis shapes;
  StringRef spoilt;
  /// Values that depend on a variable, of the gradient at hand.
  llvm::DenseSet<Value> active, variables;
  /// What the users of a value gave so far, last user first.
  llvm::DenseMap<Value, SmallVector<Value, 1>> derivatives;
  llvm::DenseSet<Operation *> refused;
  Reported &reported;
  bool ok = true;
};

void Differentiator::refuse(Operation *op, const Twine &reason) {
  ok = false;
  if (!refused.insert(op).second)
    return;
  std::string text =
      ("cannot differentiate '" + op->getName().getStringRef() + "': " + reason).str();
  if (reported.insert({op->getLoc(), StringAttr::get(op->getContext(), text)}).second)
    emitError(op->getLoc()) << "MLO2007: " << text;
}

/// The operations through which something flows from a variable, in program order.
void Differentiator::findActive(GradientOp gradient, SmallVectorImpl<Operation *> &between) {
  active.clear();
  variables.clear();
  for (Value x : gradient.getXs()) {
    active.insert(x);
    variables.insert(x);
  }
  for (Operation &op : *gradient->getBlock()) {
    if (&op == gradient)
      break;
    if (llvm::none_of(op.getOperands(), [&](Value v) { return active.contains(v); }))
      continue;
    auto rule = dyn_cast<DifferentiableOpInterface>(op);
    if (rule && rule.isConstantAlmostEverywhere())
      continue;
    bool flows = false;
    // Integers carry no derivatives, but those of a quantization do not end one unseen.
    bool stores = isa<QuantizeOp>(op) || llvm::any_of(op.getOperands(), [&](Value v) {
                    return active.contains(v) && !isFloatTensor(v);
                  });
    for (Value result : op.getResults())
      if (isFloatTensor(result) || stores) {
        active.insert(result);
        flows = true;
      }
    if (flows)
      between.push_back(&op);
  }
}

void Differentiator::receive(Operation *from, Value operand, Value value) {
  Type expected = getElementTypeOrSelf(operand.getType());
  if (getElementTypeOrSelf(value.getType()) != expected) {
    std::string text;
    llvm::raw_string_ostream(text) << "its rule gives a derivative of type " << value.getType()
                                   << " for an operand of type " << operand.getType();
    return refuse(from, text);
  }
  derivatives[operand].push_back(value);
}

/// Slices that together cover a tensor give parts of its derivative with zeros around them: their
/// concatenation is the sum. Replaces one such group in `parts`; false where there is none.
bool Differentiator::joinParts(SmallVectorImpl<Value> &parts, ComposeBuilder &b) {
  struct Part {
    size_t index;
    PadOp pad;
    int64_t axis;
    SymExpr start, size;
  };
  SmallVector<Part> slices;
  for (auto [i, value] : llvm::enumerate(parts)) {
    auto pad = value.getDefiningOp<PadOp>();
    if (!pad || pad.getMode() != PadMode::constant ||
        !matchPattern(pad.getValue(), m_AnyZeroFloat()))
      continue;
    SmallVector<SymExpr> low = mlopt::detail::mixedSizes(pad.getStaticLow(), pad.getLow(), shapes);
    SymShape inner = shapes.shapeOf(pad.getInput()), outer = shapes.shapeOf(value);
    SmallVector<int64_t> padded;
    for (size_t axis = 0; axis < inner.size(); ++axis)
      if (inner[axis] != outer[axis] || !low[axis].isConstant(0))
        padded.push_back(axis);
    if (padded.size() == 1)
      slices.push_back({i, pad, padded[0], low[padded[0]], inner[padded[0]]});
  }
  for (int64_t axis = 0, rank = b.rankOf(parts[0]); axis < rank; ++axis) {
    SymExpr position = b.size(0), end = b.dimOf(parts[0], axis);
    SmallVector<Part *> chain;
    while (position != end) {
      auto next = llvm::find_if(slices, [&](const Part &part) {
        return part.axis == axis && part.start == position && !part.size.isConstant(0);
      });
      if (next == slices.end() || chain.size() == slices.size())
        break;
      chain.push_back(next);
      position = position + next->size;
    }
    if (position != end || chain.size() < 2)
      continue;
    SmallVector<Value> values;
    for (Part *part : chain) {
      values.push_back(part->pad.getInput());
      parts[part->index] = nullptr;
    }
    Value *first = llvm::find(parts, Value());
    *first = b.concat(values, axis);
    llvm::erase(parts, Value());
    return true;
  }
  return false;
}

/// The derivative by a value, or null where there is none.
Value Differentiator::takeSum(Value v, OpBuilder &builder) {
  auto it = derivatives.find(v);
  if (it == derivatives.end())
    return nullptr;
  SmallVector<Value, 1> &parts = it->second;
  Location loc = parts.back().getLoc();
  ComposeBuilder b(builder, loc, shapes);
  while (parts.size() > 1 && joinParts(parts, b))
    ;
  Value sum = parts[0];
  for (Value part : llvm::drop_begin(parts))
    sum = AddOp::create(builder, part.getLoc(), sum, part);
  parts.assign(1, sum);
  return sum;
}

void Differentiator::reverse(Operation *op, OpBuilder &builder) {
  SmallVector<Value> gradients;
  // A variable is independent: nothing goes on from it.
  for (Value result : op->getResults())
    gradients.push_back(variables.contains(result) ? Value() : takeSum(result, builder));
  if (llvm::none_of(gradients, [](Value v) { return v; }))
    return;
  bool spoil = op->getName().getStringRef() == spoilt;
  Adjoint adjoint(
      op, gradients, builder, shapes, [&](Value v) { return active.contains(v); },
      [&](Value operand, Value value) {
        receive(op, operand,
                spoil ? ComposeBuilder(builder, op->getLoc(), shapes).mulScalar(value, 1.01) : value);
      });
  auto rule = dyn_cast<DifferentiableOpInterface>(op);
  if (!rule)
    refuse(op, "the operation has no gradient rule");
  else if (failed(rule.buildAdjoint(adjoint)))
    refuse(op, !adjoint.getRefusal().empty() ? adjoint.getRefusal()
               : !adjoint.getError().empty() ? StringRef(adjoint.getError())
                                             : "its derivative could not be built");
  else
    return;
  // Goes on with zeros, so that what stands before this operation is looked at too.
  ComposeBuilder b(builder, op->getLoc(), shapes);
  for (Value operand : op->getOperands())
    if (active.contains(operand) && !derivatives.contains(operand))
      receive(op, operand, b.broadcast(b.scalar(b.elementOf(operand), 0), shapes.shapeOf(operand)));
}

/// The same value with exactly this type.
Value Differentiator::conform(ComposeBuilder &b, Value value, RankedTensorType type) {
  if (value.getType() == type)
    return value;
  SmallVector<Value> sizes;
  SymShape shape = shapes.shapeOf(value);
  for (auto [i, size] : llvm::enumerate(type.getShape()))
    if (ShapedType::isDynamic(size))
      sizes.push_back(shapes.materialize(b.getBuilder(), b.getLoc(), shape[i]));
  Value result = b.create<ReshapeOp>(value, sizes, type.getShape());
  if (result)
    result.setType(type);
  return result;
}

void Differentiator::replace(GradientOp gradient) {
  SmallVector<Operation *> between;
  findActive(gradient, between);
  derivatives.clear();
  OpBuilder builder(gradient);
  ComposeBuilder b(builder, getGradientLocation(gradient.getLoc()), shapes);
  Value y = gradient.getY();
  if (active.contains(y))
    receive(gradient, y, b.broadcast(b.scalar(b.elementOf(y), 1), shapes.shapeOf(y)));
  for (Operation *op : llvm::reverse(between))
    reverse(op, builder);
  for (auto [x, result] : llvm::zip_equal(gradient.getXs(), gradient.getResults())) {
    Value value = takeSum(x, builder);
    if (!value)
      value = b.broadcast(b.scalar(b.elementOf(x), 0), shapes.shapeOf(x));
    value = conform(b, value, cast<RankedTensorType>(result.getType()));
    if (!value)
      return refuse(gradient, b.getError());
    result.replaceAllUsesWith(value);
  }
}

struct Differentiate : mlopt::impl::DifferentiatePassBase<Differentiate> {
  using DifferentiatePassBase::DifferentiatePassBase;
  void runOnOperation() override {
    // Replacements by function, detached.
    llvm::MapVector<func::FuncOp, OwningOpRef<func::FuncOp>> done;
    Differentiator::Reported reported;
    bool ok = true;
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (function.isExternal() ||
          !function.walk([](GradientOp) { return WalkResult::interrupt(); }).wasInterrupted())
        continue;
      OwningOpRef<func::FuncOp> clone = function.clone();
      ok &= Differentiator(*clone, reported, spoil).run(*clone);
      done.insert({function, std::move(clone)});
    }
    if (!ok)
      return signalPassFailure();
    for (auto &[function, clone] : done)
      function.getBody().takeBody(clone->getBody());
  }
};

} // namespace
