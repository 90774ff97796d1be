//===- HostProgram.cpp - Host functions of a program ----------------------===//
//
// `sizes`: checks, arena, output dimensions. `run`: every thread evaluates the
// sizes that it needs, calls the kernels in order and meets the others at the
// barriers. A long program runs in sections, functions that `run` calls one
// after the other: passes of LLVM take more than linear time in one function.
//
//===----------------------------------------------------------------------===//
#include "mlopt/Codegen/HostProgram.h"
#include "FunctionEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlopt/Passes/KernelSignature.h"
#include "mlopt/runtime/abi/module_abi.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlopt;

// Offsets are taken from the header itself; pointers are 8 bytes in it.
static_assert(sizeof(void *) == 8 && sizeof(mlopt_run_fn) == 8, "the contract is for 64 bits");

namespace {

class SizesEmitter : FunctionEmitter {
public:
  using FunctionEmitter::FunctionEmitter;

  LogicalResult run(StringRef name) {
    LLVM::LLVMFuncOp function = begin(name, {ptr, i64, ptr});
    Value symbols = function.getArgument(0), values = function.getArgument(2);
    readSymbols([&] { return symbols; }, function.getArgument(1));
    // The checks bound every tensor, so sums of them (the arena) fit as well.
    sizes.checked = true;
    auto store = [&](SymExpr size, int64_t place) {
      LLVM::StoreOp::create(b, loc, sizes.emit(size), at(values, 8 * place));
    };
    rt::ReturnOp ret = program.getReturn();
    store(ret.getArenaBytes(), MLOPT_VALUE_ARENA_BYTES);
    store(ret.getLowerBound(), MLOPT_VALUE_LOWER_BOUND);
    if (SymExprAttr threads = ret.getThreadsAttr())
      store(threads, MLOPT_VALUE_THREADS);
    else
      LLVM::StoreOp::create(b, loc, sizes.constant(INT64_MAX), at(values, 8 * MLOPT_VALUE_THREADS));
    int64_t place = MLOPT_VALUE_OUTPUT_DIMS;
    for (rt::TensorAttr output : program.getOutputList())
      for (SymExpr size : output.getShape())
        store(size, place++);
    // The first check that fails counts: from the last to the first.
    Value result = arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(0));
    auto checks = llvm::to_vector(program.getBody().front().getOps<rt::CheckOp>());
    for (size_t i = checks.size(); i-- > 0;) {
      Value condition = sizes.emit(checks[i].getCondition());
      Value fails =
          arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, condition, sizes.constant(0));
      if (Value overflow = sizes.overflows(checks[i].getCondition()))
        fails = arith::OrIOp::create(b, loc, fails, overflow);
      Value code = arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(i + 1));
      result = arith::SelectOp::create(b, loc, fails, code, result);
    }
    LLVM::ReturnOp::create(b, loc, result);
    return failure(broken);
  }
};

class RunEmitter : FunctionEmitter {
public:
  RunEmitter(rt::ProgramOp program, ArrayRef<rt::SymbolAttr> entrySymbols, ModuleOp target,
             StringRef kernelSuffix)
      : FunctionEmitter(program, entrySymbols, target), kernelSuffix(kernelSuffix) {}

