//===- Limits.cpp - Checks before ONNX's library sees a model -------------===//
//
// Sizes, nesting, names and recursion of an untrusted model. ONNX's checker and inference assume
// some of this (reference/training-quant-reliability.md C2 lists what went wrong elsewhere).
//
//===----------------------------------------------------------------------===//
#include "Importer.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CheckedArithmetic.h"

using namespace llvm;

namespace mlopt::onnx_import {

std::string getNodeName(const onnx::NodeProto &node) {
  if (!node.name().empty())
    return node.name();
  for (const std::string &output : node.output())
    if (!output.empty())
      return output;
  return "?";
}

static std::string getQualifiedType(const onnx::NodeProto &node) {
  return node.domain().empty() ? node.op_type() : node.domain() + "." + node.op_type();
}

Failure failAt(const onnx::NodeProto &node, unsigned code, const std::string &message) {
  return Failure(code, message).at(getNodeName(node), getQualifiedType(node));
}

uint64_t checkedElementCount(const google::protobuf::RepeatedField<int64_t> &dims,
                             const ImportLimits &limits, const std::string &what) {
  if (unsigned(dims.size()) > limits.maxRank)
    throw Failure(codes::LimitExceeded, what + " has " + std::to_string(dims.size()) +
                                            " dimensions; at most " +
                                            std::to_string(limits.maxRank) + " are allowed");
  uint64_t count = 1;
  bool empty = false;
  for (int64_t dim : dims) {
    if (dim < 0)
      throw Failure(codes::BadDimension,
                    what + " has the negative dimension " + std::to_string(dim))
          .note("for an input, give its shape with --shape NAME=DIMS, where ? is a size known at "
                "run time");
    empty |= dim == 0;
    std::optional<uint64_t> product =
        checkedMulUnsigned<uint64_t>(count, std::max<int64_t>(dim, 1));
    if (!product || *product > limits.maxTensorBytes)
      throw Failure(codes::BadDimension,
                    what + " has more than " + std::to_string(limits.maxTensorBytes) +
                        " elements; its dimensions are wrong or it is too large");
    count = *product;
  }
  return empty ? 0 : count;
}

uint64_t countNodes(const onnx::GraphProto &graph) {
  uint64_t count = graph.node_size();
  for (const onnx::NodeProto &node : graph.node())
    for (const onnx::AttributeProto &attr : node.attribute()) {
      if (attr.has_g())
        count += countNodes(attr.g());
      for (const onnx::GraphProto &inner : attr.graphs())
        count += countNodes(inner);
    }
  return count;
}

//===- Walks
//---------------------------------------------------------------------------------------------------------===//

using TensorFn = std::function<void(onnx::TensorProto &, const std::string &)>;

static void forEachTensor(onnx::NodeProto &node, const TensorFn &fn) {
  for (onnx::AttributeProto &attr : *node.mutable_attribute()) {
    if (!attr.has_t() && !attr.has_g() && !attr.has_sparse_tensor() && attr.tensors_size() == 0 &&
        attr.graphs_size() == 0 && attr.sparse_tensors_size() == 0)
      continue;
    std::string where = "attribute '" + attr.name() + "' of node '" + getNodeName(node) + "'";
    if (attr.has_t())
      fn(*attr.mutable_t(), where);
    for (onnx::TensorProto &tensor : *attr.mutable_tensors())
      fn(tensor, where);
    if (attr.has_sparse_tensor()) {
      fn(*attr.mutable_sparse_tensor()->mutable_values(), where);
      fn(*attr.mutable_sparse_tensor()->mutable_indices(), where);
    }
    for (onnx::SparseTensorProto &sparse : *attr.mutable_sparse_tensors()) {
      fn(*sparse.mutable_values(), where);
      fn(*sparse.mutable_indices(), where);
    }
    if (attr.has_g())
      forEachTensor(*attr.mutable_g(), fn);
    for (onnx::GraphProto &inner : *attr.mutable_graphs())
      forEachTensor(inner, fn);
  }
}

void forEachTensor(onnx::GraphProto &graph, const TensorFn &fn) {
  for (onnx::TensorProto &tensor : *graph.mutable_initializer())
    fn(tensor, "initializer '" + tensor.name() + "'");
  for (onnx::SparseTensorProto &sparse : *graph.mutable_sparse_initializer()) {
    fn(*sparse.mutable_values(), "sparse initializer '" + sparse.values().name() + "'");
    fn(*sparse.mutable_indices(), "indices of sparse initializer '" + sparse.values().name() + "'");
  }
  for (onnx::NodeProto &node : *graph.mutable_node())
    forEachTensor(node, fn);
}

void forEachTensor(onnx::ModelProto &model, const TensorFn &fn) {
  forEachTensor(*model.mutable_graph(), fn);
  for (onnx::FunctionProto &function : *model.mutable_functions())
    for (onnx::NodeProto &node : *function.mutable_node())
      forEachTensor(node, fn);
}

//===- Structure
//-----------------------------------------------------------------------------------------------------===//

namespace {
class StructureChecker {
public:
  explicit StructureChecker(const ImportLimits &limits) : limits(limits) {}

