//===- KernelBuilder.cpp - Functions, loops and memory of a kernel --------===//
#include "mlopt/Codegen/KernelBuilder.h"
#include "mlopt/Codegen/GpuLaunch.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace mlopt;

static Type pointerType(MLIRContext *context) { return LLVM::LLVMPointerType::get(context); }

KernelBuilder::KernelBuilder(KernelOp kernel, const TargetDescription &target, ModuleOp module,
                             int64_t phase)
    : kernel(kernel), target(target), signature(kernel), b(kernel.getContext()),
      loc(kernel.getLoc()), shapes(kernel), phase(phase) {
  MLIRContext *context = kernel.getContext();
  Type ptr = pointerType(context), i64 = b.getI64Type();
  SmallVector<Type> args(signature.getNumArgs(), i64);
  for (unsigned i = 0; i < signature.numTensorOperands + signature.numResults; ++i)
    args[i] = ptr;
  args[signature.getScratchArg()] = ptr;
  args[signature.getErrorArg()] = ptr;
  b.setInsertionPointToEnd(module.getBody());
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context), args);
  function = LLVM::LLVMFuncOp::create(b, loc, KernelSignature::getFunctionName(kernel, phase), type);
  // Function-level target attributes let several levels live in one object and
  // keep LLVM's tuning model fixed (cpu-zen5.md section 6).
  SmallVector<Attribute> passthrough;
  auto attribute = [&](StringRef key, StringRef value) {
    passthrough.push_back(
        ArrayAttr::get(context, {b.getStringAttr(key), b.getStringAttr(value)}));
  };
  if (!target.gpu) {
    if (!target.cpu.empty())
      attribute("target-cpu", target.cpu);
    if (!target.features.empty())
      attribute("target-features", target.features);
    if (!target.tuneCpu.empty())
      attribute("tune-cpu", target.tuneCpu);
    if (target.vectorBytes >= 64)
      attribute("prefer-vector-width", "512");
  }
  passthrough.push_back(b.getStringAttr("nounwind"));
  function.setPassthroughAttr(b.getArrayAttr(passthrough));

  // No operand or result shares memory unless the schedule says so.
  ScheduleAttr schedule = kernel.getScheduleAttr();
  SmallVector<bool> shared(signature.getNumArgs(), false);
  if (schedule) {
    auto mark = [&](int64_t operand) {
      if (operand >= 0 && operand < (int64_t)signature.pointerOf.size() &&
          signature.pointerOf[operand] >= 0)
        shared[signature.pointerOf[operand]] = true;
    };
    for (int64_t operand : schedule.getMayOverwrite())
      mark(operand);
    if (!schedule.getMayOverwrite().empty())
      for (unsigned i = 0; i < signature.numResults; ++i)
        shared[signature.getResultArg(i)] = true;
    for (size_t i = 0; i + 1 < schedule.getTied().size(); i += 2) {
      mark(schedule.getTied()[i]);
      shared[signature.getResultArg(schedule.getTied()[i + 1])] = true;
    }
  }
  for (unsigned i = 0; i < signature.getNumArgs(); ++i) {
    if (!isa<LLVM::LLVMPointerType>(args[i]))
      continue;
    if (!shared[i])
      function.setArgAttr(i, LLVM::LLVMDialect::getNoAliasAttrName(), b.getUnitAttr());
    if (!target.gpu)
      continue;
    // What nobody writes may be read through the read-only path.
    if (!shared[i] && i < signature.numTensorOperands)
      function.setArgAttr(i, LLVM::LLVMDialect::getReadonlyAttrName(), b.getUnitAttr());
    if (i < signature.numTensorOperands + signature.numResults || i == signature.getScratchArg())
      function.setArgAttr(i, LLVM::LLVMDialect::getAlignAttrName(), b.getI64IntegerAttr(16));
  }
  if (target.gpu && schedule) {
    SmallVector<int32_t> block;
    GpuLaunch launch = readGpuLaunches(schedule)[phase];
    for (int64_t threads : launch.block)
      block.push_back(threads);
    function->setAttr(NVVM::NVVMDialect::getKernelFuncAttrName(), b.getUnitAttr());
    function->setAttr(NVVM::NVVMDialect::getMaxntidAttrName(), b.getDenseI32ArrayAttr(block));
    // Without a number of blocks ptxas spills a few values to fit one block more.
    function->setAttr(NVVM::NVVMDialect::getMinctasmAttrName(), b.getI32IntegerAttr(1));
  }
  Block *entry = function.addEntryBlock(b);
  b.setInsertionPointToStart(entry);
}

