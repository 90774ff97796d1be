//===- PickedMap.cpp - Kernels that find elements on demand ---------------===//
#include "PickedMap.h"
#include "StridedBody.h"
#include "StridedMap.h"
#include "mlopt/IR/Layout.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::cuda;

static YieldOp yieldOf(KernelOp kernel) { return cast<YieldOp>(kernel.getBody().front().getTerminator()); }

namespace {

/// Most lanes for which the elements of every value lie side by side in memory, aligned to all of them, for
/// an index of which one coordinate is a multiple of the lanes and runs along them.
class LaneAnalysis {
public:
  /// `dim`: that coordinate's dimension of the results.
  LaneAnalysis(KernelOp kernel, ShapeAnalysis &shapes, int64_t dim) : kernel(kernel), shapes(shapes) {
    for (Value value : yieldOf(kernel).getValues()) {
      widest = std::max(widest, elementBytes(value));
      visit(value, dim);
    }
    // Indices are read one at a time, and do not count.
    lanes = std::min(lanes, std::max<int64_t>(1, 16 / widest));
  }
  int64_t get() const { return lanes; }

private:
  void need(SymExpr e) {
    while (lanes > 1 && !e.isMultipleOf(lanes))
      lanes /= 2;
  }
  void need(int64_t v) {
    while (lanes > 1 && (ShapedType::isDynamic(v) || v % lanes != 0))
      lanes /= 2;
  }

  /// An operand that broadcasts to `to`, of which the lanes run along dimension `dim`.
  void visitBroadcast(Value operand, ArrayRef<SymExpr> to, int64_t dim) {
    if (!isa<RankedTensorType>(operand.getType()))
      return;
    SymShape from = shapes.shapeOf(operand);
    int64_t own = dim + static_cast<int64_t>(from.size()) - static_cast<int64_t>(to.size());
    // One element for all lanes: whatever is behind it is read for one.
    if (own < 0 || from[own].isConstant(1))
      return;
    if (!from[own].getConstant() && from[own] != to[dim])
      lanes = 1;
    visit(operand, own);
  }

  void visitOperand(BlockArgument argument, ArrayRef<SymExpr> shape, int64_t dim) {
    widest = std::max(widest, elementBytes(argument));
    LayoutAttr layout = layoutAt(kernel, argument.getArgNumber());
    if (!layout) {
      if (dim + 1 != static_cast<int64_t>(shape.size()))
        lanes = 1;
      return;
    }
    PhysicalDim inner = getPhysicalDims(layout).back();
    if (layout.getPerByte() > 1 || inner.dim != dim || inner.divisor != 1)
      lanes = 1;
    need(getPhysicalShape(layout, shape).back());
  }

  void visit(Value value, int64_t dim) {
    SymShape shape = shapes.shapeOf(value);
    if (shape.empty() || lanes == 1)
      return;
    need(shape[dim]);
    if (auto argument = dyn_cast<BlockArgument>(value))
      return visitOperand(argument, shape, dim);
    Operation *op = value.getDefiningOp();
    bool isLast = dim + 1 == static_cast<int64_t>(shape.size());
    if (isa<ConstantOp, IotaOp>(op))
      return;
    if (op->hasTrait<mlopt::OpTrait::Elementwise>()) {
      if (usesDoubles(op))
        lanes = 1;
      for (Value operand : op->getOperands())
        visitBroadcast(operand, shape, dim);
    } else if (auto o = dyn_cast<BroadcastOp>(op)) {
      visitBroadcast(o.getInput(), shape, dim);
    } else if (auto o = dyn_cast<RelayoutOp>(op)) {
      visit(o.getInput(), dim);
    } else if (auto o = dyn_cast<TransposeOp>(op)) {
      visit(o.getInput(), o.getPermutation()[dim]);
    } else if (auto o = dyn_cast<ReshapeOp>(op)) {
      // PickedEmitter goes on along the input's last dimension.
      SymShape from = shapes.shapeOf(o.getInput());
      if (from.empty() || !isLast)
        lanes = 1;
      else
        visit(o.getInput(), from.size() - 1);
    } else if (auto o = dyn_cast<SliceOp>(op)) {
      if (o.getStrides()[dim] != 1)
        lanes = 1;
      need(o.getStaticStarts()[dim]);
      visit(o.getInput(), dim);
    } else if (auto o = dyn_cast<PadOp>(op)) {
      need(o.getStaticLow()[dim]);
      need(o.getStaticHigh()[dim]);
      // Lanes leave the input one by one where its edge is repeated or mirrored.
      if (o.getMode() != PadMode::constant && (o.getStaticLow()[dim] != 0 || o.getStaticHigh()[dim] != 0))
        lanes = 1;
      visit(o.getInput(), dim);
    } else if (auto o = dyn_cast<ConcatOp>(op)) {
      for (Value input : o.getInputs())
        visit(input, dim);
    } else if (auto o = dyn_cast<GatherOp>(op)) {
      int64_t axis = o.getAxis(), picked = cast<RankedTensorType>(o.getIndices().getType()).getRank();
      if (dim >= axis && dim < axis + picked)
        lanes = 1;
      else
        visit(o.getData(), dim < axis ? dim : dim - picked + 1);
    } else if (auto o = dyn_cast<GatherNdOp>(op)) {
      auto indices = cast<RankedTensorType>(o.getIndices().getType());
      int64_t outer = indices.getRank() - 1;
      if (dim < outer)
        lanes = 1;
      else
        visit(o.getData(), o.getBatchDims() + indices.getDimSize(outer) + dim - outer);
    } else {
      lanes = 1;
    }
  }

