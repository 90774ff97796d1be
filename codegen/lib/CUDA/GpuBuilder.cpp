//===- GpuBuilder.cpp - Threads, shared memory, tensor cores --------------===//
#include "GpuBuilder.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace mlopt;

/// Address spaces of NVPTX.
static constexpr unsigned kGlobalSpace = 1, kSharedSpace = 3;
/// Name of the one dynamic shared array. External and of no size: an internal
/// one would be printed as a byte that overlaps static shared memory.
static constexpr llvm::StringLiteral kSharedName = "mlopt_shared";

static GpuLaunch launchOf(KernelOp kernel, int64_t phase) {
  SmallVector<GpuLaunch> launches = readGpuLaunches(kernel.getScheduleAttr());
  if (phase >= (int64_t)launches.size())
    llvm::report_fatal_error(Twine("the schedule of kernel '") + kernel.getSymName() + "' has no launch of phase " +
                             Twine(phase));
  return launches[phase];
}

GpuBuilder::GpuBuilder(KernelOp kernel, const TargetDescription &target, ModuleOp module, int64_t phase)
    : KernelBuilder(kernel, target, module, phase), launch(launchOf(kernel, phase)) {}

//===----------------------------------------------------------------------===//
// 32-bit arithmetic
//===----------------------------------------------------------------------===//

Value GpuBuilder::i32(int64_t v) { return arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(v)); }

Value GpuBuilder::toI32(Value v) {
  if (v.getType().isInteger(32))
    return v;
  if (std::optional<int64_t> c = getConstantIntValue(v))
    return i32(*c);
  return arith::TruncIOp::create(b, loc, b.getI32Type(), v);
}

Value GpuBuilder::toI64(Value v) {
  if (v.getType().isInteger(64))
    return v;
  if (std::optional<int64_t> c = getConstantIntValue(v))
    return index(*c);
  return arith::ExtUIOp::create(b, loc, b.getI64Type(), v);
}

Value GpuBuilder::bitAnd(Value a, int64_t mask) {
  return arith::AndIOp::create(b, loc, a, constantLike(a, mask));
}
Value GpuBuilder::bitXor(Value x, Value y) { return arith::XOrIOp::create(b, loc, x, y); }
Value GpuBuilder::shiftLeft(Value a, int64_t bits) {
  return bits == 0 ? a : arith::ShLIOp::create(b, loc, a, constantLike(a, bits)).getResult();
}
Value GpuBuilder::shiftRight(Value a, int64_t bits) {
  return bits == 0 ? a : arith::ShRUIOp::create(b, loc, a, constantLike(a, bits)).getResult();
}
Value GpuBuilder::less(Value x, Value y) {
  return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, x, y);
}

//===----------------------------------------------------------------------===//
// Position
//===----------------------------------------------------------------------===//

/// Values of special registers are known to be below `bound`: index arithmetic narrows and signs vanish.
template <typename Op> static Value specialRegister(GpuBuilder &g, int64_t bound) {
  auto range = bound > 0 ? LLVM::ConstantRangeAttr::get(g.b.getContext(), APInt(32, 0), APInt(32, bound))
                         : LLVM::ConstantRangeAttr();
  return Op::create(g.b, g.loc, g.b.getI32Type(), range).getResult();
}

Value GpuBuilder::threadIdx(int dim) {
  if (launch.block[dim] == 1)
    return i32(0);
  switch (dim) {
  case 0:
    return specialRegister<NVVM::ThreadIdXOp>(*this, launch.block[0]);
  case 1:
    return specialRegister<NVVM::ThreadIdYOp>(*this, launch.block[1]);
  default:
    return specialRegister<NVVM::ThreadIdZOp>(*this, launch.block[2]);
  }
}

Value GpuBuilder::blockIdx(int dim) {
  switch (dim) {
  case 0:
    return specialRegister<NVVM::BlockIdXOp>(*this, INT32_MAX);
  case 1:
    return specialRegister<NVVM::BlockIdYOp>(*this, 65535);
  default:
    return specialRegister<NVVM::BlockIdZOp>(*this, 65535);
  }
}

Value GpuBuilder::gridDim(int dim) {
  // Up to the bound, which a half-open range from 0 has one above.
  switch (dim) {
  case 0:
    return specialRegister<NVVM::GridDimXOp>(*this, INT64_C(1) << 31);
  case 1:
    return specialRegister<NVVM::GridDimYOp>(*this, 65536);
  default:
    return specialRegister<NVVM::GridDimZOp>(*this, 65536);
  }
}

Value GpuBuilder::lane() { return specialRegister<NVVM::LaneIdOp>(*this, 32); }

