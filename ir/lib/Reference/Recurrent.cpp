//===- Recurrent.cpp - Recurrent layers ------------------------------------===//
#include "Evaluation.h"
#include "llvm/ADT/StringSwitch.h"
#include <cmath>

using namespace mlir;
using namespace mlopt;
using namespace mlopt::reference;

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

namespace {
struct Activation {
  enum Kind {
    Relu,
    Tanh,
    Sigmoid,
    Affine,
    LeakyRelu,
    ThresholdedRelu,
    ScaledTanh,
    HardSigmoid,
    Elu,
    Softsign,
    Softplus,
    Unknown
  };
  Kind kind = Unknown;
  double alpha = 0, beta = 0;

  double operator()(double x) const {
    switch (kind) {
    case Relu:
      return x > 0 ? x : x * 0; // keeps NaN
    case Tanh:
      return std::tanh(x);
    case Sigmoid:
      return 1 / (1 + std::exp(-x));
    case Affine:
      return alpha * x + beta;
    case LeakyRelu:
      return x >= 0 ? x : alpha * x;
    case ThresholdedRelu:
      return x >= alpha ? x : 0;
    case ScaledTanh:
      return alpha * std::tanh(beta * x);
    case HardSigmoid:
      return std::fmin(std::fmax(alpha * x + beta, 0.0), 1.0);
    case Elu:
      return x >= 0 ? x : alpha * std::expm1(x);
    case Softsign:
      return x / (1 + std::fabs(x));
    case Softplus:
      return std::fmax(x, 0.0) + std::log1p(std::exp(-std::fabs(x)));
    case Unknown:
      break;
    }
    llvm_unreachable("unknown activations are rejected before");
  }
};
} // namespace

/// The activations in order; those with alpha or beta take the next value of
/// the attribute, or ONNX's default when it is used up.
static LogicalResult readActivations(Evaluation &e, ArrayAttr names, ArrayRef<double> alphas,
                                     ArrayRef<double> betas,
                                     SmallVectorImpl<Activation> &activations) {
  auto next = [](ArrayRef<double> &values, double otherwise) {
    if (values.empty())
      return otherwise;
    double value = values.front();
    values = values.drop_front();
    return value;
  };
  for (StringRef name : names.getAsValueRange<StringAttr>()) {
    Activation a;
    a.kind = llvm::StringSwitch<Activation::Kind>(name)
                 .CaseLower("relu", Activation::Relu)
                 .CaseLower("tanh", Activation::Tanh)
                 .CaseLower("sigmoid", Activation::Sigmoid)
                 .CaseLower("affine", Activation::Affine)
                 .CaseLower("leakyrelu", Activation::LeakyRelu)
                 .CaseLower("thresholdedrelu", Activation::ThresholdedRelu)
                 .CaseLower("scaledtanh", Activation::ScaledTanh)
                 .CaseLower("hardsigmoid", Activation::HardSigmoid)
                 .CaseLower("elu", Activation::Elu)
                 .CaseLower("softsign", Activation::Softsign)
                 .CaseLower("softplus", Activation::Softplus)
                 .Default(Activation::Unknown);
    switch (a.kind) {
    case Activation::Unknown:
      return e.fail("activation '" + name + "' is not known");
    case Activation::LeakyRelu:
      a.alpha = next(alphas, 0.01);
      break;
    case Activation::ThresholdedRelu:
    case Activation::Elu:
      a.alpha = next(alphas, 1.0);
      break;
    case Activation::Affine:
    case Activation::ScaledTanh:
      a.alpha = next(alphas, 1.0);
      a.beta = next(betas, a.kind == Activation::Affine ? 0.0 : 1.0);
      break;
    case Activation::HardSigmoid:
      a.alpha = next(alphas, 0.2);
      a.beta = next(betas, 0.5);
      break;
    default:
      break;
    }
    activations.push_back(a);
  }
  return success();
}

//===----------------------------------------------------------------------===//
// What the three layers share
//===----------------------------------------------------------------------===//

