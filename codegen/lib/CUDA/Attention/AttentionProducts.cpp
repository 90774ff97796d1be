//===- AttentionProducts.cpp - The two products of an attention -----------===//
#include "AttentionProducts.h"

using namespace mlir;
using namespace mlopt;

namespace {

/// mma.sync m16n8k16 of f16 or bf16.
class TensorCoreProducts : public AttentionProducts {
public:
  using AttentionProducts::AttentionProducts;

  void loadQueries() override {
    if (!plan.heldQueries)
      return;
    for (int64_t k = 0; k < plan.paddedDepth(); k += 16)
      held.push_back(queries(k));
  }

  Values scores(Value keys) override {
    Values sums(plan.keyTile / 2, zero());
    // Lanes 0-7 and 16-23 address the first 8 of 16 elements, lanes 0-15 the first 8 of 16 keys.
    Value lane = g.lane();
    Value row = g.add(g.bitAnd(lane, 7), g.shiftLeft(g.shiftRight(lane, 4), 3));
    Value column = g.bitAnd(g.shiftRight(lane, 3), 1);
    Value place = g.add(keys, g.add(g.mul(row, plan.keyRowBytes()), g.mul(column, 16)));
    for (int64_t k = 0; k < plan.paddedDepth(); k += 16) {
      Values a = plan.heldQueries ? held[k / 16] : queries(k);
      for (int64_t key = 0; key < plan.keyTile; key += 16) {
        Values b = g.loadMatrix(g.sharedPtr(g.add(place, key * plan.keyRowBytes() + k * 2)), 4, /*transposed=*/false);
        multiply(a, {b[0], b[1]}, sums, key / 2);
        multiply(a, {b[2], b[3]}, sums, key / 2 + 4);
      }
    }
    return sums;
  }

  Values weigh(ArrayRef<Value> probabilities, Value values, ArrayRef<Value> before) override {
    Values sums(before);
    Value lane = g.lane();
    Value place = g.add(values, g.add(g.mul(g.bitAnd(lane, 15), plan.valueRowBytes()), g.mul(g.shiftRight(lane, 4), 16)));
    for (int64_t key = 0; key < plan.keyTile; key += 16) {
      // Two pieces of scores are the fragment of 16 keys.
      ArrayRef<Value> p = probabilities.slice(key / 2, 8);
      Values a = {pack(p[0], p[1]), pack(p[2], p[3]), pack(p[4], p[5]), pack(p[6], p[7])};
      for (int64_t column = 0; column < plan.paddedValueDepth(); column += 16) {
        Values b = g.loadMatrix(g.sharedPtr(g.add(place, key * plan.valueRowBytes() + column * 2)), 4, /*transposed=*/true);
        multiply(a, {b[0], b[1]}, sums, column / 2);
        multiply(a, {b[2], b[3]}, sums, column / 2 + 4);
      }
    }
    return sums;
  }

  int64_t sumCount() const override { return plan.paddedValueDepth() / 2; }
  int64_t pieceLanes() const override { return 2; }
  int64_t pieces() const override { return plan.paddedValueDepth() / 8; }
  Value pieceColumn(int64_t i) override { return g.add(g.mul(inGroup(), 2), i * 8); }
  int64_t sumIndex(int64_t i, int64_t row, int64_t lane) const override { return i * 4 + row * 2 + lane; }

private:
  Value zero() { return arith::ConstantOp::create(g.b, g.loc, g.b.getF32FloatAttr(0)); }

  void multiply(ArrayRef<Value> a, ArrayRef<Value> b, Values &sums, int64_t at) {
    Values sum = g.mma(plan.element, a, b, ArrayRef<Value>(sums).slice(at, 4));
    llvm::copy(sum, sums.begin() + at);
  }

  /// Two probabilities rounded to the element type, the first in the low half.
  Value pack(Value low, Value high) {
    Value both = vector::FromElementsOp::create(g.b, g.loc, VectorType::get({2}, g.b.getF32Type()), ValueRange{low, high});
    Value narrow = arith::TruncFOp::create(g.b, g.loc, VectorType::get({2}, plan.element), both);
    return LLVM::BitcastOp::create(g.b, g.loc, g.b.getI32Type(), narrow);
  }

