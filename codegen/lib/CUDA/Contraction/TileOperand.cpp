//===- TileOperand.cpp - Tiles of a factor in shared memory ---------------===//
#include "TileOperand.h"

using namespace mlir;
using namespace mlopt;

//===----------------------------------------------------------------------===//
// Layout of a staged tile
//===----------------------------------------------------------------------===//

/// Row and pieces: place = piece ^ ((row >> shift & mask) << up).
namespace {
struct Swizzle {
  int64_t shift = 0, mask = 0, up = 0;
};
} // namespace

static Swizzle swizzleOf(const OperandSpec &spec) {
  int64_t pieces = spec.rowBytes() / 16;
  // Rows of k that the copies write in order: lanes read along them.
  if (spec.math == TileMath::Fma && spec.depthRows() && !spec.turned())
    return {};
  // Four rows of k, eight columns each: two pieces of every row.
  if (spec.math == TileMath::Tf32 && spec.depthRows())
    return pieces >= 8 ? Swizzle{0, 3, 1} : pieces == 4 ? Swizzle{1, 1, 1} : Swizzle{};
  // Eight rows, one piece of each: all places of the 128 bytes that rows share.
  switch (pieces) {
  case 1:
    return {};
  case 2:
    return {2, 1, 0};
  case 4:
    return {1, 3, 0};
  default:
    return {0, 7, 0};
  }
}

int64_t OperandSpec::swizzle(int64_t row) const {
  Swizzle s = swizzleOf(*this);
  return ((row >> s.shift) & s.mask) << s.up;
}

int64_t OperandSpec::widestUnit(TileMath math, bool turned, SymExpr inner) {
  int64_t element = math == TileMath::Half ? 2 : 4;
  if (turned)
    return 4;
  for (int64_t bytes : {16, 8, 4})
    if (inner.isMultipleOf(bytes / element))
      return bytes;
  return element;
}

Value mlopt::stagedOffset(GpuBuilder &g, const OperandSpec &spec, Value row, Value byte) {
  Swizzle s = swizzleOf(spec);
  Value offset = g.mul(row, spec.rowBytes());
  if (!s.mask)
    return g.add(offset, byte);
  Value flip = g.shiftLeft(g.bitAnd(g.shiftRight(row, s.shift), s.mask), s.up + 4);
  return g.add(offset, g.bitXor(byte, flip));
}

Value mlopt::stagedPtr(GpuBuilder &g, Value offset, int64_t bytes) {
  Value pointer = g.sharedPtr(offset);
  if (bytes == 0)
    return pointer;
  return LLVM::GEPOp::create(g.b, g.loc, pointer.getType(), g.b.getI8Type(), pointer,
                             ArrayRef<LLVM::GEPArg>{bytes});
}

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

