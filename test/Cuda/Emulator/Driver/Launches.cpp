//===- Launches.cpp - launches of kernels ---------------------------------===//
#include "Launches.h"
#include "Call.h"
#include "Modules.h"

#include <cstring>

using namespace fakecuda;

/// Says why a launch is refused.
static CUresult refuse(const Function &function, const std::string &why,
                       CUresult result = CUDA_ERROR_INVALID_VALUE) {
  complain("launch of " + function.kernel->name + ": " + why);
  return result;
}

static std::string text(const std::array<uint32_t, 3> &size) {
  return std::to_string(size[0]) + "x" + std::to_string(size[1]) + "x" + std::to_string(size[2]);
}

bool KernelLaunch::isAlive() const {
  return State::get().objects.count(function) && function->number == functionNumber;
}

static CUresult checkSizes(const Function &function, const std::array<uint32_t, 3> &grid,
                           const std::array<uint32_t, 3> &block, unsigned dynamicShared) {
  const ptxemu::Kernel &kernel = *function.kernel;
  if (!grid[0] || !grid[1] || !grid[2] || grid[0] > 0x7fffffff || grid[1] > 65535 ||
      grid[2] > 65535)
    return refuse(function, "a grid of " + text(grid) +
                                ", expected 1..2147483647 x 1..65535 x "
                                "1..65535");
  uint64_t threads = uint64_t(block[0]) * block[1] * block[2];
  if (!threads || block[0] > 1024 || block[1] > 1024 || block[2] > 64 || threads > 1024)
    return refuse(function, "a block of " + text(block) +
                                ", expected 1..1024 x 1..1024 x 1..64 and at most 1024 threads");
  if (threads > kernel.maxThreads)
    return refuse(function,
                  "a block of " + std::to_string(threads) + " threads, the kernel takes " +
                      std::to_string(kernel.maxThreads),
                  CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES);
  if (kernel.requiredBlock[0] && block != kernel.requiredBlock)
    return refuse(function,
                  "a block of " + text(block) + ", the kernel wants " + text(kernel.requiredBlock));
  int limit = dynamicSharedLimit(function);
  if (dynamicShared > unsigned(limit))
    return refuse(function, std::to_string(dynamicShared) +
                                " bytes of dynamic shared memory, allowed are " +
                                std::to_string(limit) +
                                "; CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES raises that");
  return CUDA_SUCCESS;
}

static CUresult copyArguments(KernelLaunch &launch, void **parameters, void **extra) {
  const ptxemu::Kernel &kernel = *launch.function->kernel;
  launch.parameters.assign(kernel.parameterBytes, 0);
  if (parameters && extra)
    return refuse(*launch.function, "both kernelParams and extra are given");
  if (parameters) {
    for (size_t i = 0; i < kernel.parameters.size(); ++i) {
      const ptxemu::Parameter &parameter = kernel.parameters[i];
      if (!parameters[i])
        return refuse(*launch.function,
                      "the pointer to argument " + std::to_string(i) + " is null");
      std::memcpy(&launch.parameters[parameter.offset], parameters[i], parameter.size);
    }
    return CUDA_SUCCESS;
  }
  if (!extra)
    return kernel.parameters.empty() ? CUDA_SUCCESS
                                     : refuse(*launch.function, "no arguments are given");
  const void *buffer = nullptr;
  const size_t *bytes = nullptr;
  for (; *extra != CU_LAUNCH_PARAM_END; extra += 2) {
    if (*extra == CU_LAUNCH_PARAM_BUFFER_POINTER)
      buffer = extra[1];
    else if (*extra == CU_LAUNCH_PARAM_BUFFER_SIZE)
      bytes = static_cast<const size_t *>(extra[1]);
    else
      return refuse(*launch.function, "an unknown key in extra");
  }
  if (!buffer || !bytes)
    return refuse(*launch.function, "extra without buffer or its size");
  // The tail padding of the last argument may be there or not.
  if (*bytes < kernel.parameterBytes || *bytes > (kernel.parameterBytes + 15) / 16 * 16)
    return refuse(*launch.function, std::to_string(*bytes) +
                                        " bytes of arguments, the kernel takes " +
                                        std::to_string(kernel.parameterBytes));
  if (kernel.parameterBytes)
    std::memcpy(launch.parameters.data(), buffer, kernel.parameterBytes);
  return CUDA_SUCCESS;
}

CUresult fakecuda::prepareLaunch(KernelLaunch &launch, CUfunction handle,
                                 std::array<uint32_t, 3> grid, std::array<uint32_t, 3> block,
                                 unsigned dynamicShared, void **parameters, void **extra) {
  Function *function = findFunction(handle);
  if (!function)
    return CUDA_ERROR_INVALID_HANDLE;
  if (CUresult result = checkSizes(*function, grid, block, dynamicShared))
    return result;
  launch.function = function;
  launch.functionNumber = function->number;
  launch.grid = grid;
  launch.block = block;
  launch.dynamicShared = dynamicShared;
  return copyArguments(launch, parameters, extra);
}

