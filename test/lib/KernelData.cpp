//===- KernelData.cpp - Data and expected results of one kernel -----------===//
#include "KernelData.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlopt/IR/Layout.h"
#include "mlopt/Reference/Compare.h"
#include <cmath>
#include <cstring>
#include <functional>
#include <random>

using namespace mlir;
using namespace mlopt;
using namespace mlopt::test;

int64_t mlopt::test::product(ArrayRef<int64_t> shape) {
  int64_t n = 1;
  for (int64_t s : shape)
    n *= s;
  return n;
}

SizeMap mlopt::test::parseSizes(StringRef text) {
  SizeMap sizes;
  for (StringRef part : llvm::split(text, ',')) {
    auto [name, value] = part.split('=');
    int64_t v;
    if (!value.getAsInteger(10, v))
      sizes[name] = v;
  }
  return sizes;
}

namespace {

template <typename T> void fillRandom(char *data, int64_t n, std::function<T()> next) {
  for (int64_t i = 0; i < n; ++i) {
    T v = next();
    std::memcpy(data + i * sizeof(T), &v, sizeof(T));
  }
}

/// Random native elements: floats in [-1, 1), integers in [-8, 8), bools, or
/// within the range of the operand's `mlopt.range`.
void fill(Type element, int64_t n, char *data, ArrayAttr range, std::mt19937_64 &random) {
  double lo = -1, hi = 1;
  if (range) {
    auto number = [](Attribute a) {
      if (auto i = dyn_cast<IntegerAttr>(a))
        return static_cast<double>(i.getInt());
      return cast<FloatAttr>(a).getValueAsDouble();
    };
    lo = number(range[0]);
    hi = number(range[1]);
  } else if (!isa<FloatType>(element)) {
    lo = element.isUnsignedInteger() ? 0 : -8;
    hi = 8;
  }
  auto real = [&] { return lo + (hi - lo) * (random() >> 11) * 0x1p-53; };
  auto whole = [&] { return static_cast<int64_t>(std::floor(real())); };
  if (element.isF32())
    return fillRandom<float>(data, n, real);
  if (element.isF64())
    return fillRandom<double>(data, n, real);
  if (isa<FloatType>(element)) {
    for (int64_t i = 0; i < n; ++i) {
      APFloat v(real());
      bool lost;
      v.convert(cast<FloatType>(element).getFloatSemantics(), APFloat::rmNearestTiesToEven, &lost);
      uint16_t bits = v.bitcastToAPInt().getZExtValue();
      std::memcpy(data + 2 * i, &bits, 2);
    }
    return;
  }
  if (element.isInteger(1))
    return fillRandom<char>(data, n, [&] { return static_cast<char>(random() & 1); });
  switch (getElementBytes(element)) {
  case 1:
    return fillRandom<int8_t>(data, n, whole);
  case 2:
    return fillRandom<int16_t>(data, n, whole);
  case 4:
    return fillRandom<int32_t>(data, n, whole);
  default:
    return fillRandom<int64_t>(data, n, whole);
  }
}

SmallVector<int64_t> evaluate(ArrayAttr entry, const SizeMap &sizes) {
  auto value = [&](StringRef name) -> std::optional<int64_t> {
    auto it = sizes.find(name);
    return it == sizes.end() ? std::nullopt : std::optional<int64_t>(it->second);
  };
  SmallVector<int64_t> shape;
  for (Attribute a : entry) {
    std::optional<int64_t> v;
    if (auto i = dyn_cast<IntegerAttr>(a))
      v = i.getInt();
    else if (auto s = dyn_cast<StringAttr>(a))
      v = value(s.getValue());
    else
      v = SymExpr(cast<SymExprAttr>(a)).evaluate(value);
    if (!v) {
      llvm::errs() << "no --size for " << a << "\n";
      std::exit(2);
    }
    shape.push_back(*v);
  }
  return shape;
}

/// Bytes of a tensor in a layout.
int64_t physicalBytes(LayoutAttr layout, ArrayRef<int64_t> shape, Type element) {
  MLIRContext *context = element.getContext();
  SymShape sym;
  for (int64_t s : shape)
    sym.push_back(SymExpr::constant(context, s));
  return *getPhysicalBytes(context, layout, sym, element).getConstant();
}

} // namespace

