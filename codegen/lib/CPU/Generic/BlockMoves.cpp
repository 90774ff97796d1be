//===- BlockMoves.cpp - Tensors moved between row-major and blocks --------===//
#include "BlockMoves.h"
#include "TransposeTiles.h"

using namespace mlir;
using namespace mlopt;

/// Elements of the run that are one piece of work.
static constexpr int64_t kRunPiece = 256;

static YieldOp yieldOf(KernelOp kernel) {
  return cast<YieldOp>(kernel.getBody().front().getTerminator());
}

std::optional<BlockMoves> mlopt::planBlockMoves(KernelOp kernel, const TargetDescription &target) {
  Block &body = kernel.getBody().front();
  YieldOp yield = yieldOf(kernel);
  if (body.getOperations().size() != 2 || yield.getValues().size() != 1)
    return std::nullopt;
  Operation *move = &body.front();
  if (!isa<RelayoutOp, TransposeOp>(move))
    return std::nullopt;
  auto input = dyn_cast<BlockArgument>(move->getOperand(0));
  if (!input || yield.getValues()[0] != move->getResult(0))
    return std::nullopt;
  LayoutAttr from = layoutAt(kernel, input.getArgNumber()),
             to = layoutAt(kernel, kernel.getFunctionType().getNumInputs());
  if (bool(from) == bool(to))
    return std::nullopt;
  BlockMoves moves;
  moves.intoBlocks = bool(to);
  moves.layout = to ? to : from;
  if (moves.layout.getPerByte() > 1)
    return std::nullopt; // no byte holds one element
  auto type = cast<RankedTensorType>(input.getType());
  for (int64_t i = 0; i < type.getRank(); ++i)
    moves.rows.push_back(i);
  if (auto transpose = dyn_cast<TransposeOp>(move))
    for (auto [result, operand] : llvm::enumerate(transpose.getPermutation()))
      // Of the result's dimension the operand's, or the other way round.
      moves.rows[to ? operand : static_cast<int64_t>(result)] = to ? static_cast<int64_t>(result) : operand;
  SmallVector<PhysicalDim> dims = getPhysicalDims(moves.layout);
  PhysicalDim last = dims.back();
  if (last.divisor != 1 || !last.modulus)
    return std::nullopt;
  moves.block = last.modulus;
  moves.cutAt = llvm::find(moves.rows, last.dim) - moves.rows.begin();
  ArrayRef<int64_t> run = ArrayRef(moves.rows).drop_front(moves.cutAt + 1);
  int64_t bytes = getElementBytes(type.getElementType());
  moves.side = std::min<int64_t>({moves.block, target.lanes(bytes), 16});
  if (run.empty() || moves.side < 2 || moves.block % moves.side || !llvm::isPowerOf2_64(moves.side))
    return std::nullopt;
  moves.plainRun = dims.size() > run.size();
  for (size_t i = 0; moves.plainRun && i < run.size(); ++i) {
    PhysicalDim d = dims[dims.size() - 1 - run.size() + i];
    moves.plainRun = d.dim == run[i] && d.divisor == 1 && !d.modulus;
  }
  // Padding along the run must come after all of its elements.
  for (PhysicalDim d : dims)
    if (moves.intoBlocks && d.modulus && llvm::is_contained(run.drop_front(), d.dim))
      return std::nullopt;
  return moves;
}

/// Size of each dimension of the blocked tensor, up to whole blocks where it is written.
static SymShape paddedShape(const BlockMoves &moves, ArrayRef<SymExpr> shape) {
  SymShape padded(shape);
  if (moves.intoBlocks)
    for (PhysicalDim d : getPhysicalDims(moves.layout))
      if (d.modulus)
        padded[d.dim] = shape[d.dim].ceilDiv(d.modulus) * d.modulus;
  return padded;
}

static Value blockedTensor(const BlockMoves &moves, KernelOp kernel) {
  Operation &move = kernel.getBody().front().front();
  return moves.intoBlocks ? move.getResult(0) : move.getOperand(0);
}

