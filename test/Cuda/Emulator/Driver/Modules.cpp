//===- Modules.cpp - modules, libraries, functions ------------------------===//
#include "Modules.h"
#include "Call.h"
#include "Images.h"

#include <algorithm>
#include <cstring>

using namespace fakecuda;

//===----------------------------------------------------------------------===//
// Loading
//===----------------------------------------------------------------------===//

namespace {
/// The log buffers among the options of a just-in-time compilation.
struct Logs {
  char *info = nullptr, *error = nullptr;
  size_t infoBytes = 0, errorBytes = 0;
  void **infoCount = nullptr, **errorCount = nullptr;
};
} // namespace

static CUresult readOptions(unsigned count, const CUjit_option *options, void **values,
                            Logs &logs) {
  if (count && (!options || !values))
    return CUDA_ERROR_INVALID_VALUE;
  for (unsigned i = 0; i < count; ++i) {
    // Sizes and numbers are in the pointer itself.
    auto number = reinterpret_cast<uintptr_t>(values[i]);
    switch (int(options[i])) {
    case CU_JIT_INFO_LOG_BUFFER:
      logs.info = static_cast<char *>(values[i]);
      break;
    case CU_JIT_INFO_LOG_BUFFER_SIZE_BYTES:
      logs.infoBytes = uint32_t(number);
      logs.infoCount = &values[i];
      break;
    case CU_JIT_ERROR_LOG_BUFFER:
      logs.error = static_cast<char *>(values[i]);
      break;
    case CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES:
      logs.errorBytes = uint32_t(number);
      logs.errorCount = &values[i];
      break;
    case CU_JIT_OPTIMIZATION_LEVEL:
      if (number > 4)
        return CUDA_ERROR_INVALID_VALUE;
      break;
    default: // the others change nothing here
      if (int(options[i]) < 0 || int(options[i]) >= CU_JIT_NUM_OPTIONS)
        return CUDA_ERROR_INVALID_VALUE;
    }
  }
  if ((logs.info && !logs.infoCount) || (logs.error && !logs.errorCount))
    return CUDA_ERROR_INVALID_VALUE;
  return CUDA_SUCCESS;
}

/// Writes as much of `text` as fits, zero-terminated, and its length into the option's value.
static void writeLog(const std::string &text, char *buffer, size_t bytes, void **count) {
  size_t written = 0;
  if (buffer && bytes) {
    written = std::min(text.size(), bytes - 1);
    std::memcpy(buffer, text.data(), written);
    buffer[written] = 0;
  }
  if (count)
    *count = reinterpret_cast<void *>(uintptr_t(written));
}

static CUresult checkVersion(const std::string &text, std::string &message) {
  int driver = State::get().settings.driver, version = ptxVersionOf(text);
  if (version <= newestPtx(driver))
    return CUDA_SUCCESS;
  message = "PTX .version " + std::to_string(version / 10) + "." + std::to_string(version % 10) +
            " is newer than a driver of CUDA " + std::to_string(driver / 1000) + "." +
            std::to_string(driver % 1000 / 10) + " reads";
  return CUDA_ERROR_UNSUPPORTED_PTX_VERSION;
}

static CUresult compile(ModuleObject &object, const std::string &text, std::string &message) {
  Device &device = *object.context->device;
  object.ptxVersion = ptxVersionOf(text);
  if (CUresult result = checkVersion(text, message))
    return result;
  object.module = ptxemu::Module::load(text, device.memory, device.model->arch, message);
  if (!object.module)
    return CUDA_ERROR_INVALID_PTX;
  for (const ptxemu::Kernel &kernel : object.module->kernels())
    object.functions[kernel.name] = std::make_unique<Function>(&object, &kernel);
  return CUDA_SUCCESS;
}

static CUresult load(CUmodule *module, const void *image, const Logs &logs) {
  Context &context = *currentContext();
  std::string text, message;
  auto object = std::make_unique<ModuleObject>(&context);
  CUresult result = ptxOf(image, context.device->model->arch, text, message);
  if (!result)
    result = compile(*object, text, message);
  writeLog("", logs.info, logs.infoBytes, logs.infoCount);
  writeLog(result ? message : "", logs.error, logs.errorBytes, logs.errorCount);
  if (result) {
    complain("module not loaded: " + message);
    return result;
  }
  note(object->name());
  *module = toHandle<CUmodule>(object.get());
  context.modules.push_back(std::move(object));
  return CUDA_SUCCESS;
}

CUresult api::cuModuleLoadData(CUmodule *module, const void *image) {
  return module && image ? load(module, image, {}) : CUDA_ERROR_INVALID_VALUE;
}

