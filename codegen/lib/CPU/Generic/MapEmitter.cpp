//===- MapEmitter.cpp - Kernels written element by element ----------------===//
#include "BlockMoves.h"
#include "GenericEmitter.h"
#include "OwnShare.h"
#include "TransposeTiles.h"

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

bool mlopt::readInPlace(Value value, ArrayRef<SymExpr> shape, ShapeAnalysis &shapes) {
  return llvm::all_of(value.getUsers(), [&](Operation *user) {
    if (isa<YieldOp>(user))
      return true;
    return user->hasTrait<mlopt::OpTrait::Elementwise>() && user->getNumResults() == 1 &&
           ArrayRef<SymExpr>(shapes.shapeOf(user->getResult(0))) == shape &&
           readInPlace(user->getResult(0), shape, shapes);
  });
}

int64_t mlopt::laneStep(KernelOp kernel, ShapeAnalysis &shapes) {
  auto fold = dyn_cast_or_null<FoldOp>(kernel.getHeroOp());
  if (!fold || layoutOfResult(kernel))
    return 1;
  SymShape shape = shapes.shapeOf(yieldOf(kernel).getValues()[0]);
  bool inPlace = ArrayRef<SymExpr>(shapes.shapeOf(fold.getResult())) == ArrayRef<SymExpr>(shape) &&
                 readInPlace(fold.getResult(), shape, shapes);
  return inPlace ? fold.getStrides().back() : 1;
}

void mlopt::overRun(ElementAt &e, Value lower, Value upper, int64_t width,
                    llvm::function_ref<void(Coord, int64_t)> body, int64_t step) {
  KernelBuilder &k = e.k;
  if (step > 1) {
    // The elements lower + r, lower + r + step, ... for each r.
    for (int64_t r = 0; r < step; ++r) {
      Value first = k.add(lower, r), room = k.max(k.index(0), k.sub(upper, first));
      Value count = k.floorDiv(k.add(room, step - 1), k.index(step));
      overRun(e, k.index(0), count, width, [&](Coord c, int64_t lanes) {
        body({k.add(first, k.mul(c.base, step)), c.step * step}, lanes);
      });
    }
    return;
  }
  Value count = k.sub(upper, lower);
  std::optional<int64_t> known = getConstantIntValue(count);
  Value full = known ? k.add(lower, *known / width * width)
                     : k.add(lower, k.mul(k.floorDiv(count, k.index(width)), width));
  k.forLoop(lower, full, width, [&](Value iv) {
    ElementAt::Scope scope(e);
    body({iv, 1}, width);
  });
  if (known && *known % width == 0)
    return;
  Value rest = k.sub(upper, full);
  if (k.target.hasMasks) {
    Value some = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::sgt, rest, k.index(0));
    return k.ifThen(some, [&] {
      ElementAt::Scope scope(e);
      e.setLaneLimit(rest);
      body({full, 1}, width);
      e.setLaneLimit({});
    });
  }
  k.forLoop(full, upper, 1, [&](Value iv) {
    ElementAt::Scope scope(e);
    body({iv, 0}, 1);
  });
}

