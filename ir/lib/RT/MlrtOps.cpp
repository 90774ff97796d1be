//===- MlrtOps.cpp - Operations of host programs --------------------------===//
#include "mlopt/RT/Mlrt.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::rt;

//===----------------------------------------------------------------------===//
// Text of sizes
//===----------------------------------------------------------------------===//

static ParseResult parseSize(OpAsmParser &parser, SymExprAttr &size) {
  int64_t constant;
  OptionalParseResult number = parser.parseOptionalInteger(constant);
  if (number.has_value()) {
    if (succeeded(*number))
      size = SymExpr::constant(parser.getContext(), constant).getAttr();
    return *number;
  }
  std::string text;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseString(&text))
    return failure();
  std::optional<SymExpr> parsed = SymExpr::parse(parser.getContext(), text);
  if (!parsed)
    return parser.emitError(loc, "expects an integer or a size such as \"n * 4 + 1\"");
  size = parsed->getAttr();
  return success();
}

static void printSize(OpAsmPrinter &printer, Operation *, SymExprAttr size) {
  if (std::optional<int64_t> constant = SymExpr(size).getConstant())
    printer << *constant;
  else
    printer.printString(SymExpr(size).str());
}

static ParseResult parseSizes(OpAsmParser &parser, ArrayAttr &sizes) {
  SmallVector<Attribute> list;
  // An empty list is followed by the closing parenthesis.
  SMLoc loc = parser.getCurrentLocation();
  if (*loc.getPointer() != ')' && parser.parseCommaSeparatedList([&] {
        SymExprAttr size;
        if (parseSize(parser, size))
          return failure();
        list.push_back(size);
        return success();
      }))
    return failure();
  sizes = parser.getBuilder().getArrayAttr(list);
  return success();
}

static void printSizes(OpAsmPrinter &printer, Operation *op, ArrayAttr sizes) {
  llvm::interleaveComma(sizes, printer,
                        [&](Attribute size) { printSize(printer, op, cast<SymExprAttr>(size)); });
}

static ParseResult parseAfter(OpAsmParser &parser, DenseI64ArrayAttr &own, DenseI64ArrayAttr &all) {
  SmallVector<int64_t> owns, alls;
  auto parseOne = [&](bool isOwn) {
    return parser.parseInteger((isOwn ? owns : alls).emplace_back());
  };
  bool first = true;
  while (true) {
    if (!first && failed(parser.parseOptionalComma()))
      break;
    bool isOwn = succeeded(parser.parseOptionalKeyword("own"));
    if (!isOwn && failed(parser.parseOptionalKeyword("all"))) {
      if (first)
        break;
      return parser.emitError(parser.getCurrentLocation(), "expects 'own' or 'all'");
    }
    if (parseOne(isOwn))
      return failure();
    first = false;
  }
  own = parser.getBuilder().getDenseI64ArrayAttr(owns);
  all = parser.getBuilder().getDenseI64ArrayAttr(alls);
  return success();
}

static void printAfter(OpAsmPrinter &printer, Operation *, DenseI64ArrayAttr own,
                       DenseI64ArrayAttr all) {
  const char *separator = "";
  for (int64_t number : own.asArrayRef()) {
    printer << separator << "own " << number;
    separator = ", ";
  }
  for (int64_t number : all.asArrayRef()) {
    printer << separator << "all " << number;
    separator = ", ";
  }
}

#define GET_OP_CLASSES
#include "mlopt/RT/MlrtOps.cpp.inc"

//===----------------------------------------------------------------------===//
// Programs
//===----------------------------------------------------------------------===//

template <typename AttrTy> static SmallVector<AttrTy> toList(ArrayAttr array) {
  return llvm::map_to_vector(array, [](Attribute a) { return cast<AttrTy>(a); });
}

SmallVector<SymbolAttr> ProgramOp::getSymbolList() { return toList<SymbolAttr>(getSymbols()); }
SmallVector<TensorAttr> ProgramOp::getInputList() { return toList<TensorAttr>(getInputs()); }
SmallVector<TensorAttr> ProgramOp::getOutputList() { return toList<TensorAttr>(getOutputs()); }
ReturnOp ProgramOp::getReturn() { return dyn_cast<ReturnOp>(getBody().front().back()); }

/// All sizes that an operation of a program holds.
static SmallVector<SymExpr> sizesOf(Operation *op) {
  SmallVector<SymExpr> sizes;
  for (NamedAttribute attr : op->getAttrs()) {
    if (auto size = dyn_cast<SymExprAttr>(attr.getValue()))
      sizes.push_back(size);
    if (auto array = dyn_cast<ArrayAttr>(attr.getValue()))
      for (Attribute element : array)
        if (auto size = dyn_cast<SymExprAttr>(element))
          sizes.push_back(size);
  }
  return sizes;
}

