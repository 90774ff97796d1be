//===- RaiseAttention.cpp - softmax(Q K^T + mask) V -----------------------===//
//
// Looks at the product with V and goes back: the guard against rows without
// keys, softmax, mask, scale, the product with K. Transposes between
// [batch, sequence, heads, depth] and [batch, heads, sequence, depth] become
// the operation's layouts.
//
//===----------------------------------------------------------------------===//
#include "GraphRules.h"
#include <cmath>

using namespace mlir;
using namespace mlopt;

namespace {
struct AttentionMatch {
  Value query, key, value, mask;
  bool keyTransposed = false; // `key` is [.., depth, sequence]
  double scale = 1;
  bool zeroMaskedRows = false;
  SmallVector<Operation *> ops;
};
} // namespace

/// Goes through multiplications and divisions by one-element constants, which
/// also commute with transposes; `scale` takes them.
static Value stripScale(Value v, double &scale, GraphRewriter &rewriter,
                        SmallVectorImpl<Operation *> &ops) {
  while (Operation *op = v.getDefiningOp()) {
    if (!v.hasOneUse())
      break;
    Value inner;
    double factor = 1;
    if (auto mul = dyn_cast<MulOp>(op)) {
      for (unsigned i = 0; i < 2 && !inner; ++i)
        if (std::optional<double> scalar = rewriter.scalarOf(op->getOperand(i))) {
          inner = op->getOperand(1 - i);
          factor = *scalar;
        }
    } else if (auto div = dyn_cast<DivOp>(op)) {
      if (std::optional<double> scalar = rewriter.scalarOf(div.getRhs()); scalar && *scalar != 0) {
        inner = div.getLhs();
        factor = 1 / *scalar;
      }
    }
    if (!inner || rewriter.shapeOf(inner) != rewriter.shapeOf(v))
      break;
    scale *= factor;
    ops.push_back(op);
    v = inner;
  }
  return v;
}

/// As `stripScale`, also from behind one transpose; `permutation` is that of
/// the transpose (identity without one).
static Value stripScaleAndTranspose(Value v, double &scale, SmallVectorImpl<int64_t> &permutation,
                                    GraphRewriter &rewriter, SmallVectorImpl<Operation *> &ops) {
  v = stripScale(v, scale, rewriter, ops);
  permutation.clear();
  if (auto transpose = v.getDefiningOp<TransposeOp>()) {
    permutation.assign(transpose.getPermutation().begin(), transpose.getPermutation().end());
    double behind = 1;
    SmallVector<Operation *> more;
    Value inner = v.hasOneUse() ? stripScale(transpose.getInput(), behind, rewriter, more)
                                : transpose.getInput();
    scale *= behind;
    llvm::append_range(ops, more);
    ops.push_back(transpose);
    return inner;
  }
  int64_t rank = cast<RankedTensorType>(v.getType()).getRank();
  for (int64_t i = 0; i < rank; ++i)
    permutation.push_back(i);
  return v;
}

/// Finite for sure, so that a sum with scores is no -inf everywhere.
static bool isFinite(Value v, GraphRewriter &rewriter, unsigned depth = 0) {
  Operation *def = v.getDefiningOp();
  if (!def || depth > 8)
    return false;
  if (isa<BroadcastOp, ReshapeOp, TransposeOp, SliceOp>(def))
    return isFinite(def->getOperand(0), rewriter, depth + 1);
  if (auto select = dyn_cast<SelectOp>(def))
    return isFinite(select.getOnTrue(), rewriter, depth + 1) &&
           isFinite(select.getOnFalse(), rewriter, depth + 1);
  std::optional<HostTensor> constant = rewriter.constantOf(v);
  if (!constant || !constant->isFloat())
    return false;
  for (int64_t i = 0; i < constant->getNumElements(); ++i)
    if (!std::isfinite(constant->getDouble(i)))
      return false;
  return true;
}