PadOp mlopt::paddedRuns(KernelOp kernel, ShapeAnalysis &shapes) {
  auto pad = dyn_cast_or_null<PadOp>(kernel.getHeroOp());
  if (!pad || layoutOfResult(kernel) || pad.getStaticLow().empty() ||
      (pad.getStaticLow().back() == 0 && pad.getStaticHigh().back() == 0))
    return {};
  SymShape shape = shapes.shapeOf(yieldOf(kernel).getValues()[0]);
  bool inPlace = ArrayRef<SymExpr>(shapes.shapeOf(pad.getResult())) == ArrayRef<SymExpr>(shape) &&
                 readInPlace(pad.getResult(), shape, shapes);
  return inPlace ? pad : PadOp();
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

/// Most elements of a last dimension that are woven together from vectors along the one before it.
static constexpr int64_t kMostWoven = 4;

/// Whether runs lie along the last dimension but one, because the last has very few
/// elements and what is read lies along the other: interleaved phases of an image,
/// windows of which each has one value.
static bool weavesRuns(KernelOp kernel, ShapeAnalysis &shapes) {
  SymShape shape = shapes.shapeOf(yieldOf(kernel).getValues()[0]);
  size_t rank = shape.size();
  if (ArrayAttr layouts = kernel.getLayoutsAttr())
    if (llvm::any_of(layouts, [](Attribute a) { return isa<LayoutAttr>(a); }))
      return false;
  if (rank < 3 || shape[rank - 2].getConstant().value_or(kMostWoven) < kMostWoven ||
      shape.back().getConstant().value_or(0) < 2 || *shape.back().getConstant() > kMostWoven)
    return false;
  auto readAcross = [&](Value value) {
    if (value.getDefiningOp())
      return true;
    SymShape from = shapes.shapeOf(value);
    return from.empty() || from.back().isConstant(1) || from.size() < 2 || from[from.size() - 2].isConstant(1);
  };
  bool turned = false, across = false;
  for (Operation &op : kernel.getBody().front().without_terminator()) {
    if (isa<ConstantOp, NoneOp>(op))
      continue;
    if (auto transpose = dyn_cast<TransposeOp>(op)) {
      if (turned || !isa<BlockArgument>(transpose.getInput()) ||
          ArrayRef<SymExpr>(shapes.shapeOf(transpose.getResult())) != ArrayRef<SymExpr>(shape) ||
          transpose.getPermutation()[rank - 2] != static_cast<int64_t>(rank) - 1)
        return false;
      turned = true;
      continue;
    }
    if (!op.hasTrait<mlopt::OpTrait::Elementwise>() || !llvm::all_of(op.getOperands(), readAcross))
      return false;
    // Something must lie along the runs, or vectors gain nothing.
    across |= llvm::any_of(op.getOperands(), [&](Value v) {
      SymShape from = shapes.shapeOf(v);
      return isa<BlockArgument>(v) && from.size() == rank && from[rank - 2] == shape[rank - 2];
    });
  }
  return turned || across;
}

/// Dimensions walked outside the innermost run, for row-major and blocked results.
static SymExpr outerUnits(KernelOp kernel, ShapeAnalysis &shapes) {
  SymShape shape = shapes.shapeOf(yieldOf(kernel).getValues()[0]);
  LayoutAttr layout = layoutOfResult(kernel);
  SymShape physical = getPhysicalShape(layout, shape);
  SymExpr units = SymExpr::constant(kernel.getContext(), 1);
  size_t inner = layout || weavesRuns(kernel, shapes) ? 2 : 1;
  for (size_t i = 0; i + inner < physical.size(); ++i)
    units = units * physical[i];
  return units;
}

SymExpr mlopt::mapUnits(KernelOp kernel, ShapeAnalysis &shapes, const TargetDescription &target) {
  if (std::optional<TransposeTiles> tiles = planTransposeTiles(kernel, shapes, target))
    return tileUnits(*tiles, kernel, shapes);
  if (std::optional<BlockMoves> moves = planBlockMoves(kernel, target))
    return blockMoveUnits(*moves, kernel, shapes);
  SymExpr units = outerUnits(kernel, shapes);
  SymShape shape = shapes.shapeOf(yieldOf(kernel).getValues()[0]);
  if (layoutOfResult(kernel) || shape.empty() || weavesRuns(kernel, shapes))
    return units;
  return units * shape.back().ceilDiv(chunkElements);
}

SmallVector<int64_t> mlopt::mapShare(KernelOp kernel, ShapeAnalysis &shapes, const TargetDescription &target) {
  if (planTransposeTiles(kernel, shapes, target) || planBlockMoves(kernel, target))
    return {};
  SymShape shape = shapes.shapeOf(yieldOf(kernel).getValues()[0]);
  LayoutAttr layout = layoutOfResult(kernel);
  // Chunks of a run are equal units where they divide it, or are the only one.
  if (!layout && !shape.empty() && !shape.back().isMultipleOf(chunkElements) &&
      shape.back().getConstant().value_or(chunkElements + 1) > chunkElements)
    return {};
  return ownShare(kernel, shapes, shape, layout);
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
    else if (weavesRuns(k.kernel, k.shapes))
      woven();
    else
      rowMajor();
    return result;
  }

private:
  void element(ArrayRef<Coord> index, int64_t lanes) {
    ElementAt::Scope scope(e);
    // All first, for any result may lie where another one's operand does.
    SmallVector<Value> values;
    for (Value value : yield.getValues())
      values.push_back(e.at(value, index, lanes));
    for (auto [r, v] : llvm::enumerate(values))
      if (v)
        e.storeResult(r, v, index, lanes);
      else
        result = failure();
  }

  void rowMajor() {
    if (sizes.empty()) {
      // A scalar is one unit as any other: whose share it is, others rely on (OwnShare.h).
      auto [begin, end] = k.share(k.index(1));
      k.forLoop(begin, end, 1, [&](Value) { element({}, 1); });
      return;
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
    if (PadOp pad = paddedRuns(k.kernel, k.shapes))
      return paddedRun(pad, index, dim, lower, upper);
    auto one = [&](Coord c, int64_t lanes) {
      index[dim] = c;
      element(index, lanes);
    };
    overRun(e, lower, upper, width, one, laneStep(k.kernel, k.shapes));
  }

  /// Vectors along the last dimension but one, one for each element of the last: woven
  /// together they are a run of memory.
  void woven() {
    size_t last = sizes.size() - 1, along = last - 1;
    int64_t ways = *symbols[last].getConstant();
    std::optional<int64_t> length = symbols[along].getConstant();
    int64_t most = length ? std::min<int64_t>(width, llvm::PowerOf2Ceil(*length)) : width;
    SmallVector<Value> outerSizes(sizes.begin(), sizes.end() - 2);
    Value units = k.index(1);
    for (Value s : outerSizes)
      units = k.mul(units, s);
    auto [begin, end] = k.share(units);
    k.forLoop(begin, end, 1, [&](Value unit) {
      Coords index;
      for (Value v : e.delinearize(unit, outerSizes))
        index.push_back({v, 0});
      index.append(2, Coord{k.index(0), 0});
      overRun(e, k.index(0), sizes[along], most, [&](Coord c, int64_t lanes) {
        index[along] = c;
        if (lanes > 1)
          return weave(index, ways, lanes);
        for (int64_t way = 0; way < ways; ++way) {
          index[last].base = k.index(way);
          element(index, 1);
        }
      });
    });
  }

  void weave(Coords index, int64_t ways, int64_t lanes) {
    ElementAt::Scope scope(e);
    ScalarMath m = e.scalarMath();
    SmallVector<Value> place;
    for (Coord c : index)
      place.push_back(c.base);
    Value offset = e.linearize(place, sizes);
    for (auto [r, value] : llvm::enumerate(yield.getValues())) {
      SmallVector<Value> vectors;
      for (int64_t way = 0; way < ways; ++way) {
        index.back().base = k.index(way);
        Value v = e.at(value, index, lanes);
        if (!v) {
          result = failure();
          return;
        }
        vectors.push_back(toStorage(m, v, cast<RankedTensorType>(value.getType()).getElementType()));
      }
      for (int64_t part = 0; part < ways; ++part) {
        // Element i of the run is lane i / ways of vector i % ways.
        Value out = vectors[0];
        for (int64_t way = 0; way < ways; ++way) {
          SmallVector<int64_t> pick;
          for (int64_t l = 0; l < lanes; ++l) {
            int64_t i = part * lanes + l;
            bool here = i % ways == way;
            pick.push_back(way == 0 ? i / ways : here ? lanes + i / ways : l);
          }
          out = way == 0 ? vector::ShuffleOp::create(k.b, k.loc, vectors[0], vectors[0], pick).getResult()
                         : vector::ShuffleOp::create(k.b, k.loc, out, vectors[way], pick).getResult();
        }
        Value to = k.add(offset, part * lanes);
        if (Value limit = e.getLaneLimit())
          k.storeMasked(out, k.resultPtr(r), to, k.sub(k.mul(limit, ways), k.index(part * lanes)));
        else
          k.store(out, k.resultPtr(r), to);
      }
    }
  }

  /// A run of a pad: what lies inside the input by vectors, its ends one by one.
  void paddedRun(PadOp pad, Coords &index, size_t dim, Value lower, Value upper) {
    Value low = e.mixed(pad.getStaticLow(), pad.getLow())[dim];
    Value begin = k.min(k.max(lower, low), upper);
    Value end = k.max(k.min(k.add(low, e.sizesOf(pad.getInput())[dim]), upper), begin);
    auto ends = [&](Value from, Value to) {
      k.forLoop(from, to, 1, [&](Value iv) {
        index[dim] = {iv, 0};
        element(index, 1);
      });
    };
    ends(lower, begin);
    e.setPadInterior(pad);
    overRun(e, begin, end, width, [&](Coord c, int64_t lanes) {
      index[dim] = c;
      element(index, lanes);
    });
    e.setPadInterior({});
    ends(end, upper);
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
          if (Value inside = insideOthers(dims, index, channel))
            k.ifThen(inside, [&] { element(index, step); }, [&] { zeros(index, step); });
          else
            element(index, step);
          e.setLaneLimit({});
        }
      });
    });
  }

  /// Whether an index lies inside the tensor along the cut dimensions but `channel`
  /// (i1); null if none of them has padding.
  Value insideOthers(ArrayRef<PhysicalDim> dims, ArrayRef<Coord> index, int64_t channel) {
    Value inside;
    for (PhysicalDim d : dims) {
      if (!d.modulus || d.dim == channel || symbols[d.dim].isMultipleOf(d.modulus))
        continue;
      Value here = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::slt, index[d.dim].base, sizes[d.dim]);
      inside = inside ? arith::AndIOp::create(k.b, k.loc, inside, here).getResult() : here;
    }
    return inside;
  }

  /// Padding of every result.
  void zeros(ArrayRef<Coord> index, int64_t lanes) {
    for (auto [r, value] : llvm::enumerate(yield.getValues())) {
      Type type = k.vectorOf(computeType(cast<RankedTensorType>(value.getType()).getElementType()), lanes);
      e.storeResult(r, arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(type)), index, lanes);
    }
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

LogicalResult mlopt::emitMap(ElementAt &e) {
  KernelBuilder &k = e.k;
  if (std::optional<BlockMoves> moves = planBlockMoves(k.kernel, k.target))
    return emitBlockMoves(*moves, e);
  std::optional<TransposeTiles> tiles = planTransposeTiles(k.kernel, k.shapes, k.target);
  if (!tiles)
    return MapEmitter(e).run();
  Value fit = tilesFit(*tiles, k);
  if (!fit)
    return emitTransposeTiles(*tiles, e);
  LogicalResult inTiles = failure(), plain = failure();
  k.ifThen(
      fit,
      [&] {
        ElementAt::Scope scope(e);
        inTiles = emitTransposeTiles(*tiles, e);
      },
      [&] {
        ElementAt::Scope scope(e);
        plain = MapEmitter(e).run();
      });
  return success(succeeded(inTiles) && succeeded(plain));
}
