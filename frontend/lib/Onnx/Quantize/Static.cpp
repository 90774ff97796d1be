//===- Static.cpp - QuantizeLinear and DequantizeLinear pairs -------------===//
//
// The form that ONNX Runtime's own quantizer writes, so that its fusions find it: one pair per
// tensor, weights and biases as integers behind a DequantizeLinear.
//
//===----------------------------------------------------------------------===//
#include "Quantizer.h"

#include "llvm/ADT/StringExtras.h"

#include <cmath>

using namespace llvm;

namespace mlopt::onnx_quantize {

using Data = onnx::TensorProto;

namespace {
class StaticWriter {
public:
  explicit StaticWriter(const Impl &impl)
      : impl(impl), graph(impl.model.graph()), index(graph), plan(makePlan(impl, true)),
        writer(impl) {}

  void run(StringRef path, ArrayRef<std::string> more) {
    checkRanges();
    for (const Plan::Tensor &tensor : plan.tensors)
      addPair(tensor);
    for (const Layer &layer : impl.layers)
      if (layer.enabled)
        writeLayer(layer);
    for (const std::string &tensor : more)
      writer.addOutput(tensor);
    writer.write(path);
  }

  void runSideBySide(StringRef path, bool withOutputs) {
    checkRanges();
    Comparison comparison(writer, impl);
    for (const Layer &layer : impl.layers)
      if (layer.enabled)
        writeBesides(layer, withOutputs, comparison);
    comparison.finish();
    writer.write(path);
  }

private:
  void checkRanges() {
    if (llvm::none_of(impl.layers, [](const Layer &layer) { return layer.enabled; }))
      throw Failure(codes::NoQuantizableLayer,
                    "no layer is enabled, so there is nothing to quantize");
    std::vector<std::string> missing;
    for (const Plan::Tensor &tensor : plan.tensors) {
      const std::string &range = plan.range.find(tensor.name)->second;
      if (!impl.ranges.count(range) && !llvm::is_contained(missing, range))
        missing.push_back(range);
    }
    if (missing.empty())
      return;
    size_t count = missing.size();
    missing.resize(std::min<size_t>(count, 4));
    throw Failure(codes::MissingRange, std::to_string(count) +
                                           (count == 1 ? " tensor has" : " tensors have") +
                                           " no range: '" + llvm::join(missing, "', '") + "'" +
                                           (count > 4 ? " and others" : "") +
                                           "; set one for every tensor that calibration observes");
  }

  const ActivationScheme &scheme(const std::string &tensor) const {
    return impl.ranges.find(plan.range.find(tensor)->second)->second;
  }

  /// Scale and zero point of a range, shared by the tensors that have it.
  std::pair<std::string, std::string> getParameters(const std::string &tensor) {
    const std::string &range = plan.range.find(tensor)->second;
    auto [it, inserted] = parameters.try_emplace(range);
    if (inserted) {
      const ActivationScheme &s = impl.ranges.find(range)->second;
      it->second = {writer.unique(range + ".scale"), writer.unique(range + ".zero")};
      writer.add(makeFloats(it->second.first, {}, {s.scale}));
      writer.add(
          makeIntegers(it->second.second, s.isSigned ? Data::INT8 : Data::UINT8, {}, {s.zero}));
    }
    return it->second;
  }

  bool readsIntegers(int node) const {
    return plan.joined.count(node) ||
           llvm::any_of(impl.layers, [&](const Layer &l) { return l.enabled && l.node == node; });
  }

  void addPair(const Plan::Tensor &tensor) {
    auto [scale, zero] = getParameters(tensor.name);
    std::string integers = writer.unique(tensor.name + ".quantized");
    std::string back = writer.unique(tensor.name + ".dequantized");
    onnx::NodeProto q = makeNode("QuantizeLinear", writer.unique(tensor.owner + ".quantize"),
                                 {tensor.name, scale, zero}, {integers});
    onnx::NodeProto dq = makeNode("DequantizeLinear", writer.unique(tensor.owner + ".dequantize"),
                                  {integers, scale, zero}, {back});
    int producer = index.producer(tensor.name);
    for (onnx::NodeProto *node : {&q, &dq})
      if (producer < 0)
        writer.atStart(std::move(*node));
      else
        writer.behind(producer, std::move(*node));
    for (const GraphIndex::Use &use : index.uses(tensor.name))
      if (tensor.isIntegerMade || readsIntegers(use.node))
        writer.node(use.node).set_input(use.operand, back);
  }