  static int64_t elementBytes(Value tensor) {
    return getElementBytes(cast<RankedTensorType>(tensor.getType()).getElementType());
  }

  KernelOp kernel;
  ShapeAnalysis &shapes;
  int64_t lanes = 8, widest = 2;
};

/// Operations whose result element is found in few steps.
bool isIndexMap(Operation &op) {
  return op.hasTrait<mlopt::OpTrait::Elementwise>() ||
         isa<ConstantOp, NoneOp, BroadcastOp, TransposeOp, ReshapeOp, SliceOp, PadOp, ConcatOp, GatherOp,
             GatherElementsOp, GatherNdOp, IotaOp, FromSizesOp, BatchNormOp, RelayoutOp, UnfoldOp>(op);
}

} // namespace

std::optional<PickedMap> cuda::planPickedMap(KernelOp kernel, ShapeAnalysis &shapes,
                                             const TargetDescription &target, std::string &reason) {
  auto refuse = [&](const Twine &why) {
    reason = why.str();
    return std::nullopt;
  };
  int64_t ops = 0;
  for (Operation &op : kernel.getBody().front().without_terminator()) {
    if (!isIndexMap(op))
      return refuse("'" + op.getName().getStringRef() + "' is more than a map of elements");
    ops += op.hasTrait<mlopt::OpTrait::Elementwise>() ? 1 : isa<ConcatOp, GatherOp, GatherNdOp>(op) ? 4 : 2;
  }
  PickedMap map;
  map.shape = shapes.shapeOf(yieldOf(kernel).getValues()[0]);
  unsigned inputs = kernel.getFunctionType().getNumInputs();
  LayoutAttr layout = layoutAt(kernel, inputs);
  for (auto [r, value] : llvm::enumerate(yieldOf(kernel).getValues())) {
    if (layoutAt(kernel, inputs + r) != layout)
      return refuse("its results have different layouts");
    if (ArrayRef<SymExpr>(shapes.shapeOf(value)) != ArrayRef<SymExpr>(map.shape))
      return refuse("its results have different shapes");
  }
  if (!layout) {
    map.order = llvm::to_vector(llvm::seq<size_t>(0, map.shape.size()));
  } else {
    SymShape physical = getPhysicalShape(layout, map.shape);
    if (layout.getPerByte() > 1 ||
        numElements(kernel.getContext(), physical) != numElements(kernel.getContext(), map.shape))
      return refuse("the layout of its results has padding");
    for (auto [d, size] : llvm::zip_equal(getPhysicalDims(layout), physical)) {
      if (size.isConstant(1))
        continue;
      if (d.divisor != 1 || size != map.shape[d.dim])
        return refuse("the layout of its results cuts a dimension into blocks");
      map.order.push_back(d.dim);
    }
  }
  map.lanes = map.order.empty() ? 1 : LaneAnalysis(kernel, shapes, map.order.back()).get();
  SymExpr total = numElements(kernel.getContext(), map.shape);
  map.walk = planWalk(total.floorDiv(map.lanes), total, std::max<int64_t>(ops, 8) * map.lanes, target);
  return map;
}

namespace {
class PickedEmitter {
public:
  PickedEmitter(GpuBuilder &g, const PickedMap &map) : g(g), map(map), e(g), yield(yieldOf(g.kernel)) {
    e.computeScalars();
    // LaneAnalysis has shown what every vector is aligned to.
    g.alignedLanes = map.lanes > 1;
    if (map.lanes > 1)
      g.kernel.getBody().walk([&](Operation *op) { keepTogether(op); });
  }