static CUresult resultOf(ptxemu::ErrorKind kind) {
  switch (kind) {
  case ptxemu::ErrorKind::None:
    return CUDA_SUCCESS;
  case ptxemu::ErrorKind::InvalidValue:
    return CUDA_ERROR_INVALID_VALUE;
  case ptxemu::ErrorKind::OutOfResources:
    return CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES;
  case ptxemu::ErrorKind::IllegalAddress:
    return CUDA_ERROR_ILLEGAL_ADDRESS;
  case ptxemu::ErrorKind::Misaligned:
    return CUDA_ERROR_MISALIGNED_ADDRESS;
  case ptxemu::ErrorKind::LaunchFailed:
    return CUDA_ERROR_LAUNCH_FAILED;
  case ptxemu::ErrorKind::Timeout:
    return CUDA_ERROR_LAUNCH_TIMEOUT;
  }
  return CUDA_ERROR_UNKNOWN;
}

CUresult fakecuda::performLaunch(const KernelLaunch &launch) {
  ModuleObject &module = *launch.function->module;
  Device &device = *module.context->device;
  ptxemu::Launch request;
  request.module = module.module.get();
  request.kernel = launch.function->kernel;
  request.grid = launch.grid;
  request.block = launch.block;
  request.dynamicShared = launch.dynamicShared;
  request.parameters = launch.parameters.data();
  request.parameterBytes = uint32_t(launch.parameters.size());
  ptxemu::Report report;
  ptxemu::Machine machine(device.memory, device.options);
  ptxemu::Result result = machine.launch(request, report);
  if (!result)
    complain(result.message);
  return resultOf(result.kind);
}

static CUresult launchOn(CUstream handle, CUfunction function, std::array<uint32_t, 3> grid,
                         std::array<uint32_t, 3> block, unsigned dynamicShared, void **parameters,
                         void **extra) {
  Stream *stream = findStream(handle);
  if (!stream)
    return CUDA_ERROR_INVALID_HANDLE;
  auto launch = std::make_shared<KernelLaunch>();
  if (CUresult result =
          prepareLaunch(*launch, function, grid, block, dynamicShared, parameters, extra))
    return result;
  if (launch->function->module->context != stream->context)
    return refuse(*launch->function, "the stream is of another context", CUDA_ERROR_INVALID_HANDLE);
  note(launch->function->kernel->name);
  return enqueue(*stream, [launch] { return performLaunch(*launch); });
}

CUresult api::cuLaunchKernel(CUfunction function, unsigned gridX, unsigned gridY, unsigned gridZ,
                             unsigned blockX, unsigned blockY, unsigned blockZ,
                             unsigned dynamicShared, CUstream stream, void **parameters,
                             void **extra) {
  return launchOn(stream, function, {gridX, gridY, gridZ}, {blockX, blockY, blockZ}, dynamicShared,
                  parameters, extra);
}

static CUresult checkAttribute(const CUlaunchAttribute &attribute) {
  switch (int(attribute.id)) {
  case CU_LAUNCH_ATTRIBUTE_COOPERATIVE:
    if (!attribute.value.cooperative)
      return CUDA_SUCCESS;
    complain("cooperative launches are not emulated");
    return CUDA_ERROR_NOT_SUPPORTED;
  case CU_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION: {
    auto &size = attribute.value.clusterDim;
    if (size.x == 1 && size.y == 1 && size.z == 1)
      return CUDA_SUCCESS;
    complain("clusters of more than one block are not emulated");
    return CUDA_ERROR_NOT_SUPPORTED;
  }
  case CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_EVENT:
  case CU_LAUNCH_ATTRIBUTE_LAUNCH_COMPLETION_EVENT:
  case CU_LAUNCH_ATTRIBUTE_DEVICE_UPDATABLE_KERNEL_NODE:
    complain("launch attribute " + std::to_string(int(attribute.id)) + " is not emulated");
    return CUDA_ERROR_NOT_SUPPORTED;
  // Hints, and orders that a device without overlap keeps anyway.
  case CU_LAUNCH_ATTRIBUTE_IGNORE:
  case CU_LAUNCH_ATTRIBUTE_ACCESS_POLICY_WINDOW:
  case CU_LAUNCH_ATTRIBUTE_SYNCHRONIZATION_POLICY:
  case CU_LAUNCH_ATTRIBUTE_CLUSTER_SCHEDULING_POLICY_PREFERENCE:
  case CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION:
  case CU_LAUNCH_ATTRIBUTE_PRIORITY:
  case CU_LAUNCH_ATTRIBUTE_MEM_SYNC_DOMAIN_MAP:
  case CU_LAUNCH_ATTRIBUTE_MEM_SYNC_DOMAIN:
  case CU_LAUNCH_ATTRIBUTE_PREFERRED_CLUSTER_DIMENSION:
  case CU_LAUNCH_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT:
    return CUDA_SUCCESS;
  default:
    return CUDA_ERROR_INVALID_VALUE;
  }
}

CUresult api::cuLaunchKernelEx(const CUlaunchConfig *config, CUfunction function, void **parameters,
                               void **extra) {
  if (!config || (config->numAttrs && !config->attrs))
    return CUDA_ERROR_INVALID_VALUE;
  for (unsigned i = 0; i < config->numAttrs; ++i)
    if (CUresult result = checkAttribute(config->attrs[i]))
      return result;
  return launchOn(config->hStream, function, {config->gridDimX, config->gridDimY, config->gridDimZ},
                  {config->blockDimX, config->blockDimY, config->blockDimZ}, config->sharedMemBytes,
                  parameters, extra);
}
