//===- Nodes.cpp - GraphProto -> generic operations -----------------------===//
#include "Importer.h"

#include "mlopt/Frontend/Locations.h"
#include "mlopt/Frontend/OnnxDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace mlopt::onnx_import {

namespace {
using TypeMap = std::unordered_map<std::string, const onnx::TypeProto *>;

/// Names and types of one graph; subgraphs see those around them.
struct Scope {
  std::unordered_map<std::string, Value> values;
  TypeMap types;
};

class ModuleBuilder {
public:
  ModuleBuilder(onnx::ModelProto &model, std::string fileName, Weights &weights,
                const ImportOptions &options, MLIRContext &context)
      : model(model), fileName(std::move(fileName)), weights(weights), options(options),
        context(context), builder(&context) {}

  OwningOpRef<ModuleOp> run();

private:
  Location fileLocation() { return getFileLocation(&context, fileName); }
  Location valueLocation(StringRef name, StringRef kind) {
    return getNodeLocation(&context, fileName, name, kind, 0);
  }

  static void collectUses(const onnx::GraphProto &graph, std::set<StringRef> &uses);
  void collectTypes(const onnx::GraphProto &graph, Scope &scope);
  const onnx::TypeProto *findType(const std::string &name);
  Value findValue(const std::string &name);
  Value getNoValue();
  void addConstant(const std::string &name, int32_t dataType, ArrayRef<int64_t> dims, Bytes stored,
                   bool isParameter = false);
  void addInitializers(onnx::GraphProto &graph, const std::set<StringRef> &uses);
  void buildNode(onnx::NodeProto &node, unsigned index);
  void buildRegion(onnx::GraphProto &graph, Region &region, StringRef nodeName);
  /// What of a node mlopt does not support, as the attribute `onnx.unsupported` states it.
  using Refusals = SmallVector<std::string>;
  void refuse(OperationState &state, ArrayRef<std::string> refusals);
  Attribute convertAttribute(onnx::AttributeProto &attr, const onnx::NodeProto &node,
                             Refusals &refusals);
  Attribute convertTensor(onnx::TensorProto &tensor, StringRef name, const std::string &what,
                          Refusals &refusals);
  ArrayAttr getDims(const onnx::TypeProto *type, int64_t rank);
  DictionaryAttr getValueAttributes(const std::string &name, Type type);
  void setModuleAttributes(ModuleOp module);

  onnx::ModelProto &model;
  std::string fileName;
  Weights &weights;
  const ImportOptions &options;
  MLIRContext &context;
  OpBuilder builder;
  std::vector<Scope> scopes;
  Block *entry = nullptr;
  Value noValue;
};

std::string refusal(unsigned code, const std::string &message) {
  return formatErrorCode(code) + ": " + message;
}
} // namespace

/// Calls `fn` for the tensors that attributes of a node name: xs, zs and y of Gradient, in this
/// order.
static void forEachNamedTensor(const onnx::NodeProto &node,
                               llvm::function_ref<void(const std::string &)> fn) {
  if (node.op_type() != "Gradient" || node.domain() != "ai.onnx.preview.training")
    return;
  for (StringRef wanted : {"xs", "zs", "y"})
    for (const onnx::AttributeProto &attr : node.attribute())
      if (attr.name() == wanted) {
        llvm::for_each(attr.strings(), fn);
        if (attr.type() == onnx::AttributeProto::STRING)
          fn(attr.s());
      }
}

void ModuleBuilder::collectUses(const onnx::GraphProto &graph, std::set<StringRef> &uses) {
  for (const onnx::ValueInfoProto &output : graph.output())
    uses.insert(output.name());
  for (const onnx::NodeProto &node : graph.node()) {
    uses.insert(node.input().begin(), node.input().end());
    forEachNamedTensor(node, [&](const std::string &name) { uses.insert(name); });
    for (const onnx::AttributeProto &attr : node.attribute()) {
      if (attr.has_g())
        collectUses(attr.g(), uses);
      for (const onnx::GraphProto &inner : attr.graphs())
        collectUses(inner, uses);
    }
  }
}

