//===- Safetensors.h - Hugging Face's .safetensors ----------------*- C++ -*-===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The format: 8 bytes little endian with the length of the header; the header, JSON
// {"__metadata__": {"key": "text", ...}, "name": {"dtype": "F32", "shape": [2, 3], "data_offsets":
// [begin, end]}, ...}; then the elements, row-major and little endian, without a gap or an overlap.
// Source: the README of the safetensors project. Links what TensorIO.h links.

#ifndef MLOPT_TOOLS_LIB_TENSORIO_SAFETENSORS_H
#define MLOPT_TOOLS_LIB_TENSORIO_SAFETENSORS_H

#include "TensorIO/TensorIO.h"

#include <map>
#include <memory>

namespace mlopt::tensorio {

/// A dense row-major tensor in memory of somebody else.
struct TensorView {
  std::string name;
  mlopt_dtype dtype = MLOPT_DTYPE_INVALID;
  std::vector<int64_t> dims; ///< empty: a scalar
  const uint8_t *data = nullptr;
  uint64_t bytes = 0; ///< element count * elementBytes(dtype)
};

/// What `__metadata__` holds, by key.
using Metadata = std::map<std::string, std::string>;

/// A file that is mapped: opening it reads the header only. Every claim of the header is checked;
/// the alignment of the elements is the file's business (copy them where it counts).
class SafetensorsFile {
public:
  /// Opens `path`. Where it fails the object is as before.
  Error open(const std::string &path);
  /// Reads bytes in memory, which must outlive the object.
  Error parse(const uint8_t *bytes, uint64_t size);

  /// In the order of their elements in the file.
  const std::vector<TensorView> &getTensors() const { return tensors; }
  /// The tensor of a name, or null.
  const TensorView *find(const std::string &name) const;
  const Metadata &getMetadata() const { return metadata; }
  /// Keeps the bytes alive as long as somebody holds it; null after `parse`.
  std::shared_ptr<const void> getOwner() const { return owner; }

private:
  std::shared_ptr<const void> owner;
  std::vector<TensorView> tensors;
  std::map<std::string, size_t> byName;
  Metadata metadata;
};

/// Writes a file by `writeFileDurably`; `keepPrevious` as there. Tensors are sorted by falling
/// element size, then by name, as the reference implementation does, and the header is padded so
/// that each one is aligned to its elements: equal contents give equal bytes, in whatever order
/// they come. The name "__metadata__", a name given twice, one that is not UTF-8, and sizes that
/// contradict each other are errors.
Error writeSafetensors(const std::string &path, const std::vector<TensorView> &tensors,
                       const Metadata &metadata, bool keepPrevious = false);

/// A name for messages: in quotes, shortened, with control characters replaced.
std::string quoteName(std::string_view name);

} // namespace mlopt::tensorio

#endif // MLOPT_TOOLS_LIB_TENSORIO_SAFETENSORS_H
