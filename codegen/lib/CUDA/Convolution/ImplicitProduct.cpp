//===- ImplicitProduct.cpp - Convolution as a product of matrices ---------===//
#include "ImplicitProduct.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace mlopt;

namespace {

using Axis = ConvolutionShape;
using IPred = arith::CmpIPredicate;

class ProductBlock {
public:
  ProductBlock(KernelOp kernel, const TargetDescription &target, ModuleOp module)
      : g(kernel, target, module, 0), plan(kernel, target, g.shapes, /*isScheduled=*/true),
        shape(plan.shape), tile(plan.tile), left(plan.leftSpec()), right(plan.rightSpec()),
        product(g, tile, left, right, plan.element),
        output(g, plan.op.getResult(), plan.op.getBias(), plan.shape.outputs()),
        storage(storageType(plan.element)) {
    g.function->setAttr(NVVM::NVVMDialect::getMinctasmAttrName(),
                        g.b.getI32IntegerAttr(tile.blocksPerProcessor));
    input = g.operandPtr(cast<BlockArgument>(plan.op.getInput()).getArgNumber());
    filter = g.operandPtr(cast<BlockArgument>(plan.op.getFilter()).getArgNumber());
  }

  LogicalResult run() {
    thread = g.threadIdx();
    findPlace();
    SmallVector<Value> sums =
        plan.form == GpuConvolutionForm::Staged ? stagedSums() : gatheredSums();
    store(sums);
    g.finish();
    return output.result;
  }

private:
  //===--------------------------------------------------------------------===//
  // Helpers
  //===--------------------------------------------------------------------===//

  Value both(Value a, Value b) {
    if (!a || !b)
      return a ? a : b;
    return arith::AndIOp::create(g.b, g.loc, a, b);
  }
  Value select(Value c, Value a, Value b) { return arith::SelectOp::create(g.b, g.loc, c, a, b); }
  /// An i32 that may be negative.
  Value extend(Value v) { return arith::ExtSIOp::create(g.b, g.loc, g.b.getI64Type(), v); }
  Value size32(SymExpr e) { return g.toI32(g.size(e)); }
  /// Offset (i32, bytes) of a piece of a row of a staged tile.
  Value placeOf(const OperandSpec &spec, Value row, Value piece) {
    return stagedOffset(g, spec, row, g.mul(piece, 16));
  }

  /// A row of the tile: where its pixel lies.
  struct Pixel {
    Value n, at[3]; ///< i32
    Value inside;   ///< i1: it is one of the output's
  };

  /// Counts on from the block's first pixel: 32 bits are enough within a tile.
  Pixel pixelAt(Value row) {
    Pixel p;
    Value v = g.add(first.at[Axis::Column], row);
    for (int axis : {Axis::Column, Axis::Row, Axis::Depth}) {
      Value size = size32(shape.axes[axis].out);
      p.at[axis] = g.rem(v, size);
      v = g.add(g.floorDiv(v, size), axis == Axis::Depth ? first.n : first.at[axis - 1]);
    }
    p.n = v;
    p.inside = g.less(row, rowsLeft);
    return p;
  }

  void findPlace() {
    firstPixel = g.mul(g.toI64(g.blockIdx(0)), tile.m);
    Value left = g.min(g.sub(g.size(plan.pixels), firstPixel), g.index(tile.m));
    rowsLeft = g.toI32(left);
    Value v = firstPixel;
    for (int axis : {Axis::Column, Axis::Row, Axis::Depth}) {
      Value size = g.size(shape.axes[axis].out);
      first.at[axis] = g.toI32(g.rem(v, size));
      v = g.floorDiv(v, size);
    }
    first.n = g.toI32(v);
    int64_t tiles = plan.columnTiles(), steps = plan.steps();
    Value y = g.blockIdx(1);
    group = shape.groups == 1 ? g.i32(0) : g.floorDiv(y, g.i32(tiles));
    firstColumn = g.mul(shape.groups == 1 ? y : g.rem(y, g.i32(tiles)), tile.n);
    if (tile.splits == 1) {
      begin = g.i32(0);
      end = g.i32(steps);
      depthEnd = g.i32(plan.depth);
    } else {
      begin = g.floorDiv(g.mul(g.blockIdx(2), steps), g.i32(tile.splits));
      end = g.floorDiv(g.mul(g.add(g.blockIdx(2), 1), steps), g.i32(tile.splits));
      depthEnd = g.min(g.mul(end, tile.k), g.i32(plan.depth));
    }
  }

