//===- BuildTraining.cpp - The functions that train a model ---------------===//
//
// train_step is built by the same two builders as step_grad and step_update, one
// after the other in one function: that is why it gives their bits.
//
//===----------------------------------------------------------------------===//
#include "CloneModel.h"
#include "Entry.h"
#include "Objective.h"
#include "OpenParameters.h"
#include "Optimizer.h"
#include "Region.h"
#include "mlopt/IR/Compose/Loss.h"
#include "mlopt/IR/Compose/Random.h"
#include <cmath>

namespace mlopt {
#define GEN_PASS_DEF_BUILDTRAININGPASS
#include "mlopt/Passes/Training/Passes.h.inc"
} // namespace mlopt

using namespace mlir;
using namespace mlopt;
using namespace mlopt::training;

namespace {

class TrainingBuilder {
public:
  TrainingBuilder(ModuleOp module, func::FuncOp main, func::FuncOp values, const Settings &settings)
      : module(module), main(main), values(values), settings(settings),
        context(module.getContext()), shapes(main) {}

  LogicalResult run() {
    FailureOr<Objective> found = resolveObjective(main, settings, shapes);
    if (failed(found))
      return failure();
    objective = *found;
    if (failed(chooseParameters()))
      return failure();
    values.setName("mlopt.opened");
    if (failed(buildInit()) || failed(buildStep(/*gradient=*/true, /*update=*/true)) ||
        failed(buildStep(/*gradient=*/true, /*update=*/false)) ||
        failed(buildStep(/*gradient=*/false, /*update=*/true)) || failed(buildEval()))
      return failure();
    describe();
    main.erase();
    values.erase();
    return success();
  }

private:
  //===--------------------------------------------------------------------===//
  // What is trained
  //===--------------------------------------------------------------------===//

  StringAttr parameterOf(unsigned argument) {
    return main.getArgAttrOfType<StringAttr>(argument, parameterAttrName);
  }

  /// The node that reads an argument first, for errors.
  Location firstUse(BlockArgument argument) {
    Operation *first = nullptr;
    for (Operation *user : argument.getUsers())
      if (!first || user->isBeforeInBlock(first))
        first = user;
    return first ? first->getLoc() : argument.getLoc();
  }

  /// Whether two batch normalizations have the same parameters: trained, frozen or constant.
  static bool isSameLayer(BatchNormOp a, BatchNormOp b) {
    return llvm::all_of(llvm::seq(1u, 5u), [&](unsigned i) {
      Value x = a->getOperand(i), y = b->getOperand(i);
      Operation *left = x.getDefiningOp(), *right = y.getDefiningOp();
      return x == y || (left && right && left->getNumOperands() == 0 &&
                        OperationEquivalence::isEquivalentTo(
                            left, right, OperationEquivalence::IgnoreLocations));
    });
  }

