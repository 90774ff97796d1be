//===- FoldSmall.h - Evaluation of operations on small constants *- C++ -*-===//
#ifndef MLOPT_LIB_ONNX_CONVERT_FOLDSMALL_H
#define MLOPT_LIB_ONNX_CONVERT_FOLDSMALL_H

#include "mlopt/IR/Compose/ComposeBuilder.h"

namespace mlopt::onnx {

/// Evaluates one operation whose operands are constants with the reference
/// evaluator (typed mode), or an empty function where that is not built.
ComposeBuilder::FoldFn getFolder();

} // namespace mlopt::onnx

#endif // MLOPT_LIB_ONNX_CONVERT_FOLDSMALL_H
