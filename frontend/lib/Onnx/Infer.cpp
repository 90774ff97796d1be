//===- Infer.cpp - ONNX's shape inference, node by node -------------------===//
//
// onnx::shape_inference::InferShapes ends at the first node that throws, and its partial evaluation
// of shape tensors makes one object per element of any one-dimensional value, also of 2^40
// elements. This drives the same schema functions node by node: what fails leaves its results
// unknown, and only small values are partially evaluated. Types found are a seed; the conversion
// infers again.
//
//===----------------------------------------------------------------------===//
#include "Importer.h"

#include "onnx/shape_inference/implementation.h"

namespace mlopt::onnx_import {

namespace {
/// More elements than any shape tensor has.
constexpr int64_t maxEvaluated = 1024;
constexpr int maxRank = 64;

/// ONNX reads the *length* of an int64 vector as the rank of what it describes, and makes one
/// object per dimension.
constexpr int64_t maxShapeLength = 4096;

using TypeMap = std::unordered_map<std::string, onnx::TypeProto *>;
using DataMap = std::unordered_map<std::string, const onnx::TensorProto *>;

/// Inference of one graph. Subgraphs get one of their own, which sees the types around it.
class Inference {
public:
  explicit Inference(onnx::ModelProto &model)
      : Inference(*model.mutable_graph(), getImports(model), static_cast<int>(model.ir_version()),
                  model.graph().node_size()) {}
  Inference(onnx::GraphProto &graph, const Inference &outer)
      : Inference(graph, outer.context.opset_imports, outer.context.ir_version, graph.node_size()) {
    types = outer.types;
    data = outer.data;
    shapeData = outer.shapeData;
  }

  void run() {
    for (onnx::ValueInfoProto &value : *graph.mutable_value_info())
      add(value);
    for (onnx::ValueInfoProto &value : *graph.mutable_input())
      add(value);
    for (onnx::ValueInfoProto &value : *graph.mutable_output()) {
      add(value);
      outputs.insert(value.name());
    }
    for (const onnx::TensorProto &tensor : graph.initializer()) {
      data[tensor.name()] = &tensor;
      if (types.count(tensor.name()))
        continue;
      onnx::TypeProto type;
      type.mutable_tensor_type()->set_elem_type(tensor.data_type());
      type.mutable_tensor_type()->mutable_shape();
      for (int64_t dim : tensor.dims())
        type.mutable_tensor_type()->mutable_shape()->add_dim()->set_dim_value(dim);
      set(tensor.name(), type);
    }
    for (onnx::NodeProto &node : *graph.mutable_node()) {
      try {
        visit(node);
      } catch (const std::exception &) {
        // Its results stay unknown.
      }
    }
  }

private:
  Inference(onnx::GraphProto &graph, std::unordered_map<std::string, int> imports, int irVersion,
            int numNodes)
      : graph(graph), registry(onnx::OpSchemaRegistry::Instance()), options(false, 0, false),
        context(types, std::move(imports), &symbols, noFunctions, registry, &shapeData, irVersion) {
    types.reserve(numNodes);
  }

  /// What an operator's inference calls for a subgraph.
  class Subgraph : public onnx::GraphInferencer {
  public:
    Subgraph(onnx::GraphProto &graph, const Inference &outer) : graph(graph), outer(outer) {}
    std::vector<const onnx::TypeProto *>
    doInferencing(const std::vector<const onnx::TypeProto *> &inputTypes,
                  const std::vector<const onnx::TensorProto *> &) override {
      if (size_t(graph.input_size()) != inputTypes.size())
        throw std::runtime_error("a subgraph has another number of inputs than its operator gives");
      for (size_t i = 0; i < inputTypes.size(); ++i)
        if (inputTypes[i])
          onnx::shape_inference::mergeShapesAndTypes(
              *inputTypes[i], graph.mutable_input(static_cast<int>(i))->mutable_type());
      Inference(graph, outer).run();
      std::vector<const onnx::TypeProto *> result;
      for (const onnx::ValueInfoProto &output : graph.output())
        result.push_back(&output.type());
      return result;
    }