void KernelBuilder::finish() { LLVM::ReturnOp::create(b, loc, ValueRange{}); }

//===----------------------------------------------------------------------===//
// Size arithmetic
//===----------------------------------------------------------------------===//

static std::optional<int64_t> constantOf(Value v) {
  if (auto c = v.getDefiningOp<arith::ConstantOp>())
    if (auto attr = dyn_cast<IntegerAttr>(c.getValue()))
      return attr.getInt();
  return std::nullopt;
}

Value KernelBuilder::index(int64_t v) {
  return arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(v));
}

Value KernelBuilder::constantLike(Value like, int64_t v) {
  return arith::ConstantOp::create(b, loc, b.getIntegerAttr(like.getType(), v));
}

Value KernelBuilder::add(Value x, Value y) {
  std::optional<int64_t> cx = constantOf(x), cy = constantOf(y);
  if (cx && cy)
    return constantLike(x, *cx + *cy);
  if (cx == 0)
    return y;
  if (cy == 0)
    return x;
  return arith::AddIOp::create(b, loc, x, y);
}

Value KernelBuilder::sub(Value x, Value y) {
  std::optional<int64_t> cx = constantOf(x), cy = constantOf(y);
  if (cx && cy)
    return constantLike(x, *cx - *cy);
  if (cy == 0)
    return x;
  return arith::SubIOp::create(b, loc, x, y);
}

Value KernelBuilder::mul(Value x, Value y) {
  std::optional<int64_t> cx = constantOf(x), cy = constantOf(y);
  if (cx && cy)
    return constantLike(x, *cx * *cy);
  if (cx == 1)
    return y;
  if (cy == 1)
    return x;
  if (cx == 0 || cy == 0)
    return constantLike(x, 0);
  return arith::MulIOp::create(b, loc, x, y);
}

Value KernelBuilder::floorDiv(Value x, Value y) {
  std::optional<int64_t> cx = constantOf(x), cy = constantOf(y);
  if (cx && cy && *cy > 0)
    return constantLike(x, *cx / *cy);
  if (cy == 1)
    return x;
  return arith::DivUIOp::create(b, loc, x, y);
}

Value KernelBuilder::rem(Value x, Value y) {
  std::optional<int64_t> cx = constantOf(x), cy = constantOf(y);
  if (cx && cy && *cy > 0)
    return constantLike(x, *cx % *cy);
  if (cy == 1)
    return constantLike(x, 0);
  return arith::RemUIOp::create(b, loc, x, y);
}

Value KernelBuilder::min(Value x, Value y) {
  std::optional<int64_t> cx = constantOf(x), cy = constantOf(y);
  if (cx && cy)
    return constantLike(x, std::min(*cx, *cy));
  return arith::MinSIOp::create(b, loc, x, y);
}

Value KernelBuilder::max(Value x, Value y) {
  std::optional<int64_t> cx = constantOf(x), cy = constantOf(y);
  if (cx && cy)
    return constantLike(x, std::max(*cx, *cy));
  return arith::MaxSIOp::create(b, loc, x, y);
}