void ModuleBuilder::collectTypes(const onnx::GraphProto &graph, Scope &scope) {
  auto add = [&](const onnx::ValueInfoProto &value) {
    if (value.has_type() && value.type().value_case() != onnx::TypeProto::VALUE_NOT_SET)
      scope.types[value.name()] = &value.type();
  };
  llvm::for_each(graph.output(), add);
  llvm::for_each(graph.value_info(), add);
  llvm::for_each(graph.input(), add);
}

const onnx::TypeProto *ModuleBuilder::findType(const std::string &name) {
  auto it = scopes.back().types.find(name);
  return it == scopes.back().types.end() ? nullptr : it->second;
}

Value ModuleBuilder::findValue(const std::string &name) {
  for (Scope &scope : llvm::reverse(scopes))
    if (auto it = scope.values.find(name); it != scope.values.end())
      return it->second;
  return {};
}

Value ModuleBuilder::getNoValue() {
  if (!noValue) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(entry);
    OperationState state(fileLocation(), "onnx.NoValue");
    state.addTypes(builder.getNoneType());
    noValue = builder.create(state)->getResult(0);
  }
  return noValue;
}

void ModuleBuilder::refuse(OperationState &state, ArrayRef<std::string> refusals) {
  if (!refusals.empty())
    state.addAttribute(OnnxDialect::getUnsupportedAttrName(),
                       builder.getStrArrayAttr(SmallVector<StringRef>(refusals)));
}

void ModuleBuilder::addConstant(const std::string &name, int32_t dataType, ArrayRef<int64_t> dims,
                                Bytes stored, bool isParameter) {
  ElementsAttr value =
      getElements(&context, name, dataType, dims, std::move(stored), options.largeTensorBytes);
  OperationState state(valueLocation(name, "Initializer"), "onnx.Constant");
  state.addAttribute("value", value);
  if (isParameter)
    state.addAttribute(OnnxDialect::getParameterAttrName(), builder.getStringAttr(name));
  state.addTypes(value.getType());
  scopes.back().values[name] = builder.create(state)->getResult(0);
}

void ModuleBuilder::addInitializers(onnx::GraphProto &graph, const std::set<StringRef> &uses) {
  for (onnx::TensorProto &tensor : *graph.mutable_initializer()) {
    if (!uses.count(tensor.name()))
      continue;
    if (!isSupportedElement(tensor.data_type())) {
      OperationState state(valueLocation(tensor.name(), "Initializer"), "onnx.UnsupportedValue");
      refuse(state, refusal(codes::UnsupportedType, "the element type " +
                                                        getTypeName(tensor.data_type()) +
                                                        " is not supported"));
      onnx::TypeProto type;
      type.mutable_tensor_type()->set_elem_type(tensor.data_type());
      state.addTypes(getValueType(&type, &context));
      scopes.back().values[tensor.name()] = builder.create(state)->getResult(0);
      continue;
    }
    SmallVector<int64_t> dims(tensor.dims().begin(), tensor.dims().end());
    addConstant(tensor.name(), tensor.data_type(), dims, takeStoredBytes(tensor, options.limits));
  }
}

Attribute ModuleBuilder::convertTensor(onnx::TensorProto &tensor, StringRef name,
                                       const std::string &what, Refusals &refusals) {
  if (!isSupportedElement(tensor.data_type())) {
    refusals.push_back(refusal(codes::UnsupportedType, what + " has the element type " +
                                                           getTypeName(tensor.data_type()) +
                                                           ", which is not supported"));
    return {};
  }
  SmallVector<int64_t> dims(tensor.dims().begin(), tensor.dims().end());
  int32_t dataType = tensor.data_type();
  return getElements(&context, name, dataType, dims, takeStoredBytes(tensor, options.limits),
                     options.largeTensorBytes);
}

