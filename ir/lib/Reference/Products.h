//===- Products.h - Loops that float and integer products share ---*- C++ -*-===//
#ifndef MLOPT_LIB_REFERENCE_PRODUCTS_H
#define MLOPT_LIB_REFERENCE_PRODUCTS_H

#include "Evaluation.h"

namespace mlopt::reference {

/// A product of two (batches of) matrices.
struct MatrixProduct {
  bool transposeA, transposeB;
  int64_t m, n, k;
  Shape batch;              ///< of the result
  Shape stridesA, stridesB; ///< along the batch axes
  Shape shape;              ///< of the result
};

/// Failure, with the error kept in `e`, if the shapes do not go together.
llvm::FailureOr<MatrixProduct> planProduct(Evaluation &e, llvm::ArrayRef<int64_t> shapeA,
                                           llvm::ArrayRef<int64_t> shapeB, bool transposeA,
                                           bool transposeB);

/// c += a * b, all row-major. T is double, or uint64_t, in which integers wrap.
template <typename T>
void multiplyAll(const MatrixProduct &p, llvm::ArrayRef<T> a, llvm::ArrayRef<T> b,
                 llvm::MutableArrayRef<T> c);
extern template void multiplyAll<double>(const MatrixProduct &, llvm::ArrayRef<double>,
                                         llvm::ArrayRef<double>, llvm::MutableArrayRef<double>);
extern template void multiplyAll<uint64_t>(const MatrixProduct &, llvm::ArrayRef<uint64_t>,
                                           llvm::ArrayRef<uint64_t>,
                                           llvm::MutableArrayRef<uint64_t>);

/// Geometry of a convolution: its spatial axes, and the rest.
struct Convolution {
  Shape input, kernel, output;
  Shape strides, padsBegin, dilations;
  int64_t batch, channels, filters, perGroup, groups;
  /// Of the result.
  Shape shape() const;
};

/// Failure, with the error kept in `e`, if the channels do not go with the groups.
llvm::FailureOr<Convolution>
planConvolution(Evaluation &e, llvm::ArrayRef<int64_t> input, llvm::ArrayRef<int64_t> filter,
                llvm::ArrayRef<int64_t> strides, llvm::ArrayRef<int64_t> padsBegin,
                llvm::ArrayRef<int64_t> padsEnd, llvm::ArrayRef<int64_t> dilations, int64_t groups);

/// y += the convolution of x with the filter w, padding counting as 0.
void convolve(const Convolution &c, llvm::ArrayRef<double> x, llvm::ArrayRef<double> w,
              llvm::MutableArrayRef<double> y);

} // namespace mlopt::reference

#endif // MLOPT_LIB_REFERENCE_PRODUCTS_H
