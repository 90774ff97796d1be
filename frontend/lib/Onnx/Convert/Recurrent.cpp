//===- Recurrent.cpp - ONNX LSTM, GRU and RNN -----------------------------===//
#include "Conversion.h"

using namespace mlir;

namespace mlopt::onnx {
namespace {

/// Attributes and operands that the three layers share, operands in layout 0.
struct Layer {
  RecurrentDirection direction = RecurrentDirection::forward;
  int64_t directions = 1, hidden = 0;
  bool batchFirst = false;
  SmallVector<Attribute> activations;
  SmallVector<double> alpha, beta;
  double clip = 0;
  Value x, w, r, bias, lengths, initialH;
};

/// Activations that take alpha, or alpha and beta, with ONNX's defaults; nullopt: unknown.
std::optional<std::pair<std::optional<double>, std::optional<double>>> getDefaults(StringRef name) {
  using Pair = std::pair<std::optional<double>, std::optional<double>>;
  return llvm::StringSwitch<std::optional<Pair>>(name.lower())
      .Cases({"relu", "tanh", "sigmoid", "softsign", "softplus"}, Pair{})
      .Case("leakyrelu", Pair{static_cast<double>(0.01f), std::nullopt})
      .Case("thresholdedrelu", Pair{1.0, std::nullopt})
      .Case("elu", Pair{1.0, std::nullopt})
      .Case("hardsigmoid", Pair{static_cast<double>(0.2f), 0.5})
      .Case("scaledtanh", Pair{1.0, 1.0})
      .Case("affine", Pair{1.0, 0.0})
      .Default(std::nullopt);
}

/// [batch, time or directions, ..] <-> [time or directions, batch, ..].
Value swapFirst(Node &n, Value v) {
  if (!v || isa<NoneType>(v.getType()))
    return v;
  SmallVector<int64_t> permutation{1, 0};
  for (int64_t i = 2; i < n.rankOf(v); ++i)
    permutation.push_back(i);
  return n.transpose(v, permutation);
}

LogicalResult readLayer(Node &n, ArrayRef<StringRef> defaultActivations, Layer &l) {
  l.x = n.input(0);
  l.w = n.input(1);
  l.r = n.input(2);
  l.bias = n.inputOrNone(3);
  l.lengths = n.inputOrNone(4);
  l.initialH = n.inputOrNone(5);
  if (!l.x || !l.w || !l.r || !l.bias || !l.lengths || !l.initialH)
    return failure();
  if (n.rankOf(l.x) != 3 || n.rankOf(l.w) != 3 || n.rankOf(l.r) != 3)
    return n.malformed("X, W and R must have rank 3");
  if (!isa<NoneType>(l.initialH.getType()) && n.rankOf(l.initialH) != 3)
    return n.malformed("initial_h must have rank 3");
  std::string direction = n.stringAttr("direction", "forward");
  if (direction == "reverse")
    l.direction = RecurrentDirection::reverse;
  else if (direction == "bidirectional")
    l.direction = RecurrentDirection::bidirectional;
  else if (direction != "forward")
    return n.malformed("direction is '" + direction +
                       "', expected forward, reverse or bidirectional");
  l.directions = l.direction == RecurrentDirection::bidirectional ? 2 : 1;
  auto hidden = n.dimOf(l.r, 2).getConstant();
  if (!hidden)
    return n.unsupported("weights whose sizes are not fixed");
  l.hidden = n.intAttr("hidden_size", *hidden);
  if (l.hidden != *hidden || l.hidden < 1)
    return n.malformed("hidden_size is " + Twine(l.hidden) + ", R has " + Twine(*hidden));
  if (auto d = n.dimOf(l.w, 0).getConstant(); d && *d != l.directions)
    return n.malformed("W has " + Twine(*d) + " directions, expected " + Twine(l.directions));
  // Names per direction; alpha and beta are lists over those activations that take them.
  SmallVector<std::string> names;
  if (auto given = n.stringsAttr("activations"); given && !given->empty())
    names = *given;
  else
    for (int64_t d = 0; d < l.directions; ++d)
      for (StringRef name : defaultActivations)
        names.push_back(name.str());
  if (names.size() != defaultActivations.size() * l.directions)
    return n.malformed("there are " + Twine(names.size()) + " activations, expected " +
                       Twine(defaultActivations.size() * l.directions));
  auto alphas = n.floatsAttr("activation_alpha").value_or(SmallVector<double>());
  auto betas = n.floatsAttr("activation_beta").value_or(SmallVector<double>());
  size_t nextAlpha = 0, nextBeta = 0;
  for (const std::string &name : names) {
    auto defaults = getDefaults(name);
    if (!defaults)
      return n.unsupported("activation '" + name + "'");
    // Only those that take one have one, in order; the defaults are written out.
    if (defaults->first)
      l.alpha.push_back(nextAlpha < alphas.size() ? alphas[nextAlpha++] : *defaults->first);
    if (defaults->second)
      l.beta.push_back(nextBeta < betas.size() ? betas[nextBeta++] : *defaults->second);
    l.activations.push_back(n.getBuilder().getStringAttr(name));
  }
  l.clip = n.floatAttr("clip", 0);
  if (l.clip < 0)
    return n.malformed("clip is negative");
  if (!isa<NoneType>(l.lengths.getType()))
    l.lengths = n.cast(l.lengths, n.getBuilder().getI32Type());
  l.batchFirst = n.boolAttr("layout", false);
  if (l.batchFirst) {
    l.x = swapFirst(n, l.x);
    l.initialH = swapFirst(n, l.initialH);
  }
  return success(l.x && l.initialH);
}

/// Results back in the node's layout: Y [S, D, B, H] -> [B, S, D, H], states [D, B, H] -> [B, D,
/// H].
LogicalResult finishLayer(Node &n, const Layer &l, SmallVector<Value> results) {
  if (!l.batchFirst)
    return n.finish(results);
  for (auto [i, v] : llvm::enumerate(results)) {
    if (!v)
      return failure();
    v = i == 0 ? n.transpose(v, {2, 0, 1, 3}) : swapFirst(n, v);
  }
  return n.finish(results);
}

LogicalResult lstm(Node &n) {
  Layer l;
  if (failed(readLayer(n, {"Sigmoid", "Tanh", "Tanh"}, l)))
    return failure();
  Value initialC = n.inputOrNone(6), peepholes = n.inputOrNone(7);
  if (!initialC || !peepholes)
    return failure();
  if (l.batchFirst)
    initialC = swapFirst(n, initialC);
  return finishLayer(n, l,
                     n.createAll<LstmOp>(l.x, l.w, l.r, l.bias, l.lengths, l.initialH, initialC,
                                         peepholes, l.direction, l.hidden,
                                         n.getBuilder().getArrayAttr(l.activations),
                                         ArrayRef<double>(l.alpha), ArrayRef<double>(l.beta),
                                         APFloat(l.clip), n.boolAttr("input_forget", false)));
}

LogicalResult gru(Node &n) {
  Layer l;
  if (failed(readLayer(n, {"Sigmoid", "Tanh"}, l)))
    return failure();
  return finishLayer(n, l,
                     n.createAll<GruOp>(l.x, l.w, l.r, l.bias, l.lengths, l.initialH, l.direction,
                                        l.hidden, n.getBuilder().getArrayAttr(l.activations),
                                        ArrayRef<double>(l.alpha), ArrayRef<double>(l.beta),
                                        APFloat(l.clip), n.boolAttr("linear_before_reset", false)));
}

LogicalResult rnn(Node &n) {
  Layer l;
  if (failed(readLayer(n, {"Tanh"}, l)))
    return failure();
  return finishLayer(n, l,
                     n.createAll<RnnOp>(l.x, l.w, l.r, l.bias, l.lengths, l.initialH, l.direction,
                                        l.hidden, n.getBuilder().getArrayAttr(l.activations),
                                        ArrayRef<double>(l.alpha), ArrayRef<double>(l.beta),
                                        APFloat(l.clip)));
}

const Entry entries[] = {
    {"GRU", 7, gru},
    {"LSTM", 7, lstm},
    {"RNN", 7, rnn},
};

} // namespace

ArrayRef<Entry> getRecurrentEntries() { return entries; }

} // namespace mlopt::onnx
