//===- Node.cpp - What a conversion entry sees of its node ----------------===//
#include "Conversion.h"
#include "mlir/IR/DialectResourceBlobManager.h"

using namespace mlir;

namespace mlopt::onnx {

std::pair<StringRef, StringRef> splitOperatorName(StringRef name) {
  name.consume_front("onnx.");
  auto [domain, type] = name.rsplit('.');
  if (type.empty())
    return {"", domain};
  return {domain == "ai.onnx" ? StringRef() : domain, type};
}

bool isSupportedElement(Type type) {
  if (isa<Float64Type, Float32Type, Float16Type, BFloat16Type>(type))
    return true;
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer || integer.isSigned())
    return false;
  unsigned width = integer.getWidth();
  if (width == 1)
    return integer.isSignless();
  return width == 2 || width == 4 || width == 8 || width == 16 || width == 32 || width == 64;
}

Type getElementType(MLIRContext *context, int64_t dataType) {
  Builder b(context);
  switch (dataType) {
  case 1:
    return b.getF32Type();
  case 2:
    return b.getIntegerType(8, false);
  case 3:
    return b.getI8Type();
  case 4:
    return b.getIntegerType(16, false);
  case 5:
    return b.getI16Type();
  case 6:
    return b.getI32Type();
  case 7:
    return b.getI64Type();
  case 9:
    return b.getI1Type();
  case 10:
    return b.getF16Type();
  case 11:
    return b.getF64Type();
  case 12:
    return b.getIntegerType(32, false);
  case 13:
    return b.getIntegerType(64, false);
  case 16:
    return b.getBF16Type();
  case 21:
    return b.getIntegerType(4, false);
  case 22:
    return b.getIntegerType(4);
  case 25:
    return b.getIntegerType(2, false);
  case 26:
    return b.getIntegerType(2);
  default:
    return nullptr;
  }
}

std::optional<DenseElementsAttr> getSmallElements(ElementsAttr value) {
  if (!value)
    return std::nullopt;
  auto type = dyn_cast<RankedTensorType>(value.getShapedType());
  if (!type || !isSupportedElement(type.getElementType()))
    return std::nullopt;
  uint64_t bytes =
      static_cast<uint64_t>(value.getNumElements()) * ((type.getElementTypeBitWidth() + 7) / 8);
  if (bytes > static_cast<uint64_t>(ComposeBuilder::maxFoldBytes))
    return std::nullopt;
  if (auto dense = dyn_cast<DenseElementsAttr>(value))
    return dense;
  auto resource = dyn_cast<DenseResourceElementsAttr>(value);
  if (!resource)
    return std::nullopt;
  AsmResourceBlob *blob = resource.getRawHandle().getBlob();
  if (!blob || blob->getData().size() != bytes)
    return std::nullopt;
  ArrayRef<char> data = blob->getData();
  if (type.getElementType().isInteger(1)) { // one byte per element in a resource
    SmallVector<bool> flags;
    for (char c : data)
      flags.push_back(c != 0);
    return DenseElementsAttr::get(type, flags);
  }
  if (unsigned width = type.getElementTypeBitWidth(); width < 8) { // likewise
    SmallVector<APInt> values;
    for (char c : data)
      values.push_back(APInt(width, static_cast<uint8_t>(c) & ((1u << width) - 1)));
    return DenseElementsAttr::get(type, values);
  }
  return DenseElementsAttr::getFromRawBuffer(type, data);
}

StringRef Node::getType() const { return splitOperatorName(op->getName().getStringRef()).second; }

bool Node::has(unsigned i) const {
  return i < operands.size() && !isa<NoneType>(operands[i].getType());
}

bool Node::hasResult(unsigned i) const {
  return i < op->getNumResults() && !op->getResult(i).use_empty();
}

Value Node::input(unsigned i) {
  if (!has(i)) {
    (void)malformed("operand " + Twine(i) + " is missing");
    return nullptr;
  }
  auto type = dyn_cast<RankedTensorType>(operands[i].getType());
  if (!type || !isSupportedElement(type.getElementType())) {
    std::string text;
    llvm::raw_string_ostream(text) << operands[i].getType();
    (void)unsupportedType("operand " + Twine(i) + " has type " + text);
    return nullptr;
  }
  return operands[i];
}

