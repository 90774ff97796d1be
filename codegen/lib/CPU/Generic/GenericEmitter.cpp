//===- GenericEmitter.cpp - The route that takes every kernel -------------===//
#include "GenericEmitter.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlopt;

namespace {

MathOptions mathOptionsOf(const TargetDescription &target) {
  MathOptions options;
  options.hasFMA = target.hasFMA;
  options.hasF16C = target.hasF16C;
  options.hasAVX512 = target.hasMasks;
  return options;
}

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

  bool accept(KernelOp kernel, const TargetDescription &, std::string &reason) const override {
    Operation *hero = kernel.getHeroOp();
    if (!hero) {
      reason = "no operation of the kernel is marked as its hero";
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
    if (walksRows(kernel)) {
      units = rowUnits(kernel, shapes);
      walk = "rows";
    } else if (isOrderedHero(hero)) {
      units = orderedUnits(kernel, shapes);
      scratch = orderedScratch(kernel, shapes);
      shared = orderedShared(kernel, shapes);
      phases = orderedPhases(kernel);
      walk = "ordered";
    } else {
      units = mapUnits(kernel, shapes);
      walk = "map";
    }
    // An element is read before it is written, by the thread that writes it.
    SmallVector<int64_t> mayOverwrite;
    if (walk == "map")
      for (auto [i, argument] : llvm::enumerate(kernel.getBody().getArguments()))
        if (readOnlyInPlace(kernel, argument))
          mayOverwrite.push_back(i);
    Builder b(context);
    auto params = b.getDictionaryAttr({b.getNamedAttr("walk", b.getStringAttr(walk)),
                                       b.getNamedAttr("lanes", b.getI64IntegerAttr(lanesOf(kernel, target)))});
    return ScheduleAttr::get(context, name(), phases, shared.getAttr(), scratch.getAttr(), mayOverwrite, {}, {}, {},
                             units.getAttr(), {}, params);
  }

  LogicalResult emit(KernelOp kernel, const TargetDescription &target, ModuleOp module) const override {
    LogicalResult result = success();
    for (int64_t phase = 0; phase < kernel.getScheduleAttr().getPhases(); ++phase) {
      KernelBuilder k(kernel, target, module, phase);
      ElementAt e(k, mathOptionsOf(target));
      LogicalResult emitted = walksRows(kernel)                    ? emitRows(e)
                              : isOrderedHero(kernel.getHeroOp()) ? emitOrdered(e, phase)
                                                                   : emitMap(e);
      if (failed(emitted))
        result = failure();
      k.finish();
    }
    return result;
  }

private:
  /// Whether the result may take this operand's memory: same shape, element
  /// size and layout, and every use reads it at the element being written.
  static bool readOnlyInPlace(KernelOp kernel, BlockArgument argument) {
    auto yield = cast<YieldOp>(kernel.getBody().front().getTerminator());
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    auto out = cast<RankedTensorType>(yield.getValues()[0].getType());
    if (!type || yield.getValues().size() != 1 ||
        getElementBytes(type.getElementType()) != getElementBytes(out.getElementType()))
      return false;
    ArrayAttr dims = kernel.getDimsAttr(), layouts = kernel.getLayoutsAttr();
    unsigned inputs = kernel.getFunctionType().getNumInputs();
    if (!dims || dims[argument.getArgNumber()] != dims[inputs] ||
        (layouts && layouts[argument.getArgNumber()] != layouts[inputs]))
      return false;
    // Uses by elementwise operations only, transitively up to the result.
    return llvm::all_of(argument.getUsers(), [](Operation *u) {
      return u->hasTrait<mlopt::OpTrait::Elementwise>();
    }) && llvm::all_of(kernel.getBody().front().without_terminator(), [](Operation &op) {
      return op.hasTrait<mlopt::OpTrait::Elementwise>() || isa<ConstantOp, IotaOp, NoneOp>(op);
    });
  }
};

} // namespace

std::unique_ptr<KernelEmitter> mlopt::createGenericEmitter() { return std::make_unique<GenericEmitter>(); }
