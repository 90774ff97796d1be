//===- Compare.cpp - Deployed layers beside the float ones ----------------===//
//
// What a layer's integers cost, alone: both forms of it get the float path's input. The sums leave
// the model, so that comparing needs no memory of the tensors' size outside of it.
//
//===----------------------------------------------------------------------===//
#include "Quantizer.h"

using namespace llvm;

namespace mlopt::onnx_quantize {

using Data = onnx::TensorProto;

void Comparison::add(const Layer &layer, int behind, const std::string &expected,
                     const std::string &actual) {
  auto make = [&](StringRef op, StringRef word, ArrayRef<std::string> inputs) {
    std::string name = writer.unique((layer.name + "." + word).str());
    return std::pair(makeNode(op.str(), name, inputs, {name}), name);
  };
  auto [difference, differs] = make("Sub", "difference", {expected, actual});
  writer.behind(behind, std::move(difference));
  for (const std::string &tensor : {differs, expected}) {
    auto [squares, name] = make("ReduceSumSquare", "squares", {tensor});
    setInt(squares, "keepdims", 0);
    writer.behind(behind, std::move(squares));
    addOutput(name, {});
  }
  addMean(layer, behind, differs);
}

void Comparison::addMean(const Layer &layer, int behind, const std::string &tensor) {
  std::string name = writer.unique(layer.name + ".mean");
  std::vector<int32_t> axes;
  int64_t rank = static_cast<int64_t>(layer.outputShape.size());
  int64_t channel = layer.channelAxis < 0 ? rank - 1 : layer.channelAxis;
  bool byChannel = layer.channels > 0 && rank > 0;
  for (int64_t axis = 0; byChannel && axis < rank; ++axis)
    if (axis != channel)
      axes.push_back(static_cast<int32_t>(axis));
  std::vector<std::string> inputs = {tensor};
  if (!axes.empty() && onnx_import::getOpset(impl.model, "") >= 18) {
    inputs.push_back(writer.unique(name + ".axes"));
    writer.add(makeIntegers(inputs.back(), Data::INT64, {static_cast<int64_t>(axes.size())}, axes));
  }
  onnx::NodeProto mean = makeNode("ReduceMean", name, inputs, {name});
  setInt(mean, "keepdims", 0);
  if (!axes.empty() && inputs.size() == 1) {
    onnx::AttributeProto &attr = *mean.add_attribute();
    attr.set_name("axes");
    attr.set_type(onnx::AttributeProto::INTS);
    for (int32_t axis : axes)
      attr.add_ints(axis);
  }
  writer.behind(behind, std::move(mean));
  addOutput(name, byChannel && !axes.empty() ? ArrayRef(layer.channels) : ArrayRef<int64_t>());
}

void Comparison::addOutput(const std::string &name, ArrayRef<int64_t> dims) {
  onnx::ValueInfoProto value;
  value.set_name(name);
  onnx::TypeProto::Tensor &type = *value.mutable_type()->mutable_tensor_type();
  type.set_elem_type(Data::FLOAT);
  type.mutable_shape();
  for (int64_t dim : dims)
    type.mutable_shape()->add_dim()->set_dim_value(dim);
  outputs.push_back(std::move(value));
}

void compareLayers(Writer &writer, const Impl &impl) {
  if (llvm::none_of(impl.layers, [](const Layer &layer) { return layer.enabled; }))
    throw Failure(codes::NoQuantizableLayer, "no layer is enabled, so there is nothing to quantize");
  Comparison comparison(writer, impl);
  for (const Layer &layer : impl.layers) {
    if (!layer.enabled)
      continue;
    std::string result = writer.unique(layer.output + ".integer");
    writer.renameResult(layer.node, layer.output, result);
    onnx::NodeProto original = impl.model.graph().node(layer.node);
    original.set_name(writer.unique(layer.name + ".float"));
    // In front: what is behind may read its result.
    writer.before(layer.node, std::move(original));
    comparison.add(layer, layer.node, layer.output, result);
  }
  comparison.finish();
}

} // namespace mlopt::onnx_quantize
