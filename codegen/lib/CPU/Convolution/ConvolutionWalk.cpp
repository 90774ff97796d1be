//===- ConvolutionWalk.cpp - The loops around a convolution's products ----===//
//
// Rows of the border only shorten the kernel's row loop, or are read from a row
// of padding; columns of the border are known at compile time where the width is
// (cpu-zen5.md section 2).
//
//===----------------------------------------------------------------------===//
#include "ConvolutionWalk.h"

using namespace mlir;
using namespace mlopt;

ConvolutionWalk::ConvolutionWalk(KernelOp kernel, const TargetDescription &target, ModuleOp module,
                                 const ConvolutionShape &shape, Tile tile, Memory memory, bool flat,
                                 Type sum)
    : k(kernel, target, module), e(k), m(e.scalarMath()), shape(shape), tile(tile), memory(memory),
      sum(sum) {
  if (flat)
    this->shape.flatten();
  x = k.operandPtr(cast<BlockArgument>(shape.input).getArgNumber());
  w = k.operandPtr(cast<BlockArgument>(shape.filter).getArgNumber());
}

LogicalResult ConvolutionWalk::run() {
  prepare();
  int64_t channels = tile.vectors * tile.lanes, groups = shape.channelTiles(channels);
  Value rows = k.size(shape.axes[shape.Row].out), depths = k.size(shape.axes[shape.Depth].out);
  Value units = k.mul(k.mul(k.mul(k.size(shape.in[0]), k.index(groups)), depths), rows);
  auto [begin, end] = k.share(units);
  k.forLoop(begin, end, 1, [&](Value unit) {
    ElementAt::Scope scope(e);
    oh = k.rem(unit, rows);
    Value rest = k.floorDiv(unit, rows);
    od = k.rem(rest, depths);
    rest = k.floorDiv(rest, depths);
    Value g = k.rem(rest, k.index(groups));
    n = k.floorDiv(rest, k.index(groups));
    channel = k.mul(g, channels);
    rowTaps = tapsOf(shape.axes[shape.Row], oh);
    depthTaps = tapsOf(shape.axes[shape.Depth], od);
    row();
  });
  k.finish();
  return result;
}

ConvolutionWalk::Taps ConvolutionWalk::tapsOf(const ConvolutionAxis &axis, Value output) {
  Taps taps;
  taps.start = k.sub(k.mul(output, k.index(axis.stride)), k.index(axis.padBegin));
  taps.begin = k.index(0);
  taps.end = k.index(axis.kernel);
  if (axis.isTrivial() || paddingRow())
    return taps;
  // ceil(-start / dilation) and ceil((size - start) / dilation), clamped.
  Value dilation = k.index(axis.dilation), above = k.sub(k.index(0), taps.start);
  taps.begin = k.max(taps.begin, arith::CeilDivSIOp::create(k.b, k.loc, above, dilation));
  Value below = k.sub(k.size(axis.in), taps.start);
  taps.end = k.min(taps.end, arith::CeilDivSIOp::create(k.b, k.loc, below, dilation));
  return taps;
}

/// Balanced tiles; equal neighbours share their code in a loop.
void ConvolutionWalk::rowOfKnownWidth(int64_t ow, int64_t iw) {
  const ConvolutionAxis &axis = shape.axes[shape.Column];
  int64_t count = llvm::divideCeil(ow, tile.columns);
  struct One {
    int64_t start, columns;
    SmallVector<std::pair<int64_t, int64_t>> ranges;
  };
  SmallVector<One> tiles;
  for (int64_t i = 0; i < count; ++i) {
    One t;
    t.start = ow * i / count;
    t.columns = ow * (i + 1) / count - t.start;
    for (int64_t kw = 0; kw < memory.columnsRead; ++kw) {
      int64_t first = t.columns, last = 0;
      for (int64_t c = 0; c < t.columns; ++c) {
        int64_t position = (t.start + c) * axis.stride + kw * axis.dilation - axis.padBegin;
        if (position >= 0 && position < iw) {
          first = std::min(first, c);
          last = c + 1;
        }
      }
      t.ranges.push_back({std::min(first, last), last});
    }
    tiles.push_back(t);
  }
  for (size_t i = 0; i < tiles.size();) {
    size_t j = i + 1;
    while (j < tiles.size() && tiles[j].columns == tiles[i].columns &&
           tiles[j].ranges == tiles[i].ranges &&
           tiles[j].start == tiles[j - 1].start + tiles[i].columns)
      ++j;
    One t = tiles[i];
    Columns columns = [t](int64_t kw) { return t.ranges[kw]; };
    if (j == i + 1)
      oneTile(k.index(t.start), t.columns, columns, {});
    else
      k.forLoop(k.index(t.start), k.index(tiles[j - 1].start + t.columns), t.columns,
                [&](Value start) {
                  ElementAt::Scope scope(e);
                  oneTile(start, t.columns, columns, {});
                });
    i = j;
  }
}

