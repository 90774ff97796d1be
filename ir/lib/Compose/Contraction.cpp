//===- Contraction.cpp - Products of tensors as compositions --------------===//
#include "mlopt/IR/Compose/Contraction.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace mlopt::compose {

Value matmul(ComposeBuilder &b, Value lhs, Value rhs) {
  if (!lhs || !rhs)
    return nullptr;
  if (b.rankOf(lhs) == 0 || b.rankOf(rhs) == 0)
    return b.fail("a scalar is no operand of a matrix product");
  bool isRow = b.rankOf(lhs) == 1, isColumn = b.rankOf(rhs) == 1;
  Value product = b.create<MatmulOp>(isRow ? b.unsqueeze(lhs, {0}) : lhs,
                                     isColumn ? b.unsqueeze(rhs, {1}) : rhs, false, false);
  if (!product)
    return product;
  int64_t rank = b.rankOf(product);
  if (isColumn)
    product = b.squeeze(product, {rank - 1});
  if (isRow && product)
    product = b.squeeze(product, {rank - 2});
  return product;
}

namespace {

/// A tensor with a distinct label per axis.
struct Labelled {
  Value value;
  SmallVector<int64_t> labels;
};

/// Keeps the diagonal of labels that stand twice.
Labelled takeDiagonals(ComposeBuilder &b, Labelled t) {
  Type index = b.getBuilder().getI64Type();
  for (size_t i = 0; i < t.labels.size() && t.value; ++i) {
    for (size_t j = i + 1; j < t.labels.size() && t.value;) {
      if (t.labels[i] != t.labels[j]) {
        ++j;
        continue;
      }
      int64_t rank = t.labels.size();
      SymShape shape = b.shapeOf(t.value);
      Value onDiagonal = b.compare(ComparePredicate::eq, b.iotaAlong(index, shape[i], i, rank),
                                   b.iotaAlong(index, shape[j], j, rank));
      t.value = b.select(onDiagonal, t.value, b.scalarInt(b.elementOf(t.value), 0));
      t.value = b.reduce(t.value, ReduceKind::sum, {static_cast<int64_t>(j)}, /*keepdims=*/false);
      t.labels.erase(t.labels.begin() + j);
    }
  }
  return t;
}

Labelled sumOut(ComposeBuilder &b, Labelled t, llvm::function_ref<bool(int64_t)> isKept) {
  SmallVector<int64_t> axes, kept;
  for (auto [i, label] : llvm::enumerate(t.labels))
    isKept(label) ? kept.push_back(label) : axes.push_back(i);
  if (!axes.empty())
    t.value = b.reduce(t.value, ReduceKind::sum, axes, /*keepdims=*/false);
  t.labels = kept;
  return t;
}

/// Transposes to the order of `labels` (the same set).
Value toOrder(ComposeBuilder &b, const Labelled &t, ArrayRef<int64_t> labels) {
  SmallVector<int64_t> permutation;
  for (int64_t label : labels)
    permutation.push_back(llvm::find(t.labels, label) - t.labels.begin());
  return b.transpose(t.value, permutation);
}

/// Takes out of `t` the axes of size 1 whose label stands for another size in `other`: they
/// broadcast, as in NumPy.
void dropBroadcastAxes(ComposeBuilder &b, Labelled &t, const Labelled &other) {
  SymShape own = b.shapeOf(t.value), others = b.shapeOf(other.value);
  SmallVector<int64_t> axes, kept;
  for (auto [i, label] : llvm::enumerate(t.labels)) {
    size_t j = llvm::find(other.labels, label) - other.labels.begin();
    bool broadcasts =
        j < others.size() && own[i].isConstant(1) && !others[j].isConstant(1);
    broadcasts ? axes.push_back(i) : kept.push_back(label);
  }
  if (!axes.empty())
    t = {b.squeeze(t.value, axes), kept};
}

/// Product of two tensors over the labels that nobody needs later, as one batched matrix product.
Labelled contract(ComposeBuilder &b, Labelled l, Labelled r,
                  llvm::function_ref<bool(int64_t)> isKept) {
  if (!l.value || !r.value)
    return {nullptr, {}};
  dropBroadcastAxes(b, l, r);
  dropBroadcastAxes(b, r, l);
  if (!l.value || !r.value)
    return {nullptr, {}};
  SmallVector<int64_t> batch, summed, left, right;
  llvm::SmallDenseMap<int64_t, SymExpr> sizes;
  SymShape ls = b.shapeOf(l.value), rs = b.shapeOf(r.value);
  for (auto [i, label] : llvm::enumerate(r.labels))
    sizes[label] = rs[i];
  for (auto [i, label] : llvm::enumerate(l.labels)) {
    bool inBoth = llvm::is_contained(r.labels, label);
    sizes[label] = ls[i];
    (inBoth ? (isKept(label) ? batch : summed) : left).push_back(label);
  }
  for (int64_t label : r.labels)
    if (!llvm::is_contained(l.labels, label))
      right.push_back(label);
  auto concat = [](std::initializer_list<ArrayRef<int64_t>> parts) {
    SmallVector<int64_t> all;
    for (ArrayRef<int64_t> part : parts)
      all.append(part.begin(), part.end());
    return all;
  };
  auto product = [&](ArrayRef<int64_t> labels) {
    SymShape shape;
    for (int64_t label : labels)
      shape.push_back(sizes[label]);
    return numElements(b.getContext(), shape);
  };
  SymShape out;
  Labelled result;
  result.labels = concat({batch, left, right});
  for (int64_t label : result.labels)
    out.push_back(sizes[label]);
  SymShape lead;
  for (int64_t label : batch)
    lead.push_back(sizes[label]);
  auto with = [&](SymExpr x, SymExpr y) {
    SymShape shape = lead;
    shape.push_back(x);
    shape.push_back(y);
    return shape;
  };
  Value a =
      b.reshape(toOrder(b, l, concat({batch, left, summed})), with(product(left), product(summed)));
  Value c = b.reshape(toOrder(b, r, concat({batch, summed, right})),
                      with(product(summed), product(right)));
  // Without a sum a product of each pair is cheaper than a matrix product of depth one.
  Value value = summed.empty() ? b.mul(a, c) : b.create<MatmulOp>(a, c, false, false);
  result.value = b.reshape(value, out);
  return result;
}

} // namespace