  LogicalResult chooseParameters() {
    Block &body = main.getBody().front();
    Value output = body.getTerminator()->getOperand(objective.output);
    llvm::DenseSet<Operation *> forLoss = getBackwardSlice({output});
    llvm::DenseSet<Value> statistics;
    main.walk([&](BatchNormOp norm) {
      for (Value v : {norm.getMean(), norm.getVariance()})
        statistics.insert(v);
      auto isParameter = [&](Value v) {
        auto argument = dyn_cast<BlockArgument>(v);
        return argument && parameterOf(argument.getArgNumber()) &&
               getElementTypeOrSelf(v.getType()).isF32();
      };
      if (!settings.trainsBatchNorm() || !forLoss.contains(norm) || !isParameter(norm.getMean()) ||
          !isParameter(norm.getVariance()) || norm.getMean() == norm.getVariance())
        return;
      for (Value v : {norm.getMean(), norm.getVariance()})
        if (!llvm::is_contained(bufferArguments, v))
          bufferArguments.push_back(v);
    });
    // Exporters that merge initializers of equal values make one of a running mean and a bias, or
    // of the running means of two layers. A layer that is applied twice has all in common.
    for (Value v : bufferArguments) {
      BatchNormOp first;
      for (OpOperand &use : v.getUses()) {
        auto norm = dyn_cast<BatchNormOp>(use.getOwner());
        if (norm && use.getOperandNumber() >= 3) { // input, scale, bias, mean, variance
          if (first && !isSameLayer(first, norm))
            return norm.emitError("MLO2405: the parameter '")
                   << parameterOf(cast<BlockArgument>(v).getArgNumber()).getValue()
                   << "' holds the running statistics of two batch normalizations with different "
                      "parameters, which training tells apart; export the model without merging "
                      "equal initializers, or use --batch-norm=frozen";
          first = norm;
          continue;
        }
        return use.getOwner()->emitError("MLO2405: the parameter '")
               << parameterOf(cast<BlockArgument>(v).getArgNumber()).getValue()
               << "' is read here and holds the running statistics of a batch normalization, which "
                  "training "
                  "changes; export the model without merging equal initializers, or use "
                  "--batch-norm=frozen";
      }
    }
    for (Operation *op : forLoss)
      if (auto dropout = dyn_cast<DropoutOp>(op))
        isRandom |= dropout.getRatio().convertToDouble() > 0;

    llvm::DenseSet<Value> reached = findDifferentiable(output, statistics);
    for (BlockArgument argument : main.getArguments()) {
      StringAttr name = parameterOf(argument.getArgNumber());
      if (!name)
        continue;
      hasOpened = true;
      auto type = cast<RankedTensorType>(argument.getType());
      if (llvm::is_contained(bufferArguments, argument))
        continue;
      if (!reached.contains(argument))
        continue;
      if (!type.getElementType().isF32())
        return emitError(firstUse(argument))
               << "MLO2405: the parameter '" << name.getValue() << "' of type " << type
               << " cannot be trained, expected f32; keep it as it is with --freeze="
               << name.getValue() << ", or convert the model to f32";
      parameterArguments.push_back(argument);
      parameters.add(name, type);
    }
    for (Value v : bufferArguments) {
      auto argument = cast<BlockArgument>(v);
      buffers.add(parameterOf(argument.getArgNumber()), cast<RankedTensorType>(v.getType()));
    }
    if (!parameters.empty())
      return success();
    if (!hasOpened)
      return main.emitError(
          "MLO2401: the model has no parameter to train: no floating-point initializer "
          "of rank 1 or more that is read and not frozen; export it with its weights as "
          "initializers, or loosen --freeze and --train-only");
    return emitError(output.getLoc())
           << "MLO2402: the loss, made of the output '" << objective.outputName
           << "', depends on no parameter that may be trained; name another output, or loosen "
              "--freeze "
              "and --train-only";
  }

  //===--------------------------------------------------------------------===//
  // Arguments
  //===--------------------------------------------------------------------===//

  RankedTensorType scalarType(Type element) { return RankedTensorType::get({}, element); }
  Type f32() { return Float32Type::get(context); }
  Type i64() { return IntegerType::get(context, 64); }
  RankedTensorType regionType() { return parameters.getType(context); }

  /// Arguments of one function; null where there is none.
  struct Arguments {
    Value parameters, buffers, gradients, target, step, learningRate, clipNorm, seed;
    SmallVector<Value> state;
    /// By number of @main's argument.
    llvm::DenseMap<unsigned, Value> inputs;
  };

  void addState(Entry &entry, Arguments &a) {
    for (StringRef slot : settings.getSlots())
      a.state.push_back(entry.addArgument(("mlopt.state." + slot).str(), regionType()));
  }

  void addData(Entry &entry, Arguments &a) {
    for (unsigned i = 0; i < main.getNumArguments(); ++i)
      if (!parameterOf(i))
        a.inputs[i] =
            entry.addArgument(inputName(i), cast<RankedTensorType>(main.getArgumentTypes()[i]),
                              main.getArgAttr(i, MloptDialect::getDimsAttrName()));
    if (objective.targetType)
      a.target =
          entry.addArgument(settings.given.target, objective.targetType, objective.targetDims);
  }

  std::string inputName(unsigned argument) {
    auto name = main.getArgAttrOfType<StringAttr>(argument, MloptDialect::getNameAttrName());
    return name ? name.str() : "input" + std::to_string(argument);
  }

  void addBuffers(Entry &entry, Arguments &a) {
    if (!buffers.empty())
      a.buffers = entry.addArgument("mlopt.buffers", buffers.getType(context));
  }

  //===--------------------------------------------------------------------===//
  // Parts of functions
  //===--------------------------------------------------------------------===//

