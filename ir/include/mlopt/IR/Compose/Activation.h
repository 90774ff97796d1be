//===- Activation.h - Activations as compositions ---------------*- C++ -*-===//
//
// Functions of a float tensor that the dialect has no operation for. All take
// and give null after an error (ComposeBuilder.h).
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_IR_COMPOSE_ACTIVATION_H
#define MLOPT_IR_COMPOSE_ACTIVATION_H

#include "mlopt/IR/Compose/ComposeBuilder.h"

namespace mlopt::compose {

/// max(x, 0).
mlir::Value relu(ComposeBuilder &b, mlir::Value x);
/// x < 0 ? alpha * x : x.
mlir::Value leakyRelu(ComposeBuilder &b, mlir::Value x, double alpha);
/// gamma * (max(x, 0) + alpha * (exp(min(x, 0) / scale) - 1)); Elu, Selu, Celu.
mlir::Value expLinear(ComposeBuilder &b, mlir::Value x, double alpha, double gamma, double scale);
/// max(0, min(1, alpha * x + beta)).
mlir::Value hardSigmoid(ComposeBuilder &b, mlir::Value x, double alpha, double beta);
/// x * sigmoid(alpha * x).
mlir::Value swish(ComposeBuilder &b, mlir::Value x, double alpha);
/// x * tanh(softplus(x)).
mlir::Value mish(ComposeBuilder &b, mlir::Value x);
/// x / (1 + |x|).
mlir::Value softsign(ComposeBuilder &b, mlir::Value x);
/// x > alpha ? x : 0.
mlir::Value thresholdedRelu(ComposeBuilder &b, mlir::Value x, double alpha);

} // namespace mlopt::compose

#endif // MLOPT_IR_COMPOSE_ACTIVATION_H
