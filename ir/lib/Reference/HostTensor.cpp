//===- HostTensor.cpp - A tensor in host memory ----------------------------===//
#include "mlopt/Reference/HostTensor.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>
#include <cstring>

using namespace mlir;
using namespace mlopt;

//===----------------------------------------------------------------------===//
// Element formats
//===----------------------------------------------------------------------===//

unsigned mlopt::getNativeBytes(Type element) {
  if (element.isIndex())
    return 8;
  return (element.getIntOrFloatBitWidth() + 7) / 8;
}

/// Rounds to nearest even in a binary format of `precision` bits (the leading
/// one included), smallest normal exponent `minExponent`, largest value
/// `largest`. One rounding, also for subnormal results.
static double roundToFormat(double x, int precision, int minExponent, double largest) {
  if (x == 0 || !std::isfinite(x))
    return x;
  int exponent = std::ilogb(x);
  int quantum = std::max(exponent, minExponent) - precision + 1;
  double rounded = std::ldexp(std::nearbyint(std::ldexp(x, -quantum)), quantum);
  if (std::fabs(rounded) > largest)
    return std::copysign(INFINITY, x);
  return rounded;
}

double mlopt::roundToFloatType(double value, Type type) {
  if (type.isF32())
    return static_cast<float>(value);
  if (type.isF16())
    return roundToFormat(value, 11, -14, 65504.0);
  if (type.isBF16())
    return roundToFormat(value, 8, -126, 0x1.FEp127);
  return value;
}

int64_t mlopt::wrapToIntegerType(int64_t value, Type type) {
  if (type.isIndex())
    return value;
  unsigned bits = type.getIntOrFloatBitWidth();
  if (bits >= 64)
    return value;
  uint64_t low = static_cast<uint64_t>(value) << (64 - bits);
  if (type.isUnsignedInteger() || bits == 1)
    return static_cast<int64_t>(low >> (64 - bits));
  return static_cast<int64_t>(low) >> (64 - bits);
}

/// Bits of a value that is already rounded to f16 (`mantissa` 10, `bias` 15).
static uint16_t encodeHalf(double x, int mantissa, int bias) {
  uint16_t sign = std::signbit(x) ? 0x8000 : 0;
  int exponentOnes = (1 << (15 - mantissa)) - 1;
  if (std::isnan(x))
    return sign | (exponentOnes << mantissa) | (1 << (mantissa - 1));
  if (std::isinf(x))
    return sign | (exponentOnes << mantissa);
  if (x == 0)
    return sign;
  int exponent = std::max(std::ilogb(x), 1 - bias);
  int scaled = static_cast<int>(std::ldexp(std::fabs(x), mantissa - exponent));
  // A normal number's leading one adds itself to the exponent field.
  return sign | (((exponent + bias - 1) << mantissa) + scaled);
}

static double decodeF16(uint16_t bits) {
  int exponent = (bits >> 10) & 31, mantissa = bits & 1023;
  double magnitude = exponent == 31  ? (mantissa ? NAN : INFINITY)
                     : exponent == 0 ? std::ldexp(mantissa, -24)
                                     : std::ldexp(mantissa + 1024, exponent - 25);
  return bits & 0x8000 ? -magnitude : magnitude;
}

static double decodeBF16(uint16_t bits) {
  uint32_t wide = uint32_t(bits) << 16;
  float value;
  std::memcpy(&value, &wide, 4);
  return value;
}

template <typename T> static T load(const char *p) {
  T value;
  std::memcpy(&value, p, sizeof(T));
  return value;
}

static double loadDouble(const char *p, Type type) {
  if (type.isF32())
    return load<float>(p);
  if (type.isF64())
    return load<double>(p);
  return type.isF16() ? decodeF16(load<uint16_t>(p)) : decodeBF16(load<uint16_t>(p));
}

static void storeDouble(char *p, double value, Type type) {
  value = roundToFloatType(value, type);
  if (type.isF64()) {
    std::memcpy(p, &value, 8);
  } else if (type.isF32()) {
    float f = static_cast<float>(value);
    std::memcpy(p, &f, 4);
  } else {
    uint16_t bits = type.isF16() ? encodeHalf(value, 10, 15) : encodeHalf(value, 7, 127);
    std::memcpy(p, &bits, 2);
  }
}

static int64_t loadInteger(const char *p, Type type) {
  if (type.isInteger(1))
    return *p != 0;
  uint64_t raw = 0;
  std::memcpy(&raw, p, getNativeBytes(type));
  return wrapToIntegerType(static_cast<int64_t>(raw), type);
}

//===----------------------------------------------------------------------===//
// Making tensors
//===----------------------------------------------------------------------===//

static int64_t product(ArrayRef<int64_t> shape) {
  int64_t n = 1;
  for (int64_t size : shape)
    n *= size;
  return n;
}

