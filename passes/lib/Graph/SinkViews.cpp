//===- SinkViews.cpp - Views below elementwise operations -----------------===//
//
// A transpose or reshape between an operation and the elementwise ones behind
// it would end the kernel. Transposes sink so that they meet and cancel;
// reshapes that add axes sink so that their input's kernel goes on.
//
//===----------------------------------------------------------------------===//
#include "GraphRules.h"

using namespace mlir;
using namespace mlopt;

/// The operation with other operands, its result type inferred anew.
static Value cloneWith(ComposeBuilder &b, Operation *op, ArrayRef<Value> operands) {
  Operation *clone = op->cloneWithoutRegions();
  clone->setOperands(operands);
  clone->setLoc(b.getLoc());
  auto inferable = cast<InferTypeOpInterface>(clone);
  SmallVector<Type> types;
  if (failed(inferable.inferReturnTypes(op->getContext(), std::nullopt, clone->getOperands(),
                                        clone->getAttrDictionary(), clone->getPropertiesStorage(),
                                        {}, types))) {
    clone->destroy();
    return nullptr;
  }
  clone->getResult(0).setType(types.front());
  b.getBuilder().insert(clone);
  return clone->getResult(0);
}

/// An operand of one element as a scalar; one that is none as it is.
static Value asScalar(ComposeBuilder &b, Value v) {
  return isa<NoneType>(v.getType()) ? v : b.reshape(v, {});
}

/// `v` as an operand under a transpose that has been moved behind the
/// operation; null if it cannot be had for free.
static Value beforeTranspose(ComposeBuilder &b, GraphRewriter &rewriter, Value v,
                             ArrayRef<int64_t> permutation) {
  if (auto transpose = v.getDefiningOp<TransposeOp>())
    if (transpose.getPermutation() == permutation)
      return transpose.getInput();
  SymShape shape = rewriter.shapeOf(v);
  if (isOneElement(shape) && shape.size() <= permutation.size())
    return asScalar(b, v);
  if (!isConstant(v))
    return nullptr;
  // A constant of lower rank gets its leading axes, then is moved once at compile time.
  SymShape padded(permutation.size() - shape.size(), rewriter.size(1));
  llvm::append_range(padded, shape);
  SmallVector<int64_t> inverse = invert(permutation);
  Value full = b.reshape(v, padded);
  if (!movesUnitsOnly(padded, inverse))
    return b.transpose(full, inverse);
  SymShape moved;
  for (int64_t axis : inverse)
    moved.push_back(padded[axis]);
  return b.reshape(full, moved);
}

/// f(transpose(x), ...) = transpose(f(x, ...)). Integers are moved before they become floating point.
static bool sinkTranspose(Operation *op, GraphRewriter &rewriter) {
  if (!isElementwise(op) || isa<DequantizeOp>(op))
    return false;
  TransposeOp transpose;
  for (Value operand : op->getOperands())
    if (auto candidate = operand.getDefiningOp<TransposeOp>();
        candidate && !transpose && !isConstant(candidate.getInput()) &&
        llvm::all_of(operand.getUsers(), [&](Operation *user) { return user == op; }))
      transpose = candidate;
  if (!transpose || rewriter.shapeOf(transpose) != rewriter.shapeOf(op->getResult(0)))
    return false;
  ArrayRef<int64_t> permutation = transpose.getPermutation();
  // First see whether all operands can be had: nothing is built in vain.
  for (Value v : op->getOperands()) {
    auto other = v.getDefiningOp<TransposeOp>();
    if (!(other && other.getPermutation() == permutation) && !isConstant(v) &&
        !isOneElement(rewriter.shapeOf(v)))
      return false;
  }
  ComposeBuilder b = rewriter.before(op);
  SmallVector<Value> operands;
  for (Value v : op->getOperands()) {
    operands.push_back(beforeTranspose(b, rewriter, v, permutation));
    if (!operands.back())
      return false;
  }
  Value result = cloneWith(b, op, operands);
  return result && rewriter.replace(op, b, b.transpose(result, permutation));
}

/// Number of trailing axes that a reshape keeps.
static size_t commonSuffix(ArrayRef<SymExpr> a, ArrayRef<SymExpr> b) {
  size_t n = 0;
  while (n < a.size() && n < b.size() && a[a.size() - 1 - n] == b[b.size() - 1 - n])
    ++n;
  return n;
}

/// f(split(x), y) = split(f(x, merge(y))), where the reshape adds axes.
static bool sinkReshape(Operation *op, GraphRewriter &rewriter) {
  if (!isElementwise(op) || isa<DequantizeOp>(op))
    return false;
  SymShape whole = rewriter.shapeOf(op->getResult(0));
  ReshapeOp reshape;
  for (Value operand : op->getOperands())
    if (auto candidate = operand.getDefiningOp<ReshapeOp>();
        candidate && !reshape && !isConstant(candidate.getInput()) &&
        rewriter.shapeOf(candidate) == whole &&
        rewriter.shapeOf(candidate.getInput()).size() < whole.size() &&
        llvm::all_of(operand.getUsers(), [&](Operation *user) { return user == op; }))
      reshape = candidate;
  if (!reshape)
    return false;
  SymShape inner = rewriter.shapeOf(reshape.getInput());
  size_t suffix = commonSuffix(inner, whole);
  // One-element operands, operands of the unchanged trailing axes, full operands.
  for (Value v : op->getOperands()) {
    SymShape shape = rewriter.shapeOf(v);
    if (shape != whole && !isOneElement(shape) && shape.size() > suffix)
      return false;
  }
  ComposeBuilder b = rewriter.before(op);
  SmallVector<Value> operands;
  for (Value v : op->getOperands()) {
    SymShape shape = rewriter.shapeOf(v);
    operands.push_back(shape == whole        ? b.reshape(v, inner)
                       : isOneElement(shape) ? asScalar(b, v)
                                             : v);
    if (!operands.back())
      return false;
  }
  Value result = cloneWith(b, op, operands);
  return result && rewriter.replace(op, b, b.reshape(result, whole));
}