  private:
    onnx::GraphProto &graph;
    const Inference &outer;
  };

  struct NodeContext : onnx::shape_inference::InferenceContextImpl {
    NodeContext(onnx::NodeProto &node, Inference &inference)
        : InferenceContextImpl(node, inference.types, inference.data, inference.sparse,
                               inference.options, &inference.shapeData, &inference.context),
          node(node), inference(inference) {}
    /// Some operators' inference reads an operand's type without asking whether it is known: "known
    /// to be nothing" is safe where "null" is not. Null stays the mark of an omitted operand.
    const onnx::TypeProto *getInputType(size_t index) const override {
      const onnx::TypeProto *type = InferenceContextImpl::getInputType(index);
      return type || node.input(static_cast<int>(index)).empty() ? type : &unknown;
    }
    onnx::GraphInferencer *getGraphAttributeInferencer(const std::string &name) override {
      for (onnx::AttributeProto &attr : *node.mutable_attribute())
        if (attr.name() == name && attr.has_g())
          return subgraphs.emplace_back(std::make_unique<Subgraph>(*attr.mutable_g(), inference))
              .get();
      throw std::runtime_error("attribute " + name + " is not a graph");
    }
    onnx::NodeProto &node;
    Inference &inference;
    onnx::TypeProto unknown;
    std::vector<std::unique_ptr<Subgraph>> subgraphs;
  };

  static std::unordered_map<std::string, int> getImports(const onnx::ModelProto &model) {
    std::unordered_map<std::string, int> imports;
    for (const onnx::OperatorSetIdProto &opset : model.opset_import())
      imports[opset.domain()] = static_cast<int>(opset.version());
    return imports;
  }

  void add(onnx::ValueInfoProto &value) {
    if (value.has_type() && value.type().value_case() != onnx::TypeProto::VALUE_NOT_SET)
      types[value.name()] = value.mutable_type();
  }

  void set(const std::string &name, const onnx::TypeProto &type) {
    onnx::ValueInfoProto *value = graph.add_value_info();
    value->set_name(name);
    *value->mutable_type() = type;
    types[name] = value->mutable_type();
  }

  void update(const std::string &name, const onnx::TypeProto &inferred) {
    if (inferred.value_case() == onnx::TypeProto::VALUE_NOT_SET ||
        (inferred.has_tensor_type() && inferred.tensor_type().shape().dim_size() > maxRank))
      return;
    auto it = types.find(name);
    if (it == types.end())
      return set(name, inferred);
    try {
      onnx::shape_inference::mergeShapesAndTypes(inferred, it->second);
    } catch (const std::exception &) {
      // What the file says about an inner value may be stale; what it says about an output is a
      // promise.
      if (!outputs.count(name))
        *it->second = inferred;
    }
  }

  void visit(onnx::NodeProto &node) {
    auto import = context.opset_imports.find(node.domain());
    if (import == context.opset_imports.end())
      return;
    const onnx::OpSchema *schema =
        registry->GetSchema(node.op_type(), import->second, node.domain());
    if (!schema || node.input_size() > schema->max_input() ||
        node.output_size() > schema->max_output() ||
        llvm::any_of(node.input(), [&](const std::string &input) { return isLongVector(input); }) ||
        lacksRequired(node, *schema))
      return;
    NodeContext inference(node, *this);
    if (schema->has_type_and_shape_inference_function())
      schema->GetTypeAndShapeInferenceFunction()(inference);
    else if (schema->HasFunction() && llvm::all_of(node.input(), [&](const std::string &input) {
               return input.empty() || types.count(input);
             }))
      onnx::shape_inference::InferShapeForFunctionNode(*schema->GetFunction(), registry, inference,
                                                       options, noFunctions, &symbols, &shapeData);
    for (int i = 0; i < node.output_size(); ++i)
      if (!node.output(i).empty())
        update(node.output(i), *inference.getOutputType(i));
    noteConstant(node);
    if (!schema->has_data_propagation_function() || !isSmall(node))
      return;
    onnx::shape_inference::DataPropagationContextImpl propagation(node, types, data, shapeData);
    schema->GetDataPropagationFunction()(propagation);
  }

