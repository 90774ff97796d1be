//===- AttentionPlan.cpp - Blocks of an attention -------------------------===//
#include "AttentionPlan.h"
#include "mlopt/IR/Layout.h"
#include "mlopt/Passes/KernelSignature.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlopt;

/// Longer rows would take more registers than a thread has.
static constexpr int64_t kMaxDepth = 256;
/// Elements of a row of queries whose fragments stay in registers.
static constexpr int64_t kHeldDepth = 128;

int64_t AttentionPlan::paddedDepth() const { return llvm::alignTo(depth, 16); }
int64_t AttentionPlan::paddedValueDepth() const { return llvm::alignTo(valueDepth, 16); }

int64_t AttentionPlan::registers() const {
  int64_t sums = paddedValueDepth() / 2, scores = keyTile / 2, queries = heldQueries ? paddedDepth() / 4 : 8;
  // Narrow copies are many, each with its address.
  int64_t copies = copyBytes(depth) == 16 && copyBytes(valueDepth) == 16 ? 0 : 32;
  return llvm::alignTo(sums + scores + queries + copies + 112, 8);
}

int64_t AttentionPlan::blocksPerProcessor(const GpuDescription &gpu) const {
  int64_t byShared = gpu.processorSharedBytes / (sharedBytes() + 1024), byRegisters = gpu.registers / (registers() * threads());
  return std::clamp<int64_t>(std::min(byShared, byRegisters), 1, 16);
}

int64_t AttentionPlan::copyBytes(int64_t elements) const {
  for (int64_t bytes : {16, 8, 4})
    if (elements * elementBytes % bytes == 0)
      return bytes;
  return 0;
}

/// Whether what follows the hero changes elements where they are.
static bool takesResults(KernelOp kernel, AttentionOp op, ShapeAnalysis &shapes, std::string &reason) {
  SymShape out = shapes.shapeOf(op.getResult());
  unsigned inputs = kernel.getFunctionType().getNumInputs();
  for (auto [i, v] : llvm::enumerate(kernel.getBody().front().getTerminator()->getOperands()))
    if (shapes.shapeOf(v) != out || layoutAt(kernel, inputs + i)) {
      reason = "expects row-major results of the attention's shape";
      return false;
    }
  llvm::SetVector<Operation *> users;
  users.insert(op->user_begin(), op->user_end());
  for (size_t i = 0; i < users.size(); ++i) {
    Operation *user = users[i];
    if (user->hasTrait<mlir::OpTrait::IsTerminator>())
      continue;
    if (!user->hasTrait<mlopt::OpTrait::Elementwise>()) {
      reason = "expects elementwise operations behind the attention, got " + user->getName().getStringRef().str();
      return false;
    }
    users.insert(user->user_begin(), user->user_end());
  }
  return true;
}

std::optional<AttentionPlan> mlopt::planAttention(KernelOp kernel, ShapeAnalysis &shapes,
                                                  const TargetDescription &target, std::string &reason) {
  auto op = dyn_cast_or_null<AttentionOp>(kernel.getHeroOp());
  auto refuse = [&](const Twine &why) {
    reason = why.str();
    return std::nullopt;
  };
  if (!op)
    return refuse("its hero is no attention");
  AttentionPlan plan;
  plan.element = cast<RankedTensorType>(op.getQuery().getType()).getElementType();
  if (!plan.element.isF32() && !plan.element.isF16() && !plan.element.isBF16())
    return refuse("expects f32, f16 or bf16 operands");
  for (Value v : {op.getQuery(), op.getKey(), op.getValue()}) {
    auto argument = dyn_cast<BlockArgument>(v);
    if (!argument || layoutAt(kernel, argument.getArgNumber()))
      return refuse("expects row-major queries, keys and values from outside the kernel");
  }
  if (auto mask = dyn_cast<RankedTensorType>(op.getMask().getType()))
    if (mask.getElementType() != plan.element && !mask.getElementType().isInteger(1))
      return refuse("expects a mask of the operands' type or bool");
  if (!takesResults(kernel, op, shapes, reason))
    return std::nullopt;

  auto logical = [&](Value v, unsigned which) {
    SymShape s = shapes.shapeOf(v);
    if (op.isSequenceMajor(which))
      std::swap(s[1], s[2]);
    return s;
  };
  SymShape q = logical(op.getQuery(), 0), k = logical(op.getKey(), 1), v = logical(op.getValue(), 2);
  plan.batch = q[0];
  plan.heads = q[1];
  plan.queries = q[2];
  plan.keyHeads = k[1];
  plan.keys = k[2];
  std::optional<int64_t> depth = q[3].getConstant(), valueDepth = v[3].getConstant();
  if (!depth || !valueDepth || *depth < 1 || *valueDepth < 1 || *depth > kMaxDepth || *valueDepth > kMaxDepth)
    return refuse("expects rows of a known size of at most " + Twine(kMaxDepth) + " elements");
  plan.depth = *depth;
  plan.valueDepth = *valueDepth;
  plan.elementBytes = getElementBytes(plan.element);
  plan.tensorCores = !plan.element.isF32();
  plan.heldQueries = plan.tensorCores && plan.paddedDepth() <= kHeldDepth;
  plan.keyTile = plan.tensorCores && plan.paddedDepth() <= 128 && plan.paddedValueDepth() <= 128 ? 64 : 32;
  // Few queries need few warps.
  if (std::optional<int64_t> queries = plan.queries.getConstant())
    while (plan.warps > 1 && plan.queryTile() / 2 >= *queries)
      plan.warps /= 2;
  while (plan.sharedBytes() > target.gpu->sharedBytes && plan.keyTile > 16)
    plan.keyTile /= 2;
  if (plan.sharedBytes() > target.gpu->sharedBytes)
    return refuse("rows do not fit shared memory");
  plan.launch = makeGpuLaunch(plan.queries.ceilDiv(plan.queryTile()) * plan.batch * plan.heads, plan.threads(),
                              plan.sharedBytes());
  return plan;
}
