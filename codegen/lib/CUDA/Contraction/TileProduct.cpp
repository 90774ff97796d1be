//===- TileProduct.cpp - The product of two staged tiles ------------------===//
#include "TileProduct.h"

using namespace mlir;
using namespace mlopt;

TileProduct::TileProduct(GpuBuilder &g, const ContractionTile &tile, const OperandSpec &left,
                         const OperandSpec &right, Type element)
    : g(g), tile(tile), element(element) {
  lane = g.lane();
  Value warp = tile.threads() > 32 ? g.warp() : g.i32(0);
  warpRow = g.mul(g.floorDiv(warp, g.i32(tile.warpsN)), tile.warpM());
  warpColumn = g.mul(g.rem(warp, g.i32(tile.warpsN)), tile.warpN());
  leftParts = fragments(left, true, warpRow);
  rightParts = fragments(right, false, warpColumn);
}

SmallVector<Value> TileProduct::zeros() {
  Value zero = arith::ConstantOp::create(g.b, g.loc, g.b.getF32FloatAttr(0));
  return SmallVector<Value>(tile.accumulators(), zero);
}

SmallVector<Value> TileProduct::multiply(Value left, Value right, ValueRange acc) {
  if (tile.math != TileMath::Fma)
    return multiplyTensor(left, right, acc);
  return leftParts.spec.keepsRows ? multiplyFmaRows(left, right, acc)
                                  : multiplyFma(left, right, acc);
}

/// The lane's row in the first fragment, and the piece that it reads; see sixteen and multiplyFma.
TileProduct::Fragments TileProduct::fragments(const OperandSpec &spec, bool isLeft, Value first) {
  Value row, byte,
      pieceBase = g.mul(first, spec.elementBytes()); // of the warp, where rows are steps of k
  auto bit = [&](int64_t n) { return g.bitAnd(g.shiftRight(lane, n), 1); };
  if (spec.math == TileMath::Fma && spec.keepsRows) {
    // Neighbouring rows for neighbouring lanes: one piece of each.
    row = g.add(first,
                isLeft ? g.floorDiv(lane, g.i32(tile.lanesN)) : g.rem(lane, g.i32(tile.lanesN)));
    byte = g.i32(0);
  } else if (spec.math == TileMath::Fma) {
    // Four rows of the result (or columns) next to one another; all lanes read one row of k.
    Value at = isLeft ? g.floorDiv(lane, g.i32(tile.lanesN)) : g.rem(lane, g.i32(tile.lanesN));
    row = g.i32(0);
    byte = g.add(pieceBase, g.mul(at, 16));
  } else if (!spec.depthRows()) {
    // A matrix of ldmatrix is a piece of eight rows. Left: rows 0-7 and 8-15 of the first piece,
    // then of the second. Right: both pieces of eight columns, then of the next eight.
    Value high = isLeft ? bit(3) : bit(4), piece = isLeft ? bit(4) : bit(3);
    row = g.add(first, g.add(g.bitAnd(lane, 7), g.mul(high, 8)));
    byte = g.mul(piece, 16);
  } else if (spec.math == TileMath::Half) {
    // The same matrices, turned as they are read: rows of k, pieces of eight rows of the result.
    Value high = isLeft ? bit(4) : bit(3), piece = isLeft ? bit(3) : bit(4);
    row = g.add(g.bitAnd(lane, 7), g.mul(high, 8));
    byte = g.add(pieceBase, g.mul(piece, 16));
  } else {
    // Words: row of k lane % 4, element lane / 4.
    row = g.bitAnd(lane, 3);
    byte = g.add(pieceBase, g.mul(g.shiftRight(lane, 2), 4));
  }
  return {spec, isLeft, stagedOffset(g, spec, row, byte)};
}

Value TileProduct::place(Value stage, const Fragments &f, int64_t flip, int64_t bytes) {
  Value offset = flip ? g.bitXor(f.offset, g.i32(flip)) : f.offset;
  return stagedPtr(g, g.add(stage, offset), bytes);
}

