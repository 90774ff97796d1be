//===- Constants.cpp - Initializers and their elements --------------------===//
#include "Quantizer.h"

#include <cstring>

using namespace llvm;

namespace mlopt::onnx_quantize {

using Data = onnx::TensorProto;

const onnx::TensorProto *Constants::find(const std::string &name) const {
  auto it = index.find(name);
  return it == index.end() ? nullptr : &tensors[it->second];
}

void Constants::set(onnx::TensorProto tensor) {
  auto [it, inserted] = index.emplace(tensor.name(), tensors.size());
  if (inserted)
    tensors.push_back(std::move(tensor));
  else
    tensors[it->second] = std::move(tensor);
}

std::vector<int64_t> getDims(const onnx::TensorProto &tensor) {
  return {tensor.dims().begin(), tensor.dims().end()};
}

int64_t getElementCount(ArrayRef<int64_t> dims) {
  int64_t count = 1;
  for (int64_t dim : dims)
    count *= dim;
  return count;
}

bool isFloat(const onnx::TensorProto &tensor) { return tensor.data_type() == Data::FLOAT; }

std::vector<float> readFloats(const onnx::TensorProto &tensor) {
  std::vector<float> values(getElementCount(getDims(tensor)));
  if (tensor.has_raw_data())
    std::memcpy(values.data(), tensor.raw_data().data(),
                std::min(values.size() * sizeof(float), tensor.raw_data().size()));
  else
    std::copy_n(tensor.float_data().begin(),
                std::min<size_t>(values.size(), tensor.float_data_size()), values.begin());
  return values;
}

std::vector<int64_t> readIndices(const onnx::TensorProto &tensor) {
  if (tensor.data_type() != Data::INT64)
    return {};
  if (!tensor.has_raw_data())
    return {tensor.int64_data().begin(), tensor.int64_data().end()};
  std::vector<int64_t> values(tensor.raw_data().size() / sizeof(int64_t));
  std::memcpy(values.data(), tensor.raw_data().data(), values.size() * sizeof(int64_t));
  return values;
}

static onnx::TensorProto makeTensor(const std::string &name, int32_t dataType,
                                    ArrayRef<int64_t> dims) {
  onnx::TensorProto tensor;
  tensor.set_name(name);
  tensor.set_data_type(dataType);
  for (int64_t dim : dims)
    tensor.add_dims(dim);
  return tensor;
}

onnx::TensorProto makeFloats(const std::string &name, ArrayRef<int64_t> dims,
                             ArrayRef<float> values) {
  onnx::TensorProto tensor = makeTensor(name, Data::FLOAT, dims);
  tensor.set_raw_data(reinterpret_cast<const char *>(values.data()), values.size() * sizeof(float));
  return tensor;
}

template <typename T> static std::string packAs(ArrayRef<int32_t> values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  for (size_t i = 0; i < values.size(); ++i) {
    T value = static_cast<T>(values[i]);
    std::memcpy(&bytes[i * sizeof(T)], &value, sizeof(T));
  }
  return bytes;
}

onnx::TensorProto makeIntegers(const std::string &name, int32_t dataType, ArrayRef<int64_t> dims,
                               ArrayRef<int32_t> values) {
  onnx::TensorProto tensor = makeTensor(name, dataType, dims);
  switch (dataType) {
  case Data::INT8:
  case Data::UINT8:
    tensor.set_raw_data(packAs<uint8_t>(values));
    break;
  case Data::INT32:
    tensor.set_raw_data(packAs<int32_t>(values));
    break;
  case Data::INT64:
    tensor.set_raw_data(packAs<int64_t>(values));
    break;
  default: { // INT4, UINT4
    std::string bytes((values.size() + 1) / 2, '\0');
    for (size_t i = 0; i < values.size(); ++i)
      bytes[i / 2] = static_cast<char>(bytes[i / 2] | (values[i] & 15) << (i % 2 * 4));
    tensor.set_raw_data(std::move(bytes));
  }
  }
  return tensor;
}

onnx::TensorProto transposeMatrix(const onnx::TensorProto &tensor, const std::string &name) {
  int64_t rows = tensor.dims(0), columns = tensor.dims(1);
  onnx::TensorProto copy = tensor;
  onnx_import::Bytes stored = onnx_import::takeStoredBytes(copy, ImportLimits());
  size_t size = onnx_import::getElementBits(tensor.data_type()) / 8;
  std::string bytes(stored.data.size(), '\0');
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j)
      std::memcpy(&bytes[(j * rows + i) * size], &stored.data[(i * columns + j) * size], size);
  onnx::TensorProto result = makeTensor(name, tensor.data_type(), {columns, rows});
  result.set_raw_data(std::move(bytes));
  return result;
}

Extents::Extents(ArrayRef<int64_t> dims, int64_t axis) {
  for (size_t i = 0; i < dims.size(); ++i)
    (int64_t(i) < axis ? outer : int64_t(i) == axis ? channels : inner) *= dims[i];
}

} // namespace mlopt::onnx_quantize
