//===- ElementAtData.cpp - Elements of rearranged and picked data ---------===//
#include "ElementAt.h"
#include "ResizeTaps.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;
using namespace mlopt;

static Type elementOf(Value tensor) {
  return cast<RankedTensorType>(tensor.getType()).getElementType();
}

static Value compare(KernelBuilder &k, arith::CmpIPredicate p, Value a, Value b) {
  return arith::CmpIOp::create(k.b, k.loc, p, a, b);
}

//===----------------------------------------------------------------------===//
// pad, concat
//===----------------------------------------------------------------------===//

Value ElementAt::padAt(PadOp op, ArrayRef<Coord> index, int64_t lanes) {
  // Lanes along a padded axis leave the input at different places, unless they
  // are known to lie inside it.
  size_t interior = op == padInterior && lanes > 1 ? index.size() - 1 : index.size();
  for (auto [i, c] : llvm::enumerate(index))
    if (i != interior && c.step && (op.getStaticLow()[i] != 0 || op.getStaticHigh()[i] != 0) && lanes > 1)
      return perLane(op.getResult(), index, lanes);
  SmallVector<Value> low = mixed(op.getStaticLow(), op.getLow()), sizes = sizesOf(op.getInput());
  Coords from;
  Value inside;
  for (auto [i, c] : llvm::enumerate(index)) {
    Value x = k.sub(c.base, low[i]), size = sizes[i];
    bool untouched = op.getStaticLow()[i] == 0 && op.getStaticHigh()[i] == 0;
    if (untouched || i == interior) {
      from.push_back({x, c.step});
      continue;
    }
    switch (op.getMode()) {
    case PadMode::constant: {
      Value here = compare(k, arith::CmpIPredicate::ult, x, size);
      inside = inside ? arith::AndIOp::create(k.b, k.loc, inside, here).getResult() : here;
      break;
    }
    case PadMode::edge:
      x = k.max(k.index(0), k.min(x, k.sub(size, k.index(1))));
      break;
    case PadMode::reflect: {
      // Period 2 (size - 1); a single element reflects onto itself. One reflection
      // is nearly always enough, and needs no division.
      Value last = k.sub(size, k.index(1)), zero = k.index(0);
      Value once = k.max(x, k.sub(zero, x));
      once = k.min(once, k.sub(k.mul(last, 2), once));
      auto branch = scf::IfOp::create(k.b, k.loc, TypeRange{k.b.getI64Type()},
                                      compare(k, arith::CmpIPredicate::sge, once, zero), true);
      OpBuilder::InsertionGuard guard(k.b);
      k.b.setInsertionPointToStart(branch.thenBlock());
      scf::YieldOp::create(k.b, k.loc, once);
      k.b.setInsertionPointToStart(branch.elseBlock());
      Value period = k.max(k.mul(last, 2), k.index(1));
      Value q = arith::FloorDivSIOp::create(k.b, k.loc, x, period);
      Value r = k.sub(x, k.mul(q, period));
      Value beyond = compare(k, arith::CmpIPredicate::sgt, r, last);
      scf::YieldOp::create(k.b, k.loc, arith::SelectOp::create(k.b, k.loc, beyond, k.sub(period, r), r).getResult());
      x = branch.getResult(0);
      break;
    }
    case PadMode::wrap: {
      Value q = arith::FloorDivSIOp::create(k.b, k.loc, x, size);
      x = k.sub(x, k.mul(q, size));
      break;
    }
    }
    from.push_back({x, 0});
  }
  if (!inside)
    return at(op.getInput(), from, lanes);
  Type type = k.vectorOf(computeType(elementOf(op.getInput())), lanes);
  auto branch = scf::IfOp::create(k.b, k.loc, TypeRange{type}, inside, true);
  OpBuilder::InsertionGuard guard(k.b);
  k.b.setInsertionPointToStart(branch.thenBlock());
  {
    Scope scope(*this);
    Value v = at(op.getInput(), from, lanes);
    if (!v)
      return {};
    scf::YieldOp::create(k.b, k.loc, v);
  }
  k.b.setInsertionPointToStart(branch.elseBlock());
  {
    Scope scope(*this);
    Value fill = at(op.getValue(), {}, 1);
    scf::YieldOp::create(k.b, k.loc, k.splat(fill, lanes));
  }
  return branch.getResult(0);
}

