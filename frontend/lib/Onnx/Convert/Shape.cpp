//===- Shape.cpp - ONNX operators on shapes and parts of tensors ----------===//
#include "Conversion.h"

using namespace mlir;

namespace mlopt::onnx {
namespace {

using Compare = SymExpr::Compare;

SymExpr product(Node &n, ArrayRef<SymExpr> sizes) { return numElements(n.getContext(), sizes); }

/// Whether e >= 0 for all sizes. An element that a caller hands in at run time may be anything.
bool isNonNegative(SymExpr e) { return e.getLowerBound().value_or(-1) >= 0; }

LogicalResult shape(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  SymShape sizes = n.shapeOf(x);
  int64_t rank = sizes.size();
  auto clamp = [&](int64_t v) { return std::clamp<int64_t>(v < 0 ? v + rank : v, 0, rank); };
  int64_t start = clamp(n.intAttr("start", 0)), end = clamp(n.intAttr("end", rank));
  return n.finish(
      n.fromSizes(ArrayRef<SymExpr>(sizes).slice(start, std::max<int64_t>(end - start, 0))));
}

LogicalResult size(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  SymExpr total = product(n, n.shapeOf(x));
  if (auto v = total.getConstant())
    return n.finish(n.scalarInt(n.getBuilder().getI64Type(), *v));
  return n.finish(n.reshape(n.fromSizes({total}), {}));
}

LogicalResult reshapeTo(Node &n, Value x, ArrayRef<SymExpr> wanted, bool allowZero) {
  SymShape in = n.shapeOf(x), out;
  std::optional<size_t> open;
  SmallVector<size_t> atRunTime;
  SymExpr known = n.size(1), rest = product(n, in);
  for (auto [i, e] : llvm::enumerate(wanted)) {
    auto v = e.getConstant();
    if (!v && n.dependsOnElements(e)) {
      // Given at run time: 0 and -1 keep their meaning.
      SymExpr size = e;
      if (!allowZero && i < in.size())
        size = SymExpr::select(Compare::Eq, e, n.size(0), in[i], e);
      known = known * SymExpr::select(Compare::Eq, e, n.size(-1), n.size(1), size);
      out.push_back(size);
      atRunTime.push_back(i);
      continue;
    }
    if (v && *v < -1)
      return n.malformed("the target shape holds " + Twine(*v));
    if (v == -1) {
      if (open)
        return n.malformed("the target shape holds -1 twice");
      open = i;
      out.push_back(n.size(1));
      continue;
    }
    SymExpr s = e;
    if (v == 0 && !allowZero) {
      if (i >= in.size())
        return n.malformed("the target shape copies dimension " + Twine(i) +
                           " of an operand of rank " + Twine(in.size()));
      s = in[i];
    }
    out.push_back(s);
    known = known * s;
  }
  if (open) {
    if (known.isConstant(0))
      return n.malformed("the target shape holds both 0 and -1");
    auto total = rest.getConstant(), part = known.getConstant();
    if (total && part && *total % *part != 0)
      return n.malformed(Twine(*total) + " elements cannot be divided among " + Twine(*part));
    out[*open] = rest.floorDiv(known);
  } else {
    SymExpr missing = rest.floorDiv(known);
    for (size_t i : atRunTime)
      out[i] = SymExpr::select(Compare::Eq, wanted[i], n.size(-1), missing, out[i]);
  }
  return n.finish(n.reshape(x, out));
}

LogicalResult reshape(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  auto wanted = n.sizesInput(1);
  if (!wanted)
    return n.unsupported("a target shape that is computed from data");
  return reshapeTo(n, x, *wanted, n.boolAttr("allowzero", false));
}

LogicalResult reshapeAttribute(Node &n) {
  Value x = n.input(0);
  auto wanted = n.intsAttr("shape");
  if (!x || !wanted)
    return n.malformed("attribute 'shape' is missing");
  return reshapeTo(n, x, n.sizesOf(*wanted), false);
}

LogicalResult flatten(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  int64_t rank = n.rankOf(x), axis = n.intAttr("axis", 1);
  if (axis < -rank || axis > rank)
    return n.malformed("axis " + Twine(axis) + " is out of range");
  axis = axis < 0 ? axis + rank : axis;
  SymShape in = n.shapeOf(x);
  ArrayRef<SymExpr> sizes(in);
  return n.finish(
      n.reshape(x, {product(n, sizes.take_front(axis)), product(n, sizes.drop_front(axis))}));
}

/// Axes from the attribute (before opset 13) or operand 1; nullopt inside: not given.
FailureOr<std::optional<SmallVector<int64_t>>> readAxes(Node &n) {
  if (n.has(1)) {
    auto axes = n.constantInts(1);
    if (!axes)
      return n.unsupported("axes that are known only at run time");
    return std::optional(*axes);
  }
  return n.intsAttr("axes");
}

LogicalResult squeeze(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  auto given = readAxes(n);
  if (failed(given))
    return failure();
  SymShape sizes = n.shapeOf(x);
  SmallVector<int64_t> axes;
  if (*given) {
    auto normal = n.normalizeAxes(**given, sizes.size());
    if (!normal)
      return failure();
    axes = *normal;
    for (int64_t axis : axes)
      if (auto v = sizes[axis].getConstant(); v && *v != 1)
        return n.malformed("dimension " + Twine(axis) + " has size " + Twine(*v) +
                           ", only 1 can be removed");
  } else {
    for (auto [axis, s] : llvm::enumerate(sizes)) {
      if (!s.getConstant())
        return n.unsupported("all axes of size 1 of an operand whose sizes are not all fixed");
      if (s.isConstant(1))
        axes.push_back(axis);
    }
  }
  return n.finish(n.squeeze(x, axes));
}

LogicalResult unsqueeze(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  auto given = readAxes(n);
  if (failed(given))
    return failure();
  if (!*given)
    return n.malformed("the axes are missing");
  auto axes = n.normalizeAxes(**given, n.rankOf(x) + (*given)->size());
  return axes ? n.finish(n.unsqueeze(x, *axes)) : failure();
}

LogicalResult transpose(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  SmallVector<int64_t> permutation;
  for (int64_t i = n.rankOf(x); i > 0; --i)
    permutation.push_back(i - 1);
  if (auto given = n.intsAttr("perm"))
    permutation = *given;
  return n.finish(n.transpose(x, permutation));
}

LogicalResult concat(Node &n) {
  SmallVector<Value> values;
  for (unsigned i = 0; i < n.getNumOperands(); ++i)
    values.push_back(n.input(i));
  if (values.empty() || !values[0] || llvm::is_contained(values, Value()))
    return failure();
  auto axis = n.normalizeAxis(n.getOpset() < 4 ? n.intAttr("axis", 1) : n.intAttr("axis", 0),
                              n.rankOf(values[0]));
  return axis ? n.finish(n.concat(values, *axis)) : failure();
}

LogicalResult split(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  auto axis = n.normalizeAxis(n.intAttr("axis", 0), n.rankOf(x));
  if (!axis)
    return failure();
  SymExpr length = n.dimOf(x, *axis);
  SmallVector<SymExpr> parts;
  int64_t count = n.getNumResults();
  if (auto given = n.intsAttr("split"); given && n.getOpset() < 13) {
    for (int64_t p : *given)
      parts.push_back(n.size(p));
  } else if (n.has(1)) {
    auto sizes = n.sizesInput(1);
    if (!sizes)
      return n.unsupported("split sizes that are computed from data");
    parts = *sizes;
  } else if (n.getOpset() < 18 || n.boolAttr("mlopt.equal_parts", false)) {
    if (auto v = length.getConstant(); v && *v % count != 0)
      return n.malformed("size " + Twine(*v) + " cannot be split into " + Twine(count) +
                         " equal parts");
    parts.assign(count, length.floorDiv(count));
  } else {
    // The last part may be smaller.
    SymExpr part = length.ceilDiv(count), left = length;
    for (int64_t i = 0; i < count; ++i) {
      parts.push_back(i + 1 < count ? SymExpr::min(part, left) : left);
      left = left - parts.back();
    }
  }
  if (static_cast<int64_t>(parts.size()) != count)
    return n.malformed(Twine(parts.size()) + " parts for " + Twine(count) + " results");
  auto results = splitAlong(n, x, *axis, parts);
  return results ? n.finish(*results) : failure();
}

/// Start or end of a slice, brought into [low, high]; `isEnd` of a backward slice counts -1 as
/// "before the first".
SymExpr clampIndex(Node &n, SymExpr e, SymExpr dim, SymExpr low, SymExpr high) {
  if (auto v = e.getConstant()) {
    if (*v >= INT32_MAX)
      return high;
    if (*v <= -INT32_MAX)
      return low;
    if (*v < 0)
      return SymExpr::max(SymExpr::min(dim + *v, high), low);
    return SymExpr::max(SymExpr::min(e, high), low);
  }
  if (!isNonNegative(e))
    e = SymExpr::select(Compare::Lt, e, n.size(0), e + dim, e);
  return SymExpr::max(SymExpr::min(e, high), low);
}

LogicalResult sliceWith(Node &n, Value x, ArrayRef<SymExpr> starts, ArrayRef<SymExpr> ends,
                        ArrayRef<int64_t> axes, ArrayRef<int64_t> steps) {
  SymShape sizes = n.shapeOf(x);
  int64_t rank = sizes.size();
  if (starts.size() != ends.size() || starts.size() != axes.size() || starts.size() != steps.size())
    return n.malformed("starts, ends, axes and steps have different lengths");
  if (!n.normalizeAxes(axes, rank)) // range and repetition
    return failure();
  SmallVector<SymExpr> begin(rank, n.size(0));
  SmallVector<int64_t> strides(rank, 1);
  for (auto [start, end, axisGiven, givenStep] : llvm::zip_equal(starts, ends, axes, steps)) {
    int64_t step = givenStep;
    int64_t axis = axisGiven < 0 ? axisGiven + rank : axisGiven;
    if (step == 0)
      return n.malformed("a step is 0");
    SymExpr dim = sizes[axis], zero = n.size(0), size;
    if (dim.isConstant(0)) {
      strides[axis] = 1;
      continue;
    }
    if (step > 0) {
      step = std::min<int64_t>(step, INT32_MAX);
      SymExpr from = clampIndex(n, start, dim, zero, dim), to = clampIndex(n, end, dim, zero, dim);
      size = SymExpr::max((to - from).ceilDiv(step), zero);
      begin[axis] = from;
    } else {
      step = std::max<int64_t>(step, -INT32_MAX);
      SymExpr last = dim - 1, before = n.size(-1);
      SymExpr from = clampIndex(n, start, dim, zero, last);
      SymExpr to = clampIndex(n, end, dim, before, last);
      // An axis may turn out empty at run time. Then its last element is -1, before the first, and
      // nothing is read; what the slice op gets as start stays inside all the same.
      begin[axis] = SymExpr::max(from, zero);
      auto given = start.getConstant();
      bool fromLast = given && (*given == -1 || *given >= INT32_MAX);
      from = fromLast ? last : SymExpr::min(from, last);
      to = SymExpr::min(to, last);
      size = SymExpr::max((from - to).ceilDiv(-step), zero);
    }
    if (size.isConstant(0)) // nothing is read: keep the start inside
      begin[axis] = zero;
    if (size.isConstant(1)) // any stride does
      step = 1;
    strides[axis] = step;
    sizes[axis] = size;
  }
  return n.finish(n.slice(x, begin, sizes, strides));
}

LogicalResult sliceInputs(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  auto starts = n.sizesInput(1), ends = n.sizesInput(2);
  if (!starts || !ends)
    return n.unsupported("starts or ends that are computed from data");
  SmallVector<int64_t> axes, steps(starts->size(), 1);
  for (size_t i = 0; i < starts->size(); ++i)
    axes.push_back(i);
  if (n.has(3)) {
    auto given = n.constantInts(3);
    if (!given)
      return n.unsupported("axes that are known only at run time");
    axes = *given;
  }
  if (n.has(4)) {
    auto given = n.constantInts(4);
    if (!given)
      return n.unsupported("steps that are known only at run time");
    steps = *given;
  }
  return sliceWith(n, x, *starts, *ends, axes, steps);
}

LogicalResult sliceAttributes(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  auto starts = n.intsAttr("starts"), ends = n.intsAttr("ends");
  if (!starts || !ends)
    return n.malformed("starts or ends are missing");
  SmallVector<int64_t> axes, steps(starts->size(), 1);
  for (size_t i = 0; i < starts->size(); ++i)
    axes.push_back(i);
  if (auto given = n.intsAttr("axes"))
    axes = *given;
  return sliceWith(n, x, n.sizesOf(*starts), n.sizesOf(*ends), axes, steps);
}

LogicalResult expand(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  auto wanted = n.sizesInput(1);
  if (!wanted)
    return n.unsupported("a target shape that is computed from data");
  // `out` are the sizes of the result; `stated` are the same wherever input and target broadcast, and
  // contradict the input's where they do not: the host program checks it.
  SymShape in = n.shapeOf(x), out, stated;
  int64_t rank = std::max(in.size(), wanted->size());
  for (int64_t i = 0; i < rank; ++i) {
    int64_t fromInput = i - (rank - static_cast<int64_t>(in.size()));
    int64_t fromTarget = i - (rank - static_cast<int64_t>(wanted->size()));
    SymExpr a = fromInput < 0 ? n.size(1) : in[fromInput];
    SymExpr b = fromTarget < 0 ? n.size(1) : (*wanted)[fromTarget];
    auto av = a.getConstant(), bv = b.getConstant();
    if (bv && *bv < 0)
      return n.malformed("the target shape holds " + Twine(*bv));
    if (av && bv && *av != *bv && *av != 1 && *bv != 1)
      return n.malformed("size " + Twine(*av) + " does not broadcast with " + Twine(*bv));
    if (bv == 1 || a == b || (av && bv && *av != 1))
      stated.push_back(a);
    else if (av == 1 || bv)
      stated.push_back(b);
    else // the target is not known: 1 leaves the input's size
      stated.push_back(SymExpr::select(Compare::Eq, b, n.size(1), a, b));
    out.push_back(av && *av != 1 ? a : stated.back());
  }
  Value spread = n.broadcast(x, stated);
  return n.finish(stated == out ? spread : n.reshape(spread, out));
}

LogicalResult tile(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  auto repeats = n.sizesInput(1);
  if (!repeats)
    return n.unsupported("repeats that are computed from data");
  SymShape in = n.shapeOf(x);
  if (repeats->size() != in.size())
    return n.malformed("there are " + Twine(repeats->size()) + " repeats for rank " +
                       Twine(in.size()));
  SymShape spread, repeated, out;
  for (auto [s, r] : llvm::zip_equal(in, *repeats)) {
    if (r.getConstant().value_or(0) < 0)
      return n.malformed("a repeat is negative");
    if (!r.isConstant(1)) {
      spread.push_back(n.size(1));
      repeated.push_back(r);
    }
    spread.push_back(s);
    repeated.push_back(s);
    out.push_back(s * r);
  }
  return n.finish(n.reshape(n.broadcast(n.reshape(x, spread), repeated), out));
}

std::optional<PadMode> getPadMode(StringRef name) {
  if (name == "constant")
    return PadMode::constant;
  if (name == "reflect")
    return PadMode::reflect;
  if (name == "edge")
    return PadMode::edge;
  if (name == "wrap")
    return PadMode::wrap;
  return std::nullopt;
}

LogicalResult padWith(Node &n, Value x, ArrayRef<SymExpr> pads, ArrayRef<int64_t> axes,
                      Value value) {
  auto mode = getPadMode(n.stringAttr("mode", "constant"));
  if (!mode)
    return n.malformed("mode is '" + n.stringAttr("mode", "") +
                       "', expected constant, reflect, edge or wrap");
  int64_t rank = n.rankOf(x);
  if (pads.size() != 2 * axes.size())
    return n.malformed("there are " + Twine(pads.size()) + " pads for " + Twine(axes.size()) +
                       " axes");
  SmallVector<SymExpr> low(rank, n.size(0)), high(rank, n.size(0));
  if (!n.normalizeAxes(axes, rank))
    return failure();
  for (auto [i, axisGiven] : llvm::enumerate(axes)) {
    int64_t axis = axisGiven < 0 ? axisGiven + rank : axisGiven;
    low[axis] = pads[i];
    high[axis] = pads[i + axes.size()];
    auto size = n.dimOf(x, axis).getConstant(), l = low[axis].getConstant(),
         h = high[axis].getConstant();
    if (size && l && h && *size + *l + *h < 0)
      return n.malformed("padding axis " + Twine(axis) + " gives a negative size");
  }
  return n.finish(n.pad(x, value, low, high, *mode));
}

LogicalResult padInputs(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  auto pads = n.sizesInput(1);
  if (!pads)
    return n.unsupported("pads that are computed from data");
  Value value = n.has(2) ? n.scalarInput(2) : n.scalarInt(n.elementOf(x), 0);
  if (!value)
    return failure();
  SmallVector<int64_t> axes;
  for (int64_t i = 0; i < n.rankOf(x); ++i)
    axes.push_back(i);
  if (n.has(3)) {
    auto given = n.constantInts(3);
    if (!given)
      return n.unsupported("axes that are known only at run time");
    axes = *given;
  }
  return padWith(n, x, *pads, axes, value);
}

LogicalResult padAttributes(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  auto pads = n.intsAttr(n.getOpset() < 2 ? "paddings" : "pads");
  if (!pads)
    return n.malformed("the pads are missing");
  SmallVector<int64_t> axes;
  for (int64_t i = 0; i < n.rankOf(x); ++i)
    axes.push_back(i);
  return padWith(n, x, n.sizesOf(*pads), axes, n.scalar(n.elementOf(x), n.floatAttr("value", 0)));
}

LogicalResult constantOfShape(Node &n) {
  auto sizes = n.sizesInput(0);
  if (!sizes)
    return n.unsupported("a shape that is computed from data");
  for (SymExpr s : *sizes)
    if (s.getConstant().value_or(0) < 0)
      return n.malformed("a size is negative");
  Value value;
  if (Attribute raw = n.rawAttr("value")) {
    auto elements = dyn_cast<ElementsAttr>(raw);
    auto small = elements ? getSmallElements(elements) : std::nullopt;
    if (!small)
      return n.unsupportedType("a value of a type that mlopt does not have");
    if (small->getNumElements() != 1)
      return n.malformed("value must have one element");
    value = n.constant(small->reshape(RankedTensorType::get({}, small->getElementType())));
  } else {
    value = n.scalar(n.getBuilder().getF32Type(), 0);
  }
  return n.finish(n.broadcast(value, *sizes));
}

LogicalResult range(Node &n) {
  Value start = n.scalarInput(0), limit = n.scalarInput(1), delta = n.scalarInput(2);
  if (!start || !limit || !delta)
    return failure();
  Type element = n.elementOf(start);
  SymExpr count;
  if (isa<IntegerType>(element)) {
    auto from = n.sizesInput(0), to = n.sizesInput(1), step = n.sizesInput(2);
    if (!from || !to || !step)
      return n.unsupported("a number of elements that is computed from data");
    if (step->front().isConstant(0))
      return n.malformed("delta is 0");
    count = SymExpr::max((to->front() - from->front()).ceilDiv(step->front()), n.size(0));
  } else {
    auto from = n.constantFloats(0), to = n.constantFloats(1), step = n.constantFloats(2);
    if (!from || !to || !step)
      return n.unsupported("a number of elements that is computed from data");
    if (step->front() == 0)
      return n.malformed("delta is 0");
    double number = std::ceil((to->front() - from->front()) / step->front());
    if (!(number < 2147483648.0))
      return n.malformed("the range has too many elements");
    count = n.size(std::max<int64_t>(static_cast<int64_t>(number), 0));
  }
  // start + index * delta, the index exact in a wide type.
  Type wide = isa<IntegerType>(element)              ? element
              : element.getIntOrFloatBitWidth() < 32 ? Type(n.getBuilder().getF32Type())
                                                     : element;
  auto is = [&](unsigned i, double value) {
    auto constant = n.constantFloats(i);
    return constant && constant->size() == 1 && constant->front() == value;
  };
  Value result = n.iota(wide, {count}, 0);
  if (!is(2, 1))
    result = n.mul(result, n.cast(delta, wide));
  if (!is(0, 0))
    result = n.add(result, n.cast(start, wide));
  return result ? n.finish(n.cast(result, element)) : failure();
}

const Entry entries[] = {
    {"Concat", 1, concat},
    {"ConstantOfShape", 9, constantOfShape},
    {"Expand", 8, expand},
    {"Flatten", 1, flatten},
    {"Pad", 1, padAttributes},
    {"Pad", 11, padInputs},
    {"Range", 11, range},
    {"Reshape", 1, reshapeAttribute},
    {"Reshape", 5, reshape},
    {"Shape", 1, shape},
    {"Size", 1, size},
    {"Slice", 1, sliceAttributes},
    {"Slice", 10, sliceInputs},
    {"Split", 2, split},
    {"Squeeze", 1, squeeze},
    {"Tile", 6, tile},
    {"Transpose", 1, transpose},
    {"Unsqueeze", 1, unsqueeze},
};

} // namespace

std::optional<SmallVector<Value>> splitAlong(Node &n, Value x, int64_t axis,
                                             ArrayRef<SymExpr> parts) {
  SymExpr length = n.dimOf(x, axis), start = n.size(0), total = n.size(0);
  for (SymExpr part : parts)
    total = total + part;
  auto sum = total.getConstant(), whole = length.getConstant();
  auto isNegative = [](SymExpr part) { return part.getConstant().value_or(0) < 0; };
  if (llvm::any_of(parts, isNegative)) {
    (void)n.malformed("a part has a negative size");
    return std::nullopt;
  }
  if (sum && whole && *sum != *whole) {
    (void)n.malformed("the parts have " + Twine(*sum) + " elements together, the axis has " +
                      Twine(*whole));
    return std::nullopt;
  }
  if (total != length && !(sum && whole)) {
    // The parts make up the axis: with sizes known at run time, the reshape states it.
    SymShape sizes = n.shapeOf(x);
    sizes[axis] = total;
    x = n.reshape(x, sizes);
  }
  SmallVector<Value> results;
  for (SymExpr part : parts) {
    results.push_back(n.sliceAxis(x, axis, start, part));
    start = start + part;
  }
  return results;
}

ArrayRef<Entry> getShapeEntries() { return entries; }

} // namespace mlopt::onnx
