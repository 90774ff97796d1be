//===- Passes.td - Passes that make training functions ------*- tablegen -*-===//
#ifndef MLOPT_PASSES_TRAINING_PASSES_TD
#define MLOPT_PASSES_TRAINING_PASSES_TD

include "mlir/Pass/PassBase.td"

class Mlopt_TrainingPass<string argument> : Pass<argument, "::mlir::ModuleOp"> {
  let dependentDialects = ["::mlopt::MloptDialect", "::mlir::arith::ArithDialect",
                           "::mlir::func::FuncDialect"];
}

def OpenParametersPass : Mlopt_TrainingPass<"mlopt-open-parameters"> {
  let summary = "make arguments of the parameters that training may change";
  let description = [{
    Each floating-point parameter of rank 1 or more that @main reads, and that is
    not frozen, becomes an argument with the attribute `mlopt.parameter`, in the
    order of first use: until `mlopt-build-training` nothing can take its value
    for a constant. Running statistics of batch normalizations always become
    arguments: patterns say nothing of them. The private function @init returns the parameters' values in
    the same order and keeps them alive.
  }];
  let options = [
    ListOption<"freeze", "freeze", "std::string", "patterns of parameters that stay as they are">,
    ListOption<"trainOnly", "train-only", "std::string",
               "patterns of the parameters that change; all others stay">];
}

def BuildTrainingPass : Mlopt_TrainingPass<"mlopt-build-training"> {
  let summary = "make the functions init, train_step, step_grad, step_update and eval of @main";
  let description = [{
    @main goes away. Parameters, running statistics, optimizer state and
    gradients are flat regions: 1-D tensors in which each parameter starts at a
    multiple of 16 elements, with zeros between. Where @main still reads its
    parameters itself, `mlopt-open-parameters` is applied first. The functions
    contain `mlopt.gradient` and `mlopt.batch_norm_training`.

    A batch normalization whose statistics are parameters takes the batch's in
    training, and keeps running = running * m + batch * (1 - m) with the
    attribute `mlopt.momentum` as m (default 0.9) and the unbiased variance.
    Dropout takes its mask from a counter-based generator (Compose/Random.h),
    from the stream that its attribute `mlopt.stream` names, or one that is free.

    Schedules multiply the learning rate, by the number s of the step counted
    from 0, W = warmup-steps, T = total-steps: (s + 1) / W while s < W, then
    constant 1, linear 1 - t, cosine (1 + cos(pi t)) / 2 with
    t = min(1, (s - W) / (T - W)), step gamma^floor((s - W) / step-size).
    Clipping multiplies all gradients by min(1, clip / (norm + 1e-6)), norm the
    Euclidean norm of all of them. Optimizers and losses: lib/Training/Optimizer.cpp
    and Compose/Loss.h.
  }];
  let options = [
    Option<"loss", "loss", "std::string", [{""}],
           "cross_entropy, bce_with_logits, mse, l1, huber or output:NAME, a scalar output">,
    Option<"prediction", "prediction", "std::string", [{""}],
           "name of the output that the loss compares with the target; empty: the first">,
    Option<"target", "target", "std::string", [{"target"}], "name of the target argument">,
    Option<"ignoreIndex", "ignore-index", "int64_t", "-100",
           "label that does not count (cross_entropy)">,
    Option<"classAxis", "class-axis", "int64_t", "1",
           "axis of the classes in the logits, negative from the end (cross_entropy)">,
    Option<"labelSmoothing", "label-smoothing", "double", "0.0", "in [0, 1] (cross_entropy)">,
    Option<"huberDelta", "huber-delta", "double", "1.0", "where huber becomes linear, > 0">,
    Option<"optimizer", "optimizer", "std::string", [{"sgd"}], "sgd, adam, adamw or adagrad">,
    Option<"learningRate", "lr", "std::string", [{""}],
           "learning rate, or `input`: an argument of each step; empty: the optimizer's default">,
    Option<"momentum", "momentum", "double", "0.0", "of sgd">,
    Option<"nesterov", "nesterov", "bool", "false", "of sgd, with momentum">,
    Option<"weightDecay", "weight-decay", "std::string", [{""}], "empty: the optimizer's default">,
    Option<"beta1", "beta1", "double", "0.9", "of adam and adamw">,
    Option<"beta2", "beta2", "double", "0.999", "of adam and adamw">,
    Option<"epsilon", "eps", "std::string", [{""}], "> 0; empty: the optimizer's default">,
    Option<"lrDecay", "lr-decay", "double", "0.0", "of adagrad">,
    Option<"initialAccumulator", "initial-accumulator", "double", "0.0", "of adagrad">,
    Option<"schedule", "schedule", "std::string", [{"constant"}],
           "constant, linear, cosine or step">,
    Option<"warmupSteps", "warmup-steps", "int64_t", "0", "steps of linear warm-up">,
    Option<"totalSteps", "total-steps", "int64_t", "0", "steps until linear and cosine reach 0">,
    Option<"stepSize", "step-size", "int64_t", "0",
           "steps between two changes of the schedule step">,
    Option<"gamma", "gamma", "double", "0.1", "factor of the schedule step">,
    Option<"clipNorm", "clip-norm", "std::string", [{""}],
           "largest norm of all gradients, or `input`: an argument of each step; empty: none">,
    Option<"init", "init", "std::string", [{"weights"}],
           "weights: the model's; random: uniform in +-1/sqrt(fan in) where the rank is 2 or more">,
    Option<"batchNorm", "batch-norm", "std::string", [{"train"}], "train or frozen">,
    ListOption<"freeze", "freeze", "std::string", "patterns of parameters that stay as they are">,
    ListOption<"trainOnly", "train-only", "std::string",
               "patterns of the parameters that change; all others stay">];
}

#endif // MLOPT_PASSES_TRAINING_PASSES_TD
