//===- DeviceProgram.cpp - A program as launches of a GPU -----------------===//
//
// Sizes and offsets become numbers of values, each expression one value. `fill`
// computes them. A long program fills in sections, functions that `fill` calls
// one after the other, for passes of LLVM take more than linear time in one
// function; named sizes are values too then, so that a section reads what the
// earlier ones have computed.
//
//===----------------------------------------------------------------------===//
#include "mlopt/Codegen/DeviceProgram.h"
#include "FunctionEmitter.h"
#include "mlopt/Codegen/GpuLaunch.h"
#include "mlopt/Codegen/HostProgram.h"
#include "mlopt/Passes/KernelSignature.h"
#include "mlopt/runtime/abi/module_abi.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlopt;

DeviceWeights::DeviceWeights(ModuleOp module) {
  std::map<uint64_t, uint64_t> bytesAt; // an empty tensor may share its offset with another one
  module.walk([&](rt::WeightOp weight) {
    if (weight.getOffset() && !weight.use_empty()) {
      uint64_t &size = bytesAt[*weight.getOffset()];
      size = std::max<uint64_t>(size, weight.getBytes());
    }
  });
  for (auto [offset, size] : bytesAt) {
    places[offset] = bytes;
    if (size == 0)
      continue;
    pieces.push_back({offset, size, bytes});
    bytes = llvm::alignTo(bytes + size, alignment);
  }
}

namespace {

/// The array that `fill` writes: which expression has which place.
class ValueTable {
public:
  uint32_t add(SymExpr e) {
    auto [it, isNew] = places.try_emplace(e.getAttr(), values.size());
    if (isNew)
      values.push_back(e);
    return it->second;
  }
  /// Consecutive places.
  uint32_t addRow(ArrayRef<SymExpr> row) {
    SmallVector<Attribute> key;
    for (SymExpr e : row)
      key.push_back(e.getAttr());
    auto [it, isNew] = rows.try_emplace(ArrayAttr::get(row[0].getContext(), key), values.size());
    if (isNew)
      for (SymExpr e : row) {
        places.try_emplace(e.getAttr(), values.size());
        values.push_back(e);
      }
    return it->second;
  }
  ArrayRef<SymExpr> get() const { return values; }

private:
  std::vector<SymExpr> values;
  llvm::DenseMap<Attribute, uint32_t> places, rows;
};

class DeviceProgramEmitter : FunctionEmitter {
public:
  DeviceProgramEmitter(rt::ProgramOp program, ArrayRef<rt::SymbolAttr> entrySymbols,
                       const DeviceWeights &weights, ModuleOp target)
      : FunctionEmitter(program, entrySymbols, target), weights(weights),
        module(program->getParentOfType<ModuleOp>()) {}

  FailureOr<DeviceProgram> run(StringRef fill) {
    uint32_t functions = 0;
    for (auto kernel : module.getOps<KernelOp>()) {
      firstFunction[kernel] = functions;
      functions += KernelSignature(kernel).phases;
    }
    for (Operation &op : program.getBody().front()) {
      LogicalResult done = llvm::TypeSwitch<Operation *, LogicalResult>(&op)
                               .Case<rt::LaunchOp>([&](auto o) { return launch(o); })
                               .Case<rt::CopyOp>([&](auto o) { return copy(o); })
                               .Default([](Operation *) { return success(); });
      if (failed(done))
        return failure();
    }
    emitFill(fill);
    if (broken)
      return failure();
    result.valueCount = values.get().size();
    result.fill = fill.str();
    return std::move(result);
  }

private:
  using Param = DeviceProgram::Param;
  using Node = DeviceProgram::Node;
  using Step = DeviceProgram::Step;

  /// Values that one function computes, at most.
  static constexpr size_t valuesPerSection = 512;

  SymExpr constant(int64_t value) { return SymExpr::constant(program.getContext(), value); }
  Param valueOf(SymExpr e) { return {MLOPT_GPU_VALUE, 0, values.add(e)}; }

