//===- CheckGradients.cpp - Gradients against differences ---------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For tests of gradient rules. Each `mlopt.gradient` of each function is computed twice in the
// reference evaluator's exact mode (f64): by what `mlopt-differentiate` makes of it, and by
// differences of the sum of y's elements at each element of each x. One line a function and choice
// of sizes:
//   gradient ok: NAME n=3 m=4: 24 derivatives, largest 1.2, error 3e-11
//
// Inputs are random: floats in [-1, 1], integers in [0, 1], or as the argument attribute
// `mlopt.range = [low, high]` says (both ends included; an end may be a string, an expression in
// sizes). The symbols of `mlopt.dims` take each of the option `sizes` in turn, one more for each
// further symbol from 2 on, so that no two axes are alike; or the function's attribute
// `mlopt.sizes = [array<i64: 3, 1>, ...]` lists choices, each with the symbols' sizes in order. A
// function none of whose derivatives is other than 0 fails: it would check nothing.
//
//===----------------------------------------------------------------------===//
#include "CheckGradients.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "mlopt/IR/Mlopt.h"
#include "mlopt/IR/ShapeAnalysis.h"
#include "mlopt/Passes/Autodiff/Autodiff.h"
#include "mlopt/Reference/Evaluator.h"
#include "llvm/Support/Format.h"

#include <cmath>
#include <random>

using namespace mlir;
using namespace mlopt;

namespace {

using Tensors = SmallVector<HostTensor>;

/// A function of a module of its own, with what it calls and reads.
struct Program {
  OwningOpRef<ModuleOp> module;
  func::FuncOp function;

  FailureOr<Tensors> run(ArrayRef<HostTensor> inputs) {
    return Evaluator(EvaluationMode::Exact).evaluate(function, inputs);
  }
};

/// A copy of `function`'s module in which the function ends before or after its gradient number
/// `index`. `finish` gives what it returns.
Program cutAt(func::FuncOp function, unsigned index, bool keepGradient,
              llvm::function_ref<SmallVector<Value>(func::FuncOp, GradientOp)> finish) {
  Program program;
  program.module = cast<ModuleOp>(function->getParentOp()->clone());
  program.function = program.module->lookupSymbol<func::FuncOp>(function.getName());
  for (auto other : llvm::make_early_inc_range(program.module->getOps<func::FuncOp>()))
    if (other != program.function &&
        other.walk([](GradientOp) { return WalkResult::interrupt(); }).wasInterrupted())
      other.erase();
  Block &body = program.function.getBody().front();
  auto gradients = body.getOps<GradientOp>();
  GradientOp gradient = *std::next(gradients.begin(), index);
  SmallVector<Value> results = finish(program.function, gradient);
  while (&body.back() != gradient)
    body.back().erase();
  if (!keepGradient)
    gradient.erase();
  OpBuilder builder = OpBuilder::atBlockEnd(&body);
  func::ReturnOp::create(builder, function.getLoc(), results);
  program.function.setFunctionType(
      builder.getFunctionType(body.getArgumentTypes(), ValueRange(results).getTypes()));
  program.function.removeResAttrsAttr();
  return program;
}

/// Makes each variable of the gradient an argument of its own, with its sizes.
void makeArguments(func::FuncOp function, GradientOp gradient) {
  Builder builder(function.getContext());
  ShapeAnalysis shapes(function);
  SmallVector<DictionaryAttr> attributes;
  function.getAllArgAttrs(attributes);
  for (Value x : gradient.getXs()) {
    SmallVector<Attribute> dims;
    for (SymExpr size : shapes.shapeOf(x)) {
      std::optional<int64_t> known = size.getConstant();
      dims.push_back(known ? Attribute(builder.getI64IntegerAttr(*known)) : size.getAttr());
    }
    attributes.push_back(builder.getDictionaryAttr(
        builder.getNamedAttr(MloptDialect::getDimsAttrName(), builder.getArrayAttr(dims))));
  }
  Block &body = function.getBody().front();
  for (Value x : llvm::to_vector(gradient.getXs())) {
    Value variable = body.addArgument(x.getType(), x.getLoc());
    x.replaceAllUsesWith(variable);
  }
  function.setFunctionType(
      builder.getFunctionType(body.getArgumentTypes(), function.getResultTypes()));
  function.setAllArgAttrs(attributes);
}

struct CheckGradients : PassWrapper<CheckGradients, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(CheckGradients)
  CheckGradients() = default;
  CheckGradients(const CheckGradients &other) : PassWrapper(other) {}