/// Row operations do not see how the leading axes are divided: norm(split(x)) =
/// split(norm(x)). A softmax also goes before a merge, to where its scores come
/// from, so that an attention is seen.
static bool sinkReshapeBelowRows(Operation *op, GraphRewriter &rewriter) {
  int64_t axis;
  if (auto norm = dyn_cast<LayerNormOp>(op))
    axis = norm.getAxis();
  else if (auto rms = dyn_cast<RmsNormOp>(op))
    axis = rms.getAxis();
  else if (auto softmax = dyn_cast<SoftmaxOp>(op))
    axis = softmax.getAxis();
  else
    return false;
  auto reshape = op->getOperand(0).getDefiningOp<ReshapeOp>();
  if (!reshape)
    return false;
  SymShape inner = rewriter.shapeOf(reshape.getInput()), whole = rewriter.shapeOf(reshape);
  size_t rows = whole.size() - axis;
  bool splits = inner.size() < whole.size();
  if (inner.size() == whole.size() || inner.size() < rows || commonSuffix(inner, whole) < rows ||
      !(splits || isa<SoftmaxOp>(op)) || (isa<SoftmaxOp>(op) && rows != 1))
    return false;
  for (Value operand : op->getOperands().drop_front())
    if (!isa<NoneType>(operand.getType()) && rewriter.shapeOf(operand).size() > rows)
      return false;
  ComposeBuilder b = rewriter.before(op);
  SmallVector<Value> operands(op->getOperands());
  operands[0] = reshape.getInput();
  uint64_t innerAxis = inner.size() - rows;
  Value result;
  if (auto norm = dyn_cast<LayerNormOp>(op))
    result =
        b.create<LayerNormOp>(operands[0], operands[1], operands[2], innerAxis, norm.getEpsilon());
  else if (auto rms = dyn_cast<RmsNormOp>(op))
    result = b.create<RmsNormOp>(operands[0], operands[1], innerAxis, rms.getEpsilon());
  else
    result = b.create<SoftmaxOp>(operands[0], innerAxis, cast<SoftmaxOp>(op).getLog());
  return result && rewriter.replace(op, b, b.reshape(result, whole));
}

/// f(broadcast(x), scalars) = broadcast(f(x, scalars)): less to compute.
static bool sinkBroadcast(Operation *op, GraphRewriter &rewriter) {
  if (!isElementwise(op))
    return false;
  BroadcastOp broadcast;
  for (Value v : op->getOperands()) {
    auto candidate = v.getDefiningOp<BroadcastOp>();
    if (isOneElement(rewriter.shapeOf(v)))
      continue;
    if (!candidate || broadcast)
      return false;
    broadcast = candidate;
  }
  SymShape whole = rewriter.shapeOf(op->getResult(0));
  if (!broadcast || rewriter.shapeOf(broadcast) != whole)
    return false;
  ComposeBuilder b = rewriter.before(op);
  SmallVector<Value> operands;
  for (Value v : op->getOperands())
    operands.push_back(v == broadcast.getResult() ? broadcast.getInput() : asScalar(b, v));
  Value result = cloneWith(b, op, operands);
  return result && rewriter.replace(op, b, b.broadcast(result, whole));
}

/// f(broadcast(x), y) = f(x, y) where the result has its shape without it.
static bool dropBroadcastOperand(Operation *op, GraphRewriter &rewriter) {
  // The result of these has the shape of their first operand.
  if (!isElementwise(op) || op->getNumOperands() < 2 || isa<QuantizeOp, DequantizeOp>(op))
    return false;
  SymShape whole = rewriter.shapeOf(op->getResult(0));
  for (OpOperand &operand : op->getOpOperands()) {
    auto broadcast = operand.get().getDefiningOp<BroadcastOp>();
    if (!broadcast)
      continue;
    SymShape shape = rewriter.shapeOf(broadcast.getInput());
    bool same = true;
    for (OpOperand &other : op->getOpOperands())
      if (&other != &operand) {
        FailureOr<SymShape> next = ::mlopt::detail::broadcastShapes(
            shape, rewriter.shapeOf(other.get()), op->getContext(), std::nullopt);
        same &= succeeded(next);
        if (!same)
          break;
        shape = *next;
      }
    if (!same || shape != whole)
      continue;
    // The operation stays: its value and shape are the same.
    operand.set(broadcast.getInput());
    return true;
  }
  return false;
}

ArrayRef<GraphRule> mlopt::getSinkRules() {
  static const GraphRule rules[] = {sinkTranspose, sinkReshape, sinkReshapeBelowRows,
                                    dropBroadcastOperand, sinkBroadcast};
  return rules;
}
