//===- Quantizer.h - Parts of the quantizer (internal) ----------*- C++ -*-===//
//
// The model is kept in two pieces: `model` without initializers, which is small and copied for
// every file that is written, and `constants`, where the elements are. Node indices are those of
// `model.graph()`, which is in topological order.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_FRONTEND_ONNX_QUANTIZE_QUANTIZER_H
#define MLOPT_FRONTEND_ONNX_QUANTIZE_QUANTIZER_H

#include "../Importer.h"

#include "mlopt/Frontend/Quantize.h"

namespace mlopt::onnx_quantize {

using llvm::ArrayRef;
using llvm::StringRef;
using onnx_import::Failure;

//===- Constants.cpp
//----------------------------------------------------------------------------===//
/// The model's initializers by name, in a fixed order.
class Constants {
public:
  const onnx::TensorProto *find(const std::string &name) const;
  bool has(const std::string &name) const { return index.count(name); }
  /// Adds or replaces.
  void set(onnx::TensorProto tensor);
  const std::vector<onnx::TensorProto> &all() const { return tensors; }

private:
  std::vector<onnx::TensorProto> tensors;
  std::map<std::string, size_t> index;
};

std::vector<int64_t> getDims(const onnx::TensorProto &tensor);
int64_t getElementCount(ArrayRef<int64_t> dims);
bool isFloat(const onnx::TensorProto &tensor);
/// Elements of a f32 tensor whose payload was checked.
std::vector<float> readFloats(const onnx::TensorProto &tensor);
/// Elements of an i64 tensor.
std::vector<int64_t> readIndices(const onnx::TensorProto &tensor);
onnx::TensorProto makeFloats(const std::string &name, ArrayRef<int64_t> dims,
                             ArrayRef<float> values);
/// Integers of `dataType` (INT8, UINT8, INT32, INT64, INT4 or UINT4; those of 4 bits are packed as
/// raw_data wants, low nibble first).
onnx::TensorProto makeIntegers(const std::string &name, int32_t dataType, ArrayRef<int64_t> dims,
                               ArrayRef<int32_t> values);
/// The transposed of a matrix of any element type of whole bytes.
onnx::TensorProto transposeMatrix(const onnx::TensorProto &tensor, const std::string &name);
/// Outer x channels x inner extents around `axis`.
struct Extents {
  int64_t outer = 1, channels = 1, inner = 1;
  Extents(ArrayRef<int64_t> dims, int64_t axis);
};

//===- Graph.cpp
//--------------------------------------------------------------------------------===//
/// Who makes and who reads each tensor of the main graph.
class GraphIndex {
public:
  explicit GraphIndex(const onnx::GraphProto &graph);
  struct Use {
    int node;
    int operand;
  };
  /// Index of the node that makes `tensor`, -1 for inputs and constants.
  int producer(const std::string &tensor) const;
  ArrayRef<Use> uses(const std::string &tensor) const;
  bool isOutput(const std::string &tensor) const { return outputs.count(tensor); }
  /// Whether a subgraph reads it.
  bool isCaptured(const std::string &tensor) const { return captured.count(tensor); }
  /// The only node that reads it, where nothing else does; -1 otherwise.
  int onlyUser(const std::string &tensor) const;

private:
  std::map<std::string, int> producers;
  std::map<std::string, std::vector<Use>> useLists;
  std::set<std::string> outputs, captured;
};

/// Names that a graph has not used, made from a wish.
class Names {
public:
  Names(const onnx::GraphProto &graph, const Constants &constants);
  std::string unique(const std::string &wish);

private:
  std::set<std::string> taken;
};

const onnx::AttributeProto *findAttr(const onnx::NodeProto &node, StringRef name);
int64_t getInt(const onnx::NodeProto &node, StringRef name, int64_t otherwise);
float getFloat(const onnx::NodeProto &node, StringRef name, float otherwise);
void setInt(onnx::NodeProto &node, const std::string &name, int64_t value);
/// An operator of the standard domain.
bool isOp(const onnx::NodeProto &node, StringRef op);
/// Name of input `i`, "" where it is absent.
const std::string &inputOf(const onnx::NodeProto &node, int i);
onnx::NodeProto makeNode(const std::string &op, const std::string &name,
                         ArrayRef<std::string> inputs, ArrayRef<std::string> outputs);

//===- The model
//--------------------------------------------------------------------------------===//
/// A layer and where it is.
struct Layer : QuantizableLayer {
  int node = -1;
  int biasAdd = -1;        // node of a constant Add behind a MatMul
  int activationNode = -1; // Relu or Clip behind
  int64_t weightAxis = 0;  // of output channels in the weights
  bool enabled = true;
  WeightScheme weightScheme;
  std::vector<float> biasDelta;
};

/// Weights [K, N] as integers with a scale per group of rows and column.
struct BlockedWeights {
  std::vector<int32_t> values; // [K, N]
  std::vector<float> scales;   // [ceil(K / group), N]
  std::vector<int32_t> zeros;  // as scales; empty for symmetric
  double relativeError = 0;
  bool usedGptq = false;
};

/// Sum of x^T x over rows, for GPTQ.
struct Hessian {
  int64_t depth = 0;
  double rows = 0;
  std::vector<double> sums; // depth x depth; only j >= i is used
};

} // namespace mlopt::onnx_quantize

