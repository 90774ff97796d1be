//===- Copies.cpp - copies and fills of device memory ---------------------===//
#include "Copies.h"
#include "Call.h"

#include <cstring>

using namespace fakecuda;

namespace {
/// One side of a box copy.
struct Side {
  uint64_t base; ///< of a device, or of the host
  bool device;
  size_t x, y, z, pitch, height;
  uint64_t row(size_t atY, size_t atZ) const {
    return base + ((z + atZ) * height + y + atY) * pitch + x;
  }
};
} // namespace

static uint64_t number(const void *pointer) { return reinterpret_cast<uintptr_t>(pointer); }
static void *host(uint64_t address) { return reinterpret_cast<void *>(uintptr_t(address)); }

static CUresult makeSide(Side &side, CUmemorytype type, const void *hostPointer, CUdeviceptr device,
                         size_t x, size_t y, size_t z, size_t pitch, size_t height,
                         const CUDA_MEMCPY3D &copy) {
  switch (type) {
  case CU_MEMORYTYPE_HOST:
    side.base = number(hostPointer);
    side.device = false;
    // A device address where a host address belongs would fault on the host.
    if (!hostPointer || deviceOf(side.base)) {
      complain("copy with " + std::string(hostPointer ? "a device address" : "null") +
               " as host pointer");
      return CUDA_ERROR_INVALID_VALUE;
    }
    break;
  case CU_MEMORYTYPE_DEVICE:
    side.base = device;
    side.device = true;
    break;
  case CU_MEMORYTYPE_UNIFIED:
    side.base = device;
    side.device = deviceOf(device) != nullptr;
    if (!device)
      return CUDA_ERROR_INVALID_VALUE;
    break;
  default:
    return type == CU_MEMORYTYPE_ARRAY ? CUDA_ERROR_NOT_SUPPORTED : CUDA_ERROR_INVALID_VALUE;
  }
  side.x = x;
  side.y = y;
  side.z = z;
  side.pitch = pitch;
  side.height = height;
  bool rows = copy.Height > 1 || copy.Depth > 1 || y || z;
  bool planes = copy.Depth > 1 || z;
  if ((rows && pitch < x + copy.WidthInBytes) || (planes && height < y + copy.Height))
    return CUDA_ERROR_INVALID_VALUE;
  return CUDA_SUCCESS;
}

static CUresult sides(const CUDA_MEMCPY3D &copy, Side &to, Side &from) {
  if (CUresult result =
          makeSide(from, copy.srcMemoryType, copy.srcHost, copy.srcDevice, copy.srcXInBytes,
                   copy.srcY, copy.srcZ, copy.srcPitch, copy.srcHeight, copy))
    return result;
  return makeSide(to, copy.dstMemoryType, copy.dstHost, copy.dstDevice, copy.dstXInBytes, copy.dstY,
                  copy.dstZ, copy.dstPitch, copy.dstHeight, copy);
}

/// True when the device range is in one allocation; says on stderr what it is otherwise.
static bool checkDevice(uint64_t address, uint64_t bytes, const char *what) {
  std::string error;
  Device *device = deviceOf(address);
  if (!device)
    error = "not an address of a device";
  else if (device->memory.check(address, bytes, error))
    return true;
  complain(std::string(what) + ": " + error);
  return false;
}

CUDA_MEMCPY3D fakecuda::linearCopy(uint64_t to, uint64_t from, size_t bytes) {
  CUDA_MEMCPY3D copy{};
  copy.srcMemoryType = deviceOf(from) ? CU_MEMORYTYPE_DEVICE : CU_MEMORYTYPE_HOST;
  copy.srcHost = host(from);
  copy.srcDevice = from;
  copy.dstMemoryType = deviceOf(to) ? CU_MEMORYTYPE_DEVICE : CU_MEMORYTYPE_HOST;
  copy.dstHost = host(to);
  copy.dstDevice = to;
  copy.WidthInBytes = bytes;
  copy.Height = copy.Depth = 1;
  return copy;
}

