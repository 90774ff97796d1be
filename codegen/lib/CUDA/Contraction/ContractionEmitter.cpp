//===- ContractionEmitter.cpp - Matrix products on a GPU ------------------===//
//
// A block computes one tile of the result (of one batch item, for one part of k).
// Tiles of both factors come into a ring of stages in shared memory by copies
// that do not wait, several steps of k ahead; warps multiply what has arrived.
// The accumulators go through shared memory, a warp's rows at a time, so that
// lanes run along rows of the result: what follows the product in the kernel is
// computed there, and stores are whole sectors.
//
// Where the number of rows is known at run time only, there may be two versions of
// all this, for few rows and for many: the grid of one of them is empty.
//
// Where tiles alone would leave multiprocessors idle, k is cut into parts of their
// own blocks. Their sums go to scratch, and a second launch adds them in ascending
// order of k: the result is the same bits in every run.
//
//===----------------------------------------------------------------------===//
#include "ContractionEmitter.h"
#include "ContractionShape.h"
#include "Generic/ElementAt.h"
#include "TileProduct.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace mlopt;

namespace {

Type elementOf(Value tensor) { return cast<RankedTensorType>(tensor.getType()).getElementType(); }

/// Rows of tiles that follow one another in the order of blocks: they share columns of B in the
/// second level of cache.
constexpr int64_t rasterRows = 8;
/// Threads of a block of the launch that adds pieces of sums.
constexpr int64_t sumThreads = 256;

SymExpr tilesAlong(SymExpr size, int64_t tile) { return size.ceilDiv(tile); }

//===----------------------------------------------------------------------===//
// From sums to results
//===----------------------------------------------------------------------===//

/// What follows the product, for vectors along rows of its result.
class ContractionEnd {
public:
  ContractionEnd(GpuBuilder &g, ElementAt &e, const ContractionShape &shape)
      : g(g), e(e), shape(shape), lanes(storedLanes(shape)),
        flat(rowsAreFlat(g.kernel, shape, g.shapes)) {}

  /// Computes and stores the results at `row` and `column` (i64) of item `item`; `sums`: of these
  /// lanes.
  void store(ArrayRef<Value> item, Value row, Value column, Value sums) {
    ElementAt::Scope scope(e);
    Value hero = shape.op.getResult();
    e.setOverride(hero, [&](ArrayRef<Coord>, int64_t) { return sums; });
    Coords index;
    for (Value v : item)
      index.push_back({v, 0});
    SmallVector<Value> sizes;
    for (SymExpr s : shape.rowDims)
      sizes.push_back(g.size(s));
    if (flat || sizes.size() == 1) {
      // Rows one after the other, as they lie in memory.
      for (size_t i = 0; i + 1 < sizes.size(); ++i)
        index.push_back({g.index(0), 0});
      index.push_back({row, 0});
    } else {
      for (Value v : e.delinearize(row, sizes))
        index.push_back({v, 0});
    }
    index.push_back({column, lanes > 1 ? 1 : 0});
    auto yield = cast<YieldOp>(g.kernel.getBody().front().getTerminator());
    // All first: a result may lie where an operand of another one does.
    SmallVector<Value> values;
    for (Value out : yield.getValues())
      values.push_back(e.at(out, index, lanes));
    for (auto [r, v] : llvm::enumerate(values))
      if (v)
        e.storeResult(r, v, index, lanes);
      else
        result = failure();
    e.clearOverride(hero);
  }

  GpuBuilder &g;
  ElementAt &e;
  const ContractionShape &shape;
  const int64_t lanes;
  LogicalResult result = success();

private:
  bool flat;
};

//===----------------------------------------------------------------------===//
// The product
//===----------------------------------------------------------------------===//

class ContractionBody {
public:
  ContractionBody(KernelOp kernel, const TargetDescription &target, ModuleOp module,
                  const ContractionTile &tile, int64_t phase)
      : g(kernel, target, module, phase), e(g), shape(cast<MatmulOp>(kernel.getHeroOp()), g.shapes),
        tile(tile), element(elementOf(shape.op.getLhs())), end(g, e, shape) {
    g.alignedLanes = true;
    g.function->setAttr(NVVM::NVVMDialect::getMinctasmAttrName(),
                        g.b.getI32IntegerAttr(tile.blocksPerProcessor));
  }