static SymExpr runOf(const BlockMoves &moves, ArrayRef<SymExpr> shape) {
  SymExpr size = SymExpr::constant(moves.layout.getContext(), 1);
  for (int64_t d : ArrayRef(moves.rows).drop_front(moves.cutAt + 1))
    size = size * shape[d];
  return size;
}

/// Tiles along the cut dimension: where it is written in blocks, of its padding too.
static SymExpr cutTiles(const BlockMoves &moves, SymExpr size) {
  return moves.intoBlocks ? size.ceilDiv(moves.block) * (moves.block / moves.side) : size.ceilDiv(moves.side);
}

SymExpr mlopt::blockMoveUnits(const BlockMoves &moves, KernelOp kernel, ShapeAnalysis &shapes) {
  SymShape shape = shapes.shapeOf(blockedTensor(moves, kernel)), padded = paddedShape(moves, shape);
  SymExpr units = cutTiles(moves, shape[moves.rows[moves.cutAt]]) * runOf(moves, padded).ceilDiv(kRunPiece);
  for (size_t i = 0; i < moves.cutAt; ++i)
    units = units * padded[moves.rows[i]];
  return units;
}

namespace {
class MoveEmitter {
public:
  MoveEmitter(const BlockMoves &moves, ElementAt &e)
      : moves(moves), e(e), k(e.k), shape(k.shapes.shapeOf(blockedTensor(moves, k.kernel))),
        padded(paddedShape(moves, shape)), cutDim(moves.rows[moves.cutAt]) {
    Type element = cast<RankedTensorType>(blockedTensor(moves, k.kernel).getType()).getElementType();
    bits = k.b.getIntegerType(8 * getElementBytes(element));
    run = k.size(runOf(moves, shape));
    paddedRun = k.size(runOf(moves, padded));
    for (SymExpr size : getPhysicalShape(moves.layout, shape))
      physical.push_back(k.size(size));
  }

  LogicalResult emit() {
    SmallVector<Value> units;
    for (size_t i = 0; i < moves.cutAt; ++i)
      units.push_back(k.size(padded[moves.rows[i]]));
    units.push_back(k.size(cutTiles(moves, shape[cutDim])));
    units.push_back(k.size(runOf(moves, padded).ceilDiv(kRunPiece)));
    Value all = k.index(1);
    for (Value u : units)
      all = k.mul(all, u);
    auto [begin, end] = k.share(all);
    k.forLoop(begin, end, 1, [&](Value unit) {
      outer = e.delinearize(unit, units);
      Value lower = k.mul(outer.pop_back_val(), kRunPiece);
      cut = k.mul(outer.pop_back_val(), moves.side);
      Value upper = k.min(k.add(lower, kRunPiece), paddedRun);
      // What is whole needs no masks: all lanes of the block, all dimensions outside.
      bool known = shape[cutDim].isMultipleOf(moves.intoBlocks ? moves.block : moves.side) && runOf(moves, shape).isMultipleOf(moves.side);
      Value whole = compare(arith::CmpIPredicate::sle, k.add(cut, moves.side), k.size(shape[cutDim]));
      inside = Value();
      for (size_t i = 0; i < moves.cutAt; ++i) {
        int64_t d = moves.rows[i];
        if (shape[d] == padded[d])
          continue;
        known = false;
        Value here = compare(arith::CmpIPredicate::slt, outer[i], k.size(shape[d]));
        inside = inside ? both(inside, here) : here;
      }
      known &= runOf(moves, shape) == runOf(moves, padded);
      if (inside)
        whole = both(whole, inside);
      k.forLoop(lower, upper, moves.side, [&](Value at) {
        if (known)
          return tile(at, true);
        Value full = both(whole, compare(arith::CmpIPredicate::sle, k.add(at, moves.side), run));
        k.ifThen(full, [&] { tile(at, true); }, [&] { tile(at, false); });
      });
    });
    return success();
  }

private:
  Value compare(arith::CmpIPredicate p, Value a, Value b) {
    return arith::CmpIOp::create(k.b, k.loc, p, a, b);
  }
  Value both(Value a, Value b) { return arith::AndIOp::create(k.b, k.loc, a, b); }