/// A constant mask in which each row has a finite element and none is NaN.
static bool leavesAKey(Value v, GraphRewriter &rewriter) {
  std::optional<HostTensor> constant = rewriter.constantOf(v);
  if (!constant || !constant->isFloat() || constant->getRank() == 0)
    return false;
  int64_t row = constant->getShape().back();
  for (int64_t i = 0; i < constant->getNumElements(); i += row) {
    bool some = false;
    for (int64_t j = 0; j < row; ++j) {
      double value = constant->getDouble(i + j);
      if (std::isnan(value) || value == INFINITY)
        return false;
      some |= std::isfinite(value);
    }
    if (!some)
      return false;
  }
  return true;
}

/// A constant mask that is 0 where a query may see a key (up to its own
/// position, counted from the end) and hides all else. Scores are far below
/// 1e30, so what it hides has probability 0 exactly.
static bool isCausal(Value v, SymExpr queries, SymExpr keys, GraphRewriter &rewriter) {
  std::optional<HostTensor> constant = rewriter.constantOf(v);
  if (!constant || !constant->isFloat() || constant->getRank() < 2)
    return false;
  int64_t rank = constant->getRank(), rows = constant->getShape()[rank - 2],
          columns = constant->getShape()[rank - 1];
  if (!queries.isConstant(rows) || !keys.isConstant(columns) || rows > columns)
    return false;
  for (int64_t i = 0; i < constant->getNumElements(); ++i) {
    int64_t column = i % columns, row = i / columns % rows;
    double value = constant->getDouble(i);
    if (column <= row + columns - rows ? value != 0 : !(value <= -1e30))
      return false;
  }
  return true;
}

/// [select(is_nan(p), 0, p)] of softmax, or softmax itself.
static SoftmaxOp matchProbabilities(Value v, AttentionMatch &match, GraphRewriter &rewriter) {
  if (auto select = singleUse<SelectOp>(v)) {
    auto isNan = select.getCondition().getDefiningOp<IsNanOp>();
    Value inner = select.getOnFalse();
    if (!isNan || isNan.getInput() != inner || rewriter.splatOf(select.getOnTrue()) != 0.0 ||
        !llvm::all_of(inner.getUsers(),
                      [&](Operation *user) { return user == select || user == isNan; }))
      return {};
    match.zeroMaskedRows = true;
    match.ops.push_back(select);
    match.ops.push_back(isNan);
    return inner.getDefiningOp<SoftmaxOp>();
  }
  auto softmax = v.getDefiningOp<SoftmaxOp>();
  if (softmax && !v.hasOneUse()) {
    refuse(softmax, "attention not raised", "the probabilities have other uses");
    return {};
  }
  return softmax;
}

/// scores [+ mask], [scaled], back to the product with K.
static MatmulOp matchScores(Value v, AttentionMatch &match, GraphRewriter &rewriter) {
  v = stripScale(v, match.scale, rewriter, match.ops);
  if (match.scale != 1)
    return v.hasOneUse() ? v.getDefiningOp<MatmulOp>()
                         : MatmulOp(); // scale * (scores + mask) is another thing
  if (auto add = singleUse<AddOp>(v)) {
    for (unsigned i = 0; i < 2; ++i) {
      double scale = 1;
      SmallVector<Operation *> ops;
      Value scores = stripScale(add->getOperand(i), scale, rewriter, ops);
      auto matmul = scores.hasOneUse() ? scores.getDefiningOp<MatmulOp>() : MatmulOp();
      if (!matmul || rewriter.shapeOf(scores) != rewriter.shapeOf(v))
        continue;
      match.scale = scale;
      match.mask = add->getOperand(1 - i);
      match.ops.push_back(add);
      llvm::append_range(match.ops, ops);
      return matmul;
    }
    return {};
  }
  // where(visible, scores, -inf)
  if (auto select = singleUse<SelectOp>(v);
      select && rewriter.splatOf(select.getOnFalse()) == -INFINITY) {
    Value scores = stripScale(select.getOnTrue(), match.scale, rewriter, match.ops);
    if (!scores.hasOneUse() || rewriter.shapeOf(scores) != rewriter.shapeOf(v))
      return {};
    match.mask = select.getCondition();
    match.ops.push_back(select);
    return scores.getDefiningOp<MatmulOp>();
  }
  return v.hasOneUse() ? v.getDefiningOp<MatmulOp>() : MatmulOp();
}