  LogicalResult run() {
    position();
    TileOperand left(g, shape.leftSpec(tile), tile.threads(),
                     base(shape.op.getLhs(), shape.leftBatch, shape.m, shape.k), tileRow, shape.m,
                     shape.k, elementsOf(shape.op.getLhs(), shape.leftBatch, shape.merged));
    TileOperand right(g, shape.rightSpec(tile), tile.threads(),
                      base(shape.op.getRhs(), shape.rightBatch, shape.k, shape.n), tileColumn,
                      shape.n, shape.k, elementsOf(shape.op.getRhs(), shape.rightBatch, false));
    TileProduct product(g, tile, left.spec, right.spec, element);
    SmallVector<Value> sums = multiply(left, right, product);
    store(product, sums);
    g.finish();
    return end.result;
  }

private:
  //--- which tile ---------------------------------------------------------//

  void position() {
    Value rows = g.toI32(g.size(tilesAlong(shape.m, tile.m))),
          columns = g.toI32(g.size(tilesAlong(shape.n, tile.n)));
    Value number = g.blockIdx(0);
    if (!shape.items.isConstant(1)) {
      Value perItem = g.mul(rows, columns);
      SmallVector<Value> sizes;
      for (SymExpr s : shape.batch)
        sizes.push_back(g.size(s));
      item = e.delinearize(g.toI64(g.floorDiv(number, perItem)), sizes);
      number = g.rem(number, perItem);
    } else {
      item.assign(shape.batch.size(), g.index(0));
    }
    Value row, column;
    std::optional<int64_t> constantRows = tilesAlong(shape.m, tile.m).getConstant();
    if (constantRows && *constantRows <= rasterRows) {
      row = g.rem(number, rows);
      column = g.floorDiv(number, rows);
    } else {
      Value perGroup = g.mul(columns, rasterRows), group = g.floorDiv(number, perGroup);
      Value first = g.mul(group, rasterRows), height = g.min(g.sub(rows, first), g.i32(rasterRows));
      Value inGroup = g.rem(number, perGroup);
      row = g.add(first, g.rem(inGroup, height));
      column = g.floorDiv(inGroup, height);
    }
    tileRow = g.mul(g.toI64(row), tile.m);
    tileColumn = g.mul(g.toI64(column), tile.n);
    Value steps = g.toI32(g.size(tilesAlong(shape.k, tile.k)));
    firstStep = g.i32(0);
    lastStep = steps;
    if (tile.splits > 1) {
      part = g.blockIdx(1);
      firstStep = g.floorDiv(g.mul(steps, part), g.i32(tile.splits));
      lastStep = g.floorDiv(g.mul(steps, g.add(part, 1)), g.i32(tile.splits));
    }
  }

  /// Coordinates of a factor's matrix among its batch: those of the item, 0 where the factor is
  /// broadcast.
  SmallVector<Value> batchPlace(ArrayRef<SymExpr> own) {
    SmallVector<Value> place;
    for (size_t i = 0; i < own.size(); ++i) {
      int64_t j = static_cast<int64_t>(shape.batch.size() + i) - own.size();
      Value at = j < 0 || shape.merged || own[i].isConstant(1) ? g.index(0) : item[j];
      if (j >= 0 && !shape.merged && !own[i].getConstant() && own[i] != shape.batch[j]) {
        Value one =
            arith::CmpIOp::create(g.b, g.loc, arith::CmpIPredicate::eq, g.size(own[i]), g.index(1));
        at = arith::SelectOp::create(g.b, g.loc, one, g.index(0), at);
      }
      place.push_back(at);
    }
    return place;
  }

  /// The item's matrix of a factor; null for one that is computed.
  Value base(Value factor, ArrayRef<SymExpr> own, SymExpr rows, SymExpr columns) {
    if (ContractionShape::isComputed(factor))
      return {};
    Value pointer = g.operandPtr(cast<BlockArgument>(factor).getArgNumber());
    if (shape.merged || own.empty())
      return pointer;
    SmallVector<Value> sizes;
    for (SymExpr s : own)
      sizes.push_back(g.size(s));
    Value offset = g.mul(e.linearize(batchPlace(own), sizes), g.mul(g.size(rows), g.size(columns)));
    return g.elementPtr(pointer, offset, storageType(element));
  }

  /// Single elements of a factor, as they are staged.
  TileOperand::Element elementsOf(Value factor, SymShape own, bool mergedRows) {
    return [this, factor, own = std::move(own), mergedRows](Value row, Value column) -> Value {
      ElementAt::Scope scope(e);
      Coords index;
      if (mergedRows) {
        SmallVector<Value> sizes = e.sizesOf(factor);
        for (Value v : e.delinearize(row, ArrayRef(sizes).drop_back()))
          index.push_back({v, 0});
      } else {
        for (Value v : batchPlace(own))
          index.push_back({v, 0});
        index.push_back({row, 0});
      }
      index.push_back({column, 0});
      Value v = e.at(factor, index, 1);
      if (!v) {
        end.result = failure();
        return arith::ConstantOp::create(g.b, g.loc, g.b.getZeroAttr(storageType(element)));
      }
      ScalarMath m = e.scalarMath();
      return toStorage(m, v, element);
    };
  }

