//===- Objective.h - What training makes small ------------------*- C++ -*-===//
//
// Private to lib/Training.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_TRAINING_OBJECTIVE_H
#define MLOPT_LIB_TRAINING_OBJECTIVE_H

#include "Options.h"
#include "mlopt/IR/Compose/ComposeBuilder.h"

namespace mlopt::training {

/// The loss of one model.
struct Objective {
  unsigned output = 0; ///< result of @main that is compared, or is the loss
  std::string outputName;
  /// None for a loss that is an output.
  mlir::RankedTensorType targetType;
  mlir::ArrayAttr targetDims;
  /// Sizes of the target in the model's symbols; the argument is brought to them.
  SymShape targetShape;
  unsigned classAxis = 1; ///< cross-entropy: of the output
};

/// Output and target of a cross-entropy with the classes on axis 1: the axes before them become one.
std::pair<mlir::Value, mlir::Value> arrangeClasses(ComposeBuilder &b, const Objective &objective,
                                                   mlir::Value output, mlir::Value target);

/// Failure after an error.
llvm::FailureOr<Objective> resolveObjective(mlir::func::FuncOp main, const Settings &settings,
                                            ShapeAnalysis &shapes);
/// The loss, f32 scalar, of @main's result `output` (null after an error); `target` may be null.
mlir::Value buildLoss(ComposeBuilder &b, const Settings &settings, const Objective &objective,
                      mlir::Value output, mlir::Value target);

} // namespace mlopt::training

#endif // MLOPT_LIB_TRAINING_OBJECTIVE_H
