//===- TensorProto.cpp - ONNX TensorProto in wire format ------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TensorIO/TensorIO.h"

#include <cstring>

// Test data of ONNX models are TensorProto files. Their wire format is a list of (field, value);
// the dozen fields of this one message need no Protobuf library.

namespace mlopt::tensorio {

namespace {

/// One field: a number (varint, fixed32, fixed64) or bytes.
struct Field {
  unsigned number = 0, wire = 0;
  uint64_t value = 0;
  const uint8_t *bytes = nullptr;
  size_t size = 0;
};

class WireReader {
public:
  WireReader(const uint8_t *bytes, size_t size) : at(bytes), end(bytes + size) {}
  bool done() const { return at == end; }

  bool varint(uint64_t &value) {
    value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (at == end)
        return false;
      uint8_t byte = *at++;
      value |= uint64_t(byte & 0x7f) << shift;
      if (!(byte & 0x80))
        return true;
    }
    return false;
  }

  bool fixed(unsigned bytes, uint64_t &value) {
    if (size_t(end - at) < bytes)
      return false;
    value = 0;
    std::memcpy(&value, at, bytes);
    at += bytes;
    return true;
  }

  bool next(Field &field) {
    uint64_t key, length;
    if (!varint(key) || key >> 3 == 0 || key >> 3 > 0x1fffffff)
      return false;
    field.number = unsigned(key >> 3);
    field.wire = unsigned(key & 7);
    switch (field.wire) {
    case 0:
      return varint(field.value);
    case 1:
      return fixed(8, field.value);
    case 5:
      return fixed(4, field.value);
    case 2:
      if (!varint(length) || length > size_t(end - at))
        return false;
      field.bytes = at;
      field.size = size_t(length);
      at += length;
      return true;
    default:
      return false;
    }
  }

private:
  const uint8_t *at, *end;
};

/// Adds the values of a repeated field: one value, or a packed run of them. `wire` is that of the
/// elements.
bool addValues(const Field &field, unsigned wire, std::vector<uint64_t> &values) {
  if (field.wire == wire) {
    values.push_back(field.value);
    return true;
  }
  if (field.wire != 2)
    return false;
  WireReader packed(field.bytes, field.size);
  while (!packed.done()) {
    uint64_t value;
    if (!(wire == 0 ? packed.varint(value) : packed.fixed(wire == 1 ? 8 : 4, value)))
      return false;
    values.push_back(value);
  }
  return true;
}

mlopt_dtype dtypeOfOnnx(uint64_t type) {
  static const mlopt_dtype table[] = {
      MLOPT_DTYPE_INVALID,   MLOPT_DTYPE_F32,      MLOPT_DTYPE_UI8,        MLOPT_DTYPE_I8,
      MLOPT_DTYPE_UI16,      MLOPT_DTYPE_I16,      MLOPT_DTYPE_I32,        MLOPT_DTYPE_I64,
      MLOPT_DTYPE_INVALID,   MLOPT_DTYPE_BOOL,     MLOPT_DTYPE_F16,        MLOPT_DTYPE_F64,
      MLOPT_DTYPE_UI32,      MLOPT_DTYPE_UI64,     MLOPT_DTYPE_INVALID,    MLOPT_DTYPE_INVALID,
      MLOPT_DTYPE_BF16,      MLOPT_DTYPE_F8E4M3FN, MLOPT_DTYPE_F8E4M3FNUZ, MLOPT_DTYPE_F8E5M2,
      MLOPT_DTYPE_F8E5M2FNUZ, MLOPT_DTYPE_UI4,    MLOPT_DTYPE_I4,         MLOPT_DTYPE_INVALID,
      MLOPT_DTYPE_INVALID,   MLOPT_DTYPE_UI2,      MLOPT_DTYPE_I2};
  return type < sizeof(table) / sizeof(table[0]) ? table[type] : MLOPT_DTYPE_INVALID;
}

} // namespace

Error parseTensorProto(const uint8_t *bytes, size_t size, HostTensor &tensor) {
  const Error broken = "is no ONNX TensorProto, or is cut off";
  WireReader reader(bytes, size);
  uint64_t type = 0;
  bool external = false, raw = false;
  const uint8_t *rawBytes = nullptr;
  size_t rawSize = 0;
  std::vector<uint64_t> dims, values;
  while (!reader.done()) {
    Field field;
    if (!reader.next(field))
      return broken;
    bool good = true;
    switch (field.number) {
    case 1:
      good = addValues(field, 0, dims);
      break;
    case 2:
      good = field.wire == 0;
      type = field.value;
      break;
    case 4: // float_data
      good = addValues(field, 5, values);
      break;
    case 5:  // int32_data
    case 7:  // int64_data
    case 11: // uint64_data
      good = addValues(field, 0, values);
      break;
    case 8:
      good = field.wire == 2;
      tensor.name.assign(reinterpret_cast<const char *>(field.bytes), field.size);
      break;
    case 9:
      good = field.wire == 2;
      raw = true;
      rawBytes = field.bytes;
      rawSize = field.size;
      break;
    case 10: // double_data
      good = addValues(field, 1, values);
      break;
    case 13:
      external = true;
      break;
    default:
      break;
    }
    if (!good)
      return broken;
  }
  if (external)
    return "keeps its data in another file, which is not supported for inputs; save it with its "
           "data";
  tensor.dtype = dtypeOfOnnx(type);
  if (tensor.dtype == MLOPT_DTYPE_INVALID)
    return "has ONNX element type " + std::to_string(type) +
           ", which mlopt does not take as an input";
  if (dims.size() > MLOPT_MAX_RANK)
    return "has too many dimensions";
  tensor.dims.assign(dims.begin(), dims.end());
  int64_t count = tensor.elementCount();
  size_t width = elementBytes(tensor.dtype);
  if (count < 0)
    return "has the impossible shape " + dimsToString(tensor.dims);
  if (unsigned bits = smallBits(tensor.dtype)) {
    // The first element in a byte's lowest bits; int32_data has one such byte in a field.
    size_t perByte = 8 / bits, bytesUsed = (size_t(count) + perByte - 1) / perByte;
    if ((raw ? rawSize : values.size()) != bytesUsed)
      return "has shape " + dimsToString(tensor.dims) + " of " + std::to_string(count) + " elements, which take " +
             std::to_string(bytesUsed) + " bytes, but " + std::to_string(raw ? rawSize : values.size()) + " bytes";
    tensor.data.resize(size_t(count));
    for (size_t i = 0; i < size_t(count); ++i) {
      unsigned byte = raw ? rawBytes[i / perByte] : unsigned(values[i / perByte]);
      tensor.data[i] = extendSmall(tensor.dtype, byte >> (i % perByte * bits));
    }
    return {};
  }
  size_t have = raw ? rawSize / width : values.size();
  if (have != uint64_t(count) || (raw && rawSize % width))
    return "has shape " + dimsToString(tensor.dims) + " of " + std::to_string(count) +
           " elements but " + std::to_string(have) + " values";
  if (raw) {
    tensor.data.assign(rawBytes, rawBytes + rawSize);
    return {};
  }
  // Small types lie in the low bytes of wider fields.
  tensor.data.resize(values.size() * width);
  for (size_t i = 0; i < values.size(); ++i)
    std::memcpy(&tensor.data[i * width], &values[i], width);
  return {};
}

Error readTensorProto(const std::string &path, HostTensor &tensor) {
  std::vector<uint8_t> bytes;
  if (Error error = readFile(path, bytes); !error.empty())
    return error;
  return parseTensorProto(bytes.data(), bytes.size(), tensor);
}

} // namespace mlopt::tensorio