  void checkGraph(onnx::GraphProto &graph, unsigned depth) {
    if (depth > limits.maxGraphDepth)
      throw Failure(codes::LimitExceeded, "subgraphs are nested more than " +
                                              std::to_string(limits.maxGraphDepth) + " deep");
    for (auto *values : {graph.mutable_input(), graph.mutable_output(), graph.mutable_value_info()})
      llvm::for_each(*values, clearAnonymousDims);
    for (const onnx::ValueInfoProto &value : graph.input())
      checkValue(value, "input");
    for (const onnx::ValueInfoProto &value : graph.output())
      checkValue(value, "output");
    for (const onnx::ValueInfoProto &value : graph.value_info())
      checkValue(value, "value");
    std::set<StringRef> names;
    for (const onnx::ValueInfoProto &value : graph.input())
      if (!names.insert(value.name()).second)
        throw Failure(codes::BadName,
                      "two inputs of the graph have the name '" + value.name() + "'");
    for (onnx::NodeProto &node : *graph.mutable_node())
      checkNode(node, depth);
  }

  void checkNode(onnx::NodeProto &node, unsigned depth) {
    if (++nodes > limits.maxNodes)
      throw Failure(codes::LimitExceeded,
                    "the model has more than " + std::to_string(limits.maxNodes) + " nodes");
    if (node.domain() == "ai.onnx")
      node.clear_domain();
    auto isNameChar = [](char c) {
      return isAlnum(c) || c == '_' || c == '.' || c == '-' || c == ':' || c == '/' || c == '+';
    };
    if (node.op_type().empty() || !all_of(node.op_type(), isNameChar) ||
        !all_of(node.domain(), isNameChar))
      throw Failure(codes::BadName, "the operator of node '" + getNodeName(node) +
                                        "' is empty or holds characters that are not allowed");
    std::set<StringRef> attributes;
    for (onnx::AttributeProto &attr : *node.mutable_attribute()) {
      if (attr.name().empty() || !attributes.insert(attr.name()).second)
        throw failAt(node, codes::BadAttribute,
                     attr.name().empty() ? "an attribute has no name"
                                         : "attribute '" + attr.name() + "' is given twice");
      checkRange(node, attr);
      if (attr.has_g())
        checkGraph(*attr.mutable_g(), depth + 1);
      for (onnx::GraphProto &inner : *attr.mutable_graphs())
        checkGraph(inner, depth + 1);
    }
  }

private:
  /// Some exporters name every unknown size "?": equal names, but no equal sizes.
  static void clearAnonymousDims(onnx::ValueInfoProto &value) {
    if (value.type().has_tensor_type() && value.type().tensor_type().has_shape())
      for (auto &dim : *value.mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim())
        if (dim.has_dim_param() && (dim.dim_param().empty() || dim.dim_param() == "?" ||
                                    dim.dim_param() == "*" || dim.dim_param() == "-1"))
          dim.clear_dim_param();
  }

