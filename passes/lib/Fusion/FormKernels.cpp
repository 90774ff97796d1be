//===- FormKernels.cpp - Which operations share a kernel ------------------===//
//
// Heroes first take the elementwise operations after them (bias, activation,
// residual: the epilogue, applied to accumulators before the store), then row
// heroes take elementwise producers. What is left is grouped by consumer. A
// value with a use outside of its group ends the group, so launches stay
// acyclic: a group runs where its last operation stood.
//
//===----------------------------------------------------------------------===//
#include "mlopt/Passes/Fusion/Fusion.h"
#include "mlir/IR/Remarks.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlopt;

OpRole mlopt::classify(Operation *op) {
  if (op->hasTrait<mlir::OpTrait::IsTerminator>() || isa<DimOp, ElementOp, NoneOp, LaunchOp>(op) ||
      isa<arith::ArithDialect>(op->getDialect()))
    return OpRole::Host;
  if (isa<ConstantOp, GetParameterOp>(op))
    return OpRole::Constant;
  if (isa<ReshapeOp>(op))
    return OpRole::View;
  // Packing of a parameter is done by the weights writer.
  if (auto relayout = dyn_cast<RelayoutOp>(op))
    return isa_and_nonnull<GetParameterOp, ConstantOp>(relayout.getInput().getDefiningOp())
               ? OpRole::Constant
               : OpRole::Hero;
  if (op->hasTrait<mlopt::OpTrait::Elementwise>() || isa<BroadcastOp, SliceOp, IotaOp>(op))
    return OpRole::Pointwise;
  return OpRole::Hero;
}

Hero mlopt::heroOf(Operation *op) {
  return llvm::TypeSwitch<Operation *, Hero>(op)
      .Case<MatmulOp>([](auto) { return Hero::contraction; })
      .Case<ConvOp, ConvTransposeOp>([](auto) { return Hero::convolution; })
      .Case<PoolOp, MaxPoolWithIndicesOp>([](auto) { return Hero::pool; })
      .Case<ReduceOp, ArgReduceOp>([](auto) { return Hero::reduction; })
      .Case<BatchNormOp, LayerNormOp, RmsNormOp, GroupNormOp, LrnOp>(
          [](auto) { return Hero::normalization; })
      .Case<SoftmaxOp>([](auto) { return Hero::softmax; })
      .Case<AttentionOp>([](auto) { return Hero::attention; })
      .Case<TransposeOp>([](auto) { return Hero::transpose; })
      .Case<ConcatOp, PadOp, RelayoutOp, FromSizesOp>([](auto) { return Hero::copy; })
      .Case<GatherOp, GatherElementsOp, GatherNdOp>([](auto) { return Hero::gather; })
      .Case<ScatterElementsOp, ScatterNdOp>([](auto) { return Hero::scatter; })
      .Case<CumulativeOp>([](auto) { return Hero::scan; })
      .Case<TopKOp>([](auto) { return Hero::sort; })
      .Case<LstmOp, GruOp, RnnOp>([](auto) { return Hero::recurrent; })
      .Case<ResizeOp>([](auto) { return Hero::resize; })
      .Default([](auto) { return Hero::elementwise; });
}

namespace {

/// Most operations in one kernel: keeps compile time and register pressure flat.
constexpr size_t maxOps = 48;

class Former {
public:
  Former(func::FuncOp function, ShapeAnalysis &shapes, bool fuse)
      : function(function), shapes(shapes), fuse(fuse) {}

  std::vector<KernelGroup> run() {
    SmallVector<Operation *> order;
    for (Operation &op : function.getBody().front()) {
      position[&op] = order.size();
      order.push_back(&op);
    }
    for (Operation *op : order)
      if (classify(op) == OpRole::Hero) {
        unsigned g = newGroup(op);
        if (fuse)
          takeEpilogue(g);
      }
    if (fuse)
      for (Operation *op : order)
        if (classify(op) == OpRole::Hero && takesProducers(op))
          takeProducers(groupOf[op]);
    for (Operation *op : llvm::reverse(order)) {
      if (classify(op) != OpRole::Pointwise || groupOf.contains(op))
        continue;
      unsigned g = newGroup(op);
      if (fuse)
        takeProducers(g);
    }
    for (KernelGroup &group : groups)
      llvm::sort(group.ops, [&](Operation *a, Operation *b) { return position[a] < position[b]; });
    // In order of their launches.
    llvm::sort(groups, [&](const KernelGroup &a, const KernelGroup &b) {
      return position[a.ops.back()] < position[b.ops.back()];
    });
    return std::move(groups);
  }

private:
  unsigned newGroup(Operation *op) {
    groupOf[op] = groups.size();
    groups.push_back({op, {op}});
    return groups.size() - 1;
  }

  void add(unsigned g, Operation *op) {
    groupOf[op] = g;
    groups[g].ops.push_back(op);
  }

  void refuse(Operation *op, const Twine &reason) {
    remark::missed(op->getLoc(), remark::RemarkOpts::name("fusion").category("fuse"))
        << op->getName().getStringRef().str() << " not fused: " << reason.str();
  }

  /// Row heroes compute a producer's element once per pass over the row, so an
  /// elementwise producer costs less than its trip through memory.
  static bool takesProducers(Operation *hero) {
    return isa<ReduceOp, SoftmaxOp, LayerNormOp, RmsNormOp, ArgReduceOp>(hero);
  }

