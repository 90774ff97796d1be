//===- Reciprocal.cpp - Quotients without a subroutine --------------------===//
#include "Reciprocal.h"

using namespace mlir;
using namespace mlopt;

/// Applies `f` to each lane.
static Value perLane(GpuBuilder &g, Value v, llvm::function_ref<Value(Value)> f) {
  auto type = dyn_cast<VectorType>(v.getType());
  if (!type)
    return f(v);
  SmallVector<Value> lanes;
  for (int64_t i = 0; i < type.getNumElements(); ++i)
    lanes.push_back(f(vector::ExtractOp::create(g.b, g.loc, v, ArrayRef<int64_t>{i})));
  return vector::FromElementsOp::create(g.b, g.loc, type, lanes);
}

static Value callApproximation(GpuBuilder &g, StringRef name, Value v) {
  auto call = LLVM::CallIntrinsicOp::create(g.b, g.loc, g.b.getF32Type(), g.b.getStringAttr(name), ValueRange{v});
  return call->getResult(0);
}

Value mlopt::reciprocal(GpuBuilder &g, ScalarMath &m, Value v) {
  if (ScalarBuilder::isF64(v))
    return m.div(m.constF(v, 1.0), v);
  return perLane(g, v, [&](Value x) {
    Value first = callApproximation(g, "llvm.nvvm.rcp.approx.ftz.f", x);
    Value error = m.fma(m.neg(x), first, m.constF(x, 1.0)), better = m.fma(first, error, first);
    // Of 0 and infinity the step makes NaN.
    return m.select(m.isNan(better), first, better);
  });
}

Value mlopt::inverseSqrt(GpuBuilder &g, ScalarMath &m, Value v) {
  if (ScalarBuilder::isF64(v))
    return m.div(m.constF(v, 1.0), m.sqrt(v));
  return perLane(g, v, [&](Value x) {
    Value first = callApproximation(g, "llvm.nvvm.rsqrt.approx.f", x);
    Value error = m.fma(m.mul(m.neg(x), first), first, m.constF(x, 1.0));
    Value better = m.fma(m.mul(first, m.constF(x, 0.5)), error, first);
    return m.select(m.isNan(better), first, better);
  });
}