CUresult api::cuModuleLoadDataEx(CUmodule *module, const void *image, unsigned count,
                                 CUjit_option *options, void **values) {
  Logs logs;
  if (!module || !image)
    return CUDA_ERROR_INVALID_VALUE;
  if (CUresult result = readOptions(count, options, values, logs))
    return result;
  return load(module, image, logs);
}

CUresult api::cuModuleLoadFatBinary(CUmodule *module, const void *image) {
  return api::cuModuleLoadData(module, image);
}

CUresult api::cuModuleUnload(CUmodule handle) {
  auto *object = lookUp<ModuleObject>(handle, Kind::Module);
  if (!object || object->ofLibrary)
    return CUDA_ERROR_INVALID_HANDLE;
  Context &context = *object->context;
  finish(context); // kernels of it that still run
  auto &modules = context.modules;
  modules.erase(std::find_if(modules.begin(), modules.end(),
                             [&](const auto &owned) { return owned.get() == object; }));
  return context.error;
}

CUresult api::cuModuleGetLoadingMode(CUmoduleLoadingMode *mode) {
  if (!mode)
    return CUDA_ERROR_INVALID_VALUE;
  *mode = CU_MODULE_EAGER_LOADING;
  return CUDA_SUCCESS;
}

CUresult api::cuModuleGetFunction(CUfunction *function, CUmodule handle, const char *name) {
  auto *object = lookUp<ModuleObject>(handle, Kind::Module);
  if (!object)
    return CUDA_ERROR_INVALID_HANDLE;
  if (!function || !name)
    return CUDA_ERROR_INVALID_VALUE;
  auto found = object->functions.find(name);
  if (found == object->functions.end())
    return CUDA_ERROR_NOT_FOUND;
  *function = toHandle<CUfunction>(found->second.get());
  note(found->second->name());
  return CUDA_SUCCESS;
}

static CUresult variableOf(ModuleObject &object, const char *name, CUdeviceptr *address,
                           size_t *bytes) {
  const ptxemu::Variable *variable = object.module->findVariable(name);
  if (!variable)
    return CUDA_ERROR_NOT_FOUND;
  if (address)
    *address = variable->address;
  if (bytes)
    *bytes = variable->size;
  noteAddress(variable->address);
  return CUDA_SUCCESS;
}

CUresult api::cuModuleGetGlobal_v2(CUdeviceptr *address, size_t *bytes, CUmodule handle,
                                   const char *name) {
  auto *object = lookUp<ModuleObject>(handle, Kind::Module);
  if (!object)
    return CUDA_ERROR_INVALID_HANDLE;
  return name ? variableOf(*object, name, address, bytes) : CUDA_ERROR_INVALID_VALUE;
}

//===----------------------------------------------------------------------===//
// Libraries: modules that are loaded into each context when it first needs them
//===----------------------------------------------------------------------===//

static LibraryObject *findLibrary(CUlibrary handle) {
  return lookUp<LibraryObject>(handle, Kind::Library);
}

/// The library's module of the current context.
static ModuleObject *moduleOf(LibraryObject &library, CUresult &result) {
  Context *context = currentContext();
  if (!context) {
    result = CUDA_ERROR_INVALID_CONTEXT;
    return nullptr;
  }
  std::unique_ptr<ModuleObject> &slot = library.modules[context];
  if (!slot) {
    auto made = std::make_unique<ModuleObject>(context);
    made->ofLibrary = true;
    std::string message;
    if ((result = compile(*made, library.text, message))) {
      complain("library not loaded: " + message);
      return nullptr;
    }
    slot = std::move(made);
  }
  return slot.get();
}

CUresult api::cuLibraryLoadData(CUlibrary *library, const void *code, CUjit_option *jitOptions,
                                void **jitValues, unsigned jitCount, CUlibraryOption *options,
                                void **values, unsigned count) {
  State &state = State::get();
  Logs logs;
  if (!library || !code || (count && (!options || !values)))
    return CUDA_ERROR_INVALID_VALUE;
  if (CUresult result = readOptions(jitCount, jitOptions, jitValues, logs))
    return result;
  Context *context = currentContext();
  Device &device = context ? *context->device : *state.devices[0];
  auto made = std::make_unique<LibraryObject>();
  std::string message;
  CUresult result = ptxOf(code, device.model->arch, made->text, message);
  if (!result)
    result = checkVersion(made->text, message);
  // Its text is checked now; the memory for its variables comes with the first use.
  ptxemu::Memory scratch(uint64_t(1) << 40);
  std::unique_ptr<ptxemu::Module> checked;
  if (!result) {
    checked = ptxemu::Module::load(made->text, scratch, device.model->arch, message);
    if (!checked)
      result = CUDA_ERROR_INVALID_PTX;
  }
  writeLog("", logs.info, logs.infoBytes, logs.infoCount);
  writeLog(result ? message : "", logs.error, logs.errorBytes, logs.errorCount);
  if (result) {
    complain("library not loaded: " + message);
    return result;
  }
  for (const ptxemu::Kernel &kernel : checked->kernels())
    made->kernels[kernel.name] = std::make_unique<KernelObject>(made.get(), kernel.name);
  *library = toHandle<CUlibrary>(made.get());
  note(made->name());
  state.libraries.insert(std::move(made));
  return CUDA_SUCCESS;
}

