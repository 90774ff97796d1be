//===- Onnx.h - ONNX models -> the onnx source dialect ----------*- C++ -*-===//
//
// The mechanical half of the frontend: no operator is known here. Input is not trusted: whatever is
// wrong with a model, importOnnx reports it through the context's diagnostic engine (codes MLO1nnn
// and MLO2nnn, ErrorCodes.h) and returns null; it does not throw, abort or hang.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_FRONTEND_ONNX_H
#define MLOPT_FRONTEND_ONNX_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mlopt {

/// Where a model comes from.
struct OnnxSource {
  /// A path, "-" for standard input. The folder of the file is where external data may lie.
  static OnnxSource fromFile(std::string path);
  /// A model in memory (binary or text). `name` stands in messages; `folder` is where external data
  /// may lie, empty for nowhere. The bytes must outlive the call, not the module.
  static OnnxSource fromMemory(llvm::StringRef bytes, std::string name, std::string folder = "");

  std::string path;
  std::string name;
  std::string folder;
  llvm::StringRef bytes;
  bool inMemory = false;
};

/// What a hostile model may not exceed. The defaults are far above real models.
struct ImportLimits {
  uint64_t maxFileBytes = (uint64_t(1) << 31) - 1; // Protobuf's own limit; not to be raised
  uint64_t maxNodes = uint64_t(1) << 20; // all graphs together, after functions are expanded
  unsigned maxGraphDepth = 24;           // subgraphs in subgraphs
  unsigned maxFunctionDepth = 64;        // functions calling functions
  unsigned maxRank = 64;
  uint64_t maxTensorBytes = uint64_t(1) << 40; // of any tensor or of any value whose shape is known
  uint64_t maxDensifiedBytes = uint64_t(1) << 31; // of a sparse tensor made dense
  unsigned maxTextNesting = 128;                  // brackets in brackets in ONNX text
};

/// One dimension as given by --shape: a size, or a name (empty: unknown and unrelated to others).
struct DimSpec {
  int64_t size = -1; // -1: not known
  std::string name;
};

/// An initializer's elements from elsewhere than the model: row-major, little endian, as raw_data
/// of a TensorProto.
struct LoadedWeight {
  int32_t dataType = 0; // of TensorProto
  std::vector<int64_t> dims;
  llvm::ArrayRef<char> bytes;
  std::shared_ptr<void> owner; // keeps `bytes`, which the module refers to where they are many
};

struct ImportOptions {
  ImportLimits limits;
  /// --load-weights: takes the place of the initializers of these names. Type and shape must be the
  /// model's. A name that the model lacks is an error (MLO1061) unless it starts with "optimizer.",
  /// and so is a float initializer of rank >= 1 that the model uses and this lacks (MLO1063).
  std::map<std::string, LoadedWeight> loadedWeights;
  /// Their file, for messages.
  std::string loadedWeightsName;
  /// No error for what `loadedWeights` lacks: those initializers keep the model's elements.
  bool allowMissingWeights = false;
  /// --dim NAME=SIZE: fixes a named dimension everywhere.
  std::map<std::string, int64_t> dims;
  /// --shape INPUT=1x3x?x?: sets an input's shape.
  std::map<std::string, std::vector<DimSpec>> shapes;
  /// Whether the conversion handles (domain "" for the standard one, operator, operator-set version
  /// of the domain). A node for which it says no and whose ONNX schema defines a function is
  /// replaced by that function's body. Unset: nothing is expanded.
  std::function<bool(llvm::StringRef domain, llvm::StringRef opType, int64_t opset)> isSupported;
  /// Models below it are converted up to this version of the standard operator set where ONNX can;
  /// 0: keep the model's own.
  int64_t targetOpset = 27;
  /// Tensors of more bytes than this become dense_resource attributes over the loaded or mapped
  /// bytes.
  uint64_t largeTensorBytes = 1024;
  /// Whether the model is to be trained: every initializer of a float type and rank >= 1 is marked
  /// as a parameter under its own name (OnnxDialect's `onnx.parameter`), whatever its size, and
  /// none of ONNX's passes sees its elements. Initializers that decide shapes (the scales of a
  /// Resize, see Weights.cpp) and Constant nodes stay what they are.
  bool training = false;
  /// With `training`, --train-scalar: patterns of names of initializers of a float type and rank 0
  /// that are parameters too. One that matches none is an error (MLO2406).
  std::vector<std::string> trainedScalars;
};

/// What importing found out besides the module. Filled as far as the import came, also when it
/// failed.
struct ImportReport {
  /// Files read besides the model, as paths that the caller can open (for depfiles); sorted, each
  /// once.
  std::vector<std::string> externalFiles;
  /// For -v: what was adapted or left out, one line each.
  std::vector<std::string> notes;
  /// With ImportOptions::training: names of initializers of a float type and rank 0 that the model
  /// uses and that are no parameters; sorted.
  std::vector<std::string> constantScalars;
  int64_t modelOpset = 0; // of the standard domain, as the file says
  int64_t opset = 0;      // after version conversion
};

/// Imports a model into a module of the form
///
///   module @graph attributes {onnx.graph_name, onnx.ir_version, onnx.opset = {ai.onnx = 27, ...},
///   onnx.producer, onnx.metadata} {
///     func.func @main(%x: tensor<?x3xf32> {onnx.name = "x", mlopt.dims = ["batch", 3]}, ...) ->
///     (... {the same attributes})
///
/// Bodies hold operations of OnnxDialect only. Types: integers as the SPEC of the dialect (signed
/// iN, unsigned uiN, bool i1). Argument and result types are ranked. Types inside are what ONNX's
/// inference found: tensor<*xT> where the rank is not known, none where nothing is,
/// opaque<"onnx", "seq<float>"> and the like for what is no tensor or has an element type that
/// mlopt lacks. What mlopt does not support is no error here: the attribute `onnx.unsupported` of an
/// operation lists it ("MLO2002: ..."), and the conversion reports everything at once in the
/// model's order. The conversion infers again. Large
/// constants are dense_resource attributes whose blob keeps the file's mapping alive; bool is one
/// byte per element, types of 2 and 4 bits are unpacked to one byte per element. `context` needs no
/// dialect registered; func and onnx are loaded.
mlir::OwningOpRef<mlir::ModuleOp> importOnnx(const OnnxSource &source, const ImportOptions &options,
                                             mlir::MLIRContext &context,
                                             ImportReport *report = nullptr);

/// The external files that a model refers to (as paths that the caller can open), without reading
/// them and without importing. Failure as for importOnnx.
mlir::FailureOr<std::vector<std::string>>
listExternalFiles(const OnnxSource &source, const ImportLimits &limits, mlir::MLIRContext &context);

} // namespace mlopt

#endif // MLOPT_FRONTEND_ONNX_H
