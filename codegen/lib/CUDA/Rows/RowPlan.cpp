//===- RowPlan.cpp - How GPU threads share rows ---------------------------===//
#include "RowPlan.h"
#include "Generic/RowSpec.h"
#include "mlopt/Codegen/ScalarTable.h"
#include "mlopt/Passes/KernelSignature.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlopt;

/// Accesses of a thread that may stay in registers, in values of 32 bits.
static constexpr int64_t kHeldValues = 64;
/// Threads of a block of small rows.
static constexpr int64_t kBlock = 256;
/// Elements of a part of a row that the threads of a block read side by side,
/// and of one that each thread reads alone.
static constexpr int64_t kPartAlong = 16384, kPartAcross = 256;
/// The slot of a statistic in shared memory; softmax and norms have two of them.
static constexpr int64_t kStatistics = 2;

static RankedTensorType tensorOf(Value v) { return dyn_cast<RankedTensorType>(v.getType()); }

static int64_t storageBytes(Value v) { return getElementBytes(tensorOf(v).getElementType()); }

static bool findAxes(RowPlan &plan) {
  if (!isa<SoftmaxOp, LayerNormOp, RmsNormOp, GroupNormOp, ReduceOp>(plan.hero))
    return false;
  RowSpec spec = rowSpecOf(plan.hero);
  plan.axes = spec.axes;
  plan.groupAxis = spec.groupAxis;
  plan.groups = spec.groups;
  return !plan.axes.empty();
}

/// Whether every use of the hero's result leads to the yield element by element.
static bool readInPlace(Value value, ArrayRef<SymExpr> shape, ShapeAnalysis &shapes) {
  SmallVector<Value> work = {value};
  llvm::DenseSet<Value> seen;
  while (!work.empty()) {
    Value v = work.pop_back_val();
    if (!seen.insert(v).second)
      continue;
    if (ArrayRef<SymExpr>(shapes.shapeOf(v)) != shape)
      return false;
    for (Operation *user : v.getUsers()) {
      if (user->hasTrait<mlir::OpTrait::IsTerminator>())
        continue;
      if (!user->hasTrait<mlopt::OpTrait::Elementwise>())
        return false;
      work.append(user->result_begin(), user->result_end());
    }
  }
  return true;
}

/// Whether the yielded values have shapes that the walk writes.
static bool takesResults(RowPlan &plan, KernelOp kernel, ShapeAnalysis &shapes, std::string &reason) {
  auto yield = cast<YieldOp>(kernel.getBody().front().getTerminator());
  SymShape own = shapes.shapeOf(plan.hero->getResult(0));
  bool isReduce = isa<ReduceOp>(plan.hero);
  for (Value v : yield.getValues()) {
    SymShape shape = shapes.shapeOf(v);
    if (shape != own && !(isReduce && shape == plan.shape)) {
      reason = "a result has neither the shape of the rows nor of their statistics";
      return false;
    }
  }
  if (!isReduce && !readInPlace(plan.hero->getResult(0), own, shapes)) {
    reason = "the hero's consumers move its elements";
    return false;
  }
  return true;
}

/// The innermost dimension in memory; -1 where operands differ in it.
static int64_t findLaneDim(RowPlan &plan, KernelOp kernel, ShapeAnalysis &shapes, std::string &reason) {
  int64_t rank = plan.shape.size(), dim = rank - 1;
  LayoutAttr found;
  unsigned operands = kernel.getFunctionType().getNumInputs();
  for (unsigned i = 0, n = operands + kernel.getFunctionType().getNumResults(); i < n; ++i) {
    LayoutAttr layout = layoutAt(kernel, i);
    if (!layout)
      continue;
    if (found && found != layout) {
      reason = "two layouts meet";
      return -1;
    }
    found = layout;
    int64_t inner = getPhysicalDims(layout).back().dim, block = getPhysicalDims(layout).back().modulus;
    bool isResult = i >= operands;
    SymShape shape = isResult ? shapes.shapeOf(kernel.getBody().front().getTerminator()->getOperand(i - operands))
                              : shapes.shapeOf(kernel.getBody().getArgument(i));
    if ((int64_t)shape.size() != rank || inner >= rank || block <= 0 || layout.getPerByte() > 1) {
      reason = "the layout is not one of channels";
      return -1;
    }
    if (isResult && !shape[inner].isMultipleOf(block)) {
      reason = "padding would have to be written";
      return -1;
    }
    dim = inner;
  }
  if (found && llvm::is_contained(plan.axes, dim)) {
    reason = "rows run along the blocks of a layout";
    return -1;
  }
  return dim;
}

