//===- ElementAtWindows.cpp - Elements of reductions and windows ----------===//
//
// Plain loops over the definition: sums over axes, matrix products,
// convolutions and pooling windows.
//
//===----------------------------------------------------------------------===//
#include "ElementAt.h"

using namespace mlir;
using namespace mlopt;

static Type elementOf(Value tensor) {
  return cast<RankedTensorType>(tensor.getType()).getElementType();
}

static bool isUnsigned(Type element) {
  auto type = dyn_cast<IntegerType>(element);
  return type && (type.isUnsigned() || type.getWidth() == 1);
}

//===----------------------------------------------------------------------===//
// Reduction steps
//===----------------------------------------------------------------------===//

Value mlopt::reductionNeutral(ScalarMath &m, ReduceKind kind, Type element, int64_t lanes) {
  Type compute = computeType(element);
  Type type = lanes == 1 ? compute : Type(VectorType::get({lanes}, compute));
  Attribute scalar;
  if (auto f = dyn_cast<FloatType>(compute)) {
    double v = kind == ReduceKind::prod  ? 1.0
               : kind == ReduceKind::max ? -std::numeric_limits<double>::infinity()
               : kind == ReduceKind::min ? std::numeric_limits<double>::infinity()
                                         : 0.0;
    scalar = FloatAttr::get(f, v);
  } else {
    unsigned width = cast<IntegerType>(compute).getWidth();
    bool unsignedElement = isUnsigned(element);
    APInt v(width, 0);
    if (kind == ReduceKind::prod)
      v = APInt(width, 1);
    else if (kind == ReduceKind::max)
      v = unsignedElement ? APInt::getMinValue(width) : APInt::getSignedMinValue(width);
    else if (kind == ReduceKind::min)
      v = unsignedElement ? APInt::getMaxValue(width) : APInt::getSignedMaxValue(width);
    scalar = IntegerAttr::get(compute, v);
  }
  TypedAttr attr = lanes == 1 ? cast<TypedAttr>(scalar)
                              : cast<TypedAttr>(Attribute(DenseElementsAttr::get(cast<VectorType>(type), scalar)));
  return arith::ConstantOp::create(m.builder, m.loc, attr);
}

Value mlopt::reductionStep(ScalarMath &m, ReduceKind kind, Type element, Value a, Value b) {
  bool isFloat = isa<FloatType>(computeType(element));
  switch (kind) {
  case ReduceKind::sum:
  case ReduceKind::mean:
    return isFloat ? m.add(a, b) : m.addI(a, b);
  case ReduceKind::prod:
    return isFloat ? m.mul(a, b) : m.mulI(a, b);
  case ReduceKind::max:
    return isFloat ? m.maxF(a, b) : m.maxI(a, b, isUnsigned(element));
  case ReduceKind::min:
    return isFloat ? m.minF(a, b) : m.minI(a, b, isUnsigned(element));
  }
  llvm_unreachable("all kinds are handled");
}

Value mlopt::reduceLanes(KernelBuilder &k, ScalarMath &m, ReduceKind kind, Type element, Value v) {
  auto type = dyn_cast<VectorType>(v.getType());
  if (!type)
    return v;
  int64_t lanes = type.getNumElements();
  // Halves onto each other: the same tree at any thread count.
  while (lanes > 2) {
    int64_t half = lanes / 2;
    SmallVector<int64_t> first = llvm::to_vector(llvm::seq<int64_t>(0, half));
    SmallVector<int64_t> second = llvm::to_vector(llvm::seq<int64_t>(half, lanes));
    Value low = vector::ShuffleOp::create(k.b, k.loc, v, v, first);
    Value high = vector::ShuffleOp::create(k.b, k.loc, v, v, second);
    v = reductionStep(m, kind, element, low, high);
    lanes = half;
  }
  Value low = vector::ExtractOp::create(k.b, k.loc, v, ArrayRef<int64_t>{0});
  if (lanes == 1)
    return low;
  return reductionStep(m, kind, element, low, vector::ExtractOp::create(k.b, k.loc, v, ArrayRef<int64_t>{1}));
}

Value mlopt::countAs(ScalarMath &m, Value count, Type element) {
  Type compute = computeType(element);
  if (isa<FloatType>(compute))
    return m.intToFloat(count, compute);
  unsigned width = cast<IntegerType>(compute).getWidth();
  return width == 64 ? count : m.truncI(count, compute);
}

