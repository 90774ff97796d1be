//===- Convert.cpp - Driver of the conversion onnx -> mlopt ---------------===//
#include "Branches.h"
#include "Conversion.h"
#include "FoldSmall.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlopt/Frontend/ConvertOnnx.h"
#include "mlopt/Frontend/ErrorCodes.h"
#include "mlopt/Frontend/Locations.h"
#include "mlopt/Frontend/OnnxDialect.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace mlopt {
namespace onnx {

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

/// Rows of each operator ("domain:Name") by rising `since`.
static const llvm::StringMap<SmallVector<const Entry *, 2>> &getTable() {
  static const llvm::StringMap<SmallVector<const Entry *, 2>> table = [] {
    llvm::StringMap<SmallVector<const Entry *, 2>> rows;
    for (ArrayRef<Entry> family :
         {getElementwiseEntries(), getActivationEntries(), getReductionEntries(), getShapeEntries(),
          getRearrangeEntries(), getSequenceEntries(), getResizeEntries(), getSamplingEntries(),
          getIndexingEntries(),
          getContractionEntries(), getConvolutionEntries(), getPoolingEntries(),
          getNormalizationEntries(), getRecurrentEntries(), getQuantizeEntries(),
          getQuantizedProductEntries(), getQuantizedElementwiseEntries(), getPackedWeightsEntries(),
          getLossEntries(), getDropoutEntries(), getOptimizerEntries()})
      for (const Entry &entry : family)
        rows[(entry.domain + ":" + entry.name).str()].push_back(&entry);
    for (auto &row : rows)
      llvm::sort(row.second, [](const Entry *a, const Entry *b) { return a->since < b->since; });
    return rows;
  }();
  return table;
}

const Entry *findEntry(StringRef domain, StringRef name, int64_t opset) {
  if (domain == "ai.onnx")
    domain = "";
  auto found = getTable().find((domain + ":" + name).str());
  if (found == getTable().end())
    return nullptr;
  const Entry *best = nullptr;
  for (const Entry *entry : found->second)
    if (entry->since <= opset)
      best = entry;
  return best;
}

//===----------------------------------------------------------------------===//
// One function
//===----------------------------------------------------------------------===//

namespace {

/// The model's name in a location, empty if it has none.
StringRef getLocationName(Location loc) {
  if (auto named = dyn_cast<NameLoc>(loc))
    return named.getName();
  if (auto fused = dyn_cast<FusedLoc>(loc))
    for (Location part : fused.getLocations())
      if (StringRef name = getLocationName(part); !name.empty())
        return name;
  return "";
}

/// What belongs to the whole module.
struct ModuleState {
  ModuleOp module;
  const ConvertOnnxOptions &options;
  llvm::StringMap<int64_t> opsets;
  llvm::StringSet<> symbols;
  ComposeBuilder::FoldFn folder;
  unsigned batchStatistics = 0; ///< batch normalizations that use those of the batch
  uint64_t sequenceElements = 0; ///< of all sequences together

  int64_t getOpset(StringRef domain) const {
    auto found = opsets.find(domain);
    return found == opsets.end() ? (domain.empty() ? 27 : 1) : found->second;
  }
  /// The name itself where nobody has it: parameters that are trained are known by it outside.
  std::string exactSymbol(StringRef wanted) {
    return symbols.insert(wanted).second ? wanted.str() : uniqueSymbol(wanted);
  }
  /// A symbol name of letters, digits, '_', '.', '$' and '-' that nobody has yet.
  std::string uniqueSymbol(StringRef wanted) {
    std::string base;
    for (char c : wanted.take_front(200))
      base.push_back(llvm::isAlnum(c) || c == '.' || c == '$' || c == '-' ? c : '_');
    if (base.empty() || !(llvm::isAlpha(base[0]) || base[0] == '_'))
      base = "p_" + base;
    std::string name = base;
    for (unsigned i = 1; !symbols.insert(name).second; ++i)
      name = base + "_" + std::to_string(i);
    return name;
  }
};

/// Of all sequences of a model together.
constexpr uint64_t maxSequenceElements = uint64_t(1) << 20;

class FunctionConverter {
public:
  FunctionConverter(func::FuncOp function, ModuleState &state)
      : function(function), state(state), builder(function.getContext()) {}
  LogicalResult convert();

private:
  void renameAttributes();
  void checkArguments();
  void convertOp(Operation *op);
  void convertConstant(Operation *op);
  bool convertBranch(Operation *op);
  void setResult(Value source, Value result);
  Value buildConstant(Location loc, ElementsAttr value);
  Value buildParameter(Location loc, ElementsAttr value, StringRef symbol);
  void report(Operation *op, unsigned code, const Twine &reason);
  bool reportUnsupported(Operation *op);
  void reportSubgraphs(Operation *op);
  void reportResult(OpOperand &operand);
  /// No value: users of these results say nothing of their own.
  void poisonResults(Operation *op) {
    for (Value result : op->getResults())
      poisoned.insert(result);
  }
  LogicalResult finish();

