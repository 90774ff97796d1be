//===- Ptxas.h - NVIDIA's assembler as a program ----------------*- C++ -*-===//
#ifndef MLOPT_LIB_CUDA_PTXAS_H
#define MLOPT_LIB_CUDA_PTXAS_H

#include "mlopt/Codegen/CudaBackend.h"

namespace mlopt {

/// Reads the report of `ptxas -v` into the functions that it names: registers of
/// a thread, bytes of spill stores and loads together.
void readPtxasReport(llvm::StringRef report, std::vector<GpuFunction> &functions);

/// Assembles the PTX text of an image for `architecture` ("sm_90") with the
/// program `ptxas`: fills in machine code and what is said of the functions. The
/// temporary files are gone afterwards, also if the process is interrupted.
/// Failure after a diagnostic at `loc`: MLO4004 with the program's text.
llvm::LogicalResult assembleImage(mlir::Location loc, llvm::StringRef ptxas, llvm::StringRef architecture,
                                  unsigned optLevel, GpuImage &image);

} // namespace mlopt

#endif // MLOPT_LIB_CUDA_PTXAS_H
