//===- Importer.h - Parts of the ONNX importer (internal) -------*- C++ -*-===//
//
// Order of the work (importOnnx): read -> parse -> own limits -> sparse initialisers made dense ->
// external data mapped -> large initialisers taken out, leaving typed graph inputs -> model-local
// functions inlined -> checker -> version conversion -> functions of the schemas inlined -> shape
// inference -> operations built, weights put back by name. Taking the weights out first means that
// none of ONNX's passes ever copies one.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_FRONTEND_ONNX_IMPORTER_H
#define MLOPT_FRONTEND_ONNX_IMPORTER_H

#include "mlopt/Frontend/ErrorCodes.h"
#include "mlopt/Frontend/Onnx.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

#include "onnx/onnx_pb.h"

#include <memory>
#include <set>
#include <stdexcept>
#include <unordered_map>

namespace mlopt::onnx_import {

using llvm::ArrayRef;
using llvm::StringRef;

/// Domain that stands in for nodes of a known domain whose operator the ONNX library does not know,
/// so that its checker and version converter let them pass; replaced when operations are built.
inline constexpr const char *unregisteredPrefix = "mlopt.unregistered";

/// Attribute of a Split that came from a version below 18: the parts are equal.
inline constexpr const char *equalPartsAttr = "mlopt.equal_parts";

/// Ends the import with one diagnostic. Thrown and caught inside the importer only.
struct Failure : std::runtime_error {
  Failure(unsigned code, const std::string &message) : std::runtime_error(message), code(code) {}
  Failure &at(StringRef nodeName, StringRef op) {
    name = nodeName.str();
    opType = op.str();
    return *this;
  }
  Failure &atLine(unsigned textLine, unsigned textColumn) {
    line = textLine;
    column = textColumn;
    return *this;
  }
  /// Another problem of the model, to be reported after this one.
  Failure &also(Failure other) {
    others.push_back(std::move(other));
    return *this;
  }
  Failure &note(std::string text) {
    notes.push_back(std::move(text));
    return *this;
  }
  unsigned code;
  std::string name, opType;
  unsigned line = 0, column = 0;
  std::vector<std::string> notes;
  std::vector<Failure> others;
};

/// "node" for messages: the node's name, else its first result's.
std::string getNodeName(const onnx::NodeProto &node);
/// The failure of `code` placed at `node`.
Failure failAt(const onnx::NodeProto &node, unsigned code, const std::string &message);

/// Bytes that somebody keeps alive.
struct Bytes {
  ArrayRef<char> data;
  std::shared_ptr<void> owner;
};

//===- Source.cpp
//----------------------------------------------------------------------------------------------------===//
struct SourceBytes {
  Bytes bytes;
  std::string name;   // for messages
  std::string folder; // of external data, empty: none allowed
  bool isText = false;
  bool isMapped = false; // the bytes are a mapped file
};
SourceBytes readSource(const OnnxSource &source, const ImportLimits &limits);
/// Parses binary or text into `model`.
void parseModel(const SourceBytes &source, const ImportLimits &limits, onnx::ModelProto &model);

//===- Limits.cpp
//----------------------------------------------------------------------------------------------------===//
/// The checks that come before anything of ONNX sees the model; also writes the standard domain as
/// "" everywhere.
void checkLimits(onnx::ModelProto &model, const ImportLimits &limits);
/// Cycles, depth and expanded size of model-local functions, their calls in subgraphs included.
void checkFunctions(const onnx::ModelProto &model, const ImportLimits &limits);
/// Number of elements; failure where a dimension is negative or the product exceeds the limit.
uint64_t checkedElementCount(const google::protobuf::RepeatedField<int64_t> &dims,
                             const ImportLimits &limits, const std::string &what);
/// Number of nodes in a graph, subgraphs included.
uint64_t countNodes(const onnx::GraphProto &graph);
/// Calls `fn` for every tensor of the graph: initialisers, attributes, sparse parts, subgraphs.
void forEachTensor(onnx::GraphProto &graph,
                   const std::function<void(onnx::TensorProto &, const std::string &where)> &fn);
void forEachTensor(onnx::ModelProto &model,
                   const std::function<void(onnx::TensorProto &, const std::string &where)> &fn);

//===- ExternalData.cpp
//----------------------------------------------------------------------------------------------===//
/// The one place that opens the files of external data.
class ExternalData {
public:
  explicit ExternalData(std::string folder) : folder(std::move(folder)) {}
  /// The bytes that `tensor` (data_location EXTERNAL) refers to, mapped; `expected` is what its
  /// shape and type ask for.
  Bytes map(const onnx::TensorProto &tensor, uint64_t expected, const std::string &where);
  /// Paths opened so far.
  std::vector<std::string> getFiles() const;
  /// Only the location of `tensor`, checked as a string.
  static std::string getLocation(const onnx::TensorProto &tensor, const std::string &where);

private:
  struct File;
  std::shared_ptr<File> open(const std::string &location, const std::string &where);
  std::string folder;
  std::map<std::string, std::shared_ptr<File>> files;
};

//===- Types.cpp
//-----------------------------------------------------------------------------------------------------===//
/// Bits of one element, 0 for strings and unknown types.
unsigned getElementBits(int32_t dataType);
/// Whether mlopt has the type: not for string, complex, float8, float4.
bool isSupportedElement(int32_t dataType);
/// "float8e4m3fn" and so on.
std::string getTypeName(int32_t dataType);
/// MLIR's element type, null where mlopt has none (string, complex, float8, float4).
mlir::Type getElementType(int32_t dataType, mlir::MLIRContext *context);
/// The type of a value; `none` where nothing is known. See importOnnx.
mlir::Type getValueType(const onnx::TypeProto *type, mlir::MLIRContext *context);
/// "type seq<float>" or "element type string" where mlopt does not have the type, else "". Unset and
/// unknown types are not reported.
std::string findUnsupported(const onnx::TypeProto &type);

//===- Tensors.cpp
//---------------------------------------------------------------------------------------------------===//
/// Bytes that `count` elements take in raw_data (2- and 4-bit types are packed).
uint64_t getStoredBytes(int32_t dataType, uint64_t count);
/// The stored form (as raw_data would be) of a tensor without external data. Steals the string of
/// raw_data.
Bytes takeStoredBytes(onnx::TensorProto &tensor, const ImportLimits &limits);
/// Checks that the payload of a tensor that is not external fits its shape.
void checkPayload(const onnx::TensorProto &tensor, const ImportLimits &limits,
                  const std::string &what);
/// Turns a sparse tensor into a dense one.
onnx::TensorProto makeDense(const onnx::SparseTensorProto &sparse, const ImportLimits &limits,
                            const std::string &what);
/// An elements attribute for stored bytes: DenseElementsAttr up to `largeBytes`, above it
/// DenseResourceElementsAttr over them.
mlir::ElementsAttr getElements(mlir::MLIRContext *context, StringRef name, int32_t dataType,
                               ArrayRef<int64_t> dims, Bytes stored, uint64_t largeBytes);

//===- Weights.cpp
//---------------------------------------------------------------------------------------------------===//
/// An initialiser that was taken out of the model.
struct Weight {
  int32_t dataType;
  std::vector<int64_t> dims;
  Bytes stored;
  bool isParameter = false; // see ImportOptions::training
};
using Weights = std::map<std::string, Weight>;
/// Reads an external tensor's bytes into the model: for small ones and those in attributes.
void makeInternal(onnx::TensorProto &tensor, ExternalData &external, const ImportLimits &limits,
                  const std::string &where);
/// Names of values that the main graph's outputs need.
std::set<std::string> findLiveNames(const onnx::GraphProto &main);
/// Moves initialisers and Constant nodes of more than `largeBytes` out of the main graph and its
/// subgraphs; where the model `isOriginal`, not yet changed by ONNX's passes, and is to be trained
/// or its weights are to be replaced, its parameters too. Replaces the weights then, and reports the
/// scalars that a training leaves as they are.
void takeWeights(onnx::ModelProto &model, ExternalData &external, Weights &weights,
                 const ImportOptions &options, ImportReport &report, bool isOriginal = false);

//===- Prepare.cpp, Infer.cpp
//---------------------------------------------------------------------------------------------------===//
/// Everything that ONNX's library does to a model; see the order at the top.
void prepareModel(onnx::ModelProto &model, ExternalData &external, Weights &weights,
                  const ImportOptions &options, ImportReport &report);
/// Shape inference with failures swallowed; values that are known afterwards are in value_info.
void inferShapes(onnx::ModelProto &model);
/// Version of a domain that the model imports, 0 for none.
int64_t getOpset(const onnx::ModelProto &model, const std::string &domain);
/// --dim and --shape.
void applyShapeOptions(onnx::ModelProto &model, const ImportOptions &options);

//===- Functions.cpp
//-------------------------------------------------------------------------------------------------===//
/// Replaces nodes without conversion by the bodies of their schemas' functions. Returns whether
/// anything changed.
bool inlineSchemaFunctions(onnx::ModelProto &model, const ImportOptions &options,
                           ImportReport &report);

//===- Nodes.cpp
//-----------------------------------------------------------------------------------------------------===//
/// Builds the module. What mlopt does not support is marked there, for the conversion to report
/// with the operators; null after a diagnostic.
mlir::OwningOpRef<mlir::ModuleOp> buildModule(onnx::ModelProto &model, const std::string &fileName,
                                              Weights &weights, const ImportOptions &options,
                                              mlir::MLIRContext &context);

} // namespace mlopt::onnx_import

#endif // MLOPT_FRONTEND_ONNX_IMPORTER_H
