//===- Types.cpp - ONNX types -> MLIR types -------------------------------===//
#include "Importer.h"

using namespace mlir;

namespace mlopt::onnx_import {

using Data = onnx::TensorProto;

unsigned getElementBits(int32_t dataType) {
  switch (dataType) {
  case Data::INT2:
  case Data::UINT2:
    return 2;
  case Data::INT4:
  case Data::UINT4:
  case Data::FLOAT4E2M1:
    return 4;
  case Data::BOOL:
  case Data::INT8:
  case Data::UINT8:
  case Data::FLOAT8E4M3FN:
  case Data::FLOAT8E4M3FNUZ:
  case Data::FLOAT8E5M2:
  case Data::FLOAT8E5M2FNUZ:
  case Data::FLOAT8E8M0:
    return 8;
  case Data::INT16:
  case Data::UINT16:
  case Data::FLOAT16:
  case Data::BFLOAT16:
    return 16;
  case Data::FLOAT:
  case Data::INT32:
  case Data::UINT32:
    return 32;
  case Data::DOUBLE:
  case Data::INT64:
  case Data::UINT64:
  case Data::COMPLEX64:
    return 64;
  case Data::COMPLEX128:
    return 128;
  default:
    return 0;
  }
}

bool isSupportedElement(int32_t dataType) {
  switch (dataType) {
  case Data::FLOAT4E2M1:
  case Data::FLOAT8E4M3FN:
  case Data::FLOAT8E4M3FNUZ:
  case Data::FLOAT8E5M2:
  case Data::FLOAT8E5M2FNUZ:
  case Data::FLOAT8E8M0:
  case Data::COMPLEX64:
  case Data::COMPLEX128:
    return false;
  default:
    return getElementBits(dataType) != 0;
  }
}

std::string getTypeName(int32_t dataType) {
  if (!onnx::TensorProto_DataType_IsValid(dataType))
    return "data type " + std::to_string(dataType);
  return StringRef(onnx::TensorProto_DataType_Name(static_cast<Data::DataType>(dataType))).lower();
}

Type getElementType(int32_t dataType, MLIRContext *context) {
  auto integer = [&](unsigned width, bool isUnsigned) -> Type {
    return IntegerType::get(context, width,
                            isUnsigned ? IntegerType::Unsigned : IntegerType::Signless);
  };
  switch (dataType) {
  case Data::FLOAT:
    return Float32Type::get(context);
  case Data::DOUBLE:
    return Float64Type::get(context);
  case Data::FLOAT16:
    return Float16Type::get(context);
  case Data::BFLOAT16:
    return BFloat16Type::get(context);
  case Data::BOOL:
    return integer(1, false);
  case Data::INT2:
    return integer(2, false);
  case Data::INT4:
    return integer(4, false);
  case Data::INT8:
    return integer(8, false);
  case Data::INT16:
    return integer(16, false);
  case Data::INT32:
    return integer(32, false);
  case Data::INT64:
    return integer(64, false);
  case Data::UINT2:
    return integer(2, true);
  case Data::UINT4:
    return integer(4, true);
  case Data::UINT8:
    return integer(8, true);
  case Data::UINT16:
    return integer(16, true);
  case Data::UINT32:
    return integer(32, true);
  case Data::UINT64:
    return integer(64, true);
  default:
    return {};
  }
}

/// A type that is no tensor, written out: its use is to be named in messages.
static std::string describe(const onnx::TypeProto &type) {
  switch (type.value_case()) {
  case onnx::TypeProto::kTensorType:
    return getTypeName(type.tensor_type().elem_type());
  case onnx::TypeProto::kSequenceType:
    return "seq<" + describe(type.sequence_type().elem_type()) + ">";
  case onnx::TypeProto::kOptionalType:
    return "optional<" + describe(type.optional_type().elem_type()) + ">";
  case onnx::TypeProto::kMapType:
    return "map<" + getTypeName(type.map_type().key_type()) + ", " +
           describe(type.map_type().value_type()) + ">";
  case onnx::TypeProto::kSparseTensorType:
    return "sparse<" + getTypeName(type.sparse_tensor_type().elem_type()) + ">";
  case onnx::TypeProto::kOpaqueType:
    return "opaque";
  case onnx::TypeProto::VALUE_NOT_SET:
    return "unknown";
  }
  return "unknown";
}

Type getValueType(const onnx::TypeProto *type, MLIRContext *context) {
  if (!type || type->value_case() == onnx::TypeProto::VALUE_NOT_SET)
    return NoneType::get(context);
  auto opaque = [&](const std::string &text) {
    return OpaqueType::get(StringAttr::get(context, "onnx"), text);
  };
  if (type->value_case() != onnx::TypeProto::kTensorType)
    return opaque(describe(*type));
  const onnx::TypeProto::Tensor &tensor = type->tensor_type();
  Type element = getElementType(tensor.elem_type(), context);
  if (!element && tensor.elem_type() == Data::UNDEFINED)
    return NoneType::get(context);
  if (!element)
    return opaque("tensor<" + getTypeName(tensor.elem_type()) + ">");
  if (!tensor.has_shape())
    return UnrankedTensorType::get(element);
  SmallVector<int64_t> dims;
  for (const onnx::TensorShapeProto::Dimension &dim : tensor.shape().dim())
    dims.push_back(dim.has_dim_value() && dim.dim_value() >= 0 ? dim.dim_value()
                                                               : ShapedType::kDynamic);
  return RankedTensorType::get(dims, element);
}

std::string findUnsupported(const onnx::TypeProto &type) {
  if (type.value_case() == onnx::TypeProto::VALUE_NOT_SET)
    return "";
  // Sequences of tensors may be resolved when the model is converted.
  if (type.has_sequence_type() && type.sequence_type().elem_type().has_tensor_type() &&
      findUnsupported(type.sequence_type().elem_type()).empty())
    return "";
  if (type.value_case() != onnx::TypeProto::kTensorType)
    return "type " + describe(type);
  int32_t element = type.tensor_type().elem_type();
  if (element == Data::UNDEFINED || isSupportedElement(element))
    return "";
  return "element type " + getTypeName(element);
}

} // namespace mlopt::onnx_import
