//===- TargetDescription.h - What schedules may know of a machine *- C++ -*-===//
#ifndef MLOPT_PASSES_TARGETDESCRIPTION_H
#define MLOPT_PASSES_TARGETDESCRIPTION_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mlopt {

/// What schedules may know of a GPU architecture. Sizes are those of the
/// family's data-center chip; a schedule that is made for it runs on the others.
struct GpuDescription {
  /// Compute capability times ten: 80, 90, 100.
  int64_t architecture = 80;
  int64_t processors = 108;               ///< streaming multiprocessors
  int64_t sharedBytes = 163 * 1024;       ///< of one block at most
  int64_t processorSharedBytes = 164 * 1024;
  int64_t registers = 65536;              ///< of 32 bits, of one multiprocessor
  int64_t l2Bytes = 40 * 1024 * 1024;
  double bytesPerNs = 2000;               ///< bandwidth of device memory
  double flopsPerNs = 19500;              ///< f32, fused multiply-adds count twice
  double halfFlopsPerNs = 312000;         ///< f16 and bf16 by the tensor cores; tf32 is half of it
};

/// A CPU level or a GPU architecture as data (ir.md section 3). Schedules are
/// functions of it; no emitter asks for a CPU or a GPU by name.
struct TargetDescription {
  /// The name as the user types it ("x86-64-v3", "host", "sapphirerapids", "sm_90").
  std::string name;
  /// LLVM's target-cpu, target-features and tune-cpu.
  std::string cpu, features, tuneCpu;
  std::string triple = "x86_64-unknown-linux-gnu";
  /// Bits of `mlopt_cpu_feature` (module_abi.h) that the code needs.
  uint64_t requiredFeatures = 0;

  int64_t vectorBytes = 16;   ///< 16 (SSE), 32 (AVX2), 64 (AVX-512)
  int64_t vectorRegisters = 16;
  bool hasFMA = false;
  bool hasF16C = false;
  bool hasMasks = false;      ///< AVX-512 mask registers
  /// vpdpbusd: AVX512-VNNI with 64-byte vectors, AVX-VNNI with 32.
  bool hasVNNI = false;
  bool hasVBMI = false;       ///< vpermb (AVX512-VBMI)
  bool hasBF16 = false;
  bool hasAMX = false;        ///< tile units for 8-bit integers
  /// Tile operations are lowered to loops: a proof on machines without tile units.
  bool emulateTiles = false;
  int64_t l1Bytes = 32 * 1024, l2Bytes = 1024 * 1024, l3Bytes = 16 * 1024 * 1024;
  int64_t cacheLineBytes = 64;
  double fmaPerCycle = 2;     ///< vector FMA instructions per cycle
  double coreBytesPerNs = 12; ///< DRAM bandwidth of one core

  /// Set: kernels are for this GPU; the fields of a CPU's core do not count.
  std::optional<GpuDescription> gpu;
  /// Products of f32 may round their operands to tf32 (--f32-matmul=tf32).
  bool tf32 = false;

  int64_t lanes(int64_t elementBytes) const { return vectorBytes / elementBytes; }
};

/// Known names of CPU levels, weakest first ("x86-64-v2" ...).
std::vector<std::string> listTargets();
/// Known GPU architectures, oldest first ("sm_80" ...).
std::vector<std::string> listGpuTargets();
/// Description of a CPU level, "host" included, or of a GPU architecture; none
/// for an unknown name.
std::optional<TargetDescription> getTarget(llvm::StringRef name);

} // namespace mlopt

#endif // MLOPT_PASSES_TARGETDESCRIPTION_H