  /// Where a buffer lies: a base and bytes.
  Param bufferOf(Value buffer) {
    SymExpr offset = constant(0);
    while (auto piece = buffer.getDefiningOp<rt::PieceOp>()) {
      offset = offset + SymExpr(piece.getOffset());
      buffer = piece.getSource();
    }
    uint32_t kind = 0, index = 0;
    llvm::TypeSwitch<Operation *>(buffer.getDefiningOp())
        .Case<rt::InputOp>([&](auto o) {
          kind = MLOPT_GPU_INPUT;
          index = o.getIndex();
        })
        .Case<rt::OutputOp>([&](auto o) {
          kind = MLOPT_GPU_OUTPUT;
          index = o.getIndex();
        })
        .Case<rt::WeightOp>([&](rt::WeightOp o) {
          kind = MLOPT_GPU_WEIGHTS;
          if (o.getOffset())
            offset = offset + static_cast<int64_t>(weights.getDeviceOffset(*o.getOffset()));
          else
            broken = true, o.emitOpError("has no offset: plan the weights first");
        })
        .Case<rt::ArenaOp>([&](auto o) {
          kind = MLOPT_GPU_ARENA;
          offset = offset + SymExpr(o.getOffset());
        });
    return {kind, index, offset.isConstant(0) ? MLOPT_GPU_UNKNOWN : values.add(offset)};
  }

  /// An expression in the kernel's symbols at the sizes of a launch; null after a diagnostic.
  SymExpr atLaunch(SymExpr e, rt::LaunchOp op, const KernelSignature &signature, StringRef what) {
    std::string unknown;
    SymExpr size = e.substitute([&](StringRef name) {
      for (auto [symbol, value] : llvm::zip_equal(signature.symbols, op.getSizes()))
        if (symbol == name)
          return SymExpr(cast<SymExprAttr>(value));
      unknown = name.str();
      return constant(0);
    });
    if (unknown.empty())
      return size;
    broken = true;
    op.emitOpError("has a ") << what << " of '" << op.getKernel() << "' by '" << unknown
                             << "', which is no symbol of the kernel";
    return {};
  }

  /// What must have ended, in order, each once.
  template <typename Op> static std::vector<uint32_t> afterOf(Op op) {
    std::vector<uint32_t> after;
    for (int64_t number : llvm::concat<const int64_t>(op.getAfterOwn(), op.getAfterAll()))
      after.push_back(number);
    llvm::sort(after);
    after.erase(llvm::unique(after), after.end());
    return after;
  }

  LogicalResult launch(rt::LaunchOp op) {
    auto kernel = module.lookupSymbol<KernelOp>(op.getKernel());
    KernelSignature signature(kernel);
    if (op.getSizes().size() != signature.symbols.size() ||
        op.getStrides().size() != signature.numOuterStrides)
      return op.emitOpError("expects ")
             << signature.symbols.size() << " sizes and " << signature.numOuterStrides
             << " strides, got " << op.getSizes().size() << " and " << op.getStrides().size();
    SmallVector<GpuLaunch> launches = readGpuLaunches(kernel.getScheduleAttr());
    if (launches.size() != static_cast<size_t>(signature.phases))
      return op.emitOpError("expects one grid for each of the ")
             << signature.phases << " phases of '" << op.getKernel() << "', its schedule has "
             << launches.size();
    // As KernelSignature.h has it. The place of a thread comes from the hardware.
    std::vector<Param> params;
    for (Value buffer : llvm::concat<Value>(op.getIns(), op.getOuts()))
      params.push_back(bufferOf(buffer));
    for (Attribute size : llvm::concat<const Attribute>(op.getSizes(), op.getStrides()))
      params.push_back(valueOf(SymExpr(cast<SymExprAttr>(size))));
    params.push_back(op.getScratch() ? bufferOf(op.getScratch())
                                     : Param{MLOPT_GPU_NULL, 0, MLOPT_GPU_UNKNOWN});
    params.push_back(valueOf(constant(0)));
    params.push_back(valueOf(constant(1)));
    params.push_back({MLOPT_GPU_ERROR, 0, MLOPT_GPU_UNKNOWN});
    params.push_back(valueOf(constant(op.getNumber())));
    if (signature.repeat)
      params.push_back({MLOPT_GPU_TURN, 0, MLOPT_GPU_UNKNOWN});

    Step step{MLOPT_GPU_KERNEL, {}, static_cast<uint32_t>(signature.phases), MLOPT_GPU_UNKNOWN,
              afterOf(op)};
    for (auto [phase, launch] : llvm::enumerate(launches)) {
      SymExpr row[4];
      for (int axis = 0; axis < 3; ++axis) {
        row[axis] = atLaunch(launch.grid[axis], op, signature, "grid");
        if (!row[axis])
          return failure();
      }
      row[3] = constant(launch.sharedBytes);
      Node node{static_cast<uint32_t>(firstFunction.lookup(kernel) + phase), {}, 0, params};
      llvm::copy(launch.block, node.block);
      node.firstValue = values.addRow(row);
      step.nodes.push_back(std::move(node));
    }
    if (signature.repeat) {
      SymExpr turns = atLaunch(SymExpr(signature.repeat), op, signature, "number of turns");
      if (!turns)
        return failure();
      step.repeatFrom = signature.repeatFrom;
      step.repeatValue = values.add(turns);
    }
    result.steps.push_back(std::move(step));
    return failure(broken);
  }