/// Elements that are added up in one chain.
static constexpr int64_t kSumPart = 32;

Value ElementAt::reduceAt(ReduceOp op, ArrayRef<Coord> index, int64_t lanes) {
  Value input = op.getInput();
  Type element = elementOf(input);
  SmallVector<Value> sizes = sizesOf(input);
  // Coordinates of the kept axes.
  Coords from(sizes.size());
  size_t next = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    bool reduced = llvm::is_contained(op.getAxes(), (int64_t)i);
    if (!reduced)
      from[i] = index[next];
    if (!reduced || op.getKeepdims())
      ++next;
  }
  ScalarMath m = scalarMath();
  Value init = reductionNeutral(m, op.getKind(), element, lanes);
  // One long chain of sums loses bits with each element. Sums of floats are taken in parts of each
  // axis: a chain is as long as a part or as the number of parts.
  bool isSum = op.getKind() == ReduceKind::sum || op.getKind() == ReduceKind::mean;
  bool inParts = isSum && isa<FloatType>(computeType(element));
  std::function<Value(size_t, Value)> nest = [&](size_t depth, Value acc) -> Value {
    if (depth == op.getAxes().size()) {
      Value v = at(input, from, lanes);
      return v ? reductionStep(m, op.getKind(), element, acc, v) : Value();
    }
    int64_t axis = op.getAxes()[depth];
    auto over = [&](Value begin, Value end, Value start) {
      return loop(begin, end, start, [&](Value iv, ValueRange carried) -> SmallVector<Value> {
        from[axis] = {iv, 0};
        Value r = nest(depth + 1, carried[0]);
        return {r ? r : carried[0]};
      })[0];
    };
    // A few elements lengthen the chain around them less than a part of their own costs.
    std::optional<int64_t> known = getConstantIntValue(sizes[axis]);
    if (!inParts || (known && *known <= 8))
      return over(k.index(0), sizes[axis], acc);
    Value part = k.index(kSumPart);
    Value parts = k.floorDiv(k.add(sizes[axis], k.index(kSumPart - 1)), part);
    return loop(k.index(0), parts, acc, [&](Value iv, ValueRange carried) -> SmallVector<Value> {
      Value begin = k.mul(iv, part);
      Value end = k.min(k.add(begin, part), sizes[axis]);
      return {reductionStep(m, op.getKind(), element, carried[0], over(begin, end, init))};
    })[0];
  };
  Value result = nest(0, init);
  if (op.getKind() == ReduceKind::mean) {
    Value count = k.index(1);
    for (int64_t axis : op.getAxes())
      count = k.mul(count, sizes[axis]);
    Value divisor = k.splat(countAs(m, count, element), lanes);
    result = isa<FloatType>(computeType(element)) ? m.div(result, divisor)
                                                  : m.divI(result, divisor, isUnsigned(element));
  }
  return result;
}

