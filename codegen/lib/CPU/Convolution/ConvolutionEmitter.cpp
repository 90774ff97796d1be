//===- ConvolutionEmitter.cpp - Direct convolution in blocked layouts -----===//
//
// Products of floats in the loops of ConvolutionWalk. Rows and columns of the
// border add nothing: they are dropped.
//
//===----------------------------------------------------------------------===//
#include "ConvolutionEmitter.h"
#include "ConvolutionWalk.h"

using namespace mlir;
using namespace mlopt;

namespace {

using Form = ConvolutionForm;
using Tile = ConvolutionWalk::Tile;

Type elementOf(ConvOp op) {
  return cast<RankedTensorType>(op.getInput().getType()).getElementType();
}

std::optional<Form> formOf(ConvOp op) {
  if (!sumType(elementOf(op)))
    return std::nullopt;
  return convolutionFormOf(op.getInput(), op.getFilter(), op.getGroups(), channelBlock);
}

int64_t outputBlock(ConvOp op) { return outputBlockOf(op.getFilter(), op.getGroups()); }

/// Products that one accumulator adds up in a row.
constexpr int64_t longestChain = 128;

bool canFlatten(KernelOp kernel, const ConvolutionShape &shape, Form form, ShapeAnalysis &shapes) {
  return form != Form::Stem && shape.canFlatten(kernel, shapes);
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

ConvolutionWalk::Memory memoryOf(ConvOp op, Form form) {
  ArrayRef<int64_t> filter = cast<RankedTensorType>(op.getFilter().getType()).getShape();
  ConvolutionWalk::Memory memory;
  bool blocked = form != Form::Stem;
  int64_t lanes = form == Form::Blocked ? channelBlock : 1;
  memory.pixel = blocked ? channelBlock : 1;
  memory.planes = blocked ? llvm::divideCeil(filter[1] * op.getGroups(), channelBlock) : filter[1];
  memory.blocks = form == Form::Depthwise ? 1 : llvm::divideCeil(filter[1], lanes);
  memory.panel = form == Form::Depthwise ? channelBlock : outputBlock(op);
  memory.kernelRow = filter.back() * lanes * memory.panel;
  memory.output = 1;
  memory.columnsRead = filter.back();
  return memory;
}

class ConvBody : public ConvolutionWalk {
public:
  ConvBody(KernelOp kernel, const TargetDescription &target, ModuleOp module, ConvOp op, Form form,
           const ConvolutionShape &shape, bool flat)
      : ConvolutionWalk(kernel, target, module, shape, tileFor(op, form, target),
                        memoryOf(op, form), flat, sumType(elementOf(op))),
        op(op), form(form), element(elementOf(op)) {}

private:
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

  SmallVector<Value> addRow(const Place &place, const KernelRow &row, ValueRange sums) override {
    const ConvolutionAxis &axis = shape.axes[shape.Column];
    int64_t tapElements = memory.kernelRow / axis.kernel;
    SmallVector<Value> a(sums);
    for (int64_t j = 0; j < axis.kernel; ++j) {
      auto [first, last] = place.meets(j);
      if (first >= last)
        continue;
      Value input = k.add(row.offset, j * axis.dilation * memory.pixel),
            weights = k.add(row.weights, j * tapElements);
      auto products = [&, first = first, last = last](SmallVector<Value> s) {
        int64_t column = axis.stride * memory.pixel;
        if (form != Form::Blocked) {
          if (form == Form::Depthwise)
            input = k.add(input, k.rem(channel, k.index(channelBlock)));
          multiply(s, weights, input, column, first, last);
          return s;
        }
        return k.forLoop(k.index(0), k.index(channelBlock), 1, s,
                         [&](Value ic, ValueRange inner) -> SmallVector<Value> {
                           SmallVector<Value> t(inner);
                           multiply(t, k.add(weights, k.mul(ic, memory.panel)), k.add(input, ic),
                                    column, first, last);
                           return t;
                         });
      };
      if (!place.width) {
        a = products(a);
        continue;
      }
      Value position = k.add(place.left, j * axis.dilation);
      Value inside =
          arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::ult, position, place.width);
      auto branch = scf::IfOp::create(k.b, k.loc, ValueRange(a).getTypes(), inside, true);
      OpBuilder::InsertionGuard guard(k.b);
      k.b.setInsertionPointToStart(branch.thenBlock());
      scf::YieldOp::create(k.b, k.loc, products(a));
      k.b.setInsertionPointToStart(branch.elseBlock());
      scf::YieldOp::create(k.b, k.loc, a);
      a = SmallVector<Value>(branch.getResults());
    }
    return a;
  }

  int64_t blocksTogether() override {
    if (form == Form::Depthwise)
      return memory.blocks;
    int64_t lanes = form == Form::Blocked ? channelBlock : 1;
    return std::max<int64_t>(1, longestChain / (lanes * shape.taps()));
  }

  bool unrollsEpilogue(int64_t columns) override { return bodySize() <= 5 || columns == 1; }

  /// The bias, zero in padding lanes.
  Value initial(int64_t v) override {
    if (!isa<RankedTensorType>(op.getBias().getType()))
      return arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(k.vectorOf(sum, tile.lanes)));
    Value c = k.add(channel, v * tile.lanes);
    limitLanes(c);
    Value bias = e.at(op.getBias(), Coord{c, 1}, tile.lanes);
    e.setLaneLimit({});
    return bias;
  }

  ConvOp op;
  Form form;
  Type element; ///< of input and filter
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
    ConvolutionShape shape = ConvolutionShape::of(op, shapes);
    if (canFlatten(kernel, shape, form, shapes))
      shape.flatten();
    SymExpr units = shape.units(shape.channelTiles(tile.vectors * tile.lanes));
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
    auto op = cast<ConvOp>(kernel.getHeroOp());
    Form form = *formOf(op);
    ShapeAnalysis shapes(kernel);
    ConvolutionShape shape = ConvolutionShape::of(op, shapes);
    return ConvBody(kernel, target, module, op, form, shape,
                    canFlatten(kernel, shape, form, shapes))
        .run();
  }
};

} // namespace

std::unique_ptr<KernelEmitter> mlopt::createConvolutionEmitter() {
  return std::make_unique<ConvolutionEmitter>();
}