KernelData::KernelData(KernelOp kernel, const SizeMap &sizes) : kernel(kernel) {
  KernelSignature signature(kernel);
  MLIRContext *context = kernel.getContext();
  std::mt19937_64 random(7);
  FunctionType type = kernel.getFunctionType();
  ArrayAttr dims = kernel.getDimsAttr();
  for (const std::string &symbol : signature.symbols)
    symbols.push_back(sizes.lookup(symbol));
  auto shapeAt = [&](unsigned i, Type t) {
    if (dims)
      return evaluate(cast<ArrayAttr>(dims[i]), sizes);
    return llvm::to_vector(cast<RankedTensorType>(t).getShape());
  };
  for (unsigned i = 0; i < type.getNumInputs(); ++i) {
    Type input = type.getInput(i);
    if (input.isIndex()) {
      inputs.push_back(HostTensor::index(context, shapeAt(i, input)[0]));
      continue;
    }
    auto tensor = dyn_cast<RankedTensorType>(input);
    if (!tensor) {
      inputs.push_back(HostTensor());
      continue;
    }
    SmallVector<int64_t> shape = shapeAt(i, input);
    int64_t bytes = getElementBytes(tensor.getElementType());
    std::vector<char> data(product(shape) * bytes);
    auto range = kernel.getArgAttrOfType<ArrayAttr>(i, "mlopt.range");
    fill(tensor.getElementType(), product(shape), data.data(), range, random);
    inputs.push_back(*HostTensor::copy(tensor.getElementType(), shape, data));
    LayoutAttr layout = layoutAt(kernel, i);
    int64_t physical = physicalBytes(layout, shape, tensor.getElementType());
    operandBytes.emplace_back(physical);
    if (layout)
      packElements(layout, shape, bytes, data.data(), operandBytes.back().data());
    else
      std::memcpy(operandBytes.back().data(), data.data(), physical);
  }
  for (unsigned r = 0; r < type.getNumResults(); ++r) {
    auto tensor = cast<RankedTensorType>(type.getResult(r));
    resultShapes.push_back(shapeAt(type.getNumInputs() + r, tensor));
    resultBytes.push_back(
        physicalBytes(layoutAt(kernel, type.getNumInputs() + r), resultShapes[r], tensor.getElementType()));
  }
}

FailureOr<Evaluator::Tensors> KernelData::evaluateReference(std::string &message) {
  MLIRContext *context = kernel.getContext();
  FunctionType type = kernel.getFunctionType();
  // The reference runs a function that launches the kernel.
  auto module = kernel->getParentOfType<ModuleOp>();
  OpBuilder b(context);
  b.setInsertionPointToEnd(module.getBody());
  auto function = func::FuncOp::create(b, kernel.getLoc(), "mlopt_reference", type);
  Block *entry = function.addEntryBlock();
  b.setInsertionPointToStart(entry);
  auto call = LaunchOp::create(b, kernel.getLoc(), type.getResults(), kernel.getSymName(), entry->getArguments());
  func::ReturnOp::create(b, kernel.getLoc(), call.getResults());
  Evaluator evaluator(EvaluationMode::Exact);
  FailureOr<Evaluator::Tensors> expected = evaluator.evaluate(function, inputs);
  function.erase();
  if (failed(expected))
    message = "the reference failed: " + evaluator.getError().str();
  return expected;
}

RunResult KernelData::compare(ArrayRef<std::vector<char>> results, const Evaluator::Tensors &expected, double atol) {
  RunResult result;
  FunctionType type = kernel.getFunctionType();
  for (unsigned r = 0; r < type.getNumResults(); ++r) {
    Type element = cast<RankedTensorType>(type.getResult(r)).getElementType();
    int64_t bytes = getElementBytes(element);
    ArrayRef<int64_t> shape = resultShapes[r];
    std::vector<char> logical = results[r];
    if (LayoutAttr layout = layoutAt(kernel, type.getNumInputs() + r)) {
      // Packed numbers say where each element lies; 0 is padding.
      std::vector<int64_t> number(product(shape)), where(results[r].size() / bytes);
      for (size_t i = 0; i < number.size(); ++i)
        number[i] = i + 1;
      packElements(layout, shape, 8, reinterpret_cast<char *>(number.data()), reinterpret_cast<char *>(where.data()));
      logical.assign(number.size() * bytes, 0);
      for (size_t i = 0; i < where.size(); ++i) {
        if (where[i])
          std::memcpy(&logical[(where[i] - 1) * bytes], &results[r][i * bytes], bytes);
        else if (llvm::any_of(llvm::seq<int64_t>(0, bytes), [&](int64_t j) { return results[r][i * bytes + j]; }))
          result.message = "padding is not zero";
      }
    }
    auto actual = HostTensor::copy(element, shape, logical);
    CompareOptions options;
    double rounding = element.isF16() ? 0x1p-10 : element.isBF16() ? 0x1p-7 : 0;
    result.rounding = std::max(result.rounding, rounding);
    options.rtol = 1e-3 + rounding;
    options.atol = atol;
    Comparison c = compareTensors(*actual, expected[r], options);
    if (!c.comparable)
      result.message = "result " + std::to_string(r) + " has another shape than the reference";
    else if (c.nanMismatches)
      result.message = "NaN where the reference has none (or the other way)";
    else if (c.mismatches)
      result.message = std::to_string(c.mismatches) + " of " + std::to_string(c.elements) +
                       " elements differ, the first at " + std::to_string(c.firstMismatch);
    result.error = std::max(result.error, c.maxErrorToLargest);
  }
  return result;
}
