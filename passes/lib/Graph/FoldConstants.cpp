//===- FoldConstants.cpp - Evaluates operations on constants --------------===//
#include "mlopt/Passes/Graph/GraphRewriter.h"
#include "mlir/IR/Matchers.h"
#include "mlopt/Passes/Graph/Graph.h"
#include "mlopt/Reference/Evaluator.h"
#include "llvm/ADT/DenseMap.h"

namespace mlopt {
#define GEN_PASS_DEF_FOLDCONSTANTSPASS
#include "mlopt/Passes/Graph/Passes.h.inc"
} // namespace mlopt

using namespace mlir;
using namespace mlopt;

namespace {

/// Bytes of operands above which the reference (eight bytes an element) would
/// need too much memory and time.
constexpr int64_t maxOperandBytes = int64_t(64) << 20;
/// Likewise where an integer constant is widened: one operand and the result at a time.
constexpr int64_t maxWidenedBytes = int64_t(256) << 20;
/// Multiply-adds of a product that is still evaluated.
constexpr int64_t maxWork = int64_t(1) << 24;

int64_t bytesOf(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor ? tensor.getNumElements() * getNativeBytes(tensor.getElementType()) : 0;
}

/// Sum of products for one result element.
int64_t workPerElement(Operation *op) {
  auto elements = [](Value v) { return cast<RankedTensorType>(v.getType()).getNumElements(); };
  if (auto matmul = dyn_cast<MatmulOp>(op)) {
    auto type = cast<RankedTensorType>(matmul.getLhs().getType());
    return type.getDimSize(type.getRank() - (matmul.getTransposeA() ? 2 : 1));
  }
  if (isa<ConvOp, ConvTransposeOp>(op))
    return elements(op->getOperand(1));
  if (isa<AttentionOp, LstmOp, GruOp, RnnOp>(op))
    return maxWork; // never worth it
  return 1;
}

/// Whether the operation is a step of a dequantization that has no more elements than its largest
/// operand, so that its result is larger by its element type at most.
bool isWidening(Operation *op, RankedTensorType type) {
  return type.hasStaticShape() && isa<CastOp, SubOp, MulOp, ReshapeOp, TransposeOp, DequantizeOp, DequantizeBlockedOp>(op) &&
         llvm::any_of(op->getOperandTypes(), [&](Type operand) {
           auto tensor = dyn_cast<RankedTensorType>(operand);
           return tensor && tensor.hasStaticShape() &&
                  tensor.getNumElements() == type.getNumElements();
         });
}

struct FoldConstants : mlopt::impl::FoldConstantsPassBase<FoldConstants> {
  using FoldConstantsPassBase::FoldConstantsPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    ParameterTable parameters(module);
    for (auto function : module.getOps<func::FuncOp>())
      if (!function.isExternal())
        foldBody(function, parameters);
    ParameterTable::eraseUnused(module);
  }

  void foldBody(func::FuncOp function, ParameterTable &parameters) {
    // Intermediate values stay here: only what the program uses becomes a
    // constant or parameter.
    llvm::DenseMap<Value, HostTensor> values;
    SmallVector<Operation *> folded;
    for (Operation &op : function.getBody().front())
      if (std::optional<HostTensor> result = evaluate(op, values, parameters)) {
        values[op.getResult(0)] = result->toNative();
        folded.push_back(&op);
        // What only folded operations read is not kept.
        for (Value operand : op.getOperands())
          if (auto it = values.find(operand); it != values.end())
            if (llvm::all_of(operand.getUsers(), [&](Operation *user) {
                  return user->getNumResults() == 1 && values.contains(user->getResult(0));
                }))
              it->second = HostTensor();
      }
    for (Operation *op : folded) {
      bool needed = llvm::any_of(op->getUsers(), [&](Operation *user) {
        return user->getNumResults() == 0 || !values.contains(user->getResult(0));
      });
      if (!needed)
        continue;
      OpBuilder builder(op);
      const HostTensor &tensor = values[op->getResult(0)];
      Value source = op->getNumOperands() ? op->getOperand(0) : Value();
      std::string hint =
          source ? parameters.nameOf(source, "folded") + ".folded" : std::string("folded");
      Value constant = parameters.write(builder, op->getLoc(), tensor, hint);
      // Result types may be less precise than the value's.
      bool exact = llvm::any_of(
          op->getUsers(), [](Operation *user) { return !isa<MloptDialect>(user->getDialect()); });
      if (exact && constant.getType() != op->getResult(0).getType()) {
        constant.getDefiningOp()->erase();
        continue;
      }
      op->getResult(0).replaceAllUsesWith(constant);
    }
    for (Operation *op : llvm::reverse(folded))
      if (op->use_empty())
        op->erase();
  }