  StringRef getArgument() const override { return "mlopt-check-gradients"; }
  StringRef getDescription() const override {
    return "compare each mlopt.gradient with differences in the reference evaluator";
  }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<MloptDialect, arith::ArithDialect, func::FuncDialect>();
  }

  Option<unsigned> seed{*this, "seed", llvm::cl::desc("of the random inputs"), llvm::cl::init(1)};
  Option<double> tolerance{
      *this, "tolerance",
      llvm::cl::desc("largest error of a derivative, relative to the largest of its tensor"),
      llvm::cl::init(1e-6)};
  Option<double> step{*this, "eps", llvm::cl::desc("step of the differences"),
                      llvm::cl::init(1e-4)};
  ListOption<int64_t> sizes{*this, "sizes",
                            llvm::cl::desc("of symbolic dimensions, in turn (default 3, 1, 0)")};
  Option<double> scale{*this, "scale",
                       llvm::cl::desc("factor on the derivatives that are compared: other than 1 "
                                      "for tests of this pass"),
                       llvm::cl::init(1), llvm::cl::Hidden};

  void runOnOperation() override {
    bool ok = true;
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (function.isExternal() || function.getBody().front().getOps<GradientOp>().empty())
        continue;
      ok &= checkFunction(function);
    }
    if (!ok)
      signalPassFailure();
  }

  bool checkFunction(func::FuncOp function);
  bool checkSizes(func::FuncOp function, MutableArrayRef<std::pair<Program, Program>> programs,
                  ArrayRef<int64_t> choice, double &largest);
  std::optional<Tensors> makeInputs(func::FuncOp function, ShapeAnalysis &shapes,
                                    const llvm::StringMap<int64_t> &symbols);
};

bool CheckGradients::checkFunction(func::FuncOp function) {
  // Per gradient: the derivatives and the variables' values; y as a function of the variables.
  SmallVector<std::pair<Program, Program>> programs;
  unsigned count = llvm::range_size(function.getBody().front().getOps<GradientOp>());
  for (unsigned i = 0; i < count; ++i) {
    Program derivatives =
        cutAt(function, i, /*keepGradient=*/true, [](func::FuncOp, GradientOp gradient) {
          SmallVector<Value> results(gradient.getResults());
          llvm::append_range(results, gradient.getXs());
          return results;
        });
    Program value =
        cutAt(function, i, /*keepGradient=*/false, [](func::FuncOp f, GradientOp gradient) {
          makeArguments(f, gradient);
          return SmallVector<Value>{gradient.getY()};
        });
    for (Program *program : {&derivatives, &value}) {
      PassManager passes(&getContext());
      passes.addPass(createDifferentiatePass());
      if (failed(passes.run(*program->module)))
        return false;
    }
    programs.emplace_back(std::move(derivatives), std::move(value));
  }
  double largest = 0;
  bool ok = true;
  size_t symbols = ShapeAnalysis(function).getSymbols().size();
  SmallVector<SmallVector<int64_t>> choices;
  if (auto given = function->getAttrOfType<ArrayAttr>("mlopt.sizes")) {
    for (auto choice : given.getAsRange<DenseI64ArrayAttr>())
      choices.emplace_back(choice.asArrayRef());
  } else if (symbols == 0) {
    choices.emplace_back();
  } else {
    SmallVector<int64_t> bases(sizes.begin(), sizes.end());
    if (bases.empty())
      bases = {3, 1, 0};
    for (int64_t base : bases) {
      choices.emplace_back();
      for (size_t i = 0; i < symbols; ++i)
        choices.back().push_back(base < 2 ? base : base + static_cast<int64_t>(i));
    }
  }
  for (ArrayRef<int64_t> choice : choices) {
    if (choice.size() != symbols) {
      function.emitError("expects 'mlopt.sizes' with one size for each of ")
          << symbols << " symbols";
      return false;
    }
    ok &= checkSizes(function, programs, choice, largest);
  }
  // What rounding makes of 0 is less than this.
  if (ok && largest < 1e-9 && !function->hasAttr("mlopt.zero_gradient")) {
    function.emitError("all derivatives are 0: the function checks nothing (give it the attribute "
                       "'mlopt.zero_gradient' if that is right)");
    return false;
  }
  return ok;
}

std::optional<Tensors> CheckGradients::makeInputs(func::FuncOp function, ShapeAnalysis &shapes,
                                                  const llvm::StringMap<int64_t> &symbols) {
  auto valueOf = [&](StringRef name) -> std::optional<int64_t> {
    auto it = symbols.find(name);
    return it == symbols.end() ? std::nullopt : std::optional<int64_t>(it->second);
  };
  std::mt19937_64 generator(seed);
  Tensors inputs;
  for (BlockArgument argument : function.getArguments()) {
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    if (!type) {
      function.emitError("expects tensors as arguments to check gradients, got ")
          << argument.getType();
      return std::nullopt;
    }
    SmallVector<int64_t> shape;
    for (SymExpr size : shapes.shapeOf(argument))
      shape.push_back(size.evaluate(valueOf).value_or(-1));
    bool isFloat = isa<FloatType>(type.getElementType());
    double low = isFloat ? -1 : 0, high = 1;
    if (auto range = function.getArgAttrOfType<ArrayAttr>(argument.getArgNumber(), "mlopt.range")) {
      auto end = [&](Attribute attr) -> double {
        if (auto number = dyn_cast<FloatAttr>(attr))
          return number.getValueAsDouble();
        if (auto number = dyn_cast<IntegerAttr>(attr))
          return static_cast<double>(number.getInt());
        std::optional<SymExpr> expr;
        if (auto text = dyn_cast<StringAttr>(attr))
          expr = SymExpr::parse(&getContext(), text.getValue());
        std::optional<int64_t> value = expr ? expr->evaluate(valueOf) : std::nullopt;
        return value ? static_cast<double>(*value) : NAN;
      };
      low = range.size() == 2 ? end(range[0]) : NAN;
      high = range.size() == 2 ? end(range[1]) : NAN;
    }
    if (std::isnan(low) || std::isnan(high) || llvm::is_contained(shape, -1)) {
      function.emitError("expects a size for each dimension and 'mlopt.range = [low, high]' with "
                         "numbers or expressions in sizes, of argument ")
          << argument.getArgNumber();
      return std::nullopt;
    }
    HostTensor tensor = HostTensor::zeros(type.getElementType(), shape);
    for (int64_t i = 0; i < tensor.getNumElements(); ++i) {
      // 53 random bits, the same with every library.
      double part = static_cast<double>(generator() >> 11) * 0x1p-53;
      if (isFloat)
        tensor.mutableDoubles()[i] = low + part * (high - low);
      else
        tensor.mutableIntegers()[i] =
            static_cast<int64_t>(low + std::floor(part * (high - low + 1)));
    }
    inputs.push_back(tensor);
  }
  return inputs;
}

