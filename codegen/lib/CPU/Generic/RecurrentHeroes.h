//===- RecurrentHeroes.h - LSTM, GRU and RNN layers -------------*- C++ -*-===//
#ifndef MLOPT_LIB_CPU_GENERIC_RECURRENTHEROES_H
#define MLOPT_LIB_CPU_GENERIC_RECURRENTHEROES_H

#include "ElementAt.h"

namespace mlopt {

bool isRecurrentHero(mlir::Operation *hero);
/// One unit per direction and batch item: time runs inside a unit.
SymExpr recurrentUnits(mlir::Operation *hero, ShapeAnalysis &shapes);
/// Bytes per thread: the state and the gates of one batch item.
SymExpr recurrentScratch(mlir::Operation *hero, ShapeAnalysis &shapes);
llvm::LogicalResult emitRecurrent(ElementAt &e);

} // namespace mlopt

#endif // MLOPT_LIB_CPU_GENERIC_RECURRENTHEROES_H