  //--- steps of k ---------------------------------------------------------//

  SmallVector<Value> multiply(TileOperand &left, TileOperand &right, TileProduct &product) {
    int64_t stages = tile.stages, stageBytes = tile.stageBytes();
    bool asynchronous = !left.spec.byElements || !right.spec.byElements;
    auto start = [&](Value step, Value stage) {
      g.ifThen(g.less(step, lastStep), [&] {
        left.copy(step, stage);
        right.copy(step, g.add(stage, left.spec.bytes()));
      });
      if (asynchronous)
        g.commitCopies();
    };
    for (int64_t s = 0; s + 1 < stages; ++s)
      start(g.add(firstStep, s), g.i32(s * stageBytes));
    SmallVector<Value> init = {g.i32(0), g.i32((stages - 1) * stageBytes)};
    init.append(product.zeros());
    SmallVector<Value> last =
        g.stridedLoop(firstStep, lastStep, g.i32(1), init,
                      [&](Value step, ValueRange carried) -> SmallVector<Value> {
                        Value read = carried[0], write = carried[1];
                        if (asynchronous)
                          g.waitCopies(stages - 2);
                        g.barrier();
                        start(g.add(step, stages - 1), write);
                        SmallVector<Value> sums = product.multiply(
                            read, g.add(read, left.spec.bytes()), carried.drop_front(2));
                        SmallVector<Value> next = {nextStage(read), nextStage(write)};
                        next.append(sums);
                        return next;
                      });
    if (asynchronous)
      g.waitCopies(0);
    return SmallVector<Value>(ArrayRef(last).drop_front(2));
  }

  Value nextStage(Value stage) {
    Value next = g.add(stage, tile.stageBytes());
    Value over = arith::CmpIOp::create(g.b, g.loc, arith::CmpIPredicate::eq, next,
                                       g.i32(tile.stages * tile.stageBytes()));
    return arith::SelectOp::create(g.b, g.loc, over, g.i32(0), next);
  }

  //--- the way out --------------------------------------------------------//

  void syncWarp() { NVVM::SyncWarpOp::create(g.b, g.loc, g.i32(-1)); }

  void store(TileProduct &product, ArrayRef<Value> sums) {
    int64_t lanes = end.lanes, passes = tile.warpM() / tile.passRows(),
            inRow = tile.warpN() / lanes;
    int64_t rounds = std::max<int64_t>(1, tile.passRows() * inRow / 32);
    Value warp = tile.threads() > 32 ? g.warp() : g.i32(0);
    Value own = g.mul(warp, tile.passRows() * tile.passStride() * 4);
    Value rowsLeft = g.toI32(g.min(g.sub(g.size(shape.m), tileRow), g.index(tile.m)));
    Value columnsLeft = g.toI32(g.min(g.sub(g.size(shape.n), tileColumn), g.index(tile.n)));
    bool wholeRows = shape.m.isMultipleOf(tile.m), wholeColumns = shape.n.isMultipleOf(tile.n);
    // Stages are read no more, and no copy is under way.
    g.barrier();
    auto pass = [&](Value number) {
      syncWarp();
      // Rows that were kept are read before others take their place, and seen before they are read.
      for (int64_t p = 0; p < passes; ++p) {
        auto one = [&] { product.storePass(p, sums, own); };
        if (passes == 1)
          one();
        else
          g.ifThen(arith::CmpIOp::create(g.b, g.loc, arith::CmpIPredicate::eq, number, g.i32(p)),
                   one);
      }
      syncWarp();
      g.stridedLoop(
          g.i32(0), g.i32(rounds), g.i32(1), {},
          [&](Value round, ValueRange) -> SmallVector<Value> {
            Value place = g.add(g.mul(round, 32), product.lane);
            Value row = g.floorDiv(place, g.i32(inRow)),
                  column = g.mul(g.rem(place, g.i32(inRow)), lanes);
            Value from = g.add(own, g.add(g.mul(row, tile.passStride() * 4), g.mul(column, 4)));
            Value inTileRow = g.add(g.add(product.warpRow, g.mul(number, tile.passRows())), row);
            Value inTileColumn = g.add(product.warpColumn, column);
            auto one = [&] {
              Value v = g.loadAligned(g.sharedPtr(from), g.b.getF32Type(), lanes);
              storeVector(g.add(tileRow, g.toI64(inTileRow)),
                          g.add(tileColumn, g.toI64(inTileColumn)), v);
            };
            Value inside;
            auto need = [&](Value condition) {
              inside = inside ? arith::AndIOp::create(g.b, g.loc, inside, condition).getResult()
                              : condition;
            };
            if (!wholeRows)
              need(g.less(inTileRow, rowsLeft));
            if (!wholeColumns)
              need(g.less(inTileColumn, columnsLeft));
            if (inside)
              g.ifThen(inside, one);
            else
              one();
            return {};
          });
    };
    if (passes == 1)
      return pass(g.i32(0));
    g.stridedLoop(g.i32(0), g.i32(passes), g.i32(1), {},
                  [&](Value number, ValueRange) -> SmallVector<Value> {
                    pass(number);
                    return {};
                  });
  }