Value ElementAt::concatAt(ConcatOp op, ArrayRef<Coord> index, int64_t lanes) {
  int64_t axis = op.getAxis();
  if (lanes > 1 && index[axis].step)
    return perLane(op.getResult(), index, lanes);
  Type type = k.vectorOf(computeType(elementOf(op.getResult())), lanes);
  std::function<Value(unsigned, Value)> chain = [&](unsigned i, Value offset) -> Value {
    Coords from(index.begin(), index.end());
    from[axis] = {offset, 0};
    if (i + 1 == op.getInputs().size())
      return at(op.getInputs()[i], from, lanes);
    Value size = sizesOf(op.getInputs()[i])[axis];
    auto branch = scf::IfOp::create(k.b, k.loc, TypeRange{type}, compare(k, arith::CmpIPredicate::slt, offset, size), true);
    OpBuilder::InsertionGuard guard(k.b);
    for (bool here : {true, false}) {
      k.b.setInsertionPointToStart(here ? branch.thenBlock() : branch.elseBlock());
      Scope scope(*this);
      Value v = here ? at(op.getInputs()[i], from, lanes) : chain(i + 1, k.sub(offset, size));
      if (!v)
        return {};
      scf::YieldOp::create(k.b, k.loc, v);
    }
    return branch.getResult(0);
  };
  return chain(0, index[axis].base);
}

//===----------------------------------------------------------------------===//
// gathers
//===----------------------------------------------------------------------===//

Value ElementAt::checkedIndex(Value raw, Value size, Value &bad) {
  ScalarMath m = scalarMath();
  if (raw.getType() != k.b.getI64Type())
    raw = m.extS(raw, k.b.getI64Type());
  Value negative = compare(k, arith::CmpIPredicate::slt, raw, k.index(0));
  Value wrapped = arith::SelectOp::create(k.b, k.loc, negative, arith::AddIOp::create(k.b, k.loc, raw, size), raw);
  Value outside = compare(k, arith::CmpIPredicate::uge, wrapped, size);
  bad = bad ? arith::OrIOp::create(k.b, k.loc, bad, outside).getResult() : outside;
  return arith::SelectOp::create(k.b, k.loc, outside, k.index(0), wrapped);
}

/// A bad index is recorded with the flat number of the result element, which
/// becomes 0; no memory is read.
static Value guardedRead(ElementAt &e, Value bad, Value flat, Type type, llvm::function_ref<Value()> read) {
  KernelBuilder &k = e.k;
  k.recordError(bad, flat);
  auto branch = scf::IfOp::create(k.b, k.loc, TypeRange{type}, bad, true);
  OpBuilder::InsertionGuard guard(k.b);
  k.b.setInsertionPointToStart(branch.thenBlock());
  Value zero = arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(type));
  scf::YieldOp::create(k.b, k.loc, zero);
  k.b.setInsertionPointToStart(branch.elseBlock());
  ElementAt::Scope scope(e);
  scf::YieldOp::create(k.b, k.loc, read());
  return branch.getResult(0);
}

Value ElementAt::gatherAt(GatherOp op, ArrayRef<Coord> index, int64_t lanes) {
  int64_t axis = op.getAxis();
  int64_t indexRank = cast<RankedTensorType>(op.getIndices().getType()).getRank();
  ArrayRef<Coord> picked = index.slice(axis, indexRank);
  // Lanes that run over the indices pick from different places.
  if (lanes > 1 && llvm::any_of(picked, [](Coord c) { return c.step != 0; }))
    return perLane(op.getResult(), index, lanes);
  Value bad, raw = at(op.getIndices(), picked, 1);
  if (!raw)
    return {};
  Value position = checkedIndex(raw, sizesOf(op.getData())[axis], bad);
  SmallVector<Value> flat;
  for (Coord c : index)
    flat.push_back(c.base);
  Type type = k.vectorOf(computeType(elementOf(op.getData())), lanes);
  return guardedRead(*this, bad, linearize(flat, sizesOf(op.getResult())), type, [&] {
    Coords from(index.begin(), index.begin() + axis);
    from.push_back({position, 0});
    from.append(index.begin() + axis + indexRank, index.end());
    llvm::SaveAndRestore anywhere(lanesFromAnywhere, true);
    return at(op.getData(), from, lanes);
  });
}

Value ElementAt::gatherElementsAt(GatherElementsOp op, ArrayRef<Value> index) {
  Coords here;
  for (Value v : index)
    here.push_back({v, 0});
  Value bad, raw = at(op.getIndices(), here, 1);
  if (!raw)
    return {};
  here[op.getAxis()].base = checkedIndex(raw, sizesOf(op.getData())[op.getAxis()], bad);
  return guardedRead(*this, bad, linearize(index, sizesOf(op.getResult())), computeType(elementOf(op.getData())),
                     [&] { return at(op.getData(), here, 1); });
}

