//===- Tiles.cpp - Products of bytes in tile registers --------------------===//
#include "Tiles.h"

using namespace mlir;
using namespace mlopt;

// Registers: 0 to 3 sums ([rows][columns]), 4 and 5 rows of A, 6 and 7 columns of B.
static constexpr int64_t leftTile = 4, rightTile = 6, tileCount = 8;

bool TileProducts::suits(const ContractionSizes &sizes, const TargetDescription &target) {
  // With fewer rows or bytes most of a tile would stand for nothing, and vectors are as fast.
  return target.hasAMX && target.hasMasks && (!sizes.m || *sizes.m >= rows) &&
         (!sizes.n || *sizes.n > columns) && (!sizes.k || *sizes.k * 4 >= depth);
}

SmallVector<int8_t> mlopt::tileConfiguration() {
  SmallVector<int8_t> bytes(64, 0);
  bytes[0] = 1; // the palette with registers of 1 KiB
  for (int64_t t = 0; t < tileCount; ++t) {
    bytes[16 + 2 * t] = TileProducts::depth; // bytes of a row, 16 bits
    bytes[48 + t] = TileProducts::rows;
  }
  return bytes;
}

void TileProducts::call(StringRef instruction, ValueRange operands) {
  LLVM::CallIntrinsicOp::create(k.b, k.loc, k.b.getStringAttr("llvm.x86." + instruction), operands);
}

Value TileProducts::tile(int64_t number) {
  return arith::ConstantOp::create(k.b, k.loc, k.b.getI8IntegerAttr(number));
}

void TileProducts::load(int64_t number, Value ptr, Value stride) {
  call("tileloadd64", {tile(number), ptr, stride});
}

void TileProducts::begin() {
  auto bytes = DenseElementsAttr::get(VectorType::get({64}, k.b.getI8Type()),
                                      ArrayRef<int8_t>(tileConfiguration()));
  k.store(arith::ConstantOp::create(k.b, k.loc, bytes), scratch, k.index(0));
  call("ldtilecfg", scratch);
}

void TileProducts::end() { call("tilerelease", {}); }

/// Products of 64 bytes along k.
void TileProducts::step(bool two, Value first, Value second, Value stride, Value b) {
  Value panelStride = k.index(blockColumns * 4);
  load(rightTile, b, panelStride);
  load(leftTile, first, stride);
  load(rightTile + 1, k.bytePtr(b, k.index(columns * 4)), panelStride);
  if (two)
    load(leftTile + 1, second, stride);
  for (int64_t row = 0; row <= int64_t(two); ++row)
    for (int64_t column = 0; column < 2; ++column)
      call("tdpbusd", {tile(2 * row + column), tile(leftTile + row), tile(rightTile + column)});
}

/// 64 bytes from `start` on of 16 rows, 0 in place of those before `done` and after the row's end.
void TileProducts::copyEnd(Value from, Value rowStride, Value start, Value done, Value bytes,
                           Value to) {
  k.forLoop(k.index(0), k.index(rows), 1, [&](Value row) {
    Value v = k.loadMasked(from, k.add(k.mul(row, rowStride), start), k.b.getI8Type(), depth,
                           k.sub(bytes, start), k.sub(done, start));
    k.store(v, to, k.mul(row, depth));
  });
}

void TileProducts::multiply(const Left &a, Value panel, Value out, Value outSecond) {
  bool two = a.second != nullptr;
  SmallVector<Value> values = {a.first, a.rowStride, a.bytes, panel, out, scratch};
  if (two)
    values.append({a.second, outSecond});
  micro.outlined(two ? "tiles2" : "tiles1", values, [&](ArrayRef<Value> v) {
    Value first = v[0], stride = v[1], bytes = v[2], b = v[3], copy = k.bytePtr(v[5], k.index(64));
    Value second = two ? v[6] : Value();
    // Sums of their own from the start: one zero for all would be copied.
    for (int64_t t = 0; t < (two ? 4 : 2); ++t)
      call("tilezero", tile(t));
    Value whole = k.floorDiv(bytes, k.index(depth)), groupStride = k.index(blockColumns * 4);
    k.forLoop(k.index(0), whole, 1, [&](Value s) {
      Value along = k.mul(s, depth);
      step(two, k.bytePtr(first, along), two ? k.bytePtr(second, along) : Value(), stride,
           k.bytePtr(b, k.mul(s, depth / 4 * blockColumns * 4)));
    });
    auto end = [&] {
      // The last 16 groups of the panel, of which the first ones are done: A is 0 there.
      Value group = k.sub(k.floorDiv(k.add(bytes, 3), k.index(4)), k.index(depth / 4));
      Value start = k.mul(group, 4), done = k.mul(whole, depth);
      copyEnd(first, stride, start, done, bytes, copy);
      Value copySecond = k.bytePtr(copy, k.index(rows * depth));
      if (two)
        copyEnd(second, stride, start, done, bytes, copySecond);
      step(two, copy, copySecond, k.index(depth), k.bytePtr(b, k.mul(group, groupStride)));
    };
    if (!a.whole)
      k.ifThen(
          arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::slt, k.mul(whole, depth), bytes),
          end);
    for (int64_t t = 0; t < (two ? 4 : 2); ++t) {
      Value at = t < 2 ? v[4] : v[7];
      call("tilestored64", {tile(t), k.bytePtr(at, k.index(t % 2 * columns * 4)), groupStride});
    }
  });
}