Attribute ModuleBuilder::convertAttribute(onnx::AttributeProto &attr, const onnx::NodeProto &node,
                                          Refusals &refusals) {
  std::string what = "attribute '" + attr.name() + "'";
  if (!attr.ref_attr_name().empty())
    throw failAt(node, codes::BadAttribute,
                 what + " refers to the attribute '" + attr.ref_attr_name() +
                     "' of a function, outside one");
  switch (attr.type()) {
  case onnx::AttributeProto::FLOAT:
    return builder.getF32FloatAttr(attr.f());
  case onnx::AttributeProto::INT:
    return builder.getI64IntegerAttr(attr.i());
  case onnx::AttributeProto::STRING:
    return builder.getStringAttr(attr.s());
  case onnx::AttributeProto::FLOATS:
    return builder.getDenseF32ArrayAttr(ArrayRef<float>(attr.floats().data(), attr.floats_size()));
  case onnx::AttributeProto::INTS:
    return builder.getDenseI64ArrayAttr(
        SmallVector<int64_t>(attr.ints().begin(), attr.ints().end()));
  case onnx::AttributeProto::STRINGS:
    return builder.getStrArrayAttr(
        SmallVector<StringRef>(attr.strings().begin(), attr.strings().end()));
  case onnx::AttributeProto::TENSOR:
    return convertTensor(*attr.mutable_t(), getNodeName(node), what, refusals);
  case onnx::AttributeProto::TENSORS: {
    SmallVector<Attribute> tensors;
    for (onnx::TensorProto &tensor : *attr.mutable_tensors())
      if (Attribute value = convertTensor(tensor, getNodeName(node), what, refusals))
        tensors.push_back(value);
    return builder.getArrayAttr(tensors);
  }
  case onnx::AttributeProto::TYPE_PROTO:
    return TypeAttr::get(getValueType(&attr.tp(), &context));
  case onnx::AttributeProto::TYPE_PROTOS: {
    SmallVector<Type> types;
    for (const onnx::TypeProto &type : attr.type_protos())
      types.push_back(getValueType(&type, &context));
    return builder.getTypeArrayAttr(types);
  }
  case onnx::AttributeProto::SPARSE_TENSOR:
  case onnx::AttributeProto::SPARSE_TENSORS:
    refusals.push_back(refusal(codes::UnsupportedAttribute,
                               what + " is a sparse tensor, which is supported in Constant only"));
    return {};
  default:
    throw failAt(node, codes::BadAttribute, what + " has no type");
  }
}

/// The forms value_int, value_ints, value_float and value_floats of Constant become the form
/// `value`; null for strings.
static Attribute getConstantElements(Attribute value) {
  MLIRContext *context = value.getContext();
  Type i64 = IntegerType::get(context, 64), f32 = Float32Type::get(context);
  if (auto integer = dyn_cast<IntegerAttr>(value))
    return DenseElementsAttr::get(RankedTensorType::get({}, i64), integer.getInt());
  if (auto number = dyn_cast<FloatAttr>(value))
    return DenseElementsAttr::get(RankedTensorType::get({}, f32), number.getValue());
  if (auto integers = dyn_cast<DenseI64ArrayAttr>(value))
    return DenseElementsAttr::get(RankedTensorType::get({integers.size()}, i64),
                                  integers.asArrayRef());
  if (auto numbers = dyn_cast<DenseF32ArrayAttr>(value))
    return DenseElementsAttr::get(RankedTensorType::get({numbers.size()}, f32),
                                  numbers.asArrayRef());
  return {};
}

void ModuleBuilder::buildRegion(onnx::GraphProto &graph, Region &region, StringRef nodeName) {
  OpBuilder::InsertionGuard guard(builder);
  Block *block = builder.createBlock(&region);
  Scope scope;
  collectTypes(graph, scope);
  scopes.push_back(std::move(scope));
  for (const onnx::ValueInfoProto &input : graph.input())
    scopes.back().values[input.name()] = block->addArgument(
        getValueType(findType(input.name()), &context), valueLocation(input.name(), "Input"));
  std::set<StringRef> uses;
  collectUses(graph, uses);
  addInitializers(graph, uses);
  unsigned index = 0;
  for (onnx::NodeProto &node : *graph.mutable_node())
    buildNode(node, index++);
  OperationState yield(valueLocation(nodeName, "Yield"), "onnx.Yield");
  for (const onnx::ValueInfoProto &output : graph.output()) {
    Value value = findValue(output.name());
    if (!value)
      throw Failure(codes::UndefinedValue, "a subgraph of this node returns '" + output.name() +
                                               "', which nothing defines")
          .at(nodeName, "");
    yield.addOperands(value);
  }
  builder.create(yield);
  scopes.pop_back();
}

