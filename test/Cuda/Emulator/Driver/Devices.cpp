//===- Devices.cpp - devices and their primary contexts -------------------===//
#include "Call.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

using namespace fakecuda;

// Source: "Technical specifications per compute capability" of the CUDA programming guide;
// processors and second-level cache of one product each (T4, A100, A10, L40S, H100, B200, RTX
// 5090).
static const Model models[] = {
    {75, 40, 1024, 16, 64 << 10, 64 << 10, 4 << 20},
    {80, 108, 2048, 32, 163 << 10, 164 << 10, 40 << 20},
    {86, 72, 1536, 16, 99 << 10, 100 << 10, 6 << 20},
    {89, 142, 1536, 24, 99 << 10, 100 << 10, 96 << 20},
    {90, 132, 2048, 32, 227 << 10, 228 << 10, 50 << 20},
    {100, 148, 2048, 32, 227 << 10, 228 << 10, 126 << 20},
    {120, 170, 1536, 24, 99 << 10, 100 << 10, 96 << 20},
};

const Model *fakecuda::findModel(unsigned arch) {
  for (const Model &model : models)
    if (model.arch == arch)
      return &model;
  return nullptr;
}

Device::Device(int ordinal, const Model *model, uint64_t bytes, uint64_t base)
    : ordinal(ordinal), model(model), memory(bytes, base, State::get().settings.trackWritten),
      options(ptxemu::Options::fromEnvironment()), pool(ordinal) {
  options.maxSharedPerBlock = uint32_t(model->sharedPerBlock);
}

Device *fakecuda::deviceOf(uint64_t address) {
  if (!(address >> 48))
    return nullptr;
  return findDevice(int((address - (uint64_t(1) << 48)) >> 44));
}

CUresult api::cuDeviceGetCount(int *count) {
  if (!count)
    return CUDA_ERROR_INVALID_VALUE;
  *count = int(State::get().devices.size());
  return CUDA_SUCCESS;
}

CUresult api::cuDeviceGet(CUdevice *device, int ordinal) {
  if (!device)
    return CUDA_ERROR_INVALID_VALUE;
  if (!findDevice(ordinal))
    return CUDA_ERROR_INVALID_DEVICE;
  *device = ordinal;
  return CUDA_SUCCESS;
}

CUresult api::cuDeviceGetName(char *name, int length, CUdevice ordinal) {
  Device *device = findDevice(ordinal);
  if (!device)
    return CUDA_ERROR_INVALID_DEVICE;
  if (!name || length <= 0)
    return CUDA_ERROR_INVALID_VALUE;
  std::snprintf(name, size_t(length), "mlopt PTX emulator sm_%u", device->model->arch);
  return CUDA_SUCCESS;
}

