//===- OutlineKernels.cpp - Groups become kernels and launches ------------===//
#include "mlopt/Passes/Fusion/Fusion.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlopt;

namespace {

/// Whether a value is the sums of an integer product, a dequantized tensor, or a sum, product or bound of
/// one: what it is scaled by is a number of one layer.
bool comesFromIntegers(Value v, unsigned depth = 0) {
  Operation *op = v.getDefiningOp();
  if (!op || depth > 16)
    return false;
  if (isa<DequantizeOp, IntegerMatmulOp, IntegerConvOp>(op))
    return true;
  auto cast = dyn_cast<CastOp>(op);
  if (cast && getElementTypeOrSelf(cast.getInput().getType()).isInteger(8))
    return true; // sums for a zero point
  return isa<CastOp, AddOp, SubOp, MulOp, MaxOp, MinOp, ReduceOp>(op) &&
         llvm::any_of(op->getOperands(), [&](Value operand) { return comesFromIntegers(operand, depth + 1); });
}

/// Whether a constant is a number of one layer: scale, zero point or bound. Inside of kernels such numbers
/// would make one kernel for each layer; 0 and 1 are left, they make code simpler.
bool isOfLayer(DenseElementsAttr constant, Operation *user, Value v) {
  if (isa<FloatType>(constant.getElementType())) {
    double value = constant.getSplatValue<APFloat>().convertToDouble();
    if (value == 0 || value == 1)
      return false;
  } else if (!isa<IntegerType>(constant.getElementType()) || constant.getSplatValue<APInt>().isZero()) {
    return false;
  }
  if (isa<QuantizeOp, DequantizeOp, IntegerConvOp>(user))
    return true;
  if (!isa<AddOp, SubOp, MulOp, MaxOp, MinOp>(user))
    return false;
  return llvm::any_of(user->getOperands(), [&](Value other) { return other != v && comesFromIntegers(other); }) ||
         llvm::any_of(user->getUsers(), [](Operation *next) { return isa<QuantizeOp>(next); });
}

/// A constant that shapes the code stays inside the kernel, unless it is a part of a
/// flat concatenation: the planner puts the parts side by side. The emitter of products with
/// packed weights asked for layouts of operands: none of them may turn into a part of the kernel.
bool staysInside(Value v, Operation *user) {
  Operation *op = v.getDefiningOp();
  auto constant = dyn_cast_or_null<ConstantOp>(op);
  if (auto concat = dyn_cast<ConcatOp>(user); concat && concat.getType().getRank() == 1)
    return false;
  if (!constant)
    return isa_and_nonnull<NoneOp>(op);
  if (isa<DequantizedMatmulOp>(user))
    return false;
  auto dense = dyn_cast<DenseElementsAttr>(constant.getValue());
  return dense && dense.isSplat() && !isOfLayer(dense, user, v);
}

class Outliner {
public:
  Outliner(func::FuncOp function, ShapeAnalysis &shapes, KernelTable &table)
      : function(function), shapes(shapes), builder(function.getContext()),
        module(function->getParentOfType<ModuleOp>()), table(table) {}

  void run(ArrayRef<KernelGroup> groups) {
    // Sizes are read before anything is moved: the analysis looks at the
    // function as it was.
    std::vector<Boundary> boundaries;
    for (const KernelGroup &group : groups)
      mergeDequantized(group);
    for (const KernelGroup &group : groups)
      boundaries.push_back(findBoundary(group));
    for (auto [group, boundary] : llvm::zip_equal(groups, boundaries)) {
      for (Value &input : boundary.inputs)
        if (Value launched = replaced.lookup(input))
          input = launched;
      outline(group, boundary);
    }
    // Only now, so that no new value takes the place of one in `replaced`.
    for (const KernelGroup &group : llvm::reverse(groups))
      for (Operation *op : llvm::reverse(group.ops))
        op->erase();
  }

private:
  /// `repeatDequantize` made one for each user; within a group one is enough.
  void mergeDequantized(const KernelGroup &group) {
    SmallVector<Operation *> first;
    for (Operation *op : group.ops) {
      if (!isa<DequantizeOp>(op))
        continue;
      auto same = llvm::find_if(first, [&](Operation *other) { return other->getOperands() == op->getOperands(); });
      if (same == first.end()) {
        first.push_back(op);
        continue;
      }
      op->replaceAllUsesWith(*same);
      merged[op] = *same;
    }
  }

  struct Boundary {
    SmallVector<Value> inputs, outputs;
    SmallVector<SymShape> inputShapes; ///< per input; an index has one entry
  };

