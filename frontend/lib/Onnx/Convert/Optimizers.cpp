//===- Optimizers.cpp - ai.onnx.preview.training --------------------------===//
//
// Gradient, and one step of an optimiser: the formulas of onnx/defs/training/defs.cc.
//
//===----------------------------------------------------------------------===//
#include "Conversion.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace mlopt::onnx {
namespace {

/// R [] and T [] of an optimiser, then `roles` lists of the same number of tensors: operand (role,
/// i) belongs to the tensor i that is optimised.
class Optimizer {
public:
  Optimizer(Node &n, unsigned roles) : n(n), roles(roles) {}

  /// Whether the operands fit; else the failure is noted.
  bool check() {
    unsigned given = n.getNumOperands();
    if (given < 2 + roles || (given - 2) % roles != 0) {
      (void)n.malformed("the operator has " + Twine(given) + " operands, expected R, T and " +
                        Twine(roles) + " for each tensor that it optimizes");
      return false;
    }
    count = (given - 2) / roles;
    if (n.getNumResults() != count * (roles - 1)) {
      (void)n.malformed("the operator has " + Twine(n.getNumResults()) + " results, expected " +
                        Twine(count * (roles - 1)));
      return false;
    }
    rate = n.scalarInput(0);
    step = n.scalarInput(1);
    if (!rate || !step)
      return false;
    for (unsigned i = 2; i < given; ++i)
      if (Value v = n.input(i); !v || !isa<FloatType>(n.elementOf(v))) {
        if (v)
          (void)n.malformed("operand " + Twine(i) + " is not floating point");
        return false;
      }
    return true;
  }