static int attributeOf(const Model &model, CUdevice_attribute attribute, bool &known) {
  switch (attribute) {
  case CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK:
  case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X:
  case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y:
    return 1024;
  case CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z:
    return 64;
  case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X:
  case CU_DEVICE_ATTRIBUTE_MAX_PITCH:
    return 0x7fffffff;
  case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y:
  case CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z:
    return 65535;
  case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK:
    return 48 << 10;
  case CU_DEVICE_ATTRIBUTE_TOTAL_CONSTANT_MEMORY:
    return 64 << 10;
  case CU_DEVICE_ATTRIBUTE_WARP_SIZE:
    return 32;
  case CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK:
  case CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR:
    return 65536;
  case CU_DEVICE_ATTRIBUTE_CLOCK_RATE:
    return 1000000; // kHz
  case CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE:
    return 1000000; // kHz
  case CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH:
    return 1024; // bits
  case CU_DEVICE_ATTRIBUTE_TEXTURE_ALIGNMENT:
    return 512;
  case CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT:
    return model.processors;
  case CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE:
    return model.l2Bytes;
  case CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR:
    return model.threadsPerProcessor;
  case CU_DEVICE_ATTRIBUTE_ASYNC_ENGINE_COUNT:
    return 2;
  case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR:
    return int(model.arch / 10);
  case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR:
    return int(model.arch % 10);
  case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR:
    return model.sharedPerProcessor;
  case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN:
    return model.sharedPerBlock;
  case CU_DEVICE_ATTRIBUTE_RESERVED_SHARED_MEMORY_PER_BLOCK:
    return model.arch >= 80 ? 1 << 10 : 0;
  case CU_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR:
    return model.blocksPerProcessor;
  // What the emulator has.
  case CU_DEVICE_ATTRIBUTE_GPU_OVERLAP:
  case CU_DEVICE_ATTRIBUTE_CONCURRENT_KERNELS:
  case CU_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING:
  case CU_DEVICE_ATTRIBUTE_STREAM_PRIORITIES_SUPPORTED:
  case CU_DEVICE_ATTRIBUTE_GLOBAL_L1_CACHE_SUPPORTED:
  case CU_DEVICE_ATTRIBUTE_LOCAL_L1_CACHE_SUPPORTED:
  case CU_DEVICE_ATTRIBUTE_HOST_REGISTER_SUPPORTED:
  case CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED:
    return 1;
  // What it has not: kernels cannot reach memory of the host, and there are no clusters, no
  // cooperative launches and no tensor maps.
  case CU_DEVICE_ATTRIBUTE_KERNEL_EXEC_TIMEOUT:
  case CU_DEVICE_ATTRIBUTE_INTEGRATED:
  case CU_DEVICE_ATTRIBUTE_CAN_MAP_HOST_MEMORY:
  case CU_DEVICE_ATTRIBUTE_COMPUTE_MODE:
  case CU_DEVICE_ATTRIBUTE_ECC_ENABLED:
  case CU_DEVICE_ATTRIBUTE_PCI_BUS_ID:
  case CU_DEVICE_ATTRIBUTE_PCI_DEVICE_ID:
  case CU_DEVICE_ATTRIBUTE_PCI_DOMAIN_ID:
  case CU_DEVICE_ATTRIBUTE_TCC_DRIVER:
  case CU_DEVICE_ATTRIBUTE_MANAGED_MEMORY:
  case CU_DEVICE_ATTRIBUTE_HOST_NATIVE_ATOMIC_SUPPORTED:
  case CU_DEVICE_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS:
  case CU_DEVICE_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS:
  case CU_DEVICE_ATTRIBUTE_COMPUTE_PREEMPTION_SUPPORTED:
  case CU_DEVICE_ATTRIBUTE_CAN_USE_HOST_POINTER_FOR_REGISTERED_MEM:
  case CU_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH:
  case CU_DEVICE_ATTRIBUTE_VIRTUAL_MEMORY_MANAGEMENT_SUPPORTED:
  case CU_DEVICE_ATTRIBUTE_MAX_PERSISTING_L2_CACHE_SIZE:
  case CU_DEVICE_ATTRIBUTE_MAX_ACCESS_POLICY_WINDOW_SIZE:
  case CU_DEVICE_ATTRIBUTE_CLUSTER_LAUNCH:
  case CU_DEVICE_ATTRIBUTE_TENSOR_MAP_ACCESS_SUPPORTED:
    return 0;
  }
  known = false;
  return 0;
}

CUresult api::cuDeviceGetAttribute(int *value, CUdevice_attribute attribute, CUdevice ordinal) {
  Device *device = findDevice(ordinal);
  if (!device)
    return CUDA_ERROR_INVALID_DEVICE;
  bool known = true;
  int found = attributeOf(*device->model, attribute, known);
  if (!value || !known)
    return CUDA_ERROR_INVALID_VALUE;
  *value = found;
  return CUDA_SUCCESS;
}

CUresult api::cuDeviceTotalMem_v2(size_t *bytes, CUdevice ordinal) {
  Device *device = findDevice(ordinal);
  if (!device)
    return CUDA_ERROR_INVALID_DEVICE;
  if (!bytes)
    return CUDA_ERROR_INVALID_VALUE;
  *bytes = device->memory.total();
  return CUDA_SUCCESS;
}

CUresult api::cuDeviceGetUuid(CUuuid *uuid, CUdevice ordinal) {
  Device *device = findDevice(ordinal);
  if (!device)
    return CUDA_ERROR_INVALID_DEVICE;
  if (!uuid)
    return CUDA_ERROR_INVALID_VALUE;
  std::memcpy(uuid->bytes, "mlopt-emulator-", 15);
  uuid->bytes[15] = char(ordinal);
  return CUDA_SUCCESS;
}

CUresult api::cuDeviceGetUuid_v2(CUuuid *uuid, CUdevice ordinal) {
  return api::cuDeviceGetUuid(uuid, ordinal);
}

CUresult api::cuDeviceGetPCIBusId(char *text, int length, CUdevice ordinal) {
  if (!findDevice(ordinal))
    return CUDA_ERROR_INVALID_DEVICE;
  if (!text || length < 13)
    return CUDA_ERROR_INVALID_VALUE;
  std::snprintf(text, size_t(length), "0000:%02x:00.0", unsigned(ordinal & 0xff));
  return CUDA_SUCCESS;
}

CUresult api::cuDeviceCanAccessPeer(int *can, CUdevice device, CUdevice peer) {
  if (!findDevice(device) || !findDevice(peer))
    return CUDA_ERROR_INVALID_DEVICE;
  if (!can)
    return CUDA_ERROR_INVALID_VALUE;
  *can = 0; // copies between devices work, loads and stores do not
  return CUDA_SUCCESS;
}

CUresult api::cuDeviceGetDefaultMemPool(CUmemoryPool *pool, CUdevice ordinal) {
  Device *device = findDevice(ordinal);
  if (!device)
    return CUDA_ERROR_INVALID_DEVICE;
  if (!pool)
    return CUDA_ERROR_INVALID_VALUE;
  *pool = toHandle<CUmemoryPool>(&device->pool);
  return CUDA_SUCCESS;
}

