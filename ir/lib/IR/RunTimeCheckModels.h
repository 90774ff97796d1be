//===- RunTimeCheckModels.h - Attaching size conditions ---------*- C++ -*-===//
//
// The families' implementations of RunTimeCheckOpInterface stand in their .cpp
// files and are attached when the dialect is loaded, so that the operations'
// headers need not know the interface.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_IR_RUNTIMECHECKMODELS_H
#define MLOPT_LIB_IR_RUNTIMECHECKMODELS_H

#include "mlopt/IR/Mlopt.h"
#include "mlopt/IR/RunTimeChecks.h"

namespace mlopt::detail {

/// The interface of `OpTy` by a plain function.
template <typename OpTy, void (*addConditions)(OpTy, SizeConditions &)>
struct RunTimeCheckModel
    : RunTimeCheckOpInterface::ExternalModel<RunTimeCheckModel<OpTy, addConditions>, OpTy> {
  void getSizeConditions(mlir::Operation *op, SizeConditions &conditions) const {
    addConditions(mlir::cast<OpTy>(op), conditions);
  }
};

template <typename OpTy, void (*addConditions)(OpTy, SizeConditions &)>
void attachRunTimeChecks(mlir::MLIRContext *context) {
  OpTy::template attachInterface<RunTimeCheckModel<OpTy, addConditions>>(*context);
}

// One for each family that has conditions; called once the operations are registered.
void attachAttentionChecks(mlir::MLIRContext *context);
void attachContractionChecks(mlir::MLIRContext *context);
void attachConvolutionChecks(mlir::MLIRContext *context);
void attachElementwiseChecks(mlir::MLIRContext *context);
void attachIndexingChecks(mlir::MLIRContext *context);
void attachNormalizationChecks(mlir::MLIRContext *context);
void attachPoolingChecks(mlir::MLIRContext *context);
void attachQuantizeChecks(mlir::MLIRContext *context);
void attachRecurrentChecks(mlir::MLIRContext *context);
void attachReductionChecks(mlir::MLIRContext *context);
void attachShapeChecks(mlir::MLIRContext *context);

} // namespace mlopt::detail

#endif // MLOPT_LIB_IR_RUNTIMECHECKMODELS_H
