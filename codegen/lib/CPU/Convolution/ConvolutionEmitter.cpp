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

constexpr int64_t channelBlock = 16;

enum class Form {
  Blocked,  ///< input channels in blocks of 16
  Stem,     ///< row-major input, few channels
  Depthwise ///< one filter per channel, blocks of 16
};

std::optional<Form> formOf(ConvOp op) {
  auto in = cast<RankedTensorType>(op.getInput().getType());
  auto filter = cast<RankedTensorType>(op.getFilter().getType());
  if (!in.getElementType().isF32() || in.getRank() != 4 || !filter.hasStaticShape() ||
      in.isDynamicDim(1))
    return std::nullopt;
  int64_t outputs = filter.getDimSize(0), perGroup = filter.getDimSize(1), groups = op.getGroups();
  if (groups == in.getDimSize(1) && groups == outputs && perGroup == 1 && groups > 1)
    return Form::Depthwise;
  if (groups != 1)
    return std::nullopt;
  return in.getDimSize(1) >= channelBlock ? Form::Blocked : Form::Stem;
}

int64_t outputBlock(int64_t outputs) {
  return llvm::divideCeil(outputs, channelBlock) % 2 == 0 ? 2 * channelBlock : channelBlock;
}

LayoutWish layoutsFor(ConvOp op, Form form) {
  MLIRContext *context = op.getContext();
  auto filter = cast<RankedTensorType>(op.getFilter().getType());
  LayoutAttr activations = getChannelBlockedLayout(context, 4, channelBlock);
  LayoutWish wish;
  wish.result = activations;
  int64_t ob = outputBlock(filter.getDimSize(0));
  switch (form) {
  case Form::Blocked:
    wish.operands = {activations, getFilterLayout(context, 4, ob, channelBlock), LayoutAttr()};
    break;
  case Form::Stem:
    wish.operands = {LayoutAttr(), getFilterLayout(context, 4, ob, 1), LayoutAttr()};
    break;
  case Form::Depthwise:
    wish.operands = {activations, getDepthwiseFilterLayout(context, 4, channelBlock), LayoutAttr()};
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
  tile.lanes = std::min<int64_t>(target.lanes(4), channelBlock);
  if (form == Form::Depthwise) {
    tile.vectors = 1;
    tile.columns = target.vectorRegisters >= 32 ? 14 : 7;
    return tile;
  }
  int64_t ob = outputBlock(cast<RankedTensorType>(op.getFilter().getType()).getDimSize(0));
  tile.vectors = std::min<int64_t>(2, ob / tile.lanes);
  // One register per weight vector and one for the broadcast.
  int64_t budget = (target.vectorRegisters - 2 - tile.vectors) / tile.vectors;
  tile.columns = std::max<int64_t>(1, std::min<int64_t>(budget, 14));
  return tile;
}

Attribute layoutAt(KernelOp kernel, unsigned i) {
  ArrayAttr layouts = kernel.getLayoutsAttr();
  return layouts && i < layouts.size() && isa<LayoutAttr>(layouts[i]) ? layouts[i] : Attribute();
}

//===----------------------------------------------------------------------===//
// Emission
//===----------------------------------------------------------------------===//

class ConvBody {
public:
  ConvBody(KernelOp kernel, const TargetDescription &target, ModuleOp module)
      : k(kernel, target, module), e(k, mathOptions(target)), op(cast<ConvOp>(kernel.getHeroOp())),
        form(*formOf(op)), tile(tileFor(op, form, target)), m(e.scalarMath()) {
    filterShape = llvm::to_vector(cast<RankedTensorType>(op.getFilter().getType()).getShape());
    in = k.shapes.shapeOf(op.getInput());
    out = k.shapes.shapeOf(op.getResult());
    f32 = VectorType::get({tile.lanes}, k.b.getF32Type());
    outputs = filterShape[0];
    ob = form == Form::Depthwise ? channelBlock : outputBlock(outputs);
    flat = canFlatten();
    x = k.operandPtr(cast<BlockArgument>(op.getInput()).getArgNumber());
    w = k.operandPtr(cast<BlockArgument>(op.getFilter()).getArgNumber());
    auto c = [&](int64_t v) { return SymExpr::constant(k.b.getContext(), v); };
    inH = flat ? c(1) : in[2];
    inW = flat ? in[2] * in[3] : in[3];
    outH = flat ? c(1) : out[2];
    outW = flat ? out[2] * out[3] : out[3];
  }

  LogicalResult run() {
    int64_t group = tile.vectors * tile.lanes; // output channels of one tile
    groups = llvm::divideCeil(llvm::alignTo(outputs, channelBlock), group);
    Value rows = k.size(outH);
    Value units = k.mul(k.mul(k.size(in[0]), k.index(groups)), rows);
    auto [begin, end] = k.share(units);
    k.forLoop(begin, end, 1, [&](Value unit) {
      ElementAt::Scope scope(e);
      oh = k.rem(unit, rows);
      Value rest = k.floorDiv(unit, rows);
      Value g = k.rem(rest, k.index(groups));
      n = k.floorDiv(rest, k.index(groups));
      channel = k.mul(g, group);
      Value stride = k.index(op.getStrides()[0]), dilation = k.index(op.getDilations()[0]);
      top = k.sub(k.mul(oh, stride), k.index(op.getPadsBegin()[0]));
      khBegin = k.index(0);
      khEnd = k.index(filterShape[2]);
      if (!flat) {
        // ceil(-top / dilation) and ceil((height - top) / dilation), clamped.
        Value above = k.sub(k.index(0), top);
        khBegin = k.max(khBegin, arith::CeilDivSIOp::create(k.b, k.loc, above, dilation));
        Value below = k.sub(k.size(inH), top);
        khEnd = k.min(khEnd, arith::CeilDivSIOp::create(k.b, k.loc, below, dilation));
      }
      row();
    });
    k.finish();
    return result;
  }

private:
  static MathOptions mathOptions(const TargetDescription &target) {
    MathOptions options;
    options.hasFMA = target.hasFMA;
    options.hasF16C = target.hasF16C;
    options.hasAVX512 = target.hasMasks;
    return options;
  }

  /// A 1x1 kernel with stride 1 and no padding sees the image as one row, if
  /// every other operand has both spatial sizes or neither.
  bool canFlatten() {
    if (form == Form::Stem)
      return false;
    for (int i = 0; i < 2; ++i)
      if (filterShape[2 + i] != 1 || op.getStrides()[i] != 1 || op.getPadsBegin()[i] ||
          op.getPadsEnd()[i])
        return false;
    for (BlockArgument argument : k.kernel.getBody().getArguments()) {
      if (argument == op.getFilter() || !isa<RankedTensorType>(argument.getType()))
        continue;
      SymShape s = k.shapes.shapeOf(argument);
      size_t r = s.size();
      if (r < 2)
        continue;
      bool full = r == 4 && s[2] == out[2] && s[3] == out[3];
      bool none = s[r - 1].isConstant(1) && s[r - 2].isConstant(1);
      if (!full && !none)
        return false;
    }
    return true;
  }

  /// Which of a tile's columns meet the input at kernel column kw, as a range.
  using Columns = std::function<std::pair<int64_t, int64_t>(int64_t)>;

  /// All tiles of the current output row.
  void row() {
    int64_t stride = op.getStrides()[1], dilation = op.getDilations()[1], pad = op.getPadsBegin()[1];
    std::optional<int64_t> ow = outW.getConstant(), iw = inW.getConstant();
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
        for (int64_t kw = 0; kw < filterShape[3]; ++kw) {
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
        while (j < tiles.size() && tiles[j].columns == tiles[i].columns && tiles[j].ranges == tiles[i].ranges &&
               tiles[j].start == tiles[j - 1].start + tiles[i].columns)
          ++j;
        One t = tiles[i];
        Columns columns = [t](int64_t kw) { return t.ranges[kw]; };
        if (j == i + 1)
          oneTile(k.index(t.start), t.columns, columns, nullptr);
        else
          k.forLoop(k.index(t.start), k.index(tiles[j - 1].start + t.columns), t.columns, [&](Value start) {
            ElementAt::Scope scope(e);
            oneTile(start, t.columns, columns, nullptr);
          });
        i = j;
      }
      return;
    }
    // A width known at run time: border columns one by one, the rest in tiles.
    Value width = k.size(outW), inWidth = k.size(inW);
    Value low = k.min(k.index(llvm::divideCeil(pad, stride)), width);
    Value reach = k.add(inWidth, k.index(pad - (filterShape[3] - 1) * dilation - 1));
    Value high = k.add(arith::FloorDivSIOp::create(k.b, k.loc, reach, k.index(stride)), 1);
    high = k.max(low, k.min(high, width));
    auto border = [&](Value from, Value to) {
      k.forLoop(from, to, 1, [&](Value start) {
        ElementAt::Scope scope(e);
        oneTile(start, 1, [](int64_t) { return std::pair<int64_t, int64_t>(0, 1); }, &inWidth);
      });
    };
    if (pad || op.getPadsEnd()[1])
      border(k.index(0), low);
    Value from = low;
    for (int64_t columns : {tile.columns, std::min<int64_t>(4, tile.columns), int64_t(1)}) {
      Value to = k.add(from, k.mul(k.floorDiv(k.sub(high, from), k.index(columns)), columns));
      k.forLoop(from, to, columns, [&](Value start) {
        ElementAt::Scope scope(e);
        oneTile(start, columns, [columns](int64_t) { return std::pair<int64_t, int64_t>(0, columns); }, nullptr);
      });
      from = to;
      if (columns == 1)
        break;
    }
    if (pad || op.getPadsEnd()[1])
      border(high, width);
  }

  /// Address in elements of x[n][channel block][ih][iw].
  Value inputOffset(Value block, Value ih, Value iw) {
    Value height = k.size(inH), width = k.size(inW);
    if (form == Form::Stem) {
      Value plane = k.add(k.mul(n, k.index(filterShape[1])), block);
      return k.add(k.mul(k.add(k.mul(plane, height), ih), width), iw);
    }
    int64_t channels = in[1].getConstant().value();
    Value plane = k.add(k.mul(n, k.index(llvm::divideCeil(channels, channelBlock))), block);
    return k.mul(k.add(k.mul(k.add(k.mul(plane, height), ih), width), iw), channelBlock);
  }

  /// Products of one kernel element (kw) for the columns in [first, last).
  /// `weights` and `input` are element offsets of the weight vectors and of
  /// column 0; `column` is the distance of columns in elements.
  void multiply(SmallVectorImpl<Value> &acc, Value weights, Value input, int64_t column, int64_t first, int64_t last) {
    SmallVector<Value> wv;
    for (int64_t v = 0; v < tile.vectors; ++v)
      wv.push_back(k.load(w, k.add(weights, v * tile.lanes), k.b.getF32Type(), tile.lanes));
    for (int64_t c = first; c < last; ++c) {
      Value at = k.add(input, c * column), xv;
      if (form == Form::Depthwise)
        xv = k.load(x, at, k.b.getF32Type(), tile.lanes);
      else
        xv = k.splat(k.load(x, at, k.b.getF32Type()), tile.lanes);
      for (int64_t v = 0; v < tile.vectors; ++v) {
        Value &a = acc[c * tile.vectors + v];
        a = m.fma(xv, wv[v], a);
      }
    }
  }

  /// One tile: `dynamicWidth` given means that each kernel column is checked
  /// against it at run time (tiles of one column).
  void oneTile(Value start, int64_t columns, const Columns &ranges, Value *dynamicWidth) {
    int64_t stride = op.getStrides()[1], dilation = op.getDilations()[1], pad = op.getPadsBegin()[1];
    int64_t kh = filterShape[2], kw = filterShape[3], perGroup = filterShape[1];
    // Where this tile's vectors lie in the weights: panel, then lane group.
    Value panel = k.floorDiv(channel, k.index(ob)), lane = k.rem(channel, k.index(ob));
    int64_t icLanes = form == Form::Blocked ? channelBlock : 1;
    int64_t blocks = form == Form::Depthwise ? 1 : llvm::divideCeil(perGroup, icLanes);
    int64_t tapElements = icLanes * ob;
    Value panelBase = k.add(k.mul(panel, blocks * kh * kw * tapElements), lane);
    int64_t unit = form == Form::Stem ? 1 : channelBlock; // elements between neighbours in a row
    Value left = k.sub(k.mul(start, stride), k.index(pad));

    SmallVector<Value> acc;
    for (int64_t c = 0; c < columns; ++c)
      for (int64_t v = 0; v < tile.vectors; ++v)
        acc.push_back(initial(v));

    auto rowProducts = [&](Value block, Value inputBlock, ValueRange carried) {
      // Rows of the kernel that meet the input.
      return k.forLoop(khBegin, khEnd, 1, carried, [&](Value r, ValueRange c) -> SmallVector<Value> {
        SmallVector<Value> a(c);
        Value ih = k.add(top, k.mul(r, op.getDilations()[0]));
        Value base = inputOffset(inputBlock, ih, left);
        Value tap = k.add(panelBase, k.mul(k.add(k.mul(block, kh), r), kw * tapElements));
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
            return k.forLoop(k.index(0), k.index(channelBlock), 1, s, [&](Value ic, ValueRange inner) -> SmallVector<Value> {
              SmallVector<Value> t(inner);
              multiply(t, k.add(weights, k.mul(ic, ob)), k.add(input, ic), stride * unit, first, last);
              return t;
            });
          };
          if (!dynamicWidth) {
            a = products(a);
            continue;
          }
          Value position = k.add(left, j * dilation);
          Value inside = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::ult, position, *dynamicWidth);
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
    if (form == Form::Depthwise)
      acc = rowProducts(k.index(0), k.floorDiv(channel, k.index(channelBlock)), acc);
    else
      acc = k.forLoop(k.index(0), k.index(blocks), 1, acc, [&](Value block, ValueRange c) -> SmallVector<Value> {
        return rowProducts(block, block, c);
      });
    store(start, columns, acc);
  }

  /// Accumulator start: the bias, zero in padding lanes.
  Value initial(int64_t v) {
    if (!isa<RankedTensorType>(op.getBias().getType()))
      return arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(f32));
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
    e.setLaneLimit(k.max(k.index(0), k.min(k.sub(k.index(outputs), firstChannel), k.index(tile.lanes))));
  }

  /// Applies the epilogue and stores. A long epilogue runs in a loop over the
  /// accumulators, parked in scratch, to keep the code small.
  void store(Value start, int64_t columns, ArrayRef<Value> acc) {
    auto yield = cast<YieldOp>(k.kernel.getBody().front().getTerminator());
    auto one = [&](Value column, Value c, Value value) {
      ElementAt::Scope scope(e);
      e.setOverride(op.getResult(), [&](ArrayRef<Coord>, int64_t) { return value; });
      limitLanes(c);
      Coords index = {{n, 0}, {c, 1}, {oh, 0}, {column, 0}};
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
        one(k.add(start, c), k.add(channel, v * tile.lanes), k.load(park, offset, k.b.getF32Type(), tile.lanes));
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
  SymExpr inH, inW, outH, outW;
  VectorType f32;
  int64_t outputs, ob, groups = 1;
  bool flat = false;
  Value x, w, n, oh, channel, top, khBegin, khEnd;
  LogicalResult result = success();
};

class ConvolutionEmitter : public KernelEmitter {
public:
  StringRef name() const override { return "convolution"; }

  std::optional<LayoutWish> wishLayouts(Operation *hero, llvm::function_ref<bool(unsigned)> isParameter,
                                        const TargetDescription &) const override {
    auto op = dyn_cast<ConvOp>(hero);
    if (!op || !isParameter(1))
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
      reason = "expects f32, two spatial axes, a static filter, and one group or a depthwise filter";
      return false;
    }
    auto input = dyn_cast<BlockArgument>(op.getInput()), filter = dyn_cast<BlockArgument>(op.getFilter());
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

  FailureOr<ScheduleAttr> schedule(KernelOp kernel, const TargetDescription &target) const override {
    auto op = cast<ConvOp>(kernel.getHeroOp());
    Form form = *formOf(op);
    Tile tile = tileFor(op, form, target);
    MLIRContext *context = kernel.getContext();
    Builder b(context);
    ShapeAnalysis shapes(kernel);
    SymShape out = shapes.shapeOf(op.getResult());
    int64_t outputs = cast<RankedTensorType>(op.getFilter().getType()).getDimSize(0);
    int64_t groups = llvm::divideCeil(llvm::alignTo(outputs, channelBlock), tile.vectors * tile.lanes);
    SymExpr units = out[0] * out[2] * groups;
    SymExpr zero = SymExpr::constant(context, 0);
    SymExpr park = SymExpr::constant(context, tile.columns * tile.vectors * tile.lanes * 4);
    StringRef forms[] = {"blocked", "stem", "depthwise"};
    auto i64 = [&](StringRef key, int64_t v) { return b.getNamedAttr(key, b.getI64IntegerAttr(v)); };
    auto params = b.getDictionaryAttr({i64("columns", tile.columns),
                                       b.getNamedAttr("form", b.getStringAttr(forms[static_cast<int>(form)])),
                                       i64("lanes", tile.lanes), i64("vectors", tile.vectors)});
    return ScheduleAttr::get(context, name(), 1, zero.getAttr(), park.getAttr(), {}, {}, {}, {}, units.getAttr(),
                             {}, params);
  }

  LogicalResult emit(KernelOp kernel, const TargetDescription &target, ModuleOp module) const override {
    return ConvBody(kernel, target, module).run();
  }
};

} // namespace

std::unique_ptr<KernelEmitter> mlopt::createConvolutionEmitter() {
  return std::make_unique<ConvolutionEmitter>();
}
