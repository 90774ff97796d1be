//===- Call.h - what every call of the API goes through ---------*- C++ -*-===//
//
// The exported functions are generated from Entries.def in Exports.cpp: they take the lock, check
// the state that the call needs, inject failures and trace; the work is in fakecuda::api::NAME.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_TEST_CUDA_EMULATOR_DRIVER_CALL_H
#define MLOPT_TEST_CUDA_EMULATOR_DRIVER_CALL_H

#include "State.h"

#include <string>

namespace fakecuda {

namespace api {
#define ENTRY(NAME, SUFFIX, SINCE, KIND, PARAMETERS, ARGUMENTS) CUresult NAME##SUFFIX PARAMETERS;
#include "Entries.def"
} // namespace api

enum class Needs { Free, Device, Context, Release };

/// Adds " -> text" to the trace line of the call that is running.
void note(const std::string &text);
/// The same, with a device address, a size or a handle.
void noteAddress(uint64_t address);
std::string resultName(CUresult result);

/// True while the calling thread executes a function given to cuLaunchHostFunc.
bool &inHostFunction();

/// A function of the table, for cuGetProcAddress and dlsym.
struct Symbol {
  const char *base, *name; ///< without and with suffix
  int since;
  void *address;
};
const std::vector<Symbol> &symbols();
/// False for what MLOPT_FAKE_CUDA_HIDE names and for what the driver is too old for.
bool isVisible(const Symbol &symbol);

} // namespace fakecuda

#endif