  std::optional<HostTensor> evaluate(Operation &op, llvm::DenseMap<Value, HostTensor> &values,
                                     ParameterTable &parameters) {
    if (!isa<MloptDialect>(op.getDialect()) || op.getNumResults() != 1 || !isPure(&op) ||
        isa<ConstantOp, GetParameterOp, NoneOp, DimOp, ElementOp, LaunchOp, RelayoutOp>(op) ||
        isa<DropoutOp>(op) || // training drops elements of a constant, too
        // What is stored as integers stays so until the phase `quantize` has seen its users.
        (!quantize && isa<QuantizeOp>(op)) || (!widen && isa<DequantizeOp, DequantizeBlockedOp>(op)) ||
        !Evaluator::hasSemantics(op.getName().getStringRef()))
      return std::nullopt;
    auto type = dyn_cast<RankedTensorType>(op.getResult(0).getType());
    if (!type)
      return std::nullopt;
    int64_t operandBytes = 0;
    for (Value operand : op.getOperands()) {
      Operation *def = operand.getDefiningOp();
      if (!def)
        return std::nullopt;
      bool known = values.contains(operand) || isa<NoneOp, ConstantOp, GetParameterOp>(def) ||
                   matchPattern(operand, m_Constant());
      if (!known)
        return std::nullopt;
      if (auto tensor = dyn_cast<RankedTensorType>(operand.getType());
          tensor && tensor.hasStaticShape())
        operandBytes += bytesOf(tensor);
    }
    bool keepsCount = widen && isWidening(&op, type);
    if (operandBytes > (keepsCount ? maxWidenedBytes : maxOperandBytes))
      return std::nullopt;
    if (type.hasStaticShape() && !keepsCount) {
      int64_t bytes = bytesOf(type);
      // A repeated scalar costs nothing where it stands.
      int64_t growth = isa<BroadcastOp>(op) ? int64_t(1024) : int64_t(maxGrowth);
      if (bytes > operandBytes + growth ||
          type.getNumElements() * workPerElement(&op) > maxWork + operandBytes)
        return std::nullopt;
    }
    SmallVector<HostTensor> operands;
    SmallVector<int64_t> sizes;
    for (Value operand : op.getOperands()) {
      if (auto it = values.find(operand); it != values.end()) {
        operands.push_back(it->second);
        continue;
      }
      if (operand.getDefiningOp<NoneOp>()) {
        operands.push_back(HostTensor());
        continue;
      }
      if (operand.getType().isIndex()) {
        APInt size;
        if (!matchPattern(operand, m_ConstantInt(&size)))
          return std::nullopt;
        sizes.push_back(size.getSExtValue());
        continue;
      }
      std::optional<HostTensor> value = parameters.read(operand);
      if (!value)
        return std::nullopt;
      operands.push_back(*value);
    }
    EvaluatorOptions options;
    options.emitErrors = false; // the run reports what is wrong with the model
    options.maxElements = maxOperandBytes;
    Evaluator evaluator(EvaluationMode::Typed, options);
    FailureOr<Evaluator::Tensors> results = evaluator.evaluateOp(&op, operands, sizes);
    if (failed(results) || results->front().isNone() ||
        (!keepsCount &&
         static_cast<int64_t>(results->front().bytes().size()) > operandBytes + maxGrowth))
      return std::nullopt;
    return results->front();
  }
};

} // namespace
