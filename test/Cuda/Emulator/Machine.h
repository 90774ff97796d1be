//===- Machine.h - loads PTX and runs kernels on virtual device memory ------------------*- C++
//-*-===//
//
// The interface of the PTX emulator: what the fake driver (Driver/) and the unit tests use.
//
//===----------------------------------------------------------------------------------------------===//
#ifndef MLOPT_TEST_CUDA_EMULATOR_MACHINE_H
#define MLOPT_TEST_CUDA_EMULATOR_MACHINE_H

#include "Memory.h"
#include "Report.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ptxemu {

struct Program; // the decoded text: Ptx.h

/// One kernel parameter: where its bytes lie in the parameter block.
struct Parameter {
  std::string name;
  uint32_t offset = 0, size = 0, alignment = 1;
};

/// What the host may know about an .entry.
struct Kernel {
  std::string name;
  std::vector<Parameter> parameters;
  uint32_t parameterBytes = 0;
  uint32_t staticShared = 0; ///< bytes of .shared variables that it can reach
  uint32_t localBytes = 0;   ///< bytes of .local variables per thread
  /// From .maxntid (product) and .reqntid; 1024 and {0, 0, 0} without.
  uint32_t maxThreads = 1024;
  std::array<uint32_t, 3> requiredBlock{0, 0, 0};
  /// An upper bound only: PTX registers are virtual. The largest plausible value is 255.
  uint32_t registers = 32;
  unsigned function = 0; ///< index into Program::functions
};

/// A .global or .const variable of a module.
struct Variable {
  std::string name;
  uint64_t address = 0, size = 0;
};

/// A loaded module; it owns its device variables in `memory`, which must outlive it.
class Module {
public:
  /// Parses `text` (PTX, zero-terminated or not) for a device of compute capability `arch` (e.g.
  /// 90). Null and a message that names line and text when it is not accepted: a syntax error, an
  /// opcode or modifier that the emulator does not know, a target newer than the device, an
  /// undefined name, no memory for the variables.
  static std::unique_ptr<Module> load(const std::string &text, Memory &memory, unsigned arch,
                                      std::string &error);
  ~Module();

  const Kernel *findKernel(const std::string &name) const;
  const Variable *findVariable(const std::string &name) const;
  const std::vector<Kernel> &kernels() const { return kernelList; }
  const std::vector<Variable> &variables() const { return variableList; }
  const Program &program() const { return *code; }

private:
  Module() = default;
  std::unique_ptr<Program> code;
  std::vector<Kernel> kernelList;
  std::vector<Variable> variableList;
  Memory *memory = nullptr;
};

enum class ErrorKind {
  None,
  InvalidValue,   ///< bad grid, block, shared bytes or parameters: CUDA_ERROR_INVALID_VALUE (1)
  OutOfResources, ///< too many threads or shared bytes: LAUNCH_OUT_OF_RESOURCES (701)
  IllegalAddress, ///< out of bounds, use after free: CUDA_ERROR_ILLEGAL_ADDRESS (700)
  Misaligned,     ///< CUDA_ERROR_MISALIGNED_ADDRESS (716)
  LaunchFailed,   ///< race, divergent barrier, trap, deadlock: CUDA_ERROR_LAUNCH_FAILED (719)
  Timeout,        ///< more instructions than allowed: CUDA_ERROR_LAUNCH_TIMEOUT (702)
};

struct Result {
  ErrorKind kind = ErrorKind::None;
  /// Names kernel, line and text of the PTX, block, thread, address and allocation.
  std::string message;
  explicit operator bool() const { return kind == ErrorKind::None; }
};

struct Launch {
  const Module *module = nullptr;
  const Kernel *kernel = nullptr;
  std::array<uint32_t, 3> grid{1, 1, 1}, block{1, 1, 1};
  uint32_t dynamicShared = 0; ///< bytes
  /// The parameter block, laid out as Kernel::parameters says; kernel->parameterBytes bytes.
  const void *parameters = nullptr;
  uint32_t parameterBytes = 0;
};

/// Settings of a Machine. fromEnvironment() reads what is named behind each.
struct Options {
  unsigned threads = 2; ///< MLOPT_FAKE_CUDA_THREADS: host threads that run blocks
  uint64_t seed = 0;    ///< MLOPT_FAKE_CUDA_SEED: order of warps; 0 is round robin
  uint64_t instructionLimit = 4'000'000'000ull; ///< MLOPT_FAKE_CUDA_LIMIT: warp instr. per launch
  bool strict = false;                 ///< MLOPT_FAKE_CUDA_STRICT=1: uninitialised reads are errors
  bool sharedRaces = true;             ///< MLOPT_FAKE_CUDA_RACES=0 turns it off
  bool globalRaces = false;            ///< MLOPT_FAKE_CUDA_GLOBAL_RACES=1
  bool metrics = true;                 ///< MLOPT_FAKE_CUDA_METRICS=0: sectors and conflicts stay 0
  uint32_t maxSharedPerBlock = 232448; ///< static + dynamic bytes that a launch may ask for
  std::string reportFile;              ///< MLOPT_FAKE_CUDA_REPORT
  static Options fromEnvironment();
};

/// Runs kernels. Stateless between launches: one per device, or one per launch.
class Machine {
public:
  explicit Machine(Memory &memory, Options options = Options::fromEnvironment())
      : memory(memory), options(std::move(options)) {}

  /// Runs the whole grid to its end, or to the first error (the one of the lowest block). Fills
  /// `report`, and appends it to Options::reportFile when that is set.
  Result launch(const Launch &launch, Report &report);

private:
  Memory &memory;
  Options options;
};

} // namespace ptxemu

#endif
