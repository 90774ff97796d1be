//===- Smooth.cpp - Moving the scale of activations into weights ----------===//
//
// SmoothQuant (Xiao et al., arXiv 2211.10438): channel j of a tensor is divided by s_j and the
// weights that read it are multiplied by it. The division goes into constants in front where that
// is exact (a normalization's scale and offset, another layer's weights, through Relu and
// products), else a Mul node does it, for the group's layers only.
//
//===----------------------------------------------------------------------===//
#include "Quantizer.h"

#include <cmath>

using namespace llvm;

namespace mlopt::onnx_quantize {

namespace {
/// A constant operand of a node whose channels along `axis` are to be divided.
struct Edit {
  int node, operand;
  int64_t axis; // 0 with rank 0: spread over the channels
};

class Folder {
public:
  Folder(const Impl &impl, int64_t channels)
      : impl(impl), graph(impl.model.graph()), index(graph), channels(channels) {}

  /// Collects the edits that divide `tensor`; false where it cannot be done. `axis` is that of the
  /// channels counted from the end (-1), or 1 for convolutions.
  bool fold(const std::string &tensor, bool isConv, std::vector<Edit> &edits, int depth = 0) const {
    int producer = index.producer(tensor);
    if (producer < 0 || depth > 8 || index.isOutput(tensor) || index.isCaptured(tensor))
      return false;
    const onnx::NodeProto &node = graph.node(producer);
    if (node.output_size() < 1 || node.output(0) != tensor)
      return false;
    bool isOwn = node.domain().empty() || node.domain() == "com.microsoft";
    StringRef op = node.op_type();
    auto inner = [&](int i) {
      return index.uses(node.input(i)).size() == 1 && fold(node.input(i), isConv, edits, depth + 1);
    };
    if (op == "Relu" && node.domain().empty())
      return inner(0);
    if (!isConv && isOwn &&
        (op == "LayerNormalization" || op == "RMSNormalization" ||
         op == "SimplifiedLayerNormalization")) {
      if (getInt(node, "axis", -1) != -1 &&
          getInt(node, "axis", -1) != int64_t(impl.shape(node.input(0)).size()) - 1)
        return false;
      return add(producer, 1, 0, edits) && (inputOf(node, 2).empty() || add(producer, 2, 0, edits));
    }
    if (!node.domain().empty())
      return false;
    if (op == "BatchNormalization" && isConv && getInt(node, "training_mode", 0) == 0)
      return add(producer, 1, 0, edits) && add(producer, 2, 0, edits);
    if (op == "Mul" || op == "Add") {
      int constant = impl.constants.has(node.input(0)) ? 0 : 1;
      bool hasConstant = impl.constants.has(node.input(constant));
      if (op == "Mul" && !hasConstant) {
        size_t before = edits.size();
        if (hasChannels(node.input(0)) && inner(0))
          return true;
        edits.erase(edits.begin() + static_cast<ptrdiff_t>(before), edits.end());
        return hasChannels(node.input(1)) && inner(1);
      }
      if (!hasConstant || !addSpread(producer, constant, isConv, edits))
        return false;
      return op == "Mul" || inner(1 - constant);
    }
    for (const Layer &layer : impl.layers)
      if (layer.node == producer && !layer.weight.empty() && layer.channels == channels &&
          (layer.op == "Conv") == isConv) {
        if (!add(producer, 1, layer.weightAxis, edits))
          return false;
        return inputOf(node, 2).empty() || (!layer.bias.empty() && add(producer, 2, 0, edits));
      }
    return false;
  }

private:
  /// Whether the last axis of `tensor` is the channels.
  bool hasChannels(const std::string &tensor) const {
    std::vector<int64_t> shape = impl.shape(tensor);
    return !shape.empty() && shape.back() == channels;
  }

  const onnx::TensorProto *getFloats(int node, int operand) const {
    const onnx::TensorProto *tensor = impl.constants.find(inputOf(graph.node(node), operand));
    return tensor && isFloat(*tensor) ? tensor : nullptr;
  }

  bool add(int node, int operand, int64_t axis, std::vector<Edit> &edits) const {
    const onnx::TensorProto *tensor = getFloats(node, operand);
    if (!tensor || axis >= tensor->dims_size() || tensor->dims(axis) != channels)
      return false;
    edits.push_back({node, operand, axis});
    return true;
  }

