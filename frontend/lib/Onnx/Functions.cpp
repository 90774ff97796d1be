//===- Functions.cpp - Operators that ONNX itself defines as functions ----===//
//
// A node without conversion whose schema has a function body (fixed, or built for the node's types)
// is replaced by that body, in subgraphs too; ONNX's own inliner does the main graph only.
//
//===----------------------------------------------------------------------===//
#include "Importer.h"

#include "onnx/defs/schema.h"
#include "onnx/shape_inference/attribute_binder.h"

#include <list>

using namespace llvm;

namespace mlopt::onnx_import {

namespace {
using TypeMap = std::map<std::string, const onnx::TypeProto *>;

class SchemaInliner {
public:
  SchemaInliner(onnx::ModelProto &model, const ImportOptions &options, ImportReport &report)
      : model(model), options(options), report(report) {
    collectNames(model.graph());
  }

  bool run() {
    visitGraph(*model.mutable_graph(), {});
    return changed;
  }

private:
  void collectNames(const onnx::GraphProto &graph) {
    for (const onnx::ValueInfoProto &value : graph.input())
      used.insert(value.name());
    for (const onnx::TensorProto &tensor : graph.initializer())
      used.insert(tensor.name());
    for (const onnx::NodeProto &node : graph.node()) {
      used.insert(node.output().begin(), node.output().end());
      for (const onnx::AttributeProto &attr : node.attribute()) {
        if (attr.has_g())
          collectNames(attr.g());
        for (const onnx::GraphProto &inner : attr.graphs())
          collectNames(inner);
      }
    }
  }

  std::string makeUnique(const std::string &base) {
    std::string name = base;
    for (int n = 0; !used.insert(name).second; ++n)
      name = base + "_" + std::to_string(n);
    return name;
  }

  void visitGraph(onnx::GraphProto &graph, TypeMap types) {
    // Types live in the proto; adding nodes does not move them.
    auto add = [&](const onnx::ValueInfoProto &value) {
      if (value.has_type() && value.type().value_case() != onnx::TypeProto::VALUE_NOT_SET)
        types[value.name()] = &value.type();
    };
    for_each(graph.value_info(), add);
    for_each(graph.input(), add);
    for_each(graph.output(), add);
    std::list<onnx::TypeProto> held;
    for (const onnx::TensorProto &tensor : graph.initializer()) {
      onnx::TypeProto &type = held.emplace_back();
      type.mutable_tensor_type()->set_elem_type(tensor.data_type());
      type.mutable_tensor_type()->mutable_shape();
      for (int64_t dim : tensor.dims())
        type.mutable_tensor_type()->mutable_shape()->add_dim()->set_dim_value(dim);
      types.try_emplace(tensor.name(), &type);
    }
    google::protobuf::RepeatedPtrField<onnx::NodeProto> old;
    old.Swap(graph.mutable_node());
    for (onnx::NodeProto &node : old) {
      onnx::FunctionProto body;
      if (getBody(node, types, body)) {
        expand(node, body, graph);
        changed = true;
        continue;
      }
      for (onnx::AttributeProto &attr : *node.mutable_attribute()) {
        if (attr.has_g())
          visitGraph(*attr.mutable_g(), types);
        for (onnx::GraphProto &inner : *attr.mutable_graphs())
          visitGraph(inner, types);
      }
      graph.add_node()->Swap(&node);
    }
  }

  bool getBody(const onnx::NodeProto &node, const TypeMap &types, onnx::FunctionProto &body) {
    int64_t version = getOpset(model, node.domain());
    const onnx::OpSchema *schema =
        version ? onnx::OpSchemaRegistry::Schema(node.op_type(), static_cast<int>(version),
                                                 node.domain())
                : nullptr;
    if (!schema || (!schema->HasFunction() && !schema->HasContextDependentFunction()) ||
        options.isSupported(node.domain(), node.op_type(), version))
      return false;
    try {
      if (schema->HasFunction())
        if (const onnx::FunctionProto *function =
                schema->GetFunction(static_cast<int>(version), false)) {
          body = *function;
          return body.node_size() > 0;
        }
      if (!schema->HasContextDependentFunction())
        return false;
      std::vector<onnx::TypeProto> inputTypes;
      for (const std::string &input : node.input()) {
        auto it = types.find(input);
        if (it == types.end() && !input.empty())
          return false; // the builders rely on the types of their operands
        inputTypes.push_back(it == types.end() ? onnx::TypeProto() : *it->second);
      }
      onnx::FunctionBodyBuildContextImpl context(node, inputTypes);
      return schema->BuildContextDependentFunction(context, body, static_cast<int>(version)) &&
             body.node_size() > 0;
    } catch (const std::exception &error) {
      if (noted.insert(node.op_type()).second)
        report.notes.push_back("the function of operator " + node.op_type() +
                               " could not be built: " + error.what());
      return false;
    }
  }

