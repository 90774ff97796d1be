//===- Layers.cpp - Which nodes can be quantized --------------------------===//
#include "Quantizer.h"

using namespace llvm;

namespace mlopt::onnx_quantize {

namespace {
class LayerFinder {
public:
  explicit LayerFinder(Impl &impl)
      : impl(impl), graph(*impl.model.mutable_graph()), index(graph), names(graph, impl.constants) {
  }

  void run() {
    nameNodes();
    impl.layers.clear();
    impl.publicLayers.clear();
    impl.skipped.clear();
    for (int i = 0; i < graph.node_size(); ++i)
      visit(i);
    for (const Layer &layer : impl.layers)
      impl.publicLayers.push_back(layer);
  }

private:
  /// Every node gets a name, and no two the same: times and choices are attributed by it.
  void nameNodes() {
    std::map<std::string, int> counts;
    std::set<std::string> seen;
    for (onnx::NodeProto &node : *graph.mutable_node()) {
      int n = counts[node.op_type()]++;
      if (node.name().empty() || !seen.insert(node.name()).second) {
        std::string wish =
            node.name().empty() ? node.op_type() + "_" + std::to_string(n) : node.name();
        node.set_name(names.unique(wish));
        seen.insert(node.name());
      }
    }
  }

  void visit(int i) {
    const onnx::NodeProto &node = graph.node(i);
    if (!node.domain().empty())
      return;
    std::string reason;
    if (node.op_type() == "Conv") {
      if (impl.options.includeConv)
        reason = visitConv(i);
    } else if (node.op_type() == "MatMul")
      reason = visitMatMul(i);
    else if (node.op_type() == "Gemm")
      reason = visitGemm(i);
    else if (node.op_type() == "ConvTranspose")
      reason = "transposed convolutions stay in float";
    else if (node.op_type() == "LSTM" || node.op_type() == "GRU" || node.op_type() == "RNN")
      reason = "recurrent layers stay in float";
    else
      return;
    if (!reason.empty())
      impl.skipped.push_back({node.name(), node.op_type(), reason});
  }

  /// Why `tensor` cannot be an integer activation; empty if it can.
  std::string checkActivation(const std::string &tensor) {
    if (impl.constants.has(tensor))
      return "its input is a constant";
    if (!impl.isFloatTensor(tensor))
      return "its input is not known to be float32";
    if (int producer = index.producer(tensor); producer >= 0)
      if (isOp(graph.node(producer), "DequantizeLinear"))
        return "it is quantized already";
    return "";
  }

  /// Why constant `name` cannot be integer weights; empty if it can.
  std::string checkWeight(const std::string &name, unsigned minRank, unsigned maxRank) {
    const onnx::TensorProto *tensor = impl.constants.find(name);
    if (!tensor) {
      int producer = index.producer(name);
      if (producer >= 0 && isOp(graph.node(producer), "DequantizeLinear"))
        return "it is quantized already";
      return "its weights are not constant";
    }
    if (!isFloat(*tensor))
      return "its weights are not float32";
    if (unsigned(tensor->dims_size()) < minRank || unsigned(tensor->dims_size()) > maxRank)
      return "its weights have " + std::to_string(tensor->dims_size()) + " dimensions";
    if (getElementCount(getDims(*tensor)) == 0)
      return "its weights are empty";
    return "";
  }

  Layer makeLayer(int i) {
    const onnx::NodeProto &node = graph.node(i);
    Layer layer;
    layer.node = i;
    layer.name = node.name();
    layer.op = node.op_type();
    layer.input = inputOf(node, 0);
    layer.output = node.output(0);
    layer.inputShape = impl.shape(layer.input);
    layer.outputShape = impl.shape(layer.output);
    return layer;
  }

  void setWeight(Layer &layer, int64_t axis, int64_t depth, int64_t inputChannels) {
    const onnx::NodeProto &node = graph.node(layer.node);
    layer.weight = inputOf(node, 1);
    layer.weightShape = impl.shape(layer.weight);
    layer.weightAxis = axis;
    layer.channels = layer.weightShape[axis];
    layer.depth = depth;
    layer.inputChannels = inputChannels;
  }

  void finish(Layer layer) {
    const std::string *last = &layer.output;
    if (layer.op == "MatMul" && !layer.weight.empty()) {
      int user = index.onlyUser(layer.output);
      if (user >= 0 && isOp(graph.node(user), "Add")) {
        const onnx::NodeProto &add = graph.node(user);
        const std::string &other = inputOf(add, inputOf(add, 0) == layer.output ? 1 : 0);
        const onnx::TensorProto *bias = impl.constants.find(other);
        std::vector<int64_t> dims = bias ? getDims(*bias) : std::vector<int64_t>();
        if (bias && isFloat(*bias) && !dims.empty() && dims.back() == layer.channels &&
            getElementCount(dims) == layer.channels) {
          layer.biasAdd = user;
          layer.bias = other;
          last = &add.output(0);
        }
      }
    }
    int user = index.onlyUser(*last);
    if (user >= 0 && isActivation(graph.node(user))) {
      layer.activationNode = user;
      layer.activation = graph.node(user).op_type();
    }
    impl.layers.push_back(std::move(layer));
  }

