//===- Dynamic.cpp - Activations quantized at run time --------------------===//
//
// Per tensor as ONNX Runtime's quantize_dynamic writes it: one DynamicQuantizeLinear, an integer
// product, and the product of the two scales multiplied behind.
//
// Per row, for MatMul and Gemm: row r of the activation (all of its last axis) is divided by
// max|x_r| / 127 and stored as u8 around 128, so that no row loses its steps to another one's
// outliers. A row of zeros is 128 everywhere and gives exact zeros; a row with a NaN or an infinity
// has no finite scale and gives NaN or infinities, as it does in float, in that row alone.
//
//===----------------------------------------------------------------------===//
#include "Quantizer.h"

using namespace llvm;

namespace mlopt::onnx_quantize {

using Data = onnx::TensorProto;

namespace {
class DynamicWriter {
public:
  DynamicWriter(const Impl &impl, DynamicRange range)
      : impl(impl), graph(impl.model.graph()), index(graph), writer(impl), range(range) {}

  void run(StringRef path, bool isSideBySide) {
    bool any = false;
    for (const Layer &layer : impl.layers)
      if (layer.enabled && !layer.weight.empty()) {
        writeLayer(layer);
        any = true;
      }
    if (!any)
      throw Failure(codes::NoQuantizableLayer, "no layer with weights is enabled, so there is "
                                               "nothing to quantize dynamically");
    if (isSideBySide)
      compareLayers(writer, impl);
    writer.write(path);
  }

private:
  struct Activation {
    std::string values, scale, zero;
  };

  /// Whether the layer's activation has a scale per row: a window of a Conv reads many rows.
  bool isPerRow(const Layer &layer) const {
    return range == DynamicRange::Row && layer.op != "Conv";
  }

  /// The layer's activation as integers, made once for all layers that read it alike.
  const Activation &quantize(const Layer &layer) {
    auto [it, inserted] = activations.try_emplace({layer.input, isPerRow(layer)});
    if (!inserted)
      return it->second;
    Activation &a = it->second;
    a.values = writer.unique(layer.input + ".quantized");
    a.scale = writer.unique(layer.input + ".scale");
    std::vector<onnx::NodeProto> nodes;
    if (isPerRow(layer)) {
      a.zero = constant("dynamic.zero", middle, [&](const std::string &name) {
        return makeIntegers(name, Data::UINT8, {}, {128});
      });
      nodes = quantizeRows(layer, a);
    } else {
      a.zero = writer.unique(layer.input + ".zero");
      nodes.push_back(makeNode("DynamicQuantizeLinear",
                               writer.unique(layer.name + ".input.quantize"), {layer.input},
                               {a.values, a.scale, a.zero}));
    }
    int producer = index.producer(layer.input);
    for (onnx::NodeProto &node : nodes)
      if (producer < 0)
        writer.atStart(std::move(node));
      else
        writer.behind(producer, std::move(node));
    return a;
  }

  /// The scale max|x| / 127 over the last axis, of shape [..., 1], and round(x / scale) + 128. One
  /// division per row: its quotient multiplies the elements.
  std::vector<onnx::NodeProto> quantizeRows(const Layer &layer, const Activation &a) {
    auto number = [&](const char *wish, std::string &name, float value) {
      return constant(wish, name,
                      [&](const std::string &n) { return makeFloats(n, {}, {value}); });
    };
    // The quotient of the smallest divisor is finite: 0 times it is 0.
    std::string least = number("dynamic.least", smallest, 1e-30f),
                steps = number("dynamic.steps", most, 127),
                step = number("dynamic.step", inverse, 1.0f / 127),
                one = number("dynamic.one", unit, 1);
    std::vector<onnx::NodeProto> nodes;
    auto add = [&](const char *op, const char *what, std::vector<std::string> inputs,
                   std::string output = "") {
      if (output.empty())
        output = writer.unique(layer.input + "." + what);
      nodes.push_back(
          makeNode(op, writer.unique(layer.name + ".input." + what), inputs, {output}));
      return output;
    };
    std::string magnitude = add("Abs", "magnitude", {layer.input});
    std::string maximum = add("ReduceMax", "maximum", {magnitude});
    setInt(nodes.back(), "keepdims", 1);
    if (onnx_import::getOpset(impl.model, "") < 18) { // an input from then on
      onnx::AttributeProto *axes = nodes.back().add_attribute();
      axes->set_name("axes");
      axes->set_type(onnx::AttributeProto::INTS);
      axes->add_ints(-1);
    } else {
      nodes.back().add_input(constant("dynamic.axes", lastAxis, [&](const std::string &name) {
        return makeIntegers(name, Data::INT64, {1}, {-1});
      }));
    }
    std::string bound = add("Max", "bound", {maximum, least});
    add("Mul", "scale", {bound, step}, a.scale);
    std::string factor = add("Div", "factor", {steps, bound});
    std::string scaled = add("Mul", "scaled", {layer.input, factor});
    add("QuantizeLinear", "quantize", {scaled, one, a.zero}, a.values);
    return nodes;
  }