  func::FuncOp function;
  ModuleState &state;
  OpBuilder builder;
  std::unique_ptr<ShapeAnalysis> shapes;
  DenseMap<Value, Value> mapping;
  DenseSet<Value> poisoned;
  /// Source values that something is differentiated by: what is made of them may not be folded.
  DenseSet<Value> variables;
  ConstantMap constants;
  SmallVector<std::pair<GetParameterOp, ParameterOp>> parameters;
  Value none;
  bool ok = true, tookBranch = false;
};

void FunctionConverter::renameAttributes() {
  MLIRContext *context = function.getContext();
  auto nameAttr = StringAttr::get(context, MloptDialect::getNameAttrName());
  for (unsigned i = 0, e = function.getNumArguments(); i < e; ++i)
    if (Attribute name = function.removeArgAttr(i, StringAttr::get(context, "onnx.name")))
      function.setArgAttr(i, nameAttr, name);
  for (unsigned i = 0, e = function.getNumResults(); i < e; ++i) {
    if (Attribute name = function.removeResultAttr(i, StringAttr::get(context, "onnx.name")))
      function.setResultAttr(i, nameAttr, name);
    // Sizes of results are what ShapeAnalysis says, not what the model's author wrote.
    (void)function.removeResultAttr(i, StringAttr::get(context, MloptDialect::getDimsAttrName()));
  }
}

/// "type seq<float>", "element type string" or "type none": a type that is not mlopt's, as the
/// importer writes it.
static std::string describeType(Type type) {
  std::string text = "type ";
  llvm::raw_string_ostream os(text);
  if (auto shaped = dyn_cast<ShapedType>(type)) {
    os << shaped.getElementType();
    return "element " + text;
  }
  auto opaque = dyn_cast<OpaqueType>(type);
  if (!opaque) {
    os << type;
    return text;
  }
  StringRef name = opaque.getTypeData();
  if (name.consume_front("tensor<") && name.consume_back(">"))
    return ("element type " + name).str();
  os << name;
  return text;
}

void FunctionConverter::checkArguments() {
  for (BlockArgument argument : function.getArguments()) {
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    if (type && isSupportedElement(type.getElementType()))
      continue;
    StringRef name = "?";
    if (auto attr = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(),
                                                          MloptDialect::getNameAttrName()))
      name = attr;
    ok = false;
    poisoned.insert(argument);
    auto unranked = dyn_cast<UnrankedTensorType>(argument.getType());
    if (unranked && isSupportedElement(unranked.getElementType()))
      emitError(argument.getLoc())
          << "MLO1014: the number of dimensions of this input is not known; give its shape, for "
             "example --shape "
          << name << "=1x3x?";
    else
      emitError(argument.getLoc())
          << "MLO2002: input '" << name << "' has the " << describeType(argument.getType())
          << ", which is not supported; expected a tensor of f64, f32, f16, bf16, bool or integers "
             "of 2 to 64 bits";
  }
}

void FunctionConverter::report(Operation *op, unsigned code, const Twine &reason) {
  auto [domain, type] = splitOperatorName(op->getName().getStringRef());
  ok = false;
  emitError(op->getLoc()) << "MLO" << code << ": " << (code < 2000 ? "invalid" : "unsupported")
                          << " ONNX operator '" << type << "' (domain '"
                          << (domain.empty() ? "ai.onnx" : domain) << "', opset "
                          << state.getOpset(domain) << "): " << reason.str();
  poisonResults(op);
}

/// What can be said without converting: an operator that is not in the table, and what the importer
/// noted at the operation (types of results and attributes). Whether there was anything.
bool FunctionConverter::reportUnsupported(Operation *op) {
  auto noted = op->getAttrOfType<ArrayAttr>(OnnxDialect::getUnsupportedAttrName());
  StringRef name = op->getName().getStringRef();
  if (name == "onnx.UnsupportedValue") {
    for (Attribute text : noted ? noted : ArrayAttr::get(op->getContext(), {}))
      emitError(op->getLoc()) << cast<StringAttr>(text).getValue();
    ok = false;
    poisonResults(op);
    return true;
  }
  if (name == "onnx.NoValue" || name == "onnx.Yield")
    return false;
  auto [domain, type] = splitOperatorName(name);
  bool isConstant = domain.empty() && type == "Constant";
  if (!isConstant && !findEntry(domain, type, state.getOpset(domain))) {
    report(
        op, 2001,
        findEntry(domain, type, INT64_MAX)
            ? "this version of the operator is not supported; convert the model to a newer opset"
        : name == "onnx.If"
            ? "mlopt has no conversion for it where its condition is known only at run time"
            : "mlopt has no conversion for it");
    return true;
  }
  if (!noted || noted.empty())
    return false;
  // One diagnostic a node; further reasons follow the first one's code.
  unsigned code = 0;
  std::string reasons;
  for (Attribute entry : noted) {
    StringRef text = cast<StringAttr>(entry).getValue();
    if (!code)
      code = parseErrorCode(text);
    reasons += (reasons.empty() ? "" : "; ") + text.split(": ").second.str();
  }
  report(op, code ? code : 2005, reasons);
  return true;
}

/// Subgraphs are not converted as long as no operator that has them is; what is not supported in
/// them belongs to the list all the same.
void FunctionConverter::reportSubgraphs(Operation *op) {
  for (Region &region : op->getRegions())
    region.walk<WalkOrder::PreOrder>([&](Operation *inner) { (void)reportUnsupported(inner); });
}

/// A result of the function that is no tensor of mlopt's. Nothing where the node that makes it or
/// the input that it is has been reported for its type.
void FunctionConverter::reportResult(OpOperand &operand) {
  Type type = operand.get().getType();
  Operation *producer = operand.get().getDefiningOp();
  bool isOpaque = isa<OpaqueType>(type);
  if (isa<RankedTensorType>(type) || (!ok && !isOpaque) || (isOpaque && !producer) ||
      (producer && producer->hasAttr(OnnxDialect::getUnsupportedAttrName())))
    return;
  ok = false;
  StringRef name = "?";
  if (auto attr = function.getResultAttrOfType<StringAttr>(operand.getOperandNumber(),
                                                           MloptDialect::getNameAttrName()))
    name = attr;
  Location loc = operand.getOwner()->getLoc();
  emitError(getNodeLocation(loc.getContext(), splitLocation(loc).file, name, "Output", 0))
      << "MLO2002: output '" << name << "' has the " << describeType(type)
      << ", expected a tensor";
}

Value FunctionConverter::buildConstant(Location loc, ElementsAttr value) {
  auto type = cast<RankedTensorType>(value.getShapedType());
  uint64_t elementBytes = (type.getElementTypeBitWidth() + 7) / 8;
  uint64_t bytes = static_cast<uint64_t>(type.getNumElements()) * elementBytes;
  if (bytes <= static_cast<uint64_t>(state.options.largeConstantBytes))
    if (auto small = getSmallElements(value))
      return ConstantOp::create(builder, loc, type, *small);
  StringRef name = getLocationName(loc);
  Value result = buildParameter(loc, value, state.uniqueSymbol(name.empty() ? "constant" : name));
  constants[result] = value;
  return result;
}

/// A parameter whose elements the conversion may not look at; see buildConstant for the others.
Value FunctionConverter::buildParameter(Location loc, ElementsAttr value, StringRef symbol) {
  OpBuilder moduleBuilder(function);
  auto parameter =
      ParameterOp::create(moduleBuilder, loc, builder.getStringAttr(symbol), value, StringAttr());
  auto get = GetParameterOp::create(builder, loc, value.getShapedType(),
                                    FlatSymbolRefAttr::get(builder.getContext(), symbol));
  parameters.push_back({get, parameter});
  return get;
}

void FunctionConverter::convertConstant(Operation *op) {
  ElementsAttr value = op->getAttrOfType<ElementsAttr>("value");
  auto vector = [&](Type element, size_t count) {
    return RankedTensorType::get({static_cast<int64_t>(count)}, element);
  };
  if (auto number = op->getAttrOfType<FloatAttr>("value_float")) {
    value = DenseElementsAttr::get(RankedTensorType::get({}, builder.getF32Type()),
                                   static_cast<float>(number.getValueAsDouble()));
  } else if (auto integer = op->getAttrOfType<IntegerAttr>("value_int")) {
    value = DenseElementsAttr::get(RankedTensorType::get({}, builder.getI64Type()),
                                   integer.getValue().getSExtValue());
  } else if (!value) {
    Node n(op, {}, builder, *shapes, constants, state.getOpset(""));
    if (auto integers = n.intsAttr("value_ints")) {
      value = DenseElementsAttr::get(vector(builder.getI64Type(), integers->size()),
                                     ArrayRef<int64_t>(*integers));
    } else if (auto numbers = n.floatsAttr("value_floats")) {
      SmallVector<float> floats(numbers->begin(), numbers->end());
      value = DenseElementsAttr::get(vector(builder.getF32Type(), floats.size()),
                                     ArrayRef<float>(floats));
    }
  }
  if (!value && op->getAttrOfType<StringAttr>("value_string"))
    return report(op, 2002, "the constant has the element type string");
  if (!value && op->getAttrOfType<ArrayAttr>("value_strings"))
    return report(op, 2002, "the constant has the element type string");
  if (!value)
    return report(op, 2005, "the constant has no numeric value");
  auto type = dyn_cast<RankedTensorType>(value.getShapedType());
  if (!type || !isSupportedElement(type.getElementType())) {
    std::string text;
    llvm::raw_string_ostream(text) << value.getType();
    return report(op, 2002, "the constant has type " + Twine(text));
  }
  if (auto name = op->getAttrOfType<StringAttr>(OnnxDialect::getParameterAttrName()))
    mapping[op->getResult(0)] =
        buildParameter(op->getLoc(), value, state.exactSymbol(name.getValue()));
  else
    setResult(op->getResult(0), buildConstant(op->getLoc(), value));
}

void FunctionConverter::setResult(Value source, Value result) {
  if (variables.contains(source)) {
    ElementsAttr value = constants.lookup(result); // a large constant
    if (auto constant = result.getDefiningOp<ConstantOp>())
      value = constant.getValue();
    if (value)
      result = buildParameter(source.getLoc(), value, state.uniqueSymbol("variable"));
  }
  mapping[source] = result;
}

/// Whether what the importer inferred for a result contradicts what was built.
/// Behind an `If` whose branch is known the model's ranks are those of both branches merged, or of
/// the one that the exporter thought of: only element types count then.
static std::string findContradiction(Type inferred, Type built, bool ranksCount) {
  auto tensor = dyn_cast<TensorType>(inferred);
  auto result = dyn_cast<RankedTensorType>(built);
  std::string text;
  llvm::raw_string_ostream os(text);
  if (tensor && !result)
    return "the model says that a result is a tensor, its operands give a sequence";
  if (!tensor || !isSupportedElement(tensor.getElementType()))
    return text;
  if (tensor.getElementType() != result.getElementType() ||
      (ranksCount && tensor.hasRank() && tensor.getRank() != result.getRank()))
    os << "the model says that a result has type " << inferred << ", its operands give " << built;
  return text;
}

/// Converts the branch that an `If` takes, where that is known, in its place.
bool FunctionConverter::convertBranch(Operation *op) {
  auto valueOf = [&](Value v) { return mapping.contains(v) ? mapping.lookup(v) : v; };
  if (op->getNumOperands() != 1)
    return false;
  if (poisoned.contains(op->getOperand(0))) {
    // Which branch counts is not known, and why has been said.
    poisonResults(op);
    return true;
  }
  SmallVector<Value> operands = {valueOf(op->getOperand(0))};
  Node n(op, operands, builder, *shapes, constants, state.getOpset(""));
  Block *branch = findTakenBranch(n);
  if (!branch)
    return false;
  tookBranch = true;
  for (Operation *inner : moveBranchOut(op, branch))
    convertOp(inner);
  for (auto [result, yielded] : llvm::zip_equal(op->getResults(), branch->back().getOperands())) {
    if (poisoned.contains(yielded))
      poisoned.insert(result);
    else
      mapping[result] = valueOf(yielded);
  }
  return true;
}

void FunctionConverter::convertOp(Operation *op) {
  builder.setInsertionPoint(op);
  StringRef name = op->getName().getStringRef();
  if (name == "onnx.NoValue") {
    mapping[op->getResult(0)] = none;
    return;
  }
  if (name == "onnx.If" && convertBranch(op))
    return;
  if (reportUnsupported(op))
    return reportSubgraphs(op);
  if (name == "onnx.Constant" && op->getNumResults() == 1)
    return convertConstant(op);

  auto [domain, type] = splitOperatorName(name);
  int64_t opset = state.getOpset(domain);
  const Entry *entry = findEntry(domain, type, opset);
  if (!entry) // a Constant with another number of results
    return report(op, 1201, "the operator has one result");
  SmallVector<Value> operands;
  for (Value operand : op->getOperands()) {
    if (poisoned.contains(operand))
      return poisonResults(op);
    auto found = mapping.find(operand);
    operands.push_back(found == mapping.end() ? operand : found->second);
  }
  Node n(op, operands, builder, *shapes, constants, opset, state.options.training,
         state.options.inference);
  n.setConstantBuilder([&](ElementsAttr value) { return buildConstant(op->getLoc(), value); });
  if (state.options.fold)
    n.setFolder(&state.folder);
  if (failed(entry->convert(n))) {
    unsigned code = n.getFailureKind() == FailureKind::Malformed         ? 1201
                    : n.getFailureKind() == FailureKind::UnsupportedType ? 2002
                                                                         : 2005;
    return report(op, code, n.getReason());
  }
  if (name == "onnx.BatchNormalization" && n.boolAttr("training_mode", false) &&
      !n.isTraining() && !n.isInference())
    ++state.batchStatistics;
  ArrayRef<Value> results = n.getConverted();
  for (auto [i, result] : llvm::enumerate(op->getResults())) {
    if (i >= results.size() || isa<NoneType>(results[i].getType())) {
      if (!result.use_empty())
        return report(op, 2005, "result " + Twine(i) + " is not supported");
      continue;
    }
    if (std::string text = findContradiction(result.getType(), results[i].getType(), !tookBranch);
        !text.empty())
      return report(op, 1201, text);
    // A chain of insertions is short in a file and quadratic here.
    if (auto sequence = results[i].getDefiningOp<UnrealizedConversionCastOp>())
      if ((state.sequenceElements += sequence.getInputs().size()) > maxSequenceElements)
        return report(op, 2005, "the sequences of the model have more than " +
                                    Twine(maxSequenceElements) + " elements together");
    setResult(result, results[i]);
  }
}

LogicalResult FunctionConverter::finish() {
  Block &block = function.front();
  auto terminator = cast<func::ReturnOp>(block.getTerminator());
  SmallVector<Type> resultTypes;
  for (OpOperand &operand : terminator->getOpOperands()) {
    if (auto found = mapping.find(operand.get()); found != mapping.end())
      operand.set(found->second);
    resultTypes.push_back(operand.get().getType());
  }
  for (OpOperand &operand : terminator->getOpOperands())
    reportResult(operand);
  if (!ok)
    return failure();
  function.setType(
      FunctionType::get(function.getContext(), function.getArgumentTypes(), resultTypes));
  // The source operations, and what conversion built on the way and nobody needs.
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (op.getName().getDialectNamespace() == "onnx" || isOpTriviallyDead(&op))
      op.erase();
  return success();
}

LogicalResult FunctionConverter::convert() {
  if (!function.getBody().hasOneBlock()) {
    emitError(function.getLoc()) << "MLO1201: function @" << function.getName()
                                 << " must have exactly one block";
    return failure();
  }
  renameAttributes();
  checkArguments();
  shapes = std::make_unique<ShapeAnalysis>(function);
  Block &block = function.front();
  builder.setInsertionPointToStart(&block);
  none = NoneOp::create(builder, function.getLoc());
  SmallVector<Operation *> source;
  for (Operation &op : block)
    if (op.getName().getDialectNamespace() == "onnx")
      source.push_back(&op);
  for (Operation *op : source)
    if (op->getName().getStringRef() == OnnxDialect::getGradientOpName())
      variables.insert(op->operand_begin(), op->operand_end());
  for (Operation *op : source)
    convertOp(op);
  // The ops of `parameters` may be erased as dead below: note the users first.
  SmallVector<ParameterOp> declared;
  for (auto [get, parameter] : parameters)
    declared.push_back(parameter);
  LogicalResult result = finish();
  if (failed(result))
    return result;
  llvm::StringSet<> used;
  function.walk([&](GetParameterOp get) { used.insert(get.getName()); });
  for (ParameterOp parameter : declared)
    if (!used.contains(parameter.getSymName()))
      parameter.erase();
  return success();
}

} // namespace
} // namespace onnx