  /// Elements of the input from one index of an axis to the next (i64); of a channel with axis -1.
  Value stride(int axis) {
    SymExpr s = SymExpr::constant(g.b.getContext(), plan.channelsLast ? plan.inputStride : 1);
    if (axis < 0)
      return plan.channelsLast ? g.index(1)
                               : g.size(shape.axes[0].in * shape.axes[1].in * shape.axes[2].in);
    for (int inner = axis + 1; inner < 3; ++inner)
      s = s * shape.axes[inner].in;
    return g.size(s);
  }

  /// Rows of the left tile that this thread fills: where the window of their pixel begins.
  struct Window {
    Value base;     ///< ptr to its first element, which may lie in the padding
    Value start[3]; ///< i32, before 0 in the padding
    Value inside;   ///< i1
  };

  Window windowOf(Value row) {
    Pixel p = pixelAt(row);
    Window w;
    w.inside = p.inside;
    SymExpr image = shape.axes[0].in * shape.axes[1].in * shape.axes[2].in *
                    (plan.channelsLast ? plan.inputStride : plan.groupInputs * shape.groups);
    Value offset = g.mul(g.toI64(p.n), g.size(image));
    for (int axis = 0; axis < 3; ++axis) {
      const ConvolutionAxis &a = shape.axes[axis];
      w.start[axis] = g.sub(g.mul(p.at[axis], a.stride), g.i32(a.padBegin));
      offset = g.add(offset, g.mul(extend(w.start[axis]), stride(axis)));
    }
    if (shape.groups > 1)
      offset = g.add(offset, g.mul(g.toI64(g.mul(group, plan.groupInputs)), stride(-1)));
    w.base = g.elementPtr(input, offset, storage);
    return w;
  }

  /// Position of a tap along each axis (i32), in input elements.
  struct Tap {
    Value at[3];
    Value number[3]; ///< the same, in taps
    Value offset;    ///< i64, elements
  };
  Tap tapAt(Value number) {
    Tap t;
    t.offset = g.index(0);
    for (int axis : {Axis::Column, Axis::Row, Axis::Depth}) {
      const ConvolutionAxis &a = shape.axes[axis];
      Value digit = axis == Axis::Depth ? number : g.rem(number, g.i32(a.kernel));
      number = g.floorDiv(number, g.i32(a.kernel));
      if (a.kernel == 1)
        digit = g.i32(0);
      t.number[axis] = digit;
      t.at[axis] = g.mul(digit, a.dilation);
      t.offset = g.add(t.offset, g.mul(g.toI64(t.at[axis]), stride(axis)));
    }
    return t;
  }

  /// Whether a tap of a window meets the input; null: always.
  Value meets(const Window &w, const Tap &t) {
    Value all;
    for (int axis = 0; axis < 3; ++axis) {
      const ConvolutionAxis &a = shape.axes[axis];
      if (!a.isPadded())
        continue;
      Value at = g.add(w.start[axis], t.at[axis]);
      all = both(all, arith::CmpIOp::create(g.b, g.loc, IPred::ult, at, size32(a.in)));
    }
    return all;
  }

  //===--------------------------------------------------------------------===//
  // Pieces that copy themselves
  //===--------------------------------------------------------------------===//

