//===- HostProgram.cpp - Host functions of a program ----------------------===//
//
// `sizes`: checks, arena, output dimensions. `run`: every thread evaluates the
// sizes that it needs, calls the kernels in order and meets the others at the
// barriers.
//
//===----------------------------------------------------------------------===//
#include "mlopt/Codegen/HostProgram.h"
#include "SizeEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlopt/Passes/KernelSignature.h"
#include "mlopt/runtime/abi/module_abi.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlopt;

// Offsets are taken from the header itself; pointers are 8 bytes in it.
static_assert(sizeof(void *) == 8 && sizeof(mlopt_run_fn) == 8, "the contract is for 64 bits");

namespace {

/// What both functions share.
class FunctionEmitter {
public:
  FunctionEmitter(rt::ProgramOp program, ArrayRef<rt::SymbolAttr> entrySymbols, ModuleOp target)
      : program(program), entrySymbols(entrySymbols), target(target), b(target.getContext()),
        loc(program.getLoc()), sizes(b, loc) {
    ptr = LLVM::LLVMPointerType::get(b.getContext());
    i64 = b.getI64Type();
    i32 = b.getI32Type();
    for (auto step : program.getBody().front().getOps<rt::StepOp>())
      sizes.steps[step.getName()] = step.getValueAttr();
  }

protected:
  LLVM::LLVMFuncOp begin(StringRef name, ArrayRef<Type> arguments) {
    b.setInsertionPointToEnd(target.getBody());
    auto type = LLVM::LLVMFunctionType::get(i32, arguments);
    auto function = LLVM::LLVMFuncOp::create(b, loc, name, type);
    function.setVisibility_(LLVM::Visibility::Hidden);
    function.setPassthroughAttr(b.getStrArrayAttr({"nounwind"}));
    b.setInsertionPointToStart(function.addEntryBlock(b));
    return function;
  }

  Value at(Value base, int64_t bytes) {
    if (bytes == 0)
      return base;
    return LLVM::GEPOp::create(b, loc, ptr, b.getI8Type(), base,
                               ArrayRef<LLVM::GEPArg>{checked(bytes)});
  }
  Value at(Value base, Value bytes) {
    return LLVM::GEPOp::create(b, loc, ptr, b.getI8Type(), base, ValueRange{bytes});
  }
  /// Offsets in structures and pointer tables fit 32 bits.
  static LLVM::GEPArg checked(int64_t bytes) { return static_cast<int32_t>(bytes); }
  Value load(Type type, Value base, int64_t bytes) {
    return LLVM::LoadOp::create(b, loc, type, at(base, bytes));
  }

  /// Reads symbols from the table that `table` gives.
  void readSymbols(std::function<Value()> table, Value threads) {
    sizes.symbol = [this, table, threads](StringRef name) -> Value {
      if (name == rt::MlrtDialect::getThreadsSymbol())
        return threads;
      for (auto [i, symbol] : llvm::enumerate(entrySymbols))
        if (symbol.getName() == name)
          return load(i64, table(), 8 * i);
      program.emitError("symbol '") << name << "' is unknown to the entry point";
      broken = true;
      return sizes.constant(0);
    };
  }

  rt::ProgramOp program;
  ArrayRef<rt::SymbolAttr> entrySymbols;
  ModuleOp target;
  OpBuilder b;
  Location loc;
  SizeEmitter sizes;
  Type ptr, i64, i32;
  bool broken = false;
};

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
    LLVM::LLVMFuncOp function = begin(name, {ptr, i64, i64});
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

    for (Operation &op : program.getBody().front()) {
      LogicalResult done = llvm::TypeSwitch<Operation *, LogicalResult>(&op)
                               .Case<rt::InputOp>([&](auto o) {
                                 return bind(o, load(ptr, inputs, 8 * o.getIndex()));
                               })
                               .Case<rt::OutputOp>([&](auto o) {
                                 return bind(o, load(ptr, outputs, 8 * o.getIndex()));
                               })
                               .Case<rt::WeightOp>([&](rt::WeightOp o) -> LogicalResult {
                                 if (!o.getOffset())
                                   return o.emitOpError("has no offset: plan the weights first");
                                 return bind(o, at(weights, sizes.constant(*o.getOffset())));
                               })
                               .Case<rt::ArenaOp>([&](auto o) {
                                 return bind(o, at(arena, sizes.emit(o.getOffset())));
                               })
                               .Case<rt::BarrierOp>([&](auto) { return barrier(); })
                               .Case<rt::LaunchOp>([&](auto o) { return launch(o); })
                               .Case<rt::CopyOp>([&](auto o) { return copy(o); })
                               .Default([](auto) { return success(); });
      if (failed(done))
        return failure();
    }
    LLVM::ReturnOp::create(b, loc,
                           Value(arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(0))));
    return failure(broken);
  }

private:
  LogicalResult bind(Operation *op, Value pointer) {
    buffers[op->getResult(0)] = pointer;
    return success();
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
      arguments.push_back(buffers.lookup(in));
    for (Value out : op.getOuts())
      arguments.push_back(buffers.lookup(out));
    for (Attribute size : llvm::concat<const Attribute>(op.getSizes(), op.getStrides()))
      arguments.push_back(sizes.emit(cast<SymExprAttr>(size)));
    arguments.push_back(op.getScratch() ? buffers.lookup(op.getScratch()) : null);
    arguments.append({thread, threads, error, sizes.constant(op.getNumber())});
    stamp(2 * op.getNumber());
    for (int64_t phase = 0; phase < signature.phases; ++phase) {
      if (phase > 0)
        (void)barrier();
      std::string name = KernelSignature::getFunctionName(kernel, phase) + kernelSuffix.str();
      LLVM::CallOp::create(b, loc, declare(name, signature), arguments);
    }
    stamp(2 * op.getNumber() + 1);
    return success();
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
    LLVM::MemcpyOp::create(b, loc, at(buffers.lookup(op.getTarget()), begin),
                           at(buffers.lookup(op.getSource()), begin), count, /*isVolatile=*/false);
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

LogicalResult mlopt::emitHostProgram(rt::ProgramOp program, ArrayRef<rt::SymbolAttr> entrySymbols,
                                     const HostFunctions &names, ModuleOp target) {
  if (failed(SizesEmitter(program, entrySymbols, target).run(names.sizes)))
    return failure();
  return RunEmitter(program, entrySymbols, target, names.kernelSuffix).run(names.run);
}
