//===- Epilogue.h - From accumulators to the kernel's results ---*- C++ -*-===//
#ifndef MLOPT_LIB_CPU_CONTRACTION_EPILOGUE_H
#define MLOPT_LIB_CPU_CONTRACTION_EPILOGUE_H

#include "Generic/ElementAt.h"

namespace mlopt {

/// Applies what follows the hero in the kernel to rows of the hero's result,
/// piece by piece of `width` columns, and stores the kernel's results.
class Epilogue {
public:
  /// `columns`: size of the result's last axis.
  Epilogue(ElementAt &e, mlir::Value heroResult, SymExpr columns, int64_t lanes, int64_t width)
      : e(e), k(e.k), heroResult(heroResult), columns(columns), lanes(lanes), width(width) {}

  /// Element(s) of the hero's result at `offset` columns into the piece.
  using Source = llvm::function_ref<mlir::Value(mlir::Value offset, int64_t lanes)>;
  /// Stores columns [column, column + width) of a row, or up to the last one.
  /// `row`: coordinates of all axes but the last.
  void storeRow(llvm::ArrayRef<mlir::Value> row, mlir::Value column, Source source);

  /// Failure if an operation of the kernel could not be emitted.
  llvm::LogicalResult getResult() const { return result; }

  /// Whether the kernel's body and results suit this class; else why not.
  static bool suits(KernelOp kernel, std::string &reason);
  /// Operands whose memory the result may take: read by operations after the
  /// hero alone, each element by the thread that then writes it.
  static llvm::SmallVector<int64_t> overwritable(KernelOp kernel);

private:
  void rowEnd(llvm::ArrayRef<mlir::Value> row, mlir::Value column, Source source);
  void element(llvm::ArrayRef<mlir::Value> row, mlir::Value column, mlir::Value value, int64_t lanes);

  ElementAt &e;
  KernelBuilder &k;
  mlir::Value heroResult;
  SymExpr columns;
  int64_t lanes, width;
  llvm::LogicalResult result = llvm::success();
};

} // namespace mlopt

#endif // MLOPT_LIB_CPU_CONTRACTION_EPILOGUE_H
