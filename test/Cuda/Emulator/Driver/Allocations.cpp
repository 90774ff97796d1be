//===- Allocations.cpp - device memory, page-locked host memory, pools, pointer attributes ===//
#include "Call.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

using namespace fakecuda;

/// Fresh memory of a device holds whatever was there: bytes that are NaN in every float format, so
/// that a result which depends on them is seen. Larger allocations stay zero, for the time it
/// takes.
static constexpr uint64_t kLargestFill = uint64_t(256) << 20;

static CUresult allocate(CUdeviceptr *address, size_t bytes, Context &context, Pool *pool,
                         const char *function) {
  State &state = State::get();
  if (!address || !bytes)
    return CUDA_ERROR_INVALID_VALUE;
  unsigned number = state.blockCount + 1;
  uint64_t found =
      context.device->memory.allocate(bytes, std::string(function) + " #" + std::to_string(number));
  if (!found)
    return CUDA_ERROR_OUT_OF_MEMORY;
  if (bytes <= kLargestFill)
    std::memset(context.device->memory.find(found)->data, 0xff, bytes);
  state.blockCount = number;
  state.blocks[found] = {found, bytes, &context, pool, number};
  if (pool) {
    pool->used += bytes;
    pool->usedHigh = std::max(pool->usedHigh, pool->used);
  }
  *address = found;
  noteAddress(found);
  return CUDA_SUCCESS;
}

CUresult api::cuMemAlloc_v2(CUdeviceptr *address, size_t bytes) {
  return allocate(address, bytes, *currentContext(), nullptr, "cuMemAlloc");
}

CUresult api::cuMemFree_v2(CUdeviceptr address) {
  State &state = State::get();
  auto found = state.blocks.find(address);
  if (found == state.blocks.end() || found->second.freeing) {
    complain("cuMemFree of what is not an allocation, or is free already");
    return CUDA_ERROR_INVALID_VALUE;
  }
  // Frees of ordinary memory wait for the device, those of stream-ordered memory do not.
  Context &context = *found->second.context;
  if (!found->second.pool)
    finish(context);
  Block block = found->second;
  state.blocks.erase(found);
  CUresult result = freeBlock(block);
  return result ? result : context.error;
}

CUresult api::cuMemGetInfo_v2(size_t *free, size_t *total) {
  const ptxemu::Memory &memory = currentContext()->device->memory;
  if (free)
    *free = memory.total() - memory.used();
  if (total)
    *total = memory.total();
  return CUDA_SUCCESS;
}

CUresult api::cuMemGetAddressRange_v2(CUdeviceptr *base, size_t *bytes, CUdeviceptr address) {
  Block *block = findBlock(address);
  if (!block)
    return CUDA_ERROR_NOT_FOUND;
  if (base)
    *base = block->address;
  if (bytes)
    *bytes = block->bytes;
  return CUDA_SUCCESS;
}

CUresult api::cuMemAllocAsync(CUdeviceptr *address, size_t bytes, CUstream handle) {
  Stream *stream = findStream(handle);
  if (!stream)
    return CUDA_ERROR_INVALID_HANDLE;
  Context &context = *stream->context;
  return allocate(address, bytes, context, &context.device->pool, "cuMemAllocAsync");
}

CUresult api::cuMemAllocFromPoolAsync(CUdeviceptr *address, size_t bytes, CUmemoryPool handle,
                                      CUstream streamHandle) {
  Stream *stream = findStream(streamHandle);
  Pool *pool = lookUp<Pool>(handle, Kind::Pool);
  if (!stream)
    return CUDA_ERROR_INVALID_HANDLE;
  if (!pool || pool->device != stream->context->device->ordinal)
    return CUDA_ERROR_INVALID_VALUE;
  return allocate(address, bytes, *stream->context, pool, "cuMemAllocFromPoolAsync");
}