  LogicalResult run() {
    SmallVector<Value> sizes;
    for (size_t d : map.order)
      sizes.push_back(walkSize(g, map.walk, map.shape[d]));
    if (!sizes.empty())
      sizes.back() = g.floorDiv(sizes.back(), g.constantLike(sizes.back(), map.lanes));
    Value total = walkSize(g, map.walk, numElements(g.b.getContext(), map.shape));
    Value count = g.floorDiv(total, g.constantLike(total, map.lanes));
    emitWalk(g, map.walk, count, [&](ArrayRef<Value> items) {
      SmallVector<Coords> places;
      SmallVector<SmallVector<Value>> values;
      ElementAt::Scope scope(e);
      for (Value item : items) {
        Coords place(map.shape.size(), Coord{g.index(0), 0});
        for (auto [d, p] : llvm::zip_equal(map.order, positionOf(g, item, sizes)))
          place[d].base = g.toI64(p);
        if (map.lanes > 1)
          place[map.order.back()] = {g.mul(place[map.order.back()].base, map.lanes), 1};
        values.emplace_back();
        for (Value value : yield.getValues())
          values.back().push_back(e.at(value, place, map.lanes));
        places.push_back(std::move(place));
      }
      for (auto [place, vs] : llvm::zip_equal(places, values))
        for (auto [r, v] : llvm::enumerate(vs))
          if (v)
            e.storeResult(r, v, place, map.lanes);
          else
            result = failure();
    });
    return result;
  }

private:
  /// ElementAt takes vectors apart where their lanes might come from different places: here they do not.
  void keepTogether(Operation *op) {
    if (auto reshape = dyn_cast<ReshapeOp>(op))
      return e.setOverride(reshape.getResult(), [this, reshape](ArrayRef<Coord> index, int64_t lanes) mutable {
        return reshaped(reshape, index, lanes);
      });
    if (auto concat = dyn_cast<ConcatOp>(op))
      return e.setOverride(concat.getResult(), [this, concat](ArrayRef<Coord> index, int64_t lanes) mutable {
        return joined(concat, 0, index, index[concat.getAxis()].base, lanes);
      });
    if (auto pad = dyn_cast<PadOp>(op); pad && pad.getMode() == PadMode::constant)
      return e.setOverride(pad.getResult(), [this, pad](ArrayRef<Coord> index, int64_t lanes) mutable {
        return padded(pad, index, lanes);
      });
  }

  Value reshaped(ReshapeOp op, ArrayRef<Coord> index, int64_t lanes) {
    SmallVector<Value> here;
    for (Coord c : index)
      here.push_back(c.base);
    Coords from;
    for (Value v : e.delinearize(e.linearize(here, e.sizesOf(op.getResult())), e.sizesOf(op.getInput())))
      from.push_back({v, 0});
    if (!from.empty() && !index.empty())
      from.back().step = index.back().step;
    return e.at(op.getInput(), from, lanes);
  }

  Type valueType(Value tensor, int64_t lanes) {
    return g.vectorOf(computeType(cast<RankedTensorType>(tensor.getType()).getElementType()), lanes);
  }

  /// Pieces of a concatenation, from number `i` on: a vector lies in one of them.
  Value joined(ConcatOp op, unsigned i, ArrayRef<Coord> index, Value offset, int64_t lanes) {
    Coords from(index.begin(), index.end());
    from[op.getAxis()].base = offset;
    if (i + 1 == op.getInputs().size())
      return e.at(op.getInputs()[i], from, lanes);
    Value size = e.sizesOf(op.getInputs()[i])[op.getAxis()];
    auto branch = scf::IfOp::create(g.b, g.loc, TypeRange{valueType(op.getResult(), lanes)},
                                    g.less(offset, size), true);
    OpBuilder::InsertionGuard guard(g.b);
    for (bool here : {true, false}) {
      g.b.setInsertionPointToStart(here ? branch.thenBlock() : branch.elseBlock());
      ElementAt::Scope scope(e);
      Value v = here ? e.at(op.getInputs()[i], from, lanes)
                     : joined(op, i + 1, index, g.sub(offset, size), lanes);
      if (!v)
        return {};
      scf::YieldOp::create(g.b, g.loc, v);
    }
    return branch.getResult(0);
  }

  /// A pad by constants: a vector lies inside the input, or outside.
  Value padded(PadOp op, ArrayRef<Coord> index, int64_t lanes) {
    SmallVector<Value> low = e.mixed(op.getStaticLow(), op.getLow()), sizes = e.sizesOf(op.getInput());
    Coords from;
    Value inside;
    for (auto [d, c] : llvm::enumerate(index)) {
      Value x = g.sub(c.base, low[d]);
      from.push_back({x, c.step});
      if (op.getStaticLow()[d] == 0 && op.getStaticHigh()[d] == 0)
        continue;
      Value here = arith::CmpIOp::create(g.b, g.loc, arith::CmpIPredicate::ult, x, sizes[d]);
      inside = inside ? arith::AndIOp::create(g.b, g.loc, inside, here).getResult() : here;
    }
    if (!inside)
      return e.at(op.getInput(), from, lanes);
    auto branch = scf::IfOp::create(g.b, g.loc, TypeRange{valueType(op.getInput(), lanes)}, inside, true);
    OpBuilder::InsertionGuard guard(g.b);
    for (bool here : {true, false}) {
      g.b.setInsertionPointToStart(here ? branch.thenBlock() : branch.elseBlock());
      ElementAt::Scope scope(e);
      Value v = here ? e.at(op.getInput(), from, lanes) : e.at(op.getValue(), {}, 1);
      if (!v)
        return {};
      scf::YieldOp::create(g.b, g.loc, here ? v : g.splat(v, lanes));
    }
    return branch.getResult(0);
  }

  GpuBuilder &g;
  const PickedMap &map;
  ElementAt e;
  YieldOp yield;
  LogicalResult result = success();
};
} // namespace

LogicalResult cuda::emitPickedMap(GpuBuilder &g, const PickedMap &map) { return PickedEmitter(g, map).run(); }
