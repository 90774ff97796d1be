//===- TransposeTiles.cpp - Square tiles turned over in registers ---------===//
#include "TransposeTiles.h"
#include "GenericEmitter.h"

using namespace mlir;
using namespace mlopt;

/// Operations that are written out once for each row of a tile; beyond these
/// the code grows more than the moved elements gain.
static constexpr size_t kMaxRowOps = 12;
/// Elements of the result's run that are one piece of work.
static constexpr int64_t kRunPiece = 128;
static constexpr int64_t kCacheLine = 64;

static YieldOp yieldOf(KernelOp kernel) {
  return cast<YieldOp>(kernel.getBody().front().getTerminator());
}

static Type elementOf(Value tensor) {
  return cast<RankedTensorType>(tensor.getType()).getElementType();
}

/// Whether vectors of the value along its innermost dimension are cheap.
static bool cheapRuns(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return true;
  return (isa<ConstantOp, IotaOp, NoneOp>(op) || op->hasTrait<mlopt::OpTrait::Elementwise>()) &&
         llvm::all_of(op->getOperands(), cheapRuns);
}

std::optional<TransposeTiles> mlopt::planTransposeTiles(KernelOp kernel, ShapeAnalysis &shapes,
                                                        const TargetDescription &target) {
  if (ArrayAttr layouts = kernel.getLayoutsAttr())
    if (llvm::any_of(layouts, [](Attribute a) { return isa<LayoutAttr>(a); }))
      return std::nullopt;
  YieldOp yield = yieldOf(kernel);
  SymShape shape = shapes.shapeOf(yield.getValues()[0]);
  int64_t rank = shape.size();
  if (rank < 2)
    return std::nullopt;
  TransposeTiles tiles{-1, {}, false, lanesOf(kernel, target), 0};
  size_t operations = 0;
  for (Operation &op : kernel.getBody().front().without_terminator()) {
    operations += !isa<ConstantOp, NoneOp>(op);
    auto transpose = dyn_cast<TransposeOp>(op);
    if (!transpose ||
        ArrayRef<SymExpr>(shapes.shapeOf(transpose.getResult())) != ArrayRef<SymExpr>(shape) ||
        !readInPlace(transpose.getResult(), shape, shapes) || !cheapRuns(transpose.getInput()))
      continue;
    int64_t across =
        llvm::find(transpose.getPermutation(), rank - 1) - transpose.getPermutation().begin();
    if (across == rank - 1 || (tiles.across >= 0 && tiles.across != across))
      continue;
    tiles.across = across;
    tiles.reads.push_back(transpose);
  }
  if (tiles.across < 0 || operations > kMaxRowOps)
    return std::nullopt;
  tiles.onlyMoves = operations == 1 && yield.getValues().size() == 1 &&
                    isa<BlockArgument>(tiles.reads[0].getInput());
  int64_t bytes = getElementBytes(elementOf(tiles.reads[0].getInput()));
  if (tiles.onlyMoves)
    tiles.side = std::min<int64_t>(16, target.lanes(bytes));
  tiles.block = std::max(tiles.side, kCacheLine / bytes);
  if (tiles.side < 2)
    return std::nullopt;
  for (SymExpr size : {shape[tiles.across], shape.back()})
    if (size.getConstant().value_or(tiles.side) < tiles.side)
      return std::nullopt;
  return tiles;
}

SymExpr mlopt::tileUnits(const TransposeTiles &tiles, KernelOp kernel, ShapeAnalysis &shapes) {
  SymShape shape = shapes.shapeOf(yieldOf(kernel).getValues()[0]);
  SymExpr one = SymExpr::constant(kernel.getContext(), 1), units = one;
  for (auto [i, size] : llvm::enumerate(shape)) {
    bool isAcross = static_cast<int64_t>(i) == tiles.across, isRun = i + 1 == shape.size();
    units = units * (isAcross ? size.ceilDiv(tiles.block) : isRun ? size.ceilDiv(kRunPiece) : size);
  }
  return units;
}

Value mlopt::tilesFit(const TransposeTiles &tiles, KernelBuilder &k) {
  SymShape shape = k.shapes.shapeOf(yieldOf(k.kernel).getValues()[0]);
  Value fit;
  for (SymExpr size : {shape[tiles.across], shape.back()}) {
    if (size.getConstant())
      continue;
    Value here = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::sge, k.size(size),
                                       k.index(tiles.side));
    fit = fit ? arith::AndIOp::create(k.b, k.loc, fit, here).getResult() : here;
  }
  return fit;
}

/// Blocks of half the side change places, then blocks of a quarter, down to single elements.
void mlopt::turnOver(KernelBuilder &k, MutableArrayRef<Value> rows) {
  int64_t side = rows.size();
  for (int64_t d = side / 2; d > 0; d /= 2) {
    SmallVector<int64_t> low, high;
    for (int64_t l = 0; l < side; ++l) {
      low.push_back(l & d ? side + l - d : l);
      high.push_back(l & d ? side + l : l + d);
    }
    for (int64_t i = 0; i < side; ++i) {
      if (i & d)
        continue;
      Value a = rows[i], b = rows[i + d];
      rows[i] = vector::ShuffleOp::create(k.b, k.loc, a, b, low);
      rows[i + d] = vector::ShuffleOp::create(k.b, k.loc, a, b, high);
    }
  }
}