  SmallVector<Value> stagedSums() {
    int64_t pieces = plan.pieces(), rowsInPass = tile.threads() / pieces;
    piece = g.rem(thread, g.i32(pieces));
    Value row = g.floorDiv(thread, g.i32(pieces));
    for (int64_t r = 0; r < tile.m; r += rowsInPass)
      leftRows.push_back({windowOf(g.add(row, r)), placeOf(left, g.add(row, r), piece)});
    for (int64_t r = 0; r < tile.n; r += rowsInPass) {
      Value column = g.add(firstColumn, g.add(row, r));
      Value channel = g.add(g.mul(group, plan.groupOutputs), column);
      Value base = g.elementPtr(filter, g.mul(g.toI64(channel), plan.depth), storage);
      rightRows.push_back(
          {base, g.less(column, g.i32(plan.groupOutputs)), placeOf(right, g.add(row, r), piece)});
    }
    int64_t stages = tile.stages, all = stages * tile.stageBytes();
    for (int64_t s = 0; s + 1 < stages; ++s) {
      copyStage(g.add(begin, s), g.i32(s * tile.stageBytes()));
      g.commitCopies();
    }
    SmallVector<Value> init = product.zeros();
    init.append({g.i32(0), g.i32((stages - 1) * tile.stageBytes())});
    auto next = [&](Value at) {
      Value moved = g.add(at, tile.stageBytes());
      return select(arith::CmpIOp::create(g.b, g.loc, IPred::eq, moved, g.i32(all)), g.i32(0),
                    moved);
    };
    SmallVector<Value> last = g.stridedLoop(
        begin, end, g.i32(1), init, [&](Value turn, ValueRange carried) -> SmallVector<Value> {
          Value read = carried[carried.size() - 2], write = carried.back();
          g.waitCopies(stages - 2);
          g.barrier(); // and what was read in the last turn may be written
          copyStage(g.add(turn, stages - 1), write);
          g.commitCopies();
          SmallVector<Value> sums =
              product.multiply(read, g.add(read, plan.leftBytes()), carried.drop_back(2));
          sums.append({next(read), next(write)});
          return sums;
        });
    g.waitCopies(0);
    last.pop_back_n(2);
    return last;
  }

  /// This thread's pieces of both tiles of turn `turn`, to `stage` bytes of shared memory.
  void copyStage(Value turn, Value stage) {
    Value k = g.add(g.mul(turn, tile.k), g.mul(piece, plan.pieceElements()));
    Value within = g.less(k, depthEnd);
    Tap tap = tapAt(g.floorDiv(k, g.i32(plan.tapDepth)));
    Value offset = g.add(tap.offset, g.toI64(g.rem(k, g.i32(plan.tapDepth))));
    for (auto &[window, at] : leftRows) {
      Value valid = both(both(window.inside, within), meets(window, tap));
      g.copyAsync(g.sharedPtr(g.add(stage, at)), g.elementPtr(window.base, offset, storage), 16,
                  valid);
    }
    Value rightStage = g.add(stage, plan.leftBytes()), along = g.toI64(k);
    for (auto &[base, inside, at] : rightRows)
      g.copyAsync(g.sharedPtr(g.add(rightStage, at)), g.elementPtr(base, along, storage), 16,
                  both(inside, within));
  }

  //===--------------------------------------------------------------------===//
  // Elements through registers
  //===--------------------------------------------------------------------===//