Value ElementAt::gatherNdAt(GatherNdOp op, ArrayRef<Coord> index, int64_t lanes) {
  auto indicesType = cast<RankedTensorType>(op.getIndices().getType());
  int64_t outer = indicesType.getRank() - 1, tuple = indicesType.getDimSize(outer);
  int64_t batch = op.getBatchDims();
  if (lanes > 1 && llvm::any_of(index.take_front(outer), [](Coord c) { return c.step != 0; }))
    return perLane(op.getResult(), index, lanes);
  SmallVector<Value> dataSizes = sizesOf(op.getData());
  Coords from(index.begin(), index.begin() + batch);
  Value bad;
  for (int64_t i = 0; i < tuple; ++i) {
    Coords at0(index.begin(), index.begin() + outer);
    at0.push_back({k.index(i), 0});
    Value raw = at(op.getIndices(), at0, 1);
    if (!raw)
      return {};
    from.push_back({checkedIndex(raw, dataSizes[batch + i], bad), 0});
  }
  from.append(index.begin() + outer, index.end());
  SmallVector<Value> flat;
  for (Coord c : index)
    flat.push_back(c.base);
  Type type = k.vectorOf(computeType(elementOf(op.getData())), lanes);
  return guardedRead(*this, bad, linearize(flat, sizesOf(op.getResult())), type,
                     [&] { return at(op.getData(), from, lanes); });
}

//===----------------------------------------------------------------------===//
// batch_norm, lrn
//===----------------------------------------------------------------------===//

Value ElementAt::batchNormAt(BatchNormOp op, ArrayRef<Coord> index, int64_t lanes) {
  ScalarMath m = scalarMath();
  Coord channel = index[1];
  Value x = at(op.getInput(), index, lanes);
  Value scale = at(op.getScale(), channel, lanes), bias = at(op.getBias(), channel, lanes);
  Value mean = at(op.getMean(), channel, lanes), variance = at(op.getVariance(), channel, lanes);
  if (!x || !scale || !bias || !mean || !variance)
    return {};
  Value epsilon = m.constF(variance, op.getEpsilon().convertToDouble());
  Value deviation = m.sqrt(m.add(variance, epsilon));
  return m.fma(m.div(m.sub(x, mean), deviation), scale, bias);
}

Value ElementAt::lrnAt(LrnOp op, ArrayRef<Coord> index, int64_t lanes) {
  if (lanes > 1 && index[1].step)
    return perLane(op.getResult(), index, lanes);
  ScalarMath m = scalarMath();
  Type element = elementOf(op.getInput());
  int64_t size = op.getSize(), below = (size - 1) / 2;
  Value channels = sizesOf(op.getInput())[1], c = index[1].base;
  Value first = k.max(k.index(0), k.sub(c, k.index(below)));
  Value end = k.min(channels, k.add(k.sub(c, k.index(below)), size));
  Value init = reductionNeutral(m, ReduceKind::sum, element, lanes);
  Value sum = loop(first, end, init, [&](Value iv, ValueRange carried) -> SmallVector<Value> {
    Coords from(index.begin(), index.end());
    from[1] = {iv, 0};
    Value x = at(op.getInput(), from, lanes);
    return {m.fma(x, x, carried[0])};
  })[0];
  Value x = at(op.getInput(), index, lanes);
  double factor = op.getAlpha().convertToDouble() / static_cast<double>(size);
  Value base = m.fma(sum, m.constF(sum, factor), m.constF(sum, op.getBias().convertToDouble()));
  return m.div(x, m.pow(base, m.constF(base, op.getBeta().convertToDouble())));
}

//===----------------------------------------------------------------------===//
// resize
//===----------------------------------------------------------------------===//

static Value f64(KernelBuilder &k, double v) {
  return arith::ConstantOp::create(k.b, k.loc, k.b.getF64FloatAttr(v));
}

