//===- HostTensor.cpp - Elements of tensors -------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TensorIO/TensorIO.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>

namespace mlopt::tensorio {

int64_t HostTensor::elementCount() const {
  int64_t count = 1;
  bool empty = false;
  for (int64_t dim : dims) {
    if (dim < 0)
      return -1;
    if (dim == 0)
      empty = true;
    else if (__builtin_mul_overflow(count, dim, &count) || count > (int64_t(1) << 48))
      return -1;
  }
  return empty ? 0 : count;
}

bool HostTensor::allocate() {
  int64_t count = elementCount();
  if (count < 0 || !elementBytes(dtype))
    return false;
  data.assign(size_t(count) * elementBytes(dtype), 0);
  return true;
}

unsigned elementBytes(mlopt_dtype dtype) {
  switch (dtype) {
#define MLOPT_X(e, n, s, bits)                                                                     \
  case MLOPT_DTYPE_##e:                                                                            \
    return (bits) / 8;
    MLOPT_FOR_EACH_DTYPE(MLOPT_X)
#undef MLOPT_X
  default:
    return 0;
  }
}

const char *dtypeName(mlopt_dtype dtype) {
  switch (dtype) {
#define MLOPT_X(e, n, s, bits)                                                                     \
  case MLOPT_DTYPE_##e:                                                                            \
    return s;
    MLOPT_FOR_EACH_DTYPE(MLOPT_X)
#undef MLOPT_X
  default:
    return "invalid";
  }
}

mlopt_dtype parseDType(std::string_view text) {
  static const struct {
    std::string_view name;
    mlopt_dtype dtype;
  } aliases[] = {
      {"float64", MLOPT_DTYPE_F64},   {"double", MLOPT_DTYPE_F64},  {"float32", MLOPT_DTYPE_F32},
      {"float", MLOPT_DTYPE_F32},     {"float16", MLOPT_DTYPE_F16}, {"half", MLOPT_DTYPE_F16},
      {"bfloat16", MLOPT_DTYPE_BF16}, {"bool", MLOPT_DTYPE_BOOL},   {"int8", MLOPT_DTYPE_I8},
      {"int16", MLOPT_DTYPE_I16},     {"int32", MLOPT_DTYPE_I32},   {"int64", MLOPT_DTYPE_I64},
      {"si8", MLOPT_DTYPE_I8},        {"si16", MLOPT_DTYPE_I16},    {"si32", MLOPT_DTYPE_I32},
      {"si64", MLOPT_DTYPE_I64},      {"uint8", MLOPT_DTYPE_UI8},   {"uint16", MLOPT_DTYPE_UI16},
      {"uint32", MLOPT_DTYPE_UI32},   {"uint64", MLOPT_DTYPE_UI64}, {"u8", MLOPT_DTYPE_UI8},
      {"u16", MLOPT_DTYPE_UI16},      {"u32", MLOPT_DTYPE_UI32},    {"u64", MLOPT_DTYPE_UI64},
      {"int4", MLOPT_DTYPE_I4},       {"uint4", MLOPT_DTYPE_UI4},   {"int2", MLOPT_DTYPE_I2},
      {"uint2", MLOPT_DTYPE_UI2},
  };
#define MLOPT_X(e, n, s, bits)                                                                     \
  if (text == s)                                                                                   \
    return MLOPT_DTYPE_##e;
  MLOPT_FOR_EACH_DTYPE(MLOPT_X)
#undef MLOPT_X
  for (const auto &alias : aliases)
    if (text == alias.name)
      return alias.dtype;
  return MLOPT_DTYPE_INVALID;
}

bool isFloat(mlopt_dtype dtype) {
  return (dtype >= MLOPT_DTYPE_F64 && dtype <= MLOPT_DTYPE_BF16) ||
         (dtype >= MLOPT_DTYPE_F8E4M3FN && dtype <= MLOPT_DTYPE_F8E5M2FNUZ);
}

unsigned smallBits(mlopt_dtype dtype) {
  return dtype == MLOPT_DTYPE_I4 || dtype == MLOPT_DTYPE_UI4   ? 4
         : dtype == MLOPT_DTYPE_I2 || dtype == MLOPT_DTYPE_UI2 ? 2
                                                               : 0;
}

uint8_t extendSmall(mlopt_dtype dtype, unsigned value) {
  unsigned bits = smallBits(dtype);
  unsigned low = value & ((1u << bits) - 1);
  bool negative = (dtype == MLOPT_DTYPE_I4 || dtype == MLOPT_DTYPE_I2) && low >> (bits - 1);
  return uint8_t(negative ? low | ~0u << bits : low);
}

Error takeAs(HostTensor &tensor, mlopt_dtype wanted) {
  if (wanted == MLOPT_DTYPE_BF16 && tensor.dtype == MLOPT_DTYPE_UI16)
    tensor.dtype = wanted;
  bool isByte = tensor.dtype == MLOPT_DTYPE_I8 || tensor.dtype == MLOPT_DTYPE_UI8;
  if (!smallBits(wanted) || !isByte)
    return {};
  for (size_t i = 0; i < tensor.data.size(); ++i) {
    // As numbers: 255 is none of int4, though its bits are those of -1.
    double value = elementAsDouble(tensor, int64_t(i));
    HostTensor one;
    one.dtype = wanted;
    one.data = {extendSmall(wanted, tensor.data[i])};
    if (elementAsDouble(one, 0) != value)
      return std::string("has the type ") + dtypeName(wanted) + ", which does not hold element " +
             std::to_string(i) + ", " + std::to_string(int(value));
  }
  tensor.dtype = wanted;
  return {};
}

namespace {

/// A small binary float: where its exponent and special values are.
struct SmallFloat {
  int exponentBits, mantissaBits, bias;
  bool hasInfinity;       ///< IEEE style: the largest exponent holds infinities and NaNs
  bool negativeZeroIsNan; ///< the FNUZ types
};

SmallFloat formatOf(mlopt_dtype dtype) {
  switch (dtype) {
  case MLOPT_DTYPE_F16:
    return {5, 10, 15, true, false};
  case MLOPT_DTYPE_BF16:
    return {8, 7, 127, true, false};
  case MLOPT_DTYPE_F8E5M2:
    return {5, 2, 15, true, false};
  case MLOPT_DTYPE_F8E4M3FN:
    return {4, 3, 7, false, false};
  case MLOPT_DTYPE_F8E4M3FNUZ:
    return {4, 3, 8, false, true};
  default:
    return {5, 2, 16, false, true}; // f8E5M2FNUZ
  }
}

double decode(SmallFloat f, unsigned bits) {
  unsigned mantissa = bits & ((1u << f.mantissaBits) - 1);
  int exponent = int(bits >> f.mantissaBits & ((1u << f.exponentBits) - 1));
  bool negative = bits >> (f.mantissaBits + f.exponentBits) & 1;
  int top = (1 << f.exponentBits) - 1;
  double value;
  if (f.negativeZeroIsNan && negative && !mantissa && !exponent)
    return std::numeric_limits<double>::quiet_NaN();
  if (f.hasInfinity && exponent == top)
    value = mantissa ? std::numeric_limits<double>::quiet_NaN()
                     : std::numeric_limits<double>::infinity();
  else if (!f.hasInfinity && !f.negativeZeroIsNan && exponent == top &&
           mantissa == (1u << f.mantissaBits) - 1)
    value = std::numeric_limits<double>::quiet_NaN();
  else if (exponent == 0)
    value = std::ldexp(mantissa, 1 - f.bias - f.mantissaBits);
  else
    value = std::ldexp(mantissa + (1u << f.mantissaBits), exponent - f.bias - f.mantissaBits);
  return negative ? -value : value;
}

unsigned encode(SmallFloat f, double value) {
  unsigned sign = unsigned(std::signbit(value)) << (f.mantissaBits + f.exponentBits);
  unsigned top = (1u << f.exponentBits) - 1, all = (1u << f.mantissaBits) - 1;
  unsigned infinity = top << f.mantissaBits;
  unsigned nan = f.hasInfinity         ? infinity | (1u << (f.mantissaBits - 1))
                 : f.negativeZeroIsNan ? 1u << (f.mantissaBits + f.exponentBits)
                                       : infinity | all;
  unsigned overflow = f.hasInfinity ? infinity : nan;
  if (std::isnan(value))
    return f.negativeZeroIsNan ? nan : sign | nan;
  double magnitude = std::fabs(value);
  if (std::isinf(magnitude))
    return f.negativeZeroIsNan ? nan : sign | overflow;
  int exponent = magnitude == 0 ? 1 - f.bias : std::max(std::ilogb(magnitude), 1 - f.bias);
  // nearbyint rounds to nearest even in the default mode.
  double scaled = std::nearbyint(std::ldexp(magnitude, f.mantissaBits - exponent));
  uint64_t units = uint64_t(scaled);
  if (units >> (f.mantissaBits + 1)) {
    units >>= 1;
    ++exponent;
  }
  unsigned bits = units >> f.mantissaBits
                      ? unsigned(exponent + f.bias) << f.mantissaBits | (unsigned(units) & all)
                      : unsigned(units);
  bool tooLarge = exponent + f.bias > int(top) || (f.hasInfinity && bits >= infinity) ||
                  (!f.hasInfinity && !f.negativeZeroIsNan && bits >= (infinity | all));
  if (tooLarge)
    return f.negativeZeroIsNan ? nan : sign | overflow;
  return f.negativeZeroIsNan && bits == 0 ? 0 : sign | bits;
}

template <typename T> T load(const HostTensor &tensor, int64_t index) {
  T value;
  std::memcpy(&value, tensor.data.data() + size_t(index) * sizeof(T), sizeof(T));
  return value;
}

template <typename T> void store(HostTensor &tensor, int64_t index, T value) {
  std::memcpy(tensor.data.data() + size_t(index) * sizeof(T), &value, sizeof(T));
}

/// One of 2 or 4 bits, clamped to its range.
void storeSmall(HostTensor &tensor, int64_t index, double value, bool isSigned) {
  unsigned bits = smallBits(tensor.dtype) - isSigned;
  double most = (1 << bits) - 1, least = isSigned ? -most - 1 : 0;
  value = std::isnan(value) ? 0 : std::min(std::max(value, least), most);
  store<uint8_t>(tensor, index, uint8_t(int(value)));
}

template <typename T> void storeInteger(HostTensor &tensor, int64_t index, double value) {
  T result = 0;
  if (!std::isnan(value)) {
    // The limits of 64-bit types are not doubles: compare with the powers of two next to them.
    double upper = std::ldexp(1.0, std::numeric_limits<T>::digits);
    double lower = std::numeric_limits<T>::is_signed ? -upper : 0;
    result = value >= upper   ? std::numeric_limits<T>::max()
             : value <= lower ? std::numeric_limits<T>::min()
                              : static_cast<T>(value);
  }
  store<T>(tensor, index, result);
}

/// splitmix64: a good generator in three lines, and the same everywhere.
uint64_t nextRandom(uint64_t &state) {
  uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

} // namespace

double elementAsDouble(const HostTensor &t, int64_t i) {
  switch (t.dtype) {
  case MLOPT_DTYPE_F64:
    return load<double>(t, i);
  case MLOPT_DTYPE_F32:
    return load<float>(t, i);
  case MLOPT_DTYPE_F16:
  case MLOPT_DTYPE_BF16:
    return decode(formatOf(t.dtype), load<uint16_t>(t, i));
  case MLOPT_DTYPE_I8:
  case MLOPT_DTYPE_I4:
  case MLOPT_DTYPE_I2:
    return load<int8_t>(t, i);
  case MLOPT_DTYPE_I16:
    return load<int16_t>(t, i);
  case MLOPT_DTYPE_I32:
    return load<int32_t>(t, i);
  case MLOPT_DTYPE_I64:
    return double(load<int64_t>(t, i));
  case MLOPT_DTYPE_BOOL:
  case MLOPT_DTYPE_UI8:
  case MLOPT_DTYPE_UI4:
  case MLOPT_DTYPE_UI2:
    return load<uint8_t>(t, i);
  case MLOPT_DTYPE_UI16:
    return load<uint16_t>(t, i);
  case MLOPT_DTYPE_UI32:
    return load<uint32_t>(t, i);
  case MLOPT_DTYPE_UI64:
    return double(load<uint64_t>(t, i));
  default:
    return decode(formatOf(t.dtype), load<uint8_t>(t, i));
  }
}

void setElement(HostTensor &t, int64_t i, double value) {
  switch (t.dtype) {
  case MLOPT_DTYPE_F64:
    return store<double>(t, i, value);
  case MLOPT_DTYPE_F32:
    return store<float>(t, i, float(value));
  case MLOPT_DTYPE_F16:
  case MLOPT_DTYPE_BF16:
    return store<uint16_t>(t, i, uint16_t(encode(formatOf(t.dtype), value)));
  case MLOPT_DTYPE_BOOL:
    return store<uint8_t>(t, i, value != 0);
  case MLOPT_DTYPE_I8:
    return storeInteger<int8_t>(t, i, value);
  case MLOPT_DTYPE_I4:
  case MLOPT_DTYPE_I2:
    return storeSmall(t, i, value, true);
  case MLOPT_DTYPE_UI4:
  case MLOPT_DTYPE_UI2:
    return storeSmall(t, i, value, false);
  case MLOPT_DTYPE_I16:
    return storeInteger<int16_t>(t, i, value);
  case MLOPT_DTYPE_I32:
    return storeInteger<int32_t>(t, i, value);
  case MLOPT_DTYPE_I64:
    return storeInteger<int64_t>(t, i, value);
  case MLOPT_DTYPE_UI8:
    return storeInteger<uint8_t>(t, i, value);
  case MLOPT_DTYPE_UI16:
    return storeInteger<uint16_t>(t, i, value);
  case MLOPT_DTYPE_UI32:
    return storeInteger<uint32_t>(t, i, value);
  case MLOPT_DTYPE_UI64:
    return storeInteger<uint64_t>(t, i, value);
  default:
    return store<uint8_t>(t, i, uint8_t(encode(formatOf(t.dtype), value)));
  }
}

void fillRandom(HostTensor &tensor, uint64_t seed) {
  uint64_t state = seed * UINT64_C(0x2545f4914f6cdd1d) + 1;
  int64_t count = tensor.elementCount();
  bool floats = isFloat(tensor.dtype);
  for (int64_t i = 0; i < count; ++i) {
    uint64_t bits = nextRandom(state);
    // 24 bits: exact in f32.
    setElement(tensor, i,
               floats ? double(bits >> 40) * (2.0 / (1 << 24)) - 1.0 : double(bits >> 63));
  }
}

std::string dimsToString(const std::vector<int64_t> &dims) {
  std::string text = "[";
  for (size_t i = 0; i < dims.size(); ++i)
    text += (i ? ", " : "") + std::to_string(dims[i]);
  return text + "]";
}

} // namespace mlopt::tensorio
