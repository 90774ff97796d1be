//===- Evaluator.cpp - Function bodies -------------------------------------===//
#include "mlopt/Reference/Evaluator.h"
#include "Evaluation.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::reference;

Evaluator::Evaluator(EvaluationMode mode, EvaluatorOptions options)
    : mode(mode), options(std::move(options)) {}

bool Evaluator::hasSemantics(StringRef operationName) {
  // These are a matter of the body, not of one operation.
  static const char *const structural[] = {"mlopt.launch",    "mlopt.yield", "mlopt.kernel",
                                           "mlopt.parameter", "func.call",   "func.return"};
  return llvm::is_contained(structural, operationName) || Registry::get().find(operationName);
}

LogicalResult Evaluator::fail(Operation *op, const Twine &message) {
  error = message.str();
  if (options.emitErrors)
    op->emitOpError(message);
  return failure();
}

void Evaluator::beginRun() {
  error.clear();
  // Symbols may have changed since the last run.
  symbols.emplace();
  deadline = std::chrono::steady_clock::now() +
             std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                 std::chrono::duration<double>(options.maxSeconds));
}

/// Whether a value of this type and shape may stand for one of type `type`.
static bool goesWith(const HostTensor &tensor, Type type) {
  if (isa<NoneType>(type))
    return tensor.isNone();
  if (tensor.isNone() || tensor.getElementType() != getElementTypeOrSelf(type))
    return false;
  auto ranked = dyn_cast<RankedTensorType>(type);
  if (!ranked)
    return tensor.getRank() == 0;
  if (ranked.getRank() != tensor.getRank())
    return false;
  for (auto [expected, size] : llvm::zip_equal(ranked.getShape(), tensor.getShape()))
    if (!ShapedType::isDynamic(expected) && expected != size)
      return false;
  return true;
}

static std::string describe(const HostTensor &tensor) {
  if (tensor.isNone())
    return "none";
  std::string text;
  llvm::raw_string_ostream os(text);
  os << RankedTensorType::get(tensor.getShape(), tensor.getElementType());
  return text;
}

FailureOr<Evaluator::Tensors> Evaluator::evaluate(func::FuncOp function,
                                                  ArrayRef<HostTensor> inputs) {
  beginRun();
  if (function.isExternal())
    return fail(function, "has no body to evaluate");
  if (inputs.size() != function.getNumArguments())
    return fail(function, "expects " + Twine(function.getNumArguments()) + " inputs, got " +
                              Twine(inputs.size()));
  for (auto [i, input] : llvm::enumerate(inputs)) {
    Type type = function.getArgumentTypes()[i];
    if (goesWith(input, type))
      continue;
    std::string text;
    llvm::raw_string_ostream(text) << type;
    return fail(function,
                "expects input " + Twine(i) + " of type " + text + ", got " + describe(input));
  }
  FailureOr<Tensors> results =
      evaluateBody(function.getBody(), inputs, function.getResultTypes(), /*inKernel=*/false);
  if (succeeded(results) && mode == EvaluationMode::Typed)
    for (HostTensor &result : *results)
      result = result.toNative();
  return results;
}

FailureOr<Evaluator::Tensors> Evaluator::evaluateOp(Operation *op, ArrayRef<HostTensor> operands,
                                                    ArrayRef<int64_t> indexOperands) {
  beginRun();
  Tensors all;
  for (Type type : op->getOperandTypes()) {
    bool isIndex = type.isIndex();
    if (isIndex ? indexOperands.empty() : operands.empty())
      return fail(op, "expects a value for each operand");
    if (isIndex) {
      all.push_back(HostTensor::index(op->getContext(), indexOperands.front()));
      indexOperands = indexOperands.drop_front();
      continue;
    }
    if (!goesWith(operands.front(), type)) {
      std::string text;
      llvm::raw_string_ostream(text) << type;
      return fail(op, "expects an operand of type " + text + ", got " + describe(operands.front()));
    }
    all.push_back(operands.front().toWide());
    operands = operands.drop_front();
  }
  FailureOr<Tensors> results = evaluateOperation(op, all, /*inKernel=*/false);
  if (succeeded(results) && mode == EvaluationMode::Typed)
    for (HostTensor &result : *results)
      result = result.toNative();
  return results;
}