Value ElementAt::argReduceAt(ArgReduceOp op, ArrayRef<Value> index) {
  Value input = op.getInput();
  Type element = elementOf(input);
  int64_t axis = op.getAxis();
  Coords from;
  size_t next = 0;
  SmallVector<Value> sizes = sizesOf(input);
  for (size_t i = 0; i < sizes.size(); ++i) {
    if ((int64_t)i == axis) {
      from.push_back({k.index(0), 0});
      next += op.getKeepdims();
    } else {
      from.push_back({index[next++], 0});
    }
  }
  ScalarMath m = scalarMath();
  bool isMax = op.getKind() == ArgReduceKind::max, isFloat = isa<FloatType>(computeType(element));
  Value first = at(input, from, 1);
  SmallVector<Value> best = loop(k.index(1), sizes[axis], ValueRange{first, k.index(0)},
                                 [&](Value iv, ValueRange carried) -> SmallVector<Value> {
    from[axis] = {iv, 0};
    Value v = at(input, from, 1);
    Value better;
    if (isFloat) {
      auto p = isMax ? (op.getSelectLastIndex() ? arith::CmpFPredicate::OGE : arith::CmpFPredicate::OGT)
                     : (op.getSelectLastIndex() ? arith::CmpFPredicate::OLE : arith::CmpFPredicate::OLT);
      better = m.cmpF(p, v, carried[0]);
    } else {
      bool u = isUnsigned(element), last = op.getSelectLastIndex();
      using P = arith::CmpIPredicate;
      P p = isMax ? (u ? (last ? P::uge : P::ugt) : (last ? P::sge : P::sgt))
                  : (u ? (last ? P::ule : P::ult) : (last ? P::sle : P::slt));
      better = m.cmpI(p, v, carried[0]);
    }
    return {m.select(better, v, carried[0]), m.select(better, iv, carried[1])};
  });
  return best[1];
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

static Value multiplyAdd(ScalarMath &m, Type element, Value a, Value b, Value c) {
  return isa<FloatType>(computeType(element)) ? m.fma(a, b, c) : m.addI(m.mulI(a, b), c);
}

Coords mlopt::matrixIndex(KernelBuilder &k, const SymShape &shape, ArrayRef<Coord> index, bool transposed, bool isLhs,
                          Value kk) {
  size_t rank = index.size();
  Coords c;
  for (size_t i = 0; i + 2 < shape.size(); ++i) {
    Coord from = index[i + rank - shape.size()];
    Value one = shape[i].getConstant()
                    ? Value()
                    : arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::eq, k.size(shape[i]), k.index(1)).getResult();
    if (shape[i].isConstant(1))
      c.push_back({k.index(0), 0});
    else if (one)
      c.push_back({arith::SelectOp::create(k.b, k.loc, one, k.index(0), from.base), from.step});
    else
      c.push_back(from);
  }
  Coord outer = isLhs ? index[rank - 2] : index[rank - 1], inner = {kk, 0};
  bool outerFirst = isLhs != transposed;
  c.push_back(outerFirst ? outer : inner);
  c.push_back(outerFirst ? inner : outer);
  return c;
}

Value ElementAt::matmulAt(MatmulOp op, ArrayRef<Coord> index, int64_t lanes) {
  Value lhs = op.getLhs(), rhs = op.getRhs();
  Type element = elementOf(lhs);
  SymShape a = k.shapes.shapeOf(lhs), b = k.shapes.shapeOf(rhs);
  ScalarMath m = scalarMath();
  Value size = k.size(a[a.size() - (op.getTransposeA() ? 2 : 1)]);
  Value init = reductionNeutral(m, ReduceKind::sum, element, lanes);
  return loop(k.index(0), size, init, [&](Value kk, ValueRange carried) -> SmallVector<Value> {
    Value x = at(lhs, matrixIndex(k, a, index, op.getTransposeA(), true, kk), lanes);
    Value y = at(rhs, matrixIndex(k, b, index, op.getTransposeB(), false, kk), lanes);
    return {multiplyAdd(m, element, x, y, carried[0])};
  })[0];
}

/// Whether all of 0 <= v < size hold, pairwise.
static Value insideAll(KernelBuilder &k, ArrayRef<Value> v, ArrayRef<Value> size) {
  Value inside;
  for (auto [x, s] : llvm::zip_equal(v, size)) {
    // One unsigned comparison covers negative values.
    Value here = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::ult, x, s);
    inside = inside ? arith::AndIOp::create(k.b, k.loc, inside, here).getResult() : here;
  }
  return inside;
}

/// Loops over the filter of one output element; `visit` gets the coordinates of
/// input and filter, whether the former lie inside (i1), and the sum so far.
template <typename OpTy>
static Value overFilter(ElementAt &e, OpTy op, ArrayRef<Value> index, Value init,
                        llvm::function_ref<Value(ArrayRef<Coord>, ArrayRef<Coord>, Value, Value)> visit) {
  KernelBuilder &k = e.k;
  SmallVector<Value> in = e.sizesOf(op.getInput()), window = e.sizesOf(op.getFilter());
  size_t spatial = in.size() - 2;
  Value perGroup = k.floorDiv(window[0], k.index(op.getGroups()));
  Value channelBase = k.mul(k.floorDiv(index[1], perGroup), window[1]);
  SmallVector<Value> position(spatial), inner(spatial);
  std::function<Value(size_t, Value, Value)> nest = [&](size_t depth, Value channel, Value sum) -> Value {
    if (depth == spatial) {
      Value inside = insideAll(k, position, ArrayRef(in).drop_front(2));
      Coords x = {{index[0], 0}, {k.add(channelBase, channel), 0}}, w = {{index[1], 0}, {channel, 0}};
      for (size_t i = 0; i < spatial; ++i) {
        x.push_back({position[i], 0});
        w.push_back({inner[i], 0});
      }
      return visit(x, w, inside, sum);
    }
    return e.loop(k.index(0), window[depth + 2], sum, [&](Value iv, ValueRange carried) -> SmallVector<Value> {
      inner[depth] = iv;
      position[depth] = k.sub(k.add(k.mul(index[depth + 2], op.getStrides()[depth]), k.mul(iv, op.getDilations()[depth])),
                              k.index(op.getPadsBegin()[depth]));
      return {nest(depth + 1, channel, carried[0])};
    })[0];
  };
  return e.loop(k.index(0), window[1], init, [&](Value channel, ValueRange carried) -> SmallVector<Value> {
    return {nest(0, channel, carried[0])};
  })[0];
}