HostTensor HostTensor::zeros(Type element, ArrayRef<int64_t> shape) {
  HostTensor t;
  t.elementType = element;
  t.shape.assign(shape.begin(), shape.end());
  t.numElements = product(shape);
  t.wide = true;
  t.owner = std::shared_ptr<char[]>(new char[t.numElements * 8]());
  t.data = t.owner.get();
  return t;
}

HostTensor HostTensor::index(MLIRContext *context, int64_t value) {
  HostTensor t = zeros(IndexType::get(context), {});
  t.mutableIntegers()[0] = value;
  return t;
}

FailureOr<HostTensor> HostTensor::borrow(Type element, ArrayRef<int64_t> shape,
                                         ArrayRef<char> bytes, std::string *why) {
  HostTensor t;
  t.elementType = element;
  t.shape.assign(shape.begin(), shape.end());
  t.numElements = product(shape);
  t.wide = element.isF64() || element.isInteger(64) || element.isIndex();
  t.data = const_cast<char *>(bytes.data());
  if (static_cast<int64_t>(bytes.size()) == t.numElements * getNativeBytes(element)) {
    // Wide views are typed arrays: bytes at an odd address are copied.
    if (t.wide && reinterpret_cast<uintptr_t>(t.data) % 8)
      return copy(element, shape, bytes, why);
    return t;
  }
  if (why)
    *why = "expected " + std::to_string(t.numElements * getNativeBytes(element)) +
           " bytes of data, got " + std::to_string(bytes.size());
  return failure();
}

FailureOr<HostTensor> HostTensor::copy(Type element, ArrayRef<int64_t> shape, ArrayRef<char> bytes,
                                       std::string *why) {
  std::shared_ptr<char[]> owner(new char[bytes.size()]);
  if (!bytes.empty())
    std::memcpy(owner.get(), bytes.data(), bytes.size());
  FailureOr<HostTensor> t = borrow(element, shape, ArrayRef<char>(owner.get(), bytes.size()), why);
  if (succeeded(t))
    t->owner = std::move(owner);
  return t;
}

FailureOr<HostTensor> HostTensor::fromElements(ElementsAttr attr, std::string *why) {
  ShapedType type = attr.getShapedType();
  Type element = type.getElementType();
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(attr)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob) {
      if (why)
        *why = "resource '" + resource.getRawHandle().getKey().str() + "' has no data";
      return failure();
    }
    return borrow(element, type.getShape(), blob->getData(), why);
  }
  auto dense = dyn_cast<DenseElementsAttr>(attr);
  if (!dense) {
    if (why)
      *why = "expected a dense attribute";
    return failure();
  }
  // Bools may be packed, splats hold one element: both are expanded.
  if (element.isInteger(1)) {
    HostTensor t = zeros(element, type.getShape());
    for (auto [to, from] : llvm::zip_equal(t.mutableIntegers(), dense.getValues<bool>()))
      to = from;
    return t;
  }
  if (element.isInteger() && element.getIntOrFloatBitWidth() < 8) {
    // The attribute holds the low bits, the native form a byte extended by the sign.
    HostTensor t = zeros(element, type.getShape());
    for (auto [to, from] : llvm::zip_equal(t.mutableIntegers(), dense.getValues<APInt>()))
      to = element.isUnsignedInteger() ? from.getZExtValue() : from.getSExtValue();
    return t;
  }
  if (dense.isSplat() && type.getNumElements() != 1) {
    HostTensor t = zeros(element, type.getShape());
    FailureOr<HostTensor> one = borrow(element, {1}, dense.getRawData(), why);
    if (failed(one))
      return failure();
    uint64_t word = one->toWide().words()[0];
    llvm::fill(t.mutableWords(), word);
    return t;
  }
  return borrow(element, type.getShape(), dense.getRawData(), why);
}

DenseElementsAttr HostTensor::toElements() const {
  auto type = RankedTensorType::get(shape, elementType);
  if (elementType.isInteger(1)) {
    SmallVector<bool> values(numElements);
    for (int64_t i = 0; i < numElements; ++i)
      values[i] = getInteger(i);
    return DenseElementsAttr::get(type, values);
  }
  if (elementType.isInteger() && elementType.getIntOrFloatBitWidth() < 8) {
    SmallVector<APInt> values;
    for (int64_t i = 0; i < numElements; ++i)
      values.push_back(APInt(elementType.getIntOrFloatBitWidth(), getInteger(i), /*isSigned=*/true,
                             /*implicitTrunc=*/true));
    return DenseElementsAttr::get(type, values);
  }
  return DenseElementsAttr::getFromRawBuffer(type, toNative().bytes());
}

//===----------------------------------------------------------------------===//
// Forms and views
//===----------------------------------------------------------------------===//