  LogicalResult run(StringRef name) {
    // Steps of the program; what they read and write is found when they ask.
    SmallVector<Operation *> work;
    size_t launches = 0;
    SmallVector<size_t> starts = {0};
    for (Operation &op : program.getBody().front()) {
      if (!isa<rt::BarrierOp, rt::LaunchOp, rt::CopyOp>(op))
        continue;
      if (!isa<rt::BarrierOp>(op) && launches++ && launches % launchesPerSection == 1)
        starts.push_back(work.size());
      work.push_back(&op);
    }
    LLVM::LLVMFuncOp function = begin(name, {ptr, i64, i64});
    if (starts.size() == 1)
      return section(function, work);

    SmallVector<LLVM::LLVMFuncOp> sections;
    starts.push_back(work.size());
    for (size_t i = 0; i + 1 < starts.size(); ++i) {
      auto part = begin((name + "_section" + Twine(i)).str(), {ptr, i64, i64});
      // One function again, were they inlined.
      part.setPassthroughAttr(b.getStrArrayAttr({"nounwind", "noinline"}));
      sections.push_back(part);
      ArrayRef<Operation *> own(work);
      if (failed(section(part, own.slice(starts[i], starts[i + 1] - starts[i]))))
        return failure();
    }
    b.setInsertionPointToEnd(&function.getBody().front());
    for (LLVM::LLVMFuncOp part : sections)
      LLVM::CallOp::create(b, loc, part, function.getArguments());
    LLVM::ReturnOp::create(b, loc,
                           Value(arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(0))));
    return success();
  }

