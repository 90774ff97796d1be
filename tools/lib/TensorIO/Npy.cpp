//===- Npy.cpp - NumPy's .npy -----------------------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TensorIO/TensorIO.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mlopt::tensorio {

namespace {

/// The header is a Python dictionary literal of three keys; this reads that much of Python.
class HeaderReader {
public:
  explicit HeaderReader(std::string_view text) : text(text) {}

  bool read(std::string &descr, bool &fortran, std::vector<int64_t> &dims) {
    bool haveDescr = false, haveOrder = false, haveShape = false;
    if (!take('{'))
      return false;
    while (!take('}')) {
      std::string key;
      if (!string(key) || !take(':'))
        return false;
      if (key == "descr")
        haveDescr = string(descr);
      else if (key == "fortran_order")
        haveOrder = boolean(fortran);
      else if (key == "shape")
        haveShape = tuple(dims);
      else
        return false;
      take(',');
      if (at >= text.size())
        return false;
    }
    return haveDescr && haveOrder && haveShape;
  }

private:
  void skip() {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\n' || text[at] == '\t'))
      ++at;
  }
  bool take(char c) {
    skip();
    if (at >= text.size() || text[at] != c)
      return false;
    ++at;
    return true;
  }
  bool word(std::string_view w) {
    skip();
    if (text.substr(at, w.size()) != w)
      return false;
    at += w.size();
    return true;
  }
  bool string(std::string &value) {
    char quote = take('\'') ? '\'' : take('"') ? '"' : 0;
    size_t end = quote ? text.find(quote, at) : std::string_view::npos;
    if (end == std::string_view::npos)
      return false;
    value = text.substr(at, end - at);
    at = end + 1;
    return true;
  }
  bool boolean(bool &value) {
    value = word("True");
    return value || word("False");
  }
  bool tuple(std::vector<int64_t> &dims) {
    if (!take('('))
      return false;
    while (!take(')')) {
      skip();
      int64_t value = 0;
      size_t begin = at;
      for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
        if (__builtin_mul_overflow(value, int64_t(10), &value) ||
            __builtin_add_overflow(value, int64_t(text[at] - '0'), &value))
          return false;
      if (at == begin || dims.size() >= MLOPT_MAX_RANK)
        return false;
      dims.push_back(value);
      take(',');
    }
    return true;
  }

  std::string_view text;
  size_t at = 0;
};

mlopt_dtype dtypeOfDescr(const std::string &descr) {
  static const struct {
    const char *code;
    mlopt_dtype dtype;
  } table[] = {{"f8", MLOPT_DTYPE_F64},  {"f4", MLOPT_DTYPE_F32},  {"f2", MLOPT_DTYPE_F16},
               {"V2", MLOPT_DTYPE_BF16}, {"b1", MLOPT_DTYPE_BOOL}, {"i1", MLOPT_DTYPE_I8},
               {"i2", MLOPT_DTYPE_I16},  {"i4", MLOPT_DTYPE_I32},  {"i8", MLOPT_DTYPE_I64},
               {"u1", MLOPT_DTYPE_UI8},  {"u2", MLOPT_DTYPE_UI16}, {"u4", MLOPT_DTYPE_UI32},
               {"u8", MLOPT_DTYPE_UI64}};
  for (const auto &row : table)
    if (descr.size() == 3 && descr.compare(1, 2, row.code) == 0)
      return row.dtype;
  return MLOPT_DTYPE_INVALID;
}

const char *descrOfDType(mlopt_dtype dtype) {
  switch (dtype) {
  case MLOPT_DTYPE_F64:
    return "<f8";
  case MLOPT_DTYPE_F32:
    return "<f4";
  case MLOPT_DTYPE_F16:
    return "<f2";
  case MLOPT_DTYPE_BF16:
    return "<V2";
  case MLOPT_DTYPE_BOOL:
    return "|b1";
  case MLOPT_DTYPE_I8:
  case MLOPT_DTYPE_I4:
  case MLOPT_DTYPE_I2:
    return "|i1";
  case MLOPT_DTYPE_I16:
    return "<i2";
  case MLOPT_DTYPE_I32:
    return "<i4";
  case MLOPT_DTYPE_I64:
    return "<i8";
  case MLOPT_DTYPE_UI8:
  case MLOPT_DTYPE_UI4:
  case MLOPT_DTYPE_UI2:
    return "|u1";
  case MLOPT_DTYPE_UI16:
    return "<u2";
  case MLOPT_DTYPE_UI32:
    return "<u4";
  case MLOPT_DTYPE_UI64:
    return "<u8";
  default:
    return nullptr;
  }
}

/// From column-major to row-major order.
void transposeFromFortran(HostTensor &tensor) {
  size_t rank = tensor.dims.size(), width = elementBytes(tensor.dtype);
  int64_t count = tensor.elementCount();
  std::vector<uint8_t> result(tensor.data.size());
  std::vector<int64_t> index(rank, 0), stride(rank, 1);
  for (size_t i = 1; i < rank; ++i)
    stride[i] = stride[i - 1] * tensor.dims[i - 1];
  for (int64_t to = 0; to < count; ++to) {
    int64_t from = 0;
    for (size_t i = 0; i < rank; ++i)
      from += index[i] * stride[i];
    std::memcpy(&result[size_t(to) * width], &tensor.data[size_t(from) * width], width);
    for (size_t i = rank; i-- > 0;) {
      if (++index[i] < tensor.dims[i])
        break;
      index[i] = 0;
    }
  }
  tensor.data = std::move(result);
}

} // namespace