/// Elements of one C type, widened; for the types of large constants.
template <typename From, typename To> static void widen(const char *data, MutableArrayRef<To> out) {
  for (auto [i, to] : llvm::enumerate(out)) {
    From from;
    std::memcpy(&from, data + i * sizeof(From), sizeof(From));
    to = from;
  }
}

HostTensor HostTensor::toWide() const {
  if (wide || isNone())
    return *this;
  HostTensor t = zeros(elementType, shape);
  unsigned size = getNativeBytes(elementType);
  if (elementType.isF32()) {
    widen<float>(data, t.mutableDoubles());
  } else if (elementType.isSignlessInteger(8)) {
    widen<int8_t>(data, t.mutableIntegers());
  } else if (elementType.isUnsignedInteger(8)) {
    widen<uint8_t>(data, t.mutableIntegers());
  } else if (isFloat()) {
    MutableArrayRef<double> out = t.mutableDoubles();
    for (int64_t i = 0; i < numElements; ++i)
      out[i] = loadDouble(data + i * size, elementType);
  } else {
    MutableArrayRef<int64_t> out = t.mutableIntegers();
    for (int64_t i = 0; i < numElements; ++i)
      out[i] = loadInteger(data + i * size, elementType);
  }
  return t;
}

HostTensor HostTensor::toNative() const {
  unsigned size = isNone() ? 0 : getNativeBytes(elementType);
  if (!wide || isNone() || size == 8)
    return *this;
  HostTensor t = *this;
  t.wide = false;
  t.owner = std::shared_ptr<char[]>(new char[numElements * size]);
  t.data = t.owner.get();
  if (elementType.isF32()) {
    for (auto [i, from] : llvm::enumerate(doubles())) {
      float to = static_cast<float>(from);
      std::memcpy(t.data + i * sizeof(to), &to, sizeof(to));
    }
    return t;
  }
  for (int64_t i = 0; i < numElements; ++i) {
    if (isFloat()) {
      storeDouble(t.data + i * size, doubles()[i], elementType);
    } else {
      int64_t value = wrapToIntegerType(integers()[i], elementType);
      std::memcpy(t.data + i * size, &value, size);
    }
  }
  return t;
}

HostTensor HostTensor::reshaped(ArrayRef<int64_t> newShape) const {
  assert(product(newShape) == numElements && "a reshape keeps the number of elements");
  HostTensor t = *this;
  t.shape.assign(newShape.begin(), newShape.end());
  return t;
}

ArrayRef<char> HostTensor::bytes() const {
  return {data, static_cast<size_t>(numElements) * (wide ? 8 : getNativeBytes(elementType))};
}

template <typename T>
static MutableArrayRef<T> viewAs([[maybe_unused]] bool allowed, char *data, int64_t count) {
  assert(allowed && "this view does not go with the tensor's form or type");
  return {reinterpret_cast<T *>(data), static_cast<size_t>(count)};
}

ArrayRef<double> HostTensor::doubles() const {
  return viewAs<double>(wide && isFloat(), data, numElements);
}
ArrayRef<int64_t> HostTensor::integers() const {
  return viewAs<int64_t>(wide && !isFloat(), data, numElements);
}
ArrayRef<uint64_t> HostTensor::words() const { return viewAs<uint64_t>(wide, data, numElements); }
MutableArrayRef<double> HostTensor::mutableDoubles() {
  return viewAs<double>(wide && owner && isFloat(), data, numElements);
}
MutableArrayRef<int64_t> HostTensor::mutableIntegers() {
  return viewAs<int64_t>(wide && owner && !isFloat(), data, numElements);
}
MutableArrayRef<uint64_t> HostTensor::mutableWords() {
  return viewAs<uint64_t>(wide && owner, data, numElements);
}

double HostTensor::getDouble(int64_t i) const {
  if (isFloat())
    return wide ? doubles()[i] : loadDouble(data + i * getNativeBytes(elementType), elementType);
  int64_t value = getInteger(i);
  return elementType.isUnsignedInteger() ? static_cast<double>(static_cast<uint64_t>(value))
                                         : static_cast<double>(value);
}

int64_t HostTensor::getInteger(int64_t i) const {
  return wide ? integers()[i] : loadInteger(data + i * getNativeBytes(elementType), elementType);
}

void HostTensor::roundTo(Type type) {
  if (auto floatType = dyn_cast<FloatType>(type)) {
    if (floatType.isF32())
      for (double &x : mutableDoubles())
        x = static_cast<float>(x);
    else if (!floatType.isF64())
      for (double &x : mutableDoubles())
        x = roundToFloatType(x, floatType);
    return;
  }
  if (!type.isIndex() && type.getIntOrFloatBitWidth() < 64)
    for (int64_t &x : mutableIntegers())
      x = wrapToIntegerType(x, type);
}