  LogicalResult copy(rt::CopyOp op) {
    Node node{MLOPT_GPU_UNKNOWN, {0, 0, 0}, 0, {}};
    node.params = {bufferOf(op.getTarget()), bufferOf(op.getSource())};
    node.firstValue = values.add(SymExpr(op.getBytes()));
    result.steps.push_back({MLOPT_GPU_COPY, {std::move(node)}, 1, MLOPT_GPU_UNKNOWN, afterOf(op)});
    return failure(broken);
  }

  //--- The function that computes the values ---------------------------------//

  void emitFill(StringRef name) {
    Type nothing = LLVM::LLVMVoidType::get(b.getContext());
    size_t own = values.get().size();
    bool split = own > valuesPerSection;
    // Named sizes come first of all: each uses earlier ones only.
    SmallVector<std::pair<StringRef, uint32_t>> stored;
    if (split)
      for (auto step : program.getBody().front().getOps<rt::StepOp>()) {
        SymExpr named = SymExpr::symbol(program.getContext(), step.getName());
        stored.push_back({step.getName(), values.add(named)});
      }
    SmallVector<uint32_t> order;
    for (auto [step, place] : stored)
      order.push_back(place);
    llvm::SmallDenseSet<uint32_t> isStored(order.begin(), order.end());
    for (uint32_t place = 0; place < values.get().size(); ++place)
      if (!isStored.contains(place))
        order.push_back(place);

    LLVM::LLVMFuncOp function = begin(name, {ptr, ptr}, nothing);
    if (!split) {
      section(function, order, {});
      return;
    }
    SmallVector<LLVM::LLVMFuncOp> sections;
    for (size_t first = 0; first < order.size(); first += valuesPerSection) {
      auto part = begin((name + "_section" + Twine(sections.size())).str(), {ptr, ptr}, nothing);
      // One function again, were they inlined.
      part.setPassthroughAttr(b.getStrArrayAttr({"nounwind", "noinline"}));
      sections.push_back(part);
      ArrayRef<uint32_t> all(order);
      section(part, all.slice(first, std::min(valuesPerSection, order.size() - first)),
              ArrayRef(stored).take_front(std::min(first, stored.size())));
    }
    b.setInsertionPointToEnd(&function.getBody().front());
    for (LLVM::LLVMFuncOp part : sections)
      LLVM::CallOp::create(b, loc, part, function.getArguments());
    LLVM::ReturnOp::create(b, loc, ValueRange());
  }

  /// Computes the values at `places`; the sizes named in `known` are in the array.
  void section(LLVM::LLVMFuncOp function, ArrayRef<uint32_t> places,
               ArrayRef<std::pair<StringRef, uint32_t>> known) {
    sizes.reset();
    Value symbols = function.getArgument(0), array = function.getArgument(1);
    // A GPU's launch is one thread of the plan.
    readSymbols([symbols] { return symbols; }, sizes.constant(1));
    auto entrySymbol = sizes.symbol;
    llvm::StringMap<SymExpr> allSteps = sizes.steps;
    llvm::StringMap<uint32_t> placeOf;
    for (auto [name, place] : known) {
      placeOf[name] = place;
      sizes.steps.erase(name);
    }
    sizes.symbol = [&](StringRef name) -> Value {
      auto place = placeOf.find(name);
      return place == placeOf.end() ? entrySymbol(name) : load(i64, array, 8 * place->second);
    };
    for (uint32_t place : places)
      LLVM::StoreOp::create(b, loc, sizes.emit(values.get()[place]), at(array, 8 * int64_t(place)));
    LLVM::ReturnOp::create(b, loc, ValueRange());
    sizes.steps = std::move(allSteps);
  }

  const DeviceWeights &weights;
  ModuleOp module;
  llvm::DenseMap<Operation *, uint32_t> firstFunction;
  ValueTable values;
  DeviceProgram result;
};

} // namespace

FailureOr<DeviceProgram> mlopt::emitDeviceProgram(rt::ProgramOp program,
                                                  ArrayRef<rt::SymbolAttr> entrySymbols,
                                                  const DeviceWeights &weights, StringRef sizes,
                                                  StringRef fill, ModuleOp target) {
  if (failed(emitSizes(program, entrySymbols, sizes, target)))
    return failure();
  FailureOr<DeviceProgram> result =
      DeviceProgramEmitter(program, entrySymbols, weights, target).run(fill);
  if (succeeded(result))
    result->sizes = sizes.str();
  return result;
}