CUresult api::cuMemFreeAsync(CUdeviceptr address, CUstream handle) {
  State &state = State::get();
  Stream *stream = findStream(handle);
  if (!stream)
    return CUDA_ERROR_INVALID_HANDLE;
  auto found = state.blocks.find(address);
  if (found == state.blocks.end() || found->second.freeing) {
    complain("cuMemFreeAsync of what is not an allocation, or is free already");
    return CUDA_ERROR_INVALID_VALUE;
  }
  if (stream->context->error) { // nothing runs any more, and the memory must not leak
    Block block = found->second;
    state.blocks.erase(found);
    return freeBlock(block);
  }
  found->second.freeing = true;
  return enqueue(*stream, [address] {
    auto &blocks = State::get().blocks;
    auto at = blocks.find(address);
    Block block = at->second;
    blocks.erase(at);
    return freeBlock(block);
  });
}

CUresult api::cuMemPoolGetAttribute(CUmemoryPool handle, CUmemPool_attribute attribute,
                                    void *value) {
  Pool *pool = lookUp<Pool>(handle, Kind::Pool);
  if (!pool || !value)
    return CUDA_ERROR_INVALID_VALUE;
  auto *wide = static_cast<uint64_t *>(value);
  switch (attribute) {
  case CU_MEMPOOL_ATTR_REUSE_FOLLOW_EVENT_DEPENDENCIES:
  case CU_MEMPOOL_ATTR_REUSE_ALLOW_OPPORTUNISTIC:
  case CU_MEMPOOL_ATTR_REUSE_ALLOW_INTERNAL_DEPENDENCIES:
    *static_cast<int *>(value) = pool->reuse[attribute - 1];
    return CUDA_SUCCESS;
  case CU_MEMPOOL_ATTR_RELEASE_THRESHOLD:
    *wide = pool->releaseThreshold;
    return CUDA_SUCCESS;
  case CU_MEMPOOL_ATTR_RESERVED_MEM_CURRENT: // what is free goes back to the device at once
  case CU_MEMPOOL_ATTR_USED_MEM_CURRENT:
    *wide = pool->used;
    return CUDA_SUCCESS;
  case CU_MEMPOOL_ATTR_RESERVED_MEM_HIGH:
  case CU_MEMPOOL_ATTR_USED_MEM_HIGH:
    *wide = pool->usedHigh;
    return CUDA_SUCCESS;
  }
  return CUDA_ERROR_INVALID_VALUE;
}

CUresult api::cuMemPoolSetAttribute(CUmemoryPool handle, CUmemPool_attribute attribute,
                                    void *value) {
  Pool *pool = lookUp<Pool>(handle, Kind::Pool);
  if (!pool || !value)
    return CUDA_ERROR_INVALID_VALUE;
  switch (attribute) {
  case CU_MEMPOOL_ATTR_REUSE_FOLLOW_EVENT_DEPENDENCIES:
  case CU_MEMPOOL_ATTR_REUSE_ALLOW_OPPORTUNISTIC:
  case CU_MEMPOOL_ATTR_REUSE_ALLOW_INTERNAL_DEPENDENCIES:
    pool->reuse[attribute - 1] = *static_cast<int *>(value);
    return CUDA_SUCCESS;
  case CU_MEMPOOL_ATTR_RELEASE_THRESHOLD:
    pool->releaseThreshold = *static_cast<uint64_t *>(value);
    return CUDA_SUCCESS;
  case CU_MEMPOOL_ATTR_RESERVED_MEM_HIGH:
  case CU_MEMPOOL_ATTR_USED_MEM_HIGH: // may only be reset
    if (*static_cast<uint64_t *>(value))
      return CUDA_ERROR_INVALID_VALUE;
    pool->usedHigh = pool->used;
    return CUDA_SUCCESS;
  default:
    return CUDA_ERROR_INVALID_VALUE;
  }
}