  /// The model's values for a function with these arguments; `trained` gets the parameters'.
  ModelCopy mapModel(ComposeBuilder &b, const Arguments &a, SmallVectorImpl<Value> &trained) {
    ModelCopy copy;
    for (BlockArgument argument : main.getArguments()) {
      unsigned i = argument.getArgNumber();
      if (StringAttr name = parameterOf(i)) {
        // Those that are neither trained nor running statistics: as they are in the model.
        if (!llvm::is_contained(parameterArguments, argument) &&
            !llvm::is_contained(bufferArguments, argument))
          copy.map.map(argument,
                       GetParameterOp::create(b.getBuilder(), argument.getLoc(), argument.getType(),
                                              FlatSymbolRefAttr::get(name))
                           .getResult());
      } else {
        copy.map.map(argument, a.inputs.lookup(i));
      }
    }
    for (auto [i, argument] : llvm::enumerate(parameterArguments)) {
      trained.push_back(parameters.read(b, a.parameters, i));
      copy.map.map(argument, trained.back());
    }
    for (auto [i, argument] : llvm::enumerate(bufferArguments)) {
      copy.running[argument] = buffers.read(b, a.buffers, i);
      copy.map.map(argument, copy.running[argument]);
    }
    return copy;
  }

  struct Gradients {
    Value flat, buffers, loss;
  };

  FailureOr<Gradients> buildGradients(ComposeBuilder &b, const Arguments &a) {
    SmallVector<Value> trained;
    ModelCopy copy = mapModel(b, a, trained);
    copy.isTraining = true;
    if (isRandom)
      copy.randomKey = compose::randomKey(b, a.seed, a.step);
    FailureOr<SmallVector<Value>> output = cloneModel(b, main, {objective.output}, copy);
    if (failed(output))
      return failure();
    Gradients g;
    g.loss = buildLoss(b, settings, objective, output->front(), a.target);
    if (!g.loss)
      return main.emitError("MLO2404: the loss cannot be made: ") << b.getError();
    auto gradient = GradientOp::create(b.getBuilder(), b.getLoc(), ValueRange(trained).getTypes(),
                                       g.loss, trained);
    g.flat = parameters.flatten(b, SmallVector<Value>(gradient.getResults()));
    if (a.buffers) {
      SmallVector<Value> running;
      for (Value argument : bufferArguments)
        running.push_back(copy.running.lookup(argument));
      g.buffers = buffers.flatten(b, running);
    }
    return g;
  }

  //===--------------------------------------------------------------------===//
  // Functions
  //===--------------------------------------------------------------------===//

  /// train_step, step_grad or step_update.
  LogicalResult buildStep(bool gradient, bool update) {
    Entry entry(module, main.getLoc(),
                gradient ? update ? "train_step" : "step_grad" : "step_update");
    Arguments a;
    a.parameters = entry.addArgument("mlopt.parameters", regionType());
    if (gradient)
      addBuffers(entry, a);
    if (update)
      addState(entry, a);
    if (gradient)
      addData(entry, a);
    else
      a.gradients = entry.addArgument("mlopt.gradients", regionType());
    a.step = entry.addArgument("mlopt.step", scalarType(i64()));
    if (update && !settings.learningRate)
      a.learningRate = entry.addArgument("mlopt.lr", scalarType(f32()));
    if (update && settings.clips && !settings.clipNorm)
      a.clipNorm = entry.addArgument("mlopt.clip_norm", scalarType(f32()));
    if (gradient && isRandom)
      a.seed = entry.addArgument("mlopt.seed", scalarType(i64()));

    ComposeBuilder &b = entry.body();
    Gradients g;
    if (gradient) {
      FailureOr<Gradients> built = buildGradients(b, a);
      if (failed(built))
        return failure();
      g = *built;
    }
    Updated updated;
    if (update)
      updated = buildUpdate(b, settings,
                            {a.parameters, gradient ? g.flat : a.gradients, a.state, a.step,
                             a.learningRate, a.clipNorm});
    if (update)
      entry.addResult("mlopt.parameters", updated.parameters, a.parameters);
    else
      entry.addResult("mlopt.gradients", g.flat);
    if (a.buffers)
      entry.addResult("mlopt.buffers", g.buffers, a.buffers);
    for (auto [i, slot] :
         llvm::enumerate(updated.state.empty() ? SmallVector<StringRef>{} : settings.getSlots()))
      entry.addResult(("mlopt.state." + slot).str(), updated.state[i], a.state[i]);
    if (gradient)
      entry.addResult("mlopt.loss", g.loss);
    if (update && settings.clips)
      entry.addResult("mlopt.grad_norm", updated.gradNorm);
    return entry.finish();
  }