  /// ONNX's shape inference divides by some attributes. Their names mean the same in all operators
  /// that have them.
  void checkRange(const onnx::NodeProto &node, const onnx::AttributeProto &attr) {
    static const std::set<std::string> positive = {
        "strides",   "dilations",  "kernel_shape", "group",      "groups",
        "blocksize", "block_size", "num_outputs",  "num_groups", "hidden_size"};
    if (!positive.count(attr.name()))
      return;
    auto check = [&](int64_t value) {
      if (value < 1 || value > INT32_MAX)
        throw failAt(node, codes::BadAttribute,
                     "attribute '" + attr.name() + "' has the value " + std::to_string(value) +
                         "; it must be at least 1 and below 2^31");
    };
    if (attr.type() == onnx::AttributeProto::INT)
      check(attr.i());
    llvm::for_each(attr.ints(), check);
  }

  void checkValue(const onnx::ValueInfoProto &value, const char *kind) {
    if (value.has_type())
      checkType(value.type(), kind + std::string(" '") + value.name() + "'", 0);
  }

  void checkType(const onnx::TypeProto &type, const std::string &what, unsigned depth) {
    if (depth > limits.maxGraphDepth)
      throw Failure(codes::LimitExceeded, "the type of " + what + " is nested more than " +
                                              std::to_string(limits.maxGraphDepth) + " deep");
    const onnx::TensorShapeProto *shape = nullptr;
    if (type.has_tensor_type() && type.tensor_type().has_shape())
      shape = &type.tensor_type().shape();
    else if (type.has_sparse_tensor_type() && type.sparse_tensor_type().has_shape())
      shape = &type.sparse_tensor_type().shape();
    else if (type.has_sequence_type())
      return checkType(type.sequence_type().elem_type(), what, depth + 1);
    else if (type.has_optional_type())
      return checkType(type.optional_type().elem_type(), what, depth + 1);
    else if (type.has_map_type())
      return checkType(type.map_type().value_type(), what, depth + 1);
    if (!shape)
      return;
    google::protobuf::RepeatedField<int64_t> dims;
    for (const onnx::TensorShapeProto::Dimension &dim : shape->dim())
      dims.Add(dim.has_dim_value() ? dim.dim_value() : 1);
    checkedElementCount(dims, limits, what);
  }

