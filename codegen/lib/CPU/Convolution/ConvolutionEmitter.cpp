//===- ConvolutionEmitter.cpp - Direct convolution in blocked layouts -----===//
//
// Accumulators of one tile (output columns x vectors of output channels) live
// in SSA values over the loops on input channels and kernel; the epilogue is
// applied before the store. Rows of the border only shorten the kernel's row
// loop; columns of the border are dropped from the products at compile time
// where the width is known (cpu-zen5.md section 2).
//
//===----------------------------------------------------------------------===//
#include "ConvolutionEmitter.h"
#include "../Generic/ElementAt.h"

using namespace mlir;
using namespace mlopt;

namespace {

enum class Form {
  Blocked,  ///< input channels in blocks of 16
  Stem,     ///< row-major input, few channels
  Depthwise ///< one filter per channel, blocks of 16
};

Type elementOf(ConvOp op) {
  return cast<RankedTensorType>(op.getInput().getType()).getElementType();
}

std::optional<Form> formOf(ConvOp op) {
  auto in = cast<RankedTensorType>(op.getInput().getType());
  auto filter = cast<RankedTensorType>(op.getFilter().getType());
  if (!sumType(in.getElementType()) || in.getRank() > 5 || !filter.hasStaticShape() ||
      in.isDynamicDim(1))
    return std::nullopt;
  int64_t outputs = filter.getDimSize(0), perGroup = filter.getDimSize(1), groups = op.getGroups();
  if (groups == in.getDimSize(1) && groups == outputs && perGroup == 1 && groups > 1)
    return Form::Depthwise;
  if (groups != 1) {
    bool wholeBlocks = perGroup % channelBlock == 0 && outputs / groups % channelBlock == 0;
    return wholeBlocks ? std::optional(Form::Blocked) : std::nullopt;
  }
  return in.getDimSize(1) >= channelBlock ? Form::Blocked : Form::Stem;
}

/// Output channels of one panel of the filter, which belong to one group.
int64_t outputBlock(ConvOp op) {
  int64_t outputs = cast<RankedTensorType>(op.getFilter().getType()).getDimSize(0) / op.getGroups();
  return llvm::divideCeil(outputs, channelBlock) % 2 == 0 ? 2 * channelBlock : channelBlock;
}

/// The spatial axes as depth, row and column; axes that a lower rank lacks have
/// size, stride and dilation 1 and no padding.
struct Axis {
  int64_t kernel = 1, stride = 1, dilation = 1, padBegin = 0, padEnd = 0;
  SymExpr in, out;