/// All tiles of the current output row.
void ConvolutionWalk::row() {
  const ConvolutionAxis &axis = shape.axes[shape.Column];
  int64_t pad = axis.padBegin;
  std::optional<int64_t> ow = axis.out.getConstant(), iw = axis.in.getConstant();
  if (ow && iw)
    return rowOfKnownWidth(*ow, *iw);
  // A width known at run time: border columns one by one, the rest in tiles.
  Value width = k.size(axis.out), inWidth = k.size(axis.in);
  Value low = k.min(k.index(llvm::divideCeil(pad, axis.stride)), width);
  Value reach = k.add(inWidth, k.index(pad - (memory.columnsRead - 1) * axis.dilation - 1));
  Value high = k.add(arith::FloorDivSIOp::create(k.b, k.loc, reach, k.index(axis.stride)), 1);
  high = k.max(low, k.min(high, width));
  bool hasBorder = axis.isPadded() || memory.columnsRead > axis.kernel;
  auto all = [](int64_t columns) {
    return [columns](int64_t) { return std::pair<int64_t, int64_t>(0, columns); };
  };
  auto border = [&](Value from, Value to) {
    k.forLoop(from, to, 1, [&](Value start) {
      ElementAt::Scope scope(e);
      oneTile(start, 1, all(1), inWidth);
    });
  };
  if (hasBorder)
    border(k.index(0), low);
  Value from = low;
  for (int64_t columns : {tile.columns, std::min<int64_t>(4, tile.columns), int64_t(1)}) {
    Value to = k.add(from, k.mul(k.floorDiv(k.sub(high, from), k.index(columns)), columns));
    k.forLoop(from, to, columns, [&](Value start) {
      ElementAt::Scope scope(e);
      oneTile(start, columns, all(columns), {});
    });
    from = to;
    if (columns == 1)
      break;
  }
  if (hasBorder)
    border(high, width);
}

/// Address in elements of x[n][channel block][id][ih][iw].
Value ConvolutionWalk::inputOffset(Value block, Value id, Value ih, Value iw) {
  Value at = k.add(k.mul(n, k.index(memory.planes)), block);
  at = k.add(k.mul(at, k.size(shape.axes[shape.Depth].in)), id);
  at = k.add(k.mul(at, k.size(shape.axes[shape.Row].in)), ih);
  return k.mul(k.add(k.mul(at, k.size(shape.axes[shape.Column].in)), iw), memory.pixel);
}

/// The products of depth `d` of the kernel and one block of input channels.
SmallVector<Value> ConvolutionWalk::addRows(const Place &place, Value panel, Value block,
                                            Value inputBlock, Value d, ValueRange sums) {
  const ConvolutionAxis &depth = shape.axes[shape.Depth], &rows = shape.axes[shape.Row];
  Value id = k.add(depthTaps.start, k.mul(d, depth.dilation));
  return k.forLoop(rowTaps.begin, rowTaps.end, 1, sums, [&](Value r, ValueRange c) {
    Value ih = k.add(rowTaps.start, k.mul(r, rows.dilation));
    KernelRow row{x, inputOffset(inputBlock, id, ih, place.left), {}};
    Value index = k.add(k.mul(k.add(k.mul(block, depth.kernel), d), rows.kernel), r);
    row.weights = k.add(panel, k.mul(index, memory.kernelRow));
    Value padding = paddingRow(), inside;
    for (auto [axis, position] : {std::pair(&depth, id), std::pair(&rows, ih)}) {
      if (!padding || !axis->isPadded())
        continue;
      Value here =
          arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::ult, position, k.size(axis->in));
      inside = inside ? arith::AndIOp::create(k.b, k.loc, inside, here).getResult() : here;
    }
    if (inside) {
      Type storage = storageType(cast<RankedTensorType>(shape.input.getType()).getElementType());
      Value there = k.elementPtr(x, row.offset, storage);
      row.ptr = arith::SelectOp::create(k.b, k.loc, inside, there, padding);
      row.offset = k.index(0);
    }
    return addRow(place, row, c);
  });
}