/// Source coordinate of output position `out` (ONNX Resize, coordinate_transformation_mode).
static Value sourceCoordinate(ElementAt &e, ResizeOp op, unsigned axis, Value out) {
  KernelBuilder &k = e.k;
  ScalarMath m = e.scalarMath();
  Type type = k.b.getF64Type();
  Value x = m.intToFloat(out, type);
  Value scale = f64(k, op.getScales()[axis]);
  Value inSize = m.intToFloat(e.sizesOf(op.getInput())[axis], type);
  Value outSize = m.intToFloat(e.sizesOf(op.getResult())[axis], type);
  Value half = f64(k, 0.5), one = f64(k, 1.0), zero = f64(k, 0.0);
  auto halfPixel = [&] { return m.sub(m.div(m.add(x, half), scale), half); };
  switch (op.getCoordinate()) {
  case CoordinateMode::half_pixel:
    return halfPixel();
  case CoordinateMode::half_pixel_symmetric: {
    // The real output size is inSize * scale; the sampling grid stays centred.
    Value adjustment = m.div(outSize, m.mul(scale, inSize));
    Value center = m.mul(inSize, half);
    Value offset = m.mul(center, m.sub(one, adjustment));
    return m.add(offset, halfPixel());
  }
  case CoordinateMode::pytorch_half_pixel:
    return m.select(m.cmpF(arith::CmpFPredicate::OGT, outSize, 1.0), halfPixel(), zero);
  case CoordinateMode::align_corners: {
    Value many = m.cmpF(arith::CmpFPredicate::OGT, outSize, 1.0);
    Value divisor = m.select(many, m.sub(outSize, one), one);
    return m.select(many, m.div(m.mul(x, m.sub(inSize, one)), divisor), zero);
  }
  case CoordinateMode::asymmetric:
    return m.div(x, scale);
  case CoordinateMode::tf_crop_and_resize: {
    unsigned rank = op.getScales().size();
    double start = op.getRoi().empty() ? 0.0 : op.getRoi()[axis];
    double end = op.getRoi().empty() ? 1.0 : op.getRoi()[axis + rank];
    Value last = m.sub(inSize, one);
    Value many = m.cmpF(arith::CmpFPredicate::OGT, outSize, 1.0);
    Value divisor = m.select(many, m.sub(outSize, one), one);
    Value a = m.add(m.mul(f64(k, start), last), m.div(m.mul(m.mul(x, f64(k, end - start)), last), divisor));
    Value b = m.mul(m.mul(half, f64(k, start + end)), last);
    return m.select(many, a, b);
  }
  }
  llvm_unreachable("all modes are handled");
}

static Value clampIndex(KernelBuilder &k, Value v, Value size) {
  return k.max(k.index(0), k.min(v, k.sub(size, k.index(1))));
}

static Value toIndex(ElementAt &e, Value x) { return e.scalarMath().floatToInt(x, e.k.b.getI64Type()); }

/// Weight of a tap at distance d (f64, any sign) under linear or cubic interpolation.
static Value kernelWeight(ElementAt &e, ResizeOp op, Value d) {
  KernelBuilder &k = e.k;
  ScalarMath m = e.scalarMath();
  Value t = m.abs(d), one = f64(k, 1.0), zero = f64(k, 0.0);
  if (op.getMode() == ResizeMode::linear)
    return m.select(m.cmpF(arith::CmpFPredicate::OLT, t, 1.0), m.sub(one, t), zero);
  // Keys, "Cubic convolution interpolation for digital image processing", 1981.
  double a = op.getCubicCoeff().convertToDouble();
  Value near = m.add(m.mul(m.mul(m.sub(m.mul(f64(k, a + 2), t), f64(k, a + 3)), t), t), one);
  Value far = m.sub(m.mul(m.add(m.mul(m.sub(m.mul(f64(k, a), t), f64(k, 5 * a)), t), f64(k, 8 * a)), t), f64(k, 4 * a));
  return m.select(m.cmpF(arith::CmpFPredicate::OLE, t, 1.0), near,
                  m.select(m.cmpF(arith::CmpFPredicate::OLT, t, 2.0), far, zero));
}

bool mlopt::isResized(ResizeOp op, unsigned axis, ShapeAnalysis &shapes) {
  return op.getScales()[axis] != 1.0 || !op.getRoi().empty() ||
         shapes.shapeOf(op.getInput())[axis] != shapes.shapeOf(op.getResult())[axis];
}

/// With antialiasing a shrinking axis widens the kernel by 1 / scale.
static double stretchOf(ResizeOp op, unsigned axis) {
  return op.getAntialias() && op.getScales()[axis] < 1 ? op.getScales()[axis] : 1.0;
}