std::optional<SmallVector<Value>> Node::sequenceInput(unsigned i) {
  auto cast = i < operands.size() ? operands[i].getDefiningOp<UnrealizedConversionCastOp>()
                                  : UnrealizedConversionCastOp();
  if (!cast)
    return std::nullopt;
  return SmallVector<Value>(cast.getInputs());
}

Value Node::makeSequence(ValueRange tensors) {
  if (llvm::is_contained(tensors, Value()))
    return nullptr;
  // The importer writes "seq<float>"; where it knew nothing, the elements say nothing better.
  Type type = op->getResult(0).getType();
  if (!isa<OpaqueType>(type))
    type = OpaqueType::get(StringAttr::get(getContext(), "onnx"), "seq");
  return UnrealizedConversionCastOp::create(getBuilder(), op->getLoc(), type, tensors)
      .getResult(0);
}

Value Node::inputOrNone(unsigned i) { return has(i) ? input(i) : none(); }

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

std::optional<int64_t> Node::optIntAttr(StringRef name) const {
  if (auto attr = op->getAttrOfType<IntegerAttr>(name))
    return attr.getValue().getBitWidth() <= 64 ? std::optional(attr.getValue().getSExtValue())
                                               : std::nullopt;
  return std::nullopt;
}

int64_t Node::intAttr(StringRef name, int64_t fallback) const {
  return optIntAttr(name).value_or(fallback);
}

std::optional<double> Node::optFloatAttr(StringRef name) const {
  if (auto attr = op->getAttrOfType<FloatAttr>(name))
    return attr.getValueAsDouble();
  return std::nullopt;
}

double Node::floatAttr(StringRef name, double fallback) const {
  // ONNX attributes are f32; so are the defaults of its specification.
  return optFloatAttr(name).value_or(static_cast<double>(static_cast<float>(fallback)));
}

std::string Node::stringAttr(StringRef name, StringRef fallback) const {
  if (auto attr = op->getAttrOfType<StringAttr>(name))
    return attr.str();
  return fallback.str();
}

std::optional<SmallVector<int64_t>> Node::intsAttr(StringRef name) const {
  Attribute attr = op->getAttr(name);
  if (auto array = dyn_cast_or_null<DenseI64ArrayAttr>(attr))
    return SmallVector<int64_t>(array.asArrayRef());
  if (auto array = dyn_cast_or_null<ArrayAttr>(attr)) {
    SmallVector<int64_t> values;
    for (Attribute element : array) {
      auto integer = dyn_cast<IntegerAttr>(element);
      if (!integer)
        return std::nullopt;
      values.push_back(integer.getValue().getSExtValue());
    }
    return values;
  }
  return std::nullopt;
}

std::optional<SmallVector<double>> Node::floatsAttr(StringRef name) const {
  Attribute attr = op->getAttr(name);
  if (auto array = dyn_cast_or_null<DenseF32ArrayAttr>(attr))
    return SmallVector<double>(array.asArrayRef().begin(), array.asArrayRef().end());
  if (auto array = dyn_cast_or_null<ArrayAttr>(attr)) {
    SmallVector<double> values;
    for (Attribute element : array) {
      auto number = dyn_cast<FloatAttr>(element);
      if (!number)
        return std::nullopt;
      values.push_back(number.getValueAsDouble());
    }
    return values;
  }
  return std::nullopt;
}

std::optional<SmallVector<std::string>> Node::stringsAttr(StringRef name) const {
  auto array = op->getAttrOfType<ArrayAttr>(name);
  if (!array)
    return std::nullopt;
  SmallVector<std::string> values;
  for (Attribute element : array) {
    auto text = dyn_cast<StringAttr>(element);
    if (!text)
      return std::nullopt;
    values.push_back(text.str());
  }
  return values;
}

