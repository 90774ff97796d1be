//===- FormKernels.cpp - Which operations share a kernel ------------------===//
//
// Heroes first take the elementwise operations after them (bias, activation,
// residual: the epilogue, applied to accumulators before the store), then row
// heroes take elementwise producers. What is left is grouped by consumer, and
// groups that read the same tensor are joined. A group runs where its last
// operation stood. Launches stay acyclic because each stands behind those that it
// reads from: a value with uses outside of its group stays in it, as one more
// result, only where all of them stand behind the group's end.
//
//===----------------------------------------------------------------------===//
#include "mlopt/Passes/Fusion/Fusion.h"
#include "mlopt/Passes/FlatSlice.h"
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
  auto slice = dyn_cast<SliceOp>(op);
  if (isa<ReshapeOp>(op) || (slice && isFlatSlice(slice)))
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
      .Case<MatmulOp, IntegerMatmulOp, DequantizedMatmulOp>([](auto) { return Hero::contraction; })
      .Case<ConvOp, ConvTransposeOp, IntegerConvOp>([](auto) { return Hero::convolution; })
      .Case<PoolOp, MaxPoolWithIndicesOp, FoldOp>([](auto) { return Hero::pool; })
      .Case<ReduceOp, ArgReduceOp>([](auto) { return Hero::reduction; })
      .Case<BatchNormOp, LayerNormOp, RmsNormOp, GroupNormOp, LrnOp>(
          [](auto) { return Hero::normalization; })
      .Case<SoftmaxOp>([](auto) { return Hero::softmax; })
      .Case<AttentionOp>([](auto) { return Hero::attention; })
      .Case<TransposeOp>([](auto) { return Hero::transpose; })
      .Case<ConcatOp, PadOp, RelayoutOp, FromSizesOp, UnfoldOp>([](auto) { return Hero::copy; })
      .Case<GatherOp, GatherElementsOp, GatherNdOp>([](auto) { return Hero::gather; })
      .Case<ScatterElementsOp, ScatterNdOp>([](auto) { return Hero::scatter; })
      .Case<CumulativeOp>([](auto) { return Hero::scan; })
      .Case<TopKOp>([](auto) { return Hero::sort; })
      .Case<LstmOp, GruOp, RnnOp>([](auto) { return Hero::recurrent; })
      .Case<ResizeOp>([](auto) { return Hero::resize; })
      .Default([](auto) { return Hero::elementwise; });
}

bool mlopt::takesEpilogue(Operation *hero) {
  // The parts of a flat concatenation are written in place by their own kernels.
  auto concat = dyn_cast<ConcatOp>(hero);
  return hero->getNumResults() == 1 && !(concat && concat.getType().getRank() == 1) &&
         !isa<RelayoutOp, ScatterElementsOp, ScatterNdOp, CumulativeOp, FromSizesOp>(hero);
}

namespace {

/// Most operations in one kernel: keeps compile time and register pressure flat.
constexpr size_t maxOps = 48;
/// Most tensors that a joined kernel reads and writes side by side.
constexpr size_t maxStreams = 16;

/// Row heroes compute a producer's element once per pass over the row, and a fold
/// reads a window element at most once, so an elementwise producer costs less than
/// its trip through memory.
bool takesProducers(Operation *hero) {
  return isa<ReduceOp, SoftmaxOp, LayerNormOp, RmsNormOp, ArgReduceOp, FoldOp>(hero);
}

/// Whether the reader of a dequantized tensor can have the `dequantize` in its kernel.
bool dequantizesItself(OpOperand &use) {
  Operation *user = use.getOwner();
  return classify(user) == OpRole::Pointwise || (takesProducers(user) && use.getOperandNumber() == 0);
}

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
        if (fuse) {
          takeFilling(g);
          takeEpilogue(g);
          takeRowQuantize(g);
          giveBackDequantize(g);
          takeSideProducers(g);
        }
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
    if (fuse)
      joinSiblings();
    llvm::erase_if(groups, [](const KernelGroup &group) { return group.ops.empty(); });
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