  bool isTrivial() const { return kernel == 1 && stride == 1 && !padBegin && !padEnd; }
};

enum { Depth, Row, Column };

/// Products that one accumulator adds up in a row.
constexpr int64_t longestChain = 128;

std::array<Axis, 3> axesOf(ConvOp op, ArrayRef<SymExpr> in, ArrayRef<SymExpr> out) {
  std::array<Axis, 3> axes;
  SymExpr one = SymExpr::constant(op.getContext(), 1);
  ArrayRef<int64_t> filter = cast<RankedTensorType>(op.getFilter().getType()).getShape();
  unsigned missing = 5 - filter.size();
  for (unsigned i = 0; i < 3; ++i) {
    if (i < missing) {
      axes[i].in = axes[i].out = one;
      continue;
    }
    unsigned at = i - missing;
    axes[i] = {filter[at + 2],
               op.getStrides()[at],
               op.getDilations()[at],
               op.getPadsBegin()[at],
               op.getPadsEnd()[at],
               in[at + 2],
               out[at + 2]};
  }
  return axes;
}

/// A 1x1 kernel with stride 1 and no padding sees the image as one row, if
/// every other operand has all spatial sizes or none.
bool canFlatten(KernelOp kernel, ConvOp op, Form form, ShapeAnalysis &shapes) {
  SymShape out = shapes.shapeOf(op.getResult());
  size_t rank = out.size();
  if (form == Form::Stem || !llvm::all_of(axesOf(op, shapes.shapeOf(op.getInput()), out),
                                          [](const Axis &axis) { return axis.isTrivial(); }))
    return false;
  for (BlockArgument argument : kernel.getBody().getArguments()) {
    if (argument == op.getFilter() || !isa<RankedTensorType>(argument.getType()))
      continue;
    SymShape s = shapes.shapeOf(argument);
    ArrayRef<SymExpr> spatial = ArrayRef(s).take_back(std::min(s.size(), rank - 2));
    bool full = s.size() == rank && spatial == ArrayRef(out).drop_front(2);
    if (!full && !llvm::all_of(spatial, [](SymExpr size) { return size.isConstant(1); }))
      return false;
  }
  return true;
}

LayoutWish layoutsFor(ConvOp op, Form form) {
  MLIRContext *context = op.getContext();
  unsigned rank = cast<RankedTensorType>(op.getFilter().getType()).getRank();
  LayoutAttr activations = getChannelBlockedLayout(context, rank, channelBlock);
  LayoutWish wish;
  wish.result = activations;
  int64_t ob = outputBlock(op);
  switch (form) {
  case Form::Blocked:
    wish.operands = {activations, getFilterLayout(context, rank, ob, channelBlock), LayoutAttr()};
    break;
  case Form::Stem:
    wish.operands = {LayoutAttr(), getFilterLayout(context, rank, ob, 1), LayoutAttr()};
    break;
  case Form::Depthwise:
    wish.operands = {activations, getDepthwiseFilterLayout(context, rank, channelBlock),
                     LayoutAttr()};
    break;
  }
  return wish;
}

/// Tile sizes from the target: columns x vectors, within the registers.
struct Tile {
  int64_t lanes, vectors, columns;
};

Tile tileFor(ConvOp op, Form form, const TargetDescription &target) {
  Tile tile;
  tile.lanes =
      std::min<int64_t>(target.lanes(getElementBytes(sumType(elementOf(op)))), channelBlock);
  if (form == Form::Depthwise) {
    tile.vectors = 1;
    tile.columns = target.vectorRegisters >= 32 ? 14 : 7;
    return tile;
  }
  int64_t ob = outputBlock(op);
  tile.vectors = std::min<int64_t>(2, ob / tile.lanes);
  // One register per weight vector and one for the broadcast.
  int64_t budget = (target.vectorRegisters - 2 - tile.vectors) / tile.vectors;
  tile.columns = std::max<int64_t>(1, std::min<int64_t>(budget, 14));
  return tile;
}

//===----------------------------------------------------------------------===//
// Emission
//===----------------------------------------------------------------------===//

class ConvBody {
public:
  ConvBody(KernelOp kernel, const TargetDescription &target, ModuleOp module)
      : k(kernel, target, module), e(k), op(cast<ConvOp>(kernel.getHeroOp())), form(*formOf(op)),
        tile(tileFor(op, form, target)), m(e.scalarMath()) {
    filterShape = llvm::to_vector(cast<RankedTensorType>(op.getFilter().getType()).getShape());
    in = k.shapes.shapeOf(op.getInput());
    out = k.shapes.shapeOf(op.getResult());
    element = elementOf(op);
    sum = sumType(element);
    outputs = filterShape[0];
    ob = form == Form::Depthwise ? channelBlock : outputBlock(op);
    flat = canFlatten(k.kernel, op, form, k.shapes);
    axes = axesOf(op, in, out);
    x = k.operandPtr(cast<BlockArgument>(op.getInput()).getArgNumber());
    w = k.operandPtr(cast<BlockArgument>(op.getFilter()).getArgNumber());
    if (flat) {
      Axis &column = axes[Column];
      for (int outer : {Depth, Row}) {
        column.in = axes[outer].in * column.in;
        column.out = axes[outer].out * column.out;
        axes[outer].in = axes[outer].out = SymExpr::constant(k.b.getContext(), 1);
      }
    }
  }

