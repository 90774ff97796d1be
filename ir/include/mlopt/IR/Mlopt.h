//===- Mlopt.h - The mlopt dialect: the one public header -------*- C++ -*-===//
#ifndef MLOPT_IR_MLOPT_H
#define MLOPT_IR_MLOPT_H

#include "mlopt/IR/ShapeInference.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "mlopt/IR/MloptDialect.h.inc"
#include "mlopt/IR/MloptEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "mlopt/IR/MloptAttrs.h.inc"
#include "mlopt/IR/MloptInterfaces.h.inc"

#define GET_OP_CLASSES
#include "mlopt/IR/StructureOps.h.inc"
#define GET_OP_CLASSES
#include "mlopt/IR/ElementwiseOps.h.inc"
#define GET_OP_CLASSES
#include "mlopt/IR/ReductionOps.h.inc"
#define GET_OP_CLASSES
#include "mlopt/IR/ContractionOps.h.inc"
#define GET_OP_CLASSES
#include "mlopt/IR/ConvolutionOps.h.inc"
#define GET_OP_CLASSES
#include "mlopt/IR/PoolingOps.h.inc"
#define GET_OP_CLASSES
#include "mlopt/IR/NormalizationOps.h.inc"
#define GET_OP_CLASSES
#include "mlopt/IR/AttentionOps.h.inc"
#define GET_OP_CLASSES
#include "mlopt/IR/ShapeOps.h.inc"
#define GET_OP_CLASSES
#include "mlopt/IR/IndexingOps.h.inc"
#define GET_OP_CLASSES
#include "mlopt/IR/RecurrentOps.h.inc"
#define GET_OP_CLASSES
#include "mlopt/IR/TrainingOps.h.inc"
#define GET_OP_CLASSES
#include "mlopt/IR/QuantizeOps.h.inc"

#endif // MLOPT_IR_MLOPT_H
