//===- ShapeContents.cpp - What small integer tensors hold ----------------===//
//
// Shape arithmetic in models (Shape -> Gather -> Concat -> Reshape) works on
// integer tensors of a few elements. Each element is followed as a SymExpr, so
// that nothing of such a chain is left as a kernel.
//
//===----------------------------------------------------------------------===//

#include "mlopt/IR/Mlopt.h"
#include "mlopt/IR/ShapeAnalysis.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace mlopt {
namespace {

using Compare = SymExpr::Compare;
using Elements = SmallVector<SymExpr>;
using MaybeElements = std::optional<Elements>;

constexpr int64_t maxElements = 16;

bool isNonNegative(SymExpr e) {
  std::optional<int64_t> bound = e.getLowerBound();
  return bound && *bound >= 0;
}

/// Elements of an integer constant, bool as 0 and 1.
MaybeElements readConstant(MLIRContext *context, ElementsAttr attr) {
  auto type = dyn_cast<RankedTensorType>(attr.getType());
  auto element = type ? dyn_cast<IntegerType>(type.getElementType()) : IntegerType();
  if (!element || !type.hasStaticShape() || type.getNumElements() > maxElements)
    return std::nullopt;
  Elements elements;
  if (auto values = attr.tryGetValues<APInt>()) {
    for (const APInt &value : *values) {
      bool isUnsigned = element.isUnsigned() || element.getWidth() == 1;
      if (isUnsigned && value.getActiveBits() > 63)
        return std::nullopt;
      elements.push_back(SymExpr::constant(context, isUnsigned ? value.getZExtValue()
                                                               : value.getSExtValue()));
    }
    return elements;
  }
  auto resource = dyn_cast<DenseResourceElementsAttr>(attr);
  AsmResourceBlob *blob = resource ? resource.getRawHandle().getBlob() : nullptr;
  if (!blob || !(element.isSignlessInteger(64) || element.isSignlessInteger(32)))
    return std::nullopt;
  ArrayRef<char> data = blob->getData();
  size_t bytes = element.getWidth() / 8;
  if (data.size() != bytes * static_cast<size_t>(type.getNumElements()))
    return std::nullopt;
  for (; !data.empty(); data = data.drop_front(bytes)) {
    // Blobs of a mapped file need not be aligned.
    int64_t wide;
    int32_t narrow;
    std::memcpy(bytes == 8 ? static_cast<void *>(&wide) : static_cast<void *>(&narrow), data.data(),
                bytes);
    elements.push_back(SymExpr::constant(context, bytes == 8 ? wide : narrow));
  }
  return elements;
}

SymExpr negate(SymExpr e) { return e * -1; }

/// Division that truncates, x / 0 = 0 (mlopt.div); null where the sign of the divisor is unknown.
SymExpr truncatedDivision(SymExpr a, SymExpr b) {
  SymExpr zero = SymExpr::constant(a.getContext(), 0);
  if (b == zero)
    return zero;
  if (!isNonNegative(b)) {
    if (!b.getConstant() || *b.getConstant() == std::numeric_limits<int64_t>::min())
      return SymExpr();
    return negate(truncatedDivision(a, negate(b)));
  }
  SymExpr quotient = isNonNegative(a) ? a.floorDiv(b)
                                      : SymExpr::select(Compare::Lt, a, zero,
                                                        negate(negate(a).floorDiv(b)), a.floorDiv(b));
  if (b.getLowerBound().value_or(0) >= 1)
    return quotient;
  return SymExpr::select(Compare::Eq, b, zero, zero, quotient);
}

SymExpr remainder(SymExpr a, SymExpr b, bool isFmod) {
  SymExpr zero = SymExpr::constant(a.getContext(), 0);
  if (b == zero)
    return zero;
  if (isFmod && !(isNonNegative(a) && isNonNegative(b)))
    return SymExpr();
  if (b.getConstant() || b.getLowerBound().value_or(0) >= 1)
    return a.mod(b);
  return SymExpr::select(Compare::Eq, b, zero, zero, a.mod(b));
}

/// 1 where the comparison holds, else 0.
SymExpr comparison(ComparePredicate predicate, SymExpr a, SymExpr b) {
  SymExpr one = SymExpr::constant(a.getContext(), 1), zero = SymExpr::constant(a.getContext(), 0);
  switch (predicate) {
  case ComparePredicate::eq: return SymExpr::select(Compare::Eq, a, b, one, zero);
  case ComparePredicate::ne: return SymExpr::select(Compare::Eq, a, b, zero, one);
  case ComparePredicate::lt: return SymExpr::select(Compare::Lt, a, b, one, zero);
  case ComparePredicate::ge: return SymExpr::select(Compare::Lt, a, b, zero, one);
  case ComparePredicate::gt: return SymExpr::select(Compare::Lt, b, a, one, zero);
  case ComparePredicate::le: return SymExpr::select(Compare::Lt, b, a, zero, one);
  }
  return SymExpr();
}

bool isBool(Value value) { return getElementTypeOrSelf(value.getType()).isInteger(1); }

/// One element of an elementwise operation; null if not followed.
SymExpr computeElement(Operation *op, ArrayRef<SymExpr> in) {
  MLIRContext *context = op->getContext();
  SymExpr zero = SymExpr::constant(context, 0), one = SymExpr::constant(context, 1);
  bool bools = isBool(op->getOperand(0));
  return TypeSwitch<Operation *, SymExpr>(op)
      .Case<AddOp>([&](auto) { return in[0] + in[1]; })
      .Case<SubOp>([&](auto) { return in[0] - in[1]; })
      .Case<MulOp>([&](auto) { return in[0] * in[1]; })
      .Case<DivOp>([&](auto) { return truncatedDivision(in[0], in[1]); })
      .Case<ModOp>([&](ModOp mod) { return remainder(in[0], in[1], mod.getFmod()); })
      .Case<MinOp>([&](auto) { return SymExpr::min(in[0], in[1]); })
      .Case<MaxOp>([&](auto) { return SymExpr::max(in[0], in[1]); })
      .Case<NegOp>([&](auto) { return negate(in[0]); })
      .Case<AbsOp>([&](auto) { return SymExpr::max(in[0], negate(in[0])); })
      .Case<SignOp>([&](auto) {
        return SymExpr::select(Compare::Lt, zero, in[0], one,
                               SymExpr::select(Compare::Eq, in[0], zero, zero, negate(one)));
      })
      .Case<NotOp>([&](auto) { return bools ? one - in[0] : SymExpr(); })
      .Case<AndOp>([&](auto) { return bools ? in[0] * in[1] : SymExpr(); })
      .Case<OrOp>([&](auto) { return bools ? SymExpr::max(in[0], in[1]) : SymExpr(); })
      .Case<XorOp>([&](auto) {
        return bools ? SymExpr::select(Compare::Eq, in[0], in[1], zero, one) : SymExpr();
      })
      .Case<CompareOp>(
          [&](CompareOp compare) { return comparison(compare.getPredicate(), in[0], in[1]); })
      .Case<SelectOp>([&](auto) { return SymExpr::select(Compare::Eq, in[0], zero, in[2], in[1]); })
      .Case<CastOp>([&](CastOp cast) {
        auto to = dyn_cast<IntegerType>(cast.getTo());
        if (!to || bools)
          return to ? in[0] : SymExpr();
        if (to.getWidth() == 1)
          return SymExpr::select(Compare::Eq, in[0], zero, zero, one);
        // Sizes fit into 31 bits or the model is broken; narrower types may cut them.
        if (std::optional<int64_t> value = in[0].getConstant())
          return to.getWidth() == 64 || (to.isUnsigned() ? llvm::isUIntN(to.getWidth(), *value)
                                                         : llvm::isIntN(to.getWidth(), *value))
                     ? in[0]
                     : SymExpr();
        return to.getWidth() >= 32 ? in[0] : SymExpr();
      })
      .Default([](Operation *) { return SymExpr(); });
}

/// Elements of an axis-0 slice; null starts are unknown.
MaybeElements sliceElements(ArrayRef<SymExpr> from, SymExpr start, int64_t stride, int64_t count) {
  std::optional<int64_t> first = start.getConstant();
  if (!first)
    return std::nullopt;
  Elements elements;
  for (int64_t i = 0; i < count; ++i) {
    int64_t position = *first + i * stride;
    if (position < 0 || position >= static_cast<int64_t>(from.size()))
      return std::nullopt;
    elements.push_back(from[position]);
  }
  return elements;
}

SymExpr reduceElements(ReduceKind kind, ArrayRef<SymExpr> in) {
  if (in.empty() || kind == ReduceKind::mean)
    return SymExpr();
  SymExpr result = in[0];
  for (SymExpr e : in.drop_front())
    switch (kind) {
    case ReduceKind::sum: result = result + e; break;
    case ReduceKind::prod: result = result * e; break;
    case ReduceKind::max: result = SymExpr::max(result, e); break;
    default: result = SymExpr::min(result, e); break;
    }
  return result;
}

} // namespace

