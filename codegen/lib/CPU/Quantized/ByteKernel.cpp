//===- ByteKernel.cpp - Tiles of products of bytes ------------------------===//
#include "ByteKernel.h"

using namespace mlir;
using namespace mlopt;

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

static SmallVector<Value, 2> asFactor(const ByteDot::Operand &o) {
  return o.whole ? SmallVector<Value, 2>{o.whole} : SmallVector<Value, 2>{o.even, o.odd};
}

static ByteDot::Operand asOperand(ArrayRef<Value> factor) {
  return factor.size() == 1 ? ByteDot::Operand{factor[0], {}, {}}
                            : ByteDot::Operand{{}, factor[0], factor[1]};
}

Value ByteKernel::word(Value ptr, Value offset) {
  return LLVM::LoadOp::create(k.b, k.loc, k.b.getI32Type(), k.bytePtr(ptr, offset),
                              /*alignment=*/1);
}

Value ByteKernel::partialWord(Value ptr, Value offset, Value stride, Value count) {
  Type i32 = k.b.getI32Type();
  Value zero = arith::ConstantOp::create(k.b, k.loc, k.b.getI32IntegerAttr(0));
  return k.forLoop(k.index(0), count, 1, zero, [&](Value i, ValueRange sum) {
    Value byte = k.load(ptr, k.add(offset, k.mul(i, stride)), k.b.getI8Type());
    Value shift = arith::TruncIOp::create(k.b, k.loc, i32, k.mul(i, 8));
    Value up =
        arith::ShLIOp::create(k.b, k.loc, arith::ExtUIOp::create(k.b, k.loc, i32, byte), shift);
    return SmallVector<Value>{arith::OrIOp::create(k.b, k.loc, sum[0], up)};
  })[0];
}

Value ByteKernel::lastWord(Value ptr, Value offset, Value rowBytes) {
  Value count = k.rem(rowBytes, k.index(4));
  // The four bytes that end with the row, those before the group shifted out.
  auto fromEnd = [&]() -> Value {
    Value all = word(ptr, k.sub(k.add(offset, count), k.index(4)));
    Value shift =
        arith::TruncIOp::create(k.b, k.loc, k.b.getI32Type(), k.mul(k.sub(k.index(4), count), 8));
    return arith::ShRUIOp::create(k.b, k.loc, all, shift);
  };
  auto bytewise = [&] { return partialWord(ptr, offset, k.index(1), count); };
  if (auto constant = rowBytes.getDefiningOp<arith::ConstantOp>())
    return cast<IntegerAttr>(constant.getValue()).getInt() >= 4 ? fromEnd() : bytewise();
  Value enough = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::sge, rowBytes, k.index(4));
  auto branch = scf::IfOp::create(k.b, k.loc, k.b.getI32Type(), enough, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(k.b);
  k.b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(k.b, k.loc, fromEnd());
  k.b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(k.b, k.loc, bytewise());
  return branch.getResult(0);
}

MicroKernel::Factor ByteKernel::leftFactor(const LeftMatrix &a, Value along, int64_t row,
                                           bool last) {
  Value offset = k.add(along, k.mul(a.rowStride, row));
  Value x = last ? lastWord(a.ptr, offset, a.rowBytes) : word(a.ptr, offset);
  return asFactor(dot.unsignedBytes(k.splat(x, blocking.lanes)));
}

MicroKernel::Factor ByteKernel::rightFactor(const RightColumns &b, Value ptr, Value offset,
                                            Value count) {
  assert(!count && "panels are read whole");
  return asFactor(dot.signedBytes(k.load(ptr, offset, b.element, blocking.lanes)));
}

Value ByteKernel::multiply(const Factor &x, const Factor &weights, Value sum) {
  return dot.dot(sum, asOperand(x), asOperand(weights));
}

//===----------------------------------------------------------------------===//
// Packing
//===----------------------------------------------------------------------===//

void ByteKernel::packBytes(const Source &from, Value column, Value begin, Value groups, Value to,
                           int64_t width) {
  outlined(from.columnsContiguous ? "pack_bytes" : "turn_bytes",
           {from.base, from.stepStride, from.columnStride, from.depth, from.columns, column, begin,
            groups, to},
           [&](ArrayRef<Value> v) {
             Source inside{v[0], v[1], v[2], v[3], v[4], from.columnsContiguous};
             if (from.columnsContiguous)
               packRows(inside, v[5], v[6], v[7], v[8], width);
             else
               packColumns(inside, v[5], v[6], v[7], v[8], width);
           });
}