  void writeLayer(const Layer &layer) {
    bool isBehind = hasIntegerBiasBehind(layer);
    if (!isBehind)
      correctBehind(writer, impl, layer);
    codeOperands(layer, isBehind);
  }

  /// A tensor of the float path as integers and back, in front of the first layer that reads it so.
  std::string getRoundTrip(const std::string &tensor, const Layer &layer) {
    auto [it, inserted] = roundTrips.try_emplace(tensor);
    if (inserted) {
      auto [scale, zero] = getParameters(tensor);
      std::string integers = writer.unique(tensor + ".quantized");
      it->second = writer.unique(tensor + ".dequantized");
      writer.before(layer.node,
                    makeNode("QuantizeLinear", writer.unique(layer.name + ".input.quantize"),
                             {tensor, scale, zero}, {integers}));
      writer.before(layer.node,
                    makeNode("DequantizeLinear", writer.unique(layer.name + ".input.dequantize"),
                             {integers, scale, zero}, {it->second}));
    }
    return it->second;
  }

  /// The node of the layer (itself, its bias Add, its activation) whose result is integers where the
  /// layer is deployed; -1 where it hands on floats.
  int findOutputPair(const Layer &layer) const {
    for (int node : {layer.node, layer.biasAdd, layer.activationNode})
      if (node >= 0 && llvm::any_of(plan.tensors, [&](const Plan::Tensor &tensor) {
            return tensor.name == graph.node(node).output(0);
          }))
        return node;
    return -1;
  }

  /// The layer as it is and, under its name, as it is deployed, on the same input; and what tells
  /// them apart. `withOutputs`: to the end of its kernel, where the result becomes integers again.
  void writeBesides(const Layer &layer, bool withOutputs, Comparison &comparison) {
    int last = withOutputs ? findOutputPair(layer) : -1;
    bool hasPair = last >= 0;
    if (!hasPair)
      last = layer.node;
    bool takesAdd = last != layer.node && layer.biasAdd >= 0;
    bool isBehind = takesAdd && hasIntegerBiasBehind(layer);
    onnx::NodeProto original = writer.node(layer.node), addAsItIs;
    original.set_name(writer.unique(layer.name + ".float"));
    if (takesAdd)
      addAsItIs = writer.node(layer.biasAdd);
    codeOperands(layer, isBehind);
    onnx::NodeProto add;
    if (takesAdd) {
      // What is deployed is a copy; the float path keeps its own.
      add = writer.node(layer.biasAdd);
      writer.node(layer.biasAdd) = addAsItIs;
    }
    onnx::NodeProto &node = writer.node(layer.node);
    node.set_name(layer.name);
    for (int i = 0; i < std::min(node.input_size(), 2); ++i)
      if (node.input(i) == layer.input || (i == 1 && node.input(i) == layer.otherInput))
        node.set_input(i, getRoundTrip(node.input(i), layer));
    std::string result = writer.unique(layer.output + ".integer");
    node.set_output(0, result);
    writer.behind(layer.node, std::move(original));
    // Biases that the node has no place for come behind, their correction, too.
    if (!layer.biasDelta.empty() && !isBehind && getNodeBias(impl, layer).empty()) {
      std::string delta = writer.unique(layer.name + ".correction"),
                  corrected = writer.unique(layer.name + ".corrected");
      writer.add(makeFloats(delta, {layer.channels}, layer.biasDelta));
      writer.behind(layer.node, makeNode("Add", corrected, {result, delta}, {corrected}));
      result = corrected;
    }
    std::string expected = layer.output;
    auto copyBehind = [&](onnx::NodeProto copy, const char *word) {
      for (std::string &input : *copy.mutable_input())
        if (input == expected)
          input = result;
      expected = copy.output(0);
      result = writer.unique(layer.name + "." + word);
      copy.set_name(result);
      copy.set_output(0, result);
      writer.behind(layer.node, std::move(copy));
    };
    if (takesAdd)
      copyBehind(std::move(add), "add");
    if (hasPair && last == layer.activationNode)
      copyBehind(graph.node(last), "activation");
    if (hasPair) {
      auto [scale, zero] = getParameters(expected);
      std::string integers = writer.unique(layer.name + ".output.quantize"),
                  back = writer.unique(layer.name + ".output.dequantize");
      writer.behind(layer.node,
                    makeNode("QuantizeLinear", integers, {result, scale, zero}, {integers}));
      writer.behind(layer.node,
                    makeNode("DequantizeLinear", back, {integers, scale, zero}, {back}));
      result = back;
    }
    comparison.add(layer, last, expected, result);
  }

