//===- RowDigits.cpp - f32 rows as integers of four digits ---------------===//
#include "RowDigits.h"
#include "Generic/ElementAt.h"
#include "ByteDot.h"

using namespace mlir;
using namespace mlopt;

/// Steps in a group: a word of weights; their digits take 32 bytes.
static constexpr int64_t groupSteps = 8, groupBytes = 32;
/// What the largest magnitude's power of two becomes: twice that has four signed digits.
static constexpr double unitsOfPower = 0x1p29;
/// Integers from here on may be rounded.
static constexpr double enoughUnits = 0x1p20;
/// A flag that no list's length reaches.
static constexpr int64_t noForm = 1 << 30;
/// Magnitudes whose factors and their inverses are normal numbers.
static constexpr double smallestRow = 0x1p-90, largestRow = 0x1p100;

bool RowDigits::suits(const DequantizedWeights &w, const TargetDescription &target) {
  // No sum of a block may leave 32 bits.
  return w.nibbles && target.hasMasks && ByteDot::isDirect(target) && w.block < (1 << 19);
}

static int64_t digitBytes(const DequantizedWeights &w) { return llvm::divideCeil(w.k, groupSteps) * groupBytes; }

/// Elements that a row's list may have, and its room: it is written a group at a time.
static int64_t listLimit(const DequantizedWeights &w) { return w.k / 8 + groupSteps; }
static int64_t listRoom(const DequantizedWeights &w) { return listLimit(w) + groupSteps; }

int64_t RowDigits::scratchBytes(const DequantizedWeights &w, int64_t rows) {
  // Flags, digits, sums of digits, factors, lists.
  return 64 + llvm::alignTo(rows * (digitBytes(w) + w.blocks() * 20 + listRoom(w) * 8), 64);
}

/// Weights minus their zero points are the nibbles minus this, without zero points.
static int64_t constantZero(const DequantizedWeights &w) { return w.isUnsigned ? 0 : 8; }

RowDigits::Row RowDigits::row(Value scratch, Value number, int64_t most) {
  Value at = k.bytePtr(scratch, k.index(64));
  // `bytes` of each row, and where those of this row start.
  auto part = [&](int64_t bytes) {
    Value start = k.bytePtr(at, k.mul(number, bytes));
    at = k.bytePtr(at, k.index(most * bytes));
    return start;
  };
  Row row;
  row.digits = part(digitBytes(w));
  row.sums = part(w.blocks() * digits * 4);
  row.factors = part(w.blocks() * 4);
  row.steps = part(listRoom(w) * 4);
  row.rests = part(listRoom(w) * 4);
  Value count = k.load(flag(scratch, number), k.index(0), k.b.getI32Type());
  row.count = arith::ExtUIOp::create(k.b, k.loc, k.b.getI64Type(), count);
  return row;
}

/// The flags are i32: the longest list of all rows, then each row's; `noForm` and more: none.
Value RowDigits::flag(Value scratch, Value number) { return k.bytePtr(scratch, k.mul(k.add(number, 1), 4)); }

Value RowDigits::fits(Value scratch) {
  return m.cmpI(arith::CmpIPredicate::sle, k.load(scratch, k.index(0), k.b.getI32Type()), listLimit(w));
}

Value RowDigits::fits(Value scratch, Value number) { return fits(flag(scratch, number)); }

//===----------------------------------------------------------------------===//
// Packing
//===----------------------------------------------------------------------===//

static int32_t bitsOf(float v) { return llvm::bit_cast<int32_t>(v); }

void RowDigits::pack(Value x, Value count, int64_t most, Value scratch) {
  Value none = arith::ConstantOp::create(k.b, k.loc, k.b.getI32IntegerAttr(0));
  k.store(none, scratch, k.index(0));
  k.forLoop(k.index(0), count, 1, [&](Value number) {
    Value own = flag(scratch, number);
    k.store(none, own, k.index(0));
    Row to = row(scratch, number, most);
    Value from = k.elementPtr(x, k.mul(number, w.k), k.b.getF32Type());
    k.forLoop(k.index(0), k.index(w.k / w.block), 1,
              [&](Value block) { packBlock(from, block, w.block, to, own); });
    if (w.k % w.block)
      packBlock(from, k.index(w.k / w.block), w.k % w.block, to, own);
    Value longest = k.load(scratch, k.index(0), k.b.getI32Type()), length = k.load(own, k.index(0), k.b.getI32Type());
    k.store(m.maxI(longest, length, /*isUnsigned=*/false), scratch, k.index(0));
  });
}

