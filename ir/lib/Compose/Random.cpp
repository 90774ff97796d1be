//===- Random.cpp - Counter-based random numbers as compositions ----------===//
#include "mlopt/IR/Compose/Random.h"
#include <cmath>

using namespace mlir;

namespace mlopt::compose {

namespace {
/// Arithmetic on ui64 tensors with constants.
struct Words {
  ComposeBuilder &b;
  Type type = b.getBuilder().getIntegerType(64, /*isSigned=*/false);

  Value constant(uint64_t v) { return b.scalarInt(type, static_cast<int64_t>(v)); }
  Value mul(Value x, uint64_t v) { return b.mul(x, constant(v)); }
  Value add(Value x, uint64_t v) { return b.add(x, constant(v)); }
  Value mask(Value x, uint64_t v) { return b.create<AndOp>(x, constant(v)); }
  Value bitXor(Value x, Value y) { return b.create<XorOp>(x, y); }
  Value shiftRight(Value x, uint64_t v) { return b.create<ShiftRightOp>(x, constant(v)); }

  /// The output function of SplitMix64.
  Value mix(Value x) {
    x = mul(bitXor(x, shiftRight(x, 30)), 0xBF58476D1CE4E5B9u);
    x = mul(bitXor(x, shiftRight(x, 27)), 0x94D049BB133111EBu);
    return bitXor(x, shiftRight(x, 31));
  }
};
} // namespace

constexpr uint64_t lowWord = 0xFFFFFFFFu;

Value randomKey(ComposeBuilder &b, Value seed, Value step) {
  Words w{b};
  Value start = w.mix(w.add(b.cast(seed, w.type), 0x9E3779B97F4A7C15u));
  return w.mix(b.add(start, w.mul(b.cast(step, w.type), 0x9E3779B97F4A7C15u)));
}

Value randomBits(ComposeBuilder &b, Value key, uint32_t stream, SymExpr count) {
  constexpr uint64_t multiplier = 0xD256D193u, weyl = 0x9E3779B9u;
  constexpr int rounds = 10;
  Words w{b};
  // Words of 32 bits in 64: a product needs both halves.
  Value left = b.iota(w.type, {count}, 0);
  Value right = w.mask(w.add(w.shiftRight(key, 32), stream), lowWord);
  Value roundKey = w.mask(key, lowWord);
  for (int round = 1; round < rounds; ++round) {
    // left' = high(product) ^ key ^ right, right' = low(product). Of right' the other half goes
    // with what it makes of left''.
    Value product = w.mul(left, multiplier);
    left = w.mask(b.create<XorOp>(w.shiftRight(product, 32), w.bitXor(right, roundKey)), lowWord);
    right = product;
    roundKey = w.mask(w.add(roundKey, weyl), lowWord);
  }
  // Of the last round the second word: it takes fewer operations than the first.
  return w.mask(w.mul(left, multiplier), lowWord);
}

Value dropout(ComposeBuilder &b, Value x, double ratio, Value key, uint32_t stream) {
  if (!x || ratio == 0)
    return x;
  Words w{b};
  SymShape shape = b.shapeOf(x);
  Value bits = randomBits(b, key, stream, numElements(b.getContext(), shape));
  // ratio < 1, so the limit fits 32 bits after rounding down.
  Value limit = w.constant(static_cast<uint64_t>(std::floor(std::ldexp(ratio, 32))));
  Value keep = b.reshape(b.compare(ComparePredicate::ge, bits, limit), shape);
  return b.select(keep, b.mulScalar(x, 1 / (1 - ratio)), b.scalar(b.elementOf(x), 0));
}

Value uniform(ComposeBuilder &b, ArrayRef<SymExpr> shape, double bound, Value key,
              uint32_t stream) {
  Words w{b};
  Type f32 = b.getBuilder().getF32Type();
  Value bits = randomBits(b, key, stream, numElements(b.getContext(), shape));
  // 24 bits are exact in f32; (k - 2^23) * bound / 2^23.
  Value whole = b.cast(w.shiftRight(bits, 8), f32);
  Value centred = b.addScalar(whole, -8388608.0);
  return b.reshape(b.mulScalar(centred, bound / 8388608.0), shape);
}

} // namespace mlopt::compose