CUresult api::cuLibraryGetKernel(CUkernel *kernel, CUlibrary handle, const char *name) {
  LibraryObject *library = findLibrary(handle);
  if (!library)
    return CUDA_ERROR_INVALID_HANDLE;
  if (!kernel || !name)
    return CUDA_ERROR_INVALID_VALUE;
  auto found = library->kernels.find(name);
  if (found == library->kernels.end())
    return CUDA_ERROR_NOT_FOUND;
  *kernel = toHandle<CUkernel>(found->second.get());
  return CUDA_SUCCESS;
}

CUresult api::cuLibraryGetModule(CUmodule *module, CUlibrary handle) {
  LibraryObject *library = findLibrary(handle);
  if (!library)
    return CUDA_ERROR_INVALID_HANDLE;
  CUresult result = CUDA_SUCCESS;
  ModuleObject *object = moduleOf(*library, result);
  if (!module)
    return CUDA_ERROR_INVALID_VALUE;
  *module = toHandle<CUmodule>(object);
  return result;
}

CUresult api::cuLibraryGetGlobal(CUdeviceptr *address, size_t *bytes, CUlibrary handle,
                                 const char *name) {
  LibraryObject *library = findLibrary(handle);
  if (!library)
    return CUDA_ERROR_INVALID_HANDLE;
  CUresult result = CUDA_SUCCESS;
  ModuleObject *object = moduleOf(*library, result);
  if (!object || !name)
    return object ? CUDA_ERROR_INVALID_VALUE : result;
  return variableOf(*object, name, address, bytes);
}

CUresult api::cuLibraryUnload(CUlibrary handle) {
  State &state = State::get();
  LibraryObject *library = findLibrary(handle);
  if (!library)
    return CUDA_ERROR_INVALID_HANDLE;
  for (auto &[context, module] : library->modules)
    finish(*context);
  auto found = std::find_if(state.libraries.begin(), state.libraries.end(),
                            [&](const auto &owned) { return owned.get() == library; });
  state.libraries.erase(found);
  return CUDA_SUCCESS;
}

Function *fakecuda::functionOf(KernelObject &kernel, CUresult &result) {
  ModuleObject *object = moduleOf(*kernel.library, result);
  return object ? object->functions.at(kernel.function).get() : nullptr;
}