  Boundary findBoundary(const KernelGroup &group) {
    Boundary boundary;
    llvm::SmallPtrSet<Operation *, 16> inside(group.ops.begin(), group.ops.end());
    llvm::SetVector<Value> inputs;
    for (Operation *op : group.ops) {
      for (Value operand : op->getOperands()) {
        Operation *producer = operand.getDefiningOp();
        if ((producer && inside.contains(producer)) || staysInside(operand, op))
          continue;
        // A constant index needs no argument.
        if (auto constant = dyn_cast_or_null<arith::ConstantOp>(producer))
          continue;
        inputs.insert(operand);
      }
      // A hero may need the memory of all its results (the indices of a top_k hold its state).
      bool all = op == group.hero && op->getNumResults() > 1;
      for (Value result : op->getResults())
        if (all || llvm::any_of(result.getUsers(), [&](Operation *u) { return !inside.contains(u); }))
          boundary.outputs.push_back(result);
    }
    // A group whose results nobody uses still computes its hero's.
    if (boundary.outputs.empty())
      boundary.outputs.push_back(group.ops.back()->getResult(0));
    for (Value input : inputs) {
      boundary.inputs.push_back(input);
      if (isa<RankedTensorType>(input.getType()))
        boundary.inputShapes.push_back(shapes.shapeOf(input));
      else if (input.getType().isIndex())
        boundary.inputShapes.push_back({shapes.sizeOf(input)});
      else
        boundary.inputShapes.emplace_back();
    }
    return boundary;
  }

  /// Layout of a value: that of the relayout that made it, or what its maker says.
  Attribute layoutOf(Value value) {
    while (Operation *op = value.getDefiningOp()) {
      if (auto relayout = dyn_cast<RelayoutOp>(op))
        return relayout.getLayoutAttr() ? Attribute(relayout.getLayoutAttr())
                                        : Attribute(builder.getUnitAttr());
      if (auto attr = op->getAttrOfType<LayoutAttr>("mlopt.result_layout"))
        return attr;
      if (auto launch = dyn_cast<LaunchOp>(op)) {
        auto kernel = module.lookupSymbol<KernelOp>(launch.getKernel());
        if (kernel && kernel.getLayoutsAttr()) {
          unsigned i = kernel.getFunctionType().getNumInputs() +
                       cast<OpResult>(value).getResultNumber();
          return kernel.getLayoutsAttr()[i];
        }
      }
      break;
    }
    return builder.getUnitAttr();
  }

  void outline(const KernelGroup &group, const Boundary &boundary) {
    SmallVector<Type> inputTypes = llvm::to_vector(ValueRange(boundary.inputs).getTypes());
    SmallVector<Type> outputTypes = llvm::to_vector(ValueRange(boundary.outputs).getTypes());
    SmallVector<Attribute> layouts;
    bool anyLayout = false;
    SmallVector<Value> ends(boundary.inputs);
    ends.append(boundary.outputs.begin(), boundary.outputs.end());
    for (Value v : ends) {
      layouts.push_back(isa<RankedTensorType>(v.getType()) ? layoutOf(v)
                                                           : Attribute(builder.getUnitAttr()));
      anyLayout |= isa<LayoutAttr>(layouts.back());
    }

    SmallVector<Location> locations;
    for (Operation *op : group.ops)
      locations.push_back(op->getLoc());
    Location loc = builder.getFusedLoc(locations);

    builder.setInsertionPoint(function);
    std::string base = group.hero->getName().stripDialect().str();
    KernelOp kernel = KernelOp::create(builder, loc, base, builder.getFunctionType(inputTypes, outputTypes),
                                       heroOf(group.hero));
    IRMapping mapping;
    OpBuilder body = OpBuilder::atBlockEnd(&kernel.getBody().front());
    for (auto [input, argument] : llvm::zip_equal(boundary.inputs, kernel.getBody().getArguments()))
      mapping.map(input, argument);
    Operation *hero = merged.lookup(group.hero);
    for (Operation *op : group.ops) {
      if (merged.contains(op))
        continue;
      for (Value operand : op->getOperands())
        if (Operation *producer = operand.getDefiningOp())
          if (!mapping.contains(operand) && (staysInside(operand, op) || isa<arith::ConstantOp>(producer)))
            body.clone(*producer, mapping);
      Operation *clone = body.clone(*op, mapping);
      if (op == (hero ? hero : group.hero))
        clone->setAttr("mlopt.hero_op", builder.getUnitAttr());
    }
    SmallVector<Value> yielded;
    for (Value output : boundary.outputs)
      yielded.push_back(mapping.lookup(output));
    YieldOp::create(body, loc, yielded);
    if (anyLayout)
      kernel.setLayoutsAttr(builder.getArrayAttr(layouts));
    nameSizes(kernel, boundary, yielded);

    KernelOp unique = deduplicate(kernel, base);
    builder.setInsertionPointAfter(group.ops.back());
    auto launch = LaunchOp::create(builder, loc, outputTypes, unique.getSymName(), boundary.inputs);
    for (auto [i, output] : llvm::enumerate(boundary.outputs)) {
      replaced[output] = launch.getResult(i);
      Value(output).replaceAllUsesWith(launch.getResult(i));
    }
  }

