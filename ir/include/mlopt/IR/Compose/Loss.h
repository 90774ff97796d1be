//===- Loss.h - Losses as compositions --------------------------*- C++ -*-===//
//
// The formulas of torch.nn.functional with mean reduction. All take float
// predictions (f16 and bf16 are computed in f32) and give an f32 scalar; null
// after an error (ComposeBuilder.h).
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_IR_COMPOSE_LOSS_H
#define MLOPT_IR_COMPOSE_LOSS_H

#include "mlopt/IR/Compose/ComposeBuilder.h"

namespace mlopt::compose {

/// Labels that count, and whether they are right.
struct Labels {
  mlir::Value valid;   ///< i1: the label is not `ignoreIndex`
  mlir::Value inRange; ///< i1: ignored, or in [0, C)
};

/// logits [N, C, d...], labels [N, d...] i32 or i64. With p = softmax(logits) along C and n the
/// number of labels other than ignoreIndex:
///   sum over those labels of -((1 - s) log p[label] + s/C sum_c log p[c]) / n
/// NaN where n = 0. A label outside [0, C) that is not ignoreIndex makes the loss NaN.
mlir::Value crossEntropy(ComposeBuilder &b, mlir::Value logits, mlir::Value labels,
                         int64_t ignoreIndex, double smoothing);
/// Right predictions (largest logit, the first of equals) and labels that count, i64 scalars.
std::pair<mlir::Value, mlir::Value> countCorrect(ComposeBuilder &b, mlir::Value logits,
                                                 mlir::Value labels, int64_t ignoreIndex);
/// mean((1 - t) x + log(1 + exp(-x))).
mlir::Value bceWithLogits(ComposeBuilder &b, mlir::Value x, mlir::Value t);
/// mean((x - t)^2).
mlir::Value mse(ComposeBuilder &b, mlir::Value x, mlir::Value t);
/// mean(|x - t|); the derivative at 0 is 0.
mlir::Value l1(ComposeBuilder &b, mlir::Value x, mlir::Value t);
/// mean(d^2 / 2 where |d| <= delta, else delta (|d| - delta/2)), d = x - t.
mlir::Value huber(ComposeBuilder &b, mlir::Value x, mlir::Value t, double delta);

} // namespace mlopt::compose

#endif // MLOPT_IR_COMPOSE_LOSS_H
