//===- Pieces.cpp - Tensors that are a piece of another one ---------------===//
//
// A launch that only concatenates, along the outermost axis of more than one
// element, asks for its operands in one row: each operand that has no other
// place to be is written there by its own launch, the rest is copied, and the
// launch goes. A launch that only takes a contiguous piece of a tensor goes
// too: its result is read where it lies. Both make a tensor live longer, so
// they are granted only where the bytes alive at once do not grow; what is
// written into an output takes nothing of the arena. Kernels of a GPU want their
// tensors aligned: what would lie at another place is copied, or left to its launch.
//
//===----------------------------------------------------------------------===//
#include "Plan.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::plan;

namespace {

/// Neighbouring operands of a concatenation that are neighbours in memory already.
struct Run {
  unsigned root;
  SymExpr begin, bytes; ///< in the root
  SymExpr target;       ///< in the result
};

class PieceSharer {
public:
  explicit PieceSharer(Plan &plan) : plan(plan) {}

  void run() {
    peak = peakBytes();
    std::vector<Item> items;
    // Ranges are numbers in plan.items, which stays as it is meanwhile.
    for (Item &item : plan.items) {
      if (item.launch) {
        if (auto concat = only<ConcatOp>(item); concat && share(concat, item, items))
          continue;
        if (auto slice = only<SliceOp>(item); slice && share(slice, item))
          continue;
      }
      items.push_back(item);
    }
    plan.items = std::move(items);
  }

private:
  /// The operation that is all of the kernel, if it is of this kind.
  template <typename OpTy> OpTy only(Item &item) {
    Block &body = item.kernel.getBody().front();
    auto op = dyn_cast<OpTy>(body.front());
    auto yield = dyn_cast<YieldOp>(body.getTerminator());
    if (!op || !yield || op->getNextNode() != yield || yield.getValues().size() != 1 ||
        yield.getValues()[0] != op.getResult())
      return {};
    return op;
  }

  /// Largest sum of bytes alive at a launch, at the usual sizes, once operands
  /// and results share what they may.
  ///
  /// Each question costs a look at all tensors. Of a program with thousands of
  /// pieces the last ones are left as launches: their answer is "too much".
  int64_t peakBytes() {
    looks += plan.storages.size();
    if (looks > mostLooks)
      return INT64_MAX;
    std::vector<Storage> saved = plan.storages;
    computeRanges(plan);
    shareInPlace(plan);
    std::vector<int64_t> change(plan.items.size() + 1, 0);
    for (unsigned id = 0; id < plan.storages.size(); ++id) {
      const Storage &storage = plan.storages[id];
      if (plan.find(id) != id || storage.region != Place::Arena || storage.first < 0)
        continue;
      int64_t bytes = evaluateAt(plan, roundUp(storage.bytes), points[0]);
      change[storage.first] += bytes;
      change[storage.last + 1] -= bytes;
    }
    int64_t alive = 0, most = 0;
    for (int64_t bytes : change)
      most = std::max(most, alive += bytes);
    plan.storages = std::move(saved);
    return most;
  }

  /// Whether the run is all of a tensor of the planner's own.
  bool isMovable(const Run &run, ArrayRef<Run> all) {
    const Storage &storage = plan.storages[run.root];
    return storage.region == Place::Arena && run.begin.isConstant(0) &&
           run.bytes == storage.bytes && run.target.isMultipleOf(plan.pieceAlignment) &&
           llvm::count_if(all, [&](const Run &r) { return r.root == run.root; }) == 1;
  }

  bool share(ConcatOp concat, Item &item, std::vector<Item> &items) {
    unsigned result = item.outs[0];
    std::optional<SmallVector<Run>> runs = runsOf(concat, item);
    if (!runs || runs->empty())
      return false;
    SmallVector<bool> moved;
    for (const Run &run : *runs)
      moved.push_back(isMovable(run, *runs) && run.root != plan.find(result));
    std::vector<Storage> saved = plan.storages;
    while (true) {
      size_t copies = llvm::count(moved, false);
      // More launches than before, for little.
      if (runs->size() <= mostRead &&
          (copies == moved.size() ||
           (copies > 1 && 2 * bytesOf(*runs, moved, false) > bytesOf(*runs, moved, true))))
        return false;
      for (auto [run, move] : llvm::zip_equal(*runs, moved))
        if (move)
          plan.attach(run.root, result, run.target);
      if (plan.storages[plan.find(result)].region != Place::Arena || copies == moved.size())
        break;
      int64_t now = peakBytes();
      if (now <= peak) {
        peak = now;
        break;
      }
      // The one that waits longest costs most.
      plan.storages = saved;
      computeRanges(plan);
      size_t oldest = moved.size();
      for (size_t i = 0; i < moved.size(); ++i)
        if (moved[i] && (oldest == moved.size() || plan.storages[(*runs)[i].root].first <
                                                       plan.storages[(*runs)[oldest].root].first))
          oldest = i;
      moved[oldest] = false;
    }
    for (auto [run, move] : llvm::zip_equal(*runs, moved)) {
      if (move)
        continue;
      Storage piece;
      piece.bytes = run.bytes;
      piece.name = plan.storages[result].name;
      unsigned source = plan.addStorage(piece), target = plan.addStorage(piece);
      plan.attach(source, run.root, run.begin);
      plan.attach(target, result, run.target);
      items.push_back(Item(source, target, item.loc));
    }
    return true;
  }

  int64_t bytesOf(ArrayRef<Run> runs, ArrayRef<bool> moved, bool which) {
    int64_t sum = 0;
    for (auto [run, move] : llvm::zip_equal(runs, moved))
      if (move == which)
        sum += evaluateAt(plan, run.bytes, points[0]);
    return sum;
  }

