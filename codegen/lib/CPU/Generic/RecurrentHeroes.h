//===- RecurrentHeroes.h - LSTM, GRU and RNN layers -------------*- C++ -*-===//
#ifndef MLOPT_LIB_CPU_GENERIC_RECURRENTHEROES_H
#define MLOPT_LIB_CPU_GENERIC_RECURRENTHEROES_H

#include "Generic/RecurrentCell.h"

namespace mlopt {

/// One unit per direction and batch item: time runs inside a unit.
SymExpr recurrentUnits(mlir::Operation *hero, ShapeAnalysis &shapes);
/// Bytes per thread: the state and the gates of one batch item.
SymExpr recurrentScratch(mlir::Operation *hero, ShapeAnalysis &shapes);
/// Bytes that all threads share: the gates of every step from its input.
SymExpr recurrentShared(mlir::Operation *hero, ShapeAnalysis &shapes);
/// Phase 0 computes the gates from the inputs, phase 1 runs over time.
llvm::LogicalResult emitRecurrent(ElementAt &e, int64_t phase);

} // namespace mlopt

#endif // MLOPT_LIB_CPU_GENERIC_RECURRENTHEROES_H