  LogicalResult run() {
    int64_t group = tile.vectors * tile.lanes; // output channels of one tile
    groups = llvm::divideCeil(llvm::alignTo(outputs, channelBlock), group);
    Value rows = k.size(axes[Row].out), depths = k.size(axes[Depth].out);
    Value units = k.mul(k.mul(k.mul(k.size(in[0]), k.index(groups)), depths), rows);
    auto [begin, end] = k.share(units);
    k.forLoop(begin, end, 1, [&](Value unit) {
      ElementAt::Scope scope(e);
      oh = k.rem(unit, rows);
      Value rest = k.floorDiv(unit, rows);
      od = k.rem(rest, depths);
      rest = k.floorDiv(rest, depths);
      Value g = k.rem(rest, k.index(groups));
      n = k.floorDiv(rest, k.index(groups));
      channel = k.mul(g, group);
      rowTaps = tapsOf(axes[Row], oh);
      depthTaps = tapsOf(axes[Depth], od);
      row();
    });
    k.finish();
    return result;
  }

private:
  /// Where a kernel's row (or depth) of an output index starts in the input, and
  /// which of its elements [begin, end) meet the input.
  struct Taps {
    Value start, begin, end;
  };

  Taps tapsOf(const Axis &axis, Value output) {
    Taps taps;
    taps.start = k.sub(k.mul(output, k.index(axis.stride)), k.index(axis.padBegin));
    taps.begin = k.index(0);
    taps.end = k.index(axis.kernel);
    if (axis.isTrivial())
      return taps;
    // ceil(-start / dilation) and ceil((size - start) / dilation), clamped.
    Value dilation = k.index(axis.dilation), above = k.sub(k.index(0), taps.start);
    taps.begin = k.max(taps.begin, arith::CeilDivSIOp::create(k.b, k.loc, above, dilation));
    Value below = k.sub(k.size(axis.in), taps.start);
    taps.end = k.min(taps.end, arith::CeilDivSIOp::create(k.b, k.loc, below, dilation));
    return taps;
  }

  /// Which of a tile's columns meet the input at kernel column kw, as a range.
  using Columns = std::function<std::pair<int64_t, int64_t>(int64_t)>;

