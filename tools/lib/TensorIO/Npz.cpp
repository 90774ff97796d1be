//===- Npz.cpp - NumPy's .npz: a zip of .npy files ------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TensorIO/TensorIO.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <zlib.h>

namespace mlopt::tensorio {

namespace {

uint64_t little(const uint8_t *p, unsigned bytes) {
  uint64_t value = 0;
  for (unsigned i = 0; i < bytes; ++i)
    value |= uint64_t(p[i]) << (8 * i);
  return value;
}

void put(std::string &out, uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i)
    out += char(value >> (8 * i) & 0xff);
}

/// One entry of the central directory.
struct Entry {
  std::string name;
  unsigned method = 0;
  uint32_t crc = 0;
  uint64_t packed = 0, size = 0, header = 0;
};

class ZipReader {
public:
  ZipReader(const uint8_t *bytes, size_t size) : bytes(bytes), size(size) {}

  Error directory(std::vector<Entry> &entries) {
    // The end record is the last thing in the file, before a comment of at most 64 KiB.
    if (size < 22)
      return "is no .npz file";
    size_t end = size - 22, stop = end > 0xffff ? end - 0xffff : 0;
    while (little(bytes + end, 4) != 0x06054b50) {
      if (end == stop)
        return "is no .npz file, or is cut off";
      --end;
    }
    uint64_t count = little(bytes + end + 10, 2), at = little(bytes + end + 16, 4);
    if ((count == 0xffff || at == 0xffffffff) && end >= 20 &&
        little(bytes + end - 20, 4) == 0x07064b50) {
      uint64_t end64 = little(bytes + end - 12, 8);
      if (!inside(end64, 56) || little(bytes + end64, 4) != 0x06064b50)
        return "is damaged: bad end of directory";
      count = little(bytes + end64 + 32, 8);
      at = little(bytes + end64 + 48, 8);
    }
    for (uint64_t i = 0; i < count; ++i) {
      if (!inside(at, 46) || little(bytes + at, 4) != 0x02014b50)
        return "is damaged: bad directory entry";
      const uint8_t *p = bytes + at;
      unsigned flags = unsigned(little(p + 8, 2)), nameBytes = unsigned(little(p + 28, 2)),
               extraBytes = unsigned(little(p + 30, 2)), commentBytes = unsigned(little(p + 32, 2));
      if (!inside(at, 46ull + nameBytes + extraBytes + commentBytes))
        return "is damaged: bad directory entry";
      Entry entry;
      entry.method = unsigned(little(p + 10, 2));
      entry.crc = uint32_t(little(p + 16, 4));
      entry.packed = little(p + 20, 4);
      entry.size = little(p + 24, 4);
      entry.header = little(p + 42, 4);
      entry.name.assign(reinterpret_cast<const char *>(p) + 46, nameBytes);
      if (flags & 1)
        return "holds '" + entry.name + "' encrypted";
      if (Error error = zip64(p + 46 + nameBytes, extraBytes, entry); !error.empty())
        return error;
      entries.push_back(std::move(entry));
      at += 46ull + nameBytes + extraBytes + commentBytes;
    }
    return {};
  }

  Error contents(const Entry &entry, std::vector<uint8_t> &out) {
    if (!inside(entry.header, 30) || little(bytes + entry.header, 4) != 0x04034b50)
      return "is damaged: bad entry '" + entry.name + "'";
    uint64_t data = entry.header + 30 + little(bytes + entry.header + 26, 2) +
                    little(bytes + entry.header + 28, 2);
    if (!inside(data, entry.packed))
      return "is cut off in '" + entry.name + "'";
    if (entry.method == 0) {
      if (entry.size != entry.packed)
        return "is damaged: two sizes for '" + entry.name + "'";
      out.assign(bytes + data, bytes + data + entry.size);
    } else if (entry.method == 8) {
      // Deflate cannot expand more than 1032 times: a larger claim is a lie, and would cost the
      // memory.
      if (entry.size > 1040 * entry.packed + 64)
        return "is damaged: impossible size of '" + entry.name + "'";
      out.resize(entry.size);
      if (!inflateAll(bytes + data, entry.packed, out))
        return "is damaged: '" + entry.name + "' cannot be decompressed";
    } else {
      return "holds '" + entry.name + "' in compression method " + std::to_string(entry.method) +
             ", expected stored or deflated (np.savez or np.savez_compressed)";
    }
    uLong crc = crc32_z(crc32(0, nullptr, 0), out.data(), out.size());
    return uint32_t(crc) == entry.crc ? Error()
                                      : "is damaged: wrong checksum of '" + entry.name + "'";
  }

private:
  bool inside(uint64_t at, uint64_t length) const { return at <= size && length <= size - at; }

  static Error zip64(const uint8_t *extra, unsigned bytes, Entry &entry) {
    for (unsigned at = 0; at + 4 <= bytes;) {
      unsigned id = unsigned(little(extra + at, 2)), length = unsigned(little(extra + at + 2, 2));
      if (length > bytes - at - 4)
        break;
      const uint8_t *p = extra + at + 4, *stop = p + length;
      if (id == 1)
        for (uint64_t *field : {&entry.size, &entry.packed, &entry.header}) {
          if (*field != 0xffffffff)
            continue;
          if (stop - p < 8)
            return "is damaged: bad directory entry";
          *field = little(p, 8);
          p += 8;
        }
      at += 4 + length;
    }
    return {};
  }