TileOperand::TileOperand(GpuBuilder &g, const OperandSpec &spec, int64_t threads, Value base,
                         Value origin, SymExpr extent, SymExpr depth, Element element)
    : spec(spec), g(g), base(base), origin(origin), extentSize(extent), depthSize(depth),
      element(std::move(element)) {
  int64_t unit = spec.unitBytes / spec.elementBytes();
  int64_t rows = spec.depthInner ? spec.extent : spec.depth;
  int64_t units = (spec.depthInner ? spec.depth : spec.extent) / unit;
  inner = g.size(spec.depthInner ? depth : extent);
  // Threads run along a row first (eight of them where the tile is turned: their words fall into
  // different places), then over rows, then over the rest of the row.
  int64_t fast = std::min({spec.turned() ? int64_t(8) : units, threads, units});
  int64_t rowsAtOnce = std::min(rows, threads / fast);
  int64_t groups = threads / (fast * rowsAtOnce), groupsOfRow = units / fast;
  Value thread = g.threadIdx();
  Value unit0 = g.bitAnd(thread, fast - 1);
  row0 = g.bitAnd(g.floorDiv(thread, g.i32(fast)), rowsAtOnce - 1);
  if (groups > 1) {
    Value group = g.floorDiv(thread, g.i32(fast * rowsAtOnce));
    if (groups > groupsOfRow)
      active = g.less(group, g.i32(groupsOfRow));
    unit0 = g.add(unit0, g.mul(group, fast));
  }
  column0 = g.mul(unit0, unit);

  if (!extent.isMultipleOf(spec.extent))
    extentLeft = g.toI32(g.min(g.sub(g.size(extent), origin), g.index(spec.extent)));

  // All at once if they are few; else batch after batch of rows, which keeps their addresses and
  // elements out of the registers of the accumulators.
  int64_t unitSlots = std::max<int64_t>(1, groupsOfRow / groups), rowSlots = rows / rowsAtOnce;
  int64_t slotsOfBatch = spec.byElements ? 8 : 16;
  if (unitSlots * rowSlots > slotsOfBatch) {
    int64_t rowsOfBatch = std::min(rowSlots, std::max<int64_t>(1, 8 / unitSlots));
    // A batch repeats the exchange of pieces.
    int64_t period =
        spec.turned() ? std::min<int64_t>(128, spec.rowBytes()) / spec.elementBytes() : 8;
    while (rowsOfBatch < rowSlots && rowsOfBatch * rowsAtOnce % period != 0)
      rowsOfBatch *= 2;
    batches = rowSlots / rowsOfBatch;
    batchRows = rowsOfBatch * rowsAtOnce;
    rowSlots = rowsOfBatch;
  }
  for (int64_t i = 0; i < unitSlots; ++i)
    for (int64_t j = 0; j < rowSlots; ++j) {
      Slot slot{j * rowsAtOnce, i * groups * fast, {}, 0};
      int64_t stagedRows = spec.turned() ? slot.unit * unit : slot.row;
      int64_t stagedBytes = (spec.turned() ? slot.row : slot.unit * unit) * spec.elementBytes();
      if (!slots.empty() && stagedRows % 8 == 0) {
        // The exchange of pieces repeats every 8 rows, and stays within 128 bytes.
        int64_t exchanged = stagedBytes & (std::min<int64_t>(128, spec.rowBytes()) - 1);
        slot.offset = slots.front().offset;
        if (exchanged)
          slot.offset = g.bitXor(slot.offset, g.i32(exchanged));
        slot.bytes = stagedRows * spec.rowBytes() + stagedBytes - exchanged;
      } else {
        Value row = g.add(row0, slot.row), column = g.add(column0, slot.unit * unit);
        Value stagedRow = spec.turned() ? column : row, along = spec.turned() ? row : column;
        slot.offset = stagedOffset(g, spec, stagedRow, g.mul(along, spec.elementBytes()));
      }
      slots.push_back(slot);
    }
  if (spec.byElements)
    return;
  Value first = spec.depthInner
                    ? g.add(g.mul(g.add(origin, g.toI64(row0)), inner), g.toI64(column0))
                    : g.add(g.mul(g.toI64(row0), inner), g.add(origin, g.toI64(column0)));
  pointer = g.bytePtr(base, g.mul(first, spec.elementBytes()));
}

Value TileOperand::both(Value a, Value b) {
  if (!a || !b)
    return a ? a : b;
  return arith::AndIOp::create(g.b, g.loc, a, b);
}

Value TileOperand::depthLeft(Value step) {
  Value left = g.sub(g.size(depthSize), g.mul(g.toI64(step), spec.depth));
  return g.toI32(g.min(left, g.index(spec.depth)));
}

Value TileOperand::valid(Value row, Value column, Value depthLeft) {
  Value inside;
  if (extentLeft)
    inside = g.less(spec.depthInner ? row : column, extentLeft);
  if (depthLeft)
    inside = both(inside, g.less(spec.depthInner ? column : row, depthLeft));
  return inside;
}

/// Keeps ptxas from making one batch of all.
static LLVM::LoopAnnotationAttr notUnrolled(MLIRContext *context) {
  auto yes = BoolAttr::get(context, true);
  auto unroll = LLVM::LoopUnrollAttr::get(context, yes, {}, {}, {}, {}, {}, {});
  return LLVM::LoopAnnotationAttr::get(context, {}, {}, {}, unroll, {}, {}, {}, {}, {}, {}, {}, {},
                                       {}, {}, {});
}