int64_t mlopt::resizeReach(ResizeOp op, unsigned axis) {
  if (op.getMode() == ResizeMode::nearest)
    return 0;
  return static_cast<int64_t>(std::ceil((op.getMode() == ResizeMode::linear ? 1 : 2) / stretchOf(op, axis)));
}

ResizeTaps mlopt::resizeTapsOf(ElementAt &e, ResizeOp op, unsigned axis, Value out) {
  KernelBuilder &k = e.k;
  ScalarMath m = e.scalarMath();
  ResizeTaps taps;
  Value size = e.sizesOf(op.getInput())[axis];
  Value x = sourceCoordinate(e, op, axis, out);
  if (op.getCoordinate() == CoordinateMode::tf_crop_and_resize) {
    Value last = m.sub(m.intToFloat(size, k.b.getF64Type()), f64(k, 1.0));
    Value below = m.cmpF(arith::CmpFPredicate::OLT, x, 0.0);
    Value above = m.cmpF(arith::CmpFPredicate::OGT, x, last);
    taps.outside = arith::OrIOp::create(k.b, k.loc, below, above);
  }
  if (op.getMode() == ResizeMode::nearest) {
    Value r;
    switch (op.getNearest()) {
    case NearestMode::round_prefer_floor:
      r = m.ceil(m.sub(x, f64(k, 0.5)));
      break;
    case NearestMode::round_prefer_ceil:
      r = m.floor(m.add(x, f64(k, 0.5)));
      break;
    case NearestMode::floor:
      r = m.floor(x);
      break;
    case NearestMode::ceil:
      r = m.ceil(x);
      break;
    }
    taps.positions.push_back(clampIndex(k, toIndex(e, r), size));
    taps.weights.push_back(f64(k, 1.0));
    return taps;
  }
  double stretch = stretchOf(op, axis);
  int64_t half = resizeReach(op, axis);
  Value start = m.floor(x);
  Value origin = toIndex(e, start);
  Value total = f64(k, 0.0);
  for (int64_t i = 1 - half; i <= half; ++i) {
    Value position = k.add(origin, k.index(i));
    Value distance = m.sub(m.intToFloat(position, k.b.getF64Type()), x);
    Value weight = kernelWeight(e, op, stretch == 1.0 ? distance : m.mul(distance, f64(k, stretch)));
    if (op.getExcludeOutside()) {
      Value inside = compare(k, arith::CmpIPredicate::ult, position, size);
      weight = m.select(inside, weight, f64(k, 0.0));
    }
    total = m.add(total, weight);
    taps.positions.push_back(clampIndex(k, position, size));
    taps.weights.push_back(weight);
  }
  if (op.getExcludeOutside() || stretch != 1.0)
    for (Value &weight : taps.weights)
      weight = m.div(weight, total);
  return taps;
}

Value ElementAt::resizeAt(ResizeOp op, ArrayRef<Value> index) {
  ScalarMath m = scalarMath();
  Type element = elementOf(op.getInput()), wide = k.b.getF64Type();
  size_t rank = index.size();
  Coords from;
  SmallVector<std::pair<unsigned, ResizeTaps>> resized;
  Value outside;
  for (size_t i = 0; i < rank; ++i) {
    from.push_back({index[i], 0});
    if (!isResized(op, i, k.shapes))
      continue;
    ResizeTaps taps = resizeTapsOf(*this, op, i, index[i]);
    if (taps.outside)
      outside = outside ? arith::OrIOp::create(k.b, k.loc, outside, taps.outside).getResult() : taps.outside;
    resized.push_back({static_cast<unsigned>(i), std::move(taps)});
  }
  std::function<Value(size_t)> sum = [&](size_t depth) -> Value {
    if (depth == resized.size()) {
      Value v = at(op.getInput(), from, 1);
      return v ? emitCast(m, v, element, wide) : Value();
    }
    auto &[axis, taps] = resized[depth];
    Value total;
    for (auto [position, weight] : llvm::zip_equal(taps.positions, taps.weights)) {
      from[axis].base = position;
      Value v = sum(depth + 1);
      if (!v)
        return {};
      Value term = taps.positions.size() == 1 ? v : m.mul(v, weight);
      total = total ? m.add(total, term) : term;
    }
    return total;
  };
  Value result = sum(0);
  if (!result)
    return {};
  if (outside)
    result = m.select(outside, f64(k, op.getExtrapolationValue().convertToDouble()), result);
  if (op.getMode() != ResizeMode::nearest && isa<IntegerType>(element))
    return emitCast(m, m.roundEven(result), wide, element);
  return emitCast(m, result, wide, element);
}