void ConvolutionWalk::oneTile(Value start, int64_t columns, Columns meets, Value width) {
  const ConvolutionAxis &axis = shape.axes[shape.Column];
  int64_t kernelRows = shape.axes[shape.Depth].kernel * shape.axes[shape.Row].kernel;
  // Where this tile's vectors lie in the weights: panel, then lane group.
  Value panel = k.floorDiv(channel, k.index(memory.panel)),
        lane = k.rem(channel, k.index(memory.panel));
  panel = k.add(k.mul(panel, memory.blocks * kernelRows * memory.kernelRow),
                k.mul(lane, memory.output));
  Place place{start, k.sub(k.mul(start, axis.stride), k.index(axis.padBegin)), columns, meets,
              width};

  SmallVector<Value> sums;
  for (int64_t c = 0; c < columns; ++c)
    for (int64_t v = 0; v < tile.vectors; ++v)
      sums.push_back(initial(v));

  // The first input block of this tile's group.
  Value first = k.index(0);
  if (shape.groups > 1)
    first =
        k.mul(k.floorDiv(channel,
                         k.index(std::max<int64_t>(channelBlock, shape.outputs() / shape.groups))),
              memory.blocks);
  auto products = [&](Value block, ValueRange carried) -> SmallVector<Value> {
    Value inputBlock = k.add(first, block);
    if (shape.axes[shape.Depth].isTrivial())
      return addRows(place, panel, block, inputBlock, k.index(0), carried);
    return k.forLoop(depthTaps.begin, depthTaps.end, 1, carried, [&](Value d, ValueRange c) {
      return addRows(place, panel, block, inputBlock, d, c);
    });
  };
  auto chain = [&](Value from, Value to, ValueRange carried) {
    if (memory.blocks == 1)
      return products(k.index(0), carried);
    return k.forLoop(from, to, 1, carried,
                     [&](Value block, ValueRange c) { return products(block, c); });
  };
  // The error of a sum grows with the length of its chain: long ones are
  // cut, and their parts added up in scratch.
  int64_t together = blocksTogether();
  if (memory.blocks <= together) {
    sums = chain(k.index(0), k.index(memory.blocks), sums);
  } else {
    Value park = k.threadScratch(),
          zero = arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(sums[0].getType()));
    auto offset = [&](size_t i) { return k.index(i * tile.lanes); };
    for (auto [i, a] : llvm::enumerate(sums))
      k.store(a, park, offset(i));
    k.forLoop(k.index(0), k.index(memory.blocks), together, [&](Value from) {
      ElementAt::Scope scope(e);
      SmallVector<Value> part(sums.size(), zero);
      part = chain(from, k.min(k.add(from, together), k.index(memory.blocks)), part);
      for (auto [i, a] : llvm::enumerate(part))
        k.store(arith::AddFOp::create(k.b, k.loc, k.load(park, offset(i), sum, tile.lanes), a),
                park, offset(i));
    });
    for (auto [i, a] : llvm::enumerate(sums))
      a = k.load(park, offset(i), sum, tile.lanes);
  }
  store(start, columns, sums);
}

void ConvolutionWalk::limitLanes(Value firstChannel) {
  if (shape.outputs() % channelBlock == 0)
    return;
  e.setLaneLimit(
      k.max(k.index(0), k.min(k.sub(k.index(shape.outputs()), firstChannel), k.index(tile.lanes))));
}

Coords ConvolutionWalk::indexAt(Value column, Value c) {
  Coords index = {{n, 0}, {c, 1}, {od, 0}, {oh, 0}, {column, 0}};
  index.erase(index.begin() + 2, index.begin() + 2 + (5 - shape.rank()));
  return index;
}

Value ConvolutionWalk::elementAt(Value value, Value column, Value c, Value sum) {
  Value element = total(sum);
  e.setOverride(shape.result, [&](ArrayRef<Coord>, int64_t) { return element; });
  Value v = e.at(value, indexAt(column, c), tile.lanes);
  if (!v)
    result = failure();
  e.clearOverride(shape.result);
  return v;
}

Value ConvolutionWalk::resultOffset(Value column, Value c) {
  int64_t planes = llvm::divideCeil(shape.outputs(), channelBlock);
  Value at = k.add(k.mul(n, planes), k.floorDiv(c, k.index(channelBlock)));
  at = k.add(k.mul(at, k.size(shape.axes[shape.Depth].out)), od);
  at = k.add(k.mul(at, k.size(shape.axes[shape.Row].out)), oh);
  at = k.add(k.mul(at, k.size(shape.axes[shape.Column].out)), column);
  return k.add(k.mul(at, channelBlock), k.rem(c, k.index(channelBlock)));
}

/// Applies the epilogue and stores. A long epilogue runs in a loop over the
/// sums, parked in scratch, to keep the code small.
void ConvolutionWalk::store(Value start, int64_t columns, ArrayRef<Value> sums) {
  if (storeTogether(start, sums))
    return;
  auto yield = cast<YieldOp>(k.kernel.getBody().front().getTerminator());
  auto one = [&](Value column, Value c, Value sum) {
    ElementAt::Scope scope(e);
    limitLanes(c);
    if (Value v = elementAt(yield.getValues()[0], column, c, sum))
      e.storeResult(0, v, indexAt(column, c), tile.lanes);
    e.setLaneLimit({});
  };
  if (unrollsEpilogue(columns)) {
    for (int64_t c = 0; c < columns; ++c)
      for (int64_t v = 0; v < tile.vectors; ++v)
        one(k.add(start, c), k.add(channel, v * tile.lanes), sums[c * tile.vectors + v]);
    return;
  }
  Value park = k.threadScratch();
  for (auto [i, a] : llvm::enumerate(sums))
    k.store(a, park, k.index(i * tile.lanes));
  k.forLoop(k.index(0), k.index(columns), 1, [&](Value c) {
    for (int64_t v = 0; v < tile.vectors; ++v) {
      Value offset = k.add(k.mul(c, tile.vectors * tile.lanes), v * tile.lanes);
      one(k.add(start, c), k.add(channel, v * tile.lanes), k.load(park, offset, sum, tile.lanes));
    }
  });
}