  SmallVector<Value> gatheredSums() {
    Window window = windowOf(thread);
    Value mask = plan.tapsAreBits() ? maskOf(window) : Value();
    Value stages[2] = {g.i32(0), g.i32(tile.stageBytes())};
    auto load = [&](Value turn, Value stage) {
      SmallVector<Value> pieces;
      for (int64_t p = 0; p < plan.pieces(); ++p)
        pieces.push_back(gatherLeft(window, mask, slotOf(stage), p * plan.pieceElements()));
      for (int64_t i = 0; i < rightPieces(); ++i)
        pieces.push_back(gatherRight(g.mul(turn, tile.k), i));
      return pieces;
    };
    auto store = [&](ArrayRef<Value> pieces, Value stage) {
      for (int64_t p = 0; p < plan.pieces(); ++p)
        g.storeAligned(pieces[p], g.sharedPtr(g.add(stage, placeOf(left, thread, g.i32(p)))));
      Value rightStage = g.add(stage, plan.leftBytes());
      for (int64_t i = 0; i < rightPieces(); ++i) {
        auto [row, inRow] = rightPlace(i);
        g.storeAligned(pieces[plan.pieces() + i],
                       g.sharedPtr(g.add(rightStage, placeOf(right, row, inRow))));
      }
    };
    int64_t turns = plan.steps();
    findTaps(g.i32(0), stages[0]);
    findTaps(g.i32(1), stages[1]);
    g.barrier();
    store(load(g.i32(0), stages[0]), stages[0]);
    g.barrier();
    SmallVector<Value> init = product.zeros();
    init.push_back(stages[0]);
    SmallVector<Value> last =
        g.stridedLoop(g.i32(0), g.i32(turns - 1), g.i32(1), init,
                      [&](Value turn, ValueRange carried) -> SmallVector<Value> {
                        Value read = carried.back(), write = g.sub(stages[1], read);
                        SmallVector<Value> ahead = load(g.add(turn, 1), write);
                        findTaps(g.add(turn, 2), read);
                        SmallVector<Value> sums = product.multiply(
                            read, g.add(read, plan.leftBytes()), carried.drop_back());
                        store(ahead, write);
                        g.barrier();
                        sums.push_back(write);
                        return sums;
                      });
    Value read = last.pop_back_val();
    return product.multiply(read, g.add(read, plan.leftBytes()), last);
  }

  // All threads gather the same taps: where they lie is found once for each turn, by as many
  // threads as there are taps, and kept in shared memory behind the stages, in two slots.

  /// Bits of a mask beside those of taps: the row is a pixel; nothing has it.
  static constexpr int64_t insideBit = 30, neverBit = 31;

  Value slotOf(Value stage) {
    Value isFirst = arith::CmpIOp::create(g.b, g.loc, IPred::eq, stage, g.i32(0));
    return select(isFirst, g.i32(tile.sharedBytes()),
                  g.i32(tile.sharedBytes() + tile.k * plan.tapBytes()));
  }

  void findTaps(Value turn, Value stage) {
    g.ifThen(g.less(thread, g.i32(tile.k)), [&] {
      Value k = g.add(g.mul(turn, tile.k), thread), exists = g.less(k, g.i32(plan.depth));
      Tap tap = tapAt(g.rem(k, g.i32(shape.taps())));
      Value channel = g.toI64(g.floorDiv(k, g.i32(shape.taps())));
      Value offset = g.add(tap.offset, g.mul(channel, stride(-1))),
            bits = g.i32(int64_t(1) << insideBit);
      int64_t shift = 0;
      for (int axis = 0; axis < 3 && plan.tapsAreBits(); ++axis) {
        if (!shape.axes[axis].isPadded())
          continue;
        Value bit = arith::ShLIOp::create(g.b, g.loc, g.i32(1), g.add(tap.number[axis], shift));
        bits = arith::OrIOp::create(g.b, g.loc, bits, bit);
        shift += shape.axes[axis].kernel;
      }
      bits = select(exists, bits, g.i32(int64_t(1) << neverBit));
      Value at = g.add(slotOf(stage), g.mul(thread, 16));
      auto pair = VectorType::get({2}, g.b.getI64Type());
      g.storeAligned(
          vector::FromElementsOp::create(g.b, g.loc, pair, ValueRange{offset, g.toI64(bits)}),
          g.sharedPtr(at));
      if (plan.tapsAreBits())
        return;
      auto four = VectorType::get({4}, g.b.getI32Type());
      Value places = vector::FromElementsOp::create(
          g.b, g.loc, four, ValueRange{tap.at[0], tap.at[1], tap.at[2], g.i32(0)});
      g.storeAligned(places, g.sharedPtr(g.add(at, tile.k * 16)));
    });
  }