  void storeVector(Value row, Value column, Value v) {
    if (tile.splits == 1)
      return end.store(item, row, column, v);
    // [part][item][m][n]
    SmallVector<Value> sizes;
    for (SymExpr s : shape.batch)
      sizes.push_back(g.size(s));
    Value at = g.add(g.mul(g.toI64(part), g.size(shape.items)), e.linearize(item, sizes));
    at = g.add(g.mul(g.add(g.mul(at, g.size(shape.m)), row), g.size(shape.n)), column);
    g.storeAligned(v, g.elementPtr(g.sharedScratch(), at, g.b.getF32Type()));
  }

  GpuBuilder g;
  ElementAt e;
  ContractionShape shape;
  ContractionTile tile;
  Type element;
  ContractionEnd end;
  SmallVector<Value> item;
  Value tileRow, tileColumn;       ///< i64: first row and column of the block's tile
  Value firstStep, lastStep, part; ///< i32
};

/// The second launch: pieces of sums to results.
class PieceSum {
public:
  PieceSum(KernelOp kernel, const TargetDescription &target, ModuleOp module,
           const ContractionTile &tile, int64_t phase)
      : g(kernel, target, module, phase), e(g), shape(cast<MatmulOp>(kernel.getHeroOp()), g.shapes),
        tile(tile), end(g, e, shape) {
    g.alignedLanes = true;
  }

  LogicalResult run() {
    Type f32 = g.b.getF32Type();
    Value number = g.add(g.mul(g.toI64(g.blockIdx()), sumThreads), g.toI64(g.threadIdx()));
    Value inRow = g.size(shape.n.floorDiv(end.lanes)), rows = g.size(shape.m);
    Value elements = g.size(shape.items * shape.m * shape.n);
    Value at = g.mul(number, end.lanes);
    g.ifThen(g.less(at, elements), [&] {
      auto piece = [&](Value part) {
        Value from = g.add(g.mul(part, elements), at);
        return g.loadAligned(g.elementPtr(g.sharedScratch(), from, f32), f32, end.lanes);
      };
      // As many as may be on their way at once; added in order of k.
      Value sum = piece(g.index(0));
      int64_t part = 1, unroll = 4;
      for (; (tile.splits - part) % unroll; ++part)
        sum = arith::AddFOp::create(g.b, g.loc, sum, piece(g.index(part)));
      if (part < tile.splits)
        sum = g.forLoop(g.index(part), g.index(tile.splits), unroll, ValueRange{sum},
                        [&](Value first, ValueRange carried) -> SmallVector<Value> {
                          SmallVector<Value> pieces;
                          for (int64_t i = 0; i < unroll; ++i)
                            pieces.push_back(piece(g.add(first, i)));
                          Value v = carried[0];
                          for (Value p : pieces)
                            v = arith::AddFOp::create(g.b, g.loc, v, p);
                          return {v};
                        })[0];
      Value column = g.mul(g.rem(number, inRow), end.lanes), row = g.floorDiv(number, inRow);
      SmallVector<Value> item(shape.batch.size(), g.index(0));
      if (!shape.items.isConstant(1)) {
        SmallVector<Value> sizes;
        for (SymExpr s : shape.batch)
          sizes.push_back(g.size(s));
        item = e.delinearize(g.floorDiv(row, rows), sizes);
        row = g.rem(row, rows);
      }
      end.store(item, row, column, sum);
    });
    g.finish();
    return end.result;
  }

private:
  GpuBuilder g;
  ElementAt e;
  ContractionShape shape;
  ContractionTile tile;
  ContractionEnd end;
};

//===----------------------------------------------------------------------===//
// The emitter
//===----------------------------------------------------------------------===//

class CudaContractionEmitter : public KernelEmitter {
public:
  StringRef name() const override { return "cuda-contraction"; }

