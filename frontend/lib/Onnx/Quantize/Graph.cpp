//===- Graph.cpp - Producers, users and attributes ------------------------===//
#include "Quantizer.h"

using namespace llvm;

namespace mlopt::onnx_quantize {

/// Names that a subgraph reads; its own ones too, which does no harm.
static void collectReads(const onnx::GraphProto &graph, std::set<std::string> &names) {
  for (const onnx::ValueInfoProto &output : graph.output())
    names.insert(output.name());
  for (const onnx::NodeProto &node : graph.node()) {
    names.insert(node.input().begin(), node.input().end());
    for (const onnx::AttributeProto &attr : node.attribute()) {
      if (attr.has_g())
        collectReads(attr.g(), names);
      for (const onnx::GraphProto &inner : attr.graphs())
        collectReads(inner, names);
    }
  }
}

GraphIndex::GraphIndex(const onnx::GraphProto &graph) {
  for (int i = 0; i < graph.node_size(); ++i) {
    const onnx::NodeProto &node = graph.node(i);
    for (const std::string &output : node.output())
      if (!output.empty())
        producers[output] = i;
    for (int k = 0; k < node.input_size(); ++k)
      if (!node.input(k).empty())
        useLists[node.input(k)].push_back({i, k});
    for (const onnx::AttributeProto &attr : node.attribute()) {
      if (attr.has_g())
        collectReads(attr.g(), captured);
      for (const onnx::GraphProto &inner : attr.graphs())
        collectReads(inner, captured);
    }
  }
  for (const onnx::ValueInfoProto &output : graph.output())
    outputs.insert(output.name());
}

int GraphIndex::producer(const std::string &tensor) const {
  auto it = producers.find(tensor);
  return it == producers.end() ? -1 : it->second;
}

ArrayRef<GraphIndex::Use> GraphIndex::uses(const std::string &tensor) const {
  auto it = useLists.find(tensor);
  return it == useLists.end() ? ArrayRef<Use>() : ArrayRef<Use>(it->second);
}

int GraphIndex::onlyUser(const std::string &tensor) const {
  ArrayRef<Use> list = uses(tensor);
  return list.size() == 1 && !isOutput(tensor) && !isCaptured(tensor) ? list[0].node : -1;
}

static void collectNames(const onnx::GraphProto &graph, std::set<std::string> &names) {
  for (const onnx::ValueInfoProto &value : graph.input())
    names.insert(value.name());
  for (const onnx::TensorProto &tensor : graph.initializer())
    names.insert(tensor.name());
  for (const onnx::NodeProto &node : graph.node()) {
    names.insert(node.name());
    names.insert(node.output().begin(), node.output().end());
    for (const onnx::AttributeProto &attr : node.attribute()) {
      if (attr.has_g())
        collectNames(attr.g(), names);
      for (const onnx::GraphProto &inner : attr.graphs())
        collectNames(inner, names);
    }
  }
}

Names::Names(const onnx::GraphProto &graph, const Constants &constants) {
  collectNames(graph, taken);
  for (const onnx::TensorProto &tensor : constants.all())
    taken.insert(tensor.name());
}

std::string Names::unique(const std::string &wish) {
  std::string name = wish;
  for (int n = 2; name.empty() || !taken.insert(name).second; ++n)
    name = wish + "_" + std::to_string(n);
  return name;
}

const onnx::AttributeProto *findAttr(const onnx::NodeProto &node, StringRef name) {
  for (const onnx::AttributeProto &attr : node.attribute())
    if (attr.name() == name)
      return &attr;
  return nullptr;
}

int64_t getInt(const onnx::NodeProto &node, StringRef name, int64_t otherwise) {
  const onnx::AttributeProto *attr = findAttr(node, name);
  return attr ? attr->i() : otherwise;
}

float getFloat(const onnx::NodeProto &node, StringRef name, float otherwise) {
  const onnx::AttributeProto *attr = findAttr(node, name);
  return attr ? attr->f() : otherwise;
}

void setInt(onnx::NodeProto &node, const std::string &name, int64_t value) {
  onnx::AttributeProto *attr = nullptr;
  for (onnx::AttributeProto &old : *node.mutable_attribute())
    if (old.name() == name)
      attr = &old;
  if (!attr)
    attr = node.add_attribute();
  attr->set_name(name);
  attr->set_type(onnx::AttributeProto::INT);
  attr->set_i(value);
}

bool isOp(const onnx::NodeProto &node, StringRef op) {
  return node.domain().empty() && node.op_type() == op;
}

const std::string &inputOf(const onnx::NodeProto &node, int i) {
  static const std::string none;
  return i < node.input_size() ? node.input(i) : none;
}

onnx::NodeProto makeNode(const std::string &op, const std::string &name,
                         ArrayRef<std::string> inputs, ArrayRef<std::string> outputs) {
  onnx::NodeProto node;
  node.set_op_type(op);
  node.set_name(name);
  for (const std::string &input : inputs)
    node.add_input(input);
  for (const std::string &output : outputs)
    node.add_output(output);
  return node;
}

} // namespace mlopt::onnx_quantize
