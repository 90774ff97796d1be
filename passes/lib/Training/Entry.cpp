//===- Entry.cpp - An entry function that is being written ----------------===//
#include "Entry.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;

namespace mlopt::training {

Entry::Entry(ModuleOp module, Location loc, StringRef name)
    : builder(module.getContext()), loc(loc) {
  builder.setInsertionPointToEnd(module.getBody());
  function = func::FuncOp::create(builder, loc, name, builder.getFunctionType({}, {}));
  builder.setInsertionPointToStart(function.addEntryBlock());
}

Value Entry::addArgument(StringRef name, RankedTensorType type, Attribute dims) {
  SmallVector<NamedAttribute> attrs = {
      builder.getNamedAttr(MloptDialect::getNameAttrName(), builder.getStringAttr(name))};
  if (!dims && type.hasStaticShape()) {
    SmallVector<Attribute> sizes;
    for (int64_t size : type.getShape())
      sizes.push_back(builder.getI64IntegerAttr(size));
    dims = builder.getArrayAttr(sizes);
  }
  if (dims)
    attrs.push_back(builder.getNamedAttr(MloptDialect::getDimsAttrName(), dims));
  unsigned index = function.getNumArguments();
  (void)function.insertArgument(index, type, builder.getDictionaryAttr(attrs), loc);
  return function.getArgument(index);
}

ComposeBuilder &Entry::body() {
  if (!compose) {
    shapes.emplace(function);
    compose.emplace(builder, loc, *shapes);
  }
  return *compose;
}

void Entry::addResult(StringRef name, Value value, Value storage) {
  results.push_back({name.str(), value, storage});
}

LogicalResult Entry::finish() {
  SmallVector<Value> values;
  for (const Result &result : results) {
    if (!result.value || !body().getError().empty())
      return function.emitError("MLO2404: the result '")
             << result.name << "' of @" << function.getName()
             << " cannot be made: " << body().getError();
    values.push_back(result.value);
  }
  func::ReturnOp::create(builder, loc, values);
  function.setFunctionType(
      builder.getFunctionType(function.getArgumentTypes(), ValueRange(values).getTypes()));
  for (auto [i, result] : llvm::enumerate(results)) {
    function.setResultAttr(i, MloptDialect::getNameAttrName(), builder.getStringAttr(result.name));
    if (auto argument = dyn_cast_if_present<BlockArgument>(result.storage))
      function.setResultAttr(i, "mlopt.donated",
                             builder.getI64IntegerAttr(argument.getArgNumber()));
  }
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(function.getBody().front())))
    if (isOpTriviallyDead(&op))
      op.erase();
  return success();
}

} // namespace mlopt::training