private:
  /// Launches and copies in one function, at most. A few dozen keep both the
  /// time for one function and the calls and sizes evaluated anew small.
  static constexpr size_t launchesPerSection = 64;

  /// Fills `function` with `work`, and what it needs of the frame and the sizes.
  LogicalResult section(LLVM::LLVMFuncOp function, ArrayRef<Operation *> work) {
    buffers.clear();
    sizes.reset();
    frame = function.getArgument(0);
    thread = function.getArgument(1);
    threads = function.getArgument(2);
    Value symbols = load(ptr, frame, offsetof(mlopt_run_frame, symbols));
    readSymbols([symbols] { return symbols; }, threads);
    inputs = load(ptr, frame, offsetof(mlopt_run_frame, inputs));
    outputs = load(ptr, frame, offsetof(mlopt_run_frame, outputs));
    weights = load(ptr, frame, offsetof(mlopt_run_frame, weights));
    arena = load(ptr, frame, offsetof(mlopt_run_frame, arena));
    error = load(ptr, frame, offsetof(mlopt_run_frame, error));
    Value services = load(ptr, frame, offsetof(mlopt_run_frame, services));
    barrierFunction = load(ptr, services, offsetof(mlopt_services, barrier));
    clockFunction = load(ptr, services, offsetof(mlopt_services, clock_ns));
    // Only thread 0 notes time stamps.
    Value profile = load(ptr, frame, offsetof(mlopt_run_frame, profile));
    null = LLVM::ZeroOp::create(b, loc, ptr);
    Value isFirst =
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, thread, sizes.constant(0));
    stamps = arith::SelectOp::create(b, loc, isFirst, profile, null);
    hasStamps = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::ne, stamps, null);
    manyThreads =
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, threads, sizes.constant(1));

    for (Operation *op : work) {
      LogicalResult done = llvm::TypeSwitch<Operation *, LogicalResult>(op)
                               .Case<rt::BarrierOp>([&](auto) { return barrier(); })
                               .Case<rt::LaunchOp>([&](auto o) { return launch(o); })
                               .Case<rt::CopyOp>([&](auto o) { return copy(o); });
      if (failed(done))
        return failure();
    }
    LLVM::ReturnOp::create(b, loc,
                           Value(arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(0))));
    return failure(broken);
  }

  /// Where a buffer of the program lies, computed once per function.
  Value bufferOf(Value buffer) {
    if (Value known = buffers.lookup(buffer))
      return known;
    Value pointer =
        llvm::TypeSwitch<Operation *, Value>(buffer.getDefiningOp())
            .Case<rt::InputOp>([&](auto o) { return load(ptr, inputs, 8 * o.getIndex()); })
            .Case<rt::OutputOp>([&](auto o) { return load(ptr, outputs, 8 * o.getIndex()); })
            .Case<rt::WeightOp>([&](rt::WeightOp o) -> Value {
              if (o.getOffset())
                return at(weights, sizes.constant(*o.getOffset()));
              o.emitOpError("has no offset: plan the weights first");
              broken = true;
              return null;
            })
            .Case<rt::ArenaOp>([&](auto o) { return at(arena, sizes.emit(o.getOffset())); })
            .Case<rt::PieceOp>([&](auto o) {
              Value source = bufferOf(o.getSource());
              return at(source, sizes.emit(o.getOffset()));
            });
    return buffers[buffer] = pointer;
  }

  /// Emits `body` under a condition, sizes kept out of it.
  void when(Value condition, llvm::function_ref<void()> body) {
    auto branch = scf::IfOp::create(b, loc, condition, /*withElseRegion=*/false);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    body();
  }

  LogicalResult barrier() {
    auto type =
        LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()), {ptr, i64, i64});
    when(manyThreads, [&] {
      LLVM::CallOp::create(b, loc, type, ValueRange{barrierFunction, frame, thread, threads});
    });
    return success();
  }

  void stamp(int64_t place) {
    auto type = LLVM::LLVMFunctionType::get(i64, {});
    when(hasStamps, [&] {
      Value now = LLVM::CallOp::create(b, loc, type, ValueRange{clockFunction}).getResult();
      LLVM::StoreOp::create(b, loc, now, at(stamps, 8 * place));
    });
  }

  /// Declares a phase of a kernel.
  LLVM::LLVMFuncOp declare(StringRef name, const KernelSignature &signature) {
    if (auto known = target.lookupSymbol<LLVM::LLVMFuncOp>(name))
      return known;
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(target.getBody());
    SmallVector<Type> arguments(signature.getNumArgs(), i64);
    for (unsigned i = 0; i < signature.numTensorOperands + signature.numResults; ++i)
      arguments[i] = ptr;
    arguments[signature.getScratchArg()] = ptr;
    arguments[signature.getErrorArg()] = ptr;
    auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()), arguments);
    auto function = LLVM::LLVMFuncOp::create(b, loc, name, type);
    // Kernels are linked into the same file: a direct call, no table.
    function.setVisibility_(LLVM::Visibility::Hidden);
    return function;
  }

  LogicalResult launch(rt::LaunchOp op) {
    auto module = program->getParentOfType<ModuleOp>();
    auto kernel = module.lookupSymbol<KernelOp>(op.getKernel());
    KernelSignature signature(kernel);
    if (op.getSizes().size() != signature.symbols.size() ||
        op.getStrides().size() != signature.numOuterStrides)
      return op.emitOpError("expects ")
             << signature.symbols.size() << " sizes and " << signature.numOuterStrides
             << " strides, got " << op.getSizes().size() << " and " << op.getStrides().size();
    SmallVector<Value> arguments;
    for (Value in : op.getIns())
      arguments.push_back(bufferOf(in));
    for (Value out : op.getOuts())
      arguments.push_back(bufferOf(out));
    for (Attribute size : llvm::concat<const Attribute>(op.getSizes(), op.getStrides()))
      arguments.push_back(sizes.emit(cast<SymExprAttr>(size)));
    arguments.push_back(op.getScratch() ? bufferOf(op.getScratch()) : null);
    arguments.append({thread, threads, error, sizes.constant(op.getNumber())});
    Value steps;
    if (signature.repeat) {
      SymExpr repeat(signature.repeat);
      StringRef unknown;
      SymExpr count = repeat.substitute([&](StringRef name) {
        for (auto [symbol, size] : llvm::zip_equal(signature.symbols, op.getSizes()))
          if (symbol == name)
            return SymExpr(cast<SymExprAttr>(size));
        unknown = name;
        return SymExpr::constant(op.getContext(), 0);
      });
      if (!unknown.empty())
        return op.emitOpError("repeats phases of '")
               << op.getKernel() << "' by '" << unknown << "', which is no symbol of the kernel";
      steps = sizes.emit(count);
    }
    stamp(2 * op.getNumber());
    callPhases(kernel, signature, arguments, steps);
    stamp(2 * op.getNumber() + 1);
    return success();
  }

  /// Calls the phases in order with barriers between them, those that are
  /// repeated `steps` times in a loop.
  void callPhases(KernelOp kernel, const KernelSignature &signature, ArrayRef<Value> arguments,
                  Value steps) {
    auto call = [&](int64_t phase, Value step) {
      SmallVector<Value> all(arguments);
      if (step)
        all.push_back(step);
      std::string name = KernelSignature::getFunctionName(kernel, phase) + kernelSuffix.str();
      LLVM::CallOp::create(b, loc, declare(name, signature), all);
    };
    Value zero = steps ? sizes.constant(0) : Value();
    int64_t once = steps ? signature.repeatFrom : signature.phases;
    for (int64_t phase = 0; phase < once; ++phase) {
      if (phase > 0)
        (void)barrier();
      call(phase, zero);
    }
    if (!steps)
      return;
    // This one stands outside of the loop, where the planner counts on it even
    // if there are no steps.
    (void)barrier();
    auto loop = scf::ForOp::create(b, loc, zero, steps, sizes.constant(1));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    Value step = loop.getInductionVar();
    for (int64_t phase = once; phase < signature.phases; ++phase) {
      if (phase > once)
        (void)barrier();
      else
        when(arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, step, zero),
             [&] { (void)barrier(); });
      call(phase, step);
    }
  }

  /// Threads share a copy in runs of 64 bytes.
  LogicalResult copy(rt::CopyOp op) {
    stamp(2 * op.getNumber());
    SymExpr bytes = op.getBytes();
    Value units = sizes.emit(bytes.ceilDiv(64)), total = sizes.emit(bytes),
          c64 = sizes.constant(64);
    auto boundary = [&](Value t) -> Value {
      Value unit = arith::DivUIOp::create(b, loc, arith::MulIOp::create(b, loc, t, units), threads);
      return arith::MinSIOp::create(b, loc, arith::MulIOp::create(b, loc, unit, c64), total);
    };
    Value begin = boundary(thread);
    Value end = boundary(arith::AddIOp::create(b, loc, thread, sizes.constant(1)));
    Value count = arith::SubIOp::create(b, loc, end, begin);
    LLVM::MemcpyOp::create(b, loc, at(bufferOf(op.getTarget()), begin),
                           at(bufferOf(op.getSource()), begin), count, /*isVolatile=*/false);
    stamp(2 * op.getNumber() + 1);
    return success();
  }

  StringRef kernelSuffix;
  Value frame, thread, threads, inputs, outputs, weights, arena, error, null;
  Value barrierFunction, clockFunction, stamps, hasStamps, manyThreads;
  llvm::DenseMap<Value, Value> buffers;
};

} // namespace

SmallVector<rt::SymbolAttr> mlopt::mergeSymbols(ArrayRef<rt::ProgramOp> programs) {
  SmallVector<rt::SymbolAttr> merged;
  for (rt::ProgramOp program : programs)
    for (rt::SymbolAttr symbol : program.getSymbolList())
      if (llvm::none_of(merged, [&](rt::SymbolAttr s) { return s.getName() == symbol.getName(); }))
        merged.push_back(symbol);
  return merged;
}

LogicalResult mlopt::emitSizes(rt::ProgramOp program, ArrayRef<rt::SymbolAttr> entrySymbols,
                               StringRef name, ModuleOp target) {
  return SizesEmitter(program, entrySymbols, target).run(name);
}

LogicalResult mlopt::emitHostProgram(rt::ProgramOp program, ArrayRef<rt::SymbolAttr> entrySymbols,
                                     const HostFunctions &names, ModuleOp target) {
  if (failed(emitSizes(program, entrySymbols, names.sizes, target)))
    return failure();
  return RunEmitter(program, entrySymbols, target, names.kernelSuffix).run(names.run);
}