namespace {
/// Views of one direction's operands. G is the number of gates.
struct Direction {
  ArrayRef<double> weights, recurrence, inputBias, recurrentBias; // biases empty: zero
  ArrayRef<double> peepholes;
  ArrayRef<Activation> activations;
};

/// Sizes and operands of a layer.
struct Layer {
  int64_t steps, batch, inputs, hidden, directions, gates;
  double clip;
  ArrayRef<double> x;
  const HostTensor *lengths;
  SmallVector<Activation> activations;
  SmallVector<Direction> parts;
  bool reverse;

  /// Limits the sum of a gate, as ONNX Runtime does.
  double limited(double v) const { return clip > 0 ? std::fmin(std::fmax(v, -clip), clip) : v; }
  /// Row `row` of a gate matrix [.., columns] times a vector.
  static double dot(ArrayRef<double> matrix, int64_t row, ArrayRef<double> v) {
    double sum = 0;
    for (size_t i = 0; i < v.size(); ++i)
      sum += matrix[row * v.size() + i] * v[i];
    return sum;
  }
  /// Input part of gate `gate`, unit `unit`: W x + Wb.
  double fromInput(const Direction &d, int64_t gate, int64_t unit, ArrayRef<double> input) const {
    int64_t row = gate * hidden + unit;
    return dot(d.weights, row, input) + (d.inputBias.empty() ? 0 : d.inputBias[row]);
  }
  /// Recurrent part: R h + Rb.
  double fromState(const Direction &d, int64_t gate, int64_t unit, ArrayRef<double> state) const {
    int64_t row = gate * hidden + unit;
    return dot(d.recurrence, row, state) + (d.recurrentBias.empty() ? 0 : d.recurrentBias[row]);
  }
};
} // namespace

template <typename OpT>
static LogicalResult readLayer(OpT op, Evaluation &e, int64_t gates,
                               unsigned activationsPerDirection, Layer &layer) {
  const HostTensor &x = e[op.getInput()], &w = e[op.getWeights()], &r = e[op.getRecurrence()],
                   &bias = e[op.getBias()];
  if (x.getRank() != 3 || w.getRank() != 3 || r.getRank() != 3)
    return e.fail("expects input, weights and recurrence of rank 3");
  layer.steps = x.getShape()[0];
  layer.batch = x.getShape()[1];
  layer.inputs = x.getShape()[2];
  layer.hidden = r.getShape()[2];
  layer.gates = gates;
  layer.directions = op.getDirection() == RecurrentDirection::bidirectional ? 2 : 1;
  layer.reverse = op.getDirection() == RecurrentDirection::reverse;
  layer.clip = op.getClip().convertToDouble();
  layer.x = x.doubles();
  layer.lengths = &e[op.getSequenceLengths()];
  int64_t rows = gates * layer.hidden;
  if (w.getShape() != ArrayRef<int64_t>({layer.directions, rows, layer.inputs}) ||
      r.getShape() != ArrayRef<int64_t>({layer.directions, rows, layer.hidden}) ||
      layer.hidden != static_cast<int64_t>(op.getHiddenSize()))
    return e.fail("weights " + toString(w.getShape()) + " and recurrence " +
                  toString(r.getShape()) + " do not go with the input " + toString(x.getShape()) +
                  " and hidden size " + Twine(op.getHiddenSize()));
  if (!bias.isNone() && bias.getShape() != ArrayRef<int64_t>({layer.directions, 2 * rows}))
    return e.fail("bias has shape " + toString(bias.getShape()) + ", expected " +
                  toString({layer.directions, 2 * rows}));
  if (failed(readActivations(e, op.getActivations(), op.getActivationAlpha(),
                             op.getActivationBeta(), layer.activations)))
    return failure();
  if (layer.activations.size() != static_cast<size_t>(activationsPerDirection * layer.directions))
    return e.fail("expects " + Twine(activationsPerDirection) + " activations per direction, got " +
                  Twine(layer.activations.size()));
  if (!layer.lengths->isNone())
    for (int64_t b = 0; b < layer.batch; ++b)
      if (layer.lengths->integers()[b] < 0 || layer.lengths->integers()[b] > layer.steps)
        return e.fail("sequence " + Twine(b) + " has length " +
                      Twine(layer.lengths->integers()[b]) + ", expected 0 to " +
                      Twine(layer.steps));
  for (int64_t d = 0; d < layer.directions; ++d) {
    Direction part;
    part.weights = w.doubles().slice(d * rows * layer.inputs, rows * layer.inputs);
    part.recurrence = r.doubles().slice(d * rows * layer.hidden, rows * layer.hidden);
    if (!bias.isNone()) {
      part.inputBias = bias.doubles().slice(d * 2 * rows, rows);
      part.recurrentBias = bias.doubles().slice((d * 2 + 1) * rows, rows);
    }
    part.activations = ArrayRef<Activation>(layer.activations)
                           .slice(d * activationsPerDirection, activationsPerDirection);
    layer.parts.push_back(part);
  }
  return success();
}