void ModuleBuilder::buildNode(onnx::NodeProto &node, unsigned index) {
  std::string domain = node.domain();
  if (StringRef(domain).starts_with(unregisteredPrefix))
    domain = domain.substr(StringRef(unregisteredPrefix).size());
  std::string opType = domain.empty() ? node.op_type() : domain + "." + node.op_type();
  Location loc = getNodeLocation(&context, fileName, getNodeName(node), opType, index);
  OperationState state(loc, "onnx." + opType);
  for (const std::string &input : node.input()) {
    Value value = input.empty() ? getNoValue() : findValue(input);
    if (!value)
      throw failAt(node, codes::UndefinedValue,
                   "the operand '" + input + "' is defined by nothing before this node");
    state.addOperands(value);
  }
  forEachNamedTensor(node, [&](const std::string &name) {
    Value value = findValue(name);
    if (!value)
      throw failAt(node, codes::UndefinedValue,
                   "the tensor '" + name +
                       "', which an attribute names, is defined by nothing before this node");
    state.addOperands(value);
  });
  Refusals refusals;
  for (const std::string &output : node.output()) {
    const onnx::TypeProto *type = output.empty() ? nullptr : findType(output);
    state.addTypes(getValueType(type, &context));
    if (std::string text = type ? findUnsupported(*type) : ""; !text.empty())
      refusals.push_back(refusal(codes::UnsupportedType, "the result '" + output + "' has the " +
                                                             text + ", which is not supported"));
  }
  SmallVector<StringRef> regionNames;
  SmallVector<onnx::GraphProto *> graphs;
  for (onnx::AttributeProto &attr : *node.mutable_attribute()) {
    if (StringRef(attr.name()).starts_with("onnx."))
      throw failAt(node, codes::BadName,
                   "attribute '" + attr.name() + "' has a name that mlopt keeps for itself");
    if (attr.type() == onnx::AttributeProto::GRAPH) {
      regionNames.push_back(attr.name());
      graphs.push_back(attr.mutable_g());
    } else if (attr.type() == onnx::AttributeProto::GRAPHS) {
      for (onnx::GraphProto &graph : *attr.mutable_graphs()) {
        regionNames.push_back(attr.name());
        graphs.push_back(&graph);
      }
    } else if (Attribute value = convertAttribute(attr, node, refusals)) {
      bool isConstant = domain.empty() && node.op_type() == "Constant";
      if (Attribute elements = isConstant ? getConstantElements(value) : Attribute())
        state.addAttribute("value", elements);
      else
        state.addAttribute(attr.name(), value);
    }
  }
  refuse(state, refusals);
  if (!graphs.empty())
    state.addAttribute("onnx.regions", builder.getStrArrayAttr(regionNames));
  // Subgraphs are built into the operation's own regions before it is inserted, so that they see
  // only what comes before it.
  for (onnx::GraphProto *graph : graphs)
    buildRegion(*graph, *state.addRegion(), getNodeName(node));
  Operation *op = builder.create(state);
  for (auto [i, output] : llvm::enumerate(node.output()))
    if (!output.empty())
      scopes.back().values[output] = op->getResult(i);
}

ArrayAttr ModuleBuilder::getDims(const onnx::TypeProto *type, int64_t rank) {
  SmallVector<Attribute> dims;
  for (int64_t i = 0; i < rank; ++i) {
    const onnx::TensorShapeProto::Dimension *dim = nullptr;
    if (type && type->has_tensor_type() && i < type->tensor_type().shape().dim_size())
      dim = &type->tensor_type().shape().dim(i);
    if (dim && dim->has_dim_value())
      dims.push_back(builder.getI64IntegerAttr(dim->dim_value()));
    else
      dims.push_back(builder.getStringAttr(dim && dim->has_dim_param() ? dim->dim_param() : ""));
  }
  return builder.getArrayAttr(dims);
}

DictionaryAttr ModuleBuilder::getValueAttributes(const std::string &name, Type type) {
  NamedAttrList attributes;
  attributes.set("onnx.name", builder.getStringAttr(name));
  if (auto ranked = dyn_cast<RankedTensorType>(type))
    attributes.set("mlopt.dims", getDims(findType(name), ranked.getRank()));
  return attributes.getDictionary(&context);
}