  LogicalResult buildEval() {
    Entry entry(module, main.getLoc(), "eval");
    Arguments a;
    a.parameters = entry.addArgument("mlopt.parameters", regionType());
    addBuffers(entry, a);
    addData(entry, a);
    ComposeBuilder &b = entry.body();
    SmallVector<Value> trained;
    ModelCopy copy = mapModel(b, a, trained);
    SmallVector<unsigned> all = llvm::to_vector(llvm::seq<unsigned>(0, main.getNumResults()));
    FailureOr<SmallVector<Value>> outputs = cloneModel(b, main, all, copy);
    if (failed(outputs))
      return failure();
    Value output = (*outputs)[objective.output];
    entry.addResult("mlopt.loss", buildLoss(b, settings, objective, output, a.target));
    if (settings.loss == LossKind::crossEntropy) {
      auto [logits, labels] = arrangeClasses(b, objective, output, a.target);
      auto [correct, count] =
          compose::countCorrect(b, logits, labels, settings.given.ignoreIndex);
      entry.addResult("mlopt.correct", correct);
      entry.addResult("mlopt.count", count);
    }
    for (auto [i, value] : llvm::enumerate(*outputs)) {
      auto name = main.getResultAttrOfType<StringAttr>(i, MloptDialect::getNameAttrName());
      entry.addResult(name ? name.str() : "output" + std::to_string(i), value);
    }
    return entry.finish();
  }

  /// Elements of a parameter that one result of its layer is a sum over.
  static int64_t fanIn(BlockArgument argument) {
    auto type = cast<RankedTensorType>(argument.getType());
    int64_t rank = type.getRank();
    for (Operation *user : argument.getUsers())
      if (auto matmul = dyn_cast<MatmulOp>(user)) {
        bool isRight = matmul.getRhs() == argument;
        bool transposed = isRight ? matmul.getTransposeB() : matmul.getTransposeA();
        return type.getDimSize(isRight != transposed ? rank - 2 : rank - 1);
      }
    // Filters are [out, in, kernel...], linear layers [out, in].
    int64_t product = 1;
    for (int64_t size : type.getShape().drop_front())
      product *= size;
    return product;
  }

  LogicalResult buildInit() {
    bool draws =
        settings.given.init == "random" && llvm::any_of(parameterArguments, [](BlockArgument v) {
          return cast<RankedTensorType>(v.getType()).getRank() >= 2;
        });
    Entry entry(module, main.getLoc(), "init");
    Value seed = draws ? entry.addArgument("mlopt.seed", scalarType(i64())) : Value();
    ComposeBuilder &b = entry.body();
    // A step that training never reaches.
    Value key = draws ? compose::randomKey(b, seed, b.scalarInt(i64(), -1)) : Value();
    auto valueOf = [&](Value v) -> Value {
      auto argument = cast<BlockArgument>(v);
      StringAttr name = parameterOf(argument.getArgNumber());
      return GetParameterOp::create(b.getBuilder(), argument.getLoc(), argument.getType(),
                                    FlatSymbolRefAttr::get(name));
    };
    SmallVector<Value> initial, running;
    for (auto [i, argument] : llvm::enumerate(parameterArguments)) {
      auto type = cast<RankedTensorType>(argument.getType());
      if (draws && type.getRank() >= 2)
        initial.push_back(compose::uniform(b, b.sizesOf(type.getShape()),
                                           1 / std::sqrt(static_cast<double>(fanIn(argument))), key,
                                           i));
      else
        initial.push_back(valueOf(argument));
    }
    for (Value v : bufferArguments)
      running.push_back(valueOf(v));
    entry.addResult("mlopt.parameters", parameters.flatten(b, initial));
    if (!buffers.empty())
      entry.addResult("mlopt.buffers", buffers.flatten(b, running));
    for (StringRef slot : settings.getSlots()) {
      double start =
          settings.optimizer == OptimizerKind::adagrad ? settings.given.initialAccumulator : 0;
      entry.addResult(("mlopt.state." + slot).str(), parameters.filled(b, start));
    }
    return entry.finish();
  }

  //===--------------------------------------------------------------------===//
  // For the artefact
  //===--------------------------------------------------------------------===//

