//===- ReadLaunches.cpp - From a function to a list of launches -----------===//
//
// Views share the storage of what they look at, slices of flat arguments among
// them. A result of a launch that the function returns lives in that output from
// the start; what cannot (an input, a constant, a value returned twice) is copied
// at the end, and so is at first every result that takes the storage of an
// argument (Donation.cpp).
//
//===----------------------------------------------------------------------===//
#include "Plan.h"
#include "mlopt/Passes/FlatSlice.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::plan;

namespace {

class Reader {
public:
  explicit Reader(Plan &plan) : plan(plan), shapes(plan.shapes) {}

  LogicalResult run() {
    for (BlockArgument argument : plan.function.getArguments()) {
      auto type = dyn_cast<RankedTensorType>(argument.getType());
      if (!type)
        return plan.function.emitError("argument ")
               << argument.getArgNumber() << " is no tensor: " << argument.getType();
      Storage storage;
      storage.region = Place::Input;
      storage.index = argument.getArgNumber();
      storage.bytes = bytesOf(argument, LayoutAttr());
      if (auto name = plan.function.getArgAttrOfType<StringAttr>(storage.index, "mlopt.name"))
        storage.name = name.str();
      storageOf[argument] = plan.addStorage(storage);
    }
    if (failed(readDonations()))
      return failure();
    for (Operation &op : plan.function.getBody().front())
      if (failed(read(&op)))
        return failure();
    return success();
  }

private:
  SymExpr bytesOf(Value value, LayoutAttr layout) {
    auto type = cast<RankedTensorType>(value.getType());
    return getPhysicalBytes(plan.getContext(), layout, shapes.shapeOf(value), type.getElementType());
  }

  LogicalResult read(Operation *op) {
    return llvm::TypeSwitch<Operation *, LogicalResult>(op)
        .Case<mlopt::LaunchOp>([&](auto launch) { return readLaunch(launch); })
        .Case<ReshapeOp>([&](auto) { return success(); }) // read where it is used
        .Case<SliceOp>([&](SliceOp slice) -> LogicalResult {
          if (isFlatSlice(slice))
            return success();
          return slice.emitError("expects consecutive elements of an argument of rank 1: other "
                                 "slices are taken by a kernel");
        })
        .Case<func::ReturnOp>([&](auto ret) { return readReturn(ret); })
        .Case<GetParameterOp, ConstantOp, NoneOp, DimOp, ElementOp>([](auto) { return success(); })
        .Case<RelayoutOp>([&](RelayoutOp relayout) -> LogicalResult {
          if (isa_and_nonnull<GetParameterOp, ConstantOp>(relayout.getInput().getDefiningOp()))
            return success();
          return relayout.emitError(
              "expects a parameter: other values change their layout in a kernel");
        })
        .Default([](Operation *op) -> LogicalResult {
          if (isa<arith::ArithDialect>(op->getDialect()))
            return success();
          return op->emitError("expects launches, views and host operations only: run the phase "
                               "`fuse` first");
        });
  }

  /// Storage of a tensor, or failure after a diagnostic at `user`.
  FailureOr<unsigned> lookup(Value value, Operation *user) {
    if (auto it = storageOf.find(value); it != storageOf.end())
      return it->second;
    Operation *op = value.getDefiningOp();
    FailureOr<unsigned> storage = failure();
    if (auto reshape = dyn_cast_or_null<ReshapeOp>(op)) {
      storage = lookup(reshape.getInput(), user);
      if (succeeded(storage) && plan.storages[*storage].layout)
        return user->emitError("cannot view a tensor of layout '")
               << plan.storages[*storage].layout.getName() << "' in another shape";
    } else if (auto slice = dyn_cast_or_null<SliceOp>(op); slice && isFlatSlice(slice)) {
      Storage piece;
      piece.bytes = bytesOf(value, LayoutAttr());
      storage = plan.addStorage(piece);
      int64_t element = getElementBytes(getElementTypeOrSelf(value.getType()));
      plan.attach(*storage, storageOf.lookup(slice.getInput()),
                  plan.constant(slice.getStaticStarts()[0] * element));
    } else if (auto get = dyn_cast_or_null<GetParameterOp>(op)) {
      storage = weight(value, get.getNameAttr().getAttr(), ElementsAttr(), LayoutAttr());
    } else if (auto constant = dyn_cast_or_null<ConstantOp>(op)) {
      storage = weight(value, StringAttr(), constant.getValue(), LayoutAttr());
    } else if (auto relayout = dyn_cast_or_null<RelayoutOp>(op)) {
      if (auto get = relayout.getInput().getDefiningOp<GetParameterOp>())
        storage =
            weight(value, get.getNameAttr().getAttr(), ElementsAttr(), relayout.getLayoutAttr());
      else if (auto constant = relayout.getInput().getDefiningOp<ConstantOp>())
        storage = weight(value, StringAttr(), constant.getValue(), relayout.getLayoutAttr());
    }
    if (failed(storage))
      return user->emitError("cannot tell where an operand is stored");
    storageOf[value] = *storage;
    return storage;
  }