Value einsum(ComposeBuilder &b, ArrayRef<Value> operands, ArrayRef<SmallVector<int64_t>> labels,
             ArrayRef<int64_t> result) {
  SmallVector<Labelled> tensors;
  for (auto [value, names] : llvm::zip_equal(operands, labels)) {
    if (!value)
      return nullptr;
    if (b.rankOf(value) != static_cast<int64_t>(names.size()))
      return b.fail("an operand has rank " + Twine(b.rankOf(value)) + ", the equation says " +
                    Twine(names.size()));
    tensors.push_back(takeDiagonals(b, {value, names}));
  }
  if (tensors.empty())
    return b.fail("there are no operands");
  auto isNeeded = [&](int64_t label, size_t from) {
    if (llvm::is_contained(result, label))
      return true;
    for (size_t i = from; i < tensors.size(); ++i)
      if (llvm::is_contained(tensors[i].labels, label))
        return true;
    return false;
  };
  Labelled total = tensors[0];
  total = sumOut(b, total, [&](int64_t label) { return isNeeded(label, 1); });
  for (size_t i = 1; i < tensors.size(); ++i) {
    Labelled next = tensors[i];
    next = sumOut(b, next, [&](int64_t label) {
      return llvm::is_contained(total.labels, label) || isNeeded(label, i + 1);
    });
    total = contract(b, total, next, [&](int64_t label) { return isNeeded(label, i + 1); });
    if (!total.value)
      return nullptr;
    total = sumOut(b, total, [&](int64_t label) { return isNeeded(label, i + 1); });
  }
  if (total.labels.size() != result.size())
    return b.fail("a label of the result stands in no operand, or twice");
  return toOrder(b, total, result);
}

} // namespace mlopt::compose
