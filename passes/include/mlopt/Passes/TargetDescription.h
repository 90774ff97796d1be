//===- TargetDescription.h - What schedules may know of a machine *- C++ -*-===//
#ifndef MLOPT_PASSES_TARGETDESCRIPTION_H
#define MLOPT_PASSES_TARGETDESCRIPTION_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mlopt {

/// A CPU level as data (ir.md section 3). Schedules are functions of it; no
/// emitter asks for a CPU by name.
struct TargetDescription {
  /// The level's name as the user types it ("x86-64-v3", "host", "sapphirerapids").
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

  int64_t lanes(int64_t elementBytes) const { return vectorBytes / elementBytes; }
};

/// Known level names, weakest first ("x86-64-v2" ...).
std::vector<std::string> listTargets();
/// Description of a level, "host" included; none for an unknown name.
std::optional<TargetDescription> getTarget(llvm::StringRef name);

} // namespace mlopt

#endif // MLOPT_PASSES_TARGETDESCRIPTION_H