void RowDigits::packBlock(Value x, Value number, int64_t steps, const Row &to, Value flag) {
  Type f32 = k.b.getF32Type(), i32 = k.b.getI32Type();
  auto wide = VectorType::get({groupSteps}, i32);
  Value zeros = arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(wide));
  int64_t whole = steps / groupSteps, rest = steps % groupSteps;
  Value start = k.mul(number, w.block), firstGroup = k.mul(number, w.block / groupSteps);
  auto eachGroup = [&](ValueRange init, llvm::function_ref<Value(Value, Value, Value)> body) {
    Value last = k.forLoop(k.index(0), k.index(whole), 1, init, [&](Value g, ValueRange at) -> SmallVector<Value> {
      Value v = k.load(x, k.add(start, k.mul(g, groupSteps)), f32, groupSteps);
      return {body(g, v, at[0])};
    })[0];
    if (!rest)
      return last;
    Value v = k.loadMasked(x, k.add(start, whole * groupSteps), f32, groupSteps, k.index(rest));
    return body(k.index(whole), v, last);
  };

  // Magnitudes compare as integers, NaN above all others.
  Value most = eachGroup(zeros, [&](Value, Value v, Value before) {
    return m.maxI(before, m.andI(m.bitcast(v, i32), 0x7fffffff), /*isUnsigned=*/false);
  });
  Value bits = vector::ReductionOp::create(k.b, k.loc, vector::CombiningKind::MAXSI, most);
  Value isSmall = m.cmpI(arith::CmpIPredicate::slt, bits, bitsOf(smallestRow));
  Value isLarge = m.cmpI(arith::CmpIPredicate::sgt, bits, bitsOf(largestRow));
  Value isSome = m.cmpI(arith::CmpIPredicate::ne, bits, 0);
  Value odd = arith::OrIOp::create(k.b, k.loc, isLarge, arith::AndIOp::create(k.b, k.loc, isSome, isSmall));
  Value before = k.load(flag, k.index(0), i32);
  k.store(m.select(odd, m.constI(before, noForm), before), flag, k.index(0));

  // Powers of two: nothing here rounds but the conversion to integers.
  Value power = m.bitcast(m.andI(bits, 0x7f800000), f32);
  Value none = m.constF(power, 0);
  Value usable = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::ugt, isSome, odd);
  Value inverse = m.select(usable, m.div(m.constF(power, unitsOfPower), power), none);
  Value unit = m.mul(power, m.constF(power, 1 / unitsOfPower));
  k.store(unit, to.factors, number);

  // Byte 0 to 3 of steps 0, 2, 4, 6 and 1, 3, 5, 7: the order of nibbles in the
  // halves of a word's bytes.
  SmallVector<int64_t> order;
  for (int64_t digit = 0; digit < digits; ++digit)
    for (int64_t odd : {0, 1})
      for (int64_t i = 0; i < 4; ++i)
        order.push_back((2 * i + odd) * 4 + digit);
  auto bytes = VectorType::get({groupBytes}, k.b.getI8Type());
  Value factor = k.splat(inverse, groupSteps);
  Value units = k.splat(unit, groupSteps);
  Value ones = m.constI(zeros, 0x01010101);
  Value sums = eachGroup(zeros, [&](Value g, Value v, Value acc) {
    Value rounded = m.roundEven(m.mul(v, factor));
    Value q = arith::FPToSIOp::create(k.b, k.loc, wide, rounded);
    // Digits from -128 to 127: bytes of the integer moved up, then down one by one.
    constexpr auto middle = static_cast<int32_t>(0x80808080);
    Value moved = m.xorI(m.addI(q, middle), m.constI(q, middle));
    Value packed = vector::BitCastOp::create(k.b, k.loc, bytes, moved);
    packed = vector::ShuffleOp::create(k.b, k.loc, packed, packed, order);
    k.store(packed, to.digits, k.mul(k.add(firstGroup, g), groupBytes));
    // The difference is exact: both are multiples of the element's last bit, and it is
    // at most half a unit or the element itself.
    Value rests = m.sub(v, m.mul(rounded, units));
    Value lacking = arith::AndIOp::create(k.b, k.loc, m.cmpF(arith::CmpFPredicate::OLT, m.abs(rounded), enoughUnits),
                                          m.cmpF(arith::CmpFPredicate::ONE, rests, 0));
    keepRests(rests, lacking, k.add(start, k.mul(g, groupSteps)), to, flag);
    return byteDot(k, acc, ones, packed);
  });
  // A digit's bytes lie in two words.
  Value even = vector::ShuffleOp::create(k.b, k.loc, sums, sums, ArrayRef<int64_t>{0, 2, 4, 6});
  Value other = vector::ShuffleOp::create(k.b, k.loc, sums, sums, ArrayRef<int64_t>{1, 3, 5, 7});
  Value all = m.addI(even, other);
  int64_t zero = w.hasZero ? 1 : constantZero(w);
  k.store(arith::MulIOp::create(k.b, k.loc, all, m.constI(all, -zero)), to.sums, k.mul(number, digits));
}