/// State [directions, batch, hidden] at (d, b), or zeros for none.
static std::vector<double> stateAt(const Layer &layer, const HostTensor &state, int64_t d,
                                   int64_t b) {
  if (state.isNone())
    return std::vector<double>(layer.hidden, 0.0);
  ArrayRef<double> part = state.doubles().slice((d * layer.batch + b) * layer.hidden, layer.hidden);
  return part.vec();
}

/// Runs fn(direction, input vector, h, c) over the steps of every sequence and
/// direction; fn replaces h (and c). Fills the results; steps after a
/// sequence's end are 0.
template <typename OpT, typename Fn>
static LogicalResult runLayer(OpT op, Evaluation &e, const Layer &layer, const HostTensor &initialC,
                              Fn step) {
  const HostTensor &initialH = e[op.getInitialH()];
  Shape stateShape{layer.directions, layer.batch, layer.hidden};
  for (const HostTensor *state : {&initialH, &initialC})
    if (!state->isNone() && state->getShape() != ArrayRef<int64_t>(stateShape))
      return e.fail("initial state has shape " + toString(state->getShape()) + ", expected " +
                    toString(stateShape));
  if (!e.allocate(0, {layer.steps, layer.directions, layer.batch, layer.hidden}) ||
      !e.allocate(1, stateShape) || (e.results.size() > 2 && !e.allocate(2, stateShape)))
    return failure();
  for (int64_t d = 0; d < layer.directions; ++d)
    for (int64_t b = 0; b < layer.batch; ++b) {
      std::vector<double> h = stateAt(layer, initialH, d, b), c = stateAt(layer, initialC, d, b);
      int64_t length = layer.lengths->isNone() ? layer.steps : layer.lengths->integers()[b];
      bool backwards = layer.reverse || d == 1;
      for (int64_t i = 0; i < length; ++i) {
        int64_t t = backwards ? length - 1 - i : i;
        step(layer.parts[d], layer.x.slice((t * layer.batch + b) * layer.inputs, layer.inputs), h,
             c);
        llvm::copy(h, e.results[0].mutableDoubles().begin() +
                          ((t * layer.directions + d) * layer.batch + b) * layer.hidden);
      }
      int64_t at = (d * layer.batch + b) * layer.hidden;
      llvm::copy(h, e.results[1].mutableDoubles().begin() + at);
      if (e.results.size() > 2)
        llvm::copy(c, e.results[2].mutableDoubles().begin() + at);
    }
  return success();
}

//===----------------------------------------------------------------------===//
// The layers
//===----------------------------------------------------------------------===//