  /// Whether an operand that the operator needs is omitted; the checker counts operands only.
  static bool lacksRequired(const onnx::NodeProto &node, const onnx::OpSchema &schema) {
    for (int i = 0; i < schema.min_input(); ++i)
      if (i >= node.input_size())
        return true;
    for (size_t i = 0; i < std::min<size_t>(node.input_size(), schema.inputs().size()); ++i)
      if (node.input(static_cast<int>(i)).empty() &&
          schema.inputs()[i].GetOption() == onnx::OpSchema::Single)
        return true;
    return false;
  }

  bool isLongVector(const std::string &name) const {
    auto it = types.find(name);
    if (it == types.end() || !it->second->has_tensor_type() ||
        it->second->tensor_type().elem_type() != onnx::TensorProto::INT64)
      return false;
    const onnx::TensorShapeProto &shape = it->second->tensor_type().shape();
    return shape.dim_size() == 1 && shape.dim(0).dim_value() > maxShapeLength;
  }

  bool isSmall(const onnx::NodeProto &node) const {
    auto small = [&](const std::string &name) {
      auto it = types.find(name);
      if (it == types.end() || !it->second->has_tensor_type() ||
          !it->second->tensor_type().has_shape())
        return true;
      const onnx::TensorShapeProto &shape = it->second->tensor_type().shape();
      return shape.dim_size() != 1 || shape.dim(0).dim_value() <= maxEvaluated;
    };
    return node.op_type() == "Shape" || node.op_type() == "Size" ||
           (llvm::all_of(node.input(), small) && llvm::all_of(node.output(), small));
  }

  void noteConstant(const onnx::NodeProto &node) {
    if (node.op_type() != "Constant" || !node.domain().empty() || node.output_size() != 1 ||
        node.attribute_size() != 1)
      return;
    const onnx::AttributeProto &attr = node.attribute(0);
    onnx::TensorProto tensor;
    switch (attr.type()) {
    case onnx::AttributeProto::TENSOR:
      data[node.output(0)] = &attr.t();
      return;
    case onnx::AttributeProto::INT:
      tensor.set_data_type(onnx::TensorProto::INT64);
      tensor.add_int64_data(attr.i());
      break;
    case onnx::AttributeProto::INTS:
      tensor.set_data_type(onnx::TensorProto::INT64);
      tensor.add_dims(attr.ints_size());
      *tensor.mutable_int64_data() = attr.ints();
      break;
    case onnx::AttributeProto::FLOAT:
      tensor.set_data_type(onnx::TensorProto::FLOAT);
      tensor.add_float_data(attr.f());
      break;
    case onnx::AttributeProto::FLOATS:
      tensor.set_data_type(onnx::TensorProto::FLOAT);
      tensor.add_dims(attr.floats_size());
      *tensor.mutable_float_data() = attr.floats();
      break;
    default:
      return;
    }
    held[node.output(0)] = std::move(tensor);
    data[node.output(0)] = &held[node.output(0)];
  }

  onnx::GraphProto &graph;
  const onnx::ISchemaRegistry *registry;
  onnx::ShapeInferenceOptions options;
  TypeMap types;
  DataMap data;
  std::unordered_map<std::string, const onnx::SparseTensorProto *> sparse;
  std::unordered_map<std::string, onnx::TensorProto> held;
  std::set<std::string> outputs;
  onnx::shape_inference::DataValueMap shapeData;
  onnx::shape_inference::SymbolTableImpl symbols;
  onnx::shape_inference::ModelLocalFunctionsMap noFunctions;
  onnx::shape_inference::GraphInferenceContext context;
};
} // namespace

void inferShapes(onnx::ModelProto &model) { Inference(model).run(); }

} // namespace mlopt::onnx_import
