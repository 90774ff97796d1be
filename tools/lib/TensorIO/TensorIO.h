//===- TensorIO.h - Tensors in files ------------------------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Reading and writing of tensors: NumPy's .npy and .npz, and ONNX TensorProto (.pb). Links no LLVM,
// no MLIR and no Protobuf: `mlopt-run` and the compiler's driver share it. Files come from outside:
// every size in them is checked.
//
// Functions return an empty string, or what is wrong with a remedy (without the file's name, which
// the caller knows).

#ifndef MLOPT_TOOLS_LIB_TENSORIO_TENSORIO_H
#define MLOPT_TOOLS_LIB_TENSORIO_TENSORIO_H

#include "mlopt/runtime/abi/module_abi.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mlopt::tensorio {

/// Empty on success, else the reason.
using Error = std::string;

/// A dense row-major tensor that owns its memory.
struct HostTensor {
  std::string name; ///< may be empty
  mlopt_dtype dtype = MLOPT_DTYPE_F32;
  std::vector<int64_t> dims; ///< empty: a scalar
  std::vector<uint8_t> data; ///< elementCount() * elementBytes(dtype) bytes, little endian

  /// Number of elements; -1 if a size is negative or the product overflows.
  int64_t elementCount() const;
  /// Sets `data` to zeros of the right size. False where dims make no sense or memory is short.
  bool allocate();
};

/// Bytes of an element, 0 for an unknown type.
unsigned elementBytes(mlopt_dtype dtype);
/// Name as in MLIR: "f32", "i1", "ui8".
const char *dtypeName(mlopt_dtype dtype);
/// Reads "f32", "float32", "float", "i64", "int64", "u8", "uint8", "ui8", "bool", "i1", "bf16",
/// "bfloat16", ... MLOPT_DTYPE_INVALID if unknown.
mlopt_dtype parseDType(std::string_view text);
bool isFloat(mlopt_dtype dtype);
/// Bits of an integer type of 2 or 4 bits, 0 for all other types.
unsigned smallBits(mlopt_dtype dtype);
/// The byte that holds the low bits of `value` as an integer of 2 or 4 bits.
uint8_t extendSmall(mlopt_dtype dtype, unsigned value);
/// NumPy's files have no name for bf16 and for integers of 2 and 4 bits: a tensor of uint16 or of
/// bytes becomes one of type `wanted` where that is one of these. An error where a byte holds more.
Error takeAs(HostTensor &tensor, mlopt_dtype wanted);

/// Element `index` as a double (i64 and ui64 lose bits beyond 2^53).
double elementAsDouble(const HostTensor &tensor, int64_t index);
/// Stores `value` rounded to nearest even (floats) or truncated and clamped (integers; bool: value
/// != 0).
void setElement(HostTensor &tensor, int64_t index, double value);

/// Fills with reproducible values: floats uniform in [-1, 1), integers and bools 0 or 1 (valid as
/// token type, mask and small index alike). The same seed gives the same values on every machine.
void fillRandom(HostTensor &tensor, uint64_t seed);

/// "[2, 3]".
std::string dimsToString(const std::vector<int64_t> &dims);

/// Whole file in memory.
Error readFile(const std::string &path, std::vector<uint8_t> &bytes);
/// Writes through a temporary file beside `path` and renames it: there is never half a file.
Error writeFile(const std::string &path, const std::vector<std::string_view> &pieces);
/// The same for what must not be lost: the bytes are on the disk before they get their name, and
/// the name before this returns. A full disk, or any other error: the old file stays as it is.
/// `keepPrevious`: the file that was there stays as PATH.previous. The temporary file is locked
/// (flock) while it is written.
Error writeFileDurably(const std::string &path, const std::vector<std::string_view> &pieces,
                       bool keepPrevious = false);
/// Whether `writeFileDurably` could begin: makes its temporary file, and removes it. Empty, or the
/// system's reason.
Error tryWriteBeside(const std::string &path);
/// Removes the temporary file of a writing function that will not end; safe in a handler of
/// signals.
void removeUnfinishedFile();

/// NumPy .npy, versions 1 to 3, either byte order, C or Fortran order. The 2-byte void type is
/// bf16, as ml_dtypes writes it.
Error parseNpy(const uint8_t *bytes, size_t size, HostTensor &tensor);
/// Header of a .npy file (version 1.0) for a tensor; the data follow. Integers of 2 and 4 bits are
/// written as bytes. Empty for types that NumPy has no name for (f8).
std::string npyHeader(const HostTensor &tensor);
Error readNpy(const std::string &path, HostTensor &tensor);
Error writeNpy(const std::string &path, const HostTensor &tensor);

/// NumPy .npz: a zip of .npy files, stored or deflated. Names come without ".npy".
Error readNpz(const std::string &path, std::vector<HostTensor> &tensors);
/// Writes entries uncompressed, as np.savez does, with a fixed time stamp: equal tensors give equal
/// bytes.
Error writeNpz(const std::string &path, const std::vector<HostTensor> &tensors);

/// ONNX TensorProto in Protobuf wire format, data inline. Integers of 2 and 4 bits, which share
/// bytes there, get one each.
Error parseTensorProto(const uint8_t *bytes, size_t size, HostTensor &tensor);
Error readTensorProto(const std::string &path, HostTensor &tensor);

/// Reads a file by its suffix: .npy, .npz (all its arrays) or .pb.
Error readTensors(const std::string &path, std::vector<HostTensor> &tensors);

} // namespace mlopt::tensorio

#endif // MLOPT_TOOLS_LIB_TENSORIO_TENSORIO_H