/// `then()` where `inside` (i1) holds, else `otherwise`, of one type.
static Value whereInside(ElementAt &e, Value inside, Value otherwise, llvm::function_ref<Value()> then) {
  KernelBuilder &k = e.k;
  auto branch = scf::IfOp::create(k.b, k.loc, TypeRange{otherwise.getType()}, inside, true);
  OpBuilder::InsertionGuard guard(k.b);
  k.b.setInsertionPointToStart(branch.thenBlock());
  {
    ElementAt::Scope scope(e);
    scf::YieldOp::create(k.b, k.loc, then());
  }
  k.b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(k.b, k.loc, otherwise);
  return branch.getResult(0);
}

Value ElementAt::convAt(ConvOp op, ArrayRef<Value> index) {
  Type element = elementOf(op.getInput());
  ScalarMath m = scalarMath();
  Value acc = reductionNeutral(m, ReduceKind::sum, element, 1);
  if (isa<RankedTensorType>(op.getBias().getType()))
    acc = at(op.getBias(), Coord{index[1], 0}, 1);
  return overFilter(*this, op, index, acc, [&](ArrayRef<Coord> x, ArrayRef<Coord> w, Value inside, Value sum) {
    return whereInside(*this, inside, sum, [&] {
      Value xv = at(op.getInput(), x, 1), wv = at(op.getFilter(), w, 1);
      return multiplyAdd(m, element, xv, wv, sum);
    });
  });
}

Value ElementAt::integerConvAt(IntegerConvOp op, ArrayRef<Value> index) {
  ScalarMath m = scalarMath();
  Value zeroX = op.getInputZero(), zeroW = op.getFilterZero();
  Value padding = m.zero(k.b.getI32Type()), shift = padding;
  if (op.getRaw() && isa<RankedTensorType>(zeroX.getType()))
    padding = shiftedAt(zeroX, {}, {}, 1);
  if (auto type = dyn_cast<RankedTensorType>(zeroW.getType()))
    shift = shiftedAt(zeroW, {}, Coords(type.getRank(), Coord{index[1], 0}), 1);
  Value acc = m.zero(k.b.getI32Type());
  return overFilter(*this, op, index, acc, [&](ArrayRef<Coord> x, ArrayRef<Coord> w, Value inside, Value sum) {
    Value xv = whereInside(*this, inside, padding, [&] {
      return shiftedAt(op.getInput(), op.getRaw() ? Value() : zeroX, x, 1);
    });
    return m.addI(sum, m.mulI(xv, m.subI(shiftedAt(op.getFilter(), {}, w, 1), shift)));
  });
}

