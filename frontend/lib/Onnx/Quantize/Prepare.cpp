//===- Prepare.cpp - A model in the form that the quantizer wants ---------===//
#include "Quantizer.h"

#include <cmath>

using namespace llvm;

namespace mlopt::onnx_quantize {

/// The value of a Constant node as a tensor; nothing for strings and sparse tensors.
static bool readConstantNode(const onnx::NodeProto &node, onnx::TensorProto &tensor) {
  if (!isOp(node, "Constant") || node.attribute_size() != 1 || node.output_size() != 1)
    return false;
  const onnx::AttributeProto &attr = node.attribute(0);
  if (attr.name() == "value" && attr.has_t()) {
    tensor = attr.t();
    return true;
  }
  if (attr.name() == "value_float" || attr.name() == "value_int") {
    bool isFloating = attr.name() == "value_float";
    tensor.set_data_type(isFloating ? onnx::TensorProto::FLOAT : onnx::TensorProto::INT64);
    if (isFloating)
      tensor.add_float_data(attr.f());
    else
      tensor.add_int64_data(attr.i());
    return true;
  }
  if (attr.name() == "value_floats") {
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    tensor.add_dims(attr.floats_size());
    *tensor.mutable_float_data() = attr.floats();
    return true;
  }
  if (attr.name() == "value_ints") {
    tensor.set_data_type(onnx::TensorProto::INT64);
    tensor.add_dims(attr.ints_size());
    *tensor.mutable_int64_data() = attr.ints();
    return true;
  }
  return false;
}

namespace {
class Simplifier {
public:
  explicit Simplifier(Impl &impl)
      : impl(impl), graph(*impl.model.mutable_graph()), names(graph, impl.constants) {}

  void run() {
    takeConstantNodes();
    foldMoves();
    for (onnx::NodeProto &node : *graph.mutable_node())
      if (isOp(node, "Gemm"))
        foldFactors(node);
    foldNormalizations();
    compact();
  }

private:
  const onnx::TensorProto *floats(const std::string &name) const {
    const onnx::TensorProto *tensor = impl.constants.find(name);
    return tensor && isFloat(*tensor) ? tensor : nullptr;
  }

  static void clear(onnx::NodeProto &node) { node.Clear(); }

  void compact() {
    auto &nodes = *graph.mutable_node();
    int kept = 0;
    for (int i = 0; i < nodes.size(); ++i)
      if (!nodes[i].op_type().empty()) {
        if (kept != i)
          nodes.SwapElements(kept, i);
        ++kept;
      }
    nodes.DeleteSubrange(kept, nodes.size() - kept);
  }

  void takeConstantNodes() {
    for (onnx::NodeProto &node : *graph.mutable_node()) {
      onnx::TensorProto tensor;
      if (!readConstantNode(node, tensor))
        continue;
      tensor.set_name(node.output(0));
      impl.constants.set(std::move(tensor));
      clear(node);
    }
    compact();
  }

  /// Identity of a constant and the transposed of a constant matrix, as exporters leave them.
  void foldMoves() {
    for (onnx::NodeProto &node : *graph.mutable_node()) {
      const onnx::TensorProto *value = impl.constants.find(inputOf(node, 0));
      if (!value || node.output_size() != 1)
        continue;
      if (isOp(node, "Identity")) {
        onnx::TensorProto copy = *value;
        copy.set_name(node.output(0));
        impl.constants.set(std::move(copy));
        clear(node);
      } else if (isOp(node, "Transpose") && value->dims_size() == 2 && isFloat(*value)) {
        const onnx::AttributeProto *perm = findAttr(node, "perm");
        if (perm && (perm->ints_size() != 2 || perm->ints(0) != 1))
          continue;
        impl.constants.set(transposeMatrix(*value, node.output(0)));
        clear(node);
      }
    }
    compact();
  }

  std::string addFloats(const std::string &wish, ArrayRef<int64_t> dims, ArrayRef<float> values) {
    std::string name = names.unique(wish);
    impl.constants.set(makeFloats(name, dims, values));
    return name;
  }