CUresult api::cuDeviceGetMemPool(CUmemoryPool *pool, CUdevice ordinal) {
  return api::cuDeviceGetDefaultMemPool(pool, ordinal);
}

//===----------------------------------------------------------------------===//
// Contexts
//===----------------------------------------------------------------------===//

CUresult api::cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice ordinal) {
  Device *device = findDevice(ordinal);
  if (!device)
    return CUDA_ERROR_INVALID_DEVICE;
  if (!context)
    return CUDA_ERROR_INVALID_VALUE;
  if (!device->primary)
    device->primary = std::make_unique<Context>(device);
  ++device->primary->references;
  *context = toHandle<CUcontext>(device->primary.get());
  note(device->primary->name());
  return CUDA_SUCCESS;
}

CUresult api::cuDevicePrimaryCtxRelease_v2(CUdevice ordinal) {
  Device *device = findDevice(ordinal);
  if (!device)
    return CUDA_ERROR_INVALID_DEVICE;
  if (!device->primary)
    return CUDA_ERROR_INVALID_CONTEXT;
  if (!--device->primary->references)
    device->primary.reset();
  return CUDA_SUCCESS;
}

CUresult api::cuDevicePrimaryCtxReset_v2(CUdevice ordinal) {
  Device *device = findDevice(ordinal);
  if (!device)
    return CUDA_ERROR_INVALID_DEVICE;
  device->primary.reset();
  return CUDA_SUCCESS;
}

CUresult api::cuDevicePrimaryCtxSetFlags_v2(CUdevice ordinal, unsigned flags) {
  Device *device = findDevice(ordinal);
  if (!device)
    return CUDA_ERROR_INVALID_DEVICE;
  if (flags & ~unsigned(CU_CTX_FLAGS_MASK))
    return CUDA_ERROR_INVALID_VALUE;
  device->contextFlags = flags;
  return CUDA_SUCCESS;
}

CUresult api::cuDevicePrimaryCtxGetState(CUdevice ordinal, unsigned *flags, int *active) {
  Device *device = findDevice(ordinal);
  if (!device)
    return CUDA_ERROR_INVALID_DEVICE;
  if (!flags || !active)
    return CUDA_ERROR_INVALID_VALUE;
  *flags = device->contextFlags;
  *active = device->primary != nullptr;
  return CUDA_SUCCESS;
}

CUresult api::cuCtxSetCurrent(CUcontext handle) {
  Context *context = findContext(handle);
  if (handle && !context)
    return CUDA_ERROR_INVALID_CONTEXT;
  auto &stack = contextStack();
  if (!stack.empty())
    stack.pop_back();
  if (context)
    stack.push_back(context);
  return CUDA_SUCCESS;
}

CUresult api::cuCtxGetCurrent(CUcontext *context) {
  if (!context)
    return CUDA_ERROR_INVALID_VALUE;
  *context = toHandle<CUcontext>(currentContext());
  return CUDA_SUCCESS;
}

CUresult api::cuCtxPushCurrent_v2(CUcontext handle) {
  Context *context = findContext(handle);
  if (!context)
    return CUDA_ERROR_INVALID_CONTEXT;
  contextStack().push_back(context);
  return CUDA_SUCCESS;
}

CUresult api::cuCtxPopCurrent_v2(CUcontext *context) {
  auto &stack = contextStack();
  if (stack.empty())
    return CUDA_ERROR_INVALID_CONTEXT;
  if (context)
    *context = toHandle<CUcontext>(stack.back());
  stack.pop_back();
  return CUDA_SUCCESS;
}

CUresult api::cuCtxSynchronize() {
  Context &context = *currentContext();
  finish(context);
  return context.error;
}

CUresult api::cuCtxGetDevice(CUdevice *device) {
  if (!device)
    return CUDA_ERROR_INVALID_VALUE;
  *device = currentContext()->device->ordinal;
  return CUDA_SUCCESS;
}

CUresult api::cuCtxGetFlags(unsigned *flags) {
  if (!flags)
    return CUDA_ERROR_INVALID_VALUE;
  *flags = currentContext()->device->contextFlags;
  return CUDA_SUCCESS;
}

CUresult api::cuCtxGetApiVersion(CUcontext handle, unsigned *version) {
  if (handle ? !findContext(handle) : !currentContext())
    return CUDA_ERROR_INVALID_CONTEXT;
  if (!version)
    return CUDA_ERROR_INVALID_VALUE;
  *version = 3020;
  return CUDA_SUCCESS;
}

CUresult api::cuCtxGetStreamPriorityRange(int *least, int *greatest) {
  if (least)
    *least = 0;
  if (greatest)
    *greatest = -5;
  return CUDA_SUCCESS;
}