  /// What the bits of a tap must find: those of the taps along each axis that meet the input.
  Value maskOf(const Window &w) {
    Value mask = g.i32(int64_t(1) << insideBit);
    int64_t shift = 0;
    for (int axis = 0; axis < 3; ++axis) {
      const ConvolutionAxis &a = shape.axes[axis];
      for (int64_t tap = 0; tap < a.kernel && a.isPadded(); ++tap) {
        Value at = g.add(w.start[axis], tap * a.dilation);
        Value meets = arith::CmpIOp::create(g.b, g.loc, IPred::ult, at, size32(a.in));
        Value bit = select(meets, g.i32(int64_t(1) << (shift + tap)), g.i32(0));
        mask = arith::OrIOp::create(g.b, g.loc, mask, bit);
      }
      shift += a.isPadded() ? a.kernel : 0;
    }
    return select(w.inside, mask, g.i32(0));
  }

  /// Element of a pointer where `valid` holds, else 0. What is read otherwise is the filter's
  /// first.
  Value loadWhere(Value valid, Value ptr) {
    Value v = g.loadAligned(select(valid, ptr, filter), storage, 1);
    Value zero = arith::ConstantOp::create(g.b, g.loc, g.b.getZeroAttr(storage));
    return select(valid, v, zero);
  }

  Value pieceOf(ArrayRef<Value> elements) {
    auto type = VectorType::get({static_cast<int64_t>(elements.size())}, storage);
    return vector::FromElementsOp::create(g.b, g.loc, type, elements);
  }

  /// A piece of the row of this thread's window from element `from` of the turn's k on; k counts
  /// taps within input channels, as the filter lies.
  Value gatherLeft(const Window &window, Value mask, Value slot, int64_t from) {
    SmallVector<Value> elements;
    for (int64_t i = from; i < from + plan.pieceElements(); ++i) {
      Value at = g.add(slot, i * 16);
      Value tap = g.loadAligned(g.sharedPtr(at), g.b.getI64Type(), 2);
      auto part = [&](Value v, int64_t n) -> Value {
        return vector::ExtractOp::create(g.b, g.loc, v, ArrayRef<int64_t>{n});
      };
      Value bits = g.toI32(part(tap, 1)), valid;
      if (mask) {
        Value found = arith::AndIOp::create(g.b, g.loc, mask, bits);
        valid = arith::CmpIOp::create(g.b, g.loc, IPred::eq, found, bits);
      } else {
        Value exists =
            arith::CmpIOp::create(g.b, g.loc, IPred::eq, bits, g.i32(int64_t(1) << insideBit));
        Value places = g.loadAligned(g.sharedPtr(g.add(at, tile.k * 16)), g.b.getI32Type(), 4);
        Tap t;
        for (int axis = 0; axis < 3; ++axis)
          t.at[axis] = part(places, axis);
        valid = both(both(window.inside, exists), meets(window, t));
      }
      elements.push_back(loadWhere(valid, g.elementPtr(window.base, part(tap, 0), storage)));
    }
    return pieceOf(elements);
  }

  int64_t rightPieces() const { return tile.n * plan.pieces() / tile.threads(); }
  /// Row and piece (i32) of this thread's i-th piece of the right tile.
  std::pair<Value, Value> rightPlace(int64_t i) {
    Value number = g.add(thread, i * tile.threads());
    return {g.floorDiv(number, g.i32(plan.pieces())), g.rem(number, g.i32(plan.pieces()))};
  }

