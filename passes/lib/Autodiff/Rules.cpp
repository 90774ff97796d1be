//===- Rules.cpp - All gradient rules -------------------------------------===//
#include "mlopt/Passes/Autodiff/Adjoint.h"
#include "mlopt/Passes/Autodiff/Autodiff.h"

using namespace mlir;
using namespace mlopt;

#include "mlopt/Passes/Autodiff/Differentiable.cpp.inc"

void mlopt::registerGradientRules(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, MloptDialect *) {
    attachElementwiseGradients(context);
    attachReductionGradients(context);
    attachShapeGradients(context);
    attachIndexingGradients(context);
    attachContractionGradients(context);
    attachConvolutionGradients(context);
    attachPoolingGradients(context);
    attachNormalizationGradients(context);
    attachAttentionGradients(context);
    attachTrainingGradients(context);
    attachQuantizeGradients(context);
  });
}