CUresult fakecuda::checkCopy(const CUDA_MEMCPY3D &copy) {
  Side to, from;
  if (CUresult result = sides(copy, to, from))
    return result;
  if (!copy.WidthInBytes || !copy.Height || !copy.Depth) {
    complain("a copy node of no bytes: WidthInBytes, Height and Depth must not be 0");
    return CUDA_ERROR_INVALID_VALUE;
  }
  for (size_t z = 0; z < copy.Depth; ++z)
    for (size_t y = 0; y < copy.Height; ++y)
      if ((from.device && !checkDevice(from.row(y, z), copy.WidthInBytes, "source of a copy")) ||
          (to.device && !checkDevice(to.row(y, z), copy.WidthInBytes, "target of a copy")))
        return CUDA_ERROR_INVALID_VALUE;
  return CUDA_SUCCESS;
}

static bool copyRow(const Side &to, uint64_t target, const Side &from, uint64_t source,
                    size_t bytes, std::string &error) {
  if (!to.device && !from.device) {
    std::memmove(host(target), host(source), bytes);
    return true;
  }
  if (!to.device)
    return deviceOf(source)->memory.read(source, host(target), bytes, error);
  if (!from.device)
    return deviceOf(target)->memory.write(target, host(source), bytes, error);
  if (deviceOf(target) == deviceOf(source))
    return deviceOf(target)->memory.copy(target, source, bytes, error);
  std::vector<char> staged(bytes);
  return deviceOf(source)->memory.read(source, staged.data(), bytes, error) &&
         deviceOf(target)->memory.write(target, staged.data(), bytes, error);
}

CUresult fakecuda::performCopy(const CUDA_MEMCPY3D &copy) {
  Side to, from;
  if (CUresult result = sides(copy, to, from))
    return result;
  std::string error;
  for (size_t z = 0; z < copy.Depth; ++z)
    for (size_t y = 0; y < copy.Height; ++y)
      if (!copyRow(to, to.row(y, z), from, from.row(y, z), copy.WidthInBytes, error)) {
        complain("copy: " + error);
        return CUDA_ERROR_ILLEGAL_ADDRESS;
      }
  return CUDA_SUCCESS;
}

CUresult fakecuda::checkFill(const CUDA_MEMSET_NODE_PARAMS &fill) {
  unsigned size = fill.elementSize;
  if ((size != 1 && size != 2 && size != 4) || fill.dst % size || !fill.width || !fill.height ||
      (fill.height > 1 && fill.pitch < fill.width * size))
    return CUDA_ERROR_INVALID_VALUE;
  for (size_t y = 0; y < fill.height; ++y)
    if (!checkDevice(fill.dst + y * fill.pitch, fill.width * size, "target of a fill"))
      return CUDA_ERROR_INVALID_VALUE;
  return CUDA_SUCCESS;
}

CUresult fakecuda::performFill(const CUDA_MEMSET_NODE_PARAMS &fill) {
  std::string error;
  for (size_t y = 0; y < fill.height; ++y)
    if (!deviceOf(fill.dst)->memory.fill(fill.dst + y * fill.pitch, fill.value, fill.elementSize,
                                         fill.width, error)) {
      complain("fill: " + error);
      return CUDA_ERROR_ILLEGAL_ADDRESS;
    }
  return CUDA_SUCCESS;
}

//===----------------------------------------------------------------------===//
// The calls
//===----------------------------------------------------------------------===//

/// `wait`: the call returns when the bytes are there, as copies between host and device without
/// Async do; copies inside the device and fills never wait.
static CUresult copyOn(CUstream handle, uint64_t to, uint64_t from, size_t bytes, bool wait) {
  Stream *stream = findStream(handle);
  if (!stream)
    return CUDA_ERROR_INVALID_HANDLE;
  if (!bytes)
    return CUDA_SUCCESS;
  CUDA_MEMCPY3D copy = linearCopy(to, from, bytes);
  if (CUresult result = checkCopy(copy))
    return result;
  WorkRef work;
  enqueue(*stream, [=] { return performCopy(copy); }, {}, &work);
  if (wait)
    finish(work);
  return wait ? stream->context->error : CUDA_SUCCESS;
}

/// Refuses a host address where a device address belongs, and the other way round.
static bool isDevice(uint64_t address, bool wanted, const char *function) {
  if ((deviceOf(address) != nullptr) == wanted)
    return true;
  complain(std::string(function) + ": expected an address of " +
           (wanted ? "the device" : "the host") + " and got one of " +
           (wanted ? "the host" : "the device"));
  return false;
}

CUresult api::cuMemcpy(CUdeviceptr to, CUdeviceptr from, size_t bytes) {
  return copyOn(nullptr, to, from, bytes, !deviceOf(to) || !deviceOf(from));
}