namespace {
class TileEmitter {
public:
  TileEmitter(const TransposeTiles &tiles, ElementAt &e)
      : tiles(tiles), e(e), k(e.k), yield(yieldOf(k.kernel)),
        sizes(e.sizesOf(yield.getValues()[0])) {}

  LogicalResult run() {
    size_t last = sizes.size() - 1;
    // The last piece of a side takes the rest, so that each has room for a tile.
    SmallVector<Value> pieces(sizes);
    auto piecesOf = [&](Value size, int64_t piece) {
      return k.max(k.floorDiv(size, k.index(piece)), k.index(1));
    };
    pieces[tiles.across] = piecesOf(sizes[tiles.across], tiles.block);
    pieces[last] = piecesOf(sizes[last], kRunPiece);
    Value units = k.index(1);
    for (Value p : pieces)
      units = k.mul(units, p);
    auto [begin, end] = k.share(units);
    k.forLoop(begin, end, 1, [&](Value unit) {
      ElementAt::Scope scope(e);
      SmallVector<Value> at = e.delinearize(unit, pieces);
      auto over = [&](size_t dim, int64_t piece, llvm::function_ref<void(Value)> body) {
        Value lower = k.mul(at[dim], piece);
        Value isLast = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::eq,
                                             k.add(at[dim], 1), pieces[dim]);
        Value upper = arith::SelectOp::create(k.b, k.loc, isLast, sizes[dim], k.add(lower, piece));
        // The last tile lies flush with the end, over elements already written.
        Value flush = k.sub(upper, k.index(tiles.side));
        k.forLoop(lower, upper, tiles.side, [&](Value iv) {
          ElementAt::Scope inner(e);
          body(k.min(iv, flush));
        });
      };
      over(last, kRunPiece, [&](Value column) {
        over(tiles.across, tiles.block, [&](Value row) {
          Coords index;
          for (Value v : at)
            index.push_back({v, 0});
          index[tiles.across].base = row;
          index[last].base = column;
          tile(index);
        });
      });
    });
    return result;
  }

private:
  /// Index into a transposition's input of an index into its result.
  static Coords inputIndex(TransposeOp op, ArrayRef<Coord> index) {
    Coords from(index.size());
    for (auto [i, axis] : llvm::enumerate(op.getPermutation()))
      from[axis] = index[i];
    return from;
  }

  Value flat(ArrayRef<Coord> index, Value tensor) {
    SmallVector<Value> bases;
    for (Coord c : index)
      bases.push_back(c.base);
    return e.linearize(bases, e.sizesOf(tensor));
  }

  void tile(Coords index) {
    size_t last = index.size() - 1;
    Coord row = index[tiles.across], column = index[last];
    SmallVector<SmallVector<Value>> turned;
    for (TransposeOp op : tiles.reads) {
      SmallVector<Value> vectors;
      for (int64_t i = 0; i < tiles.side; ++i) {
        index[tiles.across] = {row.base, 1};
        index[last] = {k.add(column.base, i), 0};
        Coords from = inputIndex(op, index);
        Value v = tiles.onlyMoves
                      ? k.load(k.operandPtr(cast<BlockArgument>(op.getInput()).getArgNumber()),
                               flat(from, op.getInput()), bitsType(), tiles.side)
                      : e.at(op.getInput(), from, tiles.side);
        if (!v) {
          result = failure();
          return;
        }
        vectors.push_back(v);
      }
      turnOver(k, vectors);
      turned.push_back(std::move(vectors));
    }
    for (int64_t i = 0; i < tiles.side; ++i) {
      index[tiles.across] = {k.add(row.base, i), 0};
      index[last] = {column.base, 1};
      if (tiles.onlyMoves) {
        k.store(turned[0][i], k.resultPtr(0), flat(index, yield.getValues()[0]));
        continue;
      }
      ElementAt::Scope scope(e);
      for (auto [op, vectors] : llvm::zip_equal(tiles.reads, turned)) {
        Value v = vectors[i];
        e.setOverride(TransposeOp(op).getResult(), [v](ArrayRef<Coord>, int64_t) { return v; });
      }
      for (auto [r, value] : llvm::enumerate(yield.getValues())) {
        if (Value v = e.at(value, index, tiles.side))
          e.storeResult(r, v, index, tiles.side);
        else
          result = failure();
      }
    }
    for (TransposeOp op : tiles.reads)
      e.clearOverride(op.getResult());
  }

  Type bitsType() {
    return k.b.getIntegerType(8 * getElementBytes(elementOf(yield.getValues()[0])));
  }

  const TransposeTiles &tiles;
  ElementAt &e;
  KernelBuilder &k;
  YieldOp yield;
  SmallVector<Value> sizes;
  LogicalResult result = success();
};
} // namespace

LogicalResult mlopt::emitTransposeTiles(const TransposeTiles &tiles, ElementAt &e) {
  return TileEmitter(tiles, e).run();
}
