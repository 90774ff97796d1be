//===- Region.cpp - Flat regions of tensors -------------------------------===//
#include "Region.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace mlopt::training {

void FlatRegion::add(StringRef tensorName, RankedTensorType type) {
  tensors.push_back({tensorName.str(), type, size});
  size += llvm::alignTo(type.getNumElements(), alignment);
}

RankedTensorType FlatRegion::getType(MLIRContext *context) const {
  return RankedTensorType::get({size}, Float32Type::get(context));
}

Value FlatRegion::read(ComposeBuilder &b, Value flat, size_t index) const {
  const RegionTensor &t = tensors[index];
  Value piece = b.sliceAxis(flat, 0, b.size(t.offset), b.size(t.type.getNumElements()));
  return b.reshape(piece, b.sizesOf(t.type.getShape()));
}

Value FlatRegion::flatten(ComposeBuilder &b, ArrayRef<Value> values) const {
  SmallVector<Value> pieces;
  for (auto [t, value] : llvm::zip_equal(tensors, values)) {
    int64_t elements = t.type.getNumElements();
    Value piece = b.reshape(value, b.sizesOf({elements}));
    int64_t padding = llvm::alignTo(elements, alignment) - elements;
    if (padding)
      piece = b.pad(piece, b.scalar(t.type.getElementType(), 0), {b.size(0)}, {b.size(padding)},
                    PadMode::constant);
    pieces.push_back(piece);
  }
  return b.concat(pieces, 0);
}

Value FlatRegion::filled(ComposeBuilder &b, double number) const {
  Type f32 = b.getBuilder().getF32Type();
  if (number == 0)
    return b.broadcast(b.scalar(f32, 0), b.sizesOf({size}));
  SmallVector<Value> values;
  for (const RegionTensor &t : tensors)
    values.push_back(b.broadcast(b.scalar(f32, number), b.sizesOf(t.type.getShape())));
  return flatten(b, values);
}

} // namespace mlopt::training