  unsigned getCount() const { return count; }
  Value get(unsigned role, unsigned i) { return n.input(2 + role * count + i); }
  /// norm_coefficient * X + G.
  Value getRegularized(unsigned i) {
    Value x = get(0, i), g = get(1, i);
    double coefficient = n.floatAttr("norm_coefficient", 0);
    return coefficient == 0 ? g : n.add(n.mulScalar(x, coefficient), g);
  }
  /// R and T as scalars of an element type.
  Value getRate(Type element) { return n.cast(rate, element); }
  Value getStep(Type element) { return n.cast(step, element); }
  /// T > 0 ? later : first.
  Value selectLater(Value later, Value first) {
    Value zero = n.scalarInt(n.elementOf(step), 0);
    return n.select(n.compare(ComparePredicate::gt, step, zero), later, first);
  }

private:
  Node &n;
  unsigned roles, count = 0;
  Value rate, step;
};

/// X, G, H -> X, H.
LogicalResult adagrad(Node &n) {
  Optimizer o(n, 3);
  if (!o.check())
    return failure();
  unsigned count = o.getCount();
  SmallVector<Value> results(2 * count);
  for (unsigned i = 0; i < count; ++i) {
    Value x = o.get(0, i), g = o.getRegularized(i);
    Type element = n.elementOf(x);
    Value decay = n.mulScalar(o.getStep(element), n.floatAttr("decay_factor", 0));
    Value rate = n.div(o.getRate(element), n.addScalar(decay, 1));
    Value h = n.add(o.get(2, i), n.mul(g, g));
    Value adaptive = n.addScalar(n.create<SqrtOp>(h), n.floatAttr("epsilon", 1e-6));
    results[i] = n.sub(x, n.div(n.mul(rate, g), adaptive));
    results[count + i] = h;
  }
  return n.finish(results);
}

/// X, G, V, H -> X, V, H.
LogicalResult adam(Node &n) {
  Optimizer o(n, 4);
  if (!o.check())
    return failure();
  unsigned count = o.getCount();
  double alpha = n.floatAttr("alpha", 0.9), beta = n.floatAttr("beta", 0.999);
  double post = n.floatAttr("norm_coefficient_post", 0);
  SmallVector<Value> results(3 * count);
  for (unsigned i = 0; i < count; ++i) {
    Value x = o.get(0, i), g = o.getRegularized(i);
    Type element = n.elementOf(x);
    Value v = n.add(n.mulScalar(o.get(2, i), alpha), n.mulScalar(g, 1 - alpha));
    Value h = n.add(n.mulScalar(o.get(3, i), beta), n.mulScalar(n.mul(g, g), 1 - beta));
    auto oneMinusPower = [&](double base) {
      Value power = n.create<PowOp>(n.scalar(element, base), o.getStep(element));
      return n.sub(n.scalar(element, 1), power);
    };
    Value rate = o.getRate(element);
    Value corrected =
        n.div(n.mul(rate, n.create<SqrtOp>(oneMinusPower(beta))), oneMinusPower(alpha));
    rate = o.selectLater(corrected, rate);
    Value root = n.addScalar(n.create<SqrtOp>(h), n.floatAttr("epsilon", 1e-6));
    Value updated = n.sub(x, n.div(n.mul(rate, v), root));
    results[i] = post == 0 ? updated : n.mulScalar(updated, 1 - post);
    results[count + i] = v;
    results[2 * count + i] = h;
  }
  return n.finish(results);
}

/// X, G, V -> X, V.
LogicalResult momentum(Node &n) {
  Optimizer o(n, 3);
  if (!o.check())
    return failure();
  std::string mode = n.stringAttr("mode", "");
  auto alpha = n.optFloatAttr("alpha"), beta = n.optFloatAttr("beta");
  if (mode != "standard" && mode != "nesterov")
    return n.malformed("mode is '" + mode + "', expected standard or nesterov");
  if (!alpha || !beta)
    return n.malformed("alpha or beta is missing");
  unsigned count = o.getCount();
  SmallVector<Value> results(2 * count);
  for (unsigned i = 0; i < count; ++i) {
    Value x = o.get(0, i), g = o.getRegularized(i);
    Type element = n.elementOf(x);
    // In the first iteration beta is 1.
    Value scale = o.selectLater(n.scalar(element, *beta), n.scalar(element, 1));
    Value v = n.add(n.mulScalar(o.get(2, i), *alpha), n.mul(scale, g));
    Value direction = mode == "nesterov" ? n.add(g, n.mulScalar(v, *alpha)) : v;
    results[i] = n.sub(x, n.mul(o.getRate(element), direction));
    results[count + i] = v;
  }
  return n.finish(results);
}

/// Copies what leads from `variables` to `y` with `values` in their place; y itself where that is
/// what they are.
Value rebind(Node &n, Value y, ArrayRef<Value> variables, ArrayRef<Value> values) {
  if (variables == values)
    return y;
  // What y is made of, as far as the variables.
  llvm::DenseSet<Value> isVariable(variables.begin(), variables.end());
  llvm::DenseSet<Operation *> needed;
  SmallVector<Value> pending{y};
  while (!pending.empty()) {
    Value value = pending.pop_back_val();
    Operation *producer = isVariable.contains(value) ? nullptr : value.getDefiningOp();
    if (producer && needed.insert(producer).second)
      llvm::append_range(pending, producer->getOperands());
  }
  IRMapping mapping;
  for (auto [variable, value] : llvm::zip_equal(variables, values))
    mapping.map(variable, value);
  // Only operations that depend on a variable are copied; the block has them in order.
  Block::iterator end = n.getBuilder().getInsertionPoint();
  for (Operation &op : llvm::make_range(n.getBuilder().getBlock()->begin(), end))
    if (needed.contains(&op) &&
        llvm::any_of(op.getOperands(), [&](Value v) { return mapping.contains(v); }))
      n.getBuilder().clone(op, mapping);
  return mapping.lookupOrDefault(y);
}

/// The importer appends the values that `xs`, `zs` and `y` name to the operands: those that the
/// derivatives are taken at come first.
LogicalResult gradient(Node &n) {
  auto xs = n.stringsAttr("xs");
  auto zs = n.stringsAttr("zs").value_or(SmallVector<std::string>());
  if (!xs || xs->empty())
    return n.malformed("xs names no tensor");
  size_t count = xs->size() + zs.size();
  if (n.getNumOperands() != 2 * count + 1)
    return n.malformed("the operator has " + Twine(n.getNumOperands()) +
                       " operands, expected one for each name in xs and zs");
  if (n.getNumResults() > xs->size())
    return n.malformed("the operator has " + Twine(n.getNumResults()) + " results for " +
                       Twine(xs->size()) + " names in xs");
  SmallVector<Value> values, variables;
  for (size_t i = 0; i < count; ++i) {
    Value value = n.input(i), variable = n.input(count + i);
    if (!value || !variable)
      return failure();
    if (value.getType() != variable.getType())
      return n.malformed("operand " + Twine(i) +
                         " has another type than the tensor whose value it is");
    values.push_back(value);
    variables.push_back(variable);
  }
  Value y = n.input(2 * count);
  if (!y)
    return failure();
  for (size_t i = 0; i < count; ++i)
    if (llvm::is_contained(ArrayRef(values).take_front(i), values[i]))
      return n.unsupported("two variables that have the same tensor as their value");
  y = rebind(n, y, variables, values);
  // The constants among the independent variables are variables of mlopt.gradient too: nothing is
  // differentiated through them.
  SmallVector<Value> by(values.begin(), values.begin() + xs->size());
  Type element = n.elementOf(y);
  for (size_t i = xs->size(); i < count; ++i)
    if (n.elementOf(values[i]) == element)
      by.push_back(values[i]);
  for (Value x : by)
    if (!isa<FloatType>(element) || n.elementOf(x) != element)
      return n.unsupportedType("xs and y that are not floating point of one type");
  SmallVector<Type> types;
  for (Value x : by)
    types.push_back(x.getType());
  auto derivatives = GradientOp::create(n.getBuilder(), n.getLoc(), types, y, by);
  return n.finish(derivatives.getResults().take_front(n.getNumResults()));
}

const Entry entries[] = {
    {"Adagrad", 1, adagrad, "ai.onnx.preview.training"},
    {"Adam", 1, adam, "ai.onnx.preview.training"},
    {"Gradient", 1, gradient, "ai.onnx.preview.training"},
    {"Momentum", 1, momentum, "ai.onnx.preview.training"},
};

} // namespace

ArrayRef<Entry> getOptimizerEntries() { return entries; }

} // namespace mlopt::onnx
