//===- TransposePlan.cpp - Tiles that turn over in shared memory ----------===//
#include "TransposePlan.h"
#include "mlopt/IR/Layout.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::cuda;

/// Sides that are known to be shorter are not worth a tile: most of it would be empty.
static constexpr int64_t kLeastSide = 8;
/// Without a larger share, which every architecture grants.
static constexpr int64_t kMostShared = 48 * 1024;

SymExpr TransposePlan::tiles(MLIRContext *context) const {
  SymExpr count = SymExpr::constant(context, 1);
  for (auto [d, size] : llvm::enumerate(kernel.sizes))
    count = count * (d == across || d + 1 == kernel.sizes.size() ? size.ceilDiv(side()) : size);
  return count;
}

int64_t TransposePlan::cellBytes(const StridedRead &read) const {
  return std::max<int64_t>(4, group * getElementBytes(read.element));
}

std::optional<TransposePlan> cuda::planTranspose(KernelOp kernel, ShapeAnalysis &shapes,
                                                 const TargetDescription &target, std::string &reason) {
  auto refuse = [&](const Twine &why) {
    reason = why.str();
    return std::nullopt;
  };
  std::optional<StridedKernel> strided = analyzeStrided(kernel, shapes, reason);
  if (!strided)
    return std::nullopt;
  TransposePlan plan;
  plan.kernel = std::move(*strided);
  const StridedKernel &s = plan.kernel;
  size_t rank = s.sizes.size();
  std::optional<size_t> across;
  int64_t widest = 1;
  for (const StridedRead &r : s.reads) {
    bool direct = r.isUniform() || r.strides.back().isConstant(0) || r.strides.back().isConstant(1);
    plan.turned.push_back(!direct);
    if (direct)
      continue;
    std::optional<size_t> unit;
    for (size_t d = 0; d + 1 < rank; ++d)
      if (r.strides[d].isConstant(1))
        unit = d;
    if (!unit)
      return refuse("an operand has no dimension along which its elements are neighbours");
    if (across && *across != *unit)
      return refuse("its operands lie along different dimensions");
    across = unit;
    widest = std::max(widest, getElementBytes(r.element));
  }
  if (!across)
    return refuse("every operand lies along the result's last dimension");
  plan.across = *across;
  for (SymExpr size : {s.sizes[plan.across], s.sizes.back()})
    if (size.getConstant().value_or(kLeastSide) < kLeastSide)
      return refuse("a side of its tiles has less than 8 elements");
  plan.group = std::max<int64_t>(1, 4 / widest);

  // Accesses of whole groups want every other stride to keep their alignment.
  auto keeps = [&](SymExpr e) { return e.isMultipleOf(plan.group); };
  plan.wholeIn = keeps(s.sizes[plan.across]);
  plan.wholeOut = keeps(s.sizes.back());
  for (auto [i, r] : llvm::enumerate(s.reads)) {
    if (r.isUniform() || r.strides.back().isConstant(0))
      continue;
    size_t along = plan.turned[i] ? plan.across : rank - 1;
    bool &whole = plan.turned[i] ? plan.wholeIn : plan.wholeOut;
    whole &= keeps(r.offset);
    for (size_t d = 0; d < rank; ++d)
      whole &= d == along || keeps(r.strides[d]);
  }
  for (auto [i, r] : llvm::enumerate(s.reads)) {
    plan.tileAt.push_back(plan.turned[i] ? plan.sharedBytes : -1);
    if (plan.turned[i])
      plan.sharedBytes += plan.side() * 32 * plan.cellBytes(r);
  }
  if (plan.sharedBytes > kMostShared)
    return refuse("the tiles of its operands need more than 48 KiB of shared memory");
  return plan;
}