  void describe() {
    Builder builder(context);
    SmallVector<Attribute> tensors, inputs, targets, slots;
    SmallVector<int64_t> batch;
    auto describeRegion = [&](const FlatRegion &region) {
      for (const RegionTensor &t : region.getTensors())
        tensors.push_back(builder.getDictionaryAttr(
            {builder.getNamedAttr("name", builder.getStringAttr(t.name)),
             builder.getNamedAttr("region", builder.getStringAttr(region.getName())),
             builder.getNamedAttr("offset", builder.getI64IntegerAttr(t.offset)),
             builder.getNamedAttr("shape", builder.getDenseI64ArrayAttr(t.type.getShape()))}));
    };
    describeRegion(parameters);
    describeRegion(buffers);
    // Samples lie along axis 0 of what has the same size there as the first input.
    std::optional<SymExpr> samples;
    auto addBatch = [&](ArrayRef<SymExpr> shape) {
      if (!samples && !shape.empty())
        samples = shape[0];
      batch.push_back(!shape.empty() && samples == shape[0] ? 0 : -1);
    };
    for (BlockArgument argument : main.getArguments())
      if (!parameterOf(argument.getArgNumber())) {
        inputs.push_back(builder.getStringAttr(inputName(argument.getArgNumber())));
        addBatch(shapes.shapeOf(argument));
      }
    if (objective.targetType) {
      targets.push_back(builder.getStringAttr(settings.given.target));
      addBatch(objective.targetShape);
    }
    for (StringRef slot : settings.getSlots())
      slots.push_back(builder.getStringAttr(slot));
    std::string loss = settings.given.loss;
    llvm::raw_string_ostream os(loss);
    if (settings.loss == LossKind::crossEntropy) {
      os << " ignore-index=" << settings.given.ignoreIndex;
      if (settings.given.classAxis != 1)
        os << " class-axis=" << settings.given.classAxis;
      if (settings.given.labelSmoothing != 0)
        os << " label-smoothing=" << llvm::format("%.9g", double(settings.given.labelSmoothing));
    } else if (settings.loss == LossKind::huber) {
      os << " huber-delta=" << llvm::format("%.9g", double(settings.given.huberDelta));
    }
    module->setAttr("mlopt.training",
                    builder.getDictionaryAttr(
                        {builder.getNamedAttr("loss", builder.getStringAttr(loss)),
                         builder.getNamedAttr(
                             "optimizer", builder.getStringAttr(describeOptimizer(settings.given))),
                         builder.getNamedAttr("slots", builder.getArrayAttr(slots)),
                         builder.getNamedAttr("inputs", builder.getArrayAttr(inputs)),
                         builder.getNamedAttr("targets", builder.getArrayAttr(targets)),
                         builder.getNamedAttr("batch", builder.getDenseI64ArrayAttr(batch)),
                         builder.getNamedAttr("tensors", builder.getArrayAttr(tensors))}));
  }

  ModuleOp module;
  func::FuncOp main, values;
  const Settings &settings;
  MLIRContext *context;
  ShapeAnalysis shapes;
  Objective objective;
  FlatRegion parameters{"parameters"}, buffers{"buffers"};
  /// Arguments of @main, in the order of their regions.
  SmallVector<BlockArgument> parameterArguments;
  SmallVector<Value> bufferArguments;
  bool isRandom = false, hasOpened = false;
};

struct BuildTraining : mlopt::impl::BuildTrainingPassBase<BuildTraining> {
  using BuildTrainingPassBase::BuildTrainingPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    std::string why;
    std::optional<Settings> settings = resolve(getOptions(), why);
    if (!settings) {
      module.emitError("MLO2407: ") << why;
      return signalPassFailure();
    }
    func::FuncOp main = findMain(module);
    if (!main || (!isOpened(main) && failed(openParameters(module, settings->given.freeze,
                                                           settings->given.trainOnly))))
      return signalPassFailure();
    auto values = module.lookupSymbol<func::FuncOp>(initName);
    if (failed(TrainingBuilder(module, main, values, *settings).run()))
      signalPassFailure();
  }

private:
  TrainingOptions getOptions() {
    TrainingOptions o;
    o.loss = loss;
    o.prediction = prediction;
    o.target = target;
    o.ignoreIndex = ignoreIndex;
    o.classAxis = classAxis;
    o.labelSmoothing = labelSmoothing;
    o.huberDelta = huberDelta;
    o.optimizer = optimizer;
    o.learningRate = learningRate;
    o.momentum = momentum;
    o.nesterov = nesterov;
    o.weightDecay = weightDecay;
    o.beta1 = beta1;
    o.beta2 = beta2;
    o.epsilon = epsilon;
    o.lrDecay = lrDecay;
    o.initialAccumulator = initialAccumulator;
    o.schedule = schedule;
    o.warmupSteps = warmupSteps;
    o.totalSteps = totalSteps;
    o.stepSize = stepSize;
    o.gamma = gamma;
    o.clipNorm = clipNorm;
    o.init = init;
    o.batchNorm = batchNorm;
    o.freeze.assign(freeze.begin(), freeze.end());
    o.trainOnly.assign(trainOnly.begin(), trainOnly.end());
    return o;
  }
};

} // namespace