  /// alpha and beta of a Gemm go into its constants.
  void foldFactors(onnx::NodeProto &node) {
    for (auto [attr, operand] : {std::pair<const char *, int>{"alpha", 1}, {"beta", 2}}) {
      float factor = getFloat(node, attr, 1);
      const onnx::TensorProto *tensor = floats(inputOf(node, operand));
      if (factor == 1 || !tensor || !std::isfinite(factor))
        continue;
      std::vector<float> values = readFloats(*tensor);
      for (float &value : values)
        value *= factor;
      node.set_input(operand, addFloats(tensor->name() + "." + attr, getDims(*tensor), values));
      for (onnx::AttributeProto &old : *node.mutable_attribute())
        if (old.name() == attr)
          old.set_f(1);
    }
  }

  void foldNormalizations() {
    GraphIndex index(graph);
    for (onnx::NodeProto &conv : *graph.mutable_node()) {
      if (!isOp(conv, "Conv") || conv.output_size() != 1)
        continue;
      int user = index.onlyUser(conv.output(0));
      if (user >= 0 && foldNormalization(conv, *graph.mutable_node(user)))
        ++folded;
    }
    if (folded)
      impl.notes.push_back(std::to_string(folded) +
                           " batch normalizations are folded into the convolutions before them");
  }

  /// y = (conv + b - mean) * scale / sqrt(variance + epsilon) + offset.
  bool foldNormalization(onnx::NodeProto &conv, onnx::NodeProto &norm) {
    if (!isOp(norm, "BatchNormalization") || inputOf(norm, 0) != conv.output(0) ||
        norm.output_size() != 1 || getInt(norm, "training_mode", 0) != 0)
      return false;
    const onnx::TensorProto *weight = floats(inputOf(conv, 1)), *bias = floats(inputOf(conv, 2));
    const onnx::TensorProto *parts[4];
    for (int i = 0; i < 4; ++i)
      parts[i] = floats(inputOf(norm, i + 1));
    if (!weight || weight->dims_size() < 3 || (!inputOf(conv, 2).empty() && !bias))
      return false;
    int64_t channels = weight->dims(0);
    for (const onnx::TensorProto *part : parts)
      if (!part || getElementCount(getDims(*part)) != channels)
        return false;
    if (bias && getElementCount(getDims(*bias)) != channels)
      return false;
    std::vector<float> w = readFloats(*weight), b(channels, 0.0f);
    if (bias)
      b = readFloats(*bias);
    std::vector<float> scale = readFloats(*parts[0]), offset = readFloats(*parts[1]),
                       mean = readFloats(*parts[2]), variance = readFloats(*parts[3]);
    double epsilon = getFloat(norm, "epsilon", 1e-5f);
    size_t inner = channels ? w.size() / channels : 0;
    for (int64_t c = 0; c < channels; ++c) {
      double factor = scale[c] / std::sqrt(double(variance[c]) + epsilon);
      if (!std::isfinite(factor))
        return false;
      for (size_t i = 0; i < inner; ++i)
        w[c * inner + i] = static_cast<float>(w[c * inner + i] * factor);
      b[c] = static_cast<float>((double(b[c]) - mean[c]) * factor + offset[c]);
    }
    std::string base = weight->name();
    std::string weightName = addFloats(base + ".folded", getDims(*weight), w);
    std::string biasName = addFloats(base + ".folded.bias", {channels}, b);
    conv.set_input(1, weightName);
    if (conv.input_size() < 3)
      conv.add_input(biasName);
    else
      conv.set_input(2, biasName);
    conv.set_output(0, norm.output(0));
    clear(norm);
    return true;
  }

  Impl &impl;
  onnx::GraphProto &graph;
  Names names;
  unsigned folded = 0;
};
} // namespace

void simplify(Impl &impl) { Simplifier(impl).run(); }

} // namespace mlopt::onnx_quantize