  /// Sets `dims`: one local symbol per distinct unknown size of the operands,
  /// results as expressions in them.
  void nameSizes(KernelOp kernel, const Boundary &boundary, ArrayRef<Value> yielded) {
    SmallVector<std::pair<SymExpr, StringAttr>> names;
    SmallVector<Attribute> dims;
    for (const SymShape &shape : boundary.inputShapes) {
      SmallVector<Attribute> entry;
      for (SymExpr size : shape) {
        if (std::optional<int64_t> c = size.getConstant()) {
          entry.push_back(builder.getI64IntegerAttr(*c));
          continue;
        }
        auto it = llvm::find_if(names, [&](auto &n) { return n.first == size; });
        if (it == names.end()) {
          names.push_back({size, builder.getStringAttr("s" + Twine(names.size()))});
          it = std::prev(names.end());
        }
        entry.push_back(it->second);
      }
      dims.push_back(builder.getArrayAttr(entry));
    }
    kernel.setDimsAttr(builder.getArrayAttr(dims));
    ShapeAnalysis local(kernel);
    for (Value value : yielded) {
      SmallVector<Attribute> entry;
      for (SymExpr size : local.shapeOf(value)) {
        if (std::optional<int64_t> c = size.getConstant())
          entry.push_back(builder.getI64IntegerAttr(*c));
        else if (size.getKind() == SymExpr::Kind::Symbol)
          entry.push_back(builder.getStringAttr(size.getSymbolName()));
        else
          entry.push_back(size.getAttr());
      }
      dims.push_back(builder.getArrayAttr(entry));
    }
    kernel.setDimsAttr(builder.getArrayAttr(dims));
  }

  /// The first kernel with the same text, or this one under a free name.
  KernelOp deduplicate(KernelOp kernel, StringRef base) {
    std::string text;
    llvm::raw_string_ostream os(text);
    kernel->print(os, OpPrintingFlags().elideLargeElementsAttrs(1 << 20).printGenericOpForm().useLocalScope());
    auto [it, inserted] = table.byText.try_emplace(text, kernel);
    if (!inserted) {
      kernel->erase();
      return it->second;
    }
    kernel.setSymName(base.str() + "_" + std::to_string(table.counts[base]++));
    return kernel;
  }

  func::FuncOp function;
  ShapeAnalysis &shapes;
  OpBuilder builder;
  ModuleOp module;
  llvm::DenseMap<Operation *, Operation *> merged; ///< repeated operations of a group by the one that stays
  llvm::DenseMap<Value, Value> replaced; ///< results of grouped operations by their launches'
  KernelTable &table;
};

struct FormKernelsPass : PassWrapper<FormKernelsPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(FormKernelsPass)
  FormKernelsPass(bool fuse) : fuse(fuse) {}
  StringRef getArgument() const override { return "mlopt-form-kernels"; }
  StringRef getDescription() const override {
    return "Group operations into kernels and outline them";
  }
  void runOnOperation() override {
    KernelTable table;
    for (auto function : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>())) {
      if (fuse) {
        splitFlatPads(function);
        repeatDequantize(function);
      }
      ShapeAnalysis shapes(function);
      std::vector<KernelGroup> groups = formKernels(function, shapes, fuse);
      outlineKernels(function, shapes, groups, table);
    }
  }
  bool fuse;
};

struct ScheduleKernelsPass : PassWrapper<ScheduleKernelsPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ScheduleKernelsPass)
  ScheduleKernelsPass(const EmitterList &emitters, const TargetDescription &target)
      : emitters(emitters), target(target) {}
  StringRef getArgument() const override { return "mlopt-schedule-kernels"; }
  StringRef getDescription() const override {
    return "Choose an emitter and a schedule for each kernel";
  }
  void runOnOperation() override {
    for (KernelOp kernel : getOperation().getOps<KernelOp>())
      if (failed(scheduleKernel(kernel, emitters, target)))
        return signalPassFailure();
  }
  const EmitterList &emitters;
  const TargetDescription &target;
};

} // namespace

void mlopt::outlineKernels(func::FuncOp function, ShapeAnalysis &shapes,
                           ArrayRef<KernelGroup> groups, KernelTable &table) {
  Outliner(function, shapes, table).run(groups);
}

std::unique_ptr<Pass> mlopt::createFormKernelsPass(bool fuse) {
  return std::make_unique<FormKernelsPass>(fuse);
}

std::unique_ptr<Pass> mlopt::createScheduleKernelsPass(const EmitterList &emitters,
                                                       const TargetDescription &target) {
  return std::make_unique<ScheduleKernelsPass>(emitters, target);
}
