//===- GenericEmitter.cpp - The route that takes every kernel -------------===//
#include "GenericEmitter.h"
#include "BlockMoves.h"
#include "PoolRows.h"
#include "ResizeRows.h"
#include "SplitReduce.h"
#include "TransposeTiles.h"
#include "UnfoldRows.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlopt;

namespace {

/// Whether the kernel is walked by rows. A reduction between blocked layouts
/// has its lanes along the channels and writes the padding: element by element.
bool walksRows(KernelOp kernel) {
  Operation *hero = kernel.getHeroOp();
  if (!isRowHero(hero))
    return false;
  ArrayAttr layouts = kernel.getLayoutsAttr();
  return !isa<ReduceOp>(hero) || !layouts ||
         llvm::none_of(layouts, [](Attribute a) { return isa<LayoutAttr>(a); });
}

class GenericEmitter : public KernelEmitter {
public:
  StringRef name() const override { return "generic"; }

  /// Picked elements are found through the layout, one index after the other.
  bool readsLayout(Operation *op, unsigned operand, LayoutAttr) const override {
    return isa<GatherOp>(op) && operand == 0;
  }

  bool accept(KernelOp kernel, const TargetDescription &, std::string &reason) const override {
    Operation *hero = kernel.getHeroOp();
    if (!hero) {
      reason = "no operation of the kernel is marked as its hero";
      return false;
    }
    // Elements are read from shared bytes, but written one by one, by several threads.
    unsigned inputs = kernel.getFunctionType().getNumInputs();
    for (unsigned i = inputs, end = inputs + kernel.getFunctionType().getNumResults(); i < end; ++i)
      if (LayoutAttr layout = layoutAt(kernel, i); layout && layout.getPerByte() > 1) {
        reason = "expects results of a byte an element or more; values that share bytes must be constants";
        return false;
      }
    return true;
  }

  FailureOr<ScheduleAttr> schedule(KernelOp kernel, const TargetDescription &target) const override {
    MLIRContext *context = kernel.getContext();
    ShapeAnalysis shapes(kernel);
    Operation *hero = kernel.getHeroOp();
    SymExpr zero = SymExpr::constant(context, 0), scratch = zero, shared = zero, units;
    int64_t phases = 1;
    StringRef walk;
    SmallVector<int64_t> part;
    Builder b(context);
    SmallVector<NamedAttribute> params;
    auto param = [&](StringRef name, Attribute value) { params.push_back(b.getNamedAttr(name, value)); };
    if (std::optional<SplitReduce> split = planSplitReduce(kernel, shapes, target)) {
      units = splitReduceUnits(*split, shapes);
      shared = splitReduceShared(*split);
      phases = 2;
      walk = "parts";
    } else if (walksRows(kernel)) {
      units = rowUnits(kernel, shapes);
      part = rowShare(kernel, shapes);
      walk = "rows";
    } else if (isOrderedHero(hero)) {
      units = orderedUnits(kernel, shapes, target);
      scratch = orderedScratch(kernel, shapes);
      shared = orderedShared(kernel, shapes);
      phases = orderedPhases(kernel);
      walk = "ordered";
      if (StringRef form = orderedForm(kernel, shapes); !form.empty())
        param("form", b.getStringAttr(form));
    } else if (std::optional<PoolRows> pool = planPoolRows(kernel, shapes, target)) {
      units = pool->units;
      scratch = poolRowsScratch(*pool);
      walk = "pooled rows";
      param("band", b.getI64IntegerAttr(pool->band));
    } else if (std::optional<ResizeRows> resize = planResizeRows(kernel, shapes, target)) {
      units = resize->units;
      scratch = resizeRowsScratch(*resize);
      walk = "resized rows";
      param("taps", b.getI64IntegerAttr(resize->taps));
    } else if (UnfoldOp unfold = unfoldedRows(kernel)) {
      units = unfoldUnits(unfold, shapes);
      walk = "unfolded rows";
    } else {
      units = mapUnits(kernel, shapes, target);
      part = mapShare(kernel, shapes, target);
      walk = "map";
      if (std::optional<BlockMoves> moves = planBlockMoves(kernel, target))
        param("block tile", b.getI64IntegerAttr(moves->side));
      else if (std::optional<TransposeTiles> tiles = planTransposeTiles(kernel, shapes, target))
        param("tile", b.getI64IntegerAttr(tiles->side));
      else if (paddedRuns(kernel, shapes))
        param("form", b.getStringAttr("padded runs"));
    }
    // An element is read before it is written, by the thread that writes it.
    SmallVector<int64_t> mayOverwrite;
    if (walk == "map")
      for (auto [i, argument] : llvm::enumerate(kernel.getBody().getArguments()))
        if (readOnlyInPlace(kernel, argument))
          mayOverwrite.push_back(i);
    param("walk", b.getStringAttr(walk));
    param("lanes", b.getI64IntegerAttr(lanesOf(kernel, target)));
    return ScheduleAttr::get(context, name(), phases, shared.getAttr(), scratch.getAttr(), mayOverwrite, {}, {}, {},
                             units.getAttr(), part, b.getDictionaryAttr(params));
  }

  LogicalResult emit(KernelOp kernel, const TargetDescription &target, ModuleOp module) const override {
    LogicalResult result = success();
    for (int64_t phase = 0; phase < kernel.getScheduleAttr().getPhases(); ++phase) {
      KernelBuilder k(kernel, target, module, phase);
      ElementAt e(k);
      e.computeScalars();
      if (failed(emitPhase(e, phase)))
        result = failure();
      k.finish();
    }
    return result;
  }

private:
  static LogicalResult emitPhase(ElementAt &e, int64_t phase) {
    KernelBuilder &k = e.k;
    if (std::optional<SplitReduce> split = planSplitReduce(k.kernel, k.shapes, k.target))
      return emitSplitReduce(*split, e, phase);
    if (walksRows(k.kernel))
      return emitRows(e);
    if (isOrderedHero(k.kernel.getHeroOp()))
      return emitOrdered(e, phase);
    if (std::optional<PoolRows> pool = planPoolRows(k.kernel, k.shapes, k.target))
      return emitPoolRows(*pool, e);
    if (std::optional<ResizeRows> resize = planResizeRows(k.kernel, k.shapes, k.target))
      return emitResizeRows(*resize, e);
    if (UnfoldOp unfold = unfoldedRows(k.kernel))
      return emitUnfoldRows(unfold, e);
    return emitMap(e);
  }

  /// Whether a result may take this operand's memory: with operations of other
  /// kinds in the kernel, elements are not written in the order that they are read.
  static bool readOnlyInPlace(KernelOp kernel, BlockArgument argument) {
    return readsElementItWrites(kernel, argument) &&
           llvm::all_of(kernel.getBody().front().without_terminator(), [](Operation &op) {
             return op.hasTrait<mlopt::OpTrait::Elementwise>() ||
                    isa<ConstantOp, IotaOp, NoneOp, BroadcastOp>(op);
           });
  }
};

} // namespace

std::unique_ptr<KernelEmitter> mlopt::createGenericEmitter() { return std::make_unique<GenericEmitter>(); }
