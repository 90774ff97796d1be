//===- Contraction.cpp - ONNX matrix products -----------------------------===//
#include "mlopt/IR/Compose/Contraction.h"
#include "Conversion.h"

using namespace mlir;

namespace mlopt::onnx {
namespace {

LogicalResult matmul(Node &n) { return n.finish(compose::matmul(n, n.input(0), n.input(1))); }

/// v * factor, unchanged where the factor is 1.
Value scaled(Node &n, Value v, double factor) { return factor == 1 ? v : n.mulScalar(v, factor); }

LogicalResult gemm(Node &n) {
  Value a = n.input(0), b = n.input(1);
  if (!a || !b)
    return failure();
  if (n.rankOf(a) != 2 || n.rankOf(b) != 2)
    return n.malformed("the operands have ranks " + Twine(n.rankOf(a)) + " and " +
                       Twine(n.rankOf(b)) + ", expected 2");
  double alpha = n.floatAttr("alpha", 1), beta = n.floatAttr("beta", 1);
  if (isa<IntegerType>(n.elementOf(a)) && (alpha != std::floor(alpha) || beta != std::floor(beta)))
    return n.unsupported("alpha or beta that is no integer, for integer operands");
  Value result = scaled(
      n, n.create<MatmulOp>(a, b, n.boolAttr("transA", false), n.boolAttr("transB", false)), alpha);
  if (n.has(2) && beta != 0) {
    Value c = n.input(2);
    if (!c || !result)
      return failure();
    if (n.rankOf(c) > 2)
      return n.malformed("C has rank " + Twine(n.rankOf(c)) + ", expected at most 2");
    // C broadcasts to the result, never the result to C.
    SymShape out = n.shapeOf(result);
    Value sum = n.add(result, scaled(n, c, beta));
    if (!sum)
      return failure();
    for (auto [before, after] : llvm::zip_equal(out, n.shapeOf(sum)))
      if (before.getConstant() && after.getConstant() && before != after)
        return n.malformed("C does not broadcast to the result");
    // With sizes known at run time, the reshape states that adding C changed none.
    result = out == n.shapeOf(sum) ? sum : n.reshape(sum, out);
  }
  return n.finish(result);
}

/// Labels of one term: letters as they are, the axes of "..." as negative numbers counted from the
/// end.
LogicalResult readTerm(Node &n, StringRef term, int64_t ellipsisRank,
                       SmallVectorImpl<int64_t> &labels) {
  for (size_t i = 0; i < term.size(); ++i) {
    if (llvm::isAlpha(term[i])) {
      labels.push_back(term[i]);
    } else if (term.substr(i).starts_with("...") && ellipsisRank >= 0) {
      for (int64_t k = ellipsisRank; k > 0; --k)
        labels.push_back(-k);
      i += 2;
      ellipsisRank = -1;
    } else {
      return n.malformed("the equation's term '" + term + "' is not valid");
    }
  }
  return success();
}

LogicalResult einsum(Node &n) {
  std::string equation;
  for (char c : n.stringAttr("equation", ""))
    if (c != ' ')
      equation.push_back(c);
  auto [left, right] = StringRef(equation).split("->");
  bool isExplicit = equation.find("->") != std::string::npos;
  SmallVector<StringRef> terms;
  left.split(terms, ',');
  if (terms.size() != n.getNumOperands())
    return n.malformed("the equation has " + Twine(terms.size()) + " terms for " +
                       Twine(n.getNumOperands()) + " operands");
  SmallVector<Value> operands;
  SmallVector<SmallVector<int64_t>> labels(terms.size());
  int64_t ellipsis = -1;
  std::map<int64_t, int> counts;
  for (auto [i, term] : llvm::enumerate(terms)) {
    Value v = n.input(i);
    if (!v)
      return failure();
    operands.push_back(v);
    int64_t extra = -1;
    if (term.contains("...")) {
      extra = n.rankOf(v) - static_cast<int64_t>(term.size() - 3);
      if (extra < 0)
        return n.malformed("operand " + Twine(i) + " has too small a rank for '" + term + "'");
      if (ellipsis >= 0 && ellipsis != extra)
        return n.unsupported("an ellipsis that stands for different ranks");
      ellipsis = extra;
    }
    if (failed(readTerm(n, term, extra, labels[i])))
      return failure();
    for (int64_t label : labels[i])
      ++counts[label];
    // A label twice in one term is a diagonal: its sizes must be one.
    SymShape shape = n.shapeOf(v);
    for (size_t a = 0; a < labels[i].size() && a < shape.size(); ++a)
      for (size_t b = a + 1; b < labels[i].size() && b < shape.size(); ++b) {
        if (labels[i][a] != labels[i][b] || shape[a] == shape[b])
          continue;
        if (shape[a].getConstant() && shape[b].getConstant())
          return n.malformed("the diagonal of operand " + Twine(i) + " has sizes " + shape[a].str() + " and " +
                             shape[b].str() + "; expected equal ones");
        return n.unsupported("a diagonal of sizes that are not known to be equal");
      }
  }
  SmallVector<int64_t> result;
  if (isExplicit) {
    if (failed(readTerm(n, right, std::max<int64_t>(ellipsis, 0), result)))
      return failure();
  } else {
    for (auto [label, count] : counts) // "..." first (negative), then letters seen once, in order
      if (label < 0 || count == 1)
        result.push_back(label);
  }
  return n.finish(compose::einsum(n, operands, labels, result));
}

const Entry entries[] = {
    {"Einsum", 12, einsum},
    {"Gemm", 7, gemm},
    {"MatMul", 1, matmul},
};

} // namespace

ArrayRef<Entry> getContractionEntries() { return entries; }

} // namespace mlopt::onnx
