//===- Locations.h - Where a model's node is, and how it prints -*- C++ -*-===//
//
// A node's location is NameLoc(node name, NameLoc(operator, FileLineColLoc(model, index + 1, 0))):
// the outer name is what reports and profiles show. Graph inputs and initialisers have "Input" and
// "Initializer" as their operator.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_FRONTEND_LOCATIONS_H
#define MLOPT_FRONTEND_LOCATIONS_H

#include "mlir/IR/Location.h"

#include <string>

namespace mlopt {

/// The location of node `index` (from 0) of the model `file`. A node without a name should be given
/// its first result's name.
mlir::Location getNodeLocation(mlir::MLIRContext *context, llvm::StringRef file,
                               llvm::StringRef name, llvm::StringRef opType, unsigned index);

/// The location of the whole model, or of a line of ONNX text (`line` from 1).
mlir::Location getFileLocation(mlir::MLIRContext *context, llvm::StringRef file, unsigned line = 0,
                               unsigned column = 0);

/// The parts of a location, however passes have nested or fused it; the first node found where
/// several are fused.
struct NodeLocation {
  llvm::StringRef file;   // empty where unknown
  llvm::StringRef name;   // empty for a whole file
  llvm::StringRef opType; // empty where unknown
  unsigned line = 0;      // of ONNX text or MLIR text; 0 for nodes
  unsigned column = 0;
};
NodeLocation splitLocation(mlir::Location loc);

/// "model.onnx:/encoder/MatMul (MatMul)", "model.onnxtxt:3:5" or "model.onnx"; "<unknown>" where
/// nothing is known.
std::string formatLocation(mlir::Location loc);

/// One diagnostic with its notes as text: "LOCATION: error: MESSAGE\n" and "LOCATION: note: ..."
/// lines. An error that states no code gets `fallbackCode` ("MLO3001: "), unless that is 0.
std::string formatDiagnostic(mlir::Diagnostic &diagnostic, unsigned fallbackCode = 0);

} // namespace mlopt

#endif // MLOPT_FRONTEND_LOCATIONS_H
