//===- Reciprocal.h - Quotients without a subroutine ------------*- C++ -*-===//
//
// div.rn and sqrt.rn of f32 call a subroutine for rare operands, around which
// ptxas keeps fewer registers; where one ulp more is of no matter, these are a
// few instructions without a branch.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_CUDA_RECIPROCAL_H
#define MLOPT_LIB_CUDA_RECIPROCAL_H

#include "GpuBuilder.h"
#include "mlopt/Codegen/ScalarMath.h"

namespace mlopt {

/// 1 / v for f32 (an approximation and one step of Newton; at most 1 ulp for normal v and normal
/// results, infinite for denormal v), correctly rounded for f64. Scalars and vectors.
mlir::Value reciprocal(GpuBuilder &g, ScalarMath &m, mlir::Value v);

/// 1 / sqrt(v) for f32 (at most 2 ulp; +inf for 0, NaN below), in two correctly rounded steps for f64.
mlir::Value inverseSqrt(GpuBuilder &g, ScalarMath &m, mlir::Value v);

} // namespace mlopt

#endif // MLOPT_LIB_CUDA_RECIPROCAL_H