  /// Offset in the row-major tensor of lane `lane` of the cut, at `at` of the run.
  Value rowOffset(int64_t lane, Value at) {
    Value offset = k.index(0);
    for (size_t i = 0; i <= moves.cutAt; ++i)
      offset = k.add(k.mul(offset, k.size(shape[moves.rows[i]])), i < moves.cutAt ? outer[i] : k.add(cut, lane));
    return k.add(k.mul(offset, run), at);
  }

  /// Offset in the blocked tensor of lane 0 of the cut, at `at` of the run.
  Value blockOffset(Value at) {
    SmallVector<Value> index(shape.size(), k.index(0));
    for (size_t i = 0; i < moves.cutAt; ++i)
      index[moves.rows[i]] = outer[i];
    index[cutDim] = cut;
    if (!moves.plainRun) {
      SmallVector<Value> sizes;
      ArrayRef<int64_t> dims = ArrayRef(moves.rows).drop_front(moves.cutAt + 1);
      for (int64_t d : dims)
        sizes.push_back(k.size(padded[d]));
      for (auto [d, v] : llvm::zip_equal(dims, e.delinearize(at, sizes)))
        index[d] = v;
    }
    Value offset = k.index(0);
    for (auto [d, size] : llvm::zip_equal(getPhysicalDims(moves.layout), physical)) {
      Value part = k.floorDiv(index[d.dim], k.index(d.divisor));
      if (d.modulus)
        part = k.rem(part, k.index(d.modulus));
      offset = k.add(k.mul(offset, size), part);
    }
    return moves.plainRun ? k.add(offset, k.mul(at, moves.block)) : offset;
  }

  void tile(Value at, bool whole) {
    int64_t side = moves.side;
    SmallVector<Value> vectors;
    Value from = k.operandPtr(0), to = k.resultPtr(0), channels = k.size(shape[cutDim]);
    // Elements of the run that there are from here on.
    Value count = k.max(k.index(0), k.min(k.sub(run, at), k.index(side)));
    if (moves.intoBlocks) {
      for (int64_t i = 0; i < side; ++i) {
        if (whole) {
          vectors.push_back(k.load(from, rowOffset(i, at), bits, side));
          continue;
        }
        Value here = compare(arith::CmpIPredicate::slt, k.add(cut, i), channels);
        if (inside)
          here = both(here, inside);
        Value some = arith::SelectOp::create(k.b, k.loc, here, count, k.index(0));
        vectors.push_back(k.loadMasked(from, rowOffset(i, at), bits, side, some));
      }
      turnOver(k, vectors);
      for (int64_t i = 0; i < side; ++i) {
        Value place = k.add(at, i);
        auto put = [&] { k.store(vectors[i], to, blockOffset(place)); };
        if (whole)
          put();
        else
          k.ifThen(compare(arith::CmpIPredicate::slt, place, paddedRun), put);
      }
      return;
    }
    for (int64_t i = 0; i < side; ++i) {
      Value place = k.add(at, i);
      if (!whole)
        place = k.min(place, k.sub(run, k.index(1)));
      vectors.push_back(k.load(from, blockOffset(place), bits, side));
    }
    turnOver(k, vectors);
    for (int64_t i = 0; i < side; ++i) {
      if (whole)
        k.store(vectors[i], to, rowOffset(i, at));
      else
        k.ifThen(compare(arith::CmpIPredicate::slt, k.add(cut, i), channels),
                 [&] { k.storeMasked(vectors[i], to, rowOffset(i, at), count); });
    }
  }

  const BlockMoves &moves;
  ElementAt &e;
  KernelBuilder &k;
  SymShape shape, padded; ///< of the blocked tensor
  int64_t cutDim;
  Type bits;
  Value run, paddedRun;
  SmallVector<Value> physical; ///< sizes in memory of the blocked tensor
  SmallVector<Value> outer;    ///< place in the dimensions before the cut one
  Value cut, inside;
};
} // namespace

LogicalResult mlopt::emitBlockMoves(const BlockMoves &moves, ElementAt &e) {
  return MoveEmitter(moves, e).emit();
}