//===----------------------------------------------------------------------===//
// Constant operands
//===----------------------------------------------------------------------===//

std::optional<DenseElementsAttr> Node::constantInput(unsigned i) {
  if (!has(i))
    return std::nullopt;
  if (auto constant = operands[i].getDefiningOp<ConstantOp>())
    return getSmallElements(constant.getValue());
  auto found = constants.find(operands[i]);
  return found == constants.end() ? std::nullopt : getSmallElements(found->second);
}

ElementsAttr Node::largeConstantInput(unsigned i) {
  if (!has(i))
    return nullptr;
  if (auto constant = operands[i].getDefiningOp<ConstantOp>())
    return constant.getValue();
  return constants.lookup(operands[i]);
}

Value Node::makeConstant(ElementsAttr value) { return constantBuilder(value); }

std::optional<SmallVector<SymExpr>> Node::sizesInput(unsigned i) {
  if (!has(i))
    return std::nullopt;
  auto type = dyn_cast<RankedTensorType>(operands[i].getType());
  if (!type || !isa<IntegerType>(type.getElementType()))
    return std::nullopt;
  if (type.hasStaticShape() && type.getNumElements() == 0)
    return SmallVector<SymExpr>();
  if (auto constant = constantInput(i)) {
    SmallVector<SymExpr> values;
    bool isUnsigned =
        type.getElementType().isUnsignedInteger() || type.getElementType().isInteger(1);
    for (const APInt &v : constant->getValues<APInt>())
      values.push_back(
          size(isUnsigned ? static_cast<int64_t>(v.getZExtValue()) : v.getSExtValue()));
    return values;
  }
  return getShapes().contentsOf(operands[i]);
}

std::optional<SmallVector<int64_t>> Node::constantInts(unsigned i) {
  auto values = sizesInput(i);
  if (!values)
    return std::nullopt;
  SmallVector<int64_t> result;
  for (SymExpr e : *values) {
    auto v = e.getConstant();
    if (!v)
      return std::nullopt;
    result.push_back(*v);
  }
  return result;
}

std::optional<SmallVector<double>> Node::constantFloats(unsigned i) {
  if (!has(i))
    return std::nullopt;
  auto type = dyn_cast<RankedTensorType>(operands[i].getType());
  if (!type)
    return std::nullopt;
  if (type.hasStaticShape() && type.getNumElements() == 0)
    return SmallVector<double>();
  auto constant = constantInput(i);
  if (!constant)
    return std::nullopt;
  SmallVector<double> result;
  if (!isa<FloatType>(type.getElementType())) {
    auto integers = constantInts(i);
    if (!integers)
      return std::nullopt;
    result.append(integers->begin(), integers->end());
    return result;
  }
  for (APFloat v : constant->getValues<APFloat>()) {
    bool lossy;
    v.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &lossy);
    result.push_back(v.convertToDouble());
  }
  return result;
}

bool Node::dependsOnElements(SymExpr e) {
  bool found = false;
  e.forEachSymbol([&](StringRef name) {
    auto source = getShapes().getSymbol(name);
    found |= !source || source->element >= 0;
  });
  return found;
}

Value Node::scalarInput(unsigned i) {
  Value v = input(i);
  if (!v || rankOf(v) == 0)
    return v;
  RankedTensorType type = typeOf(v);
  if (!type.hasStaticShape() || type.getNumElements() != 1) {
    (void)malformed("operand " + Twine(i) + " must have one element");
    return nullptr;
  }
  return reshape(v, {});
}

//===----------------------------------------------------------------------===//
// Checks and results
//===----------------------------------------------------------------------===//

std::optional<int64_t> Node::normalizeAxis(int64_t axis, int64_t rank) {
  if (axis < -rank || axis >= rank) {
    (void)malformed("axis " + Twine(axis) + " is outside [" + Twine(-rank) + ", " + Twine(rank) +
                    ")");
    return std::nullopt;
  }
  return axis < 0 ? axis + rank : axis;
}

