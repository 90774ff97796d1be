//===- GenericEmitter.cpp - The GPU route that takes every kernel ---------===//
#include "GenericEmitter.h"
#include "Generic/RecurrentCell.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::cuda;

GpuLaunch GenericPhase::launch() const {
  int64_t each = isWarp ? 32 : 1, perBlock = kBlock / each;
  // Few units need no whole block.
  if (std::optional<int64_t> known = units.getConstant(); known && *known < perBlock)
    perBlock = llvm::divideCeil(std::max<int64_t>(*known, 1) * each, 32) * 32 / each;
  return makeGpuLaunch(units.ceilDiv(perBlock), perBlock * each);
}

void cuda::forUnit(ElementAt &e, const GenericPhase &phase, llvm::function_ref<void(Value)> body) {
  KernelBuilder &k = e.k;
  Value unit = phase.isWarp ? k.floorDiv(k.thread(), k.index(32)) : k.thread();
  Value mine = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::ult, unit, k.size(phase.units));
  k.ifThen(mine, [&] {
    ElementAt::Scope scope(e);
    body(unit);
  });
}

LogicalResult cuda::storeResults(ElementAt &e, ArrayRef<Value> index) {
  auto yield = cast<YieldOp>(e.k.kernel.getBody().front().getTerminator());
  Coords at = coordsOf(index);
  // All first, for any result may lie where another one's operand does.
  SmallVector<Value> values;
  for (Value value : yield.getValues())
    values.push_back(e.at(value, at, 1));
  LogicalResult result = success();
  for (auto [r, v] : llvm::enumerate(values))
    if (v)
      e.storeResult(r, v, at, 1);
    else
      result = failure();
  return result;
}

namespace {

class CudaGenericEmitter : public KernelEmitter {
public:
  StringRef name() const override { return "cuda-generic"; }

  /// Picked elements are found through the layout, one index after the other.
  bool readsLayout(Operation *op, unsigned operand, LayoutAttr) const override {
    return isa<GatherOp>(op) && operand == 0;
  }

  bool accept(KernelOp kernel, const TargetDescription &, std::string &reason) const override {
    if (!kernel.getHeroOp()) {
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

  FailureOr<ScheduleAttr> schedule(KernelOp kernel, const TargetDescription &) const override {
    MLIRContext *context = kernel.getContext();
    ShapeAnalysis shapes(kernel);
    GenericPlan plan = planOf(kernel, shapes);
    Builder b(context);
    SmallVector<NamedAttribute> params;
    auto param = [&](StringRef name, Attribute value) { params.push_back(b.getNamedAttr(name, value)); };
    SmallVector<GpuLaunch> launches;
    for (const GenericPhase &phase : plan.phases)
      launches.push_back(phase.launch());
    param("launch", encodeGpuLaunches(context, launches));
    param("walk", b.getStringAttr(plan.walk));
    if (!plan.form.empty())
      param("form", b.getStringAttr(plan.form));
    SmallVector<int64_t> mayOverwrite;
    if (plan.walk == "elements")
      for (auto [i, argument] : llvm::enumerate(kernel.getBody().getArguments()))
        if (readOnlyInPlace(kernel, argument))
          mayOverwrite.push_back(i);
    SymExpr zero = SymExpr::constant(context, 0);
    return ScheduleAttr::get(context, name(), plan.phases.size(), (plan.scratch ? plan.scratch : zero).getAttr(),
                             zero.getAttr(), mayOverwrite, {}, {}, {}, plan.phases.back().units.getAttr(), {},
                             b.getDictionaryAttr(params), plan.repeat ? plan.repeat.getAttr() : SymExprAttr(),
                             plan.repeatFrom);
  }

  LogicalResult emit(KernelOp kernel, const TargetDescription &target, ModuleOp module) const override {
    LogicalResult result = success();
    for (int64_t phase = 0; phase < kernel.getScheduleAttr().getPhases(); ++phase) {
      GpuBuilder g(kernel, target, module, phase);
      ElementAt e(g);
      GenericPlan plan = planOf(kernel, g.shapes);
      e.computeScalars();
      if (failed(emitPhase(e, g, plan, phase)))
        result = failure();
      g.finish();
    }
    return result;
  }

private:
  static GenericPlan planOf(KernelOp kernel, ShapeAnalysis &shapes) {
    Operation *hero = kernel.getHeroOp();
    if (isRecurrentHero(hero))
      return planRecurrent(kernel, shapes);
    if (isa<CumulativeOp, TopKOp>(hero))
      return planLines(kernel, shapes);
    if (isa<ScatterElementsOp, ScatterNdOp>(hero))
      return planScatter(kernel, shapes);
    return walksRows(kernel) ? planRows(kernel, shapes) : planElements(kernel, shapes);
  }

  static LogicalResult emitPhase(ElementAt &e, GpuBuilder &g, const GenericPlan &plan, int64_t phase) {
    if (plan.walk == "steps")
      return emitRecurrent(e, g, plan, phase);
    if (plan.walk == "lines")
      return emitLines(e, plan, phase);
    if (plan.walk == "scatter")
      return emitScatter(e, plan, phase);
    return plan.walk == "rows" ? cuda::emitRows(e, g, plan) : emitElements(e, plan);
  }

  /// Whether a result may take this operand's memory: each thread then reads
  /// only the elements that it writes.
  static bool readOnlyInPlace(KernelOp kernel, BlockArgument argument) {
    return readsElementItWrites(kernel, argument) &&
           llvm::all_of(kernel.getBody().front().without_terminator(), [](Operation &op) {
             return op.hasTrait<mlopt::OpTrait::Elementwise>() ||
                    isa<ConstantOp, IotaOp, NoneOp, BroadcastOp>(op);
           });
  }
};

} // namespace

std::unique_ptr<KernelEmitter> mlopt::createCudaGenericEmitter() { return std::make_unique<CudaGenericEmitter>(); }