Error parseNpy(const uint8_t *bytes, size_t size, HostTensor &tensor) {
  if (size < 10 || std::memcmp(bytes, "\x93NUMPY", 6) != 0)
    return "is no .npy file";
  unsigned major = bytes[6];
  if (major < 1 || major > 3)
    return "has .npy version " + std::to_string(major) + ", expected 1 to 3";
  size_t begin = major == 1 ? 10 : 12;
  if (size < begin)
    return "is cut off in its .npy header";
  size_t length = bytes[8] | size_t(bytes[9]) << 8;
  if (major > 1)
    length |= size_t(bytes[10]) << 16 | size_t(bytes[11]) << 24;
  if (length > size - begin)
    return "is cut off in its .npy header";
  std::string descr;
  bool fortran = false;
  tensor.dims.clear();
  if (!HeaderReader({reinterpret_cast<const char *>(bytes) + begin, length})
           .read(descr, fortran, tensor.dims))
    return "has a .npy header that cannot be read; expected a plain array (no objects, no records)";
  tensor.dtype = dtypeOfDescr(descr);
  if (tensor.dtype == MLOPT_DTYPE_INVALID)
    return "has element type '" + descr +
           "', which mlopt does not take; convert the array with .astype()";
  int64_t count = tensor.elementCount();
  size_t width = elementBytes(tensor.dtype), available = size - begin - length;
  if (count < 0 || uint64_t(count) > available / width)
    return "is cut off: its shape " + dimsToString(tensor.dims) + " needs more bytes than the " +
           std::to_string(available) + " that follow";
  const uint8_t *data = bytes + begin + length;
  tensor.data.assign(data, data + size_t(count) * width);
  if (descr[0] == '>' && width > 1)
    for (size_t i = 0; i < tensor.data.size(); i += width)
      std::reverse(tensor.data.begin() + long(i), tensor.data.begin() + long(i + width));
  if (fortran && tensor.dims.size() > 1)
    transposeFromFortran(tensor);
  return {};
}

std::string npyHeader(const HostTensor &tensor) {
  const char *descr = descrOfDType(tensor.dtype);
  if (!descr)
    return {};
  std::string dict = std::string("{'descr': '") + descr + "', 'fortran_order': False, 'shape': (";
  for (size_t i = 0; i < tensor.dims.size(); ++i)
    dict += std::to_string(tensor.dims[i]) + (i + 1 < tensor.dims.size() ? ", "
                                              : tensor.dims.size() == 1  ? ","
                                                                         : "");
  dict += "), }";
  // NumPy pads to a multiple of 64 so that the data can be mapped.
  dict.append(63 - (10 + dict.size()) % 64, ' ');
  dict += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  header += char(dict.size() & 0xff);
  header += char(dict.size() >> 8);
  return header + dict;
}

Error readNpy(const std::string &path, HostTensor &tensor) {
  std::vector<uint8_t> bytes;
  if (Error error = readFile(path, bytes); !error.empty())
    return error;
  return parseNpy(bytes.data(), bytes.size(), tensor);
}

Error writeNpy(const std::string &path, const HostTensor &tensor) {
  std::string header = npyHeader(tensor);
  if (header.empty())
    return std::string("cannot hold type ") + dtypeName(tensor.dtype) +
           ": NumPy has no name for it";
  return writeFile(
      path, {header, {reinterpret_cast<const char *>(tensor.data.data()), tensor.data.size()}});
}

Error readTensors(const std::string &path, std::vector<HostTensor> &tensors) {
  auto endsWith = [&](std::string_view suffix) {
    return path.size() >= suffix.size() &&
           path.compare(path.size() - suffix.size(), suffix.size(), suffix) == 0;
  };
  if (endsWith(".npz"))
    return readNpz(path, tensors);
  HostTensor tensor;
  Error error = endsWith(".npy")  ? readNpy(path, tensor)
                : endsWith(".pb") ? readTensorProto(path, tensor)
                                  : "has an unknown suffix, expected .npy, .npz or .pb";
  if (error.empty())
    tensors.push_back(std::move(tensor));
  return error;
}

} // namespace mlopt::tensorio
