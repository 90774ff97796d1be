//===- ConvolutionAttrs.h - Attributes of ONNX convolutions -----*- C++ -*-===//
#ifndef MLOPT_LIB_ONNX_CONVERT_CONVOLUTIONATTRS_H
#define MLOPT_LIB_ONNX_CONVERT_CONVOLUTIONATTRS_H

#include "Conversion.h"

namespace mlopt::onnx {

/// What Conv, ConvTranspose and their integer forms share.
struct ConvAttrs {
  llvm::SmallVector<int64_t> kernel, strides, dilations, extents, begin, end;
  SymShape spatial;
  int64_t groups = 1;
};

/// Reads all but the pads; failure after a diagnostic.
llvm::LogicalResult readConv(Node &n, mlir::Value x, mlir::Value w, ConvAttrs &a);

/// Negative pads crop: x without what they take away, and the pads that are left.
mlir::Value cropNegativePads(Node &n, mlir::Value x, ConvAttrs &a);

} // namespace mlopt::onnx

#endif // MLOPT_LIB_ONNX_CONVERT_CONVOLUTIONATTRS_H