Value GpuBuilder::warp() {
  Value linear = threadIdx(0);
  if (launch.block[1] > 1)
    linear = arith::AddIOp::create(b, loc, linear,
                                   arith::MulIOp::create(b, loc, threadIdx(1), i32(launch.block[0])));
  if (launch.block[2] > 1)
    linear = arith::AddIOp::create(
        b, loc, linear, arith::MulIOp::create(b, loc, threadIdx(2), i32(launch.block[0] * launch.block[1])));
  // Through a shuffle, so that the compiler knows it to be the same in all lanes.
  return shuffleIndex(shiftRight(linear, 5), i32(0));
}

//===----------------------------------------------------------------------===//
// Shared memory
//===----------------------------------------------------------------------===//

Value GpuBuilder::shared() {
  auto module = function->getParentOfType<ModuleOp>();
  auto type = LLVM::LLVMArrayType::get(b.getI8Type(), 0);
  auto global = module.lookupSymbol<LLVM::GlobalOp>(kSharedName);
  if (!global) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(module.getBody());
    global = LLVM::GlobalOp::create(b, loc, type, /*isConstant=*/false, LLVM::Linkage::External, kSharedName,
                                    Attribute(), /*alignment=*/1024, kSharedSpace);
  }
  return LLVM::AddressOfOp::create(b, loc, LLVM::LLVMPointerType::get(b.getContext(), kSharedSpace), kSharedName);
}

Value GpuBuilder::sharedPtr(Value bytes) {
  Value base = shared();
  if (getConstantIntValue(bytes) == 0)
    return base;
  return LLVM::GEPOp::create(b, loc, base.getType(), b.getI8Type(), base, bytes);
}

/// bf16 moves as integers, as KernelBuilder moves it.
static Type memoryType(Type storage) {
  return storage.isBF16() ? Type(IntegerType::get(storage.getContext(), 16)) : storage;
}

static unsigned wholeAlignment(Type memory, int64_t lanes) {
  return std::min<int64_t>(16, llvm::bit_floor<uint64_t>(getElementBytes(memory) * lanes));
}

Value GpuBuilder::loadAligned(Value ptr, Type storage, int64_t lanes) {
  Type memory = memoryType(storage);
  Value v = LLVM::LoadOp::create(b, loc, vectorOf(memory, lanes), ptr, wholeAlignment(memory, lanes));
  if (memory == storage)
    return v;
  return arith::BitcastOp::create(b, loc, vectorOf(storage, lanes), v);
}

void GpuBuilder::storeAligned(Value value, Value ptr) {
  auto vector = dyn_cast<VectorType>(value.getType());
  int64_t lanes = vector ? vector.getNumElements() : 1;
  Type storage = getElementTypeOrSelf(value.getType()), memory = memoryType(storage);
  if (memory != storage)
    value = arith::BitcastOp::create(b, loc, vectorOf(memory, lanes), value);
  LLVM::StoreOp::create(b, loc, value, ptr, wholeAlignment(memory, lanes));
}

void GpuBuilder::barrier() { NVVM::Barrier0Op::create(b, loc); }

//===----------------------------------------------------------------------===//
// Warps
//===----------------------------------------------------------------------===//

/// One shuffle of a value of any type of up to 64 bits, `part` shuffling an i32.
static Value shuffleBits(GpuBuilder &g, Value v, llvm::function_ref<Value(Value)> part) {
  Type type = v.getType(), i32 = g.b.getI32Type();
  unsigned bits = type.getIntOrFloatBitWidth();
  Type integer = g.b.getIntegerType(bits);
  Value raw = type == integer ? v : arith::BitcastOp::create(g.b, g.loc, integer, v).getResult();
  Value moved;
  if (bits == 64) {
    Value low = arith::TruncIOp::create(g.b, g.loc, i32, raw);
    Value high = arith::TruncIOp::create(g.b, g.loc, i32, g.shiftRight(raw, 32));
    low = arith::ExtUIOp::create(g.b, g.loc, integer, part(low));
    high = arith::ExtUIOp::create(g.b, g.loc, integer, part(high));
    moved = arith::OrIOp::create(g.b, g.loc, low, g.shiftLeft(high, 32));
  } else if (bits == 32) {
    moved = part(raw);
  } else {
    moved = part(arith::ExtUIOp::create(g.b, g.loc, i32, raw));
    moved = arith::TruncIOp::create(g.b, g.loc, integer, moved);
  }
  return type == integer ? moved : arith::BitcastOp::create(g.b, g.loc, type, moved).getResult();
}

static Value shuffle(GpuBuilder &g, Value v, Value offset, NVVM::ShflKind kind) {
  return shuffleBits(g, v, [&](Value word) -> Value {
    return NVVM::ShflOp::create(g.b, g.loc, g.b.getI32Type(), g.i32(-1), word, offset, g.i32(31), kind, UnitAttr());
  });
}

