//===- HostImage.h - The tables of an artefact ------------------*- C++ -*-===//
#ifndef MLOPT_CODEGEN_HOSTIMAGE_H
#define MLOPT_CODEGEN_HOSTIMAGE_H

#include "mlopt/Codegen/CudaBackend.h"
#include "mlopt/Codegen/DeviceProgram.h"
#include "mlopt/Codegen/HostProgram.h"
#include "mlopt/Codegen/HostWeights.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

namespace mlopt {

/// One CPU level of a module.
struct ImageLevel {
  std::string name;
  uint64_t features = 0; ///< MLOPT_CPU_*
};

/// One entry point: its program and functions at each level.
struct ImageEntry {
  std::string name;
  struct Code {
    rt::ProgramOp program;
    HostFunctions functions;
  };
  std::vector<Code> codes; ///< one per level, in the order of `levels`
};

/// One GPU architecture of a module.
struct ImageDevice {
  std::string name;
  uint32_t architecture = 0; ///< compute capability times ten
  bool tf32 = false;         ///< products of f32 round their operands to tf32
  llvm::ArrayRef<GpuImage> images;
  DeviceWeights weights;
  struct Code {
    rt::ProgramOp program;
    DeviceProgram device;
  };
  std::vector<Code> codes; ///< one per entry, in the order of `entries`
};

enum class WeightsMode { None, Embedded, File };

/// Everything that the tables say.
struct ImageDescription {
  std::string name, prefix, producer;
  std::string metadata;           ///< JSON
  std::vector<ImageLevel> levels; ///< best first
  std::vector<ImageEntry> entries;
  std::vector<ImageDevice> devices; ///< oldest first
  WeightsMode weightsMode = WeightsMode::None;
  std::string weightsSymbol; ///< Embedded: as given to WeightsPlan::writeObject
  uint64_t weightsBytes = 0;
  Sha256 weightsHash = {}, sourceHash = {};
  mlir::DictionaryAttr training; ///< `mlopt.training` of the module; null where it is for inference
  bool exportQuery = true; ///< also export `mlopt_module_query` (shared libraries)
};

/// The bytes [0, link_offset) and the symbols of the link table, empty for 0.
struct ModuleImage {
  std::string bytes;
  std::vector<std::string> links;
};

/// Fills the tables of module_abi.h, `image_sha256` included (right as long as
/// no range is stamped). Failure after a diagnostic.
llvm::FailureOr<ModuleImage> buildImage(const ImageDescription &description);

/// Emits the image and the query functions into `target`, a module to be
/// lowered by `compileToObject`.
void emitImage(const ModuleImage &image, const ImageDescription &description,
               mlir::ModuleOp target);

/// Stamps the hashes into a linked file (module_abi.h, "What each hash covers"):
/// ranges, where it is not relocatable, then the image.
llvm::Error stampHashes(llvm::MutableArrayRef<char> elf);

/// Metadata of a planned module for `inspect`: kernels with emitter and
/// schedule, launches with `device` ("cpu" or "cuda"), the plan at the usual
/// sizes, by level. With `images`, those of a GPU architecture: kernels with
/// registers, shared and spilled bytes of each function as well.
llvm::json::Object describeModule(mlir::ModuleOp module, llvm::StringRef device,
                                  llvm::ArrayRef<GpuImage> images = {});

/// What `inspect` shows of a training module: loss, optimizer, its slots, inputs and targets of a
/// step, and counts and bytes of parameters, buffers and optimizer state. From the attribute
/// `mlopt.training` and the programs; empty where `module` is for inference.
llvm::json::Object describeTraining(mlir::ModuleOp module);

} // namespace mlopt

#endif // MLOPT_CODEGEN_HOSTIMAGE_H