Value KernelBuilder::size(SymExpr e) {
  if (std::optional<int64_t> c = e.getConstant())
    return index(*c);
  // Sizes are needed everywhere: compute them once, at the top of the function.
  if (Value known = sizeCache.lookup(e.str()))
    return known;
  OpBuilder::InsertionGuard guard(b);
  Block &entry = function.getBody().front();
  if (lastSize)
    b.setInsertionPointAfterValue(lastSize);
  else
    b.setInsertionPointToStart(&entry);
  Value result = computeSize(e);
  // Arguments keep the insertion point at the top of the block.
  if (result.getDefiningOp())
    lastSize = result;
  sizeCache[e.str()] = result;
  return result;
}

Value KernelBuilder::computeSize(SymExpr e) {
  if (std::optional<int64_t> c = e.getConstant())
    return index(*c);
  if (e.getKind() == SymExpr::Kind::Symbol) {
    for (auto [i, name] : llvm::enumerate(signature.symbols))
      if (name == e.getSymbolName())
        return function.getArgument(signature.getSymbolArg(i));
    llvm::report_fatal_error(Twine("kernel '") + kernel.getSymName() + "' has no symbol '" +
                             e.getSymbolName() + "'");
  }
  SmallVector<Value> v;
  for (SymExpr operand : e.getOperands())
    v.push_back(computeSize(operand));
  switch (e.getKind()) {
  case SymExpr::Kind::Add: {
    Value sum = v[0];
    for (Value x : ArrayRef(v).drop_front())
      sum = add(sum, x);
    return sum;
  }
  case SymExpr::Kind::Mul: {
    Value product = v[0];
    for (Value x : ArrayRef(v).drop_front())
      product = mul(product, x);
    return product;
  }
  case SymExpr::Kind::FloorDiv:
    return arith::FloorDivSIOp::create(b, loc, v[0], v[1]);
  case SymExpr::Kind::CeilDiv:
    return arith::CeilDivSIOp::create(b, loc, v[0], v[1]);
  case SymExpr::Kind::Mod: {
    Value q = arith::FloorDivSIOp::create(b, loc, v[0], v[1]);
    return sub(v[0], mul(q, v[1]));
  }
  case SymExpr::Kind::Min:
    return min(v[0], v[1]);
  case SymExpr::Kind::Max:
    return max(v[0], v[1]);
  case SymExpr::Kind::Select: {
    auto predicate = e.getCompare() == SymExpr::Compare::Eq ? arith::CmpIPredicate::eq
                                                            : arith::CmpIPredicate::slt;
    Value c = arith::CmpIOp::create(b, loc, predicate, v[0], v[1]);
    return arith::SelectOp::create(b, loc, c, v[2], v[3]);
  }
  default:
    llvm_unreachable("constants and symbols are handled above");
  }
}

//===----------------------------------------------------------------------===//
// Pointers
//===----------------------------------------------------------------------===//

Value KernelBuilder::operandPtr(unsigned operand) {
  assert(signature.pointerOf[operand] >= 0 && "operand has no memory");
  return function.getArgument(signature.pointerOf[operand]);
}

Value KernelBuilder::resultPtr(unsigned result) {
  return function.getArgument(signature.getResultArg(result));
}

LayoutAttr KernelBuilder::operandLayout(unsigned operand) { return layoutAt(kernel, operand); }

LayoutAttr KernelBuilder::resultLayout(unsigned result) {
  return layoutAt(kernel, kernel.getFunctionType().getNumInputs() + result);
}

Value KernelBuilder::outerStride(unsigned operandOrResult) {
  ScheduleAttr schedule = kernel.getScheduleAttr();
  if (!schedule)
    return {};
  for (auto [i, which] : llvm::enumerate(schedule.getOuterStride()))
    if (which == static_cast<int64_t>(operandOrResult))
      return function.getArgument(signature.getOuterStrideArg(i));
  return {};
}

Value KernelBuilder::sharedScratch() { return function.getArgument(signature.getScratchArg()); }

