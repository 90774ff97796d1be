//===- Safetensors.cpp - Hugging Face's .safetensors ------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TensorIO/Safetensors.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <set>
#include <sys/mman.h>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>

namespace mlopt::tensorio {

static const struct {
  std::string_view name;
  mlopt_dtype dtype;
} dtypes[] = {
    {"F64", MLOPT_DTYPE_F64},
    {"F32", MLOPT_DTYPE_F32},
    {"F16", MLOPT_DTYPE_F16},
    {"BF16", MLOPT_DTYPE_BF16},
    {"BOOL", MLOPT_DTYPE_BOOL},
    {"I8", MLOPT_DTYPE_I8},
    {"I16", MLOPT_DTYPE_I16},
    {"I32", MLOPT_DTYPE_I32},
    {"I64", MLOPT_DTYPE_I64},
    {"U8", MLOPT_DTYPE_UI8},
    {"U16", MLOPT_DTYPE_UI16},
    {"U32", MLOPT_DTYPE_UI32},
    {"U64", MLOPT_DTYPE_UI64},
    {"F8_E4M3", MLOPT_DTYPE_F8E4M3FN},
    {"F8_E5M2", MLOPT_DTYPE_F8E5M2},
    {"F8_E4M3FNUZ", MLOPT_DTYPE_F8E4M3FNUZ},
    {"F8_E5M2FNUZ", MLOPT_DTYPE_F8E5M2FNUZ},
};

/// What the reference implementation reads at most.
static constexpr uint64_t kMaxHeader = 100000000;
static constexpr size_t kMaxRank = 64;

std::string quoteName(std::string_view name) {
  std::string text = "'";
  for (char c : name.substr(0, 100))
    text += (unsigned char)c < 0x20 || c == 0x7f ? '?' : c;
  // Not in the middle of a character.
  if (name.size() > 100) {
    while ((text.back() & 0xc0) == 0x80)
      text.pop_back();
    if ((text.back() & 0x80) != 0)
      text.pop_back();
    text += "...";
  }
  return text + "'";
}

/// Whether text is UTF-8 without surrogates and overlong forms.
static bool isUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    unsigned char first = text[i];
    unsigned more = first < 0x80       ? 0
                    : first >> 5 == 6  ? 1
                    : first >> 4 == 14 ? 2
                    : first >> 3 == 30 ? 3
                                       : 4;
    if (more == 4 || text.size() - i <= more)
      return false;
    uint32_t code = more ? first & (0x3f >> more) : first;
    for (unsigned k = 1; k <= more; ++k) {
      unsigned char next = text[i + k];
      if ((next & 0xc0) != 0x80)
        return false;
      code = code << 6 | (next & 0x3f);
    }
    static const uint32_t smallest[] = {0, 0x80, 0x800, 0x10000};
    if (code < smallest[more] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
      return false;
    i += more + 1;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

namespace {

/// As much JSON as the header is made of. The first error stays.
class HeaderReader {
public:
  explicit HeaderReader(std::string_view text) : text(text) {}

  struct Record {
    TensorView view;
    uint64_t begin = 0, end = 0;
  };

  Error read(std::vector<Record> &records, Metadata &metadata) {
    std::set<std::string> names;
    object([&](std::string key) {
      if (!names.insert(key).second)
        return fail("names " + quoteName(key) + " twice");
      if (key == "__metadata__")
        return readMetadata(metadata);
      records.emplace_back();
      records.back().view.name = std::move(key);
      readRecord(records.back());
    });
    space();
    if (error.empty() && at != text.size())
      fail("is damaged: something follows the header's end at byte " + std::to_string(at));
    return error;
  }

private:
  void fail(std::string message) {
    if (error.empty())
      error = std::move(message);
  }
  void failSyntax(const char *expected) {
    fail("is no .safetensors file, or is damaged: expected " + std::string(expected) + " at byte " +
         std::to_string(at) + " of the header");
  }

  void space() {
    while (at < text.size() &&
           (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r'))
      ++at;
  }
  bool take(char c) {
    space();
    if (!error.empty() || at == text.size() || text[at] != c)
      return false;
    ++at;
    return true;
  }

  /// {"key": ..., ...}: `member` reads the value behind a key.
  template <typename Fn> void object(Fn member) {
    if (!take('{'))
      return failSyntax("'{'");
    if (take('}'))
      return;
    do {
      std::string key = string();
      if (error.empty() && !take(':'))
        failSyntax("':'");
      if (error.empty())
        member(std::move(key));
    } while (take(','));
    if (error.empty() && !take('}'))
      failSyntax("',' or '}'");
  }

  /// [number, ...], none negative.
  std::vector<uint64_t> numbers() {
    std::vector<uint64_t> values;
    if (!take('[')) {
      failSyntax("'['");
      return values;
    }
    if (take(']'))
      return values;
    do {
      values.push_back(number());
      if (values.size() > kMaxRank)
        fail("holds a list of more than " + std::to_string(kMaxRank) + " numbers");
    } while (take(','));
    if (error.empty() && !take(']'))
      failSyntax("',' or ']'");
    return values;
  }

  uint64_t number() {
    space();
    size_t start = at;
    uint64_t value = 0;
    bool tooLarge = false;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
      tooLarge |= __builtin_mul_overflow(value, uint64_t(10), &value) ||
                  __builtin_add_overflow(value, uint64_t(text[at] - '0'), &value);
    if (at == start || (text[start] == '0' && at != start + 1))
      failSyntax("a number that is not negative");
    if (tooLarge)
      fail("holds a number of more than 64 bits");
    return value;
  }

  std::string string() {
    std::string value;
    if (!take('"')) {
      failSyntax("a string");
      return value;
    }
    while (at < text.size() && text[at] != '"') {
      unsigned char c = text[at++];
      if (c == '\\')
        escape(value);
      else if (c < 0x20)
        failSyntax("no control character");
      else
        value += char(c);
      if (!error.empty())
        return value;
    }
    if (!take('"'))
      failSyntax("the end of a string");
    return value;
  }

  void escape(std::string &value) {
    char c = at < text.size() ? text[at++] : '\0';
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (const char *found = c ? std::strchr(from, c) : nullptr) {
      value += to[found - from];
      return;
    }
    if (c != 'u')
      return failSyntax("an escape sequence");
    uint32_t code = hex();
    if (code >= 0xd800 && code < 0xdc00) { // the first of a pair
      if (text.substr(at, 2) != "\\u")
        return failSyntax("the second half of a pair");
      at += 2;
      uint32_t low = hex();
      if (low < 0xdc00 || low >= 0xe000)
        return failSyntax("the second half of a pair");
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    } else if (code >= 0xdc00 && code < 0xe000) {
      return failSyntax("no second half without a first");
    }
    if (code < 0x80) {
      value += char(code);
      return;
    }
    unsigned more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    value += char((0xff00 >> (more + 1) & 0xff) | code >> (6 * more));
    while (more--)
      value += char(0x80 | (code >> (6 * more) & 0x3f));
  }

  uint32_t hex() {
    uint32_t code = 0;
    for (int i = 0; i < 4; ++i) {
      char c = at < text.size() ? text[at] : '\0';
      unsigned digit = c >= '0' && c <= '9'   ? c - '0'
                       : c >= 'a' && c <= 'f' ? c - 'a' + 10
                       : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                              : 16;
      if (digit == 16) {
        failSyntax("four hexadecimal digits");
        return 0;
      }
      code = code << 4 | digit;
      ++at;
    }
    return code;
  }

  void readMetadata(Metadata &metadata) {
    object([&](std::string key) {
      std::string value = string();
      if (error.empty() && !metadata.emplace(key, std::move(value)).second)
        fail("names " + quoteName(key) + " twice in its metadata");
    });
  }

  void readRecord(Record &record) {
    std::string what = quoteName(record.view.name);
    std::set<std::string> seen;
    std::string dtype;
    object([&](std::string key) {
      if (!seen.insert(key).second)
        return fail("gives " + quoteName(key) + " of " + what + " twice");
      if (key == "dtype") {
        dtype = string();
      } else if (key == "shape") {
        for (uint64_t size : numbers()) {
          if (size > uint64_t(INT64_MAX))
            fail("gives " + what + " a size of more than 63 bits");
          record.view.dims.push_back(int64_t(size));
        }
      } else if (key == "data_offsets") {
        std::vector<uint64_t> offsets = numbers();
        if (error.empty() && offsets.size() != 2)
          return fail("gives " + what + " " + std::to_string(offsets.size()) +
                      " data_offsets, expected 2");
        if (error.empty()) {
          record.begin = offsets[0];
          record.end = offsets[1];
        }
      } else {
        fail("has the unknown key " + quoteName(key) + " at " + what);
      }
    });
    if (!error.empty())
      return;
    for (const char *key : {"dtype", "shape", "data_offsets"})
      if (!seen.count(key))
        return fail("has no " + std::string(key) + " for " + what);
    for (const auto &row : dtypes)
      if (row.name == dtype)
        record.view.dtype = row.dtype;
    if (record.view.dtype == MLOPT_DTYPE_INVALID)
      return fail("holds " + what + " with the element type " + quoteName(dtype) +
                  ", which is not supported");
    HostTensor shape;
    shape.dims = record.view.dims;
    int64_t count = shape.elementCount();
    if (count < 0)
      return fail("gives " + what + " an impossible shape");
    record.view.bytes = uint64_t(count) * elementBytes(record.view.dtype);
    if (record.end < record.begin || record.end - record.begin != record.view.bytes)
      fail("holds bytes " + std::to_string(record.begin) + " to " + std::to_string(record.end) +
           " for " + what + "; " + dtype + " " + dimsToString(record.view.dims) + " has " +
           std::to_string(record.view.bytes) + " bytes");
  }

  std::string_view text;
  size_t at = 0;
  Error error;
};

} // namespace

Error SafetensorsFile::parse(const uint8_t *bytes, uint64_t size) {
  if (size < 8)
    return "is no .safetensors file: it has " + std::to_string(size) +
           " bytes, the length of the header alone takes 8";
  uint64_t length = 0;
  for (unsigned i = 0; i < 8; ++i)
    length |= uint64_t(bytes[i]) << (8 * i);
  if (length > kMaxHeader)
    return "is no .safetensors file: its header would have " + std::to_string(length) +
           " bytes, more than the " + std::to_string(kMaxHeader) + " that the format allows";
  if (length > size - 8)
    return "is cut off, or is no .safetensors file: its header has " + std::to_string(length) +
           " bytes, the file " + std::to_string(size);
  std::string_view header(reinterpret_cast<const char *>(bytes) + 8, length);
  if (header.empty() || header.front() != '{')
    return "is no .safetensors file: its header does not begin with '{'";
  if (!isUtf8(header))
    return "is no .safetensors file, or is damaged: its header is not UTF-8";
  std::vector<HeaderReader::Record> records;
  Metadata newMetadata;
  if (Error error = HeaderReader(header).read(records, newMetadata); !error.empty())
    return error;

  std::sort(records.begin(), records.end(), [](const auto &a, const auto &b) {
    return std::tie(a.begin, a.end, a.view.name) < std::tie(b.begin, b.end, b.view.name);
  });
  uint64_t data = size - 8 - length, next = 0;
  const TensorView *before = nullptr;
  for (HeaderReader::Record &record : records) {
    std::string what = quoteName(record.view.name);
    if (record.end > data)
      return "is cut off, or damaged: " + what + " ends at byte " + std::to_string(record.end) +
             " of the data, which has " + std::to_string(data);
    if (record.begin < next)
      return "is damaged: " + what + " overlaps " + quoteName(before->name);
    if (record.begin > next)
      return "is damaged: nothing describes the " + std::to_string(record.begin - next) +
             " bytes before " + what;
    next = record.end;
    record.view.data = bytes + 8 + length + record.begin;
    before = &record.view;
  }
  if (next != data)
    return "is damaged: nothing describes the last " + std::to_string(data - next) + " bytes";

  owner.reset();
  metadata = std::move(newMetadata);
  tensors.clear();
  byName.clear();
  for (HeaderReader::Record &record : records) {
    byName[record.view.name] = tensors.size();
    tensors.push_back(std::move(record.view));
  }
  return {};
}

Error SafetensorsFile::open(const std::string &path) {
  // Without O_NONBLOCK the open of a pipe waits for a writer, before it is seen to be none of ours.
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return std::string("cannot open: ") + std::strerror(errno);
  struct stat info;
  if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    ::close(fd);
    return "is no regular file";
  }
  uint64_t size = uint64_t(info.st_size);
  void *mapped = size ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0) : nullptr;
  int reason = errno;
  ::close(fd);
  if (mapped == MAP_FAILED)
    return std::string("cannot map: ") + std::strerror(reason);
  std::shared_ptr<const void> mapping(mapped, [size](const void *p) {
    if (p)
      ::munmap(const_cast<void *>(p), size);
  });
  if (Error error = parse(static_cast<const uint8_t *>(mapped), size); !error.empty())
    return error;
  owner = std::move(mapping);
  return {};
}

const TensorView *SafetensorsFile::find(const std::string &name) const {
  auto it = byName.find(name);
  return it == byName.end() ? nullptr : &tensors[it->second];
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

static void appendString(std::string &out, std::string_view text) {
  out += '"';
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if ((unsigned char)c < 0x20) {
      static const char digits[] = "0123456789abcdef";
      out += "\\u00";
      out += digits[c >> 4];
      out += digits[c & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

Error writeSafetensors(const std::string &path, const std::vector<TensorView> &tensors,
                       const Metadata &metadata, bool keepPrevious) {
  std::vector<const TensorView *> sorted;
  for (const TensorView &tensor : tensors)
    sorted.push_back(&tensor);
  std::sort(sorted.begin(), sorted.end(), [](const TensorView *a, const TensorView *b) {
    unsigned left = elementBytes(a->dtype), right = elementBytes(b->dtype);
    return left != right ? left > right : a->name < b->name;
  });

  std::string header(8, '\0');
  header += '{';
  if (!metadata.empty()) {
    header += "\"__metadata__\":{";
    bool first = true;
    for (const auto &[key, value] : metadata) {
      if (!isUtf8(key) || !isUtf8(value))
        return "cannot hold the metadata " + quoteName(key) + ": it is not UTF-8";
      header += first ? "" : ",";
      first = false;
      appendString(header, key);
      header += ':';
      appendString(header, value);
    }
    header += '}';
  }
  std::set<std::string_view> names;
  std::vector<std::string_view> pieces = {{}};
  uint64_t offset = 0;
  for (const TensorView *tensor : sorted) {
    std::string what = quoteName(tensor->name);
    if (tensor->name == "__metadata__" || !isUtf8(tensor->name))
      return "cannot hold a tensor of the name " + what;
    if (!names.insert(tensor->name).second)
      return "cannot hold two tensors of the name " + what;
    std::string_view dtype;
    for (const auto &row : dtypes)
      if (row.dtype == tensor->dtype)
        dtype = row.name;
    HostTensor shape;
    shape.dims = tensor->dims;
    int64_t count = shape.elementCount();
    if (dtype.empty() || count < 0 || tensor->dims.size() > kMaxRank ||
        uint64_t(count) * elementBytes(tensor->dtype) != tensor->bytes)
      return "cannot hold " + what + ": type, shape " + dimsToString(tensor->dims) + " and " +
             std::to_string(tensor->bytes) + " bytes do not fit";
    if (header.back() != '{')
      header += ',';
    appendString(header, tensor->name);
    header += ":{\"dtype\":\"" + std::string(dtype) + "\",\"shape\":[";
    for (size_t i = 0; i < tensor->dims.size(); ++i)
      header += (i ? "," : "") + std::to_string(tensor->dims[i]);
    header += "],\"data_offsets\":[" + std::to_string(offset) + ",";
    offset += tensor->bytes;
    header += std::to_string(offset) + "]}";
    pieces.push_back({reinterpret_cast<const char *>(tensor->data), tensor->bytes});
  }
  header += '}';
  header.append((8 - header.size() % 8) % 8, ' ');
  uint64_t length = header.size() - 8;
  if (length > kMaxHeader)
    return "cannot hold so many tensors: the header would have " + std::to_string(length) +
           " bytes, the format allows " + std::to_string(kMaxHeader);
  for (unsigned i = 0; i < 8; ++i)
    header[i] = char(length >> (8 * i) & 0xff);
  pieces[0] = header;
  return writeFileDurably(path, pieces, keepPrevious);
}

} // namespace mlopt::tensorio