/// Gates i, o, f, c; peepholes i, o, f; activations f, g, h.
static LogicalResult evalLstm(LstmOp op, Evaluation &e) {
  Layer layer;
  if (failed(readLayer(op, e, 4, 3, layer)))
    return failure();
  int64_t hidden = layer.hidden;
  const HostTensor &peepholes = e[op.getPeepholes()];
  if (!peepholes.isNone()) {
    if (peepholes.getShape() != ArrayRef<int64_t>({layer.directions, 3 * hidden}))
      return e.fail("peepholes have shape " + toString(peepholes.getShape()) + ", expected " +
                    toString({layer.directions, 3 * hidden}));
    for (int64_t d = 0; d < layer.directions; ++d)
      layer.parts[d].peepholes = peepholes.doubles().slice(d * 3 * hidden, 3 * hidden);
  }
  auto step = [&](const Direction &d, ArrayRef<double> x, std::vector<double> &h,
                  std::vector<double> &c) {
    const Activation &f = d.activations[0], &g = d.activations[1], &last = d.activations[2];
    std::vector<double> nextH(hidden);
    for (int64_t u = 0; u < hidden; ++u) {
      auto gate = [&](int64_t index) {
        return layer.fromInput(d, index, u, x) + layer.fromState(d, index, u, h);
      };
      auto peep = [&](int64_t index, double cell) {
        return d.peepholes.empty() ? 0 : d.peepholes[index * hidden + u] * cell;
      };
      double in = f(layer.limited(gate(0) + peep(0, c[u])));
      double forget = op.getInputForget() ? 1 - in : f(layer.limited(gate(2) + peep(2, c[u])));
      double candidate = g(layer.limited(gate(3)));
      c[u] = forget * c[u] + in * candidate;
      double out = f(layer.limited(gate(1) + peep(1, c[u])));
      nextH[u] = out * last(c[u]); // a state, not the sum of a gate: no limit
    }
    h = nextH;
  };
  return runLayer(op, e, layer, e[op.getInitialC()], step);
}

/// Gates z, r, h; activations f, g.
static LogicalResult evalGru(GruOp op, Evaluation &e) {
  Layer layer;
  if (failed(readLayer(op, e, 3, 2, layer)))
    return failure();
  int64_t hidden = layer.hidden;
  auto step = [&](const Direction &d, ArrayRef<double> x, std::vector<double> &h,
                  std::vector<double> &) {
    const Activation &f = d.activations[0], &g = d.activations[1];
    std::vector<double> update(hidden), reset(hidden), resetState(hidden), next(hidden);
    for (int64_t u = 0; u < hidden; ++u) {
      update[u] = f(layer.limited(layer.fromInput(d, 0, u, x) + layer.fromState(d, 0, u, h)));
      reset[u] = f(layer.limited(layer.fromInput(d, 1, u, x) + layer.fromState(d, 1, u, h)));
      resetState[u] = reset[u] * h[u];
    }
    for (int64_t u = 0; u < hidden; ++u) {
      double recurrent = op.getLinearBeforeReset() ? reset[u] * layer.fromState(d, 2, u, h)
                                                   : layer.fromState(d, 2, u, resetState);
      double candidate = g(layer.limited(layer.fromInput(d, 2, u, x) + recurrent));
      next[u] = (1 - update[u]) * candidate + update[u] * h[u];
    }
    h = next;
  };
  return runLayer(op, e, layer, HostTensor(), step);
}

/// One gate; activation f.
static LogicalResult evalRnn(RnnOp op, Evaluation &e) {
  Layer layer;
  if (failed(readLayer(op, e, 1, 1, layer)))
    return failure();
  auto step = [&](const Direction &d, ArrayRef<double> x, std::vector<double> &h,
                  std::vector<double> &) {
    std::vector<double> next(layer.hidden);
    for (int64_t u = 0; u < layer.hidden; ++u)
      next[u] = d.activations[0](
          layer.limited(layer.fromInput(d, 0, u, x) + layer.fromState(d, 0, u, h)));
    h = next;
  };
  return runLayer(op, e, layer, HostTensor(), step);
}

void reference::registerRecurrent(Registry &r) {
  r.add<LstmOp>(evalLstm);
  r.add<GruOp>(evalGru);
  r.add<RnnOp>(evalRnn);
}