  using Names = std::unordered_map<std::string, std::string>;

  /// Gives every name that `nodes` define a new one.
  template <typename Nodes>
  void defineNames(const Nodes &nodes, const std::string &prefix, Names &names) {
    for (const onnx::NodeProto &node : nodes) {
      for (const std::string &output : node.output())
        if (!output.empty() && !names.count(output))
          names[output] = makeUnique(prefix + "." + output);
      for (const onnx::AttributeProto &attr : node.attribute())
        if (attr.has_g()) {
          for (const onnx::ValueInfoProto &value : attr.g().input())
            names[value.name()] = makeUnique(prefix + "." + value.name());
          for (const onnx::TensorProto &tensor : attr.g().initializer())
            names.try_emplace(tensor.name(), makeUnique(prefix + "." + tensor.name()));
          defineNames(attr.g().node(), prefix, names);
        }
    }
  }

  static void rename(std::string &name, const Names &names) {
    if (auto it = names.find(name); it != names.end())
      name = it->second;
  }

  static void rename(onnx::NodeProto &node, const Names &names) {
    for (std::string &input : *node.mutable_input())
      rename(input, names);
    for (std::string &output : *node.mutable_output())
      rename(output, names);
    for (onnx::AttributeProto &attr : *node.mutable_attribute()) {
      if (!attr.has_g())
        continue;
      onnx::GraphProto &graph = *attr.mutable_g();
      for (onnx::ValueInfoProto &value : *graph.mutable_input())
        rename(*value.mutable_name(), names);
      for (onnx::ValueInfoProto &value : *graph.mutable_output())
        rename(*value.mutable_name(), names);
      for (onnx::TensorProto &tensor : *graph.mutable_initializer())
        rename(*tensor.mutable_name(), names);
      graph.clear_value_info();
      for (onnx::NodeProto &inner : *graph.mutable_node())
        rename(inner, names);
    }
  }

  void expand(const onnx::NodeProto &call, onnx::FunctionProto &body, onnx::GraphProto &graph) {
    onnx::NodeProto withDefaults = call;
    for (const onnx::AttributeProto &attr : body.attribute_proto())
      if (none_of(call.attribute(),
                  [&](const onnx::AttributeProto &given) { return given.name() == attr.name(); }))
        *withDefaults.add_attribute() = attr;
    onnx::internal::AttributeBinder::BindAttributes(withDefaults, body);
    std::string prefix = getNodeName(call);
    Names names;
    names[""] = "";
    for (int i = 0; i < body.input_size(); ++i)
      names[body.input(i)] = i < call.input_size() ? call.input(i) : "";
    for (int i = 0; i < body.output_size(); ++i)
      if (i < call.output_size() && !call.output(i).empty())
        names[body.output(i)] = call.output(i);
    defineNames(body.node(), prefix, names);
    for (onnx::NodeProto &node : *body.mutable_node()) {
      rename(node, names);
      node.set_name(prefix + "/" + (node.name().empty() ? node.op_type() : node.name()));
      if (node.domain() == "ai.onnx")
        node.clear_domain();
      graph.add_node()->Swap(&node);
    }
    for (const onnx::OperatorSetIdProto &opset : body.opset_import()) {
      std::string domain = opset.domain() == "ai.onnx" ? "" : opset.domain();
      if (getOpset(model, domain) == 0) {
        onnx::OperatorSetIdProto *added = model.add_opset_import();
        added->set_domain(domain);
        added->set_version(opset.version());
      }
    }
  }

  onnx::ModelProto &model;
  const ImportOptions &options;
  ImportReport &report;
  std::set<std::string> used, noted;
  bool changed = false;
};
} // namespace

bool inlineSchemaFunctions(onnx::ModelProto &model, const ImportOptions &options,
                           ImportReport &report) {
  return SchemaInliner(model, options, report).run();
}

} // namespace mlopt::onnx_import
