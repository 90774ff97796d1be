//===- Objective.cpp - What training makes small --------------------------===//
#include "Objective.h"
#include "mlopt/IR/Compose/Loss.h"

using namespace mlir;

namespace mlopt::training {

static FailureOr<unsigned> findOutput(func::FuncOp main, StringRef name) {
  if (name.empty() && main.getNumResults() > 0)
    return 0u;
  std::string known;
  for (unsigned i = 0; i < main.getNumResults(); ++i) {
    auto attr = main.getResultAttrOfType<StringAttr>(i, MloptDialect::getNameAttrName());
    if (!attr)
      continue;
    if (attr.getValue() == name)
      return i;
    known += (known.empty() ? "'" : ", '") + attr.str() + "'";
  }
  return main.emitError("MLO2403: the model has no output '")
         << name << "' for the loss; its outputs are " << (known.empty() ? "unnamed" : known);
}

/// What `mlopt.dims` can say of a size: a number or a symbol of its own; none for a formula.
static Attribute nameOf(SymExpr size, ShapeAnalysis &shapes, Builder &builder) {
  if (std::optional<int64_t> value = size.getConstant())
    return builder.getI64IntegerAttr(*value);
  if (size.getKind() == SymExpr::Kind::Symbol) {
    std::optional<SymbolSource> source = shapes.getSymbol(size.getSymbolName());
    if (source && source->axis >= 0 && isa<BlockArgument>(source->argument))
      return builder.getStringAttr(size.getSymbolName());
  }
  return nullptr;
}

FailureOr<Objective> resolveObjective(func::FuncOp main, const Settings &settings,
                                      ShapeAnalysis &shapes) {
  Objective o;
  bool isOutput = settings.loss == LossKind::output;
  FailureOr<unsigned> index =
      findOutput(main, isOutput ? settings.lossOutput : settings.given.prediction);
  if (failed(index))
    return failure();
  o.output = *index;
  auto attr = main.getResultAttrOfType<StringAttr>(o.output, MloptDialect::getNameAttrName());
  o.outputName = attr ? attr.str() : std::to_string(o.output);
  Value value = main.getBody().front().getTerminator()->getOperand(o.output);
  auto type = cast<RankedTensorType>(value.getType());
  SymShape shape = shapes.shapeOf(value);
  Location at = value.getLoc();
  auto refuse = [&](const Twine &expected) {
    return emitError(at) << "MLO2404: --loss=" << settings.given.loss << " cannot take the output '"
                         << o.outputName << "' of type " << type << ", expected " << expected;
  };
  if (!isa<FloatType>(type.getElementType()))
    return refuse("floating point; name another output");
  if (isOutput) {
    if (llvm::all_of(shape, [](SymExpr s) { return s.isConstant(1); }))
      return o;
    return refuse("one element; name a scalar output, or a loss");
  }
  Builder builder(main.getContext());
  Type element = builder.getF32Type();
  o.targetShape = shape;
  if (settings.loss == LossKind::crossEntropy) {
    if (shape.size() < 2)
      return refuse("rank 2 or more: [samples, classes, ...]");
    int64_t axis = settings.given.classAxis, rank = shape.size();
    if (axis < -rank || axis >= rank || axis == 0 || axis == -rank)
      return refuse("a rank for which --class-axis=" + Twine(axis) + " is an axis after the first");
    o.classAxis = axis < 0 ? axis + rank : axis;
    o.targetShape.erase(o.targetShape.begin() + o.classAxis);
    element = builder.getI64Type();
  }
  StringRef name = settings.given.target;
  for (unsigned i = 0; i < main.getNumArguments(); ++i)
    if (auto other = main.getArgAttrOfType<StringAttr>(i, MloptDialect::getNameAttrName());
        other && other.getValue() == name)
      return main.emitError("MLO2403: the model has an input or parameter '")
             << name << "' already; give the target another name with --target=NAME";
  if (name.starts_with("mlopt."))
    return main.emitError("MLO2403: --target=")
           << name << " begins with 'mlopt.', which is kept for mlopt";
  SmallVector<Attribute> dims;
  SmallVector<int64_t> sizes;
  for (auto [axis, size] : llvm::enumerate(o.targetShape)) {
    bool isKnown = true;
    size.forEachSymbol([&](StringRef symbol) { isKnown &= shapes.getSymbol(symbol).has_value(); });
    if (!isKnown)
      return refuse("sizes that follow from the inputs' (axis " + Twine(axis) + " does not)");
    Attribute dim = nameOf(size, shapes, builder);
    // A formula is checked when the target is brought to its shape.
    dims.push_back(dim ? dim : Attribute(builder.getStringAttr(name + "." + Twine(axis))));
    sizes.push_back(size.getConstant().value_or(ShapedType::kDynamic));
  }
  o.targetType = RankedTensorType::get(sizes, element);
  o.targetDims = builder.getArrayAttr(dims);
  return o;
}

std::pair<Value, Value> arrangeClasses(ComposeBuilder &b, const Objective &objective, Value output,
                                       Value target) {
  if (!output || !target)
    return {};
  target = b.reshape(target, objective.targetShape);
  if (objective.classAxis == 1)
    return {output, target};
  auto join = [&](ArrayRef<SymExpr> shape) {
    SymShape joined = {numElements(b.getContext(), shape.take_front(objective.classAxis))};
    joined.append(shape.begin() + objective.classAxis, shape.end());
    return joined;
  };
  return {b.reshape(output, join(b.shapeOf(output))), b.reshape(target, join(objective.targetShape))};
}

Value buildLoss(ComposeBuilder &b, const Settings &settings, const Objective &objective,
                Value output, Value target) {
  if (target) {
    bool hasFormula =
        llvm::any_of(llvm::zip_equal(b.shapeOf(target), objective.targetShape),
                     [](auto pair) { return std::get<0>(pair) != std::get<1>(pair); });
    if (hasFormula)
      target = b.reshape(target, objective.targetShape);
  }
  const TrainingOptions &o = settings.given;
  switch (settings.loss) {
  case LossKind::crossEntropy: {
    auto [logits, labels] = arrangeClasses(b, objective, output, target);
    return compose::crossEntropy(b, logits, labels, o.ignoreIndex, o.labelSmoothing);
  }
  case LossKind::bceWithLogits:
    return compose::bceWithLogits(b, output, target);
  case LossKind::mse:
    return compose::mse(b, output, target);
  case LossKind::l1:
    return compose::l1(b, output, target);
  case LossKind::huber:
    return compose::huber(b, output, target, o.huberDelta);
  case LossKind::output:
    return b.cast(b.reshape(output, {}), b.getBuilder().getF32Type());
  }
  llvm_unreachable("loss kind");
}

} // namespace mlopt::training