  /// The name of a constant of the whole model, which `make` makes for the first one that asks.
  template <typename Make>
  const std::string &constant(const char *wish, std::string &name, Make make) {
    if (name.empty()) {
      name = writer.unique(wish);
      writer.add(make(name));
    }
    return name;
  }

  void writeLayer(const Layer &layer) {
    correctBehind(writer, impl, layer);
    const onnx::NodeProto &old = graph.node(layer.node);
    bool isConv = layer.op == "Conv";
    onnx::TensorProto weight = *impl.constants.find(layer.weight);
    int64_t axis = layer.weightAxis;
    if (layer.op == "Gemm" && axis == 0) {
      weight = transposeMatrix(weight, weight.name());
      axis = 1;
    }
    WeightScheme scheme = layer.weightScheme;
    if (scheme.isAsymmetric && (isConv || weight.dims_size() > 2))
      scheme.perChannel = false; // the operators take one zero point there
    CodedWeights coded;
    try {
      coded = codeWeights(readFloats(weight), getDims(weight), axis, scheme);
    } catch (Failure &failure) {
      throw failure.at(layer.name, layer.op);
    }
    const Activation &x = quantize(layer);
    std::string base = layer.name + ".weight";
    std::string values = writer.unique(base + ".quantized"), scale = writer.unique(base + ".scale");
    writer.add(makeIntegers(values, coded.dataType, getDims(weight), coded.values));
    std::vector<int64_t> tail(isConv ? weight.dims_size() - 2 : 0, 1); // [C, 1, 1] for a Conv
    std::vector<int64_t> dims;
    if (scheme.perChannel) {
      dims.push_back(layer.channels);
      dims.insert(dims.end(), tail.begin(), tail.end());
    }
    writer.add(makeFloats(scale, dims, coded.scales));
    std::vector<std::string> inputs = {x.values, values, x.zero};
    if (scheme.isAsymmetric) {
      std::string zero = writer.unique(base + ".zero");
      std::vector<int64_t> zeroDims;
      if (scheme.perChannel)
        zeroDims.push_back(layer.channels);
      writer.add(makeIntegers(zero, coded.dataType, zeroDims, coded.zeros));
      inputs.push_back(zero);
    }
    std::string sums = writer.unique(layer.name + ".integers"),
                floats = writer.unique(layer.name + ".float"),
                scales = writer.unique(layer.name + ".scales");
    onnx::NodeProto product =
        makeNode(isConv ? "ConvInteger" : "MatMulInteger", layer.name, inputs, {sums});
    if (isConv)
      *product.mutable_attribute() = old.attribute();
    onnx::NodeProto cast = makeNode("Cast", writer.unique(layer.name + ".cast"), {sums}, {floats});
    setInt(cast, "to", Data::FLOAT);
    // The scales of rows times those of columns would be as large as the result: one by one.
    bool perRow = isPerRow(layer);
    onnx::NodeProto both =
        makeNode("Mul", writer.unique(layer.name + ".scales.multiply"),
                 {perRow ? floats : x.scale, perRow ? x.scale : scale}, {scales});
    // A MatMul's name of the result may have been changed by the correction of its bias.
    std::string result = writer.node(layer.node).output(0);
    std::vector<float> bias = getNodeBias(impl, layer);
    std::string biasName;
    if (!bias.empty()) {
      biasName = writer.unique(layer.name + ".bias");
      std::vector<int64_t> biasDims = {layer.channels};
      biasDims.insert(biasDims.end(), tail.begin(), tail.end());
      writer.add(makeFloats(biasName, biasDims, bias));
    } else if (layer.op == "Gemm") {
      biasName = inputOf(old, 2);
    }
    std::string scaled = biasName.empty() ? result : writer.unique(layer.name + ".scaled");
    writer.node(layer.node) = std::move(product);
    std::vector<onnx::NodeProto> rest = {
        std::move(cast), std::move(both),
        makeNode("Mul", writer.unique(layer.name + ".dequantize"),
                 {perRow ? scales : floats, perRow ? scale : scales}, {scaled})};
    if (!biasName.empty())
      rest.push_back(
          makeNode("Add", writer.unique(layer.name + ".add"), {scaled, biasName}, {result}));
    // In front of what is behind the layer already (its correction): the next node comes too late.
    writer.behindFirst(layer.node, std::move(rest));
  }

  const Impl &impl;
  const onnx::GraphProto &graph;
  GraphIndex index;
  Writer writer;
  DynamicRange range;
  std::map<std::pair<std::string, bool>, Activation> activations; // by tensor and whether per row
  std::string middle, smallest, most, inverse, unit, lastAxis;    // constants of all rows, or empty
};
} // namespace

void writeDynamic(const Impl &impl, StringRef path, DynamicRange range, bool isSideBySide) {
  DynamicWriter(impl, range).run(path, isSideBySide);
}

} // namespace mlopt::onnx_quantize