LogicalResult ProgramOp::verifyRegions() {
  for (Attribute symbol : getSymbols())
    if (!isa<SymbolAttr>(symbol))
      return emitOpError("expects '#mlrt.symbol' in 'symbols', got ") << symbol;
  for (ArrayAttr tensors : {getInputs(), getOutputs()})
    for (Attribute tensor : tensors)
      if (!isa<TensorAttr>(tensor))
        return emitOpError("expects '#mlrt.tensor' in 'inputs' and 'outputs', got ") << tensor;
  // (C4)
  if (getBody().front().empty() || !getReturn())
    return emitOpError("expects 'mlrt.return' at its end");
  // (C1)
  llvm::StringSet<> known;
  known.insert(MlrtDialect::getThreadsSymbol());
  for (SymbolAttr symbol : getSymbolList())
    if (!known.insert(symbol.getName()).second)
      return emitOpError("expects distinct names, got '") << symbol.getName() << "' twice";
  int64_t next = 0;
  for (Operation &op : getBody().front()) {
    for (SymExpr size : sizesOf(&op)) {
      std::string unknown;
      size.forEachSymbol([&](StringRef name) {
        if (!known.contains(name))
          unknown = name.str();
      });
      if (!unknown.empty())
        return op.emitOpError("uses '")
               << unknown << "', which no symbol or step before it defines";
    }
    if (auto step = dyn_cast<StepOp>(op))
      if (!known.insert(step.getName()).second)
        return op.emitOpError("expects distinct names, got '") << step.getName() << "' twice";
    // (C2), (C3)
    auto number = op.getAttrOfType<IntegerAttr>("number");
    if (!isa<LaunchOp, CopyOp>(op))
      continue;
    if (number.getInt() != next)
      return op.emitOpError("expects number ") << next << ", got " << number.getInt();
    for (StringRef name : {"after_own", "after_all"})
      for (int64_t before : op.getAttrOfType<DenseI64ArrayAttr>(name).asArrayRef())
        if (before < 0 || before >= next)
          return op.emitOpError("expects earlier numbers in 'after', got ") << before;
    ++next;
  }
  return success();
}

LogicalResult InputOp::verify() {
  // (C1)
  size_t count = (*this)->getParentOfType<ProgramOp>().getInputs().size();
  if (getIndex() >= count)
    return emitOpError("expects an index below ") << count << ", got " << getIndex();
  return success();
}

LogicalResult OutputOp::verify() {
  // (C1)
  size_t count = (*this)->getParentOfType<ProgramOp>().getOutputs().size();
  if (getIndex() >= count)
    return emitOpError("expects an index below ") << count << ", got " << getIndex();
  return success();
}

LogicalResult WeightOp::verify() {
  // (C1)
  if (getParameter().has_value() == getConstant().has_value())
    return emitOpError("expects a parameter or a constant, got ")
           << (getParameter() ? "both" : "neither");
  return success();
}

LogicalResult WeightOp::verifySymbolUses(SymbolTableCollection &symbols) {
  // (C2)
  if (getParameter() &&
      !symbols.lookupNearestSymbolFrom<ParameterOp>((*this)->getParentOp(), getParameterAttr()))
    return emitOpError("expects a parameter named '") << *getParameter() << "'";
  return success();
}

LogicalResult ArenaOp::verify() {
  // (C1)
  for (SymExprAttr size : {getOffsetAttr(), getBytesAttr()})
    if (std::optional<int64_t> constant = SymExpr(size).getConstant())
      if (*constant < 0 || *constant % 64)
        return emitOpError("expects multiples of 64, got ") << *constant;
  if (getLive().size() != 2)
    return emitOpError("expects the first and the last number in 'live'");
  return success();
}

LogicalResult PieceOp::verify() {
  // (C1)
  if (std::optional<int64_t> constant = SymExpr(getOffsetAttr()).getConstant())
    if (*constant < 0)
      return emitOpError("expects an offset of at least 0, got ") << *constant;
  return success();
}

LogicalResult rt::LaunchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  // (C1). The numbers of symbols and strides are the calling convention's, which
  // the planner knows.
  auto kernel = symbols.lookupNearestSymbolFrom<KernelOp>((*this)->getParentOp(), getKernelAttr());
  if (!kernel)
    return emitOpError("expects a kernel named '") << getKernel() << "'";
  size_t tensors = llvm::count_if(kernel.getArgumentTypes(),
                                  [](Type type) { return isa<RankedTensorType>(type); });
  if (getIns().size() != tensors || getOuts().size() != kernel.getResultTypes().size())
    return emitOpError("expects ")
           << tensors << " inputs and " << kernel.getResultTypes().size() << " outputs, got "
           << getIns().size() << " and " << getOuts().size();
  return success();
}

//===----------------------------------------------------------------------===//
// Evaluation
//===----------------------------------------------------------------------===//

int64_t rt::evaluateSize(SymExpr size, const llvm::StringMap<int64_t> &values) {
  auto value = [&](StringRef name) -> std::optional<int64_t> {
    auto it = values.find(name);
    return it == values.end() ? std::nullopt : std::optional<int64_t>(it->second);
  };
  return size.evaluate(value).value_or(0);
}

llvm::StringMap<int64_t> rt::evaluateSteps(ProgramOp program,
                                           llvm::function_ref<int64_t(SymbolAttr)> symbol,
                                           int64_t threads) {
  llvm::StringMap<int64_t> values;
  values[MlrtDialect::getThreadsSymbol()] = threads;
  for (SymbolAttr s : program.getSymbolList())
    values[s.getName()] = symbol(s);
  for (auto step : program.getBody().front().getOps<StepOp>())
    values[step.getName()] = evaluateSize(step.getValueAttr(), values);
  return values;
}