FailureOr<Evaluator::Tensors> Evaluator::evaluateBody(Region &body, ArrayRef<HostTensor> inputs,
                                                      TypeRange resultTypes, bool inKernel) {
  if (!body.hasOneBlock())
    return fail(body.getParentOp(), "expects a body of one block");
  Block &block = body.front();
  llvm::DenseMap<Value, HostTensor> values;
  llvm::DenseMap<Value, unsigned> remaining; // uses that are still to come
  auto define = [&](Value value, HostTensor tensor) {
    unsigned uses = std::distance(value.use_begin(), value.use_end());
    if (!uses)
      return;
    remaining[value] = uses;
    values[value] = std::move(tensor);
  };
  for (auto [argument, input] : llvm::zip_equal(block.getArguments(), inputs))
    define(argument, input.toWide());

  size_t count = block.getOperations().size(), position = 0;
  for (Operation &op : block) {
    if (depth == 0 && options.progress)
      options.progress(&op, position++, count);
    if (options.maxSeconds > 0 && std::chrono::steady_clock::now() > deadline)
      return fail(&op,
                  "evaluation took longer than " + std::to_string(options.maxSeconds) + " seconds");
    Tensors operands;
    for (Value operand : op.getOperands()) {
      auto it = values.find(operand);
      if (it == values.end())
        return fail(&op, "uses a value from outside the body that is evaluated");
      operands.push_back(it->second);
    }
    for (Value operand : op.getOperands())
      if (--remaining[operand] == 0)
        values.erase(operand);
    if (op.hasTrait<mlir::OpTrait::IsTerminator>()) {
      // Kernel results are rounded here, not before.
      if (inKernel && mode == EvaluationMode::Typed)
        for (auto [tensor, type] : llvm::zip_equal(operands, resultTypes))
          if (Type element = getElementTypeOrSelf(type); element.isF16() || element.isBF16()) {
            HostTensor rounded = HostTensor::zeros(element, tensor.getShape());
            llvm::copy(tensor.words(), rounded.mutableWords().begin());
            rounded.roundTo(element);
            tensor = rounded;
          }
      return operands;
    }
    FailureOr<Tensors> results = evaluateOperation(&op, operands, inKernel);
    if (failed(results))
      return failure();
    for (auto [result, tensor] : llvm::zip_equal(op.getResults(), *results))
      define(result, std::move(tensor));
  }
  return fail(body.getParentOp(), "expects a terminator");
}

FailureOr<Evaluator::Tensors>
Evaluator::evaluateOperation(Operation *op, ArrayRef<HostTensor> operands, bool inKernel) {
  FlatSymbolRefAttr callee;
  if (auto launch = dyn_cast<LaunchOp>(op))
    callee = launch.getKernelAttr();
  else if (auto call = dyn_cast<func::CallOp>(op))
    callee = call.getCalleeAttr();
  if (callee) {
    auto target = symbols->lookupNearestSymbolFrom<FunctionOpInterface>(op, callee);
    if (!target || target.isExternal())
      return fail(op, "calls '" + callee.getValue() + "', which has no body");
    if (depth > 64)
      return fail(op, "calls nest deeper than 64");
    ++depth;
    FailureOr<Tensors> results = evaluateBody(target.getFunctionBody(), operands,
                                              target.getResultTypes(), isa<LaunchOp>(op));
    --depth;
    return results;
  }

  const Registry::Function *function = Registry::get().find(op->getName().getStringRef());
  if (!function)
    return fail(op, "operation " + op->getName().getStringRef() + " has no reference semantics");
  Evaluation e(op, operands, mode, options.maxElements);
  if (failed((*function)(op, e)))
    return fail(op, e.error.empty() ? "cannot be evaluated" : e.error);

  for (HostTensor &result : e.results) {
    // Shared data (a view, a constant) is rounded already.
    if (result.isNone() || llvm::any_of(operands, [&](const HostTensor &t) {
          return !t.isNone() && t.bytes().data() == result.bytes().data();
        }))
      continue;
    if (isa<ConstantOp, GetParameterOp>(op))
      continue;
    Type element = result.getElementType();
    if (!isa<FloatType>(element)) {
      result.roundTo(element);
    } else if (mode == EvaluationMode::Typed) {
      bool keepF32 = inKernel && (element.isF16() || element.isBF16()) && !isa<CastOp>(op);
      result.roundTo(keepF32 ? Type(Float32Type::get(op->getContext())) : element);
    }
  }
  return std::move(e.results);
}