/// Rows of columns: bytes of four rows are interleaved, twice.
void ByteKernel::packRows(const Source &from, Value column, Value begin, Value groups, Value to,
                          int64_t width) {
  Type byte = k.b.getI8Type(), half = k.b.getI16Type(), full = k.b.getI32Type();
  auto interleave = [&](Value a, Value b) {
    SmallVector<int64_t> lanes;
    int64_t n = cast<VectorType>(a.getType()).getNumElements();
    for (int64_t i = 0; i < n; ++i)
      lanes.append({i, n + i});
    return Value(vector::ShuffleOp::create(k.b, k.loc, a, b, lanes));
  };
  auto bits = [&](Value v, Type element) {
    auto type = cast<VectorType>(v.getType());
    int64_t n =
        type.getNumElements() * type.getElementTypeBitWidth() / element.getIntOrFloatBitWidth();
    return Value(LLVM::BitcastOp::create(k.b, k.loc, VectorType::get({n}, element), v));
  };
  int64_t pieceColumns = std::min<int64_t>(width, 16);
  Value end = k.add(begin, groups), whole = k.min(end, k.floorDiv(from.depth, k.index(4)));
  for (int64_t c = 0; c < width; c += pieceColumns) {
    Value first = k.add(column, c);
    // `last`: rows past the matrix's count as 0.
    auto piece = [&](Value group, bool last) {
      SmallVector<Value> rows;
      for (int64_t i = 0; i < 4; ++i) {
        Value row = k.add(k.mul(group, 4), i),
              at = last ? k.min(row, k.sub(from.depth, k.index(1))) : row;
        Value bytes =
            k.load(from.base, k.add(k.mul(at, from.stepStride), first), byte, pieceColumns);
        if (last) {
          Value exists =
              arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::slt, row, from.depth);
          Value zero = arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(bytes.getType()));
          bytes = arith::SelectOp::create(k.b, k.loc, exists, bytes, zero);
        }
        rows.push_back(bytes);
      }
      Value low = bits(interleave(rows[0], rows[1]), half),
            high = bits(interleave(rows[2], rows[3]), half);
      Value panel = bits(interleave(low, high), full);
      k.store(panel, to, k.add(k.mul(k.sub(group, begin), width), c));
    };
    auto allColumns = [&] {
      k.forLoop(begin, whole, 1, [&](Value group) { piece(group, /*last=*/false); });
      k.forLoop(whole, end, 1, [&](Value group) { piece(group, /*last=*/true); });
    };
    auto someColumns = [&] {
      // What a piece takes of the next row stands in columns that do not exist. Where there is no
      // next row its bytes are read one by one.
      Value past = k.sub(k.mul(from.depth, from.columns), k.add(first, pieceColumns));
      Value inside = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::sge, past, k.index(0));
      Value rows = k.add(k.floorDiv(k.max(past, k.index(0)), from.columns), 1);
      rows = arith::SelectOp::create(k.b, k.loc, inside, k.min(rows, from.depth), k.index(0));
      Value safe = k.max(begin, k.min(whole, k.floorDiv(rows, k.index(4))));
      k.forLoop(begin, safe, 1, [&](Value group) { piece(group, /*last=*/false); });
      k.forLoop(safe, end, 1, [&](Value group) {
        Value step = k.mul(group, 4), bytes = k.min(k.sub(from.depth, step), k.index(4));
        k.forLoop(first, from.columns, 1, [&](Value at) {
          Value value = partialWord(from.base, k.add(k.mul(step, from.stepStride), at),
                                    from.stepStride, bytes);
          k.store(value, to, k.add(k.mul(k.sub(group, begin), width), k.add(k.sub(at, first), c)));
        });
      });
    };
    auto exists = [&](Value columns) {
      return arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::sle, columns, from.columns);
    };
    k.ifThen(exists(k.add(first, pieceColumns)), allColumns,
             [&] { k.ifThen(exists(k.add(first, 1)), someColumns); });
  }
}

/// Columns of steps: squares of words are turned.
void ByteKernel::packColumns(const Source &from, Value column, Value begin, Value groups, Value to,
                             int64_t width) {
  Type byte = k.b.getI8Type();
  int64_t lanes = blocking.lanes;
  auto rowType = VectorType::get({lanes}, k.b.getI32Type());
  Value end = k.add(begin, groups), whole = k.min(end, k.floorDiv(from.depth, k.index(4)));
  Value squares = k.add(begin, k.mul(k.floorDiv(k.sub(whole, begin), k.index(lanes)), lanes));
  Value last = k.sub(from.columns, k.index(1));
  // Columns past the last one repeat it.
  auto columnAt = [&](Value c) { return k.mul(k.min(k.add(column, c), last), from.columnStride); };
  auto place = [&](Value group, Value c) { return k.add(k.mul(k.sub(group, begin), width), c); };
  k.forLoop(k.index(0), k.index(width), lanes, [&](Value c) {
    k.forLoop(begin, squares, lanes, [&](Value group) {
      SmallVector<Value> square;
      for (int64_t i = 0; i < lanes; ++i) {
        Value bytes =
            k.load(from.base, k.add(columnAt(k.add(c, i)), k.mul(group, 4)), byte, 4 * lanes);
        square.push_back(LLVM::BitcastOp::create(k.b, k.loc, rowType, bytes));
      }
      for (auto [i, row] : llvm::enumerate(transpose(square)))
        k.store(row, to, place(k.add(group, i), c));
    });
  });
  k.forLoop(k.index(0), k.index(width), 1, [&](Value c) {
    Value source = columnAt(c);
    k.forLoop(squares, whole, 1, [&](Value group) {
      k.store(word(from.base, k.add(source, k.mul(group, 4))), to, place(group, c));
    });
    k.forLoop(whole, end, 1, [&](Value group) {
      k.store(lastWord(from.base, k.add(source, k.mul(group, 4)), from.depth), to, place(group, c));
    });
  });
}