std::optional<SmallVector<SymExpr>> ShapeAnalysis::contentsOf(Value tensor) {
  if (auto it = contents.find(tensor); it != contents.end())
    return it->second;
  auto type = dyn_cast<RankedTensorType>(tensor.getType());
  if (!type || type.getRank() > 1 || !isa<IntegerType>(type.getElementType()) ||
      !tensor.getDefiningOp())
    return std::nullopt;
  prepare(tensor);
  auto elements = computeContents(tensor);
  contents[tensor] = elements;
  return elements;
}

std::optional<SmallVector<SymExpr>> ShapeAnalysis::computeContents(Value tensor) {
  MLIRContext *context = getContext();
  Operation *op = tensor.getDefiningOp();
  // The number of elements must be known, from the type or from the sizes.
  std::optional<int64_t> number = numElements(context, shapeOf(tensor)).getConstant();
  if (!number || *number < 0 || *number > maxElements)
    return std::nullopt;
  int64_t count = *number;

  // Elementwise operations on integers: operands of one element repeat.
  if (op->hasTrait<OpTrait::Elementwise>()) {
    SmallVector<Elements> operands;
    for (Value operand : op->getOperands()) {
      MaybeElements elements = contentsOf(operand);
      if (!elements || (elements->size() != 1 && elements->size() != static_cast<size_t>(count)))
        return std::nullopt;
      operands.push_back(std::move(*elements));
    }
    Elements result;
    for (int64_t i = 0; i < count; ++i) {
      SmallVector<SymExpr> in;
      for (const Elements &elements : operands)
        in.push_back(elements[elements.size() == 1 ? 0 : i]);
      SymExpr element = computeElement(op, in);
      if (!element)
        return std::nullopt;
      result.push_back(element);
    }
    return result;
  }

  auto ofSize = [&](MaybeElements elements) {
    return elements && elements->size() == static_cast<size_t>(count) ? elements : std::nullopt;
  };
  return TypeSwitch<Operation *, MaybeElements>(op)
      .Case<ConstantOp>([&](ConstantOp c) { return readConstant(context, c.getValue()); })
      .Case<arith::ConstantOp>([&](arith::ConstantOp c) -> MaybeElements {
        auto value = dyn_cast<ElementsAttr>(c.getValue());
        return value ? readConstant(context, value) : std::nullopt;
      })
      .Case<GetParameterOp>([&](GetParameterOp get) -> MaybeElements {
        auto parameter =
            symbolTables.lookupNearestSymbolFrom<ParameterOp>(get, get.getNameAttr());
        return parameter ? readConstant(context, parameter.getValue()) : std::nullopt;
      })
      .Case<FromSizesOp>([&](FromSizesOp sizes) {
        Elements elements;
        for (Value size : sizes.getSizes())
          elements.push_back(sizeOf(size));
        return MaybeElements(elements);
      })
      .Case<GatherOp>([&](GatherOp gather) -> MaybeElements {
        MaybeElements data = contentsOf(gather.getData()), indices = contentsOf(gather.getIndices());
        if (!data || !indices ||
            cast<RankedTensorType>(gather.getData().getType()).getRank() != 1)
          return std::nullopt;
        Elements elements;
        for (SymExpr index : *indices) {
          std::optional<int64_t> position = index.getConstant();
          int64_t size = data->size();
          if (!position || *position < -size || *position >= size)
            return std::nullopt;
          elements.push_back((*data)[*position < 0 ? *position + size : *position]);
        }
        return elements;
      })
      .Case<ConcatOp>([&](ConcatOp concat) -> MaybeElements {
        Elements elements;
        for (Value input : concat.getInputs()) {
          MaybeElements part = contentsOf(input);
          if (!part)
            return std::nullopt;
          elements.append(part->begin(), part->end());
        }
        return elements;
      })
      .Case<SliceOp>([&](SliceOp slice) -> MaybeElements {
        MaybeElements from = contentsOf(slice.getInput());
        if (!from)
          return std::nullopt;
        if (slice.getStrides().empty())
          return from;
        SymExpr start =
            detail::mixedSizes(slice.getStaticStarts(), slice.getStarts(), *this).front();
        return sliceElements(*from, start, slice.getStrides()[0], count);
      })
      .Case<ReshapeOp, TransposeOp, RelayoutOp>(
          [&](auto view) { return ofSize(contentsOf(view->getOperand(0))); })
      .Case<BroadcastOp>([&](BroadcastOp broadcast) -> MaybeElements {
        MaybeElements from = contentsOf(broadcast.getInput());
        if (from && from->size() == 1)
          return Elements(count, from->front());
        return ofSize(from);
      })
      .Case<IotaOp>([&](IotaOp) {
        Elements elements;
        for (int64_t i = 0; i < count; ++i)
          elements.push_back(SymExpr::constant(context, i));
        return MaybeElements(elements);
      })
      .Case<ReduceOp>([&](ReduceOp reduce) -> MaybeElements {
        MaybeElements from = contentsOf(reduce.getInput());
        if (!from || reduce.getAxes().empty())
          return ofSize(from);
        SymExpr result = reduceElements(reduce.getKind(), *from);
        return result ? MaybeElements(Elements{result}) : std::nullopt;
      })
      .Case<CumulativeOp>([&](CumulativeOp cumulative) -> MaybeElements {
        MaybeElements from = ofSize(contentsOf(cumulative.getInput()));
        if (!from)
          return std::nullopt;
        bool isSum = cumulative.getKind() == CumulativeKind::sum;
        if (cumulative.getReverse())
          std::reverse(from->begin(), from->end());
        SymExpr running = SymExpr::constant(context, isSum ? 0 : 1);
        for (SymExpr &element : *from) {
          SymExpr next = isSum ? running + element : running * element;
          element = cumulative.getExclusive() ? running : next;
          running = next;
        }
        if (cumulative.getReverse())
          std::reverse(from->begin(), from->end());
        return from;
      })
      .Default([](Operation *) { return std::nullopt; });
}

} // namespace mlopt