  unsigned weight(Value value, StringAttr parameter, ElementsAttr constant, LayoutAttr layout) {
    std::pair<Attribute, Attribute> key(parameter ? Attribute(parameter) : Attribute(constant),
                                        layout);
    auto [it, isNew] = weights.try_emplace(key, 0u);
    if (isNew) {
      Storage storage;
      storage.region = Place::Weight;
      storage.bytes = bytesOf(value, layout);
      storage.layout = layout;
      storage.parameter = parameter;
      storage.constant = constant;
      if (parameter)
        storage.name = parameter.str();
      it->second = plan.addStorage(storage);
    }
    return it->second;
  }

  LogicalResult readLaunch(mlopt::LaunchOp launch) {
    auto kernel = symbolTables.lookupNearestSymbolFrom<KernelOp>(launch, launch.getKernelAttr());
    if (!kernel)
      return launch.emitError("expects a kernel named '") << launch.getKernel() << "'";
    ScheduleAttr schedule = kernel.getScheduleAttr();
    if (!schedule)
      return launch.emitError("kernel '") << launch.getKernel() << "' has no schedule";
    KernelSignature signature(kernel);
    Item item(launch, kernel, launch.getLoc());
    llvm::StringMap<SymExpr> local;
    for (auto [name, origin] : llvm::zip_equal(signature.symbols, signature.origins)) {
      Value operand = launch.getInputs()[origin.operand];
      SymExpr size =
          origin.axis < 0 ? shapes.sizeOf(operand) : shapes.shapeOf(operand)[origin.axis];
      item.sizes.push_back(size);
      local[name] = size;
    }
    SymExpr threads = SymExpr::symbol(plan.getContext(), rt::MlrtDialect::getThreadsSymbol());
    auto global = [&](SymExpr size) {
      return size.substitute([&](StringRef name) {
        // In a schedule the number of threads is called `threads`.
        return name == "threads" && !local.contains(name) ? threads : local.lookup(name);
      });
    };
    auto isPart = [&](unsigned i) { return llvm::is_contained(schedule.getPart(), int64_t(i)); };
    for (unsigned i : signature.tensorOperands) {
      FailureOr<unsigned> storage = lookup(launch.getInputs()[i], launch);
      if (failed(storage))
        return failure();
      LayoutAttr wanted = layoutAt(kernel, i);
      if (plan.storages[*storage].layout != wanted)
        return launch.emitError("operand ")
               << i << " has the layout " << describe(plan.storages[*storage].layout)
               << ", the kernel expects " << describe(wanted);
      item.ins.push_back(*storage);
      item.insPart.push_back(isPart(i));
    }
    unsigned operands = launch.getInputs().size();
    for (auto [i, result] : llvm::enumerate(launch.getOutputs())) {
      Storage storage;
      storage.layout = layoutAt(kernel, operands + i);
      storage.bytes = bytesOf(result, storage.layout);
      storage.name = nodeNames(launch.getLoc());
      unsigned id = plan.addStorage(storage);
      storageOf[result] = id;
      item.outs.push_back(id);
      item.outsPart.push_back(isPart(operands + i));
    }
    for (auto [which, axis] :
         llvm::zip_equal(schedule.getOuterStride(), schedule.getOuterStrideAxis())) {
      // Dense: a run follows the one before it.
      Value value =
          which < operands ? launch.getInputs()[which] : launch.getOutputs()[which - operands];
      SymShape shape = shapes.shapeOf(value);
      SymExpr run = plan.constant(getElementBytes(getElementTypeOrSelf(value.getType())));
      for (SymExpr size : ArrayRef(shape).drop_front(std::min<size_t>(axis, shape.size())))
        run = run * size;
      item.strides.push_back(run);
    }
    SymExpr shared = global(schedule.getScratchShared());
    SymExpr perThread = global(schedule.getScratchPerThread());
    SymExpr scratch = roundUp(shared) + threads * roundUp(perThread);
    if (!scratch.isConstant(0)) {
      Storage storage;
      storage.bytes = scratch;
      storage.scratch = true;
      item.scratch = plan.addStorage(storage);
      if (shared.isConstant(0))
        item.threadScratch = roundUp(perThread);
    }
    item.units = global(schedule.getUnits());
    item.phases = schedule.getPhases();
    auto [work, isNew] = works.try_emplace(kernel);
    if (isNew)
      work->second = estimateWork(kernel);
    item.work = global(work->second);
    plan.items.push_back(std::move(item));
    return success();
  }

