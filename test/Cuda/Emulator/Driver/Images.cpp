//===- Images.cpp - PTX text out of what a program hands to the driver ----===//
#include "Images.h"

#include <cctype>
#include <cstdlib>
#include <cstring>

using namespace fakecuda;

namespace {

// The container of fat binaries, as cuobjdump prints and several open-source loaders read it.
constexpr uint32_t kWrapperMagic = 0x466243b1, kFatbinMagic = 0xba55ed50;

/// What nvcc's host code registers.
struct Wrapper {
  uint32_t magic, version;
  const void *data;
  const void *more;
};

struct FatbinHeader {
  uint32_t magic;
  uint16_t version, headerBytes;
  uint64_t bytes; ///< of the parts behind this header
};

struct PartHeader {
  uint16_t kind, version; ///< kind 1: PTX, 2: ELF
  uint32_t headerBytes;
  uint64_t bytes; ///< of the payload, with padding
  uint32_t compressedBytes, optionsOffset;
  uint16_t minor, major;
  uint32_t arch;
  uint32_t nameOffset, nameBytes;
  uint64_t flags;
  uint64_t reserved, uncompressedBytes;
};
static_assert(sizeof(FatbinHeader) == 16 && sizeof(PartHeader) == 64, "layout of fat binaries");

constexpr uint16_t kPtxPart = 1;
constexpr uint64_t kCompressed = 0x2000 /* LZ4 */ | 0x8000 /* zstd */;

} // namespace

/// The compute capability of the .target directive, and whether a device has it: an architecture
/// with suffix 'a' runs on that one only, with 'f' within its family.
static unsigned targetOf(const std::string &text, unsigned arch, bool &runs) {
  size_t at = text.find(".target");
  size_t name = at == std::string::npos ? at : text.find("sm_", at);
  runs = true;
  if (name == std::string::npos)
    return 0; // the parser says what is missing
  char *end = nullptr;
  auto target = unsigned(std::strtoul(text.c_str() + name + 3, &end, 10));
  runs = *end == 'a'   ? target == arch
         : *end == 'f' ? target / 10 == arch / 10 && target <= arch
                       : target <= arch;
  return target;
}

int fakecuda::ptxVersionOf(const std::string &text) {
  size_t at = text.find(".version");
  if (at == std::string::npos)
    return 0;
  char *end = nullptr;
  long major = std::strtol(text.c_str() + at + 8, &end, 10);
  long minor = *end == '.' ? std::strtol(end + 1, nullptr, 10) : 0;
  return int(10 * major + minor);
}

int fakecuda::newestPtx(int driver) {
  // Source: "Release notes" of the PTX ISA: first CUDA version of each PTX version.
  static const struct {
    int driver, ptx;
  } table[] = {{13000, 90}, {12090, 88}, {12080, 87}, {12070, 86}, {12050, 85},
               {12040, 84}, {12030, 83}, {12020, 82}, {12010, 81}, {12000, 80},
               {11080, 78}, {11070, 77}, {11060, 76}, {11050, 75}, {11040, 74},
               {11030, 73}, {11020, 72}, {11010, 71}, {11000, 70}, {10020, 65}};
  for (auto &row : table)
    if (driver >= row.driver)
      return row.ptx;
  return 60;
}

static CUresult ofFatbin(const char *image, unsigned arch, std::string &text,
                         std::string &message) {
  FatbinHeader header;
  std::memcpy(&header, image, sizeof header);
  if (header.version != 1 || header.headerBytes < sizeof header) {
    message = "a fat binary of an unknown version";
    return CUDA_ERROR_INVALID_IMAGE;
  }
  const char *at = image + header.headerBytes, *end = at + header.bytes;
  unsigned best = 0, parts = 0, compressed = 0;
  while (end - at >= std::ptrdiff_t(sizeof(PartHeader))) {
    PartHeader part;
    std::memcpy(&part, at, sizeof part);
    if (part.headerBytes < sizeof part || part.bytes > uint64_t(end - at) - part.headerBytes) {
      message = "a fat binary whose part " + std::to_string(parts) + " exceeds it";
      return CUDA_ERROR_INVALID_IMAGE;
    }
    ++parts;
    const char *payload = at + part.headerBytes;
    at = payload + part.bytes;
    if (part.kind != kPtxPart)
      continue;
    if (part.flags & kCompressed) {
      ++compressed;
      continue;
    }
    std::string candidate(payload, strnlen(payload, part.bytes));
    bool runs = false;
    unsigned target = targetOf(candidate, arch, runs);
    if (runs && target >= best) {
      best = target;
      text = std::move(candidate);
    }
  }
  if (!text.empty())
    return CUDA_SUCCESS;
  message = "a fat binary with " + std::to_string(parts) + " parts, none of them PTX for sm_" +
            std::to_string(arch) + " or older";
  if (compressed)
    message += "; " + std::to_string(compressed) +
               " parts are compressed PTX, which only the real driver reads: use "
               "'fatbinary --compress=false'";
  return CUDA_ERROR_NO_BINARY_FOR_GPU;
}

CUresult fakecuda::ptxOf(const void *image, unsigned arch, std::string &text,
                         std::string &message) {
  auto *bytes = static_cast<const char *>(image);
  uint32_t magic = 0; // none of the magic numbers has a zero byte
  std::memcpy(&magic, bytes, strnlen(bytes, sizeof magic));
  if (!magic) {
    message = "an empty image";
    return CUDA_ERROR_INVALID_IMAGE;
  }
  if (magic == kWrapperMagic) {
    Wrapper wrapper;
    std::memcpy(&wrapper, bytes, sizeof wrapper);
    return ptxOf(wrapper.data, arch, text, message);
  }
  if (magic == kFatbinMagic)
    return ofFatbin(bytes, arch, text, message);
  if (!std::memcmp(&magic, "\177ELF", 4)) {
    message = "machine code, which this device does not have: load the PTX";
    return CUDA_ERROR_NO_BINARY_FOR_GPU;
  }
  const char *start = bytes;
  while (std::isspace(static_cast<unsigned char>(*start)))
    ++start;
  if (*start != '.' && *start != '/') {
    message = "neither PTX nor a fat binary nor ELF";
    return CUDA_ERROR_INVALID_IMAGE;
  }
  text = bytes;
  bool runs = false;
  unsigned target = targetOf(text, arch, runs);
  if (!runs) {
    message = "the PTX is for sm_" + std::to_string(target) + ", which sm_" + std::to_string(arch) +
              " does not run";
    return CUDA_ERROR_INVALID_PTX;
  }
  return CUDA_SUCCESS;
}