Value KernelBuilder::threadScratch() {
  if (target.gpu)
    llvm::report_fatal_error("scratch of a thread in a GPU kernel: its threads are too many to have their own");
  ScheduleAttr schedule = kernel.getScheduleAttr();
  auto rounded = [&](SymExprAttr bytes) {
    SymExpr e = bytes ? SymExpr(bytes) : SymExpr::constant(b.getContext(), 0);
    return size(e.ceilDiv(64) * 64);
  };
  Value offset = add(rounded(schedule.getScratchShared()),
                     mul(thread(), rounded(schedule.getScratchPerThread())));
  return bytePtr(sharedScratch(), offset);
}

Value KernelBuilder::atEntry(Value &cached, llvm::function_ref<Value()> compute) {
  if (cached)
    return cached;
  OpBuilder::InsertionGuard guard(b);
  if (lastSize)
    b.setInsertionPointAfterValue(lastSize);
  else
    b.setInsertionPointToStart(&function.getBody().front());
  return cached = lastSize = compute();
}

Value KernelBuilder::thread() {
  if (!target.gpu)
    return function.getArgument(signature.getThreadArg());
  return atEntry(gpuThread, [&]() -> Value {
    Type i32 = b.getI32Type(), i64 = b.getI64Type();
    Value block = NVVM::BlockIdXOp::create(b, loc, i32), size = NVVM::BlockDimXOp::create(b, loc, i32);
    Value inBlock = NVVM::ThreadIdXOp::create(b, loc, i32);
    // A grid known to be small keeps divisions of the number in 32 bits.
    GpuLaunch launch = readGpuLaunches(kernel.getScheduleAttr())[phase];
    std::optional<int64_t> blocks = launch.grid[0].getConstant();
    bool isNarrow = blocks && *blocks * launch.block[0] < (int64_t(1) << 31);
    auto wide = [&](Value v) { return arith::ExtUIOp::create(b, loc, i64, v).getResult(); };
    if (isNarrow)
      size = arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(launch.block[0]));
    auto number = [&](Value x, Value y, Value z) {
      return arith::AddIOp::create(b, loc, arith::MulIOp::create(b, loc, x, y), z).getResult();
    };
    return isNarrow ? wide(number(block, size, inBlock)) : number(wide(block), wide(size), wide(inBlock));
  });
}

Value KernelBuilder::threads() {
  if (!target.gpu)
    return function.getArgument(signature.getThreadsArg());
  return atEntry(gpuThreads, [&]() -> Value {
    Type i32 = b.getI32Type(), i64 = b.getI64Type();
    auto wide = [&](Value v) { return arith::ExtUIOp::create(b, loc, i64, v).getResult(); };
    return arith::MulIOp::create(b, loc, wide(NVVM::GridDimXOp::create(b, loc, i32)),
                                 wide(NVVM::BlockDimXOp::create(b, loc, i32)));
  });
}

