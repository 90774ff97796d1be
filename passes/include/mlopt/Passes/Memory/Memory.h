//===- Memory.h - The `plan` phase ------------------------------*- C++ -*-===//
#ifndef MLOPT_PASSES_MEMORY_MEMORY_H
#define MLOPT_PASSES_MEMORY_MEMORY_H

#include "mlir/Pass/Pass.h"
#include "mlopt/RT/Mlrt.h"
#include "llvm/Support/JSON.h"

namespace mlopt {

/// Pass `mlopt-plan`: each function of launches becomes an `mlrt.program` of
/// the same name. Bounds of symbols are read from the function's attribute
/// `mlopt.symbols`, a dictionary from symbol to array<i64: minimum, maximum,
/// usual>; without one a size is >= 0 and 64 is usual.
///
/// `pieceAlignment`: where a kernel may find an operand or a result inside of another tensor, in bytes
/// from that one's begin; a multiple of it. Kernels of a GPU ask for 16.
std::unique_ptr<mlir::Pass> createPlanPass(int64_t pieceAlignment = 1);
void registerMemoryPasses();

/// Bytes of a place in the arena for given sizes.
struct PlacedTensor {
  std::string name; ///< the node that wrote it first, empty for scratch
  bool scratch = false;
  int64_t offset = 0, bytes = 0; ///< 0, 0 where a formula has no value
  std::string offsetFormula, bytesFormula;
  int64_t first = 0, last = 0; ///< numbers of the launches between which it lives
};

/// The plan of a program for given sizes.
struct MemoryReport {
  int64_t arenaBytes = 0, lowerBound = 0;
  std::string arenaFormula, lowerBoundFormula; ///< in symbols, `.threads` and steps
  /// The named values of the formulas, each in symbols, `.threads` and steps before it.
  std::vector<std::pair<std::string, std::string>> steps;
  int64_t launches = 0, barriers = 0, copies = 0;
  std::vector<PlacedTensor> tensors;
};
/// For `symbol(...)` values and threads; the symbols' usual sizes where `symbol` is null.
MemoryReport reportMemory(rt::ProgramOp program, int64_t threads = 1,
                          llvm::function_ref<int64_t(rt::SymbolAttr)> symbol = nullptr);
/// The report as the table of `--report=memory`.
void printMemoryReport(const MemoryReport &report, llvm::raw_ostream &os);
/// The report as part of the artefact's metadata.
llvm::json::Object toJson(const MemoryReport &report);

} // namespace mlopt

#endif // MLOPT_PASSES_MEMORY_MEMORY_H