  static std::string describe(LayoutAttr layout) {
    return layout ? "'" + layout.getName().str() + "'" : std::string("row-major");
  }

  /// Which results take the storage of an argument.
  LogicalResult readDonations() {
    func::FuncOp function = plan.function;
    Operation *ret = function.getBody().front().getTerminator();
    for (unsigned i = 0; i < function.getNumResults(); ++i) {
      plan.donated.push_back(-1);
      Attribute attribute = function.getResultAttr(i, "mlopt.donated");
      if (!attribute)
        continue;
      auto index = dyn_cast<IntegerAttr>(attribute);
      if (!index || index.getInt() < 0 || index.getInt() >= function.getNumArguments())
        return ret->emitError("result ")
               << i << " takes the storage of argument " << attribute << ", expected a number below "
               << function.getNumArguments();
      BlockArgument argument = function.getArgument(index.getInt());
      Value value = ret->getOperand(i);
      if (argument.getType() != value.getType())
        return ret->emitError("result ")
               << i << " of type " << value.getType() << " takes the storage of argument "
               << index.getInt() << " of type " << argument.getType() << ": expected equal types";
      if (shapes.shapeOf(argument) != shapes.shapeOf(value))
        return ret->emitError("result ")
               << i << " takes the storage of argument " << index.getInt()
               << ": expected equal sizes, which cannot be shown; name them alike in 'mlopt.dims'";
      Storage &storage = plan.storages[storageOf.lookup(argument)];
      if (storage.donated)
        return ret->emitError("result ")
               << i << " takes the storage of argument " << index.getInt()
               << ", which another result takes: expected one result for each argument";
      storage.donated = true;
      plan.donated.back() = index.getInt();
    }
    return success();
  }

  LogicalResult readReturn(func::ReturnOp ret) {
    SmallVector<unsigned> sources;
    for (auto [i, value] : llvm::enumerate(ret.getOperands())) {
      FailureOr<unsigned> source = lookup(value, ret);
      if (failed(source))
        return failure();
      if (plan.storages[*source].layout)
        return ret.emitError("result ")
               << i << " has the layout " << describe(plan.storages[*source].layout)
               << ", results are row-major";
      sources.push_back(*source);
    }
    for (auto [i, source] : llvm::enumerate(sources)) {
      if (plan.donated[i] >= 0)
        continue;
      Storage &root = plan.storages[plan.find(source)];
      if (root.region == Place::Arena) {
        root.region = Place::Output;
        root.index = i;
        continue;
      }
      Storage target;
      target.region = Place::Output;
      target.index = i;
      target.bytes = plan.storages[source].bytes;
      plan.items.push_back(Item(source, plan.addStorage(target), ret.getOperand(i).getLoc()));
    }
    // New values of arguments last: until here all old ones can be read.
    std::vector<Item> copies;
    for (auto [i, source] : llvm::enumerate(sources)) {
      if (plan.donated[i] < 0)
        continue;
      unsigned target = storageOf.lookup(plan.function.getArgument(plan.donated[i]));
      if (plan.find(source) == target)
        continue; // unchanged
      Location loc = ret.getOperand(i).getLoc();
      unsigned from = source;
      if (plan.storages[plan.find(source)].donated) {
        // The old value of another one, which may be overwritten before it is read.
        Storage old;
        old.bytes = plan.storages[source].bytes;
        old.name = plan.storages[plan.find(source)].name;
        from = plan.addStorage(old);
        plan.items.push_back(Item(source, from, loc));
      }
      copies.push_back(Item(from, target, loc));
    }
    plan.items.insert(plan.items.end(), copies.begin(), copies.end());
    return success();
  }

  Plan &plan;
  ShapeAnalysis &shapes;
  llvm::DenseMap<Value, unsigned> storageOf;
  llvm::DenseMap<std::pair<Attribute, Attribute>, unsigned> weights;
  llvm::DenseMap<Operation *, SymExpr> works;
  SymbolTableCollection symbolTables;
};

} // namespace

LogicalResult plan::readLaunches(Plan &plan) { return Reader(plan).run(); }