std::optional<SmallVector<int64_t>> Node::normalizeAxes(ArrayRef<int64_t> axes, int64_t rank) {
  SmallVector<int64_t> result;
  for (int64_t axis : axes) {
    auto normal = normalizeAxis(axis, rank);
    if (!normal)
      return std::nullopt;
    result.push_back(*normal);
  }
  llvm::sort(result);
  if (std::adjacent_find(result.begin(), result.end()) != result.end()) {
    (void)malformed("an axis is given twice");
    return std::nullopt;
  }
  return result;
}

LogicalResult Node::finish(ValueRange values) {
  for (Value v : values)
    if (!v)
      return failure();
  results.assign(values.begin(), values.end());
  return success();
}

LogicalResult Node::setFailure(FailureKind newKind, const Twine &newReason) {
  if (kind == FailureKind::None && getError().empty()) {
    kind = newKind;
    reason = newReason.str();
  }
  return failure();
}

FailureKind Node::getFailureKind() const {
  if (kind != FailureKind::None)
    return kind;
  if (getError().empty())
    return FailureKind::None;
  return isTypeError() ? FailureKind::UnsupportedType : FailureKind::Malformed;
}

std::string Node::getReason() const { return kind != FailureKind::None ? reason : getError(); }

//===----------------------------------------------------------------------===//
// Pads
//===----------------------------------------------------------------------===//

LogicalResult spatialAttr(Node &n, StringRef name, int64_t count, int64_t fallback,
                          SmallVectorImpl<int64_t> &values) {
  auto given = n.intsAttr(name);
  if (given && !given->empty())
    values.assign(given->begin(), given->end());
  else
    values.assign(count, fallback);
  if (static_cast<int64_t>(values.size()) != count)
    return n.malformed(name + " has " + Twine(values.size()) + " values, expected " + Twine(count));
  for (int64_t v : values)
    if (v < 1 || v > INT32_MAX)
      return n.malformed(name + " holds " + Twine(v) + ", expected a positive number");
  return success();
}

LogicalResult resolvePads(Node &n, ArrayRef<SymExpr> spatial, ArrayRef<int64_t> extents,
                          ArrayRef<int64_t> strides, SmallVectorImpl<int64_t> &begin,
                          SmallVectorImpl<int64_t> &end) {
  size_t count = spatial.size();
  begin.assign(count, 0);
  end.assign(count, 0);
  std::string mode = n.stringAttr("auto_pad", "NOTSET");
  if (mode == "VALID")
    return success();
  if (mode == "SAME_UPPER" || mode == "SAME_LOWER") {
    for (size_t i = 0; i < count; ++i) {
      int64_t total = extents[i] - 1;
      if (strides[i] != 1) {
        // Result ceil(D / s): the padding depends on D mod s.
        std::optional<int64_t> d = spatial[i].getConstant();
        if (!d)
          return n.unsupported("auto_pad " + mode + " with stride " + Twine(strides[i]) +
                               " on a dimension that is not fixed; fix it with --dim or --shape");
        total = (llvm::divideCeil(*d, strides[i]) - 1) * strides[i] + extents[i] - *d;
      }
      total = std::max<int64_t>(total, 0);
      begin[i] = mode == "SAME_UPPER" ? total / 2 : total - total / 2;
      end[i] = total - begin[i];
    }
    return success();
  }
  if (mode != "NOTSET" && !mode.empty())
    return n.malformed("auto_pad is '" + mode +
                       "', expected NOTSET, SAME_UPPER, SAME_LOWER or VALID");
  auto pads = n.intsAttr("pads");
  if (!pads || pads->empty())
    return success();
  if (pads->size() != 2 * count)
    return n.malformed("pads has " + Twine(pads->size()) + " values, expected " + Twine(2 * count));
  for (int64_t p : *pads)
    if (p < INT32_MIN || p > INT32_MAX)
      return n.malformed("pads holds " + Twine(p));
  begin.assign(pads->begin(), pads->begin() + count);
  end.assign(pads->begin() + count, pads->end());
  return success();
}

} // namespace mlopt::onnx