  /// All tiles of the current output row.
  void row() {
    const Axis &axis = axes[Column];
    int64_t stride = axis.stride, dilation = axis.dilation, pad = axis.padBegin;
    std::optional<int64_t> ow = axis.out.getConstant(), iw = axis.in.getConstant();
    if (ow && iw) {
      // Balanced tiles; equal neighbours share their code in a loop.
      int64_t count = llvm::divideCeil(*ow, tile.columns);
      struct One {
        int64_t start, columns;
        SmallVector<std::pair<int64_t, int64_t>> ranges;
      };
      SmallVector<One> tiles;
      for (int64_t i = 0; i < count; ++i) {
        One t;
        t.start = *ow * i / count;
        t.columns = *ow * (i + 1) / count - t.start;
        for (int64_t kw = 0; kw < axis.kernel; ++kw) {
          int64_t first = t.columns, last = 0;
          for (int64_t c = 0; c < t.columns; ++c) {
            int64_t position = (t.start + c) * stride + kw * dilation - pad;
            if (position >= 0 && position < *iw) {
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
          oneTile(k.index(t.start), t.columns, columns, nullptr);
        else
          k.forLoop(k.index(t.start), k.index(tiles[j - 1].start + t.columns), t.columns,
                    [&](Value start) {
                      ElementAt::Scope scope(e);
                      oneTile(start, t.columns, columns, nullptr);
                    });
        i = j;
      }
      return;
    }
    // A width known at run time: border columns one by one, the rest in tiles.
    Value width = k.size(axis.out), inWidth = k.size(axis.in);
    Value low = k.min(k.index(llvm::divideCeil(pad, stride)), width);
    Value reach = k.add(inWidth, k.index(pad - (axis.kernel - 1) * dilation - 1));
    Value high = k.add(arith::FloorDivSIOp::create(k.b, k.loc, reach, k.index(stride)), 1);
    high = k.max(low, k.min(high, width));
    auto border = [&](Value from, Value to) {
      k.forLoop(from, to, 1, [&](Value start) {
        ElementAt::Scope scope(e);
        oneTile(start, 1, [](int64_t) { return std::pair<int64_t, int64_t>(0, 1); }, &inWidth);
      });
    };
    if (pad || axis.padEnd)
      border(k.index(0), low);
    Value from = low;
    for (int64_t columns : {tile.columns, std::min<int64_t>(4, tile.columns), int64_t(1)}) {
      Value to = k.add(from, k.mul(k.floorDiv(k.sub(high, from), k.index(columns)), columns));
      k.forLoop(from, to, columns, [&](Value start) {
        ElementAt::Scope scope(e);
        oneTile(
            start, columns, [columns](int64_t) { return std::pair<int64_t, int64_t>(0, columns); },
            nullptr);
      });
      from = to;
      if (columns == 1)
        break;
    }
    if (pad || axis.padEnd)
      border(high, width);
  }

  /// Address in elements of x[n][channel block][id][ih][iw].
  Value inputOffset(Value block, Value id, Value ih, Value iw) {
    int64_t planes = filterShape[1], lanes = 1;
    if (form != Form::Stem) {
      planes = llvm::divideCeil(in[1].getConstant().value(), channelBlock);
      lanes = channelBlock;
    }
    Value at = k.add(k.mul(n, k.index(planes)), block);
    at = k.add(k.mul(at, k.size(axes[Depth].in)), id);
    at = k.add(k.mul(at, k.size(axes[Row].in)), ih);
    return k.mul(k.add(k.mul(at, k.size(axes[Column].in)), iw), lanes);
  }

  /// Elements of the input or the filter in the type of the sums.
  Value load(Value ptr, Value offset, int64_t lanes) {
    return fromStorage(m, k.load(ptr, offset, storageType(element), lanes), element);
  }

  /// Products of one kernel element (kw) for the columns in [first, last).
  /// `weights` and `input` are element offsets of the weight vectors and of
  /// column 0; `column` is the distance of columns in elements.
  void multiply(SmallVectorImpl<Value> &acc, Value weights, Value input, int64_t column,
                int64_t first, int64_t last) {
    SmallVector<Value> wv;
    for (int64_t v = 0; v < tile.vectors; ++v)
      wv.push_back(load(w, k.add(weights, v * tile.lanes), tile.lanes));
    for (int64_t c = first; c < last; ++c) {
      Value at = k.add(input, c * column), xv;
      if (form == Form::Depthwise)
        xv = load(x, at, tile.lanes);
      else if (element.isF16() &&
               k.target.hasF16C) // F16C converts vectors: a scalar is moved there first
        xv = fromStorage(m, k.splat(k.load(x, at, element), tile.lanes), element);
      else
        xv = k.splat(load(x, at, 1), tile.lanes);
      for (int64_t v = 0; v < tile.vectors; ++v) {
        Value &a = acc[c * tile.vectors + v];
        a = m.fma(xv, wv[v], a);
      }
    }
  }

  /// One tile: `dynamicWidth` given means that each kernel column is checked
  /// against it at run time (tiles of one column).
  void oneTile(Value start, int64_t columns, const Columns &ranges, Value *dynamicWidth) {
    int64_t stride = axes[Column].stride, dilation = axes[Column].dilation,
            pad = axes[Column].padBegin;
    int64_t kd = axes[Depth].kernel, kh = axes[Row].kernel, kw = axes[Column].kernel;
    int64_t perGroup = filterShape[1];
    // Where this tile's vectors lie in the weights: panel, then lane group.
    Value panel = k.floorDiv(channel, k.index(ob)), lane = k.rem(channel, k.index(ob));
    int64_t icLanes = form == Form::Blocked ? channelBlock : 1;
    int64_t blocks = form == Form::Depthwise ? 1 : llvm::divideCeil(perGroup, icLanes);
    int64_t tapElements = icLanes * ob;
    Value panelBase = k.add(k.mul(panel, blocks * kd * kh * kw * tapElements), lane);
    int64_t unit = form == Form::Stem ? 1 : channelBlock; // elements between neighbours in a row
    Value left = k.sub(k.mul(start, stride), k.index(pad));

    SmallVector<Value> acc;
    for (int64_t c = 0; c < columns; ++c)
      for (int64_t v = 0; v < tile.vectors; ++v)
        acc.push_back(initial(v));

    auto rowProducts = [&](Value block, Value inputBlock, Value d, ValueRange carried) {
      Value id = k.add(depthTaps.start, k.mul(d, axes[Depth].dilation));
      // Rows of the kernel that meet the input.
      return k.forLoop(
          rowTaps.begin, rowTaps.end, 1, carried, [&](Value r, ValueRange c) -> SmallVector<Value> {
            SmallVector<Value> a(c);
            Value ih = k.add(rowTaps.start, k.mul(r, axes[Row].dilation));
            Value base = inputOffset(inputBlock, id, ih, left);
            Value kernelRow = k.add(k.mul(k.add(k.mul(block, kd), d), kh), r);
            Value tap = k.add(panelBase, k.mul(kernelRow, kw * tapElements));
            for (int64_t j = 0; j < kw; ++j) {
              std::pair<int64_t, int64_t> range = ranges(j);
              int64_t first = range.first, last = range.second;
              if (first >= last)
                continue;
              Value input = k.add(base, j * dilation * unit), weights = k.add(tap, j * tapElements);
              auto products = [&](SmallVector<Value> s) {
                if (form != Form::Blocked) {
                  if (form == Form::Depthwise)
                    input = k.add(input, k.rem(channel, k.index(channelBlock)));
                  multiply(s, weights, input, stride * unit, first, last);
                  return s;
                }
                return k.forLoop(k.index(0), k.index(channelBlock), 1, s,
                                 [&](Value ic, ValueRange inner) -> SmallVector<Value> {
                                   SmallVector<Value> t(inner);
                                   multiply(t, k.add(weights, k.mul(ic, ob)), k.add(input, ic),
                                            stride * unit, first, last);
                                   return t;
                                 });
              };
              if (!dynamicWidth) {
                a = products(a);
                continue;
              }
              Value position = k.add(left, j * dilation);
              Value inside = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::ult, position,
                                                   *dynamicWidth);
              auto branch = scf::IfOp::create(k.b, k.loc, ValueRange(a).getTypes(), inside, true);
              OpBuilder::InsertionGuard guard(k.b);
              k.b.setInsertionPointToStart(branch.thenBlock());
              scf::YieldOp::create(k.b, k.loc, products(a));
              k.b.setInsertionPointToStart(branch.elseBlock());
              scf::YieldOp::create(k.b, k.loc, a);
              a = SmallVector<Value>(branch.getResults());
            }
            return a;
          });
    };
    auto products = [&](Value block, Value inputBlock, ValueRange carried) -> SmallVector<Value> {
      if (kd == 1 && axes[Depth].isTrivial())
        return rowProducts(block, inputBlock, k.index(0), carried);
      return k.forLoop(depthTaps.begin, depthTaps.end, 1, carried,
                       [&](Value d, ValueRange c) -> SmallVector<Value> {
                         return rowProducts(block, inputBlock, d, c);
                       });
    };
    if (form == Form::Depthwise) {
      acc = products(k.index(0), k.floorDiv(channel, k.index(channelBlock)), acc);
    } else {
      // The first input block of this tile's group.
      Value first = k.index(0);
      if (op.getGroups() > 1)
        first = k.mul(k.floorDiv(channel, k.index(outputs / op.getGroups())), blocks);
      auto chain = [&](Value from, Value to, ValueRange sums) {
        return k.forLoop(from, to, 1, sums, [&](Value block, ValueRange c) -> SmallVector<Value> {
          return products(block, k.add(first, block), c);
        });
      };
      // The error of a sum grows with the length of its chain: long ones are
      // cut, and their parts added up in scratch.
      int64_t together = std::max<int64_t>(1, longestChain / (icLanes * kd * kh * kw));
      if (blocks <= together) {
        acc = chain(k.index(0), k.index(blocks), acc);
      } else {
        Value park = k.threadScratch(),
              zero = arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(acc[0].getType()));
        auto offset = [&](size_t i) { return k.index(i * tile.lanes); };
        for (auto [i, a] : llvm::enumerate(acc))
          k.store(a, park, offset(i));
        k.forLoop(k.index(0), k.index(blocks), together, [&](Value from) {
          ElementAt::Scope scope(e);
          SmallVector<Value> part(acc.size(), zero);
          part = chain(from, k.min(k.add(from, together), k.index(blocks)), part);
          for (auto [i, a] : llvm::enumerate(part))
            k.store(arith::AddFOp::create(k.b, k.loc, k.load(park, offset(i), sum, tile.lanes), a),
                    park, offset(i));
        });
        for (auto [i, a] : llvm::enumerate(acc))
          a = k.load(park, offset(i), sum, tile.lanes);
      }
    }
    store(start, columns, acc);
  }

  /// Accumulator start: the bias, zero in padding lanes.
  Value initial(int64_t v) {
    if (!isa<RankedTensorType>(op.getBias().getType()))
      return arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(k.vectorOf(sum, tile.lanes)));
    Value c = k.add(channel, v * tile.lanes);
    limitLanes(c);
    Value bias = e.at(op.getBias(), Coord{c, 1}, tile.lanes);
    e.setLaneLimit({});
    return bias;
  }