/// A tensor with one element moved by `offset`.
HostTensor moved(const HostTensor &tensor, int64_t at, double offset) {
  HostTensor result = HostTensor::zeros(tensor.getElementType(), tensor.getShape());
  llvm::copy(tensor.toWide().words(), result.mutableWords().begin());
  result.mutableDoubles()[at] += offset;
  return result;
}

/// Compares at one choice of sizes; `largest` becomes the largest derivative seen.
bool CheckGradients::checkSizes(func::FuncOp function,
                                MutableArrayRef<std::pair<Program, Program>> programs,
                                ArrayRef<int64_t> choice, double &largest) {
  ShapeAnalysis shapes(function);
  llvm::StringMap<int64_t> symbols;
  std::string name = function.getName().str();
  for (auto [symbol, size] : llvm::zip_equal(shapes.getSymbols(), choice)) {
    symbols[symbol] = size;
    name += " " + symbol + "=" + std::to_string(size);
  }
  std::optional<Tensors> inputs = makeInputs(function, shapes, symbols);
  if (!inputs)
    return false;
  int64_t compared = 0;
  double worst = 0, here = 0;
  bool ok = true;
  for (auto [number, pair] : llvm::enumerate(programs)) {
    auto &[derivatives, value] = pair;
    FailureOr<Tensors> found = derivatives.run(*inputs);
    if (failed(found))
      return false;
    size_t count = found->size() / 2;
    Tensors point = *inputs;
    point.append(found->begin() + count, found->end());
    for (size_t x = 0; x < count; ++x) {
      const HostTensor &derivative = (*found)[x], at = point[inputs->size() + x];
      if (derivative.getShape() != at.getShape()) {
        function.emitError("gradient ") << number << " of '" << name << "' by variable " << x
                                        << " has another shape than the variable";
        return false;
      }
      SmallVector<double> expected;
      double scaleHere = 0;
      for (int64_t i = 0; i < at.getNumElements(); ++i) {
        // (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h, of order h^4
        double sum = 0;
        for (auto [offset, weight] :
             {std::pair<double, double>{1, 8}, {-1, -8}, {2, -1}, {-2, 1}}) {
          point[inputs->size() + x] = moved(at, i, offset * step);
          FailureOr<Tensors> y = value.run(point);
          if (failed(y))
            return false;
          double total = 0;
          for (double element : (*y)[0].toWide().doubles())
            total += element;
          sum += weight * total;
        }
        expected.push_back(sum / (12 * step));
        scaleHere = std::max(scaleHere, std::abs(expected.back()));
      }
      point[inputs->size() + x] = at;
      here = std::max(here, scaleHere);
      // Below this the differences hold no digits.
      scaleHere = std::max(scaleHere, 1e-4);
      for (int64_t i = 0; i < at.getNumElements(); ++i) {
        double got = derivative.getDouble(i) * scale;
        double error = std::abs(got - expected[i]) / scaleHere;
        ++compared;
        worst = std::max(worst, error);
        if (error <= tolerance)
          continue;
        auto diagnostic = function.emitError("gradient ")
                          << number << " of '" << name << "' by element " << i << " of variable "
                          << x << " is ";
        std::string text;
        llvm::raw_string_ostream(text)
            << llvm::format("%.9g, the difference quotient %.9g", got, expected[i]);
        diagnostic << text;
        ok = false;
        break; // one element a variable is enough to see
      }
    }
  }
  largest = std::max(largest, here);
  if (ok)
    llvm::outs() << "gradient ok: " << name << ": " << compared << " derivatives, largest "
                 << llvm::format("%.2g, error %.0e\n", here, worst);
  return ok;
}

} // namespace

void mlopt::registerCheckGradientsPass() { PassRegistration<CheckGradients>(); }
