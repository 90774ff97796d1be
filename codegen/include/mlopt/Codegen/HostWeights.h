//===- HostWeights.h - The weights of an artefact ---------------*- C++ -*-===//
#ifndef MLOPT_CODEGEN_HOSTWEIGHTS_H
#define MLOPT_CODEGEN_HOSTWEIGHTS_H

#include "mlir/IR/BuiltinOps.h"
#include "mlopt/RT/Mlrt.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/raw_ostream.h"
#include <array>
#include <map>

namespace mlopt {

using Sha256 = std::array<uint8_t, 32>;

/// Which prepared tensors the weights hold, and where. Equal contents in equal
/// layouts are stored once, over all levels and entry points.
class WeightsPlan {
public:
  /// Takes all `mlrt.weight` of the programs of a planned module and sets their
  /// offsets. The module must outlive `write`. Failure after a diagnostic.
  llvm::LogicalResult add(mlir::ModuleOp module);

  /// Bytes of all weights, a multiple of 64; 0: there are none.
  uint64_t getBytes() const { return bytes; }
  size_t getCount() const { return blobs.size(); }

  /// Streams the weights, one tensor in memory at a time; their hash.
  Sha256 write(llvm::raw_ostream &os) const;
  /// Writes the file beside an artefact (`mlopt_weights_file`, then the data).
  Sha256 writeFile(llvm::raw_pwrite_stream &os) const;
  /// Writes a relocatable ELF object that holds the weights in their section
  /// under the hidden symbol `symbol`.
  Sha256 writeObject(llvm::raw_pwrite_stream &os, llvm::StringRef symbol) const;

private:
  struct Blob {
    mlir::ElementsAttr elements;
    LayoutAttr layout;
    uint64_t offset, bytes;
  };
  uint64_t place(mlir::ElementsAttr elements, LayoutAttr layout, uint64_t size);

  std::vector<Blob> blobs;
  llvm::DenseMap<std::pair<mlir::Attribute, mlir::Attribute>, uint64_t> known;
  std::multimap<uint64_t, size_t> bySize;
  uint64_t bytes = 0;
};

} // namespace mlopt

#endif // MLOPT_CODEGEN_HOSTWEIGHTS_H