CUresult api::cuKernelGetFunction(CUfunction *function, CUkernel handle) {
  auto *kernel = lookUp<KernelObject>(handle, Kind::Kernel);
  if (!kernel)
    return CUDA_ERROR_INVALID_HANDLE;
  if (!function)
    return CUDA_ERROR_INVALID_VALUE;
  CUresult result = CUDA_SUCCESS;
  *function = toHandle<CUfunction>(functionOf(*kernel, result));
  return result;
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

Function *fakecuda::findFunction(CUfunction handle) {
  if (auto *function = lookUp<Function>(handle, Kind::Function))
    return function;
  auto *kernel = lookUp<KernelObject>(handle, Kind::Kernel);
  CUresult result = CUDA_SUCCESS;
  return kernel ? functionOf(*kernel, result) : nullptr;
}

static constexpr int kSharedWithoutOptIn = 48 << 10;

int fakecuda::dynamicSharedLimit(const Function &function) {
  if (function.maxDynamicShared >= 0)
    return function.maxDynamicShared;
  return std::max(0, kSharedWithoutOptIn - int(function.kernel->staticShared));
}

CUresult api::cuFuncGetAttribute(int *value, CUfunction_attribute attribute, CUfunction handle) {
  Function *function = findFunction(handle);
  if (!function)
    return CUDA_ERROR_INVALID_HANDLE;
  if (!value)
    return CUDA_ERROR_INVALID_VALUE;
  const ptxemu::Kernel &kernel = *function->kernel;
  switch (attribute) {
  case CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK:
    *value = int(kernel.maxThreads);
    return CUDA_SUCCESS;
  case CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES:
    *value = int(kernel.staticShared);
    return CUDA_SUCCESS;
  case CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES:
    *value = int(kernel.localBytes);
    return CUDA_SUCCESS;
  case CU_FUNC_ATTRIBUTE_NUM_REGS:
    *value = int(kernel.registers);
    return CUDA_SUCCESS;
  case CU_FUNC_ATTRIBUTE_PTX_VERSION:
    *value = function->module->ptxVersion;
    return CUDA_SUCCESS;
  case CU_FUNC_ATTRIBUTE_BINARY_VERSION:
    *value = int(function->module->context->device->model->arch);
    return CUDA_SUCCESS;
  case CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES:
    *value = dynamicSharedLimit(*function);
    return CUDA_SUCCESS;
  case CU_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT:
    *value = function->carveout;
    return CUDA_SUCCESS;
  case CU_FUNC_ATTRIBUTE_CONST_SIZE_BYTES:
  case CU_FUNC_ATTRIBUTE_CACHE_MODE_CA:
  case CU_FUNC_ATTRIBUTE_CLUSTER_SIZE_MUST_BE_SET:
  case CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_WIDTH:
  case CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_HEIGHT:
  case CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_DEPTH:
  case CU_FUNC_ATTRIBUTE_NON_PORTABLE_CLUSTER_SIZE_ALLOWED:
  case CU_FUNC_ATTRIBUTE_CLUSTER_SCHEDULING_POLICY_PREFERENCE:
    *value = 0;
    return CUDA_SUCCESS;
  }
  return CUDA_ERROR_INVALID_VALUE;
}

CUresult api::cuFuncSetAttribute(CUfunction handle, CUfunction_attribute attribute, int value) {
  Function *function = findFunction(handle);
  if (!function)
    return CUDA_ERROR_INVALID_HANDLE;
  int limit = function->module->context->device->model->sharedPerBlock;
  switch (attribute) {
  case CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES:
    if (value < 0 || value > limit - int(function->kernel->staticShared))
      return CUDA_ERROR_INVALID_VALUE;
    function->maxDynamicShared = value;
    return CUDA_SUCCESS;
  case CU_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT:
    if (value < -1 || value > 100)
      return CUDA_ERROR_INVALID_VALUE;
    function->carveout = value;
    return CUDA_SUCCESS;
  default: // the others are read only, or about clusters
    return CUDA_ERROR_INVALID_VALUE;
  }
}

CUresult api::cuFuncSetCacheConfig(CUfunction handle, CUfunc_cache config) {
  if (!findFunction(handle))
    return CUDA_ERROR_INVALID_HANDLE;
  return int(config) >= 0 && int(config) <= 3 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

CUresult api::cuFuncGetModule(CUmodule *module, CUfunction handle) {
  Function *function = findFunction(handle);
  if (!function)
    return CUDA_ERROR_INVALID_HANDLE;
  if (!module)
    return CUDA_ERROR_INVALID_VALUE;
  *module = toHandle<CUmodule>(function->module);
  return CUDA_SUCCESS;
}

CUresult api::cuFuncGetName(const char **name, CUfunction handle) {
  Function *function = findFunction(handle);
  if (!function)
    return CUDA_ERROR_INVALID_HANDLE;
  if (!name)
    return CUDA_ERROR_INVALID_VALUE;
  *name = function->kernel->name.c_str();
  return CUDA_SUCCESS;
}

CUresult api::cuFuncLoad(CUfunction handle) {
  return findFunction(handle) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}

CUresult api::cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, CUfunction handle,
                                                          int threads, size_t dynamicShared) {
  Function *function = findFunction(handle);
  if (!function)
    return CUDA_ERROR_INVALID_HANDLE;
  if (!blocks || threads <= 0)
    return CUDA_ERROR_INVALID_VALUE;
  const Model &model = *function->module->context->device->model;
  const ptxemu::Kernel &kernel = *function->kernel;
  *blocks = 0;
  if (unsigned(threads) > kernel.maxThreads ||
      dynamicShared > size_t(dynamicSharedLimit(*function)))
    return CUDA_SUCCESS;
  // Registers are virtual here, so threads and shared memory decide.
  int reserved = model.arch >= 80 ? 1 << 10 : 0;
  int shared = int(kernel.staticShared + dynamicShared) + reserved;
  *blocks =
      std::min(model.blocksPerProcessor, model.threadsPerProcessor / ((threads + 31) / 32 * 32));
  if (shared)
    *blocks = std::min(*blocks, model.sharedPerProcessor / shared);
  return CUDA_SUCCESS;
}