Value KernelBuilder::step() {
  assert(signature.repeat && "only repeated phases have steps");
  return function.getArgument(signature.getStepArg());
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

Type KernelBuilder::vectorOf(Type element, int64_t lanes) {
  return lanes == 1 ? element : Type(VectorType::get({lanes}, element));
}

Value KernelBuilder::bytePtr(Value ptr, Value bytes) {
  if (constantOf(bytes) == 0)
    return ptr;
  return LLVM::GEPOp::create(b, loc, pointerType(b.getContext()), b.getI8Type(), ptr, bytes);
}

Value KernelBuilder::elementPtr(Value ptr, Value offset, Type storage) {
  if (constantOf(offset) == 0)
    return ptr;
  return LLVM::GEPOp::create(b, loc, pointerType(b.getContext()), storage, ptr, offset);
}

/// bf16 moves as integers: LLVM would take a masked bf16 access apart and round
/// every lane through a library function.
static Type memoryType(Type storage) {
  return storage.isBF16() ? Type(IntegerType::get(storage.getContext(), 16)) : storage;
}

static Value fromMemory(KernelBuilder &k, Value value, Type type) {
  return value.getType() == type ? value : arith::BitcastOp::create(k.b, k.loc, type, value);
}

static Value toMemory(KernelBuilder &k, Value value) {
  Type memory = memoryType(getElementTypeOrSelf(value.getType()));
  auto vector = dyn_cast<VectorType>(value.getType());
  return fromMemory(k, value, vector ? Type(vector.clone(memory)) : memory);
}

/// Alignment of an access: the element's, or that of all lanes.
static int64_t alignmentOf(const KernelBuilder &k, Type memory, int64_t lanes) {
  int64_t bytes = getElementBytes(memory);
  return k.alignedLanes ? std::min<int64_t>(16, bytes * lanes) : bytes;
}

Value KernelBuilder::load(Value ptr, Value offset, Type storage, int64_t lanes) {
  Type memory = memoryType(storage);
  Value v = LLVM::LoadOp::create(b, loc, vectorOf(memory, lanes), elementPtr(ptr, offset, memory),
                                 alignmentOf(*this, memory, lanes));
  return fromMemory(*this, v, vectorOf(storage, lanes));
}

void KernelBuilder::store(Value value, Value ptr, Value offset) {
  value = toMemory(*this, value);
  Type memory = getElementTypeOrSelf(value.getType());
  auto vector = dyn_cast<VectorType>(value.getType());
  LLVM::StoreOp::create(b, loc, value, elementPtr(ptr, offset, memory),
                        alignmentOf(*this, memory, vector ? vector.getNumElements() : 1));
}

Value KernelBuilder::firstLanes(int64_t lanes, Value count, Value from) {
  SmallVector<int64_t> iota = llvm::to_vector(llvm::seq<int64_t>(0, lanes));
  auto type = VectorType::get({lanes}, b.getI64Type());
  Value lane = arith::ConstantOp::create(b, loc, DenseElementsAttr::get(type, ArrayRef(iota)));
  Value before = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, lane, splat(count, lanes));
  if (!from)
    return before;
  Value begun = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::sge, lane, splat(from, lanes));
  return arith::AndIOp::create(b, loc, begun, before);
}

Value KernelBuilder::loadMasked(Value ptr, Value offset, Type storage, int64_t lanes, Value count, Value from) {
  Type memory = memoryType(storage), type = vectorOf(memory, lanes);
  // LLVM 22 makes a scalar access of a masked one with a single lane, but of the
  // wider type where the lanes are extended or truncated besides.
  if (constantOf(count) == 1 && !from) {
    Value zeros = arith::ConstantOp::create(b, loc, b.getZeroAttr(vectorOf(storage, lanes)));
    return vector::InsertOp::create(b, loc, load(ptr, offset, storage), zeros, ArrayRef<int64_t>{0});
  }
  Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(type));
  Value v = LLVM::MaskedLoadOp::create(b, loc, type, elementPtr(ptr, offset, memory),
                                       firstLanes(lanes, count, from), zero,
                                       b.getI32IntegerAttr(getElementBytes(memory)));
  return fromMemory(*this, v, vectorOf(storage, lanes));
}

void KernelBuilder::storeMasked(Value value, Value ptr, Value offset, Value count) {
  if (constantOf(count) == 1) // as in loadMasked
    return store(vector::ExtractOp::create(b, loc, value, ArrayRef<int64_t>{0}), ptr, offset);
  value = toMemory(*this, value);
  auto type = cast<VectorType>(value.getType());
  LLVM::MaskedStoreOp::create(b, loc, value, elementPtr(ptr, offset, type.getElementType()),
                              firstLanes(type.getNumElements(), count),
                              b.getI32IntegerAttr(getElementBytes(type.getElementType())));
}

void KernelBuilder::prefetch(Value ptr, Value byteOffset) {
  // Threads of a GPU hide latency by their number.
  if (target.gpu)
    return;
  LLVM::Prefetch::create(b, loc, bytePtr(ptr, byteOffset), /*rw=*/0, /*hint=*/3, /*cache=*/1);
}

