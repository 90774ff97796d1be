//===- RaiseActivation.cpp - gelu -----------------------------------------===//
//
// Frameworks write the same product in many orders, so products are taken
// apart into a constant and the other factors.
//
//===----------------------------------------------------------------------===//
#include "GraphRules.h"
#include <cmath>

using namespace mlir;
using namespace mlopt;

namespace {
/// constant * product of factors.
struct Product {
  double constant = 1;
  SmallVector<Value> factors;
  SmallVector<Operation *> ops;
};
} // namespace

/// Takes a product apart through multiplications and divisions by constants
/// that nothing else uses.
static void collect(Value v, Product &product, GraphRewriter &rewriter, bool root = true) {
  Operation *op = v.getDefiningOp();
  if (op && (root || v.hasOneUse()) && product.ops.size() < 12) {
    if (auto mul = dyn_cast<MulOp>(op)) {
      product.ops.push_back(op);
      for (Value operand : {mul.getLhs(), mul.getRhs()})
        if (std::optional<double> scalar = rewriter.scalarOf(operand))
          product.constant *= *scalar;
        else
          collect(operand, product, rewriter, false);
      return;
    }
    if (auto div = dyn_cast<DivOp>(op))
      if (std::optional<double> scalar = rewriter.scalarOf(div.getRhs()); scalar && *scalar != 0) {
        product.ops.push_back(op);
        product.constant /= *scalar;
        return collect(div.getLhs(), product, rewriter, false);
      }
  }
  product.factors.push_back(v);
}

/// x of x + c with the constant c.
static Value plusConstant(Value v, double constant, GraphRewriter &rewriter) {
  auto add = v.getDefiningOp<AddOp>();
  if (!add)
    return nullptr;
  for (unsigned i = 0; i < 2; ++i)
    if (rewriter.scalarOf(add->getOperand(i)) == constant)
      return add->getOperand(1 - i);
  return nullptr;
}

/// x of constant * x.
static Value timesConstant(Value v, double constant, GraphRewriter &rewriter) {
  Product product;
  collect(v, product, rewriter, /*root=*/true);
  bool fits = product.factors.size() == 1 &&
              isNear(product.constant, constant, getElementTypeOrSelf(v.getType()));
  return fits ? product.factors[0] : Value();
}

/// Whether v is constant * x^power, the power written with pow or as a product.
static bool isMonomial(Value v, Value x, int power, double constant, GraphRewriter &rewriter) {
  Product product;
  collect(v, product, rewriter);
  if (!isNear(product.constant, constant, getElementTypeOrSelf(v.getType())))
    return false;
  double found = 0;
  for (Value factor : product.factors) {
    if (factor == x) {
      found += 1;
    } else if (auto pow = factor.getDefiningOp<PowOp>(); pow && pow.getLhs() == x) {
      found += rewriter.scalarOf(pow.getRhs()).value_or(100);
    } else if (auto mul = factor.getDefiningOp<MulOp>();
               mul && mul.getLhs() == x && mul.getRhs() == x) {
      found += 2;
    } else {
      return false;
    }
  }
  return found == power;
}

/// Whether v is sqrt(2/pi) * (x + 0.044715 x^3), or with x taken out of the sum.
static bool isTanhArgument(Value v, Value x, GraphRewriter &rewriter) {
  Product product;
  collect(v, product, rewriter);
  constexpr double pi = 3.14159265358979323846;
  if (!isNear(product.constant, std::sqrt(2 / pi), getElementTypeOrSelf(v.getType())))
    return false;
  if (product.factors.size() == 1) {
    auto add = product.factors[0].getDefiningOp<AddOp>();
    if (!add)
      return false;
    for (unsigned i = 0; i < 2; ++i)
      if (add->getOperand(i) == x && isMonomial(add->getOperand(1 - i), x, 3, 0.044715, rewriter))
        return true;
    return false;
  }
  if (product.factors.size() != 2)
    return false;
  for (unsigned i = 0; i < 2; ++i)
    if (product.factors[i] == x)
      if (Value rest = plusConstant(product.factors[1 - i], 1, rewriter))
        return isMonomial(rest, x, 2, 0.044715, rewriter);
  return false;
}

/// x/2 * (1 + erf(x / sqrt 2)), x/2 * (1 + tanh(...)).
static bool raiseGelu(Operation *op, GraphRewriter &rewriter) {
  if (!isa<MulOp, DivOp>(op) || !isFloat(op->getResult(0)))
    return false;
  Product product;
  collect(op->getResult(0), product, rewriter);
  if (product.factors.size() != 2)
    return false;
  for (unsigned i = 0; i < 2; ++i) {
    Value x = product.factors[i], inside = plusConstant(product.factors[1 - i], 1, rewriter);
    Operation *function = inside ? inside.getDefiningOp() : nullptr;
    if (!function || !isa<ErfOp, TanhOp>(function))
      continue;
    Value argument = function->getOperand(0);
    bool isErf = isa<ErfOp>(function);
    bool fits = isErf ? timesConstant(argument, std::sqrt(0.5), rewriter) == x
                      : isTanhArgument(argument, x, rewriter);
    if (!fits) {
      refuse(op, "gelu not raised",
             "the argument of " + function->getName().getStringRef() +
                 " is not the one that gelu has");
      continue;
    }
    if (!isNear(product.constant, 0.5, getElementTypeOrSelf(x.getType()))) {
      // The factor may still come: the root of the product is seen later.
      continue;
    }
    if (rewriter.shapeOf(x) != rewriter.shapeOf(op->getResult(0)))
      continue;
    product.ops.push_back(function);
    ComposeBuilder b = rewriter.before(op, product.ops);
    return rewriter.replace(op, b, b.create<GeluOp>(x, /*tanh_approximation=*/!isErf));
  }
  return false;
}

ArrayRef<GraphRule> mlopt::getActivationRules() {
  static const GraphRule rules[] = {raiseGelu};
  return rules;
}