  static bool inflateAll(const uint8_t *in, uint64_t inBytes, std::vector<uint8_t> &out) {
    z_stream z = {};
    if (inflateInit2(&z, -15) != Z_OK)
      return false;
    size_t inUsed = 0, outUsed = 0;
    int result = Z_OK;
    uint8_t nothing;
    constexpr size_t kChunk = 1u << 30; // zlib counts in 32 bits
    while (result == Z_OK) {
      size_t inNow = std::min<size_t>(kChunk, inBytes - inUsed),
             outNow = std::min<size_t>(kChunk, out.size() - outUsed);
      z.next_in = const_cast<Bytef *>(in + inUsed);
      z.avail_in = uInt(inNow);
      z.next_out = outNow ? out.data() + outUsed : &nothing;
      z.avail_out = uInt(outNow);
      result = inflate(&z, Z_NO_FLUSH);
      inUsed += inNow - z.avail_in;
      outUsed += outNow - z.avail_out;
      if (result == Z_OK && z.avail_in == inNow && z.avail_out == outNow)
        break; // no progress
    }
    inflateEnd(&z);
    return result == Z_STREAM_END && outUsed == out.size();
  }

  const uint8_t *bytes;
  size_t size;
};

} // namespace

Error readNpz(const std::string &path, std::vector<HostTensor> &tensors) {
  std::vector<uint8_t> file, contents;
  if (Error error = readFile(path, file); !error.empty())
    return error;
  ZipReader zip(file.data(), file.size());
  std::vector<Entry> entries;
  if (Error error = zip.directory(entries); !error.empty())
    return error;
  for (const Entry &entry : entries) {
    if (Error error = zip.contents(entry, contents); !error.empty())
      return error;
    HostTensor tensor;
    if (Error error = parseNpy(contents.data(), contents.size(), tensor); !error.empty())
      return "holds '" + entry.name + "', which " + error;
    tensor.name = entry.name;
    if (tensor.name.size() > 4 && tensor.name.compare(tensor.name.size() - 4, 4, ".npy") == 0)
      tensor.name.resize(tensor.name.size() - 4);
    tensors.push_back(std::move(tensor));
  }
  return {};
}

Error writeNpz(const std::string &path, const std::vector<HostTensor> &tensors) {
  std::vector<std::string> owned; // headers; the data are written from where they are
  owned.reserve(2 * tensors.size() + 1);
  std::vector<std::string_view> pieces;
  std::string directory;
  uint64_t offset = 0;
  constexpr uint64_t kLimit = 0xffffffff;
  for (const HostTensor &tensor : tensors) {
    std::string header = npyHeader(tensor), name = tensor.name + ".npy";
    if (header.empty())
      return std::string("cannot hold type ") + dtypeName(tensor.dtype) +
             ": NumPy has no name for it";
    uint64_t size = header.size() + tensor.data.size();
    uLong crc = crc32_z(crc32(0, nullptr, 0), reinterpret_cast<const Bytef *>(header.data()),
                        header.size());
    if (!tensor.data.empty()) // null starts anew
      crc = crc32_z(crc, tensor.data.data(), tensor.data.size());
    bool large = size >= kLimit, far = offset >= kLimit;
    std::string common; // from "version needed" to "uncompressed size"
    put(common, large || far ? 45 : 20, 2);
    put(common, 0x800, 2); // names are UTF-8
    put(common, 0, 2);
    put(common, 0, 2);
    put(common, 0x21, 2); // 1 January 1980
    put(common, crc, 4);
    put(common, large ? kLimit : size, 4);
    put(common, large ? kLimit : size, 4);
    put(common, name.size(), 2);
    std::string local, extra;
    put(local, 0x04034b50, 4);
    local += common;
    if (large) {
      put(extra, 1, 2);
      put(extra, 16, 2);
      put(extra, size, 8);
      put(extra, size, 8);
    }
    put(local, extra.size(), 2);
    local += name + extra;
    if (large || far) {
      extra.clear();
      put(extra, 1, 2);
      put(extra, (large ? 16 : 0) + (far ? 8 : 0), 2);
      if (large) {
        put(extra, size, 8);
        put(extra, size, 8);
      }
      if (far)
        put(extra, offset, 8);
    }
    put(directory, 0x02014b50, 4);
    put(directory, 45, 2);
    directory += common;
    put(directory, extra.size(), 2);
    put(directory, 0, 2);
    put(directory, 0, 2);
    put(directory, 0, 2);
    put(directory, 0, 4);
    put(directory, far ? kLimit : offset, 4);
    directory += name + extra;
    offset += local.size() + size;
    owned.push_back(std::move(local));
    pieces.push_back(owned.back());
    owned.push_back(std::move(header));
    pieces.push_back(owned.back());
    pieces.push_back({reinterpret_cast<const char *>(tensor.data.data()), tensor.data.size()});
  }
  std::string end;
  bool wide = offset >= kLimit || directory.size() >= kLimit || tensors.size() >= 0xffff;
  if (wide) {
    put(end, 0x06064b50, 4);
    put(end, 44, 8);
    put(end, 45, 2);
    put(end, 45, 2);
    put(end, 0, 8);
    put(end, tensors.size(), 8);
    put(end, tensors.size(), 8);
    put(end, directory.size(), 8);
    put(end, offset, 8);
    put(end, 0x07064b50, 4);
    put(end, 0, 4);
    put(end, offset + directory.size(), 8);
    put(end, 1, 4);
  }
  put(end, 0x06054b50, 4);
  put(end, 0, 4);
  put(end, wide ? 0xffff : tensors.size(), 2);
  put(end, wide ? 0xffff : tensors.size(), 2);
  put(end, wide ? kLimit : directory.size(), 4);
  put(end, wide ? kLimit : offset, 4);
  put(end, 0, 2);
  pieces.push_back(directory);
  pieces.push_back(end);
  return writeFile(path, pieces);
}

} // namespace mlopt::tensorio