  Value gatherRight(Value k, int64_t i) {
    auto [row, inRow] = rightPlace(i);
    Value column = g.add(firstColumn, row);
    Value inside = g.less(column, g.i32(plan.groupOutputs));
    Value channel = g.add(g.mul(group, plan.groupOutputs), column);
    Value from = g.add(k, g.mul(inRow, plan.pieceElements()));
    Value base =
        g.elementPtr(filter, g.add(g.mul(g.toI64(channel), plan.depth), g.toI64(from)), storage);
    if (plan.depth % plan.pieceElements() == 0) {
      Value valid = both(inside, g.less(from, g.i32(plan.depth)));
      Value v = g.loadAligned(select(valid, base, filter), storage, plan.pieceElements());
      return select(valid, v, arith::ConstantOp::create(g.b, g.loc, g.b.getZeroAttr(v.getType())));
    }
    SmallVector<Value> elements;
    for (int64_t j = 0; j < plan.pieceElements(); ++j) {
      Value valid = both(inside, g.less(g.add(from, j), g.i32(plan.depth)));
      elements.push_back(loadWhere(valid, g.elementPtr(base, g.index(j), storage)));
    }
    return pieceOf(elements);
  }

  //===--------------------------------------------------------------------===//
  // Results
  //===--------------------------------------------------------------------===//

  /// The accumulators go through shared memory, some rows of every warp at a time, so that lanes
  /// run along channels.
  void store(ArrayRef<Value> sums) {
    int64_t passes = tile.warpM() / tile.passRows(), inRow = tile.warpN() / 4,
            rounds = tile.passRows() * inRow / 32;
    Value warp = tile.threads() > 32 ? g.warp() : g.i32(0);
    Value own = g.mul(warp, tile.passRows() * tile.passStride() * 4);
    auto syncWarp = [&] { NVVM::SyncWarpOp::create(g.b, g.loc, g.i32(-1)); };
    auto none = [](function_ref<void(Value)> body) {
      return [body](Value i, ValueRange) -> SmallVector<Value> {
        body(i);
        return {};
      };
    };
    g.barrier(); // stages are read no more, and no copy is under way
    auto pass = [&](Value number) {
      syncWarp();
      for (int64_t p = 0; p < passes; ++p) {
        auto one = [&] { product.storePass(p, sums, own); };
        if (passes == 1)
          one();
        else
          g.ifThen(arith::CmpIOp::create(g.b, g.loc, IPred::eq, number, g.i32(p)), one);
      }
      syncWarp();
      auto round = [&](Value i) {
        Value place = g.add(g.mul(i, 32), product.lane);
        Value row = g.floorDiv(place, g.i32(inRow)), column = g.mul(g.rem(place, g.i32(inRow)), 4);
        Value from = g.add(own, g.add(g.mul(row, tile.passStride() * 4), g.mul(column, 4)));
        Value v = g.loadAligned(g.sharedPtr(from), g.b.getF32Type(), 4);
        Value inTile = g.add(g.add(product.warpRow, g.mul(number, tile.passRows())), row);
        storeVector(inTile, g.add(product.warpColumn, column), v);
      };
      g.stridedLoop(g.i32(0), g.i32(rounds), g.i32(1), {}, none(round));
    };
    if (passes == 1)
      return pass(g.i32(0));
    g.stridedLoop(g.i32(0), g.i32(passes), g.i32(1), {}, none(pass));
  }

