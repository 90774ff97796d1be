//===- RuleParts.cpp - What several gradient rules are made of ------------===//
#include "RuleParts.h"

using namespace mlir;
using namespace mlopt;

SmallVector<int64_t> autodiff::axesButChannel(int64_t rank) {
  SmallVector<int64_t> axes;
  for (int64_t i = 0; i < rank; ++i)
    if (i != 1)
      axes.push_back(i);
  return axes;
}

Value autodiff::alongChannel(Adjoint &a, Value vector, int64_t rank) {
  if (!vector)
    return vector;
  SymShape shape(rank - 1, a.size(1));
  shape[0] = a.dimOf(vector, 0);
  return a.reshape(vector, shape);
}

Value autodiff::sizeScalar(Adjoint &a, SymExpr size, Type element) {
  if (std::optional<int64_t> known = size.getConstant())
    return a.scalarInt(element, *known);
  return a.cast(a.reshape(a.fromSizes({size}), {}), element);
}

SymExpr autodiff::product(Adjoint &a, ArrayRef<SymExpr> sizes) {
  return numElements(a.getContext(), sizes);
}

bool autodiff::Windows::trivial() const {
  auto is = [](int64_t value) { return [value](int64_t v) { return v == value; }; };
  return llvm::all_of(kernel, is(1)) && llvm::all_of(strides, is(1)) &&
         llvm::all_of(padsBegin, is(0)) && llvm::all_of(padsEnd, is(0));
}

Value autodiff::unfold(Adjoint &a, Value image, const Windows &w) {
  return a.create<UnfoldOp>(image, ArrayRef<int64_t>(w.kernel), ArrayRef<int64_t>(w.strides),
                            ArrayRef<int64_t>(w.padsBegin), ArrayRef<int64_t>(w.padsEnd),
                            ArrayRef<int64_t>(w.dilations));
}

Value autodiff::fold(Adjoint &a, Value windows, ArrayRef<SymExpr> sizes, const Windows &w) {
  SmallVector<int64_t> statics;
  SmallVector<Value> dynamics;
  a.mixed(sizes, statics, dynamics);
  return a.create<FoldOp>(windows, dynamics, ArrayRef<int64_t>(statics),
                          ArrayRef<int64_t>(w.strides), ArrayRef<int64_t>(w.padsBegin),
                          ArrayRef<int64_t>(w.padsEnd), ArrayRef<int64_t>(w.dilations));
}