Value ElementAt::convTransposeAt(ConvTransposeOp op, ArrayRef<Value> index) {
  Value input = op.getInput(), filter = op.getFilter();
  Type element = elementOf(input);
  SmallVector<Value> in = sizesOf(input), window = sizesOf(filter);
  ScalarMath m = scalarMath();
  size_t spatial = in.size() - 2;
  // Output channel index[1] = group * (M/groups) + j; input channels of the group.
  Value group = k.floorDiv(index[1], window[1]), j = k.rem(index[1], window[1]);
  Value perGroup = k.floorDiv(window[0], k.index(op.getGroups()));
  Value channelBase = k.mul(group, perGroup);
  Value acc = reductionNeutral(m, ReduceKind::sum, element, 1);
  if (isa<RankedTensorType>(op.getBias().getType()))
    acc = at(op.getBias(), Coord{index[1], 0}, 1);
  SmallVector<Value> numerator(spatial), position(spatial), inner(spatial);
  std::function<Value(size_t, Value, Value, Value)> nest = [&](size_t depth, Value channel, Value sum, Value exact) -> Value {
    if (depth == spatial) {
      Value inside = insideAll(k, position, ArrayRef(in).drop_front(2));
      inside = arith::AndIOp::create(k.b, k.loc, inside, exact);
      auto branch = scf::IfOp::create(k.b, k.loc, TypeRange{sum.getType()}, inside, true);
      OpBuilder::InsertionGuard guard(k.b);
      k.b.setInsertionPointToStart(branch.thenBlock());
      {
        Scope scope(*this);
        Coords x = {{index[0], 0}, {k.add(channelBase, channel), 0}},
               w = {{k.add(channelBase, channel), 0}, {j, 0}};
        for (size_t i = 0; i < spatial; ++i) {
          x.push_back({position[i], 0});
          w.push_back({inner[i], 0});
        }
        Value xv = at(input, x, 1), wv = at(filter, w, 1);
        scf::YieldOp::create(k.b, k.loc, multiplyAdd(m, element, xv, wv, sum));
      }
      k.b.setInsertionPointToStart(branch.elseBlock());
      scf::YieldOp::create(k.b, k.loc, sum);
      return branch.getResult(0);
    }
    return loop(k.index(0), window[depth + 2], sum, [&](Value iv, ValueRange carried) -> SmallVector<Value> {
      inner[depth] = iv;
      // o = i * stride + kernel * dilation - pad, solved for i.
      Value n = k.sub(k.add(index[depth + 2], k.index(op.getPadsBegin()[depth])), k.mul(iv, op.getDilations()[depth]));
      Value stride = k.index(op.getStrides()[depth]);
      Value q = arith::FloorDivSIOp::create(k.b, k.loc, n, stride);
      Value whole = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::eq, k.mul(q, stride), n);
      position[depth] = q;
      Value both = arith::AndIOp::create(k.b, k.loc, exact, whole);
      return {nest(depth + 1, channel, carried[0], both)};
    })[0];
  };
  Value yes = arith::ConstantOp::create(k.b, k.loc, k.b.getBoolAttr(true));
  return loop(k.index(0), perGroup, acc, [&](Value channel, ValueRange carried) -> SmallVector<Value> {
    return {nest(0, channel, carried[0], yes)};
  })[0];
}

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

namespace {
/// Loops over one window; `visit` gets the input coordinates and carried
/// values of each element inside the input.
template <typename OpTy>
SmallVector<Value> overWindow(ElementAt &e, OpTy op, ArrayRef<Coord> index, ValueRange init,
                              llvm::function_ref<SmallVector<Value>(ArrayRef<Coord>, ValueRange)> visit) {
  KernelBuilder &k = e.k;
  SmallVector<Value> in = e.sizesOf(op.getInput());
  size_t spatial = in.size() - 2;
  SmallVector<Value> position(spatial);
  std::function<SmallVector<Value>(size_t, ValueRange)> nest = [&](size_t depth, ValueRange carried) -> SmallVector<Value> {
    if (depth == spatial) {
      Value inside = insideAll(k, position, ArrayRef(in).drop_front(2));
      auto branch = scf::IfOp::create(k.b, k.loc, carried.getTypes(), inside, true);
      OpBuilder::InsertionGuard guard(k.b);
      k.b.setInsertionPointToStart(branch.thenBlock());
      {
        ElementAt::Scope scope(e);
        Coords from = {index[0], index[1]};
        for (Value v : position)
          from.push_back({v, 0});
        scf::YieldOp::create(k.b, k.loc, visit(from, carried));
      }
      k.b.setInsertionPointToStart(branch.elseBlock());
      scf::YieldOp::create(k.b, k.loc, carried);
      return SmallVector<Value>(branch.getResults());
    }
    return e.loop(k.index(0), k.index(op.getKernel()[depth]), carried, [&](Value iv, ValueRange inner) -> SmallVector<Value> {
      position[depth] = k.sub(k.add(k.mul(index[depth + 2].base, op.getStrides()[depth]), k.mul(iv, op.getDilations()[depth])),
                              k.index(op.getPadsBegin()[depth]));
      return nest(depth + 1, inner);
    });
  };
  return nest(0, init);
}
} // namespace

