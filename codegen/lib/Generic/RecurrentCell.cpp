//===- RecurrentCell.cpp - One step of LSTM, GRU and RNN units ------------===//
#include "RecurrentCell.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace mlopt;

bool mlopt::isRecurrentHero(Operation *hero) { return isa<LstmOp, GruOp, RnnOp>(hero); }

int64_t mlopt::recurrentGates(Operation *hero) {
  return isa<LstmOp>(hero) ? 4 : isa<GruOp>(hero) ? 3 : 1;
}

FailureOr<RecurrentCell> RecurrentCell::create(ElementAt &e, Operation *hero) {
  RecurrentCell cell(e, hero);
  cell.perDirection = isa<LstmOp>(hero) ? 3 : isa<GruOp>(hero) ? 2 : 1;
  cell.bidirectional = hero->getAttrOfType<RecurrentDirectionAttr>("direction").getValue() ==
                       RecurrentDirection::bidirectional;
  if (auto limit = hero->getAttrOfType<FloatAttr>("clip"))
    cell.clip = limit.getValueAsDouble();
  if (auto lstm = dyn_cast<LstmOp>(hero))
    cell.hasPeepholes = isa<RankedTensorType>(lstm.getPeepholes().getType());
  if (!cell.readActivations())
    return failure();
  return cell;
}

bool RecurrentCell::readActivations() {
  // The lists hold values for those activations that take one, in order.
  auto values = [&](StringRef name) {
    auto attr = hero->getAttrOfType<DenseF64ArrayAttr>(name);
    return attr ? attr.asArrayRef() : ArrayRef<double>();
  };
  ArrayRef<double> alphas = values("activation_alpha"), betas = values("activation_beta");
  auto next = [](ArrayRef<double> &list, double otherwise) {
    if (list.empty())
      return otherwise;
    double value = list.front();
    list = list.drop_front();
    return value;
  };
  constexpr double none = -1; // the activation takes no such value
  struct Defaults {
    bool known;
    double alpha, beta;
  };
  for (StringRef name :
       hero->getAttrOfType<ArrayAttr>("activations").getAsValueRange<StringAttr>()) {
    Defaults d = llvm::StringSwitch<Defaults>(name.lower())
                     .Cases({"sigmoid", "tanh", "relu", "softsign", "softplus"}, {true, none, none})
                     .Case("leakyrelu", {true, 0.01, none})
                     .Cases({"thresholdedrelu", "elu"}, {true, 1.0, none})
                     .Case("affine", {true, 1.0, 0.0})
                     .Case("scaledtanh", {true, 1.0, 1.0})
                     .Case("hardsigmoid", {true, 0.2, 0.5})
                     .Default({false, none, none});
    if (!d.known) {
      hero->emitError("MLO3010: activation '") << name << "' of a recurrent layer is not known";
      return false;
    }
    Activation a{name.lower(), none, none};
    if (d.alpha != none)
      a.alpha = next(alphas, d.alpha);
    if (d.beta != none)
      a.beta = next(betas, d.beta);
    activations.push_back(std::move(a));
  }
  size_t expected = perDirection * (bidirectional ? 2 : 1);
  if (activations.size() == expected)
    return true;
  hero->emitError("a recurrent layer has ")
      << activations.size() << " activations, expected " << expected;
  return false;
}

Value RecurrentCell::apply(const Activation &a, Value v) {
  auto alpha = [&] { return m.constF(v, a.alpha); };
  auto beta = [&] { return m.constF(v, a.beta); };
  auto zero = [&] { return m.constF(v, 0.0); };
  StringRef name = a.name;
  if (name == "sigmoid")
    return m.sigmoid(v);
  if (name == "tanh")
    return m.tanh(v);
  if (name == "relu")
    return m.maxF(v, zero());
  if (name == "affine")
    return m.add(m.mul(alpha(), v), beta());
  if (name == "leakyrelu")
    return m.select(m.cmpF(arith::CmpFPredicate::OLT, v, 0.0), m.mul(alpha(), v), v);
  if (name == "thresholdedrelu")
    return m.select(m.cmpF(arith::CmpFPredicate::OGE, v, a.alpha), v, zero());
  if (name == "scaledtanh")
    return m.mul(alpha(), m.tanh(m.mul(beta(), v)));
  if (name == "hardsigmoid")
    return m.clamp(m.add(m.mul(alpha(), v), beta()), 0.0, 1.0);
  if (name == "elu")
    return m.select(m.cmpF(arith::CmpFPredicate::OLT, v, 0.0), m.mul(alpha(), m.expm1(v)), v);
  if (name == "softsign")
    return m.div(v, m.add(m.constF(v, 1.0), m.abs(v)));
  assert(name == "softplus" && "other names are refused when they are read");
  return m.softplus(v);
}

Value RecurrentCell::act(int64_t i, Value direction, Value v, bool limited) {
  if (limited && clip > 0)
    v = m.clamp(v, -clip, clip);
  const Activation &first = activations[i];
  Value result = apply(first, v);
  if (!bidirectional || activations[i + perDirection] == first)
    return result;
  Value other = apply(activations[i + perDirection], v);
  Value one = arith::ConstantOp::create(m.builder, m.loc, m.builder.getI64IntegerAttr(1));
  Value isSecond =
      arith::CmpIOp::create(m.builder, m.loc, arith::CmpIPredicate::eq, direction, one);
  return arith::SelectOp::create(m.builder, m.loc, isSecond, other, result);
}

std::pair<Value, Value> RecurrentCell::lstm(Value direction, Gate sum, Value oldC, Gate peephole) {
  auto op = cast<LstmOp>(hero);
  auto seen = [&](int64_t p, Value state, Value v) {
    return hasPeepholes ? m.fma(peephole(p), state, v) : v;
  };
  Value i = act(0, direction, seen(0, oldC, sum(0)));
  Value f =
      op.getInputForget() ? m.sub(m.constF(i, 1.0), i) : act(0, direction, seen(2, oldC, sum(2)));
  Value candidate = act(1, direction, sum(3));
  Value c = m.add(m.mul(f, oldC), m.mul(i, candidate));
  Value o = act(0, direction, seen(1, c, sum(1)));
  // The state is not the sum of a gate: no limit.
  return {m.mul(o, act(2, direction, c, /*limited=*/false)), c};
}

Value RecurrentCell::gruState(Value direction, Value z, Value sum, Value oldH) {
  Value candidate = act(1, direction, sum);
  return m.add(m.mul(m.sub(m.constF(z, 1.0), z), candidate), m.mul(z, oldH));
}
