//===- Exports.cpp - the exported functions and their table ---------------===//
#include "Call.h"

#include <cstdio>
#include <cstring>
#include <tuple>
#include <type_traits>

using namespace fakecuda;

namespace {

thread_local std::string noted;

/// Formats an argument for the trace. Numbers of objects instead of pointers, so that traces of two
/// runs are the same; other host pointers only as null or not.
template <typename T> std::string show(T value) {
  if constexpr (std::is_same_v<T, const char *>) {
    return value ? "\"" + std::string(value) + "\"" : "null";
  } else if constexpr (std::is_same_v<T, CUdeviceptr>) {
    char text[32];
    // A host address (cuMemcpy takes both) differs from run to run.
    if (value >= 65536 && !deviceOf(value))
      return "host";
    std::snprintf(text, sizeof text, "0x%llx", value);
    return text;
  } else if constexpr (std::is_pointer_v<T>) {
    if (!value)
      return "null";
    using Pointee = std::remove_pointer_t<T>;
    if constexpr (!std::is_void_v<Pointee> && !std::is_function_v<Pointee> &&
                  !std::is_arithmetic_v<Pointee>) {
      if (std::is_same_v<T, CUstream> && uintptr_t(value) <= 2)
        return uintptr_t(value) == 1 ? "legacy" : "per-thread";
      auto &objects = State::get().objects;
      auto found = objects.find(reinterpret_cast<const Object *>(value));
      if (found != objects.end())
        return (*found)->name();
    }
    return "pointer";
  } else if constexpr (std::is_enum_v<T>) {
    return std::to_string(int(value));
  } else {
    return std::to_string(value);
  }
}

struct Tracer {
  std::FILE *file = nullptr;
  static Tracer &get() {
    static Tracer *tracer = new Tracer;
    return *tracer;
  }
};

void trace(const char *name, const std::string &arguments, CUresult result) {
  const Settings &settings = State::get().settings;
  if (settings.trace.empty())
    return;
  Tracer &tracer = Tracer::get();
  if (!tracer.file)
    tracer.file = std::fopen(settings.trace.c_str(), "a");
  if (!tracer.file)
    return;
  std::fprintf(tracer.file, "%s(%s)%s%s = %s\n", name, arguments.c_str(),
               noted.empty() ? "" : " -> ", noted.c_str(), resultName(result).c_str());
  std::fflush(tracer.file);
}

/// The result that MLOPT_FAKE_CUDA_FAIL wants for this call, or success.
CUresult injected(const char *base, const char *name) {
  CUresult result = CUDA_SUCCESS;
  for (Failure &failure : State::get().settings.failures) {
    if (failure.function != base && failure.function != name)
      continue;
    ++failure.seen;
    if (failure.call == 0 || failure.call == failure.seen)
      result = failure.result;
  }
  return result;
}

template <typename Body, typename... Arguments>
CUresult call(const char *base, const char *name, Needs needs, Body body, Arguments... arguments) {
  State &state = State::get();
  std::lock_guard<std::recursive_mutex> guard(state.lock);
  noted.clear();
  std::string shown;
  if (!state.settings.trace.empty())
    ((shown += (shown.empty() ? "" : ", ") + show(arguments)), ...);
  auto decide = [&]() -> CUresult {
    if (inHostFunction() && needs != Needs::Free)
      return CUDA_ERROR_NOT_PERMITTED;
    if (CUresult result = injected(base, name))
      return result;
    if (needs == Needs::Free)
      return body();
    if (!state.initialized)
      return CUDA_ERROR_NOT_INITIALIZED;
    if (needs == Needs::Device)
      return body();
    if (contextStack().empty())
      return CUDA_ERROR_INVALID_CONTEXT;
    Context *context = currentContext();
    if (!context)
      return CUDA_ERROR_CONTEXT_IS_DESTROYED;
    CUresult error = context->error;
    if (needs == Needs::Context && error)
      return error;
    CUresult result = body();
    // A kernel that fails now is reported by the next call, as on a device.
    return error ? error : result;
  };
  CUresult result = decide();
  trace(name, shown, result);
  return result;
}

} // namespace

/// What a loader finds: null for a function that this driver does not have.
static void *pick(const char *name, void *address);

// dlsym calls the resolver of an indirect function: that is how a symbol can be missing although
// the library defines it.
#define ENTRY(NAME, SUFFIX, SINCE, KIND, PARAMETERS, ARGUMENTS)                                    \
  static CUresult wrapped_##NAME##SUFFIX PARAMETERS {                                              \
    return std::apply(                                                                             \
        [&](auto... arguments) {                                                                   \
          return call(                                                                             \
              #NAME, #NAME #SUFFIX, Needs::KIND, [&] { return api::NAME##SUFFIX ARGUMENTS; },      \
              arguments...);                                                                       \
        },                                                                                         \
        std::make_tuple ARGUMENTS);                                                                \
  }                                                                                                \
  extern "C" {                                                                                     \
  __attribute__((used)) static void *resolve_##NAME##SUFFIX() {                                    \
    return pick(#NAME #SUFFIX, reinterpret_cast<void *>(wrapped_##NAME##SUFFIX));                  \
  }                                                                                                \
  __attribute__((visibility("default"),                                                            \
                 ifunc("resolve_" #NAME #SUFFIX))) CUresult NAME##SUFFIX PARAMETERS;               \
  }
#include "Entries.def"

const std::vector<Symbol> &fakecuda::symbols() {
  static const auto *table = new std::vector<Symbol>{
#define ENTRY(NAME, SUFFIX, SINCE, KIND, PARAMETERS, ARGUMENTS)                                    \
  {#NAME, #NAME #SUFFIX, SINCE, reinterpret_cast<void *>(wrapped_##NAME##SUFFIX)},
#include "Entries.def"
  };
  return *table;
}

bool fakecuda::isVisible(const Symbol &symbol) {
  const Settings &settings = State::get().settings;
  // With version 0 there is a driver, but no device: all its functions are there.
  if (settings.driver && symbol.since > settings.driver)
    return false;
  return !settings.hidden.count(symbol.name) && !settings.hidden.count(symbol.base);
}

static void *pick(const char *name, void *address) {
  for (const Symbol &symbol : symbols())
    if (!std::strcmp(symbol.name, name))
      return isVisible(symbol) ? address : nullptr;
  return nullptr;
}

void fakecuda::note(const std::string &text) { noted = text; }
void fakecuda::noteAddress(uint64_t address) { noted = show(CUdeviceptr(address)); }
bool &fakecuda::inHostFunction() {
  static thread_local bool value = false;
  return value;
}