/// The operand as the operation takes it. `permutation` leads from `source` to
/// [batch, heads, sequence, depth].
static Value toLayout(ComposeBuilder &b, Value source, ArrayRef<int64_t> permutation,
                      SmallVectorImpl<StringRef> &layouts) {
  static constexpr int64_t headMajor[] = {0, 1, 2, 3}, sequenceMajor[] = {0, 2, 1, 3};
  if (permutation == ArrayRef<int64_t>(sequenceMajor)) {
    layouts.push_back("bshd");
    return source;
  }
  layouts.push_back("bhsd");
  return permutation == ArrayRef<int64_t>(headMajor) ? source : b.transpose(source, permutation);
}

static bool raiseAttention(Operation *op, GraphRewriter &rewriter) {
  auto product = dyn_cast<MatmulOp>(op);
  if (!product || product.getTransposeA() || product.getTransposeB() || !isFloat(op->getResult(0)))
    return false;
  AttentionMatch match;
  SoftmaxOp softmax = matchProbabilities(product.getLhs(), match, rewriter);
  if (!softmax)
    return false;
  SymShape shape = rewriter.shapeOf(softmax);
  size_t rank = shape.size();
  if (softmax.getLog() || softmax.getAxis() + 1 != rank) {
    refuse(op, "attention not raised", "the softmax does not run over the keys");
    return false;
  }
  MatmulOp scores = matchScores(softmax.getInput(), match, rewriter);
  if (!scores) {
    refuse(op, "attention not raised",
           "the scores are not one scaled product plus a mask, or have other uses");
    return false;
  }
  if (rank != 4 && rank != 3) {
    refuse(op, "attention not raised", "expects scores of rank 3 or 4, got rank " + Twine(rank));
    return false;
  }
  if (scores.getTransposeA() || isConstant(scores.getRhs()) || isConstant(product.getRhs())) {
    refuse(op, "attention not raised",
           "keys, queries or values are constant, or queries are transposed");
    return false;
  }
  SmallVector<int64_t> qPermutation, kPermutation, vPermutation;
  match.query =
      stripScaleAndTranspose(scores.getLhs(), match.scale, qPermutation, rewriter, match.ops);
  match.key =
      stripScaleAndTranspose(scores.getRhs(), match.scale, kPermutation, rewriter, match.ops);
  Value values = product.getRhs();
  if (auto transpose = values.getDefiningOp<TransposeOp>()) {
    match.value = transpose.getInput();
    vPermutation.assign(transpose.getPermutation().begin(), transpose.getPermutation().end());
  } else {
    match.value = values;
    for (size_t i = 0; i < rank; ++i)
      vPermutation.push_back(i);
  }
  if (!std::isfinite(match.scale))
    return false;
  // Without the flag the right operand is K^T: swap its last two axes.
  if (!scores.getTransposeB())
    std::swap(kPermutation[rank - 2], kPermutation[rank - 1]);
  for (Value operand : {match.query, match.key, match.value})
    if (static_cast<size_t>(cast<RankedTensorType>(operand.getType()).getRank()) != rank) {
      refuse(op, "attention not raised", "queries, keys and values have different ranks");
      return false;
    }
  auto permuted = [&](Value v, ArrayRef<int64_t> permutation) {
    SymShape in = rewriter.shapeOf(v), out;
    for (int64_t axis : permutation)
      out.push_back(in[axis]);
    return out;
  };
  SymShape q = permuted(match.query, qPermutation), k = permuted(match.key, kPermutation),
           v = permuted(match.value, vPermutation);
  if (q[0] != k[0] || q[0] != v[0] || q[rank - 3] != k[rank - 3] || q[rank - 3] != v[rank - 3] ||
      q[rank - 1] != k[rank - 1] || k[rank - 2] != v[rank - 2]) {
    refuse(op, "attention not raised", "sizes of queries, keys and values are not provably equal");
    return false;
  }

  ComposeBuilder b = rewriter.before(op, match.ops);
  SmallVector<StringRef> layouts;
  auto operand = [&](Value source, ArrayRef<int64_t> permutation) {
    if (rank == 4)
      return toLayout(b, source, permutation, layouts);
    // [batch, sequence, depth] is one head.
    layouts.push_back("bhsd");
    return b.unsqueeze(b.transpose(source, permutation), {1});
  };
  Value query = operand(match.query, qPermutation), key = operand(match.key, kPermutation),
        value = operand(match.value, vPermutation);

  Value mask = match.mask;
  bool causal = false;
  if (mask && isCausal(mask, q[rank - 2], k[rank - 2], rewriter)) {
    causal = true;
    mask = nullptr;
  }
  // The guard is for rows that see no key; it costs nothing where there are none.
  if (!mask || isFinite(mask, rewriter) || leavesAKey(mask, rewriter))
    match.zeroMaskedRows = false;
  if (mask && rank == 3 && rewriter.shapeOf(mask).size() == 3)
    mask = b.unsqueeze(mask, {1});

  // A result that goes on sequence-major is written so.
  TransposeOp out;
  if (rank == 4 && product->hasOneUse())
    if ((out = dyn_cast<TransposeOp>(*op->getUsers().begin())))
      if (out.getPermutation() != ArrayRef<int64_t>({0, 2, 1, 3}))
        out = {};
  layouts.push_back(out ? "bshd" : "bhsd");
  OpBuilder &builder = rewriter.getBuilder();
  Value result =
      b.create<AttentionOp>(query, key, value, mask ? mask : b.none(),
                            builder.getF64FloatAttr(match.scale), builder.getStrArrayAttr(layouts),
                            builder.getBoolAttr(causal), builder.getBoolAttr(match.zeroMaskedRows));
  if (!result) {
    refuse(op, "attention not raised", b.getError());
    return false;
  }
  if (rank == 3)
    result = b.squeeze(result, {1});
  return rewriter.replace(out ? out.getOperation() : op, b, result);
}