CUresult api::cuMemPoolTrimTo(CUmemoryPool handle, size_t) {
  return lookUp<Pool>(handle, Kind::Pool) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

//===----------------------------------------------------------------------===//
// Page-locked host memory
//===----------------------------------------------------------------------===//

CUresult api::cuMemAllocHost_v2(void **pointer, size_t bytes) {
  return api::cuMemHostAlloc(pointer, bytes, 0);
}

CUresult api::cuMemHostAlloc(void **pointer, size_t bytes, unsigned flags) {
  State &state = State::get();
  if (!pointer || !bytes || flags > 7)
    return CUDA_ERROR_INVALID_VALUE;
  void *made = std::aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
  if (!made)
    return CUDA_ERROR_OUT_OF_MEMORY;
  state.hostRanges[reinterpret_cast<uintptr_t>(made)] = {bytes, flags, true, currentContext(),
                                                         ++state.hostCount};
  *pointer = made;
  return CUDA_SUCCESS;
}

CUresult api::cuMemFreeHost(void *pointer) {
  auto &ranges = State::get().hostRanges;
  auto found = ranges.find(reinterpret_cast<uintptr_t>(pointer));
  if (found == ranges.end() || !found->second.owned)
    return CUDA_ERROR_INVALID_VALUE;
  finish(*found->second.context); // copies that still use it
  ranges.erase(found);
  std::free(pointer);
  return CUDA_SUCCESS;
}

CUresult api::cuMemHostRegister_v2(void *pointer, size_t bytes, unsigned flags) {
  State &state = State::get();
  auto address = reinterpret_cast<uintptr_t>(pointer);
  if (!pointer || !bytes || flags > 15 || deviceOf(address))
    return CUDA_ERROR_INVALID_VALUE;
  auto after = state.hostRanges.lower_bound(address);
  if ((after != state.hostRanges.end() && after->first - address < bytes) || findHost(pointer))
    return CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED;
  state.hostRanges[address] = {bytes, flags, false, currentContext(), ++state.hostCount};
  return CUDA_SUCCESS;
}

CUresult api::cuMemHostUnregister(void *pointer) {
  auto &ranges = State::get().hostRanges;
  auto found = ranges.find(reinterpret_cast<uintptr_t>(pointer));
  if (found == ranges.end() || found->second.owned)
    return CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED;
  ranges.erase(found);
  return CUDA_SUCCESS;
}

CUresult api::cuMemHostGetDevicePointer_v2(CUdeviceptr *, void *, unsigned) {
  // CU_DEVICE_ATTRIBUTE_CAN_MAP_HOST_MEMORY says so.
  return CUDA_ERROR_NOT_SUPPORTED;
}

//===----------------------------------------------------------------------===//
// Pointer attributes
//===----------------------------------------------------------------------===//

template <typename T> static CUresult store(void *value, T what) {
  *static_cast<T *>(value) = what;
  return CUDA_SUCCESS;
}

CUresult api::cuPointerGetAttribute(void *value, CUpointer_attribute attribute,
                                    CUdeviceptr address) {
  if (!value)
    return CUDA_ERROR_INVALID_VALUE;
  Block *block = findBlock(address);
  Device *device = deviceOf(address);
  // Variables of modules are device memory too, though no allocation of the program.
  const ptxemu::Allocation *variable =
      !block && device && device->primary ? device->memory.find(address) : nullptr;
  uintptr_t base = 0;
  HostRange *range = findHost(reinterpret_cast<void *>(uintptr_t(address)), &base);
  if (!block && !variable && !range)
    return CUDA_ERROR_INVALID_VALUE; // the driver knows nothing of it: pageable host memory
  Context *context = block ? block->context : range ? range->context : device->primary.get();
  switch (attribute) {
  case CU_POINTER_ATTRIBUTE_CONTEXT:
    return store(value, toHandle<CUcontext>(context));
  case CU_POINTER_ATTRIBUTE_MEMORY_TYPE:
    return store(value, unsigned(range ? CU_MEMORYTYPE_HOST : CU_MEMORYTYPE_DEVICE));
  case CU_POINTER_ATTRIBUTE_DEVICE_POINTER:
    return range ? CUDA_ERROR_INVALID_VALUE : store(value, address);
  case CU_POINTER_ATTRIBUTE_HOST_POINTER:
    return range ? store(value, reinterpret_cast<void *>(uintptr_t(address)))
                 : CUDA_ERROR_INVALID_VALUE;
  case CU_POINTER_ATTRIBUTE_SYNC_MEMOPS:
  case CU_POINTER_ATTRIBUTE_IS_MANAGED:
  case CU_POINTER_ATTRIBUTE_IS_LEGACY_CUDA_IPC_CAPABLE:
    return store(value, 0);
  case CU_POINTER_ATTRIBUTE_BUFFER_ID:
    return store(value, static_cast<unsigned long long>(block   ? block->number
                                                        : range ? range->number
                                                                : 0));
  case CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL:
    return store(value, context->device->ordinal);
  case CU_POINTER_ATTRIBUTE_RANGE_START_ADDR:
    return store(value, CUdeviceptr(block   ? block->address
                                    : range ? uint64_t(base)
                                            : variable->address));
  case CU_POINTER_ATTRIBUTE_RANGE_SIZE:
    return store(value, size_t(block ? block->bytes : range ? range->bytes : variable->size));
  case CU_POINTER_ATTRIBUTE_MAPPED:
    return store(value, int(!range));
  case CU_POINTER_ATTRIBUTE_MEMPOOL_HANDLE:
    return store(value, block && block->pool ? toHandle<CUmemoryPool>(block->pool)
                                             : CUmemoryPool(nullptr));
  }
  return CUDA_ERROR_INVALID_VALUE;
}

/// Bytes of the value of an attribute; 0 for one that is not known.
static size_t sizeOf(CUpointer_attribute attribute) {
  switch (attribute) {
  case CU_POINTER_ATTRIBUTE_CONTEXT:
  case CU_POINTER_ATTRIBUTE_DEVICE_POINTER:
  case CU_POINTER_ATTRIBUTE_HOST_POINTER:
  case CU_POINTER_ATTRIBUTE_BUFFER_ID:
  case CU_POINTER_ATTRIBUTE_RANGE_START_ADDR:
  case CU_POINTER_ATTRIBUTE_RANGE_SIZE:
  case CU_POINTER_ATTRIBUTE_MEMPOOL_HANDLE:
    return 8;
  case CU_POINTER_ATTRIBUTE_MEMORY_TYPE:
  case CU_POINTER_ATTRIBUTE_SYNC_MEMOPS:
  case CU_POINTER_ATTRIBUTE_IS_MANAGED:
  case CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL:
  case CU_POINTER_ATTRIBUTE_IS_LEGACY_CUDA_IPC_CAPABLE:
  case CU_POINTER_ATTRIBUTE_MAPPED:
    return 4;
  }
  return 0;
}

CUresult api::cuPointerGetAttributes(unsigned count, CUpointer_attribute *attributes, void **values,
                                     CUdeviceptr address) {
  if (!count || !attributes || !values)
    return CUDA_ERROR_INVALID_VALUE;
  for (unsigned i = 0; i < count; ++i) {
    size_t bytes = sizeOf(attributes[i]);
    if (!bytes || !values[i])
      return CUDA_ERROR_INVALID_VALUE;
    // Unlike the single form, this one succeeds for memory that the driver does not know: all its
    // values are null then, and the device ordinal -2.
    if (api::cuPointerGetAttribute(values[i], attributes[i], address))
      std::fill_n(static_cast<char *>(values[i]), bytes, 0);
    if (attributes[i] == CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL && !findBlock(address) &&
        !deviceOf(address) && !findHost(reinterpret_cast<void *>(uintptr_t(address))))
      store(values[i], -2);
  }
  return CUDA_SUCCESS;
}
