//===- MapEmitter.cpp - Kernels written element by element ----------------===//
#include "GenericEmitter.h"

using namespace mlir;
using namespace mlopt;

static YieldOp yieldOf(KernelOp kernel) {
  return cast<YieldOp>(kernel.getBody().front().getTerminator());
}

static LayoutAttr layoutOfResult(KernelOp kernel) {
  ArrayAttr layouts = kernel.getLayoutsAttr();
  unsigned i = kernel.getFunctionType().getNumInputs();
  return layouts && i < layouts.size() ? dyn_cast<LayoutAttr>(layouts[i]) : LayoutAttr();
}

int64_t mlopt::lanesOf(KernelOp kernel, const TargetDescription &target) {
  int64_t bytes = 4;
  kernel.walk([&](Operation *op) {
    SmallVector<Type> types(op->getOperandTypes());
    types.append(op->result_type_begin(), op->result_type_end());
    for (Type t : types)
      if (auto type = dyn_cast<RankedTensorType>(t))
        bytes = std::max(bytes, getElementBytes(type.getElementType()));
  });
  return target.lanes(bytes);
}

/// Dimensions walked outside the innermost run, for row-major and blocked results.
static SymExpr outerUnits(KernelOp kernel, ShapeAnalysis &shapes) {
  SymShape shape = shapes.shapeOf(yieldOf(kernel).getValues()[0]);
  LayoutAttr layout = layoutOfResult(kernel);
  SymShape physical = getPhysicalShape(layout, shape);
  SymExpr units = SymExpr::constant(kernel.getContext(), 1);
  size_t inner = layout ? 2 : 1;
  for (size_t i = 0; i + inner < physical.size(); ++i)
    units = units * physical[i];
  return units;
}

SymExpr mlopt::mapUnits(KernelOp kernel, ShapeAnalysis &shapes) {
  SymExpr units = outerUnits(kernel, shapes);
  SymShape shape = shapes.shapeOf(yieldOf(kernel).getValues()[0]);
  if (layoutOfResult(kernel) || shape.empty())
    return units;
  return units * shape.back().ceilDiv(chunkElements);
}

namespace {

class MapEmitter {
public:
  MapEmitter(ElementAt &e) : e(e), k(e.k), yield(yieldOf(k.kernel)) {
    for (SymExpr s : k.shapes.shapeOf(yield.getValues()[0])) {
      symbols.push_back(s);
      sizes.push_back(k.size(s));
    }
    width = lanesOf(k.kernel, k.target);
  }

  LogicalResult run() {
    if (LayoutAttr layout = k.resultLayout(0))
      blocked(layout);
    else
      rowMajor();
    return result;
  }

private:
  void element(ArrayRef<Coord> index, int64_t lanes) {
    ElementAt::Scope scope(e);
    for (auto [r, value] : llvm::enumerate(yield.getValues())) {
      Value v = e.at(value, index, lanes);
      if (v)
        e.storeResult(r, v, index, lanes);
      else
        result = failure();
    }
  }

  void rowMajor() {
    if (sizes.empty()) {
      // A scalar: the first thread's.
      Value first = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::eq, k.thread(), k.index(0));
      return k.ifThen(first, [&] { element({}, 1); });
    }
    Value inner = sizes.back();
    SmallVector<Value> outerSizes(sizes.begin(), sizes.end() - 1);
    Value chunks = k.size(symbols.back().ceilDiv(chunkElements));
    bool oneChunk = symbols.back().getConstant().value_or(chunkElements + 1) <= chunkElements;
    if (!oneChunk)
      outerSizes.push_back(chunks);
    Value units = k.index(1);
    for (Value s : outerSizes)
      units = k.mul(units, s);
    auto [begin, end] = k.share(units);
    k.forLoop(begin, end, 1, [&](Value unit) {
      SmallVector<Value> outer = e.delinearize(unit, outerSizes);
      Value lower = k.index(0), upper = inner;
      if (!oneChunk) {
        lower = k.mul(outer.back(), chunkElements);
        upper = k.min(k.add(lower, chunkElements), inner);
        outer.pop_back();
      }
      Coords index;
      for (Value v : outer)
        index.push_back({v, 0});
      index.push_back({lower, 0});
      run(index, index.size() - 1, lower, upper);
    });
  }

  /// Elements lower..upper along dimension `dim`: vectors, then the rest.
  void run(Coords &index, size_t dim, Value lower, Value upper) {
    std::optional<int64_t> constant = symbols[dim].getConstant();
    if (width == 1 || (constant && *constant == 1)) {
      k.forLoop(lower, upper, 1, [&](Value iv) {
        index[dim] = {iv, 0};
        element(index, 1);
      });
      return;
    }
    Value full = k.add(lower, k.mul(k.floorDiv(k.sub(upper, lower), k.index(width)), width));
    k.forLoop(lower, full, width, [&](Value iv) {
      index[dim] = {iv, 1};
      element(index, width);
    });
    if (constant && *constant % width == 0)
      return;
    Value rest = k.sub(upper, full);
    if (k.target.hasMasks) {
      Value some = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::sgt, rest, k.index(0));
      k.ifThen(some, [&] {
        index[dim] = {full, 1};
        e.setLaneLimit(rest);
        element(index, width);
        e.setLaneLimit({});
      });
      return;
    }
    k.forLoop(full, upper, 1, [&](Value iv) {
      index[dim] = {iv, 0};
      element(index, 1);
    });
  }

  /// A blocked result: the last physical dimension is the block, the one
  /// before it the innermost loop.
  void blocked(LayoutAttr layout) {
    SmallVector<PhysicalDim> dims = getPhysicalDims(layout);
    SymShape physical = getPhysicalShape(layout, symbols);
    int64_t block = dims.back().modulus;
    int64_t channel = dims.back().dim, step = std::min(width, block);
    SmallVector<Value> outerSizes;
    Value units = k.index(1);
    for (size_t i = 0; i + 2 < dims.size(); ++i) {
      outerSizes.push_back(k.size(physical[i]));
      units = k.mul(units, outerSizes.back());
    }
    bool padded = !symbols[channel].isMultipleOf(block);
    auto [begin, end] = k.share(units);
    k.forLoop(begin, end, 1, [&](Value unit) {
      SmallVector<Value> outer = e.delinearize(unit, outerSizes);
      k.forLoop(k.index(0), k.size(physical[dims.size() - 2]), 1, [&](Value inner) {
        SmallVector<Value> position(outer);
        position.push_back(inner);
        for (int64_t j = 0; j < block; j += step) {
          Coords index(symbols.size(), Coord{k.index(0), 0});
          for (size_t i = 0; i + 1 < dims.size(); ++i)
            index[dims[i].dim].base =
                k.add(index[dims[i].dim].base, k.mul(position[i], dims[i].divisor));
          index[channel] = {k.add(index[channel].base, k.index(j)), 1};
          if (padded)
            e.setLaneLimit(k.max(k.index(0), k.min(k.sub(sizes[channel], index[channel].base), k.index(step))));
          element(index, step);
          e.setLaneLimit({});
        }
      });
    });
  }

  ElementAt &e;
  KernelBuilder &k;
  YieldOp yield;
  SymShape symbols;
  SmallVector<Value> sizes;
  int64_t width;
  LogicalResult result = success();
};

} // namespace

LogicalResult mlopt::emitMap(ElementAt &e) { return MapEmitter(e).run(); }
