//===- CloneModel.cpp - The model inside of another function --------------===//
#include "CloneModel.h"
#include "mlopt/IR/Compose/Random.h"
#include "mlopt/Passes/Autodiff/Adjoint.h"

using namespace mlir;

namespace mlopt::training {

llvm::DenseSet<Operation *> getBackwardSlice(ArrayRef<Value> values) {
  llvm::DenseSet<Operation *> needed;
  SmallVector<Value> open(values);
  while (!open.empty()) {
    Operation *op = open.pop_back_val().getDefiningOp();
    if (op && needed.insert(op).second)
      open.append(op->operand_begin(), op->operand_end());
  }
  return needed;
}

static bool isFloat(Value v) {
  auto type = dyn_cast<RankedTensorType>(v.getType());
  return type && isa<FloatType>(type.getElementType());
}

llvm::DenseSet<Value> findDifferentiable(Value loss, const llvm::DenseSet<Value> &statistics) {
  llvm::DenseSet<Value> reached, arguments;
  SmallVector<Value> open = {loss};
  while (!open.empty()) {
    Value value = open.pop_back_val();
    // Only floating point carries derivatives: an index or a condition ends the path.
    if (!isFloat(value) || !reached.insert(value).second)
      continue;
    Operation *op = value.getDefiningOp();
    if (!op) {
      if (!statistics.contains(value))
        arguments.insert(value);
      continue;
    }
    if (auto rule = dyn_cast<DifferentiableOpInterface>(op);
        rule && rule.isConstantAlmostEverywhere())
      continue;
    open.append(op->operand_begin(), op->operand_end());
  }
  return arguments;
}

/// running * m + batch * (1 - m).
static Value blend(ComposeBuilder &b, Value running, Value batch, double m) {
  return b.add(b.mulScalar(running, m), b.mulScalar(batch, 1 - m));
}

/// Batch normalization with the batch's statistics; its result. The running ones move on.
static Value normalizeBatch(ComposeBuilder &b, BatchNormOp op, ModelCopy &copy) {
  auto in = [&](Value v) { return copy.map.lookup(v); };
  Value x = in(op.getInput());
  SmallVector<Value> results =
      b.createAll<BatchNormTrainingOp>(x, in(op.getScale()), in(op.getBias()), op.getEpsilon());
  if (!results[0])
    return nullptr;
  double m = 0.9;
  if (auto attr = op->getAttrOfType<FloatAttr>("mlopt.momentum"))
    m = attr.getValueAsDouble();
  // The running variance is unbiased: times n / (n - 1) for n elements per channel.
  Type f32 = b.elementOf(results[2]);
  SymShape shape = b.shapeOf(x);
  shape.erase(shape.begin() + 1);
  SymExpr n = numElements(b.getContext(), shape);
  if (n.isConstant(1))
    return b.fail("batch statistics need more than one value per channel");
  auto number = [&](SymExpr e) { return b.cast(b.reshape(b.fromSizes({e}), {}), f32); };
  Value unbiased =
      n.getConstant()
          ? b.mulScalar(results[2], double(*n.getConstant()) / double(*n.getConstant() - 1))
          : b.mul(results[2], b.div(number(n), number(SymExpr::max(n - 1, b.size(1)))));
  Value &mean = copy.running.find(op.getMean())->second;
  mean = blend(b, mean, results[1], m);
  Value &variance = copy.running.find(op.getVariance())->second;
  variance = blend(b, variance, unbiased, m);
  return results[0];
}

/// The stream of the generator that each dropout of a block takes: the number that it was imported
/// with, or the next one that is free. The same whatever of the block is cloned.
static llvm::DenseMap<Operation *, uint32_t> numberStreams(Block &body) {
  llvm::DenseMap<Operation *, uint32_t> streams;
  llvm::DenseSet<int64_t> taken;
  SmallVector<Operation *> rest;
  for (auto dropout : body.getOps<DropoutOp>()) {
    auto given = dropout->getAttrOfType<IntegerAttr>(streamAttrName);
    if (given && given.getType().isSignlessInteger(64) && llvm::isUInt<32>(given.getInt())) {
      streams[dropout] = given.getInt();
      taken.insert(given.getInt());
    } else {
      rest.push_back(dropout);
    }
  }
  int64_t next = 0;
  for (Operation *dropout : rest) {
    while (!taken.insert(next).second)
      ++next;
    streams[dropout] = next;
  }
  return streams;
}

FailureOr<SmallVector<Value>> cloneModel(ComposeBuilder &b, func::FuncOp main,
                                         ArrayRef<unsigned> wanted, ModelCopy &copy) {
  Block &body = main.getBody().front();
  SmallVector<Value> outputs;
  for (unsigned i : wanted)
    outputs.push_back(body.getTerminator()->getOperand(i));
  llvm::DenseSet<Operation *> needed = getBackwardSlice(outputs);
  llvm::DenseMap<Operation *, uint32_t> streams = numberStreams(body);
  for (Operation &op : body.without_terminator()) {
    if (!needed.contains(&op))
      continue;
    ComposeBuilder here(b.getBuilder(), op.getLoc(), b.getShapes());
    Value replaced;
    if (auto dropout = dyn_cast<DropoutOp>(op)) {
      Value x = copy.map.lookup(dropout.getInput());
      replaced = copy.isTraining ? compose::dropout(here, x, dropout.getRatio().convertToDouble(),
                                                    copy.randomKey, streams.lookup(dropout))
                                 : x;
    } else if (auto norm = dyn_cast<BatchNormOp>(op); norm && copy.isTraining &&
                                                      copy.running.contains(norm.getMean()) &&
                                                      copy.running.contains(norm.getVariance())) {
      replaced = normalizeBatch(here, norm, copy);
    } else {
      b.getBuilder().clone(op, copy.map);
      continue;
    }
    if (!replaced) {
      op.emitError("MLO2404: the training form of ")
          << op.getName() << " cannot be made: " << here.getError();
      return failure();
    }
    copy.map.map(op.getResult(0), replaced);
  }
  SmallVector<Value> results;
  for (Value v : outputs)
    results.push_back(copy.map.lookup(v));
  return results;
}

} // namespace mlopt::training