/// Appends a group's elements of `rests` where `lacking` to the row's list, up to its limit.
void RowDigits::keepRests(Value rests, Value lacking, Value step, const Row &to, Value flag) {
  Type i8 = k.b.getI8Type(), i32 = k.b.getI32Type();
  Value mask = arith::ExtUIOp::create(
      k.b, k.loc, i32, LLVM::BitcastOp::create(k.b, k.loc, i8, lacking));
  k.ifThen(m.cmpI(arith::CmpIPredicate::ne, mask, 0), [&] {
    auto compress = [&](Value v) {
      return LLVM::CallIntrinsicOp::create(k.b, k.loc, v.getType(), k.b.getStringAttr("llvm.x86.avx512.mask.compress"),
                                           ValueRange{v, v, lacking})
          .getResult(0);
    };
    auto wide = VectorType::get({groupSteps}, i32);
    SmallVector<int32_t> lane = llvm::to_vector(llvm::seq<int32_t>(0, groupSteps));
    Value steps = arith::ConstantOp::create(k.b, k.loc, DenseElementsAttr::get(wide, ArrayRef(lane)));
    steps = m.addI(steps, k.splat(arith::TruncIOp::create(k.b, k.loc, i32, step), groupSteps));
    Value length = k.load(flag, k.index(0), i32);
    Value at = m.minI(length, m.constI(length, listLimit(w)), /*isUnsigned=*/false);
    at = arith::ExtUIOp::create(k.b, k.loc, k.b.getI64Type(), at);
    k.store(compress(steps), to.steps, at);
    k.store(compress(rests), to.rests, at);
    Value more = LLVM::CtPopOp::create(k.b, k.loc, i32, mask);
    k.store(m.addI(length, more), flag, k.index(0));
  });
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

SmallVector<Value> RowDigits::start(const Row &row, Value block, Value zero) {
  auto type = VectorType::get({lanes}, k.b.getI32Type());
  SmallVector<Value> sums;
  for (int64_t digit = 0; digit < digits; ++digit) {
    if (!zero && !constantZero(w)) {
      sums.push_back(arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(type)));
      continue;
    }
    Value sum = k.splat(k.load(row.sums, k.add(k.mul(block, digits), digit), k.b.getI32Type()), lanes);
    sums.push_back(zero ? Value(arith::MulIOp::create(k.b, k.loc, sum, zero)) : sum);
  }
  return sums;
}

void RowDigits::add(const Row &row, Value group, Value low, Value high, MutableArrayRef<Value> sums) {
  for (int64_t digit = 0; digit < digits; ++digit)
    for (int64_t odd : {0, 1}) {
      Value word = k.load(row.digits, k.add(k.mul(group, groupBytes / 4), 2 * digit + odd), k.b.getI32Type());
      sums[digit] = byteDot(k, sums[digit], odd ? high : low, k.splat(word, lanes));
    }
}

Value RowDigits::end(const Row &row, Value block, ArrayRef<Value> sums) {
  auto type = VectorType::get({lanes}, k.b.getF32Type());
  auto real = [&](Value v) -> Value { return arith::SIToFPOp::create(k.b, k.loc, type, v); };
  Value total = real(sums[0]);
  for (int64_t digit = 1; digit < digits; ++digit)
    total = m.fma(real(sums[digit]), std::ldexp(1.0, 8 * digit), total);
  return m.mul(total, k.splat(k.load(row.factors, block, k.b.getF32Type()), lanes));
}