void TileOperand::copy(Value step, Value stage) {
  auto all = [&] {
    if (batches == 1)
      return copyBatch(step, stage, {});
    int64_t bytes = spec.turned() ? batchRows * spec.elementBytes() : batchRows * spec.rowBytes();
    auto loop = scf::ForOp::create(g.b, g.loc, g.i32(0), g.i32(batches), g.i32(1));
    loop->setAttr("loop_annotation", notUnrolled(g.b.getContext()));
    OpBuilder::InsertionGuard guard(g.b);
    g.b.setInsertionPointToStart(loop.getBody());
    Value batch = loop.getInductionVar();
    copyBatch(step, g.add(stage, g.mul(batch, bytes)), g.mul(batch, batchRows));
  };
  // An idle thread must not write either.
  if (active)
    g.ifThen(active, all);
  else
    all();
}

void TileOperand::copyBatch(Value step, Value stage, Value firstRow) {
  if (spec.byElements)
    return copyElements(step, stage, firstRow);
  Value along = g.mul(g.toI64(step), spec.depth * spec.elementBytes());
  Value at = g.bytePtr(pointer, spec.depthInner ? along : g.mul(along, inner));
  Value rowBytes = g.mul(inner, spec.elementBytes());
  Value rowInBatch = row0;
  if (firstRow) {
    at = g.bytePtr(at, g.mul(g.toI64(firstRow), rowBytes));
    rowInBatch = g.add(row0, firstRow);
  }
  Value left = depthSize.isMultipleOf(spec.depth) ? Value() : depthLeft(step);
  // From a slot to the one rows further down; a constant becomes part of the access.
  bool constantRows = (spec.depthInner ? depthSize : extentSize).getConstant().has_value();
  int64_t before = 0;
  Value place = at;
  for (const Slot &slot : slots) {
    if (constantRows || slot.row == 0)
      place = g.bytePtr(at, g.mul(rowBytes, slot.row));
    else
      place = g.bytePtr(place, g.mul(rowBytes, slot.row - before));
    before = slot.row;
    Value from = g.bytePtr(place, g.index(slot.unit * spec.unitBytes));
    Value column = g.add(column0, slot.unit * (spec.unitBytes / spec.elementBytes()));
    g.copyAsync(stagedPtr(g, g.add(stage, slot.offset), slot.bytes), from, spec.unitBytes,
                valid(g.add(rowInBatch, slot.row), column, left));
  }
}

void TileOperand::copyElements(Value step, Value stage, Value firstRow) {
  SmallVector<Value> values;
  // Steps beyond the last one have nothing left: zeros.
  Value left = depthLeft(step), first = g.mul(g.toI64(step), spec.depth);
  Value lastExtent = g.sub(g.size(extentSize), g.index(1)),
        lastDepth = g.sub(g.size(depthSize), g.index(1));
  for (const Slot &slot : slots) {
    Value row = g.add(row0, slot.row), column = g.add(column0, slot.unit);
    if (firstRow)
      row = g.add(row, firstRow);
    Value inside = valid(row, column, left);
    // What lies outside is read at the edge, and dropped.
    Value e = g.min(g.add(origin, g.toI64(spec.depthInner ? row : column)), lastExtent);
    Value d = g.min(g.add(first, g.toI64(spec.depthInner ? column : row)), lastDepth);
    Value v = spec.depthInner ? element(e, d) : element(d, e);
    Value zero = arith::ConstantOp::create(g.b, g.loc, g.b.getZeroAttr(v.getType()));
    values.push_back(arith::SelectOp::create(g.b, g.loc, inside, v, zero));
  }
  for (auto [slot, v] : llvm::zip_equal(slots, values))
    g.storeAligned(v, stagedPtr(g, g.add(stage, slot.offset), slot.bytes));
}