namespace mlopt {

struct QuantizableModel::Impl {
  onnx::ModelProto model;
  onnx_quantize::Constants constants;
  std::map<std::string, onnx::ValueInfoProto> types; // of every value whose type is known
  std::set<std::string> declared;                    // values that the file's value_info had
  std::vector<std::string> notes;
  std::vector<onnx_quantize::Layer> layers;
  std::vector<QuantizableLayer> publicLayers;
  std::vector<SkippedNode> skipped;
  QuantizeLoadOptions options;
  std::set<std::string> rangeNames; // that setRange takes
  std::map<std::string, ActivationScheme> ranges;
  std::map<std::string, onnx_quantize::Hessian> hessians; // by input tensor
  std::map<std::string, onnx_quantize::BlockedWeights> rounded; // by layer
  uint64_t maxFileBytes = INT32_MAX;                      // Protobuf's own limit
  bool usesExternalData = false;                          // beyond it

  /// Failure UnknownLayer where there is none.
  onnx_quantize::Layer &layer(llvm::StringRef name);
  const onnx_quantize::Layer &layer(llvm::StringRef name) const;
  /// Empty where the rank is not known.
  std::vector<int64_t> shape(const std::string &tensor) const;
  bool isFloatTensor(const std::string &tensor) const;
};

} // namespace mlopt

