//===- OpenParameters.cpp - Parameters as arguments -----------------------===//
#include "OpenParameters.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/GlobPattern.h"

namespace mlopt {
#define GEN_PASS_DEF_OPENPARAMETERSPASS
#include "mlopt/Passes/Training/Passes.h.inc"
} // namespace mlopt

using namespace mlir;
using namespace mlopt;
using namespace mlopt::training;

func::FuncOp training::findMain(ModuleOp module) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  if (main && !main.isExternal() && main.getBody().hasOneBlock())
    return main;
  module.emitError("MLO2407: the module has no function @main with one block, which training "
                   "needs; import a model, or give the function that name");
  return nullptr;
}

bool training::isOpened(func::FuncOp main) {
  ModuleOp module = main->getParentOfType<ModuleOp>();
  return module.lookupSymbol<func::FuncOp>(initName) != nullptr;
}

namespace {
/// Patterns of one option, and which of them matched.
struct Patterns {
  StringRef option;
  SmallVector<llvm::GlobPattern> globs;
  SmallVector<std::string> texts;
  SmallVector<bool> matched;

  LogicalResult parse(ArrayRef<std::string> list, func::FuncOp main) {
    for (const std::string &text : list) {
      llvm::Expected<llvm::GlobPattern> glob = llvm::GlobPattern::create(text);
      if (!glob)
        return main.emitError("MLO2406: --")
               << option << "=" << text << " is no pattern: " << llvm::toString(glob.takeError());
      globs.push_back(*glob);
      texts.push_back(text);
      matched.push_back(false);
    }
    return success();
  }
  bool match(StringRef name) {
    bool any = false;
    for (auto [i, glob] : llvm::enumerate(globs))
      if (glob.match(name)) {
        matched[i] = true;
        any = true;
      }
    return any;
  }
  LogicalResult checkMatched(func::FuncOp main, ArrayRef<StringRef> names) {
    for (auto [i, text] : llvm::enumerate(texts))
      if (!matched[i]) {
        InFlightDiagnostic error = main.emitError("MLO2406: --")
                                   << option << "=" << text
                                   << " matches no parameter; the model has ";
        constexpr size_t shown = 8;
        for (auto [n, name] : llvm::enumerate(names.take_front(shown)))
          error << (n ? ", " : "") << "'" << name << "'";
        if (names.size() > shown)
          error << " and " << names.size() - shown << " more";
        return error;
      }
    return success();
  }
};
} // namespace

LogicalResult training::openParameters(ModuleOp module, ArrayRef<std::string> freeze,
                                       ArrayRef<std::string> trainOnly) {
  func::FuncOp main = findMain(module);
  if (!main)
    return failure();
  Patterns frozen{"freeze", {}, {}, {}}, chosen{"train-only", {}, {}, {}};
  if (failed(frozen.parse(freeze, main)) || failed(chosen.parse(trainOnly, main)))
    return failure();

  // Of those of a batch normalization --batch-norm alone decides: a frozen layer, too, takes the
  // statistics of the batch and keeps running ones.
  llvm::DenseSet<StringRef> statistics;
  main.walk([&](BatchNormOp norm) {
    for (Value v : {norm.getMean(), norm.getVariance()})
      if (auto get = v.getDefiningOp<GetParameterOp>())
        statistics.insert(get.getName());
  });

  // In the order in which the forward program first uses them.
  llvm::MapVector<StringRef, SmallVector<GetParameterOp>> reads;
  SmallVector<StringRef> names;
  for (Operation &op : main.getBody().front())
    for (Value operand : op.getOperands())
      if (auto get = operand.getDefiningOp<GetParameterOp>()) {
        auto type = cast<RankedTensorType>(get.getType());
        if (!isa<FloatType>(type.getElementType()) || !type.hasStaticShape() ||
            type.getNumElements() == 0)
          continue;
        auto [it, isNew] = reads.try_emplace(get.getName());
        if (isNew)
          names.push_back(get.getName());
        if (!llvm::is_contained(it->second, get))
          it->second.push_back(get);
      }

  OpBuilder builder(module.getContext());
  builder.setInsertionPointAfter(main);
  auto init =
      func::FuncOp::create(builder, main.getLoc(), initName, builder.getFunctionType({}, {}));
  init.setPrivate();
  builder.setInsertionPointToStart(init.addEntryBlock());
  SmallVector<Value> values;
  for (auto &[name, gets] : reads) {
    bool isFrozen = frozen.match(name), isChosen = chosen.match(name);
    if ((isFrozen || (!chosen.globs.empty() && !isChosen)) && !statistics.contains(name))
      continue;
    GetParameterOp first = gets.front();
    values.push_back(
        GetParameterOp::create(builder, first.getLoc(), first.getType(), first.getNameAttr()));
    unsigned index = main.getNumArguments();
    NamedAttribute marks[] = {
        builder.getNamedAttr(MloptDialect::getNameAttrName(), builder.getStringAttr(name)),
        builder.getNamedAttr(parameterAttrName, builder.getStringAttr(name))};
    if (failed(main.insertArgument(index, first.getType(), builder.getDictionaryAttr(marks),
                                   first.getLoc())))
      return failure();
    for (GetParameterOp get : gets)
      get.getResult().replaceAllUsesWith(main.getArgument(index));
  }
  func::ReturnOp::create(builder, main.getLoc(), values);
  init.setFunctionType(builder.getFunctionType({}, ValueRange(values).getTypes()));
  if (failed(frozen.checkMatched(main, names)) || failed(chosen.checkMatched(main, names)))
    return failure();
  for (auto &[name, gets] : reads)
    for (GetParameterOp get : gets)
      if (get->use_empty())
        get->erase();
  return success();
}

namespace {
struct OpenParameters : mlopt::impl::OpenParametersPassBase<OpenParameters> {
  using OpenParametersPassBase::OpenParametersPassBase;
  void runOnOperation() override {
    if (failed(openParameters(getOperation(), freeze, trainOnly)))
      signalPassFailure();
  }
};
} // namespace
