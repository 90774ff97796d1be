//===- Mlrt.h - The mlrt dialect: the one public header ---------*- C++ -*-===//
#ifndef MLOPT_RT_MLRT_H
#define MLOPT_RT_MLRT_H

#include "mlir/IR/RegionKindInterface.h"
#include "mlopt/IR/Mlopt.h"
#include "llvm/ADT/StringMap.h"

#include "mlopt/RT/MlrtDialect.h.inc"
#define GET_TYPEDEF_CLASSES
#include "mlopt/RT/MlrtTypes.h.inc"
#define GET_ATTRDEF_CLASSES
#include "mlopt/RT/MlrtAttrs.h.inc"
namespace mlopt::rt {
class ReturnOp;
}
#define GET_OP_CLASSES
#include "mlopt/RT/MlrtOps.h.inc"

namespace mlopt::rt {

/// Values of all steps of a program for given symbols and threads, with the
/// symbols themselves and `threads`: what an expression of the program needs.
/// A step that divides by 0 is 0.
llvm::StringMap<int64_t>
evaluateSteps(ProgramOp program, llvm::function_ref<int64_t(SymbolAttr)> symbol, int64_t threads);
/// Value of one size of the program, 0 if it has none.
int64_t evaluateSize(SymExpr size, const llvm::StringMap<int64_t> &values);

} // namespace mlopt::rt

#endif // MLOPT_RT_MLRT_H
