//===- Region.h - Flat regions of tensors -----------------------*- C++ -*-===//
//
// Private to lib/Training. A region is a 1-D f32 tensor that holds tensors one
// after the other, row-major, each at a multiple of 16 elements (64 bytes), with
// zeros between and at the end. Parameters, gradients and each slot of the
// optimizer's state have the same offsets.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_TRAINING_REGION_H
#define MLOPT_LIB_TRAINING_REGION_H

#include "mlopt/IR/Compose/ComposeBuilder.h"

namespace mlopt::training {

struct RegionTensor {
  std::string name;
  mlir::RankedTensorType type; ///< static f32
  int64_t offset = 0;          ///< elements
};

class FlatRegion {
public:
  static constexpr int64_t alignment = 16;

  explicit FlatRegion(llvm::StringRef name) : name(name) {}

  void add(llvm::StringRef tensorName, mlir::RankedTensorType type);
  llvm::StringRef getName() const { return name; }
  llvm::ArrayRef<RegionTensor> getTensors() const { return tensors; }
  bool empty() const { return tensors.empty(); }
  /// tensor<Pxf32>.
  mlir::RankedTensorType getType(mlir::MLIRContext *context) const;

  /// Tensor number `index` of the flat value: a view.
  mlir::Value read(ComposeBuilder &b, mlir::Value flat, size_t index) const;
  /// The flat value of one value per tensor.
  mlir::Value flatten(ComposeBuilder &b, llvm::ArrayRef<mlir::Value> values) const;
  /// The flat value with `number` everywhere but in the padding.
  mlir::Value filled(ComposeBuilder &b, double number) const;

private:
  std::string name;
  llvm::SmallVector<RegionTensor> tensors;
  int64_t size = 0;
};

} // namespace mlopt::training

#endif // MLOPT_LIB_TRAINING_REGION_H