namespace mlopt::onnx_quantize {

using Impl = QuantizableModel::Impl;

//===- Prepare.cpp, Layers.cpp
//------------------------------------------------------------------===//
/// Constants out of `model`, batch normalizations folded, weights in one form.
void simplify(Impl &impl);
/// Fills layers, publicLayers and skipped.
void findLayers(Impl &impl);

//===- Plan.cpp
//---------------------------------------------------------------------------------===//
/// Which tensors are integers.
struct Plan {
  struct Tensor {
    std::string name;
    std::string owner;  // "<node>.output" or "<node>.input"
    bool isIntegerMade; // its producer computes with integers: all its readers read integers
  };
  std::vector<Tensor> tensors;              // in topological order
  std::set<int> joined;                     // nodes besides layers between integers
  std::map<std::string, std::string> range; // of a tensor, by name
  std::vector<ObservedTensor> observed;
};
/// `onlyEnabled`: else all layers. Ranges and observed are always those of all layers.
Plan makePlan(const Impl &impl, bool onlyEnabled);

//===- WeightCoding.cpp
//-------------------------------------------------------------------------===//
/// Quantized weights in the layout of the float ones.
struct CodedWeights {
  int32_t dataType; // INT8 or UINT8
  std::vector<int32_t> values;
  std::vector<float> scales;  // one, or one per channel
  std::vector<int32_t> zeros; // as scales
};
/// `minimumScales`: per channel, empty for none; a scale is raised to it so that the bias fits.
CodedWeights codeWeights(ArrayRef<float> values, ArrayRef<int64_t> dims, int64_t axis,
                         const WeightScheme &scheme, ArrayRef<float> minimumScales = {});
/// ||W - Q||^2 / ||W||^2.
double getRelativeError(ArrayRef<float> values, const CodedWeights &coded, ArrayRef<int64_t> dims,
                        int64_t axis);

//===- Gptq.cpp
//---------------------------------------------------------------------------------===//
/// `hessian` null: to nearest.
BlockedWeights codeBlocked(ArrayRef<float> weights, int64_t k, int64_t n,
                           const WeightOnlyOptions &options, int64_t group, const Hessian *hessian);

//===- Write.cpp
//--------------------------------------------------------------------------------===//
/// A file's model in the making: nodes to be put in order, and its own constants.
class Writer {
public:
  explicit Writer(const Impl &impl);
  onnx::NodeProto &node(int index) { return nodes[index]; }
  /// Nodes that go in front of node `index` (the number of nodes: behind all).
  void before(int index, onnx::NodeProto node) { inFront[index].push_back(std::move(node)); }
  void behind(int index, onnx::NodeProto node) { after[index].push_back(std::move(node)); }
  /// Behind node `index`, in front of what is there already.
  void behindFirst(int index, std::vector<onnx::NodeProto> list) {
    std::vector<onnx::NodeProto> &old = after[index];
    list.insert(list.end(), old.begin(), old.end());
    old = std::move(list);
  }
  /// What node `index` and those behind it make as `from` is called `to`; readers keep `from`.
  void renameResult(int index, const std::string &from, const std::string &to);
  void atStart(onnx::NodeProto node) { start.push_back(std::move(node)); }
  /// Adds a constant whose name is already unique.
  void add(onnx::TensorProto tensor) { added.push_back(std::move(tensor)); }
  void addOutput(const std::string &tensor);
  /// The model's outputs are left out for these.
  void replaceOutputs(std::vector<onnx::ValueInfoProto> values) { replaced = std::move(values); }
  std::string unique(const std::string &wish) { return names.unique(wish); }
  /// Nodes are removed by clearing their operator.
  void write(StringRef path);

private:
  const Impl &impl;
  Names names;
  std::vector<onnx::NodeProto> nodes, start;
  std::map<int, std::vector<onnx::NodeProto>> inFront, after;
  std::vector<onnx::TensorProto> added;
  std::vector<std::string> outputs;
  std::vector<onnx::ValueInfoProto> replaced;
};

/// Bias of a layer as floats of its channels, with its correction; empty where there is none and
/// nothing corrects it. Only for biases that the node itself has (Conv, Gemm).
std::vector<float> getNodeBias(const Impl &impl, const Layer &layer);
/// The same for the constant Add behind a MatMul.
std::vector<float> getBiasBehind(const Impl &impl, const Layer &layer);
/// Puts the correction of a layer's bias where the node has no bias of its own: into the constant
/// Add behind, or a new one.
void correctBehind(Writer &writer, const Impl &impl, const Layer &layer);

void writeStatic(const Impl &impl, StringRef path, ArrayRef<std::string> more);
void writeSideBySide(const Impl &impl, StringRef path, bool withOutputs);
void writeDynamic(const Impl &impl, StringRef path, DynamicRange range, bool isSideBySide);
/// Codes the layers that have a Hessian into `rounded` and drops the Hessians.
void roundWithActivations(Impl &impl, const WeightOnlyOptions &options);
std::vector<WeightOnlyResult> writeWeightOnly(const Impl &impl, StringRef path,
                                              const WeightOnlyOptions &options, bool isSideBySide);

//===- Compare.cpp
//------------------------------------------------------------------------------===//
/// The outputs of a side-by-side model: of each layer three, as QuantizableModel::writeSideBySide
/// says.
class Comparison {
public:
  Comparison(Writer &writer, const Impl &impl) : writer(writer), impl(impl) {}
  /// Behind node `behind`, which comes after what makes both tensors.
  void add(const Layer &layer, int behind, const std::string &expected, const std::string &actual);
  /// Makes them the model's outputs.
  void finish() { writer.replaceOutputs(std::move(outputs)); }

private:
  /// Mean of a tensor by output channel, of all of it where the channels are not known.
  void addMean(const Layer &layer, int behind, const std::string &tensor);
  void addOutput(const std::string &name, ArrayRef<int64_t> dims);

  Writer &writer;
  const Impl &impl;
  std::vector<onnx::ValueInfoProto> outputs;
};
/// Puts the float node of each enabled layer, whose deployed form `writer` has already, back beside
/// it, and compares. For forms that read their float input.
void compareLayers(Writer &writer, const Impl &impl);

//===- Smooth.cpp
//-------------------------------------------------------------------------------===//
std::vector<SmoothGroup> getSmoothGroups(const Impl &impl);
void smooth(Impl &impl, const std::string &input, ArrayRef<float> inputMaxima, double alpha);

} // namespace mlopt::onnx_quantize

#endif // MLOPT_FRONTEND_ONNX_QUANTIZE_QUANTIZER_H