  /// Operands of a concatenation whose parts of the result are contiguous.
  std::optional<SmallVector<Run>> runsOf(ConcatOp concat, Item &item) {
    unsigned result = item.outs[0];
    LayoutAttr layout = plan.storages[result].layout;
    Value value = item.launch.getOutputs()[0];
    SymShape shape = plan.shapes.shapeOf(value);
    if (!isOutermost(layout, shape, concat.getAxis()))
      return std::nullopt;
    int64_t granule = granuleOf(layout, concat.getAxis());
    KernelSignature signature(item.kernel);
    SmallVector<Run> runs;
    SymExpr at = plan.constant(0);
    for (auto [i, input] : llvm::enumerate(concat.getInputs())) {
      auto argument = dyn_cast<BlockArgument>(input);
      if (!argument)
        return std::nullopt;
      unsigned id = item.ins[signature.pointerOf[argument.getArgNumber()]];
      Value operand = item.launch.getInputs()[argument.getArgNumber()];
      // Padding only at the very end.
      if (plan.storages[id].layout != layout ||
          (i + 1 < concat.getInputs().size() &&
           !plan.shapes.shapeOf(operand)[concat.getAxis()].isMultipleOf(granule)))
        return std::nullopt;
      unsigned root = plan.find(id);
      SymExpr begin = plan.shiftOf(id), bytes = plan.storages[id].bytes;
      if (!runs.empty() && runs.back().root == root &&
          runs.back().begin + runs.back().bytes == begin)
        runs.back().bytes = runs.back().bytes + bytes;
      else
        runs.push_back({root, begin, bytes, at});
      at = at + bytes;
    }
    if (at != plan.storages[result].bytes)
      return std::nullopt;
    return runs;
  }

  /// Whether a range of the axis is contiguous: all before it has one element.
  bool isOutermost(LayoutAttr layout, ArrayRef<SymExpr> shape, int64_t axis) {
    if (!layout)
      return llvm::all_of(shape.take_front(axis), [](SymExpr s) { return s.isConstant(1); });
    SymShape physical = getPhysicalShape(layout, shape);
    for (auto [dim, size] : llvm::zip_equal(getPhysicalDims(layout), physical)) {
      if (dim.dim == static_cast<unsigned>(axis))
        return true;
      if (!size.isConstant(1))
        return false;
    }
    return false;
  }

  /// What a range of the axis must be a multiple of to be whole in the layout.
  int64_t granuleOf(LayoutAttr layout, int64_t axis) {
    int64_t granule = 1;
    if (layout)
      for (PhysicalDim dim : getPhysicalDims(layout))
        if (dim.dim == static_cast<unsigned>(axis))
          granule = std::max<int64_t>(granule, dim.divisor);
    return granule;
  }

  bool share(SliceOp slice, Item &item) {
    auto argument = dyn_cast<BlockArgument>(slice.getInput());
    unsigned result = item.outs[0];
    if (!argument || plan.storages[plan.find(result)].region != Place::Arena ||
        !plan.isWhole(result) ||
        llvm::any_of(slice.getStrides(), [](int64_t s) { return s != 1; }))
      return false;
    KernelSignature signature(item.kernel);
    unsigned source = item.ins[signature.pointerOf[argument.getArgNumber()]];
    if (plan.storages[source].layout || plan.storages[result].layout)
      return false;
    // Something new may be written there before the slice is read.
    if (plan.storages[plan.find(source)].donated)
      return false;
    Value input = item.launch.getInputs()[argument.getArgNumber()];
    SymShape from = plan.shapes.shapeOf(input),
             to = plan.shapes.shapeOf(item.launch.getOutputs()[0]);
    SmallVector<SymExpr> starts;
    ValueRange dynamic = slice.getStarts();
    for (int64_t start : slice.getStaticStarts()) {
      if (!ShapedType::isDynamic(start)) {
        starts.push_back(plan.constant(start));
        continue;
      }
      auto operand = dyn_cast<BlockArgument>(dynamic.front());
      dynamic = dynamic.drop_front();
      if (!operand)
        return false;
      starts.push_back(plan.shapes.sizeOf(item.launch.getInputs()[operand.getArgNumber()]));
    }
    // The innermost axis that is cut; a run of those before it is one element.
    int64_t cut = 0;
    for (size_t i = 0; i < from.size(); ++i)
      if (!starts[i].isConstant(0) || from[i] != to[i])
        cut = i;
    SymExpr shift = plan.constant(0),
            bytes = plan.constant(getElementBytes(getElementTypeOrSelf(input.getType())));
    for (int64_t i = from.size(); i-- > 0;) {
      if (i < cut && !to[i].isConstant(1))
        return false;
      shift = shift + starts[i] * bytes;
      bytes = bytes * from[i];
    }
    if (!shift.isMultipleOf(plan.pieceAlignment))
      return false;
    std::vector<Storage> saved = plan.storages;
    plan.attach(result, source, shift);
    int64_t now = peakBytes();
    if (now > peak) {
      plan.storages = std::move(saved);
      return false;
    }
    peak = now;
    return true;
  }

  Plan &plan;
  int64_t peak = 0;
  static constexpr int64_t mostLooks = 1'000'000;
  /// A kernel asks for each element which operand it is of: not among more than these.
  static constexpr size_t mostRead = 8;
  int64_t looks = 0;
};

} // namespace

void plan::sharePieces(Plan &plan) {
  // Costly to find out for nothing.
  if (llvm::any_of(plan.items, [](Item &item) {
        return item.kernel && isa<ConcatOp, SliceOp>(item.kernel.getBody().front().front());
      }))
    PieceSharer(plan).run();
}