void KernelBuilder::recordError(Value condition, Value flatIndex) {
  ifThen(condition, [&] {
    Value launch = function.getArgument(signature.getLaunchArg());
    Value high = arith::ShLIOp::create(b, loc, launch, index(40));
    Value low = arith::AndIOp::create(b, loc, flatIndex, index((int64_t(1) << 40) - 1));
    Value packed = arith::OrIOp::create(b, loc, high, low);
    LLVM::AtomicRMWOp::create(b, loc, LLVM::AtomicBinOp::umin,
                              function.getArgument(signature.getErrorArg()), packed,
                              LLVM::AtomicOrdering::monotonic);
  });
}

//===----------------------------------------------------------------------===//
// Control
//===----------------------------------------------------------------------===//

void KernelBuilder::forLoop(Value lower, Value upper, int64_t step,
                            function_ref<void(Value)> body) {
  auto loop = scf::ForOp::create(b, loc, lower, upper, constantLike(lower, step));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}

SmallVector<Value>
KernelBuilder::forLoop(Value lower, Value upper, int64_t step, ValueRange init,
                       function_ref<SmallVector<Value>(Value, ValueRange)> body) {
  auto loop = scf::ForOp::create(b, loc, lower, upper, constantLike(lower, step), init);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> next = body(loop.getInductionVar(), loop.getRegionIterArgs());
  // Without carried values the loop came with its terminator.
  if (!init.empty())
    scf::YieldOp::create(b, loc, next);
  return SmallVector<Value>(loop.getResults());
}

void KernelBuilder::ifThen(Value condition, function_ref<void()> then,
                           function_ref<void()> otherwise) {
  auto branch = scf::IfOp::create(b, loc, condition, /*withElseRegion=*/bool(otherwise));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  then();
  if (otherwise) {
    b.setInsertionPointToStart(branch.elseBlock());
    otherwise();
  }
}

std::pair<Value, Value> KernelBuilder::share(Value units) {
  if (target.gpu) {
    // As many for each thread but the last: one, where the grid covers the units.
    Value each = floorDiv(sub(add(units, threads()), index(1)), threads());
    Value begin = min(mul(thread(), each), units);
    return {begin, min(add(begin, each), units)};
  }
  Value begin = floorDiv(mul(thread(), units), threads());
  Value end = floorDiv(mul(add(thread(), 1), units), threads());
  return {begin, end};
}

Value KernelBuilder::splat(Value scalar, int64_t lanes) {
  if (lanes == 1)
    return scalar;
  return vector::BroadcastOp::create(b, loc, vectorOf(scalar.getType(), lanes), scalar);
}

bool mlopt::readsElementItWrites(KernelOp kernel, BlockArgument argument) {
  FunctionType signature = kernel.getFunctionType();
  ArrayAttr dims = kernel.getDimsAttr(), layouts = kernel.getLayoutsAttr();
  unsigned i = argument.getArgNumber(), operands = signature.getNumInputs();
  auto type = dyn_cast<RankedTensorType>(argument.getType());
  if (!type || !dims)
    return false;
  bool fits = false;
  for (unsigned r = 0; r < signature.getNumResults(); ++r) {
    if (dims[i] != dims[operands + r] || (layouts && layouts[i] != layouts[operands + r]))
      return false;
    fits |= getElementBytes(type.getElementType()) ==
            getElementBytes(cast<RankedTensorType>(signature.getResult(r)).getElementType());
  }
  if (!fits)
    return false;
  // A slice or a broadcast further on would read what is written elsewhere.
  llvm::SetVector<Operation *> readers;
  readers.insert(argument.user_begin(), argument.user_end());
  for (size_t next = 0; next < readers.size(); ++next) {
    Operation *op = readers[next];
    if (op->hasTrait<mlir::OpTrait::IsTerminator>())
      continue;
    if (!op->hasTrait<mlopt::OpTrait::Elementwise>())
      return false;
    readers.insert(op->user_begin(), op->user_end());
  }
  return true;
}
