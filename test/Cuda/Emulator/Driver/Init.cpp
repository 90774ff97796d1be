//===- Init.cpp - initialization, versions, names of errors, addresses of functions ===//
#include "Call.h"

#include <cstring>

using namespace fakecuda;

namespace {
struct ErrorText {
  CUresult result;
  const char *name, *text;
};
} // namespace

static const ErrorText errors[] = {
#define ERROR(NAME, VALUE, TEXT) {NAME, #NAME, TEXT},
#include "Errors.def"
};

static const ErrorText *findError(CUresult result) {
  for (const ErrorText &error : errors)
    if (error.result == result)
      return &error;
  return nullptr;
}

std::string fakecuda::resultName(CUresult result) {
  const ErrorText *error = findError(result);
  return error ? error->name : std::to_string(int(result));
}

CUresult api::cuInit(unsigned flags) {
  State &state = State::get();
  if (flags)
    return CUDA_ERROR_INVALID_VALUE;
  if (state.initialized)
    return CUDA_SUCCESS;
  if (!state.settings.driver || state.settings.archs.empty())
    return CUDA_ERROR_NO_DEVICE;
  int ordinal = 0;
  for (unsigned arch : state.settings.archs) {
    const Model *model = findModel(arch);
    if (!model) {
      complain("MLOPT_FAKE_CUDA_ARCH names compute capability " + std::to_string(arch) +
               ", which is none of 75, 80, 86, 89, 90, 100, 120");
      state.devices.clear();
      return CUDA_ERROR_NO_DEVICE;
    }
    // Above everything that a process can map: using one on the host always faults, and no
    // address of the host is ever taken for one of a device.
    uint64_t base = (uint64_t(1) << 48) + (uint64_t(ordinal) << 44);
    state.devices.push_back(std::make_unique<Device>(ordinal, model, state.settings.memory, base));
    ++ordinal;
  }
  state.initialized = true;
  return CUDA_SUCCESS;
}

CUresult api::cuDriverGetVersion(int *version) {
  if (!version)
    return CUDA_ERROR_INVALID_VALUE;
  *version = State::get().settings.driver;
  return CUDA_SUCCESS;
}

CUresult api::cuGetErrorName(CUresult result, const char **text) {
  const ErrorText *error = findError(result);
  if (!text)
    return CUDA_ERROR_INVALID_VALUE;
  *text = error ? error->name : nullptr;
  return error ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

CUresult api::cuGetErrorString(CUresult result, const char **text) {
  const ErrorText *error = findError(result);
  if (!text)
    return CUDA_ERROR_INVALID_VALUE;
  *text = error ? error->text : nullptr;
  return error ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

CUresult api::cuGetProcAddress_v2(const char *name, void **function, int version, uint64_t flags,
                                  CUdriverProcAddressQueryResult *status) {
  int driver = State::get().settings.driver;
  if (!name || !function || (driver && version > driver) || flags > 2)
    return CUDA_ERROR_INVALID_VALUE;
  *function = nullptr;
  // The newest ABI that the caller's version knows; the name is the one without suffix.
  const Symbol *best = nullptr;
  bool known = false;
  for (const Symbol &symbol : symbols()) {
    if (std::strcmp(symbol.base, name) || !isVisible(symbol))
      continue;
    known = true;
    if (symbol.since <= version && (!best || symbol.since > best->since))
      best = &symbol;
  }
  if (best)
    *function = best->address;
  if (status)
    *status = best    ? CU_GET_PROC_ADDRESS_SUCCESS
              : known ? CU_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT
                      : CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND;
  return CUDA_SUCCESS;
}

CUresult api::cuGetProcAddress(const char *name, void **function, int version, uint64_t flags) {
  CUresult result = api::cuGetProcAddress_v2(name, function, version, flags, nullptr);
  // The first ABI of this function has no status: what is not found is an error.
  return !result && !*function ? CUDA_ERROR_NOT_FOUND : result;
}