  /// Weights as integers, and the node's own bias or, where it `isBehind`, that of the Add.
  void codeOperands(const Layer &layer, bool isBehind) {
    if (layer.weight.empty())
      return;
    std::vector<float> bias = isBehind ? getBiasBehind(impl, layer) : getNodeBias(impl, layer);
    float inputScale = scheme(layer.input).scale;
    // Biases are i32 in units of the products: a weight scale is raised where one would not fit.
    std::vector<float> minimum;
    for (float b : bias) {
      if (!std::isfinite(b))
        throw Failure(codes::BadScheme, "the bias holds values that are not finite")
            .at(layer.name, layer.op);
      minimum.push_back(std::fabs(b) / (inputScale * 1073741824.0f));
    }
    CodedWeights coded;
    try {
      coded = codeWeights(readFloats(*impl.constants.find(layer.weight)), layer.weightShape,
                          layer.weightAxis, layer.weightScheme, minimum);
    } catch (Failure &failure) {
      throw failure.at(layer.name, layer.op);
    }
    std::vector<int64_t> dims;
    if (layer.weightScheme.perChannel)
      dims.push_back(layer.channels);
    std::string base = layer.name + ".weight";
    std::string values = writer.unique(base + ".quantized"), scale = writer.unique(base + ".scale"),
                zero = writer.unique(base + ".zero"), back = writer.unique(base);
    writer.add(makeIntegers(values, coded.dataType, layer.weightShape, coded.values));
    writer.add(makeFloats(scale, dims, coded.scales));
    writer.add(makeIntegers(zero, coded.dataType, dims, coded.zeros));
    onnx::NodeProto dq = makeNode("DequantizeLinear", writer.unique(base + ".dequantize"),
                                  {values, scale, zero}, {back});
    if (!dims.empty())
      setInt(dq, "axis", layer.weightAxis);
    writer.before(layer.node, std::move(dq));
    writer.node(layer.node).set_input(1, back);
    if (!bias.empty())
      writeBias(layer, bias, inputScale, coded, dims, isBehind);
  }

  /// Where all sizes are known ONNX Runtime makes a Gemm of a MatMul and an Add, and has it in
  /// integers only if its bias is an integer. Elsewhere it joins a float one to what follows.
  static bool hasIntegerBiasBehind(const Layer &layer) {
    return layer.biasAdd >= 0 && !layer.outputShape.empty() &&
           !llvm::is_contained(layer.outputShape, -1);
  }

  void writeBias(const Layer &layer, ArrayRef<float> bias, float inputScale,
                 const CodedWeights &coded, ArrayRef<int64_t> dims, bool isBehind) {
    std::vector<float> scales;
    for (float s : coded.scales)
      scales.push_back(inputScale * s);
    std::vector<int32_t> integers;
    for (size_t c = 0; c < bias.size(); ++c) {
      double q = std::nearbyint(double(bias[c]) / scales[scales.size() == 1 ? 0 : c]);
      integers.push_back(static_cast<int32_t>(std::clamp(q, -2147483647.0, 2147483647.0)));
    }
    std::string base = layer.name + ".bias";
    std::string values = writer.unique(base + ".quantized"), scale = writer.unique(base + ".scale"),
                back = writer.unique(base);
    writer.add(makeIntegers(values, Data::INT32, {layer.channels}, integers));
    writer.add(makeFloats(scale, dims, scales));
    onnx::NodeProto dq =
        makeNode("DequantizeLinear", writer.unique(base + ".dequantize"), {values, scale}, {back});
    if (!dims.empty())
      setInt(dq, "axis", 0);
    writer.before(layer.node, std::move(dq));
    onnx::NodeProto &node = writer.node(isBehind ? layer.biasAdd : layer.node);
    if (isBehind) {
      for (std::string &input : *node.mutable_input())
        if (input == layer.bias)
          input = back;
      return;
    }
    while (node.input_size() < 3)
      node.add_input("");
    node.set_input(2, back);
  }

  const Impl &impl;
  const onnx::GraphProto &graph;
  GraphIndex index;
  Plan plan;
  Writer writer;
  std::map<std::string, std::pair<std::string, std::string>> parameters;
  std::map<std::string, std::string> roundTrips; // of runSideBySide
};
} // namespace

void writeStatic(const Impl &impl, StringRef path, ArrayRef<std::string> more) {
  StaticWriter(impl).run(path, more);
}

void writeSideBySide(const Impl &impl, StringRef path, bool withOutputs) {
  StaticWriter(impl).runSideBySide(path, withOutputs);
}

} // namespace mlopt::onnx_quantize