  /// Lanes beyond the last output channel lie in padding.
  void limitLanes(Value firstChannel) {
    if (outputs % channelBlock == 0)
      return;
    e.setLaneLimit(
        k.max(k.index(0), k.min(k.sub(k.index(outputs), firstChannel), k.index(tile.lanes))));
  }

  /// Applies the epilogue and stores. A long epilogue runs in a loop over the
  /// accumulators, parked in scratch, to keep the code small.
  void store(Value start, int64_t columns, ArrayRef<Value> acc) {
    auto yield = cast<YieldOp>(k.kernel.getBody().front().getTerminator());
    auto one = [&](Value column, Value c, Value value) {
      ElementAt::Scope scope(e);
      e.setOverride(op.getResult(), [&](ArrayRef<Coord>, int64_t) { return value; });
      limitLanes(c);
      Coords index = {{n, 0}, {c, 1}, {od, 0}, {oh, 0}, {column, 0}};
      index.erase(index.begin() + 2, index.begin() + 2 + (5 - filterShape.size()));
      Value v = e.at(yield.getValues()[0], index, tile.lanes);
      if (v)
        e.storeResult(0, v, index, tile.lanes);
      else
        result = failure();
      e.setLaneLimit({});
      e.clearOverride(op.getResult());
    };
    size_t ops = k.kernel.getBody().front().getOperations().size();
    if (ops <= 5 || columns == 1) {
      for (int64_t c = 0; c < columns; ++c)
        for (int64_t v = 0; v < tile.vectors; ++v)
          one(k.add(start, c), k.add(channel, v * tile.lanes), acc[c * tile.vectors + v]);
      return;
    }
    Value park = k.threadScratch();
    for (auto [i, a] : llvm::enumerate(acc))
      k.store(a, park, k.index(i * tile.lanes));
    k.forLoop(k.index(0), k.index(columns), 1, [&](Value c) {
      for (int64_t v = 0; v < tile.vectors; ++v) {
        Value offset = k.add(k.mul(c, tile.vectors * tile.lanes), v * tile.lanes);
        one(k.add(start, c), k.add(channel, v * tile.lanes), k.load(park, offset, sum, tile.lanes));
      }
    });
  }