/// Bytes of the widest element that the kernel moves with every element of a row.
static int64_t widestBytes(RowPlan &plan, KernelOp kernel, ShapeAnalysis &shapes) {
  int64_t widest = 1;
  for (BlockArgument argument : kernel.getBody().getArguments())
    if (tensorOf(argument) && numElements(kernel.getContext(), shapes.shapeOf(argument)) ==
                                  numElements(kernel.getContext(), plan.shape))
      widest = std::max(widest, storageBytes(argument));
  for (Value v : kernel.getBody().front().getTerminator()->getOperands())
    widest = std::max(widest, storageBytes(v));
  return std::max(widest, storageBytes(plan.input));
}

static void chooseLanes(RowPlan &plan, KernelOp kernel, ShapeAnalysis &shapes) {
  int64_t lanes = std::min<int64_t>(8, 16 / widestBytes(plan, kernel, shapes));
  SymExpr size = plan.shape[plan.laneDim];
  if (plan.groupAxis >= 0 && plan.laneDim == plan.groupAxis)
    size = size.floorDiv(SymExpr::constant(kernel.getContext(), std::max<int64_t>(1, plan.groups)));
  if (plan.groupAxis >= 0 && plan.laneDim == plan.groupAxis && plan.groups == 0)
    size = SymExpr::constant(kernel.getContext(), 1);
  if (plan.merged)
    size = plan.length;
  if (!size.getConstant() && !size.isMultipleOf(lanes)) {
    plan.lanes = lanes;
    plan.lanesAtRunTime = lanes > 1;
    return;
  }
  while (lanes > 1 && !size.isMultipleOf(lanes))
    lanes /= 2;
  plan.lanes = lanes;
}

static int64_t powerOf2(int64_t v) { return llvm::PowerOf2Ceil(std::max<int64_t>(1, v)); }

static void shareAlong(RowPlan &plan, const TargetDescription &target) {
  std::optional<int64_t> length = plan.length.getConstant(), rows = plan.rows.getConstant();
  int64_t vectors = (length.value_or(1024) + plan.lanes - 1) / plan.lanes;
  int64_t held = kHeldValues / plan.lanes;
  if (vectors <= 32)
    plan.width = powerOf2(vectors);
  else if (vectors <= 32 * held && !(rows && *rows * 32 < target.gpu->processors * 256))
    plan.width = 32;
  else
    plan.width = std::clamp<int64_t>(powerOf2((vectors + held / 2 - 1) / (held / 2)), 64, 1024);
  plan.height = plan.width <= 32 ? kBlock / plan.width : 1;
  // Few rows make small blocks, so that every multiprocessor has some.
  while (plan.height > 1 && plan.threads() > 64 && rows && *rows < plan.height * target.gpu->processors)
    plan.height /= 2;
  int64_t turns = (vectors + plan.width - 1) / plan.width;
  if (length && turns <= held)
    plan.turns = std::max<int64_t>(1, turns);
}

static void shareAcross(RowPlan &plan, const TargetDescription &target) {
  std::optional<int64_t> side = plan.shape[plan.laneDim].getConstant(), length = plan.length.getConstant();
  int64_t groups = side ? (*side + plan.lanes - 1) / plan.lanes : 32;
  plan.width = std::min<int64_t>(32, powerOf2(groups));
  // Slices of a row where there are too few rows to keep all threads of the device busy.
  std::optional<int64_t> rows = plan.rows.getConstant();
  int64_t wanted = target.gpu->processors * 1024 * plan.lanes;
  int64_t slices = kBlock / plan.width;
  if (rows && *rows >= wanted)
    slices = std::max<int64_t>(1, 128 / plan.width);
  bool busy = rows && *rows >= wanted;
  plan.height = busy ? 1 : std::min<int64_t>(slices, length ? powerOf2((*length + 3) / 4) : slices);
  if (busy)
    plan.width = std::min<int64_t>(128, powerOf2(groups));
  // A warp is whole at least.
  while (plan.threads() < 32)
    plan.height *= 2;
}

/// Cuts long rows of a reduction with few of them.
static void cutRows(RowPlan &plan, KernelOp kernel, ShapeAnalysis &shapes, const TargetDescription &target) {
  auto op = dyn_cast<ReduceOp>(plan.hero);
  if (!op || !isa<FloatType>(computeType(plan.element)))
    return;
  for (Value v : kernel.getBody().front().getTerminator()->getOperands())
    if (shapes.shapeOf(v) != shapes.shapeOf(op.getResult()))
      return;
  std::optional<int64_t> rows = plan.rows.getConstant(), length = plan.length.getConstant();
  if (!rows)
    return;
  int64_t part = plan.across ? kPartAcross : kPartAlong;
  int64_t blocks = plan.across ? *rows / std::max<int64_t>(1, plan.width * plan.lanes) : *rows / plan.height;
  if (blocks * 2 > target.gpu->processors || (length && *length < 2 * part))
    return;
  plan.part = part;
  plan.parts = plan.length.ceilDiv(part);
  plan.turns = 0;
  if (!plan.across) {
    plan.width = kBlock;
    plan.height = 1;
  }
}

