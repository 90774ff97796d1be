//===- Weights.cpp - Large tensors leave the model before ONNX's passes ---===//
//
// Afterwards a large initialiser is a graph input of its type: the checker, the version converter
// and shape inference see what they need and copy nothing. A subgraph's large initialiser moves to
// the main graph, where its subgraph sees it too.
//
//===----------------------------------------------------------------------===//
#include "Importer.h"

using namespace llvm;

namespace mlopt::onnx_import {

void makeInternal(onnx::TensorProto &tensor, ExternalData &external, const ImportLimits &limits,
                  const std::string &where) {
  if (tensor.data_location() != onnx::TensorProto_DataLocation_EXTERNAL)
    return;
  uint64_t count = checkedElementCount(tensor.dims(), limits, where);
  Bytes bytes = external.map(tensor, getStoredBytes(tensor.data_type(), count), where);
  tensor.set_raw_data(std::string(bytes.data.begin(), bytes.data.end()));
  tensor.clear_external_data();
  tensor.clear_data_location();
}

namespace {
class WeightTaker {
public:
  WeightTaker(onnx::ModelProto &model, ExternalData &external, Weights &weights,
              const ImportOptions &options)
      : main(*model.mutable_graph()), external(external), weights(weights), options(options) {}

  void run() {
    collectNames(main);
    for (const onnx::ValueInfoProto &input : main.input())
      inputs.insert(input.name());
    hoistConstants(main);
    takeInitializers(main);
    for (onnx::NodeProto &node : *main.mutable_node())
      visitSubgraphs(node);
  }

private:
  void collectNames(const onnx::GraphProto &graph) {
    for (const onnx::ValueInfoProto &value : graph.input())
      names.insert(value.name());
    for (const onnx::TensorProto &tensor : graph.initializer())
      names.insert(tensor.name());
    for (const onnx::NodeProto &node : graph.node()) {
      names.insert(node.output().begin(), node.output().end());
      for (const onnx::AttributeProto &attr : node.attribute()) {
        if (attr.has_g())
          collectNames(attr.g());
        for (const onnx::GraphProto &inner : attr.graphs())
          collectNames(inner);
      }
    }
  }

  bool isLarge(const onnx::TensorProto &tensor) const {
    uint64_t count = 1;
    for (int64_t dim : tensor.dims()) // checked against overflow before
      count *= dim;
    return isSupportedElement(tensor.data_type()) &&
           getStoredBytes(tensor.data_type(), count) > options.largeTensorBytes;
  }

  /// A Constant node with a large tensor becomes an initialiser of the same name.
  void hoistConstants(onnx::GraphProto &graph) {
    auto &nodes = *graph.mutable_node();
    int kept = 0;
    for (int i = 0; i < nodes.size(); ++i) {
      onnx::NodeProto &node = nodes[i];
      onnx::TensorProto *value = nullptr;
      if (node.op_type() == "Constant" && node.domain().empty() && node.output_size() == 1 &&
          node.attribute_size() == 1 && node.attribute(0).name() == "value" &&
          node.attribute(0).has_t())
        value = node.mutable_attribute(0)->mutable_t();
      if (value && isLarge(*value)) {
        onnx::TensorProto *tensor = graph.add_initializer();
        tensor->Swap(value);
        tensor->set_name(node.output(0));
        continue;
      }
      if (kept != i)
        nodes.SwapElements(kept, i);
      ++kept;
    }
    nodes.DeleteSubrange(kept, nodes.size() - kept);
  }

  void takeInitializers(onnx::GraphProto &graph) {
    bool isMain = &graph == &main;
    auto &tensors = *graph.mutable_initializer();
    int kept = 0;
    for (int i = 0; i < tensors.size(); ++i) {
      onnx::TensorProto &tensor = tensors[i];
      bool large =
          isLarge(tensor) && !tensor.name().empty() && (isMain || !isOutput(graph, tensor.name()));
      if (large) {
        std::string name = tensor.name();
        if (!isMain) { // names of sibling subgraphs may be equal
          std::string unique = name;
          for (int n = 0;
               weights.count(unique) || (n == 0 ? mainNames().count(unique) : names.count(unique));
               ++n)
            unique = name + "_" + std::to_string(n);
          if (unique != name)
            renameUses(graph, name, unique);
          name = unique;
          names.insert(name);
        }
        take(tensor, name);
        continue;
      }
      if (tensor.data_location() == onnx::TensorProto_DataLocation_EXTERNAL)
        makeInternal(tensor, external, options.limits, "initializer '" + tensor.name() + "'");
      if (kept != i)
        tensors.SwapElements(kept, i);
      ++kept;
    }
    tensors.DeleteSubrange(kept, tensors.size() - kept);
  }

