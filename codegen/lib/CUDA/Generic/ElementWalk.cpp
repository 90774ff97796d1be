//===- ElementWalk.cpp - A result element for each thread -----------------===//
#include "GenericEmitter.h"
#include "mlopt/IR/Layout.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::cuda;

static Value firstResult(KernelOp kernel) {
  return cast<YieldOp>(kernel.getBody().front().getTerminator()).getValues()[0];
}

static LayoutAttr layoutOfResult(KernelOp kernel) {
  return layoutAt(kernel, kernel.getFunctionType().getNumInputs());
}

GenericPlan cuda::planElements(KernelOp kernel, ShapeAnalysis &shapes) {
  SymShape shape = shapes.shapeOf(firstResult(kernel));
  GenericPlan plan;
  plan.walk = "elements";
  plan.phases.push_back({getPhysicalElements(kernel.getContext(), layoutOfResult(kernel), shape)});
  return plan;
}

/// Padding of every result.
static void storeZeros(ElementAt &e, ArrayRef<Value> index) {
  KernelBuilder &k = e.k;
  auto yield = cast<YieldOp>(k.kernel.getBody().front().getTerminator());
  for (auto [r, value] : llvm::enumerate(yield.getValues())) {
    Type type = computeType(cast<RankedTensorType>(value.getType()).getElementType());
    e.storeResult(r, arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(type)), coordsOf(index), 1);
  }
}

LogicalResult cuda::emitElements(ElementAt &e, const GenericPlan &plan) {
  KernelBuilder &k = e.k;
  SymShape shape = k.shapes.shapeOf(firstResult(k.kernel));
  LayoutAttr layout = k.resultLayout(0);
  LogicalResult result = success();
  forUnit(e, plan.phases[0], [&](Value unit) {
    SmallVector<Value> physical;
    for (SymExpr size : getPhysicalShape(layout, shape))
      physical.push_back(k.size(size));
    SmallVector<Value> place = e.delinearize(unit, physical);
    if (!layout) {
      result = storeResults(e, place);
      return;
    }
    SmallVector<Value> index(shape.size(), k.index(0));
    Value inside;
    SmallVector<PhysicalDim> dims = getPhysicalDims(layout);
    for (auto [d, at] : llvm::zip_equal(dims, place))
      index[d.dim] = k.add(index[d.dim], k.mul(at, d.divisor));
    for (PhysicalDim d : dims) {
      if (!d.modulus || shape[d.dim].isMultipleOf(d.modulus))
        continue;
      Value here = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::slt, index[d.dim], k.size(shape[d.dim]));
      inside = inside ? arith::AndIOp::create(k.b, k.loc, inside, here).getResult() : here;
    }
    if (!inside) {
      result = storeResults(e, index);
      return;
    }
    k.ifThen(
        inside,
        [&] {
          ElementAt::Scope scope(e);
          result = storeResults(e, index);
        },
        [&] {
          ElementAt::Scope scope(e);
          storeZeros(e, index);
        });
  });
  return result;
}