  KernelBuilder k;
  ElementAt e;
  ConvOp op;
  Form form;
  Tile tile;
  ScalarMath m;
  SmallVector<int64_t> filterShape;
  SymShape in, out;
  std::array<Axis, 3> axes;
  Type element, sum; ///< of input and filter, and of the accumulators
  int64_t outputs, ob, groups = 1;
  bool flat = false;
  Value x, w, n, od, oh, channel;
  Taps depthTaps, rowTaps;
  LogicalResult result = success();
};

class ConvolutionEmitter : public KernelEmitter {
public:
  StringRef name() const override { return "convolution"; }

  std::optional<LayoutWish> wishLayouts(Operation *hero,
                                        llvm::function_ref<bool(unsigned)> isParameter,
                                        const TargetDescription &) const override {
    auto op = dyn_cast<ConvOp>(hero);
    if (!op)
      return std::nullopt;
    std::optional<Form> form = formOf(op);
    if (!form)
      return std::nullopt;
    return layoutsFor(op, *form);
  }

  bool accept(KernelOp kernel, const TargetDescription &, std::string &reason) const override {
    auto op = dyn_cast_or_null<ConvOp>(kernel.getHeroOp());
    if (!op) {
      reason = "its hero is no convolution";
      return false;
    }
    std::optional<Form> form = formOf(op);
    if (!form) {
      reason = "expects f32, f64, f16 or bf16, one to three spatial axes, a static filter, and one "
               "group, a depthwise "
               "filter or groups of whole blocks of 16 channels";
      return false;
    }
    auto input = dyn_cast<BlockArgument>(op.getInput()),
         filter = dyn_cast<BlockArgument>(op.getFilter());
    if (!input || !filter) {
      reason = "expects input and filter to be operands of the kernel";
      return false;
    }
    LayoutWish wish = layoutsFor(op, *form);
    if (layoutAt(kernel, input.getArgNumber()) != Attribute(wish.operands[0]) ||
        layoutAt(kernel, filter.getArgNumber()) != Attribute(wish.operands[1]) ||
        layoutAt(kernel, kernel.getFunctionType().getNumInputs()) != Attribute(wish.result)) {
      reason = "expects operands and result in blocked layouts";
      return false;
    }
    if (kernel.getFunctionType().getNumResults() != 1) {
      reason = "expects one result";
      return false;
    }
    return true;
  }