//===----------------------------------------------------------------------===//
// Entry points
//===----------------------------------------------------------------------===//

LogicalResult convertOnnxToMlopt(ModuleOp module, const ConvertOnnxOptions &options) {
  onnx::ModuleState state{module, options, {}, {}, onnx::getFolder(), 0, 0};
  module.getContext()->loadDialect<MloptDialect, arith::ArithDialect>();
  if (auto opsets = module->getAttrOfType<DictionaryAttr>("onnx.opset"))
    for (NamedAttribute entry : opsets)
      if (auto version = dyn_cast<IntegerAttr>(entry.getValue()))
        state.opsets[entry.getName() == "ai.onnx" ? "" : entry.getName().getValue()] =
            version.getValue().getSExtValue();
  for (Operation &op : module.getOps())
    if (auto symbol = op.getAttrOfType<StringAttr>(SymbolTable::getSymbolAttrName()))
      state.symbols.insert(symbol.getValue());
  bool ok = true;
  for (func::FuncOp function : llvm::make_early_inc_range(module.getOps<func::FuncOp>()))
    if (!function.isExternal())
      ok &= succeeded(onnx::FunctionConverter(function, state).convert());
  if (ok && state.batchStatistics)
    emitWarning(module.getLoc())
        << state.batchStatistics << " batch normalization"
        << (state.batchStatistics == 1 ? " uses" : "s use")
        << " the statistics of the batch: the model was exported in training mode; with "
           "--inference the model's own are used";
  if (ok)
    module->removeAttr("onnx.opset");
  return success(ok);
}