/// attention(view(x * c), ...) = attention(view(x), ...) with c in the scale.
static bool takeScale(Operation *op, GraphRewriter &rewriter) {
  auto attention = dyn_cast<AttentionOp>(op);
  if (!attention)
    return false;
  for (unsigned i = 0; i < 2; ++i) {
    // Down through the views that only this operation uses ...
    SmallVector<Operation *> views, scales;
    Value v = op->getOperand(i);
    while (isa_and_nonnull<ReshapeOp, TransposeOp>(v.getDefiningOp()) && v.hasOneUse()) {
      views.push_back(v.getDefiningOp());
      v = views.back()->getOperand(0);
    }
    double scale = attention.getScale().convertToDouble();
    Value inner = stripScale(v, scale, rewriter, scales);
    if (inner == v || !std::isfinite(scale))
      continue;
    // ... and up again.
    ComposeBuilder b = rewriter.before(op, scales);
    for (Operation *view : llvm::reverse(views))
      if (auto transpose = dyn_cast<TransposeOp>(view))
        inner = b.transpose(inner, transpose.getPermutation());
      else
        inner = b.reshape(inner, rewriter.shapeOf(view->getResult(0)));
    if (!inner)
      return false;
    op->setOperand(i, inner);
    attention.setScaleAttr(rewriter.getBuilder().getF64FloatAttr(scale));
    return true;
  }
  return false;
}

ArrayRef<GraphRule> mlopt::getAttentionRules() {
  static const GraphRule rules[] = {raiseAttention, takeScale};
  return rules;
}