  FailureOr<ScheduleAttr> schedule(KernelOp kernel,
                                   const TargetDescription &target) const override {
    auto op = cast<ConvOp>(kernel.getHeroOp());
    Form form = *formOf(op);
    Tile tile = tileFor(op, form, target);
    MLIRContext *context = kernel.getContext();
    Builder b(context);
    ShapeAnalysis shapes(kernel);
    SymShape out = shapes.shapeOf(op.getResult());
    int64_t outputs = cast<RankedTensorType>(op.getFilter().getType()).getDimSize(0);
    int64_t groups =
        llvm::divideCeil(llvm::alignTo(outputs, channelBlock), tile.vectors * tile.lanes);
    SymExpr units = out[0] * groups;
    if (!canFlatten(kernel, op, form, shapes))
      for (SymExpr size : ArrayRef(out).drop_front(2).drop_back())
        units = units * size;
    SymExpr zero = SymExpr::constant(context, 0);
    SymExpr park = SymExpr::constant(context, tile.columns * tile.vectors * tile.lanes *
                                                  getElementBytes(sumType(elementOf(op))));
    StringRef forms[] = {"blocked", "stem", "depthwise"};
    auto i64 = [&](StringRef key, int64_t v) {
      return b.getNamedAttr(key, b.getI64IntegerAttr(v));
    };
    auto params =
        b.getDictionaryAttr({i64("columns", tile.columns),
                             b.getNamedAttr("form", b.getStringAttr(forms[static_cast<int>(form)])),
                             i64("lanes", tile.lanes), i64("vectors", tile.vectors)});
    return ScheduleAttr::get(context, name(), 1, zero.getAttr(), park.getAttr(), {}, {}, {}, {},
                             units.getAttr(), {}, params);
  }

  LogicalResult emit(KernelOp kernel, const TargetDescription &target,
                     ModuleOp module) const override {
    return ConvBody(kernel, target, module).run();
  }
};

} // namespace

std::unique_ptr<KernelEmitter> mlopt::createConvolutionEmitter() {
  return std::make_unique<ConvolutionEmitter>();
}