  /// A constant of an elementwise node: one number per channel, or one that must be spread.
  bool addSpread(int node, int operand, bool isConv, std::vector<Edit> &edits) const {
    const onnx::TensorProto *tensor = getFloats(node, operand);
    if (!tensor)
      return false;
    std::vector<int64_t> dims = getDims(*tensor);
    if (dims.empty() || (dims.size() == 1 && dims[0] == 1 && !isConv)) {
      if (isConv || !hasChannels(graph.node(node).output(0)))
        return false;
      edits.push_back({node, operand, 0});
      return true;
    }
    // [C], [.., C] counted from the end; [C, 1, 1] and [1, C, 1, 1] for convolutions.
    if (!isConv)
      return add(node, operand, static_cast<int64_t>(dims.size()) - 1, edits);
    size_t rank = impl.shape(graph.node(node).output(0)).size();
    if (rank < 2 || dims.size() + 1 < rank)
      return false;
    return add(node, operand, static_cast<int64_t>(dims.size()) - static_cast<int64_t>(rank) + 1,
               edits);
  }

  const Impl &impl;
  const onnx::GraphProto &graph;
  GraphIndex index;
  int64_t channels;
};
} // namespace

/// Layers that read `input` and can be smoothed, with all their uses of it as first operand.
static std::vector<const Layer *> getReaders(const Impl &impl, const std::string &input) {
  std::vector<const Layer *> readers;
  for (const Layer &layer : impl.layers) {
    if (layer.input != input || layer.weight.empty())
      continue;
    if (layer.op == "Conv" ? getInt(impl.model.graph().node(layer.node), "group", 1) != 1
                           : layer.weightShape.size() != 2)
      continue;
    if (!readers.empty() && (readers[0]->op == "Conv") != (layer.op == "Conv"))
      continue;
    if (!readers.empty() && readers[0]->inputChannels != layer.inputChannels)
      continue;
    readers.push_back(&layer);
  }
  return readers;
}

static bool findEdits(const Impl &impl, const std::string &input, ArrayRef<const Layer *> readers,
                      std::vector<Edit> &edits) {
  GraphIndex index(impl.model.graph());
  if (index.uses(input).size() != readers.size())
    return false; // somebody else reads it
  return Folder(impl, readers[0]->inputChannels).fold(input, readers[0]->op == "Conv", edits);
}

std::vector<SmoothGroup> getSmoothGroups(const Impl &impl) {
  std::vector<SmoothGroup> groups;
  std::set<std::string> seen;
  for (const Layer &layer : impl.layers) {
    if (layer.weight.empty() || !seen.insert(layer.input).second)
      continue;
    std::vector<const Layer *> readers = getReaders(impl, layer.input);
    if (readers.empty() || readers[0]->inputChannels <= 0)
      continue;
    SmoothGroup group;
    group.input = layer.input;
    for (const Layer *reader : readers)
      group.layers.push_back(reader->name);
    group.channels = readers[0]->inputChannels;
    group.channelAxis = readers[0]->op == "Conv" ? 1 : -1;
    std::vector<Edit> edits;
    group.isExact = findEdits(impl, layer.input, readers, edits);
    groups.push_back(std::move(group));
  }
  return groups;
}

/// Axis of the input channels in a layer's weights.
static int64_t getInputAxis(const Layer &layer) {
  return layer.op == "Conv" ? 1 : 1 - layer.weightAxis;
}

static std::vector<float> getFactors(const Impl &impl, ArrayRef<const Layer *> readers,
                                     ArrayRef<float> inputMaxima, double alpha) {
  std::vector<double> maxima(inputMaxima.size(), 0.0);
  for (const Layer *layer : readers) {
    std::vector<float> w = readFloats(*impl.constants.find(layer->weight));
    Extents e(layer->weightShape, getInputAxis(*layer));
    for (size_t i = 0; i < w.size(); ++i) {
      double &most = maxima[i / e.inner % e.channels];
      most = std::max(most, std::fabs(double(w[i])));
    }
  }
  std::vector<float> factors;
  for (size_t j = 0; j < maxima.size(); ++j) {
    double factor = 1;
    if (inputMaxima[j] > 0 && maxima[j] > 0)
      factor = std::pow(double(inputMaxima[j]), alpha) / std::pow(maxima[j], 1 - alpha);
    factor = std::clamp(factor, 1e-5, 1e5);
    factors.push_back(static_cast<float>(factor));
  }
  return factors;
}

void smooth(Impl &impl, const std::string &input, ArrayRef<float> inputMaxima, double alpha) {
  std::vector<const Layer *> readers = getReaders(impl, input);
  if (readers.empty())
    throw Failure(codes::UnknownLayer, "no layer with weights that can be smoothed reads '" +
                                           input + "'; smoothGroups lists what can be");
  int64_t channels = readers[0]->inputChannels;
  if (int64_t(inputMaxima.size()) != channels)
    throw Failure(codes::BadScheme, "'" + input + "' has " + std::to_string(channels) +
                                        " channels; " + std::to_string(inputMaxima.size()) +
                                        " largest values are given");
  if (!(alpha >= 0 && alpha <= 1))
    throw Failure(codes::BadScheme, "alpha must be between 0 and 1");
  if (!llvm::all_of(inputMaxima, [](float x) { return std::isfinite(x) && x >= 0; }))
    throw Failure(codes::BadScheme,
                  "the largest values of '" + input + "' must be finite and not negative");
  std::vector<float> factors = getFactors(impl, readers, inputMaxima, alpha);
  onnx::GraphProto &graph = *impl.model.mutable_graph();
  Names names(graph, impl.constants);
  bool isConv = readers[0]->op == "Conv";

  // A constant that others use too stays as it is for them.
  GraphIndex index(graph);
  auto scale = [&](int nodeIndex, int operand, int64_t axis, bool divides) {
    onnx::NodeProto &node = *graph.mutable_node(nodeIndex);
    const onnx::TensorProto &old = *impl.constants.find(node.input(operand));
    std::vector<int64_t> dims = getDims(old);
    std::vector<float> values = readFloats(old);
    if (values.size() == 1 && channels != 1) {
      values.assign(channels, values[0]);
      dims = {channels};
      axis = 0;
    }
    Extents e(dims, axis);
    for (size_t i = 0; i < values.size(); ++i) {
      float factor = factors[i / e.inner % e.channels];
      values[i] = divides ? values[i] / factor : values[i] * factor;
    }
    std::string name = index.onlyUser(old.name()) == nodeIndex
                           ? old.name()
                           : names.unique(old.name() + ".smoothed");
    impl.constants.set(makeFloats(name, dims, values));
    node.set_input(operand, name);
  };

  std::vector<Edit> edits;
  bool isExact = findEdits(impl, input, readers, edits);
  std::vector<int> nodes;
  for (const Layer *layer : readers) {
    scale(layer->node, 1, getInputAxis(*layer), /*divides=*/false);
    nodes.push_back(layer->node);
  }
  if (isExact) {
    for (const Edit &edit : edits)
      scale(edit.node, edit.operand, edit.axis, /*divides=*/true);
    return;
  }
  std::vector<float> inverse;
  for (float factor : factors)
    inverse.push_back(1 / factor);
  std::vector<int64_t> dims = {channels};
  if (isConv)
    dims.insert(dims.end(), impl.shape(readers[0]->weight).size() - 2, 1);
  std::string constant = names.unique(input + ".smooth_factors"),
              result = names.unique(input + ".smoothed");
  impl.constants.set(makeFloats(constant, dims, inverse));
  if (auto it = impl.types.find(input); it != impl.types.end()) {
    onnx::ValueInfoProto type = it->second;
    type.set_name(result);
    impl.types[result] = type;
  }
  for (int node : nodes)
    graph.mutable_node(node)->set_input(0, result);
  int producer = index.producer(input);
  *graph.add_node() = makeNode("Mul", names.unique(input + ".smooth"), {input, constant}, {result});
  for (int i = graph.node_size() - 1; i > producer + 1; --i)
    graph.mutable_node()->SwapElements(i, i - 1);
}

} // namespace mlopt::onnx_quantize