  /// The fragment of the warp's queries at elements k..k+15.
  Values queries(int64_t k) {
    Value lane = g.lane();
    Value row = g.add(g.mul(g.warp(), 16), g.bitAnd(lane, 15));
    Value place = g.add(g.mul(row, plan.keyRowBytes()), g.mul(g.shiftRight(lane, 4), 16));
    return g.loadMatrix(g.sharedPtr(g.add(place, k * 2)), 4, /*transposed=*/false);
  }

  SmallVector<Values> held;
};

/// f32 by fused multiply-adds. A thread has columns 16 j + 4 t .. + 3 of the values.
class FmaProducts : public AttentionProducts {
public:
  using AttentionProducts::AttentionProducts;

  Values scores(Value keys) override {
    Value zero = arith::ConstantOp::create(g.b, g.loc, g.b.getF32FloatAttr(0));
    Values sums(plan.keyTile / 2, zero);
    Value row = g.add(g.mul(g.warp(), 16), group());
    Value query = g.mul(row, plan.keyRowBytes());
    Value key = g.add(keys, g.mul(g.mul(inGroup(), 2), plan.keyRowBytes()));
    return g.stridedLoop(g.i32(0), g.i32(plan.paddedDepth() * 4), g.i32(16), sums,
                         [&](Value k, ValueRange carried) -> Values {
                           Values next(carried);
                           Value low = quad(g.add(query, k)), high = quad(g.add(g.add(query, k), 8 * plan.keyRowBytes()));
                           for (int64_t j = 0; j < plan.keyTile / 8; ++j)
                             for (int64_t u = 0; u < 2; ++u) {
                               Value other = quad(g.add(g.add(key, k), (j * 8 + u) * plan.keyRowBytes()));
                               for (int64_t i = 0; i < 4; ++i) {
                                 Value &a = next[j * 4 + u], &b = next[j * 4 + 2 + u];
                                 a = fma(lane(low, i), lane(other, i), a);
                                 b = fma(lane(high, i), lane(other, i), b);
                               }
                             }
                           return next;
                         });
  }

  Values weigh(ArrayRef<Value> probabilities, Value values, ArrayRef<Value> before) override {
    Values sums(before);
    Value place = g.add(values, g.mul(inGroup(), 16)), base = g.bitAnd(g.lane(), 28);
    for (int64_t key = 0; key < plan.keyTile; ++key) {
      int64_t piece = key / 8 * 4, u = key % 2;
      Value from = g.add(base, key % 8 / 2);
      Value low = g.shuffleIndex(probabilities[piece + u], from);
      Value high = g.shuffleIndex(probabilities[piece + 2 + u], from);
      for (int64_t j = 0; j < pieces(); ++j) {
        Value v = quad(g.add(place, key * plan.valueRowBytes() + j * 64));
        for (int64_t i = 0; i < 4; ++i) {
          Value &a = sums[sumIndex(j, 0, i)], &b = sums[sumIndex(j, 1, i)];
          a = fma(low, lane(v, i), a);
          b = fma(high, lane(v, i), b);
        }
      }
    }
    return sums;
  }

  int64_t sumCount() const override { return plan.paddedValueDepth() / 2; }
  int64_t pieceLanes() const override { return 4; }
  int64_t pieces() const override { return plan.paddedValueDepth() / 16; }
  Value pieceColumn(int64_t i) override { return g.add(g.mul(inGroup(), 4), i * 16); }
  int64_t sumIndex(int64_t i, int64_t row, int64_t lane) const override { return i * 8 + row * 4 + lane; }

private:
  Value quad(Value place) { return g.loadAligned(g.sharedPtr(place), g.b.getF32Type(), 4); }
  Value lane(Value v, int64_t i) { return vector::ExtractOp::create(g.b, g.loc, v, ArrayRef<int64_t>{i}); }
  Value fma(Value a, Value b, Value c) { return LLVM::FMAOp::create(g.b, g.loc, a, b, c); }
};

} // namespace

std::unique_ptr<AttentionProducts> mlopt::createTensorCoreProducts(const AttentionPlan &plan, GpuBuilder &g) {
  return std::make_unique<TensorCoreProducts>(plan, g);
}

std::unique_ptr<AttentionProducts> mlopt::createFmaProducts(const AttentionPlan &plan, GpuBuilder &g) {
  return std::make_unique<FmaProducts>(plan, g);
}