CUresult api::cuMemcpyHtoD_v2(CUdeviceptr to, const void *from, size_t bytes) {
  if (!isDevice(to, true, "cuMemcpyHtoD") || !isDevice(number(from), false, "cuMemcpyHtoD"))
    return CUDA_ERROR_INVALID_VALUE;
  return copyOn(nullptr, to, number(from), bytes, true);
}

CUresult api::cuMemcpyDtoH_v2(void *to, CUdeviceptr from, size_t bytes) {
  if (!isDevice(number(to), false, "cuMemcpyDtoH") || !isDevice(from, true, "cuMemcpyDtoH"))
    return CUDA_ERROR_INVALID_VALUE;
  return copyOn(nullptr, number(to), from, bytes, true);
}

CUresult api::cuMemcpyDtoD_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes) {
  if (!isDevice(to, true, "cuMemcpyDtoD") || !isDevice(from, true, "cuMemcpyDtoD"))
    return CUDA_ERROR_INVALID_VALUE;
  return copyOn(nullptr, to, from, bytes, false);
}

CUresult api::cuMemcpyAsync(CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream stream) {
  return copyOn(stream, to, from, bytes, false);
}

CUresult api::cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void *from, size_t bytes,
                                   CUstream stream) {
  if (!isDevice(to, true, "cuMemcpyHtoDAsync") ||
      !isDevice(number(from), false, "cuMemcpyHtoDAsync"))
    return CUDA_ERROR_INVALID_VALUE;
  return copyOn(stream, to, number(from), bytes, false);
}

CUresult api::cuMemcpyDtoHAsync_v2(void *to, CUdeviceptr from, size_t bytes, CUstream stream) {
  if (!isDevice(number(to), false, "cuMemcpyDtoHAsync") ||
      !isDevice(from, true, "cuMemcpyDtoHAsync"))
    return CUDA_ERROR_INVALID_VALUE;
  return copyOn(stream, number(to), from, bytes, false);
}

CUresult api::cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes,
                                   CUstream stream) {
  if (!isDevice(to, true, "cuMemcpyDtoDAsync") || !isDevice(from, true, "cuMemcpyDtoDAsync"))
    return CUDA_ERROR_INVALID_VALUE;
  return copyOn(stream, to, from, bytes, false);
}

CUresult api::cuMemcpyPeerAsync(CUdeviceptr to, CUcontext toContext, CUdeviceptr from,
                                CUcontext fromContext, size_t bytes, CUstream stream) {
  Context *target = findContext(toContext), *source = findContext(fromContext);
  if (!target || !source)
    return CUDA_ERROR_INVALID_CONTEXT;
  if (deviceOf(to) != target->device || deviceOf(from) != source->device)
    return CUDA_ERROR_INVALID_VALUE;
  return copyOn(stream, to, from, bytes, false);
}

static CUresult fillOn(CUstream handle, CUdeviceptr to, unsigned value, unsigned size,
                       size_t count) {
  Stream *stream = findStream(handle);
  if (!stream)
    return CUDA_ERROR_INVALID_HANDLE;
  if (!count)
    return CUDA_SUCCESS;
  CUDA_MEMSET_NODE_PARAMS fill{to, 0, value, size, count, 1};
  if (CUresult result = checkFill(fill))
    return result;
  return enqueue(*stream, [=] { return performFill(fill); });
}

CUresult api::cuMemsetD8_v2(CUdeviceptr to, unsigned char value, size_t count) {
  return fillOn(nullptr, to, value, 1, count);
}
CUresult api::cuMemsetD16_v2(CUdeviceptr to, unsigned short value, size_t count) {
  return fillOn(nullptr, to, value, 2, count);
}
CUresult api::cuMemsetD32_v2(CUdeviceptr to, unsigned value, size_t count) {
  return fillOn(nullptr, to, value, 4, count);
}
CUresult api::cuMemsetD8Async(CUdeviceptr to, unsigned char value, size_t count, CUstream stream) {
  return fillOn(stream, to, value, 1, count);
}
CUresult api::cuMemsetD16Async(CUdeviceptr to, unsigned short value, size_t count,
                               CUstream stream) {
  return fillOn(stream, to, value, 2, count);
}
CUresult api::cuMemsetD32Async(CUdeviceptr to, unsigned value, size_t count, CUstream stream) {
  return fillOn(stream, to, value, 4, count);
}