  /// Relu, or Clip by constants.
  bool isActivation(const onnx::NodeProto &node) {
    if (isOp(node, "Relu"))
      return true;
    auto known = [&](int i) {
      return inputOf(node, i).empty() || impl.constants.has(inputOf(node, i));
    };
    return isOp(node, "Clip") && known(1) && known(2);
  }

  std::string visitConv(int i) {
    const onnx::NodeProto &node = graph.node(i);
    if (std::string reason = checkActivation(inputOf(node, 0)); !reason.empty())
      return reason;
    if (std::string reason = checkWeight(inputOf(node, 1), 3, 5); !reason.empty())
      return reason;
    const onnx::TensorProto *bias = impl.constants.find(inputOf(node, 2));
    std::vector<int64_t> dims = impl.shape(inputOf(node, 1));
    if (!inputOf(node, 2).empty() &&
        (!bias || !isFloat(*bias) || getElementCount(getDims(*bias)) != dims[0]))
      return "its bias is not a float32 constant";
    int64_t group = getInt(node, "group", 1), depth = 1;
    for (size_t d = 1; d < dims.size(); ++d)
      depth *= dims[d];
    Layer layer = makeLayer(i);
    setWeight(layer, 0, depth, dims[1] * group);
    layer.bias = inputOf(node, 2);
    layer.channelAxis = 1;
    finish(std::move(layer));
    return "";
  }

  std::string visitMatMul(int i) {
    const onnx::NodeProto &node = graph.node(i);
    Layer layer = makeLayer(i);
    layer.channelAxis =
        layer.outputShape.empty() ? -1 : static_cast<int64_t>(layer.outputShape.size()) - 1;
    bool isProduct = !impl.constants.has(inputOf(node, 0)) && !impl.constants.has(inputOf(node, 1));
    if (std::string reason = checkActivation(inputOf(node, 0)); !reason.empty())
      return impl.constants.has(inputOf(node, 0)) ? "the constant is its first operand" : reason;
    if (isProduct) {
      if (std::string reason = checkActivation(inputOf(node, 1)); !reason.empty())
        return reason;
      if (!impl.options.includeProducts)
        return "a product of two activations";
      layer.otherInput = inputOf(node, 1);
      if (!layer.inputShape.empty() && layer.inputShape.back() > 0)
        layer.depth = layer.inputShape.back();
      finish(std::move(layer));
      return "";
    }
    if (std::string reason = checkWeight(inputOf(node, 1), 2, 8); !reason.empty())
      return reason;
    std::vector<int64_t> dims = impl.shape(inputOf(node, 1));
    int64_t k = dims[dims.size() - 2];
    setWeight(layer, static_cast<int64_t>(dims.size()) - 1, k, k);
    finish(std::move(layer));
    return "";
  }

  std::string visitGemm(int i) {
    onnx::NodeProto &node = *graph.mutable_node(i);
    if (std::string reason = checkActivation(inputOf(node, 0)); !reason.empty())
      return reason;
    if (std::string reason = checkWeight(inputOf(node, 1), 2, 2); !reason.empty())
      return reason;
    if (getInt(node, "transA", 0) != 0)
      return "its activation is transposed";
    // A constant factor went into the weights; what is left is not finite or belongs to a bias that
    // is computed.
    if (getFloat(node, "alpha", 1) != 1 || getFloat(node, "beta", 1) != 1)
      return "it scales a bias that is not constant";
    int64_t axis = getInt(node, "transB", 0) ? 0 : 1;
    std::vector<int64_t> dims = impl.shape(inputOf(node, 1));
    Layer layer = makeLayer(i);
    setWeight(layer, axis, dims[1 - axis], dims[1 - axis]);
    layer.channelAxis = 1;
    if (const onnx::TensorProto *bias = impl.constants.find(inputOf(node, 2)))
      layer.bias = isFloat(*bias) ? spreadBias(node, *bias, layer.channels) : "";
    finish(std::move(layer));
    return "";
  }

  /// A Gemm's bias as one number per channel; "" for one that depends on the row. Scalars are
  /// spread.
  std::string spreadBias(onnx::NodeProto &node, const onnx::TensorProto &bias, int64_t channels) {
    std::vector<int64_t> dims = getDims(bias);
    int64_t count = getElementCount(dims);
    if (dims.size() == 1 && count == channels)
      return bias.name();
    bool isRow = count == channels && !dims.empty() && dims.back() == channels;
    if (!isRow && count != 1)
      return "";
    std::vector<float> values = readFloats(bias);
    if (count == 1)
      values.assign(channels, values[0]);
    std::string name = names.unique(bias.name() + ".row");
    impl.constants.set(makeFloats(name, {channels}, values));
    node.set_input(2, name);
    return name;
  }

  Impl &impl;
  onnx::GraphProto &graph;
  GraphIndex index;
  Names names;
};
} // namespace

void findLayers(Impl &impl) { LayerFinder(impl).run(); }

} // namespace mlopt::onnx_quantize
