//===- Tensors.cpp - TensorProto -> bytes -> attributes -------------------===//
#include "Importer.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinDialect.h"
#include "mlir/IR/DialectResourceBlobManager.h"

#include <cstring>

using namespace mlir;

namespace mlopt::onnx_import {

using Data = onnx::TensorProto;

uint64_t getStoredBytes(int32_t dataType, uint64_t count) {
  return (count * getElementBits(dataType) + 7) / 8;
}

/// The typed field that holds the payload of a type, with its number of entries; -1 for types
/// without one.
static int64_t getTypedEntries(const onnx::TensorProto &tensor) {
  switch (tensor.data_type()) {
  case Data::FLOAT:
  case Data::COMPLEX64:
    return tensor.float_data_size();
  case Data::DOUBLE:
  case Data::COMPLEX128:
    return tensor.double_data_size();
  case Data::INT64:
    return tensor.int64_data_size();
  case Data::UINT32:
  case Data::UINT64:
    return tensor.uint64_data_size();
  case Data::STRING:
    return tensor.string_data_size();
  default:
    return tensor.int32_data_size();
  }
}

static uint64_t getExpectedEntries(int32_t dataType, uint64_t count) {
  switch (getElementBits(dataType)) {
  case 2:
    return (count + 3) / 4;
  case 4:
    return (count + 1) / 2;
  default:
    return dataType == Data::COMPLEX64 || dataType == Data::COMPLEX128 ? 2 * count : count;
  }
}

void checkPayload(const onnx::TensorProto &tensor, const ImportLimits &limits,
                  const std::string &what) {
  if (!onnx::TensorProto_DataType_IsValid(tensor.data_type()) ||
      tensor.data_type() == Data::UNDEFINED) {
    // An empty optional part of a sparse tensor that was never there.
    if (!tensor.has_data_type() && tensor.dims_size() == 0 && !tensor.has_raw_data())
      throw Failure(codes::BadTensor, what + " has no element type");
    throw Failure(codes::BadTensor,
                  what + " has the unknown element type " + std::to_string(tensor.data_type()));
  }
  uint64_t count = checkedElementCount(tensor.dims(), limits, what);
  if (count * std::max(1u, getElementBits(tensor.data_type()) / 8) > limits.maxTensorBytes)
    throw Failure(codes::LimitExceeded,
                  what + " has more than " + std::to_string(limits.maxTensorBytes) + " bytes");
  if (tensor.data_location() == onnx::TensorProto_DataLocation_EXTERNAL) {
    if (tensor.has_raw_data() || getTypedEntries(tensor) > 0)
      throw Failure(codes::BadTensor, what + " has both external and internal data");
    if (tensor.data_type() == Data::STRING)
      throw Failure(codes::BadTensor, what + " holds strings, which cannot be external data");
    return;
  }
  if (tensor.has_raw_data()) {
    if (tensor.data_type() == Data::STRING)
      throw Failure(codes::BadTensor,
                    what + " holds strings in raw_data, which ONNX does not allow");
    uint64_t expected = getStoredBytes(tensor.data_type(), count);
    if (tensor.raw_data().size() != expected)
      throw Failure(codes::BadTensor, what + " holds " + std::to_string(tensor.raw_data().size()) +
                                          " bytes; its shape and type (" +
                                          getTypeName(tensor.data_type()) + ") ask for " +
                                          std::to_string(expected));
    return;
  }
  uint64_t entries = getTypedEntries(tensor),
           expected = getExpectedEntries(tensor.data_type(), count);
  // Some writers used one entry per element for 4-bit types; ONNX's rule is one per byte.
  if (entries != expected)
    throw Failure(codes::BadTensor,
                  what + " holds " + std::to_string(entries) + " values; its shape and type (" +
                      getTypeName(tensor.data_type()) + ") ask for " + std::to_string(expected));
}

template <typename To, typename From> static Bytes convertEntries(const From &field) {
  auto owner = std::make_shared<std::vector<To>>();
  owner->reserve(field.size());
  for (auto value : field)
    owner->push_back(static_cast<To>(value));
  return {ArrayRef<char>(reinterpret_cast<const char *>(owner->data()), owner->size() * sizeof(To)),
          owner};
}

Bytes takeStoredBytes(onnx::TensorProto &tensor, const ImportLimits &limits) {
  checkPayload(tensor, limits, "tensor '" + tensor.name() + "'");
  if (tensor.has_raw_data()) {
    std::shared_ptr<std::string> owner(tensor.release_raw_data());
    return {ArrayRef<char>(owner->data(), owner->size()), owner};
  }
  switch (tensor.data_type()) {
  case Data::FLOAT:
    return convertEntries<float>(tensor.float_data());
  case Data::DOUBLE:
    return convertEntries<double>(tensor.double_data());
  case Data::INT64:
    return convertEntries<int64_t>(tensor.int64_data());
  case Data::UINT64:
    return convertEntries<uint64_t>(tensor.uint64_data());
  case Data::UINT32:
    return convertEntries<uint32_t>(tensor.uint64_data());
  case Data::INT32:
    return convertEntries<int32_t>(tensor.int32_data());
  case Data::INT16:
  case Data::UINT16:
  case Data::FLOAT16: // bit patterns
  case Data::BFLOAT16:
    return convertEntries<uint16_t>(tensor.int32_data());
  default: // 8 bits and less; 4- and 2-bit types are packed, one byte per entry
    return convertEntries<uint8_t>(tensor.int32_data());
  }
}

onnx::TensorProto makeDense(const onnx::SparseTensorProto &sparse, const ImportLimits &limits,
                            const std::string &what) {
  onnx::TensorProto values = sparse.values(), indices = sparse.indices();
  uint64_t total = checkedElementCount(sparse.dims(), limits, what);
  unsigned bits = getElementBits(values.data_type());
  if (bits < 8) { // strings, and types that the conversion refuses: only the type matters
    onnx::TensorProto empty;
    empty.set_name(values.name());
    empty.set_data_type(values.data_type());
    empty.add_dims(0);
    return empty;
  }
  uint64_t width = bits / 8;
  if (total > limits.maxDensifiedBytes / width)
    throw Failure(codes::LimitExceeded, what + " would have more than " +
                                            std::to_string(limits.maxDensifiedBytes) +
                                            " bytes when made dense");
  if (indices.data_type() != Data::INT64 || values.dims_size() != 1)
    throw Failure(codes::BadSparseTensor,
                  what + ": indices must be int64 and values have one dimension");
  uint64_t count = values.dims(0), rank = sparse.dims_size();
  bool linear = indices.dims_size() == 1 && uint64_t(indices.dims(0)) == count;
  bool coordinates = indices.dims_size() == 2 && uint64_t(indices.dims(0)) == count &&
                     uint64_t(indices.dims(1)) == rank;
  if (!linear && !coordinates)
    throw Failure(codes::BadSparseTensor,
                  what + ": the shape of the indices does not fit the values");
  Bytes valueBytes = takeStoredBytes(values, limits), indexBytes = takeStoredBytes(indices, limits);
  ArrayRef<int64_t> index(reinterpret_cast<const int64_t *>(indexBytes.data.data()),
                          indexBytes.data.size() / 8);
  std::string dense(total * width, '\0');
  int64_t previous = -1;
  for (uint64_t i = 0; i < count; ++i) {
    int64_t at = 0;
    if (linear) {
      at = index[i];
    } else {
      for (uint64_t d = 0; d < rank; ++d) {
        int64_t part = index[i * rank + d];
        if (part < 0 || part >= sparse.dims(d))
          throw Failure(codes::BadSparseTensor, what + ": index " + std::to_string(part) +
                                                    " is outside dimension " + std::to_string(d));
        at = at * sparse.dims(d) + part;
      }
    }
    if (at < 0 || uint64_t(at) >= total || at <= previous)
      throw Failure(codes::BadSparseTensor, what + ": entry " + std::to_string(i) +
                                                " has the linear index " + std::to_string(at) +
                                                ", which is out of range or not in rising order");
    previous = at;
    std::memcpy(&dense[at * width], valueBytes.data.data() + i * width, width);
  }
  onnx::TensorProto result;
  result.set_name(sparse.values().name());
  result.set_data_type(values.data_type());
  *result.mutable_dims() = sparse.dims();
  result.set_raw_data(std::move(dense));
  return result;
}

/// 2- and 4-bit elements, the first in the low bits, to one byte each: the value for unsigned
/// types, sign-extended for signed ones.
static Bytes unpack(ArrayRef<char> packed, unsigned bits, bool isSigned, uint64_t count) {
  auto owner = std::make_shared<std::vector<int8_t>>(count);
  unsigned perByte = 8 / bits;
  for (uint64_t i = 0; i < count; ++i) {
    uint8_t value = uint8_t(packed[i / perByte]) >> (bits * (i % perByte)) & ((1u << bits) - 1);
    if (isSigned && value >> (bits - 1))
      value |= 0xffu << bits;
    (*owner)[i] = static_cast<int8_t>(value);
  }
  return {ArrayRef<char>(reinterpret_cast<const char *>(owner->data()), owner->size()), owner};
}

ElementsAttr getElements(MLIRContext *context, StringRef name, int32_t dataType,
                         ArrayRef<int64_t> dims, Bytes stored, uint64_t largeBytes) {
  Type element = getElementType(dataType, context);
  auto type = RankedTensorType::get(dims, element);
  unsigned bits = getElementBits(dataType);
  uint64_t count = type.getNumElements();
  if (bits < 8)
    stored = unpack(stored.data, bits, element.isSignlessInteger(), count);
  if (dataType == Data::BOOL) {
    // Only 0 and 1 exist from here on; a model may hold any byte.
    if (llvm::any_of(stored.data, [](char c) { return c != 0 && c != 1; })) {
      auto owner = std::make_shared<std::vector<char>>(stored.data.begin(), stored.data.end());
      for (char &c : *owner)
        c = c != 0;
      stored = {ArrayRef<char>(*owner), owner};
    }
  }
  if (stored.data.size() <= largeBytes || count == 0) {
    if (dataType == Data::BOOL)
      return DenseElementsAttr::get(
          type, ArrayRef<bool>(reinterpret_cast<const bool *>(stored.data.data()), count));
    if (bits >= 8) {
      // The raw form of one element means a splat to MLIR: the same thing where there is one
      // element.
      return DenseElementsAttr::getFromRawBuffer(type, stored.data);
    }
    SmallVector<APInt> values;
    for (char c : stored.data)
      values.push_back(APInt(bits, uint8_t(c) & ((1u << bits) - 1)));
    return DenseElementsAttr::get(type, values);
  }
  size_t alignment = std::max(1u, bits / 8);
  if (reinterpret_cast<uintptr_t>(stored.data.data()) %
      alignment) { // external data at an odd offset
    auto owner = std::make_shared<std::vector<uint64_t>>((stored.data.size() + 7) / 8);
    std::memcpy(owner->data(), stored.data.data(), stored.data.size());
    stored = {ArrayRef<char>(reinterpret_cast<const char *>(owner->data()), stored.data.size()),
              owner};
  }
  AsmResourceBlob blob(
      stored.data, alignment,
      [owner = stored.owner](void *, size_t, size_t) mutable { owner.reset(); },
      /*dataIsMutable=*/false);
  auto &manager = DenseResourceElementsHandle::getManagerInterface(context);
  return DenseResourceElementsAttr::get(type, manager.insert(name, std::move(blob)));
}

} // namespace mlopt::onnx_import