  static bool isOutput(const onnx::GraphProto &graph, const std::string &name) {
    return llvm::any_of(graph.output(),
                        [&](const onnx::ValueInfoProto &value) { return value.name() == name; });
  }

  const std::set<std::string> &mainNames() {
    if (mainNameCache.empty()) {
      for (const onnx::ValueInfoProto &value : main.input())
        mainNameCache.insert(value.name());
      for (const onnx::TensorProto &tensor : main.initializer())
        mainNameCache.insert(tensor.name());
      for (const onnx::NodeProto &node : main.node())
        mainNameCache.insert(node.output().begin(), node.output().end());
    }
    return mainNameCache;
  }

  static void renameUses(onnx::GraphProto &graph, const std::string &from, const std::string &to) {
    for (onnx::NodeProto &node : *graph.mutable_node()) {
      for (std::string &input : *node.mutable_input())
        if (input == from)
          input = to;
      for (onnx::AttributeProto &attr : *node.mutable_attribute()) {
        if (attr.has_g())
          renameUses(*attr.mutable_g(), from, to);
        for (onnx::GraphProto &inner : *attr.mutable_graphs())
          renameUses(inner, from, to);
      }
    }
  }

  void take(onnx::TensorProto &tensor, const std::string &name) {
    if (weights.count(name))
      throw Failure(codes::BadName, "two initializers have the name '" + name + "'");
    Weight weight;
    weight.dataType = tensor.data_type();
    weight.dims.assign(tensor.dims().begin(), tensor.dims().end());
    weight.stored = getBytes(tensor, "initializer '" + name + "'");
    if (inputs.insert(name).second) {
      onnx::ValueInfoProto *input = main.add_input();
      input->set_name(name);
      onnx::TypeProto::Tensor *type = input->mutable_type()->mutable_tensor_type();
      type->set_elem_type(weight.dataType);
      type->mutable_shape();
      for (int64_t dim : weight.dims)
        type->mutable_shape()->add_dim()->set_dim_value(dim);
    }
    weights.emplace(name, std::move(weight));
  }

  Bytes getBytes(onnx::TensorProto &tensor, const std::string &where) {
    if (tensor.data_location() != onnx::TensorProto_DataLocation_EXTERNAL)
      return takeStoredBytes(tensor, options.limits);
    uint64_t count = checkedElementCount(tensor.dims(), options.limits, where);
    return external.map(tensor, getStoredBytes(tensor.data_type(), count), where);
  }

  void visitSubgraphs(onnx::NodeProto &node) {
    auto visit = [&](onnx::GraphProto &graph) {
      hoistConstants(graph);
      takeInitializers(graph);
      for (onnx::NodeProto &inner : *graph.mutable_node())
        visitSubgraphs(inner);
    };
    for (onnx::AttributeProto &attr : *node.mutable_attribute()) {
      std::string where = "attribute '" + attr.name() + "' of node '" + getNodeName(node) + "'";
      if (attr.has_g())
        visit(*attr.mutable_g());
      for (onnx::GraphProto &inner : *attr.mutable_graphs())
        visit(inner);
      if (attr.has_t() && attr.t().data_location() == onnx::TensorProto_DataLocation_EXTERNAL)
        makeInternal(*attr.mutable_t(), external, options.limits, where);
      for (onnx::TensorProto &tensor : *attr.mutable_tensors())
        if (tensor.data_location() == onnx::TensorProto_DataLocation_EXTERNAL)
          makeInternal(tensor, external, options.limits, where);
    }
  }

  onnx::GraphProto &main;
  ExternalData &external;
  Weights &weights;
  const ImportOptions &options;
  std::set<std::string> names, inputs, mainNameCache;
};
} // namespace

void takeWeights(onnx::ModelProto &model, ExternalData &external, Weights &weights,
                 const ImportOptions &options) {
  WeightTaker(model, external, weights, options).run();
}

} // namespace mlopt::onnx_import