Value GpuBuilder::shuffleXor(Value v, int64_t mask) { return shuffle(*this, v, i32(mask), NVVM::ShflKind::bfly); }
Value GpuBuilder::shuffleDown(Value v, int64_t delta) { return shuffle(*this, v, i32(delta), NVVM::ShflKind::down); }
Value GpuBuilder::shuffleIndex(Value v, Value lane) { return shuffle(*this, v, lane, NVVM::ShflKind::idx); }

//===----------------------------------------------------------------------===//
// Copies that do not wait
//===----------------------------------------------------------------------===//

void GpuBuilder::copyAsync(Value sharedTarget, Value source, int64_t bytes, Value valid) {
  auto global = LLVM::LLVMPointerType::get(b.getContext(), kGlobalSpace);
  if (source.getType() != global)
    source = LLVM::AddrSpaceCastOp::create(b, loc, global, source);
  // A source size of 0 fills with zeros and reads nothing.
  Value size = valid ? arith::SelectOp::create(b, loc, valid, i32(bytes), i32(0)).getResult() : Value();
  auto cache = bytes == 16 ? NVVM::LoadCacheModifierKind::CG : NVVM::LoadCacheModifierKind::CA;
  NVVM::CpAsyncOp::create(b, loc, sharedTarget, source, bytes, cache, size);
}

void GpuBuilder::commitCopies() { NVVM::CpAsyncCommitGroupOp::create(b, loc); }
void GpuBuilder::waitCopies(int64_t groupsLeft) { NVVM::CpAsyncWaitGroupOp::create(b, loc, groupsLeft); }

//===----------------------------------------------------------------------===//
// Tensor cores
//===----------------------------------------------------------------------===//

SmallVector<Value> GpuBuilder::loadMatrix(Value ptr, int64_t count, bool transposed) {
  MLIRContext *context = b.getContext();
  Type word = b.getI32Type();
  Type type = count == 1 ? word : Type(LLVM::LLVMStructType::getLiteral(context, SmallVector<Type>(count, word)));
  Value all = NVVM::LdMatrixOp::create(
      b, loc, type, ptr, count, transposed ? NVVM::MMALayout::col : NVVM::MMALayout::row,
      NVVM::LdStMatrixShapeAttr::get(context, 8, 8), NVVM::LdStMatrixEltType::B16);
  if (count == 1)
    return {all};
  SmallVector<Value> parts;
  for (int64_t i = 0; i < count; ++i)
    parts.push_back(LLVM::ExtractValueOp::create(b, loc, all, i));
  return parts;
}

SmallVector<Value> GpuBuilder::mma(Type element, ArrayRef<Value> left, ArrayRef<Value> right, ArrayRef<Value> sum) {
  bool half = element.isF16();
  NVVM::MMATypes type = half ? NVVM::MMATypes::f16 : element.isBF16() ? NVVM::MMATypes::bf16 : NVVM::MMATypes::tf32;
  int64_t depth = type == NVVM::MMATypes::tf32 ? 8 : 16;
  // Pairs of f16 have a type of their own there, those of bf16 are plain words.
  auto words = [&](ArrayRef<Value> from) {
    SmallVector<Value> to(from);
    if (half)
      for (Value &v : to)
        v = LLVM::BitcastOp::create(b, loc, VectorType::get({2}, b.getF16Type()), v);
    return to;
  };
  SmallVector<Value> a = words(left), bs = words(right), c(sum);
  Type result = LLVM::LLVMStructType::getLiteral(b.getContext(), SmallVector<Type>(4, b.getF32Type()));
  Value all = NVVM::MmaOp::create(b, loc, result, a, bs, c, ArrayRef<int64_t>{16, 8, depth}, std::nullopt,
                                  std::nullopt, std::array<NVVM::MMATypes, 2>{type, type},
                                  std::array<NVVM::MMALayout, 2>{NVVM::MMALayout::row, NVVM::MMALayout::col});
  SmallVector<Value> parts;
  for (int64_t i = 0; i < 4; ++i)
    parts.push_back(LLVM::ExtractValueOp::create(b, loc, all, i));
  return parts;
}

Value GpuBuilder::toTf32(Value f32) {
  return NVVM::ConvertFloatToTF32Op::create(b, loc, b.getI32Type(), f32, NVVM::FPRoundingMode::RNA,
                                            NVVM::SaturationMode::NONE, false);
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

SmallVector<Value> GpuBuilder::stridedLoop(Value lower, Value upper, Value step, ValueRange init,
                                           llvm::function_ref<SmallVector<Value>(Value, ValueRange)> body) {
  auto loop = scf::ForOp::create(b, loc, lower, upper, step, init);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> next = body(loop.getInductionVar(), loop.getRegionIterArgs());
  // Without carried values the loop came with its terminator.
  if (!init.empty())
    scf::YieldOp::create(b, loc, next);
  return SmallVector<Value>(loop.getResults());
}

void GpuBuilder::unrolled(int64_t n, llvm::function_ref<void(int64_t)> body) {
  for (int64_t i = 0; i < n; ++i)
    body(i);
}
