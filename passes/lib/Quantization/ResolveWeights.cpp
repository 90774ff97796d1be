//===- ResolveWeights.cpp - Products by weights that stay integers --------===//
#include "Quantized.h"
#include "mlopt/Passes/Quantization/Quantization.h"

namespace mlopt {
#define GEN_PASS_DEF_RESOLVEWEIGHTSPASS
#include "mlopt/Passes/Quantization/Passes.h.inc"
} // namespace mlopt

using namespace mlir;
using namespace mlopt;

namespace {
/// Constant weights of a product: integers [K, N], or [N, K] where `transposed`, with parameters of
/// rank 2.
struct Weights {
  Value integers, scale, zero; ///< zero null: 0
  int64_t block;
};
} // namespace

/// A parameter [N], [1, N], [N, 1], ... or of one element with rank 2.
static Value asMatrix(Value v, ComposeBuilder &b, GraphRewriter &rewriter) {
  if (!v)
    return v;
  SymShape shape = rewriter.shapeOf(v);
  while (shape.size() < 2)
    shape.insert(shape.begin(), rewriter.size(1));
  return reshaped(v, shape, b, rewriter);
}

static std::optional<Weights> weightsOf(MatmulOp matmul, ComposeBuilder &b,
                                        GraphRewriter &rewriter) {
  Operation *def = matmul.getRhs().getDefiningOp();
  if (!isa_and_nonnull<DequantizeOp, DequantizeBlockedOp>(def) || !isConstant(def->getOperand(0)))
    return std::nullopt;
  Type element = integersOf(def->getOperand(0));
  auto type = cast<RankedTensorType>(def->getOperand(0).getType());
  int64_t summed = matmul.getTransposeB() ? 1 : 0;
  if (type.getRank() != 2 || !type.hasStaticShape() || element.getIntOrFloatBitWidth() > 8)
    return std::nullopt;
  if (auto blocked = dyn_cast<DequantizeBlockedOp>(def)) {
    if (static_cast<int64_t>(blocked.getAxis()) != summed) {
      refuseQuantized(matmul, "weights not kept as integers",
                      "their blocks lie along another axis than the sum");
      return std::nullopt;
    }
    return Weights{blocked.getInput(), blocked.getScale(), zeroOf(blocked.getZero()),
                   static_cast<int64_t>(blocked.getBlock())};
  }
  auto dequantize = cast<DequantizeOp>(def);
  Weights weights{dequantize.getInput(), dequantize.getScale(), zeroOf(dequantize.getZero()),
                  type.getDimSize(summed)};
  for (Value parameter : {weights.scale, weights.zero})
    if (parameter &&
        !isUnit(sizeAlong(rewriter.shapeOf(parameter), 2, summed, matmul.getContext()))) {
      refuseQuantized(matmul, "weights not kept as integers",
                      "their scale changes along the summed axis");
      return std::nullopt;
    }
  weights.scale = asMatrix(weights.scale, b, rewriter);
  weights.zero = asMatrix(weights.zero, b, rewriter);
  return weights;
}

static bool resolveWeights(Operation *op, GraphRewriter &rewriter) {
  auto matmul = dyn_cast<MatmulOp>(op);
  if (!matmul || isConstant(matmul.getLhs()))
    return false;
  ComposeBuilder b =
      rewriter.before(op, {matmul.getRhs().getDefiningOp() ? matmul.getRhs().getDefiningOp() : op});
  std::optional<Weights> weights = weightsOf(matmul, b, rewriter);
  if (!weights || weights->block == 0)
    return false;
  Value x = matmul.getLhs();
  if (matmul.getTransposeA()) {
    SmallVector<int64_t> swap(llvm::to_vector(llvm::seq<int64_t>(b.rankOf(x))));
    std::swap(swap[swap.size() - 1], swap[swap.size() - 2]);
    x = b.transpose(x, swap);
  }
  return rewriter.replace(op, b,
                          b.create<DequantizedMatmulOp>(x, weights->integers, weights->scale,
                                                        weights->zero ? weights->zero : b.none(),
                                                        weights->block, matmul.getTransposeB()));
}

namespace {
struct ResolveWeights : mlopt::impl::ResolveWeightsPassBase<ResolveWeights> {
  void runOnOperation() override { applyRules(getOperation(), {resolveWeights}); }
};
} // namespace