  const ImportLimits &limits;
  uint64_t nodes = 0;
};
} // namespace

static void normaliseOpsets(google::protobuf::RepeatedPtrField<onnx::OperatorSetIdProto> &opsets,
                            const std::string &where) {
  std::map<std::string, int64_t> seen;
  for (auto it = opsets.begin(); it != opsets.end();) {
    if (it->domain() == "ai.onnx")
      it->clear_domain();
    if (it->version() < 1 || it->version() > 1'000'000)
      throw Failure(codes::BadOpset, where + " imports version " + std::to_string(it->version()) +
                                         " of operator set '" + it->domain() + "'");
    auto [entry, inserted] = seen.try_emplace(it->domain(), it->version());
    if (!inserted && entry->second != it->version())
      throw Failure(codes::BadOpset, where + " imports operator set '" + it->domain() +
                                         "' twice, with versions " + std::to_string(entry->second) +
                                         " and " + std::to_string(it->version()));
    it = inserted ? it + 1 : opsets.erase(it);
  }
}

void checkLimits(onnx::ModelProto &model, const ImportLimits &limits) {
  if (!model.has_graph() || (model.graph().node_size() == 0 && model.graph().output_size() == 0))
    throw Failure(codes::NoGraph, "the model has no graph");
  if (model.ir_version() < 1)
    throw Failure(codes::CheckFailed, "the model states no ir_version");
  normaliseOpsets(*model.mutable_opset_import(), "the model");
  StructureChecker checker(limits);
  checker.checkGraph(*model.mutable_graph(), 0);
  for (onnx::FunctionProto &function : *model.mutable_functions()) {
    if (function.domain() == "ai.onnx")
      function.clear_domain();
    normaliseOpsets(*function.mutable_opset_import(), "function '" + function.name() + "'");
    for (onnx::NodeProto &node : *function.mutable_node())
      checker.checkNode(node, 0);
  }
  forEachTensor(model, [&](onnx::TensorProto &tensor, const std::string &where) {
    if (tensor.has_segment())
      throw Failure(codes::BadTensor, where + " is a segment of a tensor, which is not supported");
    checkPayload(tensor, limits, where);
  });
}

//===- Functions
//-----------------------------------------------------------------------------------------------------===//

namespace {
/// Depth-first over calls, those in subgraphs included (ONNX's own cycle check leaves them out),
/// with the number of nodes that a full expansion makes: a chain of doublings is small as a file
/// and endless as a graph.
class FunctionChecker {
public:
  FunctionChecker(const onnx::ModelProto &model, const ImportLimits &limits) : limits(limits) {
    for (const onnx::FunctionProto &function : model.functions())
      if (!functions
               .try_emplace(getId(function.domain(), function.name(), function.overload()),
                            &function)
               .second)
        throw Failure(codes::BadName, "function '" + function.domain() + "." + function.name() +
                                          "' is defined twice");
  }

  /// Nodes that `nodes` become when all calls are expanded.
  template <typename Nodes> uint64_t expand(const Nodes &nodes, unsigned depth) {
    uint64_t total = 0;
    auto add = [&](uint64_t count) {
      total += count;
      if (total > limits.maxNodes)
        throw Failure(codes::LimitExceeded, "the model has more than " +
                                                std::to_string(limits.maxNodes) +
                                                " nodes once its functions are expanded");
    };
    for (const onnx::NodeProto &node : nodes) {
      auto it = functions.find(getId(node.domain(), node.op_type(), node.overload()));
      add(it == functions.end() ? 1 : expandFunction(it->first, *it->second, depth + 1));
      for (const onnx::AttributeProto &attr : node.attribute()) {
        if (attr.has_g())
          add(expand(attr.g().node(), depth));
        for (const onnx::GraphProto &inner : attr.graphs())
          add(expand(inner.node(), depth));
      }
    }
    return total;
  }

  void checkAll() {
    for (auto &[id, function] : functions)
      expandFunction(id, *function, 1);
  }

private:
  static std::string getId(const std::string &domain, const std::string &name,
                           const std::string &overload) {
    return domain + "." + name + (overload.empty() ? "" : ":" + overload);
  }

  uint64_t expandFunction(const std::string &id, const onnx::FunctionProto &function,
                          unsigned depth) {
    if (auto it = sizes.find(id); it != sizes.end())
      return it->second;
    if (!active.insert(id).second)
      throw Failure(codes::FunctionCycle,
                    "function '" + id + "' calls itself, directly or through others");
    if (depth > limits.maxFunctionDepth)
      throw Failure(codes::LimitExceeded, "function calls are nested more than " +
                                              std::to_string(limits.maxFunctionDepth) + " deep");
    uint64_t size = expand(function.node(), depth);
    active.erase(id);
    return sizes[id] = size;
  }

  const ImportLimits &limits;
  std::map<std::string, const onnx::FunctionProto *> functions;
  std::map<std::string, uint64_t> sizes;
  std::set<std::string> active;
};
} // namespace

void checkFunctions(const onnx::ModelProto &model, const ImportLimits &limits) {
  FunctionChecker checker(model, limits);
  checker.checkAll();
  checker.expand(model.graph().node(), 0);
}

} // namespace mlopt::onnx_import