bool isOnnxOperatorSupported(StringRef domain, StringRef opType, int64_t opset) {
  if ((domain.empty() || domain == "ai.onnx") && opType == "Constant")
    return true;
  return onnx::findEntry(domain, opType, opset) != nullptr;
}

unsigned getNumSupportedOnnxOperators() { return onnx::getTable().size() + 1; }

namespace {
struct ConvertOnnxToMloptPass : PassWrapper<ConvertOnnxToMloptPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ConvertOnnxToMloptPass)
  ConvertOnnxToMloptPass() = default;
  ConvertOnnxToMloptPass(const ConvertOnnxToMloptPass &other)
      : PassWrapper(other), options(other.options) {}
  explicit ConvertOnnxToMloptPass(const ConvertOnnxOptions &options) : options(options) {
    training = options.training;
    inference = options.inference;
  }
  StringRef getArgument() const final { return "convert-onnx-to-mlopt"; }
  StringRef getDescription() const final {
    return "Convert imported ONNX operations to the mlopt dialect";
  }
  void getDependentDialects(DialectRegistry &registry) const final {
    registry.insert<MloptDialect, arith::ArithDialect, func::FuncDialect>();
  }
  void runOnOperation() final {
    options.training = training;
    options.inference = inference;
    if (failed(convertOnnxToMlopt(getOperation(), options)))
      signalPassFailure();
  }
  ConvertOnnxOptions options;
  Option<bool> training{*this, "training", llvm::cl::desc("The model is to be trained"),
                        llvm::cl::init(false)};
  Option<bool> inference{*this, "inference", llvm::cl::desc("training_mode does not count"),
                         llvm::cl::init(false)};
};
} // namespace

std::unique_ptr<Pass> createConvertOnnxToMloptPass(const ConvertOnnxOptions &options) {
  return std::make_unique<ConvertOnnxToMloptPass>(options);
}

void registerConvertOnnxToMloptPass() {
  registerPass([] { return createConvertOnnxToMloptPass(); });
}

} // namespace mlopt