  bool accept(KernelOp kernel, const TargetDescription &target,
              std::string &reason) const override {
    auto op = dyn_cast_or_null<MatmulOp>(kernel.getHeroOp());
    if (!op) {
      reason = "its hero is no matrix product";
      return false;
    }
    Type element = elementOf(op.getLhs());
    if (!element.isF16() && !element.isBF16() && !element.isF32()) {
      reason = "expects f16, bf16 or f32 factors";
      return false;
    }
    ShapeAnalysis shapes(kernel);
    return suitsContraction(kernel, ContractionShape(op, shapes), reason);
  }

  FailureOr<ScheduleAttr> schedule(KernelOp kernel,
                                   const TargetDescription &target) const override {
    MLIRContext *context = kernel.getContext();
    ShapeAnalysis shapes(kernel);
    ContractionShape shape(cast<MatmulOp>(kernel.getHeroOp()), shapes);
    ContractionProblem problem = shape.problem(target);
    ContractionTile tile = chooseContractionTile(problem, *target.gpu);
    std::optional<ContractionTile> fewTile;
    int64_t fewRows = 0;
    if (auto given = kernel->getAttrOfType<DictionaryAttr>("mlopt.tile")) {
      // A tile by name: for measuring others than the model's.
      tile = ContractionTile::parse(given, tile);
      tile.blocksPerProcessor = tile.wantedBlocks(*target.gpu);
    } else if (!problem.m) {
      fewTile = chooseFewRowsTile(problem, tile, *target.gpu, fewRows);
    }

    SmallVector<GpuLaunch> launches;
    SymExpr one = SymExpr::constant(context, 1), zero = SymExpr::constant(context, 0);
    SymExpr elements = shape.items * shape.m * shape.n, scratch = zero;
    auto add = [&](const ContractionTile &t, llvm::function_ref<SymExpr(SymExpr)> where) {
      SymExpr blocks = shape.items * tilesAlong(shape.m, t.m) * tilesAlong(shape.n, t.n);
      launches.push_back(makeGpuLaunch(where(blocks), t.threads(), t.sharedBytes()));
      launches.back().grid[1] = one * t.splits;
      if (t.splits == 1)
        return;
      launches.push_back(
          makeGpuLaunch(where(elements.ceilDiv(storedLanes(shape) * sumThreads)), sumThreads));
      scratch = where(elements * (4 * t.splits));
    };
    auto fewOrMany = [&](SymExpr few, SymExpr many) {
      return SymExpr::select(SymExpr::Compare::Lt, shape.m, SymExpr::constant(context, fewRows + 1),
                             few, many);
    };
    add(tile, [&](SymExpr e) { return fewTile ? fewOrMany(zero, e) : e; });
    if (fewTile)
      add(*fewTile, [&](SymExpr e) { return fewOrMany(e, zero); });
    Builder builder(context);
    SmallVector<NamedAttribute> params;
    tile.print(context, params);
    if (fewTile) {
      SmallVector<NamedAttribute> few;
      fewTile->print(context, few);
      params.push_back(builder.getNamedAttr("few", builder.getDictionaryAttr(few)));
      params.push_back(builder.getNamedAttr("few_rows", builder.getI64IntegerAttr(fewRows)));
    }
    params.push_back(builder.getNamedAttr("launch", encodeGpuLaunches(context, launches)));
    SmallVector<int64_t> overwritable;
    for (BlockArgument argument : kernel.getBody().getArguments())
      if (readsElementItWrites(kernel, argument))
        overwritable.push_back(argument.getArgNumber());
    return ScheduleAttr::get(context, name(), launches.size(), scratch.getAttr(), zero.getAttr(),
                             overwritable, {}, {}, {}, one.getAttr(), {},
                             builder.getDictionaryAttr(params));
  }

  LogicalResult emit(KernelOp kernel, const TargetDescription &target,
                     ModuleOp module) const override {
    DictionaryAttr params = kernel.getScheduleAttr().getParams();
    SmallVector<ContractionTile> tiles = {ContractionTile::parse(params)};
    if (auto few = params.getAs<DictionaryAttr>("few"))
      tiles.push_back(ContractionTile::parse(few));
    int64_t phase = 0;
    for (const ContractionTile &tile : tiles) {
      if (failed(ContractionBody(kernel, target, module, tile, phase++).run()) ||
          (tile.splits > 1 && failed(PieceSum(kernel, target, module, tile, phase++).run())))
        return failure();
    }
    return success();
  }
};

} // namespace

std::unique_ptr<KernelEmitter> mlopt::createCudaContractionEmitter() {
  return std::make_unique<CudaContractionEmitter>();
}