void ModuleBuilder::setModuleAttributes(ModuleOp module) {
  NamedAttrList opsets;
  for (const onnx::OperatorSetIdProto &opset : model.opset_import())
    if (!StringRef(opset.domain()).starts_with(unregisteredPrefix))
      opsets.set(opset.domain().empty() ? StringRef("ai.onnx") : StringRef(opset.domain()),
                 builder.getI64IntegerAttr(opset.version()));
  module->setAttr("onnx.opset", opsets.getDictionary(&context));
  module->setAttr("onnx.graph_name", builder.getStringAttr(model.graph().name()));
  module->setAttr("onnx.ir_version", builder.getI64IntegerAttr(model.ir_version()));
  if (!model.producer_name().empty())
    module->setAttr("onnx.producer",
                    builder.getStringAttr(model.producer_name() +
                                          (model.producer_version().empty() ? "" : " ") +
                                          model.producer_version()));
  NamedAttrList metadata;
  for (const onnx::StringStringEntryProto &item : model.metadata_props())
    if (!item.key().empty())
      metadata.set(item.key(), builder.getStringAttr(item.value()));
  if (!metadata.empty())
    module->setAttr("onnx.metadata", metadata.getDictionary(&context));
}

/// A symbol name from a graph's name: letters, digits and underscores.
static std::string sanitize(StringRef name) {
  std::string result;
  for (char c : name.take_front(128))
    result += llvm::isAlnum(c) ? c : '_';
  if (result.empty() || llvm::isDigit(result[0]))
    result = "model_" + result;
  return result;
}

OwningOpRef<ModuleOp> ModuleBuilder::run() {
  context.loadDialect<OnnxDialect, func::FuncDialect>();
  onnx::GraphProto &graph = *model.mutable_graph();
  OwningOpRef<ModuleOp> module = ModuleOp::create(fileLocation(), sanitize(graph.name()));
  setModuleAttributes(*module);
  builder.setInsertionPointToEnd(module->getBody());
  auto func =
      func::FuncOp::create(builder, fileLocation(), "main", builder.getFunctionType({}, {}));
  entry = func.addEntryBlock();
  builder.setInsertionPointToEnd(entry);

  scopes.emplace_back();
  collectTypes(graph, scopes.back());
  std::set<StringRef> uses, constants;
  collectUses(graph, uses);
  for (const onnx::TensorProto &tensor : graph.initializer())
    constants.insert(tensor.name());
  SmallVector<DictionaryAttr> argAttrs, resultAttrs;
  for (const onnx::ValueInfoProto &input : graph.input()) {
    if (weights.count(input.name()) || constants.count(input.name()))
      continue;
    // Types that mlopt does not compile are the conversion's to report, beside the operators.
    Type type = getValueType(&input.type(), &context);
    scopes.back().values[input.name()] =
        entry->addArgument(type, valueLocation(input.name(), "Input"));
    argAttrs.push_back(getValueAttributes(input.name(), type));
  }
  addInitializers(graph, uses);
  for (auto &[name, weight] : weights)
    if (uses.count(name))
      addConstant(name, weight.dataType, weight.dims, std::move(weight.stored), weight.isParameter);
  unsigned index = 0;
  for (onnx::NodeProto &node : *graph.mutable_node())
    buildNode(node, index++);

  SmallVector<Value> results;
  for (const onnx::ValueInfoProto &output : graph.output()) {
    Value value = findValue(output.name());
    if (!value)
      throw Failure(codes::UndefinedValue, "no node defines this output")
          .at(output.name(), "Output");
    results.push_back(value);
    resultAttrs.push_back(getValueAttributes(output.name(), value.getType()));
  }
  func::ReturnOp::create(builder, fileLocation(), results);
  func.setFunctionType(
      builder.getFunctionType(entry->getArgumentTypes(), TypeRange(ValueRange(results))));
  func.setAllArgAttrs(argAttrs);
  func.setAllResultAttrs(resultAttrs);
  if (mlir::failed(verify(*module)))
    return {};
  return module;
}

OwningOpRef<ModuleOp> buildModule(onnx::ModelProto &model, const std::string &fileName,
                                  Weights &weights, const ImportOptions &options,
                                  MLIRContext &context) {
  return ModuleBuilder(model, fileName, weights, options, context).run();
}

} // namespace mlopt::onnx_import