  /// Four sums of a row of the tile, to the result or, of a part of k, to scratch.
  void storeVector(Value row, Value column, Value v) {
    Pixel p = pixelAt(row);
    Value inGroup = g.add(firstColumn, column);
    Value channel = g.toI64(g.add(g.mul(group, plan.groupOutputs), inGroup));
    int64_t padding = plan.columnsOf(true) - plan.groupOutputs;
    Value isLast = arith::CmpIOp::create(g.b, g.loc, IPred::eq, group, g.i32(shape.groups - 1));
    // Channels of this group, with the padding behind the last one.
    Value columns = g.i32(plan.groupOutputs);
    if (padding)
      columns = shape.groups == 1 ? g.i32(plan.columnsOf(true))
                                  : select(isLast, g.i32(plan.columnsOf(true)), columns);
    g.ifThen(both(p.inside, g.less(inGroup, columns)), [&] {
      if (tile.splits > 1) {
        Value pixel = g.add(firstPixel, g.toI64(row));
        Value part = g.add(g.mul(g.toI64(g.blockIdx(2)), g.size(plan.pixels)), pixel);
        Value at = g.add(g.mul(part, plan.outputStride), channel);
        g.storeAligned(v, g.elementPtr(g.sharedScratch(), at, g.b.getF32Type()));
        return;
      }
      OutputPixel pixel = {g.toI64(p.n), g.toI64(p.at[0]), g.toI64(p.at[1]), g.toI64(p.at[2])};
      if (plan.wholeVectors())
        return output.store(pixel, channel, v, 4);
      // The next group begins within the vector.
      for (int64_t lane = 0; lane < 4; ++lane) {
        Value here = g.add(inGroup, lane), at = g.add(channel, lane);
        g.ifThen(
            g.less(here, g.i32(plan.groupOutputs)),
            [&] {
              output.store(pixel, at,
                           vector::ExtractOp::create(g.b, g.loc, v, ArrayRef<int64_t>{lane}), 1);
            },
            [&] { g.ifThen(g.less(here, columns), [&] { output.storePadding(pixel, at); }); });
      }
    });
  }

  GpuBuilder g;
  ConvolutionPlan plan;
  const ConvolutionShape &shape;
  const ContractionTile &tile;
  OperandSpec left, right;
  TileProduct product;
  ConvolutionOutput output;
  Type storage;
  Value input, filter, thread, piece;
  Value firstPixel;                               ///< i64, of the block
  Pixel first;                                    ///< the same, in digits
  Value rowsLeft;                                 ///< i32: rows of the tile that are pixels
  Value group, firstColumn, begin, end, depthEnd; ///< i32
  struct LeftRow {
    Window window;
    Value at;
  };
  struct RightRow {
    Value base, inside, at;
  };
  SmallVector<LeftRow> leftRows;
  SmallVector<RightRow> rightRows;
};

/// Adds the parts of k up, in order.
LogicalResult emitSum(KernelOp kernel, const TargetDescription &target, ModuleOp module) {
  GpuBuilder g(kernel, target, module, 1);
  ConvolutionPlan plan(kernel, target, g.shapes, /*isScheduled=*/true);
  ConvolutionOutput output(g, plan.op.getResult(), plan.op.getBias(), plan.shape.outputs());
  int64_t inPixel = plan.outputStride / 4;
  Value number = g.add(g.mul(g.toI64(g.blockIdx()), g.launch.block[0]), g.toI64(g.threadIdx()));
  Value inside =
      arith::CmpIOp::create(g.b, g.loc, IPred::slt, number, g.size(plan.pixels * inPixel));
  g.ifThen(inside, [&] {
    Value part = g.size(plan.pixels * plan.outputStride), at = g.mul(number, 4), sum;
    for (int64_t s = 0; s < plan.tile.splits; ++s) {
      Value from = g.add(at, g.mul(part, s));
      Value v = g.loadAligned(g.elementPtr(g.sharedScratch(), from, g.b.getF32Type()),
                              g.b.getF32Type(), 4);
      sum = sum ? arith::AddFOp::create(g.b, g.loc, sum, v).getResult() : v;
    }
    Value pixel = g.floorDiv(number, g.index(inPixel)),
          channel = g.mul(g.rem(number, g.index(inPixel)), 4);
    OutputPixel digits;
    for (int axis : {2, 1, 0}) {
      Value size = g.size(plan.shape.axes[axis].out);
      digits[axis + 1] = g.rem(pixel, size);
      pixel = g.floorDiv(pixel, size);
    }
    digits[0] = pixel;
    output.store(digits, channel, sum, 4);
  });
  g.finish();
  return output.result;
}

} // namespace

LogicalResult mlopt::emitImplicitProduct(KernelOp kernel, const TargetDescription &target,
                                         ModuleOp module, int64_t phase) {
  return phase == 0 ? ProductBlock(kernel, target, module).run() : emitSum(kernel, target, module);
}