Value ElementAt::poolAt(PoolOp op, ArrayRef<Coord> index, int64_t lanes) {
  // Lanes run over samples or channels; along a spatial axis windows overlap.
  if (lanes > 1 && llvm::any_of(index.drop_front(2), [](Coord c) { return c.step != 0; }))
    return perLane(op.getResult(), index, lanes);
  Type element = elementOf(op.getInput());
  ScalarMath m = scalarMath();
  auto read = [&](ArrayRef<Coord> from) { return at(op.getInput(), from, lanes); };
  if (op.getKind() == PoolKind::max) {
    Value init = reductionNeutral(m, ReduceKind::max, element, lanes);
    return overWindow(*this, op, index, init, [&](ArrayRef<Coord> from, ValueRange carried) -> SmallVector<Value> {
      return {reductionStep(m, ReduceKind::max, element, carried[0], read(from))};
    })[0];
  }
  Type compute = computeType(element);
  Value zero = reductionNeutral(m, ReduceKind::sum, element, lanes);
  if (op.getKind() == PoolKind::lp) {
    Value p = m.constF(zero, static_cast<double>(op.getP()));
    Value sum = overWindow(*this, op, index, zero, [&](ArrayRef<Coord> from, ValueRange carried) -> SmallVector<Value> {
      Value x = m.abs(read(from));
      Value power = op.getP() == 1 ? x : op.getP() == 2 ? m.mul(x, x) : m.pow(x, p);
      return {m.add(carried[0], power)};
    })[0];
    if (op.getP() == 1)
      return sum;
    return op.getP() == 2 ? m.sqrt(sum) : m.pow(sum, m.div(m.constF(zero, 1.0), p));
  }
  SmallVector<Value> r = overWindow(*this, op, index, ValueRange{zero, k.index(0)},
      [&](ArrayRef<Coord> from, ValueRange carried) -> SmallVector<Value> {
        return {m.add(carried[0], read(from)), k.add(carried[1], 1)};
      });
  Value count = r[1];
  if (op.getCountIncludePad()) {
    // Elements of the window in [-pads_begin, size + pads_end).
    SmallVector<Value> in = sizesOf(op.getInput());
    count = k.index(1);
    for (size_t i = 0; i + 2 < in.size(); ++i) {
      Value start = k.sub(k.mul(index[i + 2].base, op.getStrides()[i]), k.index(op.getPadsBegin()[i]));
      Value end = k.add(in[i + 2], k.index(op.getPadsEnd()[i]));
      Value room = arith::CeilDivSIOp::create(k.b, k.loc, k.sub(end, start), k.index(op.getDilations()[i]));
      count = k.mul(count, k.min(room, k.index(op.getKernel()[i])));
    }
  }
  return m.div(r[0], k.splat(m.intToFloat(count, compute), lanes));
}

Value ElementAt::maxPoolIndexAt(MaxPoolWithIndicesOp op, bool wantIndex, ArrayRef<Value> index) {
  Type element = elementOf(op.getInput());
  ScalarMath m = scalarMath();
  SmallVector<Value> sizes = sizesOf(op.getInput());
  Value init = reductionNeutral(m, ReduceKind::max, element, 1);
  Coords here;
  for (Value v : index)
    here.push_back({v, 0});
  SmallVector<Value> r = overWindow(*this, op, here, ValueRange{init, k.index(-1)},
      [&](ArrayRef<Coord> from, ValueRange carried) -> SmallVector<Value> {
        Value x = at(op.getInput(), from, 1);
        Value better;
        if (isa<FloatType>(computeType(element)))
          better = m.cmpF(arith::CmpFPredicate::OGT, x, carried[0]);
        else
          better = m.cmpI(isUnsigned(element) ? arith::CmpIPredicate::ugt : arith::CmpIPredicate::sgt, x, carried[0]);
        // The first element counts even if it is the neutral one.
        Value first = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::slt, carried[1], k.index(0));
        better = arith::OrIOp::create(k.b, k.loc, better, first);
        SmallVector<Value> order, extent = sizes;
        for (Coord c : from)
          order.push_back(c.base);
        if (op.getColumnMajor()) {
          std::reverse(order.begin() + 2, order.end());
          std::reverse(extent.begin() + 2, extent.end());
        }
        return {m.select(better, x, carried[0]), m.select(better, linearize(order, extent), carried[1])};
      });
  return wantIndex ? r[1] : r[0];
}