  /// Whether an epilogue may follow: one result whose elements are written once.
  static bool takesEpilogue(Operation *hero) {
    return hero->getNumResults() == 1 &&
           !isa<RelayoutOp, ScatterElementsOp, ScatterNdOp, CumulativeOp, FromSizesOp>(hero);
  }

  /// Extends the group forward along single uses of the same shape.
  void takeEpilogue(unsigned g) {
    if (!takesEpilogue(groups[g].hero))
      return;
    Value value = groups[g].hero->getResult(0);
    while (groups[g].ops.size() < maxOps) {
      if (value.use_empty())
        return;
      Operation *user = *value.user_begin();
      // Two uses by one operation (x * x) are one use.
      if (!llvm::all_of(value.getUsers(), [&](Operation *u) { return u == user; }))
        return extendDiamond(g, value);
      if (!isEpilogue(user, value) || groupOf.contains(user))
        return;
      add(g, user);
      value = user->getResult(0);
    }
  }

  bool isEpilogue(Operation *user, Value value) {
    return user->hasTrait<mlopt::OpTrait::Elementwise>() && user->getNumResults() == 1 &&
           shapes.shapeOf(user->getResult(0)) == shapes.shapeOf(value);
  }

  /// A value used by several elementwise operations that meet again in one
  /// (x * sigmoid(x), x * clip(x + 3) / 6): takes them all or none.
  void extendDiamond(unsigned g, Value value) {
    SetVector<Operation *> region;
    SmallVector<Value> frontier = {value};
    Value exit;
    while (!frontier.empty()) {
      // The frontier value that is earliest in the program.
      auto it = llvm::min_element(frontier, [&](Value a, Value b) {
        return positionOf(a) < positionOf(b);
      });
      Value v = *it;
      frontier.erase(it);
      bool last = frontier.empty() && v != value &&
                  llvm::all_of(v.getUsers(), [&](Operation *u) { return !region.contains(u); });
      if (last) {
        exit = v;
        break;
      }
      for (Operation *user : v.getUsers()) {
        if (region.contains(user))
          continue;
        if (!isEpilogue(user, value) || groupOf.contains(user) ||
            region.size() + groups[g].ops.size() >= maxOps)
          return refuse(user, "its operand has other uses that do not meet again");
        region.insert(user);
        frontier.push_back(user->getResult(0));
      }
    }
    if (!exit)
      return;
    for (Operation *op : region)
      add(g, op);
    if (exit.use_empty())
      return;
    // Go on behind the meeting point.
    continueEpilogue(g, exit);
  }

  void continueEpilogue(unsigned g, Value value) {
    while (groups[g].ops.size() < maxOps && !value.use_empty()) {
      Operation *user = *value.user_begin();
      if (!llvm::all_of(value.getUsers(), [&](Operation *u) { return u == user; }))
        return extendDiamond(g, value);
      if (!isEpilogue(user, value) || groupOf.contains(user))
        return;
      add(g, user);
      value = user->getResult(0);
    }
  }

  size_t positionOf(Value v) {
    Operation *op = v.getDefiningOp();
    return op ? position[op] : 0;
  }

  /// Extends the group backward over pointwise operations used only inside it.
  void takeProducers(unsigned g) {
    bool changed = true;
    while (changed && groups[g].ops.size() < maxOps) {
      changed = false;
      for (size_t i = 0; i < groups[g].ops.size() && !changed; ++i)
        for (Value operand : groups[g].ops[i]->getOperands()) {
          Operation *producer = operand.getDefiningOp();
          if (!producer || groupOf.contains(producer) ||
              classify(producer) != OpRole::Pointwise)
            continue;
          if (!llvm::all_of(producer->getUsers(), [&](Operation *u) {
                auto it = groupOf.find(u);
                return it != groupOf.end() && it->second == g;
              })) {
            refuse(producer, "it has uses in other kernels");
            continue;
          }
          if (repeatsWork(producer, groups[g].ops[i])) {
            refuse(producer, "it would be computed once per element of a larger result");
            continue;
          }
          add(g, producer);
          changed = true;
          break;
        }
    }
  }

  /// An operation of some cost whose value is broadcast would be recomputed.
  bool repeatsWork(Operation *producer, Operation *consumer) {
    if (isa<BroadcastOp, IotaOp, SliceOp, CastOp>(producer))
      return false;
    if (!consumer->hasTrait<mlopt::OpTrait::Elementwise>() && !takesProducers(consumer))
      return !isa<BroadcastOp, SliceOp>(consumer);
    Value result = producer->getResult(0);
    Value against = takesProducers(consumer) ? consumer->getOperand(0) : consumer->getResult(0);
    if (takesProducers(consumer) && result != consumer->getOperand(0))
      return true;
    return shapes.shapeOf(result) != shapes.shapeOf(against);
  }

  func::FuncOp function;
  ShapeAnalysis &shapes;
  bool fuse;
  llvm::DenseMap<Operation *, size_t> position;
  llvm::DenseMap<Operation *, unsigned> groupOf;
  std::vector<KernelGroup> groups;
};

} // namespace

std::vector<KernelGroup> mlopt::formKernels(func::FuncOp function, ShapeAnalysis &shapes,
                                            bool fuse) {
  return Former(function, shapes, fuse).run();
}