SmallVector<Value> TileProduct::sixteen(Value stage, const Fragments &f, int64_t step,
                                        int64_t number) {
  int64_t rowBytes = f.spec.rowBytes();
  auto tf32 = [&](Value word) {
    return g.toTf32(arith::BitcastOp::create(g.b, g.loc, g.b.getF32Type(), word));
  };
  if (!f.spec.depthRows()) {
    // Two pieces of every row are a step: 16 elements of 16 bits, or 8 of 32.
    SmallVector<Value> words =
        g.loadMatrix(place(stage, f, step * 32, number * 16 * rowBytes), 4, false);
    if (tile.math == TileMath::Tf32)
      for (Value &word : words)
        word = tf32(word);
    return words;
  }
  if (tile.math == TileMath::Half)
    return g.loadMatrix(place(stage, f, number * 32, step * 16 * rowBytes), 4, true);
  // Left: eight rows, the next eight, both again four steps of k on; right: both steps of eight
  // columns.
  SmallVector<Value> words;
  for (int64_t i = 0; i < 4; ++i) {
    int64_t eight = f.isLeft ? i & 1 : i >> 1, four = f.isLeft ? i >> 1 : i & 1;
    Value at = place(stage, f, number * 64 + eight * 32, (step * 8 + four * 4) * rowBytes);
    words.push_back(g.toTf32(g.loadAligned(at, g.b.getF32Type(), 1)));
  }
  return words;
}

/// Accumulators: [16 rows][8 columns][4].
SmallVector<Value> TileProduct::multiplyTensor(Value left, Value right, ValueRange acc) {
  int64_t across = tile.warpN() / 8, stepDepth = tile.math == TileMath::Half ? 16 : 8;
  SmallVector<Value> sums(acc);
  for (int64_t step = 0; step < tile.k / stepDepth; ++step) {
    SmallVector<Value> columns;
    for (int64_t c = 0; c < tile.warpN() / 16; ++c)
      columns.append(sixteen(right, rightParts, step, c));
    for (int64_t r = 0; r < tile.warpM() / 16; ++r) {
      SmallVector<Value> rows = sixteen(left, leftParts, step, r);
      for (int64_t c = 0; c < across; ++c) {
        MutableArrayRef<Value> sum = MutableArrayRef(sums).slice((r * across + c) * 4, 4);
        llvm::copy(g.mma(element, rows, ArrayRef(columns).slice(2 * c, 2), sum), sum.begin());
      }
    }
  }
  return sums;
}

/// A thread has groups of 4 x 4: rows lane / lanesN * 4 + {0..3} of every 4 * lanesM, and columns
/// lane % lanesN * 4 + {0..3} of every 4 * lanesN. Accumulators: [row][column].
SmallVector<Value> TileProduct::multiplyFma(Value left, Value right, ValueRange acc) {
  int64_t rowGroups = tile.warpM() / (4 * tile.lanesM),
          columnGroups = tile.warpN() / (4 * tile.lanesN);
  SmallVector<Value> sums(acc);
  auto fours = [&](Value stage, const Fragments &f, int64_t step, int64_t groups, int64_t lanes) {
    SmallVector<Value> values;
    for (int64_t i = 0; i < groups; ++i) {
      Value at =
          place(stage, f, ((i * lanes) ^ f.spec.swizzle(step)) * 16, step * f.spec.rowBytes());
      Value v = g.loadAligned(at, g.b.getF32Type(), 4);
      for (int64_t j = 0; j < 4; ++j)
        values.push_back(vector::ExtractOp::create(g.b, g.loc, v, ArrayRef<int64_t>{j}));
    }
    return values;
  };
  for (int64_t step = 0; step < tile.k; ++step) {
    SmallVector<Value> rows = fours(left, leftParts, step, rowGroups, tile.lanesM);
    SmallVector<Value> columns = fours(right, rightParts, step, columnGroups, tile.lanesN);
    for (size_t i = 0; i < rows.size(); ++i)
      for (size_t j = 0; j < columns.size(); ++j) {
        Value &sum = sums[i * columns.size() + j];
        sum = LLVM::FMAOp::create(g.b, g.loc, rows[i], columns[j], sum);
      }
  }
  return sums;
}