  /// A scatter that begins with one number everywhere writes it itself.
  void takeFilling(unsigned g) {
    Operation *hero = groups[g].hero;
    if (!isa<ScatterElementsOp, ScatterNdOp>(hero))
      return;
    auto fill = hero->getOperand(0).getDefiningOp<BroadcastOp>();
    if (!fill || !fill->hasOneUse() || groupOf.contains(fill))
      return;
    auto constant = fill.getInput().getDefiningOp<ConstantOp>();
    auto dense = constant ? dyn_cast<DenseElementsAttr>(constant.getValue()) : DenseElementsAttr();
    if (dense && dense.isSplat())
      add(g, fill);
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

  /// A statistic of rows (their largest magnitude) and the rows quantized by it: the kernel reads a
  /// row, and while it is in the nearest cache again, and writes the integers as a further result.
  /// Takes the elementwise operations between the two, and those of one number per row.
  void takeRowQuantize(unsigned g) {
    auto reduce = dyn_cast<ReduceOp>(groups[g].hero);
    SymShape whole = reduce ? shapes.shapeOf(reduce.getInput()) : SymShape();
    if (!reduce || !reduce.getKeepdims() || reduce.getAxes().size() != 1 ||
        reduce.getAxes()[0] + 1 != static_cast<int64_t>(whole.size()) || isInLayout(reduce.getInput()))
      return;
    SymShape narrow = shapes.shapeOf(reduce.getResult());
    if (narrow == whole)
      return;
    SetVector<Operation *> region(groups[g].ops.begin(), groups[g].ops.end());
    for (size_t i = 0; i < region.size() && region.size() <= maxOps; ++i)
      if (SymShape from = shapes.shapeOf(region[i]->getResult(0)); from == narrow || from == whole)
        for (Operation *user : region[i]->getUsers())
          if (!groupOf.contains(user) && (isEpilogue(user, reduce.getInput()) || isEpilogue(user, reduce)) &&
              !isa<QuantizeOp>(region[i]) && llvm::all_of(user->getOperands(), [&](Value v) {
                Operation *maker = v.getDefiningOp();
                return !isInLayout(v) && (!maker || region.contains(maker) || classify(maker) == OpRole::Constant ||
                                          isa<NoneOp>(maker) || position[maker] < position[reduce]);
              }))
            region.insert(user);
    size_t end = 0;
    for (Operation *op : region)
      end = std::max(end, position[op]);
    bool quantizes = false;
    for (Operation *op : region) {
      bool isResult = false;
      for (Operation *user : op->getUsers())
        if (!region.contains(user)) {
          isResult = true;
          if (endOf(user) <= end)
            return;
        }
      // The rows themselves stay in memory in one form only.
      auto quantize = dyn_cast<QuantizeOp>(op);
      if (shapes.shapeOf(op->getResult(0)) == whole && (quantize ? !quantize.getTo().isInteger(8) : isResult))
        return;
      quantizes |= quantize && shapes.shapeOf(quantize) == whole;
    }
    if (!quantizes || region.size() > maxOps)
      return;
    for (Operation *op : region)
      if (!isIn(op, g))
        add(g, op);
  }

  static bool isInLayout(Value v) {
    Operation *maker = v.getDefiningOp();
    auto relayout = dyn_cast_or_null<RelayoutOp>(maker);
    return maker && (maker->hasAttr("mlopt.result_layout") || (relayout && relayout.getLayoutAttr()));
  }

  /// Integers in memory take less room than what they stand for: who can dequantizes what it reads.
  void giveBackDequantize(unsigned g) {
    SmallVector<Operation *> &ops = groups[g].ops;
    while (ops.size() > 1 && isa<DequantizeOp>(ops.back()) &&
           llvm::all_of(ops.back()->getUses(), [&](OpOperand &use) {
             return !isIn(use.getOwner(), g) && dequantizesItself(use);
           })) {
      groupOf.erase(ops.back());
      ops.pop_back();
    }
  }

  /// Other operands of the epilogue that are read as fewer bytes than they are written: dequantized
  /// tensors, and sums and products of the result's size of what is broadcast.
  void takeSideProducers(unsigned g) {
    SymShape whole = shapes.shapeOf(groups[g].hero->getResult(0));
    auto isWhole = [&](Value v) { return isa<RankedTensorType>(v.getType()) && shapes.shapeOf(v) == whole; };
    for (size_t i = 0; i < groups[g].ops.size(); ++i)
      for (Value operand : groups[g].ops[i]->getOperands()) {
        Operation *op = operand.getDefiningOp();
        if (groups[g].ops[i] == groups[g].hero || !op || groupOf.contains(op) || groups[g].ops.size() >= maxOps ||
            !llvm::all_of(op->getUsers(), [&](Operation *user) { return isIn(user, g); }))
          continue;
        // Corrections for a zero point that the run gives: one more operation beside a whole sum of products.
        bool isCorrection = isa<IntegerMatmulOp, IntegerConvOp>(groups[g].hero) && isa<MulOp, CastOp>(op) &&
                            getElementTypeOrSelf(operand.getType()).isSignlessInteger(32);
        bool isBroadcast = (isCorrection || (isa<AddOp, SubOp, MulOp>(op) && isWhole(operand))) &&
                           llvm::none_of(op->getOperands(), isWhole);
        if (isBroadcast || isa<DequantizeOp>(op))
          add(g, op);
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
          if (!llvm::all_of(producer->getUsers(),
                            [&](Operation *u) { return isIn(u, g); }) &&
              !mayBeResult(producer, groups[g].ops[i], g)) {
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

  bool isIn(Operation *op, unsigned g) {
    auto it = groupOf.find(op);
    return it != groupOf.end() && it->second == g;
  }

  /// Where the operation will run: at the end of its group.
  size_t endOf(Operation *op) {
    auto it = groupOf.find(op);
    return it == groupOf.end() ? position[op] : endOf(it->second);
  }
  size_t endOf(unsigned g) {
    size_t end = 0;
    for (Operation *op : groups[g].ops)
      end = std::max(end, position[op]);
    return end;
  }

  /// Whether the elements of both are written in one walk.
  bool walkTogether(Operation *a, Operation *b) {
    constexpr StringLiteral layout = "mlopt.result_layout";
    return a->hasTrait<mlopt::OpTrait::Elementwise>() &&
           b->hasTrait<mlopt::OpTrait::Elementwise>() && a->getNumResults() == 1 &&
           b->getNumResults() == 1 && a->getAttr(layout) == b->getAttr(layout) &&
           shapes.shapeOf(a->getResult(0)) == shapes.shapeOf(b->getResult(0));
  }

  /// Whether the group reads elements where it writes them: its results may overwrite
  /// operands, which is worth more than a launch.
  bool readsInOrder(unsigned g) {
    return llvm::none_of(groups[g].ops, [](Operation *op) { return isa<SliceOp>(op); });
  }

  /// Whether a group of elementwise operations may take a producer of one of them
  /// that others read as well, as a further result: that spares it being read back.
  bool mayBeResult(Operation *producer, Operation *consumer, unsigned g) {
    size_t end = endOf(g);
    return walkTogether(producer, groups[g].hero) && walkTogether(producer, consumer) &&
           readsInOrder(g) &&
           llvm::all_of(producer->getUsers(),
                        [&](Operation *u) { return isIn(u, g) || endOf(u) > end; });
  }

  /// Joins elementwise groups that read the same tensor, or one what the other makes:
  /// it is then read once, or not at all.
  void joinSiblings() {
    for (unsigned later = 0; later < groups.size(); ++later)
      for (bool joined = true; joined;) {
        joined = false;
        if (groups[later].ops.empty() || !walkTogether(groups[later].hero, groups[later].hero))
          break;
        for (Value value : operandsOf(later)) {
          SmallVector<Operation *> others(value.user_begin(), value.user_end());
          if (Operation *maker = value.getDefiningOp())
            others.push_back(maker);
          for (Operation *other : others) {
            auto it = groupOf.find(other);
            if (it == groupOf.end() || it->second == later || !mayJoin(it->second, later))
              continue;
            unsigned earlier = it->second;
            for (Operation *op : groups[earlier].ops)
              add(later, op);
            groups[earlier].ops.clear();
            joined = true;
            break;
          }
          if (joined)
            break;
        }
      }
  }

  /// Tensors of the size of its results that the group reads.
  SetVector<Value> operandsOf(unsigned g) {
    SetVector<Value> operands;
    SymShape shape = shapes.shapeOf(groups[g].hero->getResult(0));
    for (Operation *op : groups[g].ops)
      for (Value v : op->getOperands())
        if (isa<RankedTensorType>(v.getType()) && shapes.shapeOf(v) == shape &&
            !(v.getDefiningOp() && (isIn(v.getDefiningOp(), g) ||
                                    classify(v.getDefiningOp()) == OpRole::Constant)))
          operands.insert(v);
    return operands;
  }

  /// Whether a group may run at the end of a later one, and is best computed there.
  bool mayJoin(unsigned earlier, unsigned later) {
    size_t end = endOf(later);
    if (endOf(earlier) >= end || !walkTogether(groups[earlier].hero, groups[later].hero) ||
        groups[earlier].ops.size() + groups[later].ops.size() > maxOps ||
        !readsInOrder(earlier) || !readsInOrder(later) ||
        widestElement(earlier) != widestElement(later))
      return false;
    for (Operation *op : groups[earlier].ops)
      for (Operation *user : op->getUsers())
        if (isIn(user, later) ? !walkTogether(op, user)
                              : !isIn(user, earlier) && endOf(user) <= end)
          return false;
    // What only the earlier one reads lives on until then, in place of its results.
    SetVector<Value> mine = operandsOf(earlier), others = operandsOf(later);
    size_t own = llvm::count_if(mine, [&](Value v) { return !others.contains(v); });
    size_t results = resultsOf(earlier);
    return own <= results &&
           mine.size() + others.size() + results + resultsOf(later) <= maxStreams;
  }

  size_t resultsOf(unsigned g) {
    return llvm::count_if(groups[g].ops, [&](Operation *op) {
      return llvm::any_of(op->getUsers(), [&](Operation *u) { return !isIn(u, g); });
    });
  }

  /// Bytes of the widest element that the group computes with: it decides how many
  /// elements a vector has.
  int64_t widestElement(unsigned g) {
    int64_t bytes = 0;
    for (Operation *op : groups[g].ops)
      for (Type type : llvm::concat<const Type>(SmallVector<Type>(op->getOperandTypes()),
                                                SmallVector<Type>(op->getResultTypes())))
        if (auto tensor = dyn_cast<RankedTensorType>(type))
          bytes = std::max(bytes, getElementBytes(tensor.getElementType()));
    return bytes;
  }

  /// An operation of some cost whose value is broadcast would be recomputed.
  bool repeatsWork(Operation *producer, Operation *consumer) {
    if (isa<BroadcastOp, IotaOp, SliceOp>(producer))
      return false;
    if (auto cast = dyn_cast<CastOp>(producer)) {
      if (!consumer->hasTrait<mlopt::OpTrait::Elementwise>() ||
          shapes.shapeOf(cast.getResult()) == shapes.shapeOf(consumer->getResult(0)))
        return false;
      // What is computed before it would be repeated with it, in its wider type.
      Operation *maker = cast.getInput().getDefiningOp();
      return (maker && classify(maker) == OpRole::Pointwise) ||
             getElementBytes(getElementTypeOrSelf(cast.getInput().getType())) >
                 getElementBytes(getElementTypeOrSelf(cast.getType()));
    }
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

void mlopt::repeatDequantize(func::FuncOp function) {
  SmallVector<DequantizeOp> ops(function.getOps<DequantizeOp>());
  for (DequantizeOp op : ops)
    for (OpOperand &use : llvm::make_early_inc_range(op->getUses())) {
      if (!dequantizesItself(use) || op->hasOneUse())
        continue;
      OpBuilder builder(op);
      use.set(builder.clone(*op)->getResult(0));
    }
}

std::vector<KernelGroup> mlopt::formKernels(func::FuncOp function, ShapeAnalysis &shapes,
                                            bool fuse) {
  return Former(function, shapes, fuse).run();
}