static void fillLaunches(RowPlan &plan) {
  MLIRContext *context = plan.hero->getContext();
  SymExpr blocks;
  int64_t bytes = std::max<int64_t>(4, getElementBytes(computeType(plan.element)));
  int64_t shared = 0;
  if (plan.across) {
    SymExpr groups = SymExpr::constant(context, 1);
    for (int64_t d : plan.kept)
      groups = groups * (d == plan.laneDim && !plan.lanesAtRunTime ? plan.shape[d].ceilDiv(plan.lanes) : plan.shape[d]);
    blocks = groups.ceilDiv(plan.width);
    shared = plan.height > 1 ? kStatistics * plan.threads() * plan.lanes * bytes : 0;
  } else {
    blocks = plan.rows.ceilDiv(plan.height);
    shared = plan.width > 32 ? kStatistics * 32 * bytes : 0;
  }
  if (plan.part)
    blocks = blocks * plan.parts;
  plan.launches.push_back(makeGpuLaunch(blocks, plan.threads(), shared));
  // The sums of the parts: a warp's threads take results side by side.
  if (plan.part)
    plan.launches.push_back(makeGpuLaunch(plan.rows.ceilDiv(32), kBlock, kBlock * bytes));
}

std::optional<RowPlan> mlopt::planRows(KernelOp kernel, ShapeAnalysis &shapes, const TargetDescription &target,
                                       std::string &reason) {
  RowPlan plan;
  plan.hero = kernel.getHeroOp();
  if (!plan.hero || plan.hero->getNumOperands() == 0 || !tensorOf(plan.hero->getOperand(0))) {
    reason = "no hero with rows";
    return std::nullopt;
  }
  plan.input = plan.hero->getOperand(0);
  plan.element = tensorOf(plan.input).getElementType();
  plan.shape = shapes.shapeOf(plan.input);
  if (!findAxes(plan)) {
    reason = "the hero has no rows";
    return std::nullopt;
  }
  if (plan.element.isInteger(1)) {
    reason = "rows of bool";
    return std::nullopt;
  }
  if (!takesResults(plan, kernel, shapes, reason))
    return std::nullopt;
  plan.laneDim = findLaneDim(plan, kernel, shapes, reason);
  if (plan.laneDim < 0)
    return std::nullopt;

  MLIRContext *context = kernel.getContext();
  plan.length = plan.rows = SymExpr::constant(context, 1);
  for (int64_t i = 0, rank = plan.shape.size(); i < rank; ++i) {
    if (llvm::is_contained(plan.axes, i)) {
      plan.length = plan.length * plan.shape[i];
      continue;
    }
    plan.kept.push_back(i);
    plan.rows = plan.rows * plan.shape[i];
  }
  if (plan.groupAxis >= 0) {
    SymExpr channels = plan.shape[plan.groupAxis];
    SymExpr groups = plan.groups ? SymExpr::constant(context, plan.groups) : channels;
    SymExpr channelsOfGroup = plan.groups ? channels.floorDiv(plan.groups) : SymExpr::constant(context, 1);
    plan.length = channelsOfGroup;
    for (int64_t i = 2, rank = plan.shape.size(); i < rank; ++i)
      plan.length = plan.length * plan.shape[i];
    plan.rows = plan.rows * groups;
  }
  plan.across = !llvm::is_contained(plan.axes, plan.laneDim);
  // The last axes of a row-major operand are one run of memory.
  if (auto reduce = dyn_cast<ReduceOp>(plan.hero); reduce && !plan.across && isa<BlockArgument>(plan.input))
    plan.merged = plan.axes.size() > 1 && plan.axes.front() + plan.axes.size() == plan.shape.size() &&
                  llvm::all_of(kernel.getBody().front().getTerminator()->getOperands(), [&](Value v) {
                    return shapes.shapeOf(v) == shapes.shapeOf(reduce.getResult());
                  });
  chooseLanes(plan, kernel, shapes);
  if (plan.across)
    shareAcross(plan, target);
  else
    shareAlong(plan, target);
  cutRows(plan, kernel, shapes, target);
  fillLaunches(plan);
  return plan;
}