/// Rows lane / lanesN + lanesM * i, columns lane % lanesN + lanesN * j, pieces of four steps of k:
/// lanes of a row of the result read one piece of the left factor and neighbouring rows of the
/// right one. Accumulators: [row][column].
SmallVector<Value> TileProduct::multiplyFmaRows(Value left, Value right, ValueRange acc) {
  SmallVector<Value> sums(acc);
  auto fours = [&](Value stage, const Fragments &f, int64_t piece, int64_t row) {
    int64_t flip = (piece ^ f.spec.swizzle(row)) * 16;
    Value v = g.loadAligned(place(stage, f, flip, row * f.spec.rowBytes()), g.b.getF32Type(), 4);
    SmallVector<Value> values;
    for (int64_t j = 0; j < 4; ++j)
      values.push_back(vector::ExtractOp::create(g.b, g.loc, v, ArrayRef<int64_t>{j}));
    return values;
  };
  for (int64_t piece = 0; piece < tile.k / 4; ++piece) {
    SmallVector<SmallVector<Value>> rows, columns;
    for (int64_t i = 0; i < tile.warpM(); i += tile.lanesM)
      rows.push_back(fours(left, leftParts, piece, i));
    for (int64_t j = 0; j < tile.warpN(); j += tile.lanesN)
      columns.push_back(fours(right, rightParts, piece, j));
    for (int64_t step = 0; step < 4; ++step)
      for (size_t i = 0; i < rows.size(); ++i)
        for (size_t j = 0; j < columns.size(); ++j) {
          Value &sum = sums[i * columns.size() + j];
          sum = LLVM::FMAOp::create(g.b, g.loc, rows[i][step], columns[j][step], sum);
        }
  }
  return sums;
}

void TileProduct::storePass(int64_t pass, ValueRange acc, Value base) {
  int64_t stride = tile.passStride() * 4;
  if (tile.math == TileMath::Fma && leftParts.spec.keepsRows) {
    int64_t across = tile.warpN() / tile.lanesN;
    Value at = g.add(g.add(base, g.mul(g.floorDiv(lane, g.i32(tile.lanesN)), stride)),
                     g.mul(g.rem(lane, g.i32(tile.lanesN)), 4));
    for (int64_t i = 0; i < 4; ++i)
      for (int64_t c = 0; c < across; ++c)
        g.storeAligned(acc[(pass * 4 + i) * across + c],
                       g.sharedPtr(g.add(at, i * tile.lanesM * stride + c * tile.lanesN * 4)));
    return;
  }
  auto vectorOf = [&](ValueRange values) -> Value {
    auto type = VectorType::get({static_cast<int64_t>(values.size())}, g.b.getF32Type());
    return vector::FromElementsOp::create(g.b, g.loc, type, values);
  };
  if (tile.math == TileMath::Fma) {
    int64_t across = tile.warpN() / tile.lanesN;
    Value at = g.add(g.add(base, g.mul(g.floorDiv(lane, g.i32(tile.lanesN)), 4 * stride)),
                     g.mul(g.rem(lane, g.i32(tile.lanesN)), 16));
    for (int64_t i = 0; i < 4; ++i)
      for (int64_t c = 0; c < across / 4; ++c)
        g.storeAligned(vectorOf(acc.slice((pass * 4 + i) * across + c * 4, 4)),
                       stagedPtr(g, at, i * stride + c * tile.lanesN * 16));
    return;
  }
  int64_t across = tile.warpN() / 8;
  Value at = g.add(g.add(base, g.mul(g.shiftRight(lane, 2), stride)), g.mul(g.bitAnd(lane, 3), 8));
  for (int64_t c = 0; c < across; ++c)
    for (int64_t below = 0; below < 2; ++below)
      g.storeAligned(vectorOf(acc.slice((pass * across + c) * 4 + 2 * below, 2)),
                     stagedPtr(g, at, 8 * below * stride + c * 32));
}
