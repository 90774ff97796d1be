//===- DeviceProgram.h - A program as launches of a GPU ---------*- C++ -*-===//
//
// What a planned program of a GPU architecture becomes: tables without a
// pointer, and a host function that computes every number in them which depends
// on sizes (`mlopt_gpu_fill_fn` of module_abi.h).
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_CODEGEN_DEVICEPROGRAM_H
#define MLOPT_CODEGEN_DEVICEPROGRAM_H

#include "mlir/IR/BuiltinOps.h"
#include "mlopt/RT/Mlrt.h"
#include "llvm/ADT/DenseMap.h"

namespace mlopt {

/// The weights that programs of one architecture read, packed for device memory.
class DeviceWeights {
public:
  static constexpr uint64_t alignment = 256;

  struct Piece {
    uint64_t offset, bytes, deviceOffset;
  };

  DeviceWeights() = default;
  /// Takes the `mlrt.weight` that launches and copies of `module` read. They must
  /// have their offsets (WeightsPlan).
  explicit DeviceWeights(mlir::ModuleOp module);

  /// In the order of their offsets.
  llvm::ArrayRef<Piece> getPieces() const { return pieces; }
  /// Bytes of device memory, a multiple of `alignment`.
  uint64_t getBytes() const { return bytes; }
  /// Place in device memory of the tensor at `offset` of the weights.
  uint64_t getDeviceOffset(uint64_t offset) const { return places.lookup(offset); }

private:
  std::vector<Piece> pieces;
  llvm::DenseMap<uint64_t, uint64_t> places;
  uint64_t bytes = 0;
};

/// A program for a GPU in the terms of module_abi.h: `mlopt_gpu_step`,
/// `mlopt_gpu_node` and `mlopt_gpu_param`, numbers of values in the array that
/// `fill` writes.
struct DeviceProgram {
  struct Param {
    uint32_t kind, index, value;
  };
  struct Node {
    /// Among the functions of all kernels of the module, phases in their order;
    /// MLOPT_GPU_UNKNOWN: a copy.
    uint32_t function;
    uint32_t block[3];
    uint32_t firstValue;
    std::vector<Param> params;
  };
  struct Step {
    uint32_t kind;
    std::vector<Node> nodes;
    uint32_t repeatFrom, repeatValue;
    std::vector<uint32_t> after;
  };

  std::vector<Step> steps;
  uint32_t valueCount = 0;
  std::string sizes, fill; ///< names of the host functions
};

/// Emits `sizes` and `fill` under these names into `target`, a module to be
/// lowered by `compileToObject`, and describes the steps. Failure after a
/// diagnostic.
llvm::FailureOr<DeviceProgram>
emitDeviceProgram(rt::ProgramOp program, llvm::ArrayRef<rt::SymbolAttr> entrySymbols,
                  const DeviceWeights &weights, llvm::StringRef sizes, llvm::StringRef fill,
                  mlir::ModuleOp target);

} // namespace mlopt

#endif // MLOPT_CODEGEN_DEVICEPROGRAM_H
